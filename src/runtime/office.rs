//! `vigie office export` and `vigie office apply`: the office in force as a file, and a file as the office in force.
//!
//! Works on the database alone, so it does not matter whether Vigie runs: whoever runs on it sees the change in its next
//! transaction and tells the people concerned. Start at [`apply`].

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{SystemClock, check};
use crate::app::applying::{self, Stranded};
use crate::app::work::Work;
use crate::app::{App, Fault, office, rules};
use crate::config::export::{self, Difference};
use crate::config::{Format, Severity, check_office, report};
use crate::domain::decide::Actor;
use crate::domain::desk::rule::Rule;
use crate::ports::Registry;
use crate::ports::clock::Clock;
use crate::store::Store;

/// Opens the database of a configuration folder, with its office file under what was changed since.
async fn open(folder: &Path) -> anyhow::Result<Arc<App>> {
    let found = check::load(folder);
    let settings = found.settings.context("the settings have mistakes; run `vigie check`")?;
    let setup = found.setup.context("the office or its rules have mistakes; run `vigie check`")?;
    let store = Store::open(settings.database_url.expose_secret()).await?;
    store.migrate().await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(App::new(store, clock, Registry::default(), setup))
}

/// Prints the office in force as TOML.
///
/// # Errors
/// The configuration or the database.
pub async fn print(folder: &Path) -> anyhow::Result<ExitCode> {
    let app = open(folder).await?;
    let mut tx = app.store.read().await?;
    let mut work = Work::begin(&app, &mut tx, app.clock.now()).await?;
    print!("{}", export::export(work.office()));
    print!("{}", rules_as_remarks(&rules::all(&mut work).await?));
    Ok(ExitCode::SUCCESS)
}

/// The moderation rules beside the office: remarks, because they are made and switched on in chat only.
fn rules_as_remarks(rules: &[Rule]) -> String {
    let mut text = String::new();
    for (index, rule) in rules.iter().enumerate() {
        if index == 0 {
            text.push_str("\n# Moderation rules (made in chat; `/vigie rule list`)\n");
        }
        let state = if rule.on { "on" } else { "off" };
        let (label, when, then) = (rule.label(), rule.when.to_string().replace('"', "\\\""), rule.deeds());
        text.push_str(&format!("# {label} {state}: /vigie rule add when:\"{when}\" then:\"{then}\"\n"));
    }
    text
}

/// What `apply` found and did.
#[derive(Debug)]
pub struct Outcome {
    /// Where the file differs from the office in force.
    pub differences: Vec<Difference>,
    /// What would be left without anybody; nothing is applied then.
    pub stranded: Vec<Stranded>,
    /// The file holds now.
    pub applied: bool,
}

/// Compares an office with the one in force and, when asked to and nothing is stranded, applies it.
///
/// # Errors
/// The database, or a refusal.
pub async fn compare(app: &App, next: crate::domain::office::Office, yes: bool) -> Result<Outcome, Fault> {
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let differences = export::differences(work.office(), &next);
    let stranded = if differences.is_empty() { Vec::new() } else { applying::strands(&mut work, &next).await? };
    let applied = yes && stranded.is_empty() && !differences.is_empty();
    if applied {
        office::apply_whole(&mut work, &Actor::System, next).await?;
        tx.commit().await?;
    }
    Ok(Outcome { differences, stranded, applied })
}

/// Shows what a file would change; with `yes` it holds from then on.
///
/// # Errors
/// The configuration or the database.
pub async fn apply(folder: &Path, file: &Path, yes: bool, format: &str) -> anyhow::Result<ExitCode> {
    use std::io::IsTerminal;
    let as_json = match format {
        "text" => false,
        "json" => true,
        other => anyhow::bail!("unknown format {other}: use text or json"),
    };
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let checked = check_office(&text, &file.display().to_string());
    if checked.findings.iter().any(|finding| finding.severity == Severity::Error) {
        let format = if as_json { Format::Json } else { Format::Text };
        println!("{}", report(&checked.findings, format, std::io::stdout().is_terminal()));
        return Ok(ExitCode::FAILURE);
    }
    let next = checked.value.context("the office")?;
    let app = open(folder).await?;
    let outcome = match compare(&app, next, yes).await {
        Ok(outcome) => outcome,
        Err(Fault::Refused(notice)) => anyhow::bail!("refused: {}", notice.key),
        Err(fault) => return Err(fault.into()),
    };
    println!("{}", if as_json { in_json(&outcome) } else { in_words(&outcome) });
    Ok(if outcome.stranded.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_json(outcome: &Outcome) -> String {
    json!({
        "differences": outcome.differences,
        "stranded": outcome.stranded,
        "applied": outcome.applied,
    })
    .to_string()
}

/// The outcome for a person at a terminal.
#[must_use]
pub fn in_words(outcome: &Outcome) -> String {
    let mut lines: Vec<String> = outcome.differences.iter().map(in_a_line).collect();
    if lines.is_empty() {
        return "No difference: this is the office in force.".to_owned();
    }
    if !outcome.stranded.is_empty() {
        lines.push(String::new());
        lines.push("Not applied, because work would be left without anybody:".to_owned());
        for stranded in &outcome.stranded {
            lines.push(format!("  {}", stranded.what));
            lines.push(format!("    do first: {}", stranded.cure));
        }
        return lines.join("\n");
    }
    lines.push(String::new());
    lines.push(if outcome.applied {
        "Applied. A running Vigie works with it from now on.".to_owned()
    } else {
        "Nothing is changed yet. Add --yes to apply it.".to_owned()
    });
    if outcome.differences.iter().any(|difference| difference.place.starts_with("accounts.")) {
        lines.push("Publishing to a new or changed account begins with the next start of Vigie.".to_owned());
    }
    lines.join("\n")
}

fn in_a_line(difference: &Difference) -> String {
    match (&difference.before, &difference.after) {
        (Some(before), Some(after)) => format!("~ {}: {before} -> {after}", difference.place),
        (None, Some(after)) => format!("+ {}: {after}", difference.place),
        (Some(before), None) => format!("- {}: {before}", difference.place),
        (None, None) => format!("  {}", difference.place),
    }
}
