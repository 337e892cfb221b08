//! Slack's rate limits: so many calls a minute and method, one post a second and channel, measured on the sandbox clock.
//!
//! A limit is kept as one instant per key (the theoretical arrival time), so that the arithmetic is exact in milliseconds.

use std::collections::HashMap;

use super::setup::RateSetup;

/// How often a method may be called (Slack docs: rate limits; the tier stands on each method's page).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// 20 a minute.
    Two,
    /// 50 a minute.
    Three,
    /// 100 a minute.
    Four,
    /// "Special": several hundred a minute, as `auth.test`.
    Hundreds,
    /// `chat.postMessage`: one a second and channel, and a limit over the whole workspace.
    Post,
    /// `conversations.history` and `.replies`: tier 3, or one a minute for restricted apps.
    History,
}

/// One call a minute (Slack docs: changelog 2025-05-29).
const RESTRICTED_PER_MIN: u32 = 1;
/// "Hundreds of requests per minute" (Slack docs: auth.test).
const HUNDREDS_PER_MIN: u32 = 600;
/// One post a second and channel (Slack docs: rate limits, posting messages).
const POST_INTERVAL_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;

/// All limits of one app in one workspace.
#[derive(Debug, Default)]
pub(super) struct Rates {
    arrivals_ms: HashMap<String, i64>,
}

#[derive(Debug, Clone)]
struct Limit {
    key: String,
    interval_ms: i64,
    burst: i64,
}

impl Rates {
    /// Takes one call of `method`, or says after how many seconds to try again.
    pub(super) fn take(
        &mut self,
        setup: &RateSetup,
        method: &str,
        tier: Tier,
        channel: &str,
        now_ms: i64,
    ) -> Result<(), i64> {
        if !setup.enforced {
            return Ok(());
        }
        let limits = limits(setup, method, tier, channel);
        if let Some(wait_ms) = limits.iter().map(|limit| self.wait_ms(limit, now_ms)).max()
            && wait_ms > 0
        {
            return Err((wait_ms + 999) / 1_000);
        }
        for limit in limits {
            let arrival = self.arrivals_ms.entry(limit.key).or_insert(now_ms);
            *arrival = (*arrival).max(now_ms) + limit.interval_ms;
        }
        Ok(())
    }

    fn wait_ms(&self, limit: &Limit, now_ms: i64) -> i64 {
        let arrival = self.arrivals_ms.get(&limit.key).copied().unwrap_or(now_ms);
        arrival - now_ms - (limit.burst - 1) * limit.interval_ms
    }
}

fn limits(setup: &RateSetup, method: &str, tier: Tier, channel: &str) -> Vec<Limit> {
    let per_min = |calls: u32| Limit {
        key: method.to_owned(),
        interval_ms: MINUTE_MS / i64::from(calls.max(1)),
        burst: i64::from(calls.max(1)),
    };
    if let Some(calls) = setup.per_min.get(method) {
        return vec![per_min(*calls)];
    }
    match tier {
        Tier::Two => vec![per_min(20)],
        Tier::Three => vec![per_min(50)],
        Tier::Four => vec![per_min(100)],
        Tier::Hundreds => vec![per_min(HUNDREDS_PER_MIN)],
        Tier::History if setup.restricted_history => vec![per_min(RESTRICTED_PER_MIN)],
        Tier::History => vec![per_min(50)],
        Tier::Post => vec![
            Limit {
                key: format!("{method}/{channel}"),
                interval_ms: POST_INTERVAL_MS,
                burst: i64::from(setup.post_burst.max(1)),
            },
            per_min(setup.workspace_posts_per_min),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(rates: &mut Rates, channel: &str, now_ms: i64) -> Result<(), i64> {
        rates.take(&RateSetup::default(), "chat.postMessage", Tier::Post, channel, now_ms)
    }

    #[test]
    fn a_channel_takes_a_short_burst_then_one_post_a_second() {
        let mut rates = Rates::default();
        for _ in 0..3 {
            assert_eq!(take(&mut rates, "C1", 0), Ok(()));
        }
        assert_eq!(take(&mut rates, "C1", 0), Err(1));
        assert_eq!(take(&mut rates, "C2", 0), Ok(()), "another channel is not concerned");
        assert_eq!(take(&mut rates, "C1", 999), Err(1));
        assert_eq!(take(&mut rates, "C1", 1_000), Ok(()));
        assert_eq!(take(&mut rates, "C1", 1_000), Err(1));
    }

    #[test]
    fn a_tier_lets_its_number_pass_in_a_minute_and_says_when_the_next_may_come() {
        for (tier, calls, wait_s) in [(Tier::Two, 20, 3), (Tier::Three, 50, 2), (Tier::Four, 100, 1)] {
            let mut rates = Rates::default();
            let setup = RateSetup::default();
            for _ in 0..calls {
                assert_eq!(rates.take(&setup, "m", tier, "", 5), Ok(()));
            }
            assert_eq!(rates.take(&setup, "m", tier, "", 5), Err(wait_s));
            assert_eq!(rates.take(&setup, "m", tier, "", 5 + wait_s * 1_000), Ok(()));
        }
    }

    #[test]
    fn restricted_apps_read_history_once_a_minute() {
        let mut rates = Rates::default();
        let setup = RateSetup { restricted_history: true, ..RateSetup::default() };
        assert_eq!(rates.take(&setup, "conversations.history", Tier::History, "", 0), Ok(()));
        assert_eq!(rates.take(&setup, "conversations.history", Tier::History, "", 0), Err(60));
    }
}
