//! The library at work: adding, approving, finding, and putting approved words into replies.
//!
//! What is taken from the library is shown to its writer before anything leaves. Start at [`usable`] and [`add`].

use super::commands::{self, Invocation, Reply};
use super::say::Voice;
use super::work::{Loaded, Work, read_state};
use super::{App, Fault, cards, drafts};
use crate::domain::content::library::{Command, Making, Refusal, Snippet};
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::{self, Right, Scope};
use crate::ports::chat::{Block, Body, Control, Emphasis, Field, FieldKind, Span};
use crate::store::aggregates::{self, Filter};

/// Snippets read at once: a library of more than this is searched by its newest.
const READ_MAX: i64 = 500;
/// Snippets offered in a form (ports: 25 entries, one of them "none").
const OFFERED_MAX: usize = 24;
/// Value of the entry that inserts nothing.
const NONE: &str = "none";

/// Loads a snippet for change.
///
/// # Errors
/// A refusal when there is none.
pub async fn load(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Snippet>, Fault> {
    let found = match subject.kind {
        Kind::Snippet => work.load::<Snippet>(subject.id).await?,
        _ => None,
    };
    found.ok_or_else(|| Fault::refused(Notice::new("library-no-such").text("typed", subject.to_string())))
}

async fn peek(work: &mut Work<'_>, id: i64) -> Result<Option<Snippet>, Fault> {
    let Some(row) = aggregates::load(work.tx, Kind::Snippet.stored(), id).await? else { return Ok(None) };
    Ok(Some(read_state(Kind::Snippet, id, row.state())?))
}

/// Everything in use or waiting for approval.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn all(work: &mut Work<'_>) -> Result<Vec<Snippet>, Fault> {
    let filter = Filter { kind: Kind::Snippet.stored(), open_only: true, limit: READ_MAX, ..Filter::default() };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Snippet, row.id, row.state())).collect()
}

/// What may go into a reply to a ticket now, most used first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn usable(work: &mut Work<'_>, ticket: &Ticket) -> Result<Vec<Snippet>, Fault> {
    let now = work.now;
    let mut found = all(work).await?;
    let opening = &ticket.opening;
    found.retain(|one| one.text_in_use(now).is_ok() && one.fits(&opening.network, opening.language.as_deref()));
    found.sort_by(|left, right| right.uses.cmp(&left.uses).then(left.id.cmp(&right.id)));
    Ok(found)
}

/// The picker of a reply's form; `None` when nothing fits.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn picker(work: &mut Work<'_>, ticket: &Ticket, voice: &Voice<'_>) -> Result<Option<Field>, Fault> {
    let found = usable(work, ticket).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut entries = vec![(NONE.to_owned(), voice.word("library-none"))];
    entries.extend(found.iter().take(OFFERED_MAX).map(|one| (one.subject().to_string(), one.making.title.clone())));
    Ok(Some(Field {
        id: "snippet".into(),
        label: voice.word("form-reply-snippet"),
        hint: String::new(),
        kind: FieldKind::OneOf { entries, value: Some(NONE.to_owned()) },
        optional: true,
    }))
}

/// What was picked, by reference or title; `None` for nothing.
///
/// # Errors
/// A refusal for what does not exist.
pub fn picked(chosen: &str) -> Result<Option<Ref>, Fault> {
    let chosen = chosen.trim();
    if chosen.is_empty() || chosen == NONE {
        return Ok(None);
    }
    let found = Ref::parse(chosen).filter(|subject| subject.kind == Kind::Snippet);
    found.map(Some).ok_or_else(|| Fault::refused(Notice::new("library-no-such").text("typed", chosen)))
}

/// The approved words of a snippet for a reply to a ticket.
///
/// # Errors
/// A refusal when it expired, is not approved or does not fit; [`Fault::Store`].
pub async fn words(work: &mut Work<'_>, subject: Ref, ticket: &Ticket) -> Result<String, Fault> {
    let snippet = load(work, subject).await?.state;
    let opening = &ticket.opening;
    let text = snippet.text_in_use(work.now).map(str::to_owned).map_err(|refusal| refused(&snippet, refusal))?;
    if !snippet.fits(&opening.network, opening.language.as_deref()) {
        let network = cards::network_name(&opening.network);
        let language = Arg::Word(drafts::offer::language_key(opening.language.as_deref().unwrap_or_default()));
        let notice = snippet.about("library-does-not-fit").text("network", network).with("language", language);
        return Err(Fault::refused(notice));
    }
    Ok(text)
}

/// As [`words`], for a reply that is written now: the use counts.
///
/// # Errors
/// As [`words`].
pub async fn take(work: &mut Work<'_>, asked: &Invocation, subject: Ref, ticket: &Ticket) -> Result<String, Fault> {
    let text = words(work, subject, ticket).await?;
    let mut loaded = load(work, subject).await?;
    act(work, &mut loaded, &Command::Use, &drafts::me(asked)).await?;
    Ok(text)
}

async fn act(work: &mut Work<'_>, loaded: &mut Loaded<Snippet>, command: &Command, actor: &Actor) -> Result<(), Fault> {
    let id = match command {
        Command::Add(id, ..) => *id,
        _ => loaded.state.id,
    };
    let decided = work.act(id, loaded, command, actor).await?;
    decided.map(|_| ()).map_err(|refusal| refused(&loaded.state, refusal))
}

fn scope(snippet: &Snippet) -> Scope<'_> {
    Scope { network: snippet.making.network.as_deref(), topic: None, own: false }
}

/// Who can be asked to approve.
fn reviewers(work: &Work<'_>, network: Option<&str>, author: &MemberId) -> Vec<MemberId> {
    let office = work.office();
    let scope = Scope { network, topic: None, own: false };
    let may =
        |member: &&MemberId| *member != author && rights::check(office, member, Right::ApproveReply, scope).is_ok();
    office.members.keys().filter(may).take(drafts::REVIEWERS_MAX).cloned().collect()
}

/// Adds words under a title; the same title again is a new version.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn add(work: &mut Work<'_>, asked: &Invocation, making: Making, text: String) -> Result<Reply, Fault> {
    let reviewers = reviewers(work, making.network.as_deref(), &asked.member);
    let same = |one: &Snippet| {
        let own = &one.making;
        own.title.to_lowercase() == making.title.trim().to_lowercase()
            && own.language == making.language
            && own.network == making.network
    };
    let known = all(work).await?.into_iter().find(|one| same(one));
    let mut loaded = match known {
        Some(known) => {
            let mut loaded = load(work, known.subject()).await?;
            act(work, &mut loaded, &Command::Revise(text, reviewers.clone()), &drafts::me(asked)).await?;
            loaded
        }
        None => {
            let (id, mut loaded) = work.fresh::<Snippet>().await?;
            let command = Command::Add(id, Box::new(making), text, reviewers.clone());
            act(work, &mut loaded, &command, &drafts::me(asked)).await?;
            loaded
        }
    };
    let snippet = &mut loaded.state;
    let names: Vec<&str> = reviewers.iter().map(|one| work.office().name_of(one)).collect();
    let key = if names.is_empty() { "library-added-nobody" } else { "library-added" };
    Ok(Reply::Say(snippet.about(key).text("names", names.join(", "))))
}

/// Puts words in that are approved from the start, as an office that moves in brings them along; nobody is asked.
///
/// # Errors
/// [`Fault::Refused`] when the author approves their own words; [`Fault::Store`].
pub async fn stock(app: &App, making: Making, text: &str, author: &MemberId, approver: &MemberId) -> Result<(), Fault> {
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let (id, mut loaded) = work.fresh::<Snippet>().await?;
    let added = Command::Add(id, Box::new(making), text.to_owned(), Vec::new());
    act(&mut work, &mut loaded, &added, &Actor::Member { id: author.clone() }).await?;
    act(&mut work, &mut loaded, &Command::Approve(1), &Actor::Member { id: approver.clone() }).await?;
    Ok(tx.commit().await?)
}

/// Approves the newest version.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn approve(
    work: &mut Work<'_>,
    asked: &Invocation,
    subject: Ref,
    version: Option<u32>,
) -> Result<Reply, Fault> {
    let mut loaded = load(work, subject).await?;
    commands::allow(&work.setup, &asked.member, Right::ApproveReply, scope(&loaded.state))?;
    let newest = loaded.state.newest().map_or(0, |newest| newest.number);
    act(work, &mut loaded, &Command::Approve(version.unwrap_or(newest)), &drafts::me(asked)).await?;
    Ok(Reply::Say(loaded.state.about("library-approved")))
}

/// Takes a snippet out of use.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn expire(work: &mut Work<'_>, asked: &Invocation, subject: Ref) -> Result<Reply, Fault> {
    let mut loaded = load(work, subject).await?;
    let own = loaded.state.newest().is_some_and(|newest| newest.by == asked.member);
    if !own {
        commands::allow(&work.setup, &asked.member, Right::ApproveReply, scope(&loaded.state))?;
    }
    act(work, &mut loaded, &Command::Expire, &drafts::me(asked)).await?;
    Ok(Reply::Say(loaded.state.about("library-expired")))
}

/// The timer of a snippet fired.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Snippet>(id).await? else { return Ok(()) };
    let done = work.act(id, &mut loaded, &Command::Tick, &Actor::System).await?;
    if done.map_or(true, |events| events.is_empty()) {
        aggregates::set_wake(work.tx, Kind::Snippet.stored(), id, loaded.state.due_at()).await?;
    }
    Ok(())
}

/// A button of a snippet was pressed; its value names the version that was read.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    what: &str,
    subject: Ref,
    seen: Option<u64>,
) -> Result<Reply, Fault> {
    match what {
        "approve" => approve(work, asked, subject, seen.and_then(|seen| u32::try_from(seen).ok())).await,
        "expire" => expire(work, asked, subject).await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// The words of a snippet as lines of a list.
#[must_use]
pub fn blocks(snippet: &Snippet, voice: &Voice<'_>, now: crate::domain::time::Timestamp) -> Vec<Block> {
    let (key, text) = match snippet.text_in_use(now) {
        Ok(text) => ("library-line", text),
        Err(_) => ("library-line-waits", snippet.newest().map_or("", |newest| newest.text.as_str())),
    };
    vec![Block::Text(voice.say(&snippet.about(key))), Block::Quote(vec![Span::Text(cards::shorten(text, 300))])]
}

/// Beside the sentence of a direct message: the words, and the button of whoever can approve them.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn add_to_message(
    work: &mut Work<'_>,
    id: i64,
    voice: &Voice<'_>,
    member: &MemberId,
    body: &mut Body,
) -> Result<(), Fault> {
    let Some(snippet) = peek(work, id).await? else { return Ok(()) };
    let Some(newest) = snippet.newest() else { return Ok(()) };
    body.blocks.push(Block::Quote(vec![Span::Text(newest.text.clone())]));
    let waits = snippet.approved.as_ref().is_none_or(|(number, _)| *number != newest.number) && !snippet.expired;
    let may = rights::check(voice.office, member, Right::ApproveReply, scope(&snippet)).is_ok();
    if waits && may && newest.by != *member {
        let button = |action: &str, emphasis: Emphasis| Control::Button {
            action: format!("library.{action}"),
            value: format!("{}:{}", snippet.subject(), newest.number),
            label: voice.word(&format!("button-library-{action}")),
            emphasis,
        };
        body.blocks
            .push(Block::Controls(vec![button("approve", Emphasis::Primary), button("expire", Emphasis::Plain)]));
    }
    Ok(())
}

/// A refusal as a sentence.
fn refused(snippet: &Snippet, refusal: Refusal) -> Fault {
    Fault::refused(match refusal {
        Refusal::EmptyText => Notice::new("refused-empty"),
        Refusal::TooLong { length, max } => {
            Notice::new("consult-too-long").number("length", drafts::count(length)).number("max", drafts::count(max))
        }
        Refusal::OwnVersion => snippet.about("library-own"),
        Refusal::Replaced { newest } => snippet.about("library-replaced").number("newest", i64::from(newest)),
        Refusal::AlreadyApproved => snippet.about("library-already"),
        Refusal::NotApproved => snippet.about("library-not-approved"),
        Refusal::Expired => snippet.about("library-is-expired"),
    })
}
