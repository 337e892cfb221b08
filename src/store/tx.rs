//! A transaction, the values bound to it and the rows it returns; the same on both engines.
//!
//! Dropping a [`Tx`] rolls back. Nothing here knows a table; statements come from [`super::sql`].

use std::borrow::Cow;

use sqlx::{ColumnIndex, Postgres, Row as _, Sqlite, Transaction};

use super::error::{Kind, StoreError};
use super::sql::Sql;
use crate::domain::time::Timestamp;

/// A bound value. NUL characters in text become U+FFFD, because PostgreSQL cannot hold them and one such character must
/// not refuse a whole batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A number.
    Int(i64),
    /// A number or NULL.
    OptInt(Option<i64>),
    /// A text.
    Text(Cow<'a, str>),
    /// A text or NULL.
    OptText(Option<Cow<'a, str>>),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.0)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::OptInt(value)
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(value: Option<Timestamp>) -> Self {
        Self::OptInt(value.map(|at| at.0))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::OptText(value.map(Cow::Borrowed))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        Self::OptText(value.as_deref().map(Cow::Borrowed))
    }
}

/// Text without NUL characters.
pub(super) fn without_nul(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

/// Binds `$values` to `$query` in order. Stamped out per engine because sqlx's argument types differ.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(v) => query.bind(*v),
                Value::OptInt(v) => query.bind(*v),
                Value::Text(v) => query.bind(without_nul(v)),
                Value::OptText(v) => query.bind(v.as_deref().map(without_nul)),
            };
        }
        query
    }};
}

enum Conn {
    Lite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

/// An open transaction; dropping it rolls back.
///
/// After a failed or abandoned statement everything but [`Tx::rollback_to`] is refused. PostgreSQL works like this by
/// itself, except that it answers "done" to the COMMIT of a failed transaction; SQLite may have undone the whole
/// transaction (disk full) and would then make each further statement durable alone.
pub struct Tx {
    conn: Conn,
    /// Why it cannot go on.
    failure: Option<StoreError>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.conn {
            Conn::Lite(_) => "Tx(sqlite)",
            Conn::Pg(_) => "Tx(postgres)",
        })
    }
}

impl From<Transaction<'static, Sqlite>> for Tx {
    fn from(tx: Transaction<'static, Sqlite>) -> Self {
        Self { conn: Conn::Lite(tx), failure: None }
    }
}

impl From<Transaction<'static, Postgres>> for Tx {
    fn from(tx: Transaction<'static, Postgres>) -> Self {
        Self { conn: Conn::Pg(tx), failure: None }
    }
}

impl Tx {
    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// What the engine refused, with the statement's name.
    pub async fn rows(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.usable()?;
        self.failure = Some(abandoned());
        let rows = match &mut self.conn {
            Conn::Lite(tx) => bind!(sqlx::query(sql.lite), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Row::Lite).collect()),
            Conn::Pg(tx) => bind!(sqlx::query(sql.pg), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Row::Pg).collect()),
        };
        self.outcome(rows, sql.name)
    }

    fn usable(&self) -> Result<(), StoreError> {
        match &self.failure {
            None => Ok(()),
            Some(e) => Err(StoreError { cause: format!("the transaction had failed: {}", e.cause), ..e.clone() }),
        }
    }

    /// Notes how a statement ended. Until then the transaction counts as failed, in case the caller stops waiting.
    fn outcome<T>(&mut self, outcome: sqlx::Result<T>, name: &'static str) -> Result<T, StoreError> {
        let outcome = outcome.map_err(|e| StoreError::from(e).in_statement(name));
        self.failure = outcome.as_ref().err().cloned();
        outcome
    }

    /// Runs a statement and returns its first row, if any.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub async fn row(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub async fn execute(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<u64, StoreError> {
        self.usable()?;
        self.failure = Some(abandoned());
        let changed = match &mut self.conn {
            Conn::Lite(tx) => {
                bind!(sqlx::query(sql.lite), values).execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            Conn::Pg(tx) => {
                bind!(sqlx::query(sql.pg), values).execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        };
        self.outcome(changed, sql.name)
    }

    /// As [`Tx::execute`], and tells whether any row was changed.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub async fn changed(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<bool, StoreError> {
        Ok(self.execute(sql, values).await? > 0)
    }

    /// Starts a step that can be undone alone. Steps nest; end each by [`Tx::release`] or [`Tx::rollback_to`].
    ///
    /// # Errors
    /// Lost connection.
    pub async fn savepoint(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        self.control("SAVEPOINT step").await
    }

    /// Keeps what the innermost step did.
    ///
    /// # Errors
    /// No step is open, or the connection was lost.
    pub async fn release(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        self.control("RELEASE SAVEPOINT step").await
    }

    /// Undoes what the innermost step did and ends it; a transaction that failed within the step can go on.
    ///
    /// # Errors
    /// No step is open (or the engine has undone the whole transaction), or the connection was lost.
    pub async fn rollback_to(&mut self) -> Result<(), StoreError> {
        // Equal names nest on both engines: the innermost is meant, and rolling back leaves it standing.
        self.control("ROLLBACK TO SAVEPOINT step").await?;
        self.release().await
    }

    async fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.failure = Some(abandoned());
        let outcome = match &mut self.conn {
            Conn::Lite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
            Conn::Pg(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        };
        self.outcome(outcome, sql)
    }

    /// Makes the transaction durable. On an error it must be taken as undone, though a lost answer to a commit may hide
    /// that it was done: unique keys make the repetition harmless.
    ///
    /// # Errors
    /// The engine could not commit, or a statement had failed and was not undone by [`Tx::rollback_to`].
    pub async fn commit(self) -> Result<(), StoreError> {
        self.usable()?;
        match self.conn {
            Conn::Lite(tx) => tx.commit().await,
            Conn::Pg(tx) => tx.commit().await,
        }
        .map_err(|e| StoreError::from(e).in_statement("COMMIT"))
    }

    /// Undoes everything now instead of at the next use of the connection.
    ///
    /// # Errors
    /// The connection was lost; the engine undoes it then.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.conn {
            Conn::Lite(tx) => tx.rollback().await,
            Conn::Pg(tx) => tx.rollback().await,
        }
        .map_err(|e| StoreError::from(e).in_statement("ROLLBACK"))
    }
}

/// The failure of a statement whose outcome nobody waited for.
fn abandoned() -> StoreError {
    StoreError::new(Kind::Transient, "a statement was abandoned")
}

/// A returned row. Columns by position (`0usize`) or name.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Lite(sqlx::sqlite::SqliteRow),
    /// From PostgreSQL.
    Pg(sqlx::postgres::PgRow),
}

/// A column's position or name.
pub trait Column: ColumnIndex<sqlx::sqlite::SqliteRow> + ColumnIndex<sqlx::postgres::PgRow> {}
impl<T: ColumnIndex<sqlx::sqlite::SqliteRow> + ColumnIndex<sqlx::postgres::PgRow>> Column for T {}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident -> $type:ty) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// No such column, or another type.
        pub fn $name(&self, column: impl Column) -> Result<$type, StoreError> {
            Ok(match self {
                Self::Lite(row) => row.try_get(column)?,
                Self::Pg(row) => row.try_get(column)?,
            })
        }
    };
}

impl Row {
    getter! {
        /// A number that is never NULL.
        int -> i64
    }
    getter! {
        /// A number or NULL.
        opt_int -> Option<i64>
    }
    getter! {
        /// A text that is never NULL.
        text -> String
    }
    getter! {
        /// A text or NULL.
        opt_text -> Option<String>
    }

    /// An instant that is never NULL.
    ///
    /// # Errors
    /// No such column, or another type.
    pub fn at(&self, column: impl Column) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp)
    }

    /// An instant or NULL.
    ///
    /// # Errors
    /// No such column, or another type.
    pub fn opt_at(&self, column: impl Column) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int(column)?.map(Timestamp))
    }
}
