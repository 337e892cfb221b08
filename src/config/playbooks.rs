//! Playbooks: Markdown files with TOML front matter, each language of the team in a part of its own.
//!
//! ```text
//! +++
//! topics = ["late_delivery"]
//! steps = [{ key = "check", role = "care", due = "30m" }]
//! +++
//! # en: Late delivery
//! When a parcel is late.
//! ## check: Look the parcel up
//! How, and ready words as quotations.
//! ## stop: When it is over
//! # fr: Livraison en retard
//! ...
//! ```
//!
//! Never half a playbook: every step has its words in every part, or all that lacks is told with its line.
//! Start at [`check_playbook`].

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::finding::{Checked, Finding, Severity};
use super::nearest::cure;
use super::sheet::{self, Section};
use super::values;
use crate::domain::office::{Lang, Office};
use crate::domain::playbook::{
    Playbook, Playbooks, REVIEW_DAYS, STEPS_MAX, Step, TEXT_CHARS_MAX, TITLE_CHARS_MAX, Words,
};

/// Line that opens and closes the front matter.
const FENCE: &str = "+++";
/// The section that says when a playbook is over.
const STOP: &str = "stop";
/// Longest time between two looks at a playbook, in days.
const REVIEW_DAYS_MAX: i64 = 730;
/// Hexadecimal digits of the digest that serve as version: enough to tell the versions of one file apart.
const VERSION_DIGITS: usize = 8;

/// Reads one playbook with all findings. `path` ends with its name and `.md`; without an office, roles are not looked up.
#[must_use]
pub fn check_playbook(text: &str, path: &str, office: Option<&Office>) -> Checked<Playbook> {
    let wrong = |line: usize, message: String, hint: &str| {
        let hint = hint.to_owned();
        Finding { file: path.to_owned(), line, column: 1, severity: Severity::Error, message, hint }
    };
    let Some((front, body, body_line)) = split(text) else {
        let finding =
            wrong(1, "the file does not begin with front matter".to_owned(), "put it between two lines `+++`");
        return Checked::settle(None, vec![finding]);
    };
    let read = sheet::read(path, front, |root| Some(load_front(root, office)));
    let mut findings = read.findings;
    for finding in findings.iter_mut().filter(|finding| finding.line > 0) {
        finding.line += 1;
    }
    let parts = parts(body, body_line);
    let name = name_of(path);
    if values::short_name(&name).is_err() {
        findings.push(wrong(1, format!("`{name}` is no name for a playbook"), "name the file like care-return.md"));
    }
    let playbook = read.value.map(|front| {
        let mut playbook = Playbook { name, version: version(text), ..front };
        for lang in [Lang::En, Lang::Fr] {
            match parts.iter().find(|part| part.lang == Some(lang)) {
                Some(part) => fill(&mut playbook, lang, part, &mut |line, message, hint| {
                    findings.push(wrong(line, message, hint))
                }),
                None => findings.push(wrong(
                    body_line,
                    format!("there is no part `# {}: Title`", lang.code()),
                    "every playbook is in English and French",
                )),
            }
        }
        playbook
    });
    for part in parts.iter().filter(|part| part.lang.is_none()) {
        findings.push(wrong(
            part.line,
            format!("`{}` is not a language", part.tag),
            "begin a part with `# en: Title` or `# fr: Titre`",
        ));
    }
    Checked::settle(playbook, findings)
}

/// Reads all files of a folder, `(path, text)` each.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn load_playbooks<'t>(
    files: impl IntoIterator<Item = (&'t str, &'t str)>,
    office: Option<&Office>,
) -> Result<Playbooks, Vec<Finding>> {
    let (mut all, mut findings) = (BTreeMap::new(), Vec::new());
    for (path, text) in files {
        match check_playbook(text, path, office).into_result() {
            Ok(playbook) => {
                all.insert(playbook.name.clone(), playbook);
            }
            Err(found) => findings.extend(found),
        }
    }
    if findings.is_empty() { Ok(Playbooks(all)) } else { Err(findings) }
}

fn version(text: &str) -> String {
    let mut digest = hex::encode(Sha256::digest(text.as_bytes()));
    digest.truncate(VERSION_DIGITS);
    digest
}

fn name_of(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".md").unwrap_or(file).to_lowercase()
}

/// Front matter, the rest, and the line on which the rest begins.
fn split(text: &str) -> Option<(&str, &str, usize)> {
    let text = text.trim_start_matches('\u{feff}');
    let inner = text.strip_prefix(FENCE)?.trim_start_matches('\r').strip_prefix('\n')?;
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            let front = &inner[..at];
            return Some((front, &inner[at + line.len()..], front.matches('\n').count() + 3));
        }
        at += line.len();
    }
    None
}

fn load_front(root: &Section<'_>, office: Option<&Office>) -> Playbook {
    let known_role = |role: &str| office.is_none_or(|office| office.roles.contains_key(role));
    let roles = || office.into_iter().flat_map(|office| office.roles.keys().map(String::as_str));
    let topics = root.texts("topics");
    let inform = root.texts("inform");
    for role in inform.iter().filter(|role| !known_role(&role.value)) {
        root.sheet().error(&role.span, format!("there is no role `{}`", role.value), cure(&role.value, roles()));
    }
    let review_days = root.number("review_every_days", 1..=REVIEW_DAYS_MAX).map_or(REVIEW_DAYS, |days| days.value);
    let mut steps: Vec<Step> = Vec::new();
    for section in root.listed_sections("steps") {
        let key = section.parsed("key", values::short_name);
        let role = section.text("role");
        let due = section.parsed("due", values::minutes);
        if !section.has("key") {
            section.missing("key", "\"check\"");
        }
        section.finish();
        if let Some(role) = role.as_ref().filter(|role| !known_role(&role.value)) {
            root.sheet().error(&role.span, format!("there is no role `{}`", role.value), cure(&role.value, roles()));
        }
        let Some(key) = key else { continue };
        if key.value == STOP || steps.iter().any(|step| step.key == key.value) {
            root.sheet().error(
                &key.span,
                format!("the key `{}` is taken", key.value),
                "each step has a key of its own; `stop` is the end",
            );
        }
        steps.push(Step {
            key: key.value,
            role: role.map(|role| role.value),
            due_minutes: due.map(|due| due.value),
            ..Step::default()
        });
    }
    if steps.is_empty() || steps.len() > STEPS_MAX {
        root.sheet().error(
            root.span(),
            format!("a playbook has 1 to {STEPS_MAX} steps, not {}", steps.len()),
            "list them as steps = [{ key = \"check\" }]",
        );
    }
    Playbook {
        topics: topics.into_iter().map(|topic| topic.value).collect(),
        inform: inform.into_iter().map(|role| role.value).collect(),
        steps,
        review_days,
        ..Playbook::default()
    }
}

/// A part of the body in one language.
#[derive(Debug, Default)]
struct Part {
    lang: Option<Lang>,
    tag: String,
    line: usize,
    title: String,
    intro: String,
    /// Key, title, text and line of each section.
    sections: Vec<(String, String, String, usize)>,
}

fn parts(body: &str, first_line: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (index, line) in body.lines().enumerate() {
        let number = first_line + index;
        if let Some(heading) = line.strip_prefix("# ") {
            let (tag, title) = heading.split_once(':').unwrap_or((heading, ""));
            let lang = Lang::from_tag(tag.trim()).filter(|_| tag.trim().len() == 2);
            parts.push(Part {
                lang,
                tag: tag.trim().to_owned(),
                line: number,
                title: title.trim().to_owned(),
                ..Part::default()
            });
            continue;
        }
        let Some(part) = parts.last_mut() else { continue };
        if let Some(heading) = line.strip_prefix("## ") {
            let (key, title) = heading.split_once(':').unwrap_or((heading, ""));
            part.sections.push((key.trim().to_lowercase(), title.trim().to_owned(), String::new(), number));
            continue;
        }
        let text = part.sections.last_mut().map_or(&mut part.intro, |section| &mut section.2);
        text.push_str(line);
        text.push('\n');
    }
    parts
}

fn fill(playbook: &mut Playbook, lang: Lang, part: &Part, wrong: &mut dyn FnMut(usize, String, &'static str)) {
    let mut put = |words: &mut Words, text: &str, max: usize, line: usize, what: &str| {
        let text = text.trim();
        if text.is_empty() {
            wrong(line, format!("{what} is empty"), "write it down");
        } else if text.chars().count() > max {
            wrong(
                line,
                format!("{what} has {} characters; {max} are read in a chat", text.chars().count()),
                "make it shorter",
            );
        }
        words.insert(lang, text.to_owned());
    };
    put(&mut playbook.title, &part.title, TITLE_CHARS_MAX, part.line, "the title");
    put(&mut playbook.intro, &part.intro, TEXT_CHARS_MAX, part.line, "the text under the title");
    for step in &mut playbook.steps {
        if let Some((_, title, text, line)) = part.sections.iter().find(|(key, ..)| *key == step.key) {
            put(&mut step.title, title, TITLE_CHARS_MAX, *line, "the step's title");
            put(&mut step.text, text, TEXT_CHARS_MAX, *line, "the step's text");
        } else {
            let heading = format!("## {}: ...", step.key);
            put(&mut step.title, "", TITLE_CHARS_MAX, part.line, &format!("`{heading}` in this part"));
        }
    }
    if let Some((_, title, text, line)) = part.sections.iter().find(|(key, ..)| key == STOP) {
        put(&mut playbook.stop, if text.trim().is_empty() { title } else { text }, TEXT_CHARS_MAX, *line, "the end");
    }
    for (key, _, _, line) in &part.sections {
        if key != STOP && !playbook.steps.iter().any(|step| step.key == *key) {
            wrong(
                *line,
                format!("`{key}` is none of the steps in the front matter"),
                "add it there, or write its key as it is there",
            );
        }
    }
}

#[cfg(test)]
#[path = "playbooks_tests.rs"]
mod tests;
