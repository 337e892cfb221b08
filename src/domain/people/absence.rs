//! An absence: proposed with a preview, confirmed (by the team where the office wants it), begun, ended; and what was lent
//! for it, so that it can be given back.
//!
//! Never moves anything itself: what moves is decided beside the other aggregates in `app::absence` and recorded here.
//! Who is told stands in [`react`]. Start at [`Absence::decide`].

pub mod react;
pub mod span;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::substitution::Leave;
use crate::domain::decide::{Decider, Facts};
use crate::domain::office::MemberId;
use crate::domain::time::{HOUR_MS, Timestamp};

/// A preview that nobody confirms is forgotten after so long: what it shows is old by then.
pub const PROPOSAL_LIFE_MS: i64 = HOUR_MS;
/// Work that does not burn is offered for so long before it moves (PRODUCT U5: "the rest offered 2 h then moved").
pub const OFFER_MS: i64 = 2 * HOUR_MS;
/// Longest reason, in characters: one line of a list.
pub const REASON_CHARS_MAX: usize = 200;

/// Where an absence stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Shown as a preview.
    #[default]
    Proposed,
    /// Waits for somebody who plans the rota.
    Requested,
    /// It holds.
    Confirmed,
    /// Over.
    Ended,
    /// Taken back before it began.
    Cancelled,
    /// Not granted.
    Declined,
}

impl Stage {
    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
        }
    }
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Who is away.
    pub member: MemberId,
    /// From when.
    pub from: Timestamp,
    /// Up to, not including, this instant; `None` while nobody knows.
    pub until: Option<Timestamp>,
    /// Not planned: sick. Never shown to anybody else.
    pub sick: bool,
    /// Who is to stand in; `None` leaves it to the office's backups.
    pub backup: Option<MemberId>,
    /// Why, for who approves it; may be empty. Never shown to anybody else.
    pub reason: String,
    /// Who entered it.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

/// The state of an absence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Number; 0 before it was proposed.
    pub id: i64,
    /// Counts every change; carried by its buttons.
    pub revision: u64,
    /// Where it stands.
    pub stage: Stage,
    /// What was asked for.
    pub plan: Plan,
    /// Since when it has been in force.
    pub begun_at: Option<Timestamp>,
    /// Tickets that were moved for it, and to whom (`None`: nobody could be found).
    pub lent: BTreeMap<i64, Option<MemberId>>,
    /// Tickets that are offered and not moved yet.
    pub offered: Vec<i64>,
    /// Until when they are offered.
    pub offer_until: Option<Timestamp>,
    /// When it ended or was given up.
    pub closed_at: Option<Timestamp>,
}

/// What can be asked of an absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new one under this number.
    Propose(i64, Box<Plan>),
    /// Somebody else stands in.
    ChooseBackup(Option<MemberId>),
    /// It is to hold; `ask` are the people who must agree first (nobody: it holds at once).
    Confirm {
        /// Who stands in when it begins, for the sentence.
        stand_in: Option<MemberId>,
        /// Who is asked first.
        ask: Vec<MemberId>,
    },
    /// Somebody who plans the rota agrees.
    Approve {
        /// Who stands in when it begins, for the sentence.
        stand_in: Option<MemberId>,
    },
    /// Somebody who plans the rota does not agree.
    Decline,
    /// Its time has come.
    Begin,
    /// Tickets were moved.
    Lend(BTreeMap<i64, Option<MemberId>>),
    /// Tickets are offered before they move.
    Offer {
        /// Which.
        tickets: Vec<i64>,
        /// To whom; `None` to everybody.
        to: Option<MemberId>,
    },
    /// Over, before its time or at it.
    End(Restored),
    /// Taken back before it began.
    Cancel,
    /// Time has passed: give up what nobody confirmed.
    Lapse,
}

/// What came back to somebody, and what did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Tickets that are theirs again.
    pub tickets: Vec<i64>,
    /// Tickets that somebody works on now, and who.
    pub kept: Vec<(i64, MemberId)>,
    /// Who stood in until now.
    pub stand_in: Option<MemberId>,
    /// Meetings that were held meanwhile, by reference.
    pub missed: Vec<i64>,
}

/// What happened to an absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was previewed.
    Proposed {
        /// Number.
        id: i64,
        /// What.
        plan: Box<Plan>,
    },
    /// Somebody else stands in.
    BackupChosen {
        /// Who.
        backup: Option<MemberId>,
    },
    /// It waits for people who plan the rota.
    Requested {
        /// Who was asked.
        asked: Vec<MemberId>,
    },
    /// It holds.
    Confirmed {
        /// Who stands in when it begins.
        stand_in: Option<MemberId>,
        /// Somebody else agreed to it.
        #[serde(default)]
        approved: bool,
    },
    /// It was not granted.
    Declined {
        /// When.
        at: Timestamp,
    },
    /// It began.
    Began {
        /// When.
        at: Timestamp,
    },
    /// Tickets were moved.
    Lent {
        /// Which, to whom.
        #[serde(deserialize_with = "crate::domain::number_keys::read")]
        tickets: BTreeMap<i64, Option<MemberId>>,
    },
    /// Tickets are offered.
    Offered {
        /// Which.
        tickets: Vec<i64>,
        /// To whom; `None` to everybody.
        to: Option<MemberId>,
        /// Until when.
        until: Timestamp,
    },
    /// It is over.
    Ended {
        /// When.
        at: Timestamp,
        /// Before the time that was known.
        early: bool,
        /// What came back.
        restored: Box<Restored>,
    },
    /// It was taken back before it began.
    Cancelled {
        /// When.
        at: Timestamp,
        /// It held already.
        held: bool,
    },
    /// Nobody confirmed or approved it in time.
    Lapsed {
        /// When.
        at: Timestamp,
    },
}

/// Why an absence cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It ends before it starts, or is over already.
    Backwards,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// No such member.
    UnknownMember(MemberId),
    /// Nobody stands in for themselves.
    OwnBackup,
    /// It is not waiting for that.
    NotNow(Stage),
    /// It has begun: coming back ends it.
    Begun,
    /// Nobody approves their own.
    OwnLeave,
}

impl Decider for Absence {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Propose(id, plan) => propose(*id, plan, facts),
            Command::ChooseBackup(backup) => self.choose(backup.as_ref(), facts),
            Command::Confirm { stand_in, ask } => self.confirm(stand_in.as_ref(), ask),
            Command::Approve { stand_in } => {
                self.must_be_asked_of_another(facts)?;
                Ok(vec![Event::Confirmed { stand_in: stand_in.clone(), approved: true }])
            }
            Command::Decline => {
                self.must_be_asked_of_another(facts)?;
                Ok(vec![Event::Declined { at: facts.now }])
            }
            Command::Begin => {
                let begins = self.stage == Stage::Confirmed && self.begun_at.is_none() && self.plan.from <= facts.now;
                Ok(if begins { vec![Event::Began { at: facts.now }] } else { Vec::new() })
            }
            Command::Lend(tickets) if tickets.is_empty() => Ok(Vec::new()),
            Command::Lend(tickets) => Ok(vec![Event::Lent { tickets: tickets.clone() }]),
            Command::Offer { tickets, .. } if tickets.is_empty() => Ok(Vec::new()),
            Command::Offer { tickets, to } => {
                let until = facts.now.plus_ms(OFFER_MS);
                Ok(vec![Event::Offered { tickets: tickets.clone(), to: to.clone(), until }])
            }
            Command::End(restored) => self.end(restored, facts.now),
            Command::Cancel => self.cancel(facts.now),
            Command::Lapse => Ok(match self.stage {
                Stage::Proposed | Stage::Requested => vec![Event::Lapsed { at: facts.now }],
                _ => Vec::new(),
            }),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        self.revision += 1;
        match event {
            Event::Proposed { id, plan } => {
                self.id = *id;
                self.plan = (**plan).clone();
            }
            Event::BackupChosen { backup } => self.plan.backup.clone_from(backup),
            Event::Requested { .. } => self.stage = Stage::Requested,
            Event::Confirmed { .. } => self.stage = Stage::Confirmed,
            Event::Declined { at } => self.close(Stage::Declined, *at),
            Event::Began { at } => self.begun_at = Some(*at),
            Event::Lent { tickets } => {
                self.offered.retain(|id| !tickets.contains_key(id));
                self.lent.extend(tickets.iter().map(|(id, to)| (*id, to.clone())));
                if self.offered.is_empty() {
                    self.offer_until = None;
                }
            }
            Event::Offered { tickets, until, .. } => {
                self.offered.clone_from(tickets);
                self.offer_until = Some(*until);
            }
            Event::Ended { at, .. } => self.close(Stage::Ended, *at),
            Event::Cancelled { at, .. } | Event::Lapsed { at } => self.close(Stage::Cancelled, *at),
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        match (self.stage, self.begun_at) {
            (Stage::Proposed, _) => Some(self.plan.at.plus_ms(PROPOSAL_LIFE_MS)),
            // Nobody is sent on leave by silence.
            (Stage::Requested, _) | (Stage::Confirmed, None) => Some(self.plan.from),
            (Stage::Confirmed, Some(_)) => self.offer_until.into_iter().chain(self.plan.until).min(),
            (Stage::Ended | Stage::Cancelled | Stage::Declined, _) => None,
        }
    }
}

fn propose(id: i64, plan: &Plan, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if plan.until.is_some_and(|until| until <= plan.from || until <= facts.now) {
        return Err(Refusal::Backwards);
    }
    if plan.reason.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::TooLong { max: REASON_CHARS_MAX });
    }
    if !facts.office.members.contains_key(&plan.member) {
        return Err(Refusal::UnknownMember(plan.member.clone()));
    }
    known_other(plan.backup.as_ref(), &plan.member, facts)?;
    Ok(vec![Event::Proposed { id, plan: Box::new(plan.clone()) }])
}

fn known_other(backup: Option<&MemberId>, member: &MemberId, facts: &Facts<'_>) -> Result<(), Refusal> {
    match backup {
        Some(backup) if backup == member => Err(Refusal::OwnBackup),
        Some(backup) if !facts.office.members.contains_key(backup) => Err(Refusal::UnknownMember(backup.clone())),
        _ => Ok(()),
    }
}

impl Absence {
    /// In force now.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.stage == Stage::Confirmed && self.begun_at.is_some()
    }

    /// As everybody else has to know it; `None` while it does not hold.
    #[must_use]
    pub fn leave(&self) -> Option<Leave> {
        (self.stage == Stage::Confirmed).then(|| Leave {
            id: self.id,
            member: self.plan.member.clone(),
            from: self.plan.from,
            until: self.plan.until,
            backup: self.plan.backup.clone(),
        })
    }

    fn choose(&self, backup: Option<&MemberId>, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if !matches!(self.stage, Stage::Proposed | Stage::Requested | Stage::Confirmed) {
            return Err(Refusal::NotNow(self.stage));
        }
        known_other(backup, &self.plan.member, facts)?;
        if self.plan.backup.as_ref() == backup {
            return Ok(Vec::new());
        }
        Ok(vec![Event::BackupChosen { backup: backup.cloned() }])
    }

    fn confirm(&self, stand_in: Option<&MemberId>, ask: &[MemberId]) -> Result<Vec<Event>, Refusal> {
        if self.stage != Stage::Proposed {
            return Err(Refusal::NotNow(self.stage));
        }
        if !ask.is_empty() {
            return Ok(vec![Event::Requested { asked: ask.to_vec() }]);
        }
        Ok(vec![Event::Confirmed { stand_in: stand_in.cloned(), approved: false }])
    }

    fn must_be_asked_of_another(&self, facts: &Facts<'_>) -> Result<(), Refusal> {
        if self.stage != Stage::Requested {
            return Err(Refusal::NotNow(self.stage));
        }
        if facts.actor.member() == Some(&self.plan.member) {
            return Err(Refusal::OwnLeave);
        }
        Ok(())
    }

    fn end(&self, restored: &Restored, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if !self.is_running() {
            return Err(Refusal::NotNow(self.stage));
        }
        let early = self.plan.until.is_none_or(|until| now < until);
        Ok(vec![Event::Ended { at: now, early, restored: Box::new(restored.clone()) }])
    }

    fn cancel(&self, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match self.stage {
            Stage::Confirmed if self.begun_at.is_some() => Err(Refusal::Begun),
            Stage::Proposed | Stage::Requested | Stage::Confirmed => {
                Ok(vec![Event::Cancelled { at: now, held: self.stage == Stage::Confirmed }])
            }
            _ => Err(Refusal::NotNow(self.stage)),
        }
    }

    fn close(&mut self, stage: Stage, at: Timestamp) {
        self.stage = stage;
        self.closed_at = Some(at);
        self.offered.clear();
        self.offer_until = None;
    }
}

#[cfg(test)]
mod tests;
