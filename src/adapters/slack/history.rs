//! Reading a channel back after a gap: what was said, answered in threads, edited and deleted meanwhile.
//!
//! Slack pages from the newest message backwards and may allow one call a minute and 15 messages a page: so a read that
//! is told to wait keeps what it has on a shelf, and the next call for the same channel and cursor goes on from there.
//! A cursor is only moved over messages that were all read. Never here: which channels are watched.
//! Start reading at [`SlackChat::read_back`].

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::SlackChat;
use super::directory::Identity;
use super::envelope::envelope;
use super::messages::{self, bound, word};
use crate::domain::time::Timestamp;
use crate::ports::chat::{HistoryPage, SendError};
use crate::ports::envelope::{Envelope, Urgency};

/// Messages asked for on one page (Slack docs, conversations.history: at most 999, 200 advised; 15 for some apps).
const PAGE: &str = "200";
/// Older messages looked at for newer replies, edits and deletions.
const LOOK_BACK: &str = "100";
/// Most messages of one gap held at a time; a longer gap is read up to here, newest first lost is logged.
const MESSAGES_MAX: usize = 20_000;
/// Most threads read for one gap.
const THREADS_MAX: usize = 200;
/// Envelopes handed over at once.
const ENVELOPES_AT_ONCE: usize = 500;
/// Channels with a read under way.
const CHANNELS_MAX: usize = 2_000;

/// Reads that are under way, by channel.
#[derive(Default)]
pub(super) struct Shelf(Mutex<HashMap<String, Reading>>);

/// A read of one channel from one cursor.
struct Reading {
    /// The cursor that the next call is expected with.
    after: String,
    step: Step,
    /// By message id or edit: what was found, oldest first.
    found: BTreeMap<(u64, u64, String), Value>,
    roots: VecDeque<String>,
    /// Newest message of the channel itself; replies do not move the cursor.
    newest: Option<String>,
}

enum Step {
    Window { cursor: String },
    LookBack,
    Threads { cursor: String },
    Hand { ready: VecDeque<(String, Envelope)> },
}

impl SlackChat {
    /// Reads what came after a message, or after an instant.
    pub(super) async fn read_back(
        &self,
        channel: &str,
        after: Option<&str>,
        since: Timestamp,
    ) -> Result<HistoryPage, SendError> {
        let after = after.map_or_else(|| bound(since), str::to_owned);
        let own = self.identity().await?;
        let mut reading = self.take_reading(channel, &after);
        loop {
            if let Step::Hand { ready } = &mut reading.step {
                let page = hand_over(ready, reading.newest.as_deref(), &reading.after);
                if page.more {
                    reading.after = page.newest.clone().unwrap_or_default();
                    self.keep_reading(channel, reading);
                }
                return Ok(page);
            }
            if let Err(error) = self.advance(channel, &mut reading, &own).await {
                self.keep_reading(channel, reading);
                return Err(error);
            }
        }
    }

    fn take_reading(&self, channel: &str, after: &str) -> Reading {
        let mut shelf = self.history.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.remove(channel).filter(|reading| reading.after == after).unwrap_or_else(|| Reading {
            after: after.to_owned(),
            step: Step::Window { cursor: String::new() },
            found: BTreeMap::new(),
            roots: VecDeque::new(),
            newest: None,
        })
    }

    fn keep_reading(&self, channel: &str, reading: Reading) {
        let mut shelf = self.history.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.len() < CHANNELS_MAX {
            shelf.insert(channel.to_owned(), reading);
        }
    }

    /// Makes one call and takes in what it brought.
    async fn advance(&self, channel: &str, reading: &mut Reading, own: &Identity) -> Result<(), SendError> {
        let after = reading.after.clone();
        let next = match &reading.step {
            Step::Window { cursor } => {
                let args = [("oldest", after.clone()), ("limit", PAGE.to_owned()), ("cursor", cursor.clone())];
                let page = self.ask("conversations.history", channel, &args).await?;
                for message in list(&page) {
                    reading.take_new(message, &after);
                }
                let full = reading.found.len() >= MESSAGES_MAX;
                if full {
                    tracing::warn!(channel, "the gap is longer than is read back at once");
                }
                match next_cursor(&page) {
                    Some(cursor) if !full => Step::Window { cursor },
                    _ => Step::LookBack,
                }
            }
            Step::LookBack => {
                let args =
                    [("latest", after.clone()), ("inclusive", "true".to_owned()), ("limit", LOOK_BACK.to_owned())];
                let page = self.ask("conversations.history", channel, &args).await?;
                for message in list(&page) {
                    reading.take_old(message, &after);
                }
                Step::Threads { cursor: String::new() }
            }
            Step::Threads { cursor } => match reading.roots.front().cloned() {
                Some(root) => {
                    let args = [
                        ("ts", root.clone()),
                        ("oldest", after.clone()),
                        ("limit", PAGE.to_owned()),
                        ("cursor", cursor.clone()),
                    ];
                    let page = match self.ask("conversations.replies", channel, &args).await {
                        // A thread deleted meanwhile has no replies to miss.
                        Err(SendError::Permanent { code, .. }) => {
                            tracing::debug!(code, "a thread could not be read back");
                            Value::Null
                        }
                        other => other?,
                    };
                    for message in list(&page) {
                        if word(message, "ts") != root {
                            reading.take_reply(message, &after);
                        }
                    }
                    let cursor = next_cursor(&page);
                    if cursor.is_none() {
                        reading.roots.pop_front();
                    }
                    Step::Threads { cursor: cursor.unwrap_or_default() }
                }
                None => Step::Hand { ready: self.wrap_all(channel, std::mem::take(&mut reading.found), own) },
            },
            Step::Hand { .. } => return Ok(()),
        };
        reading.step = next;
        Ok(())
    }

    async fn ask(&self, method: &str, channel: &str, args: &[(&str, String)]) -> Result<Value, SendError> {
        let mut asked = vec![("channel", channel.to_owned())];
        asked.extend(args.iter().filter(|(_, value)| !value.is_empty()).cloned());
        self.wire.get(method, &asked).await
    }

    fn wrap_all(
        &self,
        channel: &str,
        found: BTreeMap<(u64, u64, String), Value>,
        own: &Identity,
    ) -> VecDeque<(String, Envelope)> {
        let now = self.clock.now();
        let others = found.into_values().filter(|event| !is_own(event, own));
        others
            .map(|event| {
                let ts = word(&event, "event_ts").to_owned();
                let raw = wrap(channel, event, own).to_string();
                (ts, Envelope { urgency: Urgency::Backfill, ..envelope(&raw, now) })
            })
            .collect()
    }
}

impl Reading {
    fn take_new(&mut self, message: &Value, after: &str) {
        let ts = word(message, "ts");
        if place(ts) <= place(after) {
            return;
        }
        if self.newest.as_deref().is_none_or(|newest| place(newest) < place(ts)) {
            self.newest = Some(ts.to_owned());
        }
        self.take_event(ts, message.clone());
        self.note_root(message, after);
    }

    fn take_reply(&mut self, message: &Value, after: &str) {
        if place(word(message, "ts")) > place(after) {
            self.take_event(word(message, "ts"), message.clone());
        }
    }

    /// A message from before the gap: its replies, its edit or its deletion may be news.
    fn take_old(&mut self, message: &Value, after: &str) {
        self.note_root(message, after);
        let ts = word(message, "ts");
        let edited = word(&message["edited"], "ts");
        if messages::is_tombstone(message) {
            self.take_event(ts, json!({"subtype": "message_deleted", "deleted_ts": ts, "event_ts": ts}));
        } else if !edited.is_empty() && place(edited) > place(after) {
            self.take_event(edited, json!({"subtype": "message_changed", "message": message, "event_ts": edited}));
        }
    }

    fn take_event(&mut self, at: &str, mut event: Value) {
        event["event_ts"] = Value::from(at);
        let (seconds, micros) = place(at);
        let kind = word(&event, "subtype").to_owned() + word(&event, "deleted_ts") + word(&event["message"], "ts");
        self.found.entry((seconds, micros, kind)).or_insert(event);
    }

    fn note_root(&mut self, message: &Value, after: &str) {
        let replies = message["reply_count"].as_u64().unwrap_or_default();
        let latest = word(message, "latest_reply");
        let newer = latest.is_empty() || place(latest) > place(after);
        let ts = word(message, "ts");
        let known = self.roots.iter().any(|root| root == ts);
        if replies > 0 && newer && !known && self.roots.len() < THREADS_MAX {
            self.roots.push_back(ts.to_owned());
        }
    }
}

fn hand_over(ready: &mut VecDeque<(String, Envelope)>, newest: Option<&str>, after: &str) -> HistoryPage {
    let count = ready.len().min(ENVELOPES_AT_ONCE);
    let taken: Vec<(String, Envelope)> = ready.drain(..count).collect();
    let more = !ready.is_empty();
    let last = taken.last().map(|(ts, _)| ts.clone());
    // While more follows, the cursor stands at what was handed over; at the end at the channel's newest message.
    let reached = if more { last.as_deref() } else { newest };
    let newest = reached.filter(|ts| place(ts) > place(after)).unwrap_or(after);
    HistoryPage {
        envelopes: taken.into_iter().map(|(_, envelope)| envelope).collect(),
        newest: Some(newest.to_owned()),
        more,
    }
}

fn is_own(event: &Value, own: &Identity) -> bool {
    let message = if event["message"].is_object() { &event["message"] } else { event };
    let bot = word(message, "bot_id");
    (!bot.is_empty() && bot == own.bot_id) || (!own.user_id.is_empty() && word(message, "user") == own.user_id)
}

/// A message of the history in the shape of a live delivery.
fn wrap(channel: &str, mut event: Value, own: &Identity) -> Value {
    event["type"] = Value::from("message");
    event["channel"] = Value::from(channel);
    json!({
        "type": "events_api",
        "backfill": true,
        "payload": {
            "type": "event_callback",
            "team_id": own.team_id,
            "api_app_id": own.app_id,
            "authorizations": [{"team_id": own.team_id, "user_id": own.user_id, "is_bot": true}],
            "event": event,
        },
    })
}

fn list(page: &Value) -> impl Iterator<Item = &Value> {
    page["messages"].as_array().into_iter().flatten()
}

fn next_cursor(page: &Value) -> Option<String> {
    let cursor = word(&page["response_metadata"], "next_cursor");
    (!cursor.is_empty()).then(|| cursor.to_owned())
}

/// A message id as numbers, for comparing.
fn place(ts: &str) -> (u64, u64) {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    (seconds.parse().unwrap_or_default(), format!("{micros:0<6}").parse().unwrap_or_default())
}
