//! Reading one message with its thread, for a ticket opened from something said before Vigie listened.
//!
//! Start reading at [`SlackChat::read_one`].

use serde_json::{Value, json};

use super::SlackChat;
use super::envelope::envelope;
use crate::ports::chat::{Chat, SendError};
use crate::ports::inbound::{ChatMessage, Inbound};

/// Messages of a thread that are read at most: what one page holds.
const THREAD_MAX: &str = "100";

impl SlackChat {
    /// The message and, when it began a thread, its replies, oldest first; `None` when it is gone.
    pub(super) async fn read_one(&self, channel: &str, message: &str) -> Result<Option<Vec<ChatMessage>>, SendError> {
        let own = self.identity().await?;
        let asked = [("channel", channel.to_owned()), ("ts", message.to_owned()), ("limit", THREAD_MAX.to_owned())];
        let page = match self.wire.get("conversations.replies", &asked).await {
            Err(SendError::Permanent { code, .. }) if code == "thread_not_found" => return Ok(None),
            other => other?,
        };
        let now = self.clock.now();
        let found: Vec<ChatMessage> = page["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|said| {
                let mut event = said.clone();
                event["type"] = Value::from("message");
                event["channel"] = Value::from(channel);
                let raw = json!({"type": "events_api", "payload": {
                    "type": "event_callback", "team_id": own.team_id, "api_app_id": own.app_id, "event": event,
                }});
                match self.decode(&envelope(&raw.to_string(), now)) {
                    Inbound::Message(message) => Some(message),
                    _ => None,
                }
            })
            .collect();
        Ok(Some(found).filter(|found| !found.is_empty()))
    }
}
