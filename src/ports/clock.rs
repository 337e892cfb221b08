//! Time as it is handed to everything that needs it.
//!
//! Nothing else in the crate reads the system's clock: tests move this one by hand.

use crate::domain::time::Timestamp;

/// A source of the current instant.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current instant, UTC.
    fn now(&self) -> Timestamp;
}
