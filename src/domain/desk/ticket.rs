//! A ticket: one customer message and everything the team does about it until it is resolved.
//!
//! Never decides who gets it (that is `people::rotation`) nor what is sent to the customer (`content::draft`).
//! Start at [`Ticket::decide`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::correction::Correction;
pub use super::events::{Command, Event, Refusal, event_name};
pub use super::note::{Amendment, Note, Typed};
pub use super::opening::{Customer, Entry, Opening};
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

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has it.
    #[default]
    New,
    /// Somebody has it.
    Assigned,
    /// Answered; the customer's turn. The clock stands still.
    WaitingCustomer,
    /// Done.
    Resolved,
}

impl Status {
    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Assigned => "assigned",
            Self::WaitingCustomer => "waiting_customer",
            Self::Resolved => "resolved",
        }
    }

    /// The statuses in which somebody still has to do something.
    pub const OPEN: [&'static str; 3] = ["new", "assigned", "waiting_customer"];
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
    /// The rotation chose; the explanation is kept as it was at that instant (JSON of `rotation::Explanation`).
    Rotation {
        /// Candidates, loads, exclusions, tie-break.
        explanation: serde_json::Value,
    },
}

/// The state of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Internal notes.
    pub notes: Vec<Note>,
    /// First human answer delivered.
    pub answered_at: Option<Timestamp>,
    /// Last resolved.
    pub resolved_at: Option<Timestamp>,
    /// Who resolved it last.
    pub resolved_by: Option<MemberId>,
    /// Outcome given.
    pub outcome: Option<String>,
    /// Times reopened.
    pub reopened: u32,
    /// Milliseconds that do not count because the customer had to answer.
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
}

impl Default for Ticket {
    fn default() -> Self {
        Self {
            id: 0,
            revision: 0,
            status: Status::New,
            opening: Opening {
                network: String::new(),
                kind: String::new(),
                customer: Customer::default(),
                entries: Vec::new(),
                url: String::new(),
                reply_url: None,
                language: None,
                topic: String::new(),
                priority: 3,
                role: String::new(),
                desk: String::new(),
                mood: None,
                reasons: Vec::new(),
                opened_by: None,
                received_at: Timestamp(0),
                first_response_due: None,
                resolution_due: None,
            },
            assignee: None,
            choice: None,
            notes: Vec::new(),
            answered_at: None,
            resolved_at: None,
            resolved_by: None,
            outcome: None,
            reopened: 0,
            waited_ms: 0,
            waiting_since: None,
            escalation: 0,
            unassigned_told: false,
            corrections: Vec::new(),
        }
    }
}

impl Decider for Ticket {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open(id, opening) => Ok(vec![Event::Opened { id: *id, opening: opening.clone() }]),
            Command::Add(entry) => Ok(self.add(entry, facts.now)),
            Command::Amend { source, text } => Ok(self.amend(source, text.as_ref())),
            Command::Assign { to, choice, seen } => self.assign(to, choice, *seen, facts),
            Command::Note { typed, via } => self.note(typed, via, facts),
            Command::AmendNote { source, typed } => self.amend_note(source, typed.as_ref(), facts.now),
            Command::Resolve { outcome } => self.resolve(outcome.as_deref(), facts),
            Command::Reopen => self.reopen(facts.now),
            Command::Prioritise(priority) => self.prioritise(*priority),
            Command::Correct { values, role } => self.correct(values, role.as_ref(), facts),
            Command::Answered => Ok(vec![Event::Answered { at: facts.now }]),
            Command::Tick => Ok(self.tick(facts.now)),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        self.revision += 1;
        match event {
            Event::Opened { id, opening } => {
                self.id = *id;
                self.opening = (**opening).clone();
            }
            Event::Added { entry, waited_ms } => self.take_in(entry, *waited_ms),
            Event::Amended { source, text } => self.change_entry(source, text.as_deref()),
            Event::Assigned { to, choice, .. } => {
                self.assignee = Some(to.clone());
                self.choice = Some(choice.clone());
                self.unassigned_told = false;
                if self.status == Status::New {
                    self.status = Status::Assigned;
                }
            }
            Event::LeftUnassigned => self.unassigned_told = true,
            Event::Noted { note } => self.put_note(note),
            Event::NoteAmended { amendment } => self.change_note(amendment),
            Event::Resolved { by, at, outcome } => {
                self.status = Status::Resolved;
                self.resolved_by = Some(by.clone());
                self.resolved_at = Some(*at);
                self.outcome.clone_from(outcome);
                self.waiting_since = None;
            }
            Event::Reopened => {
                self.status = self.held();
                self.reopened += 1;
                self.outcome = None;
            }
            Event::Prioritised { priority } => self.opening.priority = *priority,
            Event::Corrected { correction, role } => self.take_correction(correction, role.as_deref()),
            Event::Answered { at } => {
                self.answered_at = self.answered_at.or(Some(*at));
                if self.status != Status::Resolved {
                    self.status = Status::WaitingCustomer;
                    self.waiting_since = Some(*at);
                }
                self.escalation = 0;
            }
            Event::Reminded => self.escalation = 1,
            Event::Escalated => self.escalation = 2,
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        if matches!(self.status, Status::Resolved | Status::WaitingCustomer) {
            return None;
        }
        let due = self.deadline()?;
        match self.escalation {
            0 => Some(Timestamp(due.0 - self.notice_ms())),
            1 => Some(due),
            _ => None,
        }
    }
}

impl Ticket {
    /// The deadline that runs now: first response until answered, then resolution moved by what the customer took.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.answered_at.is_none() {
            return self.opening.first_response_due;
        }
        self.opening.resolution_due.map(|due| due.plus_ms(self.waited_ms))
    }

    /// Still to be worked on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status != Status::Resolved
    }

    /// All text of its messages that is shown, newest last.
    #[must_use]
    pub fn first_text(&self) -> &str {
        self.opening.entries.first().map_or("", |entry| entry.text.as_str())
    }

    /// Whether a new message of the same customer belongs here.
    #[must_use]
    pub fn takes_more(&self, now: Timestamp) -> bool {
        self.is_open() || self.resolved_at.is_some_and(|at| now.since(at) <= REOPEN_WITHIN_MS)
    }

    /// How long before the deadline its owner is reminded: a quarter of the time given, in plain time.
    fn notice_ms(&self) -> i64 {
        self.deadline().map_or(0, |due| (due.since(self.opening.received_at) / 4).max(0))
    }

    fn held(&self) -> Status {
        if self.assignee.is_some() { Status::Assigned } else { Status::New }
    }

    fn take_in(&mut self, entry: &Entry, waited_ms: i64) {
        self.opening.entries.push(entry.clone());
        if self.opening.entries.len() > ENTRIES_MAX {
            self.opening.entries.remove(1);
        }
        self.waited_ms = self.waited_ms.saturating_add(waited_ms);
        self.waiting_since = None;
        if self.status == Status::WaitingCustomer {
            self.status = self.held();
        }
    }

    fn change_entry(&mut self, source: &str, text: Option<&str>) {
        for entry in self.opening.entries.iter_mut().filter(|entry| entry.source == source) {
            entry.deleted = text.is_none();
            if let Some(text) = text {
                text.clone_into(&mut entry.text);
            }
        }
    }
}

/// Folds events from nothing.
#[must_use]
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Ticket {
    events.into_iter().fold(Ticket::default(), Ticket::evolve)
}

/// Tickets by assignee, for loads.
pub type Loads = BTreeMap<MemberId, u32>;
