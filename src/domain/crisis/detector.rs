//! Finds a crisis by the volume of messages, from counts alone.
//!
//! Two rules, and one is enough. The office's own: so many messages within so many minutes, unless these hours usually
//! bring half of that. The statistical one, once there are two weeks of history: in two buckets in a row, far above what
//! the same hour of the week brought in the last four weeks. Never here: what the messages say, or reading counts.
//! Start at [`find`].

use std::collections::BTreeMap;

use super::crisis::Figures;
use crate::domain::office::CrisisPlan;
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// Length of a bucket (PRODUCT U9: "10-min buckets").
pub const BUCKET_MS: i64 = 10 * MINUTE_MS;
/// Weeks looked back on (PRODUCT U9: "same hour of week over 4 weeks").
pub const WEEKS: i64 = 4;
/// Buckets of history below which only the office's own rule holds: two weeks of one hour.
const HISTORY_BUCKETS_MIN: usize = 2 * (HOUR_MS / BUCKET_MS) as usize;
/// Robust z-score from which a bucket is out of the ordinary (PRODUCT U9).
const Z_MIN: f64 = 6.0;
/// Messages below which no bucket is out of the ordinary, whatever its score (PRODUCT U9).
const BUCKET_MESSAGES_MIN: u32 = 20;
/// Buckets in a row that must be out of the ordinary (PRODUCT U9).
const BUCKETS_IN_A_ROW: usize = 2;
/// Scale that makes the median absolute deviation of a normal distribution its standard deviation (PRODUCT U9).
const MAD_SCALE: f64 = 1.4826;
/// All networks together must bring so many times what one network may.
const ALL_FACTOR: u32 = 2;
/// One network opens one crisis in so long.
pub const QUIET_MS: i64 = 6 * HOUR_MS;
/// After a crisis its networks are watched at half the thresholds for so long (PRODUCT U9).
pub const WATCH_MS: i64 = DAY_MS;

/// The bucket an instant falls into, by its start.
#[must_use]
pub fn bucket_of(at: Timestamp) -> Timestamp {
    Timestamp(at.0.div_euclid(BUCKET_MS) * BUCKET_MS)
}

/// Counts of one network, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Messages by start of bucket, those of the window at least; a bucket without messages may be missing.
    pub recent: BTreeMap<Timestamp, u32>,
    /// Messages of each bucket of the same hour of the week in the weeks before, empty ones included; none where there
    /// is no record yet.
    pub same_hour: Vec<u32>,
}

/// How sensitive the rules are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    messages: u32,
    minutes: u32,
    z_min: f64,
    bucket_messages: u32,
}

impl Thresholds {
    /// Those of the plan.
    #[must_use]
    pub fn of(plan: &CrisisPlan) -> Self {
        Self {
            messages: plan.volume_messages.max(1),
            minutes: plan.volume_minutes.max(1),
            z_min: Z_MIN,
            bucket_messages: BUCKET_MESSAGES_MIN,
        }
    }

    /// For all networks together.
    #[must_use]
    pub fn for_all(self) -> Self {
        Self {
            messages: self.messages.saturating_mul(ALL_FACTOR),
            bucket_messages: self.bucket_messages * ALL_FACTOR,
            ..self
        }
    }

    /// For the day after a crisis.
    #[must_use]
    pub fn halved(self) -> Self {
        Self {
            messages: self.messages.div_ceil(2),
            z_min: self.z_min / 2.0,
            bucket_messages: self.bucket_messages.div_ceil(2),
            ..self
        }
    }

    /// Start of the first bucket that must be known at an instant.
    #[must_use]
    pub fn first_bucket(&self, now: Timestamp) -> Timestamp {
        let window_ms = i64::from(self.minutes) * MINUTE_MS;
        let rows_ms = i64::try_from(BUCKETS_IN_A_ROW).unwrap_or(2) * BUCKET_MS;
        bucket_of(now.plus_ms(-window_ms.max(rows_ms)))
    }
}

/// Whether these counts are out of the ordinary at an instant; the figures say why.
#[must_use]
pub fn find(network: Option<&str>, volume: &Volume, limits: Thresholds, now: Timestamp) -> Option<Figures> {
    let window_ms = i64::from(limits.minutes) * MINUTE_MS;
    let messages = within(volume, now, window_ms);
    let history = volume.same_hour.len() >= HISTORY_BUCKETS_MIN;
    let middle = median(&volume.same_hour);
    let usual = history.then(|| (middle * window_ms as f64 / BUCKET_MS as f64).round() as u32);
    let by_number = messages >= limits.messages && usual.is_none_or(|usual| messages / 2 >= usual);
    let by_score = history && is_unusual(volume, limits, middle, now);
    (by_number || by_score).then(|| Figures {
        network: network.map(str::to_owned),
        messages,
        minutes: limits.minutes,
        usual,
    })
}

/// Messages of the last so many milliseconds; of the bucket that the window cuts, the share that lies inside.
fn within(volume: &Volume, now: Timestamp, window_ms: i64) -> u32 {
    let from = now.plus_ms(-window_ms);
    let share = |bucket: &Timestamp| {
        let inside_ms = bucket.plus_ms(BUCKET_MS).since(from).clamp(0, BUCKET_MS);
        if *bucket > now { 0.0 } else { inside_ms as f64 / BUCKET_MS as f64 }
    };
    let sum: f64 = volume.recent.iter().map(|(bucket, count)| f64::from(*count) * share(bucket)).sum();
    sum.floor() as u32
}

/// Messages of the last so many buckets, the one under way last.
fn last_buckets(volume: &Volume, now: Timestamp, count: i64) -> Vec<u32> {
    let current = bucket_of(now);
    let start = |back: i64| current.plus_ms(-back * BUCKET_MS);
    (0..count).rev().map(|back| volume.recent.get(&start(back)).copied().unwrap_or(0)).collect()
}

fn is_unusual(volume: &Volume, limits: Thresholds, middle: f64, now: Timestamp) -> bool {
    let deviations: Vec<f64> = volume.same_hour.iter().map(|count| (f64::from(*count) - middle).abs()).collect();
    let spread = MAD_SCALE * median_of(deviations) + 1.0;
    let count = i64::try_from(BUCKETS_IN_A_ROW).unwrap_or(2);
    last_buckets(volume, now, count)
        .into_iter()
        .all(|messages| messages >= limits.bucket_messages && (f64::from(messages) - middle) / spread >= limits.z_min)
}

fn median(counts: &[u32]) -> f64 {
    median_of(counts.iter().map(|count| f64::from(*count)).collect())
}

/// The middle value, or the mean of the two in the middle; 0 of nothing.
fn median_of(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half), values.len() % 2) {
        (None, _) => 0.0,
        (Some(upper), 1) => *upper,
        (Some(upper), _) => (upper + values.get(half.wrapping_sub(1)).copied().unwrap_or(*upper)) / 2.0,
    }
}
