//! A note follows its author: edited there, edited here; deleted there, gone here. Never an echo, never a customer.

use serde_json::json;

use crate::scene;
use crate::seen::Chat;

scene! {
    async fn a_note_edited_or_deleted_in_slack_follows_in_discord(office) {
        let message = office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let hugo = office.slack_user("hugo");
        let note = hugo.replies(&slack, "Le transporteur rappelle à 11 h").await;
        discord.assert_lines("Le transporteur rappelle à 11 h", 1);
        hugo.edits(&slack.channel, &note, "Le transporteur rappelle à 15 h").await;
        discord.assert_lines("Hugo Bernard (via Slack) : Le transporteur rappelle à 15 h", 1).assert_lines("11 h", 0);
        slack.assert_lines("15 h", 1).assert_field("Notes", "Hugo Bernard: Le transporteur rappelle à 15 h");
        hugo.deletes(&slack.channel, &note).await;
        discord.assert_lines("Le transporteur", 0);
        assert!(office.ticket(1).await.last_note().is_none());
        assert_eq!(slack.now().field("Notes"), None, "the card does not quote what was taken back");
        assert!(office.demo().network.replies_to("instagram", &message).is_empty(), "nothing reaches the customer");
    }
}

scene! {
    async fn a_note_edited_or_deleted_in_discord_follows_in_slack(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        // The thread of Discord is made when somebody needs it; a first line makes it.
        office.slack_user("hugo").replies(&slack, "Bonjour").await;
        let nora = office.discord_user("nora");
        let note = nora.replies(&discord, "I called them, ask @everyone").await;
        slack.assert_lines("Nora Lindqvist (via Discord)", 1);
        nora.edits(&discord.message, &note, "They call back at three").await;
        slack.assert_lines("They call back at three", 1).assert_lines("I called them", 0);
        discord.assert_lines("They call back at three", 1);
        nora.deletes(&discord.message, &note).await;
        slack.assert_lines("They call back", 0).assert_lines("Bonjour", 1);
    }
}

scene! {
    async fn a_note_survives_a_restart_and_keeps_following(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let note = {
            let slack = office.slack("#social").card_of(1);
            office.slack_user("hugo").replies(&slack, "Je demande au dépôt").await
        };
        office.restart().await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.slack_user("hugo").edits(&slack.channel, &note, "Le dépôt répond demain").await;
        discord.assert_lines("Le dépôt répond demain", 1).assert_lines("Je demande au dépôt", 0);
    }
}

scene! {
    async fn what_is_edited_before_it_was_mirrored_is_mirrored_once(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let hugo = office.slack_user("hugo");
        let typed = hugo.does_unsettled(hugo.typing(&slack.channel, Some(&slack.message), "brouillon")).await;
        let ts = typed["ts"].as_str().unwrap().to_owned();
        for words in ["presque", "définitif"] {
            hugo.does_unsettled(json!({"act": "edit", "channel": slack.channel, "ts": ts, "text": words})).await;
        }
        office.settle().await;
        discord.assert_lines("définitif", 1).assert_lines("presque", 0).assert_lines("brouillon", 0);
        let gone = hugo.does_unsettled(hugo.typing(&slack.channel, Some(&slack.message), "oups")).await;
        hugo.does_unsettled(json!({"act": "delete", "channel": slack.channel, "ts": gone["ts"]})).await;
        office.settle().await;
        discord.assert_lines("oups", 0);
        assert_eq!(office.ticket(1).await.last_note().unwrap().text, "définitif");
    }
}

scene! {
    async fn files_in_a_thread_are_named_in_the_other_chat(office) {
        office.network("instagram").comment("@kim", "La lampe est arrivée cassée").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let file = json!({"name": "casse.png", "mimetype": "image/png"});
        let post = |text: &str| json!({"act": "post", "channel": slack.channel, "text": text,
            "thread_ts": slack.message, "files": [file]});
        office.slack_user("hugo").does(post("Voyez la photo")).await;
        discord.assert_lines("Hugo Bernard (via Slack) : Voyez la photo 📎 casse.png", 1);
        office.slack_user("lea").does(post("")).await;
        discord.assert_lines("Léa Moreau (via Slack) : 📎 casse.png", 1);
        slack.assert_field("Notes", "Léa Moreau: 📎 casse.png");
    }
}

scene! {
    async fn mirrored_words_call_nobody_in_the_other_chat(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let sam = office.demo().discord.user_id("sam").unwrap();
        let hostile = format!("@everyone @here <@{sam}> <@&1> https://evil.example");
        let ts = office.slack_user("hugo").replies(&slack, "calme").await;
        office.slack_user("hugo").edits(&slack.channel, &ts, &hostile).await;
        discord.assert_lines("evil.example", 1);
        assert_eq!(office.channel_id(Chat::Slack, "social"), slack.channel);
    }
}
