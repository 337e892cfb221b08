//! Faults ordered for events: lost, doubled, late, in the wrong order. Chance is a seeded count, the same in every run.

use serde::Deserialize;
use serde_json::Value;

/// What happens to one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Normal,
    Drop,
    /// Sent so many times, one after the other socket; `new_ids` gives each copy its own `event_id`.
    Copies {
        copies: u32,
        new_ids: bool,
    },
    /// Sent so many milliseconds later on the sandbox clock.
    Delay(i64),
    /// Kept back; with the last one of its batch all go out, newest first.
    Hold {
        last: bool,
    },
}

/// Which events an order touches.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EventChoice {
    /// The next so many events that match.
    pub next: Option<u32>,
    /// Instead of `next`: so many of a hundred, for good.
    pub percent: Option<u32>,
    /// Only events of this type (`message`, `app_mention`, ...).
    pub event: Option<String>,
}

#[derive(Debug, Clone)]
struct Order {
    choice: EventChoice,
    fate: Fate,
    seen: u64,
}

/// All orders, first come first served.
#[derive(Debug, Default)]
pub(super) struct EventFaults {
    orders: Vec<Order>,
}

impl EventFaults {
    pub(super) fn add(&mut self, choice: EventChoice, fate: Fate) {
        self.orders.push(Order { choice, fate, seen: 0 });
    }

    pub(super) fn clear(&mut self) {
        self.orders.clear();
    }

    /// Decides about one event and counts it.
    pub(super) fn fate(&mut self, payload: &Value) -> Fate {
        let kind = payload["event"]["type"].as_str().unwrap_or_default();
        let mut fate = Fate::Normal;
        for order in &mut self.orders {
            if order.choice.event.as_deref().is_some_and(|wanted| wanted != kind) {
                continue;
            }
            order.seen += 1;
            if let Some(percent) = order.choice.percent {
                if mixed(order.seen) % 100 < u64::from(percent) {
                    fate = order.fate;
                    break;
                }
                continue;
            }
            let left = order.choice.next.unwrap_or(1);
            if left > 0 {
                order.choice.next = Some(left - 1);
                fate = match order.fate {
                    Fate::Hold { .. } => Fate::Hold { last: left == 1 },
                    other => other,
                };
                break;
            }
        }
        self.orders.retain(|order| order.choice.percent.is_some() || order.choice.next != Some(0));
        fate
    }
}

/// SplitMix64: spreads a count evenly, the same in every run.
fn mixed(count: u64) -> u64 {
    let mut z = count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn orders_are_used_up_in_turn() {
        let mut faults = EventFaults::default();
        faults.add(EventChoice { next: Some(1), ..EventChoice::default() }, Fate::Drop);
        faults.add(EventChoice { next: Some(2), ..EventChoice::default() }, Fate::Hold { last: false });
        let event = json!({"event": {"type": "message"}});
        let fates: Vec<Fate> = (0..4).map(|_| faults.fate(&event)).collect();
        assert_eq!(fates, [Fate::Drop, Fate::Hold { last: false }, Fate::Hold { last: true }, Fate::Normal]);
    }

    #[test]
    fn a_share_is_about_that_share_and_the_same_each_time() {
        let run = || {
            let mut faults = EventFaults::default();
            let choice = EventChoice { percent: Some(30), event: Some("message".into()), next: None };
            faults.add(choice, Fate::Copies { copies: 2, new_ids: false });
            let event = json!({"event": {"type": "message"}});
            assert_eq!(faults.fate(&json!({"event": {"type": "pin_added"}})), Fate::Normal);
            (0..1_000).map(|_| faults.fate(&event) != Fate::Normal).collect::<Vec<bool>>()
        };
        let hits = run().iter().filter(|hit| **hit).count();
        assert!((250..350).contains(&hits), "{hits}");
        assert_eq!(run(), run());
    }
}
