//! What people see of a consultation: a line on the ticket's card, a direct message with its buttons, the link, forms.
//!
//! The link stands only where its asker alone reads it. Start at [`around`] and [`add_to_message`].

use crate::app::commands::{Invocation, Reply};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, cards, drafts};
use crate::domain::desk::consultation::{ANSWER_CHARS_MAX, Consultation, NAME_CHARS_MAX, QUESTION_CHARS_MAX, Status};
use crate::domain::desk::ticket::Ticket;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::{Block, Body, Call, Control, Emphasis, Field, FieldKind, Form, Span};

/// Most consultations on a ticket's card: those that wait, and the last answer.
const SHOWN_MAX: usize = 3;
/// Most characters of question or answer on a card; the thread holds them whole.
const CARD_CHARS_MAX: usize = 300;
/// Most characters of the customer's words that a consulted person is shown.
const WORDS_CHARS_MAX: usize = 1_200;
/// Longest time typed into a form, in characters.
const WHEN_CHARS_MAX: u32 = 40;
/// How long a link that somebody asked for in a thread is still worth telling them.
const LINK_TOLD_MS: i64 = 14 * MINUTE_MS;

/// The customer's words, and nothing else of the ticket.
#[must_use]
pub fn words(ticket: &Ticket) -> String {
    let standing = ticket.opening.entries.iter().filter(|entry| !entry.deleted && !entry.text.trim().is_empty());
    let text: Vec<&str> = standing.map(|entry| entry.text.trim()).collect();
    cards::shorten(&text.join("\n\n"), WORDS_CHARS_MAX)
}

fn button(consultation: &Consultation, action: &str, emphasis: Emphasis, voice: &Voice<'_>) -> Control {
    Control::Button {
        action: format!("consult.{action}"),
        value: format!("{}:{}", consultation.subject(), consultation.link),
        label: voice.word(&format!("button-consult-{action}")),
        emphasis,
    }
}

fn controls(consultation: &Consultation, now: Timestamp, voice: &Voice<'_>) -> Vec<Control> {
    let answer = if consultation.outside().is_some() { "record" } else { "answer" };
    let mut found = vec![button(consultation, answer, Emphasis::Plain, voice)];
    if consultation.is_late(now) {
        found.push(button(consultation, "again", Emphasis::Plain, voice));
    }
    found.push(button(consultation, "cancel", Emphasis::Plain, voice));
    found
}

/// Adds what a ticket's card shows of its consultations.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn around(
    work: &mut Work<'_>,
    ticket: i64,
    voice: &Voice<'_>,
    around: cards::Surroundings,
) -> Result<cards::Surroundings, Fault> {
    let all = super::of_ticket(work, ticket).await?;
    let last_answer = all.iter().rev().find(|one| one.status == Status::Answered).map(|one| one.id);
    let shown = all.iter().filter(|one| one.is_open() || Some(one.id) == last_answer);
    let mut lines: Vec<(Notice, Vec<Control>)> =
        shown.rev().take(SHOWN_MAX).map(|one| line(one, work.now, voice)).collect();
    lines.reverse();
    let mut replies = around.replies;
    replies.extend(lines);
    Ok(cards::Surroundings { replies, ..around })
}

fn line(consultation: &Consultation, now: Timestamp, voice: &Voice<'_>) -> (Notice, Vec<Control>) {
    let short = |text: &str| cards::shorten(&text.replace('\n', " "), CARD_CHARS_MAX);
    let question = short(&consultation.asking.question);
    match &consultation.answer {
        Some(answer) => {
            let notice = consultation.about("consult-on-card-answered").with("who", consultation.answered_by());
            (notice.text("question", question).text("text", short(&answer.text)), Vec::new())
        }
        None => {
            let key = if consultation.is_late(now) { "consult-on-card-late" } else { "consult-on-card" };
            (consultation.about(key).text("question", question), controls(consultation, now, voice))
        }
    }
}

/// Beside the sentence of a direct message: the customer's words, and what its reader can do.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn add_to_message(
    work: &mut Work<'_>,
    id: i64,
    voice: &Voice<'_>,
    member: &MemberId,
    body: &mut Body,
) -> Result<(), Fault> {
    let Some(consultation) = super::peek(work, id).await? else { return Ok(()) };
    if !consultation.is_open() {
        return Ok(());
    }
    if let Some(ticket) = drafts::ticket(work, consultation.asking.ticket).await? {
        body.blocks.push(Block::Context(voice.say(&Notice::new("consult-customer-wrote"))));
        body.blocks.push(Block::Quote(vec![Span::Text(words(&ticket))]));
    }
    let mut buttons = Vec::new();
    if consultation.may_answer(member, voice.office) {
        let (action, emphasis) = match consultation.outside() {
            Some(_) => ("record", Emphasis::Plain),
            None => ("answer", Emphasis::Primary),
        };
        buttons.push(button(&consultation, action, emphasis, voice));
    }
    if consultation.asking.by == *member {
        if consultation.outside().is_some() {
            buttons.push(button(&consultation, "link", Emphasis::Plain, voice));
        }
        buttons.push(button(&consultation, "again", Emphasis::Plain, voice));
        buttons.push(button(&consultation, "cancel", Emphasis::Plain, voice));
    }
    if !buttons.is_empty() {
        body.blocks.push(Block::Controls(buttons));
    }
    Ok(())
}

/// The link for an outside expert, shown to its asker alone; typed in a thread, it goes to them by direct message.
///
/// # Errors
/// A refusal when no link can be made; [`Fault::Store`].
pub async fn link(work: &mut Work<'_>, asked: &Invocation, consultation: &Consultation) -> Result<Reply, Fault> {
    let Some(link) = work.app.door().and_then(|door| door.link(consultation)) else {
        return Err(Fault::refused(Notice::new("consult-no-address")));
    };
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let notice = consultation.about("consult-link").with("until", Arg::At(consultation.link_until()));
    let rich = voice.say(&notice);
    let summary = voice.plain_text(&notice);
    let blocks = vec![
        Block::Text(rich),
        Block::Text(vec![Span::Code(link)]),
        Block::Context(voice.say(&Notice::new("consult-link-care"))),
    ];
    let body = Body { summary, blocks, ..Body::default() };
    // What is typed in a thread is answered there, for all to see: the link goes to its asker instead.
    if asked.can_open_form {
        return Ok(Reply::Show(Box::new(body)));
    }
    let key = format!("{}:link", asked.request);
    let call = Call::Direct { user: asked.user.clone(), body };
    work.answer(&asked.chat, &key, call, work.now.plus_ms(LINK_TOLD_MS)).await?;
    Ok(Reply::Say(consultation.about("consult-link-sent")))
}

/// The form that asks somebody about a ticket.
#[must_use]
pub fn ask_form(work: &Work<'_>, asked: &Invocation, ticket: &Ticket, who: &str, due: &str) -> Form {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let line = |value: &str, max: u32| FieldKind::Line { value: value.to_owned(), max };
    let field = |id: &str, kind: FieldKind, optional: bool| Field {
        id: id.into(),
        label: voice.word(&format!("form-consult-{id}")),
        hint: voice.word(&format!("form-consult-{id}-hint")),
        kind,
        optional,
    };
    let question = FieldKind::Paragraph { value: String::new(), max: bound(QUESTION_CHARS_MAX) };
    Form {
        name: "consult_ask".into(),
        state: ticket.subject().to_string(),
        title: voice.plain_text(&Notice::new("form-consult-title").subject("ticket", ticket.subject())),
        submit: voice.word("form-consult-submit"),
        cancel: voice.word("form-cancel"),
        intro: cards::shorten(ticket.first_text(), 200),
        fields: vec![
            field("who", line(who, bound(NAME_CHARS_MAX)), false),
            field("question", question, false),
            field("due", line(due, WHEN_CHARS_MAX), true),
        ],
    }
}

/// The form in which somebody answers.
#[must_use]
pub fn answer_form(work: &Work<'_>, asked: &Invocation, consultation: &Consultation) -> Form {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let max = bound(ANSWER_CHARS_MAX);
    Form {
        name: "consult_answer".into(),
        state: consultation.subject().to_string(),
        title: voice.plain_text(&Notice::new("form-consult-title").subject("ticket", consultation.ticket())),
        submit: voice.word("form-consult-answer-submit"),
        cancel: voice.word("form-cancel"),
        intro: cards::shorten(&consultation.asking.question, 600),
        fields: vec![Field {
            id: "text".into(),
            label: voice.plain_text(&Notice::new("form-consult-answer").number("max", i64::from(max))),
            hint: voice.word("form-consult-answer-hint"),
            kind: FieldKind::Paragraph { value: String::new(), max },
            optional: false,
        }],
    }
}

fn bound(max: usize) -> u32 {
    u32::try_from(max).unwrap_or(1_000)
}
