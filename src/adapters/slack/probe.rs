//! What `vigie check` finds out about a workspace: tokens, scopes, channels, each with what to do about it.
//!
//! Reads only; changes nothing. Never here: a token or a message's text. Start reading at [`SlackChat::probe`].

use super::SlackChat;
use super::faults::Repeat;
use super::manifest::SCOPES;
use super::messages::word;
use super::wire::CALL_WAIT;
use crate::ports::chat::{Chat, SendError};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeLine {
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was looked at.
    pub subject: String,
    /// What was found, and when it is not as it should be, what to do.
    pub finding: String,
}

/// (scope, method, arguments).
type Read = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// A scope can be seen to be there by a reading call that needs it and changes nothing.
const READS: &[Read] = &[
    ("users:read", "users.list", &[("limit", "1")]),
    ("channels:read", "conversations.list", &[("types", "public_channel"), ("limit", "1")]),
    ("groups:read", "conversations.list", &[("types", "private_channel"), ("limit", "1")]),
    ("usergroups:read", "usergroups.list", &[]),
];

impl SlackChat {
    /// Tries the tokens and looks around.
    pub async fn probe(&self) -> Vec<ProbeLine> {
        let mut lines = Vec::new();
        let bot = self.wire.post("auth.test", &serde_json::json!({}), Repeat::Safe, CALL_WAIT).await;
        match bot {
            Ok(answer) => {
                let finding = format!("{} in the workspace {}", word(&answer, "user"), word(&answer, "team"));
                lines.push(line(true, "bot token", &finding));
            }
            Err(error) => {
                lines.push(line(false, "bot token", &words(&error)));
                return lines;
            }
        }
        for (scope, method, args) in READS {
            lines.push(self.try_scope(scope, method, args).await);
        }
        lines.push(self.try_sockets().await);
        lines.push(self.try_channels().await);
        lines
    }

    async fn try_scope(&self, scope: &str, method: &str, args: &[(&str, &str)]) -> ProbeLine {
        let asked: Vec<(&str, String)> = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let subject = format!("scope {scope}");
        let known = SCOPES.iter().find(|known| known.name == scope);
        let reason = known.map(|known| known.reason).unwrap_or_default();
        match self.wire.get(method, &asked).await {
            Ok(_) => line(true, &subject, "granted"),
            Err(error) => {
                let required = known.is_some_and(|known| known.required);
                line(!required, &subject, &format!("{} (used to {reason})", words(&error)))
            }
        }
    }

    async fn try_sockets(&self) -> ProbeLine {
        match self.wire.open_socket().await {
            Ok(address) => match self.wire.hosts().socket(&address) {
                Ok(_) => line(true, "app token", "Socket Mode is on"),
                Err(error) => line(false, "app token", &format!("the socket address {error}")),
            },
            Err(_) if self.signing_secret.is_some() => {
                line(true, "app token", "none that works; events come by HTTP, with the signing secret")
            }
            Err(error) => line(
                false,
                "app token",
                &format!(
                    "{}; create one with connections:write under Basic Information, App-Level Tokens",
                    words(&error)
                ),
            ),
        }
    }

    async fn try_channels(&self) -> ProbeLine {
        match self.channels().await {
            Ok(channels) => {
                let joined: Vec<String> = channels
                    .iter()
                    .filter(|channel| channel.joined)
                    .map(|channel| format!("#{}", channel.name))
                    .collect();
                if joined.is_empty() {
                    line(false, "channels", "the bot is in no channel yet: type /invite @vigie in each desk channel")
                } else {
                    line(true, "channels", &format!("in {}", joined.join(", ")))
                }
            }
            Err(error) => line(false, "channels", &words(&error)),
        }
    }
}

fn words(error: &SendError) -> String {
    match error {
        SendError::Permanent { code, cause } => format!("{code}: {cause}"),
        other => other.to_string(),
    }
}

fn line(ok: bool, subject: &str, finding: &str) -> ProbeLine {
    ProbeLine { ok, subject: subject.to_owned(), finding: finding.to_owned() }
}
