//! Aggregates, journal, links and the small tables.

use vigie::store::aggregates::{self, Filter, NewRow, Order};
use vigie::store::cursors::{self, Cursor};
use vigie::store::directory::{self, Channel, Identity};
use vigie::store::posts::{self, Post};
use vigie::store::{Kind, journal, leases, links, settings, slots};

use crate::{World, at, on_both_engines};

on_both_engines!(
    a_row_comes_back_as_it_was_written,
    of_two_who_decide_on_the_same_version_one_must_decide_again,
    of_two_replicas_that_lock_a_row_the_second_sees_the_first_ones_work,
    whose_time_has_come_is_found_longest_overdue_first,
    lists_show_what_was_asked_for,
    loads_count_what_is_open,
    the_journal_keeps_order_and_refuses_a_second_past,
    a_key_belongs_to_one_aggregate,
    a_subject_has_one_message_per_chat_and_purpose,
    people_and_channels_are_remembered,
    cursors_only_move_forward,
    an_occurrence_fires_once_whatever_replicas_do,
    settings_are_kept,
    a_lease_has_one_holder_and_late_holders_are_found_out,
);

fn ticket(id: i64, owner: Option<&str>) -> NewRow {
    NewRow {
        kind: "ticket".into(),
        id,
        status: "assigned".into(),
        owner: owner.map(str::to_owned),
        opened_at: at(id * 10),
        updated_at: at(id * 10),
        state: "{}".into(),
        ..NewRow::default()
    }
}

async fn a_row_comes_back_as_it_was_written(world: &World) {
    let mut tx = world.begin().await;
    let id = aggregates::next_id(&mut tx, "ticket").await.unwrap();
    assert_eq!((id, aggregates::next_id(&mut tx, "draft").await.unwrap()), (1, 1), "each kind counts for itself");
    let full = NewRow {
        role: Some("care".into()),
        network: Some("instagram".into()),
        topic: Some("late".into()),
        priority: Some(1),
        due_at: Some(at(500)),
        wake_at: Some(at(400)),
        closed_at: Some(at(900)),
        state: "{\"text\":\"déçu 🎫\"}".into(),
        ..ticket(id, Some("lea"))
    };
    aggregates::insert(&mut tx, &full).await.unwrap();
    aggregates::insert(&mut tx, &ticket(2, None)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.store.read().await.unwrap();
    let stored = aggregates::load(&mut tx, "ticket", 1).await.unwrap().unwrap();
    assert_eq!((stored.version, &stored.row, stored.state()), (1, &full, full.state.as_str()));
    assert_eq!(aggregates::load(&mut tx, "ticket", 2).await.unwrap().unwrap().row, ticket(2, None));
    assert_eq!(aggregates::load(&mut tx, "draft", 1).await.unwrap(), None);
    drop(tx);
    let mut tx = world.begin().await;
    assert_eq!(aggregates::insert(&mut tx, &full).await.unwrap_err().kind, Kind::Constraint);
}

async fn of_two_who_decide_on_the_same_version_one_must_decide_again(world: &World) {
    let mut tx = world.begin().await;
    aggregates::insert(&mut tx, &ticket(1, None)).await.unwrap();
    assert!(aggregates::save(&mut tx, &ticket(1, Some("lea")), 1).await.unwrap());
    assert!(!aggregates::save(&mut tx, &ticket(1, Some("hugo")), 1).await.unwrap());
    let stored = aggregates::load_for_update(&mut tx, "ticket", 1).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.row.owner.as_deref()), (2, Some("lea")));
    assert!(aggregates::save(&mut tx, &ticket(1, Some("hugo")), 2).await.unwrap());
    assert!(!aggregates::save(&mut tx, &ticket(7, None), 1).await.unwrap(), "there is no such ticket");
}

async fn of_two_replicas_that_lock_a_row_the_second_sees_the_first_ones_work(world: &World) {
    let mut tx = world.begin().await;
    aggregates::insert(&mut tx, &ticket(1, None)).await.unwrap();
    tx.commit().await.unwrap();
    let mut replicas = tokio::task::JoinSet::new();
    for store in [world.another().await, world.another().await] {
        replicas.spawn(async move {
            for _ in 0..20 {
                let mut tx = store.begin().await.unwrap();
                let stored = aggregates::load_for_update(&mut tx, "ticket", 1).await.unwrap().unwrap();
                assert!(aggregates::save(&mut tx, &stored.row, stored.version).await.unwrap());
                tx.commit().await.unwrap();
            }
        });
    }
    replicas.join_all().await;
    let mut tx = world.store.read().await.unwrap();
    assert_eq!(aggregates::load(&mut tx, "ticket", 1).await.unwrap().unwrap().version, 41);
}

async fn whose_time_has_come_is_found_longest_overdue_first(world: &World) {
    let mut tx = world.begin().await;
    for (id, wake_at) in [(1, Some(50)), (2, Some(20)), (3, None), (4, Some(51)), (5, Some(20))] {
        let row = NewRow { wake_at: wake_at.map(at), ..ticket(id, None) };
        aggregates::insert(&mut tx, &row).await.unwrap();
    }
    let due = aggregates::due(&mut tx, at(50), 9).await.unwrap();
    assert_eq!(due, [2, 5, 1].map(|id| ("ticket".to_owned(), id)));
    assert_eq!(aggregates::due(&mut tx, at(50), 1).await.unwrap().len(), 1);
    assert_eq!(aggregates::next_wake(&mut tx).await.unwrap(), Some(at(20)));
}

async fn lists_show_what_was_asked_for(world: &World) {
    let mut tx = world.begin().await;
    let rows = [
        NewRow { priority: Some(2), due_at: Some(at(900)), network: Some("x".into()), ..ticket(1, Some("lea")) },
        NewRow { priority: Some(1), role: Some("care".into()), topic: Some("late".into()), ..ticket(2, None) },
        NewRow { due_at: Some(at(100)), status: "new".into(), ..ticket(3, Some("lea")) },
        NewRow { status: "resolved".into(), closed_at: Some(at(70)), ..ticket(4, Some("lea")) },
        NewRow { priority: Some(1), due_at: Some(at(500)), ..ticket(5, Some("hugo")) },
    ];
    for row in &rows {
        aggregates::insert(&mut tx, row).await.unwrap();
    }
    aggregates::insert(&mut tx, &NewRow { kind: "draft".into(), ..ticket(1, Some("lea")) }).await.unwrap();
    let all = Filter { kind: "ticket", limit: 99, ..Filter::default() };
    let open = Filter { open_only: true, ..all.clone() };
    let table: [(&str, Filter<'_>, &[i64]); 17] = [
        ("all", all.clone(), &[5, 4, 3, 2, 1]),
        ("oldest first", Filter { order: Order::Oldest, ..all.clone() }, &[1, 2, 3, 4, 5]),
        ("open", open.clone(), &[5, 3, 2, 1]),
        ("open, oldest first", Filter { order: Order::Oldest, ..open.clone() }, &[1, 2, 3, 5]),
        ("by term", Filter { order: Order::Due, ..open.clone() }, &[3, 5, 1, 2]),
        ("by urgency", Filter { order: Order::Priority, ..open.clone() }, &[5, 2, 1, 3]),
        ("all by term", Filter { order: Order::Due, ..all.clone() }, &[3, 5, 1, 2, 4]),
        ("all by urgency", Filter { order: Order::Priority, ..all.clone() }, &[5, 2, 1, 3, 4]),
        ("of lea", Filter { owner: Some("lea"), ..open.clone() }, &[3, 1]),
        ("of nobody", Filter { unowned: true, ..all.clone() }, &[2]),
        ("of a role", Filter { role: Some("care"), topic: Some("late"), ..all.clone() }, &[2]),
        ("of a network", Filter { network: Some("x"), ..all.clone() }, &[1]),
        ("of a priority", Filter { priority: Some(1), ..all.clone() }, &[5, 2]),
        ("in some statuses", Filter { statuses: &["new", "resolved"], ..all.clone() }, &[4, 3]),
        ("opened in a range", Filter { opened: Some((at(20), at(40))), ..all.clone() }, &[3, 2]),
        ("closed in a range", Filter { closed: Some((at(70), at(71))), ..all.clone() }, &[4]),
        ("bounded", Filter { limit: 2, ..all.clone() }, &[5, 4]),
    ];
    for (name, filter, expected) in table {
        let ids: Vec<_> = aggregates::list(&mut tx, &filter).await.unwrap().into_iter().map(|s| s.id).collect();
        assert_eq!(ids, expected, "{name}");
    }
}

async fn loads_count_what_is_open(world: &World) {
    let mut tx = world.begin().await;
    for (id, owner, closed) in
        [(1, Some("lea"), None), (2, Some("lea"), None), (3, None, None), (4, Some("lea"), Some(at(9)))]
    {
        aggregates::insert(&mut tx, &NewRow { closed_at: closed, ..ticket(id, owner) }).await.unwrap();
    }
    let loads = aggregates::count_open_by_owner(&mut tx, "ticket").await.unwrap();
    assert_eq!(loads, [(None, 1), (Some("lea".to_owned()), 2)]);
    assert_eq!(aggregates::count_by_status(&mut tx, "ticket").await.unwrap(), [("assigned".to_owned(), 4)]);
}

async fn the_journal_keeps_order_and_refuses_a_second_past(world: &World) {
    let mut tx = world.begin().await;
    let events = [("opened", "{\"by\":\"l'été\"}"), ("assigned", "{}")];
    assert_eq!(journal::append(&mut tx, "ticket", 7, 1, at(10), "lea", &events).await.unwrap(), 2);
    assert_eq!(journal::append(&mut tx, "ticket", 7, 2, at(30), "lea", &[("resolved", "{}")]).await.unwrap(), 3);
    assert_eq!(journal::append(&mut tx, "draft", 7, 1, at(20), "sla", &[("opened", "{}")]).await.unwrap(), 4);
    assert_eq!(journal::append(&mut tx, "draft", 7, 2, at(20), "sla", &[]).await.unwrap(), 0);
    let history: Vec<_> = journal::of(&mut tx, "ticket", 7).await.unwrap();
    let told: Vec<_> = history.iter().map(|e| (e.event.as_str(), e.version, e.seq)).collect();
    assert_eq!(told, [("opened", 1, 0), ("assigned", 1, 1), ("resolved", 2, 0)]);
    assert_eq!((history[0].payload.as_str(), history[0].actor.as_str()), ("{\"by\":\"l'été\"}", "lea"));
    let ids = |entries: Vec<journal::Entry>| entries.into_iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!(ids(journal::range(&mut tx, &["ticket", "draft"], at(10), at(30), 9).await.unwrap()), [1, 2, 4]);
    assert_eq!(ids(journal::range(&mut tx, &["draft"], at(0), at(99), 9).await.unwrap()), [4]);
    assert_eq!(ids(journal::range(&mut tx, &[], at(0), at(99), 9).await.unwrap()), Vec::<i64>::new());
    assert_eq!(ids(journal::after(&mut tx, 1, 2).await.unwrap()), [2, 3]);
    assert_eq!(ids(journal::after(&mut tx, 4, 2).await.unwrap()), Vec::<i64>::new());
    let again = journal::append(&mut tx, "ticket", 7, 2, at(40), "hugo", &[("reopened", "{}")]).await;
    assert_eq!(again.unwrap_err().kind, Kind::Constraint);
}

async fn a_key_belongs_to_one_aggregate(world: &World) {
    let mut tx = world.begin().await;
    assert_eq!(links::claim(&mut tx, "message", "C1/170.1", 1).await.unwrap(), None);
    assert_eq!(links::claim(&mut tx, "message", "C1/170.1", 2).await.unwrap(), Some(1));
    assert_eq!(links::claim(&mut tx, "handle", "C1/170.1", 2).await.unwrap(), None, "kinds do not mix");
    assert_eq!(links::claim(&mut tx, "message", "C1/170.2", 1).await.unwrap(), None);
    assert_eq!(links::keys_of(&mut tx, "message", 1).await.unwrap(), ["C1/170.1", "C1/170.2"]);
    assert_eq!(links::move_all(&mut tx, "message", 1, 5).await.unwrap(), 2);
    assert_eq!(links::get(&mut tx, "message", "C1/170.2").await.unwrap(), Some(5));
    assert_eq!(links::get(&mut tx, "handle", "C1/170.1").await.unwrap(), Some(2));
    assert!(links::delete(&mut tx, "message", "C1/170.2").await.unwrap());
    assert!(!links::delete(&mut tx, "message", "C1/170.2").await.unwrap());
    assert_eq!(links::get(&mut tx, "message", "C1/170.2").await.unwrap(), None);
}

async fn a_subject_has_one_message_per_chat_and_purpose(world: &World) {
    let card = |chat: &str, message: &str| Post {
        subject: "ticket:1".into(),
        purpose: "card".into(),
        chat: chat.into(),
        channel: "C1".into(),
        message: message.into(),
        thread: Some("T1".into()),
        at: at(5),
    };
    let mut tx = world.begin().await;
    for post in [card("slack", "1"), card("discord", "9"), card("slack", "2")] {
        posts::put(&mut tx, &post).await.unwrap();
    }
    let note = Post { purpose: "note".into(), thread: None, at: at(6), ..card("slack", "3") };
    posts::put(&mut tx, &note).await.unwrap();
    let reply = Post { purpose: "reply".into(), at: at(7), ..card("slack", "4") };
    posts::put(&mut tx, &reply).await.unwrap();
    let all = posts::of_subject(&mut tx, "ticket:1").await.unwrap();
    assert_eq!(all, [card("discord", "9"), card("slack", "2"), note.clone(), reply.clone()]);
    assert_eq!(posts::by_message(&mut tx, "slack", "C1", "1").await.unwrap(), None, "replaced");
    assert_eq!(posts::by_message(&mut tx, "slack", "C1", "3").await.unwrap(), Some(note));
    assert_eq!(posts::by_thread(&mut tx, "slack", "T1").await.unwrap(), [card("slack", "2"), reply]);
    assert_eq!(posts::get(&mut tx, "ticket:1", "card", "discord").await.unwrap(), Some(card("discord", "9")));
    assert!(posts::delete(&mut tx, "ticket:1", "card", "discord").await.unwrap());
    assert!(!posts::delete(&mut tx, "ticket:1", "card", "discord").await.unwrap());
}

async fn people_and_channels_are_remembered(world: &World) {
    let lea = Identity {
        chat: "slack".into(),
        user_id: "U1".into(),
        member: Some("lea".into()),
        name: "Léa".into(),
        locale: Some("fr".into()),
    };
    let mut tx = world.begin().await;
    directory::put_identity(&mut tx, &lea).await.unwrap();
    let bare = Identity { member: None, name: String::new(), locale: None, ..lea.clone() };
    directory::put_identity(&mut tx, &bare).await.unwrap();
    assert_eq!(directory::identity(&mut tx, "slack", "U1").await.unwrap(), Some(lea.clone()), "kept what was known");
    let on_discord = Identity { chat: "discord".into(), user_id: "77".into(), ..lea.clone() };
    directory::put_identity(&mut tx, &on_discord).await.unwrap();
    assert_eq!(directory::identities_of(&mut tx, "lea").await.unwrap(), [on_discord, lea.clone()]);
    assert_eq!(directory::identities_in(&mut tx, "slack", 9).await.unwrap(), [lea]);
    assert!(directory::unlink_identity(&mut tx, "slack", "U1").await.unwrap());
    assert_eq!(directory::identities_of(&mut tx, "lea").await.unwrap().len(), 1);

    let channel = |id: &str, joined| Channel { chat: "slack".into(), id: id.into(), name: "social".into(), joined };
    for one in [channel("C1", false), channel("C2", true), channel("C1", false)] {
        directory::put_channel(&mut tx, &one).await.unwrap();
    }
    assert_eq!(directory::channel_named(&mut tx, "slack", "social").await.unwrap(), Some(channel("C2", true)));
    assert_eq!(directory::channel(&mut tx, "slack", "C1").await.unwrap(), Some(channel("C1", false)));
    assert_eq!(directory::channels(&mut tx, "slack").await.unwrap().len(), 2);
    assert!(directory::delete_channel(&mut tx, "slack", "C2").await.unwrap());
    assert_eq!(directory::channel(&mut tx, "slack", "C2").await.unwrap(), None);
}

async fn cursors_only_move_forward(world: &World) {
    let cursor =
        |message: &str, ms| Cursor { chat: "slack".into(), channel: "C1".into(), message: message.into(), at: at(ms) };
    let mut tx = world.begin().await;
    assert!(cursors::advance(&mut tx, &cursor("2", 20)).await.unwrap());
    assert!(!cursors::advance(&mut tx, &cursor("1", 10)).await.unwrap());
    assert!(cursors::advance(&mut tx, &cursor("3", 20)).await.unwrap());
    assert_eq!(cursors::get(&mut tx, "slack", "C1").await.unwrap(), Some(cursor("3", 20)));
    assert_eq!(cursors::of_chat(&mut tx, "slack").await.unwrap(), [cursor("3", 20)]);
    assert_eq!(cursors::get(&mut tx, "slack", "C2").await.unwrap(), None);
}

async fn an_occurrence_fires_once_whatever_replicas_do(world: &World) {
    let mut replicas = tokio::task::JoinSet::new();
    for store in [world.another().await, world.another().await] {
        replicas.spawn(async move {
            let mut fired = 0;
            for n in 0..20 {
                let mut tx = store.begin().await.unwrap();
                fired +=
                    i32::from(slots::fire_once(&mut tx, "digest", &format!("2026-01-{n:02}"), at(n)).await.unwrap());
                tx.commit().await.unwrap();
            }
            fired
        });
    }
    assert_eq!(replicas.join_all().await.into_iter().sum::<i32>(), 20);
    let mut tx = world.begin().await;
    assert_eq!(slots::last(&mut tx, "digest").await.unwrap(), Some(("2026-01-19".to_owned(), at(19))));
    assert_eq!(slots::last(&mut tx, "weekly").await.unwrap(), None);
    assert_eq!(slots::forget(&mut tx, at(5)).await.unwrap(), 5);
}

async fn settings_are_kept(world: &World) {
    let mut tx = world.begin().await;
    settings::put(&mut tx, "lang", "fr").await.unwrap();
    settings::put(&mut tx, "lang", "en").await.unwrap();
    assert_eq!(settings::all(&mut tx).await.unwrap(), [("lang".to_owned(), "en".to_owned())]);
    assert!(settings::delete(&mut tx, "lang").await.unwrap());
    assert!(!settings::delete(&mut tx, "lang").await.unwrap());
}

async fn a_lease_has_one_holder_and_late_holders_are_found_out(world: &World) {
    let mut tx = world.begin().await;
    let first = leases::acquire(&mut tx, "tick", "r1", at(0), at(10)).await.unwrap().unwrap();
    assert_eq!(leases::acquire(&mut tx, "tick", "r2", at(9), at(19)).await.unwrap(), None);
    assert_eq!(leases::acquire(&mut tx, "tick", "r1", at(9), at(20)).await.unwrap(), Some(first), "renewed");
    assert!(leases::held(&mut tx, "tick", "r1", first, at(19)).await.unwrap());
    assert!(!leases::held(&mut tx, "tick", "r1", first, at(20)).await.unwrap(), "over");
    let second = leases::acquire(&mut tx, "tick", "r2", at(20), at(30)).await.unwrap().unwrap();
    assert!(second > first);
    assert!(!leases::held(&mut tx, "tick", "r1", first, at(21)).await.unwrap());
    assert!(!leases::release(&mut tx, "tick", "r1", first).await.unwrap());
    assert!(leases::release(&mut tx, "tick", "r2", second).await.unwrap());
    let third = leases::acquire(&mut tx, "tick", "r2", at(21), at(40)).await.unwrap().unwrap();
    assert!(third > second, "even the same holder gets a new token after giving it back");
    let lapsed = leases::acquire(&mut tx, "tick", "r2", at(50), at(60)).await.unwrap().unwrap();
    assert!(lapsed > third, "and after a lapse, during which somebody could have held it");
}
