//! The one way in which untrusted text gets into a Discord message: as plain words that cannot ping, link or format.
//!
//! Two forms: [`escape`] where Discord reads markdown (content, embed title, description, fields), [`plain`] where it does
//! not (footer, labels, placeholders). [`Writer`] puts spans together within a length without ever cutting a mark in half.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::ports::chat::{Span, TimeStyle};

/// Most characters of one text looked at; several times the longest that Discord takes (4,096 in a description).
const TEXT_CHARS_MAX: usize = 12_000;
/// Most combining marks on one letter; Vietnamese and Hebrew need up to three.
const MARKS_MAX: usize = 3;
/// Most code points of one visible character; flags and families need up to twelve.
const CLUSTER_CHARS_MAX: usize = 12;
/// Largest instant that Discord shows, in seconds either side of the epoch (that of JavaScript's Date).
const SECONDS_MAX: i64 = 8_640_000_000_000;
/// Keeps a mark from being read without being seen.
const UNSEEN: char = '\u{200b}';

/// Length as Discord's clients count it: UTF-16 units, never fewer than characters.
#[must_use]
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Text as it is shown where Discord reads no markdown: no controls, no direction tricks, no towers of accents, no ping.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(TEXT_CHARS_MAX));
    let mut newlines = 0;
    let bounded: String = text.chars().take(TEXT_CHARS_MAX).collect();
    for cluster in bounded.replace("\r\n", "\n").graphemes(true) {
        let mut marks = 0;
        for character in cluster.chars().take(CLUSTER_CHARS_MAX) {
            let character = match character {
                '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
                '\t' => ' ',
                other => other,
            };
            if is_mark(character) {
                marks += 1;
            }
            if is_unwanted(character) || marks > MARKS_MAX {
                continue;
            }
            newlines = if character == '\n' { newlines + 1 } else { 0 };
            if newlines <= 2 {
                clean.push(character);
            }
        }
    }
    without_pings(&clean)
}

/// Text as it is shown where Discord reads markdown: as [`plain`], with every mark made literal and no live address.
#[must_use]
pub fn escape(text: &str) -> String {
    let clean = plain(text);
    let mut out = String::with_capacity(clean.len() + clean.len() / 8);
    let mut line_start = true;
    let mut digits = false;
    let mut characters = clean.chars().peekable();
    let mut previous = '\n';
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let doubled = next == Some(character) || previous == character;
        let literal = match character {
            '\\' | '*' | '_' | '`' | '[' | ']' | '<' => true,
            '~' | '|' => doubled,
            '#' | '>' | '-' | '+' => line_start,
            '.' | ')' => digits,
            // `https:\//` is shown as written and is no address to Discord.
            '/' => previous == ':' && next == Some('/'),
            _ => false,
        };
        if literal {
            out.push('\\');
        }
        out.push(character);
        digits = character.is_ascii_digit() && (line_start || digits);
        line_start = character == '\n' || (line_start && (character.is_whitespace() || "#>-".contains(character)));
        previous = character;
    }
    out
}

/// Puts something unseen into `@everyone` and `@here`, whatever their case, and behind the `<` of every mark of Discord
/// (mentions, emoji, instants, commands).
fn without_pings(text: &str) -> String {
    const MARKS: [&str; 8] = ["@", "#", ":", "/", "a:", "t:", "id:", "!"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['@', '<']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        let live = if before.ends_with('@') {
            ["everyone", "here"].iter().any(|word| starts_with_word(after, word))
        } else {
            MARKS.iter().any(|mark| after.starts_with(mark))
        };
        if live {
            out.push(UNSEEN);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Accents that can be stacked (Unicode blocks of combining marks).
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05bd}' | '\u{0610}'..='\u{061a}'
        | '\u{064b}'..='\u{065f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Controls, unseen characters and marks that turn the direction of what follows. The joiners of emoji and of Persian and
/// Indic writing stay.
fn is_unwanted(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}')
}

/// Shortens plain text to `max` UTF-16 units with an ellipsis, on a visible character's edge.
#[must_use]
pub fn shortened(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for cluster in text.graphemes(true) {
        used += units(cluster);
        if used > max {
            break;
        }
        out.push_str(cluster);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// One line of plain text of at most `max` units: for labels, names and titles without markdown.
#[must_use]
pub fn line(text: &str, max: usize) -> String {
    shortened(plain(text).replace('\n', " ").trim(), max)
}

/// An address that may be live: http or https, without characters that could end a markdown link.
#[must_use]
pub fn live_url(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url.trim()).ok()?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none_or(str::is_empty) {
        return None;
    }
    let mut safe = String::with_capacity(url.len());
    for character in parsed.as_str().chars() {
        match character {
            '(' => safe.push_str("%28"),
            ')' => safe.push_str("%29"),
            '<' => safe.push_str("%3C"),
            '>' => safe.push_str("%3E"),
            '*' => safe.push_str("%2A"),
            '`' => safe.push_str("%60"),
            '|' => safe.push_str("%7C"),
            '\\' => safe.push_str("%5C"),
            other => safe.push(other),
        }
    }
    Some(safe)
}

/// Puts spans together within a length. What does not fit is replaced by an ellipsis; nothing follows it.
#[derive(Debug)]
pub struct Writer {
    out: String,
    used: usize,
    max: usize,
    cut: bool,
    prefix: &'static str,
}

impl Writer {
    /// A writer of at most `max` UTF-16 units.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self { out: String::new(), used: 0, max, cut: max == 0, prefix: "" }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Begins a paragraph whose lines all start with `prefix`.
    pub fn paragraph(&mut self, prefix: &'static str) {
        self.prefix = "";
        if !self.out.is_empty() {
            self.mark("\n");
        }
        self.prefix = prefix;
        self.mark(prefix);
    }

    /// Writes trusted marks, whole or not at all.
    pub fn mark(&mut self, marks: &str) -> bool {
        let needed = units(marks);
        // One unit is always left for the ellipsis.
        if self.cut || self.used + needed + 1 > self.max {
            self.stop();
            return false;
        }
        self.out.push_str(marks);
        self.used += needed;
        true
    }

    /// Writes spans; the users that may be pinged are added to `users`.
    pub fn rich(&mut self, spans: &[Span], users: &mut BTreeSet<String>) {
        for span in spans {
            self.span(span, users);
        }
    }

    /// Writes untrusted text.
    pub fn text(&mut self, text: &str) {
        self.cuttable("", text, "", |text, prefix| escape(text).replace('\n', &format!("\n{prefix}")));
    }

    /// Writes untrusted text in bold.
    pub fn bold(&mut self, text: &str) {
        self.cuttable("**", text, "**", |text, _| escape(text).replace('\n', " "));
    }

    fn span(&mut self, span: &Span, users: &mut BTreeSet<String>) {
        match span {
            Span::Text(text) => self.text(text),
            Span::Bold(text) => self.bold(text),
            // Backticks cannot be escaped inside code.
            Span::Code(text) => self.cuttable("`", text, "`", |text, _| plain(text).replace(['`', '\n'], " ")),
            Span::User(id) if super::snowflake::is_id(id) => {
                if self.mark(&format!("<@{id}>")) {
                    users.insert(id.clone());
                }
            }
            Span::Channel(id) if super::snowflake::is_id(id) => {
                self.mark(&format!("<#{id}>"));
            }
            Span::User(other) => self.text(&format!("@{other}")),
            Span::Channel(other) => self.text(&format!("#{other}")),
            Span::Link { url, label } => self.link(url, label),
            Span::Time { at, style, fallback } => {
                let seconds = at.0.div_euclid(1_000);
                let style = match style {
                    TimeStyle::Clock => 't',
                    TimeStyle::DayClock => 'f',
                    TimeStyle::Relative => 'R',
                };
                if seconds.abs() > SECONDS_MAX {
                    self.text(fallback);
                } else {
                    self.mark(&format!("<t:{seconds}:{style}>"));
                }
            }
        }
    }

    fn link(&mut self, url: &str, label: &str) {
        let label = line(label, self.max);
        match live_url(url) {
            Some(url) => {
                let shown = if label.is_empty() { url.clone() } else { label };
                // The angle brackets keep Discord from adding a preview.
                self.cuttable("[", &shown, &format!("](<{url}>)"), |text, _| escape(text));
            }
            None if label.is_empty() => self.text(url),
            None => self.text(&format!("{label} ({url})")),
        }
    }

    /// Writes `before`, as much of `text` as fits in the form that `form` gives it, and `after`.
    fn cuttable(&mut self, before: &str, text: &str, after: &str, form: impl Fn(&str, &str) -> String) {
        if self.cut || text.is_empty() {
            return;
        }
        let around = units(before) + units(after);
        let room = (self.max - self.used).saturating_sub(around + 1);
        let whole = form(text, self.prefix);
        if whole.is_empty() {
            return;
        }
        if units(&whole) <= room {
            self.used += around + units(&whole);
            self.out.extend([before, &whole, after]);
            return;
        }
        let edges: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).take(TEXT_CHARS_MAX).collect();
        let fits = |edge: &usize| units(&form(&text[..*edge], self.prefix)) < room;
        let kept = edges.partition_point(fits).saturating_sub(1);
        let part = edges.get(kept).map(|edge| form(text[..*edge].trim_end(), self.prefix)).unwrap_or_default();
        if !part.is_empty() {
            self.used += around + units(&part);
            self.out.extend([before, &part, after]);
        }
        self.stop();
    }

    fn stop(&mut self) {
        if !self.cut && self.used < self.max {
            self.out.push('…');
            self.used += 1;
        }
        self.cut = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn written(spans: &[Span], max: usize) -> String {
        let mut writer = Writer::new(max);
        writer.rich(spans, &mut BTreeSet::new());
        writer.finish()
    }

    #[test]
    fn customers_words_are_shown_as_written() {
        for (said, sent) in [
            ("my parcel never came", "my parcel never came"),
            ("3 semaines d'attente, j'annule tout !", "3 semaines d'attente, j'annule tout !"),
            ("**big** _sly_ `x`", "\\*\\*big\\*\\* \\_sly\\_ \\`x\\`"),
            ("# title\n> quote\n- list\n-# small\n1. one", "\\# title\n\\> quote\n\\- list\n\\-\\# small\n1\\. one"),
            ("well-known 3-4, C#, a > b", "well-known 3-4, C#, a > b"),
            ("||spoiler|| ~~gone~~ a|b ~5", "\\|\\|spoiler\\|\\| \\~\\~gone\\~\\~ a|b ~5"),
            ("[click](https://evil.example)", "\\[click\\](https:\\//evil.example)"),
            ("see https://evil.example", "see https:\\//evil.example"),
            (
                "<@123> <#5> <@&7> </x:1> <t:1:R>",
                "\\<\u{200b}@123> \\<\u{200b}#5> \\<\u{200b}@&7> \\<\u{200b}/x:1> \\<\u{200b}t:1:R>",
            ),
            ("@everyone @Here me@here.fr", "@\u{200b}everyone @\u{200b}Here me@\u{200b}here.fr"),
            ("@every\u{200b}one @e\u{202e}veryone", "@\u{200b}everyone @\u{200b}everyone"),
            ("a\u{202e}b\u{0007}c\u{feff}d", "abcd"),
            ("a\n\n\n\n\nb\r\nc", "a\n\nb\nc"),
        ] {
            assert_eq!(escape(said), sent, "{said:?}");
        }
    }

    #[test]
    fn towers_of_accents_are_bounded_and_real_writing_is_kept() {
        let tower = format!("z{}", "\u{0301}".repeat(500));
        assert!(plain(&tower).chars().count() <= 1 + MARKS_MAX);
        for kept in ["Việt Nam", "é", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "नमस्ते", "שָׁלוֹם"]
        {
            assert_eq!(plain(kept), kept);
        }
    }

    #[test]
    fn cutting_never_breaks_a_mark() {
        let bold = [Span::Bold("a very long bold text".into())];
        assert_eq!(written(&bold, 14), "**a very l**…");
        assert_eq!(written(&[Span::Text("*****".into())], 6), "\\*\\*…");
        let link = [Span::Text("x ".into()), Span::Link { url: "https://a.example/".into(), label: "label".into() }];
        assert_eq!(written(&link, 12), "x …");
        assert_eq!(written(&link, 100), "x [label](<https://a.example/>)");
        assert_eq!(written(&[Span::User("123".into()), Span::Text("then".into())], 7), "<@123>…");
        assert_eq!(written(&[Span::Text("👨‍👩‍👧‍👦👨‍👩‍👧‍👦".into())], 14), "👨‍👩‍👧‍👦…");
        assert_eq!(written(&[Span::Text("abc".into())], 0), "");
    }

    #[test]
    fn only_web_addresses_become_live() {
        let link = |url: &str, label: &str| written(&[Span::Link { url: url.into(), label: label.into() }], 200);
        assert_eq!(link("https://a.example/x)(y", "here"), "[here](<https://a.example/x%29%28y>)");
        assert_eq!(link("javascript:alert(1)", "here"), "here (javascript:alert(1))");
        assert_eq!(link("https://", ""), "https:\\//");
        assert_eq!(
            link("https://a.example/>)[x](http://b.example", "a]b"),
            "[a\\]b](<https://a.example/%3E%29[x]%28http://b.example>)"
        );
    }

    #[test]
    fn instants_and_mentions_use_discords_own_marks() {
        let time = |ms, style| written(&[Span::Time { at: Timestamp(ms), style, fallback: "13:47".into() }], 50);
        assert_eq!(time(1_500, TimeStyle::Clock), "<t:1:t>");
        assert_eq!(time(-1, TimeStyle::DayClock), "<t:-1:f>");
        assert_eq!(time(1_000, TimeStyle::Relative), "<t:1:R>");
        assert_eq!(time(i64::MAX, TimeStyle::Clock), "13:47");
        assert_eq!(written(&[Span::User("@everyone".into())], 50), "@@\u{200b}everyone");
        assert_eq!(written(&[Span::Channel("12".into())], 50), "<#12>");
        assert_eq!(written(&[Span::Code("a`b".into())], 50), "`a b`");
    }

    #[test]
    fn long_hostile_texts_stay_cheap_and_short() {
        for class in ["*", "@everyone", "\u{0301}", "\u{202e}", "👨‍👩‍👧‍👦", "\n", "\\", "<@1>"] {
            let text = class.repeat(40_000 / class.chars().count().max(1));
            let out = written(&[Span::Text(text)], 4_096);
            assert!(units(&out) <= 4_096, "{class:?}");
        }
    }
}
