use proptest::prelude::*;

use super::*;
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::{Choice, Command, Entry, Opening, WaitFor};
use crate::domain::effect::Effect;
use crate::domain::office::promise::{OwnSteps, OwnTarget, StepTime};
use crate::domain::people::substitution::{Absences, Leave};
use crate::domain::react::Aggregate;

const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Open from 09:00 to 12:00 and from 13:00 to 18:00, every day, in UTC; instants are minutes of 1 January 1970. P2 is promised
/// an hour, half an hour for further answers, and the solution in ten hours.
fn office() -> Office {
    let day = serde_json::json!([{ "from_minute": 540, "to_minute": 720 }, { "from_minute": 780, "to_minute": 1080 }]);
    let week: Vec<_> = (0..7).map(|_| day.clone()).collect();
    let early = serde_json::json!([{ "from_minute": 540, "to_minute": 600 }]);
    let mornings: Vec<_> = (0..7).map(|_| early.clone()).collect();
    let calendar = |week: &[serde_json::Value]| serde_json::json!({ "zone": "UTC", "week": week });
    let member = |id: &str, hours: serde_json::Value| {
        serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": ["care"],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": hours,
        })
    };
    let none = serde_json::Value::Null;
    let target = |first: i64, next: Option<i64>, resolution: i64| {
        serde_json::json!({
            "first_response_minutes": first, "next_response_minutes": next, "resolution_minutes": resolution,
        })
    };
    let office = serde_json::json!({
        "name": "Office", "zone": "UTC", "language": "en", "calendar": calendar(&week),
        "members": {
            "ana": member("ana", none.clone()), "bo": member("bo", none.clone()), "cy": member("cy", calendar(&mornings)),
            "lead": member("lead", none),
        },
        "roles": { "care": {
            "name": "care", "post": "expert", "mission": {}, "rotation": true, "topics": [], "lead": "lead", "hours": null,
        } },
        "desks": [], "accounts": {},
        "targets": { "1": target(15, None, 240), "2": target(60, Some(30), 600), "3": target(240, None, 960) },
        "default_role": "care", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    });
    serde_json::from_value(office).expect("the test's office is valid")
}

/// `10:30` on the first day, `1 10:30` on the day after.
fn at(wall: &str) -> Timestamp {
    let (day, clock) = wall.split_once(' ').unwrap_or(("0", wall));
    let (hour, minute) = clock.split_once(':').expect("a time");
    let number = |text: &str| text.parse::<i64>().expect("a number");
    Timestamp(((number(day) * 24 + number(hour)) * 60 + number(minute)) * MINUTE_MS)
}

/// A ticket with everything that was said of it.
struct Desk {
    office: Office,
    ticket: Ticket,
    journal: Vec<Event>,
    effects: Vec<Effect>,
}

impl Desk {
    fn open(received: &str, priority: u8) -> Self {
        Self::with(office(), received, priority)
    }

    fn with(office: Office, received: &str, priority: u8) -> Self {
        let opening = Opening {
            network: "instagram".into(),
            role: "care".into(),
            desk: "social".into(),
            priority,
            received_at: at(received),
            entries: vec![entry("first", at(received))],
            ..Opening::default()
        };
        let opening = opening.promise(&office);
        let mut desk = Self { office, ticket: Ticket::default(), journal: Vec::new(), effects: Vec::new() };
        desk.does(received, Actor::System, Command::Open(1, Box::new(opening)));
        desk.give(received, "ana");
        desk
    }

    fn try_do(&mut self, now: &str, actor: Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let facts = Facts { now: at(now), actor, office: &self.office };
        let events = self.ticket.decide(command, &facts)?;
        self.ticket = events.iter().fold(self.ticket.clone(), Ticket::evolve);
        self.effects.extend(self.ticket.react(&events, &facts));
        self.journal.extend(events.clone());
        Ok(events)
    }

    fn does(&mut self, now: &str, actor: Actor, command: Command) {
        self.try_do(now, actor, &command).expect("allowed");
    }

    fn member(&mut self, now: &str, who: &str, command: Command) {
        self.does(now, Actor::Member { id: who.into() }, command);
    }

    fn give(&mut self, now: &str, to: &str) {
        let choice = Choice::Named { by: "lead".into() };
        self.does(now, Actor::System, Command::Assign { to: to.into(), choice, seen: None });
    }

    fn writes(&mut self, now: &str) {
        self.does(now, Actor::System, Command::Add(entry(now, at(now))));
    }

    /// Lets time take every step up to an instant, each at its own time; whoever takes over is `bo`.
    fn until(&mut self, now: &str) -> Vec<(i64, &'static str)> {
        let mut steps = Vec::new();
        while let Some((due, ..)) = self.ticket.next_step().filter(|(due, ..)| *due <= at(now)) {
            let wall = format!("0 0:{}", due.0 / MINUTE_MS);
            steps.extend(self.step(&wall));
        }
        steps
    }

    /// All that is due at an instant, at once.
    fn step(&mut self, now: &str) -> Vec<(i64, &'static str)> {
        let mut steps = Vec::new();
        loop {
            let events = self.try_do(now, Actor::System, &Command::Tick).expect("time is never refused");
            if events.is_empty() {
                return steps;
            }
            for event in &events {
                steps.push((at(now).0 / MINUTE_MS, Ticket::event_name(event)));
                if matches!(event, Event::OwnerSilent { .. }) {
                    self.give(now, "bo");
                }
            }
        }
    }

    /// Keys of the messages that somebody got, in order.
    fn told(&self, who: &str) -> Vec<String> {
        let of = |effect: &Effect| match effect {
            Effect::Tell { member, notice, .. } if member.as_str() == who => Some(notice.key.clone()),
            _ => None,
        };
        self.effects.iter().filter_map(of).collect()
    }
}

fn entry(source: &str, at: Timestamp) -> Entry {
    Entry { source: source.into(), author: "kim".into(), text: "?".into(), at, deleted: false }
}

#[test]
fn a_silent_owner_is_reminded_then_relieved_then_the_lead_is_told() {
    let mut desk = Desk::open("9:00", 2);
    let steps = desk.until("23:00");
    let wanted = [(570, "reminded"), (585, "owner_silent"), (600, "breached"), (600, "escalated"), (1_380, "none")];
    assert_eq!(steps, wanted[..4], "half, three quarters, all of the hour");
    assert_eq!(desk.ticket.assignee, Some("bo".into()));
    assert_eq!(desk.told("ana"), ["ticket-assigned-dm", "ticket-reminder-first-dm", "ticket-handed-on-dm"]);
    assert_eq!(desk.told("bo"), ["ticket-handed-to-dm"]);
    assert_eq!(desk.told("lead"), ["ticket-late-lead"]);
    assert_eq!(
        desk.until("5 0:00"),
        [(2 * 1_440 - 1_440 + 660, "breached")],
        "the solution is late too; nobody is told twice"
    );
}

#[test]
fn steps_are_taken_in_business_time() {
    let mut desk = Desk::open("17:30", 3);
    // Half an hour on the first day; the rest of the first two hours, and of the three, in the next morning.
    let steps = desk.until("1 23:00");
    assert_eq!(steps[0], (1_440 + 630, "reminded"));
    assert_eq!(steps[1], (1_440 + 690, "owner_silent"));
    assert_eq!(steps[2], (1_440 + 810, "breached"), "over lunch");
}

#[test]
fn an_answer_a_resolution_and_a_wait_for_the_customer_stop_the_rest() {
    let cases: [(&str, Command); 3] = [
        ("answered", Command::Answered),
        ("resolved", Command::Resolve { outcome: None, note: None }),
        ("waiting", Command::Wait(WaitFor::Customer)),
    ];
    for (what, command) in cases {
        for when in ["9:10", "9:40", "9:50"] {
            let mut desk = Desk::open("9:00", 2);
            desk.until(when);
            let owner = desk.ticket.assignee.clone().expect("somebody has it");
            let before = desk.effects.len();
            desk.member(when, owner.as_str(), command.clone());
            assert_eq!(desk.until("9 0:00"), [], "{what} at {when}");
            let told = desk.effects[before..].iter().filter(|effect| matches!(effect, Effect::Tell { .. })).count();
            assert_eq!(told, 0, "{what} at {when}");
        }
    }
}

#[test]
fn who_says_that_they_are_on_it_has_until_the_deadline() {
    let mut desk = Desk::open("9:00", 2);
    desk.until("9:30");
    assert!(desk.ticket.can_be_acknowledged());
    desk.member("9:35", "ana", Command::Acknowledge);
    assert!(!desk.ticket.can_be_acknowledged());
    assert_eq!(desk.until("9:59"), []);
    assert_eq!(desk.until("10:00"), [(600, "breached"), (600, "escalated")]);
    assert_eq!(desk.ticket.assignee, Some("ana".into()), "it stays with who is on it");
    assert_eq!(desk.told("ana")[2..], ["ticket-on-it-dm"]);
    let again = desk.try_do("10:05", Actor::Member { id: "ana".into() }, &Command::Acknowledge);
    assert_eq!(again, Ok(Vec::new()));
    let other = desk.try_do("10:05", Actor::Member { id: "bo".into() }, &Command::Acknowledge);
    assert_eq!(other, Err(Refusal::NotYours { owner: Some("ana".into()) }));
}

#[test]
fn a_lead_who_hears_before_the_deadline_hears_at_it_when_somebody_is_on_it() {
    let mut office = office();
    office.escalation.tell_lead = StepTime::Share { percent: 90 };
    let mut desk = Desk::with(office.clone(), "9:00", 2);
    assert_eq!(desk.until("9:54"), [(570, "reminded"), (585, "owner_silent"), (594, "escalated")]);
    assert_eq!(desk.told("lead"), ["ticket-unanswered-lead"], "not late yet");
    let mut desk = Desk::with(office, "9:00", 2);
    desk.until("9:30");
    desk.member("9:31", "ana", Command::Acknowledge);
    assert_eq!(desk.until("9:59"), []);
    assert_eq!(desk.until("10:00"), [(600, "breached"), (600, "escalated")]);
}

#[test]
fn each_further_answer_has_a_time_of_its_own_from_the_first_unanswered_message_on() {
    let mut desk = Desk::open("9:00", 2);
    desk.member("9:10", "ana", Command::Answered);
    desk.writes("10:00");
    assert_eq!(desk.ticket.due.next, Some(at("10:30")), "half an hour for further answers");
    assert_eq!(desk.ticket.pressing(), Deadline::Next);
    desk.writes("10:10");
    assert_eq!(desk.ticket.due.next, Some(at("10:30")), "more messages do not give more time");
    let wanted = [(615, "reminded"), (622, "owner_silent"), (630, "breached"), (630, "escalated")];
    assert_eq!(desk.until("10:31"), wanted);
    assert!(desk.told("ana").contains(&"ticket-reminder-next-dm".to_owned()));
    desk.member("10:40", "bo", Command::Answered);
    desk.writes("11:00");
    assert_eq!(desk.until("11:31").len(), 4, "a new turn, and all steps again");
}

#[test]
fn of_a_late_solution_the_owner_and_the_lead_hear_and_it_stays() {
    let mut desk = Desk::open("9:00", 2);
    desk.member("9:10", "ana", Command::Answered);
    desk.member("9:10", "ana", Command::Resume);
    let steps = desk.until("9 0:00");
    assert_eq!(steps.iter().map(|(_, step)| *step).collect::<Vec<_>>(), ["reminded", "breached", "escalated"]);
    assert_eq!(desk.ticket.assignee, Some("ana".into()));
    assert_eq!(desk.told("ana")[1..], ["ticket-reminder-resolution-dm"]);
    assert_eq!(desk.told("lead"), ["ticket-unsolved-lead"]);
}

#[test]
fn what_vigie_missed_is_done_once_and_says_how_late_it_is() {
    let mut desk = Desk::open("9:00", 2);
    let steps = desk.step("11:00");
    assert_eq!(
        steps.iter().map(|(_, step)| *step).collect::<Vec<_>>(),
        ["reminded", "owner_silent", "breached", "escalated"]
    );
    assert_eq!(desk.told("ana")[1..], ["step-late", "ticket-handed-on-dm"]);
    assert_eq!(desk.told("lead"), ["step-late"]);
    assert!(desk.journal.contains(&Event::Reminded { deadline: Deadline::First, late_ms: 90 * MINUTE_MS }));
    assert!(desk.journal.contains(&Event::Breached { deadline: Deadline::First, due: at("10:00") }), "when it was due");
    assert_eq!(desk.step("11:30"), []);
}

#[test]
fn somebody_who_is_away_is_not_reminded_but_relieved_at_once() {
    let mut office = office();
    let leave = Leave { id: 1, member: "ana".into(), from: at("9:05"), until: None, backup: None };
    office.away = Absences { leaves: vec![leave] };
    let mut desk = Desk::with(office, "9:00", 2);
    assert_eq!(desk.until("9:35"), [(570, "owner_silent")]);
    assert_eq!(desk.told("ana"), ["ticket-assigned-dm"]);
    assert_eq!(desk.told("bo"), ["ticket-handed-to-away-dm"]);
}

#[test]
fn outside_their_hours_only_what_burns_reaches_people() {
    // Cy works from nine to ten. P3, received at 9:30: reminder at 11:30, which waits for the next morning; moved at 13:30.
    let mut desk = Desk::open("9:30", 3);
    desk.give("9:31", "cy");
    assert_eq!(desk.until("13:29"), [(690, "reminder_put_off")]);
    assert_eq!(desk.told("cy"), ["ticket-assigned-dm"]);
    assert_eq!(desk.until("13:30"), [(810, "owner_silent")]);
    let mut desk = Desk::open("10:00", 1);
    desk.give("10:01", "cy");
    assert_eq!(desk.until("10:08"), [(607, "reminded")], "half of fifteen minutes, cut to a whole one");
    assert_eq!(desk.told("cy").len(), 2);
}

#[test]
fn who_just_got_it_is_not_hurried() {
    // Nobody had it until the reminder was past.
    let mut desk = Desk::open("9:00", 2);
    desk.does("9:05", Actor::System, Command::Release);
    assert_eq!(desk.until("9:50"), [], "who has nothing in hand cannot be silent");
    desk.give("9:50", "cy");
    assert_eq!(desk.until("9:59"), []);
    // Handed over by hand after the reminder.
    let mut desk = Desk::open("9:00", 2);
    desk.until("9:30");
    desk.give("9:40", "bo");
    assert_eq!(desk.until("9:59"), []);
    assert_eq!(desk.until("10:00"), [(600, "breached"), (600, "escalated")], "the deadline stays what it was");
    // Made urgent when all of the new time is over already.
    let mut desk = Desk::open("9:00", 3);
    desk.member("9:30", "lead", Command::Prioritise(1));
    assert_eq!(desk.told("ana")[1..], ["ticket-reminder-first-dm"]);
    assert_eq!(desk.step("9:30"), [(570, "breached"), (570, "escalated")]);
    assert_eq!(desk.ticket.assignee, Some("ana".into()));
}

#[test]
fn what_is_put_aside_locked_or_waits_in_the_house_is_not_taken_away() {
    let cases: [(&str, Command, &[&str]); 3] = [
        ("aside", Command::Snooze { until: at("1 10:00") }, &["breached", "escalated"]),
        ("locked", Command::Lock, &["reminded", "breached", "escalated"]),
        ("internal", Command::Wait(WaitFor::Internal), &["reminded", "breached", "escalated"]),
    ];
    for (what, command, wanted) in cases {
        let mut desk = Desk::open("9:00", 2);
        desk.member("9:10", "ana", command);
        let steps: Vec<&str> = desk.until("10:30").into_iter().map(|(_, step)| step).collect();
        assert_eq!(steps, wanted, "{what}");
        assert_eq!(desk.ticket.assignee, Some("ana".into()), "{what}");
    }
}

#[test]
fn a_later_policy_does_not_move_a_running_clock() {
    let mut desk = Desk::open("9:00", 2);
    for target in desk.office.targets.values_mut() {
        target.first_response_minutes = 5;
        target.next_response_minutes = Some(5);
    }
    desk.office.escalation.remind = StepTime::Never;
    assert_eq!(desk.until("9:31"), [(570, "reminded")]);
    desk.member("9:35", "ana", Command::Answered);
    desk.writes("10:00");
    assert_eq!(desk.ticket.due.next, Some(at("10:30")), "as promised on the day it was opened");
    assert_eq!(desk.until("10:16"), [(615, "reminded")]);
    desk.member("10:16", "lead", Command::Prioritise(3));
    assert_eq!(desk.ticket.due.next, Some(at("15:00")), "four hours, as P3 had been promised then");
}

#[test]
fn a_role_has_steps_of_its_own_and_a_network_times_of_its_own() {
    let mut office = office();
    let role = office.roles.get_mut("care").expect("the role");
    role.escalation =
        OwnSteps { remind: Some(StepTime::After { minutes: 5 }), hand_on: Some(StepTime::Never), tell_lead: None };
    role.targets.insert(2, OwnTarget { first_response_minutes: Some(40), ..OwnTarget::default() });
    let mut desk = Desk::with(office, "9:00", 2);
    assert_eq!(desk.ticket.due.first, Some(at("9:40")));
    assert_eq!(desk.until("9:41"), [(545, "reminded"), (580, "breached"), (580, "escalated")]);
}

#[test]
fn the_events_of_older_journals_read() {
    for (old, name) in [(r#"{"event":"reminded"}"#, "reminded"), (r#"{"event":"escalated"}"#, "escalated")] {
        let event: Event = serde_json::from_str(old).expect("an old event");
        assert_eq!(Ticket::event_name(&event), name);
    }
    let due: crate::domain::desk::ticket::Due =
        serde_json::from_str(r#"{"first":5,"next":null}"#).expect("old deadlines");
    assert_eq!((due.first, due.answer), (Some(Timestamp(5)), StepTimes::default()));
    // A ticket without steps is still told to the lead at its deadline.
    let mut desk = Desk::open("9:00", 2);
    desk.ticket.due.answer = StepTimes::default();
    assert_eq!(desk.until("10:01"), [(600, "breached"), (600, "escalated")]);
}

proptest! {
    /// Whatever people do, each step of an answer that is owed happens once at most, none comes before the one in front of
    /// it, and time always comes to rest.
    #[test]
    fn each_step_happens_once_and_in_order(acts in proptest::collection::vec((0u8..8, 1i64..240), 1..24)) {
        let mut desk = Desk::open("9:00", 2);
        let mut minute = 540;
        for (act, wait) in acts {
            minute += wait;
            let now = format!("0 0:{minute}");
            desk.until(&now);
            let owner = desk.ticket.assignee.clone().unwrap_or_else(|| "ana".into());
            let command = match act {
                0 => Command::Acknowledge,
                1 => Command::Answered,
                2 => Command::Wait(WaitFor::Internal),
                3 => Command::Resume,
                4 => Command::Snooze { until: Timestamp((minute + 90) * MINUTE_MS) },
                5 => Command::Add(entry(&now, Timestamp(minute * MINUTE_MS))),
                6 => Command::Wait(WaitFor::Customer),
                _ => Command::Release,
            };
            let _ = desk.try_do(&now, Actor::Member { id: owner }, &command);
            let silence = &desk.ticket.silences.answer;
            prop_assert!(silence.level <= 3);
            prop_assert!(desk.ticket.next_step().is_none_or(|(at, ..)| at.0 > minute * MINUTE_MS || !desk.ticket.clock_stands()));
        }
        // Between two answers each step stands in the journal once.
        let turns = desk.journal.split(|event| matches!(event, Event::Answered { .. }));
        for turn in turns {
            for name in ["reminded", "owner_silent", "breached", "escalated"] {
                let of_answer = |event: &&Event| {
                    Ticket::event_name(event) == name
                        && !matches!(event, Event::Reminded { deadline: Deadline::Resolution, .. }
                            | Event::Breached { deadline: Deadline::Resolution, .. }
                            | Event::Escalated { deadline: Deadline::Resolution, .. })
                };
                prop_assert!(turn.iter().filter(of_answer).count() <= 1, "{name}: {turn:#?}");
            }
        }
        let end = format!("0 0:{}", minute + 100 * 1_440);
        desk.until(&end);
        prop_assert_eq!(desk.step(&end), Vec::new());
    }

    /// The steps stand in order whatever was promised, and the times do not depend on when they are asked for.
    #[test]
    fn steps_stand_in_order(remind in 1u32..300, hand_on in 1u32..300, lead in 1u32..300, minutes in 1i64..5_000, start in 0i64..20_000) {
        let office = office();
        let share = |percent| StepTime::Share { percent };
        let steps = Steps { remind: share(remind), hand_on: share(hand_on), tell_lead: share(lead) };
        let from = Timestamp(start * MINUTE_MS);
        let times = StepTimes::of(&steps, from, minutes, 0, &office.calendar);
        prop_assert!(from <= times.remind.expect("within two years"));
        prop_assert!(times.remind <= times.hand_on && times.hand_on <= times.tell_lead);
        let waited = StepTimes::of(&steps, from, minutes, HOUR_MS, &office.calendar);
        prop_assert!(times.remind < waited.remind && times.tell_lead < waited.tell_lead);
    }
}
