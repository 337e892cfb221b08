//! Auto-moderation: a rule is tried before it acts, says what it does, can be taken back, and never runs wild.

use vigie::sandbox::network::{FaultOrder, MessageKind, NetworkFault, Visibility};

use crate::office::{Office, minutes};
use crate::scene;
use crate::seen::Chat;

const SPAM: &str = "Gagnez de l’argent facile !! https://spam.example/win";

fn visibility(office: &Office, id: &str) -> Visibility {
    office.demo().network.visibility("instagram", id).unwrap()
}

/// A rule that is on: Léa makes it and presses the button under what it would have done.
async fn rule(office: &Office, when: &str, then: &str) {
    let lea = office.slack_user("lea");
    lea.types("#general", &format!("/vigie rule add when:\"{when}\" then:\"{then}\"")).await;
    let told = lea.expect_answer("est enregistrée, encore coupée");
    let on = told.labels().into_iter().find(|label| label.starts_with("Activer")).expect("a switch").to_owned();
    lea.presses_on(&told, &on).await;
    lea.expect_answer("est active");
}

scene! {
    async fn spam_is_hidden_and_tagged_after_a_dry_run_and_taken_back(office) {
        let before = office.network("instagram").comment("@bot1", SPAM).await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let lea = office.slack_user("lea");
        lea.types("#general", "/vigie regle ajouter quand:\"texte~argent et liens>=1\" alors:\"masquer, etiquette:spam\"").await;
        let told = lea.expect_answer("Messages examinés sur les 7 derniers jours : 2. Elle en aurait traité 1");
        for words in ["R-1", "text~argent and links>=1", "hide,tag:spam", "T-1", "@bot1"] {
            assert!(told.text.contains(words), "{words}: {}", told.text);
        }
        assert_eq!(visibility(office, &before), Visibility::Shown, "a dry run hides nothing");
        let id = office.network("instagram").comment("@bot2", SPAM).await;
        assert_eq!(visibility(office, &id), Visibility::Shown, "a new rule is off");
        lea.presses_on(&told, "Activer R-1").await;
        lea.expect_answer("La règle R-1 est active");

        let id = office.network("instagram").comment("@bot3", SPAM).await;
        assert_eq!(visibility(office, &id), Visibility::Hidden);
        assert!(office.ticket(4).await.tags.contains("spam"));
        for chat in [Chat::Slack, Chat::Discord] {
            let card = office.channel(chat, "social").card_of(4);
            card.assert_field("Étiquettes", "spam").assert_says("Masqué sur Instagram par la règle R-1");
            card.assert_lines("Règle R-1 (n° 1) : demande au réseau de masquer le message, étiquette spam", 1);
            card.assert_lines("Masqué sur Instagram", 1);
        }
        let nora = office.discord_user("nora");
        nora.command("#social", "vigie rule log", &[("rule", "R-1")]).await;
        let log = nora.expect_answer("Log of R-1");
        for words in ["#1 on T-4: asks the network to hide the message, tags spam", "Léa Moreau switched it on", "Léa Moreau made it"] {
            assert!(log.text.contains(words), "{words}: {}", log.text);
        }
        nora.presses(&office.discord("#social").card_of(4), "Annuler").await;
        nora.expect_answer("is taken back");
        assert_eq!(visibility(office, &id), Visibility::Shown);
        let ticket = office.ticket(4).await;
        assert!(ticket.tags.is_empty() && ticket.assignee.is_some(), "{ticket:?}");
        office.slack("#social").card_of(4).assert_lines("Nora Lindqvist a annulé ce que la règle R-1 avait fait", 1);
        lea.types("#general", "/vigie regle annuler R-1 1").await;
        lea.expect_answer("Nora Lindqvist l’a déjà annulé");
        lea.types("#general", "/vigie regle journal R-1").await;
        lea.expect_answer("Nora Lindqvist a annulé le n° 1 sur T-4");
    }
}

scene! {
    async fn what_a_rule_closes_is_nobodys_work_until_it_is_taken_back_by_command(office) {
        rule(office, "text~argent", "hide,tag:spam,prio:p4,close").await;
        office.network("instagram").comment("@bot1", SPAM).await;
        let ticket = office.ticket(1).await;
        assert!(!ticket.is_open() && ticket.assignee.is_none(), "{ticket:?}");
        assert_eq!((ticket.opening.topic.as_str(), ticket.outcome.as_deref()), ("spam", Some("spam")));
        let card = office.slack("#social").card_of(1);
        card.assert_says("clos comme indésirable");
        assert!(card.now().labels().contains(&"Annuler"), "{:?}", card.now().labels());
        office.advance(minutes(11)).await;
        assert!(!card.now().labels().contains(&"Annuler"), "after ten minutes the button is gone");
        let lea = office.slack_user("lea");
        lea.types("#general", "/vigie rule undo R-1 7").await;
        lea.expect_answer("n’a pas d’acte 7. Elle a agi 1 fois");
        lea.types("#general", "/vigie rule undo R-1 1").await;
        lea.expect_answer("à T-1 (n° 1) est annulé");
        let ticket = office.ticket(1).await;
        assert!(ticket.is_open() && ticket.assignee.is_some(), "{ticket:?}");
    }
}

scene! {
    async fn what_the_network_refuses_is_never_called_hidden(office) {
        rule(office, "text~argent", "hide").await;
        office.network("instagram").mention("@bot1", SPAM).await;
        let card = office.slack("#social").card_of(1);
        card.assert_says("Instagram a refusé de masquer le message").assert_says("only comments beneath your own posts");
        assert!(!card.now().text.contains("Masqué sur"), "{}", card.now().text);
        office.network("instagram").dm("@bot2", SPAM).await;
        let lea = office.slack_user("lea");
        lea.types("#general", "/vigie rule log R-1").await;
        let log = lea.expect_answer("le réseau a refusé le n° 1 sur T-1");
        assert!(log.text.contains("un message privé ne se masque pas"), "{}", log.text);
        lea.types("#social", "/ticket moderer T-2 masquer").await;
        lea.expect_answer("T-2 est un message privé");
        let id = office.network("instagram").comment("@max", "Bof").await;
        let order = FaultOrder { fault: NetworkFault::FailAfter, count: 1, network: None };
        office.demo().network.faults().order(order).unwrap();
        lea.types("#social", "/ticket moderate T-3 hide").await;
        lea.expect_answer("La fiche dit quand c’est fait");
        office.advance(minutes(1)).await;
        office.slack("#social").card_of(3).assert_says("Masqué sur Instagram par Léa Moreau");
        assert_eq!(visibility(office, &id), Visibility::Hidden, "an answer that was lost is asked for again");
        lea.types("#social", "/ticket moderate T-3 hide").await;
        lea.expect_answer("sont déjà masqués");
        lea.chooses(&office.slack("#social").card_of(3), "Réafficher").await;
        assert_eq!(visibility(office, &id), Visibility::Shown);
        office.slack_user("marc").types("#social", "/ticket moderate T-3 hide").await;
        office.slack_user("marc").expect_answer("masquer");
    }
}

scene! {
    async fn what_people_must_see_is_never_hidden_or_closed_by_a_rule(office) {
        rule(office, "text~argent or text~journaliste", "hide,close,tag:douteux").await;
        let network = office.network("instagram");
        let id = network.write(MessageKind::Comment, "@star", 250_000, SPAM).await;
        let press = network.comment("@gazette", "Je suis journaliste au Monde et souhaite une interview de presse").await;
        assert_eq!(visibility(office, &id), Visibility::Shown);
        assert_eq!(visibility(office, &press), Visibility::Shown);
        let (star, gazette) = (office.ticket(1).await, office.ticket(2).await);
        assert!(star.is_open() && gazette.is_open() && star.tags.contains("douteux"), "{star:?} {gazette:?}");
        let lea = office.discord_user("lea");
        lea.command("#social", "vigie rule log", &[("rule", "r1")]).await;
        lea.expect_answer("à regarder par quelqu’un");
    }
}

scene! {
    async fn a_rule_that_runs_wild_switches_itself_off_and_tells_the_lead(office) {
        for index in 0..14 {
            office.network("instagram").write_unsettled(MessageKind::Comment, &format!("@c{index}"), 10, "Bonjour, où est ma lampe ?").await;
        }
        office.settle().await;
        // Long enough for the look-out, which would call so many messages at once a crisis.
        office.advance(minutes(25)).await;
        rule(office, "text~argent", "hide").await;
        for index in 0..8 {
            office.network("instagram").comment(&format!("@bot{index}"), SPAM).await;
        }
        let lea = office.slack_user("lea");
        lea.types("#general", "/vigie regle liste").await;
        let list = lea.expect_answer("s’est coupée d’elle-même");
        assert!(list.text.contains("masqués 6"), "{}", list.text);
        lea.expect_dm("elle allait masquer 7 messages sur 21 en une heure").await;
        assert!(office.ticket(22).await.measures.is_empty(), "off is off");
        lea.presses_on(&list, "Activer R-1").await;
        lea.expect_answer("La règle R-1 est active");
    }
}

/// Approved words of the library in two languages, as B-1 and B-2.
async fn library(office: &Office) {
    let (hugo, lea) = (office.slack_user("hugo"), office.slack_user("lea"));
    hugo.types("#general", "/vigie library add \"Horaires\" Bonjour, nous ouvrons à 9 h. lang:fr").await;
    hugo.types("#general", "/vigie library add \"Horaires\" Hello, we open at 9. lang:en").await;
    lea.types("#general", "/vigie library approve B-1").await;
    lea.types("#general", "/vigie library approve B-2").await;
}

fn answers(office: &Office, id: &str) -> Vec<String> {
    office.demo().network.replies_to("instagram", id).into_iter().map(|one| one.text).collect()
}

scene! {
    async fn a_rule_answers_once_in_the_customers_language_and_never_as_a_person(office) {
        library(office).await;
        rule(office, "text~horaires or text~'opening hours'", "answer:B-1").await;
        let french = office.network("instagram").comment("@kim", "Bonjour, quels sont vos horaires le samedi s’il vous plaît ?").await;
        let english = office.network("instagram").comment("@joe", "Hello, what are your opening hours on Saturday please?").await;
        assert_eq!(answers(office, &french), ["Bonjour, nous ouvrons à 9 h."]);
        assert_eq!(answers(office, &english), ["Hello, we open at 9."]);
        let ticket = office.ticket(1).await;
        assert!(ticket.answered_at.is_none() && ticket.is_open(), "the customer still waits for a person");
        let card = office.slack("#social").card_of(1);
        card.assert_says("répond avec R-1");
        let again = office.network("instagram").comment("@kim", "Bonjour, vos horaires du dimanche s’il vous plaît ?").await;
        assert_eq!(answers(office, &again), Vec::<String>::new(), "once a day");
        let ours = office.network("instagram").comment("@maison.lumiere", "Nos horaires ont changé, venez nous voir").await;
        assert_eq!(answers(office, &ours), Vec::<String>::new(), "never ourselves");
        let lea = office.slack_user("lea");
        lea.types("#general", "/vigie rule log R-1").await;
        lea.expect_answer("déjà une réponse en 24 heures");
        lea.types("#general", "/vigie rule undo R-1 1").await;
        lea.expect_answer("Sa réponse R-1 est partie et ne peut pas être reprise");
        lea.types("#general", "/vigie library expire B-1").await;
        let late = office.network("instagram").comment("@zoe", "Bonjour, quels sont vos horaires aujourd’hui ?").await;
        assert_eq!(answers(office, &late), Vec::<String>::new(), "expired words are not used");
    }
}

scene! {
    async fn in_a_crisis_rules_neither_hide_nor_answer(office) {
        library(office).await;
        rule(office, "text~horaires or text~argent", "hide,answer:B-1,tag:auto").await;
        let marc = office.slack_user("marc");
        office.expects(crate::office::Oddity::Pings);
        marc.types("#general", "/crisis declare l2 Livraisons perdues net:instagram").await;
        let id = office.network("instagram").comment("@kim", "Bonjour, quels sont vos horaires s’il vous plaît ?").await;
        assert_eq!(visibility(office, &id), Visibility::Shown);
        assert_eq!(answers(office, &id), Vec::<String>::new());
        assert!(office.ticket(1).await.tags.contains("auto"), "what stays in the house goes on");
        let lea = office.slack_user("lea");
        lea.types("#general", "/vigie rule log R-1").await;
        lea.expect_answer("une crise a arrêté l’automatisation ici");
    }
}

scene! {
    async fn deleting_takes_two_people(office) {
        let id = office.network("instagram").comment("@kim", "Insulte").await;
        let (lea, hugo) = (office.slack_user("lea"), office.discord_user("hugo"));
        office.slack_user("nora").types("#social", "/ticket moderate T-1 delete").await;
        office.slack_user("nora").expect_answer("Léa Moreau");
        lea.types("#social", "/ticket moderer T-1 supprimer").await;
        lea.expect_answer("personne d’autre n’a le droit de supprimer");
        let card = office.slack("#social").card_of(1);
        card.assert_says("Léa Moreau propose de supprimer");
        lea.presses(&card, "Confirmer la suppression").await;
        lea.expect_answer("Personne d’autre ne peut confirmer");
        hugo.presses(&office.discord("#social").card_of(1), "Confirmer la suppression").await;
        hugo.expect_answer("Léa Moreau");
        assert_eq!(visibility(office, &id), Visibility::Shown);
        lea.types("#general", "/vigie role grant head hugo").await;
        lea.presses(&card, "Confirmer la suppression").await;
        lea.expect_answer("quelqu’un d’autre doit confirmer");
        hugo.presses(&office.discord("#social").card_of(1), "Confirmer la suppression").await;
        assert_eq!(visibility(office, &id), Visibility::Deleted);
        card.assert_says("Supprimé sur Instagram").assert_lines("Hugo Bernard a confirmé la suppression", 1);
        lea.types("#social", "/ticket moderate T-1 unhide").await;
        lea.expect_answer("Aucun message de T-1 n’est masqué");
    }
}

scene! {
    async fn a_rule_that_cannot_be_read_says_where_and_what_was_expected(office) {
        let (lea, sam) = (office.slack_user("lea"), office.discord_user("sam"));
        lea.types("#general", "/vigie rule add when:\"couleur=rouge\" then:hide").await;
        lea.expect_answer("au caractère 1 (couleur=rouge) : ce n’est rien de ce qui peut être examiné");
        lea.types("#general", "/vigie rule add when:\"followers<10 and text~spam text~argent\" then:hide").await;
        lea.expect_answer("au caractère 28 (text~argent) : il faut « et », « ou » ou la fin");
        lea.types("#general", "/vigie rule add when:\"text~spam\" then:brûler").await;
        lea.expect_answer("une règle peut masquer (hide)");
        lea.types("#general", "/vigie rule add when:\"net=instragram\" then:hide").await;
        lea.expect_answer("Le réseau instragram n’existe pas ici. Réseaux : ");
        lea.types("#general", "/vigie rule add when:\"text~spam\" then:assign:role:nobody").await;
        lea.expect_answer("Le rôle nobody n’existe pas");
        sam.command("#social", "vigie rule add", &[("when", "text~spam"), ("then", "hide")]).await;
        sam.expect_answer("Léa Moreau");
        let lea = office.discord_user("lea");
        lea.command("#social", "vigie rule add", &[]).await;
        lea.fills_in(&[("when", "abonnes<10 et texte~/gagne[rz]\\b/"), ("then", "confier:@hugo")]).await;
        let told = lea.expect_answer("est enregistrée, encore coupée");
        assert!(told.text.contains("followers<10 and text~/gagne[rz]\\b/"), "{}", told.text);
        lea.presses_on(&told, "Activer R-1").await;
        office.network("instagram").write(MessageKind::Comment, "@bot", 3, "Vous aussi gagnez !").await;
        assert_eq!(office.ticket(1).await.assignee.map(|who| who.0).as_deref(), Some("hugo"));
        lea.command("#social", "vigie rule edit", &[("rule", "R-1")]).await;
        lea.fills_in(&[("when", "abonnes<10"), ("then", "etiquette:petit")]).await;
        let edited = lea.expect_answer("coupée jusqu’à ce que vous l’activiez de nouveau");
        lea.presses_on(&told, "Activer R-1").await;
        lea.expect_answer("a modifié la règle R-1 depuis que vous l’avez vue");
        lea.presses_on(&edited, "Activer R-1").await;
        lea.expect_answer("est active");
        lea.command("#social", "vigie rule test", &[("rule", "R-1"), ("days", "90d")]).await;
        lea.expect_answer("de 1j à 30j");
        lea.command("#social", "vigie rule off", &[("rule", "R-1")]).await;
        lea.expect_answer("La règle R-1 est coupée");
        lea.command("#social", "vigie rule off", &[("rule", "R-7")]).await;
        lea.expect_answer("n’existe pas. Règles : R-1");
    }
}
