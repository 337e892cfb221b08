//! A power cut leaves the database file and some beginning of its write-ahead log: it opens, is sound, and holds
//! everything that was acknowledged while the log was that long.

use std::path::Path;

use vigie::ports::envelope::Urgency;
use vigie::store::{Store, inbox};

use crate::{World, at, envelope};

/// Envelopes acknowledged one by one, each with a commit of its own.
const COMMITS: i64 = 60;
/// Cuts at odd byte lengths (RELIABILITY fault 3: 500 copies nightly).
const CUTS: u64 = 60;

async fn integrity(path: &Path) -> String {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut conn = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    verdict
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_envelope_survives_a_power_cut() {
    let world = World::sqlite_without_schema().await.migrated().await;
    let db = Path::new(world.url.strip_prefix("sqlite:").unwrap()).to_owned();
    let wal = db.with_extension("db-wal");
    let mut lengths = vec![std::fs::metadata(&wal).unwrap().len()];
    for n in 0..COMMITS {
        let mut tx = world.begin().await;
        inbox::append(&mut tx, &[envelope(&n.to_string(), Urgency::Live, n)]).await.unwrap();
        tx.commit().await.unwrap();
        lengths.push(std::fs::metadata(&wal).unwrap().len());
    }
    let whole = std::fs::read(&wal).unwrap();
    let main = std::fs::read(&db).unwrap();
    let (shortest, longest) = (lengths[0], *lengths.last().unwrap());
    assert!(longest - shortest > 100_000, "the log must grow for this test to mean anything: {lengths:?}");

    let copies = tempfile::tempdir().unwrap();
    for cut in 0..=CUTS {
        let length = shortest + (longest - shortest) * cut / CUTS + if cut == CUTS { 0 } else { cut * 7 % 4_096 };
        let length = length.min(longest);
        let copy = copies.path().join(format!("{cut}.db"));
        std::fs::write(&copy, &main).unwrap();
        std::fs::write(copy.with_extension("db-wal"), &whole[..usize::try_from(length).unwrap()]).unwrap();
        let acknowledged = lengths.iter().filter(|l| **l <= length).count() - 1;

        let store = Store::open(copy.to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let held: Vec<_> = inbox::claim(&mut tx, at(999), 999).await.unwrap().into_iter().map(|p| p.id).collect();
        drop(tx);
        store.close().await;
        assert!(held.len() >= acknowledged, "cut at {length}: {} of {acknowledged}", held.len());
        assert_eq!(held, (1..=i64::try_from(held.len()).unwrap()).collect::<Vec<_>>(), "a hole at {length}");
        assert_eq!(integrity(&copy).await, "ok", "cut at {length}");
    }
}
