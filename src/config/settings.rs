//! `vigie.toml` and the environment: where Vigie runs, which chats it is in, who may post to it.
//!
//! Secrets live in [`SecretString`] from the moment they are read: no finding, `Debug` or `Display` ever shows one.
//! The environment wins over the file. Start at [`check_settings`].

use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;

use super::environment::Outside;
use super::finding::{Checked, Finding, Severity};
use super::nearest::cure;
use super::sheet::{self, At, Section, Wrong};
use super::{chats, values};

pub use super::chats::{DiscordSettings, SlackMode, SlackSettings};
pub use super::environment::Environment;

/// Where Vigie listens when nothing is said: this machine only.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";
/// The database when nothing is said: a file in the working folder.
pub const DATABASE_DEFAULT: &str = "sqlite:vigie.db";
/// Days a closed ticket's personal text is kept when nothing is said (CNIL advice for client relations: three years at most).
pub const RETENTION_DAYS_DEFAULT: u32 = 365;
/// Longest retention that can be set, in days: ten years.
const RETENTION_DAYS_MAX: i64 = 3_650;
/// Shortest webhook key that is not warned about, in bytes (Standard Webhooks 1.0: "between 24 bytes and 64 bytes").
const HOOK_KEY_BYTES_MIN: usize = 24;

/// Shortest key that signs links, in bytes: as long as what it makes (RFC 2104: the hash's length).
const LINK_KEY_BYTES_MIN: usize = 32;

/// A sender of signed webhooks.
#[derive(Clone, Debug)]
pub struct HookSettings {
    /// What it signs with, and what replies to its network are signed with.
    pub secret: SecretString,
    /// The network meant when a message names none.
    pub network: Option<String>,
}

/// How long personal text is kept after a ticket is closed, in days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// For networks without an own number.
    pub default_days: u32,
    /// By network.
    pub by_network_days: BTreeMap<String, u32>,
}

impl Retention {
    /// Days for a network.
    #[must_use]
    pub fn days_for(&self, network: &str) -> u32 {
        self.by_network_days.get(network).copied().unwrap_or(self.default_days)
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogStyle {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that is set outside the office.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// `sqlite:...` or `postgres://...`; may hold a password.
    pub database_url: SecretString,
    /// How log lines are written.
    pub log: LogStyle,
    /// Slack, when it is configured.
    pub slack: Option<SlackSettings>,
    /// Discord, when it is configured.
    pub discord: Option<DiscordSettings>,
    /// Senders of webhooks by name.
    pub hooks: BTreeMap<String, HookSettings>,
    /// Whether reply addresses on this machine are followed; for the sandbox only.
    pub allow_loopback_replies: bool,
    /// Address under which people outside reach the HTTP server, when they can.
    pub public_url: Option<String>,
    /// Signs links for people without an account; `None`: one is made and kept in the database.
    pub link_key: Option<SecretString>,
    /// How long personal text is kept.
    pub retention: Retention,
}

impl Settings {
    /// The secret that calls to a network are signed with: of the source for that network, else of the source with its
    /// name, else of the only source there is.
    #[must_use]
    pub fn secret_for_network(&self, network: &str) -> Option<&SecretString> {
        let of_network = self.hooks.values().find(|hook| hook.network.as_deref() == Some(network));
        let only = if self.hooks.len() == 1 { self.hooks.values().next() } else { None };
        of_network.or_else(|| self.hooks.get(network)).or(only).map(|hook| &hook.secret)
    }
}

/// Reads settings with all findings, warnings too. `text` is empty where there is no file; `path` only names it.
#[must_use]
pub fn check_settings(text: &str, path: &str, environment: &Environment<'_>) -> Checked<Settings> {
    let mut outside = Outside { environment, findings: Vec::new() };
    let Checked { value, mut findings } = sheet::read(path, text, |root| load(root, &mut outside));
    findings.append(&mut outside.findings);
    Checked::settle(value, findings)
}

/// Reads settings.
///
/// # Errors
/// Everything that is wrong with them.
pub fn load_settings(text: &str, path: &str, environment: &Environment<'_>) -> Result<Settings, Vec<Finding>> {
    check_settings(text, path, environment).into_result()
}

fn load(root: &Section<'_>, outside: &mut Outside<'_>) -> Option<Settings> {
    let listen = outside.parsed("VIGIE_LISTEN", Some(root), "listen", listen_address);
    let database = outside.parsed("DATABASE_URL", Some(root), "database_url", database_url);
    let log = root.parsed("log", log_style).map_or(LogStyle::Text, |log| log.value);
    let allow_loopback_replies = root.flag("allow_loopback_replies", false);
    let slack = chats::slack(root, outside);
    let discord = chats::discord(root, outside);
    let hooks = hooks(root, outside);
    let public_url = outside.parsed("VIGIE_PUBLIC_URL", Some(root), "public_url", public_url);
    let link_key = link_key(outside, root);
    let retention = retention(root);
    let is_silent = outside.findings.iter().all(|finding| finding.severity != Severity::Error);
    if slack.is_none() && discord.is_none() && is_silent {
        let hint = "set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN; `vigie setup slack|discord` shows how";
        outside.warning("no chat is configured", hint);
    }
    Some(Settings {
        listen: match listen {
            Some(listen) => listen,
            None => LISTEN_DEFAULT.parse().ok()?,
        },
        database_url: database.unwrap_or_else(|| SecretString::from(DATABASE_DEFAULT)),
        log,
        slack,
        discord,
        hooks,
        allow_loopback_replies,
        public_url,
        link_key,
        retention,
    })
}

fn hooks(root: &Section<'_>, outside: &Outside<'_>) -> BTreeMap<String, HookSettings> {
    let mut hooks = BTreeMap::new();
    if !root.has("hooks") {
        return hooks;
    }
    for (name, section) in root.named_sections("hooks") {
        if let Err((why, hint)) = values::short_name(&name.value) {
            section.sheet().error(&name.span, why, hint);
        }
        let network = section.parsed("network", values::short_name).map(|network| network.value);
        let secret = hook_secret(&section, &name, outside);
        section.finish();
        if let Some(secret) = secret {
            hooks.insert(name.value, HookSettings { secret, network });
        }
    }
    hooks
}

fn hook_secret(section: &Section<'_>, name: &At<String>, outside: &Outside<'_>) -> Option<SecretString> {
    let written = section.text("secret");
    let variable = section.text("secret_env");
    let (secret, span) = match (written, variable) {
        (Some(_), Some(variable)) => {
            let message = format!("hook `{}` has both secret and secret_env", name.value);
            section.sheet().error(&variable.span, message, "keep one of them");
            return None;
        }
        (Some(secret), None) => (secret.value, secret.span),
        (None, Some(variable)) => match outside.get(&variable.value) {
            Some(secret) => (secret, variable.span),
            None => {
                let message = format!("the environment variable `{}` is not set", variable.value);
                section.sheet().error(&variable.span, message, "set it to the secret that the sender signs with");
                return None;
            }
        },
        (None, None) => {
            section.missing("secret_env", "\"HOOK_INSTAGRAM_SECRET\"");
            return None;
        }
    };
    let key_bytes = match secret.strip_prefix("whsec_") {
        Some(encoded) => match STANDARD.decode(encoded) {
            Ok(key) => key.len(),
            Err(_) => {
                let message = format!("the secret of hook `{}` starts with whsec_ but is not base64", name.value);
                section.sheet().error(&span, message, "copy it again, whole");
                return None;
            }
        },
        None => secret.len(),
    };
    if key_bytes == 0 {
        section.sheet().error(&span, format!("the secret of hook `{}` is empty", name.value), "copy it again, whole");
        return None;
    }
    if key_bytes < HOOK_KEY_BYTES_MIN {
        let message = format!("the secret of hook `{}` is shorter than {HOOK_KEY_BYTES_MIN} bytes", name.value);
        section.sheet().warning(&span, message, "make one with: echo whsec_$(openssl rand -base64 32)");
    }
    Some(SecretString::from(secret))
}

fn retention(root: &Section<'_>) -> Retention {
    let mut retention = Retention { default_days: RETENTION_DAYS_DEFAULT, by_network_days: BTreeMap::new() };
    if !root.has("retention") {
        return retention;
    }
    let Some(section) = root.section("retention") else { return retention };
    if let Some(days) = section.number("default_days", 1..=RETENTION_DAYS_MAX) {
        retention.default_days = u32::try_from(days.value).unwrap_or(RETENTION_DAYS_DEFAULT);
    }
    if section.has("networks") {
        for entry in section.entries("networks") {
            if let Some(days) = entry.number(1..=RETENTION_DAYS_MAX).and_then(|days| u32::try_from(days).ok()) {
                retention.by_network_days.insert(entry.name.value.clone(), days);
            }
        }
    }
    section.finish();
    retention
}

fn listen_address(text: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| ("not an address and port".to_owned(), format!("e.g. {LISTEN_DEFAULT} or [::]:8080")))
}

/// An address that people can open in a browser; without TLS only on this machine.
fn public_url(text: &str) -> Result<String, Wrong> {
    let hint = || "e.g. https://vigie.example.com".to_owned();
    let Ok(url) = url::Url::parse(text) else { return Err(("not an address".to_owned(), hint())) };
    let is_local = url.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
    if url.scheme() != "https" && !(url.scheme() == "http" && is_local) {
        return Err(("not an https address: what outsiders write must not travel in the clear".to_owned(), hint()));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(("more than an address".to_owned(), hint()));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// The key that signs links; one that can be guessed is refused.
fn link_key(outside: &mut Outside<'_>, root: &Section<'_>) -> Option<SecretString> {
    let key = outside.or_key("VIGIE_LINK_KEY", Some(root), "link_key")?;
    if key.len() < LINK_KEY_BYTES_MIN {
        let hint = "make one with: openssl rand -base64 32; or leave it out, and one is made and kept in the database";
        outside.error(format!("VIGIE_LINK_KEY is shorter than {LINK_KEY_BYTES_MIN} bytes"), hint);
        return None;
    }
    Some(SecretString::from(key))
}

/// The scheme only: the rest may hold a password and is never repeated.
fn database_url(text: &str) -> Result<SecretString, Wrong> {
    let known = ["sqlite", "postgres", "postgresql"];
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    if known.contains(&scheme) {
        return Ok(SecretString::from(text));
    }
    Err(("not a database Vigie knows".to_owned(), "e.g. sqlite:vigie.db or postgres://user@host/vigie".to_owned()))
}

fn log_style(text: &str) -> Result<LogStyle, Wrong> {
    match text {
        "text" => Ok(LogStyle::Text),
        "json" => Ok(LogStyle::Json),
        _ => Err((format!("`{text}` is not a log style"), cure(text, ["text", "json"]))),
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
