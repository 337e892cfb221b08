//! Messages: who wrote what, as a person reads it.

use serde_json::Value;

use super::decode::{Event, ignored, unknown};
use super::markup::{Names, readable};
use super::snowflake::{id_at, made_at};
use super::wrap::instant;
use crate::ports::chat::MessageRef;
use crate::ports::inbound::{Attachment, Author, ChatMessage, Inbound};

/// Types of messages that somebody wrote: default, reply, answers to slash and context commands (Discord docs: Message
/// Types). All others tell of joins, pins, boosts and the like.
const WRITTEN: [i64; 4] = [0, 19, 20, 23];
/// Most attachments taken (Discord docs: 10 a message).
const ATTACHMENTS_MAX: usize = 10;

/// Names for the mentions of one message.
struct Mentioned<'a> {
    message: &'a Value,
    wrapper: &'a Value,
}

impl Mentioned<'_> {
    fn noted(&self, id: &str) -> Option<String> {
        self.wrapper.pointer(&format!("/names/{id}")).and_then(Value::as_str).map(str::to_owned)
    }
}

impl Names for Mentioned<'_> {
    fn user(&self, id: &str) -> Option<String> {
        let mentions = self.message.get("mentions").and_then(Value::as_array)?;
        let user = mentions.iter().find(|user| id_at(user, "id").as_deref() == Some(id))?;
        let name = name_of(user, user.get("member"));
        (!name.is_empty()).then_some(name)
    }

    fn role(&self, id: &str) -> Option<String> {
        self.noted(id)
    }

    fn channel(&self, id: &str) -> Option<String> {
        self.noted(id)
    }
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// The name shown: the server's own, the global one, the login name.
pub(super) fn name_of(user: &Value, member: Option<&Value>) -> String {
    let nick = member.map(|member| text(member, "/nick")).unwrap_or_default();
    [nick, text(user, "/global_name"), text(user, "/username")]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn message_created(event: &Event<'_>) -> Inbound {
    match own_or_system(event.d, event.me) {
        Some(reason) => ignored(reason),
        None => match message(event, event.d) {
            Some(message) if message.text.is_empty() && message.attachments.is_empty() => ignored("no text"),
            Some(message) => Inbound::Message(message),
            None => unknown("a message without id, channel or author"),
        },
    }
}

pub(super) fn edited(event: &Event<'_>) -> Inbound {
    // Discord also sends updates when it adds previews, pins or threads.
    if !event.d.get("edited_timestamp").is_some_and(Value::is_string) {
        return ignored("not edited by its author");
    }
    if event.d.get("content").is_none_or(Value::is_null) || event.d.get("author").is_none_or(Value::is_null) {
        return ignored("a partial update");
    }
    match own_or_system(event.d, event.me) {
        Some(reason) => ignored(reason),
        None => message(event, event.d)
            .map_or_else(|| unknown("an edited message without id, channel or author"), Inbound::Edited),
    }
}

pub(super) fn deleted(event: &Event<'_>) -> Inbound {
    let (Some(channel), Some(message)) = (id_at(event.d, "channel_id"), id_at(event.d, "id")) else {
        return unknown("a deletion without channel or message");
    };
    let thread = event.in_thread().then(|| channel.clone());
    Inbound::Deleted { at: MessageRef { channel, message }, thread }
}

fn own_or_system(message: &Value, me: &str) -> Option<&'static str> {
    if message.get("author").and_then(|author| id_at(author, "id")).is_some_and(|author| author == me) {
        return Some("own message");
    }
    let kind = message.get("type").and_then(Value::as_i64).unwrap_or(0);
    (!WRITTEN.contains(&kind)).then_some("a system message")
}

/// Reads a message object; `None` when it lacks what a message must have.
pub(super) fn message(event: &Event<'_>, message: &Value) -> Option<ChatMessage> {
    let (id, channel) = (id_at(message, "id")?, id_at(message, "channel_id")?);
    let author = message.get("author")?;
    let webhook = id_at(message, "webhook_id");
    let automated = webhook.is_some() || author.get("bot").and_then(Value::as_bool).unwrap_or(false);
    let names = Mentioned { message, wrapper: event.wrapper };
    let guild = event.guild();
    let url = if event.links {
        format!("https://discord.com/channels/{}/{channel}/{id}", guild.as_deref().unwrap_or("@me"))
    } else {
        String::new()
    };
    let content = text(message, "/content");
    Some(ChatMessage {
        thread: event.in_thread().then(|| channel.clone()),
        author: Author {
            id: id_at(author, "id").or(webhook)?,
            name: name_of(author, message.get("member")),
            automated,
        },
        text: whole_text(message, automated, &names),
        url,
        written_at: instant(message, "timestamp").or_else(|| made_at(&id)).unwrap_or(event.received_at),
        edited_at: instant(message, "edited_timestamp"),
        direct: guild.is_none(),
        to_bot: to_bot(content, event.me),
        attachments: attachments(message),
        at: MessageRef { channel, message: id },
    })
}

/// The text after a leading mention of the bot, with the ids of other mentions kept for the command's grammar.
fn to_bot(content: &str, me: &str) -> Option<String> {
    let content = content.trim_start();
    let rest =
        [format!("<@{me}>"), format!("<@!{me}>")].iter().find_map(|mention| content.strip_prefix(mention.as_str()))?;
    let rest = rest.trim_start_matches([',', ':']).trim();
    Some(rest.replace("<@!", "<@"))
}

/// Content, forwarded messages, and the embeds of apps; embeds under a person's message are mere previews.
fn whole_text(message: &Value, automated: bool, names: &Mentioned<'_>) -> String {
    let mut parts = vec![readable(text(message, "/content"), names)];
    for snapshot in message.get("message_snapshots").and_then(Value::as_array).into_iter().flatten() {
        let forwarded = snapshot.get("message").unwrap_or(snapshot);
        parts.push(readable(text(forwarded, "/content"), names));
        parts.extend(embeds(forwarded, names));
    }
    if automated {
        parts.extend(embeds(message, names));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn embeds(message: &Value, names: &Mentioned<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    for embed in message.get("embeds").and_then(Value::as_array).into_iter().flatten() {
        for path in ["/author/name", "/title", "/description"] {
            parts.push(readable(text(embed, path), names));
        }
        for field in embed.get("fields").and_then(Value::as_array).into_iter().flatten() {
            let (name, value) = (readable(text(field, "/name"), names), readable(text(field, "/value"), names));
            parts.push(match (name.is_empty(), value.is_empty()) {
                (false, false) => format!("{name}: {value}"),
                _ => format!("{name}{value}"),
            });
        }
        parts.push(readable(text(embed, "/footer/text"), names));
    }
    parts
}

fn attachments(message: &Value) -> Vec<Attachment> {
    let files = message.get("attachments").and_then(Value::as_array);
    files
        .into_iter()
        .flatten()
        .take(ATTACHMENTS_MAX)
        .map(|file| Attachment {
            name: text(file, "/filename").to_owned(),
            url: text(file, "/url").to_owned(),
            mime: text(file, "/content_type").to_owned(),
        })
        .collect()
}
