//! `vigie train`: a model for mood and topic, or for language, from messages that the team has labelled itself.
//!
//! Nothing leaves the machine and nothing is fetched. The same lines give the same file. Start at [`run`].

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use super::agreement::Agreement;
use super::labelled::{Faults, Keys, Lines};
use super::learning::read_model;
use crate::domain::desk::triage::model::features::pieces;
use crate::domain::desk::triage::model::{Labelled, Model};
use crate::domain::desk::triage::{Field, language, mood};

/// Texts learnt from, all files together: more takes minutes and gains nothing that was measured.
pub const TEXTS_MAX: usize = 500_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Files of labelled lines.
    pub files: Vec<PathBuf>,
    /// Fields to learn.
    pub fields: Vec<Field>,
    /// Where the model goes.
    pub out: PathBuf,
    /// A model whose other fields are kept.
    pub keep: Option<PathBuf>,
    /// Labelled lines that are not learnt from, to see how good the model is.
    pub check: Option<PathBuf>,
    /// Other names of the labels.
    pub keys: Vec<String>,
}

/// Learns and writes the file; the exit code is 1 when some lines were wrong.
///
/// # Errors
/// Files that cannot be read or written, and when there is nothing to learn.
pub fn run(wanted: &Wanted) -> anyhow::Result<ExitCode> {
    let keys = Keys::read(&wanted.keys)?;
    let mut wrong = 0;
    let mut texts = Vec::new();
    for file in &wanted.files {
        wrong += read(file, &keys, &mut texts)?;
    }
    anyhow::ensure!(texts.len() <= TEXTS_MAX, "{} lines; at most {TEXTS_MAX}", texts.len());
    let mut model = Model::train(&texts, &wanted.fields)?;
    for (field, labels) in model.fields() {
        let count = texts.iter().filter(|text| text.labels.contains_key(&field)).count();
        eprintln!("{}: learnt from {count} lines: {}", field.name(), labels.join(", "));
    }
    if let Some(path) = &wanted.check {
        let mut kept = Vec::new();
        wrong += read(path, &keys, &mut kept)?;
        compare(&model, &kept);
    }
    if let Some(path) = &wanted.keep {
        model.keep(read_model(path).map_err(|finding| anyhow::anyhow!("{finding}"))?);
    }
    let bytes = model.write();
    write_whole(&wanted.out, &bytes).with_context(|| wanted.out.display().to_string())?;
    eprintln!("{}: {} KB", wanted.out.display(), bytes.len().div_ceil(1_024));
    eprintln!("To use it, put it beside triage.toml and write there:\n[model]\nfile = \"{}\"", file_name(&wanted.out));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn file_name(path: &std::path::Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Written beside and then renamed, so that a running Vigie never reads half a model.
fn write_whole(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, path)
}

fn read(file: &std::path::Path, keys: &Keys, texts: &mut Vec<Labelled>) -> anyhow::Result<usize> {
    let mut lines = Lines::open(file, keys.clone()).with_context(|| file.display().to_string())?;
    let mut faults = Faults::default();
    while let Some(line) = lines.read_next().with_context(|| file.display().to_string())? {
        match line {
            Err(fault) => faults.tell(file, &fault),
            Ok(line) if texts.len() <= TEXTS_MAX => {
                let language = line.labels.get(&Field::Language).cloned();
                texts.push(Labelled { text: line.text, language, labels: line.labels });
            }
            Ok(_) => break,
        }
    }
    Ok(faults.finish())
}

fn compare(model: &Model, texts: &[Labelled]) {
    for (field, _) in model.fields() {
        let mut agreement = Agreement::default();
        for text in texts {
            let Some(said) = text.labels.get(&field) else { continue };
            let pieces = pieces(&text.text);
            let language = language(&text.text);
            let opinion = model.opinion(field, &pieces, &mood::judge(&pieces, language));
            agreement.add(said, opinion.as_ref().map_or("-", |opinion| opinion.label.as_str()));
        }
        if agreement.count() > 0 {
            eprint!("{}", agreement.shown(field.name()));
        }
    }
}
