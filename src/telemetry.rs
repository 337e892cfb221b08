//! Logs: one subscriber for the whole process, set up once at the start.
//!
//! Rule for every line written anywhere in Vigie: no personal text. What customers and colleagues write, their names,
//! handles and addresses, message bodies, tokens and secrets never go into a log. Ids (T-12, envelope ids, channel ids),
//! counts, durations, error kinds and vendors' error codes may. Words that came from outside go into fields, never into
//! the message, so that a line cannot be forged by them.
//!
//! `RUST_LOG` chooses the level, e.g. `RUST_LOG=vigie=debug,info`; without it [`DEFAULT_FILTER`] holds, and one that cannot
//! be read is an error rather than silence.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Level used when `RUST_LOG` says nothing: ours at `info`, libraries only when something is wrong.
pub const DEFAULT_FILTER: &str = "warn,vigie=info";

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people; coloured when the error stream is a terminal.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `RUST_LOG` is not readable.
    #[error("RUST_LOG is not readable: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Somebody set up a subscriber before.
    #[error("logging is set up already")]
    Twice,
}

/// Sets up logging to the error stream; `filter` is the value of `RUST_LOG` (empty or `None` for the default).
///
/// # Errors
/// [`TelemetryError`]; nothing is changed then.
pub fn start(format: LogFormat, filter: Option<&str>) -> Result<(), TelemetryError> {
    let filter = filter_of(filter)?;
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        LogFormat::Json => {
            let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
            registry.with(lines.with_writer(std::io::stderr)).try_init()
        }
        LogFormat::Text => {
            let is_terminal = std::io::stderr().is_terminal();
            let lines = tracing_subscriber::fmt::layer().with_ansi(is_terminal).with_target(false);
            registry.with(lines.with_writer(std::io::stderr)).try_init()
        }
    };
    started.map_err(|_| TelemetryError::Twice)
}

fn filter_of(asked: Option<&str>) -> Result<EnvFilter, TelemetryError> {
    let asked = asked.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(DEFAULT_FILTER);
    // The Discord library writes payloads it cannot read, people's words included, into its warnings.
    Ok(EnvFilter::builder().parse(format!("serenity=error,{asked}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_comes_from_rust_log_or_the_default() {
        for (asked, expected) in [
            (None, "serenity=error,vigie=info,warn"),
            (Some("  "), "serenity=error,vigie=info,warn"),
            (Some("debug"), "serenity=error,debug"),
            (Some("vigie=trace,error"), "serenity=error,vigie=trace,error"),
        ] {
            let filter = filter_of(asked).expect("readable").to_string();
            assert_eq!(filter, expected, "{asked:?}");
        }
        assert!(matches!(filter_of(Some("vigie=loud")), Err(TelemetryError::Filter(_))));
    }
}
