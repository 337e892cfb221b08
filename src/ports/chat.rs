//! Chats: what Vigie says in them, and how it reads them back.
//!
//! Bodies are vendor-neutral and already in the reader's language. Every [`Span::Text`] may hold customers' words: an
//! adapter must pass it through its one escape function, so that nothing in it can ping, link or break a card. Limits of
//! the vendor (lengths, counts) are the adapter's duty: it shortens with an ellipsis rather than fail.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::envelope::Envelope;
use crate::domain::time::Timestamp;

/// A message's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageRef {
    /// Channel id (a thread's own channel id where threads are channels).
    pub channel: String,
    /// Message id.
    pub message: String,
}

/// How an instant is shown; chats that can show it in the reader's own zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeStyle {
    /// Hour and minute.
    Clock,
    /// Day, hour and minute.
    DayClock,
    /// "in 23 minutes", "2 hours ago" where the chat has it, else as `DayClock`.
    Relative,
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Plain text, untrusted: escaped, never able to ping or format. May hold line breaks.
    Text(String),
    /// Bold, untrusted text.
    Bold(String),
    /// Code, untrusted text.
    Code(String),
    /// Mention of a chat user that notifies (user id of this chat).
    User(String),
    /// Reference to a channel (channel id of this chat).
    Channel(String),
    /// Link; only http(s) addresses are made live, others are shown as text.
    Link {
        /// Address.
        url: String,
        /// Words shown.
        label: String,
    },
    /// Instant in the reader's zone; `fallback` is the text for clients that cannot.
    Time {
        /// The instant.
        at: Timestamp,
        /// How.
        style: TimeStyle,
        /// Already written out in the office's zone.
        fallback: String,
    },
}

/// Text made of spans.
pub type Rich = Vec<Span>;

/// The colour at the side of a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    /// No particular tone.
    #[default]
    Plain,
    /// Most urgent, or a crisis.
    Red,
    /// Urgent.
    Orange,
    /// Normal.
    Blue,
    /// Low.
    Grey,
    /// Done.
    Green,
}

/// Weight of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emphasis {
    /// Ordinary.
    #[default]
    Plain,
    /// The main thing to do.
    Primary,
    /// Cannot easily be undone.
    Danger,
}

/// Something to press or choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// A button.
    Button {
        /// Comes back in `Inbound::Press::action`; `[a-z_.]{1,40}`, unique within a message together with `value`.
        action: String,
        /// Comes back in `Inbound::Press::value`; at most 60 bytes.
        value: String,
        /// Words on it, at most 75 characters.
        label: String,
        /// Weight.
        emphasis: Emphasis,
    },
    /// A menu of at most 25 entries.
    Menu {
        /// As for a button.
        action: String,
        /// Carried along; comes back in `Inbound::Press::value` (at most 60 bytes).
        value: String,
        /// Words shown while nothing is chosen.
        placeholder: String,
        /// (value, words) of each entry.
        entries: Vec<(String, String)>,
    },
    /// A menu of the chat's people.
    People {
        /// As for a button.
        action: String,
        /// Carried along.
        value: String,
        /// Words shown while nobody is chosen.
        placeholder: String,
    },
    /// A link shown as a button.
    Open {
        /// Address, http(s).
        url: String,
        /// Words on it.
        label: String,
    },
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Title line, plain text.
    Header(String),
    /// Small grey line.
    Context(Rich),
    /// Paragraph.
    Text(Rich),
    /// Quotation of somebody's words.
    Quote(Rich),
    /// Short labelled values, in order: (label, value).
    Fields(Vec<(String, Rich)>),
    /// Buttons and menus; the adapter breaks them into as many rows as its chat needs.
    Controls(Vec<Control>),
    /// A rule across.
    Divider,
    /// Small line at the foot (Discord: the embed's footer), plain text.
    Footer(String),
}

/// A whole message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// One line for notifications and clients without blocks; plain text.
    pub summary: String,
    /// Its parts in order. Empty: the summary is the message.
    pub blocks: Vec<Block>,
    /// Colour.
    pub accent: Accent,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Field id, `[a-z_]{1,40}`.
    pub id: String,
    /// Words above it, at most 45 characters.
    pub label: String,
    /// Hint inside an empty field, at most 100 characters.
    pub hint: String,
    /// Kind.
    pub kind: FieldKind,
    /// May it stay empty.
    pub optional: bool,
}

/// What a form's field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text, at most `max` characters (<= 3000), pre-filled with `value`.
    Line {
        /// Pre-filled.
        value: String,
        /// Most characters.
        max: u32,
    },
    /// Several lines.
    Paragraph {
        /// Pre-filled.
        value: String,
        /// Most characters (<= 3000).
        max: u32,
    },
    /// One of at most 25 entries (value, words). Chats whose forms hold text only show a line whose hint lists the
    /// values, and accept a value or its words.
    OneOf {
        /// Entries.
        entries: Vec<(String, String)>,
        /// Chosen at first.
        value: Option<String>,
    },
    /// A person of the chat; where forms cannot, a line that takes `@name`.
    Person {
        /// Chosen at first (user id).
        value: Option<String>,
    },
}

/// A form (modal).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Comes back in `Inbound::Form::form`; `[a-z_]{1,40}`.
    pub name: String,
    /// Comes back in `Inbound::Form::state`; at most 55 bytes (fits a 100-character id with the name).
    pub state: String,
    /// Title, at most 24 characters.
    pub title: String,
    /// Words on the button, at most 24 characters.
    pub submit: String,
    /// Words on the way out, at most 24 characters.
    pub cancel: String,
    /// A paragraph above the fields (shown where the chat can).
    pub intro: String,
    /// At most 5 fields.
    pub fields: Vec<Field>,
}

/// A picture or document to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileUpload {
    /// File name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Its description for people who cannot see it.
    pub alt: String,
    /// The bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// One remote act in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Call {
    /// A new message in a channel or in a thread of it.
    Post {
        /// Channel id.
        channel: String,
        /// Thread as returned in [`Receipt::thread`].
        thread: Option<String>,
        /// What.
        body: Body,
    },
    /// Changes an own message.
    Edit {
        /// Which.
        at: MessageRef,
        /// New content.
        body: Body,
    },
    /// Deletes an own message.
    Delete {
        /// Which.
        at: MessageRef,
    },
    /// A message to one person.
    Direct {
        /// User id.
        user: String,
        /// What.
        body: Body,
    },
    /// Makes sure that a thread hangs on a message; the receipt names it.
    Thread {
        /// The message.
        at: MessageRef,
        /// Its name where threads have names (at most 100 characters).
        name: String,
    },
    /// Answers an interaction; seen by its caller only unless `public`.
    Answer {
        /// `Caller::reply_to`.
        reply_to: String,
        /// What.
        body: Body,
        /// For everybody in the channel.
        public: bool,
    },
    /// Takes note of a pressed control without saying anything.
    Acknowledge {
        /// `Caller::reply_to`.
        reply_to: String,
    },
    /// Shows a form to the caller of an interaction.
    OpenForm {
        /// `Caller::reply_to`.
        reply_to: String,
        /// What.
        form: Form,
    },
    /// Creates a channel, sets its topic, invites people. The adapter makes the name legal and adds a suffix on a clash.
    CreateRoom {
        /// Wished name.
        name: String,
        /// Topic line.
        topic: String,
        /// User ids to invite; the room is closed to others when `closed`.
        people: Vec<String>,
        /// Only for the people named.
        closed: bool,
    },
    /// Invites people to a channel (those already there are no error).
    Invite {
        /// Channel id.
        channel: String,
        /// User ids.
        people: Vec<String>,
    },
    /// Sets a channel's topic.
    Topic {
        /// Channel id.
        channel: String,
        /// New topic.
        topic: String,
    },
    /// Pins a message.
    Pin {
        /// Which.
        at: MessageRef,
    },
    /// Posts a picture.
    Upload {
        /// Channel id.
        channel: String,
        /// Thread as returned in [`Receipt::thread`].
        thread: Option<String>,
        /// The picture.
        file: FileUpload,
        /// Line above it.
        comment: String,
    },
    /// Publishes a person's own page, where the chat has one; elsewhere a no-op.
    Home {
        /// User id.
        user: String,
        /// What.
        body: Body,
    },
}

/// What a successful call made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The message made or changed.
    pub message: Option<MessageRef>,
    /// The thread made or found.
    pub thread: Option<String>,
    /// The channel made (rooms, direct conversations).
    pub channel: Option<String>,
    /// Link to it, when the chat gives one.
    pub url: Option<String>,
}

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The chat asks to wait; nothing was done.
    #[error("rate limited for {retry_after_ms} ms")]
    RateLimited {
        /// Wait at least this long, in milliseconds.
        retry_after_ms: i64,
        /// True when all calls of this chat must wait, not only this method and channel.
        global: bool,
    },
    /// Nothing was done (could not connect, refused before the work); may be tried again.
    #[error("failed, may be tried again: {0}")]
    Transient(String),
    /// The request left and no usable answer came (time-out, reset, 5xx): it may have been done.
    #[error("outcome unknown: {0}")]
    Unsure(String),
    /// Will never succeed as it stands; `code` is the vendor's error code.
    #[error("refused: {code}: {cause}")]
    Permanent {
        /// Vendor's error code, e.g. `channel_not_found`, `50013`.
        code: String,
        /// What it means and what to do, in English, for the operator.
        cause: String,
    },
    /// The interaction can no longer be answered.
    #[error("too late to answer")]
    Expired,
}

/// How fast one kind of call may be made; the outbox keeps one token bucket per `key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bucket key: method and, where the chat counts so, channel.
    pub key: String,
    /// One token comes back every so many milliseconds.
    pub refill_ms: i64,
    /// Most tokens held.
    pub burst: u32,
}

/// A person as the chat's directory knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// User id.
    pub id: String,
    /// Login name without `@`.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// Mail address, when the chat tells.
    pub email: Option<String>,
    /// Language tag, when the chat tells.
    pub locale: Option<String>,
    /// A bot.
    pub automated: bool,
    /// Group or role ids the person is in.
    pub groups: Vec<String>,
}

/// A group of people that a chat keeps: a user group, a role of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Group id.
    pub id: String,
    /// Names it goes by, without `@`.
    pub names: Vec<String>,
    /// User ids of its members.
    pub members: Vec<String>,
}

/// A channel as the chat's directory knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Channel id.
    pub id: String,
    /// Name without `#`.
    pub name: String,
    /// Whether the bot is in it (can read and write).
    pub joined: bool,
}

/// One page of a channel's history.
#[derive(Clone, Debug, Default)]
pub struct HistoryPage {
    /// Envelopes as the live stream would have brought them, oldest first, `urgency` = Backfill.
    pub envelopes: Vec<Envelope>,
    /// Id of the newest message on this page: the next `after`.
    pub newest: Option<String>,
    /// More messages follow.
    pub more: bool,
}

/// A connected chat.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Its key: `slack` or `discord`.
    fn key(&self) -> &str;

    /// Whether a person has a page of their own here ([`Call::Home`] shows it).
    fn has_home(&self) -> bool {
        false
    }

    /// Reads an envelope of this chat. Pure; never fails: what cannot be read is [`super::inbound::Inbound::Unknown`].
    fn decode(&self, envelope: &Envelope) -> super::inbound::Inbound;

    /// Performs one call. `key` is its idempotency key: stored with the message where the chat can (metadata, nonce).
    ///
    /// # Errors
    /// [`SendError`]. Only `RateLimited` and `Transient` may be repeated without looking.
    async fn send(&self, call: &Call, key: &str) -> Result<Receipt, SendError>;

    /// Looks for the outcome of an earlier call whose answer was lost: `Some` when it was done.
    /// `since` bounds the search (the instant of the first attempt).
    ///
    /// # Errors
    /// [`SendError`] when the chat cannot be asked now.
    async fn find(&self, call: &Call, key: &str, since: Timestamp) -> Result<Option<Receipt>, SendError>;

    /// The budget that a call falls under.
    fn budget(&self, call: &Call) -> Budget;

    /// Reads a channel's messages after a message id (or, without one, after an instant), oldest first.
    ///
    /// # Errors
    /// [`SendError`] when the chat cannot be asked now.
    async fn history(&self, channel: &str, after: Option<&str>, since: Timestamp) -> Result<HistoryPage, SendError>;

    /// Reads one message and, when it began or stands in a thread, the messages of that thread, oldest first; `None` when
    /// it is not there any more.
    ///
    /// # Errors
    /// [`SendError`] when the chat cannot be asked now.
    async fn message(
        &self,
        channel: &str,
        message: &str,
    ) -> Result<Option<Vec<super::inbound::ChatMessage>>, SendError>;

    /// The chat's people.
    ///
    /// # Errors
    /// [`SendError`] when the chat cannot be asked now.
    async fn people(&self) -> Result<Vec<Person>, SendError>;

    /// The groups that the chat keeps; `None` when it does not let Vigie see them.
    ///
    /// # Errors
    /// [`SendError`] when the chat cannot be asked now.
    async fn groups(&self) -> Result<Option<Vec<Group>>, SendError> {
        Ok(None)
    }

    /// The chat's channels.
    ///
    /// # Errors
    /// [`SendError`] when the chat cannot be asked now.
    async fn channels(&self) -> Result<Vec<Channel>, SendError>;

    /// Whether any message can be answered in a thread of its own without making that thread first.
    fn threads_on_demand(&self) -> bool {
        true
    }

    /// Whether events arrive at present (a live connection), and since when; for health.
    fn connected(&self) -> bool;
}
