//! `vigie export corrections`: what people set right, as labelled lines for `vigie train`, or as rules for `triage.toml`.
//!
//! Texts of customers leave the database here, on purpose and only to the file or pipe that was named: treat it as personal data.
//! Start at [`run`].

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use secrecy::ExposeSecret;
use serde_json::json;

use super::check;
use crate::app::work::read_state;
use crate::domain::desk::ticket::Ticket;
use crate::domain::desk::triage::Field;
use crate::domain::desk::triage::lesson::Lesson;
use crate::domain::ids::Kind;
use crate::domain::office::changes::OfficeChange;
use crate::domain::office::log::OfficeLog;
use crate::store::Store;
use crate::store::aggregates::{self, Filter};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Folder of the settings, for the database's address.
    pub config: PathBuf,
    /// The database, instead of the one that the settings name.
    pub database: Option<String>,
    /// Where the lines go; the standard output when not given.
    pub out: Option<PathBuf>,
    /// The learnt rules as TOML instead of the corrected messages.
    pub rules: bool,
}

/// Writes them; how many there were goes to the standard error.
///
/// # Errors
/// A database or a file that cannot be opened.
pub async fn run(wanted: &Wanted) -> anyhow::Result<ExitCode> {
    let url = match &wanted.database {
        Some(url) if url.contains("://") || url.starts_with("sqlite:") => url.clone(),
        Some(path) => format!("sqlite:{path}"),
        None => address(&wanted.config)?,
    };
    let store = Store::open(&url).await.context("the database cannot be opened")?;
    let mut out: Box<dyn Write> = match &wanted.out {
        Some(path) => {
            Box::new(io::BufWriter::new(std::fs::File::create(path).with_context(|| path.display().to_string())?))
        }
        None => Box::new(io::BufWriter::new(io::stdout())),
    };
    let outcome = if wanted.rules { rules(&store, &mut *out).await } else { messages(&store, &mut *out).await };
    let count = match outcome.and_then(|count| Ok(out.flush().map(|()| count)?)) {
        Ok(count) => count,
        Err(error)
            if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) =>
        {
            return Ok(ExitCode::SUCCESS);
        }
        Err(error) => return Err(error),
    };
    let what = if wanted.rules { "learnt rules" } else { "corrected messages" };
    eprintln!("{count} {what}");
    Ok(ExitCode::SUCCESS)
}

fn address(config: &Path) -> anyhow::Result<String> {
    let settings = check::load(config).settings;
    let settings =
        settings.context("the settings have mistakes; run `vigie check`, or name the database with --database")?;
    Ok(settings.database_url.expose_secret().to_owned())
}

/// One ticket after the other, so that memory does not grow with their number.
async fn messages(store: &Store, out: &mut dyn Write) -> anyhow::Result<usize> {
    let newest = Filter { kind: Kind::Ticket.stored(), limit: 1, ..Filter::default() };
    let last = aggregates::list(&mut store.read().await?, &newest).await?.first().map_or(0, |row| row.id);
    let mut count = 0;
    for id in 1..=last {
        let Some(row) = aggregates::load(&mut store.read().await?, Kind::Ticket.stored(), id).await? else { continue };
        let ticket: Ticket = read_state(Kind::Ticket, id, row.state())?;
        if ticket.corrections.is_empty() {
            continue;
        }
        let mut line = json!({
            "id": ticket.subject().to_string(),
            "text": text(&ticket),
            "network": ticket.opening.network,
            "kind": ticket.opening.kind,
        });
        // Only what a person said teaches anything: what was read by machine would only confirm itself.
        for correction in &ticket.corrections {
            line[correction.field.name()] = json!(correction.to);
        }
        if let (false, Some(language)) =
            (ticket.corrections.iter().any(|one| one.field == Field::Language), &ticket.opening.language)
        {
            line["language"] = json!(language);
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
        count += 1;
    }
    Ok(count)
}

fn text(ticket: &Ticket) -> String {
    let kept = ticket.opening.entries.iter().filter(|entry| !entry.deleted);
    kept.map(|entry| entry.text.as_str()).collect::<Vec<_>>().join("\n")
}

async fn rules(store: &Store, out: &mut dyn Write) -> anyhow::Result<usize> {
    let Some(row) = aggregates::load(&mut store.read().await?, Kind::Office.stored(), crate::app::office::LOG).await?
    else {
        return Ok(0);
    };
    let log: OfficeLog = read_state(Kind::Office, crate::app::office::LOG, row.state())?;
    let mut count = 0;
    for change in log.changes.iter().rev() {
        let OfficeChange::Learnt { lesson } = change else { continue };
        if lesson.on {
            out.write_all(as_toml(lesson).as_bytes())?;
            count += 1;
        }
    }
    Ok(count)
}

/// A learnt rule as it stands in `triage.toml`.
fn as_toml(lesson: &Lesson) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let keywords: Vec<String> = lesson.keywords.iter().map(|keyword| quoted(keyword)).collect();
    let mut set = vec![format!("topic = {}", quoted(&lesson.topic))];
    set.extend(lesson.priority.map(|priority| format!("priority = \"{priority}\"")));
    set.extend(lesson.role.as_deref().map(|role| format!("role = {}", quoted(role))));
    let (name, any, set) = (quoted(&lesson.name), keywords.join(", "), set.join(", "));
    format!("[[rules]]\nname = {name}\nany = [{any}]\nset = {{ {set} }}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::triage::load_triage;

    #[test]
    fn a_learnt_rule_is_written_as_the_rule_file_reads_it() {
        let lesson = Lesson {
            name: "learnt-2".into(),
            keywords: vec!["l'\"eau\" coule".into(), "ça fuit\\".into()],
            topic: "repair".into(),
            role: Some("care".into()),
            priority: Some(crate::domain::desk::priority::Priority::P2),
            on: true,
            by: "lea".into(),
            ticket: None,
        };
        let triage = load_triage(&as_toml(&lesson), "triage.toml", None).expect("a right file");
        assert_eq!(triage.rules, [lesson.rule()]);
    }
}
