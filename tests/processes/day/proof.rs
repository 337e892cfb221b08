//! What must be true after a day of kills, counted at the chats' and the network's side and in the database.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use vigie::store::{aggregates, journal, settings};

use super::stage::{Day, Written};
use super::{DRAFTS, HELD};

/// Chats that show everything that is not for one person.
const CHATS: [&str; 2] = ["slack", "discord"];

async fn status_count(day: &Day, kind: &str, status: &str) -> i64 {
    let mut tx = day.store.read().await.expect("the database can be read");
    let counts = aggregates::count_by_status(&mut tx, kind).await.expect("counted");
    counts.into_iter().filter(|(name, _)| name == status).map(|(_, count)| count).sum()
}

/// What happened to something: (name, by whom, the event), oldest first.
async fn history(day: &Day, kind: &str, id: i64) -> Vec<(String, String, Value)> {
    let mut tx = day.store.read().await.expect("the database can be read");
    let entries = journal::of(&mut tx, kind, id).await.expect("read");
    let read = |payload: &str| serde_json::from_str(payload).expect("an event");
    entries.into_iter().map(|entry| (entry.event, entry.actor, read(&entry.payload))).collect()
}

async fn state(day: &Day, kind: &str, id: i64) -> Option<Value> {
    let mut tx = day.store.read().await.expect("the database can be read");
    let row = aggregates::load(&mut tx, kind, id).await.expect("read")?;
    Some(serde_json::from_str(row.state()).expect("a state"))
}

fn desk(day: &Day, chat: &str) -> String {
    let found =
        if chat == "slack" { day.office.slack.channel_id("desk-00") } else { day.office.discord.channel_id("desk-00") };
    found.expect("the desk's channel")
}

/// What stands in a desk's channel itself, not in its threads.
fn at_desk(day: &Day, chat: &str) -> Vec<Written> {
    let channel = desk(day, chat);
    let mut all = day.written();
    all.retain(|one| one.chat == chat && one.channel == channel && one.thread.is_empty());
    all
}

/// The newest words about something, for failures.
fn last_words(day: &Day, about: &str) -> Vec<String> {
    let found = day.written().into_iter().map(|one| one.words()).filter(|text| text.contains(about));
    found.collect::<Vec<_>>().into_iter().rev().take(4).collect()
}

/// Each reply and post is on the network once; one that nobody can know about was put before a person instead.
pub async fn everything_left_once(day: &Day) {
    let snapshot = day.network.snapshot().to_string();
    let (mut sent, mut unknown) = (0, 0);
    let mut all = Vec::new();
    for kind in ["reply", "post"] {
        sent += status_count(day, kind, "sent").await;
        unknown += status_count(day, kind, "unknown").await;
        let mut tx = day.store.read().await.expect("the database can be read");
        all.push((kind, aggregates::count_by_status(&mut tx, kind).await.expect("counted")));
    }
    let texts: Vec<String> = (1..=DRAFTS)
        .flat_map(|number| [format!("Answer number {number}."), format!("News number {number}.")])
        .collect();
    let times = |text: &String| snapshot.matches(text.as_str()).count();
    let out = texts.iter().filter(|text| times(text) == 1).count();
    assert!(texts.iter().all(|text| times(text) <= 1), "something left twice: {snapshot}");
    assert_eq!(sent + unknown, 2 * DRAFTS as i64, "{all:?}; P-1 is seen as {:#?}", last_words(day, "P-1"));
    // Whatever is called sent is out there. What is not called sent was looked for in vain: it is not out there.
    assert_eq!(out as i64, sent, "on the network {out}, called sent {sent}: {snapshot}");
}

/// After the first word for the end of the crisis it goes on: a second person must agree.
pub async fn it_takes_two_to_end_a_crisis(day: &Day) {
    let proposed = history(day, "crisis", 1).await.iter().filter(|(name, ..)| name == "stand_down_proposed").count();
    let open = status_count(day, "crisis", "open").await;
    assert_eq!((proposed, open), (1, 1), "proposals, open crises");
    nothing_is_out_from_under_the_freeze(day).await;
}

/// The end of the crisis frees nothing: the held post waits for a decision, whatever restarts.
pub async fn nothing_resumed_by_itself(day: &Day) {
    nothing_is_out_from_under_the_freeze(day).await;
    let held: Vec<String> = history(day, "post", HELD as i64)
        .await
        .into_iter()
        .map(|(name, ..)| name)
        .filter(|name| name == "held")
        .collect();
    assert_eq!(held.len(), 1, "P-{HELD} was held once");
}

async fn nothing_is_out_from_under_the_freeze(day: &Day) {
    let snapshot = day.network.snapshot().to_string();
    assert!(!snapshot.contains(&format!("News number {HELD}.")), "it left in spite of the freeze: {snapshot}");
    assert_eq!(status_count(day, "post", "held").await, 1, "P-{HELD} is seen as {:#?}", last_words(day, "P-4"));
}

/// One room a chat with one pinned card, one announcement at the desk; one proposal and one agreement ended it.
pub async fn the_crisis_had_one_room_and_one_end(day: &Day) {
    let slack = day.office.slack.snapshot(&day.office.slack.user_id("p-00").expect("the lead"));
    let discord = day.office.discord.snapshot("p-00");
    let written = day.written();
    for (chat, snapshot) in [("slack", slack), ("discord", discord)] {
        let is_room = |channel: &&Value| channel["name"].as_str().is_some_and(|name| name.starts_with("crisis-"));
        let rooms: Vec<&Value> = snapshot["channels"].as_array().into_iter().flatten().filter(is_room).collect();
        assert_eq!(rooms.len(), 1, "rooms in {chat}: {rooms:?}");
        let room = rooms[0]["id"].as_str().expect("an id");
        let here = written.iter().filter(|one| one.chat == chat && one.channel == room && one.thread.is_empty());
        let pinned = here.filter(|one| one.message["pinned"] == true).count();
        assert_eq!(pinned, 1, "pinned cards in the room of {chat}");
        // "cannot be reached" is the last step of a call, each about another person.
        let announced = at_desk(day, chat).into_iter().map(|one| one.words());
        let announced: Vec<String> = announced
            .filter(|text| text.contains("Parcels lost in Lyon") && !text.contains("cannot be reached"))
            .collect();
        assert_eq!(announced.len(), 1, "announcements in {chat}: {announced:#?}");
    }
    let history = history(day, "crisis", 1).await;
    let by = |wanted: &str| -> Vec<String> {
        let found = history.iter().filter(|(name, ..)| name == wanted);
        found.map(|(_, actor, _)| actor.clone()).collect()
    };
    let (declared, proposed, ended) = (by("declared"), by("stand_down_proposed"), by("stood_down"));
    assert_eq!((declared.len(), proposed.len(), ended.len()), (1, 1, 1), "{history:#?}");
    assert_ne!(proposed, ended, "two people ended it");
    assert_eq!(status_count(day, "crisis", "closed").await, 1);
}

/// The documents that were made: their names by kind (`daily:2026-03-17T08:45+01:00`).
async fn documents(day: &Day, kind: &str) -> Vec<String> {
    let mut tx = day.store.read().await.expect("the database can be read");
    let kept = settings::get(&mut tx, "documents").await.expect("read").expect("documents were made");
    let kept: Vec<String> = serde_json::from_str(&kept).expect("names");
    kept.into_iter().filter(|name| name.starts_with(kind)).collect()
}

/// Every minute had one digest and one report in each chat, and every report one picture.
pub async fn each_digest_and_report_was_made_once(day: &Day) {
    let (daily, weekly) = (documents(day, "daily:").await, documents(day, "weekly:").await);
    for names in [&daily, &weekly] {
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert!(distinct.len() >= 2 && distinct.len() == names.len(), "each slot once: {names:?}");
    }
    for chat in CHATS {
        let here = at_desk(day, chat);
        for name in &daily {
            let time: String = name.rsplit('T').next().unwrap_or_default().chars().take(5).collect();
            let title = format!("{time} (Europe/Paris)");
            let is_digest = |one: &&Written| one.words().contains("☀️") && one.words().contains(&title);
            let digests = here.iter().filter(is_digest).count();
            assert_eq!(digests, 1, "digests {name} in {chat}");
        }
        let reports = here.iter().filter(|one| one.words().contains("📊")).count();
        assert_eq!(reports, weekly.len(), "reports in {chat}");
        let mut wanted: Vec<String> =
            weekly.iter().map(|name| format!("{}.png", name.replace([':', 'T'], "-"))).collect();
        let mut pictures: Vec<String> = here.iter().flat_map(|one| files(&one.message)).collect();
        let plain = |name: &String| name.replace(['+', '_'], "-");
        wanted = wanted.iter().map(plain).collect();
        pictures = pictures.iter().map(plain).collect();
        wanted.sort();
        pictures.sort();
        assert_eq!(pictures, wanted, "pictures in {chat}\n{}", day.office.log_tail());
    }
}

/// The names of a message's files, in either chat.
fn files(message: &Value) -> Vec<String> {
    let files = message["files"].as_array().into_iter().chain(message["attachments"].as_array()).flatten();
    files.filter_map(|file| file["name"].as_str().or(file["filename"].as_str()).map(str::to_owned)).collect()
}

/// Every minute's meeting: one question and at most one reminder to each person, one agenda in each chat.
pub async fn each_meeting_was_held_once(day: &Day) {
    let written = day.written();
    let (mut asked, mut opened) = (0, 0);
    for id in 1.. {
        let Some(state) = state(day, "meeting", id).await else { break };
        let history: Vec<String> = history(day, "meeting", id).await.into_iter().map(|(name, ..)| name).collect();
        let times = |wanted: &str| history.iter().filter(|name| *name == wanted).count();
        assert!(times("asked") <= 1 && times("opened") <= 1, "M-{id}: {history:?}");
        // A button carries the meeting it belongs to.
        let about = |one: &&Written| one.message.to_string().contains(&format!("M-{id}:"));
        let told = |words: &str| written.iter().filter(about).filter(|one| one.words().contains(words)).count();
        let people = state["attendance"]["invited"].as_array().map_or(0, Vec::len);
        assert_eq!(told("What went well"), times("asked") * people, "questions of M-{id}");
        assert_eq!(told("your points are still missing"), times("opened") * people, "reminders of M-{id}");
        for chat in CHATS {
            let agendas = at_desk(day, chat).iter().filter(about).count();
            assert_eq!(agendas, times("opened"), "agendas of M-{id} in {chat}");
        }
        asked += times("asked");
        opened += times("opened");
    }
    assert!(asked >= 2 && opened >= 2, "{asked} meetings were asked for, {opened} opened");
}

/// The action is carried into every meeting after the one it was made in, once each, and stands on each agenda once.
pub async fn the_action_was_carried_once_a_meeting(day: &Day) {
    assert!(state(day, "action", 2).await.is_none(), "it was made twice");
    let action = state(day, "action", 1).await.expect("an action");
    let made_in = action["making"]["meeting"].as_i64().expect("made in a meeting");
    let carried: Vec<i64> = history(day, "action", 1)
        .await
        .into_iter()
        .filter_map(|(name, _, event)| (name == "carried").then(|| event["meeting"].as_i64()).flatten())
        .collect();
    let mut meetings = Vec::new();
    for id in 1.. {
        let Some(state) = state(day, "meeting", id).await else { break };
        if id != made_in && state["live"]["carried"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == 1)) {
            meetings.push(id);
        }
    }
    assert!(!carried.is_empty(), "the action was never carried: {action}");
    assert_eq!(carried, meetings, "carried into, against the agendas that show it");
    assert_eq!(action["carried"].as_u64(), Some(carried.len() as u64));
    for chat in CHATS {
        for id in &meetings {
            let here = at_desk(day, chat);
            let agenda = here.iter().find(|one| one.message.to_string().contains(&format!("M-{id}:")));
            let text = agenda.expect("an agenda").words();
            assert_eq!(text.matches("· Update the help page").count(), 1, "M-{id} in {chat}: {text}");
        }
    }
}

/// No two messages of Vigie in one place have the same words: each has its ticket, its minute or its person in it.
pub fn nothing_was_said_twice(day: &Day) {
    let mut seen: BTreeMap<(&str, String, String, String), usize> = BTreeMap::new();
    for one in day.written() {
        let text = one.words();
        // The one exception: this office has a weekly report each minute, all of the same week. They and their pictures
        // were counted by name.
        let is_report = text.contains("📊") || !files(&one.message).is_empty();
        if !text.trim().is_empty() && !is_report {
            *seen.entry((one.chat, one.channel, one.thread, text)).or_default() += 1;
        }
    }
    let twice: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "said twice: {twice:#?}\n{}", day.office.log_tail());
}
