//! The sandbox office: a local Slack, Discord and social network, and a Vigie connected to them, on one machine.
//!
//! Everything is real but the outside: the same adapters, store and loops as in production. Start at [`Demo::start`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Datelike, NaiveTime, TimeZone, Weekday};
use chrono_tz::Europe::Paris;
use secrecy::SecretString;

use super::assembly::{Assembly, StartError};
use super::clock::SharedClock;
use super::{commands, samples};
use crate::app::{Setup, library};
use crate::config::settings::{DiscordSettings, HookSettings, LogStyle, Retention, Settings, SlackMode, SlackSettings};
use crate::config::{load_office, load_playbooks, triage::load_triage};
use crate::domain::content::library::Making;
use crate::domain::desk::triage::Sorter;
use crate::domain::office::{Lang, Member, MemberId, Office};
use crate::sandbox::SandboxClock;
use crate::sandbox::discord::{
    DiscordSandbox, DiscordSetup, DiscordSetupChannel, DiscordSetupRole, DiscordSetupUser, IDENTIFY_WINDOW_MS,
};
use crate::sandbox::network::{BrandAccount, NetworkSandbox, NetworkSetup};
use crate::sandbox::page::{Hint, PageParts, PageServer, Workspace, serve};
use crate::sandbox::slack::{
    ChannelSetup, CommandSetup, ShortcutSetup, SlackSandbox, SlackSetup, UserGroupSetup, UserSetup,
};
use crate::wording::Wording;

/// The sample office, as shipped in `config/`.
const OFFICE: &str = include_str!("../../config/office.toml");
const PLAYBOOKS: [(&str, &str); 13] = [
    ("config/playbooks/campaign.md", include_str!("../../config/playbooks/campaign.md")),
    ("config/playbooks/care-order.md", include_str!("../../config/playbooks/care-order.md")),
    ("config/playbooks/care-repair.md", include_str!("../../config/playbooks/care-repair.md")),
    ("config/playbooks/care-replacement.md", include_str!("../../config/playbooks/care-replacement.md")),
    ("config/playbooks/care-return.md", include_str!("../../config/playbooks/care-return.md")),
    ("config/playbooks/ceo.md", include_str!("../../config/playbooks/ceo.md")),
    ("config/playbooks/crisis.md", include_str!("../../config/playbooks/crisis.md")),
    ("config/playbooks/misstep.md", include_str!("../../config/playbooks/misstep.md")),
    ("config/playbooks/monthly-analytics.md", include_str!("../../config/playbooks/monthly-analytics.md")),
    ("config/playbooks/new-network.md", include_str!("../../config/playbooks/new-network.md")),
    ("config/playbooks/new-tool.md", include_str!("../../config/playbooks/new-tool.md")),
    ("config/playbooks/rogue-post.md", include_str!("../../config/playbooks/rogue-post.md")),
    ("config/playbooks/sales.md", include_str!("../../config/playbooks/sales.md")),
];
/// The sample triage rules.
pub const TRIAGE: &str = include_str!("../../config/triage.toml");
/// Signs the sandbox network's webhooks; worth nothing outside this process's loopback.
pub const NETWORK_SECRET: &str = "whsec_c2FuZGJveC1vbmx5LW5vdC1hLXNlY3JldC0wMDAwMDAwMA==";
/// Channels of both workspaces beside those of the desks.
const OTHER_CHANNELS: [&str; 1] = ["general"];

/// What a sandbox office needs to know.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Database file (SQLite) or address.
    pub database: String,
    /// Port of the page; any free one when none.
    pub page_port: Option<u16>,
    /// The clock; [`working_morning`] is a good start.
    pub clock: SandboxClock,
    /// Turn the loops by hand (tests).
    pub manual: bool,
    /// Show the page.
    pub page: bool,
}

/// A running sandbox office.
pub struct Demo {
    /// The local Slack.
    pub slack: Arc<SlackSandbox>,
    /// The local Discord.
    pub discord: Arc<DiscordSandbox>,
    /// The local social networks.
    pub network: Arc<NetworkSandbox>,
    /// Vigie.
    pub vigie: Assembly,
    /// The page, when it is shown.
    pub page: Option<PageServer>,
    /// Their clock.
    pub clock: SandboxClock,
    settings: Settings,
    manual: bool,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").field("vigie", &self.vigie).finish_non_exhaustive()
    }
}

/// Why the sandbox office could not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Vigie itself.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A port or a file.
    #[error("the sandbox could not start: {0}")]
    Io(#[from] std::io::Error),
    /// The sample office.
    #[error("the sample office is broken: {0}")]
    Sample(String),
}

/// The sample office and its rules, with replies sent to the sandbox network.
///
/// # Errors
/// [`DemoError::Sample`] when the shipped files are broken (a test sees to it that they are not).
pub fn sample_setup(publish_base: Option<&str>) -> Result<Setup, DemoError> {
    let broken = |findings: Vec<crate::config::Finding>| {
        DemoError::Sample(findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    };
    let mut office = load_office(OFFICE, "config/office.toml").map_err(broken)?;
    let triage = load_triage(TRIAGE, "config/triage.toml", Some(&office)).map_err(broken)?;
    let triage = triage.compile().map(Sorter::of_rules).map_err(|errors| DemoError::Sample(format!("{errors:?}")))?;
    for account in office.accounts.values_mut() {
        account.publish_url = publish_base.map(|base| format!("{}/{}", base.trim_end_matches('/'), account.network));
    }
    let playbooks = load_playbooks(PLAYBOOKS, Some(&office)).map_err(broken)?;
    Ok(Setup { office, triage: Arc::new(triage), playbooks: Arc::new(playbooks) })
}

impl Demo {
    /// Starts everything.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn start(options: DemoOptions) -> Result<Self, DemoError> {
        let wording = Wording::new();
        let clock = options.clock.clone();
        let office = sample_setup(None)?.office;
        let slack = SlackSandbox::start(slack_setup(&office, &wording), clock.clone()).await?;
        let discord = DiscordSandbox::start(discord_setup(&office, clock.is_manual()), clock.clone()).await?;
        let network = NetworkSandbox::start(network_setup(&office), clock.clone()).await?;
        let settings = settings(&options, &slack, &discord);
        let manual = options.manual;
        let vigie = connect(&settings, &network, &clock, manual).await?;
        let mut demo = Self { slack, discord, network, vigie, page: None, clock, settings, manual };
        if options.page {
            demo.stock_library().await;
            demo.page = Some(demo.show(options.page_port).await?);
        }
        Ok(demo)
    }

    /// Stops Vigie as SIGTERM would and starts it again on the same database; the chats and the networks go on meanwhile.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn restart(mut self) -> Result<Self, DemoError> {
        self.vigie.stop().await;
        self.vigie = connect(&self.settings, &self.network, &self.clock, self.manual).await?;
        Ok(self)
    }

    /// The sample office brings a few approved answers along.
    async fn stock_library(&self) {
        let (author, approver) = (MemberId("sam".into()), MemberId("lea".into()));
        for snippet in &samples::SNIPPETS {
            let making = Making {
                title: snippet.title.to_owned(),
                language: Some(snippet.language.to_owned()),
                network: None,
                expires_at: None,
            };
            if let Err(fault) = library::stock(&self.vigie.app, making, snippet.text, &author, &approver).await {
                tracing::warn!(%fault, title = snippet.title, "a sample answer could not be put into the library");
            }
        }
    }

    async fn show(&self, port: Option<u16>) -> std::io::Result<PageServer> {
        let parts = PageParts {
            slack: Some(Workspace {
                router: self.slack.router(),
                changed: self.slack.changed(),
                member: self.slack.user_id("lea").unwrap_or_default(),
            }),
            discord: Some(Workspace {
                router: self.discord.router(),
                changed: self.discord.changed(),
                member: self.discord.user_id("hugo").unwrap_or_default(),
            }),
            network: Some(Arc::clone(&self.network)),
            hints: hints(&self.slack, &self.discord, &self.network),
            vigie_url: Some(format!("http://{}/readyz", self.vigie.address)),
            fixed_port: port,
            ..PageParts::new(self.clock.clone())
        };
        serve(parts).await
    }

    /// Lets customers write one sample after the other, until the process ends.
    pub async fn stream(&self, pause: std::time::Duration) {
        for sample in samples::MESSAGES.iter().cycle() {
            let (network, message) = sample.message();
            if let Err(error) = self.network.customer_writes(network, message).await {
                tracing::warn!(error, "a sample message could not be written");
            }
            tokio::time::sleep(pause).await;
        }
    }
}

/// Starts Vigie and tells the networks where it listens.
async fn connect(
    settings: &Settings,
    network: &NetworkSandbox,
    clock: &SandboxClock,
    manual: bool,
) -> Result<Assembly, DemoError> {
    let setup = sample_setup(Some(network.base_url()))?;
    let vigie = Assembly::start(settings, setup, Arc::new(SharedClock(clock.clone())), manual).await?;
    network.set_target_url(Some(format!("http://{}/hooks/sandbox", vigie.address)));
    Ok(vigie)
}

/// 09:02 of a working day in Paris: today's when it is one, else the next.
#[must_use]
pub fn working_morning(now: chrono::DateTime<chrono::Utc>) -> i64 {
    let mut day = now.with_timezone(&Paris).date_naive();
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day = day.succ_opt().unwrap_or(day);
    }
    let time = NaiveTime::from_hms_opt(9, 2, 0).unwrap_or_default();
    Paris.from_local_datetime(&day.and_time(time)).earliest().map_or(now.timestamp_millis(), |at| at.timestamp_millis())
}

fn settings(options: &DemoOptions, slack: &SlackSandbox, discord: &DiscordSandbox) -> Settings {
    let hook = HookSettings { secret: SecretString::from(NETWORK_SECRET), network: None };
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        database_url: SecretString::from(options.database.clone()),
        log: LogStyle::default(),
        slack: Some(SlackSettings {
            mode: SlackMode::Socket,
            bot_token: SecretString::from(slack.bot_token()),
            app_token: Some(SecretString::from(slack.app_token())),
            signing_secret: Some(SecretString::from(slack.signing_secret())),
            api_url: Some(slack.api_url()),
            sockets: 2,
        }),
        discord: Some(DiscordSettings {
            token: SecretString::from(discord.token()),
            api_url: Some(discord.api_url()),
            guild: None,
        }),
        hooks: std::iter::once(("sandbox".to_owned(), hook)).collect(),
        allow_loopback_replies: true,
        public_url: None,
        link_key: None,
        retention: Retention { default_days: 365, by_network_days: std::collections::BTreeMap::new() },
    }
}

fn locale(member: &Member) -> &'static str {
    if member.language == Some(Lang::En) { "en-US" } else { "fr-FR" }
}

fn handle(member: &Member, chat: &str) -> String {
    member.handles.get(chat).map_or_else(|| member.id.0.clone(), |handle| handle.trim_start_matches('@').to_owned())
}

/// Channels that the office names on a chat, and the general one.
fn channels(office: &Office, chat: &str) -> Vec<String> {
    let of_desks = office.desks.iter().filter_map(|desk| desk.channels.get(chat));
    let watched = office.desks.iter().filter_map(|desk| desk.watch.get(chat)).flatten();
    let mut names: Vec<String> = OTHER_CHANNELS.iter().map(|name| (*name).to_owned()).collect();
    for name in of_desks.chain(watched).map(|name| name.trim_start_matches('#').to_owned()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Groups of a chat that roles follow; nobody is in them at first.
fn groups<'o>(office: &'o Office, chat: &'o str) -> impl Iterator<Item = String> + 'o {
    office.roles.values().filter_map(move |role| role.groups.get(chat).cloned())
}

fn slack_setup(office: &Office, wording: &Wording) -> SlackSetup {
    let names: Vec<String> = office.members.values().map(|member| handle(member, "slack")).collect();
    let mut members: Vec<&str> = names.iter().map(String::as_str).collect();
    members.push("vigie");
    let commands = commands::slack_commands(wording);
    let shortcuts = commands::slack_shortcuts();
    SlackSetup {
        team_name: office.name.clone(),
        team_domain: "sandbox".into(),
        users: office
            .members
            .values()
            .map(|member| UserSetup {
                email: member.email.clone().unwrap_or_default(),
                ..UserSetup::new(&handle(member, "slack"), &member.name, locale(member))
            })
            .collect(),
        channels: channels(office, "slack").iter().map(|name| ChannelSetup::new(name, &members)).collect(),
        commands: commands
            .iter()
            .map(|command| CommandSetup::new(&format!("/{}", command.name), &command.summary, &command.usage))
            .collect(),
        shortcuts: shortcuts
            .iter()
            .map(|shortcut| ShortcutSetup {
                callback_id: shortcut.name.clone(),
                name: shortcut.title.clone(),
                kind: "message".into(),
            })
            .collect(),
        usergroups: groups(office, "slack")
            .map(|handle| UserGroupSetup { name: handle.clone(), handle, ..UserGroupSetup::default() })
            .collect(),
        ..SlackSetup::default()
    }
}

fn discord_setup(office: &Office, by_hand: bool) -> DiscordSetup {
    // The gateway counts its pause between two sessions in real time, which a hand-moved clock does not shorten.
    let identify_window_ms = if by_hand { 0 } else { IDENTIFY_WINDOW_MS };
    DiscordSetup {
        identify_window_ms,
        guild_name: office.name.clone(),
        guild_locale: if office.language == Lang::Fr { "fr".into() } else { "en-US".into() },
        users: office
            .members
            .values()
            .map(|member| DiscordSetupUser {
                name: handle(member, "discord"),
                real_name: member.name.clone(),
                email: member.email.clone().unwrap_or_default(),
                locale: locale(member).into(),
                ..DiscordSetupUser::default()
            })
            .collect(),
        channels: channels(office, "discord")
            .into_iter()
            .map(|name| DiscordSetupChannel { name, ..DiscordSetupChannel::default() })
            .collect(),
        roles: groups(office, "discord").map(|name| DiscordSetupRole { name, ..DiscordSetupRole::default() }).collect(),
        ..DiscordSetup::default()
    }
}

fn network_setup(office: &Office) -> NetworkSetup {
    NetworkSetup {
        secret: NETWORK_SECRET.to_owned(),
        target_url: None,
        accounts: office
            .accounts
            .values()
            .map(|account| BrandAccount { network: account.network.clone(), handle: account.handle.clone() })
            .collect(),
        port: None,
    }
}

/// A database file of this run, in the machine's folder for temporary files.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "a file name that no other run has")]
pub fn fresh_database(folder: &Path) -> PathBuf {
    folder.join(format!("vigie-demo-{:08x}.db", rand::random::<u32>()))
}

/// The next steps for a newcomer, ticked off as they are done.
fn hints(
    slack: &Arc<SlackSandbox>,
    discord: &Arc<DiscordSandbox>,
    network: &Arc<NetworkSandbox>,
) -> crate::sandbox::page::Hints {
    let (slack, discord, network) = (Arc::clone(slack), Arc::clone(discord), Arc::clone(network));
    Arc::new(move || {
        let calls = slack.calls();
        let did = |method: &str| calls.iter().any(|call| call.method == method);
        let edits = calls.iter().filter(|call| call.method == "chat.update").count();
        let wrote = network.snapshot()["threads"].as_array().is_some_and(|threads| !threads.is_empty());
        let _ = &discord;
        samples::HINTS
            .iter()
            .map(|(id, text_en, text_fr)| Hint {
                id: (*id).to_owned(),
                text_en: (*text_en).to_owned(),
                text_fr: (*text_fr).to_owned(),
                done: match *id {
                    "write" => wrote,
                    "card" => did("chat.postMessage"),
                    "claim" => edits > 0,
                    _ => false,
                },
            })
            .collect()
    })
}
