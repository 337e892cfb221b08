//! The life of tickets under any sequence of commands: three tickets, four people, hours and days between the acts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use vigie::app::Setup;
use vigie::domain::decide::{Actor, Decider, Facts};
use vigie::domain::desk::ticket::{
    Choice, Command, Customer, Due, Entry, Event, Opening, Refusal, Status, Ticket, WaitFor, replay,
};
use vigie::domain::desk::triage::Field;
use vigie::domain::office::MemberId;
use vigie::domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use vigie::runtime::demo::sample_setup;

/// Tuesday 17 March 2026, 09:02 in Paris.
const START: Timestamp = Timestamp(1_773_734_520_000);
const TICKETS: usize = 3;
const PEOPLE: [&str; 4] = ["lea", "hugo", "sam", "nora"];

/// One act: on which ticket, what, by whom, how long after the one before.
#[derive(Clone, Debug)]
struct Act {
    ticket: usize,
    what: u8,
    who: usize,
    other: usize,
    minutes: i64,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (0..TICKETS, 0_u8..22, 0..PEOPLE.len(), 0..4_usize, prop_oneof![0_i64..90, 0_i64..30_000]);
    let act = act.prop_map(|(ticket, what, who, other, minutes)| Act { ticket, what, who, other, minutes });
    proptest::collection::vec(act, 1..60)
}

struct World {
    setup: Setup,
    now: Timestamp,
    tickets: Vec<Ticket>,
    events: BTreeMap<usize, Vec<Event>>,
    messages: usize,
}

impl World {
    fn new() -> Self {
        let setup = sample_setup(None).unwrap();
        let mut world =
            Self { setup, now: START, tickets: vec![Ticket::default(); TICKETS], events: BTreeMap::new(), messages: 0 };
        for index in 0..TICKETS {
            let opening = world.opening();
            world.act(index, &Command::Open(id(index), Box::new(opening)), None).expect("a new ticket");
        }
        world
    }

    fn opening(&mut self) -> Opening {
        let message = self.message();
        Opening {
            network: "instagram".into(),
            kind: "comment".into(),
            customer: Customer { id: "kim".into(), name: "@kim".into(), ..Customer::default() },
            entries: vec![message],
            topic: "refund".into(),
            role: "care".into(),
            received_at: self.now,
            ..Opening::default()
        }
        .promise(&self.setup.office)
    }

    fn message(&mut self) -> Entry {
        self.messages += 1;
        let source = format!("instagram:{}", self.messages);
        Entry {
            source,
            author: "@kim".into(),
            text: format!("message {}", self.messages),
            at: self.now,
            deleted: false,
        }
    }

    fn act(&mut self, index: usize, command: &Command, who: Option<usize>) -> Result<Vec<Event>, Refusal> {
        let actor = who.map_or(Actor::System, |who| Actor::Member { id: MemberId::new(PEOPLE[who]) });
        let facts = Facts { now: self.now, actor, office: &self.setup.office };
        let events = self.tickets[index].decide(command, &facts)?;
        self.tickets[index] = events.iter().fold(self.tickets[index].clone(), Ticket::evolve);
        self.events.entry(index).or_default().extend(events.clone());
        Ok(events)
    }

    /// Plays one act; what is refused changes nothing.
    fn play(&mut self, act: &Act) {
        self.now = self.now.plus_ms(act.minutes * MINUTE_MS);
        let (index, who) = (act.ticket, Some(act.who));
        let to = MemberId::new(PEOPLE[act.other]);
        let command = match act.what {
            0 => return self.customer_writes(index),
            1 => Command::Answered,
            2 => Command::Assign { to: MemberId::new(PEOPLE[act.who]), choice: Choice::Claimed, seen: None },
            3 => Command::Assign { to, choice: Choice::Named { by: MemberId::new(PEOPLE[act.who]) }, seen: None },
            4 => Command::Resolve { outcome: None, note: None },
            5 => Command::Reopen,
            6 => Command::Prioritise(u8::try_from(act.other).unwrap_or(0) + 1),
            7 => Command::Correct {
                values: vec![(Field::Topic, ["refund", "repair", "other", "gift"][act.other].into())],
            },
            8 => Command::Reroute { role: ["care", "sales", "community", "nobody"][act.other].into() },
            9 => Command::Snooze { until: self.now.plus_ms(act.minutes * MINUTE_MS) },
            10 => Command::Wake,
            11 => Command::Wait(WaitFor::Customer),
            12 => Command::Wait(WaitFor::Internal),
            13 => Command::Resume,
            14 => Command::Lock,
            15 => Command::Unlock,
            16 => return self.merge(index, act.other % TICKETS, act.who),
            17 => Command::Mark(Box::new(Command::Resolve { outcome: None, note: None })),
            18 => Command::Mark(Box::new(Command::Prioritise(1))),
            19 => Command::Undo,
            20 => Command::Note { typed: "a note".to_owned().into(), via: String::new() },
            _ => Command::Tick,
        };
        let system = matches!(command, Command::Tick);
        let _ = self.act(index, &command, if system { None } else { who });
    }

    fn customer_writes(&mut self, index: usize) {
        let entry = self.message();
        let mut index = index;
        while let Some(into) = self.tickets[index].merged_into {
            index = usize::try_from(into).expect("a number of ours") - 1;
        }
        self.act(index, &Command::Add(entry), None).expect("a message always finds its ticket");
    }

    fn merge(&mut self, from: usize, into: usize, who: usize) {
        let absorb = Command::Absorb(Box::new(self.tickets[from].belongings()));
        let actor = Actor::Member { id: MemberId::new(PEOPLE[who]) };
        let facts = Facts { now: self.now, actor, office: &self.setup.office };
        let merged = Command::MergeInto { target: id(into) };
        if self.tickets[from].decide(&merged, &facts).is_err() || self.tickets[into].decide(&absorb, &facts).is_err() {
            return;
        }
        self.act(from, &merged, Some(who)).expect("just decided");
        self.act(into, &absorb, Some(who)).expect("just decided");
    }
}

fn id(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(0) + 1
}

/// What holds for each ticket at any time.
fn sound(ticket: &Ticket, now: Timestamp) {
    match ticket.status {
        Status::New => assert_eq!(ticket.assignee, None),
        Status::Assigned => assert!(ticket.assignee.is_some()),
        _ => {}
    }
    assert_eq!(ticket.waiting_since.is_some(), ticket.status == Status::WaitingCustomer, "{ticket:?}");
    assert_eq!(ticket.merged_into.is_some(), ticket.status == Status::Merged);
    assert!(ticket.is_open() || ticket.snooze.is_none(), "nothing that is over comes back by itself");
    assert!(ticket.waited_ms >= 0 && ticket.waited_ms <= now.since(ticket.opening.received_at), "{ticket:?}");
    assert!(ticket.answered_at.is_some() || ticket.due.next.is_none(), "the first answer is due first");
    if !ticket.is_open() {
        assert_eq!(ticket.due_at(), None);
    }
}

/// The clock never runs backwards, except where somebody sets it anew.
fn forward(before: &Due, after: &Due) {
    for (old, new) in [(before.first, after.first), (before.resolution, after.resolution)] {
        assert!(new >= old, "from {before:?} to {after:?}");
    }
    if let (Some(old), Some(new)) = (before.next, after.next) {
        assert!(new >= old, "from {before:?} to {after:?}");
    }
}

/// Every state has an exit: what is open can be resolved by a lead, what is resolved can be opened again, what is merged lives on.
fn has_exit(world: &World, index: usize) {
    let ticket = &world.tickets[index];
    let facts =
        Facts { now: world.now, actor: Actor::Member { id: MemberId::new("lea") }, office: &world.setup.office };
    match ticket.status {
        Status::Merged => {
            let mut at = ticket;
            for _ in 0..TICKETS {
                let Some(into) = at.merged_into else { return };
                at = &world.tickets[usize::try_from(into).expect("a number of ours") - 1];
            }
            assert_eq!(at.merged_into, None, "merges never run in a circle");
        }
        Status::Resolved if ticket.takes_more(world.now) => {
            let events = ticket.decide(&Command::Reopen, &facts).expect("a lead reopens it");
            assert!(events.iter().fold(ticket.clone(), Ticket::evolve).is_open());
        }
        Status::Resolved => {
            assert!(ticket.decide(&Command::ContinueIn { ticket: 9 }, &facts).is_ok(), "an old one is continued");
        }
        _ => {
            let events =
                ticket.decide(&Command::Resolve { outcome: None, note: None }, &facts).expect("a lead resolves it");
            let after = events.iter().fold(ticket.clone(), Ticket::evolve);
            assert_eq!(after.status, Status::Resolved);
        }
    }
}

/// No message is in two tickets that live, and none is lost.
fn messages_stay(world: &World) {
    let mut seen = BTreeSet::new();
    for ticket in world.tickets.iter().filter(|ticket| ticket.status != Status::Merged) {
        for entry in &ticket.opening.entries {
            assert!(seen.insert(entry.source.clone()), "{} is in two tickets", entry.source);
        }
    }
    assert_eq!(seen.len(), world.messages);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_life_of_tickets_is_sound(acts in acts()) {
        let mut world = World::new();
        for act in &acts {
            let before = world.tickets.clone();
            world.play(act);
            for (old, new) in before.iter().zip(&world.tickets) {
                sound(new, world.now);
                let set_anew = matches!(act.what, 6 | 16 | 18 | 19);
                if !set_anew {
                    forward(&old.due, &new.due);
                }
            }
            has_exit(&world, act.ticket);
        }
        messages_stay(&world);
        for (index, events) in &world.events {
            let written: Vec<String> = events.iter().map(|event| serde_json::to_string(event).expect("JSON")).collect();
            let read: Vec<Event> = written.iter().map(|line| serde_json::from_str(line).expect("an event")).collect();
            prop_assert_eq!(&replay(&read), &world.tickets[*index], "the journal rebuilds the state");
        }
    }

    #[test]
    fn a_timer_that_is_due_always_does_something(acts in acts()) {
        let mut world = World::new();
        for act in &acts {
            world.play(act);
            for index in 0..TICKETS {
                // Back from being put aside, reminded, relieved, late with the answer and with the solution, the lead told.
                for _ in 0..6 {
                    if world.tickets[index].due_at().is_none_or(|due| due > world.now) {
                        break;
                    }
                    let events = world.act(index, &Command::Tick, None).expect("a tick is never refused");
                    prop_assert!(!events.is_empty(), "due and nothing to do: it would wake for ever");
                }
                let due = world.tickets[index].due_at();
                prop_assert!(due.is_none_or(|due| due > world.now), "still due after a tick for each step");
            }
        }
    }
}

#[test]
fn an_emoji_is_undone_by_its_owner_within_ten_minutes_unless_something_changed() {
    let resolve = || Command::Mark(Box::new(Command::Resolve { outcome: None, note: None }));
    let undo = |minutes: i64, who: usize, between: Option<Command>| {
        let mut world = World::new();
        world.act(0, &Command::Wait(WaitFor::Customer), Some(0)).expect("waits");
        world.now = world.now.plus_ms(20 * MINUTE_MS);
        let before = world.tickets[0].clone();
        world.act(0, &resolve(), Some(1)).expect("resolved");
        if let Some(command) = between {
            world.act(0, &command, Some(2)).expect("something between");
        }
        world.now = world.now.plus_ms(minutes * MINUTE_MS);
        let done = world.act(0, &Command::Undo, Some(who));
        (done.map(|_| ()), before, world.tickets[0].clone())
    };
    let (done, before, after) = undo(10, 1, None);
    assert_eq!(done, Ok(()));
    assert_eq!(after.standing(), before.standing(), "the wait runs on as if nothing had been");
    assert_eq!(undo(11, 1, None).0, Err(Refusal::UndoTooLate));
    assert_eq!(undo(1, 2, None).0, Err(Refusal::NothingToUndo));
    assert_eq!(undo(1, 1, Some(Command::Reopen)).0, Err(Refusal::ChangedSince));
    let note = Command::Note { typed: "by the way".to_owned().into(), via: String::new() };
    assert_eq!(undo(1, 1, Some(note)).0, Ok(()), "a note is in nobody's way");
}

#[test]
fn the_clock_stands_still_for_the_customer_only_and_in_business_time() {
    // Received on Tuesday 09:02; p3 promises an answer in 4 h and a solution in 16 h of business time.
    let paris = |text: &str| {
        let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a wall time");
        // Paris is an hour ahead of UTC until 29 March.
        Timestamp(wall.and_utc().timestamp_millis() - 60 * MINUTE_MS)
    };
    let after = |wait: WaitFor, from: &str, until: &str| {
        let mut world = World::new();
        world.now = paris(from);
        world.act(0, &Command::Wait(wait), Some(0)).expect("waits");
        world.now = paris(until);
        world.act(0, &Command::Resume, Some(0)).expect("ours again");
        (world.tickets[0].due.first.expect("due"), world.tickets[0].waited_ms / MINUTE_MS)
    };
    let cases = [
        (WaitFor::Customer, "2026-03-17 10:00", "2026-03-17 11:00", "2026-03-17 15:02", 60),
        (WaitFor::Customer, "2026-03-17 12:00", "2026-03-17 14:00", "2026-03-17 15:02", 60),
        (WaitFor::Customer, "2026-03-17 12:30", "2026-03-17 13:30", "2026-03-17 14:02", 0),
        (WaitFor::Customer, "2026-03-17 17:00", "2026-03-18 09:30", "2026-03-17 15:32", 90),
        (WaitFor::Internal, "2026-03-17 10:00", "2026-03-17 12:00", "2026-03-17 14:02", 0),
    ];
    for (wait, from, until, due, waited) in cases {
        assert_eq!(after(wait, from, until), (paris(due), waited), "{wait:?} from {from} until {until}");
    }
}

#[test]
fn messages_without_an_answer_give_no_more_time() {
    let mut world = World::new();
    world.act(0, &Command::Answered, Some(0)).expect("answered");
    world.now = world.now.plus_ms(60 * MINUTE_MS);
    world.customer_writes(0);
    let first = world.tickets[0].due.next.expect("an answer is due");
    world.now = world.now.plus_ms(30 * MINUTE_MS);
    world.customer_writes(0);
    assert_eq!(world.tickets[0].due.next, Some(first), "the first of them counts");
    world.act(0, &Command::Answered, Some(0)).expect("answered");
    assert_eq!(world.tickets[0].due.next, None);
    world.now = world.now.plus_ms(15 * DAY_MS);
    world.act(0, &Command::Resolve { outcome: None, note: None }, Some(0)).expect("resolved");
}
