//! The weekly report as text.

use chrono::Datelike;

use super::{Lines, NONE, business, change, counted, days, oldest, spread, with_refs};
use crate::app::cards;
use crate::app::say::Voice;
use crate::domain::insight::metrics::{Figures, Load, Measured, Metric, attained_percent, nearest_rank};
use crate::domain::insight::report::{Report, week_number};
use crate::domain::notice::Notice;
use crate::domain::office::Lang;
use crate::ports::chat::{Rich, Span};

/// Title: the week's number and days.
pub(super) fn title(report: &Report, voice: &Voice<'_>) -> String {
    let notice = Notice::new("report-title")
        .number("week", week_number(report.first_day))
        .text("span", span_words(report, voice));
    voice.plain_text(&notice)
}

/// `9 to 15 March`, `30 March to 5 April`.
pub(super) fn span_words(report: &Report, voice: &Voice<'_>) -> String {
    let (first, last) = (report.first_day, report.last_day);
    let one_month = (first.year(), first.month()) == (last.year(), last.month());
    let from = if one_month { days::number(first, voice.lang) } else { days::short_day(first, voice.lang) };
    let notice = Notice::new("report-span").text("from", from).text("to", days::short_day(report.last_day, voice.lang));
    voice.plain_text(&notice)
}

/// The body of the report.
pub(super) fn text(report: &Report, voice: &Voice<'_>) -> Rich {
    let now = &report.figures;
    let before = has_before(report).then_some(&report.before);
    let mut lines = Lines::default();
    for metric in [Metric::Received, Metric::Answered, Metric::Resolved] {
        lines.add(compared(now, before, metric, voice));
    }
    lines.add_if(!now.reopened.is_empty(), || counted(now, Metric::Reopened, voice));
    lines.end_line();
    lines.add(against(counted(now, Metric::Open, voice), before.map(|before| before.open.len()), voice));
    lines.add(counted(now, Metric::Unassigned, voice));
    lines.add(with_refs(counted(now, Metric::Overdue, voice), &now.overdue));
    lines.end_line();
    lines.add_if(now.oldest_open.is_some(), || oldest("digest-oldest-open", now.oldest_open, voice));
    lines.add_if(now.oldest_unassigned.is_some(), || oldest("digest-oldest-unassigned", now.oldest_unassigned, voice));
    lines.end_line();
    lines.add(lengths(
        "report-first-response",
        &now.first_response,
        before.map(|before| before.first_response.as_slice()),
        voice,
    ));
    lines.end_line();
    lines.add_if(
        !now.next_response.is_empty() || before.is_some_and(|before| !before.next_response.is_empty()),
        || {
            let earlier = before.map(|before| before.next_response.as_slice());
            lengths("report-next-response", &now.next_response, earlier, voice)
        },
    );
    lines.end_line();
    lines.add(lengths("report-resolution", &now.resolution, before.map(|before| before.resolution.as_slice()), voice));
    lines.end_line();
    lines.add(attainment(now, voice));
    lines.add_if(!now.late.is_empty(), || with_refs(counted(now, Metric::Late, voice), &now.late));
    lines.end_line();
    for (key, due, late, metric) in [
        ("report-attainment-next", &now.next_due, &now.late_next, Metric::LateNext),
        ("report-attainment-resolution", &now.resolution_due, &now.late_resolution, Metric::LateResolution),
    ] {
        lines.add_if(!due.is_empty(), || kept(key, due, late, voice));
        lines.add_if(!late.is_empty(), || with_refs(counted(now, metric, voice), &each_once(late)));
        lines.end_line();
    }
    let covered = report.coverage.percent().is_some();
    lines.add_if(covered, || voice.say(&crate::app::coverage::figure(report.coverage, voice)));
    lines.end_line();
    lines.add_if(now.mood_points().is_some(), || mood(now, before, voice));
    lines.end_line();
    networks(report, voice, &mut lines);
    loads(report, voice, &mut lines);
    lines.done()
}

/// Whether there was a week before to compare with.
pub(super) fn has_before(report: &Report) -> bool {
    let before = &report.before;
    [&before.received, &before.answered, &before.resolved, &before.open].iter().any(|found| !found.is_empty())
}

fn compared(now: &Figures, before: Option<&Figures>, metric: Metric, voice: &Voice<'_>) -> Rich {
    let mut rich = counted(now, metric, voice);
    let Some(before) = before else { return rich };
    let change = change(now.behind(metric).len(), before.behind(metric).len(), voice);
    rich.push(Span::Text(format!(" ({change})")));
    rich
}

fn against(mut rich: Rich, before: Option<usize>, voice: &Voice<'_>) -> Rich {
    let Some(before) = before else { return rich };
    let notice = Notice::new("report-before").text("before", before.to_string());
    rich.push(Span::Text(" ".into()));
    rich.extend(voice.say(&notice));
    rich
}

fn lengths(key: &str, now: &[Measured], before: Option<&[Measured]>, voice: &Voice<'_>) -> Rich {
    let mut rich = spread(key, now, voice);
    let Some(before) = before else { return rich };
    let at = |percent| nearest_rank(before, percent).map_or_else(|| NONE.to_owned(), business);
    let notice = Notice::new("report-before").text("before", format!("{}, {}", at(50), at(90)));
    rich.push(Span::Text(" ".into()));
    rich.extend(voice.say(&notice));
    rich
}

fn attainment(figures: &Figures, voice: &Voice<'_>) -> Rich {
    let due = i64::try_from(figures.due.len()).unwrap_or(i64::MAX);
    let met = i64::try_from(figures.due.len() - figures.late.len()).unwrap_or(i64::MAX);
    match figures.attainment_percent() {
        None => voice.say(&Notice::new("report-attainment-none")),
        Some(percent) => voice
            .say(&Notice::new("report-attainment").number("percent", percent).number("met", met).number("due", due)),
    }
}

/// `Further answers in time 92% (11 of 12)`.
fn kept(key: &str, due: &[i64], late: &[i64], voice: &Voice<'_>) -> Rich {
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let notice = Notice::new(key)
        .number("percent", attained_percent(due, late).unwrap_or_default())
        .number("met", count(due.len() - late.len()))
        .number("due", count(due.len()));
    voice.say(&notice)
}

fn each_once(ids: &[i64]) -> Vec<i64> {
    let mut ids = ids.to_vec();
    ids.dedup();
    ids
}

/// `Mood −12 points (before: +3) · 8 negative · 4 % corrected · 0 % unclassified`.
fn mood(now: &Figures, before: Option<&Figures>, voice: &Voice<'_>) -> Rich {
    let signed = |points: Option<i64>| match points {
        None => NONE.to_owned(),
        Some(points) if points > 0 => format!("+{points}"),
        Some(points) if points < 0 => format!("−{}", points.abs()),
        Some(_) => "0".to_owned(),
    };
    let (unclassified, corrected) = now.unclassified_and_corrected_percent().unwrap_or_default();
    let notice = match before {
        Some(before) => Notice::new("report-mood").text("before", signed(before.mood_points())),
        None => Notice::new("report-mood-first"),
    };
    let notice = notice.text("points", signed(now.mood_points()));
    voice.say(&notice.number("corrected", corrected).number("unclassified", unclassified))
}

fn networks(report: &Report, voice: &Voice<'_>, lines: &mut Lines) {
    if report.networks.len() < 2 {
        return;
    }
    lines.add(vec![Span::Bold(voice.word("report-by-network"))]);
    for (network, figures) in &report.networks {
        lines.end_line();
        let mut first = vec![Span::Text("• ".into()), Span::Bold(cards::network_name(network)), Span::Text(" ".into())];
        first.extend(counted(figures, Metric::Received, voice));
        lines.add(first);
        for metric in [Metric::Answered, Metric::Open] {
            lines.add(counted(figures, metric, voice));
        }
        lines.add_if(!figures.first_response.is_empty(), || {
            spread("report-network-response", &figures.first_response, voice)
        });
    }
    lines.end_line();
}

fn loads(report: &Report, voice: &Voice<'_>, lines: &mut Lines) {
    let shown: Vec<&Load> = report.loads.iter().filter(|load| load.cost_milli > 0 || !load.open.is_empty()).collect();
    if shown.is_empty() {
        return;
    }
    lines.add(vec![Span::Bold(voice.word("report-loads"))]);
    for load in shown {
        let count = |list: &[i64]| i64::try_from(list.len()).unwrap_or(i64::MAX);
        let notice = Notice::new("report-load-line")
            .member("who", &load.member)
            .number("tickets", count(&load.tickets))
            .text("cost", decimal(load.cost_milli, 1_000, voice.lang))
            .number("weight", i64::from(load.weight))
            .number("open", count(&load.open));
        lines.end_line();
        lines.add(voice.say(&notice));
    }
    lines.end_line();
    let jain = report.jain_hundredths.map_or_else(|| NONE.to_owned(), |value| decimal(value, 100, voice.lang));
    lines.add(voice.say(&Notice::new("report-fairness").text("jain", jain)));
    lines.end_line();
    // Apart for each role that several people share: only within one rotation does evenness mean fairness.
    for fairness in report.fairness.iter().filter(|fairness| fairness.jain_milli.is_some()) {
        let mut line = vec![Span::Text("• ".into())];
        line.extend(crate::app::fairness::summary(fairness, voice));
        lines.add(line);
        lines.end_line();
    }
}

/// `14.5`, `14,5`: as many digits as the unit has, trailing zeros left out but for two of an index.
#[must_use]
pub fn decimal(value: i64, unit: i64, lang: Lang) -> String {
    let point = if lang == Lang::Fr { "," } else { "." };
    let rest = value % unit;
    if unit == 100 {
        return format!("{}{point}{rest:02}", value / unit);
    }
    let tenths = rest * 10 / unit;
    if tenths == 0 { format!("{}", value / unit) } else { format!("{}{point}{tenths}", value / unit) }
}
