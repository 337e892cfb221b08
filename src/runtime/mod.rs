//! Puts the parts together: settings to adapters, adapters to the app, the app's loops to tasks.
//!
//! Never decides anything. Start at [`assembly::Assembly::start`]; [`demo`] does the same with the sandbox outside.

pub mod assembly;
pub mod check;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod loops;
pub mod office;
pub mod samples;
pub mod setup;
pub mod tour;

pub use assembly::{Assembly, StartError};
pub use clock::SystemClock;
