//! Merging, splitting, continuing: two tickets in one transaction, so that no message is ever in none or in both.
//!
//! Never mixes customers by itself: whoever merges two customers is told first. Start at [`merge`].

use super::contacts;
use super::life::{decide, me};
use super::refused;
use crate::app::commands::{self, Invocation, Reply, ticket as on_ticket};
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, consult, desk, drafts, notes, people, rules};
use crate::domain::decide::{Actor, Decider, Facts};
use crate::domain::desk::ticket::{Choice, Command, Entry, Opening, Related, Relation, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::store::links;

fn may_claim(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<(), Fault> {
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    commands::allow(&work.setup, &asked.member, Right::Claim, scope)
}

/// Merges a ticket into another one, which gets everything it had.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn merge(
    work: &mut Work<'_>,
    asked: &Invocation,
    source: &mut Loaded<Ticket>,
    into: &str,
) -> Result<Reply, Fault> {
    let subject = Ref::parse(into).filter(|subject| subject.kind == Kind::Ticket);
    let subject = subject
        .ok_or_else(|| Fault::refused(Notice::new("merge-into-what").with("typed", Arg::Code(into.to_owned()))))?;
    let from = source.state.subject();
    if subject == from {
        return Err(refused(&source.state, &crate::domain::desk::ticket::Refusal::WithItself));
    }
    let mut target = match desk::live(work, subject.id).await? {
        Some(target) => target,
        None => on_ticket::load_id(work, subject).await?,
    };
    may_claim(work, asked, &target.state)?;
    must_fit(work, asked, source, &target.state).await?;
    let absorb = Command::Absorb(Box::new(source.state.belongings()));
    // Decided before anything is written: of two tickets both change or none.
    let id = target.state.id;
    decide(work, asked, source, &Command::MergeInto { target: id }).await?;
    decide(work, asked, &mut target, &absorb).await?;
    for kind in ["source", "customer", notes::LINK, rules::acting::LINK] {
        links::move_all(work.tx, kind, source.state.id, id).await?;
    }
    if let (None, Some(owner)) = (&target.state.assignee, source.state.assignee.clone()) {
        give(work, asked, &mut target, &owner).await?;
    }
    Ok(Reply::Say(Notice::new("merge-done").subject("ticket", from).subject("into", target.state.subject())))
}

/// Refuses what would lose an answer: an unfinished reply, another customer, private words among public ones.
async fn must_fit(
    work: &mut Work<'_>,
    asked: &Invocation,
    source: &Loaded<Ticket>,
    target: &Ticket,
) -> Result<(), Fault> {
    let (from, into) = (source.state.subject(), target.subject());
    let replies = drafts::replies_of(work, source.state.id).await?;
    if let Some(open) = replies.iter().find(|draft| !draft.status.is_final()) {
        let notice = Notice::new("merge-reply-open").subject("ticket", from).subject("draft", open.subject());
        return Err(Fault::refused(notice));
    }
    if let Some(asked) = consult::of_ticket(work, source.state.id).await?.iter().find(|one| one.is_open()) {
        let notice = Notice::new("merge-consult-open").subject("ticket", from).subject("question", asked.subject());
        return Err(Fault::refused(notice));
    }
    if source.state.opening.is_private() != target.opening.is_private() {
        return Err(Fault::refused(Notice::new("merge-private").subject("ticket", from).subject("into", into)));
    }
    if !asked.parsed.has_flag("force") && !contacts::same_person(work, &source.state, target).await? {
        let notice = Notice::new("merge-other-customer").subject("ticket", from).subject("into", into);
        return Err(Fault::refused(notice));
    }
    Ok(())
}

async fn give(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    owner: &crate::domain::office::MemberId,
) -> Result<(), Fault> {
    let choice = Choice::Named { by: asked.member.clone() };
    let command = Command::Assign { to: owner.clone(), choice, seen: None };
    let id = loaded.state.id;
    // Whoever had it may have left the office file: then it stays with nobody, and the rotation finds somebody.
    let _ = work.act(id, loaded, &command, &me(asked)).await?;
    Ok(())
}

/// Makes a ticket of its own of some messages: `2 3`, `2,3`, `2-4`.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn split(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    typed: &str,
) -> Result<Reply, Fault> {
    let entries = &loaded.state.opening.entries;
    let numbers = numbers(typed, entries.len()).ok_or_else(|| {
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        let notice = Notice::new("split-which").with("typed", Arg::Code(typed.to_owned())).number("count", count);
        Fault::refused(notice.subject("ticket", loaded.state.subject()))
    })?;
    let chosen: Vec<Entry> = numbers.iter().filter_map(|number| entries.get(number - 1)).cloned().collect();
    let sources: Vec<String> = chosen.iter().map(|entry| entry.source.clone()).collect();
    let setup = std::sync::Arc::clone(&work.setup);
    let facts = Facts { now: work.now, actor: me(asked), office: &setup.office };
    // Nothing is opened for a split that is refused.
    let trial = Command::SplitOff { sources: sources.clone(), into: 0 };
    loaded.state.decide(&trial, &facts).map_err(|refusal| refused(&loaded.state, &refusal))?;
    for source in &sources {
        links::delete(work.tx, "source", source).await?;
    }
    let origin = Related { ticket: loaded.state.id, how: Relation::SplitFrom };
    let opening = anew(work, asked, &loaded.state, chosen, origin);
    let mut new = desk::begin(work, opening, &me(asked)).await?;
    decide(work, asked, loaded, &Command::SplitOff { sources, into: new.state.id }).await?;
    hand_on(work, asked, &loaded.state, &mut new).await?;
    let notice = Notice::new("split-done").subject("ticket", loaded.state.subject());
    Ok(Reply::Say(notice.subject("into", new.state.subject())))
}

/// A ticket that is too old to be reopened goes on in a new one that knows it.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn go_on(work: &mut Work<'_>, asked: &Invocation, old: &mut Loaded<Ticket>) -> Result<Reply, Fault> {
    let last = old.state.opening.entries.last().cloned();
    let Some(entry) = last else {
        return Err(Fault::refused(Notice::new("refused-too-old").subject("ticket", old.state.subject())));
    };
    // What comes for that message from now on (an edit, an answer to it) belongs to the new ticket.
    links::delete(work.tx, "source", &entry.source).await?;
    let origin = Related { ticket: old.state.id, how: Relation::Continues };
    let mut opening = anew(work, asked, &old.state, vec![entry], origin);
    opening.received_at = work.now;
    let opening = opening.promise(work.office());
    let mut new = desk::begin(work, opening, &me(asked)).await?;
    decide(work, asked, old, &Command::ContinueIn { ticket: new.state.id }).await?;
    hand_on(work, asked, &old.state, &mut new).await?;
    let notice = Notice::new("go-on-done").subject("ticket", old.state.subject());
    Ok(Reply::Say(notice.subject("into", new.state.subject())))
}

/// The opening of a ticket made from another one.
fn anew(work: &Work<'_>, asked: &Invocation, from: &Ticket, entries: Vec<Entry>, origin: Related) -> Opening {
    let written = entries.first().map_or(work.now, |entry| entry.at);
    let opening = Opening {
        entries,
        opened_by: Some(asked.member.clone()),
        received_at: written.clamp(from.opening.received_at, work.now),
        origin: Some(origin),
        ..from.opening.clone()
    };
    opening.promise(work.office())
}

/// Whoever worked on the old one gets the new one; else the rotation decides.
async fn hand_on(work: &mut Work<'_>, asked: &Invocation, old: &Ticket, new: &mut Loaded<Ticket>) -> Result<(), Fault> {
    if let Some(owner) = &old.assignee {
        give(work, asked, new, owner).await?;
    }
    if new.state.assignee.is_none() {
        let turn = people::assign_by_rotation(work, new, None, &Actor::System).await?;
        turn.map_err(|refusal| refused(&new.state, &refusal))?;
    }
    Ok(())
}

/// Numbers as typed, each from 1 to `count`, in order and once; none when one is not understood.
fn numbers(typed: &str, count: usize) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for part in typed.split([',', ';', ' ', '+']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = match part.split_once('-') {
            Some((from, to)) => (from.trim().parse().ok()?, to.trim().parse().ok()?),
            None => {
                let number: usize = part.parse().ok()?;
                (number, number)
            }
        };
        if from == 0 || from > to || to > count {
            return None;
        }
        found.extend(from..=to);
    }
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn messages_are_named_by_number_list_or_span() {
        let cases: [(&str, usize, Option<&[usize]>); 10] = [
            ("2", 3, Some(&[2])),
            ("2 3", 3, Some(&[2, 3])),
            ("3, 2, 3", 3, Some(&[2, 3])),
            ("1-2", 3, Some(&[1, 2])),
            ("1-2;3", 3, Some(&[1, 2, 3])),
            ("0", 3, None),
            ("4", 3, None),
            ("3-2", 3, None),
            ("two", 3, None),
            ("", 3, None),
        ];
        for (typed, count, wanted) in cases {
            assert_eq!(numbers(typed, count).as_deref(), wanted, "{typed:?} of {count}");
        }
    }
}
