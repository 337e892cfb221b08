//! Faults to order: failing, slow and lost calls; lost, doubled, late and shuffled events; cut and frozen sockets.

use serde_json::{Value, json};
use vigie::sandbox::slack::RecordedCall;

use super::harness::{Office, setup};

fn posts(office: &Office) -> Vec<RecordedCall> {
    office.slack.calls().into_iter().filter(|call| call.method == "chat.postMessage").collect()
}

#[tokio::test]
async fn failing_calls_do_nothing_and_are_used_up() {
    let office = Office::open().await;
    let args = json!({"channel": office.care, "text": "x"});
    office.fault(json!({"fault": "fail_http", "method": "chat.postMessage", "next": 1, "status": 503}));
    office.fault(json!({"fault": "fail_ok", "method": "chat.postMessage", "error": "account_inactive"}));
    office.fault(json!({"fault": "rate_limit", "retry_after_s": 30}));
    assert_eq!(office.response("chat.postMessage", &args).await.status(), 503);
    assert_eq!(office.call("chat.postMessage", args.clone()).await["error"], "account_inactive");
    let limited = office.response("chat.postMessage", &args).await;
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().expect("text")), (429, "30"));
    assert!(office.slack.messages(&office.care).is_empty());
    assert_eq!(office.call("chat.postMessage", args).await["ok"], true);
    let calls: Vec<(bool, u16)> = posts(&office).iter().map(|call| (call.ok, call.status)).collect();
    assert_eq!(calls, [(false, 503), (false, 200), (false, 429), (true, 200)]);
    assert!(!format!("{:?}", posts(&office)).contains("xoxb-"), "no token is kept");
}

#[tokio::test]
async fn a_lost_answer_leaves_the_message_behind() {
    let office = Office::open().await;
    let args = json!({"channel": office.care, "text": "x"});
    office.fault(json!({"fault": "lose_answer", "method": "chat.postMessage", "how": "error500"}));
    assert_eq!(office.response("chat.postMessage", &args).await.status(), 500);
    office.fault(json!({"fault": "lose_answer", "method": "chat.postMessage", "how": "reset"}));
    let send = |seconds: u64| {
        office
            .http
            .post(format!("{}chat.postMessage", office.slack.api_url()))
            .timeout(std::time::Duration::from_secs(seconds))
            .bearer_auth(office.slack.bot_token())
            .json(&args)
            .send()
    };
    assert!(send(20).await.is_err_and(|error| !error.is_timeout()), "the connection is reset");
    office.fault(json!({"fault": "lose_answer", "method": "chat.postMessage", "how": "hang"}));
    assert!(send(1).await.is_err_and(|error| error.is_timeout()), "nothing ever comes");
    assert_eq!(office.slack.messages(&office.care).len(), 3);
    let calls: Vec<(bool, u16)> = posts(&office).iter().map(|call| (call.ok, call.status)).collect();
    assert_eq!(calls, [(true, 500), (true, 0), (true, 0)]);
}

#[tokio::test]
async fn events_can_be_lost_doubled_late_and_shuffled() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let post = |text: &'static str| json!({"act": "post", "channel": office.care, "text": text});
    office.fault(json!({"fault": "drop_events", "next": 1}));
    office.fault(json!({"fault": "double_events", "next": 1, "copies": 3}));
    office.fault(json!({"fault": "delay_events", "next": 1, "ms": 5_000}));
    for text in ["lost", "thrice", "late", "plain"] {
        office.does(&office.lea, post(text)).await;
    }
    let mut texts = Vec::new();
    for _ in 0..4 {
        texts.push(socket.event("message").await["text"].clone());
    }
    assert_eq!(texts, ["thrice", "thrice", "thrice", "plain"]);
    let late = loop {
        office.clock.advance(5_000);
        let next = tokio::time::timeout(std::time::Duration::from_millis(100), socket.event("message"));
        if let Ok(event) = next.await {
            break event;
        }
    };
    assert_eq!(late["text"], "late");
    office.fault(json!({"fault": "reorder_events", "next": 3}));
    for text in ["1", "2", "3"] {
        office.does(&office.lea, post(text)).await;
    }
    let mut texts = Vec::new();
    for _ in 0..3 {
        texts.push(socket.event("message").await["text"].clone());
    }
    assert_eq!(texts, ["3", "2", "1"]);
}

#[tokio::test]
async fn a_doubled_event_reaches_two_sockets_at_once() {
    let office = Office::open().await;
    let (mut first, mut second) = (office.socket().await, office.socket().await);
    office.fault(json!({"fault": "double_events", "next": 1}));
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "x"})).await;
    let (one, two) = (first.envelope().await, second.envelope().await);
    assert_eq!(one["payload"]["event_id"], two["payload"]["event_id"]);
}

#[tokio::test]
async fn sockets_can_be_cut_with_and_without_a_word() {
    let office = Office::open().await;
    for close_frame in [true, false] {
        let mut socket = office.socket().await;
        office.fault(json!({"fault": "cut_sockets", "close_frame": close_frame}));
        assert_eq!(socket.frame().await, None);
        // An event sent now finds no socket and is kept for its retry.
        office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "gap"})).await;
        let mut next = office.socket().await;
        let envelope = loop {
            office.clock.advance(60_000);
            if let Ok(got) = tokio::time::timeout(std::time::Duration::from_millis(100), next.envelope()).await {
                break got;
            }
        };
        assert_eq!(envelope["payload"]["event"]["text"], "gap");
        next.ack(&envelope).await;
        office.fault(json!({"fault": "cut_sockets", "close_frame": true}));
        assert_eq!(next.frame().await, None);
    }
}

#[tokio::test]
async fn an_event_lost_with_its_socket_comes_at_once_on_the_next() {
    let office = Office::open().await;
    let mut old = office.socket().await;
    let mut new = office.socket().await;
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "x"})).await;
    let envelope = old.envelope().await;
    drop(old);
    let again = new.envelope().await;
    assert_eq!(again["payload"]["event_id"], envelope["payload"]["event_id"]);
    assert_eq!(again["retry_attempt"], 1);
}

#[tokio::test]
async fn a_frozen_socket_stays_open_and_answers_nothing() {
    let mut quick = setup();
    quick.ack_timeout_ms = 50;
    let office = Office::with(quick).await;
    let mut frozen = office.socket().await;
    office.fault(json!({"fault": "freeze_sockets"}));
    let mut fresh = office.socket().await;
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "x"})).await;
    let envelope = fresh.envelope().await;
    assert_eq!((&envelope["retry_attempt"], &envelope["retry_reason"]), (&json!(1), &json!("timeout")));
    fresh.ack(&envelope).await;
    let silent = tokio::time::timeout(std::time::Duration::from_millis(100), frozen.frame()).await;
    assert!(silent.is_err(), "no frame and no end");
}

#[tokio::test]
async fn sockets_can_be_told_to_go_and_to_read_nonsense() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    office.fault(json!({"fault": "send_raw", "text": "{\"type\": \"hologram\"}"}));
    office.fault(json!({"fault": "disconnect", "reason": "warning"}));
    office.fault(json!({"fault": "disconnect", "reason": "refresh_requested", "close": true}));
    assert_eq!(socket.envelope().await["type"], "hologram");
    assert_eq!(socket.envelope().await["reason"], "warning");
    assert_eq!(socket.envelope().await["reason"], "refresh_requested");
    assert_eq!(socket.frame().await, None);
    office.fault(json!({"fault": "fail_open", "next": 1}));
    let request = office.http.post(format!("{}apps.connections.open", office.slack.api_url()));
    let answer: Value =
        request.bearer_auth(office.slack.app_token()).send().await.expect("answer").json().await.expect("JSON");
    assert_eq!(answer["error"], "internal_error");
    office.socket().await;
}

#[tokio::test]
async fn the_page_can_look_act_and_order_faults() {
    let office = Office::open().await;
    let base = format!("{}sandbox/", office.slack.base_url());
    let act = office.http.post(format!("{base}act?as={}", office.lea));
    let act = act
        .body(json!({"act": "post", "channel": office.care, "text": "hi"}).to_string())
        .send()
        .await
        .expect("answer");
    assert_eq!(act.json::<Value>().await.expect("JSON")["ok"], true);
    let refused = office.http.post(format!("{base}act?as={}", office.lea));
    let refused = refused.body("{\"act\": \"fly\"}").send().await.expect("answer");
    assert_eq!(refused.status(), 400);
    let state: Value = office
        .http
        .get(format!("{base}state?as={}", office.lea))
        .send()
        .await
        .expect("answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(state["messages"][&office.care][0]["text"], "hi");
    assert_eq!(state["messages"][&office.care][0]["username"], "Léa Martin");
    assert_eq!(state["commands"][0]["command"], "/assign");
    let fault = office.http.post(format!("{base}faults")).body(json!({"fault": "clear"}).to_string());
    assert_eq!(fault.send().await.expect("answer").status(), 200);
}
