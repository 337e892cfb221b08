//! Digest, report and lists as messages, in the reader's language.
//!
//! Never computes a figure: what is shown was counted in `domain::insight`. What has no value is shown as a dash, never
//! as 0. Start at [`report`].

mod charted;
mod days;
mod morning;
mod weekly;

pub use charted::{chart, chart_words};
pub use days::{day, short_day, tick};
pub use weekly::decimal;

use super::cards;
use super::say::Voice;
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::insight::metrics::{Figures, Measured, Metric, change_percent, nearest_rank};
use crate::domain::insight::report::{Cadence, Report};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rhythm::day as local_day;
use crate::ports::chat::{Accent, Block, Body, Control, Rich, Span};

/// References named behind a figure; more are counted.
const REFS_MAX: usize = 5;
/// Tickets in a list; more are counted.
pub const LISTED_MAX: usize = 20;
/// Tickets of each group in a digest's thread.
const DETAILED_MAX: usize = 10;
/// Entries of a menu (Slack takes 100, Discord 25).
const MENU_MAX: usize = 25;
/// What stands where there is no value.
pub(super) const NONE: &str = "–";

/// Collects segments into lines: `a · b · c`.
#[derive(Default)]
pub(super) struct Lines {
    rich: Rich,
    in_line: bool,
}

impl Lines {
    pub(super) fn add(&mut self, segment: Rich) {
        if self.in_line {
            self.rich.push(Span::Text(" · ".into()));
        } else if !self.rich.is_empty() {
            self.rich.push(Span::Text("\n".into()));
        }
        self.rich.extend(segment);
        self.in_line = true;
    }

    pub(super) fn add_if(&mut self, wanted: bool, segment: impl FnOnce() -> Rich) {
        if wanted {
            self.add(segment());
        }
    }

    pub(super) fn add_all(&mut self, segments: impl IntoIterator<Item = Rich>) {
        segments.into_iter().for_each(|segment| self.add(segment));
    }

    pub(super) fn end_line(&mut self) {
        self.in_line = false;
    }

    pub(super) fn done(self) -> Rich {
        self.rich
    }
}

/// The title line.
#[must_use]
pub fn title(report: &Report, voice: &Voice<'_>) -> String {
    match report.cadence {
        Cadence::Daily => digest_title(report, voice),
        Cadence::Weekly => weekly::title(report, voice),
    }
}

/// Made in the morning about the days before, rather than about one chosen day.
fn is_digest(report: &Report) -> bool {
    report.period.as_of > report.period.to
}

fn digest_title(report: &Report, voice: &Voice<'_>) -> String {
    let zone = voice.office.zone;
    let as_of = report.period.as_of;
    let shown = if is_digest(report) { local_day::of(as_of, zone) } else { report.first_day };
    let key = if is_digest(report) { "digest-title" } else { "digest-title-day" };
    let time = as_of.to_utc().with_timezone(&zone).format("%H:%M").to_string();
    let notice = Notice::new(key)
        .text("day", days::capital(&day(shown, voice.lang)))
        .text("zone", zone.name())
        .text("time", time);
    voice.plain_text(&notice)
}

/// The whole message. `document` is the name it is kept under; without one there is no menu.
#[must_use]
pub fn report(report: &Report, document: Option<&str>, voice: &Voice<'_>) -> Body {
    let title = title(report, voice);
    let mut blocks = vec![Block::Header(title.clone())];
    let text = match report.cadence {
        _ if report.is_quiet() => quiet(report, voice),
        Cadence::Daily => digest(report, voice),
        Cadence::Weekly => weekly::text(report, voice),
    };
    blocks.push(Block::Text(text));
    let remarks = remarks(report, voice);
    if !remarks.is_empty() {
        blocks.push(Block::Context(remarks));
    }
    if let Some(menu) = document.and_then(|document| menu(report, document, voice)) {
        blocks.push(Block::Controls(vec![menu]));
    }
    let accent = if report.figures.overdue.is_empty() { Accent::Green } else { Accent::Orange };
    Body { summary: title, blocks, accent: if report.is_quiet() { Accent::Plain } else { accent } }
}

/// Nothing happened: a line that says so, and the gaps in the days ahead.
fn quiet(report: &Report, voice: &Voice<'_>) -> Rich {
    let mut lines = Lines::default();
    lines.add(voice.say(&Notice::new(quiet_key(report.cadence))));
    lines.end_line();
    if report.cadence == Cadence::Daily {
        lines.add_if(!report.gaps.is_empty(), || super::coverage::sentence(&report.gaps, voice));
        lines.end_line();
        lines.add_all(morning::drafts(report, voice));
        lines.end_line();
    }
    lines.done()
}

fn quiet_key(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Daily => "digest-quiet",
        Cadence::Weekly => "report-quiet",
    }
}

fn digest(report: &Report, voice: &Voice<'_>) -> Rich {
    let figures = &report.figures;
    let mut lines = Lines::default();
    lines.add(flow(report, voice));
    for metric in [Metric::Answered, Metric::Resolved, Metric::Open] {
        lines.add(counted(figures, metric, voice));
    }
    lines.end_line();
    lines.add(with_refs(counted(figures, Metric::Overdue, voice), &figures.overdue));
    lines.add(say_count("digest-due-today", report.due_today.len(), voice));
    lines.add_if(!figures.late.is_empty(), || with_refs(counted(figures, Metric::Late, voice), &figures.late));
    lines.end_line();
    lines.add_if(figures.oldest_unassigned.is_some(), || {
        oldest("digest-oldest-unassigned", figures.oldest_unassigned, voice)
    });
    lines.add_if(figures.oldest_open.is_some() && figures.oldest_open != figures.oldest_unassigned, || {
        oldest("digest-oldest-open", figures.oldest_open, voice)
    });
    lines.end_line();
    lines
        .add_if(!figures.first_response.is_empty(), || spread("digest-first-response", &figures.first_response, voice));
    lines.add_if(!figures.next_response.is_empty(), || spread("digest-next-response", &figures.next_response, voice));
    lines.add_if(!report.before.received.is_empty(), || {
        let change = change(figures.received.len(), report.before.received.len(), voice);
        voice.say(&Notice::new("digest-volume").text("change", change))
    });
    lines.add_all(morning::mood(report, voice));
    lines.end_line();
    lines.add_all(morning::drafts(report, voice));
    lines.end_line();
    lines.add_if(!report.away.is_empty(), || away(report, voice));
    lines.add_if(!report.gaps.is_empty(), || super::coverage::sentence(&report.gaps, voice));
    lines.end_line();
    lines.add_if(!report.late_consultations.is_empty(), || {
        let waiting = &report.late_consultations;
        with_refs(say_count("digest-consultations", waiting.len(), voice), waiting)
    });
    lines.end_line();
    lines.add_if(!report.actions.is_empty(), || actions(report, voice));
    lines.end_line();
    lines.add_all(morning::health(report, voice));
    lines.done()
}

/// `Yesterday: 64 received`.
fn flow(report: &Report, voice: &Voice<'_>) -> Rich {
    let when = match (is_digest(report), report.first_day == report.last_day) {
        (true, true) => voice.word("digest-yesterday"),
        (true, false) => {
            let notice = Notice::new("digest-since").text("day", days::weekday(report.first_day, voice.lang));
            voice.plain_text(&notice)
        }
        (false, _) => voice.word("digest-that-day"),
    };
    let mut rich = vec![Span::Bold(when), Span::Text(" ".into())];
    rich.extend(counted(&report.figures, Metric::Received, voice));
    rich
}

/// `61 answered`, in the plural form of the number.
pub(super) fn counted(figures: &Figures, metric: Metric, voice: &Voice<'_>) -> Rich {
    say_count(&format!("count-{}", metric.names().0), figures.behind(metric).len(), voice)
}

fn say_count(key: &str, count: usize, voice: &Voice<'_>) -> Rich {
    voice.say(&Notice::new(key).number("count", i64::try_from(count).unwrap_or(i64::MAX)))
}

pub(super) fn with_refs(mut rich: Rich, ids: &[i64]) -> Rich {
    for (index, id) in ids.iter().take(REFS_MAX).enumerate() {
        rich.push(Span::Text(if index == 0 { " → ".into() } else { ", ".into() }));
        rich.push(Span::Bold(Ref::new(Kind::Ticket, *id).to_string()));
    }
    if ids.len() > REFS_MAX {
        rich.push(Span::Text(format!(" … +{}", ids.len() - REFS_MAX)));
    }
    rich
}

pub(super) fn oldest(key: &str, found: Option<Measured>, voice: &Voice<'_>) -> Rich {
    let (length, ids) = match found {
        Some((minutes, id)) => (business(minutes), vec![id]),
        None => (NONE.to_owned(), Vec::new()),
    };
    with_refs(voice.say(&Notice::new(key).text("length", length)), &ids)
}

/// Median and 90th percentile of lengths.
pub(super) fn spread(key: &str, lengths: &[Measured], voice: &Voice<'_>) -> Rich {
    let at = |percent| nearest_rank(lengths, percent).map_or_else(|| NONE.to_owned(), business);
    voice.say(&Notice::new(key).text("median", at(50)).text("p", at(90)))
}

/// A length of business time. Days are not used: a business day is no 24 hours.
#[must_use]
pub fn business(minutes: i64) -> String {
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {:02}", minutes / 60, minutes % 60) }
}

/// `+8 %`, `−3 %`, or a dash when there is nothing to compare with.
pub(super) fn change(now: usize, before: usize, voice: &Voice<'_>) -> String {
    let Some(percent) = change_percent(now, before) else { return NONE.to_owned() };
    let sign = match percent {
        0 => "=",
        _ if percent > 0 => "+",
        _ => "−",
    };
    let notice = Notice::new("report-percent").text("sign", sign).number("percent", percent.abs());
    if percent == 0 { "=".to_owned() } else { voice.plain_text(&notice) }
}

fn away(report: &Report, voice: &Voice<'_>) -> Rich {
    let names: Vec<String> = report
        .away
        .iter()
        .map(|(member, stand_in)| match stand_in {
            Some(other) => voice.plain_text(&Notice::new("digest-covered").member("who", member).member("by", other)),
            None => voice.office.name_of(member).to_owned(),
        })
        .collect();
    voice.say(&Notice::new("digest-away").text("names", names.join(", ")))
}

fn actions(report: &Report, voice: &Voice<'_>) -> Rich {
    let mut rich = voice.say(&Notice::new("digest-actions"));
    for (index, action) in report.actions.iter().enumerate() {
        let key = if action.carried > 0 { "digest-action-carried" } else { "digest-action" };
        let notice = Notice::new(key)
            .subject("action", Ref::new(Kind::Action, action.id))
            .text("owner", voice.office.name_of(&action.owner))
            .number("carried", i64::from(action.carried));
        rich.push(Span::Text(if index == 0 { " ".into() } else { ", ".into() }));
        rich.extend(voice.say(&notice));
    }
    rich
}

/// What the reader must know about the figures themselves.
fn remarks(report: &Report, voice: &Voice<'_>) -> Rich {
    let mut lines = Lines::default();
    if let Some(late_ms) = report.late_ms {
        lines.add(voice.say(&Notice::new("report-posted-late").with("late", Arg::Span(late_ms))));
        lines.end_line();
    }
    if let Some(member) = &report.member {
        lines.add(voice.say(&Notice::new("report-own").member("who", member)));
    }
    if let Some(network) = &report.network {
        lines.add(voice.say(&Notice::new("report-one-network").text("network", cards::network_name(network))));
    }
    lines.end_line();
    lines.add_if(report.cut, || voice.say(&Notice::new("report-cut")));
    lines.end_line();
    lines.add_if(!report.excluded.is_empty(), || say_count("report-excluded", report.excluded.len(), voice));
    lines.end_line();
    let compared = report.cadence == Cadence::Daily || weekly::has_before(report);
    lines.add_if(!compared && !report.is_quiet(), || voice.say(&Notice::new("report-nothing-before")));
    lines.end_line();
    let how = if report.cadence == Cadence::Daily { "digest-how" } else { "report-how" };
    lines.add_if(!report.is_quiet(), || voice.say(&Notice::new(how)));
    lines.done()
}

/// A menu that lists the tickets behind a figure.
fn menu(report: &Report, document: &str, voice: &Voice<'_>) -> Option<Control> {
    let entries: Vec<(String, String)> = Metric::ALL
        .into_iter()
        .map(|metric| (metric, report.figures.behind(metric).len()))
        .filter(|(_, count)| *count > 0)
        .map(|(metric, count)| {
            let name = metric.names().0;
            (name.to_owned(), format!("{} ({count})", voice.word(&format!("metric-{name}"))))
        })
        .take(MENU_MAX)
        .collect();
    (!entries.is_empty()).then(|| Control::Menu {
        action: "report.tickets".into(),
        value: document.to_owned(),
        placeholder: voice.word("report-show-tickets"),
        entries,
    })
}

/// The tickets whose lines stand in a digest's thread.
#[must_use]
pub fn detailed(report: &Report) -> Vec<i64> {
    let mut ids: Vec<i64> = report.figures.overdue.iter().take(DETAILED_MAX).copied().collect();
    for id in report.figures.unassigned.iter().take(DETAILED_MAX) {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    ids
}

/// What stands in a digest's thread: late and unassigned tickets line by line, and who has how many; `None` for nothing.
#[must_use]
pub fn details(report: &Report, tickets: &[Ticket], voice: &Voice<'_>) -> Option<Body> {
    let mut blocks = Vec::new();
    for (key, ids) in [("metric-overdue", &report.figures.overdue), ("metric-unassigned", &report.figures.unassigned)] {
        let shown = ids.iter().take(DETAILED_MAX).filter_map(|id| tickets.iter().find(|ticket| ticket.id == *id));
        let lines: Rich = shown.flat_map(|ticket| super::commands::ticket::line(ticket, voice)).collect();
        if lines.is_empty() {
            continue;
        }
        let mut rich = vec![Span::Bold(format!("{} ({})", voice.word(key), ids.len())), Span::Text("\n".into())];
        rich.extend(lines);
        blocks.push(Block::Text(rich));
    }
    let loads: Vec<_> = report.loads.iter().filter(|load| !load.open.is_empty()).collect();
    if !loads.is_empty() {
        let mut lines = Lines::default();
        lines.add(vec![Span::Bold(voice.word("report-open-by-person"))]);
        for load in loads {
            let count = i64::try_from(load.open.len()).unwrap_or(i64::MAX);
            lines.end_line();
            lines.add(voice.say(&Notice::new("report-open-line").member("who", &load.member).number("count", count)));
        }
        blocks.push(Block::Text(lines.done()));
    }
    let summary = voice.word("report-details");
    (!blocks.is_empty()).then(|| Body { summary, blocks, ..Body::default() })
}

/// The tickets behind a figure, as a list.
#[must_use]
pub fn list(
    report: &Report,
    metric: Metric,
    count: usize,
    tickets: &[(Ticket, Option<i64>)],
    voice: &Voice<'_>,
) -> Body {
    let notice = Notice::new("report-list-title")
        .with("metric", Arg::Word(format!("metric-{}", metric.names().0)))
        .text("from", short_day(report.first_day, voice.lang))
        .text("to", short_day(report.last_day, voice.lang))
        .number("count", i64::try_from(count).unwrap_or(i64::MAX));
    let title = voice.plain_text(&notice);
    if tickets.is_empty() {
        return Body {
            summary: title.clone(),
            blocks: vec![Block::Header(title), Block::Text(voice.say(&Notice::new("report-list-empty")))],
            ..Body::default()
        };
    }
    let mut lines = Rich::new();
    for (ticket, minutes) in tickets {
        if let Some(minutes) = minutes {
            lines.push(Span::Text(format!("{} · ", business(*minutes))));
        }
        lines.extend(super::commands::ticket::line(ticket, voice));
    }
    let mut blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    if count > tickets.len() {
        blocks.push(Block::Context(say_count("report-list-more", count - tickets.len(), voice)));
    }
    Body { summary: title, blocks, ..Body::default() }
}

#[cfg(test)]
mod tests;
