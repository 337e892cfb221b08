//! Discord's ids: 64-bit numbers written as text whose upper bits are milliseconds since 2015.
//!
//! An id is put into a path only after it was checked here.

use serde_json::Value;

use crate::domain::time::Timestamp;

/// First millisecond of 2015, the origin of snowflakes (Discord docs: Reference, Snowflakes).
const EPOCH_MS: i64 = 1_420_070_400_000;
/// Bits below the time (Discord docs: Reference, Snowflake format).
const LOW_BITS: u32 = 22;

/// Whether this is a usable id.
pub(super) fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok()
}

/// The id in a member of a JSON object, whether written as text or as a number.
pub(super) fn id_at(value: &Value, member: &str) -> Option<String> {
    as_id(value.get(member)?)
}

/// The id in a JSON value, whether written as text or as a number.
pub(super) fn as_id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if is_id(text) => Some(text.clone()),
        Value::Number(number) => number.as_u64().map(|id| id.to_string()),
        _ => None,
    }
}

/// The instant at which an id was made.
pub(super) fn made_at(id: &str) -> Option<Timestamp> {
    let id: u64 = id.parse().ok()?;
    i64::try_from(id >> LOW_BITS).ok().map(|ms| Timestamp(ms + EPOCH_MS))
}

/// The smallest id that can have been made at an instant, for `after=`.
pub(super) fn first_at(at: Timestamp) -> u64 {
    let ms = u64::try_from(at.0.saturating_sub(EPOCH_MS)).unwrap_or(0);
    ms.min(u64::MAX >> LOW_BITS) << LOW_BITS
}

/// For sorting ids by age; what is no id sorts first.
pub(super) fn order(id: &str) -> u64 {
    id.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_it_was_made() {
        // The example of Discord's own documentation.
        assert_eq!(made_at("175928847299117063"), Some(Timestamp(1_462_015_105_796)));
        assert_eq!(first_at(Timestamp(1_462_015_105_796)), 175_928_847_298_985_984);
        assert_eq!(first_at(Timestamp(0)), 0);
        assert_eq!(first_at(Timestamp(i64::MAX)), (u64::MAX >> 22) << 22);
    }

    #[test]
    fn only_numbers_are_ids() {
        for good in ["1", "175928847299117063", "18446744073709551615"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "@me", "1/../2", "12a", "99999999999999999999", "123456789012345678901", " 1", "+1"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
