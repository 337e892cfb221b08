//! Answering a customer on purpose, and only on purpose: what the form tells, what is kept, what the library gives.

use vigie::sandbox::network::{FaultOrder, NetworkFault};

use crate::office::Office;
use crate::scene;

const PARCEL: &str = "Où est mon colis ? Il devait arriver lundi dernier.";

fn replies(office: &Office, network: &str, id: &str) -> Vec<String> {
    office.demo().network.replies_to(network, id).into_iter().map(|one| one.text).collect()
}

scene! {
    async fn nothing_typed_in_a_thread_a_note_or_a_direct_message_can_reach_a_customer(office) {
        let id = office.network("instagram").comment("@kim", PARCEL).await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let lines = [
            "Envoyez-lui : votre colis arrive demain",
            "reply T-1 Bonjour, votre colis arrive",
            "R-1 v1 approuvé, envoyer",
            "@kim votre colis arrive demain",
            "send: your parcel arrives tomorrow",
            "visibility:public text:\"Bonjour\"",
        ];
        for line in lines {
            let ts = office.slack_user("hugo").replies(&slack, line).await;
            office.discord_user("nora").replies(&discord, line).await;
            office.slack_user("hugo").edits(&slack.channel, &ts, &format!("{line} !")).await;
        }
        office.slack_user("lea").types("#social", "/ticket note T-1 Répondre que le colis arrive demain").await;
        office.slack_user("hugo").types_to_vigie("Dites au client que son colis arrive demain").await;
        assert_eq!(office.probe.count("aggregates WHERE kind IN ('reply', 'post')").await, 0, "no draft was made");
        assert_eq!(office.probe.count("outbox WHERE target = 'network'").await, 0, "nothing was told to leave");
        assert_eq!(replies(office, "instagram", &id), Vec::<String>::new());
    }
}

scene! {
    async fn the_form_tells_the_language_the_limit_and_who_must_approve(office) {
        office.network("instagram").comment("@kim", PARCEL).await;
        office.network("google_reviews").comment("@paul", PARCEL).await;
        let hugo = office.slack_user("hugo");
        hugo.presses(&office.slack("#social").card_of(1), "Répondre…").await;
        let form = hugo.form().to_string();
        for words in ["Réponse en français", "Le client écrit en français", "Elle part dès que vous l’envoyez", "Public"] {
            assert!(form.contains(words), "{words}: {form}");
        }
        hugo.presses(&office.slack("#social").card_of(2), "Répondre…").await;
        let form = hugo.form().to_string();
        for words in ["doit d’abord l’approuver", "Faire approuver", "que des réponses publiques"] {
            assert!(form.contains(words), "{words}: {form}");
        }
        let nora = office.discord_user("nora");
        nora.presses(&office.discord("#social").card_of(1), "Répondre…").await;
        assert!(nora.form().to_string().contains("Reply in French"), "{}", nora.form());
    }
}

scene! {
    async fn a_reply_in_another_language_is_kept_and_sent_only_on_purpose(office) {
        let id = office.network("instagram").comment("@kim", PARCEL).await;
        let slack = office.slack("#social").card_of(1);
        let hugo = office.slack_user("hugo");
        hugo.presses(&slack, "Répondre…").await;
        hugo.fills("We are very sorry, your parcel leaves our depot tomorrow morning.").await;
        let kept = hugo.expect_answer("le client écrit en français et ceci semble être en anglais");
        assert_eq!(replies(office, "instagram", &id), Vec::<String>::new());
        slack.assert_says("R-1 v1");
        hugo.presses_on(&kept, "Envoyer v1").await;
        assert_eq!(replies(office, "instagram", &id), ["We are very sorry, your parcel leaves our depot tomorrow morning."]);
        slack.assert_says("↗");
    }
}

scene! {
    async fn a_reply_that_is_too_long_is_kept_whole_with_the_exact_count(office) {
        let id = office.network("tiktok").comment("@kim", PARCEL).await;
        let slack = office.slack("#social").card_of(1);
        let hugo = office.slack_user("hugo");
        let long = "é".repeat(160);
        hugo.types("#social", &format!("/ticket reply T-1 {long}")).await;
        let kept = hugo.expect_answer("160 caractères, et TikTok en accepte 150 au plus. Raccourcissez de 10");
        assert!(kept.text.contains(&long), "nothing written is lost");
        hugo.presses_on(&kept, "Envoyer v1").await;
        hugo.expect_answer("150");
        assert_eq!(replies(office, "tiktok", &id), Vec::<String>::new());
        hugo.presses(&slack, "Modifier…").await;
        hugo.fills("C’est en route").await;
        assert_eq!(replies(office, "tiktok", &id), ["C’est en route"]);
    }
}

scene! {
    async fn approved_words_are_put_into_replies_until_they_expire(office) {
        let id = office.network("instagram").comment("@kim", PARCEL).await;
        let slack = office.slack("#social").card_of(1);
        let (hugo, lea) = (office.slack_user("hugo"), office.slack_user("lea"));
        hugo.types("#social", "/vigie library add \"Colis en retard\" Nous cherchons votre colis tout de suite. lang:fr").await;
        hugo.expect_answer("B-1 « Colis en retard » v1 est enregistrée");
        hugo.types("#social", "/vigie library use T-1 B-1").await;
        hugo.expect_answer("n’est pas encore approuvée");
        hugo.types("#social", "/vigie library approve B-1").await;
        hugo.expect_answer("quelqu’un d’autre doit l’approuver");
        lea.types("#social", "/vigie bibliotheque approuver B-1").await;
        lea.expect_answer("est désormais en service");
        // In the form it can be picked; it is read before it leaves.
        hugo.presses(&slack, "Répondre…").await;
        assert!(hugo.form().to_string().contains("Colis en retard"), "{}", hugo.form());
        hugo.types("#social", "/vigie library use T-1 B-1").await;
        assert!(hugo.form().to_string().contains("Nous cherchons votre colis tout de suite."), "{}", hugo.form());
        hugo.fills("Nous cherchons votre colis tout de suite. Hugo").await;
        assert_eq!(replies(office, "instagram", &id), ["Nous cherchons votre colis tout de suite. Hugo"]);
        lea.types("#social", "/vigie library find colis").await;
        lea.expect_answer("utilisée 1 fois");
        // From a thread there is no form: the words are kept as a draft.
        office.slack_user("sam").replies(&slack, "@vigie library use B-1").await;
        slack.assert_says("R-2 v1");
        assert_eq!(replies(office, "instagram", &id).len(), 1, "nothing leaves unread");
        lea.types("#social", "/vigie library expire B-1").await;
        hugo.types("#social", "/vigie library use T-1 B-1").await;
        hugo.expect_answer("n’est plus en service");
    }
}

scene! {
    async fn a_refused_reply_says_why_and_can_be_shown_to_who_runs_the_connection(office) {
        office.network("instagram").comment("@kim", PARCEL).await;
        let slack = office.slack("#social").card_of(1);
        let hugo = office.slack_user("hugo");
        let order = FaultOrder { fault: NetworkFault::Refuse { error: Some("token expired".into()) }, count: 1, network: None };
        office.demo().network.faults().order(order).unwrap();
        hugo.types("#social", "/ticket reply T-1 Il arrive demain").await;
        slack.assert_says("token");
        hugo.presses(&slack, "Demander à l’admin").await;
        hugo.expect_answer("J’ai prévenu Léa Moreau");
        office.discord_user("lea").expect_dm("vous demande de vérifier la connexion à Instagram").await;
        hugo.presses(&slack, "Réessayer").await;
        slack.assert_says("↗");
    }
}
