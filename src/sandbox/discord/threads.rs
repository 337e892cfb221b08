//! Threads: starting, joining, archiving, listing.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::errors::{ApiError, FormErrors};
use super::form::{boolean, given, integer, text};
use super::hub::intent;
use super::ids::{Id, parse_id, sid};
use super::model::{Channel, Message, Thread, flag, kind};
use super::permissions as perm;
use super::state::{AUTO_ARCHIVE_MINUTES, State};

/// Discord docs, "Threads": active threads of a guild, JSON error 160006.
const ACTIVE_MAX: usize = 1_000;
pub(super) const NAME_MAX: usize = 100;
const DEFAULT_ARCHIVE_MINUTES: i64 = 4_320;
/// Discord docs: slow mode of up to six hours.
pub(super) const SLOWMODE_MAX_S: i64 = 21_600;

/// Checks `auto_archive_duration`.
pub(super) fn archive_minutes(form: &mut FormErrors, body: &Value) -> Option<i64> {
    let minutes = given(body, "auto_archive_duration")?.as_i64().unwrap_or(0);
    if !AUTO_ARCHIVE_MINUTES.contains(&minutes) {
        let words = "Value must be one of (60, 1440, 4320, 10080).";
        form.add("auto_archive_duration", "BASE_TYPE_CHOICES", words);
    }
    Some(minutes)
}

/// POST /channels/:id/threads and /channels/:id/messages/:id/threads.
pub(super) fn start(state: &mut State, call: &Call, channel: &str, message: Option<&str>) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?.clone();
    let mut form = FormErrors::default();
    let name = text(&mut form, "", &call.body, "name", (1, NAME_MAX)).unwrap_or_default().trim().to_owned();
    let minutes = archive_minutes(&mut form, &call.body).unwrap_or(DEFAULT_ARCHIVE_MINUTES);
    let slowmode = integer(&mut form, "", &call.body, "rate_limit_per_user", (0, SLOWMODE_MAX_S)).unwrap_or(0);
    let invitable = boolean(&mut form, "", &call.body, "invitable").unwrap_or(true);
    form.check()?;
    if !matches!(place.kind, kind::TEXT | kind::ANNOUNCEMENT) {
        return Err(ApiError::of(50024));
    }
    let from = message.map(|id| state.bot_message(place.id, id).cloned()).transpose()?;
    let wanted = call.body["type"].as_u64().and_then(|kind| u8::try_from(kind).ok());
    let thread_kind = match (place.kind, &from, wanted) {
        (kind::ANNOUNCEMENT, ..) => kind::ANNOUNCEMENT_THREAD,
        (_, Some(_), _) | (_, None, Some(kind::PUBLIC_THREAD)) => kind::PUBLIC_THREAD,
        (_, None, None | Some(kind::PRIVATE_THREAD)) => kind::PRIVATE_THREAD,
        _ => return Err(ApiError::of(50024)),
    };
    let private = thread_kind == kind::PRIVATE_THREAD;
    let needed = if private { perm::CREATE_PRIVATE_THREADS } else { perm::CREATE_PUBLIC_THREADS };
    if !state.may(state.app.id, &place, needed) {
        return Err(ApiError::of(50013));
    }
    if from.as_ref().is_some_and(Message::is_system) {
        return Err(ApiError::of(50021));
    }
    if from.as_ref().is_some_and(|message| message.thread.is_some()) {
        return Err(ApiError::of(160_004));
    }
    let active = state.channels.values().filter(|channel| channel.thread.is_some() && !channel.archived()).count();
    if active >= ACTIVE_MAX {
        return Err(ApiError::of(160_006));
    }
    let mut thread = new_thread(state, &place, &name, thread_kind, from.as_ref());
    thread.slowmode_s = u64::try_from(slowmode).unwrap_or(0);
    if let Some(details) = &mut thread.thread {
        details.auto_archive_minutes = minutes;
        details.invitable = invitable;
    }
    let id = thread.id;
    open(state, thread, from.as_ref());
    let made = state.channels.get(&id).ok_or_else(|| ApiError::of(10003))?;
    Ok(Reply::created(state.channel_json(made)))
}

fn new_thread(state: &mut State, place: &Channel, name: &str, thread_kind: u8, from: Option<&Message>) -> Channel {
    let now = state.now_ms();
    // Discord docs: a thread started from a message has the message's id.
    let id = from.map_or_else(|| state.new_id(), |message| message.id);
    let mut thread = Channel::plain(id, thread_kind, name);
    thread.parent = Some(place.id);
    let bot = state.app.id;
    thread.thread = Some(Thread {
        owner: bot,
        archived: false,
        locked: false,
        invitable: true,
        auto_archive_minutes: DEFAULT_ARCHIVE_MINUTES,
        archive_changed_ms: now,
        active_ms: now,
        created_ms: now,
        members: vec![(bot, now)],
        message_count: 0,
        total_sent: 0,
    });
    thread
}

/// Files a new thread and tells: THREAD_CREATE, the mark on the message, the first lines.
fn open(state: &mut State, thread: Channel, from: Option<&Message>) {
    let (id, parent, name) = (thread.id, thread.parent.unwrap_or_default(), thread.name.clone());
    let public = thread.kind != kind::PRIVATE_THREAD;
    state.channels.insert(id, thread.clone());
    let mut data = state.channel_json(&thread);
    data["newly_created"] = json!(true);
    state.emit_in("THREAD_CREATE", id, (intent::GUILDS, intent::GUILDS), data);
    let bot = state.app.id;
    if let Some(message) = from {
        if let Some(slot) = state.message_mut(message.channel, message.id) {
            slot.thread = Some(id);
            slot.flags |= flag::HAS_THREAD;
        }
        state.emit_message("MESSAGE_UPDATE", message.channel, message.id);
        let notice = state.new_id();
        let mut starter = Message::new(notice, id, message.author, 21);
        starter.reference = Some((message.channel, message.id));
        state.store_message(starter);
        state.emit_message("MESSAGE_CREATE", id, notice);
    } else if public {
        let notice = state.new_id();
        let mut line = Message::new(notice, parent, bot, 18);
        line.content = name;
        line.reference = Some((id, id));
        state.store_message(line);
        state.emit_message("MESSAGE_CREATE", parent, notice);
    }
}

impl State {
    /// Puts a user into a thread and tells.
    pub fn join_thread(&mut self, id: Id, user: Id) {
        let now = self.now_ms();
        let Some(thread) = self.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) else { return };
        if thread.members.iter().any(|(other, _)| *other == user) {
            return;
        }
        thread.members.push((user, now));
        let count = thread.members.len();
        let added = self.thread_member_json(id, user, now);
        self.emit_thread_members(id, count, &json!([added]), &json!([]), user);
    }

    fn leave_thread(&mut self, id: Id, user: Id) {
        let Some(thread) = self.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) else { return };
        thread.members.retain(|(other, _)| *other != user);
        let count = thread.members.len();
        self.emit_thread_members(id, count, &json!([]), &json!([sid(user)]), user);
    }

    fn emit_thread_members(&mut self, id: Id, count: usize, added: &Value, removed: &Value, user: Id) {
        let data = json!({
            "id": sid(id), "guild_id": sid(self.guild.id), "member_count": count.min(50),
            "added_members": added, "removed_member_ids": removed,
        });
        // Discord docs, "Thread Members Update": with GUILDS alone only changes of the bot itself arrive.
        let intents = if user == self.app.id { intent::GUILDS } else { intent::GUILD_MEMBERS };
        self.emit_in("THREAD_MEMBERS_UPDATE", id, (intents, intents), data);
    }
}

/// Everything under /channels/:thread/thread-members.
pub(super) fn members(state: &mut State, call: &Call, channel: &str, rest: &[&str]) -> Result<Reply, ApiError> {
    let place = state.bot_channel(channel)?.clone();
    let Some(thread) = &place.thread else { return Err(ApiError::of(50024)) };
    let bot = state.app.id;
    let whom = |state: &State, text: &str| -> Result<Id, ApiError> {
        let id = if text == "@me" { bot } else { super::state::snowflake("user_id", text)? };
        if state.members.contains_key(&id) { Ok(id) } else { Err(ApiError::of(10013)) }
    };
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let all = thread.members.iter().map(|(user, at_ms)| state.thread_member_json(place.id, *user, *at_ms));
            Ok(Reply::ok(all.collect()))
        }
        ("GET", [user]) => {
            let user = whom(state, user)?;
            let found = thread.members.iter().find(|(other, _)| *other == user).ok_or_else(|| ApiError::of(10007))?;
            Ok(Reply::ok(state.thread_member_json(place.id, found.0, found.1)))
        }
        (method @ ("PUT" | "DELETE"), [user]) => {
            let user = whom(state, user)?;
            if place.archived() {
                return Err(ApiError::of(50083));
            }
            if method == "PUT" {
                if user != bot && !state.may(bot, &place, perm::SEND_MESSAGES_IN_THREADS) {
                    return Err(ApiError::of(50013));
                }
                let parent = place.parent.and_then(|id| state.channels.get(&id));
                if !parent.is_some_and(|parent| state.can_view(user, parent)) {
                    return Err(ApiError::of(50013));
                }
                state.join_thread(place.id, user);
            } else {
                let own = thread.owner == bot && place.kind == kind::PRIVATE_THREAD;
                if user != bot && !own && !state.may(bot, &place, perm::MANAGE_THREADS) {
                    return Err(ApiError::of(50013));
                }
                state.leave_thread(place.id, user);
            }
            Ok(Reply::nothing())
        }
        _ => Err(ApiError::plain(405)),
    }
}

/// Threads with the bot's membership of them.
fn page(state: &State, threads: &[&Channel]) -> Value {
    let mine = |channel: &&Channel| {
        let thread = channel.thread.as_ref()?;
        let (user, at_ms) = thread.members.iter().find(|(user, _)| *user == state.app.id)?;
        Some(state.thread_member_json(channel.id, *user, *at_ms))
    };
    json!({
        "threads": threads.iter().map(|channel| state.channel_json(channel)).collect::<Vec<_>>(),
        "members": threads.iter().filter_map(mine).collect::<Vec<_>>(),
    })
}

/// GET /guilds/:id/threads/active.
pub(super) fn active(state: &State) -> Reply {
    let all: Vec<&Channel> = state
        .channels
        .values()
        .rev()
        .filter(|channel| channel.thread.is_some() && !channel.archived() && state.can_view(state.app.id, channel))
        .collect();
    Reply::ok(page(state, &all))
}

/// GET /channels/:id/threads/archived/(public|private).
pub(super) fn archived(state: &State, call: &Call, channel: &str, which: &str) -> Result<Reply, ApiError> {
    let place = state.bot_channel_with(channel, perm::READ_MESSAGE_HISTORY)?;
    let private = match which {
        "public" => false,
        "private" if state.may(state.app.id, place, perm::MANAGE_THREADS) => true,
        "private" => return Err(ApiError::of(50013)),
        _ => return Err(ApiError::plain(404)),
    };
    let limit: usize = call.param("limit").and_then(|text| text.parse().ok()).unwrap_or(50).clamp(2, 100);
    let before = call.param("before").map(|text| {
        let stamp = chrono::DateTime::parse_from_rfc3339(text).map(|at| at.timestamp_millis()).ok();
        stamp.or_else(|| parse_id(text).map(super::ids::created_ms)).unwrap_or(i64::MAX)
    });
    let changed = |channel: &Channel| channel.thread.as_ref().map_or(0, |thread| thread.archive_changed_ms);
    let mut all: Vec<&Channel> = state
        .channels
        .values()
        .filter(|one| one.parent == Some(place.id) && one.archived())
        .filter(|one| (one.kind == kind::PRIVATE_THREAD) == private)
        .filter(|one| before.is_none_or(|before| changed(one) < before))
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(changed(one)));
    let more = all.len() > limit;
    all.truncate(limit);
    let mut answer = page(state, &all);
    answer["has_more"] = json!(more);
    Ok(Reply::ok(answer))
}

/// PATCH of a thread (the caller found it and may see it).
pub(super) fn change(state: &mut State, call: &Call, place: &Channel) -> Result<Reply, ApiError> {
    let Some(thread) = &place.thread else { return Err(ApiError::of(50024)) };
    let body = &call.body;
    let mut form = FormErrors::default();
    text(&mut form, "", body, "name", (usize::from(given(body, "name").is_some()), NAME_MAX));
    let minutes = archive_minutes(&mut form, body);
    let slowmode = integer(&mut form, "", body, "rate_limit_per_user", (0, SLOWMODE_MAX_S));
    let archived = boolean(&mut form, "", body, "archived");
    let locked = boolean(&mut form, "", body, "locked");
    let invitable = boolean(&mut form, "", body, "invitable");
    form.check()?;
    let bot = state.app.id;
    let manages = state.may(bot, place, perm::MANAGE_THREADS);
    // Discord docs, "Threads": anybody who may talk wakes an unlocked thread; the owner may archive and rename; the rest
    // needs MANAGE_THREADS.
    let wakes_only = archived == Some(false) && body.as_object().is_some_and(|object| object.len() == 1);
    let may_wake = wakes_only && !thread.locked && state.may(bot, place, perm::SEND_MESSAGES_IN_THREADS);
    let owner_may = thread.owner == bot && locked.is_none() && slowmode.is_none() && !thread.locked;
    if !manages && !may_wake && !owner_may {
        return Err(ApiError::of(50013));
    }
    if thread.archived && archived != Some(false) {
        return Err(ApiError::of(50083));
    }
    let now = state.now_ms();
    let Some(slot) = state.channels.get_mut(&place.id) else { return Err(ApiError::of(10003)) };
    if let Some(name) = given(body, "name").and_then(Value::as_str) {
        slot.name = name.trim().to_owned();
    }
    if let Some(seconds) = slowmode {
        slot.slowmode_s = u64::try_from(seconds).unwrap_or(0);
    }
    if let Some(details) = slot.thread.as_mut() {
        details.auto_archive_minutes = minutes.unwrap_or(details.auto_archive_minutes);
        details.locked = locked.unwrap_or(details.locked);
        details.invitable = invitable.unwrap_or(details.invitable);
        if let Some(archived) = archived.filter(|archived| *archived != details.archived) {
            details.archived = archived;
            details.archive_changed_ms = now;
            details.active_ms = now;
        }
    }
    let changed = slot.clone();
    state.emit_channel("THREAD_UPDATE", &changed);
    Ok(Reply::ok(state.channel_json(&changed)))
}

/// The body of THREAD_DELETE.
pub(super) fn gone(state: &State, thread: &Channel) -> Value {
    json!({
        "id": sid(thread.id), "guild_id": sid(state.guild.id), "parent_id": super::ids::opt_sid(thread.parent),
        "type": thread.kind,
    })
}
