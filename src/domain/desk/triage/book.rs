//! The rules of triage as one value that can be written down and put in force: those of the file, and those learnt in chat.
//!
//! Never runs a rule. Start at [`RuleBook::compile`].

use serde::{Deserialize, Serialize};

use super::lesson::{Lesson, with_lessons};
use super::{Defaults, RuleError, TriageRule, TriageRules};

/// All rules of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleBook {
    /// What holds where no rule decides.
    pub defaults: Defaults,
    /// In the order they apply.
    pub rules: Vec<TriageRule>,
    /// Learnt in chat, the oldest first.
    #[serde(default)]
    pub learnt: Vec<Lesson>,
}

impl RuleBook {
    /// The rules ready to run, without those that were learnt.
    ///
    /// # Errors
    /// Rules that cannot be.
    pub fn compile(&self) -> Result<TriageRules, Vec<RuleError>> {
        TriageRules::compile_with(self.rules.clone(), self.defaults.clone())
    }

    /// The rules ready to run, those learnt in chat before the others.
    ///
    /// # Errors
    /// Rules that cannot be.
    pub fn compile_all(&self) -> Result<TriageRules, Vec<RuleError>> {
        with_lessons(&self.compile()?, self.learnt.iter())
    }
}
