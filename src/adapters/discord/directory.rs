//! Names that events carry only as ids: channels, threads, roles, people. A cache filled by the gateway and by lists read.
//!
//! Never the truth: what is missing here is shown by id or asked for.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;

use super::form::folded;
use super::lock::locked;
use super::snowflake::{id_at, is_id};

/// Most channels and threads remembered: 500 channels and 1,000 active threads a server (Discord docs), with room.
const CHANNELS_MAX: usize = 5_000;
/// Most roles remembered: 250 a server (Discord docs), with room.
const ROLES_MAX: usize = 2_000;
/// Most people remembered.
const PEOPLE_MAX: usize = 20_000;

/// What is known about a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ChannelFacts {
    /// Server, `None` for direct conversations.
    pub(super) guild: Option<String>,
    /// A thread.
    pub(super) thread: bool,
    /// Name.
    pub(super) name: String,
}

#[derive(Debug, Default)]
struct Names {
    channels: HashMap<String, ChannelFacts>,
    roles: HashMap<String, String>,
    people: HashMap<String, Vec<String>>,
}

/// The cache.
#[derive(Debug, Default)]
pub(super) struct Directory {
    names: Mutex<Names>,
}

/// Threads have types 10 to 12 (Discord docs: Channel Types).
pub(super) fn is_thread(kind: i64) -> bool {
    (10..=12).contains(&kind)
}

impl Directory {
    /// Learns from a channel object, as it comes in events and in answers.
    pub(super) fn learn_channel(&self, channel: &Value, guild: Option<&str>) {
        let Some(id) = id_at(channel, "id") else { return };
        let facts = ChannelFacts {
            guild: id_at(channel, "guild_id").or_else(|| guild.map(str::to_owned)),
            thread: is_thread(channel.get("type").and_then(Value::as_i64).unwrap_or(0)),
            name: channel.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        let mut names = locked(&self.names);
        if names.channels.len() < CHANNELS_MAX || names.channels.contains_key(&id) {
            names.channels.insert(id, facts);
        }
    }

    /// Forgets a deleted channel.
    pub(super) fn forget_channel(&self, id: &str) {
        locked(&self.names).channels.remove(id);
    }

    /// What is known about a channel.
    pub(super) fn channel(&self, id: &str) -> Option<ChannelFacts> {
        locked(&self.names).channels.get(id).cloned()
    }

    /// Learns from a role object.
    pub(super) fn learn_role(&self, role: &Value) {
        let (Some(id), Some(name)) = (id_at(role, "id"), role.get("name").and_then(Value::as_str)) else { return };
        let mut names = locked(&self.names);
        if names.roles.len() < ROLES_MAX || names.roles.contains_key(&id) {
            names.roles.insert(id, name.to_owned());
        }
    }

    /// A role's name.
    pub(super) fn role(&self, id: &str) -> Option<String> {
        locked(&self.names).roles.get(id).cloned()
    }

    /// Learns from a member object (with its user).
    pub(super) fn learn_member(&self, member: &Value) {
        let Some(user) = member.get("user") else { return };
        let Some(id) = id_at(user, "id") else { return };
        let known = [member.get("nick"), user.get("global_name"), user.get("username")];
        let called: Vec<String> = known
            .into_iter()
            .filter_map(|name| name.and_then(Value::as_str))
            .map(folded)
            .filter(|name| !name.is_empty())
            .collect();
        let mut names = locked(&self.names);
        if names.people.len() < PEOPLE_MAX || names.people.contains_key(&id) {
            names.people.insert(id, called);
        }
    }

    /// The person meant by what was typed: a mention, an id, a name, or the only name that begins so.
    pub(super) fn person(&self, typed: &str) -> Option<String> {
        let typed = typed.trim();
        let inner = typed.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>'));
        if let Some(id) = inner.map(|id| id.trim_start_matches('!')).filter(|id| is_id(id)) {
            return Some(id.to_owned());
        }
        let wanted = folded(typed.trim_start_matches('@'));
        if wanted.is_empty() {
            return None;
        }
        let names = locked(&self.names);
        if names.people.contains_key(&wanted) {
            return Some(wanted);
        }
        let only = |matches: &dyn Fn(&String) -> bool| {
            let mut found = names.people.iter().filter(|(_, called)| called.iter().any(matches)).map(|(id, _)| id);
            match (found.next(), found.next()) {
                (Some(id), None) => Some(id.clone()),
                _ => None,
            }
        };
        only(&|name| *name == wanted).or_else(|| only(&|name| name.starts_with(&wanted)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_are_found_as_they_are_called() {
        let directory = Directory::default();
        for (id, nick, name) in [("1", "Léa", "lea.d"), ("2", "Hugo", "hugo"), ("3", "Hugues", "hugues")] {
            directory.learn_member(&json!({ "nick": nick, "user": { "id": id, "username": name } }));
        }
        for (typed, id) in [
            ("@lea", Some("1")),
            ("Léa", Some("1")),
            ("<@!2>", Some("2")),
            ("<@77>", Some("77")),
            ("3", Some("3")),
            ("hug", None),
            ("hugo", Some("2")),
            ("@", None),
            ("nobody", None),
        ] {
            assert_eq!(directory.person(typed).as_deref(), id, "{typed:?}");
        }
    }

    #[test]
    fn threads_are_told_from_channels() {
        let directory = Directory::default();
        directory.learn_channel(&json!({ "id": "5", "type": 11, "name": "T-1" }), Some("9"));
        directory.learn_channel(&json!({ "id": 6, "type": 0, "guild_id": "9" }), None);
        assert_eq!(directory.channel("5").map(|c| (c.thread, c.guild)), Some((true, Some("9".into()))));
        assert_eq!(directory.channel("6").map(|c| c.thread), Some(false));
        directory.forget_channel("5");
        assert_eq!(directory.channel("5"), None);
    }
}
