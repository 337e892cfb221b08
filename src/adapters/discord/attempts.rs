//! Posts whose answer was lost, and the nonce that makes repeating them safe for a while.
//!
//! Discord keeps a nonce "for the past few minutes" when `enforce_nonce` is set (Discord docs: Create Message); inside that
//! window a repeat returns the first message. Afterwards nobody may repeat before having looked.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use super::lock::locked;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::MessageRef;

/// How long we trust the nonce: less than the "few minutes" of the documentation.
pub(super) const NONCE_WINDOW_MS: i64 = 2 * MINUTE_MS;
/// Longest nonce (Discord docs: Create Message, "can be up to 25 characters").
const NONCE_LEN: usize = 25;
/// Most lost posts and most seen nonces remembered; the oldest are forgotten first.
const REMEMBERED_MAX: usize = 4_096;

/// The nonce of an idempotency key.
pub(super) fn nonce(key: &str) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let digest = Sha256::digest(key.as_bytes());
    let mut nonce = String::with_capacity(NONCE_LEN);
    let (mut pending, mut bits) = (0u32, 0u32);
    for byte in digest {
        pending = (pending << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 && nonce.len() < NONCE_LEN {
            bits -= 5;
            nonce.push(char::from(ALPHABET[((pending >> bits) & 31) as usize]));
        }
        if nonce.len() == NONCE_LEN {
            break;
        }
        pending &= (1 << bits) - 1;
    }
    nonce
}

#[derive(Debug)]
struct Bounded<V> {
    values: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Default for Bounded<V> {
    fn default() -> Self {
        Self { values: HashMap::new(), order: VecDeque::new() }
    }
}

impl<V> Bounded<V> {
    fn put(&mut self, key: &str, value: V) {
        if self.values.insert(key.to_owned(), value).is_none() {
            self.order.push_back(key.to_owned());
        }
        while self.order.len() > REMEMBERED_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.values.remove(&oldest);
            }
        }
    }

    fn take(&mut self, key: &str) {
        if self.values.remove(key).is_some() {
            self.order.retain(|held| held != key);
        }
    }
}

/// What is known about posts in flight.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    lost: Mutex<Bounded<Timestamp>>,
    seen: Mutex<Bounded<MessageRef>>,
}

impl Attempts {
    /// The answer of a post that began at `began` was lost. True while the nonce still protects a repeat.
    pub(super) fn lost(&self, nonce: &str, began: Timestamp, now: Timestamp) -> bool {
        let mut lost = locked(&self.lost);
        let first = lost.values.get(nonce).copied().unwrap_or(began);
        lost.put(nonce, first);
        now.since(first) < NONCE_WINDOW_MS
    }

    /// An earlier attempt was lost so long ago that its nonce protects no more: look before posting.
    pub(super) fn must_look(&self, nonce: &str, now: Timestamp) -> bool {
        locked(&self.lost).values.get(nonce).is_some_and(|first| now.since(*first) >= NONCE_WINDOW_MS)
    }

    /// The post is settled (made, refused, or looked for and not found).
    pub(super) fn settled(&self, nonce: &str) {
        locked(&self.lost).take(nonce);
    }

    /// The gateway brought an own message with this nonce.
    pub(super) fn saw(&self, nonce: &str, at: MessageRef) {
        locked(&self.seen).put(nonce, at);
    }

    /// Whether the gateway brought this message with another nonce: then it is another intention, however alike.
    pub(super) fn is_other(&self, at: &MessageRef, nonce: &str) -> bool {
        locked(&self.seen).values.iter().any(|(held, seen)| seen == at && held != nonce)
    }

    /// The own message with this nonce, when the gateway brought it.
    pub(super) fn seen(&self, nonce: &str) -> Option<MessageRef> {
        locked(&self.seen).values.get(nonce).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_fits_and_differs_by_key() {
        assert_eq!(nonce("card:T-1"), nonce("card:T-1"));
        assert_ne!(nonce("card:T-1"), nonce("card:T-2"));
        for key in ["", "x", &"long".repeat(1000)] {
            let nonce = nonce(key);
            assert_eq!(nonce.len(), 25);
            assert!(nonce.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)), "{nonce}");
        }
        // First 125 bits of SHA-256("abc") = ba7816bf 8f01cfea 414140de 5dae2223..., base32 of RFC 4648 in lower case.
        assert_eq!(nonce("abc"), "xj4bnp4pahh6uqkbidpf3lrce");
    }

    #[test]
    fn a_lost_post_may_be_repeated_until_the_window_closes() {
        let attempts = Attempts::default();
        let start = Timestamp(1_000);
        assert!(!attempts.must_look("n", start));
        assert!(attempts.lost("n", start, start.plus_ms(10_000)));
        assert!(!attempts.must_look("n", start.plus_ms(60_000)));
        assert!(attempts.must_look("n", start.plus_ms(NONCE_WINDOW_MS)));
        assert!(!attempts.lost("n", start.plus_ms(119_000), start.plus_ms(129_000)));
        attempts.settled("n");
        assert!(!attempts.must_look("n", start.plus_ms(NONCE_WINDOW_MS)));
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::default();
        for n in 0..(REMEMBERED_MAX + 10) {
            attempts.saw(&n.to_string(), MessageRef { channel: "1".into(), message: n.to_string() });
        }
        assert!(attempts.seen("0").is_none());
        assert!(attempts.seen(&(REMEMBERED_MAX + 9).to_string()).is_some());
    }
}
