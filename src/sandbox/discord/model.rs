//! The things a guild is made of, as the sandbox keeps them. Plain records; rules live beside them.

use serde_json::Value;

use super::ids::Id;
use super::permissions::{Bits, Overwrite};

/// Channel types used here (Discord docs, "Channel Types").
pub(super) mod kind {
    pub const TEXT: u8 = 0;
    pub const DM: u8 = 1;
    pub const VOICE: u8 = 2;
    pub const CATEGORY: u8 = 4;
    pub const ANNOUNCEMENT: u8 = 5;
    pub const ANNOUNCEMENT_THREAD: u8 = 10;
    pub const PUBLIC_THREAD: u8 = 11;
    pub const PRIVATE_THREAD: u8 = 12;
}

/// Message flags used here (Discord docs, "Message Flags").
pub(super) mod flag {
    pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub const HAS_THREAD: u64 = 1 << 5;
    pub const EPHEMERAL: u64 = 1 << 6;
    pub const LOADING: u64 = 1 << 7;
    pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    pub const COMPONENTS_V2: u64 = 1 << 15;
}

/// A user, human or bot.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub id: Id,
    pub username: String,
    pub global_name: Option<String>,
    pub email: String,
    pub locale: String,
    pub bot: bool,
    pub allows_dms: bool,
    pub color: String,
}

/// A user's membership in the guild.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub user: Id,
    pub roles: Vec<Id>,
    pub joined_ms: i64,
}

/// A role; @everyone has the guild's id.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub id: Id,
    pub name: String,
    pub color: u32,
    pub permissions: Bits,
    pub position: u64,
    pub mentionable: bool,
    /// The bot whose own role it is.
    pub bot: Option<Id>,
}

/// What only threads have.
#[derive(Clone, Debug)]
pub(super) struct Thread {
    pub owner: Id,
    pub archived: bool,
    pub locked: bool,
    pub invitable: bool,
    pub auto_archive_minutes: i64,
    pub archive_changed_ms: i64,
    pub active_ms: i64,
    pub created_ms: i64,
    pub members: Vec<(Id, i64)>,
    pub message_count: u64,
    pub total_sent: u64,
}

/// A channel of any type, threads and direct messages included.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub id: Id,
    pub kind: u8,
    pub name: String,
    pub topic: Option<String>,
    pub parent: Option<Id>,
    pub position: i64,
    pub nsfw: bool,
    pub slowmode_s: u64,
    pub overwrites: Vec<Overwrite>,
    pub recipients: Vec<Id>,
    pub last_message: Option<Id>,
    pub last_pin_ms: Option<i64>,
    pub thread: Option<Thread>,
}

impl Channel {
    /// Whether it belongs to the guild.
    pub fn in_guild(&self) -> bool {
        self.kind != kind::DM
    }

    /// Whether messages can be in it.
    pub fn holds_messages(&self) -> bool {
        self.kind != kind::CATEGORY
    }

    /// Whether it is archived just now.
    pub fn archived(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.archived)
    }
}

/// One emoji under a message.
#[derive(Clone, Debug)]
pub(super) struct Reaction {
    /// Unicode, or "name:id".
    pub emoji: String,
    pub users: Vec<Id>,
}

/// The interaction a message answers, as the message shows it.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub interaction: Id,
    pub user: Id,
    /// Discord docs, "Message Interaction Metadata Object".
    pub metadata: Value,
    /// The older `interaction` field, for commands.
    pub legacy: Option<Value>,
    /// Set on follow-ups.
    pub original: Option<Id>,
}

/// Who wrote a message when it was no user: a webhook of another app.
#[derive(Clone, Debug)]
pub(super) struct WebhookAuthor {
    pub id: Id,
    pub application: Id,
    pub username: String,
}

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    pub webhook: Option<WebhookAuthor>,
    /// Message type (0 default, 6 pin notice, 18 thread created, 19 reply, 20 slash answer, 21 thread starter, ...).
    pub kind: u8,
    pub content: String,
    pub edited_ms: Option<i64>,
    pub tts: bool,
    pub mention_everyone: bool,
    pub mentions: Vec<Id>,
    pub mention_roles: Vec<Id>,
    pub attachments: Vec<Value>,
    /// Attachments an embed or component shows; not listed again.
    pub inline_attachments: Vec<Value>,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub reactions: Vec<Reaction>,
    pub pinned_ms: Option<i64>,
    pub flags: u64,
    pub reference: Option<(Id, Id)>,
    pub nonce: Option<Value>,
    pub thread: Option<Id>,
    pub origin: Option<Origin>,
    /// Only this user sees it.
    pub ephemeral_for: Option<Id>,
}

impl Message {
    /// An empty message.
    pub fn new(id: Id, channel: Id, author: Id, kind: u8) -> Self {
        Self {
            id,
            channel,
            author,
            webhook: None,
            kind,
            content: String::new(),
            edited_ms: None,
            tts: false,
            mention_everyone: false,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            attachments: Vec::new(),
            inline_attachments: Vec::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            reactions: Vec::new(),
            pinned_ms: None,
            flags: 0,
            reference: None,
            nonce: None,
            thread: None,
            origin: None,
            ephemeral_for: None,
        }
    }

    /// Whether nobody wrote it (pin notices, thread notices).
    pub fn is_system(&self) -> bool {
        matches!(self.kind, 1..=18 | 21)
    }
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(super) struct StoredFile {
    pub content_type: String,
    pub bytes: axum::body::Bytes,
}

/// A sentence Discord's client shows one user.
#[derive(Clone, Debug)]
pub(super) struct Toast {
    pub id: Id,
    pub user: Id,
    pub at_ms: i64,
    pub text: String,
}

/// Who a message notified, after `allowed_mentions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// The message.
    pub message_id: String,
    /// Where.
    pub channel_id: String,
    /// User ids notified by name (mention or reply).
    pub users: Vec<String>,
    /// Role ids whose members were notified.
    pub roles: Vec<String>,
    /// Whether @everyone or @here took effect.
    pub everyone: bool,
}

/// An interaction from the click to the end of its token.
#[derive(Clone, Debug)]
pub(super) struct Interaction {
    pub id: Id,
    pub token: String,
    /// 2 command, 3 component, 4 autocomplete, 5 modal submit.
    pub kind: u8,
    pub user: Id,
    pub channel: Id,
    pub created_ms: i64,
    /// What messages that answer it show.
    pub metadata: Value,
    pub legacy: Option<Value>,
    /// Message the component (or the component that opened the modal) sits on.
    pub message: Option<Id>,
    /// The first answer came (its type).
    pub answered: Option<u8>,
    /// The 3 s ran out before it.
    pub late: bool,
    /// @original.
    pub original: Option<Id>,
    /// Choices of an autocomplete answer.
    pub choices: Option<Value>,
}

/// A modal open on one user's screen.
#[derive(Clone, Debug)]
pub(super) struct OpenModal {
    pub interaction: Id,
    pub channel: Id,
    pub message: Option<Id>,
    pub view: Value,
    /// The interaction its submission made, while unanswered.
    pub submitted: Option<Id>,
}

/// One call of the REST API, as the bot made it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedCall {
    /// Sandbox clock, milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// HTTP method.
    pub method: String,
    /// Path without `/api/v10`, query included.
    pub path: String,
    /// JSON body (of multipart calls: `payload_json`), or null.
    pub body: Value,
    /// HTTP status answered.
    pub status: u16,
    /// JSON answered, or null.
    pub answer: Value,
}
