//! Arguments of a Web API call: form fields, query or a JSON body, all read the same way.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::super::error::ApiError;
use super::super::ids;

/// Arguments by name.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Args {
    map: Map<String, Value>,
    /// Whether they came as a JSON body (some methods do not read those).
    pub(in super::super) from_json: bool,
    /// Whether a JSON body came without `charset`, which Slack remarks on.
    pub(in super::super) no_charset: bool,
}

impl Args {
    pub(in super::super) fn new(map: Map<String, Value>) -> Self {
        Self { map, from_json: false, no_charset: false }
    }

    /// Reads query and body.
    pub(in super::super) fn read(headers: &HeaderMap, query: &str, body: &[u8]) -> Result<Self, ApiError> {
        let mut args = Self::default();
        args.add_form(query);
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            _ if body.is_empty() => {}
            "application/json" => {
                let text = std::str::from_utf8(body).map_err(|_| ApiError::new("invalid_charset"))?;
                let value: Value = serde_json::from_str(text).map_err(|_| ApiError::new("invalid_json"))?;
                let Value::Object(map) = value else { return Err(ApiError::new("json_not_object")) };
                args.map.extend(map);
                args.from_json = true;
                args.no_charset = !content_type.to_ascii_lowercase().contains("charset");
            }
            "application/x-www-form-urlencoded" => {
                let text = std::str::from_utf8(body).map_err(|_| ApiError::new("invalid_form_data"))?;
                args.add_form(text);
            }
            "" => return Err(ApiError::new("missing_post_type")),
            _ => return Err(ApiError::new("invalid_post_type")),
        }
        Ok(args)
    }

    fn add_form(&mut self, text: &str) {
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            self.map.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    /// Adds form fields, such as those of a multipart body.
    pub(in super::super) fn add(&mut self, name: &str, value: String) {
        self.map.insert(name.to_owned(), Value::String(value));
    }

    /// Takes the token out, so that it is neither kept nor shown.
    pub(in super::super) fn take_token(&mut self) -> Option<String> {
        self.map.remove("token").and_then(|token| token.as_str().map(str::to_owned))
    }

    /// Forgets everything; what a method that reads no JSON sees of a JSON body.
    pub(in super::super) fn forget(&mut self) {
        self.map.clear();
    }

    pub(in super::super) fn value(&self) -> Value {
        Value::Object(self.map.clone())
    }

    pub(in super::super) fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    /// A string; numbers and booleans count as their text.
    pub(in super::super) fn text(&self, name: &str) -> Option<String> {
        match self.map.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// A string that must be there and not be empty.
    pub(in super::super) fn need(&self, name: &str) -> Result<String, ApiError> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| ApiError::detailed("invalid_arguments", &[format!("missing required field: {name}")]))
    }

    pub(in super::super) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text == "true" || text == "1")
    }

    /// A message timestamp that must be there.
    pub(in super::super) fn need_ts(&self, name: &str, error: &str) -> Result<i64, ApiError> {
        ids::parse_ts(&self.need(name)?).ok_or_else(|| ApiError::new(error))
    }

    /// A whole number within bounds.
    pub(in super::super) fn number(&self, name: &str, default: usize, max: usize) -> Result<usize, ApiError> {
        let Some(text) = self.text(name).filter(|text| !text.is_empty()) else { return Ok(default) };
        match text.parse::<usize>() {
            Ok(0) => Ok(default),
            Ok(number) if number <= max => Ok(number),
            _ => Err(ApiError::new("invalid_limit")),
        }
    }

    /// A structure given as JSON, or as JSON text inside a form; `error` when it is neither.
    pub(in super::super) fn json(&self, name: &str, error: &str) -> Result<Option<Value>, ApiError> {
        match self.map.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| ApiError::new(error)),
            Some(other) => Ok(Some(other.clone())),
        }
    }

    /// A list given as JSON or separated by commas.
    pub(in super::super) fn list(&self, name: &str) -> Vec<String> {
        match self.map.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => {
                text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}
