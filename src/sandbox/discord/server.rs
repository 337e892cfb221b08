//! The HTTP side: checks who calls and how often, hands calls to `routes`.
//! Start reading at [`rest`].

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{FromRequest, Multipart, Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::attachments::Upload;
use super::call::{Call, Reply};
use super::connection::ConnectionControl;
use super::core::Core;
use super::errors::ApiError;
use super::faults::{LostAnswer, RestFault};
use super::model::RecordedCall;
use super::rates::{Limited, Route, Verdict};
use super::routes;
use super::state::State;

/// Discord docs, "Uploading Files": the whole request, 25 MiB.
pub(super) const REQUEST_BYTES_MAX: usize = 26_214_400;
/// A lost answer that hangs is cut after this (longer than any sane client waits).
const HANG_MS: u64 = 120_000;
/// What goes back, before it becomes bytes.
struct Outcome {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
    /// Instead of JSON.
    text: Option<&'static str>,
}

impl Outcome {
    fn of(result: Result<Reply, ApiError>) -> Self {
        match result {
            Ok(reply) => Self { status: reply.status, headers: Vec::new(), body: reply.body, text: None },
            Err(error) => {
                let mut headers = Vec::new();
                if let Some(wait_ms) = error.retry_after_ms {
                    headers.push(("retry-after", whole_seconds(wait_ms)));
                    headers.push(("x-ratelimit-scope", "user".into()));
                }
                Self { status: error.status, headers, body: Some(error.body()), text: None }
            }
        }
    }

    fn limited(limited: Limited) -> Self {
        let mut headers = vec![("retry-after", whole_seconds(limited.retry_after_ms))];
        if limited.banned {
            return Self { status: 429, headers, body: None, text: Some("error code: 1015") };
        }
        // Discord docs: an answer of its API carries Via, one of Cloudflare does not.
        headers.push(("via", "1.1 google".into()));
        let retry_after = limited.retry_after_ms as f64 / 1_000.0;
        let body = json!({
            "message": "You are being rate limited.", "retry_after": retry_after, "global": limited.global,
        });
        Self { status: 429, headers, body: Some(body), text: None }
    }

    fn response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match (self.body, self.text) {
            (Some(body), _) => {
                let mut response = Response::new(Body::from(body.to_string()));
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            (None, Some(text)) => Response::new(Body::from(text)),
            (None, None) => Response::new(Body::empty()),
        };
        *response.status_mut() = status;
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// `Retry-After` in whole seconds, rounded up.
fn whole_seconds(ms: i64) -> String {
    ((ms + 999) / 1_000).to_string()
}

/// One REST call from the first byte to the last.
pub(super) async fn rest(
    Shared(core): Shared<Arc<Core>>,
    ConnectInfo(connection): ConnectInfo<ConnectionControl>,
    request: Request,
) -> Result<Response, Infallible> {
    let method = request.method().as_str().to_owned();
    let uri = request.uri().clone();
    if let Some(path) = uri.path().strip_prefix("/attachments/") {
        return Ok(attachment(&core, path));
    }
    let Some(segments) = api_segments(uri.path()) else {
        return Ok(Outcome::of(Err(ApiError::plain(404))).response());
    };
    let shown = format!("/{}", segments.join("/"));
    let faults = core.faults().next_rest(&method, &shown);
    for fault in &faults {
        if let RestFault::Slow { ms } = fault {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
        }
    }
    let headers = request.headers().clone();
    let query = query_of(uri.query().unwrap_or_default());
    let read = read_body(request).await;
    let body = read.as_ref().map_or(Value::Null, |(body, _)| body.clone());
    let outcome = answer(&core, &method, segments, query, &headers, read, &faults);
    let path = uri.query().map_or_else(|| shown.clone(), |query| format!("{shown}?{query}"));
    core.record(RecordedCall {
        at_ms: core.now_ms(),
        method,
        path,
        body,
        status: outcome.status,
        answer: outcome.body.clone().unwrap_or(Value::Null),
    });
    for fault in faults {
        if let RestFault::LoseAnswer { how } = fault {
            return Ok(lose(how, &connection).await);
        }
    }
    Ok(outcome.response())
}

async fn lose(how: LostAnswer, connection: &ConnectionControl) -> Response {
    match how {
        LostAnswer::Status500 => Outcome::of(Err(ApiError::plain(500))).response(),
        LostAnswer::Hang => {
            tokio::time::sleep(Duration::from_millis(HANG_MS)).await;
            connection.reset();
            Response::new(Body::empty())
        }
        LostAnswer::Reset => {
            connection.reset();
            Response::new(Body::empty())
        }
    }
}

/// Everything between reading the request and writing the answer; holds the lock for the work itself.
fn answer(
    core: &Core,
    method: &str,
    segments: Vec<String>,
    query: HashMap<String, String>,
    headers: &HeaderMap,
    read: Result<(Value, Vec<Upload>), ApiError>,
    faults: &[RestFault],
) -> Outcome {
    for fault in faults {
        match fault {
            RestFault::Fail { status } => return Outcome::of(Err(ApiError::plain(*status))),
            RestFault::RateLimited { retry_after, global } => return forced_limit(core, *retry_after, *global),
            _ => {}
        }
    }
    let looks = method == "GET";
    let work = |state: &mut State| serve(state, method, segments, query, headers, read);
    // A call that only looks must not wake those who wait for a change.
    if looks { core.look(work) } else { core.with(work) }
}

/// Rate limits, authorisation, the route itself.
fn serve(
    state: &mut State,
    method: &str,
    segments: Vec<String>,
    query: HashMap<String, String>,
    headers: &HeaderMap,
    read: Result<(Value, Vec<Upload>), ApiError>,
) -> Outcome {
    let now = state.now_ms();
    let route = Route::of(method, &segments);
    let Verdict { headers: limits, limited } = state.rates.check(&route, now);
    let mut outcome = match limited {
        Some(limited) => Outcome::limited(limited),
        None => Outcome::of(authorised(headers, &segments, &state.app.token).and(read).and_then(|(body, files)| {
            routes::handle(state, &Call { method: method.to_owned(), segments, query, body, files })
        })),
    };
    // A shared limit does not count (Discord docs, "Invalid Request Limit").
    if matches!(outcome.status, 401 | 403 | 429) {
        state.rates.count_invalid(now);
    }
    outcome.headers.extend(limits);
    outcome
}

fn forced_limit(core: &Core, retry_after_s: f64, global: bool) -> Outcome {
    let retry_after_ms = (retry_after_s * 1_000.0).round() as i64;
    core.look(|state| {
        let now = state.now_ms();
        state.rates.count_invalid(now);
    });
    let mut outcome = Outcome::limited(Limited { retry_after_ms, global, banned: false });
    let reset_ms = core.now_ms() + retry_after_ms;
    if global {
        outcome.headers.push(("x-ratelimit-global", "true".into()));
    } else {
        outcome.headers.push(("x-ratelimit-limit", "5".into()));
        outcome.headers.push(("x-ratelimit-remaining", "0".into()));
        outcome.headers.push(("x-ratelimit-reset", super::rates::seconds(reset_ms)));
        outcome.headers.push(("x-ratelimit-reset-after", super::rates::seconds(retry_after_ms)));
        outcome.headers.push(("x-ratelimit-bucket", "0".repeat(32)));
    }
    outcome.headers.push(("x-ratelimit-scope", if global { "global" } else { "user" }.into()));
    outcome
}

/// User-Agent first, as Cloudflare does, then the token.
fn authorised(headers: &HeaderMap, segments: &[String], token: &str) -> Result<(), ApiError> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if agent.trim().is_empty() {
        return Err(ApiError::of(40333));
    }
    if routes::is_public(segments) {
        return Ok(());
    }
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if given.strip_prefix("Bot ") == Some(token) { Ok(()) } else { Err(ApiError::plain(401)) }
}

/// Segments after `/api`, `/api/v9` or `/api/v10`; other versions are gone.
fn api_segments(path: &str) -> Option<Vec<String>> {
    let mut segments: Vec<String> =
        path.strip_prefix("/api")?.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let version = segments.first().and_then(|first| first.strip_prefix('v')).map(str::to_owned);
    if let Some(version) = version
        && !version.is_empty()
        && version.bytes().all(|b| b.is_ascii_digit())
    {
        if !matches!(version.as_str(), "9" | "10") {
            return None;
        }
        segments.remove(0);
    }
    Some(segments)
}

fn decoded(part: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", part.replace('+', "%2B")).as_bytes())
        .next()
        .map_or_else(|| part.to_owned(), |(_, value)| value.into_owned())
}

fn query_of(query: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Reads JSON or multipart.
async fn read_body(request: Request) -> Result<(Value, Vec<Upload>), ApiError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let multipart = kind.starts_with("multipart/form-data");
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, REQUEST_BYTES_MAX).await.map_err(|_| ApiError::of(40005))?;
    if multipart {
        return read_multipart(Request::from_parts(parts, Body::from(bytes))).await;
    }
    Ok((json_of(&bytes)?, Vec::new()))
}

fn json_of(bytes: &Bytes) -> Result<Value, ApiError> {
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(bytes).map_err(|_| ApiError::of(50109))
}

async fn read_multipart(mut request: Request) -> Result<(Value, Vec<Upload>), ApiError> {
    let broken = || ApiError::of(50109);
    // The whole body was already read within its limit.
    request.extensions_mut().insert(axum::extract::DefaultBodyLimit::disable());
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let (mut body, mut files) = (json!({}), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let content_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = field.bytes().await.map_err(|_| broken())?;
        if name == "payload_json" {
            body = json_of(&bytes)?;
        } else if let Some(filename) = filename {
            let key = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(&name).to_owned();
            files.push(Upload { key, filename, content_type, bytes });
        }
    }
    Ok((body, files))
}

/// The CDN: an uploaded file by its address.
fn attachment(core: &Core, path: &str) -> Response {
    let id = path.split('/').nth(1).and_then(super::ids::parse_id);
    let file = id.and_then(|id| core.read(|state| state.files.get(&id).cloned()));
    match file {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes).into_response(),
        None => Outcome::of(Err(ApiError::plain(404))).response(),
    }
}
