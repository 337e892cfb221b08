//! `/rota`: who works when, who is on call, swaps, shares, and how fair it all is.
//!
//! Changes of people's share, capacity and skills are changes of the office (`app::office`). Start at [`VERBS`].

use std::sync::Arc;

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, whom};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, fairness, office, rota, rota_show};
use crate::domain::decide::Actor;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::office::changes::OfficeChange;
use crate::domain::people::swap::Swap;
use crate::domain::rhythm::day;
use crate::domain::rights::Right;
use crate::domain::time::DAY_MS;
use crate::ports::chat::Body;

/// Words that post the answer for everybody.
const SHARE: [&str; 2] = ["share", "partager"];
/// Days that fairness looks back when nothing is said: four weeks even out single days.
const FAIRNESS_DAYS: i64 = 28;
/// Longest look back, in days: a year of journal.
const FAIRNESS_DAYS_MAX: i64 = 366;
/// Largest share of a full post, as in the office file.
const WEIGHT_MAX: u32 = 10;
/// Largest capacity, as in the office file.
const CAPACITY_MAX: u32 = 10_000;
/// Largest skill, as in the office file.
const SKILL_MAX: u32 = 5;

const WHO: ArgSpec = ArgSpec::place("who", "qui", Takes::Who, true);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "rota", command_fr: "planning", name, name_fr, args, right: Some(Right::Rota), examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "show",
        "voir",
        &[
            ArgSpec::place("role", "role", Takes::Word, false),
            ArgSpec::place("week", "semaine", Takes::Word, false),
            ArgSpec::place("share", "partager", Takes::Word, false),
        ],
        &["rota show", "rota show care", "rota show care next share", "planning voir care"],
        |work, asked| Box::pin(show(work, asked)),
    ),
    verb(
        "fairness",
        "equite",
        &[
            ArgSpec::place("since", "depuis", Takes::Word, false),
            ArgSpec::place("role", "role", Takes::Word, false),
            ArgSpec::place("share", "partager", Takes::Word, false),
        ],
        &["rota fairness", "rota fairness 28d", "rota fairness 7d care share", "planning equite 28j care"],
        |work, asked| Box::pin(fair(work, asked)),
    ),
    verb(
        "swap",
        "echanger",
        &[
            ArgSpec::place("one", "un", Takes::Who, true),
            ArgSpec::place("other", "autre", Takes::Who, true),
            ArgSpec::place("day", "jour", Takes::Word, true),
            ArgSpec::named("role", "role", Takes::Word),
        ],
        &["rota swap hugo nora fri", "planning echanger sam olivia demain"],
        |work, asked| Box::pin(swap(work, asked)),
    ),
    verb(
        "undo",
        "annuler",
        &[ArgSpec::place("swap", "echange", Takes::Ref, false)],
        &["rota undo X-1"],
        |work, asked| Box::pin(undo(work, asked)),
    ),
    verb(
        "weight",
        "part",
        &[WHO, ArgSpec::place("weight", "part", Takes::Word, true)],
        &["rota weight hugo 2", "planning part hugo 2"],
        |work, asked| Box::pin(weight(work, asked)),
    ),
    verb(
        "capacity",
        "capacite",
        &[WHO, ArgSpec::place("capacity", "capacite", Takes::Word, true)],
        &["rota capacity sam 30", "rota capacity sam none", "planning capacite sam 30"],
        |work, asked| Box::pin(capacity(work, asked)),
    ),
    verb(
        "skill",
        "competence",
        &[
            WHO,
            ArgSpec::place("topic", "sujet", Takes::Word, true),
            ArgSpec::place("skill", "competence", Takes::Word, true),
        ],
        &["rota skill sam repair 2", "planning competence sam repair 2"],
        |work, asked| Box::pin(skill(work, asked)),
    ),
];

fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

/// What was typed by place, without the word that shares, and whether it was there.
fn words<'a>(asked: &'a Invocation, names: &[&str]) -> (Vec<&'a str>, bool) {
    let typed: Vec<&str> = names.iter().filter_map(|name| asked.parsed.get(name)).collect();
    let is_share = |word: &&str| SHARE.contains(&word.to_lowercase().as_str());
    let share = typed.iter().any(is_share) || asked.parsed.has_flag("share");
    (typed.into_iter().filter(|word| !is_share(word)).collect(), share)
}

fn answer(body: Body, share: bool) -> Reply {
    if share { Reply::Public(Box::new(body)) } else { Reply::Show(Box::new(body)) }
}

fn known_role(work: &Work<'_>, typed: &str) -> Result<String, Fault> {
    let name = typed.to_lowercase();
    let office = work.office();
    if office.roles.contains_key(&name) {
        return Ok(name);
    }
    let known: Vec<&str> = office.roles.keys().map(String::as_str).collect();
    Err(Fault::refused(Notice::new("no-such-role").text("role", typed).text("known", known.join(", "))))
}

async fn show(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let (typed, share) = words(asked, &["role", "week", "share"]);
    let today = day::of(work.now, work.office().zone);
    let (mut role, mut monday) = (None, day::monday(today));
    for word in typed {
        match rota_show::week(word, today) {
            Some(found) => monday = found,
            None => role = Some(known_role(work, word)?),
        }
    }
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let body = rota_show::body(work, role.as_deref(), monday, &voice).await?;
    Ok(answer(body, share))
}

async fn fair(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let (typed, share) = words(asked, &["since", "role", "share"]);
    let (mut role, mut days) = (None, FAIRNESS_DAYS);
    for word in typed {
        match length_in_days(word) {
            Some(found) => days = found,
            None => role = Some(known_role(work, word)?),
        }
    }
    let span = (work.now.plus_ms(-days * DAY_MS), work.now);
    let found = fairness::make(work, role.as_deref(), span.0, span.1).await?;
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    Ok(answer(fairness::body(&found, role.as_deref(), span, &voice), share))
}

/// `28d`, `4w` (French `28j`, `4s`) in days; `None` for what is no length.
fn length_in_days(typed: &str) -> Option<i64> {
    let typed = typed.to_lowercase();
    let unit = typed.chars().last()?;
    let number: i64 = typed.get(..typed.len() - unit.len_utf8())?.parse().ok()?;
    let days = match unit {
        'd' | 'j' => number,
        'w' | 's' => number.checked_mul(7)?,
        _ => return None,
    };
    (1..=FAIRNESS_DAYS_MAX).contains(&days).then_some(days)
}

async fn swap(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let one = person(work, asked, "one").await?;
    let other = person(work, asked, "other").await?;
    let typed = asked.parsed.get("day").unwrap_or_default().to_owned();
    let today = day::of(work.now, work.office().zone);
    let refused = || Fault::refused(Notice::new("swap-bad-day").with("typed", Arg::Code(typed.clone())));
    let when = day::read(&typed, today).ok_or_else(refused)?;
    let role = match asked.parsed.get("role") {
        Some(role) => Some(known_role(work, role)?),
        None => None,
    };
    let made = rota::swap(work, &me(asked), (&one, &other), when, role.as_deref()).await?;
    Ok(Reply::Say(made.notice("made", work.office())))
}

async fn undo(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let none = || Fault::refused(Notice::new("swap-which"));
    let subject = asked.parsed.reference.filter(|subject| subject.kind == Kind::Swap).ok_or_else(none)?;
    let gone = || Fault::refused(Notice::new("swap-unknown").subject("swap", subject));
    let loaded = work.load::<Swap>(subject.id).await?.ok_or_else(gone)?;
    let undone = rota::cancel(work, &me(asked), loaded).await?;
    Ok(Reply::Say(undone.notice("cancelled", work.office())))
}

async fn person(work: &mut Work<'_>, asked: &Invocation, name: &str) -> Result<MemberId, Fault> {
    match asked.parsed.get(name).unwrap_or_default() {
        "me" | "moi" => Ok(asked.member.clone()),
        typed => {
            let typed = typed.to_owned();
            whom::who(work, asked, &typed).await
        }
    }
}

fn number(asked: &Invocation, name: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, Fault> {
    let typed = asked.parsed.get(name).unwrap_or_default();
    let found = typed.parse::<u32>().ok().filter(|number| range.contains(number));
    found.ok_or_else(|| {
        let notice = Notice::new("rota-bad-number").with("typed", Arg::Code(typed.to_owned()));
        Fault::refused(notice.number("min", i64::from(*range.start())).number("max", i64::from(*range.end())))
    })
}

async fn weight(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let (member, weight) = (person(work, asked, "who").await?, number(asked, "weight", 0..=WEIGHT_MAX)?);
    let change = OfficeChange::Weight { member: member.clone(), weight };
    office::change(work, &me(asked), change).await?;
    let key = if weight == 0 { "rota-weight-none" } else { "rota-weight" };
    Ok(Reply::Say(Notice::new(key).member("who", &member).number("weight", i64::from(weight))))
}

async fn capacity(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = person(work, asked, "who").await?;
    let typed = asked.parsed.get("capacity").unwrap_or_default().to_lowercase();
    let capacity = match typed.as_str() {
        "none" | "aucune" | "aucun" => None,
        _ => Some(number(asked, "capacity", 1..=CAPACITY_MAX)?),
    };
    office::change(work, &me(asked), OfficeChange::Capacity { member: member.clone(), capacity }).await?;
    let notice = Notice::new(if capacity.is_some() { "rota-capacity" } else { "rota-capacity-none" });
    Ok(Reply::Say(notice.member("who", &member).number("capacity", i64::from(capacity.unwrap_or(0)))))
}

async fn skill(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let (member, skill) = (person(work, asked, "who").await?, number(asked, "skill", 0..=SKILL_MAX)?);
    let topic = asked.parsed.get("topic").unwrap_or_default().to_lowercase();
    let known: std::collections::BTreeSet<&str> =
        work.office().roles.values().flat_map(|role| role.topics.iter().map(String::as_str)).collect();
    if !known.contains(topic.as_str()) {
        let known: Vec<&str> = known.into_iter().collect();
        let notice = Notice::new("rota-no-topic").with("topic", Arg::Code(topic.clone()));
        return Err(Fault::refused(notice.text("known", known.join(", "))));
    }
    let change = OfficeChange::Skill { member: member.clone(), topic: topic.clone(), skill };
    office::change(work, &me(asked), change).await?;
    let key = if skill == 0 { "rota-skill-none" } else { "rota-skill" };
    let notice = Notice::new(key).member("who", &member).number("skill", i64::from(skill));
    Ok(Reply::Say(notice.with("topic", Arg::Code(topic))))
}
