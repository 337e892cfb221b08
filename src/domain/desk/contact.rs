//! A customer who is known by several handles, on one network or on several.
//!
//! Who has only one handle needs no such record. Joining never changes a ticket: it only says whose it is.
//! Start at [`Contact::decide`].

use serde::{Deserialize, Serialize};

use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::time::Timestamp;

/// Most handles of one person: more is a mistake.
pub const HANDLES_MAX: usize = 20;

/// One account of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// Network.
    pub network: String,
    /// The network's id of the author.
    pub id: String,
    /// Name as last seen.
    pub name: String,
}

impl Handle {
    /// Whether it is the same account, whatever its name is now.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.network == other.network && self.id == other.id
    }
}

/// A handle that was joined, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Which.
    pub handle: Handle,
    /// Who said so; nobody for the handle it began with.
    pub by: Option<MemberId>,
    /// When.
    pub at: Timestamp,
}

/// The state of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Number; 0 before its first handle.
    pub id: i64,
    /// Its handles, oldest first.
    pub handles: Vec<Known>,
    /// Since when it is known.
    pub since: Timestamp,
}

/// What can be asked of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// These handles are one person; the first ones are those it is known by already.
    Join {
        /// Its number.
        id: i64,
        /// Known by.
        own: Vec<Handle>,
        /// Joined.
        others: Vec<Handle>,
    },
    /// This handle is somebody else after all.
    Part(Handle),
}

/// What happened to a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Handles were joined.
    Joined {
        /// Its number.
        id: i64,
        /// Known by already.
        own: Vec<Handle>,
        /// Joined.
        others: Vec<Handle>,
        /// By whom.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
    },
    /// A handle was taken out.
    Parted {
        /// Which.
        handle: Handle,
        /// By whom.
        by: Option<MemberId>,
    },
}

/// Why it cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// They are one person already.
    SamePerson,
    /// The handle is none of its own.
    NotTheirs,
    /// It has no other handle.
    OnlyOne,
    /// More than [`HANDLES_MAX`].
    TooMany,
}

impl Decider for Contact {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = facts.actor.member().cloned();
        match command {
            Command::Join { id, own, others } => {
                let new = |handle: &&Handle| !self.knows(handle) && !own.iter().any(|known| known.is(handle));
                let others: Vec<Handle> = others.iter().filter(new).cloned().collect();
                let own: Vec<Handle> = own.iter().filter(|handle| !self.knows(handle)).cloned().collect();
                if others.is_empty() {
                    return Err(Refusal::SamePerson);
                }
                if self.handles.len() + own.len() + others.len() > HANDLES_MAX {
                    return Err(Refusal::TooMany);
                }
                Ok(vec![Event::Joined { id: *id, own, others, by, at: facts.now }])
            }
            Command::Part(handle) => {
                let known = self.handles.iter().find(|known| known.handle.is(handle)).ok_or(Refusal::NotTheirs)?;
                if self.handles.len() < 2 {
                    return Err(Refusal::OnlyOne);
                }
                Ok(vec![Event::Parted { handle: known.handle.clone(), by }])
            }
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Joined { id, own, others, by, at } => {
                if self.id == 0 {
                    self.since = *at;
                }
                self.id = *id;
                self.handles.extend(own.iter().map(|handle| Known { handle: handle.clone(), by: None, at: *at }));
                let joined = others.iter().map(|handle| Known { handle: handle.clone(), by: by.clone(), at: *at });
                self.handles.extend(joined);
            }
            Event::Parted { handle, .. } => self.handles.retain(|known| !known.handle.is(handle)),
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        None
    }
}

impl Contact {
    fn knows(&self, handle: &Handle) -> bool {
        self.handles.iter().any(|known| known.handle.is(handle))
    }
}

impl Aggregate for Contact {
    const KIND: Kind = Kind::Contact;

    fn columns(&self) -> Columns {
        // Never open work: it is in nobody's list.
        Columns {
            status: "known".to_owned(),
            opened_at: Some(self.since),
            closed_at: Some(self.since),
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Joined { .. } => "joined",
            Event::Parted { .. } => "parted",
        }
    }

    fn react(&self, _: &[Event], _: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }
}
