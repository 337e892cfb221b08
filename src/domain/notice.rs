//! What Vigie has to say, as a value: a wording key and its arguments. Sentences are made last, in the reader's language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::Ref;
use super::office::{Lang, MemberId};
use super::time::Timestamp;

/// An argument of a notice; how it is shown is decided where the sentence is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Words of a person or a customer: never trusted.
    Text(String),
    /// The same in bold.
    Strong(String),
    /// Something to type, shown as code.
    Code(String),
    /// The same as it is called in the reader's language.
    Typed(BTreeMap<Lang, String>),
    /// A number (chooses plural forms).
    Number(i64),
    /// A team member by name.
    Member(MemberId),
    /// A team member who is notified.
    Ping(MemberId),
    /// A reference such as `T-12`.
    Ref(Ref),
    /// An instant.
    At(Timestamp),
    /// The day that holds an instant, without a time.
    Day(Timestamp),
    /// A length of time in milliseconds.
    Span(i64),
    /// A further wording key, said in the same language.
    Word(String),
    /// A topic by name, shown in the reader's language.
    Topic(String),
    /// An outcome: one of the office's list by name, else words of a person.
    Outcome(String),
    /// Words that the office file gives in several languages (a meeting's title): the reader's, else any.
    PerLanguage(BTreeMap<Lang, String>),
    /// A stretch of hours: `sam. 18–22 h`.
    Hours(Timestamp, Timestamp),
    /// A link: address and words.
    Link(String, String),
    /// Networks as messages name them, shown by their own names.
    Networks(Vec<String>),
    /// A whole sentence inside another one.
    Said(Box<Notice>),
}

/// Something to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Wording key.
    pub key: String,
    /// Arguments by name.
    pub args: BTreeMap<String, Arg>,
}

impl Notice {
    /// A notice without arguments.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: BTreeMap::new() }
    }

    /// With one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, arg: Arg) -> Self {
        self.args.insert(name.to_owned(), arg);
        self
    }

    /// With a text argument.
    #[must_use]
    pub fn text(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Arg::Text(text.into()))
    }

    /// With a number.
    #[must_use]
    pub fn number(self, name: &str, number: i64) -> Self {
        self.with(name, Arg::Number(number))
    }

    /// With a reference.
    #[must_use]
    pub fn subject(self, name: &str, subject: Ref) -> Self {
        self.with(name, Arg::Ref(subject))
    }

    /// Somebody and for whom they act, as one name: `Hugo Bernard (for Léa Moreau)`.
    #[must_use]
    pub fn acting(who: &MemberId, whom: Option<&MemberId>) -> Arg {
        match whom {
            Some(whom) => Arg::Said(Box::new(Self::new("person-for").member("who", who).member("whom", whom))),
            None => Arg::Member(who.clone()),
        }
    }

    /// With a member, named but not notified.
    #[must_use]
    pub fn member(self, name: &str, member: &MemberId) -> Self {
        self.with(name, Arg::Member(member.clone()))
    }
}
