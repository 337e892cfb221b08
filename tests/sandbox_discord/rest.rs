//! Messages, history, reactions, pins, direct messages, nonce, rate limits.

use serde_json::{Value, json};

use crate::harness::{Gateway, World, setup};

#[tokio::test]
async fn a_call_needs_the_token_and_a_user_agent() {
    let world = World::start().await;
    let url = format!("{}/v10/users/@me", world.sandbox.api_url());
    let bare = reqwest::Client::builder().build().expect("a client");
    let no_agent = bare.get(&url).send().await.expect("an answer");
    assert_eq!(no_agent.status(), 403);
    assert_eq!(no_agent.json::<Value>().await.expect("JSON")["code"], 40333);
    for token in ["", "Bot wrong", "Bearer x"] {
        let answer =
            bare.get(&url).header("user-agent", "x").header("authorization", token).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{token}");
        assert_eq!(answer.json::<Value>().await.expect("JSON"), json!({"message": "401: Unauthorized", "code": 0}));
    }
    world.refused("GET", "/nothing/here", Value::Null, 404, 0).await;
    assert_eq!(world.ok("GET", "/users/@me", Value::Null).await["bot"], true);
    assert_eq!(world.ok("GET", "/users/@me/guilds", Value::Null).await[0]["name"], "Office");
}

#[tokio::test]
async fn the_bot_posts_edits_and_deletes_and_people_see_it() {
    let world = World::start().await;
    let sent = world.post("general", json!({ "content": "  hello  " })).await;
    assert_eq!(sent["content"], "hello");
    assert_eq!(world.last("ana", "general")["content"], "hello");
    let path = format!("{}/messages/{}", world.path("general"), sent["id"].as_str().expect("an id"));
    let edited = world.ok("PATCH", &path, json!({ "content": "bye" })).await;
    assert!(edited["edited_timestamp"].is_string());
    world.refused("PATCH", &path, json!({ "content": "" }), 400, 50006).await;
    assert_eq!(world.call("DELETE", &path, Value::Null).await.0, 204);
    world.refused("GET", &path, Value::Null, 404, 10008).await;
    let said = world.act("bo", json!({ "act": "post", "channel": "general", "content": "mine" })).await;
    let path = format!("{}/messages/{}", world.path("general"), said["message"].as_str().expect("an id"));
    world.refused("PATCH", &path, json!({ "content": "stolen" }), 403, 50005).await;
    world.refused("GET", "/channels/1/messages", Value::Null, 404, 10003).await;
    world.refused("GET", "/channels/general", Value::Null, 400, 50035).await;
}

#[tokio::test]
async fn looking_wakes_nobody_and_writing_does() {
    let world = World::start().await;
    world.post("general", json!({ "content": "one" })).await;
    let mut changed = world.sandbox.changed();
    changed.mark_unchanged();
    world.ok("GET", &format!("{}/messages", world.path("general")), Value::Null).await;
    let before = world.sandbox.snapshot("ana")["version"].clone();
    assert!(!changed.has_changed().expect("the sandbox lives"));
    world.post("general", json!({ "content": "two" })).await;
    assert!(changed.has_changed().expect("the sandbox lives"));
    assert_ne!(world.sandbox.snapshot("ana")["version"], before);
}

#[tokio::test]
async fn the_history_pages_in_all_three_directions() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for n in 0..10 {
        ids.push(
            world.post("general", json!({ "content": n.to_string() })).await["id"].as_str().expect("id").to_owned(),
        );
    }
    let path = format!("{}/messages", world.path("general"));
    let texts = |page: Value| -> Vec<String> {
        page.as_array().expect("a list").iter().map(|m| m["content"].as_str().expect("text").to_owned()).collect()
    };
    let cases = [
        ("?limit=3".to_owned(), vec!["9", "8", "7"]),
        (format!("?limit=3&before={}", ids[4]), vec!["3", "2", "1"]),
        (format!("?limit=3&after={}", ids[4]), vec!["7", "6", "5"]),
        (format!("?limit=2&after={}", ids[9]), vec![]),
        ("?limit=3&after=0".to_owned(), vec!["2", "1", "0"]),
        (format!("?limit=3&around={}", ids[4]), vec!["5", "4", "3"]),
    ];
    for (query, expected) in cases {
        assert_eq!(texts(world.ok("GET", &format!("{path}{query}"), Value::Null).await), expected, "{query}");
    }
    for limit in [0, 101] {
        world.refused("GET", &format!("{path}?limit={limit}"), Value::Null, 400, 50035).await;
    }
}

#[tokio::test]
async fn a_repeated_nonce_returns_the_first_message() {
    let world = World::start().await;
    let body = json!({ "content": "card", "nonce": "ticket-1", "enforce_nonce": true });
    let first = world.post("general", body.clone()).await;
    assert_eq!(first["nonce"], "ticket-1");
    let second = world.post("general", body.clone()).await;
    assert_eq!(first["id"], second["id"]);
    let third = world.post("general", json!({ "content": "card", "nonce": "ticket-1" })).await;
    assert_ne!(first["id"], third["id"], "without enforce_nonce nothing is checked");
    let history = world.ok("GET", &format!("{}/messages", world.path("general")), Value::Null).await;
    assert_eq!(history.as_array().map(Vec::len), Some(2));
    assert!(history[0].get("nonce").is_none(), "the history does not tell nonces");
    world.clock.advance(600_000);
    assert_ne!(world.post("general", body).await["id"], first["id"], "the past few minutes are over");
}

#[tokio::test]
async fn only_allowed_mentions_notify() {
    let world = World::start().await;
    let (ana, leads) = (world.user("ana"), world.sandbox.role_id("leads").expect("a role"));
    let text = format!("<@{ana}> <@&{leads}> @everyone");
    let cases = [
        (Value::Null, 1, 1, true),
        (json!({ "parse": [] }), 0, 0, false),
        (json!({ "parse": ["users"] }), 1, 0, false),
        (json!({ "users": [ana] }), 1, 0, false),
        (json!({ "parse": ["roles", "everyone"] }), 0, 1, true),
    ];
    for (allowed, users, roles, everyone) in cases {
        let before = world.sandbox.pings().len();
        let sent = world.post("general", json!({ "content": text, "allowed_mentions": allowed })).await;
        assert_eq!(sent["mentions"].as_array().map(Vec::len), Some(users), "{allowed}");
        assert_eq!(sent["mention_everyone"], everyone, "{allowed}");
        let pings = world.sandbox.pings();
        let quiet = users + roles == 0 && !everyone;
        assert_eq!(pings.len() - before, usize::from(!quiet), "{allowed}");
        if !quiet {
            let ping = &pings[before];
            assert_eq!((ping.users.len(), ping.roles.len(), ping.everyone), (users, roles, everyone), "{allowed}");
        }
    }
    let both = json!({ "content": "x", "allowed_mentions": { "parse": ["users"], "users": [ana] } });
    world.refused("POST", &format!("{}/messages", world.path("general")), both, 400, 50035).await;
}

#[tokio::test]
async fn files_are_stored_and_shown_in_embeds() {
    let world = World::start().await;
    let payload = json!({
        "embeds": [{ "title": "chart", "image": { "url": "attachment://chart.png" } }],
        "attachments": [{ "id": 0, "description": "a chart" }, { "id": 1 }],
    });
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\x68".to_vec();
    let part = |bytes: Vec<u8>, name: &str, kind: &str| {
        reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned()).mime_str(kind).expect("a MIME type")
    };
    let form = reqwest::multipart::Form::new()
        .text("payload_json", payload.to_string())
        .part("files[0]", part(png.clone(), "chart.png", "image/png"))
        .part("files[1]", part(b"a;b".to_vec(), "table.csv", "text/csv"));
    let path = format!("{}/messages", world.path("general"));
    let answer = world.request("POST", &path).multipart(form).send().await.expect("an answer");
    let sent: Value = answer.json().await.expect("JSON");
    let url = sent["embeds"][0]["image"]["url"].as_str().expect("a URL");
    assert!(url.starts_with("http://127.0.0.1"), "{sent}");
    assert_eq!(reqwest::get(url).await.expect("an answer").bytes().await.expect("bytes"), png);
    let listed = sent["attachments"].as_array().expect("a list");
    assert_eq!(listed.len(), 1, "the image shows in the embed only: {sent}");
    assert_eq!(listed[0]["filename"], "table.csv");
    let lost = json!({ "content": "x", "attachments": [{ "id": 0 }] });
    world.refused("POST", &path, lost, 400, 50035).await;
}

#[tokio::test]
async fn reactions_and_pins_work_and_say_so() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let sent = world.post("general", json!({ "content": "vote" })).await;
    let id = sent["id"].as_str().expect("an id").to_owned();
    let path = format!("{}/messages/{id}/reactions/%F0%9F%91%8D", world.path("general"));
    assert_eq!(world.call("PUT", &format!("{path}/@me"), Value::Null).await.0, 204);
    world.act("bo", json!({ "act": "react", "channel": "general", "message": id, "emoji": "👍" })).await;
    assert_eq!(world.ok("GET", &path, Value::Null).await.as_array().map(Vec::len), Some(2));
    gateway.event("MESSAGE_REACTION_ADD").await;
    let seen = gateway.event("MESSAGE_REACTION_ADD").await;
    assert_eq!((&seen["user_id"], &seen["emoji"]["name"]), (&json!(world.user("bo")), &json!("👍")));
    let bad = format!("{}/messages/{id}/reactions/thumbs/@me", world.path("general"));
    world.refused("PUT", &bad, Value::Null, 400, 10014).await;
    let pin = format!("{}/messages/pins/{id}", world.path("general"));
    assert_eq!(world.call("PUT", &pin, Value::Null).await.0, 204);
    gateway.event("CHANNEL_PINS_UPDATE").await;
    assert_eq!(gateway.event("MESSAGE_CREATE").await["type"], 6, "the channel is told of the pin");
    let pins = world.ok("GET", &format!("{}/messages/pins", world.path("general")), Value::Null).await;
    assert_eq!(pins["items"][0]["message"]["id"], json!(id));
    assert_eq!(world.call("DELETE", &pin, Value::Null).await.0, 204);
    let old = world.ok("GET", &format!("{}/pins", world.path("general")), Value::Null).await;
    assert_eq!(old, json!([]));
}

#[tokio::test]
async fn direct_messages_reach_who_allows_them() {
    let world = World::start().await;
    let ana = world.ok("POST", "/users/@me/channels", json!({ "recipient_id": world.user("ana") })).await;
    let again = world.ok("POST", "/users/@me/channels", json!({ "recipient_id": world.user("ana") })).await;
    assert_eq!((ana["type"].as_u64(), &ana["id"]), (Some(1), &again["id"]));
    let path = format!("/channels/{}/messages", ana["id"].as_str().expect("an id"));
    world.ok("POST", &path, json!({ "content": "psst" })).await;
    let bo = world.ok("POST", "/users/@me/channels", json!({ "recipient_id": world.user("bo") })).await;
    let path = format!("/channels/{}/messages", bo["id"].as_str().expect("an id"));
    world.refused("POST", &path, json!({ "content": "psst" }), 403, 50007).await;
    world.refused("POST", "/users/@me/channels", json!({ "recipient_id": "12" }), 400, 50033).await;
}

#[tokio::test]
async fn the_sixth_post_in_five_seconds_waits() {
    let mut rules = setup();
    rules.enforce_rate_limits = true;
    let world = World::with(rules).await;
    let path = format!("{}/messages", world.path("general"));
    for n in 0..5 {
        let answer = world.request("POST", &path).json(&json!({ "content": "x" })).send().await.expect("an answer");
        assert_eq!(answer.headers()["x-ratelimit-remaining"], (4 - n).to_string().as_str());
        assert_eq!(answer.headers()["x-ratelimit-limit"], "5");
        assert!(answer.headers().contains_key("x-ratelimit-bucket"));
    }
    world.clock.advance(1_500);
    let answer = world.request("POST", &path).json(&json!({ "content": "x" })).send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "4");
    assert_eq!(answer.headers()["x-ratelimit-reset-after"], "3.500");
    assert_eq!(answer.headers()["x-ratelimit-scope"], "user");
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!((body["retry_after"].as_f64(), &body["global"]), (Some(3.5), &json!(false)));
    world.clock.advance(3_500);
    world.post("general", json!({ "content": "now" })).await;
}

#[tokio::test]
async fn a_channel_is_renamed_twice_in_ten_minutes() {
    let mut rules = setup();
    rules.enforce_rate_limits = true;
    let world = World::with(rules).await;
    for name in ["one", "two"] {
        world.ok("PATCH", &world.path(if name == "one" { "general" } else { "one" }), json!({ "name": name })).await;
    }
    let (status, body) = world.call("PATCH", &world.path("two"), json!({ "name": "three" })).await;
    assert_eq!((status, body["retry_after"].as_f64()), (429, Some(600.0)));
    world.ok("PATCH", &world.path("two"), json!({ "rate_limit_per_user": 5 })).await;
}

#[tokio::test]
async fn broken_bodies_are_refused_and_every_call_is_recorded() {
    let world = World::start().await;
    let path = format!("{}/messages", world.path("general"));
    let answer = world.request("POST", &path).body("{nope").send().await.expect("an answer");
    assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], 50109);
    let huge = "x".repeat(26_214_401);
    let answer = world.request("POST", &path).body(huge).send().await.expect("an answer");
    assert_eq!(answer.status(), 413);
    world.post("general", json!({ "content": "kept" })).await;
    let calls = world.sandbox.calls();
    let last = calls.last().expect("a call");
    assert_eq!((last.method.as_str(), last.status, &last.body["content"]), ("POST", 200, &json!("kept")));
    assert_eq!(last.path, path);
}
