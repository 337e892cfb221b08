//! Puts the parts together: settings to adapters, adapters to the app, the app's loops to tasks.
//!
//! Never decides anything. Start at [`assembly::Assembly::start`].

pub mod assembly;
pub mod clock;
pub mod commands;
pub mod loops;

pub use assembly::{Assembly, StartError};
pub use clock::SystemClock;
