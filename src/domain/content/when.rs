//! Points in time as people type them, on the wall clock of the office: `15:30`, `mon 09:00`, `lundi 9h`, `+2h`,
//! `2026-03-17T09:00`, `tomorrow 9:00`.
//!
//! Never guesses: what is not understood is refused. A wall time that a change of the clock skips moves to the first instant
//! after it; one that comes twice means the first time. Start at [`read`].

use chrono::{Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::domain::rhythm::transitions::next_transition;
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// Furthest point in time that can be typed, in milliseconds from now: a little over a year, so that a typing error in the
/// year is noticed.
pub const AHEAD_MS_MAX: i64 = 400 * DAY_MS;
/// Longest input read, in characters.
const CHARS_MAX: usize = 40;

/// What the clock did at the time meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// Nothing.
    None,
    /// It skips that time; the first instant after it is meant.
    Skipped,
    /// It shows that time twice; the first one is meant.
    Doubled,
}

/// A point in time and how the wall clock shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The instant.
    pub at: Timestamp,
    /// On the wall clock of the office, e.g. `2026-03-17T09:00`.
    pub wall: String,
    /// What the clock did then.
    pub shift: Shift,
}

/// Why a point in time was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not understood.
    Unreadable,
    /// It is over.
    Past,
    /// Further than [`AHEAD_MS_MAX`].
    TooFar,
}

/// Reads a point in time that lies ahead of `now`.
///
/// # Errors
/// [`Problem`].
pub fn read(typed: &str, now: Timestamp, zone: Tz) -> Result<Point, Problem> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() || typed.chars().count() > CHARS_MAX {
        return Err(Problem::Unreadable);
    }
    let point = match typed.strip_prefix('+') {
        Some(length) => {
            let length_ms = length_ms(length).ok_or(Problem::Unreadable)?;
            if length_ms > AHEAD_MS_MAX {
                return Err(Problem::TooFar);
            }
            let at = now.plus_ms(length_ms);
            Point { at, wall: wall_of(at, zone), shift: Shift::None }
        }
        None => {
            let today = now.to_utc().with_timezone(&zone).naive_local();
            on_the_wall(wall_time(&typed, today).ok_or(Problem::Unreadable)?, zone).ok_or(Problem::Unreadable)?
        }
    };
    if point.at <= now {
        return Err(Problem::Past);
    }
    if point.at.since(now) > AHEAD_MS_MAX {
        return Err(Problem::TooFar);
    }
    Ok(point)
}

/// An instant on the wall clock, e.g. `2026-03-17T09:00`.
#[must_use]
pub fn wall_of(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

/// The instant of a wall time; `None` outside the calendar.
fn on_the_wall(wall: NaiveDateTime, zone: Tz) -> Option<Point> {
    let (at, shift) = match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) => (Timestamp(at.timestamp_millis()), Shift::None),
        LocalResult::Ambiguous(first, _) => (Timestamp(first.timestamp_millis()), Shift::Doubled),
        LocalResult::None => {
            // Seen as UTC the wall time lies within a day of the gap, whatever the offset.
            let near_ms = wall.and_utc().timestamp_millis();
            let mut from_ms = near_ms - DAY_MS;
            loop {
                let change = next_transition(zone, from_ms, near_ms + DAY_MS)?;
                if near_ms >= change.at_ms + change.before_ms && near_ms < change.at_ms + change.after_ms {
                    break (Timestamp(change.at_ms), Shift::Skipped);
                }
                from_ms = change.at_ms;
            }
        }
    };
    Some(Point { at, wall: wall_of(at, zone), shift })
}

fn wall_time(typed: &str, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let spaced = typed.replace('t', " ");
    if let Some((date, time)) = spaced.split_once(' ')
        && let Some(date) = iso_date(date)
    {
        return Some(date.and_time(clock(time.trim())?));
    }
    let words: Vec<&str> = typed.split_whitespace().filter(|word| !matches!(*word, "at" | "à")).collect();
    match words.as_slice() {
        [time] => {
            let time = clock(time)?;
            let today = now.date().and_time(time);
            // A bare time that is over today means tomorrow's.
            Some(if today > now { today } else { now.date().checked_add_days(Days::new(1))?.and_time(time) })
        }
        [day, time] => {
            let time = clock(time)?;
            let ahead = match *day {
                "today" | "aujourd'hui" | "aujourd’hui" => 0,
                "tomorrow" | "demain" => 1,
                name => days_until(weekday(name)?, now, time),
            };
            Some(now.date().checked_add_days(Days::new(ahead))?.and_time(time))
        }
        _ => None,
    }
}

fn iso_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| (1970..=9999).contains(&date.year()))
}

/// Days to the next such weekday; a week when it is today and the time is over.
fn days_until(wanted: Weekday, now: NaiveDateTime, time: NaiveTime) -> u64 {
    let ahead = (7 + wanted.num_days_from_monday() - now.weekday().num_days_from_monday()) % 7;
    if ahead == 0 && time <= now.time() { 7 } else { u64::from(ahead) }
}

/// English and French names of the days, whole or by their first three letters.
fn weekday(name: &str) -> Option<Weekday> {
    const DAYS: [(Weekday, &str, &str); 7] = [
        (Weekday::Mon, "monday", "lundi"),
        (Weekday::Tue, "tuesday", "mardi"),
        (Weekday::Wed, "wednesday", "mercredi"),
        (Weekday::Thu, "thursday", "jeudi"),
        (Weekday::Fri, "friday", "vendredi"),
        (Weekday::Sat, "saturday", "samedi"),
        (Weekday::Sun, "sunday", "dimanche"),
    ];
    let name = name.trim_end_matches(['.', ',']);
    let fits = |whole: &str| name == whole || name.len() == 3 && whole.starts_with(name);
    DAYS.into_iter().find(|(_, en, fr)| fits(en) || fits(fr)).map(|(day, ..)| day)
}

/// A time of the day as people type it: `09:00`, `9h`, `9h30`, `9am`, `9:30pm`; a bare number is none.
#[must_use]
pub fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let (digits, afternoon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest, Some(false)),
        (_, Some(rest)) => (rest, Some(true)),
        _ => (text, None),
    };
    let (hour, minute) = match digits.split_once([':', 'h']) {
        Some((hour, "")) if digits.ends_with('h') => (number(hour)?, 0),
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return None,
        None => {
            afternoon?;
            (number(digits)?, 0)
        }
    };
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => hour % 12 + 12,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

fn number(text: &str) -> Option<u32> {
    (text.len() <= 2 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `15m`, `2h`, `3d` (French `3j`), in milliseconds.
fn length_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = text.chars().last()?;
    let unit_ms = match unit {
        'm' => MINUTE_MS,
        'h' => HOUR_MS,
        'd' | 'j' => DAY_MS,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<i64>().ok()?.checked_mul(unit_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(text: &str) -> Timestamp {
        DateTime::parse_from_rfc3339(text).expect("test instant").to_utc().into()
    }

    #[test]
    fn points_in_time_are_read_as_people_type_them() {
        // A Friday, 10:00 in Paris.
        let now = at("2026-03-13T09:00:00Z");
        let cases = [
            ("2026-03-17T09:00", "2026-03-17T08:00:00Z", "2026-03-17T09:00"),
            ("2026-03-17 9h30", "2026-03-17T08:30:00Z", "2026-03-17T09:30"),
            ("15:30", "2026-03-13T14:30:00Z", "2026-03-13T15:30"),
            ("9:59", "2026-03-14T08:59:00Z", "2026-03-14T09:59"),
            ("10:00", "2026-03-14T09:00:00Z", "2026-03-14T10:00"),
            ("mon 09:00", "2026-03-16T08:00:00Z", "2026-03-16T09:00"),
            ("Lundi 9h", "2026-03-16T08:00:00Z", "2026-03-16T09:00"),
            ("lun. 9h", "2026-03-16T08:00:00Z", "2026-03-16T09:00"),
            ("friday at 11am", "2026-03-13T10:00:00Z", "2026-03-13T11:00"),
            ("vendredi à 9h", "2026-03-20T08:00:00Z", "2026-03-20T09:00"),
            ("demain 12:00", "2026-03-14T11:00:00Z", "2026-03-14T12:00"),
            ("today 12:30pm", "2026-03-13T11:30:00Z", "2026-03-13T12:30"),
            ("+2h", "2026-03-13T11:00:00Z", "2026-03-13T12:00"),
            ("+3j", "2026-03-16T09:00:00Z", "2026-03-16T10:00"),
            // Nine in Paris stays nine, winter or summer.
            ("2026-04-07T09:00", "2026-04-07T07:00:00Z", "2026-04-07T09:00"),
        ];
        for (typed, instant, wall) in cases {
            let point = read(typed, now, Tz::Europe__Paris);
            assert_eq!(point, Ok(Point { at: at(instant), wall: wall.into(), shift: Shift::None }), "{typed}");
        }
    }

    #[test]
    fn a_changing_clock_is_named() {
        let spring = at("2026-03-28T12:00:00Z");
        let skipped = read("2026-03-29T02:30", spring, Tz::Europe__Paris);
        let after = Point { at: at("2026-03-29T01:00:00Z"), wall: "2026-03-29T03:00".into(), shift: Shift::Skipped };
        assert_eq!(skipped, Ok(after));
        let autumn = at("2026-10-24T12:00:00Z");
        let doubled = read("2026-10-25 02:30", autumn, Tz::Europe__Paris);
        let first = Point { at: at("2026-10-25T00:30:00Z"), wall: "2026-10-25T02:30".into(), shift: Shift::Doubled };
        assert_eq!(doubled, Ok(first));
        // A whole day that never was.
        let skipped_day = read("2011-12-30T09:00", at("2011-12-29T12:00:00Z"), Tz::Pacific__Apia);
        assert_eq!(skipped_day.map(|point| point.shift), Ok(Shift::Skipped));
    }

    #[test]
    fn what_is_not_understood_over_or_far_away_is_refused() {
        let now = at("2026-03-13T09:00:00Z");
        for typed in [
            "",
            "soon",
            "9",
            "25:00",
            "9:5",
            "13pm",
            "0am",
            "mon",
            "mon 9",
            "+2w",
            "+",
            "+-2h",
            "2026-02-30T09:00",
            "9h3",
            "2026-03-17",
            "someday 09:00",
            "9:00 mon",
            "lundi 9h lundi",
        ] {
            assert_eq!(read(typed, now, Tz::Europe__Paris), Err(Problem::Unreadable), "{typed}");
        }
        assert_eq!(read("2026-03-13T09:59", now, Tz::Europe__Paris), Err(Problem::Past));
        assert_eq!(read("today 08:00", now, Tz::Europe__Paris), Err(Problem::Past));
        assert_eq!(read("+0m", now, Tz::Europe__Paris), Err(Problem::Past));
        assert_eq!(read("2062-03-13T09:59", now, Tz::Europe__Paris), Err(Problem::TooFar));
        assert_eq!(read("+999999d", now, Tz::Europe__Paris), Err(Problem::TooFar));
    }
}
