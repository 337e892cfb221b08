//! Answers to interactions: the first one within 3 seconds, later ones by the interaction's token for 15 minutes.
//!
//! Whether an interaction was answered already is remembered here, and found out again from Discord when it is not.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{self, ALREADY_ACKNOWLEDGED};
use super::lock::locked;
use super::render::{Rendered, render};
use super::rest::RestError;
use super::snowflake::{id_at, is_id};
use super::{DiscordChat, form};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::{Body, Form, MessageRef, Receipt, SendError};

/// The first answer must reach Discord within 3 s (Discord docs: Interactions); 300 ms are kept for the way.
pub(super) const FIRST_ANSWER_MS: i64 = 2_700;
/// An interaction's token lives 15 minutes (Discord docs: Interactions); a little less is used.
const TOKEN_MS: i64 = 15 * MINUTE_MS - 5_000;
/// Message flag: only its reader sees it (Discord docs: Message Flags).
const EPHEMERAL: u64 = 1 << 6;
/// Message flag: "thinking..." (Discord docs: Message Flags).
const LOADING: u64 = 1 << 7;
/// Most interactions remembered: more than a server makes in 15 minutes.
const REMEMBERED_MAX: usize = 10_000;

/// Where an interaction came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    /// A slash or context command.
    Command,
    /// A button or menu on a message.
    Component,
    /// A form opened from a message.
    MessageForm,
    /// A form opened from a command.
    Form,
}

/// `Caller::reply_to` of this chat.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ReplyTo {
    /// Interaction id.
    pub(super) id: String,
    /// Its token; a secret for 15 minutes.
    pub(super) token: String,
    /// Application id.
    pub(super) app: String,
    /// Channel id, for the link of the answer.
    pub(super) channel: String,
    /// Where it came from.
    pub(super) origin: Origin,
    /// When it reached us.
    pub(super) at: Timestamp,
}

impl ReplyTo {
    fn read(text: &str) -> Result<Self, SendError> {
        let reply: Self = serde_json::from_str(text)
            .map_err(|_| errors::permanent("reply_to", "the answer address is not one of Discord"))?;
        let tokenish = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=');
        if is_id(&reply.id) && is_id(&reply.app) && !reply.token.is_empty() && reply.token.chars().all(tokenish) {
            Ok(reply)
        } else {
            Err(errors::permanent("reply_to", "the answer address is not one of Discord"))
        }
    }

    fn webhook(&self) -> String {
        format!("webhooks/{}/{}", self.app, self.token)
    }

    fn original(&self) -> String {
        format!("{}/messages/@original", self.webhook())
    }
}

/// How an interaction was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Acknowledged {
    /// "thinking..." is shown to the caller; the first answer replaces it.
    Thinking,
    /// Nothing is shown; answers are new messages.
    Silently,
    /// A message or a form was sent.
    Answered,
}

#[derive(Debug, Default)]
struct Remembered {
    states: HashMap<String, Acknowledged>,
    order: VecDeque<String>,
}

/// The interactions answered lately.
#[derive(Debug, Default)]
pub(super) struct Answers {
    remembered: Mutex<Remembered>,
}

impl Answers {
    fn state(&self, id: &str) -> Option<Acknowledged> {
        locked(&self.remembered).states.get(id).copied()
    }

    fn set(&self, id: &str, state: Acknowledged) {
        let mut remembered = locked(&self.remembered);
        if remembered.states.insert(id.to_owned(), state).is_none() {
            remembered.order.push_back(id.to_owned());
        }
        while remembered.order.len() > REMEMBERED_MAX {
            if let Some(oldest) = remembered.order.pop_front() {
                remembered.states.remove(&oldest);
            }
        }
    }
}

fn flagged(rendered: Rendered, public: bool) -> Value {
    let mut message = rendered.into_message();
    if !public && let Some(message) = message.as_object_mut() {
        message.insert("flags".into(), EPHEMERAL.into());
    }
    message
}

/// Errors of an interaction's endpoints; nothing else than the end of the interaction is for good here.
fn interaction_error(error: RestError) -> SendError {
    match error.code() {
        Some(code) if errors::is_over(code) => SendError::Expired,
        _ => error.once(),
    }
}

impl DiscordChat {
    pub(super) async fn answer(&self, reply_to: &str, body: &Body, public: bool) -> Result<Receipt, SendError> {
        let reply = self.open_interaction(reply_to)?;
        let rendered = render(body);
        match self.answers.state(&reply.id) {
            None => self.answer_first(&reply, rendered, public).await,
            Some(Acknowledged::Thinking) => self.answer_thinking(&reply, rendered, public).await,
            Some(Acknowledged::Silently | Acknowledged::Answered) => self.follow_up(&reply, rendered, public).await,
        }
    }

    async fn answer_first(&self, reply: &ReplyTo, rendered: Rendered, public: bool) -> Result<Receipt, SendError> {
        let callback = json!({ "type": 4, "data": flagged(rendered.clone(), public) });
        // A second round only after Discord said that the first one never arrived.
        for _ in 0..2 {
            match self.callback(reply, &callback).await {
                Ok(answered) => {
                    self.answers.set(&reply.id, Acknowledged::Answered);
                    let message = answered.pointer("/resource/message").cloned().unwrap_or_default();
                    return Ok(self.answer_receipt(reply, &message));
                }
                Err(error) if error.code() == Some(ALREADY_ACKNOWLEDGED) => {
                    return self.answer_acknowledged(reply, rendered, public).await;
                }
                Err(RestError::Lost(cause)) => match self.rest.get(&reply.original()).await {
                    Ok(message) => {
                        self.answers.set(&reply.id, Acknowledged::Answered);
                        return Ok(self.answer_receipt(reply, &message));
                    }
                    Err(error) if error.is_missing() => {}
                    Err(_) => return Err(SendError::Unsure(cause)),
                },
                Err(error) => return Err(interaction_error(error)),
            }
        }
        Err(SendError::Unsure("the interaction's answer got lost twice".to_owned()))
    }

    /// Somebody acknowledged before us: ourselves in an attempt whose answer was lost, the guard that keeps interactions
    /// alive, or a process that died.
    async fn answer_acknowledged(
        &self,
        reply: &ReplyTo,
        rendered: Rendered,
        public: bool,
    ) -> Result<Receipt, SendError> {
        match self.answers.state(&reply.id) {
            Some(Acknowledged::Thinking) => return self.answer_thinking(reply, rendered, public).await,
            Some(Acknowledged::Silently) => return self.follow_up(reply, rendered, public).await,
            Some(Acknowledged::Answered) | None => {}
        }
        match self.rest.get(&reply.original()).await {
            Ok(message) if message.get("flags").and_then(Value::as_u64).unwrap_or(0) & LOADING != 0 => {
                self.answer_thinking(reply, rendered, public).await
            }
            Ok(message) if super::find::same(&rendered, &message) => {
                self.answers.set(&reply.id, Acknowledged::Answered);
                Ok(self.answer_receipt(reply, &message))
            }
            Ok(_) => self.follow_up(reply, rendered, public).await,
            Err(error) if error.is_missing() => self.follow_up(reply, rendered, public).await,
            Err(error) => Err(error.repeatable()),
        }
    }

    async fn answer_thinking(&self, reply: &ReplyTo, rendered: Rendered, public: bool) -> Result<Receipt, SendError> {
        if public {
            // "thinking..." was shown to the caller only, and who sees a message never changes.
            match self.rest.delete(&reply.original()).await {
                Ok(_) => {}
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.repeatable()),
            }
            self.answers.set(&reply.id, Acknowledged::Silently);
            return self.follow_up(reply, rendered, true).await;
        }
        let message = self.rest.patch(&reply.original(), rendered.into_message()).await.map_err(|error| {
            if error.code().is_some_and(errors::is_over) { SendError::Expired } else { error.repeatable() }
        })?;
        self.answers.set(&reply.id, Acknowledged::Answered);
        Ok(self.answer_receipt(reply, &message))
    }

    async fn follow_up(&self, reply: &ReplyTo, rendered: Rendered, public: bool) -> Result<Receipt, SendError> {
        let path = format!("{}?wait=true", reply.webhook());
        let message = self.rest.post(&path, flagged(rendered, public)).await.map_err(interaction_error)?;
        self.answers.set(&reply.id, Acknowledged::Answered);
        Ok(self.answer_receipt(reply, &message))
    }

    pub(super) async fn acknowledge(&self, reply_to: &str) -> Result<Receipt, SendError> {
        let reply = self.open_interaction(reply_to)?;
        if self.answers.state(&reply.id).is_none() {
            self.keep_alive(&reply).await?;
        }
        Ok(Receipt::default())
    }

    /// Acknowledges without an answer, so that one can follow later.
    pub(super) async fn keep_alive(&self, reply: &ReplyTo) -> Result<(), SendError> {
        let (callback, state) = match reply.origin {
            Origin::Component | Origin::MessageForm => (json!({ "type": 6 }), Acknowledged::Silently),
            Origin::Command | Origin::Form => {
                (json!({ "type": 5, "data": { "flags": EPHEMERAL } }), Acknowledged::Thinking)
            }
        };
        match self.callback(reply, &callback).await {
            Ok(_) => self.answers.set(&reply.id, state),
            // Answered by somebody else meanwhile: what was wanted.
            Err(error) if error.code() == Some(ALREADY_ACKNOWLEDGED) => {}
            Err(RestError::Lost(cause)) => return Err(SendError::Transient(cause)),
            Err(error) => return Err(interaction_error(error)),
        }
        Ok(())
    }

    /// As [`Self::keep_alive`], unless an answer was given in time.
    pub(super) async fn keep_alive_if_silent(&self, reply: &ReplyTo) {
        if self.answers.state(&reply.id).is_none()
            && let Err(error) = self.keep_alive(reply).await
        {
            tracing::warn!(%error, "an interaction could not be kept alive");
        }
    }

    pub(super) async fn open_form(&self, reply_to: &str, form: &Form) -> Result<Receipt, SendError> {
        let reply = self.open_interaction(reply_to)?;
        if matches!(reply.origin, Origin::Form | Origin::MessageForm) {
            return Err(errors::permanent("form_on_form", "Discord opens no form from a form"));
        }
        let modal = form::modal(form)
            .ok_or_else(|| errors::permanent("form", "the form has no field, or its state is too long for Discord"))?;
        if matches!(self.answers.state(&reply.id), Some(Acknowledged::Thinking | Acknowledged::Silently)) {
            return Err(SendError::Expired);
        }
        self.forms.opened(form);
        match self.callback(&reply, &json!({ "type": 9, "data": modal })).await {
            Ok(_) => {}
            // Our own earlier attempt, unless the interaction was acknowledged in another way.
            Err(error) if error.code() == Some(ALREADY_ACKNOWLEDGED) => {
                return match self.answers.state(&reply.id) {
                    Some(Acknowledged::Answered) => Ok(Receipt::default()),
                    _ => Err(SendError::Expired),
                };
            }
            Err(RestError::Lost(cause)) => {
                self.answers.set(&reply.id, Acknowledged::Answered);
                return Err(SendError::Transient(cause));
            }
            Err(error) => return Err(interaction_error(error)),
        }
        self.answers.set(&reply.id, Acknowledged::Answered);
        Ok(Receipt::default())
    }

    /// Looks for the answer to an interaction.
    pub(super) async fn find_answer(&self, reply_to: &str, body: &Body) -> Result<Option<Receipt>, SendError> {
        let reply = self.open_interaction(reply_to)?;
        match self.rest.get(&reply.original()).await {
            Ok(message) if super::find::same(&render(body), &message) => {
                Ok(Some(self.answer_receipt(&reply, &message)))
            }
            Ok(_) => Ok(None),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.repeatable()),
        }
    }

    /// Sends any first answer of an interaction.
    pub(super) async fn callback(&self, reply: &ReplyTo, callback: &Value) -> Result<Value, RestError> {
        let path = format!("interactions/{}/{}/callback?with_response=true", reply.id, reply.token);
        self.rest.post(&path, callback.clone()).await
    }

    fn open_interaction(&self, reply_to: &str) -> Result<ReplyTo, SendError> {
        let reply = ReplyTo::read(reply_to)?;
        if self.clock.now().since(reply.at) > TOKEN_MS {
            return Err(SendError::Expired);
        }
        Ok(reply)
    }

    fn answer_receipt(&self, reply: &ReplyTo, message: &Value) -> Receipt {
        let Some(id) = id_at(message, "id") else { return Receipt::default() };
        let channel = id_at(message, "channel_id").unwrap_or_else(|| reply.channel.clone());
        Receipt { message: Some(MessageRef { channel, message: id }), ..Receipt::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_answer_address_reaches_no_other_path() {
        let good = ReplyTo {
            id: "1".into(),
            token: "aW50.x_y-z=".into(),
            app: "2".into(),
            channel: "3".into(),
            origin: Origin::Command,
            at: Timestamp(0),
        };
        let text = serde_json::to_string(&good).expect("serialises");
        assert!(ReplyTo::read(&text).is_ok());
        for (from, to) in [("\"id\":\"1\"", "\"id\":\"../1\""), ("aW50.x_y-z=", "a/b"), ("aW50.x_y-z=", "")] {
            assert!(ReplyTo::read(&text.replace(from, to)).is_err(), "{to}");
        }
        assert!(ReplyTo::read("https://hooks.example/").is_err());
    }
}
