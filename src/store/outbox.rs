//! Everything that is to happen outside, once per key.
//!
//! Life of a row: `new` -> claimed as `sending` under a lease -> `sent`, or back to `new` (certainly not done), or
//! `unsure` (nobody knows: whoever claims it next must look before doing it again), or `parked` for a person. Within a slot
//! rows go strictly one after the other in id order. Every outcome is fenced by the [`Hold`] of its claim: a sender
//! that was frozen and comes back late changes nothing.

mod rows;

pub use rows::{Before, Claimed, Count, Entry, Hold, NewOutbox, Wanted};

use super::tx::without_nul;
use super::{Result, Row, Tx, counters, sql};
use crate::domain::time::Timestamp;

/// Name of the lease row by which replicas take turns at claiming.
const TURN: &str = "deliver";
/// Counter of outbox ids.
const IDS: &str = "outbox";

/// Adds an intention and returns its id, or the id of the row that has the key already.
///
/// # Errors
/// What the engine refused.
pub async fn enqueue(tx: &mut Tx, new: &NewOutbox<'_>) -> Result<i64> {
    let id = counters::next(tx, IDS).await?;
    let statement = if new.coalesce { sql::OUTBOX_COALESCE } else { sql::OUTBOX_ADD };
    let values = [
        id.into(),
        new.key.into(),
        new.lane.into(),
        new.target.into(),
        new.slot.into(),
        new.kind.into(),
        new.payload.into(),
        new.not_before.into(),
        new.expires_at.into(),
        new.now.into(),
    ];
    if let Some(row) = tx.row(statement, &values).await? {
        return row.int(0);
    }
    Ok(by_key(tx, new.key).await?.map_or(id, |entry| entry.id))
}

/// Claims what may be sent now, urgent lanes first, then by id; at most one row per slot. Commit before sending.
///
/// # Errors
/// `Transient` when another replica holds the turn too long.
pub async fn claim(tx: &mut Tx, wanted: &Wanted<'_>, now: Timestamp) -> Result<Vec<Claimed>> {
    tx.rows(sql::LEASE_TURN, &[TURN.into()]).await?;
    let excluded: Vec<_> = wanted.exclude_slots.iter().map(|slot| without_nul(slot)).collect();
    let excluded = serde_json::Value::from(excluded).to_string();
    let (from, to) = (*wanted.lanes.start(), *wanted.lanes.end());
    let values = [wanted.target.into(), from.into(), to.into(), now.into(), excluded.into(), wanted.max.into()];
    let mut heads = Vec::new();
    for row in tx.rows(sql::OUTBOX_HEADS, &values).await? {
        let before = if row.text("state")? == "unsure" { Before::Unsure } else { Before::New };
        heads.push((row.int("id")?, before, row.opt_int("claimed_generation")?));
    }
    if heads.is_empty() {
        return Ok(Vec::new());
    }
    let ids = serde_json::Value::from(heads.iter().map(|(id, ..)| *id).collect::<Vec<_>>()).to_string();
    let values = [ids.into(), wanted.holder.into(), wanted.lease_until.into(), now.into()];
    let rows = tx.rows(sql::OUTBOX_CLAIM, &values).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.int("id")?;
        let head = heads.iter().find(|(head, ..)| *head == id);
        let (before, tried) = head.map_or((Before::Unsure, None), |(_, before, tried)| (*before, *tried));
        claimed.push(claimed_row(row, before, tried, wanted.holder)?);
    }
    claimed.sort_unstable_by_key(|c| (c.lane, c.id));
    Ok(claimed)
}

fn claimed_row(row: &Row, state_before: Before, tried_generation: Option<i64>, holder: &str) -> Result<Claimed> {
    Ok(Claimed {
        id: row.int("id")?,
        key: row.text("key")?,
        lane: row.int("lane")?,
        slot: row.text("slot")?,
        kind: row.text("kind")?,
        payload: row.text("payload")?,
        attempts: row.int("attempts")?,
        generation: row.int("generation")?,
        tried_generation,
        receipt: row.opt_text("receipt")?,
        first_try_at: row.at("first_try_at")?,
        created_at: row.at("created_at")?,
        expires_at: row.opt_at("expires_at")?,
        state_before,
        holder: holder.to_owned(),
        claim: row.int("claim")?,
    })
}

/// The remote party took it. Goes back to `new` (keeping the receipt) when the content was replaced meanwhile.
/// False when the claim is no longer valid; nothing changed then.
///
/// # Errors
/// What the engine refused.
pub async fn sent(tx: &mut Tx, hold: &Hold, receipt: &str, now: Timestamp) -> Result<bool> {
    let values = [
        hold.id.into(),
        hold.holder.as_str().into(),
        hold.claim.into(),
        hold.generation.into(),
        receipt.into(),
        now.into(),
    ];
    tx.changed(sql::OUTBOX_SENT, &values).await
}

/// Certainly not done; try again at `not_before`. Never for a row that was unsure and could not be checked.
/// False when the claim is no longer valid.
///
/// # Errors
/// What the engine refused.
pub async fn retry(tx: &mut Tx, hold: &Hold, not_before: Timestamp, error: &str) -> Result<bool> {
    put_off(tx, sql::OUTBOX_RETRY, hold, not_before, error).await
}

/// Nobody knows whether it was done; look at `not_before`. False when the claim is no longer valid.
///
/// # Errors
/// What the engine refused.
pub async fn unsure(tx: &mut Tx, hold: &Hold, not_before: Timestamp, error: &str) -> Result<bool> {
    put_off(tx, sql::OUTBOX_UNSURE, hold, not_before, error).await
}

async fn put_off(tx: &mut Tx, how: sql::Sql, hold: &Hold, not_before: Timestamp, error: &str) -> Result<bool> {
    let values = [hold.id.into(), hold.holder.as_str().into(), hold.claim.into(), not_before.into(), error.into()];
    tx.changed(how, &values).await
}

/// Set aside with its cause until a person decides ([`requeue`]). False when the claim is no longer valid.
///
/// # Errors
/// What the engine refused.
pub async fn park(tx: &mut Tx, hold: &Hold, error: &str, now: Timestamp) -> Result<bool> {
    end(tx, hold, "parked", error, now).await
}

/// Too late to be of use. False when the claim is no longer valid.
///
/// # Errors
/// What the engine refused.
pub async fn expire(tx: &mut Tx, hold: &Hold, error: &str, now: Timestamp) -> Result<bool> {
    end(tx, hold, "expired", error, now).await
}

async fn end(tx: &mut Tx, hold: &Hold, state: &str, error: &str, now: Timestamp) -> Result<bool> {
    let values =
        [hold.id.into(), hold.holder.as_str().into(), hold.claim.into(), state.into(), now.into(), error.into()];
    tx.changed(sql::OUTBOX_END, &values).await
}

/// Lengthens the lease of a try that takes longer. False when the claim is no longer valid.
///
/// # Errors
/// What the engine refused.
pub async fn extend(tx: &mut Tx, hold: &Hold, lease_until: Timestamp) -> Result<bool> {
    let values = [hold.id.into(), hold.holder.as_str().into(), hold.claim.into(), lease_until.into()];
    tx.changed(sql::OUTBOX_EXTEND, &values).await
}

/// Rows whose lease ended become `unsure`; returns how many.
///
/// # Errors
/// What the engine refused.
pub async fn recover(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.execute(sql::OUTBOX_RECOVER, &[now.into()]).await
}

/// As [`recover`] for a sender that is known to have ended (this process before its restart), without waiting for its leases.
///
/// # Errors
/// What the engine refused.
pub async fn recover_holder(tx: &mut Tx, holder: &str, now: Timestamp) -> Result<u64> {
    tx.execute(sql::OUTBOX_RECOVER_HOLDER, &[holder.into(), now.into()]).await
}

/// Ends unsent rows whose time is over; returns how many. They hold up nobody even before this runs.
///
/// # Errors
/// What the engine refused.
pub async fn expire_due(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.execute(sql::OUTBOX_EXPIRE, &[now.into()]).await
}

/// Takes an intention back. False when it is being sent, may have been sent, or is finished.
///
/// # Errors
/// What the engine refused.
pub async fn cancel(tx: &mut Tx, key: &str, now: Timestamp) -> Result<bool> {
    tx.changed(sql::OUTBOX_CANCEL, &[key.into(), now.into()]).await
}

/// Gives a parked, expired or cancelled row another chance, without its expiry.
///
/// # Errors
/// What the engine refused.
pub async fn requeue(tx: &mut Tx, id: i64, now: Timestamp) -> Result<bool> {
    tx.changed(sql::OUTBOX_REQUEUE, &[id.into(), now.into()]).await
}

/// The row of a key.
///
/// # Errors
/// What the engine refused.
pub async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<Entry>> {
    tx.row(sql::OUTBOX_BY_KEY, &[key.into()]).await?.as_ref().map(entry).transpose()
}

/// The row of an id.
///
/// # Errors
/// What the engine refused.
pub async fn by_id(tx: &mut Tx, id: i64) -> Result<Option<Entry>> {
    tx.row(sql::OUTBOX_BY_ID, &[id.into()]).await?.as_ref().map(entry).transpose()
}

/// The oldest parked rows.
///
/// # Errors
/// What the engine refused.
pub async fn dead_letters(tx: &mut Tx, max: i64) -> Result<Vec<Entry>> {
    tx.rows(sql::OUTBOX_DEAD, &[max.into()]).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: row.int("id")?,
        key: row.text("key")?,
        lane: row.int("lane")?,
        target: row.text("target")?,
        slot: row.text("slot")?,
        kind: row.text("kind")?,
        payload: row.text("payload")?,
        state: row.text("state")?,
        generation: row.int("generation")?,
        attempts: row.int("attempts")?,
        not_before: row.at("not_before")?,
        expires_at: row.opt_at("expires_at")?,
        created_at: row.at("created_at")?,
        first_try_at: row.opt_at("first_try_at")?,
        done_at: row.opt_at("done_at")?,
        receipt: row.opt_text("receipt")?,
        error: row.opt_text("error")?,
    })
}

/// Unfinished and parked rows counted by target, lane and state.
///
/// # Errors
/// What the engine refused.
pub async fn counts(tx: &mut Tx) -> Result<Vec<Count>> {
    let count = |row: &Row| {
        Ok(Count {
            target: row.text("target")?,
            lane: row.int("lane")?,
            state: row.text("state")?,
            count: row.int("count")?,
            oldest: row.at("oldest")?,
        })
    };
    tx.rows(sql::OUTBOX_COUNTS, &[]).await?.iter().map(count).collect()
}

/// When the next row of a target can be claimed after `now` (or a lease ends), so that a sender that has just claimed what
/// was due knows how long to rest.
///
/// # Errors
/// What the engine refused.
pub async fn next_due(tx: &mut Tx, target: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    tx.row(sql::OUTBOX_NEXT_DUE, &[target.into(), now.into()]).await?.map_or(Ok(None), |row| row.opt_at(0))
}

/// Forgets at most `max` rows that were finished before `before`. Their keys are forgotten with them.
///
/// # Errors
/// What the engine refused.
pub async fn forget(tx: &mut Tx, before: Timestamp, max: i64) -> Result<u64> {
    tx.execute(sql::OUTBOX_FORGET, &[before.into(), max.into()]).await
}
