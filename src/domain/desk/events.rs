//! What can be asked of a ticket, what can have happened to it, and why it refuses: closed lists, no logic.
//!
//! Events stand in the journal for ever: a new field gets a default. Start at [`Event`].

use serde::{Deserialize, Serialize};

use super::correction::Correction;
use super::note::{Amendment, Note, Typed};
use super::opening::{Entry, Opening};
use super::ticket::Choice;
use super::triage::Field;
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// What can be asked of a ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A new ticket under this number.
    Open(i64, Box<Opening>),
    /// Another message of the same customer or thread.
    Add(Entry),
    /// A message was edited or deleted at its source.
    Amend {
        /// [`Entry::source`].
        source: String,
        /// New text; `None` when deleted.
        text: Option<String>,
    },
    /// Give it to somebody. `seen` is the revision the caller looked at, when a card was pressed.
    Assign {
        /// To whom.
        to: MemberId,
        /// How chosen.
        choice: Choice,
        /// Revision on the pressed card.
        seen: Option<u64>,
    },
    /// Write an internal note.
    Note {
        /// What was written.
        typed: Typed,
        /// Chat key.
        via: String,
    },
    /// Its author changed a note's message, or removed it.
    AmendNote {
        /// [`Note::source`].
        source: String,
        /// As it stands now; `None` when removed.
        typed: Option<Typed>,
    },
    /// Close it.
    Resolve {
        /// What came of it.
        outcome: Option<String>,
    },
    /// Open it again.
    Reopen,
    /// Change the priority.
    Prioritise(u8),
    /// Set right what triage had read.
    Correct {
        /// Fields and what is right.
        values: Vec<(Field, String)>,
        /// The role that answers the corrected topic.
        role: Option<String>,
    },
    /// The network confirmed a human answer.
    Answered,
    /// Time has passed: remind or escalate what is due.
    Tick,
}

/// What happened to a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was opened.
    Opened {
        /// Number.
        id: i64,
        /// With what.
        opening: Box<Opening>,
    },
    /// A further message came.
    Added {
        /// The message.
        entry: Entry,
        /// The customer had been waited for until now; so much did not count.
        waited_ms: i64,
    },
    /// A message was edited or deleted at its source.
    Amended {
        /// [`Entry::source`].
        source: String,
        /// New text; `None` when deleted.
        text: Option<String>,
    },
    /// Somebody got it.
    Assigned {
        /// Who.
        to: MemberId,
        /// Who had it before.
        from: Option<MemberId>,
        /// How chosen.
        choice: Choice,
    },
    /// Nobody could be found.
    LeftUnassigned,
    /// A note was written.
    Noted {
        /// The note.
        note: Note,
    },
    /// A note was changed or removed by its author.
    NoteAmended {
        /// What is new.
        amendment: Amendment,
    },
    /// It was closed.
    Resolved {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
        /// What came of it.
        outcome: Option<String>,
    },
    /// It was opened again.
    Reopened,
    /// Its priority changed.
    Prioritised {
        /// New priority.
        priority: u8,
    },
    /// A person set right what triage had read.
    Corrected {
        /// What.
        correction: Correction,
        /// The role that answers it now, when that changed.
        #[serde(default)]
        role: Option<String>,
    },
    /// A human answer was delivered.
    Answered {
        /// When.
        at: Timestamp,
    },
    /// The owner was reminded that the deadline is near or past.
    Reminded,
    /// The lead was told that the deadline has passed.
    Escalated,
}

/// Why a ticket cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is already resolved.
    AlreadyResolved {
        /// By whom.
        by: Option<MemberId>,
        /// When.
        at: Option<Timestamp>,
    },
    /// It is not resolved.
    NotResolved,
    /// Resolved too long ago to be reopened.
    TooOld,
    /// Somebody already has it.
    AlreadyTaken {
        /// Who.
        by: MemberId,
    },
    /// The caller already has it.
    AlreadyYours,
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// No such member.
    UnknownMember(MemberId),
    /// Not a priority from 1 to 4.
    NoSuchPriority(u8),
    /// Not a value of the field.
    NoSuchValue {
        /// The field.
        field: Field,
        /// What was given.
        value: String,
    },
}

/// Statistics words used by reports: events by name, so that the journal can be read without this type.
#[must_use]
pub fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "opened",
        Event::Added { .. } => "added",
        Event::Amended { .. } => "amended",
        Event::Assigned { .. } => "assigned",
        Event::LeftUnassigned => "left_unassigned",
        Event::Noted { .. } => "noted",
        Event::NoteAmended { .. } => "note_amended",
        Event::Resolved { .. } => "resolved",
        Event::Reopened => "reopened",
        Event::Prioritised { .. } => "prioritised",
        Event::Corrected { .. } => "corrected",
        Event::Answered { .. } => "answered",
        Event::Reminded => "reminded",
        Event::Escalated => "escalated",
    }
}
