//! Forms of drafts: writing a reply or a post, editing, asking for changes, planning.
//!
//! A form carries what its writer saw; when somebody else was faster, the text is kept and never sent over theirs.

use std::collections::BTreeMap;

use super::offer::Offer;
use super::press::{read_value, simple};
use super::write::{POST_TOPIC, Written};
use super::{approve_right, limit, load, need, plan, replies_of, write};
use crate::app::commands::{Invocation, Reply, ticket as on_ticket};
use crate::app::say::Voice;
use crate::app::tickets::writing;
use crate::app::work::Work;
use crate::app::{Fault, cards, library};
use crate::domain::content::draft::{COMMENT_CHARS_MAX, Command, Draft, Status, TEXT_CHARS_MAX};
use crate::domain::desk::ticket::{Refusal, Ticket};
use crate::domain::ids::Ref;
use crate::domain::notice::Notice;
use crate::ports::chat::{Field, FieldKind, Form};

/// Longest time typed into the planning form, in characters.
const WHEN_CHARS_MAX: u32 = 40;
/// Networks offered in a form (Slack docs: 100 options, ports: 25).
const NETWORKS_MAX: usize = 25;

fn voice<'w>(work: &'w Work<'_>, asked: &Invocation) -> Voice<'w> {
    Voice::plain(&work.app.wording, &work.setup.office, asked.lang)
}

fn max_of(limit: usize) -> u32 {
    u32::try_from(limit.min(TEXT_CHARS_MAX)).unwrap_or(1_000)
}

fn text_field(voice: &Voice<'_>, key: &str, value: &str, max: u32) -> Field {
    Field {
        id: "text".into(),
        label: voice.plain_text(&Notice::new(key).number("max", i64::from(max))),
        hint: String::new(),
        kind: FieldKind::Paragraph { value: value.to_owned(), max },
        optional: false,
    }
}

fn visibility(voice: &Voice<'_>, private: bool) -> Field {
    let entries = ["public", "private"].map(|name| (name.to_owned(), voice.word(&format!("draft-{name}")))).to_vec();
    let value = Some(if private { "private" } else { "public" }.to_owned());
    Field {
        id: "visibility".into(),
        label: voice.word("draft-field-visibility"),
        hint: String::new(),
        kind: FieldKind::OneOf { entries, value },
        optional: false,
    }
}

/// The form that answers a customer; tells the language, the limit and who must approve, and warns when somebody else
/// writes or has written.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn reply(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<Reply, Fault> {
    reply_with(work, asked, ticket, None).await
}

/// As [`reply`], with words of the library in it already; where no form can be shown they are kept as a draft.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn reply_with(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: &Ticket,
    snippet: Option<Ref>,
) -> Result<Reply, Fault> {
    super::must_be_connected(work, &ticket.opening.network)?;
    let given = match snippet {
        Some(snippet) => library::words(work, snippet, ticket).await?,
        None => String::new(),
    };
    let seen = replies_of(work, ticket.id).await?.last().map_or(0, |draft| draft.id);
    if !asked.can_open_form {
        let Some(snippet) = snippet else {
            return Ok(Reply::Say(Notice::new("reply-type-it").subject("ticket", ticket.subject())));
        };
        write::may_write(work, asked, ticket)?;
        library::take(work, asked, snippet, ticket).await?;
        let written = Written { text: given, private: false, seen, unread: true };
        return write::reply(work, asked, ticket, written).await;
    }
    must_be_free(work, asked, ticket)?;
    let offer = Offer::of(work, asked, ticket).await?;
    let intro = reply_intro(work, asked, ticket, &offer).await?;
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let picker = if given.is_empty() { library::picker(work, ticket, &voice).await? } else { None };
    let mut text = text_field(&voice, "form-draft-text", &given, max_of(offer.max));
    text.label = offer.label(&voice);
    text.optional = picker.is_some();
    let mut fields = vec![text];
    fields.extend(picker);
    if offer.public && offer.private {
        fields.push(visibility(&voice, false));
    }
    Ok(Reply::Form(Box::new(Form {
        name: "draft_reply".into(),
        state: match snippet {
            Some(snippet) => format!("{}:{seen}:{snippet}", ticket.subject()),
            None => format!("{}:{seen}", ticket.subject()),
        },
        title: voice.plain_text(&Notice::new("form-reply-title").subject("ticket", ticket.subject())),
        submit: voice.word(if offer.approvers.is_some() { "form-reply-submit-review" } else { "form-draft-submit" }),
        cancel: voice.word("form-cancel"),
        intro,
        fields,
    })))
}

/// Refuses who is kept out by a lock.
///
/// # Errors
/// The refusal, which names who may answer.
pub fn must_be_free(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<(), Fault> {
    match &ticket.lock {
        Some(by) if !ticket.may_act(&asked.member, &work.setup.office) => {
            let refusal = Refusal::Locked { by: by.clone(), owner: ticket.assignee.clone() };
            Err(on_ticket::refused(ticket, &refusal))
        }
        _ => Ok(()),
    }
}

/// What stands above a reply: who else is at it, what is under way, the customer's words, what this reply needs.
async fn reply_intro(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket, offer: &Offer) -> Result<String, Fault> {
    let others = writing::begin(work, ticket.id, &asked.member).await?;
    let replies = replies_of(work, ticket.id).await?;
    let now = work.now;
    let voice = voice(work, asked);
    let mut intro = Vec::new();
    if let Some(open) = replies.iter().rev().find(|draft| !draft.status.is_final()) {
        intro.push(voice.plain_text(&crate::app::draft_cards::standing(open, &voice)));
    }
    intro.extend(writing::sentences(&others, now, &voice));
    intro.push(cards::shorten(ticket.first_text(), 200));
    intro.push(offer.intro(&voice));
    Ok(intro.join("\n\n"))
}

/// The form that changes a draft.
#[must_use]
pub fn edit(work: &Work<'_>, asked: &Invocation, draft: &Draft) -> Reply {
    let voice = voice(work, asked);
    if !asked.can_open_form {
        return Reply::Say(super::about(draft, Notice::new("edit-type-it")));
    }
    let max = max_of(limit(work, &draft.opening.network));
    let mut fields = vec![text_field(&voice, "form-draft-text", draft.text(), max)];
    if !draft.opening.post && !draft.opening.direct {
        fields.push(visibility(&voice, draft.current().is_some_and(|version| version.private)));
    }
    let intro = if draft.approvals.is_empty() && draft.status != Status::InReview { "" } else { "form-edit-voids" };
    let submit = if draft.opening.post { "form-edit-submit" } else { "form-draft-submit" };
    form(draft, &voice, "draft_edit", "form-edit-title", submit, intro, fields)
}

/// The form that asks for changes.
#[must_use]
pub fn changes(work: &Work<'_>, asked: &Invocation, draft: &Draft) -> Reply {
    let voice = voice(work, asked);
    if !asked.can_open_form {
        return Reply::Say(super::about(draft, Notice::new("changes-type-it")));
    }
    let max = u32::try_from(COMMENT_CHARS_MAX).unwrap_or(1_000);
    let fields = vec![text_field(&voice, "form-changes-text", "", max)];
    form(draft, &voice, "draft_changes", "form-changes-title", "form-changes-submit", "", fields)
}

/// The form that asks when a post leaves.
#[must_use]
pub fn plan(work: &Work<'_>, asked: &Invocation, draft: &Draft) -> Reply {
    let voice = voice(work, asked);
    if !asked.can_open_form {
        return Reply::Say(super::about(draft, Notice::new("when-type-it")));
    }
    let value = draft.plan.as_ref().map(|plan| plan.wall.replace('T', " ")).unwrap_or_default();
    let field = Field {
        id: "when".into(),
        label: voice.plain_text(&Notice::new("form-plan-when").text("zone", work.setup.office.zone.name())),
        hint: voice.word("form-plan-hint"),
        kind: FieldKind::Line { value, max: WHEN_CHARS_MAX },
        optional: false,
    };
    form(draft, &voice, "draft_plan", "form-plan-title", "form-plan-submit", "", vec![field])
}

fn form(
    draft: &Draft,
    voice: &Voice<'_>,
    name: &str,
    title: &str,
    submit: &str,
    intro: &str,
    fields: Vec<Field>,
) -> Reply {
    let text = cards::shorten(draft.text(), 200);
    let intro = if intro.is_empty() { text } else { voice.word(intro) };
    Reply::Form(Box::new(Form {
        name: name.into(),
        state: crate::app::draft_cards::value(draft),
        title: voice.plain_text(&Notice::new(title).subject("draft", draft.subject())),
        submit: voice.word(submit),
        cancel: voice.word("form-cancel"),
        intro,
        fields,
    }))
}

/// The form of a new post, with what was typed already.
///
/// # Errors
/// A refusal when nothing can be published anywhere.
pub fn new_post(work: &Work<'_>, asked: &Invocation, network: Option<&str>, text: &str) -> Result<Reply, Fault> {
    let networks = &work.app.registry.networks;
    let Some(first) = networks.keys().next() else {
        return Err(Fault::refused(Notice::new("no-network")));
    };
    if !asked.can_open_form {
        let known = networks.keys().cloned().collect::<Vec<_>>().join(", ");
        return Ok(Reply::Say(Notice::new("post-type-it").text("known", known)));
    }
    let voice = voice(work, asked);
    let chosen = network.filter(|name| networks.contains_key(*name)).unwrap_or(first);
    let max = networks.keys().map(|name| max_of(limit(work, name))).max().unwrap_or(max_of(TEXT_CHARS_MAX));
    let entries: Vec<(String, String)> =
        networks.keys().take(NETWORKS_MAX).map(|name| (name.clone(), cards::network_name(name))).collect();
    let network = Field {
        id: "net".into(),
        label: voice.word("form-post-network"),
        hint: String::new(),
        kind: FieldKind::OneOf { entries, value: Some(chosen.to_owned()) },
        optional: false,
    };
    Ok(Reply::Form(Box::new(Form {
        name: "draft_new".into(),
        state: "new".into(),
        title: voice.word("form-post-title"),
        submit: voice.word("form-edit-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.word("form-post-intro"),
        fields: vec![network, text_field(&voice, "form-draft-text", text, max)],
    })))
}

/// A form of a draft was submitted.
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
    let text = fields.get("text").cloned().unwrap_or_default();
    match take_up(work, asked, form, state, fields).await {
        // A form closes when it is sent: what was written is given back with the reason.
        Err(Fault::Refused(reason)) if !text.trim().is_empty() => {
            let reason = voice(work, asked).plain_text(&reason);
            Err(Fault::refused(Notice::new("draft-form-refused").text("reason", reason).text("text", text)))
        }
        done => done,
    }
}

async fn take_up(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    state: &str,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let text = field("text").to_owned();
    match form {
        "draft_new" => {
            let loaded = write::post(work, asked, field("net"), POST_TOPIC, text).await?;
            return Ok(Reply::Say(super::about(&loaded.state, Notice::new("post-begun"))));
        }
        "draft_reply" => {
            let picked = library::picked(field("snippet"))?;
            return reply_submitted(work, asked, state, text, picked, field("visibility")).await;
        }
        _ => {}
    }
    let Some((subject, shown)) = read_value(state) else {
        return Err(Fault::refused(Notice::new("button-unknown")));
    };
    let mut loaded = load(work, subject).await?;
    match form {
        "draft_edit" => {
            let private = private(field("visibility"))?;
            super::edit(work, asked, &mut loaded, text, private, Some(shown)).await
        }
        "draft_changes" => {
            need(work, asked, &loaded.state, approve_right(&loaded.state))?;
            let command = Command::AskChanges { shown: Some(shown), text };
            simple(work, asked, &mut loaded, &command, "draft-changes-asked").await
        }
        "draft_plan" => plan::schedule(work, asked, &mut loaded, field("when")).await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

async fn reply_submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    state: &str,
    text: String,
    picked: Option<Ref>,
    visibility: &str,
) -> Result<Reply, Fault> {
    let (ticket, seen) = state.split_once(':').unwrap_or((state, "0"));
    let Some(subject) = Ref::parse(ticket) else {
        return Err(Fault::refused(Notice::new("button-unknown")));
    };
    let loaded = on_ticket::load_id(work, subject).await?;
    write::may_write(work, asked, &loaded.state)?;
    let private = private(visibility)?.unwrap_or(false);
    must_be_free(work, asked, &loaded.state)?;
    writing::end(work, subject.id, &asked.member).await?;
    let (seen, given) = seen.split_once(':').unwrap_or((seen, ""));
    if let Some(snippet) = library::picked(given)? {
        // Its writer had its words before their eyes and could change them; what ran out meanwhile is not used any more.
        library::take(work, asked, snippet, &loaded.state).await?;
    }
    let mut written = Written { text, private, seen: seen.parse().unwrap_or(0), unread: false };
    if let Some(snippet) = picked {
        let words = library::take(work, asked, snippet, &loaded.state).await?;
        let parts = [written.text.trim(), words.as_str()];
        written.text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        written.unread = true;
    }
    write::reply(work, asked, &loaded.state, written).await
}

/// The visibility chosen; a word that is neither is refused rather than guessed.
///
/// # Errors
/// The refusal.
pub fn private(chosen: &str) -> Result<Option<bool>, Fault> {
    match chosen.trim().to_lowercase().as_str() {
        "" => Ok(None),
        "public" => Ok(Some(false)),
        "private" => Ok(Some(true)),
        _ => Err(Fault::refused(Notice::new("visibility-unclear").text("typed", chosen))),
    }
}
