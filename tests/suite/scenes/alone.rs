//! A team of one: every step that takes a second person elsewhere has a way on.

use vigie::config::Whole;
use vigie::domain::decide::Actor;
use vigie::domain::office::{MemberId, RoleGrant};
use vigie::runtime::office::compare;

use crate::office::{Office, minutes};
use crate::scene;

/// Everybody but Léa leaves; she holds every role.
async fn only_lea(office: &Office) {
    let mut next = office.app().setup().office.clone();
    next.members.retain(|member, _| member.as_str() == "lea");
    let lea = next.members.get_mut(&MemberId::from("lea")).expect("lea");
    lea.backup = None;
    next.approve_leave = true;
    lea.hold(next.roles.keys().map(RoleGrant::of_file).collect());
    next.crisis.deputy = None;
    for role in next.roles.values_mut() {
        role.lead = Some("lea".into());
    }
    assert!(
        compare(office.app(), Whole { office: next, rules: None }, true, &Actor::operator("lea"))
            .await
            .expect("compared")
            .applied
    );
    office.settle().await;
}

scene! {
    async fn a_team_of_one_publishes_after_a_second_look_and_gets_every_ticket(office) {
        only_lea(office).await;
        let lea = office.slack_user("lea");
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Léa Moreau");
        lea.types("#social", "/assign T-1 next").await;
        assert_eq!(office.ticket(1).await.assignee, Some("lea".into()));
        lea.types("#social", "/post new net:instagram La nouvelle lampe est là").await;
        lea.types("#social", "/post submit P-1").await;
        lea.expect_answer("Léa Moreau");
        lea.types("#social", "/approve P-1 v1").await;
        lea.expect_answer("Vous êtes toute l’équipe");
        office.advance(minutes(11)).await;
        lea.types("#social", "/approve P-1 v1").await;
        lea.expect_answer("P-1");
        lea.types("#social", "/post publish-now P-1").await;
        let out: Vec<String> =
            office.demo().network.posts_on("instagram").into_iter().map(|one| one.text).collect();
        assert_eq!(out, ["La nouvelle lampe est là"]);
    }
}

scene! {
    async fn a_team_of_one_is_not_locked_into_a_crisis(office) {
        only_lea(office).await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/crisis freeze").await;
        lea.types("#social", "/crisis unfreeze").await;
        lea.types("#social", "/crisis standdown").await;
        lea.types("#social", "/crisis list").await;
        let told = lea.answers().pop().expect("an answer");
        assert!(!told.text.contains("C-1"), "nothing is open: {}", told.text);
    }
}

scene! {
    async fn a_team_of_one_has_no_dead_ends(office) {
        only_lea(office).await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie bibliotheque ajouter \"Colis\" Nous cherchons votre colis.").await;
        lea.types("#social", "/vigie bibliotheque approuver B-1").await;
        lea.expect_answer("Vous êtes toute l’équipe : votre accord suffit");
        lea.types("#social", "/crise declarer l2 Colis perdus à Lyon net:instagram").await;
        lea.types("#social", "/crise confirmer").await;
        assert!(!lea.answers().pop().expect("an answer").text.contains("quelqu’un d’autre"), "she confirms her own alert");
        lea.types("#social", "/crise fin").await;
        lea.types("#social", "/crisis list").await;
        assert!(!lea.answers().pop().expect("an answer").text.contains("C-1"), "it is over");
        lea.types("#general", "/absence demain").await;
        let preview = lea.expect_answer("Absence de Léa Moreau le mer. 18 mars");
        lea.presses_on(&preview, "Confirmer").await;
        lea.expect_answer("C’est noté : vous êtes en absence le mer. 18 mars");
    }
}
