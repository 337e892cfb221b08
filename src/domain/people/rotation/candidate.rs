//! Who could have a ticket, and the answer given: the values that go into and come out of a choice.
//!
//! Never the choice itself. Start reading at [`Candidate`].

use crate::domain::office::MemberId;
use serde::{Deserialize, Serialize};

use super::cost::{Cost, VirtualTime, Weight};
#[cfg(doc)]
use super::{CostTable, Event};

/// Why somebody cannot have this ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// On leave or sick.
    Away,
    /// Outside their working hours.
    OffShift,
    /// No right on the network or topic.
    NoRight,
    /// As many open tickets as they may have.
    AtCapacity,
    /// No skill in the topic.
    NoSkill,
    /// A share of zero: takes no work from the rotation.
    NoShare,
    /// They have this ticket already, and somebody else is looked for.
    HasIt,
}

impl Exclusion {
    fn is_absence(self) -> bool {
        matches!(self, Self::Away | Self::OffShift)
    }
}

/// A holder of the role as the facts of this moment have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub member: MemberId,
    /// Their share of a post in this role, in thousandths (a full post: 1000).
    pub share_milli: u32,
    /// Their skill in the topic, 1 upwards; 0 excludes them.
    pub skill: u32,
    /// Open tickets they may have at most; `None` is no limit.
    pub capacity: Option<u32>,
    /// Open tickets they have.
    pub open_load: u32,
    /// Absence or missing right, found by the caller. Capacity, skill and share are judged here.
    pub exclusion: Option<Exclusion>,
}

impl Candidate {
    /// Share of post times skill.
    #[must_use]
    pub fn weight(&self) -> Weight {
        Weight::new(self.share_milli.saturating_mul(self.skill))
    }

    /// The first reason against them, if any.
    #[must_use]
    pub fn excluded_by(&self) -> Option<Exclusion> {
        self.exclusion
            .or((self.skill == 0).then_some(Exclusion::NoSkill))
            .or((self.share_milli == 0).then_some(Exclusion::NoShare))
            .or(self.capacity.filter(|&capacity| self.open_load >= capacity).map(|_| Exclusion::AtCapacity))
    }

    pub(super) fn share(&self) -> Share {
        Share { member: self.member.clone(), weight: self.weight(), share_milli: self.share_milli }
    }

    pub(super) fn is_present(&self) -> bool {
        !self.exclusion.is_some_and(Exclusion::is_absence)
    }
}

/// One line of the answer to "why me?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateView {
    /// Who.
    pub member: MemberId,
    /// Before the choice.
    pub virtual_time: VirtualTime,
    /// Share of post times skill.
    pub weight: Weight,
    /// Open tickets.
    pub open_load: u32,
    /// Why they could not be chosen, if so.
    pub exclusion: Option<Exclusion>,
}

/// What decided between the candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// Nobody else could be chosen.
    OnlyCandidate,
    /// It was another's turn, but they knew the customer and were near enough to their own.
    Sticky,
    /// Their virtual time alone was the smallest: no tie.
    SmallestVirtualTime,
    /// Tied, and the longest without a ticket.
    LongestUnassigned,
    /// Tied in everything: the lowest identifier.
    LowestId,
}

/// Who gets the ticket, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Who.
    pub member: MemberId,
    /// Their weight, for [`Event::Assigned`].
    pub weight: Weight,
    /// All who hold the role, in the order of their turns, those excluded last.
    pub explanation: Vec<CandidateView>,
    /// What decided.
    pub tie_break: TieBreak,
    /// Those whose turn came first and who were passed by for being full, first turn first.
    #[serde(default)]
    pub passed_by: Vec<MemberId>,
}

/// Why an assignment is no plain turn. Each widens the bound by its own size, and is written down with the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// Taken, or given by somebody.
    ByHand,
    /// To the person who knows the customer, though it was another's turn.
    Sticky,
    /// The person whose turn it was had as many tickets as they may have.
    Capacity,
}

impl Exception {
    /// All, in the order they are told.
    pub const ALL: [Self; 3] = [Self::ByHand, Self::Sticky, Self::Capacity];

    /// Name in wording keys and lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ByHand => "by-hand",
            Self::Sticky => "sticky",
            Self::Capacity => "capacity",
        }
    }
}

impl Choice {
    /// What makes this choice differ from a plain turn.
    #[must_use]
    pub fn exception(&self) -> Option<Exception> {
        match self.tie_break {
            TieBreak::Sticky => Some(Exception::Sticky),
            _ if !self.passed_by.is_empty() => Some(Exception::Capacity),
            _ => None,
        }
    }
}

/// Nobody could be chosen; the reasons, person by person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("nobody on duty can take this ticket")]
pub struct NobodyOnDuty {
    /// All who hold the role.
    pub explanation: Vec<CandidateView>,
}

/// What a choice depends on beside the candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The largest cost that a ticket can have ([`CostTable::largest`]): how far ahead a sticky owner may be.
    pub cost_max: Cost,
    /// Who owned this customer's last ticket.
    pub sticky: Option<&'a MemberId>,
}

/// The candidates who can be chosen: what [`Event::Assigned`] needs to know.
#[must_use]
pub fn sharers(candidates: &[Candidate]) -> Vec<Share> {
    let free = candidates.iter().filter(|candidate| candidate.excluded_by().is_none());
    free.map(Candidate::share).collect()
}

/// Somebody who shares in the fair pace of a ticket, with their weight for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Who.
    pub member: MemberId,
    /// Share of post times skill.
    pub weight: Weight,
    /// Share of post alone, in thousandths: when it changes, both may have changed sides of the bound.
    pub share_milli: u32,
}
