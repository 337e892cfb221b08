//! What a rule did, each time, and taking one of these times back.
//!
//! Start at [`log`] and [`undo`].

use super::acting::{LINK, act_key};
use super::{making, show};
use crate::app::commands::{self, Invocation, Reply};
use crate::app::tickets::refused;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, drafts, people};
use crate::domain::content::draft::{Command as DraftCommand, Status as DraftStatus};
use crate::domain::decide::Actor;
use crate::domain::desk::moderation::react::listed;
use crate::domain::desk::moderation::{Done, Order};
use crate::domain::desk::rule::{Command as RuleCommand, Event, Rule};
use crate::domain::desk::ticket::{Command, Ticket};
use crate::domain::desk::undo::UNDO_WITHIN_MS;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::store::journal::{self, Entry};
use crate::store::links;

/// Entries of a log: what one message of either chat holds.
const ENTRIES_MAX: i64 = 20;
/// Characters of a network's words in a log.
const CAUSE_CHARS_MAX: usize = 120;

/// `/vigie rule log R-4`.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn log(work: &mut Work<'_>, asked: &Invocation, rule: &str) -> Result<Reply, Fault> {
    super::need(work, asked, Right::View)?;
    let rule = super::load(work, rule).await?.state;
    let entries = journal::newest_of(work.tx, Kind::Rule.stored(), rule.id, ENTRIES_MAX).await?;
    Ok(Reply::Show(Box::new(show::log(work, asked, &rule, &entries))))
}

/// An entry of a rule's journal as a line; `None` for what cannot be read.
#[must_use]
pub fn line(entry: &Entry) -> Option<Notice> {
    let event: Event = serde_json::from_str(&entry.payload).ok()?;
    let on = |ticket: i64| Ref::new(Kind::Ticket, ticket);
    let notice = match event {
        Event::Made { by, .. } => Notice::new("rule-log-made").member("who", &by),
        Event::Edited { when, then, by, .. } => Notice::new("rule-log-edited")
            .member("who", &by)
            .with("when", Arg::Code(when.to_string()))
            .with("then", Arg::Code(crate::domain::desk::rule::deed::printed(&then))),
        Event::SwitchedOn { by } => Notice::new("rule-log-on").member("who", &by),
        Event::SwitchedOff { by } => Notice::new("rule-log-off").member("who", &by),
        Event::Acted { number, ticket, done, spared, .. } => Notice::new("rule-log-acted")
            .number("number", i64::from(number))
            .subject("ticket", on(ticket))
            .number("some", i64::from(!done.is_empty()))
            .with("done", listed(done.iter().map(Done::notice).collect()))
            .number("spares", i64::from(!spared.is_empty()))
            .with("spared", show::spared(&spared)),
        Event::RanWild { hidden, seen } => Notice::new("rule-log-wild").number("hidden", hidden).number("seen", seen),
        Event::TakenBack { number, ticket, by } => Notice::new("rule-log-undone")
            .number("number", i64::from(number))
            .subject("ticket", on(ticket))
            .member("who", &by),
        Event::Failed { number, ticket, cause } => Notice::new("rule-log-failed")
            .number("number", i64::from(number))
            .subject("ticket", on(ticket))
            .text("cause", crate::app::cards::shorten(&cause, CAUSE_CHARS_MAX)),
    };
    Some(notice.with("at", Arg::At(entry.at)))
}

/// `/vigie rule undo R-4 12`.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn undo(work: &mut Work<'_>, asked: &Invocation, rule: &str, number: &str) -> Result<Reply, Fault> {
    let unknown = |rule: &Rule| {
        let notice = Notice::new("rule-no-such-act").subject("rule", rule.subject());
        let last = i64::from(rule.tally.acted);
        Fault::refused(notice.with("typed", Arg::Code(number.to_owned())).number("last", last))
    };
    // The ticket is taken before its rule, as when the rule acted: so only a look at the rule first.
    let rule = super::load(work, rule).await?.state;
    let read = number.trim().trim_start_matches('#').parse::<u32>().ok();
    let Some(number) = read.filter(|number| (1..=rule.tally.acted).contains(number)) else {
        return Err(unknown(&rule));
    };
    let Some(ticket) = links::get(work.tx, LINK, &act_key(rule.id, number)).await? else { return Err(unknown(&rule)) };
    take_back(work, asked, ticket, rule.id, number).await
}

/// The undo button of a card.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn undo_pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: i64,
    rule: i64,
    number: u32,
) -> Result<Reply, Fault> {
    let found = drafts::ticket(work, ticket).await?;
    let act = found.as_ref().and_then(|found| found.rule_act(rule, number));
    let late = act.is_none_or(|act| work.now.since(act.at) > UNDO_WITHIN_MS);
    if late && act.is_none_or(|act| act.undone_by.is_none()) {
        let label = crate::domain::desk::rule::label(rule);
        let command = Arg::Code(format!("/vigie rule undo {label} {number}"));
        return Err(Fault::refused(Notice::new("rule-undo-late").with("command", command)));
    }
    take_back(work, asked, ticket, rule, number).await
}

async fn take_back(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: i64,
    rule: i64,
    number: u32,
) -> Result<Reply, Fault> {
    let mut loaded = commands::ticket::load_id(work, Ref::new(Kind::Ticket, ticket)).await?;
    let opening = &loaded.state.opening;
    let scope = Scope { network: Some(&opening.network), topic: Some(&opening.topic), own: false };
    commands::allow(&work.setup, &asked.member, Right::Hide, scope)?;
    let done = loaded.state.rule_act(rule, number).map(|act| act.done.clone()).unwrap_or_default();
    if done.is_empty() {
        let notice = Notice::new("rule-nothing-done").subject("rule", Ref::new(Kind::Rule, rule));
        return Err(Fault::refused(notice.number("number", i64::from(number))));
    }
    let actor = Actor::Member { id: asked.member.clone() };
    let command = Command::Moderate(Order::UndoRule { rule, number });
    if let Err(refusal) = work.act(ticket, &mut loaded, &command, &actor).await? {
        return Err(refused(&loaded.state, &refusal));
    }
    let left = stop_answer(work, &done, &actor).await?;
    if let Some(mut found) = work.load::<Rule>(rule).await? {
        making::decide(work, asked, &mut found, &RuleCommand::TakeBack { number, ticket }).await?;
    }
    // After the rule: a message that comes in takes the rule before the rotation, too.
    give_back(work, &mut loaded).await?;
    let notice = Notice::new("rule-undone")
        .subject("rule", Ref::new(Kind::Rule, rule))
        .number("number", i64::from(number))
        .subject("ticket", loaded.state.subject())
        .number("left", i64::from(left.is_some()))
        .with("reply", left.map_or_else(|| Arg::Text(String::new()), Arg::Ref));
    Ok(Reply::Say(notice))
}

/// An answer that has not left is given up; one that has, or may have, is named.
async fn stop_answer(work: &mut Work<'_>, done: &[Done], actor: &Actor) -> Result<Option<Ref>, Fault> {
    let reply = done.iter().find_map(|done| match done {
        Done::Answered { reply } => Some(Ref::new(Kind::Reply, *reply)),
        _ => None,
    });
    let Some(reply) = reply else { return Ok(None) };
    let mut draft = drafts::load(work, reply).await?;
    if draft.state.status == DraftStatus::Cancelled {
        return Ok(None);
    }
    if draft.state.status.is_editable() && drafts::act(work, &mut draft, &DraftCommand::Cancel, actor).await?.is_ok() {
        return Ok(None);
    }
    Ok(Some(reply))
}

/// The ticket is somebody's again.
async fn give_back(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>) -> Result<(), Fault> {
    if !loaded.state.is_open() {
        return Ok(());
    }
    if loaded.state.assignee.is_some() {
        return super::acting::hand_on(work, loaded).await;
    }
    let turn = people::assign_by_rotation(work, loaded, None, &Actor::System).await?;
    let what = loaded.state.subject().to_string();
    turn.map(|_| ()).map_err(|refusal| Fault::Unreadable { what, cause: format!("{refusal:?}") })
}
