//! Whose turn it is: the weighted rotation of one role, with a proved fairness bound and a reason for each choice.
//!
//! Everybody has a virtual time: the cost of the work given to them divided by their weight. The smallest goes first. For those who
//! could not be chosen (away, off shift, no right, full) virtual time passes at the pace of the fair share of those who could, so
//! an absence neither banks turns nor forgives them, and nobody is flooded on return. On return a bound is put on what is carried over
//! ([`Rotation::evolve`]), which is what keeps the promise below for any pattern of absences:
//!
//! For two people whose eligibility is the same over an interval, `|dS_i/w_i - dS_j/w_j| <= c_max/w_i + c_max/w_j`, where `dS`
//! is the cost assigned to them automatically in it. Proof: call `D = v_i - v_j`. Whoever is picked has the smallest `v`, so right
//! after `i` is picked `D <= c_max/w_i`, right after `j` is picked `D >= -c_max/w_j`, and nothing else moves `D` while both are
//! eligible together; on return from an absence the same limits are enforced. So `D` stays in an interval as long as the bound.
//! Exceptions that people can see ([`Exception`]) widen it by their own size: work taken by hand, a returning customer's owner, and
//! what is given to others while somebody is full. A change of share ends an interval and settles the person anew, as a return does.
//!
//! All arithmetic is on integers, so every database engine and every replica reaches the same choice.
//! Never here: time of day, shifts, or who is away: callers state it in [`Candidate`]. Start reading at [`Rotation::pick`].

mod candidate;
mod cost;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use candidate::{
    Candidate, CandidateView, Choice, Exception, Exclusion, NobodyOnDuty, Request, Share, TieBreak, sharers,
};
pub use cost::{Cost, CostTable, VirtualTime, Weight};

use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// What the rotation remembers of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Work had so far divided by weight, moved on by the fair pace while they could not be chosen.
    pub virtual_time: VirtualTime,
    /// The part of `virtual_time` that comes from work taken by hand and is not worked off yet; survives absences.
    pub by_hand: VirtualTime,
    /// Their weight when last seen, for bounds.
    pub weight: Weight,
    /// When they were last given or took a ticket.
    pub last_assigned_at: Option<Timestamp>,
    /// The sum of the costs assigned to them automatically: `S` of the bound and of the fairness index.
    pub assigned_cost: Cost,
    /// Whether they were neither away nor off shift when last seen.
    pub present: bool,
    /// Their share of post when they last arrived, in thousandths; 0 before that.
    #[serde(default)]
    pub share_milli: u32,
}

/// A fact in a rotation's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Somebody was given a ticket, or took one.
    Assigned {
        /// Who.
        member: MemberId,
        /// What the ticket weighs.
        cost: Cost,
        /// Their weight for it.
        weight: Weight,
        /// Chosen by the rotation (sticky owners included) rather than by a person.
        automatic: bool,
        /// Everybody who could have had it: see [`sharers`].
        sharers: Vec<Share>,
        /// When.
        at: Timestamp,
    },
    /// People who joined the rotation, came back to it, or whose share of post changed, at the same moment.
    Arrived {
        /// Who, with their weights.
        members: Vec<Share>,
        /// The largest cost that a ticket can have: bounds what is carried over.
        cost_max: Cost,
    },
    /// People who went off shift, on leave, or out of the rotation.
    Left {
        /// Who.
        members: Vec<MemberId>,
        /// The largest cost that a ticket can have.
        cost_max: Cost,
    },
}

/// The rotation of one role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// What is remembered of each person.
    pub members: BTreeMap<MemberId, Standing>,
}

impl Rotation {
    /// The arrivals and departures that these facts imply. Apply them, in order, before [`Rotation::pick`] in the same transaction:
    /// presence matters only where tickets are assigned, so no timer is needed for shifts.
    #[must_use]
    pub fn presence_changes(&self, candidates: &[Candidate], cost_max: Cost) -> Vec<Event> {
        let here: BTreeSet<&MemberId> =
            candidates.iter().filter(|found| found.is_present()).map(|found| &found.member).collect();
        let was_here = |member: &MemberId| self.members.get(member).is_some_and(|standing| standing.present);
        let left: Vec<MemberId> = self
            .members
            .iter()
            .filter(|(member, standing)| standing.present && !here.contains(member))
            .map(|(member, _)| member.clone())
            .collect();
        let arrived: Vec<Share> = candidates
            .iter()
            .filter(|candidate| {
                candidate.is_present() && (!was_here(&candidate.member) || self.is_reweighed(candidate))
            })
            .map(Candidate::share)
            .collect();
        let mut events = Vec::new();
        if !left.is_empty() {
            events.push(Event::Left { members: left, cost_max });
        }
        if !arrived.is_empty() {
            events.push(Event::Arrived { members: arrived, cost_max });
        }
        events
    }

    /// Chooses: the smallest virtual time; of equal ones the longest without a ticket; then the lowest identifier. A sticky owner
    /// comes first when they are a candidate and at most one largest ticket ahead of the smallest virtual time.
    ///
    /// # Errors
    /// [`NobodyOnDuty`] when each candidate is excluded, with the reasons.
    pub fn pick(&self, candidates: &[Candidate], request: &Request<'_>) -> Result<Choice, NobodyOnDuty> {
        let mut ranked: Vec<&Candidate> = candidates.iter().collect();
        ranked.sort_by(|left, right| {
            left.excluded_by()
                .is_some()
                .cmp(&right.excluded_by().is_some())
                .then_with(|| self.turn_order(&left.member, &right.member))
        });
        let explanation: Vec<CandidateView> = ranked.iter().map(|candidate| self.view(candidate)).collect();
        let free: Vec<&Candidate> = ranked.into_iter().filter(|candidate| candidate.excluded_by().is_none()).collect();
        let Some(&first) = free.first() else {
            return Err(NobodyOnDuty { explanation });
        };
        let owner = self.sticky_owner(&free, request).filter(|owner| owner.member != first.member);
        let (chosen, tie_break) = match (owner, free.get(1)) {
            (Some(owner), _) => (owner, TieBreak::Sticky),
            (None, Some(second)) => (first, self.tie_break(&first.member, &second.member)),
            (None, None) => (first, TieBreak::OnlyCandidate),
        };
        let passed_by = self.passed_by(candidates, &first.member);
        Ok(Choice { member: chosen.member.clone(), weight: chosen.weight(), explanation, tie_break, passed_by })
    }

    /// Those before `first` in turn who were left out only for being full.
    fn passed_by(&self, candidates: &[Candidate], first: &MemberId) -> Vec<MemberId> {
        let is_full = |candidate: &&Candidate| candidate.excluded_by() == Some(Exclusion::AtCapacity);
        let mut passed: Vec<&MemberId> = candidates.iter().filter(is_full).map(|candidate| &candidate.member).collect();
        passed.retain(|member| self.turn_order(member, first).is_lt());
        passed.sort_by(|left, right| self.turn_order(left, right));
        passed.into_iter().cloned().collect()
    }

    /// Applies a fact. Total: any sequence of events gives a rotation.
    #[must_use]
    pub fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Assigned { member, cost, weight, automatic, sharers, at } => {
                self.let_time_pass(*cost, sharers);
                let standing = self.members.entry(member.clone()).or_default();
                let turn = cost.over(*weight);
                standing.virtual_time = standing.virtual_time.plus(turn);
                standing.last_assigned_at = Some(*at);
                if *automatic {
                    standing.assigned_cost = standing.assigned_cost.plus(*cost);
                } else {
                    standing.by_hand = standing.by_hand.plus(turn);
                }
            }
            Event::Arrived { members, cost_max } => self.welcome(members, *cost_max),
            Event::Left { members, cost_max } => self.part_with(members, *cost_max),
        }
        self
    }

    fn is_reweighed(&self, candidate: &Candidate) -> bool {
        let known = self.members.get(&candidate.member).map_or(0, |standing| standing.share_milli);
        known != candidate.share_milli && known != 0
    }

    fn virtual_time(&self, member: &MemberId) -> VirtualTime {
        self.members.get(member).map(|standing| standing.virtual_time).unwrap_or_default()
    }

    fn turn_order(&self, left: &MemberId, right: &MemberId) -> Ordering {
        let last = |member: &MemberId| self.members.get(member).and_then(|standing| standing.last_assigned_at);
        self.virtual_time(left)
            .cmp(&self.virtual_time(right))
            .then_with(|| last(left).cmp(&last(right)))
            .then_with(|| left.cmp(right))
    }

    fn tie_break(&self, first: &MemberId, second: &MemberId) -> TieBreak {
        let last = |member: &MemberId| self.members.get(member).and_then(|standing| standing.last_assigned_at);
        if self.virtual_time(first) != self.virtual_time(second) {
            TieBreak::SmallestVirtualTime
        } else if last(first) != last(second) {
            TieBreak::LongestUnassigned
        } else {
            TieBreak::LowestId
        }
    }

    fn sticky_owner<'a>(&self, free: &[&'a Candidate], request: &Request<'_>) -> Option<&'a Candidate> {
        let owner = *free.iter().find(|candidate| Some(&candidate.member) == request.sticky)?;
        let smallest = free.iter().map(|candidate| self.virtual_time(&candidate.member)).min()?;
        let limit = smallest.plus(request.cost_max.over(owner.weight()));
        (self.virtual_time(&owner.member) <= limit).then_some(owner)
    }

    fn view(&self, candidate: &Candidate) -> CandidateView {
        CandidateView {
            member: candidate.member.clone(),
            virtual_time: self.virtual_time(&candidate.member),
            weight: candidate.weight(),
            open_load: candidate.open_load,
            exclusion: candidate.excluded_by(),
        }
    }

    /// Those who could not be chosen age by the fair share of those who could.
    fn let_time_pass(&mut self, cost: Cost, sharers: &[Share]) {
        for share in sharers {
            self.members.entry(share.member.clone()).or_default().weight = share.weight;
        }
        let shared: BTreeSet<&MemberId> = sharers.iter().map(|share| &share.member).collect();
        let Some(pace) = cost.over_all(sharers.iter().map(|share| share.weight)) else {
            return;
        };
        for (member, standing) in &mut self.members {
            if !shared.contains(member) {
                standing.virtual_time = standing.virtual_time.plus(pace);
            }
        }
    }

    /// New people start at the smallest virtual time; people who come back keep theirs, within what the bound allows beside
    /// each person already here: not so far behind as to be flooded, not so far ahead as to be starved. Of several, the one
    /// whose turn comes first is settled first and counts as here for the others.
    fn welcome(&mut self, arrivals: &[Share], cost_max: Cost) {
        let smallest =
            |standings: &mut dyn Iterator<Item = &Standing>| standings.map(|standing| standing.virtual_time).min();
        let start = smallest(&mut self.members.values().filter(|standing| standing.present))
            .or_else(|| smallest(&mut self.members.values()))
            .unwrap_or_default();
        for Share { member, weight, share_milli } in arrivals {
            let newcomer = || Standing { virtual_time: start, ..Standing::default() };
            let standing = self.members.entry(member.clone()).or_insert_with(newcomer);
            // Settled below like the others: nobody is measured against somebody whose place is still open.
            (standing.weight, standing.share_milli, standing.present) = (*weight, *share_milli, false);
        }
        let mut order: Vec<&MemberId> = arrivals.iter().map(|share| &share.member).collect();
        order.sort_by(|left, right| self.turn_order(left, right));
        for member in order {
            let limits = self.arrival_limits(cost_max);
            if let Some(standing) = self.members.get_mut(member) {
                if let Some((least, smallest)) = limits {
                    let most = smallest.plus(cost_max.over(standing.weight)).plus(standing.by_hand);
                    standing.virtual_time = standing.virtual_time.max(least).min(most);
                }
                standing.present = true;
            }
        }
    }

    /// The least virtual time that somebody may arrive with, and the smallest of those present; `None` when nobody is.
    fn arrival_limits(&self, cost_max: Cost) -> Option<(VirtualTime, VirtualTime)> {
        let present = || self.members.values().filter(|standing| standing.present);
        let smallest = present().map(|standing| standing.virtual_time).min()?;
        let least = present().map(|standing| standing.virtual_time.minus(cost_max.over(standing.weight))).max()?;
        Some((least.min(smallest), smallest))
    }

    /// Of the work taken by hand only what still sets a person ahead is remembered across their absence.
    fn part_with(&mut self, members: &[MemberId], cost_max: Cost) {
        let smallest =
            self.members.values().filter(|standing| standing.present).map(|standing| standing.virtual_time).min();
        for member in members {
            if let Some(standing) = self.members.get_mut(member) {
                let usual_most = smallest.unwrap_or(standing.virtual_time).plus(cost_max.over(standing.weight));
                let ahead = standing.virtual_time.minus(usual_most).max(VirtualTime::default());
                standing.by_hand = standing.by_hand.min(ahead);
                standing.present = false;
            }
        }
    }
}

#[cfg(test)]
mod tests;
