//! The team's rhythm: a check-in asked on Friday, the digest and the report of Monday morning, an agenda with what is
//! still to do, and an action that comes back until it is done.

use chrono::{Days, NaiveDate, NaiveTime};
use serde_json::json;

use super::stage::{Broken, Seen, Stage};
use crate::domain::rhythm::day;
use crate::runtime::demo::sample_setup;
use crate::sandbox::network::MessageKind;

/// Meetings that the tour lives through.
const WEEKS: u64 = 3;
/// The title of the sample office's meeting.
const MEETING: &str = "Réunion social de la semaine";

/// Plays the rhythm's part, after the day's.
///
/// # Errors
/// The first step that does not hold.
pub async fn play(stage: &mut Stage) -> Result<(), Broken> {
    let calendar = sample_setup(None).map_err(|error| Broken(error.to_string()))?.office.calendar;
    let zone = calendar.zone();
    let noon = NaiveTime::from_hms_opt(10, 45, 0).unwrap_or_default();
    let friday = stage.quiet_friday(WEEKS, |date| calendar.is_open(day::at_time(date, noon, zone)));
    let monday = friday + Days::new(3);
    asked(stage, friday).await?;
    let tickets = a_friday(stage).await?;
    digest(stage, monday, &tickets).await?;
    weekly(stage, monday, &tickets).await?;
    agenda(stage, monday).await?;
    carried(stage, monday).await
}

fn with(messages: Vec<Seen>, sought: &[&str]) -> Option<Seen> {
    messages.into_iter().rev().find(|message| sought.iter().all(|words| message.text.contains(words)))
}

/// The newest message with these words in both chats, as Léa sees them.
async fn in_both(stage: &Stage, what: &str, sought: &[&str]) -> Result<(Seen, Seen), Broken> {
    let slack = seen_by_lea(stage, what, sought, |stage| stage.slack_messages("lea")).await?;
    Ok((slack, seen_by_lea(stage, what, sought, |stage| stage.discord_messages("lea")).await?))
}

/// What is never seen is told with the words that were missing from the message that came nearest.
async fn seen_by_lea(
    stage: &Stage,
    what: &str,
    sought: &[&str],
    look: fn(&Stage) -> Vec<Seen>,
) -> Result<Seen, Broken> {
    let found = stage.until(what, |stage| with(look(stage), sought)).await;
    found.map_err(|broken| match with(look(stage), &sought[..1]) {
        None => broken,
        Some(near) => {
            let missing: Vec<_> = sought.iter().filter(|words| !near.text.contains(**words)).collect();
            Broken(format!("{broken}; without {missing:?}: {}", near.text))
        }
    })
}

async fn asked(stage: &mut Stage, friday: NaiveDate) -> Result<(), Broken> {
    stage.scene("11. The check-in: everybody is asked before the meeting, in their chat and their language");
    let channel = stage.slack_channel("social");
    // Whoever was seen last in a chat gets direct messages there.
    for who in ["lea", "sam"] {
        stage.slack(who, json!({"act": "slash", "channel": channel, "text": "/vigie me"})).await?;
    }
    stage.discord_command("tom", "vigie me", &[]).await?;
    stage.until("Tom's own work", |stage| with(stage.discord_messages("tom"), &["Travail de Tom Girard"])).await?;
    for (who, said) in [("lea", "Travail de Léa Moreau"), ("sam", "Work of Sam Okafor")] {
        stage.until(said, |stage| with(stage.slack_messages(who), &[said])).await?;
    }
    let of_lea = |stage: &Stage| stage.slack_dms("lea", &[MEETING, "Qu’est-ce qui a bien marché"]);
    let of_sam = |stage: &Stage| stage.slack_dms("sam", &["Weekly social meeting", "What went well"]);
    let of_tom = |stage: &Stage| stage.discord_dms("tom", &[MEETING, "Qu’est-ce qui a bien marché"]);
    let before = (of_lea(stage).len(), of_sam(stage).len(), of_tom(stage).len());
    stage.moves_to(friday, 10, 31);
    let lea = stage.until("Léa's question", |stage| of_lea(stage).into_iter().nth(before.0)).await?;
    stage.until("Sam's question", |stage| of_sam(stage).into_iter().nth(before.1)).await?;
    let tom = stage.until("Tom's question", |stage| of_tom(stage).into_iter().nth(before.2)).await?;
    stage.held("Friday: Léa is asked in Slack in French, Sam in English, Tom in Discord");
    stage.press_slack("lea", &lea, "meet.fill").await?;
    let said = [("wins", "Trente mercis sur Instagram"), ("help", "La FAQ est dépassée"), ("plan", "Le salon de Lyon")];
    stage.send_slack_form("lea", &said).await?;
    stage.press_discord("tom", &tom, "meet.fill").await?;
    stage.send_discord_form("tom", &[("wins", "Deux hôtels équipés"), ("plan", "Relancer les architectes")]).await?;
    stage.until("Léa is thanked", |stage| with(stage.slack_messages("lea"), &["Merci, c’est noté"])).await?;
    stage.until("Tom is thanked", |stage| with(stage.discord_messages("tom"), &["Merci, c’est noté"])).await?;
    stage.held("wins, help and plan are filled in: Léa by a Slack form, Tom by a Discord form");
    let action = "/reunion action @hugo Mettre à jour la FAQ echeance:aujourd'hui";
    stage.slack("lea", json!({"act": "slash", "channel": channel, "text": action})).await?;
    stage.until("A-1", |stage| with(stage.slack_messages("lea"), &["A-1", "Hugo Bernard", "FAQ"])).await?;
    stage.held("Léa gives Hugo an action, due on Friday evening");
    Ok(())
}

/// Two customers write on Friday, one is answered: figures that the digest and the report must show.
async fn a_friday(stage: &mut Stage) -> Result<[String; 2], Broken> {
    let mut tickets = [String::new(), String::new()];
    let texts = ["Mon colis Halo est introuvable depuis lundi", "La boutique de Lyon est-elle ouverte dimanche ?"];
    for (at, (name, text)) in [("@yann.b", texts[0]), ("@sofia.l", texts[1])].into_iter().enumerate() {
        stage.customer("instagram", MessageKind::Comment, name, 120, text).await?;
        let card = stage.until("the card", |stage| with(stage.slack_messages("lea"), &[text, "T-"])).await?;
        tickets[at] = reference(&card).ok_or_else(|| Broken("a card without its ticket".into()))?;
    }
    let channel = stage.slack_channel("social");
    let answer = "Bonjour Yann, votre colis est retrouvé et repart ce matin.";
    let typed = format!("/ticket repondre {} {answer}", tickets[0]);
    stage.slack("lea", json!({"act": "slash", "channel": channel, "text": typed})).await?;
    stage
        .until("the answer on the network", |stage| {
            stage.demo.network.snapshot().to_string().contains("repart ce matin").then_some(())
        })
        .await?;
    // The network has it; the answer counts from when Vigie knows.
    let sent = ["en ligne", "repart ce matin"];
    stage.until("the answer is said to be sent", |stage| with(stage.slack_messages("lea"), &sent)).await?;
    Ok(tickets)
}

/// The first ticket named in a message.
fn reference(message: &Seen) -> Option<String> {
    let words = message.text.split(|letter: char| letter.is_whitespace() || "·*".contains(letter));
    words.map(|word| word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric())).find_map(|word| {
        let number = word.strip_prefix("T-")?;
        number.bytes().all(|digit| digit.is_ascii_digit()).then(|| word.to_owned())
    })
}

async fn digest(stage: &mut Stage, monday: NaiveDate, tickets: &[String; 2]) -> Result<(), Broken> {
    stage.scene("12. Monday 08:45: the digest");
    stage.moves_to(monday, 8, 45);
    let figures =
        ["☀️ Lundi", "08:45", "Depuis vendredi", "2 reçus", "1 répondu", "Actions dues", "A-1", "Hugo Bernard"];
    let (slack, _) = in_both(stage, "the digest", &figures).await?;
    stage.held("both chats have it, with Friday's figures: 2 received, 1 answered; and the action that is due");
    stage.choose_in_slack("lea", &slack, "report.tickets", "received").await?;
    let behind = [tickets[0].as_str(), tickets[1].as_str()];
    stage
        .until("the tickets behind the figure", |stage| {
            let private = |message: &Seen| message.raw["ephemeral"] == true;
            with(stage.slack_messages("lea").into_iter().filter(private).collect(), &behind)
        })
        .await?;
    stage.held(&format!("“show tickets” lists what stands behind a figure: {} and {}", tickets[0], tickets[1]));
    Ok(())
}

async fn weekly(stage: &mut Stage, monday: NaiveDate, tickets: &[String; 2]) -> Result<(), Broken> {
    stage.scene("13. Monday 09:00: the report of the week, with its picture");
    stage.moves_to(monday, 9, 0);
    let sought = ["📊 Semaine", "Résolution", "Charge", "Équité"];
    let (_, discord) = in_both(stage, "the report", &sought).await?;
    stage.held("both chats have it: received, answered, open, late, times in working hours, load and fairness");
    let is_picture = |message: &Seen, list: &str, kind: &str, words: &str| {
        let mut files = message.raw[list].as_array().into_iter().flatten();
        files.any(|file| file[kind] == "image/png" && file[words].as_str().is_some_and(|alt| alt.contains("reçu")))
    };
    stage
        .until("the picture in Slack", |stage| {
            stage.slack_messages("lea").into_iter().find(|one| is_picture(one, "files", "mimetype", "alt"))
        })
        .await?;
    stage
        .until("the picture in Discord", |stage| {
            let mut all = stage.discord_messages("lea").into_iter();
            all.find(|one| is_picture(one, "attachments", "content_type", "description"))
        })
        .await?;
    stage.held("with a chart, and its figures in words for whoever cannot see it");
    let label = stage.choose_in_discord("lea", &discord, "report.tickets", "answered").await?;
    let list = stage
        .until("the tickets behind a figure of the report", |stage| {
            let private = |message: &Seen| message.raw["ephemeral"] == true;
            let mine = stage.discord_messages("lea").into_iter().filter(private).collect();
            with(mine, &[tickets[0].as_str(), "Répondus"])
        })
        .await?;
    let listed = list.text.lines().filter(|line| line.starts_with("**T-")).count();
    if !label.contains(&format!("({listed})")) {
        return Err(Broken(format!("the figure “{label}” stands on {listed} tickets: {}", list.text)));
    }
    stage.held(&format!("a figure is as many tickets as its list has: {label}"));
    Ok(())
}

async fn agenda(stage: &mut Stage, monday: NaiveDate) -> Result<(), Broken> {
    stage.scene("14. Monday 10:20: the agenda, and a thread that becomes the minutes");
    stage.moves_to(monday, 10, 20);
    let answers = ["Trente mercis sur Instagram", "La FAQ est dépassée", "Relancer les architectes"];
    let sought = [MEETING, "En cours", "A-1", "reportée 1×", answers[0], answers[1], answers[2]];
    let (slack, _) = in_both(stage, "the agenda", &sought).await?;
    stage.held("both chats have it: Léa's and Tom's answers, and Hugo's open action, carried once");
    let (channel, thread) = (slack.channel.clone(), slack.id.clone());
    for line in
        ["décision : on répond aussi le dimanche", "action @nora Commander les échantillons", "on en parle demain"]
    {
        let act = json!({"act": "post", "channel": channel, "thread_ts": thread, "text": line});
        stage.slack("lea", act).await?;
    }
    let minutes = ["on répond aussi le dimanche", "Nora Lindqvist", "Commander les échantillons"];
    in_both(stage, "the agenda with its minutes", &[MEETING, minutes[0], minutes[1], minutes[2]]).await?;
    stage.held("“décision : …” and “action @nora …” typed in the thread stand on both agendas; talk stays talk");
    stage.slack("lea", json!({"act": "slash", "channel": channel, "text": "/reunion clore"})).await?;
    in_both(stage, "the summary", &["Compte rendu", minutes[0], "A-2"]).await?;
    stage.held("Léa closes it: the summary stands in both threads");
    Ok(())
}

async fn carried(stage: &mut Stage, first: NaiveDate) -> Result<(), Broken> {
    stage.scene("15. What was promised comes back until it is done");
    let (friday, monday) = (first + Days::new(4), first + Days::new(7));
    next_question(stage, friday).await?;
    stage.moves_to(monday, 10, 20);
    let (_, discord) = in_both(stage, "the second agenda", &[MEETING, "En cours", "A-1", "reportée 2×"]).await?;
    stage.held("a week later the action is on the agenda again, carried twice");
    stage.choose_in_discord("hugo", &discord, "meet.done", "A-1").await?;
    in_both(stage, "A-1 done", &[MEETING, "✅", "A-1", "A-2"]).await?;
    stage.held("Hugo marks it as done in Discord: both agendas tick it");
    next_question(stage, friday + Days::new(7)).await?;
    stage.moves_to(monday + Days::new(7), 10, 20);
    let (third, _) = in_both(stage, "the third agenda", &[MEETING, "En cours", "A-2", "reportée 2×"]).await?;
    if third.text.contains("A-1") {
        return Err(Broken("an action that is done came back".into()));
    }
    stage.held("done is done: the third agenda carries A-2 only");
    Ok(())
}

/// The Friday before the next meeting: everybody is asked again.
async fn next_question(stage: &Stage, friday: NaiveDate) -> Result<(), Broken> {
    let asked = |stage: &Stage| stage.slack_dms("lea", &[MEETING, "Qu’est-ce qui a bien marché"]).len();
    let before = asked(stage);
    stage.moves_to(friday, 10, 31);
    stage.until("the next question", |stage| (asked(stage) > before).then_some(())).await
}
