//! A stateful local Slack: Web API, Socket Mode, signed HTTP deliveries, and people who act in it.
//!
//! It is as strict as Slack and never looks at the app's own code: what it accepts, Slack accepts. It must never call
//! anything beyond loopback. Start reading at [`SlackSandbox`]; then `workspace` (the state), `web` (the methods the app
//! calls), `hub` (what is delivered to the app) and `act` (what people do).
//!
//! Known to differ from Slack: one workspace and one app; no unfurls, canvases, workflows or user tokens; blocks newer
//! than `table` are refused; redelivery happens at most three times and nothing switches subscriptions off.

mod act;
mod blocks;
mod channels;
mod delivery;
mod error;
mod event_faults;
mod faults;
mod http_delivery;
mod hub;
mod ids;
mod interact;
mod limits;
mod listener;
mod marks;
mod message_wire;
mod messages;
mod model;
mod page_api;
mod people;
mod pings;
mod rate;
mod rich_text;
mod server;
mod setup;
mod snapshot;
mod socket;
mod views;
mod web;
mod workspace;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

pub use act::{ActFile, SlackAct};
pub use error::ActError;
pub use event_faults::EventChoice;
pub use faults::{LostAnswer, SlackFault, SlackFaults};
pub use http_delivery::HttpTargets;
pub use model::Ping;
pub use setup::{ChannelSetup, CommandSetup, RateSetup, ShortcutSetup, SlackSetup, UserGroupSetup, UserSetup};

use super::SandboxClock;
use hub::Hub;
use limits::CALLS_MAX;
use rate::Rates;
use workspace::Workspace;

/// One call of the app to the Web API, a `response_url` or an upload address.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedCall {
    /// Sandbox time of its arrival, in milliseconds since the epoch.
    pub at_ms: i64,
    /// `chat.postMessage`, ...; `response_url` and `upload` for the other two.
    pub method: String,
    /// Its arguments, without the token.
    pub args: Value,
    /// Whether the work was done.
    pub ok: bool,
    /// Slack's error code, if not.
    pub error: Option<String>,
    /// HTTP status of the answer; 0 when the answer was lost on purpose.
    pub status: u16,
}

/// A running local Slack with one workspace and one app.
pub struct SlackSandbox {
    workspace: Mutex<Workspace>,
    rates: Mutex<Rates>,
    calls: Mutex<VecDeque<RecordedCall>>,
    hub: Arc<Hub>,
    faults: SlackFaults,
    changed: watch::Sender<u64>,
    clock: SandboxClock,
    address: SocketAddr,
    app: model::App,
    team_id: String,
}

impl SlackSandbox {
    /// Starts the sandbox on 127.0.0.1.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(setup: SlackSetup, clock: SandboxClock) -> io::Result<Arc<Self>> {
        let socket = tokio::net::TcpListener::bind(("127.0.0.1", setup.port)).await?;
        let address = socket.local_addr()?;
        let workspace = Workspace::new(setup, clock.clone(), format!("http://{address}/"));
        let (app, team_id) = (workspace.app.clone(), workspace.team_id.clone());
        let hub = Arc::new(Hub::new(clock.clone(), &workspace.setup, &app, &team_id));
        let sandbox = Arc::new(Self {
            workspace: Mutex::new(workspace),
            rates: Mutex::new(Rates::default()),
            calls: Mutex::new(VecDeque::new()),
            faults: SlackFaults::new(Arc::clone(&hub)),
            hub,
            changed: watch::Sender::new(1),
            clock,
            address,
            app,
            team_id,
        });
        server::serve(&sandbox, socket);
        Ok(sandbox)
    }

    /// What stands before a method's name: `http://127.0.0.1:PORT/api/`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/api/", self.address)
    }

    /// Address of the server itself: `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The bot token (`xoxb-...`).
    #[must_use]
    pub fn bot_token(&self) -> String {
        self.app.bot_token.clone()
    }

    /// The app-level token (`xapp-...`), for Socket Mode.
    #[must_use]
    pub fn app_token(&self) -> String {
        self.app.app_token.clone()
    }

    /// What deliveries over HTTP are signed with.
    #[must_use]
    pub fn signing_secret(&self) -> String {
        self.app.signing_secret.clone()
    }

    /// The bot's user id.
    #[must_use]
    pub fn bot_user_id(&self) -> String {
        self.app.bot_user.clone()
    }

    /// The app's bot id (`B...`).
    #[must_use]
    pub fn bot_id(&self) -> String {
        self.app.bot_id.clone()
    }

    /// The app's id (`A...`).
    #[must_use]
    pub fn app_id(&self) -> String {
        self.app.app_id.clone()
    }

    /// The workspace's id (`T...`).
    #[must_use]
    pub fn team_id(&self) -> String {
        self.team_id.clone()
    }

    /// Id of the user with this name.
    #[must_use]
    pub fn user_id(&self, name: &str) -> Option<String> {
        self.lock().user_named(name)
    }

    /// Id of the channel with this name.
    #[must_use]
    pub fn channel_id(&self, name: &str) -> Option<String> {
        let workspace = self.lock();
        workspace
            .channels
            .iter()
            .find(|channel| channel.name == name && !name.is_empty())
            .map(|channel| channel.id.clone())
    }

    /// The clock everything is measured on.
    #[must_use]
    pub fn clock(&self) -> &SandboxClock {
        &self.clock
    }

    /// Faults to order.
    #[must_use]
    pub fn faults(&self) -> &SlackFaults {
        &self.faults
    }

    /// Wakes at each change of what anybody can see.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Every call of the app so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Everything the app's messages would have notified, oldest first.
    #[must_use]
    pub fn pings(&self) -> Vec<Ping> {
        self.lock().pings.clone()
    }

    /// Deliveries sent to the app and not answered yet; wakes at each change.
    #[must_use]
    pub fn in_flight(&self) -> watch::Receiver<usize> {
        self.hub.in_flight()
    }

    /// How many sockets are open.
    #[must_use]
    pub fn open_sockets(&self) -> usize {
        self.hub.open_sockets()
    }

    /// All messages of a channel that the app or others posted for everybody, ascending, as history shows them with metadata.
    #[must_use]
    pub fn messages(&self, channel: &str) -> Vec<Value> {
        let workspace = self.lock();
        let Some(channel) = workspace.channel(channel) else { return Vec::new() };
        let public = channel.messages.iter().filter(|message| message.ephemeral_for.is_none());
        public.map(|message| workspace.message_wire(channel, message, true)).collect()
    }

    /// What `user` sees.
    #[must_use]
    pub fn snapshot(&self, user: &str) -> Value {
        snapshot::of(&self.lock(), user)
    }

    /// Lets a person do something in the client. Interactions end when the app has answered, or with the notice Slack shows.
    ///
    /// # Errors
    /// When the client itself would not let them; the sentence says why.
    pub async fn act(self: &Arc<Self>, user: &str, act: SlackAct) -> Result<Value, ActError> {
        act::perform(self, user, act).await
    }

    /// Sends events, commands and interactions to URLs, signed, instead of sockets; `None` goes back to Socket Mode.
    ///
    /// # Errors
    /// When the events URL does not answer Slack's challenge; nothing changes then.
    pub async fn set_http_delivery(&self, targets: Option<HttpTargets>) -> Result<(), ActError> {
        let Some(targets) = targets else {
            self.hub.set_http(None);
            return Ok(());
        };
        let now_ms = self.clock.now_ms();
        http_delivery::verify(&targets, &self.app.signing_secret, &self.app.verification_token, now_ms)
            .await
            .map_err(ActError::new)?;
        self.hub.set_http(Some((targets, self.app.signing_secret.clone())));
        Ok(())
    }

    /// Changes the rate limits from now on.
    pub fn set_rates(&self, rates: RateSetup) {
        self.lock().setup.rates = rates;
    }

    /// The page's API: `GET /state?as=`, `POST /act?as=`, `POST /faults`.
    pub fn router(self: &Arc<Self>) -> axum::Router {
        page_api::router(Arc::clone(self))
    }

    fn lock(&self) -> MutexGuard<'_, Workspace> {
        self.workspace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, then delivers what that caused, in order.
    fn with<R>(&self, change: impl FnOnce(&mut Workspace) -> R) -> R {
        let mut workspace = self.lock();
        let result = change(&mut workspace);
        for event in std::mem::take(&mut workspace.events) {
            self.hub.event(event);
        }
        if std::mem::take(&mut workspace.dirty) {
            workspace.version += 1;
            self.changed.send_replace(workspace.version);
        }
        result
    }

    fn record(&self, call: RecordedCall) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push_back(call);
        if calls.len() > CALLS_MAX {
            calls.pop_front();
        }
    }
}
