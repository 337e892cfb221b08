//! Interactions: commands, presses, forms, completion, and their answers in time, late, twice and lost.

use serde_json::{Value, json};
use vigie::ports::chat::{Call, Chat, Field, FieldKind, Form, MessageRef, SendError};
use vigie::ports::envelope::FormVerdict;
use vigie::ports::inbound::{Caller, Inbound};
use vigie::sandbox::discord::{LostAnswer, RestFault};

use crate::office::{Office, card, line};

fn answer(caller: &Caller, words: &str, public: bool) -> Call {
    Call::Answer { reply_to: caller.reply_to.clone(), body: line(words), public }
}

fn contents(messages: &[Value]) -> Vec<String> {
    messages.iter().map(|message| message["content"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn pressed(office: &Office, user: &str, at: &MessageRef, custom_id: &str) -> Caller {
    office
        .act(user, json!({ "act": "click", "channel": at.channel, "message": at.message, "custom_id": custom_id }))
        .await;
    office
        .first("the press", |inbound| match inbound {
            Inbound::Press { caller, .. } => Some(caller.clone()),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_comes_as_one_line_and_is_answered_to_its_caller_only() {
    let office = Office::open().await;
    office.register().await;
    let caller = office.assigns().await;
    let bo = office.user("bo");
    let text = office
        .first("the command", |inbound| match inbound {
            Inbound::Command { name, text, .. } => Some(format!("/{name} {text}")),
            _ => None,
        })
        .await;
    assert_eq!(text, format!("/assign T-12 <@{bo}>"));
    assert_eq!((caller.user.clone(), caller.locale.as_deref()), (office.user("ana"), Some("fr")));
    let receipt = office.chat.send(&answer(&caller, "T-12 est à Bo", false), "a:1").await.expect("answered");
    assert!(receipt.message.is_some());
    let general = office.channel("general");
    assert_eq!(contents(&office.seen("ana", &general)), ["T-12 est à Bo"]);
    assert!(office.seen("bo", &general).is_empty());
    // A second answer follows the first.
    office.chat.send(&answer(&caller, "et c'est dit", true), "a:2").await.expect("followed up");
    assert_eq!(contents(&office.seen("bo", &general)), ["et c'est dit"]);
    assert!(office.toasts("ana").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_commands_numbers_and_choices_come_in_the_commands_own_order() {
    let office = Office::open().await;
    office.register().await;
    let options = json!([{ "name": "open", "options": [
        { "name": "prio", "value": "p1" }, { "name": "count", "value": 3 }, { "name": "text", "value": "parcel never came" }] }]);
    office.act("bo", json!({ "act": "slash", "channel": "general", "name": "ticket", "options": options })).await;
    let text = office
        .first("the command", |inbound| match inbound {
            Inbound::Command { name, text, .. } => Some(format!("/{name} {text}")),
            _ => None,
        })
        .await;
    assert_eq!(text, "/ticket open parcel never came prio:p1 count:3");
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_offers_what_the_desk_knows() {
    let office = Office::open().await;
    office.register().await;
    let typed = json!([{ "name": "ticket", "value": "T-", "focused": true }]);
    let offered = office
        .act("ana", json!({ "act": "autocomplete", "channel": "general", "name": "assign", "options": typed }))
        .await;
    assert_eq!(offered["choices"], json!([{ "name": "T-12 for T-", "value": "T-12" }]));
    let asked = office.desk.asked.lock().unwrap()[0].clone();
    assert_eq!(
        (asked.command.as_str(), asked.option.as_str(), asked.locale.as_deref()),
        ("assign", "ticket", Some("fr"))
    );
    assert!(!office.happened().iter().any(|inbound| matches!(inbound, Inbound::Ignored { .. })), "nothing is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shortcut_carries_the_message() {
    let office = Office::open().await;
    office.register().await;
    let said = office.says("bo", "general", "where is my order?").await;
    office
        .act(
            "ana",
            json!({ "act": "context", "channel": "general", "message": said["message"], "name": "Open ticket" }),
        )
        .await;
    let (name, text) = office
        .first("the shortcut", |inbound| match inbound {
            Inbound::Shortcut { name, message, .. } => Some((name.clone(), message.text.clone())),
            _ => None,
        })
        .await;
    assert_eq!((name.as_str(), text.as_str()), ("open_ticket", "where is my order?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_and_menus_come_back_with_what_they_carry() {
    let office = Office::open().await;
    let at = office.post(card("T-1"), "card:T-1").await.message.expect("a message");
    let caller = pressed(&office, "ana", &at, "ticket.claim|T-1:3").await;
    office.chat.send(&Call::Acknowledge { reply_to: caller.reply_to.clone() }, "k").await.expect("acknowledged");
    office.chat.send(&Call::Acknowledge { reply_to: caller.reply_to.clone() }, "k").await.expect("again is no error");
    office.chat.send(&answer(&caller, "you have it", false), "a").await.expect("an answer may still follow");
    let select = json!({ "act": "select", "channel": at.channel, "message": at.message, "custom_id": "ticket.assign|T-1",
        "values": [office.user("bo")] });
    office.act("bo", select).await;
    let chosen = office
        .first("the choice", |inbound| match inbound {
            Inbound::Press { action, value, chosen, .. } if action == "ticket.assign" => {
                Some((value.clone(), chosen.clone()))
            }
            _ => None,
        })
        .await;
    assert_eq!(chosen, ("T-1".to_owned(), vec![office.user("bo")]));
}

fn form() -> Form {
    let field = |id: &str, kind| Field { id: id.into(), label: id.into(), hint: String::new(), kind, optional: true };
    let outcomes = vec![("done".into(), "Résolu".into()), ("spam".into(), "Indésirable".into())];
    Form {
        name: "resolve".into(),
        state: "T-1:3".into(),
        title: "Résoudre".into(),
        submit: "OK".into(),
        cancel: "Non".into(),
        intro: String::new(),
        fields: vec![
            field("text", FieldKind::Paragraph { value: "Bonjour".into(), max: 3_000 }),
            field("outcome", FieldKind::OneOf { entries: outcomes, value: None }),
            field("who", FieldKind::Person { value: None }),
        ],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_in_and_read_back_as_values() {
    let office = Office::open().await;
    let at = office.post(card("T-1"), "card:T-1").await.message.expect("a message");
    let caller = pressed(&office, "ana", &at, "ticket.reply|T-1:3").await;
    office.chat.send(&Call::OpenForm { reply_to: caller.reply_to, form: form() }, "f").await.expect("opened");
    let values = json!({ "text": "Bonjour,\nc'est réglé", "outcome": "résolu", "who": "@bo" });
    office.act("ana", json!({ "act": "submit_modal", "custom_id": "resolve|T-1:3", "values": values })).await;
    let (state, fields, caller) = office
        .first("the form", |inbound| match inbound {
            Inbound::Form { state, fields, caller, .. } => Some((state.clone(), fields.clone(), caller.clone())),
            _ => None,
        })
        .await;
    assert_eq!(state, "T-1:3");
    assert_eq!((fields["outcome"].as_str(), fields["who"].as_str()), ("done", office.user("bo").as_str()));
    assert_eq!(fields["text"], "Bonjour,\nc'est réglé");
    office.chat.send(&answer(&caller, "merci", false), "a").await.expect("answered");
    let again = office.chat.send(&Call::OpenForm { reply_to: caller.reply_to, form: form() }, "g").await;
    assert!(matches!(again, Err(SendError::Permanent { .. })), "Discord opens no form from a form: {again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_tells_its_sender_why() {
    let office = Office::open().await;
    let problems = vec![("text".to_owned(), "Le texte est trop long.".to_owned())];
    *office.desk.verdict.lock().unwrap() = Some(FormVerdict::Invalid(problems));
    let at = office.post(card("T-1"), "card:T-1").await.message.expect("a message");
    let caller = pressed(&office, "ana", &at, "ticket.reply|T-1:3").await;
    office.chat.send(&Call::OpenForm { reply_to: caller.reply_to, form: form() }, "f").await.expect("opened");
    office.act("ana", json!({ "act": "submit_modal", "custom_id": "resolve|T-1:3", "values": { "text": "x" } })).await;
    let general = office.channel("general");
    office
        .until("the reason", |office| {
            contents(&office.seen("ana", &general)).iter().any(|c| c == "Le texte est trop long.")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_interaction_is_kept_alive_for_a_late_answer() {
    let office = Office::open().await;
    office.register().await;
    let caller = office.assigns().await;
    let general = office.channel("general");
    office
        .until("thinking", |office| office.called("POST", "/callback") == 1 && office.seen("ana", &general).len() == 1)
        .await;
    office.chat.send(&answer(&caller, "enfin", false), "a").await.expect("answered late");
    assert_eq!(contents(&office.seen("ana", &general)), ["enfin"]);
    assert!(office.toasts("ana").is_empty(), "{:?}", office.toasts("ana"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_answer_after_thinking_is_seen_by_all() {
    let office = Office::open().await;
    office.register().await;
    let caller = office.assigns().await;
    office.chat.send(&Call::Acknowledge { reply_to: caller.reply_to.clone() }, "k").await.expect("thinking");
    office.chat.send(&answer(&caller, "for all", true), "a").await.expect("answered");
    assert_eq!(contents(&office.seen("bo", &office.channel("general"))), ["for all"]);
    assert_eq!(contents(&office.seen("ana", &office.channel("general"))), ["for all"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_that_is_over_is_told_as_expired() {
    let office = Office::open().await;
    office.register().await;
    let caller = office.assigns().await;
    office.clock.advance(16 * 60_000);
    assert_eq!(office.chat.send(&answer(&caller, "too late", false), "a").await, Err(SendError::Expired));
    let open = Call::OpenForm { reply_to: caller.reply_to, form: form() };
    assert_eq!(office.chat.send(&open, "f").await, Err(SendError::Expired));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_receipt_got_lost_is_neither_lost_nor_doubled() {
    for how in [LostAnswer::Reset, LostAnswer::Status500] {
        let office = Office::open().await;
        office.register().await;
        let caller = office.assigns().await;
        office.sandbox.faults().rest("POST /interactions", 1, RestFault::LoseAnswer { how });
        office.chat.send(&answer(&caller, "once", false), "a").await.expect("found to be answered");
        assert_eq!(contents(&office.seen("ana", &office.channel("general"))), ["once"], "{how:?}");
    }
    let office = Office::open().await;
    office.register().await;
    let caller = office.assigns().await;
    office.sandbox.faults().rest("POST /interactions", 1, RestFault::Fail { status: 502 });
    office.chat.send(&answer(&caller, "once", false), "a").await.expect("sent again");
    assert_eq!(contents(&office.seen("ana", &office.channel("general"))), ["once"]);
    assert!(office.chat.find(&answer(&caller, "once", false), "a", caller.answer_by).await.expect("looked").is_some());
    assert!(office.chat.find(&answer(&caller, "other", false), "a", caller.answer_by).await.expect("looked").is_none());
}
