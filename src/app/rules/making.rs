//! People make rules, change them, try them, and switch them on and off. What they type is read here and checked against the office.
//!
//! Start at [`add`].

use std::collections::BTreeSet;

use super::{RuleText, all, lock, need, publish, show, trial};
use crate::app::commands::{Invocation, Reply, whom};
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, library, triage};
use crate::domain::decide::Actor;
use crate::domain::desk::rule::deed::{self, Deed};
use crate::domain::desk::rule::grammar::{Column, Condition, Misread, Test, Wanted};
use crate::domain::desk::rule::{Command, RULES_MAX, RULES_ON_MAX, Refusal, Rule};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::Right;

/// Days on which a rule is tried when nobody says how many.
pub const DAYS: i64 = 7;

/// `/vigie rule add when:… then:…`: a new rule, off, with what it would have done.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn add(work: &mut Work<'_>, asked: &Invocation, typed: &RuleText) -> Result<Reply, Fault> {
    need(work, asked, Right::Config)?;
    let (when, then) = read(work, asked, typed).await?;
    if all(work).await?.len() >= RULES_MAX {
        return Err(Fault::refused(Notice::new("rule-too-many").number("max", count(RULES_MAX))));
    }
    let (id, mut loaded) = work.fresh::<Rule>().await?;
    decide(work, asked, &mut loaded, &Command::Make(id, when, then)).await?;
    tried(work, asked, &loaded.state, "rule-made", DAYS).await
}

/// `/vigie rule edit R-4 …`: other words or deeds; the rule is off until somebody has seen what it would do.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn edit(work: &mut Work<'_>, asked: &Invocation, rule: &str, typed: &RuleText) -> Result<Reply, Fault> {
    need(work, asked, Right::Config)?;
    lock(work).await?;
    let mut loaded = super::load(work, rule).await?;
    let (when, then) = (loaded.state.when.to_string(), loaded.state.deeds());
    let given = |text: &str, known: String| if text.trim().is_empty() { known } else { text.to_owned() };
    let typed = RuleText { when: given(&typed.when, when), then: given(&typed.then, then) };
    let (when, then) = read(work, asked, &typed).await?;
    let was_on = loaded.state.on;
    decide(work, asked, &mut loaded, &Command::Edit(when, then)).await?;
    publish(work).await?;
    tried(work, asked, &loaded.state, if was_on { "rule-edited-off" } else { "rule-edited" }, DAYS).await
}

/// `/vigie rule on|off R-4`. `seen` is the version that a button was shown with.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn switch(
    work: &mut Work<'_>,
    asked: &Invocation,
    rule: &str,
    on: bool,
    seen: Option<i64>,
) -> Result<Reply, Fault> {
    need(work, asked, Right::Config)?;
    lock(work).await?;
    let mut loaded = super::load(work, rule).await?;
    if seen.is_some_and(|seen| seen != i64::from(loaded.state.version)) {
        let notice = Notice::new("rule-changed-since").subject("rule", loaded.state.subject());
        return Err(Fault::refused(notice.member("who", &loaded.state.by)));
    }
    if on && all(work).await?.iter().filter(|rule| rule.on).count() >= RULES_ON_MAX {
        return Err(Fault::refused(Notice::new("rule-too-many-on").number("max", count(RULES_ON_MAX))));
    }
    let command = if on { Command::SwitchOn } else { Command::SwitchOff };
    decide(work, asked, &mut loaded, &command).await?;
    publish(work).await?;
    let key = if on { "rule-on" } else { "rule-off" };
    Ok(Reply::Say(Notice::new(key).subject("rule", loaded.state.subject()).number("days", DAYS)))
}

/// `/vigie rule test R-4 7d`: what it would have done.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn test(work: &mut Work<'_>, asked: &Invocation, rule: &str, days: Option<&str>) -> Result<Reply, Fault> {
    need(work, asked, Right::View)?;
    let days = match days.map(str::trim).filter(|days| !days.is_empty()) {
        None => DAYS,
        Some(typed) => {
            let digits = typed.to_lowercase();
            let digits = digits.trim_end_matches(['d', 'j']).trim();
            let read = digits.parse::<i64>().ok().filter(|days| (1..=trial::DAYS_MAX).contains(days));
            read.ok_or_else(|| {
                let notice = Notice::new("rule-bad-days").with("typed", Arg::Code(typed.to_owned()));
                Fault::refused(notice.number("max", trial::DAYS_MAX))
            })?
        }
    };
    let rule = super::load(work, rule).await?.state;
    tried(work, asked, &rule, "rule-tried", days).await
}

/// `/vigie rule list`.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let rules = all(work).await?;
    if rules.is_empty() {
        return Ok(Reply::Say(Notice::new("rule-none")));
    }
    let may = need(work, asked, Right::Config).is_ok();
    Ok(Reply::Show(Box::new(show::list(work, asked, &rules, may))))
}

async fn tried(work: &mut Work<'_>, asked: &Invocation, rule: &Rule, key: &str, days: i64) -> Result<Reply, Fault> {
    let may = need(work, asked, Right::Config).is_ok();
    let trial = trial::run(work, rule, days).await?;
    Ok(Reply::Show(Box::new(show::trial(work, asked, rule, &trial, key, may))))
}

pub(super) async fn decide(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Rule>,
    command: &Command,
) -> Result<(), Fault> {
    let id = match command {
        Command::Make(id, ..) => *id,
        _ => loaded.state.id,
    };
    let actor = Actor::Member { id: asked.member.clone() };
    match work.act(id, loaded, command, &actor).await? {
        Ok(_) => Ok(()),
        Err(refusal) => {
            let key = match refusal {
                Refusal::IsOn => "rule-is-on",
                Refusal::IsOff => "rule-is-off",
                Refusal::Unchanged => "rule-unchanged",
            };
            Err(Fault::refused(Notice::new(key).subject("rule", loaded.state.subject())))
        }
    }
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Reads both halves, and checks that what they name exists.
async fn read(work: &mut Work<'_>, asked: &Invocation, typed: &RuleText) -> Result<(Condition, Vec<Deed>), Fault> {
    let when = Condition::parse(typed.when.trim()).map_err(|misread| refused("when", &typed.when, &misread))?;
    let when = known(work, asked, when)?;
    let then = members(work, asked, typed.then.trim()).await?;
    let deeds = deed::parse(&then).map_err(|misread| refused("then", &then, &misread))?;
    let mut checked = Vec::with_capacity(deeds.len());
    for deed in deeds {
        checked.push(possible(work, asked, deed).await?);
    }
    Ok((when, checked))
}

/// A condition whose topics and networks exist; topics may be named in either language.
fn known(work: &Work<'_>, asked: &Invocation, condition: Condition) -> Result<Condition, Fault> {
    let several =
        |list: Vec<Condition>| list.into_iter().map(|one| known(work, asked, one)).collect::<Result<Vec<_>, Fault>>();
    Ok(match condition {
        Condition::Test(Test::Is(Column::Topic, values)) => {
            let topics = values.iter().map(|value| triage::topic_meant(work, asked, value));
            Condition::Test(Test::Is(Column::Topic, topics.collect::<Result<_, _>>()?))
        }
        Condition::Test(Test::Is(Column::Net, values)) => {
            let office = work.office();
            let networks: BTreeSet<&str> = office
                .accounts
                .keys()
                .chain(office.desks.iter().flat_map(|desk| desk.networks.iter()))
                .map(String::as_str)
                .collect();
            if let Some(unknown) = values.iter().find(|value| !networks.contains(value.as_str())) {
                let names: Vec<&str> = networks.into_iter().collect();
                let notice = Notice::new("rule-no-network").with("typed", Arg::Code(unknown.clone()));
                return Err(Fault::refused(notice.text("known", names.join(", "))));
            }
            Condition::Test(Test::Is(Column::Net, values))
        }
        Condition::Test(test) => Condition::Test(test),
        Condition::Not(inner) => Condition::Not(Box::new(known(work, asked, *inner)?)),
        Condition::All(list) => Condition::All(several(list)?),
        Condition::Any(list) => Condition::Any(several(list)?),
    })
}

/// Mentions of the chat (`<@U1>`) as short names.
async fn members(work: &mut Work<'_>, asked: &Invocation, text: &str) -> Result<String, Fault> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<@") {
        let Some((mention, tail)) = after.split_once('>') else { break };
        let member = whom::who(work, asked, &format!("<@{mention}>")).await?;
        out.push_str(before);
        out.push_str(&format!("@{member}"));
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

async fn possible(work: &mut Work<'_>, asked: &Invocation, deed: Deed) -> Result<Deed, Fault> {
    Ok(match deed {
        Deed::AssignTo(name) => Deed::AssignTo(whom::who(work, asked, &name).await?.0),
        Deed::AssignRole(role) => {
            let roles = &work.office().roles;
            if !roles.contains_key(&role) {
                let known: Vec<&str> = roles.keys().map(String::as_str).collect();
                let notice = Notice::new("rule-no-role").with("typed", Arg::Code(role));
                return Err(Fault::refused(notice.text("known", known.join(", "))));
            }
            Deed::AssignRole(role)
        }
        Deed::Topic(topic) => Deed::Topic(triage::topic_meant(work, asked, &topic)?),
        Deed::Answer(number) => {
            let snippet = library::load(work, Ref::new(Kind::Snippet, number)).await?.state;
            if snippet.text_in_use(work.now).is_err() {
                return Err(Fault::refused(snippet.about("rule-answer-not-in-use")));
            }
            Deed::Answer(number)
        }
        other => other,
    })
}

/// What could not be read: where, what was expected there, and an example.
fn refused(part: &str, typed: &str, misread: &Misread) -> Fault {
    let number = |key: &str, max: usize| Notice::new(key).number("max", count(max));
    let wanted = match &misread.wanted {
        Wanted::Test => Notice::new("rule-wanted-test"),
        Wanted::Column => {
            let names: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
            Notice::new("rule-wanted-column").text("columns", names.join(", "))
        }
        Wanted::Sign(column) => Notice::new("rule-wanted-sign").with("column", Arg::Code(column.name().to_owned())),
        Wanted::Value(column) => Notice::new(&format!("rule-wanted-value-{}", column.name())),
        Wanted::Number(column) => Notice::new("rule-wanted-number").with("column", Arg::Code(column.name().to_owned())),
        Wanted::Joiner => Notice::new("rule-wanted-joiner"),
        Wanted::Closing => Notice::new("rule-wanted-closing"),
        Wanted::EndOf(sign) => Notice::new("rule-wanted-end").with("sign", Arg::Code(sign.to_string())),
        Wanted::Pattern(why) => Notice::new("rule-wanted-pattern").text("why", why),
        Wanted::Words => Notice::new("rule-wanted-words"),
        Wanted::Shorter(max) => number("rule-wanted-shorter", *max),
        Wanted::FewerTests(max) => number("rule-wanted-fewer-tests", *max),
        Wanted::Flatter(max) => number("rule-wanted-flatter", *max),
        Wanted::FewerPatterns(max) => number("rule-wanted-fewer-patterns", *max),
        Wanted::FewerValues(max) => number("rule-wanted-fewer-values", *max),
        Wanted::Deed => Notice::new("rule-wanted-deed"),
        Wanted::DeedValue(name) => Notice::new(&format!("rule-wanted-deed-{name}")),
        Wanted::FewerDeeds(max) => number("rule-wanted-fewer-deeds", *max),
        Wanted::OnlyOne(name) => Notice::new("rule-wanted-only-one").with("deed", Arg::Code((*name).to_owned())),
    };
    let notice = Notice::new("rule-misread")
        .with("part", Arg::Code(format!("{part}:")))
        .with("typed", Arg::Code(crate::app::cards::shorten(typed, TYPED_CHARS_MAX)))
        .number("at", count(misread.at))
        .with("found", Arg::Code(misread.found.clone()))
        .number("at_end", i64::from(misread.found.is_empty()))
        .with("wanted", Arg::Said(Box::new(wanted)))
        .with("example", Arg::Code(example(part, &misread.wanted).to_owned()));
    Fault::refused(notice)
}

/// Most characters of what was typed that a refusal repeats.
const TYPED_CHARS_MAX: usize = 200;

fn example(part: &str, wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Sign(column) | Wanted::Value(column) | Wanted::Number(column) => column.example(),
        Wanted::Joiner if part == "when" => "net=x and text~'win money'",
        Wanted::Closing => "net=x and (links>=2 or text~spam)",
        Wanted::EndOf('/') | Wanted::Pattern(_) => "text~/win(ner)?s?/",
        Wanted::EndOf(_) | Wanted::Words => "text~'win money'",
        Wanted::DeedValue("tag") => "tag:spam",
        Wanted::DeedValue("prio") => "prio:p3",
        Wanted::DeedValue("topic") => "topic:sales",
        Wanted::DeedValue("answer") => "answer:B-3",
        Wanted::DeedValue("assign") => "assign:role:care",
        _ if part == "when" => "net=x and text~spam",
        _ => "hide,tag:spam",
    }
}
