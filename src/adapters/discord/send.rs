//! Calls, one by one: what each asks of REST, which repetition is harmless, and what is told about refusals.

use reqwest::Method;
use serde_json::{Value, json};

use super::DiscordChat;
use super::attempts::nonce;
use super::errors::{self, THREAD_ARCHIVED, THREAD_EXISTS, UNKNOWN_MESSAGE};
use super::escape::{line, plain, shortened, units};
use super::lock::locked;
use super::render::{CONTENT_MAX, render};
use super::rest::{Payload, RestError};
use super::snowflake::{id_at, is_id};
use super::writer::Writer;
use crate::ports::chat::{Body, Call, FileUpload, MessageRef, Receipt, SendError};

/// Threads sleep after 7 days, in minutes (Discord docs: auto_archive_duration).
const ARCHIVE_MINUTES: u32 = 10_080;
/// Longest name of a thread (Discord docs: Start Thread).
const THREAD_NAME_MAX: usize = 100;
/// Longest topic of a channel (Discord docs: Channel Object).
pub(super) const TOPIC_MAX: usize = 1_024;
/// Longest description of a file (Discord docs: Attachment Object).
const ALT_MAX: usize = 1_024;
/// Longest file name sent.
const FILE_NAME_MAX: usize = 100;
/// Largest file that every server takes (Discord docs: Uploading Files, 10 MiB).
const FILE_BYTES_MAX: usize = 10 << 20;
/// Most direct conversations remembered.
const DIRECT_MAX: usize = 10_000;

impl DiscordChat {
    pub(super) async fn perform(&self, call: &Call, key: &str) -> Result<Receipt, SendError> {
        match call {
            Call::Post { channel, thread, body } => {
                self.post(thread.as_ref().unwrap_or(channel), thread.clone(), body, key).await
            }
            Call::Edit { at, body } => self.edit(at, body).await,
            Call::Delete { at } => self.delete(at).await,
            Call::Direct { user, body } => {
                let channel = self.direct_channel(user).await?;
                let mut receipt = self.post(&channel, None, body, key).await?;
                receipt.channel = Some(channel);
                Ok(receipt)
            }
            Call::Thread { at, name } => self.thread(at, name).await,
            Call::Answer { reply_to, body, public } => self.answer(reply_to, body, *public).await,
            Call::Acknowledge { reply_to } => self.acknowledge(reply_to).await,
            Call::OpenForm { reply_to, form } => self.open_form(reply_to, form).await,
            Call::CreateRoom { name, topic, people, closed } => self.create_room(name, topic, people, *closed).await,
            Call::Invite { channel, people } => self.invite(channel, people).await,
            Call::Topic { channel, topic } => self.set_topic(channel, topic).await,
            Call::Pin { at } => self.pin(at).await,
            Call::Upload { channel, thread, file, comment } => {
                self.upload(thread.as_ref().unwrap_or(channel), thread.clone(), file, comment, key).await
            }
            // Discord has no page of one's own; `me` and direct messages stand for it.
            Call::Home { .. } => Ok(Receipt::default()),
        }
    }

    async fn post(&self, place: &str, thread: Option<String>, body: &Body, key: &str) -> Result<Receipt, SendError> {
        checked_id(place, "channel")?;
        let rendered = render(body);
        let nonce = nonce(key);
        if self.attempts.must_look(&nonce, self.clock.now()) {
            let since = self.clock.now().plus_ms(-super::find::LOOK_BACK_MS);
            let found = self.find_post(place, &rendered, key, since).await?;
            self.attempts.settled(&nonce);
            if let Some(at) = found {
                return Ok(self.posted(at, thread));
            }
        }
        let mut message = rendered.into_message();
        if let Some(message) = message.as_object_mut() {
            message.insert("nonce".into(), nonce.as_str().into());
            message.insert("enforce_nonce".into(), true.into());
        }
        self.create_message(place, thread, &nonce, || Payload::Json(message.clone())).await
    }

    async fn upload(
        &self,
        place: &str,
        thread: Option<String>,
        file: &FileUpload,
        comment: &str,
        key: &str,
    ) -> Result<Receipt, SendError> {
        checked_id(place, "channel")?;
        if file.bytes.is_empty() {
            return Err(errors::permanent("no_bytes", "the file's content is no longer at hand: make it again"));
        }
        if file.bytes.len() > FILE_BYTES_MAX {
            return Err(errors::permanent("40005", "the file is larger than the 10 MiB that Discord takes"));
        }
        let name = file_name(&file.name);
        let nonce = nonce(key);
        let mut content = Writer::new(CONTENT_MAX);
        content.text(comment);
        let json = json!({
            "content": content.finish(),
            "attachments": [{ "id": 0, "filename": name, "description": shortened(&plain(&file.alt), ALT_MAX) }],
            "allowed_mentions": { "parse": [] },
            "nonce": nonce, "enforce_nonce": true,
        });
        let payload = || Payload::File {
            json: json.clone(),
            name: name.clone(),
            mime: file.mime.clone(),
            bytes: file.bytes.clone(),
        };
        self.create_message(place, thread, &nonce, payload).await
    }

    /// Creates a message; wakes an archived thread once.
    async fn create_message(
        &self,
        place: &str,
        thread: Option<String>,
        nonce: &str,
        payload: impl Fn() -> Payload,
    ) -> Result<Receipt, SendError> {
        let path = format!("channels/{place}/messages");
        let began = self.clock.now();
        let mut made = self.rest.call(Method::POST, &path, payload()).await;
        if made.as_ref().is_err_and(|error| error.code() == Some(THREAD_ARCHIVED)) {
            self.rest
                .patch(&format!("channels/{place}"), json!({ "archived": false }))
                .await
                .map_err(RestError::repeatable)?;
            made = self.rest.call(Method::POST, &path, payload()).await;
        }
        match made {
            Ok(message) => {
                self.attempts.settled(nonce);
                let id = id_at(&message, "id").ok_or_else(|| errors::unreadable("a new message"))?;
                Ok(self.posted(MessageRef { channel: place.to_owned(), message: id }, thread))
            }
            Err(RestError::Lost(cause)) => {
                // Within the window of the nonce a repeat cannot double the message.
                if self.attempts.lost(nonce, began, self.clock.now()) {
                    Err(SendError::Transient(cause))
                } else {
                    Err(SendError::Unsure(cause))
                }
            }
            Err(error @ RestError::Refused { .. }) => {
                self.attempts.settled(nonce);
                Err(error.once())
            }
            Err(error) => Err(error.once()),
        }
    }

    pub(super) fn posted(&self, at: MessageRef, thread: Option<String>) -> Receipt {
        let guild = self.directory.channel(&at.channel).and_then(|facts| facts.guild);
        let guild = guild.or_else(|| {
            let is_direct = locked(&self.direct).values().any(|channel| *channel == at.channel);
            if is_direct { None } else { locked(&self.identity).guild.clone() }
        });
        let url = self.link(guild.as_deref(), &at.channel, &at.message);
        Receipt { message: Some(at), thread, channel: None, url: Some(url).filter(|url| !url.is_empty()) }
    }

    async fn edit(&self, at: &MessageRef, body: &Body) -> Result<Receipt, SendError> {
        let path = message_path(at)?;
        let message = render(body).into_message();
        let mut edited = self.rest.patch(&path, message.clone()).await;
        if edited.as_ref().is_err_and(|error| error.code() == Some(THREAD_ARCHIVED)) {
            self.rest
                .patch(&format!("channels/{}", at.channel), json!({ "archived": false }))
                .await
                .map_err(RestError::repeatable)?;
            edited = self.rest.patch(&path, message).await;
        }
        edited.map_err(RestError::repeatable)?;
        Ok(self.posted(at.clone(), None))
    }

    async fn delete(&self, at: &MessageRef) -> Result<Receipt, SendError> {
        match self.rest.delete(&message_path(at)?).await {
            Ok(_) => Ok(Receipt::default()),
            Err(error) if error.code() == Some(UNKNOWN_MESSAGE) => Ok(Receipt::default()),
            Err(error) => Err(error.repeatable()),
        }
    }

    /// The direct conversation with a user; opening it again gives the same one.
    pub(super) async fn direct_channel(&self, user: &str) -> Result<String, SendError> {
        checked_id(user, "user")?;
        let known = || locked(&self.direct).get(user).cloned();
        if let Some(channel) = known() {
            return Ok(channel);
        }
        let _turn = self.opening.lock().await;
        if let Some(channel) = known() {
            return Ok(channel);
        }
        let opened = self
            .rest
            .post("users/@me/channels", json!({ "recipient_id": user }))
            .await
            .map_err(RestError::repeatable)?;
        let channel = id_at(&opened, "id").ok_or_else(|| errors::unreadable("a direct conversation"))?;
        let mut direct = locked(&self.direct);
        if direct.len() >= DIRECT_MAX {
            direct.clear();
        }
        direct.insert(user.to_owned(), channel.clone());
        Ok(channel)
    }

    async fn thread(&self, at: &MessageRef, name: &str) -> Result<Receipt, SendError> {
        let name = line(name, THREAD_NAME_MAX);
        let name = if name.is_empty() { at.message.clone() } else { name };
        let path = format!("{}/threads", message_path(at)?);
        let body = json!({ "name": name, "auto_archive_duration": ARCHIVE_MINUTES });
        let thread = match self.rest.post(&path, body).await {
            Ok(thread) => {
                self.directory.learn_channel(&thread, None);
                id_at(&thread, "id").ok_or_else(|| errors::unreadable("a new thread"))?
            }
            // A thread made from a message has the message's id.
            Err(error) if error.code() == Some(THREAD_EXISTS) => at.message.clone(),
            Err(error) => return Err(error.repeatable()),
        };
        Ok(Receipt { message: Some(at.clone()), thread: Some(thread), ..Receipt::default() })
    }

    async fn set_topic(&self, channel: &str, topic: &str) -> Result<Receipt, SendError> {
        checked_id(channel, "channel")?;
        let topic = line(topic, TOPIC_MAX);
        self.rest
            .patch(&format!("channels/{channel}"), json!({ "topic": topic }))
            .await
            .map_err(RestError::repeatable)?;
        Ok(Receipt { channel: Some(channel.to_owned()), ..Receipt::default() })
    }

    async fn pin(&self, at: &MessageRef) -> Result<Receipt, SendError> {
        message_path(at)?;
        let path = format!("channels/{}/messages/pins/{}", at.channel, at.message);
        self.rest.put(&path, None).await.map_err(RestError::repeatable)?;
        Ok(Receipt { message: Some(at.clone()), ..Receipt::default() })
    }
}

/// Refuses what is no id before it gets into a path.
pub(super) fn checked_id(id: &str, of: &str) -> Result<(), SendError> {
    if is_id(id) { Ok(()) } else { Err(errors::permanent("not_an_id", &format!("this {of} is not one of Discord"))) }
}

pub(super) fn message_path(at: &MessageRef) -> Result<String, SendError> {
    checked_id(&at.channel, "channel")?;
    checked_id(&at.message, "message")?;
    Ok(format!("channels/{}/messages/{}", at.channel, at.message))
}

/// A file name without path, controls or marks.
pub(super) fn file_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = plain(base)
        .chars()
        .filter(|c| *c != '\u{200b}')
        .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' })
        .collect();
    let safe = safe.trim_matches('.').to_owned();
    if safe.is_empty() {
        return "file".to_owned();
    }
    if units(&safe) <= FILE_NAME_MAX {
        return safe;
    }
    // The end tells the kind of file.
    safe.chars().rev().take(FILE_NAME_MAX / 2).collect::<Vec<_>>().into_iter().rev().collect()
}

/// Whether a message carries a file of this name.
pub(super) fn has_file(message: &Value, name: &str) -> bool {
    let files = message.get("attachments").and_then(Value::as_array);
    files.into_iter().flatten().any(|file| file.get("filename").and_then(Value::as_str) == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain() {
        for (given, sent) in [
            ("../../etc/passwd", "passwd"),
            ("week 12.png", "week_12.png"),
            ("", "file"),
            ("..", "file"),
            ("@everyone.png", "_everyone.png"),
        ] {
            assert_eq!(file_name(given), sent, "{given:?}");
        }
        assert!(file_name(&format!("{}.png", "x".repeat(300))).ends_with(".png"));
    }

    #[test]
    fn only_ids_get_into_a_path() {
        let at = |channel: &str, message: &str| MessageRef { channel: channel.into(), message: message.into() };
        assert_eq!(message_path(&at("1", "2")), Ok("channels/1/messages/2".into()));
        assert!(message_path(&at("1/../3", "2")).is_err());
        assert!(message_path(&at("1", "@original")).is_err());
    }
}
