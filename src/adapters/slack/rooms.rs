//! Rooms: channels that Vigie opens for a crisis or a campaign, named, described and filled with people.
//!
//! Opening takes several calls; after the first one nothing may open a second room, so whatever fails later is reported
//! as unsure and completed by [`SlackChat::find_room`]. Never here: who belongs in a room. Start reading at `room`.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::SlackChat;
use super::faults::{self, Repeat, code_of};
use super::limits::CHANNEL_NAME_MAX;
use super::messages::word;
use super::wire::CALL_WAIT;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::{Receipt, SendError};

/// Names tried when the wished one is taken: `name`, `name-2` ... `name-20`.
const NAMES_TRIED_MAX: u32 = 20;
/// People invited one by one after a joint invitation failed.
const PEOPLE_MAX: usize = 100;
/// Slack docs, conversations.invite: up to 100 people in one call.
const INVITED_AT_ONCE: usize = 100;
/// Pages of the channel list read when a room is looked for.
const PAGES_MAX: usize = 50;
/// Difference of clocks allowed when a room's age is judged, in milliseconds.
const SKEW_MS: i64 = 2 * MINUTE_MS;

impl SlackChat {
    /// Opens a room.
    pub(super) async fn room(
        &self,
        name: &str,
        topic: &str,
        people: &[String],
        closed: bool,
        key: &str,
    ) -> Result<Receipt, SendError> {
        let base = legal_name(name);
        for number in 1..=NAMES_TRIED_MAX {
            let args = json!({"name": variant(&base, number), "is_private": closed});
            match self.wire.post("conversations.create", &args, Repeat::Doubles, CALL_WAIT).await {
                Ok(answer) => {
                    let channel = word(&answer["channel"], "id").to_owned();
                    if channel.is_empty() {
                        return Err(SendError::Unsure("the answer named no channel".to_owned()));
                    }
                    // The room exists: an error from here on must not lead to a second one.
                    return self
                        .furnish(&channel, topic, people, key)
                        .await
                        .map_err(|error| SendError::Unsure(format!("the room was made but not completed: {error}")));
                }
                Err(error) if code_of(&error) == Some("name_taken") => {}
                Err(error) => return Err(error),
            }
        }
        Err(faults::permanent("name_taken"))
    }

    /// Purpose (with the mark by which the room is found again), topic, people. Repeating it changes nothing.
    async fn furnish(&self, channel: &str, topic: &str, people: &[String], key: &str) -> Result<Receipt, SendError> {
        let args = json!({"channel": channel, "purpose": mark(key)});
        self.wire.post("conversations.setPurpose", &args, Repeat::Safe, CALL_WAIT).await?;
        if !topic.trim().is_empty() {
            self.topic(channel, topic).await?;
        }
        match self.invite(channel, people).await {
            Ok(()) => {}
            // A person who cannot be invited must not cost the others their room.
            Err(SendError::Permanent { code, .. }) => tracing::warn!(code, "somebody could not be invited to a room"),
            Err(error) => return Err(error),
        }
        let link = self.read_directory(|directory| {
            let base = directory.own.team_url.trim_end_matches('/');
            (!base.is_empty()).then(|| format!("{base}/archives/{channel}"))
        });
        Ok(Receipt { channel: Some(channel.to_owned()), url: link, ..Receipt::default() })
    }

    /// Invites people; those who are there already are no error.
    pub(super) async fn invite(&self, channel: &str, people: &[String]) -> Result<(), SendError> {
        for group in people.chunks(INVITED_AT_ONCE) {
            match self.invite_group(channel, &group.join(",")).await {
                Ok(()) => {}
                Err(SendError::Permanent { .. }) if group.len() > 1 => self.invite_each(channel, group).await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Slack refuses a whole group for one member: then everybody is invited singly, and the first real refusal told.
    async fn invite_each(&self, channel: &str, people: &[String]) -> Result<(), SendError> {
        let mut refused = None;
        for user in people.iter().take(PEOPLE_MAX) {
            match self.invite_group(channel, user).await {
                Ok(()) => {}
                Err(error @ SendError::Permanent { .. }) => refused = refused.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        refused.map_or(Ok(()), Err)
    }

    async fn invite_group(&self, channel: &str, users: &str) -> Result<(), SendError> {
        let args = json!({"channel": channel, "users": users});
        match self.wire.post("conversations.invite", &args, Repeat::Safe, CALL_WAIT).await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(code_of(&error), Some("already_in_channel" | "cant_invite_self"))
                    && !users.contains(',') =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Looks for a room that an earlier call may have opened, and completes it.
    pub(super) async fn find_room(
        &self,
        name: &str,
        topic: &str,
        people: &[String],
        closed: bool,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, SendError> {
        let own = self.identity().await?;
        let base = legal_name(name);
        let earliest_s = since.plus_ms(-SKEW_MS).0.div_euclid(1_000);
        let kinds = if closed { "private_channel" } else { "public_channel" };
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let args = [("types", kinds.to_owned()), ("limit", "200".to_owned()), ("cursor", cursor.clone())];
            let used = if cursor.is_empty() { &args[..2] } else { &args[..] };
            let page = self.wire.get("conversations.list", used).await?;
            let room = page["channels"].as_array().into_iter().flatten().find(|channel| {
                let purpose = word(&channel["purpose"], "value");
                word(channel, "creator") == own.user_id
                    && channel["created"].as_i64().unwrap_or_default() >= earliest_s
                    && is_variant(word(channel, "name"), &base)
                    && (purpose.is_empty() || purpose == mark(key))
            });
            if let Some(room) = room {
                return self.furnish(word(room, "id"), topic, people, key).await.map(Some);
            }
            cursor = word(&page["response_metadata"], "next_cursor").to_owned();
            if cursor.is_empty() {
                return Ok(None);
            }
        }
        Err(SendError::Unsure("too many channels to search".to_owned()))
    }
}

/// The purpose of a room of Vigie's; its number stands for the intention that opened it.
fn mark(key: &str) -> String {
    format!("Vigie · {}", hex::encode(&Sha256::digest(key.as_bytes())[..6]))
}

/// A name that Slack takes: lower-case letters without accents, digits, hyphens and underscores, at most 80 characters.
#[must_use]
pub fn legal_name(wished: &str) -> String {
    let mut name = String::new();
    for c in wished.chars().flat_map(char::to_lowercase) {
        match plain_letter(c) {
            Some(letters) => name.push_str(letters),
            None if c.is_ascii_alphanumeric() || c == '_' => name.push(c),
            // Combining accents belong to the letter before; everything else parts words.
            None if ('\u{0300}'..='\u{036F}').contains(&c) => {}
            None if !name.ends_with('-') && !name.is_empty() => name.push('-'),
            None => {}
        }
    }
    let name: String = name.chars().take(CHANNEL_NAME_MAX).collect();
    let name = name.trim_matches(['-', '_']).to_owned();
    if name.is_empty() { "vigie".to_owned() } else { name }
}

/// Letters of Latin alphabets without their accents.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ä' => "a",
        'ç' | 'ć' | 'č' | 'ċ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        _ => return None,
    })
}

fn variant(base: &str, number: u32) -> String {
    if number == 1 {
        return base.to_owned();
    }
    let suffix = format!("-{number}");
    let room = CHANNEL_NAME_MAX - suffix.len();
    format!("{}{suffix}", base.chars().take(room).collect::<String>().trim_end_matches('-'))
}

fn is_variant(name: &str, base: &str) -> bool {
    (1..=NAMES_TRIED_MAX).any(|number| variant(base, number) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wished_names_become_legal_ones() {
        for (wished, legal) in [
            ("Crise : panne d'accès n°2", "crise-panne-d-acces-n-2"),
            ("Été à l'Œuvre", "ete-a-l-oeuvre"),
            ("  --- ", "vigie"),
            ("危機", "vigie"),
            ("crisis_login-outage", "crisis_login-outage"),
            ("e\u{0301}te\u{0301}", "ete"),
        ] {
            assert_eq!(legal_name(wished), legal, "{wished}");
        }
        assert_eq!(legal_name(&"a".repeat(200)).len(), CHANNEL_NAME_MAX);
    }

    #[test]
    fn a_taken_name_gets_a_number_within_the_limit() {
        assert_eq!(variant("crisis", 1), "crisis");
        assert_eq!(variant("crisis", 2), "crisis-2");
        assert_eq!(variant(&"a".repeat(80), 12).len(), 80);
        assert!(is_variant("crisis-20", "crisis") && !is_variant("crisis-21", "crisis"));
    }
}
