//! "Why me?": the sentences that explain who got a ticket, from what was stored when they got it.
//!
//! Never computes a choice anew: it tells the one that was made. Start at [`explain`].

use super::say::Voice;
use crate::domain::desk::ticket::{Choice, Ticket};
use crate::domain::notice::Notice;
use crate::domain::office::MemberId;
use crate::domain::people::rotation;
use crate::ports::chat::{Block, Body, Rich, Span};

/// Why this person has this ticket: candidates, loads, exclusions, tie-break, and the triage rules that led there.
#[must_use]
pub fn explain(ticket: &Ticket, voice: &Voice<'_>, chosen: Option<&MemberId>) -> Body {
    let owner = chosen.or(ticket.assignee.as_ref());
    let subject = ticket.subject();
    let headline = match (&ticket.choice, owner) {
        (Some(Choice::Rotation { .. }), Some(owner)) => {
            Notice::new("why-rotation").subject("ticket", subject).member("who", owner)
        }
        (Some(Choice::Claimed), Some(owner)) => {
            Notice::new("why-claimed").subject("ticket", subject).member("who", owner)
        }
        (Some(Choice::Named { by }), Some(owner)) => {
            Notice::new("why-named").subject("ticket", subject).member("who", owner).member("by", by)
        }
        (Some(Choice::Lent { whose, .. }), Some(owner)) => {
            Notice::new("why-lent").subject("ticket", subject).member("who", owner).member("whom", whose)
        }
        (Some(Choice::Backup { of }), Some(owner)) => {
            Notice::new("why-backup").subject("ticket", subject).member("who", owner).member("whom", of)
        }
        (Some(Choice::Returned), Some(owner)) => {
            Notice::new("why-returned").subject("ticket", subject).member("who", owner)
        }
        _ => Notice::new("why-nobody").subject("ticket", subject),
    };
    let mut blocks = vec![Block::Text(voice.say(&headline))];
    if let Some(Choice::Rotation { explanation }) = &ticket.choice
        && let Ok(choice) = serde_json::from_value::<rotation::Choice>(explanation.clone())
    {
        let mut lines = Rich::new();
        for view in &choice.explanation {
            let key = match &view.exclusion {
                Some(exclusion) => format!("why-excluded-{}", exclusion_name(*exclusion)),
                None => "why-candidate".to_owned(),
            };
            lines.extend(
                voice.say(
                    &Notice::new(&key)
                        .member("who", &view.member)
                        .text("turn", format!("{:.2}", view.virtual_time.turns()))
                        .number("load", i64::from(view.open_load)),
                ),
            );
            lines.push(Span::Text("\n".into()));
        }
        blocks.push(Block::Text(lines));
        blocks.push(Block::Context(voice.say(&Notice::new(&format!("why-tie-{}", tie_name(choice.tie_break))))));
    }
    blocks.extend(super::triage::reasons(ticket, voice));
    Body { summary: voice.plain_text(&headline), blocks, ..Body::default() }
}

fn exclusion_name(exclusion: rotation::Exclusion) -> &'static str {
    match exclusion {
        rotation::Exclusion::Away => "away",
        rotation::Exclusion::OffShift => "off-shift",
        rotation::Exclusion::NoRight => "no-right",
        rotation::Exclusion::AtCapacity => "at-capacity",
        rotation::Exclusion::NoSkill => "no-skill",
        rotation::Exclusion::NoShare => "no-share",
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
