//! `/away`: who is not there, from when to when, and who stands in.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, whom};
use crate::app::absence::{self, press};
use crate::app::work::Work;
use crate::app::{Fault, absence::back};
use crate::domain::decide::Actor;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::people::absence::span::{self, Problem};
use crate::domain::people::absence::{Absence, Plan, Stage};
use crate::domain::rights::Right;
use crate::ports::chat::{Block, Body, Rich, Span};

/// Absences in a list; more are counted.
const LISTED_MAX: usize = 30;

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Option<Right>,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "away", command_fr: "absence", name, name_fr, args, right, examples, run }
}

const WHO: ArgSpec = ArgSpec::named("who", "qui", Takes::Who);
const WHEN: &[ArgSpec] = &[
    ArgSpec::place("dates", "dates", Takes::Text, true),
    ArgSpec::named("backup", "suppleant", Takes::Who),
    ArgSpec::named("reason", "motif", Takes::Word),
    WHO,
];
const ABSENCE: &[ArgSpec] = &[ArgSpec::place("absence", "absence", Takes::Word, true)];

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "",
        "",
        WHEN,
        Some(Right::Team),
        &["away tomorrow", "absence du 23 au 27 mars", "away next week backup:@nora", "away fri 14:00 to mon 09:00"],
        |work, asked| Box::pin(away(work, asked)),
    ),
    // The same under a name of its own, for chats whose commands with sub-commands cannot stand alone.
    verb("for", "pour", WHEN, Some(Right::Team), &["away for 2d", "absence pour 4h"], |work, asked| {
        Box::pin(away(work, asked))
    }),
    verb("sick", "malade", &[WHO], Some(Right::Team), &["away sick"], |work, asked| Box::pin(sick(work, asked))),
    verb("back", "retour", &[WHO], Some(Right::Team), &["away back"], |work, asked| Box::pin(back(work, asked))),
    verb("list", "liste", &[], Some(Right::Team), &["away list"], |work, asked| Box::pin(list(work, asked))),
    verb("cancel", "annuler", ABSENCE, Some(Right::Team), &["away cancel U-1"], |work, asked| {
        Box::pin(cancel(work, asked))
    }),
    verb("approve", "approuver", ABSENCE, Some(Right::Rota), &["away approve U-1"], |work, asked| {
        Box::pin(decide(work, asked, true))
    }),
    verb("decline", "refuser", ABSENCE, Some(Right::Rota), &["away decline U-1"], |work, asked| {
        Box::pin(decide(work, asked, false))
    }),
];

/// Who it is about: the asker, or somebody named by who plans the rota.
async fn whose(work: &mut Work<'_>, asked: &Invocation) -> Result<MemberId, Fault> {
    let member = match asked.parsed.get("who") {
        None | Some("me" | "moi") => asked.member.clone(),
        Some(typed) => whom::who(work, asked, typed).await?,
    };
    absence::may(work, &asked.member, &member)?;
    Ok(member)
}

async fn away(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = whose(work, asked).await?;
    let typed = asked.parsed.get("dates").unwrap_or_default().to_owned();
    let zone = work.office().members.get(&member).and_then(|found| found.zone).unwrap_or(work.office().zone);
    let span = span::read(&typed, work.now, zone).map_err(|problem| unread(problem, &typed))?;
    let backup = match asked.parsed.get("backup") {
        Some(typed) => Some(whom::who(work, asked, typed).await?),
        None => None,
    };
    let plan = Plan {
        member,
        from: span.from,
        until: Some(span.until),
        sick: false,
        backup,
        reason: asked.parsed.get("reason").unwrap_or_default().trim().to_owned(),
        by: asked.member.clone(),
        at: work.now,
    };
    let loaded = absence::propose(work, plan, &me(asked)).await?;
    press::show(work, asked, &loaded.state).await
}

fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

fn unread(problem: Problem, typed: &str) -> Fault {
    let key = match problem {
        Problem::Unreadable => "absence-span-unreadable",
        Problem::Past => "absence-span-past",
        Problem::Backwards => "absence-refused-backwards",
        Problem::TooLong => "absence-span-too-long",
    };
    Fault::refused(Notice::new(key).with("typed", Arg::Code(typed.to_owned())))
}

/// Now, without a preview: somebody who is ill has no wish to read one.
async fn sick(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = whose(work, asked).await?;
    let plan = Plan {
        member,
        from: work.now,
        until: None,
        sick: true,
        backup: None,
        reason: String::new(),
        by: asked.member.clone(),
        at: work.now,
    };
    let mut loaded = absence::propose(work, plan, &me(asked)).await?;
    press::confirmed(work, asked, &mut loaded).await
}

async fn back(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = whose(work, asked).await?;
    let Some(mut loaded) = absence::running(work, &member).await? else {
        let next = absence::list(work, &[Stage::Requested, Stage::Confirmed]).await?;
        let next = next.into_iter().find(|absence| absence.plan.member == member);
        return Ok(Reply::Say(match next {
            Some(absence) => absence.about("away-was-here-but", work.office()),
            None => Notice::new("away-was-here").member("who", &member),
        }));
    };
    let restored = back::end(work, &mut loaded, &me(asked)).await?;
    let own = member == asked.member;
    let notice = loaded.state.welcome(&restored, work.office());
    Ok(Reply::Say(if own { notice } else { loaded.state.about("away-back-other", work.office()) }))
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut found = absence::list(work, &[Stage::Requested, Stage::Confirmed]).await?;
    if found.is_empty() {
        return Ok(Reply::Say(Notice::new("away-nobody")));
    }
    found.sort_by_key(|absence| (absence.plan.from, absence.id));
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = crate::app::say::Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let mut lines = Rich::new();
    for absence in found.iter().take(LISTED_MAX) {
        if !lines.is_empty() {
            lines.push(Span::Text("\n".into()));
        }
        lines.extend(voice.say(&line(work, absence)));
    }
    if found.len() > LISTED_MAX {
        let more = i64::try_from(found.len() - LISTED_MAX).unwrap_or(i64::MAX);
        lines.push(Span::Text("\n".into()));
        lines.extend(voice.say(&Notice::new("away-list-more").number("count", more)));
    }
    let title = voice.plain_text(&Notice::new("away-list-title"));
    let blocks = vec![Block::Header(title.clone()), Block::Text(lines)];
    Ok(Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() })))
}

fn line(work: &Work<'_>, absence: &Absence) -> Notice {
    let office = work.office();
    let at = absence.plan.from.max(work.now);
    let key = match (absence.stage, absence.begun_at) {
        (Stage::Requested, _) => "away-list-requested",
        (_, Some(_)) => "away-list-now",
        _ => "away-list-coming",
    };
    let stand_in = office.away.stand_in(office, &absence.plan.member, None, at);
    let notice = absence.about(key, office).number("covered", i64::from(stand_in.is_some()));
    match stand_in {
        Some(other) => notice.member("stand_in", &other),
        None => notice.text("stand_in", ""),
    }
}

/// The absence that was typed.
fn named(asked: &Invocation) -> Result<Ref, Fault> {
    let typed = asked.parsed.get("absence").unwrap_or_default();
    let found = Ref::parse(typed).filter(|subject| subject.kind == Kind::Absence);
    found.ok_or_else(|| Fault::refused(Notice::new("absence-which").with("typed", Arg::Code(typed.to_owned()))))
}

async fn cancel(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = absence::load(work, named(asked)?).await?;
    absence::may(work, &asked.member, &loaded.state.plan.member)?;
    absence::cancel(work, &mut loaded, &me(asked)).await?;
    let own = loaded.state.plan.member == asked.member;
    let key = if own { "absence-cancelled" } else { "absence-cancelled-other" };
    Ok(Reply::Say(loaded.state.about(key, work.office())))
}

async fn decide(work: &mut Work<'_>, asked: &Invocation, yes: bool) -> Result<Reply, Fault> {
    let mut loaded = absence::load(work, named(asked)?).await?;
    press::decide(work, asked, &mut loaded, yes).await
}
