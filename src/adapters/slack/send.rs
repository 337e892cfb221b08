//! What Vigie says in Slack: each [`Call`] as Web API calls, and the search for a call whose answer was lost.
//!
//! Posts carry their idempotency key as message metadata; that is how they are found again. Never here: a second try of
//! a post. Start reading at [`SlackChat::perform`].

use serde_json::{Value, json};

use super::SlackChat;
use super::faults::{self, Repeat, code_of};
use super::limits::{CHANNEL_TOPIC_MAX, MESSAGE_TEXT_MAX};
use super::messages::{bound, first, word};
use super::reply::ReplyTo;
use super::wire::{CALL_WAIT, FORM_WAIT};
use super::{escape, render, view};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::{Body, Budget, Call, FileUpload, Form, MessageRef, Receipt, SendError};

/// `event_type` of the metadata on Vigie's messages.
pub const METADATA_TYPE: &str = "vigie";
/// Clocks of Slack and of this machine may differ by so much; the search for a lost post starts that much earlier.
const SKEW_MS: i64 = 2 * MINUTE_MS;
/// Messages asked for on one page of a search (Slack docs, conversations.history: at most 999, 200 advised).
const SEARCH_PAGE: usize = 200;
/// Pages read in a search; a post is looked for minutes after its first try, far fewer messages have come since.
const SEARCH_PAGES_MAX: usize = 20;

/// Budgets by kind of call: (bucket, milliseconds for one token, burst). Slack docs, rate limits: posting one a second
/// and channel with short bursts; tier 2 = 20, tier 3 = 50, tier 4 = 100 calls a minute and method.
const POST: (&str, i64, u32) = ("chat.postMessage", 1_050, 2);
const TIER_2_MS: i64 = 3_000;
const TIER_3_MS: i64 = 1_200;
const TIER_4_MS: i64 = 600;

impl SlackChat {
    /// Performs one call.
    pub(super) async fn perform(&self, call: &Call, key: &str) -> Result<Receipt, SendError> {
        match call {
            Call::Post { channel, thread, body } => self.post(channel, thread.as_deref(), body, key).await,
            Call::Direct { user, body } => {
                let channel = self.direct(user).await?;
                self.post(&channel, None, body, key).await
            }
            Call::Edit { at, body } => self.edit(at, body).await,
            Call::Delete { at } => {
                let args = json!({"channel": at.channel, "ts": at.message});
                self.settled("chat.delete", &args, "message_not_found").await.map(|()| receipt_at(at))
            }
            Call::Thread { at, .. } => Ok(Receipt { thread: Some(at.message.clone()), ..receipt_at(at) }),
            Call::Answer { reply_to, body, public } => self.answer(reply_to, body, *public, key).await,
            Call::Acknowledge { .. } => Ok(Receipt::default()),
            Call::OpenForm { reply_to, form } => self.open_form(reply_to, form).await,
            Call::CreateRoom { name, topic, people, closed } => self.room(name, topic, people, *closed, key).await,
            Call::Invite { channel, people } => self.invite(channel, people).await.map(|()| receipt_of(channel)),
            Call::Topic { channel, topic } => self.topic(channel, topic).await.map(|()| receipt_of(channel)),
            Call::Pin { at } => {
                let args = json!({"channel": at.channel, "timestamp": at.message});
                self.settled("pins.add", &args, "already_pinned").await.map(|()| receipt_at(at))
            }
            Call::Upload { channel, thread, file, comment } => {
                self.upload(channel, thread.as_deref(), file, comment).await
            }
            Call::Home { user, body } => {
                let args = json!({"user_id": user, "view": view::home(body)});
                self.wire.post("views.publish", &args, Repeat::Safe, CALL_WAIT).await.map(|_| Receipt::default())
            }
        }
    }

    async fn post(&self, channel: &str, thread: Option<&str>, body: &Body, key: &str) -> Result<Receipt, SendError> {
        let mut args = message_args(body, key);
        args["channel"] = Value::from(channel);
        args["unfurl_links"] = Value::from(false);
        args["unfurl_media"] = Value::from(false);
        args["mrkdwn"] = Value::from(true);
        if let Some(thread) = thread {
            args["thread_ts"] = Value::from(thread);
        }
        let answer = self.wire.post("chat.postMessage", &args, Repeat::Doubles, CALL_WAIT).await?;
        let channel = first([word(&answer, "channel"), channel]);
        let ts = first([word(&answer, "ts"), word(&answer["message"], "ts")]);
        if ts.is_empty() {
            return Err(SendError::Unsure("the answer named no message".to_owned()));
        }
        Ok(self.posted(channel, ts, thread))
    }

    fn posted(&self, channel: &str, ts: &str, thread: Option<&str>) -> Receipt {
        let link = self.read_directory(|directory| directory.link(channel, ts, thread));
        Receipt {
            message: Some(MessageRef { channel: channel.to_owned(), message: ts.to_owned() }),
            thread: thread.map(str::to_owned),
            channel: Some(channel.to_owned()),
            url: (!link.is_empty()).then_some(link),
        }
    }

    async fn edit(&self, at: &MessageRef, body: &Body) -> Result<Receipt, SendError> {
        let mut args = message_args(body, "");
        // The message keeps the key of the post that made it: by that one it is looked for.
        args.as_object_mut().map(|args| args.remove("metadata"));
        args["channel"] = Value::from(at.channel.as_str());
        args["ts"] = Value::from(at.message.as_str());
        // Without them an edit would keep the parts of the version before.
        if args["blocks"].is_null() {
            args["blocks"] = json!([]);
        }
        args["attachments"] = json!([]);
        self.wire.post("chat.update", &args, Repeat::Safe, CALL_WAIT).await?;
        Ok(self.posted(&at.channel, &at.message, None))
    }

    /// A call whose aim is a state: the code that says "so it is already" is success.
    async fn settled(&self, method: &str, args: &Value, already: &str) -> Result<(), SendError> {
        match self.wire.post(method, args, Repeat::Safe, CALL_WAIT).await {
            Ok(_) => Ok(()),
            Err(error) if code_of(&error) == Some(already) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn topic(&self, channel: &str, topic: &str) -> Result<(), SendError> {
        let topic = escape::mrkdwn(&super::messages::one_line(topic), CHANNEL_TOPIC_MAX);
        let args = json!({"channel": channel, "topic": topic});
        self.wire.post("conversations.setTopic", &args, Repeat::Safe, CALL_WAIT).await.map(|_| ())
    }

    async fn answer(&self, reply_to: &str, body: &Body, public: bool, key: &str) -> Result<Receipt, SendError> {
        let reply = read_reply(reply_to)?;
        if public && !reply.channel.is_empty() {
            match self.post(&reply.channel, reply.thread.as_deref(), body, key).await {
                // Where the bot is no member, the answer address still reaches the channel.
                Err(error) if is_outside(&error) && reply.response_url.is_some() => {}
                other => return other,
            }
        }
        if let Some(url) = &reply.response_url {
            match self.wire.answer(url, &answer_args(body, public, reply.thread.as_deref())).await {
                Ok(()) => return Ok(Receipt { channel: some(&reply.channel), ..Receipt::default() }),
                Err(SendError::Expired) => {}
                Err(error) => return Err(error),
            }
        }
        if reply.user.is_empty() {
            return Err(SendError::Expired);
        }
        self.whisper(&reply, body, key).await
    }

    /// Says it to one person only: beside the conversation where that is possible, else by direct message.
    async fn whisper(&self, reply: &ReplyTo, body: &Body, key: &str) -> Result<Receipt, SendError> {
        if !reply.channel.is_empty() {
            let mut args = message_args(body, key);
            args.as_object_mut().map(|args| args.remove("metadata"));
            args["channel"] = Value::from(reply.channel.as_str());
            args["user"] = Value::from(reply.user.as_str());
            if let Some(thread) = &reply.thread {
                args["thread_ts"] = Value::from(thread.as_str());
            }
            match self.wire.post("chat.postEphemeral", &args, Repeat::Doubles, CALL_WAIT).await {
                Ok(_) => return Ok(Receipt { channel: some(&reply.channel), ..Receipt::default() }),
                Err(error) if is_outside(&error) => {}
                Err(error) => return Err(error),
            }
        }
        let channel = self.direct(&reply.user).await?;
        self.post(&channel, None, body, key).await
    }

    async fn open_form(&self, reply_to: &str, form: &Form) -> Result<Receipt, SendError> {
        let reply = read_reply(reply_to)?;
        let Some(trigger_id) = &reply.trigger_id else { return Err(SendError::Expired) };
        let args = json!({"trigger_id": trigger_id, "view": view::form(form, &reply)});
        self.wire.post("views.open", &args, Repeat::Doubles, FORM_WAIT).await.map(|_| Receipt::default())
    }

    async fn upload(
        &self,
        channel: &str,
        thread: Option<&str>,
        file: &FileUpload,
        comment: &str,
    ) -> Result<Receipt, SendError> {
        let mut asked = vec![("filename", file_name(file)), ("length", file.bytes.len().to_string())];
        if !file.alt.trim().is_empty() {
            // Slack docs, files.getUploadURLExternal: alt_txt holds 1000 characters.
            asked.push(("alt_txt", escape::plain(&file.alt, 1_000)));
        }
        let place = self.wire.get("files.getUploadURLExternal", &asked).await?;
        self.wire.upload(word(&place, "upload_url"), &file.mime, &file.bytes).await?;
        let mut args = json!({
            "files": [{"id": place["file_id"], "title": file_name(file)}],
            "channel_id": channel,
        });
        if let Some(thread) = thread {
            args["thread_ts"] = Value::from(thread);
        }
        if !comment.trim().is_empty() {
            args["initial_comment"] = Value::from(escape::mrkdwn(comment, MESSAGE_TEXT_MAX));
        }
        let done = self.wire.post("files.completeUploadExternal", &args, Repeat::Doubles, CALL_WAIT).await?;
        let url = some(word(&done["files"][0], "permalink"));
        Ok(Receipt { thread: thread.map(str::to_owned), channel: some(channel), url, ..Receipt::default() })
    }

    /// Looks for the outcome of a call whose answer was lost.
    pub(super) async fn look_for(
        &self,
        call: &Call,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, SendError> {
        let by_key = |message: &Value| is_marked(message, key);
        match call {
            Call::Post { channel, thread, .. } => self.search(channel, thread.as_deref(), since, by_key).await,
            Call::Direct { user, .. } => {
                let channel = self.direct(user).await?;
                self.search(&channel, None, since, by_key).await
            }
            Call::Answer { reply_to, public: true, .. } => {
                let reply = read_reply(reply_to)?;
                match self.search(&reply.channel, reply.thread.as_deref(), since, by_key).await {
                    Err(error) if is_outside(&error) => Ok(None),
                    other => other,
                }
            }
            Call::Upload { channel, thread, file, .. } => {
                let own = self.identity().await?;
                let name = file_name(file);
                let by_file = |message: &Value| {
                    let ours = word(message, "user") == own.user_id || word(message, "bot_id") == own.bot_id;
                    let named = |file: &Value| word(file, "name") == name || word(file, "title") == name;
                    ours && message["files"].as_array().is_some_and(|files| files.iter().any(named))
                };
                self.search(channel, thread.as_deref(), since, by_file).await
            }
            Call::CreateRoom { name, topic, people, closed } => {
                self.find_room(name, topic, people, *closed, key, since).await
            }
            // The others either change nothing when repeated, or leave nothing behind that could be found.
            _ => Ok(None),
        }
    }

    /// Reads a conversation back to `since` and looks for one message of ours.
    async fn search(
        &self,
        channel: &str,
        thread: Option<&str>,
        since: Timestamp,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Option<Receipt>, SendError> {
        let method = if thread.is_some() { "conversations.replies" } else { "conversations.history" };
        let mut args = vec![
            ("channel", channel.to_owned()),
            ("oldest", bound(since.plus_ms(-SKEW_MS))),
            ("inclusive", "true".to_owned()),
            ("include_all_metadata", "true".to_owned()),
            ("limit", SEARCH_PAGE.to_string()),
        ];
        if let Some(thread) = thread {
            args.push(("ts", thread.to_owned()));
        }
        for _ in 0..SEARCH_PAGES_MAX {
            let page = self.wire.get(method, &args).await?;
            let found = page["messages"].as_array().into_iter().flatten().find(|message| is_it(message));
            if let Some(message) = found {
                return Ok(Some(self.posted(channel, word(message, "ts"), thread)));
            }
            let cursor = word(&page["response_metadata"], "next_cursor").to_owned();
            if cursor.is_empty() {
                return Ok(None);
            }
            args.retain(|(name, _)| *name != "cursor");
            args.push(("cursor", cursor));
        }
        // Not found in what was read is not the same as not there.
        Err(SendError::Unsure("too many messages to search".to_owned()))
    }
}

/// The budget of a call.
pub(super) fn budget(call: &Call) -> Budget {
    let bucket = |key: &str, refill_ms: i64, burst: u32| Budget { key: key.to_owned(), refill_ms, burst };
    let posting = |place: &str| bucket(&format!("{}:{place}", POST.0), POST.1, POST.2);
    match call {
        Call::Post { channel, .. } => posting(channel),
        Call::Direct { user, .. } => posting(user),
        Call::Answer { reply_to, public: true, .. } => {
            posting(&ReplyTo::read(reply_to).map(|reply| reply.channel).unwrap_or_default())
        }
        Call::Answer { .. } => bucket("response_url", 100, 20),
        Call::Edit { .. } => bucket("chat.update", TIER_3_MS, 10),
        Call::Delete { .. } => bucket("chat.delete", TIER_3_MS, 10),
        Call::OpenForm { .. } => bucket("views.open", TIER_4_MS, 20),
        Call::Home { .. } => bucket("views.publish", TIER_4_MS, 20),
        Call::CreateRoom { .. } => bucket("conversations.create", TIER_2_MS, 3),
        Call::Invite { .. } => bucket("conversations.invite", TIER_3_MS, 10),
        Call::Topic { .. } => bucket("conversations.setTopic", TIER_2_MS, 5),
        Call::Pin { .. } => bucket("pins.add", TIER_2_MS, 5),
        Call::Upload { .. } => bucket("files.completeUploadExternal", TIER_4_MS, 5),
        // No call at all.
        Call::Thread { .. } | Call::Acknowledge { .. } => bucket("none", 1, 1_000),
    }
}

fn message_args(body: &Body, key: &str) -> Value {
    let rendered = render::message(body);
    let mut args = json!({
        "text": rendered.text,
        "link_names": false,
        // chat.update parses as a client would unless told otherwise (Slack docs, chat.update).
        "parse": "none",
        "metadata": {"event_type": METADATA_TYPE, "event_payload": {"key": key}},
    });
    if !rendered.blocks.is_empty() {
        args["blocks"] = Value::from(rendered.blocks);
    }
    args
}

fn answer_args(body: &Body, public: bool, thread: Option<&str>) -> Value {
    let rendered = render::message(body);
    let mut args = json!({
        "text": rendered.text,
        "response_type": if public { "in_channel" } else { "ephemeral" },
        "replace_original": false,
    });
    if !rendered.blocks.is_empty() {
        args["blocks"] = Value::from(rendered.blocks);
    }
    if let Some(thread) = thread {
        args["thread_ts"] = Value::from(thread);
    }
    args
}

fn is_marked(message: &Value, key: &str) -> bool {
    let metadata = &message["metadata"];
    metadata["event_type"] == METADATA_TYPE && metadata["event_payload"]["key"] == key
}

/// Errors that say "not from here": the bot, or the person, is not in that channel.
fn is_outside(error: &SendError) -> bool {
    const OUTSIDE: [&str; 6] = [
        "channel_not_found",
        "not_in_channel",
        "user_not_in_channel",
        "is_archived",
        "restricted_action",
        "method_not_supported_for_channel_type",
    ];
    code_of(error).is_some_and(|code| OUTSIDE.contains(&code))
}

fn read_reply(reply_to: &str) -> Result<ReplyTo, SendError> {
    ReplyTo::read(reply_to).ok_or_else(|| faults::permanent("invalid_arguments"))
}

fn file_name(file: &FileUpload) -> String {
    let name = escape::plain(&file.name, 200).replace(['/', '\\'], "_");
    if name.is_empty() { "file".to_owned() } else { name }
}

fn receipt_at(at: &MessageRef) -> Receipt {
    Receipt { message: Some(at.clone()), channel: Some(at.channel.clone()), ..Receipt::default() }
}

fn receipt_of(channel: &str) -> Receipt {
    Receipt { channel: Some(channel.to_owned()), ..Receipt::default() }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
