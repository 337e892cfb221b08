//! A local Discord: REST v10 and gateway on loopback, one guild, as strict as the real one.
//!
//! It speaks Discord's wire format by hand and never imports another part of this crate. Start reading at
//! [`DiscordSandbox`]; a REST call runs through `server`, `routes` and the file named after its resource; every way to write
//! a message ends in `compose`; events leave through `hub`; people act in `acts`.

mod acts;
mod answers;
mod attachments;
mod call;
mod channels;
mod clicks;
mod commands;
mod components;
mod compose;
mod connection;
mod core;
mod embeds;
mod errors;
mod faults;
mod form;
mod founding;
mod gateway;
mod guild;
mod hub;
mod identify;
mod ids;
mod interactions;
mod mentions;
mod messages;
mod modals;
mod model;
mod page_api;
mod permissions;
mod rates;
mod reactions;
mod render;
mod routes;
mod server;
mod setup;
mod slash;
mod snapshot;
mod state;
mod threads;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use acts::{DiscordAct, DiscordActError};
pub use faults::{DiscordFault, DiscordFaults, DispatchFault, LostAnswer, RestFault, RestFaultRule, SocketFault};
pub use model::{Ping, RecordedCall};
pub use setup::{
    DiscordChannelKind, DiscordSetup, DiscordSetupChannel, DiscordSetupRole, DiscordSetupUser, HEARTBEAT_INTERVAL_MS,
    IDENTIFY_WINDOW_MS,
};
pub use slash::DiscordOption;

use self::acts::Done;
use self::core::Core;
use self::interactions::{ANSWER_LIMIT_MS, act};
use crate::sandbox::SandboxClock;

/// How often a running clock archives quiet threads and ends typing, in milliseconds of wall time.
const TICK_MS: u64 = 1_000;

/// One running guild. Dropping it stops the server.
pub struct DiscordSandbox {
    core: Arc<Core>,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for DiscordSandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl DiscordSandbox {
    /// Binds 127.0.0.1 (the setup's port, or a free one) and serves.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(setup: DiscordSetup, clock: SandboxClock) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let address = listener.local_addr()?;
        let state = founding::found(&setup, clock, format!("http://{address}"));
        let core = Arc::new(Core::new(state));
        let app = Router::new()
            .route("/", any(gateway::connect))
            .route("/gateway", any(gateway::connect))
            .route("/gateway/", any(gateway::connect))
            .fallback(server::rest)
            .with_state(Arc::clone(&core));
        let service = app.into_make_service_with_connect_info::<connection::ConnectionControl>();
        let serve = tokio::spawn(async move {
            // Ends only with the task itself: accept errors are waited out.
            let _ = axum::serve(connection::BreakableListener(listener), service).await;
        });
        let tick = tokio::spawn(keep_time(Arc::downgrade(&core)));
        Ok(Arc::new(Self { core, address, tasks: vec![serve, tick] }))
    }

    /// "http://127.0.0.1:P/api": what stands before `/v10`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    /// "http://127.0.0.1:P": base of the server itself (what serenity's `proxy` takes).
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// "ws://127.0.0.1:P/gateway".
    #[must_use]
    pub fn gateway_url(&self) -> String {
        self.core.read(state::State::gateway_url)
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.core.read(|state| state.app.token.clone())
    }

    /// Id of the application and of the bot user.
    #[must_use]
    pub fn application_id(&self) -> String {
        self.core.read(|state| state.app.id.to_string())
    }

    /// Id of the guild.
    #[must_use]
    pub fn guild_id(&self) -> String {
        self.core.read(|state| state.guild.id.to_string())
    }

    /// Id of a member by user name.
    #[must_use]
    pub fn user_id(&self, name: &str) -> Option<String> {
        self.core.read(|state| state.find_user(name).map(|id| id.to_string()))
    }

    /// Id of a guild channel or thread by name.
    #[must_use]
    pub fn channel_id(&self, name: &str) -> Option<String> {
        let bare = name.trim_start_matches('#');
        self.core.read(|state| {
            state
                .channels
                .values()
                .find(|channel| channel.name == bare && channel.in_guild())
                .map(|one| one.id.to_string())
        })
    }

    /// Id of a role by name.
    #[must_use]
    pub fn role_id(&self, name: &str) -> Option<String> {
        self.core.read(|state| state.roles.values().find(|role| role.name == name).map(|role| role.id.to_string()))
    }

    /// Does something as a user (id or name). Interactions return at once with `{"interaction": id}`; completion waits for
    /// its choices.
    ///
    /// # Errors
    /// What Discord's client would tell the user.
    pub async fn act(&self, user: &str, wanted: DiscordAct) -> Result<Value, DiscordActError> {
        let done = self.core.with(|state| {
            let user = state.find_user(user).ok_or("There is no such user.")?;
            state.act(user, wanted)
        })?;
        let id = match done {
            Done::Now(answer) => return Ok(answer),
            Done::Interaction(id) => id,
        };
        let core = Arc::downgrade(&self.core);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(ANSWER_LIMIT_MS as u64)).await;
            if let Some(core) = core.upgrade() {
                core.with(|state| state.expire_answer(id));
            }
        });
        let typing =
            self.core.read(|state| state.interactions.get(&id).is_some_and(|one| one.kind == act::AUTOCOMPLETE));
        if typing { self.choices(id).await } else { Ok(json!({ "interaction": id.to_string() })) }
    }

    /// Waits for the choices of a completion (3 s at most).
    async fn choices(&self, id: u64) -> Result<Value, DiscordActError> {
        let mut changed = self.core.changed();
        loop {
            let (choices, late) = self.core.read(|state| {
                let one = state.interactions.get(&id);
                (one.and_then(|one| one.choices.clone()), one.is_none_or(|one| one.late))
            });
            if let Some(choices) = choices {
                return Ok(json!({ "choices": choices }));
            }
            if late || changed.changed().await.is_err() {
                return Err(DiscordActError("Loading options failed".into()));
            }
        }
    }

    /// What a user's client shows; null for an unknown user.
    #[must_use]
    pub fn snapshot(&self, user: &str) -> Value {
        self.core.look(|state| state.find_user(user).map_or(Value::Null, |me| state.snapshot(me)))
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> &DiscordFaults {
        self.core.faults()
    }

    /// Wakes at every change; the value is the version.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.core.changed()
    }

    /// Every REST call so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.core.calls()
    }

    /// Who was notified, after `allowed_mentions`, oldest first.
    #[must_use]
    pub fn pings(&self) -> Vec<Ping> {
        self.core.read(|state| state.pings.iter().cloned().collect())
    }

    /// How many gateway sessions have a live socket.
    #[must_use]
    pub fn sessions_online(&self) -> usize {
        self.core.read(|state| state.hub.sessions.iter().filter(|session| session.wire.is_some()).count())
    }

    /// How many IDENTIFYs came in the last day.
    #[must_use]
    pub fn identifies(&self) -> usize {
        self.core.read(|state| state.hub.identifies.len())
    }

    /// The page's API: `GET /state?as=`, `POST /act?as=`, `POST /faults`.
    pub fn router(self: &Arc<Self>) -> Router {
        page_api::router(Arc::clone(self))
    }
}

/// Lets time do its work while nobody calls.
async fn keep_time(core: Weak<Core>) {
    let Some(mut moved) = core.upgrade().map(|core| core.clock().moved()) else { return };
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(TICK_MS)) => {}
            still = moved.changed() => if still.is_err() { return },
        }
        let Some(core) = core.upgrade() else { return };
        if core.read(state::State::has_due) {
            core.with(|_| ());
        }
    }
}
