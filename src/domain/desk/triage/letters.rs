//! How likely a word is in each language by its runs of three letters: for words that no list holds.
//!
//! Learnt at the first use from the word lists of this folder, which were written by hand. Start at [`likely`].

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold;
use super::language::{WORD_LANGUAGES, WORDS};
use super::mood::lexicon;

/// Smoothing: as if each run had been seen so often in each language.
const SEEN_BEFORE: f32 = 0.4;
/// No single run says more than this (natural logarithm).
const RUN_SAYS_MAX: f32 = 2.5;

/// One number for each of [`WORD_LANGUAGES`].
pub(super) type Scores = [f32; WORD_LANGUAGES.len()];

static RUNS: LazyLock<HashMap<u32, Scores>> = LazyLock::new(|| {
    let mut runs: HashMap<u32, Scores> = HashMap::new();
    let mut totals = Scores::default();
    let mut learn = |place: usize, word: &str| {
        each_run(&fold::folded(word), |run| {
            runs.entry(run).or_default()[place] += 1.0;
            totals[place] += 1.0;
        });
    };
    for (place, words) in WORDS.iter().enumerate() {
        words.split_whitespace().for_each(|word| learn(place, word));
    }
    for (place, language) in WORD_LANGUAGES.iter().enumerate() {
        for word in lexicon::words_of(language) {
            word.split('_').for_each(|word| learn(place, word));
        }
    }
    for scores in runs.values_mut() {
        for (score, total) in scores.iter_mut().zip(&totals) {
            *score = ((*score + SEEN_BEFORE) / (total + SEEN_BEFORE * 4_000.0)).ln();
        }
        let mean: f32 = scores.iter().sum::<f32>() / scores.len() as f32;
        scores.iter_mut().for_each(|score| *score = (*score - mean).clamp(-RUN_SAYS_MAX, RUN_SAYS_MAX));
    }
    runs
});

/// Adds to `scores` how much the runs of a word speak for each language.
pub(super) fn add(word: &str, scores: &mut Scores) {
    each_run(word, |run| {
        if let Some(known) = RUNS.get(&run) {
            scores.iter_mut().zip(known).for_each(|(score, known)| *score += known);
        }
    });
}

/// Visits the runs of three letters of a word, its edges counting as letters.
fn each_run(word: &str, mut visit: impl FnMut(u32)) {
    let (mut before, mut last) = (0_u32, u32::from(b'<'));
    for letter in word.chars().map(u32::from).chain([u32::from(b'>')]) {
        if before != 0 || last == u32::from(b'<') {
            visit((before & 0x3ff) << 20 | (last & 0x3ff) << 10 | (letter & 0x3ff));
        }
        (before, last) = (last, letter);
    }
}
