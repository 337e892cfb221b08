//! Values of stateful elements: what they start with, how a choice is written, what `state.values` holds.

use serde_json::{Map, Value, json};

/// Elements whose value Slack keeps and reports.
const STATEFUL: [&str; 20] = [
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    "static_select",
    "external_select",
    "users_select",
    "channels_select",
    "conversations_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_channels_select",
    "multi_conversations_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
];

/// All elements of a block with their action ids.
pub(in super::super) fn elements(block: &Value) -> Vec<&Value> {
    let single = ["accessory", "element"].into_iter().filter_map(|name| block.get(name));
    let many = block.get("elements").and_then(Value::as_array).into_iter().flatten();
    single.chain(many).filter(|element| element["action_id"].is_string()).collect()
}

/// The element with this action id, in this block when one is named.
pub(in super::super) fn find<'a>(
    blocks: &'a [Value],
    block_id: Option<&str>,
    action_id: &str,
) -> Option<(&'a Value, &'a Value)> {
    blocks
        .iter()
        .filter(|block| block_id.is_none_or(|id| block["block_id"] == id))
        .find_map(|block| elements(block).into_iter().find(|one| one["action_id"] == action_id).map(|one| (block, one)))
}

/// `state.values` of freshly shown blocks; values already chosen survive where block, action and type are the same.
pub(in super::super) fn initial(blocks: &[Value], before: &Map<String, Value>) -> Map<String, Value> {
    let mut values = Map::new();
    for block in blocks {
        let mut of_block = Map::new();
        for element in elements(block) {
            let kind = element["type"].as_str().unwrap_or_default();
            if !STATEFUL.contains(&kind) && kind != "datetimepicker" {
                continue;
            }
            let action = element["action_id"].as_str().unwrap_or_default();
            let kept = before.get(block["block_id"].as_str().unwrap_or_default()).and_then(|known| known.get(action));
            let value = kept.filter(|kept| kept["type"] == kind).cloned().unwrap_or_else(|| first_value(element, kind));
            of_block.insert(action.to_owned(), value);
        }
        if !of_block.is_empty() {
            values.insert(block["block_id"].as_str().unwrap_or_default().to_owned(), Value::Object(of_block));
        }
    }
    values
}

fn first_value(element: &Value, kind: &str) -> Value {
    let (field, start) = fields(kind);
    let mut value = json!({"type": kind});
    let first = element.get(start).cloned();
    value[field] = match first {
        Some(first) => first,
        None if field.starts_with("selected_") && field.ends_with('s') => json!([]),
        None => Value::Null,
    };
    value
}

/// The field a value stands in, and the field its first value is given in.
fn fields(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "static_select" | "external_select" | "radio_buttons" | "overflow" => ("selected_option", "initial_option"),
        "multi_static_select" | "multi_external_select" | "checkboxes" => ("selected_options", "initial_options"),
        "users_select" => ("selected_user", "initial_user"),
        "channels_select" => ("selected_channel", "initial_channel"),
        "conversations_select" => ("selected_conversation", "initial_conversation"),
        "multi_users_select" => ("selected_users", "initial_users"),
        "multi_channels_select" => ("selected_channels", "initial_channels"),
        "multi_conversations_select" => ("selected_conversations", "initial_conversations"),
        "datepicker" => ("selected_date", "initial_date"),
        "timepicker" => ("selected_time", "initial_time"),
        "datetimepicker" => ("selected_date_time", "initial_date_time"),
        "rich_text_input" => ("rich_text_value", "initial_value"),
        "file_input" => ("files", "initial_files"),
        _ => ("value", "initial_value"),
    }
}

/// The value written when a person types or chooses `given`; an error sentence when the element would not let them.
///
/// `offered` are the options an external select showed last.
pub(in super::super) fn chosen(element: &Value, given: &Value, offered: &[Value]) -> Result<Value, String> {
    let kind = element["type"].as_str().unwrap_or_default();
    let (field, _) = fields(kind);
    let many: Vec<Value> = match given {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let mut value = json!({"type": kind});
    value[field] = match field {
        "selected_option" => many.first().map_or(Ok(Value::Null), |one| option(element, one, offered))?,
        "selected_options" => {
            json!(many.iter().map(|one| option(element, one, offered)).collect::<Result<Vec<_>, _>>()?)
        }
        "selected_users" | "selected_channels" | "selected_conversations" => json!(many),
        "value" => match many.first() {
            None => Value::Null,
            Some(Value::String(text)) => typed(element, kind, text)?,
            Some(other) => typed(element, kind, &other.to_string())?,
        },
        "selected_date_time" => many.first().map_or(Value::Null, |one| {
            one.as_i64().or_else(|| one.as_str().and_then(|text| text.parse().ok())).map_or(Value::Null, |at| json!(at))
        }),
        _ => many.first().cloned().unwrap_or(Value::Null),
    };
    Ok(value)
}

fn option(element: &Value, given: &Value, offered: &[Value]) -> Result<Value, String> {
    let wanted = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
    let groups = element["option_groups"].as_array().into_iter().flatten();
    let options = element["options"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(groups.flat_map(|group| group["options"].as_array().into_iter().flatten()))
        .chain(offered)
        .find(|option| option["value"] == wanted.as_str());
    options.cloned().ok_or_else(|| format!("There is no option \"{wanted}\"."))
}

/// The client's own checks on typed text.
fn typed(element: &Value, kind: &str, text: &str) -> Result<Value, String> {
    let length = text.chars().count() as u64;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if kind == "plain_text_input" {
        let max = element["max_length"].as_u64().unwrap_or(3_000);
        if length > max {
            return Err(format!("Must be at most {max} characters."));
        }
        if element["min_length"].as_u64().is_some_and(|min| length < min) {
            return Err(format!("Must be at least {} characters.", element["min_length"]));
        }
    }
    if kind == "number_input" && text.parse::<f64>().is_err() {
        return Err("Must be a number.".to_owned());
    }
    if kind == "email_text_input" && !text.contains('@') {
        return Err("Must be a valid email address.".to_owned());
    }
    Ok(json!(text))
}

/// Whether a value is nothing, so that a required field is not filled.
pub(in super::super) fn is_empty(value: &Value) -> bool {
    let (field, _) = fields(value["type"].as_str().unwrap_or_default());
    match &value[field] {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
