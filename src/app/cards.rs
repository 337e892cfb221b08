//! The face of a ticket in chat.
//!
//! Customers' words go in as untrusted text only. Start at [`ticket`].

use super::say::Voice;
use crate::domain::desk::ticket::{Choice, Status, Ticket};
use crate::domain::notice::{Arg, Notice};
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Rich, Span};

/// Most characters of the customer's text on a card (PRODUCT U3).
pub const QUOTE_CHARS_MAX: usize = 600;

/// What a card shows beside the ticket itself.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Where else the card stands, e.g. `Discord #social`.
    pub also_in: Vec<String>,
    /// Replies that are written, wait, or left last: a line and its buttons for each.
    pub replies: Vec<(Notice, Vec<Control>)>,
    /// How far its playbook is.
    pub playbook: Option<Notice>,
}

/// The card of a ticket.
#[must_use]
pub fn ticket(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> Body {
    let title = title(ticket, voice);
    let mut blocks = vec![Block::Header(title.clone()), Block::Context(origin(ticket, voice))];
    blocks.push(Block::Quote(quote(ticket, voice)));
    let mut labelled = fields(ticket, voice);
    if let Some(playbook) = &around.playbook {
        labelled.push((voice.word("card-playbook"), voice.say(playbook)));
    }
    blocks.push(Block::Fields(labelled));
    for (line, buttons) in &around.replies {
        blocks.push(Block::Text(voice.say(line)));
        if !buttons.is_empty() {
            blocks.push(Block::Controls(buttons.clone()));
        }
    }
    blocks.push(Block::Controls(controls(ticket, around, voice)));
    blocks.push(Block::Footer(footer(ticket, around, voice)));
    Body { summary: format!("{title}: {}", shorten(ticket.first_text(), 120)), blocks, accent: accent(ticket) }
}

fn accent(ticket: &Ticket) -> Accent {
    match (ticket.status, ticket.opening.priority) {
        (Status::Resolved, _) => Accent::Green,
        (_, 1) => Accent::Red,
        (_, 2) => Accent::Orange,
        (_, 3) => Accent::Blue,
        _ => Accent::Grey,
    }
}

/// The first line: `🔴 P1 · T-142 · instagram · late delivery`.
#[must_use]
pub fn title(ticket: &Ticket, voice: &Voice<'_>) -> String {
    let mark = match accent(ticket) {
        Accent::Green => "✅",
        Accent::Red => "🔴",
        Accent::Orange => "🟠",
        Accent::Blue => "🔵",
        Accent::Plain | Accent::Grey => "⚪",
    };
    let notice = Notice::new("card-title")
        .number("priority", i64::from(ticket.opening.priority))
        .subject("ticket", ticket.subject())
        .text("network", network_name(&ticket.opening.network))
        .text("topic", topic_name(&ticket.opening.topic, voice));
    format!("{mark} {}", voice.plain_text(&notice))
}

/// A network's name as people write it.
#[must_use]
pub fn network_name(network: &str) -> String {
    match network {
        "x" => "X".to_owned(),
        "tiktok" => "TikTok".to_owned(),
        "youtube" => "YouTube".to_owned(),
        "linkedin" => "LinkedIn".to_owned(),
        other => {
            let spaced = other.replace('_', " ");
            let mut letters = spaced.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
        }
    }
}

/// A topic in the reader's language: the wording `topic-NAME`, else the name itself.
#[must_use]
pub fn topic_name(topic: &str, voice: &Voice<'_>) -> String {
    let key = format!("topic-{}", topic.replace('_', "-"));
    if voice.wording.has(voice.lang, &key) { voice.word(&key) } else { topic.replace(['_', '-'], " ") }
}

fn origin(ticket: &Ticket, voice: &Voice<'_>) -> Rich {
    let opening = &ticket.opening;
    let mut line = vec![Span::Bold(opening.customer.name.clone())];
    if let Some(followers) = opening.customer.followers {
        let count = i64::try_from(followers).unwrap_or(i64::MAX);
        line.push(Span::Text(" · ".into()));
        line.extend(voice.say(&Notice::new("card-followers").number("count", count)));
    }
    line.push(Span::Text(" · ".into()));
    line.extend(voice.say(&Notice::new("card-received").with("at", Arg::At(opening.received_at))));
    if !opening.url.is_empty() {
        line.push(Span::Text(" · ".into()));
        line.push(Span::Link { url: opening.url.clone(), label: format!("{} ↗", voice.word("card-original")) });
    }
    if let Some(language) = &opening.language {
        line.push(Span::Text(format!(" · {}", language.to_uppercase())));
    }
    line
}

fn quote(ticket: &Ticket, voice: &Voice<'_>) -> Rich {
    let entries = &ticket.opening.entries;
    let several = entries.len() > 1;
    let mut text = String::new();
    // The newest words matter most when a card cannot hold all.
    for entry in entries.iter().rev() {
        let words = if entry.deleted { voice.word("card-deleted") } else { entry.text.clone() };
        let line = if several { format!("{}: {words}", entry.author) } else { words };
        let joined = if text.is_empty() { line } else { format!("{line}\n{text}") };
        if !text.is_empty() && joined.chars().count() > QUOTE_CHARS_MAX {
            break;
        }
        text = joined;
    }
    let cut = shorten(&text, QUOTE_CHARS_MAX);
    let mut rich = vec![Span::Text(cut.clone())];
    if cut != text {
        rich.push(Span::Text(format!("\n{}", voice.word("card-cut"))));
    }
    rich
}

fn fields(ticket: &Ticket, voice: &Voice<'_>) -> Vec<(String, Rich)> {
    let status = voice.word(&format!("status-{}", ticket.status.stored()));
    let owner = match &ticket.assignee {
        Some(member) => voice.office.name_of(member).to_owned(),
        None => voice.word("card-nobody"),
    };
    let mut fields = vec![
        (voice.word("card-status"), vec![Span::Text(status)]),
        (voice.word("card-assignee"), vec![Span::Text(owner)]),
    ];
    if ticket.is_open() {
        if let Some(due) = ticket.deadline() {
            let key = if ticket.answered_at.is_none() { "card-due-first" } else { "card-due-resolution" };
            fields.push((voice.word(key), vec![voice.at(due)]));
        }
    } else if let Some(outcome) = &ticket.outcome {
        fields.push((voice.word("card-outcome"), vec![Span::Text(outcome.clone())]));
    }
    if let Some(mood) = ticket.opening.mood {
        fields.push((voice.word("card-mood"), vec![Span::Text(voice.word(&format!("mood-{mood}")))]));
    }
    fields.push((voice.word("card-role"), vec![Span::Text(ticket.opening.role.clone())]));
    if ticket.opening.entries.len() > 1 {
        let count = ticket.opening.entries.len().to_string();
        fields.push((voice.word("card-messages"), vec![Span::Text(count)]));
    }
    if let Some(note) = ticket.last_note() {
        let name = voice.office.name_of(&note.by);
        fields.push((voice.word("card-notes"), vec![Span::Text(format!("{name}: {}", shorten(&note.words(), 180)))]));
    }
    fields
}

fn controls(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> Vec<Control> {
    let button = |action: &str, emphasis: Emphasis| Control::Button {
        action: format!("ticket.{action}"),
        value: format!("{}:{}", ticket.subject(), ticket.revision),
        label: voice.word(&format!("button-{action}")),
        emphasis,
    };
    if !ticket.is_open() {
        return vec![button("reopen", Emphasis::Plain), button("note", Emphasis::Plain)];
    }
    let mut controls = vec![
        button("claim", if ticket.assignee.is_none() { Emphasis::Primary } else { Emphasis::Plain }),
        button("assign", Emphasis::Plain),
        button("reply", Emphasis::Plain),
        button("note", Emphasis::Plain),
        button("resolve", Emphasis::Plain),
    ];
    if matches!(ticket.choice, Some(Choice::Rotation { .. })) {
        controls.push(button("why", Emphasis::Plain));
    }
    controls.push(button("correct", Emphasis::Plain));
    if around.playbook.is_some() {
        controls.push(button("steps", Emphasis::Plain));
    }
    controls
}

fn footer(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> String {
    let revision = i64::try_from(ticket.revision).unwrap_or(i64::MAX);
    let mut parts = vec![voice.plain_text(&Notice::new("card-revision").number("revision", revision))];
    if !around.also_in.is_empty() {
        parts.push(voice.plain_text(&Notice::new("card-also-in").text("places", around.also_in.join(", "))));
    }
    if let Some(by) = &ticket.opening.opened_by {
        parts.push(voice.plain_text(&Notice::new("card-opened-by").member("who", by)));
    }
    if let (Some(by), false) = (&ticket.resolved_by, ticket.is_open()) {
        parts.push(voice.plain_text(&Notice::new("card-resolved-by").member("who", by)));
    }
    parts.join(" · ")
}

/// At most `max` characters, with an ellipsis when something was cut.
#[must_use]
pub fn shorten(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(max.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}
