//! `kill -9` in the middle of everything a team does in a day: replies on their way out, planned posts, check-ins,
//! digests and reports, a crisis from its declaration to its end. Nothing is lost, nothing happens twice.
//!
//! The day is played here; `stage.rs` is where it takes place, `proof.rs` what must be true of it.

mod proof;
mod stage;

use std::time::Duration;

use super::postgres;
use stage::Day;

/// The network on which customers are answered and posts are planned.
const CALM: &str = "net_00";
/// The network of the crisis: its freeze must not hold the posts of the other.
const BURNING: &str = "net_01";
/// Replies, and posts, on their way out.
const DRAFTS: usize = 3;
/// The post on the burning network: it is due while the freeze holds.
const HELD: usize = DRAFTS + 1;
/// Random kills over the posts' time, two digests, reports and meetings, and the first calls that nobody answers.
const STORM: Duration = Duration::from_secs(75);
/// Random kills after an act that others must hear of.
const GUST: Duration = Duration::from_secs(9);

async fn killed_all_day_long(database: Option<String>) {
    let mut day = Day::new(database).await;
    prepares(&day).await;
    day.rests().await;
    plans(&day).await;

    for number in 1..=DRAFTS {
        day.dies_over("p-02", &format!("approve R-{number} v1")).await;
    }
    day.dies_over("p-02", &format!("crisis declare l2 Parcels lost in Lyon net:{BURNING}")).await;
    day.dies_over("p-01", "meet action me Update the help page").await;
    day.storm(STORM).await;
    day.dies_over("p-01", "crisis ack C-1").await;
    day.storm(GUST).await;
    day.dies_over("p-00", "crisis standdown C-1").await;
    day.storm(GUST).await;
    day.rests().await;
    proof::it_takes_two_to_end_a_crisis(&day).await;
    day.dies_over("p-01", "crisis standdown C-1").await;
    day.storm(GUST).await;
    day.ends().await;

    proof::everything_left_once(&day).await;
    proof::nothing_resumed_by_itself(&day).await;
    proof::the_crisis_had_one_room_and_one_end(&day).await;
    proof::each_digest_and_report_was_made_once(&day).await;
    proof::each_meeting_was_held_once(&day).await;
    proof::the_action_was_carried_once_a_meeting(&day).await;
    proof::nothing_was_said_twice(&day);
}

/// Customers write, replies and posts are drafted.
async fn prepares(day: &Day) {
    for number in 1..=DRAFTS {
        day.customer_writes(number).await;
    }
    for number in 1..=DRAFTS {
        day.types("p-01", &format!("ticket reply T-{number} Answer number {number}.")).await;
        day.sees(&[&format!("R-{number}")]).await;
    }
    for number in 1..=HELD {
        let network = if number == HELD { BURNING } else { CALM };
        day.types("p-01", &format!("post new net:{network} News number {number}.")).await;
        day.sees(&[&format!("P-{number}"), "News number"]).await;
    }
    day.tell("replies and posts are drafted");
}

/// Posts get their time and their approval. The time is part of what is approved: it comes first.
async fn plans(day: &Day) {
    for number in 1..=HELD {
        day.types("p-02", &format!("post schedule P-{number} +1m")).await;
        day.types("p-01", &format!("post submit P-{number}")).await;
        day.sees(&[&format!("P-{number}"), "pproval"]).await;
        day.types("p-02", &format!("approve P-{number} v1")).await;
    }
    day.tell("posts are planned and approved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_all_day_long_everything_happens_once_on_sqlite() {
    killed_all_day_long(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_all_day_long_everything_happens_once_on_postgres() {
    killed_all_day_long(Some(postgres::database().await)).await;
}
