//! Time as a cause: deadlines, absences, and tickets that nobody could take yet.

use crate::office::{hours, minutes};
use crate::place::plain;
use crate::scene;

scene! {
    async fn away_people_are_passed_by_and_the_reason_is_told(office) {
        let hugo = office.slack_user("hugo");
        hugo.types("#general", "/away for 2d").await;
        let preview = hugo.expect_answer("Absence de Hugo Bernard jusqu’au");
        hugo.presses_on(&preview, "Confirmer").await;
        office.discord_user("nora").command("#general", "away sick", &[]).await;
        office.discord_user("nora").expect_answer("You are away from now on");
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        card.assert_field("Responsable", "Olivia Bennett");
        let lea = office.slack_user("lea");
        lea.presses(&card, "Pourquoi ?").await;
        let why = lea.expect_answer("Hugo Bernard : absence");
        assert!(why.text.contains("Nora Lindqvist : absence"), "{}", why.text);
        lea.types("#general", "/absence liste").await;
        lea.expect_answer("Hugo Bernard");
        hugo.types("#general", "/absence retour").await;
        hugo.expect_answer("Bon retour");
        lea.types("#social", "/assign T-1 @hugo").await;
        card.assert_field("Responsable", "Hugo Bernard");
    }
}

scene! {
    async fn an_unanswered_ticket_reminds_its_owner_goes_to_the_backup_and_then_tells_the_lead(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (hugo, nora, sam) = (office.discord_user("hugo"), office.discord_user("nora"), office.discord_user("sam"));
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        discord.assert_says("Échéance 1re réponse").assert_says("encore 1 h 00 de temps ouvré");
        slack.assert_says("encore 1 h 00 de temps ouvré à 09:02");
        office.advance(minutes(29)).await;
        assert_eq!(hugo.dms().await.len(), 1, "not yet");
        office.advance(minutes(2)).await;
        let reminder = hugo.expect_dm("⏰ T-1 attend toujours votre réponse. Échéance 1re réponse").await;
        assert!(reminder.text.contains("encore 30 min de temps ouvré"), "{}", reminder.text);
        slack.assert_says("encore 30 min de temps ouvré à 09:32");
        assert_eq!(nora.dms().await.len(), 0, "not yet");
        office.advance(minutes(15)).await;
        hugo.expect_dm("🔁 T-1 passe à Nora Lindqvist").await;
        let hers = nora.expect_dm("📥 T-1 is yours now: @kim on Instagram. No answer has come from Hugo Bernard yet").await;
        assert!(hers.text.contains("First answer due") && hers.text.contains("15 min of working time left"), "{}", hers.text);
        for card in [&slack, &discord] {
            card.assert_field("Responsable", "Nora Lindqvist").assert_says("relais de Hugo Bernard");
            card.assert_lines("Nora Lindqvist prend le relais : pas encore de réponse de Hugo Bernard", 1);
        }
        hugo.presses_on(&reminder, "Je m’en occupe").await;
        hugo.expect_answer("T-1 est maintenant à Nora Lindqvist");
        nora.presses(&discord, "Pourquoi ?").await;
        nora.expect_answer("Nora Lindqvist has T-1 as the backup of Hugo Bernard");
        assert_eq!(sam.dms().await.len(), 0, "not yet late");
        office.advance(minutes(15)).await;
        let told = sam.expect_dm("🔥 T-1 is late and still unanswered; Nora Lindqvist has it").await;
        assert!(told.text.contains("Où est mon colis ?"), "{}", told.text);
        slack.assert_says("en retard de 0 min de temps ouvré à 10:02");
        office.advance(hours(30)).await;
        let hugos = hugo.dms().await.iter().filter(|one| !one.only_me).count();
        let counts = (hugos, nora.dms().await.len(), sam.dms().await.len());
        assert_eq!(counts, (3, 1, 1), "each is told once");
        let breaches = "SELECT count(*) FROM journal WHERE event = 'breached'";
        assert_eq!(office.probe.number(breaches).await, Some(2), "the answer and the solution, once each");
    }
}

scene! {
    async fn a_resolved_ticket_reminds_nobody(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack_user("hugo").types("#social", "/ticket resolve T-1 Trouvé").await;
        office.advance(hours(48)).await;
        assert_eq!(office.discord_user("hugo").dms().await.len() + office.slack_user("hugo").dms().await.len(), 1);
        assert_eq!(office.discord_user("sam").dms().await.len(), 0);
    }
}

scene! {
    async fn what_arrives_at_night_is_due_in_working_time(office) {
        office.advance(hours(12)).await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let ticket = office.ticket(1).await;
        // 21:02 in Paris; the hour for the first answer runs from 09:00 the next morning.
        let due = ticket.opening.first_response_due.unwrap();
        assert_eq!(due.since(ticket.opening.received_at), hours(13) - minutes(2));
    }
}

scene! {
    async fn when_nobody_is_there_the_lead_is_told_and_the_first_one_back_gets_the_oldest(office) {
        for name in ["hugo", "nora", "olivia", "sam"] {
            office.slack_user(name).types("#general", "/away sick").await;
        }
        office.network("instagram").comment("@kim", "Où est mon colis ? Un").await;
        office.network("instagram").comment("@lou", "Où est mon colis ? Deux").await;
        let card = office.slack("#social").card_of(1);
        card.assert_field("Statut", "nouveau").assert_field("Responsable", "personne pour l’instant");
        // Sam leads them and is ill too, and so is whoever stands in for Sam: the desk is told.
        office.slack("#social").expect("Personne n’est disponible pour T-1");
        let lea = office.slack_user("lea");
        lea.types("#social", "/assign T-1 next").await;
        lea.expect_answer("Personne de service ne peut prendre T-1");
        lea.types("#social", "/ticket pourquoi T-1").await;
        let why = lea.expect_answer("Personne n’a encore T-1");
        assert!(plain(&why.text).contains("Hugo Bernard : absence"), "{}", why.text);
        lea.types("#social", "/ticket list unassigned").await;
        lea.expect_answer("T-2");
        office.advance(minutes(5)).await;
        office.slack_user("nora").types("#general", "/away back").await;
        office.advance(minutes(1)).await;
        card.assert_field("Responsable", "Nora Lindqvist");
        office.slack("#social").card_of(2).assert_field("Responsable", "Nora Lindqvist");
        office.slack_user("nora").expect_dm("T-1 is yours").await;
        office.slack_user("nora").expect_dm("T-2 is yours").await;
        let given = "SELECT CAST(aggregate_id AS TEXT) FROM journal WHERE event = 'assigned' ORDER BY id";
        assert_eq!(office.probe.texts(given).await, ["1", "2"], "oldest first");
    }
}
