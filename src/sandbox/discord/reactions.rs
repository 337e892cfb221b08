//! Reactions and pins.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::errors::ApiError;
use super::form::is_unicode_emoji;
use super::hub::intent;
use super::ids::{Id, iso, parse_id, sid};
use super::model::{Channel, Message, Reaction};
use super::permissions as perm;
use super::render;
use super::state::State;

/// Discord docs, JSON error 30010.
const REACTIONS_MAX: usize = 20;
/// 250 pins a channel since 2025 (second-hand; 50 before), JSON error 30003.
const PINS_MAX: usize = 250;
/// Discord docs, "Get Channel Pins".
const PIN_PAGE_MAX: usize = 50;
const REACTION_PAGE_MAX: usize = 100;

/// Everything under /channels/:id/messages/:id/reactions.
pub(super) fn routes(
    state: &mut State,
    call: &Call,
    channel: &str,
    message: &str,
    rest: &[&str],
) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?.clone();
    let found = state.bot_message(place.id, message)?.clone();
    let bot = state.app.id;
    match (call.method.as_str(), rest) {
        ("PUT", [emoji, "@me"]) => {
            let emoji = known_emoji(emoji)?;
            if place.archived() {
                return Err(ApiError::of(50083));
            }
            let mut needed = perm::READ_MESSAGE_HISTORY;
            if !found.reactions.iter().any(|reaction| reaction.emoji == emoji) {
                needed |= perm::ADD_REACTIONS;
            }
            if !state.may(bot, &place, needed) {
                return Err(ApiError::of(50013));
            }
            state.react(&found, &emoji, bot)?;
            Ok(Reply::nothing())
        }
        ("DELETE", [emoji, user]) => {
            let emoji = known_emoji(emoji)?;
            let user = if *user == "@me" { bot } else { super::state::snowflake("user_id", user)? };
            if user != bot && !state.may(bot, &place, perm::MANAGE_MESSAGES) {
                return Err(ApiError::of(50013));
            }
            state.unreact(&found, &emoji, user);
            Ok(Reply::nothing())
        }
        ("GET", [emoji]) => {
            let emoji = known_emoji(emoji)?;
            let limit = call.param("limit").and_then(|text| text.parse().ok()).unwrap_or(25).min(REACTION_PAGE_MAX);
            let after = call.param("after").and_then(parse_id).unwrap_or(0);
            let mut users: Vec<Id> = found
                .reactions
                .iter()
                .filter(|reaction| reaction.emoji == emoji)
                .flat_map(|r| r.users.clone())
                .collect();
            users.sort_unstable();
            let page = users.into_iter().filter(|user| *user > after).take(limit);
            Ok(Reply::ok(page.map(|user| state.user_json(user)).collect()))
        }
        ("DELETE", rest) => {
            if !state.may(bot, &place, perm::MANAGE_MESSAGES) {
                return Err(ApiError::of(50013));
            }
            clear(state, &found, rest.first().copied())?;
            Ok(Reply::nothing())
        }
        _ => Err(ApiError::plain(405)),
    }
}

fn clear(state: &mut State, message: &Message, emoji: Option<&str>) -> Result<(), ApiError> {
    let emoji = emoji.map(known_emoji).transpose()?;
    if let Some(slot) = state.message_mut(message.channel, message.id) {
        slot.reactions.retain(|reaction| emoji.as_ref().is_some_and(|emoji| *emoji != reaction.emoji));
    }
    let mut data = json!({ "channel_id": sid(message.channel), "message_id": sid(message.id) });
    if state.channels.get(&message.channel).is_some_and(Channel::in_guild) {
        data["guild_id"] = sid(state.guild.id);
    }
    let event = if let Some(emoji) = &emoji {
        data["emoji"] = render::emoji(emoji);
        "MESSAGE_REACTION_REMOVE_EMOJI"
    } else {
        "MESSAGE_REACTION_REMOVE_ALL"
    };
    state.emit_in(event, message.channel, (intent::GUILD_MESSAGE_REACTIONS, intent::DIRECT_MESSAGE_REACTIONS), data);
    Ok(())
}

/// A Unicode emoji; the guild has no emojis of its own, so "name:id" is unknown (10014).
pub(super) fn known_emoji(text: &str) -> Result<String, ApiError> {
    if is_unicode_emoji(text) { Ok(text.to_owned()) } else { Err(ApiError::of(10014)) }
}

impl State {
    /// Adds a reaction; adding it twice changes nothing.
    pub fn react(&mut self, message: &Message, emoji: &str, user: Id) -> Result<(), ApiError> {
        let Some(slot) = self.message_mut(message.channel, message.id) else { return Err(ApiError::of(10008)) };
        let full = slot.reactions.len() >= REACTIONS_MAX;
        match slot.reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) if reaction.users.contains(&user) => return Ok(()),
            Some(reaction) => reaction.users.push(user),
            None if full => return Err(ApiError::of(30010)),
            None => slot.reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] }),
        }
        self.emit_reaction("MESSAGE_REACTION_ADD", message, emoji, user);
        Ok(())
    }

    /// Takes a reaction away; a missing one changes nothing.
    pub fn unreact(&mut self, message: &Message, emoji: &str, user: Id) {
        let Some(slot) = self.message_mut(message.channel, message.id) else { return };
        let mut removed = false;
        for reaction in slot.reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
            let before = reaction.users.len();
            reaction.users.retain(|other| *other != user);
            removed = reaction.users.len() < before;
        }
        slot.reactions.retain(|reaction| !reaction.users.is_empty());
        if removed {
            self.emit_reaction("MESSAGE_REACTION_REMOVE", message, emoji, user);
        }
    }

    fn emit_reaction(&mut self, event: &'static str, message: &Message, emoji: &str, user: Id) {
        if message.ephemeral_for.is_some() {
            return;
        }
        let mut data = json!({
            "user_id": sid(user), "type": 0, "message_id": sid(message.id), "channel_id": sid(message.channel),
            "emoji": render::emoji(emoji), "burst": false,
        });
        if event == "MESSAGE_REACTION_ADD" {
            data["message_author_id"] = sid(message.author);
            data["burst_colors"] = json!([]);
        }
        if self.channels.get(&message.channel).is_some_and(Channel::in_guild) {
            data["guild_id"] = sid(self.guild.id);
            if event == "MESSAGE_REACTION_ADD"
                && let Some(member) = self.members.get(&user)
            {
                data["member"] = self.member_json(member);
            }
        }
        let intents = (intent::GUILD_MESSAGE_REACTIONS, intent::DIRECT_MESSAGE_REACTIONS);
        self.emit_in(event, message.channel, intents, data);
    }

    /// Pinned messages of a channel, latest pin first.
    fn pinned(&self, channel: Id) -> Vec<(&Message, i64)> {
        let all = self.messages.get(&channel).into_iter().flat_map(|all| all.values());
        let mut pinned: Vec<(&Message, i64)> = all.filter_map(|message| Some((message, message.pinned_ms?))).collect();
        pinned.sort_by_key(|(message, at_ms)| std::cmp::Reverse((*at_ms, message.id)));
        pinned
    }

    /// Pins or unpins a message and tells; the notice in the channel comes with a pin.
    pub fn set_pin(&mut self, message: &Message, on: bool, by: Id) {
        let now = self.now_ms();
        if message.pinned_ms.is_some() == on {
            return;
        }
        if let Some(slot) = self.message_mut(message.channel, message.id) {
            slot.pinned_ms = on.then_some(now);
        }
        let last = self.pinned(message.channel).first().map(|(_, at_ms)| *at_ms);
        if let Some(channel) = self.channels.get_mut(&message.channel) {
            channel.last_pin_ms = last;
        }
        self.emit_message("MESSAGE_UPDATE", message.channel, message.id);
        self.emit_pins(message.channel);
        if on {
            let id = self.new_id();
            let mut notice = Message::new(id, message.channel, by, 6);
            notice.reference = Some((message.channel, message.id));
            self.store_message(notice);
            self.emit_message("MESSAGE_CREATE", message.channel, id);
        }
    }
}

/// PUT and DELETE of a pin.
pub(super) fn pin(state: &mut State, channel: &str, message: &str, on: bool) -> Result<Reply, ApiError> {
    let place = state.bot_channel_with(channel, perm::PIN_MESSAGES)?.clone();
    let found = state.bot_message(place.id, message)?.clone();
    if place.archived() {
        return Err(ApiError::of(50083));
    }
    if found.is_system() {
        return Err(ApiError::of(50021));
    }
    if on && found.pinned_ms.is_none() && state.pinned(place.id).len() >= PINS_MAX {
        return Err(ApiError::of(30003));
    }
    let bot = state.app.id;
    state.set_pin(&found, on, bot);
    Ok(Reply::nothing())
}

/// GET messages/pins.
pub(super) fn pins(state: &State, call: &Call, channel: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?;
    if !state.may(state.app.id, place, perm::READ_MESSAGE_HISTORY) {
        return Ok(Reply::ok(json!({ "items": [], "has_more": false })));
    }
    let limit = call.param("limit").and_then(|text| text.parse().ok()).unwrap_or(PIN_PAGE_MAX);
    if limit == 0 || limit > PIN_PAGE_MAX {
        return Err(ApiError::field(
            "limit",
            "NUMBER_TYPE_MAX",
            format!("int value should be less than or equal to {PIN_PAGE_MAX}."),
        ));
    }
    let before = call.param("before").and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let before = before.map_or(i64::MAX, |at| at.timestamp_millis());
    let all: Vec<Value> = state
        .pinned(place.id)
        .into_iter()
        .filter(|(_, at_ms)| *at_ms < before)
        .map(|(message, at_ms)| json!({ "pinned_at": iso(at_ms), "message": state.message_for_bot(message) }))
        .collect();
    let more = all.len() > limit;
    Ok(Reply::ok(json!({ "items": all.into_iter().take(limit).collect::<Vec<_>>(), "has_more": more })))
}

/// The older GET pins: a bare list of at most 50.
pub(super) fn pins_old(state: &State, channel: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?;
    if !state.may(state.app.id, place, perm::READ_MESSAGE_HISTORY) {
        return Ok(Reply::ok(json!([])));
    }
    let pinned = state.pinned(place.id).into_iter().take(PIN_PAGE_MAX);
    Ok(Reply::ok(pinned.map(|(message, _)| state.message_for_bot(message)).collect()))
}
