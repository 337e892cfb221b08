//! Crises that Vigie finds by itself.

use vigie::domain::crisis::Origin;
use vigie::domain::time::{DAY_MS, MINUTE_MS};

use crate::world::World;

/// Customers write so many messages within so many minutes.
async fn flood(world: &mut World, network: &str, prefix: &str, messages: i64, minutes: i64) {
    for index in 0..messages {
        let at = world.now();
        world.customer(network, &format!("{prefix}{index}"), at).await;
        if (index + 1) % (messages / minutes).max(1) == 0 {
            world.minutes(1).await;
        }
    }
    world.settle().await;
}

async fn a_flood_on_one_network_is_declared_once_and_freezes_that_network(mut world: World) {
    flood(&mut world, "instagram", "a", 24, 12).await;
    world.minutes(1).await;
    world.restart().await;
    let crisis = world.crisis().await;
    assert_eq!(crisis.level, 2);
    let Origin::Detected { figures } = &crisis.origin else { panic!("{:?}", crisis.origin) };
    assert!(figures.messages >= 20 && figures.network.as_deref() == Some("instagram"), "{figures:?}");
    assert!(crisis.unconfirmed, "a person must confirm it");
    assert_eq!(world.gate().await["networks"], serde_json::json!(["instagram"]));
    assert!(world.slack.room().name.starts_with("crisis-0314-"), "{:?}", world.slack.room());
    flood(&mut world, "instagram", "b", 40, 4).await;
    world.minutes(5).await;
    assert_eq!(world.crises().await.len(), 1, "the same flood is one crisis");
    let said = world.types("slack", "tom", "/crisis confirm").await;
    assert!(said.contains("C-1"), "{said}");
    assert!(!world.crisis().await.unconfirmed);
    // It spreads: the alert grows, no second room is made.
    flood(&mut world, "facebook", "c", 24, 8).await;
    world.minutes(1).await;
    let crisis = world.crisis().await;
    assert_eq!(crisis.freeze.networks.iter().collect::<Vec<_>>(), ["facebook", "instagram"]);
    world.nothing_failed().await;
}

async fn a_redelivered_flood_or_an_old_backlog_is_none(mut world: World) {
    for round in 0..6 {
        for index in 0..8 {
            let at = world.now();
            world.customer("instagram", &format!("same{index}"), at).await;
        }
        let _ = round;
        world.minutes(1).await;
    }
    assert!(world.crises().await.is_empty(), "eight messages delivered six times are eight");
    for index in 0..40 {
        let at = world.now().plus_ms(-(180 + index) * MINUTE_MS);
        world.customer("x", &format!("old{index}"), at).await;
    }
    world.minutes(2).await;
    assert!(world.crises().await.is_empty(), "what was written hours ago is no flood now");
    world.types("slack", "lea", "/ticket open Colis perdu").await;
    world.nothing_failed().await;
}

async fn an_exercise_hides_no_real_crisis_and_a_finished_one_is_watched(mut world: World) {
    world.types("slack", "lea", "/crisis drill l2 Everything burns").await;
    flood(&mut world, "instagram", "a", 24, 12).await;
    world.minutes(1).await;
    let crises = world.crises().await;
    assert_eq!(crises.len(), 2, "the exercise is no reason to look away");
    assert!(crises[0].drill && !crises[1].drill);
    for who in ["lea", "hugo"] {
        world.types("slack", who, "/crisis standdown C-2").await;
    }
    assert_eq!(world.gate().await["networks"], serde_json::json!([]));
    // Half of what was needed before, once the six quiet hours of the network are over.
    world.minutes(7 * 60).await;
    flood(&mut world, "instagram", "b", 12, 6).await;
    world.minutes(1).await;
    assert_eq!(world.crises().await.len(), 3, "watched at half the thresholds for a day");
    world.nothing_failed().await;
}

async fn a_watch_grows_into_an_alert(mut world: World) {
    world.types("slack", "nora", "/crisis declare l1 Rumeur net:instagram").await;
    flood(&mut world, "instagram", "a", 24, 12).await;
    world.minutes(1).await;
    let crisis = world.crisis().await;
    assert_eq!(crisis.level, 2, "the watch became the alert");
    assert_eq!(world.gate().await["networks"], serde_json::json!(["instagram"]));
    assert!(world.discord.room().people.contains(&world.discord.user("sam")));
    world.nothing_failed().await;
}

async fn weeks_of_quiet_are_no_reason_to_wake_anybody(mut world: World) {
    for day in 0..3 {
        for index in 0..19 {
            let at = world.now();
            world.customer("instagram", &format!("d{day}-{index}"), at).await;
        }
        world.minutes(45).await;
        let rest = DAY_MS / MINUTE_MS - 45;
        world.skip(rest).await;
    }
    assert!(world.crises().await.is_empty());
    world.nothing_failed().await;
}

crate::scenes![
    a_flood_on_one_network_is_declared_once_and_freezes_that_network,
    a_redelivered_flood_or_an_old_backlog_is_none,
    an_exercise_hides_no_real_crisis_and_a_finished_one_is_watched,
    a_watch_grows_into_an_alert,
    weeks_of_quiet_are_no_reason_to_wake_anybody,
];
