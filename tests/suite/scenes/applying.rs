//! The office as a file: exported, changed, applied to a running Vigie.

use vigie::config::{check_office, export};
use vigie::domain::office::{MemberId, Office as Team, RoleGrant};
use vigie::runtime::office::{compare, in_words};

use crate::office::Office;
use crate::scene;

fn in_force(office: &Office) -> Team {
    let toml = export::export(&office.app().setup().office);
    check_office(&toml, "office.toml").into_result().expect("what is exported is right")
}

scene! {
    async fn what_was_changed_in_chat_is_exported_and_applying_it_changes_nothing(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie role add moderation \"Garder les commentaires propres\"").await;
        lea.types("#social", "/vigie role grant moderation @olivia net:instagram until:2026-03-20").await;
        let next = in_force(office);
        assert!(next.roles.contains_key("moderation"), "the role stands in the file");
        let outcome = compare(office.app(), next, true).await.expect("compared");
        assert_eq!((outcome.differences.len(), outcome.applied), (0, false), "{}", in_words(&outcome));
        assert_eq!(in_words(&outcome), "No difference: this is the office in force.");
    }
}

scene! {
    async fn an_applied_office_holds_without_a_restart_and_after_one(office) {
        let mut next = in_force(office);
        let sam = next.members.get_mut(&MemberId::from("sam")).expect("sam");
        let mut grants = sam.grants.clone();
        grants.push(RoleGrant::of_file("sales"));
        sam.hold(grants);
        let seen = compare(office.app(), next.clone(), false).await.expect("compared");
        assert!(in_words(&seen).contains("~ members.sam.roles: [\"care\"] -> [\"care\", \"sales\"]"), "{}", in_words(&seen));
        assert!(in_words(&seen).contains("Nothing is changed yet"), "{}", in_words(&seen));
        assert!(compare(office.app(), next.clone(), true).await.expect("applied").applied);
        office.settle().await;
        office.discord_user("sam").expect_dm("You now hold the role sales").await;
        office.slack_user("lea").types("#social", "/vigie role who sales").await;
        office.slack_user("lea").expect_answer("Sam Okafor (fichier de l’équipe)");
        office.restart().await;
        assert!(compare(office.app(), next, true).await.expect("compared").differences.is_empty(), "it still holds");
    }
}

scene! {
    async fn what_would_strand_work_is_refused_with_what_to_do(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let owner = office.ticket(1).await.assignee.expect("somebody has it");
        let mut next = in_force(office);
        next.members.remove(&owner);
        let outcome = compare(office.app(), next, true).await.expect("compared");
        assert!(!outcome.applied);
        let words = in_words(&outcome);
        assert!(words.contains(&format!("{owner} still has 1 open tickets")), "{words}");
        assert!(words.contains(&format!("do first: keep members.{owner}")), "{words}");
        let mut nobody = in_force(office);
        for member in nobody.members.values_mut() {
            let grants = member.grants.iter().filter(|grant| grant.role != "head").cloned().collect();
            member.hold(grants);
        }
        let words = in_words(&compare(office.app(), nobody, true).await.expect("compared"));
        assert!(words.contains("nobody would be left who may change settings"), "{words}");
    }
}
