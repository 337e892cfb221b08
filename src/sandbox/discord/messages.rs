//! Messages over REST: list, post, edit, delete, typing.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::compose::{self, Sender};
use super::errors::{ApiError, FormErrors};
use super::hub::intent;
use super::ids::{Id, as_id, created_ms, parse_id, sid};
use super::model::{Channel, Message};
use super::permissions as perm;
use super::state::{State, without_content};

/// Discord docs, "Get Channel Messages".
const PAGE_MAX: i64 = 100;
const PAGE_DEFAULT: i64 = 50;
/// Discord docs, "Bulk Delete Messages".
const BULK_MIN: usize = 2;
const BULK_MAX: usize = 100;
const BULK_AGE_MAX_MS: i64 = 14 * 86_400_000;
/// Discord docs, "Trigger Typing Indicator": it lasts 10 seconds.
pub(super) const TYPING_MS: i64 = 10_000;

impl State {
    /// A message as the bot may read it: without MESSAGE_CONTENT in the portal, other people's texts are empty.
    pub fn message_for_bot(&self, message: &Message) -> Value {
        let value = self.message_json(message);
        let dm = self.channels.get(&message.channel).is_some_and(|place| !place.in_guild());
        let own = message.author == self.app.id && message.webhook.is_none();
        if self.app.message_content || dm || own || message.mentions.contains(&self.app.id) {
            value
        } else {
            without_content(value)
        }
    }
}

/// GET messages: newest first; `around`, `before`, `after` exclude each other.
pub(super) fn list(state: &State, call: &Call, channel: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?;
    if !place.holds_messages() {
        return Err(ApiError::of(50024));
    }
    let mut form = FormErrors::default();
    let limit = match call.param("limit").map(str::parse::<i64>) {
        None => PAGE_DEFAULT,
        Some(Ok(limit)) if (1..=PAGE_MAX).contains(&limit) => limit,
        Some(Ok(limit)) if limit < 1 => {
            form.add("limit", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.");
            1
        }
        Some(Ok(_)) => {
            form.add("limit", "NUMBER_TYPE_MAX", format!("int value should be less than or equal to {PAGE_MAX}."));
            PAGE_MAX
        }
        Some(Err(_)) => {
            form.add("limit", "NUMBER_TYPE_COERCE", "Value is not int.");
            1
        }
    };
    let mut cursor = |key: &str| {
        let text = call.param(key)?;
        if parse_id(text).is_none() {
            form.add(key, "NUMBER_TYPE_COERCE", format!("Value \"{text}\" is not snowflake."));
        }
        parse_id(text)
    };
    let (around, before, after) = (cursor("around"), cursor("before"), cursor("after"));
    form.check()?;
    // Discord docs: without READ_MESSAGE_HISTORY no messages are returned.
    if !state.may(state.app.id, place, perm::READ_MESSAGE_HISTORY) {
        return Ok(Reply::ok(json!([])));
    }
    let all: Vec<&Message> = state
        .messages
        .get(&place.id)
        .into_iter()
        .flat_map(|all| all.values())
        .filter(|m| m.ephemeral_for.is_none())
        .collect();
    let limit = usize::try_from(limit).unwrap_or(1);
    let mut page: Vec<&Message> = match (around, before, after) {
        (Some(middle), ..) => {
            let at = all.partition_point(|message| message.id < middle);
            let from = at.saturating_sub(limit / 2);
            all.iter().skip(from).take(limit).copied().collect()
        }
        (_, Some(before), _) => {
            let until = all.partition_point(|message| message.id < before);
            all[until.saturating_sub(limit)..until].to_vec()
        }
        (_, _, Some(after)) => {
            let from = all.partition_point(|message| message.id <= after);
            all.iter().skip(from).take(limit).copied().collect()
        }
        _ => all[all.len().saturating_sub(limit)..].to_vec(),
    };
    page.reverse();
    Ok(Reply::ok(page.into_iter().map(|message| state.message_for_bot(message)).collect()))
}

/// GET one message.
pub(super) fn get(state: &State, channel: &str, id: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel_with(channel, perm::READ_MESSAGE_HISTORY)?;
    let message = state.bot_message(place.id, id)?;
    Ok(Reply::ok(state.message_for_bot(message)))
}

/// POST a message.
pub(super) fn create(state: &mut State, call: &Call, channel: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?.clone();
    let draft = compose::read(&call.body, &call.files, None)?;
    let author = state.app.id;
    state.check_send(author, &place, &draft, !call.files.is_empty())?;
    let nonce = draft.nonce.clone();
    let id = match state.repeated(author, &draft) {
        Some((channel, id)) => return answer(state, channel, id, nonce),
        None => state.send(Sender::plain(place.id, author), draft, &call.files),
    };
    answer(state, place.id, id, nonce)
}

fn answer(state: &State, channel: Id, id: Id, nonce: Option<Value>) -> Result<Reply, ApiError> {
    let message = state.message(channel, id).ok_or_else(|| ApiError::of(10008))?;
    let mut value = state.message_json(message);
    if let Some(nonce) = nonce {
        value["nonce"] = nonce;
    }
    Ok(Reply::ok(value))
}

/// PATCH a message: only one's own, except for flags.
pub(super) fn edit(state: &mut State, call: &Call, channel: &str, id: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?.clone();
    let message = state.bot_message(place.id, id)?.clone();
    if place.archived() {
        return Err(ApiError::of(50083));
    }
    let own = message.author == state.app.id && message.webhook.is_none();
    // Discord docs, "Edit Message": others' messages only in their flags, with MANAGE_MESSAGES.
    let flags_only = call.body.as_object().is_some_and(|body| body.len() == 1 && body.contains_key("flags"));
    let may = own || flags_only && state.may(state.app.id, &place, perm::MANAGE_MESSAGES);
    if !may {
        return Err(ApiError::of(50005));
    }
    if message.is_system() {
        return Err(ApiError::of(50021));
    }
    let draft = compose::read(&call.body, &call.files, Some(&message))?;
    state.rewrite(place.id, message.id, draft, &call.files, !flags_only);
    answer(state, place.id, message.id, None)
}

/// DELETE a message: one's own, or with MANAGE_MESSAGES.
pub(super) fn delete(state: &mut State, channel: &str, id: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?.clone();
    let message = state.bot_message(place.id, id)?;
    let own = message.author == state.app.id && message.webhook.is_none();
    if message.kind == 21 {
        return Err(ApiError::of(50021));
    }
    if !own && (!place.in_guild() || !state.may(state.app.id, &place, perm::MANAGE_MESSAGES)) {
        return Err(ApiError::of(if place.in_guild() { 50013 } else { 50003 }));
    }
    let id = message.id;
    if place.archived() {
        return Err(ApiError::of(50083));
    }
    state.remove_message(place.id, id);
    Ok(Reply::nothing())
}

/// POST bulk-delete.
pub(super) fn bulk_delete(state: &mut State, call: &Call, channel: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?;
    if !place.in_guild() {
        return Err(ApiError::of(50003));
    }
    let place = state.bot_channel_with(channel, perm::MANAGE_MESSAGES)?.id;
    let ids: Vec<Id> = call.body["messages"].as_array().into_iter().flatten().filter_map(as_id).collect();
    if ids.len() < BULK_MIN || ids.len() > BULK_MAX {
        return Err(ApiError::of(50016));
    }
    let now = state.now_ms();
    if ids.iter().any(|id| now - created_ms(*id) > BULK_AGE_MAX_MS) {
        return Err(ApiError::of(50034));
    }
    let gone: Vec<Id> = ids
        .into_iter()
        .filter(|id| state.messages.get_mut(&place).is_some_and(|all| all.remove(id).is_some()))
        .collect();
    if !gone.is_empty() {
        let guild = sid(state.guild.id);
        let data = json!({ "ids": super::ids::sids(&gone), "channel_id": sid(place), "guild_id": guild });
        state.emit_in("MESSAGE_DELETE_BULK", place, (intent::GUILD_MESSAGES, intent::DIRECT_MESSAGES), data);
    }
    Ok(Reply::nothing())
}

/// POST typing.
pub(super) fn typing(state: &mut State, channel: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?;
    if place.in_guild() && !state.may(state.app.id, place, State::send_bit(place)) {
        return Err(ApiError::of(50013));
    }
    let (place, bot) = (place.id, state.app.id);
    state.start_typing(place, bot);
    Ok(Reply::nothing())
}

impl State {
    /// Shows "... is typing" for ten seconds and tells the gateway.
    pub fn start_typing(&mut self, channel: Id, user: Id) {
        let now = self.now_ms();
        self.typing.retain(|(place, who, _)| (*place, *who) != (channel, user));
        self.typing.push((channel, user, now + TYPING_MS));
        let mut data = json!({ "channel_id": sid(channel), "user_id": sid(user), "timestamp": now / 1_000 });
        if self.channels.get(&channel).is_some_and(Channel::in_guild) {
            data["guild_id"] = sid(self.guild.id);
            if let Some(member) = self.members.get(&user) {
                data["member"] = self.member_json(member);
            }
        }
        self.emit_in("TYPING_START", channel, (intent::GUILD_MESSAGE_TYPING, intent::DIRECT_MESSAGE_TYPING), data);
    }
}
