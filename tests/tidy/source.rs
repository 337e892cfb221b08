//! Reads the repository's own files.

use std::path::{Path, PathBuf};

/// A Rust file of `src/`.
pub struct Source {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// Whole text.
    pub text: String,
    /// Text before the trailing test module.
    pub code: String,
}

impl Source {
    /// The module of the first level it belongs to: `app` for `src/app/intake.rs`.
    pub fn layer(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    /// Whether it holds nothing but tests.
    pub fn only_tests(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.ends_with("_tests.rs")
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files of `src/`, in order.
pub fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    walk(&root().join("src"), &mut paths);
    paths.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    assert!(paths.len() > 50, "the sources were not found");
    paths.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Source {
    let text = std::fs::read_to_string(&path).expect("readable");
    let code = text.find("\n#[cfg(test)]").map_or(text.as_str(), |at| &text[..at]).to_owned();
    let path = path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/");
    Source { path, text, code }
}

/// All files below a folder, sorted.
pub fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

/// Lines without comments; strings stay.
pub fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every file that git keeps, with its text; binary files are left out.
pub fn tracked() -> Vec<(String, String)> {
    let listed = std::process::Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let names: Vec<String> = match listed {
        Ok(out) if out.status.success() => String::from_utf8_lossy(&out.stdout)
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        // Without git (an unpacked archive): everything but what building makes.
        _ => {
            let mut found = Vec::new();
            for folder in ["src", "tests", "config", "migrations"] {
                walk(&root().join(folder), &mut found);
            }
            let name =
                |path: PathBuf| path.strip_prefix(root()).map(|path| path.display().to_string()).unwrap_or_default();
            found
                .into_iter()
                .map(name)
                .chain(["README.md".to_owned(), "Cargo.toml".to_owned(), "Cargo.lock".to_owned()])
                .collect()
        }
    };
    let text = |name: String| Some((name.clone(), std::fs::read_to_string(root().join(name)).ok()?));
    names.into_iter().filter_map(text).collect()
}
