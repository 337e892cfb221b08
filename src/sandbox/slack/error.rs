//! How the sandbox says no: to the app in Slack's error codes, to a person in a sentence.

use serde_json::{Map, Value, json};

/// A Web API refusal: `{"ok": false, "error": code, ...}`.
#[derive(Debug, Clone)]
pub(super) struct ApiError {
    pub(super) code: String,
    pub(super) extra: Map<String, Value>,
    /// Seconds after which to try again; turns the answer into HTTP 429.
    pub(super) retry_after_s: Option<i64>,
}

/// What a Web API method answers, without `ok`.
pub(super) type Answer = Result<Map<String, Value>, ApiError>;

impl ApiError {
    pub(super) fn new(code: &str) -> Self {
        Self { code: code.to_owned(), extra: Map::new(), retry_after_s: None }
    }

    /// The error of a malformed call or payload, with Slack's `[ERROR] ...` lines naming each place.
    pub(super) fn detailed(code: &str, problems: &[String]) -> Self {
        let mut error = Self::new(code);
        let lines: Vec<String> = problems.iter().map(|problem| format!("[ERROR] {problem}")).collect();
        if code == "invalid_blocks" {
            error.extra.insert("errors".to_owned(), json!(problems));
        }
        error.extra.insert("response_metadata".to_owned(), json!({ "messages": lines }));
        error
    }

    pub(super) fn missing_scope(needed: &str, provided: &[String]) -> Self {
        let mut error = Self::new("missing_scope");
        error.extra.insert("needed".to_owned(), json!(needed));
        error.extra.insert("provided".to_owned(), json!(provided.join(",")));
        error
    }

    pub(super) fn rate_limited(retry_after_s: i64) -> Self {
        Self { retry_after_s: Some(retry_after_s), ..Self::new("ratelimited") }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("ok".to_owned(), json!(false));
        body.insert("error".to_owned(), json!(self.code));
        body.extend(self.extra.clone());
        Value::Object(body)
    }
}

/// Builds an answer from a `json!` object; anything else gives an empty answer.
pub(super) fn answer(value: Value) -> Answer {
    Ok(match value {
        Value::Object(map) => map,
        _ => Map::new(),
    })
}

/// Why Slack's own window would not let a person do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ActError(
    /// The sentence to show.
    pub String,
);

impl ActError {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
