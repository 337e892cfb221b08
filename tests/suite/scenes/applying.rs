//! The office as a file: exported, changed, applied to a running Vigie.

use vigie::app::work::Work;
use vigie::config::{Whole, check_whole, export};
use vigie::domain::decide::Actor;
use vigie::domain::office::{MemberId, RoleGrant};
use vigie::runtime::office::{Outcome, in_words};

use crate::office::Office;
use crate::scene;

/// What is exported now, read again.
async fn in_force(office: &Office) -> Whole {
    let mut tx = office.app().store.read().await.expect("the database");
    let mut work = Work::begin(office.app(), &mut tx, office.app().clock.now()).await.expect("the office");
    let rules = vigie::app::office::rule_book(&mut work).await.expect("the rules");
    let toml = export::export_whole(work.office(), &rules);
    let read = check_whole(&toml, "office.toml").into_result();
    read.unwrap_or_else(|findings| panic!("what is exported is wrong: {findings:#?}"))
}

async fn compare(app: &vigie::app::App, next: Whole, yes: bool) -> Result<Outcome, vigie::app::Fault> {
    vigie::runtime::office::compare(app, next, yes, &Actor::operator("ana")).await
}

scene! {
    async fn what_was_changed_in_chat_is_exported_and_applying_it_changes_nothing(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie role add moderation \"Garder les commentaires propres\"").await;
        lea.types("#social", "/vigie role grant moderation @olivia net:instagram until:2026-03-20").await;
        let next = in_force(office).await;
        assert!(next.office.roles.contains_key("moderation"), "the role stands in the file");
        let outcome = compare(office.app(), next, true).await.expect("compared");
        assert_eq!((outcome.differences.len(), outcome.applied), (0, false), "{}", in_words(&outcome));
        assert_eq!(in_words(&outcome), "No difference: this is the office in force.");
    }
}

scene! {
    async fn an_applied_office_holds_without_a_restart_and_after_one(office) {
        let mut next = in_force(office).await;
        let sam = next.office.members.get_mut(&MemberId::from("sam")).expect("sam");
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
        let mut next = in_force(office).await;
        next.office.members.remove(&owner);
        let outcome = compare(office.app(), next, true).await.expect("compared");
        assert!(!outcome.applied);
        let words = in_words(&outcome);
        assert!(words.contains(&format!("{owner} still has 1 open tickets")), "{words}");
        assert!(words.contains(&format!("do first: keep members.{owner}")), "{words}");
        let mut nobody = in_force(office).await;
        for member in nobody.office.members.values_mut() {
            let grants = member.grants.iter().filter(|grant| grant.role != "head").cloned().collect();
            member.hold(grants);
        }
        let words = in_words(&compare(office.app(), nobody, true).await.expect("compared"));
        assert!(words.contains("nobody would be left who may change settings"), "{words}");
    }
}

scene! {
    async fn rules_learnt_in_chat_are_exported_and_applied_again_and_the_journal_says_by_whom(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie tri ajouter repair bourdonne").await;
        let next = in_force(office).await;
        let learnt = &next.rules.as_ref().expect("rules").learnt;
        assert_eq!(learnt.first().map(|lesson| lesson.keywords.clone()), Some(vec!["bourdonne".to_owned()]));
        let outcome = compare(office.app(), next.clone(), true).await.expect("compared");
        assert_eq!(outcome.differences, [], "nothing was lost on the way");

        let mut changed = next.clone();
        let rules = changed.rules.as_mut().expect("rules");
        rules.learnt.clear();
        rules.rules.retain(|rule| rule.name.starts_with("safety"));
        let seen = compare(office.app(), changed.clone(), false).await.expect("compared");
        assert!(in_words(&seen).contains("- triage.learnt.learnt-1.any"), "{}", in_words(&seen));
        assert!(compare(office.app(), changed, true).await.expect("applied").applied);
        lea.types("#social", "/vigie tri liste").await;
        assert!(!lea.answers().pop().expect("an answer").text.contains("bourdonne"), "it was taken out");
        lea.types("#social", "/vigie audit").await;
        lea.expect_answer("ana (ligne de commande) a appliqué un autre fichier de l’équipe");
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        assert_eq!(office.ticket(1).await.opening.topic, "other", "the rules are other ones now");

        assert!(compare(office.app(), next, true).await.expect("applied").applied);
        office.network("instagram").comment("@lou", "Où est mon colis ?").await;
        assert_eq!(office.ticket(2).await.opening.topic, "late_delivery", "and back");
    }
}

scene! {
    async fn drafts_and_cards_are_not_left_behind_by_an_applied_office(office) {
        office.slack_user("marc").types("#general", "/post new net:instagram La nouvelle lampe").await;
        office.slack_user("marc").types("#general", "/post submit P-1").await;
        office.network("x").mention("@kim", "Where is my parcel?").await;
        let mut next = in_force(office).await;
        for member in next.office.members.values_mut() {
            member.networks = ["x".to_owned()].into();
        }
        next.office.desks.retain(|desk| desk.name != "desk-en");
        let words = in_words(&compare(office.app(), next, true).await.expect("compared"));
        for told in [
            "P-1 waits for an approval that nobody could give any more",
            "do first: leave somebody a role that approves on instagram, or decide on it first",
            "1 open tickets have their cards at the desk desk-en, which would go",
        ] {
            assert!(words.contains(told), "{told}: {words}");
        }
    }
}

scene! {
    async fn two_files_applied_at_once_are_applied_one_after_the_other(office) {
        let mut one = in_force(office).await;
        let mut two = one.clone();
        one.office.members.get_mut(&MemberId::from("sam")).expect("sam").weight = 5;
        two.office.members.get_mut(&MemberId::from("nora")).expect("nora").weight = 3;
        let (first, second) = tokio::join!(compare(office.app(), one, true), compare(office.app(), two, true));
        let (first, second) = (first.expect("compared"), second.expect("compared"));
        assert!(first.applied && second.applied);
        // Whoever came second is shown that it takes back what the first has changed.
        let both = [in_words(&first), in_words(&second)];
        let aware = |words: &String| words.contains("members.sam.weight") && words.contains("members.nora.weight");
        assert_eq!(both.iter().filter(|words| aware(words)).count(), 1, "{both:#?}");
    }
}
