//! Whose turn it is: facts for the rotation, its choice, and what it remembers, all in the transaction of the assignment.
//!
//! The rotation of a role is locked before anything is decided, so two replicas never choose from the same standings; always
//! the rotation before the journal, so they cannot wait for each other in a circle. Never decides who is told (`desk::react`).
//! Start at [`assign_by_rotation`] and [`assign_by_hand`].

use std::collections::BTreeMap;

use super::Fault;
use super::work::{Loaded, Work, encode, read_state};
use crate::domain::decide::{Actor, Decider, Facts};
use crate::domain::desk::priority::Priority;
use crate::domain::desk::ticket::{Choice, Command, Counted, Event, Refusal, Ticket};
use crate::domain::ids::Kind;
use crate::domain::office::{Member, MemberId, Office};
use crate::domain::people::rotation::{self, Candidate, CandidateView, Cost, Exception, Exclusion, Rotation, Weight};
use crate::domain::people::swap::{Swap, is_on_shift};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::Timestamp;
use crate::store::{aggregates, links, settings};

/// A full post, in the thousandths that the rotation counts in.
const FULL_POST_MILLI: u32 = 1_000;
/// Links from a customer to their last ticket.
const LAST_TICKET: &str = "last-ticket";
/// Links from a ticket to the one before it of the same customer.
const TICKET_BEFORE: &str = "ticket-before";

/// What became of an assignment by rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// They got it.
    Given(MemberId),
    /// Nobody could be chosen. When nobody had the ticket either, the lead is told, once.
    Nobody,
}

/// Gives a ticket to whoever's turn it is and moves the rotation, in this transaction. Whoever has it already does not get
/// it again: it goes to somebody else or stays.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn assign_by_rotation(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    role: Option<&str>,
    actor: &Actor,
) -> Result<Result<Turn, Refusal>, Fault> {
    let role = role.map_or_else(|| loaded.state.opening.role.clone(), str::to_owned);
    if crate::domain::people::on_call::weeks(&work.setup.office, &role).is_some() {
        return assign_on_call(work, loaded, &role, actor).await;
    }
    let costs = work.office().costs;
    let mut rotation = lock(work, &role).await?;
    let candidates = candidates(work, &role, &loaded.state).await?;
    for change in rotation.presence_changes(&candidates, costs.largest()) {
        rotation = rotation.evolve(&change);
    }
    let known_by = known_by(work, &loaded.state).await?;
    let asked = rotation::Request { cost_max: costs.largest(), sticky: known_by.as_ref() };
    let Ok(picked) = rotation.pick(&candidates, &asked) else {
        save(work, &role, &rotation).await?;
        return inherit_or_leave(work, loaded, &role, actor).await;
    };
    let explanation = serde_json::to_value(&picked)
        .map_err(|error| Fault::Unreadable { what: "rotation".into(), cause: error.to_string() })?;
    let command = Command::Assign { to: picked.member.clone(), choice: Choice::Rotation { explanation }, seen: None };
    let counted = Counted {
        to: picked.member.clone(),
        role: role.clone(),
        cost: cost_of(work.office(), &loaded.state),
        weight: picked.weight,
        at: work.now,
        exception: picked.exception(),
    };
    match record(work, loaded, &command, &counted, actor).await? {
        Err(refusal) => Ok(Err(refusal)),
        Ok(_) => {
            let rotation = rotation.evolve(&assigned(&counted, &candidates, true));
            save(work, &role, &rotation).await?;
            Ok(Ok(Turn::Given(picked.member)))
        }
    }
}

/// Where one person a week is on call, they get it, or who stands in for them.
async fn assign_on_call(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    role: &str,
    actor: &Actor,
) -> Result<Result<Turn, Refusal>, Fault> {
    let found = super::rota::on_call_now(work, role).await?;
    let Some(found) = found.filter(|found| loaded.state.assignee.as_ref() != Some(&found.member)) else {
        return inherit_or_leave(work, loaded, role, actor).await;
    };
    let share = work.office().members.get(&found.member).map_or(1, |member| member.weight);
    let counted = Counted {
        to: found.member.clone(),
        role: role.to_owned(),
        cost: cost_of(work.office(), &loaded.state),
        weight: Weight::new(share.saturating_mul(FULL_POST_MILLI)),
        at: work.now,
        exception: None,
    };
    let choice = Choice::OnCall { until: found.until, instead_of: found.instead_of };
    let command = Command::Assign { to: found.member.clone(), choice, seen: None };
    let recorded = record(work, loaded, &command, &counted, actor).await?;
    Ok(recorded.map(|_| Turn::Given(found.member)))
}

/// Nobody of the role could be chosen: who stands in for one of them inherits the turn; else a ticket that nobody has is
/// told to the lead, once.
async fn inherit_or_leave(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    role: &str,
    actor: &Actor,
) -> Result<Result<Turn, Refusal>, Fault> {
    if let Some(stand_in) = super::absence::moves::inherit(work, loaded, role).await? {
        return Ok(Ok(Turn::Given(stand_in)));
    }
    if loaded.state.assignee.is_none() && !loaded.state.unassigned_told {
        let id = loaded.state.id;
        work.record(id, loaded, &[Event::LeftUnassigned], actor).await?;
    }
    Ok(Ok(Turn::Nobody))
}

/// Gives a ticket to somebody whom a person chose, and counts it, so that the rotation knows their load.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn assign_by_hand(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    to: &MemberId,
    choice: Choice,
    seen: Option<u64>,
    actor: &Actor,
) -> Result<Result<(), Refusal>, Fault> {
    let role = loaded.state.opening.role.clone();
    let mut rotation = lock(work, &role).await?;
    let candidates = candidates(work, &role, &loaded.state).await?;
    let counted = by_hand(work, &loaded.state, &candidates, to);
    let is_candidate = candidates.iter().any(|candidate| candidate.member == *to);
    let command = Command::Assign { to: to.clone(), choice, seen };
    let changed = match record(work, loaded, &command, &counted, actor).await? {
        Err(refusal) => return Ok(Err(refusal)),
        Ok(changed) => changed,
    };
    if changed && is_candidate {
        for change in rotation.presence_changes(&candidates, work.office().costs.largest()) {
            rotation = rotation.evolve(&change);
        }
        rotation = rotation.evolve(&assigned(&counted, &candidates, false));
        save(work, &role, &rotation).await?;
    }
    Ok(Ok(()))
}

/// Counts a ticket that somebody has just taken by other ways than [`assign_by_hand`], and writes beside it what it counts for.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn count_by_hand(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    member: &MemberId,
    actor: &Actor,
) -> Result<(), Fault> {
    let role = loaded.state.opening.role.clone();
    let mut rotation = lock(work, &role).await?;
    let candidates = candidates(work, &role, &loaded.state).await?;
    let counted = by_hand(work, &loaded.state, &candidates, member);
    let id = loaded.state.id;
    work.record(id, loaded, &[Event::Counted { what: counted.clone() }], actor).await?;
    if candidates.iter().any(|candidate| candidate.member == *member) {
        for change in rotation.presence_changes(&candidates, work.office().costs.largest()) {
            rotation = rotation.evolve(&change);
        }
        let rotation = rotation.evolve(&assigned(&counted, &candidates, false));
        save(work, &role, &rotation).await?;
    }
    Ok(())
}

/// What a ticket counts for when a person chose who has it.
fn by_hand(work: &Work<'_>, ticket: &Ticket, candidates: &[Candidate], to: &MemberId) -> Counted {
    let candidate = candidates.iter().find(|candidate| candidate.member == *to);
    let share = work.office().members.get(to).map_or(1, |member| member.weight).saturating_mul(FULL_POST_MILLI);
    Counted {
        to: to.clone(),
        role: ticket.opening.role.clone(),
        cost: cost_of(work.office(), ticket),
        weight: candidate.map_or_else(|| Weight::new(share), Candidate::weight),
        at: work.now,
        exception: Some(Exception::ByHand),
    }
}

/// Remembers the ticket before of the same customer, whose owner knows them. Call once, when a ticket is opened.
///
/// # Errors
/// [`Fault::Store`].
pub async fn remember_customer(work: &mut Work<'_>, network: &str, customer: &str, ticket: i64) -> Result<(), Fault> {
    if customer.is_empty() {
        return Ok(());
    }
    let key = format!("{network}:{customer}");
    if let Some(before) = links::get(work.tx, LAST_TICKET, &key).await? {
        links::claim(work.tx, TICKET_BEFORE, &ticket.to_string(), before).await?;
        links::delete(work.tx, LAST_TICKET, &key).await?;
    }
    links::claim(work.tx, LAST_TICKET, &key, ticket).await?;
    Ok(())
}

/// Who had the last ticket of this customer.
async fn known_by(work: &mut Work<'_>, ticket: &Ticket) -> Result<Option<MemberId>, Fault> {
    let Some(before) = links::get(work.tx, TICKET_BEFORE, &ticket.id.to_string()).await? else { return Ok(None) };
    let row = aggregates::load(work.tx, Kind::Ticket.stored(), before).await?;
    Ok(row.and_then(|row| row.row.owner).map(MemberId::new))
}

/// Decides an assignment and writes beside it what it counts for; whether anything changed.
async fn record(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    command: &Command,
    counted: &Counted,
    actor: &Actor,
) -> Result<Result<bool, Refusal>, Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let facts = Facts { now: work.now, actor: actor.clone(), office: &setup.office };
    let mut events = match loaded.state.decide(command, &facts) {
        Ok(events) => events,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if events.is_empty() {
        return Ok(Ok(false));
    }
    events.push(Event::Counted { what: counted.clone() });
    let id = loaded.state.id;
    work.record(id, loaded, &events, actor).await?;
    Ok(Ok(true))
}

fn assigned(counted: &Counted, candidates: &[Candidate], automatic: bool) -> rotation::Event {
    rotation::Event::Assigned {
        member: counted.to.clone(),
        cost: counted.cost,
        weight: counted.weight,
        automatic,
        sharers: rotation::sharers(candidates),
        at: counted.at,
    }
}

/// What a ticket costs whoever gets it now.
pub(super) fn cost_of(office: &Office, ticket: &Ticket) -> Cost {
    let priority = match ticket.opening.priority {
        1 => Priority::P1,
        2 => Priority::P2,
        3 => Priority::P3,
        _ => Priority::P4,
    };
    office.costs.cost(priority, ticket.reopened > 0)
}

async fn candidates(work: &mut Work<'_>, role: &str, ticket: &Ticket) -> Result<Vec<Candidate>, Fault> {
    let swaps = super::rota::swaps(work).await?;
    let loads = aggregates::count_open_by_owner(work.tx, Kind::Ticket.stored()).await?;
    let loads: BTreeMap<String, i64> =
        loads.into_iter().filter_map(|(owner, load)| owner.map(|owner| (owner, load))).collect();
    let office = &work.setup.office;
    Ok(office
        .holders(role)
        .map(|member| Candidate {
            member: member.id.clone(),
            share_milli: member.weight.saturating_mul(FULL_POST_MILLI),
            skill: member.skills.get(&ticket.opening.topic).copied().unwrap_or(1),
            capacity: member.capacity,
            open_load: loads.get(member.id.as_str()).and_then(|load| u32::try_from(*load).ok()).unwrap_or(0),
            exclusion: exclusion(office, member, ticket, &swaps, work.now),
        })
        .collect())
}

fn exclusion(office: &Office, member: &Member, ticket: &Ticket, swaps: &[Swap], now: Timestamp) -> Option<Exclusion> {
    if office.away.is_away(&member.id, now) {
        return Some(Exclusion::Away);
    }
    if !is_on_shift(office, swaps, member, now) {
        return Some(Exclusion::OffShift);
    }
    if ticket.assignee.as_ref() == Some(&member.id) {
        return Some(Exclusion::HasIt);
    }
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own: false };
    rights::check(office, &member.id, Right::Claim, scope).err().map(|_| Exclusion::NoRight)
}

/// The rotation of a role; nobody else can change it before this transaction ends.
pub(super) async fn lock(work: &mut Work<'_>, role: &str) -> Result<Rotation, Fault> {
    let key = format!("rotation:{role}");
    // A row that does not exist cannot be locked.
    settings::put_new(work.tx, &key, &encode("rotation", &Rotation::default())?).await?;
    match settings::get_locked(work.tx, &key).await? {
        Some(json) => read_state(Kind::Ticket, 0, &json),
        None => Ok(Rotation::default()),
    }
}

async fn save(work: &mut Work<'_>, role: &str, rotation: &Rotation) -> Result<(), Fault> {
    Ok(settings::put(work.tx, &format!("rotation:{role}"), &encode("rotation", rotation)?).await?)
}

/// Everybody of a ticket's role with what keeps each from it, in the order of their turns; nothing is decided.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn considered(work: &mut Work<'_>, ticket: &Ticket) -> Result<Vec<CandidateView>, Fault> {
    let rotation = standings(work, &ticket.opening.role).await?;
    let candidates = candidates(work, &ticket.opening.role, ticket).await?;
    let asked = rotation::Request { cost_max: work.office().costs.largest(), sticky: None };
    Ok(rotation.pick(&candidates, &asked).map_or_else(|nobody| nobody.explanation, |choice| choice.explanation))
}

/// The rotation of a role as it stands, for showing.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn standings(work: &mut Work<'_>, role: &str) -> Result<Rotation, Fault> {
    match settings::get(work.tx, &format!("rotation:{role}")).await? {
        Some(json) => read_state(Kind::Ticket, 0, &json),
        None => Ok(Rotation::default()),
    }
}
