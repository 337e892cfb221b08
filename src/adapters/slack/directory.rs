//! What the adapter has learnt about the workspace: who the bot is, and the names behind ids.
//!
//! A cache for reading only: nothing depends on its being filled, unknown ids are shown as they are. Never here: calls.
//! Start reading at [`Directory`].

use std::collections::{BTreeSet, HashMap};

/// Most names kept of each kind; a workspace beyond it shows ids for the rest.
const NAMES_MAX: usize = 100_000;

/// Names of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Login name, one word.
    pub handle: String,
    /// Name shown.
    pub shown: String,
}

/// How a mention is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// By the name shown, for reading.
    Shown,
    /// By the id, `<@U1>`, for commands: names may be those of several people.
    Id,
}

/// Who the bot is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Its user id.
    pub user_id: String,
    /// Its user name.
    pub name: String,
    /// Its bot id.
    pub bot_id: String,
    /// Its app id, when Slack told.
    pub app_id: String,
    /// The workspace's id.
    pub team_id: String,
    /// The workspace's address, `https://name.slack.com/`.
    pub team_url: String,
    /// The workspace's name.
    pub team: String,
}

/// What is known of the workspace.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The bot itself.
    pub own: Identity,
    people: HashMap<String, Names>,
    channels: HashMap<String, String>,
    own_bots: BTreeSet<String>,
}

impl Directory {
    /// Takes in who the bot is.
    pub fn learn_own(&mut self, own: Identity) {
        if !own.bot_id.is_empty() {
            self.own_bots.insert(own.bot_id.clone());
        }
        if !own.user_id.is_empty() && !own.name.is_empty() {
            self.learn_person(&own.user_id, Names { handle: own.name.clone(), shown: own.name.clone() });
        }
        self.own = own;
    }

    /// Takes in a person's names.
    pub fn learn_person(&mut self, id: &str, names: Names) {
        if self.people.len() < NAMES_MAX || self.people.contains_key(id) {
            self.people.insert(id.to_owned(), names);
        }
    }

    /// Takes in a channel's name.
    pub fn learn_channel(&mut self, id: &str, name: &str) {
        if self.channels.len() < NAMES_MAX || self.channels.contains_key(id) {
            self.channels.insert(id.to_owned(), name.to_owned());
        }
    }

    /// A person's name, or the id when unknown.
    #[must_use]
    pub fn person(&self, id: &str, naming: Naming) -> String {
        match (self.people.get(id), naming) {
            (Some(names), Naming::Shown) if !names.shown.is_empty() => names.shown.clone(),
            (Some(names), _) if !names.handle.is_empty() => names.handle.clone(),
            _ => id.to_owned(),
        }
    }

    /// A person's name, empty when unknown.
    #[must_use]
    pub fn known_person(&self, id: &str) -> String {
        self.people.get(id).map(|names| names.shown.clone()).unwrap_or_default()
    }

    /// A channel's name, or the id when unknown.
    #[must_use]
    pub fn channel(&self, id: &str) -> String {
        self.channels.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// Whether a user id is the bot's own.
    #[must_use]
    pub fn is_own_user(&self, user: &str) -> bool {
        !user.is_empty() && user == self.own.user_id
    }

    /// Whether a bot id is the bot's own.
    #[must_use]
    pub fn is_own_bot(&self, bot: &str) -> bool {
        self.own_bots.contains(bot)
    }

    /// Link to a message, empty while the workspace's address is unknown.
    #[must_use]
    pub fn link(&self, channel: &str, ts: &str, thread: Option<&str>) -> String {
        if self.own.team_url.is_empty() {
            return String::new();
        }
        let base = self.own.team_url.trim_end_matches('/');
        let mut link = format!("{base}/archives/{channel}/p{}", ts.replace('.', ""));
        if let Some(thread) = thread.filter(|thread| *thread != ts) {
            link.push_str(&format!("?thread_ts={thread}&cid={channel}"));
        }
        link
    }
}
