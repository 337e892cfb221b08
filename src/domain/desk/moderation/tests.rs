use super::super::rule::deed::{self, Deed};
use super::super::ticket::{Command, Customer, Entry, Opening, Ticket};
use super::*;
use crate::domain::decide::{Actor, Decider};
use crate::domain::office::Office;
use crate::domain::time::MINUTE_MS;

const MORNING: Timestamp = Timestamp(1_773_734_520_000);

fn office() -> Office {
    let calendar = serde_json::json!({ "zone": "UTC", "week": [[], [], [], [], [], [], []] });
    let member = |id: &str| {
        let member = serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": ["care", "head"], "grants": [{ "role": "care" }, { "role": "head" }],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": null,
        });
        (id.to_owned(), member)
    };
    let members: std::collections::BTreeMap<_, _> = ["lea", "hugo"].map(member).into();
    let role = |name: &str| {
        let post = if name == "head" { "head_of_social" } else { "expert" };
        serde_json::json!({
            "name": name, "post": post, "mission": {}, "rotation": true, "topics": [], "lead": "lea", "hours": null,
        })
    };
    let office = serde_json::json!({
        "name": "Office", "zone": "UTC", "language": "en", "calendar": calendar, "members": members,
        "roles": { "care": role("care"), "community": role("community"), "head": role("head") },
        "desks": [], "accounts": {}, "targets": {}, "default_role": "care", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    });
    serde_json::from_value(office).expect("the test's office is valid")
}

fn entry(number: u32) -> Entry {
    let source = format!("instagram:m{number}");
    Entry { source, author: "@kim".into(), text: "Win money".into(), at: MORNING, deleted: false }
}

fn opened(change: impl FnOnce(&mut Opening)) -> Ticket {
    let mut opening = Opening {
        network: "instagram".into(),
        kind: "comment".into(),
        customer: Customer { id: "kim".into(), name: "@kim".into(), ..Customer::default() },
        entries: vec![entry(1)],
        topic: "other".into(),
        role: "care".into(),
        ..Opening::default()
    };
    change(&mut opening);
    Ticket::default().evolve(&Event::Opened { id: 1, opening: Box::new(opening) })
}

fn facts<'o>(office: &'o Office, by: Option<&str>, after_ms: i64) -> Facts<'o> {
    let actor = by.map_or(Actor::System, |id| Actor::Member { id: id.into() });
    Facts { now: MORNING.plus_ms(after_ms), actor, office }
}

fn told(ticket: Ticket, order: Order, by: Option<&str>, after_ms: i64) -> Result<Ticket, Refusal> {
    let office = office();
    let events = ticket.decide(&Command::Moderate(order), &facts(&office, by, after_ms))?;
    Ok(events.iter().fold(ticket, Ticket::evolve))
}

fn ruled(ticket: Ticket, deeds: &str) -> Ticket {
    let office = office();
    let plan = ticket.plan(&deed::parse(deeds).expect(deeds), "instagram:m1", false, &facts(&office, None, 0));
    let source = "instagram:m1".to_owned();
    let act = RuleAct { rule: 4, number: 12, source, at: MORNING, done: plan.done, undone_by: None, fresh: true };
    told(ticket, Order::ByRule(Box::new(act)), None, 0).expect("never refused")
}

#[test]
fn what_people_must_see_is_spared() {
    let office = office();
    for (change, expected) in [
        (Box::new(|_: &mut Opening| {}) as Box<dyn FnOnce(&mut Opening)>, None),
        (Box::new(|opening| opening.priority = 1), Some(Spared::Urgent)),
        (Box::new(|opening| opening.topic = "press".into()), Some(Spared::Press)),
        (Box::new(|opening| opening.topic = "crisis".into()), Some(Spared::Crisis)),
        (Box::new(|opening| opening.topic = "vip".into()), Some(Spared::Vip)),
        (Box::new(|opening| opening.customer.followers = Some(100_000)), Some(Spared::Vip)),
        (Box::new(|opening| opening.customer.followers = Some(99_999)), None),
        (Box::new(|opening| opening.kind = "dm".into()), Some(Spared::Private)),
        (Box::new(|opening| opening.kind = "message".into()), Some(Spared::NotThere)),
    ] {
        let ticket = opened(change);
        let plan = ticket.plan(&[Deed::Hide], "instagram:m1", false, &facts(&office, None, 0));
        assert_eq!(plan.spared.first().map(|(_, why)| *why), expected, "{:?}", ticket.opening);
        assert_eq!(plan.hides(), expected.is_none());
    }
    let frozen = opened(|_| {}).plan(
        &[Deed::Hide, Deed::Close, Deed::Tag("a".into())],
        "instagram:m1",
        true,
        &facts(&office, None, 0),
    );
    assert_eq!(frozen.done, [Done::Tagged { tag: "a".into() }], "what stays in the house goes on in a crisis");
    assert_eq!(frozen.spared.len(), 2);
}

#[test]
fn what_a_rule_did_is_taken_back_as_far_as_nobody_changed_it_since() {
    let ticket = ruled(opened(|_| {}), "hide,tag:spam,prio:p4,assign:role:community,topic:ads");
    assert_eq!(
        (ticket.opening.priority, ticket.opening.topic.as_str(), ticket.opening.role.as_str()),
        (4, "ads", "community")
    );
    assert!(ticket.tags.contains("spam") && ticket.measures.len() == 1);
    let office = office();
    let mut changed = ticket.clone();
    changed.opening.topic = "sales".into();
    let changed = told(changed, Order::UndoRule { rule: 4, number: 12 }, Some("lea"), MINUTE_MS).expect("taken back");
    assert_eq!((changed.opening.topic.as_str(), changed.opening.priority), ("sales", 3), "a person's topic stays");
    let back = told(ticket, Order::UndoRule { rule: 4, number: 12 }, Some("lea"), MINUTE_MS).expect("taken back");
    assert_eq!((back.opening.priority, back.opening.topic.as_str(), back.opening.role.as_str()), (3, "other", "care"));
    assert!(back.tags.is_empty());
    assert_eq!(back.measures.iter().map(|one| one.act).collect::<Vec<_>>(), [Act::Hide, Act::Unhide]);
    let again =
        back.decide(&Command::Moderate(Order::UndoRule { rule: 4, number: 12 }), &facts(&office, Some("hugo"), 0));
    assert_eq!(again, Err(Refusal::UndoneAlready { by: "lea".into() }));
}

#[test]
fn a_closed_ticket_is_given_back_with_its_topic() {
    let closed = ruled(opened(|_| {}), "close");
    assert_eq!((closed.is_open(), closed.opening.topic.as_str()), (false, SPAM));
    assert_eq!(closed.due_at(), Some(MORNING.plus_ms(UNDO_WITHIN_MS)), "its button ends in time although it is closed");
    let office = office();
    let later = facts(&office, None, UNDO_WITHIN_MS);
    let lapsed = closed.decide(&Command::Tick, &later).expect("a tick").iter().fold(closed.clone(), Ticket::evolve);
    assert_eq!((lapsed.due_at(), lapsed.rule_acts[0].fresh), (None, false));
    let back = told(lapsed, Order::UndoRule { rule: 4, number: 12 }, Some("lea"), 2 * UNDO_WITHIN_MS).expect("back");
    assert_eq!((back.is_open(), back.opening.topic.as_str()), (true, "other"));
}

#[test]
fn hidden_is_only_what_the_network_confirmed() {
    let source = "instagram:m1";
    let asked = told(opened(|_| {}), Order::Hide, Some("lea"), 0).expect("asked");
    assert_eq!(asked.visibility(source), Visibility::Shown);
    let settle = |answer: Result<(), String>| Order::Settle { number: 1, answer };
    let refused = told(asked.clone(), settle(Err("no".into())), None, 1).expect("written down");
    assert_eq!(refused.visibility(source), Visibility::Shown);
    let again = told(refused, Order::Hide, Some("lea"), 2).expect("another try");
    assert_eq!(again.measures.len(), 2);
    let hidden = told(asked, settle(Ok(())), None, 1).expect("written down");
    assert_eq!(hidden.visibility(source), Visibility::Hidden);
    let twice = told(hidden.clone(), settle(Err("late".into())), None, 2).expect("nothing");
    assert_eq!(twice, hidden, "an answer counts once");
    assert_eq!(told(hidden, Order::Hide, Some("lea"), 2), Err(Refusal::SoAlready { act: Act::Hide }));
    let private = opened(|opening| opening.kind = "dm".into());
    assert_eq!(told(private, Order::Hide, Some("lea"), 0), Err(Refusal::NotOnNetwork { private: true }));
}

#[test]
fn where_nobody_else_may_delete_a_second_look_takes_the_place_of_a_second_person() {
    let mut alone = office();
    alone.members.remove(&"hugo".into());
    let confirmed_after = |after_ms| {
        let proposed = told(opened(|_| {}), Order::Delete, Some("lea"), 0).expect("proposed");
        proposed.decide(&Command::Moderate(Order::Confirm), &facts(&alone, Some("lea"), after_ms))
    };
    let again = MORNING.plus_ms(SECOND_LOOK_MS);
    assert_eq!(confirmed_after(SECOND_LOOK_MS - 1), Err(Refusal::SecondLook { again }));
    assert_eq!(confirmed_after(SECOND_LOOK_MS).expect("confirmed").len(), 1);
}

#[test]
fn deleting_takes_a_second_person_within_a_day() {
    let two = opened(|opening| opening.entries.push(entry(2)));
    let proposed = told(two, Order::Delete, Some("lea"), 0).expect("proposed");
    assert_eq!(proposed.proposed(MORNING).len(), 2);
    assert_eq!(told(proposed.clone(), Order::Confirm, Some("lea"), 1), Err(Refusal::SecondPerson));
    assert_eq!(told(proposed.clone(), Order::Delete, Some("hugo"), 1), Err(Refusal::DeletionProposed));
    let late = told(proposed.clone(), Order::Confirm, Some("hugo"), CONFIRM_WITHIN_MS + 1);
    assert_eq!(late, Err(Refusal::NothingProposed));
    let stopped = told(proposed.clone(), Order::Withdraw, Some("hugo"), 1).expect("stopped");
    assert_eq!(told(stopped, Order::Confirm, Some("hugo"), 2), Err(Refusal::NothingProposed));
    let confirmed = told(proposed, Order::Confirm, Some("hugo"), 1).expect("confirmed");
    assert!(
        confirmed.measures.iter().all(|one| one.stage == Stage::Waiting && one.confirmed_by == Some("hugo".into()))
    );
}

#[test]
fn what_happened_reads_back_as_it_was_written() {
    let ticket = ruled(opened(|_| {}), "hide,tag:spam,assign:@hugo,close");
    let json = serde_json::to_string(&ticket).expect("json");
    assert_eq!(serde_json::from_str::<Ticket>(&json).expect("read"), ticket);
    let event = Event::Moderated { what: Box::new(Moderated::Acted { act: ticket.rule_acts[0].clone() }) };
    let json = serde_json::to_string(&event).expect("json");
    assert_eq!(serde_json::from_str::<Event>(&json).expect("read"), event);
    assert_eq!(crate::domain::desk::ticket::event_name(&event), "rule_acted");
}
