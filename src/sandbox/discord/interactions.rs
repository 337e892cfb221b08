//! Interactions as the user starts them: the event Discord sends, and what happens when nobody answers.
//! The bot's side is in `answers`.

use serde_json::{Value, json};

use super::hub::intent;
use super::ids::{Id, sid};
use super::model::{Channel, Interaction, OpenModal, flag};
use super::permissions::BOT_DEFAULT;
use super::render::member_part;
use super::state::State;

/// Discord docs, "Interaction Callback": the first answer must come within 3 s.
pub(super) const ANSWER_LIMIT_MS: i64 = 3_000;
/// Discord docs: an interaction's token is valid for 15 minutes.
pub(super) const TOKEN_LIFE_MS: i64 = 900_000;
/// Upload limit told to apps: 10 MiB without boosts.
const ATTACHMENT_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// Interactions kept; the oldest are forgotten first.
const INTERACTIONS_MAX: usize = 20_000;

/// Interaction types (Discord docs, "Interaction Type").
pub(super) mod act {
    pub const COMMAND: u8 = 2;
    pub const COMPONENT: u8 = 3;
    pub const AUTOCOMPLETE: u8 = 4;
    pub const MODAL: u8 = 5;
}

/// What starts an interaction.
pub(super) struct Start {
    pub kind: u8,
    pub user: Id,
    pub channel: Id,
    pub data: Value,
    /// Message the component (or the modal's opener) sits on.
    pub message: Option<Id>,
    /// The interaction that opened the modal.
    pub opener: Option<Id>,
}

impl State {
    /// Starts an interaction: tells the bot and remembers the token. Returns its id.
    pub fn start_interaction(&mut self, start: Start) -> Id {
        let id = self.new_id();
        let token = format!("aW50ZXJhY3Rpb24{}", hex::encode(format!("{id}:sandbox-interaction-token")));
        let metadata = self.metadata(id, &start);
        let legacy = (start.kind == act::COMMAND).then(
            || json!({ "id": sid(id), "type": 2, "name": full_name(&start.data), "user": self.user_json(start.user) }),
        );
        let event = self.interaction_json(id, &token, &start);
        self.tokens.insert(token.clone(), id);
        self.waiting.insert(id);
        self.interactions.insert(
            id,
            Interaction {
                id,
                token,
                kind: start.kind,
                user: start.user,
                channel: start.channel,
                created_ms: self.now_ms(),
                metadata,
                legacy,
                message: start.message,
                answered: None,
                late: false,
                original: None,
                choices: None,
            },
        );
        while self.interactions.len() > INTERACTIONS_MAX {
            if let Some((_, old)) = self.interactions.pop_first() {
                self.tokens.remove(&old.token);
            }
        }
        let in_guild = self.channels.get(&start.channel).is_none_or(Channel::in_guild);
        self.hub.dispatch("INTERACTION_CREATE", intent::ALWAYS, in_guild, event, None);
        id
    }

    fn metadata(&self, id: Id, start: &Start) -> Value {
        let mut value = json!({
            "id": sid(id), "type": start.kind, "user": self.user_json(start.user),
            "authorizing_integration_owners": { "0": sid(self.guild.id) },
        });
        match start.kind {
            act::COMMAND => {
                value["name"] = json!(full_name(&start.data));
                value["command_type"] = start.data["type"].clone();
                if start.data.get("target_id").is_some() {
                    value["target_message_id"] = start.data["target_id"].clone();
                }
            }
            act::COMPONENT => value["interacted_message_id"] = super::ids::opt_sid(start.message),
            act::MODAL => {
                let opener = start.opener.and_then(|id| self.interactions.get(&id));
                value["triggering_interaction_metadata"] = opener.map_or(Value::Null, |opener| opener.metadata.clone());
            }
            _ => {}
        }
        value
    }

    fn interaction_json(&self, id: Id, token: &str, start: &Start) -> Value {
        let place = self.channels.get(&start.channel);
        let in_guild = place.is_none_or(Channel::in_guild);
        let locale = self.users.get(&start.user).map_or("en-US", |user| user.locale.as_str());
        let bits = place.map_or(0, |place| self.permissions_in(self.app.id, place));
        let mut value = json!({
            "id": sid(id), "application_id": sid(self.app.id), "type": start.kind, "data": start.data,
            "channel_id": sid(start.channel), "token": token, "version": 1, "locale": locale,
            "app_permissions": (if in_guild { bits } else { bits | BOT_DEFAULT }).to_string(),
            "entitlements": [], "entitlement_sku_ids": [], "attachment_size_limit": ATTACHMENT_BYTES_MAX,
            "authorizing_integration_owners": { "0": if in_guild { sid(self.guild.id) } else { json!("0") } },
            "context": if in_guild { 0 } else { 1 },
        });
        if let Some(place) = place {
            value["channel"] = self.channel_json(place);
            if in_guild {
                value["channel"]["permissions"] = json!(self.permissions_in(start.user, place).to_string());
            }
        }
        if in_guild {
            value["guild_id"] = sid(self.guild.id);
            value["guild_locale"] = json!(self.guild.locale);
            value["guild"] = json!({ "id": sid(self.guild.id), "locale": self.guild.locale, "features": [] });
            value["member"] = self.acting_member(start.user, place);
        } else {
            value["user"] = self.user_json(start.user);
        }
        if let Some(message) = start.message.and_then(|message| self.message(start.channel, message)) {
            value["message"] = self.message_json(message);
        }
        value
    }

    /// A member with `user` and the permissions in that channel, as interactions carry it.
    fn acting_member(&self, user: Id, place: Option<&Channel>) -> Value {
        let mut value = self.members.get(&user).map_or(json!({}), member_part);
        value["user"] = self.user_json(user);
        value["permissions"] = json!(place.map_or(0, |place| self.permissions_in(user, place)).to_string());
        value
    }

    /// The 3 s are over: when nothing came, the user is told and later answers are refused.
    pub fn expire_answer(&mut self, id: Id) {
        let Some(interaction) = self.interactions.get_mut(&id) else { return };
        if interaction.answered.is_some() || interaction.late {
            return;
        }
        interaction.late = true;
        let (user, kind) = (interaction.user, interaction.kind);
        if let Some(modal) = self.modals.get_mut(&user)
            && modal.submitted == Some(id)
        {
            modal.submitted = None;
        }
        let words = match kind {
            act::COMPONENT => "This interaction failed",
            act::AUTOCOMPLETE => "Loading options failed",
            act::MODAL => "Something went wrong. Try again.",
            _ => "The application did not respond",
        };
        self.toast(user, words);
    }

    /// Whether [`State::tick_interactions`] would do something.
    pub fn waiting_interactions(&self, now: i64) -> bool {
        self.waiting.iter().filter_map(|id| self.interactions.get(id)).any(|one| is_due(one, now))
    }

    /// What time does to interactions: missed answers, and deferred ones that were never finished.
    pub fn tick_interactions(&mut self) {
        let now = self.now_ms();
        let due: Vec<Id> = self
            .waiting
            .iter()
            .filter(|id| self.interactions.get(id).is_none_or(|one| is_due(one, now)))
            .copied()
            .collect();
        for id in due {
            self.expire_answer(id);
            self.waiting.remove(&id);
            let Some(one) = self.interactions.get(&id).filter(|one| one.answered == Some(5)) else { continue };
            let (channel, original, user) = (one.channel, one.original.unwrap_or_default(), one.user);
            if let Some(message) = self.message_mut(channel, original).filter(|m| m.flags & flag::LOADING != 0) {
                message.flags &= !flag::LOADING;
                self.toast(user, "The application did not respond");
            }
        }
    }

    /// Puts a modal on the user's screen.
    pub fn open_modal(&mut self, interaction: &Interaction, view: Value) {
        let modal = OpenModal {
            interaction: interaction.id,
            channel: interaction.channel,
            message: interaction.message,
            view,
            submitted: None,
        };
        self.modals.insert(interaction.user, modal);
    }
}

/// Whether time ends it now: no answer in 3 s, or deferred and its token over.
fn is_due(one: &Interaction, now: i64) -> bool {
    let age = now - one.created_ms;
    match one.answered {
        None => one.late || age > ANSWER_LIMIT_MS,
        Some(5) => age > TOKEN_LIFE_MS,
        Some(_) => true,
    }
}

/// Name with sub-command, as Discord shows it ("crisis open").
fn full_name(data: &Value) -> String {
    let mut name = data["name"].as_str().unwrap_or_default().to_owned();
    let mut options = data["options"].as_array();
    while let Some(inner) = options.and_then(|list| list.iter().find(|one| matches!(one["type"].as_u64(), Some(1 | 2))))
    {
        name.push(' ');
        name.push_str(inner["name"].as_str().unwrap_or_default());
        options = inner["options"].as_array();
    }
    name
}
