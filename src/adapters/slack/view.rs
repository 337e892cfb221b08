//! Forms and Home pages as Slack views.
//!
//! A form's state, and where it was opened from, travel in `private_metadata`. Never here: calls. Start reading at
//! [`form`]; [`Origin`] is what comes back with the submission.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::escape;
use super::limits::{
    INPUT_LABEL_MAX, INPUT_TEXT_MAX, PLACEHOLDER_MAX, SECTION_TEXT_MAX, VIEW_METADATA_MAX, VIEW_WORDS_MAX,
};
use super::render;
use super::reply::ReplyTo;
use crate::ports::chat::{Body, Field, FieldKind, Form};

/// `action_id` of every form input; the field's id is the `block_id`, to which Slack ties error sentences.
pub const INPUT_ACTION: &str = "value";
/// Most fields of a form (ports: 5).
const FIELDS_MAX: usize = 5;

/// What a form carries through Slack and back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// The form's own state.
    #[serde(rename = "s")]
    pub state: String,
    /// Channel it was opened from.
    #[serde(rename = "c", skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// Thread it was opened from.
    #[serde(rename = "th", skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// Answer address of the interaction that opened it.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub response_url: Option<String>,
}

impl Origin {
    /// Reads `private_metadata`; what is not ours is taken as bare state.
    #[must_use]
    pub fn read(metadata: &str) -> Self {
        serde_json::from_str(metadata).unwrap_or_else(|_| Self { state: metadata.to_owned(), ..Self::default() })
    }

    fn write(&self) -> String {
        let full = serde_json::to_string(self).unwrap_or_default();
        if escape::length(&full) <= VIEW_METADATA_MAX {
            return full;
        }
        // The address is a convenience, the state is not.
        let bare = Self { response_url: None, ..self.clone() };
        serde_json::to_string(&bare).map(|bare| escape::clip(&bare, VIEW_METADATA_MAX)).unwrap_or_default()
    }
}

/// A form as a modal view.
#[must_use]
pub fn form(form: &Form, opened_from: &ReplyTo) -> Value {
    let origin = Origin {
        state: form.state.clone(),
        channel: opened_from.channel.clone(),
        thread: opened_from.thread.clone(),
        response_url: opened_from.response_url.clone(),
    };
    let mut blocks = Vec::new();
    let intro = escape::mrkdwn(&form.intro, SECTION_TEXT_MAX);
    if !intro.trim().is_empty() {
        blocks.push(render::section(&intro));
    }
    blocks.extend(form.fields.iter().take(FIELDS_MAX).filter_map(input));
    if blocks.is_empty() {
        blocks.push(render::section("…"));
    }
    json!({
        "type": "modal",
        "callback_id": form.name,
        "private_metadata": origin.write(),
        "title": render::label_object(&form.title, VIEW_WORDS_MAX),
        "submit": render::label_object(&form.submit, VIEW_WORDS_MAX),
        "close": render::label_object(&form.cancel, VIEW_WORDS_MAX),
        "blocks": blocks,
        // Whoever gives up is no longer shown as writing.
        "notify_on_close": true,
    })
}

fn input(field: &Field) -> Option<Value> {
    let mut element = match &field.kind {
        FieldKind::Line { value, max } => text_input(value, *max, false),
        FieldKind::Paragraph { value, max } => text_input(value, *max, true),
        FieldKind::OneOf { entries, value } => {
            let options = render::options(entries);
            if options.is_empty() {
                return None;
            }
            let chosen = options.iter().find(|option| option["value"].as_str() == value.as_deref()).cloned();
            let mut select = json!({"type": "static_select", "options": options});
            if let Some(chosen) = chosen {
                select["initial_option"] = chosen;
            }
            select
        }
        FieldKind::Person { value } => {
            let mut select = json!({"type": "users_select"});
            if let Some(user) = value.as_ref().filter(|user| !user.is_empty()) {
                select["initial_user"] = Value::from(user.as_str());
            }
            select
        }
    };
    element["action_id"] = Value::from(INPUT_ACTION);
    if !field.hint.trim().is_empty() {
        element["placeholder"] = render::label_object(&field.hint, PLACEHOLDER_MAX);
    }
    Some(json!({
        "type": "input",
        "block_id": field.id,
        "label": render::label_object(&field.label, INPUT_LABEL_MAX),
        "element": element,
        "optional": field.optional,
    }))
}

fn text_input(value: &str, max: u32, multiline: bool) -> Value {
    let max = max.clamp(1, INPUT_TEXT_MAX);
    let mut input = json!({"type": "plain_text_input", "multiline": multiline, "max_length": max});
    if !value.is_empty() {
        // What the person would send back unchanged: never escaped, only cut where Slack would refuse it.
        let units = usize::try_from(max).unwrap_or(usize::MAX);
        input["initial_value"] = Value::from(escape::clip(value, units));
    }
    input
}

/// A person's Home page.
#[must_use]
pub fn home(body: &Body) -> Value {
    json!({"type": "home", "blocks": render::page(body)})
}
