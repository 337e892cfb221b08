//! What happens to one delivery, whichever transport brought it: stored, and answered with what its sender waits for.
//!
//! Never here: sockets, HTTP, or an acknowledgement of something that is not durable. Start reading at [`take`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::envelope::{SOURCE, envelope_of, unwrap};
use super::limits::{FORM_ERROR_MAX, OPTION_VALUE_MAX, OPTIONS_MAX};
use super::messages::word;
use super::{escape, interactions, render};
use crate::domain::time::Timestamp;
use crate::ports::envelope::{FormVerdict, Intake, NotStored};

/// Longest wait for completion choices: Slack takes them within 3 s, somebody is typing meanwhile.
const COMPLETION_WAIT: Duration = Duration::from_millis(1_500);

/// Makes a delivery durable. `Ok` means that it may be acknowledged, with this payload when there is one.
///
/// # Errors
/// [`NotStored`]: the delivery must not be acknowledged.
pub(super) async fn take(
    intake: &Arc<dyn Intake>,
    raw: String,
    parsed: Option<&Value>,
    now: Timestamp,
) -> Result<Option<Value>, NotStored> {
    let payload = parsed.map(|wrapped| unwrap(wrapped).1);
    if let Some(ask) = payload.and_then(interactions::completion) {
        let choices = tokio::time::timeout(COMPLETION_WAIT, intake.complete(ask)).await.unwrap_or_default();
        let fitting = choices.iter().filter(|c| !c.value.is_empty() && escape::length(&c.value) <= OPTION_VALUE_MAX);
        let options: Vec<Value> = fitting.take(OPTIONS_MAX).map(|c| render::option(&c.value, &c.label)).collect();
        return Ok(Some(json!({"options": options})));
    }
    let is_form = payload.is_some_and(|payload| payload["type"] == "view_submission");
    let held_back = payload.is_some_and(|payload| word(payload, "type") == "app_rate_limited");
    let envelope = envelope_of(raw, parsed, now);
    if is_form {
        return Ok(match intake.submit(envelope).await? {
            FormVerdict::Taken => None,
            FormVerdict::Invalid(problems) => Some(form_errors(&problems)),
        });
    }
    intake.accept(envelope).await?;
    if held_back {
        // Slack stopped sending events for a while: what it held back is only in the history.
        let intake = Arc::clone(intake);
        tokio::spawn(async move { intake.caught_gap(SOURCE).await });
    }
    Ok(None)
}

fn form_errors(problems: &[(String, String)]) -> Value {
    let errors: serde_json::Map<String, Value> = problems
        .iter()
        .map(|(field, sentence)| (field.clone(), Value::from(escape::plain(sentence, FORM_ERROR_MAX))))
        .collect();
    // Slack closes the form on an empty list of errors: a refusal without a field is no refusal to it.
    if errors.is_empty() { json!({}) } else { json!({"response_action": "errors", "errors": errors}) }
}
