//! One gateway socket: HELLO, IDENTIFY or RESUME, heartbeats, commands, close codes. Wall time rules here: these are waits
//! of a live connection. Start reading at [`connect`].

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

use super::connection::ConnectionControl;
use super::core::Core;
use super::faults::SocketFault;
use super::hub::{WIRE_FRAMES_MAX, Wire};
use super::identify::{self, Greeting};

/// Discord docs, "Sending Events": 120 per connection every 60 seconds.
const SENDS_MAX: usize = 120;
const SENDS_WINDOW: Duration = Duration::from_secs(60);
/// Discord docs: payloads up to 4096 bytes.
const PAYLOAD_BYTES_MAX: usize = 4096;
/// A socket without heartbeats lives this many intervals.
const MISSED_BEATS: f64 = 1.5;
/// Frames bigger than this end the connection in the WebSocket layer.
const FRAME_BYTES_MAX: usize = 1 << 20;

static NEXT_SOCKET: AtomicU64 = AtomicU64::new(1);

/// GET /gateway with an upgrade.
pub(super) async fn connect(
    Shared(core): Shared<Arc<Core>>,
    ConnectInfo(connection): ConnectInfo<ConnectionControl>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if core.faults().refuses_connection() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let version: u64 = query.get("v").and_then(|v| v.parse().ok()).unwrap_or(10);
    let encoding = query.get("encoding").cloned().unwrap_or_else(|| "json".into());
    let bad = match (version, encoding.as_str()) {
        (9 | 10, "json") => None,
        (9 | 10, _) => Some(4002),
        _ => Some(4012),
    };
    upgrade.max_message_size(FRAME_BYTES_MAX).on_upgrade(move |socket| async move {
        let (wire, orders) = mpsc::channel(WIRE_FRAMES_MAX);
        let id = NEXT_SOCKET.fetch_add(1, Ordering::Relaxed);
        let faults = core.faults().listen();
        let line =
            Line { core, socket, connection, id, wire: Some(wire), sent: VecDeque::new(), acks: true, session: None };
        line.run(orders, faults, bad).await;
    })
}

/// Why a connection ends.
enum End {
    /// We close it, with a code or an empty frame.
    Close(Option<u16>),
    /// The peer closed it.
    Peer(Option<u16>),
    /// TCP reset.
    Reset,
    /// TCP end, no Close frame.
    Cut,
}

/// One open socket.
struct Line {
    core: Arc<Core>,
    socket: WebSocket,
    connection: ConnectionControl,
    id: u64,
    /// Given to the session at IDENTIFY or RESUME.
    wire: Option<Wire>,
    sent: VecDeque<Instant>,
    acks: bool,
    session: Option<String>,
}

impl Line {
    async fn run(
        mut self,
        mut orders: mpsc::Receiver<String>,
        mut faults: broadcast::Receiver<SocketFault>,
        bad: Option<u16>,
    ) {
        let end = match bad {
            Some(code) => End::Close(Some(code)),
            None => self.serve(&mut orders, &mut faults).await,
        };
        let ended = matches!(end, End::Peer(Some(1000 | 1001)));
        let now = self.core.now_ms();
        let id = self.id;
        self.core.with(|state| state.hub.detach(id, now, ended));
        match end {
            End::Close(code) => {
                let frame = code.map(|code| CloseFrame { code, reason: reason(code).into() });
                // The peer may be gone already.
                let _ = self.socket.send(Frame::Close(frame)).await;
            }
            End::Reset => self.connection.reset(),
            End::Cut | End::Peer(_) => {}
        }
    }

    async fn serve(
        &mut self,
        orders: &mut mpsc::Receiver<String>,
        faults: &mut broadcast::Receiver<SocketFault>,
    ) -> End {
        let interval_ms = self.core.read(|state| state.hub.heartbeat_ms);
        let hello = json!({ "t": null, "s": null, "op": 10, "d": { "heartbeat_interval": interval_ms, "_trace": [] } });
        if self.text(hello.to_string()).await.is_err() {
            return End::Cut;
        }
        let patience = Duration::from_millis((interval_ms as f64 * MISSED_BEATS) as u64);
        let mut deadline = Instant::now() + patience;
        loop {
            let step = tokio::select! {
                // In this order: a fault that was switched on holds for every event after it.
                biased;
                fault = faults.recv() => match fault {
                    Ok(SocketFault::Freeze) => Err(self.freeze(orders, faults).await),
                    Ok(fault) => self.suffer(fault).await,
                    // Only ever lagging behind 64 faults at once.
                    Err(_) => Ok(()),
                },
                () = tokio::time::sleep_until(deadline) => Err(End::Close(Some(4009))),
                frame = self.socket.recv() => match frame {
                    Some(Ok(frame)) => self.hear(frame, &mut deadline, patience).await,
                    Some(Err(_)) | None => Err(End::Peer(None)),
                },
                order = orders.recv() => match order {
                    Some(text) => self.text(text).await,
                    None => Err(End::Cut),
                },
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn text(&mut self, text: String) -> Result<(), End> {
        self.socket.send(Frame::Text(text.into())).await.map_err(|_| End::Cut)
    }

    /// One frame of the client.
    async fn hear(&mut self, frame: Frame, deadline: &mut Instant, patience: Duration) -> Result<(), End> {
        let text = match &frame {
            Frame::Text(text) => text.as_str(),
            Frame::Binary(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
            Frame::Close(close) => return Err(End::Peer(close.as_ref().map(|close| close.code))),
            Frame::Ping(_) | Frame::Pong(_) => return Ok(()),
        };
        self.count_send()?;
        if text.len() > PAYLOAD_BYTES_MAX {
            return Err(End::Close(Some(4002)));
        }
        let message: Value = serde_json::from_str(text).map_err(|_| End::Close(Some(4002)))?;
        let Some(op) = message["op"].as_u64() else { return Err(End::Close(Some(4001))) };
        match op {
            1 => {
                *deadline = Instant::now() + patience;
                if self.acks {
                    self.text(json!({ "t": null, "s": null, "op": 11, "d": null }).to_string()).await?;
                }
                Ok(())
            }
            2 | 6 if self.session.is_some() => Err(End::Close(Some(4005))),
            2 | 6 => self.greet(op, &message["d"]).await,
            _ if self.session.is_none() => Err(End::Close(Some(4003))),
            3 | 4 => Ok(()),
            8 => self.request_members(&message["d"]).await,
            _ => Err(End::Close(Some(4001))),
        }
    }

    fn count_send(&mut self) -> Result<(), End> {
        let now = Instant::now();
        while self.sent.front().is_some_and(|at| now - *at >= SENDS_WINDOW) {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        if self.sent.len() > SENDS_MAX { Err(End::Close(Some(4008))) } else { Ok(()) }
    }

    async fn greet(&mut self, op: u64, data: &Value) -> Result<(), End> {
        let Some(wire) = self.wire.clone() else { return Err(End::Close(Some(4005))) };
        let id = self.id;
        let greeting = self.core.with(|state| {
            if op == 2 { identify::identify(state, data, wire, id) } else { identify::resume(state, data, wire, id) }
        });
        match greeting {
            Greeting::Session(session) => {
                // From here on only the session holds the line's sender: a session that drops it ends the socket.
                self.wire = None;
                self.session = Some(session);
                Ok(())
            }
            Greeting::Invalid => self.text(json!({ "t": null, "s": null, "op": 9, "d": false }).to_string()).await,
            Greeting::Close(code) => Err(End::Close(Some(code))),
        }
    }

    async fn request_members(&mut self, data: &Value) -> Result<(), End> {
        let Some(session) = self.session.clone() else { return Err(End::Close(Some(4003))) };
        self.core.with(|state| identify::request_members(state, &session, data)).map_err(|code| End::Close(Some(code)))
    }

    /// One fault, now.
    async fn suffer(&mut self, fault: SocketFault) -> Result<(), End> {
        let plain = |op: u64, d: Value| json!({ "t": null, "s": null, "op": op, "d": d }).to_string();
        match fault {
            SocketFault::Close { code } => Err(End::Close(code)),
            SocketFault::Reset => Err(End::Reset),
            SocketFault::Cut => Err(End::Cut),
            SocketFault::NoAcks => {
                self.acks = false;
                Ok(())
            }
            SocketFault::Reconnect => self.text(plain(7, Value::Null)).await,
            SocketFault::RequestHeartbeat => self.text(plain(1, Value::Null)).await,
            SocketFault::InvalidSession { resumable } => {
                // The client may identify or resume on this very socket: its sender comes back from the session.
                let (id, now) = (self.id, self.core.now_ms());
                let wire = self.core.read(|state| state.hub.wire_of(id));
                self.wire = self.wire.take().or(wire);
                self.core.with(|state| state.hub.detach(id, now, !resumable));
                self.session = None;
                self.text(plain(9, json!(resumable))).await
            }
            SocketFault::RawFrame { text } => self.text(text).await,
            SocketFault::UnknownEvent => {
                self.inject("SANDBOX_NOVELTY", &json!({ "id": "1", "kind": "unheard of" }));
                Ok(())
            }
            SocketFault::MalformedEvent { event } => {
                self.inject(&event, &json!({ "id": 42, "channel_id": [], "author": "nobody", "type": "seven" }));
                Ok(())
            }
            SocketFault::Freeze => Ok(()),
        }
    }

    fn inject(&self, event: &str, data: &Value) {
        if let Some(session) = &self.session {
            self.core.with(|state| state.hub.send_to(session, event, data));
        }
    }

    /// Half open: nothing is read or written until another fault ends it, or the session moves to a new socket.
    async fn freeze(
        &mut self,
        orders: &mut mpsc::Receiver<String>,
        faults: &mut broadcast::Receiver<SocketFault>,
    ) -> End {
        loop {
            tokio::select! {
                order = orders.recv() => if order.is_none() { return End::Cut },
                fault = faults.recv() => match fault {
                    Ok(SocketFault::Close { code }) => return End::Close(code),
                    Ok(SocketFault::Reset) => return End::Reset,
                    Ok(SocketFault::Cut) | Err(broadcast::error::RecvError::Closed) => return End::Cut,
                    _ => {}
                },
            }
        }
    }
}

/// Discord docs, "Gateway Close Event Codes".
fn reason(code: u16) -> &'static str {
    match code {
        4001 => "Unknown opcode.",
        4002 => "Error while decoding payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4007 => "Invalid seq.",
        4008 => "Rate limited.",
        4009 => "Session timed out.",
        4010 => "Invalid shard.",
        4012 => "Invalid API version.",
        4013 => "Invalid intent(s).",
        4014 => "Disallowed intent(s).",
        _ => "",
    }
}
