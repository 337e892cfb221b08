//! What is to happen outside: once per key, in order within a slot, the newest content wins.

use vigie::store::outbox::{self, Before, Claimed, NewOutbox, Wanted};

use crate::{World, at, on_both_engines};

on_both_engines!(
    a_key_is_kept_once,
    a_coalesced_intention_carries_the_newest_content,
    content_replaced_while_sending_goes_round_again,
    content_replaced_after_sending_is_sent_again_with_its_receipt,
    an_unsure_intention_stays_unsure_when_its_content_is_replaced,
    within_a_slot_one_after_the_other,
    a_put_off_intention_holds_up_its_slot_only,
    urgent_lanes_go_first,
    slots_and_lanes_and_targets_can_be_left_out,
    what_came_too_late_is_not_sent_and_holds_up_nobody,
    a_coalesced_intention_may_become_earlier_but_not_dodge_its_delay,
    what_was_never_tried_can_be_taken_back,
    dead_letters_are_shown_and_can_be_sent_again,
    counts_tell_what_is_left,
    a_sender_rests_until_something_can_really_leave,
    finished_rows_are_forgotten_in_time,
    a_rolled_back_decision_sends_nothing,
);

pub fn intention<'a>(key: &'a str, slot: &'a str) -> NewOutbox<'a> {
    NewOutbox {
        key,
        lane: 1,
        target: "slack",
        slot,
        kind: "card",
        payload: "{}",
        not_before: at(0),
        expires_at: None,
        now: at(0),
        coalesce: false,
    }
}

pub fn replaced<'a>(key: &'a str, slot: &'a str, payload: &'a str) -> NewOutbox<'a> {
    NewOutbox { payload, coalesce: true, ..intention(key, slot) }
}

pub async fn add(world: &World, new: &NewOutbox<'_>) -> i64 {
    let mut tx = world.begin().await;
    let id = outbox::enqueue(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub fn wanted<'a>(holder: &'a str, lease_until: i64) -> Wanted<'a> {
    Wanted { target: "slack", lanes: 0..=9, exclude_slots: &[], holder, lease_until: at(lease_until), max: 100 }
}

pub async fn claim(world: &World, now: i64) -> Vec<Claimed> {
    let mut tx = world.begin().await;
    let claimed = outbox::claim(&mut tx, &wanted("me", now + 100), at(now)).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

pub async fn claim_keys(world: &World, now: i64) -> Vec<String> {
    claim(world, now).await.into_iter().map(|c| c.key).collect()
}

pub async fn sent(world: &World, claimed: &Claimed, receipt: &str, now: i64) -> bool {
    let mut tx = world.begin().await;
    let valid = outbox::sent(&mut tx, &claimed.hold(), receipt, at(now)).await.unwrap();
    tx.commit().await.unwrap();
    valid
}

pub async fn entry(world: &World, key: &str) -> outbox::Entry {
    let mut tx = world.store.read().await.unwrap();
    outbox::by_key(&mut tx, key).await.unwrap().unwrap()
}

async fn a_key_is_kept_once(world: &World) {
    let first = add(world, &intention("a", "s")).await;
    let again = add(world, &NewOutbox { payload: "other", ..intention("a", "s") }).await;
    assert_eq!(first, again);
    let mut claimed = claim(world, 1).await;
    let only = claimed.remove(0);
    assert!(claimed.is_empty());
    assert_eq!((only.payload.as_str(), only.generation, only.attempts), ("{}", 1, 1));
    assert_eq!((only.state_before, only.tried_generation, only.receipt.clone()), (Before::New, None, None));
    assert!(sent(world, &only, "ts 1", 2).await);
    add(world, &intention("a", "s")).await;
    assert_eq!(claim_keys(world, 3).await, Vec::<String>::new(), "sent is sent");
    let row = entry(world, "a").await;
    assert_eq!((row.state.as_str(), row.receipt.as_deref(), row.done_at), ("sent", Some("ts 1"), Some(at(2))));
}

async fn a_coalesced_intention_carries_the_newest_content(world: &World) {
    let id = add(world, &replaced("a", "s", "one")).await;
    assert_eq!(add(world, &replaced("a", "s", "two")).await, id);
    assert_eq!(add(world, &replaced("a", "s", "three")).await, id);
    let claimed = claim(world, 1).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].payload.as_str(), claimed[0].generation), ("three", 3));
}

async fn content_replaced_while_sending_goes_round_again(world: &World) {
    add(world, &replaced("a", "s", "one")).await;
    let first = claim(world, 1).await.remove(0);
    add(world, &replaced("a", "s", "two")).await;
    assert_eq!(claim_keys(world, 1).await, Vec::<String>::new(), "not twice at the same time");
    assert!(sent(world, &first, "ts 1", 2).await);
    let second = claim(world, 2).await.remove(0);
    assert_eq!((second.payload.as_str(), second.receipt.as_deref(), second.attempts), ("two", Some("ts 1"), 1));
    assert_eq!(second.tried_generation, Some(1));
    assert!(sent(world, &second, "ts 1", 3).await);
    assert_eq!(entry(world, "a").await.state, "sent");
}

async fn content_replaced_after_sending_is_sent_again_with_its_receipt(world: &World) {
    let id = add(world, &replaced("a", "s", "one")).await;
    let first = claim(world, 1).await.remove(0);
    assert!(sent(world, &first, "ts 1", 2).await);
    assert_eq!(add(world, &NewOutbox { now: at(5), ..replaced("a", "s", "two") }).await, id);
    let second = claim(world, 6).await.remove(0);
    assert_eq!((second.payload.as_str(), second.receipt.as_deref()), ("two", Some("ts 1")));
    assert_eq!((second.attempts, second.created_at, second.first_try_at), (1, at(5), at(6)));
}

async fn an_unsure_intention_stays_unsure_when_its_content_is_replaced(world: &World) {
    add(world, &replaced("a", "s", "one")).await;
    let first = claim(world, 1).await.remove(0);
    let mut tx = world.begin().await;
    assert!(outbox::unsure(&mut tx, &first.hold(), at(5), "time-out").await.unwrap());
    tx.commit().await.unwrap();
    add(world, &replaced("a", "s", "two")).await;
    assert_eq!(claim_keys(world, 4).await, Vec::<String>::new());
    let second = claim(world, 5).await.remove(0);
    assert_eq!((second.state_before, second.tried_generation, second.generation), (Before::Unsure, Some(1), 2));
    assert_eq!((second.first_try_at, second.attempts), (at(1), 2));
    // Looked: the first content is there. The second is still to be sent.
    let mut tx = world.begin().await;
    assert!(outbox::sent(&mut tx, &second.hold_of_earlier_try(), "ts 1", at(6)).await.unwrap());
    tx.commit().await.unwrap();
    let third = claim(world, 6).await.remove(0);
    assert_eq!((third.payload.as_str(), third.receipt.as_deref()), ("two", Some("ts 1")));
    assert_eq!(third.state_before, Before::New);
}

async fn within_a_slot_one_after_the_other(world: &World) {
    for key in ["a1", "a2", "a3"] {
        add(world, &intention(key, "a")).await;
    }
    for key in ["b1", "b2"] {
        add(world, &intention(key, "b")).await;
    }
    let mut order = Vec::new();
    for round in 0..4 {
        let claimed = claim(world, round).await;
        assert_eq!(claim_keys(world, round).await, Vec::<String>::new(), "one in flight per slot");
        for one in &claimed {
            sent(world, one, "ok", round).await;
        }
        order.push(claimed.into_iter().map(|c| c.key).collect::<Vec<_>>().join(" "));
    }
    assert_eq!(order, ["a1 b1", "a2 b2", "a3", ""]);
}

async fn a_put_off_intention_holds_up_its_slot_only(world: &World) {
    for (key, slot) in [("a1", "a"), ("a2", "a"), ("b1", "b")] {
        add(world, &intention(key, slot)).await;
    }
    let first = claim(world, 1).await.remove(0);
    assert_eq!(first.key, "a1");
    let mut tx = world.begin().await;
    assert!(outbox::retry(&mut tx, &first.hold(), at(50), "rate limited").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 49).await, Vec::<String>::new(), "a2 does not overtake a1");
    let again = claim(world, 50).await;
    assert_eq!((again.len(), again[0].key.as_str(), again[0].attempts), (1, "a1", 2));
    assert_eq!((again[0].state_before, again[0].first_try_at), (Before::New, at(1)));
}

async fn urgent_lanes_go_first(world: &World) {
    for (key, lane) in [("later", 2), ("soon", 1), ("now", 0), ("also now", 0)] {
        add(world, &NewOutbox { lane, ..intention(key, key) }).await;
    }
    let mut tx = world.begin().await;
    let two = outbox::claim(&mut tx, &Wanted { max: 2, ..wanted("me", 100) }, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(two.into_iter().map(|c| c.key).collect::<Vec<_>>(), ["now", "also now"]);
    assert_eq!(claim_keys(world, 1).await, ["soon", "later"]);
}

async fn slots_and_lanes_and_targets_can_be_left_out(world: &World) {
    add(world, &intention("a", "#full \"o'clock\"")).await;
    add(world, &intention("b", "#b")).await;
    add(world, &NewOutbox { lane: 5, ..intention("c", "#c") }).await;
    add(world, &NewOutbox { target: "discord", ..intention("d", "#d") }).await;
    let excluded = ["#full \"o'clock\"".to_owned(), "#unknown".to_owned()];
    let mut tx = world.begin().await;
    let some = Wanted { lanes: 0..=4, exclude_slots: &excluded, ..wanted("me", 100) };
    let claimed = outbox::claim(&mut tx, &some, at(1)).await.unwrap();
    assert_eq!(claimed.into_iter().map(|c| c.key).collect::<Vec<_>>(), ["b"]);
    let discord = Wanted { target: "discord", ..wanted("me", 100) };
    let claimed = outbox::claim(&mut tx, &discord, at(1)).await.unwrap();
    assert_eq!(claimed.into_iter().map(|c| c.key).collect::<Vec<_>>(), ["d"]);
}

async fn what_came_too_late_is_not_sent_and_holds_up_nobody(world: &World) {
    add(world, &NewOutbox { expires_at: Some(at(10)), ..intention("late", "a") }).await;
    add(world, &intention("next", "a")).await;
    assert_eq!(claim_keys(world, 10).await, ["next"]);
    let mut tx = world.begin().await;
    assert_eq!(outbox::expire_due(&mut tx, at(9)).await.unwrap(), 0);
    assert_eq!(outbox::expire_due(&mut tx, at(10)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(entry(world, "late").await.state, "expired");
}

async fn a_coalesced_intention_may_become_earlier_but_not_dodge_its_delay(world: &World) {
    let later = |not_before| NewOutbox { not_before: at(not_before), ..replaced("a", "s", "x") };
    add(world, &later(100)).await;
    add(world, &later(200)).await;
    assert_eq!(entry(world, "a").await.not_before, at(100), "a stream of changes does not postpone for ever");
    add(world, &NewOutbox { lane: 0, ..later(50) }).await;
    assert_eq!((entry(world, "a").await.not_before, entry(world, "a").await.lane), (at(50), 0));
    let first = claim(world, 50).await.remove(0);
    let mut tx = world.begin().await;
    assert!(outbox::retry(&mut tx, &first.hold(), at(900), "retry after").await.unwrap());
    tx.commit().await.unwrap();
    add(world, &later(60)).await;
    assert_eq!(entry(world, "a").await.not_before, at(900), "the remote party said when");
}

async fn what_was_never_tried_can_be_taken_back(world: &World) {
    add(world, &intention("a", "s")).await;
    add(world, &intention("b", "t")).await;
    let mut tx = world.begin().await;
    assert!(outbox::cancel(&mut tx, "a", at(1)).await.unwrap());
    assert!(!outbox::cancel(&mut tx, "a", at(1)).await.unwrap());
    assert!(!outbox::cancel(&mut tx, "nobody", at(1)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 1).await, ["b"]);
    let mut tx = world.begin().await;
    assert!(!outbox::cancel(&mut tx, "b", at(1)).await.unwrap(), "it is on its way");
}

async fn dead_letters_are_shown_and_can_be_sent_again(world: &World) {
    let id = add(world, &intention("a", "s")).await;
    add(world, &intention("b", "s")).await;
    let first = claim(world, 1).await.remove(0);
    let mut tx = world.begin().await;
    assert!(outbox::park(&mut tx, &first.hold(), "channel_not_found", at(2)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 3).await, ["b"], "a dead letter holds up nobody");
    let mut tx = world.begin().await;
    let dead = outbox::dead_letters(&mut tx, 9).await.unwrap();
    assert_eq!((dead.len(), dead[0].id, dead[0].error.as_deref()), (1, id, Some("channel_not_found")));
    assert!(outbox::requeue(&mut tx, id, at(4)).await.unwrap());
    assert!(!outbox::requeue(&mut tx, id, at(4)).await.unwrap());
    assert_eq!(outbox::dead_letters(&mut tx, 9).await.unwrap(), []);
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 4).await, Vec::<String>::new(), "b is still on its way");
    let mut tx = world.begin().await;
    assert_eq!(outbox::recover_holder(&mut tx, "me", at(5)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 5).await, ["a"]);
}

async fn counts_tell_what_is_left(world: &World) {
    add(world, &NewOutbox { now: at(3), ..intention("a", "a") }).await;
    add(world, &NewOutbox { now: at(2), lane: 0, ..intention("b", "b") }).await;
    add(world, &NewOutbox { now: at(4), lane: 0, ..intention("b2", "b") }).await;
    add(world, &NewOutbox { target: "discord", not_before: at(70), ..intention("d", "d") }).await;
    let claimed = claim(world, 10).await;
    sent(world, &claimed[1], "ok", 11).await;
    let mut tx = world.store.read().await.unwrap();
    let counts: Vec<_> = outbox::counts(&mut tx)
        .await
        .unwrap()
        .into_iter()
        .map(|c| format!("{} {} {} {} {}", c.target, c.lane, c.state, c.count, c.oldest.0))
        .collect();
    assert_eq!(counts, ["discord 1 new 1 0", "slack 0 new 1 4", "slack 0 sending 1 2"]);
    assert_eq!(
        outbox::next_due(&mut tx, "slack", at(11)).await.unwrap(),
        Some(at(110)),
        "the lease of what is being sent"
    );
    assert_eq!(outbox::next_due(&mut tx, "discord", at(11)).await.unwrap(), Some(at(70)));
}

async fn a_sender_rests_until_something_can_really_leave(world: &World) {
    add(world, &intention("first", "s")).await;
    add(world, &intention("behind it", "s")).await;
    let first = claim(world, 0).await.remove(0);
    add(world, &NewOutbox { expires_at: Some(at(5)), ..intention("too late", "other") }).await;
    let mut tx = world.begin().await;
    outbox::retry(&mut tx, &first.hold(), at(90), "not yet").await.unwrap();
    assert_eq!(
        outbox::next_due(&mut tx, "slack", at(5)).await.unwrap(),
        Some(at(90)),
        "neither what is behind nor what is late"
    );
    assert_eq!(outbox::next_due(&mut tx, "slack", at(90)).await.unwrap(), None, "it is due: claim it");
    tx.commit().await.unwrap();
}

async fn finished_rows_are_forgotten_in_time(world: &World) {
    for key in ["a", "b", "c"] {
        add(world, &intention(key, key)).await;
    }
    let claimed = claim(world, 1).await;
    sent(world, &claimed[0], "ok", 5).await;
    let mut tx = world.begin().await;
    outbox::park(&mut tx, &claimed[1].hold(), "x", at(5)).await.unwrap();
    assert_eq!(outbox::forget(&mut tx, at(5), 9).await.unwrap(), 0);
    assert_eq!(outbox::forget(&mut tx, at(6), 9).await.unwrap(), 1);
    assert_eq!(outbox::by_key(&mut tx, "a").await.unwrap(), None);
    assert!(outbox::by_key(&mut tx, "b").await.unwrap().is_some(), "a person decides");
    assert!(outbox::by_id(&mut tx, claimed[2].id).await.unwrap().is_some(), "still on its way");
}

async fn a_rolled_back_decision_sends_nothing(world: &World) {
    let mut tx = world.begin().await;
    outbox::enqueue(&mut tx, &intention("a", "s")).await.unwrap();
    drop(tx);
    assert_eq!(claim_keys(world, 1).await, Vec::<String>::new());
}
