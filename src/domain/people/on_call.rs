//! Who is on call: one person a week, handed over at a fixed time on the office's wall clock.
//!
//! Weeks are numbered, so who is on call follows from the order alone and needs no memory; swaps lie over it. A hand-over that
//! a gap of the clock skips happens right after it, one that an overlap doubles happens the first time.
//! Never here: who is away (callers look for a stand-in). Start at [`shift_at`].

use chrono::{Datelike, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::swap::{Exchange, Swap};
use crate::domain::office::{MemberId, Office, Strategy};
use crate::domain::rhythm::day;
use crate::domain::time::Timestamp;

/// Days of a shift.
const WEEK_DAYS: i64 = 7;
/// Minutes of an hour.
const HOUR_MINUTES: u16 = 60;

/// One week of being on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its number; the next week has the next one.
    pub number: i64,
    /// First instant.
    pub from: Timestamp,
    /// First instant after.
    pub until: Timestamp,
}

/// A role's weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weeks<'o> {
    role: &'o str,
    zone: Tz,
    weekday: i64,
    time: NaiveTime,
    order: Vec<&'o MemberId>,
    first: i64,
}

/// The weeks of a role that is on call by weeks and held by somebody; `None` for every other role.
#[must_use]
pub fn weeks<'o>(office: &'o Office, role: &'o str) -> Option<Weeks<'o>> {
    let Strategy::Weekly { weekday, minute, order, first, .. } = &office.roles.get(role)?.strategy else { return None };
    let holds = |member: &MemberId| office.holders(role).any(|holder| holder.id == *member);
    let mut order: Vec<&MemberId> = order.iter().filter(|member| holds(member)).collect();
    if order.is_empty() {
        order = office.holders(role).map(|member| &member.id).collect();
    }
    if order.is_empty() {
        return None;
    }
    let time = NaiveTime::from_hms_opt(u32::from(minute / HOUR_MINUTES), u32::from(minute % HOUR_MINUTES), 0)?;
    let mut weeks = Weeks { role, zone: office.zone, weekday: i64::from(*weekday), time, order, first: 0 };
    weeks.first = first.map_or(0, |date| weeks.number(weeks.begin(date)));
    Some(weeks)
}

impl Weeks<'_> {
    /// The date of the latest hand-over on or before a date.
    fn begin(&self, date: NaiveDate) -> NaiveDate {
        let since = (i64::from(date.weekday().num_days_from_monday()) - self.weekday).rem_euclid(WEEK_DAYS);
        day::back(date, since)
    }

    /// Weeks since the first hand-over after 1 January 1970, for a date of hand-over.
    fn number(&self, date: NaiveDate) -> i64 {
        let epoch = NaiveDate::default();
        (date - epoch).num_days().div_euclid(WEEK_DAYS)
    }

    fn starting(&self, date: NaiveDate) -> Shift {
        let at = |date| day::at_time(date, self.time, self.zone);
        Shift { number: self.number(date), from: at(date), until: at(day::back(date, -WEEK_DAYS)) }
    }

    /// The shift that holds an instant.
    #[must_use]
    pub fn shift_at(&self, at: Timestamp) -> Shift {
        let begin = self.begin(day::of(at, self.zone));
        let shift = self.starting(begin);
        if shift.from <= at { shift } else { self.starting(day::back(begin, WEEK_DAYS)) }
    }

    /// The shift after another.
    #[must_use]
    pub fn after(&self, shift: &Shift) -> Shift {
        let begin = self.begin(day::of(shift.from, self.zone));
        self.starting(day::back(begin, -WEEK_DAYS))
    }

    /// Whose shift it is by the order alone.
    #[must_use]
    pub fn planned(&self, shift: &Shift) -> &MemberId {
        let count = i64::try_from(self.order.len()).unwrap_or(1).max(1);
        let place = usize::try_from((shift.number - self.first).rem_euclid(count)).unwrap_or(0);
        self.order[place.min(self.order.len() - 1)]
    }

    /// Whose shift it is after all swaps.
    #[must_use]
    pub fn on_call<'w>(&'w self, shift: &Shift, swaps: &'w [Swap]) -> &'w MemberId {
        let mut member = self.planned(shift);
        for swap in swaps {
            let Exchange::Weeks { role, given, taken } = &swap.making.what else { continue };
            if role != self.role {
                continue;
            }
            if given.number == shift.number {
                member = &swap.making.other;
            } else if taken.number == shift.number {
                member = &swap.making.one;
            }
        }
        member
    }

    /// The people in order, from whoever has this shift: who stands in when one is away.
    #[must_use]
    pub fn following(&self, shift: &Shift) -> Vec<&MemberId> {
        let count = self.order.len();
        let start = self.order.iter().position(|member| *member == self.planned(shift)).unwrap_or(0);
        (1..count).map(|step| self.order[(start + step) % count]).collect()
    }

    /// The next shift of a person from a shift on, that one included; `None` when they have none within a round.
    #[must_use]
    pub fn next_of(&self, member: &MemberId, from: &Shift, swaps: &[Swap]) -> Option<Shift> {
        let mut shift = from.clone();
        // One round and as many weeks as swaps could have moved.
        for _ in 0..=self.order.len() + swaps.len() {
            if self.on_call(&shift, swaps) == member {
                return Some(shift);
            }
            shift = self.after(&shift);
        }
        None
    }
}

#[cfg(test)]
#[path = "on_call_tests.rs"]
mod tests;
