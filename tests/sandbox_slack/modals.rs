//! Modals and Home tabs.

use serde_json::{Value, json};

use super::harness::{Office, Socket};

fn modal(title: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "note",
        "notify_on_close": true,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {"type": "input", "block_id": "text", "label": {"type": "plain_text", "text": "Text"},
             "element": {"type": "plain_text_input", "action_id": "value", "max_length": 10}},
            {"type": "input", "block_id": "prio", "optional": true, "label": {"type": "plain_text", "text": "Priority"},
             "element": {"type": "static_select", "action_id": "value", "options": [
                {"text": {"type": "plain_text", "text": "High"}, "value": "p1"}]}},
        ],
    })
}

/// A fresh trigger of Léa, by a global shortcut.
async fn trigger(office: &Office, socket: &mut Socket) -> String {
    let act = office.starts(&office.lea, json!({"act": "global_shortcut", "callback_id": "new_ticket"}));
    let envelope = socket.envelope().await;
    socket.ack(&envelope).await;
    act.await.expect("act").expect("allowed");
    envelope["payload"]["trigger_id"].as_str().expect("trigger").to_owned()
}

async fn opened(office: &Office, socket: &mut Socket) -> String {
    let trigger_id = trigger(office, socket).await;
    let answer = office.call("views.open", json!({"trigger_id": trigger_id, "view": modal("Note")})).await;
    answer["view"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn a_trigger_works_once_and_for_three_seconds() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let open = |trigger: &str| json!({"trigger_id": trigger, "view": modal("Note")});
    let first = trigger(&office, &mut socket).await;
    assert_eq!(office.call("views.open", open(&first)).await["ok"], true);
    assert_eq!(office.call("views.open", open(&first)).await["error"], "exchanged_trigger_id");
    assert_eq!(office.call("views.open", open("1.2.x")).await["error"], "invalid_trigger_id");
    let second = trigger(&office, &mut socket).await;
    office.clock.advance(3_000);
    assert_eq!(office.call("views.open", open(&second)).await["ok"], true);
    let third = trigger(&office, &mut socket).await;
    office.clock.advance(3_001);
    assert_eq!(office.call("views.open", open(&third)).await["error"], "expired_trigger_id");
    let mut untitled = modal("x");
    untitled["title"] = Value::Null;
    let fourth = trigger(&office, &mut socket).await;
    let refused = office.call("views.open", json!({"trigger_id": fourth, "view": untitled})).await;
    assert_eq!(refused["error"], "invalid_arguments");
    assert_eq!(
        refused["response_metadata"]["messages"],
        json!(["[ERROR] missing required field: title [json-pointer:/view]"])
    );
}

#[tokio::test]
async fn a_submission_carries_every_value_and_closes_the_modal() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let id = opened(&office, &mut socket).await;
    let submit = |values: Value| json!({"act": "submit_modal", "view_id": id, "values": values});
    let empty = office.act(&office.lea, submit(json!({}))).await;
    assert_eq!(empty, Err("Please complete this required field.".to_owned()), "the client asks before sending");
    let long = office.act(&office.lea, submit(json!({"text": {"value": "x".repeat(11)}}))).await;
    assert!(long.is_err());
    let act = office.starts(&office.lea, submit(json!({"text": {"value": "hello"}, "prio": {"value": "p1"}})));
    let envelope = socket.envelope().await;
    assert_eq!(envelope["accepts_response_payload"], true);
    let payload = &envelope["payload"];
    assert_eq!((&payload["type"], &payload["view"]["callback_id"]), (&json!("view_submission"), &json!("note")));
    let values = &payload["view"]["state"]["values"];
    assert_eq!(values["text"]["value"], json!({"type": "plain_text_input", "value": "hello"}));
    assert_eq!(values["prio"]["value"]["selected_option"]["value"], "p1");
    socket.ack(&envelope).await;
    assert_eq!(act.await.expect("act").expect("allowed")["response_action"], "close");
    assert_eq!(office.slack.snapshot(&office.lea)["modal"], Value::Null);
}

#[tokio::test]
async fn an_answer_may_show_errors_update_push_or_clear() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let id = opened(&office, &mut socket).await;
    let cases = [
        (json!({"response_action": "errors", "errors": {"text": "Too short"}}), "errors", json!({"text": "Too short"})),
        (json!({"response_action": "update", "view": modal("Again")}), "update", Value::Null),
        (json!({"response_action": "push", "view": modal("On top")}), "push", Value::Null),
    ];
    for (answer, action, errors) in cases {
        let submit = json!({"act": "submit_modal", "view_id": id, "values": {"text": {"value": "hello"}}});
        let act = office.starts(&office.lea, submit);
        let envelope = socket.envelope().await;
        socket.answer(&envelope, answer).await;
        assert_eq!(act.await.expect("act").expect("allowed")["response_action"], action);
        assert_eq!(office.slack.snapshot(&office.lea)["modal_errors"], errors, "{action}");
    }
    let top = office.slack.snapshot(&office.lea)["modal"].clone();
    assert_eq!(top["view"]["title"]["text"], "On top");
    assert_eq!(top["view"]["previous_view_id"], id);
    let below = json!({"act": "submit_modal", "view_id": id, "values": {}});
    assert!(office.act(&office.lea, below).await.is_err(), "only the top modal can be used");
    let submit = json!({"act": "submit_modal", "view_id": top["view_id"], "values": {"text": {"value": "x"}}});
    let act = office.starts(&office.lea, submit);
    let envelope = socket.envelope().await;
    socket.answer(&envelope, json!({"response_action": "clear"})).await;
    act.await.expect("act").expect("allowed");
    assert_eq!(office.slack.snapshot(&office.lea)["modal"], Value::Null);
}

#[tokio::test]
async fn an_answer_slack_cannot_use_leaves_the_modal_open_with_a_notice() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let id = opened(&office, &mut socket).await;
    for answer in [
        json!({"response_action": "errors", "errors": {"nowhere": "x"}}),
        json!({"response_action": "update", "view": {"type": "modal", "blocks": []}}),
        json!({"text": "not an answer"}),
    ] {
        let act = office
            .starts(&office.lea, json!({"act": "submit_modal", "view_id": id, "values": {"text": {"value": "x"}}}));
        let envelope = socket.envelope().await;
        socket.answer(&envelope, answer).await;
        assert!(act.await.expect("act").expect("allowed")["error"].is_string());
        assert_eq!(office.toast(&office.lea), "We had some trouble connecting. Try again?");
        assert_eq!(office.slack.snapshot(&office.lea)["modal"]["view_id"], id);
    }
}

#[tokio::test]
async fn views_stack_three_high_and_close_with_a_word() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let id = opened(&office, &mut socket).await;
    for expected in [Value::Null, Value::Null, json!("push_limit_reached")] {
        let trigger_id = trigger(&office, &mut socket).await;
        let answer = office.call("views.push", json!({"trigger_id": trigger_id, "view": modal("More")})).await;
        assert_eq!(answer["error"], expected);
    }
    let top = office.slack.snapshot(&office.lea)["modal"]["view_id"].clone();
    let act = office.starts(&office.lea, json!({"act": "close_modal", "view_id": top}));
    let envelope = socket.envelope().await;
    assert_eq!((&envelope["payload"]["type"], &envelope["payload"]["view"]["id"]), (&json!("view_closed"), &top));
    assert_eq!(envelope["payload"]["view"]["root_view_id"], id);
    socket.ack(&envelope).await;
    act.await.expect("act").expect("allowed");
    assert_ne!(office.slack.snapshot(&office.lea)["modal"]["view_id"], top);
}

#[tokio::test]
async fn a_stale_hash_is_a_conflict() {
    let office = Office::open().await;
    let home = |hash: &str| json!({"user_id": office.lea, "hash": hash, "view": {"type": "home", "blocks": [{"type": "divider"}]}});
    let first = office.call("views.publish", home("")).await;
    let hash = first["view"]["hash"].as_str().expect("hash");
    let second = office.call("views.publish", home(hash)).await;
    assert_eq!(second["ok"], true, "{second}");
    assert_eq!(office.call("views.publish", home(hash)).await["error"], "hash_conflict");
    assert_eq!(second["view"]["id"], first["view"]["id"]);
    assert_eq!(office.slack.snapshot(&office.lea)["home"]["hash"], second["view"]["hash"]);
    let mut socket = office.socket().await;
    let id = opened(&office, &mut socket).await;
    let update = json!({"view_id": id, "hash": "1.x", "view": modal("New")});
    assert_eq!(office.call("views.update", update).await["error"], "hash_conflict");
    assert_eq!(office.call("views.update", json!({"view_id": "V0", "view": modal("New")})).await["error"], "not_found");
    assert_eq!(office.call("views.update", json!({"view_id": id, "view": modal("New")})).await["ok"], true);
}
