//! People ask Vigie: each is answered in their own language, alone, and never left without a way on.

use serde_json::json;
use vigie::app::commands;

use crate::office::{Oddity, Office};
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn each_reader_gets_their_own_language(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        for chat in [Chat::Slack, Chat::Discord] {
            let card = office.channel(chat, "social").card_of(1);
            for (name, words) in [("lea", "est allé à Hugo Bernard par la rotation"), ("sam", "went to Hugo Bernard by rotation")] {
                let person = office.person(chat, name);
                person.presses(&card, "Pourquoi ?").await;
                person.expect_answer(words);
            }
        }
        let sam = office.slack_user("sam");
        sam.types("#social", "/vigie lang fr").await;
        sam.expect_answer("en français");
        sam.types("#social", "/ticket list mine").await;
        sam.expect_answer("Aucun ticket ici");
        // The choice goes with the person, not with the chat.
        let sam = office.discord_user("sam");
        sam.command("#social", "vigie me", &[]).await;
        sam.expect_answer("Travail de Sam Okafor");
    }
}

scene! {
    async fn a_slip_of_the_pen_is_answered_with_what_was_meant(office) {
        let sam = office.slack_user("sam");
        sam.types_to_vigie("asign T-1 next").await;
        sam.expect_dm("Did you mean /assign").await;
        sam.types("#social", "/ticket resolv T-1").await;
        sam.expect_answer("Did you mean /ticket resolve");
        sam.types("#social", "/ticket list yesterday").await;
        sam.expect_answer("Choose one of");
        sam.types("#social", "/ticket").await;
        sam.expect_answer("One word more is needed");
        sam.types("#social", "/assign").await;
        sam.expect_answer("Which ticket?");
        let lea = office.discord_user("lea");
        lea.types("#general", "@vigie tiket list").await;
        office.discord("#general").expect("Vouliez-vous dire /ticket");
        lea.types("#general", "@vigie abracadabra").await;
        office.discord("#general").expect("Je ne connais pas abracadabra");
    }
}

scene! {
    async fn somebody_the_office_does_not_know_is_told_whom_to_ask(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let lea = office.slack_user("lea");
        lea.does(json!({"act": "add_user", "name": "stranger", "real_name": "Sly Stranger", "locale": "en-US"})).await;
        let stranger = office.slack_user("stranger");
        for name in ["social", "general"] {
            stranger.does(json!({"act": "join", "channel": office.channel_id(Chat::Slack, name)})).await;
        }
        let card = office.slack("#social").card_of(1);
        stranger.presses(&card, "Je prends").await;
        stranger.expect_answer("I do not know you yet as a member of Maison Lumière");
        stranger.types("#general", "/assign T-1 me").await;
        stranger.expect_answer("I do not know you yet");
        let before = office.ticket(1).await;
        stranger.replies(&card, "I am a member, honest").await;
        stranger.reacts(&card.channel, &card.message, "white_check_mark").await;
        assert_eq!(office.ticket(1).await, before, "nothing they do changes anything");
        card.assert_field("Responsable", "Hugo Bernard");
        lea.types("#social", "/assign T-1 @stranger").await;
        lea.expect_answer("stranger est dans cette messagerie mais pas dans le fichier de l’équipe");
    }
}

scene! {
    async fn a_denial_names_the_right_and_who_holds_it(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        let marc = office.slack_user("marc");
        marc.presses(&card, "Je prends").await;
        let told = marc.expect_answer("le droit « prendre des tickets »");
        assert!(told.text.contains("Hugo Bernard"), "{}", told.text);
        marc.types("#social", "/assign T-1 me").await;
        marc.expect_answer("prendre des tickets");
        // An expert of sales may not hand out tickets of care, but sees who may.
        let tom = office.slack_user("tom");
        tom.types("#social", "/assign T-1 next").await;
        tom.expect_answer("Il vous faut le droit");
        let nora = office.slack_user("nora");
        office.network("instagram").comment("@press", "Bonjour, je suis journaliste, qui contacter ?").await;
        nora.types("#social", "/assign T-2 next").await;
        let told = nora.expect_answer("assign to others");
        assert!(told.text.contains("Léa Moreau"), "{}", told.text);
        card.assert_field("Responsable", "Hugo Bernard");
    }
}

scene! {
    async fn help_is_made_from_the_table_and_health_tells_the_queues(office) {
        let (sam, lea) = (office.slack_user("sam"), office.discord_user("lea"));
        sam.types("#social", "/vigie help").await;
        let help = sam.expect_answer("What I understand").text;
        lea.command("#social", "vigie help", &[]).await;
        let aide = lea.expect_answer("Ce que je comprends").text;
        for verb in commands::table() {
            assert!(help.contains(&format!("/{}", verb.command)), "{} is not in the help", verb.command);
            assert!(help.contains(verb.name.split(' ').next().unwrap_or_default()), "{} is not in the help", verb.path());
            let french = if verb.command_fr.is_empty() { verb.command } else { verb.command_fr };
            assert!(aide.contains(&format!("/{french}")), "{french} is not in the aide");
        }
        sam.types("#social", "/vigie help assign").await;
        sam.expect_answer("/assign T-1 next");
        sam.types("#social", "/vigie health").await;
        let health = sam.expect_answer("Health of Vigie").text;
        assert!(health.contains("🟢 Slack: connected") && health.contains("🟢 Discord: connected"), "{health}");
        assert!(health.contains("0 not understood") && health.contains("No delivery has failed"), "{health}");
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack_user("hugo").types("#social", "/vigie me").await;
        office.slack_user("hugo").expect_answer("Où est mon colis ?");
        sam.types_to_vigie("help").await;
        sam.expect_dm("What I understand").await;
    }
}

scene! {
    async fn every_example_of_the_table_works_as_it_stands(office) {
        // Examples are asked one after the other by somebody who may do everything.
        office.expects(Oddity::Cards);
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let lea = office.slack_user("lea");
        let not_understood = ["Je ne connais pas", "Je ne sais que faire", "Il manque", "ne peut pas valoir", "Il vous faut le droit"];
        for verb in commands::table() {
            for example in verb.examples {
                let answered = lea.dms().await.len();
                lea.types_to_vigie(example).await;
                let dms = lea.dms().await;
                assert!(dms.len() > answered, "no answer to {example:?}");
                let odd = dms[answered..].iter().find(|one| not_understood.iter().any(|words| one.text.contains(words)));
                assert!(odd.is_none(), "{example:?} was answered {:?}", odd.map(|one| &one.text));
                reopen(office).await;
            }
        }
    }
}

/// The examples resolve tickets; the next one may need them open.
async fn reopen(office: &Office) {
    let ticket = office.ticket(1).await;
    if !ticket.is_open() {
        office.slack_user("lea").types("#general", "/ticket reopen T-1").await;
    }
}
