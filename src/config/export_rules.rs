//! The rules of triage as TOML: the section `[triage]` that stands beside the office in the file that is exported and applied.
//!
//! Start at [`rules`]; it is read again by `config::triage`.

use super::export::{key, line, list, section, some_list, table, text};
use crate::domain::desk::triage::lesson::Lesson;
use crate::domain::desk::triage::{Outcome, RuleBook, TriageRule};

/// All rules as the section `[triage]`.
#[must_use]
pub fn rules(book: &RuleBook) -> String {
    let mut toml = String::new();
    section(&mut toml, "[triage.defaults]");
    line(&mut toml, "topic", &text(&book.defaults.topic));
    line(&mut toml, "priority", &text(book.defaults.priority.code()));
    line(&mut toml, "role", &text(&book.defaults.role));
    book.rules.iter().for_each(|one| rule(&mut toml, one));
    book.learnt.iter().for_each(|one| learnt(&mut toml, one));
    toml
}

fn rule(toml: &mut String, rule: &TriageRule) {
    section(toml, "[[triage.rules]]");
    line(toml, "name", &text(&rule.name));
    some_list(toml, "any", rule.any_keywords.iter());
    if let Some(regex) = &rule.regex {
        line(toml, "regex", &text(regex));
    }
    some_list(toml, "networks", rule.networks.iter());
    some_list(toml, "kinds", rule.kinds.iter());
    some_list(toml, "languages", rule.languages.iter());
    let moods: Vec<String> = rule.moods.iter().map(ToString::to_string).collect();
    some_list(toml, "moods", moods.iter());
    if let Some(followers) = rule.min_followers {
        line(toml, "min_followers", &followers.to_string());
    }
    set(toml, &rule.set);
}

fn set(toml: &mut String, outcome: &Outcome) {
    let priority = outcome.priority.map(|priority| priority.to_string());
    let pairs = [("topic", &outcome.topic), ("priority", &priority), ("role", &outcome.role), ("tag", &outcome.tag)];
    let given = pairs.into_iter().filter_map(|(name, value)| Some((key(name), text(value.as_ref()?))));
    line(toml, "set", &table(given));
}

fn learnt(toml: &mut String, lesson: &Lesson) {
    section(toml, "[[triage.learnt]]");
    line(toml, "name", &text(&lesson.name));
    line(toml, "any", &list(lesson.keywords.iter()));
    set(toml, &lesson.rule().set);
    line(toml, "by", &text(lesson.by.as_str()));
    if let Some(ticket) = lesson.ticket {
        line(toml, "ticket", &ticket.to_string());
    }
    if !lesson.on {
        line(toml, "on", "false");
    }
}
