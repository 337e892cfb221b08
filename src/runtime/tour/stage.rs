//! Hands and eyes of the tour: acting as members and customers, and waiting until something is seen.

use std::time::Duration;

use serde_json::{Value, json};

use crate::runtime::demo::Demo;
use crate::sandbox::network::{MessageKind, NetworkAuthor, NetworkMessage};

/// How long a step may take before it counts as broken; everything takes milliseconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often the tour looks again.
const GLANCE: Duration = Duration::from_millis(40);

/// A step that did not hold.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

/// A message as somebody sees it in a chat.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Channel id.
    pub channel: String,
    /// Message id.
    pub id: String,
    /// Everything readable in it.
    pub text: String,
    /// The raw message.
    pub raw: Value,
}

/// The sandbox office with somebody in it.
pub struct Stage {
    /// The office.
    pub demo: Demo,
    steps: usize,
}

impl Stage {
    /// A stage over a running office.
    #[must_use]
    pub fn new(demo: Demo) -> Self {
        Self { demo, steps: 0 }
    }

    /// Steps that held.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Stops everything.
    pub async fn close(self) {
        self.demo.vigie.stop().await;
    }

    /// Prints a heading.
    pub fn scene(&self, title: &str) {
        println!("\n{title}");
    }

    /// Prints a step that held.
    pub fn held(&mut self, line: &str) {
        self.steps += 1;
        println!("  ✓ {line}");
    }

    /// Waits until `look` sees something.
    ///
    /// # Errors
    /// [`Broken`] naming `what` when it never comes.
    pub async fn until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> Result<T, Broken> {
        let waiting = async {
            loop {
                if let Some(found) = look(self) {
                    return found;
                }
                tokio::time::sleep(GLANCE).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.map_err(|_| Broken(format!("never seen: {what}")))
    }

    /// A customer writes.
    ///
    /// # Errors
    /// The network's refusal.
    pub async fn customer(
        &self,
        network: &str,
        kind: MessageKind,
        name: &str,
        followers: u64,
        text: &str,
    ) -> Result<String, Broken> {
        let id = name.trim_start_matches('@').to_lowercase();
        let author = NetworkAuthor { id, name: name.to_owned(), url: None, followers };
        let message = NetworkMessage { author, kind, text: text.to_owned(), parent_id: None, attachments: Vec::new() };
        self.demo.network.customer_writes(network, message).await.map_err(Broken)
    }

    /// Acts in Slack as a member.
    ///
    /// # Errors
    /// Slack's refusal.
    pub async fn slack(&self, who: &str, act: Value) -> Result<Value, Broken> {
        let user = self.demo.slack.user_id(who).ok_or_else(|| Broken(format!("no {who} in Slack")))?;
        let act = serde_json::from_value(act).map_err(|error| Broken(error.to_string()))?;
        self.demo.slack.act(&user, act).await.map_err(|error| Broken(format!("Slack: {error}")))
    }

    /// Acts in Discord as a member.
    ///
    /// # Errors
    /// Discord's refusal.
    pub async fn discord(&self, who: &str, act: Value) -> Result<Value, Broken> {
        let user = self.demo.discord.user_id(who).ok_or_else(|| Broken(format!("no {who} in Discord")))?;
        let act = serde_json::from_value(act).map_err(|error| Broken(error.to_string()))?;
        self.demo.discord.act(&user, act).await.map_err(|error| Broken(format!("Discord: {error}")))
    }

    /// What a member sees in Slack, channel by channel, direct messages and ephemeral ones included.
    #[must_use]
    pub fn slack_messages(&self, who: &str) -> Vec<Seen> {
        let user = self.demo.slack.user_id(who).unwrap_or_default();
        seen(&self.demo.slack.snapshot(&user), "ts")
    }

    /// What a member sees in Discord.
    #[must_use]
    pub fn discord_messages(&self, who: &str) -> Vec<Seen> {
        let user = self.demo.discord.user_id(who).unwrap_or_default();
        seen(&self.demo.discord.snapshot(&user), "id")
    }

    /// The form that stands open before a member in Slack.
    #[must_use]
    pub fn slack_form(&self, who: &str) -> Option<(String, Value)> {
        let user = self.demo.slack.user_id(who)?;
        let modal = &self.demo.slack.snapshot(&user)["modal"];
        Some((modal["view_id"].as_str()?.to_owned(), modal["view"].clone()))
    }

    /// Presses a button of a Slack message by its action.
    ///
    /// # Errors
    /// No such button, or Slack's refusal.
    pub async fn press_slack(&self, who: &str, message: &Seen, action: &str) -> Result<(), Broken> {
        let (block, id) =
            slack_button(&message.raw, action).ok_or_else(|| Broken(format!("no button {action} in Slack")))?;
        let act =
            json!({"act": "click", "channel": message.channel, "ts": message.id, "block_id": block, "action_id": id});
        self.slack(who, act).await.map(|_| ())
    }

    /// Presses a button of a Discord message by its action.
    ///
    /// # Errors
    /// No such button, or Discord's refusal.
    pub async fn press_discord(&self, who: &str, message: &Seen, action: &str) -> Result<(), Broken> {
        let id =
            discord_button(&message.raw, action).ok_or_else(|| Broken(format!("no button {action} in Discord")))?;
        let act = json!({"act": "click", "channel": message.channel, "message": message.id, "custom_id": id});
        self.discord(who, act).await.map(|_| ())
    }

    /// Fills in and sends the form before a member in Slack; values by field id.
    ///
    /// # Errors
    /// No form, or Slack's refusal.
    pub async fn send_slack_form(&self, who: &str, values: &[(&str, &str)]) -> Result<(), Broken> {
        let form = self.until("a form in Slack", |stage| stage.slack_form(who)).await;
        let (view_id, view) = form.map_err(|broken| self.told_instead(who, &broken))?;
        let mut filled = serde_json::Map::new();
        for block in view["blocks"].as_array().into_iter().flatten().filter(|block| block["type"] == "input") {
            let (block_id, action_id) = (
                block["block_id"].as_str().unwrap_or_default(),
                block["element"]["action_id"].as_str().unwrap_or_default(),
            );
            if let Some((_, value)) = values.iter().find(|(field, _)| *field == block_id || *field == action_id) {
                filled.insert(block_id.to_owned(), json!({ action_id: value }));
            }
        }
        self.slack(who, json!({"act": "submit_modal", "view_id": view_id, "values": filled})).await.map(|_| ())
    }

    /// A form that did not come, with what the member was told in Slack instead.
    fn told_instead(&self, who: &str, broken: &Broken) -> Broken {
        let user = self.demo.slack.user_id(who).unwrap_or_default();
        let toasts = self.demo.slack.snapshot(&user)["toasts"].to_string();
        let said = self.slack_messages(who).into_iter().rev().find(|message| message.raw["ephemeral"] == true);
        Broken(format!("{broken}; {who} was told {:?}; on the screen: {toasts}", said.map(|said| said.text)))
    }

    /// Channel id by name in Slack.
    #[must_use]
    pub fn slack_channel(&self, name: &str) -> String {
        self.demo.slack.channel_id(name).unwrap_or_default()
    }

    /// Channel id by name in Discord.
    #[must_use]
    pub fn discord_channel(&self, name: &str) -> String {
        self.demo.discord.channel_id(name).unwrap_or_default()
    }
}

fn seen(snapshot: &Value, id: &str) -> Vec<Seen> {
    let channels = snapshot["messages"].as_object().into_iter().flatten();
    channels
        .flat_map(|(channel, messages)| {
            messages.as_array().into_iter().flatten().map(move |raw| Seen {
                channel: channel.clone(),
                id: raw[id].as_str().unwrap_or_default().to_owned(),
                text: words(raw),
                raw: raw.clone(),
            })
        })
        .collect()
}

/// All readable words of a message.
#[must_use]
pub fn words(value: &Value) -> String {
    const READ: [&str; 7] = ["text", "content", "title", "description", "name", "value", "label"];
    let mut found = String::new();
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text) if READ.contains(&key.as_str()) => {
                        found.push_str(text);
                        found.push('\n');
                    }
                    _ => found.push_str(&words(member)),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| found.push_str(&words(item))),
        _ => {}
    }
    found
}

fn slack_button(message: &Value, action: &str) -> Option<(String, String)> {
    let blocks = message["blocks"].as_array()?;
    for block in blocks {
        for element in block["elements"].as_array().into_iter().flatten() {
            let id = element["action_id"].as_str().unwrap_or_default();
            if id == action || id.split(['|', ':', '#']).next() == Some(action) {
                return Some((block["block_id"].as_str().unwrap_or_default().to_owned(), id.to_owned()));
            }
        }
    }
    None
}

fn discord_button(message: &Value, action: &str) -> Option<String> {
    let rows = message["components"].as_array()?;
    let mut buttons = rows.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    buttons.find_map(|button| {
        let id = button["custom_id"].as_str()?;
        (id.split('|').next() == Some(action)).then(|| id.to_owned())
    })
}
