//! A silent owner's ticket goes to somebody else: their backup, else whoever's turn it is, else the lead hears that there is nobody.
//!
//! Nobody loses a ticket they are visibly at: who writes, or whose reply is under way, is not silent. Everything in the
//! transaction of the timer. Start at [`wake`].

use std::sync::Arc;

use super::absence::alarm::Waiting;
use super::absence::moves;
use super::tickets::writing;
use super::work::{Loaded, Work, read_state};
use super::{Fault, drafts, people};
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

/// The timer of a ticket: takes every step that has come due, in order.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Ticket>(id).await? else { return Ok(()) };
    for _ in 0..STEPS_MAX {
        let now = work.now;
        let Some((_, step, _)) = loaded.state.next_step().filter(|(at, ..)| *at <= now) else { break };
        let spared = step == Step::HandOn && is_at_it(work, &loaded.state).await?;
        let command = if spared { Command::Spare } else { Command::Tick };
        let Ok(events) = work.act(id, &mut loaded, &command, &Actor::System).await? else { break };
        for event in &events {
            if let Event::OwnerSilent { owner, .. } = event {
                hand_on(work, &mut loaded, owner).await?;
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
        let command = moves::assign(&to, Choice::Backup { of: owner.clone() });
        moves::done(work.act(id, loaded, &command, &Actor::System).await?, id)?;
        let given = loaded.state.clone();
        people::count_by_hand(work, &given, &to).await?;
        return Ok(true);
    }
    let turn = people::assign_by_rotation(work, loaded, None, &Actor::System).await?;
    if matches!(moves::done(turn, id)?, people::Turn::Given(_)) {
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

/// Late tickets whose owner was silent and whom nobody could take: tried again, now that somebody may be back; those that
/// still find nobody.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn again(work: &mut Work<'_>) -> Result<Vec<Waiting>, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        open_only: true,
        order: Order::Due,
        limit: LATE_MAX,
        ..Filter::default()
    };
    let mut waiting = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        if row.row.due_at.is_none_or(|due| due > work.now) {
            break;
        }
        let state: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        if !state.is_stuck() {
            continue;
        }
        let Some(mut loaded) = work.load::<Ticket>(row.id).await? else { continue };
        let Some(owner) = loaded.state.assignee.clone() else { continue };
        if !hand_on(work, &mut loaded, &owner).await? {
            let opening = loaded.state.opening;
            waiting.push(Waiting { id: row.id, role: opening.role, desk: opening.desk });
        }
    }
    Ok(waiting)
}
