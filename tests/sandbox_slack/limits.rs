//! Every limit of a message or a view, one step inside and one step outside, over the wire; and the rate limits.

use serde_json::{Value, json};
use vigie::sandbox::slack::RateSetup;

use super::harness::{Office, setup};

async fn unlimited() -> Office {
    let mut setup = setup();
    setup.rates.enforced = false;
    Office::with(setup).await
}

#[tokio::test]
async fn content_limits_hold_to_the_character() {
    let office = unlimited().await;
    let section = |length: usize| json!([{"type": "section", "text": {"type": "mrkdwn", "text": "x".repeat(length)}}]);
    let header =
        |length: usize| json!([{"type": "header", "text": {"type": "plain_text", "text": "x".repeat(length)}}]);
    let dividers = |count: usize| json!(vec![json!({"type": "divider"}); count]);
    let total = |length: usize| {
        let part = json!({"type": "section", "text": {"type": "mrkdwn", "text": "x".repeat(length)}});
        json!({"text": "t", "blocks": vec![part; 5]})
    };
    let attachments = |count: usize| json!({"attachments": vec![json!({"text": "x"}); count]});
    let metadata = |length: usize| json!({"text": "t", "metadata": {"event_type": "e", "event_payload": {"k": "x".repeat(length)}}});
    let overhead = json!({"event_type": "e", "event_payload": {"k": ""}}).to_string().len();
    let cases = [
        (json!({"blocks": section(3_000)}), json!({"blocks": section(3_001)}), "invalid_blocks"),
        (json!({"blocks": header(150)}), json!({"blocks": header(151)}), "invalid_blocks"),
        (json!({"blocks": dividers(50)}), json!({"blocks": dividers(51)}), "invalid_blocks"),
        (total(2_640), total(2_641), "msg_blocks_too_long"),
        (attachments(100), attachments(101), "too_many_attachments"),
        (metadata(16_384 - overhead), metadata(16_385 - overhead), "metadata_too_large"),
        (json!({"markdown_text": "x".repeat(12_000)}), json!({"markdown_text": "x".repeat(12_001)}), "msg_too_long"),
        (json!({"text": "x"}), json!({"text": "  "}), "no_text"),
        (json!({"blocks": "[{\"type\": \"divider\"}]"}), json!({"blocks": "[{"}), "invalid_blocks_format"),
    ];
    for (mut inside, mut outside, error) in cases {
        inside["channel"] = json!(office.care);
        outside["channel"] = json!(office.care);
        let accepted = office.call("chat.postMessage", inside).await;
        assert_eq!(accepted["ok"], true, "{error}: {accepted}");
        let refused = office.call("chat.postMessage", outside).await;
        assert_eq!(refused["error"], error);
    }
}

#[tokio::test]
async fn bad_blocks_are_refused_with_their_place() {
    let office = unlimited().await;
    let blocks = json!([{"type": "divider"}, {"type": "actions", "elements": [{"type": "button", "action_id": "a"}]}]);
    let refused = office.call("chat.postMessage", json!({"channel": office.care, "blocks": blocks})).await;
    let expected = "[ERROR] missing required field: text [json-pointer:/blocks/1/elements/0]";
    assert_eq!(refused["response_metadata"]["messages"], json!([expected]));
    assert_eq!(office.slack.messages(&office.care), Vec::<Value>::new());
    let validated = office.call("blocks.validate", json!({"blocks": blocks})).await;
    assert_eq!(validated["error"], "invalid_blocks");
}

#[tokio::test]
async fn text_is_cut_at_forty_thousand_characters() {
    let office = unlimited().await;
    for (sent, kept) in [(40_000, 40_000), (40_001, 40_000)] {
        let answer = office.call("chat.postMessage", json!({"channel": office.care, "text": "é".repeat(sent)})).await;
        assert_eq!(answer["message"]["text"].as_str().map(|text| text.chars().count()), Some(kept));
    }
}

#[tokio::test]
async fn a_channel_takes_one_post_a_second_after_a_short_burst() {
    let office = Office::open().await;
    let args = json!({"channel": office.care, "text": "x"});
    for _ in 0..3 {
        assert_eq!(office.response("chat.postMessage", &args).await.status(), 200);
    }
    let refused = office.response("chat.postMessage", &args).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.json::<Value>().await.expect("JSON"), json!({"ok": false, "error": "ratelimited"}));
    let inner = office.slack.channel_id("inner").expect("inner");
    let elsewhere = json!({"channel": inner, "text": "x"});
    assert_eq!(office.response("chat.postMessage", &elsewhere).await.status(), 200);
    office.clock.advance(1_000);
    assert_eq!(office.response("chat.postMessage", &args).await.status(), 200);
    assert_eq!(office.response("chat.postMessage", &args).await.status(), 429);
}

#[tokio::test]
async fn a_tier_two_method_takes_twenty_calls_a_minute() {
    let office = Office::open().await;
    for _ in 0..20 {
        assert_eq!(office.response("pins.add", &json!({})).await.status(), 200);
    }
    let refused = office.response("pins.add", &json!({})).await;
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().expect("text")), (429, "3"));
    office.clock.advance(3_000);
    assert_eq!(office.response("pins.add", &json!({})).await.status(), 200);
}

#[tokio::test]
async fn restricted_apps_get_fifteen_messages_a_minute_of_history() {
    let mut restricted = setup();
    restricted.rates = RateSetup { restricted_history: true, post_burst: 100, ..RateSetup::default() };
    let office = Office::with(restricted).await;
    for at in 0..20 {
        office.post(&format!("m{at}")).await;
    }
    let page = office.form("conversations.history", &[("channel", &office.care), ("limit", "100")]).await;
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(15));
    assert_eq!(office.form("conversations.history", &[("channel", &office.care)]).await["error"], "ratelimited");
    office.clock.advance(60_000);
    assert_eq!(office.form("conversations.history", &[("channel", &office.care)]).await["ok"], true);
}
