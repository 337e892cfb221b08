//! Slash commands, buttons, menus, shortcuts and `response_url`s.

use serde_json::{Value, json};

use super::harness::{Office, Socket, setup};

#[tokio::test]
async fn a_slash_command_carries_everything_and_its_ack_may_show_a_message() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let typed = json!({"act": "slash", "channel": office.care, "text": "/assign T-1 @lea"});
    let act = office.starts(&office.tom, typed);
    let envelope = socket.envelope().await;
    assert_eq!((&envelope["type"], &envelope["accepts_response_payload"]), (&json!("slash_commands"), &json!(true)));
    let payload = &envelope["payload"];
    let expected = [
        ("command", "/assign".to_owned()),
        ("text", format!("T-1 <@{}|lea>", office.lea)),
        ("user_id", office.tom.clone()),
        ("user_name", "tom".to_owned()),
        ("channel_id", office.care.clone()),
        ("channel_name", "care".to_owned()),
        ("team_domain", "sandbox".to_owned()),
        ("is_enterprise_install", "false".to_owned()),
    ];
    for (name, value) in expected {
        assert_eq!(payload[name], value, "{name}");
    }
    assert!(payload["trigger_id"].is_string() && payload["response_url"].is_string());
    socket.answer(&envelope, json!({"text": "done", "response_type": "ephemeral"})).await;
    assert_eq!(act.await.expect("act").expect("allowed")["delivered"], true);
    assert_eq!(office.shown(&office.tom)[0]["text"], "done");
    assert!(office.shown(&office.lea).is_empty(), "ephemeral");
}

#[tokio::test]
async fn commands_are_refused_in_threads_and_when_unknown() {
    let office = Office::open().await;
    let ts = office.post("card").await;
    let in_thread = json!({"act": "slash", "channel": office.care, "text": "/assign x", "thread_ts": ts});
    assert_eq!(office.act(&office.lea, in_thread).await, Err("/assign is not supported in threads. Sorry!".to_owned()));
    let unknown = json!({"act": "slash", "channel": office.care, "text": "/nonsense"});
    assert!(office.act(&office.lea, unknown).await.is_err_and(|error| error.contains("not a valid command")));
}

#[tokio::test]
async fn a_command_nobody_answers_shows_the_error_people_know() {
    let mut quick = setup();
    quick.ack_timeout_ms = 30;
    let office = Office::with(quick).await;
    let typed = json!({"act": "slash", "channel": office.care, "text": "/assign x"});
    office.does(&office.lea, typed.clone()).await;
    assert_eq!(office.toast(&office.lea), "/assign failed with the error \"dispatch_failed\"");
    let mut socket = office.socket().await;
    office.does(&office.lea, typed).await;
    assert_eq!(office.toast(&office.lea), "/assign failed with the error \"operation_timeout\"");
    assert_eq!(socket.envelope().await["type"], "slash_commands");
    office.clock.advance(600_000);
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "x"})).await;
    assert_eq!(socket.envelope().await["type"], "events_api", "a command is never delivered again");
}

async fn card(office: &Office, socket: &mut Socket) -> String {
    let blocks = json!([
        {"type": "section", "block_id": "top", "text": {"type": "mrkdwn", "text": "T-1"}},
        {"type": "actions", "block_id": "acts", "elements": [
            {"type": "button", "action_id": "claim", "value": "T-1", "text": {"type": "plain_text", "text": "Claim"}},
            {"type": "static_select", "action_id": "prio", "options": [
                {"text": {"type": "plain_text", "text": "High"}, "value": "p1"},
                {"text": {"type": "plain_text", "text": "Low"}, "value": "p4"}]},
            {"type": "users_select", "action_id": "who"},
            {"type": "external_select", "action_id": "ticket", "min_query_length": 1}]},
    ]);
    let args = json!({"channel": office.care, "text": "T-1", "blocks": blocks});
    let posted = office.call("chat.postMessage", args).await;
    assert_eq!(socket.event("message").await["text"], "T-1");
    posted["ts"].as_str().expect("ts").to_owned()
}

#[tokio::test]
async fn a_click_carries_message_state_and_a_way_to_answer() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let ts = card(&office, &mut socket).await;
    let at = |act: &str, action: &str, extra: Value| {
        let mut act = json!({"act": act, "channel": office.care, "ts": ts, "block_id": "acts", "action_id": action});
        for (name, value) in extra.as_object().into_iter().flatten() {
            act[name] = value.clone();
        }
        act
    };
    let select = office.starts(&office.lea, at("select", "prio", json!({"value": "p1"})));
    let envelope = socket.envelope().await;
    assert_eq!(envelope["payload"]["actions"][0]["selected_option"]["value"], "p1");
    socket.ack(&envelope).await;
    assert_eq!(select.await.expect("act").expect("allowed")["delivered"], true);
    let click = office.starts(&office.lea, at("click", "claim", json!({})));
    let envelope = socket.envelope().await;
    assert_eq!((&envelope["type"], &envelope["accepts_response_payload"]), (&json!("interactive"), &json!(false)));
    let payload = &envelope["payload"];
    assert_eq!(payload["type"], "block_actions");
    assert_eq!(
        (&payload["actions"][0]["action_id"], &payload["actions"][0]["value"]),
        (&json!("claim"), &json!("T-1"))
    );
    assert_eq!(
        payload["container"],
        json!({
        "type": "message", "message_ts": ts, "channel_id": office.care, "is_ephemeral": false})
    );
    assert_eq!(payload["message"]["ts"], ts);
    assert_eq!(payload["channel"], json!({"id": office.care, "name": "care"}));
    assert_eq!(payload["user"]["id"], office.lea.as_str());
    assert_eq!(payload["state"]["values"]["acts"]["prio"]["selected_option"]["value"], "p1", "kept from before");
    socket.ack(&envelope).await;
    click.await.expect("act").expect("allowed");
    let user = office.starts(&office.lea, at("select", "who", json!({"value": office.tom})));
    let envelope = socket.envelope().await;
    assert_eq!(envelope["payload"]["actions"][0]["selected_user"], office.tom.as_str());
    socket.ack(&envelope).await;
    user.await.expect("act").expect("allowed");
    let wrong = office.act(&office.lea, at("select", "prio", json!({"value": "p9"}))).await;
    assert!(wrong.is_err(), "an option that is not there cannot be chosen");
    let suggest = office.starts(&office.lea, at("suggest", "ticket", json!({"value": "T"})));
    let envelope = socket.envelope().await;
    assert_eq!(
        (&envelope["payload"]["type"], &envelope["payload"]["value"]),
        (&json!("block_suggestion"), &json!("T"))
    );
    let options = json!([{"text": {"type": "plain_text", "text": "T-1"}, "value": "T-1"}]);
    socket.answer(&envelope, json!({"options": options})).await;
    assert_eq!(suggest.await.expect("act").expect("allowed")["options"], options);
}

#[tokio::test]
async fn a_response_url_works_five_times_in_half_an_hour() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let ts = card(&office, &mut socket).await;
    let click = json!({"act": "click", "channel": office.care, "ts": ts, "action_id": "claim"});
    let act = office.starts(&office.lea, click.clone());
    let envelope = socket.envelope().await;
    socket.ack(&envelope).await;
    act.await.expect("act").expect("allowed");
    let url = envelope["payload"]["response_url"].as_str().expect("url").to_owned();
    let send = |body: Value| {
        let request = office.http.post(&url).header("content-type", "application/json").body(body.to_string());
        async move { request.send().await.expect("answer").status().as_u16() }
    };
    assert_eq!(send(json!({"text": "only you"})).await, 200);
    assert_eq!(send(json!({"text": "all", "response_type": "in_channel"})).await, 200);
    assert_eq!(send(json!({"text": "new card", "replace_original": true})).await, 200);
    assert_eq!(send(json!({"text": ""})).await, 400);
    assert_eq!(send(json!({"delete_original": true})).await, 200);
    assert_eq!(send(json!({"text": "sixth"})).await, 404, "five uses are over");
    let texts: Vec<Value> = office.shown(&office.tom).iter().map(|one| one["text"].clone()).collect();
    assert_eq!(texts, ["all"], "the card is gone and the ephemeral message is not for Tom");
    let mine: Vec<Value> = office.shown(&office.lea).iter().map(|one| one["text"].clone()).collect();
    assert_eq!(mine, ["only you", "all"]);
}

#[tokio::test]
async fn a_response_url_ends_after_half_an_hour() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let act = office.starts(&office.lea, json!({"act": "slash", "channel": office.care, "text": "/assign x"}));
    let envelope = socket.envelope().await;
    socket.ack(&envelope).await;
    act.await.expect("act").expect("allowed");
    let url = envelope["payload"]["response_url"].as_str().expect("url");
    office.clock.advance(30 * 60 * 1_000 + 1);
    let late = office.http.post(url).body(json!({"text": "late"}).to_string()).send().await.expect("answer");
    assert_eq!(late.status(), 404);
    assert_eq!(late.json::<Value>().await.expect("JSON")["error"], "expired_url");
}

#[tokio::test]
async fn shortcuts_carry_the_message_or_nothing() {
    let office = Office::open().await;
    let mut socket = office.socket().await;
    let posted = office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "help"})).await;
    socket.event("message").await;
    let pick =
        json!({"act": "message_shortcut", "channel": office.care, "ts": posted["ts"], "callback_id": "open_ticket"});
    let act = office.starts(&office.tom, pick);
    let envelope = socket.envelope().await;
    let payload = &envelope["payload"];
    assert_eq!((&payload["type"], &payload["callback_id"]), (&json!("message_action"), &json!("open_ticket")));
    assert_eq!((&payload["message"]["text"], &payload["message_ts"]), (&json!("help"), &posted["ts"]));
    socket.ack(&envelope).await;
    act.await.expect("act").expect("allowed");
    let act = office.starts(&office.tom, json!({"act": "global_shortcut", "callback_id": "new_ticket"}));
    let envelope = socket.envelope().await;
    assert_eq!(envelope["payload"]["type"], "shortcut");
    socket.ack(&envelope).await;
    act.await.expect("act").expect("allowed");
    let unknown = office.act(&office.tom, json!({"act": "global_shortcut", "callback_id": "open_ticket"})).await;
    assert!(unknown.is_err());
}
