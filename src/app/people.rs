//! Who is who in the chats, who is there, and whose turn it is.
//!
//! Never trusts a name typed in a message: people are known by the chat's user id, matched once with the office file.
//! Start at [`assign_by_rotation`] and [`member_of`].

use std::collections::BTreeMap;

use super::say::Voice;
use super::work::{Loaded, Work, encode, read_state};
use super::{App, Fault};
use crate::domain::decide::Actor;
use crate::domain::desk::priority::Priority;
use crate::domain::desk::ticket::{Choice, Command, Event, Refusal, Ticket};
use crate::domain::ids::Kind;
use crate::domain::office::{Lang, Member, MemberId, Office};
use crate::domain::people::rotation::{self, Candidate, CostTable, Exclusion, Rotation};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::Timestamp;
use crate::ports::chat::{Person, SendError};
use crate::store::{aggregates, directory, settings};

/// Most accounts of one chat kept in view for mentions; larger directories are still matched one by one.
const IDENTITIES_MAX: i64 = 5_000;
/// A full post, in the thousandths that the rotation counts in.
const FULL_POST_MILLI: u32 = 1_000;

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

/// What became of an assignment by rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// They got it.
    Given(MemberId),
    /// Nobody could be chosen; told to the lead once.
    Nobody,
}

/// Gives a ticket to whoever's turn it is and moves the rotation, in this transaction.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn assign_by_rotation(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Ticket>,
    role: Option<&str>,
    actor: &Actor,
) -> Result<Result<Turn, Refusal>, Fault> {
    let role = role.map_or_else(|| loaded.state.opening.role.clone(), str::to_owned);
    let costs = CostTable::default();
    let candidates = candidates(work, &role, &loaded.state).await?;
    let mut rotation = load_rotation(work, &role).await?;
    for change in rotation.presence_changes(&candidates, costs.largest()) {
        rotation = rotation.evolve(&change);
    }
    let asked = rotation::Request { cost_max: costs.largest(), sticky: None };
    let picked = rotation.pick(&candidates, &asked);
    let Ok(picked) = picked else {
        save_rotation(work, &role, &rotation).await?;
        if let Some(stand_in) = super::absence::moves::inherit(work, loaded, &role).await? {
            return Ok(Ok(Turn::Given(stand_in)));
        }
        if loaded.state.unassigned_told || loaded.state.assignee.is_some() {
            return Ok(Ok(Turn::Nobody));
        }
        let id = loaded.state.id;
        let events = vec![Event::LeftUnassigned];
        work.record(id, loaded, &events, actor).await?;
        return Ok(Ok(Turn::Nobody));
    };
    let explanation = serde_json::to_value(&picked)
        .map_err(|error| Fault::Unreadable { what: "rotation".into(), cause: error.to_string() })?;
    let command = Command::Assign { to: picked.member.clone(), choice: Choice::Rotation { explanation }, seen: None };
    let id = loaded.state.id;
    match work.act(id, loaded, &command, actor).await? {
        Err(refusal) => Ok(Err(refusal)),
        Ok(_) => {
            let rotation = rotation.evolve(&rotation::Event::Assigned {
                member: picked.member.clone(),
                cost: costs.cost(priority_of(&loaded.state), loaded.state.reopened > 0),
                weight: picked.weight,
                automatic: true,
                sharers: rotation::sharers(&candidates),
                at: work.now,
            });
            save_rotation(work, &role, &rotation).await?;
            Ok(Ok(Turn::Given(picked.member)))
        }
    }
}

/// Counts a ticket that somebody took or was given by hand, so that the rotation knows their load.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn count_by_hand(work: &mut Work<'_>, ticket: &Ticket, member: &MemberId) -> Result<(), Fault> {
    let role = ticket.opening.role.clone();
    let candidates = candidates(work, &role, ticket).await?;
    let Some(candidate) = candidates.iter().find(|candidate| candidate.member == *member) else { return Ok(()) };
    let costs = CostTable::default();
    let rotation = load_rotation(work, &role).await?.evolve(&rotation::Event::Assigned {
        member: member.clone(),
        cost: costs.cost(priority_of(ticket), ticket.reopened > 0),
        weight: candidate.weight(),
        automatic: false,
        sharers: rotation::sharers(&candidates),
        at: work.now,
    });
    save_rotation(work, &role, &rotation).await
}

pub(super) fn priority_of(ticket: &Ticket) -> Priority {
    match ticket.opening.priority {
        1 => Priority::P1,
        2 => Priority::P2,
        3 => Priority::P3,
        _ => Priority::P4,
    }
}

async fn candidates(work: &mut Work<'_>, role: &str, ticket: &Ticket) -> Result<Vec<Candidate>, Fault> {
    let loads = aggregates::count_open_by_owner(work.tx, Kind::Ticket.stored()).await?;
    let loads: BTreeMap<String, i64> =
        loads.into_iter().filter_map(|(owner, load)| owner.map(|owner| (owner, load))).collect();
    let office = &work.setup.office;
    Ok(office
        .holders(role)
        .filter(|member| ticket.assignee.as_ref() != Some(&member.id))
        .map(|member| Candidate {
            member: member.id.clone(),
            share_milli: member.weight.saturating_mul(FULL_POST_MILLI),
            skill: member.skills.get(&ticket.opening.topic).copied().unwrap_or(1),
            capacity: member.capacity,
            open_load: loads.get(member.id.as_str()).and_then(|load| u32::try_from(*load).ok()).unwrap_or(0),
            exclusion: exclusion(office, member, ticket, work.now),
        })
        .collect())
}

fn exclusion(office: &Office, member: &Member, ticket: &Ticket, now: Timestamp) -> Option<Exclusion> {
    if office.away.is_away(&member.id, now) {
        return Some(Exclusion::Away);
    }
    if member.hours.as_ref().is_some_and(|hours| !hours.is_open(now)) {
        return Some(Exclusion::OffShift);
    }
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own: false };
    rights::check(office, &member.id, Right::Claim, scope).err().map(|_| Exclusion::NoRight)
}

async fn load_rotation(work: &mut Work<'_>, role: &str) -> Result<Rotation, Fault> {
    match settings::get(work.tx, &format!("rotation:{role}")).await? {
        Some(json) => read_state(Kind::Ticket, 0, &json),
        None => Ok(Rotation::default()),
    }
}

async fn save_rotation(work: &mut Work<'_>, role: &str, rotation: &Rotation) -> Result<(), Fault> {
    Ok(settings::put(work.tx, &format!("rotation:{role}"), &encode("rotation", rotation)?).await?)
}

/// Reads a chat's people and channels and stores who of them is a member of the office.
///
/// # Errors
/// The chat's own error; nothing is changed then.
pub async fn sync_directory(app: &App, chat: &str) -> Result<(), SyncError> {
    let Some(connected) = app.registry.chats.get(chat) else { return Ok(()) };
    let people = connected.people().await?;
    let channels = connected.channels().await?;
    let setup = app.setup();
    let mut tx = app.store.begin().await.map_err(Fault::from)?;
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
