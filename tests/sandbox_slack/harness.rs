//! A workspace with two people and a bot, and bare clients for it.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::slack::{
    ChannelSetup, CommandSetup, ShortcutSetup, SlackAct, SlackSandbox, SlackSetup, UserGroupSetup, UserSetup,
};

/// 2026-03-02 09:00:00 UTC.
pub const START_MS: i64 = 1_772_442_000_000;

/// Longest a test waits for a frame or an answer before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Office {
    pub slack: Arc<SlackSandbox>,
    pub clock: SandboxClock,
    pub http: reqwest::Client,
    pub lea: String,
    pub tom: String,
    pub care: String,
}

pub fn setup() -> SlackSetup {
    SlackSetup {
        users: vec![
            UserSetup::new("lea", "Léa Martin", "fr-FR"),
            UserSetup { is_admin: true, ..UserSetup::new("tom", "Tom Reed", "en-US") },
            UserSetup::new("zoe", "Zoé Petit", "fr-FR"),
        ],
        channels: vec![
            ChannelSetup::new("general", &["lea", "tom", "zoe"]),
            ChannelSetup::new("care", &["lea", "tom", "vigie"]),
            ChannelSetup::new("secret", &["lea"]).private(),
            ChannelSetup::new("inner", &["lea", "vigie"]).private(),
        ],
        usergroups: vec![UserGroupSetup {
            handle: "social".into(),
            name: "Social".into(),
            members: vec!["lea".into()],
            ..UserGroupSetup::default()
        }],
        commands: vec![CommandSetup::new("/assign", "Assign a ticket", "T-12 @person")],
        shortcuts: vec![
            ShortcutSetup { callback_id: "open_ticket".into(), name: "Open ticket".into(), kind: "message".into() },
            ShortcutSetup { callback_id: "new_ticket".into(), name: "New ticket".into(), kind: "global".into() },
        ],
        ..SlackSetup::default()
    }
}

impl Office {
    pub async fn open() -> Self {
        Self::with(setup()).await
    }

    pub async fn with(setup: SlackSetup) -> Self {
        // Already installed when several tests share a process; either way there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = SandboxClock::manual(START_MS);
        let slack = SlackSandbox::start(setup, clock.clone()).await.expect("the sandbox starts");
        let user = |name: &str| slack.user_id(name).expect("a user of the setup");
        let (lea, tom) = (user("lea"), user("tom"));
        let care = slack.channel_id("care").expect("a channel of the setup");
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Self { slack, clock, http, lea, tom, care }
    }

    /// A Web API call with a JSON body and the bot token.
    pub async fn call(&self, method: &str, args: Value) -> Value {
        self.response(method, &args).await.json().await.expect("JSON")
    }

    pub async fn response(&self, method: &str, args: &Value) -> reqwest::Response {
        self.http
            .post(format!("{}{method}", self.slack.api_url()))
            .bearer_auth(self.slack.bot_token())
            .header("content-type", "application/json; charset=utf-8")
            .body(args.to_string())
            .send()
            .await
            .expect("an answer")
    }

    /// A Web API call with a form and the bot token inside it.
    pub async fn form(&self, method: &str, args: &[(&str, &str)]) -> Value {
        let mut form: Vec<(String, String)> =
            args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        form.push(("token".to_owned(), self.slack.bot_token()));
        let request = self.http.post(format!("{}{method}", self.slack.api_url())).form(&form);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    pub async fn post(&self, text: &str) -> String {
        let answer = self.call("chat.postMessage", json!({"channel": self.care, "text": text})).await;
        answer["ts"].as_str().expect("a timestamp").to_owned()
    }

    pub async fn act(&self, user: &str, act: Value) -> Result<Value, String> {
        let act: SlackAct = serde_json::from_value(act).expect("a known act");
        self.slack.act(user, act).await.map_err(|error| error.to_string())
    }

    /// An act that must succeed.
    pub async fn does(&self, user: &str, act: Value) -> Value {
        self.act(user, act).await.expect("the client allows it")
    }

    /// An act that waits for the app, started and left running.
    pub fn starts(&self, user: &str, act: Value) -> tokio::task::JoinHandle<Result<Value, String>> {
        let (slack, user) = (Arc::clone(&self.slack), user.to_owned());
        let act: SlackAct = serde_json::from_value(act).expect("a known act");
        tokio::spawn(async move { slack.act(&user, act).await.map_err(|error| error.to_string()) })
    }

    pub fn fault(&self, fault: Value) {
        self.slack.faults().order(serde_json::from_value(fault).expect("a known fault"));
    }

    /// Opens a socket and reads its hello.
    pub async fn socket(&self) -> Socket {
        let (mut socket, hello) = self.dial().await;
        assert_eq!(hello["type"], "hello", "{hello}");
        socket.hello = hello;
        socket
    }

    /// Opens a socket and gives its first frame.
    pub async fn dial(&self) -> (Socket, Value) {
        let url = self.socket_url().await;
        let (stream, _) = tokio_tungstenite::connect_async(url).await.expect("a socket");
        let mut socket = Socket { stream, hello: Value::Null };
        let first = socket.frame().await.expect("a first frame");
        (socket, first)
    }

    pub async fn socket_url(&self) -> String {
        let request = self.http.post(format!("{}apps.connections.open", self.slack.api_url()));
        let answer: Value =
            request.bearer_auth(self.slack.app_token()).send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(answer["ok"], true, "{answer}");
        answer["url"].as_str().expect("an address").to_owned()
    }

    /// The last notice `user` was shown.
    pub fn toast(&self, user: &str) -> String {
        let snapshot = self.slack.snapshot(user);
        let last = snapshot["toasts"].as_array().and_then(|toasts| toasts.last().cloned()).unwrap_or_default();
        last["text"].as_str().unwrap_or_default().to_owned()
    }

    pub fn shown(&self, user: &str) -> Vec<Value> {
        self.slack.snapshot(user)["messages"][&self.care].as_array().cloned().unwrap_or_default()
    }
}

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub hello: Value,
}

impl Socket {
    /// The next JSON frame; `None` when the socket has ended.
    pub async fn frame(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(text.as_str()).expect("JSON")),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next envelope, which must be there.
    pub async fn envelope(&mut self) -> Value {
        self.frame().await.expect("an envelope")
    }

    pub async fn ack(&mut self, envelope: &Value) {
        self.answer(envelope, Value::Null).await;
    }

    pub async fn answer(&mut self, envelope: &Value, payload: Value) {
        let mut frame = json!({"envelope_id": envelope["envelope_id"]});
        if !payload.is_null() {
            frame["payload"] = payload;
        }
        self.stream.send(Message::Text(frame.to_string().into())).await.expect("the ack is sent");
    }

    /// The next event of this type, acknowledging everything on the way.
    pub async fn event(&mut self, kind: &str) -> Value {
        loop {
            let envelope = self.envelope().await;
            self.ack(&envelope).await;
            if envelope["payload"]["event"]["type"] == kind {
                return envelope["payload"]["event"].clone();
            }
        }
    }
}
