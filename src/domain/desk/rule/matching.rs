//! A condition made ready to look at messages: words folded once, expressions compiled once and bounded.
//!
//! Pure and total: any text, in bounded time. Start at [`Matcher::new`], then [`Matcher::finds`].

use std::cell::{Cell, OnceCell};

use regex::Regex;

use super::grammar::{Column, Compare, Condition, Test};
use crate::domain::desk::triage::{self, KEYWORD_CHARS_MAX, REGEX_WORK_CHARS, TEXT_CHARS_MAX, fold};

/// What a rule looks at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message<'a> {
    /// As the customer wrote it.
    pub text: &'a str,
    /// Where.
    pub network: &'a str,
    /// Comment, private message, mention, review.
    pub kind: &'a str,
    /// ISO 639-1, when known.
    pub language: Option<&'a str>,
    /// How the customer feels, when known.
    pub mood: Option<triage::Mood>,
    /// What triage says it is about.
    pub topic: &'a str,
    /// Who wrote it, as the network shows them.
    pub author: &'a str,
    /// Who wrote it, by the network's id.
    pub author_id: &'a str,
    /// How many people follow them, when the network tells.
    pub followers: Option<u64>,
}

/// A message under the rules' eyes: folded once, whatever the number of rules; what expressions may cost is shared.
#[derive(Debug)]
pub struct Looked<'a> {
    message: Message<'a>,
    folded: OnceCell<String>,
    left: Cell<usize>,
}

impl<'a> Looked<'a> {
    /// A message.
    #[must_use]
    pub fn new(message: Message<'a>) -> Self {
        Self { message, folded: OnceCell::new(), left: Cell::new(REGEX_WORK_CHARS) }
    }

    fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold::tokens(self.message.text, TEXT_CHARS_MAX))
    }

    fn number(&self, column: Column) -> Option<u64> {
        match column {
            Column::Followers => self.message.followers,
            Column::Links => Some(count(self.message.text, is_link)),
            _ => Some(count(self.message.text, is_mention)),
        }
    }

    fn is(&self, column: Column, value: &str) -> bool {
        let message = &self.message;
        match column {
            Column::Net => message.network.eq_ignore_ascii_case(value),
            Column::Kind => message.kind.eq_ignore_ascii_case(value),
            Column::Lang => message.language.is_some_and(|language| language.eq_ignore_ascii_case(value)),
            Column::Mood => message.mood.is_some_and(|mood| mood.code() == value),
            Column::Topic => message.topic.eq_ignore_ascii_case(value),
            Column::Author => [message.author, message.author_id]
                .into_iter()
                .any(|name| name.trim_start_matches('@').trim().to_lowercase() == value),
            _ => false,
        }
    }
}

/// A condition made ready.
#[derive(Debug)]
pub enum Matcher {
    /// One of these values.
    Is(Column, Vec<String>),
    /// A number.
    Counts(Column, Compare, u64),
    /// Folded words.
    Says(String),
    /// An expression.
    Matches(Box<Regex>),
    /// The opposite.
    Not(Box<Self>),
    /// All of them.
    All(Vec<Self>),
    /// One of them.
    Any(Vec<Self>),
}

impl Matcher {
    /// Makes a condition ready; `None` when an expression no longer compiles.
    #[must_use]
    pub fn new(condition: &Condition) -> Option<Self> {
        let several = |list: &[Condition]| list.iter().map(Self::new).collect::<Option<Vec<Self>>>();
        Some(match condition {
            Condition::Test(Test::Is(column, values)) => Self::Is(*column, values.clone()),
            Condition::Test(Test::Counts(column, compare, number)) => Self::Counts(*column, *compare, *number),
            Condition::Test(Test::Says(words)) => Self::Says(folded(words)),
            Condition::Test(Test::Matches(pattern)) => Self::Matches(Box::new(expression(pattern).ok()?)),
            Condition::Not(inner) => Self::Not(Box::new(Self::new(inner)?)),
            Condition::All(list) => Self::All(several(list)?),
            Condition::Any(list) => Self::Any(several(list)?),
        })
    }

    /// Whether the message is what is looked for. A number that the network does not tell fits no comparison; an expression that
    /// the message's share of work no longer covers does not match.
    #[must_use]
    pub fn finds(&self, looked: &Looked<'_>) -> bool {
        match self {
            Self::Is(column, values) => values.iter().any(|value| looked.is(*column, value)),
            Self::Counts(column, compare, number) => {
                looked.number(*column).is_some_and(|found| compare.holds(found, *number))
            }
            Self::Says(words) => looked.folded().contains(words.as_str()),
            Self::Matches(regex) => {
                let cost = looked.message.text.chars().count().min(TEXT_CHARS_MAX);
                let Some(left) = looked.left.get().checked_sub(cost) else { return false };
                looked.left.set(left);
                let end = looked.message.text.char_indices().nth(TEXT_CHARS_MAX);
                regex.is_match(end.map_or(looked.message.text, |(end, _)| &looked.message.text[..end]))
            }
            Self::Not(inner) => !inner.finds(looked),
            Self::All(list) => list.iter().all(|one| one.finds(looked)),
            Self::Any(list) => list.iter().any(|one| one.finds(looked)),
        }
    }
}

/// A regular expression within triage's bounds, in any case.
///
/// # Errors
/// Why it is none, in the words of the engine, on one line.
pub fn expression(pattern: &str) -> Result<Regex, String> {
    triage::expression(pattern).map_err(|fault| {
        let words = fault.to_string();
        words.lines().last().unwrap_or_default().trim_start_matches("error: ").trim().to_owned()
    })
}

fn folded(words: &str) -> String {
    let mut folded = fold::tokens(words, KEYWORD_CHARS_MAX);
    // Korean particles follow a noun without a space.
    if folded.chars().rev().nth(1).is_some_and(fold::is_hangul) {
        folded.pop();
    }
    folded
}

/// Whether there is anything in these words that could be found.
#[must_use]
pub fn is_findable(words: &str) -> bool {
    fold::tokens(words, KEYWORD_CHARS_MAX).chars().any(|letter| letter != fold::EDGE)
}

fn count(text: &str, counts: impl Fn(&str) -> bool) -> u64 {
    let text = text.char_indices().nth(TEXT_CHARS_MAX).map_or(text, |(end, _)| &text[..end]);
    let words = text.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '<' | '>' | ','));
    u64::try_from(words.filter(|word| counts(word)).count()).unwrap_or(u64::MAX)
}

fn is_link(word: &str) -> bool {
    let word = word.to_lowercase();
    word.contains("://") || word.starts_with("www.")
}

fn is_mention(word: &str) -> bool {
    let name = word.trim_start_matches(['"', '“', '«', '.', ':', ';', '!', '?', '-']).strip_prefix('@');
    name.and_then(|name| name.chars().next()).is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}
