//! What the digest says beside the figures: the posts of the day and what waits for approval, and how Vigie itself is.

use super::say_count;
use crate::app::say::Voice;
use crate::domain::ids::Ref;
use crate::domain::insight::report::Report;
use crate::domain::notice::{Arg, Notice};
use crate::domain::time::MINUTE_MS;
use crate::ports::chat::{Rich, Span};

/// Drafts named; more are counted.
const DRAFTS_MAX: usize = 3;
/// A queue is said to be old from this wait on: the budgets of the chats explain anything shorter.
const OLD_MS: i64 = MINUTE_MS;

/// The drafts of the day, in segments.
pub(super) fn drafts(report: &Report, voice: &Voice<'_>) -> Vec<Rich> {
    let mut segments = Vec::new();
    let posts = &report.drafts;
    if !posts.today.is_empty() {
        segments.push(named(say_count("digest-posts", posts.today.len(), voice), &posts.today));
    }
    let waiting: Vec<Ref> = posts.waiting.iter().map(|(draft, _)| *draft).collect();
    if let Some((_, since)) = posts.waiting.first() {
        let notice = Notice::new("digest-waiting")
            .number("count", i64::try_from(waiting.len()).unwrap_or(i64::MAX))
            .with("length", Arg::Span(report.period.as_of.since(*since)));
        segments.push(named(voice.say(&notice), &waiting));
    }
    segments
}

fn named(mut rich: Rich, drafts: &[Ref]) -> Rich {
    for (index, draft) in drafts.iter().take(DRAFTS_MAX).enumerate() {
        rich.push(Span::Text(if index == 0 { " → ".into() } else { ", ".into() }));
        rich.push(Span::Bold(draft.to_string()));
    }
    if drafts.len() > DRAFTS_MAX {
        rich.push(Span::Text(format!(" … +{}", drafts.len() - DRAFTS_MAX)));
    }
    rich
}

/// What waits to leave, what could not, and when a chat last asked to slow down.
pub(super) fn health(report: &Report, voice: &Voice<'_>) -> Vec<Rich> {
    let (queue, now) = (&report.queue, report.period.as_of);
    let mut segments = vec![voice.say(&Notice::new("digest-health").number("waiting", queue.waiting))];
    let oldest = queue.oldest_at.map(|at| now.since(at)).filter(|wait| *wait >= OLD_MS);
    segments.extend(oldest.map(|wait| voice.say(&Notice::new("digest-health-oldest").with("length", Arg::Span(wait)))));
    if queue.parked > 0 {
        segments.push(voice.say(&Notice::new("digest-health-parked").number("parked", queue.parked)));
    }
    segments.push(match queue.limited_at {
        Some(at) => voice.say(&Notice::new("digest-limited").with("length", Arg::Span(now.since(at).max(0)))),
        None => voice.say(&Notice::new("digest-limited-never")),
    });
    segments
}

/// How the mood has moved against the week before, in points.
pub(super) fn mood(report: &Report, voice: &Voice<'_>) -> Option<Rich> {
    let change = report.figures.mood_points()? - report.before.mood_points()?;
    let sign = match change {
        0 => "",
        _ if change > 0 => "+",
        _ => "−",
    };
    Some(voice.say(&Notice::new("digest-mood").text("sign", sign).number("points", change.abs())))
}
