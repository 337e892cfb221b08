//! The API of the sandbox's own page: look, act, order faults.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::limits::BODY_BYTES_MAX;
use super::{SlackAct, SlackFault, SlackSandbox};

type Sandbox = State<Arc<SlackSandbox>>;

/// The page's API.
pub(super) fn router(sandbox: Arc<SlackSandbox>) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/act", post(act))
        .route("/faults", post(faults))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(sandbox)
}

#[derive(Deserialize)]
struct As {
    #[serde(rename = "as", default)]
    user: String,
}

async fn state(State(sandbox): Sandbox, Query(who): Query<As>) -> Json<Value> {
    Json(sandbox.snapshot(&who.user))
}

async fn act(State(sandbox): Sandbox, Query(who): Query<As>, body: Bytes) -> Response {
    let act = match serde_json::from_slice::<SlackAct>(&body) {
        Ok(act) => act,
        Err(error) => return refused(&error.to_string()),
    };
    match sandbox.act(&who.user, act).await {
        Ok(Value::Object(mut answer)) => {
            answer.insert("ok".to_owned(), json!(true));
            Json(Value::Object(answer)).into_response()
        }
        Ok(_) => Json(json!({"ok": true})).into_response(),
        Err(error) => refused(&error.to_string()),
    }
}

async fn faults(State(sandbox): Sandbox, body: Bytes) -> Response {
    match serde_json::from_slice::<SlackFault>(&body) {
        Ok(fault) => {
            sandbox.faults.order(fault);
            Json(json!({"ok": true})).into_response()
        }
        Err(error) => refused(&error.to_string()),
    }
}

fn refused(sentence: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"ok": false, "error": sentence}))).into_response()
}
