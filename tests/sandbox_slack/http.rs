//! Deliveries over HTTP: challenge, signatures, retries, answers.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use vigie::sandbox::slack::HttpTargets;

use super::harness::{Office, PATIENCE};

/// One request the app got.
struct Got {
    headers: HeaderMap,
    body: String,
}

#[derive(Clone)]
struct App {
    got: mpsc::UnboundedSender<Got>,
    /// Answers to give, last first; then 200 with nothing.
    answers: Arc<Mutex<Vec<(u16, &'static str, String)>>>,
}

async fn receive(State(app): State<App>, headers: HeaderMap, body: String) -> Response {
    if let Ok(value) = serde_json::from_str::<Value>(&body)
        && value["type"] == "url_verification"
    {
        return value["challenge"].as_str().unwrap_or_default().to_owned().into_response();
    }
    app.got.send(Got { headers, body }).expect("the test listens");
    let answer = app.answers.lock().expect("answers").pop();
    let Some((status, kind, body)) = answer else { return StatusCode::OK.into_response() };
    let status = StatusCode::from_u16(status).expect("a status");
    let no_retry = if kind == "no-retry" { "1" } else { "0" };
    (
        status,
        [("content-type", kind.replace("no-retry", "text/plain")), ("x-slack-no-retry", no_retry.to_owned())],
        body,
    )
        .into_response()
}

struct Remote {
    office: Office,
    app: App,
    got: mpsc::UnboundedReceiver<Got>,
}

impl Remote {
    async fn open() -> Self {
        let office = Office::open().await;
        let (sent, got) = mpsc::unbounded_channel();
        let app = App { got: sent, answers: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/slack", listener.local_addr().expect("an address"));
        let router = Router::new().route("/slack", post(receive)).with_state(app.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let targets = HttpTargets {
            events_url: url.clone(),
            commands_url: url.clone(),
            interactivity_url: url,
            options_url: None,
        };
        office.slack.set_http_delivery(Some(targets)).await.expect("the challenge is answered");
        Self { office, app, got }
    }

    fn will_answer(&self, status: u16, kind: &'static str, body: &str) {
        self.app.answers.lock().expect("answers").insert(0, (status, kind, body.to_owned()));
    }

    async fn next(&mut self) -> Got {
        tokio::time::timeout(PATIENCE, self.got.recv()).await.expect("in time").expect("a request")
    }
}

fn expected_signature(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("v0:{timestamp}:{body}").as_bytes());
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn deliveries_are_signed_over_their_raw_body() {
    let mut remote = Remote::open().await;
    let office = &remote.office;
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "héllo"})).await;
    let secret = office.slack.signing_secret();
    let got = remote.next().await;
    let header = |name: &str| got.headers[name].to_str().expect("text").to_owned();
    assert_eq!(header("x-slack-request-timestamp"), "1772442000");
    assert_eq!(header("x-slack-signature"), expected_signature(&secret, "1772442000", &got.body));
    assert_eq!(got.headers.get("x-slack-retry-num"), None);
    let payload: Value = serde_json::from_str(&got.body).expect("JSON");
    assert_eq!(payload["event"]["text"], "héllo");
}

#[tokio::test]
async fn a_failed_event_is_retried_with_its_number_and_reason() {
    let mut remote = Remote::open().await;
    remote.will_answer(500, "text/plain", "");
    remote.will_answer(200, "text/plain", "");
    let office = &remote.office;
    office.does(&office.lea, json!({"act": "post", "channel": office.care, "text": "x"})).await;
    let first = remote.next().await;
    let again = remote.next().await;
    assert_eq!(again.headers["x-slack-retry-num"], "1");
    assert_eq!(again.headers["x-slack-retry-reason"], "http_error");
    assert_eq!(again.body, first.body, "the same event");
}

#[tokio::test]
async fn an_app_may_ask_not_to_be_tried_again() {
    let mut remote = Remote::open().await;
    remote.will_answer(500, "no-retry", "");
    let act = |text: &str| json!({"act": "post", "channel": remote.office.care, "text": text});
    let (first, second) = (act("one"), act("two"));
    remote.office.does(&remote.office.lea, first).await;
    assert!(remote.next().await.body.contains("\"one\""));
    for _ in 0..20 {
        tokio::task::yield_now().await;
        remote.office.clock.advance(60_000);
    }
    remote.office.does(&remote.office.lea, second).await;
    assert!(remote.next().await.body.contains("\"two\""), "the first did not come again");
}

#[tokio::test]
async fn a_command_comes_as_a_form_and_its_answer_is_shown() {
    let mut remote = Remote::open().await;
    remote.will_answer(500, "text/plain", "");
    remote.will_answer(200, "text/plain", "only for you");
    remote.will_answer(200, "application/json", "{\"text\": \"taken\", \"response_type\": \"in_channel\"}");
    for _ in 0..3 {
        let typed = json!({"act": "slash", "channel": remote.office.care, "text": "/assign T-1 me"});
        remote.office.does(&remote.office.lea, typed).await;
        let got = remote.next().await;
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(got.body.as_bytes()).map(|(name, value)| (name.into(), value.into())).collect();
        assert!(form.contains(&("command".to_owned(), "/assign".to_owned())), "{form:?}");
        assert!(form.contains(&("text".to_owned(), "T-1 me".to_owned())));
    }
    let texts =
        |user: &str| -> Vec<Value> { remote.office.shown(user).iter().map(|one| one["text"].clone()).collect() };
    assert_eq!(remote.office.toast(&remote.office.lea), "/assign failed with the error \"http_service_error\"");
    assert_eq!(texts(&remote.office.lea), ["only for you", "taken"]);
    assert_eq!(texts(&remote.office.tom), ["taken"]);
}

#[tokio::test]
async fn an_interaction_comes_as_a_payload_field() {
    let mut remote = Remote::open().await;
    remote.office.does(&remote.office.lea, json!({"act": "global_shortcut", "callback_id": "new_ticket"})).await;
    let got = remote.next().await;
    let (name, payload) = url::form_urlencoded::parse(got.body.as_bytes()).next().expect("a field");
    assert_eq!(name, "payload");
    let payload: Value = serde_json::from_str(&payload).expect("JSON");
    assert_eq!((&payload["type"], &payload["callback_id"]), (&json!("shortcut"), &json!("new_ticket")));
}

#[tokio::test]
async fn an_address_that_does_not_answer_the_challenge_is_not_taken() {
    let office = Office::open().await;
    let nowhere = "http://127.0.0.1:9/slack".to_owned();
    let targets = HttpTargets {
        events_url: nowhere.clone(),
        commands_url: nowhere.clone(),
        interactivity_url: nowhere,
        options_url: None,
    };
    assert!(office.slack.set_http_delivery(Some(targets)).await.is_err());
}
