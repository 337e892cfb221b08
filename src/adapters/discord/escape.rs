//! The one way in which untrusted text gets into a Discord message: as plain words that cannot ping, link or format.
//!
//! Two forms: [`escape`] where Discord reads markdown (content, embed title, description, fields), [`plain`] where it does
//! not (footer, labels, placeholders). Whole texts of spans are put together by `writer`.

use unicode_segmentation::UnicodeSegmentation;

/// Most characters of one text looked at; several times the longest that Discord takes (4,096 in a description).
const TEXT_CHARS_MAX: usize = 12_000;
/// Most combining marks on one letter; Vietnamese and Hebrew need up to three.
const MARKS_MAX: usize = 3;
/// Most code points of one visible character; flags and families need up to twelve.
const CLUSTER_CHARS_MAX: usize = 12;
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
    let address = parsed.as_str();
    for (place, character) in address.char_indices() {
        match character {
            // An address may hold the words that call everybody; encoded it leads to the same place.
            '@' if calls_everybody(&address[place..]) => safe.push_str("%40"),
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

fn calls_everybody(rest: &str) -> bool {
    let starts = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    starts("@everyone") || starts("@here")
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
