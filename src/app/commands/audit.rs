//! `/vigie audit`: who decided what, who was refused what. One's own lines anybody may read; all lines, whoever may change
//! settings.

use super::{ArgSpec, Invocation, Reply, Takes, Verb, whom};
use crate::app::say::{self, Voice};
use crate::app::work::Work;
use crate::app::{Fault, audit};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::ports::chat::{Block, Body, Rich, Span};

/// Lines shown: what one message of either chat holds.
const LINES_MAX: usize = 25;
/// Period when none is typed, in days.
const DAYS_DEFAULT: i64 = 7;
/// Longest period, in days: the journal is kept for ever, a message is not the place to read years.
const DAYS_MAX: i64 = 400;

/// The verbs of this file.
pub const VERBS: &[Verb] = &[Verb {
    command: "vigie",
    command_fr: "",
    name: "audit",
    name_fr: "audit",
    args: &[ArgSpec::place("who", "qui", Takes::Who, false), ArgSpec::place("since", "depuis", Takes::Word, false)],
    right: None,
    examples: &["vigie audit", "vigie audit lea 30d", "vigie audit me", "vigie audit 24h"],
    run: |work, asked| Box::pin(shown(work, asked)),
}];

async fn shown(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let (mut who, mut period) = (asked.parsed.get("who"), asked.parsed.get("since"));
    if let (Some(typed), None) = (who, period)
        && length_ms(typed).is_some()
    {
        (who, period) = (None, Some(typed));
    }
    let length = match period {
        None => DAYS_DEFAULT * DAY_MS,
        Some(typed) => length_ms(typed)
            .ok_or_else(|| Fault::refused(Notice::new("bad-length").with("typed", Arg::Code(typed.to_owned()))))?,
    };
    let member = match who {
        None => None,
        Some("me" | "moi") => Some(asked.member.clone()),
        Some(typed) => Some(whom::who(work, asked, typed).await?),
    };
    if member.as_ref() != Some(&asked.member) {
        super::allow(&work.setup, &asked.member, Right::Config, Scope::default())?;
    }
    let from = work.now.plus_ms(-length);
    let max = i64::try_from(LINES_MAX + 1).unwrap_or(i64::MAX);
    let mut found = audit::lines(work, member.as_ref(), from, work.now.plus_ms(1), max).await?;
    let more = found.len() > LINES_MAX;
    found.truncate(LINES_MAX);
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = match &member {
        Some(member) => voice.plain_text(&Notice::new("audit-title-of").member("who", member)),
        None => voice.word("audit-title"),
    };
    let mut lines = Rich::new();
    for (at, notice) in &found {
        lines.push(Span::Text(format!("{} · ", say::written(*at, setup.office.zone, asked.lang))));
        lines.extend(voice.say(notice));
        lines.push(Span::Text("\n".into()));
    }
    if found.is_empty() {
        lines.extend(voice.say(&Notice::new("audit-nothing")));
    }
    let mut blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    if more {
        blocks.push(Block::Context(voice.say(&Notice::new("audit-more"))));
    }
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}

/// `24h`, `30d` (French `30j`).
fn length_ms(typed: &str) -> Option<i64> {
    let typed = typed.trim().to_lowercase();
    let unit = typed.chars().last()?;
    let number: i64 = typed.strip_suffix(unit)?.parse().ok()?;
    let unit_ms = match unit {
        'm' => MINUTE_MS,
        'h' => HOUR_MS,
        'd' | 'j' => DAY_MS,
        _ => return None,
    };
    number.checked_mul(unit_ms).filter(|length| (1..=DAYS_MAX * DAY_MS).contains(length))
}
