//! Any message becomes a ticket by 🎫 or by its menu.

use vigie::sandbox::discord::DispatchFault;
use vigie::sandbox::slack::{EventChoice, SlackFault};

use crate::scene;
use crate::seen::Chat;

scene! {
    async fn a_ticket_mark_on_a_thread_takes_the_whole_thread_once(office) {
        let lea = office.slack_user("lea");
        let general = office.channel_id(Chat::Slack, "general");
        let root = lea.types("#general", "Un client attend sa lampe depuis trois semaines").await;
        for (name, line) in [("tom", "Lequel ?"), ("lea", "Commande 4471"), ("tom", "Je vois"), ("nora", "It is lost")] {
            office.slack_user(name).types_at(&general, Some(&root), line).await;
        }
        assert_eq!(office.ticket_count().await, 0);
        lea.reacts(&general, &root, "ticket").await;
        assert_eq!(office.ticket_count().await, 1);
        let ticket = office.ticket(1).await;
        let texts: Vec<&str> = ticket.opening.entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(texts, ["Un client attend sa lampe depuis trois semaines", "Lequel ?", "Commande 4471", "Je vois", "It is lost"]);
        assert_eq!(ticket.opening.opened_by.as_ref().map(|member| member.as_str()), Some("lea"));
        lea.expect_dm("T-1 est ouvert").await;
        office.slack("#social").expect_card("It is lost").assert_says("ouvert par Léa Moreau");
        let nora = office.slack_user("nora");
        nora.reacts(&general, &root, "ticket").await;
        nora.expect_dm("already T-1").await;
        assert_eq!(office.ticket_count().await, 1);
    }
}

scene! {
    async fn a_ticket_mark_in_discord_works_the_same(office) {
        let lea = office.discord_user("lea");
        let general = office.channel_id(Chat::Discord, "general");
        let message = lea.types("#general", "Une cliente dit que sa lampe clignote").await;
        lea.reacts(&general, &message, "🎫").await;
        office.discord("#social").expect_card("sa lampe clignote");
        office.slack("#social").expect_card("sa lampe clignote").assert_says("ouvert par Léa Moreau");
        let nora = office.discord_user("nora");
        nora.reacts(&general, &message, "🎫").await;
        nora.expect_dm("already T-1").await;
        nora.reacts(&general, &message, "👍").await;
        assert_eq!(office.ticket_count().await, 1);
    }
}

scene! {
    async fn a_message_that_vigie_never_heard_is_fetched(office) {
        let lea = office.slack_user("lea");
        let general = office.channel_id(Chat::Slack, "general");
        let all = EventChoice { next: Some(2), ..EventChoice::default() };
        office.demo().slack.faults().order(SlackFault::DropEvents { choice: all });
        let root = lea.types("#general", "Lampe cassée, commande 4471").await;
        lea.types_at(&general, Some(&root), "Elle veut être remboursée").await;
        lea.reacts(&general, &root, "ticket").await;
        assert_eq!(office.ticket(1).await.opening.entries.len(), 2, "the message and its thread");
        lea.expect_dm("T-1 est ouvert").await;

        let zoe = office.discord_user("zoe");
        office.demo().discord.faults().dispatches(1, DispatchFault::Drop);
        let place = office.channel_id(Chat::Discord, "general");
        let posted = office.discord_act_unheard("zoe", zoe.typing(&place, None, "Suspension fêlée à Lyon")).await;
        zoe.reacts(&place, posted["message"].as_str().unwrap(), "🎫").await;
        office.slack("#social").expect_card("Suspension fêlée à Lyon");
        zoe.expect_dm("T-2 est ouvert").await;
    }
}

scene! {
    async fn a_message_is_made_a_ticket_by_its_menu_in_both_chats(office) {
        let sam = office.slack_user("sam");
        let general = office.channel_id(Chat::Slack, "general");
        let message = office.slack_user("lea").types("#general", "My lamp flickers, says a customer").await;
        sam.shortcut(&general, &message, "Open ticket").await;
        sam.expect_answer("T-1 is open");
        office.discord("#social").expect_card("My lamp flickers");
        sam.shortcut(&general, &message, "Open ticket").await;
        sam.expect_answer("already T-1");

        let hugo = office.discord_user("hugo");
        let place = office.channel_id(Chat::Discord, "general");
        let message = office.discord_user("lea").types("#general", "Colis perdu pour Mme Roy").await;
        hugo.shortcut(&place, &message, "Open ticket").await;
        hugo.expect_answer("T-2 est ouvert");
        office.slack("#social").expect_card("Mme Roy");
        hugo.shortcut(&place, &message, "Add note").await;
        hugo.fills("Je l’ai eue au téléphone").await;
        office.slack("#social").card_of(2).assert_lines("Je l’ai eue au téléphone", 1);
        assert_eq!(office.ticket_count().await, 2);
    }
}
