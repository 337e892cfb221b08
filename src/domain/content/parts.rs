//! The parts of a draft: versions, approvals, plans, receipts, and what it was opened with.
//!
//! Values only; what happens to them is decided elsewhere. Start at [`Version`] and [`Opening`].

use serde::{Deserialize, Serialize};

use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// A version, never changed once somebody was asked to approve it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// Final text.
    pub text: String,
    /// Private message rather than public comment.
    pub private: bool,
    /// Who wrote it.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// The planned time that approvers were shown, if there was one.
    pub window: Option<Timestamp>,
    /// SHA-256 over everything that an approval covers, in hex.
    pub hash: String,
}

/// What somebody looked at when they pressed or typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Version number.
    pub version: u32,
    /// Start of its hash, when a button carried it.
    pub hash: Option<String>,
}

/// Somebody's yes to one hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// What exactly.
    pub hash: String,
    /// For whom, when they stood in for somebody who was away.
    #[serde(default)]
    pub instead_of: Option<MemberId>,
    /// By a team of one, about its own text.
    #[serde(default)]
    pub alone: bool,
}

/// When a post is to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The instant.
    pub at: Timestamp,
    /// As the wall clock of the office shows it, e.g. `2026-03-17T09:00`.
    pub wall: String,
    /// Who planned it.
    pub by: MemberId,
    /// Reminders of a missing approval that were given or that lay in the past already.
    pub reminded: u8,
}

/// The network's word that it is out, or a person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The network's id; empty when a person said so.
    pub id: String,
    /// Link, empty when there is none.
    pub url: String,
    /// When we learnt it.
    pub at: Timestamp,
    /// The person who said so, when the network did not.
    pub by: Option<MemberId>,
}

/// What an approver wants changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Who.
    pub by: MemberId,
    /// About which version.
    pub version: u32,
    /// What.
    pub text: String,
}

/// What a draft is opened with; never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// A post of our own rather than a reply.
    pub post: bool,
    /// Network.
    pub network: String,
    /// Our account there, empty when the network has one only.
    pub account: String,
    /// Topic, for rights.
    pub topic: String,
    /// Desk that shows it.
    pub desk: String,
    /// The ticket answered.
    pub ticket: Option<i64>,
    /// The network's id of the message answered.
    pub in_reply_to: String,
    /// Where the answered message wants its answer.
    pub reply_url: Option<String>,
    /// The conversation is private already; there is no choice.
    pub direct: bool,
    /// Its topic asks for an approval, whatever the account says.
    pub sensitive: bool,
    /// The rule that answers by itself with approved words; in the name of whoever switched it on.
    #[serde(default)]
    pub automatic: Option<i64>,
    /// Who began it.
    pub author: MemberId,
    /// For whom: the ticket's own owner, who is away.
    #[serde(default)]
    pub for_whom: Option<MemberId>,
    /// When.
    pub at: Timestamp,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            post: false,
            network: String::new(),
            account: String::new(),
            topic: String::new(),
            desk: String::new(),
            ticket: None,
            in_reply_to: String::new(),
            reply_url: None,
            direct: false,
            sensitive: false,
            automatic: None,
            for_whom: None,
            author: MemberId::new(""),
            at: Timestamp(0),
        }
    }
}
