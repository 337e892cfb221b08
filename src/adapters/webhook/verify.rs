//! Signatures of webhooks, both ways: checks those that come in, makes those that leave.
//!
//! Never accepts an empty secret, and never compares in time that depends on the signature. Start at [`verify`].
//!
//! Two schemes are known:
//! - Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>` over `id.timestamp.body`;
//! - for no-code senders, `X-Signature-256: sha256=<hex>` over the body alone. It carries no time: a replay is caught by
//!   the delivery id, which has no second effect.
//!
//! A request that brings Standard Webhooks headers is judged by them alone: it cannot fall back to the weaker scheme.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::domain::time::{SECOND_MS, Timestamp};

/// Header: identity of the delivery.
pub const HEADER_ID: HeaderName = HeaderName::from_static("webhook-id");
/// Header: Unix seconds of the attempt.
pub const HEADER_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// Header: space-separated signatures, each `version,value`.
pub const HEADER_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// Header of the simple scheme: `sha256=<hex of body>`.
pub const HEADER_SIMPLE: HeaderName = HeaderName::from_static("x-signature-256");

/// How far a timestamp may lie from our clock, either way, in seconds (Standard Webhooks reference libraries: 5 minutes).
pub const TOLERANCE_S: i64 = 300;
/// Longest `webhook-id` read, in bytes; the reference senders use about 30.
pub const ID_BYTES_MAX: usize = 256;
/// Signatures looked at in one header: a key rotation needs two, more than this is somebody trying.
pub const SIGNATURES_MAX: usize = 16;
/// Length of an HMAC-SHA256, in bytes.
const MAC_BYTES: usize = 32;
/// Prefix of a base64 key (Standard Webhooks 1.0, "Signature scheme").
const KEY_PREFIX: &str = "whsec_";

/// Why a request is not believed. The sender learns no more than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No signature header at all.
    #[error("the signature is missing")]
    Missing,
    /// Signed by somebody who does not have the secret, or not readable as a signature.
    #[error("the signature is wrong")]
    Forged,
    /// Rightly signed, but too long ago or in the future.
    #[error("the timestamp is more than 5 minutes away from now")]
    Stale,
}

/// Checks a request's signature.
///
/// # Errors
/// [`Rejection`]; a wrong signature is always told before a stale one, so that nobody can probe the clock without the key.
pub fn verify(secret: &SecretString, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Rejection> {
    let standard = [&HEADER_ID, &HEADER_TIMESTAMP, &HEADER_SIGNATURE];
    if standard.iter().any(|name| headers.contains_key(*name)) {
        return verify_standard(secret, headers, body, now);
    }
    if headers.contains_key(&HEADER_SIMPLE) {
        return verify_simple(secret, headers, body);
    }
    Err(Rejection::Missing)
}

/// The `webhook-signature` of a request that we send: `v1,<base64>`.
///
/// Returns `None` for a secret without any key bytes: nothing is ever signed with an empty key.
#[must_use]
pub fn sign(secret: &SecretString, id: &str, timestamp_s: i64, body: &[u8]) -> Option<String> {
    let key = standard_key(secret)?;
    let mac = standard_mac(&key, id, &timestamp_s.to_string(), body);
    Some(format!("v1,{}", STANDARD.encode(mac)))
}

fn verify_standard(secret: &SecretString, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Rejection> {
    let id = single(headers, &HEADER_ID)?;
    let timestamp = single(headers, &HEADER_TIMESTAMP)?;
    let signatures = single(headers, &HEADER_SIGNATURE)?;
    if id.is_empty() || id.len() > ID_BYTES_MAX || timestamp.len() > 20 {
        return Err(Rejection::Forged);
    }
    let seconds: i64 = timestamp.parse().map_err(|_| Rejection::Forged)?;
    let key = standard_key(secret).ok_or(Rejection::Forged)?;
    let expected = standard_mac(&key, id, timestamp, body);
    let mut matched = Choice::from(0);
    for signature in signatures.split(' ').filter(|one| !one.is_empty()).take(SIGNATURES_MAX) {
        // Other versions (`v1a` is asymmetric) are allowed to stand beside ours and say nothing.
        let Some(value) = signature.strip_prefix("v1,") else { continue };
        let given = STANDARD.decode(value).unwrap_or_default();
        matched |= equal(&expected, &given);
    }
    if !bool::from(matched) {
        return Err(Rejection::Forged);
    }
    let now_s = now.0.div_euclid(SECOND_MS);
    if now_s.saturating_sub(seconds).saturating_abs() > TOLERANCE_S {
        return Err(Rejection::Stale);
    }
    Ok(())
}

fn verify_simple(secret: &SecretString, headers: &HeaderMap, body: &[u8]) -> Result<(), Rejection> {
    let header = single(headers, &HEADER_SIMPLE)?;
    let hex_digest = header.strip_prefix("sha256=").ok_or(Rejection::Forged)?;
    let given = hex::decode(hex_digest).map_err(|_| Rejection::Forged)?;
    // The key is the secret as it is written down; a `whsec_` secret may also be used by its decoded bytes, because
    // no-code tools differ on it. Both are made of the same secret.
    let written = secret.expose_secret().as_bytes();
    if written.is_empty() {
        return Err(Rejection::Forged);
    }
    let decoded = standard_key(secret).unwrap_or_else(|| written.to_vec());
    let matched = equal(&mac(written, &[body]), &given) | equal(&mac(&decoded, &[body]), &given);
    if bool::from(matched) { Ok(()) } else { Err(Rejection::Forged) }
}

/// The one value of a header; a repeated header is ambiguous and therefore not believed.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<&'h str, Rejection> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().ok_or(Rejection::Missing)?;
    if values.next().is_some() {
        return Err(Rejection::Forged);
    }
    HeaderValue::to_str(first).map_err(|_| Rejection::Forged)
}

/// Key bytes: base64 after `whsec_`, else the secret's own bytes; `None` when there are none.
fn standard_key(secret: &SecretString) -> Option<Vec<u8>> {
    let written = secret.expose_secret();
    let key = match written.strip_prefix(KEY_PREFIX) {
        Some(encoded) => STANDARD.decode(encoded).or_else(|_| STANDARD_NO_PAD.decode(encoded)).ok()?,
        None => written.as_bytes().to_vec(),
    };
    if key.is_empty() { None } else { Some(key) }
}

/// Whether a secret can sign at all: `false` for an empty one and for `whsec_` with broken base64.
#[must_use]
pub fn is_usable(secret: &SecretString) -> bool {
    standard_key(secret).is_some()
}

fn standard_mac(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> [u8; MAC_BYTES] {
    mac(key, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; MAC_BYTES] {
    // HMAC takes keys of any length (RFC 2104), so the error cannot occur; an all-zero key would never match by accident
    // either, because callers refuse empty keys before.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; MAC_BYTES] };
    for part in parts {
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}

fn equal(expected: &[u8; MAC_BYTES], given: &[u8]) -> Choice {
    // `ct_eq` on slices answers at once when lengths differ; the length of a MAC is no secret.
    expected.as_slice().ct_eq(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made with Python's hmac module, an independent implementation:
    // key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), message = id.timestamp.body.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_vigie_1";
    const TIMESTAMP_S: i64 = 1_772_000_000;
    const BODY: &str = r#"{"id":"m1","text":"Où est mon colis ?"}"#;
    const STANDARD_SIGNATURE: &str = "v1,AzksP5++hdhJvWBW6kqLsH6sIuayIyFb7JXarMqi4Co=";
    const SIMPLE_SIGNATURE: &str = "sha256=f4cbfd272100027195e037b01934a6232c390839264165df79b683f7934c73e2";
    const SIMPLE_SIGNATURE_DECODED_KEY: &str =
        "sha256=e2419430ca76e69195c9ba76b319d3aea618dba138e2b49a6fdb16a101bd0e10";

    fn headers(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).expect("a header value"));
        }
        headers
    }

    fn standard(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        headers(&[(&HEADER_ID, id), (&HEADER_TIMESTAMP, timestamp), (&HEADER_SIGNATURE, signature)])
    }

    fn at(offset_s: i64) -> Timestamp {
        Timestamp((TIMESTAMP_S + offset_s) * SECOND_MS)
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    /// Name, headers, body, seconds after the signature, verdict.
    type Case = (&'static str, HeaderMap, &'static str, i64, Result<(), Rejection>);

    #[test]
    fn standard_webhooks_good_stale_forged_future() {
        let ts = TIMESTAMP_S.to_string();
        let other = sign(&secret("another secret entirely"), ID, TIMESTAMP_S, BODY.as_bytes()).expect("signs");
        let cases: Vec<Case> = vec![
            ("good", standard(ID, &ts, STANDARD_SIGNATURE), BODY, 0, Ok(())),
            ("last second", standard(ID, &ts, STANDARD_SIGNATURE), BODY, 300, Ok(())),
            ("stale", standard(ID, &ts, STANDARD_SIGNATURE), BODY, 301, Err(Rejection::Stale)),
            ("a little early", standard(ID, &ts, STANDARD_SIGNATURE), BODY, -300, Ok(())),
            ("future", standard(ID, &ts, STANDARD_SIGNATURE), BODY, -301, Err(Rejection::Stale)),
            ("second of two", standard(ID, &ts, &format!("{other} {STANDARD_SIGNATURE}")), BODY, 0, Ok(())),
            ("beside v1a", standard(ID, &ts, &format!("v1a,abcd {STANDARD_SIGNATURE}")), BODY, 0, Ok(())),
            ("other key", standard(ID, &ts, &other), BODY, 0, Err(Rejection::Forged)),
            ("other key and stale", standard(ID, &ts, &other), BODY, 9_999, Err(Rejection::Forged)),
            ("other body", standard(ID, &ts, STANDARD_SIGNATURE), "{}", 0, Err(Rejection::Forged)),
            ("other id", standard("msg_2", &ts, STANDARD_SIGNATURE), BODY, 0, Err(Rejection::Forged)),
            ("other time", standard(ID, "1772000001", STANDARD_SIGNATURE), BODY, 0, Err(Rejection::Forged)),
            ("time no number", standard(ID, "now", STANDARD_SIGNATURE), BODY, 0, Err(Rejection::Forged)),
            (
                "time over range",
                standard(ID, "99999999999999999999", STANDARD_SIGNATURE),
                BODY,
                0,
                Err(Rejection::Forged),
            ),
            ("no version", standard(ID, &ts, &STANDARD_SIGNATURE[3..]), BODY, 0, Err(Rejection::Forged)),
            (
                "wrong version",
                standard(ID, &ts, &STANDARD_SIGNATURE.replace("v1", "v2")),
                BODY,
                0,
                Err(Rejection::Forged),
            ),
            ("no base64", standard(ID, &ts, "v1,%%%"), BODY, 0, Err(Rejection::Forged)),
            ("empty signature", standard(ID, &ts, "v1,"), BODY, 0, Err(Rejection::Forged)),
            ("no signature", headers(&[(&HEADER_ID, ID), (&HEADER_TIMESTAMP, &ts)]), BODY, 0, Err(Rejection::Missing)),
            ("nothing", HeaderMap::new(), BODY, 0, Err(Rejection::Missing)),
            (
                "repeated header",
                headers(&[
                    (&HEADER_ID, ID),
                    (&HEADER_TIMESTAMP, &ts),
                    (&HEADER_SIGNATURE, STANDARD_SIGNATURE),
                    (&HEADER_SIGNATURE, "v1,abcd"),
                ]),
                BODY,
                0,
                Err(Rejection::Forged),
            ),
            (
                "no fallback to the simple scheme",
                headers(&[
                    (&HEADER_ID, ID),
                    (&HEADER_TIMESTAMP, &ts),
                    (&HEADER_SIGNATURE, "v1,abcd"),
                    (&HEADER_SIMPLE, SIMPLE_SIGNATURE),
                ]),
                BODY,
                0,
                Err(Rejection::Forged),
            ),
        ];
        for (name, headers, body, offset_s, expected) in cases {
            assert_eq!(verify(&secret(SECRET), &headers, body.as_bytes(), at(offset_s)), expected, "{name}");
        }
    }

    #[test]
    fn simple_scheme_good_and_forged() {
        let cases = [
            ("secret as written", SIMPLE_SIGNATURE.to_string(), Ok(())),
            ("upper case hex", SIMPLE_SIGNATURE.to_uppercase().replace("SHA256", "sha256"), Ok(())),
            ("decoded key", SIMPLE_SIGNATURE_DECODED_KEY.to_string(), Ok(())),
            ("flipped bit", flip_last(SIMPLE_SIGNATURE), Err(Rejection::Forged)),
            ("cut short", SIMPLE_SIGNATURE[..40].to_string(), Err(Rejection::Forged)),
            ("no prefix", SIMPLE_SIGNATURE[7..].to_string(), Err(Rejection::Forged)),
            ("empty", String::new(), Err(Rejection::Forged)),
            ("sha1", "sha1=0011".to_string(), Err(Rejection::Forged)),
        ];
        for (name, value, expected) in cases {
            let headers = headers(&[(&HEADER_SIMPLE, &value)]);
            assert_eq!(verify(&secret(SECRET), &headers, BODY.as_bytes(), at(0)), expected, "{name}");
        }
    }

    #[test]
    fn an_empty_secret_accepts_nothing_and_signs_nothing() {
        for empty in ["", "whsec_", "whsec_%%%"] {
            let secret = secret(empty);
            assert!(sign(&secret, ID, TIMESTAMP_S, BODY.as_bytes()).is_none(), "{empty:?}");
            assert!(!is_usable(&secret), "{empty:?}");
            // What a forger would send: a signature made with an empty key.
            let forged = STANDARD.encode(standard_mac(b"", ID, &TIMESTAMP_S.to_string(), BODY.as_bytes()));
            let headers = standard(ID, &TIMESTAMP_S.to_string(), &format!("v1,{forged}"));
            assert_eq!(verify(&secret, &headers, BODY.as_bytes(), at(0)), Err(Rejection::Forged), "{empty:?}");
        }
        let forged = format!("sha256={}", hex::encode(mac(b"", &[BODY.as_bytes()])));
        let headers = headers(&[(&HEADER_SIMPLE, &forged)]);
        assert_eq!(verify(&secret(""), &headers, BODY.as_bytes(), at(0)), Err(Rejection::Forged));
    }

    #[test]
    fn every_flipped_bit_of_a_signature_is_refused() {
        let good = STANDARD.decode(&STANDARD_SIGNATURE[3..]).expect("base64");
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let headers = standard(ID, &TIMESTAMP_S.to_string(), &format!("v1,{}", STANDARD.encode(bad)));
            assert_eq!(verify(&secret(SECRET), &headers, BODY.as_bytes(), at(0)), Err(Rejection::Forged), "bit {bit}");
        }
    }

    #[test]
    fn what_we_sign_we_accept() {
        for text in [SECRET, "plain words as a key"] {
            let signature = sign(&secret(text), ID, TIMESTAMP_S, BODY.as_bytes()).expect("signs");
            let headers = standard(ID, &TIMESTAMP_S.to_string(), &signature);
            assert_eq!(verify(&secret(text), &headers, BODY.as_bytes(), at(5)), Ok(()));
        }
    }

    fn flip_last(text: &str) -> String {
        let mut flipped = text.to_string();
        let last = flipped.pop().unwrap_or('0');
        flipped.push(if last == '0' { '1' } else { '0' });
        flipped
    }
}
