//! Calls out: messages, threads, rooms, pins, files, directories.

use serde_json::Value;
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Block, Body, Call, Chat, FileUpload, MessageRef, SendError, Span};

use crate::office::{Office, START_MS, card, guild, line};

fn code(result: &Result<vigie::ports::chat::Receipt, SendError>) -> &str {
    match result {
        Err(SendError::Permanent { code, .. }) => code,
        other => panic!("not refused for good: {other:?}"),
    }
}

#[tokio::test]
async fn a_card_is_posted_edited_pinned_and_deleted_and_pings_nobody() {
    let office = Office::closed(guild()).await;
    let at = office.post(card("T-1 new"), "card:T-1").await.message.expect("a message");
    let shown = |office: &Office| office.seen("ana", &at.channel).first().cloned().unwrap_or(Value::Null);
    assert_eq!(shown(&office)["embeds"][0]["title"], "T-1 new");
    assert_eq!(shown(&office)["components"].as_array().map(Vec::len), Some(2));
    office.chat.send(&Call::Edit { at: at.clone(), body: card("T-1 claimed") }, "e").await.expect("edited");
    assert_eq!(shown(&office)["embeds"][0]["title"], "T-1 claimed");
    office.chat.send(&Call::Edit { at: at.clone(), body: line("gone") }, "e2").await.expect("edited");
    assert_eq!(shown(&office)["embeds"], serde_json::json!([]), "an edit replaces the whole message");
    office.chat.send(&Call::Pin { at: at.clone() }, "p").await.expect("pinned");
    assert_eq!(shown(&office)["pinned"], true);
    let since = Timestamp(START_MS);
    assert!(office.chat.find(&Call::Pin { at: at.clone() }, "p", since).await.expect("looked").is_some());
    office.chat.send(&Call::Delete { at: at.clone() }, "d").await.expect("deleted");
    office.chat.send(&Call::Delete { at: at.clone() }, "d").await.expect("deleting again is no error");
    let edit = Call::Edit { at: at.clone(), body: line("x") };
    assert_eq!(code(&office.chat.send(&edit, "e3").await), "10008");
    assert!(office.sandbox.pings().is_empty(), "{:?}", office.sandbox.pings());
}

#[tokio::test]
async fn only_those_whom_a_card_mentions_are_pinged() {
    let office = Office::closed(guild()).await;
    let ana = office.user("ana");
    let mut body = card("T-1");
    body.blocks.push(Block::Fields(vec![("Assignee".into(), vec![Span::User(ana.clone())])]));
    office.post(body, "card:T-1").await;
    let pings = office.sandbox.pings();
    assert_eq!(pings.len(), 1);
    assert_eq!((pings[0].users.clone(), pings[0].everyone), (vec![ana], false));
}

#[tokio::test]
async fn a_direct_message_opens_its_conversation_once_and_is_refused_by_name() {
    let office = Office::closed(guild()).await;
    let call = Call::Direct { user: office.user("ana"), body: line("T-1 is yours") };
    let first = office.chat.send(&call, "dm:1").await.expect("sent");
    let second = office.chat.send(&call, "dm:2").await.expect("sent");
    assert_eq!(first.channel, second.channel);
    assert_eq!(office.called("POST", "users/@me/channels"), 1);
    let refused = office.chat.send(&Call::Direct { user: office.user("bo"), body: line("x") }, "dm:3").await;
    assert_eq!(code(&refused), "50007");
}

#[tokio::test]
async fn an_archived_thread_wakes_for_an_edit() {
    let office = Office::closed(guild()).await;
    let at = office.post(card("T-1"), "card:T-1").await.message.expect("a message");
    let thread = office.chat.send(&Call::Thread { at: at.clone(), name: "T-1".into() }, "t").await.expect("a thread");
    let thread = thread.thread.expect("its id");
    let note = Call::Post { channel: at.channel.clone(), thread: Some(thread.clone()), body: line("log") };
    let log = office.chat.send(&note, "n").await.expect("posted").message.expect("a message");
    assert_eq!(log.channel, thread);
    office.clock.advance(8 * 24 * 3_600_000);
    office.chat.send(&Call::Edit { at: log, body: line("log 2") }, "n2").await.expect("woken and edited");
    assert!(
        office.chat.find(&Call::Thread { at, name: "T-1".into() }, "t", Timestamp(0)).await.expect("looked").is_some()
    );
}

#[tokio::test]
async fn a_closed_room_is_seen_by_those_named_only_and_its_name_is_never_taken() {
    let office = Office::closed(guild()).await;
    let room = |name: &str| Call::CreateRoom {
        name: name.into(),
        topic: "L2 · pilote Ana · point 13:30".into(),
        people: vec![office.user("ana")],
        closed: true,
    };
    let first = office.chat.send(&room("crisis-0314-Livraisons !"), "r1").await.expect("made").channel.expect("its id");
    let second =
        office.chat.send(&room("crisis-0314-Livraisons !"), "r2").await.expect("made").channel.expect("its id");
    let channels = |user: &str| -> Vec<(String, String)> {
        let all = office.sandbox.snapshot(user)["channels"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.iter().map(|channel| (text(&channel["id"]), text(&channel["name"]))).collect()
    };
    assert!(channels("ana").contains(&(first.clone(), "crisis-0314-livraisons".into())));
    assert!(channels("ana").contains(&(second, "crisis-0314-livraisons-2".into())));
    assert!(!channels("bo").iter().any(|(id, _)| *id == first));
    assert_eq!(office.sandbox.calls().iter().filter(|call| call.body["type"] == 4).count(), 1, "one category");
    let found = office.chat.find(&room("crisis-0314-Livraisons !"), "r1", Timestamp(START_MS)).await.expect("looked");
    assert!(found.is_some());
    office
        .chat
        .send(&Call::Invite { channel: first.clone(), people: vec![office.user("bo")] }, "i")
        .await
        .expect("invited");
    assert!(channels("bo").iter().any(|(id, _)| *id == first));
    office.chat.send(&Call::Topic { channel: first.clone(), topic: "L1".into() }, "t").await.expect("topic set");
    let post = Call::Post { channel: first, thread: None, body: line("welcome") };
    office.chat.send(&post, "p").await.expect("the bot itself may write there");
}

#[tokio::test]
async fn a_chart_is_posted_with_its_description() {
    let office = Office::closed(guild()).await;
    let file =
        FileUpload { name: "week 12.png".into(), mime: "image/png".into(), alt: "Rising".into(), bytes: vec![1, 2, 3] };
    let call =
        Call::Upload { channel: office.channel("general"), thread: None, file, comment: "@everyone week 12".into() };
    let receipt = office.chat.send(&call, "u").await.expect("posted");
    let shown = office.seen("ana", &office.channel("general"))[0].clone();
    assert_eq!(shown["attachments"][0]["filename"], "week_12.png");
    assert_eq!(shown["attachments"][0]["description"], "Rising");
    assert!(office.sandbox.pings().is_empty());
    let found = office.chat.find(&call, "u", Timestamp(START_MS)).await.expect("looked").expect("found");
    assert_eq!(found.message, receipt.message);
}

#[tokio::test]
async fn refusals_carry_discords_code() {
    let office = Office::closed(guild()).await;
    let post = |channel: &str| Call::Post { channel: channel.into(), thread: None, body: line("x") };
    assert_eq!(code(&office.chat.send(&post("123456789012345678"), "k").await), "10003");
    assert_eq!(code(&office.chat.send(&post(&office.channel("closed")), "k").await), "50001");
    assert_eq!(code(&office.chat.send(&post("general"), "k").await), "not_an_id");
    let said = office.says("ana", "general", "hers").await;
    let at =
        MessageRef { channel: office.channel("general"), message: said["message"].as_str().unwrap_or_default().into() };
    assert_eq!(code(&office.chat.send(&Call::Edit { at, body: line("x") }, "k").await), "50005");
    let stranger = Office::with_token(guild(), Some("not.the.token")).await;
    assert_eq!(code(&stranger.chat.send(&stranger.posting(line("x")), "k").await), "401");
}

#[tokio::test]
async fn a_hostile_body_still_becomes_a_message() {
    let office = Office::closed(guild()).await;
    let text = "@everyone <@&1> **`[x](https://e.example)`**\u{202e}".repeat(500);
    let body = Body {
        summary: text.clone(),
        blocks: vec![
            Block::Header(text.clone()),
            Block::Text(vec![Span::Text(text.clone())]),
            Block::Fields((0..20).map(|_| (text.clone(), vec![Span::Text(text.clone())])).collect()),
            Block::Footer(text),
        ],
        ..Body::default()
    };
    office.post(body, "k").await;
    assert!(office.sandbox.pings().is_empty());
}

#[tokio::test]
async fn people_and_channels_are_listed() {
    let office = Office::closed(guild()).await;
    let people = office.chat.people().await.expect("people");
    let ana = people.iter().find(|person| person.handle == "ana").expect("ana");
    assert_eq!((ana.id.clone(), ana.automated), (office.user("ana"), false));
    assert!(people.iter().any(|person| person.automated));
    let channels = office.chat.channels().await.expect("channels");
    let joined = |name: &str| channels.iter().find(|channel| channel.name == name).map(|channel| channel.joined);
    assert_eq!(joined("general"), Some(true));
    // Hidden channels may be listed or not; they are never joined.
    assert_ne!(joined("closed"), Some(true));
}

#[tokio::test]
async fn history_is_read_page_by_page_oldest_first() {
    let office = Office::closed(guild()).await;
    for n in 0..120 {
        office.says("ana", "general", &format!("m{n}")).await;
    }
    office.post(line("own"), "own").await;
    let general = office.channel("general");
    let first = office.chat.history(&general, None, Timestamp(START_MS - 1)).await.expect("a page");
    assert!(first.more);
    let second = office.chat.history(&general, first.newest.as_deref(), Timestamp(0)).await.expect("a page");
    assert!(!second.more);
    let texts: Vec<String> = first
        .envelopes
        .iter()
        .chain(&second.envelopes)
        .filter_map(|envelope| match office.chat.decode(envelope) {
            vigie::ports::inbound::Inbound::Message(message) => Some(message.text),
            _ => None,
        })
        .collect();
    assert_eq!(texts, (0..120).map(|n| format!("m{n}")).collect::<Vec<_>>());
    let none = office.chat.history(&general, second.newest.as_deref(), Timestamp(0)).await.expect("a page");
    assert!(none.envelopes.is_empty() && none.newest.is_none() && !none.more);
}

#[tokio::test]
async fn a_message_is_read_with_the_thread_that_hangs_on_it() {
    let office = Office::closed(guild()).await;
    let said = office.says("ana", "general", "my parcel never came").await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let at = MessageRef { channel: office.channel("general"), message: text(&said["message"]) };
    let texts = async |channel: &str, message: &str| -> Option<Vec<String>> {
        let found = office.chat.message(channel, message).await.expect("read");
        found.map(|all| all.into_iter().map(|one| one.text).collect())
    };
    assert_eq!(texts(&at.channel, &at.message).await, Some(vec!["my parcel never came".to_owned()]));
    let thread = office.chat.send(&Call::Thread { at: at.clone(), name: "T".into() }, "t").await.expect("a thread");
    let thread = thread.thread.expect("its id");
    let reply = office.says("bo", &thread, "same here").await;
    office.says("ana", &thread, "since Monday").await;
    let whole = ["my parcel never came", "same here", "since Monday"].map(str::to_owned).to_vec();
    assert_eq!(texts(&at.channel, &at.message).await, Some(whole));
    let from_inside = texts(&thread, &text(&reply["message"])).await.unwrap_or_default();
    assert!(from_inside.ends_with(&["same here".to_owned(), "since Monday".to_owned()]), "{from_inside:?}");
    assert_eq!(texts(&at.channel, "123456789012345678").await, None);
}
