//! `/rota show`: one week of the rota as people read it: hours, turns, who is on call, swaps and absences.
//!
//! Never changes anything. Start at [`body`].

use chrono::{Datelike, NaiveDate, Weekday};

use super::explain::decimal;
use super::say::Voice;
use super::work::Work;
use super::{Fault, rota, rotation};
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, Member, Role};
use crate::domain::people::on_call;
use crate::domain::people::swap::{Exchange, Swap};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::rhythm::day;
use crate::domain::time::Timestamp;
use crate::ports::chat::{Block, Body, Rich, Span};
use crate::store::aggregates;

/// Days of a week.
const WEEK_DAYS: i64 = 7;
/// Weeks of being on call that are shown from the one asked for on.
const SHIFTS_SHOWN: usize = 4;
/// People shown of one role; more do not fit a message.
const PEOPLE_MAX: usize = 25;
/// Roles in one answer.
const ROLES_MAX: usize = 8;
/// Minutes of an hour.
const HOUR_MINUTES: u16 = 60;

/// Monday of a week as people name it: `this`, `next`, `2026-W12`, a date in it; `None` for anything else.
#[must_use]
pub fn week(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let monday = day::monday(today);
    match typed.to_lowercase().as_str() {
        "this" | "cette" | "courante" => return Some(monday),
        "next" | "prochaine" => return Some(day::back(monday, -WEEK_DAYS)),
        _ => {}
    }
    let upper = typed.to_uppercase();
    if let Some((year, number)) = upper.split_once("-W").or_else(|| upper.split_once("-S")) {
        return NaiveDate::from_isoywd_opt(year.parse().ok()?, number.parse().ok()?, Weekday::Mon);
    }
    let named = typed.starts_with(|c: char| c.is_ascii_digit());
    named.then(|| day::read(typed, today)).flatten().map(day::monday)
}

/// The rota of a week: of one role, or of all that rotate.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn body(
    work: &mut Work<'_>,
    role: Option<&str>,
    monday: NaiveDate,
    voice: &Voice<'_>,
) -> Result<Body, Fault> {
    let zone = voice.office.zone;
    let (from, to) = (day::start(monday, zone), day::start(day::back(monday, -WEEK_DAYS), zone));
    let title = Notice::new("rota-title").number("week", i64::from(monday.iso_week().week()));
    let title = title.with("from", Arg::Day(from)).with("to", Arg::Day(to.plus_ms(-1)));
    let title = voice.plain_text(&title);
    let mut blocks = vec![Block::Header(title.clone())];
    let wanted = |found: &&Role| role.map_or(found.rotation, |role| found.name == role);
    let swaps = rota::swaps(work).await?;
    for found in voice.office.roles.values().filter(wanted).take(ROLES_MAX) {
        blocks.push(Block::Text(of_role(work, found, (from, to), &swaps, voice).await?));
    }
    let lines = swapped(&swaps, (from, to), role, voice);
    if !lines.is_empty() {
        blocks.push(Block::Text(lines));
    }
    Ok(Body { summary: title, blocks, ..Body::default() })
}

async fn of_role(
    work: &mut Work<'_>,
    role: &Role,
    (from, to): (Timestamp, Timestamp),
    swaps: &[Swap],
    voice: &Voice<'_>,
) -> Result<Rich, Fault> {
    let name = role.name.as_str();
    if let Some(weeks) = on_call::weeks(voice.office, name) {
        let mut lines = voice.say(&Notice::new("rota-role-on-call").with("role", Arg::Strong(name.to_owned())));
        let mut shift = weeks.shift_at(from);
        for _ in 0..SHIFTS_SHOWN {
            let line = Notice::new("rota-shift").member("who", weeks.on_call(&shift, swaps));
            lines.push(Span::Text("\n".into()));
            lines.extend(voice.say(&line.with("from", Arg::At(shift.from)).with("until", Arg::At(shift.until))));
            shift = weeks.after(&shift);
        }
        return Ok(lines);
    }
    let standings = rotation::standings(work, name).await?;
    let loads = aggregates::count_open_by_owner(work.tx, Kind::Ticket.stored()).await?;
    let mut lines = voice.say(&Notice::new("rota-role-turns").with("role", Arg::Strong(name.to_owned())));
    let holders: Vec<&Member> = voice.office.holders(name).collect();
    if holders.is_empty() {
        lines.push(Span::Text("\n".into()));
        lines.extend(voice.say(&Notice::new("rota-nobody")));
    }
    for member in holders.into_iter().take(PEOPLE_MAX) {
        let turn = standings.members.get(&member.id).map_or(0.0, |standing| standing.virtual_time.turns());
        let open =
            loads.iter().find(|(owner, _)| owner.as_deref() == Some(member.id.as_str())).map_or(0, |load| load.1);
        #[allow(clippy::cast_possible_truncation, reason = "hundredths of turns; saturates far beyond any real value")]
        let hundredths = (turn * 100.0).round() as i64;
        let notice = Notice::new("rota-person")
            .member("who", &member.id)
            .text("hours", member.hours.as_ref().map_or_else(|| voice.word("rota-any-time"), |own| hours(own, voice)))
            .number("share", i64::from(member.weight))
            .text("turn", decimal(hundredths, voice.lang))
            .number("open", open);
        lines.push(Span::Text("\n".into()));
        lines.extend(voice.say(&notice));
        let leaves = voice.office.away.leaves.iter();
        for gone in leaves.filter(|leave| leave.member == member.id && leave.overlaps(from, Some(to))) {
            let until = gone.until.map(|until| Notice::new("rota-away").with("until", Arg::At(until)));
            lines.extend(voice.say(&until.unwrap_or_else(|| Notice::new("rota-away-open"))));
        }
    }
    Ok(lines)
}

/// The swaps that touch the week.
fn swapped(swaps: &[Swap], (from, to): (Timestamp, Timestamp), role: Option<&str>, voice: &Voice<'_>) -> Rich {
    let mut lines = Rich::new();
    let touches = |swap: &&Swap| match &swap.making.what {
        Exchange::Day { date } => {
            let start = day::start(*date, voice.office.zone);
            from <= start && start < to
        }
        Exchange::Weeks { role: of, given, taken } => {
            role.is_none_or(|role| role == of)
                && [given, taken].iter().any(|shift| shift.from < to && from < shift.until)
        }
    };
    for swap in swaps.iter().filter(touches) {
        if !lines.is_empty() {
            lines.push(Span::Text("\n".into()));
        }
        lines.extend(voice.say(&swap.notice("line", voice.office)));
    }
    lines
}

/// Working hours in short: `mon–thu 09:00–12:30, 13:30–17:00`, with the zone where it is not the office's.
#[must_use]
pub fn hours(calendar: &Calendar, voice: &Voice<'_>) -> String {
    const DAYS_EN: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    const DAYS_FR: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    let names = if voice.lang == Lang::Fr { DAYS_FR } else { DAYS_EN };
    let clock = |minute: u16| format!("{:02}:{:02}", minute / HOUR_MINUTES, minute % HOUR_MINUTES);
    let mut parts = Vec::new();
    let week = calendar.week();
    let mut start = 0;
    while start < week.len() {
        let same = week[start..].iter().take_while(|spans| **spans == week[start]).count();
        let last = start + same - 1;
        if !week[start].is_empty() {
            let days = if same == 1 { names[start].to_owned() } else { format!("{}–{}", names[start], names[last]) };
            let spans: Vec<String> = week[start]
                .iter()
                .map(|span| format!("{}–{}", clock(span.from_minute), clock(span.to_minute)))
                .collect();
            parts.push(format!("{days} {}", spans.join(", ")));
        }
        start = last + 1;
    }
    let zone = calendar.zone();
    if zone != voice.office.zone {
        parts.push(format!("({})", zone.name()));
    }
    parts.join(" · ")
}
