//! The elements of Block Kit as tables: where each may stand and which fields it has.

use super::spec::Rule::{
    Bool, Chosen, Confirm, Date, DispatchConfig, Free, Groups, Int, Loose, OneOf, Options, Plain, Str, Strings, Time,
};
use super::spec::{Field, Place, Rule, Shape, may, need};

const ACTION: Field = may("action_id", Str(255));
const CONFIRM: Field = may("confirm", Confirm);
const FOCUS: Field = may("focus_on_load", Bool);
const PLACEHOLDER: Field = may("placeholder", Plain(150));
const OPTIONS: Field = may("options", Options(100));
const GROUPS: Field = may("option_groups", Groups(100));
const MAX_SELECTED: Field = may("max_selected_items", Int { min: 1, max: i64::MAX });

/// Where each element may stand.
pub(super) fn places(kind: &str) -> &'static [Place] {
    match kind {
        "button" | "workflow_button" | "overflow" => &[Place::Section, Place::Actions],
        "checkboxes"
        | "datepicker"
        | "radio_buttons"
        | "timepicker"
        | "static_select"
        | "external_select"
        | "users_select"
        | "conversations_select"
        | "channels_select" => &[Place::Section, Place::Actions, Place::Input],
        "datetimepicker" => &[Place::Actions, Place::Input],
        "multi_static_select"
        | "multi_external_select"
        | "multi_users_select"
        | "multi_conversations_select"
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
            need("text", Plain(75)),
            ACTION,
            CONFIRM,
            may("url", Str(3_000)),
            may("value", Loose(2_000)),
            may("style", OneOf(&["primary", "danger"])),
            may("accessibility_label", Str(75)),
        ],
    },
    Shape {
        kind: "workflow_button",
        fields: &[
            need("text", Plain(75)),
            ACTION,
            need("workflow", Free),
            may("style", OneOf(&["primary", "danger"])),
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
        fields: &[
            ACTION,
            FOCUS,
            PLACEHOLDER,
            may("initial_value", Loose(3_000)),
            may("dispatch_action_config", DispatchConfig),
        ],
    },
    Shape {
        kind: "url_text_input",
        fields: &[
            ACTION,
            FOCUS,
            PLACEHOLDER,
            may("initial_value", Loose(3_000)),
            may("dispatch_action_config", DispatchConfig),
        ],
    },
    Shape {
        kind: "number_input",
        fields: &[
            need("is_decimal_allowed", Bool),
            ACTION,
            FOCUS,
            PLACEHOLDER,
            may("initial_value", Loose(100)),
            may("min_value", Loose(100)),
            may("max_value", Loose(100)),
            may("dispatch_action_config", DispatchConfig),
        ],
    },
    Shape {
        kind: "plain_text_input",
        fields: &[
            ACTION,
            FOCUS,
            PLACEHOLDER,
            may("initial_value", Loose(3_000)),
            may("multiline", Bool),
            may("min_length", Int { min: 0, max: 3_000 }),
            may("max_length", Int { min: 1, max: 3_000 }),
            may("dispatch_action_config", DispatchConfig),
        ],
    },
    Shape {
        kind: "rich_text_input",
        fields: &[
            ACTION,
            FOCUS,
            PLACEHOLDER,
            may("initial_value", Free),
            may("dispatch_action_config", DispatchConfig),
        ],
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
            ACTION,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            may("initial_option", Rule::Option),
            may("min_query_length", Int { min: 0, max: 3_000 }),
        ],
    },
    Shape { kind: "users_select", fields: &[ACTION, CONFIRM, FOCUS, PLACEHOLDER, may("initial_user", Str(255))] },
    Shape {
        kind: "channels_select",
        fields: &[
            ACTION,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            may("initial_channel", Str(255)),
            may("response_url_enabled", Bool),
        ],
    },
    Shape {
        kind: "conversations_select",
        fields: &[
            ACTION,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            may("initial_conversation", Str(255)),
            may("response_url_enabled", Bool),
            may("default_to_current_conversation", Bool),
            may("filter", Free),
        ],
    },
    Shape {
        kind: "multi_static_select",
        fields: &[OPTIONS, GROUPS, ACTION, CONFIRM, FOCUS, PLACEHOLDER, MAX_SELECTED, may("initial_options", Chosen)],
    },
    Shape {
        kind: "multi_external_select",
        fields: &[
            ACTION,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            MAX_SELECTED,
            may("initial_options", Chosen),
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
            ACTION,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            MAX_SELECTED,
            may("initial_conversations", Strings(100)),
            may("default_to_current_conversation", Bool),
            may("filter", Free),
        ],
    },
    Shape { kind: "feedback_buttons", fields: &[ACTION, need("positive_button", Free), need("negative_button", Free)] },
    Shape {
        kind: "icon_button",
        fields: &[
            ACTION,
            CONFIRM,
            need("icon", OneOf(&["trash"])),
            need("text", Plain(75)),
            may("value", Loose(2_000)),
            may("accessibility_label", Str(75)),
            may("visible_to_user_ids", Strings(100)),
        ],
    },
];
