//! Messages and pages as Slack blocks: a [`Body`] in, `text` and `blocks` out, always within Slack's limits.
//!
//! Texts that are too long are shortened, parts that cannot fit are dropped from the end (controls last), nothing ever
//! fails. Never here: calls, or text that did not pass `escape`. Start reading at [`message`].

use serde_json::{Value, json};

use super::escape::{self, Writer};
use super::limits::{
    ACTIONS_ELEMENTS_MAX, BUTTON_TEXT_MAX, BUTTON_VALUE_MAX, CONTEXT_TEXT_MAX, FIELD_TEXT_MAX, HEADER_TEXT_MAX, ID_MAX,
    MESSAGE_BLOCKS_JSON_MAX, MESSAGE_BLOCKS_MAX, MESSAGE_TEXT_MAX, OPTION_TEXT_MAX, OPTION_VALUE_MAX, OPTIONS_MAX,
    PLACEHOLDER_MAX, SECTION_FIELDS_MAX, SECTION_TEXT_MAX, URL_MAX, VIEW_BLOCKS_JSON_MAX, VIEW_BLOCKS_MAX,
};
use crate::ports::chat::{Block, Body, Control, Emphasis, Rich, Span, TimeStyle};

/// Separates an action from the value carried by a menu inside an `action_id` (a menu has no value of its own).
pub const CARRIED: char = '~';
/// Separates an action from the number that keeps it unique inside its row.
pub const NUMBERED: char = '#';
/// Action of a button that only opens an address: Slack reports its press, nothing is to be done.
pub const OPEN_LINK: &str = "open_link";
/// Tried in turn until a message fits: most units of any one text.
const TEXT_STEPS: [usize; 5] = [SECTION_TEXT_MAX, 1_000, 300, 100, 40];
/// Shown where a text is demanded and there is none.
const NOTHING: &str = "…";

/// A message ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// `text`: the notification line, or the whole message when there are no blocks.
    pub text: String,
    /// `blocks`, perhaps empty.
    pub blocks: Vec<Value>,
}

/// Renders a message.
#[must_use]
pub fn message(body: &Body) -> Rendered {
    Rendered { text: summary(body), blocks: blocks(body, MESSAGE_BLOCKS_MAX, MESSAGE_BLOCKS_JSON_MAX) }
}

/// Renders the blocks of a page (Home).
#[must_use]
pub fn page(body: &Body) -> Vec<Value> {
    let mut rendered = blocks(body, VIEW_BLOCKS_MAX, VIEW_BLOCKS_JSON_MAX);
    if rendered.is_empty() {
        rendered.push(section(&escape::mrkdwn(&summary_words(body), SECTION_TEXT_MAX)));
    }
    rendered
}

fn summary_words(body: &Body) -> String {
    let spoken = if body.summary.trim().is_empty() {
        body.blocks.iter().find_map(|block| match block {
            Block::Header(text) | Block::Footer(text) => Some(text.clone()),
            _ => None,
        })
    } else {
        Some(body.summary.clone())
    };
    spoken.filter(|text| !escape::tame(text).trim().is_empty()).unwrap_or_else(|| NOTHING.to_owned())
}

fn summary(body: &Body) -> String {
    escape::mrkdwn(&summary_words(body), MESSAGE_TEXT_MAX)
}

/// All blocks, with the longest texts that fit.
fn blocks(body: &Body, blocks_max: usize, json_max: usize) -> Vec<Value> {
    let stamp = stamp(body);
    let mut sized: Vec<(usize, Value)> = Vec::new();
    for text_max in TEXT_STEPS {
        sized = Renderer { text_max, stamp: &stamp, rows: 0 }.all(&body.blocks);
        if total(&sized) <= json_max {
            break;
        }
    }
    // What still does not fit goes from the end: first the words, then the controls.
    let (mut left, mut size) = (sized.len(), total(&sized));
    let mut kept = vec![true; sized.len()];
    for controls in [false, true] {
        for at in (0..sized.len()).rev() {
            if left <= blocks_max && size <= json_max {
                break;
            }
            if kept[at] && (sized[at].1["type"] == "actions") == controls {
                kept[at] = false;
                left -= 1;
                size -= sized[at].0;
            }
        }
    }
    sized.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|((_, block), _)| block).collect()
}

fn total(sized: &[(usize, Value)]) -> usize {
    sized.iter().map(|(size, _)| size).sum()
}

/// Slack asks for new block ids whenever a message changes; a chosen menu entry then does not stick to the new card.
fn stamp(body: &Body) -> String {
    use sha2::{Digest, Sha256};
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    hex::encode(&Sha256::digest(bytes)[..4])
}

struct Renderer<'a> {
    text_max: usize,
    stamp: &'a str,
    rows: usize,
}

impl Renderer<'_> {
    /// Every block with its size as JSON, comma included.
    fn all(mut self, blocks: &[Block]) -> Vec<(usize, Value)> {
        let rendered = blocks.iter().flat_map(|block| self.block(block));
        rendered.map(|block| (escape::length(&block.to_string()) + 1, block)).collect()
    }

    fn block(&mut self, block: &Block) -> Vec<Value> {
        match block {
            Block::Header(text) => {
                let text = escape::plain(text, HEADER_TEXT_MAX);
                some(!text.is_empty(), || json!({"type": "header", "text": plain_object(&text)}))
            }
            Block::Context(line) => {
                let text = rich(line, self.text_max.min(CONTEXT_TEXT_MAX));
                some(is_visible(&text), || json!({"type": "context", "elements": [mrkdwn_object(&text)]}))
            }
            Block::Text(words) => {
                let text = rich(words, self.text_max.min(SECTION_TEXT_MAX));
                some(is_visible(&text), || section(&text))
            }
            Block::Quote(words) => {
                let text = quote(words, self.text_max.min(SECTION_TEXT_MAX));
                some(is_visible(&text), || section(&text))
            }
            Block::Fields(fields) => self.fields(fields),
            Block::Controls(controls) => self.controls(controls),
            Block::Divider => vec![json!({"type": "divider"})],
            Block::Footer(text) => {
                let text = escape::plain(text, self.text_max.min(CONTEXT_TEXT_MAX));
                some(!text.is_empty(), || json!({"type": "context", "elements": [plain_object(&text)]}))
            }
        }
    }

    fn fields(&self, fields: &[(String, Rich)]) -> Vec<Value> {
        let max = self.text_max.min(FIELD_TEXT_MAX);
        fields
            .iter()
            .map(|(label, value)| {
                let mut writer = Writer::new(max);
                writer.bold(label);
                if !value.is_empty() {
                    writer.markup("\n");
                    write_spans(&mut writer, value);
                }
                writer.finish()
            })
            .filter(|text| is_visible(text))
            .collect::<Vec<_>>()
            .chunks(SECTION_FIELDS_MAX)
            .map(|row| json!({"type": "section", "fields": row.iter().map(|t| mrkdwn_object(t)).collect::<Vec<_>>()}))
            .collect()
    }

    fn controls(&mut self, controls: &[Control]) -> Vec<Value> {
        let mut out = Vec::new();
        let shown: Vec<&Control> = controls.iter().filter(|control| is_shown(control)).collect();
        for row in shown.chunks(ACTIONS_ELEMENTS_MAX) {
            let mut elements: Vec<Value> = Vec::new();
            for control in row {
                let wished = action_id(control);
                let taken = elements.iter().filter(|e| unnumbered(e["action_id"].as_str()) == wished).count();
                let id = if taken == 0 { wished } else { numbered(&wished, taken) };
                elements.push(element(control, &id));
            }
            self.rows += 1;
            let block_id = format!("row{}.{}", self.rows, self.stamp);
            out.push(json!({"type": "actions", "block_id": block_id, "elements": elements}));
        }
        // An address that cannot be made live is still shown, as text.
        for control in controls {
            if let Control::Open { url, label } = control
                && escape::address(url, URL_MAX).is_none()
            {
                let text = escape::mrkdwn(&format!("{label} ({url})"), self.text_max.min(CONTEXT_TEXT_MAX));
                out.push(json!({"type": "context", "elements": [mrkdwn_object(&text)]}));
            }
        }
        out
    }
}

fn some(shown: bool, block: impl FnOnce() -> Value) -> Vec<Value> {
    if shown { vec![block()] } else { Vec::new() }
}

fn is_visible(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{2060}' | '>'))
}

fn is_shown(control: &Control) -> bool {
    match control {
        Control::Menu { entries, .. } => entries.iter().any(|(value, _)| option_fits(value)),
        Control::Open { url, .. } => escape::address(url, URL_MAX).is_some(),
        Control::Button { .. } | Control::People { .. } => true,
    }
}

fn option_fits(value: &str) -> bool {
    !value.is_empty() && escape::length(value) <= OPTION_VALUE_MAX
}

/// The `action_id` a control wishes for: its action, and for menus the value that they carry.
fn action_id(control: &Control) -> String {
    let id = match control {
        Control::Button { action, .. } => action.clone(),
        Control::Menu { action, value, .. } | Control::People { action, value, .. } if !value.is_empty() => {
            format!("{action}{CARRIED}{value}")
        }
        Control::Menu { action, .. } | Control::People { action, .. } => action.clone(),
        Control::Open { .. } => OPEN_LINK.to_owned(),
    };
    // Room for the number; ports allow 40 + 60 bytes, so nothing that obeys them is cut.
    escape::clip(&id, ID_MAX - 8)
}

fn numbered(id: &str, number: usize) -> String {
    match id.split_once(CARRIED) {
        Some((action, carried)) => format!("{action}{NUMBERED}{number}{CARRIED}{carried}"),
        None => format!("{id}{NUMBERED}{number}"),
    }
}

fn unnumbered(id: Option<&str>) -> String {
    let (action, carried) = read_action_id(id.unwrap_or_default());
    if carried.is_empty() { action } else { format!("{action}{CARRIED}{carried}") }
}

/// Reads an `action_id` back: (action, carried value).
#[must_use]
pub fn read_action_id(id: &str) -> (String, String) {
    let (head, carried) = id.split_once(CARRIED).unwrap_or((id, ""));
    let action = head.split_once(NUMBERED).map_or(head, |(action, _)| action);
    (action.to_owned(), carried.to_owned())
}

fn element(control: &Control, id: &str) -> Value {
    match control {
        Control::Button { value, label, emphasis, .. } => {
            let mut button = json!({"type": "button", "action_id": id, "text": label_object(label, BUTTON_TEXT_MAX)});
            if !value.is_empty() {
                button["value"] = Value::from(escape::clip(value, BUTTON_VALUE_MAX));
            }
            match emphasis {
                Emphasis::Plain => {}
                Emphasis::Primary => button["style"] = Value::from("primary"),
                Emphasis::Danger => button["style"] = Value::from("danger"),
            }
            button
        }
        Control::Menu { placeholder, entries, .. } => json!({
            "type": "static_select",
            "action_id": id,
            "placeholder": label_object(placeholder, PLACEHOLDER_MAX),
            "options": options(entries),
        }),
        Control::People { placeholder, .. } => json!({
            "type": "users_select",
            "action_id": id,
            "placeholder": label_object(placeholder, PLACEHOLDER_MAX),
        }),
        Control::Open { url, label } => json!({
            "type": "button",
            "action_id": id,
            "text": label_object(label, BUTTON_TEXT_MAX),
            "url": escape::address(url, URL_MAX).unwrap_or_default(),
        }),
    }
}

/// Options of a menu; entries whose value Slack would refuse are left out rather than changed.
#[must_use]
pub fn options(entries: &[(String, String)]) -> Vec<Value> {
    let fitting = entries.iter().filter(|(value, _)| option_fits(value)).take(OPTIONS_MAX);
    fitting.map(|(value, words)| option(value, words)).collect()
}

/// One option.
#[must_use]
pub fn option(value: &str, words: &str) -> Value {
    let words = if words.trim().is_empty() { value } else { words };
    json!({"text": label_object(words, OPTION_TEXT_MAX), "value": value})
}

/// A `plain_text` object that is never empty.
#[must_use]
pub fn label_object(words: &str, max: usize) -> Value {
    let text = escape::plain(words, max);
    plain_object(if text.is_empty() { NOTHING } else { &text })
}

fn plain_object(text: &str) -> Value {
    json!({"type": "plain_text", "text": text, "emoji": true})
}

/// `verbatim`: Slack makes no links or mentions out of bare words; what is meant to be live is marked up explicitly.
fn mrkdwn_object(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

/// A section of ready mrkdwn.
#[must_use]
pub fn section(text: &str) -> Value {
    json!({"type": "section", "text": mrkdwn_object(text)})
}

fn rich(spans: &Rich, max: usize) -> String {
    let mut writer = Writer::new(max);
    write_spans(&mut writer, spans);
    writer.finish()
}

fn quote(spans: &Rich, max: usize) -> String {
    const MARK: &str = "> ";
    let mut room = max.saturating_sub(MARK.len());
    loop {
        let text = rich(spans, room);
        let quoted = text.lines().map(|line| format!("{MARK}{line}")).collect::<Vec<_>>().join("\n");
        let over = escape::length(&quoted).saturating_sub(max);
        if over == 0 || room == 0 {
            return quoted;
        }
        room = room.saturating_sub(over.max(8));
    }
}

fn write_spans(writer: &mut Writer, spans: &Rich) {
    for span in spans {
        if writer.is_full() {
            return;
        }
        match span {
            Span::Text(text) => writer.text(text),
            Span::Bold(text) => writer.bold(text),
            Span::Code(text) => writer.code(text),
            Span::User(id) => mention(writer, '@', id),
            Span::Channel(id) => mention(writer, '#', id),
            Span::Link { url, label } => link(writer, url, label),
            Span::Time { at, style, fallback } => {
                let format = match style {
                    TimeStyle::Clock => "{time}",
                    TimeStyle::DayClock | TimeStyle::Relative => "{date_short_pretty} {time}",
                };
                let fallback = inside_marks(fallback, 100);
                writer.markup(&format!("<!date^{}^{format}|{fallback}>", at.0.div_euclid(1_000)));
            }
        }
    }
}

/// Slack ids are capital letters and digits; anything else is shown as the text that it is.
fn mention(writer: &mut Writer, sigil: char, id: &str) {
    if !id.is_empty() && id.len() <= 32 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        writer.markup(&format!("<{sigil}{id}>"));
    } else {
        writer.text(&format!("{sigil}{id}"));
    }
}

fn link(writer: &mut Writer, url: &str, label: &str) {
    match escape::address(url, URL_MAX) {
        Some(address) => {
            let label = inside_marks(if label.trim().is_empty() { url } else { label }, 300);
            writer.markup(&format!("<{}|{label}>", address.replace('&', "&amp;")));
        }
        None if label.trim().is_empty() || label == url => writer.text(url),
        None => writer.text(&format!("{label} ({url})")),
    }
}

/// Untrusted words inside `<...|...>`: one line, no bar.
fn inside_marks(words: &str, max: usize) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\u{00A6}");
    let text = escape::mrkdwn(&line, max);
    if text.is_empty() { NOTHING.to_owned() } else { text }
}
