//! The one place where text becomes Slack text. Whatever leaves for Slack went through [`Writer`] or [`plain`].
//!
//! Customers' words can never ping, link, format or break a card: `& < >` are escaped as Slack asks, formatting marks
//! are taken their effect by invisible word joiners, direction overrides are removed and stacked accents bounded.
//! Never here: blocks or calls. Start reading at [`Writer`].

use unicode_segmentation::UnicodeSegmentation;

/// Invisible, has no width, allows no line break: put beside a mark, it takes the mark its meaning.
const JOINER: char = '\u{2060}';
/// A word's edge that does not show; Slack reads a formatting mark only there.
const EDGE: &str = "\u{200B}";
/// Ends a shortened text.
const ELLIPSIS: char = '…';
/// Most stacked accents kept on one letter (Vietnamese and Hebrew need two or three; zalgo uses dozens).
const ACCENTS_MAX: usize = 4;
/// Most line breaks kept in a row: two make a paragraph, more only push the card apart.
const BREAKS_MAX: usize = 2;
/// Words that ping everybody when they follow `@` in a client that links names.
const LOUD: [&str; 4] = ["channel", "here", "everyone", "group"];

/// Length as the strictest reading of Slack's limits counts it: UTF-16 units.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn is_accent(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x0610..=0x061A | 0x064B..=0x065F | 0x06D6..=0x06DC
        | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x0EB4..=0x0EBC | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

/// Removes what only serves to disturb: control characters, direction overrides, stacked accents, heaps of line breaks.
#[must_use]
pub fn tame(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut accents, mut breaks) = (0, 0);
    for c in text.chars() {
        let c = match c {
            '\r' => continue,
            '\u{2028}' | '\u{2029}' | '\u{0B}' | '\u{0C}' => '\n',
            '\t' => ' ',
            '\n' => '\n',
            // Direction overrides and isolates turn the rest of the card around; the others are invisible fillers.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => continue,
            c if c.is_control() => continue,
            c => c,
        };
        accents = if is_accent(c) { accents + 1 } else { 0 };
        breaks = match c {
            '\n' => breaks + 1,
            ' ' => breaks,
            _ => 0,
        };
        if accents <= ACCENTS_MAX && (c != '\n' || breaks <= BREAKS_MAX) {
            out.push(c);
        }
    }
    out
}

/// Text for a `plain_text` object or another field that Slack shows literally, in at most `max` units: no mark-up is
/// read there, yet nothing in it may look like a mention to a client that reads it all the same.
#[must_use]
pub fn plain(text: &str, max: usize) -> String {
    let tamed = tame(text);
    let mut out = String::with_capacity(tamed.len());
    let mut last = ' ';
    for (at, c) in tamed.char_indices() {
        let opens = last == '<' && matches!(c, '!' | '@' | '#');
        let loud = last == '@' && LOUD.iter().any(|word| starts_with_word(&tamed[at..], word));
        if opens || loud {
            out.push(JOINER);
        }
        out.push(if c == '\n' { ' ' } else { c });
        last = c;
    }
    shorten(out.trim(), max)
}

/// Cuts a value that is not shown to at most `max` units, without an ellipsis.
#[must_use]
pub fn clip(value: &str, max: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= max
    };
    value.chars().take_while(fits).collect()
}

/// Cuts text to at most `max` units between two visible characters, with an ellipsis when something was cut.
#[must_use]
pub fn shorten(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += length(grapheme);
        if used + 1 > max {
            break;
        }
        out.push_str(grapheme);
    }
    out.push(ELLIPSIS);
    out
}

/// Builds mrkdwn text of at most so many units out of untrusted text and trusted mark-up.
#[derive(Debug)]
pub struct Writer {
    out: String,
    used: usize,
    max: usize,
    full: bool,
}

impl Writer {
    /// An empty text of at most `max` units.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self { out: String::new(), used: 0, max, full: false }
    }

    /// Whether something had to be left out.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    fn fits(&mut self, piece: &str, keep: usize) -> bool {
        if self.full {
            return false;
        }
        let size = length(piece);
        if self.used + size + keep > self.max {
            self.full = true;
            if self.used < self.max {
                self.out.push(ELLIPSIS);
                self.used += 1;
            }
            return false;
        }
        self.used += size;
        self.out.push_str(piece);
        true
    }

    /// Mark-up of our own (a mention, a link, a date): whole or not at all.
    pub fn markup(&mut self, piece: &str) {
        self.fits(piece, 1);
    }

    /// Untrusted text; may be cut.
    pub fn text(&mut self, text: &str) {
        if self.out.ends_with(['*', '`']) && text.starts_with(char::is_alphanumeric) {
            self.fits(EDGE, 1);
        }
        self.pieces(text, 1, neutral);
    }

    /// Untrusted text in bold, on one line.
    pub fn bold(&mut self, text: &str) {
        self.wrapped(text, "*", neutral);
    }

    /// Untrusted text as code, on one line.
    pub fn code(&mut self, text: &str) {
        self.wrapped(text, "`", |c, before, after| match c {
            '`' => Some("\u{02CB}".to_owned()),
            '*' | '_' | '~' => None,
            c => neutral(c, before, after),
        });
    }

    fn wrapped(&mut self, text: &str, mark: &str, rule: Rule) {
        let line = tame(text).split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() || self.full {
            return;
        }
        let edge =
            if self.out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '>' | '*' | '`')) { EDGE } else { "" };
        // Two marks, the edge, one letter and the ellipsis must fit, or nothing is opened that could not be closed.
        if self.used + 6 > self.max {
            self.fits(&" ".repeat(6), 0);
            return;
        }
        self.fits(&format!("{edge}{mark}"), 0);
        self.pieces(&line, 1 + length(mark), rule);
        self.out.push_str(mark);
        self.used += length(mark);
    }

    fn pieces(&mut self, text: &str, keep: usize, rule: Rule) {
        let tamed = tame(text);
        let mut before = self.out.chars().last().unwrap_or('\n');
        for (at, grapheme) in tamed.grapheme_indices(true) {
            let mut piece = String::new();
            let rest = &tamed[at..];
            for (offset, c) in grapheme.char_indices() {
                match rule(c, before, &rest[offset + c.len_utf8()..]) {
                    Some(safe) => piece.push_str(&safe),
                    None => piece.push(c),
                }
                before = c;
            }
            if !self.fits(&piece, keep) {
                return;
            }
        }
    }
}

/// What a character becomes, given the one before it and the text after it; `None` leaves it.
type Rule = fn(char, char, &str) -> Option<String>;

fn entity(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    }
}

fn neutral(c: char, before: char, after: &str) -> Option<String> {
    match c {
        '>' if before == '\n' => Some(format!("{JOINER}&gt;")),
        '*' | '_' | '~' | '`' => {
            // Inside a word (snake_case) a mark has no effect: it is left as it is, so that handles can be copied.
            let inside = before.is_alphanumeric() && after.starts_with(char::is_alphanumeric) && c == '_';
            (!inside).then(|| format!("{JOINER}{c}{JOINER}"))
        }
        '@' if LOUD.iter().any(|word| starts_with_word(after, word)) => Some(format!("@{JOINER}")),
        c => entity(c).map(str::to_owned),
    }
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// Untrusted text as mrkdwn of at most `max` units.
#[must_use]
pub fn mrkdwn(text: &str, max: usize) -> String {
    let mut writer = Writer::new(max);
    writer.text(text);
    writer.finish()
}

/// An address fit to stand inside Slack's `<...|...>`, or `None` when it is not plain http(s).
#[must_use]
pub fn address(url: &str, max: usize) -> Option<String> {
    let parsed = url::Url::parse(url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    parsed.host_str()?;
    let clean = String::from(parsed).replace('|', "%7C").replace('<', "%3C").replace('>', "%3E");
    (length(&clean) <= max).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_customer_writes_can_ping_link_or_format() {
        for (text, expected) in [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("<!channel> <@U1> <#C1>", "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;"),
            ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
            ("@channel @Here", "@\u{2060}channel @\u{2060}Here"),
            ("*x*", "\u{2060}*\u{2060}x\u{2060}*\u{2060}"),
            ("snake_case_name", "snake_case_name"),
            ("> quoted\n>again", "\u{2060}&gt; quoted\n\u{2060}&gt;again"),
            ("a\u{202E}b\u{0007}c", "abc"),
            ("a\n\n\n\n\nb", "a\n\nb"),
        ] {
            assert_eq!(mrkdwn(text, 1000), expected, "{text}");
        }
    }

    #[test]
    fn text_is_cut_between_visible_characters_and_says_so() {
        assert_eq!(mrkdwn("abcdefgh", 6), "abcde…");
        assert_eq!(mrkdwn("<<<<", 9), "&lt;&lt;…");
        let family = "👨‍👩‍👧";
        assert_eq!(mrkdwn(&family.repeat(2), length(family) + 1), format!("{family}…"));
        assert_eq!(plain("abcdef", 6), "abcdef");
        assert_eq!(plain("abcdefg", 6), "abcde…");
    }

    #[test]
    fn plain_text_never_holds_an_opening_mention() {
        assert_eq!(plain("<!channel> & <@U1>", 100), "<\u{2060}!channel> & <\u{2060}@U1>");
        assert_eq!(plain("two\nlines", 100), "two lines");
    }

    #[test]
    fn bold_and_code_close_what_they_open() {
        let mut writer = Writer::new(12);
        writer.bold("a very long name");
        let bold = writer.finish();
        assert!(bold.starts_with('*') && bold.ends_with('*') && length(&bold) <= 12, "{bold}");
        let mut writer = Writer::new(100);
        writer.text("x");
        writer.code("`<a>`");
        assert_eq!(writer.finish(), "x\u{200B}`\u{02CB}&lt;a&gt;\u{02CB}`");
    }

    #[test]
    fn zalgo_is_bounded() {
        let zalgo = format!("a{}", "\u{0301}".repeat(500));
        assert_eq!(tame(&zalgo).chars().count(), 1 + ACCENTS_MAX);
    }

    #[test]
    fn only_web_addresses_are_made_live() {
        assert_eq!(address("https://a.example/x|y?b=<c>", 300).as_deref(), Some("https://a.example/x%7Cy?b=%3Cc%3E"));
        for refused in ["javascript:alert(1)", "ftp://a.example", "slack://open", "not an address", "https://"] {
            assert_eq!(address(refused, 300), None, "{refused}");
        }
    }
}
