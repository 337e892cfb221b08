//! The thin REST client: base address, authorization, time-outs, rate-limit headers, errors told apart by what was done.
//!
//! Never waits and never repeats: the outbox decides. Never follows a redirect, never logs a token.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::errors;
use super::limits::{Headers, Limits, Wait};
use super::settings::{DiscordSettings, SettingsError};
use super::snowflake::is_id;
use crate::ports::chat::SendError;
use crate::ports::clock::Clock;

/// Discord asks for this form (Discord docs: Reference, User Agent).
const USER_AGENT: &str = concat!("DiscordBot (vigie, ", env!("CARGO_PKG_VERSION"), ")");
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest wait for an answer; Discord itself gives up after 10 to 15 seconds (observed).
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest wait for the first answer to an interaction: Discord refuses it after 3 s (Discord docs: Interactions).
const INTERACTION_TIMEOUT: Duration = Duration::from_millis(2_500);
/// Largest answer read: 1,000 members of about 1 KiB each and room to spare.
const ANSWER_BYTES_MAX: usize = 8 << 20;
/// Wait when a 429 does not say how long (answers of the network in front of Discord).
const DEFAULT_WAIT_MS: i64 = 60_000;

/// Why a request did not succeed, by what is known to have been done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RestError {
    /// Wait; nothing was done.
    RateLimited(Wait),
    /// Never reached Discord.
    NotSent(String),
    /// May have been done.
    Lost(String),
    /// Refused; nothing was done.
    Refused {
        /// HTTP status.
        status: u16,
        /// Discord's code, 0 when it gave none.
        code: i64,
        /// Discord's sentence.
        said: String,
    },
}

impl RestError {
    /// For calls whose repetition does no harm.
    pub(super) fn repeatable(self) -> SendError {
        match self {
            Self::Lost(cause) => SendError::Transient(cause),
            other => other.once(),
        }
    }

    /// For calls whose repetition would do the work twice.
    pub(super) fn once(self) -> SendError {
        match self {
            Self::RateLimited(wait) => SendError::RateLimited { retry_after_ms: wait.ms, global: wait.global },
            Self::NotSent(cause) => SendError::Transient(cause),
            Self::Lost(cause) => SendError::Unsure(cause),
            Self::Refused { status, code, said } => errors::refusal(status, code, &said),
        }
    }

    /// Discord's code when it refused.
    pub(super) fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether what was asked for does not exist.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}

/// What a request carries.
pub(super) enum Payload {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// JSON and one file.
    File {
        /// The message.
        json: Value,
        /// File name.
        name: String,
        /// Media type.
        mime: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// Where a request goes.
struct Route {
    key: String,
    major: String,
    interaction: bool,
}

/// The client.
#[derive(Debug)]
pub(super) struct Rest {
    http: Client,
    base: String,
    token: SecretString,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

impl Rest {
    pub(super) fn new(settings: &DiscordSettings, clock: Arc<dyn Clock>) -> Result<Self, SettingsError> {
        // reqwest panics without a provider; another one installed earlier is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none());
        if settings.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| SettingsError::Client(error.to_string()))?;
        let base = format!("{}/v10", settings.api_url);
        Ok(Self { http, base, token: settings.token.clone(), clock, limits: Limits::default() })
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, RestError> {
        self.call(Method::GET, path, Payload::Empty).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, RestError> {
        self.call(Method::POST, path, Payload::Json(body)).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Result<Value, RestError> {
        self.call(Method::PATCH, path, Payload::Json(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: Option<Value>) -> Result<Value, RestError> {
        self.call(Method::PUT, path, body.map_or(Payload::Empty, Payload::Json)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value, RestError> {
        self.call(Method::DELETE, path, Payload::Empty).await
    }

    /// Makes one request. `path` is what stands behind `/v10/`.
    pub(super) async fn call(&self, method: Method, path: &str, payload: Payload) -> Result<Value, RestError> {
        let route = route_of(&method, path);
        // An interaction's endpoints have buckets of their own, too short-lived to be worth knowing, and are outside the
        // global limit (Discord docs: Receiving and Responding).
        if !route.interaction {
            self.limits.take(&route.key, self.clock.now()).map_err(RestError::RateLimited)?;
        }
        let mut request = self.http.request(method, format!("{}/{path}", self.base));
        if route.interaction {
            request = request.timeout(INTERACTION_TIMEOUT);
        } else {
            request = request.header("Authorization", format!("Bot {}", self.token.expose_secret()));
        }
        let request = match payload {
            Payload::Empty => request,
            Payload::Json(json) => request.json(&json),
            Payload::File { json, name, mime, bytes } => request.multipart(multipart(&json, name, &mime, bytes)?),
        };
        // The address may hold an interaction's token: it never gets into an error.
        let response = request.send().await.map_err(|error| not_answered(error.without_url()))?;
        self.read(&route, response).await
    }

    async fn read(&self, route: &Route, response: Response) -> Result<Value, RestError> {
        let status = response.status();
        let headers = response.headers().clone();
        let now = self.clock.now();
        if !route.interaction {
            self.limits.learn(&route.key, &route.major, &rate_headers(&headers), now);
        }
        let body = read_body(response).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            let wait = wait_of(&headers, body.as_deref().unwrap_or_default());
            if !route.interaction || wait.global {
                self.limits.refused(&route.key, wait, now);
            }
            return Err(RestError::RateLimited(wait));
        }
        if status.is_server_error() {
            return Err(RestError::Lost(format!("Discord answered {}", status.as_u16())));
        }
        if status.is_success() {
            let body = body?;
            if body.is_empty() {
                return Ok(Value::Null);
            }
            return serde_json::from_slice(&body).map_err(|_| RestError::Lost("the answer is no JSON".to_owned()));
        }
        let said: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
        Err(RestError::Refused {
            status: status.as_u16(),
            code: said.get("code").and_then(Value::as_i64).unwrap_or(0),
            said: sentence(&said),
        })
    }
}

fn multipart(json: &Value, name: String, mime: &str, bytes: Vec<u8>) -> Result<Form, RestError> {
    let refused = |_| RestError::Refused { status: 400, code: 0, said: "the media type cannot be read".to_owned() };
    let file = Part::bytes(bytes).file_name(name).mime_str(mime).map_err(refused)?;
    let json = Part::text(json.to_string()).mime_str("application/json").map_err(refused)?;
    Ok(Form::new().part("payload_json", json).part("files[0]", file))
}

fn not_answered(error: reqwest::Error) -> RestError {
    if error.is_connect() {
        RestError::NotSent(format!("Discord cannot be reached: {error}"))
    } else if error.is_builder() {
        RestError::Refused { status: 400, code: 0, said: format!("the request cannot be made: {error}") }
    } else if error.is_timeout() {
        RestError::Lost("no answer in time".to_owned())
    } else {
        RestError::Lost(format!("the connection broke: {error}"))
    }
}

async fn read_body(mut response: Response) -> Result<Vec<u8>, RestError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_BYTES_MAX => body.extend_from_slice(&chunk),
            Ok(Some(_)) => return Err(RestError::Lost("the answer is too large".to_owned())),
            Ok(None) => return Ok(body),
            Err(error) => return Err(RestError::Lost(format!("the answer broke off: {}", error.without_url()))),
        }
    }
}

/// Discord's sentence and, for refused forms, the place of the first mistake; both are free of content.
fn sentence(said: &Value) -> String {
    const SAID_CHARS_MAX: usize = 300;
    let message = said.get("message").and_then(Value::as_str).unwrap_or_default();
    let mistake = said.get("errors").map(|errors| first_mistake(errors, String::new())).unwrap_or_default();
    let whole = if mistake.is_empty() { message.to_owned() } else { format!("{message}: {mistake}") };
    whole.chars().take(SAID_CHARS_MAX).collect()
}

fn first_mistake(errors: &Value, path: String) -> String {
    let Some(members) = errors.as_object() else { return String::new() };
    for (name, value) in members {
        if name == "_errors" {
            let code = value.pointer("/0/code").and_then(Value::as_str).unwrap_or_default();
            let message = value.pointer("/0/message").and_then(Value::as_str).unwrap_or_default();
            return format!("{path} {code} {message}").trim().to_owned();
        }
        let deeper = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let found = first_mistake(value, deeper);
        if !found.is_empty() {
            return found;
        }
    }
    String::new()
}

/// The bucket of a request: its method, its path with all but the major id replaced (Discord docs: Rate Limits).
fn route_of(method: &Method, path: &str) -> Route {
    let path = path.split('?').next().unwrap_or(path);
    let segments: Vec<&str> = path.split('/').collect();
    let first = segments.first().copied().unwrap_or_default();
    let interaction = first == "interactions" || first == "webhooks";
    let major = segments.get(1).copied().unwrap_or_default().to_owned();
    let mut key = method.as_str().to_owned();
    for (index, segment) in segments.iter().enumerate() {
        key.push(if index == 0 { ' ' } else { '/' });
        match index {
            1 if matches!(first, "channels" | "guilds") => key.push_str(segment),
            // Every interaction is its own bucket: neither its id nor its token may be kept.
            1 | 2 if interaction => key.push('*'),
            _ if is_id(segment) => key.push('*'),
            _ => key.push_str(segment),
        }
    }
    Route { key, major: if interaction { String::new() } else { major }, interaction }
}

fn rate_headers(headers: &HeaderMap) -> Headers {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Headers {
        bucket: text("x-ratelimit-bucket").map(str::to_owned),
        remaining: text("x-ratelimit-remaining").and_then(|value| value.parse().ok()),
        reset_after_ms: text("x-ratelimit-reset-after").and_then(millis),
    }
}

/// Seconds with a fraction, as milliseconds rounded up.
fn millis(seconds: &str) -> Option<i64> {
    let seconds: f64 = seconds.trim().parse().ok()?;
    // Bounded before the conversion: a day is longer than any wait that Discord asks for.
    (seconds.is_finite()).then(|| (seconds.clamp(0.0, 86_400.0) * 1_000.0).ceil() as i64)
}

fn wait_of(headers: &HeaderMap, body: &[u8]) -> Wait {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let header = headers.get("retry-after").and_then(|value| value.to_str().ok()).and_then(millis);
    let ms = said.get("retry_after").and_then(|value| millis(&value.to_string())).or(header).unwrap_or(DEFAULT_WAIT_MS);
    let scope = headers.get("x-ratelimit-scope").is_some_and(|scope| scope == "global");
    let flagged = headers.contains_key("x-ratelimit-global");
    // An answer that is no JSON comes from the network in front of Discord, which blocks the whole address.
    let global = said.get("global").and_then(Value::as_bool).unwrap_or(said.is_null()) || scope || flagged;
    Wait { ms: ms.max(1), global }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn routes_keep_the_channel_and_forget_messages_and_tokens() {
        for (path, key) in [
            ("channels/12/messages", "POST channels/12/messages"),
            ("channels/12/messages/34?x=1", "POST channels/12/messages/*"),
            ("guilds/5/members?limit=3", "POST guilds/5/members"),
            ("interactions/5/secret/callback?with_response=true", "POST interactions/*/*/callback"),
            ("webhooks/5/secret/messages/@original", "POST webhooks/*/*/messages/@original"),
            ("users/@me/channels", "POST users/@me/channels"),
        ] {
            assert_eq!(route_of(&Method::POST, path).key, key);
        }
    }

    #[test]
    fn a_429_says_how_long_and_for_whom() {
        let wait = |headers: &[(&'static str, &'static str)], body: &str| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, reqwest::header::HeaderValue::from_static(value));
            }
            wait_of(&map, body.as_bytes())
        };
        let body = r#"{"message":"You are being rate limited.","retry_after":1.337,"global":false}"#;
        assert_eq!(wait(&[("retry-after", "2")], body), Wait { ms: 1_337, global: false });
        assert_eq!(wait(&[], r#"{"retry_after":64.57,"global":true}"#), Wait { ms: 64_570, global: true });
        assert_eq!(wait(&[("retry-after", "30")], "<html>"), Wait { ms: 30_000, global: true });
        assert_eq!(wait(&[], ""), Wait { ms: 60_000, global: true });
        assert_eq!(wait(&[("x-ratelimit-scope", "global")], r#"{"retry_after":0}"#), Wait { ms: 1, global: true });
        assert_eq!(wait(&[], r#"{"retry_after":1e300,"global":false}"#).ms, 86_400_000);
    }

    #[test]
    fn what_is_known_of_the_work_decides_what_may_be_repeated() {
        let lost = RestError::Lost("x".into());
        assert!(matches!(lost.clone().repeatable(), SendError::Transient(_)));
        assert!(matches!(lost.once(), SendError::Unsure(_)));
        let refused = RestError::NotSent("x".into());
        assert!(matches!(refused.clone().once(), SendError::Transient(_)));
        assert!(matches!(refused.repeatable(), SendError::Transient(_)));
        let wait = RestError::RateLimited(Wait { ms: 5, global: true });
        assert_eq!(wait.once(), SendError::RateLimited { retry_after_ms: 5, global: true });
    }

    #[test]
    fn a_refused_form_names_the_place() {
        let said = json!({"code": 50035, "message": "Invalid Form Body",
            "errors": {"embeds": {"0": {"title": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}]}}}}});
        assert_eq!(
            sentence(&said),
            "Invalid Form Body: embeds.0.title BASE_TYPE_MAX_LENGTH Must be 256 or fewer in length."
        );
        assert_eq!(sentence(&Value::Null), "");
    }
}
