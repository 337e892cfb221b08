//! A silent owner's ticket goes to somebody else: their backup, else whoever's turn it is, else the lead hears that there is nobody.
//!
//! Nobody loses a ticket they are visibly at: who writes, or whose reply is under way, is not silent. Everything in the
//! transaction of the timer. Start at [`wake_alone`].

use std::sync::Arc;

use super::absence::alarm::Waiting;
use super::absence::moves;
use super::tickets::writing;
use super::work::{Loaded, Work, read_state};
use super::{Fault, drafts, rotation};
use crate::domain::content::draft::Status as DraftStatus;
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::{Choice, Command, Event, Step, Ticket};
use crate::domain::ids::Kind;
use crate::domain::office::MemberId;
use crate::store::aggregates::{self, Filter, Order};

/// Most steps that one ticket takes at once: its time aside, two deadlines with up to three steps each, both breaches.
const STEPS_MAX: usize = 9;
/// Late tickets looked through for those that nobody could take, in one turn, the latest first.
const LATE_MAX: i64 = 100;

/// The timer of a ticket: takes every step that has come due, in order. When one of them may give the ticket to somebody
/// else nothing is done and `false` comes back: that takes a transaction of its own, [`wake_alone`].
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<bool, Fault> {
    let Some(mut loaded) = work.load::<Ticket>(id).await? else { return Ok(true) };
    if loaded.state.may_change_hands(work.now) {
        return Ok(false);
    }
    take_steps(work, &mut loaded).await?;
    Ok(true)
}

/// As [`wake`], whatever is due: first in a transaction, because the rotation is locked before anything is written.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake_alone(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = lock(work, id).await? else { return Ok(()) };
    take_steps(work, &mut loaded).await
}

/// The rotation of a ticket's role, then the ticket.
async fn lock(work: &mut Work<'_>, id: i64) -> Result<Option<Loaded<Ticket>>, Fault> {
    let row = aggregates::load(work.tx, Kind::Ticket.stored(), id).await?;
    if let Some(role) = row.and_then(|row| row.row.role) {
        rotation::lock(work, &role).await?;
    }
    work.load::<Ticket>(id).await
}

async fn take_steps(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>) -> Result<(), Fault> {
    let (id, now) = (loaded.state.id, work.now);
    for _ in 0..STEPS_MAX {
        if loaded.state.due_at().is_none_or(|at| at > now) {
            break;
        }
        let step = loaded.state.next_step().filter(|(at, ..)| *at <= now).map(|(_, step, _)| step);
        let spared = step == Some(Step::HandOn) && is_at_it(work, &loaded.state).await?;
        let command = if spared { Command::Spare } else { Command::Tick };
        let Ok(events) = work.act(id, loaded, &command, &Actor::System).await? else { break };
        for event in &events {
            if let Event::OwnerSilent { owner, .. } = event {
                hand_on(work, loaded, owner).await?;
            }
        }
        if events.is_empty() {
            break;
        }
    }
    aggregates::set_wake(work.tx, Kind::Ticket.stored(), id, loaded.state.due_at()).await?;
    Ok(())
}

/// Somebody has the form open, or a reply is on its way to the customer and waits for others.
async fn is_at_it(work: &mut Work<'_>, ticket: &Ticket) -> Result<bool, Fault> {
    let writers = writing::now(work, ticket.id).await?;
    if writers.iter().any(|writer| Some(&writer.who) == ticket.assignee.as_ref()) {
        return Ok(true);
    }
    let replies = drafts::replies_of(work, ticket.id).await?;
    let left_lying = |status: DraftStatus| matches!(status, DraftStatus::Drafting | DraftStatus::Refused);
    Ok(replies.iter().any(|reply| !reply.status.is_final() && !left_lying(reply.status)))
}

/// Gives the ticket of a silent owner to their backup, else to the rotation; true when somebody has it.
async fn hand_on(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>, owner: &MemberId) -> Result<bool, Fault> {
    let id = loaded.state.id;
    if let Some(to) = backup(work, loaded, owner) {
        // What is somebody's who is away stays theirs: it goes back to them on their return.
        let lent =
            loaded.state.choice.clone().filter(|choice| matches!(choice, Choice::Lent { whose, .. } if *whose != to));
        let choice = lent.unwrap_or_else(|| Choice::Backup { of: owner.clone() });
        moves::done(rotation::assign_by_hand(work, loaded, &to, choice, None, &Actor::System).await?, id)?;
        return Ok(true);
    }
    let turn = rotation::assign_by_rotation(work, loaded, None, &Actor::System).await?;
    if matches!(moves::done(turn, id)?, rotation::Turn::Given(_)) {
        return Ok(true);
    }
    moves::done(work.act(id, loaded, &Command::NobodyElse, &Actor::System).await?, id)?;
    Ok(false)
}

/// The first of the owner's chain of backups who is there, at work, and may have it.
fn backup(work: &Work<'_>, loaded: &Loaded<Ticket>, owner: &MemberId) -> Option<MemberId> {
    let setup = Arc::clone(&work.setup);
    let to = moves::receiver(work, &setup.office.away, owner, &loaded.state)?;
    let hours = setup.office.members.get(&to).and_then(|found| found.hours.as_ref());
    let at_work = hours.is_none_or(|hours| hours.is_open(work.now));
    (at_work && to != *owner).then_some(to)
}

/// Late tickets whose owner was silent and which nobody could take.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn stuck(work: &mut Work<'_>) -> Result<Vec<i64>, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        open_only: true,
        order: Order::Due,
        limit: LATE_MAX,
        ..Filter::default()
    };
    let mut stuck = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        if row.row.due_at.is_none_or(|due| due > work.now) {
            break;
        }
        let state: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        if state.is_stuck() {
            stuck.push(row.id);
        }
    }
    Ok(stuck)
}

/// Tries one of them again, now that somebody may be back; what still finds nobody waits on. First in a transaction.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn again(work: &mut Work<'_>, id: i64) -> Result<Option<Waiting>, Fault> {
    let Some(mut loaded) = lock(work, id).await?.filter(|loaded| loaded.state.is_stuck()) else { return Ok(None) };
    let Some(owner) = loaded.state.assignee.clone() else { return Ok(None) };
    if hand_on(work, &mut loaded, &owner).await? {
        return Ok(None);
    }
    let opening = loaded.state.opening;
    Ok(Some(Waiting { id, role: opening.role, desk: opening.desk }))
}
