//! Users and user groups as Slack writes them on the wire.

use serde_json::{Value, json};

use super::error::ApiError;
use super::ids;
use super::workspace::{User, UserGroup, Workspace};

/// The colours Slack gives to names, in turn.
const COLORS: [&str; 8] = ["9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c"];

impl Workspace {
    /// The user object of `users.info`; the mail address only with its scope.
    pub(super) fn user_wire(&self, user: &User, with_email: bool) -> Value {
        let mut profile = json!({
            "title": "",
            "phone": "",
            "skype": "",
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "fields": {},
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": &ids::secret(&user.id, 12),
            "image_48": format!("{}avatars/{}_48.png", self.base_url, user.id),
            "image_72": format!("{}avatars/{}_72.png", self.base_url, user.id),
            "team": self.team_id,
        });
        if with_email && !user.is_bot {
            profile["email"] = json!(user.email);
        }
        if user.is_bot {
            profile["bot_id"] = json!(self.app.bot_id);
            profile["api_app_id"] = json!(self.app.app_id);
        }
        json!({
            "id": user.id,
            "team_id": self.team_id,
            "name": user.name,
            "deleted": false,
            "color": self.color(user),
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": user.tz,
            "tz_offset": 3600,
            "profile": profile,
            "is_admin": user.is_admin,
            "is_owner": false,
            "is_primary_owner": false,
            "is_restricted": false,
            "is_ultra_restricted": false,
            "is_bot": user.is_bot,
            "is_app_user": false,
            "updated": user.updated_s,
            "is_email_confirmed": !user.is_bot,
            "who_can_share_contact_card": "EVERYONE",
            "locale": user.locale,
        })
    }

    pub(super) fn color(&self, user: &User) -> &'static str {
        let at = self.users.iter().position(|other| other.id == user.id).unwrap_or(0);
        COLORS[at % COLORS.len()]
    }

    /// The user group object of `usergroups.list`.
    pub(super) fn usergroup_wire(&self, group: &UserGroup, with_users: bool) -> Value {
        let mut wire = json!({
            "id": group.id,
            "team_id": self.team_id,
            "is_usergroup": true,
            "is_subteam": true,
            "name": group.name,
            "description": "",
            "handle": group.handle,
            "is_external": false,
            "date_create": 0,
            "date_update": 0,
            "date_delete": 0,
            "auto_type": null,
            "created_by": self.users.get(1).map(|user| user.id.clone()),
            "updated_by": null,
            "deleted_by": null,
            "prefs": {"channels": [], "groups": []},
            "user_count": group.members.len(),
        });
        if with_users {
            wire["users"] = json!(group.members);
        }
        wire
    }

    /// Changes a person's language and tells the app.
    pub(super) fn set_locale(&mut self, id: &str, locale: &str) {
        let now_s = self.now_s();
        if let Some(user) = self.users.iter_mut().find(|user| user.id == id) {
            user.locale = locale.to_owned();
            user.updated_s = now_s;
        }
        self.emit_user("user_change", id);
    }

    /// `team_join` or `user_change`.
    pub(super) fn emit_user(&mut self, kind: &str, id: &str) {
        let Some(user) = self.user(id).cloned() else { return };
        let with_email = self.has_scope("users:read.email");
        let wire = self.user_wire(&user, with_email);
        let now_ms = self.now_ms();
        let event_ts = ids::ts(now_ms * 1_000);
        self.emit(kind, json!({"type": kind, "user": wire, "cache_ts": now_ms / 1_000, "event_ts": event_ts}));
        self.dirty = true;
    }

    /// Puts somebody into a user group or takes them out, and tells as Slack does: `subteam_members_changed` and
    /// `subteam_updated`, to apps that may see groups.
    pub(super) fn put_in_group(&mut self, group: &str, user: &str, on: bool) -> Result<(), ApiError> {
        let user = self.users.iter().find(|one| one.id == user || one.name == user).map(|one| one.id.clone());
        let user = user.ok_or_else(|| ApiError::new("no_such_user"))?;
        let found = self.usergroups.iter_mut().find(|one| one.id == group || one.handle == group);
        let found = found.ok_or_else(|| ApiError::new("no_such_subteam"))?;
        if found.members.contains(&user) == on {
            return Ok(());
        }
        found.members.retain(|member| *member != user);
        if on {
            found.members.push(user.clone());
        }
        let found = found.clone();
        let (team, now_s) = (self.team_id.clone(), self.now_s());
        let (added, removed) = if on { (vec![user], Vec::new()) } else { (Vec::new(), vec![user]) };
        self.dirty = true;
        if self.has_scope("usergroups:read") {
            let changed = json!({
                "type": "subteam_members_changed",
                "subteam_id": found.id,
                "team_id": team,
                "date_previous_update": now_s,
                "date_update": now_s,
                "added_users": added,
                "added_users_count": added.len(),
                "removed_users": removed,
                "removed_users_count": removed.len(),
            });
            self.emit_plain("subteam_members_changed", changed);
            let wire = self.usergroup_wire(&found, true);
            self.emit_plain("subteam_updated", json!({"type": "subteam_updated", "subteam": wire}));
        }
        Ok(())
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.setup.scopes.iter().any(|held| held == scope)
    }
}
