//! Messages as they come in life: most through webhooks, some written in watched channels of both chats.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::office::{self, Office, discord_act, slack_act};

/// Connections of the webhook sender.
const SENDERS: usize = 8;

/// A message's token, unique and searchable.
pub fn token(index: usize) -> String {
    format!("m-{index:06}")
}

pub fn tokens(count: usize) -> Vec<String> {
    (0..count).map(token).collect()
}

/// Writes all messages, spread evenly over `span`; returns when each is accepted (webhooks) or written (chats).
pub async fn write(office: &Arc<Office>, count: usize, span: Duration) {
    let http = office::http();
    let started = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let (office, http) = (Arc::clone(office), http.clone());
        senders.spawn(async move {
            for index in (sender..count).step_by(SENDERS) {
                tokio::time::sleep_until(started + span.mul_f64(index as f64 / count as f64)).await;
                write_one(&office, &http, index).await;
            }
        });
    }
    while let Some(done) = senders.join_next().await {
        done.expect("every message is written");
    }
}

async fn write_one(office: &Office, http: &reqwest::Client, index: usize) {
    let token = token(index);
    let text = format!("My parcel never came, order {token}");
    let incoming = office.incoming_channel(index / 5);
    match index % 5 {
        0 => {
            let channel = office.slack.channel_id(&incoming).expect("a watched channel");
            slack_act(office, "kim", json!({"act": "post", "channel": channel, "text": text})).await.expect("written");
        }
        1 => {
            let channel = office.discord.channel_id(&incoming).expect("a watched channel");
            let act = json!({"act": "post", "channel": channel, "content": text});
            discord_act(office, "kim", act).await.expect("written");
        }
        _ => office.hook(&token, index / 5 + index % 5).deliver(http, office.port).await,
    }
}

/// As [`write`], through webhooks alone.
pub async fn write_hooks(office: &Arc<Office>, count: usize, span: Duration) {
    let http = office::http();
    let started = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let (office, http) = (Arc::clone(office), http.clone());
        senders.spawn(async move {
            for index in (sender..count).step_by(SENDERS) {
                tokio::time::sleep_until(started + span.mul_f64(index as f64 / count as f64)).await;
                office.hook(&token(index), index).deliver(&http, office.port).await;
            }
        });
    }
    while let Some(done) = senders.join_next().await {
        done.expect("every message is accepted");
    }
}
