//! The bot's side of interactions: the first answer, follow-ups, and edits through the interaction's token.

use serde_json::{Value, json};

use super::attachments::Upload;
use super::call::{Call, Reply};
use super::compose::{self, Sender};
use super::errors::{ApiError, FormErrors};
use super::form::{at, given, length, list, not_one_of, text};
use super::ids::{Id, parse_id, sid};
use super::interactions::{ANSWER_LIMIT_MS, TOKEN_LIFE_MS, act};
use super::modals;
use super::model::{Interaction, Origin, flag};
use super::state::State;

/// Discord docs, "Autocomplete".
const CHOICES_MAX: usize = 25;
const CHOICE_TEXT_MAX: usize = 100;

/// Answer types (Discord docs, "Interaction Callback Type").
mod answer {
    pub const MESSAGE: u8 = 4;
    pub const DEFER: u8 = 5;
    pub const DEFER_UPDATE: u8 = 6;
    pub const UPDATE: u8 = 7;
    pub const CHOICES: u8 = 8;
}

/// POST /interactions/:id/:token/callback.
pub(super) fn callback(state: &mut State, call: &Call, id: &str, token: &str) -> Result<Reply, ApiError> {
    let interaction = parse_id(id).and_then(|id| state.interactions.get(&id)).cloned();
    let interaction = interaction.filter(|one| one.token == token).ok_or_else(|| ApiError::of(10062))?;
    if interaction.answered.is_some() {
        return Err(ApiError::of(40060));
    }
    if interaction.late || state.now_ms() - interaction.created_ms > ANSWER_LIMIT_MS {
        return Err(ApiError::of(10062));
    }
    let Some(kind) = call.body["type"].as_u64().and_then(|kind| u8::try_from(kind).ok()) else {
        let mut form = FormErrors::default();
        form.required("type");
        return Err(form.into_error());
    };
    check_kind(&interaction, kind)?;
    let empty = json!({});
    let data = given(&call.body, "data").unwrap_or(&empty);
    let original = match kind {
        answer::MESSAGE => Some(respond(state, &interaction, data, &call.files)?),
        answer::DEFER => Some(defer(state, &interaction, data)),
        answer::DEFER_UPDATE => interaction.message,
        answer::UPDATE => Some(update(state, &interaction, data, &call.files)?),
        answer::CHOICES => {
            let choices = check_choices(data)?;
            if let Some(one) = state.interactions.get_mut(&interaction.id) {
                one.choices = Some(choices);
            }
            None
        }
        // 9; `check_kind` lets nothing else through.
        _ => {
            let view = modals::check(data)?;
            state.open_modal(&interaction, view);
            None
        }
    };
    if let Some(one) = state.interactions.get_mut(&interaction.id) {
        one.answered = Some(kind);
        one.original = original;
    }
    if interaction.kind == act::MODAL {
        state.modals.retain(|_, modal| modal.submitted != Some(interaction.id));
    }
    if call.flag("with_response") {
        Ok(callback_resource(state, &interaction, kind, original))
    } else {
        Ok(Reply::nothing())
    }
}

/// Which answers fit which interaction.
fn check_kind(interaction: &Interaction, kind: u8) -> Result<(), ApiError> {
    let allowed: &[u64] = match interaction.kind {
        act::COMMAND => &[4, 5, 9],
        act::COMPONENT => &[4, 5, 6, 7, 9],
        act::AUTOCOMPLETE => &[8],
        _ if interaction.message.is_some() => &[4, 5, 6, 7],
        _ => &[4, 5],
    };
    if allowed.contains(&u64::from(kind)) {
        return Ok(());
    }
    let mut form = FormErrors::default();
    not_one_of(&mut form, "type", allowed);
    Err(form.into_error())
}

fn origin(interaction: &Interaction, original: Option<Id>) -> Origin {
    Origin {
        interaction: interaction.id,
        user: interaction.user,
        metadata: interaction.metadata.clone(),
        legacy: interaction.legacy.clone(),
        original,
    }
}

/// Type of a message that answers: 20 slash command, 23 message command, 19 under a component.
fn sender(state: &State, interaction: &Interaction, ephemeral: bool, original: Option<Id>) -> Sender {
    let context = interaction.metadata["command_type"].as_u64().is_some_and(|kind| kind > 1);
    Sender {
        channel: interaction.channel,
        author: state.app.id,
        kind: match interaction.kind {
            act::COMMAND if context => 23,
            act::COMMAND => 20,
            _ => 0,
        },
        webhook: None,
        origin: Some(origin(interaction, original)),
        ephemeral_for: ephemeral.then_some(interaction.user),
        answers: original.or(interaction.message),
    }
}

fn respond(state: &mut State, interaction: &Interaction, data: &Value, files: &[Upload]) -> Result<Id, ApiError> {
    let draft = compose::read(data, files, None).map_err(|error| error.under("data"))?;
    let ephemeral = draft.flags & flag::EPHEMERAL != 0;
    let sender = sender(state, interaction, ephemeral, None);
    Ok(state.send(sender, draft, files))
}

/// "vigie is thinking..."
fn defer(state: &mut State, interaction: &Interaction, data: &Value) -> Id {
    let ephemeral = data["flags"].as_u64().unwrap_or(0) & flag::EPHEMERAL != 0;
    let sender = sender(state, interaction, ephemeral, None);
    let mut message = super::model::Message::new(state.new_id(), sender.channel, sender.author, sender.kind);
    message.origin = sender.origin;
    message.ephemeral_for = sender.ephemeral_for;
    message.flags = flag::LOADING | if ephemeral { flag::EPHEMERAL } else { 0 };
    if let Some(target) = sender.answers {
        message.kind = 19;
        message.reference = Some((sender.channel, target));
    }
    let id = message.id;
    state.store_message(message);
    state.emit_message("MESSAGE_CREATE", interaction.channel, id);
    id
}

fn update(state: &mut State, interaction: &Interaction, data: &Value, files: &[Upload]) -> Result<Id, ApiError> {
    let id = interaction.message.ok_or_else(|| ApiError::of(10008))?;
    let existing = state.message(interaction.channel, id).cloned().ok_or_else(|| ApiError::of(10008))?;
    let draft = compose::read(data, files, Some(&existing)).map_err(|error| error.under("data"))?;
    state.rewrite(interaction.channel, id, draft, files, true);
    Ok(id)
}

fn check_choices(data: &Value) -> Result<Value, ApiError> {
    let mut form = FormErrors::default();
    if given(data, "choices").is_none() {
        form.required("data.choices");
    }
    for (index, choice) in list(&mut form, "data", data, "choices", (0, CHOICES_MAX)).iter().enumerate() {
        let path = at("data.choices", index);
        text(&mut form, &path, choice, "name", (1, CHOICE_TEXT_MAX));
        match given(choice, "value") {
            None => form.required(&at(&path, "value")),
            Some(Value::String(words)) if length(words) > CHOICE_TEXT_MAX => {
                let sentence = format!("Must be {CHOICE_TEXT_MAX} or fewer in length.");
                form.add(&at(&path, "value"), "BASE_TYPE_MAX_LENGTH", sentence);
            }
            Some(_) => {}
        }
    }
    form.check()?;
    Ok(data["choices"].clone())
}

fn callback_resource(state: &State, interaction: &Interaction, kind: u8, original: Option<Id>) -> Reply {
    let message = original.and_then(|id| state.message(interaction.channel, id));
    let mut told = json!({ "id": sid(interaction.id), "type": interaction.kind });
    let mut resource = json!({ "type": kind });
    if let Some(message) = message {
        told["response_message_id"] = sid(message.id);
        told["response_message_loading"] = json!(message.flags & flag::LOADING != 0);
        told["response_message_ephemeral"] = json!(message.ephemeral_for.is_some());
        told["channel_id"] = sid(message.channel);
        told["guild_id"] = sid(state.guild.id);
        if kind != answer::DEFER_UPDATE {
            resource["message"] = state.message_json(message);
        }
    }
    Reply::ok(json!({ "interaction": told, "resource": resource }))
}

/// Everything under /webhooks/:application/:token.
pub(super) fn webhook(
    state: &mut State,
    call: &Call,
    app: &str,
    token: &str,
    rest: &[&str],
) -> Result<Reply, ApiError> {
    let known = state.tokens.get(token).copied().filter(|_| parse_id(app) == Some(state.app.id));
    let interaction = known.and_then(|id| state.interactions.get(&id)).cloned().ok_or_else(|| ApiError::of(10015))?;
    if state.now_ms() - interaction.created_ms > TOKEN_LIFE_MS {
        return Err(ApiError::of(50027));
    }
    // The token only becomes a webhook with the first answer.
    if interaction.answered.is_none() {
        return Err(ApiError::of(10015));
    }
    match (call.method.as_str(), rest) {
        ("POST", []) => follow_up(state, call, &interaction),
        ("GET", ["messages", id]) => {
            let id = own_message(state, &interaction, id)?;
            let message = state.message(interaction.channel, id).ok_or_else(|| ApiError::of(10008))?;
            Ok(Reply::ok(state.message_json(message)))
        }
        ("PATCH", ["messages", id]) => {
            let id = own_message(state, &interaction, id)?;
            edit(state, call, &interaction, id)
        }
        ("DELETE", ["messages", id]) => {
            let id = own_message(state, &interaction, id)?;
            state.remove_message(interaction.channel, id).ok_or_else(|| ApiError::of(10008))?;
            Ok(Reply::nothing())
        }
        _ => Err(ApiError::plain(405)),
    }
}

/// The message an edit names: @original, or a follow-up of the same interaction.
fn own_message(state: &State, interaction: &Interaction, id: &str) -> Result<Id, ApiError> {
    let found = if id == "@original" { interaction.original } else { parse_id(id) };
    let message = found.and_then(|id| state.message(interaction.channel, id));
    message
        .filter(|message| {
            Some(message.id) == interaction.original
                || message.origin.as_ref().is_some_and(|origin| origin.interaction == interaction.id)
        })
        .map(|message| message.id)
        .ok_or_else(|| ApiError::of(10008))
}

fn edit(state: &mut State, call: &Call, interaction: &Interaction, id: Id) -> Result<Reply, ApiError> {
    let existing = state.message(interaction.channel, id).cloned().ok_or_else(|| ApiError::of(10008))?;
    let draft = compose::read(&call.body, &call.files, Some(&existing))?;
    let loading = existing.flags & flag::LOADING != 0;
    if let Some(message) = state.message_mut(interaction.channel, id) {
        message.flags &= !flag::LOADING;
    }
    state.rewrite(interaction.channel, id, draft, &call.files, !loading);
    let message = state.message(interaction.channel, id).ok_or_else(|| ApiError::of(10008))?;
    Ok(Reply::ok(state.message_json(message)))
}

/// A follow-up. The first one after "thinking..." takes its place and its visibility.
fn follow_up(state: &mut State, call: &Call, interaction: &Interaction) -> Result<Reply, ApiError> {
    let waiting = interaction.original.filter(|id| {
        interaction.answered == Some(answer::DEFER)
            && state.message(interaction.channel, *id).is_some_and(|message| message.flags & flag::LOADING != 0)
    });
    if let Some(id) = waiting {
        return edit(state, call, interaction, id);
    }
    let draft = compose::read(&call.body, &call.files, None)?;
    let ephemeral = draft.flags & flag::EPHEMERAL != 0;
    let sender = sender(state, interaction, ephemeral, interaction.original);
    let id = state.send(sender, draft, &call.files);
    let message = state.message(interaction.channel, id).ok_or_else(|| ApiError::of(10008))?;
    Ok(Reply::ok(state.message_json(message)))
}
