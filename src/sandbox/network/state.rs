//! What exists on the networks: customers' messages, the brand's answers and posts, and what is still to be delivered.
//!
//! Pure state under one lock; no IO. Time comes in as an argument.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::limits;

/// Messages kept; the oldest fall out of the lists (and out of redelivery) beyond it.
pub const MESSAGES_MAX: usize = 20_000;
/// Answers and posts kept.
pub const PUBLICATIONS_MAX: usize = 20_000;
/// Longest text a customer may write, in characters (the longest of the networks, see [`limits`]).
pub const CUSTOMER_TEXT_MAX: usize = 10_000;
/// Waits before a redelivery, in milliseconds: 5 s, 1 min, 5 min, 30 min; then every 30 min.
pub const REDELIVERY_MS: [i64; 4] = [5_000, 60_000, 300_000, 1_800_000];
/// Attempts after which a delivery is given up (about three days of half-hours, as Standard Webhooks suggests "days").
pub const ATTEMPTS_MAX: u32 = 150;
/// How long an idempotency key is remembered, in milliseconds: one hour.
pub const IDEMPOTENCY_MS: i64 = 3_600_000;

/// How a customer reached the brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Beneath one of the brand's posts.
    Comment,
    /// In private.
    Dm,
    /// Anywhere, naming the brand.
    Mention,
    /// With stars, on a page about the brand.
    Review,
}

/// Who wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAuthor {
    /// The network's own id.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Address of the profile; made up when not given.
    #[serde(default)]
    pub url: Option<String>,
    /// People who follow them.
    #[serde(default)]
    pub followers: u64,
}

/// A picture or video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where it is.
    pub url: String,
    /// `image` or `video`.
    #[serde(rename = "type", default = "image")]
    pub media: String,
    /// Description for those who cannot see it.
    #[serde(default)]
    pub alt: Option<String>,
}

fn image() -> String {
    "image".to_owned()
}

/// What a customer writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkMessage {
    /// Who wrote it.
    pub author: NetworkAuthor,
    /// Where.
    pub kind: MessageKind,
    /// The words.
    pub text: String,
    /// Id of the message, answer or post that it answers.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Pictures.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be delivered (again) when due.
    Waiting,
    /// On its way now.
    InFlight,
    /// Taken by the target with a 2xx.
    Delivered,
    /// Given up: 410, or too many attempts.
    Abandoned,
    /// No target is set.
    NoTarget,
}

/// One webhook to deliver.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// The last HTTP status, or none when nobody answered.
    pub last_status: Option<u16>,
    /// When it is due, in milliseconds since the epoch.
    pub due_ms: i64,
}

/// How the public sees a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// As it was written.
    #[default]
    Shown,
    /// Hidden by the brand: its author still sees it.
    Hidden,
    /// Deleted by the brand.
    Deleted,
}

/// A stored message of a customer.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// Id on the network.
    pub id: String,
    /// Which network.
    pub network: String,
    /// What was written.
    pub message: NetworkMessage,
    /// First message of the conversation (its own id when it starts one).
    pub root_id: String,
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Its way to the target.
    pub delivery: Delivery,
    /// How the public sees it.
    pub visibility: Visibility,
}

/// An answer or a post of the brand.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// Id on the network.
    pub id: String,
    /// Where people see it.
    pub url: String,
    /// Which network.
    pub network: String,
    /// Message that it answers; none for a post.
    pub in_reply_to: Option<String>,
    /// The words.
    pub text: String,
    /// `public` or `private`.
    pub visibility: String,
    /// The brand's account.
    pub account: String,
    /// Pictures of a post, as given.
    pub media: Vec<Value>,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// The key of the call that made it, so that an unknown outcome can be looked up.
    pub idempotency_key: String,
    /// Milliseconds since the epoch.
    #[serde(skip)]
    pub at_ms: i64,
}

/// Answer remembered under an idempotency key.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Digest of network, route and body: the same key with another body is a caller's mistake.
    pub digest: [u8; 32],
    /// The body that was answered.
    pub answer: Value,
}

/// Everything that exists.
#[derive(Debug, Default)]
pub struct NetworkState {
    /// Counts up at each change.
    pub version: u64,
    next_id: u64,
    /// Customers' messages, oldest first.
    pub messages: VecDeque<StoredMessage>,
    /// The brand's answers and posts, oldest first.
    pub publications: VecDeque<Publication>,
    /// Keys seen in the last hour.
    pub remembered: BTreeMap<String, Remembered>,
}

/// RFC 3339 in UTC with milliseconds; instants outside chrono's range become the epoch.
#[must_use]
pub fn rfc3339(at_ms: i64) -> String {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl NetworkState {
    /// A new id such as `instagram_m10001`.
    pub fn mint(&mut self, network: &str, letter: char) -> String {
        self.next_id += 1;
        format!("{network}_{letter}{}", 10_000 + self.next_id)
    }

    /// The stored message with this id.
    #[must_use]
    pub fn message(&self, network: &str, id: &str) -> Option<&StoredMessage> {
        self.messages.iter().rev().find(|stored| stored.network == network && stored.id == id)
    }

    /// The same, to be changed.
    pub fn message_mut(&mut self, network: &str, id: &str) -> Option<&mut StoredMessage> {
        self.messages.iter_mut().rev().find(|stored| stored.network == network && stored.id == id)
    }

    /// The first message of the conversation that `parent_id` (a message or an answer) belongs to.
    #[must_use]
    pub fn root_of(&self, network: &str, parent_id: &str) -> Option<String> {
        if let Some(stored) = self.message(network, parent_id) {
            return Some(stored.root_id.clone());
        }
        let answer = self.publications.iter().rev().find(|p| p.network == network && p.id == parent_id)?;
        let answered = answer.in_reply_to.as_deref()?;
        self.message(network, answered).map(|stored| stored.root_id.clone())
    }

    /// Stores a message; it is due at once.
    pub fn store(&mut self, network: &str, message: NetworkMessage, at_ms: i64, has_target: bool) -> String {
        let id = self.mint(network, 'm');
        let root_id = message.parent_id.as_deref().and_then(|parent| self.root_of(network, parent));
        let state = if has_target { DeliveryState::Waiting } else { DeliveryState::NoTarget };
        self.messages.push_back(StoredMessage {
            id: id.clone(),
            network: network.to_owned(),
            message,
            root_id: root_id.unwrap_or_else(|| id.clone()),
            at_ms,
            delivery: Delivery { state, attempts: 0, last_status: None, due_ms: at_ms },
            visibility: Visibility::Shown,
        });
        while self.messages.len() > MESSAGES_MAX {
            self.messages.pop_front();
        }
        self.version += 1;
        id
    }

    /// Takes up to `limit` deliveries that are due, oldest first, and marks them as on their way.
    pub fn take_due(&mut self, now_ms: i64, limit: usize) -> Vec<StoredMessage> {
        let due = |delivery: &Delivery| delivery.state == DeliveryState::Waiting && delivery.due_ms <= now_ms;
        let mut taken = Vec::new();
        for stored in self.messages.iter_mut().filter(|stored| due(&stored.delivery)).take(limit) {
            stored.delivery.state = DeliveryState::InFlight;
            stored.delivery.attempts += 1;
            taken.push(stored.clone());
        }
        taken
    }

    /// Notes how an attempt ended: `status` is none when nobody answered.
    pub fn finish(&mut self, id: &str, status: Option<u16>, now_ms: i64) {
        let Some(stored) = self.messages.iter_mut().rev().find(|stored| stored.id == id) else { return };
        let delivery = &mut stored.delivery;
        delivery.last_status = status;
        delivery.state = match status {
            Some(200..=299) => DeliveryState::Delivered,
            // Standard Webhooks: 410 Gone means that the receiver wants no more.
            Some(410) => DeliveryState::Abandoned,
            _ if delivery.attempts >= ATTEMPTS_MAX => DeliveryState::Abandoned,
            _ => DeliveryState::Waiting,
        };
        let step = usize::try_from(delivery.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        delivery.due_ms = now_ms + REDELIVERY_MS[step.min(REDELIVERY_MS.len() - 1)];
        self.version += 1;
    }

    /// When the next waiting delivery is due, in milliseconds since the epoch.
    #[must_use]
    pub fn next_due_ms(&self) -> Option<i64> {
        let waiting = self.messages.iter().filter(|stored| stored.delivery.state == DeliveryState::Waiting);
        waiting.map(|stored| stored.delivery.due_ms).min()
    }

    /// Adds an answer or a post.
    pub fn publish(&mut self, publication: Publication) {
        self.publications.push_back(publication);
        while self.publications.len() > PUBLICATIONS_MAX {
            self.publications.pop_front();
        }
        self.version += 1;
    }

    /// Forgets keys older than an hour.
    pub fn forget_old_keys(&mut self, now_ms: i64) {
        self.remembered.retain(|_, remembered| now_ms - remembered.at_ms < IDEMPOTENCY_MS);
    }
}

impl StoredMessage {
    /// The JSON body of the webhook.
    #[must_use]
    pub fn webhook_body(&self, base_url: &str) -> Value {
        let author = &self.message.author;
        let url = author.url.clone().unwrap_or_else(|| format!("{base_url}/{}/people/{}", self.network, author.id));
        json!({
            "id": self.id,
            "network": self.network,
            "kind": self.message.kind,
            "author": {"id": author.id, "name": author.name, "url": url, "followers": author.followers},
            "text": self.message.text,
            "url": self.url(base_url),
            "parent_id": self.message.parent_id,
            "created_at": rfc3339(self.at_ms),
            "attachments": self.message.attachments,
            "reply_url": format!("{base_url}/{}/replies", self.network),
        })
    }

    /// Where people see it.
    #[must_use]
    pub fn url(&self, base_url: &str) -> String {
        format!("{base_url}/{}/messages/{}", self.network, self.id)
    }
}

/// A sentence when a customer could not have written this.
pub(super) fn check_customer_message(network: &str, message: &NetworkMessage) -> Result<(), String> {
    let named_well = !network.is_empty()
        && network.len() <= 32
        && network.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !named_well {
        return Err("a network's name has 1 to 32 small letters, digits or _".to_owned());
    }
    if message.text.trim().is_empty() && message.attachments.is_empty() {
        return Err("a message needs words or a picture".to_owned());
    }
    if message.text.chars().count() > CUSTOMER_TEXT_MAX {
        return Err(format!("at most {CUSTOMER_TEXT_MAX} characters"));
    }
    if message.author.name.trim().is_empty() || message.author.id.trim().is_empty() {
        return Err("a message needs an author with an id and a name".to_owned());
    }
    if message.kind == MessageKind::Review && HAS_NO_REVIEWS.contains(&network) {
        return Err(format!("{} has no reviews", limits::of(network).label));
    }
    Ok(())
}

/// Known networks on which nobody can leave stars.
const HAS_NO_REVIEWS: [&str; 8] = ["instagram", "x", "tiktok", "mastodon", "bluesky", "linkedin", "threads", "youtube"];
