//! Checks the settings against Discord itself and says what is missing and where to click.

use serde_json::Value;

use super::DiscordChat;
use super::registration::{PERMISSIONS, invite_url};
use super::rest::RestError;
use crate::ports::chat::SendError;

/// Application flags: MESSAGE_CONTENT intent granted or limited (Discord docs: Application Flags).
const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;
/// Application flags: GUILD_MEMBERS intent granted or limited (Discord docs: Application Flags).
const GUILD_MEMBERS: u64 = 1 << 14 | 1 << 15;
/// Most channels named in one line.
const NAMED_MAX: usize = 10;

/// One line of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeLine {
    /// What was checked.
    pub what: String,
    /// Whether it is in order.
    pub good: bool,
    /// What was found; when not in order, what to do.
    pub detail: String,
}

impl ProbeLine {
    fn new(what: &str, good: bool, detail: impl Into<String>) -> Self {
        Self { what: what.to_owned(), good, detail: detail.into() }
    }
}

fn failed(what: &str, error: &SendError) -> ProbeLine {
    ProbeLine::new(what, false, error.to_string())
}

/// Whether an intent is switched on, from the application's flags.
fn intent(what: &str, flags: u64, bits: u64) -> ProbeLine {
    let good = flags & bits != 0;
    let portal = "switch it on in the developer portal: Bot, Privileged Gateway Intents";
    ProbeLine::new(what, good, if good { "switched on" } else { portal })
}

impl DiscordChat {
    /// Tries token, intents, server, permissions and channels. Changes nothing.
    pub async fn probe(&self) -> Vec<ProbeLine> {
        let mut lines = Vec::new();
        match self.rest.get("users/@me").await.map_err(RestError::repeatable) {
            Ok(me) => {
                let name = me.get("username").and_then(Value::as_str).unwrap_or_default();
                lines.push(ProbeLine::new("token", true, format!("it is that of {name}")));
            }
            Err(error) => {
                lines.push(failed("token", &error));
                return lines;
            }
        }
        match self.rest.get("applications/@me").await.map_err(RestError::repeatable) {
            Ok(application) => {
                let flags = application.get("flags").and_then(Value::as_u64).unwrap_or(0);
                lines.push(intent("intent Message Content", flags, MESSAGE_CONTENT));
                lines.push(intent("intent Server Members", flags, GUILD_MEMBERS));
            }
            Err(error) => lines.push(failed("application", &error)),
        }
        match self.guild().await {
            Ok(guild) => self.probe_guild(&guild, &mut lines).await,
            Err(error) => lines.push(failed("server", &error)),
        }
        lines
    }

    async fn probe_guild(&self, guild: &str, lines: &mut Vec<ProbeLine>) {
        match self.rest.get(&format!("guilds/{guild}")).await.map_err(RestError::repeatable) {
            Ok(found) => {
                let name = found.get("name").and_then(Value::as_str).unwrap_or_default();
                lines.push(ProbeLine::new("server", true, name));
            }
            Err(error) => {
                lines.push(failed("server", &error));
                return;
            }
        }
        let rights = match self.me().await {
            Ok(me) => self.own_rights(guild, &me).await,
            Err(error) => Err(error),
        };
        match rights {
            Ok(rights) => {
                let held = rights.in_guild();
                let application = self.application().await.unwrap_or_default();
                for (bit, name, why) in PERMISSIONS {
                    let good = held & bit != 0;
                    let cure = format!("missing, {why}: open {} again", invite_url(&application));
                    lines.push(ProbeLine::new(
                        &format!("permission {name}"),
                        good,
                        if good { (*why).to_owned() } else { cure },
                    ));
                }
            }
            Err(error) => lines.push(failed("permissions", &error)),
        }
        match self.read_channels().await {
            Ok(channels) => {
                let hidden: Vec<&str> =
                    channels.iter().filter(|channel| !channel.joined).map(|channel| channel.name.as_str()).collect();
                let open = channels.len() - hidden.len();
                let detail = if hidden.is_empty() {
                    format!("all {open} can be read and written")
                } else {
                    let named = hidden.iter().take(NAMED_MAX).map(|name| format!("#{name}")).collect::<Vec<_>>();
                    format!("{open} can be read and written; not so {}", named.join(" "))
                };
                lines.push(ProbeLine::new("channels", open > 0, detail));
            }
            Err(error) => lines.push(failed("channels", &error)),
        }
    }
}
