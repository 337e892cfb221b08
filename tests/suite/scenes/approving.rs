//! Replies and posts on their way out: approved by another person in either chat, claimed once, held by a freeze.

use vigie::sandbox::network::{FaultOrder, NetworkFault};

use crate::office::{Oddity, Office, minutes};
use crate::scene;

const REVIEW: &str = "Livré en retard, et personne ne répond";

fn replies(office: &Office, id: &str) -> Vec<String> {
    let found = office.demo().network.replies_to("google_reviews", id);
    found.into_iter().map(|one| one.text).collect()
}

fn posts(office: &Office) -> Vec<String> {
    office.demo().network.posts_on("instagram").into_iter().map(|one| one.text).collect()
}

fn fault(office: &Office, fault: NetworkFault) {
    office.demo().network.faults().order(FaultOrder { fault, count: 1, network: None }).unwrap();
}

/// A review, and Hugo's answer to it, which waits for somebody else.
async fn waiting_reply(office: &Office) -> String {
    let id = office.network("google_reviews").comment("@paul", REVIEW).await;
    let card = office.slack("#social").card_of(1);
    office.slack_user("hugo").presses(&card, "Répondre…").await;
    office.slack_user("hugo").fills("Nous arrivons demain").await;
    office.slack_user("hugo").expect_answer("R-1 v1 attend l’approbation de");
    assert_eq!(replies(office, &id), Vec::<String>::new());
    id
}

/// A post that Marc wrote and Léa approved.
async fn approved_post(office: &Office) {
    office.slack_user("marc").types("#social", "/publication nouvelle net:instagram La lampe Lune est là").await;
    office.slack_user("marc").expect_answer("P-1 est en brouillon pour Instagram");
    office.slack_user("marc").types("#social", "/publication soumettre P-1").await;
    // Nobody has seen her anywhere yet: she is asked in the first chat in which she has an account.
    let lea = office.discord_user("lea");
    let asked = lea.expect_dm("Marc Delattre demande votre approbation pour P-1 v1").await;
    lea.presses_on(&asked, "Approuver v1").await;
    lea.expect_answer("P-1 v1 est approuvé");
}

scene! {
    async fn a_reply_drafted_in_slack_is_approved_in_discord_and_sent_once(office) {
        let id = waiting_reply(office).await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        slack.assert_says("attend l’approbation de");
        office.slack_user("hugo").presses(&slack, "Approuver v1").await;
        office.slack_user("hugo").expect_answer("personne n’approuve son propre texte");
        assert_eq!(replies(office, &id), Vec::<String>::new());
        office.discord_user("nora").presses(&discord, "Approuver v1").await;
        office.discord_user("nora").expect_answer("R-1 v1 is approved and leaves now");
        assert_eq!(replies(office, &id), ["Nous arrivons demain"]);
        for card in [&slack, &discord] {
            card.assert_says("envoyé").assert_field("Statut", "en attente du client");
            card.assert_lines("R-1 v1 est en ligne", 1);
        }
    }
}

scene! {
    async fn an_edit_ends_the_approval_and_the_old_button_is_told_what_changed(office) {
        let id = waiting_reply(office).await;
        let card = office.discord("#social").card_of(1);
        let old = card.now();
        let (lea, hugo) = (office.discord_user("lea"), office.slack_user("hugo"));
        let social = office.slack("#social").id;
        // While Hugo's new version is under way her card still shows the old one.
        hugo.does_unsettled(hugo.typing(&social, None, "/publication modifier R-1 Nous arrivons lundi")).await;
        lea.does_unsettled(lea.press(&old, "Approuver v1")).await;
        office.settle().await;
        lea.expect_answer("La v1 de R-1 a été remplacée par la v2 : demain → lundi");
        assert_eq!(replies(office, &id), Vec::<String>::new());
        lea.command("#social", "approve ok", &[("draft", "T-1"), ("version", "reply v2 Parfait")]).await;
        lea.expect_answer("R-1 v2 est approuvé et part maintenant");
        assert_eq!(replies(office, &id), ["Nous arrivons lundi"]);
        card.assert_lines("« Parfait »", 1);
    }
}

scene! {
    async fn a_lost_answer_is_looked_up_and_a_refusal_is_told(office) {
        let id = waiting_reply(office).await;
        fault(office, NetworkFault::Refuse { error: Some("token expired".into()) });
        let card = office.slack("#social").card_of(1);
        office.slack_user("lea").presses(&card, "Approuver v1").await;
        card.assert_says("token expired");
        office.slack_user("hugo").expect_dm("token expired").await;
        fault(office, NetworkFault::FailAfter);
        office.slack_user("hugo").presses(&card, "Réessayer").await;
        assert_eq!(replies(office, &id), ["Nous arrivons demain"], "done, though the answer was lost");
        card.assert_says("envoyé");
    }
}

scene! {
    async fn nothing_was_done_and_a_person_decides(office) {
        let id = waiting_reply(office).await;
        fault(office, NetworkFault::FailBefore);
        let card = office.slack("#social").card_of(1);
        office.slack_user("lea").presses(&card, "Approuver v1").await;
        office.advance(minutes(10)).await;
        card.assert_says("inconnu, à vérifier");
        assert_eq!(replies(office, &id), Vec::<String>::new(), "nothing is repeated by itself");
        let told = office.slack_user("hugo").expect_dm("dites si c’est parti").await;
        office.slack_user("hugo").presses_on(&told, "Pas parti, renvoyer").await;
        assert_eq!(replies(office, &id), ["Nous arrivons demain"]);
    }
}

scene! {
    async fn a_planned_post_leaves_once_at_its_time_whatever_restarts(office) {
        approved_post(office).await;
        office.slack_user("marc").types("#social", "/publication planifier P-1 +2h").await;
        office.slack_user("marc").expect_answer("Départ de P-1");
        office.restart().await;
        office.advance(minutes(100)).await;
        assert_eq!(posts(office), Vec::<String>::new());
        office.restart().await;
        office.advance(minutes(30)).await;
        office.restart().await;
        office.advance(minutes(30)).await;
        assert_eq!(posts(office), ["La lampe Lune est là"]);
        for channel in [office.slack("#social"), office.discord("#social")] {
            assert!(channel.expect("P-1 v1").text.contains("envoyé"));
        }
    }
}

scene! {
    async fn a_crisis_holds_what_is_planned_and_its_end_lets_nothing_go(office) {
        office.expects(Oddity::Pings);
        approved_post(office).await;
        office.slack_user("marc").types("#social", "/publication planifier P-1 +2h").await;
        office.slack_user("lea").types("#social", "/crise declarer l3 Livraisons perdues").await;
        assert!(office.slack("#social").expect("P-1 v1").text.contains("retenu"));
        office.slack_user("marc").expect_dm("retenu").await;
        office.advance(minutes(180)).await;
        assert_eq!(posts(office), Vec::<String>::new());
    }
}
