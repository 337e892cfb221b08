//! One Socket Mode connection: frames out, acknowledgements in, pings now and then.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::sync::mpsc;

use super::hub::{Frame, Hub};
use super::limits::PING_EVERY_MS;
use super::listener::Connection;

/// Pings without a pong before the server gives a connection up.
const PINGS_UNANSWERED_MAX: u32 = 6;

/// Serves a socket until either side ends it.
pub(super) async fn serve(
    mut socket: WebSocket,
    hub: Arc<Hub>,
    id: u64,
    mut frames: mpsc::Receiver<Frame>,
    connection: Connection,
) {
    let mut ping = tokio::time::interval(Duration::from_millis(PING_EVERY_MS));
    let mut unanswered = 0;
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(Frame::Text(text)) => {
                    if socket.send(Message::Text(text.into())).await.is_err() {
                        break;
                    }
                }
                Some(Frame::Close(code)) => {
                    // From here on this socket gets nothing more, although the other side may still be closing.
                    hub.retire(id);
                    let close = CloseFrame { code, reason: "".into() };
                    let _ = socket.send(Message::Close(Some(close))).await;
                    drain(&mut socket, &hub).await;
                    break;
                }
                Some(Frame::Freeze) => {
                    freeze(&mut frames).await;
                    connection.reset();
                    break;
                }
                Some(Frame::Reset) | None => {
                    connection.reset();
                    break;
                }
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => hub.received(text.as_str()),
                Some(Ok(Message::Pong(_) | Message::Ping(_))) => unanswered = 0,
                Some(Ok(Message::Binary(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            },
            _ = ping.tick() => {
                unanswered += 1;
                let sent = socket.send(Message::Ping(format!("Ping from applink-sandbox {id}").into())).await;
                if sent.is_err() || unanswered > PINGS_UNANSWERED_MAX {
                    break;
                }
            }
        }
    }
    hub.leave(id);
}

/// Half open: nothing is read or written until the connection is cut, or the server misses its pongs and gives up.
async fn freeze(frames: &mut mpsc::Receiver<Frame>) {
    let given_up = Duration::from_millis(PING_EVERY_MS) * PINGS_UNANSWERED_MAX;
    let ordered = async {
        while let Some(frame) = frames.recv().await {
            if matches!(frame, Frame::Close(_) | Frame::Reset) {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(given_up, ordered).await;
}

/// Acknowledgements that were on their way when the server closed still count.
async fn drain(socket: &mut WebSocket, hub: &Hub) {
    const CLOSING: Duration = Duration::from_secs(1);
    let rest = async {
        while let Some(Ok(message)) = socket.recv().await {
            if let Message::Text(text) = message {
                hub.received(text.as_str());
            }
        }
    };
    let _ = tokio::time::timeout(CLOSING, rest).await;
}
