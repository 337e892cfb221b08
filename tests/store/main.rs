//! The store, as its users rely on it. Every test of [`on_both_engines!`] runs on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, missing_docs)]

mod engine;
mod inbox;
mod office;
mod outbox;
mod outbox_faults;
#[path = "../support/postgres.rs"]
mod postgres;
mod power_cut;

use vigie::domain::time::Timestamp;
use vigie::ports::envelope::{Envelope, Urgency};
use vigie::store::{Store, Tx};

/// A database of one test.
pub struct World {
    pub store: Store,
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn sqlite_without_schema() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("vigie.db").display());
        Self { store: Store::open(&url).await.unwrap(), url, _folder: Some(folder) }
    }

    pub async fn postgres_without_schema() -> Self {
        let url = postgres::database().await;
        Self { store: Store::open(&url).await.unwrap(), url, _folder: None }
    }

    pub async fn migrated(self) -> Self {
        self.store.migrate().await.unwrap();
        self
    }

    /// As another process would open it.
    pub async fn another(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Statements that no part of the program would make, for tests only.
    pub async fn by_hand(&self, sql: &'static str) {
        use sqlx::Connection;
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut conn = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::query(sql).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        } else {
            let mut conn = sqlx::PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
    }

    pub async fn begin(&self) -> Tx {
        self.store.begin().await.unwrap()
    }
}

/// Stamps each named `async fn(&World)` out as a test on either engine.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(&$crate::World::sqlite_without_schema().await.migrated().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(&$crate::World::postgres_without_schema().await.migrated().await).await;
                }
            )+
        }
    };
}

pub fn at(ms: i64) -> Timestamp {
    Timestamp(ms)
}

pub fn envelope(delivery_id: &str, urgency: Urgency, received_at: i64) -> Envelope {
    Envelope {
        source: "slack".into(),
        delivery_id: delivery_id.into(),
        urgency,
        received_at: at(received_at),
        body: format!("{{\"id\":\"{delivery_id}\"}}"),
    }
}
