//! Deliveries to the app: over its sockets or over HTTP, with Slack's redeliveries, and with the faults a test orders.
//!
//! An event goes out in the order it happened; waiting for its answer happens in a task of its own. Start at [`Hub::event`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};

use super::super::SandboxClock;
use super::delivery::{Delivery, Kind, Outcome, disconnect, envelope, sleep_until};
use super::event_faults::{EventFaults, Fate};
use super::http_delivery::{self, HttpTargets};
use super::ids;
use super::limits::{RETRY_DELAYS_MS, SOCKET_QUEUE_MAX};

/// An instruction to one socket's task.
#[derive(Debug)]
pub(super) enum Frame {
    Text(String),
    /// Close with a close frame (code) or by resetting the connection.
    Close(u16),
    Reset,
    /// Stop reading and writing, keep the connection open.
    Freeze,
}

struct Socket {
    id: u64,
    out: mpsc::Sender<Frame>,
}

/// All ways to the app.
pub(super) struct Hub {
    clock: SandboxClock,
    pub(super) ack_timeout: Duration,
    sockets_max: usize,
    events_per_hour: u32,
    app_id: String,
    team_id: String,
    verification_token: String,
    in_flight: watch::Sender<usize>,
    inner: Mutex<Inner>,
}

struct Inner {
    sockets: Vec<Socket>,
    next_socket: usize,
    next_id: u64,
    tickets: Vec<String>,
    pending: HashMap<String, (u64, oneshot::Sender<Outcome>)>,
    faults: EventFaults,
    /// Events held to be sent in reverse.
    held: Vec<Value>,
    http: Option<(HttpTargets, String)>,
    hour: i64,
    hour_events: u32,
    limited_minute: i64,
}

impl Hub {
    pub(super) fn new(
        clock: SandboxClock,
        setup: &super::setup::SlackSetup,
        app: &super::model::App,
        team_id: &str,
    ) -> Self {
        Self {
            clock,
            ack_timeout: Duration::from_millis(setup.ack_timeout_ms),
            sockets_max: setup.sockets_max,
            events_per_hour: setup.rates.events_per_hour,
            app_id: app.app_id.clone(),
            team_id: team_id.to_owned(),
            verification_token: app.verification_token.clone(),
            in_flight: watch::Sender::new(0),
            inner: Mutex::new(Inner {
                sockets: Vec::new(),
                next_socket: 0,
                next_id: 0,
                tickets: Vec::new(),
                pending: HashMap::new(),
                faults: EventFaults::default(),
                held: Vec::new(),
                http: None,
                hour: 0,
                hour_events: 0,
                limited_minute: -1,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the faults ordered for events.
    pub(super) fn faults<R>(&self, change: impl FnOnce(&mut EventFaults) -> R) -> R {
        change(&mut self.lock().faults)
    }

    pub(super) fn set_http(&self, http: Option<(HttpTargets, String)>) {
        self.lock().http = http;
    }

    /// A ticket for one socket.
    pub(super) fn open_ticket(&self) -> String {
        let mut inner = self.lock();
        inner.next_id += 1;
        let ticket = ids::uuid(&format!("ticket/{}", inner.next_id));
        inner.tickets.push(ticket.clone());
        ticket
    }

    /// Registers a socket that came with `ticket`; gives its id, its instructions, and how many are open now.
    pub(super) fn join(&self, ticket: &str) -> Option<(u64, mpsc::Receiver<Frame>, usize)> {
        let mut inner = self.lock();
        let at = inner.tickets.iter().position(|known| known == ticket)?;
        inner.tickets.swap_remove(at);
        inner.next_id += 1;
        let id = inner.next_id;
        let (out, frames) = mpsc::channel(SOCKET_QUEUE_MAX);
        if inner.sockets.len() >= self.sockets_max {
            let _ = out.try_send(Frame::Text(disconnect("too_many_websockets")));
            let _ = out.try_send(Frame::Close(1000));
            return Some((id, frames, inner.sockets.len()));
        }
        let open = inner.sockets.len() + 1;
        let hello = json!({
            "type": "hello",
            "num_connections": open,
            "debug_info": {
                "host": "applink-sandbox",
                "started": "2026-01-01 00:00:00.000",
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": self.app_id},
        });
        let _ = out.try_send(Frame::Text(hello.to_string()));
        inner.sockets.push(Socket { id, out });
        Some((id, frames, open))
    }

    /// Gives a closing socket nothing more; it may still answer what it has.
    pub(super) fn retire(&self, id: u64) {
        self.lock().sockets.retain(|socket| socket.id != id);
    }

    /// Forgets a socket; whatever it had not answered is lost.
    pub(super) fn leave(&self, id: u64) {
        let mut inner = self.lock();
        inner.sockets.retain(|socket| socket.id != id);
        let unanswered: Vec<String> = inner
            .pending
            .iter()
            .filter(|(_, (socket, _))| *socket == id)
            .map(|(envelope, _)| envelope.clone())
            .collect();
        for envelope in unanswered {
            if let Some((_, waiting)) = inner.pending.remove(&envelope) {
                let _ = waiting.send(Outcome::Lost);
            }
        }
    }

    /// A frame the app sent on a socket.
    pub(super) fn received(&self, text: &str) {
        let Ok(frame) = serde_json::from_str::<Value>(text) else { return };
        let Some(envelope) = frame["envelope_id"].as_str() else { return };
        let waiting = self.lock().pending.remove(envelope);
        if let Some((_, waiting)) = waiting {
            let payload = frame.get("payload").filter(|payload| !payload.is_null()).cloned();
            let _ = waiting.send(Outcome::Acked(payload));
        }
    }

    /// Deliveries sent and not answered yet.
    pub(super) fn in_flight(&self) -> watch::Receiver<usize> {
        self.in_flight.subscribe()
    }

    /// How many sockets are open.
    pub(super) fn open_sockets(&self) -> usize {
        self.lock().sockets.len()
    }

    /// Gives the first `count` sockets an instruction.
    pub(super) fn order(&self, count: usize, frame: impl Fn() -> Frame) {
        for socket in self.lock().sockets.iter().take(count) {
            let _ = socket.out.try_send(frame());
        }
    }

    /// Sends an event, in order, subject to the hourly cap and to ordered faults. Redelivery goes on by itself.
    pub(super) fn event(self: &Arc<Self>, payload: Value) {
        let mut inner = self.lock();
        let now_ms = self.clock.now_ms();
        if !self.counted(&mut inner, now_ms) {
            return;
        }
        match inner.faults.fate(&payload) {
            Fate::Drop => {}
            Fate::Normal => self.start(&mut inner, payload),
            Fate::Copies { copies, new_ids } => {
                for copy in 0..copies {
                    let mut again = payload.clone();
                    if new_ids && copy > 0 {
                        inner.next_id += 1;
                        let id = ids::id('E', &format!("again/{}", inner.next_id));
                        again["event_id"] = json!(format!("Ev{}", &id[1..]));
                    }
                    self.start(&mut inner, again);
                }
            }
            Fate::Delay(ms) => {
                let hub = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(&hub.clock, now_ms + ms).await;
                    let mut inner = hub.lock();
                    hub.start(&mut inner, payload);
                });
            }
            Fate::Hold { last } => {
                inner.held.push(payload);
                if last {
                    for payload in std::mem::take(&mut inner.held).into_iter().rev() {
                        self.start(&mut inner, payload);
                    }
                }
            }
        }
    }

    /// Counts an event against the hour; tells the app once a minute when the hour is full.
    fn counted(self: &Arc<Self>, inner: &mut Inner, now_ms: i64) -> bool {
        const HOUR_MS: i64 = 3_600_000;
        const MINUTE_MS: i64 = 60_000;
        if inner.hour != now_ms / HOUR_MS {
            (inner.hour, inner.hour_events) = (now_ms / HOUR_MS, 0);
        }
        inner.hour_events += 1;
        if inner.hour_events <= self.events_per_hour {
            return true;
        }
        let minute = now_ms / MINUTE_MS;
        if inner.limited_minute != minute {
            inner.limited_minute = minute;
            let notice = json!({
                "token": self.verification_token,
                "type": "app_rate_limited",
                "team_id": self.team_id,
                "minute_rate_limited": minute * 60,
                "api_app_id": self.app_id,
            });
            self.start(inner, notice);
        }
        false
    }

    fn start(self: &Arc<Self>, inner: &mut Inner, payload: Value) {
        let delivery = Delivery { kind: Kind::Event, payload, accepts: false, attempt: 0, reason: "" };
        let first = self.send(inner, &delivery);
        let hub = Arc::clone(self);
        tokio::spawn(async move { hub.see_through(delivery, first).await });
    }

    async fn see_through(self: Arc<Self>, mut delivery: Delivery, first: Sent) {
        let mut outcome = self.wait(first).await;
        for delay_ms in RETRY_DELAYS_MS {
            delivery.reason = match outcome {
                Outcome::Acked(_) | Outcome::Refused { no_retry: true, .. } => return,
                Outcome::Refused { .. } => "http_error",
                Outcome::TimedOut if self.lock().http.is_some() => "http_timeout",
                Outcome::TimedOut => "timeout",
                Outcome::Lost | Outcome::Unreachable => "connection_failed",
            };
            sleep_until(&self.clock, self.clock.now_ms() + delay_ms).await;
            delivery.attempt += 1;
            let sent = self.send(&mut self.lock(), &delivery);
            outcome = self.wait(sent).await;
        }
    }

    /// Delivers once and waits for the answer; what people do in the client is never redelivered.
    pub(super) async fn once(&self, kind: Kind, payload: Value, accepts: bool) -> Outcome {
        let delivery = Delivery { kind, payload, accepts, attempt: 0, reason: "" };
        let sent = self.send(&mut self.lock(), &delivery);
        let outcome = self.wait(sent).await;
        match outcome {
            Outcome::Acked(_) if !accepts => Outcome::Acked(None),
            other => other,
        }
    }

    fn send(&self, inner: &mut Inner, delivery: &Delivery) -> Sent {
        if let Some((targets, secret)) = &inner.http {
            let request = Box::new(http_delivery::request(targets, secret, delivery, self.clock.now_ms()));
            return Sent::Http { request, flight: Flight::start(&self.in_flight) };
        }
        inner.next_id += 1;
        let envelope_id = ids::uuid(&format!("{}/envelope/{}", self.team_id, inner.next_id));
        let text = envelope(&envelope_id, delivery).to_string();
        for _ in 0..inner.sockets.len() {
            let at = inner.next_socket % inner.sockets.len().max(1);
            inner.next_socket = at + 1;
            let Some(socket) = inner.sockets.get(at) else { break };
            if socket.out.try_send(Frame::Text(text.clone())).is_ok() {
                let (answered, answer) = oneshot::channel();
                let id = socket.id;
                inner.pending.insert(envelope_id.clone(), (id, answered));
                return Sent::Socket { envelope_id, answer, flight: Flight::start(&self.in_flight) };
            }
            // The socket does not take any more: it is as good as gone.
            inner.sockets.remove(at);
        }
        Sent::Nowhere
    }

    async fn wait(&self, sent: Sent) -> Outcome {
        match sent {
            Sent::Nowhere => Outcome::Unreachable,
            Sent::Http { request, flight } => {
                let outcome = http_delivery::exchange(*request, self.ack_timeout).await;
                drop(flight);
                outcome
            }
            Sent::Socket { envelope_id, answer, flight } => {
                let outcome = match tokio::time::timeout(self.ack_timeout, answer).await {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(_)) => Outcome::Lost,
                    Err(_) => {
                        self.lock().pending.remove(&envelope_id);
                        Outcome::TimedOut
                    }
                };
                drop(flight);
                outcome
            }
        }
    }
}

enum Sent {
    Socket { envelope_id: String, answer: oneshot::Receiver<Outcome>, flight: Flight },
    Http { request: Box<http_delivery::Request>, flight: Flight },
    Nowhere,
}

/// Counts one delivery as under way for as long as it lives.
struct Flight(watch::Sender<usize>);

impl Flight {
    fn start(count: &watch::Sender<usize>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count.clone())
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}
