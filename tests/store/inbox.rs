//! What came in is kept once, handed out in order, and never lost between two steps.

use vigie::ports::envelope::{Accepted, Envelope, Urgency};
use vigie::store::{Engine, InboxWriter, inbox};

use crate::{World, at, envelope, on_both_engines};

on_both_engines!(
    the_same_delivery_counts_once,
    equal_deliveries_inside_one_batch_count_once,
    an_empty_batch_is_no_work,
    who_waits_is_served_first_then_as_they_came,
    what_is_dealt_with_does_not_come_back,
    what_is_put_off_comes_back_in_its_time,
    what_nobody_understood_is_kept_and_can_be_tried_again,
    a_crash_between_claim_and_commit_loses_nothing,
    hostile_bodies_are_kept_verbatim,
    old_envelopes_are_forgotten_but_never_parked_ones,
    five_hundred_producers_at_once,
    one_refused_envelope_does_not_take_the_others_with_it,
    a_closed_store_means_not_stored,
    two_replicas_deal_with_each_envelope_once,
);

async fn add(world: &World, envelopes: &[Envelope]) -> Vec<Accepted> {
    let mut tx = world.begin().await;
    let verdicts = inbox::append(&mut tx, envelopes).await.unwrap();
    tx.commit().await.unwrap();
    verdicts
}

async fn waiting(world: &World, now: i64) -> Vec<String> {
    let mut tx = world.begin().await;
    inbox::claim(&mut tx, at(now), 100).await.unwrap().into_iter().map(|p| p.envelope.delivery_id).collect()
}

async fn the_same_delivery_counts_once(world: &World) {
    let first = envelope("1", Urgency::Live, 10);
    assert_eq!(add(world, std::slice::from_ref(&first)).await, [Accepted::Fresh]);
    let again = Envelope { body: "other words".into(), urgency: Urgency::Backfill, ..first.clone() };
    assert_eq!(add(world, &[again]).await, [Accepted::Duplicate]);
    let other_source = Envelope { source: "discord".into(), ..first.clone() };
    assert_eq!(add(world, &[other_source]).await, [Accepted::Fresh]);
    let mut tx = world.begin().await;
    let held = inbox::claim(&mut tx, at(10), 100).await.unwrap();
    assert_eq!(held.len(), 2);
    assert_eq!(held[0].envelope, first, "the first words stay");
}

async fn equal_deliveries_inside_one_batch_count_once(world: &World) {
    let batch = ["1", "2", "1", "3", "2"].map(|id| envelope(id, Urgency::Live, 10));
    use Accepted::{Duplicate, Fresh};
    assert_eq!(add(world, &batch).await, [Fresh, Fresh, Duplicate, Fresh, Duplicate]);
    assert_eq!(waiting(world, 10).await, ["1", "2", "3"]);
}

async fn an_empty_batch_is_no_work(world: &World) {
    assert_eq!(add(world, &[]).await, []);
}

async fn who_waits_is_served_first_then_as_they_came(world: &World) {
    add(
        world,
        &[
            envelope("history", Urgency::Backfill, 1),
            envelope("live 1", Urgency::Live, 2),
            envelope("press", Urgency::Interactive, 3),
            envelope("live 2", Urgency::Live, 4),
        ],
    )
    .await;
    assert_eq!(waiting(world, 10).await, ["press", "live 1", "live 2", "history"]);
    let mut tx = world.begin().await;
    assert_eq!(inbox::claim(&mut tx, at(10), 2).await.unwrap().len(), 2, "no more than asked for");
}

async fn what_is_dealt_with_does_not_come_back(world: &World) {
    add(world, &[envelope("1", Urgency::Live, 1)]).await;
    let mut tx = world.begin().await;
    let id = inbox::claim(&mut tx, at(10), 9).await.unwrap()[0].id;
    assert!(inbox::done(&mut tx, id, "ticket", at(10)).await.unwrap());
    assert!(!inbox::done(&mut tx, id, "ticket", at(11)).await.unwrap(), "done once");
    tx.commit().await.unwrap();
    assert_eq!(waiting(world, i64::MAX).await, Vec::<String>::new());
    assert_eq!(add(world, &[envelope("1", Urgency::Live, 1)]).await, [Accepted::Duplicate]);
    let mut tx = world.store.read().await.unwrap();
    assert_eq!(inbox::oldest_wait_ms(&mut tx, at(99)).await.unwrap(), 0);
}

async fn what_is_put_off_comes_back_in_its_time(world: &World) {
    add(world, &[envelope("1", Urgency::Live, 7)]).await;
    let mut tx = world.begin().await;
    let id = inbox::claim(&mut tx, at(10), 9).await.unwrap()[0].id;
    assert!(inbox::retry(&mut tx, id, at(50), "busy").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(waiting(world, 49).await, Vec::<String>::new());
    let mut tx = world.begin().await;
    let back = inbox::claim(&mut tx, at(50), 9).await.unwrap();
    assert_eq!((back.len(), back[0].attempts), (1, 1));
    assert_eq!(inbox::oldest_wait_ms(&mut tx, at(50)).await.unwrap(), 43);
}

async fn what_nobody_understood_is_kept_and_can_be_tried_again(world: &World) {
    add(world, &["1", "2", "3"].map(|id| envelope(id, Urgency::Live, 5))).await;
    let mut tx = world.begin().await;
    let ids: Vec<_> = inbox::claim(&mut tx, at(10), 9).await.unwrap().into_iter().map(|p| p.id).collect();
    assert!(inbox::unknown(&mut tx, ids[0], "no type", at(10)).await.unwrap());
    assert!(inbox::park(&mut tx, ids[1], "a bug", at(10)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = world.begin().await;
    let mut counts: Vec<_> = inbox::counts(&mut tx).await.unwrap().into_iter().map(|c| (c.state, c.count)).collect();
    counts.sort();
    assert_eq!(counts, [("new".to_owned(), 1), ("parked".to_owned(), 1), ("unknown".to_owned(), 1)]);
    let parked = inbox::parked(&mut tx, 9).await.unwrap();
    assert_eq!((parked.len(), parked[0].error.as_deref()), (1, Some("a bug")));
    let unknown = inbox::not_understood(&mut tx, 9).await.unwrap();
    assert_eq!((unknown.len(), unknown[0].error.as_deref()), (1, Some("no type")));
    assert_eq!(unknown[0].pending.envelope, envelope("1", Urgency::Live, 5));
    assert!(inbox::requeue(&mut tx, ids[1], at(20)).await.unwrap());
    assert!(!inbox::requeue(&mut tx, ids[2], at(20)).await.unwrap(), "that one waits anyway");
    let again: Vec<_> = inbox::claim(&mut tx, at(20), 9).await.unwrap().into_iter().map(|p| p.id).collect();
    assert_eq!(again, ids[1..]);
}

async fn a_crash_between_claim_and_commit_loses_nothing(world: &World) {
    add(world, &[envelope("1", Urgency::Live, 1)]).await;
    let mut tx = world.begin().await;
    let id = inbox::claim(&mut tx, at(10), 9).await.unwrap()[0].id;
    inbox::done(&mut tx, id, "ticket", at(10)).await.unwrap();
    drop(tx);
    assert_eq!(waiting(world, 10).await, ["1"]);
}

async fn hostile_bodies_are_kept_verbatim(world: &World) {
    let bodies = [
        String::new(),
        "\"]],[\"'); DROP TABLE inbox; --".to_owned(),
        r#"{"a":"\ud800 \u0000 \\u0000"}"#.to_owned(),
        "\u{1}\u{7f}\u{feff}\u{10ffff} e\u{301}".to_owned(),
        "[".repeat(200_000),
        "é".repeat(512 * 1024),
    ];
    let batch: Vec<_> = bodies
        .iter()
        .enumerate()
        .map(|(n, body)| Envelope { body: body.clone(), ..envelope(&format!("'{n}\"\\"), Urgency::Live, 1) })
        .collect();
    add(world, &batch).await;
    let mut tx = world.begin().await;
    let held: Vec<_> = inbox::claim(&mut tx, at(10), 9).await.unwrap().into_iter().map(|p| p.envelope).collect();
    assert!(held == batch, "a body changed on its way");
    drop(tx);
    let with_nul = Envelope { body: "a\0b".into(), delivery_id: "n\0l".into(), ..envelope("", Urgency::Live, 1) };
    assert_eq!(add(world, std::slice::from_ref(&with_nul)).await, [Accepted::Fresh]);
    assert_eq!(add(world, &[with_nul]).await, [Accepted::Duplicate]);
}

async fn old_envelopes_are_forgotten_but_never_parked_ones(world: &World) {
    add(world, &["1", "2", "3", "4"].map(|id| envelope(id, Urgency::Live, 5))).await;
    let mut tx = world.begin().await;
    let ids: Vec<_> = inbox::claim(&mut tx, at(10), 9).await.unwrap().into_iter().map(|p| p.id).collect();
    inbox::done(&mut tx, ids[0], "x", at(10)).await.unwrap();
    inbox::unknown(&mut tx, ids[1], "x", at(11)).await.unwrap();
    inbox::park(&mut tx, ids[2], "x", at(10)).await.unwrap();
    assert_eq!(inbox::forget(&mut tx, at(12), 1).await.unwrap(), 1, "in bounded steps");
    assert_eq!(inbox::forget(&mut tx, at(12), 9).await.unwrap(), 1);
    assert_eq!(inbox::forget(&mut tx, at(12), 9).await.unwrap(), 0);
    assert_eq!(inbox::parked(&mut tx, 9).await.unwrap().len(), 1);
    assert_eq!(inbox::claim(&mut tx, at(12), 9).await.unwrap().len(), 1);
}

async fn five_hundred_producers_at_once(world: &World) {
    let writer = InboxWriter::spawn(world.store.clone());
    let mut woken = writer.notified();
    let mut producers = tokio::task::JoinSet::new();
    for n in 0..500 {
        let writer = writer.clone();
        // Every delivery comes twice, from two producers at the same time.
        producers.spawn(async move { writer.accept(envelope(&format!("{}", n / 2), Urgency::Live, n)).await.unwrap() });
    }
    let verdicts = producers.join_all().await;
    assert_eq!(verdicts.iter().filter(|v| **v == Accepted::Fresh).count(), 250);
    assert!(woken.has_changed().unwrap());
    let commits = *woken.borrow_and_update();
    assert!((4..=250).contains(&commits), "{commits} commits for 500 envelopes of at most 64 each");
    let mut tx = world.begin().await;
    let held = inbox::claim(&mut tx, at(1_000), 1_000).await.unwrap();
    assert_eq!(held.len(), 250);
    drop(tx);
    assert_eq!(writer.accept(envelope("0", Urgency::Live, 0)).await.unwrap(), Accepted::Duplicate);
    assert!(!woken.has_changed().unwrap(), "nothing new, nobody woken");
}

async fn one_refused_envelope_does_not_take_the_others_with_it(world: &World) {
    world
        .by_hand(match world.store.engine() {
            Engine::Sqlite => {
                "CREATE TRIGGER refuse BEFORE INSERT ON inbox WHEN NEW.delivery_id = '13' \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END"
            }
            Engine::Postgres => "ALTER TABLE inbox ADD CHECK (delivery_id <> '13')",
        })
        .await;
    let writer = InboxWriter::spawn(world.store.clone());
    let mut producers = tokio::task::JoinSet::new();
    for n in 0..40 {
        let writer = writer.clone();
        producers.spawn(async move { (n, writer.accept(envelope(&n.to_string(), Urgency::Live, n)).await) });
    }
    for (n, verdict) in producers.join_all().await {
        assert_eq!(verdict.is_ok(), n != 13, "{n}: {verdict:?}");
    }
    assert_eq!(waiting(world, 100).await.len(), 39);
}

async fn a_closed_store_means_not_stored(world: &World) {
    let store = world.another().await;
    let writer = InboxWriter::spawn(store.clone());
    assert_eq!(writer.accept(envelope("1", Urgency::Live, 1)).await.unwrap(), Accepted::Fresh);
    store.close().await;
    assert!(writer.accept(envelope("2", Urgency::Live, 1)).await.is_err());
    assert!(writer.accept(envelope("1", Urgency::Live, 1)).await.is_err(), "nothing is promised without the database");
    assert_eq!(waiting(world, 10).await, ["1"]);
}

async fn two_replicas_deal_with_each_envelope_once(world: &World) {
    let batch: Vec<_> = (0..60).map(|n| envelope(&n.to_string(), Urgency::Live, n)).collect();
    add(world, &batch).await;
    let mut replicas = tokio::task::JoinSet::new();
    for store in [world.another().await, world.another().await, world.another().await] {
        replicas.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let mut tx = store.begin().await.unwrap();
                let claimed = inbox::claim(&mut tx, at(100), 4).await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                for pending in claimed {
                    assert!(inbox::done(&mut tx, pending.id, "x", at(100)).await.unwrap());
                    mine.push(pending.id);
                }
                tx.commit().await.unwrap();
            }
        });
    }
    let mut dealt_with: Vec<_> = replicas.join_all().await.into_iter().flatten().collect();
    dealt_with.sort_unstable();
    assert_eq!(dealt_with, (1..=60).collect::<Vec<_>>());
}
