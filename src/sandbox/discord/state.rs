//! The whole guild in memory, and the questions everybody asks it. Every change goes through one lock, so that events
//! leave in the order of their changes. Start reading at [`State`].

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Value, json};

use super::errors::ApiError;
use super::hub::{Hub, intent};
use super::ids::{Id, SnowflakeSource, opt_iso, parse_id, sid};
use super::model::{Channel, Interaction, Member, Message, OpenModal, Ping, Role, StoredFile, Toast, User, flag, kind};
use super::permissions::{self as perm, Bits};
use super::rates::Rates;
use crate::sandbox::SandboxClock;

/// Toasts kept per sandbox; older ones fall off.
const TOASTS_KEPT: usize = 200;
/// Messages kept per channel; older ones fall out of the history.
const MESSAGES_KEPT: usize = 100_000;
/// Pings kept for tests.
const PINGS_KEPT: usize = 20_000;
/// Discord docs, "Threads": a thread archives itself after that many minutes without activity.
pub(super) const AUTO_ARCHIVE_MINUTES: [i64; 4] = [60, 1_440, 4_320, 10_080];
const MINUTE_MS: i64 = 60_000;

/// The bot's application.
#[derive(Clone, Debug)]
pub(super) struct App {
    /// Application and bot user have the same id, as in all apps since 2016.
    pub id: Id,
    pub name: String,
    pub token: String,
    pub message_content: bool,
    pub members_intent: bool,
    pub presences_intent: bool,
}

/// The guild itself.
#[derive(Clone, Debug)]
pub(super) struct Guild {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub locale: String,
}

/// Everything the sandbox knows.
pub(super) struct State {
    pub clock: SandboxClock,
    pub ids: SnowflakeSource,
    /// "http://127.0.0.1:P".
    pub origin: String,
    pub app: App,
    pub guild: Guild,
    pub users: BTreeMap<Id, User>,
    pub members: BTreeMap<Id, Member>,
    pub roles: BTreeMap<Id, Role>,
    pub channels: BTreeMap<Id, Channel>,
    pub messages: BTreeMap<Id, BTreeMap<Id, Message>>,
    pub files: BTreeMap<Id, StoredFile>,
    pub commands: Vec<Value>,
    /// When commands were created (sandbox clock), for the daily maximum.
    pub command_creates: VecDeque<i64>,
    pub interactions: BTreeMap<Id, Interaction>,
    /// Interactions that time may still end: unanswered, or deferred and not finished.
    pub waiting: BTreeSet<Id>,
    pub tokens: HashMap<String, Id>,
    pub modals: BTreeMap<Id, OpenModal>,
    pub toasts: VecDeque<Toast>,
    pub typing: Vec<(Id, Id, i64)>,
    pub pings: VecDeque<Ping>,
    /// (author, nonce) -> (message, when).
    pub nonces: HashMap<(Id, String), (Id, Id, i64)>,
    pub rates: Rates,
    pub hub: Hub,
    pub version: u64,
}

impl State {
    /// The sandbox clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A fresh snowflake.
    pub fn new_id(&mut self) -> Id {
        let now = self.now_ms();
        self.ids.next(now)
    }

    /// Roles a member has, @everyone excluded.
    pub fn roles_of(&self, user: Id) -> &[Id] {
        self.members.get(&user).map_or(&[], |member| &member.roles)
    }

    /// Permissions in the whole guild.
    pub fn guild_permissions(&self, user: Id) -> Bits {
        if user == self.guild.owner {
            return perm::ALL;
        }
        if !self.members.contains_key(&user) {
            return 0;
        }
        let everyone = self.roles.get(&self.guild.id).map_or(0, |role| role.permissions);
        let own =
            self.roles_of(user).iter().filter_map(|id| self.roles.get(id)).fold(0, |bits, r| bits | r.permissions);
        let bits = everyone | own;
        if bits & perm::ADMINISTRATOR != 0 { perm::ALL } else { bits }
    }

    /// Permissions in one channel; threads take their parent's.
    pub fn permissions_in(&self, user: Id, channel: &Channel) -> Bits {
        if channel.kind == kind::DM {
            let inside = channel.recipients.contains(&user);
            return if inside { perm::EVERYONE_DEFAULT | perm::PIN_MESSAGES } else { 0 };
        }
        if channel.thread.is_some() {
            return self.thread_permissions(user, channel);
        }
        let base = self.guild_permissions(user);
        if base == 0 {
            return 0;
        }
        perm::in_channel(base, self.guild.id, user, self.roles_of(user), &channel.overwrites)
    }

    fn thread_permissions(&self, user: Id, channel: &Channel) -> Bits {
        let parent = channel.parent.and_then(|id| self.channels.get(&id));
        let Some(parent) = parent else { return 0 };
        let bits = self.permissions_in(user, parent);
        let inside = channel.thread.as_ref().is_some_and(|thread| thread.members.iter().any(|(id, _)| *id == user));
        if channel.kind == kind::PRIVATE_THREAD && !inside && bits & perm::MANAGE_THREADS == 0 { 0 } else { bits }
    }

    /// Whether `user` sees the channel at all.
    pub fn can_view(&self, user: Id, channel: &Channel) -> bool {
        self.permissions_in(user, channel) & perm::VIEW_CHANNEL != 0
    }

    /// Whether `user` has all of `bits` in the channel.
    pub fn may(&self, user: Id, channel: &Channel, bits: Bits) -> bool {
        self.permissions_in(user, channel) & bits == bits
    }

    /// The permission that sending needs there.
    pub fn send_bit(channel: &Channel) -> Bits {
        if channel.thread.is_some() { perm::SEND_MESSAGES_IN_THREADS } else { perm::SEND_MESSAGES }
    }

    /// The channel the bot named, if it may know of it: 10003, 50001.
    pub fn bot_channel(&self, id: &str) -> Result<&Channel, ApiError> {
        let id = snowflake("channel_id", id)?;
        let channel = self.channels.get(&id).ok_or_else(|| ApiError::of(10003))?;
        if self.can_view(self.app.id, channel) { Ok(channel) } else { Err(ApiError::of(50001)) }
    }

    /// As [`State::bot_channel`], with further permissions: 50013.
    pub fn bot_channel_with(&self, id: &str, bits: Bits) -> Result<&Channel, ApiError> {
        let channel = self.bot_channel(id)?;
        if self.may(self.app.id, channel, bits) { Ok(channel) } else { Err(ApiError::of(50013)) }
    }

    /// A message of a channel.
    pub fn message(&self, channel: Id, id: Id) -> Option<&Message> {
        self.messages.get(&channel)?.get(&id)
    }

    /// A message to be changed.
    pub fn message_mut(&mut self, channel: Id, id: Id) -> Option<&mut Message> {
        self.messages.get_mut(&channel)?.get_mut(&id)
    }

    /// A message the bot named, ephemeral ones excluded: 10008.
    pub fn bot_message(&self, channel: Id, id: &str) -> Result<&Message, ApiError> {
        let id = snowflake("message_id", id)?;
        self.message(channel, id).filter(|message| message.ephemeral_for.is_none()).ok_or_else(|| ApiError::of(10008))
    }

    /// Who a DM channel is with, as the bot sees it.
    pub fn dm_peers(&self, channel: &Channel) -> Vec<Id> {
        channel.recipients.iter().copied().filter(|id| *id != self.app.id).collect()
    }

    /// The DM between the bot and a user, made when there is none yet.
    pub fn dm_with(&mut self, user: Id) -> Id {
        let found = self.channels.values().find(|ch| ch.kind == kind::DM && ch.recipients.contains(&user));
        if let Some(channel) = found {
            return channel.id;
        }
        let id = self.new_id();
        let mut channel = Channel::plain(id, kind::DM, "");
        channel.recipients = vec![user, self.app.id];
        self.channels.insert(id, channel);
        id
    }

    /// Finds a member by id, `<@id>`, `@name` or name.
    pub fn find_user(&self, text: &str) -> Option<Id> {
        let bare = text.trim_start_matches("<@").trim_start_matches('!').trim_end_matches('>').trim_start_matches('@');
        parse_id(bare)
            .filter(|id| self.users.contains_key(id))
            .or_else(|| self.users.values().find(|user| user.username == bare).map(|user| user.id))
    }

    /// Shows a sentence to one user.
    pub fn toast(&mut self, user: Id, text: &str) {
        let (id, at_ms) = (self.new_id(), self.now_ms());
        self.toasts.push_back(Toast { id, user, at_ms, text: text.to_owned() });
        while self.toasts.len() > TOASTS_KEPT {
            self.toasts.pop_front();
        }
    }

    /// Remembers who was notified.
    pub fn ping(&mut self, ping: Ping) {
        self.pings.push_back(ping);
        while self.pings.len() > PINGS_KEPT {
            self.pings.pop_front();
        }
    }

    /// Files a message and keeps the channel's and the thread's counters.
    pub fn store_message(&mut self, message: Message) {
        let now = self.now_ms();
        if message.ephemeral_for.is_none()
            && let Some(channel) = self.channels.get_mut(&message.channel)
        {
            channel.last_message = Some(message.id);
            if let Some(thread) = &mut channel.thread {
                thread.active_ms = now;
                if message.kind != 21 {
                    thread.message_count += 1;
                    thread.total_sent += 1;
                }
            }
        }
        let all = self.messages.entry(message.channel).or_default();
        all.insert(message.id, message);
        while all.len() > MESSAGES_KEPT {
            all.pop_first();
        }
    }

    /// Sends MESSAGE_CREATE or MESSAGE_UPDATE for a stored message.
    pub fn emit_message(&mut self, event: &'static str, channel: Id, id: Id) {
        let Some(message) = self.message(channel, id) else { return };
        let Some(place) = self.channels.get(&channel) else { return };
        if !self.can_view(self.app.id, place) && message.ephemeral_for.is_none() {
            return;
        }
        let full = self.message_event_json(message);
        // Discord docs, "Message Create": ephemeral messages are tied to the DIRECT_MESSAGES intent.
        let private = !place.in_guild() || message.ephemeral_for.is_some();
        let open = private
            || (message.author == self.app.id && message.webhook.is_none())
            || message.mentions.contains(&self.app.id);
        let bare = (!open).then(|| without_content(full.clone()));
        let intents = if private { intent::DIRECT_MESSAGES } else { intent::GUILD_MESSAGES };
        self.hub.dispatch(event, intents, !private, full, bare);
    }

    /// Sends an event about a guild channel, if the bot sees that channel.
    pub fn emit_in(&mut self, event: &'static str, channel: Id, intents: (u64, u64), data: Value) {
        let Some(place) = self.channels.get(&channel) else { return };
        if !self.can_view(self.app.id, place) {
            return;
        }
        let in_guild = place.in_guild();
        self.hub.dispatch(event, if in_guild { intents.0 } else { intents.1 }, in_guild, data, None);
    }

    /// Sends CHANNEL_* or THREAD_* with the channel itself.
    pub fn emit_channel(&mut self, event: &'static str, channel: &Channel) {
        if channel.in_guild() && self.can_view(self.app.id, channel) {
            let data = self.channel_json(channel);
            self.hub.dispatch(event, intent::GUILDS, true, data, None);
        }
    }

    /// Sends CHANNEL_PINS_UPDATE.
    pub fn emit_pins(&mut self, channel: Id) {
        let Some(place) = self.channels.get(&channel) else { return };
        let mut data = json!({ "channel_id": sid(channel), "last_pin_timestamp": opt_iso(place.last_pin_ms) });
        if place.in_guild() {
            data["guild_id"] = sid(self.guild.id);
        }
        self.emit_in("CHANNEL_PINS_UPDATE", channel, (intent::GUILDS, intent::DIRECT_MESSAGES), data);
    }

    /// Removes a message and tells; whoever asked had the right.
    pub fn remove_message(&mut self, channel: Id, id: Id) -> Option<Message> {
        let message = self.messages.get_mut(&channel)?.remove(&id)?;
        if let Some(thread) = self.channels.get_mut(&channel).and_then(|place| place.thread.as_mut())
            && message.ephemeral_for.is_none()
        {
            thread.message_count = thread.message_count.saturating_sub(1);
        }
        let mut data = json!({ "id": sid(id), "channel_id": sid(channel) });
        let private = message.ephemeral_for.is_some();
        if !private && self.channels.get(&channel).is_some_and(Channel::in_guild) {
            data["guild_id"] = sid(self.guild.id);
        }
        if !private {
            self.emit_in("MESSAGE_DELETE", channel, (intent::GUILD_MESSAGES, intent::DIRECT_MESSAGES), data);
        }
        Some(message)
    }

    /// What time alone does: quiet threads archive themselves, typing ends.
    pub fn tick(&mut self) {
        let now = self.now_ms();
        self.typing.retain(|(_, _, until)| *until > now);
        let quiet = |channel: &&Channel| {
            channel.thread.as_ref().is_some_and(|thread| {
                !thread.archived && now - thread.active_ms >= thread.auto_archive_minutes * MINUTE_MS
            })
        };
        let due: Vec<Id> = self.channels.values().filter(quiet).map(|channel| channel.id).collect();
        for id in due {
            self.set_archived(id, true);
        }
    }

    /// Whether time alone has something to do, so that idle sandboxes do not wake their watchers.
    pub fn has_due(&self) -> bool {
        let now = self.now_ms();
        self.typing.iter().any(|(_, _, until)| *until <= now)
            || self
                .channels
                .values()
                .filter_map(|channel| channel.thread.as_ref())
                .any(|thread| !thread.archived && now - thread.active_ms >= thread.auto_archive_minutes * MINUTE_MS)
            || self.waiting_interactions(now)
    }

    /// Archives or wakes a thread and tells.
    pub fn set_archived(&mut self, id: Id, archived: bool) {
        let now = self.now_ms();
        let Some(thread) = self.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) else { return };
        thread.archived = archived;
        thread.archive_changed_ms = now;
        if !archived {
            thread.active_ms = now;
        }
        if let Some(channel) = self.channels.get(&id).cloned() {
            self.emit_channel("THREAD_UPDATE", &channel);
        }
    }
}

impl Channel {
    /// A channel with nothing set.
    pub fn plain(id: Id, kind: u8, name: &str) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            topic: None,
            parent: None,
            position: 0,
            nsfw: false,
            slowmode_s: 0,
            overwrites: Vec::new(),
            recipients: Vec::new(),
            last_message: None,
            last_pin_ms: None,
            thread: None,
        }
    }
}

/// Empties what the MESSAGE_CONTENT intent guards (Discord docs, "Message Content Intent").
pub(super) fn without_content(mut message: Value) -> Value {
    message["content"] = json!("");
    for key in ["embeds", "attachments", "components"] {
        message[key] = json!([]);
    }
    if message.get("referenced_message").is_some_and(Value::is_object) {
        message["referenced_message"] = without_content(message["referenced_message"].take());
    }
    message
}

/// Reads a snowflake out of a path or form: 50035 NUMBER_TYPE_COERCE otherwise.
pub(super) fn snowflake(field: &str, text: &str) -> Result<Id, ApiError> {
    parse_id(text)
        .ok_or_else(|| ApiError::field(field, "NUMBER_TYPE_COERCE", format!("Value \"{text}\" is not snowflake.")))
}

/// Whether a message's flags say "components V2".
pub(super) fn is_v2(flags: u64) -> bool {
    flags & flag::COMPONENTS_V2 != 0
}
