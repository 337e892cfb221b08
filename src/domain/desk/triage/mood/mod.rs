//! The mood of a message by word lists: which words are kind or unkind, what turns and strengthens them, and the signs beside them.
//!
//! For English, French, Spanish, German, Italian and Portuguese; in other languages only signs count. Never a guess about a text
//! without a word or sign of mood: that is neutral. Start at [`judge`].

pub(super) mod lexicon;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::fold;
use super::model::features::Piece;
use lexicon::Lexicon;

/// How a customer feels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Unhappy, angry, disappointed.
    Negative,
    /// Neither.
    #[default]
    Neutral,
    /// Happy, grateful, amused.
    Positive,
}

impl Mood {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// As it is stored and written in files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }
}

impl fmt::Display for Mood {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// The text names no mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mood is one of negative, neutral, positive")]
pub struct UnknownMood;

impl FromStr for Mood {
    type Err = UnknownMood;

    fn from_str(text: &str) -> Result<Self, UnknownMood> {
        Self::ALL.into_iter().find(|mood| mood.code().eq_ignore_ascii_case(text)).ok_or(UnknownMood)
    }
}

/// Sums beyond this, on either side, are a mood. One plain word of liking is not yet one.
const MOOD_AT: f32 = 1.5;
/// Words before (and, where the language says so, behind) in which "not" still turns a word.
const TURN_WORDS: usize = 3;
/// What is left of a kind word behind "not", and of an unkind one.
const TURNED: (f32, f32) = (-0.8, -0.3);
/// What stands before "but" counts so much, what stands behind so much.
const BUT: (f32, f32) = (0.6, 1.25);

/// What the word lists say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// The mood.
    pub mood: Mood,
    /// Sum of the kind words and signs.
    pub kind: f32,
    /// Sum of the unkind ones, below 0.
    pub unkind: f32,
    /// Words and signs that count, in the order of the text.
    pub hits: Vec<Hit>,
}

/// A word, phrase or sign that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// As it stands in the list.
    pub text: String,
    /// What it is worth here.
    pub worth: f32,
}

/// The mood of a text that was cut into pieces.
#[must_use]
pub fn judge(pieces: &[Piece], language: Option<&str>) -> Judgement {
    let lexicon = language.and_then(Lexicon::of);
    let words = readable(pieces);
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let mut hits: Vec<(usize, Hit)> = Vec::new();
    let mut at = 0;
    let mut but_at = None;
    while at < words.len() {
        let (count, worth) = worth_at(lexicon, &words, &texts, at);
        if let Some(lexicon) = lexicon
            && lexicon.outweighs(texts[at])
        {
            but_at = Some(at);
        }
        if worth != 0.0 {
            hits.push((at, Hit { text: texts[at..at + count].join(" "), worth }));
        }
        at += count;
    }
    if let Some(but_at) = but_at.filter(|&but| hits.iter().any(|(at, _)| *at > but)) {
        for (at, hit) in &mut hits {
            hit.worth *= if *at < but_at { BUT.0 } else { BUT.1 };
        }
    }
    let hits: Vec<Hit> = hits.into_iter().map(|(_, hit)| hit).collect();
    summed(hits)
}

fn summed(hits: Vec<Hit>) -> Judgement {
    let kind: f32 = hits.iter().map(|hit| hit.worth.max(0.0)).sum();
    let unkind: f32 = hits.iter().map(|hit| hit.worth.min(0.0)).sum();
    let sum = kind + unkind;
    let mood = match sum {
        _ if sum >= MOOD_AT => Mood::Positive,
        _ if sum <= -MOOD_AT => Mood::Negative,
        _ => Mood::Neutral,
    };
    Judgement { mood, kind, unkind, hits }
}

struct Read {
    text: String,
    shouted: bool,
    /// A sign that ends a thought: what is said before it does not turn what comes behind.
    ends: bool,
    is_word: bool,
    /// Worth of a sign; 0 for words.
    sign: f32,
}

/// The pieces as the lists know them: without accents, smileys put together, dashes left out.
fn readable(pieces: &[Piece]) -> Vec<Read> {
    let mut words = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        if piece.is_word {
            words.push(Read {
                text: fold::folded(&piece.text),
                shouted: piece.shouted,
                ends: false,
                is_word: true,
                sign: 0.0,
            });
            at += 1;
            continue;
        }
        if let Some((count, text, worth)) = smiley(&pieces[at..]) {
            words.push(Read { text: text.to_owned(), shouted: false, ends: false, is_word: false, sign: worth });
            at += count;
            continue;
        }
        at += 1;
        if matches!(piece.text.as_str(), "-" | "_" | "#" | "*" | "\"") {
            continue;
        }
        let ends = piece.text.starts_with(['.', '!', '?', ',', ';', ':', '\u{2026}']);
        words.push(Read {
            text: piece.text.clone(),
            shouted: false,
            ends,
            is_word: false,
            sign: lexicon::sign(&piece.text),
        });
    }
    words
}

/// `:)`, `;-)`, `=(`, `:D`, `<3` and their likes at the start of the pieces.
fn smiley(pieces: &[Piece]) -> Option<(usize, &'static str, f32)> {
    let first = pieces.first()?.text.as_str();
    if first == "<" && pieces.get(1).is_some_and(|piece| piece.text == "0") {
        return Some((2, "<3", 2.0));
    }
    if !matches!(first, ":" | ";" | "=") {
        return None;
    }
    let nose =
        usize::from(pieces.get(1).is_some_and(|piece| matches!(piece.text.as_str(), "-" | "'" | "\u{2019}" | "o")));
    let mouth = pieces.get(1 + nose)?.text.as_str();
    let (text, worth) = match mouth {
        ")" | "))" | "]" | "d" | "dd" => (":)", 2.0),
        "p" if nose == 0 => (":p", 1.0),
        "(" | "((" | "[" => (":(", -2.0),
        "/" | "\\" | "|" if nose == 1 || first == ":" => (":/", -1.5),
        _ => return None,
    };
    Some((2 + nose, text, worth))
}

/// How many words stand for one hit here, and what it is worth where it stands.
fn worth_at(lexicon: Option<&Lexicon>, words: &[Read], texts: &[&str], at: usize) -> (usize, f32) {
    let word = &words[at];
    if !word.is_word {
        return (1, word.sign);
    }
    let Some(lexicon) = lexicon else { return (1, 0.0) };
    if let Some((count, worth)) = lexicon.phrase(&texts[at..]) {
        return (count, worth);
    }
    let mut worth = lexicon.worth(&word.text);
    if worth == 0.0 || lexicon.turns(&word.text) {
        return (1, if lexicon.turns(&word.text) { worth.max(-1.0) } else { 0.0 });
    }
    if at > 0 {
        worth *= lexicon.strength(&words[at - 1].text);
    }
    if word.shouted {
        worth *= 1.2;
    }
    if is_turned(lexicon, words, at) {
        worth *= if worth > 0.0 { TURNED.0 } else { TURNED.1 };
    }
    (1, worth)
}

fn is_turned(lexicon: &Lexicon, words: &[Read], at: usize) -> bool {
    let before = words[..at].iter().rev().take_while(|word| !word.ends).take(TURN_WORDS);
    if before.into_iter().any(|word| lexicon.turns(&word.text)) {
        return true;
    }
    // "j'aime pas", "gefällt mir nicht": behind the verb, where no other thought begins.
    let behind = words[at + 1..].iter().take_while(|word| !word.ends).take(TURN_WORDS - 1);
    behind.into_iter().any(|word| matches!(word.text.as_str(), "pas" | "nicht"))
}

/// What the word lists say, as parts for a model that learns: numbers that no text has, with what they are worth.
#[must_use]
pub fn known(judgement: &Judgement) -> Vec<(u64, f32)> {
    const KNOWN: u64 = 0x6d6f_6f64_0000;
    let sum = (judgement.kind + judgement.unkind).clamp(-8.0, 8.0);
    let step = (sum.round() as i64 + 8) as u64;
    let last = judgement.hits.last().map_or(0, |hit| if hit.worth > 0.0 { 1 } else { 2 });
    vec![
        (KNOWN + step, 0.5),
        (KNOWN + 32, judgement.kind.min(10.0) / 10.0),
        (KNOWN + 33, -judgement.unkind.max(-10.0) / 10.0),
        (KNOWN + 40 + last, 0.3),
        (KNOWN + 50 + judgement.mood as u64, 0.5),
    ]
}

#[cfg(test)]
#[path = "mood_tests.rs"]
mod tests;
