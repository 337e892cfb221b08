//! What changed since a card or form was shown: a press on an old card does nothing when the change matters to it, and says
//! who did what.
//!
//! A card carries its revision, and the journal has one entry for each. Start at [`must_be_current`].

use crate::app::Fault;
use crate::app::commands::Invocation;
use crate::app::say::Voice;
use crate::app::work::{Work, read_state};
use crate::domain::desk::ticket::{Choice, Event, Ticket};
use crate::domain::desk::triage;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::store::journal;

/// Most changes told in one sentence; the newest count.
const TOLD_MAX: usize = 4;

/// Whether an event changes what somebody who saw the ticket without it meant to do.
fn matters(what: &str, event: &Event, ticket: &Ticket, presser: &MemberId) -> bool {
    let is_over = matches!(event, Event::Resolved { .. } | Event::Merged { .. } | Event::Locked { .. });
    let handed =
        matches!(event, Event::Assigned { .. } | Event::Undone { .. }) && ticket.assignee.as_ref() != Some(presser);
    let heard = matches!(event, Event::Added { .. } | Event::Absorbed(_));
    let corrected = |field| matches!(event, Event::Corrected { correction, .. } if correction.field == field);
    let turned = matches!(event, Event::WaitBegan { .. } | Event::WaitEnded { .. } | Event::Answered { .. });
    match what {
        "claim" | "assign" => is_over || handed,
        "resolve" => is_over || handed || heard,
        "reopen" => matches!(event, Event::Reopened { .. } | Event::Merged { .. }),
        "snooze" | "wait_customer" | "wait_internal" | "resume" => is_over || heard || turned,
        "priority" => is_over || matches!(event, Event::Prioritised { .. }) || corrected(triage::Field::Priority),
        "topic" | "reroute" => is_over || matches!(event, Event::Rerouted { .. }) || corrected(triage::Field::Topic),
        // The form holds every field as it stood: sent late, it would undo what somebody else has set right.
        "correct" => matches!(event, Event::Corrected { .. } | Event::Prioritised { .. }),
        "merge" => is_over || heard || matches!(event, Event::SplitOff { .. }),
        "split" => is_over || matches!(event, Event::SplitOff { .. } | Event::Absorbed(_)),
        "lock" | "unlock" => is_over || handed || matches!(event, Event::Unlocked { .. }),
        _ => false,
    }
}

/// Refuses an act on what was shown at revision `seen` when something that matters to it has happened since.
///
/// # Errors
/// The refusal, which tells what; [`Fault::Store`].
pub async fn must_be_current(
    work: &mut Work<'_>,
    asked: &Invocation,
    what: &str,
    ticket: &Ticket,
    seen: Option<u64>,
) -> Result<(), Fault> {
    let Some(seen) = seen.filter(|seen| *seen < ticket.revision) else { return Ok(()) };
    let since = events_since(work, ticket.id, seen).await?;
    let others: Vec<&(String, crate::domain::time::Timestamp, Event)> =
        since.iter().filter(|(actor, _, _)| actor != asked.member.as_str()).collect();
    if !others.iter().any(|(_, _, event)| matters(what, event, ticket, &asked.member)) {
        return Ok(());
    }
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let told: Vec<String> = others
        .iter()
        .rev()
        .filter_map(|(actor, at, event)| sentence(actor, event).map(|notice| notice.with("at", Arg::At(*at))))
        .take(TOLD_MAX)
        .map(|notice| voice.plain_text(&notice))
        .collect();
    let told: Vec<String> = told.into_iter().rev().collect();
    let notice = Notice::new("since-changed").subject("ticket", ticket.subject()).text("changes", told.join(" · "));
    Err(Fault::refused(notice))
}

async fn events_since(
    work: &mut Work<'_>,
    ticket: i64,
    seen: u64,
) -> Result<Vec<(String, crate::domain::time::Timestamp, Event)>, Fault> {
    let entries = journal::of(work.tx, Kind::Ticket.stored(), ticket).await?;
    let skip = usize::try_from(seen).unwrap_or(usize::MAX);
    let mut events = Vec::new();
    for entry in entries.into_iter().skip(skip) {
        let event: Event = read_state(Kind::Ticket, ticket, &entry.payload)?;
        events.push((entry.actor, entry.at, event));
    }
    Ok(events)
}

/// Who did what, for changes that people see.
fn sentence(actor: &str, event: &Event) -> Option<Notice> {
    let by = |key: &str| match actor {
        "system" => Notice::new(key).text("who", "Vigie"),
        member => Notice::new(key).member("who", &MemberId::new(member)),
    };
    let ticket = |id: i64| Ref::new(Kind::Ticket, id);
    Some(match event {
        Event::Assigned { choice: Choice::Claimed, .. } => by("since-claimed"),
        Event::Assigned { to, .. } => by("since-assigned").member("to", to),
        Event::Added { entry, .. } => Notice::new("since-added").text("author", &entry.author),
        Event::Noted { .. } => by("since-noted"),
        Event::Resolved { .. } => by("since-resolved"),
        Event::Reopened { .. } => by("since-reopened"),
        Event::Prioritised { priority, .. } => by("since-prioritised").number("priority", i64::from(*priority)),
        Event::Corrected { correction, .. } => match correction.field {
            triage::Field::Topic => by("since-retopiced").with("topic", Arg::Topic(correction.to.clone())),
            field => by("since-corrected").with("field", Arg::Word(format!("triage-field-{}", field.name()))),
        },
        Event::Rerouted { role, .. } => by("since-rerouted").text("role", role),
        Event::Snoozed { until, .. } => by("since-snoozed").with("until", Arg::At(*until)),
        Event::WaitBegan { .. } => by("since-waits"),
        Event::WaitEnded { .. } => by("since-wait-ended"),
        Event::Answered { .. } => by("since-answered"),
        Event::Locked { .. } => by("since-locked"),
        Event::Unlocked { .. } => by("since-unlocked"),
        Event::Merged { into, .. } => by("since-merged").subject("into", ticket(*into)),
        Event::Absorbed(absorbed) => by("since-absorbed").subject("from", ticket(absorbed.from)),
        Event::SplitOff { into, .. } => by("since-split").subject("into", ticket(*into)),
        Event::Undone { .. } => by("since-undone"),
        _ => return None,
    })
}
