//! The clock of a ticket: what is due when, what stands still while the customer has to answer, and what moves it.
//!
//! The clock stands still for the customer only, in business time of the ticket's role. It never runs backwards: only a new
//! priority, a merge or an undo sets it anew. Start at [`Ticket::deadline`].

use serde::{Deserialize, Serialize};

use super::events::{Event, Refusal};
use super::ticket::{Status, Ticket};
use crate::domain::decide::Facts;
use crate::domain::office::{MemberId, Office, Target};
use crate::domain::time::{MINUTE_MS, Timestamp};

/// What is due when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The first answer.
    #[serde(default)]
    pub first: Option<Timestamp>,
    /// The answer to what the customer wrote after ours; within the time of a first answer.
    #[serde(default)]
    pub next: Option<Timestamp>,
    /// The solution.
    #[serde(default)]
    pub resolution: Option<Timestamp>,
    /// Since when the customer waits for that next answer. More messages do not give more time.
    #[serde(default)]
    pub turn_since: Option<Timestamp>,
}

impl Due {
    fn moved(&self, by: impl Fn(Timestamp) -> Timestamp) -> Self {
        Self {
            first: self.first.map(&by),
            next: self.next.map(&by),
            resolution: self.resolution.map(&by),
            turn_since: self.turn_since,
        }
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitFor {
    /// The customer's: the clock stands still.
    Customer,
    /// Somebody's in the house or a supplier's: the clock runs.
    Internal,
}

impl WaitFor {
    /// The status it leads to.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::Customer => Status::WaitingCustomer,
            Self::Internal => Status::WaitingInternal,
        }
    }
}

impl Ticket {
    /// The deadline that runs now: the first answer; later the next one, or the solution where that comes first.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.answered_at.is_none() {
            return self.due.first;
        }
        [self.due.next, self.due.resolution].into_iter().flatten().min()
    }

    /// What the running deadline is for: `first`, `next` or `resolution`.
    #[must_use]
    pub fn deadline_name(&self) -> &'static str {
        match (self.answered_at, self.due.next) {
            (None, _) => "first",
            (Some(_), Some(next)) if self.deadline() == Some(next) => "next",
            _ => "resolution",
        }
    }

    /// The clock stands still: it is the customer's turn.
    #[must_use]
    pub fn clock_stands(&self) -> bool {
        self.status == Status::WaitingCustomer
    }

    /// Past its deadline.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.is_open() && !self.clock_stands() && self.deadline().is_some_and(|due| due <= now)
    }

    /// When the owner is reminded or the lead told.
    pub(super) fn escalates_at(&self) -> Option<Timestamp> {
        if !self.is_open() || self.clock_stands() {
            return None;
        }
        let due = self.deadline()?;
        match self.escalation {
            0 => Some(due.plus_ms(-self.notice_ms(due))),
            1 => Some(due),
            _ => None,
        }
    }

    /// How long before the deadline its owner is reminded: a quarter of the time given, in plain time.
    fn notice_ms(&self, due: Timestamp) -> i64 {
        let from = self.due.turn_since.filter(|_| self.due.next == Some(due)).unwrap_or(self.opening.received_at);
        (due.since(from) / 4).max(0)
    }

    pub(super) fn tick(&self, now: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_open() && self.snooze.as_ref().is_some_and(|snooze| snooze.until <= now) {
            let by = self.snooze.as_ref().map(|snooze| snooze.by.clone());
            events.push(Event::Woken { by_message: false, by });
        }
        if self.escalates_at().is_none_or(|due| due > now) {
            return events;
        }
        match self.escalation {
            0 if self.deadline().is_some_and(|due| due <= now) => events.extend([Event::Reminded, Event::Escalated]),
            0 => events.push(Event::Reminded),
            _ => events.push(Event::Escalated),
        }
        events
    }

    /// Business time that the customer has taken so far in the wait that runs.
    pub(super) fn waiting_ms(&self, now: Timestamp, office: &Office) -> i64 {
        let calendar = office.calendar_of_role(&self.opening.role);
        self.waiting_since.map_or(0, |since| calendar.between(since, now).max(0))
    }

    /// The deadlines once so much business time does not count.
    pub(super) fn due_after_pause(&self, paused_ms: i64, office: &Office) -> Due {
        if paused_ms <= 0 {
            return self.due.clone();
        }
        let calendar = office.calendar_of_role(&self.opening.role);
        // A calendar that never opens again has no business time to give; then plain time moves the deadline.
        self.due.moved(|due| calendar.due(due, paused_ms).unwrap_or(due.plus_ms(paused_ms)).max(due))
    }

    /// The deadlines once the customer has written at `now`.
    pub(super) fn due_with_turn(&self, due: Due, now: Timestamp, office: &Office) -> Due {
        if self.answered_at.is_none() || due.turn_since.is_some() {
            return due;
        }
        let next = self.target(self.opening.priority, office).and_then(|target| self.answer_due(target, now, office));
        Due { next, turn_since: Some(now), ..due }
    }

    fn answer_due(&self, target: Target, from: Timestamp, office: &Office) -> Option<Timestamp> {
        office.calendar_of_role(&self.opening.role).due(from, target.first_response_minutes.saturating_mul(MINUTE_MS))
    }

    /// What was promised for a priority when the ticket was opened.
    pub(super) fn target(&self, priority: u8, office: &Office) -> Option<Target> {
        self.opening.promised(priority).or_else(|| office.targets.get(&priority).copied())
    }

    /// The deadlines of another priority, from the same beginnings.
    pub(super) fn due_at_priority(&self, priority: u8, office: &Office) -> Due {
        let Some(target) = self.target(priority, office) else { return self.due.clone() };
        let calendar = office.calendar_of_role(&self.opening.role);
        let from_start = |minutes: i64| {
            calendar.due(self.opening.received_at, minutes.saturating_mul(MINUTE_MS).saturating_add(self.waited_ms))
        };
        Due {
            first: from_start(target.first_response_minutes),
            next: self.due.turn_since.and_then(|since| self.answer_due(target, since, office)),
            resolution: from_start(target.resolution_minutes),
            turn_since: self.due.turn_since,
        }
    }

    pub(super) fn prioritise(&self, priority: u8, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        if !(1..=4).contains(&priority) {
            return Err(Refusal::NoSuchPriority(priority));
        }
        let from = self.opening.priority;
        if priority == from {
            return Ok(Vec::new());
        }
        let due = Some(self.due_at_priority(priority, facts.office));
        Ok(vec![Event::Prioritised { priority, from, due }])
    }

    pub(super) fn wait(&self, on: WaitFor, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        if self.status == on.status() {
            return Ok(Vec::new());
        }
        let mut events = self.end_of_wait(facts);
        events.push(Event::WaitBegan { on, at: facts.now, by: facts.actor.member().cloned() });
        Ok(events)
    }

    pub(super) fn resume(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        let events = self.end_of_wait(facts);
        if events.is_empty() { Err(Refusal::NotWaiting) } else { Ok(events) }
    }

    /// The end of the wait that runs, if one does.
    pub(super) fn end_of_wait(&self, facts: &Facts<'_>) -> Vec<Event> {
        if !matches!(self.status, Status::WaitingCustomer | Status::WaitingInternal) {
            return Vec::new();
        }
        let waited_ms = self.waiting_ms(facts.now, facts.office);
        let due = Some(self.due_after_pause(waited_ms, facts.office));
        vec![Event::WaitEnded { waited_ms, due, by: facts.actor.member().cloned() }]
    }

    /// The deadlines when a resolved ticket goes on: the time in which it was thought done does not count.
    pub(super) fn due_when_reopened(&self, facts: &Facts<'_>) -> Due {
        let calendar = facts.office.calendar_of_role(&self.opening.role);
        let closed_ms = self.resolved_at.map_or(0, |at| calendar.between(at, facts.now));
        self.due_after_pause(closed_ms, facts.office)
    }

    /// Whether a member leads: the lead of its role or of the office's first role, a head or manager of social media.
    #[must_use]
    pub fn is_led_by(&self, member: &MemberId, office: &Office) -> bool {
        use crate::domain::office::Post;
        let leads = |role: &str| office.roles.get(role).is_some_and(|role| role.lead.as_ref() == Some(member));
        let manages = office.members.get(member).is_some_and(|found| {
            let posts = found.roles.iter().filter_map(|role| office.roles.get(role)).map(|role| role.post);
            posts.into_iter().any(|post| matches!(post, Post::HeadOfSocial | Post::SocialMediaManager))
        });
        manages || leads(&self.opening.role) || leads(&office.default_role)
    }
}
