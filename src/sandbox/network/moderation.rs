//! The brand hides, shows again and deletes what customers wrote, as far as a network lets it.
//!
//! As strict as the real ones: only comments beneath the brand's own posts can be hidden or deleted; what was deleted stays so.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Core;
use super::api::{Refused, unprocessable, unreadable};
use super::state::{MessageKind, NetworkState, Visibility};

#[derive(Deserialize)]
struct Moderation {
    message: String,
    action: String,
}

pub(super) fn moderate(
    _: &Core,
    state: &mut NetworkState,
    network: &str,
    body: &[u8],
    _: &str,
) -> Result<Value, Refused> {
    let asked: Moderation = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    let to = match asked.action.as_str() {
        "hide" => Visibility::Hidden,
        "unhide" => Visibility::Shown,
        "delete" => Visibility::Deleted,
        _ => return Err(unprocessable("action is hide, unhide or delete")),
    };
    let Some(stored) = state.message_mut(network, &asked.message) else {
        return Err((StatusCode::NOT_FOUND, json!({"error": "the message does not exist"})));
    };
    match (stored.message.kind, stored.visibility, to) {
        (MessageKind::Dm, ..) => return Err(unprocessable("a private message cannot be hidden or deleted")),
        (MessageKind::Review, ..) => return Err(unprocessable("a review cannot be hidden or deleted by the brand")),
        (MessageKind::Mention, ..) => {
            return Err(unprocessable("only comments beneath your own posts can be hidden or deleted"));
        }
        (_, Visibility::Deleted, to) if to != Visibility::Deleted => {
            return Err((StatusCode::NOT_FOUND, json!({"error": "the message was deleted"})));
        }
        _ => {}
    }
    stored.visibility = to;
    let answer = json!({"id": stored.id, "visibility": to});
    state.version += 1;
    Ok(answer)
}
