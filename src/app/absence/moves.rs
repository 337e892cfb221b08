//! What moves when somebody is away: their tickets, the approvals they were asked for, their part in crises and meetings.
//!
//! Everything in the transaction in which the absence begins. Start at [`hand_over`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::act;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, people, rotation};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{self, Choice, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::office::MemberId;
use crate::domain::people::absence::{Absence, Command};
use crate::domain::people::substitution::Absences;
use crate::domain::rights::{self, Right, Scope};
use crate::store::aggregates::{self, Filter, Order};

/// Tickets of one person moved in one transaction; nobody has more open (the office file allows a capacity of 10 000,
/// people have tens). What is beyond moves with the next turn of the absence's timer.
const MOVED_MAX: i64 = 500;
/// Up to this priority a ticket of somebody who falls ill moves at once (PRODUCT U5: "open p1/p2 move at once").
const BURNS_MAX: u8 = 2;

/// Moves what an absence that is in force leaves behind. Tickets of a planned leave all move: the preview has shown them.
/// Of somebody who falls ill, what burns moves and the rest is offered first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn hand_over(work: &mut Work<'_>, loaded: &mut Loaded<Absence>) -> Result<(), Fault> {
    let sick = loaded.state.plan.sick;
    let mine = open_tickets(work, &loaded.state.plan.member).await?;
    let (now, later): (Vec<_>, Vec<_>) = mine.into_iter().partition(|(_, priority)| !sick || *priority <= BURNS_MAX);
    let moved = tickets(work, &loaded.state, now.into_iter().map(|(id, _)| id)).await?;
    act(work, loaded, &Command::Lend(moved), &Actor::System).await?;
    let member = loaded.state.plan.member.clone();
    if !later.is_empty() && loaded.state.offer_until.is_none() {
        let known = work.office().away.clone();
        let to = known.stand_in(work.office(), &member, None, work.now);
        let tickets = later.into_iter().map(|(id, _)| id).collect();
        act(work, loaded, &Command::Offer { tickets, to }, &Actor::System).await?;
    }
    crate::app::drafts::ask_again(work).await?;
    crate::app::meetings::attend_again(work).await?;
    crate::app::crisis::substitute(work).await
}

/// Open tickets of somebody, most urgent first: number and priority.
///
/// # Errors
/// [`Fault::Store`].
pub async fn open_tickets(work: &mut Work<'_>, member: &MemberId) -> Result<Vec<(i64, u8)>, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        open_only: true,
        owner: Some(member.as_str()),
        order: Order::Priority,
        limit: MOVED_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    let priority = |row: &aggregates::Stored| row.row.priority.and_then(|found| u8::try_from(found).ok()).unwrap_or(3);
    Ok(rows.iter().map(|row| (row.id, priority(row))).collect())
}

/// Who takes a ticket of somebody who is away: the first of the chain who is there and may have it.
#[must_use]
pub fn receiver(work: &Work<'_>, known: &Absences, member: &MemberId, ticket: &Ticket) -> Option<MemberId> {
    let office = &work.setup.office;
    let opening = &ticket.opening;
    let scope = Scope { network: Some(&opening.network), topic: Some(&opening.topic), own: false };
    let stand_in = known.stand_in(office, member, Some(&opening.role), work.now)?;
    let may = rights::check(office, &stand_in, Right::Claim, scope).is_ok() || holds(work, &stand_in, &opening.role);
    may.then_some(stand_in)
}

fn holds(work: &Work<'_>, member: &MemberId, role: &str) -> bool {
    work.office().members.get(member).is_some_and(|found| found.roles.iter().any(|held| held == role))
}

/// Moves tickets to who stands in, else by rotation, else to nobody; tells which went where.
async fn tickets(
    work: &mut Work<'_>,
    absence: &Absence,
    ids: impl Iterator<Item = i64>,
) -> Result<BTreeMap<i64, Option<MemberId>>, Fault> {
    let known = work.office().away.clone();
    let mut moved = BTreeMap::new();
    for id in ids {
        let Some(mut loaded) = work.load::<Ticket>(id).await? else { continue };
        if loaded.state.is_open() && loaded.state.assignee.as_ref() == Some(&absence.plan.member) {
            moved.insert(id, ticket(work, absence, &known, id, &mut loaded).await?);
        }
    }
    Ok(moved)
}

async fn ticket(
    work: &mut Work<'_>,
    absence: &Absence,
    known: &Absences,
    id: i64,
    loaded: &mut Loaded<Ticket>,
) -> Result<Option<MemberId>, Fault> {
    if let Some(to) = receiver(work, known, &absence.plan.member, &loaded.state) {
        // Lent on: it stays the first one's, and cards say so.
        let whose = loaded.state.lent_by().unwrap_or(&absence.plan.member).clone();
        let choice = Choice::Lent { whose, absence: absence.id };
        done(rotation::assign_by_hand(work, loaded, &to, choice, None, &Actor::System).await?, id)?;
        return Ok(Some(to));
    }
    loaded.state.unassigned_told = false;
    match done(people::assign_by_rotation(work, loaded, None, &Actor::System).await?, id)? {
        people::Turn::Given(member) => Ok(Some(member)),
        people::Turn::Nobody => {
            done(work.act(id, loaded, &ticket::Command::Release, &Actor::System).await?, id)?;
            Ok(None)
        }
    }
}

/// The command that gives a ticket to somebody.
#[must_use]
pub fn assign(to: &MemberId, choice: Choice) -> ticket::Command {
    ticket::Command::Assign { to: to.clone(), choice, seen: None }
}

/// A refusal of a step that nobody asked for is a bug; it is said, not swallowed.
///
/// # Errors
/// [`Fault::Unreadable`].
pub fn done<T>(outcome: Result<T, ticket::Refusal>, id: i64) -> Result<T, Fault> {
    outcome.map_err(|refusal| Fault::Unreadable {
        what: Ref::new(Kind::Ticket, id).to_string(),
        cause: format!("{refusal:?}"),
    })
}

/// The time of an offer is over: what nobody took moves.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn offered(work: &mut Work<'_>, loaded: &mut Loaded<Absence>) -> Result<(), Fault> {
    // Whatever came to them meanwhile moves too: nobody is left with work they cannot do.
    let mut ids = loaded.state.offered.clone();
    let member = loaded.state.plan.member.clone();
    ids.extend(open_tickets(work, &member).await?.into_iter().map(|(id, _)| id));
    ids.sort_unstable();
    ids.dedup();
    let mut moved = tickets(work, &loaded.state, ids.into_iter()).await?;
    settle(work, &loaded.state, &mut moved).await?;
    act(work, loaded, &Command::Lend(moved), &Actor::System).await.map(|_| ())
}

/// Offered tickets that somebody took or closed themselves are no longer offered.
async fn settle(
    work: &mut Work<'_>,
    absence: &Absence,
    moved: &mut BTreeMap<i64, Option<MemberId>>,
) -> Result<(), Fault> {
    for id in &absence.offered {
        if let std::collections::btree_map::Entry::Vacant(place) = moved.entry(*id) {
            place.insert(work.load::<Ticket>(*id).await?.and_then(|loaded| loaded.state.assignee));
        }
    }
    Ok(())
}

/// Tickets that came to somebody who is away, in spite of everything, move on; true when there were some. What is on
/// offer waits for its time.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn sweep(work: &mut Work<'_>) -> Result<bool, Fault> {
    let now = work.now;
    let running: Vec<i64> =
        work.office().away.leaves.iter().filter(|leave| leave.covers(now)).map(|leave| leave.id).collect();
    let mut any = false;
    for id in running {
        let Some(mut loaded) = work.load::<Absence>(id).await? else { continue };
        if !loaded.state.is_running() || loaded.state.offer_until.is_some() {
            continue;
        }
        let ids = open_tickets(work, &loaded.state.plan.member).await?.into_iter().map(|(id, _)| id);
        let moved = tickets(work, &loaded.state, ids).await?;
        any |= !moved.is_empty();
        act(work, &mut loaded, &Command::Lend(moved), &Actor::System).await?;
    }
    Ok(any)
}

/// Somebody takes all tickets that are on offer.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn take(work: &mut Work<'_>, loaded: &mut Loaded<Absence>, by: &MemberId) -> Result<Vec<i64>, Fault> {
    let setup = Arc::clone(&work.setup);
    let (mut moved, mut taken) = (BTreeMap::new(), Vec::new());
    for id in loaded.state.offered.clone() {
        let Some(mut found) = work.load::<Ticket>(id).await? else { continue };
        let opening = &found.state.opening;
        let scope = Scope { network: Some(&opening.network), topic: Some(&opening.topic), own: false };
        let may = rights::check(&setup.office, by, Right::Claim, scope).is_ok() || holds(work, by, &opening.role);
        let waits = found.state.is_open() && found.state.assignee.as_ref() == Some(&loaded.state.plan.member);
        if may && waits {
            let whose = found.state.lent_by().unwrap_or(&loaded.state.plan.member).clone();
            let choice = Choice::Lent { whose, absence: loaded.state.id };
            let actor = Actor::Member { id: by.clone() };
            done(rotation::assign_by_hand(work, &mut found, by, choice, None, &actor).await?, id)?;
            moved.insert(id, Some(by.clone()));
            taken.push(id);
        }
    }
    act(work, loaded, &Command::Lend(moved), &Actor::Member { id: by.clone() }).await?;
    Ok(taken)
}

/// Gives a ticket that nobody of its role can have to who stands in for one of them: the backup inherits the rotation.
/// `None` when there is nobody either.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn inherit(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>, role: &str) -> Result<Option<MemberId>, Fault> {
    let known = work.office().away.clone();
    let setup = Arc::clone(&work.setup);
    let now = work.now;
    let away: Vec<MemberId> = setup
        .office
        .holders(role)
        .map(|member| member.id.clone())
        .filter(|member| known.is_away(member, now))
        .collect();
    for whose in away {
        let Some(to) = receiver(work, &known, &whose, &loaded.state) else { continue };
        let at_work = setup.office.members.get(&to).and_then(|found| found.hours.as_ref());
        if at_work.is_some_and(|hours| !hours.is_open(now)) || loaded.state.assignee.as_ref() == Some(&to) {
            continue;
        }
        let absence = known.of(&whose, now).map_or(0, |leave| leave.id);
        let id = loaded.state.id;
        let choice = Choice::Lent { whose, absence };
        done(rotation::assign_by_hand(work, loaded, &to, choice, None, &Actor::System).await?, id)?;
        return Ok(Some(to));
    }
    Ok(None)
}
