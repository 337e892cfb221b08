//! The face of a ticket in chat.
//!
//! Customers' words go in as untrusted text only. Start at [`ticket`].

use super::say::Voice;
use crate::domain::desk::ticket::{Status, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, MemberId};
use crate::domain::time::Timestamp;
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Rich, Span, TimeStyle};

/// Most characters of the customer's text on a card (PRODUCT U3).
pub const QUOTE_CHARS_MAX: usize = 600;

/// Replies on a card beside which every button still finds a row (Discord docs: five rows).
pub const ROOM_FOR_REPLIES: usize = 3;
/// Related tickets on a card.
const RELATED_SHOWN_MAX: usize = 4;

/// What a card shows beside the ticket itself.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Where else the card stands, e.g. `Discord #social`.
    pub also_in: Vec<String>,
    /// Replies that are written, wait, or left last: a line and its buttons for each.
    pub replies: Vec<(Notice, Vec<Control>)>,
    /// The reply under way, as a status: `drafting`, `in-review`, `sending`.
    pub stage: Option<&'static str>,
    /// Who writes now, and for how long (milliseconds).
    pub writers: Vec<(MemberId, i64)>,
    /// How often this customer wrote, and the last times.
    pub contacts: Option<Rich>,
    /// How far its playbook is.
    pub playbook: Option<Notice>,
    /// When it is shown: what is left until the deadline is reckoned from here.
    pub now: Option<Timestamp>,
}

/// The card of a ticket.
#[must_use]
pub fn ticket(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> Body {
    let title = title(ticket, voice);
    let mut blocks = vec![Block::Header(title.clone()), Block::Context(origin(ticket, voice))];
    blocks.push(Block::Quote(quote(ticket, voice)));
    let mut labelled = fields(ticket, around, voice);
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
        (Status::Merged, _) => Accent::Grey,
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
    voice.topic(topic)
}

fn origin(ticket: &Ticket, voice: &Voice<'_>) -> Rich {
    let opening = &ticket.opening;
    let mut line = vec![Span::Bold(opening.customer.name.clone())];
    if let Some(followers) = opening.customer.followers {
        let count = i64::try_from(followers).unwrap_or(i64::MAX);
        line.push(Span::Text(" · ".into()));
        line.extend(
            voice.say(
                &Notice::new("card-followers").number("count", count).text("shown", compact(followers, voice.lang)),
            ),
        );
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

/// A large count as people say it, rounded down: `980`, `1.2k` (French `1,2k`), `12k`, `3.4M`.
fn compact(count: u64, lang: Lang) -> String {
    let (unit, sign) = match count {
        0..1_000 => return count.to_string(),
        1_000..1_000_000 => (1_000, "k"),
        _ => (1_000_000, "M"),
    };
    let tenths = count / (unit / 10);
    let point = if lang == Lang::Fr { ',' } else { '.' };
    match (tenths / 10, tenths % 10) {
        (whole @ ..10, part @ 1..) => format!("{whole}{point}{part}{sign}"),
        (whole, _) => format!("{whole}{sign}"),
    }
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

/// Where it stands, and what else somebody must know before they act: asleep, locked, somebody writes.
fn standing(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> Rich {
    let status = match around.stage {
        Some(stage) if ticket.is_open() => format!("status-{stage}"),
        _ => format!("status-{}", ticket.status.stored()),
    };
    let mut rich = vec![Span::Text(voice.word(&status))];
    let mut add = |notice: Notice| {
        rich.push(Span::Text(" · ".into()));
        rich.extend(voice.say(&notice));
    };
    if let Some(snooze) = &ticket.snooze {
        add(Notice::new("card-snoozed").with("until", Arg::At(snooze.until)));
    }
    if let Some(by) = ticket.lock.as_ref().filter(|_| ticket.is_open()) {
        add(Notice::new("card-locked").member("who", by));
    }
    let silence = ticket.silence_of(ticket.pressing());
    if let (true, Some(owner)) = (silence.acknowledged && ticket.is_open(), &ticket.assignee) {
        add(Notice::new("card-on-it").member("who", owner));
    }
    if let Some(silent) =
        silence.silent.as_ref().filter(|silent| Some(*silent) != ticket.assignee.as_ref() && ticket.is_open())
    {
        add(Notice::new("card-handed-on").member("whom", silent));
    }
    for (who, for_ms) in &around.writers {
        add(Notice::new("card-writing").member("who", who).with("ago", Arg::Span(*for_ms)));
    }
    rich
}

fn fields(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> Vec<(String, Rich)> {
    let owner = match (&ticket.assignee, ticket.lent_by()) {
        (Some(member), Some(whose)) => {
            voice.plain_text(&Notice::new("person-for").member("who", member).member("whom", whose))
        }
        (Some(member), None) => voice.office.name_of(member).to_owned(),
        (None, _) => voice.word("card-nobody"),
    };
    let mut fields = vec![
        (voice.word("card-status"), standing(ticket, around, voice)),
        (voice.word("card-assignee"), vec![Span::Text(owner)]),
    ];
    if ticket.clock_stands() {
        fields.push((voice.word("card-due-resolution"), vec![Span::Text(voice.word("card-clock-stands"))]));
    } else if let Some(due) = ticket.deadline().filter(|_| ticket.is_open()) {
        let mut value = vec![voice.at(due)];
        if let Some(now) = around.now {
            value.push(Span::Text("\n".into()));
            value.extend(time_left(ticket, due, now, voice));
        }
        fields.push((voice.word(&format!("card-due-{}", ticket.deadline_name())), value));
    }
    if let Some(outcome) = ticket.outcome.as_ref().filter(|_| !ticket.is_open()) {
        fields.push((voice.word("card-outcome"), vec![Span::Text(voice.outcome(outcome))]));
    }
    if let Some(mood) = ticket.opening.mood {
        fields.push((voice.word("card-mood"), vec![Span::Text(voice.word(&format!("mood-{mood}")))]));
    }
    fields.push((voice.word("card-role"), vec![Span::Text(ticket.opening.role.clone())]));
    if !ticket.tags.is_empty() {
        let tags: Vec<&str> = ticket.tags.iter().map(String::as_str).collect();
        fields.push((voice.word("card-tags"), vec![Span::Text(tags.join(", "))]));
    }
    if ticket.opening.entries.len() > 1 {
        let count = ticket.opening.entries.len().to_string();
        fields.push((voice.word("card-messages"), vec![Span::Text(count)]));
    }
    if let Some(note) = ticket.last_note() {
        let name = voice.office.name_of(&note.by);
        fields.push((voice.word("card-notes"), vec![Span::Text(format!("{name}: {}", shorten(&note.words(), 180)))]));
    }
    if let Some(contacts) = &around.contacts {
        fields.push((voice.word("card-contacts"), contacts.clone()));
    }
    if let Some(related) = related(ticket, voice) {
        fields.push((voice.word("card-related"), related));
    }
    fields
}

/// Working time left until a deadline, or since; as of an instant, because a card stands for a while.
fn time_left(ticket: &Ticket, due: Timestamp, now: Timestamp, voice: &Voice<'_>) -> Rich {
    let calendar = voice.office.calendar_of_role(&ticket.opening.role);
    let key = if due > now { "card-time-left" } else { "card-time-over" };
    let clock =
        Span::Time { at: now, style: TimeStyle::Clock, fallback: crate::app::say::clock(now, voice.office.zone) };
    let notice = Notice::new(key).with("left", Arg::Span(calendar.between(now, due).abs()));
    let mut rich = voice.say(&notice);
    rich.extend([Span::Text(format!(" {} ", voice.word("card-time-at"))), clock]);
    rich
}

/// The tickets this one has to do with, the newest first; a merged one leads to where it lives on.
fn related(ticket: &Ticket, voice: &Voice<'_>) -> Option<Rich> {
    let mut notices = Vec::new();
    if let Some(into) = ticket.merged_into {
        notices.push(Notice::new("related-merged").subject("ticket", Ref::new(Kind::Ticket, into)));
    }
    for related in ticket.related.iter().rev().take(RELATED_SHOWN_MAX) {
        let subject = Ref::new(Kind::Ticket, related.ticket);
        notices.push(Notice::new(&format!("related-{}", related.how.name())).subject("ticket", subject));
    }
    let mut rich = Rich::new();
    for notice in &notices {
        if !rich.is_empty() {
            rich.push(Span::Text(" · ".into()));
        }
        rich.extend(voice.say(notice));
    }
    (!rich.is_empty()).then_some(rich)
}

fn controls(ticket: &Ticket, around: &Surroundings, voice: &Voice<'_>) -> Vec<Control> {
    let button = |action: &str, emphasis: Emphasis| Control::Button {
        action: format!("ticket.{action}"),
        value: format!("{}:{}", ticket.subject(), ticket.revision),
        label: voice.word(&format!("button-{action}")),
        emphasis,
    };
    // With many replies on the card there is no row left for a second line of buttons (Discord: five rows): the menu has them.
    let room = around.replies.iter().filter(|(_, buttons)| !buttons.is_empty()).count() < ROOM_FOR_REPLIES;
    let aside = super::tickets::menu::Aside {
        why: !room || ticket.assignee.is_none(),
        steps: around.playbook.is_some() && !room,
    };
    let more = super::tickets::menu::menu(ticket, aside, voice);
    if ticket.status == Status::Merged {
        return vec![more];
    }
    if !ticket.is_open() {
        return vec![button("reopen", Emphasis::Plain), button("note", Emphasis::Plain), more];
    }
    let mut controls = vec![
        button("claim", if ticket.assignee.is_none() { Emphasis::Primary } else { Emphasis::Plain }),
        button("assign", Emphasis::Plain),
        button("reply", Emphasis::Plain),
        button("note", Emphasis::Plain),
        button("resolve", Emphasis::Plain),
    ];
    if ticket.assignee.is_some() && room {
        controls.push(button("why", Emphasis::Plain));
    }
    if around.playbook.is_some() && room {
        controls.push(button("steps", Emphasis::Plain));
    }
    controls.push(more);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_are_said_short_and_never_too_high() {
        for (count, en, fr) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1k", "1k"),
            (1_249, "1.2k", "1,2k"),
            (9_999, "9.9k", "9,9k"),
            (12_000, "12k", "12k"),
            (999_999, "999k", "999k"),
            (3_456_789, "3.4M", "3,4M"),
            (u64::MAX, "18446744073709M", "18446744073709M"),
        ] {
            assert_eq!((compact(count, Lang::En).as_str(), compact(count, Lang::Fr).as_str()), (en, fr));
        }
    }
}
