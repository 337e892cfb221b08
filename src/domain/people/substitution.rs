//! Who stands in for whom: chains of backups, down to the first who is there, and the circles that are refused at entry.
//!
//! Pure arithmetic over the office and the known leaves. Never decides what moves (`app::absence`).
//! Start at [`Absences::stand_in`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::office::{MemberId, Office};
use crate::domain::time::Timestamp;

/// A leave that holds: confirmed, not over and not taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Number of the absence.
    pub id: i64,
    /// Who.
    pub member: MemberId,
    /// From when.
    pub from: Timestamp,
    /// Up to, not including, this instant; `None` while nobody knows.
    pub until: Option<Timestamp>,
    /// Who was named to stand in for this leave; else the backup that the office knows.
    pub backup: Option<MemberId>,
}

impl Leave {
    /// Whether it covers an instant.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether it has an instant in common with `[from, until)`.
    #[must_use]
    pub fn overlaps(&self, from: Timestamp, until: Option<Timestamp>) -> bool {
        until.is_none_or(|until| self.from < until) && self.until.is_none_or(|own| from < own)
    }
}

/// Everybody's leaves, now and to come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Absences {
    /// In order of number.
    pub leaves: Vec<Leave>,
}

impl Absences {
    /// The leave that somebody is on at an instant.
    #[must_use]
    pub fn of(&self, member: &MemberId, at: Timestamp) -> Option<&Leave> {
        self.leaves.iter().find(|leave| leave.member == *member && leave.covers(at))
    }

    /// Whether somebody is away at an instant.
    #[must_use]
    pub fn is_away(&self, member: &MemberId, at: Timestamp) -> bool {
        self.of(member, at).is_some()
    }

    /// Everybody who is away at an instant.
    #[must_use]
    pub fn away_at(&self, at: Timestamp) -> BTreeSet<MemberId> {
        self.leaves.iter().filter(|leave| leave.covers(at)).map(|leave| leave.member.clone()).collect()
    }

    /// When somebody who is away at an instant is there again, through leaves that follow each other; `None` when nobody
    /// knows.
    #[must_use]
    pub fn there_again(&self, member: &MemberId, at: Timestamp) -> Option<Timestamp> {
        let mut back = at;
        while let Some(leave) = self.of(member, back) {
            back = leave.until?;
        }
        Some(back)
    }

    /// The next instant after `at` at which somebody goes or comes back.
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let ends = self.leaves.iter().flat_map(|leave| [Some(leave.from), leave.until]).flatten();
        ends.filter(|end| *end > at).min()
    }

    /// The one link of the chain: who was named for the leave at this instant, else the role's backup, else the person's.
    #[must_use]
    pub fn backup<'a>(
        &'a self,
        office: &'a Office,
        member: &MemberId,
        role: Option<&str>,
        at: Timestamp,
    ) -> Option<&'a MemberId> {
        let named = self.of(member, at).and_then(|leave| leave.backup.as_ref());
        named.or_else(|| office_backup(office, member, role)).filter(|backup| office.members.contains_key(*backup))
    }

    /// The backups of somebody in order, down to the first who is there (the last of the list, if anybody is).
    #[must_use]
    pub fn chain(&self, office: &Office, member: &MemberId, role: Option<&str>, at: Timestamp) -> Vec<MemberId> {
        let mut chain: Vec<MemberId> = Vec::new();
        let mut here = member;
        while let Some(next) = self.backup(office, here, role, at) {
            // Circles are refused at entry; one that an edited office file brings ends the walk.
            if next == member || chain.contains(next) {
                break;
            }
            chain.push(next.clone());
            if !self.is_away(next, at) {
                break;
            }
            here = next;
        }
        chain
    }

    /// Who stands in for somebody at an instant: the first of the chain who is there.
    #[must_use]
    pub fn stand_in(&self, office: &Office, member: &MemberId, role: Option<&str>, at: Timestamp) -> Option<MemberId> {
        self.chain(office, member, role, at).pop().filter(|last| !self.is_away(last, at))
    }

    /// The people who are away at an instant and for whom somebody stands in, whatever the role.
    #[must_use]
    pub fn stands_in_for(&self, office: &Office, member: &MemberId, at: Timestamp) -> Vec<MemberId> {
        if self.is_away(member, at) {
            return Vec::new();
        }
        let replaced = |absent: &MemberId| {
            let roles = office.members.get(absent).map(|found| found.roles.as_slice()).unwrap_or_default();
            let by_role = roles.iter().map(|role| Some(role.as_str()));
            std::iter::once(None)
                .chain(by_role)
                .any(|role| self.stand_in(office, absent, role, at).as_ref() == Some(member))
        };
        self.away_at(at).into_iter().filter(|absent| office.members.contains_key(absent) && replaced(absent)).collect()
    }

    /// The circle that this backup would close, written from the member round to the member again; `None` for none.
    /// Everybody else is taken with who stands in for them in that time: named for an overlapping leave, else the office's.
    #[must_use]
    pub fn circle(
        &self,
        office: &Office,
        member: &MemberId,
        backup: &MemberId,
        from: Timestamp,
        until: Option<Timestamp>,
    ) -> Option<Vec<MemberId>> {
        let mut path = vec![member.clone()];
        let mut here = backup.clone();
        loop {
            if here == *member {
                path.push(here);
                return Some(path);
            }
            if path.contains(&here) {
                return None;
            }
            path.push(here.clone());
            let named = self
                .leaves
                .iter()
                .filter(|leave| leave.member == here && leave.overlaps(from, until))
                .find_map(|leave| leave.backup.clone());
            here = named.or_else(|| office_backup(office, &here, None).cloned())?;
        }
    }
}

/// The backup that the office knows: the role's, else the person's.
fn office_backup<'o>(office: &'o Office, member: &MemberId, role: Option<&str>) -> Option<&'o MemberId> {
    let found = office.members.get(member)?;
    role.and_then(|role| found.role_backups.get(role)).or(found.backup.as_ref())
}
