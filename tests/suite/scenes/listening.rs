//! Vigie listens in the watched channels, and nowhere else.

use serde_json::json;
use vigie::sandbox::discord::DispatchFault;
use vigie::sandbox::slack::{EventChoice, SlackFault};

use crate::office::Office;
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn what_a_feed_or_a_person_posts_in_a_watched_channel_becomes_a_ticket(office) {
        office.slack("#mentions").feed_posts("Zap", "@lamp_fan on X: my Halo arrived broken").await;
        office.discord("#mentions").feed_posts("Feed", "Avis Google : colis jamais reçu, 1 étoile").await;
        office.slack_user("marc").types("#mentions", "Un client au téléphone : lampe cassée à la livraison").await;
        office.discord_user("zoe").types("#mentions", "Vu sur un forum : la suspension clignote").await;
        assert_eq!(office.ticket_count().await, 4);
        for words in ["arrived broken", "jamais reçu", "lampe cassée", "clignote"] {
            office.slack("#social").expect_card(words);
            office.discord("#social").expect_card(words);
        }
    }
}

scene! {
    async fn other_channels_and_vigies_own_words_make_no_tickets(office) {
        for (chat, name) in [(Chat::Slack, "general"), (Chat::Slack, "social"), (Chat::Discord, "general"), (Chat::Discord, "support")] {
            office.channel(chat, name).feed_posts("Feed", "Ma lampe est arrivée cassée").await;
            office.person(chat, "lea").types(name, "Où est mon colis ?").await;
        }
        assert_eq!(office.ticket_count().await, 0);
        // Vigie answers in the watched channel itself: that is no customer.
        office.slack_user("lea").types("#mentions", "@vigie help").await;
        office.discord_user("lea").types("#mentions", "@vigie help").await;
        assert_eq!(office.ticket_count().await, 0);
    }
}

scene! {
    async fn an_edit_or_a_deletion_in_the_channel_reaches_the_card(office) {
        let message = office.slack_user("marc").types("#mentions", "Lampe cassée, commande 4471").await;
        let mentions = office.channel_id(Chat::Slack, "mentions");
        let marc = office.slack_user("marc");
        marc.does(json!({"act": "edit", "channel": mentions, "ts": message, "text": "Lampe cassée, commande 4472"})).await;
        let slack = office.slack("#social").card_of(1);
        let discord = office.discord("#social").card_of(1);
        slack.assert_says("4472");
        discord.assert_says("4472");
        assert!(!slack.now().text.contains("4471"));
        marc.does(json!({"act": "delete", "channel": mentions, "ts": message})).await;
        for card in [slack, discord] {
            card.assert_says("(supprimé par son auteur)");
            assert!(!card.now().text.contains("4472"));
        }
        let message = office.discord_user("zoe").types("#mentions", "Suspension fêlée").await;
        let mentions = office.channel_id(Chat::Discord, "mentions");
        let zoe = office.discord_user("zoe");
        zoe.does(json!({"act": "edit", "channel": mentions, "message": message, "content": "Suspension fêlée, photo à suivre"})).await;
        office.slack("#social").card_of(2).assert_says("photo à suivre");
        zoe.does(json!({"act": "delete", "channel": mentions, "message": message})).await;
        office.slack("#social").card_of(2).assert_says("(supprimé par son auteur)");
    }
}

/// The next message event of Slack comes so much later.
fn late(office: &Office, ms: i64) {
    let choice = EventChoice { next: Some(1), event: Some("message".into()), percent: None };
    office.demo().slack.faults().order(SlackFault::DelayEvents { choice, ms });
}

/// Time passes, and the late event comes.
async fn late_one_comes(office: &Office, words: &str) {
    let stored = format!("inbox WHERE body LIKE '%{words}%'");
    let before = office.probe.count(&stored).await;
    office.clock.advance(5_000);
    office.until(words, async || office.probe.count(&stored).await > before).await;
    office.settle().await;
}

scene! {
    async fn an_edit_that_overtakes_its_message_and_a_deletion_that_overtakes_both_are_understood(office) {
        let marc = office.slack_user("marc");
        let mentions = office.channel_id(Chat::Slack, "mentions");
        late(office, 5_000);
        let posted = marc.types("#mentions", "Lampe cassée, commande 4471").await;
        marc.does(json!({"act": "edit", "channel": mentions, "ts": posted, "text": "Lampe cassée, commande 4472"})).await;
        office.slack("#social").card_of(1).assert_says("4472");
        late_one_comes(office, "commande 4471").await;
        office.slack("#social").card_of(1).assert_says("4472");
        assert_eq!(office.ticket_count().await, 1);
        // The deletion comes first, then the edit, then the message itself: there was nothing to do.
        late(office, 9_000);
        let posted = marc.types("#mentions", "Colis perdu").await;
        late(office, 5_000);
        marc.does(json!({"act": "edit", "channel": mentions, "ts": posted, "text": "Colis perdu, tant pis"})).await;
        marc.does(json!({"act": "delete", "channel": mentions, "ts": posted})).await;
        late_one_comes(office, "tant pis").await;
        late_one_comes(office, "Colis perdu").await;
        assert_eq!(office.ticket_count().await, 1);
    }
}

scene! {
    async fn doubled_events_make_one_ticket(office) {
        let marc = office.slack_user("marc");
        let double = |new_ids| SlackFault::DoubleEvents { choice: EventChoice::default(), copies: Some(3), new_ids };
        // Three times on two sockets, then three times with an id of its own each.
        office.demo().slack.faults().order(double(false));
        marc.types("#mentions", "Lampe cassée, commande 1").await;
        office.demo().slack.faults().order(double(true));
        marc.types("#mentions", "Lampe cassée, commande 2").await;
        office.demo().discord.faults().dispatches(1, DispatchFault::Double);
        office.discord_user("zoe").types("#mentions", "Lampe cassée, commande 3").await;
        assert_eq!(office.ticket_count().await, 3);
    }
}
