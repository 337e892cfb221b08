//! The forms of a crisis: declaring one, and the situation update.

use std::collections::BTreeMap;

use chrono::{Days, NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::{Fault, Invocation, Notice, Reply, Work};
use crate::app::commands::crisis as verbs;
use crate::domain::crisis::Crisis;
use crate::domain::crisis::crisis::TEXT_CHARS_MAX;
use crate::domain::ids::Ref;
use crate::domain::notice::Arg;
use crate::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use crate::ports::chat::{Field, FieldKind, Form};

/// Longest list of networks typed in a form.
const NETWORKS_CHARS_MAX: u32 = 200;
/// Longest time typed in a form.
const NEXT_CHARS_MAX: u32 = 20;

fn paragraph(id: &str, label: String, hint: String, value: &str, optional: bool) -> Field {
    let max = u32::try_from(TEXT_CHARS_MAX).unwrap_or(1_000);
    Field { id: id.into(), label, hint, kind: FieldKind::Paragraph { value: value.to_owned(), max }, optional }
}

fn short(id: &str, label: String, hint: String, max: u32) -> Field {
    Field { id: id.into(), label, hint, kind: FieldKind::Line { value: String::new(), max }, optional: true }
}

/// The form of a situation update, filled in with what was known last.
#[must_use]
pub fn update(work: &Work<'_>, asked: &Invocation, crisis: &Crisis) -> Reply {
    if !asked.can_open_form {
        return Reply::Say(Notice::new("crisis-say-update").subject("crisis", crisis.subject()));
    }
    let voice = super::voice(work, asked);
    let (known, unknown) = crisis.updates.last().map_or(("", ""), |last| (&last.known, &last.unknown));
    Reply::Form(Box::new(Form {
        name: "crisis_update".into(),
        state: crisis.subject().to_string(),
        title: voice.plain_text(&Notice::new("crisis-form-update-title").subject("crisis", crisis.subject())),
        submit: voice.word("crisis-form-update-submit"),
        cancel: voice.word("form-cancel"),
        intro: crate::app::cards::shorten(&crisis.text, 200),
        fields: vec![
            paragraph("known", voice.word("crisis-form-known"), voice.word("crisis-form-known-hint"), known, false),
            paragraph(
                "unknown",
                voice.word("crisis-form-unknown"),
                voice.word("crisis-form-unknown-hint"),
                unknown,
                true,
            ),
            short("next", voice.word("crisis-form-next"), voice.word("crisis-form-next-hint"), NEXT_CHARS_MAX),
        ],
    }))
}

/// The form of a declaration, for a command that left out what it is about.
#[must_use]
pub fn declare(work: &Work<'_>, asked: &Invocation, level: &str, drill: bool) -> Reply {
    if !asked.can_open_form {
        return Reply::Say(Notice::new("crisis-say-what"));
    }
    let voice = super::voice(work, asked);
    let entries =
        ["l1", "l2", "l3"].iter().map(|level| ((*level).to_owned(), voice.word(&format!("crisis-form-{level}"))));
    let levels = FieldKind::OneOf { entries: entries.collect(), value: Some(level.to_owned()) };
    let title = if drill { "crisis-form-drill-title" } else { "crisis-form-declare-title" };
    Reply::Form(Box::new(Form {
        name: if drill { "crisis_drill" } else { "crisis_declare" }.into(),
        state: String::new(),
        title: voice.word(title),
        submit: voice.word("crisis-form-declare-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.word(if drill { "crisis-form-drill-intro" } else { "crisis-form-declare-intro" }),
        fields: vec![
            Field {
                id: "level".into(),
                label: voice.word("crisis-form-level"),
                hint: String::new(),
                kind: levels,
                optional: false,
            },
            paragraph("text", voice.word("crisis-form-what"), voice.word("crisis-form-what-hint"), "", false),
            short("net", voice.word("crisis-form-net"), voice.word("crisis-form-net-hint"), NETWORKS_CHARS_MAX),
        ],
    }))
}

/// A form of a crisis was sent; `what` is its name without `crisis_`.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    what: &str,
    state: &str,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    super::may(work, &asked.member)?;
    let field = |id: &str| fields.get(id).map(|text| text.trim().to_owned()).unwrap_or_default();
    match (what, Ref::parse(state)) {
        ("update", Some(subject)) => {
            let loaded = super::load_id(work, subject).await?;
            let typed = field("next");
            let next = if typed.is_empty() { None } else { Some(instant(work.now, work.office().zone, &typed)?) };
            verbs::On { loaded, asked }.update(work, field("known"), field("unknown"), next).await
        }
        ("declare" | "drill", _) => {
            verbs::declare_as_typed(work, asked, &field("level"), &field("text"), &field("net"), what == "drill").await
        }
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// Reads when the next update is due: `30m`, `1h`, `1h30`, `13:30`, `13h30`.
fn instant(now: Timestamp, zone: Tz, typed: &str) -> Result<Timestamp, Fault> {
    let read = length_ms(typed).map(|ms| now.plus_ms(ms)).or_else(|| wall_clock(now, zone, typed));
    read.ok_or_else(|| Fault::refused(Notice::new("crisis-bad-next").with("typed", Arg::Code(typed.to_owned()))))
}

fn length_ms(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_start_matches('+').to_lowercase().replace(' ', "");
    if let Some(minutes) = typed.strip_suffix("min").or_else(|| typed.strip_suffix('m')) {
        if let Some((hours, minutes)) = minutes.split_once('h') {
            return Some(number(hours)? * HOUR_MS + number(minutes)? * MINUTE_MS);
        }
        return Some(number(minutes)? * MINUTE_MS);
    }
    Some(number(typed.strip_suffix('h')?)? * HOUR_MS)
}

/// At most four digits: no product of it can overflow.
fn number(digits: &str) -> Option<i64> {
    (1..=4).contains(&digits.len()).then(|| digits.parse::<u16>().ok()).flatten().map(i64::from)
}

/// The next time that the clocks of the office show it.
fn wall_clock(now: Timestamp, zone: Tz, typed: &str) -> Option<Timestamp> {
    let (hours, minutes) = typed.trim().split_once([':', 'h'])?;
    let time = NaiveTime::from_hms_opt(hours.trim().parse().ok()?, minutes.trim().parse().ok()?, 0)?;
    let today = now.to_utc().with_timezone(&zone).date_naive();
    [today, today.checked_add_days(Days::new(1))?]
        .into_iter()
        // A time that a change of clocks leaves out does not exist that day.
        .filter_map(|day| zone.from_local_datetime(&day.and_time(time)).earliest())
        .map(|at| Timestamp(at.timestamp_millis()))
        .find(|at| *at > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_update_is_read_as_people_type_it() {
        let zone = chrono_tz::Europe::Paris;
        // 2026-03-14 12:00 in Paris (UTC+1).
        let noon = Timestamp(1_773_486_000_000);
        for (typed, minutes) in [
            ("30m", Some(30)),
            ("45 min", Some(45)),
            ("1h", Some(60)),
            ("1h30m", Some(90)),
            ("13:30", Some(90)),
            ("13h30", Some(90)),
            ("11:00", Some(23 * 60)),
            ("25:00", None),
            ("soon", None),
            ("99999h", None),
            ("", None),
        ] {
            let read = instant(noon, zone, typed).ok().map(|at| at.since(noon) / MINUTE_MS);
            assert_eq!(read, minutes, "{typed}");
        }
    }
}
