//! A guild, the adapter joined to it, and a desk that takes in what arrives.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vigie::adapters::discord::{
    CommandSpec, DiscordChat, DiscordSettings, OptionKind, OptionSpec, ShortcutSpec, invite_url, run,
};
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Block, Body, Call, Chat, Control, Emphasis, Receipt, Span};
use vigie::ports::clock::Clock;
use vigie::ports::envelope::{Accepted, Envelope, FormVerdict, Intake, NotStored};
use vigie::ports::inbound::{Ask, Caller, Choice, Inbound};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::discord::{DiscordAct, DiscordSandbox, DiscordSetup, DiscordSetupChannel, DiscordSetupUser};

/// Where the sandbox's clock stands at first (2026-11-20T09:00:00Z).
pub const START_MS: i64 = 1_795_165_200_000;
/// Nothing that is waited for takes longer than this.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
struct Watch(SandboxClock);

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now_ms())
    }
}

/// What arrived, and how the desk behaves.
#[derive(Default)]
pub struct Desk {
    pub arrived: Mutex<Vec<Envelope>>,
    known: Mutex<BTreeSet<String>>,
    pub gaps: AtomicU32,
    /// So many envelopes are refused from now on.
    pub full: AtomicU32,
    pub verdict: Mutex<Option<FormVerdict>>,
    pub asked: Mutex<Vec<Ask>>,
    changed: watch::Sender<u64>,
}

impl Desk {
    fn touch(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    fn take(&self, envelope: Envelope) -> Result<Accepted, NotStored> {
        if self.full.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(NotStored { cause: "disk full".into() });
        }
        let fresh = self.known.lock().unwrap().insert(envelope.delivery_id.clone());
        if fresh {
            self.arrived.lock().unwrap().push(envelope);
        }
        self.touch();
        Ok(if fresh { Accepted::Fresh } else { Accepted::Duplicate })
    }
}

#[async_trait]
impl Intake for Desk {
    async fn accept(&self, envelope: Envelope) -> Result<Accepted, NotStored> {
        self.take(envelope)
    }

    async fn submit(&self, envelope: Envelope) -> Result<FormVerdict, NotStored> {
        self.take(envelope)?;
        Ok(self.verdict.lock().unwrap().clone().unwrap_or(FormVerdict::Taken))
    }

    async fn complete(&self, ask: Ask) -> Vec<Choice> {
        let choices = vec![Choice { label: format!("T-12 for {}", ask.typed), value: "T-12".into() }];
        self.asked.lock().unwrap().push(ask);
        choices
    }

    async fn caught_gap(&self, source: &str) {
        assert_eq!(source, "discord");
        self.gaps.fetch_add(1, Ordering::SeqCst);
        self.touch();
    }
}

pub struct Office {
    pub sandbox: Arc<DiscordSandbox>,
    pub clock: SandboxClock,
    pub chat: Arc<DiscordChat>,
    pub desk: Arc<Desk>,
    shutdown: CancellationToken,
    gateway: Option<JoinHandle<()>>,
}

/// The permissions that the invitation asks for, and no other.
fn invited() -> u64 {
    let url = invite_url("1");
    let bits = url.split("permissions=").nth(1).and_then(|rest| rest.split('&').next());
    bits.and_then(|bits| bits.parse().ok()).expect("permissions in the invitation")
}

/// Ana (French) and Bo (takes no direct messages); #general, #support, #closed (without the bot).
pub fn guild() -> DiscordSetup {
    let person = |name: &str, locale: &str| DiscordSetupUser {
        name: name.into(),
        real_name: name.to_uppercase(),
        locale: locale.into(),
        allows_dms: name != "bo",
        ..DiscordSetupUser::default()
    };
    let room = |name: &str, private: bool| DiscordSetupChannel {
        name: name.into(),
        private,
        members: vec!["ana".into()],
        bot: !private,
        ..DiscordSetupChannel::default()
    };
    DiscordSetup {
        users: vec![person("max", "en-US"), person("ana", "fr-FR"), person("bo", "en-US")],
        channels: vec![room("general", false), room("support", false), room("closed", true)],
        bot_permissions: invited(),
        identify_window_ms: 0,
        ..DiscordSetup::default()
    }
}

impl Office {
    /// A guild and the adapter, not yet joined.
    pub async fn closed(setup: DiscordSetup) -> Self {
        Self::with_token(setup, None).await
    }

    pub async fn with_token(setup: DiscordSetup, token: Option<&str>) -> Self {
        let clock = SandboxClock::manual(START_MS);
        let sandbox = DiscordSandbox::start(setup, clock.clone()).await.expect("the sandbox starts");
        let settings = DiscordSettings {
            api_url: sandbox.api_url(),
            token: SecretString::from(token.map_or_else(|| sandbox.token(), str::to_owned)),
            guild: None,
        };
        let chat = DiscordChat::new(settings, Arc::new(Watch(clock.clone()))).expect("good settings");
        Self { sandbox, clock, chat, desk: Arc::default(), shutdown: CancellationToken::new(), gateway: None }
    }

    /// A guild and the adapter, joined: events flow.
    pub async fn open() -> Self {
        Self::open_with(guild()).await
    }

    pub async fn open_with(setup: DiscordSetup) -> Self {
        let mut office = Self::closed(setup).await;
        office.join();
        office
            .until("connected and told of the gap", |office| {
                office.chat.connected() && office.desk.gaps.load(Ordering::SeqCst) > 0
            })
            .await;
        office
    }

    pub fn join(&mut self) {
        let (chat, desk) = (Arc::clone(&self.chat), Arc::clone(&self.desk));
        self.gateway = Some(tokio::spawn(run(chat, desk, self.shutdown.clone())));
    }

    /// Leaves and waits until everything that arrived is stored.
    pub async fn leave(&mut self) {
        self.shutdown.cancel();
        if let Some(gateway) = self.gateway.take() {
            tokio::time::timeout(PATIENCE, gateway).await.expect("ends in time").expect("ends well");
        }
    }

    /// Waits until something is so; looks again whenever the desk or the guild changed.
    pub async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let (mut desk, mut guild) = (self.desk.changed.subscribe(), self.sandbox.changed());
        let waiting = async {
            while !so(self) {
                tokio::select! {
                    _ = desk.changed() => {}
                    _ = guild.changed() => {}
                    // What the adapter alone knows (its connection) changes without a sign.
                    () = tokio::time::sleep(Duration::from_millis(20)) => {}
                }
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            panic!("not in time: {what}; arrived: {:?}", self.happened());
        }
    }

    /// Everything that happened so far, as decoded.
    pub fn happened(&self) -> Vec<Inbound> {
        let arrived = self.desk.arrived.lock().unwrap().clone();
        arrived.iter().map(|envelope| self.chat.decode(envelope)).collect()
    }

    /// Waits for the first thing that `pick` takes.
    pub async fn first<T>(&self, what: &str, pick: impl Fn(&Inbound) -> Option<T>) -> T {
        self.until(what, |office| office.happened().iter().any(|inbound| pick(inbound).is_some())).await;
        self.happened().iter().find_map(pick).expect("just seen")
    }

    /// Texts of all messages so far, in order of arrival.
    pub fn texts(&self) -> Vec<String> {
        let happened = self.happened();
        happened
            .into_iter()
            .filter_map(|inbound| match inbound {
                Inbound::Message(message) => Some(message.text),
                _ => None,
            })
            .collect()
    }

    pub fn channel(&self, name: &str) -> String {
        self.sandbox.channel_id(name).expect("a channel")
    }

    pub fn user(&self, name: &str) -> String {
        self.sandbox.user_id(name).expect("a user")
    }

    /// Somebody does something that must work.
    pub async fn act(&self, user: &str, act: Value) -> Value {
        let wanted: DiscordAct = serde_json::from_value(act.clone()).expect("an act");
        self.sandbox.act(user, wanted).await.unwrap_or_else(|error| panic!("{act}: {error}"))
    }

    /// Somebody writes in a channel (by name or id).
    pub async fn says(&self, user: &str, channel: &str, words: &str) -> Value {
        self.act(user, json!({ "act": "post", "channel": channel, "content": words })).await
    }

    /// The bot posts a body in #general.
    pub async fn post(&self, body: Body, key: &str) -> Receipt {
        self.chat.send(&self.posting(body), key).await.expect("posted")
    }

    pub fn posting(&self, body: Body) -> Call {
        Call::Post { channel: self.channel("general"), thread: None, body }
    }

    /// Messages of a channel (by id) as somebody sees them.
    pub fn seen(&self, user: &str, channel: &str) -> Vec<Value> {
        self.sandbox.snapshot(user)["messages"][channel].as_array().cloned().unwrap_or_default()
    }

    pub fn toasts(&self, user: &str) -> Vec<Value> {
        self.sandbox.snapshot(user)["toasts"].as_array().cloned().unwrap_or_default()
    }

    /// How many REST calls of this method went to a path with these words.
    pub fn called(&self, method: &str, words: &str) -> usize {
        self.sandbox.calls().iter().filter(|call| call.method == method && call.path.contains(words)).count()
    }

    /// Registers `/assign`, `/ticket open` and the shortcut "Open ticket".
    pub async fn register(&self) -> bool {
        self.chat.register(&commands(), &shortcuts()).await.expect("registered")
    }

    /// Ana types `/assign`; the bot's view of her.
    pub async fn assigns(&self) -> Caller {
        let options = json!([{ "name": "ticket", "value": "T-12" }, { "name": "to", "value": self.user("bo") }]);
        self.act("ana", json!({ "act": "slash", "channel": "general", "name": "assign", "options": options })).await;
        self.first("the command", |inbound| match inbound {
            Inbound::Command { caller, .. } => Some(caller.clone()),
            _ => None,
        })
        .await
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

pub fn option(name: &str, name_fr: &str, kind: OptionKind, complete: bool) -> OptionSpec {
    OptionSpec {
        name: name.into(),
        name_fr: name_fr.into(),
        summary: format!("The {name}"),
        summary_fr: format!("Le {name_fr}"),
        kind,
        required: false,
        complete,
    }
}

pub fn commands() -> Vec<CommandSpec> {
    let open = CommandSpec {
        name: "open".into(),
        summary: "Open a ticket".into(),
        options: vec![
            option("text", "texte", OptionKind::Text, false),
            option("count", "nombre", OptionKind::Integer, false),
            option("prio", "prio", OptionKind::Choice(vec![("p1".into(), "urgent".into(), "urgente".into())]), false),
        ],
        positional: vec!["text".into()],
        ..CommandSpec::default()
    };
    vec![
        CommandSpec {
            name: "assign".into(),
            name_fr: "assigner".into(),
            summary: "Assign a ticket".into(),
            summary_fr: "Assigner un ticket".into(),
            options: vec![
                option("ticket", "ticket", OptionKind::Text, true),
                option("to", "a", OptionKind::Person, false),
                option("reason", "raison", OptionKind::Text, false),
            ],
            positional: vec!["ticket".into(), "to".into()],
            ..CommandSpec::default()
        },
        CommandSpec {
            name: "ticket".into(),
            summary: "Tickets".into(),
            subcommands: vec![open],
            ..CommandSpec::default()
        },
    ]
}

pub fn shortcuts() -> Vec<ShortcutSpec> {
    vec![ShortcutSpec { id: "open_ticket".into(), name: "Open ticket".into(), name_fr: "Ouvrir un ticket".into() }]
}

/// A line of text.
pub fn line(words: &str) -> Body {
    Body { summary: words.into(), blocks: vec![Block::Text(vec![Span::Text(words.into())])], ..Body::default() }
}

/// A card with two buttons and a menu of people.
pub fn card(title: &str) -> Body {
    let button = |action: &str, label: &str| Control::Button {
        action: action.into(),
        value: "T-1:3".into(),
        label: label.into(),
        emphasis: Emphasis::Primary,
    };
    Body {
        summary: title.into(),
        blocks: vec![
            Block::Header(title.into()),
            Block::Quote(vec![Span::Text("@everyone my *parcel* never came <@1>".into())]),
            Block::Controls(vec![
                button("ticket.claim", "Claim"),
                button("ticket.reply", "Reply…"),
                Control::People { action: "ticket.assign".into(), value: "T-1".into(), placeholder: "Whom?".into() },
            ]),
            Block::Footer("revision 3".into()),
        ],
        ..Body::default()
    }
}
