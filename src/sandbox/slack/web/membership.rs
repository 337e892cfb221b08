//! `conversations.*` that are about who is in a channel.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::ids;
use super::super::limits::{INVITE_USERS_MAX, MPIM_USERS_MAX};
use super::super::workspace::{ChannelKind, Workspace};
use super::args::Args;
use super::{LIST_DEFAULT, channel_arg, page, scoped_channel};

fn shown(ws: &Workspace, id: &str) -> Value {
    ws.channel(id).map(|channel| ws.channel_wire(channel, &ws.app.bot_user)).unwrap_or_default()
}

/// A channel people can be invited to or removed from.
fn group_channel(ws: &Workspace, args: &Args) -> Result<String, ApiError> {
    let channel = channel_arg(ws, args)?;
    if matches!(channel.kind, ChannelKind::Im | ChannelKind::Mpim) {
        return Err(ApiError::new("method_not_supported_for_channel_type"));
    }
    if channel.archived {
        return Err(ApiError::new("is_archived"));
    }
    Ok(channel.id.clone())
}

pub(super) fn invite(ws: &mut Workspace, args: &Args) -> Answer {
    let id = group_channel(ws, args)?;
    let bot = ws.app.bot_user.clone();
    if !ws.channel(&id).is_some_and(|channel| channel.has(&bot)) {
        return Err(ApiError::new("not_in_channel"));
    }
    let users = args.list("users");
    if users.is_empty() {
        return Err(ApiError::new("no_user"));
    }
    if users.len() > INVITE_USERS_MAX {
        return Err(ApiError::new("too_many_users"));
    }
    let mut errors = Vec::new();
    for user in &users {
        let code = if *user == bot {
            "cant_invite_self"
        } else if ws.user(user).is_none() {
            "user_not_found"
        } else if ws.channel(&id).is_some_and(|channel| channel.has(user)) {
            "already_in_channel"
        } else {
            continue;
        };
        errors.push((code, user.clone()));
    }
    // One bad name refuses the whole list, unless `force` asks to invite the others.
    if let Some((code, _)) = errors.first()
        && (!args.flag("force") || errors.len() == users.len())
    {
        let mut error = ApiError::new(code);
        let list: Vec<Value> =
            errors.iter().map(|(code, user)| json!({"user": user, "ok": false, "error": code})).collect();
        error.extra.insert("errors".to_owned(), json!(list));
        return Err(error);
    }
    for user in users.iter().filter(|user| !errors.iter().any(|(_, bad)| bad == *user)) {
        ws.join_channel(&id, user, Some(&bot))?;
    }
    answer(json!({"channel": shown(ws, &id)}))
}

pub(super) fn join(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = channel_arg(ws, args)?;
    if channel.kind != ChannelKind::Public {
        return Err(ApiError::new("method_not_supported_for_channel_type"));
    }
    let (id, bot) = (channel.id.clone(), ws.app.bot_user.clone());
    let joined = ws.join_channel(&id, &bot, None)?;
    let mut body = json!({"channel": shown(ws, &id)});
    if !joined {
        body["warning"] = json!("already_in_channel");
        body["response_metadata"] = json!({"warnings": ["already_in_channel"]});
    }
    answer(body)
}

pub(super) fn kick(ws: &mut Workspace, args: &Args) -> Answer {
    let id = group_channel(ws, args)?;
    let user = args.need("user")?;
    if user == ws.app.bot_user {
        return Err(ApiError::new("cant_kick_self"));
    }
    if ws.user(&user).is_none() {
        return Err(ApiError::new("user_not_found"));
    }
    let channel = channel_arg(ws, args)?;
    if channel.name == "general" {
        return Err(ApiError::new("cant_kick_from_general"));
    }
    if !channel.has(&ws.app.bot_user) || !channel.has(&user) {
        return Err(ApiError::new("not_in_channel"));
    }
    ws.leave_channel(&id, &user)?;
    answer(json!({"errors": {}}))
}

pub(super) fn leave(ws: &mut Workspace, args: &Args) -> Answer {
    let id = group_channel(ws, args)?;
    if channel_arg(ws, args)?.name == "general" {
        return Err(ApiError::new("cant_leave_general"));
    }
    let bot = ws.app.bot_user.clone();
    if ws.leave_channel(&id, &bot)? { answer(json!({})) } else { answer(json!({"not_in_channel": true})) }
}

pub(super) fn members(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = scoped_channel(ws, args, "read")?;
    let items = channel.members.iter().map(|member| json!(member)).collect();
    page(args, items, "members", LIST_DEFAULT)
}

/// Opens a direct message with one person, or a group message with several.
pub(super) fn open(ws: &mut Workspace, args: &Args) -> Answer {
    let bot = ws.app.bot_user.clone();
    let id = if args.has("channel") {
        channel_arg(ws, args)?.id.clone()
    } else {
        let users = args.list("users");
        if users.is_empty() {
            return Err(ApiError::new("users_list_not_supplied"));
        }
        if users.len() > MPIM_USERS_MAX {
            return Err(ApiError::new("too_many_users"));
        }
        if users.iter().any(|user| ws.user(user).is_none()) {
            return Err(ApiError::new("user_not_found"));
        }
        let scope = if users.len() == 1 { "im:write" } else { "mpim:write" };
        if !ws.has_scope(scope) {
            return Err(ApiError::missing_scope(scope, &ws.setup.scopes));
        }
        match users.as_slice() {
            [one] if *one == bot => return Err(ApiError::new("cannot_dm_bot")),
            [one] => ws.im_with(one),
            many => group_message(ws, many, &bot),
        }
    };
    let full = args.flag("return_im");
    let channel = if full { shown(ws, &id) } else { json!({"id": id}) };
    answer(json!({"channel": channel}))
}

fn group_message(ws: &mut Workspace, users: &[String], bot: &str) -> String {
    let mut members: Vec<String> = users.to_vec();
    members.push(bot.to_owned());
    members.sort();
    members.dedup();
    let known = ws.channels.iter().find(|channel| {
        channel.kind == ChannelKind::Mpim
            && channel.members.len() == members.len()
            && members.iter().all(|one| channel.has(one))
    });
    if let Some(channel) = known {
        return channel.id.clone();
    }
    let id = ids::id('G', &members.join("/"));
    let names: Vec<&str> = members.iter().filter_map(|id| ws.user(id)).map(|user| user.name.as_str()).collect();
    let name = format!("mpdm-{}-1", names.join("--"));
    ws.insert_channel(&id, &name, ChannelKind::Mpim, bot, members);
    id
}
