//! Limits of messages and channels: one under passes, one over is refused where Discord refuses it.

use serde_json::{Value, json};

use crate::harness::World;

pub fn x(n: usize) -> String {
    "x".repeat(n)
}

fn button(n: usize) -> Value {
    json!({ "type": 2, "style": 1, "label": "x", "custom_id": n.to_string() })
}

pub fn row(children: Value) -> Value {
    json!({ "type": 1, "components": children })
}

fn message_with(part: Value) -> Value {
    json!({ "content": "x", "components": [row(json!([part]))] })
}

fn select(extra: Value) -> Value {
    let mut part = json!({ "type": 3, "custom_id": "s", "options": [{ "label": "a", "value": "a" }] });
    for (key, value) in extra.as_object().expect("an object") {
        part[key] = value.clone();
    }
    message_with(part)
}

fn embed(inner: Value) -> Value {
    json!({ "embeds": [inner] })
}

fn field(name: usize, value: usize) -> Value {
    embed(json!({ "title": "t", "fields": [{ "name": x(name), "value": x(value) }] }))
}

pub type Make = fn(usize) -> Value;

/// What, the most, how a body of that size looks, where the error stands, its code.
const MESSAGES: &[(&str, usize, Make, &str, &str)] = &[
    ("content", 2000, |n| json!({ "content": x(n) }), "/content", "BASE_TYPE_MAX_LENGTH"),
    ("nonce", 25, |n| json!({ "content": "x", "nonce": x(n) }), "/nonce", "BASE_TYPE_MAX_LENGTH"),
    ("embeds", 10, |n| json!({ "embeds": vec![json!({ "title": "x" }); n] }), "/embeds", "BASE_TYPE_MAX_LENGTH"),
    ("embed title", 256, |n| embed(json!({ "title": x(n) })), "/embeds/0/title", "BASE_TYPE_MAX_LENGTH"),
    ("embed text", 4096, |n| embed(json!({ "description": x(n) })), "/embeds/0/description", "BASE_TYPE_MAX_LENGTH"),
    (
        "fields",
        25,
        |n| embed(json!({ "title": "t", "fields": vec![json!({ "name": "n", "value": "v" }); n] })),
        "/embeds/0/fields",
        "BASE_TYPE_MAX_LENGTH",
    ),
    ("field name", 256, |n| field(n, 1), "/embeds/0/fields/0/name", "BASE_TYPE_BAD_LENGTH"),
    ("field value", 1024, |n| field(1, n), "/embeds/0/fields/0/value", "BASE_TYPE_BAD_LENGTH"),
    ("footer", 2048, |n| embed(json!({ "footer": { "text": x(n) } })), "/embeds/0/footer/text", "BASE_TYPE_BAD_LENGTH"),
    ("author", 256, |n| embed(json!({ "author": { "name": x(n) } })), "/embeds/0/author/name", "BASE_TYPE_BAD_LENGTH"),
    (
        "all embeds",
        6000,
        |n| json!({ "embeds": [{ "description": x(3000) }, { "description": x(n - 3000) }] }),
        "/embeds",
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    ("embed colour", 0xff_ff_ff, |n| embed(json!({ "title": "x", "color": n })), "/embeds/0/color", "NUMBER_TYPE_MAX"),
    (
        "rows",
        5,
        |n| json!({ "content": "x", "components": (0..n).map(|i| row(json!([button(i)]))).collect::<Vec<_>>() }),
        "/components",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "buttons",
        5,
        |n| json!({ "content": "x", "components": [row((0..n).map(button).collect())] }),
        "/components/0/components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "custom_id",
        100,
        |n| message_with(json!({ "type": 2, "style": 1, "label": "x", "custom_id": x(n) })),
        "/components/0/components/0/custom_id",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "label",
        80,
        |n| message_with(json!({ "type": 2, "style": 1, "label": x(n), "custom_id": "c" })),
        "/components/0/components/0/label",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "button url",
        512,
        |n| message_with(json!({ "type": 2, "style": 5, "label": "x", "url": format!("https://e.org/{}", x(n - 14)) })),
        "/components/0/components/0/url",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "options",
        25,
        |n| {
            select(
                json!({ "options": (0..n).map(|i| json!({ "label": "a", "value": i.to_string() })).collect::<Vec<_>>() }),
            )
        },
        "/components/0/components/0/options",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "placeholder",
        150,
        |n| select(json!({ "placeholder": x(n) })),
        "/components/0/components/0/placeholder",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "option label",
        100,
        |n| select(json!({ "options": [{ "label": x(n), "value": "a" }] })),
        "/components/0/components/0/options/0/label",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "option value",
        100,
        |n| select(json!({ "options": [{ "label": "a", "value": x(n) }] })),
        "/components/0/components/0/options/0/value",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "option text",
        100,
        |n| select(json!({ "options": [{ "label": "a", "value": "a", "description": x(n) }] })),
        "/components/0/components/0/options/0/description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "V2 parts",
        40,
        |n| json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": vec![json!({ "type": 14 }); n - 1] }] }),
        "/components",
        "COMPONENT_MAX_TOTAL_EXCEEDED",
    ),
    (
        "V2 text",
        4000,
        |n| json!({ "flags": 1 << 15, "components": [{ "type": 10, "content": x(2000) }, { "type": 10, "content": x(n - 2000) }] }),
        "/components",
        "COMPONENT_MAX_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    (
        "mentions",
        100,
        |n| json!({ "content": "x", "allowed_mentions": { "users": vec!["1"; n] } }),
        "/allowed_mentions/users",
        "BASE_TYPE_MAX_LENGTH",
    ),
];

const CHANNELS: &[(&str, usize, Make, &str, &str)] = &[
    ("name", 100, |n| json!({ "name": x(n) }), "/name", "BASE_TYPE_BAD_LENGTH"),
    ("topic", 1024, |n| json!({ "name": "c", "topic": x(n) }), "/topic", "BASE_TYPE_MAX_LENGTH"),
    (
        "slow mode",
        21_600,
        |n| json!({ "name": "c", "rate_limit_per_user": n }),
        "/rate_limit_per_user",
        "NUMBER_TYPE_MAX",
    ),
];

pub fn assert_error(name: &str, answer: &Value, at: &str, code: &str) {
    let pointer = format!("/errors{at}/_errors/0/code");
    assert_eq!(answer.pointer(&pointer).and_then(Value::as_str), Some(code), "{name}: {answer}");
}

pub async fn check(world: &World, table: &[(&str, usize, Make, &str, &str)], method: &str, path: &str) {
    for (name, max, make, at, code) in table {
        let (status, answer) = world.call(method, path, make(*max)).await;
        assert!(status < 300, "{name} at {max}: {status} {answer}");
        let (status, answer) = world.call(method, path, make(max + 1)).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(50035)), "{name} over {max}: {answer}");
        assert_error(name, &answer, at, code);
    }
}

#[tokio::test]
async fn messages_keep_their_limits() {
    let world = World::start().await;
    check(&world, MESSAGES, "POST", &format!("{}/messages", world.path("general"))).await;
}

#[tokio::test]
async fn channels_keep_their_limits() {
    let world = World::start().await;
    check(&world, CHANNELS, "POST", &format!("/guilds/{}/channels", world.sandbox.guild_id())).await;
}

/// A rule without a number: what breaks it, where the one error stands, its code.
type Wrong = (&'static str, Value, &'static str, &'static str);

fn wrong_components() -> Vec<Wrong> {
    let plain = |style: u64| json!({ "type": 2, "style": style, "label": "x" });
    let with = |mut part: Value, key: &str, value: Value| {
        part[key] = value;
        message_with(part)
    };
    vec![
        (
            "a custom id twice",
            json!({ "content": "x", "components": [row(json!([button(1), button(1)]))] }),
            "/components/0/components/1/custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        ("no custom id", message_with(plain(1)), "/components/0/components/0/custom_id", "BASE_TYPE_REQUIRED"),
        ("a link without URL", message_with(plain(5)), "/components/0/components/0/url", "BASE_TYPE_REQUIRED"),
        (
            "a link to elsewhere",
            with(plain(5), "url", json!("ftp://e.org")),
            "/components/0/components/0/url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            "no URL at all",
            with(plain(5), "url", json!("e.org")),
            "/components/0/components/0/url",
            "URL_TYPE_INVALID_URL",
        ),
        ("a style of its own", message_with(plain(9)), "/components/0/components/0/style", "BASE_TYPE_CHOICES"),
        (
            "a word as emoji",
            with(button(1), "emoji", json!({ "name": "smile" })),
            "/components/0/components/0/emoji/name",
            "COMPONENT_INVALID_EMOJI",
        ),
        (
            "a button outside a row",
            json!({ "content": "x", "components": [button(1)] }),
            "/components/0/type",
            "UNION_TYPE_CHOICES",
        ),
        (
            "V2 parts without the flag",
            json!({ "content": "x", "components": [{ "type": 10, "content": "x" }] }),
            "/components/0/type",
            "UNION_TYPE_CHOICES",
        ),
        (
            "content beside V2",
            json!({ "content": "x", "flags": 1 << 15, "components": [{ "type": 10, "content": "x" }] }),
            "/content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            "a select beside a button",
            json!({ "content": "x", "components": [row(json!([button(1), { "type": 5, "custom_id": "u" }]))] }),
            "/components/0/components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            "an option value twice",
            select(json!({ "options": [{ "label": "a", "value": "v" }, { "label": "b", "value": "v" }] })),
            "/components/0/components/0/options/1/value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            "more values than options",
            select(json!({ "max_values": 2 })),
            "/components/0/components/0/max_values",
            "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE",
        ),
    ]
}

fn wrong_texts() -> Vec<Wrong> {
    vec![
        (
            "a field without value",
            embed(json!({ "fields": [{ "name": "n", "value": " " }] })),
            "/embeds/0/fields/0/value",
            "BASE_TYPE_REQUIRED",
        ),
        (
            "a bad time",
            embed(json!({ "title": "x", "timestamp": "soon" })),
            "/embeds/0/timestamp",
            "DATE_TIME_TYPE_PARSE",
        ),
        ("a text that is a list", json!({ "content": ["x"] }), "/content", "STRING_TYPE_CONVERT"),
        (
            "a reply to nothing",
            json!({ "content": "x", "message_reference": { "message_id": "12" } }),
            "/message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
    ]
}

#[tokio::test]
async fn wrong_forms_are_refused_as_discord_refuses_them() {
    let world = World::start().await;
    let path = format!("{}/messages", world.path("general"));
    for (name, body, at, code) in wrong_components().into_iter().chain(wrong_texts()) {
        let answer = world.refused("POST", &path, body, 400, 50035).await;
        assert_error(name, &answer, at, code);
    }
    for empty in [json!({}), json!({ "content": "   " }), json!({ "embeds": [{}] })] {
        world.refused("POST", &path, empty, 400, 50006).await;
    }
    let reply = json!({ "content": "x", "message_reference": { "message_id": "12", "fail_if_not_exists": false } });
    world.ok("POST", &path, reply).await;
}

#[tokio::test]
async fn maxima_of_a_message_and_a_channel() {
    let world = World::start().await;
    let sent = world.post("general", json!({ "content": "x" })).await;
    let path = format!("{}/messages/{}/reactions", world.path("general"), sent["id"].as_str().expect("id"));
    for n in 0..20 {
        let emoji = format!("%F0%9F%98%{:X}", 0x80 + n);
        assert_eq!(world.call("PUT", &format!("{path}/{emoji}/@me"), Value::Null).await.0, 204, "{n}");
    }
    world.refused("PUT", &format!("{path}/%E2%9C%85/@me"), Value::Null, 400, 30010).await;
    let mut ids = vec![sent["id"].clone()];
    for _ in 0..100 {
        ids.push(world.post("general", json!({ "content": "x" })).await["id"].clone());
    }
    let bulk = format!("{}/messages/bulk-delete", world.path("general"));
    world.refused("POST", &bulk, json!({ "messages": ids }), 400, 50016).await;
    world.refused("POST", &bulk, json!({ "messages": [ids[0]] }), 400, 50016).await;
    assert_eq!(world.call("POST", &bulk, json!({ "messages": ids[1..] })).await.0, 204);
    let files = |count: usize| {
        (0..count).fold(reqwest::multipart::Form::new().text("payload_json", "{\"content\":\"x\"}"), |form, n| {
            form.part(format!("files[{n}]"), reqwest::multipart::Part::bytes(vec![0]).file_name(format!("{n}.bin")))
        })
    };
    let path = format!("{}/messages", world.path("general"));
    for (count, status) in [(10, 200), (11, 400)] {
        let answer = world.request("POST", &path).multipart(files(count)).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{count} files");
    }
}
