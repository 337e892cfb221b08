//! Everybody's own desk: the same numbers by command, on the home page and in the pinned message.

use serde_json::{Value, json};

use crate::acts::Person;
use crate::office::{Office, minutes};
use crate::scene;
use crate::seen::{Chat, Seen};

const fn seconds(count: i64) -> i64 {
    count * 1_000
}

/// The lines of a text that hold the desk's numbers.
fn numbers(text: &str) -> Vec<String> {
    let plain = crate::place::plain(text).replace(['*', '\\'], "");
    let marks = ["📥", "✍️", "☑️", "⚖️", "Open crises", "Crises ouvertes"];
    let lines = plain.lines().map(str::trim).filter(|line| marks.iter().any(|mark| line.starts_with(mark)));
    lines.map(str::to_owned).collect()
}

/// All words of a Slack view.
fn words(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let text = value["text"].as_str().map(|text| format!("{text}\n")).unwrap_or_default();
            text + &members.values().map(words).collect::<String>()
        }
        Value::Array(items) => items.iter().map(words).collect(),
        _ => String::new(),
    }
}

async fn home(person: &Person<'_>) -> String {
    person.does(json!({"act": "open_home"})).await;
    words(&person.office.snapshot(Chat::Slack, &person.id)["home"])
}

/// The one desk that stands in a member's direct messages in Discord.
async fn pinned(person: &Person<'_>, title: &str) -> Seen {
    let dms = person.dms().await;
    let desks: Vec<&Seen> = dms.iter().filter(|dm| dm.text.contains(title)).collect();
    assert_eq!(desks.len(), 1, "one desk, edited in place: {dms:#?}");
    let snapshot = person.office.snapshot(Chat::Discord, &person.id);
    let raw = snapshot["messages"][&desks[0].channel].as_array().unwrap().iter().find(|raw| raw["id"] == desks[0].id);
    assert_eq!(raw.unwrap()["pinned"], true, "it is pinned");
    desks[0].clone()
}

async fn work_to_do(office: &Office) {
    let instagram = office.network("instagram");
    instagram.comment("@kim", "Ma lampe Halo n’est jamais arrivée, où est mon colis ?").await;
    instagram.comment("@max", "Mon colis est en retard de trois semaines").await;
    office.network("google_reviews").comment("@ada", "Nice lamp, but it came broken").await;
    let sam = office.slack_user("sam");
    for number in 1..=3 {
        sam.types("#social", &format!("/assign T-{number} me")).await;
    }
    sam.types("#social", "/ticket reply T-3 We are so sorry, a new lamp leaves today.").await;
    sam.types("#social", "/meet action me Update the FAQ").await;
    office.slack_user("nora").types("#social", "/meet action me Order samples").await;
}

scene! {
    async fn command_home_page_and_pinned_message_show_the_same_numbers(office) {
        work_to_do(office).await;
        for (name, title, open) in [("sam", "Work of Sam Okafor", "📥 3 open tickets · 0 late"), ("lea", "Travail de Léa Moreau", "📥 0 ticket ouvert · 0 en retard")] {
            let (slack, discord) = (office.slack_user(name), office.discord_user(name));
            slack.types("#social", "/vigie me").await;
            let said = numbers(&slack.expect_answer(title).text);
            let page = numbers(&home(&slack).await);
            discord.command("#social", "vigie me", &[]).await;
            let answered = numbers(&discord.expect_answer(title).text);
            let standing = numbers(&pinned(&discord, title).await.text);
            assert!(said.iter().any(|line| line == open), "{said:?}");
            assert!(said.len() >= 2, "{said:?}");
            assert_eq!(said, page);
            assert_eq!(said, answered);
            assert_eq!(said, standing);
        }
        let lea = numbers(&home(&office.slack_user("lea")).await);
        assert!(lea.contains(&"✍️ En attente de mon approbation (1)".to_owned()), "{lea:?}");
        let sam = numbers(&home(&office.slack_user("sam")).await);
        assert!(sam.contains(&"☑️ My actions (1)".to_owned()), "{sam:?}");
        assert!(home(&office.slack_user("lea")).await.contains("Réglages"), "Léa sets the office up");
        assert!(!home(&office.slack_user("sam")).await.contains("Set-up"), "Sam does not");
    }
}

scene! {
    async fn a_standing_desk_is_edited_when_its_work_changes_and_never_more_than_every_ten_seconds(office) {
        let sam = office.discord_user("sam");
        sam.command("#social", "vigie me", &[]).await;
        assert!(pinned(&sam, "Work of Sam Okafor").await.text.contains("0 open tickets"));
        office.advance(seconds(11)).await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/assign T-1 @sam").await;
        office.advance(seconds(11)).await;
        assert!(pinned(&sam, "Work of Sam Okafor").await.text.contains("1 open ticket · 0 late"));
        lea.types("#social", "/ticket resolve T-1 Retrouvé").await;
        office.advance(seconds(2)).await;
        assert!(pinned(&sam, "Work of Sam Okafor").await.text.contains("1 open ticket · 0 late"), "not yet");
        office.advance(seconds(10)).await;
        assert!(pinned(&sam, "Work of Sam Okafor").await.text.contains("0 open tickets"));
        office.restart().await;
        office.advance(minutes(20)).await;
        pinned(&office.discord_user("sam"), "Work of Sam Okafor").await;
    }
}

scene! {
    async fn away_sick_back_and_language_are_buttons_of_the_desk(office) {
        let sam = office.discord_user("sam");
        sam.command("#social", "vigie me", &[]).await;
        let desk = pinned(&sam, "Work of Sam Okafor").await;
        assert_eq!(desk.labels(), ["Away…", "Sick now", "En français"]);
        sam.presses_on(&desk, "Sick now").await;
        let desk = pinned(&sam, "Work of Sam Okafor").await;
        assert!(desk.text.contains("You are away") && desk.text.contains("Nora Lindqvist takes over"), "{}", desk.text);
        let nora = office.slack_user("nora");
        assert!(home(&nora).await.contains("I take over for Sam Okafor"));
        sam.presses_on(&desk, "I am back").await;
        let desk = pinned(&sam, "Work of Sam Okafor").await;
        assert!(!desk.text.contains("You are away"), "{}", desk.text);
        sam.presses_on(&desk, "Away…").await;
        sam.fills("2d").await;
        let preview = sam.expect_answer("A preview: nothing has changed yet");
        sam.presses_on(&preview, "Confirm").await;
        office.advance(seconds(11)).await;
        assert!(pinned(&sam, "Work of Sam Okafor").await.text.contains("You are away until"));
        sam.presses_on(&desk, "En français").await;
        assert!(pinned(&sam, "Travail de Sam Okafor").await.text.contains("Ma semaine"));
    }
}
