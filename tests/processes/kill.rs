//! `kill -9` at random moments: nothing lost, nothing doubled.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use vigie::store::Store;

use super::office::Office;
use super::{count, postgres, traffic};

/// Desks, and people: enough that one card a second and channel lets everything out in time.
const DESKS: usize = 50;
/// A process lives for at most so long before it is killed.
const LIFE_MS_MAX: u64 = 1_200;
/// Everything must have left so long after the last start.
const SETTLED_WITHIN: Duration = Duration::from_secs(180);

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

async fn killed_again_and_again(database: Option<String>) {
    let (kills, messages) = (number("VIGIE_KILLS", 20), number("VIGIE_MESSAGES", 1_000));
    let seed = number("VIGIE_SEED", std::process::id() as usize) as u64;
    println!("VIGIE_KILLS={kills} VIGIE_MESSAGES={messages} VIGIE_SEED={seed}");
    let mut chance = StdRng::seed_from_u64(seed);
    let office = Arc::new(Office::new(DESKS, database).await);
    // The first start ever: what was said before Vigie came is not its work, so it must have met the channels.
    let first = office.start().await;
    office.connected().await;
    let store = Store::open(&office.database).await.expect("the database opens");
    meets_the_channels(&store).await;
    let lives: Vec<Duration> = (0..kills).map(|_| Duration::from_millis(chance.random_range(1..LIFE_MS_MAX))).collect();
    let span = lives.iter().sum::<Duration>();
    let writing = tokio::spawn({
        let office = Arc::clone(&office);
        async move { traffic::write(&office, messages, span).await }
    });
    let mut vigie = first;
    for life in lives {
        tokio::time::sleep(life).await;
        assert!(vigie.runs(), "vigie ended by itself:\n{}", office.log_tail());
        vigie.kill_hard().await;
        vigie = office.spawn();
    }
    office.ready(&vigie).await;
    writing.await.expect("every message is written");
    let restarted = std::time::Instant::now();
    let held = count::settled(&office, &store, messages, SETTLED_WITHIN).await;
    println!("settled {:?} after the last message was accepted", restarted.elapsed());
    count::assert_exactly_once(&office, &held, &traffic::tokens(messages));
    let (_, well) = vigie.terminate().await;
    assert!(well);
}

/// Waits until every watched channel of both chats has its place to read back from.
async fn meets_the_channels(store: &Store) {
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    loop {
        let mut tx = store.read().await.expect("the database can be read");
        let mut met = 0;
        for chat in ["slack", "discord"] {
            for channel in vigie::store::directory::channels(&mut tx, chat).await.expect("listed") {
                let cursor = vigie::store::cursors::get(&mut tx, chat, &channel.id).await.expect("read");
                met += usize::from(cursor.is_some());
            }
        }
        if met == 2 * DESKS {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "only {met} channels were met");
        drop(tx);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_moments_every_message_has_one_ticket_and_one_card_on_sqlite() {
    killed_again_and_again(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_moments_every_message_has_one_ticket_and_one_card_on_postgres() {
    killed_again_and_again(Some(postgres::database().await)).await;
}
