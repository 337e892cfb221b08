//! Figures over many tickets in one period, by closed formulas that anybody can recompute.
//!
//! | Figure | Formula |
//! |--|--|
//! | received | arrival in the period |
//! | answered | first delivered human answer in the period |
//! | resolved | last resolved in the period, and not reopened before its end |
//! | reopened | reopened in the period |
//! | open, unassigned | at the stated instant |
//! | overdue | open at the stated instant, our turn, deadline passed |
//! | late | first answer due in the period, and missed |
//! | first response | business minutes from arrival to the first delivered human answer, of the answered |
//! | next due, late next | answers to further messages due in the period, one entry for each; missed |
//! | resolution due, late | resolutions due in the period; missed. Not while the customer has to answer |
//! | next response | business minutes from a further message of the customer to the next delivered human answer, each one |
//! | resolution | business minutes from arrival to last resolved, less waiting for the customer, of the resolved |
//! | mood | (positive − negative) ÷ classified, of the received |
//! | corrected | received, and set right by a person afterwards |
//!
//! Periods are half-open. Percentiles are by nearest rank. Start at [`Figures::of`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::course::Course;
use crate::domain::desk::triage::Mood;
use crate::domain::office::{MemberId, Office};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::time::Timestamp;

/// What is measured: flows in `[from, to)`, stocks just before `as_of`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First instant.
    pub from: Timestamp,
    /// First instant after.
    pub to: Timestamp,
    /// Instant of the stocks.
    pub as_of: Timestamp,
}

impl Period {
    fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// A measured length: business minutes, and the ticket it belongs to.
pub type Measured = (i64, i64);

/// The figures of one period; lists hold ticket numbers, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Arrived.
    pub received: Vec<i64>,
    /// First answered.
    pub answered: Vec<i64>,
    /// Resolved for good.
    pub resolved: Vec<i64>,
    /// Reopened.
    pub reopened: Vec<i64>,
    /// Open at the end.
    pub open: Vec<i64>,
    /// Open, and nobody's.
    pub unassigned: Vec<i64>,
    /// Open, our turn, deadline passed; most overdue first.
    pub overdue: Vec<i64>,
    /// First answers that fell due.
    pub due: Vec<i64>,
    /// First answers due and missed.
    pub late: Vec<i64>,
    /// Further answers that fell due, one entry for each.
    pub next_due: Vec<i64>,
    /// Further answers due and missed, one entry for each.
    pub late_next: Vec<i64>,
    /// Resolutions that fell due.
    pub resolution_due: Vec<i64>,
    /// Resolutions due and missed.
    pub late_resolution: Vec<i64>,
    /// Answers to further messages, shortest first; one entry for each.
    pub next_response: Vec<Measured>,
    /// First responses, shortest first.
    pub first_response: Vec<Measured>,
    /// Resolutions, shortest first.
    pub resolution: Vec<Measured>,
    /// Received from happy customers.
    pub positive: Vec<i64>,
    /// Received from unhappy customers.
    pub negative: Vec<i64>,
    /// Received, and neither.
    pub neutral: Vec<i64>,
    /// Received, and set right by a person afterwards: mood, topic, language or priority.
    pub corrected: Vec<i64>,
    /// The open ticket that waits longest.
    pub oldest_open: Option<Measured>,
    /// The unassigned ticket that waits longest.
    pub oldest_unassigned: Option<Measured>,
}

/// One measure, as people ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// [`Figures::received`].
    Received,
    /// [`Figures::answered`].
    Answered,
    /// [`Figures::resolved`].
    Resolved,
    /// [`Figures::reopened`].
    Reopened,
    /// [`Figures::open`].
    Open,
    /// [`Figures::unassigned`].
    Unassigned,
    /// [`Figures::overdue`].
    Overdue,
    /// [`Figures::late`].
    Late,
    /// [`Figures::first_response`], longest first.
    FirstResponse,
    /// [`Figures::resolution`], longest first.
    Resolution,
    /// [`Figures::next_response`], longest first.
    NextResponse,
    /// [`Figures::late_next`].
    LateNext,
    /// [`Figures::late_resolution`].
    LateResolution,
    /// [`Figures::negative`].
    Negative,
    /// [`Figures::positive`].
    Positive,
    /// [`Figures::corrected`].
    Corrected,
}

impl Metric {
    /// All, in the order of a report.
    pub const ALL: [Self; 16] = [
        Self::Received,
        Self::Answered,
        Self::Resolved,
        Self::Reopened,
        Self::Open,
        Self::Unassigned,
        Self::Overdue,
        Self::Late,
        Self::FirstResponse,
        Self::NextResponse,
        Self::LateNext,
        Self::Resolution,
        Self::LateResolution,
        Self::Negative,
        Self::Positive,
        Self::Corrected,
    ];

    /// Name in English and French, as people type it; the English one is also used in wording keys.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Received => ("received", "recus"),
            Self::Answered => ("answered", "repondus"),
            Self::Resolved => ("resolved", "resolus"),
            Self::Reopened => ("reopened", "rouverts"),
            Self::Open => ("open", "ouverts"),
            Self::Unassigned => ("unassigned", "libres"),
            Self::Overdue => ("overdue", "retard"),
            Self::Late => ("late", "hors-delai"),
            Self::FirstResponse => ("first-response", "reponse"),
            Self::Resolution => ("resolution", "resolution"),
            Self::NextResponse => ("next-response", "suite"),
            Self::LateNext => ("late-next", "suite-hors-delai"),
            Self::LateResolution => ("late-resolution", "resolution-hors-delai"),
            Self::Negative => ("negative", "negatifs"),
            Self::Positive => ("positive", "positifs"),
            Self::Corrected => ("corrected", "corriges"),
        }
    }

    /// The measure of a name in either language.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim().to_lowercase().replace(['é', 'ê'], "e").replace('ç', "c").replace(['_', ' '], "-");
        Self::ALL.into_iter().find(|metric| metric.names().0 == typed || metric.names().1 == typed)
    }
}

impl Figures {
    /// The figures of a period; excluded tickets are left out.
    #[must_use]
    pub fn of<'c>(courses: impl IntoIterator<Item = &'c Course>, period: &Period, office: &Office) -> Self {
        let mut figures = Self::default();
        let mut overdue: Vec<(Timestamp, i64)> = Vec::new();
        for course in courses.into_iter().filter(|course| !course.is_excluded()) {
            figures.add_flow(course, period, office);
            figures.add_stock(course, period, office);
            if let Some(deadline) = course.deadline_at(period.as_of).filter(|deadline| *deadline < period.as_of) {
                overdue.push((deadline, course.id));
            }
        }
        overdue.sort_unstable();
        figures.overdue = overdue.into_iter().map(|(_, id)| id).collect();
        figures.in_order();
        figures
    }

    fn add_flow(&mut self, course: &Course, period: &Period, office: &Office) {
        let calendar = office.calendar_of_role(&course.role);
        let id = course.id;
        if period.holds(course.received_at) {
            self.received.push(id);
            match course.mood {
                Some(Mood::Positive) => self.positive.push(id),
                Some(Mood::Negative) => self.negative.push(id),
                Some(Mood::Neutral) => self.neutral.push(id),
                None => {}
            }
            if !course.corrected.is_empty() {
                self.corrected.push(id);
            }
        }
        if course.answers.first().is_some_and(|at| period.holds(*at)) {
            self.answered.push(id);
            self.first_response.extend(course.first_response_minutes(calendar).map(|minutes| (minutes, id)));
        }
        if let Some(resolved) = course.resolved_before(period.to).filter(|at| period.holds(*at)) {
            self.resolved.push(id);
            self.resolution.push((course.worked_minutes(calendar, resolved), id));
        }
        if course.turns.iter().any(|(at, resolved)| !resolved && period.holds(*at)) {
            self.reopened.push(id);
        }
        if course.first_due.is_some_and(|due| period.holds(due)) {
            self.due.push(id);
            if course.missed_first_due() {
                self.late.push(id);
            }
        }
        self.add_promises(course, period, calendar);
    }

    /// Further answers and the solution. While the customer has to answer their deadlines stand still, and nothing is due.
    fn add_promises(&mut self, course: &Course, period: &Period, calendar: &Calendar) {
        let stands = course.is_waiting_at(period.as_of);
        for exchange in &course.exchanges {
            if exchange.answered.is_some_and(|at| period.holds(at)) {
                let minutes = Course::exchange_minutes(exchange, calendar);
                self.next_response.extend(minutes.map(|minutes| (minutes, course.id)));
            }
            let over = exchange.answered.is_some() || exchange.closed.is_some();
            if exchange.due.is_some_and(|due| period.holds(due)) && (over || !stands) {
                self.next_due.push(course.id);
                if !exchange.is_met() {
                    self.late_next.push(course.id);
                }
            }
        }
        let solved = course.resolved_before(period.as_of).is_some();
        if course.resolution_until.is_some_and(|due| period.holds(due)) && (solved || !stands) {
            self.resolution_due.push(course.id);
            if course.missed_resolution() {
                self.late_resolution.push(course.id);
            }
        }
    }

    fn add_stock(&mut self, course: &Course, period: &Period, office: &Office) {
        if !course.is_open_at(period.as_of) {
            return;
        }
        let calendar = office.calendar_of_role(&course.role);
        let age = (course.worked_minutes(calendar, period.as_of), course.id);
        self.open.push(course.id);
        self.oldest_open = older(self.oldest_open, age);
        if course.owner_at(period.as_of).is_none() {
            self.unassigned.push(course.id);
            self.oldest_unassigned = older(self.oldest_unassigned, age);
        }
    }

    fn in_order(&mut self) {
        let lists = [
            &mut self.received,
            &mut self.answered,
            &mut self.resolved,
            &mut self.reopened,
            &mut self.open,
            &mut self.unassigned,
            &mut self.due,
            &mut self.late,
            &mut self.next_due,
            &mut self.late_next,
            &mut self.resolution_due,
            &mut self.late_resolution,
            &mut self.positive,
            &mut self.negative,
            &mut self.neutral,
            &mut self.corrected,
        ];
        for list in lists {
            list.sort_unstable();
        }
        self.first_response.sort_unstable();
        self.next_response.sort_unstable();
        self.resolution.sort_unstable();
    }

    /// The tickets behind a measure; those with lengths longest first, with their business minutes.
    #[must_use]
    pub fn behind(&self, metric: Metric) -> Vec<(i64, Option<i64>)> {
        let plain = |ids: &[i64]| ids.iter().map(|id| (*id, None)).collect();
        let measured = |lengths: &[Measured]| lengths.iter().rev().map(|(minutes, id)| (*id, Some(*minutes))).collect();
        match metric {
            Metric::Received => plain(&self.received),
            Metric::Answered => plain(&self.answered),
            Metric::Resolved => plain(&self.resolved),
            Metric::Reopened => plain(&self.reopened),
            Metric::Open => plain(&self.open),
            Metric::Unassigned => plain(&self.unassigned),
            Metric::Overdue => plain(&self.overdue),
            Metric::Late => plain(&self.late),
            Metric::FirstResponse => measured(&self.first_response),
            Metric::Resolution => measured(&self.resolution),
            Metric::NextResponse => measured(&self.next_response),
            Metric::LateNext => plain(&self.late_next),
            Metric::LateResolution => plain(&self.late_resolution),
            Metric::Negative => plain(&self.negative),
            Metric::Positive => plain(&self.positive),
            Metric::Corrected => plain(&self.corrected),
        }
    }

    /// First answers given in time, in whole percent of those due; `None` when none was due.
    #[must_use]
    pub fn attainment_percent(&self) -> Option<i64> {
        attained_percent(&self.due, &self.late)
    }

    /// (positive − negative) ÷ classified, in whole points from −100 to 100; `None` when nothing was classified.
    #[must_use]
    pub fn mood_points(&self) -> Option<i64> {
        let count = |list: &[i64]| i64::try_from(list.len()).unwrap_or(i64::MAX);
        let classified = count(&self.positive) + count(&self.negative) + count(&self.neutral);
        (classified > 0).then(|| (count(&self.positive) - count(&self.negative)) * 100 / classified)
    }

    /// Of the received, in whole percent: those without a mood, and those that people set right. `None` for none received.
    #[must_use]
    pub fn unclassified_and_corrected_percent(&self) -> Option<(i64, i64)> {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let received = count(self.received.len());
        let classified = self.positive.len() + self.negative.len() + self.neutral.len();
        let share = |part: usize| count(part) * 100 / received.max(1);
        (received > 0).then(|| (share(self.received.len().saturating_sub(classified)), share(self.corrected.len())))
    }

    /// Nothing happened and nothing waits.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        [&self.received, &self.answered, &self.resolved, &self.reopened, &self.open, &self.due]
            .into_iter()
            .all(Vec::is_empty)
    }
}

/// Kept in time, in whole percent of what was due; `None` when nothing was.
#[must_use]
pub fn attained_percent(due: &[i64], late: &[i64]) -> Option<i64> {
    let count = |list: &[i64]| i64::try_from(list.len()).unwrap_or(i64::MAX);
    (!due.is_empty()).then(|| (count(due) - count(late)) * 100 / count(due))
}

fn older(known: Option<Measured>, found: Measured) -> Option<Measured> {
    // Of equal ages the smaller number came first.
    let rank = |(minutes, id): Measured| (minutes, std::cmp::Reverse(id));
    Some(known.map_or(found, |known| if rank(found) > rank(known) { found } else { known }))
}

/// The value at a percentile of a sorted list, by nearest rank: the smallest that at least so many percent do not exceed.
#[must_use]
pub fn nearest_rank(sorted: &[Measured], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map(|(minutes, _)| *minutes)
}

/// Change against an earlier count in whole percent, rounded half away from zero; `None` when there is nothing to
/// compare with.
#[must_use]
pub fn change_percent(now: usize, before: usize) -> Option<i64> {
    let (now, before) = (i64::try_from(now).ok()?, i64::try_from(before).ok()?);
    if before == 0 {
        return None;
    }
    let (difference, half) = ((now - before) * 100, before / 2);
    Some(if difference >= 0 { (difference + half) / before } else { (difference - half) / before })
}

/// What one person was given in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Who.
    pub member: MemberId,
    /// Their share in the rotation.
    pub weight: u32,
    /// Tickets given, in order, each once.
    pub tickets: Vec<i64>,
    /// Sum of their costs, in thousandths of an ordinary ticket.
    pub cost_milli: i64,
    /// Tickets they have at the stated instant.
    pub open: Vec<i64>,
}

/// Loads of everybody who takes part in a rotation or was given something, by name of member.
#[must_use]
pub fn loads<'c>(courses: impl IntoIterator<Item = &'c Course>, period: &Period, office: &Office) -> Vec<Load> {
    let rotates = |role: &String| office.roles.get(role).is_some_and(|role| role.rotation);
    let empty = |member: &MemberId| Load {
        member: member.clone(),
        weight: office.members.get(member).map_or(1, |found| found.weight.max(1)),
        tickets: Vec::new(),
        cost_milli: 0,
        open: Vec::new(),
    };
    let takers = office.members.values().filter(|member| member.roles.iter().any(rotates));
    let mut loads: BTreeMap<MemberId, Load> = takers.map(|member| (member.id.clone(), empty(&member.id))).collect();
    for course in courses.into_iter().filter(|course| !course.is_excluded()) {
        for handover in course.handovers.iter().filter(|handover| period.holds(handover.at)) {
            let load = loads.entry(handover.to.clone()).or_insert_with(|| empty(&handover.to));
            load.cost_milli += handover.cost_milli;
            if !load.tickets.contains(&course.id) {
                load.tickets.push(course.id);
            }
        }
        if let Some(owner) = course.owner_at(period.as_of).filter(|_| course.is_open_at(period.as_of)) {
            loads.entry(owner.clone()).or_insert_with(|| empty(owner)).open.push(course.id);
        }
    }
    loads.into_values().collect()
}

/// Jain's index of loads by weight, in hundredths: 100 is perfectly even, 100/n one person does everything.
/// `None` for fewer than two people or no load at all.
#[must_use]
pub fn jain_hundredths(loads: &[Load]) -> Option<i64> {
    // Costs are small (a week of one person is under 10^6 thousandths), so 128-bit sums are exact.
    let scale: i128 = 1_000;
    let shares: Vec<i128> =
        loads.iter().map(|load| i128::from(load.cost_milli) * scale / i128::from(load.weight.max(1))).collect();
    let sum: i128 = shares.iter().sum();
    let squares: i128 = shares.iter().map(|share| share * share).sum();
    let people = i128::try_from(shares.len()).ok()?;
    if people < 2 || squares == 0 {
        return None;
    }
    i64::try_from((sum * sum * 100 + people * squares / 2) / (people * squares)).ok()
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
