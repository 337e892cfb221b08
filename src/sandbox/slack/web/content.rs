//! The content of a message the app sends: text, blocks, attachments, metadata, with Slack's refusals.

use serde_json::{Value, json};

use super::super::blocks;
use super::super::error::ApiError;
use super::super::limits::{
    ATTACHMENTS_MAX, MARKDOWN_CHARS_MAX, MESSAGE_TEXT_KEPT, METADATA_BYTES_MAX, UPDATE_TEXT_MAX,
};
use super::super::workspace::Workspace;
use super::args::Args;

/// What happens to text that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Length {
    /// Cut at 40,000 characters, as a posted message.
    Cut,
    /// Refused above 4,000 characters, as an update.
    Refused,
}

/// Accepted content.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Content {
    pub(in super::super) text: String,
    pub(in super::super) blocks: Option<Vec<Value>>,
    pub(in super::super) attachments: Vec<Value>,
    pub(in super::super) metadata: Option<Value>,
}

/// Reads and checks the content among the arguments.
pub(in super::super) fn read(ws: &mut Workspace, args: &Args, length: Length) -> Result<Content, ApiError> {
    let mut text = args.text("text").unwrap_or_default();
    let mut blocks = read_blocks(ws, args)?;
    if let Some(markdown) = args.text("markdown_text").filter(|markdown| !markdown.is_empty()) {
        if blocks.is_some() || !text.is_empty() {
            return Err(ApiError::new("markdown_text_conflict"));
        }
        if markdown.chars().count() > MARKDOWN_CHARS_MAX {
            return Err(ApiError::new("msg_too_long"));
        }
        let seed = ws.next_seed("markdown");
        blocks = Some(blocks::tidy(&[json!({"type": "markdown", "text": markdown})], &seed));
        text = markdown;
    }
    let attachments = read_attachments(args)?;
    if args.flag("link_names") || args.text("parse").as_deref() == Some("full") {
        text = ws.link_names(&text);
    }
    let shown = blocks.as_ref().is_some_and(|blocks| !blocks.is_empty()) || !attachments.is_empty();
    if text.trim().is_empty() && !shown {
        return Err(ApiError::new("no_text"));
    }
    match length {
        Length::Refused if text.chars().count() > UPDATE_TEXT_MAX => return Err(ApiError::new("msg_too_long")),
        Length::Cut if text.chars().count() > MESSAGE_TEXT_KEPT => {
            text = text.chars().take(MESSAGE_TEXT_KEPT).collect()
        }
        _ => {}
    }
    Ok(Content { text, blocks, attachments, metadata: read_metadata(args)? })
}

fn read_blocks(ws: &mut Workspace, args: &Args) -> Result<Option<Vec<Value>>, ApiError> {
    let Some(value) = args.json("blocks", "invalid_blocks_format")? else { return Ok(None) };
    let list = value.as_array().ok_or_else(|| ApiError::new("invalid_blocks_format"))?;
    if list.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let problems = blocks::check_message(list);
    if !problems.is_empty() {
        return Err(ApiError::detailed("invalid_blocks", &problems));
    }
    if blocks::too_long(list) {
        return Err(ApiError::new("msg_blocks_too_long"));
    }
    let seed = ws.next_seed("blocks");
    Ok(Some(blocks::tidy(list, &seed)))
}

fn read_attachments(args: &Args) -> Result<Vec<Value>, ApiError> {
    let Some(value) = args.json("attachments", "invalid_attachments")? else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| ApiError::new("invalid_attachments"))?;
    if list.len() > ATTACHMENTS_MAX {
        return Err(ApiError::new("too_many_attachments"));
    }
    let mut attachments = list.clone();
    for (at, attachment) in attachments.iter_mut().enumerate() {
        if !attachment.is_object() {
            return Err(ApiError::new("invalid_attachments"));
        }
        if let Some(inner) = attachment.get("blocks").filter(|blocks| !blocks.is_null()) {
            let inner = inner.as_array().ok_or_else(|| ApiError::new("invalid_attachments"))?;
            let problems: Vec<String> = blocks::check_message(inner)
                .into_iter()
                .map(|problem| {
                    problem.replace("[json-pointer:/blocks", &format!("[json-pointer:/attachments/{at}/blocks"))
                })
                .collect();
            if !problems.is_empty() {
                return Err(ApiError::detailed("invalid_attachments", &problems));
            }
            attachment["blocks"] = json!(blocks::tidy(inner, &format!("attachment/{at}")));
        }
        attachment["id"] = json!(at + 1);
        if attachment.get("fallback").is_none() {
            attachment["fallback"] = attachment.get("text").cloned().unwrap_or_else(|| json!("[no preview available]"));
        }
    }
    Ok(attachments)
}

fn read_metadata(args: &Args) -> Result<Option<Value>, ApiError> {
    let Some(metadata) = args.json("metadata", "invalid_metadata_format")? else { return Ok(None) };
    let Some(map) = metadata.as_object() else { return Err(ApiError::new("invalid_metadata_format")) };
    if map.is_empty() {
        return Ok(Some(metadata));
    }
    let typed = map.get("event_type").and_then(Value::as_str).is_some_and(|name| !name.is_empty());
    if !typed || !map.get("event_payload").is_some_and(Value::is_object) {
        return Err(ApiError::new("invalid_metadata_format"));
    }
    if metadata.to_string().len() > METADATA_BYTES_MAX {
        return Err(ApiError::new("metadata_too_large"));
    }
    Ok(Some(metadata))
}
