//! References as people type and read them: `T-12`, `P-7`, `C-3`, `A-9`, `M-4`, `U-2`, `S-2`.

use serde::{Deserialize, Serialize};

/// What kind of thing a reference names. The text form is the letter before the dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A ticket, `T`.
    Ticket,
    /// A draft of a post, `P`.
    Post,
    /// A draft of a reply, `R`.
    Reply,
    /// A crisis, `C`.
    Crisis,
    /// An action item, `A`.
    Action,
    /// A meeting, `M`.
    Meeting,
    /// An absence, `U` (unavailable).
    Absence,
    /// A customer known by several handles, `H`.
    Contact,
    /// A question to somebody outside the rota, `Q`.
    Consultation,
    /// Approved words of the library, `B` (bibliothèque): `L3` is a level of crisis.
    Snippet,
    /// The steps of a playbook under way, `S`.
    Run,
    /// A swap of shifts, `X`.
    Swap,
    /// The office's changes, `O`: there is one, and nobody types it.
    Office,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Ticket,
        Self::Post,
        Self::Reply,
        Self::Crisis,
        Self::Action,
        Self::Meeting,
        Self::Absence,
        Self::Consultation,
        Self::Snippet,
        Self::Run,
        Self::Swap,
        Self::Office,
        Self::Contact,
    ];

    /// The letter before the dash.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Ticket => 'T',
            Self::Post => 'P',
            Self::Reply => 'R',
            Self::Crisis => 'C',
            Self::Action => 'A',
            Self::Meeting => 'M',
            Self::Absence => 'U',
            Self::Contact => 'H',
            Self::Consultation => 'Q',
            Self::Snippet => 'B',
            Self::Run => 'S',
            Self::Swap => 'X',
            Self::Office => 'O',
        }
    }

    /// Name under which rows are stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Post => "post",
            Self::Reply => "reply",
            Self::Crisis => "crisis",
            Self::Action => "action",
            Self::Meeting => "meeting",
            Self::Absence => "absence",
            Self::Contact => "contact",
            Self::Consultation => "consultation",
            Self::Snippet => "snippet",
            Self::Run => "run",
            Self::Swap => "swap",
            Self::Office => "office",
        }
    }

    /// The kind stored under a name.
    #[must_use]
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.stored() == name)
    }
}

/// A reference to one aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// What it is.
    pub kind: Kind,
    /// Its number, from 1.
    pub id: i64,
}

impl Ref {
    /// A reference.
    #[must_use]
    pub fn new(kind: Kind, id: i64) -> Self {
        Self { kind, id }
    }

    /// Reads `T-12`, `t12`, `#12` (a ticket) or `12` (a ticket); `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('#');
        let mut letters = text.chars();
        let first = letters.next()?;
        if first.is_ascii_digit() {
            return Self::numbered(Kind::Ticket, text);
        }
        let letter = first.to_ascii_uppercase();
        let kind = Kind::ALL.into_iter().find(|kind| *kind != Kind::Office && kind.letter() == letter)?;
        let rest = letters.as_str();
        Self::numbered(kind, rest.strip_prefix('-').unwrap_or(rest))
    }

    fn numbered(kind: Kind, digits: &str) -> Option<Self> {
        if digits.is_empty() || digits.len() > 15 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().filter(|id| *id > 0).map(|id| Self { kind, id })
    }
}

impl std::fmt::Display for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.kind.letter(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_people_type_them() {
        for (typed, read) in [
            ("T-12", Some("T-12")),
            ("t12", Some("T-12")),
            ("12", Some("T-12")),
            ("#12", Some("T-12")),
            (" p-7 ", Some("P-7")),
            ("C-3", Some("C-3")),
            ("T-0", None),
            ("T--1", None),
            ("T-1x", None),
            ("T-9999999999999999999", None),
            ("", None),
            ("Z-4", None),
            ("O-1", None),
            ("é-4", None),
        ] {
            assert_eq!(Ref::parse(typed).map(|found| found.to_string()).as_deref(), read, "{typed}");
        }
    }
}
