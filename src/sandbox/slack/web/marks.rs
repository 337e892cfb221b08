//! `reactions.*` and `pins.*`.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::workspace::Workspace;
use super::args::Args;
use super::channel_arg;

/// Channel and message named by the call; the bot must be in the channel.
fn target(ws: &Workspace, args: &Args, ts_name: &str) -> Result<(String, i64), ApiError> {
    let channel = channel_arg(ws, args)?;
    let ts_us = args.need_ts(ts_name, "bad_timestamp")?;
    if !channel.has(&ws.app.bot_user) {
        return Err(ApiError::new("not_in_channel"));
    }
    if channel.archived {
        return Err(ApiError::new("is_archived"));
    }
    if channel.message(ts_us).is_none_or(|message| message.ephemeral_for.is_some()) {
        return Err(ApiError::new("message_not_found"));
    }
    Ok((channel.id.clone(), ts_us))
}

fn mark(ws: &mut Workspace, args: &Args, add: bool) -> Answer {
    let name = args.need("name")?;
    let name = name.trim_matches(':').to_owned();
    let (channel, ts_us) = target(ws, args, "timestamp")?;
    let bot = ws.app.bot_user.clone();
    ws.react(&channel, ts_us, &bot, &name, add)?;
    answer(json!({}))
}

pub(super) fn react(ws: &mut Workspace, args: &Args) -> Answer {
    mark(ws, args, true)
}

pub(super) fn unreact(ws: &mut Workspace, args: &Args) -> Answer {
    mark(ws, args, false)
}

pub(super) fn reactions(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = channel_arg(ws, args)?;
    let ts_us = args.need_ts("timestamp", "bad_timestamp")?;
    let message = channel.message(ts_us).filter(|message| message.ephemeral_for.is_none());
    let message = message.ok_or_else(|| ApiError::new("message_not_found"))?;
    let wire = ws.message_wire(channel, message, false);
    answer(json!({"type": "message", "channel": channel.id, "message": wire}))
}

pub(super) fn pin(ws: &mut Workspace, args: &Args) -> Answer {
    let (channel, ts_us) = target(ws, args, "timestamp")?;
    let bot = ws.app.bot_user.clone();
    ws.pin(&channel, ts_us, &bot, true)?;
    answer(json!({}))
}

pub(super) fn unpin(ws: &mut Workspace, args: &Args) -> Answer {
    let (channel, ts_us) = target(ws, args, "timestamp")?;
    let bot = ws.app.bot_user.clone();
    ws.pin(&channel, ts_us, &bot, false)?;
    answer(json!({}))
}

pub(super) fn pins(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = channel_arg(ws, args)?;
    let items: Vec<Value> = channel
        .messages
        .iter()
        .filter_map(|message| message.pinned.as_ref().map(|pinned| (message, pinned)))
        .map(|(message, (user, created))| {
            json!({
                "type": "message",
                "channel": channel.id,
                "message": ws.message_wire(channel, message, false),
                "created": created,
                "created_by": user,
            })
        })
        .collect();
    answer(json!({"items": items}))
}
