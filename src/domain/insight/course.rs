//! The course of one ticket: its journal folded into the instants that figures are made of.
//!
//! Knows only what the journal said before an instant, so the same report comes out whenever it is made.
//! Start at [`Course::fold`].

use crate::domain::desk::correction::Correction;
use crate::domain::desk::priority::Priority;
use crate::domain::desk::ticket::{Counted, Due, Event, Standing, Status, WaitFor};
use crate::domain::desk::triage::{Field, Mood};
use crate::domain::office::MemberId;
use crate::domain::people::rotation::CostTable;
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::time::{MINUTE_MS, Timestamp};

/// Tickets of this topic are counted apart and never measured (PRODUCT U8: "spam excluded and counted").
pub const EXCLUDED_TOPIC: &str = "spam";

/// Somebody got the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub to: MemberId,
    /// What it cost them then, in thousandths of an ordinary ticket.
    pub cost_milli: i64,
    /// What it counts for in the rotation, where that was written down.
    pub counted: Option<Counted>,
}

/// What a ticket went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Its number.
    pub id: i64,
    /// Its network.
    pub network: String,
    /// Its topic.
    pub topic: String,
    /// The role whose calendar measures it.
    pub role: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// First answer due.
    pub first_due: Option<Timestamp>,
    /// Resolution due, before waiting moved it.
    pub resolution_due: Option<Timestamp>,
    /// Human answers delivered, in order.
    pub answers: Vec<Timestamp>,
    /// Resolved (`true`) and reopened (`false`), in order.
    pub turns: Vec<(Timestamp, bool)>,
    /// Stretches in which the customer had to answer; the last may still run.
    pub waits: Vec<(Timestamp, Option<Timestamp>)>,
    /// How the customer felt, as read and then corrected; `None` when nothing told.
    pub mood: Option<Mood>,
    /// What people set right of triage's reading.
    pub corrected: Vec<Field>,
    /// Who got it, in order.
    pub handovers: Vec<Handover>,
    /// The deadlines from each instant on at which they changed.
    pub dues: Vec<(Timestamp, Due)>,
    /// It lives on in another ticket, which is measured in its place.
    pub merged: bool,
}

impl Course {
    /// Folds a ticket's journal (when, what), oldest first; `None` when it does not begin with an opening.
    #[must_use]
    pub fn fold<'e>(entries: impl IntoIterator<Item = (Timestamp, &'e Event)>) -> Option<Self> {
        let mut entries = entries.into_iter();
        let (_, Event::Opened { id, opening }) = entries.next()? else { return None };
        let mut course = Self {
            id: *id,
            network: opening.network.clone(),
            topic: opening.topic.clone(),
            mood: opening.mood,
            role: opening.role.clone(),
            received_at: opening.received_at,
            first_due: opening.first_response_due,
            resolution_due: opening.resolution_due,
            ..Self::default()
        };
        let mut priority = opening.priority;
        for (at, event) in entries {
            course.step(at, event, &mut priority);
        }
        Some(course)
    }

    fn step(&mut self, at: Timestamp, event: &Event, priority: &mut u8) {
        match event {
            Event::Answered { at } => {
                self.answers.push(*at);
                if !self.is_resolved() && !self.is_waiting() {
                    self.waits.push((*at, None));
                }
            }
            Event::Added { due, .. } | Event::WaitEnded { due, .. } => {
                self.stop_waiting(at);
                self.set_due(at, due.as_ref());
            }
            Event::WaitBegan { on: WaitFor::Customer, at, .. } if !self.is_waiting() => self.waits.push((*at, None)),
            Event::Merged { at, .. } => {
                self.stop_waiting(*at);
                self.merged = true;
                self.turns.push((*at, true));
            }
            Event::Absorbed(absorbed) => self.set_due(at, Some(&absorbed.due)),
            Event::Rerouted { role, .. } => self.role.clone_from(role),
            Event::Undone { before, after, .. } => self.undo(at, before, after, priority),
            Event::Counted { what } => {
                if let Some(last) = self.handovers.last_mut().filter(|last| last.to == what.to) {
                    last.cost_milli = what.cost.0;
                    last.counted = Some(what.clone());
                }
            }
            Event::Resolved { at, .. } => {
                self.stop_waiting(*at);
                self.turns.push((*at, true));
            }
            Event::Reopened { due } => {
                self.turns.push((at, false));
                self.set_due(at, due.as_ref());
            }
            Event::Corrected { correction, due } => {
                self.take_correction(correction, priority);
                self.set_due(at, due.as_ref());
            }
            Event::Prioritised { priority: now, due, .. } => {
                *priority = *now;
                self.set_due(at, due.as_ref());
            }
            Event::Assigned { to, .. } => self.hand_over(at, to, *priority),
            _ => {}
        }
    }

    fn take_correction(&mut self, correction: &Correction, priority: &mut u8) {
        match correction.field {
            Field::Mood => self.mood = correction.to.parse().ok(),
            Field::Topic => self.topic.clone_from(&correction.to),
            Field::Priority => {
                *priority = correction.to.trim_start_matches('p').parse().unwrap_or(*priority);
            }
            _ => {}
        }
        if !self.corrected.contains(&correction.field) {
            self.corrected.push(correction.field);
        }
    }

    fn hand_over(&mut self, at: Timestamp, to: &MemberId, priority: u8) {
        let reopened = self.turns.iter().any(|(_, resolved)| !resolved);
        let cost = CostTable::default().cost(priority_of(priority), reopened);
        self.handovers.push(Handover { at, to: to.clone(), cost_milli: cost.0, counted: None });
    }

    fn set_due(&mut self, at: Timestamp, due: Option<&Due>) {
        if let Some(due) = due {
            self.first_due = due.first;
            self.dues.push((at, due.clone()));
        }
    }

    /// A slip that was undone within minutes is no resolution and no reopening.
    fn undo(&mut self, at: Timestamp, before: &Standing, after: &Standing, priority: &mut u8) {
        if after.status == Status::Resolved && before.status != Status::Resolved {
            self.turns.pop();
            if before.waiting_since.is_some()
                && let Some((_, until)) = self.waits.last_mut()
            {
                *until = None;
            }
        }
        if after.assignee != before.assignee {
            self.handovers.pop();
        }
        *priority = before.priority;
        self.set_due(at, Some(&before.due));
    }

    fn is_resolved(&self) -> bool {
        self.turns.last().is_some_and(|(_, resolved)| *resolved)
    }

    fn is_waiting(&self) -> bool {
        self.waits.last().is_some_and(|(_, until)| until.is_none())
    }

    fn stop_waiting(&mut self, at: Timestamp) {
        if let Some((_, until @ None)) = self.waits.last_mut() {
            *until = Some(at);
        }
    }

    /// Left out of all measures.
    #[must_use]
    pub fn is_excluded(&self) -> bool {
        self.merged || self.topic == EXCLUDED_TOPIC
    }

    /// Received, and not resolved, just before an instant.
    #[must_use]
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.received_at < at && !self.turns.iter().rev().find(|(turned, _)| *turned < at).is_some_and(|turn| turn.1)
    }

    /// Resolved just before an instant: when it last was.
    #[must_use]
    pub fn resolved_before(&self, at: Timestamp) -> Option<Timestamp> {
        let last = self.turns.iter().rev().find(|(turned, _)| *turned < at)?;
        last.1.then_some(last.0)
    }

    /// Who has it just before an instant.
    #[must_use]
    pub fn owner_at(&self, at: Timestamp) -> Option<&MemberId> {
        self.handovers.iter().rev().find(|handover| handover.at < at).map(|handover| &handover.to)
    }

    /// The first delivered human answer before an instant.
    #[must_use]
    pub fn answered_before(&self, at: Timestamp) -> Option<Timestamp> {
        self.answers.first().copied().filter(|answered| *answered < at)
    }

    /// Whether the customer has to answer just before an instant.
    #[must_use]
    pub fn is_waiting_at(&self, at: Timestamp) -> bool {
        self.waits.iter().any(|(from, until)| *from < at && until.is_none_or(|until| until >= at))
    }

    /// The deadline that runs just before an instant: first answer, then resolution moved by what the customer took;
    /// `None` while the customer has to answer.
    #[must_use]
    pub fn deadline_at(&self, at: Timestamp) -> Option<Timestamp> {
        if !self.is_open_at(at) || self.is_waiting_at(at) {
            return None;
        }
        if let Some((_, due)) = self.dues.iter().rev().find(|(changed, _)| *changed < at) {
            return match self.answered_before(at) {
                None => due.first,
                Some(answered) => {
                    let next = due.next.filter(|_| due.turn_since.is_none_or(|since| since >= answered));
                    let turned = self
                        .answers
                        .iter()
                        .any(|answer| due.turn_since.is_some_and(|since| *answer > since && *answer < at));
                    [next.filter(|_| !turned), due.resolution].into_iter().flatten().min()
                }
            };
        }
        if self.answered_before(at).is_none() {
            return self.first_due;
        }
        let waited: i64 = self
            .waits
            .iter()
            .filter_map(|(from, until)| until.filter(|until| *until < at).map(|until| until.since(*from)))
            .sum();
        self.resolution_due.map(|due| due.plus_ms(waited))
    }

    /// Whether the first answer, due before `at`, was missed: neither answered nor resolved by then.
    #[must_use]
    pub fn missed_first_due(&self) -> bool {
        let Some(due) = self.first_due else { return false };
        let answered = self.answers.first().is_some_and(|answered| *answered <= due);
        let resolved = self.turns.iter().any(|(at, resolved)| *resolved && *at <= due);
        !answered && !resolved
    }

    /// Business minutes from arrival to the first delivered human answer.
    #[must_use]
    pub fn first_response_minutes(&self, calendar: &Calendar) -> Option<i64> {
        let answered = self.answers.first()?;
        Some(calendar.between(self.received_at, *answered) / MINUTE_MS)
    }

    /// Business minutes from arrival to `until`, less those in which the customer had to answer.
    #[must_use]
    pub fn worked_minutes(&self, calendar: &Calendar, until: Timestamp) -> i64 {
        let waited: i64 = self
            .waits
            .iter()
            .filter(|(from, _)| *from < until)
            .map(|(from, to)| calendar.between(*from, to.unwrap_or(until).min(until)))
            .sum();
        (calendar.between(self.received_at, until) - waited).max(0) / MINUTE_MS
    }
}

fn priority_of(number: u8) -> Priority {
    match number {
        1 => Priority::P1,
        2 => Priority::P2,
        3 => Priority::P3,
        _ => Priority::P4,
    }
}
