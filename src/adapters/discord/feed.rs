//! From the gateway library's events to envelopes in their lanes.
//!
//! Own messages are dropped here, after their nonce was noted. Never waits: it runs on the session's thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use serenity::all::{Event, Interaction};

use super::DiscordChat;
use super::answer::ReplyTo;
use super::decode_interaction::{ask, reply_to, typed};
use super::lock::locked;
use super::pump::{Load, Pump};
use super::snowflake::id_at;
use super::wrap::{Wrapping, envelope, wrapped};
use crate::domain::time::Timestamp;
use crate::ports::envelope::Urgency;

/// Turns a session's events into envelopes. Called in order, from the session's thread; never waits.
pub(super) struct Feed {
    chat: Arc<DiscordChat>,
    pump: Arc<Pump>,
    session: std::sync::Mutex<String>,
    count: AtomicU64,
}

impl Feed {
    /// The feed of one session.
    pub(super) fn new(chat: Arc<DiscordChat>, pump: Arc<Pump>) -> Self {
        Self { chat, pump, session: std::sync::Mutex::default(), count: AtomicU64::new(0) }
    }

    /// Takes one event.
    pub(super) fn take(&self, event: Event) {
        self.count.fetch_add(1, Ordering::AcqRel);
        match event {
            Event::Ready(ready) => {
                locked(&self.session).clone_from(&ready.ready.session_id);
                let (user, application) = (ready.ready.user.id, ready.ready.application.id);
                self.chat.introduce(Some(user.to_string()), Some(application.to_string()));
                self.pump.gap();
                self.learn_people();
            }
            Event::Resumed(_) => self.pump.gap(),
            Event::GuildCreate(created) => self.guild_created(&created.guild),
            Event::InteractionCreate(created) => self.interaction(&created.interaction),
            Event::MessageDeleteBulk(bulk) => {
                for id in bulk.ids {
                    let one = json!({ "id": id.to_string(), "channel_id": bulk.channel_id.to_string(),
                        "guild_id": bulk.guild_id.map(|guild| guild.to_string()) });
                    self.event("MESSAGE_DELETE", one);
                }
            }
            Event::TypingStart(_) | Event::PresenceUpdate(_) | Event::GuildMembersChunk(_) => {}
            other => match serde_json::to_value(&other) {
                Ok(mut both) => {
                    let kind = both.get("t").and_then(Value::as_str).unwrap_or("UNKNOWN").to_owned();
                    let event = both.get_mut("d").map(Value::take).unwrap_or_default();
                    self.event(&kind, event);
                }
                Err(error) => tracing::error!(%error, "an event cannot be written down"),
            },
        }
    }

    /// GUILD_CREATE holds the bot only (Discord docs: Guild Create, without presences): names come from the list.
    fn learn_people(&self) {
        let chat = Arc::clone(&self.chat);
        tokio::spawn(async move {
            if let Err(error) = chat.read_people().await {
                tracing::warn!(%error, "the members' names are not known yet");
            }
        });
    }

    fn guild_created(&self, guild: &serenity::all::Guild) {
        let id = guild.id.to_string();
        let directory = &self.chat.directory;
        let channels = guild.channels.values().chain(&guild.threads).filter_map(|c| serde_json::to_value(c).ok());
        for channel in channels {
            directory.learn_channel(&channel, Some(&id));
        }
        for role in guild.roles.values().filter_map(|role| serde_json::to_value(role).ok()) {
            directory.learn_role(&role);
        }
        for member in guild.members.values().filter_map(|member| serde_json::to_value(member).ok()) {
            directory.learn_member(&member);
        }
        // The whole server was just read; only that it changed is worth keeping.
        self.event("GUILD_CREATE", json!({ "id": id }));
    }

    fn learn(&self, kind: &str, event: &Value) {
        let directory = &self.chat.directory;
        match kind {
            "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "THREAD_CREATE" | "THREAD_UPDATE" => {
                directory.learn_channel(event, None)
            }
            "THREAD_LIST_SYNC" => {
                for thread in event.get("threads").and_then(Value::as_array).into_iter().flatten() {
                    directory.learn_channel(thread, None);
                }
            }
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                if let Some(id) = id_at(event, "id") {
                    directory.forget_channel(&id);
                }
            }
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => directory.learn_role(event.get("role").unwrap_or(event)),
            "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" => directory.learn_member(event),
            "MESSAGE_CREATE" => self.chat.saw_own(event),
            _ => {}
        }
    }

    fn event(&self, kind: &str, event: Value) {
        self.learn(kind, &event);
        let me = locked(&self.chat.identity).user.clone().unwrap_or_default();
        if kind.starts_with("MESSAGE_") && is_own(&event, &me) {
            return;
        }
        let channel = id_at(&event, "channel_id").unwrap_or_default();
        let session = locked(&self.session).clone();
        let count = self.count.load(Ordering::Acquire);
        let wrapping = Wrapping { kind, me: &me, guild: None, session: &session, count };
        let made = envelope(&wrapping, event, &self.chat.directory, Urgency::Live, self.chat.clock.now());
        self.pump.live(&channel, made);
    }

    fn interaction(&self, interaction: &Interaction) {
        let kind = match interaction {
            Interaction::Command(_) => 2,
            Interaction::Component(_) => 3,
            Interaction::Autocomplete(_) => 4,
            Interaction::Modal(_) => 5,
            _ => 1,
        };
        let Ok(mut event) = serde_json::to_value(interaction) else { return };
        if let Some(members) = event.as_object_mut() {
            // serenity keeps the type in its own enum, not in what it writes.
            members.insert("type".into(), kind.into());
        }
        let now = self.chat.clock.now();
        let channel = id_at(&event, "channel_id").unwrap_or_default();
        let Some(reply) = reply_to(&event, kind, &channel, now) else { return };
        match kind {
            4 => {
                if let Some(ask) = ask(&event) {
                    self.pump.complete(ask, reply, is_integer(&event));
                }
            }
            2 | 3 | 5 => self.interactive(event, kind, reply, now),
            _ => {}
        }
    }

    fn interactive(&self, event: Value, kind: i64, reply: ReplyTo, now: Timestamp) {
        let me = locked(&self.chat.identity).user.clone().unwrap_or_default();
        let wrapping = Wrapping { kind: "INTERACTION_CREATE", me: &me, guild: None, session: "", count: 0 };
        let data = event.get("data").cloned().unwrap_or_default();
        let form = data.get("custom_id").and_then(Value::as_str).unwrap_or_default();
        let resolved = if kind == 5 {
            self.chat.forms.resolved(form, &typed(&data), &self.chat.directory)
        } else {
            serde_json::Map::new()
        };
        let made = wrapped(&wrapping, event, &self.chat.directory, resolved, Urgency::Interactive, now);
        self.pump.guard(reply.clone());
        self.pump.interactive(if kind == 5 { Load::Form(made, Box::new(reply)) } else { Load::Event(made) });
    }
}

fn is_own(event: &Value, me: &str) -> bool {
    let author = event.get("author").and_then(|author| id_at(author, "id")).or_else(|| id_at(event, "user_id"));
    author.is_some_and(|author| author == me)
}

/// Whether the focused option takes a whole number.
fn is_integer(event: &Value) -> bool {
    fn focused(options: &Value) -> Option<&Value> {
        options.as_array()?.iter().find_map(|option| {
            let here = option.get("focused").and_then(Value::as_bool) == Some(true);
            if here { Some(option) } else { focused(option.get("options")?) }
        })
    }
    let option = event.pointer("/data/options").and_then(focused);
    option.and_then(|option| option.get("type")).and_then(Value::as_i64) == Some(4)
}
