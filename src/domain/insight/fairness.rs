//! How evenly a role's work was shared out in a period, by formulas that anybody can recompute from the journal.
//!
//! | Figure | Formula |
//! |--|--|
//! | load x_i | sum of (cost ÷ weight) of the tickets given to i, divided by the hours i was present |
//! | Jain's index | (Σx_i)² ÷ (n·Σx_i²) over the holders who were present, n ≥ 2; 1 is even |
//! | spread | largest x_i ÷ median x_i (nearest rank) |
//! | exceptions | tickets taken or given by hand, given to who knew the customer, given on because somebody was full |
//!
//! All given tickets count, also those taken by hand: the rotation makes up for them. Start at [`Fairness::of`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::course::Course;
use crate::domain::office::{MemberId, Office};
use crate::domain::people::rotation::Exception;
use crate::domain::time::{HOUR_MS, Timestamp};

/// What one person had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Who.
    pub member: MemberId,
    /// Tickets given, in order, each once.
    pub tickets: Vec<i64>,
    /// Sum of their costs, in thousandths of an ordinary ticket.
    pub cost_milli: i64,
    /// Sum of cost ÷ weight, in millionths of an ordinary ticket at weight 1.
    pub turns_micro: i64,
    /// Time present, in milliseconds.
    pub present_ms: i64,
    /// Holds the role now: counts for the index.
    pub holds: bool,
}

impl Part {
    /// Load: turns per hour present, in millionths; `None` for who was never there.
    #[must_use]
    pub fn load_micro(&self) -> Option<i64> {
        let exact = i128::from(self.turns_micro) * i128::from(HOUR_MS) / i128::from(self.present_ms.max(1));
        (self.present_ms > 0).then(|| i64::try_from(exact).unwrap_or(i64::MAX))
    }
}

/// How one role's work was shared out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fairness {
    /// The role.
    pub role: String,
    /// By person, in order of id.
    pub parts: Vec<Part>,
    /// Jain's index in thousandths; `None` for fewer than two people or no work.
    pub jain_milli: Option<i64>,
    /// Largest load ÷ median load, in hundredths.
    pub spread_hundredths: Option<i64>,
    /// Tickets by exception.
    pub exceptions: BTreeMap<Exception, Vec<i64>>,
}

impl Fairness {
    /// The fairness of a role in `[from, to)`; `present_ms` says how long somebody was there.
    #[must_use]
    pub fn of<'c>(
        role: &str,
        courses: impl IntoIterator<Item = &'c Course>,
        (from, to): (Timestamp, Timestamp),
        office: &Office,
        present_ms: &BTreeMap<MemberId, i64>,
    ) -> Self {
        let part = |member: &MemberId, holds: bool| Part {
            member: member.clone(),
            present_ms: present_ms.get(member).copied().unwrap_or(0),
            holds,
            ..Part::default()
        };
        let holders = office.holders(role).filter(|member| member.weight > 0);
        let mut parts: BTreeMap<MemberId, Part> =
            holders.map(|member| (member.id.clone(), part(&member.id, true))).collect();
        let mut exceptions: BTreeMap<Exception, Vec<i64>> = BTreeMap::new();
        for course in courses.into_iter().filter(|course| !course.is_excluded()) {
            for handover in course.handovers.iter().filter(|handover| from <= handover.at && handover.at < to) {
                let counted = handover.counted.as_ref();
                if counted.map_or(course.role.as_str(), |counted| counted.role.as_str()) != role {
                    continue;
                }
                let share = office.members.get(&handover.to).map_or(1, |member| member.weight.max(1));
                let weight_milli =
                    counted.map_or(i64::from(share) * 1_000, |counted| i64::from(counted.weight.milli()));
                let entry = parts.entry(handover.to.clone()).or_insert_with(|| part(&handover.to, false));
                entry.cost_milli = entry.cost_milli.saturating_add(handover.cost_milli);
                let turn_micro = handover.cost_milli.saturating_mul(1_000_000) / weight_milli.max(1);
                entry.turns_micro = entry.turns_micro.saturating_add(turn_micro);
                add_once(&mut entry.tickets, course.id);
                if let Some(exception) = counted.and_then(|counted| counted.exception) {
                    add_once(exceptions.entry(exception).or_default(), course.id);
                }
            }
        }
        let parts: Vec<Part> = parts.into_values().collect();
        let loads: Vec<i64> = parts.iter().filter(|part| part.holds).filter_map(Part::load_micro).collect();
        let (jain_milli, spread_hundredths) = (jain_milli(&loads), spread_hundredths(&loads));
        Self { role: role.to_owned(), parts, jain_milli, spread_hundredths, exceptions }
    }

    /// Nothing was given to anybody.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.parts.iter().all(|part| part.tickets.is_empty())
    }

    /// How many tickets were such exceptions.
    #[must_use]
    pub fn count(&self, exception: Exception) -> i64 {
        self.exceptions.get(&exception).map_or(0, |tickets| i64::try_from(tickets.len()).unwrap_or(i64::MAX))
    }
}

fn add_once(tickets: &mut Vec<i64>, id: i64) {
    if !tickets.contains(&id) {
        tickets.push(id);
    }
}

/// Jain's index in thousandths; `None` for fewer than two people or no load at all.
#[must_use]
pub fn jain_milli(loads: &[i64]) -> Option<i64> {
    let sum: i128 = loads.iter().map(|load| i128::from(*load)).sum();
    let squares: i128 = loads.iter().map(|load| i128::from(*load) * i128::from(*load)).sum();
    let people = i128::try_from(loads.len()).ok()?;
    if people < 2 || squares == 0 {
        return None;
    }
    i64::try_from((sum * sum * 1_000 + people * squares / 2) / (people * squares)).ok()
}

/// Largest ÷ median (nearest rank), in hundredths; `None` for fewer than two people or a median of nothing.
#[must_use]
pub fn spread_hundredths(loads: &[i64]) -> Option<i64> {
    let mut sorted = loads.to_vec();
    sorted.sort_unstable();
    let median = *sorted.get(sorted.len().div_ceil(2).checked_sub(1)?)?;
    let largest = *sorted.last()?;
    if sorted.len() < 2 || median == 0 {
        return None;
    }
    i64::try_from((i128::from(largest) * 100 + i128::from(median) / 2) / i128::from(median)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_and_the_spread_are_the_closed_formulas() {
        for (loads, jain, spread) in [
            (&[][..], None, None),
            (&[5], None, None),
            (&[0, 0], None, None),
            (&[7, 7, 7], Some(1_000), Some(100)),
            (&[1, 0], Some(500), None),
            (&[1, 2, 3], Some(857), Some(150)),
            (&[1, 1, 1, 5], Some(571), Some(500)),
        ] {
            assert_eq!((jain_milli(loads), spread_hundredths(loads)), (jain, spread), "{loads:?}");
        }
    }

    #[test]
    fn load_is_work_for_the_share_and_the_time_present() {
        let part = |turns_micro, hours| Part { turns_micro, present_ms: hours * HOUR_MS, ..Part::default() };
        assert_eq!(part(14_000_000, 140).load_micro(), Some(100_000));
        assert_eq!(part(7_000_000, 70).load_micro(), Some(100_000), "half the time, half the work");
        assert_eq!(part(7_000_000, 0).load_micro(), None);
    }
}
