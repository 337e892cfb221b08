//! Golden payloads of the Slack adapter: recorded shapes in, readings out; messages in, blocks out; and properties that
//! must hold for any text.
//!
//! A case of `tests/golden/slack/*.json` holds a raw delivery (`raw`) and what it must be read as (`delivery_id`,
//! `urgency`, `inbound`). Everybody in them is invented.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};
use vigie::adapters::slack::directory::{Directory, Identity, Names};
use vigie::adapters::slack::reply::ReplyTo;
use vigie::adapters::slack::{decode, envelope, render, view};
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Accent, Block, Body, Control, Emphasis, Field, FieldKind, Form, Span, TimeStyle};
use vigie::ports::inbound::Inbound;

const RECEIVED: Timestamp = Timestamp(1_767_600_400_000);

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.learn_own(Identity {
        user_id: "U0VIGIE".into(),
        name: "vigie".into(),
        bot_id: "B0VIGIE".into(),
        app_id: "A0VIGIE".into(),
        team_id: "T0ATELIER".into(),
        team_url: "https://atelier.slack.com/".into(),
        team: "Atelier".into(),
    });
    directory.learn_person("U0LEA", Names { handle: "lea".into(), shown: "Léa Roux".into() });
    directory.learn_person("U0MAX", Names { handle: "max".into(), shown: "Max Petit".into() });
    directory.learn_channel("C0SOCIAL", "social");
    directory
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/slack")
}

fn cases(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(file)).expect("golden file");
    serde_json::from_str(&text).expect("golden file is JSON")
}

fn reading(raw: &Value) -> Value {
    let envelope = envelope::envelope(&raw.to_string(), RECEIVED);
    json!({
        "delivery_id": envelope.delivery_id,
        "urgency": envelope.urgency,
        "inbound": decode::decode(&envelope, &directory()),
    })
}

fn every_case_is_read_as_written(file: &str) {
    for case in cases(file) {
        let read = reading(&case["raw"]);
        for key in ["delivery_id", "urgency", "inbound"] {
            assert_eq!(read[key], case[key], "{}: {key}\n{read:#}", case["case"]);
        }
    }
}

#[test]
fn messages_are_read_as_written() {
    every_case_is_read_as_written("messages.json");
}

#[test]
fn events_are_read_as_written() {
    every_case_is_read_as_written("events.json");
}

#[test]
fn interactions_are_read_as_written() {
    every_case_is_read_as_written("interactions.json");
}

#[test]
fn a_delivery_by_http_has_the_identity_it_has_by_socket() {
    for file in ["messages.json", "events.json", "interactions.json"] {
        for case in cases(file) {
            let mut bare = case["raw"].clone();
            for key in ["envelope_id", "retry_attempt", "retry_reason", "accepts_response_payload"] {
                bare.as_object_mut().map(|raw| raw.remove(key));
            }
            let (socket, http) = (reading(&case["raw"]), reading(&bare));
            assert_eq!(socket["delivery_id"], http["delivery_id"], "{}", case["case"]);
        }
    }
}

#[test]
fn broken_and_hostile_bodies_are_unknown_never_a_panic() {
    let deep = "[".repeat(200_000);
    for raw in ["", "nonsense", "[]", "null", "{\"type\":", "{\"type\":\"events_api\"}", "\u{0}", &deep] {
        let envelope = envelope::envelope(raw, RECEIVED);
        assert!(envelope.delivery_id.starts_with("sha256:"), "{raw:.20}");
        assert!(matches!(decode::decode(&envelope, &directory()), Inbound::Unknown { .. }), "{raw:.20}");
    }
}

fn text(words: &str) -> Span {
    Span::Text(words.into())
}

fn button(action: &str, value: &str, label: &str, emphasis: Emphasis) -> Control {
    Control::Button { action: action.into(), value: value.into(), label: label.into(), emphasis }
}

fn card() -> Body {
    Body {
        summary: "P1 · T-142 · Livraison en retard".into(),
        accent: Accent::Red,
        blocks: vec![
            Block::Header("🔴 P1 · T-142 · Instagram · Livraison en retard".into()),
            Block::Context(vec![
                text("@marie.d · 12k abonnés · reçu "),
                Span::Time { at: Timestamp(1_767_600_000_000), style: TimeStyle::Clock, fallback: "13:47".into() },
                text(" · "),
                Span::Link { url: "https://photos.example/p/1?a=1&b=2".into(), label: "original ↗".into() },
            ]),
            Block::Quote(vec![text("3 semaines d'attente, <!channel> personne ne répond\n*j'annule* tout !")]),
            Block::Fields(vec![
                ("Statut".into(), vec![text("assigné")]),
                ("Responsable".into(), vec![Span::User("U0LEA".into())]),
            ]),
            Block::Text(vec![
                Span::Bold("Étape".into()),
                text(" voir "),
                Span::Channel("C0SOCIAL".into()),
                Span::Code("T-142".into()),
            ]),
            Block::Divider,
            Block::Controls(vec![
                button("ticket.claim", "T-142:14", "Je prends", Emphasis::Primary),
                button("ticket.prio", "p1", "P1", Emphasis::Plain),
                button("ticket.prio", "p2", "P2", Emphasis::Danger),
                Control::People {
                    action: "ticket.assign".into(),
                    value: "T-142".into(),
                    placeholder: "Assigner…".into(),
                },
                Control::Menu {
                    action: "ticket.more".into(),
                    value: "T-142".into(),
                    placeholder: "Plus".into(),
                    entries: vec![("snooze".into(), "Reporter".into()), (String::new(), "sans valeur".into())],
                },
                Control::Open { url: "https://photos.example/p/1".into(), label: "Voir".into() },
                Control::Open { url: "javascript:alert(1)".into(), label: "Piège".into() },
            ]),
            Block::Footer("révision 14 · aussi dans Discord #social".into()),
        ],
    }
}

#[test]
fn a_card_is_rendered_as_written() {
    let rendered = render::message(&card());
    let mut blocks = Value::from(rendered.blocks);
    for block in blocks.as_array_mut().into_iter().flatten() {
        if let Some(id) = block["block_id"].as_str().map(str::to_owned) {
            assert!(id.starts_with("row1."), "{id}");
            block["block_id"] = "row1".into();
        }
    }
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(folder().join("card.json")).expect("card")).expect("JSON");
    assert_eq!(json!({"text": rendered.text, "blocks": blocks}), written, "{blocks:#}");
}

#[test]
fn what_a_control_carries_comes_back_with_its_press() {
    let rendered = render::message(&card());
    let row = rendered.blocks.iter().find(|block| block["type"] == "actions").expect("a row");
    let ids: Vec<&str> =
        row["elements"].as_array().into_iter().flatten().filter_map(|e| e["action_id"].as_str()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "action ids are unique in a row: {ids:?}");
    let carried: Vec<(String, String)> = ids.iter().map(|id| render::read_action_id(id)).collect();
    let expected = [
        ("ticket.claim", ""),
        ("ticket.prio", ""),
        ("ticket.prio", ""),
        ("ticket.assign", "T-142"),
        ("ticket.more", "T-142"),
        ("open_link", ""),
    ];
    assert_eq!(carried, expected.map(|(action, value)| (action.to_owned(), value.to_owned())));
}

#[test]
fn a_form_is_rendered_as_written() {
    let field =
        |id: &str, kind| Field { id: id.into(), label: id.to_uppercase(), hint: "indice".into(), kind, optional: true };
    let form = Form {
        name: "ticket_open".into(),
        state: "T-12".into(),
        title: "Un titre bien trop long pour Slack".into(),
        submit: "Ouvrir".into(),
        cancel: "Annuler".into(),
        intro: "Avant *tout*".into(),
        fields: vec![
            field("title", FieldKind::Line { value: "a".repeat(50), max: 40 }),
            field("note", FieldKind::Paragraph { value: String::new(), max: 9_999 }),
            field("prio", FieldKind::OneOf { entries: vec![("p1".into(), "P1".into())], value: Some("p1".into()) }),
            field("who", FieldKind::Person { value: Some("U0MAX".into()) }),
        ],
    };
    let reply = ReplyTo { channel: "C0SOCIAL".into(), thread: Some("1.2".into()), ..ReplyTo::default() };
    let made = view::form(&form, &reply);
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(folder().join("form.json")).expect("form")).expect("JSON");
    assert_eq!(made, written, "{made:#}");
    let origin = view::Origin::read(made["private_metadata"].as_str().unwrap_or_default());
    assert_eq!(
        (origin.state.as_str(), origin.channel.as_str(), origin.thread.as_deref()),
        ("T-12", "C0SOCIAL", Some("1.2"))
    );
}

// ---- properties -------------------------------------------------------------------------------------------------

fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>&!@#*_~`|\\n a-z]{0,80}",
        "(<!(channel|here|everyone)>|<@U0MAX>|<!subteam\\^S1>|&lt;!channel&gt;|@channel| ){1,20}",
        (1..5_000usize).prop_map(|n| "é<".repeat(n)),
        (1..3_000usize).prop_map(|n| format!("a{}", "\u{0301}".repeat(n))),
        Just("👩‍👩‍👧‍👦".repeat(900)),
    ]
}

fn short_words() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,20}", "[<!@a-z>&]{0,100}", (70..200usize).prop_map(|n| "ü".repeat(n))]
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        any_words().prop_map(Span::Text),
        any_words().prop_map(Span::Bold),
        any_words().prop_map(Span::Code),
        (any_words(), any_words()).prop_map(|(url, label)| Span::Link { url, label }),
        any_words().prop_map(|label| Span::Link { url: "https://a.example/x|y?<!channel>".into(), label }),
        any_words().prop_map(|fallback| Span::Time { at: Timestamp(5_000), style: TimeStyle::Relative, fallback }),
    ]
}

fn any_control() -> impl Strategy<Value = Control> {
    let entries = prop::collection::vec((short_words(), short_words()), 0..30);
    prop_oneof![
        (short_words(), short_words()).prop_map(|(value, label)| button("a.b", &value, &label, Emphasis::Primary)),
        (short_words(), entries).prop_map(|(placeholder, entries)| Control::Menu {
            action: "a.menu".into(),
            value: "T-1".into(),
            placeholder,
            entries
        }),
        short_words().prop_map(|placeholder| Control::People {
            action: "a.who".into(),
            value: String::new(),
            placeholder
        }),
        (short_words(), short_words()).prop_map(|(url, label)| Control::Open { url, label }),
    ]
}

fn any_block() -> impl Strategy<Value = Block> {
    let rich = || prop::collection::vec(any_span(), 0..6);
    prop_oneof![
        any_words().prop_map(Block::Header),
        rich().prop_map(Block::Context),
        rich().prop_map(Block::Text),
        rich().prop_map(Block::Quote),
        prop::collection::vec((short_words(), rich()), 0..14).prop_map(Block::Fields),
        prop::collection::vec(any_control(), 0..30).prop_map(Block::Controls),
        Just(Block::Divider),
        any_words().prop_map(Block::Footer),
    ]
}

fn any_body() -> impl Strategy<Value = Body> {
    (
        any_words(),
        prop_oneof![
            3 => prop::collection::vec(any_block(), 0..12),
            1 => prop::collection::vec(any_block(), 45..60),
        ],
    )
        .prop_map(|(summary, blocks)| Body { summary, blocks, accent: Accent::Plain })
}

fn units(value: &Value) -> usize {
    value.as_str().unwrap_or_default().encode_utf16().count()
}

/// Slack's limits, written down a second time and independently of the adapter's own table.
fn check_element(element: &Value) {
    assert!(units(&element["action_id"]) <= 255);
    match element["type"].as_str().unwrap_or_default() {
        "button" => {
            assert!((1..=75).contains(&units(&element["text"]["text"])), "{element}");
            assert!(units(&element["value"]) <= 2_000 && units(&element["url"]) <= 3_000);
        }
        "static_select" | "users_select" => {
            assert!((1..=150).contains(&units(&element["placeholder"]["text"])));
            let options = element["options"].as_array().map(Vec::as_slice).unwrap_or_default();
            assert!(options.len() <= 100 && (element["type"] == "users_select" || !options.is_empty()));
            for option in options {
                assert!(
                    (1..=75).contains(&units(&option["text"]["text"])) && (1..=150).contains(&units(&option["value"]))
                );
            }
        }
        "mrkdwn" | "plain_text" => assert!((1..=3_000).contains(&units(&element["text"]))),
        other => panic!("unexpected element {other}"),
    }
}

fn check_block(block: &Value) {
    let elements = block["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
    match block["type"].as_str().unwrap_or_default() {
        "header" => {
            assert!((1..=150).contains(&units(&block["text"]["text"])));
            assert!(!block["text"]["text"].as_str().unwrap_or_default().contains('\n'));
        }
        "section" => {
            let fields = block["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
            assert!(fields.len() <= 10 && fields.iter().all(|field| (1..=2_000).contains(&units(&field["text"]))));
            assert!(!fields.is_empty() || (1..=3_000).contains(&units(&block["text"]["text"])), "{block}");
        }
        "context" => assert!((1..=10).contains(&elements.len())),
        "actions" => {
            assert!((1..=25).contains(&elements.len()) && units(&block["block_id"]) <= 255);
            let mut ids: Vec<_> = elements.iter().map(|element| element["action_id"].to_string()).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), elements.len());
        }
        "divider" => {}
        other => panic!("unexpected block {other}"),
    }
    elements.iter().for_each(check_element);
}

/// No text anywhere holds a mention or a special word of Slack's, except the dates that Vigie makes itself.
fn check_harmless(value: &Value) {
    match value {
        Value::String(text) => {
            for (at, _) in text.match_indices('<') {
                let rest = &text[at + 1..];
                let dangerous = rest.starts_with('@') || rest.starts_with('#') || rest.starts_with('!');
                assert!(!dangerous || rest.starts_with("!date^5^"), "{text:?}");
            }
            let low = text.to_lowercase();
            assert!(["@channel", "@here", "@everyone"].iter().all(|loud| !low.contains(loud)), "{text:?}");
        }
        Value::Array(list) => list.iter().for_each(check_harmless),
        Value::Object(object) => {
            let spoken = object
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "value" | "url" | "action_id" | "initial_value"));
            spoken.for_each(|(_, inner)| check_harmless(inner));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_message_stays_within_slacks_limits_and_pings_nobody(body in any_body()) {
        let rendered = render::message(&body);
        prop_assert!(rendered.blocks.len() <= 50);
        let size: usize = rendered.blocks.iter().map(|block| block.to_string().chars().count()).sum();
        prop_assert!(size <= 13_200, "{size}");
        prop_assert!((1..=4_000).contains(&units(&Value::from(rendered.text.as_str()))));
        check_harmless(&Value::from(rendered.text));
        let mut rows: Vec<_> = rendered.blocks.iter().filter_map(|block| block["block_id"].as_str()).collect();
        let count = rows.len();
        rows.sort_unstable();
        rows.dedup();
        prop_assert_eq!(rows.len(), count);
        for block in &rendered.blocks {
            check_block(block);
            check_harmless(block);
        }
    }

    #[test]
    fn any_page_stays_within_slacks_limits(body in any_body()) {
        let blocks = render::page(&body);
        prop_assert!((1..=100).contains(&blocks.len()));
        for block in &blocks {
            check_block(block);
            check_harmless(block);
        }
    }

    #[test]
    fn any_body_is_read_without_a_panic(raw in any::<String>(), words in any_words()) {
        let delivery = json!({"type": "events_api", "payload": {"type": "event_callback", "event":
            {"type": "message", "channel": "C1", "ts": "1.2", "user": "U1", "text": words}}});
        for raw in [raw, delivery.to_string()] {
            let envelope = envelope::envelope(&raw, RECEIVED);
            let _ = decode::decode(&envelope, &directory());
        }
    }
}
