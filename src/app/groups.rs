//! Roles that follow groups of a chat: who is in the group holds the role, who leaves it loses it.
//!
//! Read whenever a chat tells of a change and every [`SWEEP_MS`] besides, so that a lost event costs less than a minute.
//! Never makes members: a person in a group whom the office does not know stays unknown. Start at [`sync`].

use std::collections::{BTreeMap, BTreeSet};

use super::people::SyncError;
use super::work::Work;
use super::{App, Fault, office};
use crate::domain::decide::Actor;
use crate::domain::office::changes::OfficeChange;
use crate::domain::office::{GrantSource, MemberId, RoleGrant};
use crate::domain::time::SECOND_MS;
use crate::ports::chat::Group;
use crate::store::directory;

/// How often groups are read without a reason, in milliseconds: with the reading itself under the minute that PRODUCT U6
/// promises.
pub const SWEEP_MS: i64 = 45 * SECOND_MS;
/// Most accounts of one chat looked at: a workspace of 100 000 people.
const ACCOUNTS_MAX: i64 = 100_000;

impl App {
    /// Reads the groups of every chat that the office gives roles by.
    pub async fn sweep_groups(&self) {
        for chat in self.chats() {
            if let Err(error) = sync(self, &chat).await {
                tracing::warn!(chat, %error, "the groups could not be read");
            }
        }
    }
}

/// Brings the roles that follow groups of a chat in step with them.
///
/// # Errors
/// The chat's own error, [`Fault::Store`]; nothing is changed then.
pub async fn sync(app: &App, chat: &str) -> Result<(), SyncError> {
    let Some(connected) = app.registry.chats.get(chat) else { return Ok(()) };
    let mut tx = app.store.read().await.map_err(Fault::from)?;
    let work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let concerned = work.office().roles.values().any(|role| role.groups.contains_key(chat)) || follows(&work, chat);
    drop(tx);
    if !concerned {
        return Ok(());
    }
    // Without the right to see groups nothing is known about them, which is no reason to take anything away.
    let Some(groups) = connected.groups().await? else {
        tracing::warn!(chat, "the office file names groups that Vigie may not see: grant it the right to read them");
        return Ok(());
    };
    let mut tx = app.store.begin().await.map_err(Fault::from)?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let changed = bring_in_step(&mut work, chat, &groups).await?;
    tx.commit().await.map_err(Fault::from)?;
    if changed {
        app.wakers.courier.notify_waiters();
    }
    Ok(())
}

/// Whether somebody holds a role by a group of this chat.
fn follows(work: &Work<'_>, chat: &str) -> bool {
    let of_chat = |grant: &RoleGrant| matches!(&grant.source, GrantSource::Group { chat: from, .. } if from == chat);
    work.office().members.values().any(|member| member.grants.iter().any(of_chat))
}

async fn bring_in_step(work: &mut Work<'_>, chat: &str, groups: &[Group]) -> Result<bool, Fault> {
    let known = directory::identities_in(work.tx, chat, ACCOUNTS_MAX).await?;
    let members: BTreeMap<String, MemberId> =
        known.into_iter().filter_map(|found| Some((found.user_id, MemberId::new(found.member?)))).collect();
    let mut wanted: BTreeSet<(MemberId, String, String)> = BTreeSet::new();
    for role in work.office().roles.values() {
        let Some(name) = role.groups.get(chat) else { continue };
        let Some(group) = groups.iter().find(|group| is_named(group, name)) else {
            tracing::warn!(chat, group = name, role = role.name, "there is no such group: nobody holds the role by it");
            continue;
        };
        let in_office = group.members.iter().filter_map(|user| members.get(user));
        let in_office = in_office.filter(|member| work.office().members.contains_key(*member));
        wanted.extend(in_office.map(|member| (member.clone(), role.name.clone(), name.clone())));
    }
    let mut held: BTreeSet<(MemberId, String, String)> = BTreeSet::new();
    for member in work.office().members.values() {
        for grant in &member.grants {
            if let GrantSource::Group { chat: from, group } = &grant.source
                && from == chat
            {
                held.insert((member.id.clone(), grant.role.clone(), group.clone()));
            }
        }
    }
    let source = |group: &String| GrantSource::Group { chat: chat.to_owned(), group: group.clone() };
    let mut changes: Vec<OfficeChange> = Vec::new();
    for (member, role, group) in held.difference(&wanted) {
        changes.push(OfficeChange::Revoked { member: member.clone(), role: role.clone(), source: source(group) });
    }
    for (member, role, group) in wanted.difference(&held) {
        let grant = RoleGrant { role: role.clone(), source: source(group), ..RoleGrant::default() };
        changes.push(OfficeChange::Granted { member: member.clone(), grant });
    }
    if changes.is_empty() {
        return Ok(false);
    }
    office::change_all(work, &Actor::System, changes).await?;
    Ok(true)
}

/// The office file names a group by its id or by a name, with or without `@`.
#[must_use]
pub fn is_named(group: &Group, name: &str) -> bool {
    let name = name.trim_start_matches('@');
    group.id == name || group.names.iter().any(|known| known.trim_start_matches('@').eq_ignore_ascii_case(name))
}
