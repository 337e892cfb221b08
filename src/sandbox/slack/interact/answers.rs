//! What the app may answer to an interaction: a message through the acknowledgement or the `response_url`, options of a select.

use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::limits::{RESPONSE_URL_USES, SUGGESTIONS_MAX};
use super::super::messages::{Author, MessageChange, NewMessage};
use super::super::web::args::Args;
use super::super::web::content::{self, Length};
use super::super::workspace::{ResponseUrl, Workspace};
use super::super::{blocks, ids};

/// One use of a `response_url`.
pub(in super::super) fn use_url(ws: &mut Workspace, key: &str, body: &Value) -> Result<(), ApiError> {
    let now_ms = ws.now_ms();
    let known = ws.responses.get_mut(key).ok_or_else(|| ApiError::new("no_url"))?;
    if now_ms > known.expires_ms {
        return Err(ApiError::new("expired_url"));
    }
    if known.uses >= RESPONSE_URL_USES {
        return Err(ApiError::new("used_url"));
    }
    known.uses += 1;
    let response = known.clone();
    apply(ws, &response, body)
}

/// Shows, replaces or deletes a message as the answer says.
pub(in super::super) fn apply(ws: &mut Workspace, response: &ResponseUrl, body: &Value) -> Result<(), ApiError> {
    let Some(map) = body.as_object() else { return Err(ApiError::new("invalid_payload")) };
    let args = Args::new(map.clone());
    let source = response.source_us.filter(|ts_us| {
        let message = ws.channel(&response.channel).and_then(|channel| channel.message(*ts_us));
        message.is_some_and(|message| message.owner == ws.app.bot_user)
    });
    if args.flag("delete_original") {
        if let Some(ts_us) = source {
            return ws.delete(&response.channel, ts_us);
        }
        return Err(ApiError::new("message_not_found"));
    }
    let content = content::read(ws, &args, Length::Cut)?;
    if args.flag("replace_original") {
        let Some(ts_us) = source else { return Err(ApiError::new("message_not_found")) };
        let change = MessageChange {
            text: Some(content.text),
            blocks: Some(content.blocks.unwrap_or_default()),
            attachments: Some(content.attachments),
            metadata: content.metadata.map(Some),
        };
        let bot = ws.app.bot_user.clone();
        return ws.edit(&response.channel, ts_us, &bot, change);
    }
    let in_channel = args.text("response_type").as_deref() == Some("in_channel");
    if ws.channel(&response.channel).is_some_and(|channel| channel.archived) {
        return Err(ApiError::new("is_archived"));
    }
    let thread_us = match args.text("thread_ts") {
        Some(ts) => Some(ids::parse_ts(&ts).ok_or_else(|| ApiError::new("invalid_thread_ts"))?),
        None => response.thread_us.filter(|_| !in_channel),
    };
    let mut message = NewMessage::new(Author::App { username: None }, &content.text);
    message.blocks = content.blocks;
    message.attachments = content.attachments;
    message.metadata = content.metadata;
    message.thread_us = thread_us;
    message.ephemeral_for = if in_channel { None } else { Some(response.user.clone()) };
    ws.post(&response.channel, message);
    Ok(())
}

/// The options of an answer to a suggestion request, flattened; or why Slack would show none.
pub(super) fn offered(answer: &Value) -> Result<Vec<Value>, String> {
    let mut options: Vec<Value> = answer["options"].as_array().cloned().unwrap_or_default();
    for group in answer["option_groups"].as_array().into_iter().flatten() {
        options.extend(group["options"].as_array().into_iter().flatten().cloned());
    }
    if answer["options"].is_null() && answer["option_groups"].is_null() {
        return Err("neither options nor option_groups".to_owned());
    }
    if options.len() > SUGGESTIONS_MAX {
        return Err(format!("more than {SUGGESTIONS_MAX} options"));
    }
    if options.is_empty() {
        return Ok(options);
    }
    // Offered options obey the same rules as written ones.
    let probe = json!({"type": "actions", "elements": [{"type": "static_select", "options": options}]});
    match blocks::check_message(&[probe]).first() {
        Some(problem) => Err(problem.clone()),
        None => Ok(options),
    }
}
