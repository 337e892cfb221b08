//! Reading back: a channel's history after a gap, and the lists of people and channels.

use std::collections::HashMap;

use serde_json::Value;

use super::DiscordChat;
use super::directory::ChannelFacts;
use super::errors;
use super::rest::RestError;
use super::send::checked_id;
use super::snowflake::{first_at, id_at, is_id, order};
use super::wrap::{Wrapping, envelope};
use crate::domain::time::Timestamp;
use crate::ports::chat::{Channel, Group, HistoryPage, Person, SendError};
use crate::ports::envelope::Urgency;

/// Messages on a page of history (Discord docs: Get Channel Messages).
const HISTORY_PAGE: usize = 100;
/// Members on a page (Discord docs: List Guild Members).
const PEOPLE_PAGE: usize = 1_000;
/// Pages of members read; a larger server is told by name, not by list.
const PEOPLE_PAGES_MAX: usize = 20;
/// Discord docs, Permissions.
const ADMINISTRATOR: u64 = 1 << 3;
/// Discord docs, Permissions: VIEW_CHANNEL and SEND_MESSAGES.
const NEEDED: u64 = 1 << 10 | 1 << 11;

fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn list(value: Value, of: &str) -> Result<Vec<Value>, SendError> {
    match value {
        Value::Array(items) => Ok(items),
        _ => Err(errors::unreadable(of)),
    }
}

impl DiscordChat {
    /// A channel's facts, asked for when no event told them.
    pub(super) async fn channel_facts(&self, channel: &str) -> Result<ChannelFacts, SendError> {
        if let Some(facts) = self.directory.channel(channel) {
            return Ok(facts);
        }
        let found = self.rest.get(&format!("channels/{channel}")).await.map_err(RestError::repeatable)?;
        self.directory.learn_channel(&found, None);
        self.directory.channel(channel).ok_or_else(|| errors::unreadable("a channel"))
    }

    pub(super) async fn read_history(
        &self,
        channel: &str,
        after: Option<&str>,
        since: Timestamp,
    ) -> Result<HistoryPage, SendError> {
        checked_id(channel, "channel")?;
        let me = self.me().await?;
        let facts = self.channel_facts(channel).await?;
        let after = match after.filter(|id| is_id(id)) {
            Some(id) => id.to_owned(),
            None => first_at(since).to_string(),
        };
        let path = format!("channels/{channel}/messages?limit={HISTORY_PAGE}&after={after}");
        let page = self.rest.get(&path).await.map_err(RestError::repeatable)?;
        let mut messages = list(page, "a channel's history")?;
        messages.sort_by_key(|message| id_at(message, "id").map_or(0, |id| order(&id)));
        let newest = messages.last().and_then(|message| id_at(message, "id"));
        let more = messages.len() >= HISTORY_PAGE;
        let now = self.clock.now();
        let envelopes = messages
            .into_iter()
            .filter(|message| message.get("author").and_then(|author| id_at(author, "id")).as_ref() != Some(&me))
            .map(|message| {
                let wrapping =
                    Wrapping { kind: "MESSAGE_CREATE", me: &me, guild: facts.guild.as_deref(), session: "", count: 0 };
                envelope(&wrapping, message, &self.directory, Urgency::Backfill, now)
            })
            .collect();
        Ok(HistoryPage { envelopes, newest, more })
    }

    pub(super) async fn read_people(&self) -> Result<Vec<Person>, SendError> {
        let guild = self.guild().await?;
        let mut people = Vec::new();
        let mut after = "0".to_owned();
        for _ in 0..PEOPLE_PAGES_MAX {
            let path = format!("guilds/{guild}/members?limit={PEOPLE_PAGE}&after={after}");
            let page = list(self.rest.get(&path).await.map_err(RestError::repeatable)?, "the list of members")?;
            for member in &page {
                self.directory.learn_member(member);
                people.extend(person(member));
            }
            let last = page.iter().filter_map(|member| id_at(member.get("user")?, "id")).max_by_key(|id| order(id));
            match last {
                Some(last) if page.len() >= PEOPLE_PAGE => after = last,
                _ => break,
            }
        }
        Ok(people)
    }

    /// The server's roles with their members; the one that everybody has is left out.
    pub(super) async fn list_groups(&self) -> Result<Option<Vec<Group>>, SendError> {
        let guild = self.guild().await?;
        let people = self.read_people().await?;
        let roles = self.rest.get(&format!("guilds/{guild}/roles")).await.map_err(RestError::repeatable)?;
        let mut groups = Vec::new();
        for role in list(roles, "the list of roles")? {
            self.directory.learn_role(&role);
            let Some(id) = id_at(&role, "id").filter(|id| *id != guild) else { continue };
            let members = people.iter().filter(|person| person.groups.contains(&id));
            let members = members.map(|person| person.id.clone()).collect();
            groups.push(Group { names: text(&role, "name").into_iter().collect(), id, members });
        }
        Ok(Some(groups))
    }

    pub(super) async fn read_channels(&self) -> Result<Vec<Channel>, SendError> {
        let (guild, me) = (self.guild().await?, self.me().await?);
        let listed = self.rest.get(&format!("guilds/{guild}/channels")).await.map_err(RestError::repeatable)?;
        let rights = self.own_rights(&guild, &me).await?;
        let mut channels = Vec::new();
        for channel in list(listed, "the list of channels")? {
            self.directory.learn_channel(&channel, Some(&guild));
            // Text and announcement channels (Discord docs: Channel Types).
            if !matches!(channel.get("type").and_then(Value::as_i64), Some(0 | 5)) {
                continue;
            }
            if let (Some(id), Some(name)) = (id_at(&channel, "id"), text(&channel, "name")) {
                let joined = rights.in_channel(&channel) & NEEDED == NEEDED;
                channels.push(Channel { id, name, joined });
            }
        }
        Ok(channels)
    }

    /// What the bot may do in the server.
    pub(super) async fn own_rights(&self, guild: &str, me: &str) -> Result<Rights, SendError> {
        let roles = self.rest.get(&format!("guilds/{guild}/roles")).await.map_err(RestError::repeatable)?;
        let member = self.rest.get(&format!("guilds/{guild}/members/{me}")).await.map_err(RestError::repeatable)?;
        let roles = list(roles, "the list of roles")?;
        for role in &roles {
            self.directory.learn_role(role);
        }
        Ok(Rights::new(guild, me, &roles, &member))
    }
}

fn person(member: &Value) -> Option<Person> {
    let user = member.get("user")?;
    let handle = text(user, "username")?;
    let groups = member.get("roles").and_then(Value::as_array);
    Some(Person {
        id: id_at(user, "id")?,
        name: text(member, "nick").or_else(|| text(user, "global_name")).unwrap_or_else(|| handle.clone()),
        handle,
        email: None,
        locale: None,
        automated: user.get("bot").and_then(Value::as_bool).unwrap_or(false),
        groups: groups.into_iter().flatten().filter_map(super::snowflake::as_id).collect(),
    })
}

/// The bot's permissions (Discord docs: Permissions, computing them from roles and overwrites).
#[derive(Debug)]
pub(super) struct Rights {
    guild: String,
    me: String,
    roles: Vec<String>,
    base: u64,
}

fn bits(value: &Value, member: &str) -> u64 {
    value.get(member).and_then(Value::as_str).and_then(|bits| bits.parse().ok()).unwrap_or(0)
}

impl Rights {
    fn new(guild: &str, me: &str, roles: &[Value], member: &Value) -> Self {
        let own = member.get("roles").and_then(Value::as_array);
        let own: Vec<String> = own.into_iter().flatten().filter_map(super::snowflake::as_id).collect();
        let base = roles
            .iter()
            .filter(|role| id_at(role, "id").is_some_and(|id| id == guild || own.contains(&id)))
            .fold(0, |all, role| all | bits(role, "permissions"));
        Self { guild: guild.to_owned(), me: me.to_owned(), roles: own, base }
    }

    /// In the server as a whole.
    pub(super) fn in_guild(&self) -> u64 {
        if self.base & ADMINISTRATOR != 0 { u64::MAX } else { self.base }
    }

    /// In one channel.
    pub(super) fn in_channel(&self, channel: &Value) -> u64 {
        if self.base & ADMINISTRATOR != 0 {
            return u64::MAX;
        }
        let overwrites = channel.get("permission_overwrites").and_then(Value::as_array);
        let all: HashMap<String, (u64, u64)> = overwrites
            .into_iter()
            .flatten()
            .filter_map(|one| Some((id_at(one, "id")?, (bits(one, "allow"), bits(one, "deny")))))
            .collect();
        let mut rights = self.base;
        let mut apply = |(allow, deny): (u64, u64)| rights = rights & !deny | allow;
        if let Some(everyone) = all.get(&self.guild) {
            apply(*everyone);
        }
        let of_roles = self.roles.iter().filter(|role| **role != self.guild).filter_map(|role| all.get(role));
        apply(of_roles.fold((0, 0), |(allow, deny), one| (allow | one.0, deny | one.1)));
        if let Some(own) = all.get(&self.me) {
            apply(*own);
        }
        rights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rights_follow_roles_and_overwrites() {
        let roles = [json!({ "id": "9", "permissions": "1024" }), json!({ "id": "5", "permissions": "2048" })];
        let rights = Rights::new("9", "1", &roles, &json!({ "roles": ["5"] }));
        let channel = |overwrites: Value| json!({ "permission_overwrites": overwrites });
        assert_eq!(rights.in_channel(&channel(json!([]))), 3_072);
        let hidden = json!([{ "id": "9", "allow": "0", "deny": "1024" }]);
        assert_eq!(rights.in_channel(&channel(hidden)), 2_048);
        let for_role =
            json!([{ "id": "9", "allow": "0", "deny": "1024" }, { "id": "5", "allow": "1024", "deny": "0" }]);
        assert_eq!(rights.in_channel(&channel(for_role)), 3_072);
        let for_me = json!([{ "id": "1", "allow": "0", "deny": "2048" }, { "id": "5", "allow": "2048", "deny": "0" }]);
        assert_eq!(rights.in_channel(&channel(for_me)), 1_024);
        let admin = Rights::new("9", "1", &[json!({ "id": "9", "permissions": "8" })], &json!({ "roles": [] }));
        assert_eq!(admin.in_channel(&channel(json!([]))), u64::MAX);
    }

    #[test]
    fn a_member_becomes_a_person() {
        let member = json!({ "nick": null, "roles": ["4", "5"],
            "user": { "id": "1", "username": "lea.d", "global_name": "Léa D.", "bot": false } });
        let person = person(&member).expect("a person");
        assert_eq!((person.handle.as_str(), person.name.as_str()), ("lea.d", "Léa D."));
        assert_eq!(person.groups, ["4", "5"]);
        assert!(!person.automated);
    }
}
