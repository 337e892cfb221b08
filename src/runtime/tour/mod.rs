//! `vigie demo --tour`: plays the main path in the sandbox office without a browser and prints what happened.
//!
//! Every line is checked against what people would see in Slack, in Discord or on the network; the first step that does
//! not hold ends the tour with exit code 1. Start at [`play`]; the steps are in [`desk`],
//! [`day`] and [`rhythm`].

mod day;
mod desk;
mod forms;
mod rhythm;
mod stage;

use std::process::ExitCode;

use crate::runtime::demo::{Demo, DemoOptions, working_morning};
use crate::sandbox::SandboxClock;
pub use stage::{Broken, Stage};

/// Plays the tour on a database.
///
/// # Errors
/// When the sandbox office cannot start.
pub async fn play(database: &str) -> anyhow::Result<ExitCode> {
    println!("Vigie demo tour. Database: {}\n", database.trim_start_matches("sqlite:"));
    #[allow(clippy::disallowed_methods, reason = "the tour starts on today's working morning")]
    let clock = SandboxClock::running_from(working_morning(chrono::Utc::now()));
    let options = DemoOptions { database: database.to_owned(), page_port: None, clock, manual: false, page: false };
    let mut stage = Stage::new(Demo::start(options).await?);
    let outcome = whole(&mut stage).await;
    let steps = stage.steps();
    stage.close().await;
    match outcome {
        Ok(()) => {
            println!("\nAll {steps} steps held.");
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            println!("\n✗ {broken}\nThe tour stopped after {steps} steps.");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn whole(stage: &mut Stage) -> Result<(), Broken> {
    desk::play(stage).await?;
    day::play(stage).await?;
    rhythm::play(stage).await
}
