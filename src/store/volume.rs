//! Messages of customers counted by network and stretch of time, for the crisis detector.
//!
//! Holds numbers only, nothing that anybody wrote.

use super::{Result, Tx, sql};
use crate::domain::time::Timestamp;

/// One count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Start of the bucket.
    pub bucket: Timestamp,
    /// Network.
    pub network: String,
    /// Messages.
    pub count: i64,
}

/// Adds messages to a bucket.
///
/// # Errors
/// What the engine refused.
pub async fn add(tx: &mut Tx, bucket: Timestamp, network: &str, count: i64) -> Result<()> {
    tx.execute(sql::VOLUME_ADD, &[bucket.into(), network.into(), count.into()]).await.map(|_| ())
}

/// The buckets that start in [from, to), by time and network; those without messages are missing.
///
/// # Errors
/// What the engine refused.
pub async fn between(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<Count>> {
    let rows = tx.rows(sql::VOLUME_BETWEEN, &[from.into(), to.into()]).await?;
    rows.iter()
        .map(|row| Ok(Count { bucket: row.at("bucket")?, network: row.text("network")?, count: row.int("count")? }))
        .collect()
}

/// Start of the oldest bucket kept.
///
/// # Errors
/// What the engine refused.
pub async fn first(tx: &mut Tx) -> Result<Option<Timestamp>> {
    tx.row(sql::VOLUME_FIRST, &[]).await?.map(|row| row.at(0)).transpose()
}

/// Forgets buckets that start before an instant; returns how many.
///
/// # Errors
/// What the engine refused.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute(sql::VOLUME_FORGET, &[before.into()]).await
}
