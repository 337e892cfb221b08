//! Messages as people see them, read from the snapshots of both chats into one form.

use serde_json::Value;

/// A chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chat {
    Slack,
    Discord,
}

/// A button and how the client presses it.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    pub label: String,
    /// Slack: block id.
    pub block: String,
    /// Slack: action id. Discord: custom id.
    pub action: String,
}

/// A menu: how the client chooses in it, and its entries (words, value).
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    pub block: String,
    pub action: String,
    pub entries: Vec<(String, String)>,
}

/// A message on somebody's screen.
#[derive(Clone, Debug)]
pub struct Seen {
    pub chat: Chat,
    pub channel: String,
    pub id: String,
    /// Root of the thread it stands in, when it is not the root itself.
    pub thread: Option<String>,
    pub author: String,
    pub by_app: bool,
    /// All words of it, as read on the screen.
    pub text: String,
    pub title: String,
    pub fields: Vec<(String, String)>,
    pub buttons: Vec<Button>,
    pub menus: Vec<Menu>,
    /// Names of its files.
    pub files: Vec<String>,
    pub only_me: bool,
    pub edited: bool,
}

impl Seen {
    /// Number of the ticket whose card this is.
    pub fn ticket(&self) -> Option<i64> {
        if !self.by_app {
            return None;
        }
        let words = self.title.split(" · ");
        words.filter_map(|word| word.strip_prefix("T-")).find_map(|number| number.parse().ok())
    }

    /// Value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }

    /// Labels of the buttons, in order.
    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().map(|button| button.label.as_str()).collect()
    }
}

/// Marks that keep text from being read as markup; nobody sees them.
const INVISIBLE: [char; 2] = ['\u{2060}', '\u{200b}'];

/// Words as they appear: bold and code marks do not, dates and links show their label.
fn of_slack(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        rest = after;
        match letter {
            '<' => {
                let label = after.split_once('>').and_then(|(inner, tail)| Some((inner.split_once('|')?.1, tail)));
                match label {
                    Some((label, tail)) => {
                        shown.push_str(label);
                        rest = tail;
                    }
                    None => shown.push(letter),
                }
            }
            // A mark that the customer typed is kept apart from its neighbours.
            '*' | '`' if !shown.ends_with(INVISIBLE[0]) => {}
            _ => shown.push(letter),
        }
    }
    shown.retain(|letter| !INVISIBLE.contains(&letter));
    breaking(&shown).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn of_discord(text: &str) -> String {
    let mut shown = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(char::is_ascii_punctuation) => shown.extend(letters.next()),
            '*' | '`' => {}
            _ => shown.push(letter),
        }
    }
    shown.retain(|letter| !INVISIBLE.contains(&letter));
    breaking(&shown)
}

/// With the spaces of a keyboard: French has one before `:` that may not break the line.
fn breaking(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

fn word(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn files(raw: &Value) -> Vec<String> {
    let files = raw["files"].as_array().into_iter().chain(raw["attachments"].as_array()).flatten();
    files.filter_map(|file| file["name"].as_str().or(file["filename"].as_str()).map(str::to_owned)).collect()
}

/// A message of a Slack snapshot.
pub fn slack(channel: &str, raw: &Value) -> Seen {
    let id = word(raw, "ts");
    let mut seen = Seen {
        chat: Chat::Slack,
        channel: channel.to_owned(),
        thread: raw["thread_ts"].as_str().filter(|root| *root != id).map(str::to_owned),
        id,
        author: word(raw, "username"),
        by_app: raw["bot_id"].is_string(),
        text: String::new(),
        title: String::new(),
        fields: Vec::new(),
        buttons: Vec::new(),
        menus: Vec::new(),
        files: files(raw),
        only_me: raw["ephemeral"] == true,
        edited: raw["edited"] == true,
    };
    let mut blocks: Vec<&Value> = raw["blocks"].as_array().into_iter().flatten().collect();
    let attached = raw["attachments"].as_array().into_iter().flatten();
    blocks.extend(attached.flat_map(|one| one["blocks"].as_array().into_iter().flatten()));
    if blocks.is_empty() {
        seen.text = of_slack(raw["text"].as_str().unwrap_or_default());
    }
    for block in blocks {
        slack_block(block, &mut seen);
    }
    seen
}

fn slack_block(block: &Value, seen: &mut Seen) {
    let mut say = |words: &str| {
        seen.text.push_str(&of_slack(words));
        seen.text.push('\n');
    };
    if let Some(words) = block["text"]["text"].as_str() {
        say(words);
        if block["type"] == "header" && seen.title.is_empty() {
            seen.title = of_slack(words);
        }
    }
    for field in block["fields"].as_array().into_iter().flatten() {
        let words = of_slack(field["text"].as_str().unwrap_or_default());
        if let Some((name, value)) = words.split_once('\n') {
            seen.fields.push((name.to_owned(), value.to_owned()));
        }
        seen.text.push_str(&words);
        seen.text.push('\n');
    }
    for element in block["elements"].as_array().into_iter().flatten() {
        match element["type"].as_str() {
            Some("button") => seen.buttons.push(Button {
                label: breaking(element["text"]["text"].as_str().unwrap_or_default()),
                block: word(block, "block_id"),
                action: word(element, "action_id"),
            }),
            Some("static_select") => seen.menus.push(Menu {
                block: word(block, "block_id"),
                action: word(element, "action_id"),
                entries: entries(&element["options"], |one| &one["text"]["text"]),
            }),
            Some("mrkdwn" | "plain_text") => {
                seen.text.push_str(&of_slack(element["text"].as_str().unwrap_or_default()));
                seen.text.push('\n');
            }
            _ => {}
        }
    }
}

fn entries(options: &Value, words: impl Fn(&Value) -> &Value) -> Vec<(String, String)> {
    let options = options.as_array().into_iter().flatten();
    options.map(|one| (breaking(words(one).as_str().unwrap_or_default()), word(one, "value"))).collect()
}

/// A message of a Discord snapshot.
pub fn discord(channel: &str, raw: &Value) -> Seen {
    let mut seen = Seen {
        chat: Chat::Discord,
        channel: channel.to_owned(),
        thread: None,
        id: word(raw, "id"),
        author: raw["author"]["username"].as_str().unwrap_or_default().to_owned(),
        by_app: raw["author"]["bot"] == true,
        text: of_discord(raw["content"].as_str().unwrap_or_default()),
        title: String::new(),
        fields: Vec::new(),
        buttons: Vec::new(),
        menus: Vec::new(),
        files: files(raw),
        only_me: raw["ephemeral"] == true,
        edited: raw["edited_timestamp"].is_string(),
    };
    for embed in raw["embeds"].as_array().into_iter().flatten() {
        if seen.title.is_empty() {
            seen.title = of_discord(embed["title"].as_str().unwrap_or_default());
        }
        let parts = [&embed["title"], &embed["description"], &embed["footer"]["text"]];
        for words in parts.into_iter().filter_map(Value::as_str) {
            seen.text.push('\n');
            seen.text.push_str(&of_discord(words));
        }
        for field in embed["fields"].as_array().into_iter().flatten() {
            let (name, value) = (of_discord(&word(field, "name")), of_discord(&word(field, "value")));
            seen.text.push_str(&format!("\n{name}\n{value}"));
            seen.fields.push((name, value));
        }
    }
    for row in raw["components"].as_array().into_iter().flatten() {
        for part in row["components"].as_array().into_iter().flatten().filter(|part| part["type"] == 3) {
            seen.menus.push(Menu {
                block: String::new(),
                action: word(part, "custom_id"),
                entries: entries(&part["options"], |one| &one["label"]),
            });
        }
        for part in row["components"].as_array().into_iter().flatten().filter(|part| part["type"] == 2) {
            seen.buttons.push(Button {
                label: breaking(&word(part, "label")),
                block: String::new(),
                action: word(part, "custom_id"),
            });
        }
    }
    seen
}
