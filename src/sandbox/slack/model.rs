//! What the workspace is made of: the app, people, channels, messages, files.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::ids;

/// The one app under test.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) app_id: String,
    pub(super) bot_id: String,
    pub(super) bot_user: String,
    pub(super) bot_token: String,
    pub(super) app_token: String,
    pub(super) signing_secret: String,
    pub(super) verification_token: String,
    pub(super) revoked: bool,
}

/// A person, a bot user, or another app's bot.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) real_name: String,
    pub(super) email: String,
    pub(super) locale: String,
    pub(super) tz: String,
    pub(super) is_admin: bool,
    pub(super) is_bot: bool,
    pub(super) updated_s: i64,
}

#[derive(Debug, Clone)]
pub(super) struct UserGroup {
    pub(super) id: String,
    pub(super) handle: String,
    pub(super) name: String,
    pub(super) members: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChannelKind {
    Public,
    Private,
    Im,
    Mpim,
}

/// Topic or purpose.
#[derive(Debug, Clone, Default)]
pub(super) struct Note {
    pub(super) value: String,
    pub(super) creator: String,
    pub(super) set_s: i64,
}

#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: ChannelKind,
    pub(super) members: Vec<String>,
    pub(super) creator: String,
    pub(super) created_s: i64,
    pub(super) topic: Note,
    pub(super) purpose: Note,
    pub(super) archived: bool,
    pub(super) previous_names: Vec<String>,
    /// Ascending by time.
    pub(super) messages: Vec<Message>,
    /// Replies by root, both as microseconds.
    pub(super) threads: BTreeMap<i64, Vec<i64>>,
}

/// A message as stored: its wire form without what depends on others (replies, reactions, pins).
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) ts_us: i64,
    pub(super) thread_us: Option<i64>,
    pub(super) broadcast: bool,
    /// User id of who may edit it: a person, or the bot user of the app that posted.
    pub(super) owner: String,
    pub(super) wire: Map<String, Value>,
    /// Whether `blocks` were made by Slack out of the text.
    pub(super) auto_blocks: bool,
    pub(super) metadata: Option<Value>,
    pub(super) reactions: Vec<(String, Vec<String>)>,
    pub(super) pinned: Option<(String, i64)>,
    pub(super) ephemeral_for: Option<String>,
    /// Values people have chosen in its stateful elements, by block and action.
    pub(super) state: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) alt: String,
    pub(super) mimetype: String,
    pub(super) length: usize,
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) owner: String,
    pub(super) created_s: i64,
    pub(super) complete: bool,
    pub(super) channels: Vec<String>,
    pub(super) secret: String,
}

/// Where one `response_url` leads.
#[derive(Debug, Clone)]
pub(super) struct ResponseUrl {
    pub(super) channel: String,
    pub(super) user: String,
    /// The message the person acted on.
    pub(super) source_us: Option<i64>,
    pub(super) thread_us: Option<i64>,
    pub(super) uses: u32,
    pub(super) expires_ms: i64,
}

/// A notice Slack shows to one person.
#[derive(Debug, Clone)]
pub(super) struct Toast {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) at_ms: i64,
    pub(super) text: String,
}

/// A message of the app that notified people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {
    /// Channel id.
    pub channel: String,
    /// Timestamp of the message.
    pub ts: String,
    /// What was pinged, as written: `<!channel>`, `<!here>`, `<!everyone>`, `<!subteam^S...>` or `<@U...>`.
    pub what: String,
    /// Whether one person only was named (as opposed to a channel or a group).
    pub single_person: bool,
}

impl App {
    pub(super) fn new(seed: &str) -> Self {
        let digits = ids::digits(seed, 13);
        let app_id = ids::id('A', seed);
        Self {
            bot_id: ids::id('B', seed),
            bot_user: ids::id('U', &format!("{seed}/bot")),
            // Put together from parts, so that no scanner takes them for a real workspace's.
            bot_token: format!("{}-{}-{}-{}", "xoxb", digits, ids::digits(&digits, 13), ids::secret(seed, 24)),
            app_token: format!("{}-1-{}-{}-{}", "xapp", app_id, digits, ids::secret(&app_id, 64)),
            signing_secret: ids::secret(&format!("{seed}/signing"), 32),
            verification_token: ids::secret(&format!("{seed}/verification"), 24),
            app_id,
            revoked: false,
        }
    }
}

impl Channel {
    pub(super) fn has(&self, user: &str) -> bool {
        self.members.iter().any(|member| member == user)
    }

    pub(super) fn is_im(&self) -> bool {
        self.kind == ChannelKind::Im
    }

    pub(super) fn position(&self, ts_us: i64) -> Option<usize> {
        self.messages.binary_search_by_key(&ts_us, |message| message.ts_us).ok()
    }

    pub(super) fn message(&self, ts_us: i64) -> Option<&Message> {
        self.position(ts_us).map(|at| &self.messages[at])
    }

    pub(super) fn message_mut(&mut self, ts_us: i64) -> Option<&mut Message> {
        self.position(ts_us).map(|at| &mut self.messages[at])
    }

    /// `channel`, `group`, `im` or `mpim`, as events name it.
    pub(super) fn type_name(&self) -> &'static str {
        match self.kind {
            ChannelKind::Public => "channel",
            ChannelKind::Private => "group",
            ChannelKind::Im => "im",
            ChannelKind::Mpim => "mpim",
        }
    }

    /// First part of the scopes for this type: `channels`, `groups`, `im` or `mpim`.
    pub(super) fn scope_name(&self) -> &'static str {
        match self.kind {
            ChannelKind::Public => "channels",
            ChannelKind::Private => "groups",
            ChannelKind::Im => "im",
            ChannelKind::Mpim => "mpim",
        }
    }
}
