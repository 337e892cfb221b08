//! First look at an incoming message: its language and mood, and its topic, priority, role and tags by the office's rules.
//!
//! Rules are data. For each field the first rule that matches and sets it wins; tags add up. Each value is explained. A team may
//! train a [`model::Model`] on messages of its own; it decides where no rule does. Never here: reading files.
//! Start reading at [`Sorter::read`], then [`TriageRules::classify`].

pub mod book;
pub mod fold;
mod language;
pub mod lesson;
mod letters;
mod literal;
pub mod model;
pub mod mood;
pub mod reading;
mod rules;

use serde::{Deserialize, Serialize};

use crate::domain::desk::priority::Priority;

pub use book::RuleBook;
pub use language::language;
pub use mood::Mood;
pub use reading::{Because, Reading, Sorter, Why};
pub use rules::{REGEX_WORK_CHARS, TriageRules, build as expression};

/// How much of a message is read, in characters. Posts and comments of the large networks end far below it (a few thousand at
/// most, but for paid long posts), so what is cut off is a pasted document.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// Rules in one office: measured at 1,000 (see the tests); real rule files have dozens.
pub const RULES_MAX: usize = 1_000;
/// Keywords of one rule.
pub const KEYWORDS_MAX: usize = 500;
/// Longest keyword, in characters.
pub const KEYWORD_CHARS_MAX: usize = 100;
/// Longest regular expression, in characters.
pub const PATTERN_CHARS_MAX: usize = 500;
/// Expressions without a literal of three characters that could say when to run them: they run on every message, so few are allowed.
pub const ALWAYS_RUN_MAX: usize = 50;

/// One rule: all conditions that are given must hold; those left empty hold for every message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TriageRule {
    /// What people call it; it appears in explanations and must be unique.
    pub name: String,
    /// One of these must occur as whole words, in any case and with or without accents.
    pub any_keywords: Vec<String>,
    /// Must match somewhere in the text, in any case.
    pub regex: Option<String>,
    /// The message must come from one of these networks.
    pub networks: Vec<String>,
    /// The message must be of one of these kinds (comment, mention, review...).
    pub kinds: Vec<String>,
    /// The message must be in one of these languages (ISO 639-1).
    pub languages: Vec<String>,
    /// The customer must be in one of these moods.
    pub moods: Vec<Mood>,
    /// The author must have at least so many followers.
    pub min_followers: Option<u64>,
    /// What the rule decides.
    pub set: Outcome,
}

/// What a rule decides; a field left out is left to later rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outcome {
    /// What the message is about.
    pub topic: Option<String>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Which role answers it.
    pub role: Option<String>,
    /// A mark added to the ticket.
    pub tag: Option<String>,
}

/// What holds when no rule sets a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// What the message is about.
    pub topic: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Which role answers it.
    pub role: String,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { topic: "general".to_owned(), priority: Priority::P3, role: "care".to_owned() }
    }
}

/// What the rules look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// As the customer wrote it.
    pub text: &'a str,
    /// Where it was written.
    pub network: &'a str,
    /// Comment, mention, review...
    pub kind: &'a str,
    /// The author's followers, when the network tells.
    pub followers: Option<u64>,
    /// ISO 639-1, when known.
    pub language: Option<&'a str>,
    /// How the customer feels, when known.
    pub mood: Option<Mood>,
}

/// A field of a message that is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What the message is about.
    Topic,
    /// How urgent it is.
    Priority,
    /// Which role answers it.
    Role,
    /// A mark on the ticket.
    Tag,
    /// How the customer feels.
    Mood,
    /// The language of the message.
    Language,
}

impl Field {
    /// As it is written in files and in wording keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Priority => "priority",
            Self::Role => "role",
            Self::Tag => "tag",
            Self::Mood => "mood",
            Self::Language => "language",
        }
    }
}

/// Which rule set which field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The field.
    pub field: Field,
    /// The rule's name.
    pub rule: String,
}

/// What the rules say of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What it is about.
    pub topic: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Which role answers it.
    pub role: String,
    /// Marks, in rule order, without repetition.
    pub tags: Vec<String>,
    /// Which rule decided what, in rule order; a field that no rule set has its default and no reason.
    pub reasons: Vec<Reason>,
    /// Rules whose expression was not tried because the message had used up its share of work
    /// ([`REGEX_WORK_CHARS`]): only very long messages that wake very many rules.
    pub untried: Vec<String>,
}

/// One fault of one rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule {} {rule:?}, {field}: {reason}", .place + 1)]
pub struct RuleError {
    /// Place in the list, from 0.
    pub place: usize,
    /// The rule's name.
    pub rule: String,
    /// Which of its fields, by its name in the file.
    pub field: &'static str,
    /// What is wrong.
    pub reason: RuleFault,
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// More than [`RULES_MAX`].
    #[error("{0} rules; at most {RULES_MAX}")]
    TooManyRules(usize),
    /// No name.
    #[error("a rule needs a name")]
    NameMissing,
    /// Another rule has the name.
    #[error("another rule has this name")]
    NameTaken,
    /// Nothing in `set`.
    #[error("the rule sets nothing: give it a topic, priority, role or tag")]
    SetsNothing,
    /// More than [`KEYWORDS_MAX`].
    #[error("{0} keywords; at most {KEYWORDS_MAX}")]
    TooManyKeywords(usize),
    /// Nothing to look for.
    #[error("keyword {0:?} has nothing to look for")]
    KeywordEmpty(String),
    /// Longer than [`KEYWORD_CHARS_MAX`].
    #[error("keyword {0:?} is longer than {KEYWORD_CHARS_MAX} characters")]
    KeywordTooLong(String),
    /// Longer than [`PATTERN_CHARS_MAX`].
    #[error("{0} characters; at most {PATTERN_CHARS_MAX}")]
    PatternTooLong(usize),
    /// Not a regular expression, or one that is too large when compiled.
    #[error("{0}")]
    PatternInvalid(String),
    /// The rule would run its expression on every message, as [`ALWAYS_RUN_MAX`] others do.
    #[error(
        "no word of three letters or digits is sure to be in a match, and {ALWAYS_RUN_MAX} such rules is the limit; add any_keywords"
    )]
    TooManyAlwaysRun,
}

#[cfg(test)]
mod tests;
