//! The workspace's people and channels, read page by page.
//!
//! What a missing scope hides is left out (mail addresses, groups, private channels), never an error. Never here: who
//! may do what. Start reading at [`SlackChat::read_people`].

use std::collections::HashMap;

use serde_json::Value;

use super::SlackChat;
use super::directory::Names;
use super::faults::code_of;
use super::messages::{first, word};
use crate::ports::chat::{Channel, Group, Person, SendError};

/// Entries asked for on one page (Slack docs, users.list and conversations.list: at most 200 advised).
const PAGE: &str = "200";
/// Pages read of one list: 100 000 people or channels.
const PAGES_MAX: usize = 500;

impl SlackChat {
    /// All people who are not deactivated.
    pub(super) async fn read_people(&self) -> Result<Vec<Person>, SendError> {
        let members = self.pages("users.list", &[("include_locale", "true")], "members").await?;
        let mut groups: HashMap<String, Vec<String>> = HashMap::new();
        for group in self.list_groups().await?.unwrap_or_default() {
            for member in group.members {
                groups.entry(member).or_default().push(group.id.clone());
            }
        }
        let people: Vec<Person> = members
            .iter()
            .filter(|member| member["deleted"] != Value::Bool(true) && !word(member, "id").is_empty())
            .map(|member| person(member, &groups))
            .collect();
        self.write_directory(|directory| {
            for person in &people {
                let names = Names { handle: person.handle.clone(), shown: person.name.clone() };
                directory.learn_person(&person.id, names);
            }
        });
        // Links to messages and the recognition of own messages need to know who we are.
        self.identity().await?;
        Ok(people)
    }

    /// The user groups that are in use; `None` where the token may not see groups (they exist on paid plans only).
    pub(super) async fn list_groups(&self) -> Result<Option<Vec<Group>>, SendError> {
        let answer = match self.wire.get("usergroups.list", &[("include_users", "true".to_owned())]).await {
            Ok(answer) => answer,
            Err(SendError::Permanent { code, .. }) => {
                tracing::debug!(code, "user groups cannot be read");
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let listed = answer["usergroups"].as_array().into_iter().flatten();
        let in_use = listed.filter(|group| group["date_delete"].as_i64().unwrap_or(0) == 0);
        Ok(Some(in_use.map(group).collect()))
    }

    /// All channels that are not archived.
    pub(super) async fn read_channels(&self) -> Result<Vec<Channel>, SendError> {
        let both = [("types", "public_channel,private_channel"), ("exclude_archived", "true")];
        let listed = match self.pages("conversations.list", &both, "channels").await {
            // Without the right to see private channels the public ones are still there.
            Err(error) if code_of(&error) == Some("missing_scope") => {
                let public = [("types", "public_channel"), ("exclude_archived", "true")];
                self.pages("conversations.list", &public, "channels").await?
            }
            other => other?,
        };
        let channels: Vec<Channel> = listed
            .iter()
            .filter(|channel| !word(channel, "id").is_empty())
            .map(|channel| Channel {
                id: word(channel, "id").to_owned(),
                name: first([word(channel, "name"), word(channel, "name_normalized")]).to_owned(),
                joined: channel["is_member"] == Value::Bool(true),
            })
            .collect();
        self.write_directory(|directory| {
            for channel in &channels {
                directory.learn_channel(&channel.id, &channel.name);
            }
        });
        Ok(channels)
    }

    async fn pages(&self, method: &str, args: &[(&str, &str)], list: &str) -> Result<Vec<Value>, SendError> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let mut asked: Vec<(&str, String)> =
                args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            asked.push(("limit", PAGE.to_owned()));
            if !cursor.is_empty() {
                asked.push(("cursor", cursor));
            }
            let mut page = self.wire.get(method, &asked).await?;
            if let Value::Array(entries) = page[list].take() {
                all.extend(entries);
            }
            cursor = word(&page["response_metadata"], "next_cursor").to_owned();
            if cursor.is_empty() {
                return Ok(all);
            }
        }
        tracing::warn!(method, "the list is longer than Vigie reads");
        Ok(all)
    }
}

fn group(group: &Value) -> Group {
    let names = [word(group, "handle"), word(group, "name")].into_iter().filter(|name| !name.is_empty());
    let members = group["users"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Group {
        id: word(group, "id").to_owned(),
        names: names.map(str::to_owned).collect(),
        members: members.map(str::to_owned).collect(),
    }
}

fn person(member: &Value, groups: &HashMap<String, Vec<String>>) -> Person {
    let (id, profile) = (word(member, "id"), &member["profile"]);
    let shown = first([
        word(profile, "display_name"),
        word(member, "real_name"),
        word(profile, "real_name"),
        word(member, "name"),
    ]);
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Person {
        id: id.to_owned(),
        handle: word(member, "name").to_owned(),
        name: shown.to_owned(),
        email: told(word(profile, "email")),
        locale: told(word(member, "locale")),
        automated: member["is_bot"] == Value::Bool(true) || id == "USLACKBOT",
        groups: groups.get(id).cloned().unwrap_or_default(),
    }
}
