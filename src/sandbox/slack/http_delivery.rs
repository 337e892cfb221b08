//! Deliveries over HTTP: signed requests to the app's URLs, answers within three seconds.
//!
//! It speaks plain HTTP and is meant for loopback; the signature is Slack's `v0`.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{self, HeaderMap, StatusCode, header};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

use super::delivery::{Delivery, Kind, Outcome};
use super::limits::APP_ANSWER_BYTES_MAX;

/// The app's request URLs, as set on its configuration pages.
#[derive(Debug, Clone, Deserialize)]
pub struct HttpTargets {
    /// Events API.
    pub events_url: String,
    /// Slash commands.
    pub commands_url: String,
    /// Interactivity and shortcuts.
    pub interactivity_url: String,
    /// Options of external selects; the interactivity URL when absent.
    #[serde(default)]
    pub options_url: Option<String>,
}

/// A request ready to go.
pub(super) type Request = Option<http::Request<Full<Bytes>>>;

/// `v0=...` over `v0:{timestamp}:{body}` (Slack docs: verifying requests from Slack).
pub(super) fn signature(secret: &str, timestamp_s: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("v0:{timestamp_s}:{body}").as_bytes());
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

/// Whether an address is plain HTTP on this machine; the sandbox calls nothing else.
fn on_loopback(address: &str) -> bool {
    url::Url::parse(address)
        .is_ok_and(|url| url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")))
}

/// Builds the signed request of a delivery; `None` when its URL is not one of this machine.
pub(super) fn request(targets: &HttpTargets, secret: &str, delivery: &Delivery, now_ms: i64) -> Request {
    let form = |pairs: &mut dyn Iterator<Item = (String, String)>| {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        form.finish()
    };
    let payload = &delivery.payload;
    let (url, content_type, body) = match delivery.kind {
        Kind::Event => (&targets.events_url, "application/json", payload.to_string()),
        Kind::Command => {
            let mut pairs =
                payload.as_object().into_iter().flatten().map(|(name, value)| {
                    (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                });
            (&targets.commands_url, "application/x-www-form-urlencoded", form(&mut pairs))
        }
        Kind::Interactive | Kind::Suggestion => {
            let url = match (&targets.options_url, delivery.kind) {
                (Some(url), Kind::Suggestion) => url,
                _ => &targets.interactivity_url,
            };
            let mut pairs = std::iter::once(("payload".to_owned(), payload.to_string()));
            (url, "application/x-www-form-urlencoded", form(&mut pairs))
        }
    };
    if !on_loopback(url) {
        return None;
    }
    let timestamp_s = now_ms / 1_000;
    let mut request = http::Request::post(url)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::USER_AGENT, "Slackbot 1.0 (+https://api.slack.com/robots)")
        .header("X-Slack-Request-Timestamp", timestamp_s.to_string())
        .header("X-Slack-Signature", signature(secret, timestamp_s, &body));
    if delivery.attempt > 0 {
        request = request
            .header("X-Slack-Retry-Num", delivery.attempt.to_string())
            .header("X-Slack-Retry-Reason", delivery.reason);
    }
    request.body(Full::new(Bytes::from(body))).ok()
}

/// Sends a request and reads the answer, within `limit` of wall time.
pub(super) async fn exchange(request: Request, limit: Duration) -> Outcome {
    let Some(request) = request else { return Outcome::Unreachable };
    match tokio::time::timeout(limit, answer_of(request)).await {
        Err(_) => Outcome::TimedOut,
        Ok(None) => Outcome::Unreachable,
        Ok(Some((status, headers, _))) if !status.is_success() => {
            let no_retry = headers.get("x-slack-no-retry").is_some_and(|value| value == "1");
            Outcome::Refused { status: status.as_u16(), no_retry }
        }
        Ok(Some((_, headers, body))) => Outcome::Acked(shown(&headers, &body)),
    }
}

async fn answer_of(request: http::Request<Full<Bytes>>) -> Option<(StatusCode, HeaderMap, Bytes)> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let answer = client.request(request).await.ok()?;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, APP_ANSWER_BYTES_MAX).collect().await.ok()?.to_bytes();
    Some((parts.status, parts.headers, body))
}

/// JSON as it is; plain text as a message with that text; nothing as nothing.
fn shown(headers: &HeaderMap, body: &Bytes) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    if text.trim().is_empty() {
        return None;
    }
    let json_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/json"));
    if json_type { serde_json::from_str(text).ok() } else { Some(json!({"text": text})) }
}

/// Asks the events URL to prove itself, as Slack's configuration page does.
pub(super) async fn verify(targets: &HttpTargets, secret: &str, token: &str, now_ms: i64) -> Result<(), String> {
    let challenge = super::ids::secret(&format!("challenge/{now_ms}"), 52);
    let payload = json!({"token": token, "challenge": challenge, "type": "url_verification"});
    let delivery = Delivery { kind: Kind::Event, payload, accepts: false, attempt: 0, reason: "" };
    let request = request(targets, secret, &delivery, now_ms);
    let limit = Duration::from_millis(super::limits::ACK_TIMEOUT_MS);
    match exchange(request, limit).await {
        Outcome::Acked(Some(answer)) if answer["challenge"] == challenge || answer["text"] == challenge => Ok(()),
        Outcome::Acked(_) => Err("Your URL didn't respond with the value of the challenge parameter.".to_owned()),
        Outcome::Refused { status, .. } => Err(format!("Your URL answered with HTTP status {status}.")),
        Outcome::TimedOut => Err("Your request URL didn't answer in time.".to_owned()),
        Outcome::Lost | Outcome::Unreachable => Err("Your request URL could not be reached.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Slack's page "Verifying requests from Slack".
    #[test]
    fn signs_as_slacks_own_example() {
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            signature("8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618, body),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
    }
}
