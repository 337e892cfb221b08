//! Channels over REST: create, change, delete, and their permission overwrites.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::errors::{ApiError, FormErrors};
use super::form::{at, boolean, given, integer, list, text};
use super::hub::intent;
use super::ids::{Id, as_id};
use super::model::{Channel, kind};
use super::permissions::{self as perm, Overwrite};
use super::state::{State, snowflake};
use super::threads;

/// Discord docs, "Channel Object".
const NAME_MAX: usize = 100;
const TOPIC_MAX: usize = 1024;
/// Discord docs, JSON error 30013.
const CHANNELS_MAX: usize = 500;
/// Discord docs, JSON error on parents: channels of one category.
const PER_CATEGORY_MAX: usize = 50;
const CREATABLE: &[u64] = &[0, 2, 4, 5];

/// Text channel names are lower case with dashes, as Discord rewrites them.
fn stored_name(name: &str, channel_kind: u8) -> String {
    let name = name.trim();
    if !matches!(channel_kind, kind::TEXT | kind::ANNOUNCEMENT) {
        return name.to_owned();
    }
    name.to_lowercase()
        .chars()
        .map(|c| if c.is_whitespace() { '-' } else { c })
        .filter(|c| c.is_alphanumeric() || "-_".contains(*c) || !c.is_ascii())
        .collect()
}

/// Reads `permission_overwrites` of a form.
fn read_overwrites(form: &mut FormErrors, body: &Value) -> Option<Vec<Overwrite>> {
    given(body, "permission_overwrites")?;
    let entries = list(form, "", body, "permission_overwrites", (0, 1_000));
    let mut all = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = at("permission_overwrites", index);
        match given(entry, "id").and_then(as_id) {
            Some(id) => all.extend(read_overwrite(form, &path, entry, id)),
            None => form.required(&at(&path, "id")),
        }
    }
    Some(all)
}

fn read_overwrite(form: &mut FormErrors, path: &str, entry: &Value, id: Id) -> Option<Overwrite> {
    let kind = match entry["type"].as_u64().or_else(|| entry["type"].as_str().and_then(|text| text.parse().ok())) {
        Some(0) => 0,
        Some(1) => 1,
        _ => {
            form.add(&at(path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (0, 1).");
            return None;
        }
    };
    let mut bits = |key: &str| match given(entry, key) {
        None => 0,
        Some(value) => {
            let bits = value.as_str().and_then(|text| text.parse::<u64>().ok()).or_else(|| value.as_u64());
            if bits.is_none() {
                form.add(&at(path, key), "NUMBER_TYPE_COERCE", format!("Value {value} is not int."));
            }
            bits.unwrap_or(0)
        }
    };
    Some(Overwrite { id, kind, allow: bits("allow"), deny: bits("deny") })
}

impl State {
    /// An app may only set bits it has itself (Discord docs, "Edit Channel Permissions"); MANAGE_ROLES in a channel only an
    /// administrator.
    fn may_overwrite(&self, own: perm::Bits, over: &Overwrite) -> Result<(), ApiError> {
        let admin = self.guild_permissions(self.app.id) & perm::ADMINISTRATOR != 0;
        let touched = over.allow | over.deny;
        if admin || (touched & !own == 0 && touched & perm::MANAGE_ROLES == 0) {
            Ok(())
        } else {
            Err(ApiError::of(50013))
        }
    }

    /// Whether the target of an overwrite exists: 10011 and 10013.
    fn check_target(&self, over: &Overwrite) -> Result<(), ApiError> {
        match over.kind {
            0 if !self.roles.contains_key(&over.id) => Err(ApiError::of(10011)),
            1 if !self.users.contains_key(&over.id) => Err(ApiError::of(10013)),
            _ => Ok(()),
        }
    }

    fn parent_of(&self, form: &mut FormErrors, body: &Value) -> Option<Id> {
        let id = given(body, "parent_id").and_then(as_id)?;
        let category = self.channels.get(&id).is_some_and(|parent| parent.kind == kind::CATEGORY);
        if !category {
            form.add("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist");
        } else if self.channels.values().filter(|channel| channel.parent == Some(id)).count() >= PER_CATEGORY_MAX {
            let words = "Maximum number of channels in category reached (50)";
            form.add("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", words);
        }
        Some(id)
    }
}

/// POST /guilds/:id/channels.
pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, ApiError> {
    let own = state.guild_permissions(state.app.id);
    if own & perm::MANAGE_CHANNELS == 0 {
        return Err(ApiError::of(50013));
    }
    let body = &call.body;
    let mut form = FormErrors::default();
    let name = text(&mut form, "", body, "name", (1, NAME_MAX)).unwrap_or_default().to_owned();
    let topic = text(&mut form, "", body, "topic", (0, TOPIC_MAX)).map(str::to_owned);
    let slowmode = integer(&mut form, "", body, "rate_limit_per_user", (0, threads::SLOWMODE_MAX_S)).unwrap_or(0);
    let position = integer(&mut form, "", body, "position", (0, i64::MAX));
    let nsfw = boolean(&mut form, "", body, "nsfw").unwrap_or(false);
    let wanted = given(body, "type").map_or(Some(0), Value::as_u64).unwrap_or(u64::MAX);
    if !CREATABLE.contains(&wanted) {
        form.add("type", "BASE_TYPE_CHOICES", "Value must be one of {0, 2, 4, 5, 13, 14, 15, 16}.");
    }
    let parent = state.parent_of(&mut form, body);
    let overwrites = read_overwrites(&mut form, body);
    form.check()?;
    if state.channels.values().filter(|channel| channel.in_guild() && channel.thread.is_none()).count() >= CHANNELS_MAX
    {
        return Err(ApiError::of(30013));
    }
    for over in overwrites.iter().flatten() {
        state.may_overwrite(own, over)?;
        state.check_target(over)?;
    }
    let channel_kind = u8::try_from(wanted).unwrap_or(0);
    let id = state.new_id();
    let mut channel = Channel::plain(id, channel_kind, &stored_name(&name, channel_kind));
    channel.topic = topic.filter(|words| !words.is_empty());
    channel.slowmode_s = u64::try_from(slowmode).unwrap_or(0);
    channel.nsfw = nsfw;
    channel.parent = parent;
    let last = state.channels.values().map(|channel| channel.position).max().unwrap_or(0);
    channel.position = position.unwrap_or(last + 1);
    // Without overwrites of its own a channel copies its category's, once.
    let inherited = || parent.and_then(|id| state.channels.get(&id)).map(|parent| parent.overwrites.clone());
    channel.overwrites = overwrites.or_else(inherited).unwrap_or_default();
    state.channels.insert(id, channel.clone());
    state.emit_channel("CHANNEL_CREATE", &channel);
    Ok(Reply::created(state.channel_json(&channel)))
}

/// PATCH /channels/:id.
pub(super) fn change(state: &mut State, call: &Call, id: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(id)?.clone();
    if !place.in_guild() {
        return Err(ApiError::of(50003));
    }
    let renames = ["name", "topic"].iter().any(|key| {
        let old = if *key == "name" { json!(place.name) } else { json!(place.topic) };
        given(&call.body, key).is_some_and(|new| *new != old)
    });
    if place.thread.is_some() {
        check_rename(state, place.id, renames)?;
        return threads::change(state, call, &place);
    }
    let own = state.permissions_in(state.app.id, &place);
    if own & perm::MANAGE_CHANNELS == 0 {
        return Err(ApiError::of(50013));
    }
    let body = &call.body;
    let mut form = FormErrors::default();
    text(&mut form, "", body, "name", (usize::from(given(body, "name").is_some()), NAME_MAX));
    text(&mut form, "", body, "topic", (0, TOPIC_MAX));
    let slowmode = integer(&mut form, "", body, "rate_limit_per_user", (0, threads::SLOWMODE_MAX_S));
    let position = integer(&mut form, "", body, "position", (0, i64::MAX));
    let nsfw = boolean(&mut form, "", body, "nsfw");
    let parent = state.parent_of(&mut form, body);
    let overwrites = read_overwrites(&mut form, body);
    form.check()?;
    if let Some(overwrites) = &overwrites {
        if own & perm::MANAGE_ROLES == 0 {
            return Err(ApiError::of(50013));
        }
        for over in overwrites.iter().filter(|over| !place.overwrites.contains(over)) {
            state.may_overwrite(own, over)?;
            state.check_target(over)?;
        }
    }
    check_rename(state, place.id, renames)?;
    let Some(slot) = state.channels.get_mut(&place.id) else { return Err(ApiError::of(10003)) };
    if let Some(name) = given(body, "name").and_then(Value::as_str) {
        slot.name = stored_name(name, slot.kind);
    }
    if let Some(topic) = body.get("topic") {
        slot.topic = topic.as_str().filter(|words| !words.is_empty()).map(str::to_owned);
    }
    if body.get("parent_id").is_some() {
        slot.parent = parent;
    }
    slot.slowmode_s = slowmode.and_then(|s| u64::try_from(s).ok()).unwrap_or(slot.slowmode_s);
    slot.position = position.unwrap_or(slot.position);
    slot.nsfw = nsfw.unwrap_or(slot.nsfw);
    if let Some(overwrites) = overwrites {
        slot.overwrites = overwrites;
    }
    let changed = slot.clone();
    state.emit_changed(&place, &changed);
    Ok(Reply::ok(state.channel_json(&changed)))
}

/// Name and topic change twice in ten minutes; the third time is a 429 of its own.
fn check_rename(state: &mut State, channel: Id, renames: bool) -> Result<(), ApiError> {
    let now = state.now_ms();
    if !renames {
        return Ok(());
    }
    state.rates.rename(channel, now).map_err(ApiError::slow_down)
}

impl State {
    /// CHANNEL_UPDATE, or what the bot sees when a channel comes into or leaves its sight.
    pub fn emit_changed(&mut self, before: &Channel, after: &Channel) {
        let bot = self.app.id;
        match (self.can_view(bot, before), self.can_view(bot, after)) {
            (true, true) => self.emit_channel("CHANNEL_UPDATE", after),
            (false, true) => self.emit_channel("CHANNEL_CREATE", after),
            (true, false) => {
                let data = self.channel_json(after);
                self.hub.dispatch("CHANNEL_DELETE", intent::GUILDS, true, data, None);
            }
            (false, false) => {}
        }
    }
}

/// DELETE /channels/:id.
pub(super) fn delete(state: &mut State, id: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel(id)?.clone();
    if !place.in_guild() {
        return Ok(Reply::ok(state.channel_json(&place)));
    }
    let needed = if place.thread.is_some() { perm::MANAGE_THREADS } else { perm::MANAGE_CHANNELS };
    if !state.may(state.app.id, &place, needed) {
        return Err(ApiError::of(50013));
    }
    let answer = state.channel_json(&place);
    if place.thread.is_some() {
        let data = threads::gone(state, &place);
        state.emit_in("THREAD_DELETE", place.id, (intent::GUILDS, intent::GUILDS), data);
    } else {
        state.emit_channel("CHANNEL_DELETE", &place);
    }
    state.channels.remove(&place.id);
    state.messages.remove(&place.id);
    if place.kind == kind::CATEGORY {
        let inside: Vec<Id> =
            state.channels.values().filter(|one| one.parent == Some(place.id)).map(|one| one.id).collect();
        for id in inside {
            if let Some(child) = state.channels.get_mut(&id) {
                child.parent = None;
                let child = child.clone();
                state.emit_channel("CHANNEL_UPDATE", &child);
            }
        }
    } else {
        let inside: Vec<Id> =
            state.channels.values().filter(|one| one.parent == Some(place.id)).map(|one| one.id).collect();
        for id in inside {
            state.channels.remove(&id);
            state.messages.remove(&id);
        }
    }
    Ok(Reply::ok(answer))
}

/// PUT /channels/:id/permissions/:overwrite.
pub(super) fn set_overwrite(state: &mut State, call: &Call, id: &str, target: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel_with(id, perm::MANAGE_ROLES)?.clone();
    if !place.in_guild() || place.thread.is_some() {
        return Err(ApiError::of(50024));
    }
    let target = snowflake("overwrite_id", target)?;
    let mut form = FormErrors::default();
    let over = read_overwrite(&mut form, "", &call.body, target);
    form.check()?;
    let over = over.ok_or_else(|| ApiError::plain(400))?;
    state.may_overwrite(state.permissions_in(state.app.id, &place), &over)?;
    state.check_target(&over)?;
    let mut changed = place.clone();
    changed.overwrites.retain(|other| other.id != target);
    changed.overwrites.push(over);
    state.channels.insert(place.id, changed.clone());
    state.emit_changed(&place, &changed);
    Ok(Reply::nothing())
}

/// DELETE /channels/:id/permissions/:overwrite.
pub(super) fn delete_overwrite(state: &mut State, id: &str, target: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel_with(id, perm::MANAGE_ROLES)?.clone();
    let target = snowflake("overwrite_id", target)?;
    if !place.overwrites.iter().any(|over| over.id == target) {
        return Err(ApiError::of(10009));
    }
    let mut changed = place.clone();
    changed.overwrites.retain(|over| over.id != target);
    state.channels.insert(place.id, changed.clone());
    state.emit_changed(&place, &changed);
    Ok(Reply::nothing())
}

/// A guild channel list, threads excluded.
pub(super) fn all(state: &State) -> Reply {
    let plain = state.channels.values().filter(|channel| channel.in_guild() && channel.thread.is_none());
    let seen = plain.filter(|channel| state.can_view(state.app.id, channel));
    Reply::ok(seen.map(|channel| state.channel_json(channel)).collect())
}
