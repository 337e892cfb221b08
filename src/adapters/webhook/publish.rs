//! A network that takes replies and posts as signed JSON: another tool's webhook, or the sandbox.
//!
//! Never follows a redirect, never repeats a request by itself, and calls nothing "out" that was not answered with success.
//! Every call is signed (Standard Webhooks 1.0) and carries the intention's `Idempotency-Key`.
//! Start at [`WebhookNetwork`]; what an answer means is decided in [`outcome`].

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::address::{NotPublic, PublicResolver, Reach, Route};
use super::verify::{self, HEADER_ID, HEADER_SIGNATURE, HEADER_TIMESTAMP};
use crate::domain::time::SECOND_MS;
use crate::ports::clock::Clock;
use crate::ports::network::{Act, Dispatch, Network, NetworkError, Outgoing, Published};

/// A call is given up after this long (RELIABILITY: every remote call has a time-out).
const CALL_MAX: Duration = Duration::from_secs(10);
/// A connection must stand within this time.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// Largest answer read, in bytes: a list of 200 replies of 2,000 characters, four bytes each.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest words of the network that are kept, in characters.
const WORDS_CHARS_MAX: usize = 300;
/// Wait after a failed connection, in milliseconds.
const CONNECT_WAIT_MS: i64 = 30 * SECOND_MS;
/// Wait after a 429 that does not say how long, in milliseconds.
const LIMIT_WAIT_MS: i64 = 60 * SECOND_MS;
/// Longest wait believed, in milliseconds: an hour, then asking again does no harm.
const LIMIT_WAIT_MS_MAX: i64 = 3_600 * SECOND_MS;
/// Longest id or link taken from an answer, in characters.
const PUBLISHED_CHARS_MAX: usize = 2_000;
const HEADER_KEY: &str = "idempotency-key";

/// What a network needs to be reached.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Network name, e.g. `instagram`.
    pub name: String,
    /// Our account there, e.g. `@maison`; empty lets the network choose.
    pub account: String,
    /// What stands before `/replies` and `/posts`; without it only messages with a reply address can be answered.
    pub publish_url: Option<String>,
    /// Signs every call.
    pub secret: SecretString,
    /// Longest text, in characters.
    pub text_limit: usize,
    /// Whether reply addresses on this machine are followed (for the sandbox).
    pub allow_loopback: bool,
}

/// Why a network cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The address is not http(s) with a host.
    #[error("publish_url of {0} is not a web address")]
    Address(String),
    /// There is nothing to sign with.
    #[error("the secret of {0} is empty or not readable")]
    Secret(String),
    /// The HTTP client could not be made.
    #[error("no HTTP client: {0}")]
    Client(String),
}

/// A network behind a signed webhook.
pub struct WebhookNetwork {
    name: String,
    account: String,
    secret: SecretString,
    text_limit: usize,
    reach: Reach,
    own: Client,
    public: Client,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for WebhookNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookNetwork").field("name", &self.name).field("reach", &self.reach).finish_non_exhaustive()
    }
}

impl WebhookNetwork {
    /// Sets up; makes no call. The process-wide TLS provider must be installed before.
    ///
    /// # Errors
    /// [`SetupError`] for settings that can never work.
    pub fn new(settings: WebhookSettings, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let WebhookSettings { name, account, publish_url, secret, text_limit, allow_loopback } = settings;
        if !verify::is_usable(&secret) {
            return Err(SetupError::Secret(name));
        }
        let own = match publish_url.map(|text| Url::parse(&text)) {
            None => None,
            Some(Ok(url)) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => Some(url),
            Some(_) => return Err(SetupError::Address(name)),
        };
        let client = || {
            Client::builder()
                .timeout(CALL_MAX)
                .connect_timeout(CONNECT_MAX)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .no_gzip()
                .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
        };
        let build =
            |builder: reqwest::ClientBuilder| builder.build().map_err(|error| SetupError::Client(error.to_string()));
        Ok(Self {
            own: build(client())?,
            public: build(client().https_only(true).dns_resolver(PublicResolver))?,
            reach: Reach { own, allow_loopback },
            name,
            account,
            secret,
            text_limit,
            clock,
        })
    }

    /// Where a dispatch goes, or why it cannot.
    fn target(&self, dispatch: &Dispatch) -> Result<(Url, Route), NetworkError> {
        let base = || {
            let own = self.reach.own.as_ref().map(|own| own.as_str().trim_end_matches('/').to_owned());
            own.ok_or_else(|| NetworkError::Refused(format!("no publish_url is set for {}", self.name)))
        };
        let address = match dispatch {
            Dispatch::Reply { reply_url: Some(address), .. } => address.clone(),
            Dispatch::Reply { reply_url: None, .. } => format!("{}/replies", base()?),
            Dispatch::Post { .. } => format!("{}/posts", base()?),
        };
        self.reach.check(&address).map_err(|why| NetworkError::Refused(format!("address not called: {why}")))
    }

    /// The JSON of a dispatch. The same dispatch always gives the same bytes: networks refuse a key used with another body.
    fn body(&self, dispatch: &Dispatch) -> Value {
        match dispatch {
            Dispatch::Reply { in_reply_to, text, private, .. } => {
                let visibility = if *private { "private" } else { "public" };
                let mut body = json!({"in_reply_to": in_reply_to, "text": text, "visibility": visibility});
                if !self.account.is_empty() {
                    body["account"] = json!(self.account);
                }
                body
            }
            Dispatch::Post { account, text } => json!({"text": text, "account": account, "media": []}),
        }
    }

    fn signed_headers(&self, key: &str, body: &[u8]) -> Result<HeaderMap, NetworkError> {
        let timestamp_s = self.clock.now().0.div_euclid(SECOND_MS);
        let signature = verify::sign(&self.secret, key, timestamp_s, body)
            .ok_or_else(|| NetworkError::Refused(format!("no secret is set for {}", self.name)))?;
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| NetworkError::Refused("the key is not usable in a header".to_owned()))
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(HEADER_KEY, value(key)?);
        headers.insert(HEADER_ID, value(key)?);
        headers.insert(HEADER_TIMESTAMP, value(&timestamp_s.to_string())?);
        headers.insert(HEADER_SIGNATURE, value(&signature)?);
        Ok(headers)
    }

    async fn call(&self, method: Method, to: (Url, Route), key: &str, body: Vec<u8>) -> Result<Answer, NetworkError> {
        let (url, route) = to;
        let client = match route {
            Route::Own => &self.own,
            Route::Public => &self.public,
        };
        let headers = self.signed_headers(key, &body)?;
        let response = client.request(method, url).headers(headers).body(body).send().await.map_err(failed)?;
        let status = response.status();
        let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = match (read(response).await, status.is_success()) {
            (Ok(body), _) => body,
            // The status line stands: a refusal whose words were lost is still a refusal.
            (Err(_), false) => Vec::new(),
            (Err(cause), true) => return Err(NetworkError::Unknown(cause)),
        };
        Ok(Answer { status, wait, body })
    }
}

/// What came back.
struct Answer {
    status: StatusCode,
    wait: Option<String>,
    body: Vec<u8>,
}

#[async_trait]
impl Network for WebhookNetwork {
    fn name(&self) -> &str {
        &self.name
    }

    fn text_limit(&self) -> usize {
        self.text_limit
    }

    async fn publish(&self, outgoing: &Outgoing, key: &str) -> Result<Published, NetworkError> {
        let dispatch = outgoing.dispatch();
        let (Dispatch::Reply { text, .. } | Dispatch::Post { text, .. }) = dispatch;
        let length = text.chars().count();
        if length > self.text_limit {
            let words = format!("the text has {length} characters, {} takes {}", self.name, self.text_limit);
            return Err(NetworkError::Refused(words));
        }
        let to = self.target(dispatch)?;
        let body = self.body(dispatch).to_string().into_bytes();
        let answer = self.call(Method::POST, to, key, body).await?;
        outcome(&answer)?;
        Ok(published(&serde_json::from_slice(&answer.body).unwrap_or(Value::Null)))
    }

    async fn moderate(&self, message: &str, act: Act, key: &str) -> Result<(), NetworkError> {
        let Some(own) = self.reach.own.as_ref() else {
            return Err(NetworkError::Refused(format!("no publish_url is set for {}", self.name)));
        };
        let address = format!("{}/moderation", own.as_str().trim_end_matches('/'));
        let to = self.reach.check(&address);
        let to = to.map_err(|why| NetworkError::Refused(format!("address not called: {why}")))?;
        let body = json!({"message": message, "action": act.name()}).to_string().into_bytes();
        let answer = self.call(Method::POST, to, key, body).await?;
        outcome(&answer)
    }

    async fn find(&self, outgoing: &Outgoing, key: &str) -> Result<Option<Published>, NetworkError> {
        let dispatch = outgoing.dispatch();
        let (mut url, route) = self.target(dispatch)?;
        let list = match dispatch {
            Dispatch::Reply { in_reply_to, .. } => {
                url.query_pairs_mut().append_pair("in_reply_to", in_reply_to);
                "replies"
            }
            Dispatch::Post { account, .. } => {
                url.query_pairs_mut().append_pair("account", account);
                "posts"
            }
        };
        let answer = self.call(Method::GET, (url, route), key, Vec::new()).await.map_err(not_asked)?;
        outcome(&answer).map_err(not_asked)?;
        let listed: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let Some(rows) = listed.get(list).and_then(Value::as_array) else {
            let words = format!("{} does not tell what is out", self.name);
            return Err(NetworkError::Refused(words));
        };
        Ok(rows.iter().find(|row| is_same(row, dispatch, key)).map(published))
    }
}

/// Asking changes nothing, so whatever was lost on the way may be asked again.
fn not_asked(error: NetworkError) -> NetworkError {
    match error {
        NetworkError::Unknown(cause) => NetworkError::NotNow { after_ms: CONNECT_WAIT_MS, cause },
        other => other,
    }
}

/// Whether a listed publication is this intention: by key where the network keeps keys, else by the exact text.
///
/// The same text under the same customer message counts whatever its key: a second one would be a doubled answer. A post
/// with another key is another post: the same words may well be posted every week.
fn is_same(row: &Value, dispatch: &Dispatch, key: &str) -> bool {
    let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let row_key = field("idempotency_key");
    if row_key == key {
        return true;
    }
    match dispatch {
        Dispatch::Reply { in_reply_to, text, .. } => field("text") == text && field("in_reply_to") == in_reply_to,
        Dispatch::Post { text, .. } => row_key.is_empty() && field("text") == text,
    }
}

/// What an answer's status means; the table of RELIABILITY "post made, answer lost".
fn outcome(answer: &Answer) -> Result<(), NetworkError> {
    let words = || said(answer);
    match answer.status {
        status if status.is_success() => Ok(()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY => {
            Err(NetworkError::NotNow { after_ms: wait_ms(answer.wait.as_deref()), cause: words() })
        }
        // A time-out inside the network says nothing about what was done before it; a conflict may be our own first try.
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT => Err(NetworkError::Unknown(words())),
        status if status.is_server_error() => Err(NetworkError::Unknown(words())),
        status if status.is_redirection() => {
            Err(NetworkError::Refused(format!("{}: redirects are not followed", words())))
        }
        _ => Err(NetworkError::Refused(words())),
    }
}

/// Seconds of `Retry-After`, within bounds; a date or nothing gives the default.
fn wait_ms(header: Option<&str>) -> i64 {
    let seconds = header.and_then(|text| text.trim().parse::<f64>().ok()).filter(|s| s.is_finite() && *s >= 0.0);
    #[expect(clippy::cast_possible_truncation, reason = "float to integer saturates, and the bound follows")]
    let asked_ms = seconds.map_or(LIMIT_WAIT_MS, |seconds| (seconds * 1_000.0).ceil() as i64);
    asked_ms.clamp(SECOND_MS, LIMIT_WAIT_MS_MAX)
}

/// Why no answer came, and whether the request can have been taken.
fn failed(error: reqwest::Error) -> NetworkError {
    // The address may hold a token in its query; it is never repeated in an error.
    let error = error.without_url();
    let causes = || std::iter::successors(std::error::Error::source(&error), |inner| inner.source());
    let cause = shortened(&causes().last().map_or_else(|| error.to_string(), ToString::to_string));
    if error.is_builder() || causes().any(<dyn std::error::Error>::is::<NotPublic>) {
        return NetworkError::Refused(cause);
    }
    if error.is_connect() {
        return NetworkError::NotNow { after_ms: CONNECT_WAIT_MS, cause };
    }
    if error.is_timeout() {
        return NetworkError::Unknown("no answer in 10 s".to_owned());
    }
    NetworkError::Unknown(cause)
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err("the answer is too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The network's own words for a status: its JSON `error` or `message`, else the start of what it sent.
fn said(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let named = ["error", "message", "detail", "title"].into_iter().find_map(|name| match body.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Object(inner) => inner.get("message").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    });
    let words = named.unwrap_or_else(|| String::from_utf8_lossy(&answer.body).into_owned());
    let words = shortened(&words);
    if words.is_empty() {
        format!("HTTP {}", answer.status.as_u16())
    } else {
        format!("{words} (HTTP {})", answer.status.as_u16())
    }
}

fn shortened(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_CHARS_MAX).collect();
    text.trim().to_owned()
}

/// Id and link of a publication, as text; empty where the network gives none.
fn published(row: &Value) -> Published {
    let field = |name: &str| match row.get(name) {
        Some(Value::String(text)) => text.chars().take(PUBLISHED_CHARS_MAX).collect(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let url: String = field("url");
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    Published { id: field("id"), url: if is_web { url } else { String::new() } }
}

#[cfg(test)]
#[path = "publish_tests.rs"]
mod tests;
