//! `/away`: who is not there.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::people::{Absence, absences, set_absences};
use crate::app::work::Work;
use crate::app::{Fault, own_desk};
use crate::domain::notice::{Arg, Notice};
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// Longest absence that can be typed as a length, in days; longer ones have an end date.
const DAYS_MAX: i64 = 365;

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "away", command_fr: "absence", name, name_fr, args, right: None, examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "for",
        "pour",
        &[ArgSpec::place("length", "duree", Takes::Word, true)],
        &["away for 2d", "absence pour 4h"],
        |work, asked| Box::pin(away(work, asked, false)),
    ),
    verb("sick", "malade", &[], &["away sick"], |work, asked| Box::pin(away(work, asked, true))),
    verb("back", "retour", &[], &["away back"], |work, asked| Box::pin(back(work, asked))),
    verb("list", "liste", &[], &["away list"], |work, asked| Box::pin(list(work, asked))),
];

async fn away(work: &mut Work<'_>, asked: &Invocation, sick: bool) -> Result<Reply, Fault> {
    let until = match asked.parsed.get("length") {
        Some(typed) => Some(end(work.now, typed)?),
        None => None,
    };
    let mut all = absences(work).await?;
    all.insert(asked.member.clone(), Absence { from: work.now, until, sick });
    set_absences(work, &all).await?;
    own_desk::touch(work, &asked.member).await?;
    let notice = Notice::new(if until.is_some() { "away-until" } else { "away-open" });
    Ok(Reply::Say(until.map_or_else(|| notice.clone(), |until| notice.clone().with("until", Arg::At(until)))))
}

/// Reads `15m`, `4h`, `2d` (French `2j`).
fn end(now: Timestamp, typed: &str) -> Result<Timestamp, Fault> {
    let refused = || Fault::refused(Notice::new("bad-length").with("typed", Arg::Code(typed.to_owned())));
    let typed = typed.trim().to_lowercase();
    let unit = typed.chars().last().ok_or_else(refused)?;
    let number: i64 =
        typed.get(..typed.len() - unit.len_utf8()).and_then(|digits| digits.parse().ok()).ok_or_else(refused)?;
    let unit_ms = match unit {
        'm' => MINUTE_MS,
        'h' => HOUR_MS,
        'd' | 'j' => DAY_MS,
        _ => return Err(refused()),
    };
    let length_ms =
        number.checked_mul(unit_ms).filter(|ms| (1..=DAYS_MAX * DAY_MS).contains(ms)).ok_or_else(refused)?;
    Ok(now.plus_ms(length_ms))
}

async fn back(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut all = absences(work).await?;
    let was_away = all.remove(&asked.member).is_some();
    set_absences(work, &all).await?;
    own_desk::touch(work, &asked.member).await?;
    Ok(Reply::Say(Notice::new(if was_away { "away-back" } else { "away-was-here" })))
}

async fn list(work: &mut Work<'_>, _asked: &Invocation) -> Result<Reply, Fault> {
    let all = absences(work).await?;
    let names: Vec<String> = all
        .iter()
        .filter(|(_, absence)| absence.covers(work.now))
        .map(|(member, _)| work.office().name_of(member).to_owned())
        .collect();
    if names.is_empty() {
        return Ok(Reply::Say(Notice::new("away-nobody")));
    }
    Ok(Reply::Say(Notice::new("away-list").text("names", names.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_type_them() {
        for (typed, ms) in [
            ("15m", Some(15 * MINUTE_MS)),
            ("4h", Some(4 * HOUR_MS)),
            ("2j", Some(2 * DAY_MS)),
            ("2D", Some(2 * DAY_MS)),
        ] {
            assert_eq!(end(Timestamp(0), typed).ok().map(|at| at.0), ms, "{typed}");
        }
        for typed in ["", "h", "-1h", "0m", "9999d", "2w", "é", "99999999999999999999d"] {
            assert!(end(Timestamp(0), typed).is_err(), "{typed}");
        }
    }
}
