//! Replies to customers: writing, approving, returning, and what two people at once come to.

use vigie::domain::content::draft::Status;
use vigie::domain::desk::ticket;
use vigie::ports::network::Dispatch;
use vigie::ports::social::SocialKind;

use crate::world::{World, button, words};

/// A comment on a network whose replies need no approval.
pub async fn free_ticket() -> World {
    let mut world = World::open().await;
    world.customer("instagram", SocialKind::Comment, "c-1", "My parcel never came").await;
    world
}

/// A comment on a network whose replies need one.
async fn guarded_ticket() -> World {
    let mut world = World::open().await;
    world.customer("x", SocialKind::Comment, "c-1", "My parcel never came").await;
    world
}

#[tokio::test]
async fn a_reply_goes_out_and_the_card_says_sent_once_the_network_said_so() {
    let mut world = free_ticket().await;
    world.presses_on("hugo", "T-1", "ticket.reply").await;
    let form = world.form();
    assert_eq!(form.name, "draft_reply");
    let answer = world.sends_form("hugo", &form, &[("text", "We are on it"), ("visibility", "private")]).await;
    assert!(answer.contains("on its way to Instagram"), "{answer}");
    let out = world.network.out.lock().expect("lock").clone();
    let want =
        Dispatch::Reply { in_reply_to: "c-1".into(), text: "We are on it".into(), private: true, reply_url: None };
    assert_eq!(out.iter().map(|(dispatch, _)| dispatch).collect::<Vec<_>>(), [&want]);
    let card = words(&world.card("T-1"));
    assert!(card.contains("🔒") && card.contains("sent") && card.contains("↗<https://instagram.example/1>"), "{card}");
    let ticket = world.ticket(1).await;
    assert_eq!((ticket.status, ticket.answered_at.is_some()), (ticket::Status::WaitingCustomer, true));
    assert!(world.lines().contains("R-1 v1 is out"), "{}", world.lines());
}

#[tokio::test]
async fn a_private_conversation_stays_private() {
    let mut world = World::open().await;
    world.customer("instagram", SocialKind::Dm, "d-1", "Where is my parcel?").await;
    world.presses_on("hugo", "T-1", "ticket.reply").await;
    assert_eq!(world.form().fields.len(), 1, "no choice of visibility");
    world.types("hugo", "ticket reply T-1 On its way visibility:public").await;
    let out = world.network.out.lock().expect("lock").clone();
    assert!(matches!(&out[0].0, Dispatch::Reply { private: true, .. }));
}

fn was_asked(world: &World, who: &str) -> bool {
    world.directs(who).iter().any(|message| button(message, "draft.approve").is_some())
}

#[tokio::test]
async fn a_guarded_reply_waits_for_another_person() {
    let mut world = guarded_ticket().await;
    let answer = world.types("hugo", "ticket reply T-1 We are on it").await;
    assert!(answer.contains("R-1 v1 waits for approval by"), "{answer}");
    assert!(world.x().texts().is_empty());
    assert!(words(&world.card("T-1")).contains("waits for approval by"));
    let asked: Vec<&str> =
        ["lea", "hana", "nora", "hugo", "marc"].into_iter().filter(|who| was_asked(&world, who)).collect();
    assert_eq!(asked, ["lea", "hana", "nora"], "three people at the most, the lead among them, never the author");
    let own = world.presses_on("hugo", "T-1", "draft.approve").await;
    assert!(own.contains("nobody approves an own version"), "{own}");
    let not_held = world.presses_on("marc", "T-1", "draft.approve").await;
    assert!(not_held.contains("approve replies"), "{not_held}");
    // Nora approves from her message, in French.
    let before = world.directs("nora").len();
    let message = world.directs("nora").pop().expect("asked");
    let approve = button(&message, "draft.approve").expect("a button");
    let answer = world.presses("nora", "draft.approve", &approve).await;
    assert!(answer.contains("est approuvé et part maintenant"), "{answer}");
    assert_eq!(world.x().texts(), ["We are on it"]);
    let after = world.directs("nora");
    assert_eq!(after.len(), before, "the message that asked is edited in place");
    let last = after.last().expect("stands");
    assert!(button(last, "draft.approve").is_none() && words(last).contains("Plus rien à faire"));
    let again = world.presses("lea", "draft.approve", &approve).await;
    assert!(again.contains("Nora has approved"), "{again}");
    assert_eq!(world.x().texts().len(), 1);
}

#[tokio::test]
async fn approving_by_command_names_the_version_or_shows_it() {
    let mut world = guarded_ticket().await;
    world.types("hugo", "ticket reply T-1 We are on it").await;
    let shown = world.types("lea", "approve T-1").await;
    assert!(shown.contains("We are on it"), "{shown}");
    assert!(world.x().texts().is_empty(), "nothing is approved unseen");
    let wrong = world.types("lea", "approve T-1 reply v2").await;
    assert!(wrong.contains("v2 of R-1 was replaced by v1"), "{wrong}");
    let answer = world.types("lea", "approuver T-1 reply v1 Parfait").await;
    assert!(answer.contains("is approved and leaves now"), "{answer}");
    assert_eq!(world.x().texts(), ["We are on it"]);
    assert!(world.lines().contains("“Parfait”"), "{}", world.lines());
}

#[tokio::test]
async fn an_edit_ends_the_approval_and_an_old_button_says_what_changed() {
    let mut world = guarded_ticket().await;
    world.types("hugo", "ticket reply T-1 Your parcel comes tomorrow").await;
    let old = button(&world.card("T-1"), "draft.approve").expect("a button");
    world.presses_on("hugo", "T-1", "draft.edit").await;
    let form = world.form();
    let answer =
        world.sends_form("hugo", &form, &[("text", "Your parcel comes on Monday"), ("visibility", "public")]).await;
    assert!(answer.contains("R-1 v2 waits for approval"), "{answer}");
    let stale = world.presses("lea", "draft.approve", &old).await;
    assert!(stale.contains("v1 of R-1 was replaced by v2: tomorrow → on Monday"), "{stale}");
    assert!(world.x().texts().is_empty());
    assert_eq!(world.directs("lea").len(), 2, "asked again, by a message that is noticed");
    world.presses_on("lea", "T-1", "draft.approve").await;
    assert_eq!(world.x().texts(), ["Your parcel comes on Monday"]);
}

#[tokio::test]
async fn an_editor_becomes_an_author() {
    let mut world = guarded_ticket().await;
    world.types("hugo", "ticket reply T-1 Your parcel comes tomorrow").await;
    world.types("nora", "post edit R-1 Your parcel comes on Monday").await;
    for author in ["hugo", "nora"] {
        world.presses_on(author, "T-1", "draft.approve").await;
        assert!(world.x().texts().is_empty());
    }
    world.presses_on("hana", "T-1", "draft.approve").await;
    assert_eq!(world.x().texts(), ["Your parcel comes on Monday"]);
}

#[tokio::test]
async fn changes_are_asked_for_and_made() {
    let mut world = guarded_ticket().await;
    world.types("hugo", "ticket reply T-1 We are on it").await;
    world.presses_on("lea", "T-1", "draft.changes").await;
    let form = world.form();
    world.sends_form("lea", &form, &[("text", "Say when, please")]).await;
    assert!(words(&world.card("T-1")).contains("Léa asks for changes: “Say when, please”"));
    let told = world.directs("hugo").pop().map(|body| words(&body)).unwrap_or_default();
    assert!(told.contains("Say when, please"), "{told}");
    assert!(button(&world.card("T-1"), "draft.approve").is_none());
    world.types("hugo", "post edit R-1 We are on it, today").await;
    world.types("lea", "approve T-1 reply v2").await;
    assert_eq!(world.x().texts(), ["We are on it, today"]);
}

#[tokio::test]
async fn of_two_people_who_answer_at_once_one_goes_and_one_is_kept() {
    let mut world = free_ticket().await;
    world.presses_on("hugo", "T-1", "ticket.reply").await;
    let first = world.form();
    world.pass("2m").await;
    world.presses_on("nora", "T-1", "ticket.reply").await;
    let second = world.form();
    assert!(second.intro.contains("Hugo a ouvert ce formulaire il y a 2 min"), "{}", second.intro);
    world.sends_form("hugo", &first, &[("text", "From Hugo"), ("visibility", "public")]).await;
    let kept = world.sends_form("nora", &second, &[("text", "From Nora"), ("visibility", "public")]).await;
    assert!(kept.contains("Hugo vient de répondre avec R-1"), "{kept}");
    assert_eq!(world.network.texts(), ["From Hugo"]);
    let card = words(&world.card("T-1"));
    assert!(card.contains("From Hugo") && card.contains("From Nora"), "{card}");
    // She compares, and sends hers as well.
    world.presses_on("nora", "T-1", "draft.submit").await;
    assert_eq!(world.network.texts(), ["From Hugo", "From Nora"]);
}

#[tokio::test]
async fn text_of_a_thread_never_leaves() {
    let mut world = free_ticket().await;
    world.writes_in_thread("hugo", "T-1", "This customer is a pain").await;
    world.writes_in_thread("hugo", "T-1", "send: we are sorry").await;
    world.types("hugo", "ticket reply T-1 We are sorry").await;
    assert_eq!(world.network.texts(), ["We are sorry"]);
    assert_eq!(world.ticket(1).await.notes.len(), 2);
}

#[tokio::test]
async fn too_long_a_text_is_kept_whole_with_both_numbers_and_never_leaves() {
    let mut world = free_ticket().await;
    let text = "a".repeat(281);
    let refused = world.types("hugo", &format!("ticket reply T-1 {text}")).await;
    assert!(refused.contains("281") && refused.contains("280"), "{refused}");
    assert_eq!(world.draft("R-1").await.text(), text, "nothing written is lost");
    world.presses_on("hugo", "T-1", "ticket.reply").await;
    let form = world.form();
    let other = "b".repeat(282);
    let refused = world.sends_form("hugo", &form, &[("text", &other), ("visibility", "public")]).await;
    assert!(refused.contains("282") && refused.contains("280"), "{refused}");
    assert_eq!(world.draft("R-2").await.status, Status::Drafting);
    let unclear = world.sends_form("hugo", &form, &[("text", "Hello"), ("visibility", "prvate")]).await;
    assert!(unclear.contains("neither public nor private") && unclear.contains("Hello"), "{unclear}");
    let flag = world.types("hugo", "ticket reply T-1 Start it with --force").await;
    assert!(flag.contains("--force"), "{flag}");
    assert!(world.network.texts().is_empty());
}

#[tokio::test]
async fn a_ticket_without_a_network_has_nowhere_to_reply() {
    let mut world = World::open().await;
    world.types("hugo", "ticket open The lamp flickers").await;
    let refused = world.types("hugo", "ticket reply T-1 We are on it").await;
    assert!(refused.contains("not connected for publishing") || refused.contains("nowhere to send"), "{refused}");
}

#[tokio::test]
async fn an_approval_is_withdrawn_before_it_leaves() {
    let mut world = guarded_ticket().await;
    world.types("hugo", "ticket reply T-1 We are on it").await;
    world.send_command("lea", "approve T-1 reply v1").await;
    world.send_command("lea", "approve revoke T-1").await;
    world.take_in().await;
    world.settle().await;
    assert!(world.x().texts().is_empty());
    assert_eq!(world.draft("R-1").await.status, Status::InReview);
}

#[tokio::test]
async fn every_reader_gets_their_own_language_and_the_lists_are_their_own() {
    let mut world = guarded_ticket().await;
    world.types("hugo", "ticket reply T-1 We are on it").await;
    assert!(world.types("nora", "approuver liste").await.contains("En attente de votre approbation (1)"));
    assert!(world.types("lea", "approve list").await.contains("Waiting for your approval (1)"));
    assert!(world.types("lea", "vigie me").await.contains("R-1 v1 · X · waits for approval"));
    assert!(!world.types("hugo", "vigie me").await.contains("R-1"));
    assert!(world.types("hugo", "approve list").await.contains("Nothing waits for your approval"));
    assert!(world.types("marc", "approve list").await.contains("Nothing waits for your approval"));
}
