//! A draft: a reply or a post, its versions, and where it stands between the first word and the network's receipt.
//!
//! One state machine for both. Never calls a network and never holds text that nobody wrote into a draft. The decisions live
//! in `approval`, `plan` and `leaving`; start at [`Draft::evolve`], which is all that can happen to one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use super::acts::{Command, Event, Refusal, event_name};
pub use super::parts::{Approval, Opening, Plan, Receipt, Shown, Version, Wish};
use crate::domain::decide::{Decider, Facts};
use crate::domain::ids::{Kind, Ref};
use crate::domain::office::{MemberId, Office};
use crate::domain::time::Timestamp;

/// Longest text of a draft, in characters: what a form takes (Slack docs: plain-text input, 3 000), so that every draft can
/// be edited in chat.
pub const TEXT_CHARS_MAX: usize = 3_000;
/// Longest comment of an approver, in characters.
pub const COMMENT_CHARS_MAX: usize = 1_000;
/// Versions kept in the draft itself; older ones stay in the journal.
pub const VERSIONS_MAX: usize = 20;

/// Where a draft stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written.
    #[default]
    Drafting,
    /// Waits for somebody else's approval.
    InReview,
    /// Approved as it stands.
    Approved,
    /// Approved and planned.
    Scheduled,
    /// Told to leave; nothing is out yet.
    Queued,
    /// Given to the network; no answer yet.
    Sending,
    /// The network said that it is out.
    Sent,
    /// The network said no; nothing is out.
    Refused,
    /// Nobody knows whether it is out.
    Unknown,
    /// Stopped by a freeze; only a person lets it go on.
    Held,
    /// Given up.
    Cancelled,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Drafting,
        Self::InReview,
        Self::Approved,
        Self::Scheduled,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Refused,
        Self::Unknown,
        Self::Held,
        Self::Cancelled,
    ];

    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
        }
    }

    /// Nothing further can happen to it.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Cancelled)
    }

    /// Its text may be changed: nothing of it is or may be out.
    #[must_use]
    pub fn is_editable(self) -> bool {
        !self.is_final() && !matches!(self, Self::Sending | Self::Unknown)
    }
}

/// The state of a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Number; 0 before it was opened.
    pub id: i64,
    /// What it was opened with.
    pub opening: Opening,
    /// Versions, newest last; never empty once opened.
    pub versions: Vec<Version>,
    /// Everybody who wrote a part of what it says now.
    pub authors: BTreeSet<MemberId>,
    /// Where it stands.
    pub status: Status,
    /// Who was asked to approve.
    pub reviewers: Vec<MemberId>,
    /// Who of them stands in for somebody who is away.
    #[serde(default)]
    pub instead: BTreeMap<MemberId, MemberId>,
    /// The newest version number that approvers were shown; 0 before.
    pub submitted: u32,
    /// Approvals of the version as it stands; voided by any change.
    pub approvals: Vec<Approval>,
    /// What an approver wants changed.
    pub wish: Option<Wish>,
    /// When it is to leave.
    pub plan: Option<Plan>,
    /// A planned time that passed without it leaving.
    pub missed: Option<Timestamp>,
    /// Somebody was told that it is late.
    pub late_told: bool,
    /// Tries to send; each was claimed once.
    pub attempt: u32,
    /// Tries that the network certainly refused.
    pub refusals: u32,
    /// Looks for an attempt of unknown outcome.
    pub looks: u32,
    /// Why it did not go out.
    pub cause: Option<String>,
    /// The freeze that holds it, as people name it.
    pub held_by: Option<String>,
    /// The crisis lead who let this reply leave in spite of a freeze.
    pub passed: Option<MemberId>,
    /// The receipt.
    pub receipt: Option<Receipt>,
    /// When it was sent or given up.
    pub closed_at: Option<Timestamp>,
}

impl Draft {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(if self.opening.post { Kind::Post } else { Kind::Reply }, self.id)
    }

    /// Whose card shows it: its own, or the ticket's.
    #[must_use]
    pub fn card(&self) -> Ref {
        self.opening.ticket.map_or_else(|| self.subject(), |id| Ref::new(Kind::Ticket, id))
    }

    /// The version as it stands.
    #[must_use]
    pub fn current(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The text as it stands.
    #[must_use]
    pub fn text(&self) -> &str {
        self.current().map_or("", |version| version.text.as_str())
    }

    /// Its version number; 0 before it was opened.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.current().map_or(0, |version| version.number)
    }

    /// Whether somebody else must approve it before it leaves.
    #[must_use]
    pub fn needs_approval(&self, office: &Office) -> bool {
        let by_account = office.accounts.get(&self.opening.network).is_some_and(|account| account.approve_replies);
        // An automatic answer is the library's approved words, letter by letter; once edited it is like any other.
        let by_account = by_account && (self.opening.automatic.is_none() || self.number() > 1);
        self.opening.post || self.opening.sensitive || by_account
    }

    /// Somebody who wrote no part of it approved exactly what stands now (in a team of one: its author, on a second look).
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let hash = self.current().map(|version| version.hash.as_str());
        self.approvals
            .iter()
            .any(|yes| Some(yes.hash.as_str()) == hash && (yes.alone || !self.authors.contains(&yes.by)))
    }

    /// The hash of a version with these parts.
    pub(super) fn fingerprint(opening: &Opening, text: &str, private: bool, window: Option<Timestamp>) -> String {
        // A JSON array keeps the parts apart, whatever characters they hold.
        let parts = serde_json::json!([
            opening.post,
            [&opening.network],
            opening.account,
            opening.in_reply_to,
            opening.reply_url,
            private,
            text,
            window
        ]);
        hex::encode(Sha256::digest(parts.to_string().as_bytes()))
    }

    pub(super) fn approvers(&self) -> Vec<MemberId> {
        self.approvals.iter().map(|approval| approval.by.clone()).collect()
    }

    pub(super) fn put_version(&mut self, version: &Version) {
        self.versions.retain(|known| known.number != version.number);
        self.versions.push(version.clone());
        if self.versions.len() > VERSIONS_MAX {
            self.versions.remove(0);
        }
    }

    fn void(&mut self) {
        self.approvals.clear();
        self.passed = None;
    }
}

impl Decider for Draft {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open { id, opening, text, private, limit } => open(*id, opening, text, *private, *limit),
            Command::Edit { text, private, shown, limit } => self.edit(text, *private, shown.as_ref(), *limit, facts),
            Command::Submit { reviewers, may_send } => self.submit(reviewers, *may_send, facts),
            Command::Approve { shown, comment } => self.approve(shown, comment, facts),
            Command::AskAgain { reviewers } => Ok(self.ask_again(reviewers, facts.office)),
            Command::AskChanges { shown, text } => self.ask_changes(shown.as_ref(), text, facts),
            Command::Revoke => self.revoke(facts),
            Command::Plan { at, wall, gate } => self.plan_for(*at, wall, gate, facts),
            Command::Unplan => self.unplan(facts),
            Command::PublishNow { gate } => self.publish_now(gate, facts),
            Command::Retry => self.retry(facts),
            Command::Cancel => self.cancel(facts),
            Command::Claim { gate } => Ok(self.claim(gate, facts)),
            Command::Delivered { attempt, id, url } => Ok(self.delivered(*attempt, id, url, facts.now)),
            Command::Rejected { attempt, cause } => Ok(self.rejected(*attempt, cause)),
            Command::PutOff { attempt, cause } => Ok(self.put_off(*attempt, cause)),
            Command::LoseAnswer { attempt, cause } => Ok(self.lose_answer(*attempt, cause)),
            Command::LookInVain { attempt, last, cause } => Ok(self.look_in_vain(*attempt, *last, cause)),
            Command::Settle { out } => self.settle(*out, facts),
            Command::Hold { by } => Ok(self.hold(by.as_ref())),
            Command::Pass => self.pass(facts),
            Command::Tick => Ok(self.tick(facts)),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Opened { id, opening, version } => {
                self.id = *id;
                self.authors.insert(version.by.clone());
                self.opening = (**opening).clone();
                self.put_version(version);
            }
            Event::Edited { version, .. } => {
                self.authors.insert(version.by.clone());
                self.put_version(version);
                self.status = Status::Drafting;
                self.void();
                self.cause = None;
                self.held_by = None;
            }
            Event::Submitted { version, reviewers, .. } => {
                self.put_version(version);
                self.submitted = version.number;
                self.reviewers.clone_from(reviewers);
                self.instead.clear();
                self.status = Status::InReview;
                self.void();
                self.wish = None;
                self.cause = None;
                self.held_by = None;
                self.missed = None;
            }
            Event::Reasked { reviewers, instead, .. } => {
                self.reviewers.clone_from(reviewers);
                self.instead.clone_from(instead);
            }
            Event::Approved { approval, .. } => {
                self.approvals.push(approval.clone());
                self.status = if self.plan.is_some() { Status::Scheduled } else { Status::Approved };
            }
            Event::ChangesAsked { wish } => {
                self.wish = Some(wish.clone());
                self.status = Status::Drafting;
                self.void();
            }
            Event::Revoked { .. } => {
                self.status = Status::InReview;
                self.void();
            }
            Event::Planned { plan, version, .. } => self.take_plan(plan, version.as_ref()),
            Event::Unplanned { .. } => {
                self.plan = None;
                if self.status == Status::Scheduled {
                    self.status = Status::Approved;
                }
            }
            Event::Reminded => {
                if let Some(plan) = &mut self.plan {
                    plan.reminded = plan.reminded.saturating_add(1);
                }
            }
            Event::Missed { at, .. } => {
                self.missed = Some(*at);
                self.plan = None;
                if matches!(self.status, Status::Scheduled | Status::Queued) {
                    self.status = if self.is_approved() { Status::Approved } else { Status::Drafting };
                }
            }
            Event::LateTold { .. } => self.late_told = true,
            Event::Cancelled { at, .. } => {
                self.status = Status::Cancelled;
                self.closed_at = Some(*at);
                self.plan = None;
                self.void();
            }
            leaving => self.go(leaving),
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.next_due()
    }
}

fn open(id: i64, opening: &Opening, text: &str, private: bool, limit: usize) -> Result<Vec<Event>, Refusal> {
    let text = checked(text, limit)?;
    let version = Version {
        number: 1,
        hash: Draft::fingerprint(opening, &text, private, None),
        text,
        private,
        by: opening.author.clone(),
        at: opening.at,
        window: None,
    };
    Ok(vec![Event::Opened { id, opening: Box::new(opening.clone()), version }])
}

/// A text within the network's and our own limit.
pub(super) fn checked(text: &str, limit: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::EmptyText);
    }
    let (length, max) = (text.chars().count(), limit.min(TEXT_CHARS_MAX));
    if length > max {
        return Err(Refusal::TooLong { length, max });
    }
    Ok(text.to_owned())
}
