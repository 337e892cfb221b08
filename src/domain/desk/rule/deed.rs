//! What a rule does when it finds what it looks for: `hide,tag:spam`. A closed list, in English and French.
//!
//! Start at [`parse`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::grammar::{Misread, Wanted};
use super::reader::{Reader, is_plain};

/// Longest list of deeds, in characters.
pub const DEEDS_CHARS_MAX: usize = 300;
/// Deeds of one rule.
pub const DEEDS_MAX: usize = 8;
/// Longest tag, role or topic, in characters.
pub const NAME_CHARS_MAX: usize = 40;

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "with", rename_all = "snake_case")]
pub enum Deed {
    /// Hide the message on its network.
    Hide,
    /// Mark the ticket.
    Tag(String),
    /// Hand the ticket to a role.
    AssignRole(String),
    /// Hand the ticket to a person, by their short name.
    AssignTo(String),
    /// Set the priority, 1 to 4.
    Priority(u8),
    /// Set the topic.
    Topic(String),
    /// Answer with approved words of the library.
    Answer(i64),
    /// Resolve the ticket as spam.
    Close,
}

impl Deed {
    /// Name in both languages, and an example that can be copied.
    fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Hide => ("hide", "masquer"),
            Self::Tag(_) => ("tag", "etiquette"),
            Self::AssignRole(_) | Self::AssignTo(_) => ("assign", "confier"),
            Self::Priority(_) => ("prio", "priorite"),
            Self::Topic(_) => ("topic", "sujet"),
            Self::Answer(_) => ("answer", "repondre"),
            Self::Close => ("close", "clore"),
        }
    }

    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names().0
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hide | Self::Close => write!(f, "{}", self.name()),
            Self::Tag(value) | Self::Topic(value) => write!(f, "{}:{value}", self.name()),
            Self::AssignRole(role) => write!(f, "assign:role:{role}"),
            Self::AssignTo(member) => write!(f, "assign:@{member}"),
            Self::Priority(priority) => write!(f, "prio:p{priority}"),
            Self::Answer(snippet) => write!(f, "answer:B-{snippet}"),
        }
    }
}

/// Deeds as they are written.
#[must_use]
pub fn printed(deeds: &[Deed]) -> String {
    deeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Reads a list of deeds; in the order given, each once.
///
/// # Errors
/// Where it cannot be read, and what was expected there.
pub fn parse(text: &str) -> Result<Vec<Deed>, Misread> {
    let mut reader = Reader::new(text, DEEDS_CHARS_MAX)?;
    let mut deeds: Vec<Deed> = Vec::new();
    loop {
        reader.skip_space();
        let start = reader.place();
        let deed = one(&mut reader)?;
        let alone = !matches!(deed, Deed::Tag(_));
        if alone && deeds.iter().any(|known| known.name() == deed.name()) {
            return Err(reader.misread_at(start, Wanted::OnlyOne(deed.name())));
        }
        if !deeds.contains(&deed) {
            deeds.push(deed);
        }
        if deeds.len() > DEEDS_MAX {
            return Err(reader.misread_at(start, Wanted::FewerDeeds(DEEDS_MAX)));
        }
        reader.skip_space();
        // People also write one deed to a line, or `and` between two.
        let more = [',', ';', '+'].into_iter().any(|sign| reader.takes(sign)) || reader.takes_word(&["and", "et"]);
        reader.skip_space();
        if reader.is_at_end() {
            return if more { Err(reader.misread(Wanted::Deed)) } else { Ok(deeds) };
        }
        if !more && reader.place() == start {
            return Err(reader.misread(Wanted::Deed));
        }
    }
}

fn one(reader: &mut Reader) -> Result<Deed, Misread> {
    let start = reader.place();
    let typed: String =
        reader.name().to_lowercase().chars().map(crate::domain::desk::triage::fold::unaccented).collect();
    let kinds = [
        Deed::Hide,
        Deed::Close,
        Deed::Tag(String::new()),
        Deed::AssignTo(String::new()),
        Deed::Priority(3),
        Deed::Topic(String::new()),
        Deed::Answer(1),
    ];
    let found = kinds.into_iter().find(|deed| typed == deed.names().0 || typed == deed.names().1);
    let Some(kind) = found else { return Err(reader.misread_at(start, Wanted::Deed)) };
    let name = kind.name();
    if matches!(kind, Deed::Hide | Deed::Close) {
        return Ok(kind);
    }
    if !reader.takes(':') {
        return Err(reader.misread(Wanted::DeedValue(name)));
    }
    reader.skip_space();
    let start = reader.place();
    let value = reader.value()?.to_lowercase();
    let is_name =
        |value: &str| !value.is_empty() && value.chars().count() <= NAME_CHARS_MAX && value.chars().all(is_plain);
    let read = match kind {
        Deed::Tag(_) => Some(value).filter(|value| is_name(value)).map(Deed::Tag),
        Deed::Topic(_) => Some(value).filter(|value| is_name(value)).map(Deed::Topic),
        Deed::Priority(_) => {
            let digit = value.strip_prefix('p').unwrap_or(&value).parse::<u8>().ok();
            digit.filter(|priority| (1..=4).contains(priority)).map(Deed::Priority)
        }
        Deed::Answer(_) => {
            let digits = value.strip_prefix("b-").or_else(|| value.strip_prefix('b')).unwrap_or(&value);
            digits.parse::<i64>().ok().filter(|number| *number > 0).map(Deed::Answer)
        }
        _ if value == "role" && reader.takes(':') => {
            let role = reader.value()?.to_lowercase();
            Some(role).filter(|role| is_name(role)).map(Deed::AssignRole)
        }
        _ => Some(value.trim_start_matches('@').to_owned()).filter(|member| is_name(member)).map(Deed::AssignTo),
    };
    read.ok_or_else(|| reader.misread_at(start, Wanted::DeedValue(name)))
}
