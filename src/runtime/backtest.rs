//! `vigie backtest triage`: what triage would have said of past messages, line by line, before going live.
//!
//! Streams: memory does not grow with the file. Never writes anywhere but the output, never reaches the network.
//! Start at [`run`].

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::agreement::Agreement;
use super::labelled::{Faults, Keys, Line, Lines};
use super::learning::read_model;
use crate::config::triage::check_triage;
use crate::config::{Format, Severity, check_office, report};
use crate::domain::desk::triage::{Because, Field, Message, Reading, Sorter, Why};

/// Lines worked on at once, shared among the threads.
const BATCH_LINES: usize = 4_096;
/// Threads; the work is all computing, and reading and writing take the rest of a machine.
const THREADS_MAX: usize = 8;
/// Lines between two signs of life.
const PROGRESS_LINES: usize = 20_000;
/// Fields that are compared with the labels of the file.
const COMPARED: [Field; 5] = super::labelled::FIELDS;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The messages; `-` is the standard input.
    pub file: PathBuf,
    /// Folder of the rules; the sample rules when it has none and was not named.
    pub config: PathBuf,
    /// A model, instead of the one that the rules name.
    pub model: Option<PathBuf>,
    /// Where the answer goes; the standard output when not given.
    pub out: Option<PathBuf>,
    /// Text for people instead of JSON lines.
    pub text: bool,
    /// Take the language of each line as it is given.
    pub trust_language: bool,
    /// Other names of the labels.
    pub keys: Vec<String>,
}

/// Reads, judges, writes; the exit code is 0 when every line was understood, 1 when some were not.
///
/// # Errors
/// Files that cannot be read or written, rules or a model with mistakes.
pub fn run(wanted: &Wanted) -> anyhow::Result<ExitCode> {
    let Some(sorter) = sorter(wanted)? else { return Ok(ExitCode::from(2)) };
    let keys = Keys::read(&wanted.keys)?;
    let mut lines = Lines::open(&wanted.file, keys).with_context(|| wanted.file.display().to_string())?;
    let mut out: Box<dyn Write> = match &wanted.out {
        Some(path) => {
            Box::new(io::BufWriter::new(std::fs::File::create(path).with_context(|| path.display().to_string())?))
        }
        None => Box::new(io::BufWriter::with_capacity(1 << 18, io::stdout().lock())),
    };
    let mut told = Told::default();
    let outcome = stream(wanted, &sorter, &mut lines, &mut *out, &mut told).and_then(|()| out.flush());
    match outcome {
        Ok(()) => {}
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        Err(error) => return Err(error.into()),
    }
    Ok(told.finish())
}

#[derive(Default)]
struct Told {
    faults: Faults,
    lines: usize,
    agreement: BTreeMap<Field, Agreement>,
    by_model: Agreement,
}

impl Told {
    fn finish(self) -> ExitCode {
        clear_progress();
        for (field, agreement) in &self.agreement {
            eprint!("{}", agreement.shown(field.name()));
        }
        if self.by_model.count() > 0 {
            eprint!("{}", self.by_model.shown("topic by the model alone"));
        }
        match self.faults.finish() {
            0 => ExitCode::SUCCESS,
            wrong => {
                eprintln!("{} lines judged, {wrong} left out", self.lines);
                ExitCode::from(1)
            }
        }
    }

    fn compare(&mut self, judged: &Judged) {
        for field in COMPARED {
            let Some(said) = judged.line.labels.get(&field) else { continue };
            self.agreement.entry(field).or_default().add(said, &value_of(&judged.reading, field));
        }
        if let (Some(said), Some(found)) = (judged.line.labels.get(&Field::Topic), &judged.model_topic) {
            self.by_model.add(said, &found.0);
        }
    }
}

fn value_of(reading: &Reading, field: Field) -> String {
    match field {
        Field::Language => reading.language.clone().unwrap_or_else(|| "-".into()),
        Field::Mood => reading.mood.code().to_owned(),
        Field::Priority => reading.priority.code().to_owned(),
        Field::Role => reading.role.clone(),
        Field::Topic | Field::Tag => reading.topic.clone(),
    }
}

struct Judged {
    line: Line,
    reading: Reading,
    model_topic: Option<(String, f32)>,
    shown: Vec<u8>,
}

fn stream(wanted: &Wanted, sorter: &Sorter, lines: &mut Lines, out: &mut dyn Write, told: &mut Told) -> io::Result<()> {
    loop {
        let mut batch = Vec::with_capacity(BATCH_LINES);
        let mut ended = false;
        while batch.len() < BATCH_LINES {
            match lines.read_next()? {
                None => {
                    ended = true;
                    break;
                }
                Some(Err(fault)) => told.faults.tell(&wanted.file, &fault),
                Some(Ok(line)) => batch.push(line),
            }
        }
        for judged in judge_all(wanted, sorter, batch) {
            out.write_all(&judged.shown)?;
            told.lines += 1;
            told.compare(&judged);
            if told.lines.is_multiple_of(PROGRESS_LINES) {
                show_progress(told.lines);
            }
        }
        if ended {
            return Ok(());
        }
    }
}

/// Judges a batch on all threads; the order stays.
fn judge_all(wanted: &Wanted, sorter: &Sorter, batch: Vec<Line>) -> Vec<Judged> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    let share = batch.len().div_ceil(threads).max(64);
    let mut batch = batch.into_iter();
    let mut shares = Vec::new();
    loop {
        let part: Vec<Line> = batch.by_ref().take(share).collect();
        if part.is_empty() {
            break;
        }
        shares.push(part);
    }
    std::thread::scope(|scope| {
        let judge_part = |part: Vec<Line>| part.into_iter().map(|line| judge(wanted, sorter, line)).collect::<Vec<_>>();
        let running: Vec<_> = shares.into_iter().map(|part| scope.spawn(move || judge_part(part))).collect();
        // A thread that fails has a bug that ends the program with its own message.
        running
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn judge(wanted: &Wanted, sorter: &Sorter, line: Line) -> Judged {
    let given = line.labels.get(&Field::Language).map(String::as_str).filter(|_| wanted.trust_language);
    let message = Message {
        text: &line.text,
        network: &line.network,
        kind: &line.kind,
        followers: line.followers,
        language: given,
        mood: None,
    };
    let reading = sorter.read(&message);
    let opinion = sorter.topic_opinion(&line.text, reading.language.as_deref());
    let model_topic = opinion.map(|opinion| (opinion.label, opinion.share));
    let mut shown = if wanted.text { as_text(&line, &reading) } else { as_json(&line, &reading, model_topic.as_ref()) };
    shown.push(b'\n');
    Judged { line, reading, model_topic, shown }
}

fn as_json(line: &Line, reading: &Reading, model_topic: Option<&(String, f32)>) -> Vec<u8> {
    let mut object = json!({
        "id": line.id,
        "language": reading.language,
        "mood": reading.mood,
        "topic": reading.topic,
        "priority": reading.priority,
        "role": reading.role,
        "tags": reading.tags,
        "reasons": reading.reasons,
    });
    if let (Value::Object(object), Some((label, share))) = (&mut object, model_topic) {
        let percent = (share * 100.0).round() as u64;
        object.insert("model_topic".into(), json!({ "topic": label, "percent": percent }));
    }
    serde_json::to_vec(&object).unwrap_or_default()
}

fn as_text(line: &Line, reading: &Reading) -> Vec<u8> {
    let id = line.id.as_str().map_or_else(|| line.id.to_string(), str::to_owned);
    let why: Vec<String> = reading.reasons.iter().map(reason).collect();
    let text: String = line.text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(80).collect();
    let language = reading.language.as_deref().unwrap_or("-");
    let (mood, priority) = (reading.mood.code(), reading.priority.code());
    format!("{id}\t{language}\t{mood}\t{}\t{priority}\t{}\t{text}\t{}", reading.topic, reading.role, why.join("; "))
        .into_bytes()
}

/// A reason in a few words, as it stands in the text format.
fn reason(because: &Because) -> String {
    let field = because.field.name();
    match &because.why {
        Why::Rule { name } => format!("{field}: matched rule {name}"),
        Why::Words { words } => format!("{field}: lexicon: {}", words.join(", ")),
        Why::Model { percent, words } => format!("{field}: model .{percent:02}: {}", words.join(", ")),
        Why::Letters => format!("{field}: letters and words"),
        Why::Default => format!("{field}: default"),
        Why::Said => format!("{field}: as given"),
        Why::Corrected { .. } => format!("{field}: corrected"),
    }
}

fn show_progress(lines: usize) {
    if io::stderr().is_terminal() {
        eprint!("\r{lines} lines");
    }
}

fn clear_progress() {
    if io::stderr().is_terminal() {
        eprint!("\r{:30}\r", "");
    }
}

/// The rules of the folder, with the model; `None` when they have mistakes, which were printed.
fn sorter(wanted: &Wanted) -> anyhow::Result<Option<Sorter>> {
    let path = wanted.config.join("triage.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(_) if wanted.config == Path::new("config") => {
            eprintln!("vigie: there is no config/triage.toml here; the sample rules are used");
            super::demo::TRIAGE.to_owned()
        }
        Err(error) => anyhow::bail!("{}: {error}; name the folder of triage.toml with --config", path.display()),
    };
    // The office is only asked whether the roles exist; rules are tuned without one, too.
    let office = std::fs::read_to_string(wanted.config.join("office.toml")).ok();
    let office = office.and_then(|text| check_office(&text, "office.toml").value);
    let checked = check_triage(&text, &path.display().to_string(), office.as_ref());
    let mut findings = checked.findings;
    let named = checked.value.as_ref().and_then(|triage| triage.model.as_ref()).map(|file| wanted.config.join(file));
    let model = match wanted.model.clone().or(named).map(|path| read_model(&path)).transpose() {
        Ok(model) => model,
        Err(finding) => {
            findings.push(*finding);
            None
        }
    };
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        eprintln!("{}", report(&findings, Format::Text, io::stderr().is_terminal()));
        return Ok(None);
    }
    let triage = checked.value.context("the rules could not be read")?;
    let rules = triage.compile().map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    Ok(Some(Sorter { rules, model }))
}
