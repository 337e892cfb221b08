//! Forms as Discord's modals: text lines only, so that nothing a person enters is lost on its way back.
//!
//! A choice becomes a line whose placeholder lists the values, a person a line that takes `@name`. What was offered is
//! remembered for a while, so that what was typed can be brought back to the value or the user id before it is stored.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::directory::Directory;
use super::escape::{line, shortened, units};
use super::lock::locked;
use super::render::CUSTOM_ID_MAX;
use crate::ports::chat::{Field, FieldKind, Form};

/// Longest title (Discord docs: Modals).
pub const TITLE_MAX: usize = 45;
/// Longest label (Discord docs: Text Input).
pub const LABEL_MAX: usize = 45;
/// Longest placeholder (Discord docs: Text Input).
pub const PLACEHOLDER_MAX: usize = 100;
/// Longest value (Discord docs: Text Input).
pub const VALUE_MAX: usize = 4_000;
/// Most lines (Discord docs: Modals, 1 to 5 components).
pub const FIELDS_MAX: usize = 5;
/// Room for a choice or a person's name.
const CHOICE_MAX: u32 = 100;
/// Most forms remembered; the oldest are forgotten first.
const REMEMBERED_MAX: usize = 1_000;

/// The modal of a form; `None` when its id would be too long to come back whole.
pub(super) fn modal(form: &Form) -> Option<Value> {
    let id = form_id(form);
    if units(&id) > CUSTOM_ID_MAX || form.fields.is_empty() {
        return None;
    }
    let rows: Vec<Value> = form
        .fields
        .iter()
        .take(FIELDS_MAX)
        .map(|field| json!({ "type": 1, "components": [text_input(field)] }))
        .collect();
    let title = line(&form.title, TITLE_MAX);
    let title = if title.is_empty() { "…".to_owned() } else { title };
    Some(json!({ "custom_id": id, "title": title, "components": rows }))
}

fn form_id(form: &Form) -> String {
    format!("{}|{}", form.name, form.state)
}

fn text_input(field: &Field) -> Value {
    let (style, value, max, hint) = match &field.kind {
        FieldKind::Line { value, max } => (1, value.clone(), *max, field.hint.clone()),
        FieldKind::Paragraph { value, max } => (2, value.clone(), *max, field.hint.clone()),
        FieldKind::OneOf { entries, value } => {
            let words = |value: &String| entries.iter().find(|(key, _)| key == value).map(|(_, words)| words.clone());
            let chosen = value.as_ref().and_then(words).unwrap_or_default();
            let listed = entries.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(" / ");
            (1, chosen, CHOICE_MAX, listed)
        }
        FieldKind::Person { value } => {
            let hint = if field.hint.is_empty() { "@name".to_owned() } else { field.hint.clone() };
            (1, value.as_ref().map(|id| format!("<@{id}>")).unwrap_or_default(), CHOICE_MAX, hint)
        }
    };
    let max = usize::try_from(max).unwrap_or(VALUE_MAX).clamp(1, VALUE_MAX);
    let label = line(&field.label, LABEL_MAX);
    let mut input = json!({
        "type": 4, "custom_id": field.id, "style": style, "required": !field.optional, "max_length": max,
        "label": if label.is_empty() { field.id.clone() } else { label },
    });
    if let Some(input) = input.as_object_mut() {
        let hint = line(&hint, PLACEHOLDER_MAX);
        if !hint.is_empty() {
            input.insert("placeholder".into(), hint.into());
        }
        if !value.is_empty() {
            input.insert("value".into(), shortened(&value, max).into());
        }
    }
    input
}

/// How what is typed into a line is brought back to a value.
#[derive(Clone, Debug)]
enum Reading {
    OneOf(Vec<(String, String)>),
    Person,
}

#[derive(Debug, Default)]
struct Remembered {
    forms: HashMap<String, Vec<(String, Reading)>>,
    order: VecDeque<String>,
}

/// The forms opened lately.
#[derive(Debug, Default)]
pub(super) struct OpenForms {
    remembered: Mutex<Remembered>,
}

impl OpenForms {
    /// Remembers what a form offers.
    pub(super) fn opened(&self, form: &Form) {
        let readings: Vec<(String, Reading)> = form
            .fields
            .iter()
            .filter_map(|field| match &field.kind {
                FieldKind::OneOf { entries, .. } => Some((field.id.clone(), Reading::OneOf(entries.clone()))),
                FieldKind::Person { .. } => Some((field.id.clone(), Reading::Person)),
                FieldKind::Line { .. } | FieldKind::Paragraph { .. } => None,
            })
            .collect();
        if readings.is_empty() {
            return;
        }
        let mut remembered = locked(&self.remembered);
        let id = form_id(form);
        if remembered.forms.insert(id.clone(), readings).is_none() {
            remembered.order.push_back(id);
        }
        while remembered.order.len() > REMEMBERED_MAX {
            if let Some(oldest) = remembered.order.pop_front() {
                remembered.forms.remove(&oldest);
            }
        }
    }

    /// The values of the fields that could be brought back; the others are left as typed.
    pub(super) fn resolved(
        &self,
        form_id: &str,
        typed: &[(String, String)],
        directory: &Directory,
    ) -> Map<String, Value> {
        let remembered = locked(&self.remembered);
        let Some(readings) = remembered.forms.get(form_id) else { return Map::new() };
        let mut resolved = Map::new();
        for (field, text) in typed {
            let value = readings.iter().find(|(id, _)| id == field).and_then(|(_, reading)| match reading {
                Reading::OneOf(entries) => chosen(entries, text),
                Reading::Person => directory.person(text),
            });
            if let Some(value) = value {
                resolved.insert(field.clone(), value.into());
            }
        }
        resolved
    }
}

/// The entry meant by what was typed: its value, its words, or the only one that begins so.
fn chosen(entries: &[(String, String)], typed: &str) -> Option<String> {
    let typed = folded(typed);
    if typed.is_empty() {
        return None;
    }
    let exact = entries.iter().find(|(value, words)| folded(value) == typed || folded(words) == typed);
    let mut beginnings = entries.iter().filter(|(_, words)| folded(words).starts_with(&typed));
    let only = match (beginnings.next(), beginnings.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    exact.or(only).map(|(value, _)| value.clone())
}

/// Lower case, trimmed, without the accents of French, for comparing what people type.
pub(super) fn folded(text: &str) -> String {
    text.trim()
        .to_lowercase()
        .chars()
        .map(|character| match character {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            '\u{2019}' => '\'',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<(String, String)> {
        vec![
            ("done".into(), "Résolu".into()),
            ("spam".into(), "Indésirable".into()),
            ("resend".into(), "Renvoyé".into()),
        ]
    }

    #[test]
    fn a_choice_may_be_typed_as_its_value_its_words_or_its_beginning() {
        for (typed, value) in [
            ("done", Some("done")),
            (" RESOLU ", Some("done")),
            ("Résolu", Some("done")),
            ("ind", Some("spam")),
            ("re", None),
            ("", None),
            ("autre", None),
        ] {
            assert_eq!(chosen(&entries(), typed).as_deref(), value, "{typed:?}");
        }
    }

    #[test]
    fn a_form_becomes_text_lines_within_discords_limits() {
        let field = |id: &str, kind| Field {
            id: id.into(),
            label: "L".repeat(60),
            hint: "H".repeat(200),
            kind,
            optional: true,
        };
        let form = Form {
            name: "resolve".into(),
            state: "T-1".into(),
            title: "T".repeat(80),
            submit: "OK".into(),
            cancel: "Non".into(),
            intro: String::new(),
            fields: vec![
                field("text", FieldKind::Paragraph { value: "x".repeat(5_000), max: 9_000 }),
                field("outcome", FieldKind::OneOf { entries: entries(), value: Some("done".into()) }),
                field("who", FieldKind::Person { value: Some("42".into()) }),
            ],
        };
        let modal = modal(&form).expect("fits");
        assert_eq!(modal["custom_id"], "resolve|T-1");
        assert_eq!(units(modal["title"].as_str().unwrap_or_default()), TITLE_MAX);
        let input = |row: usize| modal["components"][row]["components"][0].clone();
        assert_eq!(input(0)["max_length"], 4_000);
        assert_eq!(units(input(0)["value"].as_str().unwrap_or_default()), 4_000);
        assert_eq!(input(1)["placeholder"], "Résolu / Indésirable / Renvoyé");
        assert_eq!(input(1)["value"], "Résolu");
        assert_eq!(input(2)["value"], "<@42>");
        assert!((0..3).all(|row| units(input(row)["label"].as_str().unwrap_or_default()) <= LABEL_MAX));
    }

    #[test]
    fn an_id_that_could_not_come_back_whole_is_refused() {
        let form = Form {
            name: "n".into(),
            state: "s".repeat(99),
            title: "t".into(),
            submit: String::new(),
            cancel: String::new(),
            intro: String::new(),
            fields: vec![],
        };
        assert!(modal(&form).is_none());
    }
}
