//! Rooms: channels made for a crisis, in one category, open or closed.

use serde_json::{Value, json};

use super::DiscordChat;
use super::errors;
use super::escape::line;
use super::form::folded;
use super::rest::RestError;
use super::send::{TOPIC_MAX, checked_id};
use super::snowflake::{id_at, order};
use crate::domain::time::Timestamp;
use crate::ports::chat::{Receipt, SendError};

/// The category that holds the rooms.
const CATEGORY: &str = "CRISIS";
/// Longest name of a channel (Discord docs: Channel Object).
const NAME_MAX: usize = 100;
/// Most people set at creation; the rest is invited one by one (Discord docs: 100 overwrites a channel).
const PEOPLE_MAX: usize = 90;
/// Highest suffix tried on a name clash.
const SUFFIX_MAX: u32 = 99;
/// Discord docs, Permissions: VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS, ATTACH_FILES, READ_MESSAGE_HISTORY,
/// SEND_MESSAGES_IN_THREADS.
const MEMBER_ALLOW: u64 = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 38;
/// What the bot itself needs there besides: MANAGE_CHANNELS, CREATE_PUBLIC_THREADS, PIN_MESSAGES.
const BOT_ALLOW: u64 = MEMBER_ALLOW | 1 << 4 | 1 << 35 | 1 << 51;
/// Discord docs, Permissions: VIEW_CHANNEL.
const VIEW_CHANNEL: u64 = 1 << 10;

/// A legal channel name: lower case letters, digits and hyphens.
pub(super) fn room_name(wished: &str) -> String {
    let mut name = String::new();
    for character in folded(&line(wished, NAME_MAX)).trim_start_matches('#').chars() {
        if character.is_alphanumeric() || character == '_' {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name: String = name.trim_end_matches('-').chars().take(NAME_MAX - 3).collect();
    if name.is_empty() { "room".to_owned() } else { name }
}

fn suffixed(base: &str, number: u32) -> String {
    if number <= 1 { base.to_owned() } else { format!("{base}-{number}") }
}

fn named<'a>(channels: &'a [Value], name: &str) -> Option<&'a Value> {
    channels.iter().find(|channel| channel.get("name").and_then(Value::as_str) == Some(name))
}

fn overwrite(id: &str, kind: u8, allow: u64, deny: u64) -> Value {
    json!({ "id": id, "type": kind, "allow": allow.to_string(), "deny": deny.to_string() })
}

/// Who may see a new room. The role with the server's id is @everyone (Discord docs: Permissions).
fn overwrites(guild: &str, me: &str, people: &[String], closed: bool) -> Vec<Value> {
    let mut all = Vec::new();
    if closed {
        all.push(overwrite(guild, 0, 0, VIEW_CHANNEL));
    }
    all.push(overwrite(me, 1, BOT_ALLOW, 0));
    all.extend(people.iter().take(PEOPLE_MAX).map(|person| overwrite(person, 1, MEMBER_ALLOW, 0)));
    all
}

impl DiscordChat {
    pub(super) async fn create_room(
        &self,
        name: &str,
        topic: &str,
        people: &[String],
        closed: bool,
    ) -> Result<Receipt, SendError> {
        let mut wanted: Vec<String> = people.to_vec();
        wanted.sort();
        wanted.dedup();
        for person in &wanted {
            checked_id(person, "user")?;
        }
        let (guild, me) = (self.guild().await?, self.me().await?);
        let channels = self.all_channels(&guild).await?;
        let category = self.category(&guild, &channels).await?;
        let base = room_name(name);
        let free = (1..=SUFFIX_MAX).map(|n| suffixed(&base, n)).find(|name| named(&channels, name).is_none());
        let name = free.ok_or_else(|| errors::permanent("name_taken", "too many rooms have this name"))?;
        let room = json!({
            "name": name, "type": 0, "topic": line(topic, TOPIC_MAX), "parent_id": category,
            "permission_overwrites": overwrites(&guild, &me, &wanted, closed),
        });
        let made = self.rest.post(&format!("guilds/{guild}/channels"), room).await.map_err(RestError::once)?;
        self.directory.learn_channel(&made, Some(&guild));
        let channel = id_at(&made, "id").ok_or_else(|| errors::unreadable("a new channel"))?;
        for person in wanted.iter().skip(PEOPLE_MAX) {
            // The room exists: a failed invitation must not make it a second time.
            if let Err(error) = self.allow(&channel, person).await {
                tracing::warn!(%error, "a person could not be invited to a new room");
            }
        }
        Ok(Receipt { channel: Some(channel), ..Receipt::default() })
    }

    /// Looks for a room made since an instant.
    pub(super) async fn find_room(
        &self,
        name: &str,
        topic: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, SendError> {
        let guild = self.guild().await?;
        let base = room_name(name);
        let topic = line(topic, TOPIC_MAX);
        let earliest = super::snowflake::first_at(since);
        let found = self.all_channels(&guild).await?.into_iter().find(|channel| {
            let called = channel.get("name").and_then(Value::as_str).unwrap_or_default();
            let said = channel.get("topic").and_then(Value::as_str).unwrap_or_default();
            let young = id_at(channel, "id").is_some_and(|id| order(&id) >= earliest);
            young && said == topic && (1..=SUFFIX_MAX).any(|number| suffixed(&base, number) == called)
        });
        Ok(found.map(|channel| Receipt { channel: id_at(&channel, "id"), ..Receipt::default() }))
    }

    async fn all_channels(&self, guild: &str) -> Result<Vec<Value>, SendError> {
        let channels = self.rest.get(&format!("guilds/{guild}/channels")).await.map_err(RestError::repeatable)?;
        match channels {
            Value::Array(channels) => Ok(channels),
            _ => Err(errors::unreadable("the list of channels")),
        }
    }

    /// The category of rooms, made when there is none.
    async fn category(&self, guild: &str, channels: &[Value]) -> Result<String, SendError> {
        let is_category = |channel: &&Value| channel.get("type").and_then(Value::as_i64) == Some(4);
        let categories: Vec<Value> = channels.iter().filter(is_category).cloned().collect();
        if let Some(found) = named(&categories, CATEGORY).and_then(|category| id_at(category, "id")) {
            return Ok(found);
        }
        let made = self
            .rest
            .post(&format!("guilds/{guild}/channels"), json!({ "name": CATEGORY, "type": 4 }))
            .await
            // A second category of the same name would be found first next time: repeating does no harm.
            .map_err(RestError::repeatable)?;
        id_at(&made, "id").ok_or_else(|| errors::unreadable("a new category"))
    }

    pub(super) async fn invite(&self, channel: &str, people: &[String]) -> Result<Receipt, SendError> {
        checked_id(channel, "channel")?;
        let thread = self.directory.channel(channel).is_some_and(|facts| facts.thread);
        for person in people {
            checked_id(person, "user")?;
            if thread {
                let path = format!("channels/{channel}/thread-members/{person}");
                self.rest.put(&path, None).await.map_err(RestError::repeatable)?;
            } else {
                self.allow(channel, person).await?;
            }
        }
        Ok(Receipt { channel: Some(channel.to_owned()), ..Receipt::default() })
    }

    async fn allow(&self, channel: &str, person: &str) -> Result<(), SendError> {
        let body = json!({ "type": 1, "allow": MEMBER_ALLOW.to_string(), "deny": "0" });
        let path = format!("channels/{channel}/permissions/{person}");
        self.rest.put(&path, Some(body)).await.map_err(RestError::repeatable)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_names_are_legal() {
        for (wished, name) in [
            ("crisis-0314-livraisons", "crisis-0314-livraisons"),
            ("#Crise : Colis perdus !", "crise-colis-perdus"),
            ("Été & fuite", "ete-fuite"),
            ("***", "room"),
            ("日本", "日本"),
        ] {
            assert_eq!(room_name(wished), name, "{wished:?}");
        }
        assert!(room_name(&"x".repeat(300)).chars().count() <= NAME_MAX - 3);
        assert_eq!(suffixed("a", 1), "a");
        assert_eq!(suffixed("a", 2), "a-2");
    }

    #[test]
    fn a_closed_room_is_hidden_from_everyone_but_those_named_and_the_bot() {
        let all = overwrites("9", "1", &["7".into()], true);
        assert_eq!(all[0], overwrite("9", 0, 0, VIEW_CHANNEL));
        assert_eq!(all.len(), 3);
        for one in &all[1..] {
            let allow: u64 = one["allow"].as_str().and_then(|bits| bits.parse().ok()).unwrap_or(0);
            assert_ne!(allow & VIEW_CHANNEL, 0);
        }
        assert_eq!(overwrites("9", "1", &[], false).len(), 1);
    }
}
