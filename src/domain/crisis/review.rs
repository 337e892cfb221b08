//! The figures of a finished crisis, from its state alone. Drills have a review too; they are outside all other figures.

use super::crisis::Crisis;
use crate::domain::time::Timestamp;

/// What the review says in numbers; lengths in milliseconds, `None` where it did not happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// From the declaration to its end, or to now.
    pub lasted_ms: i64,
    /// From the declaration to the first acknowledgement by somebody else than whoever declared it.
    pub first_ack_ms: Option<i64>,
    /// From the declaration to the freeze.
    pub freeze_ms: Option<i64>,
    /// Calls that were acknowledged.
    pub acknowledged: usize,
    /// All calls.
    pub called: usize,
    /// Calls that had to go on to a stand-in, the lead or everybody.
    pub escalated: usize,
    /// Updates that came in time.
    pub updates_on_time: usize,
    /// Updates that were due: those that came and those that never did.
    pub updates_due: usize,
}

/// The figures of a crisis.
#[must_use]
pub fn figures(crisis: &Crisis, now: Timestamp) -> Figures {
    let since = |at: Timestamp| at.since(crisis.declared_at).max(0);
    let declarer = match &crisis.origin {
        super::Origin::Person { id } => Some(id),
        super::Origin::Detected { .. } => None,
    };
    let others = crisis.calls.iter().filter(|call| call.acked_by.as_ref() != declarer);
    let (acknowledged, called) = crisis.acknowledged();
    Figures {
        lasted_ms: since(crisis.closed_at.unwrap_or(now)),
        first_ack_ms: others.filter_map(|call| call.acked_at).min().map(since),
        freeze_ms: crisis.frozen_at.map(since),
        acknowledged,
        called,
        escalated: crisis.calls.iter().filter(|call| call.step > 0).count(),
        updates_on_time: crisis.updates.iter().filter(|update| update.on_time).count(),
        updates_due: crisis.updates.len() + usize::try_from(crisis.updates_missed).unwrap_or(0),
    }
}
