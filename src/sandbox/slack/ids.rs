//! Ids, tokens and timestamps that look like Slack's and are the same in every run.

use sha2::{Digest, Sha256};

/// Length of the part of an id that follows its letter and zero.
const ID_TAIL: usize = 9;

/// A Slack id such as `U0A1B2C3D4E`, always the same for the same `kind` and `seed`.
pub(super) fn id(kind: char, seed: &str) -> String {
    format!("{kind}0{}", base36(&digest(&format!("{kind}:{seed}")), ID_TAIL))
}

/// Lower-case hexadecimal of `length` digits, always the same for the same `seed`.
pub(super) fn secret(seed: &str, length: usize) -> String {
    let mut text = String::new();
    let mut round = 0;
    while text.len() < length {
        text.push_str(&hex::encode(digest(&format!("{seed}/{round}"))));
        round += 1;
    }
    text.truncate(length);
    text
}

/// Decimal digits of `length`, never starting with zero.
pub(super) fn digits(seed: &str, length: usize) -> String {
    let mut text: String = digest(seed).iter().map(|byte| char::from(b'0' + byte % 10)).take(length).collect();
    if text.starts_with('0') {
        text.replace_range(..1, "4");
    }
    text
}

/// A version-4-shaped UUID.
pub(super) fn uuid(seed: &str) -> String {
    let hex = secret(seed, 32);
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

fn digest(seed: &str) -> [u8; 32] {
    Sha256::digest(seed.as_bytes()).into()
}

fn base36(bytes: &[u8], length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    bytes.iter().take(length).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

/// `1712345678.000100` from microseconds since the epoch.
pub(super) fn ts(micros: i64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// Microseconds of a message timestamp; `None` unless it is digits, a dot and up to six digits.
pub(super) fn parse_ts(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(seconds) || !plain(fraction) || fraction.len() > 6 {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6}").parse().ok()?;
    seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_survive_the_way_there_and_back() {
        for micros in [0, 1, 1_712_345_678_000_100, 1_712_345_678_999_999] {
            assert_eq!(parse_ts(&ts(micros)), Some(micros));
        }
        for bad in ["", ".", "12.", "x.1", "1.1234567", "-1.0", "1.2.3"] {
            assert_eq!(parse_ts(bad), None, "{bad}");
        }
    }

    #[test]
    fn ids_look_like_slacks_and_never_change() {
        assert_eq!(id('U', "lea"), id('U', "lea"));
        assert_ne!(id('U', "lea"), id('U', "tom"));
        assert!(id('C', "general").starts_with("C0") && id('C', "general").len() == 11);
        assert_eq!(uuid("x").len(), 36);
    }
}
