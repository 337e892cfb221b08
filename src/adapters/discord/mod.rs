//! Discord: the gateway that brings events in, and REST v10 that carries calls out.
//!
//! Never imports `app` or `store`, never shows a vendor type outside this folder, and never lets untrusted text ping: all
//! text crosses [`escape`] and every message carries an explicit `allowed_mentions`. With an `api_url` of its own nothing
//! here falls back to the public addresses.
//! Start reading at [`DiscordChat`]; outgoing calls are in `send`, incoming events in `gateway` and `decode`.

mod answer;
mod attempts;
mod decode;
mod decode_interaction;
mod decode_message;
mod directory;
mod errors;
pub mod escape;
mod feed;
mod find;
mod form;
mod gateway;
mod limits;
mod lock;
mod markup;
mod one;
mod probe;
mod pump;
mod read;
mod registration;
pub mod render;
mod rest;
mod rooms;
mod send;
mod session;
mod settings;
mod snowflake;
mod watchdog;
mod wrap;
mod writer;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use async_trait::async_trait;

pub use gateway::run;
pub use probe::ProbeLine;
pub use registration::{CommandSpec, OptionKind, OptionSpec, ShortcutSpec, invite_url};
pub use settings::{DiscordSettings, PUBLIC_API_URL, SettingsError};

use crate::domain::time::Timestamp;
use crate::ports::chat::{Budget, Call, Channel, Chat, Group, HistoryPage, Person, Receipt, SendError};
use crate::ports::clock::Clock;
use crate::ports::envelope::Envelope;
use crate::ports::inbound::{ChatMessage, Inbound};
use lock::{locked, read_locked, write_locked};

/// The chat's key.
pub const KEY: &str = "discord";

/// Who the bot is, once Discord told.
#[derive(Clone, Debug, Default)]
struct Identity {
    user: Option<String>,
    application: Option<String>,
    guild: Option<String>,
}

/// Commands and shortcuts as registered; decoding needs their positional options and names.
#[derive(Debug, Default)]
struct Registered {
    commands: Vec<CommandSpec>,
    shortcuts: Vec<ShortcutSpec>,
}

/// A Discord server that Vigie serves, seen by one bot account.
#[derive(Debug)]
pub struct DiscordChat {
    rest: rest::Rest,
    clock: Arc<dyn Clock>,
    settings: DiscordSettings,
    links: bool,
    identity: Mutex<Identity>,
    registered: RwLock<Registered>,
    directory: directory::Directory,
    answers: answer::Answers,
    attempts: attempts::Attempts,
    forms: form::OpenForms,
    direct: Mutex<HashMap<String, String>>,
    /// Held while a direct conversation is opened: many messages to one person must not open it many times.
    opening: tokio::sync::Mutex<()>,
    connected: AtomicBool,
}

impl DiscordChat {
    /// Prepares the adapter; makes no network call.
    ///
    /// # Errors
    /// [`SettingsError`] when the address is not usable, would carry the token in the clear over a public network, or the
    /// token cannot be a token.
    pub fn new(settings: DiscordSettings, clock: Arc<dyn Clock>) -> Result<Arc<Self>, SettingsError> {
        let checked = settings.checked()?;
        let rest = rest::Rest::new(&checked, clock.clone())?;
        let identity = Identity { guild: checked.guild.clone(), ..Identity::default() };
        Ok(Arc::new(Self {
            rest,
            clock,
            links: !checked.is_loopback(),
            settings: checked,
            identity: Mutex::new(identity),
            registered: RwLock::default(),
            directory: directory::Directory::default(),
            answers: answer::Answers::default(),
            attempts: attempts::Attempts::default(),
            forms: form::OpenForms::default(),
            direct: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            connected: AtomicBool::new(false),
        }))
    }

    /// Tells decoding how commands are laid out and what shortcuts are called; does not talk to Discord
    /// (see [`DiscordChat::register`]).
    pub fn set_commands(&self, commands: &[CommandSpec], shortcuts: &[ShortcutSpec]) {
        let mut registered = write_locked(&self.registered);
        registered.commands = commands.to_vec();
        registered.shortcuts = shortcuts.to_vec();
    }

    /// The bot's own user id, asked once.
    async fn me(&self) -> Result<String, SendError> {
        if let Some(user) = locked(&self.identity).user.clone() {
            return Ok(user);
        }
        let found = self.rest.get("users/@me").await.map_err(rest::RestError::repeatable)?;
        let user = snowflake::id_at(&found, "id").ok_or_else(|| errors::unreadable("users/@me"))?;
        locked(&self.identity).user = Some(user.clone());
        Ok(user)
    }

    /// The application id, asked once.
    async fn application(&self) -> Result<String, SendError> {
        if let Some(application) = locked(&self.identity).application.clone() {
            return Ok(application);
        }
        let found = self.rest.get("applications/@me").await.map_err(rest::RestError::repeatable)?;
        let application = snowflake::id_at(&found, "id").ok_or_else(|| errors::unreadable("applications/@me"))?;
        locked(&self.identity).application = Some(application.clone());
        Ok(application)
    }

    /// The server that Vigie serves: the configured one, else the only one that the bot is in.
    async fn guild(&self) -> Result<String, SendError> {
        if let Some(guild) = locked(&self.identity).guild.clone() {
            return Ok(guild);
        }
        let found = self.rest.get("users/@me/guilds?limit=2").await.map_err(rest::RestError::repeatable)?;
        let guilds: Vec<String> =
            found.as_array().into_iter().flatten().filter_map(|guild| snowflake::id_at(guild, "id")).collect();
        match guilds.as_slice() {
            [only] => {
                locked(&self.identity).guild = Some(only.clone());
                Ok(only.clone())
            }
            [] => Err(errors::permanent("no_guild", "the bot is in no server: open the invitation link first")),
            _ => Err(errors::permanent("guild_unset", "the bot is in several servers: name one in the settings")),
        }
    }

    /// What Discord's READY told about ourselves.
    fn introduce(&self, user: Option<String>, application: Option<String>) {
        let mut identity = locked(&self.identity);
        identity.user = user.or(identity.user.take());
        identity.application = application.or(identity.application.take());
    }

    fn set_connected(&self, connected: bool) {
        self.connected.store(connected, Ordering::Release);
    }

    fn link(&self, guild: Option<&str>, channel: &str, message: &str) -> String {
        if self.links {
            format!("https://discord.com/channels/{}/{channel}/{message}", guild.unwrap_or("@me"))
        } else {
            String::new()
        }
    }
}

#[async_trait]
impl Chat for DiscordChat {
    fn key(&self) -> &str {
        KEY
    }

    fn decode(&self, envelope: &Envelope) -> Inbound {
        decode::decode(&read_locked(&self.registered), self.links, envelope)
    }

    async fn send(&self, call: &Call, key: &str) -> Result<Receipt, SendError> {
        self.perform(call, key).await
    }

    async fn find(&self, call: &Call, key: &str, since: Timestamp) -> Result<Option<Receipt>, SendError> {
        self.look_for(call, key, since).await
    }

    fn budget(&self, call: &Call) -> Budget {
        limits::budget(call)
    }

    async fn history(&self, channel: &str, after: Option<&str>, since: Timestamp) -> Result<HistoryPage, SendError> {
        self.read_history(channel, after, since).await
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

    /// A thread is a channel here and must be made before anything can stand in it.
    fn threads_on_demand(&self) -> bool {
        false
    }

    fn connected(&self) -> bool {
        self.connected.load(Ordering::Acquire)
    }
}
