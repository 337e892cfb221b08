//! Absences: entered with a preview, in force on time, given back on return, each in one transaction with everything that
//! moves.
//!
//! Never leaves work with somebody who is not there longer than the rules say. Start at [`propose`] and [`confirm`];
//! [`moves`] is what moves, [`back`] what comes back, [`preview`] what is shown before, [`instead`] who reads what is
//! meant for somebody who is away.

pub mod alarm;
pub mod back;
pub mod instead;
pub mod moves;
pub mod press;
pub mod preview;
pub mod turns;

use std::sync::Arc;

use super::commands;
use super::work::{Loaded, Work, encode, read_state};
use super::{Fault, Setup};
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::{MemberId, Office};
use crate::domain::people::absence::{Absence, Command, Event, Plan, Refusal, Stage};
use crate::domain::people::substitution::Absences;
use crate::domain::rights::{self, Right, Scope};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::settings;

/// Leaves that hold at once, now and to come: a hundred people with five each.
const LEAVES_MAX: i64 = 500;
/// People who are asked to approve a leave: enough that one answers, few enough that each feels asked.
const ASKED_MAX: usize = 3;
/// Setting that keeps the leaves that hold, so that every ticket finds out with one read who is away.
pub const KNOWN: &str = "absences";

/// Reads what [`KNOWN`] keeps.
///
/// # Errors
/// [`Fault::Unreadable`].
pub fn read(json: &str) -> Result<Absences, Fault> {
    if json.is_empty() { Ok(Absences::default()) } else { read_state(Kind::Absence, 0, json) }
}

/// Writes down anew who is away, from the absences themselves; the rest of the transaction sees it. Others who change
/// one wait until this transaction is done.
async fn remember(work: &mut Work<'_>) -> Result<(), Fault> {
    if settings::get_locked(work.tx, KNOWN).await?.is_none() {
        settings::put_new(work.tx, KNOWN, "").await?;
        settings::get_locked(work.tx, KNOWN).await?;
    }
    let leaves = list(work, &[Stage::Confirmed]).await?.iter().filter_map(Absence::leave).collect();
    let away = Absences { leaves };
    settings::put(work.tx, KNOWN, &encode(KNOWN, &away)?).await?;
    let office = work.setup.office.clone().with_leaves(away, work.now);
    work.setup = Arc::new(Setup {
        office,
        triage: Arc::clone(&work.setup.triage),
        playbooks: Arc::clone(&work.setup.playbooks),
    });
    Ok(())
}

/// Absences in these stages, soonest number first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn list(work: &mut Work<'_>, stages: &[Stage]) -> Result<Vec<Absence>, Fault> {
    let stored: Vec<&str> = stages.iter().map(|stage| stage.stored()).collect();
    let filter = Filter {
        kind: Kind::Absence.stored(),
        open_only: true,
        statuses: &stored,
        order: Order::Oldest,
        limit: LEAVES_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Absence, row.id, row.state())).collect()
}

/// Decides a command for somebody who waits: a refusal becomes a sentence. Who is away is written down when it changed.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn act(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Absence>,
    command: &Command,
    actor: &Actor,
) -> Result<Vec<Event>, Fault> {
    let id = match command {
        Command::Propose(id, _) => *id,
        _ => loaded.state.id,
    };
    let events = match work.act(id, loaded, command, actor).await? {
        Ok(events) => events,
        Err(refusal) => return Err(refused(&loaded.state, &refusal, work.office())),
    };
    let moved = |event: &Event| {
        matches!(
            event,
            Event::Confirmed { .. }
                | Event::BackupChosen { .. }
                | Event::Ended { .. }
                | Event::Cancelled { held: true, .. }
        )
    };
    if events.iter().any(moved) {
        remember(work).await?;
    }
    Ok(events)
}

/// A refusal as a sentence: what, why, what to do.
fn refused(absence: &Absence, refusal: &Refusal, office: &Office) -> Fault {
    let notice = match refusal {
        Refusal::Backwards => Notice::new("absence-refused-backwards"),
        Refusal::TooLong { max } => {
            Notice::new("refused-too-long").number("max", i64::try_from(*max).unwrap_or(i64::MAX))
        }
        Refusal::UnknownMember(member) => Notice::new("no-such-person").text("typed", member.as_str()),
        Refusal::OwnBackup => Notice::new("absence-refused-own-backup"),
        Refusal::NotNow(stage) => absence.about(&format!("absence-refused-{}", stage.stored()), office),
        Refusal::Begun => absence.about("absence-refused-begun", office),
        Refusal::OwnLeave => Notice::new("absence-refused-own"),
    };
    Fault::refused(notice)
}

/// Loads an absence by reference.
///
/// # Errors
/// A refusal when there is none.
pub async fn load(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Absence>, Fault> {
    let found = match subject.kind {
        Kind::Absence => work.load::<Absence>(subject.id).await?,
        _ => None,
    };
    found.ok_or_else(|| Fault::refused(Notice::new("absence-no-such").subject("ref", subject)))
}

/// Enters a wish and keeps it as a preview.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn propose(work: &mut Work<'_>, plan: Plan, actor: &Actor) -> Result<Loaded<Absence>, Fault> {
    let known = work.office().away.clone();
    let covered =
        known.leaves.iter().find(|leave| leave.member == plan.member && leave.overlaps(plan.from, plan.until));
    if let Some(leave) = covered {
        let standing = load(work, Ref::new(Kind::Absence, leave.id)).await?;
        return Err(Fault::refused(standing.state.about("absence-refused-overlap", work.office())));
    }
    no_circle(work.office(), &known, &plan.member, plan.backup.as_ref(), &plan)?;
    let (id, mut loaded) = work.fresh::<Absence>().await?;
    act(work, &mut loaded, &Command::Propose(id, Box::new(plan)), actor).await?;
    Ok(loaded)
}

/// Refuses a backup that closes a circle, and shows it.
fn no_circle(
    office: &Office,
    known: &Absences,
    member: &MemberId,
    backup: Option<&MemberId>,
    plan: &Plan,
) -> Result<(), Fault> {
    let Some(backup) = backup.filter(|backup| *backup != member) else { return Ok(()) };
    let Some(circle) = known.circle(office, member, backup, plan.from, plan.until) else { return Ok(()) };
    let names: Vec<&str> = circle.iter().map(|one| office.name_of(one)).collect();
    Err(Fault::refused(Notice::new("absence-refused-circle").text("circle", names.join(" -> "))))
}

/// Names somebody else to stand in.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn choose_backup(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Absence>,
    backup: Option<MemberId>,
    actor: &Actor,
) -> Result<(), Fault> {
    let known = work.office().away.clone();
    no_circle(work.office(), &known, &loaded.state.plan.member, backup.as_ref(), &loaded.state.plan)?;
    act(work, loaded, &Command::ChooseBackup(backup), actor).await?;
    if loaded.state.is_running() {
        moves::hand_over(work, loaded).await?;
    }
    Ok(())
}

/// Who stands in when an absence begins, as far as that is known now.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn stand_in_of(work: &mut Work<'_>, absence: &Absence) -> Result<Option<MemberId>, Fault> {
    let known = with(work.office().away.clone(), absence);
    Ok(known.stand_in(work.office(), &absence.plan.member, None, absence.plan.from.max(work.now)))
}

/// What is known, as if this absence held already.
pub(super) fn with(mut known: Absences, absence: &Absence) -> Absences {
    if !known.leaves.iter().any(|leave| leave.id == absence.id) {
        let held = Absence { stage: Stage::Confirmed, ..absence.clone() };
        known.leaves.extend(held.leave());
    }
    known
}

/// Puts an absence in force, or asks those who must agree; what has begun moves in this transaction.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn confirm(work: &mut Work<'_>, loaded: &mut Loaded<Absence>, actor: &Actor) -> Result<(), Fault> {
    let known = work.office().away.clone();
    // Others may have gone on leave since the preview was shown.
    no_circle(work.office(), &known, &loaded.state.plan.member, loaded.state.plan.backup.as_ref(), &loaded.state.plan)?;
    let stand_in = stand_in_of(work, &loaded.state).await?;
    let ask = who_agrees(&work.setup, &known, loaded, actor, work.now);
    act(work, loaded, &Command::Confirm { stand_in, ask }, actor).await?;
    begin(work, loaded).await
}

/// Somebody who plans the rota agrees.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn approve(work: &mut Work<'_>, loaded: &mut Loaded<Absence>, actor: &Actor) -> Result<(), Fault> {
    let stand_in = stand_in_of(work, &loaded.state).await?;
    act(work, loaded, &Command::Approve { stand_in }, actor).await?;
    begin(work, loaded).await
}

/// Who must agree to a planned leave: nobody where the office does not want it, or where somebody else who plans the rota
/// has entered it, or where there is nobody else who could.
fn who_agrees(
    setup: &Setup,
    known: &Absences,
    loaded: &Loaded<Absence>,
    actor: &Actor,
    now: crate::domain::time::Timestamp,
) -> Vec<MemberId> {
    let plan = &loaded.state.plan;
    if !setup.office.approve_leave || plan.sick || actor.member() != Some(&plan.member) {
        return Vec::new();
    }
    let office = &setup.office;
    let may = |member: &&MemberId| rights::check(office, member, Right::Rota, Scope::default()).is_ok();
    let mut others: Vec<(bool, &MemberId)> = office
        .members
        .keys()
        .filter(may)
        .filter(|member| **member != plan.member)
        .map(|member| (known.is_away(member, now), member))
        .collect();
    others.sort_unstable();
    others.into_iter().map(|(_, member)| member.clone()).take(ASKED_MAX).collect()
}

/// Lets an absence begin whose time has come: what burns moves at once.
async fn begin(work: &mut Work<'_>, loaded: &mut Loaded<Absence>) -> Result<(), Fault> {
    let events = act(work, loaded, &Command::Begin, &Actor::System).await?;
    if events.is_empty() {
        return Ok(());
    }
    moves::hand_over(work, loaded).await
}

/// Time has come for an absence.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Absence>(id).await? else {
        aggregates::set_wake(work.tx, Kind::Absence.stored(), id, None).await?;
        return Ok(());
    };
    let before = loaded.version;
    let now = work.now;
    match loaded.state.stage {
        Stage::Proposed | Stage::Requested => {
            act(work, &mut loaded, &Command::Lapse, &Actor::System).await?;
        }
        Stage::Confirmed if loaded.state.begun_at.is_none() => begin(work, &mut loaded).await?,
        Stage::Confirmed => {
            if loaded.state.plan.until.is_some_and(|until| until <= now) {
                back::end(work, &mut loaded, &Actor::System).await?;
            } else if loaded.state.offer_until.is_some_and(|until| until <= now) {
                moves::offered(work, &mut loaded).await?;
            }
        }
        Stage::Ended | Stage::Cancelled | Stage::Declined => {}
    }
    if loaded.version == before {
        aggregates::set_wake(work.tx, Kind::Absence.stored(), id, loaded.state.due_at()).await?;
    }
    Ok(())
}

/// Takes an absence back before it begins.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn cancel(work: &mut Work<'_>, loaded: &mut Loaded<Absence>, actor: &Actor) -> Result<(), Fault> {
    act(work, loaded, &Command::Cancel, actor).await.map(|_| ())
}

/// Everybody enters their own; others' need the right to plan the rota.
///
/// # Errors
/// The refusal.
pub fn may(work: &Work<'_>, by: &MemberId, whose: &MemberId) -> Result<(), Fault> {
    if by == whose {
        return Ok(());
    }
    commands::allow(&work.setup, by, Right::Rota, Scope::default())
}

/// Refuses to give a ticket to somebody who is away, and names who stands in.
///
/// # Errors
/// The refusal.
pub fn must_be_there(work: &Work<'_>, ticket: &Ticket, to: &MemberId, claimed: bool) -> Result<(), Fault> {
    let (office, now) = (work.office(), work.now);
    let Some(leave) = office.away.of(to, now) else { return Ok(()) };
    let plan = Plan { member: to.clone(), from: leave.from, until: leave.until, at: now, ..Plan::default() };
    let absence = Absence { id: leave.id, plan, ..Absence::default() };
    if claimed {
        return Err(Fault::refused(absence.about("away-claim", office)));
    }
    let stand_in = office.away.stand_in(office, to, Some(&ticket.opening.role), now);
    let notice = absence.about("away-assign", office).subject("ticket", ticket.subject());
    Err(Fault::refused(match stand_in {
        Some(other) => notice.number("covered", 1).text("handle", format!("@{other}")).member("stand_in", &other),
        None => notice.number("covered", 0).text("handle", "").text("stand_in", ""),
    }))
}

/// The absence that somebody is on now.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn running(work: &mut Work<'_>, member: &MemberId) -> Result<Option<Loaded<Absence>>, Fault> {
    let now = work.now;
    let known = work.office().away.clone();
    let Some(leave) = known.of(member, now) else { return Ok(None) };
    work.load::<Absence>(leave.id).await
}
