//! `users.*` and `usergroups.*`.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::workspace::{User, Workspace};
use super::args::Args;
use super::{LIST_DEFAULT, page};

fn wire(ws: &Workspace, user: &User, args: &Args) -> Value {
    let mut wire = ws.user_wire(user, ws.has_scope("users:read.email"));
    if !args.flag("include_locale")
        && let Some(map) = wire.as_object_mut()
    {
        map.remove("locale");
    }
    wire
}

pub(super) fn info(ws: &mut Workspace, args: &Args) -> Answer {
    let id = args.need("user")?;
    let user = ws.user(&id).ok_or_else(|| ApiError::new("user_not_found"))?;
    answer(json!({"user": wire(ws, user, args)}))
}

pub(super) fn list(ws: &mut Workspace, args: &Args) -> Answer {
    let items = ws.users.iter().map(|user| wire(ws, user, args)).collect();
    let mut body = page(args, items, "members", LIST_DEFAULT)?;
    body.insert("cache_ts".to_owned(), json!(ws.now_s()));
    Ok(body)
}

pub(super) fn by_email(ws: &mut Workspace, args: &Args) -> Answer {
    let email = args.need("email")?;
    let user = ws.users.iter().find(|user| !user.is_bot && user.email.eq_ignore_ascii_case(&email));
    let user = user.ok_or_else(|| ApiError::new("users_not_found"))?;
    answer(json!({"user": wire(ws, user, args)}))
}

pub(super) fn profile(ws: &mut Workspace, args: &Args) -> Answer {
    let id = args.text("user").filter(|id| !id.is_empty()).unwrap_or_else(|| ws.app.bot_user.clone());
    let user = ws.user(&id).ok_or_else(|| ApiError::new("user_not_found"))?;
    let wire = ws.user_wire(user, ws.has_scope("users:read.email"));
    answer(json!({"profile": wire["profile"]}))
}

pub(super) fn usergroups(ws: &mut Workspace, args: &Args) -> Answer {
    let with_users = args.flag("include_users");
    let groups: Vec<Value> = ws.usergroups.iter().map(|group| ws.usergroup_wire(group, with_users)).collect();
    answer(json!({"usergroups": groups}))
}

pub(super) fn usergroup_users(ws: &mut Workspace, args: &Args) -> Answer {
    let id = args.need("usergroup")?;
    let group = ws.usergroups.iter().find(|group| group.id == id);
    let group = group.ok_or_else(|| ApiError::new("no_such_subteam"))?;
    answer(json!({"users": group.members}))
}
