//! Where a crisis is shown: its room in each chat, the announcement in each desk, direct messages; made into calls at the
//! moment they leave.
//!
//! What was made is remembered at once, so that a process that dies between two calls goes on where it stopped. Each chat
//! has rows of its own: where one is down, the other goes on. Start at [`making`] and [`bulletin`].

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cards::{self, Around};
use crate::app::cards::shorten;
use crate::app::courier::Outcome;
use crate::app::prepare::{self, Step};
use crate::app::say::Voice;
use crate::app::work::{Parcel, Work, encode, read_state};
use crate::app::{App, Fault, people};
use crate::domain::crisis::Crisis;
use crate::domain::desk::triage::fold;
use crate::domain::effect::{Effect, Place};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{MemberId, Office};
use crate::domain::time::SECOND_MS;
use crate::ports::chat::{Body, Call, MessageRef, Receipt, SendError};
use crate::store::posts::{self, Post};
use crate::store::{aggregates, directory, outbox, settings};

/// Purpose of a room's row, and its message: a channel has no message that stands for it.
pub const ROOM: &str = "room";
/// How long something waits for the room it belongs into.
const ROOM_WAIT_MS: i64 = 2 * SECOND_MS;
/// Most characters of the words in a room's name: names stay readable in a list of channels.
const NAME_WORDS_CHARS_MAX: usize = 30;
/// Most words in a room's name.
const NAME_WORDS_MAX: usize = 2;
/// Words shorter than this say little in a name.
const NAME_WORD_CHARS_MIN: usize = 4;
/// Slack docs, conversations.setTopic: 250 characters; Discord takes 1 024.
const TOPIC_CHARS_MAX: usize = 250;

/// What is known of a room in one chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct RoomState {
    /// User ids already brought in.
    people: BTreeSet<String>,
    /// Topic set last.
    topic: String,
    /// The card is pinned, or cannot be.
    pinned: bool,
    /// The chat allows no closed room.
    open: bool,
}

fn state_key(crisis: Ref, chat: &str) -> String {
    format!("room:{crisis}:{chat}")
}

async fn state_of(work: &mut Work<'_>, crisis: Ref, chat: &str) -> Result<RoomState, Fault> {
    match settings::get(work.tx, &state_key(crisis, chat)).await? {
        Some(json) => read_state(Kind::Crisis, crisis.id, &json),
        None => Ok(RoomState::default()),
    }
}

async fn load(work: &mut Work<'_>, crisis: Ref) -> Result<Option<Crisis>, Fault> {
    let row = aggregates::load(work.tx, Kind::Crisis.stored(), crisis.id).await?;
    row.map(|row| read_state(Kind::Crisis, crisis.id, row.state())).transpose()
}

fn gone(crisis: Ref) -> Step {
    Step::Dead(format!("{crisis} does not exist"))
}

/// The next call towards a room as it should be: made, everybody in, topic set.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn making(work: &mut Work<'_>, chat: &str, subject: Ref) -> Result<Step, Fault> {
    let Some(crisis) = load(work, subject).await? else { return Ok(gone(subject)) };
    if !crisis.room {
        return Ok(Step::Nothing("a watch has no room".into()));
    }
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, setup.office.language).await?;
    let wanted = users(&crisis, &voice);
    let state = state_of(work, subject, chat).await?;
    let Some(room) = posts::get(work.tx, &subject.to_string(), ROOM, chat).await? else {
        if !crisis.is_open() {
            return Ok(Step::Nothing("it was over before its room was made".into()));
        }
        let name = room_name(&crisis, &setup.office);
        // Nothing that can change may stand in it: a room whose making was left without an answer is found by it.
        let topic = shorten(&format!("{subject} · {}", crisis.text), TOPIC_CHARS_MAX);
        let people = wanted.into_iter().collect();
        return Ok(Step::call(Call::CreateRoom { name, topic, people, closed: !state.open }));
    };
    let missing: Vec<String> = wanted.difference(&state.people).cloned().collect();
    if !missing.is_empty() {
        return Ok(Step::call(Call::Invite { channel: room.channel, people: missing }));
    }
    let topic = topic(&crisis, &voice);
    if topic != state.topic {
        return Ok(Step::call(Call::Topic { channel: room.channel, topic }));
    }
    Ok(Step::Nothing("the room is as it should be".into()))
}

/// Accounts in this chat of everybody who is called or stands in.
fn users(crisis: &Crisis, voice: &Voice<'_>) -> BTreeSet<String> {
    let called = crisis.calls.iter().flat_map(|call| std::iter::once(&call.member).chain(&call.stand_in));
    let leading = crisis.lead.iter().chain(&crisis.deputy);
    let relieving = crisis.relieved.values();
    called.chain(leading).chain(relieving).filter_map(|member| voice.users.get(member)).cloned().collect()
}

/// `crisis-0314-livraisons`: the day and the first telling words, without accents.
fn room_name(crisis: &Crisis, office: &Office) -> String {
    let day = crisis.declared_at.to_utc().with_timezone(&office.zone).format("%m%d");
    let tokens = fold::tokens(&crisis.text, 200);
    let plain: Vec<&str> = tokens
        .split(fold::EDGE)
        .filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .collect();
    let telling: Vec<&str> =
        plain.iter().filter(|word| word.len() >= NAME_WORD_CHARS_MIN).take(NAME_WORDS_MAX).copied().collect();
    let words = if telling.is_empty() { plain.first().copied().into_iter().collect() } else { telling };
    let mut words = words.join("-");
    words.truncate(NAME_WORDS_CHARS_MAX);
    if words.is_empty() {
        words = format!("c{}", crisis.id);
    }
    let kind = if crisis.drill { "exercise" } else { "crisis" };
    format!("{kind}-{day}-{}", words.trim_matches('-'))
}

/// Level, lead, next update.
fn topic(crisis: &Crisis, voice: &Voice<'_>) -> String {
    let mut parts = vec![cards::title(crisis, voice)];
    if let Some(lead) = &crisis.lead {
        parts.push(voice.plain_text(&Notice::new("crisis-lead").member("lead", lead)));
    }
    match (crisis.closed_at, crisis.update_due) {
        (Some(at), _) => parts.push(voice.plain_text(&Notice::new("crisis-ended").with("at", Arg::At(at)))),
        (None, Some(due)) => parts.push(voice.plain_text(&Notice::new("crisis-next").with("at", Arg::At(due)))),
        (None, None) => {}
    }
    shorten(&parts.join(" · "), TOPIC_CHARS_MAX)
}

/// Purpose under which a place's message is remembered. The nearest desk's is the card, under which lines stand when
/// there is no room.
fn purpose(crisis: &Crisis, office: &Office, place: &Place) -> String {
    match place {
        Place::Desk(desk) if crisis.desk(office).is_some_and(|near| near.name == *desk) => "card".to_owned(),
        Place::Desk(desk) => format!("card:{desk}"),
        Place::Room => "room_card".to_owned(),
        Place::Review => "review".to_owned(),
    }
}

/// A crisis in one of its places.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn bulletin(work: &mut Work<'_>, chat: &str, subject: Ref, place: &Place) -> Result<Step, Fault> {
    let Some(crisis) = load(work, subject).await? else { return Ok(gone(subject)) };
    let setup = Arc::clone(&work.setup);
    let purpose = purpose(&crisis, &setup.office, place);
    let placed = posts::get(work.tx, &subject.to_string(), &purpose, chat).await?;
    let room = room(work, &crisis, chat).await?;
    let (channel, lang) = match (place, &room) {
        (Place::Room, RoomHere::None) => return Ok(Step::Nothing("there is no room here".into())),
        (Place::Room | Place::Review, RoomHere::Coming) => {
            return Ok(Step::Later { after_ms: ROOM_WAIT_MS, cause: format!("the room of {subject} is being made") });
        }
        (Place::Room | Place::Review, RoomHere::At(channel)) => (channel.clone(), setup.office.language),
        (Place::Desk(desk), _) => {
            // A watch concerns the nearest desk; the others hear of it when it grows.
            if placed.is_none() && (!crisis.room && purpose != "card" || !crisis.is_open()) {
                return Ok(Step::Nothing("not announced there".into()));
            }
            match prepare::desk_channel(work, chat, desk).await? {
                Ok(found) => found,
                Err(step) => return Ok(step),
            }
        }
        (Place::Review, RoomHere::None) => {
            let Some(desk) = crisis.desk(&setup.office) else { return Ok(Step::Nothing("no desk".into())) };
            match prepare::desk_channel(work, chat, &desk.name).await? {
                Ok(found) => found,
                Err(step) => return Ok(step),
            }
        }
    };
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let body = match place {
        Place::Review => cards::review(&crisis, work.now, &voice),
        Place::Room | Place::Desk(_) => {
            let elsewhere = matches!(place, Place::Desk(_));
            let link = match room {
                RoomHere::At(channel) if elsewhere => Some(channel),
                _ => None,
            };
            cards::crisis(&crisis, &Around { room: link, held: super::held(work).await?.len() }, &voice)
        }
    };
    Ok(match placed {
        Some(post) => Step::call(Call::Edit { at: MessageRef { channel: post.channel, message: post.message }, body }),
        None => Step::call(Call::Post { channel, thread: None, body }),
    })
}

/// Where the room of a crisis is in a chat.
enum RoomHere {
    /// There.
    At(String),
    /// Being made.
    Coming,
    /// There is none, and none will come.
    None,
}

async fn room(work: &mut Work<'_>, crisis: &Crisis, chat: &str) -> Result<RoomHere, Fault> {
    if !crisis.room {
        return Ok(RoomHere::None);
    }
    let subject = crisis.subject();
    if let Some(post) = posts::get(work.tx, &subject.to_string(), ROOM, chat).await? {
        return Ok(RoomHere::At(post.channel));
    }
    // A chat that refused to make one for good: everything goes under the announcement instead.
    let row = outbox::by_key(work.tx, &format!("room:{subject}:{chat}")).await?;
    Ok(if row.is_some_and(|row| row.done_at.is_none()) { RoomHere::Coming } else { RoomHere::None })
}

/// A line about a crisis: in its room, else in the thread under its card.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn line(work: &mut Work<'_>, chat: &str, subject: Ref, notice: &Notice) -> Result<Step, Fault> {
    let Some(crisis) = load(work, subject).await? else { return Ok(gone(subject)) };
    let setup = Arc::clone(&work.setup);
    let lang = setup.office.language;
    match room(work, &crisis, chat).await? {
        RoomHere::Coming => {
            Ok(Step::Later { after_ms: ROOM_WAIT_MS, cause: format!("the room of {subject} is being made") })
        }
        RoomHere::None => prepare::line(work, chat, subject, notice).await,
        RoomHere::At(_) if !card_stands(work, subject, chat).await? => {
            Ok(Step::Later { after_ms: ROOM_WAIT_MS, cause: format!("the card of {subject} comes first") })
        }
        RoomHere::At(channel) => {
            let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
            let body = cards::marked(&crisis, &voice, voice.body(notice));
            Ok(Step::call(Call::Post { channel, thread: None, body }))
        }
    }
}

/// Whether the card stands in the room, or never will.
async fn card_stands(work: &mut Work<'_>, subject: Ref, chat: &str) -> Result<bool, Fault> {
    if posts::get(work.tx, &subject.to_string(), "room_card", chat).await?.is_some() {
        return Ok(true);
    }
    let row = outbox::by_key(work.tx, &format!("bulletin:{subject}:room:{chat}")).await?;
    Ok(row.is_none_or(|row| row.done_at.is_some()))
}

/// What a direct message about a crisis shows besides its sentence.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn add_to_direct(
    work: &mut Work<'_>,
    subject: Ref,
    voice: &Voice<'_>,
    member: &MemberId,
    body: &mut Body,
) -> Result<(), Fault> {
    if let Some(crisis) = load(work, subject).await? {
        cards::add_to_direct(&crisis, voice, member, body);
    }
    Ok(())
}

/// Remembers what a call made and says what follows.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn after(
    app: &App,
    chat: &str,
    parcel: &Parcel,
    effect: &Effect,
    call: &Call,
    receipt: &Receipt,
) -> Result<Option<Step>, Fault> {
    let (subject, place) = match effect {
        Effect::Room { crisis } => (*crisis, None),
        Effect::Bulletin { crisis, place } => (*crisis, Some(place)),
        _ => return Ok(None),
    };
    match (place, call) {
        (None, Call::CreateRoom { people, .. }) => {
            let Some(channel) = receipt.channel.clone() else {
                return Ok(Some(Step::Dead("the chat named no channel for the room".into())));
            };
            room_made(app, chat, subject, &channel, people).await?;
            Ok(Some(prepare::prepare(app, chat, parcel).await?))
        }
        (None, Call::Invite { people, .. }) => {
            note(app, chat, subject, |state| state.people.extend(people.iter().cloned())).await?;
            Ok(Some(prepare::prepare(app, chat, parcel).await?))
        }
        (None, Call::Topic { topic, .. }) => {
            note(app, chat, subject, |state| state.topic.clone_from(topic)).await?;
            Ok(None)
        }
        (Some(place), Call::Post { .. }) => {
            let purpose = purpose_of(app, subject, place).await?;
            let now = app.clock.now();
            prepare::place(app, &subject.to_string(), &purpose, chat, receipt.message.as_ref(), None, now).await?;
            let at = receipt.message.clone().filter(|_| *place == Place::Room);
            Ok(at.map(|at| Step::call(Call::Pin { at })))
        }
        (Some(Place::Room), Call::Edit { at, .. }) => {
            let pinned = pinned(app, chat, subject).await?;
            Ok((!pinned).then(|| Step::call(Call::Pin { at: at.clone() })))
        }
        (Some(Place::Room), Call::Pin { .. }) => {
            note(app, chat, subject, |state| state.pinned = true).await?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

async fn purpose_of(app: &App, subject: Ref, place: &Place) -> Result<String, Fault> {
    let mut tx = app.store.read().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let crisis = load(&mut work, subject).await?.unwrap_or_default();
    Ok(purpose(&crisis, &work.setup.office, place))
}

async fn pinned(app: &App, chat: &str, subject: Ref) -> Result<bool, Fault> {
    let mut tx = app.store.read().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    Ok(state_of(&mut work, subject, chat).await?.pinned)
}

/// Remembers a room and brings the announcements up to date, which link to it.
async fn room_made(app: &App, chat: &str, subject: Ref, channel: &str, people: &[String]) -> Result<(), Fault> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, now).await?;
    let post = Post {
        subject: subject.to_string(),
        purpose: ROOM.to_owned(),
        chat: chat.to_owned(),
        channel: channel.to_owned(),
        message: ROOM.to_owned(),
        thread: None,
        at: now,
    };
    posts::put(work.tx, &post).await?;
    if let Some(crisis) = load(&mut work, subject).await? {
        let name = room_name(&crisis, &work.setup.office);
        let row = directory::Channel { chat: chat.to_owned(), id: channel.to_owned(), name, joined: true };
        directory::put_channel(work.tx, &row).await?;
    }
    let mut state = state_of(&mut work, subject, chat).await?;
    state.people.extend(people.iter().cloned());
    settings::put(work.tx, &state_key(subject, chat), &encode("room", &state)?).await?;
    work.enqueue(&format!("room-made:{subject}:{chat}"), &Effect::Card { subject }).await?;
    tx.commit().await?;
    app.wakers.courier.notify_waiters();
    Ok(())
}

async fn note(app: &App, chat: &str, subject: Ref, change: impl FnOnce(&mut RoomState)) -> Result<(), Fault> {
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let mut state = state_of(&mut work, subject, chat).await?;
    change(&mut state);
    settings::put(work.tx, &state_key(subject, chat), &encode("room", &state)?).await?;
    tx.commit().await?;
    Ok(())
}

/// A call that failed for good but must not cost the rest: a room that may not be closed is made open, a pin or an
/// invitation that is refused is left, a message that was removed is posted anew.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn mend(app: &App, chat: &str, effect: &Effect, call: &Call, outcome: Outcome) -> Result<Outcome, Fault> {
    let Outcome::Failed(SendError::Permanent { code, cause }) = &outcome else { return Ok(outcome) };
    let again = |cause: &str| Outcome::Later { after_ms: 0, cause: cause.to_owned() };
    match (effect, call) {
        (Effect::Room { crisis }, Call::CreateRoom { closed: true, .. }) => {
            tracing::warn!(%crisis, chat, code, "no closed room can be made here; an open one is tried");
            note(app, chat, *crisis, |state| state.open = true).await?;
            Ok(again("no closed room can be made here; an open one is tried"))
        }
        (Effect::Room { crisis }, Call::Invite { people, .. }) => {
            tracing::warn!(%crisis, chat, code, cause, "somebody could not be brought into the room");
            note(app, chat, *crisis, |state| state.people.extend(people.iter().cloned())).await?;
            Ok(again("somebody could not be brought into the room"))
        }
        (Effect::Bulletin { crisis, place: Place::Room }, Call::Pin { .. }) => {
            tracing::warn!(%crisis, chat, code, cause, "the card could not be pinned");
            note(app, chat, *crisis, |state| state.pinned = true).await?;
            Ok(Outcome::Sent { receipt: Receipt::default(), why: Some(format!("not pinned: {code}")), earlier: false })
        }
        (Effect::Bulletin { crisis, place }, Call::Edit { .. })
            if ["message_not_found", "10008"].contains(&code.as_str()) =>
        {
            let purpose = purpose_of(app, *crisis, place).await?;
            let mut tx = app.store.begin().await?;
            posts::delete(&mut tx, &crisis.to_string(), &purpose, chat).await?;
            tx.commit().await?;
            Ok(again("the message was removed; it is posted anew"))
        }
        _ => Ok(outcome),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn a_room_is_named_after_its_day_and_its_first_telling_words() {
        let office = crate::config::office::load_office(include_str!("../../../config/office.toml"), "office.toml");
        let office = office.unwrap_or_else(|findings| panic!("{findings:?}"));
        for (text, drill, name) in [
            ("Livraisons perdues à Lyon", false, "crisis-0314-livraisons-perdues"),
            ("Été à Orléans", false, "crisis-0314-orleans"),
            ("3 mm", false, "crisis-0314-3"),
            ("火", false, "crisis-0314-c3"),
            ("Fuite de données", true, "exercise-0314-fuite-donnees"),
        ] {
            // 2026-03-13 23:30 UTC is already the 14th in Paris.
            let declared_at = Timestamp(1_773_444_600_000);
            let crisis = Crisis { id: 3, text: text.to_owned(), drill, declared_at, ..Crisis::default() };
            assert_eq!(room_name(&crisis, &office), name, "{text}");
        }
    }
}
