//! Delivers customers' messages to the target as signed webhooks, and again until it takes them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use futures::StreamExt as _;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::Core;
use super::faults::NetworkFault;
use super::state::StoredMessage;

/// Deliveries on their way at the same time.
const PARALLEL: usize = 16;
/// Deliveries taken in one round.
const BATCH: usize = 256;
/// How long the target may take, in wall time (Standard Webhooks: "15-30s" is a good timeout).
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Plain HTTP: the target is on this machine.
pub(super) type HttpClient = Client<HttpConnector, Full<Bytes>>;

pub(super) fn http_client() -> HttpClient {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Delivers what is due now; returns how many attempts were made.
pub(super) async fn run_once(core: &Arc<Core>) -> usize {
    let Some(target) = core.target() else { return 0 };
    let mut attempts = 0;
    loop {
        let due = core.state().take_due(core.clock.now_ms(), BATCH);
        if due.is_empty() {
            return attempts;
        }
        attempts += due.len();
        futures::stream::iter(due)
            .for_each_concurrent(PARALLEL, |stored| {
                let target = target.clone();
                async move {
                    let status = attempt(core, &target, &stored).await;
                    core.state().finish(&stored.id, status, core.clock.now_ms());
                    core.announce();
                }
            })
            .await;
    }
}

/// One delivery, spoiled as ordered; the status it ended with.
async fn attempt(core: &Core, target: &str, stored: &StoredMessage) -> Option<u16> {
    match core.faults.take_for_webhook(&stored.network) {
        Some(NetworkFault::DropWebhook) => return None,
        Some(NetworkFault::DoubleWebhook) => {
            send(core, target, stored).await;
        }
        _ => {}
    }
    send(core, target, stored).await
}

async fn send(core: &Core, target: &str, stored: &StoredMessage) -> Option<u16> {
    let body = stored.webhook_body(&core.base_url).to_string();
    let id = format!("msg_{}", stored.id);
    let timestamp_s = core.clock.now_ms() / 1_000;
    let request = Request::post(target.replace("{network}", &stored.network))
        .header("content-type", "application/json")
        .header("user-agent", "sandbox-network/1")
        .header("webhook-id", &id)
        .header("webhook-timestamp", timestamp_s.to_string())
        .header("webhook-signature", core.key.sign(&id, timestamp_s, body.as_bytes()))
        .body(Full::new(Bytes::from(body)))
        .ok()?;
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, core.http.request(request)).await.ok()?.ok()?;
    Some(answer.status().as_u16())
}
