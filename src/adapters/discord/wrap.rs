//! Envelopes of Discord: the raw event in a small wrapper with what decoding cannot know from the event alone.
//!
//! `{"t": kind, "d": event, "me": bot's user id, "guild": server, "thread": true, "names": {id: name}, "resolved": {..}}`.
//! The same message always gets the same delivery id, whether it comes live, twice, or from history.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::KEY;
use super::directory::Directory;
use super::snowflake::id_at;
use crate::domain::time::Timestamp;
use crate::ports::envelope::{Envelope, Urgency};

#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test runs it")]
static MENTIONED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<(#|@&)(\d{1,20})>").expect("a constant pattern"));
/// Most names added to one envelope.
const NAMES_MAX: usize = 50;

/// Around an event.
pub(super) struct Wrapping<'a> {
    /// The event's name.
    pub(super) kind: &'a str,
    /// The bot's user id.
    pub(super) me: &'a str,
    /// Server, when the event does not say.
    pub(super) guild: Option<&'a str>,
    /// Gateway session.
    pub(super) session: &'a str,
    /// Number of the event within the session.
    pub(super) count: u64,
}

/// Wraps an event.
pub(super) fn envelope(
    wrapping: &Wrapping<'_>,
    event: Value,
    directory: &Directory,
    urgency: Urgency,
    received_at: Timestamp,
) -> Envelope {
    wrapped(wrapping, event, directory, Map::new(), urgency, received_at)
}

/// As [`envelope`], with values of a form that were brought back from what was typed.
pub(super) fn wrapped(
    wrapping: &Wrapping<'_>,
    event: Value,
    directory: &Directory,
    resolved: Map<String, Value>,
    urgency: Urgency,
    received_at: Timestamp,
) -> Envelope {
    let delivery_id = delivery_id(wrapping, &event);
    let mut body = Map::new();
    body.insert("t".into(), wrapping.kind.into());
    body.insert("me".into(), wrapping.me.into());
    let guild = id_at(&event, "guild_id").or_else(|| wrapping.guild.map(str::to_owned));
    if let Some(guild) = guild {
        body.insert("guild".into(), guild.into());
    }
    if id_at(&event, "channel_id").and_then(|id| directory.channel(&id)).is_some_and(|facts| facts.thread) {
        body.insert("thread".into(), true.into());
    }
    let names = names(&event, directory);
    if !names.is_empty() {
        body.insert("names".into(), Value::Object(names));
    }
    if !resolved.is_empty() {
        body.insert("resolved".into(), Value::Object(resolved));
    }
    body.insert("d".into(), event);
    Envelope { source: KEY.to_owned(), delivery_id, urgency, received_at, body: Value::Object(body).to_string() }
}

/// Names of the channels and roles that a message mentions, as far as known.
fn names(event: &Value, directory: &Directory) -> Map<String, Value> {
    let mut names = Map::new();
    let Some(content) = event.get("content").and_then(Value::as_str) else { return names };
    for found in MENTIONED.captures_iter(content).take(NAMES_MAX) {
        let id = &found[2];
        let name = if &found[1] == "#" { directory.channel(id).map(|facts| facts.name) } else { directory.role(id) };
        if let Some(name) = name {
            names.insert(id.to_owned(), name.into());
        }
    }
    names
}

/// The sender's identity of an event.
fn delivery_id(wrapping: &Wrapping<'_>, event: &Value) -> String {
    let id = || id_at(event, "id").unwrap_or_default();
    let channel = || id_at(event, "channel_id").unwrap_or_default();
    match wrapping.kind {
        "MESSAGE_CREATE" if !id().is_empty() => format!("msg:{}:{}", channel(), id()),
        "MESSAGE_UPDATE" if event.get("edited_timestamp").is_some_and(Value::is_string) => {
            format!("edit:{}:{}:{}", channel(), id(), edited_ms(event))
        }
        "MESSAGE_DELETE" if !id().is_empty() => format!("del:{}:{}", channel(), id()),
        "INTERACTION_CREATE" if !id().is_empty() => format!("interaction:{}", id()),
        "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE" => {
            let what = if wrapping.kind.ends_with("ADD") { "add" } else { "remove" };
            let emoji = event.pointer("/emoji/name").and_then(Value::as_str).unwrap_or_default();
            let (message, user) = (id_at(event, "message_id"), id_at(event, "user_id"));
            let (message, user) = (message.unwrap_or_default(), user.unwrap_or_default());
            format!("react:{}:{message}:{user}:{emoji}:{what}:{}:{}", channel(), wrapping.session, wrapping.count)
        }
        _ if !wrapping.session.is_empty() => format!("seq:{}:{}", wrapping.session, wrapping.count),
        _ => format!("sha256:{}", hex::encode(Sha256::digest(json!([wrapping.kind, event]).to_string()))),
    }
}

/// When a message was last edited, in milliseconds, however it was written.
fn edited_ms(event: &Value) -> i64 {
    instant(event, "edited_timestamp").map_or(0, |at| at.0)
}

/// An instant in a JSON object.
pub(super) fn instant(value: &Value, member: &str) -> Option<Timestamp> {
    let text = value.get(member)?.as_str()?;
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Timestamp(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(kind: &str, event: &Value) -> String {
        delivery_id(&Wrapping { kind, me: "1", guild: None, session: "s", count: 7 }, event)
    }

    #[test]
    fn a_message_has_one_identity_however_it_comes() {
        let message = json!({ "id": "5", "channel_id": "3", "content": "x" });
        assert_eq!(id_of("MESSAGE_CREATE", &message), "msg:3:5");
        let edit = |at: &str| id_of("MESSAGE_UPDATE", &json!({ "id": "5", "channel_id": "3", "edited_timestamp": at }));
        assert_eq!(edit("2026-03-14T13:47:00.000000+00:00"), edit("2026-03-14T13:47:00Z"));
        assert_ne!(edit("2026-03-14T13:47:00Z"), edit("2026-03-14T13:47:00.001Z"));
        assert_eq!(id_of("MESSAGE_DELETE", &message), "del:3:5");
        assert_eq!(id_of("INTERACTION_CREATE", &message), "interaction:5");
        assert_eq!(id_of("CHANNEL_UPDATE", &message), "seq:s:7");
    }

    #[test]
    fn names_of_mentions_are_carried_along() {
        let directory = Directory::default();
        directory.learn_channel(&json!({ "id": "3", "type": 0, "name": "support" }), None);
        directory.learn_role(&json!({ "id": "4", "name": "care" }));
        let event = json!({ "id": "5", "channel_id": "3", "content": "<#3> <@&4> <#99>" });
        let wrapping = Wrapping { kind: "MESSAGE_CREATE", me: "1", guild: Some("9"), session: "", count: 0 };
        let made = envelope(&wrapping, event, &directory, Urgency::Live, Timestamp(1));
        let body: Value = serde_json::from_str(&made.body).expect("JSON");
        assert_eq!(body["names"], json!({ "3": "support", "4": "care" }));
        assert_eq!(body["guild"], "9");
    }
}
