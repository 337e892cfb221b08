//! The Web API: one table of methods, and the checks every call passes before its method runs.
//!
//! Order of the checks: known method, token, rate limit, scope, arguments. Start reading at [`METHODS`] and [`run`].

pub(super) mod args;
mod chat;
pub(super) mod content;
mod conversations;
mod files;
mod history;
mod marks;
mod membership;
mod people;
mod team;
mod views;

use serde_json::{Map, Value, json};

use super::error::{Answer, ApiError};
use super::limits::{PAGE_DEFAULT, PAGE_MAX};
use super::rate::{Rates, Tier};
use super::workspace::{Channel, ChannelKind, Workspace, base64_of};
use args::Args;

/// Which token a method takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Bot,
    App,
    Any,
    None,
}

/// One Web API method.
struct Method {
    name: &'static str,
    tier: Tier,
    token: Token,
    /// Whether it reads a JSON body (Slack docs: the content types on the method's page).
    json: bool,
    /// One of these scopes is needed.
    scopes: &'static [&'static str],
    run: fn(&mut Workspace, &Args) -> Answer,
}

const fn method(
    name: &'static str,
    tier: Tier,
    json: bool,
    scopes: &'static [&'static str],
    run: fn(&mut Workspace, &Args) -> Answer,
) -> Method {
    Method { name, tier, token: Token::Bot, json, scopes, run }
}

const READ: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
const HISTORY: &[&str] = &["channels:history", "groups:history", "im:history", "mpim:history"];
const MANAGE: &[&str] = &["channels:manage", "groups:write", "im:write", "mpim:write"];
const INVITE: &[&str] = &["channels:manage", "channels:write.invites", "groups:write", "groups:write.invites"];
const TOPIC: &[&str] = &["channels:manage", "channels:write.topic", "groups:write", "groups:write.topic", "im:write"];
const WRITE: &[&str] = &["chat:write"];

use Tier::{Four, History, Hundreds, Post, Three, Two};

/// Every method, with its tier, content types and scopes (Slack docs: the method's page).
const METHODS: &[Method] = &[
    Method { token: Token::None, ..method("api.test", Four, true, &[], team::api_test) },
    Method { token: Token::App, ..method("apps.connections.open", Three, true, &[], team::connections_open) },
    Method { token: Token::Any, ..method("auth.test", Hundreds, true, &[], team::auth_test) },
    method("auth.revoke", Three, false, &[], team::auth_revoke),
    method("blocks.validate", Four, true, &[], team::blocks_validate),
    method("bots.info", Three, false, &["users:read"], team::bots_info),
    method("chat.delete", Three, true, WRITE, chat::delete),
    method("chat.getPermalink", Hundreds, false, &[], chat::permalink),
    method("chat.postEphemeral", Four, true, WRITE, chat::post_ephemeral),
    method("chat.postMessage", Post, true, WRITE, chat::post_message),
    method("chat.update", Three, true, WRITE, chat::update),
    method("conversations.archive", Two, true, MANAGE, conversations::archive),
    method("conversations.create", Two, true, MANAGE, conversations::create),
    method("conversations.history", History, false, HISTORY, history::history),
    method("conversations.info", Three, false, READ, conversations::info),
    method("conversations.invite", Three, true, INVITE, membership::invite),
    method("conversations.join", Three, true, &["channels:join"], membership::join),
    method("conversations.kick", Three, true, MANAGE, membership::kick),
    method("conversations.leave", Three, true, MANAGE, membership::leave),
    method("conversations.list", Two, false, READ, conversations::list),
    method("conversations.members", Four, false, READ, membership::members),
    method("conversations.open", Three, true, MANAGE, membership::open),
    method("conversations.rename", Two, true, MANAGE, conversations::rename),
    method("conversations.replies", History, false, HISTORY, history::replies),
    method("conversations.setPurpose", Two, true, TOPIC, conversations::set_purpose),
    method("conversations.setTopic", Two, true, TOPIC, conversations::set_topic),
    method("conversations.unarchive", Two, true, MANAGE, conversations::unarchive),
    method("emoji.list", Two, false, &["emoji:read"], team::emoji_list),
    method("files.completeUploadExternal", Four, true, &["files:write"], files::complete),
    method("files.getUploadURLExternal", Four, false, &["files:write"], files::upload_url),
    method("files.info", Four, false, &["files:read"], files::info),
    method("pins.add", Two, true, &["pins:write"], marks::pin),
    method("pins.list", Two, false, &["pins:read"], marks::pins),
    method("pins.remove", Two, true, &["pins:write"], marks::unpin),
    method("reactions.add", Three, true, &["reactions:write"], marks::react),
    method("reactions.get", Three, false, &["reactions:read"], marks::reactions),
    method("reactions.remove", Two, true, &["reactions:write"], marks::unreact),
    method("team.info", Three, false, &["team:read"], team::info),
    method("usergroups.list", Two, false, &["usergroups:read"], people::usergroups),
    method("usergroups.users.list", Two, false, &["usergroups:read"], people::usergroup_users),
    method("users.conversations", Three, false, READ, conversations::of_user),
    method("users.info", Four, false, &["users:read"], people::info),
    method("users.list", Two, false, &["users:read"], people::list),
    method("users.lookupByEmail", Three, false, &["users:read.email"], people::by_email),
    method("users.profile.get", Four, false, &["users.profile:read"], people::profile),
    method("views.open", Four, true, &[], views::open),
    method("views.publish", Four, true, &[], views::publish),
    method("views.push", Four, true, &[], views::push),
    method("views.update", Four, true, &[], views::update),
];

/// The scopes a method wants, for the `x-accepted-oauth-scopes` header.
pub(super) fn accepted_scopes(name: &str) -> String {
    METHODS.iter().find(|method| method.name == name).map(|method| method.scopes.join(",")).unwrap_or_default()
}

/// Runs one call.
pub(super) fn run(ws: &mut Workspace, rates: &mut Rates, name: &str, args: &mut Args, token: Option<&str>) -> Answer {
    let method = METHODS.iter().find(|method| method.name == name);
    let method = method.ok_or_else(|| ApiError::new("unknown_method"))?;
    check_token(ws, method, token)?;
    if args.from_json && !method.json {
        args.forget();
    }
    let channel = posted_in(ws, &args.text("channel").unwrap_or_default());
    let now_ms = ws.now_ms();
    rates.take(&ws.setup.rates, name, method.tier, &channel, now_ms).map_err(ApiError::rate_limited)?;
    if !method.scopes.is_empty() && !method.scopes.iter().any(|scope| ws.has_scope(scope)) {
        return Err(ApiError::missing_scope(&method.scopes.join(","), &ws.setup.scopes));
    }
    (method.run)(ws, args)
}

/// The channel id behind what a post names, so that a name does not get a limit of its own.
fn posted_in(ws: &Workspace, given: &str) -> String {
    let name = given.strip_prefix('#').unwrap_or(given);
    let by_name = ws.channels.iter().find(|channel| !channel.is_im() && channel.name == name);
    let direct = ws.channels.iter().find(|channel| channel.is_im() && channel.has(given));
    by_name.or(direct).map_or_else(|| given.to_owned(), |channel| channel.id.clone())
}

fn check_token(ws: &Workspace, method: &Method, token: Option<&str>) -> Result<(), ApiError> {
    let app_token = token == Some(ws.app.app_token.as_str());
    let bot_token = token == Some(ws.app.bot_token.as_str());
    match (method.token, token) {
        (Token::None, _) => Ok(()),
        (_, None) => Err(ApiError::new("not_authed")),
        (_, Some(_)) if !app_token && !bot_token => Err(ApiError::new("invalid_auth")),
        (_, Some(_)) if ws.app.revoked && bot_token => Err(ApiError::new("token_revoked")),
        (Token::Bot, _) if app_token => Err(ApiError::new("not_allowed_token_type")),
        (Token::App, _) if bot_token => Err(ApiError::new("not_allowed_token_type")),
        _ => Ok(()),
    }
}

/// The channel of the `channel` argument, if the bot may know of it.
fn channel_arg<'a>(ws: &'a Workspace, args: &Args) -> Result<&'a Channel, ApiError> {
    let id = args.need("channel")?;
    let channel = ws.channel(&id).ok_or_else(|| ApiError::new("channel_not_found"))?;
    if channel.kind != ChannelKind::Public && !channel.has(&ws.app.bot_user) {
        return Err(ApiError::new("channel_not_found"));
    }
    Ok(channel)
}

/// The same, and the scope for this kind of channel is held (`history`, `read`, ...).
fn scoped_channel<'a>(ws: &'a Workspace, args: &Args, right: &str) -> Result<&'a Channel, ApiError> {
    let channel = channel_arg(ws, args)?;
    let needed = match (channel.kind, right) {
        (ChannelKind::Public, "write") => "channels:manage".to_owned(),
        _ => format!("{}:{right}", channel.scope_name()),
    };
    if ws.has_scope(&needed) { Ok(channel) } else { Err(ApiError::missing_scope(&needed, &ws.setup.scopes)) }
}

/// One page out of a list, with the cursor of the next.
fn page(args: &Args, items: Vec<Value>, name: &str, default: usize) -> Result<Map<String, Value>, ApiError> {
    let limit = args.number("limit", default, PAGE_MAX)?;
    let start = match args.text("cursor").filter(|cursor| !cursor.is_empty()) {
        None => 0,
        Some(cursor) => offset_of(&cursor).ok_or_else(|| ApiError::new("invalid_cursor"))?,
    };
    let left = items.len().saturating_sub(start);
    let next = if left > limit { base64_of(&format!("offset:{}", start + limit)) } else { String::new() };
    let shown: Vec<Value> = items.into_iter().skip(start).take(limit).collect();
    let mut answer = Map::new();
    answer.insert(name.to_owned(), json!(shown));
    answer.insert("response_metadata".to_owned(), json!({"next_cursor": next}));
    Ok(answer)
}

/// Page size where the method names none.
const LIST_DEFAULT: usize = PAGE_DEFAULT;

fn offset_of(cursor: &str) -> Option<usize> {
    decoded(cursor)?.strip_prefix("offset:")?.parse().ok()
}

/// The text behind a cursor.
fn decoded(cursor: &str) -> Option<String> {
    use base64::Engine as _;
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(cursor).ok()?).ok()
}
