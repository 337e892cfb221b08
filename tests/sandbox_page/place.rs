//! A small office behind the page: a Slack with an app that answers, a Discord, the networks and somebody who takes webhooks.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::discord::{DiscordAct, DiscordSandbox, DiscordSetup};
use vigie::sandbox::network::{NetworkSandbox, NetworkSetup, SigningKey};
use vigie::sandbox::page::{Hint, PageParts, PageServer, Workspace, serve};
use vigie::sandbox::slack::{ChannelSetup, CommandSetup, HttpTargets, SlackAct, SlackSandbox, SlackSetup, UserSetup};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Monday 9 March 2026, 14:47 in Paris.
const START_MS: i64 = 1_773_064_020_000;

/// The app behind Slack's buttons, and what it was told.
#[derive(Clone)]
struct App {
    api_url: String,
    token: String,
    submitted: Arc<Mutex<Vec<Value>>>,
    delivered: Arc<Mutex<Vec<Value>>>,
}

/// Everything that runs.
pub struct Place {
    pub page: PageServer,
    pub clock: SandboxClock,
    pub slack: Arc<SlackSandbox>,
    pub discord: Arc<DiscordSandbox>,
    pub network: Arc<NetworkSandbox>,
    app: App,
}

/// One JSON call; gives status and body.
async fn call(method: &str, url: &str, headers: &[(&str, String)], body: &Value) -> (u16, Value) {
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let mut request =
        Request::builder().method(method).uri(url).header("content-type", "application/json; charset=utf-8");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(body.to_string()))).expect("a request");
    let answer = client.request(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text})
}

fn card(status: &str) -> Value {
    let button = |id: &str, label: &str| json!({"type": "button", "action_id": id, "text": plain(label)});
    json!([
        {"type": "header", "text": plain("🔴 P1 · T-1 · Livraison en retard")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "> 3 semaines d'attente &amp; personne ne répond !"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": format!("*Statut*\n{status}")}]},
        {"type": "actions", "elements": [button("claim", "Je prends"), button("reply", "Répondre…")]},
    ])
}

fn form() -> Value {
    let option = |value: &str, label: &str| json!({"value": value, "text": plain(label)});
    json!({
        "type": "modal", "title": plain("Répondre à T-1"), "submit": plain("Proposer"),
        "blocks": [
            {"type": "input", "block_id": "answer", "label": plain("Votre réponse"),
             "element": {"type": "plain_text_input", "action_id": "answer", "multiline": true, "max_length": 280}},
            {"type": "input", "block_id": "visibility", "label": plain("Visibilité"),
             "element": {"type": "static_select", "action_id": "visibility",
                         "options": [option("public", "Publique"), option("private", "Privée")]}},
        ],
    })
}

impl App {
    async fn slack(&self, method: &str, body: &Value) -> Value {
        let bearer = [("authorization", format!("Bearer {}", self.token))];
        let (_, answer) = call("POST", &format!("{}{method}", self.api_url), &bearer, body).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    }
}

async fn interacted(State(app): State<App>, body: Bytes) -> Json<Value> {
    let payload =
        url::form_urlencoded::parse(&body).find(|(name, _)| name == "payload").map(|(_, text)| text.into_owned());
    let payload: Value = serde_json::from_str(&payload.expect("a payload")).expect("JSON");
    if payload["type"] == "view_submission" {
        let values = payload["view"]["state"]["values"].clone();
        if values["answer"]["answer"]["value"] == "lol" {
            let errors = json!({"answer": "Trop familier (charte 4)."});
            return Json(json!({"response_action": "errors", "errors": errors}));
        }
        app.submitted.lock().expect("unpoisoned").push(values);
        return Json(json!({"response_action": "clear"}));
    }
    if payload["actions"][0]["action_id"] == "claim" {
        let message = json!({"channel": payload["channel"]["id"], "ts": payload["message"]["ts"], "text": "T-1",
            "blocks": card("en cours, Léa")});
        app.slack("chat.update", &message).await;
    } else {
        app.slack("views.open", &json!({"trigger_id": payload["trigger_id"], "view": form()})).await;
    }
    Json(json!({}))
}

async fn took(State(app): State<App>, Json(body): Json<Value>) -> StatusCode {
    app.delivered.lock().expect("unpoisoned").push(body);
    StatusCode::ACCEPTED
}

async fn start_slack(clock: &SandboxClock) -> Arc<SlackSandbox> {
    let setup = SlackSetup {
        team_name: "Maison Lumen".into(),
        users: vec![UserSetup::new("lea", "Léa Martin", "fr-FR"), UserSetup::new("tom", "Tom Baker", "en-US")],
        channels: vec![
            ChannelSetup::new("social", &["lea", "tom", "vigie"]),
            ChannelSetup::new("desk", &["lea", "tom", "vigie"]),
        ],
        commands: vec![CommandSetup::new("/assign", "Assign a ticket", "T-12 @person | next")],
        ..SlackSetup::default()
    };
    SlackSandbox::start(setup, clock.clone()).await.expect("Slack starts")
}

async fn start_discord(clock: &SandboxClock) -> Arc<DiscordSandbox> {
    let setup = DiscordSetup { channels: Vec::new(), ..DiscordSetup::with_users(&[("lea", "fr"), ("tom", "en-US")]) };
    let discord =
        DiscordSandbox::start(setup.channel("social").channel("desk"), clock.clone()).await.expect("Discord starts");
    let api = format!("{}/v10", discord.api_url());
    let headers = [
        ("authorization", format!("Bot {}", discord.token())),
        ("user-agent", "DiscordBot (https://example.org, 1)".to_owned()),
    ];
    let channel = discord.channel_id("social").expect("a channel");
    let card = json!({
        "embeds": [{"title": "🔴 P1 · T-1 · Livraison en retard", "color": 14_687_834, "description": "> 3 semaines"}],
        "components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Je prends", "custom_id": "claim"}]}],
    });
    let (status, answer) = call("POST", &format!("{api}/channels/{channel}/messages"), &headers, &card).await;
    assert_eq!(status, 200, "{answer}");
    let commands = json!([{
        "name": "assign", "description": "Assign a ticket", "name_localizations": {"fr": "assigner"},
        "options": [{"type": 3, "name": "ticket", "description": "Which", "required": true}],
    }]);
    let path = format!("{api}/applications/{}/guilds/{}/commands", discord.application_id(), discord.guild_id());
    let (status, answer) = call("PUT", &path, &headers, &commands).await;
    assert_eq!(status, 200, "{answer}");
    discord
}

impl Place {
    /// Starts everything, with one card in each chat.
    pub async fn open() -> Self {
        let clock = SandboxClock::running_from(START_MS);
        let (slack, discord) = (start_slack(&clock).await, start_discord(&clock).await);
        let app = App {
            api_url: slack.api_url(),
            token: slack.bot_token(),
            submitted: Arc::default(),
            delivered: Arc::default(),
        };
        let router = Router::new()
            .route("/events", post(async |Json(body): Json<Value>| Json(json!({"challenge": body["challenge"]}))))
            .route("/commands", post(async || Json(json!({"response_type": "ephemeral", "text": "T-1 est à *Léa*"}))))
            .route("/interact", post(interacted))
            .route("/hooks/{source}", post(took))
            .with_state(app.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let targets = HttpTargets {
            events_url: format!("{own}/events"),
            commands_url: format!("{own}/commands"),
            interactivity_url: format!("{own}/interact"),
            options_url: None,
        };
        slack.set_http_delivery(Some(targets)).await.expect("the app verifies");
        let channel = slack.channel_id("social").expect("a channel");
        app.slack("chat.postMessage", &json!({"channel": channel, "text": "T-1", "blocks": card("nouveau")})).await;
        let setup = NetworkSetup {
            secret: SECRET.into(),
            target_url: Some(format!("{own}/hooks/{{network}}")),
            ..NetworkSetup::default()
        };
        let network = NetworkSandbox::start(setup, clock.clone()).await.expect("the networks start");
        let hint = Hint {
            id: "claim".into(),
            text_en: "Press Claim on the card in #social.".into(),
            text_fr: "Appuyez sur « Je prends » sur la carte de #social.".into(),
            done: false,
        };
        let mut parts = PageParts::new(clock.clone());
        let lea = |id: Option<String>| id.expect("lea");
        parts.slack =
            Some(Workspace { router: slack.router(), changed: slack.changed(), member: lea(slack.user_id("lea")) });
        parts.discord = Some(Workspace {
            router: discord.router(),
            changed: discord.changed(),
            member: lea(discord.user_id("lea")),
        });
        parts.network = Some(network.clone());
        parts.hints = Arc::new(move || vec![hint.clone()]);
        let page = serve(parts).await.expect("the page starts");
        Self { page, clock, slack, discord, network, app }
    }

    /// Another member writes in Slack's #social.
    pub async fn say_in_slack(&self, name: &str, text: &str) {
        let act = json!({"act": "post", "channel": self.slack.channel_id("social"), "text": text});
        let act: SlackAct = serde_json::from_value(act).expect("an act");
        self.slack.act(&self.slack.user_id(name).expect("a member"), act).await.expect("written");
    }

    /// Another member writes in Discord's #social.
    pub async fn say_in_discord(&self, name: &str, content: &str) {
        let act = json!({"act": "post", "channel": self.discord.channel_id("social"), "content": content});
        let act: DiscordAct = serde_json::from_value(act).expect("an act");
        self.discord.act(&self.discord.user_id(name).expect("a member"), act).await.expect("written");
    }

    /// The last form that the app accepted.
    pub async fn submitted(&self) -> Value {
        self.app.submitted.lock().expect("unpoisoned").last().cloned().expect("a form")
    }

    /// The last message that was delivered from a network.
    pub async fn delivered(&self) -> Value {
        self.app.delivered.lock().expect("unpoisoned").last().cloned().expect("a delivery")
    }

    /// The brand answers the last delivered message on X.
    pub async fn answer_on_x(&self, text: &str) {
        let body = json!({"in_reply_to": self.delivered().await["id"], "text": text});
        let timestamp_s = self.clock.now_ms() / 1_000;
        let key = SigningKey::parse(SECRET).expect("a secret");
        let headers = [
            ("webhook-id", "out_1".to_owned()),
            ("webhook-timestamp", timestamp_s.to_string()),
            ("webhook-signature", key.sign("out_1", timestamp_s, body.to_string().as_bytes())),
            ("idempotency-key", "k1".to_owned()),
        ];
        let (status, answer) = call("POST", &format!("{}/x/replies", self.network.base_url()), &headers, &body).await;
        assert_eq!(status, 201, "{answer}");
    }
}
