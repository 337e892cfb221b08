//! What people changed in chat: events laid over the office of the file, and the office that results.
//!
//! A change says what holds from now on, so a later change of the same thing replaces the former one ([`OfficeChange::slot`]);
//! the journal keeps both. To add a kind of change: a variant, its slot, its arm in [`apply`], its check in
//! [`super::log`], what people are told in [`super::telling`]. Never here: who may change what (`rights`), and what a change
//! does to work under way (`app::office`).
//! Start at [`apply`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{GrantSource, Lang, Member, MemberId, Office, Post, Role, RoleGrant, Strategy};
use crate::domain::desk::triage::lesson::Lesson;
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::time::Timestamp;

/// One change of the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum OfficeChange {
    /// There is a role of this name, with this mission.
    RoleAdded {
        /// Its name.
        role: String,
        /// Mission by language, told to everybody it is granted to.
        mission: BTreeMap<Lang, String>,
        /// The rights it carries.
        post: Post,
        /// It takes part in the rotation of its tickets.
        #[serde(default)]
        rotation: bool,
        /// Topics it is for.
        #[serde(default)]
        topics: BTreeSet<String>,
    },
    /// A role added in chat is no more.
    RoleRemoved {
        /// Its name.
        role: String,
    },
    /// A member holds a role.
    Granted {
        /// Who.
        member: MemberId,
        /// What, within which limits, and whose doing it is.
        grant: RoleGrant,
    },
    /// A member no longer holds a role that came from this source.
    Revoked {
        /// Who.
        member: MemberId,
        /// What.
        role: String,
        /// Which of the grants.
        source: GrantSource,
    },
    /// An account of a chat is this member's.
    Linked {
        /// Who.
        member: MemberId,
        /// The chat's key.
        chat: String,
        /// User id there.
        user: String,
    },
    /// An account of a chat is nobody's.
    Unlinked {
        /// Whose it was.
        member: MemberId,
        /// The chat's key.
        chat: String,
        /// User id there.
        user: String,
    },
    /// A member's share of the rotation.
    Weight {
        /// Who.
        member: MemberId,
        /// 1 is a full post.
        weight: u32,
    },
    /// How many open tickets a member takes at once.
    Capacity {
        /// Who.
        member: MemberId,
        /// `None` is no limit.
        capacity: Option<u32>,
    },
    /// A member's skill in a topic.
    Skill {
        /// Who.
        member: MemberId,
        /// The topic.
        topic: String,
        /// 0 excludes, 1 is ordinary.
        skill: u32,
    },
    /// Who takes over when a member is away.
    Backup {
        /// Who is away.
        member: MemberId,
        /// Only for what belongs to this role; `None` for everything.
        role: Option<String>,
        /// Who takes over; `None` for nobody.
        backup: Option<MemberId>,
    },
    /// When somebody must be there for a network.
    CoverHours {
        /// The network.
        network: String,
        /// When; `None` promises nothing.
        hours: Option<Calendar>,
    },
    /// How a role's tickets find their next owner.
    ShiftStrategy {
        /// The role.
        role: String,
        /// How.
        strategy: Strategy,
    },
    /// A triage rule that people made of a correction.
    Learnt {
        /// The rule, and whether it is on.
        lesson: Lesson,
    },
}

impl OfficeChange {
    /// What it changes: of two changes with the same slot, the later one holds.
    #[must_use]
    pub fn slot(&self) -> String {
        match self {
            Self::RoleAdded { role, .. } | Self::RoleRemoved { role } => format!("role:{role}"),
            Self::Granted { member, grant } => grant_slot(member, &grant.role, &grant.source),
            Self::Revoked { member, role, source } => grant_slot(member, role, source),
            Self::Linked { chat, user, .. } | Self::Unlinked { chat, user, .. } => format!("account:{chat}:{user}"),
            Self::Weight { member, .. } => format!("weight:{member}"),
            Self::Capacity { member, .. } => format!("capacity:{member}"),
            Self::Skill { member, topic, .. } => format!("skill:{member}:{topic}"),
            Self::Backup { member, role, .. } => format!("backup:{member}:{}", role.as_deref().unwrap_or_default()),
            Self::CoverHours { network, .. } => format!("cover:{network}"),
            Self::ShiftStrategy { role, .. } => format!("strategy:{role}"),
            Self::Learnt { lesson } => format!("lesson:{}", lesson.name),
        }
    }

    /// Whether nothing is left to remember once its slot is empty: it takes away what only a change gave.
    pub(super) fn only_removes(&self) -> bool {
        match self {
            Self::RoleRemoved { .. } => true,
            Self::Revoked { source, .. } => *source != GrantSource::File,
            _ => false,
        }
    }

    /// The member it is about, if it is about one.
    #[must_use]
    pub fn member(&self) -> Option<&MemberId> {
        match self {
            Self::Granted { member, .. }
            | Self::Revoked { member, .. }
            | Self::Linked { member, .. }
            | Self::Unlinked { member, .. }
            | Self::Weight { member, .. }
            | Self::Capacity { member, .. }
            | Self::Skill { member, .. }
            | Self::Backup { member, .. } => Some(member),
            _ => None,
        }
    }

    /// The journal's names of all changes.
    pub const NAMES: [&'static str; 13] = [
        "role_added",
        "role_removed",
        "granted",
        "revoked",
        "linked",
        "unlinked",
        "weight",
        "capacity",
        "skill",
        "backup",
        "cover_hours",
        "shift_strategy",
        "learnt",
    ];

    /// The journal's name, one of [`Self::NAMES`].
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::RoleAdded { .. } => "role_added",
            Self::RoleRemoved { .. } => "role_removed",
            Self::Granted { .. } => "granted",
            Self::Revoked { .. } => "revoked",
            Self::Linked { .. } => "linked",
            Self::Unlinked { .. } => "unlinked",
            Self::Weight { .. } => "weight",
            Self::Capacity { .. } => "capacity",
            Self::Skill { .. } => "skill",
            Self::Backup { .. } => "backup",
            Self::CoverHours { .. } => "cover_hours",
            Self::ShiftStrategy { .. } => "shift_strategy",
            Self::Learnt { .. } => "learnt",
        }
    }
}

pub(super) fn grant_slot(member: &MemberId, role: &str, source: &GrantSource) -> String {
    match source {
        GrantSource::File => format!("grant:{role}:{member}:file"),
        GrantSource::Command => format!("grant:{role}:{member}:command"),
        GrantSource::Group { chat, group } => format!("grant:{role}:{member}:group:{chat}:{group}"),
    }
}

/// The office after the changes, as of an instant: grants that have ended by then are left out. Total: what a change
/// names and the office no longer has is passed over.
#[must_use]
pub fn apply<'c>(office: &Office, changes: impl IntoIterator<Item = &'c OfficeChange>, now: Timestamp) -> Office {
    let mut office = office.clone();
    for change in changes {
        apply_one(&mut office, change);
    }
    let Office { members, roles, .. } = &mut office;
    for member in members.values_mut() {
        let held = std::mem::take(&mut member.grants);
        let in_force = |grant: &RoleGrant| grant.until.is_none_or(|until| now < until);
        member.hold(held.into_iter().filter(|grant| roles.contains_key(&grant.role) && in_force(grant)).collect());
    }
    office
}

fn apply_one(office: &mut Office, change: &OfficeChange) {
    match change {
        OfficeChange::RoleAdded { role, mission, post, rotation, topics } => {
            let added = Role {
                name: role.clone(),
                post: *post,
                mission: mission.clone(),
                rotation: *rotation,
                topics: topics.clone(),
                lead: None,
                hours: None,
                strategy: Strategy::Turns,
                groups: BTreeMap::new(),
                targets: BTreeMap::new(),
                escalation: Default::default(),
            };
            // A role that the file has got meanwhile is the file's.
            office.roles.entry(role.clone()).or_insert(added);
        }
        OfficeChange::RoleRemoved { role } => drop(office.roles.remove(role)),
        OfficeChange::CoverHours { network, hours } => {
            if let Some(account) = office.accounts.get_mut(network) {
                account.cover.clone_from(hours);
            }
        }
        OfficeChange::ShiftStrategy { role, strategy } => {
            if let Some(role) = office.roles.get_mut(role) {
                role.strategy = strategy.clone();
            }
        }
        // Rules are not the office's but triage's: whoever builds those looks at the changes itself.
        OfficeChange::Learnt { .. } => {}
        OfficeChange::Unlinked { member, chat, user } => {
            office.unlinked.insert((chat.clone(), user.clone()));
            if let Some(member) = office.members.get_mut(member) {
                member.handles.remove(chat);
            }
        }
        OfficeChange::Granted { member, .. }
        | OfficeChange::Revoked { member, .. }
        | OfficeChange::Linked { member, .. }
        | OfficeChange::Weight { member, .. }
        | OfficeChange::Capacity { member, .. }
        | OfficeChange::Skill { member, .. }
        | OfficeChange::Backup { member, .. } => {
            if let OfficeChange::Linked { chat, user, .. } = change {
                office.unlinked.remove(&(chat.clone(), user.clone()));
            }
            if let Some(member) = office.members.get_mut(member) {
                apply_to_member(member, change);
            }
        }
    }
}

fn apply_to_member(member: &mut Member, change: &OfficeChange) {
    match change {
        OfficeChange::Granted { grant, .. } => {
            member.grants.retain(|held| held.role != grant.role || held.source != grant.source);
            member.grants.push(grant.clone());
        }
        OfficeChange::Revoked { role, source, .. } => {
            member.grants.retain(|held| held.role != *role || held.source != *source);
        }
        OfficeChange::Linked { chat, user, .. } => drop(member.handles.insert(chat.clone(), user.clone())),
        OfficeChange::Weight { weight, .. } => member.weight = *weight,
        OfficeChange::Capacity { capacity, .. } => member.capacity = *capacity,
        OfficeChange::Skill { topic, skill, .. } => drop(member.skills.insert(topic.clone(), *skill)),
        OfficeChange::Backup { role: None, backup, .. } => member.backup.clone_from(backup),
        OfficeChange::Backup { role: Some(role), backup: Some(backup), .. } => {
            member.role_backups.insert(role.clone(), backup.clone());
        }
        OfficeChange::Backup { role: Some(role), backup: None, .. } => drop(member.role_backups.remove(role)),
        _ => {}
    }
}
