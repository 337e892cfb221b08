//! One open socket: reads envelopes, has them stored, acknowledges what is durable, watches that the peer lives.
//!
//! Envelopes are stored side by side (the store commits them in groups), each in a task of its own: a panic there costs
//! one acknowledgement and Slack delivers again. Never here: dialling, or the decision to reconnect.
//! Start reading at [`serve`].
#![allow(clippy::disallowed_methods, reason = "a socket's own waits are measured on the machine's monotonic clock")]

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

use super::delivery;
use super::envelope::parse;
use super::messages::word;
use super::socket::Hub;

/// An open socket.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Time between pings; with [`SILENCE`] a frozen peer is noticed in under 15 s (RELIABILITY, fault 11).
const PING_EVERY: Duration = Duration::from_secs(4);
/// Nothing heard for so long, not even an answer to three pings: the peer is gone.
const SILENCE: Duration = Duration::from_secs(12);
/// A socket without a single envelope for so long is renewed: sockets were seen open and deaf for hours
/// (slackapi/python-slack-sdk#1701).
const QUIET: Duration = Duration::from_secs(30 * 60);
/// Envelopes being stored at once; beyond it the socket is not read on, which slows the sender down.
const IN_FLIGHT_MAX: usize = 512;
/// A frame that cannot be written in this time means a dead peer.
const WRITE_WAIT: Duration = Duration::from_secs(5);
/// After its successor stands, a socket is still read for so long: what was sent on it just before is not lost.
const RETIRE_GRACE: Duration = Duration::from_secs(2);
/// Longest wait for envelopes being stored when a socket is closed (a shutdown takes less than 2 s).
const DRAIN_WAIT: Duration = Duration::from_millis(1_200);

/// What a socket tells its keeper.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Slack greets: envelopes come from now on.
    Up,
    /// A successor is wanted while this one still works.
    Renew(String),
    /// Over.
    Ended(&'static str),
}

/// Serves a socket until it ends or is retired.
pub(super) async fn serve(hub: Arc<Hub>, mut socket: Socket, signals: mpsc::Sender<Signal>, retire: CancellationToken) {
    let (acks_in, mut acks) = mpsc::channel::<String>(IN_FLIGHT_MAX * 2);
    let mut storing: JoinSet<()> = JoinSet::new();
    let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut heard, mut last_envelope) = (Instant::now(), Instant::now());
    let mut leave_at: Option<Instant> = None;
    let mut open = None;
    let end = loop {
        tokio::select! {
            frame = socket.next(), if storing.len() < IN_FLIGHT_MAX => {
                heard = Instant::now();
                match frame {
                    None => break "closed",
                    Some(Err(error)) => break broken(&error),
                    Some(Ok(Message::Close(_))) => break "closed by Slack",
                    Some(Ok(Message::Text(text))) => {
                        last_envelope = heard;
                        open.get_or_insert_with(|| hub.mark_open());
                        take_frame(&hub, text.as_str(), &signals, &acks_in, &mut storing).await;
                    }
                    Some(Ok(_)) => {}
                }
            }
            Some(ack) = acks.recv() => {
                if !write_all(&mut socket, ack, &mut acks).await {
                    break "not writable";
                }
            }
            Some(done) = storing.join_next(), if !storing.is_empty() => note_panic(&done),
            _ = ping.tick() => {
                // Some emulators greet nobody: a socket that stands until the first ping is open.
                open.get_or_insert_with(|| hub.mark_open());
                // While storing holds reading up, silence is ours, not the peer's.
                if heard.elapsed() > SILENCE && storing.len() < IN_FLIGHT_MAX {
                    hub.note_gap();
                    break "silent";
                }
                if last_envelope.elapsed() > QUIET {
                    last_envelope = Instant::now();
                    hub.note_gap();
                    tell(&signals, Signal::Renew("quiet".to_owned()));
                }
                let beat = Message::Ping(b"vigie".as_slice().into());
                if !matches!(tokio::time::timeout(WRITE_WAIT, socket.send(beat)).await, Ok(Ok(()))) {
                    break "not writable";
                }
            }
            () = retire.cancelled(), if leave_at.is_none() => {
                let grace = if hub.is_closing() { Duration::ZERO } else { RETIRE_GRACE };
                leave_at = Some(Instant::now() + grace);
            }
            () = tokio::time::sleep_until(leave_at.unwrap_or_else(Instant::now)), if leave_at.is_some() => break "retired",
        }
    };
    drop(open);
    drain(socket, storing, acks_in, acks).await;
    tell(&signals, Signal::Ended(end));
}

/// Lets what is being stored finish, sends its acknowledgements, closes.
async fn drain(
    mut socket: Socket,
    mut storing: JoinSet<()>,
    acks_in: mpsc::Sender<String>,
    mut acks: mpsc::Receiver<String>,
) {
    drop(acks_in);
    let finish = async {
        loop {
            tokio::select! {
                Some(done) = storing.join_next(), if !storing.is_empty() => note_panic(&done),
                ack = acks.recv() => match ack {
                    Some(ack) => {
                        if !write_all(&mut socket, ack, &mut acks).await {
                            return;
                        }
                    }
                    None => break,
                },
            }
        }
        let _ = socket.close(None).await;
    };
    // An acknowledgement that cannot be sent any more is no error: Slack delivers again, and the inbox knows it.
    let _ = tokio::time::timeout(DRAIN_WAIT, finish).await;
    storing.detach_all();
}

fn note_panic(done: &Result<(), tokio::task::JoinError>) {
    if done.as_ref().is_err_and(tokio::task::JoinError::is_panic) {
        tracing::error!("storing an envelope panicked; it is not acknowledged and will come again");
    }
}

fn broken(error: &SocketError) -> &'static str {
    match error {
        SocketError::ConnectionClosed | SocketError::AlreadyClosed => "closed",
        SocketError::Io(_) => "connection lost",
        SocketError::Capacity(_) => "frame too large",
        _ => "protocol broken",
    }
}

/// Writes an acknowledgement and all that wait behind it in one go.
async fn write_all(socket: &mut Socket, first: String, more: &mut mpsc::Receiver<String>) -> bool {
    let writing = async {
        socket.feed(Message::Text(first.into())).await?;
        while let Ok(next) = more.try_recv() {
            socket.feed(Message::Text(next.into())).await?;
        }
        socket.flush().await
    };
    matches!(tokio::time::timeout(WRITE_WAIT, writing).await, Ok(Ok(())))
}

fn tell(signals: &mpsc::Sender<Signal>, signal: Signal) {
    // A keeper that already left, or already knows, needs no telling.
    let _ = signals.try_send(signal);
}

async fn take_frame(
    hub: &Arc<Hub>,
    text: &str,
    signals: &mpsc::Sender<Signal>,
    acks: &mpsc::Sender<String>,
    storing: &mut JoinSet<()>,
) {
    let parsed = parse(text);
    match parsed.as_ref().map(|frame| word(frame, "type")) {
        Some("hello") => tell(signals, Signal::Up),
        Some("disconnect") => {
            let reason = parsed.as_ref().map(|frame| word(frame, "reason").to_owned()).unwrap_or_default();
            tell(signals, Signal::Renew(reason));
        }
        _ => {
            let (hub, raw, acks) = (Arc::clone(hub), text.to_owned(), acks.clone());
            storing.spawn(async move { store(&hub, raw, parsed, &acks).await });
        }
    }
}

/// Stores one envelope and queues its acknowledgement.
async fn store(hub: &Hub, raw: String, parsed: Option<Value>, acks: &mpsc::Sender<String>) {
    let id = match &parsed {
        Some(frame) => word(frame, "envelope_id").to_owned(),
        None => scan_envelope_id(&raw).unwrap_or_default(),
    };
    let takes_payload = parsed.as_ref().is_none_or(|frame| frame["accepts_response_payload"] != Value::Bool(false));
    match delivery::take(hub.intake(), raw, parsed.as_ref(), hub.now()).await {
        Ok(_) if id.is_empty() => {}
        Ok(payload) => {
            let mut ack = json!({"envelope_id": id});
            if let Some(payload) = payload.filter(|_| takes_payload) {
                ack["payload"] = payload;
            }
            let _ = acks.send(ack.to_string()).await;
        }
        Err(error) => tracing::warn!(%error, "an envelope is not acknowledged; Slack will deliver it again"),
    }
}

/// The envelope id in a frame that is no readable JSON, so that even such a frame can be acknowledged once stored.
fn scan_envelope_id(raw: &str) -> Option<String> {
    let rest = raw.split_once("\"envelope_id\"")?.1.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (id, _) = rest.split_once('"')?;
    let sound =
        !id.is_empty() && id.len() <= 100 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    sound.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::scan_envelope_id;

    #[test]
    fn even_a_broken_frame_can_be_acknowledged() {
        assert_eq!(scan_envelope_id(r#"{"envelope_id" : "ab-1","payload":{"#).as_deref(), Some("ab-1"));
        assert_eq!(scan_envelope_id(r#"{"envelope_id":"a b"}"#), None);
        assert_eq!(scan_envelope_id("nothing"), None);
    }
}
