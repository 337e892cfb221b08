//! What the dependencies bring along: licences, TLS stacks, known advisories.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::source::root;

/// Licences that may be combined with MIT and shipped in a binary.
const LICENCES: [&str; 14] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "BSL-1.0",
    "Unicode-3.0",
    "CC0-1.0",
    "MIT-0",
    "CDLA-Permissive-2.0",
    "Apache-2.0 WITH LLVM-exception",
];

/// Second TLS stacks and what else must never come in by a feature somebody switches on.
const REFUSED: [&str; 5] = ["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls"];

fn packages() -> Vec<Value> {
    let metadata = |offline: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ]);
        command.args(offline).current_dir(root()).output().expect("cargo runs")
    };
    let mut out = metadata(&["--offline"]);
    if !out.status.success() {
        // A dependency of another platform was never downloaded here.
        out = metadata(&[]);
    }
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let all: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let used: BTreeSet<String> = all["resolve"]["nodes"]
        .as_array()
        .expect("a resolved tree")
        .iter()
        .filter_map(|node| node["id"].as_str().map(str::to_owned))
        .collect();
    let listed = all["packages"].as_array().expect("packages").clone();
    listed.into_iter().filter(|package| package["id"].as_str().is_some_and(|id| used.contains(id))).collect()
}

/// Whether an SPDX expression can be met with the allowed licences.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    // Every published expression so far is flat once the brackets of its ORs are dropped: AND binds what stands between.
    let choices = |part: &str| part.split(" OR ").any(|name| LICENCES.contains(&name.trim()));
    expression.split(" AND ").all(choices)
}

#[test]
fn licences_are_read_right() {
    for (expression, good) in [
        ("MIT OR Apache-2.0", true),
        ("Apache-2.0 / MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("Apache-2.0 OR GPL-2.0-only", true),
        ("GPL-3.0", false),
        ("MIT AND GPL-3.0", false),
        ("", false),
    ] {
        assert_eq!(allowed(expression), good, "{expression}");
    }
}

#[test]
fn every_dependency_may_be_shipped() {
    let refused: Vec<String> = packages()
        .iter()
        .filter(|package| !allowed(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}

#[test]
fn there_is_one_tls_stack() {
    for package in packages() {
        let name = package["name"].as_str().unwrap_or_default();
        assert!(!REFUSED.contains(&name), "{name} came into the tree: `cargo tree -i {name}` says how");
    }
}

#[test]
fn every_advisory_that_is_lived_with_says_why_until_when_and_of_what() {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let deny: toml::Value = toml::from_str(&text).expect("TOML");
    let ignored = deny["advisories"]["ignore"].as_array().expect("a list");
    assert!(!ignored.is_empty());
    let packages = packages();
    for advisory in ignored {
        let field = |name: &str| advisory[name].as_str().unwrap_or_default().to_owned();
        let (id, reason) = (field("id"), field("reason"));
        assert!(id.starts_with("RUSTSEC-"), "{advisory}");
        let (_, end) = reason.split_once("Look again by ").unwrap_or_else(|| panic!("{id}: until when?"));
        assert_eq!(end.trim_end_matches('.').split('-').count(), 3, "{id}: a date as 2027-05-31");
        let named = reason.split('`').nth(1).unwrap_or_else(|| panic!("{id}: which crate, as `name version`?"));
        let (name, version) = named.split_once(' ').expect("`name version`");
        let there = packages.iter().any(|package| {
            package["name"] == name && package["version"].as_str().is_some_and(|found| found.starts_with(version))
        });
        assert!(there, "{id}: {named} is not in the tree any more; remove the entry");
    }
}
