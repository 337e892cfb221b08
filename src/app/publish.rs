//! Replies and posts on their way to a network, at most once.
//!
//! Two transactions around one call: the first claims a try (approvals, hash and freeze are read in it), the second writes
//! down what came of it. A try whose answer nobody wrote down is looked for on the network and never repeated by itself.
//! Start at [`attempt`].

use std::sync::Arc;
use std::time::Duration;

use super::courier::Outcome;
use super::drafts;
use super::work::{Parcel, Work};
use super::{App, Fault};
use crate::domain::content::draft::{Command, Draft, Status};
use crate::domain::decide::Actor;
use crate::domain::effect::Effect;
use crate::domain::ids::Ref;
use crate::domain::time::{HOUR_MS, SECOND_MS, Timestamp};
use crate::ports::chat::Receipt;
use crate::ports::network::{Network, NetworkError, Outgoing, Published};
use crate::store::outbox::Claimed;

/// No call to a network may take longer, whatever its adapter does; the courier renews its claim meanwhile.
const CALL_LIMIT: Duration = Duration::from_secs(20);
/// A claim older than this is not used any more, well within the courier's lease of 10 s.
const CLAIM_FRESH_MS: i64 = 5 * SECOND_MS;
/// Waits before a further look for a try of unknown outcome, in milliseconds: a network may show it a little later.
const LOOK_AGAIN_MS: [i64; 2] = [5 * SECOND_MS, 60 * SECOND_MS];
/// A network that puts us off for so long is told to people as a refusal; the courier would give up after 24 h.
const PUT_OFF_MS_MAX: i64 = 6 * HOUR_MS;
/// Longest wait that a network can ask for, in milliseconds.
const WAIT_MS_MAX: i64 = HOUR_MS;

/// What a claim found to do.
enum Errand {
    /// Send this try.
    Send(Try),
    /// Look whether this try is out.
    Look(Try),
    /// Nothing; the draft stands so.
    Nothing(Status),
}

/// One numbered try.
struct Try {
    subject: Ref,
    attempt: u32,
    network: String,
    outgoing: Outgoing,
    key: String,
    claimed_at: Timestamp,
}

impl Try {
    fn of(draft: &Draft, claimed_at: Timestamp) -> Option<Self> {
        let version = draft.current()?;
        let opening = &draft.opening;
        let outgoing = draft.outgoing()?;
        // A try after an unknown outcome repeats the key, so that a network which knows keys cannot take it twice; a try
        // after a certain refusal has a key of its own, because some networks answer a known key with its old refusal.
        let hash = version.hash.get(..Command::HASH_SHOWN).unwrap_or_default();
        let key = format!("{}.{hash}.{}", draft.subject(), draft.refusals);
        Some(Self {
            subject: draft.subject(),
            attempt: draft.attempt,
            network: opening.network.clone(),
            outgoing,
            key,
            claimed_at,
        })
    }
}

/// Lets an approved draft leave, at most once.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`]; the row is looked at again then, as one of unknown outcome.
pub async fn attempt(app: &App, parcel: &Parcel, row: &Claimed) -> Result<Outcome, Fault> {
    if let Parcel::Effect { effect: Effect::Moderate { ticket, number } } = parcel {
        return Box::pin(super::moderate::attempt(app, *ticket, *number, row)).await;
    }
    let Parcel::Effect { effect: Effect::Publish { draft } } = parcel else {
        return Ok(Outcome::Dead(format!("{} cannot leave to a network", row.kind)));
    };
    match claim(app, *draft).await? {
        Errand::Nothing(status) => Ok(done(format!("nothing to do: {}", status.stored()))),
        Errand::Send(order) => send(app, &order, row).await,
        Errand::Look(order) => look(app, &order).await,
    }
}

async fn claim(app: &App, subject: Ref) -> Result<Errand, Fault> {
    let mut tx = app.store.begin().await?;
    let now = app.clock.now();
    let mut work = Work::begin(app, &mut tx, now).await?;
    let gate = drafts::gate_locked(&mut work).await?;
    if drafts::peek(&mut work, subject).await?.is_none() {
        return Ok(Errand::Nothing(Status::Cancelled));
    }
    let mut loaded = drafts::load(&mut work, subject).await?;
    let decided = drafts::act(&mut work, &mut loaded, &Command::Claim { gate }, &Actor::System).await?;
    tx.commit().await?;
    app.wakers.courier.notify_waiters();
    let draft = &loaded.state;
    let sending = draft.status == Status::Sending && decided.is_ok_and(|events| !events.is_empty());
    let order = Try::of(draft, now).filter(|_| sending || draft.is_looked_for());
    Ok(match order {
        Some(order) if sending => Errand::Send(order),
        Some(order) => Errand::Look(order),
        None => Errand::Nothing(draft.status),
    })
}

async fn send(app: &App, order: &Try, row: &Claimed) -> Result<Outcome, Fault> {
    let attempt = order.attempt;
    let Some(network) = network(app, order) else {
        let cause = format!("{} is not connected", order.network);
        record(app, order, &Command::Rejected { attempt, cause: cause.clone() }).await?;
        return Ok(done(cause));
    };
    if app.clock.now().since(order.claimed_at) >= CLAIM_FRESH_MS {
        // This process stood still after its claim: another one may have asked people about it by now.
        let cause = "the claim ran out before the call".to_owned();
        record(app, order, &Command::PutOff { attempt, cause }).await?;
        return Ok(Outcome::Paced { until: app.clock.now() });
    }
    let answer = tokio::time::timeout(CALL_LIMIT, network.publish(&order.outgoing, &order.key)).await;
    match answer.unwrap_or_else(|_| Err(NetworkError::Unknown("no answer in 20 s".into()))) {
        Ok(published) => delivered(app, order, published).await,
        Err(NetworkError::Refused(cause)) => {
            record(app, order, &Command::Rejected { attempt, cause: cause.clone() }).await?;
            Ok(done(cause))
        }
        Err(NetworkError::NotNow { after_ms, cause }) => {
            if app.clock.now().since(row.created_at) > PUT_OFF_MS_MAX {
                record(app, order, &Command::Rejected { attempt, cause: cause.clone() }).await?;
                return Ok(done(cause));
            }
            record(app, order, &Command::PutOff { attempt, cause }).await?;
            // The network says when: neither sooner nor, after several tries, ever later.
            Ok(Outcome::Paced { until: app.clock.now().plus_ms(after_ms.clamp(SECOND_MS, WAIT_MS_MAX)) })
        }
        Err(NetworkError::Unknown(cause)) => {
            record(app, order, &Command::LoseAnswer { attempt, cause }).await?;
            look(app, order).await
        }
    }
}

/// Asks the network whether an earlier try is out.
async fn look(app: &App, order: &Try) -> Result<Outcome, Fault> {
    let attempt = order.attempt;
    let Some(network) = network(app, order) else {
        let cause = format!("{} is not connected", order.network);
        record(app, order, &Command::LookInVain { attempt, last: true, cause: cause.clone() }).await?;
        return Ok(done(cause));
    };
    let answer = tokio::time::timeout(CALL_LIMIT, network.find(&order.outgoing, &order.key)).await;
    let (last, cause, wait_ms) = match answer.unwrap_or_else(|_| Err(NetworkError::Unknown("no answer in 20 s".into())))
    {
        Ok(Some(published)) => return delivered(app, order, published).await,
        Ok(None) => (false, "it is not to be seen there".to_owned(), 0),
        Err(NetworkError::NotNow { after_ms, cause }) => (false, cause, after_ms),
        Err(NetworkError::Unknown(cause)) => (false, cause, 0),
        Err(NetworkError::Refused(cause)) => (true, cause, 0),
    };
    let draft = record(app, order, &Command::LookInVain { attempt, last, cause: cause.clone() }).await?;
    if !draft.is_looked_for() {
        return Ok(done(format!("a person decides: {cause}")));
    }
    let looked = usize::try_from(draft.looks).unwrap_or(usize::MAX).saturating_sub(1);
    let own_ms = LOOK_AGAIN_MS.get(looked).or(LOOK_AGAIN_MS.last()).copied().unwrap_or(SECOND_MS);
    Ok(Outcome::Paced { until: app.clock.now().plus_ms(wait_ms.clamp(own_ms, WAIT_MS_MAX)) })
}

async fn delivered(app: &App, order: &Try, published: Published) -> Result<Outcome, Fault> {
    let Published { id, url } = published;
    record(app, order, &Command::Delivered { attempt: order.attempt, id, url: url.clone() }).await?;
    let url = (!url.is_empty()).then_some(url);
    Ok(Outcome::Sent { receipt: Receipt { url, ..Receipt::default() }, why: None, earlier: false })
}

/// The second transaction: what came of the call.
async fn record(app: &App, order: &Try, command: &Command) -> Result<Draft, Fault> {
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let mut loaded = drafts::load(&mut work, order.subject).await?;
    // These commands are never refused: what does not fit the state any more changes nothing.
    let _ = drafts::act(&mut work, &mut loaded, command, &Actor::System).await?;
    tx.commit().await?;
    app.wakers.courier.notify_waiters();
    Ok(loaded.state)
}

fn network(app: &App, order: &Try) -> Option<Arc<dyn Network>> {
    app.registry.networks.get(&order.network).cloned()
}

fn done(why: String) -> Outcome {
    Outcome::Sent { receipt: Receipt::default(), why: Some(why), earlier: false }
}
