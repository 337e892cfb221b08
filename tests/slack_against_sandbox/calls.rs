//! What Vigie says: posts, edits, answers, forms, rooms, pictures, and what it knows when an answer is lost.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::json;
use vigie::adapters::slack::{SlackChat, SlackSettings};
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Call, Chat, Field, FieldKind, FileUpload, Form, MessageRef, SendError};
use vigie::ports::envelope::FormVerdict;
use vigie::ports::inbound::Inbound;

use super::harness::{Desk, START_MS, SandboxTime, card, setup, words};

const SINCE: Timestamp = Timestamp(START_MS);

#[tokio::test]
async fn a_card_is_posted_and_edited_in_place_and_pings_nobody() {
    let desk = Desk::quiet(setup()).await;
    let call = Call::Post { channel: desk.care.clone(), thread: None, body: card() };
    let posted = desk.chat.send(&call, "k1").await.expect("posted");
    let at = posted.message.expect("a place");
    desk.chat.send(&Call::Edit { at: at.clone(), body: words("fini") }, "k2").await.expect("edited");
    let reply = Call::Post { channel: desk.care.clone(), thread: Some(at.message.clone()), body: words("note") };
    let reply = desk.chat.send(&reply, "k3").await.expect("posted");
    assert_eq!(reply.thread.as_deref(), Some(at.message.as_str()));
    let messages = desk.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert_eq!(messages[0]["text"], "fini");
    let kinds = |message: &serde_json::Value| {
        message["blocks"].as_array().into_iter().flatten().map(|b| b["type"].clone()).collect::<Vec<_>>()
    };
    assert!(!kinds(&messages[0]).contains(&json!("header")), "nothing of the card is left: {:#}", messages[0]);
    let found = desk.chat.find(&call, "k1", SINCE).await.expect("asked");
    assert!(found.is_some(), "an edited message is still found by the key of its post");
    assert_eq!(messages[1]["thread_ts"], at.message.as_str());
    assert!(desk.slack.pings().is_empty(), "{:?}", desk.slack.pings());
    desk.chat.send(&Call::Pin { at: at.clone() }, "k4").await.expect("pinned");
    desk.chat.send(&Call::Pin { at: at.clone() }, "k4").await.expect("pinned already is as good");
    let note = reply.message.expect("a place");
    desk.chat.send(&Call::Delete { at: note.clone() }, "k5").await.expect("deleted");
    desk.chat.send(&Call::Delete { at: note }, "k5").await.expect("deleted already is as good");
}

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_found_and_not_posted_twice() {
    for how in ["reset", "error500"] {
        let desk = Desk::quiet(setup()).await;
        desk.fault(json!({"fault": "lose_answer", "method": "chat.postMessage", "how": how}));
        let call = desk.post("une fois");
        let lost = desk.chat.send(&call, "key-1").await;
        assert!(matches!(lost, Err(SendError::Unsure(_))), "{how}: {lost:?}");
        let found = desk.chat.find(&call, "key-1", SINCE).await.expect("asked").expect("found");
        assert_eq!(found.message.expect("a place").message, desk.messages()[0]["ts"].as_str().unwrap_or_default());
        assert_eq!(desk.chat.find(&call, "key-2", SINCE).await, Ok(None), "{how}: another intention is not this one");
        assert_eq!(desk.messages().len(), 1, "{how}");
    }
}

#[tokio::test]
async fn a_lost_reply_and_a_lost_direct_message_are_found_too() {
    let desk = Desk::quiet(setup()).await;
    let root = desk.chat.send(&desk.post("racine"), "root").await.expect("posted").message.expect("a place");
    let reply = Call::Post { channel: desk.care.clone(), thread: Some(root.message), body: words("réponse") };
    let direct = Call::Direct { user: desk.lea.clone(), body: words("à toi") };
    for (call, key) in [(reply, "reply"), (direct, "direct")] {
        desk.fault(json!({"fault": "lose_answer", "method": "chat.postMessage", "how": "reset"}));
        assert!(matches!(desk.chat.send(&call, key).await, Err(SendError::Unsure(_))), "{key}");
        assert!(desk.chat.find(&call, key, SINCE).await.expect("asked").is_some(), "{key}");
    }
}

#[tokio::test]
async fn slacks_refusals_say_what_may_be_done_about_them() {
    let desk = Desk::quiet(setup()).await;
    desk.fault(json!({"fault": "rate_limit", "method": "chat.postMessage", "retry_after_s": 7}));
    let limited = desk.chat.send(&desk.post("x"), "k").await;
    assert_eq!(limited, Err(SendError::RateLimited { retry_after_ms: 7_000, global: false }));
    desk.fault(json!({"fault": "fail_ok", "method": "chat.postMessage", "error": "is_archived"}));
    let archived = desk.chat.send(&desk.post("x"), "k").await;
    assert!(
        matches!(&archived, Err(SendError::Permanent { code, cause }) if code == "is_archived" && !cause.is_empty())
    );
    desk.fault(json!({"fault": "fail_ok", "method": "chat.postMessage", "error": "internal_error"}));
    assert!(matches!(desk.chat.send(&desk.post("x"), "k").await, Err(SendError::Unsure(_))));
    desk.fault(json!({"fault": "fail_http", "method": "chat.update", "status": 503}));
    let at = MessageRef { channel: desk.care.clone(), message: "1.2".into() };
    let edit = desk.chat.send(&Call::Edit { at, body: words("x") }, "k").await;
    assert!(matches!(edit, Err(SendError::Transient(_))), "{edit:?}");
    assert_eq!(desk.messages().len(), 0);
}

#[tokio::test]
async fn nothing_listening_means_that_nothing_was_done() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let desk = Desk::quiet(setup()).await;
    let settings = SlackSettings {
        api_url: Some(format!("http://{free}/api/")),
        bot_token: SecretString::from("xoxb-1"),
        app_token: None,
        signing_secret: None,
        sockets: 2,
    };
    let chat = SlackChat::new(settings, Arc::new(SandboxTime(desk.clock.clone()))).expect("settings");
    let refused = chat.send(&desk.post("x"), "k").await;
    assert!(matches!(refused, Err(SendError::Transient(_))), "{refused:?}");
    assert!(!format!("{chat:?}").contains("xoxb"), "no token in Debug");
}

#[tokio::test]
async fn direct_messages_open_their_conversation_once() {
    let desk = Desk::quiet(setup()).await;
    for key in ["a", "b"] {
        let call = Call::Direct { user: desk.lea.clone(), body: card() };
        let sent = desk.chat.send(&call, key).await.expect("sent");
        assert!(sent.channel.is_some_and(|channel| channel.starts_with('D')));
    }
    assert_eq!(desk.calls("conversations.open"), 1);
}

#[tokio::test]
async fn a_room_gets_a_free_name_a_topic_and_its_people() {
    let desk = Desk::quiet(setup()).await;
    let people = vec![desk.lea.clone(), desk.tom.clone(), desk.slack.bot_user_id()];
    let call = Call::CreateRoom { name: "Crise : Panne".into(), topic: "Accès".into(), people, closed: false };
    let room = desk.chat.send(&call, "room-1").await.expect("opened").channel.expect("a channel");
    assert_eq!(desk.slack.channel_id("crise-panne-2"), Some(room.clone()), "the wished name was taken");
    let seen = desk.slack.snapshot(&desk.tom);
    let channel =
        seen["channels"].as_array().into_iter().flatten().find(|c| c["id"] == room.as_str()).expect("seen").clone();
    assert_eq!(channel["topic"], "Accès");
    assert!(channel["members"].as_array().is_some_and(|members| members.len() == 3), "{channel:#}");
    let again = Call::Invite { channel: room, people: vec![desk.lea.clone(), desk.tom.clone()] };
    desk.chat.send(&again, "inv").await.expect("being there already is no error");
}

#[tokio::test]
async fn a_room_whose_making_was_interrupted_is_completed_not_made_again() {
    for method in ["conversations.create", "conversations.setTopic"] {
        let desk = Desk::quiet(setup()).await;
        desk.fault(json!({"fault": "lose_answer", "method": method, "how": "reset"}));
        let people = vec![desk.lea.clone()];
        let call = Call::CreateRoom { name: "Campagne".into(), topic: "Été".into(), people, closed: false };
        assert!(matches!(desk.chat.send(&call, "room").await, Err(SendError::Unsure(_))), "{method}");
        let found = desk.chat.find(&call, "room", SINCE).await.expect("asked").expect("found");
        assert_eq!(found.channel, desk.slack.channel_id("campagne"), "{method}");
        assert_eq!(desk.slack.channel_id("campagne-2"), None);
        assert_eq!(desk.chat.find(&call, "other", SINCE).await, Ok(None), "somebody else's room");
    }
}

#[tokio::test]
async fn a_picture_is_posted_with_its_description() {
    let desk = Desk::quiet(setup()).await;
    let file =
        FileUpload { name: "semaine.png".into(), mime: "image/png".into(), alt: "Courbe".into(), bytes: vec![7; 64] };
    let call = Call::Upload { channel: desk.care.clone(), thread: None, file, comment: "Semaine <!channel>".into() };
    desk.chat.send(&call, "up").await.expect("posted");
    let message = desk.messages().pop().expect("a message");
    assert_eq!(message["files"][0]["name"], "semaine.png", "{message:#}");
    assert!(desk.chat.find(&call, "up", SINCE).await.expect("asked").is_some());
    assert!(desk.slack.pings().is_empty());
}

#[tokio::test]
async fn a_command_is_answered_to_its_caller_alone_or_to_everybody() {
    let desk = Desk::listening().await;
    desk.does(&desk.lea, json!({"act": "slash", "channel": desk.care, "text": "/assign T-1 @tom"})).await;
    let inbound = desk.read(&desk.inbox.wait("trigger:").await);
    let Inbound::Command { name, text, .. } = &inbound else { panic!("{inbound:?}") };
    // Who is meant reaches the grammar by id: a name could be anybody's.
    assert!(name == "assign" && text.starts_with("T-1 <@U") && text.ends_with('>'), "{text}");
    let reply_to = desk.caller(&inbound).reply_to;
    let answer = |public, text: &str| Call::Answer { reply_to: reply_to.clone(), body: words(text), public };
    desk.chat.send(&answer(false, "pour toi"), "a").await.expect("answered");
    desk.chat.send(&answer(true, "pour tous"), "b").await.expect("answered");
    let shown = |user: &str| {
        let seen = desk.slack.snapshot(user)["messages"][&desk.care].clone();
        seen.as_array().into_iter().flatten().filter_map(|m| m["text"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(shown(&desk.lea), ["pour toi", "pour tous"]);
    assert_eq!(shown(&desk.tom), ["pour tous"]);
    assert!(desk.chat.find(&answer(true, "pour tous"), "b", SINCE).await.expect("asked").is_some());
    for _ in 0..5 {
        desk.chat.send(&answer(false, "encore"), "c").await.expect("a spent answer address is no dead end");
    }
}

#[tokio::test]
async fn a_forged_answer_address_is_never_called() {
    let desk = Desk::quiet(setup()).await;
    for url in ["https://hooks.slack.com/commands/x", "http://169.254.169.254/latest", "http://10.0.0.1/x"] {
        let reply_to = json!({"r": url, "u": desk.lea, "c": desk.care}).to_string();
        let sent = desk.chat.send(&Call::Answer { reply_to, body: words("x"), public: false }, "k").await;
        assert!(matches!(&sent, Err(SendError::Permanent { code, .. }) if code == "foreign_address"), "{sent:?}");
    }
}

#[tokio::test]
async fn a_form_opens_stays_open_with_its_errors_and_comes_back_corrected() {
    let desk = Desk::listening().await;
    let post = Call::Post { channel: desk.care.clone(), thread: None, body: card() };
    let at = desk.chat.send(&post, "card").await.expect("posted").message.expect("a place");
    desk.does(&desk.lea, json!({"act": "click", "channel": desk.care, "ts": at.message, "action_id": "ticket.claim"}))
        .await;
    let press = desk.read(&desk.inbox.wait("trigger:").await);
    assert!(
        matches!(&press, Inbound::Press { action, value, at: Some(place), .. }
        if action == "ticket.claim" && value == "T-1:1" && *place == at),
        "{press:?}"
    );
    let reply_to = desk.caller(&press).reply_to;
    let field = |id: &str, kind| Field { id: id.into(), label: id.into(), hint: String::new(), kind, optional: false };
    let form = Form {
        name: "ticket_note".into(),
        state: "T-1".into(),
        title: "Note".into(),
        submit: "Ajouter".into(),
        cancel: "Annuler".into(),
        intro: "Pour l'équipe".into(),
        fields: vec![
            field("text", FieldKind::Paragraph { value: String::new(), max: 500 }),
            field("who", FieldKind::Person { value: None }),
        ],
    };
    desk.chat.send(&Call::OpenForm { reply_to: reply_to.clone(), form: form.clone() }, "f").await.expect("opened");
    let again = desk.chat.send(&Call::OpenForm { reply_to, form }, "f").await;
    assert_eq!(again, Err(SendError::Expired), "a trigger opens one form");
    let modal = || desk.slack.snapshot(&desk.lea)["modal"].clone();
    let view_id = modal()["view_id"].as_str().expect("a form is open").to_owned();
    let submit = |text: &str| json!({"act": "submit_modal", "view_id": view_id, "values": {"text": {"value": text}, "who": {"value": desk.tom}}});
    *desk.inbox.verdict.lock().expect("lock") = FormVerdict::Invalid(vec![("text".into(), "Trop court".into())]);
    desk.does(&desk.lea, submit("a")).await;
    assert_eq!(desk.slack.snapshot(&desk.lea)["modal_errors"]["text"], "Trop court");
    *desk.inbox.verdict.lock().expect("lock") = FormVerdict::Taken;
    desk.does(&desk.lea, submit("assez long")).await;
    assert!(modal().is_null(), "the form closed");
    let forms: Vec<Inbound> =
        desk.inbox.kept().iter().filter(|one| one.delivery_id.starts_with("view:")).map(|one| desk.read(one)).collect();
    assert_eq!(forms.len(), 2, "the corrected submission is another one");
    let Inbound::Form { form, state, fields, caller } = &forms[1] else { panic!("{forms:?}") };
    assert_eq!((form.as_str(), state.as_str(), caller.channel.as_str()), ("ticket_note", "T-1", desk.care.as_str()));
    assert_eq!((fields["text"].as_str(), fields["who"].as_str()), ("assez long", desk.tom.as_str()));
    let answer = Call::Answer { reply_to: caller.reply_to.clone(), body: words("noté"), public: false };
    desk.chat.send(&answer, "n").await.expect("a form's sender can be answered");
}

#[tokio::test]
async fn the_home_page_is_published() {
    let desk = Desk::quiet(setup()).await;
    desk.chat.send(&Call::Home { user: desk.lea.clone(), body: card() }, "h").await.expect("published");
    let home = desk.slack.snapshot(&desk.lea)["home"].clone();
    assert_eq!(home["blocks"][0]["type"], "header", "{home:#}");
}
