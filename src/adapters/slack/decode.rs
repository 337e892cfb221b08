//! Stored envelopes as [`Inbound`]. Pure, and never an error: what cannot be read is `Unknown` and kept.
//!
//! Never here: calls, or slack-morphism's models (they drop what they do not know). Start reading at [`decode`].

use serde_json::Value;

use super::directory::Directory;
use super::envelope::{parse, unwrap};
use super::interactions;
use super::messages::{self, ignored, word};
use crate::ports::chat::MessageRef;
use crate::ports::envelope::Envelope;
use crate::ports::inbound::{Inbound, Mark};

/// Events after which names, channels or people may be others than the directory remembers.
const DIRECTORY_EVENTS: &[&str] = &[
    "member_joined_channel",
    "member_left_channel",
    "channel_created",
    "channel_deleted",
    "channel_rename",
    "channel_archive",
    "channel_unarchive",
    "channel_left",
    "channel_id_changed",
    "channel_shared",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "team_join",
    "team_rename",
    "team_domain_change",
    "user_change",
    "user_profile_changed",
    "subteam_created",
    "subteam_updated",
    "subteam_members_changed",
];

/// Events that are known and mean nothing to Vigie.
const QUIET_EVENTS: &[&str] = &[
    "app_uninstalled",
    "app_uninstalled_team",
    "assistant_thread_context_changed",
    "assistant_thread_started",
    "channel_history_changed",
    "dnd_updated",
    "dnd_updated_user",
    "emoji_changed",
    "file_change",
    "file_created",
    "file_deleted",
    "file_public",
    "file_shared",
    "file_unshared",
    "group_close",
    "group_history_changed",
    "group_open",
    "im_close",
    "im_created",
    "im_history_changed",
    "im_open",
    "invite_requested",
    "link_shared",
    "message_metadata_deleted",
    "message_metadata_posted",
    "message_metadata_updated",
    "pin_added",
    "pin_removed",
    "star_added",
    "star_removed",
    "subteam_self_added",
    "subteam_self_removed",
    "team_access_granted",
    "team_access_revoked",
    "tokens_revoked",
    "user_huddle_changed",
    "user_status_changed",
];

/// Reads one envelope.
#[must_use]
pub fn decode(envelope: &Envelope, directory: &Directory) -> Inbound {
    let Some(wrapped) = parse(&envelope.body) else {
        return Inbound::Unknown { reason: "not a JSON object".to_owned() };
    };
    let (kind, payload) = unwrap(&wrapped);
    match kind {
        "events_api" => callback(payload, directory),
        "slash_commands" => interactions::command(payload, envelope.received_at, directory),
        "interactive" => interactions::interaction(payload, envelope.received_at, directory),
        kind => Inbound::Unknown { reason: format!("envelope of type {kind:.40}") },
    }
}

fn callback(payload: &Value, directory: &Directory) -> Inbound {
    match word(payload, "type") {
        // Emulators are seen to leave the outer type out.
        "event_callback" | "" => event(payload, directory),
        "app_rate_limited" => ignored("Slack holds events back"),
        kind => Inbound::Unknown { reason: format!("callback of type {kind:.40}") },
    }
}

fn event(payload: &Value, directory: &Directory) -> Inbound {
    let event = &payload["event"];
    match word(event, "type") {
        "message" | "app_mention" => messages::event(payload, directory),
        kind @ ("reaction_added" | "reaction_removed") => reaction(payload, kind == "reaction_added", directory),
        "app_home_opened" if matches!(word(event, "tab"), "home" | "") && !word(event, "user").is_empty() => {
            Inbound::Home { user: word(event, "user").to_owned() }
        }
        "app_home_opened" => ignored("another tab opened"),
        kind if DIRECTORY_EVENTS.contains(&kind) => Inbound::Directory,
        kind if QUIET_EVENTS.contains(&kind) => ignored(kind),
        "" => Inbound::Unknown { reason: "event without a type".to_owned() },
        kind => Inbound::Unknown { reason: format!("event of type {kind:.40}") },
    }
}

fn reaction(payload: &Value, added: bool, directory: &Directory) -> Inbound {
    let event = &payload["event"];
    let (user, item) = (word(event, "user"), &event["item"]);
    let own = directory.is_own_user(user) || messages::authorized_users(payload).iter().any(|id| id == user);
    if own {
        return ignored("own reaction");
    }
    let (channel, ts) = (word(item, "channel"), word(item, "ts"));
    if item["type"] != "message" || channel.is_empty() || ts.is_empty() {
        return ignored("reaction to something else than a message");
    }
    // `ticket::skin-tone-3` is the same mark as `ticket`.
    let name = word(event, "reaction").split("::").next().unwrap_or_default();
    match Mark::from_name(name) {
        Some(mark) => Inbound::Reaction {
            at: MessageRef { channel: channel.to_owned(), message: ts.to_owned() },
            user: user.to_owned(),
            mark,
            added,
        },
        None => ignored("other emoji"),
    }
}
