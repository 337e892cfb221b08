//! Who may let a draft leave: submitting, approving, returning, taking back.
//!
//! An approval holds for the hash of what was shown; whoever wrote a part of the text never approves it, in any
//! version. Only a team of one does, after [`SECOND_LOOK_MS`].

use super::diff;
use super::draft::{
    Approval, COMMENT_CHARS_MAX, Command, Draft, Event, Refusal, Shown, Status, Version, Wish, checked,
};
use crate::domain::decide::Facts;
use crate::domain::office::{MemberId, Office};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::{MINUTE_MS, Timestamp};

/// How long a team of one waits between writing and approving: long enough to read it with fresh eyes.
pub const SECOND_LOOK_MS: i64 = 10 * MINUTE_MS;

impl Draft {
    pub(super) fn edit(
        &self,
        text: &str,
        private: Option<bool>,
        shown: Option<&Shown>,
        limit: usize,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_editable()?;
        let (Some(by), Some(current)) = (facts.actor.member(), self.current()) else { return Ok(Vec::new()) };
        let text = checked(text, limit)?;
        if let Some(shown) = shown {
            self.must_be_current(shown)?;
        }
        let private = if self.opening.direct { current.private } else { private.unwrap_or(current.private) };
        if text == current.text && private == current.private {
            return Ok(Vec::new());
        }
        let version = Version {
            number: current.number + 1,
            hash: Self::fingerprint(&self.opening, &text, private, current.window),
            text,
            private,
            by: by.clone(),
            at: facts.now,
            window: current.window,
        };
        Ok(vec![Event::Edited { version, voided: self.approvers() }])
    }

    pub(super) fn submit(
        &self,
        reviewers: &[MemberId],
        may_send: bool,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_editable()?;
        if self.status == Status::Queued {
            return Err(Refusal::OnItsWay(self.status));
        }
        let (Some(by), Some(current)) = (facts.actor.member(), self.current()) else { return Ok(Vec::new()) };
        if !self.needs_approval(facts.office) && may_send {
            return Ok(vec![Event::Released { by: Some(by.clone()) }]);
        }
        let window = self.plan.as_ref().map(|plan| plan.at);
        let approved = matches!(self.status, Status::Approved | Status::Scheduled);
        if approved
            && current.window == window
            && let Some(yes) = self.approvals.first()
        {
            return Err(Refusal::AlreadyApproved { by: yes.by.clone() });
        }
        let others = |one: &&MemberId| facts.office.is_solo() || !self.authors.contains(*one);
        let reviewers: Vec<MemberId> = reviewers.iter().filter(others).cloned().collect();
        if reviewers.is_empty() {
            return Err(Refusal::NobodyToApprove);
        }
        if self.status == Status::InReview && current.window == window && reviewers == self.reviewers {
            return Ok(Vec::new());
        }
        let version = self.with_window(current, window);
        Ok(vec![Event::Submitted { by: by.clone(), version, reviewers, voided: self.approvers() }])
    }

    /// The current version for a planned time; a new number when approvers have seen it for another time.
    pub(super) fn with_window(&self, current: &Version, window: Option<Timestamp>) -> Version {
        let seen = self.submitted == current.number && current.window != window;
        Version {
            number: if seen { current.number + 1 } else { current.number },
            hash: Self::fingerprint(&self.opening, &current.text, current.private, window),
            window,
            ..current.clone()
        }
    }

    pub(super) fn approve(&self, shown: &Shown, comment: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let (Some(by), Some(current)) = (facts.actor.member(), self.current()) else { return Ok(Vec::new()) };
        self.must_be_current(shown)?;
        let comment = comment.trim();
        if !comment.is_empty() {
            checked(comment, COMMENT_CHARS_MAX)?;
        }
        if self.status != Status::InReview {
            return Err(match self.approvals.first() {
                Some(yes) => Refusal::AlreadyApproved { by: yes.by.clone() },
                None => Refusal::NotInReview(self.status),
            });
        }
        let alone = self.authors.contains(by);
        if alone {
            if !self.is_alone(by, facts.office) {
                return Err(Refusal::OwnVersion);
            }
            let again = current.at.plus_ms(SECOND_LOOK_MS);
            if facts.now < again {
                return Err(Refusal::TooSoon { again });
            }
        }
        let instead_of = self.for_whom(by, facts);
        if instead_of.as_ref().is_some_and(|whom| self.authors.contains(whom)) {
            return Err(Refusal::OwnVersion);
        }
        let approval = Approval { by: by.clone(), at: facts.now, hash: current.hash.clone(), instead_of, alone };
        let mut events = Vec::new();
        if let Some(plan) = self.plan.as_ref().filter(|plan| plan.at <= facts.now) {
            events.push(Event::Missed { at: plan.at, approved: false });
        }
        events.push(Event::Approved { approval, version: current.number, comment: comment.to_owned() });
        if !self.opening.post {
            events.push(Event::Released { by: Some(by.clone()) });
        }
        Ok(events)
    }

    /// For whom somebody decides: who was asked and is away, or whose right is lent to them.
    fn for_whom(&self, by: &MemberId, facts: &Facts<'_>) -> Option<MemberId> {
        let right = if self.opening.post { Right::ApprovePost } else { Right::ApproveReply };
        let scope = Scope { network: Some(&self.opening.network), topic: Some(&self.opening.topic), own: false };
        let lent = || rights::for_whom(facts.office, by, right, scope);
        self.instead.get(by).or_else(lent).cloned()
    }

    pub(super) fn ask_again(&self, reviewers: &[(MemberId, Option<MemberId>)], office: &Office) -> Vec<Event> {
        let others = |one: &&(MemberId, Option<MemberId>)| office.is_solo() || !self.authors.contains(&one.0);
        let open = reviewers.iter().filter(others);
        let asked: Vec<MemberId> = open.clone().map(|(member, _)| member.clone()).collect();
        let same = asked.len() == self.reviewers.len() && asked.iter().all(|member| self.reviewers.contains(member));
        if self.status != Status::InReview || same {
            return Vec::new();
        }
        let added = asked.iter().filter(|member| !self.reviewers.contains(member)).cloned().collect();
        let dropped = self.reviewers.iter().filter(|member| !asked.contains(member)).cloned().collect();
        let instead = open.filter_map(|(member, whom)| Some((member.clone(), whom.clone()?))).collect();
        vec![Event::Reasked { reviewers: asked, instead, added, dropped }]
    }

    /// The author is the whole team: who wrote it looks at it a second time, because nobody else can.
    #[must_use]
    pub fn is_alone(&self, by: &MemberId, office: &Office) -> bool {
        office.is_solo() && office.members.get(by).is_some_and(|member| !member.roles.is_empty())
    }

    pub(super) fn ask_changes(
        &self,
        shown: Option<&Shown>,
        text: &str,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if self.status != Status::InReview {
            return Err(Refusal::NotInReview(self.status));
        }
        if let Some(shown) = shown {
            self.must_be_current(shown)?;
        }
        let text = checked(text, COMMENT_CHARS_MAX)?;
        Ok(vec![Event::ChangesAsked { wish: Wish { by: by.clone(), version: self.number(), text } }])
    }

    pub(super) fn revoke(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        match self.status {
            Status::Approved | Status::Scheduled | Status::Queued if !self.approvals.is_empty() => {
                Ok(vec![Event::Revoked { by: by.clone(), voided: self.approvers() }])
            }
            Status::Sending | Status::Unknown => Err(Refusal::OnItsWay(self.status)),
            Status::Sent | Status::Cancelled => Err(Refusal::Finished(self.status)),
            _ => Err(Refusal::NothingToRevoke),
        }
    }

    pub(super) fn cancel(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_editable()?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        Ok(vec![Event::Cancelled { by: by.clone(), at: facts.now }])
    }

    /// Nothing of it is out, may be out, or was given up.
    pub(super) fn must_be_editable(&self) -> Result<(), Refusal> {
        if self.status.is_editable() {
            return Ok(());
        }
        Err(if self.status.is_final() { Refusal::Finished(self.status) } else { Refusal::OnItsWay(self.status) })
    }

    /// What was shown is what stands now.
    ///
    /// # Errors
    /// [`Refusal::Replaced`] with what changed since.
    pub fn must_be_current(&self, shown: &Shown) -> Result<(), Refusal> {
        let Some(current) = self.current() else { return Ok(()) };
        let same_hash = shown.hash.as_ref().is_none_or(|hash| !hash.is_empty() && current.hash.starts_with(hash));
        if shown.version == current.number && same_hash {
            return Ok(());
        }
        let old = self.versions.iter().find(|version| version.number == shown.version);
        let diff = old.map_or_else(String::new, |old| diff::summary(&old.text, &current.text));
        Err(Refusal::Replaced { shown: shown.version, current: current.number, diff })
    }
}

impl Command {
    /// The start of a hash that a button carries: 64 bits, enough that no two versions of a draft share it.
    pub const HASH_SHOWN: usize = 16;
}
