//! Reading one message with its thread, for a ticket opened from something said before Vigie listened.
//!
//! Start reading at [`DiscordChat::read_one`].

use serde_json::Value;

use super::DiscordChat;
use super::rest::RestError;
use super::send::checked_id;
use super::snowflake::{id_at, order};
use super::wrap::{Wrapping, envelope};
use crate::ports::chat::{Chat, SendError};
use crate::ports::envelope::Urgency;
use crate::ports::inbound::{ChatMessage, Inbound};

/// Messages of a thread that are read at most: what one page holds (Discord docs: Get Channel Messages).
const THREAD_MAX: usize = 100;

impl DiscordChat {
    /// The message and the messages of the thread that hangs on it, oldest first; `None` when it is gone.
    pub(super) async fn read_one(&self, channel: &str, message: &str) -> Result<Option<Vec<ChatMessage>>, SendError> {
        checked_id(channel, "channel")?;
        checked_id(message, "message")?;
        let root =
            match self.rest.get(&format!("channels/{channel}/messages/{message}")).await.map_err(RestError::repeatable)
            {
                Err(SendError::Permanent { code, .. }) if code == "10008" => return Ok(None),
                other => other?,
            };
        let facts = self.channel_facts(channel).await?;
        // A thread begins on the message, or the message stands in one.
        let begun = root.get("thread").and_then(|thread| id_at(thread, "id"));
        let mut said = match begun.or_else(|| facts.thread.then(|| channel.to_owned())) {
            Some(thread) => self.read_thread(&thread).await?,
            None => Vec::new(),
        };
        let asked = id_at(&root, "id");
        if !said.iter().any(|one| id_at(one, "id") == asked) {
            said.push(root);
        }
        said.sort_by_key(|one| id_at(one, "id").map_or(0, |id| order(&id)));
        let me = self.me().await?;
        let guild = facts.guild;
        let now = self.clock.now();
        let found: Vec<ChatMessage> = said
            .into_iter()
            .filter_map(|one| {
                let wrapping =
                    Wrapping { kind: "MESSAGE_CREATE", me: &me, guild: guild.as_deref(), session: "", count: 0 };
                match self.decode(&envelope(&wrapping, one, &self.directory, Urgency::Backfill, now)) {
                    Inbound::Message(message) => Some(message),
                    _ => None,
                }
            })
            .collect();
        Ok(Some(found).filter(|found| !found.is_empty()))
    }

    /// The first messages of a thread; none when it was deleted.
    async fn read_thread(&self, thread: &str) -> Result<Vec<Value>, SendError> {
        // Its facts tell decoding that its messages stand in a thread.
        let known = match self.channel_facts(thread).await {
            Err(SendError::Permanent { code, .. }) if code == "10003" => return Ok(Vec::new()),
            other => other.map(|_| ()),
        };
        known?;
        let path = format!("channels/{thread}/messages?limit={THREAD_MAX}&after=0");
        let page = self.rest.get(&path).await.map_err(RestError::repeatable)?;
        Ok(page.as_array().cloned().unwrap_or_default())
    }
}
