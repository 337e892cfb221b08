//! Channels: who is in them, how they look on the wire, and what changes in them tell the app.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::error::ApiError;
use super::ids;
use super::limits::CHANNEL_NAME_MAX;
use super::messages::NewMessage;
use super::workspace::{Channel, ChannelKind, Note, Workspace};

impl Workspace {
    /// The conversation object, as seen by `viewer`.
    pub(super) fn channel_wire(&self, channel: &Channel, viewer: &str) -> Value {
        if channel.is_im() {
            let peer = channel.members.iter().find(|member| *member != viewer);
            return json!({
                "id": channel.id,
                "created": channel.created_s,
                "is_archived": channel.archived,
                "is_im": true,
                "is_org_shared": false,
                "context_team_id": self.team_id,
                "updated": channel.created_s * 1_000,
                "user": peer,
                "is_user_deleted": false,
                "is_open": true,
                "priority": 0,
            });
        }
        let private = channel.kind != ChannelKind::Public;
        json!({
            "id": channel.id,
            "name": channel.name,
            "is_channel": channel.kind == ChannelKind::Public,
            "is_group": channel.kind == ChannelKind::Private,
            "is_im": false,
            "is_mpim": channel.kind == ChannelKind::Mpim,
            "is_private": private,
            "created": channel.created_s,
            "is_archived": channel.archived,
            "is_general": channel.name == "general",
            "unlinked": 0,
            "name_normalized": channel.name,
            "is_shared": false,
            "is_org_shared": false,
            "is_pending_ext_shared": false,
            "pending_shared": [],
            "context_team_id": self.team_id,
            "updated": channel.created_s * 1_000,
            "parent_conversation": null,
            "creator": channel.creator,
            "is_ext_shared": false,
            "shared_team_ids": [self.team_id],
            "pending_connected_team_ids": [],
            "is_member": channel.has(viewer),
            "topic": note_wire(&channel.topic),
            "purpose": note_wire(&channel.purpose),
            "previous_names": channel.previous_names,
            "num_members": channel.members.len(),
        })
    }

    /// The direct message channel between `user` and the bot, opened if need be.
    pub(super) fn im_with(&mut self, user: &str) -> String {
        let bot = self.app.bot_user.clone();
        let known = self.channels.iter().find(|channel| channel.is_im() && channel.has(user) && channel.has(&bot));
        if let Some(channel) = known {
            return channel.id.clone();
        }
        let id = ids::id('D', &format!("{}/{user}", self.team_id));
        self.insert_channel(&id, "", ChannelKind::Im, &bot, vec![user.to_owned(), bot.clone()]);
        id
    }

    pub(super) fn insert_channel(
        &mut self,
        id: &str,
        name: &str,
        kind: ChannelKind,
        creator: &str,
        members: Vec<String>,
    ) {
        let created_s = self.now_s();
        self.channels.push(Channel {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            members,
            creator: creator.to_owned(),
            created_s,
            topic: Note::default(),
            purpose: Note::default(),
            archived: false,
            previous_names: Vec::new(),
            messages: Vec::new(),
            threads: BTreeMap::new(),
        });
        self.dirty = true;
    }

    /// Creates a channel with its creator in it and tells the app.
    pub(super) fn create_channel(&mut self, name: &str, private: bool, creator: &str) -> Result<String, ApiError> {
        self.check_channel_name(name)?;
        let id = ids::id('C', &self.next_seed(name));
        let kind = if private { ChannelKind::Private } else { ChannelKind::Public };
        self.insert_channel(&id, name, kind, creator, vec![creator.to_owned()]);
        if !private {
            let stub = self.channel_stub(&id);
            self.emit_plain("channel_created", json!({"type": "channel_created", "channel": stub}));
        }
        self.announce_member(&id, creator, None);
        Ok(id)
    }

    /// Slack's rules for a channel name, each with its own error.
    pub(super) fn check_channel_name(&self, name: &str) -> Result<(), ApiError> {
        let code = if name.is_empty() {
            "invalid_name_required"
        } else if name.chars().count() > CHANNEL_NAME_MAX {
            "invalid_name_maxlength"
        } else if name.chars().all(|letter| "-_".contains(letter)) {
            "invalid_name_punctuation"
        } else if !name.chars().all(allowed_in_name) {
            "invalid_name_specials"
        } else if self.channels.iter().any(|channel| channel.name == name && !channel.is_im()) {
            "name_taken"
        } else {
            return Ok(());
        };
        Err(ApiError::new(code))
    }

    /// Puts `user` in the channel. `false` when already there.
    pub(super) fn join_channel(&mut self, id: &str, user: &str, inviter: Option<&str>) -> Result<bool, ApiError> {
        let channel = self.channel_mut(id)?;
        if channel.archived {
            return Err(ApiError::new("is_archived"));
        }
        if channel.has(user) {
            return Ok(false);
        }
        channel.members.push(user.to_owned());
        self.announce_member(id, user, inviter);
        Ok(true)
    }

    fn announce_member(&mut self, id: &str, user: &str, inviter: Option<&str>) {
        let Some(channel) = self.channel(id) else { return };
        let (private, name) = (channel.kind != ChannelKind::Public, channel.type_name());
        let mut event = json!({
            "type": "member_joined_channel",
            "user": user,
            "channel": id,
            "channel_type": if private { "G" } else { "C" },
            "team": self.team_id,
        });
        if let Some(inviter) = inviter {
            event["inviter"] = json!(inviter);
        }
        self.emit_in("member_joined_channel", id, event);
        let text = format!("<@{user}> has joined the {name}");
        let subtype = if private { "group_join" } else { "channel_join" };
        self.post_system(id, user, subtype, &text);
    }

    /// Takes `user` out of the channel. `false` when not in it.
    pub(super) fn leave_channel(&mut self, id: &str, user: &str) -> Result<bool, ApiError> {
        let bot = self.app.bot_user.clone();
        let channel = self.channel_mut(id)?;
        if !channel.has(user) {
            return Ok(false);
        }
        let (private, name) = (channel.kind != ChannelKind::Public, channel.type_name());
        if user == bot {
            channel.members.retain(|member| member != user);
            let kind = if private { "group_left" } else { "channel_left" };
            self.emit_plain(kind, json!({"type": kind, "channel": id, "actor_id": user}));
        } else {
            let event = json!({
                "type": "member_left_channel",
                "user": user,
                "channel": id,
                "channel_type": if private { "G" } else { "C" },
                "team": self.team_id,
            });
            self.emit_in("member_left_channel", id, event);
            self.channel_mut(id)?.members.retain(|member| member != user);
        }
        let subtype = if private { "group_leave" } else { "channel_leave" };
        self.post_system(id, user, subtype, &format!("<@{user}> has left the {name}"));
        Ok(true)
    }

    /// Archives or unarchives.
    pub(super) fn set_archived(&mut self, id: &str, user: &str, archived: bool) -> Result<(), ApiError> {
        let channel = self.channel_mut(id)?;
        channel.archived = archived;
        let private = channel.kind == ChannelKind::Private;
        let kind = match (private, archived) {
            (false, true) => "channel_archive",
            (false, false) => "channel_unarchive",
            (true, true) => "group_archive",
            (true, false) => "group_unarchive",
        };
        let event = json!({"type": kind, "channel": id, "user": user, "is_moved": 0});
        if private {
            self.emit_in(kind, id, event)
        } else {
            self.emit_plain(kind, event)
        }
        self.dirty = true;
        Ok(())
    }

    pub(super) fn rename_channel(&mut self, id: &str, name: &str, user: &str) -> Result<(), ApiError> {
        self.check_channel_name(name)?;
        let channel = self.channel_mut(id)?;
        let old = std::mem::replace(&mut channel.name, name.to_owned());
        channel.previous_names.insert(0, old.clone());
        let (private, created) = (channel.kind == ChannelKind::Private, channel.created_s);
        let kind = if private { "group_rename" } else { "channel_rename" };
        let inner = json!({
            "id": id, "is_channel": !private, "is_mpim": false, "name": name, "name_normalized": name,
            "created": created,
        });
        let event = json!({"type": kind, "channel": inner});
        if private {
            self.emit_in(kind, id, event)
        } else {
            self.emit_plain(kind, event)
        }
        let subtype = if private { "group_name" } else { "channel_name" };
        self.post_system(id, user, subtype, &format!("has renamed the channel from \"{old}\" to \"{name}\""));
        Ok(())
    }

    /// Sets the topic (or the purpose) and says so in the channel.
    pub(super) fn set_note(&mut self, id: &str, user: &str, value: &str, topic: bool) -> Result<(), ApiError> {
        let set_s = self.now_s();
        let channel = self.channel_mut(id)?;
        let note = Note { value: value.to_owned(), creator: user.to_owned(), set_s };
        let private = channel.kind == ChannelKind::Private;
        if topic {
            channel.topic = note
        } else {
            channel.purpose = note
        }
        let (place, what) = (if private { "group" } else { "channel" }, if topic { "topic" } else { "purpose" });
        let name = if topic { "topic" } else { "description" };
        self.post_system(id, user, &format!("{place}_{what}"), &format!("set the channel {name}: {value}"));
        Ok(())
    }

    fn channel_stub(&self, id: &str) -> Value {
        let Some(channel) = self.channel(id) else { return Value::Null };
        json!({
            "id": id,
            "is_channel": true,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": channel.created_s,
            "creator": channel.creator,
            "is_archived": false,
            "is_shared": false,
            "is_org_shared": false,
            "context_team_id": self.team_id,
            "is_private": false,
        })
    }

    /// A message Slack writes itself (somebody joined, the topic changed).
    fn post_system(&mut self, id: &str, user: &str, subtype: &str, text: &str) {
        self.post(id, NewMessage::system(user, subtype, text));
    }

    /// An event of the whole workspace.
    pub(super) fn emit_plain(&mut self, subscription: &str, mut event: Value) {
        let event_ts = ids::ts(self.next_ts_us());
        event["event_ts"] = json!(event_ts);
        self.dirty = true;
        self.emit(subscription, event);
    }

    /// An event of one channel, sent only when the bot is a member.
    pub(super) fn emit_in(&mut self, subscription: &str, id: &str, event: Value) {
        self.dirty = true;
        if self.channel(id).is_some_and(|channel| channel.has(&self.app.bot_user)) {
            self.emit_plain(subscription, event);
        }
    }
}

fn note_wire(note: &Note) -> Value {
    json!({"value": note.value, "creator": note.creator, "last_set": note.set_s})
}

/// Lower case, digits, hyphen, underscore; other alphabets are allowed, capitals are not.
fn allowed_in_name(letter: char) -> bool {
    letter == '-' || letter == '_' || (letter.is_alphanumeric() && !letter.is_uppercase())
}
