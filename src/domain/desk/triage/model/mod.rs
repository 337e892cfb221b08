//! A model that a team trains on its own messages: for mood, topic and language, each with its labels and hashed weights.
//!
//! A model file holds numbers and label names, never a text. Reading one checks everything; a damaged file is refused with the
//! reason. Training is deterministic: the same lines give the same file. Start at [`Model::read`] and [`Model::opinion`].

pub mod features;
mod file;
pub mod linear;

use std::collections::BTreeMap;

use features::{Piece, pieces};
use linear::{Lesson, Linear, best};

use super::Field;
use super::mood;

pub use file::{FILE_BYTES_MAX, ModelFault};

/// Words named in an explanation.
const WORDS_TOLD: usize = 3;
/// Fewest texts of a label that can teach anything.
pub const TEXTS_OF_LABEL_MIN: usize = 2;

/// What a team has trained.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    heads: BTreeMap<Field, Linear>,
}

/// What a model says of one field of one message.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// The label.
    pub label: String,
    /// How sure it is, from 0 to 1.
    pub share: f32,
    /// The words that speak most for it.
    pub words: Vec<String>,
}

/// A text with what somebody knows about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// Its language, when known; else it is recognised.
    pub language: Option<String>,
    /// The label of each field that somebody gave one.
    pub labels: BTreeMap<Field, String>,
}

/// Why there is nothing to learn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NothingLearnt {
    /// No line has a label.
    #[error("no line has a mood, topic or language to learn from")]
    NoLabels,
    /// All lines have the same.
    #[error("every line has the same {field}; at least two are needed")]
    OneLabel {
        /// The field.
        field: &'static str,
    },
    /// More than a model can tell apart.
    #[error("{count} different values of {field}; at most {max}")]
    TooManyLabels {
        /// The field.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// The most.
        max: usize,
    },
}

impl Model {
    /// Whether it knows anything of a field.
    #[must_use]
    pub fn knows(&self, field: Field) -> bool {
        self.heads.contains_key(&field)
    }

    /// Its fields with the labels each tells apart.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &[String])> {
        self.heads.iter().map(|(field, head)| (*field, head.labels.as_slice()))
    }

    /// Takes over the fields of another model that it does not know itself.
    pub fn keep(&mut self, other: Self) {
        for (field, head) in other.heads {
            self.heads.entry(field).or_insert(head);
        }
    }

    /// What it says of a field; `None` when it never learnt it, or the text has nothing to go by.
    #[must_use]
    pub fn opinion(&self, field: Field, pieces: &[Piece], judged: &mood::Judgement) -> Option<Opinion> {
        let head = self.heads.get(&field)?;
        if pieces.is_empty() {
            return None;
        }
        let shares = head.shares(&linear::parts(pieces, &known(field, judged)));
        let (place, share) = best(&shares);
        Some(Opinion { label: head.labels.get(place)?.clone(), share, words: words_for(head, pieces, place) })
    }

    /// Learns every field that has labels.
    ///
    /// # Errors
    /// When there is nothing to learn.
    pub fn train(texts: &[Labelled], wanted: &[Field]) -> Result<Self, NothingLearnt> {
        let mut heads = BTreeMap::new();
        for &field in wanted {
            let with_label = || texts.iter().filter_map(|text| text.labels.get(&field).map(|label| (text, label)));
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for (_, label) in with_label() {
                *counts.entry(label).or_default() += 1;
            }
            counts.retain(|_, count| *count >= TEXTS_OF_LABEL_MIN);
            let labels: Vec<String> = counts.keys().map(|label| (*label).to_owned()).collect();
            match labels.len() {
                0 => continue,
                1 => return Err(NothingLearnt::OneLabel { field: field.name() }),
                count if count > linear::LABELS_MAX => {
                    return Err(NothingLearnt::TooManyLabels { field: field.name(), count, max: linear::LABELS_MAX });
                }
                _ => {}
            }
            let lessons: Vec<Lesson> = with_label()
                .filter_map(|(text, label)| {
                    let place = labels.iter().position(|known| known == label)?;
                    Some(Lesson { parts: lesson_parts(field, text), label: place })
                })
                .collect();
            heads.insert(field, linear::train(&lessons, labels));
        }
        if heads.is_empty() { Err(NothingLearnt::NoLabels) } else { Ok(Self { heads }) }
    }
}

fn lesson_parts(field: Field, text: &Labelled) -> linear::Parts {
    let pieces = pieces(&text.text);
    let language = text.language.as_deref().or_else(|| super::language(&text.text));
    linear::parts(&pieces, &known(field, &mood::judge(&pieces, language)))
}

/// What the word lists say helps to tell moods and topics apart; it says nothing of languages.
fn known(field: Field, judged: &mood::Judgement) -> Vec<(u64, f32)> {
    if field == Field::Language { Vec::new() } else { mood::known(judged) }
}

fn words_for(head: &Linear, pieces: &[Piece], label: usize) -> Vec<String> {
    let pulls = head.pulls(pieces, label);
    let mut strong: Vec<(f32, usize)> = pulls
        .into_iter()
        .enumerate()
        .filter(|(place, pull)| pieces[*place].is_word && *pull > 0.0)
        .map(|(place, pull)| (pull, place))
        .collect();
    strong.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let mut words: Vec<String> = Vec::with_capacity(WORDS_TOLD);
    for (_, place) in strong {
        if words.len() >= WORDS_TOLD {
            break;
        }
        let word = &pieces[place].text;
        if word.chars().count() > 1 && !words.contains(word) {
            words.push(word.clone());
        }
    }
    words
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
