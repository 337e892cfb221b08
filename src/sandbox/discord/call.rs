//! One REST call as the routes see it, and what they answer with.

use std::collections::HashMap;

use serde_json::Value;

use super::attachments::Upload;

/// A call that passed authorisation and rate limits.
#[derive(Debug)]
pub(super) struct Call {
    pub method: String,
    /// Path segments after /api/v10, percent-decoded.
    pub segments: Vec<String>,
    pub query: HashMap<String, String>,
    /// JSON body; an empty object when there is none.
    pub body: Value,
    pub files: Vec<Upload>,
}

impl Call {
    /// Whether a query parameter says yes.
    pub fn flag(&self, name: &str) -> bool {
        self.query.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// A query parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }
}

/// A successful answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub body: Option<Value>,
}

impl Reply {
    /// 200 with a body.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    /// 201 with a body.
    pub fn created(body: Value) -> Self {
        Self { status: 201, body: Some(body) }
    }

    /// 204.
    pub fn nothing() -> Self {
        Self { status: 204, body: None }
    }
}
