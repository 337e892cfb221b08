//! A consultation: a question about a ticket to somebody outside its rota, chased until it is answered.
//!
//! The answer is for the team alone: it never becomes a reply by itself. Never decides who may ask (that is `rights`) and
//! never knows the secret of an outside expert's link (that is `app::consult`). Start at [`Consultation::decide`].

mod react;

use serde::{Deserialize, Serialize};

use crate::domain::decide::{Decider, Facts};
use crate::domain::ids::{Kind, Ref};
use crate::domain::office::{MemberId, Office};
use crate::domain::time::{DAY_MS, Timestamp};

/// Longest question, in characters: it stands whole in a direct message of either chat and on a phone's first screen.
pub const QUESTION_CHARS_MAX: usize = 1_000;
/// Longest answer, in characters: what one line under a card can hold, as for a note.
pub const ANSWER_CHARS_MAX: usize = 2_000;
/// Longest name of an outside expert, in characters (RFC 5321: 254 for an address; shorter is readable).
pub const NAME_CHARS_MAX: usize = 100;
/// Most members asked at once when a role is consulted: enough that one answers, few enough that each feels asked.
pub const ASKED_MAX: usize = 5;
/// An outside expert's link works for so long, in milliseconds, and is made anew when the question is asked again.
pub const LINK_LIFE_MS: i64 = 7 * DAY_MS;

/// Who is consulted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "whom", rename_all = "snake_case")]
pub enum Whom {
    /// A member of the team.
    Member {
        /// Who.
        id: MemberId,
    },
    /// Whoever holds a role; the first answer counts.
    Role {
        /// Its name.
        name: String,
    },
    /// An expert without an account, by a link.
    Outside {
        /// Name or address, as the asker typed it.
        name: String,
    },
}

impl Default for Whom {
    fn default() -> Self {
        Self::Outside { name: String::new() }
    }
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// About which ticket.
    pub ticket: i64,
    /// What.
    pub question: String,
    /// Who asks.
    pub by: MemberId,
    /// Whom.
    pub whom: Whom,
    /// Who hears of it when it stays unanswered, besides the asker.
    pub lead: Option<MemberId>,
}

/// Until when an answer is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Then the consulted are reminded.
    pub due: Timestamp,
    /// Then the asker and the lead are told.
    pub chase_at: Timestamp,
}

/// Where a consultation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for an answer.
    #[default]
    Open,
    /// Answered.
    Answered,
    /// Not needed any more.
    Cancelled,
}

impl Status {
    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The member who gave it or wrote it down; `None` when it came by the link.
    pub by: Option<MemberId>,
    /// What.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// The state of a consultation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Number; 0 before it was asked.
    pub id: i64,
    /// What was asked.
    pub asking: Asking,
    /// Until when.
    pub terms: Terms,
    /// When it was asked first.
    pub asked_at: Timestamp,
    /// When it was asked last: an outside expert's link lives from then.
    pub renewed_at: Timestamp,
    /// Where it stands.
    pub status: Status,
    /// The answer.
    pub answer: Option<Answer>,
    /// Reminders done since it was asked last: 0 none, 1 the consulted, 2 asker and lead.
    pub chased: u8,
    /// How often the link was made: an older one is worthless.
    pub link: u32,
    /// When it was answered or cancelled.
    pub closed_at: Option<Timestamp>,
}

/// What can be asked of a consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new one under this number.
    Ask(i64, Box<Asking>, Terms),
    /// Ask once more; a new link replaces the old one.
    Again(Terms),
    /// Answer; `outside` tells that it came by the link.
    Answer {
        /// What.
        text: String,
        /// By the link.
        outside: bool,
    },
    /// It is not needed any more.
    Cancel,
    /// Time has passed: remind, then tell asker and lead.
    Tick,
}

/// What happened to a consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was asked.
    Asked {
        /// Number.
        id: i64,
        /// What.
        asking: Box<Asking>,
        /// Until when.
        terms: Terms,
        /// When.
        at: Timestamp,
    },
    /// It was asked once more.
    AskedAgain {
        /// Until when now.
        terms: Terms,
        /// When.
        at: Timestamp,
    },
    /// It was answered.
    Answered {
        /// The answer.
        answer: Answer,
    },
    /// It was given up.
    Cancelled {
        /// By whom; `None` when its ticket was resolved.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
    },
    /// The consulted were reminded.
    Reminded,
    /// Asker and lead were told.
    Chased,
}

/// Why a consultation cannot do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// How many there are.
        length: usize,
        /// Most characters.
        max: usize,
    },
    /// It is closed already.
    Closed(Status),
    /// Somebody else was asked.
    NotAsked,
    /// The link has run out.
    LinkOver,
    /// Nobody but oneself would be asked.
    NobodyToAsk,
}

impl Decider for Consultation {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Ask(id, asking, terms) => ask(*id, asking, *terms, facts),
            Command::Again(terms) => {
                self.must_be_open()?;
                Ok(vec![Event::AskedAgain { terms: *terms, at: facts.now }])
            }
            Command::Answer { text, outside } => self.take_answer(text, *outside, facts),
            Command::Cancel => {
                self.must_be_open()?;
                Ok(vec![Event::Cancelled { by: facts.actor.member().cloned(), at: facts.now }])
            }
            Command::Tick => Ok(self.tick(facts.now)),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Asked { id, asking, terms, at } => {
                self.id = *id;
                self.asking = (**asking).clone();
                self.asked_at = *at;
                self.renew(*terms, *at);
            }
            Event::AskedAgain { terms, at } => self.renew(*terms, *at),
            Event::Answered { answer } => {
                self.status = Status::Answered;
                self.closed_at = Some(answer.at);
                self.answer = Some(answer.clone());
            }
            Event::Cancelled { at, .. } => {
                self.status = Status::Cancelled;
                self.closed_at = Some(*at);
            }
            Event::Reminded => self.chased = 1,
            Event::Chased => self.chased = 2,
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        if !self.is_open() {
            return None;
        }
        match self.chased {
            0 => Some(self.terms.due),
            1 => Some(self.terms.chase_at),
            _ => None,
        }
    }
}

fn ask(id: i64, asking: &Asking, terms: Terms, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let question = checked(&asking.question, QUESTION_CHARS_MAX)?;
    let whom = match &asking.whom {
        Whom::Outside { name } => Whom::Outside { name: checked(name, NAME_CHARS_MAX)? },
        other => other.clone(),
    };
    let asking = Asking { question, whom, ..asking.clone() };
    let inside = !matches!(asking.whom, Whom::Outside { .. });
    if inside && asked_members(&asking, facts.office).is_empty() {
        return Err(Refusal::NobodyToAsk);
    }
    Ok(vec![Event::Asked { id, asking: Box::new(asking), terms, at: facts.now }])
}

/// The members a question goes to; never its asker.
fn asked_members(asking: &Asking, office: &Office) -> Vec<MemberId> {
    let members: Vec<MemberId> = match &asking.whom {
        Whom::Member { id } => office.members.keys().filter(|known| *known == id).cloned().collect(),
        Whom::Role { name } => office.holders(name).map(|member| member.id.clone()).collect(),
        Whom::Outside { .. } => Vec::new(),
    };
    members.into_iter().filter(|member| *member != asking.by).take(ASKED_MAX).collect()
}

/// A text without control characters that a reader cannot see, within its bound.
fn checked(text: &str, max: usize) -> Result<String, Refusal> {
    let text: String = text.replace("\r\n", "\n").chars().filter(|letter| is_visible(*letter)).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::EmptyText);
    }
    let length = text.chars().count();
    if length > max {
        return Err(Refusal::TooLong { length, max });
    }
    Ok(text.to_owned())
}

/// Neither a control character (but a line break or tab) nor one that turns the direction of what follows.
fn is_visible(letter: char) -> bool {
    let turns = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    (letter == '\n' || letter == '\t' || !letter.is_control()) && !turns
}

impl Consultation {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Consultation, self.id)
    }

    /// The ticket it is about.
    #[must_use]
    pub fn ticket(&self) -> Ref {
        Ref::new(Kind::Ticket, self.asking.ticket)
    }

    /// Waits for an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }

    /// Waits longer than it should.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.is_open() && self.terms.due <= now
    }

    /// The expert without an account who is asked by a link.
    #[must_use]
    pub fn outside(&self) -> Option<&str> {
        match &self.asking.whom {
            Whom::Outside { name } => Some(name),
            Whom::Member { .. } | Whom::Role { .. } => None,
        }
    }

    /// The members who are asked.
    #[must_use]
    pub fn asked(&self, office: &Office) -> Vec<MemberId> {
        asked_members(&self.asking, office)
    }

    /// When the link of an outside expert ends.
    #[must_use]
    pub fn link_until(&self) -> Timestamp {
        self.renewed_at.plus_ms(LINK_LIFE_MS)
    }

    /// Whether a member may answer: who was asked; for an outside expert, whoever asked writes down what they heard.
    #[must_use]
    pub fn may_answer(&self, member: &MemberId, office: &Office) -> bool {
        match &self.asking.whom {
            Whom::Member { id } => id == member,
            Whom::Role { name } => office.holders(name).any(|holder| holder.id == *member),
            Whom::Outside { .. } => self.asking.by == *member,
        }
    }

    fn renew(&mut self, terms: Terms, at: Timestamp) {
        self.terms = terms;
        self.renewed_at = at;
        self.chased = 0;
        self.link = self.link.saturating_add(1);
    }

    fn take_answer(&self, text: &str, outside: bool, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        let by = facts.actor.member().filter(|_| !outside).cloned();
        match &by {
            Some(member) if !self.may_answer(member, facts.office) => return Err(Refusal::NotAsked),
            None if !outside || self.outside().is_none() => return Err(Refusal::NotAsked),
            None if facts.now >= self.link_until() => return Err(Refusal::LinkOver),
            _ => {}
        }
        let text = checked(text, ANSWER_CHARS_MAX)?;
        Ok(vec![Event::Answered { answer: Answer { by, text, at: facts.now } }])
    }

    fn tick(&self, now: Timestamp) -> Vec<Event> {
        match (self.due_at(), self.chased) {
            (Some(due), _) if due > now => Vec::new(),
            (Some(_), 0) if self.terms.chase_at <= now => vec![Event::Reminded, Event::Chased],
            (Some(_), 0) => vec![Event::Reminded],
            (Some(_), _) => vec![Event::Chased],
            (None, _) => Vec::new(),
        }
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        if self.is_open() { Ok(()) } else { Err(Refusal::Closed(self.status)) }
    }
}

#[cfg(test)]
mod tests;
