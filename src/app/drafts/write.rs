//! New replies and posts. The text is what a form or a command brought, never what stands in a thread.

use super::offer::{self, Flaw};
use super::{about, apply, limit, must_be_connected, replies_of, submit};
use crate::app::commands::{self, Invocation, Reply};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, draft_cards};
use crate::domain::content::draft::{Command, Draft, Opening, Status, TEXT_CHARS_MAX};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::MINUTE_MS;
use crate::ports::chat::{Block, Body};
use crate::store::{aggregates, links};

/// Topics whose replies are always approved by somebody else.
pub const SENSITIVE_TOPICS: [&str; 3] = ["ceo", "press", "legal"];
/// The same words to one customer within this time are taken for the same answer sent twice.
const SAME_REPLY_MS: i64 = 10 * MINUTE_MS;
/// Most characters of somebody else's answer shown to whoever came second.
const SAID_CHARS_MAX: usize = 600;
/// Topic of posts for which nobody named another.
pub const POST_TOPIC: &str = "content";

/// Whether a topic asks for somebody else's approval, whatever the account says.
#[must_use]
pub fn sensitive(topic: &str) -> bool {
    SENSITIVE_TOPICS.contains(&topic)
}

/// A reply as it was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The words.
    pub text: String,
    /// Private message rather than public comment.
    pub private: bool,
    /// The newest reply that the writer knew of.
    pub seen: i64,
    /// Words of the library are in it that its writer has not read in place: it is shown before it goes on.
    pub unread: bool,
}

/// Writes a reply to a ticket and lets it go on, or keeps it with the reason why its writer should look again.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn reply(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket, written: Written) -> Result<Reply, Fault> {
    let Written { text, private, seen, unread } = written;
    if private && !offer::private_offered(ticket) {
        let network = crate::app::cards::network_name(&ticket.opening.network);
        return Err(Fault::refused(Notice::new("reply-not-private").text("network", network)));
    }
    let in_reply_to = addressee(ticket)?;
    let network = ticket.opening.network.clone();
    must_be_connected(work, &network)?;
    let replies = replies_of(work, ticket.id).await?;
    must_be_new(work, &replies, &text)?;
    let rival = rival(asked, &replies, seen);
    let id = aggregates::next_id(work.tx, Kind::Reply.stored()).await?;
    let direct = ticket.opening.kind == "dm";
    let account = work.setup.office.accounts.get(&network).map(|account| account.handle.clone());
    let opening = Opening {
        post: false,
        account: account.unwrap_or_default(),
        topic: ticket.opening.topic.clone(),
        desk: ticket.opening.desk.clone(),
        ticket: Some(ticket.id),
        in_reply_to,
        reply_url: ticket.opening.reply_url.clone(),
        direct,
        sensitive: sensitive(&ticket.opening.topic),
        automatic: None,
        author: asked.member.clone(),
        for_whom: ticket.for_whom(&asked.member, &work.setup.office).cloned(),
        at: work.now,
        network,
    };
    let flaw = offer::flaw(ticket, &text, limit(work, &opening.network).min(TEXT_CHARS_MAX));
    // What is too long for the network is kept whole; it cannot be sent on before it fits.
    let limit = TEXT_CHARS_MAX;
    let mut loaded = Loaded { state: Draft::default(), version: 0 };
    links::claim(work.tx, "reply_of", &Ref::new(Kind::Reply, id).to_string(), ticket.id).await?;
    let command = Command::Open { id, opening: Box::new(opening), text, private: private || direct, limit };
    apply(work, &mut loaded, &command, asked).await?;
    if unread || flaw.is_some() {
        return Ok(kept(work, asked, &loaded.state, flaw.as_ref()));
    }
    let Some(rival) = rival else { return submit(work, asked, &mut loaded).await };
    let notice =
        Notice::new("draft-kept-beside").subject("other", rival.subject()).member("who", &rival.opening.author);
    let notice = notice.text("said", crate::app::cards::shorten(rival.text(), SAID_CHARS_MAX));
    Ok(Reply::Say(about(&loaded.state, notice)))
}

/// A reply that was kept for its writer to look at: why, its whole text, and what can be done with it.
fn kept(work: &Work<'_>, asked: &Invocation, draft: &Draft, flaw: Option<&Flaw>) -> Reply {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let notice = about(draft, flaw.map_or_else(|| Notice::new("draft-kept-unread"), Flaw::notice));
    let mut body = draft_cards::post(draft, true, &[], &voice);
    body.summary = voice.plain_text(&notice);
    body.blocks.insert(0, Block::Text(voice.say(&notice)));
    Reply::Show(Box::new(Body { ..body }))
}

/// Refuses who may not write replies to this ticket.
///
/// # Errors
/// The refusal.
pub fn may_write(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<(), Fault> {
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    commands::allow(&work.setup, &asked.member, Right::Draft, scope)
}

/// The message of the network that an answer belongs under.
///
/// # Errors
/// A refusal when there is none.
pub(in crate::app) fn addressee(ticket: &Ticket) -> Result<String, Fault> {
    let prefix = format!("{}:", ticket.opening.network);
    let social = ["comment", "dm", "mention", "review"].contains(&ticket.opening.kind.as_str());
    let entries = ticket.opening.entries.iter().rev().filter(|entry| !entry.deleted);
    let found = entries.filter_map(|entry| entry.source.strip_prefix(&prefix)).find(|id| !id.is_empty());
    match found.filter(|_| social) {
        Some(id) => Ok(id.to_owned()),
        None => Err(Fault::refused(Notice::new("reply-nowhere").subject("ticket", ticket.subject()))),
    }
}

/// Somebody else's reply that this writer could not know of, or that is leaving right now.
fn rival(asked: &Invocation, replies: &[Draft], seen: i64) -> Option<Draft> {
    let found = replies.iter().rev().find(|draft| {
        let leaving = matches!(draft.status, Status::Queued | Status::Sending | Status::Unknown);
        let unseen = draft.id > seen && !matches!(draft.status, Status::Cancelled | Status::Drafting);
        draft.opening.author != asked.member && (leaving || unseen)
    });
    found.cloned()
}

/// Refuses the same words to the same customer a moment later: a form sent twice, a command repeated.
fn must_be_new(work: &Work<'_>, replies: &[Draft], text: &str) -> Result<(), Fault> {
    let same = replies.iter().find(|draft| {
        let recent = work.now.since(draft.opening.at) < SAME_REPLY_MS;
        recent && draft.status != Status::Cancelled && draft.text() == text.trim()
    });
    same.map_or(Ok(()), |draft| Err(Fault::refused(about(draft, Notice::new("draft-said-already")))))
}

/// Begins a post.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn post(
    work: &mut Work<'_>,
    asked: &Invocation,
    network: &str,
    topic: &str,
    text: String,
) -> Result<Loaded<Draft>, Fault> {
    must_be_connected(work, network)?;
    let scope = Scope { network: Some(network), topic: Some(topic), own: true };
    commands::allow(&work.setup, &asked.member, Right::Draft, scope)?;
    let id = aggregates::next_id(work.tx, Kind::Post.stored()).await?;
    let office = &work.setup.office;
    let opening = Opening {
        post: true,
        network: network.to_owned(),
        account: office.accounts.get(network).map(|account| account.handle.clone()).unwrap_or_default(),
        topic: topic.to_owned(),
        desk: office.desk_for_network(network).map(|desk| desk.name.clone()).unwrap_or_default(),
        author: asked.member.clone(),
        at: work.now,
        ..Opening::default()
    };
    let limit = limit(work, network);
    let mut loaded = Loaded { state: Draft::default(), version: 0 };
    let command = Command::Open { id, opening: Box::new(opening), text, private: false, limit };
    apply(work, &mut loaded, &command, asked).await?;
    Ok(loaded)
}
