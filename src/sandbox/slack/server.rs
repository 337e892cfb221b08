//! The HTTP side: Web API, socket upgrades, `response_url`s, uploads and downloads, and the page's API.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{
    ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State, WebSocketUpgrade,
};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use super::error::{Answer, ApiError};
use super::faults::{Effect, LostAnswer};
use super::interact::answers;
use super::limits::{BODY_BYTES_MAX, UPLOAD_BYTES_MAX};
use super::listener::{Connection, SandboxListener};
use super::web::args::Args;
use super::{RecordedCall, SlackSandbox, page_api, socket, web};

type Sandbox = State<Arc<SlackSandbox>>;
type Peer = ConnectInfo<Connection>;

/// Serves until the process ends.
pub(super) fn serve(sandbox: &Arc<SlackSandbox>, socket: TcpListener) {
    let router = Router::new()
        .route("/api/{method}", any(call))
        .route("/link/", get(link))
        .route("/commands/{team}/{id}/{key}", post(respond))
        .route("/actions/{team}/{id}/{key}", post(respond))
        .route("/app/{team}/{id}/{key}", post(respond))
        .route("/upload/v1/{secret}", post(upload).layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX)))
        .route("/files-pri/{file}/{name}", get(download))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(Arc::clone(sandbox))
        .nest("/sandbox", page_api::router(Arc::clone(sandbox)));
    let service = router.into_make_service_with_connect_info::<Connection>();
    tokio::spawn(async move { axum::serve(SandboxListener(socket), service).await });
}

/// One Web API call.
async fn call(
    State(sandbox): Sandbox,
    ConnectInfo(peer): Peer,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = match read_body(&headers, request).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let read = match body {
        Payload::Fields(fields) => Args::read(&HeaderMap::new(), &query, &[]).map(|mut args| {
            fields.into_iter().for_each(|(name, value)| args.add(&name, value));
            args
        }),
        Payload::Bytes(bytes) => Args::read(&headers, &query, &bytes),
    };
    let (slow_ms, failure) = sandbox.faults.take(&method);
    if slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    }
    let at_ms = sandbox.clock.now_ms();
    let mut shown = Value::Null;
    let mut no_charset = false;
    let answer = match (read, &failure) {
        (Err(error), _) => Err(error),
        (Ok(mut args), failure) => {
            let inner = args.take_token();
            // Slack docs: an app-level token is taken from the header only.
            let token = bearer(&headers).or(inner.filter(|_| method != "apps.connections.open"));
            shown = args.value();
            no_charset = args.no_charset;
            work(&sandbox, &method, &mut args, token.as_deref(), failure.as_ref())
        }
    };
    let record = |ok: bool, error: Option<String>, status: u16| {
        sandbox.record(RecordedCall { at_ms, method: method.clone(), args: shown, ok, error, status });
    };
    let error = answer.as_ref().err().map(|error| error.code.clone());
    match failure {
        Some(Effect::Http(status)) => {
            record(false, Some("http".to_owned()), status);
            failed(status)
        }
        Some(Effect::Lost(how)) => {
            record(answer.is_ok(), error, if how == LostAnswer::Error500 { 500 } else { 0 });
            lose(how, &peer).await
        }
        _ => {
            let status = if answer.as_ref().is_err_and(|error| error.retry_after_s.is_some()) { 429 } else { 200 };
            record(answer.is_ok(), error, status);
            let scopes = sandbox.lock().setup.scopes.join(",");
            answered(answer, no_charset, &scopes, &web::accepted_scopes(&method))
        }
    }
}

enum Payload {
    Bytes(Bytes),
    Fields(Vec<(String, String)>),
}

async fn read_body(headers: &HeaderMap, request: Request) -> Result<Payload, StatusCode> {
    let multipart = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    if !multipart {
        return Bytes::from_request(request, &()).await.map(Payload::Bytes).map_err(|_| StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    let mut fields = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| StatusCode::BAD_REQUEST)? {
        let name = field.name().unwrap_or_default().to_owned();
        let value = field.text().await.map_err(|_| StatusCode::BAD_REQUEST)?;
        fields.push((name, value));
    }
    Ok(Payload::Fields(fields))
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Does the work of a call, unless an ordered fault says not to.
fn work(
    sandbox: &Arc<SlackSandbox>,
    method: &str,
    args: &mut Args,
    token: Option<&str>,
    failure: Option<&Effect>,
) -> Answer {
    match failure {
        Some(Effect::Http(_)) => return Err(ApiError::new("http")),
        Some(Effect::Error(code)) => return Err(ApiError::new(code)),
        Some(Effect::RateLimited(after_s)) => return Err(ApiError::rate_limited(*after_s)),
        _ => {}
    }
    let mut rates = sandbox.rates.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut answer = sandbox.with(|ws| web::run(ws, &mut rates, method, args, token))?;
    if method == "apps.connections.open" {
        let (ticket, app) = (sandbox.hub.open_ticket(), &sandbox.app.app_id);
        let url = format!("ws://{}/link/?ticket={ticket}&app_id={app}", sandbox.address);
        answer.insert("url".to_owned(), json!(url));
    }
    Ok(answer)
}

fn answered(answer: Answer, no_charset: bool, scopes: &str, accepted: &str) -> Response {
    let (status, body, retry_after_s) = match answer {
        Ok(answer) => {
            let mut body = Map::new();
            body.insert("ok".to_owned(), json!(true));
            body.extend(answer);
            if no_charset {
                body.insert("warning".to_owned(), json!("missing_charset"));
                body.entry("response_metadata").or_insert_with(|| json!({}))["warnings"] = json!(["missing_charset"]);
            }
            (StatusCode::OK, Value::Object(body), None)
        }
        Err(error) => match error.retry_after_s {
            Some(after_s) => (StatusCode::TOO_MANY_REQUESTS, error.body(), Some(after_s)),
            None => (StatusCode::OK, error.body(), None),
        },
    };
    let mut response = (status, body.to_string()).into_response();
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    set("content-type", "application/json; charset=utf-8");
    set("x-oauth-scopes", scopes);
    set("x-accepted-oauth-scopes", accepted);
    if let Some(after_s) = retry_after_s {
        set("retry-after", &after_s.to_string());
    }
    response
}

fn failed(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, "<html><body>Server Error</body></html>").into_response()
}

/// Loses an answer.
async fn lose(how: LostAnswer, peer: &Connection) -> Response {
    match how {
        LostAnswer::Error500 => failed(500),
        LostAnswer::Reset => {
            peer.reset();
            std::future::pending().await
        }
        LostAnswer::Hang => std::future::pending().await,
    }
}

#[derive(Deserialize)]
struct LinkQuery {
    #[serde(default)]
    ticket: String,
}

/// A socket with a ticket.
async fn link(
    State(sandbox): Sandbox,
    ConnectInfo(peer): Peer,
    Query(query): Query<LinkQuery>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some((id, frames, _)) = sandbox.hub.join(&query.ticket) else {
        return (StatusCode::UNAUTHORIZED, "invalid ticket").into_response();
    };
    let hub = Arc::clone(&sandbox.hub);
    upgrade.on_upgrade(move |socket| socket::serve(socket, hub, id, frames, peer))
}

/// One use of a `response_url`.
async fn respond(
    State(sandbox): Sandbox,
    ConnectInfo(peer): Peer,
    Path((_, _, key)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    let (slow_ms, failure) = sandbox.faults.take("response_url");
    if slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    }
    let at_ms = sandbox.clock.now_ms();
    let parsed = serde_json::from_slice::<Value>(&body);
    let result = match (&failure, &parsed) {
        (Some(Effect::Http(_)), _) => Err(ApiError::new("http")),
        (Some(Effect::Error(code)), _) => Err(ApiError::new(code)),
        (Some(Effect::RateLimited(after_s)), _) => Err(ApiError::rate_limited(*after_s)),
        (_, Err(_)) => Err(ApiError::new("invalid_payload")),
        (_, Ok(body)) => sandbox.with(|ws| answers::use_url(ws, &key, body)),
    };
    let status = match (&failure, &result) {
        (Some(Effect::Http(status)), _) => *status,
        (Some(Effect::Lost(LostAnswer::Error500)), _) => 500,
        (Some(Effect::Lost(_)), _) => 0,
        (_, Ok(())) => 200,
        (_, Err(error)) if error.retry_after_s.is_some() => 429,
        (_, Err(error)) if matches!(error.code.as_str(), "expired_url" | "used_url" | "no_url") => 404,
        (_, Err(_)) => 400,
    };
    sandbox.record(RecordedCall {
        at_ms,
        method: "response_url".to_owned(),
        args: parsed.unwrap_or_default(),
        ok: result.is_ok(),
        error: result.as_ref().err().map(|error| error.code.clone()),
        status,
    });
    if let Some(Effect::Lost(how)) = failure {
        return lose(how, &peer).await;
    }
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match result {
        Ok(()) => Json(json!({"ok": true})).into_response(),
        Err(error) => {
            let after = error.retry_after_s.map(|after_s| [(header::RETRY_AFTER, after_s.to_string())]);
            (code, after.unwrap_or([(header::RETRY_AFTER, "0".to_owned())]), Json(error.body())).into_response()
        }
    }
}

/// The second step of an upload: the bytes, raw or as a multipart `file` (or any first file field).
async fn upload(
    State(sandbox): Sandbox,
    ConnectInfo(peer): Peer,
    Path(secret): Path<String>,
    request: Request,
) -> Response {
    let (slow_ms, failure) = sandbox.faults.take("upload");
    if slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    }
    if let Some(Effect::Http(status)) = failure {
        return failed(status);
    }
    let bytes = match upload_bytes(request).await {
        Ok(bytes) => bytes,
        Err(status) => return status.into_response(),
    };
    let length = bytes.len();
    let stored = sandbox.with(|ws| match ws.files.iter_mut().find(|file| file.secret == secret && !file.complete) {
        Some(file) => {
            file.bytes = Some(bytes);
            true
        }
        None => false,
    });
    let at_ms = sandbox.clock.now_ms();
    let error = (!stored).then(|| "not_found".to_owned());
    let status = if stored { 200 } else { 404 };
    let args = json!({"bytes": length});
    sandbox.record(RecordedCall { at_ms, method: "upload".to_owned(), args, ok: stored, error, status });
    match failure {
        Some(Effect::Lost(how)) => lose(how, &peer).await,
        _ if stored => format!("OK - {length}").into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn upload_bytes(request: Request) -> Result<Vec<u8>, StatusCode> {
    let multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    if !multipart {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        return Ok(bytes.to_vec());
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    while let Some(field) = form.next_field().await.map_err(|_| StatusCode::BAD_REQUEST)? {
        if field.file_name().is_some() || field.name() == Some("file") {
            return Ok(field.bytes().await.map_err(|_| StatusCode::BAD_REQUEST)?.to_vec());
        }
    }
    Err(StatusCode::BAD_REQUEST)
}

#[derive(Deserialize)]
struct DownloadQuery {
    /// The file's own secret, for the page, which holds no token.
    #[serde(default)]
    page: String,
}

/// A file's bytes, for the bot token or the page.
async fn download(
    State(sandbox): Sandbox,
    Path((file, _)): Path<(String, String)>,
    Query(query): Query<DownloadQuery>,
    headers: HeaderMap,
) -> Response {
    let id = file.rsplit('-').next().unwrap_or_default();
    let workspace = sandbox.lock();
    let known = workspace.files.iter().find(|known| known.id == id && known.complete);
    let Some((known, bytes)) = known.and_then(|known| known.bytes.clone().map(|bytes| (known, bytes))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let token = bearer(&headers);
    if token.as_deref() != Some(sandbox.app.bot_token.as_str()) && query.page != known.secret {
        return (StatusCode::FORBIDDEN, "login required").into_response();
    }
    ([(header::CONTENT_TYPE, known.mimetype.clone())], Body::from(bytes)).into_response()
}
