//! The way out, at most once: release, claim, and what became of it.
//!
//! A try is claimed once by number; whatever is heard of an older try changes nothing. A claim reads approvals, hash and
//! freeze in the transaction that marks the draft as being sent; without an answer it is never repeated by itself.

use super::draft::{Approval, Draft, Event, Receipt, Refusal, Status};
use super::plan::WINDOW_MS;
use crate::domain::crisis::Gate;
use crate::domain::decide::Facts;
use crate::domain::time::Timestamp;

/// Looks for a try of unknown outcome before a person is asked. The courier spaces them; a network that shows a
/// publication later than two minutes after it took it is answered by a person.
pub const LOOKS_MAX: u32 = 3;

impl Draft {
    /// Whether what stands now may leave: approved by another person, or no approval is asked for.
    #[must_use]
    pub fn may_leave(&self, facts: &Facts<'_>) -> bool {
        !self.needs_approval(facts.office) || self.is_approved()
    }

    pub(super) fn publish_now(&self, gate: &Gate, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if !self.opening.post {
            return Err(Refusal::OnlyPosts);
        }
        self.must_be_editable()?;
        let (Some(by), Some(current)) = (facts.actor.member(), self.current()) else { return Ok(Vec::new()) };
        match self.status {
            Status::Approved | Status::Scheduled if self.is_approved() => {}
            Status::Queued => return Err(Refusal::OnItsWay(self.status)),
            _ => return Err(Refusal::NotApproved),
        }
        if gate.stops(&self.opening.network, true) {
            return Err(Refusal::Frozen { by: gate.holder() });
        }
        if self.approvals.iter().all(|yes| yes.by == *by) && !self.is_alone(by, facts.office) {
            return Err(Refusal::SamePerson);
        }
        if let Some(window) = current.window.filter(|window| facts.now.since(*window).abs() > WINDOW_MS) {
            return Err(Refusal::OtherTime { window });
        }
        Ok(vec![Event::Released { by: Some(by.clone()) }])
    }

    pub(super) fn retry(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if self.status != Status::Refused {
            return Err(Refusal::NotNow(self.status));
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if !self.may_leave(facts) {
            return Err(Refusal::NotApproved);
        }
        Ok(vec![Event::Released { by: Some(by.clone()) }])
    }

    pub(super) fn claim(&self, gate: &Gate, facts: &Facts<'_>) -> Vec<Event> {
        if self.status == Status::Sending {
            // Claimed before, and whoever did it ended without writing down an answer.
            return vec![Event::AnswerLost { cause: "stopped before the answer came".to_owned() }];
        }
        let Some(current) = self.current().filter(|_| self.status == Status::Queued) else { return Vec::new() };
        if let Some(at) = self.is_too_late(facts.now) {
            return vec![Event::Missed { at, approved: true }];
        }
        let automatic = self.is_automatic() && gate.holds(&self.opening.network);
        let stops = automatic || gate.stops(&self.opening.network, self.opening.post);
        if stops && (self.opening.post || self.passed.is_none()) {
            return vec![Event::Held { by: gate.holder(), voided: self.approvers() }];
        }
        if !self.may_leave(facts) {
            return vec![Event::Returned];
        }
        vec![Event::Claimed { attempt: self.attempt + 1, hash: current.hash.clone() }]
    }

    pub(super) fn delivered(&self, attempt: u32, id: &str, url: &str, now: Timestamp) -> Vec<Event> {
        // Queued again by a person while the network was being asked: it was out after all, so nothing more leaves.
        let awaited = matches!(self.status, Status::Sending | Status::Unknown | Status::Queued);
        if !awaited || attempt == 0 || attempt != self.attempt {
            return Vec::new();
        }
        let receipt = Receipt { id: id.to_owned(), url: url.to_owned(), at: now, by: None };
        let late = self.lateness(now).map(|late_ms| Event::LateTold { late_ms });
        [Some(Event::Sent { receipt }), late].into_iter().flatten().collect()
    }

    pub(super) fn rejected(&self, attempt: u32, cause: &str) -> Vec<Event> {
        self.when_sending(attempt, || Event::Rejected { cause: cause.to_owned() })
    }

    pub(super) fn put_off(&self, attempt: u32, cause: &str) -> Vec<Event> {
        self.when_sending(attempt, || Event::PutOff { cause: cause.to_owned() })
    }

    pub(super) fn lose_answer(&self, attempt: u32, cause: &str) -> Vec<Event> {
        self.when_sending(attempt, || Event::AnswerLost { cause: cause.to_owned() })
    }

    fn when_sending(&self, attempt: u32, event: impl FnOnce() -> Event) -> Vec<Event> {
        if self.status == Status::Sending && attempt == self.attempt { vec![event()] } else { Vec::new() }
    }

    pub(super) fn look_in_vain(&self, attempt: u32, last: bool, cause: &str) -> Vec<Event> {
        if !self.is_looked_for() || attempt != self.attempt {
            return Vec::new();
        }
        vec![Event::NotFound { last: last || self.looks + 1 >= LOOKS_MAX, cause: cause.to_owned() }]
    }

    /// A rule answers by itself: stopped by any freeze of the network (PRODUCT U9: auto-replies, from level 2), not only by one
    /// that stops people's replies.
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.opening.automatic.is_some() && self.number() <= 1
    }

    /// Its outcome is unknown, and asking the network may still help.
    #[must_use]
    pub fn is_looked_for(&self) -> bool {
        self.status == Status::Unknown && self.looks < LOOKS_MAX
    }

    pub(super) fn settle(&self, out: bool, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if self.status != Status::Unknown {
            return Err(Refusal::NotNow(self.status));
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if !out {
            return Ok(vec![Event::Resent { by: by.clone() }]);
        }
        let receipt = Receipt { id: String::new(), url: String::new(), at: facts.now, by: Some(by.clone()) };
        Ok(vec![Event::Sent { receipt }])
    }

    pub(super) fn hold(&self, by: Option<&String>) -> Vec<Event> {
        let leaves_by_itself = matches!(self.status, Status::Scheduled | Status::Queued);
        if !self.opening.post || !leaves_by_itself {
            return Vec::new();
        }
        vec![Event::Held { by: by.cloned(), voided: self.approvers() }]
    }

    pub(super) fn pass(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if self.opening.post || self.status != Status::Held {
            return Err(Refusal::NotNow(self.status));
        }
        let (Some(by), Some(current)) = (facts.actor.member(), self.current()) else { return Ok(Vec::new()) };
        if self.needs_approval(facts.office) && self.authors.contains(by) && !self.is_alone(by, facts.office) {
            return Err(Refusal::OwnVersion);
        }
        let alone = self.authors.contains(by) && self.is_alone(by, facts.office);
        let approval = Approval { by: by.clone(), at: facts.now, hash: current.hash.clone(), instead_of: None, alone };
        Ok(vec![Event::Passed { approval }, Event::Released { by: Some(by.clone()) }])
    }

    /// The state after an event of the way out.
    pub(super) fn go(&mut self, event: &Event) {
        match event {
            Event::Released { by } => {
                self.status = Status::Queued;
                self.cause = None;
                if by.is_some() {
                    // A person decided the moment: the planned one does not count any more.
                    self.plan = None;
                }
            }
            Event::Returned => {
                self.status = Status::Drafting;
                self.approvals.clear();
            }
            Event::Claimed { attempt, .. } => {
                self.status = Status::Sending;
                self.attempt = *attempt;
                self.looks = 0;
                self.cause = None;
            }
            Event::PutOff { cause } => {
                self.status = Status::Queued;
                self.cause = Some(cause.clone());
            }
            Event::Sent { receipt } => {
                self.status = Status::Sent;
                self.closed_at = Some(receipt.at);
                self.receipt = Some(receipt.clone());
                self.cause = None;
            }
            Event::Rejected { cause } => {
                self.status = Status::Refused;
                self.refusals += 1;
                self.cause = Some(cause.clone());
                self.plan = None;
            }
            Event::AnswerLost { cause } => {
                self.status = Status::Unknown;
                self.cause = Some(cause.clone());
                self.plan = None;
            }
            Event::NotFound { last, cause } => {
                self.looks = if *last { LOOKS_MAX } else { self.looks + 1 };
                self.cause = Some(cause.clone());
            }
            Event::Resent { .. } => {
                self.status = Status::Queued;
                self.plan = None;
                self.cause = None;
            }
            Event::Held { by, .. } => {
                self.status = Status::Held;
                self.held_by.clone_from(by);
                self.approvals.clear();
                self.missed = self.plan.take().map(|plan| plan.at);
            }
            Event::Passed { approval } => {
                self.approvals.push(approval.clone());
                self.passed = Some(approval.by.clone());
                self.held_by = None;
            }
            _ => {}
        }
    }
}
