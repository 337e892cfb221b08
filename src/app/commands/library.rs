//! `/vigie library`: approved sentences for replies.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, consult, drafts, library};
use crate::domain::content::library::Making;
use crate::domain::content::when;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::Right;
use crate::ports::chat::{Block, Body};

/// Most snippets in a list; more are counted (Slack docs: 50 blocks a message, two for each).
const LIST_MAX: usize = 10;

const SNIPPET: ArgSpec = ArgSpec::place("snippet", "phrase", Takes::Ref, false);

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

/// The verbs of this file. Approving and expiring ask for the right on the snippet's own network.
pub const VERBS: &[Verb] = &[
    verb(
        "library add",
        "bibliotheque ajouter",
        &[
            ArgSpec::place("title", "titre", Takes::Word, true),
            ArgSpec::place("text", "texte", Takes::Text, true),
            ArgSpec::named("lang", "langue", Takes::Word),
            ArgSpec::named("net", "reseau", Takes::Word),
            ArgSpec::named("expires", "expire", Takes::Word),
        ],
        Some(Right::Draft),
        &["vigie library add \"Late parcel\" We are sorry, we look for it at once. lang:en expires:2026-12-24T09:00"],
        |work, asked| Box::pin(add(work, asked)),
    ),
    verb(
        "library find",
        "bibliotheque chercher",
        &[ArgSpec::place("words", "mots", Takes::Text, false)],
        Some(Right::Team),
        &["vigie library find parcel", "vigie bibliotheque chercher colis"],
        |work, asked| Box::pin(find(work, asked)),
    ),
    verb(
        "library use",
        "bibliotheque inserer",
        &[
            ArgSpec::place("ticket", "ticket", Takes::Ref, false),
            ArgSpec::place("snippet", "phrase", Takes::Word, false),
        ],
        Some(Right::Draft),
        &["vigie library use T-1 B-1"],
        |work, asked| Box::pin(insert(work, asked)),
    ),
    verb(
        "library approve",
        "bibliotheque approuver",
        &[SNIPPET],
        Some(Right::Team),
        &["vigie library approve B-1"],
        |work, asked| Box::pin(approve(work, asked)),
    ),
    verb(
        "library expire",
        "bibliotheque retirer",
        &[SNIPPET],
        Some(Right::Team),
        &["vigie library expire B-1"],
        |work, asked| Box::pin(expire(work, asked)),
    ),
];

async fn add(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let get = |name: &str| asked.parsed.get(name).map(|value| value.trim().to_lowercase());
    let expires_at = match asked.parsed.get("expires") {
        None => None,
        Some(typed) => {
            let unclear =
                || Fault::refused(Notice::new("library-bad-expiry").with("typed", Arg::Code(typed.to_owned())));
            Some(when::read(typed, work.now, work.office().zone).map_err(|_| unclear())?.at)
        }
    };
    let making = Making {
        title: asked.parsed.get("title").unwrap_or_default().to_owned(),
        language: get("lang").map(|tag| tag.chars().take(2).collect()),
        network: get("net"),
        expires_at,
    };
    let text = asked.parsed.get("text").unwrap_or_default().to_owned();
    library::add(work, asked, making, text).await
}

async fn find(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let wanted = asked.parsed.get("words").unwrap_or_default().to_lowercase();
    let mut found = library::all(work).await?;
    found.retain(|one| {
        let text = one.newest().map_or("", |newest| newest.text.as_str());
        let all = format!("{} {text}", one.making.title).to_lowercase();
        wanted.split_whitespace().all(|word| all.contains(word))
    });
    if found.is_empty() {
        return Ok(Reply::Say(Notice::new("library-empty")));
    }
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = voice.plain_text(&Notice::new("library-title").number("count", drafts::count(found.len())));
    let mut blocks = vec![Block::Header(title.clone())];
    for snippet in found.iter().take(LIST_MAX) {
        blocks.extend(library::blocks(snippet, &voice, work.now));
    }
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}

async fn insert(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut asked = asked.clone();
    // In a ticket's thread only the snippet is typed.
    let typed = asked.parsed.reference.filter(|subject| subject.kind == Kind::Snippet);
    if typed.is_some() {
        asked.parsed.reference = None;
    }
    let snippet = match (typed, asked.parsed.get("snippet")) {
        (Some(subject), _) => subject,
        (None, Some(which)) => library::picked(which)?.ok_or_else(which_one)?,
        (None, None) => return Err(which_one()),
    };
    let ticket = consult::ticket_of(work, &asked).await?;
    drafts::forms::reply_with(work, &asked, &ticket, Some(snippet)).await
}

fn which_one() -> Fault {
    Fault::refused(Notice::new("library-which"))
}

fn snippet(asked: &Invocation) -> Result<Ref, Fault> {
    asked.parsed.reference.ok_or_else(which_one)
}

async fn approve(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let subject = snippet(asked)?;
    library::approve(work, asked, subject, None).await
}

async fn expire(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let subject = snippet(asked)?;
    library::expire(work, asked, subject).await
}
