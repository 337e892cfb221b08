//! What leaves: claims rows of the outbox, turns them into calls, makes the calls, and writes down what came of them.
//!
//! A call is never repeated blindly: after an unknown outcome the chat is asked first. Start at [`Courier::run_once`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::pace::Pace;
use super::work::Parcel;
use super::{App, Fault, Progress, prepare};
use crate::domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};
use crate::ports::chat::{Call, Chat, Receipt, SendError};
use crate::store::outbox::{self, Before, Claimed, Wanted};
use crate::store::{Tx, settings};

/// Calls to one target in flight at once: enough for 200 a second against a chat that takes 100 ms, and few enough for
/// a chat that hangs.
pub const IN_FLIGHT_MAX: usize = 32;
/// How long a claimed row belongs to its courier: what a killed replica held stays untouched for so long.
const LEASE_MS: i64 = 10 * SECOND_MS;
/// How often a courier renews the claim of a call that takes longer.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// No call of a chat may take longer, whatever its adapter does.
const CALL_LIMIT: Duration = Duration::from_secs(30);
/// First wait after a failure; doubles up to [`BACKOFF_MS_MAX`].
const BACKOFF_MS: i64 = SECOND_MS;
/// Longest wait between tries.
const BACKOFF_MS_MAX: i64 = MINUTE_MS;
/// A row that keeps failing is parked after so long; what it says is history by then.
const GIVE_UP_MS: i64 = 24 * HOUR_MS;
/// ... and after so many tries at least, about five minutes of them: whoever was switched off over a weekend tries again
/// before anything is given up.
const GIVE_UP_TRIES_MIN: i64 = 10;
/// Setting that holds when a chat last asked to slow down (429).
pub const LIMITED: &str = "limited";
/// Failures in a row after which the whole target rests: it is down, and every further call is noise.
const DOWN_AFTER: u32 = 3;

/// Carries what leaves to one target (a chat, or the networks).
pub struct Courier {
    app: Arc<App>,
    target: String,
    holder: String,
    slots: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pace: Pace,
    failures: u32,
    /// Rows whose turn in their channel has not come, until then: they are put back together, in the next turn's
    /// transaction. A flood makes thousands of them, and a commit for each would leave no room for anything else.
    paced: Vec<(Claimed, Timestamp)>,
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Courier {
    /// A courier for one target; `holder` names this process in leases.
    #[must_use]
    pub fn new(app: Arc<App>, target: &str, holder: &str) -> Arc<Self> {
        Arc::new(Self {
            app,
            target: target.to_owned(),
            holder: holder.to_owned(),
            slots: Arc::new(Semaphore::new(IN_FLIGHT_MAX)),
            state: Mutex::new(State::default()),
        })
    }

    /// Claims what may leave now and starts it; does not wait for the answers (see [`Courier::settled`]).
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn run_once(self: &Arc<Self>) -> Result<Progress, Fault> {
        let now = self.app.clock.now();
        let (rest, paced) = self.with_state(|state| (state.pace.all_blocked_until(), std::mem::take(&mut state.paced)));
        let free = self.slots.available_permits();
        let resting = now < rest || free == 0;
        if resting && paced.is_empty() {
            return Ok(Progress::Idle(Some(rest).filter(|rest| now < *rest)));
        }
        let mut tx = self.app.store.begin().await?;
        put_off(&mut tx, &paced).await?;
        if resting {
            tx.commit().await?;
            return Ok(Progress::Idle(Some(rest).filter(|rest| now < *rest)));
        }
        outbox::recover(&mut tx, now).await?;
        let max = i64::try_from(free).unwrap_or(1);
        let wanted = Wanted {
            target: &self.target,
            lanes: 0..=i64::MAX,
            exclude_slots: &[],
            holder: &self.holder,
            lease_until: now.plus_ms(LEASE_MS),
            max,
        };
        let claimed = outbox::claim(&mut tx, &wanted, now).await?;
        let next = if claimed.is_empty() { outbox::next_due(&mut tx, &self.target, now).await? } else { None };
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(Progress::Idle(next));
        }
        for row in claimed {
            let lease = Lease(AtomicI64::new(wanted.lease_until.0));
            let Ok(permit) = Arc::clone(&self.slots).acquire_owned().await else { break };
            let courier = Arc::clone(self);
            tokio::spawn(async move {
                courier.carry(row, lease).await;
                drop(permit);
                courier.app.wakers.courier.notify_waiters();
            });
        }
        Ok(Progress::Worked)
    }

    /// Returns when nothing is in flight and everything about it is written down.
    pub async fn settled(&self) {
        let all = u32::try_from(IN_FLIGHT_MAX).unwrap_or(1);
        let Ok(permits) = self.slots.acquire_many(all).await else { return };
        let paced = self.with_state(|state| std::mem::take(&mut state.paced));
        if paced.is_empty() {
            return;
        }
        let written = async {
            let mut tx = self.app.store.begin().await?;
            put_off(&mut tx, &paced).await?;
            tx.commit().await.map_err(Fault::from)
        };
        if let Err(fault) = written.await {
            tracing::warn!(%fault, "rows that wait for their turn could not be put back; their leases run out");
        }
        drop(permits);
    }

    /// Whether nothing is in flight.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.slots.available_permits() == IN_FLIGHT_MAX
    }

    fn with_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn carry(&self, row: Claimed, lease: Lease) {
        let outcome = {
            let attempt = self.attempt(&row, &lease);
            tokio::pin!(attempt);
            loop {
                match tokio::time::timeout(RENEW_EVERY, &mut attempt).await {
                    Ok(outcome) => break outcome,
                    Err(_) => self.renew(&row, &lease).await,
                }
            }
        };
        let written = match outcome {
            Ok(Outcome::Paced { until }) => {
                self.with_state(|state| state.paced.push((row, until)));
                return;
            }
            Ok(outcome) => self.write_down(&row, outcome).await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = written {
            // The lease runs out and the row is looked at again as one of unknown outcome.
            tracing::warn!(outbox = row.id, kind = row.kind, %fault, "the outcome of a call could not be written down");
        }
    }

    /// Keeps the claim of a call that takes long; a claim that is already somebody else's stays lost.
    async fn renew(&self, row: &Claimed, lease: &Lease) {
        let until = self.app.clock.now().plus_ms(LEASE_MS);
        let renewed = async {
            let mut tx = self.app.store.begin().await?;
            let ours = outbox::extend(&mut tx, &row.hold(), until).await?;
            tx.commit().await?;
            Ok::<bool, Fault>(ours)
        };
        match renewed.await {
            Ok(true) => lease.0.store(until.0, Ordering::Relaxed),
            Ok(false) => tracing::warn!(outbox = row.id, "a claim was lost while its call was under way"),
            Err(fault) => tracing::warn!(outbox = row.id, %fault, "a claim could not be renewed"),
        }
    }

    async fn attempt(&self, row: &Claimed, lease: &Lease) -> Result<Outcome, Fault> {
        let parcel: Parcel = match serde_json::from_str(&row.payload) {
            Ok(parcel) => parcel,
            Err(error) => return Ok(Outcome::Dead(format!("unreadable: {error}"))),
        };
        if self.target == "network" {
            return super::publish::attempt(&self.app, &parcel, row).await;
        }
        let Some(chat) = self.app.registry.chats.get(&self.target).cloned() else {
            return Ok(Outcome::Dead(format!("{} is not connected", self.target)));
        };
        if let Parcel::Fetch { channel, message, user } = &parcel {
            return prepare::fetch(&self.app, chat.as_ref(), channel, message, user).await;
        }
        let mut step = prepare::prepare(&self.app, &self.target, &parcel).await?;
        let mut earlier = false;
        for _ in 0..prepare::STEPS_MAX {
            let call = match step {
                prepare::Step::Nothing(why) => {
                    return Ok(Outcome::Sent { receipt: Receipt::default(), why: Some(why), earlier });
                }
                prepare::Step::Later { after_ms, cause } => return Ok(Outcome::Later { after_ms, cause }),
                prepare::Step::Dead(cause) => return Ok(Outcome::Dead(cause)),
                prepare::Step::Call(call) => *call,
            };
            let receipt = match self.make(chat.as_ref(), &call, row, lease).await {
                Ok(Made::Now(receipt)) => receipt,
                Ok(Made::Earlier(receipt)) => {
                    earlier = true;
                    receipt
                }
                Err(outcome) => return prepare::mend(&self.app, &self.target, &parcel, &call, outcome).await,
            };
            match prepare::after(&self.app, &self.target, &parcel, &call, &receipt).await? {
                Some(following) => step = following,
                None => return Ok(Outcome::Sent { receipt, why: None, earlier }),
            }
        }
        Ok(Outcome::Dead("too many steps".into()))
    }

    /// Makes one call within its budget; asks first when an earlier try may have succeeded.
    async fn make(&self, chat: &dyn Chat, call: &Call, row: &Claimed, lease: &Lease) -> Result<Made, Outcome> {
        let now = self.app.clock.now();
        let budget = chat.budget(call);
        let waits = self.with_state(|state| {
            state.pace.take(&budget, now).err().map(|_| state.pace.reserve(&budget, now, row.attempts > 1))
        });
        if let Some(until) = waits {
            return Err(Outcome::Paced { until });
        }
        if row.state_before == Before::Unsure
            && repeatable(call)
            && let Some(receipt) =
                limited(chat.find(call, &row.key, row.first_try_at)).await.map_err(Outcome::Failed)?
        {
            return Ok(Made::Earlier(receipt));
        }
        if self.app.clock.now().0 >= lease.0.load(Ordering::Relaxed) {
            // This process was frozen or could not renew: somebody else may be at it by now.
            return Err(Outcome::Later { after_ms: 0, cause: "the claim ran out before the call".into() });
        }
        let made = limited(chat.send(call, &row.key)).await;
        if let Err(SendError::RateLimited { retry_after_ms, global }) = &made {
            let until = self.app.clock.now().plus_ms(*retry_after_ms);
            self.with_state(|state| state.pace.block(&budget, until, *global));
        }
        made.map(Made::Now).map_err(Outcome::Failed)
    }

    async fn write_down(&self, row: &Claimed, outcome: Outcome) -> Result<(), Fault> {
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        match outcome {
            Outcome::Sent { receipt, why, earlier } => {
                self.with_state(|state| state.failures = 0);
                let receipt = serde_json::to_string(&receipt).unwrap_or_default();
                // What an earlier try left outside shows what was known then: if more is known now, it goes round again.
                let hold = if earlier { row.hold_of_earlier_try() } else { row.hold() };
                outbox::sent(&mut tx, &hold, &why.unwrap_or(receipt), now).await?;
            }
            Outcome::Paced { until } => put_off(&mut tx, &[(row.clone(), until)]).await?,
            Outcome::Later { after_ms, cause } if !is_given_up(row, now) => {
                // What is missing is usually there soon; what never comes is asked for ever less often.
                let wait_ms = after_ms.saturating_mul(row.attempts.clamp(1, 30));
                put_back(&mut tx, row, now.plus_ms(wait_ms), &cause).await?;
            }
            Outcome::Later { cause, .. } | Outcome::Dead(cause) => {
                tracing::warn!(outbox = row.id, kind = row.kind, target = self.target, cause, "parked");
                outbox::park(&mut tx, &row.hold(), &cause, now).await?;
            }
            Outcome::Failed(error) => self.write_failure(&mut tx, row, &error, now).await?,
        }
        tx.commit().await?;
        Ok(())
    }

    async fn write_failure(&self, tx: &mut Tx, row: &Claimed, error: &SendError, now: Timestamp) -> Result<(), Fault> {
        let cause = error.to_string();
        match error {
            SendError::RateLimited { retry_after_ms, .. } => {
                settings::put(tx, LIMITED, &now.0.to_string()).await?;
                put_back(tx, row, now.plus_ms(*retry_after_ms), &cause).await?;
            }
            SendError::Expired => {
                outbox::expire(tx, &row.hold(), &cause, now).await?;
            }
            SendError::Permanent { .. } => {
                tracing::warn!(outbox = row.id, kind = row.kind, target = self.target, cause, "refused for good");
                outbox::park(tx, &row.hold(), &cause, now).await?;
            }
            SendError::Transient(_) | SendError::Unsure(_) => {
                let failures = self.with_state(|state| {
                    state.failures = state.failures.saturating_add(1);
                    state.failures
                });
                let wait_ms = (BACKOFF_MS << row.attempts.clamp(0, 6)).min(BACKOFF_MS_MAX);
                if failures >= DOWN_AFTER {
                    let rest_ms = (BACKOFF_MS << i64::from((failures - DOWN_AFTER).min(5))).min(BACKOFF_MS_MAX / 2);
                    self.with_state(|state| state.pace.block_all(now.plus_ms(rest_ms)));
                }
                if is_given_up(row, now) {
                    outbox::park(tx, &row.hold(), &cause, now).await?;
                } else if matches!(error, SendError::Unsure(_)) {
                    outbox::unsure(tx, &row.hold(), now.plus_ms(wait_ms), &cause).await?;
                } else {
                    put_back(tx, row, now.plus_ms(wait_ms), &cause).await?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a row that failed again has had its time and its tries.
fn is_given_up(row: &Claimed, now: Timestamp) -> bool {
    now.since(row.created_at) >= GIVE_UP_MS && row.attempts >= GIVE_UP_TRIES_MIN
}

/// Puts a row back that was not done in this try. One of unknown outcome stays so: only the chat's own answer, or finding
/// the message, ends that doubt, and a failed or postponed look is neither.
async fn put_back(tx: &mut Tx, row: &Claimed, until: Timestamp, cause: &str) -> Result<(), Fault> {
    match row.state_before {
        Before::New => outbox::retry(tx, &row.hold(), until, cause).await?,
        Before::Unsure => outbox::unsure(tx, &row.hold(), until, cause).await?,
    };
    Ok(())
}

/// Puts rows back whose turn in their channel has not come.
async fn put_off(tx: &mut Tx, paced: &[(Claimed, Timestamp)]) -> Result<(), Fault> {
    for (row, until) in paced {
        put_back(tx, row, *until, "its turn in the channel has not come").await?;
    }
    Ok(())
}

/// Until when a claim holds, in milliseconds since the epoch.
struct Lease(AtomicI64);

/// How a call came to its receipt.
enum Made {
    /// It was made now.
    Now(Receipt),
    /// An earlier try of unknown outcome had succeeded: it was found.
    Earlier(Receipt),
}

/// What came of a row.
#[derive(Debug)]
pub enum Outcome {
    /// Done; `why` when there was nothing to call.
    Sent {
        /// Receipt.
        receipt: Receipt,
        /// Reason that nothing was called.
        why: Option<String>,
        /// It was not done now but by an earlier try whose outcome had been unknown.
        earlier: bool,
    },
    /// Its budget is used up until then.
    Paced {
        /// Until when.
        until: Timestamp,
    },
    /// Something it needs is not there yet.
    Later {
        /// Look again after so many milliseconds.
        after_ms: i64,
        /// What is missing.
        cause: String,
    },
    /// It can never be done.
    Dead(String),
    /// The chat's answer.
    Failed(SendError),
}

/// Calls whose repetition would be seen by people.
fn repeatable(call: &Call) -> bool {
    matches!(call, Call::Post { .. } | Call::Direct { .. } | Call::Upload { .. } | Call::CreateRoom { .. })
}

async fn limited<T>(call: impl Future<Output = Result<T, SendError>>) -> Result<T, SendError> {
    tokio::time::timeout(CALL_LIMIT, call).await.unwrap_or_else(|_| Err(SendError::Unsure("no answer in 30 s".into())))
}
