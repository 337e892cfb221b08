//! Current state of every ticket, draft, crisis...: columns for lists, everything else as JSON.
//!
//! Saving is optimistic: [`save`] refuses when somebody else wrote a version in between. Ids come from [`next_id`].

use super::sql::Sql;
use super::{Result, Row, Tx, Value, counters, sql};
use crate::domain::time::Timestamp;

/// The state to write and the columns that lists filter by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRow {
    /// `ticket`, `draft`, `crisis`...
    pub kind: String,
    /// Number within the kind.
    pub id: i64,
    /// Where it stands.
    pub status: String,
    /// Whose it is.
    pub owner: Option<String>,
    /// Which role it waits for.
    pub role: Option<String>,
    /// Social network.
    pub network: Option<String>,
    /// Topic.
    pub topic: Option<String>,
    /// 1 is the most urgent.
    pub priority: Option<i64>,
    /// Its term.
    pub due_at: Option<Timestamp>,
    /// When time itself becomes a command.
    pub wake_at: Option<Timestamp>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When it ended; NULL while open.
    pub closed_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The whole state as JSON.
    pub state: String,
}

/// A row as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Number within the kind.
    pub id: i64,
    /// Grows by one with every save; 1 after the insert.
    pub version: i64,
    /// The columns and the state.
    pub row: NewRow,
}

impl Stored {
    /// The whole state as JSON.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.row.state
    }
}

/// Order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Largest id first.
    #[default]
    Newest,
    /// Smallest id first.
    Oldest,
    /// Soonest term first, those without one last.
    Due,
    /// Most urgent first, then soonest term.
    Priority,
}

/// What a list shows. Empty fields do not filter.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    /// The kind; always needed.
    pub kind: &'a str,
    /// Only what is not closed (cheap: closed ones are not even looked at).
    pub open_only: bool,
    /// Any of these; empty means all.
    pub statuses: &'a [&'a str],
    /// Whose.
    pub owner: Option<&'a str>,
    /// Only those that belong to nobody.
    pub unowned: bool,
    /// Which role they wait for.
    pub role: Option<&'a str>,
    /// Network.
    pub network: Option<&'a str>,
    /// Topic.
    pub topic: Option<&'a str>,
    /// Priority.
    pub priority: Option<i64>,
    /// Begun in [from, to).
    pub opened: Option<(Timestamp, Timestamp)>,
    /// Ended in [from, to).
    pub closed: Option<(Timestamp, Timestamp)>,
    /// Order.
    pub order: Order,
    /// At most so many; 0 gives none.
    pub limit: i64,
}

/// The next free number of a kind.
///
/// # Errors
/// What the engine refused.
pub async fn next_id(tx: &mut Tx, kind: &str) -> Result<i64> {
    counters::next(tx, kind).await
}

/// Current state, if it exists.
///
/// # Errors
/// What the engine refused.
pub async fn load(tx: &mut Tx, kind: &str, id: i64) -> Result<Option<Stored>> {
    load_by(tx, sql::AGGREGATE_LOAD, kind, id).await
}

/// As [`load`], and nobody else can write it before this transaction ends.
///
/// # Errors
/// `Transient` when another replica holds it too long.
pub async fn load_for_update(tx: &mut Tx, kind: &str, id: i64) -> Result<Option<Stored>> {
    load_by(tx, sql::AGGREGATE_LOAD_LOCKED, kind, id).await
}

async fn load_by(tx: &mut Tx, statement: Sql, kind: &str, id: i64) -> Result<Option<Stored>> {
    tx.row(statement, &[kind.into(), id.into()]).await?.map(|row| stored(kind, &row)).transpose()
}

fn stored(kind: &str, row: &Row) -> Result<Stored> {
    let id = row.int("id")?;
    Ok(Stored {
        id,
        version: row.int("version")?,
        row: NewRow {
            kind: kind.to_owned(),
            id,
            status: row.text("status")?,
            owner: row.opt_text("owner")?,
            role: row.opt_text("role")?,
            network: row.opt_text("network")?,
            topic: row.opt_text("topic")?,
            priority: row.opt_int("priority")?,
            due_at: row.opt_at("due_at")?,
            wake_at: row.opt_at("wake_at")?,
            opened_at: row.at("opened_at")?,
            closed_at: row.opt_at("closed_at")?,
            updated_at: row.at("updated_at")?,
            state: row.text("state")?,
        },
    })
}

fn values(row: &NewRow) -> Vec<Value<'_>> {
    vec![
        (&row.kind).into(),
        row.id.into(),
        (&row.status).into(),
        (&row.owner).into(),
        (&row.role).into(),
        (&row.network).into(),
        (&row.topic).into(),
        row.priority.into(),
        row.due_at.into(),
        row.wake_at.into(),
        row.opened_at.into(),
        row.closed_at.into(),
        row.updated_at.into(),
        (&row.state).into(),
    ]
}

/// Adds a new aggregate at version 1.
///
/// # Errors
/// `Constraint` when the id exists.
pub async fn insert(tx: &mut Tx, row: &NewRow) -> Result<()> {
    tx.execute(sql::AGGREGATE_INSERT, &values(row)).await.map(|_| ())
}

/// Writes version `expected_version + 1`. False when the stored version is another one: load again and decide again.
///
/// # Errors
/// What the engine refused.
pub async fn save(tx: &mut Tx, row: &NewRow, expected_version: i64) -> Result<bool> {
    let mut values = values(row);
    values.push(expected_version.into());
    tx.changed(sql::AGGREGATE_SAVE, &values).await
}

/// Kind and id of at most `max` aggregates whose `wake_at` has come, longest overdue first.
///
/// # Errors
/// What the engine refused.
pub async fn due(tx: &mut Tx, now: Timestamp, max: i64) -> Result<Vec<(String, i64)>> {
    let rows = tx.rows(sql::AGGREGATES_DUE, &[now.into(), max.into()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// When the next aggregate wants to be woken.
///
/// # Errors
/// What the engine refused.
pub async fn next_wake(tx: &mut Tx) -> Result<Option<Timestamp>> {
    tx.row(sql::AGGREGATES_NEXT_WAKE, &[]).await?.map_or(Ok(None), |row| row.opt_at(0))
}

/// The aggregates that the filter describes.
///
/// # Errors
/// What the engine refused.
pub async fn list(tx: &mut Tx, filter: &Filter<'_>) -> Result<Vec<Stored>> {
    let statement = match (filter.open_only, filter.order) {
        (true, Order::Newest) => sql::LIST_OPEN_NEWEST,
        (true, Order::Oldest) => sql::LIST_OPEN_OLDEST,
        (true, Order::Due) => sql::LIST_OPEN_DUE,
        (true, Order::Priority) => sql::LIST_OPEN_PRIORITY,
        (false, Order::Newest) => sql::LIST_ALL_NEWEST,
        (false, Order::Oldest) => sql::LIST_ALL_OLDEST,
        (false, Order::Due) => sql::LIST_ALL_DUE,
        (false, Order::Priority) => sql::LIST_ALL_PRIORITY,
    };
    let statuses = (!filter.statuses.is_empty()).then(|| serde_json::Value::from(filter.statuses).to_string());
    let (opened_from, opened_to) = filter.opened.unwrap_or((Timestamp(i64::MIN), Timestamp(i64::MAX)));
    let (closed_from, closed_to) = filter.closed.unwrap_or_default();
    let values = [
        filter.kind.into(),
        (&statuses).into(),
        filter.owner.into(),
        filter.role.into(),
        filter.network.into(),
        filter.priority.into(),
        filter.topic.into(),
        filter.unowned.into(),
        opened_from.into(),
        opened_to.into(),
        filter.closed.is_some().into(),
        closed_from.into(),
        closed_to.into(),
        filter.limit.into(),
    ];
    tx.rows(statement, &values).await?.iter().map(|row| stored(filter.kind, row)).collect()
}

/// Numbers of at most `max` aggregates that were begun before an instant and are open now or were last closed at it or
/// later: every one that was open at that instant is among them. Largest first.
///
/// # Errors
/// What the engine refused.
pub async fn open_at(tx: &mut Tx, kind: &str, at: Timestamp, max: i64) -> Result<Vec<i64>> {
    let rows = tx.rows(sql::AGGREGATES_OPEN_AT, &[kind.into(), at.into(), max.into()]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// How many open aggregates each owner has; `None` are those that belong to nobody.
///
/// # Errors
/// What the engine refused.
pub async fn count_open_by_owner(tx: &mut Tx, kind: &str) -> Result<Vec<(Option<String>, i64)>> {
    let rows = tx.rows(sql::AGGREGATES_OPEN_BY_OWNER, &[kind.into()]).await?;
    let mut counts = rows.iter().map(|row| Ok((row.opt_text(0)?, row.int(1)?))).collect::<Result<Vec<_>>>()?;
    // The engines disagree where NULL sorts.
    counts.sort_unstable();
    Ok(counts)
}

/// How many aggregates of a kind are in each status.
///
/// # Errors
/// What the engine refused.
pub async fn count_by_status(tx: &mut Tx, kind: &str) -> Result<Vec<(String, i64)>> {
    let rows = tx.rows(sql::AGGREGATES_BY_STATUS, &[kind.into()]).await?;
    let mut counts = rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<Vec<_>>>()?;
    counts.sort_unstable();
    Ok(counts)
}

/// Sets only the wake-up of a row: its timer fired and had nothing to change.
///
/// # Errors
/// What the engine refused.
pub async fn set_wake(tx: &mut Tx, kind: &str, id: i64, wake_at: Option<Timestamp>) -> Result<bool> {
    tx.changed(sql::AGGREGATE_WAKE, &[kind.into(), id.into(), wake_at.into()]).await
}
