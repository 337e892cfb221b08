//! The digest of the morning and the report of the week.

use std::collections::BTreeSet;

use serde_json::Value;
use vigie::domain::time::DAY_MS;

use crate::office::{Office, hours, minutes};
use crate::scene;
use crate::seen::Chat;

/// From Tuesday 09:02 to Wednesday 08:45.
const UNTIL_DIGEST: i64 = 24 * 60 - 17;
/// From Tuesday 09:02 to Monday 09:00.
const UNTIL_REPORT: i64 = 6 * 24 * 60 - 2;
/// Midnights in Paris around Tuesday 17 March 2026.
const TUESDAY_MS: i64 = 1_773_702_000_000;

async fn a_day_of_work(office: &Office) {
    let instagram = office.network("instagram");
    instagram.comment("@kim", "Ma lampe Halo n’est jamais arrivée, où est mon colis ?").await;
    instagram.comment("@max", "Mon colis est en retard de trois semaines").await;
    office.network("x").mention("@joe", "My order never arrived, where is my parcel?").await;
    let lea = office.slack_user("lea");
    lea.types("#social", "/assign T-1 me").await;
    office.advance(minutes(30)).await;
    lea.types("#social", "/ticket resolve T-1 Renvoyé").await;
    lea.types("#social", "/ticket reopen T-1").await;
    office.advance(minutes(10)).await;
    lea.types("#social", "/ticket resolve T-1 Vraiment renvoyé").await;
}

async fn document(office: &Office, name: &str) -> Value {
    let sql = format!("SELECT value FROM settings WHERE key LIKE 'document:{name}:%' ORDER BY key DESC");
    let rows = office.probe.texts(&sql).await;
    serde_json::from_str(rows.first().unwrap_or_else(|| panic!("no {name} document"))).unwrap()
}

fn ids(list: &Value) -> BTreeSet<i64> {
    list.as_array().unwrap().iter().filter_map(Value::as_i64).collect()
}

/// Tickets with an event in the day, straight from the journal.
async fn with_event(office: &Office, event: &str) -> BTreeSet<i64> {
    let sql = format!(
        "SELECT CAST(aggregate_id AS TEXT) FROM journal WHERE kind = 'ticket' AND event = '{event}' \
         AND at >= {TUESDAY_MS} AND at < {}",
        TUESDAY_MS + DAY_MS
    );
    office.probe.texts(&sql).await.iter().filter_map(|id| id.parse().ok()).collect()
}

scene! {
    async fn the_digest_stands_in_both_chats_once_with_figures_that_a_recount_confirms(office) {
        a_day_of_work(office).await;
        let passed = minutes(40);
        office.advance(minutes(UNTIL_DIGEST) - passed).await;
        let report = document(office, "daily").await;
        assert_eq!(ids(&report["figures"]["received"]), with_event(office, "opened").await);
        assert_eq!(ids(&report["figures"]["reopened"]), with_event(office, "reopened").await);
        assert_eq!(ids(&report["figures"]["resolved"]), BTreeSet::from([1]));
        let open = "SELECT CAST(id AS TEXT) FROM aggregates WHERE kind = 'ticket' AND closed_at IS NULL";
        let open: BTreeSet<i64> = office.probe.texts(open).await.iter().filter_map(|id| id.parse().ok()).collect();
        assert_eq!(ids(&report["figures"]["open"]), open);
        for chat in [Chat::Slack, Chat::Discord] {
            let digest = office.channel(chat, "social").expect("☀️ Mercredi 18 mars, 08:45 (Europe/Paris)");
            for words in ["Hier", "3 reçus", "1 résolu", "2 ouverts", "En retard 2", "T-2", "Santé : file"] {
                assert!(digest.text.contains(words), "no {words:?} in {}", digest.text);
            }
            assert!(!digest.text.contains("de retard : Vigie"), "{}", digest.text);
        }
        office.restart().await;
        office.settle().await;
        for chat in [Chat::Slack, Chat::Discord] {
            let posts = office.channel(chat, "social").messages();
            let digests = posts.iter().filter(|post| post.text.contains("☀️ Mercredi 18 mars, 08:45")).count();
            assert_eq!(digests, 1, "on {chat:?}");
        }
    }
}

scene! {
    async fn a_quiet_day_has_two_lines_and_a_late_digest_says_so(office) {
        office.clock.advance(minutes(UNTIL_DIGEST + 45));
        office.settle().await;
        let digest = office.slack("#social").expect("☀️ Mercredi 18 mars, 08:45");
        assert!(digest.text.contains("Calme plat"), "{}", digest.text);
        assert!(digest.text.contains("Publié avec 45 min de retard"), "{}", digest.text);
        // More than twelve hours late is nobody's morning any more.
        office.clock.advance(hours(24 + 12));
        office.settle().await;
        let posts = office.slack("#social").messages();
        assert!(posts.iter().all(|post| !post.text.contains("Jeudi 19 mars, 08:45")), "{}", office.slack("#social").transcript());
    }
}

scene! {
    async fn the_weekly_report_comes_with_a_picture_and_every_figure_can_be_listed(office) {
        a_day_of_work(office).await;
        office.advance(minutes(UNTIL_REPORT) - minutes(40)).await;
        for chat in [Chat::Slack, Chat::Discord] {
            let report = office.channel(chat, "social").expect("📊 Semaine 12 · du 16 au 22 mars");
            for words in ["3 reçus ·", "1 résolu", "Résolution : médiane 40 min", "Par réseau", "Instagram", "Charge"] {
                assert!(report.text.contains(words), "no {words:?} in {}", report.text);
            }
        }
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie lang en").await;
        lea.types("#social", "/report metric received").await;
        let list = lea.expect_answer("T-1");
        assert!(list.text.contains("T-2") && list.text.contains("T-3"), "{}", list.text);
        lea.types("#social", "/report weekly this").await;
        lea.expect_answer("Week 13");
        lea.types("#social", "/report weekly tomorrow").await;
        lea.expect_answer("I cannot make a report of");
    }
}

scene! {
    async fn a_shared_report_stands_where_it_was_asked_with_its_picture_and_its_lists(office) {
        a_day_of_work(office).await;
        let lea = office.slack_user("lea");
        lea.types("#support", "/report weekly this share").await;
        office.settle().await;
        let here = office.channel(Chat::Slack, "support").messages();
        let report: Vec<_> = here.iter().filter(|one| one.text.contains("📊 Week 12")).collect();
        assert_eq!(report.len(), 1, "{here:#?}");
        assert!(report[0].text.contains("3 received"), "{}", report[0].text);
        assert!(report[0].text.contains("There is no week before to compare with."), "{}", report[0].text);
        assert!(report[0].menus.iter().any(|menu| !menu.entries.is_empty()), "{report:?}");
        let pictures: Vec<&String> = here.iter().flat_map(|one| &one.files).collect();
        assert!(pictures.len() == 1 && pictures[0].starts_with("shared-"), "{pictures:?}");
        for (chat, name) in [(Chat::Discord, "support"), (Chat::Slack, "social"), (Chat::Discord, "social")] {
            let other = office.channel(chat, name).messages();
            assert!(other.iter().all(|one| !one.text.contains("📊") && one.files.is_empty()), "{other:#?}");
        }
        // A digest has no picture. A restart repeats nothing.
        lea.types("#social", "/rapport jour aujourd'hui partager").await;
        office.settle().await;
        office.restart().await;
        office.settle().await;
        let desk = office.channel(Chat::Slack, "social").messages();
        assert_eq!(desk.iter().filter(|one| one.text.contains("☀️")).count(), 1, "{desk:#?}");
        assert!(desk.iter().all(|one| one.files.is_empty()), "{desk:#?}");
    }
}

scene! {
    async fn people_see_their_own_figures_unless_they_may_see_all(office) {
        a_day_of_work(office).await;
        let marc = office.slack_user("marc");
        marc.types("#social", "/rapport jour aujourd'hui").await;
        marc.expect_answer("Seulement les tickets de Marc Delattre");
        marc.types("#social", "/rapport jour aujourd'hui partager").await;
        marc.expect_answer("Il vous faut le droit « voir les rapports »");
        let lea = office.slack_user("lea");
        lea.types("#social", "/rapport jour aujourd'hui").await;
        lea.expect_answer("3 reçus");
    }
}
