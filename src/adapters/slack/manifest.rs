//! The app's manifest: what `vigie setup slack` prints to be pasted into Slack. Only the scopes used, each with its
//! reason, and only the events read.
//!
//! Never here: the commands themselves; they come from the command table. Start reading at [`manifest`].

use serde_json::{Value, json};

use super::escape;
use super::events_http::{COMMANDS_PATH, EVENTS_PATH, INTERACTIVITY_PATH};

/// A slash command as Slack shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// Name without slash.
    pub name: String,
    /// One line on what it does (Slack allows 2000 characters; one line is what people see).
    pub summary: String,
    /// Its arguments.
    pub usage: String,
}

/// A shortcut as Slack shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortcutInfo {
    /// Comes back as its name.
    pub name: String,
    /// Words in the menu, at most 24 characters.
    pub title: String,
    /// One line on what it does.
    pub summary: String,
    /// On a message (true) or anywhere (false).
    pub on_message: bool,
}

/// A permission asked for, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Slack's name of it.
    pub name: &'static str,
    /// Why Vigie needs it.
    pub reason: &'static str,
    /// Without it Vigie does not work; others only take something away.
    pub required: bool,
}

/// Every permission of the bot token.
pub const SCOPES: &[Scope] = &[
    required("app_mentions:read", "hear @vigie, in threads too, where Slack allows no slash commands"),
    required("channels:history", "read messages of the public channels it was invited to, live and after a gap"),
    required("channels:manage", "open crisis and campaign rooms, name them and invite people"),
    required("channels:read", "know the public channels by name"),
    required("chat:write", "post cards and keep them up to date"),
    required("commands", "slash commands and message shortcuts"),
    optional("files:write", "post charts and reports"),
    optional("groups:history", "read messages of the private channels it was invited to"),
    optional("groups:read", "know the private channels it was invited to"),
    optional("groups:write", "open closed crisis rooms"),
    required("im:history", "read what people write to it directly"),
    required("im:write", "write to one person: assignments, approvals, reminders"),
    required(
        "metadata.message:read",
        "recognise its own posts when Slack's answer was lost, so that none is posted twice",
    ),
    optional("pins:write", "pin the card of a crisis"),
    required("reactions:read", "open, claim and resolve by emoji"),
    optional("usergroups:read", "know the groups that the office file names"),
    required("users:read", "know people by name, and their language"),
    optional("users:read.email", "match people with the office file by mail address"),
];

/// Events subscribed to.
pub const EVENTS: &[&str] = &[
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "user_change",
];

const fn required(name: &'static str, reason: &'static str) -> Scope {
    Scope { name, reason, required: true }
}

const fn optional(name: &'static str, reason: &'static str) -> Scope {
    Scope { name, reason, required: false }
}

/// Slack docs, app manifest: words of a shortcut's menu entry.
const SHORTCUT_NAME_MAX: usize = 24;
/// Slack docs, app manifest: description of a shortcut.
const SHORTCUT_DESCRIPTION_MAX: usize = 150;
/// Slack docs, app manifest: name, description and usage hint of a command.
const COMMAND_NAME_MAX: usize = 32;
const COMMAND_DESCRIPTION_MAX: usize = 2_000;
const COMMAND_USAGE_MAX: usize = 1_000;

/// The manifest: for Socket Mode, or with a public base address for HTTP delivery.
#[must_use]
pub fn manifest(commands: &[CommandInfo], shortcuts: &[ShortcutInfo], public_url: Option<&str>) -> Value {
    let base = public_url.map(|url| url.trim_end_matches('/'));
    let address = |path: &str| base.map(|base| format!("{base}{path}"));
    let with_url = |mut entry: Value, key: &str, path: &str| {
        if let Some(address) = address(path) {
            entry[key] = Value::from(address);
        }
        entry
    };
    let slash: Vec<Value> = commands
        .iter()
        .map(|command| {
            let mut entry = json!({
                "command": format!("/{}", command.name).chars().take(COMMAND_NAME_MAX).collect::<String>(),
                "description": escape::plain(&command.summary, COMMAND_DESCRIPTION_MAX),
                // People and channels arrive as ids, not as guesses from typed names.
                "should_escape": true,
            });
            if !command.usage.trim().is_empty() {
                entry["usage_hint"] = Value::from(escape::shorten(&command.usage, COMMAND_USAGE_MAX));
            }
            with_url(entry, "url", COMMANDS_PATH)
        })
        .collect();
    let menu: Vec<Value> = shortcuts
        .iter()
        .map(|shortcut| {
            json!({
                "name": escape::plain(&shortcut.title, SHORTCUT_NAME_MAX),
                "type": if shortcut.on_message { "message" } else { "global" },
                "callback_id": shortcut.name,
                "description": escape::plain(&shortcut.summary, SHORTCUT_DESCRIPTION_MAX),
            })
        })
        .collect();
    json!({
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Vigie",
            "description": "Keeps a social-media team on top of its inbox",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
            "bot_user": {"display_name": "vigie", "always_online": true},
            "slash_commands": slash,
            "shortcuts": menu,
        },
        "oauth_config": {"scopes": {"bot": SCOPES.iter().map(|scope| scope.name).collect::<Vec<_>>()}},
        "settings": {
            "event_subscriptions": with_url(json!({"bot_events": EVENTS}), "request_url", EVENTS_PATH),
            "interactivity": with_url(json!({"is_enabled": true}), "request_url", INTERACTIVITY_PATH),
            "org_deploy_enabled": false,
            "socket_mode_enabled": base.is_none(),
            "token_rotation_enabled": false,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(url: Option<&str>) -> Value {
        let commands = [CommandInfo { name: "assign".into(), summary: "Give".into(), usage: "T-12 next".into() }];
        let shortcuts = [ShortcutInfo {
            name: "open_ticket".into(),
            title: "Open ticket".into(),
            summary: "Takes it in".into(),
            on_message: true,
        }];
        manifest(&commands, &shortcuts, url)
    }

    #[test]
    fn socket_mode_needs_no_address() {
        let manifest = made(None);
        assert_eq!(manifest["settings"]["socket_mode_enabled"], true);
        assert_eq!(manifest["features"]["slash_commands"][0]["command"], "/assign");
        assert_eq!(manifest["features"]["shortcuts"][0]["callback_id"], "open_ticket");
        assert!(!manifest.to_string().contains("url"));
    }

    #[test]
    fn http_delivery_names_every_address() {
        let manifest = made(Some("https://vigie.example.org/"));
        assert_eq!(manifest["settings"]["socket_mode_enabled"], false);
        let events = &manifest["settings"]["event_subscriptions"]["request_url"];
        assert_eq!(events, "https://vigie.example.org/slack/events");
        assert_eq!(manifest["features"]["slash_commands"][0]["url"], "https://vigie.example.org/slack/commands");
    }

    #[test]
    fn every_scope_is_named_once_and_has_a_reason() {
        let mut names: Vec<_> = SCOPES.iter().map(|scope| scope.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SCOPES.len());
        assert!(SCOPES.iter().all(|scope| !scope.reason.is_empty()));
    }
}
