//! Buttons, menus, forms and message shortcuts: the same decisions as the commands, reached by pressing.
//!
//! Start at [`pressed`], [`submitted`] and [`shortcut`].

use std::collections::BTreeMap;

use super::Fault;
use super::commands::{self, Invocation, Reply, ticket as on_ticket};
use super::desk::{self, Arrival};
use super::say::Voice;
use super::tickets::{life, menu, since, undo, writing};
use super::work::{Loaded, Work};
use crate::domain::desk::ticket::{Command, Customer, Entry, NOTE_CHARS_MAX, Ticket};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::MemberId;
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Field, FieldKind, Form};
use crate::ports::inbound::ChatMessage;

/// The value of a card's button: what it is about, and the revision it was shown at.
fn read_value(value: &str) -> Option<(Ref, Option<u64>)> {
    let (subject, revision) = value.split_once(':').unwrap_or((value, ""));
    Ref::parse(subject).map(|subject| (subject, revision.parse().ok()))
}

/// A button was pressed or a menu entry chosen.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    action: &str,
    value: &str,
    chosen: &[String],
) -> Result<Reply, Fault> {
    if action == "report.tickets" {
        return super::reports::pressed(work, asked, value, chosen).await;
    }
    if action == "rota.tickets" {
        return super::fairness::pressed(work, asked, value, chosen).await;
    }
    if let Some(what) = action.strip_prefix("me.") {
        return super::own_desk::pressed(work, asked, what).await;
    }
    if let Some(what) = action.strip_prefix("draft.") {
        return super::drafts::press::pressed(work, asked, what, value).await;
    }
    if let Some(what) = action.strip_prefix("rule.") {
        return Box::pin(super::rules::press::pressed(work, asked, what, value)).await;
    }
    if let Some(what) = action.strip_prefix("triage.") {
        return Box::pin(super::lessons::pressed(work, asked, what, value)).await;
    }
    let Some((subject, seen)) = read_value(value) else { return Err(unknown_button()) };
    let asked = Invocation { subject: Some(subject), ..asked.clone() };
    match action.split_once('.') {
        Some(("meet", what)) => super::meetings::pressed(work, &asked, what, chosen).await,
        Some(("library", what)) => super::library::pressed(work, &asked, what, subject, seen).await,
        Some(("absence", what)) => super::absence::press::pressed(work, &asked, what, subject).await,
        Some(("consult", what)) => super::consult::press::pressed(work, &asked, what, subject).await,
        Some(("ticket", what)) => Box::pin(ticket_pressed(work, &asked, what, subject, seen, chosen)).await,
        Some(("crisis", what)) => super::crisis::pressed(work, &asked, what, subject).await,
        Some(("moderate", what)) => {
            let mut loaded = on_ticket::load_id(work, subject).await?;
            Box::pin(super::moderate::pressed(work, &asked, what, &mut loaded, seen)).await
        }
        Some(("play", what)) => super::playbooks::pressed(work, &asked, what, subject, seen).await,
        _ => Err(unknown_button()),
    }
}

fn unknown_button() -> Fault {
    Fault::refused(Notice::new("button-unknown"))
}

async fn ticket_pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    what: &str,
    subject: Ref,
    seen: Option<u64>,
    chosen: &[String],
) -> Result<Reply, Fault> {
    let mut loaded = on_ticket::load_id(work, subject).await?;
    let chosen = chosen.first().map(String::as_str).unwrap_or_default();
    let right = if what == "more" { menu::right_of(chosen) } else { right_of(what) };
    need(work, asked, right, &loaded.state)?;
    if ["claim", "reopen", "reroute"].contains(&what) {
        since::must_be_current(work, asked, what, &loaded.state, seen).await?;
    }
    match what {
        "more" => menu::chosen(work, asked, &mut loaded, chosen, seen).await,
        "ack" => life::acknowledge(work, asked, &mut loaded).await,
        "undo" => undo::undo(work, asked, &mut loaded).await,
        "outcome" => life::conclude(work, asked, &mut loaded, chosen).await,
        "snooze_for" => life::snooze(work, asked, &mut loaded, chosen).await,
        "reroute" => life::reroute(work, asked, &mut loaded).await,
        "claim" => on_ticket::give(work, asked, &mut loaded, asked.member.clone(), seen).await,
        "assign" => Ok(assign_form(work, asked, &loaded.state)),
        "note" => note_form(work, asked, &loaded.state).await,
        "reply" => super::drafts::forms::reply(work, asked, &loaded.state).await,
        "resolve" => Ok(menu::resolve_form(work, asked, &loaded.state)),
        "reopen" => on_ticket::reopened(work, asked, &mut loaded).await,
        "steps" => {
            let run = super::playbooks::existing(work, subject).await?;
            Ok(Reply::Show(Box::new(super::playbooks::steps(work, asked, &run.state))))
        }
        "correct" => Ok(super::triage::correction_form(work, asked, &loaded.state)),
        "why" => super::explain::answer(work, asked, &loaded.state).await,
        _ => Err(unknown_button()),
    }
}

fn right_of(what: &str) -> Right {
    match what {
        "why" | "steps" => Right::View,
        "note" => Right::Note,
        "reply" => Right::Draft,
        _ => Right::Claim,
    }
}

fn need(work: &Work<'_>, asked: &Invocation, right: Right, ticket: &Ticket) -> Result<(), Fault> {
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    commands::allow(&work.setup, &asked.member, right, scope)
}

/// The form that asks to whom a ticket goes.
#[must_use]
pub fn assign_form(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Reply {
    if !asked.can_open_form {
        return Reply::Say(Notice::new("assign-say-who").subject("ticket", ticket.subject()));
    }
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let holders = work.setup.office.holders(&ticket.opening.role);
    let mut entries = vec![("next".to_owned(), voice.word("form-next")), ("me".to_owned(), voice.word("form-me"))];
    entries.extend(holders.map(|member| (member.id.0.clone(), member.name.clone())));
    let others = work.setup.office.members.values().filter(|member| !member.roles.contains(&ticket.opening.role));
    entries.extend(others.map(|member| (member.id.0.clone(), member.name.clone())));
    entries.truncate(25);
    Reply::Form(Box::new(Form {
        name: "ticket_assign".into(),
        state: format!("{}:{}", ticket.subject(), ticket.revision),
        title: title(&voice, "form-assign-title", ticket),
        submit: voice.word("form-assign-submit"),
        cancel: voice.word("form-cancel"),
        intro: super::cards::shorten(ticket.first_text(), 200),
        fields: vec![Field {
            id: "to".into(),
            label: voice.word("form-assign-to"),
            hint: String::new(),
            kind: FieldKind::OneOf { entries, value: Some("next".into()) },
            optional: false,
        }],
    }))
}

fn title(voice: &Voice<'_>, key: &str, ticket: &Ticket) -> String {
    voice.plain_text(&Notice::new(key).subject("ticket", ticket.subject()))
}

/// The note form; whoever else writes on this ticket is named in it.
async fn note_form(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<Reply, Fault> {
    let others = writing::begin(work, ticket.id, &asked.member).await?;
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let mut intro = writing::sentences(&others, work.now, &voice);
    intro.push(super::cards::shorten(ticket.first_text(), 200));
    Ok(Reply::Form(Box::new(Form {
        name: "ticket_note".into(),
        state: format!("{}:{}", ticket.subject(), ticket.revision),
        title: title(&voice, "form-note-title", ticket),
        submit: voice.word("form-note-submit"),
        cancel: voice.word("form-cancel"),
        intro: intro.join("\n\n"),
        fields: vec![Field {
            id: "text".into(),
            label: voice.word("form-note-label"),
            hint: voice.word("form-note-hint"),
            kind: FieldKind::Paragraph { value: String::new(), max: u32::try_from(NOTE_CHARS_MAX).unwrap_or(300) },
            optional: false,
        }],
    })))
}

/// A form was given up: whoever had it open no longer writes.
///
/// # Errors
/// [`Fault::Store`].
pub async fn closed(work: &mut Work<'_>, member: &MemberId, form: &str, state: &str) -> Result<(), Fault> {
    match read_value(state) {
        Some((subject, _)) if subject.kind == Kind::Ticket && (form == "ticket_note" || form.starts_with("draft_")) => {
            writing::end(work, subject.id, member).await
        }
        _ => Ok(()),
    }
}

/// A form was submitted.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    state: &str,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    if form.starts_with("draft_") {
        return super::drafts::forms::submitted(work, asked, form, state, fields).await;
    }
    if form.starts_with("rule_") {
        return Box::pin(super::rules::press::submitted(work, asked, form, state, fields)).await;
    }
    if form.starts_with("me_") {
        return super::own_desk::submitted(work, asked, form, fields).await;
    }
    if let Some(what) = form.strip_prefix("crisis_") {
        return super::crisis::submitted(work, asked, what, state, fields).await;
    }
    let Some((subject, seen)) = read_value(state) else { return Err(unknown_button()) };
    let asked = Invocation { subject: Some(subject), ..asked.clone() };
    let text = fields.get("text").cloned().unwrap_or_default();
    match form {
        "triage_teach" => Box::pin(super::lessons::submitted(work, &asked, subject, fields)).await,
        "absence_backup" => super::absence::press::submitted(work, &asked, subject, fields).await,
        _ if form.starts_with("consult_") => {
            super::consult::press::submitted(work, &asked, form, subject, fields).await
        }
        "play_skip" => super::playbooks::submitted(work, &asked, subject, seen, fields).await,
        _ if form.starts_with("meet_") => super::meetings::submitted(work, &asked, form, fields).await,
        "ticket_note" => {
            let mut loaded = checked(work, &asked, subject, Right::Note).await?;
            writing::end(work, subject.id, &asked.member).await?;
            let command = Command::Note { typed: text.into(), via: String::new() };
            on_ticket::apply(work, &asked, &mut loaded, &command, "note-done").await
        }
        "ticket_correct" => {
            let mut loaded = checked(work, &asked, subject, Right::Claim).await?;
            since::must_be_current(work, &asked, "correct", &loaded.state, seen).await?;
            Box::pin(super::triage::correction_submitted(work, &asked, &mut loaded, fields)).await
        }
        form if menu::is_mine(form) => Box::pin(menu::submitted(work, &asked, form, subject, seen, fields)).await,
        "ticket_assign" => {
            let to = fields.get("to").cloned().unwrap_or_default();
            let mut asked = asked;
            asked.parsed.values.insert("to".into(), if to.is_empty() { "next".into() } else { to });
            let verb = commands::find("assign", "next")?.0;
            let loaded = on_ticket::load_id(work, subject).await?;
            since::must_be_current(work, &asked, "assign", &loaded.state, seen).await?;
            commands::run(work, verb, &asked).await
        }
        _ => Err(unknown_button()),
    }
}

async fn checked(work: &mut Work<'_>, asked: &Invocation, subject: Ref, right: Right) -> Result<Loaded<Ticket>, Fault> {
    let loaded = on_ticket::load_id(work, subject).await?;
    need(work, asked, right, &loaded.state)?;
    Ok(loaded)
}

/// A message shortcut or context command.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn shortcut(
    work: &mut Work<'_>,
    asked: &Invocation,
    name: &str,
    message: &ChatMessage,
) -> Result<Reply, Fault> {
    match name {
        "open_ticket" => {
            on_ticket::may_open(work, &asked.member)?;
            let opened = open_from_message(work, &asked.chat, message, Some(&asked.member)).await?;
            let loaded = on_ticket::load_id(work, Ref::new(Kind::Ticket, opened.id())).await?;
            Ok(Reply::Say(on_ticket::opened_notice(opened, &loaded.state)))
        }
        "add_note" | "assign_ticket" => {
            let at = &message.at;
            let subject =
                desk::subject_at(work, &asked.chat, &at.channel, message.thread.as_deref(), Some(&at.message)).await?;
            let known = match subject {
                Some(subject) => Some(subject),
                None => crate::store::links::get(
                    work.tx,
                    "source",
                    &desk::chat_source(&asked.chat, &at.channel, &at.message),
                )
                .await?
                .map(|id| Ref::new(Kind::Ticket, id)),
            };
            let subject = known.ok_or_else(|| Fault::refused(Notice::new("no-ticket-here")))?;
            let right = if name == "add_note" { Right::Note } else { Right::Claim };
            let loaded = checked(work, asked, subject, right).await?;
            let asked = Invocation { subject: Some(subject), ..asked.clone() };
            Ok(if name == "add_note" {
                note_form(work, &asked, &loaded.state).await?
            } else {
                assign_form(work, &asked, &loaded.state)
            })
        }
        _ => Err(unknown_button()),
    }
}

/// Opens a ticket from a chat message and all that is known of its thread.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn open_from_message(
    work: &mut Work<'_>,
    chat: &str,
    message: &ChatMessage,
    by: Option<&crate::domain::office::MemberId>,
) -> Result<desk::Opened, Fault> {
    let source = desk::chat_source(chat, &message.at.channel, &message.at.message);
    let mut entries = vec![Entry {
        source: source.clone(),
        author: message.author.name.clone(),
        text: message.text.clone(),
        at: message.written_at,
        deleted: false,
    }];
    let root = message.thread.clone().unwrap_or_else(|| message.at.message.clone());
    for heard in crate::store::heard::thread(work.tx, chat, &message.at.channel, &root).await? {
        let source = desk::chat_source(chat, &heard.channel, &heard.message);
        if entries.iter().any(|entry| entry.source == source) {
            continue;
        }
        entries.push(Entry { source, author: heard.author_name, text: heard.text, at: heard.at, deleted: false });
    }
    entries.sort_by_key(|entry| entry.at);
    let desk = super::listen::watching_desk(work, chat, &message.at.channel).await?;
    let arrival = Arrival {
        source,
        network: chat.to_owned(),
        kind: "message".into(),
        customer: Customer {
            id: message.author.id.clone(),
            name: message.author.name.clone(),
            url: String::new(),
            followers: None,
        },
        entries,
        url: message.url.clone(),
        reply_url: None,
        place: None,
        desk,
        opened_by: by.cloned(),
        topic: None,
        priority: None,
        received_at: work.now,
    };
    Box::pin(desk::open(work, arrival)).await
}

/// Brings the card that somebody pressed in vain up to date, so that what they see is what is.
///
/// # Errors
/// [`Fault::Store`].
pub async fn refresh_card(work: &mut Work<'_>, value: &str, request: &str) -> Result<(), Fault> {
    if let Some((subject, _)) = read_value(value).filter(|(subject, _)| subject.kind != Kind::Absence) {
        let subject = super::drafts::card_of(work, subject).await?;
        work.enqueue(&format!("refresh:{request}"), &Effect::Card { subject }).await?;
    }
    Ok(())
}
