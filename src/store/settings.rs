//! Small named values that are set at run time.

use super::{Result, Tx, sql};

/// A setting.
///
/// # Errors
/// What the engine refused.
pub async fn get(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    tx.row(sql::SETTING_GET, &[key.into()]).await?.map(|row| row.text(0)).transpose()
}

/// As [`get`], and nobody else can write it before this transaction ends.
///
/// # Errors
/// `Transient` when another replica holds it too long.
pub async fn get_locked(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    tx.row(sql::SETTING_GET_LOCKED, &[key.into()]).await?.map(|row| row.text(0)).transpose()
}

/// Sets a setting that has no value yet; false when it has one, which stays.
///
/// # Errors
/// What the engine refused.
pub async fn put_new(tx: &mut Tx, key: &str, value: &str) -> Result<bool> {
    tx.changed(sql::SETTING_PUT_NEW, &[key.into(), value.into()]).await
}

/// All settings by key.
///
/// # Errors
/// What the engine refused.
pub async fn all(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.rows(sql::SETTING_ALL, &[]).await?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Sets a setting.
///
/// # Errors
/// What the engine refused.
pub async fn put(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    tx.execute(sql::SETTING_PUT, &[key.into(), value.into()]).await.map(|_| ())
}

/// Removes a setting; false when there was none.
///
/// # Errors
/// What the engine refused.
pub async fn delete(tx: &mut Tx, key: &str) -> Result<bool> {
    tx.changed(sql::SETTING_DELETE, &[key.into()]).await
}
