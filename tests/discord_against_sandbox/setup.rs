//! Setting up: registration, the check of settings, and what happens when Discord refuses.

use vigie::ports::chat::Chat;
use vigie::sandbox::discord::DiscordSetup;

use crate::office::{Office, commands, guild, shortcuts};

#[tokio::test]
async fn commands_are_registered_once_and_again_only_when_they_change() {
    let office = Office::closed(guild()).await;
    assert!(office.register().await);
    assert!(!office.register().await, "nothing changed");
    assert_eq!(office.called("PUT", "/commands"), 1);
    let mut changed = commands();
    changed[0].summary_fr = "Donner un ticket".into();
    assert!(office.chat.register(&changed, &shortcuts()).await.expect("registered"));
    assert_eq!(office.called("PUT", "/commands"), 2);
    let shown = office.sandbox.snapshot("ana")["commands"].as_array().cloned().unwrap_or_default();
    assert_eq!(shown.len(), 3);
}

#[tokio::test]
async fn the_check_says_that_all_is_well_or_what_to_do() {
    let office = Office::closed(guild()).await;
    let lines = office.chat.probe().await;
    assert!(lines.iter().all(|line| line.good), "{lines:?}");
    let poor = DiscordSetup {
        message_content_intent: false,
        bot_permissions: 1 << 10,
        everyone_permissions: 1 << 10,
        ..guild()
    };
    let lines = Office::closed(poor).await.chat.probe().await;
    let bad: Vec<&str> = lines.iter().filter(|line| !line.good).map(|line| line.what.as_str()).collect();
    assert!(bad.contains(&"intent Message Content"), "{bad:?}");
    assert!(bad.contains(&"permission Send Messages"), "{bad:?}");
    assert!(!bad.contains(&"permission View Channels") && !bad.contains(&"token"), "{bad:?}");
    let stranger = Office::with_token(guild(), Some("not.the.token")).await;
    let lines = stranger.chat.probe().await;
    assert_eq!(lines.len(), 1);
    assert!(!lines[0].good && lines[0].detail.contains("DISCORD_TOKEN"), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_or_intent_is_not_tried_in_a_storm() {
    let mut stranger = Office::with_token(guild(), Some("not.the.token")).await;
    stranger.join();
    stranger.until("refused", |office| office.called("GET", "gateway") >= 1).await;
    let mut poor = Office::closed(DiscordSetup { message_content_intent: false, ..guild() }).await;
    poor.join();
    poor.until("refused", |office| office.called("GET", "gateway") >= 1).await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    for office in [&stranger, &poor] {
        assert!(!office.chat.connected());
        assert_eq!(office.called("GET", "gateway"), 1);
    }
}
