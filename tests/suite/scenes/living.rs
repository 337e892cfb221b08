//! A ticket is lived to its end: it waits, sleeps, changes topic, merges, splits, is locked, reopened, undone, and knows its customer.

use vigie::domain::desk::ticket::Status;
use vigie::sandbox::network::{MessageKind, NetworkAuthor, NetworkMessage};

use crate::office::{hours, minutes};
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn a_ticket_waits_for_the_customer_and_its_clock_stands_still(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let due = office.ticket(1).await.due;
        office.slack_user("sam").types("#social", "/ticket wait T-1 customer").await;
        office.slack_user("sam").expect_answer("T-1 waits for the customer. The clock stands still");
        for card in [&slack, &discord] {
            card.assert_field("Statut", "en attente du client");
            card.assert_says("à l’arrêt");
            card.assert_lines("au client de répondre", 1);
        }
        office.advance(hours(1)).await;
        office.discord_user("lea").chooses(&discord, "À nous de jouer").await;
        office.discord_user("lea").expect_answer("T-1 : à vous de jouer");
        let after = office.ticket(1).await;
        assert_eq!(after.status, Status::Assigned);
        assert_eq!(after.waited_ms, hours(1));
        assert_eq!(after.due.first.unwrap().since(due.first.unwrap()), hours(1), "an hour was the customer's");
        office.slack_user("lea").types("#social", "/ticket attendre T-1 interne").await;
        office.slack_user("lea").expect_answer("Le délai continue de courir");
        slack.assert_field("Statut", "en attente en interne");
        office.advance(hours(1)).await;
        assert_eq!(office.ticket(1).await.due.first, after.due.first, "a colleague's hour is ours");
        office.slack_user("sam").types("#social", "/ticket wait T-1 over").await;
        office.slack_user("sam").types("#social", "/ticket wait T-1 over").await;
        office.slack_user("sam").expect_answer("T-1 waits for nobody");
    }
}

scene! {
    async fn a_ticket_sleeps_until_its_time_or_the_customers_next_word(office) {
        office.network("instagram").dm("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let owner = office.ticket(1).await.assignee.unwrap();
        office.discord_user("lea").command("#general", "ticket snooze", &[("ticket", "T-1"), ("until", "+2h")]).await;
        office.discord_user("lea").expect_answer("T-1 est reporté jusqu’à");
        slack.assert_says("🧊 jusqu’à");
        assert!(office.ticket(1).await.snooze.is_some());
        office.advance(hours(2)).await;
        assert_eq!(office.ticket(1).await.snooze, None, "its time has come");
        slack.assert_lines("a repris ce ticket", 1);
        let home = office.app().registry.chats.keys().next().cloned();
        assert!(home.is_some() && !owner.as_str().is_empty());
        office.slack_user("sam").chooses(&slack, "Reporter").await;
        office.slack_user("sam").fills("tomorrow 9:00").await;
        office.slack_user("sam").expect_answer("Mind that its deadline comes before");
        discord.assert_says("🧊 jusqu’à");
        office.network("instagram").dm("@kim", "Toujours rien ?").await;
        assert_eq!(office.ticket_count().await, 1, "a further word of the same customer joins their ticket");
        assert_eq!(office.ticket(1).await.snooze, None, "and wakes it");
        slack.assert_lines("@kim : Toujours rien ?", 1);
        slack.assert_field("Messages", "2");
        office.slack_user("sam").types("#social", "/ticket snooze T-1 whenever").await;
        office.slack_user("sam").expect_answer("I cannot read whenever as a time");
        office.slack_user("sam").types("#social", "/ticket snooze T-1 off").await;
        office.slack_user("sam").expect_answer("T-1 is not put aside");
    }
}

scene! {
    async fn priority_and_topic_change_with_what_follows_from_them(office) {
        office.network("instagram").comment("@kim", "Bonjour, une question").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.slack_user("lea").types("#social", "/ticket prio T-1 p1").await;
        office.slack_user("lea").expect_answer("T-1 est maintenant en P1, échéance");
        discord.assert_lines("a changé la priorité de P3 à P1", 1);
        let first = office.ticket(1).await.due.first.unwrap();
        assert_eq!(first.since(office.ticket(1).await.opening.received_at), minutes(15), "as promised for P1");
        office.discord_user("nora").chooses(&discord, "Sujet").await;
        office.discord_user("nora").fills("refund").await;
        let answer = office.discord_user("nora").expect_answer("Topic is now refund");
        assert!(answer.text.contains("belongs to the role care"), "{}", answer.text);
        slack.assert_lines("a changé le sujet", 1);
        office.discord_user("nora").presses_on(&answer, "Give to care").await;
        office.discord_user("nora").expect_answer("care");
        assert_eq!(office.ticket(1).await.opening.role, "care");
        slack.assert_field("Rôle", "care");
        office.slack_user("sam").types("#social", "/ticket topic T-1 nonsense").await;
        office.slack_user("sam").expect_answer("There is no topic nonsense. Topics:");
        office.slack_user("lea").types("#social", "/ticket sujet T-1 remboursement").await;
        office.slack_user("lea").expect_answer("Sujet est déjà remboursement");
    }
}

scene! {
    async fn a_comment_below_ones_own_comment_joins_its_ticket_and_nobody_elses(office) {
        let first = office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        for (author, text) in [("kim", "Toujours rien"), ("lou", "Le mien non plus")] {
            let author = NetworkAuthor { id: author.into(), name: format!("@{author}"), url: None, followers: 10 };
            let kind = MessageKind::Comment;
            let (text, parent_id) = (text.to_owned(), Some(first.clone()));
            let message = NetworkMessage { author, kind, text, parent_id, attachments: Vec::new() };
            office.demo().network.customer_writes("instagram", message).await.unwrap();
            office.settle().await;
        }
        assert_eq!(office.ticket_count().await, 2, "what another customer writes there is their own");
        office.slack("#social").card_of(1).assert_field("Messages", "2").assert_says("Toujours rien");
        office.discord("#social").card_of(2).assert_says("Le mien non plus");
    }
}

scene! {
    async fn two_tickets_of_one_customer_are_merged_and_nothing_is_lost(office) {
        office.network("instagram").dm("@kim", "Où est mon colis ?").await;
        office.network("facebook").dm("@kim.d", "Colis perdu, quelqu’un ?").await;
        let (one, two) = (office.slack("#social").card_of(1), office.slack("#social").card_of(2));
        office.slack_user("hugo").types("#social", "/ticket note T-2 Le transporteur cherche").await;
        let sam = office.slack_user("sam");
        sam.types("#social", "/ticket merge T-2 T-1").await;
        sam.expect_answer("are of different customers");
        sam.types("#social", "/ticket link T-1 @kim.d").await;
        sam.expect_answer("Facebook @kim.d and @kim are one person from now on");
        sam.types("#social", "/ticket merge T-2 T-1").await;
        sam.expect_answer("T-2 lives on in T-1");
        two.assert_field("Statut", "fusionné").assert_field("Tickets liés", "continue dans T-1");
        one.assert_field("Messages", "2").assert_says("Colis perdu").assert_says("Le transporteur cherche");
        two.assert_lines("Sam Okafor a fusionné ce ticket avec T-1", 1);
        one.assert_lines("Sam Okafor a fusionné T-2 avec ce ticket", 1);
        // What the customer writes from now on lands where the ticket lives.
        office.network("facebook").dm("@kim.d", "Merci de répondre").await;
        assert_eq!(office.ticket_count().await, 2);
        one.assert_field("Messages", "3");
        office.slack_user("hugo").replies(&two, "Retrouvé à Lyon").await;
        assert_eq!(office.ticket(1).await.notes.len(), 2, "a note under the old card is the new ticket's");
        sam.types("#social", "/assign T-2 me").await;
        sam.expect_answer("T-2 was merged: it lives on in T-1");
        sam.types("#social", "/ticket merge T-1 T-2").await;
        sam.expect_answer("cannot be merged with itself");
    }
}

scene! {
    async fn messages_are_split_into_a_ticket_of_their_own(office) {
        office.network("instagram").dm("@kim", "Où est mon colis ?").await;
        office.network("instagram").dm("@kim", "Et la lampe Aube, elle existe en vert ?").await;
        let card = office.discord("#social").card_of(1);
        let lea = office.discord_user("lea");
        lea.chooses(&card, "Scinder").await;
        lea.fills("2").await;
        lea.expect_answer("T-2 est ouvert avec les messages choisis dans T-1");
        let (old, new) = (office.ticket(1).await, office.ticket(2).await);
        assert_eq!(old.opening.entries.len(), 1);
        assert_eq!(new.first_text(), "Et la lampe Aube, elle existe en vert ?");
        assert_eq!(new.assignee, old.assignee, "whoever had it has both");
        office.slack("#social").card_of(2).assert_field("Tickets liés", "issu de T-1");
        card.assert_field("Tickets liés", "scindé vers T-2");
        lea.command("#general", "ticket split", &[("ticket", "T-1"), ("messages", "1")]).await;
        lea.expect_answer("il doit en rester un");
        lea.command("#general", "ticket split", &[("ticket", "T-1"), ("messages", "7")]).await;
        lea.expect_answer("n’a qu’un message");
    }
}

scene! {
    async fn a_locked_ticket_is_its_owners_and_the_leads(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.slack_user("hugo").presses(&slack, "Je prends").await;
        office.slack_user("hugo").types("#social", "/ticket lock T-1").await;
        office.slack_user("hugo").expect_answer("T-1 est");
        slack.assert_says("🔒 Hugo Bernard");
        discord.assert_lines("a verrouillé ce ticket", 1);
        let nora = office.discord_user("nora");
        nora.presses(&discord, "Je prends").await;
        nora.expect_answer("T-1 was locked by Hugo Bernard");
        nora.presses(&discord, "Répondre…").await;
        nora.expect_answer("T-1 was locked by Hugo Bernard");
        nora.command("#general", "ticket resolve", &[("ticket", "T-1")]).await;
        nora.expect_answer("only Hugo Bernard and the leads act on it");
        nora.replies(&discord, "I may still write a note").await;
        assert_eq!(office.ticket(1).await.notes.len(), 1);
        office.slack_user("lea").types("#social", "/ticket deverrouiller T-1").await;
        office.slack_user("lea").expect_answer("T-1 est de nouveau ouvert à tous");
        nora.presses(&discord, "Je prends").await;
        nora.expect_answer("T-1 is yours");
    }
}

scene! {
    async fn a_ticket_is_resolved_with_an_outcome_of_the_list_and_reopened_or_continued(office) {
        office.network("instagram").dm("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let sam = office.slack_user("sam");
        sam.presses(&slack, "Résoudre…").await;
        sam.fills_in(&[("text", "By bank transfer"), ("outcome", "refunded")]).await;
        slack.assert_field("Issue", "remboursé");
        discord.assert_lines("a résolu ce ticket : remboursé. By bank transfer", 1);
        office.advance(hours(24 * 13)).await;
        office.network("instagram").dm("@kim", "Encore une question").await;
        assert_eq!(office.ticket(1).await.reopened, 1, "within 14 days it goes on");
        sam.types("#social", "/ticket resolve T-1 Replaced").await;
        slack.assert_field("Issue", "remplacé");
        office.advance(hours(24 * 15)).await;
        office.network("instagram").dm("@kim", "Me revoilà").await;
        assert_eq!(office.ticket_count().await, 2);
        office.slack("#social").card_of(2).assert_says("suite de T-1");
        slack.assert_says("continué par T-2");
        sam.types("#social", "/ticket reopen T-1").await;
        sam.expect_answer("so it goes on in a new ticket that knows it: T-3");
    }
}

scene! {
    async fn an_emoji_acts_asks_and_can_be_undone(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let before = office.ticket(1).await;
        for (chat, card, name, words, label) in [
            (Chat::Slack, &slack, "sam", "T-1 is resolved", "Undo"),
            (Chat::Discord, &discord, "lea", "T-1 est résolu", "Annuler"),
        ] {
            let person = office.person(chat, name);
            let emoji = if chat == Chat::Slack { "white_check_mark" } else { "✅" };
            person.reacts(&card.channel, &card.message, emoji).await;
            assert_eq!(office.ticket(1).await.status, Status::Resolved);
            let dm = person.expect_dm(words).await;
            person.presses_on(&dm, label).await;
            assert_eq!(office.ticket(1).await.standing(), before.standing(), "as if nothing had been");
        }
        let sam = office.slack_user("sam");
        sam.reacts(&slack.channel, &slack.message, "ice_cube").await;
        let dm = sam.expect_dm("T-1 is put aside until").await;
        sam.chooses_on(&dm, "in 2 hours").await;
        assert!(office.ticket(1).await.snooze.is_some());
        let hugo = office.slack_user("hugo");
        hugo.reacts(&slack.channel, &slack.message, "white_check_mark").await;
        let dm = hugo.expect_dm("T-1 est résolu").await;
        hugo.chooses_on(&dm, "remplacé").await;
        slack.assert_field("Issue", "remplacé");
        office.advance(minutes(11)).await;
        hugo.presses_on(&dm, "Annuler").await;
        assert_eq!(office.ticket(1).await.status, Status::Resolved, "ten minutes are over");
    }
}

scene! {
    async fn whoever_gives_a_form_up_no_longer_writes_where_the_chat_tells(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, lea) = (office.slack("#social").card_of(1), office.slack_user("lea"));
        for button in ["Répondre…", "Note…"] {
            lea.presses(&slack, button).await;
            slack.assert_says("✍️ Léa Moreau écrit (0 min)");
            lea.gives_up().await;
            assert!(!slack.now().text.contains("écrit ("), "{button}: {}", slack.now().text);
        }
        // Discord does not tell: the ten minutes run.
        office.discord_user("nora").presses(&office.discord("#social").card_of(1), "Note…").await;
        office.discord_user("nora").gives_up().await;
        slack.assert_says("✍️ Nora Lindqvist écrit (0 min)");
        office.advance(minutes(11)).await;
        assert!(!slack.now().text.contains("écrit ("), "{}", slack.now().text);
    }
}

scene! {
    async fn whoever_opens_a_form_is_seen_writing(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.discord_user("lea").presses(&discord, "Répondre…").await;
        slack.assert_says("✍️ Léa Moreau écrit (0 min)");
        office.advance(minutes(2)).await;
        slack.assert_says("✍️ Léa Moreau écrit (2 min)");
        let nora = office.slack_user("nora");
        nora.presses(&slack, "Note…").await;
        assert!(nora.form().to_string().contains("Léa Moreau opened this form 2 min ago"), "{}", nora.form());
        nora.fills("I know this customer").await;
        assert!(!slack.now().text.contains("Nora Lindqvist écrit"), "she is done");
        office.advance(minutes(10)).await;
        assert!(!slack.now().text.contains("écrit ("), "nobody writes for ever: {}", slack.now().text);
    }
}

scene! {
    async fn a_press_on_an_old_card_says_what_changed_and_does_nothing(office) {
        office.network("instagram").dm("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        let sam = office.slack_user("sam");
        sam.presses(&card, "Résoudre…").await;
        office.network("instagram").dm("@kim", "Il est arrivé cassé !").await;
        sam.fills_in(&[("text", "It arrived")]).await;
        sam.expect_answer("T-1 has changed since you looked, so I did nothing. Meanwhile: @kim wrote again");
        assert!(office.ticket(1).await.is_open(), "nobody resolves what they have not read");
        let old = card.now();
        // While Léa's word is under way the card still offers what it offered.
        let lea = office.slack_user("lea");
        lea.does_unsettled(lea.typing(&card.channel, None, "/ticket attendre T-1 interne")).await;
        sam.does_unsettled(sam.choice(&old, "Attendre le client")).await;
        office.settle().await;
        sam.expect_answer("Léa Moreau said that it waits");
        card.assert_field("Statut", "en attente en interne");
    }
}

scene! {
    async fn a_customer_is_known_on_all_networks_and_only_to_who_may_see(office) {
        office.network("instagram").dm("@kim", "Où est mon colis ?").await;
        office.slack_user("sam").types("#social", "/ticket resolve T-1 refunded").await;
        office.network("facebook").comment("Kim Delvaux", "Et mon colis ?").await;
        let card = office.discord("#social").card_of(2);
        office.discord_user("lea").chooses(&card, "Lier un autre compte").await;
        office.discord_user("lea").fills("@kim").await;
        office.discord_user("lea").expect_answer("sont désormais une seule personne");
        card.assert_says("T-1 ·").assert_says("remboursé");
        office.discord_user("lea").chooses(&card, "Historique").await;
        let answer = office.discord_user("lea").expect_answer("Kim Delvaux : 2 contacts");
        assert!(answer.text.contains("Instagram @kim (lié par Léa Moreau"), "{}", answer.text);
        let sam = office.slack_user("sam");
        sam.types("#social", "/ticket history T-1").await;
        sam.expect_answer("One more contact is outside what you may see");
        let nora = office.slack_user("nora");
        nora.types("#social", "/ticket history T-2").await;
        nora.expect_answer("2 contacts");
        nora.types("#social", "/ticket unlink T-2 @kim").await;
        nora.expect_answer("Instagram @kim is a person of its own again");
        nora.types("#social", "/ticket history T-2").await;
        nora.expect_answer("Kim Delvaux: 1 contact");
        nora.types("#social", "/ticket link T-2 @nobody").await;
        nora.expect_answer("Nobody named @nobody has written to us yet");
    }
}
