//! One workspace, the adapter, and an intake that can be told to fail.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use vigie::adapters::slack::{SlackChat, SlackSettings, socket};
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Block, Body, Call, Chat, Control, Emphasis, Span};
use vigie::ports::clock::Clock;
use vigie::ports::envelope::{Accepted, Envelope, FormVerdict, Intake, NotStored};
use vigie::ports::inbound::{Ask, Caller, Choice, Inbound};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::slack::{
    ChannelSetup, CommandSetup, ShortcutSetup, SlackAct, SlackFault, SlackSandbox, SlackSetup, UserSetup,
};

/// 2026-03-02 09:00:00 UTC.
pub const START_MS: i64 = 1_772_442_000_000;
/// Longest a test waits for something to happen before it fails.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(Debug)]
pub struct SandboxTime(pub SandboxClock);

impl Clock for SandboxTime {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now_ms())
    }
}

/// An inbox in memory.
pub struct Inbox {
    kept: watch::Sender<Vec<Envelope>>,
    seen: Mutex<HashSet<String>>,
    /// While set, nothing can be stored.
    pub full: AtomicBool,
    refused: watch::Sender<u32>,
    pub gaps: watch::Sender<u32>,
    pub verdict: Mutex<FormVerdict>,
}

impl Inbox {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            kept: watch::Sender::new(Vec::new()),
            seen: Mutex::default(),
            full: AtomicBool::new(false),
            refused: watch::Sender::new(0),
            gaps: watch::Sender::new(0),
            verdict: Mutex::new(FormVerdict::Taken),
        })
    }

    pub fn kept(&self) -> Vec<Envelope> {
        self.kept.borrow().clone()
    }

    /// Waits until an envelope of this kind of delivery id is there.
    pub async fn wait(&self, prefix: &str) -> Envelope {
        let mut kept = self.kept.subscribe();
        let found = |all: &Vec<Envelope>| all.iter().any(|one| one.delivery_id.starts_with(prefix));
        tokio::time::timeout(PATIENCE, kept.wait_for(found)).await.expect("an envelope in time").expect("open");
        self.kept().into_iter().rev().find(|one| one.delivery_id.starts_with(prefix)).expect("kept")
    }

    pub async fn wait_for_refusal(&self) {
        let mut refused = self.refused.subscribe();
        tokio::time::timeout(PATIENCE, refused.wait_for(|count| *count > 0)).await.expect("refused").expect("open");
    }

    pub async fn wait_for_gap(&self, count: u32) {
        let mut gaps = self.gaps.subscribe();
        tokio::time::timeout(PATIENCE, gaps.wait_for(|seen| *seen >= count)).await.expect("read back").expect("open");
    }
}

#[async_trait]
impl Intake for Inbox {
    async fn accept(&self, envelope: Envelope) -> Result<Accepted, NotStored> {
        if self.full.load(Ordering::SeqCst) {
            self.refused.send_modify(|refused| *refused += 1);
            return Err(NotStored { cause: "disk full".into() });
        }
        let fresh = self.seen.lock().expect("lock").insert(envelope.delivery_id.clone());
        if fresh {
            self.kept.send_modify(|kept| kept.push(envelope));
        }
        Ok(if fresh { Accepted::Fresh } else { Accepted::Duplicate })
    }

    async fn submit(&self, envelope: Envelope) -> Result<FormVerdict, NotStored> {
        self.accept(envelope).await?;
        Ok(self.verdict.lock().expect("lock").clone())
    }

    async fn complete(&self, ask: Ask) -> Vec<Choice> {
        vec![Choice { label: ask.typed.clone(), value: ask.typed }]
    }

    async fn caught_gap(&self, _source: &str) {
        self.gaps.send_modify(|gaps| *gaps += 1);
    }
}

pub struct Desk {
    pub slack: Arc<SlackSandbox>,
    pub clock: SandboxClock,
    pub chat: Arc<SlackChat>,
    pub inbox: Arc<Inbox>,
    pub lea: String,
    pub tom: String,
    pub care: String,
    pub stop: CancellationToken,
}

pub fn setup() -> SlackSetup {
    SlackSetup {
        users: vec![UserSetup::new("lea", "Léa Martin", "fr-FR"), UserSetup::new("tom", "Tom Reed", "en-US")],
        channels: vec![
            ChannelSetup::new("general", &["lea", "tom"]),
            ChannelSetup::new("care", &["lea", "tom", "vigie"]),
            ChannelSetup::new("crise-panne", &["lea"]),
        ],
        commands: vec![CommandSetup::new("/assign", "Assign a ticket", "T-12 @person")],
        shortcuts: vec![ShortcutSetup {
            callback_id: "open_ticket".into(),
            name: "Open ticket".into(),
            kind: "message".into(),
        }],
        ack_timeout_ms: 400,
        ..SlackSetup::default()
    }
}

impl Desk {
    /// A workspace with the adapter, not yet listening.
    pub async fn quiet(setup: SlackSetup) -> Self {
        let clock = SandboxClock::manual(START_MS);
        let slack = SlackSandbox::start(setup, clock.clone()).await.expect("the sandbox starts");
        let settings = SlackSettings {
            api_url: Some(slack.api_url()),
            bot_token: SecretString::from(slack.bot_token()),
            app_token: Some(SecretString::from(slack.app_token())),
            signing_secret: Some(SecretString::from(slack.signing_secret())),
            sockets: 2,
        };
        let chat = SlackChat::new(settings, Arc::new(SandboxTime(clock.clone()))).expect("settings");
        let user = |name: &str| slack.user_id(name).expect("a user");
        let (lea, tom) = (user("lea"), user("tom"));
        let care = slack.channel_id("care").expect("a channel");
        Self { slack, clock, chat, inbox: Inbox::new(), lea, tom, care, stop: CancellationToken::new() }
    }

    /// The same, listening by sockets.
    pub async fn listening() -> Self {
        let desk = Self::quiet(setup()).await;
        desk.listen().await;
        desk
    }

    pub async fn listen(&self) {
        let gaps = *self.inbox.gaps.borrow();
        tokio::spawn(socket::run(Arc::clone(&self.chat), self.inbox.clone(), self.stop.clone()));
        self.inbox.wait_for_gap(gaps + 1).await;
    }

    pub fn fault(&self, fault: Value) {
        let fault: SlackFault = serde_json::from_value(fault).expect("a known fault");
        self.slack.faults().order(fault);
    }

    pub async fn does(&self, user: &str, act: Value) -> Value {
        let act: SlackAct = serde_json::from_value(act).expect("a known act");
        self.slack.act(user, act).await.expect("the client allows it")
    }

    pub async fn says(&self, user: &str, text: &str) -> String {
        let posted = self.does(user, json!({"act": "post", "channel": self.care, "text": text})).await;
        posted["ts"].as_str().expect("a ts").to_owned()
    }

    pub fn calls(&self, method: &str) -> usize {
        self.slack.calls().iter().filter(|call| call.method == method).count()
    }

    pub fn post(&self, text: &str) -> Call {
        Call::Post { channel: self.care.clone(), thread: None, body: words(text) }
    }

    /// Messages of the desk channel.
    pub fn messages(&self) -> Vec<Value> {
        self.slack.messages(&self.care)
    }

    pub fn read(&self, envelope: &Envelope) -> Inbound {
        self.chat.decode(envelope)
    }

    /// Presses are answered through this.
    pub fn caller(&self, inbound: &Inbound) -> Caller {
        match inbound {
            Inbound::Command { caller, .. } | Inbound::Press { caller, .. } | Inbound::Form { caller, .. } => {
                caller.clone()
            }
            Inbound::Shortcut { caller, .. } => caller.clone(),
            other => panic!("nobody called: {other:?}"),
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn words(text: &str) -> Body {
    Body { summary: text.into(), ..Body::default() }
}

pub fn card() -> Body {
    Body {
        summary: "T-1 · <!channel> colis".into(),
        blocks: vec![
            Block::Header("🔴 T-1 · <!here>".into()),
            Block::Quote(vec![Span::Text("<!channel> @everyone où est mon colis ?".into())]),
            Block::Controls(vec![
                Control::Button {
                    action: "ticket.claim".into(),
                    value: "T-1:1".into(),
                    label: "Je prends".into(),
                    emphasis: Emphasis::Primary,
                },
                Control::People { action: "ticket.assign".into(), value: "T-1".into(), placeholder: "Assigner".into() },
            ]),
        ],
        ..Body::default()
    }
}
