//! What the guild looks like when the sandbox starts: people, roles, channels, and what the bot's portal allows.

use serde::Deserialize;

use super::permissions::{BOT_DEFAULT, Bits, EVERYONE_DEFAULT};

/// Discord's usual heartbeat interval (HELLO of the live gateway), in milliseconds.
pub const HEARTBEAT_INTERVAL_MS: u64 = 41_250;

/// Discord docs, "Session Start Limit": one IDENTIFY per 5 s and rate limit key.
pub const IDENTIFY_WINDOW_MS: u64 = 5_000;

/// A member of the guild.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct DiscordSetupUser {
    /// Snowflake; generated when absent.
    pub id: Option<String>,
    /// Username: lower case, what `@name` shows in tests.
    pub name: String,
    /// Display name.
    pub real_name: String,
    /// E-mail address; Discord never tells bots, the page may show it.
    pub email: String,
    /// "fr-FR" or "en-US"; sent as Discord writes it ("fr", "en-US").
    pub locale: String,
    /// Grants ADMINISTRATOR through a role of its own.
    pub is_admin: bool,
    /// Names of the roles the member has.
    pub roles: Vec<String>,
    /// Whether server members may send this user direct messages (else 50007).
    pub allows_dms: bool,
}

impl Default for DiscordSetupUser {
    fn default() -> Self {
        Self {
            id: None,
            name: "user".into(),
            real_name: String::new(),
            email: String::new(),
            locale: "en-US".into(),
            is_admin: false,
            roles: Vec::new(),
            allows_dms: true,
        }
    }
}

/// A role of the guild, lowest first; the bot's own role stands above them all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DiscordSetupRole {
    /// Snowflake; generated when absent.
    pub id: Option<String>,
    /// Name, without `@`.
    pub name: String,
    /// 0xRRGGBB.
    pub color: u32,
    /// Permission bits beyond @everyone's.
    pub permissions: Bits,
    /// Whether anybody may mention it.
    pub mentionable: bool,
}

/// What kind of channel the setup makes.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DiscordChannelKind {
    /// Type 0.
    #[default]
    Text,
    /// Type 4.
    Category,
    /// Type 5.
    Announcement,
    /// Type 2.
    Voice,
}

/// A channel of the guild.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct DiscordSetupChannel {
    /// Snowflake; generated when absent.
    pub id: Option<String>,
    /// Name, without `#`.
    pub name: String,
    /// Text, category, ...
    pub kind: DiscordChannelKind,
    /// Topic.
    pub topic: String,
    /// Name of the category it stands in (listed before it).
    pub parent: Option<String>,
    /// Hidden from @everyone; `members`, `roles` and (if `bot`) the bot see it.
    pub private: bool,
    /// User names that see a private channel.
    pub members: Vec<String>,
    /// Role names that see a private channel.
    pub roles: Vec<String>,
    /// Whether the bot sees a private channel.
    pub bot: bool,
}

impl Default for DiscordSetupChannel {
    fn default() -> Self {
        Self {
            id: None,
            name: "general".into(),
            kind: DiscordChannelKind::Text,
            topic: String::new(),
            parent: None,
            private: false,
            members: Vec::new(),
            roles: Vec::new(),
            bot: true,
        }
    }
}

/// Everything the sandbox needs to start.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct DiscordSetup {
    /// Name of the guild.
    pub guild_name: String,
    /// Preferred locale of the guild.
    pub guild_locale: String,
    /// Username of the bot.
    pub bot_name: String,
    /// Members; the first one owns the guild.
    pub users: Vec<DiscordSetupUser>,
    /// Roles, lowest first.
    pub roles: Vec<DiscordSetupRole>,
    /// Channels, in their order.
    pub channels: Vec<DiscordSetupChannel>,
    /// Bits of @everyone.
    pub everyone_permissions: Bits,
    /// Bits of the bot's own role.
    pub bot_permissions: Bits,
    /// Portal switch of the MESSAGE_CONTENT intent.
    pub message_content_intent: bool,
    /// Portal switch of the GUILD_MEMBERS intent.
    pub members_intent: bool,
    /// Portal switch of the GUILD_PRESENCES intent.
    pub presences_intent: bool,
    /// What HELLO asks for, in milliseconds.
    pub heartbeat_interval_ms: u64,
    /// Wait between two IDENTIFYs (wall time, milliseconds); a sooner one gets op 9. Set 0 where a test restarts its bot.
    pub identify_window_ms: u64,
    /// Whether rate limits apply (measured on the sandbox clock).
    pub enforce_rate_limits: bool,
    /// TCP port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
}

impl Default for DiscordSetup {
    fn default() -> Self {
        Self {
            guild_name: "Office".into(),
            guild_locale: "en-US".into(),
            bot_name: "vigie".into(),
            users: Vec::new(),
            roles: Vec::new(),
            channels: vec![DiscordSetupChannel::default()],
            everyone_permissions: EVERYONE_DEFAULT,
            bot_permissions: BOT_DEFAULT,
            message_content_intent: true,
            members_intent: true,
            presences_intent: false,
            heartbeat_interval_ms: HEARTBEAT_INTERVAL_MS,
            identify_window_ms: IDENTIFY_WINDOW_MS,
            enforce_rate_limits: true,
            port: 0,
        }
    }
}

impl DiscordSetup {
    /// A guild with one #general and the given members (user name, locale).
    #[must_use]
    pub fn with_users(users: &[(&str, &str)]) -> Self {
        let users = users
            .iter()
            .map(|(name, locale)| DiscordSetupUser {
                name: (*name).into(),
                real_name: capitalised(name),
                locale: (*locale).into(),
                ..DiscordSetupUser::default()
            })
            .collect();
        Self { users, ..Self::default() }
    }

    /// Adds an open text channel.
    #[must_use]
    pub fn channel(mut self, name: &str) -> Self {
        self.channels.push(DiscordSetupChannel { name: name.into(), ..DiscordSetupChannel::default() });
        self
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The locale as Discord writes it: French has no region there.
pub(super) fn discord_locale(locale: &str) -> String {
    match locale.split(['-', '_']).next() {
        Some("fr") => "fr".into(),
        Some("de") => "de".into(),
        Some("it") => "it".into(),
        Some("en") if !locale.ends_with("GB") => "en-US".into(),
        _ => locale.replace('_', "-"),
    }
}
