//! Envelopes of Discord to what happened. Pure: the same envelope and registration always give the same answer.
//!
//! What cannot be read is [`Inbound::Unknown`], what is of no interest [`Inbound::Ignored`]; nothing fails.

use serde_json::Value;

use super::Registered;
use super::decode_interaction::interaction;
use super::decode_message::{deleted, edited, message_created};
use super::snowflake::id_at;
use crate::domain::time::Timestamp;
use crate::ports::chat::MessageRef;
use crate::ports::envelope::Envelope;
use crate::ports::inbound::{Inbound, Mark};

/// An envelope's parts.
pub(super) struct Event<'a> {
    /// The event itself.
    pub(super) d: &'a Value,
    /// The wrapper.
    pub(super) wrapper: &'a Value,
    /// The bot's user id.
    pub(super) me: &'a str,
    /// When it reached us.
    pub(super) received_at: Timestamp,
    /// Whether links to Discord make sense.
    pub(super) links: bool,
}

impl Event<'_> {
    /// The server.
    pub(super) fn guild(&self) -> Option<String> {
        id_at(self.d, "guild_id").or_else(|| id_at(self.wrapper, "guild"))
    }

    /// Whether it happened in a thread.
    pub(super) fn in_thread(&self) -> bool {
        self.wrapper.get("thread").and_then(Value::as_bool).unwrap_or(false)
    }
}

pub(super) fn ignored(reason: &str) -> Inbound {
    Inbound::Ignored { reason: reason.to_owned() }
}

pub(super) fn unknown(reason: &str) -> Inbound {
    Inbound::Unknown { reason: reason.to_owned() }
}

/// Reads an envelope.
pub(super) fn decode(registered: &Registered, links: bool, envelope: &Envelope) -> Inbound {
    let Ok(wrapper) = serde_json::from_str::<Value>(&envelope.body) else { return unknown("not JSON") };
    let (Some(kind), Some(d)) = (wrapper.get("t").and_then(Value::as_str), wrapper.get("d")) else {
        return unknown("no event");
    };
    let me = wrapper.get("me").and_then(Value::as_str).unwrap_or_default();
    let event = Event { d, wrapper: &wrapper, me, received_at: envelope.received_at, links };
    match kind {
        "MESSAGE_CREATE" => message_created(&event),
        "MESSAGE_UPDATE" => edited(&event),
        "MESSAGE_DELETE" => deleted(&event),
        "MESSAGE_REACTION_ADD" => reaction(&event, true),
        "MESSAGE_REACTION_REMOVE" => reaction(&event, false),
        "INTERACTION_CREATE" => interaction(registered, &event),
        "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE" => Inbound::Directory,
        "CHANNEL_PINS_UPDATE" => ignored("pins changed"),
        _ if ["GUILD_MEMBER_", "CHANNEL_", "GUILD_ROLE_", "THREAD_"].iter().any(|start| kind.starts_with(start)) => {
            Inbound::Directory
        }
        "READY"
        | "RESUMED"
        | "TYPING_START"
        | "PRESENCE_UPDATE"
        | "USER_UPDATE"
        | "GUILD_MEMBERS_CHUNK"
        | "MESSAGE_REACTION_REMOVE_ALL"
        | "MESSAGE_REACTION_REMOVE_EMOJI" => ignored(kind),
        _ => unknown(&format!("event {}", kind.chars().take(60).collect::<String>())),
    }
}

fn reaction(event: &Event<'_>, added: bool) -> Inbound {
    let d = event.d;
    let (Some(channel), Some(message), Some(user)) =
        (id_at(d, "channel_id"), id_at(d, "message_id"), id_at(d, "user_id"))
    else {
        return unknown("a reaction without channel, message or user");
    };
    if user == event.me {
        return ignored("own reaction");
    }
    // Custom emoji have an id; only Unicode means something.
    let custom = d.pointer("/emoji/id").is_some_and(|id| !id.is_null());
    let emoji = d.pointer("/emoji/name").and_then(Value::as_str).unwrap_or_default();
    match Mark::from_emoji(emoji).filter(|_| !custom) {
        Some(mark) => Inbound::Reaction { at: MessageRef { channel, message }, user, mark, added },
        None => ignored("another emoji"),
    }
}
