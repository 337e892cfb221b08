//! Up to which message each channel was read: where catching up after a gap starts.

use super::{Result, Row, Tx, sql};
use crate::domain::time::Timestamp;

/// The latest message seen in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The chat's key.
    pub chat: String,
    /// Channel id.
    pub channel: String,
    /// Message id.
    pub message: String,
    /// When that message was written.
    pub at: Timestamp,
}

/// Moves the cursor forward; an older message leaves it where it is (false).
///
/// # Errors
/// What the engine refused.
pub async fn advance(tx: &mut Tx, cursor: &Cursor) -> Result<bool> {
    let values = [(&cursor.chat).into(), (&cursor.channel).into(), (&cursor.message).into(), cursor.at.into()];
    tx.changed(sql::CURSOR_ADVANCE, &values).await
}

/// The cursor of a channel.
///
/// # Errors
/// What the engine refused.
pub async fn get(tx: &mut Tx, chat: &str, channel: &str) -> Result<Option<Cursor>> {
    tx.row(sql::CURSOR_GET, &[chat.into(), channel.into()]).await?.as_ref().map(cursor).transpose()
}

/// All cursors of a chat.
///
/// # Errors
/// What the engine refused.
pub async fn of_chat(tx: &mut Tx, chat: &str) -> Result<Vec<Cursor>> {
    tx.rows(sql::CURSORS_OF, &[chat.into()]).await?.iter().map(cursor).collect()
}

fn cursor(row: &Row) -> Result<Cursor> {
    Ok(Cursor {
        chat: row.text("chat")?,
        channel: row.text("channel")?,
        message: row.text("message")?,
        at: row.at("at")?,
    })
}
