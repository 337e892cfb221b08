//! What people do with the app: commands, completion, buttons, selects, forms. Each starts an interaction.

use serde_json::{Map, Value, json};

use super::acts::{DiscordActError, Done, Outcome, need};
use super::components;
use super::ids::{Id, parse_id, sid};
use super::interactions::{Start, act};
use super::modals;
use super::permissions as perm;
use super::slash::{DiscordOption, context_data};
use super::state::State;

impl State {
    /// A slash command, or completion of one of its options.
    pub fn slash(&mut self, user: Id, channel: &str, name: &str, options: &[DiscordOption], kind: u8) -> Outcome {
        let place = self.seen_channel(user, channel)?.clone();
        need(self, user, &place, perm::USE_APPLICATION_COMMANDS)?;
        let typing = kind == act::AUTOCOMPLETE;
        let data = self.slash_data(user, place.id, name.trim_start_matches('/'), options, typing)?;
        let start = Start { kind, user, channel: place.id, data, message: None, opener: None };
        Ok(Done::Interaction(self.start_interaction(start)))
    }

    /// A message command.
    pub fn context(&mut self, user: Id, channel: &str, message: &str, name: &str) -> Outcome {
        let place = self.seen_channel(user, channel)?.clone();
        let target = self.seen_message(user, channel, message)?.id;
        need(self, user, &place, perm::USE_APPLICATION_COMMANDS)?;
        let command = self.find_command(3, name).ok_or("There is no such message command.")?.clone();
        self.check_may_use(user, place.id, &command)?;
        let data = context_data(self, &command, place.id, target).ok_or("There is no such message.")?;
        let start = Start { kind: act::COMMAND, user, channel: place.id, data, message: None, opener: None };
        Ok(Done::Interaction(self.start_interaction(start)))
    }

    /// A button, or with values a select menu.
    pub fn component(
        &mut self,
        user: Id,
        channel: &str,
        message: &str,
        custom_id: &str,
        values: Option<Vec<String>>,
    ) -> Outcome {
        let found = self.seen_message(user, channel, message)?.clone();
        if found.author != self.app.id || found.webhook.is_some() {
            return Err("This message has no components of the app.".into());
        }
        let item = components::find(&found.components, custom_id).ok_or("There is no such component.")?;
        if item["disabled"].as_bool() == Some(true) {
            return Err("This component is disabled.".into());
        }
        let kind = item["type"].as_u64().unwrap_or(0);
        let mut data = json!({ "component_type": kind, "custom_id": custom_id, "id": item["id"] });
        match (kind, values) {
            (2, None) => {}
            (3 | 5..=8, Some(values)) => self.fill_select(item, kind, values, &mut data)?,
            (2, Some(_)) => return Err("This is a button.".into()),
            _ => return Err("This is a select menu.".into()),
        }
        let place = found.channel;
        let start = Start { kind: act::COMPONENT, user, channel: place, data, message: Some(found.id), opener: None };
        Ok(Done::Interaction(self.start_interaction(start)))
    }

    fn fill_select(
        &self,
        item: &Value,
        kind: u64,
        values: Vec<String>,
        data: &mut Value,
    ) -> Result<(), DiscordActError> {
        let bound = |key: &str| item[key].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        if values.len() < bound("min_values") || values.len() > bound("max_values") {
            return Err(format!("Choose {} to {} entries.", bound("min_values"), bound("max_values")).into());
        }
        let mut chosen = Vec::new();
        for value in values {
            let (id, what) = match kind {
                3 => {
                    let known = item["options"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .any(|one| one["value"].as_str() == Some(&value));
                    if !known {
                        return Err(format!("There is no option \"{value}\".").into());
                    }
                    chosen.push(json!(value));
                    continue;
                }
                8 => (parse_id(&value).filter(|id| self.channels.contains_key(id)), "channel"),
                6 => (parse_id(&value).filter(|id| self.roles.contains_key(id)), "role"),
                _ => (self.find_user(&value), "member"),
            };
            let id = id.ok_or_else(|| format!("There is no {what} \"{value}\"."))?;
            self.resolve_choice(kind, id, data);
            chosen.push(sid(id));
        }
        data["values"] = json!(chosen);
        Ok(())
    }

    fn resolve_choice(&self, kind: u64, id: Id, data: &mut Value) {
        let key = id.to_string();
        match kind {
            8 => {
                if let Some(channel) = self.channels.get(&id) {
                    data["resolved"]["channels"][key] = self.channel_json(channel);
                }
            }
            6 => {
                if let Some(role) = self.roles.get(&id) {
                    data["resolved"]["roles"][key] = super::render::role(role);
                }
            }
            _ => {
                data["resolved"]["users"][key.clone()] = self.user_json(id);
                if let Some(member) = self.members.get(&id) {
                    let mut part = super::render::member_part(member);
                    part["permissions"] = json!(self.guild_permissions(id).to_string());
                    data["resolved"]["members"][key] = part;
                }
            }
        }
    }

    /// The open form is sent.
    pub fn submit(&mut self, user: Id, custom_id: &str, values: &Map<String, Value>) -> Outcome {
        let modal = self.modals.get(&user).ok_or("No form is open.")?.clone();
        if modal.view["custom_id"].as_str() != Some(custom_id) {
            return Err("Another form is open.".into());
        }
        if modal.submitted.is_some() {
            return Err("The form is already on its way.".into());
        }
        let parts = modals::submission(&modal.view, values)?;
        let start = Start {
            kind: act::MODAL,
            user,
            channel: modal.channel,
            data: json!({ "custom_id": custom_id, "components": parts }),
            message: modal.message,
            opener: Some(modal.interaction),
        };
        let id = self.start_interaction(start);
        if let Some(open) = self.modals.get_mut(&user) {
            open.submitted = Some(id);
        }
        Ok(Done::Interaction(id))
    }
}
