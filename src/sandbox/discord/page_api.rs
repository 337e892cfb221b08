//! The page's own API: state, acts, faults. JSON in and out; never part of Discord's surface.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::DiscordSandbox;
use super::faults::read_faults;

type App = Shared<Arc<DiscordSandbox>>;
type Params = Query<HashMap<String, String>>;

/// `GET /state?as=`, `POST /act?as=`, `POST /faults`, `GET /calls`.
pub(super) fn router(sandbox: Arc<DiscordSandbox>) -> Router {
    Router::new()
        .route("/state", get(show))
        .route("/act", post(act))
        .route("/faults", post(faults))
        .route("/calls", get(calls))
        .with_state(sandbox)
}

fn refused(words: impl std::fmt::Display) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "ok": false, "error": words.to_string() }))).into_response()
}

fn who(params: &HashMap<String, String>) -> &str {
    params.get("as").map_or("", String::as_str)
}

async fn show(Shared(sandbox): App, Query(params): Params) -> Response {
    let snapshot = sandbox.snapshot(who(&params));
    if snapshot.is_null() { refused("There is no such user.") } else { Json(snapshot).into_response() }
}

async fn act(Shared(sandbox): App, Query(params): Params, body: Bytes) -> Response {
    let wanted = match serde_json::from_slice(&body) {
        Ok(wanted) => wanted,
        Err(error) => return refused(error),
    };
    match sandbox.act(who(&params), wanted).await {
        Ok(mut answer) => {
            answer["ok"] = json!(true);
            Json(answer).into_response()
        }
        Err(error) => refused(error),
    }
}

async fn faults(Shared(sandbox): App, body: Bytes) -> Response {
    match serde_json::from_slice(&body).and_then(read_faults) {
        Ok(list) => {
            for fault in list {
                sandbox.faults().add(fault);
            }
            Json(json!({ "ok": true })).into_response()
        }
        Err(error) => refused(error),
    }
}

/// The last REST calls, newest first, for the page's log.
async fn calls(Shared(sandbox): App) -> Response {
    /// The page shows no more.
    const SHOWN: usize = 200;
    let calls = sandbox.calls();
    let shown = calls.iter().rev().take(SHOWN).map(|call| {
        json!({
            "at_ms": call.at_ms, "method": call.method, "path": call.path, "body": call.body, "status": call.status,
            "answer": call.answer,
        })
    });
    Json(shown.collect::<Value>()).into_response()
}
