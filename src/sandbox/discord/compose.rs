//! From a payload to a message: checks every rule, then makes or changes the message and tells everybody.
//! All ways to write end here: REST, interaction answers, follow-ups, webhooks and the people of the sandbox.

use serde_json::Value;

use super::attachments::{FILE_BYTES_MAX, Upload};
use super::errors::{ApiError, FormErrors};
use super::form::{at, boolean, given, integer, length, list, text};
use super::ids::{Id, as_id};
use super::mentions::Allowed;
use super::model::{Channel, Message, Origin, Ping, WebhookAuthor, flag};
use super::permissions as perm;
use super::state::{State, is_v2};
use super::{components, embeds};

/// Discord docs, "Create Message".
const CONTENT_MAX: usize = 2000;
const NONCE_MAX: usize = 25;
const ATTACHMENTS_MAX: usize = 10;
const ALT_TEXT_MAX: usize = 1024;
/// "the past few minutes" (Discord docs, `enforce_nonce`).
const NONCE_WINDOW_MS: i64 = 300_000;
/// Nonces remembered before old ones are swept.
const NONCES_MAX: usize = 50_000;

/// A checked payload; `None` = the field was not given.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub content: Option<String>,
    pub embeds: Option<Vec<Value>>,
    pub components: Option<Vec<Value>>,
    /// Attachment entries: new files by number, kept ones by snowflake.
    pub attachments: Option<Vec<Value>>,
    pub flags: u64,
    pub flags_given: bool,
    pub allowed: Allowed,
    /// Channel and message it answers.
    pub reference: Option<(Option<Id>, Id, bool)>,
    pub nonce: Option<Value>,
    pub enforce_nonce: bool,
    pub tts: bool,
}

/// Where a message goes and who writes it.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub channel: Id,
    pub author: Id,
    pub kind: u8,
    pub webhook: Option<WebhookAuthor>,
    pub origin: Option<Origin>,
    pub ephemeral_for: Option<Id>,
    /// The message an interaction answer hangs under, as a reply that notifies nobody.
    pub answers: Option<Id>,
}

impl Sender {
    /// A plain message.
    pub fn plain(channel: Id, author: Id) -> Self {
        Self { channel, author, kind: 0, webhook: None, origin: None, ephemeral_for: None, answers: None }
    }
}

/// Checks a payload. `existing` is the message an edit changes.
pub(super) fn read(payload: &Value, files: &[Upload], existing: Option<&Message>) -> Result<Draft, ApiError> {
    let mut form = FormErrors::default();
    let flags = u64::try_from(integer(&mut form, "", payload, "flags", (0, i64::MAX)).unwrap_or(0)).unwrap_or(0);
    let v2 = is_v2(flags) || existing.is_some_and(|message| is_v2(message.flags));
    let flags_given = given(payload, "flags").is_some();
    let mut draft = Draft { flags, flags_given, allowed: Allowed::read(&mut form, payload), ..Draft::default() };
    text(&mut form, "", payload, "content", (0, CONTENT_MAX));
    draft.content = payload.get("content").map(|words| words.as_str().unwrap_or_default().trim().to_owned());
    let stored = embeds::check(&mut form, payload);
    draft.embeds = payload.get("embeds").map(|_| stored);
    let parts = components::check(&mut form, payload, v2);
    draft.components = payload.get("components").map(|_| parts);
    draft.tts = boolean(&mut form, "", payload, "tts").unwrap_or(false);
    if v2 {
        check_v2(&mut form, payload, existing);
    }
    read_nonce(&mut form, payload, &mut draft);
    read_reference(&mut form, payload, &mut draft);
    read_attachments(&mut form, payload, files, existing, &mut draft);
    form.check()?;
    if files.iter().any(|file| file.bytes.len() > FILE_BYTES_MAX) {
        return Err(ApiError::of(40005));
    }
    refuse_empty(payload, &draft, files, existing)?;
    Ok(draft)
}

/// Flag 1<<15 forbids content, embeds, stickers and polls (Discord docs, "Components V2").
/// A message that becomes V2 by an edit must drop its old content and embeds in the same edit.
fn check_v2(form: &mut FormErrors, payload: &Value, existing: Option<&Message>) {
    let old = existing.filter(|message| !is_v2(message.flags));
    for key in ["content", "embeds", "sticker_ids", "poll"] {
        let kept = payload.get(key).is_none()
            && old.is_some_and(|old| match key {
                "content" => !old.content.is_empty(),
                "embeds" => !old.embeds.is_empty(),
                _ => false,
            });
        let empty = !kept
            && given(payload, key).is_none_or(|value| {
                value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
            });
        if !empty {
            let words = format!("The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
            form.add(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words);
        }
    }
}

fn read_nonce(form: &mut FormErrors, payload: &Value, draft: &mut Draft) {
    let Some(nonce) = given(payload, "nonce") else { return };
    match nonce {
        Value::String(words) if length(words) > NONCE_MAX => {
            form.add("nonce", "BASE_TYPE_MAX_LENGTH", format!("Must be {NONCE_MAX} or fewer in length."));
        }
        Value::String(_) | Value::Number(_) => {}
        _ => form.add("nonce", "NONCE_TYPE_CONVERT", "Nonce must be a string or an integer."),
    }
    draft.nonce = Some(nonce.clone());
    draft.enforce_nonce = boolean(form, "", payload, "enforce_nonce").unwrap_or(false);
}

fn read_reference(form: &mut FormErrors, payload: &Value, draft: &mut Draft) {
    let Some(reference) = given(payload, "message_reference") else { return };
    // Forwards (type 1) are not part of this Discord; better refused than taken for replies.
    if reference["type"].as_u64().unwrap_or(0) != 0 {
        super::form::not_one_of(form, "message_reference.type", &[0]);
    }
    match given(reference, "message_id").and_then(as_id) {
        Some(message) => {
            let channel = given(reference, "channel_id").and_then(as_id);
            let strict = reference["fail_if_not_exists"].as_bool().unwrap_or(true);
            draft.reference = Some((channel, message, strict));
        }
        None => form.required("message_reference.message_id"),
    }
}

fn read_attachments(
    form: &mut FormErrors,
    payload: &Value,
    files: &[Upload],
    existing: Option<&Message>,
    draft: &mut Draft,
) {
    let entries = list(form, "", payload, "attachments", (0, ATTACHMENTS_MAX));
    let known = |entry: &Value| {
        let id =
            entry.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).unwrap_or_default();
        let kept = existing.is_some_and(|message| {
            message.attachments.iter().chain(&message.inline_attachments).any(|old| old["id"].as_str() == Some(&id))
        });
        kept || files.iter().any(|file| file.key == id)
    };
    for (index, entry) in entries.iter().enumerate() {
        let path = at("attachments", index);
        text(form, &path, entry, "description", (0, ALT_TEXT_MAX));
        if !known(entry) {
            form.add(&at(&path, "id"), "ATTACHMENT_NOT_FOUND", "File data was missing");
        }
    }
    if files.len() > ATTACHMENTS_MAX {
        form.add("attachments", "BASE_TYPE_MAX_LENGTH", format!("Must be {ATTACHMENTS_MAX} or fewer in length."));
    }
    draft.attachments = payload.get("attachments").map(|_| entries.to_vec());
}

fn refuse_empty(payload: &Value, draft: &Draft, files: &[Upload], old: Option<&Message>) -> Result<(), ApiError> {
    let empty =
        |list: &Option<Vec<Value>>, before: Option<&Vec<Value>>| list.as_ref().or(before).is_none_or(Vec::is_empty);
    let content = draft.content.as_deref().or(old.map(|message| message.content.as_str())).unwrap_or_default();
    let attached = draft.attachments.as_ref().map_or_else(
        || old.is_some_and(|message| !message.attachments.is_empty() || !message.inline_attachments.is_empty()),
        |entries| !entries.is_empty(),
    );
    let others =
        given(payload, "poll").is_some() || payload["sticker_ids"].as_array().is_some_and(|ids| !ids.is_empty());
    let nothing = content.is_empty()
        && empty(&draft.embeds, old.map(|message| &message.embeds))
        && empty(&draft.components, old.map(|message| &message.components))
        && files.is_empty()
        && !attached
        && !others;
    if nothing { Err(ApiError::of(50006)) } else { Ok(()) }
}

impl State {
    /// May `author` write this there: 50013, 50083, 160005, 50007, 10008-like reference errors.
    pub fn check_send(&self, author: Id, channel: &Channel, draft: &Draft, files: bool) -> Result<(), ApiError> {
        if !channel.holds_messages() {
            return Err(ApiError::of(50008));
        }
        if !channel.in_guild() {
            let open = self.dm_peers(channel).iter().all(|id| self.users.get(id).is_some_and(|user| user.allows_dms));
            return if open || author != self.app.id { Ok(()) } else { Err(ApiError::of(50007)) };
        }
        let bits = self.permissions_in(author, channel);
        let mut needed = State::send_bit(channel);
        if draft.embeds.as_ref().is_some_and(|list| !list.is_empty()) {
            needed |= perm::EMBED_LINKS;
        }
        if files {
            needed |= perm::ATTACH_FILES;
        }
        if bits & needed != needed {
            return Err(ApiError::of(50013));
        }
        if channel.thread.as_ref().is_some_and(|thread| thread.locked) && bits & perm::MANAGE_THREADS == 0 {
            return Err(ApiError::of(160_005));
        }
        self.check_reference(channel, draft, bits)
    }

    fn check_reference(&self, channel: &Channel, draft: &Draft, bits: perm::Bits) -> Result<(), ApiError> {
        let Some((elsewhere, target, strict)) = draft.reference else { return Ok(()) };
        if bits & perm::READ_MESSAGE_HISTORY == 0 {
            return Err(ApiError::of(160_002));
        }
        let there = elsewhere.is_none_or(|id| id == channel.id) && self.message(channel.id, target).is_some();
        if strict && !there {
            return Err(ApiError::field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"));
        }
        Ok(())
    }

    /// The message an `enforce_nonce` repeats, if it is still there.
    pub fn repeated(&self, author: Id, draft: &Draft) -> Option<(Id, Id)> {
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
        let (channel, message, at_ms) = *self.nonces.get(&(author, nonce_text(nonce)))?;
        let fresh = self.now_ms() - at_ms < NONCE_WINDOW_MS;
        (fresh && self.message(channel, message).is_some()).then_some((channel, message))
    }

    /// Makes the message, files it, tells everybody; returns its id.
    pub fn send(&mut self, sender: Sender, draft: Draft, files: &[Upload]) -> Id {
        let id = self.new_id();
        if self.channels.get(&sender.channel).is_some_and(Channel::archived) {
            self.set_archived(sender.channel, false);
        }
        let mut message = Message::new(id, sender.channel, sender.author, sender.kind);
        message.webhook = sender.webhook;
        message.origin = sender.origin;
        message.ephemeral_for = sender.ephemeral_for;
        if message.ephemeral_for.is_some() {
            message.flags |= flag::EPHEMERAL;
        }
        let target = sender.answers.or(draft.reference.map(|(_, target, _)| target));
        if let Some(target) = target.filter(|target| self.message(sender.channel, *target).is_some()) {
            message.kind = 19;
            message.reference = Some((sender.channel, target));
        }
        if let Some(nonce) = &draft.nonce {
            self.remember_nonce(sender.author, nonce, sender.channel, id);
            message.nonce = Some(nonce.clone());
        }
        message.tts = draft.tts;
        self.fill(&mut message, draft, files, true);
        self.store_message(message);
        self.emit_message("MESSAGE_CREATE", sender.channel, id);
        // Only the answer and the event carry the nonce; nobody finds it in the history later.
        if let Some(message) = self.message_mut(sender.channel, id) {
            message.nonce = None;
        }
        id
    }

    fn remember_nonce(&mut self, author: Id, nonce: &Value, channel: Id, id: Id) {
        let now = self.now_ms();
        if self.nonces.len() >= NONCES_MAX {
            self.nonces.retain(|_, (_, _, at_ms)| now - *at_ms < NONCE_WINDOW_MS);
        }
        self.nonces.insert((author, nonce_text(nonce)), (channel, id, now));
    }

    /// Changes a message and tells everybody; `marks_edit` sets `edited_timestamp`.
    pub fn rewrite(&mut self, channel: Id, id: Id, draft: Draft, files: &[Upload], marks_edit: bool) {
        let Some(mut message) = self.message(channel, id).cloned() else { return };
        if marks_edit {
            message.edited_ms = Some(self.now_ms());
        }
        self.fill(&mut message, draft, files, false);
        if let Some(slot) = self.message_mut(channel, id) {
            *slot = message;
        }
        self.emit_message("MESSAGE_UPDATE", channel, id);
    }

    /// Puts a draft into a message: text, mentions (and on creation pings), files, embeds, components, flags.
    fn fill(&mut self, message: &mut Message, draft: Draft, files: &[Upload], new: bool) {
        const SETTABLE: u64 = flag::SUPPRESS_EMBEDS | flag::SUPPRESS_NOTIFICATIONS | flag::COMPONENTS_V2;
        message.flags |= draft.flags & SETTABLE;
        if draft.flags_given && draft.flags & flag::SUPPRESS_EMBEDS == 0 {
            message.flags &= !flag::SUPPRESS_EMBEDS;
        }
        let texts_change = draft.content.is_some() || draft.components.is_some();
        if let Some(content) = draft.content {
            message.content = content;
        }
        if let Some(parts) = draft.components {
            message.components = parts;
        }
        if let Some(embeds) = draft.embeds {
            message.embeds = embeds;
        }
        self.attach(message, draft.attachments, files);
        if texts_change || new {
            self.set_mentions(message, &draft.allowed, new);
        }
    }

    fn set_mentions(&mut self, message: &mut Message, allowed: &Allowed, new: bool) {
        let mut words = message.content.clone();
        components::texts(&message.components, &mut words);
        let replied = message
            .reference
            .filter(|_| message.origin.is_none())
            .and_then(|(channel, id)| self.message(channel, id))
            .map(|target| target.author);
        let found = self.mentions_in(&words, allowed, message.author, message.channel, replied);
        let pinged = !(found.users.is_empty() && found.notified_roles.is_empty() && !found.everyone);
        if new && pinged && message.ephemeral_for.is_none() {
            let names = |ids: &[Id]| ids.iter().map(Id::to_string).collect();
            self.ping(Ping {
                message_id: message.id.to_string(),
                channel_id: message.channel.to_string(),
                users: names(&found.users),
                roles: names(&found.notified_roles),
                everyone: found.everyone,
            });
        }
        message.mentions = found.users;
        message.mention_roles = found.roles;
        message.mention_everyone = found.everyone;
    }
}

fn nonce_text(nonce: &Value) -> String {
    nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned)
}
