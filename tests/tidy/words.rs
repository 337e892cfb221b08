//! Every sentence that the code asks for exists, and none stands there unused.

use std::collections::BTreeSet;

use super::source::{root, sources, walk};

/// Keys defined in the English files; a test beside the wording holds the French ones equal.
fn defined() -> BTreeSet<String> {
    let mut files = Vec::new();
    walk(&root().join("src/wording/en"), &mut files);
    let mut keys = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let key = |line: &str| Some(line.split_once(" =")?.0.to_owned());
        keys.extend(text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(key));
    }
    assert!(keys.len() > 50, "the wording was not found");
    keys
}

/// What stands between the quotes right behind each `opening`.
fn quoted<'a>(code: &'a str, opening: &str) -> Vec<&'a str> {
    let behind = |rest: &'a str| rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
    code.split(opening).skip(1).filter_map(behind).collect()
}

/// All string literals of the code that could be keys or beginnings of keys.
fn literals(code: &str) -> BTreeSet<&str> {
    code.split('"').filter(|text| text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains(' ')).collect()
}

#[test]
fn every_sentence_asked_for_exists() {
    let defined = defined();
    let mut missing = Vec::new();
    for source in sources().iter().filter(|source| source.layer() != "sandbox" && !source.only_tests()) {
        let mut asked = quoted(&source.code, "Notice::new(");
        for opening in ["voice.word(", "wording.word(lang,", "wording.word(Lang::En,", "Arg::Word("] {
            asked.extend(quoted(&source.code, opening));
        }
        for key in asked.into_iter().filter(|key| !defined.contains(*key)) {
            missing.push(format!("{}: {key}", source.path));
        }
    }
    assert!(missing.is_empty(), "no such sentence:\n{}", missing.join("\n"));
}

#[test]
fn no_sentence_stands_there_unused() {
    let sources = sources();
    let code: Vec<&str> =
        sources.iter().filter(|source| source.layer() != "sandbox").map(|source| source.code.as_str()).collect();
    let literals: BTreeSet<&str> = code.iter().flat_map(|code| literals(code)).collect();
    // Keys put together at run time, as in format!("button-{action}"): their beginnings.
    let beginnings: BTreeSet<&str> = literals
        .iter()
        .filter_map(|text| text.split_once('{'))
        .map(|(start, _)| start)
        .filter(|start| start.ends_with('-'))
        .collect();
    let unused: Vec<String> = defined()
        .into_iter()
        .filter(|key| !literals.contains(key.as_str()) && !beginnings.iter().any(|start| key.starts_with(start)))
        .collect();
    assert!(unused.is_empty(), "never said: {unused:?}");
}
