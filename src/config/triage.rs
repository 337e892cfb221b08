//! `triage.toml`: the rules that give an incoming message its topic, priority and role.
//!
//! Never runs a rule: they are read, compiled once to find every mistake, and handed on. With the office at hand it is also
//! checked that roles and networks exist, and that a role may act on the topics it is given. Start at [`check_triage`].

use std::ops::Range;

use super::finding::{Checked, Finding};
use super::nearest::cure;
use super::sheet::{self, At, Section};
use super::values;
use crate::domain::desk::priority::Priority;
use crate::domain::desk::triage::lesson::Lesson;
use crate::domain::desk::triage::{Defaults, Mood, Outcome, RuleBook, RuleError, RuleFault, TriageRule, TriageRules};
use crate::domain::office::{MemberId, Office, Post};

/// Kinds of message that rules may name.
const KINDS: [&str; 5] = ["comment", "dm", "mention", "review", "chat"];
/// The topic of messages that no rule gave one.
const TOPIC_DEFAULT: &str = "other";

/// The rules of an office, checked: compiling them cannot fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triage {
    /// In the order they apply.
    pub rules: Vec<TriageRule>,
    /// What holds where no rule decides.
    pub defaults: Defaults,
    /// File of the model the team has trained, beside the rule file.
    pub model: Option<String>,
}

impl Triage {
    /// The rules ready to run.
    ///
    /// # Errors
    /// Never for rules that [`check_triage`] let through.
    pub fn compile(&self) -> Result<TriageRules, Vec<RuleError>> {
        TriageRules::compile_with(self.rules.clone(), self.defaults.clone())
    }
}

/// Reads a rule file with all findings. `path` only names it; without an office roles and networks are not looked up.
#[must_use]
pub fn check_triage(text: &str, path: &str, office: Option<&Office>) -> Checked<Triage> {
    sheet::read(path, text, |root| load(root, office))
}

/// Reads a rule file.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn load_triage(text: &str, path: &str, office: Option<&Office>) -> Result<Triage, Vec<Finding>> {
    check_triage(text, path, office).into_result()
}

/// Where the parts of one rule stand, for what is only found by compiling.
struct Places {
    start: Range<usize>,
    name: Option<Range<usize>>,
    keywords: Vec<At<String>>,
    regex: Option<Range<usize>>,
    set: Option<Range<usize>>,
}

impl Places {
    fn of(&self, error: &RuleError) -> &Range<usize> {
        let exact = match (&error.reason, error.field) {
            (RuleFault::KeywordEmpty(keyword) | RuleFault::KeywordTooLong(keyword), _) => {
                self.keywords.iter().find(|at| at.value == keyword.trim()).map(|at| &at.span)
            }
            (_, "any_keywords") => self.keywords.first().map(|at| &at.span),
            (_, "name") => self.name.as_ref(),
            (_, "regex") => self.regex.as_ref(),
            (_, "set") => self.set.as_ref(),
            _ => None,
        };
        exact.unwrap_or(&self.start)
    }
}

/// The section `[triage]` of an office file: the rules, and those learnt in chat.
pub(super) fn book(section: &Section<'_>, office: Option<&Office>) -> Option<RuleBook> {
    let triage = rules(section, office, None)?;
    let lessons = section.listed_sections("learnt").into_iter().map(|section| lesson(&section, office)).collect();
    let book = RuleBook { defaults: triage.defaults, rules: triage.rules, learnt: lessons };
    if let Err(errors) = book.compile_all() {
        for error in errors {
            let message = format!("rule `{}`: {}", error.rule, one_line(&error.reason.to_string()));
            section.sheet().error(section.span(), message, advice(&error.reason));
        }
    }
    Some(book)
}

fn lesson(section: &Section<'_>, office: Option<&Office>) -> Lesson {
    let name = section.need_text("name", "\"learnt-1\"").map(|name| name.value).unwrap_or_default();
    let keywords = section.texts("any").into_iter().map(|keyword| keyword.value).collect();
    let set = section.section("set").map(|set| {
        let found = outcome(&set, office);
        set.finish();
        found
    });
    let set = set.unwrap_or_default();
    if set.topic.is_none() {
        section.missing("set", "{ topic = \"repair\" }");
    }
    let lesson = Lesson {
        name,
        keywords,
        topic: set.topic.unwrap_or_default(),
        role: set.role,
        priority: set.priority,
        on: section.flag("on", true),
        by: MemberId::new(section.text("by").map(|by| by.value).unwrap_or_default()),
        ticket: section.number("ticket", 1..=i64::MAX).map(|ticket| ticket.value),
    };
    section.finish();
    lesson
}

fn load(root: &Section<'_>, office: Option<&Office>) -> Option<Triage> {
    let model = model(root);
    rules(root, office, model)
}

fn rules(root: &Section<'_>, office: Option<&Office>, model: Option<String>) -> Option<Triage> {
    let defaults = defaults(root, office);
    let (mut rules, mut places) = (Vec::new(), Vec::new());
    for section in root.listed_sections("rules") {
        let (rule, place) = rule(&section, rules.len(), office);
        rules.push(rule);
        places.push(place);
    }
    if let Err(errors) = TriageRules::compile_with(rules.clone(), defaults.clone()) {
        for error in errors {
            let place = places.get(error.place).map_or_else(|| root.span(), |places| places.of(&error));
            let message = format!("rule `{}`: {}", error.rule, one_line(&error.reason.to_string()));
            root.sheet().error(place, message, advice(&error.reason));
        }
    }
    Some(Triage { rules, defaults, model })
}

fn model(root: &Section<'_>) -> Option<String> {
    if !root.has("model") {
        return None;
    }
    let section = root.section("model")?;
    let file = section.text("file").map(|file| file.value);
    section.finish();
    file
}

fn defaults(root: &Section<'_>, office: Option<&Office>) -> Defaults {
    let mut defaults = Defaults {
        topic: TOPIC_DEFAULT.to_owned(),
        priority: Priority::default(),
        role: office.map_or_else(|| Defaults::default().role, |office| office.default_role.clone()),
    };
    if !root.has("defaults") {
        return defaults;
    }
    let Some(section) = root.section("defaults") else { return defaults };
    let outcome = outcome(&section, office);
    section.finish();
    defaults.topic = outcome.topic.unwrap_or(defaults.topic);
    defaults.priority = outcome.priority.unwrap_or(defaults.priority);
    defaults.role = outcome.role.unwrap_or(defaults.role);
    fits(&section, &defaults.topic, &defaults.role, office);
    defaults
}

fn rule(section: &Section<'_>, before: usize, office: Option<&Office>) -> (TriageRule, Places) {
    let name = section.parsed("name", values::short_name);
    let keywords = section.texts("any");
    let regex = section.text("regex");
    let networks = section.texts("networks");
    let kinds = section.texts("kinds");
    let languages = section.texts("languages");
    let min_followers = section.number("min_followers", 1..=i64::MAX);
    if let Some(office) = office {
        known(section, "network", &networks, office.accounts.keys().map(String::as_str));
    }
    known(section, "kind", &kinds, KINDS);
    for At { value, span } in &languages {
        if value.len() != 2 || !value.bytes().all(|byte| byte.is_ascii_lowercase()) {
            section.sheet().error(span, format!("`{value}` is not a language"), "two lower-case letters, e.g. fr");
        }
    }
    let moods = moods(section);
    let set_section = if section.has("set") { section.section("set") } else { None };
    let set = set_section.as_ref().map_or_else(Outcome::default, |set| {
        let outcome = outcome(set, office);
        set.finish();
        if let (Some(topic), Some(role)) = (&outcome.topic, &outcome.role) {
            fits(set, topic, role, office);
        }
        outcome
    });
    if !section.has("name") {
        section.missing("name", "\"care-late-1\"");
    }
    section.finish();
    let plain = |texts: &[At<String>]| texts.iter().map(|text| text.value.clone()).collect();
    let rule = TriageRule {
        name: name.as_ref().map_or_else(|| format!("rule {}", before + 1), |name| name.value.clone()),
        any_keywords: plain(&keywords),
        regex: regex.as_ref().map(|regex| regex.value.clone()),
        networks: plain(&networks),
        kinds: plain(&kinds),
        languages: plain(&languages),
        moods,
        min_followers: min_followers.and_then(|followers| u64::try_from(followers.value).ok()),
        set,
    };
    let places = Places {
        start: section.span().clone(),
        name: name.map(|name| name.span),
        keywords,
        regex: regex.map(|regex| regex.span),
        set: set_section.map(|set| set.span().clone()),
    };
    (rule, places)
}

fn moods(section: &Section<'_>) -> Vec<Mood> {
    let mut moods = Vec::new();
    for At { value, span } in section.texts("moods") {
        match value.parse::<Mood>() {
            Ok(mood) => moods.push(mood),
            Err(_) => {
                section.sheet().error(&span, format!("`{value}` is not a mood"), "negative, neutral or positive");
            }
        }
    }
    moods
}

fn outcome(section: &Section<'_>, office: Option<&Office>) -> Outcome {
    let topic = section.parsed("topic", values::short_name).map(|topic| topic.value);
    let priority = section.parsed("priority", |text| {
        let fail = |_| (format!("`{text}` is not a priority"), "p1, p2, p3 or p4".to_owned());
        text.parse::<Priority>().map_err(fail)
    });
    let role = section.parsed("role", values::short_name);
    if let (Some(role), Some(office)) = (&role, office) {
        known(section, "role", std::slice::from_ref(role), office.roles.keys().map(String::as_str));
    }
    let tag = section.parsed("tag", values::short_name).map(|tag| tag.value);
    Outcome { topic, priority: priority.map(|priority| priority.value), role: role.map(|role| role.value), tag }
}

fn known<'n>(
    section: &Section<'_>,
    what: &str,
    names: &[At<String>],
    known: impl IntoIterator<Item = &'n str> + Clone,
) {
    for At { value, span } in names {
        if !known.clone().into_iter().any(|name| name == value) {
            section.sheet().error(span, format!("unknown {what} `{value}`"), cure(value, known.clone()));
        }
    }
}

/// A role whose rights end at its own topics must have the topics it is given, or nobody of it could touch the ticket.
fn fits(section: &Section<'_>, topic: &str, role: &str, office: Option<&Office>) {
    let Some(found) = office.and_then(|office| office.roles.get(role)) else { return };
    let is_limited = matches!(found.post, Post::Expert | Post::Brand);
    if is_limited && !found.topics.contains(topic) {
        let message = format!("role `{role}` gets the topic `{topic}`, on which it has no rights");
        let hint = format!("add \"{topic}\" to the topics of [roles.{role}]");
        section.sheet().error(section.span(), message, hint);
    }
}

/// Compilers of expressions draw pictures over several lines; the last one says it.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn advice(fault: &RuleFault) -> &'static str {
    match fault {
        RuleFault::TooManyRules(_) => "merge rules that set the same",
        RuleFault::NameMissing | RuleFault::NameTaken => "give each rule its own name",
        RuleFault::SetsNothing => "e.g. set = { topic = \"returns\", role = \"care\" }",
        RuleFault::TooManyKeywords(_) => "split the rule",
        RuleFault::KeywordEmpty(_) | RuleFault::KeywordTooLong(_) => "a word or a few, letters or digits",
        RuleFault::PatternTooLong(_) => "split it into several rules",
        RuleFault::PatternInvalid(words) if words.contains("size limit") => {
            "use * rather than counted repeats, and fewer \\w"
        }
        RuleFault::PatternInvalid(_) => "write it in single quotes, so that backslashes stay as they are",
        RuleFault::TooManyAlwaysRun => "add a word of three letters that is always there",
    }
}

#[cfg(test)]
#[path = "triage_tests.rs"]
mod tests;
