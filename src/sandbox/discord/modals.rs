//! Modals: what an app may open, and what comes back when a user submits. Pure.

use serde_json::{Map, Value, json};

use super::components::{CUSTOM_ID_MAX, Walk, part};
use super::errors::{ApiError, FormErrors};
use super::form::{at, boolean, given, integer, length, list, not_one_of, text};

/// Discord docs, "Modal" and "Text Input".
const TITLE_MAX: usize = 45;
const PARTS_MAX: usize = 5;
const LABEL_MAX: usize = 45;
const DESCRIPTION_MAX: usize = 100;
const VALUE_MAX: usize = 4000;
const PLACEHOLDER_MAX: usize = 100;
/// What a Label may hold: text input, selects, file upload, radio group, checkbox group, checkbox.
const LABEL_PARTS: &[u64] = &[3, 4, 5, 6, 7, 8, 19, 21, 22, 23];

/// Checks the `data` of a modal answer; returns it with component ids.
pub(super) fn check(data: &Value) -> Result<Value, ApiError> {
    let mut form = FormErrors::default();
    let mut walk = Walk::default();
    text(&mut form, "data", data, "custom_id", (1, CUSTOM_ID_MAX));
    text(&mut form, "data", data, "title", (1, TITLE_MAX));
    let parts = list(&mut form, "data", data, "components", (1, PARTS_MAX));
    for (index, item) in parts.iter().enumerate() {
        check_part(&mut form, &mut walk, &at("data.components", index), item);
    }
    form.check()?;
    let mut stored = data.clone();
    stored["components"] = parts.iter().map(|item| walk.with_ids(item)).collect();
    Ok(stored)
}

fn check_part(form: &mut FormErrors, walk: &mut Walk, path: &str, item: &Value) {
    match item["type"].as_u64() {
        Some(part::ACTION_ROW) => {
            for (index, input) in list(form, path, item, "components", (1, 1)).iter().enumerate() {
                let path = at(&at(path, "components"), index);
                if input["type"].as_u64() == Some(part::TEXT_INPUT) {
                    text_input(form, walk, &path, input, true);
                } else {
                    form.add(&at(&path, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (4).");
                }
            }
        }
        Some(part::LABEL) => {
            text(form, path, item, "label", (1, LABEL_MAX));
            text(form, path, item, "description", (0, DESCRIPTION_MAX));
            let Some(child) = given(item, "component") else { return form.required(&at(path, "component")) };
            let path = at(path, "component");
            match child["type"].as_u64() {
                Some(part::TEXT_INPUT) => text_input(form, walk, &path, child, false),
                Some(part::STRING_SELECT..=part::CHANNEL_SELECT) => walk.select(form, &path, child),
                Some(kind) if LABEL_PARTS.contains(&kind) => walk.unique_id(form, &path, child),
                _ => not_one_of(form, &at(&path, "type"), LABEL_PARTS),
            }
        }
        Some(part::TEXT_DISPLAY) => {
            text(form, path, item, "content", (1, VALUE_MAX));
        }
        _ => {
            let words = "Value of field \"type\" must be one of (1, 10, 18).";
            form.add(&at(path, "type"), "UNION_TYPE_CHOICES", words);
        }
    }
}

fn text_input(form: &mut FormErrors, walk: &mut Walk, path: &str, item: &Value, labelled: bool) {
    walk.unique_id(form, path, item);
    text(form, path, item, "label", (usize::from(labelled), LABEL_MAX));
    text(form, path, item, "placeholder", (0, PLACEHOLDER_MAX));
    text(form, path, item, "value", (0, VALUE_MAX));
    boolean(form, path, item, "required");
    let max = i64::try_from(VALUE_MAX).unwrap_or(i64::MAX);
    integer(form, path, item, "min_length", (0, max));
    integer(form, path, item, "max_length", (1, max));
    match item["style"].as_u64() {
        Some(1 | 2) => {}
        Some(_) => not_one_of(form, &at(path, "style"), &[1, 2]),
        None => form.required(&at(path, "style")),
    }
}

/// Fills a modal in as Discord's client does and returns the `components` of the submission, or what the user is told.
pub(super) fn submission(view: &Value, values: &Map<String, Value>) -> Result<Vec<Value>, String> {
    let parts = view["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    for key in values.keys() {
        if super::components::find(parts, key).is_none() {
            return Err(format!("The form has no field \"{key}\"."));
        }
    }
    parts.iter().map(|item| filled(item, values)).collect()
}

fn filled(item: &Value, values: &Map<String, Value>) -> Result<Value, String> {
    let head = json!({ "type": item["type"], "id": item["id"] });
    match item["type"].as_u64() {
        Some(part::ACTION_ROW) => {
            let mut row = head;
            let inputs = item["components"].as_array().map(Vec::as_slice).unwrap_or_default();
            row["components"] =
                inputs.iter().map(|input| field(input, &input["label"], values)).collect::<Result<_, _>>()?;
            Ok(row)
        }
        Some(part::LABEL) => {
            let mut label = head;
            label["component"] = field(&item["component"], &item["label"], values)?;
            Ok(label)
        }
        _ => Ok(head),
    }
}

fn field(item: &Value, label: &Value, values: &Map<String, Value>) -> Result<Value, String> {
    let id = item["custom_id"].as_str().unwrap_or_default();
    let label = label.as_str().unwrap_or(id);
    let given_value = values.get(id);
    let required = item["required"].as_bool().unwrap_or(true);
    let mut answer = json!({ "type": item["type"], "id": item["id"], "custom_id": id });
    if item["type"].as_u64() == Some(part::TEXT_INPUT) {
        let typed = given_value.or_else(|| given(item, "value")).and_then(Value::as_str).unwrap_or_default();
        check_typed(item, label, typed, required)?;
        answer["value"] = json!(typed);
        return Ok(answer);
    }
    let chosen: Vec<Value> = match given_value {
        Some(Value::Array(list)) => list.clone(),
        Some(Value::Null) | None => Vec::new(),
        Some(single) => vec![single.clone()],
    };
    if required && chosen.is_empty() && item["min_values"].as_u64() != Some(0) {
        return Err(format!("\"{label}\" is required."));
    }
    if let Some(options) = item["options"].as_array()
        && let Some(odd) = chosen.iter().find(|value| !options.iter().any(|option| &option["value"] == *value))
    {
        return Err(format!("\"{label}\" has no option {odd}."));
    }
    answer["values"] = json!(chosen);
    Ok(answer)
}

fn check_typed(item: &Value, label: &str, typed: &str, required: bool) -> Result<(), String> {
    let chars = length(typed);
    let bound = |key: &str| item[key].as_u64().and_then(|bound| usize::try_from(bound).ok());
    if required && chars == 0 {
        return Err(format!("\"{label}\" is required."));
    }
    if chars > 0 && bound("min_length").is_some_and(|min| chars < min) {
        return Err(format!("\"{label}\" is too short."));
    }
    if chars > bound("max_length").unwrap_or(VALUE_MAX) {
        return Err(format!("\"{label}\" is too long."));
    }
    Ok(())
}
