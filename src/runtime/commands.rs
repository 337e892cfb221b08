//! The command table as each chat registers it: Slack's manifest entries and Discord's options.
//!
//! Made from `app::commands` alone, so that what is registered is what is understood.

use crate::adapters::discord::{CommandSpec, OptionKind, OptionSpec, ShortcutSpec};
use crate::adapters::slack::manifest::{CommandInfo, ShortcutInfo};
use crate::app::commands::{ArgSpec, Takes, Verb, table};
use crate::domain::office::Lang;
use crate::wording::Wording;

/// Message shortcuts: name, English and French words.
const SHORTCUTS: [(&str, &str, &str); 3] = [
    ("open_ticket", "Open ticket", "Ouvrir un ticket"),
    ("add_note", "Add note", "Ajouter une note"),
    ("assign_ticket", "Assign…", "Assigner…"),
];

/// Commands in the order of the table, each with its verbs.
fn grouped() -> Vec<(&'static str, Vec<&'static Verb>)> {
    let mut groups: Vec<(&'static str, Vec<&'static Verb>)> = Vec::new();
    for verb in table() {
        match groups.iter_mut().find(|(command, _)| *command == verb.command) {
            Some((_, verbs)) => verbs.push(verb),
            None => groups.push((verb.command, vec![verb])),
        }
    }
    groups
}

/// Slash commands for Slack, French aliases included.
#[must_use]
pub fn slack_commands(wording: &Wording) -> Vec<CommandInfo> {
    let mut commands = Vec::new();
    for (name, verbs) in grouped() {
        let usage = match verbs.as_slice() {
            [only] if only.name.is_empty() => {
                only.usage(Lang::En).trim_start_matches(&format!("/{name}")).trim().to_owned()
            }
            several => {
                several.iter().map(|verb| verb.name).filter(|verb| !verb.is_empty()).collect::<Vec<_>>().join(" | ")
            }
        };
        let summary = |lang| wording.word(lang, &format!("command-{name}"));
        commands.push(CommandInfo { name: name.to_owned(), summary: summary(Lang::En), usage: usage.clone() });
        let alias = verbs.first().map_or("", |verb| verb.command_fr);
        if !alias.is_empty() {
            commands.push(CommandInfo { name: alias.to_owned(), summary: summary(Lang::Fr), usage });
        }
    }
    commands
}

/// Message shortcuts for Slack.
#[must_use]
pub fn slack_shortcuts() -> Vec<ShortcutInfo> {
    SHORTCUTS
        .iter()
        .map(|(name, title, _)| ShortcutInfo {
            name: (*name).to_owned(),
            title: (*title).to_owned(),
            summary: (*title).to_owned(),
            on_message: true,
        })
        .collect()
}

/// Commands for Discord, with options, French names and completion.
#[must_use]
pub fn discord_commands(wording: &Wording) -> Vec<CommandSpec> {
    grouped().into_iter().map(|(name, verbs)| discord_command(wording, name, &verbs)).collect()
}

fn discord_command(wording: &Wording, name: &str, verbs: &[&'static Verb]) -> CommandSpec {
    let first = verbs.first();
    let name_fr = first.map_or("", |verb| verb.command_fr);
    let key = format!("command-{name}");
    let mut spec = CommandSpec {
        name: name.to_owned(),
        name_fr: if name_fr.is_empty() { name.to_owned() } else { name_fr.to_owned() },
        summary: limited(&wording.word(Lang::En, &key)),
        summary_fr: limited(&wording.word(Lang::Fr, &key)),
        options: Vec::new(),
        subcommands: Vec::new(),
        positional: Vec::new(),
    };
    match verbs {
        [only] if only.name.is_empty() => {
            spec.options = options(wording, only);
            spec.positional = positional(only);
        }
        several => spec.subcommands = subcommands(wording, several),
    }
    spec
}

/// Sub-commands; verbs of two words with the same first one stand in a group.
fn subcommands(wording: &Wording, verbs: &[&'static Verb]) -> Vec<CommandSpec> {
    let mut specs: Vec<CommandSpec> = Vec::new();
    for verb in verbs.iter().filter(|verb| !verb.name.is_empty()) {
        let (Some((group, name)), Some((group_fr, name_fr))) =
            (verb.name.split_once(' '), verb.name_fr.split_once(' '))
        else {
            specs.push(subcommand(wording, verb));
            continue;
        };
        let inner = CommandSpec { name: name.to_owned(), name_fr: name_fr.to_owned(), ..subcommand(wording, verb) };
        match specs.iter_mut().find(|spec| spec.name == group) {
            Some(spec) => spec.subcommands.push(inner),
            None => {
                let key = format!("group-{}-{group}", verb.command);
                specs.push(CommandSpec {
                    name: group.to_owned(),
                    name_fr: group_fr.to_owned(),
                    summary: limited(&wording.word(Lang::En, &key)),
                    summary_fr: limited(&wording.word(Lang::Fr, &key)),
                    subcommands: vec![inner],
                    ..CommandSpec::default()
                });
            }
        }
    }
    specs
}

fn subcommand(wording: &Wording, verb: &Verb) -> CommandSpec {
    CommandSpec {
        name: verb.name.to_owned(),
        name_fr: if verb.name_fr.is_empty() { verb.name.to_owned() } else { verb.name_fr.to_owned() },
        summary: limited(&wording.word(Lang::En, &verb.summary_key())),
        summary_fr: limited(&wording.word(Lang::Fr, &verb.summary_key())),
        options: options(wording, verb),
        subcommands: Vec::new(),
        positional: positional(verb),
    }
}

fn positional(verb: &Verb) -> Vec<String> {
    verb.args.iter().filter(|arg| arg.by_place).map(|arg| arg.name.to_owned()).collect()
}

/// Discord wants required options first; the order of the grammar is kept otherwise.
fn options(wording: &Wording, verb: &Verb) -> Vec<OptionSpec> {
    let mut options: Vec<OptionSpec> = verb.args.iter().map(|arg| option(wording, verb, arg)).collect();
    options.sort_by_key(|option| !option.required);
    options
}

fn option(wording: &Wording, verb: &Verb, arg: &ArgSpec) -> OptionSpec {
    let key = arg_key(wording, verb, arg);
    let kind = match arg.takes {
        Takes::OneOf(choices) => OptionKind::Choice(
            choices.iter().map(|choice| ((*choice).to_owned(), (*choice).to_owned(), (*choice).to_owned())).collect(),
        ),
        Takes::Ref | Takes::Who | Takes::Text | Takes::Word => OptionKind::Text,
    };
    OptionSpec {
        name: arg.name.to_owned(),
        name_fr: arg.name_fr.to_owned(),
        summary: limited(&wording.word(Lang::En, &key)),
        summary_fr: limited(&wording.word(Lang::Fr, &key)),
        complete: matches!(arg.takes, Takes::Ref | Takes::Who) || arg.name == "topic",
        kind,
        required: arg.required && arg.takes != Takes::Ref,
    }
}

/// Words about an argument: those of its group of verbs (`arg-vigie-rule-when`), else those of its name.
fn arg_key(wording: &Wording, verb: &Verb, arg: &ArgSpec) -> String {
    let group = verb.name.split(' ').next().unwrap_or_default();
    let own = format!("arg-{}-{group}-{}", verb.command, arg.name);
    if wording.has(Lang::En, &own) { own } else { format!("arg-{}", arg.name) }
}

/// Discord takes 100 characters of description.
fn limited(words: &str) -> String {
    crate::app::cards::shorten(words, 100)
}

/// Context commands for Discord.
#[must_use]
pub fn discord_shortcuts() -> Vec<ShortcutSpec> {
    SHORTCUTS
        .iter()
        .map(|(name, title, title_fr)| ShortcutSpec {
            id: (*name).to_owned(),
            name: (*title).to_owned(),
            name_fr: (*title_fr).to_owned(),
        })
        .collect()
}
