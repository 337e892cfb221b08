//! What is said and done in channels: messages, their threads and edits, commands after a mention, reactions.
//!
//! Each function reads one thing that happened and does what it asks, inside the transaction of [`super::intake`].
//! Start at [`on_message`].

use std::sync::Arc;

use super::commands::{self, Reply};
use super::intake::{ANSWER_LIFE_MS, Outcome, invocation};
use super::say::Voice;
use super::tickets::undo;
use super::work::{Address, Parcel, Work};
use super::{Fault, desk, notes, people, press};
use crate::domain::desk::ticket::Entry;
use crate::domain::effect::Lane;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::MemberId;
use crate::ports::chat::{Call, MessageRef};
use crate::ports::inbound::{Caller, ChatMessage, Mark};
use crate::store::{directory, heard, links};

/// A message in a channel or to the bot: a command, part of a ticket, a new ticket, or only heard.
///
/// # Errors
/// Refusals; [`Fault::Store`].
pub(super) async fn on_message(
    work: &mut Work<'_>,
    chat: &str,
    message: ChatMessage,
    request: &str,
) -> Result<Outcome, Fault> {
    heard::put(work.tx, chat, &message).await?;
    if !message.author.automated
        && let Some(line) = message.to_bot.clone().or_else(|| message.direct.then(|| message.text.clone()))
    {
        return on_typed_command(work, chat, &message, &line, request).await;
    }
    let (channel, at) = (message.at.channel.clone(), message.at.message.clone());
    if message.direct {
        return Ok(Outcome::Done("heard"));
    }
    if let Some(thread) = message.thread.clone() {
        return on_thread_message(work, chat, message, &thread, request).await;
    }
    if watching_desk(work, chat, &channel).await?.is_none() {
        return Ok(Outcome::Done("heard"));
    }
    let source = desk::chat_source(chat, &channel, &at);
    if links::get(work.tx, "deleted", &source).await?.is_some() {
        return Ok(Outcome::Done("deleted before it came"));
    }
    press::open_from_message(work, chat, &message, None).await?;
    Ok(Outcome::Done("ticket"))
}

/// A message in a thread: under a card it is an internal note, under a customer's message in a watched channel more of it.
async fn on_thread_message(
    work: &mut Work<'_>,
    chat: &str,
    message: ChatMessage,
    thread: &str,
    request: &str,
) -> Result<Outcome, Fault> {
    let channel = message.at.channel.clone();
    let Some(subject) = desk::subject_at(work, chat, &channel, Some(thread), None).await? else {
        return Ok(Outcome::Done("heard"));
    };
    if subject.kind == Kind::Meeting && !message.author.automated {
        return match commands::meeting::spoken(&message.text) {
            Some(line) => on_typed_command(work, chat, &message, &line, request).await,
            None => Ok(Outcome::Done("heard")),
        };
    }
    if subject.kind != Kind::Ticket {
        return Ok(Outcome::Done("heard"));
    }
    // What is said under a merged ticket's card belongs to the one it lives on in.
    let Some(mut loaded) = desk::live(work, subject.id).await? else { return Ok(Outcome::Done("heard")) };
    let subject = loaded.state.subject();
    // Only who wrote in this very chat can be the customer here: ids of other networks mean nothing in it.
    let opening = &loaded.state.opening;
    let from_customer =
        opening.network == chat && !message.author.id.is_empty() && message.author.id == opening.customer.id;
    let member = people::member_of(work, chat, &message.author.id).await?;
    match member.filter(|_| !from_customer && !message.author.automated) {
        Some(id) => notes::take(work, chat, &mut loaded, &message, id).await.map(Outcome::Done),
        None if from_customer || message.author.automated => {
            let entry = Entry {
                source: desk::chat_source(chat, &channel, &message.at.message),
                author: message.author.name,
                text: message.text,
                at: message.written_at,
                deleted: false,
            };
            desk::add(work, subject.id, &mut loaded, entry).await?;
            Ok(Outcome::Done("added"))
        }
        None => Ok(Outcome::Done("heard")),
    }
}

/// A message was edited: its ticket is amended, or opened when the edit overtook it.
///
/// # Errors
/// [`Fault::Store`].
pub(super) async fn on_edit(work: &mut Work<'_>, chat: &str, message: ChatMessage) -> Result<Outcome, Fault> {
    heard::put(work.tx, chat, &message).await?;
    let source = desk::chat_source(chat, &message.at.channel, &message.at.message);
    super::crisis::amended(work, &source, Some(&message.text)).await?;
    if links::get(work.tx, "source", &source).await?.is_some() {
        desk::amend(work, &source, Some(message.text)).await?;
        return Ok(Outcome::Done("edited"));
    }
    if notes::follow(work, &source, Some(&message)).await? {
        return Ok(Outcome::Done("note edited"));
    }
    if let (Some(thread), None) = (message.thread.clone(), &message.to_bot) {
        return overtaken_in_thread(work, chat, message, &thread).await;
    }
    // The edit overtook the message: it carries all of it.
    let watched = message.thread.is_none() && watching_desk(work, chat, &message.at.channel).await?.is_some();
    let plain = message.to_bot.is_none() && !message.direct;
    if watched && plain && links::get(work.tx, "deleted", &source).await?.is_none() {
        press::open_from_message(work, chat, &message, None).await?;
        return Ok(Outcome::Done("ticket"));
    }
    Ok(Outcome::Done("heard"))
}

/// An edit in a thread of a message that was not heard yet: a member's note, with its newest words.
async fn overtaken_in_thread(
    work: &mut Work<'_>,
    chat: &str,
    message: ChatMessage,
    thread: &str,
) -> Result<Outcome, Fault> {
    let subject = desk::subject_at(work, chat, &message.at.channel, Some(thread), None).await?;
    let Some(subject) = subject.filter(|found| found.kind == Kind::Ticket) else { return Ok(Outcome::Done("heard")) };
    let Some(mut loaded) = desk::live(work, subject.id).await? else { return Ok(Outcome::Done("heard")) };
    let opening = &loaded.state.opening;
    let from_customer = opening.network == chat && message.author.id == opening.customer.id;
    match people::member_of(work, chat, &message.author.id).await? {
        Some(by) if !from_customer && !message.author.automated => {
            notes::take(work, chat, &mut loaded, &message, by).await.map(Outcome::Done)
        }
        _ => Ok(Outcome::Done("heard")),
    }
}

/// A command typed after a mention or in a direct message; the answer goes where it was typed.
async fn on_typed_command(
    work: &mut Work<'_>,
    chat: &str,
    message: &ChatMessage,
    line: &str,
    request: &str,
) -> Result<Outcome, Fault> {
    let caller = Caller {
        user: message.author.id.clone(),
        name: message.author.name.clone(),
        locale: None,
        channel: message.at.channel.clone(),
        thread: message.thread.clone(),
        reply_to: String::new(),
        answer_by: work.now,
        muted: false,
    };
    let mut asked = invocation(work, chat, &caller, request).await?;
    asked.can_open_form = false;
    let line = line.trim();
    let line = &commands::meeting::in_place(asked.subject, line);
    let (name, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (verb, parsed) = commands::find(if name.is_empty() { "help" } else { name }, text)?;
    asked.parsed = parsed;
    let reply = commands::run(work, verb, &asked).await?;
    say_back(work, chat, message, request, reply).await?;
    Ok(Outcome::Done("command"))
}

/// Answers a typed command where it was typed.
///
/// # Errors
/// [`Fault::Store`].
pub(super) async fn say_back(
    work: &mut Work<'_>,
    chat: &str,
    message: &ChatMessage,
    request: &str,
    reply: Reply,
) -> Result<(), Fault> {
    let (_, lang) = people::reader(work, chat, &message.author.id, None).await?;
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    let body = match reply {
        Reply::Nothing => voice.body(&Notice::new("done")),
        Reply::Say(notice) => voice.body(&notice),
        Reply::Show(body) | Reply::Public(body) => *body,
        Reply::Form(_) => voice.body(&Notice::new("needs-a-form")),
    };
    let on_demand = work.app.registry.chats.get(chat).is_some_and(|found| found.threads_on_demand());
    let own_thread = || (on_demand && !message.direct).then(|| message.at.message.clone());
    let thread = message.thread.clone().or_else(own_thread);
    let call = Call::Post { channel: message.at.channel.clone(), thread, body };
    work.answer(chat, request, call, work.now.plus_ms(ANSWER_LIFE_MS)).await
}

/// Tells somebody something in a direct message.
///
/// # Errors
/// [`Fault::Store`].
pub(super) async fn tell_user(
    work: &mut Work<'_>,
    chat: &str,
    user: &str,
    request: &str,
    notice: &Notice,
) -> Result<(), Fault> {
    let (_, lang) = people::reader(work, chat, user, None).await?;
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    let call = Call::Direct { user: user.to_owned(), body: voice.body(notice) };
    work.answer(chat, request, call, work.now.plus_ms(ANSWER_LIFE_MS)).await
}

/// An emoji with a meaning was put on a message.
///
/// # Errors
/// Refusals; [`Fault::Store`].
pub(super) async fn on_reaction(
    work: &mut Work<'_>,
    chat: &str,
    at: &MessageRef,
    user: &str,
    mark: Mark,
    request: &str,
) -> Result<Outcome, Fault> {
    let Some(member) = people::member_of(work, chat, user).await? else { return Ok(Outcome::Done("unknown person")) };
    if mark == Mark::Open {
        return open_by_reaction(work, chat, at, user, &member, request).await;
    }
    if mark == Mark::Timeline {
        super::crisis::pinned(work, chat, at, &member).await?;
        return Ok(Outcome::Done("timeline"));
    }
    let source = desk::chat_source(chat, &at.channel, &at.message);
    let subject = match desk::subject_at(work, chat, &at.channel, None, Some(&at.message)).await? {
        Some(subject) => Some(subject.id).filter(|_| subject.kind == Kind::Ticket),
        None => links::get(work.tx, "source", &source).await?,
    };
    let Some(id) = subject else { return Ok(Outcome::Done("no ticket there")) };
    let caller = Caller {
        user: user.to_owned(),
        name: String::new(),
        locale: None,
        channel: at.channel.clone(),
        thread: None,
        reply_to: String::new(),
        answer_by: work.now,
        muted: false,
    };
    let mut asked = invocation(work, chat, &caller, request).await?;
    asked.can_open_form = false;
    asked.subject = Some(Ref::new(Kind::Ticket, id));
    let Some(mut loaded) = desk::live(work, id).await? else { return Ok(Outcome::Done("no ticket there")) };
    Box::pin(undo::by_emoji(work, &asked, &mut loaded, mark)).await?;
    Ok(Outcome::Done("marked"))
}

async fn open_by_reaction(
    work: &mut Work<'_>,
    chat: &str,
    at: &MessageRef,
    user: &str,
    member: &MemberId,
    request: &str,
) -> Result<Outcome, Fault> {
    commands::ticket::may_open(work, member)?;
    let source = desk::chat_source(chat, &at.channel, &at.message);
    if let Some(known) = links::get(work.tx, "source", &source).await? {
        let notice = Notice::new("ticket-already").subject("ticket", Ref::new(Kind::Ticket, known));
        tell_user(work, chat, user, request, &notice).await?;
        return Ok(Outcome::Done("already a ticket"));
    }
    let Some(message) = heard::get(work.tx, chat, &at.channel, &at.message).await? else {
        let address = Address {
            key: format!("fetch:{source}"),
            slot: format!("fetch:{source}"),
            lane: Lane::Answer,
            target: chat.to_owned(),
            coalesce: false,
        };
        let parcel = Parcel::Fetch { channel: at.channel.clone(), message: at.message.clone(), user: user.to_owned() };
        work.put(&address, &parcel, None).await?;
        return Ok(Outcome::Done("fetching"));
    };
    let opened = press::open_from_message(work, chat, &message.into_message(), Some(member)).await?;
    let loaded = commands::ticket::load_id(work, Ref::new(Kind::Ticket, opened.id())).await?;
    tell_user(work, chat, user, request, &commands::ticket::opened_notice(opened, &loaded.state)).await?;
    Ok(Outcome::Done("ticket"))
}

/// The desk that watches a channel, if any does.
///
/// # Errors
/// [`Fault::Store`].
pub async fn watching_desk(work: &mut Work<'_>, chat: &str, channel: &str) -> Result<Option<String>, Fault> {
    // What the team says in a crisis room is nobody's ticket, even where every channel is watched.
    if super::crisis::room_at(work, chat, channel).await?.is_some() {
        return Ok(None);
    }
    let name = directory::channel(work.tx, chat, channel).await?.map(|found| found.name).unwrap_or_default();
    let desks = &work.setup.office.desks;
    let watches = |watched: &String| {
        let watched = watched.trim_start_matches('#');
        watched == channel || (!name.is_empty() && watched == name)
    };
    let named = desks.iter().find(|desk| desk.watch.get(chat).is_some_and(|list| list.iter().any(watches)));
    let any =
        || desks.iter().find(|desk| desk.watch.get(chat).is_some_and(|list| list.iter().any(|entry| entry == "*")));
    Ok(named.or_else(any).map(|desk| desk.name.clone()))
}

/// Opens the ticket that a reaction asked for, once its message has been read from the chat.
///
/// # Errors
/// Refusals; [`Fault::Store`].
pub async fn open_fetched(
    work: &mut Work<'_>,
    chat: &str,
    channel: &str,
    message: &str,
    user: &str,
) -> Result<(), Fault> {
    let Some(member) = people::member_of(work, chat, user).await? else { return Ok(()) };
    let at = MessageRef { channel: channel.to_owned(), message: message.to_owned() };
    if heard::get(work.tx, chat, channel, message).await?.is_none() {
        return Ok(());
    }
    let request = format!("fetched:{chat}:{channel}:{message}");
    open_by_reaction(work, chat, &at, user, &member, &request).await.map(|_| ())
}
