//! What members of the team do at their chat. Each act ends when the office has come to rest again.

use serde_json::{Map, Value, json};

use crate::office::Office;
use crate::place::{Card, plain};
use crate::seen::{Chat, Seen};

/// A member at one chat.
#[derive(Clone)]
pub struct Person<'o> {
    pub office: &'o Office,
    pub chat: Chat,
    pub name: String,
    pub id: String,
}

impl Person<'_> {
    /// Does something and lets the office come to rest.
    pub async fn does(&self, act: Value) -> Value {
        let result = self.does_unsettled(act).await;
        self.office.settle().await;
        result
    }

    /// Does something; Vigie has heard it and not worked on it yet.
    pub async fn does_unsettled(&self, act: Value) -> Value {
        match self.chat {
            Chat::Slack => self.office.slack_act(&self.id, act).await,
            Chat::Discord => self.office.discord_act(&self.id, act).await,
        }
    }

    /// Types a line in a channel: a slash command (Slack) or a message; `@vigie` and `@name` are mentions. Returns the
    /// message's id.
    pub async fn types(&self, channel: &str, line: &str) -> String {
        let channel = self.office.channel_id(self.chat, channel.trim_start_matches('#'));
        self.types_at(&channel, None, line).await
    }

    /// Types a line in the direct messages with Vigie.
    pub async fn types_to_vigie(&self, line: &str) -> String {
        let channel = self.dm_channel().await;
        self.types_at(&channel, None, line).await
    }

    /// Types a line in the thread under a card.
    pub async fn replies(&self, card: &Card<'_>, line: &str) -> String {
        match self.chat {
            Chat::Slack => self.types_at(&card.channel, Some(&card.message), line).await,
            Chat::Discord => self.types_at(&card.message, None, line).await,
        }
    }

    /// Types a line in a channel given by id, or in a thread of it (Slack).
    pub async fn types_at(&self, channel: &str, thread: Option<&str>, line: &str) -> String {
        let result = self.does(self.typing(channel, thread, line)).await;
        let id = if self.chat == Chat::Slack { "ts" } else { "message" };
        result[id].as_str().unwrap_or_default().to_owned()
    }

    /// The act of typing a line.
    pub fn typing(&self, channel: &str, thread: Option<&str>, line: &str) -> Value {
        match self.chat {
            Chat::Slack if line.starts_with('/') => {
                json!({"act": "slash", "channel": channel, "text": line, "thread_ts": thread})
            }
            Chat::Slack => json!({"act": "post", "channel": channel, "text": line, "thread_ts": thread}),
            Chat::Discord => json!({"act": "post", "channel": channel, "content": self.with_mentions(line)}),
        }
    }

    /// Discord's client writes mentions as ids.
    fn with_mentions(&self, line: &str) -> String {
        let discord = &self.office.demo().discord;
        let mention = |word: &str| {
            let name = word.strip_prefix('@')?;
            let id = if name == "vigie" { Some(discord.application_id()) } else { discord.user_id(name) };
            id.map(|id| format!("<@{id}>"))
        };
        let words = line.split(' ').map(|word| mention(word).unwrap_or_else(|| word.to_owned()));
        words.collect::<Vec<String>>().join(" ")
    }

    /// Sends a slash command of Discord, e.g. `ticket note` with its options.
    pub async fn command(&self, channel: &str, path: &str, options: &[(&str, &str)]) {
        let channel = self.office.channel_id(self.chat, channel.trim_start_matches('#'));
        self.command_at(&channel, path, options).await;
    }

    /// As [`Person::command`], in a channel or thread given by id.
    pub async fn command_at(&self, channel: &str, path: &str, options: &[(&str, &str)]) {
        let (name, options) = discord_options(path, options, None);
        self.does(json!({"act": "slash", "channel": channel, "name": name, "options": options})).await;
    }

    /// What Discord offers while the last of the options is typed.
    pub async fn completions(&self, channel: &str, path: &str, options: &[(&str, &str)]) -> Vec<String> {
        let channel = self.office.channel_id(self.chat, channel.trim_start_matches('#'));
        let (name, options) = discord_options(path, options, options.last().map(|(name, _)| *name));
        let act = json!({"act": "autocomplete", "channel": channel, "name": name, "options": options});
        let answer = self.does(act).await;
        let choices = answer["choices"].as_array().cloned().unwrap_or_default();
        choices.iter().map(|choice| choice["name"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Presses a button of a card.
    pub async fn presses(&self, card: &Card<'_>, label: &str) {
        self.presses_on(&card.now(), label).await;
    }

    /// Presses a button of a message as it was seen, even if it has changed since.
    pub async fn presses_on(&self, message: &Seen, label: &str) {
        self.does(self.press(message, label)).await;
    }

    /// The act of pressing a button.
    pub fn press(&self, message: &Seen, label: &str) -> Value {
        assert_eq!(message.chat, self.chat, "{} cannot press a button of the other chat", self.name);
        let button = message.buttons.iter().find(|button| button.label == label);
        let button = button.unwrap_or_else(|| panic!("no button {label:?} among {:?}", message.labels()));
        match self.chat {
            Chat::Slack => json!({"act": "click", "channel": message.channel, "ts": message.id,
                "block_id": button.block, "action_id": button.action}),
            Chat::Discord => json!({"act": "click", "channel": message.channel, "message": message.id,
                "custom_id": button.action}),
        }
    }

    /// Changes a message of one's own.
    pub async fn edits(&self, channel: &str, message: &str, words: &str) {
        let act = match self.chat {
            Chat::Slack => json!({"act": "edit", "channel": channel, "ts": message, "text": words}),
            Chat::Discord => json!({"act": "edit", "channel": channel, "message": message, "content": words}),
        };
        self.does(act).await;
    }

    /// Deletes a message of one's own.
    pub async fn deletes(&self, channel: &str, message: &str) {
        let act = match self.chat {
            Chat::Slack => json!({"act": "delete", "channel": channel, "ts": message}),
            Chat::Discord => json!({"act": "delete", "channel": channel, "message": message}),
        };
        self.does(act).await;
    }

    /// Chooses an entry, by its words, in a menu of a card.
    pub async fn chooses(&self, card: &Card<'_>, words: &str) {
        self.chooses_on(&card.now(), words).await;
    }

    /// Chooses an entry, by its words, in a menu of a message as it was seen.
    pub async fn chooses_on(&self, message: &Seen, words: &str) {
        self.does(self.choice(message, words)).await;
    }

    /// The act of choosing an entry.
    pub fn choice(&self, message: &Seen, words: &str) -> Value {
        assert_eq!(message.chat, self.chat, "{} cannot use a menu of the other chat", self.name);
        let offered = |menu: &crate::seen::Menu| {
            menu.entries.iter().find(|(shown, _)| shown.contains(words)).map(|(_, value)| value.clone())
        };
        let found = message.menus.iter().find_map(|menu| offered(menu).map(|value| (menu, value)));
        let (menu, value) = found.unwrap_or_else(|| panic!("no entry {words:?} in {:?}", message.menus));
        match self.chat {
            Chat::Slack => json!({"act": "select", "channel": message.channel, "ts": message.id,
                "block_id": menu.block, "action_id": menu.action, "value": value}),
            Chat::Discord => json!({"act": "select", "channel": message.channel, "message": message.id,
                "custom_id": menu.action, "values": [value]}),
        }
    }

    /// Fills fields of the open form, by their ids, and submits it.
    pub async fn fills_in(&self, fields: &[(&str, &str)]) {
        let modal = self.form();
        let mut values = Map::new();
        for (id, value) in fields {
            let value = match self.chat {
                Chat::Slack => {
                    let blocks = modal["view"]["blocks"].as_array().cloned().unwrap_or_default();
                    let input = blocks.iter().find(|block| block["block_id"] == *id).expect("a field");
                    let mut one = Map::new();
                    one.insert(input["element"]["action_id"].as_str().unwrap().to_owned(), json!(value));
                    Value::Object(one)
                }
                Chat::Discord => json!(value),
            };
            values.insert((*id).to_owned(), value);
        }
        let act = match self.chat {
            Chat::Slack => json!({"act": "submit_modal", "view_id": modal["view_id"], "values": values}),
            Chat::Discord => json!({"act": "submit_modal", "custom_id": modal["custom_id"], "values": values}),
        };
        self.does(act).await;
    }

    /// Reacts to a message.
    pub async fn reacts(&self, channel: &str, message: &str, emoji: &str) {
        let act = match self.chat {
            Chat::Slack => json!({"act": "react", "channel": channel, "ts": message, "name": emoji}),
            Chat::Discord => json!({"act": "react", "channel": channel, "message": message, "emoji": emoji}),
        };
        self.does(act).await;
    }

    /// Picks an entry of a message's menu: the shortcut's id in Slack, the command's name in Discord.
    pub async fn shortcut(&self, channel: &str, message: &str, name: &str) {
        let act = match self.chat {
            Chat::Slack => {
                let id = name.to_lowercase().replace(' ', "_");
                json!({"act": "message_shortcut", "channel": channel, "ts": message, "callback_id": id})
            }
            Chat::Discord => json!({"act": "context", "channel": channel, "message": message, "name": name}),
        };
        self.does(act).await;
    }

    /// The open form: its title, for assertions.
    pub fn form(&self) -> Value {
        let modal = self.office.snapshot(self.chat, &self.id)["modal"].clone();
        assert!(!modal.is_null(), "{} has no form open", self.name);
        modal
    }

    /// Whether a form is open.
    pub fn has_form(&self) -> bool {
        !self.office.snapshot(self.chat, &self.id)["modal"].is_null()
    }

    /// Closes the open form without sending it.
    pub async fn gives_up(&self) {
        let act = match self.chat {
            Chat::Slack => json!({"act": "close_modal", "view_id": self.form()["view_id"]}),
            Chat::Discord => json!({"act": "close_modal"}),
        };
        self.does(act).await;
    }

    /// Fills the open form's first field and submits it.
    pub async fn fills(&self, value: &str) {
        let modal = self.form();
        let act = match self.chat {
            Chat::Slack => {
                let blocks = modal["view"]["blocks"].as_array().cloned().unwrap_or_default();
                let input = blocks.iter().find(|block| block["type"] == "input").expect("a field");
                let mut values = json!({});
                values[input["block_id"].as_str().unwrap()][input["element"]["action_id"].as_str().unwrap()] =
                    json!(value);
                json!({"act": "submit_modal", "view_id": modal["view_id"], "values": values})
            }
            Chat::Discord => {
                let mut values = Map::new();
                values.insert(first_field(&modal["components"]), json!(value));
                json!({"act": "submit_modal", "custom_id": modal["custom_id"], "values": values})
            }
        };
        self.does(act).await;
    }

    /// Messages that only this person sees, oldest first, in all channels.
    pub fn answers(&self) -> Vec<Seen> {
        let snapshot = self.office.snapshot(self.chat, &self.id);
        let channels = snapshot["messages"].as_object().cloned().unwrap_or_default();
        let mut all: Vec<Seen> =
            channels.keys().flat_map(|channel| self.office.screen(self.chat, &self.id, channel)).collect();
        all.retain(|one| one.only_me);
        all.sort_by(|left, right| left.id.cmp(&right.id));
        all
    }

    /// The newest answer that only this person sees has these words.
    pub fn expect_answer(&self, words: &str) -> Seen {
        let answers = self.answers();
        let newest = answers.last().unwrap_or_else(|| panic!("{} got no answer", self.name));
        assert!(plain(&newest.text).contains(&plain(words)), "{} was told {:?}, not {words:?}", self.name, newest.text);
        newest.clone()
    }

    async fn dm_channel(&self) -> String {
        let opened = match self.chat {
            Chat::Slack => self.office.slack_act(&self.id, json!({"act": "open_dm"})).await,
            Chat::Discord => self.office.discord_act(&self.id, json!({"act": "open_dm"})).await,
        };
        opened["channel"].as_str().unwrap().to_owned()
    }

    /// Direct messages from Vigie, oldest first.
    pub async fn dms(&self) -> Vec<Seen> {
        let channel = self.dm_channel().await;
        let all = self.office.screen(self.chat, &self.id, &channel);
        all.into_iter().filter(|one| one.by_app).collect()
    }

    /// The newest direct message with these words.
    pub async fn expect_dm(&self, words: &str) -> Seen {
        let dms = self.dms().await;
        let found = dms.iter().rev().find(|one| plain(&one.text).contains(&plain(words)));
        found.cloned().unwrap_or_else(|| {
            let texts: Vec<&str> = dms.iter().map(|one| one.text.as_str()).collect();
            panic!("{} has no direct message with {words:?}: {texts:#?}", self.name)
        })
    }

    /// Notices of the client such as "This app is not responding".
    pub fn toasts(&self) -> Vec<String> {
        let toasts = self.office.snapshot(self.chat, &self.id)["toasts"].as_array().cloned().unwrap_or_default();
        toasts.iter().map(|toast| toast["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Name of the command, and its options as Discord's client sends them.
fn discord_options(path: &str, options: &[(&str, &str)], focused: Option<&str>) -> (String, Value) {
    let options: Vec<Value> = options
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value, "focused": focused == Some(*name)}))
        .collect();
    let words: Vec<&str> = path.split(' ').collect();
    match words.as_slice() {
        // Verbs of two words are a group of sub-commands.
        [name, group, verb] => {
            (name.to_string(), json!([{"name": group, "options": [{"name": verb, "options": options}]}]))
        }
        [name, verb] => (name.to_string(), json!([{"name": verb, "options": options}])),
        _ => (path.to_owned(), json!(options)),
    }
}

/// The first field of a form of Discord, in a row or in a label.
fn first_field(components: &Value) -> String {
    let parts = components.as_array().cloned().unwrap_or_default();
    let inner = |part: &Value| {
        let found = part.get("component").or_else(|| part["components"].get(0))?;
        found["custom_id"].as_str().map(str::to_owned)
    };
    parts.iter().find_map(inner).expect("a field")
}
