//! What every adapter that speaks HTTP needs: bodies read within bounds, and the test for this machine's own address.
//!
//! Never here: anything a single vendor does, retries, or logging of bodies. Start reading at [`read_body`].

use std::time::Duration;

use axum::body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Most bytes of a request body that are read: Slack and Discord deliveries stay far below it, and RELIABILITY asks
/// that a 10 MB body costs at most this much.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Longest a sender may take to hand over its body; a real delivery arrives in milliseconds, a slow-loris never ends.
pub const BODY_WAIT: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// More bytes than allowed.
    #[error("the body is larger than {BODY_BYTES_MAX} bytes")]
    TooLarge,
    /// The sender stopped sending.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The connection broke.
    #[error("the body could not be read")]
    Broken,
}

/// Reads a whole request body of at most `bytes_max` bytes within [`BODY_WAIT`]. A declared length over the bound is
/// refused before a single byte is read.
///
/// # Errors
/// [`BodyError`].
pub async fn read_body(body: Body, bytes_max: usize) -> Result<Vec<u8>, BodyError> {
    read_within(body, bytes_max, BODY_WAIT).await
}

async fn read_within(body: Body, bytes_max: usize, wait: Duration) -> Result<Vec<u8>, BodyError> {
    use axum::body::HttpBody;
    if body.size_hint().lower() > bytes_max as u64 {
        return Err(BodyError::TooLarge);
    }
    let reading = Limited::new(body, bytes_max).collect();
    match tokio::time::timeout(wait, reading).await {
        Err(_) => Err(BodyError::TooSlow),
        Ok(Ok(whole)) => Ok(whole.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::Broken),
    }
}

/// Whether a host, as written in an address, is this machine itself.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_bound_and_not_beyond() {
        assert_eq!(read_body(Body::from("12345"), 5).await, Ok(b"12345".to_vec()));
        assert_eq!(read_body(Body::from("123456"), 5).await, Err(BodyError::TooLarge));
        let undeclared = Body::from_stream(futures::stream::iter(
            (0..4).map(|_| Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b"123"))),
        ));
        assert_eq!(read_body(undeclared, 5).await, Err(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn a_sender_that_never_ends_is_given_up() {
        let endless = Body::from_stream(futures::stream::pending::<Result<axum::body::Bytes, std::io::Error>>());
        assert_eq!(read_within(endless, 5, Duration::ZERO).await, Err(BodyError::TooSlow));
    }

    #[test]
    fn loopback_is_recognised_in_every_spelling() {
        for host in ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["slack.com", "127.0.0.1.example.org", "10.0.0.1", "localhost.example.org", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
