//! Discord's formats: every event in, what happened out; every body in, JSON within Discord's limits out.
//!
//! Fixtures live in `tests/golden/discord`; `GOLDEN_UPDATE=1` writes what the code does now, to be read before it is kept.

#![allow(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};
use vigie::adapters::discord::{
    CommandSpec, DiscordChat, DiscordSettings, OptionKind, OptionSpec, PUBLIC_API_URL, ShortcutSpec, escape, render,
};
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{Accent, Block, Body, Call, Chat, Control, Emphasis, MessageRef, Span, TimeStyle};
use vigie::ports::clock::Clock;
use vigie::ports::envelope::{Envelope, Urgency};

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp(1_773_496_020_000)
    }
}

fn option(name: &str, kind: OptionKind) -> OptionSpec {
    OptionSpec {
        name: name.into(),
        name_fr: String::new(),
        summary: name.into(),
        summary_fr: String::new(),
        kind,
        required: false,
        complete: false,
    }
}

fn chat() -> Arc<DiscordChat> {
    let settings =
        DiscordSettings { api_url: PUBLIC_API_URL.into(), token: SecretString::from("golden-token"), guild: None };
    let chat = DiscordChat::new(settings, Arc::new(Fixed)).unwrap();
    let open = CommandSpec {
        name: "open".into(),
        options: vec![
            option("text", OptionKind::Text),
            option("net", OptionKind::Text),
            option("followers", OptionKind::Integer),
        ],
        positional: vec!["text".into()],
        ..CommandSpec::default()
    };
    let commands = [
        CommandSpec {
            name: "assign".into(),
            options: vec![
                option("ticket", OptionKind::Text),
                option("to", OptionKind::Person),
                option("reason", OptionKind::Text),
            ],
            positional: vec!["ticket".into(), "to".into()],
            ..CommandSpec::default()
        },
        CommandSpec { name: "ticket".into(), subcommands: vec![open], ..CommandSpec::default() },
    ];
    let shortcuts = [ShortcutSpec { id: "open_ticket".into(), name: "Open ticket".into(), name_fr: "Ouvrir".into() }];
    chat.set_commands(&commands, &shortcuts);
    chat
}

fn fixtures(folder: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/discord").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: &PathBuf| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn compare(path: &Path, fixture: &Value, member: &str, now: &Value) {
    if std::env::var_os("GOLDEN_UPDATE").is_some() {
        let mut fixture = fixture.clone();
        fixture[member] = now.clone();
        fs::write(path, format!("{}\n", serde_json::to_string_pretty(&fixture).unwrap())).unwrap();
    } else {
        assert_eq!(
            serde_json::to_string_pretty(now).unwrap(),
            serde_json::to_string_pretty(&fixture[member]).unwrap(),
            "{}",
            path.display()
        );
    }
}

fn envelope(body: &Value) -> Envelope {
    Envelope {
        source: "discord".into(),
        delivery_id: "x".into(),
        urgency: Urgency::Live,
        received_at: Timestamp(1_773_496_020_000),
        body: body.to_string(),
    }
}

#[test]
fn every_event_is_read_as_a_person_would() {
    let chat = chat();
    for (path, fixture) in fixtures("decode") {
        let inbound = serde_json::to_value(chat.decode(&envelope(&fixture["envelope"]))).unwrap();
        compare(&path, &fixture, "inbound", &inbound);
    }
}

/// The gateway hands events over as serenity wrote them down again; nothing may get lost on that way.
#[test]
fn an_event_reads_the_same_after_it_went_through_the_gateway_library() {
    use serenity::model::event::{Event, GatewayEvent};
    let chat = chat();
    for (path, fixture) in fixtures("decode") {
        let raw = &fixture["envelope"];
        let frame = json!({ "op": 0, "s": 7, "t": raw["t"], "d": raw["d"] });
        let Ok(GatewayEvent::Dispatch(_, event)) = serde_json::from_value(frame) else {
            panic!("{}: not an event", path.display());
        };
        let kind = match &event {
            Event::InteractionCreate(_) => raw["d"]["type"].clone(),
            _ => Value::Null,
        };
        let again = serde_json::to_value(&event).unwrap();
        let mut body = raw.clone();
        body["t"] = again["t"].clone();
        body["d"] = again["d"].clone();
        if !kind.is_null() {
            body["d"]["type"] = kind;
        }
        let inbound = serde_json::to_value(chat.decode(&envelope(&body))).unwrap();
        assert_eq!(inbound, fixture["inbound"], "{}", path.display());
    }
}

#[test]
fn what_is_not_an_envelope_of_discord_is_unknown_and_never_fails() {
    let chat = chat();
    for body in ["", "{", "null", "[]", "{\"t\":1,\"d\":2}", "{\"t\":\"MESSAGE_CREATE\"}", "\"x\""] {
        let broken = Envelope { body: body.into(), ..envelope(&Value::Null) };
        assert!(matches!(chat.decode(&broken), vigie::ports::inbound::Inbound::Unknown { .. }), "{body:?}");
    }
}

#[test]
fn an_answer_address_hides_nothing_that_is_not_needed_and_keeps_the_deadline() {
    let chat = chat();
    let (_, fixture) = fixtures("decode").into_iter().find(|(path, _)| path.ends_with("press_button.json")).unwrap();
    let vigie::ports::inbound::Inbound::Press { caller, .. } = chat.decode(&envelope(&fixture["envelope"])) else {
        panic!("not a press");
    };
    assert!(caller.answer_by.0 - 1_773_496_020_000 < 3_000);
    let reply: Value = serde_json::from_str(&caller.reply_to).unwrap();
    assert_eq!(reply["origin"], "component");
}

#[test]
fn every_body_is_shown_as_agreed() {
    for (path, fixture) in fixtures("render") {
        let body: Body = serde_json::from_value(fixture["body"].clone()).unwrap();
        compare(&path, &fixture, "message", &render::render(&body).into_message());
    }
}

#[test]
fn each_call_has_its_own_bucket() {
    let chat = chat();
    let post = |channel: &str, thread: Option<&str>| {
        let call = Call::Post { channel: channel.into(), thread: thread.map(str::to_owned), body: Body::default() };
        chat.budget(&call).key
    };
    assert_eq!(post("1", None), "post:1");
    assert_eq!(post("1", Some("2")), "post:2");
    assert_ne!(post("1", None), post("3", None));
    let at = MessageRef { channel: "1".into(), message: "2".into() };
    assert_ne!(
        chat.budget(&Call::Edit { at: at.clone(), body: Body::default() }).key,
        chat.budget(&Call::Delete { at }).key
    );
}

// ---- properties -------------------------------------------------------------------------------------------------------

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,40}",
        "[ -~]{0,80}",
        Just("@everyone @here <@123456789012345678> <@&5> <#6> </x:7>".to_owned()),
        Just("https://evil.example/ [a](https://b.example) **x** __y__ ```z``` ||s||".to_owned()),
        Just("\u{202e}\u{2066}z\u{301}\u{301}\u{301}\u{301}\u{301}\r\n\n\n\n# t\n> q\n- l".to_owned()),
        Just("👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿".repeat(40)),
        Just("x".repeat(7_000)),
        Just("*_~|`\\<".repeat(900)),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        4 => nasty().prop_map(Span::Text),
        1 => nasty().prop_map(Span::Bold),
        1 => nasty().prop_map(Span::Code),
        1 => prop_oneof!["[0-9]{1,19}", nasty()].prop_map(Span::User),
        1 => prop_oneof!["[0-9]{1,19}", nasty()].prop_map(Span::Channel),
        1 => (prop_oneof![Just("https://a.example/x".to_owned()), nasty()], nasty())
            .prop_map(|(url, label)| Span::Link { url, label }),
        1 => (any::<i64>(), nasty()).prop_map(|(at, fallback)| Span::Time { at: Timestamp(at), style: TimeStyle::Relative, fallback }),
    ]
}

fn rich() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::vec(span(), 0..5)
}

fn control() -> impl Strategy<Value = Control> {
    let action = prop_oneof!["[a-z_.]{1,40}", Just(String::new())];
    let value = prop_oneof!["[ -~]{0,60}", "\\PC{0,60}"];
    let entries = prop::collection::vec((nasty(), nasty()), 0..30);
    prop_oneof![
        3 => (action.clone(), value.clone(), nasty()).prop_map(|(action, value, label)| Control::Button {
            action, value, label, emphasis: Emphasis::Primary }),
        1 => (action.clone(), value.clone(), nasty(), entries).prop_map(|(action, value, placeholder, entries)| Control::Menu {
            action, value, placeholder, entries }),
        1 => (action, value, nasty()).prop_map(|(action, value, placeholder)| Control::People { action, value, placeholder }),
        1 => (prop_oneof![Just("https://a.example/x".to_owned()), nasty()], nasty()).prop_map(|(url, label)| Control::Open { url, label }),
    ]
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        nasty().prop_map(Block::Header),
        rich().prop_map(Block::Context),
        rich().prop_map(Block::Text),
        rich().prop_map(Block::Quote),
        prop::collection::vec((nasty(), rich()), 0..14).prop_map(Block::Fields),
        prop::collection::vec(control(), 0..12).prop_map(Block::Controls),
        Just(Block::Divider),
        nasty().prop_map(Block::Footer),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let accent = prop_oneof![Just(Accent::Plain), Just(Accent::Red)];
    (nasty(), prop::collection::vec(block(), 0..10), accent).prop_map(|(summary, blocks, accent)| Body {
        summary,
        blocks,
        accent,
    })
}

fn length(value: &Value) -> usize {
    escape::units(value.as_str().unwrap_or_default())
}

fn within(value: &Value, least: usize, most: usize, what: &str) {
    let length = length(value);
    assert!((least..=most).contains(&length), "{what}: {length} not in {least}..={most}");
}

/// Discord's rules for messages, as its documentation gives them (lengths counted in UTF-16 units, the stricter way).
fn check_message(message: &Value) {
    within(&message["content"], 0, 2_000, "content");
    let embeds = message["embeds"].as_array().unwrap();
    assert!(embeds.len() <= 1);
    let rows = message["components"].as_array().unwrap();
    assert!(!message["content"].as_str().unwrap().trim().is_empty() || !embeds.is_empty(), "empty message");
    for embed in embeds {
        check_embed(embed);
    }
    assert!(rows.len() <= 5);
    let mut ids = BTreeSet::new();
    for row in rows {
        let parts = row["components"].as_array().unwrap();
        let buttons = parts.iter().filter(|part| part["type"] == 2).count();
        assert!(!parts.is_empty() && parts.len() <= 5);
        assert!(buttons == parts.len() || parts.len() == 1, "a menu shares its row");
        for part in parts {
            check_component(part, &mut ids);
        }
    }
    assert_eq!(message["allowed_mentions"]["parse"], json!([]));
}

fn check_embed(embed: &Value) {
    let mut sum = 0;
    for (path, most) in [("/title", 256), ("/description", 4_096), ("/footer/text", 2_048)] {
        if let Some(text) = embed.pointer(path) {
            within(text, 1, most, path);
            sum += length(text);
        }
    }
    let fields = embed.get("fields").and_then(Value::as_array).cloned().unwrap_or_default();
    assert!(fields.len() <= 10);
    for field in &fields {
        within(&field["name"], 1, 256, "field name");
        within(&field["value"], 1, 1_024, "field value");
        assert!(!field["value"].as_str().unwrap().trim().is_empty());
        sum += length(&field["name"]) + length(&field["value"]);
    }
    assert!(sum > 0 && sum <= 6_000, "sum {sum}");
}

fn check_component(part: &Value, ids: &mut BTreeSet<String>) {
    if let Some(id) = part.get("custom_id") {
        within(id, 1, 100, "custom_id");
        assert!(ids.insert(id.as_str().unwrap().to_owned()), "custom_id twice");
    }
    match part["type"].as_u64().unwrap() {
        2 => {
            within(&part["label"], 1, 80, "label");
            assert_eq!(part.get("url").is_some(), part["style"] == 5);
            if part["style"] == 5 {
                within(&part["url"], 1, 512, "url");
                assert!(part["url"].as_str().unwrap().starts_with("http"));
            }
        }
        3 => {
            within(&part["placeholder"], 0, 150, "placeholder");
            let options = part["options"].as_array().unwrap();
            assert!((1..=25).contains(&options.len()));
            let values: BTreeSet<&str> = options.iter().map(|option| option["value"].as_str().unwrap()).collect();
            assert_eq!(values.len(), options.len(), "values twice");
            for option in options {
                within(&option["label"], 1, 100, "option label");
                within(&option["value"], 1, 100, "option value");
            }
        }
        5 => within(&part["placeholder"], 0, 150, "placeholder"),
        other => panic!("component {other}"),
    }
}

fn users_of(body: &Body) -> BTreeSet<String> {
    let spans = body.blocks.iter().flat_map(|block| match block {
        Block::Context(rich) | Block::Text(rich) | Block::Quote(rich) => rich.clone(),
        Block::Fields(fields) => fields.iter().flat_map(|(_, rich)| rich.clone()).collect(),
        _ => Vec::new(),
    });
    spans
        .filter_map(|span| match span {
            Span::User(id) => Some(id),
            _ => None,
        })
        .collect()
}

/// Every live mention in a text that Discord reads.
fn live_mentions(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    assert!(!lower.contains("@everyone") && !lower.contains("@here"), "{text}");
    let user = regex::Regex::new(r"<@!?(\d+)>").unwrap();
    assert!(!regex::Regex::new(r"<@&\d+>").unwrap().is_match(text), "{text}");
    user.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_stays_within_discords_limits(body in body()) {
        check_message(&render::render(&body).into_message());
    }

    #[test]
    fn nobody_is_pinged_but_those_whom_the_body_mentions(body in body()) {
        let message = render::render(&body).into_message();
        let meant = users_of(&body);
        let allowed: BTreeSet<String> =
            message["allowed_mentions"]["users"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        prop_assert!(allowed.is_subset(&meant));
        let content = live_mentions(message["content"].as_str().unwrap());
        prop_assert!(content.iter().all(|id| meant.contains(id)), "{content:?}");
        if let Some(embed) = message["embeds"].get(0) {
            live_mentions(&embed.to_string());
        }
    }

    #[test]
    fn escaped_text_reads_as_it_was_written(text in "[ -~é👀]{0,200}") {
        let sent = escape::escape(&text);
        // Discord shows what follows a backslash as it is; the unseen character shows nothing.
        let mut shown = String::new();
        let mut characters = sent.chars().filter(|c| *c != '\u{200b}');
        while let Some(character) = characters.next() {
            shown.push(if character == '\\' { characters.next().unwrap() } else { character });
        }
        prop_assert_eq!(shown, escape::plain(&text).replace('\u{200b}', ""));
    }
}
