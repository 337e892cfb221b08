//! What Vigie itself serves over HTTP beside webhooks: health for machines, and one page for experts without an account.
//!
//! Never shows secrets, nor personal text but what an expert needs to answer. Start at [`router`].

pub mod answer;
pub mod page;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;
use crate::app::Fault;
use crate::store::{inbox, outbox};

/// `/healthz` (the process lives), `/readyz` (it can do its work), `/metrics` (Prometheus), `/answer` (consultations).
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Arc::clone(&app))
        .merge(answer::router(app))
}

/// Ready means that the database answers. A chat that is down is told, and does not make Vigie unready: the other one works.
async fn ready(State(app): State<Arc<App>>) -> impl IntoResponse {
    let answered = async {
        let mut tx = app.store.read().await?;
        inbox::counts(&mut tx).await
    };
    let chats: serde_json::Map<String, serde_json::Value> =
        app.registry.chats.iter().map(|(key, chat)| (key.clone(), chat.connected().into())).collect();
    match answered.await {
        Ok(_) => (StatusCode::OK, axum::Json(serde_json::json!({"ready": true, "connected": chats}))),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, axum::Json(serde_json::json!({"ready": false, "connected": chats})))
        }
    }
}

async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    match exposition(&app).await {
        Ok(text) => (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text),
        Err(fault) => {
            tracing::error!(%fault, "metrics could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/plain")], String::new())
        }
    }
}

async fn exposition(app: &App) -> Result<String, Fault> {
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let mut text = String::new();
    let _ =
        writeln!(text, "# HELP vigie_connected Whether a chat has a live connection.\n# TYPE vigie_connected gauge");
    for (key, chat) in &app.registry.chats {
        let _ = writeln!(text, "vigie_connected{{chat=\"{key}\"}} {}", i32::from(chat.connected()));
    }
    let _ = writeln!(text, "# HELP vigie_inbox Envelopes by state.\n# TYPE vigie_inbox gauge");
    for count in inbox::counts(&mut tx).await? {
        let _ = writeln!(text, "vigie_inbox{{state=\"{}\"}} {}", count.state, count.count);
    }
    let oldest_ms = inbox::oldest_wait_ms(&mut tx, now).await?;
    let _ = writeln!(
        text,
        "# HELP vigie_inbox_oldest_seconds Age of the oldest envelope not handled.\n# TYPE vigie_inbox_oldest_seconds gauge"
    );
    let _ = writeln!(text, "vigie_inbox_oldest_seconds {}", oldest_ms / 1_000);
    let _ = writeln!(text, "# HELP vigie_outbox Intentions by target, lane and state.\n# TYPE vigie_outbox gauge");
    for count in outbox::counts(&mut tx).await? {
        let _ = writeln!(
            text,
            "vigie_outbox{{target=\"{}\",lane=\"{}\",state=\"{}\"}} {}",
            count.target, count.lane, count.state, count.count
        );
    }
    let _ = writeln!(text, "# HELP vigie_tickets Tickets by status.\n# TYPE vigie_tickets gauge");
    for (status, count) in crate::store::aggregates::count_by_status(&mut tx, "ticket").await? {
        let _ = writeln!(text, "vigie_tickets{{status=\"{status}\"}} {count}");
    }
    Ok(text)
}
