//! The answer address of an interaction, as it travels through the rest of Vigie as an opaque text.
//!
//! Never here: calls. Start reading at [`ReplyTo`].

use serde::{Deserialize, Serialize};

/// Where and how an interaction can be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplyTo {
    /// Opens forms; within three seconds, once.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub trigger_id: Option<String>,
    /// Answers the interaction; within 30 minutes, five times. Checked against the allowed hosts when used.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub response_url: Option<String>,
    /// Channel, empty when there was none.
    #[serde(rename = "c", skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// The person.
    #[serde(rename = "u", skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// Thread inside the channel.
    #[serde(rename = "th", skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
}

impl ReplyTo {
    /// As text, for [`crate::ports::inbound::Caller::reply_to`].
    #[must_use]
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it back; `None` when it is not one of ours.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
