//! The gateway's sessions: sequence numbers, replay buffers, and who may receive what. Sends through channels only; the
//! sockets themselves live in `gateway`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;

use super::faults::{DiscordFaults, DispatchFault};
use super::identify::Handshakes;
use super::ids::Id;

/// Gateway intents (Discord docs, "List of Intents"); 0 = sent to everybody.
pub(super) mod intent {
    pub const ALWAYS: u64 = 0;
    pub const GUILDS: u64 = 1 << 0;
    pub const GUILD_MEMBERS: u64 = 1 << 1;
    pub const GUILD_PRESENCES: u64 = 1 << 8;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub const GUILD_MESSAGE_TYPING: u64 = 1 << 11;
    pub const DIRECT_MESSAGES: u64 = 1 << 12;
    pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub const DIRECT_MESSAGE_TYPING: u64 = 1 << 14;
    pub const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Every bit Discord documents: 0-16, 20, 21, 24, 25.
    pub const KNOWN: u64 = 0x1_ffff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);
}

/// Events kept for RESUME; a session that missed more cannot be resumed.
pub(super) const REPLAY_EVENTS_MAX: usize = 10_000;
/// How long a session outlives its socket. Discord does not say; minutes, as seen in practice.
pub(super) const SESSION_LIFE_MS: i64 = 180_000;
/// Frames waiting for one slow socket before it is dropped.
pub(super) const WIRE_FRAMES_MAX: usize = 20_000;
/// Discord docs, "Sharding": a guild belongs to shard (guild_id >> 22) % shards.
const SHARD_SHIFT: u32 = 22;

/// Where a session's frames go; when it is dropped, the socket ends.
pub(super) type Wire = mpsc::Sender<String>;

/// One identified client.
#[derive(Debug)]
pub(super) struct Session {
    pub id: String,
    pub intents: u64,
    pub shard: (u64, u64),
    pub seq: u64,
    /// (seq, frame), ascending.
    buffer: VecDeque<(u64, String)>,
    pub wire: Option<Wire>,
    /// The socket that serves it now.
    pub socket: u64,
    pub detached_ms: Option<i64>,
    held: Option<String>,
}

/// All sessions.
pub(super) struct Hub {
    pub heartbeat_ms: u64,
    guild: Id,
    pub sessions: Vec<Session>,
    pub faults: Arc<DiscordFaults>,
    next_session: u64,
    /// IDENTIFYs of the last day (sandbox clock).
    pub identifies: VecDeque<i64>,
    pub handshakes: Handshakes,
}

impl Hub {
    /// No sessions yet.
    pub fn new(heartbeat_ms: u64, identify_window_ms: u64, guild: Id) -> Self {
        Self {
            heartbeat_ms,
            guild,
            sessions: Vec::new(),
            faults: Arc::default(),
            next_session: 0,
            identifies: VecDeque::new(),
            handshakes: Handshakes::new(identify_window_ms),
        }
    }

    /// Opens a session; returns its id.
    pub fn open(&mut self, intents: u64, shard: (u64, u64), wire: Wire, socket: u64) -> String {
        self.next_session += 1;
        let id = format!("{:032x}", 0x5e55_1000_0000_0000_0000_0000_u128 + u128::from(self.next_session));
        self.sessions.push(Session {
            id: id.clone(),
            intents,
            shard,
            seq: 0,
            buffer: VecDeque::new(),
            wire: Some(wire),
            socket,
            detached_ms: None,
            held: None,
        });
        id
    }

    /// The sender of the session a socket serves.
    pub fn wire_of(&self, socket: u64) -> Option<Wire> {
        self.sessions.iter().find(|session| session.socket == socket)?.wire.clone()
    }

    /// The socket is gone. `ended`: the session too (close 1000 or 1001, or it was invalidated).
    pub fn detach(&mut self, socket: u64, now_ms: i64, ended: bool) {
        if let Some(session) = self.sessions.iter_mut().find(|session| session.socket == socket) {
            session.wire = None;
            session.detached_ms = Some(now_ms);
        }
        if ended {
            self.sessions.retain(|session| session.socket != socket);
        }
    }

    /// Forgets sessions that were left alone for too long.
    pub fn sweep(&mut self, now_ms: i64) {
        self.sessions.retain(|session| session.detached_ms.is_none_or(|at_ms| now_ms - at_ms <= SESSION_LIFE_MS));
    }

    /// Sends one event to every session that asked for it. `guild`: it belongs to the guild's shard (else to shard 0).
    /// `bare` is for sessions without MESSAGE_CONTENT.
    pub fn dispatch(&mut self, event: &str, intents: u64, guild: bool, full: Value, bare: Option<Value>) {
        let home = if guild { self.guild >> SHARD_SHIFT } else { 0 };
        let full = full.to_string();
        let bare = bare.map(|value| value.to_string());
        let faults = Arc::clone(&self.faults);
        for session in &mut self.sessions {
            let wanted = intents == intent::ALWAYS || session.intents & intents != 0;
            if !wanted || home % session.shard.1.max(1) != session.shard.0 {
                continue;
            }
            let sees = session.intents & intent::MESSAGE_CONTENT != 0;
            let data = if sees { &full } else { bare.as_ref().unwrap_or(&full) };
            session.send_event(event, data, faults.next_dispatch());
        }
    }

    /// Sends one event to one session (READY, chunks, injected faults).
    pub fn send_to(&mut self, session: &str, event: &str, data: &Value) {
        if let Some(session) = self.sessions.iter_mut().find(|found| found.id == session) {
            session.send_event(event, &data.to_string(), None);
        }
    }
}

impl Session {
    /// Numbers the event, keeps it for RESUME and sends it, unless a fault says otherwise.
    fn send_event(&mut self, event: &str, data: &str, fault: Option<DispatchFault>) {
        self.seq += 1;
        let frame = format!(r#"{{"t":{},"s":{},"op":0,"d":{data}}}"#, Value::from(event), self.seq);
        if matches!(fault, Some(DispatchFault::Drop)) {
            return;
        }
        self.buffer.push_back((self.seq, frame.clone()));
        while self.buffer.len() > REPLAY_EVENTS_MAX {
            self.buffer.pop_front();
        }
        match fault {
            Some(DispatchFault::Reorder) => {
                if let Some(older) = self.held.replace(frame) {
                    self.push(older);
                }
                return;
            }
            Some(DispatchFault::Delay { ms }) => {
                self.push_later(frame, ms);
            }
            Some(DispatchFault::Double) => {
                self.push(frame.clone());
                self.push(frame);
            }
            Some(DispatchFault::Drop) | None => self.push(frame),
        }
        if let Some(held) = self.held.take() {
            self.push(held);
        }
    }

    /// A new socket serves the session; the old one, if any, ends.
    pub fn attach(&mut self, wire: Wire, socket: u64) {
        self.wire = Some(wire);
        self.socket = socket;
        self.detached_ms = None;
        self.held = None;
    }

    fn push(&mut self, frame: String) {
        if let Some(sender) = &self.wire
            && sender.try_send(frame).is_err()
        {
            // A client that does not read is cut off; it may resume.
            self.wire = None;
        }
    }

    fn push_later(&self, frame: String, ms: u64) {
        let Some(sender) = self.wire.clone() else { return };
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            // The socket may have gone meanwhile; RESUME replays the event then.
            let _ = sender.send(frame).await;
        });
    }

    /// Frames after `seq`, or `None` when some of them are gone.
    pub fn replay(&self, seq: u64) -> Option<Vec<String>> {
        if seq > self.seq {
            return None;
        }
        let oldest = self.buffer.front().map_or(self.seq + 1, |(at, _)| *at);
        if self.buffer.len() >= REPLAY_EVENTS_MAX && seq + 1 < oldest {
            return None;
        }
        Some(self.buffer.iter().filter(|(at, _)| *at > seq).map(|(_, frame)| frame.clone()).collect())
    }
}
