//! Events in: what people do arrives once, in order, and nothing that happens to the socket loses it.

use std::sync::atomic::Ordering;

use serde_json::json;
use vigie::domain::time::Timestamp;
use vigie::ports::chat::Chat;
use vigie::ports::inbound::{Inbound, Mark};
use vigie::sandbox::discord::{DispatchFault, SocketFault};

use crate::office::{Office, guild};

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_in_a_channel_arrives_as_it_happened() {
    let office = Office::open().await;
    let said = office.says("ana", "support", "Mon **colis** n'est jamais arrivé").await;
    let message = office.first("the message", |i| match i {
        Inbound::Message(m) => Some(m.clone()),
        _ => None,
    });
    let message = message.await;
    assert_eq!(message.text, "Mon colis n'est jamais arrivé");
    assert_eq!(
        (message.at.channel.as_str(), message.at.message.as_str()),
        (office.channel("support").as_str(), said["message"].as_str().unwrap_or_default())
    );
    assert!(!message.direct && !message.author.automated && message.thread.is_none() && message.url.is_empty());

    let id = said["message"].clone();
    office.act("ana", json!({ "act": "edit", "channel": "support", "message": id, "content": "Il est là" })).await;
    office.act("bo", json!({ "act": "react", "channel": "support", "message": id, "emoji": "🎫" })).await;
    office.act("bo", json!({ "act": "unreact", "channel": "support", "message": id, "emoji": "🎫" })).await;
    office.act("ana", json!({ "act": "delete", "channel": "support", "message": id })).await;
    office.first("the deletion", |i| matches!(i, Inbound::Deleted { .. }).then_some(())).await;
    let story: Vec<String> = office
        .happened()
        .into_iter()
        .filter_map(|inbound| match inbound {
            Inbound::Message(m) => Some(m.text),
            Inbound::Edited(m) => Some(m.text),
            Inbound::Reaction { mark: Mark::Open, added, .. } => Some(format!("ticket {added}")),
            Inbound::Deleted { .. } => Some("deleted".into()),
            _ => None,
        })
        .collect();
    assert_eq!(story, ["Mon colis n'est jamais arrivé", "Il est là", "ticket true", "ticket false", "deleted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_to_the_bot_arrive_from_channels_direct_messages_and_other_apps() {
    let office = Office::open().await;
    let me = office.sandbox.application_id();
    office.says("ana", "general", &format!("<@{me}> assign T-1 <@{}>", office.user("bo"))).await;
    let direct = office.act("ana", json!({ "act": "open_dm" })).await["channel"].clone();
    office.says("ana", direct.as_str().unwrap_or_default(), "help").await;
    let embeds = json!([{ "title": "@marie on Mastodon", "description": "still waiting" }]);
    office.act("max", json!({ "act": "post_as_webhook", "channel": "general", "username": "Feed", "content": "", "embeds": embeds })).await;
    office.until("all three", |office| office.texts().len() == 3).await;
    for inbound in office.happened() {
        let Inbound::Message(message) = inbound else { continue };
        match message.text.as_str() {
            "help" => assert!(message.direct),
            "@marie on Mastodon\nstill waiting" => assert!(message.author.automated && message.author.name == "Feed"),
            _ => assert_eq!(message.to_bot, Some(format!("assign T-1 <@{}>", office.user("bo")))),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_thread_name_it() {
    let office = Office::open().await;
    let posted = office.post(crate::office::card("T-1"), "card:T-1").await;
    let at = posted.message.expect("a message");
    let call = vigie::ports::chat::Call::Thread { at: at.clone(), name: "T-1 · marie".into() };
    let thread = office.chat.send(&call, "thread:T-1").await.expect("a thread").thread.expect("its id");
    assert_eq!(office.chat.send(&call, "thread:T-1").await.expect("the same thread").thread, Some(thread.clone()));
    office.says("ana", &thread, "internal note").await;
    let message = office
        .first("the note", |i| match i {
            Inbound::Message(m) if m.text == "internal note" => Some(m.clone()),
            _ => None,
        })
        .await;
    assert_eq!((message.at.channel, message.thread), (thread.clone(), Some(thread)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_arrives_whole_and_in_order() {
    let office = Office::open().await;
    let words: Vec<String> = (0..200).map(|n| format!("message {n}")).collect();
    for one in &words {
        office.says("ana", "general", one).await;
    }
    office.until("all messages", |office| office.texts().len() >= words.len()).await;
    assert_eq!(office.texts(), words);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_socket_is_resumed_and_nothing_is_missed() {
    for fault in [SocketFault::Reset, SocketFault::Close { code: Some(4000) }, SocketFault::Reconnect] {
        let office = Office::open().await;
        office.sandbox.faults().sockets(fault.clone());
        office.says("ana", "general", "meanwhile").await;
        office.until("the message", |office| office.texts() == ["meanwhile"]).await;
        office.until("connected", |office| office.chat.connected()).await;
        office.says("ana", "general", "after").await;
        office.until("the next", |office| office.texts() == ["meanwhile", "after"]).await;
        assert_eq!(office.sandbox.identifies(), 1, "{fault:?}: resumed, not joined anew");
        office.until("the gap", |office| office.desk.gaps.load(Ordering::SeqCst) >= 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_session_is_joined_anew_and_the_gap_is_told_and_read_back() {
    let office = Office::open().await;
    office.says("ana", "general", "before").await;
    office.until("the first", |office| office.texts() == ["before"]).await;
    office.sandbox.faults().sockets(SocketFault::InvalidSession { resumable: false });
    office.until("no session", |office| office.sandbox.sessions_online() == 0).await;
    office.says("ana", "general", "missed").await;
    office
        .until("a new session and its gap", |office| {
            office.sandbox.identifies() == 2 && office.desk.gaps.load(Ordering::SeqCst) >= 2
        })
        .await;
    let page = office.chat.history(&office.channel("general"), None, Timestamp(0)).await.expect("history");
    let ids: Vec<String> = page.envelopes.iter().map(|envelope| envelope.delivery_id.clone()).collect();
    assert_eq!(ids.len(), 2);
    let known = office.desk.arrived.lock().unwrap().iter().any(|held| held.delivery_id == ids[0]);
    assert!(known, "the live message and its page of history carry one id");
    assert!(matches!(office.chat.decode(&page.envelopes[1]), Inbound::Message(m) if m.text == "missed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zombie_is_noticed_and_resumed() {
    let office =
        Office::open_with(vigie::sandbox::discord::DiscordSetup { heartbeat_interval_ms: 3_000, ..guild() }).await;
    // Two acknowledged heartbeats tell the interval; heartbeats are wall time on both sides.
    tokio::time::sleep(std::time::Duration::from_millis(7_500)).await;
    office.sandbox.faults().sockets(SocketFault::NoAcks);
    office.until("a second connection", |office| office.desk.gaps.load(Ordering::SeqCst) >= 2).await;
    office.says("ana", "general", "still here").await;
    office.until("the message", |office| office.texts() == ["still here"]).await;
    assert_eq!(office.sandbox.identifies(), 1, "resumed, not joined anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_socket_is_replaced() {
    let office =
        Office::open_with(vigie::sandbox::discord::DiscordSetup { heartbeat_interval_ms: 1_000, ..guild() }).await;
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    office.sandbox.faults().sockets(SocketFault::Freeze);
    office
        .until("a new session", |office| office.desk.gaps.load(Ordering::SeqCst) >= 2 && office.chat.connected())
        .await;
    office.says("ana", "general", "still here").await;
    office.until("the message", |office| office.texts() == ["still here"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_closed_without_a_code_costs_seconds_not_a_heartbeat() {
    let office = Office::open().await;
    office.sandbox.faults().sockets(SocketFault::Close { code: None });
    let started = tokio::time::Instant::now();
    office.until("a new session", |office| office.sandbox.identifies() == 2 && office.chat.connected()).await;
    assert!(started.elapsed().as_secs() < 20, "the heartbeat interval is 41 s");
    office.says("ana", "general", "back").await;
    office.until("the message", |office| office.texts() == ["back"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_malformed_events_are_kept_and_stop_nothing() {
    let office = Office::open().await;
    office.sandbox.faults().sockets(SocketFault::UnknownEvent);
    office.sandbox.faults().sockets(SocketFault::MalformedEvent { event: "MESSAGE_CREATE".into() });
    office.sandbox.faults().sockets(SocketFault::RawFrame { text: "{\"op\":77}".into() });
    office.sandbox.faults().dispatches(1, DispatchFault::Double);
    office.says("ana", "general", "fine").await;
    office.until("the message", |office| office.texts() == ["fine"]).await;
    let unknown = office.happened().iter().filter(|i| matches!(i, Inbound::Unknown { .. })).count();
    assert_eq!(unknown, 2);
    assert_eq!(office.sandbox.identifies(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_stored_is_tried_again_until_it_can_and_a_gap_is_told() {
    let office = Office::open().await;
    let gaps = office.desk.gaps.load(Ordering::SeqCst);
    office.desk.full.store(3, Ordering::SeqCst);
    office.says("ana", "general", "do not lose me").await;
    office.until("the message", |office| office.texts() == ["do not lose me"]).await;
    office.until("the gap", |office| office.desk.gaps.load(Ordering::SeqCst) > gaps).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_stores_what_arrived_and_says_so() {
    let mut office = Office::open().await;
    office.says("ana", "general", "last words").await;
    office.until("the message", |office| office.texts() == ["last words"]).await;
    office.leave().await;
    assert!(!office.chat.connected());
    office.until("no session", |office| office.sandbox.sessions_online() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_may_be_away_for_a_while() {
    let mut office = Office::closed(guild()).await;
    office.sandbox.faults().refuse_connections(2);
    office.join();
    office.until("connected", |office| office.chat.connected()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_closing_code_the_connection_comes_back_and_the_gap_is_told() {
    let rounds = [1000u16, 1001, 4007, 4008, 4009].map(|code| async move {
        let office = Office::open().await;
        office.sandbox.faults().sockets(SocketFault::Close { code: Some(code) });
        office.says("ana", "general", "meanwhile").await;
        office
            .until("connected again", |office| office.desk.gaps.load(Ordering::SeqCst) >= 2 && office.chat.connected())
            .await;
        let page = office.chat.history(&office.channel("general"), None, Timestamp(0)).await.expect("history");
        assert!(
            matches!(office.chat.decode(&page.envelopes[0]), Inbound::Message(m) if m.text == "meanwhile"),
            "{code}"
        );
        assert!(office.sandbox.identifies() <= 2, "{code}");
    });
    futures::future::join_all(rounds).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_beginning_is_tried_again_decently() {
    let mut office = Office::closed(guild()).await;
    office.sandbox.faults().refuse_identify(1);
    office.join();
    office.until("connected", |office| office.chat.connected()).await;
    assert!(office.sandbox.identifies() <= 2);
}
