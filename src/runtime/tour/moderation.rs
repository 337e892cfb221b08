//! Auto-moderation: a rule is tried on what came in, switched on, hides spam, and is taken back.

use serde_json::json;

use super::stage::{Broken, Seen, Stage};
use crate::sandbox::network::{MessageKind, Visibility};

/// Plays the moderation's part, after everything else: what a rule closes is in no figure.
///
/// # Errors
/// The first step that does not hold.
pub async fn play(stage: &mut Stage) -> Result<(), Broken> {
    stage.scene("Moderation: a rule is tried before it acts");
    let channel = stage.slack_channel("general");
    let line = "/vigie regle ajouter quand:\"texte~crypto et liens>=1\" alors:\"masquer, etiquette:spam\"";
    stage.slack("lea", json!({"act": "slash", "channel": channel, "text": line})).await?;
    let tried = stage.until("what the rule would have done", |stage| told(stage, "encore coupée")).await?;
    stage.held("the new rule R-1 is off and shows what it would have done over the last week");
    stage.press_slack("lea", &tried, "rule.on").await?;
    stage.until("the rule is on", |stage| told(stage, "La règle R-1 est active")).await?;
    let spam = "Doublez vos crypto dès ce soir https://spam.example/x";
    let id = stage.customer("instagram", MessageKind::Comment, "@gain.facile", 4, spam).await?;
    let hidden = |stage: &Stage| stage.demo.network.visibility("instagram", &id) == Some(Visibility::Hidden);
    stage.until("the comment hidden", |stage| hidden(stage).then_some(())).await?;
    let words = ["Doublez vos crypto", "Masqué sur Instagram"];
    let card = |messages: Vec<Seen>| messages.into_iter().find(|one| words.iter().all(|word| one.text.contains(word)));
    let shown = stage.until("the card in Discord says so", |stage| card(stage.discord_messages("lea"))).await?;
    stage.until("the card in Slack says so", |stage| card(stage.slack_messages("lea"))).await?;
    stage.held("a spam comment is hidden on Instagram and tagged; both cards say by which rule");
    stage.press_discord("nora", &shown, "rule.undo").await?;
    stage.until("the comment shown again", |stage| (!hidden(stage)).then_some(())).await?;
    stage.held("Nora takes it back on the Discord card: the comment is public again");
    Ok(())
}

/// The newest answer that only Léa sees with these words.
fn told(stage: &Stage, words: &str) -> Option<Seen> {
    let mine = stage.slack_messages("lea").into_iter().rev();
    mine.into_iter().find(|one| one.raw["ephemeral"] == true && one.text.contains(words))
}
