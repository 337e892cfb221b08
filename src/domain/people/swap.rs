//! A swap: two people exchange their hours of one day, or two weeks of being on call.
//!
//! Lies over the plan and changes nothing else: when its days are over, or when it is taken back, the plan holds again.
//! Never decides whether somebody is away (callers say so). Start at [`Swap::decide`] and [`is_on_shift`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::on_call::Shift;
use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Member, MemberId, Office};
use crate::domain::react::{Aggregate, Columns};
use crate::domain::rhythm::day;
use crate::domain::time::Timestamp;

/// What is exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Exchange {
    /// Each has the other's hours on this local day.
    Day {
        /// Which.
        date: NaiveDate,
    },
    /// Each is on call in the other's week.
    Weeks {
        /// Of which role.
        role: String,
        /// The first one's week, which the other takes.
        given: Shift,
        /// The other's week, which the first one takes.
        taken: Shift,
    },
}

impl Default for Exchange {
    fn default() -> Self {
        Self::Day { date: NaiveDate::default() }
    }
}

/// What a swap was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    /// One of the two.
    pub one: MemberId,
    /// The other.
    pub other: MemberId,
    /// What they exchange.
    pub what: Exchange,
    /// When it is over.
    pub until: Timestamp,
}

/// A swap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Its number.
    pub id: i64,
    /// What it was made with.
    pub making: Making,
    /// It no longer lies over the plan.
    pub closed: bool,
}

/// What can be asked of a swap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make it under this number; `away` are those of the two who are away then, `same` a swap that says the same already.
    Make {
        /// Number.
        id: i64,
        /// With what.
        making: Box<Making>,
        /// Who of the two is away when they would have to be there.
        away: Vec<MemberId>,
        /// The same two have swapped the same days.
        same: Option<Ref>,
    },
    /// Take it back.
    Cancel,
    /// Time has passed.
    Tick,
}

/// What happened to a swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was made.
    Made {
        /// Number.
        id: i64,
        /// With what.
        making: Box<Making>,
    },
    /// It was taken back.
    Cancelled,
    /// Its days are over.
    Ended,
}

/// Why there is no such swap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody can swap with themselves.
    SamePerson,
    /// The day is over.
    Past,
    /// They have no rotating role in common.
    NoCommonRole,
    /// One of them is away then.
    Away(MemberId),
    /// They have swapped these days already.
    Already(Ref),
    /// It is over or was taken back.
    Closed,
}

impl Decider for Swap {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Make { id, making, away, same } => {
                if making.one == making.other {
                    return Err(Refusal::SamePerson);
                }
                if making.until <= facts.now {
                    return Err(Refusal::Past);
                }
                if shared_roles(facts.office, &making.one, &making.other).is_empty() {
                    return Err(Refusal::NoCommonRole);
                }
                if let Some(member) = away.first() {
                    return Err(Refusal::Away(member.clone()));
                }
                if let Some(same) = same {
                    return Err(Refusal::Already(*same));
                }
                Ok(vec![Event::Made { id: *id, making: making.clone() }])
            }
            Command::Cancel if self.closed => Err(Refusal::Closed),
            Command::Cancel => Ok(vec![Event::Cancelled]),
            Command::Tick if self.closed || self.making.until > facts.now => Ok(Vec::new()),
            Command::Tick => Ok(vec![Event::Ended]),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Made { id, making } => {
                self.id = *id;
                self.making = (**making).clone();
            }
            Event::Cancelled | Event::Ended => self.closed = true,
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        (!self.closed).then_some(self.making.until)
    }
}

/// Roles with a rotation that both hold.
#[must_use]
pub fn shared_roles<'o>(office: &'o Office, one: &MemberId, other: &MemberId) -> Vec<&'o str> {
    let holds = |member: &MemberId, role: &str| office.holders(role).any(|holder| holder.id == *member);
    let rotating = office.roles.values().filter(|role| role.rotation);
    rotating.map(|role| role.name.as_str()).filter(|role| holds(one, role) && holds(other, role)).collect()
}

/// Whether somebody's working hours hold an instant, with the swaps that lie over them. Who has no hours of their own is
/// always on shift, except where they swapped a day.
#[must_use]
pub fn is_on_shift(office: &Office, swaps: &[Swap], member: &Member, at: Timestamp) -> bool {
    let calendar = |of: &'_ Member| of.hours.clone().unwrap_or_else(|| office.calendar.clone());
    for swap in swaps.iter().filter(|swap| !swap.closed) {
        let Exchange::Day { date } = swap.making.what else { continue };
        let Some(partner) = swap.partner_of(&member.id).and_then(|partner| office.members.get(partner)) else {
            continue;
        };
        let theirs = calendar(partner);
        if day::of(at, theirs.zone()) == date && theirs.is_open(at) {
            return true;
        }
        if day::of(at, calendar(member).zone()) == date {
            return false;
        }
    }
    member.hours.as_ref().is_none_or(|hours| hours.is_open(at))
}

impl Swap {
    /// The other of the two; `None` for anybody else.
    #[must_use]
    pub fn partner_of(&self, member: &MemberId) -> Option<&MemberId> {
        match member {
            _ if self.making.one == *member => Some(&self.making.other),
            _ if self.making.other == *member => Some(&self.making.one),
            _ => None,
        }
    }

    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Swap, self.id)
    }

    /// What it says, under one of the wording keys `swap-KEY-day`, `swap-KEY-weeks`.
    #[must_use]
    pub fn notice(&self, key: &str, office: &Office) -> Notice {
        let Making { one, other, what, .. } = &self.making;
        let with_people =
            |notice: Notice| notice.subject("swap", self.subject()).member("one", one).member("other", other);
        match what {
            Exchange::Day { date } => with_people(Notice::new(&format!("swap-{key}-day")))
                .with("day", Arg::Day(day::at_time(*date, chrono::NaiveTime::MIN, office.zone))),
            Exchange::Weeks { role, given, taken } => with_people(Notice::new(&format!("swap-{key}-weeks")))
                .with("role", Arg::Strong(role.clone()))
                .with("given", Arg::At(given.from))
                .with("taken", Arg::At(taken.from)),
        }
    }

    /// Everybody whom it concerns: the two, and the leads of the roles they share.
    fn concerned(&self, office: &Office) -> Vec<MemberId> {
        let Making { one, other, what, .. } = &self.making;
        let roles = match what {
            Exchange::Day { .. } => shared_roles(office, one, other),
            Exchange::Weeks { role, .. } => vec![role.as_str()],
        };
        let mut people = vec![one.clone(), other.clone()];
        for lead in roles.into_iter().filter_map(|role| office.roles.get(role)?.lead.clone()) {
            if !people.contains(&lead) {
                people.push(lead);
            }
        }
        people
    }
}

impl Aggregate for Swap {
    const KIND: Kind = Kind::Swap;

    fn columns(&self) -> Columns {
        Columns {
            status: if self.closed { "closed" } else { "planned" }.to_owned(),
            due_at: Some(self.making.until),
            closed_at: self.closed.then_some(self.making.until),
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Made { .. } => "made",
            Event::Cancelled => "cancelled",
            Event::Ended => "ended",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for event in events {
            let key = match event {
                Event::Made { .. } => "made",
                Event::Cancelled => "cancelled",
                Event::Ended => continue,
            };
            let notice = self.notice(key, facts.office);
            for member in self.concerned(facts.office) {
                // Whoever did it reads the answer to their command.
                if facts.actor.member() != Some(&member) {
                    effects.push(Effect::Tell { member, subject: None, notice: notice.clone(), urgent: false });
                }
            }
            if let Some(desk) = facts.office.desks.first() {
                effects.push(Effect::Announce { desk: desk.name.clone(), notice, urgent: false });
            }
        }
        effects
    }
}

#[cfg(test)]
#[path = "swap_tests.rs"]
mod tests;
