//! The network's HTTP face: the brand's answers and posts come in here, and can be looked up.
//!
//! Strict as a vendor: signature, idempotency key, account and length are checked before anything is done.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::faults::NetworkFault;
use super::signature::Signed;
use super::state::{MessageKind, NetworkState, Publication, Remembered, rfc3339};
use super::{Core, limits, moderation, pages};

/// Largest request body, in bytes.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Longest idempotency key, in characters (as the IETF draft's implementations allow).
const KEY_LENGTH_MAX: usize = 255;
/// Pictures in one post (Instagram carousels: 10).
const MEDIA_MAX: usize = 10;
/// A call that "never" answers is let go after this long.
const HANG: Duration = Duration::from_secs(120);
/// Rows in one list answer.
const LIST_MAX: usize = 200;

pub(super) fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/{network}/replies", post(reply).get(list_replies))
        .route("/{network}/posts", post(publish_post).get(list_posts))
        .route("/{network}/moderation", post(moderate))
        .route("/{network}/messages/{id}", get(pages::conversation))
        .route("/{network}/posts/{id}", get(pages::post))
        .route("/{network}/people/{id}", get(pages::person))
        .fallback(|| async { refusal(StatusCode::NOT_FOUND, json!({"error": "no such address"})) })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(core)
}

#[derive(Deserialize)]
struct Reply {
    in_reply_to: String,
    text: String,
    #[serde(default)]
    visibility: Option<String>,
    #[serde(default)]
    account: Option<String>,
}

#[derive(Deserialize)]
struct Post {
    text: String,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    media: Vec<Value>,
}

/// A refused call: status and JSON body.
pub(super) type Refused = (StatusCode, Value);

fn refusal(status: StatusCode, body: Value) -> Response {
    (status, axum::Json(body)).into_response()
}

async fn reply(
    State(core): State<Arc<Core>>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    write(&core, &network, "replies", &headers, &body, do_reply).await
}

async fn publish_post(
    State(core): State<Arc<Core>>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    write(&core, &network, "posts", &headers, &body, do_post).await
}

async fn moderate(
    State(core): State<Arc<Core>>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    write(&core, &network, "moderation", &headers, &body, moderation::moderate).await
}

/// What a write does once it is allowed: does it and gives the answer, or says why not.
pub(super) type Deed = fn(&Core, &mut NetworkState, &str, &[u8], &str) -> Result<Value, Refused>;

async fn write(core: &Core, network: &str, route: &str, headers: &HeaderMap, body: &[u8], deed: Deed) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = Signed {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    if let Err(error) = core.key.verify(signed, body, core.clock.now_ms() / 1_000) {
        return refusal(StatusCode::UNAUTHORIZED, json!({"error": error.to_string()}));
    }
    let Some(key) = header("idempotency-key").filter(|key| !key.is_empty() && key.len() <= KEY_LENGTH_MAX) else {
        return refusal(StatusCode::BAD_REQUEST, json!({"error": "Idempotency-Key header missing or too long"}));
    };
    let fault = core.faults.take_for_call(network);
    match &fault {
        Some(NetworkFault::Refuse { error }) => {
            let error = error.as_deref().unwrap_or("token expired");
            return refusal(StatusCode::FORBIDDEN, json!({"error": error}));
        }
        Some(NetworkFault::RateLimit { retry_after_s }) => {
            let body = axum::Json(json!({"error": "rate limited", "retry_after": retry_after_s}));
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", retry_after_s.to_string())], body).into_response();
        }
        Some(NetworkFault::FailBefore) => return lost(),
        _ => {}
    }
    let done = perform(core, network, route, key, body, deed);
    match fault {
        Some(NetworkFault::FailAfter) => return lost(),
        Some(NetworkFault::Hang) => {
            tokio::time::sleep(HANG).await;
            return refusal(StatusCode::GATEWAY_TIMEOUT, json!({"error": "timeout"}));
        }
        Some(NetworkFault::Slow { ms }) => tokio::time::sleep(Duration::from_millis(ms)).await,
        _ => {}
    }
    match done {
        Ok(answer) => (StatusCode::CREATED, axum::Json(answer)).into_response(),
        Err((status, body)) => refusal(status, body),
    }
}

fn lost() -> Response {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, json!({"error": "internal error"}))
}

/// Does the work once per idempotency key.
fn perform(core: &Core, network: &str, route: &str, key: &str, body: &[u8], deed: Deed) -> Result<Value, Refused> {
    let now_ms = core.clock.now_ms();
    let digest: [u8; 32] = Sha256::new().chain_update(network).chain_update(route).chain_update(body).finalize().into();
    let answer = {
        let mut state = core.state();
        state.forget_old_keys(now_ms);
        if let Some(seen) = state.remembered.get(key) {
            if seen.digest == digest {
                return Ok(seen.answer.clone());
            }
            return Err((
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({"error": "this Idempotency-Key was used with another body"}),
            ));
        }
        let answer = deed(core, &mut state, network, body, key)?;
        state.remembered.insert(key.to_owned(), Remembered { at_ms: now_ms, digest, answer: answer.clone() });
        answer
    };
    core.announce();
    Ok(answer)
}

pub(super) fn unreadable(error: &serde_json::Error) -> Refused {
    (StatusCode::BAD_REQUEST, json!({"error": format!("bad JSON: {error}")}))
}

pub(super) fn unprocessable(error: impl Into<String>) -> Refused {
    (StatusCode::UNPROCESSABLE_ENTITY, json!({"error": error.into()}))
}

fn check_text(network: &str, text: &str) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Err(unprocessable("text is empty"));
    }
    let rule = limits::of(network);
    let length = rule.length(text);
    if length > rule.max {
        let body = json!({"error": "text too long", "limit": rule.max, "length": length});
        return Err((StatusCode::UNPROCESSABLE_ENTITY, body));
    }
    Ok(())
}

fn account(core: &Core, network: &str, asked: Option<String>) -> Result<String, Refused> {
    let mut ours = core.accounts.iter().filter(|account| account.network == network);
    match asked {
        Some(asked) if ours.any(|account| account.handle == asked) || core.accounts.is_empty() => Ok(asked),
        Some(_) => Err((StatusCode::FORBIDDEN, json!({"error": "this account is not connected"}))),
        None => match ours.next() {
            Some(first) => Ok(first.handle.clone()),
            None if core.accounts.is_empty() => Ok("brand".to_owned()),
            None => Err((StatusCode::FORBIDDEN, json!({"error": "no account is connected on this network"}))),
        },
    }
}

fn do_reply(core: &Core, state: &mut NetworkState, network: &str, body: &[u8], key: &str) -> Result<Value, Refused> {
    let reply: Reply = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    check_text(network, &reply.text)?;
    let account = account(core, network, reply.account)?;
    let Some(answered) = state.message(network, &reply.in_reply_to) else {
        return Err((StatusCode::NOT_FOUND, json!({"error": "the message to answer does not exist"})));
    };
    let private = answered.message.kind == MessageKind::Dm;
    let root_id = answered.root_id.clone();
    let visibility = reply.visibility.unwrap_or_else(|| if private { "private" } else { "public" }.to_owned());
    match (visibility.as_str(), answered.message.kind) {
        ("public", MessageKind::Dm) => return Err(unprocessable("a private message cannot be answered in public")),
        ("private", MessageKind::Review) => return Err(unprocessable("a review can only be answered in public")),
        ("public" | "private", _) => {}
        _ => return Err(unprocessable("visibility is public or private")),
    }
    let id = state.mint(network, 'r');
    let url = format!("{}/{network}/messages/{root_id}#{id}", core.base_url);
    let at_ms = core.clock.now_ms();
    Ok(published(
        state,
        Publication {
            id,
            url,
            network: network.to_owned(),
            in_reply_to: Some(reply.in_reply_to),
            text: reply.text,
            visibility,
            account,
            media: Vec::new(),
            created_at: rfc3339(at_ms),
            idempotency_key: key.to_owned(),
            at_ms,
        },
    ))
}

fn published(state: &mut NetworkState, publication: Publication) -> Value {
    let answer = json!({"id": publication.id, "url": publication.url});
    state.publish(publication);
    answer
}

fn do_post(core: &Core, state: &mut NetworkState, network: &str, body: &[u8], key: &str) -> Result<Value, Refused> {
    let post: Post = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    check_text(network, &post.text)?;
    if post.media.len() > MEDIA_MAX {
        let body = json!({"error": "too many media", "limit": MEDIA_MAX});
        return Err((StatusCode::UNPROCESSABLE_ENTITY, body));
    }
    let account = account(core, network, post.account)?;
    let id = state.mint(network, 'p');
    let at_ms = core.clock.now_ms();
    Ok(published(
        state,
        Publication {
            url: format!("{}/{network}/posts/{id}", core.base_url),
            id,
            network: network.to_owned(),
            in_reply_to: None,
            text: post.text,
            visibility: "public".to_owned(),
            account,
            media: post.media,
            created_at: rfc3339(at_ms),
            idempotency_key: key.to_owned(),
            at_ms,
        },
    ))
}

#[derive(Deserialize)]
struct RepliesQuery {
    in_reply_to: Option<String>,
}

async fn list_replies(
    State(core): State<Arc<Core>>,
    Path(network): Path<String>,
    Query(query): Query<RepliesQuery>,
) -> Response {
    let wanted = |p: &&Publication| match &query.in_reply_to {
        Some(id) => p.in_reply_to.as_ref() == Some(id),
        None => p.in_reply_to.is_some(),
    };
    list(&core, &network, "replies", wanted)
}

#[derive(Deserialize)]
struct PostsQuery {
    account: Option<String>,
}

async fn list_posts(
    State(core): State<Arc<Core>>,
    Path(network): Path<String>,
    Query(query): Query<PostsQuery>,
) -> Response {
    let wanted = |p: &&Publication| p.in_reply_to.is_none() && query.account.as_ref().is_none_or(|a| *a == p.account);
    list(&core, &network, "posts", wanted)
}

/// The newest [`LIST_MAX`] that fit, newest first.
fn list(core: &Core, network: &str, name: &str, wanted: impl Fn(&&Publication) -> bool) -> Response {
    let state = core.state();
    let on_network = state.publications.iter().rev().filter(|p| p.network == network);
    let rows: Vec<&Publication> = on_network.filter(wanted).take(LIST_MAX).collect();
    axum::Json(json!({ name: rows })).into_response()
}
