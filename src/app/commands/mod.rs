//! The table of everything people can type: name, alias, usage, right, examples, and what runs it.
//!
//! `/help`, the registrations in the chats, the README's table and the test that runs every example are made from it.
//! Rights are checked in [`run`] and nowhere else. Start at [`TABLE`].

pub mod admin;
pub mod approve;
pub mod audit;
pub mod consult;
pub mod coverage;
pub mod crisis;
pub mod library;
pub mod life;
pub mod link;
pub mod meeting;
pub mod parse;
pub mod people;
pub mod playbook;
pub mod post;
pub mod report;
pub mod role;
pub mod rota;
pub mod ticket;
pub mod triage;
pub mod whom;

use std::future::Future;
use std::pin::Pin;

use super::say::Voice;
use super::work::Work;
use super::{Fault, Setup};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, MemberId};
use crate::domain::rights::{self, Right, Scope};
use crate::ports::chat::{Body, Form};
use crate::ports::inbound::{Ask, Choice};
use parse::{Parsed, Problem};

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A reference such as `T-12`; may be left out where a card or its thread says which.
    Ref,
    /// Somebody: `@person`, `me`, `next`, `role:NAME`.
    Who,
    /// All the rest of the line.
    Text,
    /// One word.
    Word,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// An argument.
#[derive(Clone, Copy, Debug)]
pub struct ArgSpec {
    /// Name; for named arguments what stands before the colon.
    pub name: &'static str,
    /// French name in chats that show argument names.
    pub name_fr: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Must be given.
    pub required: bool,
    /// Given by place rather than by `name:`.
    pub by_place: bool,
}

impl ArgSpec {
    const fn place(name: &'static str, name_fr: &'static str, takes: Takes, required: bool) -> Self {
        Self { name, name_fr, takes, required, by_place: true }
    }

    /// Its name as readers of a language type it.
    #[must_use]
    pub fn name_in(&self, lang: Lang) -> &'static str {
        if lang == Lang::Fr && !self.name_fr.is_empty() { self.name_fr } else { self.name }
    }

    const fn named(name: &'static str, name_fr: &'static str, takes: Takes) -> Self {
        Self { name, name_fr, takes, required: false, by_place: false }
    }
}

/// What answers.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Reply, Fault>> + Send + 'a>>;
/// Runs a verb.
pub type Runner = for<'a> fn(&'a mut Work<'_>, &'a Invocation) -> Running<'a>;

/// One thing people can ask for.
#[derive(Clone, Copy)]
pub struct Verb {
    /// Command it belongs to (`ticket`), the word after the slash.
    pub command: &'static str,
    /// Its French alias.
    pub command_fr: &'static str,
    /// Verb (`open`), of two words where verbs belong together (`role add`); empty when the command is the verb (`/assign`).
    pub name: &'static str,
    /// French alias of the verb, of as many words.
    pub name_fr: &'static str,
    /// Arguments in order.
    pub args: &'static [ArgSpec],
    /// Right needed; `None`: any member.
    pub right: Option<Right>,
    /// Lines that must work as they stand (run by a test), without the slash.
    pub examples: &'static [&'static str],
    /// What runs it.
    pub run: Runner,
}

impl std::fmt::Debug for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}", self.path())
    }
}

impl Verb {
    /// `ticket open`, or `assign`.
    #[must_use]
    pub fn path(&self) -> String {
        if self.name.is_empty() { self.command.to_owned() } else { format!("{} {}", self.command, self.name) }
    }

    /// Whether it works on a ticket that was typed, or on the one of the place where it was typed.
    fn needs_ticket(&self) -> bool {
        matches!(self.command, "assign" | "ticket") && self.args.first().is_some_and(|arg| arg.takes == Takes::Ref)
    }

    /// Wording key of its one-line summary.
    #[must_use]
    pub fn summary_key(&self) -> String {
        format!("help-{}", self.path().replace(' ', "-"))
    }

    /// Its path as readers of a language type it: `ticket consulter`.
    #[must_use]
    pub fn path_in(&self, lang: Lang) -> String {
        let in_french = |french: &'static str, name| if lang == Lang::Fr && !french.is_empty() { french } else { name };
        let (command, name) = (in_french(self.command_fr, self.command), in_french(self.name_fr, self.name));
        if name.is_empty() { command.to_owned() } else { format!("{command} {name}") }
    }

    /// An example, in the reader's language where there is one.
    #[must_use]
    pub fn example_in(&self, lang: Lang) -> &'static str {
        let path = self.path_in(lang);
        let own = self.examples.iter().find(|example| example.starts_with(&path));
        own.or(self.examples.first()).copied().unwrap_or(self.command)
    }

    /// Its usage line, e.g. `/ticket open text [topic:] [prio:]`.
    #[must_use]
    pub fn usage(&self, lang: Lang) -> String {
        let mut usage = format!("/{}", self.path_in(lang));
        for arg in self.args {
            let name = arg.name_in(lang);
            let name = if arg.by_place { name.to_owned() } else { format!("{name}:") };
            usage.push_str(&if arg.required { format!(" {name}") } else { format!(" [{name}]") });
        }
        usage
    }
}

/// A command as it was asked for.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// Who asks.
    pub member: MemberId,
    /// Chat key.
    pub chat: String,
    /// User id there.
    pub user: String,
    /// Channel.
    pub channel: String,
    /// Thread.
    pub thread: Option<String>,
    /// Language of the answer.
    pub lang: Lang,
    /// Arguments.
    pub parsed: Parsed,
    /// What the card or thread where it was typed is about.
    pub subject: Option<Ref>,
    /// A form can be shown (the asker used a slash command, button or shortcut).
    pub can_open_form: bool,
    /// Unique id of this request.
    pub request: String,
}

impl Invocation {
    /// The reference typed, else the one of the place where it was typed.
    ///
    /// # Errors
    /// A refusal that asks for it.
    pub fn subject(&self) -> Result<Ref, Fault> {
        self.parsed.reference.or(self.subject).ok_or_else(|| Fault::refused(Notice::new("which-ticket")))
    }
}

/// What the asker gets.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Nothing to say beyond what is seen.
    Nothing,
    /// A sentence, for the asker alone.
    Say(Notice),
    /// A whole message, for the asker alone.
    Show(Box<Body>),
    /// A message for everybody in the channel.
    Public(Box<Body>),
    /// A form.
    Form(Box<Form>),
}

/// Everything that can be typed.
#[must_use]
pub fn table() -> Vec<&'static Verb> {
    [
        ticket::VERBS,
        triage::VERBS,
        life::VERBS,
        consult::VERBS,
        library::VERBS,
        post::VERBS,
        approve::VERBS,
        people::VERBS,
        coverage::VERBS,
        meeting::VERBS,
        report::VERBS,
        rota::VERBS,
        crisis::VERBS,
        admin::VERBS,
        role::VERBS,
        audit::VERBS,
        link::VERBS,
        playbook::VERBS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Finds and reads a line; `name` is the first word.
///
/// # Errors
/// A refusal that says what was not understood and what comes near.
pub fn find(name: &str, text: &str) -> Result<(&'static Verb, Parsed), Fault> {
    parse::find(&table(), name, text).map_err(|problem| Fault::refused(explain(&problem)))
}

/// Checks the right and runs a verb.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn run(work: &mut Work<'_>, verb: &Verb, asked: &Invocation) -> Result<Reply, Fault> {
    if verb.needs_ticket() {
        // Whoever left the ticket out is asked for it before anything is said about rights.
        asked.subject()?;
    }
    if let Some(right) = verb.right {
        let mut scope = scope_of(work, asked).await?;
        // A report begins with one's own figures; what shows those of others asks again without this.
        scope.own |= right == Right::Reports;
        allow(&work.setup, &asked.member, right, scope.as_scope())?;
    }
    let asked = with_names(work, verb, asked).await?;
    (verb.run)(work, &asked).await
}

/// Mentions inside free text as the names of the people: ids are for the grammar, not for readers.
async fn with_names(work: &mut Work<'_>, verb: &Verb, asked: &Invocation) -> Result<Invocation, Fault> {
    let mut asked = asked.clone();
    for arg in verb.args.iter().filter(|arg| arg.takes == Takes::Text) {
        let Some(text) = asked.parsed.get(arg.name).filter(|text| text.contains("<@")) else { continue };
        let named = super::people::name_mentions(work, &asked.chat, text).await?;
        asked.parsed.values.insert(arg.name.to_owned(), named);
    }
    Ok(asked)
}

/// Network and topic of what a request is about.
#[derive(Clone, Debug, Default)]
pub struct OwnedScope {
    network: Option<String>,
    topic: Option<String>,
    own: bool,
}

impl OwnedScope {
    /// Borrowed, as `rights` takes it.
    #[must_use]
    pub fn as_scope(&self) -> Scope<'_> {
        Scope { network: self.network.as_deref(), topic: self.topic.as_deref(), own: self.own }
    }
}

async fn scope_of(work: &mut Work<'_>, asked: &Invocation) -> Result<OwnedScope, Fault> {
    let subject = asked.parsed.reference.or(asked.subject);
    if let Some(subject) = subject.filter(|subject| matches!(subject.kind, Kind::Post | Kind::Reply)) {
        let draft = super::drafts::peek(work, subject).await?;
        return Ok(draft.map_or_else(OwnedScope::default, |draft| OwnedScope {
            own: draft.opening.author == asked.member,
            network: Some(draft.opening.network),
            topic: Some(draft.opening.topic),
        }));
    }
    let Some(subject) = subject.filter(|subject| subject.kind == Kind::Ticket) else {
        return Ok(OwnedScope::default());
    };
    let loaded = work.load::<crate::domain::desk::ticket::Ticket>(subject.id).await?;
    Ok(loaded.map_or_else(OwnedScope::default, |loaded| OwnedScope {
        own: loaded.state.assignee.as_ref() == Some(&asked.member),
        network: Some(loaded.state.opening.network),
        topic: Some(loaded.state.opening.topic),
    }))
}

/// Refuses with a sentence that names the missing right and who holds it.
///
/// # Errors
/// The refusal.
pub fn allow(setup: &Setup, member: &MemberId, right: Right, scope: Scope<'_>) -> Result<(), Fault> {
    rights::check(&setup.office, member, right, scope).map_err(|denied| {
        let names: Vec<&str> = denied.holders.iter().map(|holder| setup.office.name_of(holder)).collect();
        let key = if names.is_empty() { "denied-nobody" } else { "denied" };
        let right = Arg::Word(format!("right-{}", denied.right.name().replace('_', "-")));
        let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
        Fault::refused(Notice::new(key).with("right", right).text("holders", names.join(", ")).number("count", count))
    })
}

/// Completion choices for an option that somebody types.
///
/// # Errors
/// [`Fault::Store`].
pub async fn complete(work: &mut Work<'_>, ask: &Ask) -> Result<Vec<Choice>, Fault> {
    let Some(member) = super::people::member_of(work, &ask.source, &ask.user).await? else { return Ok(Vec::new()) };
    match ask.option.as_str() {
        "ticket" | "into" => ticket::complete(work, &member, &ask.typed).await,
        "about" => {
            let lang = super::people::language_of(work, Some(&member), None).await?;
            Ok(super::triage::complete_topic(work, &ask.typed, lang))
        }
        "action" | "meeting" => meeting::complete(work, &ask.typed).await,
        "draft" => post::complete(work, &member, &ask.typed).await,
        "crisis" => super::crisis::complete(work, &ask.typed).await,
        "topic" | "command" => Ok(admin::complete(&ask.typed)),
        _ => Ok(Vec::new()),
    }
}

/// A parser's problem as a sentence.
#[must_use]
pub fn explain(problem: &Problem) -> Notice {
    match problem {
        Problem::Empty => Notice::new("command-empty"),
        Problem::Unknown { typed, near: None } => {
            Notice::new("command-unknown").with("typed", Arg::Code(typed.clone()))
        }
        Problem::Unknown { typed, near: Some(near) } => Notice::new("command-near")
            .with("typed", Arg::Code(typed.clone()))
            .with("near", in_each(|lang| format!("/{}", near.path_in(lang))))
            .with("example", in_each(|lang| format!("/{}", near.example_in(lang)))),
        Problem::Verb { verbs } => Notice::new("command-which-verb").with(
            "verbs",
            in_each(|lang| verbs.iter().map(|verb| format!("/{}", verb.path_in(lang))).collect::<Vec<_>>().join(", ")),
        ),
        Problem::Missing { verb, argument } => Notice::new("command-missing")
            .with("argument", in_each(|lang| argument.name_in(lang).to_owned()))
            .with("usage", in_each(|lang| verb.usage(lang))),
        Problem::TooMuch { verb, text } => Notice::new("command-too-much")
            .with("text", Arg::Code(text.clone()))
            .with("usage", in_each(|lang| verb.usage(lang))),
        Problem::NotOneOf { argument, typed, choices } => Notice::new("command-not-one-of")
            .with("argument", Arg::Code((*argument).to_owned()))
            .with("typed", Arg::Code(typed.clone()))
            .text("choices", choices.join(", ")),
    }
}

/// Something to type, as readers of each language type it.
fn in_each(words: impl Fn(Lang) -> String) -> Arg {
    Arg::Typed([Lang::En, Lang::Fr].into_iter().map(|lang| (lang, words(lang))).collect())
}

/// The help text, or of one command.
#[must_use]
pub fn help(voice: &Voice<'_>, topic: Option<&str>) -> Body {
    admin::help(voice, topic)
}
