//! Slack's hard limits as numbers, each with its source. Nothing else in this folder writes a limit by hand.
//!
//! "Block Kit" = docs.slack.dev/reference/block-kit, "methods" = docs.slack.dev/reference/methods. Texts are measured in
//! UTF-16 units, the strictest reading. Never here: code.

/// Blocks of a message (Block Kit: 50).
pub const MESSAGE_BLOCKS_MAX: usize = 50;
/// Blocks of a modal or Home view (Block Kit: 100).
pub const VIEW_BLOCKS_MAX: usize = 100;
/// All blocks of a message together, as JSON. Undocumented: `msg_blocks_too_long` starts at about 13200 characters
/// (slackapi/bolt-js#2509); JSON is longer than what Slack counts, so this stays on the safe side.
pub const MESSAGE_BLOCKS_JSON_MAX: usize = 13_000;
/// All blocks of a view as JSON (methods, views.publish: `view_too_large` above 250 kB); kept far below.
pub const VIEW_BLOCKS_JSON_MAX: usize = 100_000;
/// Text of a section (Block Kit: 3000).
pub const SECTION_TEXT_MAX: usize = 3_000;
/// Fields of a section (Block Kit: 10).
pub const SECTION_FIELDS_MAX: usize = 10;
/// Text of one field (Block Kit: 2000).
pub const FIELD_TEXT_MAX: usize = 2_000;
/// Text of a header (Block Kit: 150).
pub const HEADER_TEXT_MAX: usize = 150;
/// One text element of a context block; the general text object holds 3000, a small grey line needs far less.
pub const CONTEXT_TEXT_MAX: usize = 2_000;
/// Elements of an actions block (Block Kit: 25).
pub const ACTIONS_ELEMENTS_MAX: usize = 25;
/// Words on a button (Block Kit: 75).
pub const BUTTON_TEXT_MAX: usize = 75;
/// Address of a button or of a link (Block Kit: 3000).
pub const URL_MAX: usize = 3_000;
/// Options of a select (Block Kit: 100).
pub const OPTIONS_MAX: usize = 100;
/// Words of an option (Block Kit: 75).
pub const OPTION_TEXT_MAX: usize = 75;
/// Value of an option (Block Kit: 150).
pub const OPTION_VALUE_MAX: usize = 150;
/// Placeholder of a select or an input (Block Kit: 150).
pub const PLACEHOLDER_MAX: usize = 150;
/// Value of a button (Block Kit: 2000).
pub const BUTTON_VALUE_MAX: usize = 2_000;
/// `action_id` and `block_id` (Block Kit: 255).
pub const ID_MAX: usize = 255;
/// Label of an input (Block Kit: 2000); the port promises 45.
pub const INPUT_LABEL_MAX: usize = 150;
/// Text of a plain text input (Block Kit: `max_length` up to 3000).
pub const INPUT_TEXT_MAX: u32 = 3_000;
/// Title, submit and close of a view (Block Kit: 24).
pub const VIEW_WORDS_MAX: usize = 24;
/// `private_metadata` of a view (Block Kit: 3000).
pub const VIEW_METADATA_MAX: usize = 3_000;
/// `text` of a message: 40000 are kept, 4000 advised (methods, chat.postMessage).
pub const MESSAGE_TEXT_MAX: usize = 4_000;
/// Name of a channel (methods, conversations.create: 80).
pub const CHANNEL_NAME_MAX: usize = 80;
/// Topic and purpose of a channel (methods, conversations.setTopic: 250).
pub const CHANNEL_TOPIC_MAX: usize = 250;
/// Sentence beside a form's field after a refused submission; Slack names no bound, longer ones do not fit the modal.
pub const FORM_ERROR_MAX: usize = 300;
