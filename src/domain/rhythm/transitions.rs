//! Where a time zone changes its offset: the one question that business time and recurrence ask of the zone database.
//!
//! Never decides what a change means for a job or a deadline. Start reading at [`next_transition`].

use chrono::{Offset, TimeZone};
use chrono_tz::Tz;

use crate::domain::time::{DAY_MS, HOUR_MS, SECOND_MS, Timestamp};

/// Distance between two probes. The closest pairs of changes in the IANA database lie days apart, so none hides between two probes.
const PROBE_MS: i64 = 6 * HOUR_MS;
/// Instants are looked up within +-20,000 years at most: beyond it chrono has no calendar and the offset of the limit is used.
const CALENDAR_LIMIT_MS: i64 = 20_000 * 365 * DAY_MS;

/// A change of a zone's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The first instant under the new offset, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Local time minus UTC before the change, in milliseconds.
    pub before_ms: i64,
    /// Local time minus UTC from the change on, in milliseconds.
    pub after_ms: i64,
}

/// Local time minus UTC at an instant, in milliseconds.
#[must_use]
pub fn offset_ms(zone: Tz, at_ms: i64) -> i64 {
    let at = Timestamp(at_ms.clamp(-CALENDAR_LIMIT_MS, CALENDAR_LIMIT_MS)).to_utc();
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    i64::from(offset.local_minus_utc()) * SECOND_MS
}

/// The first change of offset in `(after_ms, until_ms]`, or `None`. Costs one lookup for every 6 hours searched.
#[must_use]
pub fn next_transition(zone: Tz, after_ms: i64, until_ms: i64) -> Option<Transition> {
    let before_ms = offset_ms(zone, after_ms);
    let mut same = after_ms;
    while same < until_ms {
        let probe = same.saturating_add(PROBE_MS).min(until_ms);
        if offset_ms(zone, probe) != before_ms {
            let at_ms = first_change(zone, same, probe, before_ms);
            return Some(Transition { at_ms, before_ms, after_ms: offset_ms(zone, at_ms) });
        }
        same = probe;
    }
    None
}

/// Bisects to the first millisecond in `(same, changed]` whose offset is not `before_ms`.
fn first_change(zone: Tz, mut same: i64, mut changed: i64, before_ms: i64) -> i64 {
    while changed - same > 1 {
        let middle = same + (changed - same) / 2;
        if offset_ms(zone, middle) == before_ms {
            same = middle;
        } else {
            changed = middle;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn ms(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("test instant").timestamp_millis()
    }

    #[test]
    fn the_changes_of_2026_are_found_to_the_second() {
        let cases = [
            (Tz::Europe__Paris, "2026-01-01T00:00:00Z", Some(("2026-03-29T01:00:00Z", 60, 120))),
            (Tz::Europe__Paris, "2026-06-01T00:00:00Z", Some(("2026-10-25T01:00:00Z", 120, 60))),
            (Tz::Australia__Lord_Howe, "2026-01-01T00:00:00Z", Some(("2026-04-04T15:00:00Z", 660, 630))),
            (Tz::America__New_York, "2026-01-01T00:00:00Z", Some(("2026-03-08T07:00:00Z", -300, -240))),
            (Tz::Pacific__Apia, "2011-12-01T00:00:00Z", Some(("2011-12-30T10:00:00Z", -600, 840))),
            (Tz::Asia__Tokyo, "2026-01-01T00:00:00Z", None),
        ];
        for (zone, from, want) in cases {
            let found = next_transition(zone, ms(from), ms(from) + 200 * DAY_MS);
            let want = want.map(|(at, before, after)| Transition {
                at_ms: ms(at),
                before_ms: before * 60_000,
                after_ms: after * 60_000,
            });
            assert_eq!(found, want, "{zone} from {from}");
        }
    }

    #[test]
    fn a_change_belongs_to_the_window_that_ends_on_it_not_to_the_one_that_starts_on_it() {
        let change = ms("2026-03-29T01:00:00Z");
        assert!(next_transition(Tz::Europe__Paris, change - HOUR_MS, change).is_some());
        assert!(next_transition(Tz::Europe__Paris, change - HOUR_MS, change - 1).is_none());
        assert!(next_transition(Tz::Europe__Paris, change, change + DAY_MS).is_none());
    }

    #[test]
    fn instants_outside_every_calendar_have_an_offset_and_no_panic() {
        for at in [i64::MIN, i64::MAX] {
            assert!(offset_ms(Tz::Europe__Paris, at).abs() < DAY_MS);
        }
        assert_eq!(next_transition(Tz::Europe__Paris, i64::MAX - 5, i64::MAX), None);
    }
}
