//! The system's clock, the only place in the program that reads it.

use crate::domain::time::Timestamp;
use crate::ports::clock::Clock;
use crate::sandbox::SandboxClock;

/// Real time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place where the ambient clock is read")]
    fn now(&self) -> Timestamp {
        chrono::Utc::now().into()
    }
}

/// The sandbox's clock, so that Vigie and the sandbox agree on the time when it is moved by hand.
#[derive(Clone, Debug)]
pub struct SharedClock(pub SandboxClock);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now_ms())
    }
}
