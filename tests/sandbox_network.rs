//! The sandbox's networks, seen from outside: signed deliveries, redelivery, answers once per key, limits, faults.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::network::{
    BrandAccount, DeliveryState, MessageKind, NetworkAuthor, NetworkFault, NetworkMessage, NetworkSandbox,
    NetworkSetup, REDELIVERY_MS, Signed, SigningKey, Visibility,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Monday 9 March 2026, 13:47 UTC.
const START_MS: i64 = 1_773_064_020_000;

/// Headers and body of one delivery.
type Delivered = (HeaderMap, Vec<u8>);

/// What a target got.
#[derive(Clone, Default)]
struct Target {
    got: Arc<Mutex<Vec<Delivered>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Target {
    /// Answers the given statuses in turn, then 202.
    async fn start(answers: &[u16]) -> (Self, String) {
        let target = Self { answers: Arc::new(Mutex::new(answers.to_vec())), ..Self::default() };
        let router = Router::new().route("/hooks/{source}", post(take)).with_state(target.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hooks/{{network}}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (target, url)
    }

    fn got(&self) -> Vec<Delivered> {
        self.got.lock().expect("unpoisoned").clone()
    }
}

async fn take(State(target): State<Target>, headers: HeaderMap, body: Bytes) -> StatusCode {
    target.got.lock().expect("unpoisoned").push((headers, body.to_vec()));
    let mut answers = target.answers.lock().expect("unpoisoned");
    let status = if answers.is_empty() { 202 } else { answers.remove(0) };
    StatusCode::from_u16(status).expect("a status")
}

fn complaint() -> NetworkMessage {
    NetworkMessage {
        author: NetworkAuthor { id: "u_marie".into(), name: "Marie".into(), url: None, followers: 312 },
        kind: MessageKind::Comment,
        text: "Trois semaines d'attente <!channel> @everyone".into(),
        parent_id: None,
        attachments: Vec::new(),
    }
}

async fn network(clock: &SandboxClock, target_url: Option<String>) -> Arc<NetworkSandbox> {
    let accounts = ["instagram", "x", "mastodon", "google_reviews"]
        .map(|network| BrandAccount { network: network.into(), handle: "@lumen".into() });
    let setup = NetworkSetup { secret: SECRET.into(), target_url, accounts: accounts.to_vec(), port: None };
    NetworkSandbox::start(setup, clock.clone()).await.expect("starts")
}

/// Calls as the brand makes them.
struct Brand<'a> {
    network: &'a NetworkSandbox,
    clock: &'a SandboxClock,
    secret: &'a str,
}

impl Brand<'_> {
    /// `key` none leaves the idempotency key out.
    async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> (u16, Value, HeaderMap) {
        let body = body.to_string();
        let timestamp_s = self.clock.now_ms() / 1_000;
        let key_of = SigningKey::parse(self.secret).expect("a secret");
        let mut request = Request::post(format!("{}{path}", self.network.base_url()))
            .header("webhook-id", "msg_out")
            .header("webhook-timestamp", timestamp_s)
            .header("webhook-signature", key_of.sign("msg_out", timestamp_s, body.as_bytes()));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        send(request.body(Full::new(Bytes::from(body))).expect("a request")).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let request = Request::get(format!("{}{path}", self.network.base_url()));
        let (status, body, _) = send(request.body(Full::default()).expect("a request")).await;
        (status, body)
    }
}

async fn send(request: Request<Full<Bytes>>) -> (u16, Value, HeaderMap) {
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null), headers)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[tokio::test]
async fn a_customers_words_arrive_signed_and_whole() {
    let clock = SandboxClock::manual(START_MS);
    let (target, url) = Target::start(&[]).await;
    let network = network(&clock, Some(url)).await;
    let id = network.customer_writes("instagram", complaint()).await.expect("written");

    let got = target.got();
    let [(headers, body)] = got.as_slice() else { panic!("one delivery, not {}", got.len()) };
    let signed = Signed {
        id: header(headers, "webhook-id"),
        timestamp: header(headers, "webhook-timestamp"),
        signature: header(headers, "webhook-signature"),
    };
    SigningKey::parse(SECRET).expect("a secret").verify(signed, body, START_MS / 1_000).expect("a good signature");
    let body: Value = serde_json::from_slice(body).expect("JSON");
    let base = network.base_url();
    assert_eq!(
        body,
        json!({
            "id": id, "network": "instagram", "kind": "comment",
            "author": {
                "id": "u_marie", "name": "Marie", "url": format!("{base}/instagram/people/u_marie"), "followers": 312,
            },
            "text": "Trois semaines d'attente <!channel> @everyone",
            "url": format!("{base}/instagram/messages/{id}"), "parent_id": null,
            "created_at": "2026-03-09T13:47:00.000Z", "attachments": [],
            "reply_url": format!("{base}/instagram/replies"),
        })
    );
    assert_eq!(network.delivery("instagram", &id), Some((DeliveryState::Delivered, 1)));
}

#[tokio::test]
async fn what_the_target_refuses_comes_again_on_schedule_with_the_same_id() {
    let clock = SandboxClock::manual(START_MS);
    let (target, url) = Target::start(&[500, 503, 500, 404, 500]).await;
    let network = network(&clock, Some(url)).await;
    let id = network.customer_writes("x", complaint()).await.expect("written");

    for (done, wait_ms) in REDELIVERY_MS.iter().enumerate() {
        clock.advance(wait_ms - 1);
        assert_eq!(network.run_once().await, 0, "redelivery {done} came too early");
        clock.advance(1);
        assert_eq!(network.run_once().await, 1, "redelivery {done} did not come");
    }
    assert_eq!(network.delivery("x", &id), Some((DeliveryState::Waiting, 5)));
    clock.advance(REDELIVERY_MS[3]);
    network.run_once().await;
    assert_eq!(network.delivery("x", &id), Some((DeliveryState::Delivered, 6)));

    let got = target.got();
    let distinct = |name: &str| got.iter().map(|(headers, _)| header(headers, name)).collect::<BTreeSet<_>>().len();
    assert_eq!((distinct("webhook-id"), distinct("webhook-timestamp"), got.len()), (1, 6, 6));
}

#[tokio::test]
async fn gone_means_gone_and_a_dead_target_is_tried_again() {
    let clock = SandboxClock::manual(START_MS);
    let (target, url) = Target::start(&[410]).await;
    let gone = network(&clock, Some(url)).await;
    let id = gone.customer_writes("x", complaint()).await.expect("written");
    clock.advance(3_600_000);
    assert_eq!(gone.run_once().await, 0);
    assert_eq!(gone.delivery("x", &id), Some((DeliveryState::Abandoned, 1)));
    assert_eq!(target.got().len(), 1);

    // A port that was free a moment ago: nobody listens there.
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let dead_url = format!("http://{}/hooks/x", unused.local_addr().expect("an address"));
    drop(unused);
    let dead = network(&clock, Some(dead_url)).await;
    let id = dead.customer_writes("x", complaint()).await.expect("written");
    assert_eq!(dead.delivery("x", &id), Some((DeliveryState::Waiting, 1)));
    let (target, url) = Target::start(&[]).await;
    dead.set_target_url(Some(url));
    clock.advance(REDELIVERY_MS[0]);
    dead.run_once().await;
    assert_eq!(target.got().len(), 1);
}

#[tokio::test]
async fn lost_and_doubled_deliveries_can_be_ordered() {
    let clock = SandboxClock::manual(START_MS);
    let (target, url) = Target::start(&[]).await;
    let network = network(&clock, Some(url)).await;
    network.faults().next(1, NetworkFault::DropWebhook);
    network.faults().next(1, NetworkFault::DoubleWebhook);
    network.customer_writes("x", complaint()).await.expect("written");
    assert_eq!(target.got().len(), 0);
    clock.advance(REDELIVERY_MS[0]);
    network.run_once().await;
    assert_eq!(target.got().len(), 2);
}

#[tokio::test]
async fn an_answer_is_made_once_per_key_and_can_be_looked_up() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let id = network.customer_writes("instagram", complaint()).await.expect("written");
    let brand = Brand { network: &network, clock: &clock, secret: SECRET };
    let body = json!({"in_reply_to": id, "text": "Toutes nos excuses.", "visibility": "public", "account": "@lumen"});

    let (status, first, _) = brand.post("/instagram/replies", Some("k1"), &body).await;
    assert_eq!(status, 201, "{first}");
    let (status, again, _) = brand.post("/instagram/replies", Some("k1"), &body).await;
    assert_eq!((status, &again), (201, &first));
    let other = json!({"in_reply_to": id, "text": "Autre chose."});
    let (status, _, _) = brand.post("/instagram/replies", Some("k1"), &other).await;
    assert_eq!(status, 422, "the same key with another body");
    assert_eq!(network.replies_to("instagram", &id).len(), 1);

    let (_, listed) = brand.get(&format!("/instagram/replies?in_reply_to={id}")).await;
    assert_eq!(listed["replies"][0]["id"], first["id"]);
    assert_eq!(listed["replies"][0]["idempotency_key"], "k1");

    clock.advance(3_600_000);
    let (status, later, _) = brand.post("/instagram/replies", Some("k1"), &body).await;
    assert_eq!(status, 201);
    assert_ne!(later["id"], first["id"], "a key is forgotten after an hour");
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_a_reason_and_nothing_is_done() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let comment = network.customer_writes("instagram", complaint()).await.expect("written");
    let dm = NetworkMessage { kind: MessageKind::Dm, ..complaint() };
    let dm = network.customer_writes("instagram", dm).await.expect("written");
    let review = NetworkMessage { kind: MessageKind::Review, ..complaint() };
    let review = network.customer_writes("google_reviews", review).await.expect("written");
    let brand = Brand { network: &network, clock: &clock, secret: SECRET };
    let instagram = "/instagram/replies";
    let in_private = json!({"in_reply_to": review, "text": "x", "visibility": "private"});
    let cases = [
        (instagram, None, json!({"in_reply_to": comment, "text": "x"}), 400),
        (instagram, Some("a"), json!({"text": "x"}), 400),
        (instagram, Some("b"), json!({"in_reply_to": "nobody", "text": "x"}), 404),
        (instagram, Some("c"), json!({"in_reply_to": comment, "text": "  "}), 422),
        (instagram, Some("d"), json!({"in_reply_to": comment, "text": "x", "account": "@other"}), 403),
        (instagram, Some("e"), json!({"in_reply_to": comment, "text": "x", "visibility": "secret"}), 422),
        (instagram, Some("f"), json!({"in_reply_to": dm, "text": "x", "visibility": "public"}), 422),
        ("/google_reviews/replies", Some("g"), in_private, 422),
        ("/facebook/replies", Some("h"), json!({"in_reply_to": comment, "text": "x"}), 403),
        ("/instagram/posts", Some("i"), json!({"text": "x", "media": vec!["m"; 11]}), 422),
    ];
    for (path, key, body, expected) in cases {
        let (status, answer, _) = brand.post(path, key, &body).await;
        assert_eq!(status, expected, "{path} {body} {answer}");
        assert!(answer["error"].is_string(), "{answer}");
    }
    assert!(network.replies_to("instagram", &comment).is_empty());

    let forger = Brand { network: &network, clock: &clock, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    let (status, _, _) = forger.post(instagram, Some("z"), &json!({"in_reply_to": comment, "text": "x"})).await;
    assert_eq!(status, 401);
    let (status, answer, _) = brand.post(instagram, Some("ok"), &json!({"in_reply_to": dm, "text": "x"})).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(network.replies_to("instagram", &dm)[0].visibility, "private", "a private message, a private answer");
}

#[tokio::test]
async fn each_network_takes_its_longest_text_and_not_one_more() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let brand = Brand { network: &network, clock: &clock, secret: SECRET };
    for (name, limit) in [("x", 280), ("mastodon", 500), ("instagram", 2_200), ("google_reviews", 4_096)] {
        let path = format!("/{name}/posts");
        let text = |length: usize| json!({"text": "a".repeat(length)});
        let (status, answer, _) = brand.post(&path, Some(&format!("{name}-fits")), &text(limit)).await;
        assert_eq!(status, 201, "{name}: {answer}");
        let (status, answer, _) = brand.post(&path, Some(&format!("{name}-over")), &text(limit + 1)).await;
        assert_eq!(status, 422);
        assert_eq!(answer, json!({"error": "text too long", "limit": limit, "length": limit + 1}), "{name}");
        assert_eq!(network.posts_on(name).len(), 1);
        let (_, listed) = brand.get(&format!("{path}?account=@lumen")).await;
        assert_eq!(listed["posts"].as_array().map(Vec::len), Some(1));
        let (_, listed) = brand.get(&format!("{path}?account=@other")).await;
        assert_eq!(listed["posts"].as_array().map(Vec::len), Some(0));
    }
}

#[tokio::test]
async fn faults_spoil_the_next_calls_as_ordered() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let brand = Brand { network: &network, clock: &clock, secret: SECRET };
    let body = json!({"text": "Nous ouvrons dimanche."});
    let post = async || brand.post("/x/posts", Some("k"), &body).await;

    network.faults().next(1, NetworkFault::Refuse { error: None });
    let (status, answer, _) = post().await;
    assert_eq!((status, &answer["error"]), (403, &json!("token expired")));
    network.faults().next(1, NetworkFault::RateLimit { retry_after_s: 7 });
    let (status, _, headers) = post().await;
    assert_eq!((status, header(&headers, "retry-after")), (429, Some("7")));
    network.faults().next(1, NetworkFault::FailBefore);
    assert_eq!(post().await.0, 500);
    assert!(network.posts_on("x").is_empty(), "nothing was done so far");

    network.faults().next(1, NetworkFault::FailAfter);
    assert_eq!(post().await.0, 500);
    assert_eq!(network.posts_on("x").len(), 1, "done, but the answer was lost");
    let (status, answer, _) = post().await;
    assert_eq!((status, &answer["id"]), (201, &json!(network.posts_on("x")[0].id)));
    assert_eq!(network.posts_on("x").len(), 1, "the same key does not do it twice");
}

#[tokio::test]
async fn a_follow_up_and_the_answers_stand_in_one_conversation() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let first = network.customer_writes("instagram", complaint()).await.expect("written");
    clock.advance(60_000);
    let brand = Brand { network: &network, clock: &clock, secret: SECRET };
    let reply = json!({"in_reply_to": first, "text": "Nous regardons."});
    let (_, answer, _) = brand.post("/instagram/replies", Some("k"), &reply).await;
    clock.advance(60_000);
    let parent_id = answer["id"].as_str().map(str::to_owned);
    let follow_up = NetworkMessage { parent_id, text: "Merci <b>!</b>".into(), ..complaint() };
    network.customer_writes("instagram", follow_up).await.expect("written");

    let threads = network.snapshot()["threads"].clone();
    assert_eq!(threads.as_array().map(Vec::len), Some(1), "{threads}");
    let entries = threads[0]["entries"].as_array().cloned().unwrap_or_default();
    let from: Vec<&Value> = entries.iter().map(|entry| &entry["from"]).collect();
    assert_eq!(from, ["customer", "brand", "customer"]);
    assert_eq!(entries[0]["delivery"]["state"], "no_target");
    let (status, _) = brand.get(&format!("/instagram/messages/{first}")).await;
    assert_eq!(status, 200, "the original can be visited");
}

#[tokio::test]
async fn with_a_running_clock_deliveries_go_out_by_themselves() {
    let clock = SandboxClock::running_from(START_MS);
    let (target, url) = Target::start(&[500]).await;
    let network = network(&clock, Some(url)).await;
    let mut changed = network.changed();
    let id = network.customer_writes("x", complaint()).await.expect("written");
    let delivered = async {
        loop {
            match network.delivery("x", &id) {
                Some((DeliveryState::Delivered, attempts)) => return attempts,
                Some((DeliveryState::Waiting, 1)) => clock.advance(REDELIVERY_MS[0]),
                _ => {}
            }
            changed.changed().await.expect("the sandbox lives");
        }
    };
    let attempts = tokio::time::timeout(Duration::from_secs(30), delivered).await.expect("delivered in time");
    assert_eq!((attempts, target.got().len()), (2, 2));
}

#[tokio::test]
async fn what_nobody_could_write_is_refused() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let nameless = NetworkAuthor { name: String::new(), ..complaint().author };
    let cases = [
        ("Insta gram", complaint()),
        ("", complaint()),
        ("x", NetworkMessage { text: "  ".into(), ..complaint() }),
        ("x", NetworkMessage { text: "a".repeat(10_001), ..complaint() }),
        ("x", NetworkMessage { kind: MessageKind::Review, ..complaint() }),
        ("x", NetworkMessage { author: nameless, ..complaint() }),
    ];
    for (name, message) in cases {
        assert!(network.customer_writes(name, message.clone()).await.is_err(), "{name} {message:?}");
    }
    assert_eq!(network.snapshot()["messages_total"], 0);
    let bad = NetworkSetup { secret: "whsec_short".into(), ..NetworkSetup::default() };
    assert!(NetworkSandbox::start(bad, clock).await.is_err());
}

#[tokio::test]
async fn comments_are_hidden_shown_again_and_deleted_and_nothing_else_is() {
    let clock = SandboxClock::manual(START_MS);
    let network = network(&clock, None).await;
    let brand = Brand { network: &network, clock: &clock, secret: SECRET };
    let comment = network.customer_writes("instagram", complaint()).await.expect("written");
    let act = |id: &str, action: &str| json!({"message": id, "action": action});
    for (step, (action, seen)) in
        [("hide", Visibility::Hidden), ("hide", Visibility::Hidden), ("unhide", Visibility::Shown)].iter().enumerate()
    {
        let (status, body, _) =
            brand.post("/instagram/moderation", Some(&format!("k{step}")), &act(&comment, action)).await;
        assert_eq!(status, 201, "{body}");
        assert_eq!(network.visibility("instagram", &comment), Some(*seen));
    }
    for kind in [MessageKind::Dm, MessageKind::Mention] {
        let message = NetworkMessage { kind, ..complaint() };
        let id = network.customer_writes("instagram", message).await.expect("written");
        let (status, body, _) = brand.post("/instagram/moderation", Some(&id), &act(&id, "hide")).await;
        assert_eq!((status, network.visibility("instagram", &id)), (422, Some(Visibility::Shown)), "{body}");
    }
    let (status, ..) = brand.post("/instagram/moderation", Some("odd"), &act(&comment, "burn")).await;
    assert_eq!(status, 422);
    let (status, ..) = brand.post("/instagram/moderation", Some("nobody"), &act("instagram_m1", "hide")).await;
    assert_eq!(status, 404);
    let forger = Brand { network: &network, clock: &clock, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    let (status, ..) = forger.post("/instagram/moderation", Some("forged"), &act(&comment, "delete")).await;
    assert_eq!((status, network.visibility("instagram", &comment)), (401, Some(Visibility::Shown)));
    let (status, ..) = brand.post("/instagram/moderation", Some("gone"), &act(&comment, "delete")).await;
    assert_eq!((status, network.visibility("instagram", &comment)), (201, Some(Visibility::Deleted)));
    let (status, ..) = brand.post("/instagram/moderation", Some("back"), &act(&comment, "unhide")).await;
    assert_eq!(status, 404, "what was deleted stays so");
    let snapshot = network.snapshot();
    assert!(snapshot["threads"].to_string().contains("\"visibility\":\"deleted\""), "{snapshot}");
}
