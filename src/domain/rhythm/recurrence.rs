//! Recurring jobs: a Unix cron expression with a sense of daylight saving time, in the zone it was written for.
//!
//! The `cron` crate parses the fields and walks the naive wall clock; what the wall clock means in real time is decided here:
//! - A wall time that a gap skips runs once, at the first instant after the gap.
//! - A wall time that an overlap doubles runs once, in the first pass, when minute and hour are plain numbers or lists of
//!   numbers (a *fixed-time* job such as `30 2 * * *`).
//! - It runs in both passes when minute or hour holds `*`, `/` or a range (an *interval* job such as `*/30 * * * *`), so that the
//!   real time between two runs never grows; instants never go backwards.
//!
//! Never here: a clock, a store. Start reading at [`Recurrence::next_after`].

mod fields;

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use cron::Schedule;
use serde::{Deserialize, Serialize};

use super::transitions::{Transition, next_transition, offset_ms};
use crate::domain::time::{DAY_MS, MINUTE_MS, Timestamp};

pub use fields::FieldName;

/// Longest accepted expression, in characters: real ones are under 40, and parsing cost grows with the length of lists.
pub const EXPRESSION_CHARS_MAX: usize = 128;
/// Offset changes that one search passes at most. The rarest job, 29 February across a skipped leap year, looks 8 years ahead
/// and a zone changes at most 4 times a year.
const TRANSITIONS_PASSED_MAX: usize = 64;
/// Overlaps are looked for this far back: the longest, a change of the date line, is 24 hours long.
const OVERLAP_LOOK_BACK_MS: i64 = 2 * DAY_MS;

/// Runs are looked for from the epoch on, where the parser's wall calendar begins.
const EARLIEST_MS: i64 = 0;

/// Why an expression was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    /// Longer than [`EXPRESSION_CHARS_MAX`].
    #[error("the expression has {0} characters; at most {EXPRESSION_CHARS_MAX}")]
    TooLong(usize),
    /// Not five fields.
    #[error("an expression has five fields (minute hour day month weekday), this one has {0}")]
    FieldCount(usize),
    /// A field that means nothing.
    #[error("{field} field: {text:?} is not understood ({reason})")]
    BadField {
        /// Which of the five.
        field: FieldName,
        /// The item that was refused.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Each field is right but no date has them all, such as 30 February.
    #[error("no date matches this expression, it would never run")]
    NeverFires,
    /// The zone is not in the IANA database.
    #[error("unknown time zone {0:?}")]
    UnknownZone(String),
}

/// A recurring job's times: the expression as written and the zone whose wall clock it means.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Recurrence {
    expression: String,
    zone: Tz,
    /// One schedule, or two when both day fields are restricted: Unix cron runs on either.
    schedules: Vec<Schedule>,
    interval: bool,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    expression: String,
    zone: String,
}

impl TryFrom<Written> for Recurrence {
    type Error = RecurrenceError;

    fn try_from(written: Written) -> Result<Self, RecurrenceError> {
        let Ok(zone) = written.zone.parse::<Tz>() else {
            return Err(RecurrenceError::UnknownZone(written.zone));
        };
        Self::parse(&written.expression, zone)
    }
}

impl From<Recurrence> for Written {
    fn from(recurrence: Recurrence) -> Self {
        Self { expression: recurrence.expression, zone: recurrence.zone.name().to_owned() }
    }
}

impl PartialEq for Recurrence {
    fn eq(&self, other: &Self) -> bool {
        self.expression == other.expression && self.zone == other.zone
    }
}

impl Eq for Recurrence {}

impl Recurrence {
    /// Reads five Unix fields: minute, hour, day of month, month, weekday (0 and 7 are Sunday, 1 is Monday; English names of
    /// three letters for months and weekdays). When both day fields are restricted the job runs on either.
    ///
    /// # Errors
    /// See [`RecurrenceError`]; an expression that no date ever matches is refused too.
    pub fn parse(expression: &str, zone: Tz) -> Result<Self, RecurrenceError> {
        let length = expression.chars().count();
        if length > EXPRESSION_CHARS_MAX {
            return Err(RecurrenceError::TooLong(length));
        }
        let fields = fields::read(expression)?;
        let mut schedules = Vec::new();
        for days in fields.day_choices() {
            let text = format!("0 {} {} {} {} {}", fields.minute, fields.hour, days.0, fields.month, days.1);
            let schedule = Schedule::from_str(&text).map_err(|_| RecurrenceError::BadField {
                field: FieldName::Expression,
                text: expression.to_owned(),
                reason: "not a cron expression",
            })?;
            schedules.push(schedule);
        }
        schedules.retain(|schedule| schedule.after(&DateTime::<Utc>::default()).next().is_some());
        if schedules.is_empty() {
            return Err(RecurrenceError::NeverFires);
        }
        let interval = fields.repeats_within_day();
        Ok(Self { expression: fields.joined(), zone, schedules, interval })
    }

    /// The expression, its fields separated by one space.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The zone whose wall clock the expression means.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The first run strictly after `at`; `None` past the year 2100, where the wall calendar of the parser ends.
    #[must_use]
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let mut real_ms = at.0.max(EARLIEST_MS);
        let mut offset = offset_ms(self.zone, real_ms);
        // The wall time from which matches count, itself included.
        let mut wall_ms = real_ms.saturating_add(offset).saturating_add(1);
        if !self.interval
            && let Some(overlap_end_ms) = self.second_pass_end(real_ms)
        {
            wall_ms = wall_ms.max(overlap_end_ms);
        }
        for _ in 0..TRANSITIONS_PASSED_MAX {
            let match_ms = self.wall_match(wall_ms)?;
            let run_ms = match_ms - offset;
            let Some(change) = next_transition(self.zone, real_ms, run_ms) else {
                return Some(Timestamp(run_ms));
            };
            let skipped_end_ms = change.at_ms + change.after_ms;
            let run_on_change = change.after_ms > change.before_ms && match_ms < skipped_end_ms;
            if run_on_change {
                return Some(Timestamp(change.at_ms));
            }
            wall_ms = self.wall_after(change);
            offset = change.after_ms;
            real_ms = change.at_ms;
        }
        None
    }

    /// A name for the run at `at` under which a store can keep it from firing twice: the wall time, and for interval jobs, whose
    /// wall times may come twice in an overlap, the offset too.
    #[must_use]
    pub fn slot(&self, at: Timestamp) -> String {
        let offset = offset_ms(self.zone, at.0);
        let wall = at.plus_ms(offset).to_utc().format("%Y-%m-%dT%H:%M");
        if !self.interval {
            return wall.to_string();
        }
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.abs() / MINUTE_MS;
        format!("{wall}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// Where matches count again once the clock has changed: after a gap behind what it skipped; after an overlap from its start
    /// for interval jobs, behind it for fixed-time jobs, which had their turn in the first pass.
    fn wall_after(&self, change: Transition) -> i64 {
        let new_wall_ms = change.at_ms + change.after_ms;
        let old_wall_ms = change.at_ms + change.before_ms;
        if self.interval { new_wall_ms } else { new_wall_ms.max(old_wall_ms) }
    }

    /// When `at` lies in the second pass of an overlap: the wall time at which that overlap ends.
    fn second_pass_end(&self, at_ms: i64) -> Option<i64> {
        let wall_ms = at_ms.saturating_add(offset_ms(self.zone, at_ms));
        let mut from_ms = at_ms.saturating_sub(OVERLAP_LOOK_BACK_MS);
        while let Some(change) = next_transition(self.zone, from_ms, at_ms) {
            let old_wall_ms = change.at_ms + change.before_ms;
            if wall_ms < old_wall_ms {
                return Some(old_wall_ms);
            }
            from_ms = change.at_ms;
        }
        None
    }

    /// The first matching wall time at or after `from_ms`, both as if the wall clock were UTC.
    fn wall_match(&self, from_ms: i64) -> Option<i64> {
        // The crate answers with the first whole second strictly after the instant it is given.
        let just_before = Timestamp(from_ms.saturating_sub(1)).to_utc();
        self.schedules
            .iter()
            .filter_map(|schedule| schedule.after(&just_before).next())
            .map(|found| found.timestamp_millis())
            .filter(|&found| found >= from_ms)
            .min()
    }
}

#[cfg(test)]
mod tests;
