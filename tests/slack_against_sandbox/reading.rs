//! Reading back after a gap, the directory, and what `vigie check` finds out.

use serde_json::json;
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Chat, SendError};
use vigie::ports::envelope::Urgency;
use vigie::ports::inbound::Inbound;
use vigie::sandbox::slack::RateSetup;

use super::harness::{Desk, START_MS, setup};

#[tokio::test]
async fn what_was_said_during_a_gap_is_read_back_with_the_ids_of_live_events() {
    let desk = Desk::quiet(setup()).await;
    let root = desk.says(&desk.lea, "avant").await;
    let edited = desk.says(&desk.lea, "à corriger").await;
    desk.clock.advance(1_000);
    let seen = desk.says(&desk.lea, "dernier vu").await;
    desk.clock.advance(1_000);
    let first = desk.says(&desk.tom, "pendant 1").await;
    desk.chat.send(&desk.post("à moi"), "own").await.expect("posted");
    desk.clock.advance(1_000);
    let second = desk.says(&desk.lea, "pendant 2").await;
    let reply = json!({"act": "post", "channel": desk.care, "text": "réponse", "thread_ts": root});
    let reply = desk.does(&desk.tom, reply).await["ts"].as_str().expect("a ts").to_owned();
    desk.does(&desk.lea, json!({"act": "edit", "channel": desk.care, "ts": edited, "text": "corrigé"})).await;
    let page = desk.chat.history(&desk.care, Some(&seen), Timestamp(START_MS)).await.expect("read");
    assert!(!page.more);
    assert_eq!(page.newest.as_deref(), Some(second.as_str()));
    let ids: Vec<&str> = page.envelopes.iter().map(|one| one.delivery_id.as_str()).collect();
    let message = |ts: &str| format!("msg:{}:{ts}", desk.care);
    assert_eq!(ids[..3], [message(&first), message(&second), message(&reply)]);
    assert!(ids[3].starts_with(&format!("edit:{}:{edited}:", desk.care)), "{ids:?}");
    assert!(page.envelopes.iter().all(|one| one.urgency == Urgency::Backfill));
    assert!(matches!(desk.read(&page.envelopes[2]), Inbound::Message(m) if m.thread.as_deref() == Some(root.as_str())));
    assert!(matches!(desk.read(&page.envelopes[3]), Inbound::Edited(m) if m.text == "corrigé"));
    let nothing = desk.chat.history(&desk.care, page.newest.as_deref(), Timestamp(START_MS)).await.expect("read");
    assert_eq!(nothing.newest.as_deref(), Some(second.as_str()));
}

#[tokio::test]
async fn a_gap_is_read_whole_although_slack_allows_one_call_a_minute_and_fifteen_messages() {
    let rates = RateSetup { restricted_history: true, ..RateSetup::default() };
    let desk = Desk::quiet(vigie::sandbox::slack::SlackSetup { rates, ..setup() }).await;
    let mut said = Vec::new();
    for number in 0..40 {
        desk.clock.advance(1_000);
        said.push(desk.says(&desk.lea, &format!("n° {number}")).await);
    }
    let mut tries = 0;
    let page = loop {
        tries += 1;
        assert!(tries < 20, "no endless asking");
        match desk.chat.history(&desk.care, None, Timestamp(START_MS)).await {
            Ok(page) => break page,
            Err(SendError::RateLimited { retry_after_ms, .. }) => desk.clock.advance(retry_after_ms),
            Err(other) => panic!("{other:?}"),
        }
    };
    let read: Vec<String> = page.envelopes.iter().map(|one| one.delivery_id.clone()).collect();
    let expected: Vec<String> = said.iter().map(|ts| format!("msg:{}:{ts}", desk.care)).collect();
    assert_eq!(read, expected);
}

#[tokio::test]
async fn people_and_channels_are_known_with_what_the_token_may_see() {
    let desk = Desk::quiet(setup()).await;
    let people = desk.chat.people().await.expect("people");
    let lea = people.iter().find(|person| person.id == desk.lea).expect("Léa");
    assert_eq!((lea.handle.as_str(), lea.name.as_str(), lea.locale.as_deref()), ("lea", "lea", Some("fr-FR")));
    let channels = desk.chat.channels().await.expect("channels");
    assert!(channels.iter().any(|channel| channel.name == "care" && channel.joined));
    assert!(channels.iter().any(|channel| channel.name == "general" && !channel.joined));
    let poor = setup();
    let scopes = ["users:read", "channels:read", "chat:write"].map(str::to_owned).to_vec();
    let desk = Desk::quiet(vigie::sandbox::slack::SlackSetup { scopes, ..poor }).await;
    assert_eq!(desk.chat.people().await.expect("people")[0].email, None);
    assert!(!desk.chat.channels().await.expect("public ones").is_empty());
}

#[tokio::test]
async fn a_look_at_the_workspace_says_what_is_missing() {
    let desk = Desk::quiet(setup()).await;
    let lines = desk.chat.probe().await;
    assert!(lines.iter().all(|line| line.ok), "{lines:#?}");
    let scopes = ["users:read", "chat:write"].map(str::to_owned).to_vec();
    let desk = Desk::quiet(vigie::sandbox::slack::SlackSetup { scopes, ..setup() }).await;
    let lines = desk.chat.probe().await;
    let missing = lines.iter().find(|line| line.subject == "scope channels:read").expect("looked at");
    assert!(!missing.ok && missing.finding.contains("channels:read"), "{missing:?}");
}
