//! Slash commands, buttons, selects, modals, completion: what the user does, what the bot gets, what the user sees.

use serde_json::{Value, json};

use crate::harness::{Gateway, World};

fn assign() -> Value {
    json!([
        {
            "name": "assign", "name_localizations": { "fr": "assigner" }, "description": "Assign a ticket",
            "options": [
                { "type": 3, "name": "ticket", "description": "which", "required": true, "autocomplete": true },
                { "type": 6, "name": "to", "name_localizations": { "fr": "à" }, "description": "whom" },
                { "type": 3, "name": "how", "description": "how",
                  "choices": [{ "name": "Now", "value": "now", "name_localizations": { "fr": "Tout de suite" } }] },
                { "type": 4, "name": "days", "description": "days", "min_value": 1, "max_value": 7 },
            ],
        },
        { "name": "crisis", "description": "Crisis", "options": [
            { "type": 1, "name": "open", "description": "open", "options": [
                { "type": 3, "name": "topic", "description": "topic", "required": true }] },
            { "type": 1, "name": "close", "description": "close" },
        ] },
        { "name": "Open ticket", "type": 3 },
    ])
}

fn slash(name: &str, options: Value) -> Value {
    json!({ "act": "slash", "channel": "general", "name": name, "options": options })
}

fn text(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

async fn world() -> (World, Gateway) {
    let world = World::start().await;
    world.commands(assign()).await;
    let gateway = Gateway::ready(&world).await;
    (world, gateway)
}

#[tokio::test]
async fn a_slash_command_is_answered_edited_and_followed_up() {
    let (world, mut gateway) = world().await;
    let options = json!([text("ticket", "T-1"), text("à", "bo"), text("how", "Tout de suite")]);
    world.act("ana", slash("assigner", options)).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(
        (asked["type"].as_u64(), &asked["data"]["name"], &asked["locale"]),
        (Some(2), &json!("assign"), &json!("fr"))
    );
    assert_eq!(asked["data"]["options"][1], json!({ "name": "to", "type": 6, "value": world.user("bo") }));
    assert_eq!(asked["data"]["options"][2]["value"], "now");
    assert_eq!(asked["data"]["resolved"]["users"][world.user("bo")]["username"], "bo");
    assert!(asked["data"]["resolved"]["members"][world.user("bo")]["permissions"].is_string());
    for key in
        ["app_permissions", "guild_locale", "entitlements", "authorizing_integration_owners", "context", "channel"]
    {
        assert!(asked.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(world.answer(&asked, json!({ "type": 4, "data": { "content": "done" } })).await.0, 204);
    assert_eq!(world.answer(&asked, json!({ "type": 4, "data": { "content": "twice" } })).await.1["code"], 40060);
    let shown = world.last("bo", "general");
    assert_eq!((&shown["content"], shown["type"].as_u64()), (&json!("done"), Some(20)));
    assert_eq!(shown["interaction_metadata"]["user"]["id"], json!(world.user("ana")));
    let hook = world.webhook(&asked);
    let edited = world.ok("PATCH", &format!("{hook}/messages/@original"), json!({ "content": "changed" })).await;
    assert_eq!(edited["content"], "changed");
    let more = world.ok("POST", &hook, json!({ "content": "only you", "flags": 64 })).await;
    assert_eq!(world.last("ana", "general")["content"], "only you");
    assert_eq!(world.last("bo", "general")["content"], "changed", "an ephemeral message is for one person");
    let history = world.ok("GET", &format!("{}/messages", world.path("general")), Value::Null).await;
    assert_eq!(history.as_array().map(Vec::len), Some(1), "the history does not have it");
    let more = format!("{hook}/messages/{}", more["id"].as_str().expect("id"));
    world.ok("PATCH", &more, json!({ "content": "still you" })).await;
    assert_eq!(world.call("DELETE", &more, Value::Null).await.0, 204);
    world.clock.advance(15 * 60_000 + 1);
    world.refused("POST", &hook, json!({ "content": "late" }), 401, 50027).await;
}

#[tokio::test]
async fn the_client_refuses_what_does_not_fit_the_command() {
    let (world, _gateway) = world().await;
    let cases = [
        ("nothing", json!([]), "There is no command /nothing."),
        ("assign", json!([]), "The option \"ticket\" is required."),
        ("assign", json!([text("ticket", "T-1"), text("who", "x")]), "There is no option \"who\"."),
        ("assign", json!([text("ticket", "T-1"), text("to", "nobody")]), "The option \"to\" must be a member."),
        ("assign", json!([text("ticket", "T-1"), text("how", "later")]), "\"later\" is not a choice of \"how\"."),
        (
            "assign",
            json!([text("ticket", "T-1"), { "name": "days", "value": 8 }]),
            "The option \"days\" is out of range.",
        ),
        ("crisis", json!([]), "Choose one sub-command."),
        ("crisis", json!([{ "name": "open", "options": [] }]), "The option \"topic\" is required."),
    ];
    for (name, options, sentence) in cases {
        assert_eq!(world.act_refused("ana", slash(name, options)).await, sentence);
    }
}

#[tokio::test]
async fn a_late_answer_is_refused_and_the_user_told() {
    let (world, mut gateway) = world().await;
    world.act("ana", slash("crisis", json!([{ "name": "close" }]))).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    world.refused("POST", &world.webhook(&asked), json!({ "content": "too early" }), 404, 10015).await;
    world.clock.advance(3_001);
    let (status, answer) = world.answer(&asked, json!({ "type": 4, "data": { "content": "late" } })).await;
    assert_eq!((status, answer["code"].as_u64()), (404, Some(10062)));
    assert_eq!(world.toasts("ana"), ["The application did not respond"]);
    let (status, answer) = world.answer(&json!({ "id": "1", "token": "x" }), json!({ "type": 4 })).await;
    assert_eq!((status, answer["code"].as_u64()), (404, Some(10062)));
}

#[tokio::test]
async fn three_real_seconds_end_an_interaction_too() {
    let (world, mut gateway) = world().await;
    let mut changed = world.sandbox.changed();
    world.act("ana", slash("crisis", json!([{ "name": "close" }]))).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    while world.toasts("ana").is_empty() {
        changed.changed().await.expect("the sandbox lives");
    }
    assert_eq!(world.answer(&asked, json!({ "type": 5 })).await.1["code"], 10062);
}

#[tokio::test]
async fn thinking_turns_into_the_first_follow_up() {
    let (world, mut gateway) = world().await;
    for (edit, flags) in [(false, 0), (true, 64)] {
        world.act("ana", slash("crisis", json!([{ "name": "close" }]))).await;
        let asked = gateway.event("INTERACTION_CREATE").await;
        let (status, answer) = {
            let id = asked["id"].as_str().expect("id");
            let token = asked["token"].as_str().expect("token");
            let path = format!("/interactions/{id}/{token}/callback?with_response=true");
            world.call("POST", &path, json!({ "type": 5, "data": { "flags": flags } })).await
        };
        assert_eq!((status, &answer["interaction"]["response_message_loading"]), (200, &json!(true)));
        assert_eq!(world.last("ana", "general")["flags"], json!(128 | flags));
        let hook = world.webhook(&asked);
        if edit {
            world.ok("PATCH", &format!("{hook}/messages/@original"), json!({ "content": "ready" })).await;
        } else {
            world.ok("POST", &hook, json!({ "content": "ready" })).await;
        }
        let shown = world.last("ana", "general");
        assert_eq!(
            (&shown["content"], &shown["flags"], &shown["id"]),
            (&json!("ready"), &json!(flags), &answer["interaction"]["response_message_id"])
        );
    }
}

#[tokio::test]
async fn completion_offers_choices() {
    let (world, mut gateway) = world().await;
    let act = json!({ "act": "autocomplete", "channel": "general", "name": "assign",
                      "options": [{ "name": "ticket", "value": "T-", "focused": true }] });
    let bot = async {
        let asked = gateway.event("INTERACTION_CREATE").await;
        assert_eq!((asked["type"].as_u64(), &asked["data"]["options"][0]["focused"]), (Some(4), &json!(true)));
        assert_eq!(world.answer(&asked, json!({ "type": 4, "data": { "content": "x" } })).await.0, 400);
        let many: Vec<Value> = (0..26).map(|n| json!({ "name": n.to_string(), "value": n.to_string() })).collect();
        assert_eq!(world.answer(&asked, json!({ "type": 8, "data": { "choices": many } })).await.1["code"], 50035);
        world
            .answer(
                &asked,
                json!({ "type": 8, "data": { "choices": [{ "name": "T-1 late parcel", "value": "T-1" }] } }),
            )
            .await
    };
    let (offered, answered) = tokio::join!(world.act("ana", act), bot);
    assert_eq!(answered.0, 204);
    assert_eq!(offered["choices"][0]["value"], "T-1");
}

#[tokio::test]
async fn a_message_command_brings_the_message() {
    let (world, mut gateway) = world().await;
    let said = world.act("bo", json!({ "act": "post", "channel": "general", "content": "my parcel" })).await;
    let act = json!({ "act": "context", "channel": "general", "message": said["message"], "name": "Open ticket" });
    world.act("ana", act).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    assert_eq!((asked["data"]["type"].as_u64(), &asked["data"]["target_id"]), (Some(3), &said["message"]));
    let id = said["message"].as_str().expect("id");
    assert_eq!(asked["data"]["resolved"]["messages"][id]["content"], "my parcel");
    world.answer(&asked, json!({ "type": 4, "data": { "content": "opened" } })).await;
    assert_eq!(world.last("bo", "general")["type"], 23);
}

fn card() -> Value {
    json!({ "content": "T-1", "components": [
        { "type": 1, "components": [
            { "type": 2, "style": 1, "label": "Claim", "custom_id": "claim:T-1" },
            { "type": 2, "style": 4, "label": "Gone", "custom_id": "gone", "disabled": true },
            { "type": 2, "style": 5, "label": "See", "url": "https://example.org" } ] },
        { "type": 1, "components": [
            { "type": 3, "custom_id": "more", "options": [{ "label": "Snooze", "value": "snooze" }, { "label": "Merge", "value": "merge" }] } ] },
        { "type": 1, "components": [ { "type": 5, "custom_id": "whom", "max_values": 2 } ] },
    ] })
}

#[tokio::test]
async fn buttons_and_selects_update_their_message() {
    let (world, mut gateway) = world().await;
    let sent = world.post("general", card()).await;
    let on = |act: &str, id: &str| json!({ "act": act, "channel": "general", "message": sent["id"], "custom_id": id });
    world.act("bo", on("click", "claim:T-1")).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    assert_eq!((asked["type"].as_u64(), &asked["message"]["id"]), (Some(3), &sent["id"]));
    assert_eq!((&asked["data"]["custom_id"], &asked["data"]["component_type"]), (&json!("claim:T-1"), &json!(2)));
    assert_eq!(asked["member"]["user"]["username"], "bo");
    let update = json!({ "type": 7, "data": { "content": "T-1, bo has it", "components": [] } });
    assert_eq!(world.answer(&asked, update).await.0, 204);
    let shown = world.last("ana", "general");
    assert_eq!(
        (&shown["content"], &shown["components"], &shown["id"]),
        (&json!("T-1, bo has it"), &json!([]), &sent["id"])
    );
    assert_eq!(world.act_refused("bo", on("click", "claim:T-1")).await, "There is no such component.");

    let sent = world.post("general", card()).await;
    let on = |act: &str, id: &str| json!({ "act": act, "channel": "general", "message": sent["id"], "custom_id": id });
    assert_eq!(world.act_refused("bo", on("click", "gone")).await, "This component is disabled.");
    let mut choose = on("select", "more");
    choose["values"] = json!(["merge", "snooze"]);
    assert_eq!(world.act_refused("bo", choose.clone()).await, "Choose 1 to 1 entries.");
    choose["values"] = json!(["snooze"]);
    world.act("bo", choose).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(asked["data"]["values"], json!(["snooze"]));
    assert_eq!(world.answer(&asked, json!({ "type": 6 })).await.0, 204);
    let hook = world.webhook(&asked);
    world.ok("PATCH", &format!("{hook}/messages/@original"), json!({ "content": "snoozed" })).await;
    assert_eq!(world.last("ana", "general")["content"], "snoozed", "@original is the card itself");
    let mut whom = on("select", "whom");
    whom["values"] = json!([world.user("ana")]);
    world.act("bo", whom).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(asked["data"]["resolved"]["users"][world.user("ana")]["username"], "ana");
    assert_eq!(world.answer(&asked, json!({ "type": 8, "data": { "choices": [] } })).await.1["code"], 50035);
    assert_eq!(world.answer(&asked, json!({ "type": 4, "data": { "content": "no", "flags": 64 } })).await.0, 204);
    let own = world.last("bo", "general");
    assert_eq!((own["type"].as_u64(), &own["message_reference"]["message_id"]), (Some(19), &sent["id"]));
}

#[tokio::test]
async fn a_modal_is_opened_filled_in_and_answered() {
    let (world, mut gateway) = world().await;
    world.act("ana", slash("crisis", json!([{ "name": "close" }]))).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    let modal = json!({ "type": 9, "data": { "custom_id": "form", "title": "Close", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "why", "style": 2, "label": "Why", "min_length": 3 }] },
        { "type": 18, "label": "How bad", "component": { "type": 3, "custom_id": "level", "options": [{ "label": "1", "value": "1" }] } },
        { "type": 18, "label": "Note", "component": { "type": 4, "custom_id": "note", "style": 1, "required": false } },
    ] } });
    assert_eq!(world.answer(&asked, modal.clone()).await.0, 204);
    assert_eq!(world.sandbox.snapshot("ana")["modal"]["title"], "Close");
    assert_eq!(world.sandbox.snapshot("bo")["modal"], Value::Null);
    let submit = |values: Value| json!({ "act": "submit_modal", "custom_id": "form", "values": values });
    for (values, sentence) in [
        (json!({ "level": ["1"] }), "\"Why\" is required."),
        (json!({ "why": "no", "level": ["1"] }), "\"Why\" is too short."),
        (json!({ "why": "over" }), "\"How bad\" is required."),
        (json!({ "why": "over", "level": ["2"] }), "\"How bad\" has no option \"2\"."),
        (json!({ "why": "over", "level": ["1"], "odd": "x" }), "The form has no field \"odd\"."),
    ] {
        assert_eq!(world.act_refused("ana", submit(values)).await, sentence);
    }
    world.act("ana", submit(json!({ "why": "over", "level": "1" }))).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(asked["type"], 5);
    assert_eq!(asked["data"]["components"][0]["components"][0]["value"], "over");
    assert_eq!(asked["data"]["components"][1]["component"]["values"], json!(["1"]));
    assert_eq!(asked["data"]["components"][2]["component"]["value"], "");
    assert_eq!(world.answer(&asked, modal).await.1["code"], 50035, "a modal cannot answer a modal");
    assert_eq!(world.answer(&asked, json!({ "type": 4, "data": { "content": "closed" } })).await.0, 204);
    assert_eq!(world.sandbox.snapshot("ana")["modal"], Value::Null);
    let shown = world.last("ana", "general");
    assert_eq!(shown["interaction_metadata"]["triggering_interaction_metadata"]["type"], 2);
}

#[tokio::test]
async fn an_unanswered_modal_stays_open() {
    let (world, mut gateway) = world().await;
    world.act("ana", slash("crisis", json!([{ "name": "close" }]))).await;
    let asked = gateway.event("INTERACTION_CREATE").await;
    let modal = json!({ "type": 9, "data": { "custom_id": "form", "title": "Close", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "why", "style": 2, "label": "Why" }] } ] } });
    world.answer(&asked, modal).await;
    let submit = json!({ "act": "submit_modal", "custom_id": "form", "values": { "why": "over" } });
    world.act("ana", submit.clone()).await;
    gateway.event("INTERACTION_CREATE").await;
    assert_eq!(world.act_refused("ana", submit.clone()).await, "The form is already on its way.");
    world.clock.advance(3_001);
    assert_eq!(world.toasts("ana"), ["Something went wrong. Try again."]);
    world.act("ana", submit).await;
    let again = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(world.answer(&again, json!({ "type": 4, "data": { "content": "ok" } })).await.0, 204);
}
