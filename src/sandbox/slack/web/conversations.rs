//! `conversations.*` that are about the channel itself.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::limits::TOPIC_MAX;
use super::super::workspace::{Channel, ChannelKind, Workspace};
use super::args::Args;
use super::{LIST_DEFAULT, channel_arg, page, scoped_channel};

/// The channel types asked for, each with its scope checked.
fn kinds(ws: &Workspace, args: &Args) -> Result<Vec<ChannelKind>, ApiError> {
    let asked = args.text("types").filter(|types| !types.is_empty()).unwrap_or_else(|| "public_channel".to_owned());
    let mut kinds = Vec::new();
    for name in asked.split(',').map(str::trim) {
        let (kind, scope) = match name {
            "public_channel" => (ChannelKind::Public, "channels:read"),
            "private_channel" => (ChannelKind::Private, "groups:read"),
            "im" => (ChannelKind::Im, "im:read"),
            "mpim" => (ChannelKind::Mpim, "mpim:read"),
            _ => return Err(ApiError::new("invalid_types")),
        };
        if !ws.has_scope(scope) {
            return Err(ApiError::missing_scope(scope, &ws.setup.scopes));
        }
        kinds.push(kind);
    }
    Ok(kinds)
}

fn listed(ws: &Workspace, args: &Args, shown: impl Fn(&Channel) -> bool) -> Result<Vec<Value>, ApiError> {
    let kinds = kinds(ws, args)?;
    let no_archived = args.flag("exclude_archived");
    Ok(ws
        .channels
        .iter()
        .filter(|channel| kinds.contains(&channel.kind) && !(no_archived && channel.archived) && shown(channel))
        .map(|channel| ws.channel_wire(channel, &ws.app.bot_user))
        .collect())
}

pub(super) fn list(ws: &mut Workspace, args: &Args) -> Answer {
    let bot = &ws.app.bot_user;
    let items = listed(ws, args, |channel| channel.kind == ChannelKind::Public || channel.has(bot))?;
    page(args, items, "channels", LIST_DEFAULT)
}

pub(super) fn of_user(ws: &mut Workspace, args: &Args) -> Answer {
    let user = args.text("user").filter(|user| !user.is_empty()).unwrap_or_else(|| ws.app.bot_user.clone());
    if ws.user(&user).is_none() {
        return Err(ApiError::new("user_not_found"));
    }
    let bot = &ws.app.bot_user;
    let items =
        listed(ws, args, |channel| channel.has(&user) && (channel.kind == ChannelKind::Public || channel.has(bot)))?;
    page(args, items, "channels", LIST_DEFAULT)
}

pub(super) fn info(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = scoped_channel(ws, args, "read")?;
    let mut wire = ws.channel_wire(channel, &ws.app.bot_user);
    if args.flag("include_locale") {
        wire["locale"] = json!("en-US");
    }
    if !args.flag("include_num_members")
        && let Some(map) = wire.as_object_mut()
    {
        map.remove("num_members");
    }
    answer(json!({"channel": wire}))
}

pub(super) fn create(ws: &mut Workspace, args: &Args) -> Answer {
    let name = args.text("name").unwrap_or_default();
    let private = args.flag("is_private");
    let scope = if private { "groups:write" } else { "channels:manage" };
    if !ws.has_scope(scope) {
        return Err(ApiError::missing_scope(scope, &ws.setup.scopes));
    }
    let bot = ws.app.bot_user.clone();
    let id = ws.create_channel(&name, private, &bot)?;
    shown(ws, &id)
}

fn shown(ws: &Workspace, id: &str) -> Answer {
    let wire = ws.channel(id).map(|channel| ws.channel_wire(channel, &ws.app.bot_user));
    answer(json!({"channel": wire}))
}

/// A named channel the bot is a member of and may change.
fn own_channel(ws: &Workspace, args: &Args) -> Result<String, ApiError> {
    let channel = scoped_channel(ws, args, "write")?;
    if matches!(channel.kind, ChannelKind::Im | ChannelKind::Mpim) {
        return Err(ApiError::new("method_not_supported_for_channel_type"));
    }
    if !channel.has(&ws.app.bot_user) {
        return Err(ApiError::new("not_in_channel"));
    }
    Ok(channel.id.clone())
}

pub(super) fn archive(ws: &mut Workspace, args: &Args) -> Answer {
    let id = own_channel(ws, args)?;
    let channel = channel_arg(ws, args)?;
    if channel.name == "general" {
        return Err(ApiError::new("cant_archive_general"));
    }
    if channel.archived {
        return Err(ApiError::new("already_archived"));
    }
    let bot = ws.app.bot_user.clone();
    ws.set_archived(&id, &bot, true)?;
    answer(json!({}))
}

pub(super) fn unarchive(ws: &mut Workspace, args: &Args) -> Answer {
    let id = own_channel(ws, args)?;
    if !channel_arg(ws, args)?.archived {
        return Err(ApiError::new("not_archived"));
    }
    let bot = ws.app.bot_user.clone();
    ws.set_archived(&id, &bot, false)?;
    answer(json!({}))
}

pub(super) fn rename(ws: &mut Workspace, args: &Args) -> Answer {
    let id = own_channel(ws, args)?;
    let name = args.need("name")?;
    let bot = ws.app.bot_user.clone();
    if channel_arg(ws, args)?.creator != bot {
        return Err(ApiError::new("not_authorized"));
    }
    ws.rename_channel(&id, &name, &bot)?;
    shown(ws, &id)
}

pub(super) fn set_topic(ws: &mut Workspace, args: &Args) -> Answer {
    set_note(ws, args, true)
}

pub(super) fn set_purpose(ws: &mut Workspace, args: &Args) -> Answer {
    set_note(ws, args, false)
}

fn set_note(ws: &mut Workspace, args: &Args, topic: bool) -> Answer {
    let channel = channel_arg(ws, args)?;
    let (id, archived) = (channel.id.clone(), channel.archived);
    if !channel.has(&ws.app.bot_user) {
        return Err(ApiError::new("not_in_channel"));
    }
    if archived {
        return Err(ApiError::new("is_archived"));
    }
    let name = if topic { "topic" } else { "purpose" };
    let value = args.text(name).unwrap_or_default();
    if value.chars().count() > TOPIC_MAX {
        return Err(ApiError::new("too_long"));
    }
    let bot = ws.app.bot_user.clone();
    ws.set_note(&id, &bot, &value, topic)?;
    if topic { shown(ws, &id) } else { answer(json!({"purpose": value})) }
}
