//! What arrives from Slack as an [`Envelope`]: one identity for each thing that happened, whichever way it came.
//!
//! Both transports and the history reader wrap what they got as `{"type": "events_api|slash_commands|interactive",
//! "payload": {..}}` (Socket Mode's own shape) and call [`envelope`]. Pure. Never here: the meaning of a payload beyond
//! its identity. Start reading at [`envelope`].

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::messages;
use crate::domain::time::Timestamp;
use crate::ports::envelope::{Envelope, Urgency};

/// The key of this chat.
pub const SOURCE: &str = "slack";
/// Longest delivery id built of Slack's own ids, in bytes; a longer one is replaced by its digest.
const ID_BYTES_MAX: usize = 300;

/// Wraps one delivery. `raw` is kept as the body, byte for byte.
#[must_use]
pub fn envelope(raw: &str, now: Timestamp) -> Envelope {
    envelope_of(raw.to_owned(), parse(raw).as_ref(), now)
}

/// As [`envelope`], for a caller that has read the JSON already.
#[must_use]
pub fn envelope_of(raw: String, parsed: Option<&Value>, now: Timestamp) -> Envelope {
    let (delivery_id, urgency) = match parsed {
        Some(wrapped) => {
            let id = identity(wrapped).filter(|id| id.len() <= ID_BYTES_MAX);
            // A retry carries the same payload in a new wrapping: the digest leaves the wrapping out.
            let digest = || match wrapped.get("payload") {
                Some(payload) => sha256(payload.to_string().as_bytes()),
                None => sha256(raw.as_bytes()),
            };
            (id.unwrap_or_else(digest), urgency(wrapped))
        }
        None => (sha256(raw.as_bytes()), Urgency::Live),
    };
    Envelope { source: SOURCE.to_owned(), delivery_id, urgency, received_at: now, body: raw }
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

/// Reads JSON; halves of surrogate pairs, which some senders produce by cutting texts, are replaced first if need be.
#[must_use]
pub fn parse(raw: &str) -> Option<Value> {
    let value: Option<Value> = serde_json::from_str(raw).ok().or_else(|| serde_json::from_str(&mended(raw)).ok());
    value.filter(Value::is_object)
}

/// Replaces `\uD8xx` escapes that have no partner by the replacement character.
fn mended(raw: &str) -> String {
    let unit = |at: usize| {
        let escape = raw.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(escape, 16).ok()
    };
    let bytes = raw.as_bytes();
    let mut out = String::with_capacity(raw.len());
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let step = match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                out.push_str(&raw[copied..at]);
                out.push_str("\\ufffd");
                copied = at + 6;
                6
            }
            Some(_) => 6,
            None => 2,
        };
        at += step;
    }
    out.push_str(raw.get(copied..).unwrap_or_default());
    out
}

/// The kind of a wrapped delivery and its payload.
#[must_use]
pub fn unwrap(wrapped: &Value) -> (&str, &Value) {
    (wrapped["type"].as_str().unwrap_or_default(), &wrapped["payload"])
}

fn identity(wrapped: &Value) -> Option<String> {
    let (kind, payload) = unwrap(wrapped);
    match kind {
        "events_api" => event_identity(payload),
        "slash_commands" => word(payload, "trigger_id").map(|id| format!("trigger:{id}")),
        "interactive" => interaction_identity(payload),
        _ => None,
    }
}

fn interaction_identity(payload: &Value) -> Option<String> {
    let trigger = word(payload, "trigger_id");
    if payload["type"] == "view_submission" {
        let view = word(&payload["view"], "id")?;
        // The view's hash stays the same when a refused form is submitted again with corrections: only the trigger
        // tells the two submissions apart.
        return trigger.or_else(|| word(&payload["view"], "hash")).map(|turn| format!("view:{view}:{turn}"));
    }
    trigger.map(|id| format!("trigger:{id}"))
}

fn event_identity(payload: &Value) -> Option<String> {
    let event = &payload["event"];
    let by_content = match event["type"].as_str().unwrap_or_default() {
        "message" => message_identity(event),
        "app_mention" => at(word(event, "channel"), word(event, "ts")).map(|at| format!("msg:{at}")),
        "reaction_added" | "reaction_removed" => reaction_identity(event),
        _ => None,
    };
    by_content.or_else(|| word(payload, "event_id").map(|id| format!("event:{id}")))
}

fn message_identity(event: &Value) -> Option<String> {
    let channel = word(event, "channel");
    match event["subtype"].as_str().unwrap_or_default() {
        "message_changed" if messages::is_tombstone(&event["message"]) => {
            at(channel, word(&event["message"], "ts")).map(|at| format!("del:{at}"))
        }
        "message_changed" => {
            let message = &event["message"];
            let at = at(channel, word(message, "ts"))?;
            let event_ts = word(event, "event_ts").or_else(|| word(event, "ts"));
            // A preview added to an edited message repeats the edit's time: it must not take the edit's identity.
            let edited = word(&message["edited"], "ts").filter(|_| messages::words_changed(event));
            edited.or(event_ts).map(|when| format!("edit:{at}:{when}"))
        }
        "message_deleted" => {
            let ts = word(event, "deleted_ts").or_else(|| word(&event["previous_message"], "ts"));
            at(channel, ts).map(|at| format!("del:{at}"))
        }
        // Tells that a root got a reply; its `ts` is the event's own.
        "message_replied" => None,
        _ => at(channel, word(event, "ts")).map(|at| format!("msg:{at}")),
    }
}

fn reaction_identity(event: &Value) -> Option<String> {
    let at = at(word(&event["item"], "channel"), word(&event["item"], "ts"))?;
    let (user, name, when) = (word(event, "user")?, word(event, "reaction")?, word(event, "event_ts")?);
    let added = event["type"] == "reaction_added";
    Some(format!("react:{at}:{user}:{name}:{when}:{added}"))
}

fn at(channel: Option<&str>, ts: Option<&str>) -> Option<String> {
    Some(format!("{}:{}", channel?, ts?))
}

fn word<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str().filter(|word| !word.is_empty())
}

fn urgency(wrapped: &Value) -> Urgency {
    let (kind, payload) = unwrap(wrapped);
    let waits = match kind {
        "slash_commands" | "interactive" => true,
        "events_api" => somebody_waits(payload),
        _ => false,
    };
    if waits { Urgency::Interactive } else { Urgency::Live }
}

/// A person who addresses the bot or opens its page waits for an answer; a message in a channel does not.
fn somebody_waits(payload: &Value) -> bool {
    let event = &payload["event"];
    match event["type"].as_str().unwrap_or_default() {
        "app_mention" | "app_home_opened" => true,
        "message" if event["bot_id"].is_null() && event["subtype"].is_null() => {
            let text = event["text"].as_str().unwrap_or_default();
            let called = messages::authorized_users(payload).iter().any(|id| text.contains(&format!("<@{id}")));
            called || event["channel_type"] == "im"
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id(wrapped: Value) -> String {
        envelope(&wrapped.to_string(), Timestamp(7)).delivery_id
    }

    fn event(event: Value) -> Value {
        json!({"envelope_id": "e", "type": "events_api", "payload": {"event_id": "Ev1", "event": event}})
    }

    #[test]
    fn each_kind_has_its_own_identity() {
        for (wrapped, expected) in [
            (event(json!({"type": "message", "channel": "C1", "ts": "1.2"})), "msg:C1:1.2"),
            (event(json!({"type": "app_mention", "channel": "C1", "ts": "1.2"})), "msg:C1:1.2"),
            (event(json!({"type": "message", "subtype": "bot_message", "channel": "C1", "ts": "1.2"})), "msg:C1:1.2"),
            (
                event(json!({"type": "message", "subtype": "message_changed", "channel": "C1", "event_ts": "3.0",
                    "message": {"ts": "1.2", "text": "b", "edited": {"ts": "2.5"}}, "previous_message": {"text": "a"}})),
                "edit:C1:1.2:2.5",
            ),
            (
                event(json!({"type": "message", "subtype": "message_changed", "channel": "C1", "event_ts": "3.0",
                    "message": {"ts": "1.2", "text": "b", "edited": {"ts": "2.5"}}, "previous_message": {"text": "b"}})),
                "edit:C1:1.2:3.0",
            ),
            (
                event(json!({"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.2"})),
                "del:C1:1.2",
            ),
            (
                event(json!({"type": "reaction_added", "user": "U1", "reaction": "eyes", "event_ts": "9.1",
                    "item": {"type": "message", "channel": "C1", "ts": "1.2"}})),
                "react:C1:1.2:U1:eyes:9.1:true",
            ),
            (event(json!({"type": "team_join"})), "event:Ev1"),
            (json!({"type": "slash_commands", "payload": {"trigger_id": "1.2.a"}}), "trigger:1.2.a"),
            (
                json!({"type": "interactive", "payload": {"type": "block_actions", "trigger_id": "1.2.b"}}),
                "trigger:1.2.b",
            ),
            (
                json!({"type": "interactive", "payload": {"type": "view_submission", "trigger_id": "t", "view": {"id": "V1", "hash": "h"}}}),
                "view:V1:t",
            ),
        ] {
            assert_eq!(id(wrapped.clone()), expected, "{wrapped}");
        }
    }

    #[test]
    fn a_retry_of_what_has_no_identity_keeps_its_digest() {
        let first = json!({"envelope_id": "a", "type": "events_api", "payload": {"x": 1}});
        let again = json!({"envelope_id": "b", "retry_attempt": 1, "type": "events_api", "payload": {"x": 1}});
        assert_eq!(id(first.clone()), id(again));
        assert!(id(first).starts_with("sha256:"));
        assert!(envelope("not json", Timestamp(0)).delivery_id.starts_with("sha256:"));
    }

    #[test]
    fn cut_surrogates_do_not_cost_the_message() {
        let raw = r#"{"type":"events_api","payload":{"event":{"type":"message","channel":"C1","ts":"1.2","text":"a\ud83d b\ud83d\ude00 \\ud83d"}}}"#;
        assert_eq!(envelope(raw, Timestamp(0)).delivery_id, "msg:C1:1.2");
        let text = parse(raw).map(|value| value["payload"]["event"]["text"].as_str().unwrap_or_default().to_owned());
        assert_eq!(text.as_deref(), Some("a\u{fffd} b😀 \\ud83d"));
    }

    #[test]
    fn people_who_wait_come_first() {
        let urgency = |wrapped: Value| envelope(&wrapped.to_string(), Timestamp(0)).urgency;
        let bot = json!([{"user_id": "UBOT", "is_bot": true}]);
        let said = |text: &str| {
            json!({"type": "events_api", "payload": {"authorizations": bot,
            "event": {"type": "message", "channel": "C1", "ts": "1.2", "text": text}}})
        };
        assert_eq!(urgency(said("hello")), Urgency::Live);
        assert_eq!(urgency(said("<@UBOT> help")), Urgency::Interactive);
        assert_eq!(urgency(json!({"type": "slash_commands", "payload": {}})), Urgency::Interactive);
    }
}
