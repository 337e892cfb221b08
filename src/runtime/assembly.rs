//! One running Vigie: store, app, chats, networks, loops and the HTTP server.
//!
//! A chat that is not configured or cannot be reached never stops the other one. Start at [`Assembly::start`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{commands, loops};
use crate::adapters::discord::{self, DiscordChat};
use crate::adapters::slack::{self, SlackChat};
use crate::adapters::webhook::hooks;
use crate::adapters::webhook::hooks::{HookReader, HookSource};
use crate::adapters::webhook::publish::{WebhookNetwork, WebhookSettings};
use crate::app::consult::link::Door;
use crate::app::courier::Courier;
use crate::app::{App, Setup};
use crate::config::Settings;
use crate::config::settings::SlackMode;
use crate::ports::Registry;
use crate::ports::clock::Clock;
use crate::ports::envelope::Intake;
use crate::ports::network::Network;
use crate::store::{Engine, Store, StoreError, outbox, settings as stored};
use crate::web;

/// How long work in flight may take after SIGTERM; what is not done then stays safely in inbox and outbox.
const GRACE: Duration = Duration::from_millis(1_500);
/// Pause before the commands are registered again after a failure.
const REGISTER_AGAIN: Duration = Duration::from_secs(15);
/// Name of the only process on an embedded database.
const EMBEDDED: &str = "embedded";
/// Setting that holds the key of links when the environment names none.
const LINK_KEY: &str = "link-key";
/// Where Discord lives when the settings do not say otherwise.
const DISCORD_API: &str = "https://discord.com/api";

/// Why Vigie could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("the database cannot be used: {0}")]
    Store(#[from] StoreError),
    /// The office as stored.
    #[error("the office cannot be read: {0}")]
    Office(#[from] crate::app::Fault),
    /// Slack's settings.
    #[error("{0}")]
    Slack(#[from] slack::SettingsError),
    /// Discord's settings.
    #[error("{0}")]
    Discord(#[from] discord::SettingsError),
    /// A network's settings.
    #[error("network {0}: {1}")]
    Network(String, String),
    /// The address to listen on.
    #[error("cannot listen on {0}: {1}. Is another program using it? Set VIGIE_LISTEN or `listen` in vigie.toml")]
    Listen(SocketAddr, std::io::Error),
}

/// A running Vigie.
pub struct Assembly {
    /// The app.
    pub app: Arc<App>,
    /// Couriers, one a target.
    pub couriers: Vec<Arc<Courier>>,
    /// Where the HTTP server listens.
    pub address: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Assembly {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assembly").field("address", &self.address).finish_non_exhaustive()
    }
}

struct Chats {
    slack: Option<Arc<SlackChat>>,
    discord: Option<Arc<DiscordChat>>,
}

impl Assembly {
    /// Opens and migrates the database, connects what is configured, starts the loops and the server.
    /// `manual` leaves the loops to the caller (tests turn them by hand); transports and server run all the same.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(
        settings: &Settings,
        setup: Setup,
        clock: Arc<dyn Clock>,
        manual: bool,
    ) -> Result<Self, StartError> {
        let store = Store::open(settings.database_url.expose_secret()).await?;
        store.migrate().await?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let chats = connect(settings, &clock)?;
        let registry = registry(settings, &setup, &chats, &clock)?;
        let app = App::new(store, Arc::clone(&clock), registry, setup);
        crate::app::office::adopt_file(&app).await?;
        keep_secret(&app).await?;
        let holder = holder(&app).await?;
        let mut targets = app.chats();
        targets.push("network".to_owned());
        let couriers: Vec<Arc<Courier>> =
            targets.iter().map(|target| Courier::new(Arc::clone(&app), target, &holder)).collect();
        let address = serve(settings, &app, &chats, &clock, &tasks, &stop).await?;
        app.open_door(door(settings, &app, address).await?);
        for chat in app.chats() {
            app.directory_stale(&chat);
            app.readback_due(&chat);
        }
        open_transports(settings, &app, &chats, &tasks, &stop);
        if !manual {
            loops::start(&app, &couriers, &tasks, &stop);
        }
        Ok(Self { app, couriers, address, stop, tasks })
    }

    /// Stops taking in, finishes what is in flight within the grace time, and returns.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        let settled = async {
            self.tasks.wait().await;
            for courier in &self.couriers {
                courier.settled().await;
            }
        };
        if tokio::time::timeout(GRACE, settled).await.is_err() {
            tracing::info!("some calls were still under way; they are checked at the next start");
        }
    }
}

/// The secret behind link codes, made once for a database.
async fn keep_secret(app: &App) -> Result<(), StoreError> {
    #[allow(clippy::disallowed_methods, reason = "a secret has to be unforeseeable")]
    let secret = format!("{:032x}", rand::random::<u128>());
    let mut tx = app.store.begin().await?;
    crate::store::settings::put_new(&mut tx, crate::app::linking::SECRET, &secret).await?;
    tx.commit().await
}

/// The name under which this process holds what it sends. The embedded database belongs to one process: what a process
/// before this one held when it was killed is taken over at once, not after its leases.
async fn holder(app: &App) -> Result<String, StoreError> {
    if app.store.engine() == Engine::Postgres {
        #[allow(clippy::disallowed_methods, reason = "a name that no other replica has")]
        let name = format!("{:016x}", rand::random::<u64>());
        return Ok(name);
    }
    let mut tx = app.store.begin().await?;
    outbox::recover_holder(&mut tx, EMBEDDED, app.clock.now()).await?;
    tx.commit().await?;
    Ok(EMBEDDED.to_owned())
}

/// How links for people without an account are made. A key that nobody gave is made once and kept, so that links survive a
/// restart and every replica reads them.
async fn door(settings: &Settings, app: &App, address: SocketAddr) -> Result<Door, StoreError> {
    let key = match &settings.link_key {
        Some(key) => key.clone(),
        None => {
            #[allow(clippy::disallowed_methods, reason = "a secret must not be foreseeable")]
            let fresh = hex::encode(rand::random::<[u8; 32]>());
            let mut tx = app.store.begin().await?;
            stored::put_new(&mut tx, LINK_KEY, &fresh).await?;
            let kept = stored::get(&mut tx, LINK_KEY).await?.unwrap_or(fresh);
            tx.commit().await?;
            SecretString::from(kept)
        }
    };
    // What is only tried out on this machine is reached under its own address.
    let local = settings.allow_loopback_replies.then(|| format!("http://{address}"));
    Ok(Door::new(key, settings.public_url.clone().or(local)))
}

fn connect(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Chats, StartError> {
    let slack = settings.slack.as_ref().map(|found| {
        let wanted = slack::SlackSettings {
            api_url: found.api_url.clone(),
            bot_token: found.bot_token.clone(),
            app_token: found.app_token.clone(),
            signing_secret: found.signing_secret.clone(),
            sockets: found.sockets,
        };
        SlackChat::new(wanted, Arc::clone(clock))
    });
    let discord = settings.discord.as_ref().map(|found| {
        let wanted = discord::DiscordSettings {
            api_url: found.api_url.clone().unwrap_or_else(|| DISCORD_API.to_owned()),
            token: found.token.clone(),
            guild: found.guild.clone(),
        };
        DiscordChat::new(wanted, Arc::clone(clock))
    });
    Ok(Chats { slack: slack.transpose()?, discord: discord.transpose()? })
}

fn registry(settings: &Settings, setup: &Setup, chats: &Chats, clock: &Arc<dyn Clock>) -> Result<Registry, StartError> {
    let mut registry = Registry { charts: Some(Arc::new(crate::adapters::charts::Plotter)), ..Registry::default() };
    if let Some(slack) = &chats.slack {
        registry.chats.insert("slack".to_owned(), Arc::clone(slack) as Arc<dyn crate::ports::chat::Chat>);
    }
    if let Some(discord) = &chats.discord {
        registry.chats.insert("discord".to_owned(), Arc::clone(discord) as Arc<dyn crate::ports::chat::Chat>);
    }
    registry.hooks = Some(Arc::new(HookReader::new(sources(settings))));
    for account in setup.office.accounts.values() {
        let Some(secret) = settings.secret_for_network(&account.network) else { continue };
        let wanted = WebhookSettings {
            name: account.network.clone(),
            account: account.handle.clone(),
            publish_url: account.publish_url.clone(),
            secret: secret.clone(),
            text_limit: account.text_limit as usize,
            allow_loopback: settings.allow_loopback_replies,
        };
        let network = WebhookNetwork::new(wanted, Arc::clone(clock))
            .map_err(|error| StartError::Network(account.network.clone(), error.to_string()))?;
        registry.networks.insert(account.network.clone(), Arc::new(network) as Arc<dyn Network>);
    }
    Ok(registry)
}

fn sources(settings: &Settings) -> BTreeMap<String, HookSource> {
    let source = |hook: &crate::config::settings::HookSettings| HookSource {
        secret: hook.secret.clone(),
        network: hook.network.clone(),
    };
    settings.hooks.iter().map(|(name, hook)| (name.clone(), source(hook))).collect()
}

async fn serve(
    settings: &Settings,
    app: &Arc<App>,
    chats: &Chats,
    clock: &Arc<dyn Clock>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<SocketAddr, StartError> {
    let intake = Arc::clone(app) as Arc<dyn Intake>;
    let mut router =
        web::router(Arc::clone(app)).merge(hooks::router(sources(settings), Arc::clone(&intake), Arc::clone(clock)));
    if let Some(slack) =
        chats.slack.as_ref().filter(|_| settings.slack.as_ref().is_some_and(|found| found.signing_secret.is_some()))
    {
        router = router.merge(slack::events_http::router(Arc::clone(slack), intake));
    }
    let failed = |error| StartError::Listen(settings.listen, error);
    let listener = tokio::net::TcpListener::bind(settings.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let stopped = stop.clone();
    tasks.spawn(async move {
        let served =
            axum::serve(listener, router).with_graceful_shutdown(async move { stopped.cancelled().await }).await;
        if let Err(error) = served {
            tracing::error!(%error, "the HTTP server stopped");
        }
    });
    Ok(address)
}

fn open_transports(settings: &Settings, app: &Arc<App>, chats: &Chats, tasks: &TaskTracker, stop: &CancellationToken) {
    let intake = Arc::clone(app) as Arc<dyn Intake>;
    if let Some(slack) = &chats.slack {
        let by_socket = settings.slack.as_ref().is_some_and(|found| found.mode == SlackMode::Socket);
        if by_socket {
            tasks.spawn(slack::socket::run(Arc::clone(slack), Arc::clone(&intake), stop.clone()));
        }
    }
    if let Some(discord) = &chats.discord {
        let specs = (commands::discord_commands(&app.wording), commands::discord_shortcuts());
        discord.set_commands(&specs.0, &specs.1);
        tasks.spawn(discord::run(Arc::clone(discord), intake, stop.clone()));
        let (discord, stop) = (Arc::clone(discord), stop.clone());
        tasks.spawn(async move {
            while let Err(error) = discord.register(&specs.0, &specs.1).await {
                tracing::warn!(%error, "the commands could not be registered on Discord; trying again");
                tokio::select! {
                    () = tokio::time::sleep(REGISTER_AGAIN) => {}
                    () = stop.cancelled() => break,
                }
            }
        });
    }
}
