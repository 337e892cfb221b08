//! What people do in the sandbox: post, click, type commands, fill modals in. As strict as Discord's client: what it would
//! not offer is refused with a sentence.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::compose::{self, Draft, Sender};
use super::errors::ApiError;
use super::ids::{Id, parse_id, sid};
use super::interactions::act;
use super::model::{Channel, Message, WebhookAuthor};
use super::permissions as perm;
use super::reactions::known_emoji;
use super::setup::discord_locale;
use super::slash::DiscordOption;
use super::state::State;

/// Name of the only other app in the guild; its webhooks post as it pleases.
const OTHER_APP: Id = 900_000_000_000_000_001;

/// What a person does. The page posts the same JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it; the fields are channel, message and custom ids as Discord's")]
pub enum DiscordAct {
    /// Writes a message, perhaps as a reply.
    Post { channel: String, content: String, reply_to: Option<String> },
    /// Changes an own message.
    Edit { channel: String, message: String, content: String },
    /// Deletes an own message (or any, with MANAGE_MESSAGES).
    Delete { channel: String, message: String },
    /// Adds a reaction.
    React { channel: String, message: String, emoji: String },
    /// Takes an own reaction away.
    Unreact { channel: String, message: String, emoji: String },
    /// Pins a message.
    Pin { channel: String, message: String },
    /// Shows "... is typing".
    Typing { channel: String },
    /// Sends a slash command.
    Slash {
        channel: String,
        name: String,
        #[serde(default)]
        options: Vec<DiscordOption>,
    },
    /// Types in an option with completion; answers `{"choices": [...]}`.
    Autocomplete { channel: String, name: String, options: Vec<DiscordOption> },
    /// Uses a message command of the context menu.
    Context { channel: String, message: String, name: String },
    /// Clicks a button.
    Click { channel: String, message: String, custom_id: String },
    /// Chooses in a select menu.
    Select { channel: String, message: String, custom_id: String, values: Vec<String> },
    /// Sends the open modal.
    SubmitModal { custom_id: String, values: Map<String, Value> },
    /// Closes the open modal; the app is not told.
    CloseModal {},
    /// Changes the client's language.
    SetLocale { locale: String },
    /// Opens the direct messages with the bot; answers `{"channel": id}`.
    OpenDm {},
    /// Another app posts through its webhook.
    PostAsWebhook {
        channel: String,
        username: String,
        #[serde(default)]
        content: String,
        #[serde(default)]
        embeds: Vec<Value>,
    },
    /// Gets or loses a role (by id or name), as an administrator would do it.
    SetRole { user: String, role: String, on: bool },
    /// Archives or wakes a thread.
    Archive { channel: String, archived: bool },
    /// Leaves or joins the guild.
    SetMember { user: String, on: bool },
    /// Takes a sentence off the screen.
    DismissToast { id: String },
}

/// Why an act was refused, as Discord's client would put it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DiscordActError(pub String);

impl From<&str> for DiscordActError {
    fn from(words: &str) -> Self {
        Self(words.to_owned())
    }
}

impl From<String> for DiscordActError {
    fn from(words: String) -> Self {
        Self(words)
    }
}

impl From<ApiError> for DiscordActError {
    fn from(error: ApiError) -> Self {
        match &error.errors {
            Some(errors) => Self(format!("{}: {errors}", error.message)),
            None => Self(error.message),
        }
    }
}

/// What an act comes to.
pub(super) enum Done {
    /// Finished; this is the answer.
    Now(Value),
    /// The app has to answer this interaction.
    Interaction(Id),
}

pub(super) type Outcome = Result<Done, DiscordActError>;

fn done() -> Outcome {
    Ok(Done::Now(json!({})))
}

impl State {
    /// Does what a person wants.
    pub fn act(&mut self, user: Id, wanted: DiscordAct) -> Outcome {
        use DiscordAct as Act;
        if !self.members.contains_key(&user) && !matches!(wanted, Act::SetMember { .. }) {
            return Err("This user is not a member of the server.".into());
        }
        match wanted {
            Act::Post { channel, content, reply_to } => self.post(user, &channel, &content, reply_to.as_deref()),
            Act::Edit { channel, message, content } => self.edit(user, &channel, &message, &content),
            Act::Delete { channel, message } => self.delete(user, &channel, &message),
            Act::React { channel, message, emoji } => self.add_reaction(user, &channel, &message, &emoji),
            Act::Unreact { channel, message, emoji } => {
                let message = self.seen_message(user, &channel, &message)?.clone();
                self.unreact(&message, &emoji, user);
                done()
            }
            Act::Pin { channel, message } => {
                let place = self.seen_channel(user, &channel)?.clone();
                let found = self.seen_message(user, &channel, &message)?.clone();
                need(self, user, &place, perm::PIN_MESSAGES)?;
                self.set_pin(&found, true, user);
                done()
            }
            Act::Typing { channel } => {
                let place = self.seen_channel(user, &channel)?.id;
                self.start_typing(place, user);
                done()
            }
            Act::Slash { channel, name, options } => self.slash(user, &channel, &name, &options, act::COMMAND),
            Act::Autocomplete { channel, name, options } => {
                self.slash(user, &channel, &name, &options, act::AUTOCOMPLETE)
            }
            Act::Context { channel, message, name } => self.context(user, &channel, &message, &name),
            Act::Click { channel, message, custom_id } => self.component(user, &channel, &message, &custom_id, None),
            Act::Select { channel, message, custom_id, values } => {
                self.component(user, &channel, &message, &custom_id, Some(values))
            }
            Act::SubmitModal { custom_id, values } => self.submit(user, &custom_id, &values),
            Act::CloseModal {} => {
                self.modals.remove(&user).ok_or("No form is open.")?;
                done()
            }
            Act::OpenDm {} => Ok(Done::Now(json!({ "channel": sid(self.dm_with(user)) }))),
            Act::SetLocale { locale } => {
                if let Some(person) = self.users.get_mut(&user) {
                    person.locale = discord_locale(&locale);
                }
                done()
            }
            Act::PostAsWebhook { channel, username, content, embeds } => {
                self.post_as_webhook(user, &channel, &username, &content, &embeds)
            }
            Act::SetRole { user, role, on } => self.set_role(&user, &role, on),
            Act::Archive { channel, archived } => {
                let place = self.seen_channel(user, &channel)?;
                if place.thread.is_none() {
                    return Err("This is not a thread.".into());
                }
                let id = place.id;
                self.set_archived(id, archived);
                done()
            }
            Act::SetMember { user, on } => self.set_member(&user, on),
            Act::DismissToast { id } => {
                self.toasts.retain(|toast| toast.id.to_string() != id);
                done()
            }
        }
    }

    /// A channel by id or name that the user sees.
    pub fn seen_channel(&self, user: Id, text: &str) -> Result<&Channel, DiscordActError> {
        let bare = text.trim_start_matches('#');
        let found = parse_id(bare)
            .and_then(|id| self.channels.get(&id))
            .or_else(|| self.channels.values().find(|channel| channel.name == bare && channel.in_guild()));
        found.filter(|channel| self.can_view(user, channel)).ok_or_else(|| "There is no such channel.".into())
    }

    /// A message the user sees (own ephemeral ones included).
    pub fn seen_message(&self, user: Id, channel: &str, message: &str) -> Result<&Message, DiscordActError> {
        let place = self.seen_channel(user, channel)?;
        parse_id(message)
            .and_then(|id| self.message(place.id, id))
            .filter(|message| message.ephemeral_for.is_none_or(|owner| owner == user))
            .ok_or_else(|| "There is no such message.".into())
    }

    fn post(&mut self, user: Id, channel: &str, content: &str, reply_to: Option<&str>) -> Outcome {
        let place = self.seen_channel(user, channel)?.clone();
        let mut payload = json!({ "content": content });
        if let Some(target) = reply_to {
            payload["message_reference"] = json!({ "message_id": target });
        }
        let draft: Draft = compose::read(&payload, &[], None)?;
        self.check_send(user, &place, &draft, false)?;
        if place.thread.is_some() {
            self.join_thread(place.id, user);
        }
        self.typing.retain(|(channel, who, _)| (*channel, *who) != (place.id, user));
        let id = self.send(Sender::plain(place.id, user), draft, &[]);
        Ok(Done::Now(json!({ "message": sid(id), "channel": sid(place.id) })))
    }

    fn edit(&mut self, user: Id, channel: &str, message: &str, content: &str) -> Outcome {
        let found = self.seen_message(user, channel, message)?.clone();
        if found.author != user || found.webhook.is_some() {
            return Err("You can only edit your own messages.".into());
        }
        let draft = compose::read(&json!({ "content": content }), &[], Some(&found))?;
        self.rewrite(found.channel, found.id, draft, &[], true);
        done()
    }

    fn delete(&mut self, user: Id, channel: &str, message: &str) -> Outcome {
        let found = self.seen_message(user, channel, message)?.clone();
        if found.ephemeral_for == Some(user) {
            // "Dismiss message": it is gone from this screen only, and the app is not told.
            if let Some(all) = self.messages.get_mut(&found.channel) {
                all.remove(&found.id);
            }
            return done();
        }
        let place = self.seen_channel(user, channel)?.clone();
        if found.author != user || found.webhook.is_some() {
            need(self, user, &place, perm::MANAGE_MESSAGES)?;
        }
        self.remove_message(found.channel, found.id);
        done()
    }

    fn add_reaction(&mut self, user: Id, channel: &str, message: &str, emoji: &str) -> Outcome {
        let emoji = known_emoji(emoji)?;
        let place = self.seen_channel(user, channel)?.clone();
        let found = self.seen_message(user, channel, message)?.clone();
        if place.archived() {
            return Err("This thread is archived.".into());
        }
        if !found.reactions.iter().any(|reaction| reaction.emoji == emoji) {
            need(self, user, &place, perm::ADD_REACTIONS)?;
        }
        self.react(&found, &emoji, user)?;
        done()
    }

    fn post_as_webhook(&mut self, user: Id, channel: &str, username: &str, content: &str, embeds: &[Value]) -> Outcome {
        let place = self.seen_channel(user, channel)?.id;
        let draft = compose::read(&json!({ "content": content, "embeds": embeds }), &[], None)?;
        let id = place ^ OTHER_APP;
        let mut sender = Sender::plain(place, id);
        sender.webhook = Some(WebhookAuthor { id, application: OTHER_APP, username: username.to_owned() });
        let message = self.send(sender, draft, &[]);
        Ok(Done::Now(json!({ "message": sid(message), "channel": sid(place) })))
    }

    fn set_role(&mut self, user: &str, role: &str, on: bool) -> Outcome {
        let user = self.find_user(user).ok_or("There is no such member.")?;
        let found = self.roles.values().find(|one| one.name == role || parse_id(role) == Some(one.id));
        let role = found.map(|role| role.id).ok_or("There is no such role.")?;
        self.put_role(user, role, on);
        done()
    }

    fn set_member(&mut self, user: &str, on: bool) -> Outcome {
        let user = self.find_user(user).ok_or("There is no such user.")?;
        if user == self.app.id {
            return Err("The app stays.".into());
        }
        self.put_member(user, on);
        done()
    }
}

pub(super) fn need(state: &State, user: Id, place: &Channel, bits: perm::Bits) -> Result<(), DiscordActError> {
    if state.may(user, place, bits) { Ok(()) } else { Err("You do not have permission to do this here.".into()) }
}
