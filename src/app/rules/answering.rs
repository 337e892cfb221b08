//! A rule answers with words of the library: approved, in use, in the customer's language, once a day and once a ticket.
//!
//! The answer is a reply like any other and leaves through the same door; it never counts as a person's answer. Start at
//! [`answer`].

use crate::app::work::{Loaded, Work};
use crate::app::{Fault, drafts, library};
use crate::domain::content::draft::{Command, Draft, Opening};
use crate::domain::content::library::{Command as SnippetCommand, Snippet};
use crate::domain::decide::Actor;
use crate::domain::desk::moderation::{Done, Spared};
use crate::domain::desk::rule::Rule;
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::time::DAY_MS;
use crate::store::{aggregates, links, slots};

/// One customer gets an answer of one rule at most so often.
const ONCE_MS: i64 = DAY_MS;

/// Under which name the last answer of a rule to a customer is remembered.
fn job(rule: &Rule, ticket: &Ticket) -> String {
    format!("answer:{}:{}:{}", rule.id, ticket.opening.network, ticket.opening.customer.id)
}

/// Writes the answer and lets it go on its way; the inner error is why there is none.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn answer(
    work: &mut Work<'_>,
    rule: &Rule,
    ticket: &Ticket,
    snippet: i64,
    frozen: bool,
) -> Result<Result<i64, Spared>, Fault> {
    if frozen {
        return Ok(Err(Spared::Frozen));
    }
    if drafts::write::sensitive(&ticket.opening.topic) {
        return Ok(Err(Spared::Sensitive));
    }
    if ticket.rule_acts.iter().flat_map(|act| &act.done).any(|done| matches!(done, Done::Answered { .. })) {
        return Ok(Err(Spared::AnsweredOnce));
    }
    if ticket.answered_at.is_some() || !drafts::replies_of(work, ticket.id).await?.is_empty() {
        return Ok(Err(Spared::BeingAnswered));
    }
    let job = job(rule, ticket);
    let last = slots::last(work.tx, &job).await?;
    if last.is_some_and(|(_, at)| work.now.since(at) < ONCE_MS) {
        return Ok(Err(Spared::AnsweredLately));
    }
    let (id, text) = match words(work, ticket, snippet).await? {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    let network = &ticket.opening.network;
    let limit = drafts::limit(work, network);
    let (Ok(in_reply_to), true) = (drafts::write::addressee(ticket), work.app.registry.networks.contains_key(network))
    else {
        return Ok(Err(Spared::CannotLeave));
    };
    let Some(author) = rule.switched_by.clone().filter(|_| text.chars().count() <= limit) else {
        return Ok(Err(Spared::CannotLeave));
    };
    if !slots::fire_once(work.tx, &job, &work.now.0.to_string(), work.now).await? {
        return Ok(Err(Spared::AnsweredLately));
    }
    let direct = ticket.opening.is_private();
    let account = work.office().accounts.get(network).map(|account| account.handle.clone()).unwrap_or_default();
    let opening = Opening {
        post: false,
        network: network.clone(),
        account,
        topic: ticket.opening.topic.clone(),
        desk: ticket.opening.desk.clone(),
        ticket: Some(ticket.id),
        in_reply_to,
        reply_url: ticket.opening.reply_url.clone(),
        direct,
        sensitive: false,
        automatic: Some(rule.id),
        for_whom: None,
        author: author.clone(),
        at: work.now,
    };
    let reply = leave(work, opening, text, limit, &Actor::Member { id: author.clone() }).await?;
    if reply.is_ok() {
        let mut used = library::load(work, Ref::new(Kind::Snippet, id)).await?;
        // It was in use a moment ago in this transaction; a count that cannot be taken is no reason to fail.
        let _ = work.act(id, &mut used, &SnippetCommand::Use, &Actor::Member { id: author }).await?;
    }
    Ok(reply)
}

async fn leave(
    work: &mut Work<'_>,
    opening: Opening,
    text: String,
    limit: usize,
    actor: &Actor,
) -> Result<Result<i64, Spared>, Fault> {
    let id = aggregates::next_id(work.tx, Kind::Reply.stored()).await?;
    let ticket = opening.ticket.unwrap_or_default();
    let private = opening.direct;
    let mut draft = Loaded { state: Draft::default(), version: 0 };
    let open = Command::Open { id, opening: Box::new(opening), text, private, limit };
    let submit = Command::Submit { reviewers: Vec::new(), may_send: true };
    links::claim(work.tx, "reply_of", &Ref::new(Kind::Reply, id).to_string(), ticket).await?;
    for command in [open, submit] {
        if let Err(refusal) = drafts::act(work, &mut draft, &command, actor).await? {
            let what = Ref::new(Kind::Reply, id).to_string();
            return Err(Fault::Unreadable { what, cause: format!("{refusal:?}") });
        }
    }
    Ok(Ok(id))
}

/// The words for this customer: those of the snippet, or of the same title in their language.
async fn words(work: &mut Work<'_>, ticket: &Ticket, snippet: i64) -> Result<Result<(i64, String), Spared>, Fault> {
    let known = library::all(work).await?;
    let Some(named) = known.iter().find(|one| one.id == snippet) else { return Ok(Err(Spared::NoWords)) };
    let title = named.making.title.to_lowercase();
    let fits = |one: &&Snippet| fits(one, ticket);
    let siblings = known.iter().filter(|one| one.id != snippet && one.making.title.to_lowercase() == title);
    let Some(chosen) = std::iter::once(named).chain(siblings).find(fits) else {
        return Ok(Err(Spared::OtherLanguage));
    };
    Ok(match chosen.text_in_use(work.now) {
        Ok(text) => Ok((chosen.id, text.to_owned())),
        Err(_) => Err(Spared::NoWords),
    })
}

/// Nobody reads these words before they leave, so the customer's language must be known where the words have one.
fn fits(snippet: &Snippet, ticket: &Ticket) -> bool {
    let language = ticket.opening.language.as_deref();
    let sure = snippet.making.language.is_none() || snippet.making.language.as_deref() == language;
    sure && snippet.fits(&ticket.opening.network, language)
}
