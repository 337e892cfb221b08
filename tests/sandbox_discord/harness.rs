//! A guild with a bot that speaks raw HTTP and WebSocket.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::discord::{
    DiscordAct, DiscordSandbox, DiscordSetup, DiscordSetupChannel, DiscordSetupRole, DiscordSetupUser,
};

/// Where the manual clock of every test stands at first (2026-11-20T09:00:00Z).
pub const START_MS: i64 = 1_795_165_200_000;
/// No answer within this is a failure, not a wait.
const PATIENCE: Duration = Duration::from_secs(10);
/// Intents of an ordinary bot: guilds, members, messages, reactions, typing, direct messages, content.
pub const INTENTS: u64 = 1 | 1 << 1 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 15;

pub struct World {
    pub sandbox: Arc<DiscordSandbox>,
    pub clock: SandboxClock,
    http: reqwest::Client,
}

/// Ana (French), Bo, and Max the administrator; #general, #desk (private: ana and the bot), #closed (private: ana only);
/// roles agents (ana) and leads (mentionable).
pub fn setup() -> DiscordSetup {
    let person = |name: &str, locale: &str, roles: &[&str]| DiscordSetupUser {
        name: name.into(),
        real_name: name.to_uppercase(),
        locale: locale.into(),
        is_admin: name == "max",
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        allows_dms: name != "bo",
        ..DiscordSetupUser::default()
    };
    let room = |name: &str, private: bool, bot: bool| DiscordSetupChannel {
        name: name.into(),
        private,
        members: vec!["ana".into()],
        bot,
        ..DiscordSetupChannel::default()
    };
    let role =
        |name: &str, mentionable: bool| DiscordSetupRole { name: name.into(), mentionable, ..Default::default() };
    DiscordSetup {
        users: vec![person("ana", "fr-FR", &["agents"]), person("bo", "en-US", &[]), person("max", "en-US", &[])],
        roles: vec![role("agents", false), role("leads", true)],
        channels: vec![room("general", false, true), room("desk", true, true), room("closed", true, false)],
        enforce_rate_limits: false,
        identify_window_ms: 0,
        ..DiscordSetup::default()
    }
}

impl World {
    pub async fn start() -> Self {
        Self::with(setup()).await
    }

    pub async fn with(setup: DiscordSetup) -> Self {
        // Only the first test of a process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = SandboxClock::manual(START_MS);
        let sandbox = DiscordSandbox::start(setup, clock.clone()).await.expect("the sandbox starts");
        let http = reqwest::Client::builder()
            .user_agent("DiscordBot (https://example.org, 1)")
            .timeout(PATIENCE)
            .build()
            .expect("an HTTP client");
        Self { sandbox, clock, http }
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("an HTTP method");
        let url = format!("{}/v10{path}", self.sandbox.api_url());
        self.http.request(method, url).header("authorization", format!("Bot {}", self.sandbox.token()))
    }

    /// One call; (status, JSON or null).
    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.request(method, path);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// A call that must succeed.
    pub async fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    /// A call that must be refused with this status and code.
    pub async fn refused(&self, method: &str, path: &str, body: Value, status: u16, code: u64) -> Value {
        let (got, answer) = self.call(method, path, body).await;
        assert_eq!((got, answer["code"].as_u64()), (status, Some(code)), "{method} {path}: {answer}");
        answer
    }

    pub fn channel(&self, name: &str) -> String {
        self.sandbox.channel_id(name).expect("a channel of the setup")
    }

    pub fn user(&self, name: &str) -> String {
        self.sandbox.user_id(name).expect("a user of the setup")
    }

    /// "/channels/:id" of a channel by name.
    pub fn path(&self, channel: &str) -> String {
        format!("/channels/{}", self.channel(channel))
    }

    /// The bot posts.
    pub async fn post(&self, channel: &str, body: Value) -> Value {
        self.ok("POST", &format!("{}/messages", self.path(channel)), body).await
    }

    /// Somebody does something that must work.
    pub async fn act(&self, user: &str, act: Value) -> Value {
        let wanted: DiscordAct = serde_json::from_value(act.clone()).expect("an act");
        self.sandbox.act(user, wanted).await.unwrap_or_else(|error| panic!("{act}: {error}"))
    }

    /// Somebody does something that must be refused; the sentence.
    pub async fn act_refused(&self, user: &str, act: Value) -> String {
        let wanted: DiscordAct = serde_json::from_value(act.clone()).expect("an act");
        match self.sandbox.act(user, wanted).await {
            Ok(answer) => panic!("{act} should be refused: {answer}"),
            Err(error) => error.to_string(),
        }
    }

    /// The last message of a channel as a user sees it.
    pub fn last(&self, user: &str, channel: &str) -> Value {
        let snapshot = self.sandbox.snapshot(user);
        let all = snapshot["messages"][self.channel(channel)].as_array().cloned().unwrap_or_default();
        all.last().cloned().unwrap_or(Value::Null)
    }

    /// What the user's screen says.
    pub fn toasts(&self, user: &str) -> Vec<String> {
        let snapshot = self.sandbox.snapshot(user);
        let all = snapshot["toasts"].as_array().cloned().unwrap_or_default();
        all.iter().map(|toast| toast["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Registers commands in the guild.
    pub async fn commands(&self, commands: Value) -> Value {
        let path =
            format!("/applications/{}/guilds/{}/commands", self.sandbox.application_id(), self.sandbox.guild_id());
        self.ok("PUT", &path, commands).await
    }

    /// Answers an interaction.
    pub async fn answer(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let id = interaction["id"].as_str().expect("an id");
        let token = interaction["token"].as_str().expect("a token");
        self.call("POST", &format!("/interactions/{id}/{token}/callback"), body).await
    }

    /// "/webhooks/:app/:token" of an interaction.
    pub fn webhook(&self, interaction: &Value) -> String {
        format!("/webhooks/{}/{}", self.sandbox.application_id(), interaction["token"].as_str().expect("a token"))
    }
}

/// A raw gateway connection.
pub struct Gateway {
    ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub seq: u64,
    pub session: String,
}

/// What a socket says next.
#[derive(Debug)]
pub enum Heard {
    Json(Value),
    Closed(Option<u16>),
    /// No Close frame: the TCP connection ended or broke.
    Broken,
}

impl Gateway {
    /// Connects and reads HELLO.
    pub async fn open(world: &World) -> Self {
        let url = format!("{}?v=10&encoding=json", world.sandbox.gateway_url());
        let (ws, _) = tokio_tungstenite::connect_async(url).await.expect("the gateway answers");
        let mut gateway = Self { ws, seq: 0, session: String::new() };
        let hello = gateway.json().await;
        assert_eq!(hello["op"], 10, "{hello}");
        gateway
    }

    /// Connects and identifies with ordinary intents, up to GUILD_CREATE.
    pub async fn ready(world: &World) -> Self {
        Self::ready_with(world, INTENTS).await
    }

    pub async fn ready_with(world: &World, intents: u64) -> Self {
        let mut gateway = Self::open(world).await;
        gateway.identify(world, intents).await;
        let ready = gateway.event("READY").await;
        gateway.session = ready["session_id"].as_str().expect("a session id").to_owned();
        if intents & 1 != 0 {
            gateway.event("GUILD_CREATE").await;
        }
        gateway
    }

    pub async fn identify(&mut self, world: &World, intents: u64) {
        let properties = json!({ "os": "linux", "browser": "test", "device": "test" });
        let data = json!({ "token": world.sandbox.token(), "intents": intents, "properties": properties });
        self.send(json!({ "op": 2, "d": data })).await;
    }

    pub async fn resume(&mut self, world: &World, session: &str, seq: u64) {
        self.session = session.to_owned();
        self.send(json!({ "op": 6, "d": { "token": world.sandbox.token(), "session_id": session, "seq": seq } })).await;
    }

    pub async fn send(&mut self, value: Value) {
        self.ws.send(Frame::text(value.to_string())).await.expect("the socket takes a frame");
    }

    pub async fn close(&mut self, code: u16) {
        let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame { code: code.into(), reason: "".into() };
        self.ws.close(Some(frame)).await.expect("the socket closes");
    }

    pub async fn hear(&mut self) -> Heard {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.ws.next()).await.expect("something within the patience");
            match next {
                Some(Ok(Frame::Text(text))) => match serde_json::from_str::<Value>(&text) {
                    Ok(value) => {
                        self.seq = value["s"].as_u64().unwrap_or(self.seq);
                        return Heard::Json(value);
                    }
                    Err(_) => return Heard::Json(json!({ "raw": text.as_str() })),
                },
                Some(Ok(Frame::Close(close))) => return Heard::Closed(close.map(|close| close.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Broken,
            }
        }
    }

    pub async fn json(&mut self) -> Value {
        match self.hear().await {
            Heard::Json(value) => value,
            other => panic!("expected a payload, heard {other:?}"),
        }
    }

    /// The next dispatch of this type; others before it are skipped.
    pub async fn event(&mut self, name: &str) -> Value {
        loop {
            let value = self.json().await;
            if value["t"] == name {
                return value["d"].clone();
            }
        }
    }

    /// The next dispatch, whatever it is: (type, data).
    pub async fn next_event(&mut self) -> (String, Value) {
        loop {
            let value = self.json().await;
            if value["op"] == 0 {
                return (value["t"].as_str().unwrap_or_default().to_owned(), value["d"].clone());
            }
        }
    }

    /// The code the server closes with.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.hear().await {
                Heard::Json(_) => {}
                Heard::Closed(code) => return code,
                Heard::Broken => panic!("the connection broke without a Close frame"),
            }
        }
    }
}
