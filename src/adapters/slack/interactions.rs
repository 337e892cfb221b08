//! Slash commands, buttons, menus, shortcuts and forms as [`Inbound`].
//!
//! Reads every kind of element and input that Slack knows, also those that Vigie does not send itself. Never here: calls
//! or state. Start reading at [`interaction`] and [`command`].

use std::collections::BTreeMap;

use serde_json::Value;

use super::directory::{Directory, Naming};
use super::messages::{self, first, ignored, one_line, word};
use super::render;
use super::reply::ReplyTo;
use super::text;
use super::view::Origin;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::MessageRef;
use crate::ports::inbound::{Ask, Caller, Inbound};

/// How long an interaction can be answered (Slack docs: `response_url` lives 30 minutes). Forms must open within 3 s;
/// a form that comes too late is refused by Slack and told as `Expired`.
pub const ANSWER_WINDOW_MS: i64 = 30 * MINUTE_MS;

/// Reads a slash command.
#[must_use]
pub fn command(payload: &Value, received_at: Timestamp, directory: &Directory) -> Inbound {
    let name = word(payload, "command").trim_start_matches('/');
    if name.is_empty() {
        return Inbound::Unknown { reason: "command without a name".to_owned() };
    }
    let reply = ReplyTo {
        trigger_id: optional(payload, "trigger_id"),
        response_url: optional(payload, "response_url"),
        channel: word(payload, "channel_id").to_owned(),
        user: word(payload, "user_id").to_owned(),
        thread: optional(payload, "thread_ts"),
    };
    let caller = caller(&reply, word(payload, "user_name"), received_at, directory);
    let text = one_line(&text::readable(word(payload, "text"), directory, Naming::Id));
    Inbound::Command { name: name.to_owned(), text, caller }
}

/// Reads an interactive payload.
#[must_use]
pub fn interaction(payload: &Value, received_at: Timestamp, directory: &Directory) -> Inbound {
    match word(payload, "type") {
        "block_actions" => press(payload, received_at, directory),
        "message_action" => message_shortcut(payload, received_at, directory),
        // A shortcut without a message has no card to stand on: it arrives as a press of its own name.
        "shortcut" => Inbound::Press {
            action: word(payload, "callback_id").to_owned(),
            value: String::new(),
            chosen: Vec::new(),
            at: None,
            caller: payload_caller(payload, &Origin::default(), received_at, directory),
        },
        "view_submission" => form(payload, received_at, directory),
        "view_closed" => closed(payload),
        "block_suggestion" => ignored("completion request"),
        kind @ ("interactive_message" | "dialog_submission" | "dialog_cancellation" | "workflow_step_edit") => {
            ignored(&format!("legacy {kind}"))
        }
        kind => Inbound::Unknown { reason: format!("interaction of type {kind:.40}") },
    }
}

fn press(payload: &Value, received_at: Timestamp, directory: &Directory) -> Inbound {
    let pressed = &payload["actions"][0];
    let (action, carried) = render::read_action_id(word(pressed, "action_id"));
    if !pressed.is_object() {
        return Inbound::Unknown { reason: "press without an action".to_owned() };
    }
    if action == render::OPEN_LINK || (pressed["type"] == "button" && !word(pressed, "url").is_empty()) {
        return ignored("link opened");
    }
    let origin = Origin::read(word(&payload["view"], "private_metadata"));
    let caller = payload_caller(payload, &origin, received_at, directory);
    let is_button = pressed["type"] == "button";
    let value = if is_button { word(pressed, "value").to_owned() } else { carried };
    let chosen = if is_button { Vec::new() } else { chosen(pressed) };
    Inbound::Press { action, value, chosen, at: pressed_message(payload), caller }
}

/// The message that carries the control; ephemeral ones cannot be edited, so they are none.
fn pressed_message(payload: &Value) -> Option<MessageRef> {
    let container = &payload["container"];
    if container["is_ephemeral"] == Value::Bool(true) || payload["message"]["is_ephemeral"] == Value::Bool(true) {
        return None;
    }
    let ts = first([word(container, "message_ts"), word(&payload["message"], "ts")]);
    let channel = first([word(container, "channel_id"), word(&payload["channel"], "id")]);
    (!ts.is_empty() && !channel.is_empty()).then(|| MessageRef { channel: channel.to_owned(), message: ts.to_owned() })
}

fn message_shortcut(payload: &Value, received_at: Timestamp, directory: &Directory) -> Inbound {
    let channel = word(&payload["channel"], "id");
    match messages::message(payload, &payload["message"], channel, directory) {
        Some(message) => {
            let origin = Origin { thread: message.thread.clone(), ..Origin::default() };
            Inbound::Shortcut {
                name: word(payload, "callback_id").to_owned(),
                caller: payload_caller(payload, &origin, received_at, directory),
                message,
            }
        }
        None => Inbound::Unknown { reason: "shortcut without a message".to_owned() },
    }
}

fn closed(payload: &Value) -> Inbound {
    let view = &payload["view"];
    Inbound::FormClosed {
        form: word(view, "callback_id").to_owned(),
        state: Origin::read(word(view, "private_metadata")).state,
        user: word(&payload["user"], "id").to_owned(),
    }
}

fn form(payload: &Value, received_at: Timestamp, directory: &Directory) -> Inbound {
    let view = &payload["view"];
    let origin = Origin::read(word(view, "private_metadata"));
    let mut fields = BTreeMap::new();
    for (block_id, inputs) in view["state"]["values"].as_object().into_iter().flatten() {
        let Some(input) = inputs.as_object().and_then(|inputs| inputs.values().next()) else { continue };
        fields.insert(block_id.clone(), chosen(input).join(","));
    }
    Inbound::Form {
        form: word(view, "callback_id").to_owned(),
        caller: payload_caller(payload, &origin, received_at, directory),
        state: origin.state,
        fields,
    }
}

/// The values of any element or input: what was chosen, picked or typed; empty when nothing was.
fn chosen(element: &Value) -> Vec<String> {
    const ONE: [&str; 7] = [
        "selected_user",
        "selected_conversation",
        "selected_channel",
        "selected_date",
        "selected_time",
        "selected_date_time",
        "value",
    ];
    const MANY: [&str; 3] = ["selected_users", "selected_conversations", "selected_channels"];
    if let Some(option) = element["selected_option"].as_object() {
        return option.get("value").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    }
    if let Some(options) = element["selected_options"].as_array() {
        return options.iter().filter_map(|option| option["value"].as_str()).map(str::to_owned).collect();
    }
    for key in MANY {
        if let Some(list) = element[key].as_array() {
            return list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
    }
    if element["rich_text_value"].is_object() {
        let message = serde_json::json!({"blocks": [element["rich_text_value"]]});
        return vec![text::readable(&text::raw_of(&message, false), &Directory::default(), Naming::Shown)];
    }
    if let Some(files) = element["files"].as_array() {
        return files.iter().filter_map(|file| file["id"].as_str()).map(str::to_owned).collect();
    }
    ONE.iter()
        .find_map(|key| match &element[*key] {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .into_iter()
        .collect()
}

fn payload_caller(payload: &Value, origin: &Origin, received_at: Timestamp, directory: &Directory) -> Caller {
    let container = &payload["container"];
    let message = &payload["message"];
    let channel =
        first([word(&payload["channel"], "id"), word(container, "channel_id"), origin.channel.as_str()]).to_owned();
    let listed = word(&payload["response_urls"][0], "response_url");
    let own_url = first([word(payload, "response_url"), listed]);
    let thread = first([word(container, "thread_ts"), word(message, "thread_ts")]);
    // The root of a thread carries its own ts as thread_ts: a press on it was made in the channel.
    let in_thread = !thread.is_empty() && thread != first([word(container, "message_ts"), word(message, "ts")]);
    let reply = ReplyTo {
        trigger_id: optional(payload, "trigger_id"),
        response_url: if own_url.is_empty() { origin.response_url.clone() } else { Some(own_url.to_owned()) },
        channel,
        user: word(&payload["user"], "id").to_owned(),
        thread: if in_thread { Some(thread.to_owned()) } else { origin.thread.clone() },
    };
    let name = first([word(&payload["user"], "username"), word(&payload["user"], "name")]);
    caller(&reply, name, received_at, directory)
}

fn caller(reply: &ReplyTo, name: &str, received_at: Timestamp, directory: &Directory) -> Caller {
    let known = directory.known_person(&reply.user);
    Caller {
        user: reply.user.clone(),
        name: first([known.as_str(), name]).to_owned(),
        locale: None,
        channel: reply.channel.clone(),
        thread: reply.thread.clone(),
        reply_to: reply.write(),
        answer_by: received_at.plus_ms(ANSWER_WINDOW_MS),
        // Slack takes commands only where their author may write.
        muted: false,
    }
}

/// Reads a completion request (`block_suggestion`); `None` when the payload is something else.
#[must_use]
pub fn completion(payload: &Value) -> Option<Ask> {
    (payload["type"] == "block_suggestion").then(|| {
        let (option, _) = render::read_action_id(word(payload, "action_id"));
        let field = word(payload, "block_id");
        Ask {
            source: super::envelope::SOURCE.to_owned(),
            user: word(&payload["user"], "id").to_owned(),
            locale: None,
            command: word(&payload["view"], "callback_id").to_owned(),
            verb: None,
            // In our forms the block carries the field's id and the element a fixed one.
            option: if option == super::view::INPUT_ACTION { field.to_owned() } else { option },
            typed: word(payload, "value").to_owned(),
        }
    })
}

fn optional(value: &Value, key: &str) -> Option<String> {
    let word = word(value, key);
    (!word.is_empty()).then(|| word.to_owned())
}
