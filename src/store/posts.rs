//! Where a subject is shown: one live message per subject, purpose and chat.

use super::{Result, Row, Tx, sql};
use crate::domain::time::Timestamp;

/// A message of ours in a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// What it shows, e.g. `ticket:12`.
    pub subject: String,
    /// Why it stands there, e.g. `card`.
    pub purpose: String,
    /// The chat's key.
    pub chat: String,
    /// Channel id.
    pub channel: String,
    /// Message id.
    pub message: String,
    /// Thread that belongs to it or that it stands in.
    pub thread: Option<String>,
    /// When it was posted.
    pub at: Timestamp,
}

/// Remembers a message, in place of the former one of the same subject, purpose and chat.
///
/// # Errors
/// What the engine refused.
pub async fn put(tx: &mut Tx, post: &Post) -> Result<()> {
    let values = [
        (&post.subject).into(),
        (&post.purpose).into(),
        (&post.chat).into(),
        (&post.channel).into(),
        (&post.message).into(),
        (&post.thread).into(),
        post.at.into(),
    ];
    tx.execute(sql::POST_PUT, &values).await.map(|_| ())
}

/// One message.
///
/// # Errors
/// What the engine refused.
pub async fn get(tx: &mut Tx, subject: &str, purpose: &str, chat: &str) -> Result<Option<Post>> {
    tx.row(sql::POST_GET, &[subject.into(), purpose.into(), chat.into()]).await?.as_ref().map(post).transpose()
}

/// All messages of a subject, by purpose and chat.
///
/// # Errors
/// What the engine refused.
pub async fn of_subject(tx: &mut Tx, subject: &str) -> Result<Vec<Post>> {
    tx.rows(sql::POSTS_OF, &[subject.into()]).await?.iter().map(post).collect()
}

/// What a message shows (the latest, should several subjects share one message).
///
/// # Errors
/// What the engine refused.
pub async fn by_message(tx: &mut Tx, chat: &str, channel: &str, message: &str) -> Result<Option<Post>> {
    let values = [chat.into(), channel.into(), message.into()];
    tx.row(sql::POSTS_BY_MESSAGE, &values).await?.as_ref().map(post).transpose()
}

/// What stands in or owns a thread, oldest first: the first one opened it.
///
/// # Errors
/// What the engine refused.
pub async fn by_thread(tx: &mut Tx, chat: &str, thread: &str) -> Result<Vec<Post>> {
    tx.rows(sql::POSTS_BY_THREAD, &[chat.into(), thread.into()]).await?.iter().map(post).collect()
}

/// Forgets a message; false when it was not known.
///
/// # Errors
/// What the engine refused.
pub async fn delete(tx: &mut Tx, subject: &str, purpose: &str, chat: &str) -> Result<bool> {
    tx.changed(sql::POST_DELETE, &[subject.into(), purpose.into(), chat.into()]).await
}

fn post(row: &Row) -> Result<Post> {
    Ok(Post {
        subject: row.text("subject")?,
        purpose: row.text("purpose")?,
        chat: row.text("chat")?,
        channel: row.text("channel")?,
        message: row.text("message")?,
        thread: row.opt_text("thread")?,
        at: row.at("at")?,
    })
}
