//! A rule learnt from a correction: which words of the corrected message tell it from the others, and what the rule would change.
//!
//! Proposes, never decides: a person sees the words and the effect first. Start at [`keywords`] and [`with_lessons`].

use serde::{Deserialize, Serialize};

use super::language::is_function_word;
use super::model::features::pieces;
use super::{Outcome, RuleError, TriageRule, TriageRules, fold};
use crate::domain::desk::priority::Priority;
use crate::domain::office::MemberId;

/// Keywords proposed at most: a person reads them all.
pub const PROPOSED_MAX: usize = 3;
/// Keywords of a learnt rule at most.
pub const LESSON_KEYWORDS_MAX: usize = 20;
/// Learnt rules at most, those switched off included; beyond it the rule file is the place.
pub const LESSONS_MAX: usize = 200;
/// Shortest word proposed alone, in characters.
const WORD_CHARS_MIN: usize = 4;

/// A rule that people made of a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its name, `learnt-3`; it appears in explanations.
    pub name: String,
    /// One of these must occur.
    pub keywords: Vec<String>,
    /// The topic it gives.
    pub topic: String,
    /// The role that answers, when it names one.
    pub role: Option<String>,
    /// The priority, when it names one.
    pub priority: Option<Priority>,
    /// In force.
    pub on: bool,
    /// Who made it.
    pub by: MemberId,
    /// The ticket whose correction it was made of.
    pub ticket: Option<i64>,
}

impl Lesson {
    /// The lesson as a rule.
    #[must_use]
    pub fn rule(&self) -> TriageRule {
        TriageRule {
            name: self.name.clone(),
            any_keywords: self.keywords.clone(),
            set: Outcome {
                topic: Some(self.topic.clone()),
                priority: self.priority,
                role: self.role.clone(),
                tag: None,
            },
            ..TriageRule::default()
        }
    }
}

/// The office's rules with the lessons in force before them: the latest lesson first.
///
/// # Errors
/// When a lesson is no possible rule, or there are too many rules.
pub fn with_lessons<'l>(
    rules: &TriageRules,
    lessons: impl DoubleEndedIterator<Item = &'l Lesson>,
) -> Result<TriageRules, Vec<RuleError>> {
    let mut all: Vec<TriageRule> = lessons.rev().filter(|lesson| lesson.on).map(Lesson::rule).collect();
    let learnt = all.len();
    for rule in rules.rules() {
        // A learnt rule that was copied into the file stands there once.
        if !all.iter().take(learnt).any(|known| known.name == rule.name) {
            all.push(rule.clone());
        }
    }
    TriageRules::compile_with(all, rules.defaults().clone())
}

/// Words and pairs of words of `text` that occur in few or none of the `others`, which have another topic: best first.
#[must_use]
pub fn keywords(text: &str, others: &[&str]) -> Vec<String> {
    let others: Vec<String> = others.iter().map(|other| fold::tokens(other, super::TEXT_CHARS_MAX)).collect();
    let words: Vec<String> =
        pieces(text).into_iter().map(|piece| if piece.is_word { piece.text } else { String::new() }).collect();
    let telling = |word: &str| word.chars().count() >= WORD_CHARS_MIN && !is_function_word(word);
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut offer = |place: usize, candidate: String| {
        let folded = fold::tokens(&candidate, super::KEYWORD_CHARS_MAX);
        let elsewhere = others.iter().filter(|other| other.contains(&folded)).count();
        if !found.iter().any(|(_, _, known)| *known == candidate) {
            found.push((elsewhere, place, candidate));
        }
    };
    for (place, pair) in words.windows(2).enumerate() {
        let both = !pair[0].is_empty() && !pair[1].is_empty();
        if both
            && (telling(&pair[0]) || telling(&pair[1]))
            && !(is_function_word(&pair[0]) && is_function_word(&pair[1]))
        {
            offer(2 * place + 1, format!("{} {}", pair[0], pair[1]));
        }
    }
    for (place, word) in words.iter().enumerate().filter(|(_, word)| telling(word)) {
        offer(2 * place, word.clone());
    }
    // A pair is safer than a word; what occurs elsewhere least comes first, and then what stands first.
    found.sort_by_key(|(elsewhere, place, candidate)| (*elsewhere, !candidate.contains(' '), *place));
    let most = others.len() / 20;
    let mut chosen: Vec<String> = Vec::new();
    for (elsewhere, _, candidate) in found {
        let overlaps =
            chosen.iter().any(|known| known.split(' ').any(|word| candidate.split(' ').any(|other| other == word)));
        if chosen.len() < PROPOSED_MAX && elsewhere <= most && !overlaps {
            chosen.push(candidate);
        }
    }
    chosen
}

/// The keywords of a line as people type them: by commas or lines, each once.
#[must_use]
pub fn typed_keywords(line: &str) -> Vec<String> {
    let mut keywords: Vec<String> = Vec::new();
    for part in line.split([',', ';', '\n']) {
        let keyword = part.trim().trim_matches(['"', '“', '”', '«', '»', '\u{a0}']).trim().to_lowercase();
        if !keyword.is_empty() && !keywords.contains(&keyword) {
            keywords.push(keyword);
        }
    }
    keywords
}

#[cfg(test)]
mod tests {
    use super::super::{Defaults, Message};
    use super::*;

    #[test]
    fn the_words_that_tell_a_message_from_the_others_are_proposed() {
        let others = ["my lamp is late", "my lamp is broken", "where is my parcel", "the lamp is lovely"];
        let proposed = keywords("my lamp keeps humming at night", &others);
        assert!(proposed.iter().any(|keyword| keyword.contains("humming")), "{proposed:?}");
        assert!(proposed.iter().all(|keyword| keyword != "lamp" && keyword != "my lamp"), "{proposed:?}");
        assert!(keywords("🔥🔥", &others).is_empty());
        assert!(keywords("", &[]).is_empty());
    }

    #[test]
    fn a_lesson_comes_before_the_rules_of_the_file_and_can_be_switched_off() {
        let rule = |name: &str, word: &str, topic: &str| TriageRule {
            name: name.into(),
            any_keywords: vec![word.into()],
            set: Outcome { topic: Some(topic.into()), ..Outcome::default() },
            ..TriageRule::default()
        };
        let file =
            TriageRules::compile_with(vec![rule("file", "lamp", "product")], Defaults::default()).expect("rules");
        let mut lesson = Lesson {
            name: "learnt-1".into(),
            keywords: vec!["keeps humming".into()],
            topic: "repair".into(),
            role: None,
            priority: None,
            on: true,
            by: "lea".into(),
            ticket: Some(1),
        };
        let message = Message { text: "My lamp keeps humming", ..Message::default() };
        let topic = |lessons: &[Lesson]| with_lessons(&file, lessons.iter()).expect("rules").classify(&message).topic;
        assert_eq!(topic(&[lesson.clone()]), "repair");
        let later = Lesson { name: "learnt-2".into(), topic: "order".into(), ..lesson.clone() };
        assert_eq!(topic(&[lesson.clone(), later]), "order", "the latest is right");
        lesson.on = false;
        assert_eq!(topic(&[lesson]), "product");
    }

    #[test]
    fn keywords_are_read_as_people_type_them() {
        assert_eq!(
            typed_keywords(" keeps Humming, « bourdonne »;\"hums\",,hums\n"),
            ["keeps humming", "bourdonne", "hums"]
        );
    }
}
