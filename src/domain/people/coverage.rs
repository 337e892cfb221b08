//! Coverage: for each network, the hours in which somebody must be there, and whether somebody is.
//!
//! Looks at real instants one quarter of an hour after the other, so a change of the clock is right by itself. Whoever is on
//! call is there all week; everybody else in their hours, as swapped. Never reads a clock, and never decides what to do about
//! a gap. Start at [`Map::of`].

use serde::{Deserialize, Serialize};

use super::on_call;
use super::substitution::Absences;
use super::swap::{Swap, swapped_shift};
use crate::domain::office::{Member, MemberId, Office, Role, Strategy};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::{DAY_MS, MINUTE_MS, Timestamp};

/// The step of the map: people's hours and cover hours begin on quarters.
pub const STEP_MS: i64 = 15 * MINUTE_MS;
/// Longest stretch mapped at once, in days: five weeks, a month in a picture.
pub const DAYS_MAX: i64 = 35;
/// Most networks of one map; an office has about ten.
pub const NETWORKS_MAX: usize = 24;

/// How a network is covered in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Nobody has to be there.
    Free,
    /// Somebody of its own is there.
    Own,
    /// Only somebody who stands in is there.
    Backup,
    /// Nobody is there.
    Gap,
}

/// A stretch in which nobody is there for a network that must be covered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// From.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// The network.
    pub network: String,
}

/// Network-hours, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// In which somebody had to be there.
    pub required_minutes: i64,
    /// In which somebody was.
    pub covered_minutes: i64,
    /// Of these, in which only a stand-in was.
    pub backup_minutes: i64,
}

impl Figures {
    /// Covered in hundredths of what was required, rounded down: 100 % means all of it. `None` when nothing was.
    #[must_use]
    pub fn percent(&self) -> Option<i64> {
        (self.required_minutes > 0).then(|| self.covered_minutes * 100 / self.required_minutes)
    }
}

/// One network's steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The network.
    pub network: String,
    /// One entry a step.
    pub steps: Vec<Cover>,
}

/// What a map is made of.
#[derive(Clone, Copy, Debug)]
pub struct Rota<'o> {
    /// People, their hours, roles, cover hours.
    pub office: &'o Office,
    /// Who is away.
    pub away: &'o Absences,
    /// Days and weeks that were exchanged.
    pub swaps: &'o [Swap],
}

/// Networks against time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The first step's instant.
    pub from: Timestamp,
    /// Networks with cover hours, in order of name.
    pub rows: Vec<Row>,
}

impl Map {
    /// The map of `[from, until)`; `only` one network, or all.
    #[must_use]
    pub fn of(rota: Rota<'_>, from: Timestamp, until: Timestamp, only: Option<&str>) -> Self {
        // Who is on call is found in the office itself, so these leaves are laid over it.
        let office = &rota.office.clone().with_leaves(rota.away.clone(), from);
        let rota = Rota { office, ..rota };
        let until = until.min(from.plus_ms(DAYS_MAX * DAY_MS));
        let steps = usize::try_from(until.since(from).max(0) / STEP_MS).unwrap_or(0);
        let at = |step: usize| from.plus_ms(i64::try_from(step).unwrap_or(0) * STEP_MS);
        let people: Vec<(&Member, Vec<Presence>)> = office
            .members
            .values()
            .map(|member| (member, (0..steps).map(|step| presence(&rota, member, at(step))).collect()))
            .collect();
        let wanted = office.accounts.values().filter(|account| only.is_none_or(|only| account.network == only));
        let rows = wanted
            .filter_map(|account| Some((account.network.as_str(), account.cover.as_ref()?)))
            .take(NETWORKS_MAX)
            .map(|(network, cover)| row(&rota, network, cover, &people, from, steps))
            .collect();
        Self { from, rows }
    }

    /// All gaps, soonest first.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        for row in &self.rows {
            let mut open: Option<Gap> = None;
            for (step, cover) in row.steps.iter().enumerate() {
                let at = self.from.plus_ms(i64::try_from(step).unwrap_or(0) * STEP_MS);
                match (&mut open, cover) {
                    (Some(gap), Cover::Gap) => gap.until = at.plus_ms(STEP_MS),
                    (None, Cover::Gap) => {
                        open = Some(Gap { from: at, until: at.plus_ms(STEP_MS), network: row.network.clone() });
                    }
                    _ => gaps.extend(open.take()),
                }
            }
            gaps.extend(open);
        }
        gaps.sort_unstable();
        gaps
    }

    /// Network-hours over the whole map.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let count = |fits: &dyn Fn(Cover) -> bool| {
            let steps = self.rows.iter().flat_map(|row| &row.steps).filter(|cover| fits(**cover)).count();
            i64::try_from(steps).unwrap_or(i64::MAX).saturating_mul(STEP_MS / MINUTE_MS)
        };
        Figures {
            required_minutes: count(&|cover| cover != Cover::Free),
            covered_minutes: count(&|cover| matches!(cover, Cover::Own | Cover::Backup)),
            backup_minutes: count(&|cover| cover == Cover::Backup),
        }
    }
}

/// Where somebody is in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    There,
    OffShift,
    /// Away although it is their working time.
    Away,
}

fn presence(rota: &Rota<'_>, member: &Member, at: Timestamp) -> Presence {
    let hours = member.hours.as_ref().unwrap_or(&rota.office.calendar);
    let on_shift = swapped_shift(rota.office, rota.swaps, member, at).unwrap_or_else(|| hours.is_open(at));
    match (on_shift, rota.away.is_away(&member.id, at)) {
        (false, _) => Presence::OffShift,
        (true, true) => Presence::Away,
        (true, false) => Presence::There,
    }
}

fn row(
    rota: &Rota<'_>,
    network: &str,
    cover: &Calendar,
    people: &[(&Member, Vec<Presence>)],
    from: Timestamp,
    steps: usize,
) -> Row {
    let office = rota.office;
    let own: Vec<&(&Member, Vec<Presence>)> =
        people.iter().filter(|(member, _)| by_turns(office, member, network)).collect();
    let weekly: Vec<&str> =
        office.roles.values().filter(|role| is_weekly(role)).map(|role| role.name.as_str()).collect();
    let there = |who: &MemberId, step: usize| {
        let found = people.iter().find(|(member, _)| member.id == *who);
        found.is_some_and(|(_, presence)| presence.get(step) == Some(&Presence::There))
    };
    let one = |step: usize| {
        let at = from.plus_ms(i64::try_from(step).unwrap_or(0) * STEP_MS);
        if !cover.is_open(at) {
            return Cover::Free;
        }
        let is = |presence: &[Presence], wanted| presence.get(step) == Some(&wanted);
        if own.iter().any(|(_, presence)| is(presence, Presence::There)) {
            return Cover::Own;
        }
        let on_call = weekly.iter().filter_map(|role| on_call_for(rota, role, network, at)).min();
        if on_call == Some(Cover::Own) {
            return Cover::Own;
        }
        let replaced = own.iter().filter(|(_, presence)| is(presence, Presence::Away)).any(|(member, _)| {
            rota.away.stand_in(office, &member.id, None, at).is_some_and(|stand_in| there(&stand_in, step))
        });
        if replaced || on_call.is_some() { Cover::Backup } else { Cover::Gap }
    };
    Row { network: network.to_owned(), steps: (0..steps).map(one).collect() }
}

fn is_weekly(role: &Role) -> bool {
    role.rotation && matches!(role.strategy, Strategy::Weekly { .. })
}

/// How whoever is on call for a role covers a network at an instant; `None` when their role does not answer there.
fn on_call_for(rota: &Rota<'_>, role: &str, network: &str, at: Timestamp) -> Option<Cover> {
    let found = on_call::answering(rota.office, rota.swaps, role, at)?;
    let planned = found.instead_of.as_ref().unwrap_or(&found.member);
    let role = rota.office.roles.get(role)?;
    claims(rota.office, planned, role, network).then_some(match found.instead_of {
        Some(_) => Cover::Backup,
        None => Cover::Own,
    })
}

/// Whether somebody answers on a network by their own right, in the turns of a rotation.
fn by_turns(office: &Office, member: &Member, network: &str) -> bool {
    let turns = member.roles.iter().filter_map(|role| office.roles.get(role));
    turns.filter(|role| role.rotation && !is_weekly(role)).any(|role| claims(office, &member.id, role, network))
}

/// Whether somebody may take tickets of a network by their own right, on a topic of this role.
fn claims(office: &Office, member: &MemberId, role: &Role, network: &str) -> bool {
    let topics = role.topics.iter().map(|topic| Some(topic.as_str())).chain(std::iter::once(None));
    topics.into_iter().any(|topic| {
        let scope = Scope { network: Some(network), topic, own: false };
        rights::check(office, member, Right::Claim, scope).is_ok()
            && rights::for_whom(office, member, Right::Claim, scope).is_none()
    })
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
