//! Who is meant by what somebody typed: a mention, a handle, a short name, a first name. Never guesses between several.
//!
//! Start at [`who`].

use super::Invocation;
use crate::app::Fault;
use crate::app::people as team;
use crate::app::work::Work;
use crate::domain::notice::Notice;
use crate::domain::office::{MemberId, Office};
use crate::store::directory;

/// Somebody as typed: `<@U1>`, `@name`, a member's short name, `role:`-less words.
///
/// # Errors
/// A refusal that says who was not found, or that several fit.
pub async fn who(work: &mut Work<'_>, asked: &Invocation, typed: &str) -> Result<MemberId, Fault> {
    let inner = typed.trim().trim_start_matches("<@").trim_start_matches('!').trim_end_matches('>');
    let user = inner.split('|').next().unwrap_or(inner);
    if typed.starts_with('<') || user.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) && user.len() > 5 {
        if let Some(member) = team::member_of(work, &asked.chat, user).await? {
            return Ok(member);
        }
        let known = directory::identity(work.tx, &asked.chat, user).await?;
        let name = known.map(|identity| identity.name).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| typed.to_owned());
        return Err(Fault::refused(Notice::new("not-in-office").text("typed", name)));
    }
    let name = typed.trim().trim_start_matches('@').to_lowercase();
    let office = &work.setup.office;
    let fits: Vec<&MemberId> = office
        .members
        .values()
        .filter(|member| {
            member.id.as_str().eq_ignore_ascii_case(&name)
                || member.name.to_lowercase() == name
                || member.handles.values().any(|handle| handle.trim_start_matches('@').eq_ignore_ascii_case(&name))
        })
        .map(|member| &member.id)
        .collect();
    match fits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => by_first_name(office, &name, typed),
        several => Err(several_fit(office, several, typed)),
    }
}

fn by_first_name(office: &Office, name: &str, typed: &str) -> Result<MemberId, Fault> {
    let fits: Vec<&MemberId> = office
        .members
        .values()
        .filter(|member| member.name.to_lowercase().split_whitespace().next() == Some(name))
        .map(|member| &member.id)
        .collect();
    match fits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Fault::refused(Notice::new("no-such-person").text("typed", typed))),
        several => Err(several_fit(office, several, typed)),
    }
}

fn several_fit(office: &Office, several: &[&MemberId], typed: &str) -> Fault {
    let names: Vec<&str> = several.iter().map(|member| office.name_of(member)).collect();
    Fault::refused(Notice::new("several-people").text("typed", typed).text("names", names.join(", ")))
}
