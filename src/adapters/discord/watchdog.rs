//! Judges a gateway session by what it shows: a spinning thread, a connection that does not come up, heartbeats that are no
//! longer acknowledged. Pure: time is what it is told.

#[cfg(doc)]
use super::session::Pulse;
use super::session::TICK;

/// Discord's usual heartbeat interval (Discord docs: Gateway, about 41.25 s), until the real one is seen.
const HEARTBEAT_MS: u64 = 41_250;
/// Longest time for a session to come up.
const CONNECT_MS: u64 = 30_000;
/// A thread that shows no life for so long spins (see `session`).
pub(super) const STUCK_MS: u64 = 5_000;
/// After a nudge the session must live again within this.
const NUDGE_MS: u64 = 5_000;
pub(super) const TICK_MS: u64 = TICK.as_millis() as u64;

/// What the watchdog sees at one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sight {
    /// See [`Pulse::ticks`].
    pub(super) ticks: u64,
    /// See [`Pulse::life`].
    pub(super) life: u64,
    /// See [`Pulse::acks`].
    pub(super) acks: u64,
    /// The session is up.
    pub(super) connected: bool,
}

/// What the watchdog wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Nothing.
    Go,
    /// A new socket for the same session.
    Nudge,
    /// A new session.
    Rebuild(&'static str),
}

/// Judges a session by what it shows, tick by tick.
#[derive(Debug)]
pub(super) struct Watchdog {
    seen: Sight,
    interval_ms: u64,
    /// How long the thread has shown no life.
    pub(super) since_tick_ms: u64,
    since_ack_ms: u64,
    last_gap_ms: u64,
    /// How long the session was up in all.
    pub(super) since_up_ms: u64,
    down_ms: u64,
    nudged_for_ms: Option<u64>,
}

impl Watchdog {
    pub(super) fn new() -> Self {
        Self {
            seen: Sight::default(),
            interval_ms: HEARTBEAT_MS,
            since_tick_ms: 0,
            since_ack_ms: 0,
            last_gap_ms: 0,
            since_up_ms: 0,
            down_ms: 0,
            nudged_for_ms: None,
        }
    }

    /// Looks once, `passed_ms` after the last time.
    pub(super) fn judge(&mut self, sight: Sight, passed_ms: u64) -> Order {
        self.since_tick_ms = if sight.ticks == self.seen.ticks { self.since_tick_ms + passed_ms } else { 0 };
        self.learn_interval(sight, passed_ms);
        self.nudged_for_ms = self.nudged_for_ms.filter(|_| sight.life == self.seen.life).map(|ms| ms + passed_ms);
        self.since_up_ms += if sight.connected { passed_ms } else { 0 };
        self.down_ms = if sight.connected { 0 } else { self.down_ms + passed_ms };
        self.seen = sight;
        let silent_ms = self.interval_ms * 5 / 4 + 2 * TICK_MS;
        if self.since_tick_ms >= STUCK_MS {
            Order::Rebuild("the session spins")
        } else if self.down_ms >= CONNECT_MS {
            Order::Rebuild("the session does not come up")
        } else if self.nudged_for_ms.is_some_and(|ms| ms >= NUDGE_MS) {
            Order::Rebuild("the session is silent")
        } else if sight.connected && self.since_ack_ms >= silent_ms && self.nudged_for_ms.is_none() {
            self.nudged_for_ms = Some(0);
            self.since_ack_ms = 0;
            // If the interval was misjudged, the next nudge comes later.
            self.interval_ms = (self.interval_ms * 2).min(HEARTBEAT_MS);
            Order::Nudge
        } else {
            Order::Go
        }
    }

    /// serenity keeps to itself how often Discord wants a heartbeat: two alike times between acknowledged heartbeats (or
    /// the start and the first) tell. A single one may be a heartbeat that Discord asked for out of turn.
    fn learn_interval(&mut self, sight: Sight, passed_ms: u64) {
        self.since_ack_ms += passed_ms;
        if sight.connected && !self.seen.connected {
            self.since_ack_ms = 0;
        }
        if sight.acks == self.seen.acks {
            return;
        }
        let (now, before) = (self.since_ack_ms, self.last_gap_ms);
        if now.abs_diff(before) <= before / 5 + TICK_MS {
            self.interval_ms = now.max(before).clamp(TICK_MS, HEARTBEAT_MS);
        }
        self.last_gap_ms = now;
        self.since_ack_ms = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets the watchdog look for `ms` milliseconds while `change` moves what it sees; returns what it wanted and when.
    fn looked(ms: u64, mut change: impl FnMut(u64, &mut Sight)) -> Vec<(u64, Order)> {
        let mut watchdog = Watchdog::new();
        let mut sight = Sight::default();
        let mut orders = Vec::new();
        for at in (TICK_MS..=ms).step_by(usize::try_from(TICK_MS).unwrap_or(1)) {
            change(at, &mut sight);
            let order = watchdog.judge(sight, TICK_MS);
            let rebuild = matches!(order, Order::Rebuild(_));
            if order != Order::Go {
                orders.push((at, order));
            }
            if rebuild {
                break;
            }
        }
        orders
    }

    #[test]
    fn a_living_session_is_left_alone() {
        let orders = looked(600_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = at > 1_000;
            if at % 41_250 == 0 {
                sight.acks += 1;
                sight.life += 1;
            }
        });
        assert_eq!(orders, []);
    }

    #[test]
    fn heartbeats_out_of_turn_do_not_make_the_watchdog_nervous() {
        let orders = looked(600_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = at > 1_000;
            if at % 41_250 == 0 || at % 41_250 == 3_000 {
                sight.acks += 1;
                sight.life += 1;
            }
        });
        assert_eq!(orders, []);
    }

    #[test]
    fn events_do_not_hide_that_heartbeats_are_no_longer_acknowledged() {
        let orders = looked(60_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = true;
            sight.life += 1;
            if at % 5_000 == 0 && at <= 20_000 {
                sight.acks += 1;
            }
        });
        assert!(matches!(orders.first(), Some((at, Order::Nudge)) if at - 20_000 < 7_500), "{orders:?}");
    }

    #[test]
    fn a_silent_session_is_nudged_before_one_and_a_half_intervals_and_then_rebuilt() {
        let orders = looked(100_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = true;
            if at % 5_000 == 0 && at <= 20_000 {
                sight.acks += 1;
                sight.life += 1;
            }
        });
        assert_eq!(orders.len(), 2);
        assert!(orders[0].1 == Order::Nudge && orders[0].0 - 20_000 < 7_500, "{orders:?}");
        assert!(matches!(orders[1].1, Order::Rebuild(_)) && orders[1].0 - orders[0].0 <= NUDGE_MS, "{orders:?}");
    }

    #[test]
    fn a_spinning_or_hanging_session_is_rebuilt() {
        let spinning = looked(100_000, |at, sight| {
            sight.connected = true;
            if at < 10_000 {
                sight.ticks += 1;
                sight.life += 1;
            }
        });
        assert!(matches!(spinning[..], [(at, Order::Rebuild("the session spins"))] if at <= 10_000 + STUCK_MS));
        let hanging = looked(100_000, |_, sight| sight.ticks += 1);
        assert_eq!(hanging, [(CONNECT_MS, Order::Rebuild("the session does not come up"))]);
    }
}
