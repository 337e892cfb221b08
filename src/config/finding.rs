//! What is wrong in a settings file, where, and what to do about it.
//!
//! Never repeats a value that may be secret: messages name keys, places and kinds. Start at [`Finding`] and [`report`].

use std::fmt;

use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can be used, but probably not as meant.
    Warning,
}

impl Severity {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file as it was named, or `environment`.
    pub file: String,
    /// Line, from 1; 0 when the place is no line of a file.
    pub line: usize,
    /// Column in characters, from 1; 0 when the place is no line of a file.
    pub column: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and why.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Finding {
    /// A finding about an environment variable or a whole file rather than a place in it.
    #[must_use]
    pub fn without_place(file: &str, severity: Severity, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0, severity, message: message.into(), hint: hint.into() }
    }

    fn place(&self) -> String {
        if self.line == 0 { self.file.clone() } else { format!("{}:{}:{}", self.file, self.line, self.column) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place(), self.severity.word(), self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

/// A value read from a file, with everything found on the way. The value is there exactly when no finding is an error.
#[derive(Clone, Debug)]
pub struct Checked<T> {
    /// The value; `None` when there is an error.
    pub value: Option<T>,
    /// What was found, by place.
    pub findings: Vec<Finding>,
}

impl<T> Checked<T> {
    /// Sorts the findings and drops a value that they forbid.
    pub(super) fn settle(value: Option<T>, mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| {
            (&a.file, a.line, a.column, a.severity, &a.message)
                .cmp(&(&b.file, b.line, b.column, b.severity, &b.message))
        });
        findings.dedup();
        let is_sound = findings.iter().all(|finding| finding.severity != Severity::Error);
        Self { value: value.filter(|_| is_sound), findings }
    }

    /// The value, or all findings.
    ///
    /// # Errors
    /// The findings, at least one of them an error. Warnings beside a value are dropped.
    pub fn into_result(self) -> Result<T, Vec<Finding>> {
        self.value.ok_or(self.findings)
    }
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A line each, for people.
    #[default]
    Text,
    /// One JSON object, for machines.
    Json,
}

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const GREEN: &str = "\u{1b}[1;32m";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The findings as `vigie check` prints them; ends with a line that counts them. `colour` is for terminals only and has
/// no effect on JSON.
#[must_use]
pub fn report(findings: &[Finding], format: Format, colour: bool) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if format == Format::Json {
        let all = serde_json::json!({"errors": errors, "warnings": warnings, "findings": findings});
        return format!("{all:#}\n");
    }
    let paint = |code: &'static str| if colour { code } else { "" };
    let mut text = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => paint(RED),
            Severity::Warning => paint(YELLOW),
        };
        let (bold, dim, plain) = (paint(BOLD), paint(DIM), paint(PLAIN));
        let (place, word) = (finding.place(), finding.severity.word());
        text.push_str(&format!("{bold}{place}:{plain} {severity}{word}:{plain} {}", finding.message));
        if !finding.hint.is_empty() {
            text.push_str(&format!(" {dim}({}){plain}", finding.hint));
        }
        text.push('\n');
    }
    text.push_str(&match (errors, warnings) {
        (0, 0) => format!("{}No problem found.{}\n", paint(GREEN), paint(PLAIN)),
        _ => format!("{}, {}.\n", counted(errors, "error"), counted(warnings, "warning")),
    });
    text
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: usize, severity: Severity) -> Finding {
        Finding {
            file: "config/office.toml".to_owned(),
            line,
            column: 3,
            severity,
            message: "unknown role `cair`".to_owned(),
            hint: "did you mean `care`?".to_owned(),
        }
    }

    #[test]
    fn a_finding_reads_as_file_line_column_what_and_cure() {
        let shown = finding(12, Severity::Error).to_string();
        assert_eq!(shown, "config/office.toml:12:3: error: unknown role `cair` (did you mean `care`?)");
        let whole = Finding::without_place("environment", Severity::Warning, "no chat is configured", "");
        assert_eq!(whole.to_string(), "environment: warning: no chat is configured");
    }

    #[test]
    fn findings_are_sorted_by_place_and_an_error_forbids_the_value() {
        let checked = Checked::settle(Some(1), vec![finding(9, Severity::Warning), finding(2, Severity::Warning)]);
        assert_eq!(checked.findings.iter().map(|f| f.line).collect::<Vec<_>>(), [2, 9]);
        assert_eq!(checked.value, Some(1));
        let checked = Checked::settle(Some(1), vec![finding(9, Severity::Error), finding(9, Severity::Error)]);
        assert_eq!(checked.value, None);
        assert_eq!(checked.into_result().expect_err("an error").len(), 1);
    }

    #[test]
    fn the_report_counts_and_colours_only_when_asked() {
        let findings = [finding(2, Severity::Error), finding(9, Severity::Warning)];
        let text = report(&findings, Format::Text, false);
        assert!(text.ends_with("(did you mean `care`?)\n1 error, 1 warning.\n"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(report(&findings, Format::Text, true).contains(RED));
        assert_eq!(report(&[], Format::Text, false), "No problem found.\n");
        let json: serde_json::Value = serde_json::from_str(&report(&findings, Format::Json, true)).expect("json");
        assert_eq!(json["errors"], 1);
        assert_eq!(json["findings"][0]["line"], 2);
        assert_eq!(json["findings"][1]["severity"], "warning");
    }
}
