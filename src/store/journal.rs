//! What happened, in order, for ever: audit log, timeline and the source of every report.
//!
//! Entries are only ever added. Several events of one save share its version and are numbered by `seq` from 0.

use serde_json::json;

use super::tx::without_nul;
use super::{Result, Row, Tx, counters, sql};
use crate::domain::time::Timestamp;

/// Counter of journal ids.
const IDS: &str = "journal";

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Position in the whole journal.
    pub id: i64,
    /// Kind of the aggregate.
    pub kind: String,
    /// Id of the aggregate.
    pub aggregate_id: i64,
    /// The aggregate's version after the save that wrote this.
    pub version: i64,
    /// Number within that save.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a member, or the part of Vigie that acted.
    pub actor: String,
    /// Name of the event.
    pub event: String,
    /// The event as JSON.
    pub payload: String,
}

/// Writes the events of one save: (name, JSON). Returns the id of the last entry; 0 when there is no event.
///
/// # Errors
/// `Constraint` when this version was written before.
pub async fn append(
    tx: &mut Tx,
    kind: &str,
    id: i64,
    version: i64,
    at: Timestamp,
    actor: &str,
    events: &[(&str, &str)],
) -> Result<i64> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(0);
    }
    let last = counters::reserve(tx, IDS, count).await?;
    let entries: Vec<_> = (0..count)
        .zip(events)
        .map(|(seq, (event, payload))| json!([last - count + 1 + seq, seq, without_nul(event), without_nul(payload)]))
        .collect();
    let entries = serde_json::Value::Array(entries).to_string();
    let values = [entries.into(), kind.into(), id.into(), version.into(), at.into(), actor.into()];
    tx.execute(sql::JOURNAL_APPEND, &values).await?;
    Ok(last)
}

/// The history of one aggregate, oldest first.
///
/// # Errors
/// What the engine refused.
pub async fn of(tx: &mut Tx, kind: &str, id: i64) -> Result<Vec<Entry>> {
    tx.rows(sql::JOURNAL_OF, &[kind.into(), id.into()]).await?.iter().map(entry).collect()
}

/// The newest at most `max` entries of one aggregate's history, newest first.
///
/// # Errors
/// What the engine refused.
pub async fn newest_of(tx: &mut Tx, kind: &str, id: i64, max: i64) -> Result<Vec<Entry>> {
    tx.rows(sql::JOURNAL_OF_NEWEST, &[kind.into(), id.into(), max.into()]).await?.iter().map(entry).collect()
}

/// The histories of several aggregates of a kind, each oldest first, in order of number.
///
/// # Errors
/// What the engine refused.
pub async fn of_many(tx: &mut Tx, kind: &str, ids: &[i64]) -> Result<Vec<Entry>> {
    let ids = serde_json::Value::from(ids).to_string();
    tx.rows(sql::JOURNAL_OF_MANY, &[kind.into(), ids.into()]).await?.iter().map(entry).collect()
}

/// Numbers of at most `max` aggregates of a kind that something happened to in [from, to), largest first.
///
/// # Errors
/// What the engine refused.
pub async fn touched(tx: &mut Tx, kind: &str, from: Timestamp, to: Timestamp, max: i64) -> Result<Vec<i64>> {
    let rows = tx.rows(sql::JOURNAL_TOUCHED, &[kind.into(), from.into(), to.into(), max.into()]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// At most `max` entries of these kinds that happened in [from, to), in order of time.
///
/// # Errors
/// What the engine refused.
pub async fn range(tx: &mut Tx, kinds: &[&str], from: Timestamp, to: Timestamp, max: i64) -> Result<Vec<Entry>> {
    let kinds = serde_json::Value::from(kinds).to_string();
    let rows = tx.rows(sql::JOURNAL_RANGE, &[kinds.into(), from.into(), to.into(), max.into()]).await?;
    rows.iter().map(entry).collect()
}

/// The newest at most `max` entries of these kinds and names that happened in the range [from, to), newest first. With `who`:
/// what that member did, and what names them as its member.
///
/// # Errors
/// What the engine refused.
pub async fn latest(
    tx: &mut Tx,
    kinds: &[&str],
    events: &[&str],
    who: Option<&str>,
    range: (Timestamp, Timestamp),
    max: i64,
) -> Result<Vec<Entry>> {
    let list = |names: &[&str]| serde_json::Value::from(names).to_string();
    let (kinds, events) = (list(kinds), list(events));
    let about = who.map(|who| format!("%\"member\":\"{who}\"%"));
    let values =
        [kinds.into(), events.into(), range.0.into(), range.1.into(), who.into(), about.as_deref().into(), max.into()];
    tx.rows(sql::JOURNAL_LATEST, &values).await?.iter().map(entry).collect()
}

/// The next at most `max` entries after position `id` (0 to begin). Nothing can appear later at a smaller position.
///
/// # Errors
/// What the engine refused.
pub async fn after(tx: &mut Tx, id: i64, max: i64) -> Result<Vec<Entry>> {
    tx.rows(sql::JOURNAL_AFTER, &[id.into(), max.into()]).await?.iter().map(entry).collect()
}

/// Position of the newest entry; 0 when there is none.
///
/// # Errors
/// What the engine refused.
pub async fn head(tx: &mut Tx) -> Result<i64> {
    tx.row(sql::JOURNAL_HEAD, &[]).await?.map_or(Ok(0), |row| row.int(0))
}

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: row.int("id")?,
        kind: row.text("kind")?,
        aggregate_id: row.int("aggregate_id")?,
        version: row.int("version")?,
        seq: row.int("seq")?,
        at: row.at("at")?,
        actor: row.text("actor")?,
        event: row.text("event")?,
        payload: row.text("payload")?,
    })
}
