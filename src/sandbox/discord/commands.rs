//! Application commands: what may be registered, and the registry itself.

use std::collections::HashSet;
use std::sync::OnceLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::call::{Call, Reply};
use super::errors::{ApiError, FormErrors};
use super::form::{at, given, integer, length, list, not_one_of, text};
use super::ids::{Id, as_id, parse_id, sid};
use super::state::State;

const NAME_MAX: usize = 32;
const DESCRIPTION_MAX: usize = 100;
const OPTIONS_MAX: usize = 25;
const CHOICES_MAX: usize = 25;
const CHOICE_TEXT_MAX: usize = 100;
/// Names, descriptions and values of one command and all below it; of localised texts the longest counts.
const TOTAL_CHARS_MAX: usize = 8000;
const CHAT_INPUT_MAX: usize = 100;
/// Discord change log 2026-03-03: 15 user and 15 message commands (5 before).
const CONTEXT_MAX: usize = 15;
/// Discord docs: 200 creates per day and guild.
const CREATES_PER_DAY: usize = 200;
const DAY_MS: i64 = 86_400_000;
const OPTION_KINDS: &[u64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/// Locales Discord accepts in localisations.
const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
];

fn name_pattern() -> Option<&'static Regex> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    // Discord docs, "Application Command Naming".
    PATTERN.get_or_init(|| Regex::new(r"^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$").ok()).as_ref()
}

fn valid_name(name: &str) -> bool {
    name_pattern().is_none_or(|pattern| pattern.is_match(name)) && name == name.to_lowercase()
}

/// Checks one command of a payload at `path`.
fn check(form: &mut FormErrors, path: &str, command: &Value) {
    let kind = command["type"].as_u64().unwrap_or(1);
    if !matches!(kind, 1..=3) {
        return not_one_of(form, &at(path, "type"), &[1, 2, 3]);
    }
    let chat = kind == 1;
    check_name(form, path, command, chat);
    if chat {
        text(form, path, command, "description", (1, DESCRIPTION_MAX));
        localised(form, path, command, "description", DESCRIPTION_MAX, false);
        check_options(form, path, command, 0);
    } else {
        for key in ["description", "options"] {
            let empty = given(command, key).is_none_or(|value| {
                value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
            });
            if !empty {
                let words = "Context menu commands cannot have this field";
                form.add(&at(path, key), "APPLICATION_COMMAND_CONTEXT_MENU_FIELD", words);
            }
        }
    }
    if total_chars(command) > TOTAL_CHARS_MAX {
        let words = format!("Command exceeds maximum size ({TOTAL_CHARS_MAX})");
        form.add(path, "APPLICATION_COMMAND_TOO_LARGE", words);
    }
}

fn check_name(form: &mut FormErrors, path: &str, object: &Value, strict: bool) {
    let name = text(form, path, object, "name", (1, NAME_MAX));
    if strict && name.is_some_and(|name| length(name) <= NAME_MAX && !name.is_empty() && !valid_name(name)) {
        form.add(&at(path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
    localised(form, path, object, "name", NAME_MAX, strict);
}

fn localised(form: &mut FormErrors, path: &str, object: &Value, what: &str, max: usize, is_name: bool) {
    let key = format!("{what}_localizations");
    let Some(map) = given(object, &key) else { return };
    let path = at(path, &key);
    let Some(map) = map.as_object() else {
        return form.add(&path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
    };
    for (locale, words) in map {
        let path = at(&path, locale);
        if !LOCALES.contains(&locale.as_str()) {
            form.add(&path, "ENUM_TYPE_COERCE", format!("Value \"{locale}\" is not a valid enum value."));
        }
        let Some(words) = words.as_str() else { continue };
        let chars = length(words);
        if chars == 0 || chars > max {
            form.add(&path, "BASE_TYPE_BAD_LENGTH", format!("Must be between 1 and {max} in length."));
        } else if is_name && !valid_name(words) {
            form.add(&path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
    }
}

fn check_options(form: &mut FormErrors, path: &str, owner: &Value, depth: u8) {
    let options = list(form, path, owner, "options", (0, OPTIONS_MAX));
    let path = at(path, "options");
    let (mut names, mut optional_seen) = (HashSet::new(), false);
    let nested = options.iter().filter(|one| matches!(one["type"].as_u64(), Some(1 | 2))).count();
    if nested > 0 && nested < options.len() {
        let words = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        form.add(&path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
    }
    for (index, option) in options.iter().enumerate() {
        let path = at(&path, index);
        check_name(form, &path, option, true);
        text(form, &path, option, "description", (1, DESCRIPTION_MAX));
        localised(form, &path, option, "description", DESCRIPTION_MAX, false);
        if option["name"].as_str().is_some_and(|name| !names.insert(name)) {
            form.add(&path, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
        }
        match option["type"].as_u64() {
            Some(1) if depth < 2 => check_options(form, &path, option, 2),
            Some(2) if depth == 0 => check_options(form, &path, option, 1),
            Some(3..=11) if depth != 1 => check_value_option(form, &path, option),
            Some(kind) if OPTION_KINDS.contains(&kind) => {
                form.add(&at(&path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Option type is invalid here");
            }
            Some(_) => not_one_of(form, &at(&path, "type"), OPTION_KINDS),
            None => form.required(&at(&path, "type")),
        }
        let required = option["required"].as_bool().unwrap_or(false);
        if required && optional_seen {
            let words = "Required options must be placed before non-required options";
            form.add(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words);
        }
        optional_seen |= !required;
    }
}

fn check_value_option(form: &mut FormErrors, path: &str, option: &Value) {
    let kind = option["type"].as_u64().unwrap_or(0);
    let choices = list(form, path, option, "choices", (0, CHOICES_MAX));
    if !choices.is_empty() && option["autocomplete"].as_bool() == Some(true) {
        let words = "Autocomplete is not allowed with choices";
        form.add(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", words);
    }
    let (mut names, mut values) = (HashSet::new(), HashSet::new());
    for (index, choice) in choices.iter().enumerate() {
        let path = at(&at(path, "choices"), index);
        let name = text(form, &path, choice, "name", (1, CHOICE_TEXT_MAX));
        localised(form, &path, choice, "name", CHOICE_TEXT_MAX, false);
        match (kind, given(choice, "value")) {
            (_, None) => form.required(&at(&path, "value")),
            (3, Some(Value::String(words))) if length(words) <= CHOICE_TEXT_MAX => {}
            (3, Some(Value::String(_))) => {
                let words = format!("Must be {CHOICE_TEXT_MAX} or fewer in length.");
                form.add(&at(&path, "value"), "BASE_TYPE_MAX_LENGTH", words);
            }
            (4, Some(value)) if value.is_i64() => {}
            (10, Some(value)) if value.is_number() => {}
            _ => form.add(&at(&path, "value"), "CHOICE_TYPE_CONVERT", "Choice value does not fit the option type"),
        }
        let twice = name.is_some_and(|name| !names.insert(name)) | !values.insert(choice["value"].to_string());
        if twice {
            let words = "Choice names and values must be unique";
            form.add(&path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", words);
        }
    }
    integer(form, path, option, "min_length", (0, 6000));
    integer(form, path, option, "max_length", (1, 6000));
}

/// Characters Discord counts towards the size of a command.
fn total_chars(object: &Value) -> usize {
    let longest = |key: &str| {
        let others = object[format!("{key}_localizations")].as_object();
        let others = others.into_iter().flatten().filter_map(|(_, words)| words.as_str()).map(length);
        others.chain(object[key].as_str().map(length)).max().unwrap_or(0)
    };
    let value = object["value"].as_str().map_or(0, length);
    let below = |key: &str| object[key].as_array().into_iter().flatten().map(total_chars).sum::<usize>();
    longest("name") + longest("description") + value + below("options") + below("choices")
}

/// The command as Discord stores it.
fn stored(state: &mut State, body: &Value, guild: Option<Id>, id: Id) -> Value {
    let kind = body["type"].as_u64().unwrap_or(1);
    let mut command = json!({
        "id": sid(id), "application_id": sid(state.app.id), "version": sid(state.new_id()), "type": kind,
        "default_member_permissions": body["default_member_permissions"],
        "name": body["name"], "name_localizations": body["name_localizations"],
        "description": if kind == 1 { body["description"].clone() } else { json!("") },
        "description_localizations": body["description_localizations"],
        "dm_permission": body["dm_permission"].as_bool().unwrap_or(true), "nsfw": body["nsfw"].as_bool().unwrap_or(false),
        "contexts": body["contexts"],
        "integration_types": given(body, "integration_types").cloned().unwrap_or_else(|| json!([0])),
    });
    match guild {
        Some(guild) => command["guild_id"] = sid(guild),
        None => command["contexts"] = given(body, "contexts").cloned().unwrap_or(Value::Null),
    }
    if let Some(options) =
        given(body, "options").filter(|options| options.as_array().is_some_and(|all| !all.is_empty()))
    {
        command["options"] = options.clone();
    }
    command
}

fn scope_of(command: &Value) -> Option<Id> {
    given(command, "guild_id").and_then(as_id)
}

fn same(command: &Value, guild: Option<Id>, kind: u64, name: &Value) -> bool {
    scope_of(command) == guild && command["type"].as_u64() == Some(kind) && &command["name"] == name
}

/// Everything under /applications/:app/commands and /applications/:app/guilds/:guild/commands.
pub(super) fn routes(state: &mut State, call: &Call, guild: Option<Id>, rest: &[&str]) -> Result<Reply, ApiError> {
    if guild.is_some_and(|guild| guild != state.guild.id) {
        return Err(ApiError::of(50001));
    }
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let full = call.flag("with_localizations");
            let all = state.commands.iter().filter(|command| scope_of(command) == guild);
            Ok(Reply::ok(all.map(|command| if full { command.clone() } else { plain(command.clone()) }).collect()))
        }
        ("POST", []) => create(state, &call.body, guild),
        ("PUT", []) => replace(state, &call.body, guild),
        (method, [id]) => {
            let id = parse_id(id).ok_or_else(|| ApiError::of(10063))?;
            let here = |command: &Value| as_id(&command["id"]) == Some(id) && scope_of(command) == guild;
            let index = state.commands.iter().position(here).ok_or_else(|| ApiError::of(10063))?;
            match method {
                "GET" => Ok(Reply::ok(state.commands[index].clone())),
                "DELETE" => {
                    state.commands.remove(index);
                    Ok(Reply::nothing())
                }
                "PATCH" => change(state, &call.body, guild, index, id),
                _ => Err(ApiError::plain(405)),
            }
        }
        _ => Err(ApiError::plain(405)),
    }
}

/// Without localisations, as lists are unless asked for.
fn plain(mut command: Value) -> Value {
    fn strip(object: &mut Map<String, Value>) {
        object.retain(|key, _| !key.ends_with("_localizations"));
        for key in ["options", "choices"] {
            let children = object.get_mut(key).and_then(Value::as_array_mut);
            children.into_iter().flatten().filter_map(Value::as_object_mut).for_each(strip);
        }
    }
    if let Some(object) = command.as_object_mut() {
        strip(object);
    }
    command
}

fn count_create(state: &mut State) -> Result<(), ApiError> {
    let now = state.now_ms();
    state.command_creates.retain(|at_ms| now - at_ms < DAY_MS);
    if state.command_creates.len() >= CREATES_PER_DAY {
        return Err(ApiError::of(30034));
    }
    state.command_creates.push_back(now);
    Ok(())
}

fn check_room(state: &State, guild: Option<Id>, kind: u64) -> Result<(), ApiError> {
    let max = if kind == 1 { CHAT_INPUT_MAX } else { CONTEXT_MAX };
    let of_kind = |command: &&Value| scope_of(command) == guild && command["type"].as_u64() == Some(kind);
    if state.commands.iter().filter(of_kind).count() < max {
        return Ok(());
    }
    let mut error = ApiError::of(30032);
    error.message = format!("Maximum number of application commands reached ({max})");
    Err(error)
}

fn create(state: &mut State, body: &Value, guild: Option<Id>) -> Result<Reply, ApiError> {
    let mut form = FormErrors::default();
    check(&mut form, "", body);
    form.check()?;
    let kind = body["type"].as_u64().unwrap_or(1);
    // A command of the same name and type is replaced (Discord docs, "Create Guild Application Command").
    if let Some(index) = state.commands.iter().position(|command| same(command, guild, kind, &body["name"])) {
        let id = as_id(&state.commands[index]["id"]).unwrap_or_default();
        state.commands[index] = stored(state, body, guild, id);
        return Ok(Reply::ok(state.commands[index].clone()));
    }
    check_room(state, guild, kind)?;
    count_create(state)?;
    let id = state.new_id();
    let command = stored(state, body, guild, id);
    state.commands.push(command.clone());
    Ok(Reply::created(command))
}

fn replace(state: &mut State, body: &Value, guild: Option<Id>) -> Result<Reply, ApiError> {
    let Some(wanted) = body.as_array() else {
        return Err(ApiError::field("_errors", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"));
    };
    let mut form = FormErrors::default();
    let mut names = HashSet::new();
    for (index, command) in wanted.iter().enumerate() {
        check(&mut form, &index.to_string(), command);
        let kind = command["type"].as_u64().unwrap_or(1);
        if !names.insert((kind, command["name"].to_string())) {
            let words = "Application command names must be unique";
            form.add(&index.to_string(), "APPLICATION_COMMANDS_DUPLICATE_NAME", words);
        }
    }
    form.check()?;
    for (kind, max) in [(1, CHAT_INPUT_MAX), (2, CONTEXT_MAX), (3, CONTEXT_MAX)] {
        if wanted.iter().filter(|command| command["type"].as_u64().unwrap_or(1) == kind).count() > max {
            let mut error = ApiError::of(30032);
            error.message = format!("Maximum number of application commands reached ({max})");
            return Err(error);
        }
    }
    let mut fresh = Vec::new();
    for body in wanted {
        let kind = body["type"].as_u64().unwrap_or(1);
        let old = state.commands.iter().find(|command| same(command, guild, kind, &body["name"]));
        let id = match old.and_then(|command| as_id(&command["id"])) {
            Some(id) => id,
            None => {
                count_create(state)?;
                state.new_id()
            }
        };
        fresh.push(stored(state, body, guild, id));
    }
    state.commands.retain(|command| scope_of(command) != guild);
    state.commands.extend(fresh.iter().cloned());
    Ok(Reply::ok(json!(fresh)))
}

fn change(state: &mut State, body: &Value, guild: Option<Id>, index: usize, id: Id) -> Result<Reply, ApiError> {
    let mut merged = state.commands[index].clone();
    if let (Some(target), Some(source)) = (merged.as_object_mut(), body.as_object()) {
        target.extend(source.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    let mut form = FormErrors::default();
    check(&mut form, "", &merged);
    form.check()?;
    state.commands[index] = stored(state, &merged, guild, id);
    Ok(Reply::ok(state.commands[index].clone()))
}
