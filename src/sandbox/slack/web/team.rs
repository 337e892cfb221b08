//! The workspace, the app and its tokens.

use serde_json::{Map, Value, json};

use super::super::blocks;
use super::super::error::{Answer, ApiError, answer};
use super::super::workspace::Workspace;
use super::args::Args;

pub(super) fn api_test(_: &mut Workspace, args: &Args) -> Answer {
    if let Some(error) = args.text("error") {
        let mut refusal = ApiError::new(&error);
        refusal.extra.insert("args".to_owned(), args.value());
        return Err(refusal);
    }
    answer(json!({"args": args.value()}))
}

pub(super) fn auth_test(ws: &mut Workspace, _: &Args) -> Answer {
    answer(json!({
        "url": format!("https://{}.slack.com/", ws.setup.team_domain),
        "team": ws.setup.team_name,
        "user": ws.setup.bot_name,
        "team_id": ws.team_id,
        "user_id": ws.app.bot_user,
        "bot_id": ws.app.bot_id,
        "is_enterprise_install": false,
    }))
}

pub(super) fn auth_revoke(ws: &mut Workspace, args: &Args) -> Answer {
    if args.flag("test") {
        return answer(json!({"revoked": false}));
    }
    ws.app.revoked = true;
    answer(json!({"revoked": true}))
}

/// The caller adds the address of the socket.
pub(super) fn connections_open(_: &mut Workspace, _: &Args) -> Answer {
    Ok(Map::new())
}

pub(super) fn info(ws: &mut Workspace, _: &Args) -> Answer {
    answer(json!({"team": {
        "id": ws.team_id,
        "name": ws.setup.team_name,
        "url": format!("https://{}.slack.com/", ws.setup.team_domain),
        "domain": ws.setup.team_domain,
        "email_domain": "",
        "icon": {"image_default": true},
        "avatar_base_url": "https://ca.slack-edge.com/",
        "is_verified": false,
    }}))
}

pub(super) fn emoji_list(ws: &mut Workspace, _: &Args) -> Answer {
    answer(json!({"emoji": {}, "cache_ts": ws.now_s().to_string()}))
}

pub(super) fn bots_info(ws: &mut Workspace, args: &Args) -> Answer {
    let id = args.need("bot")?;
    if id != ws.app.bot_id {
        return Err(ApiError::new("bot_not_found"));
    }
    answer(json!({"bot": ws.bot_profile(&ws.app.bot_id, &ws.app.app_id, &ws.setup.app_name)}))
}

pub(super) fn blocks_validate(_: &mut Workspace, args: &Args) -> Answer {
    let value = args.json("blocks", "invalid_blocks_format")?;
    let value =
        value.ok_or_else(|| ApiError::detailed("invalid_arguments", &["missing required field: blocks".to_owned()]))?;
    let list = value.as_array().ok_or_else(|| ApiError::new("invalid_blocks_format"))?;
    let problems = blocks::check_message(list);
    if problems.is_empty() { answer(Value::Null) } else { Err(ApiError::detailed("invalid_blocks", &problems)) }
}
