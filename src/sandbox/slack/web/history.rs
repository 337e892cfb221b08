//! `conversations.history` and `conversations.replies`.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::ids;
use super::super::limits::{PAGE_DEFAULT, PAGE_MAX, RESTRICTED_PAGE_MAX};
use super::super::workspace::{Channel, Message, Workspace, base64_of};
use super::args::Args;
use super::{decoded, scoped_channel};

/// The time range and page asked for, in microseconds.
struct Window {
    oldest: i64,
    latest: i64,
    inclusive: bool,
    limit: usize,
    /// Where the last page ended.
    cursor: Option<i64>,
    metadata: bool,
}

impl Window {
    fn read(ws: &Workspace, args: &Args, limit_default: usize) -> Result<Self, ApiError> {
        let bound = |name: &str, error: &str, default: i64| match args.text(name).filter(|text| !text.is_empty()) {
            Some(text) if text == "now" => Ok(default),
            Some(text) => ids::parse_ts(&text).ok_or_else(|| ApiError::new(error)),
            None => Ok(default),
        };
        let mut limit = args.number("limit", limit_default, PAGE_MAX)?;
        if ws.setup.rates.restricted_history {
            limit = limit.min(RESTRICTED_PAGE_MAX);
        }
        let cursor = match args.text("cursor").filter(|cursor| !cursor.is_empty()) {
            None => None,
            Some(cursor) => {
                let at = decoded(&cursor).and_then(|text| text.strip_prefix("next_ts:").and_then(|at| at.parse().ok()));
                Some(at.ok_or_else(|| ApiError::new("invalid_cursor"))?)
            }
        };
        Ok(Self {
            oldest: bound("oldest", "invalid_ts_oldest", 0)?,
            latest: bound("latest", "invalid_ts_latest", i64::MAX)?,
            inclusive: args.flag("inclusive"),
            limit,
            cursor,
            metadata: args.flag("include_all_metadata") && ws.has_scope("metadata.message:read"),
        })
    }

    fn holds(&self, ts_us: i64) -> bool {
        if self.inclusive {
            ts_us >= self.oldest && ts_us <= self.latest
        } else {
            ts_us > self.oldest && ts_us < self.latest
        }
    }
}

fn readable<'a>(ws: &'a Workspace, args: &Args) -> Result<&'a Channel, ApiError> {
    let channel = scoped_channel(ws, args, "history")?;
    if channel.has(&ws.app.bot_user) { Ok(channel) } else { Err(ApiError::new("not_in_channel")) }
}

fn page(ws: &Workspace, channel: &Channel, shown: &[&Message], window: &Window, more: Option<i64>) -> Answer {
    let messages: Vec<Value> = shown.iter().map(|message| ws.message_wire(channel, message, window.metadata)).collect();
    let mut body = json!({"messages": messages, "has_more": more.is_some()});
    if let Some(next) = more {
        body["response_metadata"] = json!({"next_cursor": base64_of(&format!("next_ts:{next}"))});
    }
    answer(body)
}

/// The main messages of a channel, newest first.
pub(super) fn history(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = readable(ws, args)?;
    let window = Window::read(ws, args, PAGE_DEFAULT)?;
    let fitting = channel.messages.iter().rev().filter(|message| {
        message.ephemeral_for.is_none()
            && (message.thread_us.is_none() || message.broadcast)
            && window.holds(message.ts_us)
            && window.cursor.is_none_or(|cursor| message.ts_us <= cursor)
    });
    let mut shown: Vec<&Message> = fitting.take(window.limit + 1).collect();
    let more = (shown.len() > window.limit).then(|| shown.pop().map(|message| message.ts_us)).flatten();
    let pins = channel.messages.iter().filter(|message| message.pinned.is_some()).count();
    let mut body = page(ws, channel, &shown, &window, more)?;
    body.insert("pin_count".to_owned(), json!(pins));
    body.insert("channel_actions_ts".to_owned(), Value::Null);
    body.insert("channel_actions_count".to_owned(), json!(0));
    Ok(body)
}

/// A thread, oldest first; its root opens every page.
pub(super) fn replies(ws: &mut Workspace, args: &Args) -> Answer {
    let channel = readable(ws, args)?;
    let ts_us = args.need_ts("ts", "thread_not_found")?;
    let window = Window::read(ws, args, PAGE_MAX)?;
    let found = channel.message(ts_us).filter(|message| message.ephemeral_for.is_none());
    let found = found.ok_or_else(|| ApiError::new("thread_not_found"))?;
    let root_us = found.thread_us.unwrap_or(ts_us);
    let replies = channel.threads.get(&root_us).map(Vec::as_slice).unwrap_or_default();
    let mut shown: Vec<&Message> = replies
        .iter()
        .filter(|reply| window.holds(**reply) && window.cursor.is_none_or(|cursor| **reply >= cursor))
        .filter_map(|reply| channel.message(*reply))
        .take(window.limit + 1)
        .collect();
    let more = (shown.len() > window.limit).then(|| shown.pop().map(|message| message.ts_us)).flatten();
    if let Some(root) = channel.message(root_us) {
        shown.insert(0, root);
    }
    page(ws, channel, &shown, &window, more)
}
