//! Unique outside keys that lead to an aggregate: a message to its ticket, a handle to its contact.
//!
//! Uniqueness is the database's: of two who [`claim`] one key, one gets it and the other learns who has it.

use super::{Result, Tx, sql};

/// Gives `key` to `target`. `None`: it does now belong to it; `Some(other)`: it belonged to `other` and still does.
///
/// # Errors
/// What the engine refused.
pub async fn claim(tx: &mut Tx, kind: &str, key: &str, target: i64) -> Result<Option<i64>> {
    if tx.changed(sql::LINK_CLAIM, &[kind.into(), key.into(), target.into()]).await? {
        return Ok(None);
    }
    get(tx, kind, key).await
}

/// To whom the key leads.
///
/// # Errors
/// What the engine refused.
pub async fn get(tx: &mut Tx, kind: &str, key: &str) -> Result<Option<i64>> {
    tx.row(sql::LINK_GET, &[kind.into(), key.into()]).await?.map(|row| row.int(0)).transpose()
}

/// All keys that lead to `target`.
///
/// # Errors
/// What the engine refused.
pub async fn keys_of(tx: &mut Tx, kind: &str, target: i64) -> Result<Vec<String>> {
    tx.rows(sql::LINK_KEYS, &[kind.into(), target.into()]).await?.iter().map(|row| row.text(0)).collect()
}

/// Frees the key; false when nobody had it.
///
/// # Errors
/// What the engine refused.
pub async fn delete(tx: &mut Tx, kind: &str, key: &str) -> Result<bool> {
    tx.changed(sql::LINK_DELETE, &[kind.into(), key.into()]).await
}

/// Hands all keys of `from` to `to`; returns how many.
///
/// # Errors
/// What the engine refused.
pub async fn move_all(tx: &mut Tx, kind: &str, from: i64, to: i64) -> Result<u64> {
    tx.execute(sql::LINK_MOVE_ALL, &[kind.into(), from.into(), to.into()]).await
}
