//! Everything that came in, verbatim and durable, until it is dealt with.
//!
//! An envelope is acknowledged only after [`append`] committed. It is worked on inside the transaction that claimed it:
//! there is no "in progress" state to recover, a crash simply undoes the claim. Many producers at once: [`super::InboxWriter`].

use serde_json::json;

use super::tx::without_nul;
use super::{Result, Tx, counters, sql};
use crate::domain::time::Timestamp;
use crate::ports::envelope::{Accepted, Envelope, Urgency};

/// Name of the lease row by which replicas take turns at claiming.
const TURN: &str = "intake";
/// Counter of inbox ids.
const IDS: &str = "inbox";

/// An envelope waiting to be dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Inbox id, in order of arrival.
    pub id: i64,
    /// What came.
    pub envelope: Envelope,
    /// Earlier tries that ended in [`retry`].
    pub attempts: i64,
}

/// An envelope that waits for a person, or that nobody understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// The envelope.
    pub pending: Pending,
    /// Why it is here.
    pub error: Option<String>,
}

/// How many envelopes are in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// `new`, `parked` or `unknown`.
    pub state: String,
    /// How many.
    pub count: i64,
    /// When the oldest of them was received.
    pub oldest: Option<Timestamp>,
}

fn urgency_number(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Interactive => 0,
        Urgency::Live => 1,
        Urgency::Backfill => 2,
    }
}

fn urgency_of(number: i64) -> Urgency {
    match number {
        0 => Urgency::Interactive,
        1 => Urgency::Live,
        _ => Urgency::Backfill,
    }
}

/// Adds envelopes in one statement and tells for each whether it was new. Equal ones within the batch count once.
///
/// # Errors
/// What the engine refused; nothing was added then.
pub async fn append(tx: &mut Tx, envelopes: &[Envelope]) -> Result<Vec<Accepted>> {
    let Ok(count) = i64::try_from(envelopes.len()) else { return Ok(Vec::new()) };
    if count == 0 {
        return Ok(Vec::new());
    }
    let first = counters::reserve(tx, IDS, count).await? - count + 1;
    let batch: Vec<_> = (first..)
        .zip(envelopes)
        .map(|(id, e)| {
            json!([
                id,
                without_nul(&e.source),
                without_nul(&e.delivery_id),
                urgency_number(e.urgency),
                e.received_at.0,
                without_nul(&e.body)
            ])
        })
        .collect();
    let batch = serde_json::Value::Array(batch).to_string();
    let mut fresh = Vec::with_capacity(envelopes.len());
    for row in tx.rows(sql::INBOX_APPEND, &[batch.into()]).await? {
        fresh.push(row.int(0)?);
    }
    fresh.sort_unstable();
    let verdict = |id: i64| if fresh.binary_search(&id).is_ok() { Accepted::Fresh } else { Accepted::Duplicate };
    Ok((first..first + count).map(verdict).collect())
}

/// The envelopes to deal with next in this very transaction: those a person waits for first, then as they came.
/// Replicas take turns; the turn lasts until the transaction ends.
///
/// # Errors
/// `Transient` when another replica holds the turn too long.
pub async fn claim(tx: &mut Tx, now: Timestamp, max: i64) -> Result<Vec<Pending>> {
    tx.rows(sql::LEASE_TURN, &[TURN.into()]).await?;
    let rows = tx.rows(sql::INBOX_WAITING, &[now.into(), max.into()]).await?;
    rows.iter().map(pending).collect()
}

fn pending(row: &super::Row) -> Result<Pending> {
    Ok(Pending {
        id: row.int("id")?,
        envelope: Envelope {
            source: row.text("source")?,
            delivery_id: row.text("delivery_id")?,
            urgency: urgency_of(row.int("urgency")?),
            received_at: row.at("received_at")?,
            body: row.text("body")?,
        },
        attempts: row.int("attempts")?,
    })
}

/// Dealt with; `outcome` says in a word or two what it became. False when it was not waiting.
///
/// # Errors
/// What the engine refused.
pub async fn done(tx: &mut Tx, id: i64, outcome: &str, now: Timestamp) -> Result<bool> {
    tx.changed(sql::INBOX_DONE, &[id.into(), outcome.into(), now.into()]).await
}

/// Not understood: kept, counted, never tried again by itself.
///
/// # Errors
/// What the engine refused.
pub async fn unknown(tx: &mut Tx, id: i64, reason: &str, now: Timestamp) -> Result<bool> {
    tx.changed(sql::INBOX_UNKNOWN, &[id.into(), reason.into(), now.into()]).await
}

/// Try again at `not_before`.
///
/// # Errors
/// What the engine refused.
pub async fn retry(tx: &mut Tx, id: i64, not_before: Timestamp, error: &str) -> Result<bool> {
    tx.changed(sql::INBOX_RETRY, &[id.into(), not_before.into(), error.into()]).await
}

/// Set aside with its cause until a person decides ([`requeue`]).
///
/// # Errors
/// What the engine refused.
pub async fn park(tx: &mut Tx, id: i64, error: &str, now: Timestamp) -> Result<bool> {
    tx.changed(sql::INBOX_PARK, &[id.into(), error.into(), now.into()]).await
}

/// Gives a parked or unknown envelope another chance from `now` on.
///
/// # Errors
/// What the engine refused.
pub async fn requeue(tx: &mut Tx, id: i64, now: Timestamp) -> Result<bool> {
    tx.changed(sql::INBOX_REQUEUE, &[id.into(), now.into()]).await
}

/// The oldest parked envelopes.
///
/// # Errors
/// What the engine refused.
pub async fn parked(tx: &mut Tx, max: i64) -> Result<Vec<Odd>> {
    odd(tx, "parked", max).await
}

/// The oldest envelopes that nobody understood.
///
/// # Errors
/// What the engine refused.
pub async fn not_understood(tx: &mut Tx, max: i64) -> Result<Vec<Odd>> {
    odd(tx, "unknown", max).await
}

async fn odd(tx: &mut Tx, state: &str, max: i64) -> Result<Vec<Odd>> {
    let rows = tx.rows(sql::INBOX_ODD, &[state.into(), max.into()]).await?;
    rows.iter().map(|row| Ok(Odd { pending: pending(row)?, error: row.opt_text("error")? })).collect()
}

/// Waiting, parked and unknown envelopes counted, each with its oldest. `new` is always there.
///
/// # Errors
/// What the engine refused.
pub async fn counts(tx: &mut Tx) -> Result<Vec<Count>> {
    let rows = tx.rows(sql::INBOX_COUNTS, &[]).await?;
    let count = |row: &super::Row| Ok(Count { state: row.text(0)?, count: row.int(1)?, oldest: row.opt_at(2)? });
    rows.iter().map(count).collect()
}

/// How long the oldest waiting envelope has waited, in milliseconds; 0 when none waits.
///
/// # Errors
/// What the engine refused.
pub async fn oldest_wait_ms(tx: &mut Tx, now: Timestamp) -> Result<i64> {
    let oldest = counts(tx).await?.into_iter().find(|c| c.state == "new").and_then(|c| c.oldest);
    Ok(oldest.map_or(0, |at| now.since(at).max(0)))
}

/// Forgets at most `max` envelopes that ended before `before`. Their delivery ids are forgotten with them: keep them
/// longer than any sender redelivers or any history is read back.
///
/// # Errors
/// What the engine refused.
pub async fn forget(tx: &mut Tx, before: Timestamp, max: i64) -> Result<u64> {
    tx.execute(sql::INBOX_FORGET, &[before.into(), max.into()]).await
}
