//! Faults: each does what it says, once, and the sandbox is well again afterwards.

use std::time::Duration;

use serde_json::{Value, json};
use vigie::sandbox::discord::{DispatchFault, LostAnswer, RestFault, SocketFault};

use crate::harness::{Gateway, Heard, INTENTS, World};

#[tokio::test]
async fn calls_fail_as_told() {
    let world = World::start().await;
    let path = format!("{}/messages", world.path("general"));
    world.sandbox.faults().rest("POST /messages", 2, RestFault::Fail { status: 502 });
    for _ in 0..2 {
        world.refused("POST", &path, json!({ "content": "x" }), 502, 0).await;
    }
    world.post("general", json!({ "content": "one" })).await;
    world.sandbox.faults().rest("/messages", 1, RestFault::RateLimited { retry_after: 1.25, global: true });
    let answer = world.request("POST", &path).json(&json!({ "content": "x" })).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"2".parse().expect("a header")));
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!((body["retry_after"].as_f64(), &body["global"]), (Some(1.25), &json!(true)));
    assert_eq!(world.last("ana", "general")["content"], "one", "refused calls did nothing");
}

#[tokio::test]
async fn an_answer_is_lost_after_the_work_was_done() {
    let world = World::start().await;
    let path = format!("{}/messages", world.path("general"));
    let body = |text: &str| json!({ "content": text, "nonce": text, "enforce_nonce": true });
    world.sandbox.faults().rest("POST /messages", 1, RestFault::LoseAnswer { how: LostAnswer::Reset });
    let lost = world.request("POST", &path).json(&body("one")).send().await;
    assert!(lost.is_err(), "the connection was reset: {lost:?}");
    world.sandbox.faults().rest("POST /messages", 1, RestFault::LoseAnswer { how: LostAnswer::Status500 });
    world.refused("POST", &path, body("two"), 500, 0).await;
    world.sandbox.faults().rest("POST /messages", 1, RestFault::LoseAnswer { how: LostAnswer::Hang });
    let hung = world.request("POST", &path).timeout(Duration::from_millis(200)).json(&body("three")).send().await;
    assert!(hung.is_err_and(|error| error.is_timeout()));
    for text in ["one", "two", "three"] {
        world.post("general", body(text)).await;
    }
    let history = world.ok("GET", &path, Value::Null).await;
    assert_eq!(history.as_array().map(Vec::len), Some(3), "with a nonce nothing is doubled");
}

#[tokio::test]
async fn events_are_dropped_doubled_and_reordered() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let say = |text: &'static str| {
        let world = &world;
        async move { world.act("ana", json!({ "act": "post", "channel": "general", "content": text })).await }
    };
    let start = gateway.seq;
    world.sandbox.faults().dispatches(1, DispatchFault::Drop);
    say("dropped").await;
    say("seen").await;
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "seen");
    assert_eq!(gateway.seq, start + 2, "the lost event used up its number");
    world.sandbox.faults().dispatches(1, DispatchFault::Double);
    say("twice").await;
    for _ in 0..2 {
        assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "twice");
        assert_eq!(gateway.seq, start + 3);
    }
    world.sandbox.faults().dispatches(1, DispatchFault::Reorder);
    say("first").await;
    say("second").await;
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "second");
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "first");
    world.sandbox.faults().dispatches(1, DispatchFault::Delay { ms: 50 });
    say("slow").await;
    say("fast").await;
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "fast");
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "slow");
}

#[tokio::test]
async fn sockets_end_as_told() {
    let world = World::start().await;
    for (fault, code) in [
        (SocketFault::Close { code: Some(4000) }, Some(Some(4000))),
        (SocketFault::Close { code: None }, Some(None)),
        (SocketFault::Reset, None),
        (SocketFault::Cut, None),
    ] {
        let mut gateway = Gateway::ready(&world).await;
        world.sandbox.faults().sockets(fault.clone());
        let heard = gateway.hear().await;
        match (code, &heard) {
            (Some(code), Heard::Closed(got)) => assert_eq!(*got, code, "{fault:?}"),
            (None, Heard::Broken) => {}
            _ => panic!("{fault:?}: {heard:?}"),
        }
    }
}

#[tokio::test]
async fn a_cut_session_is_resumed_and_an_invalid_one_is_not() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    world.sandbox.faults().sockets(SocketFault::Reconnect);
    assert_eq!(gateway.json().await["op"], 7);
    world.sandbox.faults().sockets(SocketFault::Reset);
    assert!(matches!(gateway.hear().await, Heard::Broken));
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "missed" })).await;
    let mut back = Gateway::open(&world).await;
    back.resume(&world, &gateway.session, gateway.seq).await;
    assert_eq!(back.event("MESSAGE_CREATE").await["content"], "missed");
    back.event("RESUMED").await;
    world.sandbox.faults().sockets(SocketFault::InvalidSession { resumable: true });
    assert_eq!(back.json().await["d"], true);
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "between" })).await;
    let (session, seq) = (back.session.clone(), back.seq);
    back.resume(&world, &session, seq).await;
    assert_eq!(back.event("MESSAGE_CREATE").await["content"], "between", "resumed on the same socket");
    back.event("RESUMED").await;
    world.sandbox.faults().sockets(SocketFault::InvalidSession { resumable: false });
    assert_eq!(back.json().await["d"], false);
    back.identify(&world, INTENTS).await;
    back.event("READY").await;
    world.sandbox.faults().refuse_identify(1);
    let mut refused = Gateway::open(&world).await;
    refused.identify(&world, INTENTS).await;
    assert_eq!(refused.json().await["op"], 9);
    refused.identify(&world, INTENTS).await;
    refused.event("READY").await;
    world.sandbox.faults().refuse_connections(1);
    assert!(tokio_tungstenite::connect_async(world.sandbox.gateway_url()).await.is_err());
}

#[tokio::test]
async fn a_zombie_reads_nothing_and_a_mute_one_acknowledges_nothing() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    world.sandbox.faults().sockets(SocketFault::NoAcks);
    world.sandbox.faults().sockets(SocketFault::RequestHeartbeat);
    assert_eq!(gateway.json().await["op"], 1);
    gateway.send(json!({ "op": 1, "d": gateway.seq })).await;
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "still here" })).await;
    assert_eq!(gateway.next_event().await.0, "MESSAGE_CREATE", "events come, the ack does not");
    world.sandbox.faults().sockets(SocketFault::Freeze);
    gateway.send(json!({ "op": 1, "d": gateway.seq })).await;
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "unheard" })).await;
    let silence = tokio::time::timeout(Duration::from_millis(100), gateway.hear()).await;
    assert!(silence.is_err(), "a frozen socket says nothing: {silence:?}");
    let mut back = Gateway::open(&world).await;
    back.resume(&world, &gateway.session, gateway.seq).await;
    assert_eq!(back.event("MESSAGE_CREATE").await["content"], "unheard");
}

#[tokio::test]
async fn odd_frames_arrive_as_told() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let faults = world.sandbox.faults();
    faults.sockets(SocketFault::UnknownEvent);
    assert_eq!(gateway.next_event().await.0, "SANDBOX_NOVELTY");
    faults.sockets(SocketFault::MalformedEvent { event: "MESSAGE_CREATE".into() });
    assert_eq!(
        gateway.next_event().await,
        ("MESSAGE_CREATE".into(), json!({"id": 42, "channel_id": [], "author": "nobody", "type": "seven"}))
    );
    faults.sockets(SocketFault::RawFrame { text: "{{{".into() });
    assert_eq!(gateway.json().await["raw"], "{{{");
}

#[tokio::test]
async fn the_page_drives_it_over_http() {
    let world = World::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let router = world.sandbox.router();
    let serve = tokio::spawn(async move { axum::serve(listener, router).await });
    let client = reqwest::Client::new();
    let act = json!({ "act": "post", "channel": "general", "content": "from the page" });
    let done: Value = client
        .post(format!("{base}/act?as=ana"))
        .json(&act)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(done["ok"], true);
    let state: Value =
        client.get(format!("{base}/state?as=bo")).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(state["messages"][world.channel("general")][0]["content"], "from the page");
    for (path, body) in
        [("/act?as=ana", json!({ "act": "fly" })), ("/act?as=zoe", act), ("/faults", json!({ "what": "rain" }))]
    {
        let answer = client.post(format!("{base}{path}")).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 400, "{path} {body}");
        assert_eq!(answer.json::<Value>().await.expect("JSON")["ok"], false);
    }
    let fault = json!({ "what": "rest", "path": "/messages", "fault": { "kind": "fail", "status": 500 } });
    client.post(format!("{base}/faults")).json(&fault).send().await.expect("an answer");
    world.refused("GET", &format!("{}/messages", world.path("general")), Value::Null, 500, 0).await;
    serve.abort();
}
