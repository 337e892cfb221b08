//! How fast and how big the real `vigie serve` is. The figures that count come from a release build:
//!
//! ```text
//! cargo test --release --test measure -- --nocapture --test-threads=1
//! ```
//!
//! There the goals are asserted. In a debug build the same runs with fewer rounds, and only its correctness is asserted:
//! everything accepted is stored, everything asked is answered.

#[path = "../processes/count.rs"]
#[allow(dead_code, reason = "shared with the process tests")]
mod count;
#[path = "../processes/office.rs"]
#[allow(dead_code, reason = "shared with the process tests")]
mod office;
#[path = "../support/postgres.rs"]
mod postgres;
mod triage;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use office::{Hook, Office, Vigie, cpu, memory_kb, size_of, slack_act};
use serde_json::json;
use vigie::store::Store;

/// Whether the goals are asserted.
const GOALS: bool = !cfg!(debug_assertions);
/// Webhooks of the burst.
const BURST: usize = if GOALS { 5_000 } else { 600 };
/// Connections of the burst.
const CONNECTIONS: usize = 64;
/// Starts of which the median is told.
const STARTS: usize = if GOALS { 10 } else { 3 };
/// Desks and people.
const DESKS: usize = 4;
/// Goals of the README.
const ACCEPT_P99_MAX: Duration = Duration::from_millis(250);
const ASSIGN_MAX: Duration = Duration::from_secs(1);
const START_MEDIAN_MAX: Duration = Duration::from_millis(150);
const IDLE_KB_MAX: u64 = 30 * 1_024;
const BINARY_BYTES_MAX: u64 = 40 << 20;

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn goal(what: &str, held: bool) {
    assert!(held || !GOALS, "goal missed: {what}");
}

/// Sends all hooks over so many connections at once; the time each took.
async fn burst(office: &Arc<Office>, hooks: Vec<Hook>) -> Vec<Duration> {
    let (hooks, next) = (Arc::new(hooks), Arc::new(AtomicUsize::new(0)));
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (office, hooks, next) = (Arc::clone(office), Arc::clone(&hooks), Arc::clone(&next));
        senders.spawn(async move {
            let http = office::http();
            let mut times = Vec::new();
            while let Some(hook) = hooks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                let status = hook.send(&http, office.port).await;
                times.push(sent.elapsed());
                assert_eq!(status, Some(202), "{}", hook.id);
            }
            times
        });
    }
    let mut times = Vec::new();
    while let Some(done) = senders.join_next().await {
        times.extend(done.expect("every webhook is accepted"));
    }
    times.sort_unstable();
    times
}

/// Types `/assign` until told to stop; how long each answer took to be seen.
async fn assign_meanwhile(office: Arc<Office>, stop: tokio_util::sync::CancellationToken) -> Vec<Duration> {
    let channel = office.slack.channel_id(&office.desk_channel(0)).expect("a desk channel");
    let (asker, other) = (office.member(0), office.member(1));
    let user = office.slack.user_id(&asker).expect("a member");
    let answers = || {
        let snapshot = office.slack.snapshot(&user);
        let messages = snapshot["messages"][&channel].as_array().cloned().unwrap_or_default();
        messages.iter().filter(|message| message["ephemeral"] == true).count()
    };
    let mut times = Vec::new();
    while !stop.is_cancelled() || times.is_empty() {
        let who = if times.len() % 2 == 0 { &asker } else { &other };
        let (before, asked) = (answers(), Instant::now());
        let mut changed = office.slack.changed();
        let text = format!("/assign T-{} @{who}", 1 + times.len() % 20);
        slack_act(&office, &asker, json!({"act": "slash", "channel": channel, "text": text})).await.expect("typed");
        let seen = async {
            while answers() == before {
                changed.changed().await.expect("the local Slack runs");
            }
        };
        tokio::time::timeout(Duration::from_secs(30), seen).await.expect("answered within 30 s");
        times.push(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    times.sort_unstable();
    times
}

/// Waits until every webhook has its ticket.
async fn all_tickets(store: &Store, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let held = count::held(store).await;
        assert_eq!(held.inbox_odd, 0, "{held:?}");
        if held.tickets == count as i64 && held.inbox_waiting == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "{held:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn flooded(engine: &str, database: Option<String>) {
    let office = Arc::new(Office::new(DESKS, database).await);
    let vigie = office.start().await;
    office.connected().await;
    let store = Store::open(&office.database).await.expect("the database opens");
    let first: Vec<Hook> = (0..20).map(|index| office.hook(&format!("m-{index:06}"), index)).collect();
    burst(&office, first).await;
    all_tickets(&store, 20).await;
    let hooks: Vec<Hook> = (20..20 + BURST).map(|index| office.hook(&format!("m-{index:06}"), index)).collect();
    let stop = tokio_util::sync::CancellationToken::new();
    let assigning = tokio::spawn(assign_meanwhile(Arc::clone(&office), stop.clone()));
    let (used, began) = (cpu(vigie.pid), Instant::now());
    let times = burst(&office, hooks).await;
    let accepted = began.elapsed();
    all_tickets(&store, 20 + BURST).await;
    let (drained, used) = (began.elapsed(), cpu(vigie.pid).saturating_sub(used));
    stop.cancel();
    let answers = assigning.await.expect("every command is answered");
    let (p50, p99) = (percentile(&times, 50), percentile(&times, 99));
    let (answer_p50, answer_max) = (percentile(&answers, 50), percentile(&answers, 100));
    println!("\n{engine}: {BURST} signed webhooks over {CONNECTIONS} connections");
    println!(
        "  accepted (durable)      p50 {:.1} ms, p99 {:.1} ms, {:.0}/s",
        ms(p50),
        ms(p99),
        BURST as f64 / accepted.as_secs_f64()
    );
    println!("  all tickets open after  {:.1} s", drained.as_secs_f64());
    println!(
        "  /assign meanwhile       p50 {:.0} ms, max {:.0} ms of {}",
        ms(answer_p50),
        ms(answer_max),
        answers.len()
    );
    println!("  CPU an envelope         {:.2} ms (accept, ticket, first calls)", ms(used) / BURST as f64);
    println!("  memory at its highest   {:.1} MiB", memory_kb(vigie.pid, "VmHWM") as f64 / 1_024.0);
    goal("webhooks accepted within 250 ms (p99)", p99 < ACCEPT_P99_MAX);
    goal("/assign answered within 1 s", answer_max < ASSIGN_MAX);
    let (took, well) = vigie.terminate().await;
    println!("  stopped after           {:.0} ms", ms(took));
    assert!(well && took < Duration::from_secs(2), "it took {took:?} to stop");
    starts(&office).await;
}

/// Cold starts on the database that the burst left behind.
async fn starts(office: &Office) {
    let mut times = Vec::new();
    let mut last: Option<Vigie> = None;
    for _ in 0..STARTS {
        if let Some(vigie) = last.take() {
            vigie.terminate().await;
        }
        let vigie = office.spawn();
        times.push(office.ready(&vigie).await);
        last = Some(vigie);
    }
    times.sort_unstable();
    let median = percentile(&times, 50);
    println!(
        "  start to ready          median {:.0} ms, max {:.0} ms of {STARTS}",
        ms(median),
        ms(percentile(&times, 100))
    );
    goal("ready within 150 ms (median)", median < START_MEDIAN_MAX);
    last.expect("started").kill_hard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_accepted_at_once_while_people_are_answered_on_sqlite() {
    flooded("SQLite", None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_accepted_at_once_while_people_are_answered_on_postgres() {
    flooded("PostgreSQL", Some(postgres::database().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_small_at_rest() {
    let office = Office::new(DESKS, None).await;
    let vigie = office.start().await;
    office.connected().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle_kb = memory_kb(vigie.pid, "VmRSS");
    let used = cpu(vigie.pid);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let used = cpu(vigie.pid).saturating_sub(used);
    let binary = size_of(Path::new(env!("CARGO_BIN_EXE_vigie")));
    println!("\nAt rest, both chats connected");
    println!("  memory                  {:.1} MiB", idle_kb as f64 / 1_024.0);
    println!("  CPU                     {:.2} % of a core", used.as_secs_f64() / 5.0 * 100.0);
    println!("  binary                  {:.1} MiB", binary as f64 / f64::from(1 << 20));
    goal("idle memory under 30 MiB", idle_kb < IDLE_KB_MAX);
    goal("binary under 40 MiB", binary < BINARY_BYTES_MAX);
    let (_, well) = vigie.terminate().await;
    assert!(well);
}
