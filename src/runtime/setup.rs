//! `vigie setup`: what to paste or click so that a chat lets Vigie in.

use super::commands;
use crate::adapters::discord::invite_url;
use crate::adapters::slack::manifest::manifest;
use crate::wording::Wording;

/// The Slack app manifest and what to do with it.
#[must_use]
pub fn slack(url: Option<&str>) -> String {
    let manifest = manifest(&commands::slack_commands(&Wording::new()), &commands::slack_shortcuts(), url);
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    let steps = if url.is_some() {
        "4. Copy the Signing Secret and the Bot User OAuth Token into SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN."
    } else {
        "4. Under Basic Information make an app-level token with connections:write; set SLACK_APP_TOKEN and SLACK_BOT_TOKEN."
    };
    format!(
        "{json}\n\n\
         1. Open https://api.slack.com/apps?new_app=1 and choose \"From a manifest\".\n\
         2. Choose your workspace, paste the JSON above, create the app.\n\
         3. Install it to the workspace.\n{steps}\n\
         5. Invite Vigie to its channels: /invite @vigie\n\
         6. Run: vigie check --tokens"
    )
}

/// The Discord invitation and what to do with it.
#[must_use]
pub fn discord(application: Option<&str>) -> String {
    let link = application.map_or_else(
        || {
            "   (run again with --application ID to get the link; the id is on the app's General Information page)"
                .to_owned()
        },
        |id| format!("   {}", invite_url(id)),
    );
    format!(
        "1. Open https://discord.com/developers/applications and make a New Application.\n\
         2. Under Bot: Reset Token, copy it into DISCORD_TOKEN; switch on Message Content Intent and Server Members Intent.\n\
         3. Open the invitation, which asks for exactly the permissions that are used:\n{link}\n\
         4. Run: vigie check --tokens"
    )
}
