//! Triage is explained, set right by people, and learns from them: whoever corrects is right, is named, and is counted.

use crate::scene;
use crate::seen::Chat;

scene! {
    async fn the_card_shows_the_mood_and_why_it_was_read_in_both_languages(office) {
        office.network("instagram").comment("@kim", "Trois semaines d’attente, plus jamais, quelle honte").await;
        for chat in [Chat::Slack, Chat::Discord] {
            let card = office.channel(chat, "social").card_of(1);
            card.assert_field("Humeur", "négative");
            let (lea, sam) = (office.person(chat, "lea"), office.person(chat, "sam"));
            lea.presses(&card, "Pourquoi ?").await;
            let told = lea.expect_answer("les mots");
            assert!(told.text.contains("plus jamais") && told.text.contains("règle care-late"), "{}", told.text);
            sam.presses(&card, "Pourquoi ?").await;
            let told = sam.expect_answer("the words");
            assert!(told.text.contains("matched rule") && told.text.contains("plus jamais"), "{}", told.text);
        }
    }
}

scene! {
    async fn a_mood_is_corrected_by_button_and_the_person_wins(office) {
        office.network("instagram").comment("@kim", "That was something").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        slack.assert_field("Humeur", "neutre");
        let hugo = office.slack_user("hugo");
        hugo.chooses(&slack, "Corriger…").await;
        hugo.fills("negative").await;
        hugo.expect_answer("devient négative");
        slack.assert_field("Humeur", "négative");
        discord.assert_field("Humeur", "négative");
        let ticket = office.ticket(1).await;
        let corrections: Vec<(&str, &str, &str)> = ticket
            .corrections
            .iter()
            .map(|one| (one.by.as_str(), one.from.as_str(), one.to.as_str()))
            .collect();
        assert_eq!(corrections, [("hugo", "neutral", "negative")]);
        let lea = office.discord_user("lea");
        lea.presses(&discord, "Pourquoi ?").await;
        lea.expect_answer("corrigé par Hugo Bernard");
        lea.chooses(&discord, "Corriger…").await;
        lea.fills("positive").await;
        lea.expect_answer("devient positive");
        slack.assert_field("Humeur", "positive");
    }
}

scene! {
    async fn topics_and_moods_are_typed_in_either_language_and_what_is_none_is_refused(office) {
        office.network("instagram").comment("@kim", "About the thing we spoke of").await;
        let (lea, sam) = (office.slack_user("lea"), office.discord_user("sam"));
        lea.types("#social", "/ticket sujet T-1 remboursement").await;
        lea.expect_answer("devient remboursement");
        assert_eq!(office.ticket(1).await.opening.topic, "refund");
        sam.command("#social", "ticket mood", &[("ticket", "T-1"), ("mood", "Négative")]).await;
        sam.expect_answer("Mood is now negative");
        sam.command("#social", "ticket correct", &[("ticket", "T-1"), ("lang", "fr"), ("prio", "p1")]).await;
        sam.expect_answer("Priority is now P1");
        let opening = office.ticket(1).await.opening;
        assert_eq!((opening.language.as_deref(), opening.priority), (Some("fr"), 1));
        lea.types("#social", "/ticket topic T-1 bananes").await;
        lea.expect_answer("Le sujet bananes n’existe pas. Sujets");
        lea.types("#social", "/ticket humeur T-1 verte").await;
        lea.expect_answer("n’est pas une humeur");
        lea.types("#social", "/ticket humeur T-1 négative").await;
        lea.expect_answer("Humeur est déjà négative");
    }
}

scene! {
    async fn a_correction_becomes_a_rule_that_is_previewed_named_and_switched_off(office) {
        office.network("instagram").comment("@kim", "My Aurora keeps wobbling since Monday").await;
        office.network("instagram").comment("@lou", "Another one that keeps wobbling here").await;
        office.network("instagram").comment("@max", "Lovely window in your shop").await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket topic T-1 réparation").await;
        let told = lea.expect_answer("devient réparation");
        lea.presses_on(&told, "En faire une règle…").await;
        let form = lea.form().to_string();
        assert!(form.contains("wobbling") && form.contains("sur 3"), "{form}");
        lea.fills("keeps wobbling").await;
        let told = lea.expect_answer("learnt-1");
        assert!(told.text.contains("T-2"), "{}", told.text);
        office.network("instagram").comment("@zoe", "It keeps  WOBBLING!").await;
        let ticket = office.ticket(4).await;
        assert_eq!(ticket.opening.topic, "repair");
        let sam = office.discord_user("sam");
        sam.command("#social", "ticket why", &[("ticket", "T-4")]).await;
        sam.expect_answer("matched rule learnt-1");
        lea.presses_on(&told, "Couper learnt-1").await;
        lea.expect_answer("La règle learnt-1 est coupée");
        office.network("instagram").comment("@ann", "Mine keeps wobbling too").await;
        assert_ne!(office.ticket(5).await.opening.topic, "repair");
    }
}

scene! {
    async fn rules_are_learnt_by_command_and_only_by_whoever_may(office) {
        let (sam, lea) = (office.discord_user("sam"), office.discord_user("lea"));
        sam.command("#social", "vigie triage add", &[("about", "repair"), ("keywords", "bourdonne")]).await;
        sam.expect_answer("Léa Moreau");
        sam.command("#social", "vigie triage list", &[]).await;
        sam.expect_answer("No rule was learnt");
        lea.command("#social", "vigie triage add", &[("about", "réparation"), ("keywords", "bourdonne, ça bourdonne")]).await;
        lea.expect_answer("La règle learnt-1 est en vigueur");
        office.network("instagram").comment("@kim", "Elle bourdonne le soir").await;
        assert_eq!(office.ticket(1).await.opening.topic, "repair");
        lea.command("#social", "vigie triage off", &[("rule", "learnt-1")]).await;
        lea.expect_answer("est coupée");
        sam.command("#social", "vigie triage list", &[]).await;
        sam.expect_answer("(off)");
        lea.command("#social", "vigie triage off", &[("rule", "learnt-9")]).await;
        lea.expect_answer("Règles connues");
    }
}

scene! {
    async fn a_corrected_topic_offers_its_role_brings_its_steps_and_moves_nothing_by_itself(office) {
        office.network("instagram").comment("@kim", "Bonjour, une question").await;
        let card = office.slack("#social").card_of(1);
        let (lea, before) = (office.slack_user("lea"), office.ticket(1).await);
        lea.types("#social", "/ticket sujet T-1 remboursement").await;
        let told = lea.expect_answer("relève du rôle care");
        let ticket = office.ticket(1).await;
        assert_eq!((ticket.opening.role, ticket.assignee), (before.opening.role, before.assignee), "offered, not done");
        card.assert_lines("a changé le sujet", 1);
        lea.presses_on(&told, "Confier à care").await;
        let ticket = office.ticket(1).await;
        assert_eq!(ticket.opening.role, "care");
        assert_eq!(ticket.corrections.len(), 1, "counted once");
    }
}

scene! {
    async fn a_corrected_priority_is_due_as_was_promised_for_it(office) {
        office.network("instagram").comment("@kim", "About the thing we spoke of").await;
        let nora = office.discord_user("nora");
        nora.command("#social", "ticket correct", &[("ticket", "T-1"), ("prio", "p1")]).await;
        nora.expect_answer("Priority is now P1");
        let ticket = office.ticket(1).await;
        let first = ticket.due.first.expect("a first answer is due");
        assert_eq!(first.since(ticket.opening.received_at), 15 * 60_000, "as promised for P1");
        office.slack("#social").card_of(1).assert_lines("a changé la priorité de P3 à P1", 1);
    }
}

scene! {
    async fn a_correction_form_that_others_overtook_changes_nothing_and_says_why(office) {
        office.network("instagram").comment("@kim", "That was something").await;
        let card = office.slack("#social").card_of(1);
        let (hugo, nora) = (office.slack_user("hugo"), office.discord_user("nora"));
        hugo.chooses(&card, "Corriger…").await;
        nora.command("#social", "ticket mood", &[("ticket", "T-1"), ("mood", "positive")]).await;
        nora.expect_answer("Mood is now positive");
        hugo.fills("negative").await;
        hugo.expect_answer("a corrigé : Humeur");
        card.assert_field("Humeur", "positive");
    }
}

scene! {
    async fn what_is_resolved_can_still_be_set_right_and_the_audit_names_it(office) {
        office.network("instagram").comment("@kim", "That was something").await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket resoudre T-1").await;
        let card = office.slack("#social").card_of(1);
        lea.chooses(&card, "Corriger…").await;
        lea.fills("negative").await;
        lea.expect_answer("devient négative");
        lea.types("#social", "/vigie tri ajouter repair bourdonne").await;
        lea.types("#social", "/vigie audit").await;
        let told = lea.expect_answer("a corrigé la lecture de T-1");
        assert!(told.text.contains("a mis en vigueur la règle de tri learnt-1"), "{}", told.text);
    }
}
