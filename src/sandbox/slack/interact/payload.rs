//! The payloads of slash commands and interactions, in full.

use serde_json::{Map, Value, json};

use super::super::error::ActError;
use super::super::ids;
use super::super::limits::RESPONSE_URL_TTL_MS;
use super::super::workspace::{ResponseUrl, Workspace};
use super::{Pressed, state};

/// Where a person pressed something.
#[derive(Debug, Clone)]
pub(in super::super) enum Source {
    Message { channel: String, ts: String },
    View { id: String },
}

/// The place named by an act: a view, or a message of a channel.
pub(in super::super) fn trusted_source(
    channel: Option<String>,
    ts: Option<String>,
    view_id: Option<String>,
) -> Result<Source, ActError> {
    match (channel, ts, view_id) {
        (_, _, Some(id)) => Ok(Source::View { id }),
        (Some(channel), Some(ts), None) => Ok(Source::Message { channel, ts }),
        _ => Err(ActError::new("Say where: `channel` and `ts`, or `view_id`.")),
    }
}

/// Fields every interaction starts with.
fn opening(ws: &Workspace, kind: &str, user: &str) -> Map<String, Value> {
    let value = json!({
        "type": kind,
        "user": ws.user_stub(user),
        "api_app_id": ws.app.app_id,
        "token": ws.app.verification_token,
        "team": ws.team_stub(),
        "enterprise": null,
        "is_enterprise_install": false,
    });
    value.as_object().cloned().unwrap_or_default()
}

fn channel_stub(ws: &Workspace, id: &str) -> Value {
    let name = ws.channel(id).map_or("", |channel| if channel.is_im() { "directmessage" } else { &channel.name });
    json!({"id": id, "name": name})
}

/// A fresh `response_url` and what it leads to.
fn response_url(ws: &mut Workspace, kind: &str, response: ResponseUrl) -> (String, ResponseUrl) {
    let seed = ws.next_seed("response");
    let key = ids::secret(&seed, 24);
    let url = format!("{}{kind}/{}/{}/{key}", ws.base_url, ws.team_id, ids::digits(&seed, 12));
    let now_ms = ws.now_ms();
    ws.responses.retain(|_, known| known.expires_ms > now_ms - RESPONSE_URL_TTL_MS);
    ws.responses.insert(key, response.clone());
    (url, response)
}

fn response_to(
    ws: &Workspace,
    user: &str,
    channel: &str,
    source_us: Option<i64>,
    thread_us: Option<i64>,
) -> ResponseUrl {
    ResponseUrl {
        channel: channel.to_owned(),
        user: user.to_owned(),
        source_us,
        thread_us,
        uses: 0,
        expires_ms: ws.now_ms() + RESPONSE_URL_TTL_MS,
    }
}

/// A slash command and what its answer would go to.
pub(super) fn slash(ws: &mut Workspace, user: &str, channel: &str, command: &str, text: &str) -> (Value, ResponseUrl) {
    let response = response_to(ws, user, channel, None, None);
    let (url, response) = response_url(ws, "commands", response);
    let trigger_id = ws.new_trigger(user);
    let payload = json!({
        "token": ws.app.verification_token,
        "team_id": ws.team_id,
        "team_domain": ws.setup.team_domain,
        "channel_id": channel,
        "channel_name": channel_stub(ws, channel)["name"],
        "user_id": user,
        "user_name": ws.user(user).map_or("", |user| user.name.as_str()),
        "command": command,
        "text": text,
        "api_app_id": ws.app.app_id,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger_id,
    });
    (payload, response)
}

/// The blocks people see at a source, and their values so far.
fn shown_at(ws: &Workspace, user: &str, source: &Source) -> Result<(Vec<Value>, Map<String, Value>), ActError> {
    match source {
        Source::Message { channel, ts } => {
            ws.visible_channel(user, channel)?;
            let message = ids::parse_ts(ts)
                .and_then(|ts_us| ws.channel(channel).and_then(|channel| channel.message(ts_us)))
                .filter(|message| message.ephemeral_for.as_deref().is_none_or(|reader| reader == user))
                .ok_or_else(|| ActError::new("There is no such message any more."))?;
            let mut blocks = message.wire.get("blocks").and_then(Value::as_array).cloned().unwrap_or_default();
            for attachment in message.wire.get("attachments").and_then(Value::as_array).into_iter().flatten() {
                blocks.extend(attachment["blocks"].as_array().into_iter().flatten().cloned());
            }
            if message.wire.get("app_id").is_none_or(|app| *app != json!(ws.app.app_id)) {
                return Err(ActError::new("This message belongs to another app."));
            }
            Ok((blocks, message.state.clone()))
        }
        Source::View { id } => {
            let view = ws.view(id).filter(|view| view.user == user);
            let view = view.ok_or_else(|| ActError::new("There is no such view any more."))?;
            if !view.is_home() && ws.stack(user).last().is_none_or(|top| top.id != view.id) {
                return Err(ActError::new("Another view lies on top of this one."));
            }
            Ok((view.blocks().to_vec(), view.state.clone()))
        }
    }
}

/// `block_actions`; `None` when the element sends nothing (an input that does not dispatch).
pub(super) fn block_actions(ws: &mut Workspace, user: &str, pressed: &Pressed) -> Result<Option<Value>, ActError> {
    let (blocks, before) = shown_at(ws, user, &pressed.source)?;
    let (block, element) = state::find(&blocks, pressed.block_id.as_deref(), &pressed.action_id)
        .ok_or_else(|| ActError::new(format!("There is no element {} here.", pressed.action_id)))?;
    let kind = element["type"].as_str().unwrap_or_default();
    let mut action = json!({
        "type": kind,
        "action_id": pressed.action_id,
        "block_id": block["block_id"],
    });
    let mut values = state::initial(&blocks, &before);
    match (&pressed.given, kind) {
        (None, "button" | "workflow_button" | "icon_button") => {
            for name in ["text", "value", "style", "url"] {
                if let Some(part) = element.get(name) {
                    action[name] = part.clone();
                }
            }
        }
        (None, _) => return Err(ActError::new(format!("A {kind} is not clicked but filled."))),
        (Some(_), "button") => return Err(ActError::new("A button is clicked, not filled.")),
        (Some(given), _) => {
            let offered = ws.offered.get(&format!("{user}/{}", pressed.action_id)).cloned().unwrap_or_default();
            let value = state::chosen(element, given, &offered).map_err(ActError::new)?;
            for (name, part) in value.as_object().into_iter().flatten() {
                action[name] = part.clone();
            }
            if let Some(placeholder) = element.get("placeholder") {
                action["placeholder"] = placeholder.clone();
            }
            if kind != "overflow" {
                let of_block =
                    values.entry(block["block_id"].as_str().unwrap_or_default()).or_insert_with(|| json!({}));
                of_block[&pressed.action_id] = value;
            }
        }
    }
    action["action_ts"] = json!(ids::ts(ws.next_ts_us()));
    let silent = block["type"] == "input" && block["dispatch_action"] != true;
    keep_state(ws, &pressed.source, &values);
    if silent {
        return Ok(None);
    }
    let mut payload = opening(ws, "block_actions", user);
    payload.insert("trigger_id".to_owned(), json!(ws.new_trigger(user)));
    payload.insert("actions".to_owned(), json!([action]));
    place(ws, user, &pressed.source, &values, &mut payload);
    Ok(Some(Value::Object(payload)))
}

fn keep_state(ws: &mut Workspace, source: &Source, values: &Map<String, Value>) {
    ws.dirty = true;
    match source {
        Source::Message { channel, ts } => {
            let Some(ts_us) = ids::parse_ts(ts) else { return };
            if let Ok(channel) = ws.channel_mut(channel)
                && let Some(message) = channel.message_mut(ts_us)
            {
                message.state = values.clone();
            }
        }
        Source::View { id } => {
            if let Some(view) = ws.views.iter_mut().find(|view| view.id == *id) {
                view.state = values.clone();
            }
        }
    }
}

/// Adds `container` and what belongs to it.
fn place(
    ws: &mut Workspace,
    user: &str,
    source: &Source,
    values: &Map<String, Value>,
    payload: &mut Map<String, Value>,
) {
    match source {
        Source::View { id } => {
            payload.insert("container".to_owned(), json!({"type": "view", "view_id": id}));
            if let Some(view) = ws.view(id) {
                payload.insert("view".to_owned(), ws.view_wire(view));
            }
        }
        Source::Message { channel, ts } => {
            let found = ids::parse_ts(ts).and_then(|ts_us| {
                let channel = ws.channel(channel)?;
                let message = channel.message(ts_us)?;
                Some((
                    ts_us,
                    message.thread_us,
                    message.ephemeral_for.is_some(),
                    ws.message_wire(channel, message, true),
                ))
            });
            let Some((ts_us, thread_us, ephemeral, wire)) = found else { return };
            let mut container = json!({
                "type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral,
            });
            if let Some(thread_us) = thread_us {
                container["thread_ts"] = json!(ids::ts(thread_us));
            }
            payload.insert("container".to_owned(), container);
            payload.insert("channel".to_owned(), channel_stub(ws, channel));
            if !ephemeral {
                payload.insert("message".to_owned(), wire);
            }
            payload.insert("state".to_owned(), json!({"values": values}));
            let response = response_to(ws, user, channel, Some(ts_us), thread_us);
            let (url, _) = response_url(ws, "actions", response);
            payload.insert("response_url".to_owned(), json!(url));
        }
    }
}

/// `block_suggestion`.
pub(super) fn suggestion(ws: &mut Workspace, user: &str, pressed: &Pressed, typed: &str) -> Result<Value, ActError> {
    let (blocks, before) = shown_at(ws, user, &pressed.source)?;
    let (block, element) = state::find(&blocks, pressed.block_id.as_deref(), &pressed.action_id)
        .ok_or_else(|| ActError::new(format!("There is no element {} here.", pressed.action_id)))?;
    if !element["type"].as_str().unwrap_or_default().ends_with("external_select") {
        return Err(ActError::new("Only external selects ask for options."));
    }
    let least = element["min_query_length"].as_u64().unwrap_or(3);
    if (typed.chars().count() as u64) < least {
        return Err(ActError::new(format!("Type at least {least} characters.")));
    }
    let mut payload = opening(ws, "block_suggestion", user);
    payload.insert("action_id".to_owned(), json!(pressed.action_id));
    payload.insert("block_id".to_owned(), block["block_id"].clone());
    payload.insert("value".to_owned(), json!(typed));
    place(ws, user, &pressed.source, &before, &mut payload);
    for name in ["response_url", "state"] {
        payload.remove(name);
    }
    Ok(Value::Object(payload))
}

/// `message_action`.
pub(super) fn message_action(
    ws: &mut Workspace,
    user: &str,
    channel: &str,
    ts: &str,
    callback_id: &str,
) -> Result<Value, ActError> {
    ws.shortcut(callback_id, "message")?;
    ws.visible_channel(user, channel)?;
    let found = ids::parse_ts(ts).and_then(|ts_us| {
        let channel = ws.channel(channel)?;
        let message = channel.message(ts_us).filter(|message| message.ephemeral_for.is_none())?;
        Some((ts_us, message.thread_us, ws.message_wire(channel, message, true)))
    });
    let (ts_us, thread_us, wire) = found.ok_or_else(|| ActError::new("There is no such message any more."))?;
    let response = response_to(ws, user, channel, Some(ts_us), thread_us);
    let (url, _) = response_url(ws, "app", response);
    let mut payload = opening(ws, "message_action", user);
    payload.remove("api_app_id");
    payload.insert("callback_id".to_owned(), json!(callback_id));
    payload.insert("trigger_id".to_owned(), json!(ws.new_trigger(user)));
    payload.insert("action_ts".to_owned(), json!(ids::ts(ws.now_ms() * 1_000)));
    payload.insert("channel".to_owned(), channel_stub(ws, channel));
    payload.insert("message_ts".to_owned(), json!(ts));
    payload.insert("message".to_owned(), wire);
    payload.insert("response_url".to_owned(), json!(url));
    Ok(Value::Object(payload))
}

/// `view_submission` or `view_closed`.
pub(super) fn of_view(ws: &mut Workspace, user: &str, id: &str, kind: &str) -> Option<Value> {
    let view = ws.view_wire(ws.view(id)?);
    let mut payload = opening(ws, kind, user);
    payload.insert("view".to_owned(), view);
    if kind == "view_submission" {
        payload.insert("trigger_id".to_owned(), json!(ws.new_trigger(user)));
        payload.insert("response_urls".to_owned(), json!([]));
    } else {
        payload.insert("is_cleared".to_owned(), json!(false));
    }
    Some(Value::Object(payload))
}
