use super::*;

fn answer(status: u16, wait: Option<&str>, body: &str) -> Answer {
    let status = StatusCode::from_u16(status).expect("a status");
    Answer { status, wait: wait.map(str::to_owned), body: body.as_bytes().to_vec() }
}

#[test]
fn what_each_status_means() {
    let refused = |words: &str| Err(NetworkError::Refused(words.to_owned()));
    let unknown = |words: &str| Err(NetworkError::Unknown(words.to_owned()));
    let not_now = |after_ms, words: &str| Err(NetworkError::NotNow { after_ms, cause: words.to_owned() });
    let cases = [
        (answer(200, None, "{}"), Ok(())),
        (answer(201, None, ""), Ok(())),
        (answer(202, None, ""), Ok(())),
        (answer(302, None, ""), refused("HTTP 302: redirects are not followed")),
        (answer(400, None, r#"{"error":"text is empty"}"#), refused("text is empty (HTTP 400)")),
        (answer(401, None, r#"{"error":{"message":"token expired"}}"#), refused("token expired (HTTP 401)")),
        (answer(403, None, "<b>no\r\nway</b>"), refused("<b>no  way</b> (HTTP 403)")),
        (answer(404, None, ""), refused("HTTP 404")),
        (answer(408, None, ""), unknown("HTTP 408")),
        (answer(409, None, ""), unknown("HTTP 409")),
        (answer(422, None, r#"{"error":"text too long","limit":280}"#), refused("text too long (HTTP 422)")),
        (answer(429, Some("7"), ""), not_now(7_000, "HTTP 429")),
        (answer(429, Some("0.2"), ""), not_now(1_000, "HTTP 429")),
        (answer(429, Some("99999999"), ""), not_now(LIMIT_WAIT_MS_MAX, "HTTP 429")),
        (answer(429, Some("-4"), ""), not_now(LIMIT_WAIT_MS, "HTTP 429")),
        (answer(429, Some("Wed, 21 Oct 2026 07:28:00 GMT"), ""), not_now(LIMIT_WAIT_MS, "HTTP 429")),
        (answer(429, None, ""), not_now(LIMIT_WAIT_MS, "HTTP 429")),
        (answer(500, None, ""), unknown("HTTP 500")),
        (answer(503, Some("3"), ""), unknown("HTTP 503")),
    ];
    for (answer, expected) in cases {
        assert_eq!(outcome(&answer), expected, "{}", answer.status);
    }
    let long = said(&answer(400, None, &"é".repeat(5_000)));
    assert!(long.chars().count() < WORDS_CHARS_MAX + 20, "{}", long.len());
}

#[test]
fn an_earlier_attempt_is_recognised_by_key_or_by_text() {
    let reply =
        Dispatch::Reply { in_reply_to: "m1".to_owned(), text: "Bonjour".to_owned(), private: false, reply_url: None };
    let post = Dispatch::Post { account: "@maison".to_owned(), text: "Bonjour".to_owned() };
    let cases = [
        (&reply, json!({"id": "r1", "idempotency_key": "k1"}), true),
        (&reply, json!({"id": "r1", "in_reply_to": "m1", "text": "Bonjour"}), true),
        (&reply, json!({"id": "r1", "in_reply_to": "m1", "text": "Bonjour", "idempotency_key": "other"}), true),
        (&reply, json!({"id": "r1", "in_reply_to": "m2", "text": "Bonjour"}), false),
        (&reply, json!({"id": "r1", "in_reply_to": "m1", "text": "Bonjour !"}), false),
        (&post, json!({"id": "p1", "text": "Bonjour"}), true),
        (&post, json!({"id": "p1", "text": "Bonjour", "idempotency_key": "last week"}), false),
        (&post, json!({"id": "p1", "text": "Autre", "idempotency_key": "k1"}), true),
        (&post, json!("Bonjour"), false),
    ];
    for (dispatch, row, expected) in cases {
        assert_eq!(is_same(&row, dispatch, "k1"), expected, "{row}");
    }
}

#[test]
fn a_publication_has_text_for_id_and_only_web_links() {
    let of = |row: Value| published(&row);
    assert_eq!(
        of(json!({"id": 7, "url": "https://x.example/7"})),
        Published { id: "7".to_owned(), url: "https://x.example/7".to_owned() }
    );
    assert_eq!(
        of(json!({"id": "r", "url": "javascript:alert(1)"})),
        Published { id: "r".to_owned(), url: String::new() }
    );
    assert_eq!(of(Value::Null), Published { id: String::new(), url: String::new() });
}
