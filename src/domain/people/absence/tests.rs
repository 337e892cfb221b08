//! What an absence may do, command by command; and chains of stand-ins over random offices.

use super::*;
use crate::config::load_office;
use crate::domain::decide::Actor;
use crate::domain::office::Office;
use crate::domain::people::substitution::Absences;

use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_773_734_520_000);

fn office() -> Office {
    let text = r#"
name = "Test"
zone = "Europe/Paris"
default_role = "care"
hours = ["mon-fri 09:00-18:00"]
targets = { p1 = { first_response = "15m", resolution = "4h" }, p2 = { first_response = "1h", resolution = "8h" }, p3 = { first_response = "4h", resolution = "16h" }, p4 = { first_response = "8h", resolution = "40h" } }
[roles.care]
post = "community_manager"
rotation = true
[members.a]
roles = ["care"]
handles = { slack = "a" }
backup = "b"
[members.b]
roles = ["care"]
handles = { slack = "b" }
backup = "c"
[members.c]
roles = ["care"]
handles = { slack = "c" }
[members.d]
roles = ["care"]
handles = { slack = "d" }
[[desks]]
name = "all"
channels = { slack = "all" }
"#;
    load_office(text, "office.toml").unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn facts<'o>(office: &'o Office, by: &str) -> Facts<'o> {
    Facts { now: NOW, actor: Actor::Member { id: by.into() }, office }
}

fn plan(from: i64, until: Option<i64>) -> Plan {
    Plan {
        member: "a".into(),
        from: NOW.plus_ms(from),
        until: until.map(|until| NOW.plus_ms(until)),
        by: "a".into(),
        at: NOW,
        ..Plan::default()
    }
}

fn after(absence: Absence, command: &Command, by: &str, office: &Office) -> Absence {
    let events =
        absence.decide(command, &facts(office, by)).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
    events.iter().fold(absence, Absence::evolve)
}

fn confirmed(plan: Plan, office: &Office) -> Absence {
    let proposed = after(Absence::default(), &Command::Propose(1, Box::new(plan)), "a", office);
    after(proposed, &Command::Confirm { stand_in: None, ask: vec![] }, "a", office)
}

#[test]
fn a_leave_goes_from_preview_to_end_and_says_when_it_wakes() {
    let office = office();
    let proposed =
        after(Absence::default(), &Command::Propose(1, Box::new(plan(HOUR_MS, Some(3 * HOUR_MS)))), "a", &office);
    assert_eq!((proposed.leave(), proposed.due_at()), (None, Some(NOW.plus_ms(PROPOSAL_LIFE_MS))));
    let held = after(proposed, &Command::Confirm { stand_in: None, ask: vec![] }, "a", &office);
    assert_eq!(held.due_at(), Some(NOW.plus_ms(HOUR_MS)), "it wakes when it begins");
    assert_eq!(held.decide(&Command::Begin, &facts(&office, "a")), Ok(vec![]), "not before its time");
    assert!(held.leave().is_some());
    let cancelled = after(held, &Command::Cancel, "a", &office);
    assert_eq!((cancelled.leave(), cancelled.due_at()), (None, None));
}

#[test]
fn a_running_absence_ends_once_and_is_never_cancelled() {
    let office = office();
    let running = after(confirmed(plan(0, None), &office), &Command::Begin, "a", &office);
    assert_eq!(running.due_at(), None, "nobody knows when it ends");
    assert_eq!(running.decide(&Command::Cancel, &facts(&office, "a")), Err(Refusal::Begun));
    let offered = after(running, &Command::Offer { tickets: vec![4, 5], to: None }, "a", &office);
    assert_eq!(offered.due_at(), Some(NOW.plus_ms(OFFER_MS)));
    let moved = after(offered, &Command::Lend(BTreeMap::from([(4, None), (5, Some("b".into()))])), "a", &office);
    assert_eq!((moved.offered.len(), moved.offer_until), (0, None));
    let ended = after(moved, &Command::End(Restored::default()), "a", &office);
    assert_eq!(ended.leave(), None);
    assert_eq!(
        ended.decide(&Command::End(Restored::default()), &facts(&office, "a")),
        Err(Refusal::NotNow(Stage::Ended))
    );
}

#[test]
fn nobody_approves_their_own_leave_and_silence_grants_none() {
    let office = office();
    let asked =
        after(Absence::default(), &Command::Propose(1, Box::new(plan(HOUR_MS, Some(3 * HOUR_MS)))), "a", &office);
    let asked = after(asked, &Command::Confirm { stand_in: None, ask: vec!["b".into()] }, "a", &office);
    assert_eq!((asked.stage, asked.leave()), (Stage::Requested, None));
    let approve = Command::Approve { stand_in: None };
    assert_eq!(asked.decide(&approve, &facts(&office, "a")), Err(Refusal::OwnLeave));
    assert_eq!(asked.due_at(), Some(NOW.plus_ms(HOUR_MS)));
    assert_eq!(after(asked.clone(), &Command::Lapse, "a", &office).stage, Stage::Cancelled);
    assert!(after(asked, &approve, "b", &office).leave().is_some());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let office = office();
    let refused =
        |plan: Plan| Absence::default().decide(&Command::Propose(1, Box::new(plan)), &facts(&office, "a")).err();
    assert_eq!(refused(plan(3 * HOUR_MS, Some(HOUR_MS))), Some(Refusal::Backwards));
    assert_eq!(refused(plan(-3 * HOUR_MS, Some(-HOUR_MS))), Some(Refusal::Backwards));
    assert_eq!(refused(Plan { backup: Some("a".into()), ..plan(0, None) }), Some(Refusal::OwnBackup));
    assert_eq!(refused(Plan { backup: Some("x".into()), ..plan(0, None) }), Some(Refusal::UnknownMember("x".into())));
    assert_eq!(refused(Plan { member: "x".into(), ..plan(0, None) }), Some(Refusal::UnknownMember("x".into())));
    let long = "x".repeat(REASON_CHARS_MAX + 1);
    assert_eq!(refused(Plan { reason: long, ..plan(0, None) }), Some(Refusal::TooLong { max: REASON_CHARS_MAX }));
}

fn leave(id: i64, member: &str, backup: Option<&str>) -> Leave {
    Leave { id, member: member.into(), from: NOW, until: None, backup: backup.map(MemberId::from) }
}

#[test]
fn a_chain_ends_at_the_first_who_is_there() {
    let office = office();
    let away = Absences { leaves: vec![leave(1, "a", None), leave(2, "b", None)] };
    assert_eq!(away.chain(&office, &"a".into(), None, NOW), [MemberId::from("b"), "c".into()]);
    assert_eq!(away.stand_in(&office, &"a".into(), None, NOW), Some("c".into()));
    assert_eq!(away.stands_in_for(&office, &"c".into(), NOW), [MemberId::from("a"), "b".into()]);
    let named = Absences { leaves: vec![leave(1, "a", Some("d"))] };
    assert_eq!(named.stand_in(&office, &"a".into(), None, NOW), Some("d".into()), "named for this leave");
    let alone = Absences { leaves: vec![leave(1, "c", None)] };
    assert_eq!(alone.stand_in(&office, &"c".into(), None, NOW), None);
}

#[test]
fn a_circle_is_found_and_shown_from_its_start() {
    let office = office();
    let none = Absences::default();
    let circle = none.circle(&office, &"c".into(), &"a".into(), NOW, None);
    assert_eq!(circle, Some(vec!["c".into(), "a".into(), "b".into(), "c".into()]));
    let away = Absences { leaves: vec![leave(1, "b", Some("d"))] };
    assert_eq!(away.circle(&office, &"c".into(), &"a".into(), NOW, None), None, "b has named somebody outside it");
    assert_eq!(none.circle(&office, &"d".into(), &"a".into(), NOW, None), None);
}

proptest! {
    /// Any leaves with any stand-ins: a chain never holds anybody twice, and who stands in is there.
    #[test]
    fn chains_end(named in proptest::collection::vec((0_usize..4, proptest::option::of(0_usize..4)), 0..8)) {
        let office = office();
        let people = ["a", "b", "c", "d"];
        let leaves = named.iter().zip(1..).map(|((who, backup), id)| leave(id, people[*who], backup.map(|one| people[one])));
        let away = Absences { leaves: leaves.collect() };
        for who in people {
            let chain = away.chain(&office, &who.into(), None, NOW);
            let once: std::collections::BTreeSet<_> = chain.iter().collect();
            prop_assert_eq!(once.len(), chain.len());
            prop_assert!(!once.contains(&MemberId::from(who)));
            if let Some(stand_in) = away.stand_in(&office, &who.into(), None, NOW) {
                prop_assert!(!away.is_away(&stand_in, NOW));
            }
        }
    }
}
