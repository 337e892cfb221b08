//! Users and channels of the chats as last seen. A cache: the chats hold the truth.

use super::{Result, Row, Tx, sql};

/// A user of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The chat's key.
    pub chat: String,
    /// The chat's user id.
    pub user_id: String,
    /// The member of the office this user is.
    pub member: Option<String>,
    /// Name to show; empty when unknown.
    pub name: String,
    /// Language tag of the user's client.
    pub locale: Option<String>,
}

/// A channel of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    /// The chat's key.
    pub chat: String,
    /// Channel id.
    pub id: String,
    /// Name without `#`.
    pub name: String,
    /// The bot is in it.
    pub joined: bool,
}

/// Remembers a user. What is `None` or empty keeps its former value; [`unlink_identity`] takes a member away.
///
/// # Errors
/// What the engine refused.
pub async fn put_identity(tx: &mut Tx, identity: &Identity) -> Result<()> {
    let values = [
        (&identity.chat).into(),
        (&identity.user_id).into(),
        (&identity.member).into(),
        (&identity.name).into(),
        (&identity.locale).into(),
    ];
    tx.execute(sql::IDENTITY_PUT, &values).await.map(|_| ())
}

/// A user.
///
/// # Errors
/// What the engine refused.
pub async fn identity(tx: &mut Tx, chat: &str, user_id: &str) -> Result<Option<Identity>> {
    tx.row(sql::IDENTITY_GET, &[chat.into(), user_id.into()]).await?.as_ref().map(identity_row).transpose()
}

/// The users a member is, over all chats.
///
/// # Errors
/// What the engine refused.
pub async fn identities_of(tx: &mut Tx, member: &str) -> Result<Vec<Identity>> {
    tx.rows(sql::IDENTITIES_OF, &[member.into()]).await?.iter().map(identity_row).collect()
}

/// At most `max` users of a chat.
///
/// # Errors
/// What the engine refused.
pub async fn identities_in(tx: &mut Tx, chat: &str, max: i64) -> Result<Vec<Identity>> {
    tx.rows(sql::IDENTITIES_IN, &[chat.into(), max.into()]).await?.iter().map(identity_row).collect()
}

/// The user is no longer a member; false when the user is not known.
///
/// # Errors
/// What the engine refused.
pub async fn unlink_identity(tx: &mut Tx, chat: &str, user_id: &str) -> Result<bool> {
    tx.changed(sql::IDENTITY_UNLINK, &[chat.into(), user_id.into()]).await
}

fn identity_row(row: &Row) -> Result<Identity> {
    Ok(Identity {
        chat: row.text("chat")?,
        user_id: row.text("user_id")?,
        member: row.opt_text("member")?,
        name: row.text("name")?,
        locale: row.opt_text("locale")?,
    })
}

/// Remembers a channel.
///
/// # Errors
/// What the engine refused.
pub async fn put_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let values = [(&channel.chat).into(), (&channel.id).into(), (&channel.name).into(), channel.joined.into()];
    tx.execute(sql::CHANNEL_PUT, &values).await.map(|_| ())
}

/// A channel by id.
///
/// # Errors
/// What the engine refused.
pub async fn channel(tx: &mut Tx, chat: &str, id: &str) -> Result<Option<Channel>> {
    tx.row(sql::CHANNEL_GET, &[chat.into(), id.into()]).await?.as_ref().map(channel_row).transpose()
}

/// A channel by name, preferring one the bot is in.
///
/// # Errors
/// What the engine refused.
pub async fn channel_named(tx: &mut Tx, chat: &str, name: &str) -> Result<Option<Channel>> {
    tx.row(sql::CHANNEL_NAMED, &[chat.into(), name.into()]).await?.as_ref().map(channel_row).transpose()
}

/// All channels of a chat by name.
///
/// # Errors
/// What the engine refused.
pub async fn channels(tx: &mut Tx, chat: &str) -> Result<Vec<Channel>> {
    tx.rows(sql::CHANNELS_OF, &[chat.into()]).await?.iter().map(channel_row).collect()
}

/// The channel is gone; false when it was not known.
///
/// # Errors
/// What the engine refused.
pub async fn delete_channel(tx: &mut Tx, chat: &str, id: &str) -> Result<bool> {
    tx.changed(sql::CHANNEL_DELETE, &[chat.into(), id.into()]).await
}

fn channel_row(row: &Row) -> Result<Channel> {
    Ok(Channel {
        chat: row.text("chat")?,
        id: row.text("id")?,
        name: row.text("name")?,
        joined: row.int("joined")? != 0,
    })
}
