//! What a ticket refuses, as sentences: what, why, and what to do instead. Start at [`refused`].

use crate::app::Fault;
use crate::domain::desk::pausing::SNOOZE_MS_MAX;
use crate::domain::desk::ticket::{Refusal, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::time::DAY_MS;

/// A refusal as a sentence; the pressed card is refreshed by the caller.
#[must_use]
pub fn refused(ticket: &Ticket, refusal: &Refusal) -> Fault {
    let subject = ticket.subject();
    let notice = match refusal {
        Refusal::AlreadyResolved { by, at } => {
            let notice = Notice::new("refused-resolved").subject("ticket", subject);
            let notice =
                by.as_ref().map_or_else(|| notice.clone().text("who", "?"), |by| notice.clone().member("who", by));
            at.map_or_else(|| notice.clone().text("at", ""), |at| notice.clone().with("at", Arg::At(at)))
        }
        Refusal::NotResolved => Notice::new("refused-open").subject("ticket", subject),
        Refusal::TooOld => Notice::new("refused-too-old").subject("ticket", subject),
        Refusal::AlreadyTaken { by } => Notice::new("refused-taken").subject("ticket", subject).member("who", by),
        Refusal::AlreadyYours => Notice::new("refused-yours").subject("ticket", subject),
        Refusal::EmptyText => Notice::new("refused-empty"),
        Refusal::TooLong { max } => {
            Notice::new("refused-too-long").number("max", i64::try_from(*max).unwrap_or(i64::MAX))
        }
        Refusal::UnknownMember(member) => Notice::new("no-such-person").text("typed", member.as_str()),
        Refusal::NoSuchPriority(priority) => Notice::new("refused-priority").number("priority", i64::from(*priority)),
        Refusal::NoSuchValue { field, value } => crate::app::triage::no_such_value(*field, value),
        other => of_life(ticket, other),
    };
    Fault::refused(notice)
}

/// Refusals of pausing, joining and undoing.
fn of_life(ticket: &Ticket, refusal: &Refusal) -> Notice {
    let notice = |key: &str| Notice::new(key).subject("ticket", ticket.subject());
    match refusal {
        Refusal::NoSuchRole { role } => notice("refused-role").text("role", role),
        Refusal::Merged { into } => notice("refused-merged").subject("into", Ref::new(Kind::Ticket, *into)),
        Refusal::Locked { by, owner } => {
            notice("refused-locked").member("by", by).member("owner", owner.as_ref().unwrap_or(by))
        }
        Refusal::NotOwner => notice("refused-not-owner"),
        Refusal::NobodyToLockFor => notice("refused-nobody-to-lock-for"),
        Refusal::NotLocked => notice("refused-not-locked"),
        Refusal::NotSnoozed => notice("refused-not-snoozed"),
        Refusal::NotWaiting => notice("refused-not-waiting"),
        Refusal::SnoozeRange => notice("refused-snooze-range").number("days", SNOOZE_MS_MAX / DAY_MS),
        Refusal::WithItself => notice("refused-with-itself"),
        Refusal::NothingToSplit => notice("refused-nothing-to-split"),
        Refusal::NothingWouldStay => notice("refused-nothing-would-stay"),
        Refusal::NothingToUndo => notice("refused-nothing-to-undo"),
        Refusal::NotOnNetwork { private } => {
            notice(if *private { "refused-moderate-private" } else { "refused-moderate-not-there" })
        }
        Refusal::SoAlready { act } => notice(&format!("refused-moderate-already-{}", act.name())),
        Refusal::DeletionProposed => notice("refused-moderate-proposed"),
        Refusal::NothingProposed => notice("refused-moderate-nothing-proposed"),
        Refusal::SecondPerson => notice("refused-moderate-second-person"),
        Refusal::SecondLook { again } => notice("refused-moderate-second-look").with("again", Arg::At(*again)),
        Refusal::UndoneAlready { by } => notice("refused-moderate-undone").member("who", by),
        Refusal::UndoTooLate => notice("refused-undo-too-late"),
        Refusal::NotYours { owner: Some(owner) } => notice("refused-not-yours").member("who", owner),
        Refusal::NotYours { owner: None } => notice("refused-nobodys"),
        _ => notice("refused-changed-since"),
    }
}
