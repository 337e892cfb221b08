//! Asking people outside the rota: roles and persons by their chat, experts without an account by a link.

use crate::office::{Office, PATIENCE, hours};
use crate::scene;

const LAMP: &str = "La lampe Lune chauffe et sent le brûlé, est-ce normal ?";

scene! {
    async fn a_role_is_consulted_and_its_answer_lands_in_the_ticket_in_both_chats(office) {
        let message = office.network("instagram").comment("@kim", LAMP).await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket consulter T-1 role:legal \"Peut-on rappeler le lot ?\" echeance:4h").await;
        lea.expect_answer("Q-1 : question posée à @legal sur T-1");
        for card in [&slack, &discord] {
            card.assert_lines("Léa Moreau demande à @legal : Peut-on rappeler le lot ?", 1);
            card.assert_says("Q-1 · Léa Moreau a consulté @legal");
        }
        let ines = office.discord_user("ines");
        let asked = ines.expect_dm("Léa Moreau a besoin de votre avis sur T-1").await;
        assert!(asked.text.contains(LAMP), "the customer's words stand beside the question: {}", asked.text);
        ines.presses_on(&asked, "Répondre…").await;
        ines.fills("Oui, avec l’accord du fabricant").await;
        ines.expect_answer("Votre réponse figure dans T-1, pour l’équipe seulement");
        for card in [&slack, &discord] {
            card.assert_lines("Inès Haddad répond à Léa Moreau : Oui, avec l’accord du fabricant", 1);
            card.assert_says("Peut-on rappeler le lot ? → Inès Haddad");
        }
        lea.expect_dm("Inès Haddad a répondu au sujet de T-1").await;
        ines.expect_dm("Inès Haddad a répondu à Q-1").await;
        assert!(office.demo().network.replies_to("instagram", &message).is_empty(), "an answer is for the team");
    }
}

scene! {
    async fn a_late_consultation_is_chased_and_stands_in_the_digest(office) {
        office.network("instagram").comment("@kim", LAMP).await;
        let slack = office.slack("#social").card_of(1);
        let lea = office.slack_user("lea");
        lea.chooses(&slack, "Demander un avis…").await;
        lea.fills_in(&[("who", "@marc"), ("question", "Quelle ampoule est montée ?"), ("due", "1h")]).await;
        lea.expect_answer("question posée à Marc Delattre");
        office.advance(hours(1)).await;
        office.discord_user("marc").expect_dm("Léa Moreau attend toujours votre avis sur T-1").await;
        slack.assert_lines("n’a pas répondu", 0);
        office.advance(hours(1)).await;
        lea.expect_dm("Marc Delattre n’a pas répondu à Q-1 sur T-1").await;
        slack.assert_lines("Q-1 · Marc Delattre n’a pas répondu", 1).assert_says("⏰ Q-1 · Marc Delattre est en retard");
        lea.types("#social", "/report daily").await;
        lea.expect_answer("1 consultation en retard → T-1");
        // Asked again, it has a new deadline; answered, nobody is chased any more.
        lea.presses(&slack, "Relancer").await;
        slack.assert_lines("Léa Moreau relance Marc Delattre", 1);
        office.discord_user("marc").types_to_vigie("consult answer Q-1 Une E27 de 40 W").await;
        slack.assert_lines("Marc Delattre répond à Léa Moreau : Une E27 de 40 W", 1);
        office.advance(hours(6)).await;
        slack.assert_lines("n’a pas répondu", 1);
    }
}

scene! {
    async fn only_who_was_asked_answers_and_a_resolved_ticket_asks_nobody(office) {
        office.network("instagram").comment("@kim", LAMP).await;
        let slack = office.slack("#social").card_of(1);
        let (lea, hugo) = (office.slack_user("lea"), office.slack_user("hugo"));
        lea.types("#social", "/ticket consulter T-1 role:legal Est-ce un rappel ? echeance:1h").await;
        hugo.types("#social", "/consult answer Q-1 Oui").await;
        hugo.expect_answer("seule cette personne peut répondre");
        hugo.types("#social", "/ticket consulter T-1 role:inconnu Est-ce un rappel ?").await;
        hugo.expect_answer("inconnu");
        hugo.types("#social", "/ticket consulter T-1 role:legal Est-ce un rappel ? echeance:bientôt").await;
        hugo.expect_answer("Je ne comprends pas l’échéance");
        lea.types("#social", "/consulter liste").await;
        lea.expect_answer("Une question ouverte");
        lea.types("#social", "/ticket resolve T-1 Remboursé").await;
        office.advance(hours(2)).await;
        slack.assert_lines("le ticket est résolu ; @legal n’a plus à répondre", 1);
        office.discord_user("ines").expect_dm("T-1 est résolu").await;
    }
}

/// What a browser without an account gets.
async fn visit(office: &Office, link: &str, language: &str) -> (u16, String, reqwest::header::HeaderMap) {
    let _ = office;
    let answer = browser().get(link).header("accept-language", language).timeout(PATIENCE).send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, answer.text().await.unwrap(), headers)
}

fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn send(office: &Office, link: &str, form: &str, text: &str) -> (u16, String) {
    let body = form_body(&[("form", form), ("text", text)]);
    let post = browser().post(link).header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = post.timeout(PATIENCE).send().await.unwrap();
    let status = answer.status().as_u16();
    let page = answer.text().await.unwrap();
    office.settle().await;
    (status, page)
}

fn form_body(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

fn form_token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form\" value=\"").expect("a form");
    rest.split('"').next().unwrap().to_owned()
}

fn link_in(text: &str) -> String {
    let start = text.find("http://127.0.0.1").expect("a link");
    text[start..].split(|c: char| c.is_whitespace() || c == '`').next().unwrap().to_owned()
}

async fn outbox_has(office: &Office, words: &str) -> bool {
    office.probe.count(&format!("links WHERE key LIKE '%{words}%'")).await > 0
}

scene! {
    async fn an_expert_without_an_account_answers_once_by_a_link(office) {
        let message = office.network("instagram").comment("@kim", LAMP).await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket consulter T-1 claire@labo.example Est-ce dangereux ? echeance:4h").await;
        let link = link_in(&lea.expect_answer("transmettez ce lien à claire@labo.example").text);
        for card in [&slack, &discord] {
            assert!(!card.now().text.contains("/answer/"), "the link stands on no card");
            assert!(card.thread().iter().all(|line| !line.text.contains("/answer/")), "nor in a thread");
        }
        let token = link.rsplit('/').next().unwrap().to_owned();
        assert!(!outbox_has(office, &token).await, "only its fingerprint is kept");
        let (status, page, headers) = visit(office, &link, "fr-FR,fr;q=0.9").await;
        assert_eq!(status, 200);
        assert!(page.contains("<html lang=\"fr\">") && page.contains("Est-ce dangereux ?"), "{page}");
        for hidden in ["T-1", "Q-1", "@kim", "kim", "Léa", "Moreau"] {
            assert!(!page.contains(hidden), "{hidden} is nobody's business outside");
        }
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!((headers["cache-control"].as_bytes(), headers["referrer-policy"].as_bytes()), (&b"no-store"[..], &b"no-referrer"[..]));
        assert!(visit(office, &link, "en-GB").await.1.contains("Send my answer"));
        let form = form_token(&page);
        assert_eq!(send(office, &link, "forged", "Oui").await.0, 403, "only our own form is taken");
        let (status, again) = send(office, &link, &form, &"x".repeat(2_001)).await;
        assert!(status == 422 && again.contains("2001") && again.contains("xxxx"), "nothing written is lost");
        assert_eq!(send(office, &link, &form, "Oui <b>@everyone</b> <!channel> débranchez-la").await.0, 303);
        for card in [&slack, &discord] {
            card.assert_lines("claire@labo.example répond à Léa Moreau", 1).assert_lines("débranchez-la", 1);
        }
        let (status, page, _) = visit(office, &link, "fr").await;
        assert!(status == 200 && page.contains("Votre réponse est bien arrivée"), "{page}");
        assert_eq!(send(office, &link, &form, "Non, finalement").await.0, 303, "a second answer is thanked and changes nothing");
        slack.assert_lines("finalement", 0);
        lea.expect_dm("claire@labo.example a répondu au sujet de T-1").await;
        assert!(office.demo().network.replies_to("instagram", &message).is_empty(), "an answer never leaves");
    }
}

scene! {
    async fn a_link_ends_when_it_is_renewed_given_up_or_too_old(office) {
        office.network("instagram").comment("@kim", LAMP).await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/ticket consulter T-1 claire@labo.example Est-ce dangereux ?").await;
        let first = link_in(&lea.expect_answer("transmettez ce lien").text);
        lea.types("#social", "/consult again Q-1 due:2h").await;
        let second = link_in(&lea.expect_answer("transmettez ce lien").text);
        assert_ne!(first, second);
        assert_eq!(visit(office, &first, "fr").await.0, 404, "a renewed link is none");
        assert_eq!(visit(office, &second, "fr").await.0, 200);
        let form = form_token(&visit(office, &second, "fr").await.1);
        lea.types("#social", "/consult cancel Q-1").await;
        assert_eq!(visit(office, &second, "fr").await.0, 410);
        assert_eq!(send(office, &second, &form, "Trop tard").await.0, 410);
        lea.types("#social", "/ticket consulter T-1 claire@labo.example Et maintenant ?").await;
        let third = link_in(&lea.expect_answer("transmettez ce lien").text);
        office.advance(hours(24 * 7)).await;
        assert_eq!(visit(office, &third, "fr").await.0, 410, "a link expires");
        let mangled = format!("{}x", &third[..third.len() - 1]);
        assert_eq!(visit(office, &mangled, "fr").await.0, 404);
        office.slack("#social").card_of(1).assert_lines("Trop tard", 0);
    }
}

scene! {
    async fn whoever_guesses_links_is_slowed_down(office) {
        let address = format!("http://{}/answer/{}", office.demo().vigie.address, "A".repeat(43));
        let mut last = 0;
        for _ in 0..40 {
            last = visit(office, &address, "fr").await.0;
        }
        assert_eq!(last, 429);
        office.clock.advance(60_000);
        assert_eq!(visit(office, &address, "fr").await.0, 404);
    }
}

scene! {
    async fn a_link_survives_a_restart_and_its_answer_is_there_afterwards(office) {
        office.network("instagram").comment("@kim", LAMP).await;
        office.slack_user("lea").types("#social", "/ticket consulter T-1 claire@labo.example Est-ce dangereux ?").await;
        let link = link_in(&office.slack_user("lea").expect_answer("transmettez ce lien").text);
        office.restart().await;
        // The demo listens on another port after a restart; the path is what was signed.
        let path = link.split_once("/answer/").unwrap().1.to_owned();
        let link = format!("http://{}/answer/{path}", office.demo().vigie.address);
        let form = form_token(&visit(office, &link, "fr").await.1);
        assert_eq!(send(office, &link, &form, "Oui, débranchez-la").await.0, 303);
        office.slack("#social").card_of(1).assert_lines("Oui, débranchez-la", 1);
    }
}
