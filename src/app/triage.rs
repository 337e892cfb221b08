//! What triage made of a message, told to people, and set right by them.
//!
//! Never reads a message itself (`domain::desk::triage`). Start at [`reasons`] and [`correct`].

use std::collections::BTreeMap;

use super::commands::{Invocation, Reply};
use super::say::Voice;
use super::tickets::refused;
use super::work::{Loaded, Work};
use super::{Fault, Setup, cards, lessons, playbooks};
use crate::domain::decide::Actor;
use crate::domain::desk::priority::Priority;
use crate::domain::desk::ticket::{Command, Event, Ticket};
use crate::domain::desk::triage::{Because, Field, Mood, Why, fold};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Lang;
use crate::ports::chat::{self, Block, Body, Control, Emphasis, FieldKind, Form, Rich, Span};

/// Entries of a menu in a form (Discord takes 25).
const ENTRIES_MAX: usize = 25;
/// Most values named in a sentence; all complete what is typed.
const NAMED_MAX: usize = 40;
/// Fields that people set right, in the order of the form.
const CORRECTED: [Field; 4] = [Field::Mood, Field::Topic, Field::Language, Field::Priority];
/// Languages offered in the form; any other is typed.
const LANGUAGES: [&str; 16] =
    ["en", "fr", "es", "de", "it", "pt", "nl", "sv", "tr", "ar", "hi", "ja", "ko", "ru", "vi", "zh"];

/// The lines that say why language, mood, topic, priority and role are what they are.
#[must_use]
pub fn reasons(ticket: &Ticket, voice: &Voice<'_>) -> Option<Block> {
    let mut lines = Rich::new();
    for because in &ticket.opening.reasons {
        if !lines.is_empty() {
            lines.push(Span::Text("\n".into()));
        }
        lines.extend(voice.say(&line(because, voice)));
    }
    (!lines.is_empty()).then_some(Block::Context(lines))
}

/// One reason as a sentence.
#[must_use]
pub fn line(because: &Because, voice: &Voice<'_>) -> Notice {
    let field = Arg::Word(format!("triage-field-{}", because.field.name()));
    let notice = match &because.why {
        Why::Rule { name } => Notice::new("triage-why-rule").with("rule", Arg::Code(name.clone())),
        Why::Words { words } => Notice::new("triage-why-words").text("words", words.join(", ")),
        Why::Model { percent, words } if words.is_empty() => {
            Notice::new("triage-why-model-bare").number("percent", i64::from(*percent))
        }
        Why::Model { percent, words } => {
            Notice::new("triage-why-model").number("percent", i64::from(*percent)).text("words", words.join(", "))
        }
        Why::Letters => Notice::new("triage-why-letters"),
        Why::Default if because.field == Field::Mood => Notice::new("triage-why-no-words"),
        Why::Default => Notice::new("triage-why-default"),
        Why::Said => Notice::new("triage-why-said"),
        Why::Corrected { who, from } => {
            Notice::new("triage-why-corrected").member("who", who).text("from", shown(because.field, from, voice))
        }
    };
    notice.with("field", field)
}

/// The value of a field in the reader's language.
#[must_use]
pub fn shown(field: Field, value: &str, voice: &Voice<'_>) -> String {
    match field {
        _ if value.is_empty() => voice.word("triage-value-none"),
        Field::Mood => voice.word(&format!("mood-{value}")),
        Field::Language | Field::Priority => value.to_uppercase(),
        Field::Topic => cards::topic_name(value, voice),
        Field::Role | Field::Tag => value.to_owned(),
    }
}

/// The form in which somebody sets right what triage has read.
#[must_use]
pub fn correction_form(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Reply {
    if !asked.can_open_form {
        return Reply::Say(Notice::new("correct-how").subject("ticket", ticket.subject()));
    }
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let title = Notice::new("form-correct-title").subject("ticket", ticket.subject());
    let fields = CORRECTED.map(|field| {
        let value = ticket.value(field);
        let mut entries: Vec<(String, String)> =
            values(work, field).into_iter().map(|value| (value.clone(), shown(field, &value, &voice))).collect();
        if !value.is_empty() && !entries.iter().take(ENTRIES_MAX).any(|(known, _)| *known == value) {
            entries.insert(0, (value.clone(), shown(field, &value, &voice)));
        }
        entries.truncate(ENTRIES_MAX);
        chat::Field {
            id: field.name().to_owned(),
            label: voice.word(&format!("form-correct-{}", field.name())),
            hint: String::new(),
            kind: FieldKind::OneOf { entries, value: (!value.is_empty()).then_some(value) },
            optional: true,
        }
    });
    Reply::Form(Box::new(Form {
        name: "ticket_correct".into(),
        state: format!("{}:{}", ticket.subject(), ticket.revision),
        title: voice.plain_text(&title),
        submit: voice.word("form-correct-submit"),
        cancel: voice.word("form-cancel"),
        intro: cards::shorten(ticket.first_text(), 200),
        fields: fields.into(),
    }))
}

/// The topics that a ticket can be given: those of the rules, in their order, then those of the roles.
#[must_use]
pub fn topics(setup: &Setup) -> Vec<String> {
    let mut topics: Vec<String> = setup.triage.rules.topics().into_iter().map(str::to_owned).collect();
    for topic in setup.office.topics().into_iter().chain(["other".to_owned()]) {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics
}

/// The role that a topic belongs to: the only one that takes it in turn, else the one that the rules send it to.
#[must_use]
pub fn role_of(setup: &Setup, topic: &str) -> Option<String> {
    let by_office = setup.office.role_for_topic(topic).map(|role| role.name.clone());
    let by_rule = || setup.triage.rules.route(topic).role.filter(|role| setup.office.roles.contains_key(role));
    by_office.or_else(by_rule)
}

/// The values that a field can be given.
fn values(work: &Work<'_>, field: Field) -> Vec<String> {
    match field {
        Field::Mood => Mood::ALL.map(|mood| mood.code().to_owned()).into(),
        Field::Topic => topics(&work.setup),
        Field::Language => LANGUAGES.map(str::to_owned).into(),
        Field::Priority => Priority::ALL.map(|priority| priority.code().to_owned()).into(),
        Field::Role | Field::Tag => Vec::new(),
    }
}

/// The correction form was sent.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn correction_submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let given = CORRECTED.iter().filter_map(|field| {
        let value = fields.get(field.name()).map(|value| value.trim()).filter(|value| !value.is_empty())?;
        Some((*field, value.to_owned()))
    });
    let given: Vec<(Field, String)> = given.collect();
    correct(work, asked, loaded, given).await
}

/// Sets right what triage had read: the values as people type them, in either language.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn correct(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    given: Vec<(Field, String)>,
) -> Result<Reply, Fault> {
    let mut values = Vec::with_capacity(given.len());
    for (field, typed) in given {
        // A form gives back what stood there, even where rules and roles no longer know it.
        let stands = Some(loaded.state.value(field)).filter(|value| *value == typed);
        let value = stands.or_else(|| meant(work, field, &typed));
        let value = value.ok_or_else(|| no_such_value_of(work, asked, field, &typed))?;
        values.push((field, value));
    }
    let (id, subject) = (loaded.state.id, loaded.state.subject());
    let only = <[(Field, String); 1]>::try_from(values.clone()).ok().map(|[only]| only);
    let actor = Actor::Member { id: asked.member.clone() };
    let events = match work.act(id, loaded, &Command::Correct { values }, &actor).await? {
        Ok(events) => events,
        Err(refusal) => return Err(refused(&loaded.state, &refusal)),
    };
    if events.is_empty() {
        return Ok(Reply::Say(unchanged(work, asked, &loaded.state, only)));
    }
    if is_new_topic(&events) && loaded.state.is_open() {
        let topic = loaded.state.opening.topic.clone();
        playbooks::attach(work, subject, &topic).await?;
    }
    Ok(corrected(work, asked, &loaded.state, &events))
}

fn is_new_topic(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::Corrected { correction, .. } if correction.field == Field::Topic))
}

fn unchanged(work: &Work<'_>, asked: &Invocation, ticket: &Ticket, only: Option<(Field, String)>) -> Notice {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    match only {
        Some((field, value)) => Notice::new("correct-same")
            .subject("ticket", ticket.subject())
            .with("field", Arg::Word(format!("triage-field-{}", field.name())))
            .text("to", shown(field, &value, &voice)),
        None => Notice::new("correct-none").subject("ticket", ticket.subject()),
    }
}

/// What the corrector is told. Where the topic is another role's now, handing it over is offered and never done by itself;
/// who may change the office is offered to make a rule of the correction.
fn corrected(work: &Work<'_>, asked: &Invocation, ticket: &Ticket, events: &[Event]) -> Reply {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let subject = ticket.subject();
    let mut lines = Rich::new();
    let mut may_teach = false;
    for event in events {
        let Event::Corrected { correction, .. } = event else { continue };
        let notice = Notice::new("correct-done")
            .subject("ticket", subject)
            .with("field", Arg::Word(format!("triage-field-{}", correction.field.name())))
            .text("to", shown(correction.field, &correction.to, &voice))
            .text("from", shown(correction.field, &correction.from, &voice));
        if !lines.is_empty() {
            lines.push(Span::Text("\n".into()));
        }
        lines.extend(voice.say(&notice));
        may_teach |= matches!(correction.field, Field::Topic | Field::Priority);
    }
    let summary = voice.plain_text(&Notice::new("form-correct-title").subject("ticket", subject));
    let mut blocks = vec![Block::Text(lines)];
    let button = |action: &str, label: String, emphasis: Emphasis| Control::Button {
        action: action.into(),
        value: format!("{subject}:{}", ticket.revision),
        label,
        emphasis,
    };
    let mut controls = Vec::new();
    let role = role_of(&work.setup, &ticket.opening.topic).filter(|role| *role != ticket.opening.role);
    if let Some(role) = role.filter(|_| ticket.is_open() && is_new_topic(events)) {
        let offer = Notice::new("topic-offer").subject("ticket", subject).text("role", &role);
        blocks.push(Block::Text(voice.say(&offer.with("topic", Arg::Topic(ticket.opening.topic.clone())))));
        let label = voice.plain_text(&Notice::new("button-reroute").text("role", cards::shorten(&role, 40)));
        controls.push(button("ticket.reroute", label, Emphasis::Primary));
    }
    if may_teach && lessons::may_teach(work, asked) {
        controls.push(button("triage.teach", voice.word("button-teach"), Emphasis::Plain));
    }
    if !controls.is_empty() {
        blocks.push(Block::Controls(controls));
    }
    Reply::Show(Box::new(Body { summary, blocks, ..Body::default() }))
}

/// The value that somebody means, typed as its code or in the words of either language.
fn meant(work: &Work<'_>, field: Field, typed: &str) -> Option<String> {
    let plain = |text: &str| fold::folded(&text.trim().to_lowercase()).replace(['_', ' '], "-");
    let wanted = plain(typed);
    let known = values(work, field);
    if let Some(value) = known.iter().find(|value| plain(value) == wanted) {
        return Some(value.clone());
    }
    let by_word = known.iter().find(|value| {
        [Lang::En, Lang::Fr].into_iter().any(|lang| {
            let voice = Voice::plain(&work.app.wording, &work.setup.office, lang);
            plain(&shown(field, value, &voice)) == wanted
        })
    });
    match (field, by_word) {
        (_, Some(value)) => Some(value.clone()),
        // "négatif" as well as "négative": the first letters say it.
        (Field::Mood, None) => {
            let begins = |start: &str| wanted.starts_with(start);
            let mood = [("neg", Mood::Negative), ("neu", Mood::Neutral), ("pos", Mood::Positive)];
            mood.into_iter().find(|(start, _)| begins(start)).map(|(_, mood)| mood.code().to_owned())
        }
        (Field::Language, None) if wanted.len() == 2 && wanted.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            Some(wanted)
        }
        _ => None,
    }
}

/// The topic that somebody means.
///
/// # Errors
/// A refusal that names the known ones.
pub fn topic_meant(work: &Work<'_>, asked: &Invocation, typed: &str) -> Result<String, Fault> {
    meant(work, Field::Topic, typed).ok_or_else(|| no_such_value_of(work, asked, Field::Topic, typed))
}

fn no_such_value_of(work: &Work<'_>, asked: &Invocation, field: Field, typed: &str) -> Fault {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let known = values(work, field).into_iter().take(NAMED_MAX);
    let known: Vec<String> = known.map(|value| shown(field, &value, &voice)).collect();
    Fault::refused(no_such_value(field, typed).text("known", known.join(", ")))
}

/// The refusal of a value that a field cannot have.
#[must_use]
pub fn no_such_value(field: Field, value: &str) -> Notice {
    let key = match field {
        Field::Mood => "refused-value-mood",
        Field::Language => "refused-value-language",
        Field::Priority => "refused-value-priority",
        Field::Topic | Field::Role | Field::Tag => "refused-value-topic",
    };
    Notice::new(key).text("value", value).text("known", "")
}

/// Topics that complete one being typed, in words.
#[must_use]
pub fn complete_topic(work: &Work<'_>, typed: &str, lang: Lang) -> Vec<crate::ports::inbound::Choice> {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, lang);
    let wanted = typed.trim().to_lowercase();
    let topics = topics(&work.setup).into_iter().map(|topic| {
        let label = cards::topic_name(&topic, &voice);
        (topic, label)
    });
    topics
        .filter(|(value, label)| value.contains(&wanted) || label.to_lowercase().contains(&wanted))
        .take(ENTRIES_MAX)
        .map(|(value, label)| crate::ports::inbound::Choice { value, label })
        .collect()
}
