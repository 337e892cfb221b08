//! `/vigie rule`: auto-moderation; and `/ticket moderate`: hiding and deleting by hand.
//!
//! Start at [`VERBS`]; the work is in `app::rules` and `app::moderate`.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, ticket as on_ticket};
use crate::app::rules::{RuleText, history, making, press};
use crate::app::work::Work;
use crate::app::{Fault, moderate};
use crate::domain::desk::moderation::Act;
use crate::domain::rights::Right;

const RULE: ArgSpec = ArgSpec::place("rule", "regle", Takes::Word, true);
const WHEN: ArgSpec = ArgSpec::named("when", "quand", Takes::Word);
const THEN: ArgSpec = ArgSpec::named("then", "alors", Takes::Word);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Right,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "vigie", command_fr: "", name, name_fr, args, right: Some(right), examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "rule add",
        "regle ajouter",
        &[WHEN, THEN],
        Right::Config,
        &[
            "vigie rule add when:\"net=x and text~spam\" then:hide,tag:spam",
            "vigie regle ajouter quand:\"texte~gagnez et liens>=1\" alors:\"masquer, etiquette:spam\"",
        ],
        |work, asked| Box::pin(add(work, asked)),
    ),
    verb(
        "rule edit",
        "regle modifier",
        &[RULE, WHEN, THEN],
        Right::Config,
        &["vigie rule edit R-1 then:tag:spam"],
        |work, asked| Box::pin(edit(work, asked)),
    ),
    verb(
        "rule test",
        "regle tester",
        &[RULE, ArgSpec::place("days", "jours", Takes::Word, false)],
        Right::View,
        &["vigie rule test R-1 7d", "vigie regle tester R-1 30j"],
        |work, asked| Box::pin(making::test(work, asked, get(asked, "rule"), asked.parsed.get("days"))),
    ),
    verb("rule on", "regle activer", &[RULE], Right::Config, &["vigie rule on R-1"], |work, asked| {
        Box::pin(making::switch(work, asked, get(asked, "rule"), true, None))
    }),
    verb("rule off", "regle couper", &[RULE], Right::Config, &["vigie rule off R-1"], |work, asked| {
        Box::pin(making::switch(work, asked, get(asked, "rule"), false, None))
    }),
    verb("rule list", "regle liste", &[], Right::View, &["vigie rule list", "vigie regle liste"], |work, asked| {
        Box::pin(making::list(work, asked))
    }),
    verb("rule log", "regle journal", &[RULE], Right::View, &["vigie rule log R-1"], |work, asked| {
        Box::pin(history::log(work, asked, get(asked, "rule")))
    }),
    verb(
        "rule undo",
        "regle annuler",
        &[RULE, ArgSpec::place("event", "numero", Takes::Word, true)],
        Right::Hide,
        &["vigie rule undo R-1 1"],
        |work, asked| Box::pin(history::undo(work, asked, get(asked, "rule"), get(asked, "event"))),
    ),
    Verb {
        command: "ticket",
        command_fr: "",
        name: "moderate",
        name_fr: "moderer",
        args: &[
            ArgSpec::place("ticket", "ticket", Takes::Ref, false),
            ArgSpec::place("act", "acte", Takes::OneOf(ACTS), true),
        ],
        right: Some(Right::Hide),
        examples: &["ticket moderate T-1 hide", "ticket moderer T-1 masquer"],
        run: |work, asked| Box::pin(moderate_one(work, asked)),
    },
];

/// What can be done with a message, in both languages.
const ACTS: &[&str] = &["hide", "unhide", "delete", "masquer", "afficher", "supprimer"];

fn get<'a>(asked: &'a Invocation, name: &str) -> &'a str {
    asked.parsed.get(name).unwrap_or_default()
}

fn typed(asked: &Invocation) -> RuleText {
    RuleText { when: get(asked, "when").to_owned(), then: get(asked, "then").to_owned() }
}

async fn add(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let typed = typed(asked);
    if typed.when.trim().is_empty() || typed.then.trim().is_empty() {
        return press::add_form(work, asked, &typed);
    }
    making::add(work, asked, &typed).await
}

async fn edit(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let (typed, rule) = (typed(asked), get(asked, "rule"));
    if typed.when.trim().is_empty() && typed.then.trim().is_empty() && asked.can_open_form {
        return press::edit_form(work, asked, rule).await;
    }
    making::edit(work, asked, rule, &typed).await
}

async fn moderate_one(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = on_ticket::load(work, asked).await?;
    let act = match get(asked, "act").to_lowercase().as_str() {
        "hide" | "masquer" => Act::Hide,
        "unhide" | "afficher" => Act::Unhide,
        _ => Act::Delete,
    };
    moderate::by_hand(work, asked, &mut loaded, act).await
}
