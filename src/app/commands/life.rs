//! `/ticket snooze`, `wait`, `merge`, `split`, `lock`, `history`, `link`: the life of a ticket beyond giving and answering it.
//!
//! Only reads arguments; what is done stands in `app::tickets`.

use super::ticket::load;
use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::Fault;
use crate::app::tickets::{contacts, joining, life};
use crate::app::work::Work;
use crate::domain::rights::Right;

const TICKET: ArgSpec = ArgSpec::place("ticket", "ticket", Takes::Ref, false);
const WHOM: &[&str] = &["customer", "internal", "over", "client", "interne", "fini"];
const HANDLE: [ArgSpec; 3] =
    [TICKET, ArgSpec::place("handle", "compte", Takes::Word, true), ArgSpec::named("net", "reseau", Takes::Word)];

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Right,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "ticket", command_fr: "", name, name_fr, args, right: Some(right), examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "snooze",
        "reporter",
        &[TICKET, ArgSpec::place("until", "jusque", Takes::Text, true)],
        Right::Claim,
        &["ticket snooze T-1 +2h", "ticket snooze T-1 mon 09:00", "ticket reporter T-1 lundi 9h"],
        |work, asked| Box::pin(snooze(work, asked)),
    ),
    verb(
        "wait",
        "attendre",
        &[TICKET, ArgSpec::place("whom", "qui", Takes::OneOf(WHOM), true)],
        Right::Claim,
        &["ticket wait T-1 customer", "ticket wait T-1 internal", "ticket attendre T-1 client"],
        |work, asked| Box::pin(wait(work, asked)),
    ),
    verb(
        "merge",
        "fusionner",
        &[TICKET, ArgSpec::place("into", "dans", Takes::Word, true)],
        Right::Claim,
        &["ticket merge T-2 T-1"],
        |work, asked| Box::pin(merge(work, asked)),
    ),
    verb(
        "split",
        "scinder",
        &[TICKET, ArgSpec::place("messages", "messages", Takes::Text, true)],
        Right::Claim,
        &["ticket split T-1 2"],
        |work, asked| Box::pin(split(work, asked)),
    ),
    verb("lock", "verrouiller", &[TICKET], Right::Claim, &["ticket lock T-1"], |work, asked| {
        Box::pin(lock(work, asked, true))
    }),
    verb("unlock", "deverrouiller", &[TICKET], Right::Claim, &["ticket unlock T-1"], |work, asked| {
        Box::pin(lock(work, asked, false))
    }),
    verb("history", "historique", &[TICKET], Right::View, &["ticket history T-1"], |work, asked| {
        Box::pin(history(work, asked))
    }),
    verb(
        "link",
        "lier",
        &HANDLE,
        Right::Claim,
        &["ticket link T-1 @kim net:instagram", "ticket link T-1 T-2"],
        |work, asked| Box::pin(link(work, asked)),
    ),
    verb("unlink", "delier", &HANDLE, Right::Claim, &["ticket unlink T-1 @kim net:instagram"], |work, asked| {
        Box::pin(unlink(work, asked))
    }),
];

fn value<'a>(asked: &'a Invocation, name: &str) -> &'a str {
    asked.parsed.get(name).unwrap_or_default()
}

fn network(asked: &Invocation) -> Option<String> {
    asked.parsed.get("net").map(str::to_lowercase)
}

async fn snooze(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    life::snooze(work, asked, &mut loaded, value(asked, "until")).await
}

async fn wait(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    life::wait(work, asked, &mut loaded, value(asked, "whom")).await
}

async fn merge(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    joining::merge(work, asked, &mut loaded, value(asked, "into")).await
}

async fn split(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    joining::split(work, asked, &mut loaded, value(asked, "messages")).await
}

async fn lock(work: &mut Work<'_>, asked: &Invocation, close: bool) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    life::lock(work, asked, &mut loaded, close).await
}

async fn history(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = load(work, asked).await?;
    contacts::history(work, asked, &loaded.state).await
}

async fn link(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = load(work, asked).await?;
    contacts::link(work, asked, &loaded.state, value(asked, "handle"), network(asked).as_deref()).await
}

async fn unlink(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = load(work, asked).await?;
    contacts::unlink(work, asked, &loaded.state, value(asked, "handle"), network(asked).as_deref()).await
}
