//! What Slack adds to accepted blocks: ids where none were given, and the defaults of text objects.

use serde_json::{Value, json};

use super::super::ids;
use super::elements;

/// The blocks as stored and shown; `seed` makes the added ids.
pub(in super::super) fn tidy(blocks: &[Value], seed: &str) -> Vec<Value> {
    let mut tidied = blocks.to_vec();
    for (at, block) in tidied.iter_mut().enumerate() {
        if block.get("block_id").and_then(Value::as_str).is_none() {
            block["block_id"] = json!(ids::secret(&format!("{seed}/{at}"), 5));
        }
        if block["type"] == "input" {
            for name in ["optional", "dispatch_action"] {
                if block.get(name).is_none() {
                    block[name] = json!(false);
                }
            }
        }
        for (pointer, name) in [("accessory", "x"), ("element", "e")] {
            if let Some(element) = block.get_mut(pointer) {
                add_action_id(element, &format!("{seed}/{at}/{name}"));
            }
        }
        for (place, element) in
            block.get_mut("elements").and_then(Value::as_array_mut).into_iter().flatten().enumerate()
        {
            add_action_id(element, &format!("{seed}/{at}/{place}"));
        }
        texts(block);
    }
    tidied
}

fn add_action_id(element: &mut Value, seed: &str) {
    let interactive = element["type"].as_str().and_then(elements::element_kind).is_some_and(|kind| kind != "image");
    if interactive && element.get("action_id").and_then(Value::as_str).is_none() {
        element["action_id"] = json!(ids::secret(seed, 5));
    }
}

fn texts(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(texts),
        Value::Object(map) => {
            match map.get("type").and_then(Value::as_str) {
                Some("plain_text") => _ = map.entry("emoji").or_insert(json!(true)),
                Some("mrkdwn") => _ = map.entry("verbatim").or_insert(json!(false)),
                _ => {}
            }
            map.values_mut().for_each(texts);
        }
        _ => {}
    }
}
