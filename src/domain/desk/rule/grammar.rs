//! What a rule looks for, as people write it: `net=x and (text~spam or links>=3) and not author=@partner`.
//!
//! A closed grammar: every column, sign and word is listed here, in English and French. Whatever cannot be read is answered with
//! the place, what was expected there, and an example. Printing what was read and reading it again gives the same.
//! Start at [`Condition::parse`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::reader::{Reader, is_plain};
use crate::domain::desk::triage::{KEYWORD_CHARS_MAX, Mood, PATTERN_CHARS_MAX};

/// Longest condition, in characters: a third of what a form's field takes, and more than anybody reads at a glance.
pub const CONDITION_CHARS_MAX: usize = 1_000;
/// Tests in one condition.
pub const TESTS_MAX: usize = 40;
/// Parentheses within parentheses.
pub const DEPTH_MAX: usize = 10;
/// Values of one test, such as `net=x,mastodon`.
pub const VALUES_MAX: usize = 20;
/// Regular expressions in one condition: each runs on the whole text of a message.
pub const PATTERNS_MAX: usize = 3;
/// Longest single value, in characters: the longest handles known have about 60.
pub const VALUE_CHARS_MAX: usize = 80;

/// Something of a message that can be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The network.
    Net,
    /// Comment, private message, mention, review.
    Kind,
    /// The language.
    Lang,
    /// How the customer feels.
    Mood,
    /// What triage says it is about.
    Topic,
    /// Who wrote it.
    Author,
    /// How many people follow them.
    Followers,
    /// What it says.
    Text,
    /// How many links it has.
    Links,
    /// How many accounts it mentions.
    Mentions,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Net,
        Self::Kind,
        Self::Lang,
        Self::Mood,
        Self::Topic,
        Self::Author,
        Self::Followers,
        Self::Text,
        Self::Links,
        Self::Mentions,
    ];

    /// As it is written in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// English name, French name, and a test that can be copied.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Net => ("net", "reseau", "net=x"),
            Self::Kind => ("kind", "genre", "kind=comment"),
            Self::Lang => ("lang", "langue", "lang=fr"),
            Self::Mood => ("mood", "humeur", "mood=negative"),
            Self::Topic => ("topic", "sujet", "topic=sales"),
            Self::Author => ("author", "auteur", "author=@kim"),
            Self::Followers => ("followers", "abonnes", "followers<10"),
            Self::Text => ("text", "texte", "text~spam"),
            Self::Links => ("links", "liens", "links>=2"),
            Self::Mentions => ("mentions", "mentions", "mentions>=5"),
        }
    }

    /// A test of this column that can be copied.
    #[must_use]
    pub fn example(self) -> &'static str {
        self.names().2
    }

    fn read(word: &str) -> Option<Self> {
        let word: String = word.to_lowercase().chars().map(crate::domain::desk::triage::fold::unaccented).collect();
        Self::ALL.into_iter().find(|column| word == column.names().0 || word == column.names().1)
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Followers | Self::Links | Self::Mentions)
    }
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Fewer than.
    Less,
    /// At most.
    AtMost,
    /// Exactly.
    Equal,
    /// At least.
    AtLeast,
    /// More than.
    More,
}

impl Compare {
    /// Longer signs first, so that `>=` is not read as `>`.
    const ALL: [(&'static str, Self); 5] =
        [("<=", Self::AtMost), (">=", Self::AtLeast), ("<", Self::Less), (">", Self::More), ("=", Self::Equal)];

    /// Whether `left` stands so to `right`.
    #[must_use]
    pub fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }

    fn sign(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, compare)| *compare == self).map_or("=", |(sign, _)| sign)
    }
}

/// One test of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The column has one of these values.
    Is(Column, Vec<String>),
    /// The number stands so.
    Counts(Column, Compare, u64),
    /// These words occur, whole, one after the other, in any case and with or without accents.
    Says(String),
    /// The expression matches somewhere.
    Matches(String),
}

/// What a rule looks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Condition {
    /// One test.
    Test(Test),
    /// The opposite.
    Not(Box<Self>),
    /// All of them, at least two.
    All(Vec<Self>),
    /// One of them, at least two.
    Any(Vec<Self>),
}

impl Default for Condition {
    fn default() -> Self {
        Self::Any(Vec::new())
    }
}

/// Why a line is no rule, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {wanted:?} expected, {found:?} found")]
pub struct Misread {
    /// Which character, from 1.
    pub at: usize,
    /// What stands there; empty at the end.
    pub found: String,
    /// What was expected.
    pub wanted: Wanted,
}

/// What was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A test, `not` or `(`.
    Test,
    /// One of the columns.
    Column,
    /// The sign that goes with the column.
    Sign(Column),
    /// A value that the column can have.
    Value(Column),
    /// A number.
    Number(Column),
    /// `and`, `or` or the end.
    Joiner,
    /// `)`.
    Closing,
    /// The end of a quotation or expression, as it must be written.
    EndOf(char),
    /// A usable regular expression; why this is none.
    Pattern(String),
    /// Words with a letter or digit.
    Words,
    /// Something of at most so many characters.
    Shorter(usize),
    /// At most so many tests.
    FewerTests(usize),
    /// At most so many parentheses within each other.
    Flatter(usize),
    /// At most so many regular expressions.
    FewerPatterns(usize),
    /// At most so many values.
    FewerValues(usize),
    /// One of the things a rule can do.
    Deed,
    /// What a deed needs after its colon.
    DeedValue(&'static str),
    /// At most so many deeds.
    FewerDeeds(usize),
    /// Only one deed of this name.
    OnlyOne(&'static str),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// Where it cannot be read, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let mut reader = Reader::new(text, CONDITION_CHARS_MAX)?;
        let mut parser = Parser { reader: &mut reader, tests: 0, patterns: 0 };
        let condition = parser.any(0)?;
        reader.skip_space();
        if reader.is_at_end() { Ok(condition) } else { Err(reader.misread(Wanted::Joiner)) }
    }

    /// Every test in it, in order.
    #[must_use]
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::Test(test) => vec![test],
            Self::Not(inner) => inner.tests(),
            Self::All(several) | Self::Any(several) => several.iter().flat_map(Self::tests).collect(),
        }
    }
}

struct Parser<'r> {
    reader: &'r mut Reader,
    tests: usize,
    patterns: usize,
}

const AND: [&str; 2] = ["and", "et"];
const OR: [&str; 2] = ["or", "ou"];
const NOT: [&str; 3] = ["not", "non", "pas"];

impl Parser<'_> {
    fn any(&mut self, depth: usize) -> Result<Condition, Misread> {
        let mut several = vec![self.all(depth)?];
        while self.reader.takes_word(&OR) {
            several.push(self.all(depth)?);
        }
        Ok(joined(several, Condition::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, Misread> {
        let mut several = vec![self.one(depth)?];
        while self.reader.takes_word(&AND) {
            several.push(self.one(depth)?);
        }
        Ok(joined(several, Condition::All))
    }

    fn one(&mut self, depth: usize) -> Result<Condition, Misread> {
        self.reader.skip_space();
        if depth > DEPTH_MAX {
            return Err(self.reader.misread(Wanted::Flatter(DEPTH_MAX)));
        }
        if self.reader.takes_word(&NOT) {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.reader.takes('(') {
            let inner = self.any(depth + 1)?;
            self.reader.skip_space();
            return if self.reader.takes(')') { Ok(inner) } else { Err(self.reader.misread(Wanted::Closing)) };
        }
        self.test().map(Condition::Test)
    }

    fn test(&mut self) -> Result<Test, Misread> {
        self.reader.skip_space();
        self.tests += 1;
        if self.tests > TESTS_MAX {
            return Err(self.reader.misread(Wanted::FewerTests(TESTS_MAX)));
        }
        let start = self.reader.place();
        let name = self.reader.name();
        if name.is_empty() {
            return Err(self.reader.misread_at(start, Wanted::Test));
        }
        let Some(column) = Column::read(&name) else { return Err(self.reader.misread_at(start, Wanted::Column)) };
        self.reader.skip_space();
        if column == Column::Text {
            return self.text();
        }
        if column.is_number() {
            let sign = Compare::ALL.into_iter().find(|(sign, _)| self.reader.takes_all(sign));
            let Some((_, compare)) = sign else { return Err(self.reader.misread(Wanted::Sign(column))) };
            self.reader.skip_space();
            return Ok(Test::Counts(column, compare, self.reader.number(column)?));
        }
        if !self.reader.takes('=') {
            return Err(self.reader.misread(Wanted::Sign(column)));
        }
        let mut values = vec![self.value(column)?];
        while self.reader.takes(',') {
            let value = self.value(column)?;
            if !values.contains(&value) {
                values.push(value);
            }
            if values.len() > VALUES_MAX {
                return Err(self.reader.misread(Wanted::FewerValues(VALUES_MAX)));
            }
        }
        Ok(Test::Is(column, values))
    }

    fn text(&mut self) -> Result<Test, Misread> {
        if !self.reader.takes('~') {
            return Err(self.reader.misread(Wanted::Sign(Column::Text)));
        }
        self.reader.skip_space();
        let start = self.reader.place();
        if let Some(pattern) = self.reader.pattern()? {
            self.patterns += 1;
            if self.patterns > PATTERNS_MAX {
                return Err(self.reader.misread_at(start, Wanted::FewerPatterns(PATTERNS_MAX)));
            }
            if pattern.chars().count() > PATTERN_CHARS_MAX {
                return Err(self.reader.misread_at(start, Wanted::Shorter(PATTERN_CHARS_MAX)));
            }
            if let Err(fault) = super::matching::expression(&pattern) {
                return Err(self.reader.misread_at(start, Wanted::Pattern(fault)));
            }
            return Ok(Test::Matches(pattern));
        }
        let words = self.reader.words()?;
        if words.chars().count() > KEYWORD_CHARS_MAX {
            return Err(self.reader.misread_at(start, Wanted::Shorter(KEYWORD_CHARS_MAX)));
        }
        if !super::matching::is_findable(&words) {
            return Err(self.reader.misread_at(start, Wanted::Words));
        }
        Ok(Test::Says(words))
    }

    fn value(&mut self, column: Column) -> Result<String, Misread> {
        self.reader.skip_space();
        let start = self.reader.place();
        let typed = self.reader.value()?;
        if typed.chars().count() > VALUE_CHARS_MAX {
            return Err(self.reader.misread_at(start, Wanted::Shorter(VALUE_CHARS_MAX)));
        }
        let read = match column {
            Column::Kind => kind(&typed),
            Column::Mood => mood(&typed),
            Column::Lang => Some(typed.to_ascii_lowercase())
                .filter(|tag| tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_lowercase())),
            Column::Author => {
                Some(typed.trim_start_matches(['@', ' ']).trim().to_lowercase()).filter(|name| !name.is_empty())
            }
            _ => Some(typed.to_lowercase()).filter(|name| !name.is_empty() && name.chars().all(is_plain)),
        };
        read.ok_or_else(|| self.reader.misread_at(start, Wanted::Value(column)))
    }
}

fn joined(mut several: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match (several.len(), several.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            several.extend(last);
            join(several)
        }
    }
}

/// A kind of message, in either language.
fn kind(typed: &str) -> Option<String> {
    let kinds = [
        ("comment", ["comment", "commentaire", "comments"]),
        ("dm", ["dm", "mp", "private"]),
        ("mention", ["mention", "mentions", "citation"]),
        ("review", ["review", "avis", "reviews"]),
    ];
    let typed = typed.to_lowercase();
    kinds.into_iter().find(|(_, names)| names.contains(&typed.as_str())).map(|(name, _)| name.to_owned())
}

fn mood(typed: &str) -> Option<String> {
    let typed: String =
        typed.to_lowercase().chars().map(crate::domain::desk::triage::fold::unaccented).collect::<String>();
    let typed = match typed.as_str() {
        "negatif" => "negative",
        "positif" => "positive",
        "neutre" => "neutral",
        other => other,
    };
    typed.parse::<Mood>().ok().map(|mood| mood.code().to_owned())
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(column, values) => {
                let at = if *column == Column::Author { "@" } else { "" };
                let shown = values.iter().map(|value| {
                    if value.chars().all(is_plain) { format!("{at}{value}") } else { super::reader::quoted(value) }
                });
                write!(f, "{}={}", column.name(), shown.collect::<Vec<_>>().join(","))
            }
            Self::Counts(column, compare, number) => write!(f, "{}{}{number}", column.name(), compare.sign()),
            Self::Says(words) if words.chars().all(char::is_alphanumeric) => write!(f, "text~{words}"),
            Self::Says(words) => write!(f, "text~{}", super::reader::quoted(words)),
            Self::Matches(pattern) => write!(f, "text~{}", super::reader::slashed(pattern)),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |child: &Self| {
            let bare = matches!((self, child), (_, Self::Test(_) | Self::Not(_)) | (Self::Any(_), Self::All(_)));
            if bare { child.to_string() } else { format!("({child})") }
        };
        match self {
            Self::Test(test) => write!(f, "{test}"),
            Self::Not(child) => write!(f, "not {}", inner(child)),
            Self::All(several) => write!(f, "{}", several.iter().map(inner).collect::<Vec<_>>().join(" and ")),
            Self::Any(several) => write!(f, "{}", several.iter().map(inner).collect::<Vec<_>>().join(" or ")),
        }
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.to_string()
    }
}

impl TryFrom<String> for Condition {
    type Error = Misread;

    fn try_from(text: String) -> Result<Self, Misread> {
        // What was never made (a rule before its first event) has nothing to look for.
        if text.is_empty() { Ok(Self::default()) } else { Self::parse(&text) }
    }
}
