//! Slash commands as Discord's client fills them in: finds the command, checks the options, resolves people and places.

use serde_json::{Map, Value, json};

use super::form::{given, length};
use super::ids::{Id, parse_id, sid};
use super::render;
use super::state::State;

/// What the user typed for one option.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct DiscordOption {
    /// Option, sub-command or group, in any language it is registered in.
    pub name: String,
    /// Its value; absent for sub-commands.
    #[serde(default)]
    pub value: Value,
    /// Options of a sub-command or group.
    #[serde(default)]
    pub options: Vec<DiscordOption>,
    /// Where the cursor stands (autocomplete).
    #[serde(default)]
    pub focused: bool,
}

/// Whether `object` goes by `name` in any language.
fn goes_by(object: &Value, name: &str) -> bool {
    object["name"].as_str() == Some(name)
        || object["name_localizations"]
            .as_object()
            .is_some_and(|names| names.values().any(|word| word.as_str() == Some(name)))
}

/// Gathers `resolved` while options are read.
struct Filling<'a> {
    state: &'a State,
    user: Id,
    channel: Id,
    resolved: Value,
    /// Autocomplete: required options may be missing, values are not checked.
    typing: bool,
}

impl State {
    /// The registered command a user means: the guild's first, then the global one.
    pub fn find_command(&self, kind: u64, name: &str) -> Option<&Value> {
        let fits = |command: &&Value| command["type"].as_u64() == Some(kind) && goes_by(command, name);
        let local = self.commands.iter().filter(fits).find(|command| given(command, "guild_id").is_some());
        local.or_else(|| self.commands.iter().find(fits))
    }

    /// The `data` of a chat input interaction, or what the client tells the user.
    pub fn slash_data(
        &self,
        user: Id,
        channel: Id,
        name: &str,
        options: &[DiscordOption],
        typing: bool,
    ) -> Result<Value, String> {
        let command = self.find_command(1, name).ok_or_else(|| format!("There is no command /{name}."))?;
        self.check_may_use(user, channel, command)?;
        let mut filling = Filling { state: self, user, channel, resolved: json!({}), typing };
        let options = filling.options(command, options)?;
        let mut data = json!({ "id": command["id"], "name": command["name"], "type": 1 });
        if let Some(guild) = given(command, "guild_id") {
            data["guild_id"] = guild.clone();
        }
        if !options.is_empty() {
            data["options"] = json!(options);
        }
        if filling.resolved.as_object().is_some_and(|map| !map.is_empty()) {
            data["resolved"] = filling.resolved;
        }
        Ok(data)
    }

    /// Whether the client offers the command to this user here.
    pub fn check_may_use(&self, user: Id, channel: Id, command: &Value) -> Result<(), String> {
        let place = self.channels.get(&channel).ok_or("There is no such channel.")?;
        if !self.can_view(user, place) {
            return Err("You cannot see this channel.".into());
        }
        if !place.in_guild() && (given(command, "guild_id").is_some() || command["dm_permission"] == json!(false)) {
            return Err("This command cannot be used in direct messages.".into());
        }
        let needed = command["default_member_permissions"].as_str().and_then(|bits| bits.parse::<u64>().ok());
        if place.in_guild() && needed.is_some_and(|bits| self.permissions_in(user, place) & bits != bits || bits == 0) {
            let admin = self.guild_permissions(user) & super::permissions::ADMINISTRATOR != 0;
            if !admin {
                return Err("You do not have permission to use this command.".into());
            }
        }
        Ok(())
    }
}

impl Filling<'_> {
    fn options(&mut self, owner: &Value, typed: &[DiscordOption]) -> Result<Vec<Value>, String> {
        let known = owner["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut filled = Vec::new();
        for option in typed {
            let spec = known.iter().find(|spec| goes_by(spec, &option.name));
            let spec = spec.ok_or_else(|| format!("There is no option \"{}\".", option.name))?;
            let kind = spec["type"].as_u64().unwrap_or(3);
            let mut value = json!({ "name": spec["name"], "type": kind });
            if kind <= 2 {
                value["options"] = json!(self.options(spec, &option.options)?);
            } else {
                value["value"] = self.value(spec, kind, &option.value)?;
                if option.focused {
                    value["focused"] = json!(true);
                }
            }
            filled.push(value);
        }
        let missing = known.iter().find(|spec| {
            spec["required"].as_bool() == Some(true) && !filled.iter().any(|one| one["name"] == spec["name"])
        });
        if let Some(spec) = missing.filter(|_| !self.typing) {
            return Err(format!("The option \"{}\" is required.", spec["name"].as_str().unwrap_or_default()));
        }
        let wants_sub = known.iter().any(|spec| matches!(spec["type"].as_u64(), Some(1 | 2)));
        if wants_sub && filled.len() != 1 {
            return Err("Choose one sub-command.".into());
        }
        Ok(filled)
    }

    fn value(&mut self, spec: &Value, kind: u64, typed: &Value) -> Result<Value, String> {
        let name = spec["name"].as_str().unwrap_or_default();
        let words = typed.as_str().map_or_else(|| typed.to_string(), str::to_owned);
        let wrong = |what: &str| format!("The option \"{name}\" must be {what}.");
        if self.typing && kind <= 5 {
            return Ok(json!(words));
        }
        match kind {
            3 => check_text(spec, name, &words),
            4 => {
                let number: i64 = words.parse().map_err(|_| wrong("a whole number"))?;
                check_number(spec, name, json!(number))
            }
            10 => {
                let number: f64 = words.parse().map_err(|_| wrong("a number"))?;
                check_number(spec, name, json!(number))
            }
            5 => words.parse::<bool>().map(Value::Bool).map_err(|_| wrong("true or false")),
            6 => self.person(&words).map(sid).ok_or_else(|| wrong("a member")),
            7 => self.place(spec, &words).map(sid).ok_or_else(|| wrong("a channel you can see")),
            8 => self.role(&words).map(sid).ok_or_else(|| wrong("a role")),
            9 => self.person(&words).or_else(|| self.role(&words)).map(sid).ok_or_else(|| wrong("a member or a role")),
            _ => Err(wrong("a file, which this client cannot upload")),
        }
    }

    fn person(&mut self, words: &str) -> Option<Id> {
        let id = self.state.find_user(words)?;
        self.resolve_person(id);
        Some(id)
    }

    fn resolve_person(&mut self, id: Id) {
        self.resolved["users"][id.to_string()] = self.state.user_json(id);
        if let Some(member) = self.state.members.get(&id) {
            let mut part = render::member_part(member);
            if let Some(part) = part.as_object_mut() {
                part.remove("deaf");
                part.remove("mute");
            }
            let bits = self.state.channels.get(&self.channel).map_or(0, |place| self.state.permissions_in(id, place));
            part["permissions"] = json!(bits.to_string());
            self.resolved["members"][id.to_string()] = part;
        }
    }

    fn place(&mut self, spec: &Value, words: &str) -> Option<Id> {
        let bare = words.trim_start_matches("<#").trim_end_matches('>').trim_start_matches('#');
        let fits = |kind: u8| {
            spec["channel_types"]
                .as_array()
                .is_none_or(|kinds| kinds.iter().any(|one| one.as_u64() == Some(kind.into())))
        };
        let found = self.state.channels.values().find(|channel| {
            (parse_id(bare) == Some(channel.id) || channel.name == bare)
                && channel.in_guild()
                && fits(channel.kind)
                && self.state.can_view(self.user, channel)
        })?;
        let mut value = self.state.channel_json(found);
        value["permissions"] = json!(self.state.permissions_in(self.user, found).to_string());
        self.resolved["channels"][found.id.to_string()] = value;
        Some(found.id)
    }

    fn role(&mut self, words: &str) -> Option<Id> {
        let bare = words.trim_start_matches("<@&").trim_end_matches('>').trim_start_matches('@');
        let role = self.state.roles.values().find(|role| parse_id(bare) == Some(role.id) || role.name == bare)?;
        self.resolved["roles"][role.id.to_string()] = render::role(role);
        Some(role.id)
    }
}

/// A text option: choices (by value or shown name) and lengths.
fn check_text(spec: &Value, name: &str, words: &str) -> Result<Value, String> {
    if let Some(choices) = spec["choices"].as_array().filter(|choices| !choices.is_empty()) {
        let by_value = choices.iter().find(|choice| choice["value"].as_str() == Some(words));
        let chosen = by_value.or_else(|| choices.iter().find(|choice| goes_by(choice, words)));
        return chosen
            .map(|choice| choice["value"].clone())
            .ok_or_else(|| format!("\"{words}\" is not a choice of \"{name}\"."));
    }
    let chars = length(words) as u64;
    if chars == 0 {
        return Err(format!("The option \"{name}\" is empty."));
    }
    if spec["min_length"].as_u64().is_some_and(|min| chars < min) {
        return Err(format!("The option \"{name}\" is too short."));
    }
    if chars > spec["max_length"].as_u64().unwrap_or(6000) {
        return Err(format!("The option \"{name}\" is too long."));
    }
    Ok(json!(words))
}

fn check_number(spec: &Value, name: &str, number: Value) -> Result<Value, String> {
    if let Some(choices) = spec["choices"].as_array().filter(|choices| !choices.is_empty()) {
        let fits = choices.iter().any(|choice| choice["value"].as_f64() == number.as_f64());
        return if fits { Ok(number) } else { Err(format!("{number} is not a choice of \"{name}\".")) };
    }
    let value = number.as_f64().unwrap_or(0.0);
    if spec["min_value"].as_f64().is_some_and(|min| value < min)
        || spec["max_value"].as_f64().is_some_and(|max| value > max)
    {
        return Err(format!("The option \"{name}\" is out of range."));
    }
    Ok(number)
}

/// The data of a message command.
pub(super) fn context_data(state: &State, command: &Value, channel: Id, message: Id) -> Option<Value> {
    let target = state.message(channel, message)?;
    let mut messages = Map::new();
    let mut shown = state.message_json(target);
    if state.channels.get(&channel).is_some_and(|place| place.in_guild()) {
        shown["guild_id"] = sid(state.guild.id);
    }
    messages.insert(message.to_string(), shown);
    let mut data = json!({
        "id": command["id"], "name": command["name"], "type": 3, "target_id": sid(message),
        "resolved": { "messages": messages },
    });
    if let Some(guild) = given(command, "guild_id") {
        data["guild_id"] = guild.clone();
    }
    Some(data)
}
