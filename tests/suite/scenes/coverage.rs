//! Who is there for which network: warned before a leave, told in the digest, shown as text and as a picture.

use crate::office::{hours, minutes};
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn gaps_are_shown_by_command_before_a_leave_and_in_the_digest(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/rota coverage").await;
        let told = lea.expect_answer("Couverture du 16 mars au 22 mars");
        let words = told.text;
        assert!(words.contains("TikTok : trou sam. 21 mars 18–22 h"), "{words}");
        assert!(words.contains("Instagram : toutes les heures promises sont couvertes"), "{words}");
        assert!(words.contains("Couverture 95 % (80 sur 84 heures-réseau)"), "{words}");

        office.slack_user("sam").types("#social", "/rota coverage").await;
        office.slack_user("sam").expect_answer("You need the right");

        // Everybody who answers leaves on Thursday: the last one is warned.
        for name in ["hugo", "nora", "olivia", "sam", "tom", "ines", "zoe"] {
            let person = office.slack_user(name);
            person.types("#general", "/away thursday").await;
            let confirm = ["Confirm", "Confirmer"];
            let preview = person.answers().pop().unwrap();
            let label = preview.labels().into_iter().find(|label| confirm.contains(label)).unwrap().to_owned();
            person.presses_on(&preview, &label).await;
        }
        lea.types("#general", "/absence jeudi").await;
        let preview = lea.expect_answer("Trou de couverture");
        let words = preview.text;
        assert!(words.contains("Trou de couverture : Instagram jeu. 19 mars 9 h–12 h 30"), "{words}");
        assert!(words.contains("TikTok jeu. 19 mars 13 h 30–18 h"), "{words}");

        // Wednesday 08:45.
        office.advance(hours(23) + minutes(50)).await;
        for chat in [Chat::Slack, Chat::Discord] {
            let digest = office.channel(chat, "social").expect("Mercredi 18 mars");
            assert!(digest.text.contains("Trou TikTok sam. 21 mars 18–22 h"), "{}", digest.text);
        }
    }
}

scene! {
    async fn whoever_is_on_call_covers_the_whole_week_and_who_stands_in_is_said(office) {
        use vigie::domain::office::Strategy;
        crate::scenes::leaving::with(office, |team| {
            for role in team.roles.values_mut() {
                role.rotation = role.name == "care";
            }
            let care = team.roles.get_mut("care").expect("care");
            let first = chrono::NaiveDate::from_ymd_opt(2026, 3, 16);
            let order = vec!["sam".into(), "hugo".into()];
            care.strategy = Strategy::Weekly { weekday: 0, minute: 540, order, first, tickets_follow: false };
        });
        let (lea, sam) = (office.slack_user("lea"), office.slack_user("sam"));
        lea.types("#social", "/rota coverage tiktok").await;
        let told = lea.expect_answer("Couverture 100 %");
        assert!(told.text.contains("toutes les heures promises sont couvertes"), "Saturday night too: {}", told.text);
        sam.types("#general", "/away saturday").await;
        let preview = sam.expect_answer("On call for care from");
        assert!(preview.text.contains("Nora Lindqvist takes over"), "the backup: {}", preview.text);
        sam.presses_on(&preview, "Confirm").await;
        lea.types("#social", "/rota coverage tiktok").await;
        lea.expect_answer("dont 4 h par remplacement");
    }
}

scene! {
    async fn a_week_is_shared_with_its_picture_where_it_was_asked_and_nowhere_else(office) {
        let lea = office.discord_user("lea");
        lea.command("#general", "rota coverage", &[("week", "next"), ("share", "share")]).await;
        office.settle().await;
        let here = office.channel(Chat::Discord, "general").messages();
        let shared: Vec<_> = here.iter().filter(|one| one.text.contains("Couverture du 23 mars au 29 mars")).collect();
        assert_eq!(shared.iter().filter(|one| one.files.is_empty() && one.by_app).count(), 1, "{here:#?}");
        let pictures: Vec<&String> = shared.iter().flat_map(|one| &one.files).collect();
        assert!(pictures.len() == 1 && pictures[0].starts_with("coverage-2026-03-23-"), "{pictures:?}");
        for chat in [Chat::Slack, Chat::Discord] {
            let desk = office.channel(chat, "social").messages();
            assert!(desk.iter().all(|one| !one.text.contains("Couverture")), "{desk:#?}");
        }
        // At a desk it is said in the desk's language, whoever shares it.
        lea.command("#social", "rota coverage", &[("share", "share")]).await;
        office.channel(Chat::Discord, "social").expect("Couverture du 16 mars");
    }
}
