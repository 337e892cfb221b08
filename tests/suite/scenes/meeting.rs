//! The weekly meeting: asked before, opened with what is still to do, closed with a summary.

use serde_json::Value;

use crate::office::{Office, hours, minutes};
use crate::place::Card;
use crate::scene;
use crate::seen::Chat;

/// From Tuesday 09:02 to Friday 10:30: Sunday has no working hours, so people are asked on Friday.
const UNTIL_ASKED: i64 = 3 * 24 * 60 + 88;
/// From Friday 10:30 to Monday 10:20.
const UNTIL_AGENDA: i64 = 3 * 24 * 60 - 10;
/// From the agenda to the end of the meeting.
const UNTIL_END: i64 = 70;

/// The agenda in a channel.
fn agenda<'o>(office: &'o Office, chat: Chat) -> Card<'o> {
    let channel = office.channel(chat, "social");
    let post = channel.expect("Réunion social de la semaine · ");
    Card { office, chat, channel: channel.id.clone(), message: post.id, ticket: 0 }
}

async fn state(office: &Office, kind: &str, id: i64) -> Value {
    let rows = office.probe.texts(&format!("SELECT state FROM aggregates WHERE kind = '{kind}' AND id = {id}")).await;
    serde_json::from_str(rows.first().unwrap_or_else(|| panic!("there is no {kind} {id}"))).unwrap()
}

scene! {
    async fn people_are_asked_the_agenda_carries_open_work_and_the_thread_becomes_the_minutes(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/reunion action @hugo Mettre à jour la FAQ echeance:ven").await;
        lea.expect_answer("A-1 notée pour Hugo Bernard : Mettre à jour la FAQ");
        office.discord_user("hugo").expect_dm("vous confie A-1").await;
        office.slack_user("marc").types("#social", "/absence malade").await;
        for name in ["zoe", "sam"] {
            // Who was seen in Slack last gets direct messages there.
            office.slack_user(name).types("#social", "/vigie me").await;
        }

        office.advance(minutes(UNTIL_ASKED)).await;
        let asked = lea.expect_dm("Réunion social de la semaine a lieu").await;
        office.slack_user("zoe").expect_dm("Répondez aussi pour Marc Delattre").await;
        office.slack_user("sam").expect_dm("Weekly social meeting is on").await;
        let told = office.slack_user("marc").dms().await;
        assert!(told.iter().all(|dm| !dm.text.contains("Réunion social")), "who is away is not asked: {told:#?}");
        lea.presses_on(&asked, "Mes points…").await;
        lea.fills("Trois mercis sur Instagram").await;
        lea.expect_answer("Merci, c’est noté");
        lea.presses_on(&asked, "Mes points…").await;
        lea.fills("Quatre mercis sur Instagram").await;
        lea.types("#social", "/reunion ajouter Le budget du salon").await;

        office.advance(minutes(UNTIL_AGENDA)).await;
        office.slack_user("sam").expect_dm("your points are still missing").await;
        for chat in [Chat::Slack, Chat::Discord] {
            let card = agenda(office, chat);
            card.assert_says("A-1").assert_says("reportée 1×").assert_says("Quatre mercis sur Instagram");
            card.assert_says("Le budget du salon").assert_says("En absence : Marc Delattre");
            assert!(!card.now().text.contains("Trois mercis"), "the latest answer counts: {}", card.now().text);
        }

        let (slack, discord) = (agenda(office, Chat::Slack), agenda(office, Chat::Discord));
        lea.replies(&slack, "décision : on répond aussi le dimanche").await;
        lea.replies(&slack, "action @nora Commander les échantillons").await;
        lea.replies(&slack, "on en parle demain").await;
        office.discord_user("hugo").command("#social", "meet done", &[("action", "A-1")]).await;
        discord.assert_says("✅ A-1").assert_says("on répond aussi le dimanche").assert_says("A-2");
        discord.assert_lines("Décision (Léa Moreau)", 1).assert_lines("A-2 Nora Lindqvist", 1);
        slack.assert_says("✅").assert_says("Commander les échantillons");

        office.advance(minutes(UNTIL_END)).await;
        for card in [&slack, &discord] {
            card.assert_lines("Compte rendu", 1).assert_says("Terminée");
        }
        let marc = office.slack_user("marc");
        assert!(marc.dms().await.iter().all(|dm| !dm.text.contains("M-1")), "nobody writes to who is away");
        marc.types("#social", "/absence retour").await;
        marc.expect_answer("Réunions tenues entre-temps");
        lea.types("#social", "/reunion clore").await;
        lea.expect_answer("M-2 n’est pas encore ouverte");
    }
}

scene! {
    async fn an_open_action_is_carried_through_three_meetings_and_then_the_lead_decides(office) {
        let lea = office.slack_user("lea");
        lea.types("#social", "/meet action @hugo Relire la charte").await;
        for carried in 1..=3 {
            office.advance(hours(7 * 24)).await;
            assert_eq!(state(office, "action", 1).await["carried"], carried);
        }
        lea.expect_dm("A-1 de Hugo Bernard a été reportée 3 fois").await;
        office.slack_user("hugo").types("#social", "/vigie me").await;
        office.slack_user("hugo").expect_answer("Mes actions");
        lea.types("#social", "/reunion abandonner A-1").await;
        lea.expect_answer("A-1 est abandonnée");
        office.advance(hours(7 * 24)).await;
        assert_eq!(state(office, "action", 1).await["carried"], 3);
    }
}

scene! {
    async fn a_meeting_on_a_holiday_is_held_in_writing_and_says_so(office) {
        office.slack_user("lea").types("#social", "/vigie me").await;
        // Easter Monday is 6 April; Friday 3 April is the last working day before.
        office.advance(hours(17 * 24) + minutes(88)).await;
        for chat in [Chat::Slack, Chat::Discord] {
            office.channel(chat, "social").expect("tombe un jour sans heures de travail");
        }
        office.slack_user("lea").expect_dm("se tient par écrit").await;
        office.advance(hours(3 * 24)).await;
        agenda(office, Chat::Slack).assert_says("Par écrit");
        assert_eq!(state(office, "meeting", 3).await["stage"], "open");
        office.advance(hours(2 * 24)).await;
        assert_eq!(state(office, "meeting", 3).await["stage"], "closed");
    }
}

scene! {
    async fn nothing_of_a_meeting_is_lost_or_said_twice_over_restarts(office) {
        office.slack_user("lea").types("#social", "/vigie me").await;
        office.advance(minutes(UNTIL_ASKED)).await;
        office.restart().await;
        office.settle().await;
        let asked = office.slack_user("lea").dms().await;
        let asked = asked.iter().filter(|dm| dm.text.contains("Réunion social de la semaine a lieu")).count();
        assert_eq!(asked, 1);
        // Down over the whole meeting: it is held in writing, and said.
        let demo_off = minutes(UNTIL_AGENDA + 300);
        office.clock.advance(demo_off);
        office.restart().await;
        office.settle().await;
        agenda(office, Chat::Discord).assert_says("elle n’a pas pu s’ouvrir à temps");
        assert_eq!(office.probe.count("aggregates WHERE kind = 'meeting' AND status <> 'planned'").await, 1);
    }
}
