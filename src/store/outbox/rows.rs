//! What goes into the outbox and what comes out of it.

use crate::domain::time::Timestamp;

/// An intention to add.
#[derive(Clone, Debug)]
pub struct NewOutbox<'a> {
    /// Idempotency key: one row per key for ever. Target and slot belong to the key and never change under it.
    pub key: &'a str,
    /// Urgency, 0 goes first.
    pub lane: i64,
    /// The remote party.
    pub target: &'a str,
    /// What must go in order: rows of one target and slot never overtake each other.
    pub slot: &'a str,
    /// What the payload is.
    pub kind: &'a str,
    /// JSON text for whoever sends it.
    pub payload: &'a str,
    /// Not before this instant.
    pub not_before: Timestamp,
    /// Worthless from this instant on.
    pub expires_at: Option<Timestamp>,
    /// The current instant.
    pub now: Timestamp,
    /// When the key exists: true replaces its payload and sends it again if it was finished; false leaves it alone.
    pub coalesce: bool,
}

/// What a claimed row was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Certainly not done so far.
    New,
    /// Perhaps done: look first.
    Unsure,
}

/// Proof of a claim; outcomes are accepted only under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Row.
    pub id: i64,
    /// Who claimed it.
    pub holder: String,
    /// Fencing token of the claim.
    pub claim: i64,
    /// The generation that an outcome speaks of.
    pub generation: i64,
}

/// A row to send now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Row.
    pub id: i64,
    /// Idempotency key.
    pub key: String,
    /// Urgency.
    pub lane: i64,
    /// Slot.
    pub slot: String,
    /// What the payload is.
    pub kind: String,
    /// JSON text.
    pub payload: String,
    /// Tries including this one.
    pub attempts: i64,
    /// Generation of this payload; above 1 the content was replaced since it was first added.
    pub generation: i64,
    /// Generation of the latest try before this one, if there was one: what an unsure row may have left outside.
    pub tried_generation: Option<i64>,
    /// What an earlier generation left outside: change that instead of making a second one.
    pub receipt: Option<String>,
    /// When it was first tried (this claim included).
    pub first_try_at: Timestamp,
    /// When it was added (or started anew).
    pub created_at: Timestamp,
    /// Worthless from this instant on.
    pub expires_at: Option<Timestamp>,
    /// Must the sender look first?
    pub state_before: Before,
    /// Who claimed it.
    pub holder: String,
    /// Fencing token.
    pub claim: i64,
}

impl Claimed {
    /// The proof for outcomes of this try.
    #[must_use]
    pub fn hold(&self) -> Hold {
        Hold { id: self.id, holder: self.holder.clone(), claim: self.claim, generation: self.generation }
    }

    /// The proof for "an earlier try had succeeded after all": if the content was replaced since, it goes round again.
    #[must_use]
    pub fn hold_of_earlier_try(&self) -> Hold {
        Hold { generation: self.tried_generation.unwrap_or(self.generation), ..self.hold() }
    }
}

/// What to claim.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The remote party.
    pub target: &'a str,
    /// Lanes from..=to.
    pub lanes: std::ops::RangeInclusive<i64>,
    /// Slots that must wait (their budget is used up).
    pub exclude_slots: &'a [String],
    /// Who claims.
    pub holder: &'a str,
    /// Until when; later the row counts as unsure.
    pub lease_until: Timestamp,
    /// At most so many.
    pub max: i64,
}

/// A row as it stands, for people and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Row.
    pub id: i64,
    /// Idempotency key.
    pub key: String,
    /// Urgency.
    pub lane: i64,
    /// The remote party.
    pub target: String,
    /// Slot.
    pub slot: String,
    /// What the payload is.
    pub kind: String,
    /// JSON text.
    pub payload: String,
    /// `new`, `sending`, `sent`, `unsure`, `parked`, `expired`, `cancelled`.
    pub state: String,
    /// Generation of the payload.
    pub generation: i64,
    /// Tries since it was added or started anew.
    pub attempts: i64,
    /// Earliest next try.
    pub not_before: Timestamp,
    /// Worthless from this instant on.
    pub expires_at: Option<Timestamp>,
    /// When it was added (or started anew).
    pub created_at: Timestamp,
    /// When it was first tried.
    pub first_try_at: Option<Timestamp>,
    /// When it was finished.
    pub done_at: Option<Timestamp>,
    /// What the remote party answered.
    pub receipt: Option<String>,
    /// Why the latest try failed.
    pub error: Option<String>,
}

/// How many rows of one target and lane are in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The remote party.
    pub target: String,
    /// Urgency.
    pub lane: i64,
    /// `new`, `sending`, `unsure` or `parked`.
    pub state: String,
    /// How many.
    pub count: i64,
    /// When the oldest of them was added.
    pub oldest: Timestamp,
}
