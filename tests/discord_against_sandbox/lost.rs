//! Lost answers and rate limits: nothing is doubled, nothing is lost, nothing is called before its time.

use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Chat, Receipt, SendError};
use vigie::sandbox::discord::{LostAnswer, RestFault};

use crate::office::{Office, START_MS, card, guild, line};

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_repeated_without_doubling() {
    for how in [LostAnswer::Reset, LostAnswer::Status500] {
        let office = Office::closed(guild()).await;
        office.sandbox.faults().rest("POST /channels", 1, RestFault::LoseAnswer { how });
        let call = office.posting(card("T-1"));
        let lost = office.chat.send(&call, "card:T-1").await;
        assert!(matches!(lost, Err(SendError::Transient(_))), "{how:?}: the nonce makes a repeat safe: {lost:?}");
        office.clock.advance(30_000);
        let receipt = office.chat.send(&call, "card:T-1").await.expect("repeated");
        let seen = office.seen("ana", &office.channel("general"));
        assert_eq!(seen.len(), 1, "{how:?}");
        assert_eq!(receipt.message.map(|at| at.message).as_deref(), seen[0]["id"].as_str());
    }
}

#[tokio::test]
async fn fifty_lost_answers_make_exactly_fifty_messages() {
    let office = Office::closed(guild()).await;
    for n in 0..50 {
        let how = if n % 2 == 0 { LostAnswer::Reset } else { LostAnswer::Status500 };
        office.sandbox.faults().rest("POST /channels", 1 + n % 3, RestFault::LoseAnswer { how });
        let (call, key) = (office.posting(card("T-1")), format!("card:{n}"));
        let mut tries = 0;
        while let Err(error) = office.chat.send(&call, &key).await {
            tries += 1;
            assert!(tries < 10, "{error}");
            office.clock.advance(2_000);
        }
    }
    assert_eq!(office.seen("ana", &office.channel("general")).len(), 50);
    assert!(office.sandbox.calls().iter().all(|call| call.status != 429));
}

#[tokio::test]
async fn after_the_nonces_time_the_adapter_looks_before_it_posts_again() {
    let office = Office::closed(guild()).await;
    office.sandbox.faults().rest("POST /channels", 1, RestFault::LoseAnswer { how: LostAnswer::Reset });
    let call = office.posting(line("once only"));
    assert!(office.chat.send(&call, "k").await.is_err());
    office.clock.advance(10 * 60_000);
    office.chat.send(&call, "k").await.expect("found");
    assert_eq!(office.seen("ana", &office.channel("general")).len(), 1);
    // A post that was never made is made now.
    office.sandbox.faults().rest("POST /channels", 1, RestFault::Fail { status: 500 });
    let other = office.posting(line("never made"));
    assert!(office.chat.send(&other, "k2").await.is_err());
    office.clock.advance(10 * 60_000);
    office.chat.send(&other, "k2").await.expect("posted");
    assert_eq!(office.seen("ana", &office.channel("general")).len(), 2);
}

#[tokio::test]
async fn a_lost_post_is_found_after_a_restart() {
    let office = Office::closed(guild()).await;
    let at = office.post(card("T-1"), "card:T-1").await.message.expect("a message");
    office.post(card("T-2"), "card:T-2").await;
    let since = Timestamp(START_MS);
    let find = async |title: &str| office.chat.find(&office.posting(card(title)), "k", since).await.expect("looked");
    assert_eq!(find("T-1").await.and_then(|receipt: Receipt| receipt.message), Some(at));
    assert_eq!(find("T-3").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_posts_alike_are_told_apart_by_their_nonce() {
    let office = Office::open().await;
    let first = office.post(line("resolved"), "k1").await.message.expect("a message");
    // The gateway brings own messages with their nonce.
    office.says("ana", "general", "mark").await;
    office.until("the mark", |office| office.texts() == ["mark"]).await;
    let since = Timestamp(START_MS);
    let call = office.posting(line("resolved"));
    assert_eq!(office.chat.find(&call, "k1", since).await.expect("looked").and_then(|r| r.message), Some(first));
    assert_eq!(office.chat.find(&call, "k2", since).await.expect("looked"), None, "another intention, however alike");
}

#[tokio::test]
async fn a_spent_bucket_is_not_called_before_its_time() {
    let office = Office::closed(guild()).await;
    for n in 0..5 {
        office.post(line("x"), &format!("k{n}")).await;
    }
    let calls = office.called("POST", "/messages");
    let call = office.posting(line("x"));
    let wait = match office.chat.send(&call, "k5").await {
        Err(SendError::RateLimited { retry_after_ms, global: false }) => retry_after_ms,
        other => panic!("not limited: {other:?}"),
    };
    assert!((1..=5_000).contains(&wait), "{wait}");
    assert_eq!(office.called("POST", "/messages"), calls, "the answer was known from the headers");
    office.clock.advance(wait);
    office.chat.send(&call, "k5").await.expect("in time");
    assert!(office.sandbox.calls().iter().all(|call| call.status != 429));
}

#[tokio::test]
async fn a_429_is_obeyed_for_its_route_or_for_all() {
    let office = Office::closed(guild()).await;
    let limited = |global| RestFault::RateLimited { retry_after: 1.337, global };
    office.sandbox.faults().rest("POST /channels", 1, limited(false));
    let call = office.posting(line("x"));
    let told = office.chat.send(&call, "k").await;
    assert_eq!(told, Err(SendError::RateLimited { retry_after_ms: 1_337, global: false }));
    assert!(matches!(office.chat.send(&call, "k").await, Err(SendError::RateLimited { .. })));
    assert_eq!(office.called("POST", "/messages"), 1);
    office.chat.people().await.expect("other routes go on");
    office.clock.advance(1_337);
    office.chat.send(&call, "k").await.expect("in time");
    office.sandbox.faults().rest("POST /channels", 1, limited(true));
    let told = office.chat.send(&call, "k2").await;
    assert_eq!(told, Err(SendError::RateLimited { retry_after_ms: 1_337, global: true }));
    assert!(matches!(office.chat.people().await, Err(SendError::RateLimited { global: true, .. })));
    assert_eq!(office.seen("ana", &office.channel("general")).len(), 1);
}

#[tokio::test]
async fn a_discord_that_cannot_be_reached_is_no_doubt() {
    let office = Office::closed(guild()).await;
    let call = office.posting(line("x"));
    let settings = vigie::adapters::discord::DiscordSettings {
        // Nothing listens on port 1.
        api_url: "http://127.0.0.1:1/api".into(),
        token: secrecy::SecretString::from("t"),
        guild: None,
    };
    #[derive(Debug)]
    struct Still;
    impl vigie::ports::clock::Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp(START_MS)
        }
    }
    let chat = vigie::adapters::discord::DiscordChat::new(settings, std::sync::Arc::new(Still)).expect("good settings");
    let refused = chat.send(&call, "k").await;
    assert!(matches!(refused, Err(SendError::Transient(_))), "{refused:?}");
}
