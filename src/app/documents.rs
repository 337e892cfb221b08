//! Documents that were made once and are shown in several places: kept by name, turned into messages when they leave.
//!
//! Names: `daily:2026-03-17T08:45`, `weekly:...`, with `:details` or `:chart` for their parts, `M-3:summary`, and
//! `shared:...` for what somebody asked for and shared.
//! Start at [`prepare`].

use std::sync::Arc;

use super::prepare::{self, Step};
use super::sharing::Painted;
use super::work::{Work, encode, read_state};
use super::{App, Fault, figures, meetings, people};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::insight::report::{Cadence, Report};
use crate::domain::time::SECOND_MS;
use crate::ports::chat::{Call, FileUpload, MessageRef, Receipt};
use crate::store::posts::{self, Post};
use crate::store::{Tx, aggregates, settings};

/// Ends the name of what stands in a digest's thread.
pub const DETAILS: &str = ":details";
/// Ends the name of a report's picture.
pub const CHART: &str = ":chart";
/// Ends the name of a meeting's summary.
pub const SUMMARY: &str = ":summary";
/// Documents kept: half a year of digests and reports. Older ones lose their lists, not their messages.
const KEPT_MAX: usize = 160;
/// Setting that lists the kept documents, oldest first.
const KEPT: &str = "documents";
/// How long a part waits for the message it belongs to.
const PARENT_WAIT_MS: i64 = 2 * SECOND_MS;
/// What posts of documents are known as.
const PURPOSE: &str = "document";

/// The name of a report.
#[must_use]
pub fn id(cadence: Cadence, slot: &str) -> String {
    match cadence {
        Cadence::Daily => format!("daily:{slot}"),
        Cadence::Weekly => format!("weekly:{slot}"),
    }
}

/// Keeps a report under its name; the oldest go when there are too many.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn keep(work: &mut Work<'_>, id: &str, report: &Report) -> Result<(), Fault> {
    let kept = settings::get(work.tx, KEPT).await?;
    let mut kept: Vec<String> = kept.map(|json| read_state(Kind::Meeting, 0, &json)).transpose()?.unwrap_or_default();
    kept.push(id.to_owned());
    while kept.len() > KEPT_MAX {
        settings::delete(work.tx, &key(&kept.remove(0))).await?;
    }
    settings::put(work.tx, KEPT, &encode(KEPT, &kept)?).await?;
    settings::put(work.tx, &key(id), &encode(id, report)?).await?;
    Ok(())
}

fn key(id: &str) -> String {
    format!("document:{id}")
}

/// A kept report.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn load(tx: &mut Tx, id: &str) -> Result<Option<Report>, Fault> {
    let found = settings::get(tx, &key(id)).await?;
    found.map(|json| read_state(Kind::Meeting, 0, &json)).transpose()
}

/// Splits the name of a part: the message it belongs to, and which part it is.
fn part_of(document: &str) -> (&str, Option<&'static str>) {
    for part in [DETAILS, CHART, SUMMARY] {
        if let Some(parent) = document.strip_suffix(part) {
            return (parent, Some(part));
        }
    }
    (document, None)
}

/// The next step of a document on its way into a desk's channel.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn prepare(work: &mut Work<'_>, chat: &str, desk: &str, document: &str) -> Result<Step, Fault> {
    let (channel, lang) = match prepare::desk_channel(work, chat, desk).await? {
        Ok(found) => found,
        Err(step) => return Ok(step),
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let (parent, part) = part_of(document);
    if part == Some(SUMMARY) {
        let Some(meeting) = Ref::parse(parent) else { return Ok(Step::Dead(format!("{document} is no document"))) };
        let Some(body) = meetings::summary(work, meeting.id, &voice).await? else {
            return Ok(Step::Dead(format!("{parent} does not exist")));
        };
        let name = meetings::thread_name(work, meeting.id, &voice).await?;
        return in_thread(work, chat, parent, "card", body, name).await;
    }
    let Some(report) = load(work.tx, parent).await? else {
        return Ok(Step::Dead(format!("{parent} is not kept any more")));
    };
    match part {
        None => {
            let body = figures::report(&report, Some(parent), &voice);
            Ok(Step::Call(Box::new(Call::Post { channel, thread: None, body })))
        }
        Some(DETAILS) => {
            let tickets = tickets(work, &figures::detailed(&report)).await?;
            let Some(body) = figures::details(&report, &tickets, &voice) else {
                return Ok(Step::Nothing("there is nothing to detail".into()));
            };
            let name = figures::title(&report, &voice);
            in_thread(work, chat, parent, PURPOSE, body, super::cards::shorten(&name, 100)).await
        }
        Some(_) => chart(work, chat, parent, channel, &report, &voice).await,
    }
}

async fn tickets(work: &mut Work<'_>, ids: &[i64]) -> Result<Vec<Ticket>, Fault> {
    let mut tickets = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = aggregates::load(work.tx, Kind::Ticket.stored(), *id).await? {
            tickets.push(read_state(Kind::Ticket, *id, row.state())?);
        }
    }
    Ok(tickets)
}

async fn in_thread(
    work: &mut Work<'_>,
    chat: &str,
    parent: &str,
    purpose: &str,
    body: crate::ports::chat::Body,
    name: String,
) -> Result<Step, Fault> {
    let Some(post) = posts::get(work.tx, parent, purpose, chat).await? else {
        return Ok(Step::Later { after_ms: PARENT_WAIT_MS, cause: format!("{parent} does not stand in {chat} yet") });
    };
    let call = match post.thread {
        Some(thread) => Call::Post { channel: post.channel, thread: Some(thread), body },
        None => Call::Thread { at: MessageRef { channel: post.channel, message: post.message }, name },
    };
    Ok(Step::Call(Box::new(call)))
}

async fn chart(
    work: &mut Work<'_>,
    chat: &str,
    parent: &str,
    channel: String,
    report: &Report,
    voice: &super::say::Voice<'_>,
) -> Result<Step, Fault> {
    if posts::get(work.tx, parent, PURPOSE, chat).await?.is_none() {
        return Ok(Step::Later { after_ms: PARENT_WAIT_MS, cause: format!("{parent} does not stand in {chat} yet") });
    }
    Ok(match paint(work, parent, report, voice).await {
        Ok(Painted { file, comment }) => Step::call(Call::Upload { channel, thread: None, file, comment }),
        Err(step) => step,
    })
}

/// The chart of a report that was shared.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn painted(
    work: &mut Work<'_>,
    document: &str,
    voice: &super::say::Voice<'_>,
) -> Result<Result<Painted, Step>, Fault> {
    let Some(report) = load(work.tx, document).await? else {
        return Ok(Err(Step::Dead(format!("{document} is not kept any more"))));
    };
    Ok(paint(work, document, &report, voice).await)
}

async fn paint(work: &Work<'_>, name: &str, report: &Report, voice: &super::say::Voice<'_>) -> Result<Painted, Step> {
    let painter = work.app.registry.charts.clone().ok_or_else(|| Step::Nothing("no charts here".into()))?;
    let picture = figures::chart(report, voice);
    let comment = picture.title.clone();
    let drawn = tokio::task::spawn_blocking(move || painter.bars(&picture)).await;
    let drawn = drawn.map_err(|error| Step::Dead(format!("the chart could not be drawn: {error}")))?;
    let bytes = drawn.map_err(|error| Step::Dead(error.to_string()))?;
    let file = FileUpload {
        name: format!("{}.png", name.replace([':', 'T'], "-")),
        mime: "image/png".into(),
        alt: figures::chart_words(report, voice),
        bytes,
    };
    Ok(Painted { file, comment })
}

/// Remembers where a document stands; true when the row needs a further step.
///
/// # Errors
/// [`Fault::Store`].
pub async fn after(app: &App, chat: &str, document: &str, call: &Call, receipt: &Receipt) -> Result<bool, Fault> {
    let (parent, part) = part_of(document);
    let purpose = if part == Some(SUMMARY) { "card" } else { PURPOSE };
    let (at, thread, again) = match (call, part) {
        (Call::Post { .. }, None) => (receipt.message.clone(), None, false),
        (Call::Thread { at, .. }, Some(_)) => {
            (Some(at.clone()), Some(receipt.thread.clone().unwrap_or_else(|| at.message.clone())), true)
        }
        _ => return Ok(false),
    };
    let Some(at) = at else { return Ok(false) };
    let mut tx = app.store.begin().await?;
    let post = Post {
        subject: parent.to_owned(),
        purpose: purpose.to_owned(),
        chat: chat.to_owned(),
        channel: at.channel,
        message: at.message,
        thread,
        at: app.clock.now(),
    };
    posts::put(&mut tx, &post).await?;
    tx.commit().await?;
    Ok(again)
}
