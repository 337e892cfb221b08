//! Message components: which may stand where, their limits, unique custom ids. Pure.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::errors::FormErrors;
use super::form::{at, given, integer, is_unicode_emoji, length, link, list, not_one_of, text};

/// Component types (Discord docs, "Component Reference").
pub(super) mod part {
    pub const ACTION_ROW: u64 = 1;
    pub const BUTTON: u64 = 2;
    pub const STRING_SELECT: u64 = 3;
    pub const TEXT_INPUT: u64 = 4;
    pub const CHANNEL_SELECT: u64 = 8;
    pub const SECTION: u64 = 9;
    pub const TEXT_DISPLAY: u64 = 10;
    pub const THUMBNAIL: u64 = 11;
    pub const MEDIA_GALLERY: u64 = 12;
    pub const FILE: u64 = 13;
    pub const CONTAINER: u64 = 17;
    pub const LABEL: u64 = 18;
}

/// Rows of a message without the components V2 flag.
const LEGACY_ROWS_MAX: usize = 5;
/// Discord change log 2025-04-29: components of a V2 message, nested ones included.
const V2_TOTAL_MAX: usize = 40;
/// Text over all text displays of a V2 message.
const V2_TEXT_MAX: usize = 4000;
const BUTTONS_PER_ROW_MAX: usize = 5;
pub(super) const CUSTOM_ID_MAX: usize = 100;
const BUTTON_LABEL_MAX: usize = 80;
const BUTTON_URL_MAX: usize = 512;
const OPTIONS_MAX: usize = 25;
const OPTION_TEXT_MAX: usize = 100;
const PLACEHOLDER_MAX: usize = 150;
const GALLERY_MAX: usize = 10;
const SECTION_TEXTS_MAX: usize = 3;
const ALT_TEXT_MAX: usize = 1024;
const MEDIA_URL_MAX: usize = 2048;

const V2_TOP: &[u64] = &[1, 9, 10, 12, 13, 14, 17];
const CONTAINER_PARTS: &[u64] = &[1, 9, 10, 12, 13, 14];

/// What the walk over a component tree gathers.
#[derive(Default)]
pub(super) struct Walk {
    seen: HashSet<String>,
    ids: HashSet<i64>,
    count: usize,
    text: usize,
    next_id: i64,
}

/// Checks the `components` of a message payload and returns them as Discord stores them (with ids).
pub(super) fn check(form: &mut FormErrors, payload: &Value, v2: bool) -> Vec<Value> {
    let max = if v2 { V2_TOTAL_MAX } else { LEGACY_ROWS_MAX };
    let given_parts = list(form, "", payload, "components", (0, max));
    let mut walk = Walk::default();
    for (index, item) in given_parts.iter().enumerate() {
        let path = at("components", index);
        let allowed: &[u64] = if v2 { V2_TOP } else { &[part::ACTION_ROW] };
        walk.part(form, &path, item, allowed);
    }
    if v2 && walk.count > V2_TOTAL_MAX {
        form.add(
            "components",
            "COMPONENT_MAX_TOTAL_EXCEEDED",
            format!("Total components must be {V2_TOTAL_MAX} or fewer"),
        );
    }
    if walk.text > V2_TEXT_MAX {
        let words = format!("Displayable text must be {V2_TEXT_MAX} or fewer in length");
        form.add("components", "COMPONENT_MAX_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words);
    }
    given_parts.iter().map(|item| walk.with_ids(item)).collect()
}

impl Walk {
    fn part(&mut self, form: &mut FormErrors, path: &str, item: &Value, allowed: &[u64]) {
        self.count += 1;
        let Some(kind) = item["type"].as_u64() else {
            form.required(&at(path, "type"));
            return;
        };
        if !allowed.contains(&kind) {
            let words = allowed.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            form.add(
                &at(path, "type"),
                "UNION_TYPE_CHOICES",
                format!("Value of field \"type\" must be one of ({words})."),
            );
            return;
        }
        self.note_id(form, path, item);
        match kind {
            part::ACTION_ROW => self.row(form, path, item),
            part::BUTTON => self.button(form, path, item),
            part::STRING_SELECT..=part::CHANNEL_SELECT => self.select(form, path, item),
            part::SECTION => self.section(form, path, item),
            part::TEXT_DISPLAY => self.text_display(form, path, item),
            part::THUMBNAIL => media(form, path, item, "media"),
            part::MEDIA_GALLERY => {
                for (index, entry) in list(form, path, item, "items", (1, GALLERY_MAX)).iter().enumerate() {
                    media(form, &at(&at(path, "items"), index), entry, "media");
                }
            }
            part::FILE => {
                let Some(file) = given(item, "file") else { return form.required(&at(path, "file")) };
                link(form, &at(path, "file"), file, "url", MEDIA_URL_MAX, &["attachment"]);
            }
            part::CONTAINER => {
                integer(form, path, item, "accent_color", (0, 0xff_ff_ff));
                for (index, child) in list(form, path, item, "components", (1, V2_TOTAL_MAX)).iter().enumerate() {
                    self.part(form, &at(&at(path, "components"), index), child, CONTAINER_PARTS);
                }
            }
            _ => {}
        }
    }

    fn note_id(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        if let Some(id) = given(item, "id").and_then(Value::as_i64).filter(|id| *id != 0)
            && !self.ids.insert(id)
        {
            form.add(&at(path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated");
        }
    }

    fn row(&mut self, form: &mut FormErrors, path: &str, row: &Value) {
        let children = list(form, path, row, "components", (1, BUTTONS_PER_ROW_MAX));
        let selects = children.iter().filter(|child| child["type"].as_u64() != Some(part::BUTTON)).count();
        for (index, child) in children.iter().enumerate() {
            self.part(form, &at(&at(path, "components"), index), child, &[2, 3, 5, 6, 7, 8]);
        }
        if selects > 0 && children.len() > 1 {
            form.add(
                &at(path, "components"),
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            );
        }
    }

    fn custom_id(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        if let Some(id) = text(form, path, item, "custom_id", (1, CUSTOM_ID_MAX))
            && !self.seen.insert(id.to_owned())
        {
            let words = "Component custom id cannot be duplicated";
            form.add(&at(path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words);
        }
    }

    fn button(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        let Some(style) = item["style"].as_u64() else { return form.required(&at(path, "style")) };
        text(form, path, item, "label", (0, BUTTON_LABEL_MAX));
        emoji(form, path, item);
        let (has_id, has_url) = (given(item, "custom_id").is_some(), given(item, "url").is_some());
        match style {
            1..=4 => {
                self.custom_id(form, path, item);
                if has_url {
                    both(form, path);
                }
            }
            5 => {
                if has_id {
                    both(form, path);
                }
                if has_url {
                    link(form, path, item, "url", BUTTON_URL_MAX, &["http", "https", "discord"]);
                } else {
                    form.required(&at(path, "url"));
                }
            }
            6 => {
                text(form, path, item, "sku_id", (1, 20));
            }
            _ => not_one_of(form, &at(path, "style"), &[1, 2, 3, 4, 5, 6]),
        }
        let bare = given(item, "emoji").is_none()
            && given(item, "label").and_then(Value::as_str).is_none_or(|label| label.trim().is_empty());
        if style != 6 && bare {
            form.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji");
        }
    }

    /// A select menu of any kind.
    pub fn select(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        self.custom_id(form, path, item);
        text(form, path, item, "placeholder", (0, PLACEHOLDER_MAX));
        let min = integer(form, path, item, "min_values", (0, 25)).unwrap_or(1);
        let max = integer(form, path, item, "max_values", (1, 25)).unwrap_or(1);
        if min > max {
            let words = "min_values cannot be greater than max_values";
            form.add(&at(path, "min_values"), "SELECT_COMPONENT_MIN_VALUES_TOO_LARGE", words);
        }
        if item["type"].as_u64() == Some(part::STRING_SELECT) {
            self.options(form, path, item, max);
        }
    }

    fn options(&mut self, form: &mut FormErrors, path: &str, item: &Value, max_values: i64) {
        let options = list(form, path, item, "options", (1, OPTIONS_MAX));
        let mut values = HashSet::new();
        let mut defaults = 0;
        for (index, option) in options.iter().enumerate() {
            let path = at(&at(path, "options"), index);
            text(form, &path, option, "label", (1, OPTION_TEXT_MAX));
            text(form, &path, option, "description", (0, OPTION_TEXT_MAX));
            emoji(form, &path, option);
            let value = text(form, &path, option, "value", (1, OPTION_TEXT_MAX));
            if value.is_some_and(|value| !values.insert(value)) {
                let words = "The specified option value is already used";
                form.add(&at(&path, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words);
            }
            defaults += i64::from(option["default"].as_bool().unwrap_or(false));
        }
        let count = i64::try_from(options.len()).unwrap_or(i64::MAX);
        if !options.is_empty() && max_values > count {
            let words = format!("max_values must not exceed the number of options ({count})");
            form.add(&at(path, "max_values"), "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE", words);
        }
        if defaults > max_values {
            let words = "More default options than max_values";
            form.add(&at(path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", words);
        }
    }

    fn section(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        for (index, child) in list(form, path, item, "components", (1, SECTION_TEXTS_MAX)).iter().enumerate() {
            self.part(form, &at(&at(path, "components"), index), child, &[part::TEXT_DISPLAY]);
        }
        match given(item, "accessory") {
            Some(extra) => self.part(form, &at(path, "accessory"), extra, &[part::BUTTON, part::THUMBNAIL]),
            None => form.required(&at(path, "accessory")),
        }
    }

    fn text_display(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        if let Some(words) = text(form, path, item, "content", (1, V2_TEXT_MAX)) {
            self.text += length(words);
        }
    }

    /// The component with generated ids where none were given.
    pub fn with_ids(&mut self, item: &Value) -> Value {
        let mut copy = item.clone();
        if given(&copy, "id").and_then(Value::as_i64).is_none_or(|id| id == 0) {
            loop {
                self.next_id += 1;
                if self.ids.insert(self.next_id) {
                    break;
                }
            }
            copy["id"] = json!(self.next_id);
        }
        if let Some(children) = item["components"].as_array() {
            copy["components"] = children.iter().map(|child| self.with_ids(child)).collect();
        }
        for key in ["accessory", "component"] {
            if let Some(child) = given(item, key) {
                copy[key] = self.with_ids(child);
            }
        }
        copy
    }

    /// Notes a custom id for the uniqueness check (text inputs of modals).
    pub fn unique_id(&mut self, form: &mut FormErrors, path: &str, item: &Value) {
        self.custom_id(form, path, item);
    }
}

fn both(form: &mut FormErrors, path: &str) {
    form.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified");
}

fn media(form: &mut FormErrors, path: &str, item: &Value, key: &str) {
    let Some(object) = given(item, key) else { return form.required(&at(path, key)) };
    link(form, &at(path, key), object, "url", MEDIA_URL_MAX, &["http", "https", "attachment"]);
    text(form, path, item, "description", (0, ALT_TEXT_MAX));
}

fn emoji(form: &mut FormErrors, path: &str, item: &Value) {
    let Some(emoji) = given(item, "emoji") else { return };
    let custom = given(emoji, "id").is_some();
    let named = emoji["name"].as_str().is_some_and(is_unicode_emoji);
    if !custom && !named {
        form.add(&at(&at(path, "emoji"), "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
}

/// Finds the interactive component with this custom id, at any depth.
pub(super) fn find<'a>(parts: &'a [Value], custom_id: &str) -> Option<&'a Value> {
    parts.iter().find_map(|item| {
        if item["custom_id"].as_str() == Some(custom_id) {
            return Some(item);
        }
        for key in ["accessory", "component"] {
            if let Some(child) = given(item, key)
                && let Some(found) = find(std::slice::from_ref(child), custom_id)
            {
                return Some(found);
            }
        }
        item["components"].as_array().and_then(|children| find(children, custom_id))
    })
}

/// All texts of text displays, for mentions.
pub(super) fn texts(parts: &[Value], into: &mut String) {
    for item in parts {
        if item["type"].as_u64() == Some(part::TEXT_DISPLAY) {
            into.push_str(item["content"].as_str().unwrap_or_default());
            into.push('\n');
        }
        if let Some(children) = item["components"].as_array() {
            texts(children, into);
        }
    }
}
