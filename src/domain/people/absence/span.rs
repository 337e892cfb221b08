//! When somebody is away, as people type it in English and French: `tomorrow`, `du 3 au 10 mars`, `2d`, `from fri 14:00
//! to mon 09:00`, `until Friday`, `demain après-midi`, `next week`, `2026-03-03 to 2026-03-10`.
//!
//! Days count whole: `to 10 March` includes the 10th. Never guesses: what is not understood is refused.
//! Start at [`read`].

use chrono::{Datelike, Months, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::domain::content::when::clock;
use crate::domain::rhythm::day;
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// Longest absence, and furthest start, in milliseconds: a little over a year (parental leave), so that a typing error in
/// the year is noticed.
pub const SPAN_MS_MAX: i64 = 400 * DAY_MS;
/// Longest input read, in characters.
const CHARS_MAX: usize = 80;
/// Where a day is halved for `morning` and `afternoon`: after lunch in both of the product's countries.
const HALF_DAY_HOUR: u32 = 13;
/// Where an evening begins.
const EVENING_HOUR: u32 = 18;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
}

/// Why a stretch was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not understood.
    Unreadable,
    /// It is over.
    Past,
    /// It ends before it starts.
    Backwards,
    /// Longer or further than [`SPAN_MS_MAX`].
    TooLong,
}

/// Reads a stretch of time on the wall clock of a zone.
///
/// # Errors
/// [`Problem`].
pub fn read(typed: &str, now: Timestamp, zone: Tz) -> Result<Span, Problem> {
    if typed.chars().count() > CHARS_MAX {
        return Err(Problem::Unreadable);
    }
    let typed = typed.trim().to_lowercase().replace('’', "'");
    let typed = typed
        .replace("jusqu'à", "jusqu'")
        .replace("jusqu'au", "jusqu'")
        .replace(['–', '—', '→'], " - ")
        .replace(',', " ");
    let words: Vec<&str> = typed.split_whitespace().collect();
    let clock = Wall { now, zone, today: day::of(now, zone) };
    let span = length(&words, now)
        .or_else(|| between(&words, &clock))
        .or_else(|| stretch(&point(&words, &clock)?, &clock))
        .or_else(|| side_by_side(&words, &clock))
        .ok_or(Problem::Unreadable)?;
    if span.until <= span.from {
        return Err(Problem::Backwards);
    }
    if span.until <= now {
        return Err(Problem::Past);
    }
    if span.until.since(span.from) > SPAN_MS_MAX || span.from.since(now) > SPAN_MS_MAX {
        return Err(Problem::TooLong);
    }
    Ok(Span { from: span.from.max(now), until: span.until })
}

struct Wall {
    now: Timestamp,
    zone: Tz,
    today: NaiveDate,
}

/// `2d`, `for 4h`, `3 jours`, `two weeks` are lengths from now; days are days of 24 hours.
fn length(words: &[&str], now: Timestamp) -> Option<Span> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !["for", "pour", "pendant"].contains(word)).collect();
    let (number, unit) = match words.as_slice() {
        [one] => {
            let digits = one.find(|letter: char| !letter.is_ascii_digit())?;
            (one[..digits].parse::<i64>().ok()?, &one[digits..])
        }
        [number, unit] => (amount(number)?, *unit),
        _ => return None,
    };
    let unit_ms = match unit {
        "m" | "min" | "minute" | "minutes" => MINUTE_MS,
        "h" | "hour" | "hours" | "heure" | "heures" => HOUR_MS,
        "d" | "j" | "day" | "days" | "jour" | "jours" => DAY_MS,
        "w" | "s" | "week" | "weeks" | "semaine" | "semaines" => 7 * DAY_MS,
        _ => return None,
    };
    let length_ms = number.checked_mul(unit_ms)?;
    (length_ms > 0).then(|| Span { from: now, until: now.plus_ms(length_ms) })
}

fn amount(word: &str) -> Option<i64> {
    match word {
        "a" | "an" | "one" | "un" | "une" => Some(1),
        "two" | "deux" => Some(2),
        "three" | "trois" => Some(3),
        digits => digits.parse().ok(),
    }
}

/// What may stand between start and end; the ambiguous `à` (14 h, or until) is settled by what can be read on both sides.
const TO: [&str; 9] = ["to", "until", "till", "through", "au", "à", "-", "jusqu'", "a"];

fn between(words: &[&str], clock: &Wall) -> Option<Span> {
    let places = words.iter().enumerate().filter(|(_, word)| TO.contains(word)).map(|(place, _)| place);
    places.into_iter().find_map(|place| {
        let (left, right) = (&words[..place], &words[place + 1..]);
        let end = point(right, clock)?;
        if left.iter().all(|word| FILLERS.contains(word)) {
            // `until Friday`; a bare `à 14h` says when, not until when.
            if matches!(words[place], "à" | "a" | "-") {
                return None;
            }
            let last = end.date.or(end.number.and_then(|number| near(number, clock.today))).unwrap_or(clock.today);
            return Some(Span { from: clock.now, until: end.end(last, clock)? });
        }
        let start = point(left, clock)?;
        joined(&start, &end, clock)
    })
}

/// `2026-03-23 2026-03-27`: a day and a day.
fn side_by_side(words: &[&str], clock: &Wall) -> Option<Span> {
    (1..words.len()).find_map(|place| {
        let (start, end) = (point(&words[..place], clock)?, point(&words[place..], clock)?);
        (start.date.is_some() && end.date.is_some()).then(|| joined(&start, &end, clock))?
    })
}

fn names_a_day(word: &str, today: NaiveDate) -> bool {
    ["today", "aujourd'hui", "tomorrow", "demain"].contains(&word)
        || weekday(word).is_some()
        || dated(word, today).is_some()
}

fn joined(start: &Point, end: &Point, clock: &Wall) -> Option<Span> {
    let first = match (start.date, start.number) {
        (Some(date), _) => date,
        // `3 to 10 March`: the first day is of the month of the last.
        (None, Some(number)) => match end.date {
            Some(last) => last
                .with_day(number)
                .filter(|date| *date <= last)
                .or_else(|| last.checked_sub_months(Months::new(1)).and_then(|month| month.with_day(number)))?,
            None => near(number, clock.today)?,
        },
        (None, None) => clock.today,
    };
    let last = match (end.date, end.number) {
        (Some(date), _) if date < first && end.without_year => date.checked_add_months(Months::new(12))?,
        (Some(date), _) => date,
        (None, Some(number)) => near(number, first)?,
        (None, None) => first,
    };
    Some(Span { from: start.start(first, clock), until: end.end(last, clock)? })
}

/// The next date with this number of the day, from a date on.
fn near(number: u32, from: NaiveDate) -> Option<NaiveDate> {
    let this = from.with_day(number).filter(|date| *date >= from);
    this.or_else(|| from.with_day(1)?.checked_add_months(Months::new(1))?.with_day(number))
}

fn stretch(point: &Point, clock: &Wall) -> Option<Span> {
    if point.week {
        let monday = day::monday(clock.today);
        let first = if point.next { day::back(monday, -7) } else { monday };
        let until = day::start(day::back(first, -7), clock.zone);
        return Some(Span { from: day::start(first, clock.zone), until });
    }
    let date = point.date.or_else(|| near(point.number?, clock.today))?;
    // A single moment is no stretch: until when?
    if point.time.is_some() {
        return None;
    }
    Some(Span { from: point.start(date, clock), until: point.end(date, clock)? })
}

/// A half of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
    Evening,
}

/// One end of a stretch as typed.
#[derive(Clone, Debug, Default)]
struct Point {
    date: Option<NaiveDate>,
    /// A day of a month that is not named.
    number: Option<u32>,
    time: Option<NaiveTime>,
    half: Option<Half>,
    week: bool,
    next: bool,
    without_year: bool,
}

impl Point {
    fn start(&self, date: NaiveDate, clock: &Wall) -> Timestamp {
        let hour = match self.half {
            Some(Half::Afternoon) => HALF_DAY_HOUR,
            Some(Half::Evening) => EVENING_HOUR,
            _ => 0,
        };
        let time = self.time.or_else(|| NaiveTime::from_hms_opt(hour, 0, 0)).unwrap_or_default();
        day::at_time(date, time, clock.zone)
    }

    fn end(&self, date: NaiveDate, clock: &Wall) -> Option<Timestamp> {
        if let Some(time) = self.time {
            return Some(day::at_time(date, time, clock.zone));
        }
        if self.half == Some(Half::Morning) {
            return Some(day::at_time(date, NaiveTime::from_hms_opt(HALF_DAY_HOUR, 0, 0)?, clock.zone));
        }
        Some(day::start(day::back(date, -1), clock.zone))
    }
}

const FILLERS: [&str; 17] = [
    "from", "du", "de", "le", "la", "les", "the", "on", "at", "of", "this", "ce", "cet", "cette", "dès", "for", "pour",
];

fn point(words: &[&str], clock: &Wall) -> Option<Point> {
    let mut point = Point::default();
    let (mut month, mut year, mut read) = (None, None, false);
    for word in words {
        if FILLERS.contains(word) || matches!(*word, "à" | "au" | "jour" | "day") && read {
            continue;
        }
        read = true;
        match *word {
            _ if point.date.is_some() && names_a_day(word, clock.today) => return None,
            "today" | "aujourd'hui" => point.date = Some(clock.today),
            "tomorrow" | "demain" => point.date = Some(day::back(clock.today, -1)),
            "morning" | "matin" => point.half = Some(Half::Morning),
            "afternoon" | "après-midi" | "aprem" => point.half = Some(Half::Afternoon),
            "evening" | "soir" => point.half = Some(Half::Evening),
            "noon" | "midi" => point.time = NaiveTime::from_hms_opt(12, 0, 0),
            "week" | "semaine" => point.week = true,
            "next" | "prochain" | "prochaine" => point.next = true,
            other => {
                if let Some(weekday) = weekday(other) {
                    point.date = Some(next_weekday(weekday, clock.today));
                } else if let Some(found) = month_named(other) {
                    month = Some(found);
                } else if let Some(time) = self::clock(other) {
                    point.time = Some(time);
                } else if let Some(date) = dated(other, clock.today) {
                    (point.date, point.without_year) =
                        (Some(date), !other.contains('-') && other.matches('/').count() < 2);
                } else if let Some(number) = ordinal(other) {
                    point.number = Some(number);
                } else {
                    year = Some(other.parse::<i32>().ok().filter(|year| (2_000..=9_999).contains(year))?);
                }
            }
        }
    }
    if let Some(month) = month {
        let number = point.number.take()?;
        point.without_year = year.is_none();
        point.date = match year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, number),
            None => NaiveDate::from_ymd_opt(clock.today.year(), month, number)
                .filter(|date| *date >= clock.today)
                .or_else(|| NaiveDate::from_ymd_opt(clock.today.year() + 1, month, number)),
        };
        point.date?;
    } else if year.is_some() {
        return None;
    }
    // `this afternoon`.
    if point.half.is_some() && point.date.is_none() && point.number.is_none() {
        point.date = Some(clock.today);
    }
    let said = point.date.is_some() || point.number.is_some() || point.time.is_some() || point.week;
    (read && said).then_some(point)
}

/// `2026-03-10`, `10/03`, `10/03/2026`.
fn dated(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(word, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(word, "%d/%m/%Y"))
        .ok()
        .or_else(|| word.contains('/').then(|| day::read(word, today)).flatten())
}

/// `3`, `1er`, `1st`.
fn ordinal(word: &str) -> Option<u32> {
    let digits = ["er", "st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    digits.parse().ok().filter(|number| (1..=31).contains(number) && digits.len() <= 2)
}

/// The next such day; today's name means today in a week.
fn next_weekday(wanted: Weekday, today: NaiveDate) -> NaiveDate {
    let ahead = (7 + i64::from(wanted.num_days_from_monday()) - i64::from(today.weekday().num_days_from_monday())) % 7;
    day::back(today, -if ahead == 0 { 7 } else { ahead })
}

/// English and French names of the days; `mar` is Tuesday in both readings of a date without a number.
fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [(Weekday, [&str; 4]); 7] = [
        (Weekday::Mon, ["mon", "monday", "lun", "lundi"]),
        (Weekday::Tue, ["tue", "tuesday", "tues", "mardi"]),
        (Weekday::Wed, ["wed", "wednesday", "mer", "mercredi"]),
        (Weekday::Thu, ["thu", "thursday", "jeu", "jeudi"]),
        (Weekday::Fri, ["fri", "friday", "ven", "vendredi"]),
        (Weekday::Sat, ["sat", "saturday", "sam", "samedi"]),
        (Weekday::Sun, ["sun", "sunday", "dim", "dimanche"]),
    ];
    let word = word.trim_end_matches('.');
    NAMES.into_iter().find(|(_, names)| names.contains(&word)).map(|(day, _)| day)
}

fn month_named(word: &str) -> Option<u32> {
    const NAMES: [[&str; 4]; 12] = [
        ["jan", "january", "janv", "janvier"],
        ["feb", "february", "févr", "février"],
        ["mar", "march", "mars", "mars"],
        ["apr", "april", "avr", "avril"],
        ["may", "may", "mai", "mai"],
        ["jun", "june", "juin", "juin"],
        ["jul", "july", "juil", "juillet"],
        ["aug", "august", "août", "aout"],
        ["sep", "september", "sept", "septembre"],
        ["oct", "october", "oct", "octobre"],
        ["nov", "november", "nov", "novembre"],
        ["dec", "december", "déc", "décembre"],
    ];
    let word = word.trim_end_matches('.');
    let place = NAMES.iter().position(|names| names.contains(&word))?;
    u32::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("test time");
        day::at_time(wall.date(), wall.time(), Tz::Europe__Paris)
    }

    /// Tuesday 17 March 2026, 09:02 in Paris.
    fn read_at(typed: &str) -> Result<(String, String), Problem> {
        let shown = |at: Timestamp| at.to_utc().with_timezone(&Tz::Europe__Paris).format("%m-%d %H:%M").to_string();
        read(typed, at("2026-03-17 09:02"), Tz::Europe__Paris).map(|span| (shown(span.from), shown(span.until)))
    }

    #[test]
    fn stretches_are_read_as_people_type_them_in_both_languages() {
        for (typed, from, until) in [
            ("2d", "03-17 09:02", "03-19 09:02"),
            ("2j", "03-17 09:02", "03-19 09:02"),
            ("for 4h", "03-17 09:02", "03-17 13:02"),
            ("3 jours", "03-17 09:02", "03-20 09:02"),
            ("a week", "03-17 09:02", "03-24 09:02"),
            ("30m", "03-17 09:02", "03-17 09:32"),
            ("today", "03-17 09:02", "03-18 00:00"),
            ("aujourd’hui", "03-17 09:02", "03-18 00:00"),
            ("tomorrow", "03-18 00:00", "03-19 00:00"),
            ("demain", "03-18 00:00", "03-19 00:00"),
            ("demain matin", "03-18 00:00", "03-18 13:00"),
            ("tomorrow afternoon", "03-18 13:00", "03-19 00:00"),
            ("this afternoon", "03-17 13:00", "03-18 00:00"),
            ("cet après-midi", "03-17 13:00", "03-18 00:00"),
            ("friday", "03-20 00:00", "03-21 00:00"),
            ("vendredi", "03-20 00:00", "03-21 00:00"),
            ("next week", "03-23 00:00", "03-30 00:00"),
            ("la semaine prochaine", "03-23 00:00", "03-30 00:00"),
            ("20/03", "03-20 00:00", "03-21 00:00"),
            ("le 20 mars", "03-20 00:00", "03-21 00:00"),
            ("March 20th", "03-20 00:00", "03-21 00:00"),
            ("du 23 au 27 mars", "03-23 00:00", "03-28 00:00"),
            ("from 23 to 27 March", "03-23 00:00", "03-28 00:00"),
            ("du 30 au 3 avril", "03-30 00:00", "04-04 00:00"),
            ("du 1er au 3 avril", "04-01 00:00", "04-04 00:00"),
            ("2026-03-23 to 2026-03-27", "03-23 00:00", "03-28 00:00"),
            ("2026-03-23 2026-03-27", "03-23 00:00", "03-28 00:00"),
            ("23/03 - 27/03", "03-23 00:00", "03-28 00:00"),
            ("23/03 – 27/03", "03-23 00:00", "03-28 00:00"),
            ("from fri 14:00 to mon 09:00", "03-20 14:00", "03-23 09:00"),
            ("de vendredi 14h à lundi 9h", "03-20 14:00", "03-23 09:00"),
            ("demain de 9h à 12h", "03-18 09:00", "03-18 12:00"),
            ("de 14h à 16h30", "03-17 14:00", "03-17 16:30"),
            ("until friday", "03-17 09:02", "03-21 00:00"),
            ("jusqu’à vendredi", "03-17 09:02", "03-21 00:00"),
            ("jusqu’au 27 mars", "03-17 09:02", "03-28 00:00"),
            ("until friday noon", "03-17 09:02", "03-20 12:00"),
            ("tomorrow to friday", "03-18 00:00", "03-21 00:00"),
            ("du 20 décembre au 3 janvier", "12-20 00:00", "01-04 00:00"),
        ] {
            let want = if from.is_empty() { Err(Problem::Unreadable) } else { Ok((from.to_owned(), until.to_owned())) };
            assert_eq!(read_at(typed), want, "{typed}");
        }
    }

    #[test]
    fn what_is_no_stretch_is_refused_with_its_reason() {
        for (typed, problem) in [
            ("", Problem::Unreadable),
            ("soon", Problem::Unreadable),
            ("à 14h", Problem::Unreadable),
            ("14:00", Problem::Unreadable),
            ("2026-03-27 to 2026-03-23", Problem::Backwards),
            ("2026-03-02 to 2026-03-04", Problem::Past),
            ("2026-03-23 to 2028-03-23", Problem::TooLong),
            ("900d", Problem::TooLong),
            ("99999999999999999999d", Problem::Unreadable),
            ("0d", Problem::Unreadable),
            ("31 février", Problem::Unreadable),
            ("é", Problem::Unreadable),
        ] {
            assert_eq!(read_at(typed), Err(problem), "{typed}");
        }
        assert_eq!(read_at(&"x ".repeat(60)), Err(Problem::Unreadable));
    }

    #[test]
    fn a_day_is_as_long_as_its_wall_clock() {
        let span = read("29/03", at("2026-03-17 09:02"), Tz::Europe__Paris).expect("read");
        assert_eq!(span.until.since(span.from), 23 * HOUR_MS);
    }
}
