//! `[slack]` and `[discord]` of the settings: a chat is configured, not configured, or half configured, which is told.
//!
//! Never shows a token; wrong ones are told by the name of their variable.

use secrecy::{ExposeSecret, SecretString};

use super::environment::Outside;
use super::nearest::cure;
use super::sheet::{Section, Wrong};

/// Sockets opened to Slack at once when nothing is said: one to work, one to take over (Slack allows 10).
const SOCKETS_DEFAULT: u8 = 2;

/// How Slack reaches Vigie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SlackMode {
    /// Vigie opens sockets; no public address is needed.
    #[default]
    Socket,
    /// Slack posts to Vigie's public address.
    Http,
}

/// The Slack workspace.
#[derive(Clone, Debug)]
pub struct SlackSettings {
    /// How Slack reaches Vigie.
    pub mode: SlackMode,
    /// `xoxb-...`: acts as the bot.
    pub bot_token: SecretString,
    /// `xapp-...`: opens sockets; always there in socket mode.
    pub app_token: Option<SecretString>,
    /// Checks what Slack posts; always there in HTTP mode.
    pub signing_secret: Option<SecretString>,
    /// What stands before the method name; `None` is Slack's public address.
    pub api_url: Option<String>,
    /// Sockets held open at once.
    pub sockets: u8,
}

/// The Discord server.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// The bot's token.
    pub token: SecretString,
    /// What stands before `/v10`; `None` is Discord's public address.
    pub api_url: Option<String>,
    /// The server's id; `None` takes the only one the bot is in.
    pub guild: Option<String>,
}

pub(super) fn slack(root: &Section<'_>, outside: &mut Outside<'_>) -> Option<SlackSettings> {
    let section = if root.has("slack") { root.section("slack") } else { None };
    let section = section.as_ref();
    let bot_token = outside.secret("SLACK_BOT_TOKEN", section, "bot_token");
    let app_token = outside.secret("SLACK_APP_TOKEN", section, "app_token");
    let signing_secret = outside.secret("SLACK_SIGNING_SECRET", section, "signing_secret");
    let api_url = outside.parsed("SLACK_API_URL", section, "api_url", web_address);
    let mode = section.and_then(|section| section.parsed("mode", slack_mode)).map_or(SlackMode::Socket, |at| at.value);
    let sockets = section.and_then(|section| section.number("sockets", 1..=10));
    if let Some(section) = section {
        section.finish();
    }
    let Some(bot_token) = bot_token else {
        if app_token.is_some() || signing_secret.is_some() {
            let message = "Slack is half configured: there is an app token or a signing secret, but no bot token";
            outside.error(message, "set SLACK_BOT_TOKEN (xoxb-..., page \"OAuth & Permissions\" of the app)");
        }
        return None;
    };
    match mode {
        SlackMode::Socket if app_token.is_none() => {
            let message = "Slack is half configured: socket mode needs an app token";
            outside.error(message, "set SLACK_APP_TOKEN (xapp-..., scope connections:write), or slack.mode = \"http\"");
        }
        SlackMode::Http if signing_secret.is_none() => {
            let message = "Slack is half configured: HTTP mode needs the signing secret";
            outside.error(message, "set SLACK_SIGNING_SECRET (page \"Basic Information\" of the app)");
        }
        _ => {}
    }
    // Other servers that speak Slack's language have tokens of their own form.
    if api_url.is_none() {
        prefix(outside, "SLACK_BOT_TOKEN", Some(&bot_token), "xoxb-");
        prefix(outside, "SLACK_APP_TOKEN", app_token.as_ref(), "xapp-");
    }
    let sockets = sockets.map_or(SOCKETS_DEFAULT, |at| u8::try_from(at.value).unwrap_or(SOCKETS_DEFAULT));
    Some(SlackSettings { mode, bot_token, app_token, signing_secret, api_url, sockets })
}

/// Warns when a token is of another kind than its place asks for: the two are easily swapped.
fn prefix(outside: &mut Outside<'_>, variable: &str, token: Option<&SecretString>, expected: &str) {
    if token.is_some_and(|token| !token.expose_secret().starts_with(expected)) {
        outside.warning(format!("{variable} does not start with {expected}"), "was another token put there?");
    }
}

pub(super) fn discord(root: &Section<'_>, outside: &mut Outside<'_>) -> Option<DiscordSettings> {
    let section = if root.has("discord") { root.section("discord") } else { None };
    let section = section.as_ref();
    let token = outside.secret("DISCORD_TOKEN", section, "token");
    let api_url = outside.parsed("DISCORD_API_URL", section, "api_url", web_address);
    let guild = section.and_then(|section| section.parsed("guild", snowflake)).map(|at| at.value);
    if let Some(section) = section {
        section.finish();
    }
    let token = token?;
    if let Some(bare) = token.expose_secret().strip_prefix("Bot ") {
        outside.warning("DISCORD_TOKEN starts with \"Bot \"", "give the token alone; the word is added by Vigie");
        return Some(DiscordSettings { token: SecretString::from(bare.trim()), api_url, guild });
    }
    Some(DiscordSettings { token, api_url, guild })
}

fn slack_mode(text: &str) -> Result<SlackMode, Wrong> {
    match text {
        "socket" => Ok(SlackMode::Socket),
        "http" => Ok(SlackMode::Http),
        _ => Err((format!("`{text}` is not a mode"), cure(text, ["socket", "http"]))),
    }
}

fn snowflake(text: &str) -> Result<String, Wrong> {
    let is_id = (15..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let hint = "the server's id, 17 to 20 digits in quotes (developer mode, right click, Copy Server ID)";
    if is_id { Ok(text.to_owned()) } else { Err(("not a server id".to_owned(), hint.to_owned())) }
}

/// Never repeated in the message: it may carry a password.
fn web_address(text: &str) -> Result<String, Wrong> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => Ok(text.to_owned()),
        _ => Err(("not a web address".to_owned(), "e.g. http://127.0.0.1:4000/api/".to_owned())),
    }
}
