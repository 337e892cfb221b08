//! Standard Webhooks 1.0 signatures, both ways: the network signs what it delivers and checks what it receives.
//!
//! Signed content is `id.timestamp.body`, the key is what stands base64-encoded behind `whsec_`. Never logs a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far a timestamp may lie from the clock, in seconds (Standard Webhooks reference libraries: 5 minutes).
pub const TOLERANCE_S: i64 = 300;
/// Keys shorter than this are refused, in bytes (Standard Webhooks: "between 24 bytes and 64 bytes").
pub const KEY_BYTES_MIN: usize = 24;
/// Keys longer than this are refused, in bytes (Standard Webhooks: "between 24 bytes and 64 bytes").
pub const KEY_BYTES_MAX: usize = 64;
/// Signatures read from one header; the rest is ignored (a rotation needs two).
const SIGNATURES_MAX: usize = 8;

/// Why a signature was refused; the words go into the 401 answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// One of the three headers is missing or not readable.
    #[error("missing webhook-id, webhook-timestamp or webhook-signature")]
    Missing,
    /// The timestamp is no number of seconds, or further than [`TOLERANCE_S`] from the clock.
    #[error("timestamp outside the five-minute tolerance")]
    Stale,
    /// No signature in the header fits.
    #[error("signature does not match")]
    Mismatch,
}

/// A key that signs and checks. `Debug` never shows it.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

impl SigningKey {
    /// Reads `whsec_<base64>`; `None` when it is not that or its length is not the documented one.
    #[must_use]
    pub fn parse(secret: &str) -> Option<Self> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
        if !(KEY_BYTES_MIN..=KEY_BYTES_MAX).contains(&key.len()) {
            return None;
        }
        Hmac::new_from_slice(&key).ok().map(Self)
    }

    fn mac(&self, id: &str, timestamp_s: i64, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{timestamp_s}.").as_bytes());
        mac.update(body);
        mac
    }

    /// The value of `webhook-signature` for this content.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(self.mac(id, timestamp_s, body).finalize().into_bytes()))
    }

    /// Checks the three headers against the body at `now_s` (seconds since the epoch). Several signatures may be given.
    ///
    /// # Errors
    /// What is wrong with them, see [`SignatureError`].
    pub fn verify(&self, headers: Signed<'_>, body: &[u8], now_s: i64) -> Result<(), SignatureError> {
        let (Some(id), Some(timestamp), Some(signatures)) = (headers.id, headers.timestamp, headers.signature) else {
            return Err(SignatureError::Missing);
        };
        let timestamp_s: i64 = timestamp.parse().map_err(|_| SignatureError::Stale)?;
        if timestamp_s.abs_diff(now_s) > TOLERANCE_S.unsigned_abs() {
            return Err(SignatureError::Stale);
        }
        let fits = signatures
            .split(' ')
            .take(SIGNATURES_MAX)
            .filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok())
            .any(|given| self.mac(id, timestamp_s, body).verify_slice(&given).is_ok());
        if fits { Ok(()) } else { Err(SignatureError::Mismatch) }
    }
}

/// The three headers as they came.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `webhook-id`
    pub id: Option<&'a str>,
    /// `webhook-timestamp`, seconds since the epoch as text
    pub timestamp: Option<&'a str>,
    /// `webhook-signature`, space-separated
    pub signature: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of the Standard Webhooks reference libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn key() -> SigningKey {
        SigningKey::parse(SECRET).expect("a well-formed secret")
    }

    #[test]
    fn the_published_vector_is_reproduced() {
        assert_eq!(key().sign(ID, AT, BODY), SIGNATURE);
    }

    #[test]
    fn good_stale_and_forged_are_told_apart() {
        let at = AT.to_string();
        let rotated = format!("v1,AAAA v2,zzzz {SIGNATURE}");
        let cases: [(&str, Option<&str>, &str, i64, Result<(), SignatureError>); 8] = [
            ("exact", Some(SIGNATURE), &at, AT, Ok(())),
            ("last second of the tolerance", Some(SIGNATURE), &at, AT + TOLERANCE_S, Ok(())),
            ("one second later", Some(SIGNATURE), &at, AT + TOLERANCE_S + 1, Err(SignatureError::Stale)),
            ("from the future", Some(SIGNATURE), &at, AT - TOLERANCE_S - 1, Err(SignatureError::Stale)),
            ("one of several", Some(&rotated), &at, AT, Ok(())),
            ("timestamp changed", Some(SIGNATURE), "1614265331", AT, Err(SignatureError::Mismatch)),
            ("no number", Some(SIGNATURE), "now", AT, Err(SignatureError::Stale)),
            ("none", None, &at, AT, Err(SignatureError::Missing)),
        ];
        for (name, signature, timestamp, now_s, expected) in cases {
            let headers = Signed { id: Some(ID), timestamp: Some(timestamp), signature };
            assert_eq!(key().verify(headers, BODY, now_s), expected, "{name}");
        }
    }

    #[test]
    fn secrets_of_the_wrong_shape_are_refused_and_never_shown() {
        for bad in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_???", "whsec_c2hvcnQ="] {
            assert!(SigningKey::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", key()), "SigningKey(..)");
    }
}
