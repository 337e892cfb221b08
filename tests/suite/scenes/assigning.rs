//! Who gets a ticket: by name, by turn, by role; typed, chosen or completed.

use crate::scene;

scene! {
    async fn tickets_are_given_by_slash_command_to_the_next_to_me_to_somebody_and_to_a_role(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        let lea = office.slack_user("lea");
        card.assert_field("Responsable", "Hugo Bernard");
        lea.types("#social", "/assign T-1 me").await;
        lea.expect_answer("T-1 est à vous");
        card.assert_field("Responsable", "Léa Moreau");
        lea.types("#social", "/assign T-1 next").await;
        lea.expect_answer("T-1 est maintenant à Nora Lindqvist");
        card.assert_field("Responsable", "Nora Lindqvist");
        office.discord_user("nora").expect_dm("T-1 is yours").await;
        lea.types("#social", "/assigner T-1 @olivia").await;
        card.assert_field("Responsable", "Olivia Bennett");
        office.discord_user("nora").expect_dm("Olivia Bennett now has T-1").await;
        lea.types("#social", "/assign T-1 @sam").await;
        lea.types("#social", "/assign T-1 next role:sales --why").await;
        let told = lea.expect_answer("T-1 est allé à Olivia Bennett par la rotation");
        assert!(told.text.contains("Tom Girard") && !told.text.contains("Nora"), "the two of sales: {}", told.text);
        lea.types("#social", "/assign T-1 role:nobody").await;
        lea.expect_answer("Le rôle « nobody » n’existe pas");
        lea.types("#social", "/assign T-1 @marcel").await;
        lea.expect_answer("Je ne trouve pas");
        lea.types("#social", "/assign T-99 me").await;
        lea.expect_answer("T-99 n’existe pas");
        office.discord("#social").card_of(1);
    }
}

scene! {
    async fn tickets_are_given_by_options_with_completion_in_discord(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.network("instagram").comment("@lou", "Ma lampe est cassée").await;
        let sam = office.discord_user("sam");
        let offered = sam.completions("#social", "assign", &[("ticket", "")]).await;
        assert_eq!(offered.len(), 2, "{offered:?}");
        let offered = sam.completions("#social", "assign", &[("ticket", "cass")]).await;
        assert!(offered.len() == 1 && offered[0].starts_with("T-2 · Instagram"), "{offered:?}");
        sam.command("#social", "assign", &[("ticket", "T-2"), ("to", "me")]).await;
        sam.expect_answer("T-2 is yours");
        office.slack("#social").card_of(2).assert_field("Responsable", "Sam Okafor");
        let olivia = format!("<@{}>", office.discord_user("olivia").id);
        office.discord_user("lea").command("#social", "assigner", &[("ticket", "T-2"), ("a", &olivia)]).await;
        office.slack("#social").card_of(2).assert_field("Responsable", "Olivia Bennett");
    }
}

scene! {
    async fn a_mention_in_the_thread_needs_no_number(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let lea = office.slack_user("lea");
        lea.replies(&slack, "@vigie assign next").await;
        slack.assert_field("Responsable", "Nora Lindqvist").assert_lines("T-1 est maintenant à Nora Lindqvist", 1);
        discord.assert_field("Responsable", "Nora Lindqvist");
        lea.replies(&slack, "Je reprends").await;
        office.discord_user("lea").replies(&discord, "@vigie assign me").await;
        slack.assert_field("Responsable", "Léa Moreau");
        discord.assert_lines("T-1 est à vous", 1);
        assert_eq!(office.ticket(1).await.notes.len(), 1, "a command is no note");
    }
}

scene! {
    async fn a_form_asks_to_whom_when_nobody_was_named(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let lea = office.slack_user("lea");
        lea.types("#social", "/assign T-1").await;
        lea.fills("sam").await;
        lea.expect_answer("T-1 est maintenant à Sam Okafor");
        slack.assert_field("Responsable", "Sam Okafor");
        let hugo = office.discord_user("hugo");
        hugo.presses(&discord, "Assigner…").await;
        hugo.fills("me").await;
        discord.assert_field("Responsable", "Hugo Bernard");
        slack.assert_field("Responsable", "Hugo Bernard");
    }
}

scene! {
    async fn work_goes_round_by_share_and_every_turn_is_explained(office) {
        for number in 1..=6 {
            office.network("instagram").comment(&format!("@kim{number}"), "Où est mon colis ?").await;
        }
        let mut owners = Vec::new();
        for id in 1..=6 {
            owners.push(office.ticket(id).await.assignee.map(|member| member.0).unwrap_or_default());
        }
        let has = |name: &str| owners.iter().filter(|owner| *owner == name).count();
        assert_eq!((has("hugo"), has("nora"), has("olivia"), has("sam")), (2, 1, 1, 2), "shares 2, 1, 1, 2: {owners:?}");
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket why T-6").await;
        let why = lea.expect_answer("par la rotation");
        for name in ["Hugo Bernard", "Nora Lindqvist", "Olivia Bennett", "Sam Okafor"] {
            assert!(why.text.contains(name), "{}", why.text);
        }
        assert!(why.text.contains("care-late-1"), "the rule that led there: {}", why.text);
    }
}
