//! Work of somebody whose rights ended goes back to the pool and on to the next in the rotation, in the transaction that
//! ended them.
//!
//! Never takes a ticket that its owner could not have claimed before either: it was given by hand, on purpose.
//! Start at [`give_back`].

use std::collections::BTreeSet;

use super::commands::ticket as on_ticket;
use super::work::{Work, read_state};
use super::{Fault, people};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{Command, Status, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::office::{MemberId, Office};
use crate::domain::rights::{self, Right, Scope};
use crate::store::aggregates::{self, Filter, Order};

/// Open tickets of one person looked at: the largest capacity the office file allows.
const OWNED_MAX: i64 = 10_000;

/// Gives back what these members may no longer work on, oldest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn give_back(work: &mut Work<'_>, before: &Office, members: &BTreeSet<MemberId>) -> Result<(), Fault> {
    for member in members {
        if before.members.get(member).map(|found| &found.grants)
            == work.office().members.get(member).map(|found| &found.grants)
        {
            continue;
        }
        for ticket in lost(work, before, member).await? {
            let mut loaded = on_ticket::load_id(work, ticket).await?;
            if work.act(ticket.id, &mut loaded, &Command::Release, &Actor::System).await?.is_ok() {
                // Nobody there: the lead is told, and the backlog offers it again.
                let _ = people::assign_by_rotation(work, &mut loaded, None, &Actor::System).await?;
            }
        }
    }
    Ok(())
}

/// Open tickets that a member could claim before and cannot now.
async fn lost(work: &mut Work<'_>, before: &Office, member: &MemberId) -> Result<Vec<Ref>, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &Status::OPEN,
        owner: Some(member.as_str()),
        order: Order::Oldest,
        limit: OWNED_MAX,
        ..Filter::default()
    };
    let mut found = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        let ticket: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own: false };
        let may = |office: &Office| rights::check(office, member, Right::Claim, scope).is_ok();
        if may(before) && !may(work.office()) {
            found.push(ticket.subject());
        }
    }
    Ok(found)
}

/// How many open tickets wait for a role whose last holder would be gone.
///
/// # Errors
/// [`Fault::Store`].
pub async fn open_of_role(work: &mut Work<'_>, role: &str) -> Result<usize, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &Status::OPEN,
        role: Some(role),
        limit: OWNED_MAX,
        ..Filter::default()
    };
    Ok(aggregates::list(work.tx, &filter).await?.len())
}
