//! Swaps in users' words: who is on shift, who is told, and why not.

use super::*;
use crate::domain::decide::Actor;

/// Ana works on weekdays, Bo on weekends (in Montreal), Cleo whenever; Dan holds another role. Lea leads and does none of it.
fn office() -> Office {
    let day = serde_json::json!([{ "from_minute": 540, "to_minute": 1080 }]);
    let none = serde_json::json!([]);
    let weekdays = serde_json::json!({ "zone": "Europe/Paris", "week": [day, day, day, day, day, none, none] });
    let weekend = serde_json::json!({ "zone": "America/Montreal", "week": [none, none, none, none, none, day, day] });
    let member = |id: &str, role: &str, hours: serde_json::Value| {
        serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": [role],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": hours,
        })
    };
    let role = |name: &str| {
        serde_json::json!({
            "name": name, "post": "expert", "mission": {}, "rotation": true, "topics": [], "lead": "lea", "hours": null,
        })
    };
    serde_json::from_value(serde_json::json!({
        "name": "Office", "zone": "Europe/Paris", "language": "en", "calendar": weekdays,
        "members": {
            "ana": member("ana", "care", weekdays.clone()), "bo": member("bo", "care", weekend),
            "cleo": member("cleo", "care", serde_json::Value::Null), "dan": member("dan", "sales", weekdays.clone()),
            "lea": member("lea", "head", serde_json::Value::Null),
        },
        "roles": { "care": role("care"), "sales": role("sales") },
        "desks": [{ "name": "social", "language": "fr", "channels": {}, "watch": {}, "networks": [] }],
        "accounts": {}, "targets": {}, "default_role": "care", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    }))
    .expect("the test's office is valid")
}

fn utc(text: &str) -> Timestamp {
    chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into()
}

/// Saturday 21 March 2026.
fn saturday(one: &str, other: &str) -> Making {
    let date = NaiveDate::from_ymd_opt(2026, 3, 21).expect("a date");
    Making { one: one.into(), other: other.into(), what: Exchange::Day { date }, until: utc("2026-03-21T23:00:00Z") }
}

fn make(making: Making, away: Vec<MemberId>, same: Option<Ref>) -> Command {
    Command::Make { id: 1, making: Box::new(making), away, same }
}

#[test]
fn shifts_are_on_the_persons_own_clock_and_a_swap_exchanges_one_day_of_them() {
    let office = office();
    let on = |swaps: &[Swap], who: &str, at: &str| is_on_shift(&office, swaps, &office.members[&who.into()], utc(at));
    let swaps = [Swap { id: 1, making: saturday("ana", "bo"), closed: false }];
    // Saturday 15:00 in Montreal is 20:00 in Paris (summer time has begun only there).
    for (who, at, plain, swapped) in [
        ("ana", "2026-03-20T09:00:00Z", true, true),
        ("ana", "2026-03-21T19:00:00Z", false, true),
        ("ana", "2026-03-21T09:00:00Z", false, false),
        ("bo", "2026-03-21T19:00:00Z", true, false),
        ("bo", "2026-03-22T19:00:00Z", true, true),
        ("cleo", "2026-03-21T03:00:00Z", true, true),
    ] {
        assert_eq!((on(&[], who, at), on(&swaps, who, at)), (plain, swapped), "{who} {at}");
    }
    let closed = [Swap { closed: true, ..swaps[0].clone() }];
    assert!(on(&closed, "bo", "2026-03-21T19:00:00Z"), "what was taken back no longer holds");
}

#[test]
fn everybody_concerned_is_told_and_the_team_once() {
    let office = office();
    let facts = Facts { now: utc("2026-03-17T09:00:00Z"), actor: Actor::Member { id: "ana".into() }, office: &office };
    let events = Swap::default().decide(&make(saturday("ana", "bo"), vec![], None), &facts).expect("a swap");
    let swap = events.iter().fold(Swap::default(), Swap::evolve);
    let effects = swap.react(&events, &facts);
    let told: Vec<&str> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Tell { member, .. } => Some(member.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["bo", "lea"], "whoever asked reads the answer");
    let lines = effects.iter().filter(|effect| matches!(effect, Effect::Announce { .. })).count();
    assert_eq!(lines, 1);
    assert_eq!(swap.due_at(), Some(utc("2026-03-21T23:00:00Z")));
    let undone = swap.decide(&Command::Cancel, &facts).expect("taken back");
    let swap = undone.iter().fold(swap, Swap::evolve);
    assert_eq!((swap.due_at(), swap.react(&undone, &facts).len()), (None, 3));
    assert_eq!(swap.decide(&Command::Cancel, &facts), Err(Refusal::Closed));
    assert_eq!(swap.decide(&Command::Tick, &facts), Ok(vec![]));
}

#[test]
fn a_swap_that_cannot_be_is_refused_with_its_reason() {
    let office = office();
    let now = |at: &str| Facts { now: utc(at), actor: Actor::System, office: &office };
    let decide = |command: &Command, at: &str| Swap::default().decide(command, &now(at)).expect_err("refused");
    let tuesday = "2026-03-17T09:00:00Z";
    assert_eq!(decide(&make(saturday("ana", "ana"), vec![], None), tuesday), Refusal::SamePerson);
    assert_eq!(decide(&make(saturday("ana", "bo"), vec![], None), "2026-03-22T09:00:00Z"), Refusal::Past);
    assert_eq!(decide(&make(saturday("ana", "dan"), vec![], None), tuesday), Refusal::NoCommonRole);
    assert_eq!(decide(&make(saturday("ana", "bo"), vec!["bo".into()], None), tuesday), Refusal::Away("bo".into()));
    let known = Ref::new(Kind::Swap, 4);
    assert_eq!(decide(&make(saturday("ana", "bo"), vec![], Some(known)), tuesday), Refusal::Already(known));
}
