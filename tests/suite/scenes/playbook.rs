//! Playbooks: the steps that a topic brings, done or left out by people in either chat.

use crate::office::{Office, minutes};
use crate::scene;

const LATE: &str = "My parcel is late, where is my order?";

async fn late_parcel(office: &Office) {
    office.network("instagram").comment("@kim", LATE).await;
    office
        .slack("#social")
        .card_of(1)
        .assert_field("Procédure", "Commande : retard ou perte 0/5 → Retrouver la commande");
}

scene! {
    async fn a_topic_brings_its_steps_and_people_close_them_in_either_chat(office) {
        late_parcel(office).await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let (hugo, sam) = (office.slack_user("hugo"), office.discord_user("sam"));
        hugo.presses(&slack, "Étapes").await;
        let steps = hugo.expect_answer("Maintenant : Retrouver la commande");
        assert!(steps.text.contains("Pouvez-vous nous envoyer votre numéro de commande"), "{}", steps.text);
        hugo.presses_on(&steps, "Fait").await;
        hugo.expect_answer("☑️ 1. Retrouver la commande · Hugo Bernard");
        discord.assert_field("Procédure", "Commande : retard ou perte 1/5 → S’excuser et dire la suite");
        sam.presses(&discord, "Étapes").await;
        let steps = sam.expect_answer("Now: Say sorry, and say what happens");
        sam.presses_on(&steps, "Leave out…").await;
        sam.fills("Hugo called them already").await;
        sam.expect_answer("⏭️ 2. Say sorry, and say what happens · Sam Okafor: Hugo called them already");
        slack.assert_field("Procédure", "Commande : retard ou perte 2/5 → Ouvrir une enquête chez le transporteur");
        for card in [&slack, &discord] {
            card.assert_lines("Hugo Bernard a fait l’étape 1", 1).assert_lines("a passé l’étape 2", 1);
        }
        // The old answer still shows the button of a step that is closed.
        hugo.types("#social", "/vigie procedure etape T-1 2 fait").await;
        hugo.expect_answer("Sam Okafor a déjà clos l’étape 2");
    }
}

scene! {
    async fn a_step_is_never_left_out_without_a_reason_and_only_by_those_who_work_there(office) {
        late_parcel(office).await;
        let (sam, marc) = (office.slack_user("sam"), office.slack_user("marc"));
        sam.types("#social", "/vigie playbook step T-1 1 skip").await;
        sam.expect_answer("A step is left out only with a reason");
        sam.types("#social", "/vigie playbook step T-1 9 done").await;
        sam.expect_answer("has steps 1 to 5");
        marc.types("#social", "/vigie procedure etape T-1 1 fait").await;
        marc.expect_answer("prendre");
        office.slack("#social").card_of(1).assert_field("Procédure", "Commande : retard ou perte 0/5 → Retrouver la commande");
    }
}

scene! {
    async fn a_late_step_reminds_whoever_has_the_ticket_and_the_end_of_the_ticket_ends_it(office) {
        late_parcel(office).await;
        let owner = office.ticket(1).await.assignee.expect("somebody has it").0;
        office.advance(minutes(31)).await;
        // Nobody has seen them anywhere yet: they are told in the first chat in which they have an account.
        office.discord_user(&owner).expect_dm("l’étape 1 de Commande : retard ou perte est à faire").await;
        office.slack_user(&owner).types("#social", "/ticket resolve T-1 Delivered").await;
        office.advance(minutes(60)).await;
        let sam = office.slack_user("sam");
        sam.types("#social", "/vigie playbook steps T-1").await;
        sam.expect_answer("Ended before its last step");
    }
}

scene! {
    async fn playbooks_are_read_started_and_reviewed_in_the_readers_language(office) {
        let (lea, sam) = (office.slack_user("lea"), office.discord_user("sam"));
        lea.types("#social", "/vigie procedure liste").await;
        let list = lea.expect_answer("jamais relue");
        assert!(list.text.contains("care-return Retour et remboursement"), "{}", list.text);
        lea.types("#social", "/vigie procedure relire care-return").await;
        lea.expect_answer("C’est noté : vous avez relu care-return");
        sam.command("#social", "vigie playbook show", &[("playbook", "care-return")]).await;
        sam.expect_answer("Send the return label");
        sam.command("#social", "vigie playbook show", &[("playbook", "care-returns")]).await;
        sam.expect_answer("There is no playbook care-returns. There are: campaign");
        lea.types("#social", "/vigie procedure lancer monthly-analytics").await;
        lea.expect_answer("Maintenant : Prendre les chiffres du mois");
        late_parcel(office).await;
        lea.types("#social", "/vigie procedure lancer misstep T-1").await;
        lea.expect_answer("T-1 suit déjà Commande : retard ou perte (0/5)");
        lea.types("#social", "/vigie procedure arreter T-1 Ce n’était pas une commande").await;
        lea.types("#social", "/vigie procedure lancer misstep T-1").await;
        lea.expect_answer("Maintenant : Faire une capture, puis réfléchir");
    }
}
