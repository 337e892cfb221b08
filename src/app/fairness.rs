//! `/rota fairness` and the weekly report's lines on it: how evenly work was shared out, and the tickets behind each figure.
//!
//! Never counts: the formulas stand in `domain::insight::fairness`. Start at [`of_role`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::commands::{self, Invocation, Reply, ticket as on_ticket};
use super::explain::decimal;
use super::say::Voice;
use super::work::{Work, read_state};
use super::{Fault, reports};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::Kind;
use crate::domain::insight::course::Course;
use crate::domain::insight::fairness::{Fairness, Part};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{MemberId, Office};
use crate::domain::people::rotation::Exception;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::ports::chat::{Block, Body, Control, Rich, Span};
use crate::store::aggregates;

/// Entries of a menu (Discord takes 25).
const MENU_MAX: usize = 25;
/// People listed for one role; a longer list does not fit a message.
const PEOPLE_MAX: usize = 25;
/// Roles in one answer.
const ROLES_MAX: usize = 8;
/// Tickets in a list; more are counted.
const LISTED_MAX: usize = 20;
/// What stands where there is no value.
const NONE: &str = "–";

/// How long everybody was there in `[from, to)`: their own hours, else the office's, less their absences.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn hours_present(
    work: &mut Work<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<MemberId, i64>, Fault> {
    let office = work.office();
    let present = office.members.values().map(|member| {
        let calendar = member.hours.as_ref().unwrap_or(&office.calendar);
        let leaves = office.away.leaves.iter().filter(|leave| leave.member == member.id);
        let mut spans: Vec<(Timestamp, Timestamp)> =
            leaves.map(|leave| (leave.from.max(from), leave.until.unwrap_or(to).min(to))).collect();
        spans.sort_unstable();
        // Leaves may overlap (ill on holiday): what one has taken away is not taken away again.
        let (mut gone, mut counted) = (0, from);
        for (start, end) in spans {
            let start = start.max(counted);
            if start < end {
                gone += calendar.between(start, end);
                counted = end;
            }
        }
        (member.id.clone(), calendar.between(from, to) - gone)
    });
    Ok(present.collect())
}

/// The fairness of every rotating role with work in `[from, to)`; of one role, when it is named.
#[must_use]
pub fn of_roles(
    role: Option<&str>,
    courses: &[Course],
    (from, to): (Timestamp, Timestamp),
    office: &Office,
    present: &BTreeMap<MemberId, i64>,
) -> Vec<Fairness> {
    let rotating = office.roles.values().filter(|found| role.map_or(found.rotation, |role| found.name == role));
    rotating
        .map(|found| Fairness::of(&found.name, courses, (from, to), office, present))
        .filter(|fairness| role.is_some() || !fairness.is_quiet())
        .take(ROLES_MAX)
        .collect()
}

/// Makes the figures of a period.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn make(
    work: &mut Work<'_>,
    role: Option<&str>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Fairness>, Fault> {
    let (courses, _) = reports::courses(work.tx, from, to).await?;
    let present = hours_present(work, from, to).await?;
    Ok(of_roles(role, &courses, (from, to), work.office(), &present))
}

/// The answer: index, spread and exceptions of each role, then person by person, with a menu of the tickets behind.
#[must_use]
pub fn body(all: &[Fairness], role: Option<&str>, span: (Timestamp, Timestamp), voice: &Voice<'_>) -> Body {
    let (from, to) = span;
    let title = Notice::new("fairness-title").with("from", Arg::At(from)).with("to", Arg::At(to));
    let title = voice.plain_text(&title);
    let mut blocks = vec![Block::Header(title.clone())];
    for fairness in all {
        let mut text = summary(fairness, voice);
        for part in fairness.parts.iter().filter(|part| part.holds || !part.tickets.is_empty()).take(PEOPLE_MAX) {
            text.push(Span::Text("\n".into()));
            text.extend(person(fairness, part, voice));
        }
        blocks.push(Block::Text(text));
    }
    if all.is_empty() {
        blocks.push(Block::Text(voice.say(&Notice::new("fairness-none"))));
        return Body { summary: title, blocks, ..Body::default() };
    }
    blocks.push(Block::Context(voice.say(&Notice::new("fairness-how"))));
    if let Some(menu) = menu(all, role, span, voice) {
        blocks.push(Block::Controls(vec![menu]));
    }
    Body { summary: title, blocks, ..Body::default() }
}

/// One line: `care: Jain 0.997 · largest ÷ median 1.06 · 3 by hand`.
#[must_use]
pub fn summary(fairness: &Fairness, voice: &Voice<'_>) -> Rich {
    let jain = fairness.jain_milli.map_or_else(|| NONE.to_owned(), |value| thousandths(value, voice));
    let spread = fairness.spread_hundredths.map_or_else(|| NONE.to_owned(), |value| decimal(value, voice.lang));
    let mut line = voice.say(
        &Notice::new("fairness-role")
            .with("role", Arg::Strong(fairness.role.clone()))
            .text("jain", jain)
            .text("spread", spread),
    );
    for exception in Exception::ALL {
        let count = fairness.count(exception);
        if count > 0 {
            line.push(Span::Text(" · ".into()));
            line.extend(voice.say(&Notice::new(&format!("fairness-{}", exception.name())).number("count", count)));
        }
    }
    line
}

fn person(fairness: &Fairness, part: &Part, voice: &Voice<'_>) -> Rich {
    let load = part.load_micro().map_or_else(|| NONE.to_owned(), |micro| thousandths(micro / 1_000, voice));
    let share = voice.office.members.get(&part.member).map_or(1, |member| i64::from(member.weight));
    let key = if fairness.parts.len() > 1 && !part.holds { "fairness-guest" } else { "fairness-person" };
    voice.say(
        &Notice::new(key)
            .member("who", &part.member)
            .number("tickets", i64::try_from(part.tickets.len()).unwrap_or(i64::MAX))
            .text("cost", decimal(part.cost_milli / 10, voice.lang))
            .number("share", share)
            .number("hours", part.present_ms / HOUR_MS)
            .text("load", load),
    )
}

/// `0.997`, `1`, `0,05`.
fn thousandths(value: i64, voice: &Voice<'_>) -> String {
    if value % 10 == 0 {
        return decimal(value / 10, voice.lang);
    }
    let point = if voice.lang == crate::domain::office::Lang::Fr { "," } else { "." };
    format!("{}{point}{:03}", value / 1_000, value % 1_000)
}

fn menu(
    all: &[Fairness],
    role: Option<&str>,
    (from, to): (Timestamp, Timestamp),
    voice: &Voice<'_>,
) -> Option<Control> {
    let mut entries = Vec::new();
    for fairness in all {
        let named = |what: String| if all.len() > 1 { format!("{} · {what}", fairness.role) } else { what };
        for exception in Exception::ALL {
            let count = fairness.count(exception);
            if count > 0 {
                let words =
                    voice.plain_text(&Notice::new(&format!("fairness-{}", exception.name())).number("count", count));
                entries.push((format!("{}:{}", fairness.role, exception.name()), named(words)));
            }
        }
        for part in fairness.parts.iter().filter(|part| !part.tickets.is_empty()) {
            let words = format!("{} ({})", voice.office.name_of(&part.member), part.tickets.len());
            entries.push((format!("{}:@{}", fairness.role, part.member), named(words)));
        }
    }
    entries.truncate(MENU_MAX);
    (!entries.is_empty()).then(|| Control::Menu {
        action: "rota.tickets".into(),
        value: format!("{}:{}:{}", from.0, to.0, role.unwrap_or_default()),
        placeholder: voice.word("report-show-tickets"),
        entries,
    })
}

/// The tickets behind a figure, as chosen from the menu.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, value: &str, chosen: &[String]) -> Result<Reply, Fault> {
    let everybody = Scope { network: None, topic: None, own: false };
    commands::allow(&work.setup, &asked.member, Right::Rota, everybody)?;
    let unknown = || Fault::refused(Notice::new("button-unknown"));
    let mut parts = value.splitn(3, ':');
    let mut instant = || parts.next().and_then(|part| part.parse().ok()).map(Timestamp).ok_or_else(unknown);
    let (from, to) = (instant()?, instant()?);
    let (role, what) = chosen.first().and_then(|entry| entry.split_once(':')).ok_or_else(unknown)?;
    let found = make(work, Some(role), from, to).await?.into_iter().next().ok_or_else(unknown)?;
    let (ids, named) = match what.strip_prefix('@') {
        Some(member) => {
            let part = found.parts.iter().find(|part| part.member.as_str() == member).ok_or_else(unknown)?;
            (part.tickets.clone(), work.office().name_of(&part.member).to_owned())
        }
        None => {
            let exception = Exception::ALL.into_iter().find(|one| one.name() == what).ok_or_else(unknown)?;
            let ids = found.exceptions.get(&exception).cloned().unwrap_or_default();
            let words = work.app.wording.word(asked.lang, &format!("fairness-list-{}", exception.name()));
            (ids, words)
        }
    };
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = Notice::new("fairness-list").text("role", role).text("what", named);
    let title = voice.plain_text(&title.number("count", i64::try_from(ids.len()).unwrap_or(i64::MAX)));
    let mut lines = Rich::new();
    for id in ids.iter().take(LISTED_MAX) {
        if let Some(row) = aggregates::load(work.tx, Kind::Ticket.stored(), *id).await? {
            let ticket: Ticket = read_state(Kind::Ticket, *id, row.state())?;
            lines.extend(on_ticket::line(&ticket, &voice));
        }
    }
    let mut blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    if ids.len() > LISTED_MAX {
        let more = i64::try_from(ids.len() - LISTED_MAX).unwrap_or(i64::MAX);
        blocks.push(Block::Context(voice.say(&Notice::new("report-list-more").number("count", more))));
    }
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}
