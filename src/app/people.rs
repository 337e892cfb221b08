//! Who is who in the chats.
//!
//! Never trusts a name typed in a message: people are known by the chat's user id, matched once with the office file.
//! Start at [`member_of`]; whose turn it is stands in `rotation`.

use std::sync::Arc;

use super::say::Voice;
use super::work::Work;
use super::{App, Fault};
use crate::domain::office::{Lang, Member, MemberId, Office};
use crate::ports::chat::{Person, SendError};
use crate::store::{directory, settings};

pub use super::rotation::{Turn, assign_by_rotation};

/// Most accounts of one chat kept in view for mentions; larger directories are still matched one by one.
const IDENTITIES_MAX: i64 = 5_000;

/// The member behind a chat account; `None` for people the office does not know.
///
/// # Errors
/// [`Fault::Store`].
pub async fn member_of(work: &mut Work<'_>, chat: &str, user: &str) -> Result<Option<MemberId>, Fault> {
    let found = directory::identity(work.tx, chat, user).await?;
    let member = found.and_then(|identity| identity.member).map(MemberId::new);
    Ok(member.filter(|member| work.office().members.contains_key(member)))
}

/// The language a person reads: their own setting, the office file, what their client says, the office's language.
///
/// # Errors
/// [`Fault::Store`].
pub async fn language_of(work: &mut Work<'_>, member: Option<&MemberId>, locale: Option<&str>) -> Result<Lang, Fault> {
    if let Some(member) = member {
        if let Some(chosen) = settings::get(work.tx, &format!("lang:{member}")).await?
            && let Some(lang) = Lang::from_tag(&chosen)
        {
            return Ok(lang);
        }
        if let Some(lang) = work.office().members.get(member).and_then(|found| found.language) {
            return Ok(lang);
        }
    }
    Ok(locale.and_then(Lang::from_tag).unwrap_or(work.office().language))
}

/// Who a chat account is and which language they read; `said` is what their client told with this very request, else what
/// their profile says counts.
///
/// # Errors
/// [`Fault::Store`].
pub async fn reader(
    work: &mut Work<'_>,
    chat: &str,
    user: &str,
    said: Option<&str>,
) -> Result<(Option<MemberId>, Lang), Fault> {
    let member = member_of(work, chat, user).await?;
    let profile = directory::identity(work.tx, chat, user).await?.and_then(|identity| identity.locale);
    let lang = language_of(work, member.as_ref(), said.or(profile.as_deref())).await?;
    Ok((member, lang))
}

/// A text with its mentions, `<@ID>`, as `@name`; what is nobody's id stays as it is.
///
/// # Errors
/// [`Fault::Store`].
pub async fn name_mentions(work: &mut Work<'_>, chat: &str, text: &str) -> Result<String, Fault> {
    let mut named = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<@") {
        named.push_str(before);
        let (id, tail) = after.split_once('>').unwrap_or((after, ""));
        let known = directory::identity(work.tx, chat, id.trim_start_matches('!')).await?;
        match known.filter(|_| after.contains('>')) {
            Some(person) => {
                let member = person.member.map(MemberId::new);
                let name = member.map_or(person.name, |member| work.setup.office.name_of(&member).to_owned());
                named.push_str(&format!("@{name}"));
                rest = tail;
            }
            None => {
                named.push_str("<@");
                rest = after;
            }
        }
    }
    named.push_str(rest);
    Ok(named)
}

/// How to speak in a chat: with the user ids needed to mention members.
///
/// # Errors
/// [`Fault::Store`].
pub async fn voice<'v>(
    work: &mut Work<'_>,
    setup: &'v super::Setup,
    wording: &'v crate::wording::Wording,
    chat: &str,
    lang: Lang,
) -> Result<Voice<'v>, Fault> {
    let known = directory::identities_in(work.tx, chat, IDENTITIES_MAX).await?;
    let users = known
        .into_iter()
        .filter_map(|found| found.member.map(|member| (MemberId::new(member), found.user_id)))
        .collect();
    Ok(Voice { wording, office: &setup.office, lang, users })
}

/// Reads a chat's people and channels and stores who of them is a member of the office.
///
/// # Errors
/// The chat's own error; nothing is changed then.
pub async fn sync_directory(app: &App, chat: &str) -> Result<(), SyncError> {
    let Some(connected) = app.registry.chats.get(chat) else { return Ok(()) };
    let people = connected.people().await?;
    let channels = connected.channels().await?;
    let mut tx = app.store.begin().await.map_err(Fault::from)?;
    // The office as it is in force now, not as somebody saw it last.
    let setup = Arc::clone(&Work::begin(app, &mut tx, app.clock.now()).await?.setup);
    for person in people.iter().filter(|person| !person.automated) {
        let member = match_member(&setup.office, chat, person).map(|member| member.id.0.clone());
        let row = directory::Identity {
            chat: chat.to_owned(),
            user_id: person.id.clone(),
            member,
            name: person.name.clone(),
            locale: person.locale.clone(),
        };
        directory::put_identity(&mut tx, &row).await.map_err(Fault::from)?;
        if row.member.is_none() {
            // Whoever the office no longer names has no rights left, whatever was known before.
            directory::unlink_identity(&mut tx, chat, &person.id).await.map_err(Fault::from)?;
        }
    }
    for channel in &channels {
        let row = directory::Channel {
            chat: chat.to_owned(),
            id: channel.id.clone(),
            name: channel.name.clone(),
            joined: channel.joined,
        };
        directory::put_channel(&mut tx, &row).await.map_err(Fault::from)?;
    }
    tx.commit().await.map_err(Fault::from)?;
    app.wakers.courier.notify_waiters();
    super::groups::sync(app, chat).await
}

/// Why the directory could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The chat.
    #[error(transparent)]
    Chat(#[from] SendError),
    /// The database.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The member an account belongs to: by user id or handle in the office file, else by mail address.
fn match_member<'o>(office: &'o Office, chat: &str, person: &Person) -> Option<&'o Member> {
    if office.unlinked.contains(&(chat.to_owned(), person.id.clone())) {
        return None;
    }
    let by_handle = office.members.values().find(|member| {
        member.handles.get(chat).is_some_and(|handle| {
            let handle = handle.trim_start_matches('@');
            handle == person.id || handle.eq_ignore_ascii_case(&person.handle)
        })
    });
    by_handle.or_else(|| {
        let email = person.email.as_deref()?;
        office.members.values().find(|member| {
            !member.handles.contains_key(chat)
                && member.email.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(email))
        })
    })
}
