//! Interactions: commands, presses, forms, shortcuts, completion.

use std::collections::BTreeMap;

use serde_json::Value;

use super::KEY;
use super::Registered;
use super::answer::{FIRST_ANSWER_MS, Origin, ReplyTo};
use super::decode::{Event, ignored, unknown};
use super::decode_message::{message, name_of};
use super::directory::is_thread;
use super::registration::CommandSpec;
use super::snowflake::{as_id, id_at};
use crate::ports::chat::MessageRef;
use crate::ports::inbound::{Ask, Caller, Inbound};

/// Types of options that hold options (Discord docs: Application Command Option Type).
const SUB_COMMAND: i64 = 1;
/// See [`SUB_COMMAND`].
const SUB_COMMAND_GROUP: i64 = 2;
/// An option that names a user.
const USER: i64 = 6;

pub(super) fn interaction(registered: &Registered, event: &Event<'_>) -> Inbound {
    let kind = event.d.get("type").and_then(Value::as_i64).unwrap_or(0);
    let Some(caller) = caller(event, kind) else { return unknown("an interaction without id, token or user") };
    let data = event.d.get("data").unwrap_or(&Value::Null);
    match kind {
        2 => match data.get("type").and_then(Value::as_i64).unwrap_or(1) {
            1 => command(registered, data, caller),
            3 => shortcut(registered, event, data, caller),
            _ => unknown("a command on something else than a message"),
        },
        3 => press(event, data, caller),
        5 => form(event, data, caller),
        1 => ignored("ping"),
        4 => ignored("completion"),
        _ => unknown("a new kind of interaction"),
    }
}

/// Discord docs, Permissions: the bits of ADMINISTRATOR, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS.
const ADMINISTRATOR: u64 = 1 << 3;
const SEND_MESSAGES: u64 = 1 << 11;
const SEND_IN_THREADS: u64 = 1 << 38;

fn who(d: &Value) -> Option<(String, String)> {
    let member = d.get("member").filter(|member| !member.is_null());
    let user = member.and_then(|member| member.get("user")).or_else(|| d.get("user"))?;
    Some((id_at(user, "id")?, name_of(user, member)))
}

fn caller(event: &Event<'_>, kind: i64) -> Option<Caller> {
    let d = event.d;
    let (user, name) = who(d)?;
    let channel = id_at(d, "channel_id").or_else(|| id_at(d.get("channel")?, "id")).unwrap_or_default();
    let reply = reply_to(d, kind, &channel, event.received_at)?;
    let in_thread = d.pointer("/channel/type").and_then(Value::as_i64).is_some_and(is_thread);
    Some(Caller {
        user,
        name,
        locale: d.get("locale").and_then(Value::as_str).filter(|locale| !locale.is_empty()).map(str::to_owned),
        thread: (in_thread || event.in_thread()).then(|| channel.clone()),
        channel,
        reply_to: serde_json::to_string(&reply).ok()?,
        answer_by: event.received_at.plus_ms(FIRST_ANSWER_MS),
        muted: is_muted(d, in_thread),
    })
}

/// Whether the member's permissions in the channel, which an interaction carries, let them write there.
fn is_muted(d: &Value, in_thread: bool) -> bool {
    let needed = if in_thread { SEND_IN_THREADS } else { SEND_MESSAGES };
    let held = d.pointer("/member/permissions").and_then(Value::as_str).and_then(|bits| bits.parse::<u64>().ok());
    held.is_some_and(|held| held & (needed | ADMINISTRATOR) == 0)
}

/// How an interaction is answered.
pub(super) fn reply_to(d: &Value, kind: i64, channel: &str, at: crate::domain::time::Timestamp) -> Option<ReplyTo> {
    let on_message = d.get("message").is_some_and(|message| !message.is_null());
    let origin = match kind {
        3 => Origin::Component,
        5 if on_message => Origin::MessageForm,
        5 => Origin::Form,
        _ => Origin::Command,
    };
    let token = d.get("token").and_then(Value::as_str).filter(|token| !token.is_empty())?.to_owned();
    let (id, app) = (id_at(d, "id")?, id_at(d, "application_id")?);
    Some(ReplyTo { id, token, app, channel: channel.to_owned(), origin, at })
}

fn options(data: &Value) -> &[Value] {
    data.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn name(value: &Value) -> &str {
    value.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// The nested sub-command that was used, if any.
fn nested(options: &[Value]) -> Option<&Value> {
    let kind = |option: &Value| option.get("type").and_then(Value::as_i64);
    options.iter().find(|option| matches!(kind(option), Some(SUB_COMMAND | SUB_COMMAND_GROUP)))
}

fn command(registered: &Registered, data: &Value, caller: Caller) -> Inbound {
    let command = name(data);
    if command.is_empty() {
        return unknown("a command without name");
    }
    let spec = registered.commands.iter().find(|spec| spec.name == command);
    Inbound::Command { name: command.to_owned(), text: line(spec, options(data)), caller }
}

/// Options as the line that somebody would have typed.
fn line(spec: Option<&CommandSpec>, given: &[Value]) -> String {
    if let Some(sub) = nested(given) {
        let spec = spec.and_then(|spec| spec.subcommands.iter().find(|spec| spec.name == name(sub)));
        let rest = line(spec, options(sub));
        return if rest.is_empty() { name(sub).to_owned() } else { format!("{} {rest}", name(sub)) };
    }
    // People fill options in any order, and Discord lists required ones first; the grammar has an order of its own.
    let place = |option: &&Value| {
        let placed = spec.and_then(|spec| spec.positional.iter().position(|known| known == name(option)));
        placed.unwrap_or(usize::MAX)
    };
    let mut given: Vec<&Value> = given.iter().collect();
    given.sort_by_key(place);
    let words = given.iter().map(|option| {
        let value = value_of(option);
        let positional = spec.is_some_and(|spec| spec.positional.iter().any(|known| known == name(option)));
        if positional { value } else { format!("{}:{}", name(option), quoted(&value)) }
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn value_of(option: &Value) -> String {
    let value = option.get("value").unwrap_or(&Value::Null);
    if option.get("type").and_then(Value::as_i64) == Some(USER) {
        return as_id(value).map(|id| format!("<@{id}>")).unwrap_or_default();
    }
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() || value.contains(char::is_whitespace) || value.contains('"') {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        value.to_owned()
    }
}

fn shortcut(registered: &Registered, event: &Event<'_>, data: &Value, caller: Caller) -> Inbound {
    let Some(target) = id_at(data, "target_id") else { return unknown("a shortcut without message") };
    let Some(found) = data.pointer(&format!("/resolved/messages/{target}")) else {
        return unknown("a shortcut whose message is missing");
    };
    let mut found = found.clone();
    // Resolved messages are partial: they may lack the channel, which is that of the interaction.
    if let Some(members) = found.as_object_mut()
        && members.get("channel_id").is_none_or(Value::is_null)
    {
        members.insert("channel_id".into(), caller.channel.clone().into());
    }
    let shown = name(data);
    let name = registered
        .shortcuts
        .iter()
        .find(|spec| spec.name == shown)
        .map_or_else(|| shown.to_lowercase().replace(' ', "_"), |spec| spec.id.clone());
    match message(event, &found) {
        Some(mut message) => {
            message.thread.clone_from(&caller.thread);
            Inbound::Shortcut { name, message, caller }
        }
        None => unknown("a shortcut whose message cannot be read"),
    }
}

fn press(event: &Event<'_>, data: &Value, caller: Caller) -> Inbound {
    let id = data.get("custom_id").and_then(Value::as_str).unwrap_or_default();
    let (action, value) = id.split_once('|').unwrap_or((id, ""));
    if action.is_empty() {
        return unknown("a press without action");
    }
    let chosen = data.get("values").and_then(Value::as_array);
    let chosen =
        chosen.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned).or_else(|| as_id(value)));
    let carrier = event.d.get("message").filter(|message| !message.is_null());
    let at = carrier.and_then(|message| {
        let channel = id_at(message, "channel_id").unwrap_or_else(|| caller.channel.clone());
        Some(MessageRef { channel, message: id_at(message, "id")? })
    });
    Inbound::Press { action: action.to_owned(), value: value.to_owned(), chosen: chosen.collect(), at, caller }
}

/// The lines of a submitted form, whatever holds them.
pub(super) fn typed(data: &Value) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for row in data.get("components").and_then(Value::as_array).into_iter().flatten() {
        let inside = row.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for part in inside.iter().chain(row.get("component")) {
            let Some(id) = part.get("custom_id").and_then(Value::as_str) else { continue };
            let chosen = part.pointer("/values/0").and_then(Value::as_str);
            let value = part.get("value").and_then(Value::as_str).or(chosen).unwrap_or_default();
            fields.push((id.to_owned(), value.to_owned()));
        }
    }
    fields
}

fn form(event: &Event<'_>, data: &Value, caller: Caller) -> Inbound {
    let id = data.get("custom_id").and_then(Value::as_str).unwrap_or_default();
    let (form, state) = id.split_once('|').unwrap_or((id, ""));
    if form.is_empty() {
        return unknown("a form without name");
    }
    let mut fields: BTreeMap<String, String> = typed(data).into_iter().collect();
    if let Some(resolved) = event.wrapper.get("resolved").and_then(Value::as_object) {
        for (field, value) in resolved {
            if let (Some(held), Some(value)) = (fields.get_mut(field), value.as_str()) {
                value.clone_into(held);
            }
        }
    }
    Inbound::Form { form: form.to_owned(), state: state.to_owned(), fields, caller }
}

/// A completion request.
pub(super) fn ask(d: &Value) -> Option<Ask> {
    let data = d.get("data")?;
    let mut verbs: Vec<&str> = Vec::new();
    let mut given = options(data);
    while let Some(sub) = nested(given) {
        verbs.push(name(sub));
        given = options(sub);
    }
    let focused = given.iter().find(|option| option.get("focused").and_then(Value::as_bool) == Some(true))?;
    let (user, _) = who(d)?;
    Some(Ask {
        source: KEY.to_owned(),
        user,
        locale: d.get("locale").and_then(Value::as_str).map(str::to_owned),
        command: name(data).to_owned(),
        verb: (!verbs.is_empty()).then(|| verbs.join(" ")),
        option: name(focused).to_owned(),
        typed: value_of(focused),
    })
}
