//! Submitting and closing modals.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::SlackSandbox;
use super::super::delivery::{Kind, Outcome};
use super::super::error::ActError;
use super::super::workspace::Workspace;
use super::{payload, state};

/// What the client shows when a submission was not answered in time or not understood.
const TROUBLE: &str = "We had some trouble connecting. Try again?";

/// Fills a modal and presses its submit button.
pub(in super::super) async fn submit_modal(
    sandbox: &Arc<SlackSandbox>,
    user: &str,
    view_id: &str,
    values: &Value,
) -> Result<Value, ActError> {
    let payload = sandbox.with(|ws| {
        let top = ws.stack(user).last().is_some_and(|view| view.id == view_id);
        if !top {
            return Err(ActError::new("This modal is not open, or not on top."));
        }
        fill(ws, user, view_id, values)?;
        payload::of_view(ws, user, view_id, "view_submission")
            .ok_or_else(|| ActError::new("There is no such view any more."))
    })?;
    let outcome = sandbox.hub.once(Kind::Interactive, payload, true).await;
    Ok(sandbox.with(|ws| match outcome {
        Outcome::Acked(answer) => match respond(ws, user, view_id, &answer.unwrap_or(Value::Null)) {
            Ok(action) => json!({"delivered": true, "response_action": action}),
            Err(problem) => {
                ws.toast(user, TROUBLE);
                json!({"delivered": true, "error": problem})
            }
        },
        _ => {
            ws.toast(user, TROUBLE);
            json!({"delivered": false, "error": "operation_timeout"})
        }
    }))
}

/// Puts the typed values into the view, after the checks the client itself makes.
fn fill(ws: &mut Workspace, user: &str, view_id: &str, values: &Value) -> Result<(), ActError> {
    let view = ws.view(view_id).ok_or_else(|| ActError::new("There is no such view any more."))?;
    let blocks = view.blocks().to_vec();
    let mut filled = view.state.clone();
    let mut errors = Map::new();
    for (block_id, of_block) in values.as_object().into_iter().flatten() {
        for (action_id, given) in of_block.as_object().into_iter().flatten() {
            let (_, element) = state::find(&blocks, Some(block_id), action_id)
                .ok_or_else(|| ActError::new(format!("There is no field {block_id}/{action_id} in this modal.")))?;
            let offered = ws.offered.get(&format!("{user}/{action_id}")).cloned().unwrap_or_default();
            match state::chosen(element, given, &offered) {
                Ok(value) => {
                    filled.entry(block_id.clone()).or_insert_with(|| json!({}))[action_id] = value;
                }
                Err(problem) => _ = errors.insert(block_id.clone(), json!(problem)),
            }
        }
    }
    for block in blocks.iter().filter(|block| block["type"] == "input" && block["optional"] != true) {
        let id = block["block_id"].as_str().unwrap_or_default();
        let action = block["element"]["action_id"].as_str().unwrap_or_default();
        let empty = filled.get(id).and_then(|of_block| of_block.get(action)).is_none_or(state::is_empty);
        if empty && !errors.contains_key(id) {
            errors.insert(id.to_owned(), json!("Please complete this required field."));
        }
    }
    if let Some(view) = ws.views.iter_mut().find(|view| view.id == view_id) {
        view.state = filled;
    }
    ws.dirty = true;
    if errors.is_empty() {
        ws.modal_errors.remove(user);
        return Ok(());
    }
    let sentence = errors.values().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    ws.modal_errors.insert(user.to_owned(), Value::Object(errors));
    Err(ActError::new(sentence))
}

/// Does what the answer to a submission says; gives the action's name.
fn respond(ws: &mut Workspace, user: &str, view_id: &str, answer: &Value) -> Result<&'static str, String> {
    let view = &answer["view"];
    let checked =
        |ws: &Workspace, own: Option<&str>| ws.check_view(view, "modal", own).map_err(|error| error.body().to_string());
    match answer["response_action"].as_str() {
        None if answer.as_object().is_none_or(Map::is_empty) => {
            ws.close_views(user, false);
            Ok("close")
        }
        None => Err("the answer has no response_action".to_owned()),
        Some("clear") => {
            ws.close_views(user, true);
            Ok("clear")
        }
        Some("update") => {
            checked(ws, Some(view_id))?;
            ws.update_view(view_id, view).map_err(|error| error.code)?;
            Ok("update")
        }
        Some("push") => {
            checked(ws, None)?;
            ws.open_view(user, view, true).map_err(|error| error.code)?;
            Ok("push")
        }
        Some("errors") => {
            let errors = answer["errors"].as_object().filter(|errors| !errors.is_empty());
            let errors = errors.ok_or_else(|| "response_action errors without errors".to_owned())?;
            let blocks = ws.view(view_id).map(|view| view.blocks().to_vec()).unwrap_or_default();
            for id in errors.keys() {
                if !blocks.iter().any(|block| block["block_id"] == id.as_str() && block["type"] == "input") {
                    return Err(format!("there is no input block {id}"));
                }
            }
            ws.modal_errors.insert(user.to_owned(), json!(errors));
            ws.dirty = true;
            Ok("errors")
        }
        Some(other) => Err(format!("unknown response_action {other}")),
    }
}

/// Presses the close button (or the cross).
pub(in super::super) async fn close_modal(
    sandbox: &Arc<SlackSandbox>,
    user: &str,
    view_id: &str,
) -> Result<Value, ActError> {
    let payload = sandbox.with(|ws| {
        let top = ws.stack(user).last().is_some_and(|view| view.id == view_id);
        if !top {
            return Err(ActError::new("This modal is not open, or not on top."));
        }
        let view = ws.view(view_id).cloned();
        let told = view.as_ref().is_some_and(|view| view.flag("notify_on_close"));
        let all = view.as_ref().is_some_and(|view| view.flag("clear_on_close"));
        let payload = if told { payload::of_view(ws, user, view_id, "view_closed") } else { None };
        ws.close_views(user, all);
        Ok(payload.map(|mut payload| {
            payload["is_cleared"] = json!(all);
            payload
        }))
    })?;
    if let Some(payload) = payload {
        // Closing is over whatever the app answers.
        let _ = sandbox.hub.once(Kind::Interactive, payload, false).await;
    }
    Ok(json!({}))
}
