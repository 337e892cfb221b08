//! When a post leaves: planning, reminders of a missing approval, and what happens when the time has passed.
//!
//! Never publishes what is not approved at its time, and nothing by itself once it is too late.

use super::draft::{Draft, Event, Plan, Refusal, Status, Version};
use crate::domain::crisis::Gate;
use crate::domain::decide::Facts;
use crate::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};

/// How far a planned time may move before approvals end, in milliseconds (PRODUCT U7: more than 2 h).
pub const WINDOW_MS: i64 = 2 * HOUR_MS;
/// When people are told that an approval is missing, before the planned time (PRODUCT U7: 24 h, 4 h, 30 min).
pub const REMIND_BEFORE_MS: [i64; 3] = [24 * HOUR_MS, 4 * HOUR_MS, 30 * MINUTE_MS];
/// A post is late after so long (PRODUCT U8: on time is within 2 min).
pub const LATE_MS: i64 = 2 * MINUTE_MS;
/// A post later than this does not leave by itself any more: the moment it was written for is over, a person decides.
pub const TOO_LATE_MS: i64 = HOUR_MS;

impl Draft {
    pub(super) fn plan_for(
        &self,
        at: Timestamp,
        wall: &str,
        gate: &Gate,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.opening.post {
            return Err(Refusal::OnlyPosts);
        }
        self.must_be_editable()?;
        if self.status == Status::Queued {
            return Err(Refusal::OnItsWay(self.status));
        }
        if gate.stops(&self.opening.network, true) {
            return Err(Refusal::Frozen { by: gate.holder() });
        }
        if at <= facts.now {
            return Err(Refusal::Past);
        }
        let (Some(by), Some(current)) = (facts.actor.member(), self.current()) else { return Ok(Vec::new()) };
        if self.plan.as_ref().is_some_and(|plan| plan.at == at) {
            return Ok(Vec::new());
        }
        let reminded = REMIND_BEFORE_MS.iter().filter(|before_ms| at.plus_ms(-**before_ms) <= facts.now).count();
        let plan =
            Plan { at, wall: wall.to_owned(), by: by.clone(), reminded: u8::try_from(reminded).unwrap_or(u8::MAX) };
        let version = (!self.window_covers(at)).then(|| self.with_window(current, Some(at)));
        let voided = if version.is_some() { self.approvers() } else { Vec::new() };
        Ok(vec![Event::Planned { plan, version, voided }])
    }

    /// Whether approvers, asked or done, would still say yes to this time: nobody was asked, they approved it for any time,
    /// or it lies near the time they were shown.
    fn window_covers(&self, at: Timestamp) -> bool {
        let window = self.current().and_then(|version| version.window);
        match (self.status, window) {
            (Status::InReview | Status::Approved | Status::Scheduled, Some(window)) => {
                at.since(window).abs() <= WINDOW_MS
            }
            (Status::InReview, None) => false,
            _ => true,
        }
    }

    pub(super) fn take_plan(&mut self, plan: &Plan, version: Option<&Version>) {
        self.plan = Some(plan.clone());
        self.missed = None;
        self.late_told = false;
        match version {
            Some(version) => {
                self.put_version(version);
                self.submitted = version.number;
                self.approvals.clear();
                self.status = Status::InReview;
            }
            None if self.status == Status::Approved => self.status = Status::Scheduled,
            None if matches!(self.status, Status::Held | Status::Refused) => {
                self.status = Status::Drafting;
                self.approvals.clear();
            }
            None => {}
        }
    }

    pub(super) fn unplan(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_editable()?;
        if self.status == Status::Queued {
            return Err(Refusal::OnItsWay(self.status));
        }
        if self.plan.is_none() {
            return Err(Refusal::NotPlanned);
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        Ok(vec![Event::Unplanned { by: by.clone() }])
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let plan = self.plan.as_ref()?;
        match self.status {
            Status::Scheduled => Some(plan.at),
            Status::Queued | Status::Sending => (!self.late_told).then(|| plan.at.plus_ms(LATE_MS)),
            Status::Drafting | Status::InReview | Status::Held | Status::Refused => {
                let before_ms = REMIND_BEFORE_MS.get(usize::from(plan.reminded)).copied().unwrap_or(0);
                Some(plan.at.plus_ms(-before_ms))
            }
            Status::Approved | Status::Sent | Status::Unknown | Status::Cancelled => None,
        }
    }

    pub(super) fn tick(&self, facts: &Facts<'_>) -> Vec<Event> {
        let (Some(plan), Some(due)) = (&self.plan, self.next_due()) else { return Vec::new() };
        if due > facts.now {
            return Vec::new();
        }
        let late_ms = facts.now.since(plan.at);
        match self.status {
            Status::Scheduled if late_ms > TOO_LATE_MS => vec![Event::Missed { at: plan.at, approved: true }],
            Status::Scheduled if self.is_approved() => vec![Event::Released { by: None }],
            Status::Queued | Status::Sending => vec![Event::LateTold { late_ms }],
            _ if late_ms >= 0 => vec![Event::Missed { at: plan.at, approved: false }],
            _ => vec![Event::Reminded],
        }
    }

    /// Whether a post may leave now as far as its time goes.
    pub(super) fn is_too_late(&self, now: Timestamp) -> Option<Timestamp> {
        self.plan.as_ref().map(|plan| plan.at).filter(|at| self.opening.post && now.since(*at) > TOO_LATE_MS)
    }

    /// How late it left, when that is worth an alarm.
    pub(super) fn lateness(&self, now: Timestamp) -> Option<i64> {
        let late_ms = now.since(self.plan.as_ref()?.at);
        (!self.late_told && late_ms > LATE_MS).then_some(late_ms)
    }
}
