//! The walk-throughs of the product, each from end to end.

use crate::office::{Office, minutes};
use crate::place::plain;
use crate::scene;
use crate::seen::Chat;

/// What the brand has answered beneath a review.
fn answers(office: &Office, message: &str) -> Vec<String> {
    office.demo().network.replies_to("google_reviews", message).into_iter().map(|one| one.text).collect()
}

scene! {
    async fn a_comment_is_assigned_answered_approved_sent_and_counted_in_the_next_digest(office) {
        // 09:02. A comment arrives: one card in each chat.
        let words = "Ma lampe Halo n’est jamais arrivée, où est mon colis ?";
        let message = office.network("google_reviews").comment("@kim", words).await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        for card in [&slack, &discord] {
            card.assert_field("Statut", "assigné");
        }
        // The lead gives it to the next one in the rotation, who is told in private.
        let lea = office.slack_user("lea");
        lea.types("#social", "/assign T-1 next").await;
        let owner = office.ticket(1).await.assignee.expect("somebody has it").to_string();
        let person = office.slack_user(&owner);
        office.discord_user(&owner).expect_dm("T-1").await;
        // The owner writes a reply; it waits for somebody else, and cannot be approved by its author.
        office.advance(minutes(10)).await;
        person.presses(&slack, "Répondre…").await;
        person.fills("Bonjour, votre colis part ce matin. Toutes nos excuses pour l’attente.").await;
        for card in [&slack, &discord] {
            card.assert_says("R-1 v1").assert_field("Statut", "réponse en relecture");
        }
        assert!(answers(office, &message).is_empty(), "nothing leaves unapproved");
        person.types("#social", "/approve T-1 reply v1").await;
        assert!(answers(office, &message).is_empty(), "nobody approves their own words");
        // 09:22. Another person approves by command: it leaves once, and only then the card says so.
        office.advance(minutes(10)).await;
        lea.types("#social", "/approve T-1 reply v1").await;
        assert_eq!(answers(office, &message).len(), 1);
        for card in [&slack, &discord] {
            card.assert_says("envoyé").assert_field("Statut", "en attente du client");
        }
        office.restart().await;
        office.settle().await;
        assert_eq!(answers(office, &message).len(), 1, "a restart repeats nothing");
        // The next morning at 08:45: twenty minutes from received to delivered, in the digest of both chats.
        office.advance(minutes(24 * 60 - 17 - 20)).await;
        for chat in [Chat::Slack, Chat::Discord] {
            let digest = office.channel(chat, "social").expect("Mercredi 18 mars");
            let words = plain(&digest.text);
            assert!(words.contains("1 reçu"), "{words}");
            assert!(words.contains("1re réponse : médiane 20 min, 9 sur 10 en 20 min au plus"), "{words}");
        }
    }
}
