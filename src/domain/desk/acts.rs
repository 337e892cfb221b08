//! The decisions of a ticket, one function for each command. Start at `Ticket::decide` in `ticket`.

use super::events::{Event, Refusal};
use super::opening::Entry;
use super::ticket::{Choice, OUTCOME_CHARS_MAX, Ticket};
use crate::domain::decide::{Decider, Facts};
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

impl Ticket {
    pub(super) fn add(&self, entry: &Entry, now: Timestamp) -> Vec<Event> {
        if self.opening.entries.iter().any(|known| known.source == entry.source) {
            return Vec::new();
        }
        let waited_ms = self.waiting_since.map_or(0, |since| now.since(since).max(0));
        let mut events = vec![Event::Added { entry: entry.clone(), waited_ms }];
        if !self.is_open() {
            events.push(Event::Reopened);
        }
        events
    }

    pub(super) fn amend(&self, source: &str, text: Option<&String>) -> Vec<Event> {
        let changes = self
            .opening
            .entries
            .iter()
            .any(|entry| entry.source == source && (entry.deleted != text.is_none() || text != Some(&entry.text)));
        if changes { vec![Event::Amended { source: source.to_owned(), text: text.cloned() }] } else { Vec::new() }
    }

    pub(super) fn assign(
        &self,
        to: &MemberId,
        choice: &Choice,
        seen: Option<u64>,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        if !facts.office.members.contains_key(to) {
            return Err(Refusal::UnknownMember(to.clone()));
        }
        if self.assignee.as_ref() == Some(to) {
            return if matches!(choice, Choice::Claimed) { Err(Refusal::AlreadyYours) } else { Ok(Vec::new()) };
        }
        // A press on a card that somebody else has taken meanwhile: the first one won.
        let claimed_meanwhile = matches!(choice, Choice::Claimed) && seen.is_some_and(|seen| seen < self.revision);
        if let (true, Some(by), Some(Choice::Claimed)) = (claimed_meanwhile, &self.assignee, &self.choice) {
            return Err(Refusal::AlreadyTaken { by: by.clone() });
        }
        Ok(vec![Event::Assigned { to: to.clone(), from: self.assignee.clone(), choice: choice.clone() }])
    }

    pub(super) fn resolve(&self, outcome: Option<&str>, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        let outcome = outcome.map(str::trim).filter(|text| !text.is_empty());
        if outcome.is_some_and(|text| text.chars().count() > OUTCOME_CHARS_MAX) {
            return Err(Refusal::TooLong { max: OUTCOME_CHARS_MAX });
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        Ok(vec![Event::Resolved { by: by.clone(), at: facts.now, outcome: outcome.map(str::to_owned) }])
    }

    pub(super) fn reopen(&self, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.is_open() {
            return Err(Refusal::NotResolved);
        }
        if !self.takes_more(now) {
            return Err(Refusal::TooOld);
        }
        Ok(vec![Event::Reopened])
    }

    pub(super) fn prioritise(&self, priority: u8) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        if !(1..=4).contains(&priority) {
            return Err(Refusal::NoSuchPriority(priority));
        }
        if priority == self.opening.priority {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Prioritised { priority }])
    }

    pub(super) fn tick(&self, now: Timestamp) -> Vec<Event> {
        if self.due_at().is_none_or(|due| due > now) {
            return Vec::new();
        }
        match self.escalation {
            0 if self.deadline().is_some_and(|due| due <= now) => vec![Event::Reminded, Event::Escalated],
            0 => vec![Event::Reminded],
            _ => vec![Event::Escalated],
        }
    }

    pub(super) fn must_be_open(&self) -> Result<(), Refusal> {
        if self.is_open() {
            return Ok(());
        }
        Err(Refusal::AlreadyResolved { by: self.resolved_by.clone(), at: self.resolved_at })
    }
}
