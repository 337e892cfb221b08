//! What a network hears from us.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use vigie::adapters::webhook::hooks::HookSource;
use vigie::adapters::webhook::publish::{WebhookNetwork, WebhookSettings};
use vigie::ports::network::{Act, Dispatch, Network, NetworkError, Outgoing};

use crate::sent::outgoing;

use super::{NOW_S, clock, secret, serve, signature, tls};

/// Method, path, headers, body.
type Call = (String, String, HeaderMap, Vec<u8>);

/// What the network heard, and how it answers.
#[derive(Default)]
struct Heard {
    calls: Mutex<Vec<Call>>,
    /// Status and body of the next answers; `hang` never answers.
    script: Mutex<Vec<(u16, String)>>,
    listed: Mutex<Value>,
}

async fn network_answers(
    State(heard): State<Arc<Heard>>,
    uri: Uri,
    method: axum::http::Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    record(&heard, &uri, method.as_str(), headers, &body);
    if method == axum::http::Method::GET {
        return axum::Json(heard.listed.lock().expect("no panic").clone()).into_response();
    }
    let next = heard.script.lock().expect("no panic").pop();
    let (status, text) = next.unwrap_or_else(|| (201, json!({"id": "r1", "url": "https://x.example/r1"}).to_string()));
    let status = StatusCode::from_u16(status).expect("a status");
    let extra = if status == 302 { [("location", "http://127.0.0.1:1/")] } else { [("retry-after", "9")] };
    (status, extra, text).into_response()
}

fn record(heard: &Heard, uri: &Uri, method: &str, headers: HeaderMap, body: &Bytes) {
    let mut calls = heard.calls.lock().expect("no panic");
    calls.push((method.to_owned(), uri.to_string(), headers, body.to_vec()));
}

async fn network() -> (Arc<Heard>, String) {
    tls();
    let heard = Arc::new(Heard::default());
    let app = axum::Router::new().fallback(network_answers).with_state(heard.clone());
    (heard, serve(app).await)
}

fn ours(publish_url: Option<String>, allow_loopback: bool) -> WebhookNetwork {
    let settings = WebhookSettings {
        name: "instagram".to_owned(),
        account: "@maison".to_owned(),
        publish_url,
        secret: secret(),
        text_limit: 100,
        allow_loopback,
    };
    WebhookNetwork::new(settings, clock()).expect("sets up")
}

fn reply(text: &str, reply_url: Option<String>) -> Outgoing {
    outgoing(Dispatch::Reply { in_reply_to: "m1".to_owned(), text: text.to_owned(), private: false, reply_url })
}

#[tokio::test]
async fn a_reply_leaves_signed_with_its_key_and_comes_back_with_a_receipt() {
    let (heard, address) = network().await;
    let ours = ours(Some(format!("{address}/instagram")), false);
    let receipt = ours.publish(&reply("Bonjour Marie", None), "T-1/reply/1").await.expect("published");
    assert_eq!((receipt.id.as_str(), receipt.url.as_str()), ("r1", "https://x.example/r1"));
    let (method, path, headers, body) = heard.calls.lock().expect("no panic")[0].clone();
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/instagram/replies"));
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(header("idempotency-key"), "T-1/reply/1");
    assert_eq!(header("webhook-timestamp"), NOW_S.to_string());
    assert_eq!(header("webhook-signature"), signature("T-1/reply/1", NOW_S, &body));
    let body: Value = serde_json::from_slice(&body).expect("json");
    assert_eq!(
        body,
        json!({"in_reply_to": "m1", "text": "Bonjour Marie", "visibility": "public", "account": "@maison"})
    );
    let post = outgoing(Dispatch::Post { account: "@maison".to_owned(), text: "Nouveau !".to_owned() });
    ours.publish(&post, "P-1").await.expect("published");
    assert_eq!(heard.calls.lock().expect("no panic")[1].1, "/instagram/posts");
}

#[tokio::test]
async fn hiding_leaves_signed_to_our_own_address_only() {
    let (heard, address) = network().await;
    let connected = ours(Some(format!("{address}/instagram")), false);
    connected.moderate("m1", Act::Hide, "T-1.m1").await.expect("hidden");
    let (method, path, headers, body) = heard.calls.lock().expect("no panic")[0].clone();
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/instagram/moderation"));
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(header("idempotency-key"), "T-1.m1");
    assert_eq!(header("webhook-signature"), signature("T-1.m1", NOW_S, &body));
    assert_eq!(serde_json::from_slice::<Value>(&body).expect("json"), json!({"message": "m1", "action": "hide"}));
    heard.script.lock().expect("no panic").push((422, r#"{"error":"not yours"}"#.to_owned()));
    let refused = connected.moderate("m1", Act::Delete, "T-1.m2").await;
    assert_eq!(refused, Err(NetworkError::Refused("not yours (HTTP 422)".to_owned())));
    let nowhere = ours(None, false).moderate("m1", Act::Hide, "k").await;
    assert!(matches!(nowhere, Err(NetworkError::Refused(_))), "{nowhere:?}");
}

#[tokio::test]
async fn refusals_waits_and_unknown_outcomes_are_told_apart() {
    let (heard, address) = network().await;
    let ours = ours(Some(address), false);
    let cases = [
        (403, r#"{"error":"token expired"}"#, NetworkError::Refused("token expired (HTTP 403)".to_owned())),
        (429, "", NetworkError::NotNow { after_ms: 9_000, cause: "HTTP 429".to_owned() }),
        (500, "oops", NetworkError::Unknown("oops (HTTP 500)".to_owned())),
        (302, "", NetworkError::Refused("HTTP 302: redirects are not followed".to_owned())),
    ];
    for (status, body, expected) in cases {
        heard.script.lock().expect("no panic").push((status, body.to_owned()));
        assert_eq!(ours.publish(&reply("Bonjour", None), "k").await, Err(expected), "{status}");
    }
    let before = heard.calls.lock().expect("no panic").len();
    let long = ours.publish(&reply(&"é".repeat(101), None), "k").await;
    assert_eq!(long, Err(NetworkError::Refused("the text has 101 characters, instagram takes 100".to_owned())));
    assert_eq!(heard.calls.lock().expect("no panic").len(), before, "a text that is too long never leaves");
}

#[tokio::test]
async fn a_refused_connection_may_be_repeated_and_a_cut_one_may_not() {
    tls();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let nobody = ours(Some(format!("http://{address}")), false);
    let answer = nobody.publish(&reply("Bonjour", None), "k").await;
    assert!(matches!(answer, Err(NetworkError::NotNow { .. })), "{answer:?}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let cut = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a call");
        let mut got = [0_u8; 64];
        let _ = socket.read(&mut got).await;
        // Dropped in the middle of the request.
    });
    let cutting = ours(Some(format!("http://{address}")), false);
    let answer = cutting.publish(&reply("Bonjour", None), "k").await;
    assert!(matches!(answer, Err(NetworkError::Unknown(_))), "{answer:?}");
    cut.await.expect("no panic");
}

#[tokio::test]
async fn an_unknown_outcome_is_looked_up() {
    let (heard, address) = network().await;
    let ours = ours(Some(format!("{address}/instagram")), false);
    *heard.listed.lock().expect("no panic") = json!({"replies": []});
    assert_eq!(ours.find(&reply("Bonjour", None), "k1").await, Ok(None));
    *heard.listed.lock().expect("no panic") = json!({"replies": [{"id": "r0", "text": "x"}, {"id": "r7", "url": "https://x.example/r7", "idempotency_key": "k1"}]});
    let found = ours.find(&reply("Bonjour", None), "k1").await.expect("asked").expect("found");
    assert_eq!(found.id, "r7");
    assert_eq!(heard.calls.lock().expect("no panic")[0].1, "/instagram/replies?in_reply_to=m1");
    *heard.listed.lock().expect("no panic") = json!("it works!");
    assert!(ours.find(&reply("Bonjour", None), "k1").await.is_err(), "no list is not an empty list");
}

#[tokio::test]
async fn reply_addresses_never_lead_into_a_private_network() {
    let (heard, address) = network().await;
    let inside = [
        format!("{address}/steal"),
        "http://localhost:1/".to_owned(),
        "https://localhost:1/".to_owned(),
        "https://127.0.0.1:1/".to_owned(),
        "https://[::1]:1/".to_owned(),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "https://192.168.1.1/".to_owned(),
        "https://[::ffff:10.0.0.1]/".to_owned(),
        "http://hooks.example.com/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
        "https://user:word@hooks.example.com/".to_owned(),
        "https://0/".to_owned(),
        "https://2130706433/".to_owned(),
    ];
    let ours_strict = ours(Some("https://hooks.example.com/instagram".to_owned()), false);
    for reply_url in inside {
        let answer = ours_strict.publish(&reply("Bonjour", Some(reply_url.clone())), "k").await;
        let is_kept_in = match &answer {
            // A name is only judged when it is resolved: then no connection is made.
            Err(NetworkError::Refused(words)) if reply_url.starts_with("https://localhost") => {
                words == "the name has no address on the open internet"
            }
            Err(NetworkError::Refused(words)) => words.starts_with("address not called"),
            _ => false,
        };
        assert!(is_kept_in, "{reply_url}: {answer:?}");
    }
    assert_eq!(heard.calls.lock().expect("no panic").len(), 0, "nothing was called");
    let sandbox = ours(None, true);
    sandbox
        .publish(&reply("Bonjour", Some(format!("{address}/x/replies"))), "k")
        .await
        .expect("allowed for the sandbox");
    assert_eq!(heard.calls.lock().expect("no panic")[0].1, "/x/replies");
    assert!(
        matches!(sandbox.publish(&reply("Bonjour", None), "k").await, Err(NetworkError::Refused(_))),
        "no address at all"
    );
}

#[tokio::test]
async fn settings_that_can_never_work_are_refused_and_secrets_stay_hidden() {
    tls();
    let settings = |publish_url: Option<&str>, secret: &str| WebhookSettings {
        name: "instagram".to_owned(),
        account: String::new(),
        publish_url: publish_url.map(str::to_owned),
        secret: SecretString::from(secret),
        text_limit: 100,
        allow_loopback: false,
    };
    for (publish_url, secret) in [(Some("ftp://x.example"), "s"), (Some("x"), "s"), (None, ""), (None, "whsec_")] {
        assert!(WebhookNetwork::new(settings(publish_url, secret), clock()).is_err(), "{publish_url:?} {secret:?}");
    }
    let shown: BTreeSet<String> = [
        format!("{:?}", settings(None, "s3cret")),
        format!("{:?}", WebhookNetwork::new(settings(None, "s3cret"), clock()).expect("sets up")),
        format!("{:?}", HookSource { secret: SecretString::from("s3cret"), network: None }),
    ]
    .into();
    assert!(shown.iter().all(|text| !text.contains("s3cret")), "{shown:?}");
}
