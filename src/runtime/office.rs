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
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{App, Fault, commands, office, rules};
use crate::config::export::{self, Difference};
use crate::config::{Format, Severity, Whole, check_whole, report};
use crate::domain::decide::Actor;
use crate::domain::desk::rule::Rule;
use crate::domain::office::{Lang, MemberId};
use crate::domain::rights::{Right, Scope};
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

fn wants_json(format: &str) -> anyhow::Result<bool> {
    match format {
        "text" => Ok(false),
        "json" => Ok(true),
        other => anyhow::bail!("unknown format {other}: use text or json"),
    }
}

/// Prints the office in force as TOML, with the rules of triage.
///
/// # Errors
/// The configuration or the database.
pub async fn print(folder: &Path, format: &str) -> anyhow::Result<ExitCode> {
    let app = open(folder).await?;
    let mut tx = app.store.read().await?;
    let mut work = Work::begin(&app, &mut tx, app.clock.now()).await?;
    let book = office::rule_book(&mut work).await?;
    let moderation = rules_as_remarks(&rules::all(&mut work).await?);
    let toml = format!("{}{moderation}", export::export_whole(work.office(), &book));
    println!("{}", if wants_json(format)? { json!({ "office": toml }).to_string() } else { toml });
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

/// Compares an office with the one in force and, when asked to and nothing is stranded, applies it. Rules of triage are
/// compared where there are some; without, they stay as they are.
///
/// # Errors
/// The database, or a refusal.
pub async fn compare(app: &App, next: Whole, yes: bool, actor: &Actor) -> Result<Outcome, Fault> {
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    if yes {
        // Two at once: the second sees what the first has made.
        office::hold_still(&mut work).await?;
    }
    if let Some(member) = actor.member() {
        commands::allow(&work.setup, member, Right::Config, Scope::default())?;
    }
    let rules = office::rule_book(&mut work).await?;
    let differences = export::whole_differences((work.office(), &rules), (&next.office, next.rules.as_ref()));
    let stranded = if differences.is_empty() { Vec::new() } else { applying::strands(&mut work, &next.office).await? };
    let applied = yes && stranded.is_empty() && !differences.is_empty();
    if applied {
        office::apply_whole(&mut work, actor, next.office, next.rules).await?;
        tx.commit().await?;
    }
    Ok(Outcome { differences, stranded, applied })
}

/// Who applies a file: the member that was named, else whoever is logged in on this machine.
fn who(app: &App, named: Option<&str>) -> Actor {
    let known = |name: &str| app.setup().office.members.contains_key(&MemberId::new(name));
    match named {
        Some(name) if known(name) => Actor::Member { id: MemberId::new(name) },
        Some(name) => Actor::operator(name),
        None => Actor::operator(&login()),
    }
}

/// The user's name on this machine.
fn login() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

/// Shows what a file would change; with `yes` it holds from then on. `named` is who wants it, where that is not who is
/// logged in.
///
/// # Errors
/// The configuration or the database.
pub async fn apply(
    folder: &Path,
    file: &Path,
    yes: bool,
    named: Option<&str>,
    format: &str,
) -> anyhow::Result<ExitCode> {
    use std::io::IsTerminal;
    let as_json = wants_json(format)?;
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let checked = check_whole(&text, &file.display().to_string());
    if checked.findings.iter().any(|finding| finding.severity == Severity::Error) {
        let format = if as_json { Format::Json } else { Format::Text };
        println!("{}", report(&checked.findings, format, std::io::stdout().is_terminal()));
        return Ok(ExitCode::FAILURE);
    }
    let next = checked.value.context("the office")?;
    let app = open(folder).await?;
    let actor = who(&app, named);
    let outcome = match compare(&app, next, yes, &actor).await {
        Ok(outcome) => outcome,
        Err(Fault::Refused(notice)) => {
            let setup = app.setup();
            anyhow::bail!("{}", Voice::plain(&app.wording, &setup.office, Lang::En).plain_text(&notice))
        }
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
