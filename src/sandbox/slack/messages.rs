//! Messages: posting, editing, deleting, and their wire form. Each change leaves the events Slack would send.

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::ids;
use super::limits::CHANNEL_MESSAGES_MAX;
use super::pings;
use super::rich_text;
use super::workspace::{ChannelKind, Message, Workspace};

/// Who wrote a message.
#[derive(Debug, Clone)]
pub(super) enum Author {
    Person(String),
    /// The app under test, with the name it asked to show (needs `chat:write.customize`).
    App {
        username: Option<String>,
    },
    /// Another app, such as a feed.
    OtherApp {
        name: String,
    },
}

/// A message to store.
#[derive(Debug, Clone)]
pub(super) struct NewMessage {
    pub(super) author: Author,
    pub(super) text: String,
    pub(super) blocks: Option<Vec<Value>>,
    pub(super) attachments: Vec<Value>,
    pub(super) metadata: Option<Value>,
    pub(super) thread_us: Option<i64>,
    pub(super) broadcast: bool,
    pub(super) subtype: Option<String>,
    pub(super) files: Vec<Value>,
    pub(super) ephemeral_for: Option<String>,
}

impl NewMessage {
    pub(super) fn new(author: Author, text: &str) -> Self {
        Self {
            author,
            text: text.to_owned(),
            blocks: None,
            attachments: Vec::new(),
            metadata: None,
            thread_us: None,
            broadcast: false,
            subtype: None,
            files: Vec::new(),
            ephemeral_for: None,
        }
    }

    pub(super) fn system(user: &str, subtype: &str, text: &str) -> Self {
        Self { subtype: Some(subtype.to_owned()), ..Self::new(Author::Person(user.to_owned()), text) }
    }
}

impl Workspace {
    /// Stores a message, tells the app, and gives its time in microseconds. The channel must exist.
    pub(super) fn post(&mut self, channel_id: &str, new: NewMessage) -> i64 {
        let ts_us = self.next_ts_us();
        let message = self.build(ts_us, &new);
        if matches!(new.author, Author::App { .. }) {
            self.pings.extend(pings::found(channel_id, &ids::ts(ts_us), &message.wire));
        }
        let Ok(channel) = self.channel_mut(channel_id) else { return ts_us };
        if message.ephemeral_for.is_none()
            && let Some(root) = message.thread_us
        {
            channel.threads.entry(root).or_default().push(ts_us);
        }
        let silent = message.ephemeral_for.is_some();
        channel.messages.push(message);
        if channel.messages.len() > CHANNEL_MESSAGES_MAX {
            channel.messages.remove(0);
        }
        self.dirty = true;
        if !silent {
            self.tell_posted(channel_id, ts_us, &new);
        }
        ts_us
    }

    fn build(&self, ts_us: i64, new: &NewMessage) -> Message {
        let mut wire = Map::new();
        let (owner, named) = self.sign(&mut wire, &new.author);
        let person = matches!(new.author, Author::Person(_));
        let subtype = match (&new.subtype, named) {
            (Some(subtype), _) => Some(subtype.as_str()),
            (None, true) => Some("bot_message"),
            (None, false) if person && !new.files.is_empty() => Some("file_share"),
            (None, false) => None,
        };
        let mut set = |name: &str, value: Value| _ = wire.insert(name.to_owned(), value);
        if person && new.subtype.is_none() {
            set("client_msg_id", json!(ids::uuid(&format!("{}/{ts_us}", self.team_id))));
        }
        set("type", json!("message"));
        set("ts", json!(ids::ts(ts_us)));
        set("text", json!(new.text));
        set("team", json!(self.team_id));
        if let Some(subtype) = subtype {
            set("subtype", json!(subtype));
        }
        if !new.files.is_empty() {
            set("files", json!(new.files));
            set("upload", json!(false));
        }
        if !new.attachments.is_empty() {
            set("attachments", json!(new.attachments));
        }
        let ordinary = subtype.is_none_or(|name| matches!(name, "file_share" | "bot_message"));
        match &new.blocks {
            Some(blocks) => set("blocks", json!(blocks)),
            None if !new.text.is_empty() && ordinary => set("blocks", rich_text::of(&new.text, ts_us)),
            None => {}
        }
        Message {
            ts_us,
            thread_us: new.thread_us,
            broadcast: new.broadcast,
            owner,
            wire,
            auto_blocks: new.blocks.is_none(),
            metadata: new.metadata.clone(),
            reactions: Vec::new(),
            pinned: None,
            ephemeral_for: new.ephemeral_for.clone(),
            state: Map::new(),
        }
    }

    /// Writes who posted; gives who may edit, and whether a name of the app's choice is shown.
    fn sign(&self, wire: &mut Map<String, Value>, author: &Author) -> (String, bool) {
        let mut set = |name: &str, value: Value| _ = wire.insert(name.to_owned(), value);
        match author {
            Author::Person(id) => {
                set("user", json!(id));
                (id.clone(), false)
            }
            Author::App { username } => {
                match username {
                    Some(username) => set("username", json!(username)),
                    None => set("user", json!(self.app.bot_user)),
                }
                set("bot_id", json!(self.app.bot_id));
                set("app_id", json!(self.app.app_id));
                set("bot_profile", self.bot_profile(&self.app.bot_id, &self.app.app_id, &self.setup.app_name));
                (self.app.bot_user.clone(), username.is_some())
            }
            Author::OtherApp { name } => {
                let (bot_id, app_id) = (ids::id('B', name), ids::id('A', name));
                set("username", json!(name));
                set("bot_profile", self.bot_profile(&bot_id, &app_id, name));
                set("bot_id", json!(bot_id));
                set("app_id", json!(app_id));
                (app_id, true)
            }
        }
    }

    pub(super) fn bot_profile(&self, bot_id: &str, app_id: &str, name: &str) -> Value {
        json!({
            "id": bot_id,
            "app_id": app_id,
            "user_id": if bot_id == self.app.bot_id { json!(self.app.bot_user) } else { Value::Null },
            "name": name,
            "icons": {
                "image_36": format!("{}avatars/{bot_id}_36.png", self.base_url),
                "image_48": format!("{}avatars/{bot_id}_48.png", self.base_url),
                "image_72": format!("{}avatars/{bot_id}_72.png", self.base_url),
            },
            "deleted": false,
            "updated": 0,
            "team_id": self.team_id,
        })
    }

    fn tell_posted(&mut self, channel_id: &str, ts_us: i64, new: &NewMessage) {
        let Some(channel) = self.channel(channel_id) else { return };
        let Some(message) = channel.message(ts_us) else { return };
        let mut event = message.wire.clone();
        if let Some(metadata) = &message.metadata
            && self.has_scope("metadata.message:read")
        {
            event.insert("metadata".to_owned(), metadata.clone());
        }
        if let Some(root) = message.thread_us {
            event.insert("thread_ts".to_owned(), json!(ids::ts(root)));
            if let Some(parent) = channel.message(root).and_then(|parent| parent.wire.get("user")) {
                event.insert("parent_user_id".to_owned(), parent.clone());
            }
            if message.broadcast {
                event.insert("subtype".to_owned(), json!("thread_broadcast"));
            }
        }
        let mention = format!("<@{}>", self.app.bot_user);
        let own = matches!(new.author, Author::App { .. });
        let mentioned = !own && new.text.contains(&mention) && new.subtype.is_none() && !channel.is_im();
        self.emit_message(channel_id, event.clone());
        if mentioned {
            event.insert("type".to_owned(), json!("app_mention"));
            event.remove("parent_user_id");
            event.remove("subtype");
            event.insert("channel".to_owned(), json!(channel_id));
            event.insert("event_ts".to_owned(), event["ts"].clone());
            if self.channel(channel_id).is_some_and(|channel| channel.has(&self.app.bot_user)) {
                self.emit("app_mention", Value::Object(event));
            }
        }
    }

    /// A `message` event of any subtype, under the subscription of the channel's type, only where the bot is a member.
    fn emit_message(&mut self, channel_id: &str, mut event: Map<String, Value>) {
        let Some(channel) = self.channel(channel_id) else { return };
        if !channel.has(&self.app.bot_user) {
            return;
        }
        let subscription = match channel.kind {
            ChannelKind::Public => "message.channels",
            ChannelKind::Private => "message.groups",
            ChannelKind::Im => "message.im",
            ChannelKind::Mpim => "message.mpim",
        };
        event.insert("channel".to_owned(), json!(channel_id));
        event.insert("channel_type".to_owned(), json!(channel.type_name()));
        if !event.contains_key("event_ts") {
            event.insert("event_ts".to_owned(), event.get("ts").cloned().unwrap_or_default());
        }
        self.emit(subscription, Value::Object(event));
    }

    /// Changes a message in place and tells the app. `edit` gets the stored wire form.
    pub(super) fn edit(
        &mut self,
        channel_id: &str,
        ts_us: i64,
        editor: &str,
        change: MessageChange,
    ) -> Result<(), ApiError> {
        let stamp_us = self.next_ts_us();
        let own = editor == self.app.bot_user;
        let channel = self.channel_mut(channel_id)?;
        let message = channel.message_mut(ts_us).ok_or_else(|| ApiError::new("message_not_found"))?;
        let before = message.wire.clone();
        message.apply(change, ts_us);
        if message.ephemeral_for.is_none() {
            message.wire.insert("edited".to_owned(), json!({"user": editor, "ts": ids::ts(stamp_us)}));
        }
        let (after, silent) = (message.wire.clone(), message.ephemeral_for.is_some());
        if own {
            self.pings.extend(pings::found(channel_id, &ids::ts(ts_us), &after));
        }
        self.dirty = true;
        if !silent {
            self.tell_changed(channel_id, ts_us, stamp_us, before, after);
        }
        Ok(())
    }

    fn tell_changed(
        &mut self,
        channel_id: &str,
        ts_us: i64,
        stamp_us: i64,
        mut before: Map<String, Value>,
        mut after: Map<String, Value>,
    ) {
        let thread = self.channel(channel_id).and_then(|channel| channel.message(ts_us)).and_then(|one| one.thread_us);
        if let Some(root) = thread {
            before.insert("thread_ts".to_owned(), json!(ids::ts(root)));
            after.insert("thread_ts".to_owned(), json!(ids::ts(root)));
        }
        let mut event = Map::new();
        event.insert("type".to_owned(), json!("message"));
        event.insert("subtype".to_owned(), json!("message_changed"));
        event.insert("message".to_owned(), Value::Object(after));
        event.insert("previous_message".to_owned(), Value::Object(before));
        event.insert("hidden".to_owned(), json!(true));
        event.insert("ts".to_owned(), json!(ids::ts(stamp_us)));
        self.emit_message(channel_id, event);
    }

    /// Deletes a message; a thread's root leaves a tombstone while it has replies.
    pub(super) fn delete(&mut self, channel_id: &str, ts_us: i64) -> Result<(), ApiError> {
        let stamp_us = self.next_ts_us();
        let channel = self.channel_mut(channel_id)?;
        let at = channel.position(ts_us).ok_or_else(|| ApiError::new("message_not_found"))?;
        let before = channel.messages[at].wire.clone();
        let silent = channel.messages[at].ephemeral_for.is_some();
        let has_replies = channel.threads.get(&ts_us).is_some_and(|replies| !replies.is_empty());
        self.dirty = true;
        if has_replies {
            let message = &mut self.channel_mut(channel_id)?.messages[at];
            message.bury();
            let after = message.wire.clone();
            self.tell_changed(channel_id, ts_us, stamp_us, before, after);
            return Ok(());
        }
        let removed = self.channel_mut(channel_id)?.messages.remove(at);
        if let Some(root) = removed.thread_us
            && let Some(replies) = self.channel_mut(channel_id)?.threads.get_mut(&root)
        {
            replies.retain(|reply| *reply != ts_us);
        }
        if !silent {
            self.tell_deleted(channel_id, &removed, stamp_us, before);
        }
        Ok(())
    }

    fn tell_deleted(&mut self, channel_id: &str, removed: &Message, stamp_us: i64, mut before: Map<String, Value>) {
        if let Some(root) = removed.thread_us {
            before.insert("thread_ts".to_owned(), json!(ids::ts(root)));
        }
        let mut event = Map::new();
        event.insert("type".to_owned(), json!("message"));
        event.insert("subtype".to_owned(), json!("message_deleted"));
        event.insert("previous_message".to_owned(), Value::Object(before));
        event.insert("hidden".to_owned(), json!(true));
        event.insert("deleted_ts".to_owned(), json!(ids::ts(removed.ts_us)));
        event.insert("ts".to_owned(), json!(ids::ts(stamp_us)));
        self.emit_message(channel_id, event);
    }
}

/// What an edit replaces; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct MessageChange {
    pub(super) text: Option<String>,
    pub(super) blocks: Option<Vec<Value>>,
    pub(super) attachments: Option<Vec<Value>>,
    /// `Some(None)` removes it.
    pub(super) metadata: Option<Option<Value>>,
}

impl Message {
    fn apply(&mut self, change: MessageChange, ts_us: i64) {
        if let Some(text) = change.text {
            self.wire.insert("text".to_owned(), json!(text));
            if change.blocks.is_none() && self.auto_blocks {
                self.wire.insert("blocks".to_owned(), rich_text::of(&text, ts_us));
            }
        }
        if let Some(blocks) = change.blocks {
            self.auto_blocks = blocks.is_empty();
            let text = self.wire.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
            let blocks = if blocks.is_empty() { rich_text::of(&text, ts_us) } else { json!(blocks) };
            self.wire.insert("blocks".to_owned(), blocks);
            self.state.clear();
        }
        match change.attachments {
            Some(attachments) if attachments.is_empty() => _ = self.wire.remove("attachments"),
            Some(attachments) => _ = self.wire.insert("attachments".to_owned(), json!(attachments)),
            None => {}
        }
        if let Some(metadata) = change.metadata {
            self.metadata = metadata;
        }
    }

    /// Turns a deleted root into the tombstone Slack keeps.
    fn bury(&mut self) {
        for name in ["blocks", "attachments", "files", "bot_id", "app_id", "bot_profile", "edited", "client_msg_id"] {
            self.wire.remove(name);
        }
        self.wire.insert("subtype".to_owned(), json!("tombstone"));
        self.wire.insert("user".to_owned(), json!("USLACKBOT"));
        self.wire.insert("text".to_owned(), json!("This message was deleted."));
        self.wire.insert("hidden".to_owned(), json!(true));
        self.owner = "USLACKBOT".to_owned();
        self.metadata = None;
        self.reactions.clear();
        self.pinned = None;
    }

    pub(super) fn text(&self) -> &str {
        self.wire.get("text").and_then(Value::as_str).unwrap_or_default()
    }
}
