//! `office.toml`: the team, read into the value that everything else works with.
//!
//! Never accepts half an office: with one error there is no value, and all errors are told at once.
//! Start at [`check_office`]; people are read in `people.rs`, places and times in `places.rs`, and what only shows when all is
//! read (references, cycles, doubles) in `consistency.rs`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::finding::{Checked, Finding};
use super::sheet::{self, At, Section};
use super::{consistency, people, places, rotation, values};
use crate::domain::office::{CrisisPlan, Lang, Member, Office, OutcomeKind, Reporting, Role, Series, Target};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::rhythm::recurrence::Recurrence;

/// Priorities an office promises times for.
const PRIORITIES: [(&str, u8); 4] = [("p1", 1), ("p2", 2), ("p3", 3), ("p4", 4)];

/// What a name in the file points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Role,
    Member,
    Desk,
    Network,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Member => "member",
            Self::Desk => "desk",
            Self::Network => "network",
        }
    }
}

/// A place in the file that names something defined elsewhere in it.
pub(super) struct Reference {
    pub(super) kind: Kind,
    pub(super) name: At<String>,
}

/// Names and their places, kept until everything is read.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) references: Vec<Reference>,
    pub(super) roles: Vec<At<Role>>,
    pub(super) members: Vec<At<Member>>,
    /// Where each member names a backup.
    pub(super) backups: BTreeMap<String, At<String>>,
    /// Each handle or mail address with the member who has it: (chat or `email`, what, whose).
    pub(super) handles: Vec<(String, At<String>, String)>,
    /// Networks with an account.
    pub(super) networks: Vec<At<String>>,
    /// Role names mentioned by series and crisis, kept in the office's lists.
    pub(super) desks: Vec<At<crate::domain::office::Desk>>,
    /// Where the lead and the deputy of crises are named.
    pub(super) crisis_people: Vec<At<String>>,
}

impl Notes {
    /// Notes references and hands back their names.
    pub(super) fn refer(&mut self, kind: Kind, names: Vec<At<String>>) -> Vec<String> {
        let plain = names.iter().map(|name| name.value.clone()).collect();
        self.references.extend(names.into_iter().map(|name| Reference { kind, name }));
        plain
    }

    /// As [`Notes::refer`] for one name.
    pub(super) fn refer_one(&mut self, kind: Kind, name: Option<At<String>>) -> Option<String> {
        self.refer(kind, name.into_iter().collect()).pop()
    }
}

/// The office's own zone, working hours and free days: what its parts fall back to.
pub(super) struct Home {
    pub(super) zone: Tz,
    pub(super) language: Lang,
    pub(super) holidays: BTreeSet<NaiveDate>,
}

/// Reads an office file with all findings, warnings too. `path` is only used to name the file.
#[must_use]
pub fn check_office(text: &str, path: &str) -> Checked<Office> {
    sheet::read(path, text, load)
}

/// Reads an office file.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn load_office(text: &str, path: &str) -> Result<Office, Vec<Finding>> {
    check_office(text, path).into_result()
}

fn load(root: &Section<'_>) -> Option<Office> {
    let mut notes = Notes::default();
    let name = root.need_text("name", "\"Maison Lumiere\"");
    if !root.has("zone") {
        root.missing("zone", "\"Europe/Paris\"");
    }
    let home = Home {
        zone: root.parsed("zone", values::zone).map_or(Tz::UTC, |zone| zone.value),
        language: root.parsed("language", values::language).map_or(Lang::default(), |lang| lang.value),
        holidays: holidays(root),
    };
    let default_role = root.need_text("default_role", "\"care\"");
    if !root.has("hours") {
        root.missing("hours", "[\"mon-fri 09:00-12:30, 13:30-18:00\"]");
    }
    let calendar = values::calendar(root, home.zone, &home.holidays);
    notes.roles = people::roles(root, &home, &mut notes);
    notes.members = people::members(root, &home, &mut notes);
    let accounts = places::accounts(root, &home, &mut notes);
    notes.desks = places::desks(root, &home, &mut notes);
    let targets = targets(root);
    let outcomes = outcomes(root);
    let series = series(root, &home, &mut notes);
    let reporting = reporting(root, &home, &mut notes);
    let crisis = crisis(root, &mut notes);
    let costs = rotation::costs(root);
    let default_role = notes.refer_one(Kind::Role, default_role);
    consistency::check(root, &notes, &crisis);
    Some(Office {
        approve_leave: approve_leave(root),
        away: crate::domain::people::substitution::Absences::default(),
        lent: BTreeMap::new(),
        name: name?.value,
        zone: home.zone,
        language: home.language,
        calendar: calendar.unwrap_or_else(|| Calendar::always_open(home.zone)),
        members: notes.members.into_iter().map(|member| (member.value.id.clone(), member.value)).collect(),
        roles: notes.roles.into_iter().map(|role| (role.value.name.clone(), role.value)).collect(),
        desks: notes.desks.into_iter().map(|desk| desk.value).collect(),
        accounts,
        targets,
        outcomes,
        default_role: default_role?,
        series,
        reporting,
        crisis,
        costs,
        unlinked: unlinked(root),
    })
}

fn holidays(root: &Section<'_>) -> BTreeSet<NaiveDate> {
    let mut days = BTreeSet::new();
    for At { value, span } in root.texts_or_dates("holidays") {
        match values::date(&value) {
            Ok(day) if days.insert(day) => {}
            Ok(day) => root.sheet().warning(&span, format!("{day} is listed twice"), "remove one"),
            Err((why, hint)) => root.sheet().error(&span, why, hint),
        }
    }
    days
}

/// `[people]`: how the team plans itself.
fn approve_leave(root: &Section<'_>) -> bool {
    if !root.has("people") {
        return false;
    }
    let Some(section) = root.section("people") else { return false };
    let approve = section.flag("approve_leave", false);
    section.finish();
    approve
}

/// Accounts that no mail address links, as `slack:U123`.
fn unlinked(root: &Section<'_>) -> BTreeSet<(String, String)> {
    let mut accounts = BTreeSet::new();
    for At { value, span } in root.texts("unlinked") {
        match value.split_once(':') {
            Some((chat, user)) if people::CHATS.contains(&chat) && !user.is_empty() => {
                accounts.insert((chat.to_owned(), user.to_owned()));
            }
            _ => {
                let message = format!("`{value}` is no account");
                root.sheet().error(&span, message, "the chat and the user id: slack:U012AB3CD");
            }
        }
    }
    accounts
}

/// Words in English and French, such as a mission or a title.
pub(super) fn bilingual(section: &Section<'_>, key: &'static str) -> BTreeMap<Lang, String> {
    let mut words = BTreeMap::new();
    if !section.has(key) {
        return words;
    }
    let Some(inner) = section.section(key) else { return words };
    for (key, lang) in [("en", Lang::En), ("fr", Lang::Fr)] {
        if let Some(text) = inner.text(key) {
            words.insert(lang, text.value);
        }
    }
    inner.finish();
    words
}

fn targets(root: &Section<'_>) -> BTreeMap<u8, Target> {
    let mut targets = BTreeMap::new();
    let Some(section) = root.section("targets") else {
        root.missing("targets", "{ p1 = { first_response = \"15m\", resolution = \"4h\" }, p2 = ... }");
        return targets;
    };
    for (key, priority) in PRIORITIES {
        let Some(target) = section.section(key) else {
            if !section.has(key) {
                section.missing(key, "{ first_response = \"1h\", resolution = \"8h\" }");
            }
            continue;
        };
        let minutes = |key: &'static str| {
            if !target.has(key) {
                target.missing(key, "\"4h\"");
            }
            target.parsed(key, values::minutes)
        };
        if let (Some(first), Some(resolution)) = (minutes("first_response"), minutes("resolution")) {
            if first.value > resolution.value {
                let message = format!("{key} promises the answer after the resolution");
                target.sheet().error(&first.span, message, "make first_response the shorter one");
            }
            let (first_response_minutes, resolution_minutes) = (first.value, resolution.value);
            targets.insert(priority, Target { first_response_minutes, resolution_minutes });
        }
        target.finish();
    }
    section.finish();
    targets
}

/// Most outcomes that a form can offer (Discord docs: 25 entries of a menu).
const OUTCOMES_MAX: usize = 25;

fn outcomes(root: &Section<'_>) -> Vec<OutcomeKind> {
    if !root.has("outcomes") {
        return OutcomeKind::usual();
    }
    let mut outcomes = Vec::new();
    for (index, (name, section)) in root.named_sections("outcomes").into_iter().enumerate() {
        if index == OUTCOMES_MAX {
            let message = format!("more than {OUTCOMES_MAX} outcomes");
            section.sheet().error(&name.span, message, "keep those that the reports are to count");
        }
        let mut words = BTreeMap::new();
        for (key, lang) in [("en", Lang::En), ("fr", Lang::Fr)] {
            words.extend(section.text(key).map(|text| (lang, text.value)));
        }
        section.finish();
        outcomes.push(OutcomeKind { name: name.value, words });
    }
    outcomes
}

/// A cron expression, checked in the office's zone.
fn cron(section: &Section<'_>, key: &'static str, default: Option<&str>, zone: Tz) -> Option<String> {
    if !section.has(key) {
        if default.is_none() {
            section.missing(key, "\"45 8 * * mon-fri\"");
        }
        return default.map(str::to_owned);
    }
    let parse = |text: &str| match Recurrence::parse(text, zone) {
        Ok(recurrence) => Ok(recurrence.expression().to_owned()),
        Err(error) => Err((error.to_string(), "minute hour day month weekday, e.g. \"45 8 * * mon-fri\"".to_owned())),
    };
    section.parsed(key, parse).map(|cron| cron.value)
}

fn series(root: &Section<'_>, home: &Home, notes: &mut Notes) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for section in root.listed_sections("series") {
        let name = named(&section);
        let cron = cron(&section, "cron", None, home.zone);
        let title = bilingual(&section, "title");
        let desk = notes.refer_one(Kind::Desk, section.need_text("desk", "\"social\""));
        let roles = notes.refer(Kind::Role, section.texts("roles"));
        if roles.is_empty() {
            section.missing("roles", "[\"head\", \"community\"]");
        }
        let ask = section.parsed("ask_before", values::minutes).map_or(24 * 60, |ask| ask.value);
        let agenda = section.parsed("agenda_before", values::minutes).map_or(10, |agenda| agenda.value);
        section.finish();
        let (Some(name), Some(cron), Some(desk)) = (name, cron, desk) else { continue };
        if all.iter().any(|known| known.name == name.value) {
            section.sheet().error(&name.span, format!("two series are called `{}`", name.value), "rename one");
        }
        let (ask_minutes_before, agenda_minutes_before) = (ask, agenda);
        all.push(Series { name: name.value, title, cron, desk, roles, ask_minutes_before, agenda_minutes_before });
    }
    all
}

/// The section's own `name`.
pub(super) fn named(section: &Section<'_>) -> Option<At<String>> {
    if !section.has("name") {
        section.missing("name", "\"social\"");
    }
    section.parsed("name", values::short_name)
}

fn reporting(root: &Section<'_>, home: &Home, notes: &mut Notes) -> Option<Reporting> {
    if !root.has("reporting") {
        return None;
    }
    let section = root.section("reporting")?;
    // PRODUCT U8: the digest at 08:45 on working days, the report on Monday at 09:00.
    let daily = cron(&section, "daily", Some("45 8 * * mon-fri"), home.zone);
    let weekly = cron(&section, "weekly", Some("0 9 * * mon"), home.zone);
    let desk = notes.refer_one(Kind::Desk, section.need_text("desk", "\"social\""));
    section.finish();
    Some(Reporting { daily: daily?, weekly: weekly?, desk: desk? })
}

/// The crisis plan; every number has the default of PRODUCT U9.
fn crisis(root: &Section<'_>, notes: &mut Notes) -> CrisisPlan {
    let mut plan = CrisisPlan {
        lead: None,
        deputy: None,
        alert_roles: Vec::new(),
        crisis_roles: Vec::new(),
        volume_messages: 20,
        volume_minutes: 20,
        ack_minutes: (10, 5),
        update_minutes: (60, 30),
        standdown_people: 2,
    };
    if !root.has("crisis") {
        return plan;
    }
    let Some(section) = root.section("crisis") else { return plan };
    let mut person = |key| {
        let name = section.text(key)?;
        notes.crisis_people.push(name.clone());
        notes.refer_one(Kind::Member, Some(name)).map(crate::domain::office::MemberId)
    };
    plan.lead = person("lead");
    plan.deputy = person("deputy");
    plan.alert_roles = notes.refer(Kind::Role, section.texts("alert_roles"));
    plan.crisis_roles = notes.refer(Kind::Role, section.texts("crisis_roles"));
    if let Some(messages) = section.number("volume_messages", 2..=100_000) {
        plan.volume_messages = u32::try_from(messages.value).unwrap_or(u32::MAX);
    }
    let minutes = |section: &Section<'_>, key, default: u32| {
        section.parsed(key, values::minutes).map_or(default, |at| u32::try_from(at.value).unwrap_or(u32::MAX))
    };
    plan.volume_minutes = minutes(&section, "volume_window", plan.volume_minutes);
    for (key, pair) in [("ack", &mut plan.ack_minutes), ("update", &mut plan.update_minutes)] {
        if !section.has(key) {
            continue;
        }
        let Some(levels) = section.section(key) else { continue };
        *pair = (minutes(&levels, "l2", pair.0), minutes(&levels, "l3", pair.1));
        levels.finish();
    }
    if let Some(people) = section.number("standdown_people", 1..=10) {
        plan.standdown_people = u32::try_from(people.value).unwrap_or(2);
    }
    section.finish();
    plan
}

#[cfg(test)]
#[path = "office_tests.rs"]
mod tests;
