//! Hiding, showing again and deleting customers' messages: asked by people, carried to the network, told on the card.
//!
//! Two transactions around one call, as for replies; but asking a network twice to hide is the same as asking once, so a lost
//! answer is simply asked for again. Start at [`by_hand`] (people) and [`attempt`] (the network).

use std::sync::Arc;
use std::time::Duration;

use super::commands::{self, Invocation, Reply};
use super::courier::Outcome;
use super::drafts;
use super::say::Voice;
use super::tickets::refused;
use super::work::{Loaded, Work};
use super::{App, Fault};
use crate::domain::decide::Actor;
use crate::domain::desk::moderation::react::{listed, rule_ref};
use crate::domain::desk::moderation::{Act, Done, Measure, Order, Origin, Stage};
use crate::domain::desk::rule::{self, Rule};
use crate::domain::desk::ticket::{Command, Ticket};
use crate::domain::ids::Ref;
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::{HOUR_MS, SECOND_MS};
use crate::ports::chat::{Control, Emphasis, Receipt};
use crate::ports::network::NetworkError;
use crate::store::outbox::Claimed;

/// No call to a network may take longer, whatever its adapter does; the courier renews its claim meanwhile.
const CALL_LIMIT: Duration = Duration::from_secs(20);
/// A network that puts us off or does not answer for so long is told to people as a refusal.
const GIVE_UP_MS: i64 = 6 * HOUR_MS;
/// Tries without an answer after which people are told.
const UNANSWERED_MAX: i64 = 6;
/// Wait after a lost answer, times the number of tries.
const AGAIN_MS: i64 = 10 * SECOND_MS;
/// Longest wait that a network can ask for.
const WAIT_MS_MAX: i64 = HOUR_MS;
/// Lines about rules and measures on a card.
const LINES_MAX: usize = 3;
/// Others named who could confirm a deletion.
const NAMED_MAX: usize = 4;

/// The right that an act needs.
#[must_use]
pub fn right_of(act: Act) -> Right {
    if act == Act::Delete { Right::Delete } else { Right::Hide }
}

fn scope(ticket: &Ticket) -> Scope<'_> {
    Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own: false }
}

/// Somebody hides, shows again or proposes to delete the messages of a ticket.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn by_hand(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    act: Act,
) -> Result<Reply, Fault> {
    commands::allow(&work.setup, &asked.member, right_of(act), scope(&loaded.state))?;
    let order = match act {
        Act::Hide => Order::Hide,
        Act::Unhide => Order::Unhide,
        Act::Delete => Order::Delete,
    };
    if loaded.state.is_public() {
        let network = loaded.state.opening.network.clone();
        drafts::must_be_connected(work, &network)?;
    }
    decide(work, asked, loaded, order).await?;
    let ticket = &loaded.state;
    let notice = Notice::new(&format!("moderate-asked-{}", act.name()))
        .subject("ticket", ticket.subject())
        .with("network", Arg::Networks(vec![ticket.opening.network.clone()]));
    if act != Act::Delete {
        return Ok(Reply::Say(notice));
    }
    let office = work.office();
    let others = office.members.keys().filter(|member| **member != asked.member);
    let names: Vec<&str> = others
        .filter(|member| rights::check(office, member, Right::Delete, scope(ticket)).is_ok())
        .map(|member| office.name_of(member))
        .take(NAMED_MAX)
        .collect();
    let any = i64::try_from(names.len()).unwrap_or(i64::MAX);
    Ok(Reply::Say(notice.text("names", names.join(", ")).number("any", any)))
}

async fn decide(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    order: Order,
) -> Result<(), Fault> {
    let actor = Actor::Member { id: asked.member.clone() };
    let id = loaded.state.id;
    match work.act(id, loaded, &Command::Moderate(order), &actor).await? {
        Err(refusal) => Err(refused(&loaded.state, &refusal)),
        Ok(_) => Ok(()),
    }
}

/// A button about measures: the second person of a deletion, or another try.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    what: &str,
    loaded: &mut Loaded<Ticket>,
    seen: Option<u64>,
) -> Result<Reply, Fault> {
    let key = match what {
        "confirm" | "withdraw" => {
            commands::allow(&work.setup, &asked.member, Right::Delete, scope(&loaded.state))?;
            let (order, key) = match what {
                "confirm" => (Order::Confirm, "moderate-confirmed"),
                _ => (Order::Withdraw, "moderate-withdrawn"),
            };
            decide(work, asked, loaded, order).await?;
            key
        }
        "again" => {
            let number = seen.and_then(|seen| u32::try_from(seen).ok());
            let measure = number.and_then(|number| loaded.state.measure(number)).cloned();
            let Some(measure) = measure else { return Err(Fault::refused(Notice::new("button-unknown"))) };
            return by_hand(work, asked, loaded, measure.act).await;
        }
        _ => return Err(Fault::refused(Notice::new("button-unknown"))),
    };
    let network = Arg::Networks(vec![loaded.state.opening.network.clone()]);
    Ok(Reply::Say(Notice::new(key).subject("ticket", loaded.state.subject()).with("network", network)))
}

/// What the card says about rules and measures, each with its buttons.
#[must_use]
pub fn lines(ticket: &Ticket, voice: &Voice<'_>, now: crate::domain::time::Timestamp) -> Vec<(Notice, Vec<Control>)> {
    let mut lines = Vec::new();
    for act in ticket.rule_acts.iter().rev().filter(|act| act.fresh).take(LINES_MAX) {
        let notice = Notice::new("rule-acted-line")
            .with("rule", rule_ref(act.rule))
            .number("number", i64::from(act.number))
            .with("done", listed(act.done.iter().map(Done::notice).collect()));
        let value = format!("{}:{}:{}", ticket.subject(), act.rule, act.number);
        lines.push((notice, vec![button("rule.undo", value, "button-rule-undo", Emphasis::Plain, voice)]));
    }
    lines.extend(measures(ticket, voice, now));
    lines.truncate(LINES_MAX);
    lines
}

/// Puts these lines on a card; where the replies have taken its rows of buttons, without their own.
pub fn put_on_card(
    ticket: &Ticket,
    around: &mut super::cards::Surroundings,
    voice: &Voice<'_>,
    now: crate::domain::time::Timestamp,
) {
    for (notice, controls) in lines(ticket, voice, now) {
        let rows = around.replies.iter().filter(|(_, buttons)| !buttons.is_empty()).count();
        let room = rows < super::cards::ROOM_FOR_REPLIES;
        around.replies.push((notice, if room { controls } else { Vec::new() }));
    }
}

fn button(action: &str, value: String, key: &str, emphasis: Emphasis, voice: &Voice<'_>) -> Control {
    Control::Button { action: action.to_owned(), value, label: voice.word(key), emphasis }
}

fn measures(ticket: &Ticket, voice: &Voice<'_>, now: crate::domain::time::Timestamp) -> Vec<(Notice, Vec<Control>)> {
    let mut lines = Vec::new();
    if let Some(first) = ticket.proposed(now).first() {
        let value = ticket.subject().to_string();
        let controls = vec![
            button("moderate.confirm", value.clone(), "button-moderate-confirm", Emphasis::Danger, voice),
            button("moderate.withdraw", value, "button-moderate-withdraw", Emphasis::Plain, voice),
        ];
        lines.push((said(first, ticket, "proposed"), controls));
    }
    // The latest word about each message counts; what several messages share is said once.
    let mut told: Vec<(Act, &'static str)> = Vec::new();
    let mut sources: Vec<&str> = Vec::new();
    for measure in ticket.measures.iter().rev() {
        let stage = match &measure.stage {
            Stage::Waiting => "waiting",
            Stage::Done => "done",
            Stage::Refused { .. } => "refused",
            Stage::Proposed | Stage::Withdrawn => continue,
        };
        if sources.contains(&measure.source.as_str()) {
            continue;
        }
        sources.push(&measure.source);
        let plain_again = measure.act == Act::Unhide && stage == "done";
        if plain_again || told.contains(&(measure.act, stage)) {
            continue;
        }
        told.push((measure.act, stage));
        let notice = said(measure, ticket, stage);
        let (notice, controls) = match &measure.stage {
            Stage::Refused { cause } => {
                let value = format!("{}:{}", ticket.subject(), measure.number);
                let again = button("moderate.again", value, "button-moderate-again", Emphasis::Plain, voice);
                (notice.text("cause", cause), vec![again])
            }
            _ => (notice, Vec::new()),
        };
        lines.push((notice, controls));
    }
    lines
}

fn said(measure: &Measure, ticket: &Ticket, stage: &str) -> Notice {
    let notice = Notice::new(&format!("measure-{}-{stage}", measure.act.name()))
        .with("network", Arg::Networks(vec![ticket.opening.network.clone()]))
        .number("count", i64::try_from(ticket.opening.entries.len()).unwrap_or(i64::MAX));
    match &measure.origin {
        Origin::Rule { rule, number } => {
            notice.number("by_rule", 1).with("who", rule_ref(*rule)).number("number", i64::from(*number))
        }
        Origin::Member { id } => notice.number("by_rule", 0).member("who", id).number("number", 0),
    }
}

/// Asks the network for a measure, as often as it takes to be sure.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`]; the row is looked at again then.
pub async fn attempt(app: &App, ticket: Ref, number: u32, row: &Claimed) -> Result<Outcome, Fault> {
    let Some(measure) = waiting(app, ticket, number).await? else {
        return Ok(done("nothing to do".to_owned()));
    };
    let (network, message) = measure.source.split_once(':').unwrap_or(("", &measure.source));
    let Some(connected) = app.registry.networks.get(network).map(Arc::clone) else {
        return settle(app, ticket, number, Err(format!("{network} is not connected"))).await;
    };
    let key = format!("{ticket}.m{number}");
    let answer = tokio::time::timeout(CALL_LIMIT, connected.moderate(message, measure.act, &key)).await;
    let old = app.clock.now().since(row.created_at) > GIVE_UP_MS;
    match answer.unwrap_or_else(|_| Err(NetworkError::Unknown("no answer in 20 s".into()))) {
        Ok(()) => settle(app, ticket, number, Ok(())).await,
        Err(NetworkError::Refused(cause)) => settle(app, ticket, number, Err(cause)).await,
        Err(NetworkError::NotNow { cause, .. }) if old => settle(app, ticket, number, Err(cause)).await,
        Err(NetworkError::NotNow { after_ms, .. }) => {
            Ok(Outcome::Paced { until: app.clock.now().plus_ms(after_ms.clamp(SECOND_MS, WAIT_MS_MAX)) })
        }
        Err(NetworkError::Unknown(cause)) if old || row.attempts >= UNANSWERED_MAX => {
            settle(app, ticket, number, Err(cause)).await
        }
        Err(NetworkError::Unknown(_)) => {
            Ok(Outcome::Paced { until: app.clock.now().plus_ms(AGAIN_MS * row.attempts.max(1)) })
        }
    }
}

async fn waiting(app: &App, ticket: Ref, number: u32) -> Result<Option<Measure>, Fault> {
    let mut tx = app.store.read().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let found = drafts::ticket(&mut work, ticket.id).await?;
    Ok(found.and_then(|ticket| ticket.measure(number).cloned()).filter(|measure| measure.stage == Stage::Waiting))
}

/// Writes down what the network said; a rule whose wish was refused has it in its log.
async fn settle(app: &App, ticket: Ref, number: u32, answer: Result<(), String>) -> Result<Outcome, Fault> {
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    if let Some(mut loaded) = work.load::<Ticket>(ticket.id).await? {
        let command = Command::Moderate(Order::Settle { number, answer: answer.clone() });
        // Never refused: what does not wait any more changes nothing.
        let settled = work.act(ticket.id, &mut loaded, &command, &Actor::System).await?;
        let changed = settled.is_ok_and(|events| !events.is_empty());
        let origin = loaded.state.measure(number).map(|measure| measure.origin.clone());
        if let (Err(cause), Some(Origin::Rule { rule, number }), true) = (&answer, origin, changed)
            && let Some(mut found) = work.load::<Rule>(rule).await?
        {
            let command = rule::Command::Fail { number, ticket: ticket.id, cause: cause.clone() };
            let _ = work.act(rule, &mut found, &command, &Actor::System).await?;
        }
    }
    tx.commit().await?;
    app.wakers.courier.notify_waiters();
    Ok(done(answer.map_or_else(|cause| cause, |()| "done".to_owned())))
}

fn done(why: String) -> Outcome {
    Outcome::Sent { receipt: Receipt::default(), why: Some(why), earlier: false }
}
