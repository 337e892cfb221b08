//! From a path to the code that answers it. What is not listed here is "404: Not Found".

use serde_json::{Value, json};

use super::answers;
use super::call::{Call, Reply};
use super::channels;
use super::commands;
use super::errors::{ApiError, FormErrors};
use super::guild;
use super::ids::{as_id, parse_id, sid};
use super::messages;
use super::reactions;
use super::state::{State, snowflake};
use super::threads;

/// Discord docs, "Session Start Limit": IDENTIFYs per day.
pub(super) const IDENTIFIES_PER_DAY: usize = 1_000;
const DAY_MS: i64 = 86_400_000;
/// Discord docs, "Get Current Application": flags MESSAGE_CONTENT_LIMITED, GUILD_MEMBERS_LIMITED, PRESENCE_LIMITED.
const FLAG_CONTENT: u64 = 1 << 19;
const FLAG_MEMBERS: u64 = 1 << 15;
const FLAG_PRESENCE: u64 = 1 << 13;

/// Whether the route works without `Authorization` (its token is in the path).
pub(super) fn is_public(segments: &[String]) -> bool {
    match segments.first().map(String::as_str) {
        Some("interactions") => true,
        Some("webhooks") => segments.len() >= 3,
        Some("gateway") => segments.len() == 1,
        _ => false,
    }
}

/// Answers one call.
pub(super) fn handle(state: &mut State, call: &Call) -> Result<Reply, ApiError> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    match segments.as_slice() {
        ["gateway"] if method == "GET" => Ok(Reply::ok(json!({ "url": state.gateway_url() }))),
        ["gateway", "bot"] if method == "GET" => Ok(gateway_bot(state)),
        ["users", rest @ ..] => users(state, call, rest),
        ["applications", "@me"] | ["oauth2", "applications", "@me"] => Ok(Reply::ok(application(state))),
        ["oauth2", "@me"] => Err(ApiError::of(50025)),
        ["applications", app, rest @ ..] => {
            if parse_id(app) != Some(state.app.id) {
                return Err(ApiError::of(50001));
            }
            match rest {
                ["commands", rest @ ..] => commands::routes(state, call, None, rest),
                ["guilds", guild, "commands", rest @ ..] => {
                    let guild = snowflake("guild_id", guild)?;
                    commands::routes(state, call, Some(guild), rest)
                }
                _ => Err(ApiError::plain(404)),
            }
        }
        ["guilds", id, rest @ ..] => {
            let id = snowflake("guild_id", id)?;
            if id != state.guild.id {
                return Err(ApiError::of(10004));
            }
            guild::routes(state, call, rest)
        }
        ["channels", id, rest @ ..] => channel(state, call, id, rest),
        ["interactions", id, token, "callback"] if method == "POST" => answers::callback(state, call, id, token),
        ["webhooks", app, token, rest @ ..] => answers::webhook(state, call, app, token, rest),
        _ => Err(ApiError::plain(404)),
    }
}

fn channel(state: &mut State, call: &Call, id: &str, rest: &[&str]) -> Result<Reply, ApiError> {
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let channel = state.bot_channel(id)?;
            Ok(Reply::ok(state.channel_json(channel)))
        }
        ("PATCH" | "PUT", []) => channels::change(state, call, id),
        ("DELETE", []) => channels::delete(state, id),
        ("PUT", ["permissions", target]) => channels::set_overwrite(state, call, id, target),
        ("DELETE", ["permissions", target]) => channels::delete_overwrite(state, id, target),
        ("POST", ["typing"]) => messages::typing(state, id),
        ("GET", ["messages"]) => messages::list(state, call, id),
        ("POST", ["messages"]) => messages::create(state, call, id),
        ("POST", ["messages", "bulk-delete" | "bulk_delete"]) => messages::bulk_delete(state, call, id),
        ("GET", ["messages", "pins"]) => reactions::pins(state, call, id),
        ("PUT", ["messages", "pins", message]) | ("PUT", ["pins", message]) => reactions::pin(state, id, message, true),
        ("DELETE", ["messages", "pins", message]) | ("DELETE", ["pins", message]) => {
            reactions::pin(state, id, message, false)
        }
        ("GET", ["pins"]) => reactions::pins_old(state, id),
        ("GET", ["messages", message]) => messages::get(state, id, message),
        ("PATCH", ["messages", message]) => messages::edit(state, call, id, message),
        ("DELETE", ["messages", message]) => messages::delete(state, id, message),
        ("POST", ["messages", message, "threads"]) => threads::start(state, call, id, Some(message)),
        (_, ["messages", message, "reactions", rest @ ..]) => reactions::routes(state, call, id, message, rest),
        ("POST", ["threads"]) => threads::start(state, call, id, None),
        ("GET", ["threads", "archived", which]) => threads::archived(state, call, id, which),
        (_, ["thread-members", rest @ ..]) => threads::members(state, call, id, rest),
        (_, ["messages" | "pins" | "typing" | "threads" | "permissions", ..] | []) => Err(ApiError::plain(405)),
        _ => Err(ApiError::plain(404)),
    }
}

fn users(state: &mut State, call: &Call, rest: &[&str]) -> Result<Reply, ApiError> {
    match (call.method.as_str(), rest) {
        ("GET", ["@me"]) => Ok(Reply::ok(state.current_user())),
        ("GET", ["@me", "guilds"]) => {
            let guild = &state.guild;
            let bits = state.guild_permissions(state.app.id).to_string();
            Ok(Reply::ok(json!([{
                "id": sid(guild.id), "name": guild.name, "icon": null, "banner": null, "owner": false,
                "permissions": bits, "features": [],
            }])))
        }
        ("GET", ["@me", "channels"]) => Ok(Reply::ok(json!([]))),
        ("POST", ["@me", "channels"]) => create_dm(state, &call.body),
        ("GET", [id]) => {
            let id = snowflake("user_id", id)?;
            state.users.get(&id).map(|user| Reply::ok(super::render::user(user))).ok_or_else(|| ApiError::of(10013))
        }
        _ => Err(ApiError::plain(404)),
    }
}

fn create_dm(state: &mut State, body: &Value) -> Result<Reply, ApiError> {
    let Some(field) = body.get("recipient_id") else {
        let mut form = FormErrors::default();
        form.required("recipient_id");
        return Err(form.into_error());
    };
    let user = as_id(field).and_then(|id| state.users.get(&id)).ok_or_else(|| ApiError::of(50033))?;
    if user.bot {
        return Err(ApiError::of(50007));
    }
    let user = user.id;
    let id = state.dm_with(user);
    let channel = state.channels.get(&id).ok_or_else(|| ApiError::of(10003))?;
    Ok(Reply::ok(state.channel_json(channel)))
}

fn gateway_bot(state: &mut State) -> Reply {
    let now = state.now_ms();
    let url = state.gateway_url();
    let used = &mut state.hub.identifies;
    used.retain(|at_ms| now - at_ms < DAY_MS);
    let reset_after = used.front().map_or(0, |first| first + DAY_MS - now);
    Reply::ok(json!({
        "url": url, "shards": 1,
        "session_start_limit": {
            "total": IDENTIFIES_PER_DAY, "remaining": IDENTIFIES_PER_DAY.saturating_sub(used.len()),
            "reset_after": reset_after, "max_concurrency": 1,
        },
    }))
}

fn application(state: &State) -> Value {
    let owner = state.user_json(state.guild.owner);
    json!({
        "id": sid(state.app.id), "name": state.app.name, "icon": null, "description": "", "summary": "", "type": null,
        "bot": state.user_json(state.app.id), "bot_public": false, "bot_require_code_grant": false,
        "verify_key": "0".repeat(64), "owner": owner, "team": null, "flags": state.app_flags(), "hook": true,
        "is_monetized": false, "rpc_origins": [], "redirect_uris": [], "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "approximate_guild_count": 1, "approximate_user_install_count": 0,
        "integration_types_config": { "0": {} }, "tags": [],
    })
}

impl State {
    /// "ws://127.0.0.1:P/gateway".
    pub fn gateway_url(&self) -> String {
        format!("{}/gateway", self.origin.replacen("http", "ws", 1))
    }

    /// The bot as it sees itself.
    pub fn current_user(&self) -> Value {
        let mut user = self.user_json(self.app.id);
        user["verified"] = json!(true);
        user["mfa_enabled"] = json!(false);
        user["locale"] = json!("en-US");
        user["email"] = Value::Null;
        user
    }

    /// Application flags after the portal's switches.
    pub fn app_flags(&self) -> u64 {
        let app = &self.app;
        let bit = |on: bool, flag: u64| if on { flag } else { 0 };
        bit(app.message_content, FLAG_CONTENT)
            | bit(app.members_intent, FLAG_MEMBERS)
            | bit(app.presences_intent, FLAG_PRESENCE)
    }

    /// READY for a fresh session.
    pub fn ready(&self, session: &str, shard: (u64, u64)) -> Value {
        json!({
            "v": 10, "user": self.current_user(), "user_settings": {}, "session_type": "normal", "session_id": session,
            "resume_gateway_url": self.gateway_url(), "relationships": [], "private_channels": [], "presences": [],
            "guilds": [{ "id": sid(self.guild.id), "unavailable": true }], "guild_join_requests": [],
            "geo_ordered_rtc_regions": [], "game_relationships": [], "auth": {}, "shard": [shard.0, shard.1],
            "application": { "id": sid(self.app.id), "flags": self.app_flags() }, "_trace": [],
        })
    }
}
