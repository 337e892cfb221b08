use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn full() -> Value {
    json!({
        "id": "ig-17", "network": "Instagram", "kind": "comment",
        "author": {"id": "u1", "name": "Marie D.", "url": "https://instagram.example/marie", "followers": 12_000},
        "text": "3 semaines d'attente !", "url": "https://instagram.example/p/17", "parent_id": "p9",
        "created_at": "2026-03-17T08:45:00+01:00", "reply_url": "https://hooks.example.com/reply",
        "attachments": [{"url": "https://cdn.example/1.jpg", "type": "image/jpeg", "alt": "un carton ouvert"}],
        "something": {"else": [1, 2, {"deep": null}]},
    })
}

/// The full message with one field changed (`null` removes it).
fn with(field: &str, value: Value) -> String {
    let mut body = full();
    match field.split_once('.') {
        Some((outer, inner)) => body[outer][inner] = value,
        None => body[field] = value,
    }
    body.to_string()
}

#[test]
fn a_full_message_is_read_whole() {
    let message = decode(&full().to_string(), None).expect("a message");
    assert_eq!(message.id, "ig-17");
    assert_eq!(message.network, "instagram");
    assert_eq!(message.kind, SocialKind::Comment);
    assert_eq!(message.author.name, "Marie D.");
    assert_eq!(message.author.followers, Some(12_000));
    assert_eq!(message.text, "3 semaines d'attente !");
    assert_eq!(message.parent_id.as_deref(), Some("p9"));
    assert_eq!(message.created_at, Some(Timestamp(1_773_733_500_000)));
    assert_eq!(message.reply_url.as_deref(), Some("https://hooks.example.com/reply"));
    assert_eq!(message.attachments.len(), 1);
    assert_eq!(message.attachments[0].alt, "un carton ouvert");
    assert_eq!(delivery_id(&full().to_string()).as_deref(), Ok("ig-17"));
}

#[test]
fn the_least_message_is_enough() {
    let message = decode(r#"{"id":5,"author":"@sam","text":"hello"}"#, Some("x")).expect("a message");
    assert_eq!((message.id.as_str(), message.network.as_str(), message.kind), ("5", "x", SocialKind::Comment));
    assert_eq!((message.author.id.as_str(), message.author.name.as_str()), ("@sam", "@sam"));
    assert_eq!((message.created_at, message.reply_url, message.attachments.len()), (None, None, 0));
    let no_words =
        decode(r#"{"id":"1","kind":"review","author":{"id":"u"}}"#, Some("google_reviews")).expect("stars alone");
    assert_eq!((no_words.text.as_str(), no_words.author.name.as_str()), ("", "u"));
}

#[test]
fn a_wrong_field_is_named_with_its_cure() {
    let cases = [
        ("id", json!(null), "id", "`id` is missing"),
        ("id", json!("  "), "id", "`id` is missing"),
        ("id", json!(["a"]), "id", "`id` is a list, not text"),
        ("id", json!("x".repeat(201)), "id", "`id` is not usable as an id"),
        ("id", json!("a\nb"), "id", "`id` is not usable as an id"),
        ("network", json!(null), "network", "`network` is missing"),
        ("network", json!(7), "network", "`network` is a number, not text"),
        ("network", json!("a b"), "network", "`network` is not a network name"),
        ("kind", json!("story"), "kind", "`kind` is not a kind of message"),
        ("kind", json!(true), "kind", "`kind` is true or false, not text"),
        ("author", json!(null), "author", "`author` is missing"),
        ("author", json!([1]), "author", "`author` is a list, not an object"),
        ("author", json!({"url": "https://x.example"}), "author.id", "`author.id` is missing"),
        ("author.name", json!({}), "author.name", "`author.name` is an object, not text"),
        ("author.followers", json!(-3), "author.followers", "`author.followers` is not a number of people"),
        ("author.followers", json!("many"), "author.followers", "`author.followers` is not a number of people"),
        ("text", json!({"html": "x"}), "text", "`text` is an object, not text"),
        ("created_at", json!("yesterday"), "created_at", "`created_at` is not a time"),
        ("created_at", json!(-1), "created_at", "`created_at` is not a time"),
        ("created_at", json!(u64::MAX), "created_at", "`created_at` is not a time"),
        ("created_at", json!("2026-03-17"), "created_at", "`created_at` is not a time"),
        ("reply_url", json!("javascript:alert(1)"), "reply_url", "`reply_url` is not a web address"),
        ("parent_id", json!({}), "parent_id", "`parent_id` is an object, not text"),
        ("url", json!(4), "url", "`url` is a number, not text"),
    ];
    for (changed, value, field, error) in cases {
        let problem = decode(&with(changed, value.clone()), None).expect_err(changed);
        assert_eq!((problem.field, problem.error.as_str()), (field, error), "{changed} = {value}");
        assert!(!problem.hint.is_empty(), "{changed} needs a hint");
    }
    let mut wordless = full();
    wordless["text"] = json!(" ");
    wordless["attachments"] = json!([]);
    assert_eq!(decode(&wordless.to_string(), None).expect_err("no words").field, "text");
}

#[test]
fn times_come_in_every_common_form() {
    let expected = Some(Timestamp(1_773_733_500_000));
    for value in [
        json!("2026-03-17T07:45:00Z"),
        json!("2026-03-17T08:45:00.000+01:00"),
        json!(1_773_733_500),
        json!("1773733500"),
        json!(1_773_733_500_000_i64),
        json!("1773733500000"),
        json!(1_773_733_500.0),
    ] {
        let message = decode(&with("created_at", value.clone()), None).expect("a message");
        assert_eq!(message.created_at, expected, "{value}");
    }
    assert_eq!(
        decode(&with("created_at", json!("1970-01-02T00:00:00Z")), None).expect("early").created_at,
        Some(Timestamp(86_400_000))
    );
    assert_eq!(decode(&with("created_at", json!("")), None).expect("none").created_at, None);
}

#[test]
fn links_that_are_no_web_addresses_are_dropped_and_the_message_kept() {
    for link in ["javascript:alert(1)", "ftp://x.example/a", "not a link", "file:///etc/passwd", "data:text/html,x"] {
        let message = decode(&with("url", json!(link)), None).expect("kept");
        assert_eq!(message.url, "", "{link}");
        assert_eq!(decode(&with("author.url", json!(link)), None).expect("kept").author.url, "");
        assert!(decode(&with("attachments", json!([link, {"url": link}])), None).expect("kept").attachments.is_empty());
    }
    let long = format!("https://x.example/{}", "a".repeat(3_000));
    assert_eq!(decode(&with("url", json!(long)), None).expect("kept").url, "");
}

#[test]
fn everything_is_cut_to_its_bound() {
    let message = decode(&with("text", json!("é".repeat(TEXT_CHARS_MAX + 5))), None).expect("a message");
    assert_eq!(message.text.chars().count(), TEXT_CHARS_MAX + CUT_MARK.chars().count());
    assert!(message.text.ends_with(CUT_MARK));
    let exact = decode(&with("text", json!("é".repeat(TEXT_CHARS_MAX))), None).expect("a message");
    assert_eq!(exact.text.chars().count(), TEXT_CHARS_MAX);
    assert_eq!(decode(&with("text", json!("a\u{0}b")), None).expect("a message").text, "ab");
    let many: Vec<String> = (0..500).map(|n| format!("https://cdn.example/{n}.jpg")).collect();
    assert_eq!(decode(&with("attachments", json!(many)), None).expect("a message").attachments.len(), ATTACHMENTS_MAX);
    let name =
        decode(&with("author.name", json!(format!("a\r\n{}", "b".repeat(500)))), None).expect("a message").author.name;
    assert!(!name.contains('\n') && name.chars().count() <= NAME_CHARS_MAX, "{name}");
}

#[test]
fn broken_bodies_are_problems_and_never_a_crash() {
    let bodies = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "\"text\"".to_owned(),
        "{".to_owned(),
        "{}{}".to_owned(),
        r#"{"id":1e999}"#.to_owned(),
        r#"{"id":"\ud800","text":"x","author":"a"}"#.to_owned(),
        format!(r#"{{"id":{}}}"#, "9".repeat(5_000)),
        format!("{}1{}", "[".repeat(100), "]".repeat(100)),
        r#"{"attachments":"x"}"#.to_owned(),
        r#"{"attachments":[1]}"#.to_owned(),
    ];
    for body in bodies {
        assert!(decode(&body, Some("x")).is_err(), "{}", body.chars().take(60).collect::<String>());
    }
    let keys: String = (0..100_000).map(|n| format!("\"k{n}\":1,")).collect();
    let body = format!("{{{keys}\"id\":\"1\",\"author\":\"a\",\"text\":\"t\"}}");
    assert_eq!(decode(&body, Some("x")).map(|message| message.id), Ok("1".to_owned()));
}

proptest! {
    #[test]
    fn any_text_is_answered(body in "\\PC{0,300}") {
        let _ = decode(&body, Some("x"));
    }

    #[test]
    fn any_value_in_any_field_is_answered_within_bounds(
        field in prop::sample::select(vec!["id", "network", "kind", "author", "author.id", "author.name", "text", "created_at",
            "reply_url", "attachments", "parent_id"]),
        words in any::<String>(),
        number in any::<i64>(),
        pick in 0..4,
    ) {
        let value = match pick { 0 => json!(words), 1 => json!(number), 2 => json!([words]), _ => json!({"id": words}) };
        if let Ok(message) = decode(&with(field, value), None) {
            prop_assert!(!message.id.is_empty() && message.id.chars().count() <= ID_CHARS_MAX);
            prop_assert!(!message.author.name.is_empty());
            prop_assert!(message.text.chars().count() <= TEXT_CHARS_MAX + CUT_MARK.chars().count());
        }
    }
}
