//! The gateway: handshake, close codes, intents, resume.

use std::time::Duration;

use serde_json::{Value, json};
use vigie::sandbox::discord::DiscordSetup;

use crate::harness::{Gateway, Heard, INTENTS, World, setup};

fn identify(token: &str, intents: u64) -> Value {
    json!({ "op": 2, "d": { "token": token, "intents": intents, "properties": { "os": "x", "browser": "x", "device": "x" } } })
}

#[tokio::test]
async fn a_bot_gets_ready_and_the_guild() {
    let world = World::start().await;
    let mut gateway = Gateway::open(&world).await;
    gateway.identify(&world, INTENTS).await;
    let ready = gateway.event("READY").await;
    assert_eq!(ready["v"], 10);
    assert_eq!(ready["guilds"], json!([{ "id": world.sandbox.guild_id(), "unavailable": true }]));
    assert_eq!(ready["application"]["id"], json!(world.sandbox.application_id()));
    assert!(ready["resume_gateway_url"].as_str().is_some_and(|url| url.starts_with("ws://127.0.0.1")));
    let guild = gateway.event("GUILD_CREATE").await;
    let names: Vec<&str> =
        guild["channels"].as_array().expect("channels").iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(names, ["general", "desk"]);
    assert_eq!(guild["member_count"], 4, "three people and the bot");
    assert_eq!(guild["members"].as_array().map(Vec::len), Some(1), "without presences only the bot itself");
    gateway.send(json!({ "op": 1, "d": gateway.seq })).await;
    assert_eq!(gateway.json().await["op"], 11);
}

#[tokio::test]
async fn wrong_handshakes_close_with_their_code() {
    let mut rules = setup();
    rules.message_content_intent = false;
    let world = World::with(rules).await;
    let token = world.sandbox.token();
    let sharded = |id: u64, count: u64| {
        let mut payload = identify(&token, 1);
        payload["d"]["shard"] = json!([id, count]);
        payload
    };
    let cases = [
        ("a wrong token", identify("x", 1), 4004),
        ("unknown intents", identify(&token, 1 << 40), 4013),
        ("an intent the portal forbids", identify(&token, 1 << 15), 4014),
        ("presences", identify(&token, 1 << 8), 4014),
        ("a shard beyond the count", sharded(2, 2), 4010),
        ("a command before IDENTIFY", json!({ "op": 3, "d": {} }), 4003),
        ("an unknown opcode", json!({ "op": 99, "d": {} }), 4003),
        ("no opcode", json!({ "d": {} }), 4001),
        ("a payload over 4096 bytes", json!({ "op": 1, "d": "x".repeat(4097) }), 4002),
        ("a resume with a wrong token", json!({ "op": 6, "d": { "token": "x", "session_id": "y", "seq": 1 } }), 4004),
    ];
    for (name, payload, code) in cases {
        let mut gateway = Gateway::open(&world).await;
        gateway.send(payload).await;
        assert_eq!(gateway.closed().await, Some(code), "{name}");
    }
    let mut gateway = Gateway::ready_with(&world, 1).await;
    gateway.identify(&world, 1).await;
    assert_eq!(gateway.closed().await, Some(4005), "a second IDENTIFY");
    let mut gateway = Gateway::ready_with(&world, 1).await;
    gateway.send(json!({ "op": 42 })).await;
    assert_eq!(gateway.closed().await, Some(4001), "an unknown opcode");
}

#[tokio::test]
async fn too_many_frames_close_with_4008_and_silence_with_4009() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    for _ in 0..120 {
        gateway.send(json!({ "op": 1, "d": null })).await;
    }
    assert_eq!(gateway.closed().await, Some(4008));
    let world = World::with(DiscordSetup { heartbeat_interval_ms: 100, ..setup() }).await;
    let mut gateway = Gateway::ready(&world).await;
    assert_eq!(gateway.closed().await, Some(4009));
}

#[tokio::test]
async fn a_second_identify_within_five_seconds_is_sent_away() {
    let world = World::with(DiscordSetup { identify_window_ms: 5_000, ..setup() }).await;
    let _first = Gateway::ready(&world).await;
    let mut second = Gateway::open(&world).await;
    second.identify(&world, INTENTS).await;
    let answer = second.json().await;
    assert_eq!((answer["op"].as_u64(), &answer["d"]), (Some(9), &json!(false)));
    let limit = world.ok("GET", "/gateway/bot", Value::Null).await["session_start_limit"].clone();
    assert_eq!((limit["remaining"].as_u64(), limit["max_concurrency"].as_u64()), (Some(998), Some(1)));
}

#[tokio::test]
async fn intents_decide_what_arrives() {
    let world = World::start().await;
    // Guilds and guild messages, without message content.
    let mut blind = Gateway::ready_with(&world, 1 | 1 << 9).await;
    let mut seeing = Gateway::ready(&world).await;
    let bot = world.sandbox.application_id();
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "secret" })).await;
    assert_eq!(blind.event("MESSAGE_CREATE").await["content"], "");
    let seen = seeing.event("MESSAGE_CREATE").await;
    assert_eq!(seen["content"], "secret");
    assert_eq!(seen["guild_id"], json!(world.sandbox.guild_id()));
    assert!(seen["member"]["joined_at"].is_string());
    world.act("ana", json!({ "act": "post", "channel": "general", "content": format!("<@{bot}> help") })).await;
    assert_eq!(
        blind.event("MESSAGE_CREATE").await["content"],
        json!(format!("<@{bot}> help")),
        "a mention is readable"
    );
    world.act("ana", json!({ "act": "typing", "channel": "general" })).await;
    world.act("ana", json!({ "act": "post", "channel": "closed", "content": "hidden" })).await;
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "last" })).await;
    assert_eq!(blind.next_event().await.0, "MESSAGE_CREATE", "neither typing nor a hidden channel arrived");
    seeing.event("MESSAGE_CREATE").await;
    assert_eq!(seeing.next_event().await.0, "TYPING_START");
    assert_eq!(seeing.event("MESSAGE_CREATE").await["content"], "last");
    let dm = world.act("ana", json!({ "act": "open_dm" })).await["channel"].clone();
    world.act("ana", json!({ "act": "post", "channel": dm, "content": "psst" })).await;
    let dm = seeing.event("MESSAGE_CREATE").await;
    assert_eq!((dm["content"].as_str(), dm.get("guild_id")), (Some("psst"), None));
}

#[tokio::test]
async fn a_resumed_session_misses_nothing_and_a_dead_one_starts_anew() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let (session, seq) = (gateway.session.clone(), gateway.seq);
    gateway.close(4000).await;
    for n in 0..3 {
        world.act("ana", json!({ "act": "post", "channel": "general", "content": n.to_string() })).await;
    }
    let mut back = Gateway::open(&world).await;
    back.resume(&world, &session, seq).await;
    for n in 0..3 {
        assert_eq!(back.event("MESSAGE_CREATE").await["content"], json!(n.to_string()));
    }
    assert_eq!(back.next_event().await.0, "RESUMED");
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "live" })).await;
    assert_eq!(back.event("MESSAGE_CREATE").await["content"], "live");

    let mut ahead = Gateway::open(&world).await;
    ahead.resume(&world, &session, 9_999).await;
    assert_eq!(ahead.closed().await, Some(4007));

    let seq = back.seq;
    back.close(1000).await;
    // The server must have seen the close before the next RESUME is judged.
    while !matches!(back.hear().await, Heard::Broken | Heard::Closed(_)) {}
    let mut gone = Gateway::open(&world).await;
    gone.resume(&world, &session, seq).await;
    let answer = gone.json().await;
    assert_eq!((answer["op"].as_u64(), &answer["d"]), (Some(9), &json!(false)), "close 1000 ends the session");
    gone.identify(&world, INTENTS).await;
    gone.event("READY").await;
}

#[tokio::test]
async fn a_session_left_alone_for_minutes_is_forgotten() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let (session, seq) = (gateway.session.clone(), gateway.seq);
    gateway.close(4000).await;
    while !matches!(gateway.hear().await, Heard::Broken | Heard::Closed(_)) {}
    wait_offline(&world).await;
    world.clock.advance(Duration::from_secs(600).as_millis() as i64);
    let mut back = Gateway::open(&world).await;
    back.resume(&world, &session, seq).await;
    assert_eq!(back.json().await["op"], 9);
}

/// Until the server knows that no socket is left.
async fn wait_offline(world: &World) {
    let mut changed = world.sandbox.changed();
    while world.sandbox.sessions_online() > 0 {
        changed.changed().await.expect("the sandbox lives");
    }
}

#[tokio::test]
async fn members_come_in_chunks_when_asked_for() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let guild = world.sandbox.guild_id();
    let ask = |extra: Value| {
        let mut data = json!({ "guild_id": guild, "limit": 0, "nonce": "n1" });
        for (key, value) in extra.as_object().expect("an object") {
            data[key] = value.clone();
        }
        json!({ "op": 8, "d": data })
    };
    gateway.send(ask(json!({ "query": "" }))).await;
    let chunk = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!((chunk["members"].as_array().map(Vec::len), &chunk["nonce"]), (Some(4), &json!("n1")));
    gateway.send(ask(json!({ "query": "" }))).await;
    assert_eq!(gateway.event("RATE_LIMITED").await["opcode"], 8, "once per guild and 30 s");
    gateway.send(ask(json!({ "user_ids": [world.user("bo"), "12"] }))).await;
    let chunk = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!((&chunk["members"][0]["user"]["username"], &chunk["not_found"]), (&json!("bo"), &json!(["12"])));
}
