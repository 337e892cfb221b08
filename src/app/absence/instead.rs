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
    let role = match subject {
        Some(subject) if subject.kind == Kind::Ticket => ticket_role(work, subject.id).await?,
        _ => None,
    };
    let stand_in = known.stand_in(work.office(), &member, role.as_deref(), work.now);
    Ok(stand_in.map(|other| Effect::Tell { notice: for_them(&member, notice), member: other, subject, urgent }))
}

async fn ticket_role(work: &mut Work<'_>, id: i64) -> Result<Option<String>, Fault> {
    Ok(crate::app::drafts::ticket(work, id).await?.map(|ticket| ticket.opening.role))
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
