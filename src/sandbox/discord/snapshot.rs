//! What one person's client shows, as JSON for the page and for tests. Reads the state, changes nothing.

use serde_json::{Map, Value, json};

use super::ids::{Id, opt_sid, sid};
use super::model::{Channel, kind};
use super::permissions as perm;
use super::state::State;

impl State {
    /// Everything `me` sees.
    pub fn snapshot(&self, me: Id) -> Value {
        let seen: Vec<&Channel> = self.channels.values().filter(|channel| self.can_view(me, channel)).collect();
        let messages: Map<String, Value> = seen
            .iter()
            .filter(|channel| channel.holds_messages())
            .map(|channel| (channel.id.to_string(), self.shown_messages(me, channel.id)))
            .collect();
        let toasts = self.toasts.iter().filter(|toast| toast.user == me);
        json!({
            "version": self.version, "clock_ms": self.now_ms(),
            "guild": { "id": sid(self.guild.id), "name": self.guild.name }, "me": sid(me),
            "users": self.users.values().map(|user| json!({
                "id": sid(user.id), "username": user.username, "global_name": user.global_name, "email": user.email,
                "locale": user.locale, "bot": user.bot, "color": user.color,
                "roles": super::ids::sids(self.roles_of(user.id)),
            })).collect::<Vec<_>>(),
            "roles": self.roles.values().map(|role| json!({
                "id": sid(role.id), "name": role.name, "color": role.color, "position": role.position,
            })).collect::<Vec<_>>(),
            "channels": seen.iter().map(|channel| self.shown_channel(me, channel)).collect::<Vec<_>>(),
            "messages": messages,
            "modal": self.modals.get(&me).map(|modal| json!({
                "custom_id": modal.view["custom_id"], "title": modal.view["title"],
                "components": modal.view["components"], "waiting": modal.submitted.is_some(),
            })),
            "commands": self.commands,
            "typing": self.typing.iter().filter(|(_, user, _)| *user != me).map(|(channel, user, until)| json!({
                "channel_id": sid(*channel), "user_id": sid(*user), "until_ms": until,
            })).collect::<Vec<_>>(),
            "toasts": toasts.map(|toast| json!({
                "id": sid(toast.id), "at_ms": toast.at_ms, "text": toast.text,
            })).collect::<Vec<_>>(),
        })
    }

    fn shown_messages(&self, me: Id, channel: Id) -> Value {
        let all = self.messages.get(&channel).into_iter().flat_map(|all| all.values());
        all.filter(|message| message.ephemeral_for.is_none_or(|owner| owner == me))
            .map(|message| {
                let mut value = self.message_json(message);
                value["ephemeral"] = json!(message.ephemeral_for.is_some());
                if let Some(origin) = &message.origin {
                    value["interaction_user"] = sid(origin.user);
                }
                value
            })
            .collect()
    }

    fn shown_channel(&self, me: Id, channel: &Channel) -> Value {
        let thread = channel.thread.as_ref();
        let mut value = json!({
            "id": sid(channel.id), "type": channel.kind, "name": channel.name, "parent_id": opt_sid(channel.parent),
            "topic": channel.topic, "thread": thread.is_some(), "archived": channel.archived(),
            "locked": thread.is_some_and(|thread| thread.locked), "position": channel.position,
            "can_send": channel.holds_messages() && self.may(me, channel, State::send_bit(channel) & perm::ALL),
            "last_message_id": opt_sid(channel.last_message),
        });
        if channel.kind == kind::DM {
            let other = channel.recipients.iter().copied().find(|id| *id != me);
            value["recipient"] = opt_sid(other);
        }
        value
    }
}
