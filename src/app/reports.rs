//! The daily digest and the weekly report: made from the journal, once a slot, and kept so that every chat and language
//! shows the same figures.
//!
//! Never counts from current state what the journal can tell. Start at [`App::report_once`] (by the clock) and [`make`].

mod drafts;

use chrono_tz::Tz;

use super::commands::{self, Invocation, Reply};
use super::say::Voice;
use super::work::{Work, read_state};
use super::{App, Fault, courier, documents, figures};
use crate::domain::desk::ticket::Event;
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::insight::course::Course;
use crate::domain::insight::metrics::Metric;
use crate::domain::insight::report::{Away, Cadence, DueAction, Queue, Report, Span, daily_period, weekly_period};
use crate::domain::notice::Notice;
use crate::domain::office::MemberId;
use crate::domain::rhythm::action::Action;
use crate::domain::rhythm::day;
use crate::domain::rhythm::recurrence::Recurrence;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::{Tx, journal, outbox, settings, slots};

/// Most tickets read for one report; a larger period says that its figures are not complete. 20 000 courses are about
/// 20 MB and two seconds.
pub const TICKETS_MAX: i64 = 20_000;
/// Histories read with one statement.
const CHUNK: usize = 500;
/// A deadline lies at most so far behind its ticket's arrival: 40 business hours over holidays. Tickets that came and
/// went before the period are looked at so far back, because their deadline may fall into it.
const DEADLINE_REACH_MS: i64 = 14 * DAY_MS;
/// A slot missed while Vigie was down is still posted within so long.
const LATE_MS_MAX: i64 = 12 * HOUR_MS;
/// From this delay on the digest says that it is late.
const LATE_SAID_MS: i64 = 10 * MINUTE_MS;
/// Actions in a digest, at most.
const ACTIONS_MAX: i64 = 10;
/// Carried so often, an action without a date is shown as if it were due.
const CARRIED_SHOWN: u32 = 2;
/// Drafts of each kind looked at for a digest.
const DAY_DRAFTS_MAX: i64 = 50;
/// Setting that holds when recurring jobs began: slots before it are nobody's loss.
const SINCE: &str = "rhythm:since";

/// The courses of all tickets that can matter to figures of `[from, as_of)`; true when there were too many.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn courses(tx: &mut Tx, from: Timestamp, as_of: Timestamp) -> Result<(Vec<Course>, bool), Fault> {
    let kind = Kind::Ticket.stored();
    let mut ids = journal::touched(tx, kind, from.plus_ms(-DEADLINE_REACH_MS), as_of, TICKETS_MAX + 1).await?;
    ids.extend(aggregates::open_at(tx, kind, as_of, TICKETS_MAX + 1).await?);
    ids.sort_unstable();
    ids.dedup();
    let most = usize::try_from(TICKETS_MAX).unwrap_or(usize::MAX);
    let cut = ids.len() > most;
    // The newest stay: what is dropped is oldest first.
    let ids = ids.split_off(ids.len().saturating_sub(most));
    let mut courses = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let entries = journal::of_many(tx, kind, chunk).await?;
        for history in entries.chunk_by(|one, next| one.aggregate_id == next.aggregate_id) {
            let mut events: Vec<(Timestamp, Event)> = Vec::with_capacity(history.len());
            for entry in history {
                events.push((entry.at, read_state(Kind::Ticket, entry.aggregate_id, &entry.payload)?));
            }
            courses.extend(Course::fold(events.iter().map(|(at, event)| (*at, event))));
        }
    }
    Ok((courses, cut))
}

/// Makes a report; `member` and `network` narrow it.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn make(
    work: &mut Work<'_>,
    cadence: Cadence,
    span: &Span,
    member: Option<&MemberId>,
    network: Option<&str>,
) -> Result<Report, Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let from = span.week_before(&setup.office).from;
    let (courses, cut) = courses(work.tx, from, span.period.as_of.max(span.period.to)).await?;
    let mut report = Report::of(cadence, span, &courses, &setup.office, member, network);
    report.cut = cut;
    if cadence == Cadence::Weekly && member.is_none() && network.is_none() {
        let (from, to) = (span.period.from, span.period.to);
        let present = super::fairness::hours_present(work, from, to).await?;
        report.fairness = super::fairness::of_roles(None, &courses, (from, to), &setup.office, &present);
    }
    if cadence == Cadence::Daily {
        report.away = away(work).await?;
        if member.is_none() && network.is_none() {
            report.gaps = super::coverage::ahead(work).await?;
        }
        report.actions = due_actions(work, member).await?;
        report.late_consultations = late_consultations(work, member).await?;
        report.queue = queue(work).await?;
        if day::of(span.period.as_of, work.office().zone) == day::of(work.now, work.office().zone) {
            report.drafts = drafts::of_the_day(work, member, network).await?;
        }
    }
    if cadence == Cadence::Weekly && member.is_none() && network.is_none() {
        report.coverage = super::coverage::measured(work, span.period.from, span.period.to).await?;
    }
    Ok(report)
}

async fn away(work: &mut Work<'_>) -> Result<Vec<Away>, Fault> {
    let (office, now) = (work.office(), work.now);
    let gone = office.away.away_at(now).into_iter().filter(|member| office.members.contains_key(member));
    let with_stand_in = |member: MemberId| {
        let stand_in = office.away.stand_in(office, &member, None, now);
        (member, stand_in)
    };
    Ok(gone.map(with_stand_in).collect())
}

async fn due_actions(work: &mut Work<'_>, member: Option<&MemberId>) -> Result<Vec<DueAction>, Fault> {
    let filter = Filter {
        kind: Kind::Action.stored(),
        open_only: true,
        owner: member.map(MemberId::as_str),
        order: Order::Due,
        limit: 200,
        ..Filter::default()
    };
    let zone = work.office().zone;
    let tomorrow = day::start(day::back(day::of(work.now, zone), -1), zone);
    let mut due = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        let action: Action = read_state(Kind::Action, row.id, row.state())?;
        let shown = action.making.due.map_or(action.carried >= CARRIED_SHOWN, |due| due < tomorrow);
        if shown {
            due.push(DueAction { id: action.id, owner: action.making.owner, carried: action.carried });
        }
    }
    due.truncate(usize::try_from(ACTIONS_MAX).unwrap_or(10));
    Ok(due)
}

/// The tickets whose consultations wait longer than they should; those that a member asked, when only theirs count.
async fn late_consultations(work: &mut Work<'_>, member: Option<&MemberId>) -> Result<Vec<i64>, Fault> {
    let now = work.now;
    let mut late = super::consult::open(work).await?;
    late.retain(|one| one.is_late(now) && member.is_none_or(|member| one.asking.by == *member));
    Ok(late.into_iter().map(|one| one.asking.ticket).collect())
}

async fn queue(work: &mut Work<'_>) -> Result<Queue, Fault> {
    let mut queue = Queue::default();
    for count in outbox::counts(work.tx).await? {
        if count.state == "parked" {
            queue.parked += count.count;
        } else {
            queue.waiting += count.count;
            queue.oldest_at = Some(queue.oldest_at.map_or(count.oldest, |known| known.min(count.oldest)));
        }
    }
    let limited = settings::get(work.tx, courier::LIMITED).await?;
    queue.limited_at = limited.and_then(|at| at.parse().ok()).map(Timestamp);
    Ok(queue)
}

/// The latest run of a recurring job that is due and not too old.
#[must_use]
pub fn due_slot(recurrence: &Recurrence, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let mut latest = None;
    let mut from = now.plus_ms(-LATE_MS_MAX).max(since.plus_ms(-1));
    while let Some(run) = recurrence.next_after(from).filter(|run| *run <= now) {
        latest = Some(run);
        from = run;
    }
    latest
}

fn recurrence(expression: &str, zone: Tz) -> Result<Recurrence, Fault> {
    Recurrence::parse(expression, zone)
        .map_err(|error| Fault::Unreadable { what: format!("schedule {expression}"), cause: error.to_string() })
}

/// When recurring jobs began here: the first time this is asked.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn began(work: &mut Work<'_>) -> Result<Timestamp, Fault> {
    if let Some(known) = settings::get(work.tx, SINCE).await? {
        return read_state(Kind::Meeting, 0, &known);
    }
    settings::put(work.tx, SINCE, &work.now.0.to_string()).await?;
    Ok(work.now)
}

impl App {
    /// Posts the digest and the report whose time has come, each once a slot; true when there was one to post.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn report_once(&self) -> Result<bool, Fault> {
        let setup = self.setup();
        let Some(reporting) = setup.office.reporting.clone() else { return Ok(false) };
        let now = self.clock.now();
        let Some(since) = self.rhythm_since().await? else { return Ok(false) };
        let mut posted = false;
        for (cadence, expression) in [(Cadence::Daily, &reporting.daily), (Cadence::Weekly, &reporting.weekly)] {
            let recurrence = recurrence(expression, setup.office.zone)?;
            let due = due_slot(&recurrence, since, now);
            // Nobody reads a morning's digest on a holiday; the next one covers its days.
            let is_free = |at: &Timestamp| setup.office.calendar.holidays().contains(&day::of(*at, setup.office.zone));
            if let Some(at) = due.filter(|at| cadence != Cadence::Daily || !is_free(at)) {
                posted |= self.report_slot(cadence, &recurrence, at, &reporting.desk).await?;
            }
        }
        Ok(posted)
    }

    async fn rhythm_since(&self) -> Result<Option<Timestamp>, Fault> {
        let mut tx = self.store.read().await?;
        let known = settings::get(&mut tx, SINCE).await?;
        known.map(|known| read_state(Kind::Meeting, 0, &known)).transpose()
    }

    async fn report_slot(
        &self,
        cadence: Cadence,
        recurrence: &Recurrence,
        at: Timestamp,
        desk: &str,
    ) -> Result<bool, Fault> {
        let slot = recurrence.slot(at);
        let document = documents::id(cadence, &slot);
        let now = self.clock.now();
        // Made outside the writing transaction: reading weeks of history must not keep others waiting.
        let mut tx = self.store.read().await?;
        let fired = slots::last(&mut tx, cadence_name(cadence)).await?;
        if fired.is_some_and(|(latest, _)| latest >= slot) {
            return Ok(false);
        }
        let mut work = Work::begin(self, &mut tx, now).await?;
        let span = span_at(cadence, &work, at);
        let mut report = make(&mut work, cadence, &span, None, None).await?;
        report.late_ms = Some(now.since(at)).filter(|late| *late >= LATE_SAID_MS);
        drop(tx);
        let mut tx = self.store.begin().await?;
        if !slots::fire_once(&mut tx, cadence_name(cadence), &slot, now).await? {
            return Ok(false);
        }
        let mut work = Work::begin(self, &mut tx, now).await?;
        documents::keep(&mut work, &document, &report).await?;
        for part in parts(&report) {
            let effect = Effect::Document { desk: desk.to_owned(), document: format!("{document}{part}") };
            work.enqueue(&document, &effect).await?;
        }
        tx.commit().await?;
        self.wakers.courier.notify_waiters();
        Ok(true)
    }
}

/// What a report consists of: the message, what stands in its thread, its picture.
fn parts(report: &Report) -> Vec<&'static str> {
    let mut parts = vec![""];
    if !report.is_quiet() {
        parts.push(if report.cadence == Cadence::Daily { documents::DETAILS } else { documents::CHART });
    }
    parts
}

fn cadence_name(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Daily => "daily",
        Cadence::Weekly => "weekly",
    }
}

fn span_at(cadence: Cadence, work: &Work<'_>, at: Timestamp) -> Span {
    match cadence {
        Cadence::Daily => daily_period(work.office(), at),
        Cadence::Weekly => weekly_period(work.office(), at),
    }
}

/// How far a member may see: `None` everything, `Some` only their own.
///
/// # Errors
/// The refusal of somebody who may see neither.
pub fn reach(work: &Work<'_>, member: &MemberId) -> Result<Option<MemberId>, Fault> {
    let allowed = |own| commands::allow(&work.setup, member, Right::Reports, Scope { network: None, topic: None, own });
    if allowed(false).is_ok() {
        return Ok(None);
    }
    allowed(true).map(|()| Some(member.clone()))
}

/// A menu under a posted report: lists the tickets behind one of its figures.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    document: &str,
    chosen: &[String],
) -> Result<Reply, Fault> {
    let only = reach(work, &asked.member)?;
    let gone = || Fault::refused(Notice::new("report-gone"));
    let report = documents::load(work.tx, document).await?.ok_or_else(gone)?;
    let metric = chosen.first().and_then(|name| Metric::read(name)).ok_or_else(gone)?;
    list(work, asked, &report, metric, only.as_ref()).await
}

/// The tickets behind a figure.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn list(
    work: &mut Work<'_>,
    asked: &Invocation,
    report: &Report,
    metric: Metric,
    only: Option<&MemberId>,
) -> Result<Reply, Fault> {
    let mut behind = report.figures.behind(metric);
    if let Some(member) = only {
        let theirs = report.loads.iter().find(|load| load.member == *member);
        behind.retain(|(id, _)| theirs.is_some_and(|load| load.tickets.contains(id) || load.open.contains(id)));
    }
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let mut tickets = Vec::new();
    for (id, minutes) in behind.iter().take(figures::LISTED_MAX) {
        if let Some(row) = aggregates::load(work.tx, Kind::Ticket.stored(), *id).await? {
            tickets.push((read_state(Kind::Ticket, *id, row.state())?, *minutes));
        }
    }
    Ok(Reply::Show(Box::new(figures::list(report, metric, behind.len(), &tickets, &voice))))
}
