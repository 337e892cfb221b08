//! What a ticket is opened with: the customer, their messages, and what triage made of them.
//!
//! Never changes a running clock: deadlines are copied here once. Start at [`Opening`].

use serde::{Deserialize, Serialize};

use super::joining::Related;
use super::silence::StepTimes;
use super::triage::{Because, Mood};
use crate::domain::office::promise::Steps;
use crate::domain::office::{MemberId, Office, Target};
use crate::domain::time::{MINUTE_MS, Timestamp};

/// Who wrote on the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The network's id of the author.
    pub id: String,
    /// Name or handle.
    pub name: String,
    /// Profile address, empty when unknown.
    pub url: String,
    /// Followers, when the network tells.
    pub followers: Option<u64>,
}

/// One message of the customer, or of the thread a ticket was opened from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Identity at its source (network id, or chat message).
    pub source: String,
    /// Who wrote it.
    pub author: String,
    /// Text.
    pub text: String,
    /// When it was written there.
    pub at: Timestamp,
    /// Deleted at its source.
    #[serde(default)]
    pub deleted: bool,
}

/// Everything known when a message becomes a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Network name, or `chat` for a ticket opened from a chat message.
    pub network: String,
    /// `comment`, `dm`, `mention`, `review`, `chat`...
    pub kind: String,
    /// Who wrote.
    pub customer: Customer,
    /// First message and, for a chat thread, the others.
    pub entries: Vec<Entry>,
    /// Link to the original, empty when there is none.
    pub url: String,
    /// Where an answer is posted when the message brought its own address.
    pub reply_url: Option<String>,
    /// ISO 639-1, when known.
    pub language: Option<String>,
    /// Topic.
    pub topic: String,
    /// 1 (most urgent) to 4.
    pub priority: u8,
    /// Role that takes care of it.
    pub role: String,
    /// Desk that shows it.
    pub desk: String,
    /// How the customer feels; `None` when nothing in the message tells.
    #[serde(default)]
    pub mood: Option<Mood>,
    /// Why each of these has its value.
    #[serde(default)]
    pub reasons: Vec<Because>,
    /// Who opened it by hand, if somebody did.
    pub opened_by: Option<MemberId>,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Due instants, copied so that a later change of policy cannot move a running clock.
    pub first_response_due: Option<Timestamp>,
    /// As above.
    pub resolution_due: Option<Timestamp>,
    /// The policy of that day, by priority: what a change of priority is reckoned from.
    #[serde(default)]
    pub targets: Vec<(u8, Target)>,
    /// What happens while its owner is silent, by the policy of that day.
    #[serde(default)]
    pub steps: Steps,
    /// The instants of the steps until the first answer.
    #[serde(default)]
    pub answer_steps: StepTimes,
    /// The same until the solution.
    #[serde(default)]
    pub solution_steps: StepTimes,
    /// Where on the network it stands: the post it was written under, when the network tells.
    #[serde(default)]
    pub place: Option<String>,
    /// The ticket it came from, when it continues one or was split from one.
    #[serde(default)]
    pub origin: Option<Related>,
}

impl Opening {
    /// What was promised for a priority on the day it was opened.
    #[must_use]
    pub fn promised(&self, priority: u8) -> Option<Target> {
        self.targets.iter().find(|(promised, _)| *promised == priority).map(|(_, target)| *target)
    }

    /// Copies what the office promises: targets, deadlines and steps, in business time of the role, from the arrival on.
    #[must_use]
    pub fn promise(mut self, office: &Office) -> Self {
        self.targets = office.promise(&self.role, &self.network);
        self.steps = office.steps_for(&self.role);
        let calendar = office.calendar_of_role(&self.role);
        let target = self.promised(self.priority);
        let due = |minutes: i64| calendar.due(self.received_at, minutes.saturating_mul(MINUTE_MS));
        let steps = |minutes: i64| StepTimes::of(&self.steps, self.received_at, minutes, 0, calendar);
        let (first, solution) =
            (target.map(|found| found.first_response_minutes), target.map(|found| found.resolution_minutes));
        let (first_due, solution_due) = (first.and_then(due), solution.and_then(due));
        let (answer_steps, solution_steps) = (first.map(steps), solution.map(steps));
        self.first_response_due = first_due;
        self.resolution_due = solution_due;
        self.answer_steps = answer_steps.unwrap_or_default();
        self.solution_steps = solution_steps.unwrap_or_default();
        self
    }

    /// Only the customer and we can read it: a private message.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.kind == "dm"
    }
}

impl Default for Opening {
    fn default() -> Self {
        Self {
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
            targets: Vec::new(),
            steps: Steps::default(),
            answer_steps: StepTimes::default(),
            solution_steps: StepTimes::default(),
            place: None,
            origin: None,
        }
    }
}
