//! Posts: drafted, approved, planned on the wall clock, published by two people, held by a freeze.

use vigie::app::commands;
use vigie::domain::content::draft::Status;

use crate::world::{World, at, button, words};

/// A post of Marc's, approved by Léa.
async fn approved() -> World {
    let mut world = World::open().await;
    let answer = world.types("marc", "post new net:instagram The new lamp is here").await;
    assert!(answer.contains("P-1 is drafted for Instagram"), "{answer}");
    world.presses_on("marc", "P-1", "draft.submit").await;
    world.presses_on("lea", "P-1", "draft.approve").await;
    world
}

#[tokio::test]
async fn an_approved_post_leaves_at_its_wall_clock_time() {
    let mut world = approved().await;
    assert_eq!(world.draft("P-1").await.status, Status::Approved);
    // Sunday night the clocks go forward: nine in Paris is 07:00 UTC from then on.
    let answer = world.types("marc", "post schedule P-1 2026-03-30T09:00").await;
    assert!(answer.contains("2026-03-30 09:00, Europe/Paris"), "{answer}");
    world.wait_until("2026-03-30T06:59:59Z").await;
    assert!(world.network.texts().is_empty());
    world.wait_until("2026-03-30T07:00:00Z").await;
    assert_eq!(world.network.texts(), ["The new lamp is here"]);
    assert!(words(&world.card("P-1")).contains("sent"));
    world.pass("1d").await;
    assert_eq!(world.network.texts().len(), 1);
}

#[tokio::test]
async fn a_time_that_the_clocks_skip_is_named() {
    let mut world = approved().await;
    let answer = world.types("nora", "post schedule P-1 2026-03-29T02:30").await;
    assert!(answer.contains("planifier des publications"), "{answer}");
    let answer = world.types("marc", "post schedule P-1 2026-03-29T02:30").await;
    assert!(answer.contains("03:00") && answer.contains("skip the time"), "{answer}");
    for (typed, said) in [("soon", "cannot read"), ("2026-03-17T09:00", "is over"), ("2062-01-01T09:00", "400 days")] {
        let refused = world.types("marc", &format!("post schedule P-1 {typed}")).await;
        assert!(refused.contains(said), "{typed}: {refused}");
    }
}

#[tokio::test]
async fn unapproved_at_its_time_it_stays_and_people_are_told() {
    let mut world = World::open().await;
    world.types("marc", "post new net:instagram The new lamp is here").await;
    let refused = world.types("marc", "post schedule P-1 +2h").await;
    assert!(refused.contains("schedule posts"), "a creator plans approved posts only: {refused}");
    world.types("hana", "post schedule P-1 +2h").await;
    world.types("marc", "post submit P-1").await;
    world.pass("91m").await;
    let reminded = world.directs("marc").pop().map(|body| words(&body)).unwrap_or_default();
    assert!(reminded.contains("is not approved"), "{reminded}");
    world.pass("30m").await;
    assert!(world.network.texts().is_empty());
    let told = world.directs("marc").pop().map(|body| words(&body)).unwrap_or_default();
    assert!(told.contains("was not published"), "{told}");
    world.presses_on("lea", "P-1", "draft.approve").await;
    world.pass("1d").await;
    assert!(world.network.texts().is_empty(), "approved too late, it waits for a decision");
}

#[tokio::test]
async fn publishing_now_takes_two_people() {
    let mut world = approved().await;
    let alone = world.types("lea", "post publish-now P-1").await;
    assert!(alone.contains("takes two people"), "{alone}");
    let not_held = world.types("marc", "post publish-now P-1").await;
    assert!(not_held.contains("publish now"), "{not_held}");
    world.types("hana", "post publish-now P-1").await;
    assert_eq!(world.network.texts(), ["The new lamp is here"]);
}

#[tokio::test]
async fn one_comma_ends_the_approval_and_it_ships_once_in_spite_of_two_kills() {
    let mut world = World::open().await;
    world.types("marc", "post new net:instagram The new lamp is here").await;
    world.types("marc", "post submit P-1").await;
    let old = button(&world.card("P-1"), "draft.approve").expect("a button");
    world.presses("lea", "draft.approve", &old).await;
    world.types("marc", "post edit P-1 The new lamp, is here").await;
    assert_eq!(world.draft("P-1").await.status, Status::InReview);
    let stale = world.presses("lea", "draft.approve", &old).await;
    assert!(stale.contains("lamp → lamp,"), "{stale}");
    world.types("lea", "approve P-1 v2").await;
    world.types("marc", "post schedule P-1 +1h").await;
    world.kill().await;
    world.pass("58m").await;
    world.kill().await;
    world.pass("1h").await;
    assert_eq!(world.network.texts(), ["The new lamp, is here"]);
}

#[tokio::test]
async fn a_move_of_more_than_two_hours_goes_back_to_approvers() {
    let mut world = World::open().await;
    world.types("marc", "post new net:instagram The new lamp is here").await;
    world.types("hana", "post schedule P-1 +4h").await;
    world.types("marc", "post submit P-1").await;
    world.types("lea", "approve P-1 v1").await;
    world.types("hana", "post schedule P-1 +5h").await;
    assert_eq!(world.draft("P-1").await.status, Status::Scheduled);
    let answer = world.types("hana", "post schedule P-1 +9h").await;
    assert!(answer.contains("only if v2 is approved"), "{answer}");
    assert_eq!(world.draft("P-1").await.status, Status::InReview);
    assert!(world.lines().contains("no longer holds"));
    world.pass("10h").await;
    assert!(world.network.texts().is_empty());
}

#[tokio::test]
async fn a_freeze_holds_what_is_planned_and_nothing_resumes() {
    let mut world = approved().await;
    world.types("marc", "post schedule P-1 +3h").await;
    world.freeze(r#"{"all":false,"networks":["instagram"],"by":"C-3"}"#).await;
    world.pass("1m").await;
    assert_eq!(world.draft("P-1").await.status, Status::Held, "held at once, not only at its time");
    let told = world.directs("marc").pop().map(|body| words(&body)).unwrap_or_default();
    assert!(told.contains("C-3"), "{told}");
    let refused = world.types("hana", "post schedule P-1 +1h").await;
    assert!(refused.contains("frozen (C-3)"), "{refused}");
    world.freeze("").await;
    world.pass("1d").await;
    assert!(world.network.texts().is_empty());
    // A person decides: approved anew, with a new time.
    world.presses_on("marc", "P-1", "draft.submit").await;
    world.presses_on("lea", "P-1", "draft.approve").await;
    world.types("marc", "post schedule P-1 +1h").await;
    world.pass("1h").await;
    assert_eq!(world.network.texts(), ["The new lamp is here"]);
}

#[tokio::test]
async fn the_freeze_race_never_lets_a_post_out_afterwards() {
    for frozen_first in [true, false] {
        let mut world = approved().await;
        world.send_command("hana", "post publish-now P-1").await;
        if frozen_first {
            world.freeze(r#"{"all":true,"networks":[],"by":"C-3"}"#).await;
        }
        world.take_in().await;
        world.freeze(r#"{"all":true,"networks":[],"by":"C-3"}"#).await;
        world.settle().await;
        assert!(world.network.texts().is_empty());
    }
}

#[tokio::test]
async fn a_late_post_alarms_and_a_very_late_one_stays() {
    let mut world = approved().await;
    world.types("marc", "post schedule P-1 +1h").await;
    world.wait_until("2026-03-17T10:10:00Z").await;
    assert_eq!(world.network.texts().len(), 1, "ten minutes late after a restart, it still leaves");
    let told: String = world.directs("marc").iter().map(words).collect();
    assert!(told.contains("late by 10 min"), "{told}");
    let mut very = approved().await;
    very.types("marc", "post schedule P-1 +1h").await;
    very.wait_until("2026-03-17T13:00:00Z").await;
    assert!(very.network.texts().is_empty());
    assert!(very.lines().contains("more than an hour ago"), "{}", very.lines());
}

#[tokio::test]
async fn the_same_words_and_the_same_time_are_named() {
    let mut world = approved().await;
    world.types("marc", "post schedule P-1 +3h").await;
    world.types("marc", "post new net:instagram The new lamp is here").await;
    let answer = world.types("hana", "post schedule P-2 +4h").await;
    assert!(answer.contains("P-1 says the same"), "{answer}");
    world.types("marc", "post edit P-2 Something else").await;
    let answer = world.types("hana", "post schedule P-2 +3h").await;
    assert!(answer.contains("P-1 leaves on this network at nearly the same time"), "{answer}");
}

#[tokio::test]
async fn a_team_without_a_second_approver_is_told_how_to_get_one() {
    let mut world = World::open().await;
    world.types("lea", "post new net:instagram The new lamp is here").await;
    world.types("hana", "post edit P-1 The new lamp is there").await;
    let answer = world.types("lea", "post submit P-1").await;
    assert!(answer.contains("kept as a draft") && answer.contains("approve posts"), "{answer}");
    assert_eq!(world.draft("P-1").await.status, Status::Drafting);
}

#[tokio::test]
async fn versions_are_compared_and_lists_show_what_is_planned() {
    let mut world = approved().await;
    world.types("marc", "post edit P-1 The old lamp is here").await;
    let diff = world.types("marc", "post diff P-1 v1 v2").await;
    assert!(diff.contains("−new") && diff.contains("+old"), "{diff}");
    let none = world.types("marc", "post diff P-1 v1 v7").await;
    assert!(none.contains("v1 to v2"), "{none}");
    assert!(world.types("marc", "post list").await.contains("P-1 v2 · Instagram · waits for approval"));
    assert!(world.types("marc", "post cancel P-1").await.contains("is cancelled"));
    assert!(world.types("marc", "post list").await.contains("No post under way"));
}

#[tokio::test]
async fn a_form_writes_a_post_where_words_are_missing() {
    let mut world = World::open().await;
    world.types("marc", "post new").await;
    let form = world.form();
    assert_eq!(form.name, "draft_new");
    world.sends_form("marc", &form, &[("net", "instagram"), ("text", "From a form")]).await;
    assert_eq!(world.draft("P-1").await.text(), "From a form");
    world.presses_on("hana", "P-1", "draft.plan").await;
    let form = world.form();
    world.sends_form("hana", &form, &[("when", "lundi 9h")]).await;
    assert_eq!(world.draft("P-1").await.plan.map(|plan| plan.at), Some(at("2026-03-23T08:00:00Z")));
}

#[test]
fn every_example_is_understood() {
    let own = |verb: &&&commands::Verb| ["post", "approve"].contains(&verb.command) || verb.name == "reply";
    let table = commands::table();
    let examples: Vec<&str> = table.iter().filter(own).flat_map(|verb| verb.examples.iter().copied()).collect();
    assert!(examples.len() > 20);
    for example in examples {
        let (name, text) = example.split_once(' ').unwrap_or((example, ""));
        assert!(commands::find(name, text).is_ok(), "{example}");
    }
}
