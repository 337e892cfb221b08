//! The JSON of Discord's objects. Reads the state, changes nothing.

use serde_json::{Map, Value, json};

use super::ids::{Id, created_ms, iso, opt_iso, opt_sid, sid, sids};
use super::model::{Channel, Member, Message, Role, User, kind};
use super::permissions::Overwrite;
use super::state::State;

/// Discord docs, "User Object".
pub(super) fn user(user: &User) -> Value {
    let mut value = json!({
        "id": sid(user.id), "username": user.username, "discriminator": if user.bot { "4242" } else { "0" },
        "global_name": user.global_name, "avatar": null, "avatar_decoration_data": null, "banner": null,
        "accent_color": null, "public_flags": 0, "flags": 0, "collectibles": null, "clan": null, "primary_guild": null,
    });
    if user.bot {
        value["bot"] = json!(true);
    }
    value
}

/// Discord docs, "Guild Member Object", without `user`.
pub(super) fn member_part(member: &Member) -> Value {
    json!({
        "roles": sids(&member.roles), "nick": null, "avatar": null, "banner": null, "joined_at": iso(member.joined_ms),
        "premium_since": null, "communication_disabled_until": null, "unusual_dm_activity_until": null,
        "deaf": false, "mute": false, "pending": false, "flags": 0,
    })
}

/// Discord docs, "Role Object".
pub(super) fn role(role: &Role) -> Value {
    let mut value = json!({
        "id": sid(role.id), "name": role.name, "description": null, "permissions": role.permissions.to_string(),
        "position": role.position, "color": role.color,
        "colors": { "primary_color": role.color, "secondary_color": null, "tertiary_color": null },
        "hoist": false, "managed": role.bot.is_some(), "mentionable": role.mentionable, "icon": null,
        "unicode_emoji": null, "flags": 0,
    });
    if let Some(bot) = role.bot {
        value["tags"] = json!({ "bot_id": sid(bot) });
    }
    value
}

/// Discord docs, "Overwrite Object".
fn overwrite(over: &Overwrite) -> Value {
    json!({ "id": sid(over.id), "type": over.kind, "allow": over.allow.to_string(), "deny": over.deny.to_string() })
}

/// Discord docs, "Emoji Object", partial.
pub(super) fn emoji(text: &str) -> Value {
    match text.split_once(':') {
        Some((name, id)) => json!({ "id": id, "name": name }),
        None => json!({ "id": null, "name": text }),
    }
}

impl State {
    /// A user by id; a webhook's or unknown one as Discord shows deleted accounts.
    pub fn user_json(&self, id: Id) -> Value {
        self.users.get(&id).map_or_else(
            || json!({ "id": sid(id), "username": "deleted_user", "discriminator": "0", "global_name": null, "avatar": null }),
            user,
        )
    }

    /// A member with `user` inside.
    pub fn member_json(&self, member: &Member) -> Value {
        let mut value = member_part(member);
        value["user"] = self.user_json(member.user);
        value
    }

    /// Discord docs, "Channel Object" (guild channel, thread or DM).
    pub fn channel_json(&self, channel: &Channel) -> Value {
        if channel.kind == kind::DM {
            let others: Vec<Value> = self.dm_peers(channel).into_iter().map(|id| self.user_json(id)).collect();
            return json!({
                "id": sid(channel.id), "type": kind::DM, "flags": 0, "last_message_id": opt_sid(channel.last_message),
                "last_pin_timestamp": opt_iso(channel.last_pin_ms), "recipients": others,
            });
        }
        if channel.thread.is_some() {
            return self.thread_json(channel);
        }
        let mut value = json!({
            "id": sid(channel.id), "type": channel.kind, "guild_id": sid(self.guild.id), "name": channel.name,
            "position": channel.position, "flags": 0, "parent_id": opt_sid(channel.parent),
            "permission_overwrites": channel.overwrites.iter().map(overwrite).collect::<Vec<_>>(),
        });
        if channel.kind != kind::CATEGORY {
            value["topic"] = json!(channel.topic);
            value["nsfw"] = json!(channel.nsfw);
            value["rate_limit_per_user"] = json!(channel.slowmode_s);
            value["last_message_id"] = opt_sid(channel.last_message);
            value["last_pin_timestamp"] = opt_iso(channel.last_pin_ms);
        }
        if channel.kind == kind::VOICE {
            value["bitrate"] = json!(64_000);
            value["user_limit"] = json!(0);
            value["rtc_region"] = Value::Null;
        }
        value
    }

    fn thread_json(&self, channel: &Channel) -> Value {
        let Some(thread) = &channel.thread else { return Value::Null };
        let mut value = json!({
            "id": sid(channel.id), "type": channel.kind, "guild_id": sid(self.guild.id), "name": channel.name,
            "parent_id": opt_sid(channel.parent), "owner_id": sid(thread.owner), "flags": 0,
            "last_message_id": opt_sid(channel.last_message), "last_pin_timestamp": opt_iso(channel.last_pin_ms),
            "rate_limit_per_user": channel.slowmode_s, "message_count": thread.message_count,
            "total_message_sent": thread.total_sent, "member_count": thread.members.len().min(50),
            "bitrate": 64_000, "user_limit": 0, "rtc_region": null,
            "thread_metadata": {
                "archived": thread.archived, "auto_archive_duration": thread.auto_archive_minutes,
                "archive_timestamp": iso(thread.archive_changed_ms), "locked": thread.locked,
                "create_timestamp": iso(thread.created_ms),
            },
        });
        if channel.kind == kind::PRIVATE_THREAD {
            value["thread_metadata"]["invitable"] = json!(thread.invitable);
        }
        if let Some((user, joined)) = thread.members.iter().find(|(user, _)| *user == self.app.id) {
            value["member"] =
                json!({ "id": sid(channel.id), "user_id": sid(*user), "join_timestamp": iso(*joined), "flags": 0 });
        }
        value
    }

    /// Discord docs, "Thread Member Object".
    pub fn thread_member_json(&self, thread: Id, user: Id, joined_ms: i64) -> Value {
        json!({ "id": sid(thread), "user_id": sid(user), "join_timestamp": iso(joined_ms), "flags": 0 })
    }

    /// Discord docs, "Message Object", as REST answers with it to the bot.
    pub fn message_json(&self, message: &Message) -> Value {
        self.message_with(message, true)
    }

    /// The message; `referenced` says whether the one it replies to is inlined (Discord does so one level deep).
    fn message_with(&self, message: &Message, referenced: bool) -> Value {
        let mut value = json!({
            "id": sid(message.id), "type": message.kind, "channel_id": sid(message.channel),
            "author": self.author_json(message), "content": message.content, "timestamp": iso(created_ms(message.id)),
            "edited_timestamp": opt_iso(message.edited_ms), "tts": message.tts,
            "mention_everyone": message.mention_everyone,
            "mentions": message.mentions.iter().map(|id| self.user_json(*id)).collect::<Vec<_>>(),
            "mention_roles": sids(&message.mention_roles), "attachments": message.attachments,
            "embeds": if message.flags & super::model::flag::SUPPRESS_EMBEDS != 0 { json!([]) } else { json!(message.embeds) },
            "components": message.components, "pinned": message.pinned_ms.is_some(), "flags": message.flags,
        });
        if !message.reactions.is_empty() {
            value["reactions"] = message.reactions.iter().map(|reaction| self.reaction_json(reaction)).collect();
        }
        if let Some(nonce) = &message.nonce {
            value["nonce"] = nonce.clone();
        }
        if let Some(webhook) = &message.webhook {
            value["webhook_id"] = sid(webhook.id);
            value["application_id"] = sid(webhook.application);
        }
        if let Some(thread) = message.thread.and_then(|id| self.channels.get(&id)) {
            value["thread"] = self.channel_json(thread);
        }
        self.add_reference(&mut value, message, referenced);
        self.add_origin(&mut value, message);
        value
    }

    fn reaction_json(&self, reaction: &super::model::Reaction) -> Value {
        json!({
            "emoji": emoji(&reaction.emoji), "count": reaction.users.len(),
            "count_details": { "burst": 0, "normal": reaction.users.len() }, "burst_colors": [], "me_burst": false,
            "burst_me": false, "burst_count": 0, "me": reaction.users.contains(&self.app.id),
        })
    }

    fn author_json(&self, message: &Message) -> Value {
        match &message.webhook {
            Some(webhook) => json!({
                "id": sid(webhook.id), "username": webhook.username, "discriminator": "0000", "global_name": null,
                "avatar": null, "bot": true, "public_flags": 0, "flags": 0,
            }),
            None => self.user_json(message.author),
        }
    }

    fn add_reference(&self, value: &mut Value, message: &Message, referenced: bool) {
        let Some((channel, target)) = message.reference else { return };
        let mut reference = json!({ "type": 0, "channel_id": sid(channel), "message_id": sid(target) });
        if self.channels.get(&channel).is_none_or(Channel::in_guild) {
            reference["guild_id"] = sid(self.guild.id);
        }
        value["message_reference"] = reference;
        if referenced && matches!(message.kind, 19 | 21) {
            value["referenced_message"] =
                self.message(channel, target).map_or(Value::Null, |message| self.message_with(message, false));
        }
    }

    fn add_origin(&self, value: &mut Value, message: &Message) {
        let Some(origin) = &message.origin else { return };
        value["application_id"] = sid(self.app.id);
        value["webhook_id"] = sid(self.app.id);
        let mut metadata = origin.metadata.clone();
        if let Some(original) = origin.original {
            metadata["original_response_message_id"] = sid(original);
        }
        value["interaction_metadata"] = metadata;
        if let Some(legacy) = &origin.legacy {
            value["interaction"] = legacy.clone();
        }
    }

    /// The message with what gateway events add: `guild_id` and `member`. Ephemeral messages carry neither (Discord docs,
    /// "Message Create").
    pub fn message_event_json(&self, message: &Message) -> Value {
        let mut value = self.message_json(message);
        let in_guild = self.channels.get(&message.channel).is_none_or(Channel::in_guild);
        value["channel_type"] = json!(self.channels.get(&message.channel).map_or(0, |channel| channel.kind));
        if in_guild && message.ephemeral_for.is_none() {
            value["guild_id"] = sid(self.guild.id);
            if message.webhook.is_none()
                && let Some(member) = self.members.get(&message.author)
            {
                value["member"] = member_part(member);
            }
            for (index, user) in message.mentions.iter().enumerate() {
                if let Some(member) = self.members.get(user) {
                    value["mentions"][index]["member"] = member_part(member);
                }
            }
        }
        value
    }

    /// Discord docs, "Guild Object".
    pub fn guild_json(&self) -> Value {
        let guild = &self.guild;
        json!({
            "id": sid(guild.id), "name": guild.name, "icon": null, "description": null, "home_header": null,
            "splash": null, "discovery_splash": null, "features": [], "banner": null, "owner_id": sid(guild.owner),
            "application_id": null, "region": "deprecated", "afk_channel_id": null, "afk_timeout": 300,
            "system_channel_id": null, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": null,
            "verification_level": 0, "roles": self.roles.values().map(role).collect::<Vec<_>>(),
            "default_message_notifications": 0, "mfa_level": 0, "explicit_content_filter": 0, "max_presences": null,
            "max_members": 500_000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
            "vanity_url_code": null, "premium_tier": 0, "premium_subscription_count": 0,
            "preferred_locale": guild.locale, "rules_channel_id": null, "safety_alerts_channel_id": null,
            "public_updates_channel_id": null, "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0,
            "emojis": [], "stickers": [], "incidents_data": null, "latest_onboarding_question_id": null,
        })
    }

    /// GUILD_CREATE. Discord docs: without GUILD_PRESENCES the members are only the bot itself (and who is in voice).
    pub fn guild_create_json(&self, presences: bool) -> Value {
        let mut value = self.guild_json();
        let members = self.members.values().filter(|member| presences || member.user == self.app.id);
        let seen = |channel: &&Channel| self.can_view(self.app.id, channel);
        let threads: Vec<Value> = self
            .channels
            .values()
            .filter(|channel| channel.thread.is_some() && !channel.archived())
            .filter(seen)
            .map(|channel| self.channel_json(channel))
            .collect();
        let plain = self.channels.values().filter(|channel| channel.in_guild() && channel.thread.is_none());
        let extra: Map<String, Value> = [
            ("joined_at", iso(created_ms(self.guild.id))),
            ("large", json!(false)),
            ("unavailable", json!(false)),
            ("member_count", json!(self.members.len())),
            ("members", members.map(|member| self.member_json(member)).collect()),
            ("channels", plain.filter(seen).map(|channel| self.channel_json(channel)).collect()),
            ("threads", json!(threads)),
            ("voice_states", json!([])),
            ("presences", json!([])),
            ("stage_instances", json!([])),
            ("guild_scheduled_events", json!([])),
            ("soundboard_sounds", json!([])),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
        if let Some(object) = value.as_object_mut() {
            object.extend(extra);
        }
        value
    }
}
