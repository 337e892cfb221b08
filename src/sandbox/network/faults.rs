//! Faults to order: what goes wrong with the next calls to a network, or with the next deliveries from it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Faults that wait at the same time; further orders are refused.
pub const FAULTS_MAX: usize = 64;
/// Most calls one order may spoil.
pub const COUNT_MAX: u32 = 1_000;
/// Longest artificial slowness, in milliseconds (longer than any sane client timeout).
pub const SLOW_MS_MAX: u64 = 120_000;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum NetworkFault {
    /// A write is refused with 403 (`"token expired"` unless other words are given).
    Refuse {
        /// The reason in the answer.
        error: Option<String>,
    },
    /// A write is answered 429 with `Retry-After`.
    RateLimit {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// 500, and nothing was done.
    FailBefore,
    /// 500, although the work was done: the answer is lost.
    FailAfter,
    /// The work is done and no answer ever comes.
    Hang,
    /// The answer comes late.
    Slow {
        /// By how much, in milliseconds.
        ms: u64,
    },
    /// A delivery to the target is lost on its way (and redelivered on schedule).
    DropWebhook,
    /// A delivery arrives twice.
    DoubleWebhook,
}

impl NetworkFault {
    fn concerns_webhooks(&self) -> bool {
        matches!(self, Self::DropWebhook | Self::DoubleWebhook)
    }
}

/// An order: the fault, for how many calls, on which network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultOrder {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: NetworkFault,
    /// How many calls it spoils (1 when not given).
    #[serde(default = "one")]
    pub count: u32,
    /// Only this network; any when not given.
    #[serde(default)]
    pub network: Option<String>,
}

fn one() -> u32 {
    1
}

/// The orders that wait, oldest first.
#[derive(Debug, Default)]
pub struct NetworkFaults(Mutex<VecDeque<FaultOrder>>);

impl NetworkFaults {
    fn lock(&self) -> MutexGuard<'_, VecDeque<FaultOrder>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Orders `fault` for the next `count` calls on any network.
    pub fn next(&self, count: u32, fault: NetworkFault) {
        // A full queue is only reachable from the page, which reports it; a test that orders this many is already wrong.
        let _ = self.order(FaultOrder { fault, count, network: None });
    }

    /// Adds one order.
    ///
    /// # Errors
    /// A sentence when a number is out of bounds or too many orders wait.
    pub fn order(&self, order: FaultOrder) -> Result<(), String> {
        if order.count == 0 || order.count > COUNT_MAX {
            return Err(format!("count must be between 1 and {COUNT_MAX}"));
        }
        if matches!(order.fault, NetworkFault::Slow { ms } if ms > SLOW_MS_MAX) {
            return Err(format!("ms must be at most {SLOW_MS_MAX}"));
        }
        let mut waiting = self.lock();
        if waiting.len() >= FAULTS_MAX {
            return Err(format!("{FAULTS_MAX} faults already wait"));
        }
        waiting.push_back(order);
        Ok(())
    }

    /// Forgets all orders.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The orders that still wait.
    #[must_use]
    pub fn waiting(&self) -> Vec<FaultOrder> {
        self.lock().iter().cloned().collect()
    }

    /// Takes the fault for one write on `network`, if any waits.
    pub(super) fn take_for_call(&self, network: &str) -> Option<NetworkFault> {
        self.take(network, false)
    }

    /// Takes the fault for one delivery from `network`, if any waits.
    pub(super) fn take_for_webhook(&self, network: &str) -> Option<NetworkFault> {
        self.take(network, true)
    }

    fn take(&self, network: &str, webhooks: bool) -> Option<NetworkFault> {
        let mut waiting = self.lock();
        let fits = |order: &FaultOrder| {
            order.fault.concerns_webhooks() == webhooks && order.network.as_deref().is_none_or(|only| only == network)
        };
        let index = waiting.iter().position(fits)?;
        let order = waiting.get_mut(index)?;
        order.count -= 1;
        let fault = order.fault.clone();
        if order.count == 0 {
            waiting.remove(index);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_spoils_exactly_the_calls_it_names() {
        let faults = NetworkFaults::default();
        faults
            .order(FaultOrder { fault: NetworkFault::FailBefore, count: 2, network: Some("x".into()) })
            .expect("fits");
        faults.next(1, NetworkFault::DropWebhook);
        assert_eq!(faults.take_for_call("instagram"), None);
        assert_eq!(faults.take_for_call("x"), Some(NetworkFault::FailBefore));
        assert_eq!(faults.take_for_call("x"), Some(NetworkFault::FailBefore));
        assert_eq!(faults.take_for_call("x"), None);
        assert_eq!(faults.take_for_webhook("x"), Some(NetworkFault::DropWebhook));
        assert!(faults.waiting().is_empty());
    }

    #[test]
    fn orders_out_of_bounds_are_refused_with_a_sentence() {
        let faults = NetworkFaults::default();
        let order = |fault, count| FaultOrder { fault, count, network: None };
        assert!(faults.order(order(NetworkFault::Hang, 0)).is_err());
        assert!(faults.order(order(NetworkFault::Hang, COUNT_MAX + 1)).is_err());
        assert!(faults.order(order(NetworkFault::Slow { ms: SLOW_MS_MAX + 1 }, 1)).is_err());
        assert!(faults.order(order(NetworkFault::Slow { ms: SLOW_MS_MAX }, COUNT_MAX)).is_ok());
    }

    #[test]
    fn the_page_orders_in_plain_json() {
        let order: FaultOrder =
            serde_json::from_str(r#"{"fault":"rate_limit","retry_after_s":7,"count":3}"#).expect("readable");
        assert_eq!(order, FaultOrder { fault: NetworkFault::RateLimit { retry_after_s: 7 }, count: 3, network: None });
    }
}
