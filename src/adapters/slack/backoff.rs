//! When the next socket may be dialled: at once as a rule, ever later while Slack refuses.
//!
//! Pure: time and chance come in as numbers. Never here: sockets. Start reading at [`Backoff`].

use std::collections::VecDeque;

/// First waits after failures, in milliseconds.
const FIRST_MS: [u64; 6] = [250, 500, 1_000, 2_000, 4_000, 8_000];
/// Wait between tries while an outage is young: Slack back means us back within ten seconds.
const YOUNG_MS: u64 = 9_000;
/// An outage is young for so long, in milliseconds.
const YOUNG_FOR_MS: u64 = 90_000;
/// Wait between tries in a long outage: at most 40 calls in ten minutes altogether (RELIABILITY, fault 12).
const OLD_MS: u64 = 24_000;
/// Share of a wait by which it varies, so that many bots do not come back in one instant: a tenth.
const JITTER_TENTHS: u64 = 1;
/// Sockets that ended within this time count as torn, in milliseconds.
const TORN_WINDOW_MS: u64 = 10_000;
/// So many torn sockets are simply replaced; more are waited for.
const TORN_FREE: usize = 6;
/// Added wait for each torn socket beyond, in milliseconds, and its most.
const TORN_STEP_MS: u64 = 300;
const TORN_MAX_MS: u64 = 2_500;

/// The waits of one workspace, shared by all its sockets. Instants are milliseconds of any steady clock.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    outage_since_ms: Option<u64>,
    next_ms: u64,
    torn: VecDeque<u64>,
}

impl Backoff {
    /// How long to wait now, in milliseconds.
    pub(super) fn wait_ms(&self, now_ms: u64) -> u64 {
        self.next_ms.saturating_sub(now_ms)
    }

    /// A try failed; `asked_ms` is the wait that Slack asked for, `chance` any number.
    pub(super) fn failed(&mut self, now_ms: u64, asked_ms: Option<u64>, chance: u64) {
        let since = *self.outage_since_ms.get_or_insert(now_ms);
        let planned = match FIRST_MS.get(self.failures as usize) {
            Some(wait) => *wait,
            None if now_ms.saturating_sub(since) < YOUNG_FOR_MS => YOUNG_MS,
            None => OLD_MS,
        };
        self.failures = self.failures.saturating_add(1);
        let spread = planned * JITTER_TENTHS / 10;
        let jittered = planned - spread + if spread == 0 { 0 } else { chance % (spread + 1) };
        self.next_ms = now_ms + jittered.max(asked_ms.unwrap_or_default());
    }

    /// A socket stands.
    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
        self.outage_since_ms = None;
        self.next_ms = 0;
    }

    /// A socket broke: replaced at once, unless sockets break one after the other.
    pub(super) fn torn(&mut self, now_ms: u64) {
        self.torn.push_back(now_ms);
        while self.torn.front().is_some_and(|at| now_ms.saturating_sub(*at) > TORN_WINDOW_MS) || self.torn.len() > 64 {
            self.torn.pop_front();
        }
        let beyond = u64::try_from(self.torn.len().saturating_sub(TORN_FREE)).unwrap_or(u64::MAX);
        let wait = beyond.saturating_mul(TORN_STEP_MS).min(TORN_MAX_MS);
        self.next_ms = self.next_ms.max(now_ms + wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries of an outage of `outage_ms`: (number of tries, delay until back).
    fn live_through(outage_ms: u64, chance: u64) -> (u32, u64) {
        let mut backoff = Backoff::default();
        let (mut now, mut tries) = (0, 0);
        while now < outage_ms {
            tries += 1;
            backoff.failed(now, None, chance.wrapping_mul(now + 1));
            now += backoff.wait_ms(now);
        }
        (tries, now - outage_ms)
    }

    #[test]
    fn ten_minutes_without_slack_cost_at_most_forty_calls() {
        for chance in 0..500 {
            let (tries, _) = live_through(600_000, chance);
            assert!(tries <= 40, "{tries} tries");
        }
    }

    #[test]
    fn after_a_short_outage_we_are_back_within_ten_seconds() {
        for outage_s in 1..90 {
            let (_, late) = live_through(outage_s * 1_000, outage_s);
            assert!(late < 10_000, "{late} ms after {outage_s} s");
        }
    }

    #[test]
    fn slacks_own_wait_is_obeyed_and_success_forgets_everything() {
        let mut backoff = Backoff::default();
        backoff.failed(0, Some(30_000), 0);
        assert_eq!(backoff.wait_ms(0), 30_000);
        backoff.succeeded();
        assert_eq!(backoff.wait_ms(0), 0);
    }

    #[test]
    fn a_torn_socket_is_replaced_at_once_a_storm_is_not() {
        let mut backoff = Backoff::default();
        for _ in 0..TORN_FREE {
            backoff.torn(1_000);
            assert_eq!(backoff.wait_ms(1_000), 0);
        }
        backoff.torn(1_000);
        assert!(backoff.wait_ms(1_000) > 0);
        let mut calm = Backoff::default();
        for minute in 0..100 {
            calm.torn(minute * 60_000);
            assert_eq!(calm.wait_ms(minute * 60_000), 0);
        }
    }
}
