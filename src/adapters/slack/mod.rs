//! Slack: the adapter that speaks to one workspace.
//!
//! Outgoing: [`SlackChat`] implements the `Chat` port (`send` makes calls out of `render` and `view`, `faults` sorts what
//! went wrong). Incoming: `socket` (Socket Mode) or `events_http` (signed HTTP) hand verbatim envelopes to the intake and
//! acknowledge only what is durable; `decode` reads them later. `history` reads channels back after a gap.
//!
//! Never here: tickets, commands' meaning, storage, or a retry of a call that may have been done. Every text that leaves
//! went through `escape`; every address that Slack hands out is checked by `hosts`; tokens never reach a log.
//! Start reading at [`SlackChat`], then `send` and `envelope`.

mod backoff;
mod connection;
pub mod decode;
mod delivery;
pub mod directory;
pub mod envelope;
pub mod escape;
pub mod events_http;
mod faults;
mod history;
pub mod hosts;
pub mod interactions;
pub mod limits;
pub mod manifest;
pub mod messages;
mod one;
mod people;
mod probe;
pub mod render;
pub mod reply;
mod rooms;
mod send;
pub mod signature;
pub mod socket;
pub mod text;
pub mod view;
mod wire;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::sync::Mutex;

use crate::domain::time::Timestamp;
use crate::ports::chat::{Budget, Call, Channel, Chat, Group, HistoryPage, Person, Receipt, SendError};
use crate::ports::clock::Clock;
use crate::ports::envelope::Envelope;
use crate::ports::inbound::{ChatMessage, Inbound};
use directory::{Directory, Identity};
use faults::Repeat;
use hosts::{AddressError, Hosts};
use messages::word;
use wire::Wire;

pub use probe::ProbeLine;

/// Sockets when the settings do not say otherwise: two, so that one can be renewed while the other listens.
pub const SOCKETS_DEFAULT: u8 = 2;
/// Slack docs, Socket Mode: at most 10 sockets for an app.
pub const SOCKETS_MAX: u8 = 10;
/// Direct conversations remembered; opening one again costs a call, not a mistake.
const DIRECTS_MAX: usize = 20_000;

/// What is needed to talk to a workspace.
#[derive(Clone, Debug)]
pub struct SlackSettings {
    /// What stands before the method name; `None` is Slack itself. A slash at its end makes no difference.
    pub api_url: Option<String>,
    /// Bot User OAuth Token, `xoxb-`.
    pub bot_token: SecretString,
    /// App-level token with `connections:write`, `xapp-`; needed for Socket Mode.
    pub app_token: Option<SecretString>,
    /// Signing secret; needed for HTTP delivery.
    pub signing_secret: Option<SecretString>,
    /// Sockets held open at once, 1 to 10; [`SOCKETS_DEFAULT`] is a good number.
    pub sockets: u8,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The API address.
    #[error("SLACK_API_URL {0}")]
    Address(#[from] AddressError),
    /// An empty token.
    #[error("the Slack bot token is empty: copy the Bot User OAuth Token (xoxb-) from the app's Install page")]
    NoToken,
    /// Number of sockets.
    #[error("Slack allows 1 to {SOCKETS_MAX} sockets, not {0}")]
    Sockets(u8),
    /// Root certificates of this machine.
    #[error("the root certificates of this machine cannot be read: {0}")]
    Certificates(#[from] std::io::Error),
}

/// A connected workspace.
pub struct SlackChat {
    wire: Wire,
    clock: Arc<dyn Clock>,
    signing_secret: Option<SecretString>,
    sockets: u8,
    directory: RwLock<Directory>,
    directs: RwLock<HashMap<String, String>>,
    history: history::Shelf,
    /// Held while who we are is being asked, so that it is asked once.
    introducing: Mutex<()>,
    open_sockets: AtomicUsize,
    http_delivery: AtomicBool,
}

impl std::fmt::Debug for SlackChat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlackChat").field("api", &self.wire.hosts().api()).field("sockets", &self.sockets).finish()
    }
}

impl SlackChat {
    /// Makes the adapter; no network call.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(settings: SlackSettings, clock: Arc<dyn Clock>) -> Result<Arc<Self>, SettingsError> {
        if settings.bot_token.expose_secret().trim().is_empty() {
            return Err(SettingsError::NoToken);
        }
        if settings.sockets == 0 || settings.sockets > SOCKETS_MAX {
            return Err(SettingsError::Sockets(settings.sockets));
        }
        let hosts = Hosts::new(settings.api_url.as_deref().unwrap_or(hosts::PUBLIC_API))?;
        Ok(Arc::new(Self {
            wire: Wire::new(hosts, &settings.bot_token, settings.app_token.as_ref())?,
            clock,
            signing_secret: settings.signing_secret,
            sockets: settings.sockets,
            directory: RwLock::default(),
            directs: RwLock::default(),
            history: history::Shelf::default(),
            introducing: Mutex::new(()),
            open_sockets: AtomicUsize::new(0),
            http_delivery: AtomicBool::new(false),
        }))
    }

    fn read_directory<T>(&self, read: impl FnOnce(&Directory) -> T) -> T {
        read(&self.directory.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write_directory(&self, write: impl FnOnce(&mut Directory)) {
        write(&mut self.directory.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Who the bot is; asked of Slack once, then remembered.
    ///
    /// # Errors
    /// [`SendError`] when Slack cannot be asked now.
    pub async fn identity(&self) -> Result<Identity, SendError> {
        let known = || self.read_directory(|directory| directory.own.clone());
        if !known().user_id.is_empty() {
            return Ok(known());
        }
        let _asking = self.introducing.lock().await;
        if !known().user_id.is_empty() {
            return Ok(known());
        }
        let answer = self.wire.post("auth.test", &json!({}), Repeat::Safe, wire::CALL_WAIT).await?;
        let own = Identity {
            user_id: word(&answer, "user_id").to_owned(),
            name: word(&answer, "user").to_owned(),
            bot_id: word(&answer, "bot_id").to_owned(),
            app_id: word(&answer, "app_id").to_owned(),
            team_id: word(&answer, "team_id").to_owned(),
            team_url: word(&answer, "url").to_owned(),
            team: word(&answer, "team").to_owned(),
        };
        self.write_directory(|directory| directory.learn_own(own.clone()));
        Ok(own)
    }

    /// The direct conversation with a person.
    async fn direct(&self, user: &str) -> Result<String, SendError> {
        let known = self.directs.read().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
        if let Some(channel) = known {
            return Ok(channel);
        }
        let answer =
            self.wire.post("conversations.open", &json!({"users": user}), Repeat::Safe, wire::CALL_WAIT).await?;
        let channel = word(&answer["channel"], "id").to_owned();
        if channel.is_empty() {
            return Err(SendError::Transient("no direct conversation was named".to_owned()));
        }
        let mut directs = self.directs.write().unwrap_or_else(PoisonError::into_inner);
        if directs.len() >= DIRECTS_MAX {
            directs.clear();
        }
        directs.insert(user.to_owned(), channel.clone());
        Ok(channel)
    }
}

#[async_trait]
impl Chat for SlackChat {
    fn key(&self) -> &str {
        envelope::SOURCE
    }

    fn has_home(&self) -> bool {
        true
    }

    fn decode(&self, envelope: &Envelope) -> Inbound {
        self.read_directory(|directory| decode::decode(envelope, directory))
    }

    async fn send(&self, call: &Call, key: &str) -> Result<Receipt, SendError> {
        self.perform(call, key).await
    }

    async fn find(&self, call: &Call, key: &str, since: Timestamp) -> Result<Option<Receipt>, SendError> {
        self.look_for(call, key, since).await
    }

    fn budget(&self, call: &Call) -> Budget {
        send::budget(call)
    }

    async fn history(&self, channel: &str, after: Option<&str>, since: Timestamp) -> Result<HistoryPage, SendError> {
        self.read_back(channel, after, since).await
    }

    async fn message(&self, channel: &str, message: &str) -> Result<Option<Vec<ChatMessage>>, SendError> {
        self.read_one(channel, message).await
    }

    async fn people(&self) -> Result<Vec<Person>, SendError> {
        self.read_people().await
    }

    async fn groups(&self) -> Result<Option<Vec<Group>>, SendError> {
        self.list_groups().await
    }

    async fn channels(&self) -> Result<Vec<Channel>, SendError> {
        self.read_channels().await
    }

    fn connected(&self) -> bool {
        self.open_sockets.load(Ordering::SeqCst) > 0 || self.http_delivery.load(Ordering::SeqCst)
    }
}
