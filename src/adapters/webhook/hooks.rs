//! `POST /hooks/{source}`: the door for signed webhooks.
//!
//! Answers 202 only once the message is durable, never before. Never logs a body, a name from the address, or a secret.
//! The order of checks is the order of [`receive`]: size, source, signature, shape, storage.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use secrecy::SecretString;
use serde_json::json;
use tokio::sync::Semaphore;

use super::decode::{self, Problem};
use super::verify::{self, Rejection};
use crate::ports::Reader;
use crate::ports::clock::Clock;
use crate::ports::envelope::{Accepted, Envelope, Intake, Urgency};
use crate::ports::inbound::Inbound;

/// Largest body read, in bytes. Twenty times the longest message any network can send with its links.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// A body must have arrived within this time. Senders wait 10 to 30 s for an answer (Standard Webhooks: 15 to 30 s).
const BODY_READ_MAX: Duration = Duration::from_secs(10);
/// Bodies being read at once; more wait their turn. Bounds the memory that senders without a secret can take.
const BODIES_AT_ONCE_MAX: usize = 512;
/// What a sender is asked to wait when nothing could be stored, in seconds.
const RETRY_AFTER_S: &str = "5";
/// Prefix of [`Envelope::source`] for webhook sources.
pub const SOURCE_PREFIX: &str = "hook:";

/// A sender that may post messages.
#[derive(Clone, Debug)]
pub struct HookSource {
    /// What it signs with.
    pub secret: SecretString,
    /// The network meant when a message names none.
    pub network: Option<String>,
}

/// Reads the envelopes that [`router`] handed in.
#[derive(Debug)]
pub struct HookReader {
    /// Network meant by default, by source name.
    networks: BTreeMap<String, Option<String>>,
}

impl HookReader {
    /// A reader for these sources.
    #[must_use]
    pub fn new(sources: BTreeMap<String, HookSource>) -> Self {
        Self { networks: sources.into_iter().map(|(name, source)| (name, source.network)).collect() }
    }
}

impl Reader for HookReader {
    fn decode(&self, envelope: &Envelope) -> Inbound {
        let name = envelope.source.strip_prefix(SOURCE_PREFIX).unwrap_or_default();
        let network = self.networks.get(name).and_then(Option::as_deref);
        match super::decode::decode(&envelope.body, network) {
            Ok(message) => Inbound::Social(Box::new(message)),
            Err(problem) => Inbound::Unknown { reason: format!("{problem:?}") },
        }
    }
}

struct Hooks {
    sources: BTreeMap<String, HookSource>,
    /// Signs nothing; unknown sources are checked against it so that they take as long as known ones.
    nobody: SecretString,
    intake: Arc<dyn Intake>,
    clock: Arc<dyn Clock>,
    reading: Semaphore,
}

/// The routes, ready to be merged into the server.
pub fn router(sources: BTreeMap<String, HookSource>, intake: Arc<dyn Intake>, clock: Arc<dyn Clock>) -> Router {
    let hooks = Hooks {
        sources,
        nobody: SecretString::from("no source has this secret"),
        intake,
        clock,
        reading: Semaphore::new(BODIES_AT_ONCE_MAX),
    };
    Router::new().route("/hooks/{source}", post(receive)).with_state(Arc::new(hooks))
}

/// A request that is not taken, and what its sender is told.
#[derive(Debug)]
enum Refusal {
    TooLarge,
    Encoded,
    TooSlow,
    Broken,
    UnknownSource,
    Signature(Rejection),
    Shape(Problem),
    NotStored,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, field, hint) = match self {
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "the body is over 1 MiB".to_owned(), "", "send one message per request")
            }
            Self::Encoded => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "compressed bodies are not read".to_owned(),
                "",
                "send the JSON without Content-Encoding",
            ),
            Self::TooSlow => {
                (StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time".to_owned(), "", "send it again")
            }
            Self::Broken => (StatusCode::BAD_REQUEST, "the body could not be read".to_owned(), "", "send it again"),
            Self::UnknownSource => (
                StatusCode::NOT_FOUND,
                "there is no such source".to_owned(),
                "",
                "the address ends with the name of a [hooks.NAME] section of vigie.toml",
            ),
            Self::Signature(rejection) => {
                (StatusCode::UNAUTHORIZED, rejection.to_string(), "", signature_hint(rejection))
            }
            Self::Shape(problem) => (StatusCode::BAD_REQUEST, problem.error, problem.field, problem.hint),
            Self::NotStored => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the message could not be stored".to_owned(),
                "",
                "send it again, with the same id",
            ),
        };
        let body = Json(json!({"error": error, "field": field, "hint": hint}));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return (status, [(RETRY_AFTER, RETRY_AFTER_S)], body).into_response();
        }
        (status, body).into_response()
    }
}

fn signature_hint(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::Missing => "sign as Standard Webhooks 1.0 says, or send X-Signature-256: sha256=<hex of body>",
        Rejection::Forged => "use the secret of this source, over the bytes of the body as sent",
        Rejection::Stale => "check the sender's clock, and sign each attempt anew",
    }
}

async fn receive(
    State(hooks): State<Arc<Hooks>>,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let body = read(&hooks, &headers, body).await?;
    let known = hooks.sources.get(&source);
    let secret = known.map_or(&hooks.nobody, |known| &known.secret);
    let now = hooks.clock.now();
    let signature = verify::verify(secret, &headers, &body, now);
    let Some(known) = known else {
        tracing::info!("webhook for an unknown source refused");
        return Err(Refusal::UnknownSource);
    };
    if let Err(rejection) = signature {
        tracing::warn!(source, %rejection, "webhook refused");
        return Err(Refusal::Signature(rejection));
    }
    let body = text(body)?;
    let message = decode::decode(&body, known.network.as_deref()).map_err(|problem| {
        tracing::warn!(source, field = problem.field, error = problem.error, "webhook not readable");
        Refusal::Shape(problem)
    })?;
    let envelope = Envelope {
        source: format!("{SOURCE_PREFIX}{source}"),
        // One source may stand for several networks, and each counts for itself.
        delivery_id: format!("{}:{}", message.network, message.id),
        urgency: Urgency::Live,
        received_at: now,
        body,
    };
    match hooks.intake.accept(envelope).await {
        Ok(accepted) => {
            let duplicate = accepted == Accepted::Duplicate;
            Ok((StatusCode::ACCEPTED, Json(json!({"accepted": true, "duplicate": duplicate}))).into_response())
        }
        Err(not_stored) => {
            tracing::error!(source, %not_stored, "webhook not taken");
            Err(Refusal::NotStored)
        }
    }
}

/// Reads at most [`BODY_BYTES_MAX`]; what says beforehand that it is larger or compressed is refused unread.
async fn read(hooks: &Hooks, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let is_plain = |value: &str| value.is_empty() || value.eq_ignore_ascii_case("identity");
    if headers.get_all(CONTENT_ENCODING).iter().any(|value| !value.to_str().is_ok_and(is_plain)) {
        return Err(Refusal::Encoded);
    }
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > BODY_BYTES_MAX) {
        return Err(Refusal::TooLarge);
    }
    let _turn = hooks.reading.acquire().await.map_err(|_| Refusal::NotStored)?;
    let reading = Limited::new(body, BODY_BYTES_MAX).collect();
    match tokio::time::timeout(BODY_READ_MAX, reading).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) => Err(Refusal::Broken),
        Err(_) => Err(Refusal::TooSlow),
    }
}

fn text(body: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(body).map_err(|_| {
        Refusal::Shape(Problem {
            error: "the body is not UTF-8".to_owned(),
            field: "",
            hint: "send JSON in UTF-8 (RFC 8259)",
        })
    })
}
