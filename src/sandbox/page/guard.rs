//! Lets in only pages of this machine: a foreign site in the same browser must not drive the sandbox.
//!
//! `Host` must name loopback (against DNS rebinding), and a write must not come from another origin.

use axum::extract::Request;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Only own scripts and styles; pictures also from the sandboxes' other ports.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; img-src 'self' data: http://127.0.0.1:* http://localhost:*";

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

pub(super) async fn only_this_machine(request: Request, next: Next) -> Response {
    if !allowed(request.method(), request.headers()) {
        return (StatusCode::FORBIDDEN, "This page answers browsers on this machine only.\n").into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().extend(HEADERS);
    response
}

fn allowed(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(HOST).filter(|host| is_loopback(host)) else { return false };
    let reads = *method == Method::GET || *method == Method::HEAD;
    reads || text(ORIGIN).is_none_or(|origin| origin.strip_prefix("http://") == Some(host))
}

/// Whether `host[:port]` names this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_site_cannot_drive_the_sandbox() {
        let cases = [
            (Method::GET, Some("127.0.0.1:4100"), None, true),
            (Method::GET, Some("localhost:4100"), None, true),
            (Method::GET, Some("[::1]:4100"), None, true),
            (Method::GET, Some("evil.example:4100"), None, false),
            (Method::GET, Some("127.0.0.1.evil.example"), None, false),
            (Method::GET, None, None, false),
            (Method::POST, Some("127.0.0.1:4100"), None, true),
            (Method::POST, Some("127.0.0.1:4100"), Some("http://127.0.0.1:4100"), true),
            (Method::POST, Some("127.0.0.1:4100"), Some("http://127.0.0.1:9999"), false),
            (Method::POST, Some("127.0.0.1:4100"), Some("https://evil.example"), false),
            (Method::POST, Some("127.0.0.1:4100"), Some("null"), false),
        ];
        for (method, host, origin, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert(HOST, HeaderValue::from_static(host));
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(allowed(&method, &headers), expected, "{method} {host:?} {origin:?}");
        }
    }
}
