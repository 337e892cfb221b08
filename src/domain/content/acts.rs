//! What can be asked of a draft, what can happen to it, and why it may be refused.
//!
//! Values only; the decisions live in `approval`, `plan` and `leaving`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::{Approval, Opening, Plan, Receipt, Shown, Status, Version, Wish};
use crate::domain::crisis::Gate;
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// What can be asked of a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A new draft.
    Open {
        /// Number.
        id: i64,
        /// With what.
        opening: Box<Opening>,
        /// First text.
        text: String,
        /// Private message.
        private: bool,
        /// Longest text of the network, in characters.
        limit: usize,
    },
    /// Change its text.
    Edit {
        /// New text.
        text: String,
        /// New visibility; `None` keeps it.
        private: Option<bool>,
        /// What the editor started from.
        shown: Option<Shown>,
        /// Longest text of the network, in characters.
        limit: usize,
    },
    /// Let it go on: to approvers, or out at once where no approval is needed.
    Submit {
        /// Who could approve; authors are left out.
        reviewers: Vec<MemberId>,
        /// Whether the caller may send replies.
        may_send: bool,
    },
    /// Approve what was shown.
    Approve {
        /// What was shown.
        shown: Shown,
        /// Words beside it; may be empty.
        comment: String,
    },
    /// Others are asked: somebody went or came back.
    AskAgain {
        /// Who could approve, and for whom they would; authors are left out.
        reviewers: Vec<(MemberId, Option<MemberId>)>,
    },
    /// Return it with a wish.
    AskChanges {
        /// What was shown, when a button was pressed.
        shown: Option<Shown>,
        /// What to change.
        text: String,
    },
    /// Take an approval back before it leaves.
    Revoke,
    /// Plan when it leaves.
    Plan {
        /// The instant.
        at: Timestamp,
        /// As the wall clock shows it.
        wall: String,
        /// The freeze now.
        gate: Gate,
    },
    /// Take the plan back.
    Unplan,
    /// Let an approved post leave now.
    PublishNow {
        /// The freeze now.
        gate: Gate,
    },
    /// Try again after a refusal of the network.
    Retry,
    /// Give it up.
    Cancel,
    /// The carrier wants to send it.
    Claim {
        /// The freeze, read in the same transaction.
        gate: Gate,
    },
    /// The network said that it is out.
    Delivered {
        /// Which try.
        attempt: u32,
        /// The network's id.
        id: String,
        /// Link.
        url: String,
    },
    /// The network said no.
    Rejected {
        /// Which try.
        attempt: u32,
        /// Its words.
        cause: String,
    },
    /// The network said: not now.
    PutOff {
        /// Which try.
        attempt: u32,
        /// Its words.
        cause: String,
    },
    /// No answer came.
    LoseAnswer {
        /// Which try.
        attempt: u32,
        /// What happened.
        cause: String,
    },
    /// A look found nothing, or could not be taken.
    LookInVain {
        /// Which try.
        attempt: u32,
        /// There is no use in looking again.
        last: bool,
        /// What came of it.
        cause: String,
    },
    /// A person says whether it is out.
    Settle {
        /// It is.
        out: bool,
    },
    /// A freeze stops it before it is sent.
    Hold {
        /// The crisis.
        by: Option<String>,
    },
    /// The crisis lead lets a held reply leave.
    Pass,
    /// Time has passed.
    Tick,
}

/// What happened to a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was begun.
    Opened {
        /// Number.
        id: i64,
        /// With what.
        opening: Box<Opening>,
        /// First version.
        version: Version,
    },
    /// Its text changed; approvals ended.
    Edited {
        /// The new version.
        version: Version,
        /// Whose approvals ended.
        voided: Vec<MemberId>,
    },
    /// It was sent to approvers.
    Submitted {
        /// By whom.
        by: MemberId,
        /// What they are shown; a new number when the window changed.
        version: Version,
        /// To whom.
        reviewers: Vec<MemberId>,
        /// Whose approvals ended.
        voided: Vec<MemberId>,
    },
    /// Others were asked: somebody went or came back.
    Reasked {
        /// Who is asked now.
        reviewers: Vec<MemberId>,
        /// Who of them stands in, and for whom.
        instead: BTreeMap<MemberId, MemberId>,
        /// Who was not asked before.
        added: Vec<MemberId>,
        /// Who is not asked any more.
        #[serde(default)]
        dropped: Vec<MemberId>,
    },
    /// Somebody approved.
    Approved {
        /// Who, when, what.
        approval: Approval,
        /// Version number.
        version: u32,
        /// Words beside it; may be empty.
        #[serde(default)]
        comment: String,
    },
    /// An approver wants something changed.
    ChangesAsked {
        /// Who, about what, and what.
        wish: Wish,
    },
    /// Approvals were taken back.
    Revoked {
        /// By whom.
        by: MemberId,
        /// Whose approvals ended.
        voided: Vec<MemberId>,
    },
    /// It was planned or moved.
    Planned {
        /// The plan.
        plan: Plan,
        /// A new version, when approvers had seen another time.
        version: Option<Version>,
        /// Whose approvals ended.
        voided: Vec<MemberId>,
    },
    /// The plan was taken back.
    Unplanned {
        /// By whom.
        by: MemberId,
    },
    /// An approval is still missing and its time comes near.
    Reminded,
    /// Its time passed without it leaving.
    Missed {
        /// The time.
        at: Timestamp,
        /// It was approved, but could not leave in time.
        approved: bool,
    },
    /// It may leave.
    Released {
        /// By whom; nobody when its time has come.
        by: Option<MemberId>,
    },
    /// An approval that it needs is not there (any more); it goes back.
    Returned,
    /// One try to send it was begun.
    Claimed {
        /// Which.
        attempt: u32,
        /// What leaves.
        hash: String,
    },
    /// The network said: not now.
    PutOff {
        /// Its words.
        cause: String,
    },
    /// It is out.
    Sent {
        /// The receipt.
        receipt: Receipt,
    },
    /// The network said no.
    Rejected {
        /// Its words.
        cause: String,
    },
    /// No answer came.
    AnswerLost {
        /// What happened.
        cause: String,
    },
    /// It could not be found on the network.
    NotFound {
        /// No further look will be taken.
        last: bool,
        /// What came of it.
        cause: String,
    },
    /// A person says that it is not out and lets it leave again.
    Resent {
        /// Who.
        by: MemberId,
    },
    /// A freeze stopped it.
    Held {
        /// The crisis.
        by: Option<String>,
        /// Whose approvals ended.
        voided: Vec<MemberId>,
    },
    /// The crisis lead let it leave in spite of the freeze.
    Passed {
        /// Who, when, what.
        approval: Approval,
    },
    /// It is later than it should be.
    LateTold {
        /// By how much, in milliseconds.
        late_ms: i64,
    },
    /// It was given up.
    Cancelled {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
}

/// Why a draft cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// Characters written.
        length: usize,
        /// Most characters.
        max: usize,
    },
    /// What was shown is not what stands now.
    Replaced {
        /// Version shown.
        shown: u32,
        /// Version now.
        current: u32,
        /// What changed, in one line.
        diff: String,
    },
    /// Nobody approves what they wrote a part of.
    OwnVersion,
    /// A team of one approves its own version only after a pause.
    TooSoon {
        /// From when on.
        again: Timestamp,
    },
    /// It does not wait for an approval.
    NotInReview(Status),
    /// Somebody approved it already.
    AlreadyApproved {
        /// Who.
        by: MemberId,
    },
    /// Nobody else may approve it.
    NobodyToApprove,
    /// It needs an approval first.
    NotApproved,
    /// Publishing at once takes two people.
    SamePerson,
    /// It was approved for another time.
    OtherTime {
        /// The time.
        window: Timestamp,
    },
    /// It is with the network; nothing can be changed.
    OnItsWay(Status),
    /// It is out, or was given up.
    Finished(Status),
    /// There is no approval to take back.
    NothingToRevoke,
    /// It is not planned.
    NotPlanned,
    /// Only posts can be planned.
    OnlyPosts,
    /// That time is over.
    Past,
    /// Publishing is frozen.
    Frozen {
        /// The crisis.
        by: Option<String>,
    },
    /// It is not in the state that the button was made for.
    NotNow(Status),
}

/// The journal's name of an event.
#[must_use]
pub fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "opened",
        Event::Edited { .. } => "edited",
        Event::Submitted { .. } => "submitted",
        Event::Reasked { .. } => "reasked",
        Event::Approved { .. } => "approved",
        Event::ChangesAsked { .. } => "changes_asked",
        Event::Revoked { .. } => "revoked",
        Event::Planned { .. } => "planned",
        Event::Unplanned { .. } => "unplanned",
        Event::Reminded => "reminded",
        Event::Missed { .. } => "missed",
        Event::Released { .. } => "released",
        Event::Returned => "returned",
        Event::Claimed { .. } => "claimed",
        Event::PutOff { .. } => "put_off",
        Event::Sent { .. } => "sent",
        Event::Rejected { .. } => "rejected",
        Event::AnswerLost { .. } => "answer_lost",
        Event::NotFound { .. } => "not_found",
        Event::Resent { .. } => "resent",
        Event::Held { .. } => "held",
        Event::Passed { .. } => "passed",
        Event::LateTold { .. } => "late_told",
        Event::Cancelled { .. } => "cancelled",
    }
}
