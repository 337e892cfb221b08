//! What an absence means for the rota: the weeks on call that somebody else takes, and the rotations that go on without.
//!
//! Never moves anything: the rotation passes by whoever is away, and being on call follows from the order.
//! Start at [`given_up`].

use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Member, Office, Strategy};
use crate::domain::people::absence::Absence;
use crate::domain::people::on_call::{self, Weeks};
use crate::domain::people::swap::Swap;
use crate::domain::time::{DAY_MS, Timestamp};

/// Weeks on call looked through for one role: a leave of a quarter of a year; longer ones are planned week by week.
const WEEKS_MAX: usize = 13;
/// How far a leave without a known end is looked ahead.
const OPEN_AHEAD_MS: i64 = 14 * DAY_MS;

/// One sentence for each week on call and each rotation that somebody gives up from `start` on. `office` is the office as it
/// stands once they have gone.
#[must_use]
pub fn given_up(office: &Office, swaps: &[Swap], absence: &Absence, start: Timestamp) -> Vec<Notice> {
    let Some(member) = office.members.get(&absence.plan.member) else { return Vec::new() };
    let mut found = Vec::new();
    for role in member.roles.iter().filter_map(|name| office.roles.get(name)).filter(|role| role.rotation) {
        match (&role.strategy, on_call::weeks(office, &role.name)) {
            (Strategy::Weekly { .. }, Some(weeks)) => {
                found.extend(on_call_weeks(office, swaps, &weeks, absence, start, &role.name));
            }
            _ => found.push(turns(office, member, &role.name, start)),
        }
    }
    found
}

fn on_call_weeks(
    office: &Office,
    swaps: &[Swap],
    weeks: &Weeks<'_>,
    absence: &Absence,
    start: Timestamp,
    role: &str,
) -> Vec<Notice> {
    let until = absence.plan.until.unwrap_or_else(|| start.plus_ms(OPEN_AHEAD_MS));
    let mut found = Vec::new();
    let mut shift = weeks.shift_at(start);
    for _ in 0..WEEKS_MAX {
        if shift.from >= until {
            break;
        }
        if *weeks.on_call(&shift, swaps) == absence.plan.member {
            let (from, to) = (shift.from.max(start), shift.until.min(until));
            let by = on_call::answering(office, swaps, role, from).map(|found| found.member);
            let key = if by.is_some() { "absence-preview-on-call" } else { "absence-preview-on-call-alone" };
            let notice = Notice::new(key).text("role", role).with("from", Arg::At(from)).with("until", Arg::At(to));
            found.push(match by {
                Some(by) => notice.member("by", &by),
                None => notice,
            });
        }
        shift = weeks.after(&shift);
    }
    found
}

fn turns(office: &Office, member: &Member, role: &str, start: Timestamp) -> Notice {
    let there = |other: &&Member| other.id != member.id && !office.away.is_away(&other.id, start);
    let others: Vec<&str> = office.holders(role).filter(there).map(|other| other.name.as_str()).collect();
    if !others.is_empty() {
        return Notice::new("absence-preview-turns").text("role", role).text("names", others.join(", "));
    }
    match office.away.stand_in(office, &member.id, Some(role), start) {
        Some(by) => Notice::new("absence-preview-turns-inherited").text("role", role).member("by", &by),
        None => Notice::new("absence-preview-turns-alone").text("role", role),
    }
}
