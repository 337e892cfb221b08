//! Reading one message with its thread, for a ticket opened from something said before Vigie listened.
//!
//! Start reading at [`DiscordChat::read_one`].

use serde_json::Value;

use super::DiscordChat;
use super::rest::RestError;
use super::send::checked_id;
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
        let mut said = vec![root.clone()];
        if let Some(thread) = root.get("thread").and_then(|thread| thread.get("id")).and_then(Value::as_str) {
            let path = format!("channels/{thread}/messages?limit={THREAD_MAX}&after=0");
            if let Ok(Value::Array(replies)) = self.rest.get(&path).await {
                said.extend(replies.into_iter().rev());
            }
        }
        let me = self.me().await?;
        let guild = self.channel_facts(channel).await?.guild;
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
}
