//! The one lock around the state, and what must happen whenever it is released: the version counts up and waiters wake.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::faults::DiscordFaults;
use super::model::RecordedCall;
use super::state::State;
use crate::sandbox::SandboxClock;

/// REST calls kept for tests; older ones fall off.
const CALLS_KEPT: usize = 100_000;

/// What the HTTP side, the gateway and the page share.
pub(super) struct Core {
    state: Mutex<State>,
    calls: Mutex<VecDeque<RecordedCall>>,
    changed: watch::Sender<u64>,
    faults: Arc<DiscordFaults>,
    clock: SandboxClock,
}

impl Core {
    /// Wraps the state.
    pub fn new(state: State) -> Self {
        let (faults, clock) = (Arc::clone(&state.hub.faults), state.clock.clone());
        Self { state: Mutex::new(state), calls: Mutex::default(), changed: watch::Sender::new(0), faults, clock }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state; what time alone does happens first.
    pub fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (result, version) = {
            let mut state = self.lock();
            state.tick();
            state.tick_interactions();
            let result = change(&mut state);
            state.version += 1;
            (result, state.version)
        };
        self.changed.send_modify(|seen| *seen = version.max(*seen));
        result
    }

    /// Uses the state without waking anybody, unless time itself had something to do.
    pub fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        if self.read(State::has_due) {
            self.with(|_| ());
        }
        look(&mut self.lock())
    }

    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Wakes at every change.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The faults in force.
    pub fn faults(&self) -> &DiscordFaults {
        &self.faults
    }

    /// The sandbox clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The sandbox clock.
    pub fn clock(&self) -> &SandboxClock {
        &self.clock
    }

    /// Remembers one REST call.
    pub fn record(&self, call: RecordedCall) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push_back(call);
        while calls.len() > CALLS_KEPT {
            calls.pop_front();
        }
    }

    /// All calls so far, oldest first.
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
