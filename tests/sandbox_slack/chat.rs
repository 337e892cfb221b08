//! Messages: posting, threads, editing, deleting, history, marks.

use serde_json::{Value, json};

use super::harness::Office;

#[tokio::test]
async fn a_posted_message_is_in_the_history_with_its_metadata() {
    let office = Office::open().await;
    let metadata = json!({"event_type": "vigie_card", "event_payload": {"key": "k-1"}});
    let posted =
        office.call("chat.postMessage", json!({"channel": office.care, "text": "hello", "metadata": metadata})).await;
    assert_eq!(posted["message"]["bot_id"], office.slack.bot_id());
    assert_eq!(posted["message"]["user"], office.slack.bot_user_id());
    let plain = office.form("conversations.history", &[("channel", &office.care)]).await;
    assert_eq!(plain["messages"][0]["text"], "hello");
    assert_eq!(plain["messages"][0].get("metadata"), None);
    let full =
        office.form("conversations.history", &[("channel", &office.care), ("include_all_metadata", "true")]).await;
    assert_eq!(full["messages"][0]["metadata"], metadata);
}

#[tokio::test]
async fn history_pages_backwards_and_keeps_to_its_window() {
    let office = Office::open().await;
    let mut stamps = Vec::new();
    for at in 0..7 {
        office.clock.advance(1_000);
        stamps.push(office.post(&format!("m{at}")).await);
    }
    let mut cursor = String::new();
    let mut seen = Vec::new();
    loop {
        let page = office
            .form("conversations.history", &[("channel", &office.care), ("limit", "3"), ("cursor", &cursor)])
            .await;
        let texts = page["messages"].as_array().expect("messages").iter().map(|one| one["text"].clone());
        seen.extend(texts);
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap_or_default().to_owned();
        assert_eq!(page["has_more"], !cursor.is_empty());
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(seen, (0..7).rev().map(|at| json!(format!("m{at}"))).collect::<Vec<_>>());
    let window = [("channel", office.care.as_str()), ("oldest", &stamps[2]), ("latest", &stamps[4])];
    let count = |answer: Value| answer["messages"].as_array().map_or(0, Vec::len);
    assert_eq!(count(office.form("conversations.history", &window).await), 1);
    let inclusive = [&window[..], &[("inclusive", "true")]].concat();
    assert_eq!(count(office.form("conversations.history", &inclusive).await), 3);
}

#[tokio::test]
async fn threads_count_their_replies_and_stay_out_of_the_main_history() {
    let office = Office::open().await;
    let root = office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "root"})).await;
    let root = root["ts"].as_str().expect("ts");
    for text in ["one", "two", "three"] {
        office.call("chat.postMessage", json!({"channel": office.care, "text": text, "thread_ts": root})).await;
    }
    let history = office.form("conversations.history", &[("channel", &office.care)]).await;
    assert_eq!(history["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(history["messages"][0]["reply_count"], 3);
    let thread = office.form("conversations.replies", &[("channel", &office.care), ("ts", root)]).await;
    let texts: Vec<&Value> = thread["messages"].as_array().expect("messages").iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, ["root", "one", "two", "three"]);
    assert_eq!(thread["messages"][1]["parent_user_id"], office.lea.as_str());
    office.clock.advance(10_000);
    let lost =
        office.call("chat.postMessage", json!({"channel": office.care, "text": "x", "thread_ts": "1.000001"})).await;
    assert_eq!(lost["error"], "cannot_reply_to_message");
}

#[tokio::test]
async fn only_the_apps_own_messages_can_be_changed_by_it() {
    let office = Office::open().await;
    let theirs = office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "mine"})).await;
    let own = office.post("card").await;
    let cases = [
        ("chat.update", json!({"ts": theirs["ts"], "text": "x"}), "cant_update_message"),
        ("chat.delete", json!({"ts": theirs["ts"]}), "cant_delete_message"),
        ("chat.update", json!({"ts": "1.000001", "text": "x"}), "message_not_found"),
        ("chat.delete", json!({"ts": "1.000001"}), "message_not_found"),
        ("chat.update", json!({"ts": own, "text": ""}), "no_text"),
        ("chat.update", json!({"ts": own, "text": "x".repeat(4_001)}), "msg_too_long"),
    ];
    for (method, mut args, error) in cases {
        args["channel"] = json!(office.care);
        assert_eq!(office.call(method, args).await["error"], error, "{method}");
    }
    let updated = office.call("chat.update", json!({"channel": office.care, "ts": own, "text": "new"})).await;
    assert_eq!(updated["text"], "new");
    assert_eq!(office.call("chat.delete", json!({"channel": office.care, "ts": own})).await["ok"], true);
    assert_eq!(office.slack.messages(&office.care).len(), 1);
}

#[tokio::test]
async fn a_deleted_root_leaves_a_tombstone_while_it_has_replies() {
    let office = Office::open().await;
    let root = office.post("root").await;
    office.call("chat.postMessage", json!({"channel": office.care, "text": "reply", "thread_ts": root})).await;
    office.call("chat.delete", json!({"channel": office.care, "ts": root})).await;
    assert_eq!(office.slack.messages(&office.care)[0]["subtype"], "tombstone");
}

#[tokio::test]
async fn reactions_and_pins_refuse_what_is_already_so() {
    let office = Office::open().await;
    let ts = office.post("card").await;
    let on = |name: &str| json!({"channel": office.care, "timestamp": ts, "name": name});
    let cases = [
        ("reactions.remove", "eyes", json!("no_reaction")),
        ("reactions.add", "eyes", Value::Null),
        ("reactions.add", "eyes", json!("already_reacted")),
        ("reactions.remove", "eyes", Value::Null),
        ("reactions.add", "not a name", json!("invalid_name")),
        ("pins.remove", "", json!("no_pin")),
        ("pins.add", "", Value::Null),
        ("pins.add", "", json!("already_pinned")),
    ];
    for (method, name, error) in cases {
        assert_eq!(office.call(method, on(name)).await["error"], error, "{method} {name}");
    }
    let pins = office.form("pins.list", &[("channel", &office.care)]).await;
    assert_eq!(pins["items"][0]["message"]["text"], "card");
}

#[tokio::test]
async fn an_ephemeral_message_is_seen_by_one_person_and_not_in_the_history() {
    let office = Office::open().await;
    let answer =
        office.call("chat.postEphemeral", json!({"channel": office.care, "user": office.lea, "text": "psst"})).await;
    assert!(answer["message_ts"].is_string(), "{answer}");
    assert_eq!(office.shown(&office.lea).len(), 1);
    assert_eq!(office.shown(&office.lea)[0]["ephemeral"], true);
    assert!(office.shown(&office.tom).is_empty());
    let history = office.form("conversations.history", &[("channel", &office.care)]).await;
    assert_eq!(history["messages"], json!([]));
    let zoe = office.slack.user_id("zoe").expect("zoe");
    let out = office.call("chat.postEphemeral", json!({"channel": office.care, "user": zoe, "text": "psst"})).await;
    assert_eq!(out["error"], "user_not_in_channel");
}

#[tokio::test]
async fn pings_are_written_down_and_escaped_text_pings_nobody() {
    let office = Office::open().await;
    office.post("calm &lt;!channel&gt; @here").await;
    assert_eq!(office.slack.pings(), []);
    let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "hey <!here> <@U123>"}}]);
    office.call("chat.postMessage", json!({"channel": office.care, "text": "fallback", "blocks": blocks})).await;
    let whats: Vec<(String, bool)> =
        office.slack.pings().into_iter().map(|ping| (ping.what, ping.single_person)).collect();
    assert_eq!(whats, [("<!here>".to_owned(), false), ("<@U123>".to_owned(), true)]);
    office.call("chat.postMessage", json!({"channel": office.care, "text": "@here", "parse": "full"})).await;
    assert_eq!(office.slack.pings().len(), 3, "parse=full makes bare names ping");
}

#[tokio::test]
async fn files_go_up_in_two_steps() {
    let office = Office::open().await;
    let first = office.form("files.getUploadURLExternal", &[("filename", "week.csv"), ("length", "5")]).await;
    let (url, id) = (first["upload_url"].as_str().expect("url"), first["file_id"].as_str().expect("id"));
    let complete =
        json!({"files": [{"id": id, "title": "Week"}], "channel_id": office.care, "initial_comment": "Here"});
    let early = office.call("files.completeUploadExternal", complete.clone()).await;
    assert_eq!(early["error"], "file_not_found", "nothing was uploaded yet");
    assert_eq!(office.http.post(url).body("a,b,c").send().await.expect("upload").status(), 200);
    let done = office.call("files.completeUploadExternal", complete).await;
    assert_eq!(done["files"][0]["title"], "Week", "{done}");
    let message = &office.slack.messages(&office.care)[0];
    assert_eq!(message["text"], "Here");
    let address = message["files"][0]["url_private"].as_str().expect("address");
    assert_eq!(office.http.get(address).send().await.expect("answer").status(), 403);
    let got = office.http.get(address).bearer_auth(office.slack.bot_token()).send().await.expect("answer");
    assert_eq!(got.text().await.expect("text"), "a,b,c");
    let json_is_not_read = office.call("files.getUploadURLExternal", json!({"filename": "x", "length": 1})).await;
    assert_eq!(json_is_not_read["error"], "invalid_arguments");
}
