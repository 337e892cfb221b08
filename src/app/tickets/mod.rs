//! What people do with tickets beyond giving and answering them: pausing, joining, splitting, knowing the customer.
//!
//! Commands, the card's menu, forms and emoji all end in these functions; each is one transaction. Start at [`life`].

pub mod contacts;
pub mod joining;
pub mod life;
pub mod menu;
pub mod refusals;
pub mod since;
pub mod undo;
pub mod writing;

pub use refusals::refused;

use super::Fault;
use super::cards::Surroundings;
use super::say::Voice;
use super::work::Work;
use crate::domain::desk::ticket::Ticket;

/// Adds to what a card shows: the reply under way, who writes, who the customer is.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn around(
    work: &mut Work<'_>,
    ticket: &Ticket,
    voice: &Voice<'_>,
    around: Surroundings,
) -> Result<Surroundings, Fault> {
    let stage = if ticket.is_open() { menu::stage(work, ticket).await? } else { None };
    let contacts = contacts::on_card(work, ticket, voice).await?;
    let now = work.now;
    let writers = writing::now(work, ticket.id).await?;
    let writers = writers.into_iter().map(|writer| (writer.who, now.since(writer.since))).collect();
    Ok(Surroundings { stage, contacts, writers, ..around })
}
