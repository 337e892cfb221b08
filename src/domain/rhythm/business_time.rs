//! Working hours as arithmetic: when a deadline of so many working milliseconds falls, and how many lie between two instants.
//!
//! The meaning, in one sentence: an instant is open when the clock on the office wall shows a time inside one of that
//! weekday's spans and the wall calendar shows no holiday. So business time is real elapsed time while the wall clock is inside a
//! span: a spring gap inside a span shortens that day, an autumn overlap lengthens it, a date that a zone skips is never open.
//!
//! Never here: a clock, or any rule about which deadline a ticket has. Start reading at [`Calendar::due`].

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::transitions::{next_transition, offset_ms};
use crate::domain::time::{DAY_MS, MINUTE_MS, Timestamp};

/// Minutes in a day: the largest end of a span.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Spans in one day; a day with breaks has two or three, so this only stops nonsense.
pub const SPANS_PER_DAY_MAX: usize = 24;
/// Holidays in one calendar: a century of 20 a year.
pub const HOLIDAYS_MAX: usize = 2_000;
/// How far [`Calendar::due`] and [`Calendar::next_open`] look ahead: two years, beyond any deadline that a desk promises.
pub const LOOK_AHEAD_MS: i64 = 2 * 366 * DAY_MS;
/// The longest stretch that [`Calendar::between`] measures: 50 years, beyond any ticket's life.
pub const MEASURED_MS_MAX: i64 = 50 * 366 * DAY_MS;

/// Days from 0001-01-01 (day 1 of chrono's count) to 1970-01-01.
const EPOCH_DAY_FROM_CE: i64 = 719_163;
/// 1970-01-01 was a Thursday: its place in a week that starts on Monday.
const EPOCH_WEEKDAY: i64 = 3;
/// A run of constant offset is looked for in windows of this length, so that a short question stays cheap.
const WINDOW_MS: i64 = 2 * DAY_MS;

/// One stretch of opening hours on the wall clock, from `from_minute` up to but not including `to_minute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DaySpan {
    /// Minutes after local midnight, 0 to 1439.
    pub from_minute: u16,
    /// Minutes after local midnight, 1 to 1440 (1440 is the end of the day).
    pub to_minute: u16,
}

/// The opening spans of a week, Monday first.
pub type Week = [Vec<DaySpan>; 7];

/// Why a calendar was refused. `weekday` counts from 0 (Monday), `span` from 0 within that day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The zone is not in the IANA database.
    #[error("unknown time zone {0:?}")]
    UnknownZone(String),
    /// A span ends after midnight, or does not end after it starts.
    #[error("weekday {weekday}, span {span}: {from_minute}..{to_minute} is not a stretch within 0..1440 minutes")]
    BadSpan {
        /// Day of the week.
        weekday: usize,
        /// Place within the day.
        span: usize,
        /// As given.
        from_minute: u16,
        /// As given.
        to_minute: u16,
    },
    /// A span starts before the one in front of it has started.
    #[error("weekday {weekday}, span {span} starts before the span in front of it")]
    OutOfOrder {
        /// Day of the week.
        weekday: usize,
        /// Place within the day.
        span: usize,
    },
    /// A span starts before the one in front of it has ended.
    #[error("weekday {weekday}, span {span} overlaps the span in front of it")]
    Overlap {
        /// Day of the week.
        weekday: usize,
        /// Place within the day.
        span: usize,
    },
    /// More than [`SPANS_PER_DAY_MAX`] spans.
    #[error("weekday {weekday} has {count} spans; at most {SPANS_PER_DAY_MAX}")]
    TooManySpans {
        /// Day of the week.
        weekday: usize,
        /// As given.
        count: usize,
    },
    /// More than [`HOLIDAYS_MAX`] holidays.
    #[error("{0} holidays; at most {HOLIDAYS_MAX}")]
    TooManyHolidays(usize),
}

/// The opening hours of an office, a role or a network: a week of spans in a zone, less holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Calendar {
    zone: Tz,
    week: Week,
    holidays: BTreeSet<NaiveDate>,
}

/// A calendar as it is stored: the zone by name, nothing checked yet.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    zone: String,
    week: Week,
    #[serde(default)]
    holidays: BTreeSet<NaiveDate>,
}

impl TryFrom<Written> for Calendar {
    type Error = CalendarError;

    fn try_from(written: Written) -> Result<Self, CalendarError> {
        let Ok(zone) = written.zone.parse::<Tz>() else {
            return Err(CalendarError::UnknownZone(written.zone));
        };
        Self::new(zone, written.week, written.holidays)
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        Self { zone: calendar.zone.name().to_owned(), week: calendar.week, holidays: calendar.holidays }
    }
}

impl Calendar {
    /// A checked calendar. Spans of a day stand in order and do not overlap; touching ones are allowed. A week without any span
    /// is a calendar that never opens.
    ///
    /// # Errors
    /// The first fault found, Monday first: see [`CalendarError`].
    pub fn new(zone: Tz, week: Week, holidays: BTreeSet<NaiveDate>) -> Result<Self, CalendarError> {
        for (weekday, spans) in week.iter().enumerate() {
            check_day(weekday, spans)?;
        }
        if holidays.len() > HOLIDAYS_MAX {
            return Err(CalendarError::TooManyHolidays(holidays.len()));
        }
        Ok(Self { zone, week, holidays })
    }

    /// A calendar that is open at every instant: a deadline in it is plain elapsed time.
    #[must_use]
    pub fn always_open(zone: Tz) -> Self {
        let day = vec![DaySpan { from_minute: 0, to_minute: DAY_MINUTES }];
        Self { zone, week: std::array::from_fn(|_| day.clone()), holidays: BTreeSet::new() }
    }

    /// The zone whose wall clock the spans mean.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The opening spans, Monday first.
    #[must_use]
    pub fn week(&self) -> &Week {
        &self.week
    }

    /// Local dates without opening hours.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<NaiveDate> {
        &self.holidays
    }

    /// Whether the wall clock stands inside a span at this instant. A span's end is outside.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = at.0.saturating_add(offset_ms(self.zone, at.0));
        let minute = local.rem_euclid(DAY_MS) / MINUTE_MS;
        self.day_spans(local.div_euclid(DAY_MS))
            .iter()
            .any(|span| i64::from(span.from_minute) <= minute && minute < i64::from(span.to_minute))
    }

    /// The first open instant at or after `at`; `None` when there is none within [`LOOK_AHEAD_MS`].
    #[must_use]
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        self.stretches(at, at.plus_ms(LOOK_AHEAD_MS)).next().map(|(from, _)| Timestamp(from))
    }

    /// The instant at which `business_ms` of open time have passed since `start`: the earliest such instant, so a target that a
    /// closing time exactly meets falls on that closing time. Zero or less is `start` itself, open or not.
    /// `None` when there is not that much open time within [`LOOK_AHEAD_MS`].
    #[must_use]
    pub fn due(&self, start: Timestamp, business_ms: i64) -> Option<Timestamp> {
        if business_ms <= 0 {
            return Some(start);
        }
        let mut left_ms = business_ms;
        for (from, to) in self.stretches(start, start.plus_ms(LOOK_AHEAD_MS)) {
            if to - from >= left_ms {
                return Some(Timestamp(from + left_ms));
            }
            left_ms -= to - from;
        }
        None
    }

    /// Open milliseconds in `[from, to)`; the negative of the reverse when `to` is earlier. At most [`MEASURED_MS_MAX`] are
    /// looked at, counted from the earlier end.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> i64 {
        if to < from {
            return -self.between(to, from);
        }
        let until = to.min(from.plus_ms(MEASURED_MS_MAX));
        self.stretches(from, until).map(|(from, to)| to - from).sum()
    }

    fn stretches(&self, from: Timestamp, until: Timestamp) -> OpenStretches<'_> {
        OpenStretches {
            calendar: self,
            cursor_ms: from.0,
            until_ms: until.0,
            offset_ms: offset_ms(self.zone, from.0),
            run_end_ms: from.0,
        }
    }

    /// The spans of a local date, given as days since 1970-01-01.
    fn day_spans(&self, epoch_day: i64) -> &[DaySpan] {
        let date = i32::try_from(epoch_day + EPOCH_DAY_FROM_CE).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        let weekday = usize::try_from((epoch_day + EPOCH_WEEKDAY).rem_euclid(7)).unwrap_or_default();
        match date {
            Some(date) if !self.holidays.contains(&date) => &self.week[weekday],
            _ => &[],
        }
    }
}

fn check_day(weekday: usize, spans: &[DaySpan]) -> Result<(), CalendarError> {
    if spans.len() > SPANS_PER_DAY_MAX {
        return Err(CalendarError::TooManySpans { weekday, count: spans.len() });
    }
    for (span, &DaySpan { from_minute, to_minute }) in spans.iter().enumerate() {
        if from_minute >= to_minute || to_minute > DAY_MINUTES {
            return Err(CalendarError::BadSpan { weekday, span, from_minute, to_minute });
        }
    }
    for (before, pair) in spans.windows(2).enumerate() {
        if pair[1].from_minute < pair[0].from_minute {
            return Err(CalendarError::OutOfOrder { weekday, span: before + 1 });
        }
        if pair[1].from_minute < pair[0].to_minute {
            return Err(CalendarError::Overlap { weekday, span: before + 1 });
        }
    }
    Ok(())
}

/// Walks the open stretches `[from, to)` of real time, in order. Within a run of constant offset the wall clock is linear, so
/// each span is simply moved by the offset and cut at the ends of the run.
struct OpenStretches<'a> {
    calendar: &'a Calendar,
    cursor_ms: i64,
    until_ms: i64,
    offset_ms: i64,
    /// The offset is known to hold up to here.
    run_end_ms: i64,
}

impl OpenStretches<'_> {
    fn extend_run(&mut self) {
        let zone = self.calendar.zone;
        let limit = self.cursor_ms.saturating_add(WINDOW_MS).min(self.until_ms);
        self.offset_ms = offset_ms(zone, self.cursor_ms);
        self.run_end_ms = next_transition(zone, self.cursor_ms, limit).map_or(limit, |change| change.at_ms);
    }
}

impl Iterator for OpenStretches<'_> {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        while self.cursor_ms < self.until_ms {
            if self.cursor_ms >= self.run_end_ms {
                self.extend_run();
            }
            let local = self.cursor_ms.saturating_add(self.offset_ms);
            let day = local.div_euclid(DAY_MS);
            let midnight = self.cursor_ms.saturating_sub(local.rem_euclid(DAY_MS));
            let next_span = self
                .calendar
                .day_spans(day)
                .iter()
                .map(|span| (i64::from(span.from_minute) * MINUTE_MS, i64::from(span.to_minute) * MINUTE_MS))
                .find(|&(_, to)| midnight.saturating_add(to) > self.cursor_ms);
            let (from, to) = next_span.unwrap_or((DAY_MS, DAY_MS));
            let from = midnight.saturating_add(from).max(self.cursor_ms);
            let to = midnight.saturating_add(to).min(self.run_end_ms);
            self.cursor_ms = to;
            if from < to {
                return Some((from, to));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
