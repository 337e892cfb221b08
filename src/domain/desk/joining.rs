//! Merging two tickets, splitting one, continuing an old one. Nothing a customer wrote is lost, nor a deadline.
//!
//! A merged ticket is over for good; everything it had lives on in the other. Start at `Ticket::absorb`.

use serde::{Deserialize, Serialize};

use super::clock::Due;
use super::events::{Event, Refusal};
use super::moderation::Belongings;
use super::opening::Entry;
use super::ticket::{Note, Status, Ticket};
use crate::domain::decide::Facts;
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// How another ticket has to do with this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// This one was split from it.
    SplitFrom,
    /// It was split from this one.
    SplitInto,
    /// This one continues it.
    Continues,
    /// It continues this one.
    ContinuedBy,
    /// It was merged into this one.
    Absorbed,
}

impl Relation {
    /// Name in wording keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SplitFrom => "split-from",
            Self::SplitInto => "split-into",
            Self::Continues => "continues",
            Self::ContinuedBy => "continued-by",
            Self::Absorbed => "absorbed",
        }
    }
}

/// Another ticket that this one has to do with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Its number.
    pub ticket: i64,
    /// How.
    pub how: Relation,
}

/// What a merged ticket brings into the one it lives on in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorbed {
    /// Where it comes from.
    pub from: i64,
    /// Its messages.
    pub entries: Vec<Entry>,
    /// Its notes.
    pub notes: Vec<Note>,
    /// Who is told from now on: whoever had it.
    pub watchers: Vec<MemberId>,
    /// Its customer still waits for an answer.
    #[serde(default)]
    pub unanswered: bool,
    /// The deadlines of both, whichever comes first. Before the decision: those of the merged one.
    #[serde(default)]
    pub due: Due,
    /// Business milliseconds for which the customer had to answer, of the wait that ends here.
    #[serde(default)]
    pub waited_ms: i64,
    /// What became of its messages on the network, by rules and people.
    #[serde(default)]
    pub moderation: Belongings,
}

impl Ticket {
    /// What this ticket brings into another.
    #[must_use]
    pub fn belongings(&self) -> Absorbed {
        let unanswered = self.is_open() && (self.answered_at.is_none() || self.due.turn_since.is_some());
        let mut watchers: Vec<MemberId> = self.assignee.iter().cloned().collect();
        watchers.extend(self.watchers.iter().cloned());
        let due = if self.answered_at.is_none() {
            Due { next: self.due.first, turn_since: Some(self.opening.received_at), ..self.due.clone() }
        } else {
            self.due.clone()
        };
        Absorbed {
            from: self.id,
            entries: self.opening.entries.clone(),
            notes: self.notes.clone(),
            watchers,
            unanswered,
            due,
            waited_ms: 0,
            moderation: self.moderation(),
        }
    }

    pub(super) fn merge_into(&self, target: i64, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if let (Status::Merged, Some(into)) = (self.status, self.merged_into) {
            return Err(Refusal::Merged { into });
        }
        self.must_be_free(facts)?;
        if target == self.id {
            return Err(Refusal::WithItself);
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let mut events = self.end_of_wait(facts);
        events.push(Event::Merged { into: target, by: by.clone(), at: facts.now });
        Ok(events)
    }

    pub(super) fn absorb(&self, other: &Absorbed, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        if other.from == self.id {
            return Err(Refusal::WithItself);
        }
        let known = |entry: &&Entry| !self.opening.entries.iter().any(|own| own.source == entry.source);
        let entries = other.entries.iter().filter(known).cloned().collect();
        let first = self.notes.iter().map(|note| note.number).max().unwrap_or(0);
        let notes = (first + 1..).zip(&other.notes).map(|(number, note)| Note { number, ..note.clone() }).collect();
        // A wait for the customer ends when what comes in is a message nobody has answered.
        let ends_wait = self.clock_stands() && other.unanswered;
        let waited_ms = if ends_wait { self.waiting_ms(facts.now, facts.office) } else { 0 };
        let own = self.due_after_pause(waited_ms, facts.office);
        let due = if other.unanswered { self.earlier(&own, &other.due) } else { own };
        Ok(vec![Event::Absorbed(Absorbed {
            from: other.from,
            entries,
            notes,
            watchers: other.watchers.clone(),
            unanswered: other.unanswered,
            due,
            waited_ms,
            moderation: other.moderation.clone(),
        })])
    }

    /// The earlier of two sets of deadlines; the other's answer counts as the first or as the next, as it stands here.
    fn earlier(&self, own: &Due, other: &Due) -> Due {
        let sooner = |one, two| [one, two].into_iter().flatten().min();
        let theirs =
            |one: Option<Timestamp>, two: Option<Timestamp>| two.is_some_and(|two| one.is_none_or(|one| two < one));
        let resolution = sooner(own.resolution, other.resolution);
        let solution = if theirs(own.resolution, other.resolution) { &other.solution } else { &own.solution }.clone();
        let answered = self.answered_at.is_some();
        let own_answer = if answered { own.next } else { own.first };
        let answer = if theirs(own_answer, other.next) { &other.answer } else { &own.answer }.clone();
        if !answered {
            return Due { first: sooner(own.first, other.next), resolution, answer, solution, ..own.clone() };
        }
        Due {
            first: own.first,
            next: sooner(own.next, other.next),
            resolution,
            turn_since: sooner(own.turn_since, other.turn_since),
            answer,
            solution,
        }
    }

    pub(super) fn split_off(&self, sources: &[String], into: i64, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        let chosen: Vec<String> = self
            .opening
            .entries
            .iter()
            .filter(|entry| sources.contains(&entry.source))
            .map(|entry| entry.source.clone())
            .collect();
        if chosen.is_empty() {
            return Err(Refusal::NothingToSplit);
        }
        if chosen.len() == self.opening.entries.len() {
            return Err(Refusal::NothingWouldStay);
        }
        Ok(vec![Event::SplitOff { sources: chosen, into }])
    }
}
