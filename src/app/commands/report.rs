//! `/report`: the digest, the report and the list behind each figure, on demand.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, documents, figures, reports, sharing};
use crate::domain::insight::metrics::Metric;
use crate::domain::insight::report::{Cadence, Report, Span, daily_period, weekly_period};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, Office};
use crate::domain::rhythm::day;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::Timestamp;

/// Words that post the answer for everybody.
const SHARE: [&str; 2] = ["share", "partager"];
/// Oldest report that can be asked for, in days: three years of journal.
const DAYS_BACK_MAX: i64 = 3 * 366;

const PERIOD: ArgSpec = ArgSpec::place("period", "periode", Takes::Word, false);
const SHARED: ArgSpec = ArgSpec::place("share", "partager", Takes::OneOf(&["share", "partager"]), false);
const NET: ArgSpec = ArgSpec::named("net", "reseau", Takes::Word);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "report", command_fr: "rapport", name, name_fr, args, right: Some(Right::Reports), examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "daily",
        "jour",
        &[PERIOD, SHARED, NET],
        &["report daily", "report daily yesterday share", "rapport jour aujourd'hui net:instagram"],
        |work, asked| Box::pin(show(work, asked, Cadence::Daily)),
    ),
    verb(
        "weekly",
        "semaine",
        &[PERIOD, SHARED, NET],
        &["report weekly", "report weekly this share", "rapport semaine"],
        |work, asked| Box::pin(show(work, asked, Cadence::Weekly)),
    ),
    verb(
        "metric",
        "indicateur",
        &[
            ArgSpec::place(
                "metric",
                "indicateur",
                Takes::OneOf(&[
                    "received",
                    "answered",
                    "resolved",
                    "reopened",
                    "open",
                    "unassigned",
                    "overdue",
                    "late",
                    "first-response",
                    "next-response",
                    "late-next",
                    "resolution",
                    "late-resolution",
                    "recus",
                    "repondus",
                    "resolus",
                    "rouverts",
                    "ouverts",
                    "libres",
                    "retard",
                    "hors-delai",
                    "reponse",
                    "suite",
                    "suite-hors-delai",
                    "resolution-hors-delai",
                ]),
                true,
            ),
            PERIOD,
            NET,
        ],
        &["report metric late", "report metric first-response yesterday", "rapport indicateur recus"],
        |work, asked| Box::pin(metric(work, asked)),
    ),
];

async fn show(work: &mut Work<'_>, asked: &Invocation, cadence: Cadence) -> Result<Reply, Fault> {
    let typed = asked.parsed.get("period").map(str::to_lowercase);
    let (period, first_shares) = match typed.as_deref() {
        Some(word) if SHARE.contains(&word) => (None, true),
        other => (other, false),
    };
    let share = first_shares || asked.parsed.get("share").is_some() || asked.parsed.has_flag("share");
    if share {
        let everybody = Scope { network: None, topic: None, own: false };
        super::allow(&work.setup, &asked.member, Right::Reports, everybody)?;
    }
    let report = make(work, asked, cadence, period).await?;
    let setup = std::sync::Arc::clone(&work.setup);
    if !share {
        let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
        return Ok(Reply::Show(Box::new(figures::report(&report, None, &voice))));
    }
    let lang = sharing::language(work, asked).await?;
    // Kept, so that its picture shows the same figures and its menu can list the tickets behind them.
    let document = format!("shared:{}", asked.request);
    documents::keep(work, &document, &report).await?;
    if cadence == Cadence::Weekly && !report.is_quiet() {
        sharing::picture(work, asked, lang, document.clone()).await?;
    }
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    Ok(Reply::Public(Box::new(figures::report(&report, Some(&document), &voice))))
}

async fn make(work: &mut Work<'_>, asked: &Invocation, cadence: Cadence, typed: Option<&str>) -> Result<Report, Fault> {
    let refused = || {
        let key = if cadence == Cadence::Daily { "report-bad-day" } else { "report-bad-week" };
        Fault::refused(Notice::new(key).with("typed", Arg::Code(typed.unwrap_or_default().to_owned())))
    };
    let span = span(work.office(), work.now, cadence, typed).ok_or_else(refused)?;
    let only = reports::reach(work, &asked.member)?;
    let network = asked.parsed.get("net").map(str::to_lowercase);
    reports::make(work, cadence, &span, only.as_ref(), network.as_deref()).await
}

async fn metric(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let typed = asked.parsed.get("metric").unwrap_or_default().to_owned();
    let unknown = || {
        let name = |(en, fr): (&'static str, &'static str)| if asked.lang == Lang::Fr { fr } else { en };
        let names: Vec<&str> = Metric::ALL.into_iter().map(|metric| name(metric.names())).collect();
        let notice = Notice::new("report-bad-metric").with("typed", Arg::Code(typed.clone()));
        Fault::refused(notice.text("names", names.join(", ")))
    };
    let metric = Metric::read(&typed).ok_or_else(unknown)?;
    let period = asked.parsed.get("period").map(str::to_lowercase);
    // A week by itself; a single day when a day is named.
    let daily =
        period.as_deref().is_some_and(|period| span(work.office(), work.now, Cadence::Weekly, Some(period)).is_none());
    let cadence = if daily { Cadence::Daily } else { Cadence::Weekly };
    let report = make(work, asked, cadence, period.as_deref()).await?;
    reports::list(work, asked, &report, metric, report.member.clone().as_ref()).await
}

/// The days that are meant; `None` for words that mean none, days to come, and days too long ago.
fn span(office: &Office, now: Timestamp, cadence: Cadence, typed: Option<&str>) -> Option<Span> {
    let today = day::of(now, office.zone);
    let (first, last) = match (cadence, typed) {
        (Cadence::Daily, None) => return Some(daily_period(office, now)),
        (Cadence::Weekly, None) => return Some(weekly_period(office, now)),
        (Cadence::Daily, Some(typed)) => {
            let date = past_day(typed, today)?;
            (date, date)
        }
        (Cadence::Weekly, Some(typed)) => {
            let monday = week(typed, today)?;
            (monday, day::back(monday, -6))
        }
    };
    let asked_back = (today - first).num_days();
    ((0..=DAYS_BACK_MAX).contains(&asked_back)).then(|| Span::of_days(first, last, office, now))
}

/// A day by name or date; weekdays mean the last one.
fn past_day(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let date = day::read(typed, today)?;
    let named = !typed.contains(|c: char| c.is_ascii_digit());
    Some(if date > today && named { day::back(date, 7) } else { date })
}

/// Monday of a week: `this`, `last`, `2026-W11`.
fn week(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let monday = day::monday(today);
    match typed {
        "this" | "cette" | "courante" => return Some(monday),
        "last" | "derniere" | "dernière" => return Some(day::back(monday, 7)),
        _ => {}
    }
    let upper = typed.to_uppercase();
    let (year, number) = upper.split_once("-W").or_else(|| upper.split_once("-S"))?;
    NaiveDate::from_isoywd_opt(year.parse().ok()?, number.parse().ok()?, Weekday::Mon)
        .filter(|date| date.iso_week().week() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("test date")
    }

    #[test]
    fn weeks_are_read_as_people_type_them() {
        for (typed, monday) in [
            ("this", Some("2026-03-16")),
            ("cette", Some("2026-03-16")),
            ("last", Some("2026-03-09")),
            ("2026-w11", Some("2026-03-09")),
            ("2026-s11", Some("2026-03-09")),
            ("2026-W53", Some("2026-12-28")),
            ("2025-W53", None),
            ("soon", None),
        ] {
            assert_eq!(week(typed, date("2026-03-17")), monday.map(date), "{typed}");
        }
    }

    #[test]
    fn a_weekday_means_the_last_one() {
        for (typed, day) in [
            ("fri", Some("2026-03-13")),
            ("mardi", Some("2026-03-17")),
            ("hier", Some("2026-03-16")),
            ("2026-02-01", Some("2026-02-01")),
            ("2026-04-01", Some("2026-04-01")),
        ] {
            assert_eq!(past_day(typed, date("2026-03-17")), day.map(date), "{typed}");
        }
    }
}
