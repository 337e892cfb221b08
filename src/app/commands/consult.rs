//! `/ticket consult` and `/consult`: asking somebody outside the rota, answering, asking again, giving up.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::consult::{self, Wish, faces};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, cards};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Block, Body, Rich, Span};

/// Most consultations in a list; more are counted.
const LIST_MAX: usize = 20;

const CONSULTATION: ArgSpec = ArgSpec::place("consultation", "consultation", Takes::Ref, false);
const DUE: ArgSpec = ArgSpec::named("due", "echeance", Takes::Word);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "consult", command_fr: "consulter", name, name_fr, args, right: None, examples, run }
}

/// The verbs of this file. Who may answer, renew or cancel a consultation is decided by it, not by a post.
pub const VERBS: &[Verb] = &[
    Verb {
        command: "ticket",
        command_fr: "",
        name: "consult",
        name_fr: "consulter",
        args: &[
            ArgSpec::place("ticket", "ticket", Takes::Ref, false),
            ArgSpec::place("who", "qui", Takes::Who, false),
            ArgSpec::place("question", "question", Takes::Text, false),
            DUE,
        ],
        right: Some(Right::Note),
        examples: &[
            "ticket consult T-1 role:care Is this lamp safe? due:4h",
            "ticket consulter T-1 hugo \"Qui a expédié ce colis ?\" echeance:2j",
        ],
        run: |work, asked| Box::pin(ask(work, asked)),
    },
    verb(
        "answer",
        "repondre",
        &[CONSULTATION, ArgSpec::place("text", "texte", Takes::Text, false)],
        &["consult answer Q-1 Yes, it is safe"],
        |work, asked| Box::pin(answer(work, asked)),
    ),
    verb("again", "relancer", &[CONSULTATION, DUE], &["consult again Q-1 due:2h"], |work, asked| {
        Box::pin(again(work, asked))
    }),
    verb("cancel", "annuler", &[CONSULTATION], &["consult cancel Q-1"], |work, asked| Box::pin(cancel(work, asked))),
    verb("link", "lien", &[CONSULTATION], &["consult link Q-1"], |work, asked| Box::pin(link(work, asked))),
    verb("list", "liste", &[], &["consult list", "consulter liste"], |work, asked| Box::pin(list(work, asked))),
];

async fn ask(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let ticket = consult::ticket_of(work, asked).await?;
    let get = |name: &str| asked.parsed.get(name).map(str::to_owned);
    let wish =
        Wish { who: get("who").unwrap_or_default(), question: get("question").unwrap_or_default(), due: get("due") };
    let lacking = wish.question.trim().is_empty() || wish.who.trim().is_empty();
    if lacking && asked.can_open_form {
        let form = faces::ask_form(work, asked, &ticket, &wish.who, wish.due.as_deref().unwrap_or_default());
        return Ok(Reply::Form(Box::new(form)));
    }
    if lacking {
        return Err(Fault::refused(Notice::new("consult-say-what")));
    }
    consult::ask(work, asked, &ticket, &wish).await
}

async fn answer(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = consult::find(work, asked).await?;
    match asked.parsed.get("text").map(str::to_owned) {
        Some(text) => consult::answer(work, asked, &mut loaded, text).await,
        None if asked.can_open_form => consult::press::pressed(work, asked, "answer", loaded.state.subject()).await,
        None => Err(Fault::refused(Notice::new("refused-empty"))),
    }
}

async fn again(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = consult::find(work, asked).await?;
    consult::again(work, asked, &mut loaded, asked.parsed.get("due")).await
}

async fn cancel(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = consult::find(work, asked).await?;
    consult::cancel(work, asked, &mut loaded).await
}

async fn link(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = consult::find(work, asked).await?;
    consult::show_link(work, asked, &loaded.state).await
}

/// What waits for an answer: what the asker asked, is asked, or may see of its ticket.
async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let mut seen = Vec::new();
    for one in consult::open(work).await? {
        let theirs = one.asking.by == asked.member || one.may_answer(&asked.member, &setup.office);
        if theirs || may_see(work, asked, one.asking.ticket).await? {
            seen.push(one);
        }
    }
    if seen.is_empty() {
        return Ok(Reply::Say(Notice::new("consult-list-empty")));
    }
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = Notice::new("consult-list-title").number("count", crate::app::drafts::count(seen.len()));
    let mut lines = Rich::new();
    for one in seen.iter().take(LIST_MAX) {
        let question = cards::shorten(&one.asking.question.replace('\n', " "), 80);
        let late = Arg::Text(if one.is_late(work.now) { "⏰ " } else { "" }.to_owned());
        lines.extend(voice.say(&one.about("consult-list-line").text("question", question).with("late", late)));
        lines.push(Span::Text("\n".into()));
    }
    let blocks = vec![Block::Header(voice.plain_text(&title)), Block::Text(lines)];
    Ok(Reply::Show(Box::new(Body { summary: voice.plain_text(&title), blocks, ..Body::default() })))
}

async fn may_see(work: &mut Work<'_>, asked: &Invocation, ticket: i64) -> Result<bool, Fault> {
    let Some(ticket) = crate::app::drafts::ticket(work, ticket).await? else { return Ok(false) };
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    Ok(super::allow(&work.setup, &asked.member, Right::View, scope).is_ok())
}
