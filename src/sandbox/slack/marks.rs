//! Marks on messages: reactions and pins.

use serde_json::{Value, json};

use super::error::ApiError;
use super::ids;
use super::limits::{EMOJI_PER_MESSAGE_MAX, PINS_MAX};
use super::workspace::{Message, Workspace};

impl Workspace {
    /// Adds (or removes) a reaction and tells the app.
    pub(super) fn react(
        &mut self,
        channel_id: &str,
        ts_us: i64,
        user: &str,
        name: &str,
        add: bool,
    ) -> Result<(), ApiError> {
        if name.is_empty() || !name.chars().all(|letter| letter.is_alphanumeric() || "_-+':".contains(letter)) {
            return Err(ApiError::new("invalid_name"));
        }
        let message = self.visible_message(channel_id, ts_us)?;
        if add {
            message.add_reaction(user, name)?
        } else {
            message.remove_reaction(user, name)?
        }
        let item_user = message.wire.get("user").cloned();
        let kind = if add { "reaction_added" } else { "reaction_removed" };
        let mut event = json!({
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel_id, "ts": ids::ts(ts_us)},
        });
        if let Some(item_user) = item_user {
            event["item_user"] = item_user;
        }
        self.emit_in(kind, channel_id, event);
        Ok(())
    }

    /// Pins (or unpins) a message and tells the app.
    pub(super) fn pin(&mut self, channel_id: &str, ts_us: i64, user: &str, add: bool) -> Result<(), ApiError> {
        let now_s = self.now_s();
        let pins = self.channel_mut(channel_id)?.messages.iter().filter(|message| message.pinned.is_some()).count();
        let message = self.visible_message(channel_id, ts_us)?;
        match (add, message.pinned.is_some()) {
            (true, true) => return Err(ApiError::new("already_pinned")),
            (false, false) => return Err(ApiError::new("no_pin")),
            (true, false) if pins >= PINS_MAX => return Err(ApiError::new("too_many_pins")),
            (true, false) => message.pinned = Some((user.to_owned(), now_s)),
            (false, true) => message.pinned = None,
        }
        let (wire, item_user) = (message.wire.clone(), message.wire.get("user").cloned());
        let kind = if add { "pin_added" } else { "pin_removed" };
        let left = if add { pins + 1 } else { pins - 1 };
        let event = json!({
            "type": kind,
            "user": user,
            "channel_id": channel_id,
            "item": {
                "type": "message", "channel": channel_id, "message": wire, "created": now_s, "created_by": user,
            },
            "item_user": item_user,
            "pin_count": left,
            "has_pins": left > 0,
        });
        self.emit_in(kind, channel_id, event);
        Ok(())
    }

    fn visible_message(&mut self, channel_id: &str, ts_us: i64) -> Result<&mut Message, ApiError> {
        self.channel_mut(channel_id)?
            .message_mut(ts_us)
            .filter(|message| message.ephemeral_for.is_none())
            .ok_or_else(|| ApiError::new("message_not_found"))
    }
}

impl Message {
    fn add_reaction(&mut self, user: &str, name: &str) -> Result<(), ApiError> {
        if let Some((_, users)) = self.reactions.iter_mut().find(|(known, _)| known == name) {
            if users.iter().any(|known| known == user) {
                return Err(ApiError::new("already_reacted"));
            }
            users.push(user.to_owned());
            return Ok(());
        }
        if self.reactions.len() >= EMOJI_PER_MESSAGE_MAX {
            return Err(ApiError::new("too_many_emoji"));
        }
        self.reactions.push((name.to_owned(), vec![user.to_owned()]));
        Ok(())
    }

    fn remove_reaction(&mut self, user: &str, name: &str) -> Result<(), ApiError> {
        let held =
            self.reactions.iter_mut().find(|(known, users)| known == name && users.iter().any(|one| one == user));
        let (_, users) = held.ok_or_else(|| ApiError::new("no_reaction"))?;
        users.retain(|known| known != user);
        self.reactions.retain(|(_, users)| !users.is_empty());
        Ok(())
    }

    /// Reactions as the snapshot and `reactions.get` write them.
    pub(super) fn reactions_wire(&self) -> Vec<Value> {
        self.reactions.iter().map(|(name, users)| json!({"name": name, "users": users, "count": users.len()})).collect()
    }
}
