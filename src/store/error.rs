//! How the store fails, sorted by what the caller should do about it.
//!
//! Messages name the statement and the engine's code; they never carry bound values, so no personal text leaks.

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

/// What to do about a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The same call may succeed later: busy, serialization, connection lost, disk full.
    Transient,
    /// A unique key or a check refused the row.
    Constraint,
    /// The database was written by a newer version of this program.
    Newer,
    /// The database is damaged or not ours.
    Corrupt,
    /// Anything else: a bug or a wrong setting.
    Other,
}

/// A failed database operation.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}{cause}", .statement.map(|name| format!("{name}: ")).unwrap_or_default())]
pub struct StoreError {
    /// What to do about it.
    pub kind: Kind,
    /// Name of the registered statement that failed, if it was one.
    pub statement: Option<&'static str>,
    /// The engine's words and code, free of bound values.
    pub cause: String,
}

impl StoreError {
    /// An error of our own making.
    #[must_use]
    pub fn new(kind: Kind, cause: impl Into<String>) -> Self {
        Self { kind, statement: None, cause: cause.into() }
    }

    /// May the same call succeed later?
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind == Kind::Transient
    }

    pub(super) fn in_statement(mut self, name: &'static str) -> Self {
        self.statement = Some(name);
        self
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(e) => from_database(e.as_ref()),
            E::Io(e) => Self::new(Kind::Transient, format!("connection: {}", e.kind())),
            E::Tls(_) => Self::new(Kind::Transient, "connection: TLS failed"),
            E::PoolTimedOut => Self::new(Kind::Transient, "no connection became free in time"),
            E::PoolClosed => Self::new(Kind::Transient, "the store is closed"),
            E::WorkerCrashed => Self::new(Kind::Transient, "the connection's worker ended"),
            E::BeginFailed => Self::new(Kind::Transient, "the transaction did not begin"),
            E::Protocol(_) => Self::new(Kind::Transient, "connection: broken protocol"),
            E::Migrate(e) => Self::from(*e),
            E::ColumnDecode { index, .. } => Self::new(Kind::Other, format!("column {index} has another type")),
            E::ColumnNotFound(name) => Self::new(Kind::Other, format!("no column {name}")),
            E::Configuration(e) => Self::new(Kind::Other, format!("database address: {e}")),
            E::Decode(_) | E::Encode(_) => Self::new(Kind::Other, "a value could not be converted"),
            E::RowNotFound => Self::new(Kind::Other, "no row"),
            other => Self::new(Kind::Other, variant_name(&other)),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(e) => Self::from(e),
            MigrateError::ExecuteMigration(e, version) => {
                let inner = Self::from(e);
                Self::new(inner.kind, format!("migration {version}: {}", inner.cause))
            }
            MigrateError::VersionMissing(version) => Self::new(
                Kind::Newer,
                format!(
                    "the database holds migration {version}, which this version of Vigie does not know: \
                     it was written by a newer one; start that version or restore an older backup"
                ),
            ),
            MigrateError::VersionMismatch(version) | MigrateError::Dirty(version) => Self::new(
                Kind::Corrupt,
                format!("migration {version} in the database differs from the one in this program"),
            ),
            other => Self::new(Kind::Other, other.to_string()),
        }
    }
}

fn from_database(error: &dyn DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default().into_owned();
    if let Some(pg) = error.try_downcast_ref::<PgDatabaseError>() {
        let kind = postgres_kind(&code);
        // Class 22 (data exception) quotes the offending value.
        let words = if code.starts_with("22") { "a value was refused" } else { pg.message() };
        return StoreError::new(kind, format!("{words} (postgres {code})"));
    }
    StoreError::new(sqlite_kind(&code), format!("{} (sqlite {code})", error.message()))
}

/// SQLSTATE to kind (PostgreSQL manual, appendix A).
fn postgres_kind(code: &str) -> Kind {
    match code {
        // Statement or lock time-out, idle transaction ended, primary became standby.
        "57014" | "55P03" | "25P03" | "25006" => Kind::Transient,
        "XX001" | "XX002" => Kind::Corrupt,
        // 08 connection, 40 serialization and deadlock, 53 resources, 57P server stopping, 58 IO.
        _ if ["08", "40", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => Kind::Transient,
        _ if code.starts_with("23") => Kind::Constraint,
        _ => Kind::Other,
    }
}

/// SQLite result code to kind (sqlite.org/rescode.html); extended codes carry the primary one in the low byte.
fn sqlite_kind(code: &str) -> Kind {
    match code.parse::<i64>().map(|n| n & 0xff) {
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: heals when the disk or the other process does.
        Ok(5 | 6 | 7 | 8 | 10 | 13 | 14) => Kind::Transient,
        Ok(11 | 26) => Kind::Corrupt,
        Ok(19) => Kind::Constraint,
        _ => Kind::Other,
    }
}

fn variant_name(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::InvalidArgument(_) => "an argument was refused",
        sqlx::Error::TypeNotFound { .. } => "a type is unknown to the database",
        sqlx::Error::ColumnIndexOutOfBounds { .. } => "no such column position",
        _ => "the database driver failed",
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, postgres_kind, sqlite_kind};

    #[test]
    fn codes_are_sorted_by_what_to_do_about_them() {
        let table = [
            ("5", Kind::Transient),
            ("517", Kind::Transient),
            ("13", Kind::Transient),
            ("778", Kind::Transient),
            ("2067", Kind::Constraint),
            ("1555", Kind::Constraint),
            ("11", Kind::Corrupt),
            ("26", Kind::Corrupt),
            ("1", Kind::Other),
            ("", Kind::Other),
        ];
        for (code, kind) in table {
            assert_eq!(sqlite_kind(code), kind, "sqlite {code}");
        }
        let table = [
            ("40001", Kind::Transient),
            ("40P01", Kind::Transient),
            ("57P01", Kind::Transient),
            ("57014", Kind::Transient),
            ("53100", Kind::Transient),
            ("08006", Kind::Transient),
            ("23505", Kind::Constraint),
            ("23514", Kind::Constraint),
            ("XX001", Kind::Corrupt),
            ("42601", Kind::Other),
            ("22P02", Kind::Other),
        ];
        for (code, kind) in table {
            assert_eq!(postgres_kind(code), kind, "postgres {code}");
        }
    }
}
