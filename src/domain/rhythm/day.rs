//! Local days: where they begin, and how people name them.
//!
//! Never reads a clock: "today" is an argument. Start at [`read`].

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Weekday};
use chrono_tz::Tz;

use crate::domain::time::Timestamp;

/// Longest distance that can be typed as a number of days or weeks: deadlines of actions are nearer than a year.
const DAYS_MAX: u64 = 366;
/// A local midnight that a gap skips is looked for in steps of this length; the tz database moves by quarters of an hour.
const GAP_STEP_MINUTES: i64 = 15;
/// The longest gap is a whole day: a zone that crosses the date line.
const GAP_STEPS_MAX: i32 = 26 * 4;

/// The local date at an instant.
#[must_use]
pub fn of(at: Timestamp, zone: Tz) -> NaiveDate {
    at.to_utc().with_timezone(&zone).date_naive()
}

/// The first instant of a local date; where its midnight is skipped, the first instant after the gap.
#[must_use]
pub fn start(date: NaiveDate, zone: Tz) -> Timestamp {
    at_time(date, NaiveTime::MIN, zone)
}

/// The instant at which the wall clock shows this time for the first time; after a gap that skips it, its first instant.
#[must_use]
pub fn at_time(date: NaiveDate, time: NaiveTime, zone: Tz) -> Timestamp {
    let mut wall = date.and_time(time);
    for _ in 0..GAP_STEPS_MAX {
        if let Some(found) = zone.from_local_datetime(&wall).earliest() {
            return found.to_utc().into();
        }
        wall += TimeDelta::minutes(GAP_STEP_MINUTES);
    }
    wall.and_utc().into()
}

/// The date `days` before (negative: after), saturating at the calendar's ends.
#[must_use]
pub fn back(date: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved = if days >= 0 { date.checked_sub_days(distance) } else { date.checked_add_days(distance) };
    moved.unwrap_or(date)
}

/// Monday of the week that holds a date.
#[must_use]
pub fn monday(date: NaiveDate) -> NaiveDate {
    back(date, i64::from(date.weekday().num_days_from_monday()))
}

/// Reads a day as people type it: `2026-03-20`, `20/03`, `today`, `demain`, `fri`, `vendredi` (the next one), `2d`, `1w`;
/// `None` for anything else. A day and month without a year is the next such date.
#[must_use]
pub fn read(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let typed = typed.trim().trim_end_matches('.').to_lowercase().replace('’', "'");
    match typed.as_str() {
        "today" | "aujourd'hui" => return Some(today),
        "tomorrow" | "demain" => return Some(back(today, -1)),
        "yesterday" | "hier" => return Some(back(today, 1)),
        _ => {}
    }
    if let Some(weekday) = weekday(&typed) {
        let ahead =
            (7 + i64::from(weekday.num_days_from_monday()) - i64::from(today.weekday().num_days_from_monday())) % 7;
        return Some(back(today, -if ahead == 0 { 7 } else { ahead }));
    }
    NaiveDate::parse_from_str(&typed, "%Y-%m-%d")
        .ok()
        .or_else(|| day_and_month(&typed, today))
        .or_else(|| distance(&typed, today))
}

fn weekday(typed: &str) -> Option<Weekday> {
    const NAMES: [[&str; 4]; 7] = [
        ["mon", "monday", "lun", "lundi"],
        ["tue", "tuesday", "mar", "mardi"],
        ["wed", "wednesday", "mer", "mercredi"],
        ["thu", "thursday", "jeu", "jeudi"],
        ["fri", "friday", "ven", "vendredi"],
        ["sat", "saturday", "sam", "samedi"],
        ["sun", "sunday", "dim", "dimanche"],
    ];
    let place = NAMES.iter().position(|names| names.contains(&typed))?;
    u8::try_from(place).ok().and_then(|place| Weekday::try_from(place).ok())
}

fn day_and_month(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (day, month) = typed.split_once('/')?;
    let (day, month) = (day.parse().ok()?, month.parse().ok()?);
    let this_year = NaiveDate::from_ymd_opt(today.year(), month, day);
    this_year.filter(|date| *date >= today).or_else(|| NaiveDate::from_ymd_opt(today.year() + 1, month, day))
}

fn distance(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let unit = typed.chars().last()?;
    let number: u64 = typed.get(..typed.len() - unit.len_utf8())?.trim_start_matches('+').parse().ok()?;
    let days = match unit {
        'd' | 'j' => number,
        'w' | 's' => number.checked_mul(7)?,
        _ => return None,
    };
    (days <= DAYS_MAX).then(|| today.checked_add_days(Days::new(days))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("test date")
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        // 2026-03-17 is a Tuesday.
        let cases = [
            ("2026-03-20", Some("2026-03-20")),
            ("20/03", Some("2026-03-20")),
            ("1/2", Some("2027-02-01")),
            ("today", Some("2026-03-17")),
            ("aujourd’hui", Some("2026-03-17")),
            ("Demain", Some("2026-03-18")),
            ("yesterday", Some("2026-03-16")),
            ("fri", Some("2026-03-20")),
            ("vendredi", Some("2026-03-20")),
            ("mar.", Some("2026-03-24")),
            ("lun", Some("2026-03-23")),
            ("2d", Some("2026-03-19")),
            ("+3j", Some("2026-03-20")),
            ("1w", Some("2026-03-24")),
            ("2s", Some("2026-03-31")),
            ("31/02", None),
            ("soon", None),
            ("é", None),
            ("", None),
            ("9999d", None),
            ("99999999999999999999w", None),
        ];
        for (typed, read_as) in cases {
            assert_eq!(read(typed, date("2026-03-17")), read_as.map(date), "{typed}");
        }
    }

    #[test]
    fn a_day_begins_at_its_first_instant_also_where_midnight_is_skipped() {
        let cases = [
            ("2026-03-29", Tz::Europe__Paris, "2026-03-28T23:00:00+00:00"),
            ("2026-03-30", Tz::Europe__Paris, "2026-03-29T22:00:00+00:00"),
            ("2026-10-26", Tz::Europe__Paris, "2026-10-25T23:00:00+00:00"),
            ("2018-11-04", Tz::America__Sao_Paulo, "2018-11-04T03:00:00+00:00"),
        ];
        for (day, zone, want) in cases {
            assert_eq!(start(date(day), zone).to_utc().to_rfc3339(), want, "{day} {zone}");
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(monday(date("2026-03-17")), date("2026-03-16"));
        assert_eq!(monday(date("2026-03-16")), date("2026-03-16"));
        assert_eq!(monday(date("2026-03-15")), date("2026-03-09"));
    }
}
