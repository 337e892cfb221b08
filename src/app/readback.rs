//! Reading back what a gap may have swallowed: after a start, a reconnect or a failed resume the watched channels'
//! history since the last safe point is handed in again; the inbox drops what it already has.
//!
//! Start at [`App::readback_once`].

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{App, Fault};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::SendError;
use crate::store::cursors::{self, Cursor};
use crate::store::{directory, heard};

/// Pages of history read for one channel in one turn: 100 messages each at the most.
const PAGES_MAX: usize = 50;
/// A message heard this long ago is safely inside; the cursor trails the stream by so much.
const TRAIL_MS: i64 = MINUTE_MS;

/// What is to be read back, and whose directory is old.
#[derive(Debug, Default)]
pub struct Gaps {
    chats: Mutex<BTreeSet<String>>,
    stale: Mutex<BTreeSet<String>>,
    any: AtomicBool,
}

impl Gaps {
    fn mark(&self, set: &Mutex<BTreeSet<String>>, chat: &str) {
        set.lock().unwrap_or_else(PoisonError::into_inner).insert(chat.to_owned());
        self.any.store(true, Ordering::SeqCst);
    }

    fn take(set: &Mutex<BTreeSet<String>>) -> BTreeSet<String> {
        std::mem::take(&mut *set.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl App {
    /// A chat's channels must be read back.
    pub fn readback_due(&self, chat: &str) {
        self.gaps.mark(&self.gaps.chats, chat);
        self.wakers.upkeep.notify_one();
    }

    /// A chat's people or channels have changed.
    pub fn directory_stale(&self, chat: &str) {
        self.gaps.mark(&self.gaps.stale, chat);
        self.wakers.upkeep.notify_one();
    }

    /// Whether something waits to be read.
    #[must_use]
    pub fn upkeep_waits(&self) -> bool {
        self.gaps.any.load(Ordering::SeqCst)
    }

    /// Refreshes stale directories and reads back gaps; what fails is marked again.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn upkeep_once(&self) -> Result<bool, Fault> {
        if !self.gaps.any.swap(false, Ordering::SeqCst) {
            return Ok(false);
        }
        let mut failed = false;
        for chat in Gaps::take(&self.gaps.stale) {
            if let Err(error) = super::people::sync_directory(self, &chat).await {
                tracing::warn!(chat, %error, "the directory could not be read");
                self.gaps.mark(&self.gaps.stale, &chat);
                failed = true;
            }
        }
        for chat in Gaps::take(&self.gaps.chats) {
            if let Err(error) = self.readback_once(&chat).await {
                tracing::warn!(chat, %error, "history could not be read back");
                self.gaps.mark(&self.gaps.chats, &chat);
                failed = true;
            }
        }
        Ok(!failed)
    }

    /// Reads back all watched channels of a chat.
    ///
    /// # Errors
    /// [`ReadbackError`]; channels already read stay read.
    pub async fn readback_once(&self, chat: &str) -> Result<(), ReadbackError> {
        let Some(connected) = self.registry.chats.get(chat).cloned() else { return Ok(()) };
        for channel in self.watched_channels(chat).await? {
            let mut tx = self.store.read().await.map_err(Fault::from)?;
            let cursor = cursors::get(&mut tx, chat, &channel).await.map_err(Fault::from)?;
            drop(tx);
            let now = self.clock.now();
            let Some(cursor) = cursor else {
                // First meeting: what was said before Vigie came is not work.
                self.put_cursor(chat, &channel, "", now).await?;
                continue;
            };
            let mut after = Some(cursor.message.clone()).filter(|message| !message.is_empty());
            let since = cursor.at;
            for _ in 0..PAGES_MAX {
                let page = connected.history(&channel, after.as_deref(), since).await?;
                for envelope in page.envelopes {
                    crate::ports::envelope::Intake::accept(self, envelope)
                        .await
                        .map_err(|error| ReadbackError::Store(error.cause))?;
                }
                if page.newest.is_some() {
                    after = page.newest;
                    self.put_cursor(chat, &channel, after.as_deref().unwrap_or_default(), since).await?;
                }
                if !page.more {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn put_cursor(&self, chat: &str, channel: &str, message: &str, at: Timestamp) -> Result<(), Fault> {
        let mut tx = self.store.begin().await?;
        let cursor = Cursor { chat: chat.to_owned(), channel: channel.to_owned(), message: message.to_owned(), at };
        cursors::advance(&mut tx, &cursor).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ids of the channels of a chat that the office watches.
    async fn watched_channels(&self, chat: &str) -> Result<Vec<String>, Fault> {
        let setup = self.setup();
        let mut tx = self.store.read().await?;
        let known = directory::channels(&mut tx, chat).await?;
        let watched: Vec<&str> = setup
            .office
            .desks
            .iter()
            .filter_map(|desk| desk.watch.get(chat))
            .flatten()
            .map(|name| name.trim_start_matches('#'))
            .collect();
        let all = watched.contains(&"*");
        Ok(known
            .into_iter()
            .filter(|channel| {
                channel.joined
                    && (all || watched.contains(&channel.name.as_str()) || watched.contains(&channel.id.as_str()))
            })
            .map(|channel| channel.id)
            .collect())
    }

    /// Moves the cursors of connected chats up behind the stream, so that the next reading back starts there.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn trail_cursors(&self) -> Result<(), Fault> {
        for (chat, connected) in &self.registry.chats {
            if !connected.connected() || self.upkeep_waits() {
                continue;
            }
            let before = self.clock.now().plus_ms(-TRAIL_MS);
            for channel in self.watched_channels(chat).await? {
                let mut tx = self.store.begin().await?;
                if let Some((message, at)) = heard::newest_before(&mut tx, chat, &channel, before).await? {
                    let cursor = Cursor { chat: chat.clone(), channel: channel.clone(), message, at };
                    cursors::advance(&mut tx, &cursor).await?;
                }
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

/// Why reading back stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReadbackError {
    /// The chat.
    #[error(transparent)]
    Chat(#[from] SendError),
    /// The database.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The inbox.
    #[error("not stored: {0}")]
    Store(String),
}
