//! What is posted: the daily digest and the weekly report as values, the same for every chat and language.
//!
//! Never text: sentences are made where it is shown. Start at [`Report`]; periods at [`daily_period`], [`weekly_period`].

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::course::Course;
use super::fairness::Fairness;
use super::metrics::{Figures, Load, Period, jain_hundredths, loads};
use crate::domain::ids::Ref;
use crate::domain::office::{MemberId, Office};
use crate::domain::people::coverage::{self, Gap};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::rhythm::day;
use crate::domain::time::{DAY_MS, Timestamp};

/// A digest looks back over closed days to the last working day, at most so many days: the longest run of bridge days.
const LOOK_BACK_DAYS_MAX: i64 = 10;
/// Days of a week.
const WEEK_DAYS: i64 = 7;
/// Most networks shown apart; the rest is in the total.
pub const NETWORKS_MAX: usize = 12;

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// The digest of the morning.
    Daily,
    /// The report of the week.
    Weekly,
}

/// Somebody who is away, and who stands in.
pub type Away = (MemberId, Option<MemberId>);

/// An action shown in the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueAction {
    /// Its number.
    pub id: i64,
    /// Who has it.
    pub owner: MemberId,
    /// Times carried.
    pub carried: u32,
}

/// What waits to leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Waiting.
    pub waiting: i64,
    /// Failed for good.
    pub parked: i64,
    /// When the oldest that waits was added.
    #[serde(default)]
    pub oldest_at: Option<Timestamp>,
    /// When a chat last asked to slow down (429).
    #[serde(default)]
    pub limited_at: Option<Timestamp>,
}

/// Drafts that the day is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    /// Posts of the day, soonest first.
    pub today: Vec<Ref>,
    /// What waits for approval, and since when; longest first.
    pub waiting: Vec<(Ref, Timestamp)>,
}

/// One day of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFlow {
    /// Local date.
    pub date: NaiveDate,
    /// Received that day.
    pub received: usize,
    /// First answered that day.
    pub answered: usize,
}

/// A digest or report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Which.
    pub cadence: Cadence,
    /// First local day that it covers.
    pub first_day: NaiveDate,
    /// Last local day that it covers.
    pub last_day: NaiveDate,
    /// What it covers.
    pub period: Period,
    /// Only tickets that were this member's.
    #[serde(default)]
    pub member: Option<MemberId>,
    /// Only this network.
    #[serde(default)]
    pub network: Option<String>,
    /// All tickets.
    pub figures: Figures,
    /// The same days a week before.
    pub before: Figures,
    /// By network, most received first.
    pub networks: Vec<(String, Figures)>,
    /// What people were given.
    pub loads: Vec<Load>,
    /// [`jain_hundredths`] of the loads.
    pub jain_hundredths: Option<i64>,
    /// Received but left out of all figures.
    pub excluded: Vec<i64>,
    /// Deadlines between the stated instant and the end of that day.
    pub due_today: Vec<i64>,
    /// By day, oldest first.
    pub days: Vec<DayFlow>,
    /// How evenly each role's work was shared out (report of the whole team).
    #[serde(default)]
    pub fairness: Vec<Fairness>,
    /// Who is away (digest).
    #[serde(default)]
    pub away: Vec<Away>,
    /// Hours of the coming week in which nobody is there for a network that needs somebody (digest).
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Network-hours covered and required (weekly).
    #[serde(default)]
    pub coverage: coverage::Figures,
    /// Actions due or overdue (digest).
    #[serde(default)]
    pub actions: Vec<DueAction>,
    /// Tickets whose consultations are late, one entry for each consultation (digest).
    #[serde(default)]
    pub late_consultations: Vec<i64>,
    /// What waits to leave (digest).
    #[serde(default)]
    pub queue: Queue,
    /// Posts of the day and what waits for approval (digest).
    #[serde(default)]
    pub drafts: Drafts,
    /// More tickets than can be read at once: the figures are not complete.
    #[serde(default)]
    pub cut: bool,
    /// It is posted so much later than planned, in milliseconds.
    #[serde(default)]
    pub late_ms: Option<i64>,
}

/// The days a report covers: first, last, and what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First local day.
    pub first: NaiveDate,
    /// Last local day.
    pub last: NaiveDate,
    /// What is measured.
    pub period: Period,
}

impl Span {
    /// Whole days, measured up to `now` at the most; stocks at the end.
    #[must_use]
    pub fn of_days(first: NaiveDate, last: NaiveDate, office: &Office, now: Timestamp) -> Self {
        let to = day::start(day::back(last, -1), office.zone).min(now);
        let from = day::start(first, office.zone);
        Self { first, last, period: Period { from, to, as_of: to } }
    }

    /// The same days a week earlier.
    #[must_use]
    pub fn week_before(&self, office: &Office) -> Period {
        let shifted = |at: Timestamp| {
            let date = day::of(at, office.zone);
            let within = at.since(day::start(date, office.zone));
            day::start(day::back(date, WEEK_DAYS), office.zone).plus_ms(within)
        };
        let Period { from, to, as_of } = self.period;
        Period { from: shifted(from), to: shifted(to), as_of: shifted(as_of) }
    }
}

/// What the digest of an instant covers: the days since the last working day, stocks at that instant.
#[must_use]
pub fn daily_period(office: &Office, at: Timestamp) -> Span {
    let today = day::of(at, office.zone);
    let yesterday = day::back(today, 1);
    let worked = |back: &i64| has_hours(&office.calendar, day::back(today, *back), office);
    let back = (1..=LOOK_BACK_DAYS_MAX).find(worked).unwrap_or(1);
    let first = day::back(today, back);
    let to = day::start(today, office.zone);
    Span { first, last: yesterday, period: Period { from: day::start(first, office.zone), to, as_of: at } }
}

/// The last whole week (Monday to Sunday) before an instant.
#[must_use]
pub fn weekly_period(office: &Office, at: Timestamp) -> Span {
    let this_monday = day::monday(day::of(at, office.zone));
    Span::of_days(day::back(this_monday, WEEK_DAYS), day::back(this_monday, 1), office, at)
}

/// Whether anybody works on a local date.
#[must_use]
pub fn has_hours(calendar: &Calendar, date: NaiveDate, office: &Office) -> bool {
    let from = day::start(date, office.zone);
    calendar.between(from, day::start(day::back(date, -1), office.zone)) > 0
}

/// Number of the ISO week that a date lies in.
#[must_use]
pub fn week_number(date: NaiveDate) -> i64 {
    i64::from(date.iso_week().week())
}

impl Report {
    /// Makes a report of tickets' courses. `member` and `network` narrow it.
    #[must_use]
    pub fn of(
        cadence: Cadence,
        span: &Span,
        courses: &[Course],
        office: &Office,
        member: Option<&MemberId>,
        network: Option<&str>,
    ) -> Self {
        let wanted = |course: &&Course| {
            let theirs = |id: &MemberId| course.handovers.iter().any(|handover| handover.to == *id);
            member.is_none_or(theirs) && network.is_none_or(|name| course.network == name)
        };
        let courses: Vec<&Course> = courses.iter().filter(wanted).collect();
        let period = span.period;
        let all = || courses.iter().copied();
        let mut loads = loads(all(), &period, office);
        if let Some(member) = member {
            loads.retain(|load| load.member == *member);
        }
        let received = |course: &&Course| {
            course.is_excluded() && period.from <= course.received_at && course.received_at < period.to
        };
        Self {
            cadence,
            first_day: span.first,
            last_day: span.last,
            period,
            member: member.cloned(),
            network: network.map(str::to_owned),
            figures: Figures::of(all(), &period, office),
            before: Figures::of(all(), &span.week_before(office), office),
            networks: networks(&courses, &period, office),
            jain_hundredths: jain_hundredths(&loads),
            loads,
            excluded: courses.iter().copied().filter(received).map(|course| course.id).collect(),
            due_today: due_today(&courses, &period, office),
            days: days(&courses, span, office),
            fairness: Vec::new(),
            away: Vec::new(),
            gaps: Vec::new(),
            coverage: coverage::Figures::default(),
            actions: Vec::new(),
            late_consultations: Vec::new(),
            queue: Queue::default(),
            drafts: Drafts::default(),
            cut: false,
            late_ms: None,
        }
    }

    /// Nothing to say beyond that it was quiet.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.figures.is_quiet()
            && self.actions.is_empty()
            && self.late_consultations.is_empty()
            && self.queue.parked == 0
            && !self.cut
    }
}

fn networks(courses: &[&Course], period: &Period, office: &Office) -> Vec<(String, Figures)> {
    let mut by_network: BTreeMap<&str, Vec<&Course>> = BTreeMap::new();
    for course in courses {
        by_network.entry(&course.network).or_default().push(course);
    }
    let mut found: Vec<(String, Figures)> = by_network
        .into_iter()
        .map(|(network, courses)| (network.to_owned(), Figures::of(courses, period, office)))
        .filter(|(_, figures)| !figures.is_quiet())
        .collect();
    found.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.received.len()));
    found.truncate(NETWORKS_MAX);
    found
}

fn due_today(courses: &[&Course], period: &Period, office: &Office) -> Vec<i64> {
    let today = day::of(period.as_of, office.zone);
    let end = day::start(day::back(today, -1), office.zone);
    let due = |course: &&&Course| {
        let deadline = course.deadline_at(period.as_of).filter(|_| !course.is_excluded());
        deadline.is_some_and(|deadline| period.as_of <= deadline && deadline < end)
    };
    courses.iter().filter(due).map(|course| course.id).collect()
}

fn days(courses: &[&Course], span: &Span, office: &Office) -> Vec<DayFlow> {
    let measured = courses.iter().filter(|course| !course.is_excluded());
    let mut days: Vec<DayFlow> = span
        .first
        .iter_days()
        .take_while(|date| *date <= span.last)
        .take(usize::try_from(span.period.to.since(span.period.from) / DAY_MS + 2).unwrap_or(0))
        .map(|date| DayFlow { date, received: 0, answered: 0 })
        .collect();
    for course in measured {
        let mut count = |at: Timestamp, received: bool| {
            if at < span.period.from || at >= span.period.to {
                return;
            }
            let date = day::of(at, office.zone);
            if let Some(found) = days.iter_mut().find(|day| day.date == date) {
                if received { found.received += 1 } else { found.answered += 1 }
            }
        };
        count(course.received_at, true);
        if let Some(answered) = course.answers.first() {
            count(*answered, false);
        }
    }
    days
}
