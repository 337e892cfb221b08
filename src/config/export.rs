//! The office as the TOML that `check_office` reads: nothing is lost on the way there and back.
//!
//! Never writes what follows by itself: grants that come from groups, leaves, what is lent. Start at [`export`]; [`differences`]
//! compares two offices by what stands in their files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use toml::Value;

use super::values::{DAYS, post_name};
use crate::domain::office::{
    Account, Desk, GrantSource, Lang, Member, MemberId, Office, Reporting, Role, RoleGrant, Series, Strategy,
};
use crate::domain::people::rotation::CostTable;
use crate::domain::rhythm::business_time::{Calendar, DaySpan};

/// What differs in one place of the file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Where, e.g. `members.lea.weight`.
    pub place: String,
    /// What stands there now; `None` when it is new.
    pub before: Option<String>,
    /// What is to stand there; `None` when it goes.
    pub after: Option<String>,
}

/// The whole office as TOML.
#[must_use]
pub fn export(office: &Office) -> String {
    let mut toml = String::new();
    line(&mut toml, "name", &text(&office.name));
    line(&mut toml, "zone", &text(office.zone.name()));
    line(&mut toml, "language", &text(office.language.code()));
    line(&mut toml, "default_role", &text(&office.default_role));
    hours(&mut toml, "hours", Some(&office.calendar));
    let holidays: Vec<String> = office.calendar.holidays().iter().map(ToString::to_string).collect();
    if !holidays.is_empty() {
        line(&mut toml, "holidays", &format!("[{}]", holidays.join(", ")));
    }
    let unlinked = office.unlinked.iter().map(|(chat, user)| format!("{chat}:{user}"));
    some_list(&mut toml, "unlinked", unlinked.collect::<Vec<_>>().iter());
    section(&mut toml, "[targets]");
    for (priority, target) in &office.targets {
        let value = format!(
            "{{ first_response = {}, resolution = {} }}",
            minutes(target.first_response_minutes),
            minutes(target.resolution_minutes)
        );
        line(&mut toml, &format!("p{priority}"), &value);
    }
    rotation(&mut toml, &office.costs);
    office.roles.values().for_each(|one| role(&mut toml, one));
    office.members.values().for_each(|one| member(&mut toml, one));
    office.accounts.values().for_each(|one| account(&mut toml, one));
    office.desks.iter().for_each(|one| desk(&mut toml, one));
    office.series.iter().for_each(|one| series(&mut toml, one));
    if let Some(found) = &office.reporting {
        reporting(&mut toml, found);
    }
    crisis(&mut toml, office);
    toml
}

fn rotation(toml: &mut String, costs: &CostTable) {
    section(toml, "[rotation]");
    let named = [("p1", costs.p1), ("p2", costs.p2), ("p3", costs.p3), ("p4", costs.p4)];
    let mut pairs: Vec<(String, String)> =
        named.into_iter().map(|(name, cost)| (name.to_owned(), thousandths(cost.0))).collect();
    pairs.push(("reopened".to_owned(), thousandths(i64::from(costs.reopened_percent) * 10)));
    line(toml, "cost", &table(pairs.into_iter()));
}

/// `4`, `0.5`, `0.125`.
fn thousandths(value: i64) -> String {
    let written = format!("{}.{:03}", value / 1_000, value % 1_000);
    written.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn line(toml: &mut String, key: &str, value: &str) {
    let _ = writeln!(toml, "{key} = {value}");
}

fn section(toml: &mut String, head: &str) {
    let _ = write!(toml, "\n{head}\n");
}

fn text(words: &str) -> String {
    Value::String(words.to_owned()).to_string()
}

/// A name as a key: bare where TOML allows it.
fn key(name: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { text(name) }
}

fn list<'t>(names: impl Iterator<Item = &'t String>) -> String {
    format!("[{}]", names.map(|name| text(name)).collect::<Vec<_>>().join(", "))
}

fn some_list<'t>(toml: &mut String, key: &str, names: impl Iterator<Item = &'t String>) {
    let names = list(names);
    if names != "[]" {
        line(toml, key, &names);
    }
}

fn some_text(toml: &mut String, key: &str, words: Option<&str>) {
    if let Some(words) = words {
        line(toml, key, &text(words));
    }
}

fn table(pairs: impl Iterator<Item = (String, String)>) -> String {
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{} = {value}", key(&name))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn minutes(minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    text(&match (hours, rest) {
        (0, rest) => format!("{rest}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, rest) => format!("{hours}h{rest}m"),
    })
}

/// Days with the same hours share a line.
fn hours(toml: &mut String, name: &str, calendar: Option<&Calendar>) {
    let Some(calendar) = calendar else { return };
    let mut by_spans: Vec<(Vec<&str>, &Vec<DaySpan>)> = Vec::new();
    for (day, spans) in DAYS.iter().zip(calendar.week()).filter(|(_, spans)| !spans.is_empty()) {
        match by_spans.iter_mut().find(|(_, known)| *known == spans) {
            Some((days, _)) => days.push(day),
            None => by_spans.push((vec![day], spans)),
        }
    }
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let lines = by_spans.into_iter().map(|(days, spans)| {
        let spans: Vec<String> =
            spans.iter().map(|span| format!("{}-{}", clock(span.from_minute), clock(span.to_minute))).collect();
        format!("{} {}", days.join(","), spans.join(", "))
    });
    some_list(toml, name, lines.collect::<Vec<_>>().iter());
}

fn words(toml: &mut String, key: &str, by_language: &BTreeMap<Lang, String>) {
    if !by_language.is_empty() {
        line(toml, key, &table(by_language.iter().map(|(lang, words)| (lang.code().to_owned(), text(words)))));
    }
}

fn role(toml: &mut String, role: &Role) {
    section(toml, &format!("[roles.{}]", key(&role.name)));
    line(toml, "post", &text(post_name(role.post)));
    if role.rotation {
        line(toml, "rotation", "true");
    }
    some_list(toml, "topics", role.topics.iter());
    some_text(toml, "lead", role.lead.as_ref().map(MemberId::as_str));
    hours(toml, "hours", role.hours.as_ref());
    some_text(toml, "slack_group", role.groups.get("slack").map(String::as_str));
    some_text(toml, "discord_role", role.groups.get("discord").map(String::as_str));
    if let Strategy::Weekly { weekday, minute, order, first, tickets_follow } = &role.strategy {
        let day = DAYS.get(usize::from(*weekday)).copied().unwrap_or("mon");
        line(toml, "strategy", &text("on_call"));
        line(toml, "handoff", &text(&format!("{day} {:02}:{:02}", minute / 60, minute % 60)));
        some_list(toml, "order", order.iter().map(|member| &member.0));
        some_text(toml, "first", first.map(|date| date.to_string()).as_deref());
        if *tickets_follow {
            line(toml, "tickets_follow", "true");
        }
    }
    words(toml, "mission", &role.mission);
}

/// A grant that the file has to say: what groups give follows from the groups.
fn is_own(grant: &RoleGrant) -> bool {
    !matches!(grant.source, GrantSource::Group { .. })
}

fn is_plain(grant: &RoleGrant) -> bool {
    grant.networks.is_empty() && grant.brands.is_empty() && grant.until.is_none()
}

fn member(toml: &mut String, member: &Member) {
    section(toml, &format!("[members.{}]", key(member.id.as_str())));
    line(toml, "name", &text(&member.name));
    some_text(toml, "language", member.language.map(Lang::code));
    some_text(toml, "zone", member.zone.map(chrono_tz::Tz::name));
    some_text(toml, "email", member.email.as_deref());
    if !member.handles.is_empty() {
        line(toml, "handles", &table(member.handles.iter().map(|(chat, handle)| (chat.clone(), text(handle)))));
    }
    let own: Vec<&RoleGrant> = member.grants.iter().filter(|grant| is_own(grant)).collect();
    let plain: BTreeSet<&String> = own.iter().filter(|grant| is_plain(grant)).map(|grant| &grant.role).collect();
    some_list(toml, "roles", plain.into_iter());
    let limited: BTreeSet<String> = own.iter().filter(|grant| !is_plain(grant)).map(|grant| limits(grant)).collect();
    if !limited.is_empty() {
        line(toml, "grants", &format!("[{}]", limited.into_iter().collect::<Vec<_>>().join(", ")));
    }
    some_list(toml, "networks", member.networks.iter());
    some_list(toml, "brands", member.brands.iter());
    if member.weight != 1 {
        line(toml, "weight", &member.weight.to_string());
    }
    if let Some(capacity) = member.capacity {
        line(toml, "capacity", &capacity.to_string());
    }
    if !member.skills.is_empty() {
        let skills = member.skills.iter().map(|(topic, skill)| (topic.clone(), skill.to_string()));
        line(toml, "skills", &table(skills));
    }
    some_text(toml, "backup", member.backup.as_ref().map(MemberId::as_str));
    if !member.role_backups.is_empty() {
        let backups = member.role_backups.iter().map(|(role, backup)| (role.clone(), text(backup.as_str())));
        line(toml, "backups", &table(backups));
    }
    hours(toml, "hours", member.hours.as_ref());
}

fn limits(grant: &RoleGrant) -> String {
    let mut pairs = vec![("role".to_owned(), text(&grant.role))];
    if !grant.networks.is_empty() {
        pairs.push(("networks".to_owned(), list(grant.networks.iter())));
    }
    if !grant.brands.is_empty() {
        pairs.push(("brands".to_owned(), list(grant.brands.iter())));
    }
    if let Some(until) = grant.until {
        let written = until.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        pairs.push(("until".to_owned(), text(&written)));
    }
    table(pairs.into_iter())
}

fn account(toml: &mut String, account: &Account) {
    section(toml, &format!("[accounts.{}]", key(&account.network)));
    line(toml, "handle", &text(&account.handle));
    some_text(toml, "brand", account.brand.as_deref());
    line(toml, "language", &text(account.language.code()));
    if account.approve_replies {
        line(toml, "approve_replies", "true");
    }
    some_text(toml, "publish_url", account.publish_url.as_deref());
    line(toml, "text_limit", &account.text_limit.to_string());
    hours(toml, "cover", account.cover.as_ref());
}

fn desk(toml: &mut String, desk: &Desk) {
    section(toml, "[[desks]]");
    line(toml, "name", &text(&desk.name));
    line(toml, "language", &text(desk.language.code()));
    line(toml, "channels", &table(desk.channels.iter().map(|(chat, channel)| (chat.clone(), text(channel)))));
    if !desk.watch.is_empty() {
        line(toml, "watch", &table(desk.watch.iter().map(|(chat, names)| (chat.clone(), list(names.iter())))));
    }
    some_list(toml, "networks", desk.networks.iter());
}

fn series(toml: &mut String, series: &Series) {
    section(toml, "[[series]]");
    line(toml, "name", &text(&series.name));
    words(toml, "title", &series.title);
    line(toml, "cron", &text(&series.cron));
    line(toml, "desk", &text(&series.desk));
    some_list(toml, "roles", series.roles.iter());
    line(toml, "ask_before", &minutes(series.ask_minutes_before));
    line(toml, "agenda_before", &minutes(series.agenda_minutes_before));
}

fn reporting(toml: &mut String, reporting: &Reporting) {
    section(toml, "[reporting]");
    line(toml, "daily", &text(&reporting.daily));
    line(toml, "weekly", &text(&reporting.weekly));
    line(toml, "desk", &text(&reporting.desk));
}

fn crisis(toml: &mut String, office: &Office) {
    let plan = &office.crisis;
    section(toml, "[crisis]");
    some_text(toml, "lead", plan.lead.as_ref().map(MemberId::as_str));
    some_text(toml, "deputy", plan.deputy.as_ref().map(MemberId::as_str));
    some_list(toml, "alert_roles", plan.alert_roles.iter());
    some_list(toml, "crisis_roles", plan.crisis_roles.iter());
    line(toml, "volume_messages", &plan.volume_messages.to_string());
    line(toml, "volume_window", &minutes(i64::from(plan.volume_minutes)));
    for (name, (l2, l3)) in [("ack", plan.ack_minutes), ("update", plan.update_minutes)] {
        let levels = [("l2", l2), ("l3", l3)].map(|(level, length)| (level.to_owned(), minutes(i64::from(length))));
        line(toml, name, &table(levels.into_iter()));
    }
    line(toml, "standdown_people", &plan.standdown_people.to_string());
}

/// Where two offices differ, in the order of the places.
#[must_use]
pub fn differences(before: &Office, after: &Office) -> Vec<Difference> {
    let (before, after) = (places(before), places(after));
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    all.into_iter()
        .filter(|place| before.get(*place) != after.get(*place))
        .map(|place| Difference {
            place: place.clone(),
            before: before.get(place).cloned(),
            after: after.get(place).cloned(),
        })
        .collect()
}

/// Every value of the file by its place; tables of a list are told apart by their names.
fn places(office: &Office) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    // What `export` writes is TOML; were it not, everything would differ, and nothing would be applied unseen.
    let root = export(office).parse::<toml::Table>().unwrap_or_default();
    flatten("", &Value::Table(root), &mut found);
    found
}

fn flatten(place: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::Table(inner) => inner.iter().for_each(|(name, value)| flatten(&below(name), value, found)),
        Value::Array(items) if items.iter().any(|item| item.get("name").is_some()) => {
            for item in items {
                flatten(&below(item.get("name").and_then(Value::as_str).unwrap_or("?")), item, found);
            }
        }
        other => drop(found.insert(place.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
