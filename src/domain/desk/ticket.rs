//! A ticket: one customer message and everything the team does about it until it is resolved.
//!
//! Never decides who gets it (that is `people::rotation`) nor what is sent to the customer (`content::draft`).
//! Start at [`Ticket::decide`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use super::clock::{Due, WaitFor};
use super::correction::Correction;
pub use super::counted::Counted;
pub use super::events::{Command, Event, Refusal, event_name};
pub use super::joining::{Absorbed, Related, Relation};
pub use super::note::{Amendment, Note, Typed};
pub use super::opening::{Customer, Entry, Opening};
pub use super::pausing::Snooze;
pub use super::undo::{Mark, Standing};
use crate::domain::decide::{Decider, Facts};
use crate::domain::office::MemberId;
use crate::domain::time::{DAY_MS, Timestamp};

/// A resolved ticket takes a new message of its customer, or a `reopen`, for so long; later a new ticket is opened
/// (PRODUCT U3: "reopened within 14 days").
pub const REOPEN_WITHIN_MS: i64 = 14 * DAY_MS;
/// Longest note, in characters: what one message of either chat can hold.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Longest outcome sentence, in characters.
pub const OUTCOME_CHARS_MAX: usize = 300;
/// Most customer messages kept in the ticket itself; older ones stay in the journal.
pub const ENTRIES_MAX: usize = 100;

/// Most related tickets remembered on one; more stay in the journal.
pub const RELATED_MAX: usize = 50;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has it.
    #[default]
    New,
    /// Somebody has it.
    Assigned,
    /// The customer's turn. The clock stands still.
    WaitingCustomer,
    /// A colleague's or supplier's turn. The clock runs: the customer waits all the same.
    WaitingInternal,
    /// Done.
    Resolved,
    /// It lives on in another ticket.
    Merged,
}

impl Status {
    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Assigned => "assigned",
            Self::WaitingCustomer => "waiting_customer",
            Self::WaitingInternal => "waiting_internal",
            Self::Resolved => "resolved",
            Self::Merged => "merged",
        }
    }

    /// The statuses in which somebody still has to do something.
    pub const OPEN: [&'static str; 4] = ["new", "assigned", "waiting_customer", "waiting_internal"];

    /// Still to be worked on.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Merged)
    }
}

/// How an assignee was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Choice {
    /// They took it themselves.
    Claimed,
    /// Somebody named them.
    Named {
        /// Who did.
        by: MemberId,
    },
    /// They are on call this week.
    OnCall {
        /// Until when.
        until: Timestamp,
        /// Whom they stand in for, who is away.
        #[serde(default)]
        instead_of: Option<MemberId>,
    },
    /// The rotation chose; the explanation is kept as it was at that instant (JSON of `rotation::Explanation`).
    Rotation {
        /// Candidates, loads, exclusions, tie-break.
        explanation: serde_json::Value,
    },
    /// They stand in for somebody who is away, and give it back.
    Lent {
        /// Whose it is.
        whose: MemberId,
        /// Number of the absence.
        absence: i64,
    },
    /// They are back, and nobody had touched it meanwhile.
    Returned,
}

/// The state of a ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Number; 0 before it was opened.
    pub id: i64,
    /// Counts every change; shown on the card and carried by its buttons.
    pub revision: u64,
    /// Where it stands.
    pub status: Status,
    /// What it was opened with.
    pub opening: Opening,
    /// Who has it.
    pub assignee: Option<MemberId>,
    /// How they were chosen.
    pub choice: Option<Choice>,
    /// When, and what it counted for; of an assignment that was written down with it.
    #[serde(default)]
    pub counted: Option<Counted>,
    /// Internal notes.
    pub notes: Vec<Note>,
    /// First human answer delivered.
    pub answered_at: Option<Timestamp>,
    /// Last resolved.
    pub resolved_at: Option<Timestamp>,
    /// Who resolved it last.
    pub resolved_by: Option<MemberId>,
    /// Outcome given: a name of the office's list, or words of their own.
    pub outcome: Option<String>,
    /// Times reopened.
    pub reopened: u32,
    /// Business milliseconds that do not count because the customer had to answer.
    pub waited_ms: i64,
    /// Since when the customer has to answer.
    pub waiting_since: Option<Timestamp>,
    /// Escalations already done for the running deadline: 0 none, 1 owner reminded, 2 lead told.
    pub escalation: u8,
    /// Who was told that nobody could be found, so that it is not told twice.
    pub unassigned_told: bool,
    /// What people set right of triage's reading, one for each field.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// The deadlines as they run now.
    #[serde(default)]
    pub due: Due,
    /// Put aside until then.
    #[serde(default)]
    pub snooze: Option<Snooze>,
    /// Only its owner and the leads act on it.
    #[serde(default)]
    pub lock: Option<MemberId>,
    /// The ticket it lives on in.
    #[serde(default)]
    pub merged_into: Option<i64>,
    /// Tickets it has to do with.
    #[serde(default)]
    pub related: Vec<Related>,
    /// People who are told of it beside its owner.
    #[serde(default)]
    pub watchers: BTreeSet<MemberId>,
    /// The latest act by emoji, which can be undone for a while.
    #[serde(default)]
    pub mark: Option<Mark>,
}

impl Decider for Ticket {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open(id, opening) => Ok(vec![Event::Opened { id: *id, opening: opening.clone() }]),
            Command::Add(entry) => self.add(entry, facts),
            Command::Amend { source, text } => Ok(self.amend(source, text.as_ref())),
            Command::Assign { to, choice, seen } => self.assign(to, choice, *seen, facts),
            Command::Release => Ok(self.release()),
            Command::Note { typed, via } => self.note(typed, via, facts),
            Command::AmendNote { source, typed } => self.amend_note(source, typed.as_ref(), facts.now),
            Command::Resolve { outcome, note } => self.resolve(outcome.as_deref(), note.as_deref(), facts),
            Command::Conclude { outcome } => self.conclude(outcome, facts),
            Command::Reopen => self.reopen(facts),
            Command::Prioritise(priority) => self.prioritise(*priority, facts),
            Command::Correct { values } => self.correct(values, facts),
            Command::Reroute { role } => self.reroute(role, facts),
            Command::Snooze { until } => self.put_aside(*until, facts),
            Command::Wake => self.wake(facts),
            Command::Wait(on) => self.wait(*on, facts),
            Command::Resume => self.resume(facts),
            Command::Lock => self.lock(facts),
            Command::Unlock => self.unlock(facts),
            Command::MergeInto { target } => self.merge_into(*target, facts),
            Command::Absorb(absorbed) => self.absorb(absorbed, facts),
            Command::SplitOff { sources, into } => self.split_off(sources, *into, facts),
            Command::ContinueIn { ticket } => Ok(vec![Event::ContinuedIn { ticket: *ticket }]),
            Command::Mark(command) => self.by_mark(command, facts),
            Command::Undo => self.undo(facts),
            Command::Answered => Ok(vec![Event::Answered { at: facts.now }]),
            Command::Tick => Ok(self.tick(facts.now)),
        }
    }

    fn evolve(self, event: &Event) -> Self {
        self.evolved(event)
    }

    fn due_at(&self) -> Option<Timestamp> {
        if !self.is_open() {
            return None;
        }
        let waking = self.snooze.as_ref().map(|snooze| snooze.until);
        [self.escalates_at(), waking].into_iter().flatten().min()
    }
}

impl Ticket {
    /// Whose ticket this is while somebody stands in.
    #[must_use]
    pub fn lent_by(&self) -> Option<&MemberId> {
        match &self.choice {
            Some(Choice::Lent { whose, .. }) => Some(whose),
            _ => None,
        }
    }

    /// Still to be worked on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// All text of its messages that is shown, newest last.
    #[must_use]
    pub fn first_text(&self) -> &str {
        self.opening.entries.first().map_or("", |entry| entry.text.as_str())
    }

    /// Whether a new message of the same customer belongs here.
    #[must_use]
    pub fn takes_more(&self, now: Timestamp) -> bool {
        self.is_open()
            || (self.status == Status::Resolved && self.resolved_at.is_some_and(|at| now.since(at) <= REOPEN_WITHIN_MS))
    }

    /// The state of a ticket that somebody has, or nobody.
    #[must_use]
    pub(super) fn held(&self) -> Status {
        if self.assignee.is_some() { Status::Assigned } else { Status::New }
    }
}

/// Folds events from nothing.
#[must_use]
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Ticket {
    events.into_iter().fold(Ticket::default(), Ticket::evolve)
}

/// Tickets by assignee, for loads.
pub type Loads = BTreeMap<MemberId, u32>;
