//! Envelopes once an adapter has read them: what people and other apps did in a chat, without any vendor format.
//!
//! Ids (users, channels, messages) are the chat's own and opaque here. Text is the author's, never trusted.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::chat::MessageRef;
use super::social::SocialMessage;
use crate::domain::time::Timestamp;

/// The author of a chat message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The chat's user id, or the app/bot/webhook id when another app wrote it.
    pub id: String,
    /// Name to show; may be empty when the chat did not send it.
    pub name: String,
    /// Written by an app, a bot or a webhook rather than a person.
    pub automated: bool,
}

/// A file attached to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Where it can be seen; never fetched by Vigie on its own.
    pub url: String,
    /// Media type, empty when unknown.
    pub mime: String,
}

/// A message as it stands in a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Where it stands.
    pub at: MessageRef,
    /// The root message of the thread it was written in (Slack) or the thread's own channel id (Discord); `None` outside threads.
    pub thread: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// Its text as a person reads it: mark-up removed, mentions written `@name`, text of attachments and embeds of other apps appended.
    pub text: String,
    /// Link to the message in the chat, empty when unknown.
    pub url: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When its author changed it last, if they did and the chat told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// A direct conversation with the bot.
    pub direct: bool,
    /// Set when the message addresses the bot by a mention: the text after the mention, trimmed.
    pub to_bot: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// Where an interaction came from and how it can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The chat's user id.
    pub user: String,
    /// The user's name, empty when unknown.
    pub name: String,
    /// Language tag of the user's client when the chat sent one, e.g. `fr`, `en-US`.
    pub locale: Option<String>,
    /// Channel id, empty when the chat sent none (e.g. a global shortcut).
    pub channel: String,
    /// Thread, as in [`ChatMessage::thread`].
    pub thread: Option<String>,
    /// Opaque answer address of the adapter (trigger, response address, interaction token); handed back in
    /// [`super::chat::Call::Answer`] and [`super::chat::Call::OpenForm`].
    pub reply_to: String,
    /// After this instant a first answer or form is refused by the chat.
    pub answer_by: Timestamp,
    /// They may use commands in this channel but not write in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Inbound {
    /// A message on a social network.
    Social(Box<SocialMessage>),
    /// A new message.
    Message(ChatMessage),
    /// A message's text was changed; carries the whole new message.
    Edited(ChatMessage),
    /// A message was deleted.
    Deleted {
        /// Which.
        at: MessageRef,
        /// Thread it stood in, when known.
        thread: Option<String>,
    },
    /// A reaction was added or removed.
    Reaction {
        /// The message reacted to.
        at: MessageRef,
        /// User id.
        user: String,
        /// One of the names of [`Mark`], already normalised; other emoji arrive as `Ignored`.
        mark: Mark,
        /// Added (true) or removed.
        added: bool,
    },
    /// A slash command, or a command typed after a mention.
    Command {
        /// First word without slash, as registered or its local name (`assign`, `assigner`, `vigie`).
        name: String,
        /// All that follows, as one line. Named options of chats that have them come as `name:value` with the value
        /// quoted when it holds spaces, in the order of the command's own grammar (see `app::commands`). Mentions of
        /// people stay ids, `<@ID>`.
        text: String,
        /// Who and where.
        caller: Caller,
    },
    /// A button was pressed or a menu entry chosen.
    Press {
        /// The control's action, as given in [`super::chat::Control`].
        action: String,
        /// The control's value (for a button) as given; empty for menus.
        value: String,
        /// Chosen values of a menu; user ids for a person menu.
        chosen: Vec<String>,
        /// The message that carries the control, when it is a message.
        at: Option<MessageRef>,
        /// Who and where.
        caller: Caller,
    },
    /// A message shortcut or context command on a message.
    Shortcut {
        /// Its registered name (`open_ticket`, `add_note`, ...).
        name: String,
        /// The message.
        message: ChatMessage,
        /// Who and where.
        caller: Caller,
    },
    /// A form was submitted.
    Form {
        /// The form's name, as given in [`super::chat::Form`].
        form: String,
        /// The state given when it was opened.
        state: String,
        /// Field id to value (choices: the chosen value; persons: user id).
        fields: BTreeMap<String, String>,
        /// Who and where.
        caller: Caller,
    },
    /// A form was closed without being sent (chats that tell so).
    FormClosed {
        /// The form's name.
        form: String,
        /// The state given when it was opened.
        state: String,
        /// User id.
        user: String,
    },
    /// The user opened the app's own page in the chat.
    Home {
        /// User id.
        user: String,
    },
    /// The bot was added to or removed from a channel, or a channel or user list changed: directory caches are stale.
    Directory,
    /// Understood, and of no interest (own messages, joins, other emoji...).
    Ignored {
        /// Why, for the counters.
        reason: String,
    },
    /// Not understood; kept and counted.
    Unknown {
        /// What could not be read.
        reason: String,
    },
}

/// The emoji that mean something (PRODUCT: command grammar).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 🎫 open a ticket from this message.
    Open,
    /// 👀 claim.
    Claim,
    /// ✅ resolve.
    Resolve,
    /// 🚨 priority 1.
    Urgent,
    /// 📌 add to the crisis timeline.
    Timeline,
    /// 🧊 snooze.
    Snooze,
}

impl Mark {
    /// The emoji as a character, for chats that send Unicode (variation selectors are ignored).
    #[must_use]
    pub fn from_emoji(emoji: &str) -> Option<Self> {
        match emoji.trim_end_matches('\u{fe0f}') {
            "🎫" => Some(Self::Open),
            "👀" => Some(Self::Claim),
            "✅" => Some(Self::Resolve),
            "🚨" => Some(Self::Urgent),
            "📌" => Some(Self::Timeline),
            "🧊" => Some(Self::Snooze),
            _ => None,
        }
    }

    /// The emoji by short name, for chats that send names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "ticket" => Some(Self::Open),
            "eyes" => Some(Self::Claim),
            "white_check_mark" => Some(Self::Resolve),
            "rotating_light" => Some(Self::Urgent),
            "pushpin" => Some(Self::Timeline),
            "ice_cube" => Some(Self::Snooze),
            _ => None,
        }
    }
}

/// A completion request: somebody types a command's option and wants choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The chat's key.
    pub source: String,
    /// User id.
    pub user: String,
    /// Locale of the user's client.
    pub locale: Option<String>,
    /// Command name.
    pub command: String,
    /// Sub-command, when the command has them.
    pub verb: Option<String>,
    /// Name of the option being typed.
    pub option: String,
    /// What was typed so far.
    pub typed: String,
}

/// One completion choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the user sees.
    pub label: String,
    /// What is sent when chosen.
    pub value: String,
}
