//! Spans put together within a length, without ever cutting a mark in half. All untrusted text goes through [`escape`].

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use super::escape::{escape, line, live_url, plain, units};
use crate::ports::chat::{Span, TimeStyle};

/// Largest instant that Discord shows, in seconds either side of the epoch (that of JavaScript's Date).
const SECONDS_MAX: i64 = 8_640_000_000_000;

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
        // A visible character takes at least one unit: more of them than there is room for need not be tried.
        let edges: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).take(room + 1).collect();
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
