//! What a ticket weighs, what a person weighs, and their quotient: integers with exact quotients for all ordinary weights.
//!
//! Never floating point: two engines must reach the same choice. Start reading at [`Cost::over`].

use serde::{Deserialize, Serialize};

use crate::domain::desk::priority::Priority;

/// Virtual time of one ordinary ticket (cost 1) at weight 1. The least common multiple of 1 to 20, so that costs divide by any
/// usual weight without a rest, and small enough for 39 thousand million turns in 64 bits.
const TURN: i64 = 232_792_560;

/// The cost of a ticket, or a sum of costs, in thousandths of an ordinary ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cost(pub i64);

/// How much of the role's work a person should have: share of post times skill, in thousandths. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weight(u32);

/// Cost divided by weight; one ordinary ticket at weight 1 is [`VirtualTime::turns`] 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VirtualTime(i64);

impl Weight {
    /// A weight in thousandths; zero counts as one thousandth, so that a quotient always exists.
    #[must_use]
    pub fn new(milli: u32) -> Self {
        Self(milli.max(1))
    }

    /// In thousandths.
    #[must_use]
    pub fn milli(self) -> u32 {
        self.0.max(1)
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self(1_000)
    }
}

impl Cost {
    /// The virtual time that this cost takes at `weight`.
    #[must_use]
    pub fn over(self, weight: Weight) -> VirtualTime {
        VirtualTime(quotient(self.0, i64::from(weight.milli())))
    }

    /// The virtual time that this cost takes of all `weights` together; `None` when there are none.
    #[must_use]
    pub fn over_all(self, weights: impl Iterator<Item = Weight>) -> Option<VirtualTime> {
        let sum: i64 = weights.map(|weight| i64::from(weight.milli())).sum();
        (sum > 0).then(|| VirtualTime(quotient(self.0, sum)))
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// `cost * TURN / weight`, rounded down, saturating.
fn quotient(cost_milli: i64, weight_milli: i64) -> i64 {
    let exact = i128::from(cost_milli) * i128::from(TURN) / i128::from(weight_milli);
    i64::try_from(exact).unwrap_or(i64::MAX)
}

impl VirtualTime {
    /// The sum, saturating.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, saturating.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// For people to read: ordinary tickets at weight 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn turns(self) -> f64 {
        self.0 as f64 / TURN as f64
    }
}

/// What tickets cost by priority. The default is the office's usual one: p1 4, p2 2, p3 1, p4 one half, reopened 1.5 times as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostTable {
    /// Cost of a p1.
    pub p1: Cost,
    /// Cost of a p2.
    pub p2: Cost,
    /// Cost of a p3.
    pub p3: Cost,
    /// Cost of a p4.
    pub p4: Cost,
    /// What a reopened ticket costs, in percent of a new one.
    pub reopened_percent: u32,
}

impl Default for CostTable {
    fn default() -> Self {
        Self { p1: Cost(4_000), p2: Cost(2_000), p3: Cost(1_000), p4: Cost(500), reopened_percent: 150 }
    }
}

impl CostTable {
    /// The cost of one ticket.
    #[must_use]
    pub fn cost(&self, priority: Priority, reopened: bool) -> Cost {
        let Cost(plain) = match priority {
            Priority::P1 => self.p1,
            Priority::P2 => self.p2,
            Priority::P3 => self.p3,
            Priority::P4 => self.p4,
        };
        let percent = if reopened { i64::from(self.reopened_percent) } else { 100 };
        Cost(plain.saturating_mul(percent) / 100)
    }

    /// The largest cost that a ticket can have: `c_max` of the bound.
    #[must_use]
    pub fn largest(&self) -> Cost {
        let all =
            Priority::ALL.into_iter().flat_map(|priority| [self.cost(priority, false), self.cost(priority, true)]);
        all.max().unwrap_or_default()
    }
}
