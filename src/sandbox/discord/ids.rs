//! Snowflakes and timestamps as Discord writes them. Never reads a clock: instants are passed in.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

/// A snowflake; JSON carries it as a string.
pub type Id = u64;

/// Discord docs, "Snowflakes": milliseconds since the first second of 2015.
pub const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;
/// Bits under the timestamp of a snowflake (worker, process, increment).
const SNOWFLAKE_TIME_SHIFT: u32 = 22;
/// Where the ids of what the setup creates start (2023-01-01), so that they are the same in every run.
const SETUP_START_MS: i64 = 1_672_531_200_000;
/// Two things of the setup are this far apart, so that their ids look like real ones.
const SETUP_STEP_MS: i64 = 3_600_123;

/// Hands out ascending snowflakes.
#[derive(Debug, Default)]
pub(super) struct SnowflakeSource {
    last: Id,
    setup: i64,
}

impl SnowflakeSource {
    /// The next id at `now_ms`; greater than every one handed out at run time before.
    pub fn next(&mut self, now_ms: i64) -> Id {
        self.last = snowflake_at(now_ms).max(self.last + 1);
        self.last
    }

    /// The next id for something that existed before the sandbox started.
    pub fn next_setup(&mut self) -> Id {
        self.setup += 1;
        snowflake_at(SETUP_START_MS + self.setup * SETUP_STEP_MS) + (self.setup as u64 % 4096)
    }
}

/// The smallest snowflake of an instant (milliseconds since the Unix epoch).
pub(super) fn snowflake_at(ms: i64) -> Id {
    u64::try_from((ms - DISCORD_EPOCH_MS).max(1)).unwrap_or(1) << SNOWFLAKE_TIME_SHIFT
}

/// The instant a snowflake was made at, in milliseconds since the Unix epoch.
pub(super) fn created_ms(id: Id) -> i64 {
    i64::try_from(id >> SNOWFLAKE_TIME_SHIFT).unwrap_or(i64::MAX - DISCORD_EPOCH_MS) + DISCORD_EPOCH_MS
}

/// A snowflake as JSON.
pub(super) fn sid(id: Id) -> Value {
    Value::String(id.to_string())
}

/// An optional snowflake as JSON.
pub(super) fn opt_sid(id: Option<Id>) -> Value {
    id.map_or(Value::Null, sid)
}

/// Several snowflakes as JSON.
pub(super) fn sids(ids: &[Id]) -> Value {
    ids.iter().map(|id| sid(*id)).collect()
}

/// Reads a snowflake from a JSON string or number.
pub(super) fn as_id(value: &Value) -> Option<Id> {
    match value {
        Value::String(text) => parse_id(text),
        Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

/// Reads a snowflake from text: decimal digits only.
pub(super) fn parse_id(text: &str) -> Option<Id> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// An ISO 8601 timestamp with microseconds and offset, as in every Discord object.
pub(super) fn iso(ms: i64) -> Value {
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    json!(at.to_rfc3339_opts(SecondsFormat::Micros, false))
}

/// An optional timestamp as JSON.
pub(super) fn opt_iso(ms: Option<i64>) -> Value {
    ms.map_or(Value::Null, iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snowflakes_ascend_and_tell_their_time() {
        let mut source = SnowflakeSource::default();
        let now = 1_800_000_000_000;
        let first = source.next(now);
        let second = source.next(now);
        assert!(second > first);
        assert_eq!(created_ms(second), now);
        assert!(source.next(now - 5_000) > second, "a clock that stands still or lags never repeats an id");
    }

    #[test]
    fn timestamps_look_like_discords() {
        assert_eq!(iso(0), json!("1970-01-01T00:00:00.000000+00:00"));
    }

    #[test]
    fn only_digits_are_snowflakes() {
        for (text, id) in [("12", Some(12)), ("", None), ("+1", None), ("x", None), ("99999999999999999999999", None)] {
            assert_eq!(parse_id(text), id, "{text}");
        }
    }
}
