//! The numbers Slack enforces, each with its source. Nothing here decides anything; start reading at the module that uses it.
//!
//! "Slack docs" means the page of the named block, object or method on docs.slack.dev.

/// Blocks in a message (Slack docs: Block Kit, blocks).
pub(super) const MESSAGE_BLOCKS_MAX: usize = 50;
/// Blocks in a modal or a Home tab (Slack docs: views).
pub(super) const VIEW_BLOCKS_MAX: usize = 100;
/// Text over all blocks of one message; undocumented, seen in slackapi/bolt-js#2509.
pub(super) const MESSAGE_BLOCKS_CHARS_MAX: usize = 13_200;
/// Text over all markdown blocks of one payload (Slack docs: markdown block).
pub(super) const MARKDOWN_CHARS_MAX: usize = 12_000;
/// Text kept of a posted message; the rest is cut off (Slack docs: chat.postMessage, truncating content).
pub(super) const MESSAGE_TEXT_KEPT: usize = 40_000;
/// Text of a `chat.update`; longer is refused (`msg_too_long`, widely reported; the advised maximum of Slack docs).
pub(super) const UPDATE_TEXT_MAX: usize = 4_000;
/// Attachments of one message (Slack docs: chat.postMessage, `too_many_attachments`).
pub(super) const ATTACHMENTS_MAX: usize = 100;
/// Bytes of a message's metadata (Slack docs: message metadata).
pub(super) const METADATA_BYTES_MAX: usize = 16_384;
/// Channel name (Slack docs: conversations.create).
pub(super) const CHANNEL_NAME_MAX: usize = 80;
/// Topic and purpose (Slack docs: conversations.setTopic, conversations.setPurpose).
pub(super) const TOPIC_MAX: usize = 250;
/// Users in one `conversations.invite` (Slack docs: conversations.invite).
pub(super) const INVITE_USERS_MAX: usize = 100;
/// People beside the caller in a group direct message (Slack docs: conversations.open).
pub(super) const MPIM_USERS_MAX: usize = 8;
/// Most items a page may ask for (Slack docs: pagination).
pub(super) const PAGE_MAX: usize = 1_000;
/// Items of a page when nothing is asked (Slack docs: conversations.list, conversations.history).
pub(super) const PAGE_DEFAULT: usize = 100;
/// Page of `conversations.history` and `.replies` for restricted apps (Slack docs: changelog 2025-05-29).
pub(super) const RESTRICTED_PAGE_MAX: usize = 15;
/// Life of a trigger, in milliseconds on the sandbox clock (Slack docs: handling user interaction).
pub(super) const TRIGGER_TTL_MS: i64 = 3_000;
/// Uses of one `response_url` (Slack docs: handling user interaction).
pub(super) const RESPONSE_URL_USES: u32 = 5;
/// Life of a `response_url`, in milliseconds on the sandbox clock (Slack docs: handling user interaction).
pub(super) const RESPONSE_URL_TTL_MS: i64 = 30 * 60 * 1_000;
/// Time to answer a delivery, in milliseconds of wall time (Slack docs: Events API, slash commands, interactivity).
pub(super) const ACK_TIMEOUT_MS: u64 = 3_000;
/// Waits before the three redeliveries, in milliseconds on the sandbox clock (Slack docs: Events API, retries).
pub(super) const RETRY_DELAYS_MS: [i64; 3] = [0, 60_000, 300_000];
/// Events an app gets per workspace and hour (Slack docs: rate limits, Events API).
pub(super) const EVENTS_PER_HOUR_MAX: u32 = 30_000;
/// Open sockets of one app (Slack docs: Socket Mode).
pub(super) const SOCKETS_MAX: usize = 10;
/// Modals on top of each other (Slack docs: modals).
pub(super) const MODAL_STACK_MAX: usize = 3;
/// Size of a view, in bytes (Slack docs: views.open, `view_too_large`).
pub(super) const VIEW_BYTES_MAX: usize = 250_000;
/// Reactions of different names on one message (Slack docs: reactions.add, `too_many_emoji`).
pub(super) const EMOJI_PER_MESSAGE_MAX: usize = 23;
/// Pins of one channel (Slack help: pin messages).
pub(super) const PINS_MAX: usize = 100;
/// Options an answer to a suggestion request may hold (Slack docs: external select).
pub(super) const SUGGESTIONS_MAX: usize = 100;

/// Body of one Web API call, in bytes; ours, far above what the limits above allow.
pub(super) const BODY_BYTES_MAX: usize = 4 << 20;
/// Body of one upload, in bytes; ours (Slack allows 1 GB).
pub(super) const UPLOAD_BYTES_MAX: usize = 32 << 20;
/// Answer read from the app over HTTP, in bytes; ours.
pub(super) const APP_ANSWER_BYTES_MAX: usize = 1 << 20;
/// Frames waiting for one socket before it is cut; ours.
pub(super) const SOCKET_QUEUE_MAX: usize = 20_000;
/// Messages kept in one channel; ours, the oldest go first.
pub(super) const CHANNEL_MESSAGES_MAX: usize = 200_000;
/// Web API calls kept for tests; ours, the oldest go first.
pub(super) const CALLS_MAX: usize = 200_000;
/// Notices kept for the page; ours, the oldest go first.
pub(super) const TOASTS_MAX: usize = 200;
/// Newest messages of a channel in a snapshot; ours.
pub(super) const SNAPSHOT_MESSAGES_MAX: usize = 1_000;
/// Time between the server's pings on a socket, in milliseconds of wall time (Slack pings about every ten seconds).
pub(super) const PING_EVERY_MS: u64 = 10_000;
