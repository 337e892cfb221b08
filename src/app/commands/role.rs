//! `/vigie role`: which roles there are, what they are for, and who holds them, where and until when.
//!
//! Never lets anybody give away more than they may decide about themselves, and never leaves open work without anybody who
//! may do it. Start at [`grant`].

use std::collections::{BTreeMap, BTreeSet};

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, whom};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, office, returning};
use crate::domain::content::when;
use crate::domain::decide::Actor;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::changes::OfficeChange;
use crate::domain::office::{GrantSource, Lang, MemberId, Office, Post, Role, RoleGrant};
use crate::domain::rights::{Right, Scope};
use crate::domain::time::Timestamp;
use crate::ports::chat::{Block, Body, Rich, Span};

/// Longest mission, in characters: it is read in one direct message.
const MISSION_CHARS_MAX: usize = 500;
/// Longest name of a role, in characters: fits every list.
const NAME_CHARS_MAX: usize = 32;

const POSTS: &[&str] = &[
    "head_of_social",
    "social_media_manager",
    "community_manager",
    "creator",
    "analyst",
    "paid_social",
    "expert",
    "brand",
    "executive",
    "guest",
];
const ROLE: ArgSpec = ArgSpec::place("role", "role", Takes::Word, true);
const WHO: ArgSpec = ArgSpec::place("who", "qui", Takes::Who, true);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Option<Right>,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "vigie", command_fr: "", name, name_fr, args, right, examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "role add",
        "role ajouter",
        &[
            ROLE,
            ArgSpec::place("mission", "mission", Takes::Text, true),
            ArgSpec::named("rights", "droits", Takes::OneOf(POSTS)),
            ArgSpec::named("topics", "sujets", Takes::Word),
            ArgSpec::named("rotation", "rotation", Takes::OneOf(&["yes", "no"])),
        ],
        Some(Right::Config),
        &[
            "vigie role add moderation rights:community_manager \"Keep the comments clean\"",
            "vigie role ajouter veille \"Surveiller la concurrence\"",
        ],
        |work, asked| Box::pin(add(work, asked)),
    ),
    verb(
        "role grant",
        "role donner",
        &[
            ROLE,
            WHO,
            ArgSpec::named("net", "reseau", Takes::Word),
            ArgSpec::named("brand", "marque", Takes::Word),
            ArgSpec::named("until", "jusque", Takes::Word),
        ],
        Some(Right::Config),
        &["vigie role grant care hugo net:instagram until:\"mon 09:00\"", "vigie role donner care hugo jusque:4h"],
        |work, asked| Box::pin(grant(work, asked)),
    ),
    verb(
        "role revoke",
        "role retirer",
        &[ROLE, WHO],
        Some(Right::Config),
        &["vigie role revoke care ana", "vigie role retirer care ana"],
        |work, asked| Box::pin(revoke(work, asked)),
    ),
    verb("role who", "role qui", &[ROLE], Some(Right::Team), &["vigie role who care"], |work, asked| {
        Box::pin(who(work, asked))
    }),
    verb("role list", "role liste", &[], Some(Right::Team), &["vigie role list"], |work, asked| {
        Box::pin(list(work, asked))
    }),
];

fn actor(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

fn typed<'a>(asked: &'a Invocation, name: &str) -> &'a str {
    asked.parsed.get(name).map(str::trim).unwrap_or_default()
}

/// `instagram,x` as names.
fn names(text: &str) -> BTreeSet<String> {
    text.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_lowercase).collect()
}

fn post(name: &str) -> Option<Post> {
    serde_json::from_value(serde_json::Value::String(name.to_lowercase())).ok()
}

async fn add(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let role = typed(asked, "role").to_lowercase();
    let right_name = !role.is_empty()
        && role.chars().count() <= NAME_CHARS_MAX
        && role.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_.".contains(letter));
    if !right_name {
        return Err(Fault::refused(Notice::new("role-name").with("role", Arg::Code(role))));
    }
    let mission = typed(asked, "mission");
    if mission.chars().count() > MISSION_CHARS_MAX {
        let max = i64::try_from(MISSION_CHARS_MAX).unwrap_or(i64::MAX);
        return Err(Fault::refused(Notice::new("role-mission-long").number("max", max)));
    }
    // Without a word about rights: those of an expert, and on this role's own topics only.
    let post = post(asked.parsed.get("rights").unwrap_or("expert")).unwrap_or(Post::Guest);
    let mut topics = names(typed(asked, "topics"));
    if topics.is_empty() {
        topics.insert(role.clone());
    }
    let change = OfficeChange::RoleAdded {
        role: role.clone(),
        mission: BTreeMap::from([(asked.lang, mission.to_owned())]),
        post,
        rotation: typed(asked, "rotation") == "yes",
        topics: topics.clone(),
    };
    office::change(work, &actor(asked), change).await?;
    let notice = Notice::new("role-added")
        .with("role", Arg::Strong(role.clone()))
        .with("rights", Arg::Word(post_key(post)))
        .text("topics", topics.into_iter().collect::<Vec<_>>().join(", "))
        .with("example", Arg::Code(format!("/vigie role grant {role} @…")));
    Ok(Reply::Say(notice))
}

/// Wording key of a post's name.
#[must_use]
pub fn post_key(post: Post) -> String {
    let name = serde_json::to_value(post).ok().and_then(|name| name.as_str().map(|name| name.replace('_', "-")));
    format!("post-{}", name.unwrap_or_default())
}

async fn grant(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = whom::who(work, asked, typed(asked, "who")).await?;
    let grant = RoleGrant {
        role: typed(asked, "role").to_lowercase(),
        networks: names(typed(asked, "net")),
        brands: names(typed(asked, "brand")),
        until: until(work, asked)?,
        source: GrantSource::Command,
    };
    known_brands(work.office(), &grant)?;
    within_own(work, asked, &grant)?;
    let notice = limits(Notice::new("role-grant-done"), &grant)
        .with("role", Arg::Strong(grant.role.clone()))
        .member("who", &member);
    let told = Notice { key: "role-grant-told".into(), ..notice.clone() };
    let change = OfficeChange::Granted { member: member.clone(), grant };
    office::change(work, &actor(asked), change).await?;
    Ok(Reply::Say(if member == asked.member { notice } else { told }))
}

fn until(work: &Work<'_>, asked: &Invocation) -> Result<Option<Timestamp>, Fault> {
    let typed = typed(asked, "until");
    if typed.is_empty() {
        return Ok(None);
    }
    let zone = work.office().members.get(&asked.member).and_then(|member| member.zone).unwrap_or(work.office().zone);
    let date = |text: &str| text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    let length = |text: &str| {
        text.ends_with(['m', 'h', 'd', 'j']) && text[..text.len() - 1].bytes().all(|byte| byte.is_ascii_digit())
    };
    let full = match typed {
        // A whole day is meant to its end.
        day if date(day) => format!("{day}T23:59"),
        for_so_long if length(for_so_long) => format!("+{for_so_long}"),
        other => other.to_owned(),
    };
    match when::read(&full, work.now, zone) {
        Ok(point) => Ok(Some(point.at)),
        Err(when::Problem::Past) => Err(Fault::refused(Notice::new("office-end-past"))),
        Err(problem) => {
            let key = if problem == when::Problem::TooFar { "when-too-far" } else { "when-unreadable" };
            Err(Fault::refused(Notice::new(key).with("typed", Arg::Code(typed.to_owned()))))
        }
    }
}

fn known_brands(office: &Office, grant: &RoleGrant) -> Result<(), Fault> {
    let known: BTreeSet<String> = office.accounts.values().filter_map(|account| account.brand.clone()).collect();
    match grant.brands.iter().find(|brand| !known.iter().any(|known| known.eq_ignore_ascii_case(brand))) {
        Some(brand) => {
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            Err(Fault::refused(Notice::new("office-no-brand").text("brand", brand).text("known", known)))
        }
        None => Ok(()),
    }
}

/// Nobody gives away what lies outside their own networks and brands.
fn within_own(work: &Work<'_>, asked: &Invocation, grant: &RoleGrant) -> Result<(), Fault> {
    let reached = work.office().accounts.values().filter(|account| {
        let brand = account.brand.as_deref();
        (grant.networks.is_empty() || grant.networks.contains(&account.network))
            && (grant.brands.is_empty() || brand.is_some_and(|brand| grant.brands.contains(brand)))
    });
    for account in reached {
        let scope = Scope { network: Some(&account.network), topic: None, own: false };
        super::allow(&work.setup, &asked.member, Right::Config, scope)?;
    }
    Ok(())
}

/// A sentence about a grant with its limits and its end.
pub(crate) fn limits(notice: Notice, grant: &RoleGrant) -> Notice {
    let limits: Vec<&str> = grant.networks.iter().chain(&grant.brands).map(String::as_str).collect();
    notice
        .number("limited", i64::from(!limits.is_empty()))
        .text("limits", limits.join(", "))
        .number("ends", i64::from(grant.until.is_some()))
        .with("until", Arg::At(grant.until.unwrap_or_default()))
}

async fn revoke(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = whom::who(work, asked, typed(asked, "who")).await?;
    let role = typed(asked, "role").to_lowercase();
    let about = |key: &str| Notice::new(key).with("role", Arg::Strong(role.clone())).member("member", &member);
    let office = work.office();
    if !office.roles.contains_key(&role) {
        return Err(Fault::refused(about("office-no-role")));
    }
    let held: Vec<RoleGrant> = office.members.get(&member).map(|found| found.grants.clone()).unwrap_or_default();
    let held: Vec<RoleGrant> = held.into_iter().filter(|grant| grant.role == role).collect();
    if held.is_empty() {
        return Err(Fault::refused(about("office-not-held")));
    }
    for grant in &held {
        within_own(work, asked, grant)?;
    }
    let by_group = held.iter().find_map(|grant| match &grant.source {
        GrantSource::Group { chat, group } => Some((chat.clone(), group.clone())),
        _ => None,
    });
    if let Some((chat, group)) = by_group {
        let chat = Arg::Word(format!("chat-{chat}"));
        return Err(Fault::refused(about("role-by-group").text("group", group).with("chat", chat)));
    }
    let last = work.office().holders(&role).all(|holder| holder.id == member);
    if last {
        let open = returning::open_of_role(work, &role).await?;
        if open > 0 {
            let count = i64::try_from(open).unwrap_or(i64::MAX);
            return Err(Fault::refused(about("role-last-holder").number("count", count)));
        }
    }
    let changes = held
        .into_iter()
        .map(|grant| OfficeChange::Revoked { member: member.clone(), role: role.clone(), source: grant.source })
        .collect();
    let done = about("role-revoke-done");
    office::change_all(work, &actor(asked), changes).await?;
    Ok(Reply::Say(done))
}

async fn who(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let name = typed(asked, "role").to_lowercase();
    let setup = std::sync::Arc::clone(&work.setup);
    let Some(role) = setup.office.roles.get(&name) else {
        let known = setup.office.roles.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(Fault::refused(Notice::new("no-such-role").text("role", name).text("known", known)));
    };
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = voice.plain_text(&Notice::new("role-who-title").text("role", &role.name));
    let mut lines = mission(role, &voice);
    for holder in setup.office.holders(&role.name) {
        for grant in holder.grants.iter().filter(|grant| grant.role == role.name) {
            lines.push(Span::Text("\n".into()));
            lines.extend(voice.say(&held(&holder.id, grant)));
        }
    }
    if setup.office.holders(&role.name).next().is_none() {
        lines.push(Span::Text("\n".into()));
        lines.extend(voice.say(&Notice::new("role-nobody")));
    }
    let blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}

/// One holder, how far, until when and by whose doing.
fn held(member: &MemberId, grant: &RoleGrant) -> Notice {
    let (key, group) = match &grant.source {
        GrantSource::File => ("role-holder-file", ""),
        GrantSource::Command => ("role-holder-command", ""),
        GrantSource::Group { group, .. } => ("role-holder-group", group.as_str()),
    };
    limits(Notice::new(key), grant).member("who", member).text("group", group)
}

fn mission(role: &Role, voice: &Voice<'_>) -> Rich {
    let other = |lang| if lang == Lang::Fr { Lang::En } else { Lang::Fr };
    let words = role.mission.get(&voice.lang).or_else(|| role.mission.get(&other(voice.lang)));
    let mut lines = voice.say(&Notice::new("role-carries").with("rights", Arg::Word(post_key(role.post))));
    if let Some(words) = words {
        lines.insert(0, Span::Text(format!("{words}\n")));
    }
    lines
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let title = voice.word("role-list-title");
    let mut lines = Rich::new();
    for role in setup.office.roles.values() {
        let holders: Vec<&str> = setup.office.holders(&role.name).map(|holder| holder.name.as_str()).collect();
        let notice = Notice::new(if holders.is_empty() { "role-line-nobody" } else { "role-line" })
            .with("role", Arg::Strong(role.name.clone()))
            .with("rights", Arg::Word(post_key(role.post)))
            .text("holders", holders.join(", "));
        lines.extend(voice.say(&notice));
        lines.push(Span::Text("\n".into()));
    }
    let foot = Block::Context(voice.say(&Notice::new("role-list-foot")));
    let blocks = vec![Block::Header(title.clone()), Block::Text(lines), foot];
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}
