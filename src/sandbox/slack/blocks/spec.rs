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
    Int {
        min: i64,
        max: i64,
    },
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

pub(super) const fn need(name: &'static str, rule: Rule) -> Field {
    Field { name, required: true, rule }
}

pub(super) const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, required: false, rule }
}

/// A block or an element.
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) fields: &'static [Field],
}

use Rule::{Bool, Element, Elements, Fields, Free, Loose, OneOf, Options, Plain, Str, Strings, Text};

/// Blocks allowed in a message.
pub(super) const MESSAGE_BLOCKS: &[&str] = &[
    "actions",
    "context",
    "context_actions",
    "divider",
    "header",
    "image",
    "input",
    "markdown",
    "rich_text",
    "section",
    "table",
    "video",
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
