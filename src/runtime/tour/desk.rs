//! The main job as people live it: a customer writes, the ticket gets an owner, both chats show one live card.

use serde_json::json;

use super::stage::{Broken, Seen, Stage};
use crate::sandbox::network::MessageKind;

/// Plays the desk's part.
///
/// # Errors
/// The first step that does not hold.
pub async fn play(stage: &mut Stage) -> Result<(), Broken> {
    let first = arrives(stage).await?;
    claimed_in_discord(stage, &first).await?;
    assigned_by_command(stage).await?;
    noted_and_resolved(stage, &first).await?;
    opened_from_chat(stage).await?;
    hostile_words(stage).await?;
    time_passes(stage).await
}

fn card(messages: Vec<Seen>, words: &[&str]) -> Option<Seen> {
    messages.into_iter().find(|message| words.iter().all(|word| message.text.contains(word)))
}

async fn arrives(stage: &mut Stage) -> Result<(Seen, Seen), Broken> {
    stage.scene("1. A customer writes on Instagram");
    let text = "Bonjour, ma lampe Halo devait arriver lundi et toujours rien. Vous pouvez vérifier ?";
    stage.customer("instagram", MessageKind::Comment, "@camille.dessine", 1_240, text).await?;
    stage.held("the network delivered it to Vigie as a signed webhook");
    let words = ["T-1", "devait arriver lundi"];
    let slack = stage.until("the card in Slack #social", |stage| card(stage.slack_messages("lea"), &words)).await?;
    stage.held(&format!("Slack #social shows the card: {}", headline(&slack)));
    let discord =
        stage.until("the card in Discord #social", |stage| card(stage.discord_messages("lea"), &words)).await?;
    stage.held(&format!("Discord #social shows the same ticket: {}", headline(&discord)));
    let owner = stage.until("a direct message to the owner", dm).await?;
    stage.held(&format!("the rotation gave it to {} and told them by direct message", owner.0));
    Ok((slack, discord))
}

fn headline(message: &Seen) -> String {
    let line = message.text.lines().find(|line| line.contains("T-")).unwrap_or_default();
    line.chars().take(70).collect()
}

/// Whoever got a direct message about T-1.
fn dm(stage: &Stage) -> Option<(String, Seen)> {
    for who in ["lea", "hugo", "ines", "sam", "nora", "tom", "olivia", "marc", "paul", "zoe"] {
        let boards = [
            stage.demo.slack.snapshot(&stage.demo.slack.user_id(who).unwrap_or_default()),
            stage.demo.discord.snapshot(&stage.demo.discord.user_id(who).unwrap_or_default()),
        ];
        let (slack, discord) = (stage.slack_messages(who), stage.discord_messages(who));
        let is_direct = |board: &serde_json::Value, message: &Seen| {
            board["channels"].as_array().into_iter().flatten().any(|channel| {
                channel["id"] == message.channel.as_str() && (channel["is_im"] == true || channel["type"] == 1)
            })
        };
        let found = slack.into_iter().find(|message| message.text.contains("T-1") && is_direct(&boards[0], message));
        let found = found.or_else(|| {
            discord.into_iter().find(|message| message.text.contains("T-1") && is_direct(&boards[1], message))
        });
        if let Some(message) = found {
            return Some((who.to_owned(), message));
        }
    }
    None
}

async fn claimed_in_discord(stage: &mut Stage, cards: &(Seen, Seen)) -> Result<(), Broken> {
    stage.scene("2. Nora claims it in Discord while Sam claims it in Slack");
    let here: &Stage = stage;
    let (nora, sam) = tokio::join!(
        here.press_discord("nora", &cards.1, "ticket.claim"),
        here.press_slack("sam", &cards.0, "ticket.claim")
    );
    nora.and(sam)?;
    let (slack_id, discord_id) = (cards.0.id.clone(), cards.1.id.clone());
    let winner = stage
        .until("one owner on both cards", |stage| {
            let slack = stage.slack_messages("lea").into_iter().find(|message| message.id == slack_id)?;
            let discord = stage.discord_messages("lea").into_iter().find(|message| message.id == discord_id)?;
            ["Nora", "Sam"].into_iter().find(|name| slack.text.contains(name) && discord.text.contains(name))
        })
        .await?;
    stage.held(&format!("one of them has it: {winner}, on the Slack card and on the Discord card, edited in place"));
    let told = stage
        .until("the other is told who won", |stage| {
            let all = stage.slack_messages("sam").into_iter().chain(stage.discord_messages("nora"));
            all.into_iter().find(|message| {
                let told = ["Meanwhile: ", "Entre-temps"].into_iter().any(|word| message.text.contains(word));
                message.raw["ephemeral"] == true && told && message.text.contains(winner)
            })
        })
        .await?;
    let line = told.text.lines().find(|line| line.contains(winner)).unwrap_or_default();
    stage.held(&format!("the other was told: “{line}”"));
    Ok(())
}

async fn assigned_by_command(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("3. Commands");
    let channel = stage.slack_channel("social");
    stage.slack("lea", json!({"act": "slash", "channel": channel, "text": "/assigner T-1 next --why"})).await?;
    let why = stage
        .until("the answer to /assigner", |stage| {
            stage
                .slack_messages("lea")
                .into_iter()
                .find(|message| message.raw["ephemeral"] == true && message.text.contains("par la rotation"))
        })
        .await?;
    stage.held(&format!(
        "/assigner T-1 next --why, in French: {}",
        why.text.lines().find(|line| line.contains("rotation")).unwrap_or_default()
    ));
    let social = stage.discord_channel("social");
    let options = json!([{"name": "list", "type": 1, "options": [{"name": "which", "type": 3, "value": "all"}]}]);
    stage.discord("sam", json!({"act": "slash", "channel": social, "name": "ticket", "options": options})).await?;
    stage
        .until("the list in Discord", |stage| {
            stage
                .discord_messages("sam")
                .into_iter()
                .find(|message| message.raw["ephemeral"] == true && message.text.contains("Open tickets"))
        })
        .await?;
    stage.held("/ticket list in Discord, in English for Sam");
    let wrong = json!({"act": "slash", "channel": channel, "text": "/ticket asign T-1"});
    stage.slack("sam", wrong).await?;
    stage
        .until("a near miss", |stage| {
            stage
                .slack_messages("sam")
                .into_iter()
                .find(|message| message.raw["ephemeral"] == true && message.text.contains("/ticket"))
        })
        .await?;
    stage.held("a mistyped command is answered with what comes near");
    Ok(())
}

async fn noted_and_resolved(stage: &mut Stage, cards: &(Seen, Seen)) -> Result<(), Broken> {
    stage.scene("4. Internal by construction: a note in the thread, then resolved by form");
    let post = json!({"act": "post", "channel": cards.0.channel, "text": "Le colis est au dépôt, livraison demain.", "thread_ts": cards.0.id});
    stage.slack("lea", post).await?;
    stage
        .until("the note in the Discord thread", |stage| {
            stage
                .discord_messages("hugo")
                .into_iter()
                .find(|message| message.text.contains("au dépôt") && message.channel != cards.1.channel)
        })
        .await?;
    stage.held("what Léa typed in the Slack thread is a note in the Discord thread, with her name");
    if !stage.demo.network.snapshot().to_string().contains("dépôt") {
        stage.held("nothing of it reached the customer");
    } else {
        return Err(Broken("an internal note reached the customer".into()));
    }
    let id = cards.0.id.clone();
    let now = stage
        .until("the Slack card", |stage| stage.slack_messages("lea").into_iter().find(|message| message.id == id))
        .await?;
    stage.press_slack("lea", &now, "ticket.resolve").await?;
    stage.send_slack_form("lea", &[("text", "Livré le lendemain")]).await?;
    stage
        .until("resolved on both cards", |stage| {
            let slack = stage
                .slack_messages("lea")
                .into_iter()
                .any(|message| message.id == cards.0.id && message.text.contains("Livré le lendemain"));
            let discord = stage
                .discord_messages("lea")
                .into_iter()
                .any(|message| message.id == cards.1.id && message.text.contains("Livré le lendemain"));
            (slack && discord).then_some(())
        })
        .await?;
    stage.held("resolved with its outcome, on both cards");
    Ok(())
}

async fn opened_from_chat(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("5. From chat: a feed bot, and a 🎫 reaction");
    let mentions = stage.slack_channel("mentions");
    let feed = json!({"act": "post_as_app", "channel": mentions, "app_name": "Review feed", "text": "New 1★ review: the lamp arrived broken and nobody answers"});
    stage.slack("lea", feed).await?;
    stage
        .until("a ticket from the feed", |stage| card(stage.slack_messages("lea"), &["T-2", "arrived broken"]))
        .await?;
    stage.held("a feed bot's post in the watched channel became T-2");
    let general = stage.discord_channel("general");
    stage.discord("tom", json!({"act": "post", "channel": general, "content": "A customer called: the shop in Lyon sold her the wrong bulb"})).await?;
    let said = stage
        .until("Tom's message", |stage| {
            stage.discord_messages("tom").into_iter().find(|message| message.text.contains("wrong bulb"))
        })
        .await?;
    stage.discord("tom", json!({"act": "react", "channel": said.channel, "message": said.id, "emoji": "🎫"})).await?;
    stage
        .until("a ticket from the reaction", |stage| card(stage.discord_messages("lea"), &["T-3", "wrong bulb"]))
        .await?;
    stage.held("🎫 on a Discord message opened T-3, shown in Slack and Discord");
    Ok(())
}

async fn hostile_words(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("6. Hostile words");
    let text = "<!channel> @everyone <@U000> *bold* ||spoiler|| [click](https://evil.example) \u{202e}txet";
    stage.customer("facebook", MessageKind::Comment, "@here", 3, text).await?;
    stage
        .until("T-4 in both chats", |stage| {
            let slack = card(stage.slack_messages("lea"), &["T-4"]);
            let discord = card(stage.discord_messages("lea"), &["T-4"]);
            slack.and(discord)
        })
        .await?;
    let everyone = stage.demo.slack.pings().iter().any(|ping| !ping.single_person);
    if everyone {
        return Err(Broken("a customer's words pinged a whole channel in Slack".into()));
    }
    stage.held("a customer's <!channel> and @everyone are shown and ping nobody");
    Ok(())
}

async fn time_passes(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("7. Time passes");
    stage.demo.clock.advance(26 * 3_600_000);
    stage
        .until("a reminder", |stage| {
            ["lea", "hugo", "ines", "sam", "nora", "tom", "olivia", "marc"].iter().find_map(|who| {
                let all = stage.slack_messages(who).into_iter().chain(stage.discord_messages(who));
                all.into_iter().find(|message| message.text.contains('⏰') || message.text.contains('🔥'))
            })
        })
        .await?;
    stage.held("unanswered tickets reminded their owners, then the lead");
    Ok(())
}
