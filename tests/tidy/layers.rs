//! Who may use whom. The order is ARCHITECTURE in short, as printed in the README.

use super::source::{sources, without_comments};

/// A layer and what it may use beside itself.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("wording", &["domain"]),
    ("config", &["domain"]),
    ("telemetry", &[]),
    ("ports", &["domain"]),
    ("store", &["domain", "ports"]),
    ("app", &["domain", "ports", "store", "wording"]),
    ("adapters", &["domain", "ports"]),
    ("web", &["domain", "ports", "store", "app", "wording"]),
    ("sandbox", &[]),
    ("runtime", &["domain", "ports", "store", "app", "adapters", "web", "wording", "config", "telemetry", "sandbox"]),
    ("main", &["vigie"]),
];

/// The modules that a file names behind `crate::`.
fn used(code: &str) -> Vec<&str> {
    let mut found: Vec<&str> = code
        .split("crate::")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
        .filter(|name| !name.is_empty())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn no_layer_uses_one_that_stands_above_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.layer().to_owned();
        if layer == "lib" {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == layer) else {
            wrong.push(format!("{}: `{layer}` has no place in the layers", source.path));
            continue;
        };
        if source.only_tests() {
            continue;
        }
        let code = without_comments(&source.code);
        for name in used(&code) {
            if name != layer && !allowed.contains(&name) {
                wrong.push(format!("{}: uses crate::{name}, which {layer} may not", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_use_of_several_modules_at_once_cannot_hide_an_edge() {
    for source in sources() {
        assert!(!source.text.contains("use crate::{"), "{}: name one module in each `use crate::...`", source.path);
    }
}

#[test]
fn the_domain_knows_no_vendor_and_nothing_of_the_world() {
    const VENDORS: [&str; 12] = [
        "slack",
        "discord",
        "mastodon",
        "bluesky",
        "instagram",
        "facebook",
        "tiktok",
        "linkedin",
        "youtube",
        "twitter",
        "serenity",
        "postgres",
    ];
    const WORLD: [&str; 10] = [
        "async fn",
        ".await",
        "tokio",
        "std::fs",
        "std::net",
        "std::env",
        "SystemTime",
        "Utc::now",
        "rand::",
        "tracing::",
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.layer() == "domain" && !source.only_tests()) {
        let code = without_comments(&source.code);
        let small = code.to_lowercase();
        wrong
            .extend(VENDORS.iter().filter(|word| small.contains(*word)).map(|word| format!("{}: {word}", source.path)));
        wrong.extend(WORLD.iter().filter(|word| code.contains(*word)).map(|word| format!("{}: {word}", source.path)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_source_says_at_its_top_what_it_is() {
    let missing: Vec<String> = sources()
        .into_iter()
        .filter(|source| !source.only_tests() && !source.text.starts_with("//!"))
        .map(|source| source.path)
        .collect();
    assert!(missing.is_empty(), "begin with `//!`: {missing:?}");
}
