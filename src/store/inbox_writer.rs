//! Group commit: many producers, one transaction at a time, one answer each after it is durable.
//!
//! While one batch commits, the next one gathers; an idle writer commits at once. So a lone envelope waits for nobody
//! and a flood pays one disk flush per batch.

use tokio::sync::{mpsc, oneshot, watch};

use super::{Store, StoreError, inbox};
use crate::ports::envelope::{Accepted, Envelope, NotStored};

/// Envelopes per commit (ARCHITECTURE: at most 64).
const BATCH_MAX: usize = 64;
/// Bytes of bodies per commit: four of the largest accepted body (1 MiB).
const BATCH_BYTES_MAX: usize = 4 << 20;
/// Envelopes that may wait for the writer; more producers wait in [`InboxWriter::accept`].
const QUEUE_MAX: usize = 1_024;

type Answer = oneshot::Sender<Result<Accepted, NotStored>>;

struct Order {
    envelope: Envelope,
    answer: Answer,
}

/// The door to the inbox for all transports of this process. Cheap to clone; ends when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct InboxWriter {
    orders: mpsc::Sender<Order>,
    commits: watch::Receiver<u64>,
}

impl InboxWriter {
    /// Starts the writer task on the current runtime.
    #[must_use]
    pub fn spawn(store: Store) -> Self {
        let (orders, queue) = mpsc::channel(QUEUE_MAX);
        let (committed, commits) = watch::channel(0);
        tokio::spawn(run(store, queue, committed));
        Self { orders, commits }
    }

    /// Makes the envelope durable, together with whatever else arrives meanwhile. Once handed over it is stored even when
    /// the caller stops waiting.
    ///
    /// # Errors
    /// [`NotStored`]: do not acknowledge the sender.
    pub async fn accept(&self, envelope: Envelope) -> Result<Accepted, NotStored> {
        let gone = || NotStored { cause: "the inbox writer has ended".to_owned() };
        let (answer, verdict) = oneshot::channel();
        self.orders.send(Order { envelope, answer }).await.map_err(|_| gone())?;
        verdict.await.map_err(|_| gone())?
    }

    /// A counter of commits that stored something new: `changed().await` wakes after each, and never misses one.
    #[must_use]
    pub fn notified(&self) -> watch::Receiver<u64> {
        self.commits.clone()
    }
}

async fn run(store: Store, mut queue: mpsc::Receiver<Order>, committed: watch::Sender<u64>) {
    let mut kept = None;
    loop {
        let Some(first) = (match kept.take() {
            Some(order) => Some(order),
            None => queue.recv().await,
        }) else {
            return;
        };
        // Producers woken by the previous commit are ready to run: let them hand in before this batch closes.
        tokio::task::yield_now().await;
        let batch;
        (batch, kept) = gather(first, &mut queue);
        if write(&store, batch).await {
            committed.send_modify(|count| *count += 1);
        }
    }
}

/// What waits, up to the limits; the order that did not fit any more comes back second.
fn gather(first: Order, queue: &mut mpsc::Receiver<Order>) -> (Vec<Order>, Option<Order>) {
    let mut bytes = first.envelope.body.len();
    let mut batch = vec![first];
    while batch.len() < BATCH_MAX {
        let Ok(order) = queue.try_recv() else { break };
        bytes += order.envelope.body.len();
        if bytes > BATCH_BYTES_MAX {
            return (batch, Some(order));
        }
        batch.push(order);
    }
    (batch, None)
}

/// Stores a batch and answers every producer; true when something new was stored.
async fn write(store: &Store, batch: Vec<Order>) -> bool {
    let (envelopes, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|o| (o.envelope, o.answer)).unzip();
    let verdicts = match store_all(store, &envelopes).await {
        Ok(verdicts) => verdicts.into_iter().map(Ok).collect(),
        // Not the moment but one of the envelopes is refused: the others must not suffer for it.
        Err(e) if !e.is_transient() && envelopes.len() > 1 => {
            let mut verdicts = Vec::with_capacity(envelopes.len());
            for envelope in &envelopes {
                let one = store_all(store, std::slice::from_ref(envelope)).await;
                verdicts.push(match one {
                    Ok(verdict) => verdict.first().copied().ok_or_else(|| not_stored(&e)),
                    Err(e) => Err(not_stored(&e)),
                });
            }
            verdicts
        }
        Err(e) => vec![Err(not_stored(&e)); envelopes.len()],
    };
    let mut fresh = false;
    for (answer, verdict) in answers.into_iter().zip(verdicts) {
        fresh |= matches!(verdict, Ok(Accepted::Fresh));
        // A producer that stopped waiting will hear "duplicate" when its sender delivers again.
        let _ = answer.send(verdict);
    }
    fresh
}

fn not_stored(error: &StoreError) -> NotStored {
    NotStored { cause: error.to_string() }
}

async fn store_all(store: &Store, envelopes: &[Envelope]) -> Result<Vec<Accepted>, StoreError> {
    let mut tx = store.begin().await?;
    let verdicts = inbox::append(&mut tx, envelopes).await?;
    tx.commit().await?;
    Ok(verdicts)
}
