//! The sample office at 09:02 of a working Tuesday, with nobody away and nothing to do.
//!
//! When a scene ends the office is looked over (see `verdict`): nothing parked, nothing lost, nobody pinged, one card for each
//! ticket and chat, unless the scene said before that it expects otherwise ([`Office::expects`]).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use vigie::app::Setup;
use vigie::domain::desk::ticket::Ticket;
use vigie::domain::office::promise::StepTime;
use vigie::domain::time::HOUR_MS;
use vigie::runtime::demo::{Demo, DemoOptions};
use vigie::sandbox::SandboxClock;
use vigie::store::aggregates;

use crate::acts::Person;
use crate::place::{Channel, Network};
use crate::postgres;
use crate::probe::Probe;
use crate::seen::Chat;

/// Tuesday 17 March 2026, 09:02 in Paris.
const START_MS: i64 = 1_773_734_520_000;
/// How long Vigie is away when it is started anew.
const RESTART_MS: i64 = 10_000;
/// Upper bound of every wait: what is waited for comes within milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Which database a scene runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What an ordinary scene never has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Envelopes that nobody understood.
    UnknownEnvelopes,
    /// Deliveries that were given up.
    DeadLetters,
    /// Answers that came too late.
    ExpiredAnswers,
    /// Calls that a chat refused.
    RefusedCalls,
    /// Notices such as "This app is not responding".
    Toasts,
    /// People who are called by name, as in a crisis.
    Pings,
    /// A card missing or posted twice, because somebody removed it.
    Cards,
}

/// The office of one scene.
pub struct Office {
    demo: Option<Demo>,
    pub clock: SandboxClock,
    pub probe: Probe,
    pub(crate) expected: Mutex<Vec<Oddity>>,
    _folder: Option<tempfile::TempDir>,
}

/// Hours in milliseconds.
pub fn hours(count: i64) -> i64 {
    count * HOUR_MS
}

/// Minutes in milliseconds.
pub fn minutes(count: i64) -> i64 {
    count * HOUR_MS / 60
}

impl Office {
    /// Opens the office and waits until both chats are connected.
    pub async fn open(engine: Engine) -> Self {
        // Already installed when several scenes share a process; either way there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (database, folder) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                (format!("sqlite:{}", folder.path().join("vigie.db").display()), Some(folder))
            }
            Engine::Postgres => (postgres::database().await, None),
        };
        let clock = SandboxClock::manual(START_MS);
        let options = DemoOptions {
            database: database.clone(),
            page_port: None,
            clock: clock.clone(),
            manual: true,
            page: false,
        };
        let demo = Demo::start(options).await.unwrap();
        let probe = Probe::open(&database).await;
        let office = Self { demo: Some(demo), clock, probe, expected: Mutex::default(), _folder: folder };
        office.connected().await;
        office.settle().await;
        office
    }

    /// The sandbox and Vigie.
    pub fn demo(&self) -> &Demo {
        self.demo.as_ref().unwrap()
    }

    /// The app.
    pub fn app(&self) -> &vigie::app::App {
        &self.demo().vigie.app
    }

    /// The office file is edited while Vigie runs.
    pub fn edit_file(&self, change: impl FnOnce(&mut vigie::domain::office::Office)) {
        let file = self.app().setup();
        let mut team = file.office.clone();
        change(&mut team);
        let (triage, playbooks) = (Arc::clone(&file.triage), Arc::clone(&file.playbooks));
        self.app().reload(Setup { office: team, triage, playbooks });
    }

    /// Tickets stay with whoever has them, however silent: for scenes about something else that last for days.
    pub fn nobody_is_relieved(&self) {
        self.edit_file(|team| team.escalation.hand_on = StepTime::Never);
    }

    /// Stops Vigie as SIGTERM would and starts it again on the same database.
    pub async fn restart(&mut self) {
        let demo = self.demo.take().unwrap();
        // A restart takes a moment; Discord counts how often it is asked for its gateway.
        self.clock.advance(RESTART_MS);
        self.demo = Some(demo.restart().await.unwrap());
        self.connected().await;
    }

    /// This scene has such things.
    pub fn expects(&self, oddity: Oddity) {
        self.expected.lock().unwrap().push(oddity);
    }

    /// Looks the office over and closes it.
    pub async fn close(mut self) {
        self.settle().await;
        self.look_over().await;
        if let Some(demo) = self.demo.take() {
            demo.vigie.stop().await;
        }
    }

    /// A channel of Slack.
    pub fn slack(&self, name: &str) -> Channel<'_> {
        self.channel(Chat::Slack, name)
    }

    /// A channel of Discord.
    pub fn discord(&self, name: &str) -> Channel<'_> {
        self.channel(Chat::Discord, name)
    }

    /// A channel.
    pub fn channel(&self, chat: Chat, name: &str) -> Channel<'_> {
        Channel { office: self, chat, id: self.channel_id(chat, name.trim_start_matches('#')) }
    }

    /// A person at their Slack.
    pub fn slack_user(&self, name: &str) -> Person<'_> {
        self.person(Chat::Slack, name)
    }

    /// A person at their Discord.
    pub fn discord_user(&self, name: &str) -> Person<'_> {
        self.person(Chat::Discord, name)
    }

    /// A person at a chat.
    pub fn person(&self, chat: Chat, name: &str) -> Person<'_> {
        let id = match chat {
            Chat::Slack => self.demo().slack.user_id(name),
            Chat::Discord => self.demo().discord.user_id(name),
        };
        Person { office: self, chat, name: name.to_owned(), id: id.unwrap_or_else(|| panic!("no {name} on {chat:?}")) }
    }

    /// A social network.
    pub fn network(&self, name: &str) -> Network<'_> {
        Network { office: self, name: name.to_owned() }
    }

    /// A channel's id.
    pub fn channel_id(&self, chat: Chat, name: &str) -> String {
        let id = match chat {
            Chat::Slack => self.demo().slack.channel_id(name),
            Chat::Discord => self.demo().discord.channel_id(name),
        };
        id.unwrap_or_else(|| panic!("no #{name} on {chat:?}"))
    }

    /// What somebody's client shows, as the sandbox's page gets it.
    pub fn snapshot(&self, chat: Chat, user: &str) -> Value {
        match chat {
            Chat::Slack => self.demo().slack.snapshot(user),
            Chat::Discord => self.demo().discord.snapshot(user),
        }
    }

    /// A ticket's state.
    pub async fn ticket(&self, id: i64) -> Ticket {
        let mut tx = self.app().store.read().await.unwrap();
        let row = aggregates::load(&mut tx, "ticket", id).await.unwrap();
        let row = row.unwrap_or_else(|| panic!("there is no T-{id}"));
        serde_json::from_str(row.state()).unwrap()
    }

    /// How many tickets there are.
    pub async fn ticket_count(&self) -> i64 {
        self.probe.count("aggregates WHERE kind = 'ticket'").await
    }

    /// Sends a request to Vigie's own HTTP server; returns status and body.
    pub async fn http(&self, path: &str, headers: &[(&str, String)], body: Vec<u8>) -> (u16, Value) {
        let address = self.demo().vigie.address;
        let mut request = reqwest::Client::new().post(format!("http://{address}{path}")).body(body).timeout(PATIENCE);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(json!(text)))
    }
}
