//! Discord's markup back to text as a person reads it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Marks of mentions, emoji, instants and addresses (Discord docs: Message Formatting).
#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test runs it")]
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"<(?:@!?(?<user>\d{1,20})|@&(?<role>\d{1,20})|#(?<channel>\d{1,20})|a?:(?<emoji>\w{1,64}):\d{1,20}|t:(?<time>-?\d{1,14})(?::[tTdDfFsSR])?|/(?<command>[^:>\n]{1,100}):\d{1,20}|(?<url>https?://[^>\s]{1,2000}))>",
    )
    .expect("a constant pattern")
});

/// Formatting pairs, in the order in which they are taken off, with what stays.
#[expect(clippy::expect_used, reason = "the patterns are constants, and a test runs them")]
static PAIRS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"\[([^\]\n]{1,500})\]\(<?(https?://[^\s)>]{1,2000})>?\)", "$1 ($2)"),
        (r"(?s)\*\*\*(\S|\S.*?\S)\*\*\*", "$1"),
        (r"(?s)\*\*(\S|\S.*?\S)\*\*", "$1"),
        (r"(?s)__(\S|\S.*?\S)__", "$1"),
        (r"(?s)~~(.+?)~~", "$1"),
        (r"(?s)\|\|(.+?)\|\|", "$1"),
        (r"\*([^\s*]|[^\s*][^*\n]*[^\s*])\*", "$1"),
        (r"(^|[\s(])_([^\s_]|[^\s_][^_\n]*[^\s_])_($|[\s.,;:!?)])", "$1$2$3"),
        (r"(?m)^(?:>>> |> |#{1,3} |-# )", ""),
    ]
    .into_iter()
    .map(|(pattern, stays)| (Regex::new(pattern).expect("a constant pattern"), stays))
    .collect()
});

#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test runs it")]
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)```(?:[\w+-]{1,20}\n)?\n?(?<block>.+?)\n?```|``(?<double>.+?)``|`(?<single>[^`\n]+)`")
        .expect("a constant pattern")
});

#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test runs it")]
static ESCAPED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\\([!-/:-@\[-`{-~])").expect("a constant pattern"));

/// Where punctuation is kept out of sight while pairs are taken off: a private area of Unicode.
const HIDDEN: u32 = 0xE000;

fn hide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_punctuation() { char::from_u32(HIDDEN + c as u32).unwrap_or(c) } else { c })
        .collect()
}

fn show(text: &str) -> String {
    text.chars()
        .map(|c| match (c as u32).checked_sub(HIDDEN) {
            Some(hidden) if hidden < 128 => char::from_u32(hidden).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Names for the ids of mentions.
pub(super) trait Names {
    /// A user's name.
    fn user(&self, id: &str) -> Option<String>;
    /// A role's name.
    fn role(&self, id: &str) -> Option<String>;
    /// A channel's name.
    fn channel(&self, id: &str) -> Option<String>;
}

/// Text as a person reads it: mentions by name, markup taken off.
pub(super) fn readable(text: &str, names: &impl Names) -> String {
    let visible: String = text.chars().filter(|c| !(HIDDEN..HIDDEN + 128).contains(&(*c as u32))).collect();
    let hidden = CODE.replace_all(&visible, |found: &Captures<'_>| {
        let inner = ["block", "double", "single"].iter().find_map(|name| found.name(name));
        hide(inner.map_or("", |inner| inner.as_str()))
    });
    let hidden = ESCAPED.replace_all(&hidden, |found: &Captures<'_>| hide(&found[1]));
    let named = MARKS.replace_all(&hidden, |found: &Captures<'_>| hide(&mark(found, names)));
    let bare =
        PAIRS.iter().fold(named.into_owned(), |text, (pair, stays)| pair.replace_all(&text, *stays).into_owned());
    show(&bare).trim().to_owned()
}

fn mark(found: &Captures<'_>, names: &impl Names) -> String {
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    if let Some(id) = part("user") {
        return format!("@{}", names.user(id).unwrap_or_else(|| id.to_owned()));
    }
    if let Some(id) = part("role") {
        return format!("@{}", names.role(id).unwrap_or_else(|| id.to_owned()));
    }
    if let Some(id) = part("channel") {
        return format!("#{}", names.channel(id).unwrap_or_else(|| id.to_owned()));
    }
    if let Some(name) = part("emoji") {
        return format!(":{name}:");
    }
    if let Some(command) = part("command") {
        return format!("/{command}");
    }
    if let Some(seconds) = part("time").and_then(|seconds| seconds.parse::<i64>().ok()) {
        return chrono::DateTime::from_timestamp(seconds, 0)
            .map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    }
    part("url").unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;
    impl Names for Known {
        fn user(&self, id: &str) -> Option<String> {
            (id == "1").then(|| "Léa".to_owned())
        }
        fn role(&self, id: &str) -> Option<String> {
            (id == "2").then(|| "care".to_owned())
        }
        fn channel(&self, id: &str) -> Option<String> {
            (id == "3").then(|| "support_fr".to_owned())
        }
    }

    #[test]
    fn markup_is_taken_off_and_mentions_are_named() {
        for (sent, read) in [
            ("plain words, 3 * 4 * 5 and snake_case_name", "plain words, 3 * 4 * 5 and snake_case_name"),
            ("<@1> <@!1> <@9> <@&2> <#3>", "@Léa @Léa @9 @care #support_fr"),
            ("**bold** *slant* _slant_ __under__ ~~gone~~ ||spoiler||", "bold slant slant under gone spoiler"),
            ("> quoted\n# Title\n-# small", "quoted\nTitle\nsmall"),
            ("`a_b_c` ```rust\nlet x = *y;\n```", "a_b_c let x = *y;"),
            ("\\*\\*not bold\\*\\*", "**not bold**"),
            (
                "[here](https://a.example/x_y_z) <https://b.example/>",
                "here (https://a.example/x_y_z) https://b.example/",
            ),
            ("<:parcel:12> <a:wave:3> </ticket open:4>", ":parcel: :wave: /ticket open"),
            ("<t:0:R> <t:99999999999999>", "1970-01-01 00:00 UTC"),
            ("a < b > c <@nobody>", "a < b > c <@nobody>"),
        ] {
            assert_eq!(readable(sent, &Known), read, "{sent:?}");
        }
    }
}
