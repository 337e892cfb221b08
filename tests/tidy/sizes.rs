//! Files and functions stay small enough to be read in one go.

use super::source::{Source, sources};

/// Lines of code of a file without its trailing tests; 400 is what to aim for. Comments and empty lines are not counted:
/// nobody should save on explanations.
const FILE_LINES_MAX: usize = 450;
/// Lines of a function; 70 is what to aim for.
const FUNCTION_LINES_MAX: usize = 80;

/// Name and length of each function; sources are formatted, so a body ends at the indentation it began with.
fn functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        let head = bare.split_once("fn ").filter(|(before, _)| {
            before
                .split_whitespace()
                .all(|word| word.starts_with("pub") || ["async", "const", "super)", "crate)", "in"].contains(&word))
        });
        let Some((_, rest)) = head else { continue };
        let name = rest.split(['(', '<']).next().unwrap_or_default().to_owned();
        let indent = &line[..line.len() - bare.len()];
        let end = format!("{indent}}}");
        let mut opened = false;
        for (at, inner) in lines.iter().enumerate().skip(start) {
            opened |= inner.contains('{');
            let one_line = at == start && inner.trim_end().ends_with('}');
            if one_line || *inner == end || (!opened && inner.trim_end().ends_with(';')) {
                found.push((name, at - start + 1));
                break;
            }
        }
    }
    found
}

fn lines_of(source: &Source) -> usize {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    if source.only_tests() { 0 } else { source.code.lines().filter(is_code).count() }
}

#[test]
fn functions_are_measured_right() {
    let code = "impl A {\n    pub async fn a(\n        b: u8,\n    ) -> u8 {\n        b\n    }\n\n    fn c() {}\n}\n\nfn d();\n";
    let found: Vec<(String, usize)> = functions(code);
    assert_eq!(found, [("a".to_owned(), 5), ("c".to_owned(), 1), ("d".to_owned(), 1)]);
}

#[test]
fn no_file_is_longer_than_can_be_read_in_one_go() {
    let mut long: Vec<(usize, String)> = sources()
        .iter()
        .map(|source| (lines_of(source), source.path.clone()))
        .filter(|(lines, _)| *lines > 400)
        .collect();
    long.sort_unstable_by(|a, b| b.cmp(a));
    for (lines, path) in &long {
        println!("{lines:>5} lines of code  {path}");
    }
    long.retain(|(lines, _)| *lines > FILE_LINES_MAX);
    assert!(long.is_empty(), "longer than {FILE_LINES_MAX} lines: {long:?}");
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut long = Vec::new();
    for source in sources().iter().filter(|source| !source.only_tests()) {
        for (name, lines) in functions(&source.code) {
            if lines > 70 {
                println!("{lines:>5} lines  {} {name}", source.path);
            }
            if lines > FUNCTION_LINES_MAX {
                long.push(format!("{lines} {} {name}", source.path));
            }
        }
    }
    assert!(long.is_empty(), "longer than {FUNCTION_LINES_MAX} lines: {long:?}");
}
