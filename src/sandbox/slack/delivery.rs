//! One payload on its way to the app, and how it ended.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::SandboxClock;

/// What a delivery is about; decides the envelope type and where it is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Event,
    Command,
    Interactive,
    Suggestion,
}

/// One payload on its way to the app.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) kind: Kind,
    pub(super) payload: Value,
    /// Whether the answer may carry a payload.
    pub(super) accepts: bool,
    pub(super) attempt: u32,
    pub(super) reason: &'static str,
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Answered in time, perhaps with something to show.
    Acked(Option<Value>),
    TimedOut,
    /// The socket went away before the answer.
    Lost,
    /// Nobody to deliver to.
    Unreachable,
    /// The app's URL answered with this status; `no_retry` when it asked not to be tried again.
    Refused {
        status: u16,
        no_retry: bool,
    },
}

pub(super) fn envelope(id: &str, delivery: &Delivery) -> Value {
    let kind = match delivery.kind {
        Kind::Event => "events_api",
        Kind::Command => "slash_commands",
        Kind::Interactive | Kind::Suggestion => "interactive",
    };
    let mut envelope = json!({
        "envelope_id": id,
        "payload": delivery.payload,
        "type": kind,
        "accepts_response_payload": delivery.accepts,
    });
    if delivery.kind == Kind::Event {
        envelope["retry_attempt"] = json!(delivery.attempt);
        envelope["retry_reason"] = json!(delivery.reason);
    }
    envelope
}

/// The frame that tells a client to go.
pub(super) fn disconnect(reason: &str) -> String {
    json!({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}).to_string()
}

/// Waits until the sandbox clock shows `at_ms`.
pub(super) async fn sleep_until(clock: &SandboxClock, at_ms: i64) {
    let mut moved = clock.moved();
    loop {
        let left_ms = at_ms - clock.now_ms();
        if left_ms <= 0 {
            return;
        }
        if clock.is_manual() {
            if moved.changed().await.is_err() {
                return;
            }
        } else {
            let left = Duration::from_millis(left_ms.unsigned_abs());
            // The clock may be pushed forward meanwhile; either way the loop looks again.
            let _ = tokio::time::timeout(left, moved.changed()).await;
        }
    }
}
