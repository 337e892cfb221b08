//! From the gateway's events to durable envelopes: two lanes, order kept per channel, nothing acknowledged that is not stored.
//!
//! Discord delivers an event once. What cannot be stored is tried again until it can; what does not fit is counted as a gap,
//! which is closed by reading the channels back.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::answer::ReplyTo;
use super::escape::line;
use super::lock::locked;
use super::registration::CHOICE_MAX;
use super::{DiscordChat, KEY};
use crate::ports::chat::{Block, Body, Span};
use crate::ports::envelope::{Envelope, FormVerdict, Intake};
use crate::ports::inbound::{Ask, Choice};

/// Lanes of live events; events of one channel always take the same one.
const LIVE_LANES: usize = 4;
/// Events waiting in one lane, at most; about 2 KiB each.
const LANE_EVENTS_MAX: usize = 2_000;
/// First wait before storing is tried again; doubles up to [`RETRY_MAX`].
const RETRY_FIRST: Duration = Duration::from_millis(50);
/// See [`RETRY_FIRST`].
const RETRY_MAX: Duration = Duration::from_secs(5);
/// Completions answered at the same time.
const COMPLETIONS_MAX: usize = 32;
/// A completion is worthless after 3 s (Discord docs: Autocomplete).
const COMPLETION_TIMEOUT: Duration = Duration::from_millis(2_000);
/// Choices shown (Discord docs: Autocomplete).
const CHOICES_MAX: usize = 25;
/// Interactions kept alive at the same time.
const GUARDED_MAX: usize = 1_000;
/// When an interaction without an answer is acknowledged, so that one can follow: well before Discord's 3 s.
const GUARD_AFTER: Duration = Duration::from_millis(2_000);
/// Rest of the work at the end.
const DRAIN: Duration = Duration::from_secs(5);

/// What goes through a lane.
pub(super) enum Load {
    /// An event.
    Event(Envelope),
    /// A submitted form, with how to answer it.
    Form(Envelope, Box<ReplyTo>),
}

impl Load {
    fn envelope(&self) -> &Envelope {
        match self {
            Self::Event(envelope) | Self::Form(envelope, _) => envelope,
        }
    }
}

/// The lanes and their workers.
pub(super) struct Pump {
    shared: Arc<Shared>,
    interactive: mpsc::Sender<Load>,
    live: Vec<mpsc::Sender<Load>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    chat: Arc<DiscordChat>,
    intake: Arc<dyn Intake>,
    gap: AtomicBool,
    wake: Notify,
    completions: Semaphore,
    guards: Semaphore,
    closing: CancellationToken,
    stop: CancellationToken,
}

impl Pump {
    /// Starts the workers.
    pub(super) fn start(chat: Arc<DiscordChat>, intake: Arc<dyn Intake>) -> Self {
        let shared = Arc::new(Shared {
            chat,
            intake,
            gap: AtomicBool::new(false),
            wake: Notify::new(),
            completions: Semaphore::new(COMPLETIONS_MAX),
            guards: Semaphore::new(GUARDED_MAX),
            closing: CancellationToken::new(),
            stop: CancellationToken::new(),
        });
        let mut workers = vec![tokio::spawn(close_gaps(Arc::clone(&shared)))];
        let mut lane = || {
            let (sender, receiver) = mpsc::channel(LANE_EVENTS_MAX);
            workers.push(tokio::spawn(work(Arc::clone(&shared), receiver)));
            sender
        };
        let interactive = lane();
        let live = (0..LIVE_LANES).map(|_| lane()).collect();
        Self { shared, interactive, live, workers: Mutex::new(workers) }
    }

    /// Puts an event of a channel into its lane; never waits.
    pub(super) fn live(&self, channel: &str, envelope: Envelope) {
        let number: usize = channel.bytes().map(usize::from).sum();
        if let Some(lane) = self.live.get(number % self.live.len().max(1)) {
            self.put(lane, Load::Event(envelope));
        }
    }

    /// Puts an interaction into its own lane; never waits.
    pub(super) fn interactive(&self, load: Load) {
        self.put(&self.interactive, load);
    }

    fn put(&self, lane: &mpsc::Sender<Load>, load: Load) {
        if let Err(error) = lane.try_send(load) {
            let load = match error {
                mpsc::error::TrySendError::Full(load) => load,
                // Vigie is stopping; what comes now is read back at the next start.
                mpsc::error::TrySendError::Closed(_) => return,
            };
            tracing::error!(
                delivery_id = load.envelope().delivery_id,
                "an event does not fit; channels will be read back"
            );
            self.shared.gap.store(true, Ordering::Release);
        }
    }

    /// Events may have been missed: the channels are to be read back.
    pub(super) fn gap(&self) {
        self.shared.gap.store(true, Ordering::Release);
        self.shared.wake.notify_one();
    }

    /// Answers a completion request on the side.
    pub(super) fn complete(&self, ask: Ask, reply: ReplyTo, integer: bool) {
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            // Whoever types fast enough to exceed this sees no choices for a moment.
            let Ok(_permit) = shared.completions.try_acquire() else { return };
            let choosing = AssertUnwindSafe(shared.intake.complete(ask)).catch_unwind();
            let choices = match tokio::time::timeout(COMPLETION_TIMEOUT, choosing).await {
                Ok(Ok(choices)) => choices,
                Ok(Err(_)) | Err(_) => Vec::new(),
            };
            let callback = json!({ "type": 8, "data": { "choices": shown(&choices, integer) } });
            if let Err(error) = shared.chat.callback(&reply, &callback).await {
                tracing::debug!(?error, "a completion came too late");
            }
        });
    }

    /// Keeps an interaction alive when no answer was given in time.
    pub(super) fn guard(&self, reply: ReplyTo) {
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let Ok(_permit) = shared.guards.try_acquire() else { return };
            tokio::select! {
                () = tokio::time::sleep(GUARD_AFTER) => shared.chat.keep_alive_if_silent(&reply).await,
                () = shared.stop.cancelled() => {}
            }
        });
    }

    /// Takes nothing more, stores what is waiting, then ends.
    pub(super) async fn finish(&self) {
        self.shared.closing.cancel();
        let workers = std::mem::take(&mut *locked(&self.workers));
        if tokio::time::timeout(DRAIN, futures::future::join_all(workers)).await.is_err() {
            tracing::error!("events could not be stored before the end");
        }
        self.shared.stop.cancel();
    }
}

fn shown(choices: &[Choice], integer: bool) -> Vec<Value> {
    let usable =
        choices.iter().filter(|choice| !choice.value.is_empty() && choice.value.encode_utf16().count() <= CHOICE_MAX);
    usable
        .take(CHOICES_MAX)
        .filter_map(|choice| {
            let label = line(&choice.label, CHOICE_MAX);
            let label = if label.is_empty() { choice.value.clone() } else { label };
            let value =
                if integer { Value::from(choice.value.parse::<i64>().ok()?) } else { choice.value.clone().into() };
            Some(json!({ "name": label, "value": value }))
        })
        .collect()
}

async fn work(shared: Arc<Shared>, mut lane: mpsc::Receiver<Load>) {
    loop {
        let load = tokio::select! {
            biased;
            load = lane.recv() => load,
            () = shared.closing.cancelled(), if !lane.is_closed() => {
                // What was taken in before is still handed out.
                lane.close();
                continue;
            }
        };
        let Some(load) = load else { return };
        store(&shared, load).await;
        if lane.is_empty() && shared.gap.load(Ordering::Acquire) {
            shared.wake.notify_one();
        }
    }
}

/// Stores one event however long it takes; Discord will not send it again.
async fn store(shared: &Shared, load: Load) {
    let mut wait = RETRY_FIRST;
    loop {
        let storing = AssertUnwindSafe(store_once(shared, &load)).catch_unwind().await;
        let cause = match storing {
            Ok(Ok(())) => return,
            Ok(Err(cause)) => cause,
            Err(_) => "the intake panicked".to_owned(),
        };
        tracing::error!(delivery_id = load.envelope().delivery_id, cause, "an event is not stored yet");
        shared.gap.store(true, Ordering::Release);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shared.stop.cancelled() => return,
        }
        wait = (wait * 2).min(RETRY_MAX);
    }
}

async fn store_once(shared: &Shared, load: &Load) -> Result<(), String> {
    match load {
        Load::Event(envelope) => {
            shared.intake.accept(envelope.clone()).await.map(|_| ()).map_err(|error| error.to_string())
        }
        Load::Form(envelope, reply) => {
            let verdict = shared.intake.submit(envelope.clone()).await.map_err(|error| error.to_string())?;
            if let FormVerdict::Invalid(problems) = verdict {
                refuse(shared, reply, &problems).await;
            }
            Ok(())
        }
    }
}

/// Discord closes a form whatever is answered: the problems are told in a message that only the sender sees.
async fn refuse(shared: &Shared, reply: &ReplyTo, problems: &[(String, String)]) {
    let lines = problems.iter().map(|(_, sentence)| Block::Text(vec![Span::Text(sentence.clone())]));
    let summary = problems.first().map(|(_, sentence)| sentence.clone()).unwrap_or_default();
    let body = Body { summary, blocks: lines.collect(), ..Body::default() };
    let Ok(reply_to) = serde_json::to_string(reply) else { return };
    if let Err(error) = shared.chat.answer(&reply_to, &body, false).await {
        tracing::warn!(%error, "the problems of a form could not be told");
    }
}

/// Tells of gaps once events flow again; many gaps in a row are one.
async fn close_gaps(shared: Arc<Shared>) {
    loop {
        tokio::select! {
            () = shared.wake.notified() => {}
            () = shared.closing.cancelled() => return,
        }
        if shared.gap.swap(false, Ordering::AcqRel) {
            let telling = AssertUnwindSafe(shared.intake.caught_gap(KEY)).catch_unwind();
            tokio::select! {
                told = telling => if told.is_err() {
                    tracing::error!("reading back panicked");
                },
                () = shared.closing.cancelled() => return,
            }
        }
    }
}
