//! Playbooks: what a team does in a situation that comes back, as steps for people in each language of the team.
//!
//! Never executes anything by itself: a step is done or skipped by a person. Reading the files is the settings' business.
//! Start at [`Playbook`]; [`run`] is one application of it to a ticket or a crisis.

pub mod run;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::office::Lang;

/// Most steps of one playbook: what a person keeps in view, and one message of either chat holds.
pub const STEPS_MAX: usize = 20;
/// Longest title of a playbook or step, in characters: one line on a phone.
pub const TITLE_CHARS_MAX: usize = 100;
/// Longest text of a step, in characters; a whole section of a Slack message holds 3 000.
pub const TEXT_CHARS_MAX: usize = 1_200;
/// Days after which somebody looks over a playbook where the file says nothing (PRODUCT U10: "reviewed every 90 days").
pub const REVIEW_DAYS: i64 = 90;

/// The same words in each language.
pub type Words = BTreeMap<Lang, String>;

/// The words of a reader's language, else of any.
#[must_use]
pub fn words(words: &Words, lang: Lang) -> &str {
    words.get(&lang).or_else(|| words.values().next()).map_or("", String::as_str)
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Short name, unique in the playbook; the same in each language.
    pub key: String,
    /// What is to be done, in a line.
    pub title: Words,
    /// How, and ready words.
    pub text: Words,
    /// Role that usually does it; the owner of the ticket where none is named.
    pub role: Option<String>,
    /// Working minutes after the start by which it should be done.
    pub due_minutes: Option<i64>,
}

/// A playbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playbook {
    /// Short name; the file's.
    pub name: String,
    /// Title.
    pub title: Words,
    /// When it is used.
    pub intro: Words,
    /// When it is over, or to be left for another.
    pub stop: Words,
    /// Topics whose tickets get it by themselves.
    pub topics: Vec<String>,
    /// Roles whose lead is told when it starts.
    pub inform: Vec<String>,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Days after which it is to be looked over.
    pub review_days: i64,
    /// Changes with every word of the file.
    pub version: String,
}

/// The playbooks of an office, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playbooks(pub BTreeMap<String, Playbook>);

impl Playbooks {
    /// The playbook of a topic: the first by name that lists it.
    #[must_use]
    pub fn for_topic(&self, topic: &str) -> Option<&Playbook> {
        self.0.values().find(|playbook| playbook.topics.iter().any(|known| known == topic))
    }

    /// One by its name, in any case.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Playbook> {
        self.0.get(&name.trim().to_lowercase())
    }
}
