//! Slack's message formats as text that a person reads: mrkdwn, blocks (rich text too) and attachments.
//!
//! Blocks are first turned into one raw form, Slack's own escaped text with `<...>` marks, and then [`readable`] makes
//! words of it: so mentions are found the same way wherever they stood. Unknown parts are passed over, never an error.
//! Never here: state or calls. Start reading at [`raw_of`].

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::directory::{Directory, Naming};

/// Nested blocks are followed so deep; Slack nests lists eight deep at most.
const DEPTH_MAX: usize = 16;
/// Longest raw text taken out of one message, in bytes (Slack keeps 40 000 characters of text; blocks may add).
const RAW_BYTES_MAX: usize = 256 * 1024;

/// The raw text of a message: of people what they typed, of other apps the whole content with attachments.
#[must_use]
pub fn raw_of(message: &Value, automated: bool) -> String {
    let text = message["text"].as_str().unwrap_or_default();
    let blocks = message["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut raw = Raw::default();
    let typed = blocks.len() == 1 && blocks[0]["type"] == "rich_text";
    if typed {
        raw.blocks(blocks, 0);
    }
    if raw.is_blank() {
        raw = Raw::default();
        raw.push(&unmarked(text));
    }
    if !typed && (automated || raw.is_blank()) {
        let mut layout = Raw::default();
        layout.blocks(blocks, 0);
        raw.add_unless_contained(&layout.out);
    }
    for attachment in message["attachments"].as_array().into_iter().flatten() {
        if !is_unfurl(attachment) {
            let mut part = Raw::default();
            part.attachment(attachment);
            raw.add_unless_contained(&part.out);
        }
    }
    raw.finish()
}

/// A preview that Slack adds under links: no words of the author.
fn is_unfurl(attachment: &Value) -> bool {
    ["from_url", "original_url", "is_msg_unfurl", "is_app_unfurl"].iter().any(|key| !attachment[*key].is_null())
}

#[derive(Default)]
struct Raw {
    out: String,
}

impl Raw {
    fn push(&mut self, piece: &str) {
        if self.out.len() + piece.len() <= RAW_BYTES_MAX {
            self.out.push_str(piece);
        }
    }

    fn line(&mut self, piece: &str) {
        if !piece.trim().is_empty() {
            self.fresh_line();
            self.push(piece);
        }
    }

    fn fresh_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.push("\n");
        }
    }

    fn is_blank(&self) -> bool {
        self.out.trim().is_empty()
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }

    /// Other apps send `text` as a short form of their blocks: it is not said twice.
    fn add_unless_contained(&mut self, other: &str) {
        let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (mine, theirs) = (bare(&self.out), bare(other));
        if theirs.is_empty() || mine.contains(&theirs) {
            return;
        }
        if theirs.contains(&mine) {
            self.out = String::new();
        }
        self.line(other);
    }

    fn blocks(&mut self, blocks: &[Value], depth: usize) {
        for block in blocks {
            self.block(block, depth);
        }
    }

    fn block(&mut self, block: &Value, depth: usize) {
        if depth > DEPTH_MAX {
            return;
        }
        match block["type"].as_str().unwrap_or_default() {
            "rich_text" => {
                for part in array(&block["elements"]) {
                    self.rich(part, depth + 1);
                }
            }
            "section" => {
                self.text_object(&block["text"]);
                array(&block["fields"]).for_each(|field| self.text_object(field));
            }
            "header" => self.text_object(&block["text"]),
            "markdown" => self.line(&escaped(block["text"].as_str().unwrap_or_default())),
            "context" => array(&block["elements"]).for_each(|element| self.text_object(element)),
            "image" => self.text_object(&block["title"]),
            "video" => {
                self.text_object(&block["title"]);
                self.text_object(&block["description"]);
            }
            // Buttons, inputs and rules hold no words of the author; blocks yet unknown may hold texts and blocks.
            "actions" | "divider" | "input" | "file" | "call" => {}
            _ => {
                for key in ["title", "text", "subtitle", "description", "body"] {
                    self.text_object(&block[key]);
                }
                for key in ["blocks", "elements"] {
                    array(&block[key]).for_each(|inner| self.block(inner, depth + 1));
                }
            }
        }
    }

    fn text_object(&mut self, object: &Value) {
        if let Some(text) = object.as_str().or_else(|| object["text"].as_str()) {
            let text = if object["type"] == "mrkdwn" { unmarked(text) } else { text.to_owned() };
            self.line(&text);
        }
    }

    fn rich(&mut self, part: &Value, depth: usize) {
        if depth > DEPTH_MAX {
            return;
        }
        match part["type"].as_str().unwrap_or_default() {
            "rich_text_list" => {
                for item in array(&part["elements"]) {
                    self.fresh_line();
                    self.push("• ");
                    array(&item["elements"]).for_each(|leaf| self.leaf(leaf));
                }
                self.fresh_line();
            }
            "rich_text_quote" | "rich_text_preformatted" => {
                self.fresh_line();
                array(&part["elements"]).for_each(|leaf| self.leaf(leaf));
                self.fresh_line();
            }
            "rich_text_section" => array(&part["elements"]).for_each(|leaf| self.leaf(leaf)),
            _ => array(&part["elements"]).for_each(|inner| self.rich(inner, depth + 1)),
        }
    }

    fn leaf(&mut self, leaf: &Value) {
        let word = |key: &str| leaf[key].as_str().unwrap_or_default();
        match word("type") {
            "text" => self.push(&escaped(word("text"))),
            "user" => self.push(&format!("<@{}>", word("user_id"))),
            "usergroup" => self.push(&format!("<!subteam^{}>", word("usergroup_id"))),
            "channel" => self.push(&format!("<#{}>", word("channel_id"))),
            "broadcast" => self.push(&format!("<!{}>", word("range"))),
            "link" if word("text").is_empty() => self.push(&format!("<{}>", escaped(word("url")))),
            "link" => self.push(&format!("<{}|{}>", escaped(word("url")), escaped(word("text")))),
            "emoji" => match unicode_emoji(word("unicode")) {
                Some(emoji) => self.push(&emoji),
                None => self.push(&format!(":{}:", word("name"))),
            },
            "date" => self.push(&escaped(word("fallback"))),
            "color" => self.push(&escaped(word("value"))),
            _ => {}
        }
    }

    fn attachment(&mut self, attachment: &Value) {
        let word = |key: &str| attachment[key].as_str().unwrap_or_default();
        for key in ["pretext", "author_name", "title", "text"] {
            self.line(&unmarked(word(key)));
        }
        for field in array(&attachment["fields"]) {
            let title = field["title"].as_str().unwrap_or_default();
            let value = field["value"].as_str().map_or_else(
                || if field["value"].is_null() { String::new() } else { field["value"].to_string() },
                unmarked,
            );
            self.line(&[title, &value].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(": "));
        }
        let blocks = attachment["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
        self.blocks(blocks, 1);
        for nested in array(&attachment["message_blocks"]) {
            self.blocks(nested["message"]["blocks"].as_array().map(Vec::as_slice).unwrap_or_default(), 1);
        }
        if self.is_blank() {
            self.line(&unmarked(word("fallback")));
        }
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// `1f3ab` or `1f469-200d-1f4bb` as the character that it names.
fn unicode_emoji(hex: &str) -> Option<String> {
    if hex.is_empty() {
        return None;
    }
    hex.split('-').map(|part| u32::from_str_radix(part, 16).ok().and_then(char::from_u32)).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Takes bold, italic, struck and code marks away where Slack would read them as marks.
fn unmarked(text: &str) -> String {
    static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(^|[\s(\[{"'>])(?:\*([^\s*][^*\n]*?)\*|_([^\s_][^_\n]*?)_|~([^\s~][^~\n]*?)~|`([^`\n]+)`)($|[\s.,;:!?)\]}"'<])"#).ok()
    });
    let Some(marks) = MARKS.as_ref() else { return text.to_owned() };
    let mut out = text.replace("```", "");
    // Neighbouring marks share the space between them: a second pass finds the ones that the first had to skip.
    for _ in 0..2 {
        out = marks.replace_all(&out, "${1}${2}${3}${4}${5}${6}").into_owned();
    }
    out
}

/// Raw text as a person reads it.
#[must_use]
pub fn readable(raw: &str, directory: &Directory, naming: Naming) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(open) = rest.find('<') {
        out.push_str(&unescaped(&rest[..open]));
        let close = rest[open..].find('>').map(|close| open + close);
        match close.map(|close| (close, &rest[open + 1..close])) {
            Some((close, inside)) if is_mark(inside) => {
                out.push_str(&mark(inside, directory, naming));
                rest = &rest[close + 1..];
            }
            _ => {
                out.push('<');
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(&unescaped(rest));
    out.trim().to_owned()
}

/// Typed angle brackets that Slack did not escape ("1 < 2 > 0" in a command) are no marks.
fn is_mark(inside: &str) -> bool {
    let scheme = || {
        inside.split_once(':').is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        })
    };
    let sigil = |c: char| matches!(c, '@' | '#' | '!');
    (inside.starts_with(sigil) && inside[1..].starts_with(|c: char| c.is_ascii_alphanumeric())) || scheme()
}

fn mark(inside: &str, directory: &Directory, naming: Naming) -> String {
    let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
    let label = unescaped(label);
    match target.chars().next() {
        Some('@') if naming == Naming::Id => format!("<{target}>"),
        Some('@') => {
            let id = &target[1..];
            let known = directory.person(id, naming);
            if known == id && !label.is_empty() {
                format!("@{}", label.trim_start_matches('@'))
            } else {
                format!("@{known}")
            }
        }
        Some('#') => {
            let name = if label.is_empty() { directory.channel(&target[1..]) } else { label };
            format!("#{name}")
        }
        Some('!') => special(&target[1..], &label),
        _ => {
            let url = unescaped(target);
            let bare = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("tel:")).unwrap_or(&url);
            let short = bare.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
            if label.is_empty() {
                bare.to_owned()
            } else if label.contains(short) || bare.contains(label.as_str()) {
                label
            } else {
                format!("{label} ({bare})")
            }
        }
    }
}

fn special(target: &str, label: &str) -> String {
    let name = target.split('^').next().unwrap_or_default();
    match name {
        "date" => label.to_owned(),
        "subteam" if label.is_empty() => format!("@{}", target.trim_start_matches("subteam^")),
        _ if !label.is_empty() && name != "subteam" && !label.starts_with('@') => format!("@{label}"),
        _ if !label.is_empty() => format!("@{}", label.trim_start_matches('@')),
        _ => format!("@{name}"),
    }
}

/// The raw text after the first mention of one of these user ids.
#[must_use]
pub fn after_mention<'a>(raw: &'a str, ids: &[String]) -> Option<&'a str> {
    let mut first: Option<(usize, usize)> = None;
    for id in ids.iter().filter(|id| !id.is_empty()) {
        let open = format!("<@{id}");
        for (at, _) in raw.match_indices(&open) {
            let rest = &raw[at + open.len()..];
            if rest.starts_with('>') || rest.starts_with('|') {
                let end = rest.find('>').map_or(raw.len(), |close| at + open.len() + close + 1);
                if first.is_none_or(|(earlier, _)| at < earlier) {
                    first = Some((at, end));
                }
                break;
            }
        }
    }
    first.map(|(_, end)| &raw[end..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::directory::Names;
    use super::*;

    fn directory() -> Directory {
        let mut directory = Directory::default();
        directory.learn_person("U1", Names { handle: "lea".into(), shown: "Léa Roux".into() });
        directory.learn_channel("C1", "social");
        directory
    }

    #[test]
    fn marks_are_read_as_words() {
        for (raw, shown) in [
            ("a &amp; b &lt;c&gt;", "a & b <c>"),
            ("&amp;lt;", "&lt;"),
            ("hi <@U1>!", "hi @Léa Roux!"),
            ("hi <@U9|max>", "hi @max"),
            ("hi <@U9>", "hi @U9"),
            ("see <#C1|>, <#C1>, <#C2|ads>", "see #social, #social, #ads"),
            ("<https://a.example/x>", "https://a.example/x"),
            ("<http://a.example|a.example>", "a.example"),
            ("<https://a.example/p/1|the post>", "the post (https://a.example/p/1)"),
            ("<mailto:a@b.example|a@b.example>", "a@b.example"),
            ("<!channel> <!here|here> <!subteam^S1|@care> <!subteam^S2>", "@channel @here @care @S2"),
            ("<!date^1700000000^{time}|14:10>", "14:10"),
            ("broken <mark", "broken <mark"),
            ("1 < 2 > 0, <3>", "1 < 2 > 0, <3>"),
        ] {
            assert_eq!(readable(raw, &directory(), Naming::Shown), shown, "{raw}");
        }
        assert_eq!(readable("assign T-1 <@U1|lea>", &directory(), Naming::Id), "assign T-1 <@U1>");
    }

    #[test]
    fn formatting_marks_disappear_and_others_stay() {
        for (marked, bare) in [
            ("*bold* and _italic_, ~gone~ `code`", "bold and italic, gone code"),
            ("*a* *b* *c*", "a b c"),
            ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
            ("* item", "* item"),
        ] {
            assert_eq!(unmarked(marked), bare, "{marked}");
        }
    }

    #[test]
    fn rich_text_is_read_exactly() {
        let message = json!({"text": "short", "blocks": [{"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [
                {"type": "text", "text": "a < b *not bold* "}, {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "ticket", "unicode": "1f3ab"}, {"type": "emoji", "name": "own_one"}]},
            {"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]}
        ]}]});
        let raw = raw_of(&message, false);
        assert_eq!(readable(&raw, &directory(), Naming::Shown), "a < b *not bold* @Léa Roux🎫:own_one:\n• one");
    }

    #[test]
    fn the_text_after_the_bot_is_found_whole_ids_only() {
        let ids = ["UBOT".to_owned()];
        assert_eq!(after_mention("hey <@UBOT> assign <@U1>", &ids), Some(" assign <@U1>"));
        assert_eq!(after_mention("<@UBOT|vigie> help", &ids), Some(" help"));
        assert_eq!(after_mention("<@UBOT2> help", &ids), None);
        assert_eq!(after_mention("&lt;@UBOT&gt; help", &ids), None);
    }
}
