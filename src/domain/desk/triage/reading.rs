//! Everything Vigie makes of one message: language, mood, topic, priority, role, tags, each with its reason.
//!
//! The office's rules come first, then the model it may have trained, then the word lists, then the defaults. Pure and total: any
//! bytes, in bounded time, always the same answer. Start at [`Sorter::read`].

use serde::{Deserialize, Serialize};

use super::model::features::{Piece, pieces};
use super::model::{Model, Opinion};
use super::mood::{self, Judgement, Mood};
use super::{Field, Message, TriageRules, language};
use crate::domain::desk::priority::Priority;
use crate::domain::office::MemberId;

/// From this share on a model's topic is taken; below it says nothing, because a wrong topic costs a wrong person's time.
pub const TOPIC_SHARE_MIN: f32 = 0.6;
/// Words told in a reason.
const WORDS_TOLD: usize = 4;

/// The office's rules with the model it may have.
#[derive(Debug)]
pub struct Sorter {
    /// The rules.
    pub rules: TriageRules,
    /// What the team has trained.
    pub model: Option<Model>,
}

/// Why a field has its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Why {
    /// A rule matched.
    Rule {
        /// Its name.
        name: String,
    },
    /// The word lists.
    Words {
        /// What they found, strongest first.
        words: Vec<String>,
    },
    /// The model.
    Model {
        /// How sure it is, in percent.
        percent: u8,
        /// What spoke for it.
        words: Vec<String>,
    },
    /// The letters and words of the language.
    Letters,
    /// Nothing said otherwise.
    Default,
    /// Somebody said so when they opened the ticket.
    Said,
    /// Somebody corrected it.
    Corrected {
        /// Who.
        who: MemberId,
        /// What stood there before.
        from: String,
    },
}

/// A field with the reason for its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The field.
    pub field: Field,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
}

/// What was made of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// ISO 639-1; `None` when there is too little to tell.
    pub language: Option<String>,
    /// How the customer feels.
    pub mood: Mood,
    /// What it is about.
    pub topic: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Which role answers it.
    pub role: String,
    /// Marks.
    pub tags: Vec<String>,
    /// Why, field by field.
    pub reasons: Vec<Because>,
}

impl Reading {
    /// The reasons of a field.
    pub fn why(&self, field: Field) -> impl Iterator<Item = &Why> {
        self.reasons.iter().filter(move |because| because.field == field).map(|because| &because.why)
    }
}

impl Sorter {
    /// Rules alone.
    #[must_use]
    pub fn of_rules(rules: TriageRules) -> Self {
        Self { rules, model: None }
    }

    /// Everything that can be said of a message. A language given with it is taken as it is.
    #[must_use]
    pub fn read(&self, message: &Message<'_>) -> Reading {
        let pieces = pieces(message.text);
        let mut reasons = Vec::with_capacity(6);
        let language = self.language_of(message, &pieces, &mut reasons);
        let judged = mood::judge(&pieces, language.as_deref());
        let mood = self.mood_of(&pieces, &judged, &mut reasons);
        let message = Message { language: language.as_deref(), mood: Some(mood), ..*message };
        let mut verdict = self.rules.classify(&message);
        let decided = |field: Field| verdict.reasons.iter().any(|reason| reason.field == field);
        let (has_topic, has_priority, has_role) =
            (decided(Field::Topic), decided(Field::Priority), decided(Field::Role));
        for reason in verdict.reasons.drain(..) {
            reasons.push(Because { field: reason.field, why: Why::Rule { name: reason.rule } });
        }
        if !has_topic && let Some(opinion) = self.topic_by_model(&pieces, &judged) {
            let route = self.rules.route(&opinion.label);
            if let (false, Some(priority)) = (has_priority, route.priority) {
                verdict.priority = priority;
            }
            if let (false, Some(role)) = (has_role, &route.role) {
                verdict.role.clone_from(role);
            }
            reasons.push(Because { field: Field::Topic, why: told(&opinion) });
            verdict.topic = opinion.label;
        }
        let language = message.language.map(str::to_owned);
        Reading {
            language,
            mood,
            topic: verdict.topic,
            priority: verdict.priority,
            role: verdict.role,
            tags: verdict.tags,
            reasons,
        }
    }

    fn language_of(&self, message: &Message<'_>, pieces: &[Piece], reasons: &mut Vec<Because>) -> Option<String> {
        if let Some(given) = message.language {
            reasons.push(Because { field: Field::Language, why: Why::Said });
            return Some(given.to_owned());
        }
        let by_letters = language(message.text)?;
        let model = self.model.as_ref();
        let opinion = model.and_then(|model| model.opinion(Field::Language, pieces, &Judgement::default()));
        let (language, why) = match opinion.filter(|_| super::language::is_latin(by_letters)) {
            Some(opinion) => (opinion.label.clone(), told(&opinion)),
            None => (by_letters.to_owned(), Why::Letters),
        };
        reasons.push(Because { field: Field::Language, why });
        Some(language)
    }

    fn mood_of(&self, pieces: &[Piece], judged: &Judgement, reasons: &mut Vec<Because>) -> Mood {
        let opinion = self.model.as_ref().and_then(|model| model.opinion(Field::Mood, pieces, judged));
        let by_model =
            opinion.and_then(|opinion| opinion.label.parse::<Mood>().ok().map(|mood| (mood, told(&opinion))));
        let (mood, why) = by_model.unwrap_or_else(|| (judged.mood, words_of(judged)));
        reasons.push(Because { field: Field::Mood, why });
        mood
    }

    /// What the model says of the topic, however sure it is; for measuring.
    #[must_use]
    pub fn topic_opinion(&self, text: &str, language: Option<&str>) -> Option<Opinion> {
        let pieces = pieces(text);
        let judged = mood::judge(&pieces, language);
        self.model.as_ref()?.opinion(Field::Topic, &pieces, &judged)
    }

    fn topic_by_model(&self, pieces: &[Piece], judged: &Judgement) -> Option<Opinion> {
        let opinion = self.model.as_ref()?.opinion(Field::Topic, pieces, judged)?;
        Some(opinion).filter(|opinion| opinion.share >= TOPIC_SHARE_MIN)
    }
}

fn told(opinion: &Opinion) -> Why {
    let percent = (opinion.share * 100.0).round().clamp(0.0, 100.0) as u8;
    Why::Model { percent, words: opinion.words.clone() }
}

/// The words that agree with the mood, strongest first; for a neutral one whatever was found.
fn words_of(judged: &Judgement) -> Why {
    let side = match judged.mood {
        Mood::Negative => -1.0,
        Mood::Neutral => 0.0,
        Mood::Positive => 1.0,
    };
    let mut hits: Vec<&mood::Hit> = judged.hits.iter().filter(|hit| hit.worth * side >= 0.0).collect();
    hits.sort_by(|left, right| right.worth.abs().total_cmp(&left.worth.abs()));
    let mut words: Vec<String> = Vec::new();
    for hit in hits {
        if words.len() < WORDS_TOLD && !words.contains(&hit.text) {
            words.push(hit.text.clone());
        }
    }
    if words.is_empty() { Why::Default } else { Why::Words { words } }
}
