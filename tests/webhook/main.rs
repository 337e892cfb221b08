//! Webhooks through real sockets: what senders are answered (`incoming`), and what a network hears from us
//! (`outgoing`), and both against the sandbox (`round_trip`).

mod incoming;
mod outgoing;
mod round_trip;
#[path = "../support/outgoing.rs"]
mod sent;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use tokio::net::TcpListener;
use vigie::domain::time::Timestamp;
use vigie::ports::clock::Clock;

pub(crate) const KEY: &[u8] = b"a key of thirty-two bytes, good.";
pub(crate) const NOW_S: i64 = 1_773_733_500;

pub(crate) fn secret() -> SecretString {
    SecretString::from(secret_text())
}

pub(crate) fn secret_text() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}

/// Signs independently of the code under test.
pub(crate) fn signature(id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any length");
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[derive(Debug)]
pub(crate) struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn clock() -> Arc<HandClock> {
    Arc::new(HandClock(AtomicI64::new(NOW_S * 1_000)))
}

pub(crate) async fn serve(app: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

pub(crate) fn tls() {
    // Another test of this process may have been first; there is one provider either way.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
