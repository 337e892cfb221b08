//! A customer writes on a network: one owned ticket, one card in each chat, whatever the network does.

use vigie::sandbox::network::{MessageKind, NetworkFault};

use crate::office::minutes;
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn a_comment_becomes_a_ticket_with_a_card_in_both_chats_and_its_owner_is_told(office) {
        office.network("instagram").comment("@kim", "Ma lampe Halo n’est jamais arrivée, où est mon colis ?").await;
        assert_eq!(office.ticket_count().await, 1);
        for channel in [office.slack("#social"), office.discord("#social")] {
            let card = channel.expect_card("où est mon colis");
            card.assert_says("P2 · T-1 · Instagram · retard de livraison").assert_says("@kim").assert_says("100 abonnés")
                .assert_field("Statut", "assigné")
                .assert_field("Responsable", "Hugo Bernard")
                .assert_field("Rôle", "care")
                .assert_buttons(["Je prends", "Assigner…", "Répondre…", "Note…", "Résoudre…", "Pourquoi ?", "Étapes"]);
        }
        let told = office.discord_user("hugo").expect_dm("T-1 est à vous").await;
        assert!(told.text.contains("@kim") && told.text.contains("où est mon colis"), "{}", told.text);
        assert_eq!(office.discord_user("nora").dms().await.len(), 0);
        assert_eq!(office.slack_user("hugo").dms().await.len(), 0, "told once, not in each chat");
        let ticket = office.ticket(1).await;
        assert_eq!(ticket.opening.language.as_deref(), Some("fr"));
        let due = ticket.opening.first_response_due.unwrap();
        assert_eq!(due.since(ticket.opening.received_at), minutes(60), "P2 is answered within one working hour");
    }
}

scene! {
    async fn each_desk_speaks_its_own_language_and_gets_its_own_networks(office) {
        office.network("x").mention("@nick", "My lamp arrived broken, I want my money back").await;
        office.slack("#social").expect_no_card();
        office.discord("#social").expect_no_card();
        for channel in [office.slack("#support"), office.discord("#support")] {
            channel.expect_card("arrived broken")
                .assert_field("Status", "assigned")
                .assert_field("Assignee", "Hugo Bernard")
                .assert_buttons(["Claim", "Assign…", "Reply…", "Note…", "Resolve…", "Why?", "Steps"]);
        }
    }
}

scene! {
    async fn a_danger_or_a_voice_that_carries_far_is_most_urgent(office) {
        office.network("facebook").comment("Ana", "La prise de ma lampe a pris feu cette nuit !").await;
        office.network("instagram").write(MessageKind::Comment, "@star", 400_000, "Quelle belle suspension").await;
        assert_eq!(office.ticket(1).await.opening.priority, 1);
        assert_eq!(office.ticket(1).await.opening.role, "care");
        assert_eq!(office.ticket(2).await.opening.priority, 1, "400 000 followers");
        office.slack("#social").card_of(1).assert_says("🔴 P1");
    }
}

scene! {
    async fn the_same_webhook_twice_or_late_is_one_ticket(office) {
        let network = &office.demo().network;
        network.faults().next(2, NetworkFault::DoubleWebhook);
        office.network("instagram").comment("@kim", "Où est mon colis ? Commande 1").await;
        office.network("instagram").comment("@kim", "Où est mon colis ? Commande 2").await;
        assert_eq!(office.ticket_count().await, 2);
        network.faults().next(1, NetworkFault::DropWebhook);
        office.network("instagram").comment("@kim", "Où est mon colis ? Commande 3").await;
        assert_eq!(office.ticket_count().await, 2, "lost on its way");
        office.network("instagram").comment("@kim", "Où est mon colis ? Commande 4").await;
        assert_eq!(office.ticket_count().await, 3, "a later one overtakes it");
        office.advance(minutes(1)).await;
        assert_eq!(network.run_once().await, 1, "the network delivers again");
        office.settle().await;
        assert_eq!(office.ticket_count().await, 4);
        for number in 1..=4 {
            office.slack("#social").expect_card(&format!("Commande {number}"));
        }
    }
}

scene! {
    async fn private_messages_of_one_customer_are_one_conversation_and_reopen_it(office) {
        let instagram = office.network("instagram");
        instagram.dm("@kim", "Bonjour, où est mon colis ?").await;
        instagram.dm("@kim", "Il devait arriver lundi.").await;
        instagram.dm("@lou", "Où est ma commande ?").await;
        instagram.comment("@kim", "Personne ne répond en privé").await;
        assert_eq!(office.ticket_count().await, 3, "kim's two messages, lou's, and a comment that stands for itself");
        let card = office.slack("#social").card_of(1);
        card.assert_field("Messages", "2").assert_says("Il devait arriver lundi").assert_lines("Il devait arriver lundi", 1);
        office.discord("#social").card_of(1).assert_lines("Il devait arriver lundi", 1);
        office.discord_user("hugo").expect_dm("Le client a réécrit sur T-1").await;
        office.slack_user("hugo").types("#social", "/ticket resolve T-1 Renvoyé").await;
        card.assert_field("Statut", "résolu");
        instagram.dm("@kim", "Toujours rien reçu").await;
        assert_eq!(office.ticket_count().await, 3);
        card.assert_field("Statut", "assigné").assert_lines("Rouvert", 1);
    }
}

scene! {
    async fn a_flood_leaves_at_one_post_a_second_and_loses_nothing(office) {
        for number in 1..=12 {
            let text = format!("Où est mon colis ? Commande {number:02}");
            office.network("instagram").write_unsettled(MessageKind::Comment, "@kim", 10, &text).await;
        }
        let began_ms = office.clock.now_ms();
        office.settle().await;
        assert_eq!(office.ticket_count().await, 12);
        for chat in [Chat::Slack, Chat::Discord] {
            assert_eq!(office.channel(chat, "social").cards().len(), 12, "{chat:?}");
        }
        let social = office.channel_id(Chat::Slack, "social");
        let calls = office.demo().slack.calls();
        let posts: Vec<i64> = calls
            .iter()
            .filter(|call| call.method == "chat.postMessage" && call.args["channel"] == social.as_str())
            .map(|call| call.at_ms)
            .collect();
        assert_eq!(posts.len(), 12);
        let last_ms = posts.last().copied().unwrap_or(began_ms);
        assert!((8_000..60_000).contains(&(last_ms - began_ms)), "12 posts took {} ms", last_ms - began_ms);
    }
}
