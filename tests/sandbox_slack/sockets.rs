//! Socket Mode: hello, acknowledgements, redelivery, refreshes, and the events themselves.

use serde_json::{Value, json};

use super::harness::{Office, setup};

#[tokio::test]
async fn a_socket_says_hello_and_each_event_goes_to_one_of_the_sockets() {
    let office = Office::open().await;
    let mut first = office.socket().await;
    let mut second = office.socket().await;
    assert_eq!(first.hello["num_connections"], 1);
    assert_eq!(second.hello["num_connections"], 2);
    assert_eq!(first.hello["connection_info"]["app_id"], office.slack.app_id());
    assert!(first.hello["debug_info"]["approximate_connection_time"].is_number());
    for text in ["one", "two"] {
        office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": text})).await;
    }
    let texts = [first.event("message").await["text"].clone(), second.event("message").await["text"].clone()];
    assert_eq!(texts, ["one", "two"]);
}

#[tokio::test]
async fn a_message_event_has_slacks_full_shape() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let posted =
        office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "hi @vigie & co"})).await;
    let envelope = socket.envelope().await;
    assert_eq!(envelope["type"], "events_api");
    assert_eq!(envelope["accepts_response_payload"], false);
    assert_eq!((&envelope["retry_attempt"], &envelope["retry_reason"]), (&json!(0), &json!("")));
    let payload = &envelope["payload"];
    assert_eq!(payload["type"], "event_callback");
    assert_eq!(payload["team_id"], office.slack.team_id());
    assert_eq!(payload["api_app_id"], office.slack.app_id());
    assert_eq!(payload["authorizations"][0]["user_id"], office.slack.bot_user_id());
    assert_eq!(payload["event_time"], 1_772_442_000);
    assert!(payload["event_id"].as_str().is_some_and(|id| id.starts_with("Ev")));
    let event = &payload["event"];
    assert_eq!(event["text"], format!("hi <@{}> &amp; co", office.slack.bot_user_id()));
    assert_eq!(event["channel"], office.care.as_str());
    assert_eq!(event["channel_type"], "channel");
    assert_eq!(event["ts"], posted["ts"]);
    assert_eq!(event["event_ts"], posted["ts"]);
    assert_eq!(event["user"], office.lea.as_str());
    assert_eq!(event["blocks"][0]["type"], "rich_text");
    socket.ack(&envelope).await;
    let mention = socket.event("app_mention").await;
    assert_eq!(mention["ts"], posted["ts"]);
}

#[tokio::test]
async fn edits_deletions_and_marks_are_told() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let posted = office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "old"})).await;
    let on =
        |act: &str| json!({"act": act, "channel": office.care, "ts": posted["ts"], "text": "new", "name": "ticket"});
    for act in ["edit", "react", "unreact", "pin", "delete"] {
        office.does(&office.lea, on(act)).await;
    }
    assert_eq!(socket.event("message").await["text"], "old");
    let changed = socket.event("message").await;
    assert_eq!(changed["subtype"], "message_changed");
    assert_eq!((&changed["message"]["text"], &changed["previous_message"]["text"]), (&json!("new"), &json!("old")));
    let reaction = socket.event("reaction_added").await;
    assert_eq!(reaction["item"], json!({"type": "message", "channel": office.care, "ts": posted["ts"]}));
    assert_eq!(socket.event("reaction_removed").await["reaction"], "ticket");
    assert_eq!(socket.event("pin_added").await["item"]["message"]["text"], "new");
    let deleted = socket.event("message").await;
    assert_eq!((&deleted["subtype"], &deleted["deleted_ts"]), (&json!("message_deleted"), &posted["ts"]));
}

#[tokio::test]
async fn the_apps_own_messages_come_back_to_it_and_foreign_channels_stay_silent() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let general = office.slack.channel_id("general").expect("general");
    office.does(&office.lea, json!({"act": "post", "channel": general, "text": "not for the app"})).await;
    office.post("own").await;
    let feed = json!({"act": "post_as_app", "channel": office.care, "app_name": "feed", "text": "news"});
    office.does(&office.lea, feed).await;
    let own = socket.event("message").await;
    assert_eq!((&own["text"], &own["bot_id"]), (&json!("own"), &json!(office.slack.bot_id())));
    assert_eq!(own["bot_profile"]["app_id"], office.slack.app_id());
    let feed = socket.event("message").await;
    assert_eq!((&feed["subtype"], &feed["username"]), (&json!("bot_message"), &json!("feed")));
    assert_eq!(feed.get("user"), None);
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again_at_once_after_a_minute_and_after_five() {
    let mut quick = setup();
    quick.ack_timeout_ms = 50;
    let office = Office::with(quick).await;
    let mut socket = office.socket().await;
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "x"})).await;
    let first = socket.envelope().await;
    let mut attempts = Vec::new();
    for wait_ms in [0, 60_000, 300_000] {
        // Time passes only after the sandbox has begun to wait for it.
        let again = loop {
            office.clock.advance(wait_ms);
            if let Ok(again) = tokio::time::timeout(std::time::Duration::from_millis(300), socket.envelope()).await {
                break again;
            }
        };
        assert_eq!(again["payload"]["event_id"], first["payload"]["event_id"]);
        assert_ne!(again["envelope_id"], first["envelope_id"]);
        attempts.push((again["retry_attempt"].clone(), again["retry_reason"].clone()));
    }
    let expected: Vec<(Value, Value)> = (1..4).map(|attempt| (json!(attempt), json!("timeout"))).collect();
    assert_eq!(attempts, expected);
}

#[tokio::test]
async fn an_acknowledged_event_never_comes_again() {
    let mut quick = setup();
    quick.ack_timeout_ms = 50;
    let office = Office::with(quick).await;
    let mut socket = office.socket().await;
    for text in ["one", "two"] {
        office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": text})).await;
        assert_eq!(socket.event("message").await["text"], text);
        office.clock.advance(400_000);
    }
}

#[tokio::test]
async fn events_wait_for_a_socket_as_long_as_the_retries_last() {
    let office = Office::open().await;
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "early"})).await;
    tokio::task::yield_now().await;
    let mut socket = office.socket().await;
    let envelope = loop {
        office.clock.advance(60_000);
        if let Ok(envelope) = tokio::time::timeout(std::time::Duration::from_millis(100), socket.envelope()).await {
            break envelope;
        }
    };
    assert_eq!(envelope["payload"]["event"]["text"], "early");
    assert_eq!(envelope["retry_reason"], "connection_failed");
}

#[tokio::test]
async fn the_eleventh_socket_is_told_to_go() {
    let office = Office::open().await;
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(office.socket().await);
    }
    let (mut refused, first) = office.dial().await;
    assert_eq!((&first["type"], &first["reason"]), (&json!("disconnect"), &json!("too_many_websockets")));
    assert_eq!(refused.frame().await, None);
    assert_eq!(office.slack.open_sockets(), 10);
}

#[tokio::test]
async fn a_ticket_opens_one_socket() {
    let office = Office::open().await;
    let url = office.socket_url().await;
    assert!(tokio_tungstenite::connect_async(&url).await.is_ok());
    assert!(tokio_tungstenite::connect_async(&url).await.is_err());
}

#[tokio::test]
async fn above_the_hourly_cap_the_app_is_told_and_the_rest_is_not_sent() {
    let mut capped = setup();
    capped.rates.events_per_hour = 2;
    let office = Office::with(capped).await;
    let mut socket = office.socket().await;
    for text in ["one", "two", "three", "four"] {
        office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": text})).await;
    }
    for text in ["one", "two"] {
        assert_eq!(socket.event("message").await["text"], text);
    }
    let notice = socket.envelope().await;
    assert_eq!(notice["payload"]["type"], "app_rate_limited");
    assert_eq!(notice["payload"]["minute_rate_limited"], 1_772_442_000);
    office.clock.advance(3_600_000);
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "five"})).await;
    assert_eq!(socket.event("message").await["text"], "five");
}

#[tokio::test]
async fn joining_leaving_and_new_people_are_told() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let zoe = office.slack.user_id("zoe").expect("zoe");
    office.does(&zoe, json!({"act": "join", "channel": office.care})).await;
    office.does(&zoe, json!({"act": "leave", "channel": office.care})).await;
    office.does(&zoe, json!({"act": "create_channel", "name": "new-room"})).await;
    office.does(&zoe, json!({"act": "set_locale", "locale": "en-US"})).await;
    office.does(&zoe, json!({"act": "open_home"})).await;
    office.does(&zoe, json!({"act": "add_user", "name": "max", "real_name": "Max"})).await;
    assert_eq!(socket.event("member_joined_channel").await["user"], zoe.as_str());
    assert_eq!(socket.event("message").await["subtype"], "channel_join");
    assert_eq!(socket.event("member_left_channel").await["user"], zoe.as_str());
    assert_eq!(socket.event("channel_created").await["channel"]["name"], "new-room");
    assert_eq!(socket.event("user_change").await["user"]["locale"], "en-US");
    let home = socket.event("app_home_opened").await;
    assert_eq!((&home["tab"], &home["user"]), (&json!("home"), &json!(zoe)));
    assert_eq!(socket.event("team_join").await["user"]["name"], "max");
}
