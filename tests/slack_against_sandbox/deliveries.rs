//! What arrives: sockets that are renewed, cut and refused, envelopes that cannot be stored, and signed HTTP.

use std::sync::atomic::Ordering;

use serde_json::json;
use vigie::adapters::slack::{events_http, signature};
use vigie::ports::chat::Chat;
use vigie::ports::inbound::Inbound;
use vigie::sandbox::slack::HttpTargets;

use super::harness::{Desk, setup};

#[tokio::test]
async fn a_message_and_its_mention_are_one() {
    let desk = Desk::listening().await;
    let ts = desk.says(&desk.lea, "@vigie assign T-1 @tom").await;
    let envelope = desk.inbox.wait(&format!("msg:{}:{ts}", desk.care)).await;
    let Inbound::Message(message) = desk.read(&envelope) else { panic!("{envelope:?}") };
    desk.chat.people().await.expect("people");
    assert_eq!(message.at.message, ts);
    let Inbound::Message(message) = desk.read(&envelope) else { panic!("{envelope:?}") };
    assert!(message.to_bot.as_deref().is_some_and(|line| line.starts_with("assign T-1 <@U")), "{:?}", message.to_bot);
    assert_eq!(message.author.name, "lea", "the name she chose to be shown by");
    let edited = json!({"act": "edit", "channel": desk.care, "ts": ts, "text": "autre chose"});
    desk.does(&desk.lea, edited).await;
    assert!(matches!(desk.read(&desk.inbox.wait("edit:").await), Inbound::Edited(m) if m.text == "autre chose"));
    desk.does(&desk.lea, json!({"act": "react", "channel": desk.care, "ts": ts, "name": "ticket"})).await;
    assert!(matches!(desk.read(&desk.inbox.wait("react:").await), Inbound::Reaction { added: true, .. }));
    desk.does(&desk.lea, json!({"act": "delete", "channel": desk.care, "ts": ts})).await;
    assert!(matches!(desk.read(&desk.inbox.wait("del:").await), Inbound::Deleted { .. }));
    let messages = desk.inbox.kept().iter().filter(|one| one.delivery_id.starts_with("msg:")).count();
    assert_eq!(messages, 1);
}

#[tokio::test]
async fn own_posts_are_ignored() {
    let desk = Desk::listening().await;
    desk.chat.send(&desk.post("à moi"), "k").await.expect("posted");
    let envelope = desk.inbox.wait("msg:").await;
    assert!(matches!(desk.read(&envelope), Inbound::Ignored { .. }));
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_acknowledged_and_comes_again() {
    let desk = Desk::listening().await;
    desk.inbox.full.store(true, Ordering::SeqCst);
    let ts = desk.says(&desk.lea, "ne me perds pas").await;
    desk.inbox.wait_for_refusal().await;
    desk.inbox.full.store(false, Ordering::SeqCst);
    // Slack delivers again as soon as it has missed the acknowledgement.
    desk.inbox.wait(&format!("msg:{}:{ts}", desk.care)).await;
}

#[tokio::test]
async fn unreadable_frames_are_kept_and_stop_nothing() {
    let desk = Desk::listening().await;
    for text in [r#"{"envelope_id":"x-1","type":"hologram","payload":{}}"#, r#"{"envelope_id":"x-2","#, "no json"] {
        desk.fault(json!({"fault": "send_raw", "text": text}));
    }
    let ts = desk.says(&desk.lea, "toujours là").await;
    desk.inbox.wait(&format!("msg:{}:{ts}", desk.care)).await;
    desk.inbox.wait("sha256:").await;
    let unknown = desk.inbox.kept().iter().filter(|one| one.delivery_id.starts_with("sha256:")).count();
    assert!(unknown >= 1);
}

#[tokio::test]
async fn a_renewed_socket_leaves_no_moment_without_one() {
    let desk = Desk::listening().await;
    let before = desk.calls("apps.connections.open");
    for round in 1..=3 {
        desk.fault(json!({"fault": "disconnect", "reason": "refresh_requested"}));
        while desk.calls("apps.connections.open") < before + 2 * round {
            assert!(desk.chat.connected() && desk.slack.open_sockets() > 0, "a moment without a socket");
            tokio::task::yield_now().await;
        }
        let ts = desk.says(&desk.lea, &format!("tour {round}")).await;
        desk.inbox.wait(&format!("msg:{}:{ts}", desk.care)).await;
    }
    assert_eq!(*desk.inbox.gaps.borrow(), 1, "nothing had to be read back");
}

#[tokio::test]
async fn cut_sockets_are_replaced_and_the_gap_is_read_back() {
    for close_frame in [true, false] {
        let desk = Desk::listening().await;
        desk.fault(json!({"fault": "cut_sockets", "close_frame": close_frame}));
        desk.inbox.wait_for_gap(2).await;
        let ts = desk.says(&desk.lea, "de retour").await;
        desk.inbox.wait(&format!("msg:{}:{ts}", desk.care)).await;
        assert!(desk.chat.connected());
    }
}

#[tokio::test]
async fn slack_refusing_sockets_for_a_while_is_waited_out() {
    let desk = Desk::quiet(setup()).await;
    desk.fault(json!({"fault": "fail_open", "next": 2}));
    assert!(!desk.chat.connected());
    desk.listen().await;
    assert!(desk.chat.connected());
    assert!(desk.calls("apps.connections.open") <= 4, "both sockets wait together");
}

#[tokio::test]
async fn stopping_closes_the_sockets() {
    let desk = Desk::quiet(setup()).await;
    let running =
        tokio::spawn(vigie::adapters::slack::socket::run(desk.chat.clone(), desk.inbox.clone(), desk.stop.clone()));
    desk.inbox.wait_for_gap(1).await;
    desk.stop.cancel();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(2), running).await;
    assert!(ended.is_ok(), "stopped within two seconds");
    assert!(!desk.chat.connected());
}

async fn served(desk: &Desk) -> String {
    let router = events_http::router(desk.chat.clone(), desk.inbox.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

#[tokio::test]
async fn http_delivery_brings_the_same_as_sockets() {
    let desk = Desk::quiet(setup()).await;
    let base = served(&desk).await;
    let targets: HttpTargets = serde_json::from_value(json!({
        "events_url": format!("{base}/slack/events"),
        "commands_url": format!("{base}/slack/commands"),
        "interactivity_url": format!("{base}/slack/interactivity"),
    }))
    .expect("targets");
    desk.slack.set_http_delivery(Some(targets)).await.expect("the challenge is echoed");
    let ts = desk.says(&desk.lea, "par HTTP").await;
    desk.inbox.wait(&format!("msg:{}:{ts}", desk.care)).await;
    desk.does(&desk.lea, json!({"act": "slash", "channel": desk.care, "text": "/assign T-1 me"})).await;
    let command = desk.read(&desk.inbox.wait("trigger:").await);
    assert!(matches!(&command, Inbound::Command { name, text, .. } if name == "assign" && text == "T-1 me"));
    desk.does(
        &desk.lea,
        json!({"act": "message_shortcut", "channel": desk.care, "ts": ts, "callback_id": "open_ticket"}),
    )
    .await;
    let shortcut = desk.read(&desk.inbox.kept().pop().expect("kept"));
    assert!(
        matches!(&shortcut, Inbound::Shortcut { name, message, .. } if name == "open_ticket" && message.text == "par HTTP")
    );
}

#[tokio::test]
async fn strangers_and_bombs_are_refused_at_the_door() {
    // Already installed when several tests share a process; either way there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let desk = Desk::quiet(setup()).await;
    let base = served(&desk).await;
    let http = reqwest::Client::new();
    let now_s = desk.clock.now_ms() / 1_000;
    let sign = |secret: &str, at_s: i64, body: &str| {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("v0:{at_s}:{body}").as_bytes());
        format!("v0={}", hex::encode(mac.finalize().into_bytes()))
    };
    let send = |path: &str, at_s: i64, signature: String, body: String| {
        let request = http.post(format!("{base}{path}"));
        let request = request.header(signature::TIMESTAMP_HEADER, at_s.to_string());
        request.header(signature::SIGNATURE_HEADER, signature).body(body).send()
    };
    let secret = desk.slack.signing_secret();
    let event = r#"{"type":"event_callback","event_id":"E1","event":{"type":"message","channel":"C1","ts":"1.2","user":"U1","text":"x"}}"#;
    for (name, at_s, signature, status) in [
        ("good", now_s, sign(&secret, now_s, event), 200),
        ("another app", now_s, sign("other", now_s, event), 401),
        ("stale", now_s - 301, sign(&secret, now_s - 301, event), 401),
        ("future", now_s + 301, sign(&secret, now_s + 301, event), 401),
        ("none", now_s, String::new(), 401),
        ("another body", now_s, sign(&secret, now_s, "{}"), 401),
    ] {
        let answer = send("/slack/events", at_s, signature, event.to_owned()).await.expect("an answer");
        assert_eq!(answer.status(), status, "{name}");
    }
    assert_eq!(desk.inbox.kept().len(), 1);
    let bad = send("/slack/events", now_s, sign(&secret, now_s, "{nonsense"), "{nonsense".to_owned())
        .await
        .expect("an answer");
    assert_eq!(bad.status(), 200, "signed nonsense is kept and acknowledged");
    assert!(desk.inbox.kept()[1].delivery_id.starts_with("sha256:"));
    let bomb = "x".repeat(2 * 1024 * 1024);
    let big = send("/slack/events", now_s, sign(&secret, now_s, &bomb), bomb).await.expect("an answer");
    assert_eq!(big.status(), 413);
    desk.inbox.full.store(true, Ordering::SeqCst);
    let full = send("/slack/events", now_s, sign(&secret, now_s, event), event.to_owned()).await.expect("an answer");
    assert_eq!(full.status(), 503, "what is not durable is not acknowledged");
}
