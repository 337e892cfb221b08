//! The environment as a second place that settings come from, and the findings about it.
//!
//! Never repeats a variable's value: it may be a secret.

use secrecy::SecretString;

use super::finding::{Finding, Severity};
use super::sheet::{Section, Wrong};

/// The name of the place that findings about variables have.
const ENVIRONMENT: &str = "environment";

/// Looks up an environment variable.
pub type Environment<'e> = dyn Fn(&str) -> Option<String> + 'e;

/// The environment, and what is wrong with it.
pub(super) struct Outside<'e> {
    pub(super) environment: &'e Environment<'e>,
    pub(super) findings: Vec<Finding>,
}

impl Outside<'_> {
    /// A variable that is set and not blank.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.environment)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn error(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(Finding::without_place(ENVIRONMENT, Severity::Error, message, hint));
    }

    pub(super) fn warning(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(Finding::without_place(ENVIRONMENT, Severity::Warning, message, hint));
    }

    /// A variable, else a key of the file, both as they are written.
    pub(super) fn or_key(&self, variable: &str, section: Option<&Section<'_>>, key: &'static str) -> Option<String> {
        let written = section.and_then(|section| section.text(key)).map(|at| at.value);
        self.get(variable).or(written)
    }

    pub(super) fn secret(
        &self,
        variable: &str,
        section: Option<&Section<'_>>,
        key: &'static str,
    ) -> Option<SecretString> {
        self.or_key(variable, section, key).map(SecretString::from)
    }

    /// A checked variable, else a checked key.
    pub(super) fn parsed<T>(
        &mut self,
        variable: &str,
        section: Option<&Section<'_>>,
        key: &'static str,
        parse: fn(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let written = section.and_then(|section| section.parsed(key, parse)).map(|at| at.value);
        match self.get(variable).map(|text| parse(&text)) {
            Some(Ok(value)) => Some(value),
            Some(Err((why, hint))) => {
                self.error(format!("{variable}: {why}"), hint);
                None
            }
            None => written,
        }
    }
}
