//! Opening, schema, transactions, snapshots, lost connections.

use vigie::store::{Kind, Store, counters, links, settings};

use crate::{World, at, on_both_engines};

on_both_engines!(
    every_registered_statement_is_accepted,
    a_statement_the_engine_refuses_is_named,
    a_second_start_finds_nothing_to_do,
    a_database_of_a_newer_version_is_refused_in_plain_words,
    a_changed_history_is_refused,
    a_transaction_that_is_dropped_leaves_nothing,
    a_transaction_abandoned_by_its_task_leaves_nothing_and_blocks_nobody,
    a_failed_transaction_can_neither_go_on_nor_be_committed,
    a_transaction_with_an_abandoned_statement_can_neither_go_on_nor_be_committed,
    a_failed_step_is_undone_alone,
    steps_nest,
    a_reader_sees_one_moment_and_holds_up_nobody,
    a_reader_cannot_write,
    texts_come_back_as_they_went_in,
    numbers_are_handed_out_once_and_without_gaps,
    a_refusal_names_the_statement_and_no_value,
);

async fn every_registered_statement_is_accepted(world: &World) {
    let refused = world.store.verify_sql().await.unwrap();
    assert!(refused.is_empty(), "{refused:#?}");
}

async fn a_statement_the_engine_refuses_is_named(world: &World) {
    world.by_hand("DROP TABLE cursors").await;
    let refused: Vec<_> = world.store.verify_sql().await.unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(refused, ["CURSOR_ADVANCE", "CURSOR_GET", "CURSORS_OF"]);
}

async fn a_second_start_finds_nothing_to_do(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "kept", "yes").await.unwrap();
    tx.commit().await.unwrap();
    let second = world.another().await;
    second.migrate().await.unwrap();
    let mut tx = second.read().await.unwrap();
    assert_eq!(settings::get(&mut tx, "kept").await.unwrap().as_deref(), Some("yes"));
}

async fn a_database_of_a_newer_version_is_refused_in_plain_words(world: &World) {
    world
        .by_hand(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
        )
        .await;
    let refused = world.another().await.migrate().await.unwrap_err();
    assert_eq!(refused.kind, Kind::Newer);
    assert!(refused.to_string().contains("written by a newer one"), "{refused}");
}

async fn a_changed_history_is_refused(world: &World) {
    world.by_hand("DELETE FROM _sqlx_migrations").await;
    // Both engines read the same literal, one as text, one as bytes.
    world
        .by_hand(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (1, 'another past', true, '00', 0)",
        )
        .await;
    let refused = world.another().await.migrate().await.unwrap_err();
    assert_eq!(refused.kind, Kind::Corrupt, "{refused}");
}

async fn a_transaction_that_is_dropped_leaves_nothing(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "a", "1").await.unwrap();
    drop(tx);
    let mut tx = world.begin().await;
    assert_eq!(settings::get(&mut tx, "a").await.unwrap(), None);
}

async fn a_transaction_abandoned_by_its_task_leaves_nothing_and_blocks_nobody(world: &World) {
    for _ in 0..20 {
        let store = world.store.clone();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let task = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            settings::put(&mut tx, "a", "1").await.unwrap();
            started.send(()).unwrap();
            loop {
                settings::put(&mut tx, "a", "2").await.unwrap();
            }
        });
        has_started.await.unwrap();
        task.abort();
        let mut tx = world.begin().await;
        assert_eq!(settings::get(&mut tx, "a").await.unwrap(), None);
        tx.commit().await.unwrap();
    }
}

async fn a_failed_transaction_can_neither_go_on_nor_be_committed(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "a", "1").await.unwrap();
    for n in 0..2 {
        let outcome = vigie::store::journal::append(&mut tx, "t", 1, 1, at(0), "a", &[("x", "{}")]).await;
        assert_eq!(outcome.is_err(), n == 1);
    }
    let refused = settings::put(&mut tx, "b", "1").await.unwrap_err();
    assert_eq!((refused.kind, refused.statement), (Kind::Constraint, Some("JOURNAL_APPEND")));
    let refused = tx.commit().await.unwrap_err();
    assert_eq!(refused.kind, Kind::Constraint);
    let mut tx = world.begin().await;
    assert_eq!(settings::all(&mut tx).await.unwrap(), []);
}

async fn a_transaction_with_an_abandoned_statement_can_neither_go_on_nor_be_committed(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "a", "1").await.unwrap();
    // On a busy machine the server may answer within the first poll: only a statement that still waits is abandoned.
    for attempt in 0.. {
        let mut abandoned = Box::pin(settings::put(&mut tx, "b", "1"));
        if futures::poll!(abandoned.as_mut()).is_pending() {
            break;
        }
        assert!(attempt < 100, "the server answers before anybody can wait for it");
    }
    assert!(settings::put(&mut tx, "c", "1").await.unwrap_err().is_transient());
    assert!(tx.commit().await.is_err());
    let mut tx = world.begin().await;
    assert_eq!(settings::all(&mut tx).await.unwrap(), []);
    settings::put(&mut tx, "d", "1").await.unwrap();
    tx.commit().await.unwrap();
}

/// A full disk makes SQLite undo the whole transaction by itself; a trigger does the same on order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_sqlite_undid_a_transaction_by_itself_the_next_one_works() {
    let world = World::sqlite_without_schema().await.migrated().await;
    world
        .by_hand(
            "CREATE TRIGGER full BEFORE INSERT ON settings WHEN NEW.key = 'too much' \
             BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END",
        )
        .await;
    for _ in 0..3 {
        let mut tx = world.begin().await;
        settings::put(&mut tx, "before", "1").await.unwrap();
        tx.savepoint().await.unwrap();
        assert!(settings::put(&mut tx, "too much", "1").await.is_err());
        assert!(tx.rollback_to().await.is_err(), "there is nothing left to go back to");
        assert!(settings::put(&mut tx, "after", "1").await.is_err(), "it would be durable alone");
        assert!(tx.commit().await.is_err());
    }
    let mut tx = world.begin().await;
    assert_eq!(settings::all(&mut tx).await.unwrap(), []);
    settings::put(&mut tx, "works", "1").await.unwrap();
    tx.commit().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn what_customers_wrote_is_readable_by_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::sqlite_without_schema().await.migrated().await;
    let path = world.url.strip_prefix("sqlite:").unwrap();
    for file in [path.to_owned(), format!("{path}-wal"), format!("{path}-shm")] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

async fn a_failed_step_is_undone_alone(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "before", "1").await.unwrap();
    tx.savepoint().await.unwrap();
    settings::put(&mut tx, "within", "1").await.unwrap();
    let refused = vigie::store::journal::append(&mut tx, "t", 1, 1, at(0), "a", &[("x", "{}")]).await;
    assert!(refused.is_ok());
    let refused = vigie::store::journal::append(&mut tx, "t", 1, 1, at(0), "a", &[("x", "{}")]).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Constraint);
    tx.rollback_to().await.unwrap();
    settings::put(&mut tx, "after", "1").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.store.read().await.unwrap();
    let keys: Vec<_> = settings::all(&mut tx).await.unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["after", "before"]);
    assert_eq!(vigie::store::journal::of(&mut tx, "t", 1).await.unwrap(), []);
}

async fn steps_nest(world: &World) {
    let mut tx = world.begin().await;
    tx.savepoint().await.unwrap();
    settings::put(&mut tx, "outer", "1").await.unwrap();
    tx.savepoint().await.unwrap();
    settings::put(&mut tx, "inner undone", "1").await.unwrap();
    tx.rollback_to().await.unwrap();
    tx.savepoint().await.unwrap();
    settings::put(&mut tx, "inner kept", "1").await.unwrap();
    tx.release().await.unwrap();
    tx.release().await.unwrap();
    assert!(tx.release().await.is_err(), "no step is open any more");
    drop(tx);

    let mut tx = world.begin().await;
    tx.savepoint().await.unwrap();
    tx.savepoint().await.unwrap();
    settings::put(&mut tx, "kept inside", "1").await.unwrap();
    tx.release().await.unwrap();
    tx.rollback_to().await.unwrap();
    settings::put(&mut tx, "kept", "1").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.store.read().await.unwrap();
    assert_eq!(settings::all(&mut tx).await.unwrap(), [("kept".to_owned(), "1".to_owned())]);
}

async fn a_reader_sees_one_moment_and_holds_up_nobody(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "a", "old").await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = world.store.read().await.unwrap();
    assert_eq!(settings::get(&mut reader, "a").await.unwrap().as_deref(), Some("old"));
    let mut tx = world.begin().await;
    settings::put(&mut tx, "a", "new").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(settings::get(&mut reader, "a").await.unwrap().as_deref(), Some("old"));
    drop(reader);
    let mut reader = world.store.read().await.unwrap();
    assert_eq!(settings::get(&mut reader, "a").await.unwrap().as_deref(), Some("new"));
}

async fn a_reader_cannot_write(world: &World) {
    let mut reader = world.store.read().await.unwrap();
    assert!(settings::put(&mut reader, "a", "1").await.is_err());
    drop(reader);
    let mut tx = world.begin().await;
    assert_eq!(settings::get(&mut tx, "a").await.unwrap(), None);
}

async fn texts_come_back_as_they_went_in(world: &World) {
    let table = [
        ("", ""),
        ("l'été, \"déjà\"\n\t\\n", "l'été, \"déjà\"\n\t\\n"),
        ("'; DROP TABLE settings; --", "'; DROP TABLE settings; --"),
        ("🎫\u{202e}\u{200d}e\u{301}", "🎫\u{202e}\u{200d}e\u{301}"),
        ("$1 %_ :x ?", "$1 %_ :x ?"),
        ("{\"a\":\"\\ud800\\u0000\"}", "{\"a\":\"\\ud800\\u0000\"}"),
        ("a\0b", "a\u{fffd}b"),
    ];
    let mut tx = world.begin().await;
    for (given, kept) in table {
        settings::put(&mut tx, "text", given).await.unwrap();
        assert_eq!(settings::get(&mut tx, "text").await.unwrap().as_deref(), Some(kept), "{given:?}");
        settings::put(&mut tx, given, "key").await.unwrap();
        assert_eq!(settings::get(&mut tx, kept).await.unwrap().as_deref(), Some("key"), "{given:?}");
    }
}

async fn numbers_are_handed_out_once_and_without_gaps(world: &World) {
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8 {
        let store = world.store.clone();
        tasks.spawn(async move {
            let mut mine = Vec::new();
            for round in 0..10 {
                let mut tx = store.begin().await.unwrap();
                let number = counters::next(&mut tx, "ticket").await.unwrap();
                if (task + round) % 3 == 0 {
                    drop(tx);
                } else {
                    tx.commit().await.unwrap();
                    mine.push(number);
                }
            }
            mine
        });
    }
    let mut all: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    all.sort_unstable();
    let expected: Vec<i64> = (1..=i64::try_from(all.len()).unwrap()).collect();
    assert_eq!(all, expected);
}

async fn a_refusal_names_the_statement_and_no_value(world: &World) {
    let mut tx = world.begin().await;
    let row = vigie::store::aggregates::NewRow {
        kind: "ticket".into(),
        id: 1,
        status: "jane@example.org".into(),
        state: "{}".into(),
        ..Default::default()
    };
    vigie::store::aggregates::insert(&mut tx, &row).await.unwrap();
    let refused = vigie::store::aggregates::insert(&mut tx, &row).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Constraint);
    assert_eq!(refused.statement, Some("AGGREGATE_INSERT"));
    assert!(!refused.to_string().contains("jane") && refused.to_string().contains("aggregates"), "{refused}");
}

async fn eight_at_once(world: &World) {
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let url = world.url.clone();
        starts.spawn(async move {
            let store = Store::open(&url).await.unwrap();
            store.migrate().await.map_err(|e| e.to_string())
        });
    }
    for outcome in starts.join_all().await {
        assert_eq!(outcome, Ok(()));
    }
    assert!(world.store.verify_sql().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_may_start_at_once_on_sqlite() {
    eight_at_once(&World::sqlite_without_schema().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_may_start_at_once_on_postgres() {
    eight_at_once(&World::postgres_without_schema().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_server_cut_every_connection_the_next_transaction_works() {
    let world = World::postgres_without_schema().await.migrated().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(world.begin().await);
    }
    for tx in open {
        tx.rollback().await.unwrap();
    }
    let mut cut = world.begin().await;
    links::claim(&mut cut, "k", "lost", 1).await.unwrap();
    world
        .by_hand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
    let lost = links::claim(&mut cut, "k", "lost too", 1).await.unwrap_err();
    assert!(lost.is_transient(), "{lost:?}");
    drop(cut);
    for _ in 0..10 {
        let mut tx = world.begin().await;
        assert_eq!(links::get(&mut tx, "k", "lost").await.unwrap(), None);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let not_a_database = folder.path().join("notes.txt");
    std::fs::write(&not_a_database, "these are notes, not a database, and long enough to have a header\n".repeat(9))
        .unwrap();
    let refused = Store::open(not_a_database.to_str().unwrap()).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Corrupt, "{refused}");

    let refused = Store::open(folder.path().join("missing/vigie.db").to_str().unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("does not exist"), "{refused}");

    let nowhere = format!("postgres://vigie@localhost/x?host={}", folder.path().display());
    let refused = Store::open(&nowhere).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Transient, "{refused}");
    let secret = Store::open("postgres://vigie:hunter2@[broken/x").await.unwrap_err();
    assert!(!secret.to_string().contains("hunter2"), "{secret}");
}

#[tokio::test]
async fn a_test_server_has_room_for_more_than_one_database() {
    let (one, other) = (World::postgres_without_schema().await, World::postgres_without_schema().await);
    assert_ne!(one.url, other.url);
    one.store.migrate().await.unwrap();
    assert!(!other.store.verify_sql().await.unwrap().is_empty(), "the other one is empty");
}
