//! A second look into the database, beside the program: what a person with a database client would see.

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

/// Connections of the probe.
const CONNECTIONS_MAX: u32 = 2;

/// Reads one database.
pub enum Probe {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

impl Probe {
    /// Opens the database at an address as Vigie's settings write it.
    pub async fn open(url: &str) -> Self {
        match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS_MAX).connect_with(options).await;
                Self::Sqlite(pool.unwrap())
            }
            None => Self::Postgres(PgPoolOptions::new().max_connections(CONNECTIONS_MAX).connect(url).await.unwrap()),
        }
    }

    /// First column of all rows, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let safe = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(safe).fetch_all(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(safe).fetch_all(pool).await.unwrap(),
        }
    }

    /// First column of the first row, as a number; `None` for NULL.
    pub async fn number(&self, sql: &str) -> Option<i64> {
        let safe = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(safe).fetch_one(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(safe).fetch_one(pool).await.unwrap(),
        }
    }

    /// How many rows a `FROM ...` clause has.
    pub async fn count(&self, from: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {from}")).await.unwrap_or(0)
    }

    /// A statement that no part of the program would make.
    pub async fn by_hand(&self, sql: &str) {
        let safe = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query(safe).execute(pool).await.map(|_| ()).unwrap(),
            Self::Postgres(pool) => sqlx::query(safe).execute(pool).await.map(|_| ()).unwrap(),
        }
    }
}
