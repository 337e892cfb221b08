//! The five fields of a cron expression, checked and rewritten into what the `cron` crate understands.
//!
//! Needed because that crate counts weekdays from Sunday = 1, wants both day fields to agree, and accepts steps that never apply.
//! Never computes a date. Start reading at [`read`].

use std::fmt;

use super::RecurrenceError;

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Which field an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FieldName {
    Minute,
    Hour,
    DayOfMonth,
    Month,
    Weekday,
    Expression,
}

impl fmt::Display for FieldName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::Weekday => "weekday",
            Self::Expression => "whole",
        })
    }
}

/// What one field accepts.
struct Rule {
    field: FieldName,
    min: u32,
    max: u32,
    names: &'static [&'static str],
    /// The number that the first name stands for.
    first_name: u32,
}

const RULES: [Rule; 5] = [
    Rule { field: FieldName::Minute, min: 0, max: 59, names: &[], first_name: 0 },
    Rule { field: FieldName::Hour, min: 0, max: 23, names: &[], first_name: 0 },
    Rule { field: FieldName::DayOfMonth, min: 1, max: 31, names: &[], first_name: 0 },
    Rule { field: FieldName::Month, min: 1, max: 12, names: &MONTHS, first_name: 1 },
    Rule { field: FieldName::Weekday, min: 0, max: 7, names: &WEEKDAYS, first_name: 0 },
];

/// The fields in the crate's own writing (explicit lists), beside what was written.
pub(super) struct Fields {
    written: Vec<String>,
    pub(super) minute: String,
    pub(super) hour: String,
    day_of_month: String,
    pub(super) month: String,
    weekday: String,
}

/// Splits, checks and rewrites the five fields.
pub(super) fn read(expression: &str) -> Result<Fields, RecurrenceError> {
    let written: Vec<String> = expression.split_whitespace().map(str::to_uppercase).collect();
    if written.len() != RULES.len() {
        return Err(RecurrenceError::FieldCount(written.len()));
    }
    let mut rewritten = Vec::with_capacity(RULES.len());
    for (rule, text) in RULES.iter().zip(&written) {
        rewritten.push(rule.rewrite(text)?);
    }
    let mut next = rewritten.into_iter();
    let mut take = || next.next().unwrap_or_default();
    Ok(Fields { minute: take(), hour: take(), day_of_month: take(), month: take(), weekday: take(), written })
}

impl Fields {
    pub(super) fn joined(&self) -> String {
        self.written.join(" ")
    }

    /// Day of month and weekday for each schedule to build. As in Unix cron a field counts as restricted unless it starts with
    /// `*`; when both are, the job runs on either, hence two schedules.
    pub(super) fn day_choices(&self) -> Vec<(&str, &str)> {
        let restricted = |place: usize| !self.written[place].starts_with('*');
        if restricted(2) && restricted(4) {
            vec![(&self.day_of_month, "*"), ("*", &self.weekday)]
        } else {
            vec![(&self.day_of_month, &self.weekday)]
        }
    }

    /// Whether the job repeats within a day by rule rather than at listed times.
    pub(super) fn repeats_within_day(&self) -> bool {
        self.written[..2].iter().any(|field| field.contains(['*', '/', '-']))
    }
}

impl Rule {
    /// The field as `*` or an explicit list of values (weekdays as names).
    fn rewrite(&self, text: &str) -> Result<String, RecurrenceError> {
        if text == "*" {
            return Ok(text.to_owned());
        }
        let mut chosen = [false; 64];
        for item in text.split(',') {
            let (from, to, step) = self.item(item)?;
            for value in (from..=to).step_by(step) {
                chosen[(self.min + (value - self.min) % self.size()) as usize] = true;
            }
        }
        let weekday = matches!(self.field, FieldName::Weekday);
        let values: Vec<String> = (self.min..self.min + self.size())
            .filter(|&value| chosen[value as usize])
            .map(|value| if weekday { WEEKDAYS[value as usize].to_owned() } else { value.to_string() })
            .collect();
        Ok(values.join(","))
    }

    /// First value, last value and step of one list item: `*`, `a`, `a-b`, each with an optional `/step`. A range that runs
    /// over the end (`22-6`, `fri-mon`) has a last value beyond the field's own.
    fn item(&self, item: &str) -> Result<(u32, u32, usize), RecurrenceError> {
        let fault = |reason| RecurrenceError::BadField { field: self.field, text: item.to_owned(), reason };
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        let (from, to) = if range == "*" {
            (self.min, self.last())
        } else if let Some((from, to)) = range.split_once('-') {
            (
                self.value(from).ok_or_else(|| fault("not a value of this field"))?,
                self.value(to).ok_or_else(|| fault("not a value of this field"))?,
            )
        } else {
            let from = self.value(range).ok_or_else(|| fault("not a value of this field"))?;
            (from, if step.is_some() { self.last().max(from) } else { from })
        };
        let to = if to < from { to + self.size() } else { to };
        let step = match step {
            None => 1,
            Some(text) => number(text)
                .filter(|step| (1..=self.max - self.min).contains(step))
                .ok_or_else(|| fault("not a step of this field"))?,
        };
        Ok((from, to, step as usize))
    }

    /// How many values there are: Sunday, 0 and 7, is counted once.
    fn size(&self) -> u32 {
        let max = if matches!(self.field, FieldName::Weekday) { 6 } else { self.max };
        max - self.min + 1
    }

    /// The last value that `*` covers.
    fn last(&self) -> u32 {
        self.min + self.size() - 1
    }

    fn value(&self, text: &str) -> Option<u32> {
        let by_name = self.names.iter().position(|name| *name == text);
        match by_name {
            Some(place) => u32::try_from(place).ok().map(|place| place + self.first_name),
            None => number(text).filter(|value| (self.min..=self.max).contains(value)),
        }
    }
}

/// Plain ASCII digits, at most three: `+5` and superscripts are no numbers.
fn number(text: &str) -> Option<u32> {
    (text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
