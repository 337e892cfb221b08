//! Slack's v0 request signatures. Compared in constant time; without a secret nothing is ever accepted.
//!
//! Never here: reading of bodies. Start reading at [`verify`].

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::domain::time::Timestamp;

/// Slack docs, verifying requests: a request older or newer than five minutes may be a replay. In seconds.
pub const WINDOW_S: i64 = 300;
/// Header that holds the signature.
pub const SIGNATURE_HEADER: &str = "x-slack-signature";
/// Header that holds the time of signing.
pub const TIMESTAMP_HEADER: &str = "x-slack-request-timestamp";

/// Why a request was refused. The sender is told no more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No secret configured, so nobody can be trusted.
    #[error("no signing secret")]
    NoSecret,
    /// Header missing or not in the v0 form.
    #[error("not signed")]
    Unsigned,
    /// Signed too long ago, or in the future.
    #[error("signed at another time")]
    Stale,
    /// Another secret, another body or another time.
    #[error("wrong signature")]
    Forged,
}

/// Checks a request.
///
/// # Errors
/// [`Refused`].
pub fn verify(
    secret: Option<&SecretString>,
    signature: Option<&str>,
    timestamp: Option<&str>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Refused> {
    let secret =
        secret.map(|secret| secret.expose_secret().trim()).filter(|s| !s.is_empty()).ok_or(Refused::NoSecret)?;
    let (signature, timestamp) = signature.zip(timestamp).ok_or(Refused::Unsigned)?;
    let digits = timestamp.bytes().all(|b| b.is_ascii_digit()) && timestamp.len() <= 12;
    let signed_s: i64 = timestamp.parse().ok().filter(|_| digits).ok_or(Refused::Unsigned)?;
    let hex = signature.strip_prefix("v0=").filter(|hex| hex.len() == 64).ok_or(Refused::Unsigned)?;
    let given = hex::decode(hex).map_err(|_| Refused::Unsigned)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| Refused::NoSecret)?;
    for part in [b"v0:".as_slice(), timestamp.as_bytes(), b":", body] {
        mac.update(part);
    }
    // The MAC comes first: whether a time would be right is not told to strangers. `verify_slice` is constant-time.
    mac.verify_slice(&given).map_err(|_| Refused::Forged)?;
    if (now.0.div_euclid(1_000) - signed_s).abs() > WINDOW_S { Err(Refused::Stale) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const SIGNED_S: &str = "1531420618";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    fn check(secret: &str, signature: &str, at: &str, body: &[u8], now_s: i64) -> Result<(), Refused> {
        let secret = SecretString::from(secret.to_owned());
        verify(Some(&secret), Some(signature), Some(at), body, Timestamp(now_s * 1_000))
    }

    #[test]
    fn slacks_own_example_is_accepted_and_every_variation_refused() {
        let now = 1_531_420_618;
        assert_eq!(check(SECRET, SIGNATURE, SIGNED_S, BODY, now), Ok(()));
        assert_eq!(check(SECRET, SIGNATURE, SIGNED_S, BODY, now + WINDOW_S), Ok(()));
        assert_eq!(check(SECRET, SIGNATURE, SIGNED_S, BODY, now + WINDOW_S + 1), Err(Refused::Stale));
        assert_eq!(check(SECRET, SIGNATURE, SIGNED_S, BODY, now - WINDOW_S - 1), Err(Refused::Stale));
        assert_eq!(check("another app's secret", SIGNATURE, SIGNED_S, BODY, now), Err(Refused::Forged));
        assert_eq!(check(SECRET, SIGNATURE, "1531420619", BODY, now), Err(Refused::Forged));
        assert_eq!(check(SECRET, SIGNATURE, SIGNED_S, b"text=x", now), Err(Refused::Forged));
        assert_eq!(check("", SIGNATURE, SIGNED_S, BODY, now), Err(Refused::NoSecret));
        assert_eq!(check(SECRET, &SIGNATURE.replace("v0", "v1"), SIGNED_S, BODY, now), Err(Refused::Unsigned));
        assert_eq!(check(SECRET, "v0=", SIGNED_S, BODY, now), Err(Refused::Unsigned));
        assert_eq!(check(SECRET, SIGNATURE, "-1531420618", BODY, now), Err(Refused::Unsigned));
        assert_eq!(verify(None, Some(SIGNATURE), Some(SIGNED_S), BODY, Timestamp(now * 1_000)), Err(Refused::NoSecret));
    }

    #[test]
    fn any_flipped_bit_of_a_signature_is_noticed() {
        let hex = &SIGNATURE[3..];
        let right = hex::decode(hex).unwrap_or_default();
        for bit in 0..right.len() * 8 {
            let mut wrong = right.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            let signature = format!("v0={}", hex::encode(wrong));
            assert_eq!(check(SECRET, &signature, SIGNED_S, BODY, 1_531_420_618), Err(Refused::Forged), "bit {bit}");
        }
    }
}
