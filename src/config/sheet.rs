//! A TOML file read key by key, so that everything wrong with it is found at once and has a place.
//!
//! Never stops at the first mistake, and never guesses: what has the wrong type is reported and read as absent. Keys that
//! nobody asked for are unknown keys, so the readers themselves are the list of what a file may hold.
//! Start at [`read`], then [`Section`].

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::finding::{Checked, Finding, Severity};
use super::nearest::cure;

/// Largest settings file read, in bytes; a team of 500 people needs about 200 KiB.
pub(super) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Findings kept of one file; beyond this nobody reads on.
const FINDINGS_MAX: usize = 500;

/// A value and where it stands, as bytes of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// What a value that is right in type and wrong in content is told: what is wrong, and the cure.
pub(super) type Wrong = (String, String);

/// The file being read and what was found so far.
pub(super) struct Sheet<'t> {
    file: &'t str,
    text: &'t str,
    findings: RefCell<Vec<Finding>>,
}

impl Sheet<'_> {
    pub(super) fn error(&self, span: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.add(Severity::Error, span, message.into(), hint.into());
    }

    pub(super) fn warning(&self, span: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.add(Severity::Warning, span, message.into(), hint.into());
    }

    fn add(&self, severity: Severity, span: &Range<usize>, message: String, hint: String) {
        let mut findings = self.findings.borrow_mut();
        if findings.len() < FINDINGS_MAX {
            let (line, column) = place(self.text, span.start);
            findings.push(Finding { file: self.file.to_owned(), line, column, severity, message, hint });
        }
    }
}

/// Line and column (in characters), both from 1, of a byte.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Reads a file: `load` asks the root for its keys and may report more; unknown keys are reported after it.
pub(super) fn read<T>(file: &str, text: &str, load: impl FnOnce(&Section<'_>) -> Option<T>) -> Checked<T> {
    if text.len() > FILE_BYTES_MAX {
        let finding = Finding::without_place(file, Severity::Error, "the file is over 1 MiB", "is it the right file?");
        return Checked::settle(None, vec![finding]);
    }
    let (root, mistakes) = DeTable::parse_recoverable(text);
    let sheet = Sheet { file, text, findings: RefCell::default() };
    // After a doubled key the rest of the file still stands; after any other mistake its meaning is open.
    let mut is_readable = true;
    for mistake in &mistakes {
        let span = mistake.span().unwrap_or(0..0);
        let is_double = mistake.message().contains("duplicate key");
        is_readable &= is_double;
        let hint = if is_double { "keep one of them" } else { "this line is not TOML: see https://toml.io" };
        sheet.error(&span, mistake.message(), hint);
    }
    let mut value = None;
    if is_readable {
        let root = Section::new(&sheet, root.get_ref(), 0..0, String::new());
        value = load(&root);
        root.finish();
    }
    Checked::settle(value, sheet.findings.into_inner())
}

/// A table of the file and the keys that were asked of it.
pub(super) struct Section<'s> {
    sheet: &'s Sheet<'s>,
    table: &'s DeTable<'s>,
    span: Range<usize>,
    name: String,
    asked: RefCell<Vec<&'static str>>,
}

impl<'s> Section<'s> {
    fn new(sheet: &'s Sheet<'s>, table: &'s DeTable<'s>, span: Range<usize>, name: String) -> Self {
        Self { sheet, table, span, name, asked: RefCell::default() }
    }

    /// The file, for reporting.
    pub(super) fn sheet(&self) -> &'s Sheet<'s> {
        self.sheet
    }

    /// Where the section begins.
    pub(super) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Reports keys that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !asked.contains(&name) {
                let hint = cure(name, asked.iter().copied());
                self.sheet.error(&key.span(), format!("unknown key `{name}`{}", self.place_words()), hint);
            }
        }
    }

    fn place_words(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!(" in [{}]", self.name) }
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn get(&self, key: &'static str) -> Option<&'s Spanned<DeValue<'s>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let given = kind(value.get_ref());
        self.sheet.error(&value.span(), format!("`{}` is {given}, not {wanted}", self.path(key)), "");
    }

    /// Reports that a key has to be there.
    pub(super) fn missing(&self, key: &str, example: &str) {
        let message = format!("`{key}` is missing{}", self.place_words());
        self.sheet.error(&self.span, message, format!("e.g. {key} = {example}"));
    }

    /// Text that is not blank, ends trimmed.
    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => self.checked_text(key, text, value.span()),
            _ => {
                self.wrong_type(key, value, "text in quotes");
                None
            }
        }
    }

    fn checked_text(&self, key: &str, text: &str, span: Range<usize>) -> Option<At<String>> {
        let text = text.trim();
        if text.is_empty() || text.chars().any(|c| c.is_control() && c != '\n') {
            let message = format!("`{}` is empty or holds control characters", self.path(key));
            self.sheet.error(&span, message, "leave the key out to use its default");
            return None;
        }
        Some(At { value: text.to_owned(), span })
    }

    /// As [`Section::text`], reported when it is not there.
    pub(super) fn need_text(&self, key: &'static str, example: &str) -> Option<At<String>> {
        if self.get(key).is_none() {
            self.missing(key, example);
        }
        self.text(key)
    }

    /// Text turned into something else, or told why not.
    pub(super) fn parsed<T>(&self, key: &'static str, parse: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<At<T>> {
        let At { value, span } = self.text(key)?;
        match parse(&value) {
            Ok(value) => Some(At { value, span }),
            Err((why, hint)) => {
                self.sheet.error(&span, format!("`{}`: {why}", self.path(key)), hint);
                None
            }
        }
    }

    /// true or false.
    pub(super) fn flag(&self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        match value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            _ => {
                self.wrong_type(key, value, "true or false");
                default
            }
        }
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<At<i64>> {
        let value = self.get(key)?;
        let DeValue::Integer(written) = value.get_ref() else {
            self.wrong_type(key, value, "a whole number");
            return None;
        };
        bounded(self.sheet, &self.path(key), written, value.span(), range)
    }

    /// A number, with a fraction or without, in thousandths; at most three digits after the point count.
    pub(super) fn thousandths(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<At<i64>> {
        let value = self.get(key)?;
        let written = match value.get_ref() {
            DeValue::Integer(whole) => whole.as_str().to_owned(),
            DeValue::Float(written) => written.as_str().to_owned(),
            _ => {
                self.wrong_type(key, value, "a number");
                return None;
            }
        };
        let found = in_thousandths(&written.replace('_', "")).filter(|number| range.contains(number));
        if found.is_none() {
            let hint = format!("{} to {}", range.start() / 1_000, range.end() / 1_000);
            self.sheet.error(&value.span(), format!("`{}` is out of range", self.path(key)), hint);
        }
        found.map(|number| At { value: number, span: value.span() })
    }

    /// A list of texts; a single text counts as a list of one. A text given twice is reported and kept once.
    pub(super) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            DeValue::String(_) => vec![value],
            _ => {
                self.wrong_type(key, value, "a list of texts");
                return Vec::new();
            }
        };
        let mut texts: Vec<At<String>> = Vec::new();
        for item in items {
            let DeValue::String(text) = item.get_ref() else {
                self.wrong_type(key, item, "text in quotes");
                continue;
            };
            let Some(text) = self.checked_text(key, text, item.span()) else { continue };
            if texts.iter().any(|known| known.value == text.value) {
                let message = format!("`{}` holds `{}` twice", self.path(key), text.value);
                self.sheet.warning(&text.span, message, "remove one");
            } else {
                texts.push(text);
            }
        }
        texts
    }

    /// A list of texts or dates, dates as they are written.
    pub(super) fn texts_or_dates(&self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of dates");
            return Vec::new();
        };
        let mut written = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => written.push(At { value: text.trim().to_owned(), span: item.span() }),
                DeValue::Datetime(date) => written.push(At { value: date.to_string(), span: item.span() }),
                _ => self.wrong_type(key, item, "a date"),
            }
        }
        written
    }

    /// A date, bare or in quotes.
    pub(super) fn text_or_date(&self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Datetime(date) => Some(At { value: date.to_string(), span: value.span() }),
            _ => self.text(key),
        }
    }

    /// Whether the key is written at all.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// A table below this one.
    pub(super) fn section(&self, key: &'static str) -> Option<Self> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(self.sheet, table, value.span(), self.path(key))),
            _ => {
                self.wrong_type(key, value, "a table");
                None
            }
        }
    }

    /// The tables of a table, such as `[members.lea]`, `[members.hugo]`, in the file's order.
    pub(super) fn named_sections(&self, key: &'static str) -> Vec<(At<String>, Self)> {
        let Some(outer) = self.section(key) else { return Vec::new() };
        let mut named = Vec::new();
        for (name, value) in outer.table {
            match value.get_ref() {
                DeValue::Table(table) => {
                    let path = outer.path(name.get_ref());
                    let at = At { value: name.get_ref().to_string(), span: name.span() };
                    named.push((at, Self::new(self.sheet, table, value.span(), path)));
                }
                _ => outer.wrong_type(name.get_ref(), value, "a table"),
            }
        }
        named.sort_by_key(|(name, _)| name.span.start);
        named
    }

    /// The tables of a list, such as `[[desks]]`, in the file's order.
    pub(super) fn listed_sections(&self, key: &'static str) -> Vec<Self> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, &format!("a list of tables, each starting with [[{key}]]"));
            return Vec::new();
        };
        let mut listed = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => listed.push(Self::new(self.sheet, table, item.span(), self.path(key))),
                _ => self.wrong_type(key, item, "a table"),
            }
        }
        listed
    }

    /// The entries of a table whose names are free, such as `skills = { ads = 2 }`, in the file's order.
    pub(super) fn entries(&self, key: &'static str) -> Vec<Entry<'s>> {
        let Some(outer) = self.section(key) else { return Vec::new() };
        let mut entries: Vec<Entry<'s>> = outer
            .table
            .iter()
            .map(|(name, value)| Entry {
                sheet: self.sheet,
                name: At { value: name.get_ref().to_string(), span: name.span() },
                path: outer.path(name.get_ref()),
                value,
            })
            .collect();
        entries.sort_by_key(|entry| entry.name.span.start);
        entries
    }
}

/// One entry of a table with free names.
pub(super) struct Entry<'s> {
    sheet: &'s Sheet<'s>,
    /// Its name.
    pub(super) name: At<String>,
    path: String,
    value: &'s Spanned<DeValue<'s>>,
}

impl Entry<'_> {
    /// Its value as text.
    pub(super) fn text(&self) -> Option<At<String>> {
        match self.value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some(At { value: text.trim().to_owned(), span: self.value.span() })
            }
            _ => {
                self.wrong("text in quotes");
                None
            }
        }
    }

    fn wrong(&self, wanted: &str) {
        let given = kind(self.value.get_ref());
        self.sheet.error(&self.value.span(), format!("`{}` is {given}, not {wanted}", self.path), "");
    }

    /// Its value as a whole number within bounds.
    pub(super) fn number(&self, range: RangeInclusive<i64>) -> Option<i64> {
        let DeValue::Integer(written) = self.value.get_ref() else {
            self.wrong("a whole number");
            return None;
        };
        bounded(self.sheet, &self.path, written, self.value.span(), range).map(|number| number.value)
    }
}

/// `4`, `0.5`, `1.25` in thousandths; `None` for what is not written so plainly.
fn in_thousandths(written: &str) -> Option<i64> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let digits = fraction.trim_end_matches('0');
    if digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) || whole.starts_with('-') {
        return None;
    }
    let thousandths: i64 = format!("{digits:0<3}").parse().ok()?;
    whole.trim_start_matches('+').parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(thousandths)
}

/// A written number, when it is within bounds; reported when it is not.
fn bounded(
    sheet: &Sheet<'_>,
    path: &str,
    written: &DeInteger<'_>,
    span: Range<usize>,
    range: RangeInclusive<i64>,
) -> Option<At<i64>> {
    let number = i64::from_str_radix(&written.as_str().replace('_', ""), written.radix()).ok();
    let number = number.filter(|number| range.contains(number));
    if number.is_none() {
        let hint = format!("{} to {}", range.start(), range.end());
        sheet.error(&span, format!("`{path}` is out of range"), hint);
    }
    number.map(|value| At { value, span })
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
