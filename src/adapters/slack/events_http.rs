//! HTTP delivery: the three addresses that Slack posts to when no socket is used.
//!
//! Raw bytes are bounded and their signature checked before anything is read; 200 is said only once the delivery is
//! durable, 503 makes Slack deliver again. Retry headers are not looked at: an event is known by what it is.
//! Never here: the meaning of a payload. Start reading at [`router`].

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::SlackChat;
use super::delivery;
use super::envelope::parse;
use super::messages::word;
use super::signature::{SIGNATURE_HEADER, TIMESTAMP_HEADER, verify};
use crate::adapters::http::{BODY_BYTES_MAX, BodyError, read_body};
use crate::ports::envelope::Intake;

/// Where events arrive.
pub const EVENTS_PATH: &str = "/slack/events";
/// Where slash commands arrive.
pub const COMMANDS_PATH: &str = "/slack/commands";
/// Where buttons, menus, shortcuts and forms arrive.
pub const INTERACTIVITY_PATH: &str = "/slack/interactivity";
/// Most pairs of a form read: Slack sends about twenty.
const PAIRS_MAX: usize = 200;

struct Door {
    chat: Arc<SlackChat>,
    intake: Arc<dyn Intake>,
}

/// The routes of HTTP delivery. From then on the chat counts as connected.
pub fn router(chat: Arc<SlackChat>, intake: Arc<dyn Intake>) -> Router {
    chat.http_delivery.store(true, Ordering::SeqCst);
    Router::new()
        .route(EVENTS_PATH, post(events))
        .route(COMMANDS_PATH, post(commands))
        .route(INTERACTIVITY_PATH, post(interactivity))
        .with_state(Arc::new(Door { chat, intake }))
}

async fn events(State(door): State<Arc<Door>>, request: Request<Body>) -> Response {
    let body = match door.signed_body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let text = String::from_utf8_lossy(&body);
    match parse(&text) {
        Some(payload) if payload["type"] == "url_verification" => {
            axum::Json(json!({"challenge": word(&payload, "challenge")})).into_response()
        }
        // Wrapped verbatim: what Slack signed is what is kept.
        Some(_) => door.take(format!(r#"{{"type":"events_api","payload":{text}}}"#)).await,
        None => door.take(unreadable("events_api", &text)).await,
    }
}

async fn commands(State(door): State<Arc<Door>>, request: Request<Body>) -> Response {
    let body = match door.signed_body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let pairs = pairs(&body);
    // Slack checks the certificate of a command's address now and then.
    if pairs.get("ssl_check").is_some_and(|check| check == "1") {
        return StatusCode::OK.into_response();
    }
    door.take(json!({"type": "slash_commands", "payload": pairs}).to_string()).await
}

async fn interactivity(State(door): State<Arc<Door>>, request: Request<Body>) -> Response {
    let body = match door.signed_body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let pairs = pairs(&body);
    let payload = pairs.get("payload").map(String::as_str).unwrap_or_default();
    if parse(payload).is_some() {
        door.take(format!(r#"{{"type":"interactive","payload":{payload}}}"#)).await
    } else {
        door.take(unreadable("interactive", &String::from_utf8_lossy(&body))).await
    }
}

/// What cannot be read is kept as text, under its digest, and acknowledged: it would not read better a second time.
fn unreadable(expected: &str, text: &str) -> String {
    json!({"type": "unreadable", "expected": expected, "text": text}).to_string()
}

fn pairs(body: &[u8]) -> HashMap<String, String> {
    url::form_urlencoded::parse(body)
        .take(PAIRS_MAX)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

impl Door {
    /// Reads a body within bounds and checks who sent it.
    async fn signed_body(&self, request: Request<Body>) -> Result<Vec<u8>, Response> {
        let (parts, body) = request.into_parts();
        // Slack never compresses; a compressed body could be a bomb and is refused unread.
        if parts.headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = read_body(body, BODY_BYTES_MAX).await.map_err(|error| match error {
            BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
            BodyError::Broken => StatusCode::BAD_REQUEST.into_response(),
        })?;
        let (signature, signed_at) = (text(&parts.headers, SIGNATURE_HEADER), text(&parts.headers, TIMESTAMP_HEADER));
        let secret = self.chat.signing_secret.as_ref();
        verify(secret, signature, signed_at, &body, self.chat.clock.now()).map_err(|refused| {
            tracing::warn!(%refused, "a request that claims to be Slack's was refused");
            StatusCode::UNAUTHORIZED.into_response()
        })?;
        Ok(body)
    }

    async fn take(&self, raw: String) -> Response {
        let parsed: Option<Value> = parse(&raw);
        match delivery::take(&self.intake, raw, parsed.as_ref(), self.chat.clock.now()).await {
            Ok(None) => StatusCode::OK.into_response(),
            Ok(Some(payload)) => axum::Json(payload).into_response(),
            Err(error) => {
                tracing::warn!(%error, "a delivery is not acknowledged; Slack will deliver it again");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
