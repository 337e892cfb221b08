//! The way out when things go wrong: killed processes, lost answers, refusals, a freeze at the last moment.

use vigie::domain::content::draft::Status;
use vigie::domain::desk::ticket;
use vigie::ports::chat::Body;

use crate::replies::free_ticket;
use crate::world::{Mood, World, button, words};

fn told(world: &World, who: &str) -> Body {
    world.directs(who).pop().expect("told")
}

async fn reply_in_mood(moods: &[Mood]) -> World {
    let mut world = free_ticket().await;
    world.network.moods.lock().expect("lock").extend(moods.iter().cloned());
    world.types("hugo", "ticket reply T-1 We are on it").await;
    world
}

#[tokio::test]
async fn killed_before_anything_left_it_is_asked_of_a_person_and_sent_once() {
    let mut world = free_ticket().await;
    world.network.moods.lock().expect("lock").push_back(Mood::Hang { taken: false });
    world.send_command("hugo", "ticket reply T-1 We are on it").await;
    world.start_sending().await;
    world.kill().await;
    assert_eq!(world.draft("R-1").await.status, Status::Unknown);
    for _ in 0..5 {
        world.pass("2m").await;
    }
    assert!(world.network.texts().is_empty(), "nothing is repeated by itself");
    let message = told(&world, "hugo");
    assert!(words(&message).contains("say whether it is out"), "{}", words(&message));
    assert!(button(&message, "draft.out").is_some());
    world.presses_on("hugo", "T-1", "draft.again").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
    assert_eq!(world.ticket(1).await.status, ticket::Status::WaitingCustomer);
}

#[tokio::test]
async fn killed_after_the_network_took_it_it_is_found_and_not_sent_again() {
    let mut world = free_ticket().await;
    world.network.moods.lock().expect("lock").push_back(Mood::Hang { taken: true });
    world.send_command("hugo", "ticket reply T-1 We are on it").await;
    world.start_sending().await;
    world.kill().await;
    world.kill().await;
    world.pass("10m").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
    assert_eq!(world.draft("R-1").await.status, Status::Sent);
    assert!(words(&world.card("T-1")).contains("sent"));
}

#[tokio::test]
async fn killed_before_the_claim_it_simply_leaves_later() {
    let mut world = free_ticket().await;
    world.send_command("hugo", "ticket reply T-1 We are on it").await;
    world.take_in().await;
    world.kill().await;
    assert_eq!(world.network.texts(), ["We are on it"]);
}

#[tokio::test]
async fn a_lost_answer_is_looked_up() {
    let mut world = reply_in_mood(&[Mood::LoseAnswer { taken: true }]).await;
    assert_eq!(world.draft("R-1").await.status, Status::Sent);
    let mut world_without = reply_in_mood(&[Mood::LoseAnswer { taken: false }]).await;
    assert!(words(&world_without.card("T-1")).contains("I am looking whether it is out"));
    world_without.pass("5m").await;
    world_without.pass("5m").await;
    assert!(words(&world_without.card("T-1")).contains("unknown, check"));
    world_without.presses_on("hugo", "T-1", "draft.out").await;
    assert_eq!(world_without.draft("R-1").await.status, Status::Sent);
    world_without.pass("1d").await;
    assert_eq!((world.network.texts().len(), world_without.network.texts().len()), (1, 0));
    world.pass("1d").await;
    assert_eq!(world.network.texts().len(), 1);
}

#[tokio::test]
async fn a_refusal_says_why_and_can_be_retried() {
    let mut world = reply_in_mood(&[Mood::Refuse("token expired")]).await;
    let card = words(&world.card("T-1"));
    assert!(card.contains("was refused: token expired"), "{card}");
    assert!(words(&told(&world, "hugo")).contains("token expired"));
    assert_eq!(world.ticket(1).await.status, ticket::Status::Assigned, "nobody was answered yet");
    world.pass("1h").await;
    assert!(world.network.texts().is_empty());
    world.presses_on("hugo", "T-1", "draft.retry").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
}

#[tokio::test]
async fn a_network_that_asks_to_wait_is_waited_for() {
    let mut world = reply_in_mood(&[Mood::NotNow(90_000), Mood::NotNow(90_000)]).await;
    assert!(words(&world.card("T-1")).contains("waits for the network: busy"));
    world.pass("80s").await;
    assert!(world.network.texts().is_empty());
    world.pass("20s").await;
    world.pass("91s").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
}

#[tokio::test]
async fn a_network_that_asks_to_wait_for_ever_is_told_as_a_refusal() {
    let busy: Vec<Mood> = std::iter::repeat_n(Mood::NotNow(3_600_000), 8).collect();
    let mut world = reply_in_mood(&busy).await;
    for _ in 0..8 {
        world.pass("61m").await;
    }
    assert_eq!(world.draft("R-1").await.status, Status::Refused);
    assert!(words(&told(&world, "hugo")).contains("busy"));
}

#[tokio::test]
async fn a_freeze_that_comes_between_the_press_and_the_call_holds_the_reply() {
    let mut world = free_ticket().await;
    world.send_command("hugo", "ticket reply T-1 We are on it").await;
    world.take_in().await;
    world.freeze(r#"{"all":true,"networks":[],"by":"C-3"}"#).await;
    world.settle().await;
    assert!(world.network.texts().is_empty());
    assert!(words(&world.card("T-1")).contains("held by the freeze (C-3)"));
    assert!(words(&told(&world, "hugo")).contains("held"));
    world.freeze("").await;
    world.pass("1d").await;
    assert!(world.network.texts().is_empty(), "nothing goes on by itself");
    world.presses_on("hugo", "T-1", "draft.submit").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
}

#[tokio::test]
async fn only_the_crisis_lead_lets_a_held_reply_leave_during_a_freeze() {
    let mut world = free_ticket().await;
    world.freeze(r#"{"all":true,"networks":[],"by":"C-3"}"#).await;
    world.types("hugo", "ticket reply T-1 We are on it").await;
    let refused = world.presses_on("hugo", "T-1", "draft.pass").await;
    assert!(refused.contains("lead a crisis"), "{refused}");
    assert!(world.network.texts().is_empty());
    world.presses_on("lea", "T-1", "draft.pass").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
}

#[tokio::test]
async fn a_freeze_of_one_network_lets_customers_be_answered() {
    let mut world = free_ticket().await;
    world.freeze(r#"{"all":false,"networks":["instagram"],"by":"C-3"}"#).await;
    world.types("hugo", "ticket reply T-1 We are on it").await;
    assert_eq!(world.network.texts(), ["We are on it"]);
}

#[tokio::test]
async fn a_double_press_sends_once() {
    let mut world = free_ticket().await;
    world.presses_on("hugo", "T-1", "ticket.reply").await;
    let form = world.form();
    for _ in 0..2 {
        world.sends_form("hugo", &form, &[("text", "We are on it"), ("visibility", "public")]).await;
    }
    assert_eq!(world.network.texts(), ["We are on it"], "the same form twice is one answer");
}
