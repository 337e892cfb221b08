//! Opening the database, bringing its schema up to date, and starting transactions.
//!
//! SQLite: one writing connection (BEGIN IMMEDIATE: a deferred read-then-write fails at once when another process wrote
//! in between) and read-only ones beside it, in WAL mode with `synchronous=FULL`, so that a commit survives a power cut.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, SqlSafeStr};

use super::error::{Kind, StoreError};
use super::sql;
use super::tx::Tx;

/// Reading connections beside the SQLite writer: enough for health, pages and commands on a small machine.
const SQLITE_READERS_MAX: u32 = 4;
/// How long SQLite waits for another process that writes.
const SQLITE_BUSY_MS: u64 = 5_000;
/// Connections to PostgreSQL; its own default limit is 100 for all clients together.
const POSTGRES_CONNECTIONS_MAX: u32 = 10;
/// How long a caller waits for a free connection: within the 3 s chats wait for an answer, plus room for background work.
const ACQUIRE_MS_MAX: u64 = 5_000;
/// Ends statements that hang on the PostgreSQL side.
const POSTGRES_STATEMENT_MS_MAX: &str = "30000";
/// Ends waits for another replica's row locks.
const POSTGRES_LOCK_MS_MAX: &str = "5000";
/// Frees the locks of a replica that was frozen inside a transaction.
const POSTGRES_IDLE_IN_TRANSACTION_MS_MAX: &str = "10000";
/// Prepared statements kept per connection: more than the registry holds.
const STATEMENT_CACHE: usize = 256;
/// The WAL file is cut back to this size after a checkpoint.
const WAL_BYTES_KEPT: &str = "67108864";

/// Where sqlx notes which migrations were applied.
const MIGRATIONS: &str = "_sqlx_migrations";

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Which engine a [`Store`] runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one process.
    Sqlite,
    /// Shared by replicas.
    Postgres,
}

#[derive(Clone)]
enum Pools {
    Lite { writer: SqlitePool, reader: SqlitePool },
    Pg(PgPool),
}

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.engine())
    }
}

impl Store {
    /// Opens `sqlite:PATH`, a plain path (the file is created when missing) or `postgres://...`. Does not touch the
    /// schema: call [`Store::migrate`] next.
    ///
    /// # Errors
    /// `Other` for an address that cannot be meant, `Transient` when the server cannot be reached, `Corrupt` when the
    /// file is not a database.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Pools::Pg(open_postgres(url).await?)
        } else {
            open_sqlite(sqlite_path(url)?).await?
        };
        Ok(Self { pools })
    }

    /// The engine in use.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Lite { .. } => Engine::Sqlite,
            Pools::Pg(_) => Engine::Postgres,
        }
    }

    /// Brings the schema up to date. Safe when several processes start at once: they take turns.
    ///
    /// # Errors
    /// `Newer` when the database was written by a newer version; `Corrupt` when its history differs from ours.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Lite { writer, .. } => {
                let mut conn = writer.acquire().await?;
                if is_current(&mut *conn).await {
                    return Ok(());
                }
                // SQLite has no advisory lock: the whole history is brought up inside one exclusive transaction.
                let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
                bring_up(&mut *tx).await?;
                Ok(tx.commit().await?)
            }
            Pools::Pg(pool) => {
                let mut conn = pool.acquire().await?;
                if is_current(&mut *conn).await {
                    return Ok(());
                }
                // A failure would leave the session's advisory lock behind: such a connection is not used again.
                conn.close_on_drop();
                Ok(bring_up(&mut *conn).await?)
            }
        }
    }

    /// Prepares every registered statement; returns the name and error of each that the engine refuses.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn verify_sql(&self) -> Result<Vec<(&'static str, StoreError)>, StoreError> {
        let mut refused = Vec::new();
        // On a connection of its own: the statement cache of the others keeps the types that callers bind.
        macro_rules! verify {
            ($conn:expr, $text:ident) => {{
                let mut conn = $conn;
                for statement in sql::ALL.iter().copied().flatten() {
                    if let Err(e) = conn.prepare(statement.$text.into_sql_str()).await {
                        refused.push((statement.name, StoreError::from(e)));
                    }
                }
                conn.close().await?;
            }};
        }
        match &self.pools {
            Pools::Lite { writer, .. } => verify!(writer.connect_options().connect().await?, lite),
            Pools::Pg(pool) => verify!(pool.connect_options().connect().await?, pg),
        }
        Ok(refused)
    }

    /// Starts a write transaction. On SQLite there is one at a time: keep it short, and never wait for anything remote
    /// while it is open.
    ///
    /// # Errors
    /// `Transient` when no connection became free in time or another process holds the database.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Lite { writer, .. } => Ok(writer.begin_with("BEGIN IMMEDIATE").await?.into()),
            Pools::Pg(pool) => begin_postgres(pool, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await,
        }
    }

    /// Starts a read-only transaction that sees one moment and holds up nobody.
    ///
    /// # Errors
    /// `Transient` when no connection became free in time.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Lite { reader, .. } => Ok(reader.begin_with("BEGIN DEFERRED").await?.into()),
            Pools::Pg(pool) => begin_postgres(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await,
        }
    }

    /// Closes all connections after the running transactions; on SQLite the WAL file is folded into the database.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Lite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Pg(pool) => pool.close().await,
        }
    }
}

/// The file that a SQLite address means.
fn sqlite_path(url: &str) -> Result<&Path, StoreError> {
    let refuse = |why: &str| {
        Err(StoreError::new(
            Kind::Other,
            format!("{why}; use `sqlite:vigie.db`, a file path, or `postgres://user@host/database`"),
        ))
    };
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
    if path.is_empty() {
        return refuse("the database address is empty");
    }
    if path.starts_with(":memory:") {
        return refuse("a database in memory would forget what was acknowledged");
    }
    if path.contains("://") {
        return refuse("this kind of database address is not known");
    }
    Ok(Path::new(path))
}

async fn open_sqlite(path: &Path) -> Result<Pools, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(StoreError::new(Kind::Other, format!("the folder {} does not exist", folder.display())));
    }
    create_private(path);
    let shared = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_millis(SQLITE_BUSY_MS))
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging();
    let writing = shared
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", WAL_BYTES_KEPT);
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_millis(ACQUIRE_MS_MAX))
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            // After an error such as a full disk SQLite has already undone the transaction; the driver's own ROLLBACK
            // then fails and it would count itself inside a transaction for ever: such a connection is replaced.
            .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
    };
    let writer = pool(1).connect_with(writing).await?;
    let reader = pool(SQLITE_READERS_MAX).connect_lazy_with(shared.read_only(true));
    Ok(Pools::Lite { writer, reader })
}

/// Creates a missing database file readable by its owner only: it holds what customers wrote. SQLite gives its log
/// files the same rights. Failures show when the file is opened.
fn create_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

async fn open_postgres(url: &str) -> Result<PgPool, StoreError> {
    let options: PgConnectOptions = url.parse().map_err(|_| {
        StoreError::new(Kind::Other, "the database address cannot be read; use `postgres://user@host/database`")
    })?;
    let options = options
        .application_name("vigie")
        .options([
            ("statement_timeout", POSTGRES_STATEMENT_MS_MAX),
            ("lock_timeout", POSTGRES_LOCK_MS_MAX),
            ("idle_in_transaction_session_timeout", POSTGRES_IDLE_IN_TRANSACTION_MS_MAX),
        ])
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging();
    Ok(PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(Duration::from_millis(ACQUIRE_MS_MAX))
        // `begin_postgres` finds dead connections without a round trip per transaction.
        .test_before_acquire(false)
        .after_connect(|conn, _| {
            // A server that answers commits before they are durable would break the promise of acknowledgements.
            Box::pin(async move {
                conn.execute(
                    "SELECT set_config('synchronous_commit', 'on', false) \
                     WHERE current_setting('synchronous_commit') = 'off'",
                )
                .await
                .map(|_| ())
            })
        })
        .connect_with(options)
        .await?)
}

/// Begins on a connection that works: after a restart of the server every pooled one fails once.
async fn begin_postgres(pool: &PgPool, statement: &'static str) -> Result<Tx, StoreError> {
    for _ in 0..POSTGRES_CONNECTIONS_MAX {
        match pool.begin_with(statement).await {
            Ok(tx) => return Ok(tx.into()),
            Err(sqlx::Error::PoolTimedOut) => return Err(sqlx::Error::PoolTimedOut.into()),
            Err(e) => {
                let error = StoreError::from(e);
                if !error.is_transient() {
                    return Err(error);
                }
            }
        }
    }
    Ok(pool.begin_with(statement).await?.into())
}

/// Applies what is missing. Written out because the future of `Migrator::run` cannot be sent between threads for a
/// borrowed connection.
async fn bring_up<C: Migrate>(conn: &mut C) -> Result<(), MigrateError> {
    conn.lock().await?;
    conn.ensure_migrations_table(MIGRATIONS).await?;
    if let Some(version) = conn.dirty_version(MIGRATIONS).await? {
        return Err(MigrateError::Dirty(version));
    }
    let applied = conn.list_applied_migrations(MIGRATIONS).await?;
    if let Some(unknown) = applied.iter().find(|there| !MIGRATOR.version_exists(there.version)) {
        return Err(MigrateError::VersionMissing(unknown.version));
    }
    for ours in MIGRATOR.iter() {
        match applied.iter().find(|there| there.version == ours.version) {
            Some(there) if there.checksum == ours.checksum => {}
            Some(_) => return Err(MigrateError::VersionMismatch(ours.version)),
            None => {
                conn.apply(MIGRATIONS, ours).await?;
            }
        }
    }
    conn.unlock().await
}

/// Is the schema exactly ours? Any doubt is left to the migrator.
async fn is_current<C: Migrate>(conn: &mut C) -> bool {
    let Ok(applied) = conn.list_applied_migrations(MIGRATIONS).await else { return false };
    applied.len() == MIGRATOR.iter().count()
        && applied
            .iter()
            .zip(MIGRATOR.iter())
            .all(|(there, ours)| there.version == ours.version && there.checksum == ours.checksum)
}

#[cfg(test)]
mod tests {
    use super::sqlite_path;

    #[test]
    fn addresses_mean_files_or_are_refused_in_plain_words() {
        for (url, path) in [
            ("sqlite:vigie.db", "vigie.db"),
            ("sqlite://vigie.db", "vigie.db"),
            ("sqlite:///var/lib/vigie.db", "/var/lib/vigie.db"),
            ("/tmp/a b.db", "/tmp/a b.db"),
            ("vigie.db", "vigie.db"),
        ] {
            assert_eq!(sqlite_path(url).ok().and_then(|p| p.to_str()), Some(path), "{url}");
        }
        for url in ["", "sqlite:", "sqlite::memory:", ":memory:", "mysql://host/db"] {
            let refused = sqlite_path(url).expect_err(url).to_string();
            assert!(refused.contains("use `sqlite:vigie.db`"), "{url}: {refused}");
        }
    }
}
