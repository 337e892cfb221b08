//! The rest of the day: a reply approved by a second person, a planned post, the digest, a meeting, a small crisis.

use serde_json::json;

use super::stage::{Broken, Stage};
use crate::sandbox::network::MessageKind;

/// Plays the day's part, after the desk's.
///
/// # Errors
/// The first step that does not hold.
pub async fn play(stage: &mut Stage) -> Result<(), Broken> {
    approved_reply(stage).await?;
    planned_post(stage).await?;
    small_crisis(stage).await
}

/// Whether a text stands in a message that somebody sees in Slack.
fn in_slack(stage: &Stage, who: &str, words: &[&str]) -> Option<()> {
    stage.slack_messages(who).iter().any(|message| words.iter().all(|word| message.text.contains(word))).then_some(())
}

/// Types a slash command in #social.
async fn type_as(stage: &Stage, who: &str, text: &str) -> Result<(), Broken> {
    let act = json!({"act": "slash", "channel": stage.slack_channel("social"), "text": text});
    stage.slack(who, act).await.map(|_| ())
}

async fn approved_reply(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("8. A reply leaves only approved, once, and is “sent” only when the network said so");
    stage
        .customer(
            "google_reviews",
            MessageKind::Review,
            "Helen M.",
            3,
            "Nice lamp, but it came broken and I still wait for the replacement.",
        )
        .await?;
    let card = stage
        .until("Helen's card", |stage| {
            stage.slack_messages("hugo").into_iter().find(|message| {
                message.text.contains("Helen M.")
                    && !message.channel.is_empty()
                    && message.raw["blocks"].as_array().is_some_and(|blocks| blocks.len() > 3)
            })
        })
        .await?;
    stage.press_slack("hugo", &card, "ticket.reply").await?;
    stage.send_slack_form("hugo", &[("text", "We are so sorry, Helen. A replacement leaves today.")]).await?;
    stage.until("the reply waiting", |stage| in_slack(stage, "lea", &["R-1", "approuver"])).await?;
    stage.held("Hugo's reply waits for somebody else's approval, shown on the card and in the thread");
    if stage.demo.network.snapshot().to_string().contains("replacement leaves today") {
        return Err(Broken("an unapproved reply reached the customer".into()));
    }
    let channel = stage.slack_channel("social");
    stage.slack("hugo", json!({"act": "slash", "channel": channel, "text": "/approve R-1 v1"})).await?;
    stage
        .until("Hugo is refused", |stage| {
            stage
                .slack_messages("hugo")
                .into_iter()
                .find(|message| message.raw["ephemeral"] == true && message.text.contains("R-1"))
        })
        .await?;
    stage.held("Hugo cannot approve his own words");
    stage.slack("lea", json!({"act": "slash", "channel": channel, "text": "/approve R-1 v1"})).await?;
    stage
        .until("the reply on the network", |stage| {
            stage.demo.network.snapshot().to_string().contains("replacement leaves today").then_some(())
        })
        .await?;
    stage.held("Léa approved it with /approve R-1 v1; the network has it, once");
    stage.until("the card says sent", |stage| in_slack(stage, "lea", &["Helen M.", "R-1 v1", "envoyé"])).await?;
    stage.held("only then the card says it was sent");
    Ok(())
}

async fn planned_post(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("9. A post is planned, approved, and leaves at its wall-clock time");
    type_as(stage, "marc", "/post new net:instagram La lampe Halo revient en laiton.").await?;
    stage.until("the draft", |stage| in_slack(stage, "lea", &["P-1", "laiton"])).await?;
    type_as(stage, "lea", "/post schedule P-1 +2h").await?;
    type_as(stage, "marc", "/post submit P-1").await?;
    stage.until("P-1 in review", |stage| in_slack(stage, "lea", &["P-1", "approbation"])).await?;
    type_as(stage, "lea", "/approve P-1 v1").await?;
    stage.until("P-1 planned", |stage| in_slack(stage, "lea", &["P-1", "planifi"])).await?;
    stage.held("Marc wrote P-1, Léa planned and approved it");
    if stage.demo.network.snapshot().to_string().contains("revient en laiton") {
        return Err(Broken("a planned post left before its time".into()));
    }
    stage.demo.clock.advance(2 * 3_600_000 + 60_000);
    stage
        .until("the post on the network", |stage| {
            stage.demo.network.snapshot().to_string().contains("revient en laiton").then_some(())
        })
        .await?;
    stage.held("two hours later it left, once");
    Ok(())
}

async fn small_crisis(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("10. A small crisis: room, freeze, acknowledgements, and an end that two people decide");
    type_as(stage, "marc", "/post new net:instagram Nouveau catalogue en ligne.").await?;
    stage.until("the draft P-2", |stage| in_slack(stage, "lea", &["P-2", "catalogue"])).await?;
    type_as(stage, "lea", "/post schedule P-2 +30m").await?;
    type_as(stage, "marc", "/post submit P-2").await?;
    stage.until("P-2 in review", |stage| in_slack(stage, "lea", &["P-2", "approbation"])).await?;
    type_as(stage, "lea", "/approve P-2 v1").await?;
    stage.until("P-2 planned", |stage| in_slack(stage, "lea", &["P-2", "planifi"])).await?;
    type_as(stage, "nora", "/crisis declare l2 Colis perdus à Lyon net:instagram").await?;
    let slack = stage
        .until("the room in Slack", |stage| {
            let user = stage.demo.slack.user_id("lea")?;
            room(&stage.demo.slack.snapshot(&user))
        })
        .await?;
    let discord = stage
        .until("the room in Discord", |stage| {
            let user = stage.demo.discord.user_id("lea")?;
            room(&stage.demo.discord.snapshot(&user))
        })
        .await?;
    stage.held(&format!("C-1 is declared: #{slack} in Slack, #{discord} in Discord, the right people invited"));
    stage.until("P-2 is held", |stage| in_slack(stage, "lea", &["P-2", "retenu"])).await?;
    stage.held("the planned post is frozen in the transaction that would have let it leave");
    stage.until("the lead is called", |stage| in_slack(stage, "lea", &["C-1", "on vous appelle"])).await?;
    type_as(stage, "lea", "/crise recu C-1").await?;
    stage.until("the acknowledgement", |stage| in_slack(stage, "lea", &["Léa Moreau", "a accusé réception"])).await?;
    stage.held("Léa acknowledged with /crise recu; whoever does not is followed up: backup, then lead");
    stage.demo.clock.advance(40 * 60_000);
    type_as(stage, "lea", "/crise fin C-1").await?;
    stage.until("the end is proposed", |stage| in_slack(stage, "lea", &["C-1", "propos"])).await?;
    type_as(stage, "hugo", "/crise fin C-1").await?;
    stage
        .until("the crisis is over", |stage| {
            let user = stage.demo.slack.user_id("lea")?;
            let snapshot = stage.demo.slack.snapshot(&user).to_string();
            (snapshot.contains("C-1") && snapshot.contains("terminée")).then_some(())
        })
        .await?;
    stage.held("Léa proposed the end, Hugo confirmed it");
    if stage.demo.network.snapshot().to_string().contains("Nouveau catalogue") {
        return Err(Broken("a frozen post left by itself".into()));
    }
    stage.held("P-2 did not leave by itself: it waits for a decision");
    Ok(())
}

/// The name of the crisis room in what a member sees.
fn room(snapshot: &serde_json::Value) -> Option<String> {
    let mut channels = snapshot["channels"].as_array()?.iter();
    channels.find_map(|channel| channel["name"].as_str().filter(|name| name.starts_with("crisis-"))).map(str::to_owned)
}
