//! The word lists: what each word, phrase and sign is worth, and which words turn, strengthen, weaken or outweigh others.
//!
//! The lists are text files beside this one, written by hand. Start at [`Lexicon::of`].

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Words of the longest phrase.
pub const PHRASE_WORDS_MAX: usize = 5;
/// Shortest beginning of a word that may stand for all its endings, in characters.
const STEM_CHARS_MIN: usize = 4;

const SOURCES: [(&str, &str); 6] = [
    ("en", include_str!("lexicon/en.txt")),
    ("fr", include_str!("lexicon/fr.txt")),
    ("es", include_str!("lexicon/es.txt")),
    ("de", include_str!("lexicon/de.txt")),
    ("it", include_str!("lexicon/it.txt")),
    ("pt", include_str!("lexicon/pt.txt")),
];

/// The words of one language.
#[derive(Debug, Default)]
pub struct Lexicon {
    worth: HashMap<String, f32>,
    stems: HashMap<String, f32>,
    /// First words of phrases, with the length of the longest in words.
    opens: HashMap<String, usize>,
    phrases: HashMap<String, f32>,
    not: HashSet<String>,
    very: HashSet<String>,
    less: HashSet<String>,
    but: HashSet<String>,
}

static LEXICONS: LazyLock<HashMap<&'static str, Lexicon>> =
    LazyLock::new(|| SOURCES.iter().map(|(language, text)| (*language, Lexicon::read(text))).collect());
static SIGNS: LazyLock<HashMap<String, f32>> = LazyLock::new(|| Lexicon::read(include_str!("lexicon/signs.txt")).worth);

/// What an emoji is worth, in any language; 0 for none.
#[must_use]
pub fn sign(text: &str) -> f32 {
    SIGNS.get(text).copied().unwrap_or(0.0)
}

impl Lexicon {
    /// The words of a language, when there is a list of them.
    #[must_use]
    pub fn of(language: &str) -> Option<&'static Self> {
        LEXICONS.get(language)
    }

    fn read(text: &str) -> Self {
        let mut lexicon = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let Some(head) = words.next() else { continue };
            let list = match head {
                "not" => &mut lexicon.not,
                "very" => &mut lexicon.very,
                "less" => &mut lexicon.less,
                "but" => &mut lexicon.but,
                _ => {
                    let worth: f32 = head.parse().unwrap_or_default();
                    words.for_each(|word| lexicon.add(word, worth));
                    continue;
                }
            };
            list.extend(words.map(|word| word.replace('_', " ")));
        }
        lexicon
    }

    fn add(&mut self, word: &str, worth: f32) {
        // A word that stands in two lists keeps the stronger: the lists are written from strong to weak.
        if let Some(stem) = word.strip_suffix('*') {
            self.stems.entry(stem.to_owned()).or_insert(worth);
        } else if let Some((first, _)) = word.split_once('_') {
            let count = word.split('_').count();
            let longest = self.opens.entry(first.to_owned()).or_insert(0);
            *longest = (*longest).max(count);
            self.phrases.entry(word.replace('_', " ")).or_insert(worth);
        } else {
            self.worth.entry(word.to_owned()).or_insert(worth);
        }
    }

    /// What a word is worth; 0 for none.
    #[must_use]
    pub fn worth(&self, word: &str) -> f32 {
        if let Some(&worth) = self.worth.get(word) {
            return worth;
        }
        if let Some((_, rest)) = word.split_once('\'')
            && let Some(&worth) = self.worth.get(rest)
        {
            return worth;
        }
        if self.stems.is_empty() {
            return 0.0;
        }
        let ends = word.char_indices().map(|(at, _)| at).skip(STEM_CHARS_MIN);
        ends.filter_map(|end| self.stems.get(&word[..end])).last().copied().unwrap_or(0.0)
    }

    /// The longest phrase that begins here: its words and what it is worth.
    #[must_use]
    pub fn phrase(&self, words: &[&str]) -> Option<(usize, f32)> {
        let longest = (*self.opens.get(*words.first()?)?).min(words.len()).min(PHRASE_WORDS_MAX);
        (2..=longest).rev().find_map(|count| {
            let worth = self.phrases.get(&words[..count].join(" "))?;
            Some((count, *worth))
        })
    }

    /// Turns what follows into its opposite.
    #[must_use]
    pub fn turns(&self, word: &str) -> bool {
        self.not.contains(word)
    }

    /// Strengthens (above 1) or weakens (below 1) the next word.
    #[must_use]
    pub fn strength(&self, word: &str) -> f32 {
        match word {
            _ if self.very.contains(word) => 1.3,
            _ if self.less.contains(word) => 0.7,
            _ => 1.0,
        }
    }

    /// What stands after it counts more than what stands before.
    #[must_use]
    pub fn outweighs(&self, word: &str) -> bool {
        self.but.contains(word)
    }
}

/// The words and phrases of a language's list, as they are written there.
pub fn words_of(language: &str) -> impl Iterator<Item = &'static str> {
    let text = SOURCES.iter().find(|(known, _)| *known == language).map_or("", |(_, text)| text);
    let lines = text.lines().filter(|line| line.starts_with(['+', '-']));
    lines.flat_map(|line| line.split_whitespace().skip(1)).map(|word| word.trim_end_matches('*'))
}
