//! The sandbox's social networks: customers write there, the brand answers there.
//!
//! One server stands for the whole family (Instagram, X, Google reviews...): a network is a name in the address. Customers'
//! messages leave as signed webhooks and are redelivered until taken; answers and posts come in signed, once per idempotency
//! key. It never decides anything for the desk. Start at [`NetworkSandbox`], then `api` (in) and `deliver` (out).

mod api;
mod deliver;
mod faults;
pub mod limits;
mod moderation;
mod pages;
pub mod signature;
mod snapshot;
mod state;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

pub use faults::{FaultOrder, NetworkFault, NetworkFaults};
pub use signature::{Signed, SigningKey};
pub use state::{
    Attachment, DeliveryState, MessageKind, NetworkAuthor, NetworkMessage, Publication, REDELIVERY_MS, Visibility,
};

use super::SandboxClock;
use state::NetworkState;

/// Longest sleep of the delivery loop, in milliseconds; a moved clock or a new message wakes it before.
const LOOP_SLEEP_MS_MAX: i64 = 60_000;

/// An account of the brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandAccount {
    /// Network name as used in addresses, such as `instagram`.
    pub network: String,
    /// Handle, such as `@maison_lumen`.
    pub handle: String,
}

/// What a sandbox starts with.
#[derive(Clone, Debug, Default)]
pub struct NetworkSetup {
    /// `whsec_<base64 of 24 to 64 bytes>`: signs webhooks and checks what the brand sends.
    pub secret: String,
    /// Where customers' messages go, `{network}` standing for the network's name. None until it is known.
    pub target_url: Option<String>,
    /// Accounts that may answer; none means that any may.
    pub accounts: Vec<BrandAccount>,
    /// Port on 127.0.0.1; any free one when none.
    pub port: Option<u16>,
}

/// Shared by the server, the delivery loop and the handle.
pub(crate) struct Core {
    key: SigningKey,
    clock: SandboxClock,
    base_url: String,
    accounts: Vec<BrandAccount>,
    target: Mutex<Option<String>>,
    state: Mutex<NetworkState>,
    faults: NetworkFaults,
    changes: watch::Sender<u64>,
    new_work: Notify,
    http: deliver::HttpClient,
}

impl Core {
    fn state(&self) -> MutexGuard<'_, NetworkState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn target(&self) -> Option<String> {
        self.target.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the page that something changed.
    fn announce(&self) {
        let version = self.state().version;
        self.changes.send_replace(version);
    }
}

/// A running network family on loopback; stops when dropped.
pub struct NetworkSandbox {
    core: Arc<Core>,
    stop: CancellationToken,
}

impl Drop for NetworkSandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl NetworkSandbox {
    /// Binds 127.0.0.1 and serves. With a running clock a loop delivers by itself; with a manual one the tests do, see
    /// [`NetworkSandbox::run_once`].
    ///
    /// # Errors
    /// The port is taken, or the secret is not of the documented form.
    pub async fn start(setup: NetworkSetup, clock: SandboxClock) -> io::Result<Arc<Self>> {
        let key = SigningKey::parse(&setup.secret).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "the secret must be whsec_<base64 of 24-64 bytes>")
        })?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, setup.port.unwrap_or(0)));
        let listener = tokio::net::TcpListener::bind(address).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let core = Arc::new(Core {
            key,
            clock,
            base_url,
            accounts: setup.accounts,
            target: Mutex::new(setup.target_url),
            state: Mutex::default(),
            faults: NetworkFaults::default(),
            changes: watch::Sender::new(0),
            new_work: Notify::new(),
            http: deliver::http_client(),
        });
        let stop = CancellationToken::new();
        let serve = axum::serve(listener, api::router(core.clone()));
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                _ = std::future::IntoFuture::into_future(serve) => {}
            }
        });
        if !core.clock.is_manual() {
            tokio::spawn(deliver_forever(core.clone(), stop.clone()));
        }
        Ok(Arc::new(Self { core, stop }))
    }

    /// Where the networks answer, such as `http://127.0.0.1:4102` (what stands before `/{network}`).
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.core.base_url
    }

    /// Sets where customers' messages go; what waited for a target stays undelivered.
    pub fn set_target_url(&self, target_url: Option<String>) {
        *self.core.target.lock().unwrap_or_else(PoisonError::into_inner) = target_url;
        self.core.new_work.notify_one();
    }

    /// A customer writes. With a manual clock the first delivery is made before this returns; otherwise the loop makes it.
    ///
    /// # Errors
    /// A sentence when nobody could write this on that network.
    pub async fn customer_writes(&self, network: &str, message: NetworkMessage) -> Result<String, String> {
        state::check_customer_message(network, &message)?;
        let has_target = self.core.target().is_some();
        let id = self.core.state().store(network, message, self.core.clock.now_ms(), has_target);
        self.core.announce();
        if self.core.clock.is_manual() {
            self.run_once().await;
        } else {
            self.core.new_work.notify_one();
        }
        Ok(id)
    }

    /// Delivers what is due on the clock; returns the number of attempts.
    pub async fn run_once(&self) -> usize {
        deliver::run_once(&self.core).await
    }

    /// How the delivery of a message stands; `None` for an unknown id.
    #[must_use]
    pub fn delivery(&self, network: &str, id: &str) -> Option<(DeliveryState, u32)> {
        self.core.state().message(network, id).map(|stored| (stored.delivery.state, stored.delivery.attempts))
    }

    /// The brand's answers to a message, oldest first.
    #[must_use]
    pub fn replies_to(&self, network: &str, id: &str) -> Vec<Publication> {
        let answers = |p: &&Publication| p.network == network && p.in_reply_to.as_deref() == Some(id);
        self.core.state().publications.iter().filter(answers).cloned().collect()
    }

    /// How the public sees a message; `None` for an unknown id.
    #[must_use]
    pub fn visibility(&self, network: &str, id: &str) -> Option<Visibility> {
        self.core.state().message(network, id).map(|stored| stored.visibility)
    }

    /// The brand's posts on a network, oldest first.
    #[must_use]
    pub fn posts_on(&self, network: &str) -> Vec<Publication> {
        let posts = |p: &&Publication| p.network == network && p.in_reply_to.is_none();
        self.core.state().publications.iter().filter(posts).cloned().collect()
    }

    /// Faults to order.
    #[must_use]
    pub fn faults(&self) -> &NetworkFaults {
        &self.core.faults
    }

    /// Everything the page shows.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        snapshot::of(&self.core)
    }

    /// Wakes at each change.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.core.changes.subscribe()
    }
}

/// Repeats [`deliver::run_once`] for a running clock.
async fn deliver_forever(core: Arc<Core>, stop: CancellationToken) {
    let mut moved = core.clock.moved();
    loop {
        let due_in_ms = core.state().next_due_ms().map_or(LOOP_SLEEP_MS_MAX, |due| due - core.clock.now_ms());
        let sleep_ms = u64::try_from(due_in_ms.clamp(0, LOOP_SLEEP_MS_MAX)).unwrap_or(0);
        tokio::select! {
            () = stop.cancelled() => return,
            () = core.new_work.notified() => {}
            _ = moved.changed() => {}
            () = tokio::time::sleep(Duration::from_millis(sleep_ms)) => {}
        }
        deliver::run_once(&core).await;
    }
}
