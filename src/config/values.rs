//! Small notations used across the settings files: opening hours, durations, zones, languages, names.
//!
//! Every reader says what is wrong and how it is written right. Never reads a clock.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::nearest::{cure, nearest};
use super::sheet::{At, Section, Wrong};
use crate::domain::office::{Lang, Post};
use crate::domain::rhythm::business_time::{Calendar, CalendarError, DaySpan, Week};
use crate::domain::time::Timestamp;

/// Longest short name of a member, role, desk or network, in characters.
pub(super) const NAME_CHARS_MAX: usize = 40;
/// Days of the week as hours name them, Monday first.
pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const HOURS_HINT: &str = "e.g. \"mon-fri 09:00-12:30, 13:30-18:00\"";

/// Every post by the name files use.
pub(super) const POSTS: [(&str, Post); 10] = [
    ("head_of_social", Post::HeadOfSocial),
    ("social_media_manager", Post::SocialMediaManager),
    ("community_manager", Post::CommunityManager),
    ("creator", Post::Creator),
    ("analyst", Post::Analyst),
    ("paid_social", Post::PaidSocial),
    ("expert", Post::Expert),
    ("brand", Post::Brand),
    ("executive", Post::Executive),
    ("guest", Post::Guest),
];

fn wrong(why: impl Into<String>, hint: impl Into<String>) -> Wrong {
    (why.into(), hint.into())
}

/// A post by name.
pub(super) fn post(text: &str) -> Result<Post, Wrong> {
    let names = POSTS.map(|(name, _)| name);
    let found = POSTS.iter().find(|(name, _)| *name == text);
    found.map(|(_, post)| *post).ok_or_else(|| wrong(format!("`{text}` is not a post"), cure(text, names)))
}

/// The name of a post in files.
pub(super) fn post_name(post: Post) -> &'static str {
    POSTS.iter().find(|(_, known)| *known == post).map_or("guest", |(name, _)| name)
}

/// When a grant ends: a date (to the end of that day), a local time or an instant.
pub(super) fn until(text: &str, zone: Tz) -> Result<Timestamp, Wrong> {
    let fail = || {
        let hint = "a date 2026-12-31, a time 2026-12-31T18:00, or an instant 2026-12-31T17:00:00Z";
        wrong(format!("`{text}` is no end"), hint)
    };
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Timestamp(instant.timestamp_millis()));
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").or_else(|_| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")?;
        Ok::<_, chrono::ParseError>(day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN))
    });
    let local = local.map_err(|_| fail())?;
    let at = zone.from_local_datetime(&local).earliest().ok_or_else(fail)?;
    Ok(Timestamp(at.timestamp_millis()))
}

/// A language Vigie speaks.
pub(super) fn language(text: &str) -> Result<Lang, Wrong> {
    Lang::from_tag(text).ok_or_else(|| wrong(format!("`{text}` is not a language Vigie speaks"), "`en` or `fr`"))
}

/// An IANA zone.
pub(super) fn zone(text: &str) -> Result<Tz, Wrong> {
    text.parse().map_err(|_| {
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let hint = nearest(text, names)
            .map_or("an IANA name such as Europe/Paris".to_owned(), |name| format!("did you mean `{name}`?"));
        wrong(format!("`{text}` is not a time zone"), hint)
    })
}

/// A short name: what commands, rules and references use.
pub(super) fn short_name(text: &str) -> Result<String, Wrong> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
    if text.is_empty() || text.len() > NAME_CHARS_MAX || !text.chars().all(is_plain) {
        let why = format!("`{text}` is not a short name");
        return Err(wrong(why, "use at most 40 lower-case letters, digits, `-`, `_` or `.`"));
    }
    Ok(text.to_owned())
}

/// Minutes, hours or both: `15m`, `4h`, `1h30m`. Days are not taken, because a business day has no fixed length.
pub(super) fn minutes(text: &str) -> Result<i64, Wrong> {
    const MINUTES_MAX: i64 = 366 * 24 * 60;
    let fail = || wrong(format!("`{text}` is not a duration"), "minutes and hours: 15m, 4h, 1h30m");
    let (mut total, mut digits) = (0_i64, String::new());
    let mut last_unit = 'z';
    for c in text.chars() {
        match c {
            '0'..='9' if digits.len() < 6 => digits.push(c),
            'h' | 'm' if last_unit == 'z' || (c == 'm' && last_unit == 'h') => {
                let number: i64 = digits.parse().map_err(|_| fail())?;
                total += number * if c == 'h' { 60 } else { 1 };
                digits.clear();
                last_unit = c;
            }
            _ => return Err(fail()),
        }
    }
    if !digits.is_empty() || !(1..=MINUTES_MAX).contains(&total) {
        return Err(fail());
    }
    Ok(total)
}

/// A date written `2026-05-01`.
pub(super) fn date(text: &str) -> Result<NaiveDate, Wrong> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| wrong(format!("`{text}` is not a date"), "year-month-day, e.g. 2026-05-01"))
}

/// One line of hours, `mon-fri 09:00-12:30, 13:30-18:00`, added to a week.
fn add_hours(week: &mut Week, text: &str) -> Result<(), Wrong> {
    let fail = |why: String| wrong(why, HOURS_HINT);
    let (days, spans) =
        text.split_once(char::is_whitespace).ok_or_else(|| fail(format!("`{text}` names no days or no hours")))?;
    let mut chosen: Vec<usize> = Vec::new();
    for part in days.split(',').filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (day(from)?, day(to)?);
        if from > to {
            return Err(fail(format!("`{part}` runs backwards")));
        }
        chosen.extend(from..=to);
    }
    for span in spans.split(',').map(str::trim).filter(|span| !span.is_empty()) {
        let (from, to) = span.split_once('-').ok_or_else(|| fail(format!("`{span}` is no stretch of hours")))?;
        let span = DaySpan { from_minute: minute_of_day(from.trim())?, to_minute: minute_of_day(to.trim())? };
        for day in &chosen {
            week[*day].push(span);
        }
    }
    Ok(())
}

pub(super) fn day(text: &str) -> Result<usize, Wrong> {
    let lower = text.trim().to_lowercase();
    DAYS.iter().position(|day| *day == lower).ok_or_else(|| wrong(format!("`{text}` is not a day"), cure(text, DAYS)))
}

pub(super) fn minute_of_day(text: &str) -> Result<u16, Wrong> {
    let fail = || wrong(format!("`{text}` is not a time of day"), "hours and minutes, 00:00 to 24:00");
    let (hour, minute) = text.split_once(':').ok_or_else(fail)?;
    let is_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(minute) || !(is_digits(hour) || (hour.len() == 1 && hour.bytes().all(|b| b.is_ascii_digit()))) {
        return Err(fail());
    }
    let (hour, minute): (u16, u16) = (hour.parse().map_err(|_| fail())?, minute.parse().map_err(|_| fail())?);
    if hour > 24 || minute > 59 || (hour == 24 && minute > 0) {
        return Err(fail());
    }
    Ok(hour * 60 + minute)
}

/// Hours written as a list of lines, as a calendar; reported on the line that is wrong.
pub(super) fn calendar(section: &Section<'_>, zone: Tz, holidays: &BTreeSet<NaiveDate>) -> Option<Calendar> {
    hours(section, "hours", zone, holidays)
}

/// As [`calendar`], under another key.
pub(super) fn hours(
    section: &Section<'_>,
    key: &'static str,
    zone: Tz,
    holidays: &BTreeSet<NaiveDate>,
) -> Option<Calendar> {
    let lines = section.texts(key);
    let first = lines.first()?.span.clone();
    let mut week = Week::default();
    let mut is_sound = true;
    for At { value, span } in &lines {
        if let Err((why, hint)) = add_hours(&mut week, value) {
            section.sheet().error(span, why, hint);
            is_sound = false;
        }
    }
    for spans in &mut week {
        spans.sort_by_key(|span| (span.from_minute, span.to_minute));
    }
    if !is_sound {
        return None;
    }
    if week.iter().all(Vec::is_empty) {
        section.sheet().error(&first, "these hours never open", HOURS_HINT);
        return None;
    }
    match Calendar::new(zone, week, holidays.clone()) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            section.sheet().error(&first, calendar_words(&error), HOURS_HINT);
            None
        }
    }
}

fn calendar_words(error: &CalendarError) -> String {
    let day = |weekday: &usize| DAYS.get(*weekday).copied().unwrap_or("?");
    match error {
        CalendarError::BadSpan { weekday, from_minute, to_minute, .. } => {
            let clock = |minute: &u16| format!("{:02}:{:02}", minute / 60, minute % 60);
            format!("{}: {}-{} does not end after it starts", day(weekday), clock(from_minute), clock(to_minute))
        }
        CalendarError::OutOfOrder { weekday, .. } | CalendarError::Overlap { weekday, .. } => {
            format!("{}: two stretches of hours overlap", day(weekday))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_minutes_and_hours() {
        for (text, expected) in [("15m", 15), ("4h", 240), ("1h30m", 90), ("40h", 2_400), ("90m", 90)] {
            assert_eq!(minutes(text), Ok(expected), "{text}");
        }
        for text in ["", "m", "15", "2d", "30m1h", "1h1h", "-5m", "0m", "1.5h", "9999999m", "15 m", "h15"] {
            assert!(minutes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hours_of_a_split_week() {
        let mut week = Week::default();
        add_hours(&mut week, "mon-thu,fri 9:00-12:30, 13:30-18:00").expect("hours");
        add_hours(&mut week, "sat 10:00-24:00").expect("hours");
        assert_eq!(
            week[0],
            [DaySpan { from_minute: 540, to_minute: 750 }, DaySpan { from_minute: 810, to_minute: 1_080 }]
        );
        assert_eq!(week[0], week[4]);
        assert_eq!(week[5], [DaySpan { from_minute: 600, to_minute: 1_440 }]);
        assert!(week[6].is_empty());
        for text in [
            "mon",
            "mon-fri",
            "mun 9:00-12:00",
            "fri-mon 9:00-12:00",
            "mon 9-12",
            "mon 9:00",
            "mon 25:00-26:00",
            "mon 9:60-12:00",
            "mon 24:01-24:30",
            "mon +9:00-12:00",
        ] {
            assert!(add_hours(&mut Week::default(), text).is_err(), "{text}");
        }
        assert_eq!(day("mun").expect_err("no day").1, "did you mean `mon`?");
    }

    #[test]
    fn a_wrong_zone_is_answered_with_the_nearest() {
        assert!(zone("Europe/Paris").is_ok());
        assert_eq!(zone("Europe/Pari").expect_err("no zone").1, "did you mean `Europe/Paris`?");
    }

    #[test]
    fn short_names_are_plain() {
        for text in ["lea", "desk-en", "google_reviews", "x", "j.doe"] {
            assert!(short_name(text).is_ok(), "{text}");
        }
        for text in ["", "Léa", "two words", "a/b", &"x".repeat(41)] {
            assert!(short_name(text).is_err(), "{text}");
        }
    }
}
