//! What rules do to a message that comes in, in the transaction that takes it in.
//!
//! Each match is an event of the rule and of the ticket. A rule that would hide far too much of what comes in switches itself off
//! before it does. Start at [`look`].

use std::sync::Arc;

use super::{answering, in_force};
use crate::app::people;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, drafts, rotation};
use crate::domain::decide::{Actor, Facts};
use crate::domain::desk::moderation::{Done, Order, RuleAct};
use crate::domain::desk::rule::deed::Deed;
use crate::domain::desk::rule::matching::{Looked, Message};
use crate::domain::desk::rule::{Command as RuleCommand, Rule, window_start};
use crate::domain::desk::ticket::{Command, Entry, Ticket};
use crate::domain::desk::triage;
use crate::store::{links, volume};

/// Kind of the link from an act of a rule (`4:12`) to the ticket that it was done to.
pub const LINK: &str = "rule_act";

/// The key of that link.
#[must_use]
pub fn act_key(rule: i64, number: u32) -> String {
    format!("{rule}:{number}")
}

/// Whether one of our own accounts wrote it: rules leave us alone.
#[must_use]
pub fn is_own(work: &Work<'_>, ticket: &Ticket) -> bool {
    let plain = |name: &str| name.trim().trim_start_matches('@').to_lowercase();
    let customer = &ticket.opening.customer;
    let account = work.office().accounts.get(&ticket.opening.network);
    account.is_some_and(|account| {
        [&customer.name, &customer.id].into_iter().any(|name| plain(name) == plain(&account.handle))
    })
}

/// Lets the rules that are on look at a message of a ticket.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn look(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>, source: &str) -> Result<(), Fault> {
    let on_network = loaded.state.is_public() || loaded.state.opening.is_private();
    if !on_network || loaded.state.opening.opened_by.is_some() {
        return Ok(());
    }
    let rules = in_force(work).await?;
    if rules.is_empty() || is_own(work, &loaded.state) {
        return Ok(());
    }
    let found: Vec<i64> = {
        let Some(entry) = loaded.state.opening.entries.iter().find(|entry| entry.source == source) else {
            return Ok(());
        };
        let looked = Looked::new(message(work, &loaded.state, entry));
        rules.iter().filter(|rule| rule.matcher.finds(&looked)).map(|rule| rule.id).collect()
    };
    for rule in found {
        act(work, loaded, rule, source).await?;
    }
    Ok(())
}

/// A message as rules look at it: the ticket's first as triage read it, a further one with its own language and mood.
fn message<'m>(work: &Work<'_>, ticket: &'m Ticket, entry: &'m Entry) -> Message<'m> {
    let opening = &ticket.opening;
    let first = opening.entries.first().is_some_and(|known| known.source == entry.source);
    let seen = seen(ticket, entry);
    if first {
        return seen;
    }
    let reading = work.setup.triage.read(&triage::Message {
        text: &entry.text,
        network: &opening.network,
        kind: &opening.kind,
        followers: opening.customer.followers,
        ..triage::Message::default()
    });
    Message { mood: Some(reading.mood), ..seen }
}

/// A message with what the ticket says about it.
#[must_use]
pub fn seen<'m>(ticket: &'m Ticket, entry: &'m Entry) -> Message<'m> {
    let opening = &ticket.opening;
    Message {
        text: &entry.text,
        network: &opening.network,
        kind: &opening.kind,
        language: opening.language.as_deref(),
        mood: opening.mood,
        topic: &opening.topic,
        author: &opening.customer.name,
        author_id: &opening.customer.id,
        followers: opening.customer.followers,
    }
}

async fn act(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>, id: i64, source: &str) -> Result<(), Fault> {
    let Some(mut rule) = work.load::<Rule>(id).await?.filter(|rule| rule.state.on) else { return Ok(()) };
    let frozen = drafts::gate(work).await?.holds(&loaded.state.opening.network);
    let setup = Arc::clone(&work.setup);
    let facts = Facts { now: work.now, actor: Actor::System, office: &setup.office };
    let mut plan = loaded.state.plan(&rule.state.then, source, frozen, &facts);
    if plan.hides() {
        let seen = came_in(work).await?;
        if rule.state.would_run_wild(seen, work.now) {
            let hidden = rule.state.hidden_lately(work.now).saturating_add(1);
            return decide(work, &mut rule, &RuleCommand::RunWild { hidden, seen }).await;
        }
    }
    if let Some(snippet) = plan.answer {
        match Box::pin(answering::answer(work, &rule.state, &loaded.state, snippet, frozen)).await? {
            Ok(reply) => plan.done.push(Done::Answered { reply }),
            Err(why) => plan.spared.push((Deed::Answer(snippet), why)),
        }
    }
    if plan.done.is_empty() && plan.spared.is_empty() {
        return Ok(());
    }
    let number = rule.state.tally.acted.saturating_add(1);
    let ticket = loaded.state.id;
    let command = RuleCommand::Act { ticket, done: plan.done.clone(), spared: plan.spared };
    decide(work, &mut rule, &command).await?;
    links::claim(work.tx, LINK, &act_key(id, number), ticket).await?;
    if plan.done.is_empty() {
        return Ok(());
    }
    do_to(
        work,
        loaded,
        RuleAct {
            rule: id,
            number,
            source: source.to_owned(),
            at: work.now,
            done: plan.done,
            undone_by: None,
            fresh: true,
        },
    )
    .await
}

async fn do_to(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>, act: RuleAct) -> Result<(), Fault> {
    let before = loaded.state.opening.role.clone();
    let assigned = act.done.iter().find_map(|done| match done {
        Done::Assigned { to, .. } => Some(to.clone()),
        _ => None,
    });
    let ticket = loaded.state.id;
    let command = Command::Moderate(Order::ByRule(Box::new(act)));
    let decided = work.act(ticket, loaded, &command, &Actor::System).await?;
    decided.map_err(|refusal| unreadable(&loaded.state, &format!("{refusal:?}")))?;
    if let Some(member) = assigned {
        rotation::count_by_hand(work, loaded, &member, &Actor::System).await?;
    } else if loaded.state.opening.role != before {
        hand_on(work, loaded).await?;
    }
    Ok(())
}

/// A ticket whose role has changed, or that was given back: whoever has it keeps it when they hold the role, else it goes on.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn hand_on(work: &mut Work<'_>, loaded: &mut Loaded<Ticket>) -> Result<(), Fault> {
    let ticket = &loaded.state;
    // A new ticket is given to somebody in the same transaction anyway.
    let Some(owner) = ticket.assignee.as_ref().filter(|_| ticket.is_open()) else { return Ok(()) };
    if work.office().holders(&ticket.opening.role).any(|holder| holder.id == *owner) {
        return Ok(());
    }
    let turn = people::assign_by_rotation(work, loaded, None, &Actor::System).await?;
    turn.map(|_| ()).map_err(|refusal| unreadable(&loaded.state, &format!("{refusal:?}")))
}

fn unreadable(ticket: &Ticket, cause: &str) -> Fault {
    Fault::Unreadable { what: ticket.subject().to_string(), cause: cause.to_owned() }
}

async fn decide(work: &mut Work<'_>, rule: &mut Loaded<Rule>, command: &RuleCommand) -> Result<(), Fault> {
    let id = rule.state.id;
    let decided = work.act(id, rule, command, &Actor::System).await?;
    decided.map(|_| ()).map_err(|refusal| Fault::Unreadable { what: rule.state.label(), cause: format!("{refusal:?}") })
}

/// Messages that customers wrote on the networks within the last hour.
async fn came_in(work: &mut Work<'_>) -> Result<i64, Fault> {
    let counts = volume::between(work.tx, window_start(work.now), work.now.plus_ms(1)).await?;
    let chats = &work.app.registry.chats;
    Ok(counts.iter().filter(|count| !chats.contains_key(&count.network)).map(|count| count.count).sum())
}
