//! Somebody is away: what is shown before, what moves, who does it for them, and what comes back.

use serde_json::Value;

use crate::office::{Office, hours, minutes};
use crate::scene;
use crate::seen::Chat;

async fn state(office: &Office, kind: &str, id: i64) -> Value {
    let rows = office.probe.texts(&format!("SELECT state FROM aggregates WHERE kind = '{kind}' AND id = {id}")).await;
    serde_json::from_str(rows.first().unwrap_or_else(|| panic!("there is no {kind} {id}"))).unwrap()
}

scene! {
    async fn a_leave_is_previewed_confirmed_begun_on_time_and_given_back(office) {
        office.nobody_is_relieved();
        let (hugo, lea) = (office.slack_user("hugo"), office.slack_user("lea"));
        for number in 1..=2 {
            office.network("instagram").comment("@kim", &format!("Où est mon colis ? Commande {number}")).await;
            lea.types("#social", &format!("/assign T-{number} @hugo")).await;
        }
        hugo.types("#social", "/absence du 18 au 19 mars motif:Déménagement").await;
        let preview = hugo.expect_answer("Absence de Hugo Bernard du mer. 18 mars au jeu. 19 mars");
        for words in ["Remplacement : Nora Lindqvist", "2 tickets passent à Nora Lindqvist : T-1, T-2", "Déménagement"] {
            assert!(preview.text.contains(words), "{words}: {}", preview.text);
        }
        assert_eq!(preview.labels(), ["Confirmer", "Autre remplacement…", "Annuler"]);
        assert!(!office.slack("#social").transcript().contains("en absence"), "a preview changes nothing");

        hugo.presses_on(&preview, "Confirmer").await;
        hugo.expect_answer("vous êtes en absence du mer. 18 mars au jeu. 19 mars");
        for chat in [Chat::Slack, Chat::Discord] {
            office.channel(chat, "social").expect("Hugo Bernard est en absence du mer. 18 mars au jeu. 19 mars");
        }
        office.discord_user("nora").expect_dm("You stand in for Hugo Bernard").await;
        assert!(!office.slack("#social").transcript().contains("Déménagement"), "the reason is nobody's business");
        hugo.presses_on(&preview, "Confirmer").await;
        hugo.expect_answer("vaut déjà");

        let card = office.slack("#social").card_of(1);
        card.assert_field("Responsable", "Hugo Bernard");
        office.advance(hours(15)).await;
        card.assert_field("Responsable", "Nora Lindqvist (pour Hugo Bernard)");
        card.assert_lines("Nora Lindqvist prend le relais pour Hugo Bernard", 1);
        office.discord_user("nora").expect_dm("For Hugo Bernard, who is away").await;
        office.discord_user("nora").command("#social", "ticket note", &[("ticket", "T-2"), ("text", "I wrote to DHL")]).await;
        lea.types("#social", "/ticket why T-1").await;
        lea.expect_answer("Nora Lindqvist a T-1 pour Hugo Bernard");

        office.advance(hours(48)).await;
        card.assert_field("Responsable", "Hugo Bernard");
        office.slack("#social").card_of(2).assert_field("Responsable", "Nora Lindqvist (pour Hugo Bernard)");
        let welcome = hugo.expect_dm("Bon retour, Hugo Bernard").await;
        assert!(welcome.text.contains("T-1") && welcome.text.contains("T-2 (Nora Lindqvist)"), "{}", welcome.text);
    }
}

scene! {
    async fn who_falls_ill_is_covered_at_once_and_finds_everything_again(office) {
        office.nobody_is_relieved();
        // Walk-through 3: Léa, head and lead, is sick at 09:10.
        let (lea, hugo, nora) = (office.slack_user("lea"), office.slack_user("hugo"), office.slack_user("nora"));
        for name in ["nora", "hugo", "marc"] {
            office.slack_user(name).types("#general", "/vigie me").await;
        }
        for (number, priority) in [(1, "p1"), (2, "p3"), (3, "p4")] {
            office.network("instagram").comment("@kim", &format!("Où est mon colis ? Commande {number}")).await;
            lea.types("#social", &format!("/assign T-{number} me")).await;
            lea.types("#social", &format!("/ticket prio T-{number} {priority}")).await;
        }
        office.slack_user("marc").types("#general", "/post new net:instagram La nouvelle lampe").await;
        office.slack_user("marc").types("#general", "/post submit P-1").await;
        lea.expect_dm("P-1").await;
        office.advance(minutes(8)).await;
        lea.types("#general", "/absence malade").await;
        let told = lea.expect_answer("Vous êtes en absence dès maintenant");
        assert!(told.text.contains("T-1") && told.text.contains("2 tickets qui peuvent attendre"), "{}", told.text);

        let cards = [1, 2, 3].map(|id| office.slack("#social").card_of(id));
        cards[0].assert_field("Responsable", "Hugo Bernard (pour Léa Moreau)");
        cards[1].assert_field("Responsable", "Léa Moreau");
        let offer = hugo.expect_dm("T-2, T-3 peuvent attendre un peu").await;
        hugo.expect_dm("Pour Léa Moreau, en absence").await;
        for chat in [Chat::Slack, Chat::Discord] {
            office.channel(chat, "social").expect("Léa Moreau est en absence dès maintenant");
        }
        assert!(!office.slack("#social").transcript().contains("malade"), "illness is nobody's business");

        // Approvals: Hugo approves for her, rights lent for these days only.
        let asked = hugo.expect_dm("P-1").await;
        assert!(asked.text.contains("Pour Léa Moreau, en absence"), "{}", asked.text);
        hugo.types("#general", "/approve P-1 v1").await;
        let draft = state(office, "post", 1).await;
        assert_eq!(draft["approvals"][0]["by"], "hugo", "{draft}");
        assert_eq!(draft["approvals"][0]["instead_of"], "lea");

        // The rest is offered for two hours, then it moves.
        hugo.presses_on(&offer, "Tout prendre").await;
        hugo.expect_answer("À vous maintenant, pour Léa Moreau");
        cards[1].assert_field("Responsable", "Hugo Bernard (pour Léa Moreau)");
        office.advance(hours(3)).await;
        cards[2].assert_field("Responsable", "Hugo Bernard (pour Léa Moreau)");

        hugo.types("#social", "/ticket note T-2 Je m’en occupe").await;
        let before = lea.dms().await.len();
        office.network("instagram").comment("@lou", "Où est mon colis ? Encore").await;
        office.advance(hours(20)).await;
        assert_eq!(lea.dms().await.len(), before, "nobody writes to somebody who is ill: {:#?}", lea.dms().await);

        lea.types("#general", "/absence retour").await;
        let back = lea.expect_answer("Bon retour, Léa Moreau");
        assert!(back.text.contains("T-1") && back.text.contains("T-2 (Hugo Bernard)"), "{}", back.text);
        cards[0].assert_field("Responsable", "Léa Moreau");
        cards[1].assert_field("Responsable", "Hugo Bernard (pour Léa Moreau)");
        office.slack("#social").expect("Léa Moreau est de retour");
        hugo.expect_dm("votre remplacement est terminé").await;
        assert!(!nora.dms().await.iter().any(|dm| dm.text.contains("Pour Léa")), "Nora was not needed");
        // The right went back with her.
        office.slack_user("marc").types("#general", "/post edit P-1 La nouvelle lampe est là").await;
        hugo.types("#general", "/approve P-1 v2").await;
        hugo.expect_answer("Il vous faut le droit");
    }
}

scene! {
    async fn chains_go_to_the_first_who_is_there_and_circles_are_refused(office) {
        office.nobody_is_relieved();
        let (lea, hugo, sam) = (office.slack_user("lea"), office.slack_user("hugo"), office.slack_user("sam"));
        hugo.types("#general", "/absence malade").await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        lea.types("#social", "/assign T-1 me").await;
        lea.types("#general", "/away tomorrow").await;
        let preview = lea.expect_answer("Hugo Bernard → Nora Lindqvist");
        assert!(preview.text.contains("Hugo Bernard est aussi en absence"), "{}", preview.text);
        lea.presses_on(&preview, "Confirmer").await;

        sam.types("#general", "/away tomorrow backup:@lea").await;
        let preview = sam.expect_answer("Stand-in: Léa Moreau → Hugo Bernard → Nora Lindqvist");
        sam.presses_on(&preview, "Cancel").await;
        sam.expect_answer("Taken back");
        office.slack_user("nora").types("#general", "/away tomorrow backup:@lea").await;
        let refused = office.slack_user("nora").expect_answer("go in a circle");
        assert!(refused.text.contains("Nora Lindqvist -> Léa Moreau -> Hugo Bernard -> Nora Lindqvist"), "{}", refused.text);

        office.advance(hours(24)).await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Nora Lindqvist (pour Léa Moreau)");
        hugo.types("#general", "/absence retour").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Nora Lindqvist (pour Léa Moreau)");
        lea.types("#general", "/away back").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Léa Moreau");
    }
}

scene! {
    async fn the_stand_in_is_changed_by_form_and_who_plans_the_rota_enters_others(office) {
        let lea = office.discord_user("lea");
        lea.command("#general", "away for", &[("dates", "2d"), ("who", &format!("<@{}>", tom_id(office)))]).await;
        let preview = lea.expect_answer("Absence de Tom Girard");
        lea.presses_on(&preview, "Autre remplacement…").await;
        lea.fills("sam").await;
        let preview = lea.expect_answer("Sam Okafor");
        lea.presses_on(&preview, "Confirmer").await;
        office.discord_user("tom").expect_dm("Léa Moreau a noté votre absence").await;
        office.discord_user("sam").expect_dm("You stand in for Tom Girard").await;
        office.slack_user("zoe").types("#general", "/away tomorrow who:@tom").await;
        office.slack_user("zoe").expect_answer("Il vous faut le droit");
        lea.command("#general", "away list", &[]).await;
        lea.expect_answer("Tom Girard, jusqu’au");
    }
}

fn tom_id(office: &Office) -> String {
    office.discord_user("tom").id
}

scene! {
    async fn a_crisis_and_a_meeting_go_on_with_who_stands_in(office) {
        office.expects(crate::office::Oddity::Pings);
        let (lea, hugo) = (office.slack_user("lea"), office.slack_user("hugo"));
        for name in ["hugo", "nora", "lea"] {
            office.slack_user(name).types("#general", "/vigie me").await;
        }
        // Friday 10:30: people are asked for Monday's meeting.
        office.advance(minutes(3 * 24 * 60 + 88)).await;
        lea.expect_dm("Réunion social de la semaine a lieu").await;
        office.slack_user("hugo").types("#social", "/crise declarer l2 Colis perdus à Lyon net:instagram").await;
        lea.types("#general", "/absence malade").await;
        hugo.expect_dm("Léa Moreau est en absence, vous prenez le relais").await;
        hugo.expect_dm("Répondez aussi pour Léa Moreau").await;
        let crisis = state(office, "crisis", 1).await;
        assert_eq!(crisis["relieved"]["lea"], "hugo", "{crisis}");
        hugo.types("#social", "/crise recu").await;
        let crisis = state(office, "crisis", 1).await;
        let call = crisis["calls"].as_array().unwrap().iter().find(|call| call["member"] == "lea").unwrap().clone();
        assert_eq!(call["acked_by"], "hugo", "{call}");
        lea.types("#general", "/absence retour").await;
        lea.expect_dm("vous revoilà").await;
        assert_eq!(state(office, "crisis", 1).await["relieved"].as_object().unwrap().len(), 0);
        lea.expect_dm("Réunion social de la semaine a lieu").await;
    }
}

scene! {
    async fn a_leave_that_must_be_approved_holds_once_somebody_else_has_agreed(office) {
        let mut setup = vigie::runtime::demo::sample_setup(None).unwrap();
        setup.office.approve_leave = true;
        office.app().reload(setup);
        let (hugo, lea) = (office.slack_user("hugo"), office.slack_user("lea"));
        lea.types("#general", "/vigie me").await;
        hugo.types("#general", "/absence demain motif:Dentiste").await;
        let preview = hugo.expect_answer("Absence de Hugo Bernard le mer. 18 mars");
        hugo.presses_on(&preview, "Confirmer").await;
        hugo.expect_answer("Demande envoyée");
        let asked = lea.expect_dm("Hugo Bernard souhaite une absence le mer. 18 mars").await;
        assert!(asked.text.contains("Dentiste"), "{}", asked.text);
        hugo.types("#general", "/absence approuver U-1").await;
        hugo.expect_answer("Il vous faut le droit");
        assert!(!office.slack("#social").transcript().contains("Hugo Bernard est en absence"));
        lea.presses_on(&asked, "Accepter").await;
        lea.expect_answer("Absence de Hugo Bernard acceptée");
        office.discord("#social").expect("Hugo Bernard est en absence le mer. 18 mars");
        hugo.expect_dm("Léa Moreau a accepté votre absence").await;
        lea.types("#general", "/absence refuser U-1").await;
        lea.expect_answer("vaut déjà");

        hugo.types("#general", "/absence du 23 au 24 mars").await;
        let preview = hugo.expect_answer("Absence de Hugo Bernard du lun. 23 mars au mar. 24 mars");
        hugo.presses_on(&preview, "Confirmer").await;
        lea.types("#general", "/absence refuser U-2").await;
        hugo.expect_dm("Léa Moreau n’a pas accepté votre absence").await;
    }
}

scene! {
    async fn a_ticket_is_not_given_to_somebody_who_is_away_and_the_stand_in_is_named(office) {
        let (lea, hugo) = (office.slack_user("lea"), office.slack_user("hugo"));
        hugo.types("#general", "/absence malade").await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        lea.types("#social", "/assign T-1 @hugo").await;
        let told = lea.expect_answer("Hugo Bernard est en absence dès maintenant");
        assert!(told.text.contains("/assigner T-1 @nora"), "{}", told.text);
        hugo.types("#social", "/assign T-1 me").await;
        hugo.expect_answer("D’abord /absence retour");
    }
}

scene! {
    async fn nobody_left_means_the_lead_and_then_an_alarm_until_somebody_is_there(office) {
        for name in ["hugo", "nora", "olivia"] {
            office.slack_user(name).types("#general", "/away sick").await;
        }
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack_user("sam").types("#general", "/ticket list").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Sam Okafor");
        office.slack_user("sam").types("#general", "/ticket prio T-1 p1").await;
        office.slack_user("sam").types("#general", "/away sick").await;
        let card = office.slack("#social").card_of(1);
        card.assert_field("Responsable", "personne pour l’instant").assert_lines("personne d’autre n’a été trouvé", 1);
        let alarms = || office.slack("#social").transcript().matches("Personne n’est là pour care").count();
        assert_eq!(alarms(), 0, "the lead first");
        // The backlog is looked at every minute.
        office.advance(minutes(1)).await;
        office.advance(minutes(20)).await;
        assert_eq!(alarms(), 1);
        office.advance(minutes(15)).await;
        assert_eq!(alarms(), 2, "every quarter of an hour");
        office.slack_user("nora").types("#general", "/away back").await;
        office.advance(minutes(30)).await;
        card.assert_field("Responsable", "Nora Lindqvist");
        assert_eq!(alarms(), 2, "somebody is there");
    }
}

scene! {
    async fn walk_through_3_lea_is_sick_at_ten_past_nine(office) {
        // Only Léa answers on TikTok, on Saturday evenings too; Hugo, who stands in, does not work then.
        crate::scenes::leaving::with(office, |team| {
            let always = vigie::domain::rhythm::business_time::Calendar::always_open(team.zone);
            crate::scenes::leaving::member(team, "lea").hours = Some(always);
            let rest = ["instagram", "facebook", "x", "google_reviews", "mastodon"];
            for (name, member) in &mut team.members {
                if name.as_str() != "lea" {
                    member.networks = rest.iter().map(|network| (*network).to_owned()).collect();
                }
            }
        });
        let (lea, hugo, marc) = (office.slack_user("lea"), office.slack_user("hugo"), office.slack_user("marc"));
        for name in ["hugo", "lea", "marc"] {
            office.slack_user(name).types("#general", "/vigie me").await;
        }
        office.network("instagram").comment("@kim", "La lampe a pris feu !").await;
        lea.types("#social", "/assign T-1 me").await;
        lea.types("#social", "/ticket prio T-1 p1").await;
        marc.types("#general", "/post new net:instagram La nouvelle lampe").await;
        marc.types("#general", "/post submit P-1").await;
        office.advance(minutes(8)).await;
        let before = office.clock.now_ms();
        lea.types("#general", "/absence malade").await;
        // p1 moved in seconds.
        let cards = [office.slack("#social").card_of(1), office.discord("#social").card_of(1)];
        for card in &cards {
            card.assert_field("Responsable", "Hugo Bernard (pour Léa Moreau)");
        }
        assert!(office.clock.now_ms() - before < 10_000, "in seconds");
        // Approvals follow.
        hugo.expect_dm("Marc Delattre demande votre approbation pour P-1 v1").await;
        // The gap is named, in both chats.
        for chat in [Chat::Slack, Chat::Discord] {
            office.channel(chat, "social").expect("Plus personne pour TikTok sam. 21 mars 18–22 h");
        }
        // The meeting follows: on Friday Hugo is asked for her too, and she is not.
        office.advance(hours(3 * 24) + minutes(80)).await;
        hugo.expect_dm("Répondez aussi pour Léa Moreau").await;
        assert!(!lea.dms().await.iter().any(|dm| dm.text.contains("Réunion social")), "she is ill");
        // Return restores.
        lea.types("#general", "/absence retour").await;
        lea.expect_answer("Bon retour, Léa Moreau");
        for card in &cards {
            card.assert_field("Responsable", "Léa Moreau");
        }
        lea.expect_dm("demande votre approbation pour P-1 v1").await;
        hugo.expect_dm("P-1 v1 ne vous attend plus").await;
        lea.expect_dm("Réunion social de la semaine a lieu").await;
    }
}

scene! {
    async fn whatever_a_stand_in_does_says_for_whom(office) {
        let (lea, hugo) = (office.slack_user("lea"), office.discord_user("hugo"));
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        lea.types("#social", "/assign T-1 me").await;
        lea.types("#social", "/ticket prio T-1 p1").await;
        lea.types("#general", "/absence malade").await;
        let card = office.slack("#social").card_of(1);
        hugo.command("#social", "ticket note", &[("ticket", "T-1"), ("text", "J’ai appelé")]).await;
        card.assert_lines("Hugo Bernard (pour Léa Moreau) : J’ai appelé", 1);
        hugo.command("#social", "ticket prio", &[("ticket", "T-1"), ("priority", "p2")]).await;
        card.assert_lines("Hugo Bernard (pour Léa Moreau) a changé la priorité", 1);
        hugo.command("#social", "ticket reply", &[("ticket", "T-1"), ("text", "Votre colis arrive demain.")]).await;
        hugo.command("#social", "ticket resolve", &[("ticket", "T-1"), ("outcome", "replaced")]).await;
        card.assert_lines("Hugo Bernard (pour Léa Moreau) a résolu ce ticket", 1);
        // His own ticket is his own.
        office.network("instagram").comment("@lou", "Où est mon colis ?").await;
        office.slack_user("nora").types("#social", "/assign T-2 @hugo").await;
        hugo.command("#social", "ticket resolve", &[("ticket", "T-2"), ("outcome", "replaced")]).await;
        office.slack("#social").card_of(2).assert_lines("Hugo Bernard a résolu ce ticket", 1);
    }
}

scene! {
    async fn the_preview_names_the_backup_of_each_role_and_the_weeks_on_call(office) {
        use vigie::domain::office::Strategy;
        crate::scenes::leaving::with(office, |team| {
            let hugo = crate::scenes::leaving::member(team, "hugo");
            hugo.role_backups.insert("care".into(), "sam".into());
            let care = team.roles.get_mut("care").expect("care");
            let first = chrono::NaiveDate::from_ymd_opt(2026, 3, 16);
            let order = vec!["hugo".into(), "nora".into()];
            care.strategy = Strategy::Weekly { weekday: 0, minute: 540, order, first, tickets_follow: false };
        });
        let hugo = office.slack_user("hugo");
        hugo.types("#general", "/absence du 18 au 19 mars").await;
        let preview = hugo.expect_answer("Absence de Hugo Bernard");
        let words = crate::place::plain(&preview.text);
        for told in [
            "Astreinte care du mer. 18 mars, 00:00 au ven. 20 mars, 00:00 : Sam Okafor prend le relais",
            "community : la rotation continue avec Léa Moreau, Nora Lindqvist, Zoé Martin",
        ] {
            assert!(words.contains(&crate::place::plain(told)), "{told}: {words}");
        }
        hugo.presses_on(&preview, "Confirmer").await;
        office.advance(hours(24)).await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Sam Okafor");
        office.slack_user("lea").types("#social", "/ticket why T-1").await;
        office.slack_user("lea").expect_answer("T-1 est allé à Sam Okafor pour Hugo Bernard, d’astreinte");
        office.slack_user("lea").types("#social", "/planning voir care").await;
        office.slack_user("lea").expect_answer("Sam Okafor (pour Hugo Bernard)");
    }
}
