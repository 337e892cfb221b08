//! The guided tour without a browser.
use std::process::ExitCode;

/// Plays the tour.
///
/// # Errors
/// When the sandbox office cannot start.
pub async fn play(_database: &str) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
