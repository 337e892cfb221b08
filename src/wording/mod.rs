//! Every sentence Vigie says, in English and French, as Fluent messages in `en/` and `fr/`.
//!
//! Never decides anything. A key or an argument missing in one language fails the tests. Start at [`Wording::pieces`].

mod french;

use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Lang;

/// Marks the place of an argument inside a formatted sentence; private use characters that no keyboard types.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// The files of each language, in the same order.
const SOURCES: &[(&str, &str, &str)] = &[
    ("life", include_str!("en/life.ftl"), include_str!("fr/life.ftl")),
    ("ticket", include_str!("en/ticket.ftl"), include_str!("fr/ticket.ftl")),
    ("command", include_str!("en/command.ftl"), include_str!("fr/command.ftl")),
    ("desk", include_str!("en/desk.ftl"), include_str!("fr/desk.ftl")),
    ("consult", include_str!("en/consult.ftl"), include_str!("fr/consult.ftl")),
    ("rota", include_str!("en/rota.ftl"), include_str!("fr/rota.ftl")),
    ("library", include_str!("en/library.ftl"), include_str!("fr/library.ftl")),
    ("absence", include_str!("en/absence.ftl"), include_str!("fr/absence.ftl")),
    ("meeting", include_str!("en/meeting.ftl"), include_str!("fr/meeting.ftl")),
    ("report", include_str!("en/report.ftl"), include_str!("fr/report.ftl")),
    ("draft", include_str!("en/draft.ftl"), include_str!("fr/draft.ftl")),
    ("office", include_str!("en/office.ftl"), include_str!("fr/office.ftl")),
    ("playbook", include_str!("en/playbook.ftl"), include_str!("fr/playbook.ftl")),
    ("crisis", include_str!("en/crisis.ftl"), include_str!("fr/crisis.ftl")),
    ("silence", include_str!("en/silence.ftl"), include_str!("fr/silence.ftl")),
    ("triage", include_str!("en/triage.ftl"), include_str!("fr/triage.ftl")),
    ("rule", include_str!("en/rule.ftl"), include_str!("fr/rule.ftl")),
];

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words of ours.
    Text(String),
    /// An argument, to be shown by whoever knows the reader's chat.
    Arg(Arg),
}

/// The sentences of both languages.
pub struct Wording {
    bundles: BTreeMap<Lang, FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wording").field("languages", &self.bundles.keys()).finish()
    }
}

impl Default for Wording {
    fn default() -> Self {
        Self::new()
    }
}

impl Wording {
    /// Reads the built-in sentences. A broken source line is left out here and fails the tests of this module.
    #[must_use]
    pub fn new() -> Self {
        let mut bundles = BTreeMap::new();
        for lang in [Lang::En, Lang::Fr] {
            let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            bundle.set_use_isolating(false);
            for &(_, en, fr) in SOURCES {
                let source = if lang == Lang::En { en.to_owned() } else { french::spaced(fr) };
                let resource = match FluentResource::try_new(source) {
                    Ok(resource) | Err((resource, _)) => resource,
                };
                bundle.add_resource_overriding(resource);
            }
            bundles.insert(lang, bundle);
        }
        Self { bundles }
    }

    /// A notice as pieces, in order. A key that does not exist shows itself rather than nothing.
    #[must_use]
    pub fn pieces(&self, lang: Lang, notice: &Notice) -> Vec<Piece> {
        let names: Vec<&String> = notice.args.keys().collect();
        let mut args = FluentArgs::new();
        for (index, (name, arg)) in notice.args.iter().enumerate() {
            match arg {
                Arg::Number(number) => args.set(name.clone(), *number),
                _ => args.set(name.clone(), FluentValue::from(format!("{OPEN}{index}{CLOSE}"))),
            }
        }
        let formatted = self.format(lang, &notice.key, Some(&args));
        split(&formatted, |index| names.get(index).and_then(|name| notice.args.get(*name)).cloned())
    }

    /// A word or sentence without arguments.
    #[must_use]
    pub fn word(&self, lang: Lang, key: &str) -> String {
        self.format(lang, key, None)
    }

    /// Whether a key exists in a language.
    #[must_use]
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundles.get(&lang).is_some_and(|bundle| bundle.has_message(key))
    }

    fn format(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(bundle) = self.bundles.get(&lang) else { return key.to_owned() };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }
}

/// Cuts a formatted sentence at its marks.
fn split(formatted: &str, arg: impl Fn(usize) -> Option<Arg>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = formatted;
    while let Some(start) = rest.find(OPEN) {
        let (before, marked) = rest.split_at(start);
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        let marked = &marked[OPEN.len_utf8()..];
        let Some(end) = marked.find(CLOSE) else { return pieces };
        if let Some(found) = marked[..end].parse().ok().and_then(&arg) {
            pieces.push(Piece::Arg(found));
        }
        rest = &marked[end + CLOSE.len_utf8()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Key to the names of the arguments its message uses.
    fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        let mut current: Option<String> = None;
        for line in source.lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = Some(key.to_owned());
                found.insert(key.to_owned(), BTreeSet::new());
            }
            let Some(key) = &current else { continue };
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                found.entry(key.clone()).or_default().insert(name);
            }
        }
        found
    }

    #[test]
    fn both_languages_hold_the_same_keys_with_the_same_arguments() {
        for &(file, en, fr) in SOURCES {
            assert_eq!(messages(en), messages(fr), "{file}");
        }
    }

    #[test]
    fn no_line_of_a_source_is_broken() {
        for &(file, en, fr) in SOURCES {
            for source in [en, fr] {
                let broken = FluentResource::try_new((*source).to_owned()).err().map(|(_, errors)| errors);
                assert_eq!(broken, None, "{file}");
            }
        }
    }

    #[test]
    fn an_argument_is_never_read_as_part_of_the_sentence() {
        let wording = Wording::new();
        let hostile = Notice::new("note-line").text("text", "\u{E000}0\u{E001} { $x }").text("who", "Léa");
        let pieces = wording.pieces(Lang::En, &hostile);
        assert!(pieces.contains(&Piece::Arg(Arg::Text("\u{E000}0\u{E001} { $x }".to_owned()))), "{pieces:?}");
    }
}
