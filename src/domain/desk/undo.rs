//! An emoji is put on the wrong message in a second: what it did can be undone for ten minutes, by whoever did it.
//!
//! Only while nothing of what it changed has changed again. Start at `Ticket::by_mark`.

use serde::{Deserialize, Serialize};

use super::clock::Due;
use super::events::{Command, Event, Refusal};
use super::pausing::Snooze;
use super::ticket::{Choice, Status, Ticket};
use crate::domain::decide::{Decider, Facts};
use crate::domain::office::MemberId;
use crate::domain::time::{MINUTE_MS, Timestamp};

/// How long an act by emoji can be undone.
pub const UNDO_WITHIN_MS: i64 = 10 * MINUTE_MS;

/// What an emoji can change of a ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Where it stands.
    pub status: Status,
    /// Who has it.
    pub assignee: Option<MemberId>,
    /// How chosen.
    pub choice: Option<Choice>,
    /// Priority.
    pub priority: u8,
    /// Deadlines.
    pub due: Due,
    /// Put aside.
    pub snooze: Option<Snooze>,
    /// Outcome.
    pub outcome: Option<String>,
    /// Last resolved.
    pub resolved_at: Option<Timestamp>,
    /// By whom.
    pub resolved_by: Option<MemberId>,
    /// Since when the customer has to answer.
    pub waiting_since: Option<Timestamp>,
    /// Time that does not count.
    pub waited_ms: i64,
}

/// An act by emoji.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Whose.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// As it stood before.
    pub before: Standing,
    /// As it stood after.
    pub after: Standing,
}

impl Ticket {
    /// What an emoji can change, as it is.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            status: self.status,
            assignee: self.assignee.clone(),
            choice: self.choice.clone(),
            priority: self.opening.priority,
            due: self.due.clone(),
            snooze: self.snooze.clone(),
            outcome: self.outcome.clone(),
            resolved_at: self.resolved_at,
            resolved_by: self.resolved_by.clone(),
            waiting_since: self.waiting_since,
            waited_ms: self.waited_ms,
        }
    }

    pub(super) fn by_mark(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let mut events = self.decide(command, facts)?;
        let Some(by) = facts.actor.member().filter(|_| !events.is_empty()) else { return Ok(events) };
        let after = events.iter().fold(self.clone(), Self::evolve).standing();
        events.push(Event::Marked { by: by.clone(), at: facts.now, before: self.standing(), after });
        Ok(events)
    }

    pub(super) fn undo(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let Some(mark) = self.mark.as_ref().filter(|mark| mark.by == *by) else { return Err(Refusal::NothingToUndo) };
        if facts.now.since(mark.at) > UNDO_WITHIN_MS {
            return Err(Refusal::UndoTooLate);
        }
        // An outcome given afterwards belongs to the act; everything else is somebody's new decision.
        let now = Standing { outcome: mark.after.outcome.clone(), ..self.standing() };
        if now != mark.after {
            return Err(Refusal::ChangedSince);
        }
        Ok(vec![Event::Undone { by: by.clone(), before: mark.before.clone(), after: mark.after.clone() }])
    }
}
