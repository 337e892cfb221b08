//! `/vigie`: help, own work, language, health.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, table};
use crate::app::Fault;
use crate::app::own_desk;
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Lang;
use crate::domain::rights::Right;
use crate::ports::chat::{Block, Body, Rich, Span};
use crate::ports::inbound::Choice;
use crate::store::{inbox, outbox, settings};

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
        "help",
        "aide",
        &[ArgSpec::place("topic", "sujet", Takes::Word, false)],
        None,
        &["vigie help", "vigie help assign"],
        |work, asked| Box::pin(help_command(work, asked)),
    ),
    verb("me", "moi", &[], None, &["vigie me"], |work, asked| Box::pin(me(work, asked))),
    verb(
        "lang",
        "langue",
        &[ArgSpec::place("language", "langue", Takes::OneOf(&["en", "fr"]), true)],
        None,
        &["vigie lang fr", "vigie lang en"],
        |work, asked| Box::pin(lang(work, asked)),
    ),
    verb("health", "sante", &[], None, &["vigie health"], |work, asked| Box::pin(health(work, asked))),
    verb(
        "retry",
        "relancer",
        &[ArgSpec::place("number", "numero", Takes::Word, true)],
        Some(Right::Config),
        &["vigie retry 999999"],
        |work, asked| Box::pin(retry(work, asked)),
    ),
];

async fn help_command(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    Ok(Reply::Show(Box::new(help(&voice, asked.parsed.get("topic")))))
}

/// The help page, or the part of one command.
#[must_use]
pub fn help(voice: &Voice<'_>, topic: Option<&str>) -> Body {
    let wanted = topic.map(|topic| topic.trim_start_matches('/').to_lowercase());
    let verbs: Vec<&'static Verb> = table()
        .into_iter()
        .filter(|verb| {
            let begins = |name: &str, word: &str| name.split(' ').next() == Some(word);
            wanted.as_ref().is_none_or(|word| {
                verb.command == word || verb.command_fr == word || begins(verb.name, word) || begins(verb.name_fr, word)
            })
        })
        .collect();
    let title = voice.word("help-title");
    let mut lines = if wanted.is_some() { in_detail(&verbs, voice) } else { overview(&verbs, voice) };
    if verbs.is_empty() {
        lines.push(Span::Text(voice.word("help-nothing")));
    }
    let blocks =
        vec![Block::Header(title.clone()), Block::Text(lines), Block::Context(voice.say(&Notice::new("help-foot")))];
    Body { summary: title, blocks, ..Body::default() }
}

/// A line for each command with its verbs: all of it must fit one message of either chat.
fn overview(verbs: &[&'static Verb], voice: &Voice<'_>) -> Rich {
    let mut lines = Rich::new();
    let mut commands: Vec<&'static str> = Vec::new();
    for verb in verbs {
        if commands.contains(&verb.command) {
            continue;
        }
        commands.push(verb.command);
        let of_command = verbs.iter().filter(|other| other.command == verb.command);
        let names = of_command.map(|other| verb_name(other, voice)).filter(|name| !name.is_empty());
        // Verbs of two words are shown by their first here; the help on it shows them all.
        let mut names: Vec<&str> = names.map(|name| name.split(' ').next().unwrap_or(name)).collect();
        names.dedup();
        lines.push(Span::Code(format!("/{}", command_name(verb, voice))));
        lines.push(Span::Text(format!(" {}", voice.word(&format!("command-{}", verb.command)))));
        if !names.is_empty() {
            lines.push(Span::Text(format!(" · {}", names.join(", "))));
        }
        lines.push(Span::Text("\n".into()));
    }
    lines
}

fn command_name(verb: &Verb, voice: &Voice<'_>) -> &'static str {
    if voice.lang == Lang::Fr && !verb.command_fr.is_empty() { verb.command_fr } else { verb.command }
}

fn verb_name(verb: &Verb, voice: &Voice<'_>) -> &'static str {
    if voice.lang == Lang::Fr && !verb.name_fr.is_empty() { verb.name_fr } else { verb.name }
}

/// Usage, summary and examples of each verb.
fn in_detail(verbs: &[&'static Verb], voice: &Voice<'_>) -> Rich {
    let mut lines = Rich::new();
    for verb in verbs {
        lines.push(Span::Code(verb.usage(voice.lang)));
        lines.push(Span::Text(format!(" {}\n", voice.word(&verb.summary_key()))));
        for example in verb.examples {
            lines.push(Span::Text("    ".into()));
            lines.push(Span::Code(format!("/{example}")));
            lines.push(Span::Text("\n".into()));
        }
    }
    lines
}

/// Command names that complete a word.
#[must_use]
pub fn complete(typed: &str) -> Vec<Choice> {
    let typed = typed.trim_start_matches('/').to_lowercase();
    let mut paths: Vec<String> = table().iter().map(|verb| verb.path()).filter(|path| path.contains(&typed)).collect();
    paths.dedup();
    paths.into_iter().take(25).map(|path| Choice { label: format!("/{path}"), value: path }).collect()
}

async fn me(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let body = own_desk::body(work, &asked.member, asked.lang).await?;
    own_desk::keep(work, &asked.member, &asked.chat, &asked.request).await?;
    Ok(Reply::Show(Box::new(body)))
}

async fn lang(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let chosen = asked.parsed.get("language").unwrap_or_default().to_lowercase();
    settings::put(work.tx, &format!("lang:{}", asked.member), &chosen).await?;
    own_desk::touch(work, &asked.member).await?;
    let lang = Lang::from_tag(&chosen).unwrap_or(asked.lang);
    let voice = Voice::plain(&work.app.wording, &work.setup.office, lang);
    Ok(Reply::Show(Box::new(voice.body(&Notice::new("lang-done")))))
}

async fn health(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let inbox = inbox::counts(work.tx).await?;
    let arrived = |state: &str| inbox.iter().filter(|count| count.state == state).map(|count| count.count).sum::<i64>();
    let outbox = outbox::counts(work.tx).await?;
    let leaving = |dead: bool| outbox.iter().filter(move |count| (count.state == "parked") == dead);
    let waiting: i64 = leaving(false).map(|count| count.count).sum();
    let parked: i64 = leaving(true).map(|count| count.count).sum();
    let oldest_ms = leaving(false).map(|count| work.now.since(count.oldest)).max().unwrap_or(0);
    let oldest_in_ms = inbox::oldest_wait_ms(work.tx, work.now).await?;
    let dead = outbox::dead_letters(work.tx, 10).await?;
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = voice.word("health-title");
    let mut lines = Rich::new();
    for (chat, connected) in &work.app.registry.chats {
        let key = if connected.connected() { "health-connected" } else { "health-disconnected" };
        lines.extend(voice.say(&Notice::new(key).with("chat", Arg::Word(format!("chat-{chat}")))));
        lines.push(Span::Text("\n".into()));
    }
    let counts = Notice::new("health-queues")
        .number("inbox", arrived("new"))
        .number("outbox", waiting)
        .with("oldest", Arg::Span(oldest_ms.max(oldest_in_ms)))
        .number("unknown", arrived("unknown"))
        .number("parked", arrived("parked"));
    lines.extend(voice.say(&counts));
    let mut blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    if dead.is_empty() {
        blocks.push(Block::Context(voice.say(&Notice::new("health-no-dead"))));
    } else {
        let mut lines = voice.say(&Notice::new("health-dead").number("count", parked));
        for letter in dead {
            let line = format!(
                "\n#{} · {} · {} · {}",
                letter.id,
                letter.target,
                letter.kind,
                super::super::cards::shorten(letter.error.as_deref().unwrap_or_default(), 160)
            );
            lines.push(Span::Text(line));
        }
        blocks.push(Block::Text(lines));
    }
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}

async fn retry(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let typed = asked.parsed.get("number").unwrap_or_default().trim_start_matches('#').to_owned();
    let number = typed.parse::<i64>().map_err(|_| Fault::refused(Notice::new("retry-which").text("typed", &typed)))?;
    let again = outbox::requeue(work.tx, number, work.now).await?;
    let key = if again { "retry-done" } else { "retry-none" };
    Ok(Reply::Say(Notice::new(key).number("number", number)))
}
