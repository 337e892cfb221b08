//! When a post leaves: reading the time, planning, warning of what stands beside it, publishing at once.

use super::{apply, gate, load, need};
use crate::app::Fault;
use crate::app::commands::{Invocation, Reply};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work, read_state};
use crate::domain::content::draft::{Command, Draft, Status};
use crate::domain::content::when::{self, Point, Problem, Shift};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::Right;
use crate::domain::time::{DAY_MS, MINUTE_MS};
use crate::ports::chat::{Block, Body};
use crate::store::aggregates::{self, Filter};

/// The same words on one network within this time are named before they bore anybody (PRODUCT F33: 24 h).
const SAME_TEXT_MS: i64 = DAY_MS;
/// Two posts of one network nearer than this are named as a clash: readers see the later one only.
const CLASH_MS: i64 = 15 * MINUTE_MS;
/// Posts of the network compared with.
const COMPARED_MAX: i64 = 200;

/// Plans a post for a time as typed.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn schedule(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Draft>,
    typed: &str,
) -> Result<Reply, Fault> {
    let approved = matches!(loaded.state.status, Status::Approved | Status::Scheduled);
    let by_plan = need(work, asked, &loaded.state, Right::Schedule);
    if by_plan.is_err() && !(approved && need(work, asked, &loaded.state, Right::ScheduleApproved).is_ok()) {
        by_plan?;
    }
    let zone = work.setup.office.zone;
    let point = when::read(typed, work.now, zone).map_err(|problem| unreadable(typed, problem))?;
    let gate = gate(work).await?;
    let command = Command::Plan { at: point.at, wall: point.wall.clone(), gate };
    apply(work, loaded, &command, asked).await?;
    let mut notices = vec![planned(&loaded.state, &point, zone.name())];
    notices.extend(beside(work, &loaded.state).await?);
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let summary = notices.first().map(|notice| voice.plain_text(notice)).unwrap_or_default();
    let blocks = notices.iter().map(|notice| Block::Text(voice.say(notice))).collect();
    Ok(Reply::Show(Box::new(Body { summary, blocks, ..Body::default() })))
}

/// The time echoed with date and zone, and what still has to happen before it.
fn planned(draft: &Draft, point: &Point, zone: &str) -> Notice {
    let key = match draft.status {
        Status::Scheduled => "draft-planned",
        Status::InReview => "draft-planned-in-review",
        _ => "draft-planned-unapproved",
    };
    let shift = match point.shift {
        Shift::None => "draft-shift-none",
        Shift::Skipped => "draft-shift-skipped",
        Shift::Doubled => "draft-shift-doubled",
    };
    let wall = point.wall.replace('T', " ");
    let notice = Notice::new(key).with("at", Arg::At(point.at)).text("wall", wall).text("zone", zone);
    super::about(draft, notice.with("shift", Arg::Word(shift.into())))
}

fn unreadable(typed: &str, problem: Problem) -> Fault {
    let key = match problem {
        Problem::Unreadable => "when-unreadable",
        Problem::Past => "when-past",
        Problem::TooFar => "when-too-far",
    };
    Fault::refused(Notice::new(key).with("typed", Arg::Code(typed.trim().to_owned())))
}

/// Posts of the same network that say the same or leave at nearly the same time.
async fn beside(work: &mut Work<'_>, draft: &Draft) -> Result<Vec<Notice>, Fault> {
    let Some(at) = draft.plan.as_ref().map(|plan| plan.at) else { return Ok(Vec::new()) };
    let filter = Filter {
        kind: Kind::Post.stored(),
        network: Some(&draft.opening.network),
        limit: COMPARED_MAX,
        ..Filter::default()
    };
    let mut notices = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        let other: Draft = read_state(Kind::Post, row.id, row.state())?;
        let time = other.plan.as_ref().map(|plan| plan.at).or(other.receipt.as_ref().map(|receipt| receipt.at));
        let Some(time) = time.filter(|_| other.id != draft.id && other.status != Status::Cancelled) else { continue };
        let apart_ms = at.since(time).abs();
        let warn = |key: &str| Notice::new(key).subject("other", other.subject()).with("at", Arg::At(time));
        if apart_ms < SAME_TEXT_MS && other.text() == draft.text() {
            notices.push(warn("draft-same-text"));
        } else if apart_ms < CLASH_MS {
            notices.push(warn("draft-clash"));
        }
    }
    Ok(notices)
}

/// Takes a plan back.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn unschedule(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Draft>) -> Result<Reply, Fault> {
    if need(work, asked, &loaded.state, Right::Schedule).is_err() {
        need(work, asked, &loaded.state, Right::ScheduleApproved)?;
    }
    apply(work, loaded, &Command::Unplan, asked).await?;
    Ok(Reply::Say(super::about(&loaded.state, Notice::new("draft-unplanned"))))
}

/// Lets an approved post leave now; it takes somebody who did not approve it alone.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn publish_now(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Draft>) -> Result<Reply, Fault> {
    need(work, asked, &loaded.state, Right::PublishNow)?;
    let gate = gate(work).await?;
    apply(work, loaded, &Command::PublishNow { gate }, asked).await?;
    Ok(Reply::Say(super::about(&loaded.state, Notice::new("draft-going"))))
}

/// Loads a post for a command.
///
/// # Errors
/// A refusal when it is something else; [`Fault::Store`].
pub async fn load_post(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Draft>, Fault> {
    if subject.kind != Kind::Post {
        return Err(Fault::refused(Notice::new("not-a-post").subject("draft", subject)));
    }
    load(work, subject).await
}
