//! What people can do in the client, as data: the page posts the same JSON that tests build.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::SlackSandbox;
use super::error::{ActError, ApiError};
use super::interact::{self, Pressed, trusted_source};
use super::messages::{Author, MessageChange, NewMessage};
use super::rich_text::Mentions;
use super::setup::UserSetup;
use super::workspace::Workspace;
use super::{ids, limits};

/// A file a person attaches.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActFile {
    /// With its ending.
    pub name: String,
    /// Its text, for text files.
    pub text: String,
    /// Its bytes in base64, for others.
    pub base64: String,
    /// Alternative text.
    pub alt: String,
}

/// One thing a person does. In JSON: `{"act": "post", "channel": "C1", "text": "hi"}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[allow(missing_docs)] // Fields carry the names of Slack's own payloads.
pub enum SlackAct {
    /// Sends a message; `@name` and `#channel` become links as in the client.
    Post {
        channel: String,
        text: String,
        thread_ts: Option<String>,
        #[serde(default)]
        files: Vec<ActFile>,
        #[serde(default)]
        broadcast: bool,
    },
    /// Edits one's own message.
    Edit { channel: String, ts: String, text: String },
    /// Deletes one's own message (an administrator: anybody's).
    Delete { channel: String, ts: String },
    /// Adds a reaction.
    React { channel: String, ts: String, name: String },
    /// Takes one's reaction back.
    Unreact { channel: String, ts: String, name: String },
    /// Pins a message.
    Pin { channel: String, ts: String },
    /// Unpins a message.
    Unpin { channel: String, ts: String },
    /// Types a slash command.
    Slash { channel: String, text: String, thread_ts: Option<String> },
    /// Clicks a button.
    Click {
        channel: Option<String>,
        ts: Option<String>,
        view_id: Option<String>,
        block_id: Option<String>,
        action_id: String,
    },
    /// Chooses in a menu or fills a field that dispatches.
    Select {
        channel: Option<String>,
        ts: Option<String>,
        view_id: Option<String>,
        block_id: Option<String>,
        action_id: String,
        value: Option<Value>,
        values: Option<Vec<Value>>,
    },
    /// Types in an external select; gives `options`.
    Suggest {
        channel: Option<String>,
        ts: Option<String>,
        view_id: Option<String>,
        block_id: Option<String>,
        action_id: String,
        value: String,
    },
    /// Picks a message shortcut.
    MessageShortcut { channel: String, ts: String, callback_id: String },
    /// Picks a global shortcut.
    GlobalShortcut { callback_id: String },
    /// Fills a modal, `{block_id: {action_id: value}}`, and submits it.
    SubmitModal {
        view_id: String,
        #[serde(default)]
        values: Value,
    },
    /// Closes a modal.
    CloseModal { view_id: String },
    /// Opens the app's Home tab.
    OpenHome {},
    /// Opens the direct messages with the app; gives `channel`.
    OpenDm {},
    /// Changes one's language.
    SetLocale { locale: String },
    /// Joins a public channel.
    Join { channel: String },
    /// Leaves a channel.
    Leave { channel: String },
    /// Invites somebody (or the app's bot) to a channel.
    Invite { channel: String, user: String },
    /// Removes somebody (or the app's bot) from a channel.
    Kick { channel: String, user: String },
    /// Creates a channel; gives `channel`.
    CreateChannel {
        name: String,
        #[serde(default)]
        private: bool,
    },
    /// Archives a channel.
    Archive { channel: String },
    /// Takes a channel out of the archive.
    Unarchive { channel: String },
    /// Renames a channel.
    RenameChannel { channel: String, name: String },
    /// A new person joins the workspace; gives `user`.
    AddUser {
        name: String,
        real_name: String,
        #[serde(default)]
        locale: String,
    },
    /// An admin puts somebody into a user group (by handle or id) or takes them out.
    SetGroup { group: String, user: String, on: bool },
    /// Another app, such as a feed, posts.
    PostAsApp {
        channel: String,
        app_name: String,
        text: String,
        #[serde(default)]
        blocks: Option<Vec<Value>>,
        #[serde(default)]
        attachments: Vec<Value>,
        #[serde(default)]
        metadata: Option<Value>,
        #[serde(default)]
        thread_ts: Option<String>,
    },
    /// Dismisses a notice.
    DismissToast { id: String },
}

/// Performs an act of `user`.
pub(super) async fn perform(sandbox: &Arc<SlackSandbox>, user: &str, act: SlackAct) -> Result<Value, ActError> {
    sandbox.lock().person(user)?;
    match act {
        SlackAct::Slash { channel, text, thread_ts } => {
            interact::slash(sandbox, user, &channel, &text, thread_ts.is_some()).await
        }
        SlackAct::Click { channel, ts, view_id, block_id, action_id } => {
            let source = trusted_source(channel, ts, view_id)?;
            interact::press(sandbox, user, Pressed { source, block_id, action_id, given: None }).await
        }
        SlackAct::Select { channel, ts, view_id, block_id, action_id, value, values } => {
            let source = trusted_source(channel, ts, view_id)?;
            let given = Some(values.map_or_else(|| value.unwrap_or_default(), Value::Array));
            interact::press(sandbox, user, Pressed { source, block_id, action_id, given }).await
        }
        SlackAct::Suggest { channel, ts, view_id, block_id, action_id, value } => {
            let source = trusted_source(channel, ts, view_id)?;
            interact::suggest(sandbox, user, Pressed { source, block_id, action_id, given: None }, &value).await
        }
        SlackAct::MessageShortcut { channel, ts, callback_id } => {
            interact::message_shortcut(sandbox, user, &channel, &ts, &callback_id).await
        }
        SlackAct::GlobalShortcut { callback_id } => interact::global_shortcut(sandbox, user, &callback_id).await,
        SlackAct::SubmitModal { view_id, values } => interact::submit_modal(sandbox, user, &view_id, &values).await,
        SlackAct::CloseModal { view_id } => interact::close_modal(sandbox, user, &view_id).await,
        other => sandbox.with(|ws| plain(ws, user, other)),
    }
}

/// Acts that need no answer of the app.
fn plain(ws: &mut Workspace, user: &str, act: SlackAct) -> Result<Value, ActError> {
    match act {
        SlackAct::Post { channel, text, thread_ts, files, broadcast } => {
            ws.open_for_posting(user, &channel)?;
            post(ws, user, &channel, &text, thread_ts, &files, broadcast)
        }
        SlackAct::Edit { channel, ts, text } => {
            let ts_us = own_message(ws, user, &channel, &ts)?;
            let text = Some(ws.typed(&text, Mentions::Bare));
            done(ws.edit(&channel, ts_us, user, MessageChange { text, ..MessageChange::default() }))
        }
        SlackAct::Delete { channel, ts } => {
            let ts_us = own_message(ws, user, &channel, &ts)?;
            done(ws.delete(&channel, ts_us))
        }
        SlackAct::React { channel, ts, name } => {
            let ts_us = message(ws, user, &channel, &ts)?;
            done(ws.react(&channel, ts_us, user, &name, true))
        }
        SlackAct::Unreact { channel, ts, name } => {
            let ts_us = message(ws, user, &channel, &ts)?;
            done(ws.react(&channel, ts_us, user, &name, false))
        }
        SlackAct::Pin { channel, ts } => {
            let ts_us = message(ws, user, &channel, &ts)?;
            done(ws.pin(&channel, ts_us, user, true))
        }
        SlackAct::Unpin { channel, ts } => {
            let ts_us = message(ws, user, &channel, &ts)?;
            done(ws.pin(&channel, ts_us, user, false))
        }
        SlackAct::OpenHome {} => Ok(open_home(ws, user)),
        SlackAct::OpenDm {} => Ok(json!({"channel": ws.im_with(user)})),
        SlackAct::SetLocale { locale } => {
            ws.set_locale(user, &locale);
            Ok(json!({}))
        }
        SlackAct::SetGroup { group, user, on } => done(ws.put_in_group(&group, &user, on)),
        SlackAct::AddUser { name, real_name, locale } => {
            if ws.user_named(&name).is_some() {
                return Err(ActError::new(format!("{name} is taken.")));
            }
            let id = ws.add_user(&UserSetup::new(&name, &real_name, &locale), false);
            ws.emit_user("team_join", &id);
            Ok(json!({"user": id}))
        }
        SlackAct::PostAsApp { channel, app_name, text, blocks, attachments, metadata, thread_ts } => {
            ws.channel_mut(&channel).map_err(said)?;
            let mut message = NewMessage::new(Author::OtherApp { name: app_name }, &text);
            message.blocks = blocks;
            message.attachments = attachments;
            message.metadata = metadata;
            message.thread_us = thread_ts.as_deref().and_then(ids::parse_ts);
            let ts_us = ws.post(&channel, message);
            Ok(json!({"ts": ids::ts(ts_us)}))
        }
        SlackAct::DismissToast { id } => {
            ws.toasts.retain(|toast| toast.id != id || toast.user != user);
            ws.dirty = true;
            Ok(json!({}))
        }
        other => in_channels(ws, user, other),
    }
}

/// Acts on channels themselves.
fn in_channels(ws: &mut Workspace, user: &str, act: SlackAct) -> Result<Value, ActError> {
    match act {
        SlackAct::Join { channel } => {
            ws.visible_channel(user, &channel)?;
            done(ws.join_channel(&channel, user, None).map(|_| ()))
        }
        SlackAct::Leave { channel } => done(ws.leave_channel(&channel, user).map(|_| ())),
        SlackAct::Invite { channel, user: guest } => {
            ws.visible_channel(user, &channel)?;
            let guest = ws.user_named(&guest).ok_or_else(|| ActError::new("There is no such user."))?;
            done(ws.join_channel(&channel, &guest, Some(user)).map(|_| ()))
        }
        SlackAct::Kick { channel, user: guest } => {
            ws.visible_channel(user, &channel)?;
            let guest = ws.user_named(&guest).ok_or_else(|| ActError::new("There is no such user."))?;
            done(ws.leave_channel(&channel, &guest).map(|_| ()))
        }
        SlackAct::CreateChannel { name, private } => {
            let channel = ws.create_channel(&name, private, user).map_err(said)?;
            Ok(json!({"channel": channel}))
        }
        SlackAct::Archive { channel } => {
            ws.visible_channel(user, &channel)?;
            done(ws.set_archived(&channel, user, true))
        }
        SlackAct::Unarchive { channel } => {
            ws.visible_channel(user, &channel)?;
            done(ws.set_archived(&channel, user, false))
        }
        SlackAct::RenameChannel { channel, name } => {
            ws.visible_channel(user, &channel)?;
            done(ws.rename_channel(&channel, &name, user))
        }
        _ => Err(ActError::new("Nothing to do.")),
    }
}

fn done(result: Result<(), ApiError>) -> Result<Value, ActError> {
    result.map(|()| json!({})).map_err(said)
}

fn said(error: ApiError) -> ActError {
    ActError::new(format!("Slack answers: {}", error.code))
}

fn post(
    ws: &mut Workspace,
    user: &str,
    channel: &str,
    text: &str,
    thread_ts: Option<String>,
    files: &[ActFile],
    broadcast: bool,
) -> Result<Value, ActError> {
    if text.trim().is_empty() && files.is_empty() {
        return Err(ActError::new("Write something first."));
    }
    if text.chars().count() > limits::MESSAGE_TEXT_KEPT {
        return Err(ActError::new("This message is too long."));
    }
    if text.trim_start().starts_with('/') {
        return Err(ActError::new("Messages that start with a slash are commands."));
    }
    let thread_us = match thread_ts {
        Some(ts) => {
            let root = message(ws, user, channel, &ts)?;
            ws.channel(channel)
                .and_then(|channel| channel.message(root))
                .map(|root| root.thread_us.unwrap_or(root.ts_us))
        }
        None => None,
    };
    let typed = ws.typed(text, Mentions::Bare);
    let mut new = NewMessage::new(Author::Person(user.to_owned()), &typed);
    new.thread_us = thread_us;
    new.broadcast = broadcast && thread_us.is_some();
    for file in files {
        new.files.push(attach(ws, user, channel, file)?);
    }
    let ts_us = ws.post(channel, new);
    Ok(json!({"ts": ids::ts(ts_us)}))
}

fn attach(ws: &mut Workspace, user: &str, channel: &str, file: &ActFile) -> Result<Value, ActError> {
    use base64::Engine as _;
    let bytes = if file.base64.is_empty() {
        file.text.clone().into_bytes()
    } else {
        let decoded = base64::engine::general_purpose::STANDARD.decode(&file.base64);
        decoded.map_err(|_| ActError::new(format!("{} is not base64.", file.name)))?
    };
    let (id, _) = ws.new_file(&file.name, &file.alt, bytes.len(), user);
    if let Some(known) = ws.files.iter_mut().find(|known| known.id == id) {
        known.bytes = Some(bytes);
        known.complete = true;
        known.channels.push(channel.to_owned());
    }
    ws.file_wire(&id).ok_or_else(|| ActError::new("The file could not be kept."))
}

/// A message the person can see.
fn message(ws: &Workspace, user: &str, channel: &str, ts: &str) -> Result<i64, ActError> {
    ws.visible_channel(user, channel)?;
    let ts_us = ids::parse_ts(ts).filter(|ts_us| {
        ws.channel(channel).and_then(|channel| channel.message(*ts_us)).is_some_and(|one| one.ephemeral_for.is_none())
    });
    ts_us.ok_or_else(|| ActError::new("There is no such message any more."))
}

fn own_message(ws: &Workspace, user: &str, channel: &str, ts: &str) -> Result<i64, ActError> {
    let ts_us = message(ws, user, channel, ts)?;
    let owner = ws.channel(channel).and_then(|channel| channel.message(ts_us)).map(|one| one.owner.clone());
    let admin = ws.user(user).is_some_and(|user| user.is_admin);
    if owner.as_deref() == Some(user) || admin {
        return Ok(ts_us);
    }
    Err(ActError::new("You can only change your own messages."))
}

/// Opens the Home tab: the app is told, whether or not something is published there.
fn open_home(ws: &mut Workspace, user: &str) -> Value {
    let channel = ws.im_with(user);
    let home = ws.home(user).map(|home| ws.view_wire(home));
    let mut event = json!({"type": "app_home_opened", "user": user, "channel": channel, "tab": "home"});
    if let Some(home) = &home {
        event["view"] = home.clone();
    }
    ws.emit_plain("app_home_opened", event);
    json!({"channel": channel})
}

impl Workspace {
    fn open_for_posting(&self, user: &str, channel: &str) -> Result<(), ActError> {
        let known = self.channel(channel).ok_or_else(|| ActError::new(format!("There is no channel {channel}.")))?;
        if !known.has(user) {
            return Err(ActError::new(format!("Join #{} first.", known.name)));
        }
        if known.archived {
            return Err(ActError::new(format!("#{} is archived.", known.name)));
        }
        Ok(())
    }
}
