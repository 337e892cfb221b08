//! An action item: something a member promised in a meeting, carried from one meeting to the next until it is done.
//!
//! Never forgotten by itself: only a person closes it. Start at [`Action::decide`].

use serde::{Deserialize, Serialize};

use super::meeting::lead_of;
use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::time::Timestamp;

/// Longest text of an action, in characters: one line of an agenda.
pub const TEXT_CHARS_MAX: usize = 300;
/// The carry at which the lead decides what becomes of it (PRODUCT F48: "third time goes to lead").
pub const LEAD_AT_CARRY: u32 = 3;

/// Where an action stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be done.
    #[default]
    Open,
    /// Done.
    Done,
    /// Given up on purpose.
    Dropped,
}

impl Status {
    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }
}

/// What an action is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: MemberId,
    /// Until when.
    pub due: Option<Timestamp>,
    /// Meeting series that asks for it.
    pub series: String,
    /// Meeting in which it was made, when one was under way.
    pub meeting: Option<i64>,
}

/// The state of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Number; 0 before it was made.
    pub id: i64,
    /// What it was made with.
    pub making: Making,
    /// When it was made.
    pub made_at: Timestamp,
    /// Meetings it was carried into since.
    pub carried: u32,
    /// The last of them.
    pub carried_in: Option<i64>,
    /// Where it stands.
    pub status: Status,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<MemberId>,
    /// The owner was told that it is due.
    pub reminded: bool,
}

/// What can be asked of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new one under this number.
    Make(i64, Making),
    /// It stands on the agenda of a further meeting.
    Carry {
        /// Which.
        meeting: i64,
    },
    /// It is done.
    Finish,
    /// It will not be done.
    Drop,
    /// Time has passed: remind the owner when it is due.
    Tick,
}

/// What happened to an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was made.
    Made {
        /// Number.
        id: i64,
        /// With what.
        making: Making,
        /// When.
        at: Timestamp,
    },
    /// It was still open when a further meeting came.
    Carried {
        /// Which meeting.
        meeting: i64,
    },
    /// It was done.
    Finished {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// It was given up.
    Dropped {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// The owner was told that it is due.
    Reminded,
}

/// Why an action cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// No such member.
    UnknownMember(MemberId),
    /// It is closed already.
    AlreadyClosed {
        /// By whom.
        by: Option<MemberId>,
    },
}

impl Decider for Action {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Make(id, making) => make(*id, making, facts),
            Command::Carry { meeting } => Ok(self.carry(*meeting)),
            Command::Finish => self.close(facts, |by, at| Event::Finished { by, at }),
            Command::Drop => self.close(facts, |by, at| Event::Dropped { by, at }),
            Command::Tick => {
                let due = self.due_at().is_some_and(|due| due <= facts.now);
                Ok(if due { vec![Event::Reminded] } else { Vec::new() })
            }
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Made { id, making, at } => {
                self.id = *id;
                self.making = making.clone();
                self.made_at = *at;
            }
            Event::Carried { meeting } => {
                self.carried += 1;
                self.carried_in = Some(*meeting);
            }
            Event::Finished { by, at } => self.closed(Status::Done, by, *at),
            Event::Dropped { by, at } => self.closed(Status::Dropped, by, *at),
            Event::Reminded => self.reminded = true,
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.making.due.filter(|_| self.is_open() && !self.reminded)
    }
}

fn make(id: i64, making: &Making, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let text = making.text.trim();
    if text.is_empty() {
        return Err(Refusal::EmptyText);
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::TooLong { max: TEXT_CHARS_MAX });
    }
    if !facts.office.members.contains_key(&making.owner) {
        return Err(Refusal::UnknownMember(making.owner.clone()));
    }
    Ok(vec![Event::Made { id, making: Making { text: text.to_owned(), ..making.clone() }, at: facts.now }])
}

impl Action {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Action, self.id)
    }

    /// Still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }

    fn carry(&self, meeting: i64) -> Vec<Event> {
        let new_there = self.carried_in != Some(meeting) && self.making.meeting != Some(meeting);
        if self.is_open() && new_there { vec![Event::Carried { meeting }] } else { Vec::new() }
    }

    fn close(
        &self,
        facts: &Facts<'_>,
        event: impl FnOnce(MemberId, Timestamp) -> Event,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.is_open() {
            return Err(Refusal::AlreadyClosed { by: self.closed_by.clone() });
        }
        Ok(facts.actor.member().map(|by| vec![event(by.clone(), facts.now)]).unwrap_or_default())
    }

    fn closed(&mut self, status: Status, by: &MemberId, at: Timestamp) {
        self.status = status;
        self.closed_by = Some(by.clone());
        self.closed_at = Some(at);
    }

    /// Says something about it: its reference, words and owner.
    #[must_use]
    pub fn about(&self, key: &str) -> Notice {
        Notice::new(key)
            .subject("action", self.subject())
            .text("text", &self.making.text)
            .member("owner", &self.making.owner)
            .number("carried", i64::from(self.carried))
    }

    fn tell(&self, member: &MemberId, notice: Notice) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent: true }
    }
}

impl Aggregate for Action {
    const KIND: Kind = Kind::Action;

    fn columns(&self) -> Columns {
        Columns {
            status: self.status.stored().to_owned(),
            owner: Some(self.making.owner.0.clone()),
            topic: Some(self.making.series.clone()),
            due_at: self.making.due.filter(|_| self.is_open()),
            opened_at: Some(self.made_at),
            closed_at: self.closed_at,
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Made { .. } => "made",
            Event::Carried { .. } => "carried",
            Event::Finished { .. } => "finished",
            Event::Dropped { .. } => "dropped",
            Event::Reminded => "reminded",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let owner = &self.making.owner;
        for event in events {
            match event {
                Event::Made { .. } if facts.actor.member() != Some(owner) => {
                    let by = facts.actor.member().unwrap_or(owner);
                    let notice = self.about("action-given-dm").member("who", by);
                    let notice = match self.making.due {
                        Some(due) => notice.with("due", Arg::At(due)).number("has_due", 1),
                        None => notice.text("due", "").number("has_due", 0),
                    };
                    effects.push(self.tell(owner, notice));
                }
                Event::Carried { .. } if self.carried == LEAD_AT_CARRY => {
                    if let Some(lead) = lead_of(facts.office, &self.making.series) {
                        effects.push(self.tell(&lead, self.about("action-carried-lead")));
                    }
                }
                Event::Finished { .. } | Event::Dropped { .. } => {
                    if let Some(meeting) = self.carried_in.or(self.making.meeting) {
                        effects.push(Effect::Card { subject: Ref::new(Kind::Meeting, meeting) });
                    }
                }
                Event::Reminded => effects.push(self.tell(owner, self.about("action-due-dm"))),
                Event::Made { .. } | Event::Carried { .. } => {}
            }
        }
        effects
    }
}
