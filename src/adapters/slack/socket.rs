//! Socket Mode: keeps several sockets open, renews them before Slack closes them, and reads back after a gap.
//!
//! slack-morphism opens the connections' addresses (`apps.connections.open`), but its client manager cannot be used for
//! the sockets themselves: it closes the old socket before it opens the new one, dials again at a fixed interval without
//! an end, dials whatever address it is given, and acknowledges strictly one after the other. So the sockets are plain
//! tokio-tungstenite ones (already part of slack-morphism), dialled here and served by `connection`.
//!
//! Never here: the meaning of an envelope. Start reading at [`run`].
#![allow(clippy::disallowed_methods, reason = "a socket's own waits are measured on the machine's monotonic clock")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::sync::CancellationToken;

use super::SlackChat;
use super::backoff::Backoff;
use super::connection::{self, Signal, Socket};
use super::envelope::SOURCE;
use crate::domain::time::Timestamp;
use crate::ports::chat::SendError;
use crate::ports::envelope::Intake;

/// Longest wait for the socket's own handshake.
const DIAL_WAIT: Duration = Duration::from_secs(8);
/// Longest wait for Slack's greeting; a peer that greets nobody is taken as it is.
const HELLO_WAIT: Duration = Duration::from_secs(5);
/// Largest frame read: Slack's payloads stay below 1 MiB, an event with many blocks below 4.
const FRAME_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Signals a socket may queue before its keeper reads them.
const SIGNALS_MAX: usize = 16;

/// What all sockets of a workspace share.
pub(super) struct Hub {
    chat: Arc<SlackChat>,
    intake: Arc<dyn Intake>,
    shutdown: CancellationToken,
    /// Held by whoever dials: sockets are dialled one after the other, and wait together while Slack refuses.
    dialling: Mutex<Backoff>,
    started: Instant,
    /// Something may have been missed since the last read-back.
    gap: AtomicBool,
}

/// A socket and its keeper's handle on it.
struct Line {
    signals: mpsc::Receiver<Signal>,
    retire: CancellationToken,
}

/// Counts an open socket for as long as it is served; the last one to go opens a gap.
pub(super) struct OpenMark(Arc<Hub>);

/// Keeps the sockets of a workspace open until `shutdown`; then finishes what is being stored and closes them.
pub async fn run(chat: Arc<SlackChat>, intake: Arc<dyn Intake>, shutdown: CancellationToken) {
    let sockets = chat.sockets;
    let hub = Arc::new(Hub {
        chat,
        intake,
        shutdown,
        dialling: Mutex::new(Backoff::default()),
        started: Instant::now(),
        // Before the first socket stood, anything may have been missed.
        gap: AtomicBool::new(true),
    });
    let mut keepers = JoinSet::new();
    for slot in 0..sockets {
        keepers.spawn(keep(Arc::clone(&hub), slot));
    }
    while let Some(ended) = keepers.join_next().await {
        if ended.is_err() && !hub.is_closing() {
            tracing::error!("a socket's keeper panicked; it is started anew");
            keepers.spawn(keep(Arc::clone(&hub), sockets));
        }
    }
}

/// Keeps one socket open for ever.
async fn keep(hub: Arc<Hub>, slot: u8) {
    let mut serving = JoinSet::new();
    let mut elder: Option<Line> = None;
    while !hub.is_closing() {
        let mut line = tokio::select! {
            () = hub.shutdown.cancelled() => break,
            line = hub.dial(slot, &mut serving) => line,
        };
        // The successor stands: the elder may go.
        if let Some(elder) = elder.take() {
            elder.retire.cancel();
        }
        let signal = tokio::select! {
            () = hub.shutdown.cancelled() => {
                line.retire.cancel();
                break;
            }
            signal = line.next() => signal,
        };
        while serving.try_join_next().is_some() {}
        match signal {
            Signal::Renew(reason) => {
                tracing::info!(slot, reason, "a socket is renewed");
                elder = Some(line);
            }
            Signal::Ended(reason) => {
                tracing::warn!(slot, reason, "a socket ended");
                drop(line);
                hub.dialling.lock().await.torn(hub.elapsed_ms());
            }
            Signal::Up => {}
        }
    }
    if let Some(elder) = elder {
        elder.retire.cancel();
    }
    while serving.join_next().await.is_some() {}
}

impl Line {
    /// The next thing that its keeper must act on.
    async fn next(&mut self) -> Signal {
        loop {
            match self.signals.recv().await {
                Some(Signal::Up) => {}
                Some(signal) => return signal,
                None => return Signal::Ended("gone"),
            }
        }
    }
}

impl Hub {
    pub(super) fn intake(&self) -> &Arc<dyn Intake> {
        &self.intake
    }

    pub(super) fn now(&self) -> Timestamp {
        self.chat.clock.now()
    }

    pub(super) fn is_closing(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// Envelopes may have been missed: read back once a socket stands.
    pub(super) fn note_gap(&self) {
        self.gap.store(true, Ordering::SeqCst);
    }

    /// Counts a socket as open until the mark is dropped.
    pub(super) fn mark_open(self: &Arc<Self>) -> OpenMark {
        self.chat.open_sockets.fetch_add(1, Ordering::SeqCst);
        OpenMark(Arc::clone(self))
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Dials until a socket stands. May be dropped at any time.
    async fn dial(self: &Arc<Self>, slot: u8, serving: &mut JoinSet<()>) -> Line {
        loop {
            let mut backoff = self.dialling.lock().await;
            tokio::time::sleep(Duration::from_millis(backoff.wait_ms(self.elapsed_ms()))).await;
            match self.connect().await {
                Ok(socket) => {
                    if let Some(line) = self.greet(socket, serving).await {
                        backoff.succeeded();
                        drop(backoff);
                        self.stands(slot);
                        return line;
                    }
                    backoff.failed(self.elapsed_ms(), None, self.chance(slot));
                }
                Err(error) => {
                    let asked = match &error {
                        SendError::RateLimited { retry_after_ms, .. } => u64::try_from(*retry_after_ms).ok(),
                        _ => None,
                    };
                    backoff.failed(self.elapsed_ms(), asked, self.chance(slot));
                    let wait_ms = backoff.wait_ms(self.elapsed_ms());
                    tracing::warn!(slot, %error, wait_ms, "no socket could be opened");
                }
            }
        }
    }

    /// A number that differs between processes and sockets; enough to spread waits.
    fn chance(&self, slot: u8) -> u64 {
        let seed = self.now().0.unsigned_abs().wrapping_add(self.elapsed_ms()).wrapping_add(u64::from(slot) << 32);
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16
    }

    async fn connect(&self) -> Result<Socket, SendError> {
        let address = self.chat.wire.open_socket().await?;
        let url = self.chat.wire.hosts().socket(&address).map_err(|error| SendError::Permanent {
            code: "foreign_address".to_owned(),
            cause: format!("the socket address {error}; it was not dialled"),
        })?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_BYTES_MAX))
            .max_frame_size(Some(FRAME_BYTES_MAX))
            .read_buffer_size(32 * 1024);
        let dial = tokio_tungstenite::connect_async_with_config(url.as_str(), Some(config), true);
        match tokio::time::timeout(DIAL_WAIT, dial).await {
            Ok(Ok((socket, _))) => Ok(socket),
            // The error may quote the address, and the address holds a ticket.
            Ok(Err(_)) => Err(SendError::Transient("the socket's handshake failed".to_owned())),
            Err(_) => Err(SendError::Transient("the socket's handshake took too long".to_owned())),
        }
    }

    /// Starts serving a socket and waits for Slack's greeting.
    async fn greet(self: &Arc<Self>, socket: Socket, serving: &mut JoinSet<()>) -> Option<Line> {
        let (signals_in, mut signals) = mpsc::channel(SIGNALS_MAX);
        let retire = CancellationToken::new();
        // A keeper that is dropped while it waits here must not leave a socket behind that nobody keeps.
        let guard = retire.clone().drop_guard();
        serving.spawn(connection::serve(Arc::clone(self), socket, signals_in, retire.clone()));
        let greeted = match tokio::time::timeout(HELLO_WAIT, signals.recv()).await {
            Ok(Some(Signal::Up)) | Err(_) => true,
            Ok(Some(Signal::Renew(_) | Signal::Ended(_)) | None) => false,
        };
        if !greeted {
            return None;
        }
        guard.disarm();
        Some(Line { signals, retire })
    }

    /// A socket stands: whatever may have been missed is read back, and who we are is learnt.
    fn stands(self: &Arc<Self>, slot: u8) {
        tracing::info!(slot, "a socket stands");
        let missed = self.gap.swap(false, Ordering::SeqCst);
        let hub = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = hub.chat.identity().await {
                tracing::warn!(%error, "Slack did not say who we are");
            }
            if missed {
                hub.intake.caught_gap(SOURCE).await;
            }
        });
    }
}

impl Drop for OpenMark {
    fn drop(&mut self) {
        let hub = &self.0;
        if hub.chat.open_sockets.fetch_sub(1, Ordering::SeqCst) == 1 && !hub.is_closing() {
            hub.note_gap();
        }
    }
}
