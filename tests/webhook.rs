//! Webhooks through real sockets: what senders are answered, and what a network hears from us.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vigie::adapters::webhook::hooks::{HookSource, router};
use vigie::adapters::webhook::publish::{WebhookNetwork, WebhookSettings};
use vigie::domain::time::Timestamp;
use vigie::ports::clock::Clock;
use vigie::ports::envelope::{Accepted, Envelope, FormVerdict, Intake, NotStored};
use vigie::ports::inbound::{Ask, Choice};
use vigie::ports::network::{Dispatch, Network, NetworkError};

const KEY: &[u8] = b"a key of thirty-two bytes, good.";
const NOW_S: i64 = 1_773_733_500;

fn secret() -> SecretString {
    SecretString::from(format!("whsec_{}", STANDARD.encode(KEY)))
}

/// Signs independently of the code under test.
fn signature(id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any length");
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[derive(Debug)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn clock() -> Arc<HandClock> {
    Arc::new(HandClock(AtomicI64::new(NOW_S * 1_000)))
}

/// A store that remembers, and can be full.
#[derive(Default)]
struct Shelf {
    kept: Mutex<Vec<Envelope>>,
    full: AtomicBool,
}

impl Shelf {
    fn count(&self) -> usize {
        self.kept.lock().expect("no panic").len()
    }
}

#[async_trait]
impl Intake for Shelf {
    async fn accept(&self, envelope: Envelope) -> Result<Accepted, NotStored> {
        if self.full.load(Ordering::SeqCst) {
            return Err(NotStored { cause: "disk full".to_owned() });
        }
        let mut kept = self.kept.lock().expect("no panic");
        let is_known = kept.iter().any(|known| known.source == envelope.source && known.delivery_id == envelope.delivery_id);
        if is_known {
            return Ok(Accepted::Duplicate);
        }
        kept.push(envelope);
        Ok(Accepted::Fresh)
    }

    async fn submit(&self, _envelope: Envelope) -> Result<FormVerdict, NotStored> {
        Ok(FormVerdict::Taken)
    }

    async fn complete(&self, _ask: Ask) -> Vec<Choice> {
        Vec::new()
    }

    async fn caught_gap(&self, _source: &str) {}
}

struct Door {
    address: String,
    shelf: Arc<Shelf>,
    client: reqwest::Client,
}

async fn door() -> Door {
    tls();
    let shelf = Arc::new(Shelf::default());
    let sources = BTreeMap::from([
        ("instagram".to_owned(), HookSource { secret: secret(), network: Some("instagram".to_owned()) }),
        ("zapier".to_owned(), HookSource { secret: secret(), network: None }),
    ]);
    let app = router(sources, shelf.clone(), clock());
    Door { address: serve(app).await, shelf, client: reqwest::Client::new() }
}

async fn serve(app: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn tls() {
    // Another test of this process may have been first; there is one provider either way.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Door {
    fn post(&self, source: &str, body: impl Into<Vec<u8>>) -> reqwest::RequestBuilder {
        self.client.post(format!("{}/hooks/{source}", self.address)).body(body.into())
    }

    async fn signed(&self, source: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
        let body = body.into();
        let signature = signature("msg_1", NOW_S, &body);
        let request = self
            .post(source, body)
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", NOW_S)
            .header("webhook-signature", signature);
        answer(request).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

fn message(id: &str) -> String {
    json!({"id": id, "kind": "comment", "author": {"id": "u1", "name": "Marie"}, "text": "Où est mon colis ?"}).to_string()
}

#[tokio::test]
async fn a_signed_message_is_taken_once_and_kept_word_for_word() {
    let door = door().await;
    assert_eq!(door.signed("instagram", message("m1")).await, (202, json!({"accepted": true, "duplicate": false})));
    assert_eq!(door.signed("instagram", message("m1")).await, (202, json!({"accepted": true, "duplicate": true})));
    assert_eq!(door.shelf.count(), 1);
    let kept = door.shelf.kept.lock().expect("no panic")[0].clone();
    assert_eq!((kept.source.as_str(), kept.delivery_id.as_str()), ("hook:instagram", "m1"));
    assert_eq!((kept.body, kept.received_at), (message("m1"), Timestamp(NOW_S * 1_000)));
}

#[tokio::test]
async fn the_simple_signature_of_no_code_tools_is_taken_too() {
    let door = door().await;
    let body = message("m1");
    let mut mac = Hmac::<Sha256>::new_from_slice(format!("whsec_{}", STANDARD.encode(KEY)).as_bytes()).expect("any length");
    mac.update(body.as_bytes());
    let simple = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let (status, _) = answer(door.post("instagram", body.clone()).header("x-signature-256", &simple)).await;
    assert_eq!(status, 202);
    let (status, said) = answer(door.post("instagram", message("m2")).header("x-signature-256", &simple)).await;
    assert_eq!((status, &said["error"]), (401, &json!("the signature is wrong")));
}

#[tokio::test]
async fn what_cannot_be_believed_or_read_leaves_no_trace() {
    let door = door().await;
    let now = NOW_S;
    let good = message("m1");
    let sign = |timestamp: i64, body: &str| signature("msg_1", timestamp, body.as_bytes());
    let request = |source: &str, timestamp: i64, signature: String, body: &str| {
        door.post(source, body.to_owned())
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
    };
    let cases: Vec<(&str, reqwest::RequestBuilder, u16, &str)> = vec![
        ("unsigned", door.post("instagram", good.clone()), 401, "the signature is missing"),
        ("forged", request("instagram", now, sign(now, "other"), &good), 401, "the signature is wrong"),
        ("stale", request("instagram", now - 301, sign(now - 301, &good), &good), 401, "the timestamp is more than 5 minutes away from now"),
        ("future", request("instagram", now + 301, sign(now + 301, &good), &good), 401, "the timestamp is more than 5 minutes away from now"),
        ("unknown source", request("facebook", now, sign(now, &good), &good), 404, "there is no such source"),
        ("unknown source, unsigned", door.post("..%2Fetc", good.clone()), 404, "there is no such source"),
        ("compressed", request("instagram", now, sign(now, &good), &good).header("content-encoding", "gzip"), 415, "compressed bodies are not read"),
    ];
    for (name, request, status, error) in cases {
        let (got, said) = answer(request).await;
        assert_eq!((got, &said["error"]), (status, &json!(error)), "{name}");
        assert!(said["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{name} needs a hint: {said}");
    }
    let broken: Vec<(Vec<u8>, &str)> = vec![
        (b"{\"id\":".to_vec(), ""),
        (b"[]".to_vec(), ""),
        (b"{\"id\":\"\xff\xfe\"}".to_vec(), ""),
        (b"{\"text\":\"x\"}".to_vec(), "id"),
        (br#"{"id":"1","author":"a"}"#.to_vec(), "text"),
        (br#"{"id":"1","author":"a","text":"x","kind":"story"}"#.to_vec(), "kind"),
        (br#"{"id":1e9999}"#.to_vec(), ""),
        ("[".repeat(200_000).into_bytes(), ""),
    ];
    for (body, field) in broken {
        let name = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let (status, said) = door.signed("instagram", body).await;
        assert_eq!((status, &said["field"]), (400, &json!(field)), "{name} {said}");
    }
    assert_eq!(door.signed("zapier", message("m1")).await.1["field"], "network", "no network named, none by default");
    assert_eq!(door.shelf.count(), 0);
    assert_eq!(door.signed("instagram", message("m1")).await.0, 202, "still alive");
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_refused_unread() {
    let door = door().await;
    let address = door.address.trim_start_matches("http://").to_owned();
    // Announced: refused before a byte of it is sent.
    let mut socket = tokio::net::TcpStream::connect(&address).await.expect("connects");
    let head = "POST /hooks/instagram HTTP/1.1\r\nhost: x\r\ncontent-length: 10485760\r\n\r\n";
    socket.write_all(head.as_bytes()).await.expect("sent");
    assert_eq!(status_line(&mut socket).await, "HTTP/1.1 413 Payload Too Large");
    // Not announced: refused as soon as the limit is passed.
    let mut socket = tokio::net::TcpStream::connect(&address).await.expect("connects");
    socket.write_all(b"POST /hooks/instagram HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").await.expect("sent");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..17 {
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    assert_eq!(status_line(&mut socket).await, "HTTP/1.1 413 Payload Too Large");
    let exactly = format!("{}{}", message("m1"), " ".repeat(1024 * 1024 - message("m1").len()));
    assert_eq!(door.signed("instagram", exactly).await.0, 202);
    assert_eq!(door.shelf.count(), 1);
}

async fn status_line(socket: &mut tokio::net::TcpStream) -> String {
    let mut got = vec![0_u8; 4_096];
    let read = tokio::time::timeout(Duration::from_secs(5), socket.read(&mut got)).await.expect("in time").expect("an answer");
    String::from_utf8_lossy(&got[..read]).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_could_not_be_stored_is_not_acknowledged() {
    let door = door().await;
    door.shelf.full.store(true, Ordering::SeqCst);
    let body = message("m1");
    let request = door
        .post("instagram", body.clone())
        .header("webhook-id", "msg_1")
        .header("webhook-timestamp", NOW_S)
        .header("webhook-signature", signature("msg_1", NOW_S, body.as_bytes()));
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers().get("retry-after").and_then(|value| value.to_str().ok()), Some("5"));
    assert!(!response.text().await.expect("text").contains("disk"), "the storage's words stay inside");
    door.shelf.full.store(false, Ordering::SeqCst);
    assert_eq!(door.signed("instagram", body).await, (202, json!({"accepted": true, "duplicate": false})));
}

#[tokio::test]
async fn a_burst_of_one_message_from_many_sockets_is_kept_once() {
    let door = Arc::new(door().await);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..200 {
        let door = door.clone();
        tasks.spawn(async move { door.signed("instagram", message(&format!("m{}", number % 20))).await });
    }
    let mut fresh = 0;
    while let Some(done) = tasks.join_next().await {
        let (status, said) = done.expect("no panic");
        assert_eq!(status, 202);
        fresh += usize::from(said["duplicate"] == false);
    }
    assert_eq!((fresh, door.shelf.count()), (20, 20));
}

// ---- going out ----

/// What the network heard, and how it answers.
#[derive(Default)]
struct Heard {
    calls: Mutex<Vec<(String, String, HeaderMap, Vec<u8>)>>,
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

fn reply(text: &str, reply_url: Option<String>) -> Dispatch {
    Dispatch::Reply { in_reply_to: "m1".to_owned(), text: text.to_owned(), private: false, reply_url }
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
    assert_eq!(body, json!({"in_reply_to": "m1", "text": "Bonjour Marie", "visibility": "public", "account": "@maison"}));
    let post = Dispatch::Post { account: "@maison".to_owned(), text: "Nouveau !".to_owned() };
    ours.publish(&post, "P-1").await.expect("published");
    assert_eq!(heard.calls.lock().expect("no panic")[1].1, "/instagram/posts");
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
    *heard.listed.lock().expect("no panic") =
        json!({"replies": [{"id": "r0", "text": "x"}, {"id": "r7", "url": "https://x.example/r7", "idempotency_key": "k1"}]});
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
        format!("{address}/steal"), "http://localhost:1/".to_owned(), "https://localhost:1/".to_owned(),
        "https://127.0.0.1:1/".to_owned(), "https://[::1]:1/".to_owned(), "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(), "https://192.168.1.1/".to_owned(), "https://[::ffff:10.0.0.1]/".to_owned(),
        "http://hooks.example.com/".to_owned(), "file:///etc/passwd".to_owned(), "gopher://127.0.0.1/".to_owned(),
        "https://user:word@hooks.example.com/".to_owned(), "https://0/".to_owned(), "https://2130706433/".to_owned(),
    ];
    let ours_strict = ours(Some("https://hooks.example.com/instagram".to_owned()), false);
    for reply_url in inside {
        let answer = ours_strict.publish(&reply("Bonjour", Some(reply_url.clone())), "k").await;
        let is_kept_in = match &answer {
            Err(NetworkError::Refused(words)) => words.starts_with("address not called"),
            // A name is only judged when it is resolved: then no connection is made.
            Err(NetworkError::NotNow { .. }) => reply_url.starts_with("https://localhost"),
            _ => false,
        };
        assert!(is_kept_in, "{reply_url}: {answer:?}");
    }
    assert_eq!(heard.calls.lock().expect("no panic").len(), 0, "nothing was called");
    let sandbox = ours(None, true);
    sandbox.publish(&reply("Bonjour", Some(format!("{address}/x/replies"))), "k").await.expect("allowed for the sandbox");
    assert_eq!(heard.calls.lock().expect("no panic")[0].1, "/x/replies");
    assert!(matches!(sandbox.publish(&reply("Bonjour", None), "k").await, Err(NetworkError::Refused(_))), "no address at all");
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
