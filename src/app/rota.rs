//! The rota at work: swaps that lie over it, who is on call, and the hand-over from one week to the next.
//!
//! Never decides who may swap (`domain::people::swap`) nor whose week it is (`domain::people::on_call`).
//! Start at [`on_call_now`] and [`swap`].

use std::sync::Arc;

use super::Fault;
use super::work::{Loaded, Work, read_state};
use crate::domain::decide::Actor;
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{MemberId, Strategy};
use crate::domain::people::on_call::{self, Shift};
use crate::domain::people::swap::{Command, Exchange, Making, Refusal, Swap};
use crate::domain::rhythm::day;
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::store::aggregates::{self, Filter};
use crate::store::slots;

/// Swaps planned at once: a team of a hundred with two each.
pub const SWAPS_MAX: i64 = 200;
/// A hand-over missed while Vigie was down is still told within so long.
const TOLD_LATE_MS_MAX: i64 = 12 * HOUR_MS;
/// Open tickets that follow a hand-over at once.
const FOLLOW_MAX: i64 = 200;

/// The swaps that are planned or running, oldest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn swaps(work: &mut Work<'_>) -> Result<Vec<Swap>, Fault> {
    let filter = Filter { kind: Kind::Swap.stored(), open_only: true, limit: SWAPS_MAX, ..Filter::default() };
    let rows = aggregates::list(work.tx, &filter).await?;
    let mut swaps: Vec<Swap> =
        rows.iter().map(|row| read_state(Kind::Swap, row.id, row.state())).collect::<Result<_, _>>()?;
    swaps.retain(|swap| !swap.closed);
    swaps.sort_by_key(|swap| swap.id);
    Ok(swaps)
}

/// Who has a role's tickets now, where one person a week is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCall {
    /// Who answers.
    pub member: MemberId,
    /// Until when the week goes.
    pub until: Timestamp,
    /// Whom they stand in for, who is away.
    pub instead_of: Option<MemberId>,
}

/// Who is on call for a role; `None` for roles that go round by turns, and when everybody is away.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn on_call_now(work: &mut Work<'_>, role: &str) -> Result<Option<OnCall>, Fault> {
    let setup = Arc::clone(&work.setup);
    let Some(weeks) = on_call::weeks(&setup.office, role) else { return Ok(None) };
    let swaps = swaps(work).await?;
    let shift = weeks.shift_at(work.now);
    let planned = weeks.on_call(&shift, &swaps);
    let away = &setup.office.away;
    let is_away = |member: &MemberId| away.is_away(member, work.now);
    if !is_away(planned) {
        return Ok(Some(OnCall { member: planned.clone(), until: shift.until, instead_of: None }));
    }
    let stand_in = away
        .stand_in(&setup.office, planned, Some(role), work.now)
        .or_else(|| weeks.following(&shift).into_iter().find(|member| !is_away(member)).cloned());
    let instead_of = Some(planned.clone());
    Ok(stand_in.map(|member| OnCall { member, until: shift.until, instead_of }))
}

/// Makes a swap of a day, or of two weeks of being on call where the role is worked by weeks; tells everybody concerned.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn swap(
    work: &mut Work<'_>,
    actor: &Actor,
    (one, other): (&MemberId, &MemberId),
    when: chrono::NaiveDate,
    role: Option<&str>,
) -> Result<Swap, Fault> {
    let setup = Arc::clone(&work.setup);
    let office = &setup.office;
    let planned = swaps(work).await?;
    let zone = office.zone;
    let shared = crate::domain::people::swap::shared_roles(office, one, other);
    let weekly = shared.into_iter().filter(|found| role.is_none_or(|role| role == *found));
    let mut making = Making {
        one: one.clone(),
        other: other.clone(),
        what: Exchange::Day { date: when },
        until: day::start(day::back(when, -1), zone),
    };
    let today = (day::start(when, zone).max(work.now), making.until);
    let mut spans = vec![(one.clone(), today.0, today.1), (other.clone(), today.0, today.1)];
    for name in weekly {
        let Some(weeks) = on_call::weeks(office, name) else { continue };
        // The week that a day belongs to is the one that runs at its end: the new one on the day of the hand-over.
        let here = weeks.shift_at(making.until.plus_ms(-1));
        if weeks.on_call(&here, &planned) != one {
            continue;
        }
        let Some(theirs) = weeks.next_of(other, &weeks.shift_at(work.now), &planned) else { continue };
        let span = |who: &MemberId, shift: &Shift| (who.clone(), shift.from.max(work.now), shift.until);
        spans = vec![span(other, &here), span(one, &theirs)];
        making.until = here.until.max(theirs.until);
        making.what = Exchange::Weeks { role: name.to_owned(), given: here, taken: theirs };
        break;
    }
    if role.is_some_and(|role| on_call::weeks(office, role).is_some()) && matches!(making.what, Exchange::Day { .. }) {
        let notice = Notice::new("swap-not-on-call").member("who", one);
        return Err(Fault::refused(notice.with("day", Arg::Day(day::start(when, zone)))));
    }
    let gone = |(member, from, until): &(MemberId, Timestamp, Timestamp)| {
        let leaves = office.away.leaves.iter().filter(|leave| leave.member == *member);
        leaves.into_iter().any(|leave| leave.overlaps(*from, Some(*until)))
    };
    let away = spans.iter().filter(|span| gone(span)).map(|(member, ..)| member.clone()).collect();
    let pair = |swap: &&Swap| swap.partner_of(one) == Some(other) && swap.making.what == making.what;
    let same = planned.iter().find(pair).map(Swap::subject);
    let (id, mut loaded) = work.fresh::<Swap>().await?;
    let command = Command::Make { id, making: Box::new(making), away, same };
    match work.act(id, &mut loaded, &command, actor).await? {
        Ok(_) => Ok(loaded.state),
        Err(refusal) => Err(refused(&refusal)),
    }
}

/// Takes a swap back; tells everybody concerned.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn cancel(work: &mut Work<'_>, actor: &Actor, mut loaded: Loaded<Swap>) -> Result<Swap, Fault> {
    let id = loaded.state.id;
    match work.act(id, &mut loaded, &Command::Cancel, actor).await? {
        Ok(_) => Ok(loaded.state),
        Err(refusal) => Err(refused(&refusal)),
    }
}

fn refused(refusal: &Refusal) -> Fault {
    Fault::refused(match refusal {
        Refusal::SamePerson => Notice::new("swap-same-person"),
        Refusal::Past => Notice::new("swap-past"),
        Refusal::NoCommonRole => Notice::new("swap-no-common-role"),
        Refusal::Away(member) => Notice::new("swap-away").member("who", member),
        Refusal::Already(subject) => Notice::new("swap-already").subject("swap", *subject),
        Refusal::Closed => Notice::new("swap-closed"),
    })
}

/// Time has passed for a swap: when its days are over it is closed.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Swap>(id).await? else { return Ok(()) };
    let done = work.act(id, &mut loaded, &Command::Tick, &Actor::System).await?;
    if done.is_ok_and(|events| events.is_empty()) {
        let due = crate::domain::decide::Decider::due_at(&loaded.state);
        aggregates::set_wake(work.tx, Kind::Swap.stored(), id, due).await?;
    }
    Ok(())
}

/// Tells both when a week of being on call ends and the next one begins, once; moves open tickets where the office wants that.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn hand_over(work: &mut Work<'_>) -> Result<bool, Fault> {
    let setup = Arc::clone(&work.setup);
    let mut worked = false;
    for (name, role) in &setup.office.roles {
        let Strategy::Weekly { tickets_follow, .. } = &role.strategy else { continue };
        let Some(weeks) = on_call::weeks(&setup.office, name) else { continue };
        let shift = weeks.shift_at(work.now);
        let (job, slot) = (format!("hand-over:{name}"), shift.number.to_string());
        let last = slots::last(work.tx, &job).await?;
        // Slots are compared as numbers: as text week 999 would come after week 1000.
        if last.is_some_and(|(known, _)| known.parse::<i64>().is_ok_and(|known| known >= shift.number)) {
            continue;
        }
        if !slots::fire_once(work.tx, &job, &slot, work.now).await? || work.now.since(shift.from) > TOLD_LATE_MS_MAX {
            continue;
        }
        let swaps = swaps(work).await?;
        let before = Shift { number: shift.number - 1, from: shift.from.plus_ms(-1), until: shift.from };
        let (from, to) = (weeks.on_call(&before, &swaps).clone(), weeks.on_call(&shift, &swaps).clone());
        if from == to {
            continue;
        }
        worked = true;
        let about = |key: &str, other: &MemberId| {
            let notice = Notice::new(key).with("role", Arg::Strong(name.clone())).member("other", other);
            notice.with("until", Arg::At(shift.until))
        };
        let effects = [
            Effect::Tell { member: from.clone(), subject: None, notice: about("on-call-over", &to), urgent: false },
            Effect::Tell { member: to.clone(), subject: None, notice: about("on-call-begins", &from), urgent: false },
        ];
        work.enqueue_all(&format!("{job}:{slot}"), &effects).await?;
        if *tickets_follow {
            follow(work, name, &from).await?;
        }
    }
    Ok(worked)
}

/// The open tickets of a role that somebody still has go to whoever is on call now.
async fn follow(work: &mut Work<'_>, role: &str, from: &MemberId) -> Result<(), Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        open_only: true,
        owner: Some(from.as_str()),
        limit: FOLLOW_MAX,
        ..Filter::default()
    };
    for row in aggregates::list(work.tx, &filter).await? {
        if row.row.role.as_deref() != Some(role) {
            continue;
        }
        let Some(mut loaded) = work.load(row.id).await? else { continue };
        // A refusal (resolved meanwhile) leaves it where it is.
        let _ = super::rotation::assign_by_rotation(work, &mut loaded, Some(role), &Actor::System).await?;
    }
    Ok(())
}
