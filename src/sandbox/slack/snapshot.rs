//! What one person sees, as one JSON value; the page draws it and tests read it.

use serde_json::{Map, Value, json};

use super::ids;
use super::limits::SNAPSHOT_MESSAGES_MAX;
use super::workspace::{Channel, ChannelKind, Message, Workspace};

/// The snapshot for `user`.
pub(super) fn of(ws: &Workspace, user: &str) -> Value {
    let seen: Vec<&Channel> =
        ws.channels.iter().filter(|channel| channel.kind == ChannelKind::Public || channel.has(user)).collect();
    let mut messages = Map::new();
    for channel in &seen {
        let visible: Vec<&Message> = channel
            .messages
            .iter()
            .filter(|one| one.ephemeral_for.as_deref().is_none_or(|reader| reader == user))
            .collect();
        let skipped = visible.len().saturating_sub(SNAPSHOT_MESSAGES_MAX);
        let shown: Vec<Value> = visible.into_iter().skip(skipped).map(|one| message(ws, channel, one)).collect();
        messages.insert(channel.id.clone(), json!(shown));
    }
    let toasts: Vec<Value> = ws
        .toasts
        .iter()
        .filter(|toast| toast.user == user)
        .map(|toast| json!({"id": toast.id, "at_ms": toast.at_ms, "text": toast.text}))
        .collect();
    let modal = ws.stack(user).last().map(|view| json!({"view_id": view.id, "view": ws.view_wire(view)}));
    let commands: Vec<Value> = ws
        .setup
        .commands
        .iter()
        .map(|one| json!({"command": one.command, "description": one.description, "usage_hint": one.usage_hint}))
        .collect();
    let shortcuts: Vec<Value> = ws
        .setup
        .shortcuts
        .iter()
        .map(|one| json!({"callback_id": one.callback_id, "name": one.name, "type": one.kind}))
        .collect();
    json!({
        "version": ws.version,
        "clock_ms": ws.now_ms(),
        "team": {"id": ws.team_id, "name": ws.setup.team_name, "domain": ws.setup.team_domain},
        "me": user,
        "users": users(ws),
        "channels": seen.iter().map(|one| channel(one, user)).collect::<Vec<Value>>(),
        "messages": messages,
        "home": ws.home(user).map(|home| ws.view_wire(home)),
        "modal": modal,
        "modal_errors": ws.modal_errors.get(user),
        "commands": commands,
        "shortcuts": shortcuts,
        "toasts": toasts,
    })
}

fn users(ws: &Workspace) -> Vec<Value> {
    ws.users
        .iter()
        .map(|user| {
            json!({
                "id": user.id, "name": user.name, "real_name": user.real_name, "locale": user.locale,
                "email": user.email, "is_bot": user.is_bot, "color": ws.color(user),
            })
        })
        .collect()
}

fn channel(channel: &Channel, me: &str) -> Value {
    json!({
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.kind != ChannelKind::Public,
        "is_im": channel.is_im(),
        "is_archived": channel.archived,
        "user": if channel.is_im() { json!(channel.members.iter().find(|member| *member != me)) } else { Value::Null },
        "topic": channel.topic.value,
        "members": channel.members,
        "last_ts": channel.messages.last().map(|message| ids::ts(message.ts_us)),
    })
}

fn message(ws: &Workspace, channel: &Channel, message: &Message) -> Value {
    let wire = &message.wire;
    let part = |name: &str| wire.get(name).cloned().unwrap_or(Value::Null);
    let list = |name: &str| wire.get(name).cloned().unwrap_or_else(|| json!([]));
    let username = match (wire.get("username"), wire.get("bot_profile")) {
        (Some(name), _) => name.clone(),
        (None, Some(profile)) => profile["name"].clone(),
        (None, None) => json!(ws.user(&message.owner).map_or("", |user| user.real_name.as_str())),
    };
    let files: Vec<Value> = wire
        .get("files")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|file| {
            let secret =
                ws.files.iter().find(|known| file["id"] == known.id.as_str()).map_or("", |known| &known.secret);
            json!({
                "id": file["id"], "name": file["name"], "mimetype": file["mimetype"], "alt": file["alt_txt"],
                "url": format!("{}?page={secret}", file["url_private"].as_str().unwrap_or_default()),
            })
        })
        .collect();
    let replies = channel.threads.get(&message.ts_us).map_or(0, Vec::len);
    let mut shown = json!({
        "ts": ids::ts(message.ts_us),
        "user": part("user"),
        "bot_id": part("bot_id"),
        "username": username,
        "subtype": part("subtype"),
        "text": message.text(),
        // Blocks Slack made out of the text say nothing the text does not.
        "blocks": if message.auto_blocks { json!([]) } else { list("blocks") },
        "attachments": list("attachments"),
        "edited": wire.contains_key("edited"),
        "reactions": message.reactions_wire(),
        "reply_count": replies,
        "broadcast": message.broadcast,
        "files": files,
        "ephemeral": message.ephemeral_for.is_some(),
        "pinned": message.pinned.is_some(),
        "state": message.state,
    });
    if let Some(root) = message.thread_us {
        shown["thread_ts"] = json!(ids::ts(root));
    }
    shown
}
