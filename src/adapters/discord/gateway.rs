//! The gateway: keeps one session alive, watches it, and hands every event on.
//!
//! Start reading at [`run`]. Never gives up; never identifies more often than Discord likes; says when it is not connected.
#![allow(
    clippy::disallowed_methods,
    reason = "a socket's own waits are measured on the machine's monotonic clock; jitter must differ between processes"
)]

use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::feed::Feed;
use super::pump::Pump;
use super::rest::RestError;
use super::session::{Ended, Session, TICK};
use super::watchdog::{Order, STUCK_MS, Sight, TICK_MS, Watchdog};
use super::{DiscordChat, errors};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::SendError;
use crate::ports::envelope::Intake;

/// At most so many IDENTIFYs (Discord allows 1,000 a day and then resets the token) ...
const IDENTIFIES_MAX: usize = 5;
/// ... within so long.
const IDENTIFIES_WINDOW_MS: i64 = 10 * MINUTE_MS;
/// First wait before a new session; doubles up to [`BACKOFF_MAX_MS`].
const BACKOFF_FIRST_MS: u64 = 500;
/// See [`BACKOFF_FIRST_MS`].
const BACKOFF_MAX_MS: u64 = 60_000;
/// Wait when only the operator can help (token, intents).
const OPERATOR_MS: u64 = 5 * 60_000;
/// A session that was up for so long was a good one: the next back-off starts anew.
const GOOD_MS: u64 = 60_000;

/// Keeps the gateway connected until `shutdown`; hands every event to `intake`. Ends only after what arrived is stored
/// (at most 5 s after `shutdown`).
pub async fn run(chat: Arc<DiscordChat>, intake: Arc<dyn Intake>, shutdown: CancellationToken) {
    let pump = Arc::new(Pump::start(Arc::clone(&chat), intake));
    let mut identified: Vec<Timestamp> = Vec::new();
    let mut failures = 0u32;
    while !shutdown.is_cancelled() {
        let (ended, up_ms) = tokio::select! {
            outcome = one_session(&chat, &pump, &mut identified) => outcome,
            () = shutdown.cancelled() => break,
        };
        chat.set_connected(false);
        failures = if up_ms >= GOOD_MS { 0 } else { failures.saturating_add(1) };
        let wait_ms = match ended {
            Ended::TokenRefused => {
                tracing::error!(
                    "Discord refuses the token: make a new one in the developer portal and set DISCORD_TOKEN"
                );
                OPERATOR_MS
            }
            Ended::IntentsRefused => {
                tracing::error!(
                    "Discord refuses the intents: switch on Message Content and Server Members in the developer portal"
                );
                OPERATOR_MS
            }
            Ended::Stopped => backoff_ms(failures),
            Ended::Failed(cause) => {
                tracing::warn!(cause, failures, "the Discord gateway is not connected");
                backoff_ms(failures)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            () = shutdown.cancelled() => break,
        }
    }
    chat.set_connected(false);
    pump.finish().await;
}

/// Doubling, capped, with jitter over the upper half, so that many bots do not come back at once.
fn backoff_ms(failures: u32) -> u64 {
    if failures == 0 {
        return 0;
    }
    let full = BACKOFF_FIRST_MS.saturating_mul(1 << failures.min(16)).min(BACKOFF_MAX_MS);
    rand::rng().random_range(full / 2..=full)
}

/// How long to wait before one more IDENTIFY is decent.
fn identify_wait_ms(identified: &mut Vec<Timestamp>, now: Timestamp) -> u64 {
    identified.retain(|at| now.since(*at) < IDENTIFIES_WINDOW_MS);
    if identified.len() < IDENTIFIES_MAX {
        return 0;
    }
    let oldest = identified[identified.len() - IDENTIFIES_MAX];
    u64::try_from(IDENTIFIES_WINDOW_MS - now.since(oldest)).unwrap_or(0)
}

/// One session from discovery to its end; tells why it ended and how long it was up.
async fn one_session(chat: &Arc<DiscordChat>, pump: &Arc<Pump>, identified: &mut Vec<Timestamp>) -> (Ended, u64) {
    let wait_ms = identify_wait_ms(identified, chat.clock.now());
    if wait_ms > 0 {
        tracing::warn!(wait_ms, "the Discord gateway was joined too often; waiting");
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
    let url = match discover(chat).await {
        Ok(url) => url,
        Err(ended) => return (ended, 0),
    };
    let feed = Feed::new(Arc::clone(chat), Arc::clone(pump));
    let runtime = tokio::runtime::Handle::current();
    let sink = Arc::new(move |event| {
        // Completions and guards are spawned on the main runtime, not on the session's thread.
        let _entered = runtime.enter();
        feed.take(event);
    });
    let mut session = match Session::start(&chat.settings, url, Arc::clone(&chat.clock), sink) {
        Ok(session) => session,
        Err(error) => return (Ended::Failed(format!("no thread: {error}")), 0),
    };
    watch(chat, &mut session, identified).await
}

/// Asks the configured API for the gateway; nothing else may name it.
async fn discover(chat: &DiscordChat) -> Result<String, Ended> {
    let found = chat.rest.get("gateway/bot").await;
    let found = match found {
        Err(error) if error.is_missing() => chat.rest.get("gateway").await,
        other => other,
    };
    let found = found.map_err(|error| match error {
        RestError::Refused { status: 401, .. } => Ended::TokenRefused,
        error => Ended::Failed(SendError::to_string(&error.repeatable())),
    })?;
    let url = found.get("url").and_then(Value::as_str);
    let url = url.ok_or_else(|| Ended::Failed(errors::unreadable("gateway").to_string()))?;
    chat.settings.gateway_url(url).map_err(Ended::Failed)
}

async fn watch(chat: &DiscordChat, session: &mut Session, identified: &mut Vec<Timestamp>) -> (Ended, u64) {
    let mut watchdog = Watchdog::new();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut looked = tokio::time::Instant::now();
    loop {
        let ended = tokio::select! {
            ended = &mut session.ended => Some(ended.unwrap_or_else(|_| Ended::Failed("the session panicked".to_owned()))),
            _ = tick.tick() => None,
        };
        let pulse = &session.pulse;
        identified.extend(pulse.take_identified());
        if let Some(ended) = ended {
            return (ended, watchdog.since_up_ms);
        }
        let sight =
            Sight { ticks: pulse.ticks(), life: pulse.life(), acks: pulse.acks(), connected: pulse.connected() };
        chat.set_connected(sight.connected && watchdog.since_tick_ms < STUCK_MS);
        let passed = std::mem::replace(&mut looked, tokio::time::Instant::now());
        let passed_ms = u64::try_from(looked.duration_since(passed).as_millis()).unwrap_or(TICK_MS);
        match watchdog.judge(sight, passed_ms) {
            Order::Go => {}
            Order::Nudge => {
                tracing::warn!("the Discord gateway is silent; asking for a new socket");
                pulse.nudge();
            }
            Order::Rebuild(why) => return (Ended::Failed(why.to_owned()), watchdog.since_up_ms),
        }
        // serenity identifies anew by itself, every five seconds if need be.
        if !sight.connected && identify_wait_ms(identified, chat.clock.now()) > 0 {
            return (Ended::Failed("the session is refused again and again".to_owned()), watchdog.since_up_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateway_is_never_joined_more_than_five_times_in_ten_minutes() {
        let mut identified: Vec<Timestamp> = (0..4).map(|n| Timestamp(n * 1_000)).collect();
        assert_eq!(identify_wait_ms(&mut identified, Timestamp(5_000)), 0);
        identified.push(Timestamp(5_000));
        assert_eq!(identify_wait_ms(&mut identified, Timestamp(60_000)), 540_000);
        assert_eq!(identify_wait_ms(&mut identified, Timestamp(600_000)), 0);
        assert_eq!(identified.len(), 4);
    }

    #[test]
    fn back_off_grows_and_is_bounded() {
        assert_eq!(backoff_ms(0), 0);
        for failures in 1..40 {
            let wait = backoff_ms(failures);
            assert!((BACKOFF_FIRST_MS..=BACKOFF_MAX_MS).contains(&wait), "{failures}: {wait}");
        }
        assert!(backoff_ms(30) >= BACKOFF_MAX_MS / 2);
    }
}
