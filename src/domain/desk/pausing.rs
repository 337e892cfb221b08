//! Putting a ticket aside, locking it, moving it to another topic or role.
//!
//! None of these stops its clock. A lock always has an exit: its owner, the leads, and anybody once the owner is gone.

use serde::{Deserialize, Serialize};

use super::events::{Event, Refusal};
use super::ticket::Ticket;
use crate::domain::decide::Facts;
use crate::domain::office::{MemberId, Office};
use crate::domain::time::{DAY_MS, Timestamp};

/// Furthest a ticket can be put aside: a season; what is longer belongs in a calendar.
pub const SNOOZE_MS_MAX: i64 = 92 * DAY_MS;
/// Longest topic name, in characters: it stands in a button's words.
pub const TOPIC_CHARS_MAX: usize = 40;

/// Put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Until when.
    pub until: Timestamp,
    /// By whom.
    pub by: MemberId,
}

impl Ticket {
    pub(super) fn put_aside(&self, until: Timestamp, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        if until <= facts.now || until.since(facts.now) > SNOOZE_MS_MAX {
            return Err(Refusal::SnoozeRange);
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        Ok(vec![Event::Snoozed { until, by: by.clone() }])
    }

    pub(super) fn wake(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        let Some(snooze) = &self.snooze else { return Err(Refusal::NotSnoozed) };
        let mut events = vec![Event::Woken { by_message: false, by: Some(snooze.by.clone()) }];
        events.extend(self.spared_until(facts.now));
        Ok(events)
    }

    pub(super) fn lock(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if self.assignee.as_ref() != Some(by) && !self.is_led_by(by, facts.office) {
            return Err(Refusal::NotOwner);
        }
        if self.assignee.is_none() {
            return Err(Refusal::NobodyToLockFor);
        }
        if self.lock.is_some() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Locked { by: by.clone() }])
    }

    pub(super) fn unlock(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_free(facts)?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if self.lock.is_none() {
            return Err(Refusal::NotLocked);
        }
        Ok(vec![Event::Unlocked { by: by.clone() }])
    }

    /// Whether a lock keeps this member from acting.
    #[must_use]
    pub fn may_act(&self, member: &MemberId, office: &Office) -> bool {
        let Some(_) = &self.lock else { return true };
        let Some(owner) = self.assignee.as_ref().filter(|owner| office.members.contains_key(*owner)) else {
            return true;
        };
        owner == member || self.is_led_by(member, office)
    }

    pub(super) fn must_be_free(&self, facts: &Facts<'_>) -> Result<(), Refusal> {
        match (&self.lock, facts.actor.member()) {
            (Some(by), Some(member)) if !self.may_act(member, facts.office) => {
                Err(Refusal::Locked { by: by.clone(), owner: self.assignee.clone() })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn reroute(&self, role: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        self.must_be_free(facts)?;
        if !facts.office.roles.contains_key(role) {
            return Err(Refusal::NoSuchRole { role: role.to_owned() });
        }
        if role == self.opening.role {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Rerouted { role: role.to_owned(), from: self.opening.role.clone() }])
    }
}
