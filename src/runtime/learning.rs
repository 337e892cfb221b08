//! The command line of triage: `vigie backtest triage`, `vigie train triage`, `vigie train language`.
//!
//! Start at [`Backtest::run`] and [`Train::run`]; the work is in `backtest` and `train`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use super::{backtest, corrections, train};
use crate::config::{Finding, Severity};
use crate::domain::desk::triage::Field;
use crate::domain::desk::triage::model::{FILE_BYTES_MAX, Model};

/// What can be tried on past messages.
#[derive(Debug, Subcommand)]
pub enum Backtest {
    /// Language, mood, topic, priority and role of past messages, with the reasons.
    #[command(
        after_help = "Each line of FILE is a JSON object: {\"id\":\"1\",\"text\":\"...\"}, with network, kind and followers if known.\n\
                      Each line that comes out: {\"id\",\"language\",\"mood\",\"topic\",\"priority\",\"role\",\"tags\",\"reasons\"}.\n\
                      Lines that carry mood, topic, language, priority or role are compared; the summary goes to the standard error.\n\
                      Exit code 0: every line was understood, 1: some were left out (each is told with its number), 2: rules or model have mistakes.\n\
                      Examples:\n  vigie backtest triage messages.jsonl > judged.jsonl\n  \
                      vigie backtest triage messages.jsonl --config my-office --format text\n  \
                      zcat messages.jsonl.gz | vigie backtest triage - --model triage.model --out judged.jsonl\n  \
                      vigie backtest triage tweets.jsonl --read mood=label > /dev/null"
    )]
    Triage(BacktestTriage),
}

/// Arguments of `vigie backtest triage`.
#[derive(Debug, Args)]
pub struct BacktestTriage {
    /// Messages, one JSON object a line; - reads the standard input.
    file: PathBuf,
    /// A model made by `vigie train`, instead of the one that triage.toml names.
    #[arg(long)]
    model: Option<PathBuf>,
    /// Where the answer goes; the standard output by default.
    #[arg(long)]
    out: Option<PathBuf>,
    /// json: one object a line; text: tab-separated, for people.
    #[arg(long, value_enum, default_value_t = OutFormat::Json)]
    format: OutFormat,
    /// Take the language of each line as given instead of recognising it.
    #[arg(long)]
    trust_language: bool,
    /// A label that stands under another key, e.g. mood=label; may be repeated.
    #[arg(long, value_name = "FIELD=KEY")]
    read: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OutFormat {
    Json,
    Text,
}

impl Backtest {
    /// Runs it.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn run(self, config: PathBuf) -> anyhow::Result<ExitCode> {
        let Self::Triage(asked) = self;
        backtest::run(&backtest::Wanted {
            file: asked.file,
            config,
            model: asked.model,
            out: asked.out,
            text: asked.format == OutFormat::Text,
            trust_language: asked.trust_language,
            keys: asked.read,
        })
    }
}

/// What can be trained.
#[derive(Debug, Subcommand)]
pub enum Train {
    /// Mood and topic, from lines {"text", "mood" and/or "topic"}.
    #[command(
        after_help = "The model decides the mood, and the topic where no rule does. It holds numbers and label names, never a text.\n\
                      Examples:\n  vigie train triage labelled.jsonl --out config/triage.model\n  \
                      vigie train triage monday.jsonl tuesday.jsonl --check wednesday.jsonl\n  \
                      vigie train triage tweets.jsonl --read mood=label\n  \
                      vigie export corrections | vigie train triage labelled.jsonl -"
    )]
    Triage(TrainFiles),
    /// Languages, from lines {"text", "language"}.
    #[command(after_help = "Examples:\n  vigie train language lines.jsonl --out language.model\n  \
                      vigie train language lines.jsonl --keep config/triage.model --out config/triage.model")]
    Language(TrainFiles),
}

/// Arguments of `vigie train`.
#[derive(Debug, Args)]
pub struct TrainFiles {
    /// Labelled messages, one JSON object a line; - reads the standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Where the model is written.
    #[arg(long, default_value = "triage.model")]
    out: PathBuf,
    /// A model whose other fields are kept in the new file.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Labelled messages to measure the model on; it does not learn from them.
    #[arg(long)]
    check: Option<PathBuf>,
    /// A label that stands under another key, e.g. mood=label; may be repeated.
    #[arg(long, value_name = "FIELD=KEY")]
    read: Vec<String>,
}

impl Train {
    /// Runs it.
    ///
    /// # Errors
    /// Files that cannot be read or written, and when there is nothing to learn.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let (fields, asked) = match self {
            Self::Triage(asked) => (vec![Field::Mood, Field::Topic], asked),
            Self::Language(asked) => (vec![Field::Language], asked),
        };
        train::run(&train::Wanted {
            files: asked.files,
            fields,
            out: asked.out,
            keep: asked.keep,
            check: asked.check,
            keys: asked.read,
        })
    }
}

/// What can be taken out of the database.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Messages whose mood, topic, language or priority somebody corrected, as lines to train on.
    #[command(after_help = "The lines hold customers' words: treat the file as personal data.\n\
                      Examples:\n  vigie export corrections --out corrections.jsonl\n  \
                      vigie export corrections | vigie train triage labelled.jsonl - --out config/triage.model\n  \
                      vigie export corrections --rules >> config/triage.toml")]
    Corrections {
        /// Where they go; the standard output by default.
        #[arg(long)]
        out: Option<PathBuf>,
        /// The rules learnt in chat, as they would stand in triage.toml.
        #[arg(long)]
        rules: bool,
        /// Database file or address, instead of the one that the settings name.
        #[arg(long)]
        database: Option<String>,
    },
}

impl Export {
    /// Runs it.
    ///
    /// # Errors
    /// A database or a file that cannot be opened.
    pub async fn run(self, config: PathBuf) -> anyhow::Result<ExitCode> {
        let Self::Corrections { out, rules, database } = self;
        corrections::run(&corrections::Wanted { config, database, out, rules }).await
    }
}

/// Reads a model file.
///
/// # Errors
/// What is wrong with it, with a cure.
pub fn read_model(path: &Path) -> Result<Model, Box<Finding>> {
    let shown = path.display().to_string();
    let wrong = |message: String, hint: &str| Box::new(Finding::without_place(&shown, Severity::Error, &message, hint));
    let size = std::fs::metadata(path).map_or(0, |found| found.len());
    if size > FILE_BYTES_MAX as u64 {
        return Err(wrong("the file is too large for a model".into(), "name a file made by `vigie train`"));
    }
    let bytes = std::fs::read(path).map_err(|error| {
        wrong(error.to_string(), "make it with `vigie train triage`, or remove the section [model]")
    })?;
    Model::read(&bytes).map_err(|fault| wrong(fault.to_string(), "make it again with `vigie train triage`"))
}
