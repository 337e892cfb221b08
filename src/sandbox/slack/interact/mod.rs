//! What people do with the app in the client: slash commands, buttons, menus, shortcuts, modals.
//!
//! Each act builds the payload Slack would send, delivers it once, and shows the person what Slack would show. Start at
//! [`slash`] and [`press`].

pub(super) mod answers;
mod modal;
mod payload;
pub(super) mod state;

use std::sync::Arc;

use serde_json::{Value, json};

use super::SlackSandbox;
use super::delivery::{Kind, Outcome};
use super::error::ActError;
use super::ids;
use super::rich_text::Mentions;
use super::workspace::Workspace;

pub(super) use modal::{close_modal, submit_modal};
pub(super) use payload::{Source, trusted_source};

/// What the person chose in the act.
#[derive(Debug, Clone)]
pub(super) struct Pressed {
    pub(super) source: Source,
    pub(super) block_id: Option<String>,
    pub(super) action_id: String,
    /// What was chosen; `None` for a button.
    pub(super) given: Option<Value>,
}

/// `/command text` typed in a channel.
pub(super) async fn slash(
    sandbox: &Arc<SlackSandbox>,
    user: &str,
    channel: &str,
    typed: &str,
    in_thread: bool,
) -> Result<Value, ActError> {
    let (command, text) = typed.trim().split_once(char::is_whitespace).unwrap_or((typed.trim(), ""));
    let prepared = sandbox.with(|ws| {
        ws.visible_channel(user, channel)?;
        let Some(known) = ws.setup.commands.iter().find(|known| known.command == command) else {
            return Err(ActError::new(format!(
                "{command} is not a valid command. In Slack, all messages that start with the \"/\" character are interpreted as commands."
            )));
        };
        if in_thread {
            return Err(ActError::new(format!("{command} is not supported in threads. Sorry!")));
        }
        let text = if known.should_escape { ws.typed(text.trim(), Mentions::Named) } else { text.trim().to_owned() };
        Ok(payload::slash(ws, user, channel, command, &text))
    })?;
    let (payload, response) = prepared;
    let outcome = sandbox.hub.once(Kind::Command, payload, true).await;
    let failed = |ws: &mut Workspace, error: &str| {
        ws.toast(user, format!("{command} failed with the error \"{error}\""));
        json!({"delivered": false, "error": error})
    };
    Ok(sandbox.with(|ws| match outcome {
        Outcome::Acked(Some(answer)) => match answers::apply(ws, &response, &answer) {
            Ok(()) => json!({"delivered": true}),
            Err(error) => failed(ws, &error.code),
        },
        Outcome::Acked(None) => json!({"delivered": true}),
        Outcome::TimedOut | Outcome::Lost => failed(ws, "operation_timeout"),
        Outcome::Unreachable => failed(ws, "dispatch_failed"),
        Outcome::Refused { status, .. } if status >= 500 => failed(ws, "http_service_error"),
        Outcome::Refused { .. } => failed(ws, "http_client_error"),
    }))
}

/// A click on a button, or a choice in a menu.
pub(super) async fn press(sandbox: &Arc<SlackSandbox>, user: &str, pressed: Pressed) -> Result<Value, ActError> {
    let payload = sandbox.with(|ws| payload::block_actions(ws, user, &pressed))?;
    let Some(payload) = payload else { return Ok(json!({"delivered": false, "link": true})) };
    let outcome = sandbox.hub.once(Kind::Interactive, payload, false).await;
    Ok(sandbox.with(|ws| shown(ws, user, &outcome, &app_failed(ws))))
}

/// The words of the warning under a button whose app did not answer.
fn app_failed(ws: &Workspace) -> String {
    format!("{} is not responding. Please try again.", ws.setup.app_name)
}

fn shown(ws: &mut Workspace, user: &str, outcome: &Outcome, warning: &str) -> Value {
    let error = match outcome {
        Outcome::Acked(_) => return json!({"delivered": true}),
        Outcome::TimedOut | Outcome::Lost => "operation_timeout",
        Outcome::Unreachable => "dispatch_failed",
        Outcome::Refused { .. } => "http_error",
    };
    ws.toast(user, warning);
    json!({"delivered": false, "error": error})
}

/// Typing in an external select: the options the app offers.
pub(super) async fn suggest(
    sandbox: &Arc<SlackSandbox>,
    user: &str,
    pressed: Pressed,
    typed: &str,
) -> Result<Value, ActError> {
    let payload = sandbox.with(|ws| payload::suggestion(ws, user, &pressed, typed))?;
    let outcome = sandbox.hub.once(Kind::Suggestion, payload, true).await;
    let Outcome::Acked(Some(answer)) = &outcome else {
        return Ok(sandbox.with(|ws| {
            let mut result = shown(ws, user, &outcome, "No results could be loaded.");
            result["options"] = json!([]);
            result
        }));
    };
    let options = answers::offered(answer);
    sandbox.with(|ws| match options {
        Ok(options) => {
            ws.offered.insert(format!("{user}/{}", pressed.action_id), options.clone());
            Ok(json!({"delivered": true, "options": options}))
        }
        Err(problem) => {
            ws.toast(user, format!("No results could be loaded: {problem}"));
            Ok(json!({"delivered": false, "error": problem, "options": []}))
        }
    })
}

/// A message shortcut from the message's menu.
pub(super) async fn message_shortcut(
    sandbox: &Arc<SlackSandbox>,
    user: &str,
    channel: &str,
    ts: &str,
    callback_id: &str,
) -> Result<Value, ActError> {
    let payload = sandbox.with(|ws| payload::message_action(ws, user, channel, ts, callback_id))?;
    let outcome = sandbox.hub.once(Kind::Interactive, payload, false).await;
    Ok(sandbox.with(|ws| shown(ws, user, &outcome, &app_failed(ws))))
}

/// A global shortcut from the lightning menu.
pub(super) async fn global_shortcut(
    sandbox: &Arc<SlackSandbox>,
    user: &str,
    callback_id: &str,
) -> Result<Value, ActError> {
    let payload = sandbox.with(|ws| {
        ws.shortcut(callback_id, "global")?;
        let trigger_id = ws.new_trigger(user);
        Ok::<Value, ActError>(json!({
            "type": "shortcut",
            "token": ws.app.verification_token,
            "action_ts": ids::ts(ws.now_ms() * 1_000),
            "team": ws.team_stub(),
            "user": ws.user_stub(user),
            "is_enterprise_install": false,
            "enterprise": null,
            "callback_id": callback_id,
            "trigger_id": trigger_id,
        }))
    })?;
    let outcome = sandbox.hub.once(Kind::Interactive, payload, false).await;
    Ok(sandbox.with(|ws| shown(ws, user, &outcome, &app_failed(ws))))
}

impl Workspace {
    /// A channel the person can see.
    pub(super) fn visible_channel(&self, user: &str, id: &str) -> Result<(), ActError> {
        let channel = self.channel(id).ok_or_else(|| ActError::new(format!("There is no channel {id}.")))?;
        if channel.kind == super::workspace::ChannelKind::Public || channel.has(user) {
            return Ok(());
        }
        Err(ActError::new("You are not a member of this conversation."))
    }

    fn shortcut(&self, callback_id: &str, kind: &str) -> Result<(), ActError> {
        let known = self.setup.shortcuts.iter().any(|one| one.callback_id == callback_id && one.kind == kind);
        if known { Ok(()) } else { Err(ActError::new(format!("There is no {kind} shortcut {callback_id}."))) }
    }
}
