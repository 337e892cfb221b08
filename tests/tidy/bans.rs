//! What must not stand in the sources.

use super::source::{sources, tracked, without_comments};

#[test]
fn nothing_from_outside_can_stop_the_process_and_nothing_is_left_undone() {
    const BANNED: [&str; 7] =
        [".unwrap()", ".expect(", ".unwrap_err()", "todo!(", "unimplemented!(", "dbg!(", "panic!("];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.only_tests()) {
        for (number, line) in source.code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            // Expressions written in the source itself, which a test compiles.
            if line.contains(".expect(\"a constant pattern\")") {
                continue;
            }
            for word in BANNED.iter().filter(|word| line.contains(*word)) {
                wrong.push(format!("{}:{}: {word}", source.path, number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_code_path_exists_only_for_tests() {
    let mut wrong = Vec::new();
    for source in sources() {
        let count = source.text.matches("cfg(test)").count();
        let trailing = source.text.find("\n#[cfg(test)]").is_none_or(|at| {
            let rest = source.text[at..].trim_start_matches("\n#[cfg(test)]\n");
            let rest =
                rest.strip_prefix("#[path").and_then(|rest| rest.split_once('\n')).map_or(rest, |(_, rest)| rest);
            rest.starts_with("mod tests;\n") && rest.trim() == "mod tests;"
                || rest.starts_with("mod tests {\n") && rest.trim_end().ends_with("\n}")
        });
        if count > 1 || !trailing || source.text.contains("cfg!(test)") || source.text.contains("not(test)") {
            wrong.push(source.path);
        }
    }
    assert!(wrong.is_empty(), "`cfg(test)` may stand only before one `mod tests` at the end: {wrong:?}");
}

#[test]
fn no_module_is_named_after_nothing() {
    const EMPTY: [&str; 6] = ["utils", "util", "helpers", "common", "manager", "misc"];
    for source in sources() {
        for part in source.path.trim_end_matches(".rs").split('/') {
            assert!(!EMPTY.contains(&part), "{}: say what it is", source.path);
        }
    }
}

#[test]
fn the_repository_names_no_machine() {
    // Written in pieces, so that this file does not hold them.
    let places = [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/work", "/wt"),
        concat!("/work/", "main"),
        concat!("/tmp/", "brief"),
    ];
    let mut wrong = Vec::new();
    for (name, text) in tracked() {
        for place in places.iter().filter(|place| text.contains(*place)) {
            wrong.push(format!("{name}: {place}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn dependencies_come_from_the_public_registry_alone() {
    let lock = std::fs::read_to_string(super::source::root().join("Cargo.lock")).expect("readable");
    let public = concat!("source = \"registry+https://github.com/rust-lang/", "crates.io-index\"");
    let other: Vec<&str> = lock.lines().filter(|line| line.starts_with("source") && *line != public).collect();
    assert!(other.is_empty(), "{other:?}");
    assert!(!super::source::root().join(".cargo").exists(), "no .cargo folder: it would name somebody's registry");
}

#[test]
fn ambient_time_and_chance_are_named_where_they_are_let_in() {
    // clippy.toml bans the calls; here stands where the ban may be lifted.
    const MAY_LIFT: [&str; 4] = ["src/adapters/", "src/runtime/", "src/sandbox/", "src/main.rs"];
    for source in sources() {
        let lifts = without_comments(&source.code).contains("clippy::disallowed_methods");
        let may = source.only_tests()
            || source.path == "src/lib.rs"
            || MAY_LIFT.iter().any(|place| source.path.starts_with(place));
        assert!(!lifts || may, "{}: take the clock and the chance as arguments", source.path);
    }
}
