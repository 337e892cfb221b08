//! Puts the parts together: settings to adapters, adapters to the app, the app's loops to tasks.
//!
//! Never decides anything. Start at [`assembly::Assembly::start`]; [`demo`] does the same with the sandbox outside.

pub mod agreement;
pub mod assembly;
pub mod backtest;
pub mod check;
pub mod clock;
pub mod commands;
pub mod corrections;
pub mod demo;
pub mod labelled;
pub mod learning;
pub mod loops;
pub mod office;
pub mod samples;
pub mod setup;
pub mod tour;
pub mod train;

pub use assembly::{Assembly, StartError};
pub use clock::SystemClock;
