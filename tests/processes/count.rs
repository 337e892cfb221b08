//! Counts what became of every message: in the database, and at the chats' side.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use vigie::store::{Store, aggregates, inbox, outbox};

use super::office::Office;

/// How often the counts are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How often each token was seen in one place.
pub type Seen = BTreeMap<String, usize>;

/// The tokens (`m-000042`) in a message, whatever its shape.
fn token_of(message: &Value) -> Option<String> {
    let text = message.to_string();
    let at = text.find("order m-")? + "order ".len();
    text.get(at..at + 8).map(str::to_owned)
}

fn tally(messages: impl IntoIterator<Item = Value>) -> Seen {
    let mut seen = Seen::new();
    for token in messages.into_iter().filter_map(|message| token_of(&message)) {
        *seen.entry(token).or_default() += 1;
    }
    seen
}

/// Cards in Slack's desk channels.
pub fn slack_cards(office: &Office) -> Seen {
    tally((0..office.desks).flat_map(|index| {
        let channel = office.slack.channel_id(&office.desk_channel(index)).expect("a desk channel");
        office.slack.messages(&channel).into_iter().filter(|message| message["thread_ts"].is_null())
    }))
}

/// Cards in Discord's desk channels.
pub fn discord_cards(office: &Office) -> Seen {
    let snapshot = office.discord.snapshot("kim");
    tally((0..office.desks).flat_map(|index| {
        let channel = office.discord.channel_id(&office.desk_channel(index)).expect("a desk channel");
        snapshot["messages"][&channel].as_array().cloned().unwrap_or_default()
    }))
}

/// Direct messages to assignees, in either chat: each member is written to where they are at home.
pub fn direct_messages(office: &Office) -> Seen {
    let mut found = Vec::new();
    for index in 0..office.desks {
        let name = office.member(index);
        let slack = office.slack.snapshot(&office.slack.user_id(&name).expect("a member"));
        found.extend(between_two(&slack, |channel| channel["is_im"] == true));
        let discord = office.discord.snapshot(&name);
        found.extend(between_two(&discord, |channel| channel["type"] == 1));
    }
    tally(found)
}

fn between_two(snapshot: &Value, is_direct: impl Fn(&Value) -> bool) -> Vec<Value> {
    let channels = snapshot["channels"].as_array().into_iter().flatten().filter(|channel| is_direct(channel));
    let ids = channels.filter_map(|channel| channel["id"].as_str());
    ids.flat_map(|id| snapshot["messages"][id].as_array().cloned().unwrap_or_default()).collect()
}

/// What the database holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub tickets: i64,
    pub inbox_waiting: i64,
    pub inbox_odd: i64,
    pub outbox_unfinished: i64,
    pub outbox_parked: i64,
}

pub async fn held(store: &Store) -> Held {
    let mut tx = store.read().await.expect("the database can be read");
    let mut held = Held::default();
    for (_, count) in aggregates::count_by_status(&mut tx, "ticket").await.expect("counted") {
        held.tickets += count;
    }
    for count in inbox::counts(&mut tx).await.expect("counted") {
        if count.state == "new" { held.inbox_waiting += count.count } else { held.inbox_odd += count.count }
    }
    for count in outbox::counts(&mut tx).await.expect("counted") {
        if count.state == "parked" { held.outbox_parked += count.count } else { held.outbox_unfinished += count.count }
    }
    held
}

/// Waits until nothing waits in the database any more and every message has its ticket.
pub async fn settled(office: &Office, store: &Store, messages: usize, within: Duration) -> Held {
    let deadline = Instant::now() + within;
    loop {
        let now = held(store).await;
        let done = now.inbox_waiting == 0 && now.outbox_unfinished == 0 && now.tickets >= messages as i64;
        if done || now.outbox_parked > 0 || now.inbox_odd > 0 {
            return now;
        }
        assert!(Instant::now() < deadline, "not settled within {within:?}: {now:?}\n{}", office.log_tail());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Every message has exactly one ticket, one card a chat and one direct message; nothing is left over or set aside.
pub fn assert_exactly_once(office: &Office, held: &Held, tokens: &[String]) {
    let expected = Held { tickets: tokens.len() as i64, ..Held::default() };
    assert_eq!(*held, expected, "tickets and queues\n{}", office.log_tail());
    let places = [
        ("cards in Slack", slack_cards(office)),
        ("cards in Discord", discord_cards(office)),
        ("direct messages", direct_messages(office)),
    ];
    for (place, seen) in places {
        let lost: Vec<&String> = tokens.iter().filter(|token| !seen.contains_key(*token)).collect();
        let doubled: Vec<(&String, &usize)> = seen.iter().filter(|(_, count)| **count > 1).collect();
        assert!(
            lost.is_empty() && doubled.is_empty() && seen.len() == tokens.len(),
            "{place}: lost {lost:?}, doubled {doubled:?}, {} of {}\n{}",
            seen.len(),
            tokens.len(),
            office.log_tail()
        );
    }
}
