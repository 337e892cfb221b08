//! Meetings: planned from the office's series, asked before, opened with live work, closed with a summary.
//!
//! Nothing a meeting needs is kept in memory: every step is a decision on its row, taken when its time has come.
//! Start at [`App::plan_once`] (by the clock), [`wake`] (a meeting's own timer) and [`target`] (which meeting is meant).

mod agenda;
mod ask;
mod attendance;

use std::sync::Arc;

pub use agenda::{action_line, peek, post_card, said, summary, thread_name};
pub use ask::{add_controls, fill_form, pressed, submitted};
pub use attendance::{attend, stand_ins};

use super::commands::Invocation;
use super::work::{Loaded, Work, read_state};
use super::{App, Fault, reports};
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Series;
use crate::domain::rhythm::action::{self, Action};
use crate::domain::rhythm::meeting::{Attendance, Command, LENGTH_MS, Live, Making, Meeting, Refusal, Stage};
use crate::domain::rhythm::recurrence::Recurrence;
use crate::domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::slots;

/// Open actions of one series that an agenda carries; more stay in `/meet list`.
pub const CARRIED_MAX: i64 = 50;
/// Late tickets counted for an agenda.
const OVERDUE_MAX: i64 = 200;
/// Meetings looked through for the one that is meant.
const OPEN_MEETINGS_MAX: i64 = 50;
/// Steps of one meeting in one turn: ask, open, close.
const STEPS_MAX: usize = 3;
/// People are asked on a working day: the asking moves back over at most so many days without working hours.
const ASK_BACK_DAYS_MAX: i64 = 7;

impl App {
    /// Plans the next occurrence of every series, once each; true when there was one to plan.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn plan_once(&self) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let mut work = Work::begin(self, &mut tx, now).await?;
        let setup = Arc::clone(&work.setup);
        reports::began(&mut work).await?;
        let mut planned = false;
        for series in &setup.office.series {
            let Some((recurrence, start)) = next_start(&setup.office, series, now) else { continue };
            let job = format!("meeting:{}", series.name);
            if slots::fire_once(work.tx, &job, &recurrence.slot(start), now).await? {
                plan(&mut work, series, start).await?;
                planned = true;
            }
        }
        tx.commit().await?;
        Ok(planned)
    }
}

fn next_start(
    office: &crate::domain::office::Office,
    series: &Series,
    after: Timestamp,
) -> Option<(Recurrence, Timestamp)> {
    let recurrence = Recurrence::parse(&series.cron, office.zone).ok()?;
    let start = recurrence.next_after(after)?;
    Some((recurrence, start))
}

async fn plan(work: &mut Work<'_>, series: &Series, start: Timestamp) -> Result<(), Fault> {
    let making = Making {
        series: series.name.clone(),
        desk: series.desk.clone(),
        title: series.title.clone(),
        start,
        ask_at: ask_at(work, series, start),
        open_at: start.plus_ms(-series.agenda_minutes_before.max(0) * MINUTE_MS),
    };
    let (id, mut loaded) = work.fresh::<Meeting>().await?;
    let planned = work.act(id, &mut loaded, &Command::Plan(id, making), &Actor::System).await?;
    settled(&loaded, planned)?;
    Ok(())
}

/// So long before the start; on a day without working hours, at the same time of the last day that has some.
fn ask_at(work: &Work<'_>, series: &Series, start: Timestamp) -> Timestamp {
    let wished = start.plus_ms(-series.ask_minutes_before.max(0) * MINUTE_MS);
    let worked = |back: &i64| work.office().calendar.is_open(wished.plus_ms(-back * DAY_MS));
    let back = (0..=ASK_BACK_DAYS_MAX).find(worked).unwrap_or(0);
    wished.plus_ms(-back * DAY_MS)
}

/// A refusal of a step that nobody asked for is a bug; it is said, not swallowed.
fn settled<E>(loaded: &Loaded<Meeting>, done: Result<E, Refusal>) -> Result<E, Fault> {
    done.map_err(|refusal| Fault::Unreadable {
        what: loaded.state.subject().to_string(),
        cause: format!("{refusal:?}"),
    })
}

/// Does what has come due for a meeting.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Meeting>(id).await? else { return Ok(()) };
    for _ in 0..STEPS_MAX {
        if loaded.state.due_at().is_none_or(|due| due > work.now) {
            return Ok(());
        }
        let command = match loaded.state.stage {
            Stage::Planned if !still_planned(work, &loaded.state) => {
                return cancel(work, id, &mut loaded).await;
            }
            Stage::Planned => Command::Ask(attendance_of(work, &loaded.state).await?),
            Stage::Asked => {
                let attendance = attendance_of(work, &loaded.state).await?;
                Command::Open(live(work, &loaded.state).await?, attendance)
            }
            Stage::Open => Command::Close,
            Stage::Closed | Stage::Cancelled => return Ok(()),
        };
        let done = work.act(id, &mut loaded, &command, &Actor::System).await?;
        settled(&loaded, done)?;
    }
    Ok(())
}

/// Whether the office file still plans a meeting of this series at this time.
fn still_planned(work: &Work<'_>, meeting: &Meeting) -> bool {
    let office = work.office();
    let series = office.series.iter().find(|series| series.name == meeting.making.series);
    let start = meeting.making.start;
    series.is_some_and(|series| next_start(office, series, start.plus_ms(-1)).is_some_and(|(_, next)| next == start))
}

/// A meeting that the office file does not plan any more; what was put on its agenda goes to the next one.
async fn cancel(work: &mut Work<'_>, id: i64, loaded: &mut Loaded<Meeting>) -> Result<(), Fault> {
    let done = work.act(id, loaded, &Command::Cancel, &Actor::System).await?;
    settled(loaded, done)?;
    let Some(mut next) = newest(work, |meeting| meeting.making.series == loaded.state.making.series).await? else {
        return Ok(());
    };
    for point in loaded.state.points.clone() {
        let by = Actor::Member { id: point.by };
        let next_id = next.state.id;
        // A full agenda takes no more; the points stay readable in the journal.
        let _ = work.act(next_id, &mut next, &Command::Add(point.text), &by).await?;
    }
    Ok(())
}

async fn attendance_of(work: &mut Work<'_>, meeting: &Meeting) -> Result<Attendance, Fault> {
    let setup = Arc::clone(&work.setup);
    Ok(attend(&setup.office, meeting, work.now))
}

/// Meetings for which people were asked already: somebody went or came back, so others are asked instead.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn attend_again(work: &mut Work<'_>) -> Result<(), Fault> {
    let filter = Filter {
        kind: Kind::Meeting.stored(),
        open_only: true,
        statuses: &["asked"],
        limit: OPEN_MEETINGS_MAX,
        ..Filter::default()
    };
    for row in aggregates::list(work.tx, &filter).await? {
        let Some(mut loaded) = work.load::<Meeting>(row.id).await? else { continue };
        let attendance = attendance_of(work, &loaded.state).await?;
        let done = work.act(row.id, &mut loaded, &Command::Attend(attendance), &Actor::System).await?;
        settled(&loaded, done)?;
    }
    Ok(())
}

/// What the agenda shows of live work; every open action of the series counts one more carry.
async fn live(work: &mut Work<'_>, meeting: &Meeting) -> Result<Live, Fault> {
    let mut carried = Vec::new();
    for row in open_actions(work, Some(&meeting.making.series), None).await? {
        let (id, mut action) = (row.id, Loaded { version: 0, state: row });
        if let Some(found) = work.load::<Action>(id).await? {
            action = found;
        }
        let command = action::Command::Carry { meeting: meeting.id };
        let done = work.act(id, &mut action, &command, &Actor::System).await?;
        if done.is_ok() {
            carried.push(id);
        }
    }
    let overdue = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &["new", "assigned"],
        order: Order::Due,
        limit: OVERDUE_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &overdue).await?;
    let late = rows.iter().filter(|row| row.row.due_at.is_some_and(|due| due < work.now));
    Ok(Live { carried, overdue: late.map(|row| row.id).collect(), unassigned: oldest_unassigned(work).await? })
}

async fn oldest_unassigned(work: &mut Work<'_>) -> Result<Option<(i64, i64)>, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &["new"],
        unowned: true,
        order: Order::Oldest,
        limit: 1,
        ..Filter::default()
    };
    let Some(row) = aggregates::list(work.tx, &filter).await?.into_iter().next() else { return Ok(None) };
    let ticket: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
    let calendar = work.office().calendar_of_role(&ticket.opening.role);
    Ok(Some((row.id, calendar.between(ticket.opening.received_at, work.now) / MINUTE_MS)))
}

/// Open actions, oldest first: of a series, of a person, or all.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn open_actions(
    work: &mut Work<'_>,
    series: Option<&str>,
    owner: Option<&str>,
) -> Result<Vec<Action>, Fault> {
    let filter = Filter {
        kind: Kind::Action.stored(),
        open_only: true,
        topic: series,
        owner,
        order: Order::Oldest,
        limit: CARRIED_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Action, row.id, row.state())).collect()
}

/// The open meeting that fits and is nearest: under way, else asked, else planned; the soonest of each.
async fn newest(work: &mut Work<'_>, fits: impl Fn(&Meeting) -> bool) -> Result<Option<Loaded<Meeting>>, Fault> {
    let filter = Filter {
        kind: Kind::Meeting.stored(),
        open_only: true,
        order: Order::Due,
        limit: OPEN_MEETINGS_MAX,
        ..Filter::default()
    };
    let mut found: Vec<Meeting> = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        found.push(read_state(Kind::Meeting, row.id, row.state())?);
    }
    found.retain(fits);
    found.sort_by_key(|meeting| (std::cmp::Reverse(meeting.stage), meeting.making.start));
    match found.first() {
        Some(meeting) => work.load::<Meeting>(meeting.id).await,
        None => Ok(None),
    }
}

/// The meeting a request is about: the one of the place where it was typed, else the nearest one of a series the asker
/// takes part in, else the nearest.
///
/// # Errors
/// A refusal when there is none; [`Fault::Store`], [`Fault::Unreadable`].
pub async fn target(work: &mut Work<'_>, asked: &Invocation) -> Result<Loaded<Meeting>, Fault> {
    let named = asked.parsed.reference.into_iter().chain(asked.subject).find(|subject| subject.kind == Kind::Meeting);
    if let Some(subject) = named {
        let found = work.load::<Meeting>(subject.id).await?;
        return found.ok_or_else(|| Fault::refused(Notice::new("meeting-unknown").subject("ref", subject)));
    }
    let setup = Arc::clone(&work.setup);
    let roles = setup.office.members.get(&asked.member).map(|member| member.roles.as_slice()).unwrap_or_default();
    let mine = |meeting: &Meeting| {
        let series = setup.office.series.iter().find(|series| series.name == meeting.making.series);
        series.is_some_and(|series| series.roles.iter().any(|role| roles.contains(role)))
    };
    if let Some(found) = newest(work, mine).await? {
        return Ok(found);
    }
    newest(work, |_| true).await?.ok_or_else(|| Fault::refused(Notice::new("meeting-none")))
}

/// A meeting's refusal as a sentence.
#[must_use]
pub fn refused(meeting: &Meeting, refusal: &Refusal) -> Fault {
    let subject = meeting.subject();
    let count = |max: usize| i64::try_from(max).unwrap_or(i64::MAX);
    Fault::refused(match refusal {
        Refusal::AnswersClosed => Notice::new("meeting-answers-closed").subject("meeting", subject),
        Refusal::Over => Notice::new("meeting-over").subject("meeting", subject),
        Refusal::NotOpen { at } => Notice::new("meeting-not-open").subject("meeting", subject).with("at", Arg::At(*at)),
        Refusal::EmptyText => Notice::new("refused-empty"),
        Refusal::TooLong { max } => Notice::new("refused-too-long").number("max", count(*max)),
        Refusal::TooMany { max } => Notice::new("meeting-too-many").number("max", count(*max)),
    })
}

/// When a meeting that is held ends by itself.
#[must_use]
pub fn ends(start: Timestamp) -> Timestamp {
    start.plus_ms(LENGTH_MS)
}

/// A reference to a meeting.
#[must_use]
pub fn subject(id: i64) -> Ref {
    Ref::new(Kind::Meeting, id)
}

/// Reminds the owner of an action that has come due.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake_action(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Action>(id).await? else { return Ok(()) };
    let done = work.act(id, &mut loaded, &action::Command::Tick, &Actor::System).await?;
    if done.is_ok_and(|events| events.is_empty()) {
        aggregates::set_wake(work.tx, Kind::Action.stored(), id, loaded.state.due_at()).await?;
    }
    Ok(())
}
