//! The sandbox's web page: Slack, Discord and the customers on one page, as people know them, with a clock to move.
//!
//! It only shows snapshots and posts acts; every rule lives in the sandboxes behind it. Served on 127.0.0.1 to browsers on
//! this machine only (see [`guard`]); nothing is loaded from elsewhere. Start at [`serve`], then `assets/js/main.js`.

mod assets;
mod guard;
mod live;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::SandboxClock;
use super::network::{FaultOrder, NetworkMessage, NetworkSandbox};

/// Furthest single move of the clock, in milliseconds: 31 days.
const ADVANCE_MS_MAX: i64 = 31 * 24 * 3_600_000;

/// One line of guidance for a newcomer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// Stable name; a dismissed hint is remembered under it.
    pub id: String,
    /// What to try next, in English.
    pub text_en: String,
    /// The same in French.
    pub text_fr: String,
    /// Whether it was already done.
    pub done: bool,
}

/// Gives the hints as they stand now; called at each change.
pub type Hints = Arc<dyn Fn() -> Vec<Hint> + Send + Sync>;

/// A chat to show: its page API (`/state`, `/act`, `/faults`) and the watch that wakes at each change.
pub struct Workspace {
    /// Nested under `/api/slack` or `/api/discord`.
    pub router: Router,
    /// The sandbox's version.
    pub changed: watch::Receiver<u64>,
    /// Id of the member that a newcomer acts as at first.
    pub member: String,
}

/// What the page shows.
pub struct PageParts {
    /// The local Slack, when there is one.
    pub slack: Option<Workspace>,
    /// The local Discord, when there is one.
    pub discord: Option<Workspace>,
    /// The networks, when there are some.
    pub network: Option<Arc<NetworkSandbox>>,
    /// The clock that all of them share.
    pub clock: SandboxClock,
    /// Guidance for a newcomer.
    pub hints: Hints,
    /// Address of Vigie's own pages, linked in the bar.
    pub vigie_url: Option<String>,
    /// Port on 127.0.0.1; any free one when none.
    pub fixed_port: Option<u16>,
}

impl PageParts {
    /// A page without chats, networks or hints, to be filled.
    #[must_use]
    pub fn new(clock: SandboxClock) -> Self {
        Self {
            slack: None,
            discord: None,
            network: None,
            clock,
            hints: Arc::new(Vec::new),
            vigie_url: None,
            fixed_port: None,
        }
    }
}

/// A running page; stops when dropped.
pub struct PageServer {
    url: String,
    stop: CancellationToken,
}

impl PageServer {
    /// What to open in a browser, such as `http://127.0.0.1:4100/`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[derive(Clone)]
struct Page {
    config: Arc<Value>,
    network: Option<Arc<NetworkSandbox>>,
    clock: SandboxClock,
    hints: Hints,
    watched: live::Watched,
}

impl FromRef<Page> for live::Watched {
    fn from_ref(page: &Page) -> Self {
        page.watched.clone()
    }
}

/// Binds 127.0.0.1 and serves the page.
///
/// # Errors
/// The port is taken.
pub async fn serve(parts: PageParts) -> io::Result<PageServer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, parts.fixed_port.unwrap_or(0)));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let stop = CancellationToken::new();
    let server = axum::serve(listener, router(parts, stop.clone()));
    let stopped = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = stopped.cancelled() => {}
            _ = std::future::IntoFuture::into_future(server) => {}
        }
    });
    Ok(PageServer { url, stop })
}

fn router(parts: PageParts, stop: CancellationToken) -> Router {
    let member = |workspace: &Option<Workspace>| workspace.as_ref().map(|workspace| workspace.member.clone());
    let config = json!({
        "slack": parts.slack.is_some(), "discord": parts.discord.is_some(), "network": parts.network.is_some(),
        "slack_member": member(&parts.slack), "discord_member": member(&parts.discord),
        "vigie_url": parts.vigie_url, "zone": "Europe/Paris",
    });
    let watched = live::Watched {
        slack: parts.slack.as_ref().map(|workspace| workspace.changed.clone()),
        discord: parts.discord.as_ref().map(|workspace| workspace.changed.clone()),
        network: parts.network.as_ref().map(|network| network.changed()),
        clock: parts.clock.moved(),
        stop,
    };
    let page =
        Page { config: Arc::new(config), network: parts.network, clock: parts.clock, hints: parts.hints, watched };
    let mut router = Router::new()
        .route("/", get(assets::index))
        .route("/assets/{*path}", get(assets::asset))
        .route("/api/config", get(async |State(page): State<Page>| Json(page.config.as_ref().clone())))
        .route("/api/hints", get(async |State(page): State<Page>| Json((page.hints)())))
        .route("/api/changes", get(live::changes))
        .route("/api/clock", get(read_clock).post(move_clock))
        .route("/api/network/state", get(network_state))
        .route("/api/network/act", post(network_act))
        .route("/api/network/faults", post(network_faults))
        .with_state(page);
    if let Some(workspace) = parts.slack {
        router = router.nest("/api/slack", workspace.router);
    }
    if let Some(workspace) = parts.discord {
        router = router.nest("/api/discord", workspace.router);
    }
    router.layer(axum::middleware::from_fn(guard::only_this_machine))
}

fn refused(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({"ok": false, "error": sentence}))).into_response()
}

fn clock_json(clock: &SandboxClock) -> Value {
    json!({"clock_ms": clock.now_ms(), "manual": clock.is_manual(), "zone": "Europe/Paris"})
}

async fn read_clock(State(page): State<Page>) -> Response {
    Json(clock_json(&page.clock)).into_response()
}

#[derive(Deserialize)]
struct Advance {
    advance_ms: i64,
}

async fn move_clock(State(page): State<Page>, Json(advance): Json<Advance>) -> Response {
    if !(1..=ADVANCE_MS_MAX).contains(&advance.advance_ms) {
        return refused(StatusCode::BAD_REQUEST, "The clock only moves forward, by at most 31 days at a time.");
    }
    page.clock.advance(advance.advance_ms);
    if let Some(network) = &page.network
        && page.clock.is_manual()
    {
        network.run_once().await;
    }
    Json(clock_json(&page.clock)).into_response()
}

const NO_NETWORK: &str = "No network runs in this sandbox.";

async fn network_state(State(page): State<Page>) -> Response {
    page.network.map_or_else(|| refused(StatusCode::NOT_FOUND, NO_NETWORK), |n| Json(n.snapshot()).into_response())
}

#[derive(Deserialize)]
struct NetworkAct {
    network: String,
    #[serde(flatten)]
    message: NetworkMessage,
}

async fn network_act(State(page): State<Page>, Json(act): Json<NetworkAct>) -> Response {
    let Some(network) = page.network else { return refused(StatusCode::NOT_FOUND, NO_NETWORK) };
    match network.customer_writes(&act.network, act.message).await {
        Ok(id) => Json(json!({"ok": true, "id": id})).into_response(),
        Err(sentence) => refused(StatusCode::BAD_REQUEST, &sentence),
    }
}

/// Either one more order, or `{"clear": true}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum FaultRequest {
    Clear { clear: bool },
    Order(FaultOrder),
}

async fn network_faults(State(page): State<Page>, Json(request): Json<FaultRequest>) -> Response {
    let Some(network) = page.network else { return refused(StatusCode::NOT_FOUND, NO_NETWORK) };
    let done = match request {
        FaultRequest::Clear { clear } => {
            if clear {
                network.faults().clear();
            }
            Ok(())
        }
        FaultRequest::Order(order) => network.faults().order(order),
    };
    match done {
        Ok(()) => Json(json!({"ok": true, "faults": network.faults().waiting()})).into_response(),
        Err(sentence) => refused(StatusCode::BAD_REQUEST, &sentence),
    }
}
