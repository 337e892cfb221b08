//! Discord's errors: JSON error codes and the nested "Invalid Form Body" tree. Never invents a code Discord lacks.

use serde_json::{Map, Value, json};

/// Discord docs, "JSON Error Codes" and "HTTP Response Codes": code, HTTP status, message.
const KNOWN: &[(u32, u16, &str)] = &[
    (10003, 404, "Unknown Channel"),
    (10004, 404, "Unknown Guild"),
    (10007, 404, "Unknown Member"),
    (10008, 404, "Unknown Message"),
    (10009, 404, "Unknown permission overwrite"),
    (10011, 404, "Unknown Role"),
    (10013, 404, "Unknown User"),
    (10014, 400, "Unknown Emoji"),
    (10015, 404, "Unknown Webhook"),
    (10062, 404, "Unknown interaction"),
    (10063, 404, "Unknown application command"),
    (30003, 400, "Maximum number of pins reached for the channel (250)"),
    (30010, 400, "Maximum number of reactions reached (20)"),
    (30013, 400, "Maximum number of guild channels reached (500)"),
    (30032, 400, "Maximum number of application commands reached (100)"),
    (30034, 429, "Max number of daily application command creates has been reached (200)"),
    (40005, 413, "Request entity too large"),
    (40060, 400, "Interaction has already been acknowledged."),
    (40333, 403, "internal network error"),
    (50001, 403, "Missing Access"),
    (50003, 403, "Cannot execute action on a DM channel"),
    (50005, 403, "Cannot edit a message authored by another user"),
    (50006, 400, "Cannot send an empty message"),
    (50007, 403, "Cannot send messages to this user"),
    (50008, 400, "Cannot send messages in a non-text channel"),
    (50013, 403, "Missing Permissions"),
    (
        50016,
        400,
        "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete",
    ),
    (50021, 403, "Cannot execute action on a system message"),
    (50024, 400, "Cannot execute action on this channel type"),
    (50025, 401, "Invalid OAuth2 access token"),
    (50027, 401, "Invalid Webhook Token"),
    (50033, 400, "Invalid Recipient(s)"),
    (50034, 400, "You can only bulk delete messages that are under 14 days old."),
    (50083, 400, "Thread is archived"),
    (50109, 400, "The request body contains invalid JSON."),
    (160002, 400, "Cannot reply without permission to read message history"),
    (160004, 400, "A thread has already been created for this message"),
    (160005, 400, "Thread is locked"),
    (160006, 400, "Maximum number of active threads reached"),
];

/// What a refused call answers with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Discord's JSON error code.
    pub code: u32,
    /// The sentence beside it.
    pub message: String,
    /// The tree of "Invalid Form Body".
    pub errors: Option<Value>,
    /// Of a 429: how long to wait, in milliseconds.
    pub retry_after_ms: Option<i64>,
}

impl ApiError {
    /// A documented error by its code; codes outside the table become a plain 400.
    pub fn of(code: u32) -> Self {
        let (status, message) =
            KNOWN.iter().find(|known| known.0 == code).map_or((400, "400: Bad Request"), |known| (known.1, known.2));
        Self { status, code, message: message.to_owned(), errors: None, retry_after_ms: None }
    }

    /// An error without a JSON error code of its own: "404: Not Found".
    pub fn plain(status: u16) -> Self {
        let reason = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        };
        Self { status, code: 0, message: format!("{status}: {reason}"), errors: None, retry_after_ms: None }
    }

    /// A 429 that no bucket announces.
    pub fn slow_down(retry_after_ms: i64) -> Self {
        let message = "You are being rate limited.".into();
        Self { status: 429, code: 0, message, errors: None, retry_after_ms: Some(retry_after_ms) }
    }

    /// One wrong field.
    pub fn field(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        let mut form = FormErrors::default();
        form.add(path, code, message);
        form.into_error()
    }

    /// The same error with its form paths under `prefix` ("data" in interaction answers).
    pub fn under(mut self, prefix: &str) -> Self {
        if let Some(errors) = self.errors.take() {
            self.errors = Some(json!({ prefix: errors }));
        }
        self
    }

    /// The JSON body.
    pub fn body(&self) -> Value {
        if let Some(wait_ms) = self.retry_after_ms {
            let retry_after = wait_ms as f64 / 1_000.0;
            return json!({ "message": self.message, "retry_after": retry_after, "global": false });
        }
        let mut body = json!({ "message": self.message, "code": self.code });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

/// Collects wrong fields; paths are dotted ("embeds.0.title").
#[derive(Debug, Default)]
pub(super) struct FormErrors(Vec<(String, &'static str, String)>);

impl FormErrors {
    /// Notes one wrong field.
    pub fn add(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        self.0.push((path.to_owned(), code, message.into()));
    }

    /// Notes a missing field.
    pub fn required(&mut self, path: &str) {
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// `Ok` when nothing is wrong, otherwise 50035.
    pub fn check(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }

    /// Code 50035 with the nested tree.
    pub fn into_error(self) -> ApiError {
        let mut root = Value::Object(Map::new());
        for (path, code, message) in self.0 {
            let mut node = &mut root;
            for step in path.split('.').filter(|step| !step.is_empty()) {
                node = &mut node[step];
            }
            match node.get_mut("_errors").and_then(Value::as_array_mut) {
                Some(list) => list.push(json!({ "code": code, "message": message })),
                None => node["_errors"] = json!([{ "code": code, "message": message }]),
            }
        }
        ApiError {
            status: 400,
            code: 50035,
            message: "Invalid Form Body".into(),
            errors: Some(root),
            retry_after_ms: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_fields_nest_as_discord_nests_them() {
        let mut form = FormErrors::default();
        form.add("embeds.0.title", "BASE_TYPE_MAX_LENGTH", "Must be 256 or fewer in length.");
        form.required("embeds.0.fields.2.name");
        let body = form.into_error().body();
        assert_eq!(body["code"], 50035);
        assert_eq!(body["errors"]["embeds"]["0"]["title"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
        assert_eq!(body["errors"]["embeds"]["0"]["fields"]["2"]["name"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    }

    #[test]
    fn every_known_code_has_its_status() {
        assert_eq!(ApiError::of(10062).status, 404);
        assert_eq!(ApiError::of(50027).status, 401);
        assert_eq!(ApiError::plain(401).body(), json!({"message": "401: Unauthorized", "code": 0}));
    }
}
