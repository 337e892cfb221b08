//! Rules that people make of corrections: proposed with their words, shown with their effect, switched on and off.
//!
//! A rule learnt in chat is a change of the office like any other: it holds from the next transaction on, everywhere. The rule
//! file stays as it is. Start at [`teach_form`] (from a correction) and [`add`] (by hand); [`sorter`] is what they do.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::commands::{self, Invocation, Reply, ticket as on_ticket};
use super::say::Voice;
use super::work::{Work, read_state};
use super::{Fault, cards, office, triage};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::Ticket;
use crate::domain::desk::triage::lesson::{
    LESSON_KEYWORDS_MAX, LESSONS_MAX, Lesson, keywords, typed_keywords, with_lessons,
};
use crate::domain::desk::triage::{Field, KEYWORD_CHARS_MAX, Message, RuleBook, Sorter, TriageRules};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::changes::OfficeChange;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::DAY_MS;
use crate::ports::chat::{self, Block, Body, Control, Emphasis, FieldKind, Form, Rich, Span};
use crate::store::aggregates::{self, Filter};

/// The past messages on which a rule is tried: the newest so many of the last days.
const TRIED_MAX: i64 = 500;
/// Days looked back.
const TRIED_DAYS: i64 = 7;
/// Tickets named in a preview.
const NAMED_MAX: usize = 5;
/// Rules shown in the list, each with its button (Discord takes 25 buttons a message).
const LISTED_MAX: usize = 10;
/// Longest line of keywords, in characters.
const LINE_CHARS_MAX: u32 = 1_000;

/// The rules of the file, or those applied since, with those learnt in chat before them. A lesson that no longer compiles is
/// left out with the others: the others alone always hold.
#[must_use]
pub fn sorter(file: &Arc<Sorter>, applied: Option<&RuleBook>, changes: &[OfficeChange]) -> Arc<Sorter> {
    let learnt: Vec<&Lesson> = lessons(changes).filter(|lesson| lesson.on).collect();
    let base = match applied.map(RuleBook::compile) {
        Some(Ok(rules)) => Arc::new(Sorter { rules, model: file.model.clone() }),
        Some(Err(errors)) => {
            tracing::warn!(?errors, "the applied rules do not hold any more: the file's do");
            Arc::clone(file)
        }
        None => Arc::clone(file),
    };
    if learnt.is_empty() {
        return base;
    }
    match with_lessons(&base.rules, learnt.into_iter()) {
        Ok(rules) => Arc::new(Sorter { rules, model: file.model.clone() }),
        Err(errors) => {
            tracing::warn!(?errors, "the learnt rules could not be put before the others");
            base
        }
    }
}

fn lessons(changes: &[OfficeChange]) -> impl DoubleEndedIterator<Item = &Lesson> {
    changes.iter().filter_map(|change| match change {
        OfficeChange::Learnt { lesson } => Some(lesson),
        _ => None,
    })
}

/// Whether somebody may change the rules.
#[must_use]
pub fn may_teach(work: &Work<'_>, asked: &Invocation) -> bool {
    need(work, asked).is_ok()
}

fn need(work: &Work<'_>, asked: &Invocation) -> Result<(), Fault> {
    commands::allow(&work.setup, &asked.member, Right::Config, Scope { network: None, topic: None, own: false })
}

/// A past message: which ticket, what it said, where it came from.
struct Past {
    ticket: Ticket,
    text: String,
}

async fn past(work: &mut Work<'_>) -> Result<Vec<Past>, Fault> {
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        opened: Some((work.now.plus_ms(-TRIED_DAYS * DAY_MS), work.now.plus_ms(1))),
        limit: TRIED_MAX,
        ..Filter::default()
    };
    let mut found = Vec::new();
    for row in aggregates::list(work.tx, &filter).await? {
        let ticket: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        let texts: Vec<&str> = ticket.opening.entries.iter().map(|entry| entry.text.as_str()).collect();
        let text = texts.join("\n");
        found.push(Past { ticket, text });
    }
    Ok(found)
}

/// What a rule would have changed: the tickets whose topic or priority it would have set otherwise.
fn effect(rules: &TriageRules, lesson: &Lesson, past: &[Past]) -> Result<Vec<Ref>, Fault> {
    let tried = Lesson { on: true, ..lesson.clone() };
    let with = with_lessons(rules, std::iter::once(&tried)).map_err(|errors| {
        let words = errors.first().map_or_else(String::new, |error| error.reason.to_string());
        Fault::refused(Notice::new("lesson-impossible").text("reason", words))
    })?;
    let changed = past.iter().filter(|past| {
        let opening = &past.ticket.opening;
        let message = Message {
            text: &past.text,
            network: &opening.network,
            kind: &opening.kind,
            followers: opening.customer.followers,
            language: opening.language.as_deref(),
            mood: opening.mood,
        };
        let (before, after) = (rules.classify(&message), with.classify(&message));
        before.topic != after.topic || before.priority != after.priority
    });
    Ok(changed.map(|past| past.ticket.subject()).collect())
}

/// The form that proposes a rule made of a ticket's correction, with its effect on the last days.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn teach_form(work: &mut Work<'_>, asked: &Invocation, subject: Ref) -> Result<Reply, Fault> {
    need(work, asked)?;
    let ticket = on_ticket::load_id(work, subject).await?.state;
    let past = past(work).await?;
    let topic = ticket.opening.topic.clone();
    let others: Vec<&str> =
        past.iter().filter(|past| past.ticket.opening.topic != topic).map(|past| past.text.as_str()).collect();
    let proposed = keywords(ticket.first_text(), &others);
    let lesson = lesson_of(work, asked, &ticket, proposed.clone());
    let changed = if proposed.is_empty() { Vec::new() } else { effect(&work.setup.triage.rules, &lesson, &past)? };
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let key = if proposed.is_empty() { "lesson-intro-none" } else { "lesson-intro" };
    let intro = Notice::new(key)
        .text("topic", cards::topic_name(&topic, &voice))
        .number("changed", count(changed.len()))
        .number("tried", count(past.len()))
        .number("days", TRIED_DAYS);
    Ok(Reply::Form(Box::new(Form {
        name: "triage_teach".into(),
        state: format!("{subject}:{}", ticket.revision),
        title: voice.word("lesson-title"),
        submit: voice.word("lesson-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.plain_text(&intro),
        fields: vec![chat::Field {
            id: "words".into(),
            label: voice.word("lesson-words"),
            hint: voice.word("lesson-words-hint"),
            kind: FieldKind::Line { value: proposed.join(", "), max: LINE_CHARS_MAX },
            optional: false,
        }],
    })))
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The rule that a ticket teaches: its topic, the role that answers it, and its priority when that was corrected.
fn lesson_of(work: &Work<'_>, asked: &Invocation, ticket: &Ticket, keywords: Vec<String>) -> Lesson {
    let corrected = ticket.corrections.iter().any(|correction| correction.field == Field::Priority);
    let priority = ticket.value(Field::Priority).parse().ok().filter(|_| corrected);
    // Whoever teaches may not have handed the ticket over yet: the topic's role counts, not the ticket's.
    let role = triage::role_of(&work.setup, &ticket.opening.topic);
    let role = role.or_else(|| Some(ticket.opening.role.clone()).filter(|role| work.office().roles.contains_key(role)));
    Lesson {
        // A rule must have a name even to be tried.
        name: "learnt-0".into(),
        keywords,
        topic: ticket.opening.topic.clone(),
        role,
        priority,
        on: true,
        by: asked.member.clone(),
        ticket: Some(ticket.id),
    }
}

/// The form was sent: the rule is in force.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    subject: Ref,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    need(work, asked)?;
    let ticket = on_ticket::load_id(work, subject).await?.state;
    let words = typed_keywords(fields.get("words").map_or("", String::as_str));
    let lesson = lesson_of(work, asked, &ticket, words);
    put(work, asked, lesson).await
}

/// `/vigie triage add TOPIC WORDS`: a rule by hand.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn add(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let topic = triage::topic_meant(work, asked, asked.parsed.get("about").unwrap_or_default())?;
    let lesson = Lesson {
        name: String::new(),
        keywords: typed_keywords(asked.parsed.get("keywords").unwrap_or_default()),
        role: triage::role_of(&work.setup, &topic),
        topic,
        priority: None,
        on: true,
        by: asked.member.clone(),
        ticket: None,
    };
    put(work, asked, lesson).await
}

async fn put(work: &mut Work<'_>, asked: &Invocation, mut lesson: Lesson) -> Result<Reply, Fault> {
    let too_long = lesson.keywords.iter().any(|keyword| keyword.chars().count() > KEYWORD_CHARS_MAX);
    if lesson.keywords.is_empty() || lesson.keywords.len() > LESSON_KEYWORDS_MAX || too_long {
        let most = Notice::new("lesson-no-words").number("max", count(LESSON_KEYWORDS_MAX));
        return Err(Fault::refused(most.number("chars", count(KEYWORD_CHARS_MAX))));
    }
    let known = office::changes_in_force(work).await?;
    if lessons(&known).count() >= LESSONS_MAX {
        return Err(Fault::refused(Notice::new("lesson-too-many").number("max", count(LESSONS_MAX))));
    }
    let number = lessons(&known).filter_map(|known| known.name.strip_prefix("learnt-")?.parse::<u32>().ok()).max();
    lesson.name = format!("learnt-{}", number.unwrap_or(0) + 1);
    let past = past(work).await?;
    let changed = effect(&work.setup.triage.rules, &lesson, &past)?;
    let actor = Actor::Member { id: asked.member.clone() };
    office::change(work, &actor, OfficeChange::Learnt { lesson: lesson.clone() }).await?;
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let notice = Notice::new("lesson-added")
        .with("rule", Arg::Code(lesson.name.clone()))
        .text("topic", cards::topic_name(&lesson.topic, &voice))
        .text("words", lesson.keywords.join(", "))
        .number("changed", count(changed.len()))
        .number("tried", count(past.len()))
        .number("days", TRIED_DAYS);
    let mut lines = voice.say(&notice);
    if !changed.is_empty() {
        let named: Vec<String> = changed.iter().take(NAMED_MAX).map(ToString::to_string).collect();
        let more =
            if changed.len() > NAMED_MAX { format!(" … +{}", changed.len() - NAMED_MAX) } else { String::new() };
        lines.push(Span::Text(format!(" → {}{more}", named.join(", "))));
    }
    let blocks = vec![Block::Text(lines), Block::Controls(vec![button(&lesson, &voice)])];
    Ok(Reply::Show(Box::new(Body { summary: voice.plain_text(&notice), blocks, ..Body::default() })))
}

fn button(lesson: &Lesson, voice: &Voice<'_>) -> Control {
    let (action, label) =
        if lesson.on { ("triage.off", "button-lesson-off") } else { ("triage.on", "button-lesson-on") };
    let notice = Notice::new(label).text("rule", &lesson.name);
    Control::Button {
        action: action.into(),
        value: lesson.name.clone(),
        label: voice.plain_text(&notice),
        emphasis: Emphasis::Plain,
    }
}

/// `/vigie triage list`: the learnt rules, newest first, each with its switch for whoever may use it.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let changes = office::changes_in_force(work).await?;
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let learnt: Vec<&Lesson> = lessons(&changes).rev().collect();
    if learnt.is_empty() {
        return Ok(Reply::Say(Notice::new("lesson-none")));
    }
    let title = Notice::new("lesson-list-title").number("count", count(learnt.len()));
    let mut lines = Rich::new();
    for lesson in learnt.iter().take(LISTED_MAX) {
        let notice = Notice::new(if lesson.on { "lesson-line-on" } else { "lesson-line-off" })
            .with("rule", Arg::Code(lesson.name.clone()))
            .text("topic", cards::topic_name(&lesson.topic, &voice))
            .text("words", lesson.keywords.join(", "))
            .member("by", &lesson.by);
        lines.extend(voice.say(&notice));
        lines.push(Span::Text("\n".into()));
    }
    let mut blocks = vec![Block::Header(voice.plain_text(&title)), Block::Text(lines)];
    if may_teach(work, asked) {
        let buttons: Vec<Control> = learnt.iter().take(LISTED_MAX).map(|lesson| button(lesson, &voice)).collect();
        blocks.extend(buttons.chunks(5).map(|row| Block::Controls(row.to_vec())));
    }
    if learnt.len() > LISTED_MAX {
        blocks.push(Block::Context(voice.say(&Notice::new("list-more"))));
    }
    Ok(Reply::Show(Box::new(Body { summary: voice.plain_text(&title), blocks, ..Body::default() })))
}

/// `/vigie triage off|on RULE`.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn switch(work: &mut Work<'_>, asked: &Invocation, on: bool) -> Result<Reply, Fault> {
    let name = asked.parsed.get("rule").unwrap_or_default().to_lowercase();
    switched(work, asked, &name, on).await
}

async fn switched(work: &mut Work<'_>, asked: &Invocation, name: &str, on: bool) -> Result<Reply, Fault> {
    need(work, asked)?;
    let changes = office::changes_in_force(work).await?;
    let Some(lesson) = lessons(&changes).find(|lesson| lesson.name == name).cloned() else {
        let known: Vec<&str> = lessons(&changes).map(|lesson| lesson.name.as_str()).collect();
        let (rule, known) = (Arg::Code(name.to_owned()), known.join(", "));
        return Err(Fault::refused(Notice::new("lesson-unknown").with("rule", rule).text("known", known)));
    };
    if lesson.on != on {
        let actor = Actor::Member { id: asked.member.clone() };
        let lesson = Lesson { on, ..lesson };
        office::change(work, &actor, OfficeChange::Learnt { lesson }).await?;
    }
    let key = if on { "lesson-on" } else { "lesson-off" };
    Ok(Reply::Say(Notice::new(key).with("rule", Arg::Code(name.to_owned()))))
}

/// A button of these rules: `teach` about a ticket, `on` and `off` about a rule.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, value: &str) -> Result<Reply, Fault> {
    let subject = Ref::parse(value.split(':').next().unwrap_or_default());
    match (what, subject) {
        ("teach", Some(subject)) => teach_form(work, asked, subject).await,
        ("on" | "off", _) => switched(work, asked, value, what == "on").await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}
