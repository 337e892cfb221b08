//! "Why me?": the sentences that explain who got a ticket, from what was stored when they got it.
//!
//! Never computes a choice anew: it tells the one that was made. Start at [`answer`].

use super::Fault;
use super::commands::{Invocation, Reply};
use super::say::Voice;
use super::work::Work;
use crate::domain::desk::moderation::react::rule_ref;
use crate::domain::desk::ticket::{Choice, Counted, Ticket};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, MemberId};
use crate::domain::people::rotation::{self, Exception};
use crate::ports::chat::{Block, Body, Rich, Span};

/// Why this person has this ticket: how they came to it and when, candidates, loads, exclusions, tie-break, what it counts
/// for, and the triage rules that led there.
#[must_use]
pub fn explain(ticket: &Ticket, voice: &Voice<'_>, chosen: Option<&MemberId>) -> Body {
    let owner = chosen.or(ticket.assignee.as_ref());
    let headline = headline(ticket, owner);
    let mut blocks = vec![Block::Text(voice.say(&headline))];
    if let (Some(Choice::Rotation { explanation }), Some(_)) = (&ticket.choice, owner)
        && let Ok(choice) = serde_json::from_value::<rotation::Choice>(explanation.clone())
    {
        blocks.push(Block::Text(lines_of(&choice.explanation, voice)));
        blocks.push(Block::Context(deciding(&choice, voice)));
    }
    if let Some(counted) = ticket.counted.as_ref().filter(|counted| Some(&counted.to) == owner) {
        blocks.push(Block::Context(voice.say(&counting(counted, voice))));
    }
    blocks.extend(super::triage::reasons(ticket, voice));
    Body { summary: voice.plain_text(&headline), blocks, ..Body::default() }
}

/// As [`explain`], for whoever asks; of a ticket that nobody has it tells what keeps each of its role from it.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn answer(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<Reply, Fault> {
    let nobody = ticket.is_open() && ticket.assignee.is_none();
    let considered = if nobody { super::rotation::considered(work, ticket).await? } else { Vec::new() };
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let mut body = explain(ticket, &voice, None);
    if !considered.is_empty() {
        body.blocks.insert(1, Block::Text(lines_of(&considered, &voice)));
    }
    Ok(Reply::Show(Box::new(body)))
}

fn headline(ticket: &Ticket, owner: Option<&MemberId>) -> Notice {
    let subject = ticket.subject();
    let Some(owner) = owner else { return Notice::new("why-nobody").subject("ticket", subject) };
    let about = |key: &str| Notice::new(key).subject("ticket", subject).member("who", owner);
    match &ticket.choice {
        Some(Choice::Rotation { .. }) => about("why-rotation"),
        Some(Choice::Claimed) => about("why-claimed"),
        Some(Choice::Named { by }) => about("why-named").member("by", by),
        Some(Choice::OnCall { until, instead_of: None }) => about("why-on-call").with("until", Arg::At(*until)),
        Some(Choice::OnCall { until, instead_of: Some(away) }) => {
            about("why-on-call-instead").with("until", Arg::At(*until)).member("away", away)
        }
        Some(Choice::Lent { whose, .. }) => about("why-lent").member("whom", whose),
        Some(Choice::Backup { of }) => about("why-backup").member("whom", of),
        Some(Choice::Returned) => about("why-returned"),
        Some(Choice::Rule { rule, .. }) => about("why-rule").with("rule", rule_ref(*rule)),
        _ => about("why-has"),
    }
}

/// One line for each holder of the role, in the order of their turns.
fn lines_of(considered: &[rotation::CandidateView], voice: &Voice<'_>) -> Rich {
    let mut lines = Rich::new();
    for view in considered {
        let key = match &view.exclusion {
            Some(exclusion) => format!("why-excluded-{}", exclusion_name(*exclusion)),
            None => "why-candidate".to_owned(),
        };
        let turn = (view.virtual_time.turns() * 100.0).round();
        #[allow(clippy::cast_possible_truncation, reason = "hundredths of turns; saturates far beyond any real value")]
        let notice = Notice::new(&key)
            .member("who", &view.member)
            .text("turn", decimal(turn as i64, voice.lang))
            .number("load", i64::from(view.open_load));
        lines.extend(voice.say(&notice));
        lines.push(Span::Text("\n".into()));
    }
    lines
}

fn deciding(choice: &rotation::Choice, voice: &Voice<'_>) -> Rich {
    let mut line = voice.say(&Notice::new(&format!("why-tie-{}", tie_name(choice.tie_break))));
    if !choice.passed_by.is_empty() {
        let names: Vec<&str> = choice.passed_by.iter().map(|member| voice.office.name_of(member)).collect();
        line.push(Span::Text(" ".into()));
        line.extend(voice.say(&Notice::new("why-passed").text("names", names.join(", "))));
    }
    line
}

/// When it was given, and what it counts for in which rotation.
fn counting(counted: &Counted, voice: &Voice<'_>) -> Notice {
    let key = if counted.exception == Some(Exception::ByHand) { "why-counted-by-hand" } else { "why-counted" };
    Notice::new(key)
        .with("at", Arg::At(counted.at))
        .text("cost", decimal(counted.cost.0 / 10, voice.lang))
        .text("role", &counted.role)
}

/// Hundredths as people write them: `1`, `1.5`, `0,75`.
#[must_use]
pub fn decimal(hundredths: i64, lang: Lang) -> String {
    let point = if lang == Lang::Fr { "," } else { "." };
    let sign = if hundredths < 0 { "−" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}{point}{}", rest / 10),
        _ => format!("{sign}{whole}{point}{rest:02}"),
    }
}

fn exclusion_name(exclusion: rotation::Exclusion) -> &'static str {
    match exclusion {
        rotation::Exclusion::Away => "away",
        rotation::Exclusion::OffShift => "off-shift",
        rotation::Exclusion::NoRight => "no-right",
        rotation::Exclusion::AtCapacity => "at-capacity",
        rotation::Exclusion::NoSkill => "no-skill",
        rotation::Exclusion::NoShare => "no-share",
        rotation::Exclusion::HasIt => "has-it",
    }
}

fn tie_name(tie: rotation::TieBreak) -> &'static str {
    match tie {
        rotation::TieBreak::OnlyCandidate => "only",
        rotation::TieBreak::Sticky => "sticky",
        rotation::TieBreak::SmallestVirtualTime => "turn",
        rotation::TieBreak::LongestUnassigned => "longest",
        rotation::TieBreak::LowestId => "id",
    }
}
