//! Back again: what was lent returns, unless somebody has begun to work on it.
//!
//! Start at [`end`].

use super::act;
use super::moves::{assign, done};
use crate::app::work::{Loaded, Work, read_state};
use crate::app::{Fault, drafts};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{Choice, Ticket};
use crate::domain::ids::Kind;
use crate::domain::office::MemberId;
use crate::domain::people::absence::{Absence, Command, Restored};
use crate::domain::rhythm::meeting::Meeting;
use crate::domain::time::Timestamp;
use crate::store::aggregates::{self, Filter};

/// Meetings that were held meanwhile, named at most.
const MISSED_MAX: i64 = 20;

/// Ends an absence and gives back what was lent for it.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn end(work: &mut Work<'_>, loaded: &mut Loaded<Absence>, actor: &Actor) -> Result<Restored, Fault> {
    let member = loaded.state.plan.member.clone();
    let known = work.office().away.clone();
    let stand_in = known.stand_in(work.office(), &member, None, work.now);
    let mut restored = Restored { stand_in, ..Restored::default() };
    for id in loaded.state.lent.keys().copied().collect::<Vec<_>>() {
        if let Some(mut found) = work.load::<Ticket>(id).await? {
            give_back(work, &loaded.state, id, &mut found, &mut restored).await?;
        }
    }
    restored.missed = missed(work, &member, loaded.state.begun_at.unwrap_or(work.now)).await?;
    act(work, loaded, &Command::End(restored.clone()), actor).await?;
    drafts::ask_again(work).await?;
    crate::app::meetings::attend_again(work).await?;
    crate::app::crisis::substitute(work).await?;
    Ok(restored)
}

/// One ticket: theirs again, or still with who has begun to work on it.
async fn give_back(
    work: &mut Work<'_>,
    absence: &Absence,
    id: i64,
    found: &mut Loaded<Ticket>,
    restored: &mut Restored,
) -> Result<(), Fault> {
    let member = &absence.plan.member;
    let ticket = &found.state;
    if !ticket.is_open() || ticket.assignee.as_ref() == Some(member) {
        return Ok(());
    }
    let given = absence.lent.get(&id).cloned().flatten();
    let lent = matches!(&ticket.choice, Some(Choice::Lent { .. }));
    if let Some(holder) = ticket.assignee.clone() {
        // Somebody took it, or was given it, of their own: it is theirs now. And nobody's work is taken from their hands.
        let as_moved = lent || given.as_ref() == Some(&holder);
        if !as_moved || touched(work, ticket, &holder, absence).await? {
            restored.kept.push((id, holder));
            return Ok(());
        }
    }
    // Lent on while its own owner is still away: it goes back to who lent it on.
    let choice = match ticket.choice.clone() {
        Some(Choice::Lent { whose, absence }) if whose != *member => Choice::Lent { whose, absence },
        _ => Choice::Returned,
    };
    done(work.act(id, found, &assign(member, choice), &Actor::System).await?, id)?;
    restored.tickets.push(id);
    Ok(())
}

/// Whether who holds it has begun: a note, an answer, or a draft of one.
async fn touched(work: &mut Work<'_>, ticket: &Ticket, holder: &MemberId, absence: &Absence) -> Result<bool, Fault> {
    let since = absence.begun_at.unwrap_or(work.now);
    let noted = ticket.notes.iter().any(|note| note.by == *holder && note.at >= since);
    let answered = ticket.answered_at.is_some_and(|at| at >= since);
    if noted || answered {
        return Ok(true);
    }
    let drafts = drafts::replies_of(work, ticket.id).await?;
    Ok(drafts.iter().any(|draft| draft.authors.contains(holder) && draft.opening.at >= since))
}

/// Meetings that were held while somebody of theirs was away.
async fn missed(work: &mut Work<'_>, member: &MemberId, since: Timestamp) -> Result<Vec<i64>, Fault> {
    let filter = Filter {
        kind: Kind::Meeting.stored(),
        statuses: &["closed"],
        closed: Some((since, work.now.plus_ms(1))),
        limit: MISSED_MAX,
        ..Filter::default()
    };
    let mut missed = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        let meeting: Meeting = read_state(Kind::Meeting, row.id, row.state())?;
        if meeting.attendance.away.contains(member) {
            missed.push(row.id);
        }
    }
    Ok(missed)
}
