//! Discord's rate limits as its answers tell them, so that a call known to be refused is not made.
//!
//! Nothing here waits: a call that must wait is handed back with the time to wait.

use std::collections::HashMap;
use std::sync::Mutex;

use super::lock::locked;
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::ports::chat::{Budget, Call};

/// Most buckets remembered; when full, those whose window is over are forgotten.
const BUCKETS_MAX: usize = 4_096;
/// Longest wait taken from an answer; longer ones are asked about again after it.
const WAIT_MS_MAX: i64 = HOUR_MS;
/// A channel takes 5 messages in 5 seconds (observed headers; Discord docs ask to follow headers, as [`Limits`] does).
const MESSAGE_REFILL_MS: i64 = 1_000;
/// See [`MESSAGE_REFILL_MS`].
const MESSAGE_BURST: u32 = 5;
/// A channel's topic may be changed twice in 10 minutes (discord/discord-api-docs#1900).
const TOPIC_REFILL_MS: i64 = 300_000;
/// See [`TOPIC_REFILL_MS`].
const TOPIC_BURST: u32 = 2;
/// All calls of a bot together: 50 a second (Discord docs: Rate Limits, Global Rate Limit).
const GLOBAL_REFILL_MS: i64 = 20;
/// See [`GLOBAL_REFILL_MS`].
const GLOBAL_BURST: u32 = 50;

/// The budget that a call falls under.
pub(super) fn budget(call: &Call) -> Budget {
    let per_channel = |verb: &str, channel: &str| Budget {
        key: format!("{verb}:{channel}"),
        refill_ms: MESSAGE_REFILL_MS,
        burst: MESSAGE_BURST,
    };
    match call {
        Call::Post { channel, thread, .. } | Call::Upload { channel, thread, .. } => {
            per_channel("post", thread.as_ref().unwrap_or(channel))
        }
        Call::Direct { user, .. } => per_channel("direct", user),
        Call::Edit { at, .. } => per_channel("edit", &at.channel),
        Call::Delete { at } => per_channel("delete", &at.channel),
        Call::Thread { at, .. } => per_channel("thread", &at.channel),
        Call::Pin { at } => per_channel("pin", &at.channel),
        Call::Invite { channel, .. } => per_channel("invite", channel),
        Call::CreateRoom { .. } => per_channel("room", "guild"),
        Call::Topic { channel, .. } => {
            Budget { key: format!("topic:{channel}"), refill_ms: TOPIC_REFILL_MS, burst: TOPIC_BURST }
        }
        Call::Answer { .. } | Call::Acknowledge { .. } | Call::OpenForm { .. } | Call::Home { .. } => {
            Budget { key: "interaction".to_owned(), refill_ms: GLOBAL_REFILL_MS, burst: GLOBAL_BURST }
        }
    }
}

/// What an answer's headers say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Headers {
    /// `X-RateLimit-Bucket`.
    pub(super) bucket: Option<String>,
    /// `X-RateLimit-Remaining`.
    pub(super) remaining: Option<u32>,
    /// `X-RateLimit-Reset-After`, in milliseconds.
    pub(super) reset_after_ms: Option<i64>,
}

/// A wait that Discord asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// How long, in milliseconds.
    pub(super) ms: i64,
    /// For every call.
    pub(super) global: bool,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    remaining: u32,
    resets_at: Timestamp,
}

#[derive(Debug, Default)]
struct State {
    global_until: Option<Timestamp>,
    names: HashMap<String, String>,
    buckets: HashMap<String, Bucket>,
}

/// The limits learnt so far.
#[derive(Debug, Default)]
pub(super) struct Limits {
    state: Mutex<State>,
}

impl Limits {
    /// Takes one call of a route out of its bucket, or tells how long to wait.
    pub(super) fn take(&self, route: &str, now: Timestamp) -> Result<(), Wait> {
        let mut state = locked(&self.state);
        if let Some(until) = state.global_until {
            if now < until {
                return Err(Wait { ms: until.since(now), global: true });
            }
            state.global_until = None;
        }
        let name = state.names.get(route).cloned().unwrap_or_else(|| route.to_owned());
        if let Some(bucket) = state.buckets.get_mut(&name) {
            if now >= bucket.resets_at {
                state.buckets.remove(&name);
            } else if bucket.remaining == 0 {
                return Err(Wait { ms: bucket.resets_at.since(now), global: false });
            } else {
                bucket.remaining -= 1;
            }
        }
        Ok(())
    }

    /// Learns from an answer. `major` is the channel, server or webhook that buckets are counted for.
    pub(super) fn learn(&self, route: &str, major: &str, headers: &Headers, now: Timestamp) {
        let (Some(remaining), Some(reset_after_ms)) = (headers.remaining, headers.reset_after_ms) else { return };
        let mut state = locked(&self.state);
        Self::make_room(&mut state, now);
        let name = match &headers.bucket {
            Some(bucket) => format!("{bucket}:{major}"),
            None => route.to_owned(),
        };
        state.names.insert(route.to_owned(), name.clone());
        let resets_at = now.plus_ms(reset_after_ms.clamp(0, WAIT_MS_MAX));
        // Answers of calls in flight arrive out of order: within one window only the smallest remainder is right.
        let remaining = match state.buckets.get(&name) {
            Some(held) if now < held.resets_at => held.remaining.min(remaining),
            _ => remaining,
        };
        state.buckets.insert(name, Bucket { remaining, resets_at });
    }

    /// A 429 was received.
    pub(super) fn refused(&self, route: &str, wait: Wait, now: Timestamp) {
        let mut state = locked(&self.state);
        Self::make_room(&mut state, now);
        let until = now.plus_ms(wait.ms.clamp(0, WAIT_MS_MAX));
        if wait.global {
            state.global_until = Some(state.global_until.map_or(until, |held| held.max(until)));
        } else {
            let name = state.names.get(route).cloned().unwrap_or_else(|| route.to_owned());
            state.buckets.insert(name, Bucket { remaining: 0, resets_at: until });
        }
    }

    fn make_room(state: &mut State, now: Timestamp) {
        if state.buckets.len() >= BUCKETS_MAX || state.names.len() >= BUCKETS_MAX {
            state.buckets.retain(|_, bucket| now < bucket.resets_at);
            let kept: std::collections::HashSet<String> = state.buckets.keys().cloned().collect();
            state.names.retain(|_, name| kept.contains(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(remaining: u32, reset_after_ms: i64) -> Headers {
        Headers { bucket: Some("abcd".into()), remaining: Some(remaining), reset_after_ms: Some(reset_after_ms) }
    }

    #[test]
    fn a_spent_bucket_is_not_called_before_its_time() {
        let limits = Limits::default();
        let now = Timestamp(10_000);
        assert_eq!(limits.take("POST a", now), Ok(()));
        limits.learn("POST a", "1", &headers(1, 5_000), now);
        assert_eq!(limits.take("POST a", now), Ok(()));
        assert_eq!(limits.take("POST a", now.plus_ms(2_000)), Err(Wait { ms: 3_000, global: false }));
        assert_eq!(limits.take("POST a", now.plus_ms(5_000)), Ok(()));
    }

    #[test]
    fn a_late_answer_does_not_refill_a_bucket() {
        let limits = Limits::default();
        let now = Timestamp(10_000);
        limits.learn("POST a", "1", &headers(0, 5_000), now);
        limits.learn("POST a", "1", &headers(3, 5_000), now.plus_ms(1));
        assert!(limits.take("POST a", now.plus_ms(2)).is_err());
    }

    #[test]
    fn routes_of_one_bucket_share_it_but_channels_do_not() {
        let limits = Limits::default();
        let now = Timestamp(10_000);
        limits.learn("POST a", "1", &headers(1, 5_000), now);
        limits.learn("PATCH a", "1", &headers(0, 5_000), now);
        assert!(limits.take("POST a", now).is_err());
        limits.learn("POST b", "2", &headers(1, 5_000), now);
        assert!(limits.take("POST b", now).is_ok());
    }

    #[test]
    fn a_global_refusal_stops_everything() {
        let limits = Limits::default();
        let now = Timestamp(10_000);
        limits.refused("POST a", Wait { ms: 1_500, global: true }, now);
        assert_eq!(limits.take("GET b", now), Err(Wait { ms: 1_500, global: true }));
        assert_eq!(limits.take("GET b", now.plus_ms(1_500)), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::default();
        for n in 0..(BUCKETS_MAX + 100) {
            let now = Timestamp(i64::try_from(n).expect("small") * 1_000);
            limits.learn(&format!("POST {n}"), "1", &Headers { bucket: None, ..headers(1, 10) }, now);
        }
        assert!(locked(&limits.state).buckets.len() <= BUCKETS_MAX);
        assert!(locked(&limits.state).names.len() <= BUCKETS_MAX);
    }
}
