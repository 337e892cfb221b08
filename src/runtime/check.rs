//! `vigie check`: all mistakes of the configuration at once, and whether the tokens work.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::adapters::{discord, slack};
use crate::app::Setup;
use crate::app::groups::is_named;
use crate::config::triage::check_triage;
use crate::config::{
    Checked, Finding, Format, Settings, Severity, check_settings, check_whole, load_playbooks, report,
};
use crate::domain::desk::triage::Sorter;
use crate::domain::office::Office;
use crate::domain::playbook::Playbooks;
use crate::ports::chat::{Chat, Group};
use crate::ports::clock::Clock;
use crate::runtime::SystemClock;
use crate::runtime::learning::read_model;

/// Groups named as a cure; a long list is not read.
const GROUPS_NAMED_MAX: usize = 12;
/// Playbooks read of one folder: ten times what a large team keeps.
const PLAYBOOKS_MAX: usize = 200;

/// What a configuration folder holds, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Settings without errors.
    pub settings: Option<Settings>,
    /// Office and rules without errors.
    pub setup: Option<Setup>,
    /// Everything found.
    pub findings: Vec<Finding>,
}

/// Reads the folder; files that are missing are findings (settings may come from the environment alone).
#[must_use]
pub fn load(folder: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    let path = |name: &str| folder.join(name).display().to_string();
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let environment = |name: &str| std::env::var(name).ok();
    let text = read("vigie.toml").unwrap_or_default();
    let settings = check_settings(&text, &path("vigie.toml"), &environment);
    loaded.findings.extend(settings.findings);
    loaded.settings = settings.value;
    let Ok(text) = read("office.toml") else {
        loaded.findings.push(missing(&path("office.toml")));
        return loaded;
    };
    let Checked { value: whole, findings } = check_whole(&text, &path("office.toml"));
    loaded.findings.extend(findings);
    let (office, book) = whole.map_or((None, None), |whole| (Some(whole.office), whole.rules));
    let text = match (read("triage.toml"), &book) {
        (Ok(text), _) => text,
        (Err(_), Some(_)) => String::new(),
        (Err(_), None) => {
            loaded.findings.push(missing(&path("triage.toml")));
            return loaded;
        }
    };
    let triage = check_triage(&text, &path("triage.toml"), office.as_ref());
    loaded.findings.extend(triage.findings);
    let Some(triage) = triage.value else { return loaded };
    let model = match triage.model.as_deref().map(|file| read_model(&folder.join(file))).transpose() {
        Ok(model) => model,
        Err(finding) => {
            loaded.findings.push(*finding);
            return loaded;
        }
    };
    if book.is_some() && !triage.rules.is_empty() {
        let what = "the rules of triage.toml are not used: office.toml has its own, under [triage]";
        let cure = "keep them in one of the two files";
        loaded.findings.push(Finding::without_place(&path("triage.toml"), Severity::Warning, what, cure));
    }
    let rules = book.map_or_else(|| triage.compile(), |book| book.compile_all());
    if let (Some(office), Ok(rules)) = (office, rules) {
        let (playbooks, findings) = read_playbooks(folder, &office);
        loaded.findings.extend(findings);
        let triage = Arc::new(Sorter { rules, model });
        loaded.setup = playbooks.map(|playbooks| Setup { office, triage, playbooks: Arc::new(playbooks) });
    }
    loaded
}

/// The playbooks of the folder `playbooks`, by name; none when there is no such folder.
fn read_playbooks(folder: &Path, office: &Office) -> (Option<Playbooks>, Vec<Finding>) {
    let folder = folder.join("playbooks");
    let entries = std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    for path in paths.iter().take(PLAYBOOKS_MAX) {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => files.push((name, text)),
            Err(error) => {
                let what = format!("the file cannot be read: {error}");
                findings.push(Finding::without_place(
                    &name,
                    Severity::Error,
                    what,
                    "it is UTF-8 text, readable for Vigie",
                ));
            }
        }
    }
    if paths.len() > PLAYBOOKS_MAX {
        let what = format!("{} playbooks; the first {PLAYBOOKS_MAX} are read", paths.len());
        findings.push(Finding::without_place(&folder.display().to_string(), Severity::Warning, what, "put some away"));
    }
    match load_playbooks(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), Some(office)) {
        Ok(playbooks) => (Some(playbooks), findings),
        Err(found) => {
            findings.extend(found);
            (None, findings)
        }
    }
}

fn missing(path: &str) -> Finding {
    Finding::without_place(
        path,
        Severity::Error,
        "the file is not there",
        "copy the sample from config/ and change it, or name its folder with --config",
    )
}

/// Prints the findings; tries the tokens when asked.
///
/// # Errors
/// An unknown format.
pub async fn run(folder: &Path, tokens: bool, format: &str) -> anyhow::Result<ExitCode> {
    use std::io::IsTerminal;
    let format = match format {
        "text" => Format::Text,
        "json" => Format::Json,
        other => anyhow::bail!("unknown format {other}: use text or json"),
    };
    let mut loaded = load(folder);
    if let (true, Some(settings)) = (tokens, &loaded.settings) {
        let office = loaded.setup.as_ref().map(|setup| &setup.office);
        let tried = try_tokens(settings, office).await;
        loaded.findings.extend(tried);
    }
    println!("{}", report(&loaded.findings, format, std::io::stdout().is_terminal()));
    let broken = loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn try_tokens(settings: &Settings, office: Option<&Office>) -> Vec<Finding> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut findings = Vec::new();
    let mut grouped = Vec::new();
    let mut tell = |ok: bool, chat: &str, what: &str, cure: &str| {
        if !ok {
            findings.push(Finding::without_place(chat, Severity::Error, what, cure));
        }
    };
    if let Some(found) = &settings.slack {
        let wanted = slack::SlackSettings {
            api_url: found.api_url.clone(),
            bot_token: found.bot_token.clone(),
            app_token: found.app_token.clone(),
            signing_secret: found.signing_secret.clone(),
            sockets: found.sockets,
        };
        match slack::SlackChat::new(wanted, Arc::clone(&clock)) {
            Err(error) => tell(false, "slack", &error.to_string(), ""),
            Ok(chat) => {
                for line in chat.probe().await {
                    tell(line.ok, "slack", &format!("{}: {}", line.subject, line.finding), "");
                }
                grouped.extend(mapped_groups("slack", chat.as_ref(), office).await);
            }
        }
    }
    if let Some(found) = &settings.discord {
        let wanted = discord::DiscordSettings {
            api_url: found.api_url.clone().unwrap_or_else(|| "https://discord.com/api".to_owned()),
            token: found.token.clone(),
            guild: found.guild.clone(),
        };
        match discord::DiscordChat::new(wanted, clock) {
            Err(error) => tell(false, "discord", &error.to_string(), ""),
            Ok(chat) => {
                for line in chat.probe().await {
                    tell(line.good, "discord", &format!("{}: {}", line.what, line.detail), "");
                }
                grouped.extend(mapped_groups("discord", chat.as_ref(), office).await);
            }
        }
    }
    findings.extend(grouped);
    findings
}

/// Whether the groups of a chat that the office file gives roles by are there.
async fn mapped_groups(key: &str, chat: &dyn Chat, office: Option<&Office>) -> Vec<Finding> {
    let Some(office) = office.filter(|office| office.roles.values().any(|role| role.groups.contains_key(key))) else {
        return Vec::new();
    };
    match chat.groups().await {
        Ok(groups) => missing_groups(key, groups.as_deref(), office),
        Err(error) => {
            let what = format!("the groups cannot be read: {error}");
            vec![Finding::without_place(key, Severity::Error, what, "check the token, then try again")]
        }
    }
}

/// The mapped groups of a chat that are not among those it told of; `None` when it told of none.
fn missing_groups(key: &str, groups: Option<&[Group]>, office: &Office) -> Vec<Finding> {
    let Some(groups) = groups else {
        let what = "roles follow groups that Vigie may not see";
        let cure = "grant the scope usergroups:read (Slack: reinstall the app), or take slack_group out of office.toml";
        return vec![Finding::without_place(key, Severity::Error, what, cure)];
    };
    let mut names: Vec<&str> =
        groups.iter().filter_map(|group| group.names.first()).map(String::as_str).take(GROUPS_NAMED_MAX).collect();
    names.sort_unstable();
    let mapped = office.roles.values().filter_map(|role| Some((role, role.groups.get(key)?)));
    let missing = mapped.filter(|(_, name)| !groups.iter().any(|group| is_named(group, name)));
    missing
        .map(|(role, name)| {
            let what =
                format!("roles.{} follows the group {name}, which is not there: nobody holds it by it", role.name);
            let cure = match names.is_empty() {
                true => "make the group, or take it out of office.toml".to_owned(),
                false => format!("make it, or name one of these in office.toml: {}", names.join(", ")),
            };
            Finding::without_place(key, Severity::Error, what, cure)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str) -> Group {
        Group { id: format!("S-{name}"), names: vec![format!("@{name}"), name.to_owned()], members: Vec::new() }
    }

    #[test]
    fn a_role_that_follows_a_group_which_is_not_there_is_told_with_those_that_are() {
        let text = include_str!("../../config/office.toml");
        let office = crate::config::load_office(text, "office.toml").expect("the sample is right");
        assert_eq!(missing_groups("slack", Some(&[group("sales-team")]), &office), []);
        let found = missing_groups("slack", Some(&[group("marketing")]), &office);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("roles.sales follows the group sales-team"), "{found:?}");
        assert!(found[0].hint.contains("marketing"), "{found:?}");
        let found = missing_groups("slack", None, &office);
        assert!(found[0].hint.contains("usergroups:read"), "{found:?}");
    }
}
