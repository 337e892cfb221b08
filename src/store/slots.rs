//! Occurrences of recurring jobs that have fired, so that none fires twice, whatever restarts or replicas do.

use super::{Result, Tx, sql};
use crate::domain::time::Timestamp;

/// True exactly once per job and slot (its wall-clock time as text).
///
/// # Errors
/// What the engine refused.
pub async fn fire_once(tx: &mut Tx, job: &str, slot: &str, at: Timestamp) -> Result<bool> {
    tx.changed(sql::SLOT_FIRE, &[job.into(), slot.into(), at.into()]).await
}

/// The latest slot of a job that fired, and when.
///
/// # Errors
/// What the engine refused.
pub async fn last(tx: &mut Tx, job: &str) -> Result<Option<(String, Timestamp)>> {
    tx.row(sql::SLOT_LAST, &[job.into()]).await?.map(|row| Ok((row.text(0)?, row.at(1)?))).transpose()
}

/// Forgets slots that fired before `before`; returns how many.
///
/// # Errors
/// What the engine refused.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute(sql::SLOT_FORGET, &[before.into()]).await
}
