//! The README agrees with the code. `VIGIE_WRITE_README=1 cargo test --test tidy readme` brings it up to date.

use std::fmt::Write as _;

use vigie::app::commands;
use vigie::domain::office::Lang;
use vigie::wording::Wording;

use super::source::root;

const BEGIN: &str = "<!-- commands: written by a test from the command table -->\n";
const END: &str = "<!-- end of commands -->";

fn table() -> String {
    let wording = Wording::new();
    let mut text = String::from("| Command | French | What it does | Right | Example |\n|--|--|--|--|--|\n");
    for verb in commands::table() {
        let french = if verb.name.is_empty() {
            verb.command_fr.to_owned()
        } else {
            let name = if verb.name_fr.is_empty() { verb.name } else { verb.name_fr };
            let command = if verb.command_fr.is_empty() { verb.command } else { verb.command_fr };
            format!("{command} {name}")
        };
        let right = verb.right.map_or("any member", |right| right.name()).replace('_', " ");
        let cell = |text: &str| text.replace('|', "\\|");
        let _ = writeln!(
            text,
            "| `{}` | `/{french}` | {} | {right} | `/{}` |",
            cell(&verb.usage(Lang::En)),
            cell(&wording.word(Lang::En, &verb.summary_key())),
            cell(verb.examples.first().copied().unwrap_or_default()),
        );
    }
    text
}

#[test]
fn the_readme_shows_the_commands_that_there_are() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let (before, rest) = readme.split_once(BEGIN).expect("the place of the command table");
    let (shown, after) = rest.split_once(END).expect("the end of the command table");
    let table = table();
    if std::env::var_os("VIGIE_WRITE_README").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).expect("written");
        return;
    }
    assert_eq!(shown, table, "run: VIGIE_WRITE_README=1 cargo test --test tidy readme");
}

#[test]
fn the_readme_names_only_files_that_exist() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    let named = readme.split(['`', '(', ')', '"']).filter(|word| {
        ["src/", "tests/", "config/", "migrations/", ".github/", ".ci/"].iter().any(|start| word.starts_with(start))
            && !word.contains([' ', '*', '<', '{', '\n'])
    });
    let missing: Vec<&str> = named.filter(|name| !root().join(name).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
