//! Block Kit as strict as Slack: what is refused, and in which words.
//!
//! The shapes are data ([`spec`]); [`check`] walks a payload along them and [`rules`] holds what a table cannot say.
//! Start reading at [`check_message`] and [`check_view`].

mod check;
mod elements;
mod rules;
mod spec;
mod tidy;

use serde_json::Value;

pub(super) use check::Surface;
pub(super) use tidy::tidy;

use super::limits::{MARKDOWN_CHARS_MAX, MESSAGE_BLOCKS_CHARS_MAX, MESSAGE_BLOCKS_MAX, VIEW_BLOCKS_MAX};
use check::Checker;

/// Problems of a message's blocks; the paths start with `/blocks`.
pub(super) fn check_message(blocks: &[Value]) -> Vec<String> {
    check_blocks(blocks, Surface::Message, "/blocks", MESSAGE_BLOCKS_MAX)
}

fn check_blocks(blocks: &[Value], surface: Surface, path: &str, blocks_max: usize) -> Vec<String> {
    let mut checker = Checker::new(surface);
    if blocks.len() > blocks_max {
        checker.problem(&format!("no more than {blocks_max} items allowed"), path);
    }
    checker.blocks(blocks, path);
    let markdown: usize =
        blocks.iter().filter(|block| block["type"] == "markdown").map(|block| chars(&block["text"])).sum();
    if markdown > MARKDOWN_CHARS_MAX {
        checker.problem(&format!("must be less than {} characters", MARKDOWN_CHARS_MAX + 1), path);
    }
    checker.problems
}

/// Whether the blocks hold more text than Slack takes in one message (`msg_blocks_too_long`).
pub(super) fn too_long(blocks: &[Value]) -> bool {
    blocks.iter().map(text_chars).sum::<usize>() > MESSAGE_BLOCKS_CHARS_MAX
}

fn text_chars(value: &Value) -> usize {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, inner)| match inner {
                Value::String(_) if matches!(name.as_str(), "text" | "alt_text") => chars(inner),
                Value::String(_) => 0,
                _ => text_chars(inner),
            })
            .sum(),
        Value::Array(items) => items.iter().map(text_chars).sum(),
        _ => 0,
    }
}

fn chars(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

/// Problems of a view; the paths start with `/view`.
pub(super) fn check_view(view: &Value) -> Vec<String> {
    let surface = match view["type"].as_str() {
        Some("modal") => Surface::Modal,
        Some("home") => Surface::Home,
        Some(other) => return vec![format!("unsupported type: {other} [json-pointer:/view/type]")],
        None => return vec!["missing required field: type [json-pointer:/view]".to_owned()],
    };
    let mut checker = Checker::new(surface);
    checker.object(view, if surface == Surface::Modal { spec::MODAL } else { spec::HOME }, "/view");
    let mut problems = checker.problems;
    match view["blocks"].as_array() {
        Some(blocks) => problems.extend(check_blocks(blocks, surface, "/view/blocks", VIEW_BLOCKS_MAX)),
        None => problems.push("missing required field: blocks [json-pointer:/view]".to_owned()),
    }
    let inputs = view["blocks"].as_array().into_iter().flatten().position(|block| block["type"] == "input");
    if let Some(at) = inputs
        && surface == Surface::Modal
        && view["submit"].is_null()
    {
        problems.push(format!("must define `submit` to use `input` block [json-pointer:/view/blocks/{at}/input]"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(length: usize) -> String {
        "x".repeat(length)
    }

    fn plain(length: usize) -> Value {
        json!({"type": "plain_text", "text": text(length)})
    }

    fn button(extra: Value) -> Value {
        let mut button = json!({"type": "button", "action_id": "a", "text": plain(5)});
        for (name, value) in extra.as_object().into_iter().flatten() {
            button[name] = value.clone();
        }
        json!({"type": "actions", "elements": [button]})
    }

    fn select(options: usize) -> Value {
        let options: Vec<Value> = (0..options).map(|at| json!({"text": plain(3), "value": at.to_string()})).collect();
        json!({"type": "actions", "elements": [{"type": "static_select", "options": options, "placeholder": plain(3)}]})
    }

    /// One block just inside each limit of `limits-slack.json`, and the same one step outside.
    fn edges() -> Vec<(&'static str, Value, Value)> {
        let section = |length| json!({"type": "section", "text": {"type": "mrkdwn", "text": text(length)}});
        let fields = |count, length| json!({"type": "section", "fields": vec![plain(length); count]});
        let header = |length| json!({"type": "header", "text": plain(length)});
        let context = |count| json!({"type": "context", "elements": vec![plain(3); count]});
        let actions = |count: usize| {
            let buttons: Vec<Value> =
                (0..count).map(|at| json!({"type": "button", "action_id": at.to_string(), "text": plain(3)})).collect();
            json!({"type": "actions", "elements": buttons})
        };
        let image = |url: usize, alt: usize, title: usize| json!({"type": "image", "image_url": format!("https://x.example/{}", text(url - 18)), "alt_text": text(alt), "title": plain(title)});
        let option = |label: usize, value: usize, about: usize| {
            json!({"type": "section", "text": plain(1), "accessory": {"type": "overflow", "options": [
                {"text": plain(label), "value": text(value), "description": plain(about)}]}})
        };
        let many = |kind: &str, count: usize| {
            let options: Vec<Value> = (0..count).map(|at| json!({"text": plain(3), "value": at.to_string()})).collect();
            json!({"type": "actions", "elements": [{"type": kind, "options": options}]})
        };
        let confirm = |title, about, yes, no| {
            button(
                json!({"confirm": {"title": plain(title), "text": plain(about), "confirm": plain(yes), "deny": plain(no)}}),
            )
        };
        let input = |label, hint| json!({"type": "input", "label": plain(label), "hint": plain(hint), "element": {"type": "plain_text_input"}});
        let placeholder =
            |length| json!({"type": "actions", "elements": [{"type": "users_select", "placeholder": plain(length)}]});
        vec![
            ("section.text", section(3_000), section(3_001)),
            ("section.text empty", section(1), section(0)),
            ("section.fields", fields(10, 3), fields(11, 3)),
            ("section.field.text", fields(1, 2_000), fields(1, 2_001)),
            ("header.text", header(150), header(151)),
            ("context.elements", context(10), context(11)),
            ("actions.elements", actions(25), actions(26)),
            ("image.image_url", image(3_000, 3, 3), image(3_001, 3, 3)),
            ("image.alt_text", image(40, 2_000, 3), image(40, 2_001, 3)),
            ("image.title", image(40, 3, 2_000), image(40, 3, 2_001)),
            ("button.text", button(json!({"text": plain(75)})), button(json!({"text": plain(76)}))),
            ("button.value", button(json!({"value": text(2_000)})), button(json!({"value": text(2_001)}))),
            (
                "button.url",
                button(json!({"url": format!("https://{}", text(2_992))})),
                button(json!({"url": format!("https://{}", text(2_993))})),
            ),
            ("action_id", button(json!({"action_id": text(255)})), button(json!({"action_id": text(256)}))),
            (
                "block_id",
                json!({"type": "divider", "block_id": text(255)}),
                json!({"type": "divider", "block_id": text(256)}),
            ),
            ("select.options", select(100), select(101)),
            ("select.options empty", select(1), select(0)),
            ("option.text", option(75, 3, 3), option(76, 3, 3)),
            ("option.value", option(3, 150, 3), option(3, 151, 3)),
            ("option.description", option(3, 3, 75), option(3, 3, 76)),
            ("overflow.options", many("overflow", 5), many("overflow", 6)),
            ("checkboxes.options", many("checkboxes", 10), many("checkboxes", 11)),
            ("radio_buttons.options", many("radio_buttons", 10), many("radio_buttons", 11)),
            ("confirm.title", confirm(100, 3, 3, 3), confirm(101, 3, 3, 3)),
            ("confirm.text", confirm(3, 300, 3, 3), confirm(3, 301, 3, 3)),
            ("confirm.confirm", confirm(3, 3, 30, 3), confirm(3, 3, 31, 3)),
            ("confirm.deny", confirm(3, 3, 3, 30), confirm(3, 3, 3, 31)),
            ("input.label", input(2_000, 3), input(2_001, 3)),
            ("input.hint", input(3, 2_000), input(3, 2_001)),
            ("select.placeholder", placeholder(150), placeholder(151)),
            (
                "markdown",
                json!({"type": "markdown", "text": text(12_000)}),
                json!({"type": "markdown", "text": text(12_001)}),
            ),
        ]
    }

    #[test]
    fn each_limit_lets_the_last_value_pass_and_refuses_the_next() {
        for (name, inside, outside) in edges() {
            assert_eq!(check_message(&[inside]), Vec::<String>::new(), "{name} inside");
            assert_ne!(check_message(&[outside]), Vec::<String>::new(), "{name} outside");
        }
        let divider = json!({"type": "divider"});
        assert!(check_message(&vec![divider.clone(); 50]).is_empty());
        assert_eq!(check_message(&vec![divider; 51]), ["no more than 50 items allowed [json-pointer:/blocks]"]);
        let third = json!({"type": "markdown", "text": text(4_000)});
        assert!(check_message(&vec![third.clone(); 3]).is_empty(), "markdown is counted over the payload");
        assert!(!check_message(&vec![third; 4]).is_empty());
        let section = json!({"type": "section", "text": {"type": "mrkdwn", "text": text(2_640)}});
        assert!(!too_long(&vec![section.clone(); 5]));
        assert!(too_long(&[vec![section; 5], vec![json!({"type": "header", "text": plain(1)})]].concat()));
    }

    #[test]
    fn what_slack_does_not_know_or_allow_is_refused_with_its_place() {
        let cases = [
            (json!({"type": "nonsense"}), "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
            (json!({"text": "x"}), "missing required field: type [json-pointer:/blocks/0]"),
            (
                json!({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
                "must be one of: plain_text [json-pointer:/blocks/0/text/type]",
            ),
            (
                json!({"type": "header", "text": {"type": "plain_text", "text": "a\nb"}}),
                "must not contain newlines [json-pointer:/blocks/0/text/text]",
            ),
            (json!({"type": "section"}), "must define either `text` or `fields` [json-pointer:/blocks/0]"),
            (json!({"type": "divider", "text": "x"}), "invalid additional property: text [json-pointer:/blocks/0]"),
            (json!({"type": "actions", "elements": []}), "must have at least 1 item [json-pointer:/blocks/0/elements]"),
            (
                json!({"type": "actions", "elements": [{"type": "plain_text_input"}]}),
                "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
            ),
            (
                json!({"type": "actions", "elements": [{"type": "button", "action_id": "a"}]}),
                "missing required field: text [json-pointer:/blocks/0/elements/0]",
            ),
            (
                json!({"type": "section", "text": {"type": "plain_text", "text": "x"}, "accessory": {"type": "email_text_input"}}),
                "unsupported type: email_text_input [json-pointer:/blocks/0/accessory/type]",
            ),
            (
                json!({"type": "input", "label": plain(3), "element": {"type": "button", "text": plain(3)}}),
                "unsupported type: button [json-pointer:/blocks/0/element/type]",
            ),
            (
                button(json!({"style": "loud"})),
                "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
            ),
            (button(json!({"value": 7})), "should be a string [json-pointer:/blocks/0/elements/0/value]"),
            (
                json!({"type": "image", "alt_text": "x"}),
                "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]",
            ),
            (json!("text"), "should be an object [json-pointer:/blocks/0]"),
        ];
        for (block, expected) in cases {
            assert_eq!(check_message(std::slice::from_ref(&block)), [expected], "{block}");
        }
    }

    #[test]
    fn ids_are_unique_where_slack_wants_them_so() {
        let twice = json!({"type": "actions", "elements": [
            {"type": "button", "action_id": "a", "text": plain(3)}, {"type": "button", "action_id": "a", "text": plain(3)}]});
        assert_eq!(
            check_message(&[twice]),
            ["`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]"]
        );
        let block = json!({"type": "divider", "block_id": "b"});
        assert_eq!(
            check_message(&[block.clone(), block]),
            ["`block_id` b already exists [json-pointer:/blocks/1/block_id]"]
        );
        assert!(
            check_message(&[button(json!({})), button(json!({}))]).is_empty(),
            "an action_id may recur in another block"
        );
    }

    #[test]
    fn a_view_needs_its_parts() {
        let input = json!({"type": "input", "label": plain(3), "element": {"type": "plain_text_input"}});
        let view = |extra: Value| {
            let mut view = json!({"type": "modal", "title": plain(24), "submit": plain(24), "close": plain(24),
                "private_metadata": text(3_000), "callback_id": text(255), "external_id": text(255), "blocks": [input]});
            for (name, value) in extra.as_object().into_iter().flatten() {
                view[name] = value.clone();
            }
            view
        };
        assert_eq!(check_view(&view(json!({}))), Vec::<String>::new());
        let cases = [
            json!({"title": plain(25)}),
            json!({"title": null}),
            json!({"submit": plain(25)}),
            json!({"submit": null}),
            json!({"close": plain(25)}),
            json!({"private_metadata": text(3_001)}),
            json!({"callback_id": text(256)}),
            json!({"external_id": text(256)}),
            json!({"submit_disabled": true}),
            json!({"blocks": null}),
            json!({"blocks": vec![json!({"type": "divider"}); 101]}),
            json!({"blocks": [{"type": "markdown", "text": "x"}]}),
            json!({"type": "page"}),
        ];
        for case in cases {
            assert_ne!(check_view(&view(case.clone())), Vec::<String>::new(), "{case}");
        }
        let hundred = json!({"blocks": vec![json!({"type": "divider"}); 100]});
        assert_eq!(check_view(&view(hundred)), Vec::<String>::new());
        let home = json!({"type": "home", "blocks": [{"type": "divider"}]});
        assert_eq!(check_view(&home), Vec::<String>::new());
    }
}
