//! What a ticket is opened with: the customer, their messages, and what triage made of them.
//!
//! Never changes a running clock: deadlines are copied here once. Start at [`Opening`].

use serde::{Deserialize, Serialize};

use super::triage::{Because, Mood};
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// Who wrote on the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The network's id of the author.
    pub id: String,
    /// Name or handle.
    pub name: String,
    /// Profile address, empty when unknown.
    pub url: String,
    /// Followers, when the network tells.
    pub followers: Option<u64>,
}

/// One message of the customer, or of the thread a ticket was opened from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Identity at its source (network id, or chat message).
    pub source: String,
    /// Who wrote it.
    pub author: String,
    /// Text.
    pub text: String,
    /// When it was written there.
    pub at: Timestamp,
    /// Deleted at its source.
    #[serde(default)]
    pub deleted: bool,
}

/// Everything known when a message becomes a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Network name, or `chat` for a ticket opened from a chat message.
    pub network: String,
    /// `comment`, `dm`, `mention`, `review`, `chat`...
    pub kind: String,
    /// Who wrote.
    pub customer: Customer,
    /// First message and, for a chat thread, the others.
    pub entries: Vec<Entry>,
    /// Link to the original, empty when there is none.
    pub url: String,
    /// Where an answer is posted when the message brought its own address.
    pub reply_url: Option<String>,
    /// ISO 639-1, when known.
    pub language: Option<String>,
    /// Topic.
    pub topic: String,
    /// 1 (most urgent) to 4.
    pub priority: u8,
    /// Role that takes care of it.
    pub role: String,
    /// Desk that shows it.
    pub desk: String,
    /// How the customer feels; `None` when nothing in the message tells.
    #[serde(default)]
    pub mood: Option<Mood>,
    /// Why each of these has its value.
    #[serde(default)]
    pub reasons: Vec<Because>,
    /// Who opened it by hand, if somebody did.
    pub opened_by: Option<MemberId>,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Due instants, copied so that a later change of policy cannot move a running clock.
    pub first_response_due: Option<Timestamp>,
    /// As above.
    pub resolution_due: Option<Timestamp>,
}
