use proptest::prelude::*;

use super::*;
use crate::domain::decide::{Actor, Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::react::Aggregate;
use crate::domain::time::HOUR_MS;

const START: i64 = 100 * HOUR_MS;
const TERMS: Terms = Terms { due: Timestamp(START + 4 * HOUR_MS), chase_at: Timestamp(START + 5 * HOUR_MS) };

/// Four people; Inès and Nora are of the law, Léa asks.
fn office() -> Office {
    let calendar = serde_json::json!({ "zone": "Europe/Paris", "week": [[], [], [], [], [], [], []] });
    let member = |id: &str, role: &str| {
        let member = serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": [role],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": null,
        });
        (id.to_owned(), member)
    };
    let people = [("lea", "care"), ("hugo", "care"), ("ines", "legal"), ("nora", "legal")];
    let members: std::collections::BTreeMap<_, _> = people.map(|(id, role)| member(id, role)).into();
    let office = serde_json::json!({
        "name": "Office", "zone": "Europe/Paris", "language": "en", "calendar": calendar, "members": members,
        "roles": {}, "desks": [], "accounts": {}, "targets": {}, "default_role": "care", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    });
    serde_json::from_value(office).expect("the test's office is valid")
}

fn facts<'a>(office: &'a Office, after_hours: i64, by: Option<&str>) -> Facts<'a> {
    let actor = by.map_or(Actor::System, |id| Actor::Member { id: MemberId::new(id) });
    Facts { now: Timestamp(START + after_hours * HOUR_MS), actor, office }
}

fn asking(whom: Whom) -> Command {
    let asking = Asking {
        ticket: 119,
        question: "Is this lamp safe?".into(),
        by: MemberId::new("lea"),
        whom,
        lead: Some(MemberId::new("hugo")),
    };
    Command::Ask(1, Box::new(asking), TERMS)
}

fn legal() -> Whom {
    Whom::Role { name: "legal".into() }
}

fn outside() -> Whom {
    Whom::Outside { name: "claire@lab.example".into() }
}

/// What happened after these commands, each at an hour and by somebody; refused ones change nothing.
fn after(office: &Office, commands: &[(i64, Option<&str>, Command)]) -> Consultation {
    commands.iter().fold(Consultation::default(), |state, (hour, by, command)| {
        match state.decide(command, &facts(office, *hour, *by)) {
            Ok(events) => events.iter().fold(state, Consultation::evolve),
            Err(_) => state,
        }
    })
}

fn answer(text: &str) -> Command {
    Command::Answer { text: text.into(), outside: false }
}

#[test]
fn one_who_was_asked_answers_once() {
    let office = office();
    let open = after(&office, &[(0, Some("lea"), asking(legal()))]);
    let denied = open.decide(&answer("yes"), &facts(&office, 1, Some("hugo")));
    assert_eq!(denied, Err(Refusal::NotAsked));
    let by_nobody = open.decide(&Command::by_link("yes".into()), &facts(&office, 1, None));
    assert_eq!(by_nobody, Err(Refusal::NotAsked), "a member's question has no link");
    let done = after(&office, &[(0, Some("lea"), asking(legal())), (1, Some("nora"), answer("  It is.\r\n\u{202E}"))]);
    assert_eq!(done.answer.as_ref().map(|answer| answer.text.as_str()), Some("It is."));
    let twice = done.decide(&answer("no"), &facts(&office, 2, Some("ines")));
    assert_eq!(twice, Err(Refusal::Closed(Status::Answered)));
    assert_eq!(done.due_at(), None);
}

#[test]
fn texts_are_bounded_and_nobody_asks_themselves() {
    let office = office();
    let open = after(&office, &[(0, Some("lea"), asking(legal()))]);
    let long = "é".repeat(ANSWER_CHARS_MAX + 1);
    let too_long = open.decide(&answer(&long), &facts(&office, 1, Some("ines")));
    assert_eq!(too_long, Err(Refusal::TooLong { length: ANSWER_CHARS_MAX + 1, max: ANSWER_CHARS_MAX }));
    assert_eq!(open.decide(&answer(" \u{0}\n"), &facts(&office, 1, Some("ines"))), Err(Refusal::EmptyText));
    for whom in [Whom::Member { id: "lea".into() }, Whom::Role { name: "nobody".into() }] {
        let refused = Consultation::default().decide(&asking(whom), &facts(&office, 0, Some("lea")));
        assert_eq!(refused, Err(Refusal::NobodyToAsk));
    }
}

#[test]
fn a_link_ends_with_time_and_with_being_asked_again() {
    let office = office();
    let open = after(&office, &[(0, Some("lea"), asking(outside()))]);
    let days = LINK_LIFE_MS / HOUR_MS;
    let late = open.decide(&Command::by_link("yes".into()), &facts(&office, days, None));
    assert_eq!(late, Err(Refusal::LinkOver));
    let again = after(&office, &[(0, Some("lea"), asking(outside())), (days, Some("lea"), Command::Again(TERMS))]);
    assert_eq!((open.link, again.link), (1, 2));
    let taken = again.decide(&Command::by_link("yes".into()), &facts(&office, days, None));
    assert!(taken.is_ok_and(|events| matches!(&events[..], [Event::Answered { answer }] if answer.by.is_none())));
    let written_down = open.decide(&answer("she says yes"), &facts(&office, 1, Some("lea")));
    assert!(written_down.is_ok(), "what was heard by telephone can be written down by whoever asked");
}

#[test]
fn the_consulted_are_reminded_then_asker_and_lead_are_told() {
    let office = office();
    let told = |state: &Consultation, hour: i64| {
        let facts = facts(&office, hour, None);
        let events = state.decide(&Command::Tick, &facts).expect("time is never refused");
        let next = events.iter().fold(state.clone(), Consultation::evolve);
        let told: Vec<String> = next
            .react(&events, &facts)
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Tell { member, notice, .. } => Some(format!("{member} {}", notice.key)),
                _ => None,
            })
            .collect();
        (next, told)
    };
    let open = after(&office, &[(0, Some("lea"), asking(legal()))]);
    let (open, none) = told(&open, 3);
    assert!(none.is_empty());
    let (reminded, first) = told(&open, 4);
    assert_eq!(first, ["ines consult-due-dm", "nora consult-due-dm"]);
    assert_eq!(told(&reminded, 4).1, Vec::<String>::new(), "once");
    let (chased, second) = told(&reminded, 5);
    assert_eq!(second, ["lea consult-late-dm", "hugo consult-late-lead"]);
    assert_eq!(told(&chased, 100).1, Vec::<String>::new());
    assert_eq!(told(&open, 9).1.len(), 4, "after a night without power both come at once");
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(asking(outside())),
        "[a-z ]{0,9}".prop_map(|text| Command::Answer { text, outside: false }),
        "[a-z ]{0,9}".prop_map(Command::by_link),
        Just(Command::Again(TERMS)),
        Just(Command::Cancel),
        Just(Command::Tick),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_there_is_one_answer_and_a_closed_question_is_quiet(
        commands in proptest::collection::vec((0_i64..400, any_command(), any::<bool>()), 0..25),
    ) {
        let office = office();
        let mut state = after(&office, &[(0, Some("lea"), asking(outside()))]);
        let mut answers = 0;
        for (hour, command, by_asker) in commands {
            if matches!(command, Command::Ask(..)) {
                continue;
            }
            let by = by_asker.then_some("lea");
            if let Ok(events) = state.decide(&command, &facts(&office, hour, by)) {
                answers += events.iter().filter(|event| matches!(event, Event::Answered { .. })).count();
                state = events.iter().fold(state, Consultation::evolve);
            }
            prop_assert!(answers <= 1);
            prop_assert_eq!(state.is_open(), state.closed_at.is_none());
            prop_assert!(state.is_open() || state.due_at().is_none());
        }
    }
}
