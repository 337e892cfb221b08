//! Putting aside, waiting, priority, role, lock, resolving: each one decision and one sentence that says what follows.
//!
//! Start at [`snooze`].

use super::refused;
use crate::app::Fault;
use crate::app::commands::{Invocation, Reply, ticket as on_ticket};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::app::{people, triage};
use crate::domain::content::when::{self, Problem};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{Command, Ticket, WaitFor};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, MemberId};
use crate::domain::time::Timestamp;

/// Words that end a snooze.
const OFF: [&str; 6] = ["off", "now", "stop", "fin", "maintenant", "annuler"];

pub(super) fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

/// Decides, and says what was done with the ticket in a sentence of its own.
pub(super) async fn decide(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    command: &Command,
) -> Result<bool, Fault> {
    let id = loaded.state.id;
    match work.act(id, loaded, command, &me(asked)).await? {
        Err(refusal) => Err(refused(&loaded.state, &refusal)),
        Ok(events) => Ok(!events.is_empty()),
    }
}

fn about(ticket: &Ticket, key: &str) -> Notice {
    Notice::new(key).subject("ticket", ticket.subject())
}

/// A sentence about a ticket and the deadline that runs now.
fn with_due(ticket: &Ticket, key: &str) -> Notice {
    match ticket.deadline().filter(|_| !ticket.clock_stands()) {
        Some(due) => about(ticket, key).number("has_due", 1).with("due", Arg::At(due)),
        None => about(ticket, key).number("has_due", 0).text("due", ""),
    }
}

/// The instant somebody means, on their own wall clock.
///
/// # Errors
/// A refusal that shows how to write it.
pub fn instant(work: &Work<'_>, member: &MemberId, typed: &str) -> Result<Timestamp, Fault> {
    let zone = work.office().members.get(member).and_then(|found| found.zone).unwrap_or(work.office().zone);
    let typed = typed.trim();
    // `2h` is meant as `+2h`: nothing else it could be.
    let read = when::read(typed, work.now, zone).or_else(|problem| match problem {
        Problem::Unreadable => when::read(&format!("+{typed}"), work.now, zone),
        other => Err(other),
    });
    read.map(|point| point.at).map_err(|problem| {
        let key = match problem {
            Problem::Unreadable => "snooze-unreadable",
            Problem::Past => "when-past",
            Problem::TooFar => "when-too-far",
        };
        Fault::refused(Notice::new(key).with("typed", Arg::Code(typed.to_owned())))
    })
}

/// Puts a ticket aside until a time, or takes it up again (`off`).
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn snooze(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    typed: &str,
) -> Result<Reply, Fault> {
    if OFF.contains(&typed.trim().to_lowercase().as_str()) {
        return wake(work, asked, loaded).await;
    }
    let until = instant(work, &asked.member, typed)?;
    decide(work, asked, loaded, &Command::Snooze { until }).await?;
    Ok(Reply::Say(snoozed(&loaded.state, until)))
}

/// What whoever puts a ticket aside is told: until when, and that its deadline comes first where it does.
#[must_use]
pub fn snoozed(ticket: &Ticket, until: Timestamp) -> Notice {
    let early = ticket.deadline().is_some_and(|due| due < until) && !ticket.clock_stands();
    let key = if early { "snooze-done-early" } else { "snooze-done" };
    with_due(ticket, key).with("until", Arg::At(until))
}

/// Takes a ticket up again before its time.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn wake(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Ticket>) -> Result<Reply, Fault> {
    decide(work, asked, loaded, &Command::Wake).await?;
    Ok(Reply::Say(about(&loaded.state, "wake-done")))
}

/// Its owner says that they are on it: the message in which they were reminded says what that means.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn acknowledge(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Ticket>) -> Result<Reply, Fault> {
    let changed = decide(work, asked, loaded, &Command::Acknowledge).await?;
    Ok(if changed { Reply::Nothing } else { Reply::Say(about(&loaded.state, "ack-known")) })
}

/// It is the customer's turn, somebody's in the house, or ours again.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn wait(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    whom: &str,
) -> Result<Reply, Fault> {
    let (command, key) = match whom.to_lowercase().as_str() {
        "customer" | "client" => (Command::Wait(WaitFor::Customer), "wait-customer-done"),
        "internal" | "interne" => (Command::Wait(WaitFor::Internal), "wait-internal-done"),
        _ => (Command::Resume, "wait-over-done"),
    };
    decide(work, asked, loaded, &command).await?;
    Ok(Reply::Say(with_due(&loaded.state, key)))
}

/// Changes the priority; the deadlines are reckoned anew from what was promised when the ticket came.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn prioritise(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    priority: u8,
) -> Result<Reply, Fault> {
    let changed = decide(work, asked, loaded, &Command::Prioritise(priority)).await?;
    let key = if changed { "prio-done" } else { "prio-same" };
    Ok(Reply::Say(with_due(&loaded.state, key).number("priority", i64::from(loaded.state.opening.priority))))
}

/// Hands a ticket to the role of its topic, and there to whoever's turn it is unless its owner holds that role too.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn reroute(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Ticket>) -> Result<Reply, Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let Some(role) = triage::role_of(&setup, &loaded.state.opening.topic) else {
        return Err(Fault::refused(about(&loaded.state, "reroute-nowhere")));
    };
    if !decide(work, asked, loaded, &Command::Reroute { role: role.clone() }).await? {
        return Ok(Reply::Say(about(&loaded.state, "reroute-same").text("role", &role)));
    }
    let holds = |member: &MemberId| setup.office.members.get(member).is_some_and(|found| found.roles.contains(&role));
    if loaded.state.assignee.as_ref().is_some_and(holds) {
        return Ok(Reply::Say(about(&loaded.state, "reroute-kept").text("role", &role)));
    }
    let turn = people::assign_by_rotation(work, loaded, None, &me(asked)).await?;
    match turn.map_err(|refusal| refused(&loaded.state, &refusal))? {
        people::Turn::Given(who) => {
            Ok(Reply::Say(about(&loaded.state, "reroute-done").text("role", &role).member("who", &who)))
        }
        people::Turn::Nobody => Ok(Reply::Say(about(&loaded.state, "reroute-nobody").text("role", &role))),
    }
}

/// Locks or unlocks.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn lock(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    close: bool,
) -> Result<Reply, Fault> {
    let (command, key) = if close { (Command::Lock, "lock-done") } else { (Command::Unlock, "unlock-done") };
    decide(work, asked, loaded, &command).await?;
    Ok(Reply::Say(about(&loaded.state, key)))
}

/// Resolves with an outcome of the office's list, words of one's own, or both.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn resolve(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    outcome: Option<&str>,
    note: Option<&str>,
) -> Result<Reply, Fault> {
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (outcome, note) = match (given(outcome), given(note)) {
        // Words alone are the outcome.
        (None, Some(words)) => (Some(words), None),
        both => both,
    };
    let outcome = outcome.map(|typed| named_outcome(work, asked, &typed));
    if let Some(outcome) = outcome.as_ref().filter(|_| concludes(&loaded.state, &asked.member)) {
        return conclude(work, asked, loaded, outcome).await;
    }
    let command = Command::Resolve { outcome, note };
    on_ticket::apply(work, asked, loaded, &command, "resolve-done").await
}

/// The outcome of the office's list that somebody means by name or by words, in their language or another; else their words.
fn named_outcome(work: &Work<'_>, asked: &Invocation, typed: &str) -> String {
    let setup = &work.setup;
    let said = |lang| {
        let voice = Voice::plain(&work.app.wording, &setup.office, lang);
        let is = |name: &str| voice.outcome(name).to_lowercase() == typed.trim().to_lowercase();
        setup.office.outcomes.iter().find(|one| is(&one.name)).map(|one| one.name.clone())
    };
    let by_name = setup.office.outcome(typed).map(|known| known.name.clone());
    by_name
        .or_else(|| said(asked.lang))
        .or_else(|| said(Lang::En))
        .or_else(|| said(Lang::Fr))
        .unwrap_or_else(|| typed.to_owned())
}

/// Resolved by this member a moment ago, without an outcome: what they say now is it.
fn concludes(ticket: &Ticket, member: &MemberId) -> bool {
    !ticket.is_open()
        && ticket.merged_into.is_none()
        && ticket.outcome.is_none()
        && ticket.resolved_by.as_ref() == Some(member)
}

/// Says what came of a resolved ticket.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn conclude(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    outcome: &str,
) -> Result<Reply, Fault> {
    let outcome = named_outcome(work, asked, outcome);
    decide(work, asked, loaded, &Command::Conclude { outcome: outcome.clone() }).await?;
    Ok(Reply::Say(about(&loaded.state, "outcome-done").with("outcome", Arg::Outcome(outcome))))
}
