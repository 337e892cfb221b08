//! A [`Body`] as Discord shows it: content, at most one embed, and rows of controls, within every limit of Discord.
//!
//! A body without title, fields, footer or colour is written as an ordinary message; a card becomes an embed. Mentions in
//! embeds notify nobody, so the people a card mentions are named in its content. Limits: Discord docs, Message and
//! Component Reference.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::escape::{line, live_url, plain, shortened, units};
use super::writer::Writer;
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Rich, Span};

/// Longest content.
pub const CONTENT_MAX: usize = 2_000;
/// Longest embed title.
pub const TITLE_MAX: usize = 256;
/// Longest embed description.
pub const DESCRIPTION_MAX: usize = 4_096;
/// Longest name of a field.
pub const FIELD_NAME_MAX: usize = 256;
/// Longest value of a field.
pub const FIELD_VALUE_MAX: usize = 1_024;
/// Longest footer.
pub const FOOTER_MAX: usize = 2_048;
/// All text of a message's embeds together.
pub const EMBED_SUM_MAX: usize = 6_000;
/// Most fields; Discord takes 25, more than ten make no card (PRODUCT U3).
pub const FIELDS_MAX: usize = 10;
/// Text of all fields together, so that title, description and footer always have room.
const FIELDS_SUM_MAX: usize = 3_000;
/// Room that the footer may take of the sum.
const FOOTER_SHARE: usize = 500;
/// Rows of controls.
pub const ROWS_MAX: usize = 5;
/// Buttons in a row.
pub const ROW_BUTTONS_MAX: usize = 5;
/// Longest custom id.
pub const CUSTOM_ID_MAX: usize = 100;
/// Longest words on a button.
pub const BUTTON_LABEL_MAX: usize = 80;
/// Longest address behind a button.
pub const BUTTON_URL_MAX: usize = 512;
/// Entries of a menu.
pub const OPTIONS_MAX: usize = 25;
/// Longest label or value of an entry.
pub const OPTION_MAX: usize = 100;
/// Longest placeholder of a menu.
pub const PLACEHOLDER_MAX: usize = 150;
/// Users that one message may ping (Discord docs: Allowed Mentions Object).
const PINGS_MAX: usize = 100;
/// Discord refuses empty messages and empty values.
const NOTHING: &str = "–";

/// A body ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// Content, may be empty when there is an embed.
    pub content: String,
    /// The card.
    pub embed: Option<Value>,
    /// Action rows.
    pub components: Vec<Value>,
    /// Users who may be pinged.
    pub users: Vec<String>,
}

impl Rendered {
    /// The JSON of the message; every part is always present, so that an edit replaces the whole message.
    #[must_use]
    pub fn into_message(self) -> Value {
        json!({
            "content": self.content,
            "embeds": self.embed.map_or_else(Vec::new, |embed| vec![embed]),
            "components": self.components,
            "allowed_mentions": { "parse": [], "users": self.users },
        })
    }
}

/// Renders a body.
#[must_use]
pub fn render(body: &Body) -> Rendered {
    let mut users = BTreeSet::new();
    let components = rows(&body.blocks);
    let said = body.blocks.iter().any(|block| !matches!(block, Block::Controls(_) | Block::Divider));
    let (mut content, embed) = if !said {
        (summary(&body.summary), None)
    } else if is_card(body) {
        let embed = Card::default().filled(body, &mut users);
        (mentions(&users), Some(embed))
    } else {
        (prose(&body.blocks, CONTENT_MAX, &mut users), None)
    };
    if content.trim().is_empty() && embed.is_none() {
        content = summary(&body.summary);
    }
    if content.trim().is_empty() && embed.is_none() {
        content = NOTHING.to_owned();
    }
    Rendered { content, embed, components, users: users.into_iter().take(PINGS_MAX).collect() }
}

fn summary(text: &str) -> String {
    let mut writer = Writer::new(CONTENT_MAX);
    writer.text(text);
    writer.finish()
}

/// Whether a body needs the frame of a card; short lines and lists are written as ordinary messages.
fn is_card(body: &Body) -> bool {
    const PROSE_MAX: usize = CONTENT_MAX / 2;
    let framed = body.blocks.iter().any(|b| matches!(b, Block::Header(_) | Block::Fields(_) | Block::Footer(_)));
    framed || body.accent != Accent::Plain || body.blocks.iter().map(weight).sum::<usize>() > PROSE_MAX
}

fn weight(block: &Block) -> usize {
    match block {
        Block::Context(rich) | Block::Text(rich) | Block::Quote(rich) => rich.iter().map(span_weight).sum(),
        _ => 0,
    }
}

fn span_weight(span: &Span) -> usize {
    match span {
        Span::Text(text) | Span::Bold(text) | Span::Code(text) | Span::User(text) | Span::Channel(text) => units(text),
        Span::Link { url, label } => units(url) + units(label),
        Span::Time { .. } => 20,
    }
}

/// The line that pings those whom a card mentions.
fn mentions(users: &BTreeSet<String>) -> String {
    users.iter().take(PINGS_MAX / 2).map(|user| format!("<@{user}>")).collect::<Vec<_>>().join(" ")
}

fn prose(blocks: &[Block], max: usize, users: &mut BTreeSet<String>) -> String {
    let mut writer = Writer::new(max);
    for block in blocks {
        paragraph(&mut writer, block, users);
    }
    writer.finish()
}

fn paragraph(writer: &mut Writer, block: &Block, users: &mut BTreeSet<String>) {
    let (prefix, rich) = match block {
        Block::Context(rich) => ("-# ", rich),
        Block::Text(rich) => ("", rich),
        Block::Quote(rich) => ("> ", rich),
        Block::Divider => {
            if !writer.is_empty() {
                writer.paragraph("");
            }
            return;
        }
        Block::Header(_) | Block::Fields(_) | Block::Controls(_) | Block::Footer(_) => return,
    };
    if !rich.is_empty() {
        writer.paragraph(prefix);
        writer.rich(rich, users);
    }
}

#[derive(Default)]
struct Card {
    title: String,
    footer: String,
    fields: Vec<Value>,
    spent: usize,
}

impl Card {
    fn filled(mut self, body: &Body, users: &mut BTreeSet<String>) -> Value {
        let mut headers = body.blocks.iter().filter_map(|block| match block {
            Block::Header(text) => Some(text),
            _ => None,
        });
        if let Some(title) = headers.next() {
            let mut writer = Writer::new(TITLE_MAX);
            writer.text(&plain(title).replace('\n', " "));
            self.title = writer.finish();
        }
        let footers: Vec<String> = body.blocks.iter().filter_map(footer).collect();
        self.footer = shortened(&footers.join(" · "), FOOTER_MAX.min(FOOTER_SHARE));
        let more = self.add_fields(&body.blocks, users);
        self.spent += units(&self.title) + units(&self.footer);
        let room = DESCRIPTION_MAX.min(EMBED_SUM_MAX - self.spent.min(EMBED_SUM_MAX));
        let description = describe(&body.blocks, &more, room, users);
        self.json(body.accent, &description)
    }

    /// Adds the first fields; returns those for which there is no room.
    fn add_fields<'a>(&mut self, blocks: &'a [Block], users: &mut BTreeSet<String>) -> Vec<&'a (String, Rich)> {
        let all: Vec<&(String, Rich)> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Fields(fields) => Some(fields),
                _ => None,
            })
            .flatten()
            .collect();
        let shown = all.len().min(FIELDS_MAX);
        let share = FIELDS_SUM_MAX / shown.max(1);
        for (label, value) in &all[..shown] {
            let mut name = Writer::new(FIELD_NAME_MAX.min(share / 2));
            name.text(&plain(label).replace('\n', " "));
            let name = or_nothing(name.finish());
            let mut writer = Writer::new(FIELD_VALUE_MAX.min(share - units(&name)));
            writer.rich(value, users);
            let value = or_nothing(writer.finish());
            self.spent += units(&name) + units(&value);
            self.fields.push(json!({ "name": name, "value": value, "inline": true }));
        }
        all[shown..].to_vec()
    }

    fn json(self, accent: Accent, description: &str) -> Value {
        let mut embed = serde_json::Map::new();
        if !self.title.trim().is_empty() {
            embed.insert("title".into(), self.title.into());
        }
        if !description.trim().is_empty() {
            embed.insert("description".into(), description.into());
        } else if self.fields.is_empty() && !embed.contains_key("title") {
            embed.insert("description".into(), NOTHING.into());
        }
        if let Some(colour) = colour(accent) {
            embed.insert("color".into(), colour.into());
        }
        if !self.fields.is_empty() {
            embed.insert("fields".into(), self.fields.into());
        }
        if !self.footer.trim().is_empty() {
            embed.insert("footer".into(), json!({ "text": self.footer }));
        }
        Value::Object(embed)
    }
}

fn footer(block: &Block) -> Option<String> {
    match block {
        Block::Footer(text) => Some(line(text, FOOTER_MAX)).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// Everything of a card that is neither its title, its fields nor its footer.
fn describe(blocks: &[Block], more: &[&(String, Rich)], room: usize, users: &mut BTreeSet<String>) -> String {
    let mut writer = Writer::new(room);
    let mut titled = false;
    for block in blocks {
        if let Block::Header(text) = block {
            if titled {
                writer.paragraph("");
                writer.bold(text);
            }
            titled = true;
        }
        paragraph(&mut writer, block, users);
    }
    for (label, value) in more {
        writer.paragraph("");
        writer.bold(label);
        writer.mark(" ");
        writer.rich(value, users);
    }
    writer.finish()
}

fn or_nothing(text: String) -> String {
    if text.trim().is_empty() { NOTHING.to_owned() } else { text }
}

fn colour(accent: Accent) -> Option<u32> {
    match accent {
        Accent::Plain => None,
        Accent::Red => Some(0x00D9_3025),
        Accent::Orange => Some(0x00E8_710A),
        Accent::Blue => Some(0x001A_73E8),
        Accent::Grey => Some(0x0080_868B),
        Accent::Green => Some(0x0018_8038),
    }
}

/// The custom id of a control; `None` when it would be too long to come back whole.
#[must_use]
pub fn custom_id(action: &str, value: &str) -> Option<String> {
    let id = format!("{action}|{value}");
    let fits = !action.is_empty() && !action.contains('|') && units(&id) <= CUSTOM_ID_MAX;
    if !fits {
        tracing::warn!(action, "a control's id is too long for Discord; the control is left out");
    }
    fits.then_some(id)
}

/// Rows of controls: of each block first its buttons, five a row, then its menus, one a row.
fn rows(blocks: &[Block]) -> Vec<Value> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut ids = BTreeSet::new();
    for block in blocks {
        let Block::Controls(controls) = block else { continue };
        let parts: Vec<Value> = controls.iter().filter_map(|control| component(control, &mut ids)).collect();
        let (buttons, menus): (Vec<Value>, Vec<Value>) = parts.into_iter().partition(|part| part["type"] == 2);
        rows.extend(buttons.chunks(ROW_BUTTONS_MAX).map(<[Value]>::to_vec));
        rows.extend(menus.into_iter().map(|menu| vec![menu]));
    }
    if rows.len() > ROWS_MAX {
        tracing::warn!(rows = rows.len(), "a message has more controls than Discord shows; the last are left out");
    }
    rows.into_iter().take(ROWS_MAX).map(|row| json!({ "type": 1, "components": row })).collect()
}

fn component(control: &Control, ids: &mut BTreeSet<String>) -> Option<Value> {
    match control {
        Control::Button { action, value, label, emphasis } => {
            let id = custom_id(action, value).filter(|id| ids.insert(id.clone()))?;
            let style = match emphasis {
                Emphasis::Plain => 2,
                Emphasis::Primary => 1,
                Emphasis::Danger => 4,
            };
            Some(json!({ "type": 2, "style": style, "label": label_of(label), "custom_id": id }))
        }
        Control::Open { url, label } => {
            let url = live_url(url).filter(|url| units(url) <= BUTTON_URL_MAX)?;
            Some(json!({ "type": 2, "style": 5, "label": label_of(label), "url": url }))
        }
        Control::Menu { action, value, placeholder, entries } => {
            let options = options(entries);
            if options.is_empty() {
                return None;
            }
            let id = custom_id(action, value).filter(|id| ids.insert(id.clone()))?;
            let placeholder = line(placeholder, PLACEHOLDER_MAX);
            Some(json!({ "type": 3, "custom_id": id, "placeholder": placeholder, "options": options }))
        }
        Control::People { action, value, placeholder } => {
            let id = custom_id(action, value).filter(|id| ids.insert(id.clone()))?;
            Some(json!({ "type": 5, "custom_id": id, "placeholder": line(placeholder, PLACEHOLDER_MAX) }))
        }
    }
}

fn label_of(label: &str) -> String {
    or_nothing(line(label, BUTTON_LABEL_MAX))
}

/// Entries of a menu; a value that cannot come back whole, or twice the same, is left out.
fn options(entries: &[(String, String)]) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    entries
        .iter()
        .filter(|(value, _)| !value.is_empty() && units(value) <= OPTION_MAX && seen.insert(value.clone()))
        .take(OPTIONS_MAX)
        .map(|(value, words)| json!({ "label": or_nothing(line(words, OPTION_MAX)), "value": value }))
        .collect()
}
