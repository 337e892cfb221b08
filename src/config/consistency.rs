//! What only shows once the whole office file is read: names that point nowhere, circles, doubles, empty posts.

use std::collections::{BTreeMap, BTreeSet};

use super::nearest::cure;
use super::office::{Kind, Notes};
use super::sheet::{At, Section, Sheet};
use crate::domain::office::CrisisPlan;
use crate::domain::rights::{Grant, Right, grant};

/// Reports everything that does not fit together.
pub(super) fn check(root: &Section<'_>, notes: &Notes, crisis: &CrisisPlan) {
    let sheet = root.sheet();
    references(sheet, notes);
    backups(sheet, notes);
    handles(sheet, notes);
    holders(sheet, notes);
    desks(sheet, notes);
    crisis_people(sheet, notes, crisis);
}

fn known(notes: &Notes, kind: Kind) -> Vec<&str> {
    match kind {
        Kind::Role => notes.roles.iter().map(|role| role.value.name.as_str()).collect(),
        Kind::Member => notes.members.iter().map(|member| member.value.id.as_str()).collect(),
        Kind::Desk => notes.desks.iter().map(|desk| desk.value.name.as_str()).collect(),
        Kind::Network => notes.networks.iter().map(|network| network.value.as_str()).collect(),
    }
}

fn references(sheet: &Sheet<'_>, notes: &Notes) {
    for reference in &notes.references {
        let known = known(notes, reference.kind);
        let name = reference.name.value.as_str();
        if !known.contains(&name) {
            let message = format!("unknown {} `{name}`", reference.kind.word());
            sheet.error(&reference.name.span, message, cure(name, known.iter().copied()));
        }
    }
}

/// Circles of backups, each reported once, at the backup of its first member in the alphabet.
fn backups(sheet: &Sheet<'_>, notes: &Notes) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for start in notes.backups.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut at = start.as_str();
        while !seen.contains(at) && !path.contains(&at) {
            path.push(at);
            match notes.backups.get(at) {
                Some(next) => at = next.value.as_str(),
                None => break,
            }
        }
        if let Some(from) = path.iter().position(|member| *member == at).filter(|_| notes.backups.contains_key(at)) {
            let circle = &path[from..];
            let first = circle.iter().min().copied().unwrap_or(at);
            let turn = circle.iter().position(|member| *member == first).unwrap_or(0);
            let mut shown: Vec<&str> = circle.iter().cycle().skip(turn).take(circle.len()).copied().collect();
            shown.push(first);
            if let Some(place) = notes.backups.get(first) {
                let message = format!("backups go in a circle: {}", shown.join(" -> "));
                sheet.error(&place.span, message, "let one of them end the chain, or name somebody outside it");
            }
        }
        seen.extend(path);
    }
}

fn handles(sheet: &Sheet<'_>, notes: &Notes) {
    let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for (chat, handle, member) in &notes.handles {
        let key = (chat.as_str(), handle.value.to_lowercase());
        match owners.get(&key) {
            Some(owner) => {
                let what = if chat == "email" { "mail address".to_owned() } else { format!("{chat} handle") };
                let message = format!("`{member}` has the same {what} as `{owner}`");
                sheet.error(&handle.span, message, "each person needs an own one");
            }
            None => drop(owners.insert(key, member)),
        }
    }
}

fn holders(sheet: &Sheet<'_>, notes: &Notes) {
    for At { value: role, span } in &notes.roles {
        let by_group = !role.groups.is_empty();
        if by_group || notes.members.iter().any(|member| member.value.roles.contains(&role.name)) {
            continue;
        }
        let hint = format!("add `{}` to somebody's roles", role.name);
        if role.rotation {
            sheet.error(span, format!("role `{}` is a rotation of nobody", role.name), hint);
        } else {
            sheet.warning(span, format!("nobody holds the role `{}`", role.name), hint);
        }
    }
}

fn desks(sheet: &Sheet<'_>, notes: &Notes) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut networks: BTreeMap<&str, &str> = BTreeMap::new();
    let mut watched: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut channels: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for At { value: desk, span } in &notes.desks {
        if !desk.name.is_empty() && !names.insert(&desk.name) {
            sheet.error(span, format!("two desks are called `{}`", desk.name), "rename one");
        }
        for network in &desk.networks {
            if let Some(other) = networks.insert(network, &desk.name) {
                let message = format!("`{network}` comes to desk `{}` and to desk `{other}`", desk.name);
                sheet.error(span, message, "give each network to one desk");
            }
        }
        for (chat, name) in desk.watch.iter().flat_map(|(chat, names)| names.iter().map(move |name| (chat, name))) {
            if let Some(other) = watched.insert((chat, name), &desk.name) {
                let message =
                    format!("{chat} channel `{name}` is watched by desk `{}` and by desk `{other}`", desk.name);
                sheet.error(span, message, "let one desk watch it");
            }
        }
        for (chat, name) in &desk.channels {
            if let Some(other) = channels.insert((chat, name), &desk.name) {
                let message = format!("desks `{other}` and `{}` share the {chat} channel `{name}`", desk.name);
                sheet.warning(span, message, "give each desk its own channel");
            }
        }
    }
    let mut catch_all = notes.desks.iter().filter(|desk| desk.value.networks.is_empty());
    let first = catch_all.next();
    for At { value: desk, span } in catch_all.filter(|desk| desk.value.watch.is_empty()) {
        let first = first.map_or("", |first| first.value.name.as_str());
        let message = format!("desk `{}` gets nothing: `{first}` is the desk for all other networks", desk.name);
        sheet.warning(span, message, "add networks = [...] or watch = {...}");
    }
}

/// Who is named for crises must have the right that goes with it.
fn crisis_people(sheet: &Sheet<'_>, notes: &Notes, crisis: &CrisisPlan) {
    for name in &notes.crisis_people {
        let Some(member) = notes.members.iter().find(|member| member.value.id.as_str() == name.value) else { continue };
        let posts = notes.roles.iter().filter(|role| member.value.roles.contains(&role.value.name));
        let may_lead = posts
            .map(|role| grant(role.value.post, Right::CrisisLead))
            .any(|grant| matches!(grant, Grant::Always | Grant::Deputy));
        if !may_lead {
            let message = format!("`{}` has no role that may lead a crisis", name.value);
            let hint = "give a role with the post head_of_social, social_media_manager, community_manager or brand";
            sheet.error(&name.span, message, hint);
        }
    }
    if let (Some(lead), Some(deputy)) = (&crisis.lead, &crisis.deputy)
        && lead == deputy
        && let Some(place) = notes.crisis_people.last()
    {
        sheet.error(&place.span, format!("`{lead}` is lead and deputy of crises"), "name two people");
    }
}
