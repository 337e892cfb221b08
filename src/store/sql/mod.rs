//! Every SQL statement of the program, by name. [`ALL`] is what [`super::Store::verify_sql`] prepares on the engine at hand.
//!
//! Rules: placeholders are `$1`..; both engines get the same text except for the three fragments below; no `now()`, no
//! `random()`; a parameter whose type PostgreSQL cannot infer is written `CAST($n AS ...)`; sums are cast to BIGINT.

/// A registered statement. Only this folder can make one, so every statement is prepared by the checks.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// Its name, for errors and checks.
    pub name: &'static str,
    pub(super) lite: &'static str,
    pub(super) pg: &'static str,
}

/// The only places where the dialects differ, as (SQLite, PostgreSQL):
/// `(rows "$n")` a JSON array of arrays as a table `r` whose fields are read by `r.value ->> 0`;
/// `(texts "$n")`, `(ids "$n")` a JSON array as the right side of IN; `(lock)` a row lock where there are several writers.
macro_rules! lite {
    ((rows $p:literal)) => {
        concat!("json_each(", $p, ") AS r")
    };
    ((texts $p:literal)) => {
        concat!("(SELECT value FROM json_each(", $p, "))")
    };
    ((ids $p:literal)) => {
        concat!("(SELECT value FROM json_each(", $p, "))")
    };
    ((lock)) => {
        ""
    };
    ($text:literal) => {
        $text
    };
}
macro_rules! pg {
    ((rows $p:literal)) => {
        concat!("json_array_elements(CAST(", $p, " AS json)) AS r(value)")
    };
    ((texts $p:literal)) => {
        concat!("(SELECT json_array_elements_text(CAST(", $p, " AS json)))")
    };
    ((ids $p:literal)) => {
        concat!("(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(", $p, " AS json)) AS e(value))")
    };
    ((lock)) => {
        " FOR UPDATE"
    };
    ($text:literal) => {
        $text
    };
}

/// Declares statements (`NAME = ["text" (fragment "$n") ...];`) and the list of them.
macro_rules! statements {
    ($list:ident: $( $(#[$doc:meta])* $name:ident = [ $($part:tt)+ ]; )+ ) => {
        $(
            $(#[$doc])*
            pub const $name: $crate::store::sql::Sql = $crate::store::sql::Sql {
                name: stringify!($name),
                lite: concat!($(lite!($part)),+),
                pg: concat!($(pg!($part)),+),
            };
        )+
        pub(super) const $list: &[$crate::store::sql::Sql] = &[$($name),+];
    };
}

mod chat;
mod inbox;
mod office;
mod outbox;
mod volume;

pub use chat::*;
pub use inbox::*;
pub use office::*;
pub use outbox::*;
pub use volume::*;

/// Every statement, in groups.
pub const ALL: &[&[Sql]] = &[inbox::INBOX, outbox::OUTBOX, office::OFFICE, office::LISTS, chat::CHAT, volume::VOLUME];

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

    use super::ALL;
    use crate::store::Store;

    #[test]
    fn names_are_unique_and_nothing_reads_the_clock_or_chance_of_the_database() {
        let all: Vec<_> = ALL.iter().copied().flatten().collect();
        assert!(all.len() > 50, "the registry lost its statements");
        let names: std::collections::BTreeSet<_> = all.iter().map(|sql| sql.name).collect();
        assert_eq!(names.len(), all.len(), "two statements share a name");
        for sql in all {
            for banned in ["now()", "random(", "current_timestamp", "select *", "?"] {
                assert!(!sql.lite.to_lowercase().contains(banned), "{} uses {banned}", sql.name);
                assert!(!sql.pg.to_lowercase().contains(banned), "{} uses {banned}", sql.name);
            }
        }
    }

    /// Reading a whole table is allowed only where the whole table is asked for.
    const READS_ALL: [&str; 1] = ["SETTING_ALL"];

    #[tokio::test]
    async fn no_statement_reads_a_whole_table() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("plan.db");
        let store = Store::open(&path.to_string_lossy()).await?;
        store.migrate().await?;
        store.close().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
        let mut conn = SqliteConnection::connect_with(&options).await?;
        let mut scans = Vec::new();
        for sql in ALL.iter().copied().flatten().filter(|sql| !READS_ALL.contains(&sql.name)) {
            let plan = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.lite));
            for row in sqlx::query(plan).fetch_all(&mut conn).await? {
                let step: String = row.try_get("detail")?;
                // Partial indexes are small by design; JSON arrays, common tables and constants are not tables.
                let whole = step.strip_prefix("SCAN ").is_some_and(|what| {
                    let table = what.split(' ').next().unwrap_or_default();
                    let partial =
                        ["_unfinished", "_sending", "_expiring", "_parked", "_new", "_odd", "_wake", "_open", "_order"];
                    !["r", "json_each", "heads", "wanted", "CONSTANT"].contains(&table)
                        && !partial.iter().any(|index| what.contains(index))
                });
                if whole {
                    scans.push(format!("{}: {step}", sql.name));
                }
            }
        }
        assert!(scans.is_empty(), "{scans:#?}");
        Ok(())
    }
}
