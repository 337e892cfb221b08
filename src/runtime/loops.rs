//! The loops: each is a `run_once` of the app repeated until the process ends.
//!
//! Tests call the same `run_once`. A loop that fails waits a moment and goes on; it never ends by itself.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::courier::Courier;
use crate::app::{App, Progress, groups};

/// Longest a loop sleeps when nothing wakes it: timers and rows of other processes are found after this at the latest.
const NAP: Duration = Duration::from_millis(500);
/// Pause after a failed turn.
const STUMBLE: Duration = Duration::from_millis(1_000);
/// How often timers are looked at.
const TICK: Duration = Duration::from_millis(1_000);
/// How often unassigned tickets are offered again, and cursors moved up.
const ROUND: Duration = Duration::from_secs(20);
/// How often old rows are forgotten.
const SWEEP: Duration = Duration::from_secs(600);
/// How often a failed reading of a directory or a gap is tried again.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts every loop of the app.
pub fn start(app: &Arc<App>, couriers: &[Arc<Courier>], tasks: &TaskTracker, stop: &CancellationToken) {
    let intake = Arc::clone(app);
    tasks.spawn(repeat(stop.clone(), move || {
        let app = Arc::clone(&intake);
        async move {
            let woken = app.wakers.intake.notified();
            match app.intake_once().await {
                Ok(Progress::Worked) => {}
                Ok(Progress::Idle(_)) => {
                    let _ = tokio::time::timeout(NAP, woken).await;
                }
                Err(fault) => stumble("intake", &fault).await,
            }
        }
    }));
    for courier in couriers {
        let (app, courier) = (Arc::clone(app), Arc::clone(courier));
        tasks.spawn(repeat(stop.clone(), move || {
            let (app, courier) = (Arc::clone(&app), Arc::clone(&courier));
            async move {
                let woken = app.wakers.courier.notified();
                match courier.run_once().await {
                    Ok(Progress::Worked) => {}
                    Ok(Progress::Idle(next)) => {
                        let wait = next.map_or(NAP, |at| millis(at.since(app.clock.now())).min(NAP));
                        let _ = tokio::time::timeout(wait, woken).await;
                    }
                    Err(fault) => stumble("courier", &fault).await,
                }
            }
        }));
    }
    every(app, tasks, stop, TICK, "tick", |app| async move { app.tick_once().await.map(|_| ()) });
    every(app, tasks, stop, ROUND, "backlog", |app| async move { app.drain_backlog_once().await.map(|_| ()) });
    every(app, tasks, stop, ROUND, "cursors", |app| async move { app.trail_cursors().await });
    every(app, tasks, stop, millis(groups::SWEEP_MS), "groups", |app| async move {
        app.sweep_groups().await;
        Ok(())
    });
    every(app, tasks, stop, SWEEP, "housekeeping", |app| async move {
        while app.housekeeping_once().await? {}
        Ok(())
    });
    let upkeep = Arc::clone(app);
    tasks.spawn(repeat(stop.clone(), move || {
        let app = Arc::clone(&upkeep);
        async move {
            let woken = app.wakers.upkeep.notified();
            match app.upkeep_once().await {
                Ok(true) => {}
                Ok(false) => {
                    let _ = tokio::time::timeout(UPKEEP, woken).await;
                    if app.upkeep_waits() {
                        tokio::time::sleep(STUMBLE).await;
                    }
                }
                Err(fault) => stumble("upkeep", &fault).await,
            }
        }
    }));
}

fn every<F>(
    app: &Arc<App>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
    pause: Duration,
    name: &'static str,
    turn: impl Fn(Arc<App>) -> F + Send + 'static,
) where
    F: Future<Output = Result<(), crate::app::Fault>> + Send + 'static,
{
    let app = Arc::clone(app);
    tasks.spawn(repeat(stop.clone(), move || {
        let work = turn(Arc::clone(&app));
        async move {
            if let Err(fault) = work.await {
                stumble(name, &fault).await;
            }
            tokio::time::sleep(pause).await;
        }
    }));
}

/// Repeats a turn until told to stop; a turn under way is finished unless it only sleeps.
async fn repeat<F: Future<Output = ()>>(stop: CancellationToken, turn: impl Fn() -> F) {
    while !stop.is_cancelled() {
        tokio::select! {
            () = turn() => {}
            () = stop.cancelled() => break,
        }
    }
}

async fn stumble(name: &str, fault: &crate::app::Fault) {
    tracing::warn!(name, %fault, "a loop could not do its work");
    tokio::time::sleep(STUMBLE).await;
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(1))
}
