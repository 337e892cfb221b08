//! The clock of a ticket: what is due when, what stands still while the customer has to answer, and what moves it.
//!
//! The clock stands still for the customer only, in business time of the ticket's role. It never runs backwards: only a new
//! priority, a merge or an undo sets it anew. Start at [`Ticket::deadline`].

use serde::{Deserialize, Serialize};

use super::events::{Event, Refusal};
use super::silence::StepTimes;
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
    /// The answer to what the customer wrote after ours.
    #[serde(default)]
    pub next: Option<Timestamp>,
    /// The solution.
    #[serde(default)]
    pub resolution: Option<Timestamp>,
    /// Since when the customer waits for that next answer. More messages do not give more time.
    #[serde(default)]
    pub turn_since: Option<Timestamp>,
    /// What happens, and when, until the answer that is owed is given.
    #[serde(default)]
    pub answer: StepTimes,
    /// The same of the solution.
    #[serde(default)]
    pub solution: StepTimes,
}

impl Due {
    fn moved(&self, by: impl Fn(Timestamp) -> Timestamp) -> Self {
        Self {
            first: self.first.map(&by),
            next: self.next.map(&by),
            resolution: self.resolution.map(&by),
            turn_since: self.turn_since,
            answer: self.answer.moved(&by),
            solution: self.solution.moved(&by),
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
        let Some(target) = self.target(self.opening.priority, office) else {
            return Due { turn_since: Some(now), ..due };
        };
        let (next, answer) = self.next_answer(target, now, office);
        Due { next, answer, turn_since: Some(now), ..due }
    }

    /// When a further answer is due to what was written at an instant, and the steps until then.
    fn next_answer(&self, target: Target, from: Timestamp, office: &Office) -> (Option<Timestamp>, StepTimes) {
        let calendar = office.calendar_of_role(&self.opening.role);
        let minutes = target.next_minutes();
        let due = calendar.due(from, minutes.saturating_mul(MINUTE_MS));
        (due, StepTimes::of(&self.opening.steps, from, minutes, 0, calendar))
    }

    /// What was promised for a priority when the ticket was opened.
    pub(super) fn target(&self, priority: u8, office: &Office) -> Option<Target> {
        let opening = &self.opening;
        opening.promised(priority).or_else(|| office.target_for(priority, &opening.role, &opening.network))
    }

    /// The deadlines of another priority, from the same beginnings.
    pub(super) fn due_at_priority(&self, priority: u8, office: &Office) -> Due {
        let Some(target) = self.target(priority, office) else { return self.due.clone() };
        let calendar = office.calendar_of_role(&self.opening.role);
        let from_start = |minutes: i64| {
            let length_ms = minutes.saturating_mul(MINUTE_MS).saturating_add(self.waited_ms);
            let steps = StepTimes::of(&self.opening.steps, self.opening.received_at, minutes, self.waited_ms, calendar);
            (calendar.due(self.opening.received_at, length_ms), steps)
        };
        let (first, mut answer) = from_start(target.first_response_minutes);
        let (resolution, solution) = from_start(target.resolution_minutes);
        let mut next = None;
        if let Some(since) = self.due.turn_since {
            (next, answer) = self.next_answer(target, since, office);
        }
        Due { first, next, resolution, turn_since: self.due.turn_since, answer, solution }
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
        let due = self.due_at_priority(priority, facts.office);
        let hurried = self.at_new_pace(&due, facts);
        let mut events = vec![Event::Prioritised { priority, from, due: Some(due) }];
        events.extend(hurried);
        Ok(events)
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
