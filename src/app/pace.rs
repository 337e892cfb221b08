//! Token buckets: how fast each kind of call may leave, and who must wait.
//!
//! Kept in memory: after a restart the buckets are full, which is safe because a chat's own refusal (429) is obeyed too.

use std::collections::HashMap;

use crate::domain::time::Timestamp;
use crate::ports::chat::Budget;

/// Most buckets kept; the fullest ones are forgotten beyond (a full bucket and none are the same).
const BUCKETS_MAX: usize = 10_000;

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Timestamp,
    blocked_until: Timestamp,
    promised: Timestamp,
}

/// The buckets of one chat.
#[derive(Debug, Default)]
pub struct Pace {
    buckets: HashMap<String, Bucket>,
    all_blocked_until: Timestamp,
}

impl Pace {
    /// Takes a token, or says from when on one can be had.
    ///
    /// # Errors
    /// The instant from which it is worth asking again.
    pub fn take(&mut self, budget: &Budget, now: Timestamp) -> Result<(), Timestamp> {
        if now < self.all_blocked_until {
            return Err(self.all_blocked_until);
        }
        self.forget_full(now);
        let burst = f64::from(budget.burst.max(1));
        let bucket = self.buckets.entry(budget.key.clone()).or_insert(Bucket {
            tokens: burst,
            filled_at: now,
            blocked_until: Timestamp(0),
            promised: Timestamp(0),
        });
        if now < bucket.blocked_until {
            return Err(bucket.blocked_until);
        }
        let refill_ms = budget.refill_ms.max(1) as f64;
        bucket.tokens = (bucket.tokens + now.since(bucket.filled_at).max(0) as f64 / refill_ms).min(burst);
        bucket.filled_at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(now.plus_ms(((1.0 - bucket.tokens) * refill_ms).ceil() as i64))
    }

    /// The next instant not yet promised to another row of this bucket; rows looked at in one turn spread out behind each
    /// other, so that each is touched once rather than every time a token comes back. A row that comes back `again`,
    /// because a more urgent one took its token, gets the very next one: it is not sent to the end of the queue.
    pub fn reserve(&mut self, budget: &Budget, now: Timestamp, again: bool) -> Timestamp {
        let refill_ms = budget.refill_ms.max(1);
        let Some(bucket) = self.buckets.get_mut(&budget.key) else { return now.plus_ms(refill_ms) };
        let free_at =
            bucket.blocked_until.max(now.plus_ms(((1.0 - bucket.tokens).max(0.0) * refill_ms as f64).ceil() as i64));
        if again {
            return free_at;
        }
        bucket.promised = bucket.promised.plus_ms(refill_ms).max(free_at);
        bucket.promised
    }

    /// The chat asked to wait.
    pub fn block(&mut self, budget: &Budget, until: Timestamp, global: bool) {
        if global {
            self.all_blocked_until = self.all_blocked_until.max(until);
        }
        let bucket = self.buckets.entry(budget.key.clone()).or_insert(Bucket {
            tokens: 0.0,
            filled_at: until,
            blocked_until: until,
            promised: Timestamp(0),
        });
        bucket.blocked_until = bucket.blocked_until.max(until);
        bucket.tokens = 0.0;
        bucket.filled_at = until;
    }

    /// Everything waits until then (the chat cannot be reached).
    pub fn block_all(&mut self, until: Timestamp) {
        self.all_blocked_until = self.all_blocked_until.max(until);
    }

    /// Until when everything waits.
    #[must_use]
    pub fn all_blocked_until(&self) -> Timestamp {
        self.all_blocked_until
    }

    fn forget_full(&mut self, now: Timestamp) {
        if self.buckets.len() >= BUCKETS_MAX {
            self.buckets.retain(|_, bucket| bucket.blocked_until > now || now.since(bucket.filled_at) < 60_000);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_a_second() -> Budget {
        Budget { key: "post:C1".into(), refill_ms: 1_000, burst: 1 }
    }

    #[test]
    fn a_channel_gets_one_post_a_second() {
        let mut pace = Pace::default();
        assert_eq!(pace.take(&one_a_second(), Timestamp(0)), Ok(()));
        assert_eq!(pace.take(&one_a_second(), Timestamp(400)), Err(Timestamp(1_000)));
        assert_eq!(pace.take(&one_a_second(), Timestamp(1_000)), Ok(()));
    }

    #[test]
    fn a_row_whose_turn_was_taken_gets_the_next_and_not_the_last() {
        let mut pace = Pace::default();
        assert_eq!(pace.take(&one_a_second(), Timestamp(0)), Ok(()));
        let promised: Vec<i64> = (0..5).map(|_| pace.reserve(&one_a_second(), Timestamp(0), false).0).collect();
        assert_eq!(promised, [1_000, 2_000, 3_000, 4_000, 5_000]);
        assert_eq!(pace.take(&one_a_second(), Timestamp(1_000)), Ok(()), "something urgent");
        assert!(pace.take(&one_a_second(), Timestamp(1_000)).is_err());
        assert_eq!(pace.reserve(&one_a_second(), Timestamp(1_000), true), Timestamp(2_000));
    }

    #[test]
    fn a_wait_the_chat_asked_for_is_kept_to_the_millisecond() {
        let mut pace = Pace::default();
        pace.block(&one_a_second(), Timestamp(30_000), false);
        assert_eq!(pace.take(&one_a_second(), Timestamp(29_999)), Err(Timestamp(30_000)));
        let other = Budget { key: "post:C2".into(), ..one_a_second() };
        assert_eq!(pace.take(&other, Timestamp(5)), Ok(()));
        pace.block(&other, Timestamp(9_000), true);
        assert_eq!(
            pace.take(&Budget { key: "edit:C9".into(), ..one_a_second() }, Timestamp(8_999)),
            Err(Timestamp(9_000))
        );
    }
}
