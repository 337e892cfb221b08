//! The rota: swaps, shares, fairness, being on call, and who may change any of it.

use std::sync::Arc;

use vigie::app::Setup;
use vigie::domain::office::Strategy;

use crate::office::{Office, hours, minutes};
use crate::place::plain;
use crate::scene;

/// Legal is worked by weeks: Inès, then Léa, handed over on Mondays at 09:00.
fn legal_on_call(office: &Office) {
    let file = office.app().setup();
    let mut changed = file.office.clone();
    let lea = changed.members.get_mut(&"lea".into()).unwrap();
    let mut grants = lea.grants.clone();
    grants.push(vigie::domain::office::RoleGrant::of_file("legal"));
    lea.hold(grants);
    let first = chrono::NaiveDate::from_ymd_opt(2026, 3, 17);
    let order = vec!["ines".into(), "lea".into()];
    changed.roles.get_mut("legal").unwrap().strategy =
        Strategy::Weekly { weekday: 0, minute: 540, order, first, tickets_follow: false };
    let (triage, playbooks) = (Arc::clone(&file.triage), Arc::clone(&file.playbooks));
    office.app().reload(Setup { office: changed, triage, playbooks });
}

scene! {
    async fn a_customer_who_comes_back_finds_who_knows_them_and_next_is_always_somebody_else(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.network("instagram").comment("@lou", "Où est mon colis ?").await;
        let first = office.ticket(1).await.assignee.unwrap();
        office.network("instagram").comment("@kim", "Mon colis, encore en retard !").await;
        assert_eq!(office.ticket(3).await.assignee.as_ref(), Some(&first), "who had the last one");
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket why T-3").await;
        lea.expect_answer("Connaît ce client");
        for _ in 0..3 {
            let before = office.ticket(3).await.assignee;
            lea.types("#social", "/assign T-3 next").await;
            assert_ne!(office.ticket(3).await.assignee, before, "next is somebody else");
        }
        lea.types("#social", "/assign T-3 me --why").await;
        let why = lea.expect_answer("de son propre chef");
        assert!(why.text.contains("hors rotation dans care"), "{}", why.text);
        office.discord("#social").card_of(3).assert_field("Responsable", "Léa Moreau");
        let nora = office.discord_user("nora");
        nora.presses(&office.discord("#social").card_of(3), "Pourquoi ?").await;
        nora.expect_answer("Léa Moreau took T-3 themselves");
    }
}

scene! {
    async fn a_swap_is_told_to_everybody_it_concerns_in_their_language_and_can_be_taken_back(office) {
        let lea = office.slack_user("lea");
        lea.types("#general", "/rota swap hugo nora fri").await;
        lea.expect_answer("échangent leurs horaires");
        office.discord_user("hugo").expect_dm("le ven. 20 mars, Hugo Bernard et Nora Lindqvist").await;
        office.discord_user("nora").expect_dm("on Fri 20 Mar Hugo Bernard and Nora Lindqvist").await;
        office.discord_user("sam").expect_dm("on Fri 20 Mar Hugo Bernard and Nora Lindqvist").await;
        for place in [office.slack("#social"), office.discord("#social")] {
            let lines = place.messages();
            assert_eq!(lines.iter().filter(|line| line.text.contains("X-1")).count(), 1, "one team line");
        }
        lea.types("#general", "/rota swap nora hugo fri").await;
        lea.expect_answer("Cet échange est déjà fait");
        lea.types("#general", "/planning voir care").await;
        lea.expect_answer("X-1 · ven. 20 mars");
        lea.types("#general", "/planning annuler X-1").await;
        lea.expect_answer("gardent leurs horaires");
        office.discord_user("nora").expect_dm("X-1 is taken back").await;
        let olivia = office.slack_user("olivia");
        olivia.types("#general", "/away for 4d").await;
        let preview = olivia.expect_answer("Olivia Bennett");
        olivia.presses_on(&preview, "Confirm").await;
        lea.types("#general", "/rota swap sam olivia fri").await;
        lea.expect_answer("Olivia Bennett est en absence");
        lea.types("#general", "/rota swap sam tom fri").await;
        lea.expect_answer("aucun rôle de rotation en commun");
        lea.types("#general", "/rota swap sam olivia someday").await;
        lea.expect_answer("Je ne peux pas lire");
    }
}

scene! {
    async fn shares_capacity_and_skills_are_changed_by_who_plans_the_rota_and_nobody_else(office) {
        let (lea, hugo) = (office.slack_user("lea"), office.discord_user("hugo"));
        lea.types("#general", "/rota weight hugo 0").await;
        lea.expect_answer("Hugo Bernard ne prend plus part à la rotation");
        lea.types("#general", "/rota capacity sam 1").await;
        lea.expect_answer("tant qu’un ticket est en cours");
        lea.types("#general", "/rota skill nora order 0").await;
        lea.types("#general", "/rota skill nora astrology 2").await;
        lea.expect_answer("n’existe pas");
        lea.types("#general", "/rota weight hugo eleven").await;
        lea.expect_answer("de 0 à 10");
        for number in 1..=3 {
            office.network("instagram").comment(&format!("@kim{number}"), "Où est mon colis ?").await;
        }
        for id in 1..=3 {
            assert_ne!(office.ticket(id).await.assignee.unwrap().as_str(), "hugo", "no share, no ticket");
        }
        lea.types("#general", "/rota capacity sam none").await;
        lea.expect_answer("n’a plus de limite");
        hugo.command("#general", "rota weight", &[("who", "hugo"), ("weight", "5")]).await;
        hugo.expect_answer("Il vous faut le droit");
        let olivia = office.discord_user("olivia");
        olivia.command("#general", "rota show", &[]).await;
        olivia.expect_answer("You need the right");
    }
}

scene! {
    async fn fairness_shows_the_index_everybodys_part_and_the_tickets_behind_the_exceptions(office) {
        for number in 1..=6 {
            office.network("instagram").comment(&format!("@kim{number}"), "Où est mon colis ?").await;
            office.advance(minutes(1)).await;
        }
        let lea = office.slack_user("lea");
        lea.types("#social", "/assign T-1 @olivia").await;
        office.advance(minutes(1)).await;
        lea.types("#general", "/rota fairness 28d care").await;
        let shown = lea.expect_answer("care : Jain 0,");
        for words in ["1 hors rotation", "Hugo Bernard", "Olivia Bennett", "maximum ÷ médiane", "h de présence"] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        lea.chooses_on(&shown, "1 hors rotation").await;
        lea.expect_answer("T-1");
        lea.types("#general", "/planning equite 7j care partager").await;
        office.slack("#general").expect("Équité du");
        lea.types("#general", "/vigie lang en").await;
        lea.types("#general", "/rota fairness").await;
        lea.expect_answer("1 by hand");
    }
}

scene! {
    async fn who_is_on_call_gets_the_tickets_of_the_week_and_hands_over_on_monday(office) {
        legal_on_call(office);
        let lea = office.slack_user("lea");
        lea.types("#general", "/rota show legal").await;
        lea.expect_answer("une personne par semaine");
        office.network("instagram").comment("@press", "Je porte plainte, mon avocat vous écrira").await;
        lea.types("#social", "/assign T-1 role:legal").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Inès Haddad");
        lea.types("#social", "/ticket why T-1").await;
        lea.expect_answer("d’astreinte jusqu’au");
        office.advance(6 * hours(24)).await;
        office.slack_user("lea").expect_dm("Vous êtes d’astreinte pour legal").await;
        office.discord_user("ines").expect_dm("Votre semaine d’astreinte pour legal est terminée").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Inès Haddad");
        let swap = "/rota swap lea ines tomorrow role:legal";
        lea.types("#general", swap).await;
        lea.expect_answer("est d’astreinte pour legal à partir du");
        lea.types("#social", "/ticket open Un juriste écrit topic:legal").await;
        lea.types("#social", "/assign T-2 role:legal").await;
        office.slack("#social").card_of(2).assert_field("Responsable", "Inès Haddad");
    }
}

/// How often Vigie has said something to a person: beside a command, in private, or in a card's thread.
async fn heard(person: &crate::acts::Person<'_>, card: &crate::place::Card<'_>, words: &str) -> usize {
    let said = [person.answers(), person.dms().await, card.thread()].concat();
    said.iter().filter(|one| one.by_app && plain(&one.text).contains(&plain(words))).count()
}

scene! {
    async fn every_word_of_the_rota_works_in_both_languages_in_both_chats_and_in_a_thread(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let (lea, there) = (office.slack_user("lea"), office.discord_user("lea"));
        // A note makes the thread in Discord.
        lea.replies(&slack, "Je regarde").await;
        // What is typed in English and in French, and what is answered in each.
        let words = [
            ("rota show care", "planning voir care", "care: by turns", "care : à tour de rôle"),
            ("rota show next", "planning voir prochaine", "Rota of week 13", "Roulement de la semaine 13"),
            ("rota coverage tiktok", "planning couverture tiktok", "TikTok: gap", "TikTok : trou"),
            ("rota fairness 28d care", "planning equite 28j care", "care: Jain", "care : Jain"),
            ("rota weight sam 3", "planning part sam 3", "Sam Okafor", "Sam Okafor"),
            ("rota capacity sam 12", "planning capacite sam 12", "12", "12"),
            ("rota capacity sam none", "planning capacite sam aucune", "no limit", "plus de limite"),
            ("rota skill sam repair 3", "planning competence sam repair 3", "repair", "repair"),
        ];
        for (lang, english) in [("en", true), ("fr", false)] {
            lea.types("#general", &format!("/vigie lang {lang}")).await;
            for (en, fr, told_en, told_fr) in words {
                let told = if english { told_en } else { told_fr };
                // The words of either language work whatever one reads. Nobody types all this at once.
                for line in [en, fr] {
                    office.advance(minutes(1)).await;
                    lea.types("#general", &format!("/{line}")).await;
                    lea.expect_answer(told);
                    lea.replies(&slack, &format!("@vigie {line}")).await;
                    lea.expect_answer(told);
                    let before = heard(&there, &discord, told).await;
                    there.replies(&discord, &format!("@vigie {line}")).await;
                    assert!(heard(&there, &discord, told).await > before, "{line} in a thread of Discord: {told}");
                }
            }
            for (path, options, told) in [
                ("rota show", vec![("role", "care")], [words[0].2, words[0].3]),
                ("rota coverage", vec![("net", "tiktok")], [words[2].2, words[2].3]),
                ("rota fairness", vec![("since", "28d"), ("role", "care")], [words[3].2, words[3].3]),
                ("rota weight", vec![("who", "sam"), ("weight", "3")], [words[4].2, words[4].3]),
                ("rota capacity", vec![("who", "sam"), ("capacity", "none")], [words[6].2, words[6].3]),
                ("rota skill", vec![("who", "sam"), ("topic", "repair"), ("skill", "3")], [words[7].2, words[7].3]),
            ] {
                there.command("#general", path, &options).await;
                there.expect_answer(told[usize::from(!english)]);
            }
        }
    }
}
