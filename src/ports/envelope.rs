//! What arrives from outside, verbatim, and the door it comes through.
//!
//! A transport must acknowledge its sender only after [`Intake::accept`] returned `Ok`: then the envelope is durable.
//! The body is kept as it came, so that what cannot be understood today is never lost.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::inbound::{Ask, Choice};
use crate::domain::time::Timestamp;

/// Who waits for the outcome; decides the order in which envelopes are taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// A person pressed, typed or submitted and waits for an answer (seconds).
    Interactive,
    /// A message, reaction or webhook as it happened.
    Live,
    /// Read back from history after a gap.
    Backfill,
}

/// One thing that arrived, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The chat's key (`slack`, `discord`) or `hook:NAME` for a signed webhook source.
    pub source: String,
    /// The sender's own identity of this delivery; a second envelope with the same source and id has no effect.
    /// For messages it is made of channel and message id, so that a live event, its redelivery under another event id
    /// and a page of history all carry the same one.
    pub delivery_id: String,
    /// Who waits for it.
    pub urgency: Urgency,
    /// When it reached us.
    pub received_at: Timestamp,
    /// The verbatim payload (JSON text).
    pub body: String,
}

/// What became of an envelope that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Durable, and not seen before.
    Fresh,
    /// Already held under the same source and delivery id; nothing changed.
    Duplicate,
}

/// Why an envelope could not be made durable. The sender must not be acknowledged; it will deliver again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("not stored: {cause}")]
pub struct NotStored {
    /// The storage's own words, free of personal text.
    pub cause: String,
}

/// What a submitted form is answered with while the sender still waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormVerdict {
    /// Taken; the form may close.
    Taken,
    /// Refused: (field id, sentence in the reader's language) for each field to correct; the form stays open.
    Invalid(Vec<(String, String)>),
}

/// The door through which transports hand in what arrives.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Makes the envelope durable. Only after `Ok` may the sender be acknowledged.
    ///
    /// # Errors
    /// [`NotStored`] when durability could not be had; do not acknowledge.
    async fn accept(&self, envelope: Envelope) -> Result<Accepted, NotStored>;

    /// As [`Intake::accept`] for a submitted form, then waits for its verdict at most about two seconds
    /// (`Taken` when it takes longer: problems are then told by message).
    ///
    /// # Errors
    /// [`NotStored`] when durability could not be had; do not acknowledge.
    async fn submit(&self, envelope: Envelope) -> Result<FormVerdict, NotStored>;

    /// Answers a completion request while somebody types. Changes nothing and is not kept.
    async fn complete(&self, ask: Ask) -> Vec<Choice>;

    /// Tells that a connection was (re)established after a gap, so that watched channels are read back.
    /// `source` is the chat's key.
    async fn caught_gap(&self, source: &str);
}
