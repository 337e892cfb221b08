//! Limits of commands and modals: one under passes, one over is refused where Discord refuses it.

use serde_json::{Value, json};

use crate::harness::{Gateway, World};
use crate::limits::{Make, assert_error, check, row, x};

fn command(extra: Value) -> Value {
    let mut body = json!({ "name": "c", "description": "d" });
    for (key, value) in extra.as_object().expect("an object") {
        body[key] = value.clone();
    }
    body
}

fn option(extra: Value) -> Value {
    let mut one = json!({ "type": 3, "name": "o", "description": "d" });
    for (key, value) in extra.as_object().expect("an object") {
        one[key] = value.clone();
    }
    command(json!({ "options": [one] }))
}

const COMMANDS: &[(&str, usize, Make, &str, &str)] = &[
    ("name", 32, |n| command(json!({ "name": x(n) })), "/name", "BASE_TYPE_BAD_LENGTH"),
    ("description", 100, |n| command(json!({ "description": x(n) })), "/description", "BASE_TYPE_BAD_LENGTH"),
    (
        "options",
        25,
        |n| {
            command(
                json!({ "options": (0..n).map(|i| json!({ "type": 3, "name": format!("o{i}"), "description": "d" })).collect::<Vec<_>>() }),
            )
        },
        "/options",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "choices",
        25,
        |n| {
            option(
                json!({ "choices": (0..n).map(|i| json!({ "name": i.to_string(), "value": i.to_string() })).collect::<Vec<_>>() }),
            )
        },
        "/options/0/choices",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "choice name",
        100,
        |n| option(json!({ "choices": [{ "name": x(n), "value": "a" }] })),
        "/options/0/choices/0/name",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "choice value",
        100,
        |n| option(json!({ "choices": [{ "name": "a", "value": x(n) }] })),
        "/options/0/choices/0/value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "total",
        8000,
        |n| {
            // Command: 2. Three options full of choices: 3 * (3 + 25 * (2 + 100)) = 7659. Three of 100. One takes the rest.
            let choice = |i: usize| json!({ "name": format!("{i:02}"), "value": x(98) + &format!("{i:02}") });
            let full = |o: usize| json!({ "type": 3, "name": format!("o{o}"), "description": "d", "choices": (0..25).map(choice).collect::<Vec<_>>() });
            let long =
                |o: usize, size: usize| json!({ "type": 3, "name": format!("y{o}"), "description": x(size - 2) });
            command(
                json!({ "options": [full(0), full(1), full(2), long(0, 100), long(1, 100), long(2, 100), long(3, n - 7961)] }),
            )
        },
        "",
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
];

fn modal(extra: Value, input: Value) -> Value {
    let mut one = json!({ "type": 4, "custom_id": "i", "style": 1, "label": "l" });
    for (key, value) in input.as_object().expect("an object") {
        one[key] = value.clone();
    }
    let mut data = json!({ "custom_id": "m", "title": "t", "components": [row(json!([one]))] });
    for (key, value) in extra.as_object().expect("an object") {
        data[key] = value.clone();
    }
    json!({ "type": 9, "data": data })
}

const MODALS: &[(&str, usize, Make, &str, &str)] = &[
    ("title", 45, |n| modal(json!({ "title": x(n) }), json!({})), "/data/title", "BASE_TYPE_BAD_LENGTH"),
    ("custom_id", 100, |n| modal(json!({ "custom_id": x(n) }), json!({})), "/data/custom_id", "BASE_TYPE_BAD_LENGTH"),
    (
        "rows",
        5,
        |n| {
            modal(
                json!({ "components": (0..n).map(|i| row(json!([{ "type": 4, "custom_id": i.to_string(), "style": 1, "label": "l" }]))).collect::<Vec<_>>() }),
                json!({}),
            )
        },
        "/data/components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "label",
        45,
        |n| modal(json!({}), json!({ "label": x(n) })),
        "/data/components/0/components/0/label",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "placeholder",
        100,
        |n| modal(json!({}), json!({ "placeholder": x(n) })),
        "/data/components/0/components/0/placeholder",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "value",
        4000,
        |n| modal(json!({}), json!({ "value": x(n) })),
        "/data/components/0/components/0/value",
        "BASE_TYPE_MAX_LENGTH",
    ),
];

#[tokio::test]
async fn commands_keep_their_limits() {
    let world = World::start().await;
    check(&world, COMMANDS, "POST", &format!("/applications/{}/commands", world.sandbox.application_id())).await;
}

#[tokio::test]
async fn modals_keep_their_limits() {
    let world = World::start().await;
    world.commands(json!([{ "name": "c", "description": "d" }])).await;
    let mut gateway = Gateway::ready(&world).await;
    for (name, max, make, at, code) in MODALS {
        world.act("ana", json!({ "act": "slash", "channel": "general", "name": "c" })).await;
        let asked = gateway.event("INTERACTION_CREATE").await;
        let (status, answer) = world.answer(&asked, make(max + 1)).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(50035)), "{name} over {max}: {answer}");
        assert_error(name, &answer, at, code);
        assert_eq!(world.answer(&asked, make(*max)).await.0, 204, "{name} at {max}");
    }
}

#[tokio::test]
async fn commands_are_named_as_discord_wants() {
    let world = World::start().await;
    let app = format!("/applications/{}", world.sandbox.application_id());
    let path = format!("{app}/guilds/{}/commands", world.sandbox.guild_id());
    let cases = [
        ("upper case", command(json!({ "name": "Assign" })), "/name", "APPLICATION_COMMAND_INVALID_NAME"),
        ("a space", command(json!({ "name": "a b" })), "/name", "APPLICATION_COMMAND_INVALID_NAME"),
        (
            "an unknown language",
            command(json!({ "name_localizations": { "fr-FR": "c" } })),
            "/name_localizations/fr-FR",
            "ENUM_TYPE_COERCE",
        ),
        (
            "French in upper case",
            command(json!({ "name_localizations": { "fr": "C" } })),
            "/name_localizations/fr",
            "APPLICATION_COMMAND_INVALID_NAME",
        ),
        (
            "required after optional",
            command(json!({ "options": [
            { "type": 3, "name": "a", "description": "d" }, { "type": 3, "name": "b", "description": "d", "required": true }] })),
            "/options/1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            "choices and completion",
            option(json!({ "autocomplete": true, "choices": [{ "name": "a", "value": "a" }] })),
            "/options/0",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
        ),
    ];
    for (name, body, at, code) in cases {
        let answer = world.refused("POST", &path, body, 400, 50035).await;
        assert_error(name, &answer, at, code);
    }
    let twice = world.refused("PUT", &path, json!([command(json!({})), command(json!({}))]), 400, 50035).await;
    assert_error("a name twice", &twice, "/1", "APPLICATION_COMMANDS_DUPLICATE_NAME");
}

#[tokio::test]
async fn commands_are_counted_and_replaced() {
    let world = World::start().await;
    let app = format!("/applications/{}", world.sandbox.application_id());
    let path = format!("{app}/guilds/{}/commands", world.sandbox.guild_id());
    let many = |count: usize, kind: u64| -> Value {
        (0..count)
            .map(|n| {
                if kind == 1 {
                    command(json!({ "name": format!("c{n}") }))
                } else {
                    json!({ "name": format!("c{n}"), "type": kind })
                }
            })
            .collect()
    };
    for (kind, max) in [(1, 100), (3, 15)] {
        world.refused("PUT", &path, many(max + 1, kind), 400, 30032).await;
        world.ok("PUT", &path, many(max, kind)).await;
    }
    let made = world.ok("PUT", &path, many(2, 1)).await;
    let same = world.ok("PUT", &path, many(2, 1)).await;
    assert_eq!(made[0]["id"], same[0]["id"], "an unchanged name keeps its id");
    assert_eq!(world.call("POST", &path, command(json!({ "name": "c0" }))).await.0, 200);
    let one = format!("{path}/{}", made[1]["id"].as_str().expect("id"));
    assert_eq!(world.ok("PATCH", &one, json!({ "description": "new" })).await["description"], "new");
    assert_eq!(world.call("DELETE", &one, Value::Null).await.0, 204);
    world.refused("GET", &one, Value::Null, 404, 10063).await;
    // 100 + 15 + 2 were created above; the day's maximum is 200.
    for n in 0..83 {
        let body = command(json!({ "name": format!("d{n}") }));
        assert_eq!(world.call("POST", &path, body).await.0, 201, "{n}");
    }
    world.refused("POST", &path, command(json!({ "name": "last" })), 429, 30034).await;
    world.clock.advance(86_400_000);
    assert_eq!(world.call("POST", &path, command(json!({ "name": "last" }))).await.0, 201);
}
