//! The picture of a report: received and answered, day by day.

use super::days;
use super::weekly;
use crate::app::say::Voice;
use crate::domain::insight::report::{DayFlow, Report};
use crate::domain::notice::Notice;
use crate::ports::chart::BarChart;

/// The chart, labelled in the channel's language.
#[must_use]
pub fn chart(report: &Report, voice: &Voice<'_>) -> BarChart {
    let values = |of: fn(&DayFlow) -> usize| {
        report.days.iter().map(|day| u32::try_from(of(day)).unwrap_or(u32::MAX)).collect::<Vec<u32>>()
    };
    BarChart {
        title: voice.plain_text(&Notice::new("chart-title").text("week", weekly::span_words(report, voice))),
        labels: report.days.iter().map(|day| days::tick(day.date, voice.lang)).collect(),
        series: vec![
            (voice.word("metric-received"), values(|day| day.received)),
            (voice.word("chart-answered"), values(|day| day.answered)),
        ],
        empty: voice.word("report-quiet"),
    }
}

/// The chart in words, for people who cannot see it: every value it shows.
#[must_use]
pub fn chart_words(report: &Report, voice: &Voice<'_>) -> String {
    let each: Vec<String> = report
        .days
        .iter()
        .map(|day| {
            let notice = Notice::new("chart-day")
                .text("day", days::tick(day.date, voice.lang))
                .number("received", i64::try_from(day.received).unwrap_or(i64::MAX))
                .number("answered", i64::try_from(day.answered).unwrap_or(i64::MAX));
            voice.plain_text(&notice)
        })
        .collect();
    let title = voice.plain_text(&Notice::new("chart-title").text("week", weekly::span_words(report, voice)));
    format!("{title}. {}", each.join(" · "))
}
