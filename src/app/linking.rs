//! One person, one member, in both chats: accounts linked by a one-time code, or by whoever may change settings.
//!
//! Mail addresses and the office file link the rest (`people::sync_directory`). A code is typed once, within
//! [`CODE_LIFE_MS`], in the chat where the person is still unknown; guessing is stopped after [`TRIES_MAX`].
//! Start at [`code`] and [`redeem`].

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::work::{Work, encode};
use super::{Fault, office};
use crate::domain::decide::Actor;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::office::changes::OfficeChange;
use crate::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use crate::store::{directory, settings};

/// How long a code can be typed, in milliseconds: enough to change to the other chat.
pub const CODE_LIFE_MS: i64 = 10 * MINUTE_MS;
/// Wrong codes one account may type within [`TRIES_WITHIN_MS`].
pub const TRIES_MAX: usize = 5;
/// For how long a wrong code counts, in milliseconds.
pub const TRIES_WITHIN_MS: i64 = HOUR_MS;
/// Letters of a code: none that is taken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Length of a code: 32^8 are a million million, five of which can be tried an hour.
const CODE_LETTERS: usize = 8;
/// The setting with the secret that makes codes unforeseeable; made at the first start.
pub const SECRET: &str = "secret:link";

/// A code that waits to be typed.
#[derive(Debug, Serialize, Deserialize)]
struct Waiting {
    member: MemberId,
    until: Timestamp,
}

fn read<T: serde::de::DeserializeOwned>(json: Option<String>) -> Option<T> {
    json.and_then(|json| serde_json::from_str(&json).ok())
}

/// A new code for a member; the former one ends.
///
/// # Errors
/// [`Fault::Refused`] before the first start, [`Fault::Store`].
pub async fn code(work: &mut Work<'_>, member: &MemberId, request: &str) -> Result<(String, Timestamp), Fault> {
    let Some(secret) = settings::get(work.tx, SECRET).await? else {
        return Err(Fault::refused(Notice::new("link-not-ready")));
    };
    let digest = Sha256::digest(format!("{secret}:{member}:{request}:{}", work.now.0).as_bytes());
    let letters = digest.iter().take(CODE_LETTERS).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    let code: String = letters.collect();
    let own = format!("link-of:{member}");
    if let Some(former) = settings::get(work.tx, &own).await? {
        settings::delete(work.tx, &format!("link:{former}")).await?;
    }
    let until = work.now.plus_ms(CODE_LIFE_MS);
    let waiting = encode("link", &Waiting { member: member.clone(), until })?;
    settings::put(work.tx, &format!("link:{code}"), &waiting).await?;
    settings::put(work.tx, &own, &code).await?;
    Ok((code, until))
}

/// What came of a typed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The account is this member's from now on.
    Linked(MemberId),
    /// Not; the sentence says why. What it says is kept: tries are counted.
    No(Notice),
}

/// An account that nobody knows types a code.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn redeem(work: &mut Work<'_>, chat: &str, user: &str, typed: &str) -> Result<Redeemed, Fault> {
    let tries_key = format!("link-tries:{chat}:{user}");
    let tries: Option<Vec<Timestamp>> = read(settings::get_locked(work.tx, &tries_key).await?);
    let mut tries = tries.unwrap_or_default();
    tries.retain(|at| work.now.since(*at) < TRIES_WITHIN_MS);
    if tries.len() >= TRIES_MAX {
        return Ok(Redeemed::No(Notice::new("link-too-often")));
    }
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let key = format!("link:{code}");
    let waiting: Option<Waiting> = read(settings::get_locked(work.tx, &key).await?);
    let good =
        waiting.filter(|waiting| work.now < waiting.until && work.office().members.contains_key(&waiting.member));
    let Some(waiting) = good else {
        tries.push(work.now);
        settings::put(work.tx, &tries_key, &encode("link", &tries)?).await?;
        return Ok(Redeemed::No(Notice::new("link-wrong")));
    };
    settings::delete(work.tx, &key).await?;
    settings::delete(work.tx, &format!("link-of:{}", waiting.member)).await?;
    settings::delete(work.tx, &tries_key).await?;
    link(work, &Actor::Member { id: waiting.member.clone() }, &waiting.member, chat, user).await?;
    Ok(Redeemed::Linked(waiting.member))
}

/// An account is a member's from now on.
///
/// # Errors
/// [`Fault::Refused`] when it is somebody else's, [`Fault::Store`], [`Fault::Unreadable`].
pub async fn link(work: &mut Work<'_>, actor: &Actor, member: &MemberId, chat: &str, user: &str) -> Result<(), Fault> {
    let known = directory::identity(work.tx, chat, user).await?;
    let owner = known.as_ref().and_then(|known| known.member.clone()).map(MemberId::new);
    if let Some(owner) = owner.filter(|owner| owner != member && work.office().members.contains_key(owner)) {
        return Err(Fault::refused(Notice::new("link-taken").member("member", &owner)));
    }
    let change = OfficeChange::Linked { member: member.clone(), chat: chat.to_owned(), user: user.to_owned() };
    office::change(work, actor, change).await?;
    let identity = directory::Identity {
        chat: chat.to_owned(),
        user_id: user.to_owned(),
        member: Some(member.0.clone()),
        name: known.map(|known| known.name).unwrap_or_default(),
        locale: None,
    };
    Ok(directory::put_identity(work.tx, &identity).await?)
}

/// A member's account of a chat is nobody's from now on.
///
/// # Errors
/// [`Fault::Refused`] when there is none, [`Fault::Store`], [`Fault::Unreadable`].
pub async fn unlink(work: &mut Work<'_>, actor: &Actor, member: &MemberId, chat: &str) -> Result<(), Fault> {
    let all = directory::identities_of(work.tx, member.as_str()).await?;
    let here: Vec<directory::Identity> = all.into_iter().filter(|one| one.chat == chat).collect();
    if here.is_empty() {
        let chat = Arg::Word(format!("chat-{chat}"));
        return Err(Fault::refused(Notice::new("link-none").member("member", member).with("chat", chat)));
    }
    for account in here {
        let change =
            OfficeChange::Unlinked { member: member.clone(), chat: chat.to_owned(), user: account.user_id.clone() };
        office::change(work, actor, change).await?;
        directory::unlink_identity(work.tx, chat, &account.user_id).await?;
    }
    Ok(())
}
