//! Messages heard in chats, kept for a while: a ticket opened later from one of them takes its words and its thread.
//!
//! Never a source of work by itself; old rows are forgotten (see `app::retention`).

use super::tx::{Row, Tx};
use super::{StoreError, sql};
use crate::domain::time::Timestamp;
use crate::ports::chat::MessageRef;
use crate::ports::inbound::{Author, ChatMessage};

/// Most messages of one thread that are read.
const THREAD_MAX: i64 = 100;

/// A message as it was heard last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Channel.
    pub channel: String,
    /// Message.
    pub message: String,
    /// Thread it stands in.
    pub thread: Option<String>,
    /// Author's id.
    pub author: String,
    /// Author's name.
    pub author_name: String,
    /// Written by an app.
    pub automated: bool,
    /// Text.
    pub text: String,
    /// Link.
    pub url: String,
    /// When written.
    pub at: Timestamp,
}

impl Heard {
    /// As the message it was.
    #[must_use]
    pub fn into_message(self) -> ChatMessage {
        ChatMessage {
            at: MessageRef { channel: self.channel, message: self.message },
            thread: self.thread,
            author: Author { id: self.author, name: self.author_name, automated: self.automated },
            text: self.text,
            url: self.url,
            written_at: self.at,
            edited_at: None,
            direct: false,
            to_bot: None,
            attachments: Vec::new(),
        }
    }
}

/// Remembers a message, or its newer text. Direct conversations with the bot are not kept.
///
/// # Errors
/// What the engine refused.
pub async fn put(tx: &mut Tx, chat: &str, message: &ChatMessage) -> Result<(), StoreError> {
    if message.direct {
        return Ok(());
    }
    let values = [
        chat.into(),
        message.at.channel.as_str().into(),
        message.at.message.as_str().into(),
        message.thread.as_deref().into(),
        message.author.id.as_str().into(),
        message.author.name.as_str().into(),
        i64::from(message.author.automated).into(),
        message.text.as_str().into(),
        message.url.as_str().into(),
        message.written_at.into(),
    ];
    tx.execute(sql::HEARD_PUT, &values).await?;
    Ok(())
}

/// One message.
///
/// # Errors
/// What the engine refused.
pub async fn get(tx: &mut Tx, chat: &str, channel: &str, message: &str) -> Result<Option<Heard>, StoreError> {
    tx.row(sql::HEARD_GET, &[chat.into(), channel.into(), message.into()]).await?.as_ref().map(read).transpose()
}

/// The messages of a thread, its root included, oldest first.
///
/// # Errors
/// What the engine refused.
pub async fn thread(tx: &mut Tx, chat: &str, channel: &str, root: &str) -> Result<Vec<Heard>, StoreError> {
    let values = [chat.into(), channel.into(), root.into(), THREAD_MAX.into()];
    tx.rows(sql::HEARD_THREAD, &values).await?.iter().map(read).collect()
}

/// Forgets a message that was deleted.
///
/// # Errors
/// What the engine refused.
pub async fn delete(tx: &mut Tx, chat: &str, channel: &str, message: &str) -> Result<bool, StoreError> {
    tx.changed(sql::HEARD_DELETE, &[chat.into(), channel.into(), message.into()]).await
}

/// The newest message of a channel written before an instant.
///
/// # Errors
/// What the engine refused.
pub async fn newest_before(
    tx: &mut Tx,
    chat: &str,
    channel: &str,
    before: Timestamp,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let row = tx.row(sql::HEARD_NEWEST, &[chat.into(), channel.into(), before.into()]).await?;
    row.map_or(Ok(None), |row| Ok(Some((row.text("message")?, row.at("at")?))))
}

/// Forgets what was written before an instant; returns how much.
///
/// # Errors
/// What the engine refused.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(sql::HEARD_FORGET, &[before.into()]).await
}

fn read(row: &Row) -> Result<Heard, StoreError> {
    Ok(Heard {
        channel: row.text("channel")?,
        message: row.text("message")?,
        thread: row.opt_text("thread")?,
        author: row.text("author")?,
        author_name: row.text("author_name")?,
        automated: row.int("automated")? != 0,
        text: row.text("text")?,
        url: row.text("url")?,
        at: row.at("at")?,
    })
}
