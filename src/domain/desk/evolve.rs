//! What each event makes of a ticket: total, never fails, looks at nothing but the event. Start at `Ticket::evolved`.

use super::clock::{Due, WaitFor};
use super::events::Event;
use super::joining::{Absorbed, Related, Relation};
use super::opening::{Entry, Opening};
use super::pausing::Snooze;
use super::ticket::{ENTRIES_MAX, RELATED_MAX, Status, Ticket};
use super::undo::{Mark, Standing};
use crate::domain::time::Timestamp;

impl Ticket {
    pub(super) fn evolved(mut self, event: &Event) -> Self {
        // Book-keeping changes nothing that a card shows.
        self.revision += u64::from(!matches!(event, Event::Counted { .. }));
        match event {
            Event::Counted { what } => self.counted = Some(what.clone()),
            Event::Opened { id, opening } => self.begin(*id, opening),
            Event::Added { entry, waited_ms, due } => self.take_in(entry, *waited_ms, due.as_ref()),
            Event::Amended { source, text } => self.change_entry(source, text.as_deref()),
            Event::Assigned { to, choice, .. } => {
                self.assignee = Some(to.clone());
                self.choice = Some(choice.clone());
                self.unassigned_told = false;
                self.watchers.remove(to);
                if self.status == Status::New {
                    self.status = Status::Assigned;
                }
            }
            Event::Released { .. } => {
                self.assignee = None;
                self.choice = None;
                if self.status == Status::Assigned {
                    self.status = Status::New;
                }
            }
            Event::LeftUnassigned => self.unassigned_told = true,
            Event::Noted { note } => self.put_note(note),
            Event::NoteAmended { amendment } => self.change_note(amendment),
            Event::Resolved { by, at, outcome, note: _ } => {
                self.status = Status::Resolved;
                self.resolved_by = Some(by.clone());
                self.resolved_at = Some(*at);
                self.outcome.clone_from(outcome);
                self.close();
            }
            Event::Concluded { outcome, .. } => self.outcome = Some(outcome.clone()),
            Event::Reopened { due } => {
                self.status = self.held();
                self.reopened += 1;
                self.outcome = None;
                self.escalation = 0;
                self.set_due(due.as_ref());
            }
            Event::Prioritised { priority, due, .. } => {
                self.opening.priority = *priority;
                self.escalation = 0;
                self.set_due(due.as_ref());
            }
            Event::Answered { at } => self.answered(*at),
            Event::Reminded => self.escalation = 1,
            Event::Escalated => self.escalation = 2,
            other => self.lives_on(other),
        }
        self
    }

    /// The events of pausing, joining and undoing.
    fn lives_on(&mut self, event: &Event) {
        match event {
            Event::Corrected { correction, due } => self.take_correction(correction, due.as_ref()),
            Event::Rerouted { role, .. } => self.opening.role.clone_from(role),
            Event::Snoozed { until, by } => self.snooze = Some(Snooze { until: *until, by: by.clone() }),
            Event::Woken { .. } => self.snooze = None,
            Event::WaitBegan { on, at, .. } => match on {
                WaitFor::Customer => {
                    self.status = Status::WaitingCustomer;
                    self.waiting_since = Some(*at);
                }
                WaitFor::Internal => self.status = Status::WaitingInternal,
            },
            Event::WaitEnded { waited_ms, due, .. } => {
                self.status = self.held();
                self.stop_waiting(*waited_ms);
                self.set_due(due.as_ref());
            }
            Event::Locked { by } => self.lock = Some(by.clone()),
            Event::Unlocked { .. } => self.lock = None,
            Event::Merged { into, by, at } => {
                self.status = Status::Merged;
                self.merged_into = Some(*into);
                self.resolved_at = Some(*at);
                self.resolved_by = Some(by.clone());
                self.close();
            }
            Event::Absorbed(absorbed) => self.keep_absorbed(absorbed),
            Event::SplitOff { sources, into } => {
                self.opening.entries.retain(|entry| !sources.contains(&entry.source));
                self.relate(*into, Relation::SplitInto);
            }
            Event::ContinuedIn { ticket } => self.relate(*ticket, Relation::ContinuedBy),
            Event::Marked { by, at, before, after } => {
                self.mark = Some(Mark { by: by.clone(), at: *at, before: before.clone(), after: after.clone() });
            }
            Event::Undone { before, .. } => self.restore(before),
            _ => {}
        }
    }

    fn begin(&mut self, id: i64, opening: &Opening) {
        self.id = id;
        self.opening = opening.clone();
        self.due = Due { first: opening.first_response_due, resolution: opening.resolution_due, ..Due::default() };
        self.related.extend(opening.origin.clone());
    }

    fn take_in(&mut self, entry: &Entry, waited_ms: i64, due: Option<&Due>) {
        self.keep_entry(entry.clone());
        self.stop_waiting(waited_ms);
        if matches!(self.status, Status::WaitingCustomer | Status::WaitingInternal) {
            self.status = self.held();
        }
        if self.due.turn_since.is_none() && due.is_some_and(|due| due.turn_since.is_some()) {
            self.escalation = 0;
        }
        self.set_due(due);
    }

    fn keep_entry(&mut self, entry: Entry) {
        self.opening.entries.push(entry);
        if self.opening.entries.len() > ENTRIES_MAX {
            // The first message stays: it says what the ticket is about.
            self.opening.entries.remove(1);
        }
    }

    fn keep_absorbed(&mut self, absorbed: &Absorbed) {
        for entry in &absorbed.entries {
            self.keep_entry(entry.clone());
        }
        self.opening.entries.sort_by_key(|entry| entry.at);
        for note in &absorbed.notes {
            self.put_note(note);
        }
        for watcher in absorbed.watchers.iter().filter(|watcher| Some(*watcher) != self.assignee.as_ref()) {
            self.watchers.insert(watcher.clone());
        }
        self.relate(absorbed.from, Relation::Absorbed);
        if self.status == Status::WaitingCustomer && absorbed.unanswered {
            self.stop_waiting(absorbed.waited_ms);
            self.status = self.held();
        }
        self.escalation = 0;
        self.due = absorbed.due.clone();
    }

    fn answered(&mut self, at: Timestamp) {
        self.answered_at = self.answered_at.or(Some(at));
        self.escalation = 0;
        self.due.next = None;
        self.due.turn_since = None;
        if self.is_open() && self.status != Status::WaitingCustomer {
            self.status = Status::WaitingCustomer;
            self.waiting_since = Some(at);
        }
    }

    fn close(&mut self) {
        self.waiting_since = None;
        self.snooze = None;
    }

    fn stop_waiting(&mut self, waited_ms: i64) {
        self.waited_ms = self.waited_ms.saturating_add(waited_ms);
        self.waiting_since = None;
    }

    fn set_due(&mut self, due: Option<&Due>) {
        if let Some(due) = due {
            self.due = due.clone();
        }
    }

    fn relate(&mut self, ticket: i64, how: Relation) {
        let related = Related { ticket, how };
        if !self.related.contains(&related) {
            self.related.push(related);
        }
        if self.related.len() > RELATED_MAX {
            self.related.remove(0);
        }
    }

    fn restore(&mut self, before: &Standing) {
        self.status = before.status;
        self.assignee.clone_from(&before.assignee);
        self.choice.clone_from(&before.choice);
        self.opening.priority = before.priority;
        self.due = before.due.clone();
        self.snooze.clone_from(&before.snooze);
        self.outcome.clone_from(&before.outcome);
        self.resolved_at = before.resolved_at;
        self.resolved_by.clone_from(&before.resolved_by);
        self.waiting_since = before.waiting_since;
        self.waited_ms = before.waited_ms;
        self.mark = None;
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
