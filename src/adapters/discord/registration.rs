//! Slash commands and message shortcuts: registered in the server, replaced only when something changed.
//!
//! The table of commands is made elsewhere; here is only how Discord wants to hear of it.

use serde_json::{Map, Value, json};

use super::DiscordChat;
use super::escape::line;
use super::rest::RestError;
use crate::ports::chat::SendError;

/// Longest name (Discord docs: Application Command Object).
const NAME_MAX: usize = 32;
/// Longest description (Discord docs: Application Command Object).
const SUMMARY_MAX: usize = 100;
/// Most options or sub-commands of a command (Discord docs: Application Command Object).
const OPTIONS_MAX: usize = 25;
/// Most choices of an option (Discord docs: Application Command Option).
const CHOICES_MAX: usize = 25;
/// Longest label or value of a choice (Discord docs: Application Command Option Choice).
pub(super) const CHOICE_MAX: usize = 100;
/// Most slash commands of an app (Discord docs: Application Commands).
const COMMANDS_MAX: usize = 100;
/// Most message shortcuts of an app (Discord docs: Application Commands, since March 2026).
const SHORTCUTS_MAX: usize = 15;

/// What an option takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// Text.
    Text,
    /// A person of the server.
    Person,
    /// A whole number.
    Integer,
    /// One of at most 25: (value, English words, French words).
    Choice(Vec<(String, String, String)>),
}

/// An option of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// Name, lower case.
    pub name: String,
    /// French name.
    pub name_fr: String,
    /// What it is, at most 100 characters.
    pub summary: String,
    /// The same in French.
    pub summary_fr: String,
    /// What it takes.
    pub kind: OptionKind,
    /// Must be given.
    pub required: bool,
    /// Completed by [`crate::ports::envelope::Intake::complete`] while somebody types.
    pub complete: bool,
}

/// A slash command or sub-command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandSpec {
    /// Name, lower case.
    pub name: String,
    /// French name.
    pub name_fr: String,
    /// What it does, at most 100 characters.
    pub summary: String,
    /// The same in French.
    pub summary_fr: String,
    /// Its options in the order of its grammar; empty when it has sub-commands.
    pub options: Vec<OptionSpec>,
    /// Sub-commands.
    pub subcommands: Vec<CommandSpec>,
    /// Names of options that the command's grammar takes by position, without their name.
    pub positional: Vec<String>,
}

/// A shortcut in a message's context menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortcutSpec {
    /// Comes back in `Inbound::Shortcut::name`, e.g. `open_ticket`.
    pub id: String,
    /// Words in the menu.
    pub name: String,
    /// The same in French.
    pub name_fr: String,
}

/// Everything that the bot needs in a server, with its bit (Discord docs: Permissions).
pub(super) const PERMISSIONS: &[(u64, &str, &str)] = &[
    (1 << 10, "View Channels", "to read the watched channels"),
    (1 << 11, "Send Messages", "to post cards"),
    (1 << 14, "Embed Links", "to show cards"),
    (1 << 15, "Attach Files", "to post charts"),
    (1 << 16, "Read Message History", "to read back what was missed"),
    (1 << 35, "Create Public Threads", "to open a thread on each card"),
    (1 << 38, "Send Messages in Threads", "to write notes and drafts"),
    (1 << 51, "Pin Messages", "to pin the card of a crisis"),
    (1 << 4, "Manage Channels", "to make crisis rooms"),
    (1 << 28, "Manage Roles", "to say who may see a crisis room"),
];

/// The link that invites the bot with exactly the permissions it needs.
#[must_use]
pub fn invite_url(application_id: &str) -> String {
    let permissions = PERMISSIONS.iter().fold(0, |all, (bit, ..)| all | bit);
    format!(
        "https://discord.com/oauth2/authorize?client_id={application_id}&permissions={permissions}&scope=bot%20applications.commands"
    )
}

fn localized(french: &str, max: usize) -> Value {
    let french = line(french, max);
    if french.is_empty() { Value::Null } else { json!({ "fr": french }) }
}

fn named(kind: u8, name: &str, name_fr: &str, summary: &str, summary_fr: &str) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".into(), kind.into());
    object.insert("name".into(), line(name, NAME_MAX).into());
    object.insert("name_localizations".into(), localized(name_fr, NAME_MAX));
    let summary = line(summary, SUMMARY_MAX);
    object.insert("description".into(), if summary.is_empty() { name.into() } else { summary.into() });
    object.insert("description_localizations".into(), localized(summary_fr, SUMMARY_MAX));
    object
}

fn option(spec: &OptionSpec) -> Value {
    let kind = match spec.kind {
        OptionKind::Text | OptionKind::Choice(_) => 3,
        OptionKind::Integer => 4,
        OptionKind::Person => 6,
    };
    let mut object = named(kind, &spec.name, &spec.name_fr, &spec.summary, &spec.summary_fr);
    object.insert("required".into(), spec.required.into());
    match &spec.kind {
        OptionKind::Choice(choices) => {
            let choices = choices.iter().take(CHOICES_MAX).map(|(value, english, french)| {
                json!({
                    "name": line(english, CHOICE_MAX), "value": value,
                    "name_localizations": localized(french, CHOICE_MAX),
                })
            });
            object.insert("choices".into(), choices.collect());
        }
        OptionKind::Text | OptionKind::Integer if spec.complete => {
            object.insert("autocomplete".into(), true.into());
        }
        OptionKind::Text | OptionKind::Integer | OptionKind::Person => {}
    }
    Value::Object(object)
}

/// A command as Discord wants it; `kind` is 1 for commands and sub-commands, 2 for groups of sub-commands.
fn command(spec: &CommandSpec, kind: u8) -> Map<String, Value> {
    let mut object = named(kind, &spec.name, &spec.name_fr, &spec.summary, &spec.summary_fr);
    let options: Vec<Value> = if spec.subcommands.is_empty() {
        // Discord wants required options first.
        let mut options: Vec<&OptionSpec> = spec.options.iter().collect();
        options.sort_by_key(|option| !option.required);
        options.into_iter().take(OPTIONS_MAX).map(option).collect()
    } else {
        let nested = |sub: &CommandSpec| Value::Object(command(sub, if sub.subcommands.is_empty() { 1 } else { 2 }));
        spec.subcommands.iter().take(OPTIONS_MAX).map(nested).collect()
    };
    object.insert("options".into(), options.into());
    object
}

/// The whole set as it is put to Discord.
pub(super) fn payload(commands: &[CommandSpec], shortcuts: &[ShortcutSpec]) -> Vec<Value> {
    let slash = commands.iter().take(COMMANDS_MAX).map(|spec| Value::Object(command(spec, 1)));
    let context = shortcuts.iter().take(SHORTCUTS_MAX).map(|spec| {
        json!({
            "type": 3, "name": line(&spec.name, NAME_MAX), "name_localizations": localized(&spec.name_fr, NAME_MAX),
        })
    });
    slash.chain(context).collect()
}

/// What of a command decides whether it changed: what we set, without what is null, false or empty.
fn essence(command: &Value) -> Value {
    const SET: [&str; 10] = [
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "required",
        "autocomplete",
        "choices",
        "options",
        "value",
    ];
    match command {
        Value::Object(members) => {
            let kept = SET.iter().filter_map(|name| {
                let value = members.get(*name)?;
                let nothing = value.is_null()
                    || *value == Value::Bool(false)
                    || value.as_str().is_some_and(str::is_empty)
                    || value.as_array().is_some_and(Vec::is_empty);
                let value = if name.ends_with("localizations") { value.clone() } else { essence(value) };
                (!nothing).then_some(((*name).to_owned(), value))
            });
            Value::Object(kept.collect())
        }
        Value::Array(items) => items.iter().map(essence).collect(),
        other => other.clone(),
    }
}

fn sorted(commands: &[Value]) -> Vec<String> {
    let mut essences: Vec<String> = commands.iter().map(|command| essence(command).to_string()).collect();
    essences.sort();
    essences
}

impl DiscordChat {
    /// Registers commands and shortcuts in the server, when they differ from what is registered (Discord takes 200
    /// creations a day). Also does what [`DiscordChat::set_commands`] does. True when something was changed.
    ///
    /// # Errors
    /// [`SendError`] when Discord cannot be asked or refuses; repeating does no harm.
    pub async fn register(&self, commands: &[CommandSpec], shortcuts: &[ShortcutSpec]) -> Result<bool, SendError> {
        self.set_commands(commands, shortcuts);
        let (application, guild) = (self.application().await?, self.guild().await?);
        let path = format!("applications/{application}/guilds/{guild}/commands");
        let wanted = payload(commands, shortcuts);
        let held = self.rest.get(&format!("{path}?with_localizations=true")).await.map_err(RestError::repeatable)?;
        if sorted(held.as_array().map(Vec::as_slice).unwrap_or_default()) == sorted(&wanted) {
            return Ok(false);
        }
        self.rest.put(&path, Some(wanted.into())).await.map_err(RestError::repeatable)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assign() -> CommandSpec {
        let option = |name: &str, kind, required, complete| OptionSpec {
            name: name.into(),
            name_fr: format!("{name}-fr"),
            summary: "What".into(),
            summary_fr: "Quoi".into(),
            kind,
            required,
            complete,
        };
        CommandSpec {
            name: "assign".into(),
            name_fr: "assigner".into(),
            summary: "Assign a ticket".into(),
            summary_fr: "Assigner un ticket".into(),
            options: vec![
                option("reason", OptionKind::Text, false, false),
                option("ticket", OptionKind::Text, true, true),
                option("to", OptionKind::Person, true, true),
                option("prio", OptionKind::Choice(vec![("p1".into(), "urgent".into(), "urgent".into())]), false, true),
            ],
            ..CommandSpec::default()
        }
    }

    #[test]
    fn required_options_come_first_and_only_text_is_completed() {
        let made = &payload(&[assign()], &[])[0];
        let names: Vec<&str> =
            made["options"].as_array().into_iter().flatten().filter_map(|o| o["name"].as_str()).collect();
        assert_eq!(names, ["ticket", "to", "reason", "prio"]);
        assert_eq!(made["options"][0]["autocomplete"], true);
        assert!(made["options"][1].get("autocomplete").is_none());
        assert!(made["options"][3].get("autocomplete").is_none());
        assert_eq!(made["name_localizations"]["fr"], "assigner");
    }

    #[test]
    fn what_discord_adds_is_no_change_and_what_we_change_is_one() {
        let shortcut = ShortcutSpec { id: "open_ticket".into(), name: "Open ticket".into(), name_fr: "Ouvrir".into() };
        let wanted = payload(&[assign()], std::slice::from_ref(&shortcut));
        let mut held: Vec<Value> = wanted.iter().rev().cloned().collect();
        for (number, command) in held.iter_mut().enumerate() {
            let members = command.as_object_mut().expect("an object");
            members.insert("id".into(), number.to_string().into());
            members.insert("version".into(), "7".into());
            members.insert("nsfw".into(), false.into());
            members.insert("default_member_permissions".into(), Value::Null);
        }
        held[0]["description"] = "".into();
        assert_eq!(sorted(&held), sorted(&wanted));
        held[1]["description"] = "Another".into();
        assert_ne!(sorted(&held), sorted(&wanted));
    }

    #[test]
    fn the_invitation_asks_for_the_listed_permissions_only() {
        let url = invite_url("12");
        let bits = PERMISSIONS.iter().fold(0, |all, (bit, ..)| all | bit);
        assert!(url.contains("client_id=12"));
        assert!(url.contains(&format!("permissions={bits}&")));
        // Administrator is never asked for.
        assert_eq!(bits & (1 << 3), 0);
    }
}
