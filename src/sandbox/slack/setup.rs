//! What a sandbox workspace starts with: people, channels, the app's manifest and its limits.

use std::collections::HashMap;

use serde::Deserialize;

use super::limits;

/// The workspace and the app at start.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlackSetup {
    /// Name of the workspace.
    pub team_name: String,
    /// First part of the workspace's address.
    pub team_domain: String,
    /// Name of the app, as people read it.
    pub app_name: String,
    /// User name of the app's bot, as people type it after `@`.
    pub bot_name: String,
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// People of the workspace.
    pub users: Vec<UserSetup>,
    /// Channels that exist already.
    pub channels: Vec<ChannelSetup>,
    /// User groups.
    pub usergroups: Vec<UserGroupSetup>,
    /// Slash commands of the app's manifest.
    pub commands: Vec<CommandSetup>,
    /// Shortcuts of the app's manifest.
    pub shortcuts: Vec<ShortcutSetup>,
    /// Scopes of the bot token.
    pub scopes: Vec<String>,
    /// Events the app subscribed to (`message.channels`, `app_mention`, ...).
    pub events: Vec<String>,
    /// Rate limits.
    pub rates: RateSetup,
    /// Time the app has to answer a delivery, in milliseconds of wall time. Slack's 3000 unless a test is about many lost answers.
    pub ack_timeout_ms: u64,
    /// Whether a new socket is told to go when ten are open; as Slack does.
    pub sockets_max: usize,
}

impl Default for SlackSetup {
    fn default() -> Self {
        Self {
            team_name: "Sandbox".to_owned(),
            team_domain: "sandbox".to_owned(),
            app_name: "Vigie".to_owned(),
            bot_name: "vigie".to_owned(),
            port: 0,
            users: Vec::new(),
            channels: Vec::new(),
            usergroups: Vec::new(),
            commands: Vec::new(),
            shortcuts: Vec::new(),
            scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            events: EVENTS.iter().map(|event| (*event).to_owned()).collect(),
            rates: RateSetup::default(),
            ack_timeout_ms: limits::ACK_TIMEOUT_MS,
            sockets_max: limits::SOCKETS_MAX,
        }
    }
}

/// Scopes of a team bot that reads and writes in the channels it is a member of.
const SCOPES: [&str; 30] = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "emoji:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
    "channels:write.invites",
];

/// Every event the sandbox can send.
const EVENTS: [&str; 26] = [
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_deleted",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
    "channel_left",
    "subteam_members_changed",
    "subteam_updated",
];

/// A person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserSetup {
    /// `U...`; made from the name when absent.
    pub id: Option<String>,
    /// User name.
    pub name: String,
    /// Full name.
    pub real_name: String,
    /// Mail address; made from the name when empty.
    pub email: String,
    /// `fr-FR`, `en-US`, ...; `en-US` when empty.
    pub locale: String,
    /// IANA time zone; `Europe/Paris` when empty.
    pub tz: String,
    /// Whether the person administers the workspace.
    pub is_admin: bool,
}

impl UserSetup {
    /// A person with a name and a language.
    #[must_use]
    pub fn new(name: &str, real_name: &str, locale: &str) -> Self {
        Self { name: name.to_owned(), real_name: real_name.to_owned(), locale: locale.to_owned(), ..Self::default() }
    }
}

/// A channel that exists at start.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelSetup {
    /// `C...`; made from the name when absent.
    pub id: Option<String>,
    /// Name without `#`.
    pub name: String,
    /// User names or ids; the bot's name makes the bot a member.
    pub members: Vec<String>,
    /// Whether only members see it.
    pub private: bool,
    /// Topic.
    pub topic: String,
}

impl ChannelSetup {
    /// A public channel with members given by user name (the bot's own name makes it a member).
    #[must_use]
    pub fn new(name: &str, members: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// The same, seen by its members only.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }
}

/// A user group (`@social`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserGroupSetup {
    /// `S...`; made from the handle when absent.
    pub id: Option<String>,
    /// What people type after `@`.
    pub handle: String,
    /// Full name.
    pub name: String,
    /// User names or ids.
    pub members: Vec<String>,
}

/// A slash command of the manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CommandSetup {
    /// With its slash: `/assign`.
    pub command: String,
    /// Short description.
    pub description: String,
    /// Usage hint.
    pub usage_hint: String,
    /// Whether mentions arrive as `<@U...|name>` and `<#C...|name>` (manifest key of the same name).
    pub should_escape: bool,
}

impl Default for CommandSetup {
    fn default() -> Self {
        Self { command: String::new(), description: String::new(), usage_hint: String::new(), should_escape: true }
    }
}

impl CommandSetup {
    /// A command that escapes mentions.
    #[must_use]
    pub fn new(command: &str, description: &str, usage_hint: &str) -> Self {
        Self {
            command: command.to_owned(),
            description: description.to_owned(),
            usage_hint: usage_hint.to_owned(),
            ..Self::default()
        }
    }
}

/// A shortcut of the manifest.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShortcutSetup {
    /// What the app recognises it by.
    pub callback_id: String,
    /// What people read in the menu.
    pub name: String,
    /// `message` or `global`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// The rate limits of the app.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateSetup {
    /// Whether there are any.
    pub enforced: bool,
    /// Posts a channel takes at once before one a second holds; Slack allows "short bursts" and gives no number.
    pub post_burst: u32,
    /// Posts a minute over the whole workspace; Slack publishes no number, this one lets 40 channels have their one a second.
    pub workspace_posts_per_min: u32,
    /// Calls a minute of single methods, instead of their tier.
    pub per_min: HashMap<String, u32>,
    /// Whether history may be read only once a minute and 15 messages at a time (commercially distributed apps outside the Marketplace).
    pub restricted_history: bool,
    /// Events an hour before `app_rate_limited`.
    pub events_per_hour: u32,
}

impl Default for RateSetup {
    fn default() -> Self {
        Self {
            enforced: true,
            post_burst: 3,
            workspace_posts_per_min: 3_000,
            per_min: HashMap::new(),
            restricted_history: false,
            events_per_hour: limits::EVENTS_PER_HOUR_MAX,
        }
    }
}
