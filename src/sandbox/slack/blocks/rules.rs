//! Rules between fields, which a table cannot say.

use serde_json::{Map, Value};

use super::check::Checker;

pub(super) fn block(checker: &mut Checker, kind: &str, block: &Map<String, Value>, path: &str) {
    let has = |name: &str| block.get(name).is_some_and(|value| !value.is_null());
    match kind {
        "section" if !has("text") && !has("fields") => checker.problem("must define either `text` or `fields`", path),
        "image" if has("image_url") == has("slack_file") => {
            checker.problem("must define either `image_url` or `slack_file`", path);
        }
        "image" => address(checker, block, "image_url", path),
        "header" => {
            let text = block.get("text").and_then(|text| text.get("text")).and_then(Value::as_str).unwrap_or_default();
            if text.contains('\n') {
                checker.problem("must not contain newlines", &format!("{path}/text/text"));
            }
        }
        "rich_text" => rich_text(checker, block, path),
        "table" => table(checker, block, path),
        "video" => {
            for name in ["video_url", "thumbnail_url"] {
                address(checker, block, name, path);
            }
        }
        _ => {}
    }
}

pub(super) fn element(checker: &mut Checker, kind: &str, element: &Map<String, Value>, path: &str) {
    let has = |name: &str| element.get(name).is_some_and(|value| !value.is_null());
    match kind {
        "image" if has("image_url") == has("slack_file") => {
            checker.problem("must define either `image_url` or `slack_file`", path);
        }
        "image" => address(checker, element, "image_url", path),
        "button" => address(checker, element, "url", path),
        "static_select" | "multi_static_select" if has("options") == has("option_groups") => {
            checker.problem("must define either `options` or `option_groups`", path);
        }
        "plain_text_input" => {
            let number = |name: &str| element.get(name).and_then(Value::as_i64);
            if let (Some(min), Some(max)) = (number("min_length"), number("max_length"))
                && min > max
            {
                checker.problem("`min_length` must not be greater than `max_length`", path);
            }
        }
        "overflow" => {}
        _ => {}
    }
    for name in ["initial_option", "initial_options"] {
        chosen(checker, element, name, path);
    }
    plain_options(checker, kind, element, path);
}

/// Options of menus are plain text; only check boxes and radio buttons may use mrkdwn.
fn plain_options(checker: &mut Checker, kind: &str, element: &Map<String, Value>, path: &str) {
    if matches!(kind, "checkboxes" | "radio_buttons") {
        return;
    }
    let options = element.get("options").and_then(Value::as_array);
    for (at, option) in options.into_iter().flatten().enumerate() {
        for part in ["text", "description"] {
            if option[part]["type"] == "mrkdwn" {
                checker.problem("must be one of: plain_text", &format!("{path}/options/{at}/{part}/type"));
            }
        }
        if kind != "overflow" && option.get("url").is_some() {
            checker.problem("invalid additional property: url", &format!("{path}/options/{at}"));
        }
    }
}

/// What is chosen at first must be among the options.
fn chosen(checker: &mut Checker, element: &Map<String, Value>, name: &str, path: &str) {
    let Some(first) = element.get(name) else { return };
    let mut options: Vec<&Value> = Vec::new();
    options.extend(element.get("options").and_then(Value::as_array).into_iter().flatten());
    for group in element.get("option_groups").and_then(Value::as_array).into_iter().flatten() {
        options.extend(group["options"].as_array().into_iter().flatten());
    }
    if options.is_empty() {
        return;
    }
    let wanted = first.as_array().map_or_else(|| vec![first], |many| many.iter().collect());
    for one in wanted {
        if !options
            .iter()
            .any(|option| option["value"] == one["value"] && option["text"]["text"] == one["text"]["text"])
        {
            checker.problem(&format!("`{name}` must exactly match one of the provided options"), path);
        }
    }
}

fn address(checker: &mut Checker, map: &Map<String, Value>, name: &str, path: &str) {
    let Some(address) = map.get(name).and_then(Value::as_str) else { return };
    let scheme = address.split(':').next().unwrap_or_default();
    if !matches!(scheme, "http" | "https" | "mailto" | "slack" | "tel") || address.len() <= scheme.len() + 1 {
        checker.problem("must be a valid URL", &format!("{path}/{name}"));
    }
}

fn rich_text(checker: &mut Checker, block: &Map<String, Value>, path: &str) {
    let Some(elements) = block.get("elements").and_then(Value::as_array) else {
        return checker.problem("should be an array", &format!("{path}/elements"));
    };
    for (at, element) in elements.iter().enumerate() {
        let kind = element["type"].as_str().unwrap_or_default();
        let known = ["rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"];
        if !known.contains(&kind) {
            checker.problem(&format!("unsupported type: {kind}"), &format!("{path}/elements/{at}/type"));
        } else if !element["elements"].is_array() {
            checker.problem("missing required field: elements", &format!("{path}/elements/{at}"));
        }
    }
}

/// Slack docs: table block, at most 100 rows of 20 cells.
fn table(checker: &mut Checker, block: &Map<String, Value>, path: &str) {
    const ROWS_MAX: usize = 100;
    const CELLS_MAX: usize = 20;
    let Some(rows) = block.get("rows").and_then(Value::as_array) else {
        return checker.problem("should be an array", &format!("{path}/rows"));
    };
    if rows.len() > ROWS_MAX {
        checker.problem(&format!("no more than {ROWS_MAX} items allowed"), &format!("{path}/rows"));
    }
    for (at, row) in rows.iter().enumerate() {
        match row.as_array() {
            Some(cells) if cells.len() > CELLS_MAX => {
                checker.problem(&format!("no more than {CELLS_MAX} items allowed"), &format!("{path}/rows/{at}"));
            }
            Some(_) => {}
            None => checker.problem("should be an array", &format!("{path}/rows/{at}")),
        }
    }
}
