//! Message events as [`Inbound`]: new, changed and deleted messages, by people and by other apps.
//!
//! Own messages, joins and previews are recognised and ignored; text, files and mentions are read from whatever shape
//! they come in. Never here: calls or state. Start reading at [`event`].

use serde_json::Value;

use super::directory::{Directory, Naming};
use super::text;
use crate::domain::time::Timestamp;
use crate::ports::chat::MessageRef;
use crate::ports::inbound::{Attachment, Author, ChatMessage, Inbound};

/// Most files taken from one message (Slack allows ten; apps may attach more pictures).
const FILES_MAX: usize = 50;
/// Subtypes that are messages somebody wrote.
const WRITTEN: [&str; 6] = ["", "bot_message", "file_share", "thread_broadcast", "me_message", "file_comment"];

/// Reads a `message` or `app_mention` event.
#[must_use]
pub fn event(payload: &Value, directory: &Directory) -> Inbound {
    let event = &payload["event"];
    let subtype = event["subtype"].as_str().unwrap_or_default();
    let channel = word(event, "channel");
    match subtype {
        "message_changed" => changed(payload, directory),
        "message_deleted" => {
            let ts = first([word(event, "deleted_ts"), word(&event["previous_message"], "ts")]);
            let previous = &event["previous_message"];
            if is_own(payload, previous, directory) {
                return ignored("own message");
            }
            deleted(channel, ts, thread_of(previous, ts))
        }
        subtype if WRITTEN.contains(&subtype) => {
            if is_own(payload, event, directory) {
                return ignored("own message");
            }
            match message(payload, event, channel, directory) {
                Some(message) => Inbound::Message(message),
                None => Inbound::Unknown { reason: "message without channel or ts".to_owned() },
            }
        }
        other => ignored(&format!("message subtype {other}")),
    }
}

fn changed(payload: &Value, directory: &Directory) -> Inbound {
    let event = &payload["event"];
    let (now, channel) = (&event["message"], word(event, "channel"));
    if is_tombstone(now) {
        // A deleted message that still has replies stays as an empty shell.
        return deleted(channel, word(now, "ts"), thread_of(now, word(now, "ts")));
    }
    if is_own(payload, now, directory) {
        return ignored("own message");
    }
    if !words_changed(event) {
        return ignored("change without new words");
    }
    match message(payload, now, channel, directory) {
        Some(message) => Inbound::Edited(message),
        None => Inbound::Unknown { reason: "changed message without channel or ts".to_owned() },
    }
}

fn deleted(channel: &str, ts: &str, thread: Option<String>) -> Inbound {
    if channel.is_empty() || ts.is_empty() {
        return Inbound::Unknown { reason: "deletion without channel or ts".to_owned() };
    }
    Inbound::Deleted { at: MessageRef { channel: channel.to_owned(), message: ts.to_owned() }, thread }
}

/// What is left of a deleted message that has replies.
#[must_use]
pub fn is_tombstone(message: &Value) -> bool {
    message["subtype"] == "tombstone"
}

/// Whether a `message_changed` event changes what a person reads; previews, reply counts and pins do not.
#[must_use]
pub fn words_changed(event: &Value) -> bool {
    let (now, before) = (&event["message"], &event["previous_message"]);
    if before.is_null() {
        return !now["edited"].is_null() || is_automated(now);
    }
    let files = |message: &Value| message["files"].as_array().map_or(0, Vec::len);
    text::raw_of(now, is_automated(now)) != text::raw_of(before, is_automated(before)) || files(now) != files(before)
}

/// The user ids that this delivery was authorised for as a bot: our own. (`authed_users` of older deliveries names the
/// people who installed the app, who must not be taken for the bot.)
#[must_use]
pub fn authorized_users(payload: &Value) -> Vec<String> {
    let listed = payload["authorizations"].as_array().into_iter().flatten();
    let bots = listed.filter(|one| one["is_bot"] == Value::Bool(true));
    bots.filter_map(|one| one["user_id"].as_str()).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn own_users(payload: &Value, directory: &Directory) -> Vec<String> {
    let mut users = authorized_users(payload);
    if !directory.own.user_id.is_empty() {
        users.push(directory.own.user_id.clone());
    }
    users
}

/// Whether the bot itself wrote a message: by its app, its bot id or its user id.
fn is_own(payload: &Value, message: &Value, directory: &Directory) -> bool {
    let app = [word(message, "app_id"), word(&message["bot_profile"], "app_id")];
    let own_app = [word(payload, "api_app_id"), directory.own.app_id.as_str()];
    let by_app = app.iter().any(|app| !app.is_empty() && own_app.contains(app));
    let by_bot = directory.is_own_bot(word(message, "bot_id"));
    let user = word(message, "user");
    by_app || by_bot || (!user.is_empty() && own_users(payload, directory).iter().any(|own| own == user))
}

/// Whether an app, a bot or a webhook wrote a message.
#[must_use]
pub fn is_automated(message: &Value) -> bool {
    !word(message, "bot_id").is_empty()
        || message["subtype"] == "bot_message"
        || message["bot_profile"].is_object()
        || message["user"] == "USLACKBOT"
}

/// Reads a message object; `None` when it has no place.
#[must_use]
pub fn message(payload: &Value, message: &Value, channel: &str, directory: &Directory) -> Option<ChatMessage> {
    let ts = word(message, "ts");
    if channel.is_empty() || ts.is_empty() {
        return None;
    }
    let automated = is_automated(message);
    let raw = text::raw_of(message, automated);
    let thread = thread_of(message, ts);
    let channel_type = first([word(&payload["event"], "channel_type"), word(message, "channel_type")]);
    let to_bot = text::after_mention(&raw, &own_users(payload, directory))
        // "@vigie, assign ..." and "@vigie: assign ..." mean the same.
        .map(|after| after.trim_start().trim_start_matches([',', ':', ';']))
        .map(|after| one_line(&text::readable(after, directory, Naming::Id)));
    Some(ChatMessage {
        at: MessageRef { channel: channel.to_owned(), message: ts.to_owned() },
        url: directory.link(channel, ts, thread.as_deref()),
        thread,
        author: author(message, automated, directory),
        text: text::readable(&raw, directory, Naming::Shown),
        written_at: instant(ts),
        edited_at: message["edited"]["ts"].as_str().map(instant),
        direct: channel_type == "im" || (channel_type.is_empty() && channel.starts_with('D')),
        to_bot,
        attachments: files(message),
    })
}

fn author(message: &Value, automated: bool, directory: &Directory) -> Author {
    let user = word(message, "user");
    let bot = word(message, "bot_id");
    let profile = &message["user_profile"];
    let id = if automated { first([bot, user, word(message, "app_id")]) } else { user };
    let known = directory.known_person(user);
    let name = if automated {
        first([word(message, "username"), word(&message["bot_profile"], "name"), known.as_str()])
    } else {
        first([known.as_str(), word(profile, "display_name"), word(profile, "real_name"), word(message, "username")])
    };
    Author { id: id.to_owned(), name: name.to_owned(), automated }
}

/// The thread a message stands in; the root of a thread does not stand in it.
#[must_use]
pub fn thread_of(message: &Value, ts: &str) -> Option<String> {
    let thread = word(message, "thread_ts");
    (!thread.is_empty() && thread != ts).then(|| thread.to_owned())
}

fn files(message: &Value) -> Vec<Attachment> {
    let list = |key: &str| message[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let shared = list("files").iter().map(|file| Attachment {
        name: first([word(file, "name"), word(file, "title")]).to_owned(),
        url: first([word(file, "permalink"), word(file, "url_private")]).to_owned(),
        mime: word(file, "mimetype").to_owned(),
    });
    let pictures = list("blocks").iter().filter(|block| block["type"] == "image").map(|block| Attachment {
        name: word(block, "alt_text").to_owned(),
        url: word(block, "image_url").to_owned(),
        mime: String::new(),
    });
    let attached = list("attachments").iter().filter(|part| part["from_url"].is_null()).map(|part| Attachment {
        name: first([word(part, "title"), word(part, "fallback")]).to_owned(),
        url: word(part, "image_url").to_owned(),
        mime: String::new(),
    });
    shared.chain(pictures).chain(attached).filter(|file| !file.url.is_empty()).take(FILES_MAX).collect()
}

/// The instant in a message id (`seconds.microseconds`); the epoch when it is none.
#[must_use]
pub fn instant(ts: &str) -> Timestamp {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    let seconds: i64 = seconds.parse().unwrap_or_default();
    let millis: i64 = format!("{micros:0<3}").get(..3).and_then(|text| text.parse().ok()).unwrap_or_default();
    Timestamp(seconds.saturating_mul(1_000).saturating_add(millis))
}

/// An instant as the bound of a history search.
#[must_use]
pub fn bound(at: Timestamp) -> String {
    let at = at.0.max(0);
    format!("{}.{:03}000", at / 1_000, at % 1_000)
}

/// Text on one line.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Understood, and of no interest.
#[must_use]
pub fn ignored(reason: &str) -> Inbound {
    Inbound::Ignored { reason: reason.to_owned() }
}

/// A word of a JSON object; empty when it is missing or something else.
#[must_use]
pub fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The first word that is not empty.
#[must_use]
pub fn first<const N: usize>(words: [&str; N]) -> &str {
    words.into_iter().find(|word| !word.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ids_are_instants_and_back() {
        for (ts, ms) in
            [("1700000000.000100", 1_700_000_000_000), ("1700000000.123456", 1_700_000_000_123), ("5", 5_000), ("x", 0)]
        {
            assert_eq!(instant(ts), Timestamp(ms), "{ts}");
        }
        assert_eq!(bound(Timestamp(1_700_000_000_123)), "1700000000.123000");
        assert_eq!(bound(Timestamp(-5)), "0.000000");
    }
}
