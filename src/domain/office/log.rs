//! The changes in force, as one aggregate: what may be changed, what then holds, and when a grant ends by itself.
//!
//! There is one log for the whole office. Never here: what a change makes of the office ([`super::changes::apply`]) and who
//! may ask for it (`rights`). Start at [`OfficeLog`].

use serde::{Deserialize, Serialize};

use super::changes::{OfficeChange, apply, grant_slot};
use super::{GrantSource, MemberId, Office, RoleGrant};
use crate::domain::decide::{Decider, Facts};
use crate::domain::desk::triage::RuleBook;
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::Timestamp;

/// Changes in force at once: a hundred people with ten changes each; beyond it the office file is the place.
pub const CHANGES_MAX: usize = 1_000;
/// Longest chain of backups that is looked at for a circle.
const CHAIN_MAX: usize = 1_000;

/// All changes in force, oldest first, and what they are laid over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OfficeLog {
    /// What holds.
    pub changes: Vec<OfficeChange>,
    /// The office that was applied last; `None` while the file's own holds.
    #[serde(default)]
    pub applied: Option<Box<Office>>,
    /// The rules of triage that were applied last; `None` while the file's own hold.
    #[serde(default)]
    pub rules: Option<Box<RuleBook>>,
    /// The office as it was before it was applied, until those concerned were told and their work was handed on.
    #[serde(default)]
    pub unsettled: Option<Box<Office>>,
}

/// What can be asked of the office's changes.
#[derive(Clone, Debug, PartialEq)]
pub enum OfficeCommand {
    /// These changes, all or none.
    Change(Vec<OfficeChange>),
    /// This office from now on, in the place of the file's and of all changes; groups keep what they give. With rules of
    /// triage these hold too, those learnt in chat among them; without, the rules stay as they are.
    Apply(Box<Office>, Option<Box<RuleBook>>),
    /// The file's own office holds again; changes stay laid over it.
    UseFile,
    /// Time has passed: grants may have ended, an applied office may not be settled yet.
    Tick,
}

/// What happened to the office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum OfficeEvent {
    /// Somebody changed it.
    Changed {
        /// What.
        what: OfficeChange,
    },
    /// Another office was applied.
    Applied {
        /// Which.
        office: Box<Office>,
        /// What held until then.
        before: Box<Office>,
        /// The rules of triage, where the file gave them.
        #[serde(default)]
        rules: Option<Box<RuleBook>>,
    },
    /// The file's own office holds again.
    FileUsed,
    /// What an applied office means for people is known and told.
    Settled {
        /// Whose roles it gave and took.
        changes: Vec<OfficeChange>,
    },
    /// A grant came to its end by itself.
    Ended {
        /// Whose.
        member: MemberId,
        /// Of which role, from where.
        grant: RoleGrant,
    },
}

/// Why the office stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfficeRefusal {
    /// No such member.
    #[error("no member {0}")]
    UnknownMember(MemberId),
    /// No such role.
    #[error("no role {0}")]
    UnknownRole(String),
    /// No such network.
    #[error("no network {0}")]
    UnknownNetwork(String),
    /// There is a role of this name already.
    #[error("role {0} exists")]
    RoleExists(String),
    /// The office file has the role: only there can it be removed.
    #[error("role {0} belongs to the file")]
    RoleOfFile(String),
    /// Somebody holds the role.
    #[error("role {0} is held")]
    RoleHeld(String),
    /// The member does not hold the role from this source.
    #[error("{0} does not hold {1}")]
    NotHeld(MemberId, String),
    /// The end lies in the past.
    #[error("ends before it begins")]
    EndPast,
    /// Backups would lead back to where they started; the circle in order.
    #[error("backups in a circle")]
    BackupCircle(Vec<MemberId>),
    /// Nobody would be left who may change settings.
    #[error("the last who may change settings")]
    LastHead,
    /// More changes than the office keeps: [`CHANGES_MAX`].
    #[error("too many changes")]
    TooMany,
}

impl OfficeLog {
    /// When the next grant ends after an instant.
    #[must_use]
    pub fn next_end(&self, after: Timestamp) -> Option<Timestamp> {
        self.grants().filter_map(|(_, grant)| grant.until).filter(|until| *until > after).min()
    }

    fn apply_rules(&mut self, rules: &RuleBook) {
        let mut rules = rules.clone();
        self.changes.retain(|change| !matches!(change, OfficeChange::Learnt { .. }));
        let learnt = std::mem::take(&mut rules.learnt).into_iter();
        self.changes.extend(learnt.map(|lesson| OfficeChange::Learnt { lesson }));
        self.rules = Some(Box::new(rules));
    }

    fn grants(&self) -> impl Iterator<Item = (&MemberId, &RoleGrant)> {
        self.changes.iter().filter_map(|change| match change {
            OfficeChange::Granted { member, grant } => Some((member, grant)),
            _ => None,
        })
    }

    fn added_here(&self, role: &str) -> bool {
        self.changes.iter().any(|change| matches!(change, OfficeChange::RoleAdded { role: added, .. } if added == role))
    }

    fn allowed(&self, change: &OfficeChange, office: &Office, now: Timestamp) -> Result<(), OfficeRefusal> {
        if let Some(member) = change.member()
            && !office.members.contains_key(member)
        {
            return Err(OfficeRefusal::UnknownMember(member.clone()));
        }
        let role_known = |role: &String| match office.roles.contains_key(role) {
            true => Ok(()),
            false => Err(OfficeRefusal::UnknownRole(role.clone())),
        };
        match change {
            OfficeChange::RoleAdded { role, .. } if office.roles.contains_key(role) => {
                Err(OfficeRefusal::RoleExists(role.clone()))
            }
            OfficeChange::RoleRemoved { role } => {
                role_known(role)?;
                if !self.added_here(role) {
                    return Err(OfficeRefusal::RoleOfFile(role.clone()));
                }
                if office.holders(role).next().is_some() {
                    return Err(OfficeRefusal::RoleHeld(role.clone()));
                }
                Ok(())
            }
            OfficeChange::Granted { grant, .. } => {
                role_known(&grant.role)?;
                if grant.until.is_some_and(|until| until <= now) {
                    return Err(OfficeRefusal::EndPast);
                }
                match grant.networks.iter().find(|network| !office.accounts.contains_key(*network)) {
                    Some(network) => Err(OfficeRefusal::UnknownNetwork(network.clone())),
                    None => Ok(()),
                }
            }
            OfficeChange::Revoked { member, role, source } => {
                let held = office.members.get(member).is_some_and(|found| {
                    found.grants.iter().any(|grant| grant.role == *role && grant.source == *source)
                });
                if held { Ok(()) } else { Err(OfficeRefusal::NotHeld(member.clone(), role.clone())) }
            }
            OfficeChange::CoverHours { network, .. } if !office.accounts.contains_key(network) => {
                Err(OfficeRefusal::UnknownNetwork(network.clone()))
            }
            OfficeChange::ShiftStrategy { role, .. } => role_known(role),
            OfficeChange::Backup { member, role, backup: Some(backup) } => {
                if !office.members.contains_key(backup) {
                    return Err(OfficeRefusal::UnknownMember(backup.clone()));
                }
                role.as_ref().map_or(Ok(()), role_known)?;
                match circle(office, member, role.as_deref(), backup) {
                    Some(circle) => Err(OfficeRefusal::BackupCircle(circle)),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// Whether a change holds on when another office is applied: no office file can hold it.
fn outlives_a_file(change: &OfficeChange) -> bool {
    match change {
        OfficeChange::Granted { grant, .. } => matches!(grant.source, GrantSource::Group { .. }),
        OfficeChange::Learnt { .. } => true,
        _ => false,
    }
}

/// Whether a person takes a role away here; what a group takes away holds in any case.
fn by_hand(change: &OfficeChange) -> bool {
    matches!(change, OfficeChange::Revoked { source, .. } if !matches!(source, GrantSource::Group { .. }))
}

/// Whether somebody may change settings everywhere.
fn has_head(office: &Office) -> bool {
    office.members.keys().any(|member| rights::check(office, member, Right::Config, Scope::default()).is_ok())
}

/// The roles that members of both offices got and lost between the two.
fn given_and_taken(before: &Office, after: &Office) -> Vec<OfficeChange> {
    let mut changes = Vec::new();
    for (id, member) in &after.members {
        let Some(was) = before.members.get(id) else {
            changes.extend(
                member.grants.iter().map(|grant| OfficeChange::Granted { member: id.clone(), grant: grant.clone() }),
            );
            continue;
        };
        let taken = was.grants.iter().filter(|grant| !member.roles.contains(&grant.role));
        changes.extend(taken.map(|grant| OfficeChange::Revoked {
            member: id.clone(),
            role: grant.role.clone(),
            source: GrantSource::File,
        }));
        let given = member.grants.iter().filter(|grant| !was.roles.contains(&grant.role));
        changes.extend(given.map(|grant| OfficeChange::Granted { member: id.clone(), grant: grant.clone() }));
    }
    changes
}

/// The circle that naming `backup` would close, from `member` back to `member`.
fn circle(office: &Office, member: &MemberId, role: Option<&str>, backup: &MemberId) -> Option<Vec<MemberId>> {
    let mut path = vec![member.clone()];
    let mut next = Some(backup.clone());
    for _ in 0..CHAIN_MAX {
        let current = next?;
        path.push(current.clone());
        if current == *member {
            return Some(path);
        }
        let found = office.members.get(&current)?;
        next = role.and_then(|role| found.role_backups.get(role)).or(found.backup.as_ref()).cloned();
    }
    None
}

impl Decider for OfficeLog {
    type Command = OfficeCommand;
    type Event = OfficeEvent;
    type Refusal = OfficeRefusal;

    fn decide(&self, command: &OfficeCommand, facts: &Facts<'_>) -> Result<Vec<OfficeEvent>, OfficeRefusal> {
        match command {
            OfficeCommand::Change(changes) => {
                let (mut log, mut office) = (self.clone(), facts.office.clone());
                let mut events = Vec::with_capacity(changes.len());
                for change in changes {
                    log.allowed(change, &office, facts.now)?;
                    office = apply(&office, [change], facts.now);
                    let event = OfficeEvent::Changed { what: change.clone() };
                    log = log.evolve(&event);
                    events.push(event);
                }
                if log.changes.len() > CHANGES_MAX {
                    return Err(OfficeRefusal::TooMany);
                }
                if changes.iter().any(by_hand) && has_head(facts.office) && !has_head(&office) {
                    return Err(OfficeRefusal::LastHead);
                }
                Ok(events)
            }
            OfficeCommand::Apply(office, rules) => {
                if has_head(facts.office) && !has_head(office) {
                    return Err(OfficeRefusal::LastHead);
                }
                let before = Box::new(facts.office.clone());
                Ok(vec![OfficeEvent::Applied { office: office.clone(), before, rules: rules.clone() }])
            }
            OfficeCommand::UseFile if self.applied.is_none() && self.rules.is_none() => Ok(Vec::new()),
            OfficeCommand::UseFile => Ok(vec![OfficeEvent::FileUsed]),
            OfficeCommand::Tick => {
                let mut events: Vec<OfficeEvent> = self
                    .grants()
                    .filter(|(_, grant)| grant.until.is_some_and(|until| until <= facts.now))
                    .map(|(member, grant)| OfficeEvent::Ended { member: member.clone(), grant: grant.clone() })
                    .collect();
                if let Some(before) = &self.unsettled {
                    events.push(OfficeEvent::Settled { changes: given_and_taken(before, facts.office) });
                }
                Ok(events)
            }
        }
    }

    fn evolve(mut self, event: &OfficeEvent) -> Self {
        match event {
            OfficeEvent::Changed { what } => {
                let slot = what.slot();
                self.changes.retain(|change| change.slot() != slot);
                if !what.only_removes() {
                    self.changes.push(what.clone());
                }
            }
            OfficeEvent::Applied { office, before, rules } => {
                self.applied = Some(office.clone());
                self.unsettled = Some(before.clone());
                self.changes.retain(outlives_a_file);
                if let Some(rules) = rules {
                    self.apply_rules(rules);
                }
            }
            OfficeEvent::FileUsed => (self.applied, self.rules) = (None, None),
            OfficeEvent::Settled { .. } => self.unsettled = None,
            OfficeEvent::Ended { member, grant } => {
                let slot = grant_slot(member, &grant.role, &grant.source);
                self.changes.retain(|change| change.slot() != slot);
            }
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        if self.unsettled.is_some() {
            return Some(Timestamp(0));
        }
        self.grants().filter_map(|(_, grant)| grant.until).min()
    }
}

impl Aggregate for OfficeLog {
    const KIND: Kind = Kind::Office;

    fn columns(&self) -> Columns {
        Columns { status: "in_force".to_owned(), ..Columns::default() }
    }

    fn event_name(event: &OfficeEvent) -> &'static str {
        match event {
            OfficeEvent::Changed { what } => what.name(),
            OfficeEvent::Applied { .. } => "applied",
            OfficeEvent::FileUsed => "file_used",
            OfficeEvent::Settled { .. } => "settled",
            OfficeEvent::Ended { .. } => "grant_ended",
        }
    }

    fn react(&self, events: &[OfficeEvent], facts: &Facts<'_>) -> Vec<Effect> {
        events.iter().flat_map(|event| super::telling::told(event, facts)).collect()
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
