//! What senders of webhooks are answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vigie::adapters::webhook::hooks::{HookSource, router};
use vigie::domain::time::Timestamp;
use vigie::ports::envelope::{Accepted, Envelope, FormVerdict, Intake, NotStored};
use vigie::ports::inbound::{Ask, Choice};

use super::{KEY, NOW_S, clock, secret, serve, signature, tls};

/// A store that remembers, and can be full.
#[derive(Default)]
pub(crate) struct Shelf {
    kept: Mutex<Vec<Envelope>>,
    full: AtomicBool,
}

impl Shelf {
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.kept.lock().expect("no panic").iter().map(|envelope| envelope.body.clone()).collect()
    }

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
        let is_known =
            kept.iter().any(|known| known.source == envelope.source && known.delivery_id == envelope.delivery_id);
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
    json!({"id": id, "kind": "comment", "author": {"id": "u1", "name": "Marie"}, "text": "Où est mon colis ?"})
        .to_string()
}

#[tokio::test]
async fn a_signed_message_is_taken_once_and_kept_word_for_word() {
    let door = door().await;
    assert_eq!(door.signed("instagram", message("m1")).await, (202, json!({"accepted": true, "duplicate": false})));
    assert_eq!(door.signed("instagram", message("m1")).await, (202, json!({"accepted": true, "duplicate": true})));
    assert_eq!(door.shelf.count(), 1);
    let kept = door.shelf.kept.lock().expect("no panic")[0].clone();
    assert_eq!((kept.source.as_str(), kept.delivery_id.as_str()), ("hook:instagram", "instagram:m1"));
    assert_eq!((kept.body, kept.received_at), (message("m1"), Timestamp(NOW_S * 1_000)));
}

#[tokio::test]
async fn the_simple_signature_of_no_code_tools_is_taken_too() {
    let door = door().await;
    let body = message("m1");
    let mut mac =
        Hmac::<Sha256>::new_from_slice(format!("whsec_{}", STANDARD.encode(KEY)).as_bytes()).expect("any length");
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
        (
            "stale",
            request("instagram", now - 301, sign(now - 301, &good), &good),
            401,
            "the timestamp is more than 5 minutes away from now",
        ),
        (
            "future",
            request("instagram", now + 301, sign(now + 301, &good), &good),
            401,
            "the timestamp is more than 5 minutes away from now",
        ),
        ("unknown source", request("facebook", now, sign(now, &good), &good), 404, "there is no such source"),
        ("unknown source, unsigned", door.post("..%2Fetc", good.clone()), 404, "there is no such source"),
        (
            "compressed",
            request("instagram", now, sign(now, &good), &good).header("content-encoding", "gzip"),
            415,
            "compressed bodies are not read",
        ),
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
    socket
        .write_all(b"POST /hooks/instagram HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        .await
        .expect("sent");
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
    let read =
        tokio::time::timeout(Duration::from_secs(5), socket.read(&mut got)).await.expect("in time").expect("an answer");
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
