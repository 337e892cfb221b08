//! The decisions of a ticket, one function for each command. Start at `Ticket::decide` in `ticket`.

use super::events::{Event, Refusal};
use super::opening::Entry;
use super::ticket::{Choice, OUTCOME_CHARS_MAX, Status, Ticket};
use crate::domain::decide::Facts;
use crate::domain::office::MemberId;

impl Ticket {
    pub(super) fn add(&self, entry: &Entry, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if let (Status::Merged, Some(into)) = (self.status, self.merged_into) {
            return Err(Refusal::Merged { into });
        }
        if self.opening.entries.iter().any(|known| known.source == entry.source) {
            return Ok(Vec::new());
        }
        let waited_ms = self.waiting_ms(facts.now, facts.office);
        let closed = !self.is_open();
        let due = if closed { self.due_when_reopened(facts) } else { self.due_after_pause(waited_ms, facts.office) };
        let due = Some(self.due_with_turn(due, facts.now, facts.office));
        let mut events = vec![Event::Added { entry: entry.clone(), waited_ms, due }];
        if closed {
            events.push(Event::Reopened { due: None });
        }
        if let Some(snooze) = &self.snooze {
            events.push(Event::Woken { by_message: true, by: Some(snooze.by.clone()) });
            events.extend(self.spared_until(facts.now));
        }
        Ok(events)
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
        self.must_be_free(facts)?;
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
        let mut events = vec![Event::Assigned { to: to.clone(), from: self.assignee.clone(), choice: choice.clone() }];
        events.extend(self.spared_until(facts.now));
        Ok(events)
    }

    pub(super) fn release(&self) -> Vec<Event> {
        let holder = self.assignee.as_ref().filter(|_| self.is_open());
        holder.map(|from| Event::Released { from: from.clone() }).into_iter().collect()
    }

    pub(super) fn resolve(
        &self,
        outcome: Option<&str>,
        note: Option<&str>,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        let (outcome, note) = (said(outcome)?, said(note)?);
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let mut events = self.end_of_wait(facts);
        events.push(Event::Resolved { by: by.clone(), at: facts.now, outcome, note });
        Ok(events)
    }

    pub(super) fn conclude(&self, outcome: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if self.status != Status::Resolved {
            return Err(Refusal::NotResolved);
        }
        self.must_be_free(facts)?;
        let outcome = said(Some(outcome))?.ok_or(Refusal::EmptyText)?;
        let Some(by) = facts.actor.member().filter(|_| self.outcome.as_ref() != Some(&outcome)) else {
            return Ok(Vec::new());
        };
        Ok(vec![Event::Concluded { by: by.clone(), outcome }])
    }

    pub(super) fn reopen(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if self.is_open() {
            return Err(Refusal::NotResolved);
        }
        if let (Status::Merged, Some(into)) = (self.status, self.merged_into) {
            return Err(Refusal::Merged { into });
        }
        self.must_be_free(facts)?;
        if !self.takes_more(facts.now) {
            return Err(Refusal::TooOld);
        }
        let due = self.due_when_reopened(facts);
        let hurried = self.at_new_pace(&due, facts);
        let mut events = vec![Event::Reopened { due: Some(due) }];
        events.extend(hurried);
        Ok(events)
    }

    pub(super) fn must_be_open(&self) -> Result<(), Refusal> {
        if self.is_open() {
            return Ok(());
        }
        if let (Status::Merged, Some(into)) = (self.status, self.merged_into) {
            return Err(Refusal::Merged { into });
        }
        Err(Refusal::AlreadyResolved { by: self.resolved_by.clone(), at: self.resolved_at })
    }
}

/// Words about an outcome; none when there are none.
fn said(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > OUTCOME_CHARS_MAX) {
        return Err(Refusal::TooLong { max: OUTCOME_CHARS_MAX });
    }
    Ok(text.map(str::to_owned))
}
