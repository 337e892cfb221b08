//! Who is told of a change of the office, and what. Start at [`told`].

use super::changes::OfficeChange;
use super::log::OfficeEvent;
use super::{GrantSource, MemberId, RoleGrant};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::notice::{Arg, Notice};

/// The messages that an event causes; none where people see the change by themselves or are told by its own subject.
#[must_use]
pub fn told(event: &OfficeEvent, facts: &Facts<'_>) -> Vec<Effect> {
    match event {
        OfficeEvent::Ended { member, grant } => {
            vec![tell(member, Notice::new("role-ended").text("role", &grant.role))]
        }
        OfficeEvent::Changed { what } => told_of(what, facts).into_iter().collect(),
        OfficeEvent::Settled { changes } => changes.iter().filter_map(|change| told_of(change, facts)).collect(),
        OfficeEvent::Applied { .. } | OfficeEvent::FileUsed => Vec::new(),
    }
}

fn told_of(change: &OfficeChange, facts: &Facts<'_>) -> Option<Effect> {
    let (member, notice) = match change {
        // Who has the role anyway learns nothing new from a group.
        OfficeChange::Granted { member, grant }
            if matches!(grant.source, GrantSource::Group { .. }) && holds(member, &grant.role, facts) =>
        {
            return None;
        }
        OfficeChange::Granted { member, grant } => (member, granted(grant, facts)),
        OfficeChange::Revoked { member, role, source } => (member, revoked(role, source, facts)),
        OfficeChange::Linked { member, .. } => (member, Notice::new("account-linked")),
        _ => return None,
    };
    Some(tell(member, notice))
}

fn holds(member: &MemberId, role: &str, facts: &Facts<'_>) -> bool {
    facts.office.members.get(member).is_some_and(|found| found.roles.iter().any(|held| held == role))
}

fn tell(member: &MemberId, notice: Notice) -> Effect {
    Effect::Tell { member: member.clone(), subject: None, notice, urgent: false }
}

fn granted(grant: &RoleGrant, facts: &Facts<'_>) -> Notice {
    let mission = facts.office.roles.get(&grant.role).map(|role| role.mission.clone()).unwrap_or_default();
    let limits: Vec<&str> = grant.networks.iter().chain(&grant.brands).map(String::as_str).collect();
    by(facts, "role-granted", "role-granted-group", &grant.source)
        .with("role", Arg::Strong(grant.role.clone()))
        .number("limited", i64::from(!limits.is_empty()))
        .text("limits", limits.join(", "))
        .number("ends", i64::from(grant.until.is_some()))
        .with("until", Arg::At(grant.until.unwrap_or_default()))
        .number("explained", i64::from(!mission.is_empty()))
        .with("mission", Arg::PerLanguage(mission))
}

fn revoked(role: &str, source: &GrantSource, facts: &Facts<'_>) -> Notice {
    by(facts, "role-revoked", "role-revoked-group", source).with("role", Arg::Strong(role.to_owned()))
}

/// The sentence with whoever did it, or with the group that did.
fn by(facts: &Facts<'_>, by_person: &str, by_group: &str, source: &GrantSource) -> Notice {
    match (source, facts.actor.member()) {
        (GrantSource::Group { group, .. }, _) => Notice::new(by_group).text("group", group),
        (_, Some(member)) => Notice::new(by_person).number("named", 1).member("by", member),
        (_, None) => Notice::new(by_person).number("named", 0).member("by", &MemberId::default()),
    }
}
