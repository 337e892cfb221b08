//! `views.*`.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::workspace::Workspace;
use super::args::Args;

fn view_arg(args: &Args) -> Result<Value, ApiError> {
    let view = args.json("view", "invalid_arguments")?;
    view.filter(Value::is_object)
        .ok_or_else(|| ApiError::detailed("invalid_arguments", &["missing required field: view".to_owned()]))
}

pub(super) fn open(ws: &mut Workspace, args: &Args) -> Answer {
    with_trigger(ws, args, false)
}

pub(super) fn push(ws: &mut Workspace, args: &Args) -> Answer {
    with_trigger(ws, args, true)
}

fn with_trigger(ws: &mut Workspace, args: &Args, push: bool) -> Answer {
    let trigger = args.need("trigger_id")?;
    let view = view_arg(args)?;
    ws.check_view(&view, "modal", None)?;
    let user = ws.trigger_user(&trigger)?;
    let wire = ws.open_view(&user, &view, push)?;
    ws.spend_trigger(&trigger);
    answer(json!({"view": wire}))
}

pub(super) fn update(ws: &mut Workspace, args: &Args) -> Answer {
    let view = view_arg(args)?;
    let by_id = args.text("view_id").filter(|id| !id.is_empty());
    let by_external = args.text("external_id").filter(|id| !id.is_empty());
    let known = ws.views.iter().find(|known| {
        by_id.as_deref().is_some_and(|id| id == known.id)
            || (by_id.is_none() && by_external.as_deref().is_some_and(|id| id == known.text("external_id")))
    });
    let Some(known) = known else { return Err(ApiError::new("not_found")) };
    let (id, hash, kind) = (known.id.clone(), known.hash.clone(), if known.is_home() { "home" } else { "modal" });
    if args.text("hash").is_some_and(|given| !given.is_empty() && given != hash) {
        return Err(ApiError::new("hash_conflict"));
    }
    ws.check_view(&view, kind, Some(&id))?;
    let wire = ws.update_view(&id, &view)?;
    answer(json!({"view": wire}))
}

pub(super) fn publish(ws: &mut Workspace, args: &Args) -> Answer {
    let user = args.need("user_id")?;
    let view = view_arg(args)?;
    if ws.user(&user).is_none_or(|user| user.is_bot) {
        return Err(ApiError::detailed("invalid_arguments", &["invalid user_id".to_owned()]));
    }
    let home = ws.home(&user).map(|home| (home.id.clone(), home.hash.clone()));
    if let Some(given) = args.text("hash").filter(|hash| !hash.is_empty())
        && home.as_ref().is_none_or(|(_, hash)| *hash != given)
    {
        return Err(ApiError::new("hash_conflict"));
    }
    ws.check_view(&view, "home", home.as_ref().map(|(id, _)| id.as_str()))?;
    let wire = ws.publish_home(&user, &view);
    answer(json!({"view": wire}))
}
