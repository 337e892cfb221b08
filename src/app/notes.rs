//! Notes typed in threads: taken in, followed when their author edits or deletes them, and mirrored in the other chat.
//!
//! Only ever writes to chats: no note, no thread line and no direct message makes a draft, and only drafts leave to a
//! network. Start at [`take`] (in), [`follow`] (edits, deletions) and [`prepare`] (the mirror).

use super::prepare::{self, Step};
use super::work::{Loaded, Work};
use super::{App, Fault, desk, people};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{Command, Ticket, Typed};
use crate::domain::ids::Ref;
use crate::domain::office::MemberId;
use crate::ports::chat::{Call, MessageRef, Receipt};
use crate::ports::inbound::ChatMessage;
use crate::store::{links, posts};

/// Kind of the link from a thread message to the ticket that holds it as a note.
pub const LINK: &str = "note";

/// Under which purpose the mirror of a note is stored.
#[must_use]
pub fn purpose(number: u32) -> String {
    format!("note:{number}")
}

fn typed(source: String, message: &ChatMessage) -> Typed {
    Typed {
        source,
        text: message.text.clone(),
        files: message.attachments.iter().map(|file| file.name.clone()).collect(),
        edited_at: message.edited_at,
    }
}

/// A member wrote in the thread of a ticket: an internal note, once for each message however often it is heard.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn take(
    work: &mut Work<'_>,
    chat: &str,
    loaded: &mut Loaded<Ticket>,
    message: &ChatMessage,
    by: MemberId,
) -> Result<&'static str, Fault> {
    let source = desk::chat_source(chat, &message.at.channel, &message.at.message);
    if links::get(work.tx, "deleted", &source).await?.is_some() {
        return Ok("deleted before it came");
    }
    let id = loaded.state.id;
    let command = Command::Note { typed: typed(source.clone(), message), via: chat.to_owned() };
    // A thread line that is too long or says nothing is no note; it stays in the chat.
    let done = work.act(id, loaded, &command, &Actor::Member { id: by }).await?;
    if done.is_ok_and(|events| !events.is_empty()) {
        links::claim(work.tx, LINK, &source, id).await?;
    }
    Ok("note")
}

/// The message of a note was edited (`Some`) or deleted (`None`): the note follows. False when it is no note.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn follow(work: &mut Work<'_>, source: &str, message: Option<&ChatMessage>) -> Result<bool, Fault> {
    let Some(id) = links::get(work.tx, LINK, source).await? else { return Ok(false) };
    let Some(mut loaded) = work.load::<Ticket>(id).await? else { return Ok(false) };
    let author = loaded.state.notes.iter().find(|note| note.source == source).map(|note| note.by.clone());
    let actor = author.map_or(Actor::System, |id| Actor::Member { id });
    let typed = message.map(|message| typed(source.to_owned(), message));
    let command = Command::AmendNote { source: source.to_owned(), typed };
    // What an edit left empty stays as it was: the chats delete such messages instead.
    let _ = work.act(id, &mut loaded, &command, &actor).await?;
    Ok(true)
}

/// The call that brings the mirror of a note up to date in one chat.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn prepare(work: &mut Work<'_>, chat: &str, subject: Ref, number: u32) -> Result<Step, Fault> {
    let Some((_, ticket)) = prepare::load_card(work, subject).await? else {
        return Ok(Step::Dead(format!("{subject} does not exist")));
    };
    let Some(note) = ticket.notes.iter().find(|note| note.number == number) else {
        return Ok(Step::Nothing(format!("note {number} of {subject} is too old")));
    };
    if note.via == chat {
        return Ok(Step::Nothing("it was typed here".into()));
    }
    let mirror = posts::get(work.tx, &subject.to_string(), &purpose(number), chat).await?;
    let at = mirror.map(|post| MessageRef { channel: post.channel, message: post.message });
    match (at, note.deleted) {
        (None, true) => Ok(Step::Nothing("its author removed it".into())),
        (Some(at), true) => Ok(Step::call(Call::Delete { at })),
        (None, false) => prepare::line(work, chat, subject, &note.notice()).await,
        (Some(at), false) => {
            let office = std::sync::Arc::clone(&work.setup);
            let lang = office.office.desk(&ticket.opening.desk).map_or(office.office.language, |desk| desk.language);
            let voice = people::voice(work, &office, &work.app.wording, chat, lang).await?;
            Ok(Step::call(Call::Edit { at, body: voice.body(&note.notice()) }))
        }
    }
}

/// Remembers where the mirror of a note stands, or that it is gone.
///
/// # Errors
/// [`Fault::Store`].
pub async fn after(
    app: &App,
    chat: &str,
    subject: Ref,
    number: u32,
    call: &Call,
    receipt: &Receipt,
) -> Result<Option<Step>, Fault> {
    let (subject, purpose) = (subject.to_string(), purpose(number));
    if matches!(call, Call::Delete { .. }) {
        let mut tx = app.store.begin().await?;
        posts::delete(&mut tx, &subject, &purpose, chat).await?;
        tx.commit().await?;
        return Ok(None);
    }
    prepare::place(app, &subject, &purpose, chat, receipt.message.as_ref(), None, app.clock.now()).await?;
    Ok(None)
}
