//! Senders that freeze, die or race: nothing is sent twice, nothing is forgotten.

use vigie::store::outbox::{self, Before, Hold};

use crate::outbox::{add, claim, claim_keys, entry, intention, replaced, sent, wanted};
use crate::{World, at, on_both_engines};

on_both_engines!(
    a_silent_sender_leaves_an_unsure_intention,
    a_sender_that_wakes_up_late_changes_nothing,
    a_restart_recovers_its_own_work_at_once,
    a_longer_try_keeps_its_claim,
    an_unsure_try_still_holds_up_its_slot,
    two_replicas_never_send_the_same,
    two_replicas_keep_the_order_of_a_slot,
    two_replicas_add_one_intention_per_key,
);

/// One backlog of the size that a flood leaves behind one channel (PRODUCT F4).
const FLOOD: i64 = 5_000;

async fn a_silent_sender_leaves_an_unsure_intention(world: &World) {
    add(world, &intention("a", "s")).await;
    claim(world, 0).await;
    let mut tx = world.begin().await;
    assert_eq!(outbox::recover(&mut tx, at(99)).await.unwrap(), 0, "its lease lasts until 100");
    assert_eq!(outbox::recover(&mut tx, at(100)).await.unwrap(), 1);
    assert_eq!(outbox::recover(&mut tx, at(100)).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let again = claim(world, 100).await.remove(0);
    assert_eq!((again.state_before, again.tried_generation, again.attempts), (Before::Unsure, Some(1), 2));
}

async fn a_sender_that_wakes_up_late_changes_nothing(world: &World) {
    add(world, &intention("a", "s")).await;
    let frozen = claim(world, 0).await.remove(0);
    let mut tx = world.begin().await;
    outbox::recover(&mut tx, at(200)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.begin().await;
    assert!(!outbox::sent(&mut tx, &frozen.hold(), "late", at(201)).await.unwrap());
    tx.commit().await.unwrap();
    // The same process claims it again: even its own former claim is void.
    let current = claim(world, 201).await.remove(0);
    assert_eq!(current.holder, frozen.holder);
    let old = frozen.hold();
    let stolen = Hold { holder: "other".into(), ..current.hold() };
    let mut tx = world.begin().await;
    for hold in [&old, &stolen] {
        assert!(!outbox::sent(&mut tx, hold, "late", at(202)).await.unwrap());
        assert!(!outbox::retry(&mut tx, hold, at(0), "late").await.unwrap());
        assert!(!outbox::unsure(&mut tx, hold, at(0), "late").await.unwrap());
        assert!(!outbox::park(&mut tx, hold, "late", at(0)).await.unwrap());
        assert!(!outbox::expire(&mut tx, hold, "late", at(0)).await.unwrap());
        assert!(!outbox::extend(&mut tx, hold, at(9_999)).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(entry(world, "a").await.state, "sending");
    assert!(sent(world, &current, "ok", 203).await);
    assert!(!sent(world, &current, "twice", 204).await);
    assert_eq!(entry(world, "a").await.receipt.as_deref(), Some("ok"));
}

async fn a_restart_recovers_its_own_work_at_once(world: &World) {
    add(world, &intention("a", "s")).await;
    add(world, &intention("b", "t")).await;
    let mut tx = world.begin().await;
    let mine = outbox::claim(&mut tx, &outbox::Wanted { max: 1, ..wanted("before", 9_999) }, at(1)).await.unwrap();
    let theirs = outbox::claim(&mut tx, &wanted("neighbour", 9_999), at(1)).await.unwrap();
    assert_eq!((mine[0].key.as_str(), theirs[0].key.as_str()), ("a", "b"));
    assert_eq!(outbox::recover_holder(&mut tx, "before", at(2)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 2).await, ["a"]);
}

async fn a_longer_try_keeps_its_claim(world: &World) {
    add(world, &intention("a", "s")).await;
    let claimed = claim(world, 0).await.remove(0);
    let mut tx = world.begin().await;
    assert!(outbox::extend(&mut tx, &claimed.hold(), at(500)).await.unwrap());
    assert_eq!(outbox::next_due(&mut tx, "slack", at(1)).await.unwrap(), Some(at(500)));
    assert_eq!(outbox::recover(&mut tx, at(499)).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert!(sent(world, &claimed, "ok", 499).await);
}

async fn an_unsure_try_still_holds_up_its_slot(world: &World) {
    add(world, &intention("first", "s")).await;
    add(world, &intention("second", "s")).await;
    let first = claim(world, 0).await.remove(0);
    let mut tx = world.begin().await;
    outbox::unsure(&mut tx, &first.hold(), at(50), "time-out").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claim_keys(world, 49).await, Vec::<String>::new());
    let checked = claim(world, 50).await.remove(0);
    assert!(sent(world, &checked, "found", 51).await);
    assert_eq!(claim_keys(world, 51).await, ["second"]);
}

async fn two_replicas_never_send_the_same(world: &World) {
    for n in 0..60 {
        add(world, &intention(&format!("k{n}"), &format!("slot {}", n % 12))).await;
    }
    let mut replicas = tokio::task::JoinSet::new();
    for (holder, store) in [("r1", world.another().await), ("r2", world.another().await), ("r3", world.another().await)]
    {
        replicas.spawn(async move {
            let mut mine = Vec::new();
            let mut idle = 0;
            while idle < 50 {
                let mut tx = store.begin().await.unwrap();
                let few = outbox::Wanted { max: 3, ..wanted(holder, 9_999) };
                let claimed = outbox::claim(&mut tx, &few, at(1)).await.unwrap();
                tx.commit().await.unwrap();
                idle = if claimed.is_empty() { idle + 1 } else { 0 };
                for one in claimed {
                    mine.push(one.key.clone());
                    let mut tx = store.begin().await.unwrap();
                    assert!(outbox::sent(&mut tx, &one.hold(), "ok", at(2)).await.unwrap());
                    tx.commit().await.unwrap();
                }
            }
            mine
        });
    }
    let mut all: Vec<_> = replicas.join_all().await.into_iter().flatten().collect();
    assert_eq!(all.len(), 60);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 60, "something was sent twice");
}

async fn two_replicas_keep_the_order_of_a_slot(world: &World) {
    for n in 0..30 {
        add(world, &intention(&format!("{n:02}"), "one channel")).await;
    }
    let order = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut replicas = tokio::task::JoinSet::new();
    for (holder, store) in [("r1", world.another().await), ("r2", world.another().await)] {
        let order = order.clone();
        replicas.spawn(async move {
            while order.lock().unwrap().len() < 30 {
                let mut tx = store.begin().await.unwrap();
                let claimed = outbox::claim(&mut tx, &wanted(holder, 9_999), at(1)).await.unwrap();
                tx.commit().await.unwrap();
                assert!(claimed.len() <= 1);
                for one in claimed {
                    order.lock().unwrap().push(one.key.clone());
                    let mut tx = store.begin().await.unwrap();
                    assert!(outbox::sent(&mut tx, &one.hold(), "ok", at(2)).await.unwrap());
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    replicas.join_all().await;
    let order = order.lock().unwrap().clone();
    assert_eq!(order, (0..30).map(|n| format!("{n:02}")).collect::<Vec<_>>());
}

async fn two_replicas_add_one_intention_per_key(world: &World) {
    let mut replicas = tokio::task::JoinSet::new();
    for store in [world.another().await, world.another().await] {
        replicas.spawn(async move {
            let mut ids = Vec::new();
            for n in 0..20 {
                let mut tx = store.begin().await.unwrap();
                let key = format!("k{n}");
                let new = if n % 2 == 0 { intention(&key, "s") } else { replaced(&key, "s", "x") };
                ids.push(outbox::enqueue(&mut tx, &new).await.unwrap());
                tx.commit().await.unwrap();
            }
            ids
        });
    }
    let ids = replicas.join_all().await;
    assert_eq!(ids[0], ids[1]);
    assert_eq!((entry(world, "k0").await.generation, entry(world, "k1").await.generation), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_behind_one_channel_does_not_slow_the_others_down() {
    let world = World::sqlite_without_schema().await.migrated().await;
    let mut tx = world.begin().await;
    for n in 0..FLOOD {
        outbox::enqueue(&mut tx, &intention(&format!("flood {n}"), "flooded")).await.unwrap();
    }
    outbox::enqueue(&mut tx, &intention("urgent", "quiet")).await.unwrap();
    tx.commit().await.unwrap();
    let plan = claim_keys(&world, 1).await;
    assert_eq!(plan, ["flood 0", "urgent"]);
}
