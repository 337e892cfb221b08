//! Walks a payload along the tables and writes down each problem as Slack words it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::elements::{self, ELEMENTS};
use super::rules;
use super::spec::{self, BLOCKS, Field, Place, Rule};

/// Where blocks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Surface {
    Message,
    Modal,
    Home,
}

/// Collects problems.
pub(super) struct Checker {
    surface: Surface,
    pub(super) problems: Vec<String>,
    block_ids: HashSet<String>,
    action_ids: HashSet<String>,
}

impl Checker {
    pub(super) fn new(surface: Surface) -> Self {
        Self { surface, problems: Vec::new(), block_ids: HashSet::new(), action_ids: HashSet::new() }
    }

    pub(super) fn problem(&mut self, what: &str, path: &str) {
        self.problems.push(format!("{what} [json-pointer:{path}]"));
    }

    pub(super) fn blocks(&mut self, blocks: &[Value], path: &str) {
        for (at, block) in blocks.iter().enumerate() {
            self.block(block, &format!("{path}/{at}"));
        }
    }

    fn block(&mut self, block: &Value, path: &str) {
        let Some(map) = block.as_object() else { return self.problem("should be an object", path) };
        let Some(kind) = map.get("type").and_then(Value::as_str) else {
            return self.problem("missing required field: type", path);
        };
        let allowed = match self.surface {
            Surface::Message => spec::MESSAGE_BLOCKS,
            Surface::Modal | Surface::Home => spec::VIEW_BLOCKS,
        };
        let shape = BLOCKS.iter().find(|shape| shape.kind == kind && allowed.contains(&kind));
        let Some(shape) = shape else {
            return self.problem(&format!("unsupported type: {kind}"), &format!("{path}/type"));
        };
        self.action_ids.clear();
        if let Some(id) = map.get("block_id") {
            let id_path = format!("{path}/block_id");
            self.string(id, 1, 255, &id_path);
            if let Some(id) = id.as_str()
                && !self.block_ids.insert(id.to_owned())
            {
                self.problem(&format!("`block_id` {id} already exists"), &id_path);
            }
        }
        self.fields(map, shape.fields, &["type", "block_id"], path);
        rules::block(self, kind, map, path);
    }

    /// Checks an object against a table; `type` is known to be right.
    pub(super) fn object(&mut self, value: &Value, fields: &[Field], path: &str) {
        match value.as_object() {
            Some(map) => self.fields(map, fields, &["type"], path),
            None => self.problem("should be an object", path),
        }
    }

    fn fields(&mut self, map: &Map<String, Value>, fields: &[Field], known: &[&str], path: &str) {
        for field in fields {
            match map.get(field.name) {
                None | Some(Value::Null) if field.required => {
                    self.problem(&format!("missing required field: {}", field.name), path);
                }
                None | Some(Value::Null) => {}
                Some(value) => self.value(value, field.rule, &format!("{path}/{}", field.name)),
            }
        }
        for name in map.keys() {
            if !known.contains(&name.as_str()) && !fields.iter().any(|field| field.name == name) {
                self.problem(&format!("invalid additional property: {name}"), path);
            }
        }
    }

    fn value(&mut self, value: &Value, rule: Rule, path: &str) {
        match rule {
            Rule::Plain(max) => self.text(value, true, max, path),
            Rule::Text(max) => self.text(value, false, max, path),
            Rule::Str(max) => self.string(value, 1, max, path),
            Rule::Loose(max) => self.string(value, 0, max, path),
            Rule::OneOf(words) => {
                if !value.as_str().is_some_and(|word| words.contains(&word)) {
                    self.problem(&format!("must be one of: {}", words.join(", ")), path);
                }
            }
            Rule::Bool if !value.is_boolean() => self.problem("should be a boolean", path),
            Rule::Int { min, max } => self.integer(value, min, max, path),
            Rule::Date if !shaped(value, "0000-00-00") => self.problem("must be in the format YYYY-MM-DD", path),
            Rule::Time if !shaped(value, "00:00") => self.problem("must be in the format HH:mm", path),
            Rule::Bool | Rule::Date | Rule::Time | Rule::Free => {}
            Rule::Confirm => self.object(value, spec::CONFIRM_DIALOG, path),
            Rule::Option => self.object(value, spec::OPTION, path),
            Rule::Options(max) => self.list(value, max, path, |this, one, at| this.object(one, spec::OPTION, at)),
            Rule::Chosen => self.list(value, 100, path, |this, one, at| this.object(one, spec::OPTION, at)),
            Rule::Groups(max) => self.list(value, max, path, |this, one, at| this.object(one, spec::GROUP, at)),
            Rule::Fields(max) => self.list(value, max, path, |this, one, at| this.text(one, false, 2_000, at)),
            Rule::Strings(max) => self.list(value, max, path, |this, one, at| this.string(one, 1, 255, at)),
            Rule::Elements(place, max) => self.list(value, max, path, |this, one, at| this.element(one, place, at)),
            Rule::Element(place) => self.element(value, place, path),
            Rule::DispatchConfig => self.object(value, spec::DISPATCH, path),
        }
    }

    fn list(&mut self, value: &Value, max: usize, path: &str, mut each: impl FnMut(&mut Self, &Value, &str)) {
        let Some(items) = value.as_array() else { return self.problem("should be an array", path) };
        if items.is_empty() {
            self.problem("must have at least 1 item", path);
        }
        if items.len() > max {
            self.problem(&format!("no more than {max} items allowed"), path);
        }
        for (at, item) in items.iter().enumerate() {
            each(self, item, &format!("{path}/{at}"));
        }
    }

    fn element(&mut self, element: &Value, place: Place, path: &str) {
        let Some(map) = element.as_object() else { return self.problem("should be an object", path) };
        let Some(kind) = map.get("type").and_then(Value::as_str) else {
            return self.problem("missing required field: type", path);
        };
        if !elements::places(kind).contains(&place) {
            return self.problem(&format!("unsupported type: {kind}"), &format!("{path}/type"));
        }
        if matches!(kind, "plain_text" | "mrkdwn") {
            return self.text(element, false, 3_000, path);
        }
        let Some(shape) = ELEMENTS.iter().find(|shape| shape.kind == kind) else {
            return self.problem(&format!("unsupported type: {kind}"), &format!("{path}/type"));
        };
        if let Some(id) = map.get("action_id").and_then(Value::as_str)
            && !self.action_ids.insert(id.to_owned())
        {
            self.problem(&format!("`action_id` {id} already exists"), &format!("{path}/action_id"));
        }
        self.fields(map, shape.fields, &["type"], path);
        rules::element(self, kind, map, path);
    }

    /// A text object.
    pub(super) fn text(&mut self, value: &Value, plain_only: bool, max: usize, path: &str) {
        let Some(map) = value.as_object() else { return self.problem("should be an object", path) };
        let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
        let kinds: &[&str] = if plain_only { &["plain_text"] } else { &["plain_text", "mrkdwn"] };
        if !kinds.contains(&kind) {
            self.problem(&format!("must be one of: {}", kinds.join(", ")), &format!("{path}/type"));
        }
        match map.get("text") {
            Some(text) => self.string(text, 1, max, &format!("{path}/text")),
            None => self.problem("missing required field: text", path),
        }
        for name in map.keys() {
            let known = match name.as_str() {
                "type" | "text" => true,
                "emoji" => kind == "plain_text",
                "verbatim" => kind == "mrkdwn",
                _ => false,
            };
            if !known {
                self.problem(&format!("invalid additional property: {name}"), path);
            }
        }
    }

    fn string(&mut self, value: &Value, min: usize, max: usize, path: &str) {
        let Some(text) = value.as_str() else { return self.problem("should be a string", path) };
        let length = text.chars().count();
        if length < min {
            self.problem(&format!("must be more than {} characters", min - 1), path);
        } else if length > max {
            self.problem(&format!("must be less than {} characters", max + 1), path);
        }
    }

    fn integer(&mut self, value: &Value, min: i64, max: i64, path: &str) {
        match value.as_i64() {
            None => self.problem("should be an integer", path),
            Some(number) if number < min => self.problem(&format!("must be greater than {}", min - 1), path),
            Some(number) if number > max => self.problem(&format!("must be less than {}", max.saturating_add(1)), path),
            Some(_) => {}
        }
    }
}

/// Whether the text has the digits and signs of the pattern in their places.
fn shaped(value: &Value, pattern: &str) -> bool {
    value.as_str().is_some_and(|text| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(
                |(byte, sign)| {
                    if sign == b'0' { byte.is_ascii_digit() } else { byte == sign }
                },
            )
    })
}
