//! `[roles.*]` and `[members.*]` of the office file.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::office::{Home, Kind, Notes, bilingual};
use super::sheet::{At, Section};
use super::values;
use crate::domain::office::{GrantSource, Lang, Member, MemberId, Post, Role, RoleGrant};

/// Chats that handles and channels can be given for.
pub(super) const CHATS: [&str; 2] = ["slack", "discord"];
/// Largest share of a full post (10 posts: one entry may stand for a whole agency).
const WEIGHT_MAX: i64 = 10;
/// Largest number of open tickets that makes sense as a limit.
const CAPACITY_MAX: i64 = 10_000;
/// Largest skill: 5 weighs five times an ordinary holder.
const SKILL_MAX: i64 = 5;
/// Longest mail address (RFC 5321: 254).
const EMAIL_CHARS_MAX: usize = 254;

/// All roles, in the file's order.
pub(super) fn roles(root: &Section<'_>, home: &Home, notes: &mut Notes) -> Vec<At<Role>> {
    if !root.has("roles") {
        root.missing("roles", "a section [roles.care] with post = \"expert\"");
        return Vec::new();
    }
    let mut roles = Vec::new();
    for (name, section) in root.named_sections("roles") {
        check_name(&section, &name);
        if !section.has("post") {
            section.missing("post", "\"community_manager\"");
        }
        // The least powerful post stands in for one that could not be read; the error forbids the office anyway.
        let post = section.parsed("post", values::post).map_or(Post::Guest, |post| post.value);
        let role = Role {
            name: name.value.clone(),
            post,
            mission: bilingual(&section, "mission"),
            rotation: section.flag("rotation", false),
            topics: names(&section, "topics"),
            lead: notes.refer_one(Kind::Member, section.text("lead")).map(MemberId),
            hours: hours(&section, home.zone, home),
            strategy: super::rotation::strategy(&section, notes),
            groups: groups(&section),
        };
        if role.topics.is_empty() && matches!(post, Post::Expert | Post::Brand) {
            let message = format!("role `{}` has rights on its own topics only, and names none", name.value);
            section.sheet().warning(&name.span, message, "add topics = [\"returns\"]");
        }
        section.finish();
        roles.push(At { value: role, span: name.span });
    }
    roles
}

/// Groups of the chats whose members hold the role.
fn groups(section: &Section<'_>) -> BTreeMap<String, String> {
    let named = [("slack", "slack_group"), ("discord", "discord_role")];
    let given = named.into_iter().filter_map(|(chat, key)| Some((chat.to_owned(), section.text(key)?.value)));
    given.map(|(chat, name)| (chat, name.trim_start_matches('@').to_owned())).collect()
}

/// All members, in the file's order.
pub(super) fn members(root: &Section<'_>, home: &Home, notes: &mut Notes) -> Vec<At<Member>> {
    if !root.has("members") {
        root.missing("members", "a section [members.lea] with roles = [\"care\"]");
        return Vec::new();
    }
    let mut members = Vec::new();
    for (id, section) in root.named_sections("members") {
        check_name(&section, &id);
        let member = member(&section, &id, home, notes);
        if member.roles.is_empty() {
            let message = format!("member `{}` holds no role and can see nothing", id.value);
            section.sheet().warning(&id.span, message, "add roles = [\"care\"]");
        }
        if member.handles.is_empty() && member.email.is_none() {
            let message =
                format!("member `{}` has neither a handle nor a mail address and cannot be reached", id.value);
            section.sheet().warning(&id.span, message, "add handles = { slack = \"...\" } or email = \"...\"");
        }
        section.finish();
        members.push(At { value: member, span: id.span });
    }
    members
}

fn member(section: &Section<'_>, id: &At<String>, home: &Home, notes: &mut Notes) -> Member {
    let language: Option<At<Lang>> = section.parsed("language", values::language);
    let zone = section.parsed("zone", values::zone).map(|zone| zone.value);
    let email = section.parsed("email", email);
    if let Some(email) = &email {
        notes.handles.push(("email".to_owned(), email.clone(), id.value.clone()));
    }
    let backup = section.text("backup");
    if let Some(backup) = &backup {
        notes.backups.insert(id.value.clone(), backup.clone());
    }
    let capacity = section.number("capacity", 1..=CAPACITY_MAX);
    let mut member = Member {
        id: MemberId::new(id.value.clone()),
        name: section.text("name").map_or_else(|| id.value.clone(), |name| name.value),
        language: language.map(|language| language.value),
        zone,
        email: email.map(|email| email.value),
        handles: handles(section, id, notes),
        roles: Vec::new(),
        grants: Vec::new(),
        networks: notes.refer(Kind::Network, section.texts("networks")).into_iter().collect(),
        brands: section.texts("brands").into_iter().map(|brand| brand.value).collect(),
        weight: section.number("weight", 1..=WEIGHT_MAX).map_or(1, |weight| u32::try_from(weight.value).unwrap_or(1)),
        capacity: capacity.and_then(|capacity| u32::try_from(capacity.value).ok()),
        skills: skills(section),
        backup: notes.refer_one(Kind::Member, backup).map(MemberId),
        role_backups: backups(section, notes),
        hours: hours(section, zone.unwrap_or(home.zone), home),
    };
    let roles = notes.refer(Kind::Role, section.texts("roles"));
    let mut grants: Vec<RoleGrant> = Vec::with_capacity(roles.len());
    for role in roles {
        if !grants.iter().any(|grant| grant.role == role) {
            grants.push(RoleGrant::of_file(role));
        }
    }
    grants.extend(limited(section, home, notes));
    member.hold(grants);
    member
}

fn hours(section: &Section<'_>, zone: Tz, home: &Home) -> Option<crate::domain::rhythm::business_time::Calendar> {
    values::calendar(section, zone, &home.holidays)
}

fn handles(section: &Section<'_>, id: &At<String>, notes: &mut Notes) -> BTreeMap<String, String> {
    let mut handles = BTreeMap::new();
    if !section.has("handles") {
        return handles;
    }
    let Some(inner) = section.section("handles") else { return handles };
    for chat in CHATS {
        if let Some(handle) = inner.parsed(chat, handle) {
            handles.insert(chat.to_owned(), handle.value.clone());
            notes.handles.push((chat.to_owned(), handle, id.value.clone()));
        }
    }
    inner.finish();
    handles
}

fn skills(section: &Section<'_>) -> BTreeMap<String, u32> {
    if !section.has("skills") {
        return BTreeMap::new();
    }
    let mut skills = BTreeMap::new();
    for entry in section.entries("skills") {
        if let Some(level) = entry.number(0..=SKILL_MAX) {
            skills.insert(entry.name.value.clone(), u32::try_from(level).unwrap_or(1));
        }
    }
    skills
}

fn handle(text: &str) -> Result<String, (String, String)> {
    let bare = text.strip_prefix('@').unwrap_or(text);
    if bare.is_empty() || bare.chars().any(char::is_whitespace) {
        return Err((format!("`{text}` is not a handle"), "the user name or user id, without spaces".to_owned()));
    }
    Ok(bare.to_owned())
}

fn email(text: &str) -> Result<String, (String, String)> {
    let is_mail = text.len() <= EMAIL_CHARS_MAX
        && !text.chars().any(char::is_whitespace)
        && text
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    if is_mail {
        Ok(text.to_lowercase())
    } else {
        Err(("not a mail address".to_owned(), "e.g. lea@maison.example".to_owned()))
    }
}

/// Roles held within limits.
fn limited(section: &Section<'_>, home: &Home, notes: &mut Notes) -> Vec<RoleGrant> {
    let mut grants = Vec::new();
    for inner in section.listed_sections("grants") {
        let role = notes.refer_one(Kind::Role, inner.need_text("role", "\"care\""));
        let networks = notes.refer(Kind::Network, inner.texts("networks")).into_iter().collect();
        let brands = inner.texts("brands").into_iter().map(|brand| brand.value).collect();
        let until = inner.parsed("until", |text| values::until(text, home.zone)).map(|until| until.value);
        inner.finish();
        grants.extend(role.map(|role| RoleGrant { role, networks, brands, until, source: GrantSource::File }));
    }
    grants
}

/// Who takes over for one role.
fn backups(section: &Section<'_>, notes: &mut Notes) -> BTreeMap<String, MemberId> {
    if !section.has("backups") {
        return BTreeMap::new();
    }
    let mut backups = BTreeMap::new();
    for entry in section.entries("backups") {
        let Some(backup) = entry.text() else { continue };
        notes.refer(Kind::Role, vec![At { value: entry.name.value.clone(), span: entry.name.span.clone() }]);
        if let Some(backup) = notes.refer_one(Kind::Member, Some(backup)) {
            backups.insert(entry.name.value.clone(), MemberId(backup));
        }
    }
    backups
}

/// A list of short names, each checked.
pub(super) fn names(section: &Section<'_>, key: &'static str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for At { value, span } in section.texts(key) {
        match values::short_name(&value) {
            Ok(name) => drop(names.insert(name)),
            Err((why, hint)) => section.sheet().error(&span, why, hint),
        }
    }
    names
}

/// The name a section is filed under.
pub(super) fn check_name(section: &Section<'_>, name: &At<String>) {
    if let Err((why, hint)) = values::short_name(&name.value) {
        section.sheet().error(&name.span, why, hint);
    }
}
