//! `/ticket topic`, `/ticket mood`, `/ticket correct`: what triage has read, set right. And `/vigie triage`: rules learnt from it.
//!
//! Start at [`VERBS`]; the work is in `app::triage` and `app::lessons`.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, ticket as on_ticket};
use crate::app::work::Work;
use crate::app::{Fault, lessons, triage};
use crate::domain::desk::triage::Field;
use crate::domain::rights::Right;

const TICKET: ArgSpec = ArgSpec::place("ticket", "ticket", Takes::Ref, false);
const RULE: ArgSpec = ArgSpec::place("rule", "regle", Takes::Word, true);

const fn on_one(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "ticket", command_fr: "", name, name_fr, args, right: Some(Right::Claim), examples, run }
}

const fn rules(
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
    on_one(
        "topic",
        "sujet",
        &[TICKET, ArgSpec::place("about", "sujet", Takes::Text, true)],
        &["ticket topic T-1 refund", "ticket sujet T-1 remboursement"],
        |work, asked| Box::pin(one(work, asked, Field::Topic, "about")),
    ),
    on_one(
        "mood",
        "humeur",
        &[TICKET, ArgSpec::place("mood", "humeur", Takes::Word, true)],
        &["ticket mood T-1 negative", "ticket humeur T-1 négative"],
        |work, asked| Box::pin(one(work, asked, Field::Mood, "mood")),
    ),
    on_one(
        "correct",
        "corriger",
        &[
            TICKET,
            ArgSpec::named("about", "sujet", Takes::Word),
            ArgSpec::named("mood", "humeur", Takes::Word),
            ArgSpec::named("lang", "langue", Takes::Word),
            ArgSpec::named("prio", "priorite", Takes::Word),
        ],
        &["ticket correct T-1 mood:negative lang:en", "ticket corriger T-1 sujet:retour"],
        |work, asked| Box::pin(several(work, asked)),
    ),
    rules(
        "triage list",
        "tri liste",
        &[],
        Some(Right::Team),
        &["vigie triage list", "vigie tri liste"],
        |work, asked| Box::pin(lessons::list(work, asked)),
    ),
    rules(
        "triage add",
        "tri ajouter",
        &[ArgSpec::place("about", "sujet", Takes::Word, true), ArgSpec::place("keywords", "mots", Takes::Text, true)],
        Some(Right::Config),
        &["vigie triage add repair hums, keeps humming", "vigie tri ajouter repair bourdonne"],
        |work, asked| Box::pin(lessons::add(work, asked)),
    ),
    rules("triage off", "tri couper", &[RULE], Some(Right::Config), &["vigie triage off learnt-1"], |work, asked| {
        Box::pin(lessons::switch(work, asked, false))
    }),
    rules("triage on", "tri activer", &[RULE], Some(Right::Config), &["vigie triage on learnt-1"], |work, asked| {
        Box::pin(lessons::switch(work, asked, true))
    }),
];

async fn one(work: &mut Work<'_>, asked: &Invocation, field: Field, argument: &str) -> Result<Reply, Fault> {
    let mut loaded = on_ticket::load(work, asked).await?;
    let value = asked.parsed.get(argument).unwrap_or_default().to_owned();
    triage::correct(work, asked, &mut loaded, vec![(field, value)]).await
}

async fn several(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = on_ticket::load(work, asked).await?;
    let named = [("about", Field::Topic), ("mood", Field::Mood), ("lang", Field::Language), ("prio", Field::Priority)];
    let given = named.into_iter().filter_map(|(name, field)| Some((field, asked.parsed.get(name)?.to_owned())));
    let given: Vec<(Field, String)> = given.collect();
    if given.is_empty() {
        return Ok(triage::correction_form(work, asked, &loaded.state));
    }
    triage::correct(work, asked, &mut loaded, given).await
}
