//! A stored message as Slack shows it to the app: with its thread, its marks and, if asked, its metadata.

use serde_json::{Value, json};

use super::ids;
use super::workspace::{Channel, Message, Workspace};

impl Workspace {
    /// The message as `conversations.history` and interactive payloads show it.
    pub(super) fn message_wire(&self, channel: &Channel, message: &Message, with_metadata: bool) -> Value {
        let mut wire = message.wire.clone();
        if let Some(root) = message.thread_us {
            wire.insert("thread_ts".to_owned(), json!(ids::ts(root)));
            if let Some(parent) = channel.message(root).and_then(|parent| parent.wire.get("user")) {
                wire.insert("parent_user_id".to_owned(), parent.clone());
            }
            if message.broadcast {
                wire.insert("subtype".to_owned(), json!("thread_broadcast"));
            }
        } else if let Some(replies) = channel.threads.get(&message.ts_us).filter(|replies| !replies.is_empty()) {
            let mut users: Vec<String> = Vec::new();
            for reply in replies.iter().filter_map(|reply| channel.message(*reply)) {
                if !users.contains(&reply.owner) {
                    users.push(reply.owner.clone());
                }
            }
            wire.insert("thread_ts".to_owned(), json!(ids::ts(message.ts_us)));
            wire.insert("reply_count".to_owned(), json!(replies.len()));
            wire.insert("reply_users_count".to_owned(), json!(users.len()));
            wire.insert("latest_reply".to_owned(), json!(replies.last().map(|reply| ids::ts(*reply))));
            wire.insert("reply_users".to_owned(), json!(users));
            wire.insert("is_locked".to_owned(), json!(false));
            wire.insert("subscribed".to_owned(), json!(false));
        }
        if !message.reactions.is_empty() {
            wire.insert("reactions".to_owned(), json!(message.reactions_wire()));
        }
        if message.pinned.is_some() {
            wire.insert("pinned_to".to_owned(), json!([channel.id]));
        }
        if with_metadata && let Some(metadata) = &message.metadata {
            wire.insert("metadata".to_owned(), metadata.clone());
        }
        Value::Object(wire)
    }
}
