//! Calls to Slack's Web API: one place that sends, bounds the time, and sorts what came back.
//!
//! slack-morphism carries the requests (sessions, raw JSON); its rate control stays off, because the outbox owns the
//! budgets, and its models stay unused, because they drop what they do not know. Never here: a retry, or a log line
//! with a token, an address handed out by Slack, or a text. Start reading at [`Wire::post`].

use std::time::Duration;

use hyper_util::client::legacy::connect::HttpConnector;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use slack_morphism::errors::SlackClientError;
use slack_morphism::hyper_tokio::{SlackClientHyperConnector, SlackClientHyperHttpsConnector};
use slack_morphism::{
    ClientResult, SlackApiToken, SlackApiTokenValue, SlackClient, SlackClientApiCallContext, SlackClientHttpConnector,
};
use url::Url;

use super::faults::{self, Repeat};
use super::hosts::{AddressError, Hosts};
use crate::ports::chat::SendError;

/// Longest wait for an ordinary answer (RELIABILITY: every remote call has a time-out; Slack answers in well under 1 s).
pub const CALL_WAIT: Duration = Duration::from_secs(10);
/// Longest wait for a form to open: its trigger lives 3 s, later the answer is of no use.
pub const FORM_WAIT: Duration = Duration::from_millis(2_500);
/// Longest wait for an uploaded picture to be taken.
pub const UPLOAD_WAIT: Duration = Duration::from_secs(60);
/// Longest wait for a TCP connection; not connected in this time means that nothing was done.
const CONNECT_WAIT: Duration = Duration::from_secs(4);

/// The two ways to carry a request: encrypted, or plain to a local emulator. The plain one cannot speak https at all,
/// so that nothing can leave for the public platform by mistake.
enum Carrier {
    Encrypted(SlackClient<SlackClientHyperHttpsConnector>),
    Plain(SlackClient<SlackClientHyperConnector<HttpConnector>>),
}

/// A client of one workspace's Web API.
pub struct Wire {
    carrier: Carrier,
    hosts: Hosts,
    bot: SlackApiToken,
    app: Option<SlackApiToken>,
}

macro_rules! with_client {
    ($self:ident, $client:ident => $call:expr) => {
        match &$self.carrier {
            Carrier::Encrypted($client) => $call,
            Carrier::Plain($client) => $call,
        }
    };
}

impl Wire {
    /// Makes a client; no network call.
    ///
    /// # Errors
    /// When this machine's root certificates cannot be read.
    pub fn new(hosts: Hosts, bot: &SecretString, app: Option<&SecretString>) -> std::io::Result<Self> {
        let carrier = if hosts.is_plain() {
            let mut connector = HttpConnector::new();
            connector.set_connect_timeout(Some(CONNECT_WAIT));
            connector.set_nodelay(true);
            let connector = SlackClientHyperConnector::with_connector(connector).with_slack_api_url(hosts.api());
            Carrier::Plain(SlackClient::new(connector))
        } else {
            let connector = SlackClientHyperConnector::new()?.with_slack_api_url(hosts.api());
            Carrier::Encrypted(SlackClient::new(connector))
        };
        Ok(Self { carrier, hosts, bot: token(bot), app: app.map(token) })
    }

    /// The addresses that may be talked to.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// Calls a method that changes something, with JSON arguments.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn post(&self, method: &str, args: &Value, repeat: Repeat, wait: Duration) -> Result<Value, SendError> {
        let call = async {
            with_client!(self, client => {
                client.open_session(&self.bot).http_session_api.http_post::<_, Value>(method, args, None).await
            })
        };
        answered(within(wait, repeat, call).await?, repeat)
    }

    /// Calls a method that reads; Slack takes the arguments of these in the address only.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn get(&self, method: &str, args: &[(&str, String)]) -> Result<Value, SendError> {
        let params: Vec<(&str, Option<String>)> =
            args.iter().map(|(name, value)| (*name, Some(value.clone()))).collect();
        let call = async {
            with_client!(self, client => {
                client.open_session(&self.bot).http_session_api.http_get::<Value, _, _>(method, &params, None).await
            })
        };
        answered(within(CALL_WAIT, Repeat::Safe, call).await?, Repeat::Safe)
    }

    /// Asks for the address of a new socket (app token).
    ///
    /// # Errors
    /// [`SendError`]; without an app token a permanent one.
    pub async fn open_socket(&self) -> Result<String, SendError> {
        let token = self.app.as_ref().ok_or_else(|| faults::permanent("not_allowed_token_type"))?;
        let nothing = serde_json::json!({});
        let call = async {
            with_client!(self, client => {
                client
                    .open_session(token)
                    .http_session_api
                    .http_post::<_, Value>("apps.connections.open", &nothing, None)
                    .await
            })
        };
        let answer = answered(within(CALL_WAIT, Repeat::Safe, call).await?, Repeat::Safe)?;
        answer["url"].as_str().map(str::to_owned).ok_or_else(|| SendError::Transient("no socket address".to_owned()))
    }

    /// Posts to an answer address that came with an interaction.
    ///
    /// # Errors
    /// [`SendError`]; `Expired` when Slack no longer takes answers there.
    pub async fn answer(&self, response_url: &str, message: &Value) -> Result<(), SendError> {
        let url = self.handed_out(response_url)?;
        let span = tracing::Span::none();
        let context = bare(&span);
        let call = async {
            with_client!(self, client => client.http_api.connector.http_post_uri::<_, Value>(url, message, context).await)
        };
        match within(CALL_WAIT, Repeat::Doubles, async { worded(call.await) }).await {
            Ok(answer) if answer["ok"] == Value::Bool(false) => Err(refused(&answer, Repeat::Doubles)),
            Ok(_) => Ok(()),
            Err(SendError::Permanent { code, .. }) if answer_address_is_spent(&code) => Err(SendError::Expired),
            Err(error) => Err(error),
        }
    }

    /// Sends the bytes of a file to the address that Slack named for them; nothing is visible before it is completed.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn upload(&self, upload_url: &str, mime: &str, bytes: &[u8]) -> Result<(), SendError> {
        let url = self.handed_out(upload_url)?;
        let span = tracing::Span::none();
        let mime = if mime.is_empty() { "application/octet-stream" } else { mime }.to_owned();
        let call = async {
            with_client!(self, client => {
                client.http_api.connector.http_post_uri_binary::<Value>(url, mime, bytes, bare(&span)).await
            })
        };
        within(UPLOAD_WAIT, Repeat::Safe, async { worded(call.await) }).await.map(|_| ())
    }

    fn handed_out(&self, address: &str) -> Result<Url, SendError> {
        self.hosts.callable(address).map_err(|error: AddressError| SendError::Permanent {
            code: "foreign_address".to_owned(),
            cause: format!("an address handed out with an interaction {error}; nothing was sent there"),
        })
    }
}

fn token(secret: &SecretString) -> SlackApiToken {
    SlackApiToken::new(SlackApiTokenValue(secret.expose_secret().to_owned()))
}

/// A call without token, whose address is a secret in itself.
fn bare(span: &tracing::Span) -> SlackClientApiCallContext<'_> {
    SlackClientApiCallContext { rate_control_params: None, token: None, tracing_span: span, is_sensitive_url: true }
}

fn answer_address_is_spent(code: &str) -> bool {
    matches!(code, "http_404" | "http_410" | "used_url" | "expired_url")
}

/// Answer and upload addresses say "ok" in words: an answer with status 200 that is no JSON is a success there.
fn worded(answer: ClientResult<Value>) -> ClientResult<Value> {
    match answer {
        Err(SlackClientError::ProtocolError(_)) => Ok(Value::Null),
        other => other,
    }
}

async fn within<T: DeserializeOwned>(
    wait: Duration,
    repeat: Repeat,
    call: impl Future<Output = ClientResult<T>>,
) -> Result<T, SendError> {
    match tokio::time::timeout(wait, call).await {
        Err(_) => Err(faults::lost(repeat, "no answer in time")),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(sorted(&error, repeat)),
    }
}

/// Every Web API answer says `ok`; what does not is no answer of Slack (a proxy's page, an empty body).
fn answered(answer: Value, repeat: Repeat) -> Result<Value, SendError> {
    match answer["ok"].as_bool() {
        Some(true) => Ok(answer),
        Some(false) => Err(refused(&answer, repeat)),
        None => Err(faults::lost(repeat, "the answer was not Slack's")),
    }
}

fn refused(answer: &Value, repeat: Repeat) -> SendError {
    faults::refusal(answer["error"].as_str().unwrap_or("unknown_error"), repeat)
}

/// Sorts a client error. Its own words may hold bodies and addresses: they are never passed on.
fn sorted(error: &SlackClientError, repeat: Repeat) -> SendError {
    match error {
        SlackClientError::ApiError(error) if error.code == "missing_scope" => {
            let body = error.http_response_body.as_deref().unwrap_or_default();
            let answer: Value = serde_json::from_str(body).unwrap_or_default();
            faults::missing_scope(answer["needed"].as_str().unwrap_or("unknown"))
        }
        SlackClientError::ApiError(error) => faults::refusal(&error.code, repeat),
        SlackClientError::RateLimitError(error) => faults::limited(error.retry_after),
        SlackClientError::HttpError(error) if error.status_code.is_server_error() => {
            faults::lost(repeat, &format!("Slack answered HTTP {}", error.status_code.as_u16()))
        }
        SlackClientError::HttpError(error) => faults::permanent(&format!("http_{}", error.status_code.as_u16())),
        SlackClientError::HttpProtocolError(error) => {
            let cause =
                error.cause.as_ref().and_then(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>());
            if cause.is_some_and(hyper_util::client::legacy::Error::is_connect) {
                SendError::Transient("could not connect".to_owned())
            } else {
                faults::lost(repeat, "the connection broke")
            }
        }
        SlackClientError::ProtocolError(_) => faults::lost(repeat, "the answer could not be read"),
        _ => faults::lost(repeat, "the answer was lost"),
    }
}
