//! The shapes of Block Kit as tables: each block, element and object with its fields, and the rule each field obeys.
//!
//! Source of every number: the page of the named block, element or object on docs.slack.dev. Blocks this table does not
//! know (`card`, `data_table`, ...) are refused as unsupported.

/// What a field must hold. Lengths are in characters, counts in items.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// A text object, plain text only.
    Plain(usize),
    /// A text object, plain or mrkdwn.
    Text(usize),
    /// A string of 1 to so many characters.
    Str(usize),
    /// A string that may be empty.
    Loose(usize),
    OneOf(&'static [&'static str]),
    Bool,
    Int { min: i64, max: i64 },
    /// `YYYY-MM-DD`.
    Date,
    /// `HH:mm`.
    Time,
    Confirm,
    Option,
    /// Options, at least one.
    Options(usize),
    /// Options chosen at first; at least one when given.
    Chosen,
    Groups(usize),
    Strings(usize),
    /// Elements that may stand in the named place, 1 to so many.
    Elements(Place, usize),
    Element(Place),
    /// Text objects of a section.
    Fields(usize),
    /// An object or list the sandbox keeps as it is.
    Free,
    DispatchConfig,
}

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Section,
    Actions,
    Input,
    Context,
    ContextActions,
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) rule: Rule,
}

const fn need(name: &'static str, rule: Rule) -> Field {
    Field { name, required: true, rule }
}

const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, required: false, rule }
}

/// A block or an element.
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) fields: &'static [Field],
}

use Rule::{
    Bool, Chosen, Confirm, Date, DispatchConfig, Element, Elements, Fields, Free, Groups, Int, Loose, OneOf, Options,
    Plain, Str, Strings, Text, Time,
};

const ACTION: Field = may("action_id", Str(255));
const CONFIRM: Field = may("confirm", Confirm);
const FOCUS: Field = may("focus_on_load", Bool);
const PLACEHOLDER: Field = may("placeholder", Plain(150));
const OPTIONS: Field = may("options", Options(100));
const GROUPS: Field = may("option_groups", Groups(100));
const MAX_SELECTED: Field = may("max_selected_items", Int { min: 1, max: i64::MAX });

/// Blocks allowed in a message.
pub(super) const MESSAGE_BLOCKS: &[&str] = &[
    "actions", "context", "context_actions", "divider", "header", "image", "input", "markdown", "rich_text", "section",
    "table", "video",
];
/// Blocks allowed in a modal or a Home tab.
pub(super) const VIEW_BLOCKS: &[&str] =
    &["actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"];

/// A modal beside its type and blocks.
pub(super) const MODAL: &[Field] = &[
    need("title", Plain(24)),
    may("submit", Plain(24)),
    may("close", Plain(24)),
    may("private_metadata", Loose(3_000)),
    may("callback_id", Loose(255)),
    may("external_id", Loose(255)),
    may("clear_on_close", Bool),
    may("notify_on_close", Bool),
    may("blocks", Free),
];

/// A Home tab beside its type and blocks.
pub(super) const HOME: &[Field] = &[
    may("private_metadata", Loose(3_000)),
    may("callback_id", Loose(255)),
    may("external_id", Loose(255)),
    may("blocks", Free),
];

pub(super) const BLOCKS: &[Shape] = &[
    Shape { kind: "actions", fields: &[need("elements", Elements(Place::Actions, 25))] },
    Shape { kind: "context", fields: &[need("elements", Elements(Place::Context, 10))] },
    Shape { kind: "context_actions", fields: &[need("elements", Elements(Place::ContextActions, 5))] },
    Shape { kind: "divider", fields: &[] },
    Shape { kind: "header", fields: &[need("text", Plain(150))] },
    Shape {
        kind: "image",
        fields: &[
            need("alt_text", Str(2_000)),
            may("image_url", Str(3_000)),
            may("slack_file", Free),
            may("title", Plain(2_000)),
        ],
    },
    Shape {
        kind: "input",
        fields: &[
            need("label", Plain(2_000)),
            need("element", Element(Place::Input)),
            may("hint", Plain(2_000)),
            may("optional", Bool),
            may("dispatch_action", Bool),
        ],
    },
    Shape { kind: "markdown", fields: &[need("text", Str(12_000))] },
    Shape { kind: "rich_text", fields: &[need("elements", Free)] },
    Shape {
        kind: "section",
        fields: &[
            may("text", Text(3_000)),
            may("fields", Fields(10)),
            may("accessory", Element(Place::Section)),
            may("expand", Bool),
        ],
    },
    Shape { kind: "table", fields: &[need("rows", Free), may("column_settings", Free)] },
    Shape {
        kind: "video",
        fields: &[
            need("alt_text", Str(2_000)),
            need("thumbnail_url", Str(3_000)),
            need("title", Plain(199)),
            need("video_url", Str(3_000)),
            may("author_name", Str(49)),
            may("description", Plain(199)),
            may("provider_icon_url", Str(3_000)),
            may("provider_name", Str(50)),
            may("title_url", Str(3_000)),
        ],
    },
];

/// Where each element may stand.
pub(super) fn places(kind: &str) -> &'static [Place] {
    match kind {
        "button" | "workflow_button" | "overflow" => &[Place::Section, Place::Actions],
        "checkboxes" | "datepicker" | "radio_buttons" | "timepicker" | "static_select" | "external_select"
        | "users_select" | "conversations_select" | "channels_select" => &[Place::Section, Place::Actions, Place::Input],
        "datetimepicker" => &[Place::Actions, Place::Input],
        "multi_static_select" | "multi_external_select" | "multi_users_select" | "multi_conversations_select"
        | "multi_channels_select" => &[Place::Section, Place::Input],
        "plain_text_input" | "email_text_input" | "url_text_input" | "number_input" | "rich_text_input"
        | "file_input" => &[Place::Input],
        "image" => &[Place::Section, Place::Context],
        "plain_text" | "mrkdwn" => &[Place::Context],
        "feedback_buttons" | "icon_button" => &[Place::ContextActions],
        _ => &[],
    }
}

/// The known name of an element type, if Slack has it.
pub(super) fn element_kind(kind: &str) -> Option<&'static str> {
    ELEMENTS.iter().find(|shape| shape.kind == kind).map(|shape| shape.kind)
}

pub(super) const ELEMENTS: &[Shape] = &[
    Shape {
        kind: "button",
        fields: &[
            need("text", Plain(75)), ACTION, CONFIRM, may("url", Str(3_000)), may("value", Loose(2_000)),
            may("style", OneOf(&["primary", "danger"])), may("accessibility_label", Str(75)),
        ],
    },
    Shape {
        kind: "workflow_button",
        fields: &[
            need("text", Plain(75)), ACTION, need("workflow", Free), may("style", OneOf(&["primary", "danger"])),
            may("accessibility_label", Str(75)),
        ],
    },
    Shape {
        kind: "checkboxes",
        fields: &[need("options", Options(10)), ACTION, CONFIRM, FOCUS, may("initial_options", Chosen)],
    },
    Shape { kind: "datepicker", fields: &[ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_date", Date)] },
    Shape {
        kind: "datetimepicker",
        fields: &[ACTION, CONFIRM, FOCUS, may("initial_date_time", Int { min: 1_000_000_000, max: 9_999_999_999 })],
    },
    Shape {
        kind: "timepicker",
        fields: &[ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_time", Time), may("timezone", Str(100))],
    },
    Shape {
        kind: "email_text_input",
        fields: &[ACTION, FOCUS, PLACEHOLDER, may("initial_value", Loose(3_000)), may("dispatch_action_config", DispatchConfig)],
    },
    Shape {
        kind: "url_text_input",
        fields: &[ACTION, FOCUS, PLACEHOLDER, may("initial_value", Loose(3_000)), may("dispatch_action_config", DispatchConfig)],
    },
    Shape {
        kind: "number_input",
        fields: &[
            need("is_decimal_allowed", Bool), ACTION, FOCUS, PLACEHOLDER, may("initial_value", Loose(100)),
            may("min_value", Loose(100)), may("max_value", Loose(100)), may("dispatch_action_config", DispatchConfig),
        ],
    },
    Shape {
        kind: "plain_text_input",
        fields: &[
            ACTION, FOCUS, PLACEHOLDER, may("initial_value", Loose(3_000)), may("multiline", Bool),
            may("min_length", Int { min: 0, max: 3_000 }), may("max_length", Int { min: 1, max: 3_000 }),
            may("dispatch_action_config", DispatchConfig),
        ],
    },
    Shape {
        kind: "rich_text_input",
        fields: &[ACTION, FOCUS, PLACEHOLDER, may("initial_value", Free), may("dispatch_action_config", DispatchConfig)],
    },
    Shape {
        kind: "file_input",
        fields: &[ACTION, may("filetypes", Strings(100)), may("max_files", Int { min: 1, max: 10 })],
    },
    Shape {
        kind: "image",
        fields: &[need("alt_text", Str(2_000)), may("image_url", Str(3_000)), may("slack_file", Free)],
    },
    Shape { kind: "overflow", fields: &[need("options", Options(5)), ACTION, CONFIRM] },
    Shape {
        kind: "radio_buttons",
        fields: &[need("options", Options(10)), ACTION, CONFIRM, FOCUS, may("initial_option", Rule::Option)],
    },
    Shape {
        kind: "static_select",
        fields: &[OPTIONS, GROUPS, ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_option", Rule::Option)],
    },
    Shape {
        kind: "external_select",
        fields: &[
            ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_option", Rule::Option),
            may("min_query_length", Int { min: 0, max: 3_000 }),
        ],
    },
    Shape { kind: "users_select", fields: &[ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_user", Str(255))] },
    Shape {
        kind: "channels_select",
        fields: &[
            ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_channel", Str(255)), may("response_url_enabled", Bool),
        ],
    },
    Shape {
        kind: "conversations_select",
        fields: &[
            ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_conversation", Str(255)), may("response_url_enabled", Bool),
            may("default_to_current_conversation", Bool), may("filter", Free),
        ],
    },
    Shape {
        kind: "multi_static_select",
        fields: &[OPTIONS, GROUPS, ACTION, CONFIRM, FOCUS, PLACEHOLDER, MAX_SELECTED, may("initial_options", Chosen)],
    },
    Shape {
        kind: "multi_external_select",
        fields: &[
            ACTION, CONFIRM, FOCUS, PLACEHOLDER, MAX_SELECTED, may("initial_options", Chosen),
            may("min_query_length", Int { min: 0, max: 3_000 }),
        ],
    },
    Shape {
        kind: "multi_users_select",
        fields: &[ACTION, CONFIRM, FOCUS, PLACEHOLDER, MAX_SELECTED, may("initial_users", Strings(100))],
    },
    Shape {
        kind: "multi_channels_select",
        fields: &[ACTION, CONFIRM, FOCUS, PLACEHOLDER, MAX_SELECTED, may("initial_channels", Strings(100))],
    },
    Shape {
        kind: "multi_conversations_select",
        fields: &[
            ACTION, CONFIRM, FOCUS, PLACEHOLDER, MAX_SELECTED, may("initial_conversations", Strings(100)),
            may("default_to_current_conversation", Bool), may("filter", Free),
        ],
    },
    Shape {
        kind: "feedback_buttons",
        fields: &[ACTION, need("positive_button", Free), need("negative_button", Free)],
    },
    Shape {
        kind: "icon_button",
        fields: &[
            ACTION, CONFIRM, need("icon", OneOf(&["trash"])), need("text", Plain(75)), may("value", Loose(2_000)),
            may("accessibility_label", Str(75)), may("visible_to_user_ids", Strings(100)),
        ],
    },
];

/// Fields of an option; overflow options may also carry a link.
pub(super) const OPTION: &[Field] =
    &[need("text", Text(75)), need("value", Str(150)), may("description", Text(75)), may("url", Str(3_000))];
pub(super) const GROUP: &[Field] = &[need("label", Plain(75)), need("options", Options(100))];
pub(super) const CONFIRM_DIALOG: &[Field] = &[
    need("title", Plain(100)),
    need("text", Text(300)),
    need("confirm", Plain(30)),
    need("deny", Plain(30)),
    may("style", OneOf(&["primary", "danger"])),
];
pub(super) const DISPATCH: &[Field] = &[may("trigger_actions_on", Strings(2))];
