//! Who is writing right now: whoever opened the reply or note form of a ticket, until they send it or ten minutes pass.
//!
//! Never part of a ticket's history, and never keeps anybody from writing. Start at [`begin`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::Fault;
use crate::app::say::Voice;
use crate::app::work::{Work, encode};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::store::settings;

/// Somebody who opened a form counts as writing for so long.
pub const WRITING_MS: i64 = 10 * MINUTE_MS;
/// How often a card that says since how long somebody writes is brought up to date.
const REFRESH_MS: i64 = 2 * MINUTE_MS;
/// Most people shown as writing on one ticket.
const WRITERS_MAX: usize = 5;
/// Where it is kept.
const SETTING: &str = "writing";

/// Somebody who writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Who.
    pub who: MemberId,
    /// Since when.
    pub since: Timestamp,
    /// Which refresh of the card has been asked for.
    #[serde(default)]
    shown: i64,
}

type Writers = BTreeMap<i64, Vec<Writer>>;

fn read(stored: Option<String>) -> Writers {
    stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// As it is, for change: nobody else writes it before this transaction ends.
async fn locked(work: &mut Work<'_>) -> Result<Writers, Fault> {
    settings::put_new(work.tx, SETTING, "").await?;
    Ok(read(settings::get_locked(work.tx, SETTING).await?))
}

async fn keep(work: &mut Work<'_>, writers: &Writers) -> Result<(), Fault> {
    Ok(settings::put(work.tx, SETTING, &encode(SETTING, writers)?).await?)
}

async fn show(work: &mut Work<'_>, ticket: i64) -> Result<(), Fault> {
    let subject = Ref::new(Kind::Ticket, ticket);
    work.enqueue(&format!("writing:{subject}"), &Effect::Card { subject }).await
}

/// Somebody opened a form of this ticket; returns who else is at it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn begin(work: &mut Work<'_>, ticket: i64, member: &MemberId) -> Result<Vec<Writer>, Fault> {
    let mut all = locked(work).await?;
    let now = work.now;
    let at_it = all.entry(ticket).or_default();
    at_it.retain(|writer| now.since(writer.since) < WRITING_MS && writer.who != *member);
    let others = at_it.clone();
    if at_it.len() < WRITERS_MAX {
        at_it.push(Writer { who: member.clone(), since: now, shown: 0 });
    }
    keep(work, &all).await?;
    show(work, ticket).await?;
    Ok(others)
}

/// The writer is done.
///
/// # Errors
/// [`Fault::Store`].
pub async fn end(work: &mut Work<'_>, ticket: i64, member: &MemberId) -> Result<(), Fault> {
    let mut all = locked(work).await?;
    let Some(at_it) = all.get_mut(&ticket) else { return Ok(()) };
    let before = at_it.len();
    at_it.retain(|writer| writer.who != *member);
    if at_it.len() == before {
        return Ok(());
    }
    if at_it.is_empty() {
        all.remove(&ticket);
    }
    keep(work, &all).await?;
    show(work, ticket).await
}

/// Who writes on a ticket now.
///
/// # Errors
/// [`Fault::Store`].
pub async fn now(work: &mut Work<'_>, ticket: i64) -> Result<Vec<Writer>, Fault> {
    let all = read(settings::get(work.tx, SETTING).await?);
    let now = work.now;
    let writers = all.get(&ticket).cloned().unwrap_or_default();
    Ok(writers.into_iter().filter(|writer| now.since(writer.since) < WRITING_MS).collect())
}

/// Forgets who stopped long ago and brings the cards up to date; returns whether anything changed.
///
/// # Errors
/// [`Fault::Store`].
pub async fn sweep(work: &mut Work<'_>) -> Result<bool, Fault> {
    let now = work.now;
    let step = |writer: &Writer| now.since(writer.since) / REFRESH_MS;
    let is_stale = |writer: &Writer| now.since(writer.since) >= WRITING_MS || step(writer) > writer.shown;
    let seen = read(settings::get(work.tx, SETTING).await?);
    if !seen.values().flatten().any(is_stale) {
        return Ok(false);
    }
    let mut all = locked(work).await?;
    let stale: Vec<i64> =
        all.iter().filter(|(_, writers)| writers.iter().any(is_stale)).map(|(ticket, _)| *ticket).collect();
    for writers in all.values_mut() {
        writers.retain(|writer| now.since(writer.since) < WRITING_MS);
        for writer in writers.iter_mut() {
            writer.shown = now.since(writer.since) / REFRESH_MS;
        }
    }
    all.retain(|_, writers| !writers.is_empty());
    keep(work, &all).await?;
    for ticket in &stale {
        show(work, *ticket).await?;
    }
    Ok(!stale.is_empty())
}

/// Who else writes, a sentence each, for whoever opens a form.
#[must_use]
pub fn sentences(writers: &[Writer], now: Timestamp, voice: &Voice<'_>) -> Vec<String> {
    let said = |writer: &Writer| {
        let ago = Arg::Span(now.since(writer.since));
        voice.plain_text(&Notice::new("reply-writing").member("who", &writer.who).with("ago", ago))
    };
    writers.iter().map(said).collect()
}
