//! Roles: given, limited, ended and taken back; what happens to open work; and who can read about it afterwards.

use crate::office::minutes;
use crate::scene;

scene! {
    async fn a_role_is_added_given_with_its_mission_and_taken_back(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie role add moderation rights:community_manager \"Garder les commentaires propres\"").await;
        lea.expect_answer("Le rôle moderation existe maintenant");
        lea.types("#social", "/vigie role donner moderation @olivia net:instagram until:2026-03-20").await;
        lea.expect_answer("Olivia Bennett a maintenant le rôle moderation pour instagram jusqu’au");
        let told = office.discord_user("olivia").expect_dm("Léa Moreau gave you the role moderation for instagram").await;
        assert!(told.text.contains("Garder les commentaires propres"), "its mission: {}", told.text);
        lea.types("#social", "/vigie role who moderation").await;
        lea.expect_answer("Olivia Bennett pour instagram jusqu’au ven. 20 mars, 23:59 (confié dans le chat)");
        lea.types("#social", "/vigie role add moderation \"Encore\"").await;
        lea.expect_answer("existe déjà");
        lea.types("#social", "/vigie role revoke moderation @olivia").await;
        lea.expect_answer("Olivia Bennett n’a plus le rôle moderation");
        office.discord_user("olivia").expect_dm("took the role moderation back").await;
        let hugo = office.discord_user("hugo");
        hugo.command("#social", "vigie role grant", &[("role", "head"), ("who", "hugo")]).await;
        hugo.expect_answer("Il vous faut le droit « modifier les réglages »");
        lea.types("#social", "/vigie audit").await;
        let log = lea.expect_answer("Léa Moreau a confié à Olivia Bennett le rôle moderation pour instagram");
        for line in ["Léa Moreau a retiré le rôle moderation à Olivia Bennett", "Hugo Bernard s’est vu refuser : modifier les réglages"] {
            assert!(log.text.contains(line), "{line}: {}", log.text);
        }
        hugo.command("#social", "vigie audit", &[("who", "me")]).await;
        hugo.expect_answer("Hugo Bernard s’est vu refuser");
        hugo.command("#social", "vigie audit", &[]).await;
        hugo.expect_answer("Il vous faut le droit");
    }
}

scene! {
    async fn whoever_loses_a_role_loses_its_open_tickets_to_the_next_in_turn(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        card.assert_field("Responsable", "Hugo Bernard");
        let lea = office.slack_user("lea");
        for role in ["community", "care"] {
            lea.types("#social", &format!("/vigie role revoke {role} @hugo")).await;
        }
        let owner = office.ticket(1).await.assignee.map(|member| member.0).unwrap_or_default();
        assert!(!owner.is_empty() && owner != "hugo", "it went on to {owner:?}");
        card.assert_lines("Hugo Bernard ne peut plus traiter ce ticket", 1);
        let hugo = office.discord_user("hugo");
        hugo.types("#social", "@vigie assign T-1 me").await;
        assert_eq!(office.ticket(1).await.assignee.map(|member| member.0).unwrap_or_default(), owner);
    }
}

scene! {
    async fn a_role_given_until_a_time_ends_by_itself(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie role grant sales @sam until:2h").await;
        lea.expect_answer("Sam Okafor a maintenant le rôle sales jusqu’au");
        office.advance(minutes(121)).await;
        office.discord_user("sam").expect_dm("Your role sales has ended").await;
        lea.types("#social", "/vigie role who sales").await;
        let told = lea.expect_answer("Rôle sales");
        assert!(!told.text.contains("Sam Okafor"), "{}", told.text);
    }
}

scene! {
    async fn nobody_can_lock_everybody_out_or_leave_open_work_without_anybody(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie role revoke head @lea").await;
        lea.expect_answer("Plus personne ne pourrait changer les réglages");
        lea.types("#social", "/vigie role revoke care @marcel").await;
        lea.expect_answer("Je ne trouve pas");
        lea.types("#social", "/vigie role grant juggling @sam").await;
        lea.expect_answer("Il n’y a pas de rôle juggling");
        lea.types("#social", "/vigie role grant care @sam until:2020-01-01").await;
        lea.expect_answer("Cette fin est déjà passée");
        lea.types("#social", "/vigie role grant care @sam net:myspace").await;
        lea.expect_answer("L’équipe n’a pas de compte sur myspace");
    }
}
