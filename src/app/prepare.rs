//! From intentions to calls, at the moment they leave: with the newest state, in the channel's or the reader's language.
//!
//! Start at [`prepare`]; [`after`] remembers what a call made, [`mend`] handles messages that somebody removed.

use std::sync::Arc;

use super::courier::Outcome;
use super::say::Voice;
use super::work::{Parcel, Work, read_state};
use super::{App, Fault, cards, crisis, people};
use crate::domain::desk::ticket::Ticket;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::{Lang, MemberId};
use crate::domain::time::{SECOND_MS, Timestamp};
use crate::ports::chat::{Block, Body, Call, Chat, Control, Emphasis, MessageRef, Receipt, SendError};
use crate::store::posts::{self, Post};
use crate::store::{aggregates, directory};

/// Most calls one row may need (thread, then message).
pub const STEPS_MAX: usize = 4;
/// How long a line waits for the card it belongs under.
const CARD_WAIT_MS: i64 = 2 * SECOND_MS;
/// How long a row waits for a channel that is not known (yet).
const CHANNEL_WAIT_MS: i64 = 2 * SECOND_MS;

/// What to do next for a row.
#[derive(Debug)]
pub enum Step {
    /// Make this call.
    Call(Box<Call>),
    /// There is nothing to do, for this reason.
    Nothing(String),
    /// Not yet.
    Later {
        /// Look again after so many milliseconds.
        after_ms: i64,
        /// What is missing.
        cause: String,
    },
    /// Never.
    Dead(String),
}

impl Step {
    pub(super) fn call(call: Call) -> Self {
        Self::Call(Box::new(call))
    }
}

/// The next step of a row.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn prepare(app: &App, chat: &str, parcel: &Parcel) -> Result<Step, Fault> {
    let effect = match parcel {
        Parcel::Call { call } => return Ok(Step::call(call.clone())),
        Parcel::Fetch { .. } => return Ok(Step::Dead("not a call".into())),
        Parcel::Effect { effect } => effect,
    };
    let mut tx = app.store.read().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    match effect {
        Effect::Room { crisis } => crisis::room::making(&mut work, chat, *crisis).await,
        Effect::Bulletin { crisis, place } => crisis::room::bulletin(&mut work, chat, *crisis, place).await,
        Effect::Line { subject, notice, .. } if subject.kind == Kind::Crisis => {
            crisis::room::line(&mut work, chat, *subject, notice).await
        }
        Effect::Card { subject } => card(&mut work, chat, *subject).await,
        Effect::Line { subject, notice, .. } => line(&mut work, chat, *subject, notice).await,
        Effect::Note { subject, number } => super::notes::prepare(&mut work, chat, *subject, *number).await,
        Effect::Tell { member, subject, notice, urgent } => {
            tell(&mut work, chat, member, *subject, notice, *urgent).await
        }
        Effect::OwnDesk { member } => super::own_desk::prepare(&mut work, chat, member).await,
        Effect::Announce { desk, notice, .. } => announce(&mut work, chat, desk, notice).await,
        Effect::Picture { .. } => super::sharing::prepare(&mut work, chat, effect).await,
        Effect::Document { desk, document } => super::documents::prepare(&mut work, chat, desk, document).await,
        Effect::Publish { .. } | Effect::Moderate { .. } => Ok(Step::Dead("no such intention for a chat".into())),
    }
}

/// The channel id of a desk in a chat.
///
/// # Errors
/// [`Fault::Store`].
pub async fn desk_channel(work: &mut Work<'_>, chat: &str, desk: &str) -> Result<Result<(String, Lang), Step>, Fault> {
    let setup = Arc::clone(&work.setup);
    let Some(found) = setup.office.desk(desk).or_else(|| setup.office.desks.first()) else {
        return Ok(Err(Step::Dead(format!("no desk named {desk}"))));
    };
    let Some(name) = found.channels.get(chat) else {
        return Ok(Err(Step::Nothing(format!("desk {desk} has no channel here"))));
    };
    let name = name.trim_start_matches('#');
    match directory::channel_named(work.tx, chat, name).await? {
        Some(channel) => Ok(Ok((channel.id, found.language))),
        None => {
            work.app.directory_stale(chat);
            let cause = format!("channel #{name} is not known on {chat}: does it exist, and is Vigie in it?");
            Ok(Err(Step::Later { after_ms: CHANNEL_WAIT_MS, cause }))
        }
    }
}

async fn card(work: &mut Work<'_>, chat: &str, subject: Ref) -> Result<Step, Fault> {
    if subject.kind == Kind::Meeting {
        return super::meetings::post_card(work, chat, subject).await;
    }
    if subject.kind == Kind::Post {
        return super::draft_cards::card(work, chat, subject).await;
    }
    let Some((desk, ticket)) = load_card(work, subject).await? else {
        return Ok(Step::Dead(format!("{subject} does not exist")));
    };
    let (channel, lang) = match desk_channel(work, chat, &desk).await? {
        Ok(found) => found,
        Err(step) => return Ok(step),
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let around = surroundings(work, chat, &desk);
    let around = super::draft_cards::around(work, subject.id, &voice, around).await?;
    let mut around = super::consult::faces::around(work, subject.id, &voice, around).await?;
    around.playbook = super::playbooks::on_card(work, subject.id).await?;
    let mut around = Box::pin(super::tickets::around(work, &ticket, &voice, around)).await?;
    super::moderate::put_on_card(&ticket, &mut around, &voice, work.now);
    around.now = Some(work.now);
    let body = cards::ticket(&ticket, &around, &voice);
    match posts::get(work.tx, &subject.to_string(), "card", chat).await? {
        Some(post) => {
            Ok(Step::call(Call::Edit { at: MessageRef { channel: post.channel, message: post.message }, body }))
        }
        None => Ok(Step::call(Call::Post { channel, thread: None, body })),
    }
}

pub(super) async fn load_card(work: &mut Work<'_>, subject: Ref) -> Result<Option<(String, Ticket)>, Fault> {
    if subject.kind != Kind::Ticket {
        return Ok(None);
    }
    let Some(row) = aggregates::load(work.tx, subject.kind.stored(), subject.id).await? else { return Ok(None) };
    let ticket: Ticket = read_state(subject.kind, subject.id, row.state())?;
    Ok(Some((ticket.opening.desk.clone(), ticket)))
}

/// What a card of a desk shows of the places around it.
#[must_use]
pub fn surroundings(work: &Work<'_>, chat: &str, desk: &str) -> cards::Surroundings {
    let others = work.setup.office.desk(desk).map(|desk| &desk.channels);
    let also_in = others
        .into_iter()
        .flatten()
        .filter(|(other, _)| *other != chat && work.app.registry.chats.contains_key(*other))
        .map(|(other, name)| {
            format!("{} #{}", work.app.wording.word(Lang::En, &format!("chat-{other}")), name.trim_start_matches('#'))
        })
        .collect();
    cards::Surroundings { also_in, ..cards::Surroundings::default() }
}

pub(super) async fn line(work: &mut Work<'_>, chat: &str, subject: Ref, notice: &Notice) -> Result<Step, Fault> {
    let Some(post) = posts::get(work.tx, &subject.to_string(), "card", chat).await? else {
        let cause = format!("the card of {subject} does not stand in {chat} yet");
        return Ok(Step::Later { after_ms: CARD_WAIT_MS, cause });
    };
    let lang = match desk_of(work, subject).await? {
        Some(desk) => work.setup.office.desk(&desk).map_or(work.setup.office.language, |desk| desk.language),
        None => work.setup.office.language,
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let Some(thread) = post.thread.clone() else {
        let name = thread_name(work, subject, &voice).await?;
        let at = MessageRef { channel: post.channel, message: post.message };
        return Ok(Step::call(Call::Thread { at, name }));
    };
    Ok(Step::call(Call::Post { channel: post.channel, thread: Some(thread), body: voice.body(notice) }))
}

async fn desk_of(work: &mut Work<'_>, subject: Ref) -> Result<Option<String>, Fault> {
    if subject.kind == Kind::Post {
        return Ok(super::drafts::peek(work, subject).await?.map(|draft| draft.opening.desk));
    }
    if subject.kind == Kind::Meeting {
        return Ok(super::meetings::peek(work, subject.id).await?.map(|meeting| meeting.making.desk));
    }
    Ok(load_card(work, subject).await?.map(|(desk, _)| desk))
}

async fn thread_name(work: &mut Work<'_>, subject: Ref, voice: &Voice<'_>) -> Result<String, Fault> {
    if subject.kind == Kind::Meeting {
        return super::meetings::thread_name(work, subject.id, voice).await;
    }
    let Some((_, ticket)) = load_card(work, subject).await? else { return Ok(subject.to_string()) };
    let notice = Notice::new("thread-name")
        .subject("ticket", subject)
        .text("customer", &ticket.opening.customer.name)
        .text("topic", cards::topic_name(&ticket.opening.topic, voice));
    Ok(cards::shorten(&voice.plain_text(&notice), 100))
}

async fn tell(
    work: &mut Work<'_>,
    chat: &str,
    member: &MemberId,
    subject: Option<Ref>,
    notice: &Notice,
    urgent: bool,
) -> Result<Step, Fault> {
    let accounts = directory::identities_of(work.tx, member.as_str()).await?;
    let Some(account) = accounts.into_iter().find(|account| account.chat == chat) else {
        work.app.directory_stale(chat);
        let cause = format!("{member} has no known account on {chat}: check their handle in the office file");
        return Ok(Step::Later { after_ms: CHANNEL_WAIT_MS, cause });
    };
    let user = account.user_id;
    let lang = people::language_of(work, Some(member), account.locale.as_deref()).await?;
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let mut body = voice.body(notice);
    if let Some(subject) = subject {
        add_subject(work, subject, &voice, member, &mut body).await?;
        let placed = posts::get(work.tx, &subject.to_string(), &format!("dm:{member}"), chat).await?;
        if let (Some(post), false) = (placed, urgent) {
            return Ok(Step::call(Call::Edit {
                at: MessageRef { channel: post.channel, message: post.message },
                body,
            }));
        }
    }
    Ok(Step::call(Call::Direct { user, body }))
}

/// Beside the sentence: the customer's words and what the reader can do about them.
async fn add_subject(
    work: &mut Work<'_>,
    subject: Ref,
    voice: &Voice<'_>,
    member: &MemberId,
    body: &mut Body,
) -> Result<(), Fault> {
    if subject.kind == Kind::Meeting
        && let Some(meeting) = super::meetings::peek(work, subject.id).await?
    {
        super::meetings::add_controls(&meeting, member, voice, body);
        return Ok(());
    }
    if subject.kind == Kind::Absence {
        if let Some(row) = aggregates::load(work.tx, subject.kind.stored(), subject.id).await? {
            let absence = read_state(subject.kind, subject.id, row.state())?;
            super::absence::press::add_controls(&absence, member, voice, body);
        }
        return Ok(());
    }
    if matches!(subject.kind, Kind::Post | Kind::Reply) {
        return super::draft_cards::add_to_message(work, subject, voice, member, body).await;
    }
    if subject.kind == Kind::Snippet {
        return super::library::add_to_message(work, subject.id, voice, member, body).await;
    }
    if subject.kind == Kind::Consultation {
        return super::consult::faces::add_to_message(work, subject.id, voice, member, body).await;
    }
    if subject.kind == Kind::Crisis {
        return crisis::room::add_to_direct(work, subject, voice, member, body).await;
    }
    let Some((_, ticket)) = load_card(work, subject).await? else { return Ok(()) };
    body.blocks.push(Block::Quote(vec![crate::ports::chat::Span::Text(cards::shorten(ticket.first_text(), 300))]));
    if !ticket.is_open() || ticket.assignee.as_ref() != Some(member) {
        return Ok(());
    }
    let button = |action: &str| Control::Button {
        action: format!("ticket.{action}"),
        value: format!("{subject}:{}", ticket.revision),
        label: voice.word(&format!("button-{action}")),
        emphasis: Emphasis::Plain,
    };
    let mut actions = vec!["reply", "note", "resolve", "assign"];
    if ticket.can_be_acknowledged() {
        actions.insert(0, "ack");
    }
    body.blocks.push(Block::Controls(actions.into_iter().map(button).collect()));
    Ok(())
}

async fn announce(work: &mut Work<'_>, chat: &str, desk: &str, notice: &Notice) -> Result<Step, Fault> {
    let (channel, lang) = match desk_channel(work, chat, desk).await? {
        Ok(found) => found,
        Err(step) => return Ok(step),
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    Ok(Step::call(Call::Post { channel, thread: None, body: voice.body(notice) }))
}

/// Remembers what a call made; returns a further step when the row needs one.
///
/// # Errors
/// [`Fault::Store`].
pub async fn after(
    app: &App,
    chat: &str,
    parcel: &Parcel,
    call: &Call,
    receipt: &Receipt,
) -> Result<Option<Step>, Fault> {
    let Parcel::Effect { effect } = parcel else { return Ok(None) };
    let now = app.clock.now();
    match (effect, call) {
        (Effect::Room { .. } | Effect::Bulletin { .. }, _) => {
            crisis::room::after(app, chat, parcel, effect, call, receipt).await
        }
        (Effect::OwnDesk { member }, _) => super::own_desk::after(app, chat, member, call, receipt).await,
        (Effect::Card { subject }, Call::Post { .. }) => {
            place(app, &subject.to_string(), "card", chat, receipt.message.as_ref(), None, now).await?;
            Ok(None)
        }
        (Effect::Note { subject, number }, Call::Post { .. } | Call::Delete { .. }) => {
            super::notes::after(app, chat, *subject, *number, call, receipt).await
        }
        (Effect::Tell { member, subject: Some(subject), .. }, Call::Direct { .. }) => {
            place(app, &subject.to_string(), &format!("dm:{member}"), chat, receipt.message.as_ref(), None, now)
                .await?;
            Ok(None)
        }
        (Effect::Line { subject, .. } | Effect::Note { subject, .. }, Call::Thread { at, .. }) => {
            let thread = receipt.thread.clone().unwrap_or_else(|| at.message.clone());
            place(app, &subject.to_string(), "card", chat, Some(at), Some(thread), now).await?;
            Ok(Some(prepare(app, chat, parcel).await?))
        }
        (Effect::Document { document, .. }, _) => {
            if super::documents::after(app, chat, document, call, receipt).await? {
                return Ok(Some(prepare(app, chat, parcel).await?));
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

pub(super) async fn place(
    app: &App,
    subject: &str,
    purpose: &str,
    chat: &str,
    at: Option<&MessageRef>,
    thread: Option<String>,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(at) = at else { return Ok(()) };
    let mut tx = app.store.begin().await?;
    let post = Post {
        subject: subject.to_owned(),
        purpose: purpose.to_owned(),
        chat: chat.to_owned(),
        channel: at.channel.clone(),
        message: at.message.clone(),
        thread,
        at: now,
    };
    posts::put(&mut tx, &post).await?;
    tx.commit().await?;
    Ok(())
}

/// A failed call: when the message to edit is gone, the next try posts a new one.
///
/// # Errors
/// [`Fault::Store`].
pub async fn mend(app: &App, chat: &str, parcel: &Parcel, call: &Call, outcome: Outcome) -> Result<Outcome, Fault> {
    if let Parcel::Effect { effect: effect @ (Effect::Room { .. } | Effect::Bulletin { .. }) } = parcel {
        return crisis::room::mend(app, chat, effect, call, outcome).await;
    }
    let outcome = match parcel {
        Parcel::Effect { effect: Effect::OwnDesk { .. } } => super::own_desk::mend(call, outcome),
        Parcel::Effect { effect: effect @ Effect::Picture { .. } } => {
            super::sharing::mend(app, effect, outcome).await?
        }
        _ => outcome,
    };
    let gone = matches!(&outcome, Outcome::Failed(SendError::Permanent { code, .. }) if ["message_not_found", "10008"].contains(&code.as_str()));
    let (Parcel::Effect { effect }, Call::Edit { .. } | Call::Delete { .. }, true) = (parcel, call, gone) else {
        return Ok(outcome);
    };
    let (subject, purpose) = match effect {
        Effect::Card { subject } => (subject.to_string(), "card".to_owned()),
        Effect::Note { subject, number } => (subject.to_string(), super::notes::purpose(*number)),
        Effect::Tell { member, subject: Some(subject), .. } => (subject.to_string(), format!("dm:{member}")),
        Effect::OwnDesk { member } => super::own_desk::remembered(member),
        _ => return Ok(outcome),
    };
    let mut tx = app.store.begin().await?;
    posts::delete(&mut tx, &subject, &purpose, chat).await?;
    tx.commit().await?;
    Ok(Outcome::Later { after_ms: 0, cause: "the message was removed; it is posted anew".into() })
}

/// Reads a message that Vigie never heard from the chat, and hands it in together with the reaction that asked for it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn fetch(app: &App, chat: &dyn Chat, channel: &str, message: &str, user: &str) -> Result<Outcome, Fault> {
    let page = match chat.message(channel, message).await {
        Ok(Some(page)) => page,
        Ok(None) => return Ok(Outcome::Dead("the message is not there any more".into())),
        Err(error) => return Ok(Outcome::Failed(error)),
    };
    let mut tx = app.store.begin().await?;
    for found in &page {
        crate::store::heard::put(&mut tx, chat.key(), found).await?;
    }
    let now = app.clock.now();
    let mut work = Work::begin(app, &mut tx, now).await?;
    let opened = super::listen::open_fetched(&mut work, chat.key(), channel, message, user).await;
    match opened {
        Ok(()) => tx.commit().await?,
        Err(Fault::Refused(_)) => return Ok(Outcome::Dead("refused".into())),
        Err(fault) => return Err(fault),
    }
    app.wakers.courier.notify_waiters();
    Ok(Outcome::Sent { receipt: Receipt::default(), why: Some("fetched".into()), earlier: false })
}
