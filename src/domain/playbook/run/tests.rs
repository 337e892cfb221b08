use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::decide::Actor;
use crate::domain::office::{Lang, Office};
use crate::domain::time::HOUR_MS;

fn office() -> Office {
    let day = serde_json::json!([[540, 1080]]);
    let member = |id: &str| {
        serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": ["care"],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": null,
        })
    };
    let office = serde_json::json!({
        "name": "Office", "zone": "Europe/Paris", "language": "en",
        "calendar": { "zone": "Europe/Paris", "week": [day, day, day, day, day, [], []] },
        "members": { "lea": member("lea"), "hugo": member("hugo") },
        "roles": { "care": {
            "name": "care", "post": "expert", "mission": {}, "rotation": true, "topics": [], "lead": "lea", "hours": null,
        } },
        "desks": [], "accounts": {}, "targets": {}, "default_role": "care", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    });
    serde_json::from_value(office).expect("the test's office is valid")
}

fn playbook() -> Playbook {
    let words = |text: &str| BTreeMap::from([(Lang::En, text.to_owned())]);
    let step = |key: &str, due: Option<i64>| Step {
        key: key.to_owned(),
        title: words(key),
        text: words("How."),
        role: None,
        due_minutes: due,
    };
    Playbook {
        name: "care".into(),
        title: words("Care"),
        steps: vec![step("a", Some(30)), step("b", Some(60)), step("c", None)],
        ..Playbook::default()
    }
}

/// Monday 16 March 2026, 09:00 in Paris.
const MONDAY: Timestamp = Timestamp(1_773_648_000_000);

fn apply(run: Run, command: &Command, now: Timestamp, by: Option<&str>) -> (Run, Result<Vec<Event>, Refusal>) {
    let office = office();
    let actor = by.map_or(Actor::System, |id| Actor::Member { id: MemberId::new(id) });
    let decided = run.decide(command, &Facts { now, actor, office: &office });
    let run = decided.iter().flatten().fold(run, Run::evolve);
    (run, decided)
}

fn started() -> Run {
    let about = Some(Ref::new(Kind::Ticket, 1));
    apply(Run::default(), &Command::Start { id: 1, playbook: Box::new(playbook()), about }, MONDAY, None).0
}

#[test]
fn steps_are_due_in_working_time_and_copied_when_it_starts() {
    let run = started();
    assert_eq!(run.steps.len(), 3);
    assert_eq!(run.due_at(), Some(MONDAY.plus_ms(HOUR_MS / 2)));
    assert_eq!(run.step(2).and_then(|step| step.due_at), Some(MONDAY.plus_ms(HOUR_MS)));
    assert_eq!(run.step(3).and_then(|step| step.due_at), None);
    assert_eq!(run.next(), Some(1));
}

#[test]
fn a_step_is_left_out_only_with_a_reason_and_closed_once() {
    let run = started();
    let (run, refused) = apply(run, &Command::Skip(1, "  ".into()), MONDAY, Some("lea"));
    assert_eq!(refused, Err(Refusal::NeedsReason));
    let (run, refused) = apply(run, &Command::Skip(1, "x".repeat(REASON_CHARS_MAX + 1)), MONDAY, Some("lea"));
    assert_eq!(refused, Err(Refusal::TooLong { max: REASON_CHARS_MAX }));
    let (run, _) = apply(run, &Command::Skip(1, "By phone".into()), MONDAY, Some("lea"));
    assert_eq!(run.next(), Some(2));
    let (run, refused) = apply(run, &Command::Finish(1), MONDAY, Some("hugo"));
    assert_eq!(refused, Err(Refusal::AlreadyClosed { step: 1, by: MemberId::new("lea") }));
    let (_, refused) = apply(run, &Command::Finish(4), MONDAY, Some("hugo"));
    assert_eq!(refused, Err(Refusal::NoSuchStep { step: 4, steps: 3 }));
}

#[test]
fn a_late_step_reminds_its_owner_once() {
    let late = MONDAY.plus_ms(2 * HOUR_MS);
    let owner = Some(MemberId::new("hugo"));
    let (run, told) = apply(started(), &Command::Tick { owner: owner.clone() }, late, None);
    assert_eq!(told.map(|events| events.len()), Ok(2), "two steps are late");
    assert_eq!(run.due_at(), None);
    let (_, again) = apply(run, &Command::Tick { owner }, late, None);
    assert_eq!(again, Ok(Vec::new()));
}

proptest! {
    /// Whatever people do, a closed step stays as it was closed, and nothing happens after the end.
    #[test]
    fn what_is_closed_stays_closed(acts in prop::collection::vec((0_usize..5, 0_u8..4, prop::bool::ANY), 0..20)) {
        let mut run = started();
        for (step, what, by_lea) in acts {
            let command = match what {
                0 => Command::Finish(step),
                1 => Command::Skip(step, "because".into()),
                2 => Command::Stop(if by_lea { "over".into() } else { String::new() }),
                _ => Command::Tick { owner: None },
            };
            let before = run.clone();
            let (after, decided) = apply(run, &command, MONDAY, Some(if by_lea { "lea" } else { "hugo" }));
            for (old, new) in before.steps.iter().zip(&after.steps) {
                prop_assert!(old.outcome == Outcome::Open || old.outcome == new.outcome);
            }
            if before.stopped.is_some() {
                prop_assert_eq!(&before, &after, "{:?}", decided);
            }
            run = after;
        }
    }
}
