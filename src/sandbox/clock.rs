//! The sandbox's clock: real time with an offset for the demo, or a hand-moved one for tests.
//!
//! Never used by production code. Every rule of the vendors that a test must be able to reach (rate windows, token ages,
//! retry schedules) is measured on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::watch;

/// A clock shared by all parts of one sandbox; clones tell the same time.
#[derive(Clone, Debug)]
pub struct SandboxClock {
    /// Milliseconds since the epoch when manual; otherwise the offset added to real time.
    value_ms: Arc<AtomicI64>,
    manual: bool,
    moved: Arc<watch::Sender<u64>>,
}

impl SandboxClock {
    /// Real time; [`SandboxClock::advance`] moves it forward from there.
    #[must_use]
    pub fn real() -> Self {
        Self::with(0, false)
    }

    /// A clock that stands still at `start_ms` (milliseconds since the Unix epoch) until it is advanced.
    #[must_use]
    pub fn manual(start_ms: i64) -> Self {
        Self::with(start_ms, true)
    }

    /// Real time moved so that it now reads `start_ms`, and runs on from there.
    #[must_use]
    pub fn running_from(start_ms: i64) -> Self {
        Self::with(start_ms - chrono::Utc::now().timestamp_millis(), false)
    }

    fn with(value_ms: i64, manual: bool) -> Self {
        Self { value_ms: Arc::new(AtomicI64::new(value_ms)), manual, moved: Arc::new(watch::Sender::new(0)) }
    }

    /// Milliseconds since the Unix epoch, UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let value = self.value_ms.load(Ordering::SeqCst);
        if self.manual { value } else { chrono::Utc::now().timestamp_millis() + value }
    }

    /// Moves the clock forward by `ms`; a negative amount is ignored (the vendors' clocks never run backwards).
    pub fn advance(&self, ms: i64) {
        if ms > 0 {
            self.value_ms.fetch_add(ms, Ordering::SeqCst);
            self.moved.send_modify(|moves| *moves += 1);
        }
    }

    /// Whether the clock only moves by hand.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.manual
    }

    /// Wakes whenever the clock was moved by hand.
    #[must_use]
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }
}
