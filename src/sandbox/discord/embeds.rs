//! Embeds: the limits, and the form Discord gives them back in. Pure.

use serde_json::{Map, Value, json};

use super::errors::FormErrors;
use super::form::{at, given, integer, length, link, list, text};

/// Discord docs, "Embed Limits".
pub(super) const EMBEDS_MAX: usize = 10;
const TITLE_MAX: usize = 256;
const DESCRIPTION_MAX: usize = 4096;
const FIELDS_MAX: usize = 25;
const FIELD_NAME_MAX: usize = 256;
const FIELD_VALUE_MAX: usize = 1024;
const FOOTER_MAX: usize = 2048;
const AUTHOR_MAX: usize = 256;
/// Over the text of all embeds of a message.
const SUM_MAX: usize = 6000;
const URL_MAX: usize = 2048;
const COLOR_MAX: i64 = 0xff_ff_ff;

const WEB: &[&str] = &["http", "https"];
const MEDIA: &[&str] = &["http", "https", "attachment"];

/// Checks the `embeds` of a payload and returns them as Discord stores them.
pub(super) fn check(form: &mut FormErrors, payload: &Value) -> Vec<Value> {
    let embeds = list(form, "", payload, "embeds", (0, EMBEDS_MAX));
    let mut sum = 0;
    let mut stored = Vec::new();
    for (index, embed) in embeds.iter().enumerate() {
        let path = at("embeds", index);
        if !embed.is_object() {
            form.add(&path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
            continue;
        }
        sum += check_one(form, &path, embed);
        let kept = normalised(embed);
        if kept.len() > 1 {
            stored.push(Value::Object(kept));
        }
    }
    if sum > SUM_MAX {
        form.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", format!("Embed size exceeds maximum size of {SUM_MAX}"));
    }
    stored
}

/// Checks one embed; returns how much text it counts.
fn check_one(form: &mut FormErrors, path: &str, embed: &Value) -> usize {
    let mut sum = 0;
    let mut count = |found: Option<&str>| sum += found.map_or(0, |words| length(words.trim()));
    count(text(form, path, embed, "title", (0, TITLE_MAX)));
    count(text(form, path, embed, "description", (0, DESCRIPTION_MAX)));
    for (part, key, max) in [("footer", "text", FOOTER_MAX), ("author", "name", AUTHOR_MAX)] {
        if let Some(object) = given(embed, part) {
            count(text(form, &at(path, part), object, key, (1, max)));
            link(form, &at(path, part), object, "icon_url", URL_MAX, MEDIA);
        }
    }
    for (index, field) in list(form, path, embed, "fields", (0, FIELDS_MAX)).iter().enumerate() {
        let path = at(&at(path, "fields"), index);
        count(text(form, &path, field, "name", (1, FIELD_NAME_MAX)));
        count(text(form, &path, field, "value", (1, FIELD_VALUE_MAX)));
    }
    link(form, path, embed, "url", URL_MAX, WEB);
    for part in ["image", "thumbnail"] {
        if let Some(object) = given(embed, part) {
            link(form, &at(path, part), object, "url", URL_MAX, MEDIA);
        }
    }
    integer(form, path, embed, "color", (0, COLOR_MAX));
    if let Some(stamp) = given(embed, "timestamp")
        && stamp.as_str().is_none_or(|words| chrono::DateTime::parse_from_rfc3339(words).is_err())
    {
        form.add(
            &at(path, "timestamp"),
            "DATE_TIME_TYPE_PARSE",
            format!("Could not parse {stamp}. Should be ISO8601."),
        );
    }
    sum
}

/// The embed as answers and events carry it: only known fields, trimmed, `type` "rich".
fn normalised(embed: &Value) -> Map<String, Value> {
    let mut kept = Map::new();
    kept.insert("type".into(), json!("rich"));
    for key in ["title", "description", "url", "color"] {
        if let Some(value) = given(embed, key) {
            let value = value.as_str().map_or_else(|| value.clone(), |words| json!(words.trim()));
            if value != json!("") {
                kept.insert(key.into(), value);
            }
        }
    }
    if let Some(stamp) = given(embed, "timestamp").and_then(Value::as_str) {
        let at = chrono::DateTime::parse_from_rfc3339(stamp).map(|at| at.timestamp_millis()).unwrap_or_default();
        kept.insert("timestamp".into(), super::ids::iso(at));
    }
    for key in ["footer", "author", "image", "thumbnail", "provider"] {
        if let Some(object) = given(embed, key).filter(|object| object.is_object()) {
            kept.insert(key.into(), object.clone());
        }
    }
    if let Some(fields) = given(embed, "fields").and_then(Value::as_array).filter(|fields| !fields.is_empty()) {
        let field = |field: &Value| {
            json!({
                "name": field["name"].as_str().unwrap_or_default().trim(),
                "value": field["value"].as_str().unwrap_or_default().trim(),
                "inline": field["inline"].as_bool().unwrap_or(false),
            })
        };
        kept.insert("fields".into(), fields.iter().map(field).collect());
    }
    kept
}

/// Points `attachment://name` at the uploaded files; returns the names that were used.
pub(super) fn resolve_attachments(embeds: &mut [Value], url_of: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut used = Vec::new();
    for embed in embeds {
        for (part, key) in [("image", "url"), ("thumbnail", "url"), ("footer", "icon_url"), ("author", "icon_url")] {
            let Some(name) = embed
                .get(part)
                .and_then(|object| object[key].as_str())
                .and_then(|url| url.strip_prefix("attachment://"))
            else {
                continue;
            };
            let name = name.to_owned();
            if let Some(url) = url_of(&name) {
                embed[part][format!("proxy_{key}")] = json!(url);
                embed[part][key] = json!(url);
                used.push(name);
            }
        }
    }
    used
}
