//! Numbers that grow by one and are never handed out twice.
//!
//! A number belongs to the transaction that took it: until that ends, others who want the same counter wait. Hence
//! numbers become visible in order, and a rolled-back transaction leaves no gap.

use super::{Result, Tx, sql};

/// The next number of `name`, starting at 1.
///
/// # Errors
/// What the engine refused.
pub async fn next(tx: &mut Tx, name: &str) -> Result<i64> {
    reserve(tx, name, 1).await
}

/// Takes the next `count` numbers of `name` and returns the last of them.
///
/// # Errors
/// What the engine refused.
pub async fn reserve(tx: &mut Tx, name: &str, count: i64) -> Result<i64> {
    let row = tx.row(sql::COUNTER_RESERVE, &[name.into(), count.into()]).await?;
    row.ok_or_else(|| super::StoreError::new(super::Kind::Other, "a counter returned nothing"))?.int(0)
}
