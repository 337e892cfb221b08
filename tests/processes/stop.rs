//! SIGTERM under load: gone within two seconds, nothing lost.

use std::sync::Arc;
use std::time::Duration;

use vigie::store::Store;

use super::office::Office;
use super::{count, postgres, traffic};

/// Desks and people.
const DESKS: usize = 30;
/// How long a stop may take (RELIABILITY: SIGTERM under load).
const LEAVES_WITHIN: Duration = Duration::from_secs(2);
/// Restarts while messages come in.
const STOPS: usize = 6;
/// Messages; they come at 100 a second.
const MESSAGES: usize = 400;

async fn stopped_again_and_again(database: Option<String>) {
    let office = Arc::new(Office::new(DESKS, database).await);
    let mut vigie = office.start().await;
    office.connected().await;
    let store = Store::open(&office.database).await.expect("the database opens");
    let span = Duration::from_secs(4);
    let writing = tokio::spawn({
        let office = Arc::clone(&office);
        async move { traffic::write_hooks(&office, MESSAGES, span).await }
    });
    for _ in 0..STOPS {
        tokio::time::sleep(span / (STOPS as u32 + 1)).await;
        let (took, well) = vigie.terminate().await;
        assert!(took < LEAVES_WITHIN, "it took {took:?} to stop\n{}", office.log_tail());
        assert!(well, "it did not leave well\n{}", office.log_tail());
        vigie = office.start().await;
    }
    writing.await.expect("every message is accepted");
    let held = count::settled(&office, &store, MESSAGES, Duration::from_secs(90)).await;
    count::assert_exactly_once(&office, &held, &traffic::tokens(MESSAGES));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_under_load_it_leaves_in_two_seconds_and_loses_nothing_on_sqlite() {
    stopped_again_and_again(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_under_load_it_leaves_in_two_seconds_and_loses_nothing_on_postgres() {
    stopped_again_and_again(Some(postgres::database().await)).await;
}
