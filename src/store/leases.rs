//! Who may do something alone for a while, among replicas.
//!
//! The token grows with every change of hands. Work done under a lease checks [`held`] inside the transaction that writes
//! its result: a holder that was frozen and wakes up late is refused.

use super::{Result, Tx, sql};
use crate::domain::time::Timestamp;

/// Takes the lease until `until` if it is free, over, or already ours; the token on success.
///
/// # Errors
/// What the engine refused.
pub async fn acquire(tx: &mut Tx, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<Option<i64>> {
    let values = [name.into(), holder.into(), now.into(), until.into()];
    tx.row(sql::LEASE_ACQUIRE, &values).await?.map(|row| row.int(0)).transpose()
}

/// Is the lease still ours under this token? It then stays ours until this transaction ends.
///
/// # Errors
/// What the engine refused.
pub async fn held(tx: &mut Tx, name: &str, holder: &str, token: i64, now: Timestamp) -> Result<bool> {
    let values = [name.into(), holder.into(), token.into(), now.into()];
    Ok(tx.row(sql::LEASE_HELD, &values).await?.is_some())
}

/// Gives the lease back early; false when it was no longer ours.
///
/// # Errors
/// What the engine refused.
pub async fn release(tx: &mut Tx, name: &str, holder: &str, token: i64) -> Result<bool> {
    tx.changed(sql::LEASE_RELEASE, &[name.into(), holder.into(), token.into()]).await
}
