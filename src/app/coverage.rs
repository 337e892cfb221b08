//! Coverage as people see it: the gaps that a leave would make, the digest's line, the week as text and as a picture.
//!
//! Counts with who is away as known now; for weeks that are over, with who was away then. Start at [`week`].

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use super::absence;
use super::prepare::Step;
use super::say::{Voice, written_day};
use super::sharing::Painted;
use super::work::{Work, read_state};
use super::{Fault, cards, figures, rota};
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Lang;
use crate::domain::people::absence::{Absence, Stage};
use crate::domain::people::coverage::{Cover, Figures, Gap, Map, Rota, STEP_MS};
use crate::domain::people::substitution::{Absences, Leave};
use crate::domain::rhythm::day;
use crate::domain::time::{DAY_MS, HOUR_MS, Timestamp};
use crate::ports::chart::Grid;
use crate::ports::chat::{Accent, Block, Body, FileUpload, Rich, Span};
use crate::store::aggregates::{self, Filter};

/// Begins the name of a week's picture among the documents.
pub const DOCUMENT: &str = "coverage:";
/// Days of a week.
const WEEK_DAYS: i64 = 7;
/// Gaps named in one sentence; more are counted.
const NAMED_MAX: usize = 6;
/// Gaps warned of in a preview.
const WARNED_MAX: usize = 5;
/// How far a leave without a known end is looked ahead: the digest says the rest, day by day.
const OPEN_AHEAD_MS: i64 = 2 * WEEK_DAYS * DAY_MS;
/// Absences that ended in a week and are counted with.
const ENDED_MAX: i64 = 500;

/// Gaps that an absence makes and that are not there without it, soonest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn new_gaps(work: &mut Work<'_>, wish: &Absence) -> Result<Vec<Gap>, Fault> {
    let (from, setup) = (floor(wish.plan.from.max(work.now)), Arc::clone(&work.setup));
    let office = &setup.office;
    let until = wish.plan.until.unwrap_or_else(|| from.plus_ms(OPEN_AHEAD_MS));
    let with = absence::with(office.away.clone(), wish);
    let swaps = rota::swaps(work).await?;
    let rota = Rota { office, away: &office.away, swaps: &swaps };
    let before: BTreeSet<Gap> = Map::of(rota, from, until, None).gaps().into_iter().collect();
    let after = Map::of(Rota { away: &with, ..rota }, from, until, None).gaps();
    Ok(after.into_iter().filter(|gap| !before.contains(gap)).collect())
}

/// The same as warnings.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn warnings(work: &mut Work<'_>, wish: &Absence) -> Result<Vec<Notice>, Fault> {
    let gaps = new_gaps(work, wish).await?;
    Ok(gaps.iter().take(WARNED_MAX).map(|gap| about("absence-preview-gap", gap)).collect())
}

/// The soonest gap as a line for the team, and how many follow; `None` for none.
#[must_use]
pub fn uncovered(gaps: &[Gap]) -> Option<Notice> {
    let more = i64::try_from(gaps.len().saturating_sub(1)).unwrap_or(i64::MAX);
    Some(about("absence-uncovered-line", gaps.first()?).number("more", more))
}

fn about(key: &str, gap: &Gap) -> Notice {
    Notice::new(key).text("network", cards::network_name(&gap.network)).with("hours", hours_arg(gap))
}

fn hours_arg(gap: &Gap) -> Arg {
    Arg::Hours(gap.from, gap.until)
}

/// Steps begin on quarters.
fn floor(at: Timestamp) -> Timestamp {
    Timestamp(at.0.div_euclid(STEP_MS) * STEP_MS)
}

/// The gaps of the coming days, soonest first: what the digest warns of.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn ahead(work: &mut Work<'_>) -> Result<Vec<Gap>, Fault> {
    let swaps = rota::swaps(work).await?;
    let (office, from) = (work.office(), floor(work.now));
    let rota = Rota { office, away: &office.away, swaps: &swaps };
    Ok(Map::of(rota, from, from.plus_ms(WEEK_DAYS * DAY_MS), None).gaps())
}

/// Gaps as one sentence.
#[must_use]
pub fn sentence(gaps: &[Gap], voice: &Voice<'_>) -> Rich {
    let names: Vec<String> = gaps.iter().take(NAMED_MAX).map(|gap| named(gap, voice)).collect();
    let more = i64::try_from(gaps.len().saturating_sub(NAMED_MAX)).unwrap_or(i64::MAX);
    voice.say(&Notice::new("coverage-gaps").text("gaps", names.join(", ")).number("more", more))
}

fn named(gap: &Gap, voice: &Voice<'_>) -> String {
    format!("{} {}", cards::network_name(&gap.network), hours(gap.from, gap.until, voice.office.zone, voice.lang))
}

/// A stretch on the wall clock: `sam. 18–22 h`, `Sat 18:00–22:00`, over days `sam. 18 h – dim. 9 h`.
#[must_use]
pub fn hours(from: Timestamp, until: Timestamp, zone: Tz, lang: Lang) -> String {
    let local = |at: Timestamp| at.to_utc().with_timezone(&zone);
    let (start, end) = (local(from), local(until));
    let weekday = |at: Timestamp| written_day(at, zone, lang);
    let clock = |hour: u32, minute: u32| match (lang, minute) {
        (Lang::En, _) => format!("{hour:02}:{minute:02}"),
        (Lang::Fr, 0) => format!("{hour}"),
        (Lang::Fr, _) => format!("{hour} h {minute:02}"),
    };
    // Midnight ends the day that it closes.
    let midnight = end.hour() == 0 && end.minute() == 0;
    let same = day::of(from, zone) == day::of(until.plus_ms(-1), zone);
    let end_hour = if midnight { 24 } else { end.hour() };
    let (first, last) = (clock(start.hour(), start.minute()), clock(end_hour, end.minute()));
    let unit = |minute: u32| if lang == Lang::Fr && minute == 0 { "\u{a0}h" } else { "" };
    if same {
        let first =
            if lang == Lang::Fr && start.minute() == 0 && end.minute() != 0 { format!("{first} h") } else { first };
        return format!("{} {first}–{last}{}", weekday(from), unit(end.minute()));
    }
    let last_day = weekday(until.plus_ms(-1));
    format!("{} {first}{} – {last_day} {last}{}", weekday(from), unit(start.minute()), unit(end.minute()))
}

/// Network-hours of `[from, until)`, with who was away then.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn measured(work: &mut Work<'_>, from: Timestamp, until: Timestamp) -> Result<Figures, Fault> {
    let away = known_in(work, from).await?;
    let swaps = rota::swaps(work).await?;
    Ok(Map::of(Rota { office: work.office(), away: &away, swaps: &swaps }, from, until, None).figures())
}

/// Leaves that hold, and those that have ended since an instant, as long as they really lasted.
pub async fn known_in(work: &mut Work<'_>, since: Timestamp) -> Result<Absences, Fault> {
    let mut away = work.office().away.clone();
    let filter = Filter {
        kind: Kind::Absence.stored(),
        statuses: &["ended"],
        closed: Some((since, work.now.plus_ms(1))),
        limit: ENDED_MAX,
        ..Filter::default()
    };
    for row in aggregates::list(work.tx, &filter).await? {
        let ended: Absence = read_state(Kind::Absence, row.id, row.state())?;
        let held = Absence { stage: Stage::Confirmed, ..ended.clone() };
        away.leaves.extend(held.leave().map(|leave| Leave {
            from: ended.begun_at.unwrap_or(leave.from),
            until: ended.closed_at,
            ..leave
        }));
    }
    Ok(away)
}

/// A week of coverage.
#[derive(Clone, Debug)]
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// The map, from that Monday's first instant.
    pub map: Map,
    /// The first instant after it.
    pub until: Timestamp,
}

/// The week that a Monday begins, for one network or all.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn week(work: &mut Work<'_>, monday: NaiveDate, network: Option<&str>) -> Result<Week, Fault> {
    let zone = work.office().zone;
    let from = day::start(monday, zone);
    let until = day::start(day::back(monday, -WEEK_DAYS), zone);
    let away = known_in(work, from).await?;
    let swaps = rota::swaps(work).await?;
    let map = Map::of(Rota { office: work.office(), away: &away, swaps: &swaps }, from, until, network);
    Ok(Week { monday, map, until })
}

/// The week as text: the figure, then each network with its gaps.
#[must_use]
pub fn body(week: &Week, voice: &Voice<'_>) -> Body {
    let title = title(week, voice);
    let mut blocks = vec![Block::Header(title.clone())];
    if week.map.rows.is_empty() {
        blocks.push(Block::Text(voice.say(&Notice::new("coverage-none-promised"))));
        return Body { summary: title, blocks, ..Body::default() };
    }
    blocks.push(Block::Text(voice.say(&figure(week.map.figures(), voice))));
    let gaps = week.map.gaps();
    let mut lines = Rich::new();
    for row in &week.map.rows {
        let mine: Vec<&Gap> = gaps.iter().filter(|gap| gap.network == row.network).collect();
        let shown: Vec<String> =
            mine.iter().take(NAMED_MAX).map(|gap| hours(gap.from, gap.until, voice.office.zone, voice.lang)).collect();
        let key = if mine.is_empty() { "coverage-row-whole" } else { "coverage-row" };
        let notice = Notice::new(key)
            .with("network", Arg::Strong(cards::network_name(&row.network)))
            .text("gaps", shown.join(", "))
            .number("more", i64::try_from(mine.len().saturating_sub(NAMED_MAX)).unwrap_or(i64::MAX));
        if !lines.is_empty() {
            lines.push(Span::Text("\n".into()));
        }
        lines.extend(voice.say(&notice));
    }
    blocks.push(Block::Text(lines));
    let accent = if gaps.is_empty() { Accent::Green } else { Accent::Orange };
    Body { summary: title, blocks, accent }
}

/// `Coverage 91 % (45 of 49 network-hours), 3 h by stand-ins`.
#[must_use]
pub fn figure(figures: Figures, voice: &Voice<'_>) -> Notice {
    let hours = |minutes: i64| {
        let point = if voice.lang == Lang::Fr { "," } else { "." };
        match minutes % 60 {
            0 => format!("{}", minutes / 60),
            rest => format!("{}{point}{}", minutes / 60, rest * 10 / 60),
        }
    };
    Notice::new(if figures.percent().is_some() { "coverage-figure" } else { "coverage-figure-none" })
        .number("percent", figures.percent().unwrap_or(0))
        .text("covered", hours(figures.covered_minutes))
        .text("required", hours(figures.required_minutes))
        .number("has_backup", i64::from(figures.backup_minutes > 0))
        .text("backup", hours(figures.backup_minutes))
}

fn title(week: &Week, voice: &Voice<'_>) -> String {
    let sunday = day::back(week.monday, 1 - WEEK_DAYS);
    let notice = Notice::new("coverage-title")
        .text("from", figures::short_day(week.monday, voice.lang))
        .text("to", figures::short_day(sunday, voice.lang));
    voice.plain_text(&notice)
}

/// The week as a picture: a row for each network, a column for each hour in which somebody has to be anywhere.
#[must_use]
pub fn picture(week: &Week, voice: &Voice<'_>) -> Grid {
    let zone = voice.office.zone;
    let steps = usize::try_from(week.until.since(week.map.from) / STEP_MS).unwrap_or(0);
    let at = |step: usize| week.map.from.plus_ms(i64::try_from(step).unwrap_or(0) * STEP_MS);
    let needed = |step: usize| {
        let mut covers = week.map.rows.iter().filter_map(|row| row.steps.get(step));
        covers.any(|cover| *cover != Cover::Free)
    };
    let hour_of = |step: usize| at(step).to_utc().with_timezone(&zone).hour();
    let wanted: Vec<u32> = (0..steps).filter(|step| needed(*step)).map(hour_of).collect();
    let (first, last) = (wanted.iter().min().copied().unwrap_or(9), wanted.iter().max().copied().unwrap_or(17));
    let mut columns = Vec::new();
    let mut groups = Vec::new();
    for offset in 0..WEEK_DAYS {
        let date = day::back(week.monday, -offset);
        let label = written_day(day::start(date, zone).plus_ms(12 * HOUR_MS), zone, voice.lang);
        groups.push((label, usize::try_from(last - first + 1).unwrap_or(1)));
        for hour in first..=last {
            columns.push((date, hour));
        }
    }
    let rows = week
        .map
        .rows
        .iter()
        .map(|row| {
            let mut worst = std::collections::BTreeMap::new();
            for (step, cover) in row.steps.iter().enumerate() {
                let local = at(step).to_utc().with_timezone(&zone);
                let cell = worst.entry((local.date_naive(), local.hour())).or_insert(Cover::Free);
                *cell = (*cell).max(*cover);
            }
            let cells = columns.iter().map(|place| worst.get(place).copied().unwrap_or(Cover::Free) as u8).collect();
            (cards::network_name(&row.network), cells)
        })
        .collect();
    Grid {
        title: title(week, voice),
        note: voice.plain_text(&figure(week.map.figures(), voice)),
        rows,
        groups,
        first_hour: first,
        hour_unit: if voice.lang == Lang::Fr { " h".into() } else { ":00".into() },
        legend: ["coverage-own", "coverage-backup", "coverage-gap"].map(|key| voice.word(key)).into(),
        empty: voice.word("coverage-none-promised"),
    }
}

/// The name of a week's picture, to be posted once for each request.
#[must_use]
pub fn document(monday: NaiveDate, network: Option<&str>, request: &str) -> String {
    format!("{DOCUMENT}{monday}:{}:{request}", network.unwrap_or_default())
}

/// A week's picture that was shared.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn painted(work: &mut Work<'_>, document: &str, voice: &Voice<'_>) -> Result<Result<Painted, Step>, Fault> {
    let mut parts = document.trim_start_matches(DOCUMENT).splitn(3, ':');
    let monday = parts.next().and_then(|date| date.parse::<NaiveDate>().ok());
    let network = parts.next().filter(|network| !network.is_empty()).map(str::to_owned);
    let request = parts.next().unwrap_or_default();
    let Some(monday) = monday else { return Ok(Err(Step::Dead(format!("{document} is no week")))) };
    let Some(painter) = work.app.registry.charts.clone() else {
        return Ok(Err(Step::Nothing("no charts here".into())));
    };
    let week = week(work, monday, network.as_deref()).await?;
    let (grid, alt) = (picture(&week, voice), words(&week, voice));
    let comment = grid.title.clone();
    let drawn = tokio::task::spawn_blocking(move || painter.grid(&grid)).await;
    let bytes = match drawn {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Ok(Err(Step::Dead(error.to_string()))),
        Err(error) => return Ok(Err(Step::Dead(format!("the picture could not be drawn: {error}")))),
    };
    // By this name it is found again when an answer is lost: each request has its own.
    let name = format!("coverage-{monday}-{request}.png");
    Ok(Ok(Painted { file: FileUpload { name, mime: "image/png".into(), alt, bytes }, comment }))
}

/// The picture in words, for people who cannot see it.
fn words(week: &Week, voice: &Voice<'_>) -> String {
    let gaps = week.map.gaps();
    let figure = voice.plain_text(&figure(week.map.figures(), voice));
    let named: Vec<String> = gaps.iter().take(NAMED_MAX * 2).map(|gap| named(gap, voice)).collect();
    if named.is_empty() { figure } else { format!("{figure} ⚠ {}", named.join(", ")) }
}

/// Reads a week as people type it: nothing or `this`, `next`, or a day in it; `None` for anything else.
#[must_use]
pub fn read_week(typed: Option<&str>, now: Timestamp, zone: Tz) -> Option<NaiveDate> {
    let today = day::of(now, zone);
    let monday = day::monday(today);
    match typed.map(str::to_lowercase).as_deref() {
        None | Some("this" | "cette") => Some(monday),
        Some("next" | "prochaine") => Some(day::back(monday, -WEEK_DAYS)),
        Some("last" | "passée" | "passee") => Some(day::back(monday, WEEK_DAYS)),
        Some(other) => day::read(other, today).map(day::monday).filter(|found| found.year() > 2_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_written_as_both_languages_write_hours() {
        let at = |text: &str| {
            let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
            day::at_time(wall.date(), wall.time(), Tz::Europe__Paris)
        };
        for (from, until, en, fr) in [
            ("2026-03-21 18:00", "2026-03-21 22:00", "Sat 21 Mar 18:00–22:00", "sam. 21 mars 18–22\u{a0}h"),
            ("2026-03-21 18:30", "2026-03-21 22:00", "Sat 21 Mar 18:30–22:00", "sam. 21 mars 18 h 30–22\u{a0}h"),
            ("2026-03-21 18:00", "2026-03-21 19:30", "Sat 21 Mar 18:00–19:30", "sam. 21 mars 18 h–19 h 30"),
            ("2026-03-21 18:00", "2026-03-22 00:00", "Sat 21 Mar 18:00–24:00", "sam. 21 mars 18–24\u{a0}h"),
            (
                "2026-03-21 18:00",
                "2026-03-22 09:00",
                "Sat 21 Mar 18:00 – Sun 22 Mar 09:00",
                "sam. 21 mars 18\u{a0}h – dim. 22 mars 9\u{a0}h",
            ),
        ] {
            let (from, until) = (at(from), at(until));
            assert_eq!(hours(from, until, Tz::Europe__Paris, Lang::En), en);
            assert_eq!(hours(from, until, Tz::Europe__Paris, Lang::Fr), fr);
        }
    }
}
