//! Finding out whether a call whose answer was lost was done after all.

use serde_json::Value;

use super::DiscordChat;
use super::attempts::nonce;
use super::errors::UNKNOWN_MESSAGE;
use super::lock::locked;
use super::render::{Rendered, render};
use super::rest::RestError;
use super::send::{checked_id, file_name, has_file, message_path};
use super::snowflake::{first_at, id_at, order};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::{Body, Call, MessageRef, Receipt, SendError};

/// How far back a post is looked for when nothing better is known.
pub(super) const LOOK_BACK_MS: i64 = 15 * MINUTE_MS;
/// Our clock and Discord's may differ by this much.
const SKEW_MS: i64 = MINUTE_MS;
/// Pages of 100 messages looked at.
const PAGES_MAX: usize = 5;
/// Messages on a page (Discord docs: Get Channel Messages).
const PAGE: usize = 100;

/// Whether a message of ours shows exactly what was rendered. Discord trims content and drops empty parts.
pub(super) fn same(rendered: &Rendered, message: &Value) -> bool {
    let content = message.get("content").and_then(Value::as_str).unwrap_or_default();
    if content.trim() != rendered.content.trim() {
        return false;
    }
    let shown = message.pointer("/embeds/0");
    let alike = match (&rendered.embed, shown) {
        (None, None) => true,
        (Some(embed), Some(shown)) => same_embed(embed, shown),
        _ => false,
    };
    alike && controls(&Value::Array(rendered.components.clone())) == controls(&message["components"])
}

fn same_embed(embed: &Value, shown: &Value) -> bool {
    let text =
        |value: &Value, path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let fields = |value: &Value| -> Vec<(String, String)> {
        let fields = value.get("fields").and_then(Value::as_array);
        fields.into_iter().flatten().map(|field| (text(field, "/name"), text(field, "/value"))).collect()
    };
    ["/title", "/description", "/footer/text"].iter().all(|path| text(embed, path) == text(shown, path))
        && fields(embed) == fields(shown)
}

/// The ids and addresses of a message's controls, in order.
fn controls(rows: &Value) -> Vec<String> {
    let parts = rows.as_array().into_iter().flatten();
    parts
        .flat_map(|row| row.get("components").and_then(Value::as_array).into_iter().flatten())
        .filter_map(|part| part.get("custom_id").or_else(|| part.get("url")).and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

impl DiscordChat {
    pub(super) async fn look_for(
        &self,
        call: &Call,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, SendError> {
        match call {
            Call::Post { channel, thread, body } => {
                let place = thread.as_ref().unwrap_or(channel);
                let found = self.find_post(place, &render(body), key, since).await?;
                Ok(found.map(|at| self.posted(at, thread.clone())))
            }
            Call::Direct { user, body } => {
                let channel = self.direct_channel(user).await?;
                let found = self.find_post(&channel, &render(body), key, since).await?;
                Ok(found.map(|at| Receipt { channel: Some(channel), ..self.posted(at, None) }))
            }
            Call::Upload { channel, thread, file, .. } => {
                let name = file_name(&file.name);
                let place = thread.as_ref().unwrap_or(channel);
                let found = self.find_own(place, key, since, |message| has_file(message, &name)).await?;
                Ok(found.map(|at| self.posted(at, thread.clone())))
            }
            Call::Edit { at, body } => self.find_edit(at, body).await,
            Call::Delete { at } => {
                let gone = self.message(at).await?.is_none();
                Ok(gone.then(Receipt::default))
            }
            Call::Pin { at } => {
                let pinned = self.message(at).await?.is_some_and(|message| message["pinned"] == Value::Bool(true));
                Ok(pinned.then(|| Receipt { message: Some(at.clone()), ..Receipt::default() }))
            }
            Call::Thread { at, .. } => {
                checked_id(&at.message, "message")?;
                match self.rest.get(&format!("channels/{}", at.message)).await {
                    Ok(_) => Ok(Some(Receipt {
                        message: Some(at.clone()),
                        thread: Some(at.message.clone()),
                        ..Receipt::default()
                    })),
                    Err(error) if error.is_missing() => Ok(None),
                    Err(error) => Err(error.repeatable()),
                }
            }
            Call::Answer { reply_to, body, .. } => self.find_answer(reply_to, body).await,
            Call::CreateRoom { name, topic, .. } => self.find_room(name, topic, since.plus_ms(-SKEW_MS)).await,
            // Repeating these does no harm, so that there is nothing to look for.
            Call::Acknowledge { .. } | Call::OpenForm { .. } | Call::Invite { .. } | Call::Topic { .. } => Ok(None),
            Call::Home { .. } => Ok(Some(Receipt::default())),
        }
    }

    /// An own message of this key or with exactly this content.
    pub(super) async fn find_post(
        &self,
        place: &str,
        rendered: &Rendered,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<MessageRef>, SendError> {
        self.find_own(place, key, since, |message| same(rendered, message)).await
    }

    async fn find_own(
        &self,
        place: &str,
        key: &str,
        since: Timestamp,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Option<MessageRef>, SendError> {
        checked_id(place, "channel")?;
        let nonce = nonce(key);
        if let Some(at) = self.attempts.seen(&nonce) {
            return Ok(Some(at));
        }
        let me = self.me().await?;
        let mut after = first_at(since.plus_ms(-SKEW_MS));
        let mut alike = None;
        for _ in 0..PAGES_MAX {
            let path = format!("channels/{place}/messages?limit={PAGE}&after={after}");
            let page = self.rest.get(&path).await.map_err(RestError::repeatable)?;
            let messages = page.as_array().map(Vec::as_slice).unwrap_or_default();
            for message in messages {
                let Some(id) = id_at(message, "id") else { continue };
                after = after.max(order(&id));
                if message.get("author").and_then(|author| id_at(author, "id")).as_deref() != Some(me.as_str()) {
                    continue;
                }
                let at = || MessageRef { channel: place.to_owned(), message: id.clone() };
                match message.get("nonce").and_then(Value::as_str) {
                    Some(held) if held == nonce => return Ok(Some(at())),
                    // Another intention of ours, however alike.
                    Some(_) => {}
                    None if alike.is_none() && is_it(message) && !self.attempts.is_other(&at(), &nonce) => {
                        alike = Some(at());
                    }
                    None => {}
                }
            }
            if messages.len() < PAGE {
                break;
            }
        }
        Ok(alike)
    }

    async fn find_edit(&self, at: &MessageRef, body: &Body) -> Result<Option<Receipt>, SendError> {
        let found = self.message(at).await?;
        Ok(found.filter(|message| same(&render(body), message)).map(|_| self.posted(at.clone(), None)))
    }

    async fn message(&self, at: &MessageRef) -> Result<Option<Value>, SendError> {
        match self.rest.get(&message_path(at)?).await {
            Ok(message) => Ok(Some(message)),
            Err(error) if error.code() == Some(UNKNOWN_MESSAGE) => Ok(None),
            Err(error) => Err(error.repeatable()),
        }
    }

    /// Notes the nonce of an own message that the gateway brought.
    pub(super) fn saw_own(&self, message: &Value) {
        let (Some(channel), Some(id)) = (id_at(message, "channel_id"), id_at(message, "id")) else { return };
        let Some(nonce) = message.get("nonce").and_then(Value::as_str) else { return };
        let author = message.get("author").and_then(|author| id_at(author, "id"));
        if author.is_some() && author == locked(&self.identity).user {
            self.attempts.saw(nonce, MessageRef { channel, message: id });
        }
    }
}
