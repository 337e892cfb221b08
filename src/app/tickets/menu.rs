//! The "More" menu of a card, and the forms behind it. What a form asks is checked again when it is sent.
//!
//! Start at [`menu`] and [`chosen`].

use std::collections::BTreeMap;

use super::{contacts, joining, life, since};
use crate::app::commands::{self, Invocation, Reply, ticket as on_ticket};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, cards, consult, drafts, explain, moderate, playbooks, triage};
use crate::domain::desk::moderation::{Act, Visibility};
use crate::domain::desk::ticket::{ENTRIES_MAX, Entry, OUTCOME_CHARS_MAX, Status, Ticket};
use crate::domain::desk::triage::Field as Reading;
use crate::domain::ids::Ref;
use crate::domain::notice::Notice;
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Control, Field, FieldKind, Form};

/// Longest line typed into these forms, in characters.
const LINE_CHARS_MAX: u32 = 80;
/// Entries of a list in a form (ports: 25).
const ENTRIES_SHOWN_MAX: usize = 25;
/// Messages listed above the field of the split form.
const MESSAGES_SHOWN_MAX: usize = 15;

/// What the menu offers, by where the ticket stands.
fn offers(ticket: &Ticket) -> Vec<&'static str> {
    if ticket.status == Status::Merged {
        return vec!["history"];
    }
    if !ticket.is_open() {
        let mut offers = vec!["outcome", "correct", "history", "link", "why"];
        offers.extend(moderation(ticket));
        return offers;
    }
    let mut offers = vec![if ticket.snooze.is_some() { "wake" } else { "snooze" }];
    match ticket.status {
        Status::WaitingCustomer => offers.extend(["resume", "wait_internal"]),
        Status::WaitingInternal => offers.extend(["resume", "wait_customer"]),
        _ => offers.extend(["wait_customer", "wait_internal"]),
    }
    offers.extend(["priority", "topic", "correct", "merge"]);
    if ticket.opening.entries.len() > 1 {
        offers.push("split");
    }
    if ticket.assignee.is_some() {
        offers.push(if ticket.lock.is_some() { "unlock" } else { "lock" });
    }
    offers.extend(["consult", "history", "link"]);
    offers.extend(moderation(ticket));
    offers
}

/// What can be done with its messages where others read them.
fn moderation(ticket: &Ticket) -> Vec<&'static str> {
    if !ticket.is_public() {
        return Vec::new();
    }
    let hidden = |entry: &Entry| ticket.visibility(&entry.source) == Visibility::Hidden;
    let any_hidden = ticket.opening.entries.iter().any(hidden);
    vec![if any_hidden { "unhide" } else { "hide" }, "delete"]
}

/// What stands in the menu because it has no button of its own beside it.
#[derive(Clone, Copy, Debug)]
pub struct Aside {
    /// Why this person.
    pub why: bool,
    /// The steps of its playbook.
    pub steps: bool,
}

/// The menu of a card.
#[must_use]
pub fn menu(ticket: &Ticket, aside: Aside, voice: &Voice<'_>) -> Control {
    let entries = offers(ticket)
        .into_iter()
        .chain((aside.why && ticket.is_open()).then_some("why"))
        .chain(aside.steps.then_some("steps"))
        .map(|what| (what.to_owned(), voice.word(&format!("more-{}", what.replace('_', "-")))))
        .collect();
    Control::Menu {
        action: "ticket.more".into(),
        value: format!("{}:{}", ticket.subject(), ticket.revision),
        placeholder: voice.word("button-more"),
        entries,
    }
}

/// The right that an entry needs.
#[must_use]
pub fn right_of(what: &str) -> Right {
    match what {
        "history" | "why" | "steps" => Right::View,
        "hide" | "unhide" => Right::Hide,
        "delete" => Right::Delete,
        "consult" => Right::Note,
        _ => Right::Claim,
    }
}

/// An entry was chosen; `seen` is the revision of the card.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn chosen(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    what: &str,
    seen: Option<u64>,
) -> Result<Reply, Fault> {
    let opens_form =
        ["snooze", "priority", "topic", "correct", "merge", "split", "link", "outcome", "consult"].contains(&what);
    if !opens_form {
        since::must_be_current(work, asked, what, &loaded.state, seen).await?;
    }
    match what {
        "wake" => life::wake(work, asked, loaded).await,
        "wait_customer" => life::wait(work, asked, loaded, "customer").await,
        "wait_internal" => life::wait(work, asked, loaded, "internal").await,
        "resume" => life::wait(work, asked, loaded, "over").await,
        "lock" => life::lock(work, asked, loaded, true).await,
        "unlock" => life::lock(work, asked, loaded, false).await,
        "hide" => moderate::by_hand(work, asked, loaded, Act::Hide).await,
        "unhide" => moderate::by_hand(work, asked, loaded, Act::Unhide).await,
        "delete" => moderate::by_hand(work, asked, loaded, Act::Delete).await,
        "consult" => Ok(Reply::Form(Box::new(consult::faces::ask_form(work, asked, &loaded.state, "", "")))),
        "history" => contacts::history(work, asked, &loaded.state).await,
        "steps" => {
            let run = playbooks::existing(work, loaded.state.subject()).await?;
            Ok(Reply::Show(Box::new(playbooks::steps(work, asked, &run.state))))
        }
        "correct" => Ok(triage::correction_form(work, asked, &loaded.state)),
        "why" => explain::answer(work, asked, &loaded.state).await,
        _ if opens_form => form(work, asked, &loaded.state, what).await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

fn line(voice: &Voice<'_>, what: &str, value: String) -> Field {
    Field {
        id: "text".into(),
        label: voice.word(&format!("form-{what}-label")),
        hint: voice.word(&format!("form-{what}-hint")),
        kind: FieldKind::Line { value, max: LINE_CHARS_MAX },
        optional: false,
    }
}

fn one_of(voice: &Voice<'_>, what: &str, entries: Vec<(String, String)>, value: Option<String>) -> Field {
    let entries: Vec<(String, String)> = entries.into_iter().take(ENTRIES_SHOWN_MAX).collect();
    let value = value.filter(|value| entries.iter().any(|(name, _)| name == value));
    Field {
        id: "text".into(),
        label: voice.word(&format!("form-{what}-label")),
        hint: String::new(),
        kind: FieldKind::OneOf { entries, value },
        optional: false,
    }
}

/// The form behind an entry of the menu.
///
/// # Errors
/// [`Fault::Store`].
pub async fn form(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket, what: &str) -> Result<Reply, Fault> {
    let candidate = if what == "merge" { contacts::other_open(work, asked, ticket).await? } else { None };
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let mut intro = cards::shorten(ticket.first_text(), 200);
    let field = match what {
        "priority" => {
            let entries = (1..=4).map(|number| (format!("p{number}"), voice.word(&format!("priority-{number}"))));
            one_of(&voice, what, entries.collect(), Some(format!("p{}", ticket.opening.priority)))
        }
        "topic" => {
            let topics = triage::topics(&work.setup);
            let mut entries: Vec<(String, String)> =
                topics.into_iter().map(|topic| (topic.clone(), voice.topic(&topic))).collect();
            // The present one first, so that it stands in the list however long that is.
            entries.sort_by_key(|(topic, words)| (*topic != ticket.opening.topic, words.clone()));
            one_of(&voice, what, entries, Some(ticket.opening.topic.clone()))
        }
        "outcome" => one_of(&voice, what, super::undo::outcomes(&voice), ticket.outcome.clone()),
        "merge" => line(&voice, what, candidate.map(|other| other.to_string()).unwrap_or_default()),
        "split" => {
            intro = numbered(ticket);
            line(&voice, what, String::new())
        }
        "snooze" => line(&voice, what, "+2h".into()),
        _ => line(&voice, what, String::new()),
    };
    Ok(Reply::Form(Box::new(Form {
        name: format!("ticket_{what}"),
        state: format!("{}:{}", ticket.subject(), ticket.revision),
        title: voice.plain_text(&Notice::new(&format!("form-{what}-title")).subject("ticket", ticket.subject())),
        submit: voice.word(&format!("form-{what}-submit")),
        cancel: voice.word("form-cancel"),
        intro,
        fields: vec![field],
    })))
}

/// The messages of a ticket with their numbers.
fn numbered(ticket: &Ticket) -> String {
    debug_assert!(ticket.opening.entries.len() <= ENTRIES_MAX, "entries are bounded");
    let lines = ticket.opening.entries.iter().enumerate().take(MESSAGES_SHOWN_MAX);
    let lines: Vec<String> = lines
        .map(|(index, entry)| format!("{}. {}", index + 1, cards::shorten(&entry.text.replace('\n', " "), 90)))
        .collect();
    lines.join("\n")
}

/// The form that resolves: words first, and a list of outcomes.
#[must_use]
pub fn resolve_form(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Reply {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let mut fields = vec![Field {
        id: "text".into(),
        label: voice.word("form-resolve-label"),
        hint: voice.word("form-resolve-hint"),
        kind: FieldKind::Paragraph { value: String::new(), max: u32::try_from(OUTCOME_CHARS_MAX).unwrap_or(300) },
        optional: true,
    }];
    let outcomes = super::undo::outcomes(&voice);
    if !outcomes.is_empty() {
        let field = one_of(&voice, "outcome", outcomes, None);
        fields.push(Field { id: "outcome".into(), optional: true, ..field });
    }
    Reply::Form(Box::new(Form {
        name: "ticket_resolve".into(),
        state: format!("{}:{}", ticket.subject(), ticket.revision),
        title: voice.plain_text(&Notice::new("form-resolve-title").subject("ticket", ticket.subject())),
        submit: voice.word("form-resolve-submit"),
        cancel: voice.word("form-cancel"),
        intro: cards::shorten(ticket.first_text(), 200),
        fields,
    }))
}

/// Whether a form is one of this file.
#[must_use]
pub fn is_mine(form: &str) -> bool {
    let what = form.strip_prefix("ticket_").unwrap_or_default();
    ["snooze", "priority", "topic", "merge", "split", "link", "outcome", "resolve"].contains(&what)
}

/// One of these forms was sent; `seen` is the revision it was opened at.
///
/// # Errors
/// Refusals for the sender, with what they typed; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    subject: Ref,
    seen: Option<u64>,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let what = form.strip_prefix("ticket_").unwrap_or_default();
    let text = fields.get("text").map(String::as_str).unwrap_or_default();
    let mut loaded = on_ticket::load_id(work, subject).await?;
    let own = loaded.state.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&loaded.state.opening.network), topic: Some(&loaded.state.opening.topic), own };
    commands::allow(&work.setup, &asked.member, right_of(what), scope)?;
    since::must_be_current(work, asked, what, &loaded.state, seen).await?;
    match what {
        "resolve" => {
            let outcome = fields.get("outcome").map(String::as_str);
            life::resolve(work, asked, &mut loaded, outcome, Some(text)).await
        }
        "snooze" => life::snooze(work, asked, &mut loaded, text).await,
        "priority" => {
            // A form that holds text only gives back what was typed: `p1`, `P1 · at once` or `1`.
            let digit = text.trim().trim_start_matches(['p', 'P']).chars().next().and_then(|digit| digit.to_digit(10));
            let priority = digit.and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
            life::prioritise(work, asked, &mut loaded, priority).await
        }
        "topic" => triage::correct(work, asked, &mut loaded, vec![(Reading::Topic, text.to_owned())]).await,
        "outcome" => life::conclude(work, asked, &mut loaded, text).await,
        "merge" => joining::merge(work, asked, &mut loaded, text).await,
        "split" => joining::split(work, asked, &mut loaded, text).await,
        "link" => {
            let ticket = loaded.state.clone();
            contacts::link(work, asked, &ticket, text, None).await
        }
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// The reply of a ticket that is under way, as a status of the ticket: drafting, in review, sending.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn stage(work: &mut Work<'_>, ticket: &Ticket) -> Result<Option<&'static str>, Fault> {
    use crate::domain::content::draft::Status as Draft;
    let mut found = None;
    for draft in drafts::replies_of(work, ticket.id).await? {
        found = match draft.status {
            Draft::Drafting | Draft::Refused | Draft::Held => found.or(Some("drafting")),
            Draft::InReview => Some("in-review"),
            Draft::Approved | Draft::Queued | Draft::Sending | Draft::Unknown => return Ok(Some("sending")),
            _ => found,
        };
    }
    Ok(found)
}
