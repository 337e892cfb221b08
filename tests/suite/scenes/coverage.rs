//! Who is there for which network: warned before a leave, told in the digest, shown as text and as a picture.

use crate::office::{hours, minutes};
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn gaps_are_shown_by_command_before_a_leave_and_in_the_digest(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/rota coverage").await;
        let told = lea.expect_answer("Couverture du 16 mars au 22 mars");
        let words = told.text.replace('\u{a0}', " ");
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
        let words = preview.text.replace('\u{a0}', " ");
        assert!(words.contains("Trou de couverture : Instagram jeu. 19 mars 9 h–12 h 30"), "{words}");
        assert!(words.contains("TikTok jeu. 19 mars 13 h 30–18 h"), "{words}");

        // Wednesday 08:45.
        office.advance(hours(23) + minutes(50)).await;
        for chat in [Chat::Slack, Chat::Discord] {
            let digest = office.channel(chat, "social").expect("Mercredi 18 mars");
            assert!(digest.text.replace('\u{a0}', " ").contains("Trou TikTok sam. 21 mars 18–22 h"), "{}", digest.text);
        }
    }
}

scene! {
    async fn the_week_is_shared_as_a_picture_where_it_was_asked(office) {
        let lea = office.discord_user("lea");
        lea.command("#general", "rota coverage", &[("week", "next"), ("share", "share")]).await;
        lea.expect_answer("Couverture du 23 mars au 29 mars");
        let post = office.discord("#general").expect("Couverture du 23 mars au 29 mars");
        assert!(post.by_app, "{post:?}");
        for (chat, channel) in [(Chat::Discord, "social"), (Chat::Slack, "social"), (Chat::Slack, "general")] {
            assert!(!office.channel(chat, channel).transcript().contains("Couverture du"), "not asked in #{channel}");
        }
        // In a thread it stays in the thread.
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        office.slack_user("lea").replies(&card, "@vigie rota coverage tiktok share").await;
        card.assert_lines("Couverture du 16 mars au 22 mars · Couverture 90 %", 1);
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
