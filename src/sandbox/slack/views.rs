//! Modals and Home tabs: stacks, hashes, triggers.

use serde_json::{Map, Value, json};

use super::blocks;
use super::error::ApiError;
use super::ids;
use super::interact::state;
use super::limits::{MODAL_STACK_MAX, TRIGGER_TTL_MS, VIEW_BYTES_MAX};
use super::workspace::Workspace;

/// An open modal or a published Home tab.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) root_id: String,
    pub(super) previous_id: Option<String>,
    pub(super) hash: String,
    /// As the app sent it, with ids added.
    pub(super) body: Map<String, Value>,
    /// Values chosen so far, by block and action.
    pub(super) state: Map<String, Value>,
}

/// The right to open one modal for one person, for three seconds.
#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) user: String,
    pub(super) expires_ms: i64,
    pub(super) used: bool,
}

impl View {
    pub(super) fn is_home(&self) -> bool {
        self.body.get("type").is_some_and(|kind| kind == "home")
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.body.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn blocks(&self) -> &[Value] {
        self.body.get("blocks").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

impl Workspace {
    /// A fresh trigger for `user`.
    pub(super) fn new_trigger(&mut self, user: &str) -> String {
        let seed = self.next_seed("trigger");
        let id = format!("{}.{}.{}", ids::digits(&seed, 13), ids::digits(&self.team_id, 12), ids::secret(&seed, 32));
        let now_ms = self.now_ms();
        self.triggers.retain(|_, trigger| trigger.expires_ms + 60_000 > now_ms);
        let trigger = Trigger { user: user.to_owned(), expires_ms: now_ms + TRIGGER_TTL_MS, used: false };
        self.triggers.insert(id.clone(), trigger);
        id
    }

    /// The person behind a trigger that may still be exchanged.
    pub(super) fn trigger_user(&self, id: &str) -> Result<String, ApiError> {
        let trigger = self.triggers.get(id).ok_or_else(|| ApiError::new("invalid_trigger_id"))?;
        if trigger.used {
            return Err(ApiError::new("exchanged_trigger_id"));
        }
        if self.now_ms() > trigger.expires_ms {
            return Err(ApiError::new("expired_trigger_id"));
        }
        Ok(trigger.user.clone())
    }

    /// Uses a trigger up.
    pub(super) fn spend_trigger(&mut self, id: &str) {
        if let Some(trigger) = self.triggers.get_mut(id) {
            trigger.used = true;
        }
    }

    /// Slack's checks on a view sent by the app.
    pub(super) fn check_view(&self, view: &Value, kind: &str, own_id: Option<&str>) -> Result<(), ApiError> {
        let problems = blocks::check_view(view);
        if !problems.is_empty() {
            return Err(ApiError::detailed("invalid_arguments", &problems));
        }
        if view["type"] != kind {
            let problem = format!("must be one of: {kind} [json-pointer:/view/type]");
            return Err(ApiError::detailed("invalid_arguments", &[problem]));
        }
        if view.to_string().len() > VIEW_BYTES_MAX {
            return Err(ApiError::new("view_too_large"));
        }
        let external = view["external_id"].as_str().filter(|external| !external.is_empty());
        if let Some(external) = external
            && self.views.iter().any(|known| known.text("external_id") == external && Some(known.id.as_str()) != own_id)
        {
            return Err(ApiError::new("duplicate_external_id"));
        }
        Ok(())
    }

    /// Opens a first modal or stacks one on top. The view must have passed [`Self::check_view`].
    pub(super) fn open_view(&mut self, user: &str, view: &Value, push: bool) -> Result<Value, ApiError> {
        let stack: Vec<String> = self.stack(user).iter().map(|view| view.id.clone()).collect();
        if push && stack.is_empty() {
            return Err(ApiError::new("not_found"));
        }
        if push && stack.len() >= MODAL_STACK_MAX {
            return Err(ApiError::new("push_limit_reached"));
        }
        if !push {
            self.views.retain(|known| known.user != user || known.is_home());
        }
        let id = ids::id('V', &self.next_seed("view"));
        let root_id = if push { stack.first().cloned().unwrap_or_else(|| id.clone()) } else { id.clone() };
        let previous_id = if push { stack.last().cloned() } else { None };
        Ok(self.store_view(View {
            id,
            user: user.to_owned(),
            root_id,
            previous_id,
            hash: String::new(),
            body: view.as_object().cloned().unwrap_or_default(),
            state: Map::new(),
        }))
    }

    /// Replaces the content of an open view; typed values stay where block and action stay.
    pub(super) fn update_view(&mut self, id: &str, view: &Value) -> Result<Value, ApiError> {
        let at = self.views.iter().position(|known| known.id == id).ok_or_else(|| ApiError::new("not_found"))?;
        let mut updated = self.views.remove(at);
        updated.body = view.as_object().cloned().unwrap_or_default();
        self.modal_errors.remove(&updated.user);
        let wire = self.store_view(updated);
        // `store_view` appended it: put it back where it was in its stack.
        if let Some(view) = self.views.pop() {
            self.views.insert(at, view);
        }
        Ok(wire)
    }

    /// Publishes a Home tab.
    pub(super) fn publish_home(&mut self, user: &str, view: &Value) -> Value {
        let id = self.home(user).map(|home| home.id.clone());
        self.views.retain(|known| known.user != user || !known.is_home());
        let id = id.unwrap_or_else(|| ids::id('V', &self.next_seed("home")));
        self.store_view(View {
            root_id: id.clone(),
            id,
            user: user.to_owned(),
            previous_id: None,
            hash: String::new(),
            body: view.as_object().cloned().unwrap_or_default(),
            state: Map::new(),
        })
    }

    fn store_view(&mut self, mut view: View) -> Value {
        let seed = self.next_seed("hash");
        view.hash = format!("{}.{}", self.now_s(), ids::secret(&seed, 8));
        let blocks = blocks::tidy(view.blocks(), &format!("{}/{}", view.id, view.root_id));
        view.body.insert("blocks".to_owned(), json!(blocks));
        let texts = json!({"title": view.body.get("title"), "submit": view.body.get("submit"), "close": view.body.get("close")});
        for (name, text) in texts.as_object().into_iter().flatten().filter(|(_, text)| !text.is_null()) {
            let mut text = text.clone();
            if text.get("emoji").is_none() {
                text["emoji"] = json!(true);
            }
            view.body.insert(name.clone(), text);
        }
        view.state = state::initial(view.blocks(), &view.state);
        let wire = self.view_wire(&view);
        self.views.push(view);
        self.dirty = true;
        wire
    }

    /// The view object as Slack sends it.
    pub(super) fn view_wire(&self, view: &View) -> Value {
        let part = |name: &str| view.body.get(name).cloned().unwrap_or(Value::Null);
        json!({
            "id": view.id,
            "team_id": self.team_id,
            "type": part("type"),
            "blocks": view.blocks(),
            "private_metadata": view.text("private_metadata"),
            "callback_id": view.text("callback_id"),
            "state": {"values": view.state},
            "hash": view.hash,
            "title": if view.is_home() { json!({"type": "plain_text", "text": "View Title", "emoji": true}) } else { part("title") },
            "clear_on_close": view.flag("clear_on_close"),
            "notify_on_close": view.flag("notify_on_close"),
            "close": part("close"),
            "submit": part("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self.app.app_id,
            "external_id": view.text("external_id"),
            "app_installed_team_id": self.team_id,
            "bot_id": self.app.bot_id,
        })
    }

    /// The open modals of a person, the lowest first.
    pub(super) fn stack(&self, user: &str) -> Vec<&View> {
        self.views.iter().filter(|view| view.user == user && !view.is_home()).collect()
    }

    pub(super) fn home(&self, user: &str) -> Option<&View> {
        self.views.iter().find(|view| view.user == user && view.is_home())
    }

    pub(super) fn view(&self, id: &str) -> Option<&View> {
        self.views.iter().find(|view| view.id == id)
    }

    /// Takes the top modal away (or all of them).
    pub(super) fn close_views(&mut self, user: &str, all: bool) {
        let top = self.stack(user).last().map(|view| view.id.clone());
        self.views.retain(|view| view.user != user || view.is_home() || (!all && Some(&view.id) != top.as_ref()));
        self.modal_errors.remove(user);
        self.dirty = true;
    }
}
