//! How a client gets a session: IDENTIFY, RESUME, and the first events; REQUEST_GUILD_MEMBERS.

use std::collections::HashMap;

use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::form::given;
use super::hub::{Wire, intent};
use super::ids::{Id, as_id, sid};
use super::routes::IDENTIFIES_PER_DAY;
use super::state::State;

const DAY_MS: i64 = 86_400_000;
/// Discord docs, "Request Guild Members": members of one chunk.
const CHUNK_MAX: usize = 1_000;
/// Discord docs: user ids, and members by prefix, of one request.
const REQUESTED_MAX: usize = 100;
/// Discord change log 2025-08-14: all members of a guild once in 30 s.
const ALL_MEMBERS_EVERY_MS: i64 = 30_000;

/// What an IDENTIFY or RESUME comes to.
pub(super) enum Greeting {
    /// Served by this session now.
    Session(String),
    /// op 9, not resumable.
    Invalid,
    /// Closed with this code.
    Close(u16),
}

/// Limits of the handshake.
#[derive(Debug, Default)]
pub(super) struct Handshakes {
    /// When each shard key last identified (wall time: a client waits it out on a live socket).
    last: HashMap<u64, Instant>,
    /// Wait between two IDENTIFYs of one rate limit key, in milliseconds.
    pub window_ms: u64,
    /// When all members were last asked for (sandbox clock).
    all_members_ms: Option<i64>,
}

impl Handshakes {
    /// `window_ms`: see the field.
    pub fn new(window_ms: u64) -> Self {
        Self { window_ms, ..Self::default() }
    }

    /// Counts an IDENTIFY; false when it comes too soon.
    fn admit(&mut self, key: u64) -> bool {
        let now = Instant::now();
        let soon = self.last.get(&key).is_some_and(|at| now - *at < Duration::from_millis(self.window_ms));
        if !soon {
            self.last.insert(key, now);
        }
        !soon
    }
}

/// Discord docs: the token with or without "Bot ".
fn token_fits(state: &State, data: &Value) -> bool {
    let token = data["token"].as_str().unwrap_or_default();
    token.strip_prefix("Bot ").unwrap_or(token) == state.app.token
}

/// op 2.
pub(super) fn identify(state: &mut State, data: &Value, wire: Wire, socket: u64) -> Greeting {
    let now = state.now_ms();
    if !token_fits(state, data) {
        return Greeting::Close(4004);
    }
    if !data["properties"].is_object() {
        return Greeting::Close(4002);
    }
    let shard = match given(data, "shard").and_then(Value::as_array).map(Vec::as_slice) {
        None => (0, 1),
        Some([id, count]) => match (id.as_u64(), count.as_u64()) {
            (Some(id), Some(count)) if id < count => (id, count),
            _ => return Greeting::Close(4010),
        },
        Some(_) => return Greeting::Close(4010),
    };
    let Some(intents) = data["intents"].as_u64().filter(|bits| bits & !intent::KNOWN == 0) else {
        return Greeting::Close(4013);
    };
    let app = &state.app;
    let refused = [
        (intent::MESSAGE_CONTENT, app.message_content),
        (intent::GUILD_MEMBERS, app.members_intent),
        (intent::GUILD_PRESENCES, app.presences_intent),
    ];
    if refused.iter().any(|(bit, allowed)| intents & bit != 0 && !allowed) {
        return Greeting::Close(4014);
    }
    let hub = &mut state.hub;
    hub.identifies.retain(|at_ms| now - at_ms < DAY_MS);
    // Discord resets the token of a bot that identifies too often; here it merely stays out for the day.
    if hub.identifies.len() >= IDENTIFIES_PER_DAY {
        return Greeting::Close(4004);
    }
    hub.identifies.push_back(now);
    if hub.faults.refuses_identify() || !hub.handshakes.admit(shard.0) {
        return Greeting::Invalid;
    }
    let session = hub.open(intents, shard, wire, socket);
    let ready = state.ready(&session, shard);
    state.hub.send_to(&session, "READY", &ready);
    let home = (state.guild.id >> 22) % shard.1.max(1) == shard.0;
    if intents & intent::GUILDS != 0 && home {
        let guild = state.guild_create_json(intents & intent::GUILD_PRESENCES != 0);
        state.hub.send_to(&session, "GUILD_CREATE", &guild);
    }
    Greeting::Session(session)
}

/// op 6.
pub(super) fn resume(state: &mut State, data: &Value, wire: Wire, socket: u64) -> Greeting {
    let now = state.now_ms();
    if !token_fits(state, data) {
        return Greeting::Close(4004);
    }
    if state.hub.faults.refuses_resume() {
        return Greeting::Invalid;
    }
    state.hub.sweep(now);
    let wanted = data["session_id"].as_str().unwrap_or_default().to_owned();
    let Some(session) = state.hub.sessions.iter_mut().find(|session| session.id == wanted) else {
        return Greeting::Invalid;
    };
    let Some(seq) = data["seq"].as_u64().filter(|seq| *seq <= session.seq) else {
        return Greeting::Close(4007);
    };
    let Some(missed) = session.replay(seq) else { return Greeting::Invalid };
    for frame in missed {
        if wire.try_send(frame).is_err() {
            return Greeting::Invalid;
        }
    }
    session.attach(wire, socket);
    state.hub.send_to(&wanted, "RESUMED", &json!({ "_trace": [] }));
    Greeting::Session(wanted)
}

/// op 8; an error is the close code.
pub(super) fn request_members(state: &mut State, session: &str, data: &Value) -> Result<(), u16> {
    let guild = data["guild_id"].as_array().and_then(|ids| ids.first()).unwrap_or(&data["guild_id"]);
    if as_id(guild) != Some(state.guild.id) {
        return Ok(());
    }
    let intents = state.hub.sessions.iter().find(|one| one.id == session).map_or(0, |one| one.intents);
    let limit = data["limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(0);
    let query = given(data, "query").and_then(Value::as_str);
    let ids: Option<Vec<Id>> = given(data, "user_ids").map(|ids| match ids {
        Value::Array(list) => list.iter().filter_map(as_id).collect(),
        single => as_id(single).into_iter().collect(),
    });
    let nonce = data["nonce"].clone();
    let (found, missing): (Vec<Value>, Vec<Id>) = match (ids, query) {
        (Some(ids), _) => {
            let ids = &ids[..ids.len().min(REQUESTED_MAX)];
            let found = ids.iter().filter_map(|id| state.members.get(id)).map(|one| state.member_json(one)).collect();
            (found, ids.iter().copied().filter(|id| !state.members.contains_key(id)).collect())
        }
        (None, Some("")) => {
            if intents & intent::GUILD_MEMBERS == 0 {
                return Err(4014);
            }
            if limit == 0 && !admit_all(state, session, &nonce) {
                return Ok(());
            }
            let take = if limit == 0 { usize::MAX } else { limit };
            (state.members.values().take(take).map(|one| state.member_json(one)).collect(), Vec::new())
        }
        (None, Some(query)) => {
            let take = if limit == 0 { REQUESTED_MAX } else { limit.min(REQUESTED_MAX) };
            (state.members_named(query).take(take).map(|one| state.member_json(one)).collect(), Vec::new())
        }
        (None, None) => return Err(4002),
    };
    send_chunks(state, session, &found, &missing, &nonce);
    Ok(())
}

/// The limit on asking for everybody; tells the client with RATE_LIMITED.
fn admit_all(state: &mut State, session: &str, nonce: &Value) -> bool {
    let now = state.now_ms();
    let wait = state.hub.handshakes.all_members_ms.map_or(0, |at_ms| at_ms + ALL_MEMBERS_EVERY_MS - now);
    if wait > 0 {
        let meta = json!({ "guild_id": sid(state.guild.id), "nonce": nonce });
        let data = json!({ "opcode": 8, "retry_after": wait as f64 / 1_000.0, "meta": meta });
        state.hub.send_to(session, "RATE_LIMITED", &data);
        return false;
    }
    state.hub.handshakes.all_members_ms = Some(now);
    true
}

fn send_chunks(state: &mut State, session: &str, found: &[Value], missing: &[Id], nonce: &Value) {
    let chunks: Vec<&[Value]> = if found.is_empty() { vec![&[]] } else { found.chunks(CHUNK_MAX).collect() };
    let count = chunks.len();
    for (index, members) in chunks.into_iter().enumerate() {
        let mut data = json!({
            "guild_id": sid(state.guild.id), "members": members, "chunk_index": index, "chunk_count": count,
            "not_found": super::ids::sids(missing),
        });
        if !nonce.is_null() {
            data["nonce"] = nonce.clone();
        }
        state.hub.send_to(session, "GUILD_MEMBERS_CHUNK", &data);
    }
}
