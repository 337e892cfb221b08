//! Everybody's own desk: what `/vigie me` says, what their home page shows where a chat has one, and what stands pinned in
//! their direct messages where it has none.
//!
//! One view ([`OwnDesk`]) is gathered and rendered by [`show`] for all of them, so that the numbers are the same
//! everywhere. Start at [`body`]; [`App::desks_once`] keeps the standing ones fresh.

mod press;
mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

pub use press::{pressed, submitted};
use serde::{Deserialize, Serialize};

use super::courier::Outcome;
use super::prepare::{self, Step};
use super::work::{Work, encode, read_state};
use super::{App, Fault, commands, crisis, meetings, people, rotation};
use crate::domain::desk::ticket::{Status, Ticket};
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::insight::own_desk::{Load, OwnDesk, load, week};
use crate::domain::office::{Lang, MemberId};
use crate::domain::time::{MINUTE_MS, SECOND_MS, Timestamp};
use crate::ports::chat::{Body, Call, MessageRef, Receipt, SendError};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::{directory, journal, posts, settings};

/// Tickets counted for one person; who has more has another problem.
const QUEUE_MAX: i64 = 200;
/// Open tickets counted for the team's load, soonest due first.
const TEAM_OPEN_MAX: i64 = 500;
/// A standing desk is rebuilt at most so often (PRODUCT U4).
const REBUILD_EVERY_MS: i64 = 10 * SECOND_MS;
/// Without any event a standing desk is looked at again after so long: time alone makes work late.
const LOOK_EVERY_MS: i64 = 15 * MINUTE_MS;
/// People whose desks are kept fresh; more see theirs when they open it. An office has a few dozen people.
const KEPT_MAX: usize = 200;
/// Setting that holds whose desks stand somewhere, and what was shown last.
const KEPT: &str = "desks";
/// What the message of a desk is known as.
const PURPOSE: &str = "desk";
/// What it is known as once it is pinned.
const PINNED: &str = "desk-pinned";

/// The desks that stand somewhere.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// What each showed last, as a fingerprint.
    shown: BTreeMap<MemberId, u64>,
    /// In which chats each was asked for: nobody gets a message where they never asked.
    places: BTreeMap<MemberId, BTreeSet<String>>,
    /// Whose absence, language or other state without a journal changed since.
    stale: BTreeSet<MemberId>,
    /// The journal up to here is on them.
    journal: i64,
    /// When they were looked at last.
    at: Timestamp,
}

/// Everything on one person's desk.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn gather(work: &mut Work<'_>, member: &MemberId) -> Result<OwnDesk, Fault> {
    let setup = Arc::clone(&work.setup);
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &Status::OPEN,
        owner: Some(member.as_str()),
        order: Order::Due,
        limit: QUEUE_MAX,
        ..Filter::default()
    };
    let mut queue = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        queue.push(read_state::<Ticket>(Kind::Ticket, row.id, row.state())?);
    }
    let now = work.now;
    let office = &setup.office;
    let covers = office.away.stands_in_for(office, member, now);
    let away = office.away.of(member, now).map(|leave| leave.until);
    let days = office.members.get(member).map(|found| week(office, found, now, |at| office.away.is_away(member, at)));
    Ok(OwnDesk {
        member: member.clone(),
        now,
        queue,
        approvals: commands::approve::waiting_for(work, member).await?,
        actions: meetings::open_actions(work, None, Some(member.as_str())).await?,
        crises: crisis::open_ones(work).await?,
        week: days.unwrap_or_default(),
        covers,
        covered_by: away.and_then(|_| office.away.stand_in(office, member, None, now)),
        away,
        load: team_load(work, member).await?,
    })
}

async fn team_load(work: &mut Work<'_>, member: &MemberId) -> Result<Load, Fault> {
    let setup = Arc::clone(&work.setup);
    let Some(found) = setup.office.members.get(member) else { return Ok(Load::default()) };
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &Status::OPEN,
        order: Order::Due,
        limit: TEAM_OPEN_MAX,
        ..Filter::default()
    };
    let mut open: BTreeMap<MemberId, i64> = BTreeMap::new();
    for row in aggregates::list(work.tx, &filter).await? {
        let ticket: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        if let Some(owner) = &ticket.assignee {
            let cost = rotation::cost_of(&setup.office, &ticket);
            *open.entry(owner.clone()).or_default() += cost.0;
        }
    }
    Ok(load(&setup.office, found, &open))
}

/// A person's desk as a message or page, in their language.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn body(work: &mut Work<'_>, member: &MemberId, lang: Lang) -> Result<Body, Fault> {
    let desk = gather(work, member).await?;
    show::body(work, &desk, lang).await
}

/// Remembers that a person's desk stands in a chat, and sends it there.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn keep(work: &mut Work<'_>, member: &MemberId, chat: &str, seed: &str) -> Result<(), Fault> {
    remember(work, member, chat).await?;
    work.enqueue(seed, &Effect::OwnDesk { member: member.clone() }).await
}

/// Remembers that a person's desk stands in a chat.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn remember(work: &mut Work<'_>, member: &MemberId, chat: &str) -> Result<(), Fault> {
    let mut kept = load_kept(work).await?;
    if !kept.shown.contains_key(member) && kept.shown.len() >= KEPT_MAX {
        return Ok(());
    }
    kept.shown.entry(member.clone()).or_default();
    if kept.places.entry(member.clone()).or_default().insert(chat.to_owned()) {
        save_kept(work, &kept).await?;
    }
    Ok(())
}

/// Looks at a person's desk again soon: something without a journal changed, such as an absence.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn touch(work: &mut Work<'_>, member: &MemberId) -> Result<(), Fault> {
    let mut kept = load_kept(work).await?;
    if kept.shown.contains_key(member) && kept.stale.insert(member.clone()) {
        save_kept(work, &kept).await?;
    }
    Ok(())
}

async fn load_kept(work: &mut Work<'_>) -> Result<Kept, Fault> {
    let found = settings::get_locked(work.tx, KEPT).await?;
    Ok(found.map(|json| read_state(Kind::Office, 0, &json)).transpose()?.unwrap_or_default())
}

async fn save_kept(work: &mut Work<'_>, kept: &Kept) -> Result<(), Fault> {
    Ok(settings::put(work.tx, KEPT, &encode(KEPT, kept)?).await?)
}

impl App {
    /// Rebuilds the standing desks on which something changed; true when there was one.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn desks_once(&self) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let Some(json) = settings::get(&mut tx, KEPT).await? else { return Ok(false) };
        let kept: Kept = read_state(Kind::Office, 0, &json)?;
        let since = now.since(kept.at);
        if since < REBUILD_EVERY_MS || kept.shown.is_empty() {
            return Ok(false);
        }
        let moved = !journal::after(&mut tx, kept.journal, 1).await?.is_empty();
        drop(tx);
        if !moved && kept.stale.is_empty() && since < LOOK_EVERY_MS {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let mut work = Work::begin(self, &mut tx, now).await?;
        let changed = rebuild(&mut work).await?;
        tx.commit().await?;
        Ok(changed)
    }
}

async fn rebuild(work: &mut Work<'_>) -> Result<bool, Fault> {
    let mut kept = load_kept(work).await?;
    kept.journal = journal::head(work.tx).await?;
    kept.at = work.now;
    kept.stale.clear();
    let setup = Arc::clone(&work.setup);
    kept.shown.retain(|member, _| setup.office.members.contains_key(member));
    kept.places.retain(|member, _| setup.office.members.contains_key(member));
    let mut changed = false;
    for (member, shown) in &mut kept.shown {
        let lang = people::language_of(work, Some(member), None).await?;
        let desk = body(work, member, lang).await?;
        let print = fingerprint(&encode("desk", &desk)?);
        if *shown != print {
            *shown = print;
            changed = true;
            let seed = format!("desk:{}", work.now.0);
            work.enqueue(&seed, &Effect::OwnDesk { member: member.clone() }).await?;
        }
    }
    save_kept(work, &kept).await?;
    Ok(changed)
}

/// Tells whether two desks look the same; a change that it missed would be shown at the next one.
fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    // Settings are JSON, whose numbers are exact up to 2^53 everywhere.
    hasher.finish() >> 11
}

fn subject(member: &MemberId) -> String {
    format!("desk:{member}")
}

/// The next step of a desk on its way to where it stands in a chat.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn prepare(work: &mut Work<'_>, chat: &str, member: &MemberId) -> Result<Step, Fault> {
    let kept = settings::get(work.tx, KEPT).await?;
    let kept: Kept = kept.map(|json| read_state(Kind::Office, 0, &json)).transpose()?.unwrap_or_default();
    if !kept.places.get(member).is_some_and(|places| places.contains(chat)) {
        return Ok(Step::Nothing(format!("{member} never asked for a desk on {chat}")));
    }
    let accounts = directory::identities_of(work.tx, member.as_str()).await?;
    let Some(account) = accounts.into_iter().find(|account| account.chat == chat) else {
        return Ok(Step::Nothing(format!("{member} has no account on {chat}")));
    };
    let lang = people::language_of(work, Some(member), account.locale.as_deref()).await?;
    let body = body(work, member, lang).await?;
    let user = account.user_id;
    if work.app.registry.chats.get(chat).is_some_and(|chat| chat.has_home()) {
        return Ok(Step::call(Call::Home { user, body }));
    }
    Ok(Step::call(match posts::get(work.tx, &subject(member), PURPOSE, chat).await? {
        Some(post) => Call::Edit { at: MessageRef { channel: post.channel, message: post.message }, body },
        None => Call::Direct { user, body },
    }))
}

/// Remembers where a desk was posted; it is pinned then, and once more should that not have come about.
///
/// # Errors
/// [`Fault::Store`].
pub async fn after(
    app: &App,
    chat: &str,
    member: &MemberId,
    call: &Call,
    receipt: &Receipt,
) -> Result<Option<Step>, Fault> {
    let (subject, now) = (subject(member), app.clock.now());
    match call {
        Call::Direct { .. } => {
            let Some(at) = receipt.message.clone() else { return Ok(None) };
            prepare::place(app, &subject, PURPOSE, chat, Some(&at), None, now).await?;
            Ok(Some(Step::call(Call::Pin { at })))
        }
        Call::Edit { at, .. } => {
            let mut tx = app.store.read().await?;
            let pinned = posts::get(&mut tx, &subject, PINNED, chat).await?;
            let is_pinned = pinned.is_some_and(|pinned| pinned.message == at.message);
            Ok((!is_pinned).then(|| Step::call(Call::Pin { at: at.clone() })))
        }
        Call::Pin { at } => {
            prepare::place(app, &subject, PINNED, chat, Some(at), None, now).await?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// A desk that may not be pinned stands there all the same.
#[must_use]
pub fn mend(call: &Call, outcome: Outcome) -> Outcome {
    match (&outcome, call) {
        (Outcome::Failed(SendError::Permanent { code, cause }), Call::Pin { .. }) => {
            tracing::warn!(code, cause, "a desk could not be pinned");
            Outcome::Sent { receipt: Receipt::default(), why: Some(format!("not pinned: {code}")), earlier: false }
        }
        _ => outcome,
    }
}

/// Where the message of a desk is remembered: subject and purpose.
#[must_use]
pub fn remembered(member: &MemberId) -> (String, String) {
    (subject(member), PURPOSE.to_owned())
}
