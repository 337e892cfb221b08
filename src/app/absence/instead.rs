//! Who reads what is meant for somebody who is away: urgent messages go to who stands in, said to be for them; what merely
//! informs waits for nobody (the return says what is theirs again).
//!
//! Start at [`reader`].

use crate::app::Fault;
use crate::app::work::Work;
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::people::absence::react::team_desk;

/// The message as it leaves; `None` when nobody is to get it now. About their own absence people are told, away or not.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn reader(work: &mut Work<'_>, effect: Effect) -> Result<Option<Effect>, Fault> {
    let Effect::Tell { member, subject, notice, urgent } = effect else { return Ok(Some(effect)) };
    let own = subject.is_some_and(|subject| subject.kind == Kind::Absence);
    let known = work.office().away.clone();
    if own || !known.is_away(&member, work.now) {
        return Ok(Some(Effect::Tell { member, subject, notice, urgent }));
    }
    if !urgent {
        return Ok(None);
    }
    let ticket = match subject {
        Some(subject) if subject.kind == Kind::Ticket => crate::app::drafts::ticket(work, subject.id).await?,
        _ => None,
    };
    let role = ticket.as_ref().map(|ticket| ticket.opening.role.as_str());
    let notice = for_them(&member, notice);
    if let Some(other) = known.stand_in(work.office(), &member, role, work.now) {
        return Ok(Some(Effect::Tell { notice, member: other, subject, urgent }));
    }
    // Nobody stands in: where everybody reads it, somebody will.
    let desk = ticket.map(|ticket| ticket.opening.desk).or_else(|| team_desk(work.office()).map(str::to_owned));
    Ok(desk.map(|desk| Effect::Announce { desk, notice, urgent }))
}

fn for_them(whom: &MemberId, notice: Notice) -> Notice {
    Notice::new("absence-for-them").member("whom", whom).with("what", Arg::Said(Box::new(notice)))
}

/// Whether the same decision tells a stand-in about the same thing anyway.
#[must_use]
pub fn told_anyway(effects: &[Effect], index: usize, redirected: &Effect) -> bool {
    let Effect::Tell { member, subject, .. } = redirected else { return false };
    effects.iter().enumerate().any(|(other, effect)| {
        other != index
            && matches!(effect, Effect::Tell { member: told, subject: about, .. } if told == member && about == subject)
    })
}
