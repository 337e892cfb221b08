//! One serenity client on a thread of its own.
//!
//! Why a thread: serenity hands every event to a task of its own, and only a single-threaded runtime starts these in the
//! order of arrival; and on a socket closed without a code its reader spins without ever yielding until the next heartbeat,
//! which must not take a core from the rest of the process. A session that spins is abandoned: it is told to stop, finds no
//! gateway to come back to, and ends by itself at its next heartbeat.
//! serenity never makes a REST call here: its HTTP client is pointed at a closed port.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::ExposeSecret;
use serenity::all::{
    Client, ClientBuilder, Context, Event, EventHandler, GatewayIntents, HttpBuilder, RawEventHandler,
    ShardStageUpdateEvent,
};
use serenity::gateway::{ConnectionStage, GatewayError, ShardRunnerMessage};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::lock::locked;
use super::settings::DiscordSettings;
use crate::domain::time::Timestamp;
use crate::ports::clock::Clock;

/// What the bot listens to; MESSAGE_CONTENT and GUILD_MEMBERS must be switched on in the developer portal.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MEMBERS)
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::GUILD_MESSAGE_REACTIONS)
    .union(GatewayIntents::DIRECT_MESSAGES)
    .union(GatewayIntents::MESSAGE_CONTENT);
/// Port 1 is closed everywhere: a connection is refused at once.
const NOWHERE: &str = "127.0.0.1:1";
/// How often a session shows that its thread is alive.
pub(super) const TICK: Duration = Duration::from_millis(250);
/// Time for the closing frame to leave.
const FAREWELL: Duration = Duration::from_millis(200);
/// Closing code that ends the session for good.
const CLOSE_NORMAL: u16 = 1000;
/// Closing code after which Discord keeps the session for a resume.
const CLOSE_RESUMABLE: u16 = 4000;

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was told to.
    Stopped,
    /// Discord refuses the token (close code 4004).
    TokenRefused,
    /// Discord refuses the intents (close codes 4013, 4014).
    IntentsRefused,
    /// Anything else.
    Failed(String),
}

/// What a session shows of itself.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    ticks: AtomicU64,
    life: AtomicU64,
    acks: AtomicU64,
    connected: AtomicBool,
    nudge: AtomicBool,
    identified: Mutex<Vec<Timestamp>>,
}

impl Pulse {
    /// Grows while the thread is not stuck.
    pub(super) fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Acquire)
    }

    /// Grows with every event and every acknowledged heartbeat.
    pub(super) fn life(&self) -> u64 {
        self.life.load(Ordering::Acquire)
    }

    /// Grows with every acknowledged heartbeat.
    pub(super) fn acks(&self) -> u64 {
        self.acks.load(Ordering::Acquire)
    }

    /// The session is up.
    pub(super) fn connected(&self) -> bool {
        self.connected.load(Ordering::Acquire)
    }

    /// Asks the session to close its socket in the way that lets it resume.
    pub(super) fn nudge(&self) {
        self.nudge.store(true, Ordering::Release);
    }

    /// The instants at which the session identified itself, taken out.
    pub(super) fn take_identified(&self) -> Vec<Timestamp> {
        std::mem::take(&mut locked(&self.identified))
    }
}

/// Takes every event, in order; must not block.
pub(super) type Sink = Arc<dyn Fn(Event) + Send + Sync>;

struct Listener {
    sink: Sink,
    pulse: Arc<Pulse>,
    clock: Arc<dyn Clock>,
}

#[serenity::async_trait]
impl RawEventHandler for Listener {
    async fn raw_event(&self, _context: Context, event: Event) {
        self.pulse.life.fetch_add(1, Ordering::AcqRel);
        (self.sink)(event);
    }
}

#[serenity::async_trait]
impl EventHandler for Listener {
    async fn shard_stage_update(&self, _context: Context, update: ShardStageUpdateEvent) {
        self.pulse.connected.store(update.new == ConnectionStage::Connected, Ordering::Release);
        if update.new == ConnectionStage::Identifying {
            locked(&self.pulse.identified).push(self.clock.now());
        }
    }
}

/// A running session.
#[derive(Debug)]
pub(super) struct Session {
    /// What it shows of itself.
    pub(super) pulse: Arc<Pulse>,
    /// Told once when it ended.
    pub(super) ended: oneshot::Receiver<Ended>,
    stop: CancellationToken,
    gateway: Arc<Mutex<Option<Arc<tokio::sync::Mutex<String>>>>>,
}

impl Session {
    /// Starts a session on a thread of its own.
    pub(super) fn start(
        settings: &DiscordSettings,
        url: String,
        clock: Arc<dyn Clock>,
        sink: Sink,
    ) -> std::io::Result<Self> {
        let (tell, ended) = oneshot::channel();
        let pulse = Arc::new(Pulse::default());
        let stop = CancellationToken::new();
        let gateway = Arc::new(Mutex::new(None));
        let listener = Arc::new(Listener { sink, pulse: Arc::clone(&pulse), clock });
        let thread =
            Thread { token: settings.token.clone(), url, listener, stop: stop.clone(), gateway: Arc::clone(&gateway) };
        std::thread::Builder::new().name("discord-gateway".to_owned()).spawn(move || {
            let ended = thread.run();
            // Nobody listens any more when the session was abandoned.
            let _ = tell.send(ended);
        })?;
        Ok(Self { pulse, ended, stop, gateway })
    }

    /// Tells the session to end, and makes sure that it finds no way back however long that takes.
    pub(super) fn stop(&self) {
        self.stop.cancel();
        if let Some(url) = locked(&self.gateway).as_ref()
            && let Ok(mut url) = url.try_lock()
        {
            *url = format!("ws://{NOWHERE}");
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Thread {
    token: secrecy::SecretString,
    url: String,
    listener: Arc<Listener>,
    stop: CancellationToken,
    gateway: Arc<Mutex<Option<Arc<tokio::sync::Mutex<String>>>>>,
}

impl Thread {
    fn run(self) -> Ended {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return Ended::Failed(format!("no runtime: {error}")),
        };
        let ended = runtime.block_on(Box::pin(self.listen()));
        runtime.shutdown_background();
        ended
    }

    async fn listen(self) -> Ended {
        let http = HttpBuilder::new(self.token.expose_secret())
            .proxy(format!("http://{NOWHERE}"))
            .ratelimiter_disabled(true)
            .build();
        let built = ClientBuilder::new_with_http(http, INTENTS)
            .event_handler_arc(Arc::clone(&self.listener))
            .raw_event_handler(Relay(Arc::clone(&self.listener)))
            .await;
        let mut client = match built {
            Ok(client) => client,
            Err(error) => return Ended::Failed(error.to_string()),
        };
        // serenity could not ask for the gateway and took the public one: this is where it is told otherwise.
        client.ws_url.lock().await.clone_from(&self.url);
        *locked(&self.gateway) = Some(Arc::clone(&client.ws_url));
        let manager = Arc::clone(&client.shard_manager);
        tokio::spawn(watch(Arc::clone(&manager), Arc::clone(&self.listener.pulse)));
        tokio::select! {
            result = client.start() => outcome(result),
            () = self.stop.cancelled() => {
                farewell(&client).await;
                Ended::Stopped
            }
        }
    }
}

/// serenity wants a raw handler of its own.
struct Relay(Arc<Listener>);

#[serenity::async_trait]
impl RawEventHandler for Relay {
    async fn raw_event(&self, context: Context, event: Event) {
        self.0.raw_event(context, event).await;
    }
}

fn outcome(result: serenity::Result<()>) -> Ended {
    match result {
        Ok(()) => Ended::Stopped,
        Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => Ended::TokenRefused,
        Err(serenity::Error::Gateway(GatewayError::InvalidGatewayIntents | GatewayError::DisallowedGatewayIntents)) => {
            Ended::IntentsRefused
        }
        Err(error) => Ended::Failed(error.to_string()),
    }
}

/// Says goodbye without waiting for an answer: serenity's own shutdown spins when none comes.
async fn farewell(client: &Client) {
    *client.ws_url.lock().await = format!("ws://{NOWHERE}");
    for runner in client.shard_manager.runners.lock().await.values() {
        runner.runner_tx.send_to_shard(ShardRunnerMessage::Close(CLOSE_NORMAL, None));
    }
    tokio::time::sleep(FAREWELL).await;
}

/// Shows that the thread is alive, counts acknowledged heartbeats, passes nudges on.
async fn watch(manager: Arc<serenity::gateway::ShardManager>, pulse: Arc<Pulse>) {
    let mut latency = None;
    loop {
        pulse.ticks.fetch_add(1, Ordering::AcqRel);
        for runner in manager.runners.lock().await.values() {
            // Two heartbeats never take the same nanoseconds.
            if runner.latency.is_some() && runner.latency != latency {
                latency = runner.latency;
                pulse.life.fetch_add(1, Ordering::AcqRel);
                pulse.acks.fetch_add(1, Ordering::AcqRel);
            }
            if pulse.nudge.swap(false, Ordering::AcqRel) {
                runner.runner_tx.send_to_shard(ShardRunnerMessage::Close(CLOSE_RESUMABLE, None));
            }
        }
        tokio::time::sleep(TICK).await;
    }
}
