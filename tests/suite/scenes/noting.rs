//! Threads are internal: what is typed there is a note for the team in both chats, and nothing else.

use crate::scene;
use crate::seen::Chat;

scene! {
    async fn what_is_typed_in_a_thread_is_a_note_in_the_other_chat_without_an_echo(office) {
        let message = office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.slack_user("hugo").replies(&slack, "Le transporteur rappelle à 11 h").await;
        discord.assert_lines("Hugo Bernard (via Slack) : Le transporteur rappelle à 11 h", 1);
        slack.assert_lines("Le transporteur rappelle", 1);
        office.discord_user("nora").replies(&discord, "I called them too").await;
        slack.assert_lines("Nora Lindqvist (via Discord) : I called them too", 1);
        discord.assert_lines("I called them too", 1);
        let ticket = office.ticket(1).await;
        let notes: Vec<(&str, &str)> = ticket.notes.iter().map(|note| (note.by.as_str(), note.text.as_str())).collect();
        assert_eq!(notes, [("hugo", "Le transporteur rappelle à 11 h"), ("nora", "I called them too")]);
        slack.assert_field("Notes", "Nora Lindqvist: I called them too");
        assert!(office.demo().network.replies_to("instagram", &message).is_empty(), "nothing reaches the customer");
    }
}

scene! {
    async fn people_named_in_a_note_are_named_in_the_other_chat_and_not_pinged(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack_user("lea").types("#social", "/ticket note T-1 demander à @sam et à @tom").await;
        office.discord("#social").card_of(1).assert_lines("demander à @Sam Okafor et à @Tom Girard", 1);
        let nora = office.discord_user("nora");
        nora.types("#general", "@vigie ticket note T-1 ask @lea please").await;
        office.slack("#social").card_of(1).assert_lines("ask @Léa Moreau please", 1);
    }
}

scene! {
    async fn talk_elsewhere_is_no_note(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let social = office.channel_id(Chat::Slack, "social");
        office.slack_user("lea").types("#social", "Bonjour à tous").await;
        let own = office.slack_user("lea").types("#social", "Réunion à 10 h 30").await;
        office.slack_user("tom").types_at(&social, Some(&own), "J’y serai").await;
        office.discord_user("lea").types("#social", "Bonjour").await;
        assert_eq!(office.ticket(1).await.notes.len(), 0);
        assert_eq!(office.ticket_count().await, 1);
    }
}

scene! {
    async fn a_note_that_is_too_long_or_empty_changes_nothing(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let slack = office.slack("#social").card_of(1);
        office.slack_user("hugo").replies(&slack, &"x".repeat(2_001)).await;
        assert_eq!(office.ticket(1).await.notes.len(), 0, "it stays in the chat");
        office.slack_user("sam").types("#social", "/ticket note T-1").await;
        office.slack_user("sam").expect_answer("text is missing. Usage: /ticket note");
        assert_eq!(office.ticket(1).await.notes.len(), 0);
    }
}
