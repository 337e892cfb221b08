//! `chat.*`: posting, updating, deleting.

use serde_json::json;

use super::super::error::{Answer, ApiError, answer};
use super::super::ids;
use super::super::messages::{Author, MessageChange, NewMessage};
use super::super::workspace::{ChannelKind, Workspace};
use super::args::Args;
use super::channel_arg;
use super::content::{self, Length};

pub(super) fn post_message(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = target(ws, args)?;
    let thread_us = thread(ws, &channel, args)?;
    let content = content::read(ws, args, Length::Cut)?;
    let custom = args.text("username").filter(|name| !name.is_empty() && ws.has_scope("chat:write.customize"));
    let mut message = NewMessage::new(Author::App { username: custom }, &content.text);
    message.blocks = content.blocks.filter(|blocks| !blocks.is_empty());
    message.attachments = content.attachments;
    message.metadata = content.metadata.filter(|metadata| metadata.as_object().is_some_and(|map| !map.is_empty()));
    message.thread_us = thread_us;
    message.broadcast = thread_us.is_some() && args.flag("reply_broadcast");
    let ts_us = ws.post(&channel, message);
    let shown = shown(ws, &channel, ts_us);
    answer(json!({"channel": channel, "ts": ids::ts(ts_us), "message": shown}))
}

pub(super) fn post_ephemeral(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = target(ws, args)?;
    let user = args.need("user")?;
    if ws.user(&user).is_none() {
        return Err(ApiError::new("user_not_found"));
    }
    if !ws.channel(&channel).is_some_and(|channel| channel.has(&user)) {
        return Err(ApiError::new("user_not_in_channel"));
    }
    let thread_us = thread(ws, &channel, args)?;
    let content = content::read(ws, args, Length::Cut)?;
    let mut message = NewMessage::new(Author::App { username: None }, &content.text);
    message.blocks = content.blocks.filter(|blocks| !blocks.is_empty());
    message.attachments = content.attachments;
    message.thread_us = thread_us;
    message.ephemeral_for = Some(user);
    let ts_us = ws.post(&channel, message);
    answer(json!({"message_ts": ids::ts(ts_us)}))
}

/// The channel to post in: an id, a channel name, or a person (their direct messages with the app).
fn target(ws: &mut Workspace, args: &Args) -> Result<String, ApiError> {
    let given = args.need("channel")?;
    if ws.user(&given).is_some_and(|user| !user.is_bot) {
        return Ok(ws.im_with(&given));
    }
    let name = given.strip_prefix('#').unwrap_or(&given);
    let named = ws.channels.iter().find(|channel| channel.id == given || (!channel.is_im() && channel.name == name));
    let channel = named.ok_or_else(|| ApiError::new("channel_not_found"))?;
    let member = channel.has(&ws.app.bot_user);
    if !member && channel.kind != ChannelKind::Public {
        return Err(ApiError::new("channel_not_found"));
    }
    if channel.archived {
        return Err(ApiError::new("is_archived"));
    }
    if !member && !ws.has_scope("chat:write.public") {
        return Err(ApiError::new("not_in_channel"));
    }
    Ok(channel.id.clone())
}

/// The root of the thread to reply in; a reply's timestamp leads to its root.
fn thread(ws: &Workspace, channel: &str, args: &Args) -> Result<Option<i64>, ApiError> {
    let Some(text) = args.text("thread_ts").filter(|text| !text.is_empty()) else { return Ok(None) };
    let ts_us = ids::parse_ts(&text).ok_or_else(|| ApiError::new("invalid_thread_ts"))?;
    let root = ws.channel(channel).and_then(|channel| channel.message(ts_us));
    let root = root.filter(|message| message.ephemeral_for.is_none());
    let root = root.ok_or_else(|| ApiError::new("cannot_reply_to_message"))?;
    Ok(Some(root.thread_us.unwrap_or(root.ts_us)))
}

fn shown(ws: &Workspace, channel: &str, ts_us: i64) -> serde_json::Value {
    ws.channel(channel)
        .and_then(|channel| channel.message(ts_us).map(|message| ws.message_wire(channel, message, true)))
        .unwrap_or_default()
}

pub(super) fn update(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = channel_arg(ws, args)?;
    let (id, archived) = (channel.id.clone(), channel.archived);
    let ts_us = args.need_ts("ts", "message_not_found")?;
    let message = channel.message(ts_us).filter(|message| message.ephemeral_for.is_none());
    let message = message.ok_or_else(|| ApiError::new("message_not_found"))?;
    if message.owner != ws.app.bot_user {
        return Err(ApiError::new("cant_update_message"));
    }
    if archived {
        return Err(ApiError::new("is_inactive"));
    }
    let old_text = message.text().to_owned();
    let old_blocks = message.auto_blocks;
    let content = content::read(ws, args, Length::Refused)?;
    let blocks_given = args.has("blocks") || args.has("markdown_text");
    let change = MessageChange {
        text: Some(if content.text.is_empty() && !args.has("text") { old_text } else { content.text }),
        // Text alone replaces the blocks of a message, as Slack does.
        blocks: match content.blocks {
            Some(blocks) => Some(blocks),
            None if args.has("text") && !old_blocks && !blocks_given => Some(Vec::new()),
            None => None,
        },
        attachments: args.has("attachments").then_some(content.attachments),
        metadata: content
            .metadata
            .map(|metadata| Some(metadata).filter(|metadata| metadata.as_object().is_some_and(|map| !map.is_empty()))),
    };
    let bot = ws.app.bot_user.clone();
    ws.edit(&id, ts_us, &bot, change)?;
    let shown = shown(ws, &id, ts_us);
    answer(json!({"channel": id, "ts": ids::ts(ts_us), "text": shown["text"], "message": shown}))
}

pub(super) fn delete(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = channel_arg(ws, args)?;
    let id = channel.id.clone();
    let ts_us = args.need_ts("ts", "message_not_found")?;
    let message = channel.message(ts_us).filter(|message| message.ephemeral_for.is_none());
    let message = message.ok_or_else(|| ApiError::new("message_not_found"))?;
    if message.owner != ws.app.bot_user {
        return Err(ApiError::new("cant_delete_message"));
    }
    ws.delete(&id, ts_us)?;
    answer(json!({"channel": id, "ts": ids::ts(ts_us)}))
}

pub(super) fn permalink(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = channel_arg(ws, args)?;
    let ts_us = args.need_ts("message_ts", "message_not_found")?;
    let message = channel.message(ts_us).filter(|message| message.ephemeral_for.is_none());
    let message = message.ok_or_else(|| ApiError::new("message_not_found"))?;
    let ts = ids::ts(ts_us);
    let mut link =
        format!("https://{}.slack.com/archives/{}/p{}", ws.setup.team_domain, channel.id, ts.replace('.', ""));
    if let Some(root) = message.thread_us {
        link.push_str(&format!("?thread_ts={}&cid={}", ids::ts(root), channel.id));
    }
    answer(json!({"channel": channel.id, "permalink": link}))
}
