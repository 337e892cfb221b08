//! Buttons on the live cards of both chats.

use crate::scene;
use crate::seen::Chat;

scene! {
    async fn a_claim_in_one_chat_shows_on_the_card_of_the_other(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.discord_user("nora").presses(&discord, "Je prends").await;
        slack.assert_field("Responsable", "Nora Lindqvist");
        discord.assert_field("Responsable", "Nora Lindqvist");
        office.discord_user("hugo").expect_dm("Nora Lindqvist s’occupe désormais de T-1").await;
        office.slack_user("lea").presses(&slack, "Je prends").await;
        slack.assert_field("Responsable", "Léa Moreau");
        discord.assert_field("Responsable", "Léa Moreau");
        assert!(slack.now().edited && discord.now().edited, "edited in place, never posted again");
        office.slack_user("lea").presses(&slack, "Je prends").await;
        office.slack_user("lea").expect_answer("T-1 est déjà à vous");
        office.slack_user("lea").types("#social", "/ticket pourquoi T-1").await;
        office.slack_user("lea").expect_answer("Léa Moreau a pris T-1");
    }
}

scene! {
    async fn the_second_of_two_clickers_is_told_who_won(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let (nora, olivia) = (office.discord_user("nora"), office.slack_user("olivia"));
        // Both see the card as it was posted.
        nora.does_unsettled(nora.press(&discord.now(), "Je prends")).await;
        olivia.does_unsettled(olivia.press(&slack.now(), "Je prends")).await;
        office.settle().await;
        slack.assert_field("Responsable", "Nora Lindqvist");
        olivia.expect_answer("Nora Lindqvist took it");
        nora.expect_answer("T-1 is yours");
    }
}

scene! {
    async fn a_press_on_a_card_of_the_past_brings_it_up_to_date(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        let old = card.now();
        let (lea, sam) = (office.slack_user("lea"), office.slack_user("sam"));
        // While Léa's word is under way the card still offers to resolve.
        lea.does_unsettled(lea.typing(&card.channel, None, "/ticket resolve T-1 Retrouvé")).await;
        sam.does_unsettled(sam.press(&old, "Je prends")).await;
        office.settle().await;
        sam.expect_answer("Léa Moreau resolved it");
        card.assert_field("Statut", "résolu").assert_buttons(["Rouvrir", "Note…"]);
    }
}

scene! {
    async fn resolve_reopen_and_note_work_by_button_and_form_in_both_chats(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        for (chat, name) in [(Chat::Slack, "hugo"), (Chat::Discord, "lea")] {
            let (person, card) = (office.person(chat, name), office.channel(chat, "social").card_of(1));
            let other = office.channel(if chat == Chat::Slack { Chat::Discord } else { Chat::Slack }, "social").card_of(1);
            person.presses(&card, "Note…").await;
            let note = format!("Vu avec le dépôt ({name})");
            person.fills(&note).await;
            assert!(!person.has_form());
            person.expect_answer("Note ajoutée à T-1");
            card.assert_lines(&note, 1);
            other.assert_lines(&note, 1);
            person.presses(&card, "Résoudre…").await;
            person.fills("Colis retrouvé").await;
            person.expect_answer("T-1 est résolu");
            for card in [&card, &other] {
                card.assert_field("Statut", "résolu").assert_field("Issue", "Colis retrouvé").assert_buttons(["Rouvrir", "Note…"]);
            }
            person.presses(&card, "Rouvrir").await;
            card.assert_field("Statut", "assigné");
            other.assert_field("Statut", "assigné");
        }
        office.slack("#social").card_of(1).assert_lines("Rouvert", 2).assert_lines("a résolu ce ticket : Colis retrouvé", 2);
    }
}

scene! {
    async fn the_same_by_command_with_and_without_a_number(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let (sam, lea) = (office.slack_user("sam"), office.discord_user("lea"));
        sam.types("#general", "/ticket note T-1 The parcel is at the depot").await;
        sam.expect_answer("Note added to T-1");
        slack.assert_lines("Sam Okafor : The parcel is at the depot", 1).assert_field("Notes", "Sam Okafor: The parcel is at the depot");
        discord.assert_lines("The parcel is at the depot", 1);
        lea.command("#general", "ticket prio", &[("ticket", "T-1"), ("priority", "p1")]).await;
        lea.expect_answer("T-1 est maintenant en P1");
        slack.assert_says("🔴 P1 · T-1");
        lea.command("#general", "ticket resolve", &[("ticket", "T-1"), ("outcome", "Remboursé")]).await;
        lea.expect_answer("T-1 est résolu");
        slack.assert_field("Issue", "remboursé");
        sam.types("#general", "/ticket reopen T-1").await;
        sam.expect_answer("T-1 is open again");
        // In the thread the number may be left out; slash commands do not exist there.
        sam.replies(&slack, "@vigie ticket resolve Sent again").await;
        slack.assert_field("Statut", "résolu").assert_lines("T-1 is resolved", 1);
        discord.assert_field("Statut", "résolu");
        sam.types("#general", "/ticket show T-1").await;
        let shown = sam.expect_answer("Où est mon colis ?");
        assert!(shown.text.contains("at the depot") && shown.text.contains("resolved"), "{}", shown.text);
        sam.types("#general", "/ticket list all").await;
        sam.expect_answer("No ticket here");
        sam.types("#general", "/ticket resolve T-1").await;
        sam.expect_answer("T-1 was already resolved by Sam Okafor");
    }
}
