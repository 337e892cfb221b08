//! `/vigie playbook`: the steps a team takes in situations that come back.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::Fault;
use crate::app::playbooks;
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::domain::decide::Actor;
use crate::domain::ids::Ref;
use crate::domain::notice::{Arg, Notice};
use crate::domain::playbook::run::Command;
use crate::domain::playbook::{Playbook, words};
use crate::domain::rights::Right;
use crate::ports::chat::{Block, Body, Rich, Span};

/// Words that close a step, English and French, and whether the step was done.
const CLOSINGS: [(&str, bool); 4] = [("done", true), ("fait", true), ("skip", false), ("passer", false)];

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Option<Right>,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "vigie", command_fr: "", name, name_fr, args, right, examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "playbook list",
        "procedure liste",
        &[],
        Some(Right::Team),
        &["vigie playbook list", "vigie procedure liste"],
        |work, asked| Box::pin(list(work, asked)),
    ),
    verb(
        "playbook show",
        "procedure voir",
        &[ArgSpec::place("playbook", "procedure", Takes::Word, true)],
        Some(Right::Team),
        &["vigie playbook show care-return"],
        |work, asked| Box::pin(show(work, asked)),
    ),
    verb(
        "playbook run",
        "procedure lancer",
        &[
            ArgSpec::place("playbook", "procedure", Takes::Word, true),
            ArgSpec::place("ticket", "ticket", Takes::Ref, false),
        ],
        Some(Right::Note),
        &["vigie playbook run care-return T-1"],
        |work, asked| Box::pin(run(work, asked)),
    ),
    verb(
        "playbook steps",
        "procedure etapes",
        &[ArgSpec::place("ticket", "ticket", Takes::Ref, false)],
        Some(Right::View),
        &["vigie playbook steps T-1"],
        |work, asked| Box::pin(steps(work, asked)),
    ),
    verb(
        "playbook step",
        "procedure etape",
        &[
            ArgSpec::place("ticket", "ticket", Takes::Ref, false),
            ArgSpec::place("step", "etape", Takes::Word, true),
            ArgSpec::place("closing", "suite", Takes::OneOf(&["done", "skip", "fait", "passer"]), true),
            ArgSpec::place("why", "pourquoi", Takes::Text, false),
        ],
        Some(Right::Note),
        &["vigie playbook step T-1 1 done", "vigie procedure etape T-1 2 passer Déjà fait au téléphone"],
        |work, asked| Box::pin(step(work, asked)),
    ),
    verb(
        "playbook stop",
        "procedure arreter",
        &[ArgSpec::place("ticket", "ticket", Takes::Ref, false), ArgSpec::place("why", "pourquoi", Takes::Text, true)],
        Some(Right::Note),
        &["vigie playbook stop T-1 The customer found the parcel"],
        |work, asked| Box::pin(stop(work, asked)),
    ),
    verb(
        "playbook edit",
        "procedure modifier",
        &[ArgSpec::place("playbook", "procedure", Takes::Word, true)],
        Some(Right::Config),
        &["vigie playbook edit care-return"],
        |work, asked| Box::pin(edit(work, asked)),
    ),
    verb(
        "playbook review",
        "procedure relire",
        &[ArgSpec::place("playbook", "procedure", Takes::Word, true)],
        Some(Right::Config),
        &["vigie playbook review care-return"],
        |work, asked| Box::pin(review(work, asked)),
    ),
];

fn named(work: &Work<'_>, asked: &Invocation) -> Result<Playbook, Fault> {
    let typed = asked.parsed.get("playbook").unwrap_or_default();
    work.setup.playbooks.named(typed).cloned().ok_or_else(|| {
        let names: Vec<&str> = work.setup.playbooks.0.keys().map(String::as_str).collect();
        let key = if names.is_empty() { "play-no-files" } else { "play-unknown" };
        Fault::refused(Notice::new(key).with("typed", Arg::Code(typed.to_owned())).text("names", names.join(", ")))
    })
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    if setup.playbooks.0.is_empty() {
        return Ok(Reply::Say(Notice::new("play-no-files")));
    }
    let title = voice.word("play-list-title");
    let mut lines = Rich::new();
    for playbook in setup.playbooks.0.values() {
        lines.push(Span::Code(playbook.name.clone()));
        lines.push(Span::Text(format!(" {}", words(&playbook.title, asked.lang))));
        let last = playbooks::review(work, &playbook.name).await?;
        let due = playbooks::review_due(playbook, last.as_ref());
        let notice = match due {
            Some(due) if due > work.now => Notice::new("play-review-next").with("at", Arg::At(due)),
            Some(due) => Notice::new("play-review-late").with("at", Arg::At(due)),
            None => Notice::new("play-review-never"),
        };
        lines.push(Span::Text(" · ".into()));
        lines.extend(voice.say(&notice));
        lines.push(Span::Text("\n".into()));
    }
    let blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}

async fn show(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let playbook = named(work, asked)?;
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    Ok(Reply::Show(Box::new(playbooks::shown(&playbook, &voice))))
}

async fn run(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let playbook = named(work, asked)?;
    let about = asked.parsed.reference.or(asked.subject);
    if let Some(about) = about {
        if let Some(known) = playbooks::run_of(work, about).await?
            && known.state.is_open()
        {
            return Err(Fault::refused(known.state.notice("play-already")));
        }
        exists(work, about).await?;
    }
    let actor = Actor::Member { id: asked.member.clone() };
    let loaded = playbooks::start(work, &playbook, about, &actor).await?;
    Ok(Reply::Show(Box::new(playbooks::steps(work, asked, &loaded.state))))
}

async fn exists(work: &mut Work<'_>, about: Ref) -> Result<(), Fault> {
    let found = crate::store::aggregates::load(work.tx, about.kind.stored(), about.id).await?;
    found.map(|_| ()).ok_or_else(|| Fault::refused(Notice::new("no-such-ticket").subject("ref", about)))
}

async fn steps(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = playbooks::existing(work, asked.subject()?).await?;
    Ok(Reply::Show(Box::new(playbooks::steps(work, asked, &loaded.state))))
}

async fn step(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = playbooks::existing(work, asked.subject()?).await?;
    playbooks::may(work, asked, &loaded.state).await?;
    let typed = asked.parsed.get("step").unwrap_or_default();
    let number: usize = typed.trim_start_matches('#').parse().unwrap_or(0);
    let closing = asked.parsed.get("closing").unwrap_or_default().to_lowercase();
    let is_done = CLOSINGS.iter().any(|(word, done)| *done && *word == closing);
    let reason = asked.parsed.get("why").unwrap_or_default().to_owned();
    let command = if is_done { Command::Finish(number) } else { Command::Skip(number, reason) };
    playbooks::act(work, asked, &mut loaded, &command).await
}

async fn stop(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = playbooks::existing(work, asked.subject()?).await?;
    playbooks::may(work, asked, &loaded.state).await?;
    let reason = asked.parsed.get("why").unwrap_or_default().to_owned();
    playbooks::act(work, asked, &mut loaded, &Command::Stop(reason)).await
}

async fn edit(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let playbook = named(work, asked)?;
    let file = format!("config/playbooks/{}.md", playbook.name);
    Ok(Reply::Say(Notice::new("play-edit").with("file", Arg::Code(file)).text("version", &playbook.version)))
}

async fn review(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let playbook = named(work, asked)?;
    playbooks::reviewed(work, &playbook, &asked.member).await?;
    let last = playbooks::review(work, &playbook.name).await?;
    let due = playbooks::review_due(&playbook, last.as_ref()).unwrap_or(work.now);
    Ok(Reply::Say(Notice::new("play-reviewed").with("name", Arg::Code(playbook.name)).with("at", Arg::At(due))))
}
