//! Deadlines that hold: what stops them, who hears of them, what is promised where, and what becomes of a backlog.

use vigie::domain::desk::ticket::Status;
use vigie::domain::office::Office as Team;

use crate::office::{hours, minutes};
use crate::scene;

const PARCEL: &str = "Où est mon colis ?";

/// Only Hugo is left in care.
fn only_hugo(team: &mut Team) {
    for (id, member) in &mut team.members {
        if id.as_str() == "hugo" {
            member.backup = None;
        } else {
            let grants = member.grants.iter().filter(|grant| grant.role != "care").cloned().collect();
            member.hold(grants);
        }
    }
}

scene! {
    async fn one_answer_stops_all_the_rest(office) {
        let id = office.network("instagram").comment("@kim", PARCEL).await;
        office.advance(minutes(35)).await;
        let hugo = office.discord_user("hugo");
        hugo.expect_dm("⏰ T-1 attend toujours votre réponse").await;
        hugo.types("#social", "@vigie ticket reply T-1 Bonjour, il arrive demain.").await;
        assert_eq!(office.demo().network.replies_to("instagram", &id).len(), 1, "the answer is out");
        office.advance(hours(30)).await;
        assert_eq!(office.ticket(1).await.status, Status::WaitingCustomer);
        assert_eq!(office.ticket(1).await.assignee, Some("hugo".into()));
        let others = office.discord_user("nora").dms().await.len() + office.discord_user("sam").dms().await.len();
        assert_eq!((hugo.dms().await.len(), others), (2, 0));
        assert_eq!(office.probe.number("SELECT count(*) FROM journal WHERE event = 'breached'").await, Some(0));
    }
}

scene! {
    async fn who_says_that_they_are_on_it_keeps_the_ticket_until_the_deadline(office) {
        office.network("instagram").comment("@kim", PARCEL).await;
        office.advance(minutes(31)).await;
        let (hugo, sam) = (office.discord_user("hugo"), office.discord_user("sam"));
        let reminder = hugo.expect_dm("« Je m’en occupe » vous le laisse jusque-là").await;
        hugo.presses_on(&reminder, "Je m’en occupe").await;
        let kept = hugo.expect_dm("✋ Vous vous occupez de T-1 : plus de rappel").await;
        assert_eq!(hugo.dms().await.len(), 2, "the reminder itself says so now");
        assert!(!kept.labels().contains(&"Je m’en occupe") && kept.labels().contains(&"Répondre…"), "{:?}", kept.labels());
        for card in [office.slack("#social").card_of(1), office.discord("#social").card_of(1)] {
            card.assert_says("Hugo Bernard s’en occupe").assert_lines("✋ Hugo Bernard s’en occupe", 1);
        }
        office.advance(minutes(25)).await;
        assert_eq!(office.ticket(1).await.assignee, Some("hugo".into()));
        assert_eq!(sam.dms().await.len(), 0);
        office.advance(minutes(5)).await;
        sam.expect_dm("🔥 T-1 is late and still unanswered; Hugo Bernard has it").await;
        assert_eq!(office.ticket(1).await.assignee, Some("hugo".into()));
    }
}

scene! {
    async fn an_english_reader_in_slack_is_reminded_and_relieved_in_english(office) {
        office.network("instagram").comment("@kim", PARCEL).await;
        let (nora, sam) = (office.slack_user("nora"), office.slack_user("sam"));
        nora.types("#social", "/ticket list").await;
        sam.types("#social", "/ticket list").await;
        office.slack_user("lea").types("#social", "/assign T-1 @nora").await;
        office.advance(minutes(31)).await;
        let reminder = nora.expect_dm("⏰ T-1 still waits for your answer. First answer due").await;
        assert!(reminder.text.contains("30 min of working time left. “I’m on it” gives you until then"), "{}", reminder.text);
        assert!(reminder.labels().contains(&"I’m on it"), "{:?}", reminder.labels());
        office.advance(minutes(16)).await;
        nora.expect_dm("has T-1 now, because no answer had left in time. There is nothing you need to do").await;
        let next = office.ticket(1).await.assignee.unwrap();
        assert_ne!(next.as_str(), "nora", "whoever’s turn it is: she has no backup");
        assert_eq!(office.probe.number("SELECT count(*) FROM journal WHERE event = 'owner_silent'").await, Some(1));
    }
}

scene! {
    async fn when_nobody_else_is_left_the_lead_hears_it_then_the_channel_until_somebody_is_back(office) {
        office.edit_file(only_hugo);
        office.network("instagram").comment("@kim", PARCEL).await;
        office.advance(minutes(46)).await;
        let sam = office.discord_user("sam");
        sam.expect_dm("🙋 Hugo Bernard has not answered T-1 yet, and nobody else can take it").await;
        assert_eq!(office.ticket(1).await.assignee, Some("hugo".into()), "better a silent owner than none");
        office.advance(minutes(20)).await;
        sam.expect_dm("🔥 T-1 is late").await;
        office.advance(minutes(16)).await;
        office.slack("#social").expect("🔔 Personne n’est là pour care depuis");
        office.discord("#social").expect("🔔 Personne n’est là pour care depuis");
        office.edit_file(|team| {
            let nora = team.members.get_mut(&"nora".into()).unwrap();
            let mut grants = nora.grants.clone();
            grants.push(vigie::domain::office::RoleGrant::of_file("care"));
            nora.hold(grants);
        });
        office.advance(minutes(1)).await;
        assert_eq!(office.ticket(1).await.assignee, Some("nora".into()));
        office.discord_user("nora").expect_dm("T-1 is yours now").await;
    }
}

scene! {
    async fn what_was_missed_while_vigie_was_down_is_done_once_and_says_how_late_it_is(office) {
        office.network("instagram").comment("@kim", PARCEL).await;
        office.clock.advance(hours(2));
        office.restart().await;
        office.settle().await;
        let (hugo, nora, sam) = (office.discord_user("hugo"), office.discord_user("nora"), office.discord_user("sam"));
        hugo.expect_dm("(Message en retard de 1 h 30 : Vigie ne tournait pas.)").await;
        hugo.expect_dm("🔁 T-1 passe à Nora Lindqvist").await;
        nora.expect_dm("T-1 is yours now").await;
        sam.expect_dm("(This comes 1 h 00 late: Vigie was not running.)").await;
        office.slack("#social").card_of(1).assert_lines("Le relais de Hugo Bernard aurait dû être pris", 1);
        office.advance(hours(3)).await;
        let counts = (hugo.dms().await.len(), nora.dms().await.len(), sam.dms().await.len());
        assert_eq!(counts, (3, 1, 1), "each step once");
    }
}

scene! {
    async fn who_writes_or_waits_for_an_approval_is_not_silent(office) {
        office.network("google_reviews").comment("@paul", PARCEL).await;
        let owner = office.ticket(1).await.assignee.unwrap();
        let person = office.discord_user(owner.as_str());
        person.types("#social", "@vigie ticket reply T-1 Bonjour, votre colis arrive demain.").await;
        office.advance(minutes(55)).await;
        assert_eq!(office.ticket(1).await.assignee, Some(owner), "the reply waits for its approval");
        assert_eq!(office.probe.number("SELECT count(*) FROM journal WHERE event = 'spared'").await, Some(1));
        office.advance(minutes(10)).await;
        assert_eq!(office.probe.number("SELECT count(*) FROM journal WHERE event = 'escalated'").await, Some(1));
    }
}

scene! {
    async fn the_nearest_promise_counts_and_a_later_one_moves_no_running_clock(office) {
        office.network("instagram").comment("@kim", PARCEL).await;
        office.network("x").mention("@joe", "Where is my parcel? It never came.").await;
        let (first, on_x) = (office.ticket(1).await, office.ticket(2).await);
        assert_eq!(first.due.first.unwrap().since(first.opening.received_at), minutes(60), "the office's P2");
        let priority = on_x.opening.priority;
        let target = office.app().setup().office.target_for(priority, &on_x.opening.role, "x").unwrap();
        assert!([30, 60].contains(&target.first_response_minutes), "what the sample promises on X");
        assert_eq!(on_x.due.first.unwrap().since(on_x.opening.received_at), minutes(target.first_response_minutes));
        let card = office.slack("#support").card_of(2);
        card.assert_says("First answer due").assert_says("of working time left at 09:02");
        office.edit_file(|team| {
            for target in team.targets.values_mut() {
                target.first_response_minutes = 5;
            }
            team.escalation.remind = vigie::domain::office::promise::StepTime::Never;
        });
        office.network("instagram").comment("@lou", PARCEL).await;
        let third = office.ticket(3).await;
        assert_eq!(third.due.first.unwrap().since(third.opening.received_at), minutes(5), "new tickets are promised anew");
        assert_eq!(office.ticket(1).await.due, first.due, "a running clock stays what it was");
        office.advance(minutes(31)).await;
        office.discord_user("hugo").expect_dm("⏰ T-1 attend toujours votre réponse").await;
    }
}

scene! {
    async fn each_further_answer_is_measured_and_can_be_listed(office) {
        office.network("instagram").dm("@kim", PARCEL).await;
        let (hugo, lea) = (office.discord_user("hugo"), office.slack_user("lea"));
        office.advance(minutes(10)).await;
        hugo.types("#social", "@vigie ticket reply T-1 Bonjour, il arrive demain.").await;
        office.advance(minutes(60)).await;
        office.network("instagram").dm("@kim", "Toujours rien ?").await;
        let card = office.discord("#social").card_of(1);
        card.assert_says("Échéance prochaine réponse").assert_says("encore 1 h 00 de temps ouvré");
        office.advance(minutes(20)).await;
        hugo.types("#social", "@vigie ticket reply T-1 Il est au dépôt, il arrive ce soir.").await;
        office.advance(minutes(100)).await;
        office.network("instagram").dm("@kim", "Merci, et la facture ?").await;
        // Over lunch.
        office.advance(minutes(95)).await;
        hugo.expect_dm("le client a de nouveau écrit").await;
        lea.types("#social", "/rapport indicateur suite aujourd'hui").await;
        let list = lea.expect_answer("Réponses suivantes");
        assert!(list.text.contains("20 min ·") && list.text.contains("T-1"), "{}", list.text);
        lea.types("#social", "/rapport jour aujourd'hui").await;
        lea.expect_answer("Réponses suivantes : médiane 20 min, 9 sur 10 en 20 min au plus");
    }
}

scene! {
    async fn after_two_days_with_nobody_the_first_one_back_gets_the_oldest_within_their_capacity(office) {
        for (name, confirm) in [("hugo", "Confirmer"), ("nora", "Confirm"), ("olivia", "Confirm"), ("sam", "Confirm")] {
            let person = office.slack_user(name);
            person.types("#general", "/away for 5d").await;
            let preview = person.answers().last().cloned().unwrap();
            person.presses_on(&preview, confirm).await;
        }
        office.slack_user("lea").types("#general", "/rota capacity olivia 3").await;
        for author in ["@a", "@b", "@c"] {
            office.network("instagram").comment(author, PARCEL).await;
        }
        office.advance(hours(26)).await;
        for author in ["@d", "@e"] {
            office.network("instagram").comment(author, PARCEL).await;
        }
        office.advance(hours(22)).await;
        for id in 1..=5 {
            assert_eq!(office.ticket(id).await.status, Status::New, "T-{id} waits");
        }
        let olivia = office.slack_user("olivia");
        olivia.types("#general", "/away back").await;
        office.advance(minutes(1)).await;
        let given = "SELECT CAST(aggregate_id AS TEXT) FROM journal WHERE event = 'assigned' ORDER BY id";
        assert_eq!(office.probe.texts(given).await, ["1", "2", "3"], "oldest first, and no more than she can have");
        olivia.types("#social", "/ticket resolve T-1 Retrouvé").await;
        office.advance(minutes(1)).await;
        assert_eq!(office.probe.texts(given).await, ["1", "2", "3", "4"]);
        assert_eq!(office.ticket(5).await.status, Status::New, "nothing is dropped for being old");
        olivia.expect_dm("T-4 is yours").await;
        assert_eq!(olivia.dms().await.iter().filter(|one| one.text.contains('⏰')).count(), 0, "she has just got them");
    }
}
