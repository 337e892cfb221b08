//! Crises: what people and time do with them, each in one transaction with the gate that publishing looks at.
//!
//! Never sends anything itself, and never lets go what a freeze held back. Start at [`declare`] and [`act`]; [`room`] is
//! where a crisis is shown, [`cards`] how, [`watch`] how Vigie finds one by itself.

pub mod cards;
mod forms;
pub mod room;
pub mod watch;

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::commands::{self, Invocation, Reply};
use super::say::Voice;
use super::work::{Loaded, Work, encode, read_state};
use crate::domain::crisis::{self, Command, Crisis, Declaration, Event, Figures, Gate, Refusal, What, gate};
use crate::domain::decide::{Actor, Decider};
use crate::domain::effect::{Effect, Place};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{MemberId, Office};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::Timestamp;
use crate::ports::chat::MessageRef;
use crate::ports::inbound::Choice;
use crate::store::aggregates::{self, Filter, Order};
use crate::store::{heard, links, posts, settings};

pub use forms::{declare as declare_form, submitted, update as update_form};

/// Most crises looked at together; an office has one, rarely two.
const OPEN_MAX: i64 = 100;
/// Most held posts named at the end of a crisis; the lists of posts show all.
const HELD_MAX: i64 = 200;

/// What somebody (or the detector) declares.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// 1 to 3.
    pub level: u8,
    /// An exercise.
    pub drill: bool,
    /// What it is about.
    pub text: String,
    /// Networks concerned; empty means all.
    pub networks: BTreeSet<String>,
    /// What the detector saw.
    pub figures: Option<Figures>,
}

/// The places an intention stands for: the card of a crisis is one bulletin in its room and one for each desk.
#[must_use]
pub fn places(office: &Office, effect: &Effect) -> Vec<Effect> {
    match effect {
        Effect::Card { subject } if subject.kind == Kind::Crisis => {
            let desks = office.desks.iter().map(|desk| Place::Desk(desk.name.clone()));
            std::iter::once(Place::Room)
                .chain(desks)
                .map(|place| Effect::Bulletin { crisis: *subject, place })
                .collect()
        }
        other => vec![other.clone()],
    }
}

/// Opens a crisis: its state, the gate, and all that must leave, in this transaction.
///
/// # Errors
/// Refusals for the declarer; [`Fault::Store`].
pub async fn declare(work: &mut Work<'_>, alarm: Alarm, actor: &Actor) -> Result<Loaded<Crisis>, Fault> {
    let (id, mut loaded) = work.fresh::<Crisis>().await?;
    let declaration = Declaration {
        id,
        level: alarm.level,
        drill: alarm.drill,
        text: alarm.text,
        networks: alarm.networks,
        figures: alarm.figures,
        away: away(work).await?,
    };
    act(work, &mut loaded, &Command::Declare(Box::new(declaration)), actor).await?;
    Ok(loaded)
}

/// Lets a crisis decide, and rewrites the gate when what it holds has changed.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn act(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Crisis>,
    command: &Command,
    actor: &Actor,
) -> Result<Vec<Event>, Fault> {
    let id = match command {
        Command::Declare(declaration) => declaration.id,
        _ => loaded.state.id,
    };
    let events = match work.act(id, loaded, command, actor).await? {
        Ok(events) => events,
        Err(refusal) => return Err(refused(work, &loaded.state, &refusal, actor)),
    };
    if events
        .iter()
        .any(|event| matches!(event.what, What::Frozen { .. } | What::Unfrozen { .. } | What::StoodDown { .. }))
    {
        write_gate(work).await?;
    }
    Ok(events)
}

/// Open crises, oldest first; drills too.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn open_ones(work: &mut Work<'_>) -> Result<Vec<Crisis>, Fault> {
    let filter = Filter {
        kind: Kind::Crisis.stored(),
        open_only: true,
        order: Order::Oldest,
        limit: OPEN_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Crisis, row.id, row.state())).collect()
}

async fn write_gate(work: &mut Work<'_>) -> Result<(), Fault> {
    let open = open_ones(work).await?;
    let gate = encode("gate", &Gate::held_by(&open))?;
    settings::put(work.tx, gate::SETTING, &gate).await?;
    // What is planned is held now, not only when its time comes: nothing resumes by itself once the freeze is lifted.
    super::drafts::hold_frozen(work).await.map(|_| ())
}

/// The gate as it stands; publishing reads it in the transaction that claims a post.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn gate(work: &mut Work<'_>) -> Result<Gate, Fault> {
    super::drafts::gate(work).await
}

/// References of posts and replies that a freeze holds back.
///
/// # Errors
/// [`Fault::Store`].
pub async fn held(work: &mut Work<'_>) -> Result<Vec<String>, Fault> {
    let mut held = Vec::new();
    for kind in [Kind::Post, Kind::Reply] {
        let filter = Filter {
            kind: kind.stored(),
            statuses: &["held"],
            order: Order::Oldest,
            limit: HELD_MAX,
            ..Filter::default()
        };
        let rows = aggregates::list(work.tx, &filter).await?;
        held.extend(rows.iter().map(|row| Ref::new(kind, row.id).to_string()));
    }
    Ok(held)
}

/// Who is away now.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn away(work: &mut Work<'_>) -> Result<BTreeSet<MemberId>, Fault> {
    Ok(work.office().away.away_at(work.now))
}

/// Somebody went or came back: their part in every open crisis goes to who stands in, or comes back to them.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn substitute(work: &mut Work<'_>) -> Result<(), Fault> {
    for crisis in open_ones(work).await? {
        let (office, now) = (work.office(), work.now);
        let mut stand_ins = BTreeMap::new();
        for member in crisis.people().into_iter().filter(|member| office.away.is_away(member, now)) {
            let by = stand_in(office, &crisis, &member, now);
            stand_ins.extend(by.map(|by| (member, by)));
        }
        if stand_ins.is_empty() && crisis.relieved.is_empty() {
            continue;
        }
        let mut loaded = load_id(work, crisis.subject()).await?;
        act(work, &mut loaded, &Command::Substitute(stand_ins), &Actor::System).await?;
    }
    Ok(())
}

/// Who takes over the part of somebody who is away: the backup of the role that brings them there, else their own; for the
/// lead also the deputy.
#[must_use]
pub fn stand_in(office: &Office, crisis: &Crisis, member: &MemberId, at: Timestamp) -> Option<MemberId> {
    let deputy = || crisis.deputy.clone().filter(|other| other != member && !office.away.is_away(other, at));
    let leads = crisis.lead.as_ref() == Some(member);
    let by = office.away.stand_in(office, member, role_in(office, crisis, member), at);
    by.or_else(|| deputy().filter(|_| leads))
}

/// The role by which somebody has a part in a crisis: whose backup takes it over. Who leads does so by the role that lets
/// them, others by the one that is called.
fn role_in<'o>(office: &'o Office, crisis: &Crisis, member: &MemberId) -> Option<&'o str> {
    let held = &office.members.get(member)?.roles;
    let leading = [&crisis.lead, &crisis.deputy].into_iter().flatten().any(|one| one == member);
    let leads = |role: &&String| {
        let post = office.roles.get(*role).map(|found| found.post);
        post.is_some_and(|post| rights::grant(post, Right::CrisisLead) != rights::Grant::Never)
    };
    let by_lead = held.iter().find(leads).filter(|_| leading);
    let called = office.crisis.alert_roles.iter().chain(&office.crisis.crisis_roles);
    by_lead.or_else(|| called.into_iter().find(|role| held.contains(role))).map(String::as_str)
}

/// Loads a crisis by reference.
///
/// # Errors
/// A refusal when there is none.
pub async fn load_id(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Crisis>, Fault> {
    if subject.kind != Kind::Crisis {
        return Err(Fault::refused(Notice::new("crisis-not-one").subject("ref", subject)));
    }
    work.load::<Crisis>(subject.id)
        .await?
        .ok_or_else(|| Fault::refused(Notice::new("crisis-no-such").subject("ref", subject)))
}

/// The crisis that a request is about: the one typed, the one of the room, card or thread where it was typed, else the
/// only one that is open.
///
/// # Errors
/// A refusal that says which there are.
pub async fn find(work: &mut Work<'_>, asked: &Invocation) -> Result<Loaded<Crisis>, Fault> {
    let named =
        match asked.parsed.get("crisis") {
            Some(typed) => Some(Ref::parse(typed).ok_or_else(|| {
                Fault::refused(Notice::new("crisis-which").with("typed", Arg::Code(typed.to_owned())))
            })?),
            None => asked.parsed.reference,
        };
    if let Some(subject) = named {
        return load_id(work, subject).await;
    }
    let here = asked.subject.filter(|subject| subject.kind == Kind::Crisis);
    if let Some(subject) = here {
        return load_id(work, subject).await;
    }
    if let Some(subject) = room_at(work, &asked.chat, &asked.channel).await? {
        return load_id(work, subject).await;
    }
    let open = open_ones(work).await?;
    match open.as_slice() {
        [only] => load_id(work, only.subject()).await,
        [] => Err(Fault::refused(Notice::new("crisis-none"))),
        several => {
            let names: Vec<String> = several.iter().map(|crisis| crisis.subject().to_string()).collect();
            Err(Fault::refused(Notice::new("crisis-several").text("names", names.join(", "))))
        }
    }
}

/// The crisis whose room a channel is.
///
/// # Errors
/// [`Fault::Store`].
pub async fn room_at(work: &mut Work<'_>, chat: &str, channel: &str) -> Result<Option<Ref>, Fault> {
    let found = posts::by_message(work.tx, chat, channel, room::ROOM).await?;
    Ok(found.and_then(|post| Ref::parse(&post.subject)))
}

/// Time has come for a crisis.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let away = away(work).await?;
    let Some(mut loaded) = work.load::<Crisis>(id).await? else {
        aggregates::set_wake(work.tx, Kind::Crisis.stored(), id, None).await?;
        return Ok(());
    };
    let events = act(work, &mut loaded, &Command::Tick { away }, &Actor::System).await?;
    if events.is_empty() {
        aggregates::set_wake(work.tx, Kind::Crisis.stored(), id, loaded.state.due_at()).await?;
    }
    Ok(())
}

/// 📌 on a message: it becomes a line of the timeline of the room's crisis, or of the only open one.
///
/// # Errors
/// Refusals for whoever pinned it; [`Fault::Store`].
pub async fn pinned(work: &mut Work<'_>, chat: &str, at: &MessageRef, member: &MemberId) -> Result<(), Fault> {
    let subject = match room_at(work, chat, &at.channel).await? {
        Some(subject) => subject,
        None => match open_ones(work).await?.as_slice() {
            [only] => only.subject(),
            _ => return Ok(()),
        },
    };
    may(work, member)?;
    let Some(message) = heard::get(work.tx, chat, &at.channel, &at.message).await? else {
        return Err(Fault::refused(Notice::new("crisis-pin-unheard")));
    };
    let source = super::desk::chat_source(chat, &at.channel, &at.message);
    links::claim(work.tx, "timeline", &source, subject.id).await?;
    let mut loaded = load_id(work, subject).await?;
    let command =
        Command::AddMoment { who: message.author_name, text: message.text, at: message.at, source: Some(source) };
    act(work, &mut loaded, &command, &Actor::Member { id: member.clone() }).await?;
    Ok(())
}

/// A message was edited or deleted; the timeline that took it follows.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn amended(work: &mut Work<'_>, source: &str, text: Option<&str>) -> Result<(), Fault> {
    let Some(id) = links::get(work.tx, "timeline", source).await? else { return Ok(()) };
    let Some(mut loaded) = work.load::<Crisis>(id).await? else { return Ok(()) };
    let command = Command::AmendMoment { source: source.to_owned(), text: text.map(str::to_owned) };
    act(work, &mut loaded, &command, &Actor::System).await?;
    Ok(())
}

/// Everybody of the team may declare, acknowledge, report and follow.
///
/// # Errors
/// The refusal.
pub fn may(work: &Work<'_>, member: &MemberId) -> Result<(), Fault> {
    commands::allow(&work.setup, member, Right::CrisisDeclare, Scope::default())
}

/// A button of a crisis was pressed.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, subject: Ref) -> Result<Reply, Fault> {
    may(work, &asked.member)?;
    let loaded = load_id(work, subject).await?;
    let on = commands::crisis::On { loaded, asked };
    match what {
        "ack" => on.acknowledge(work).await,
        "confirm" => on.confirm(work).await,
        "update" => Ok(forms::update(work, asked, &on.loaded.state)),
        "raise" => {
            let level = on.loaded.state.level.saturating_add(1);
            on.set_level(work, level).await
        }
        "unfreeze" => on.unfreeze(work).await,
        "standdown" => on.stand_down(work).await,
        "timeline" => Ok(on.timeline(work)),
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// Open crises that complete a reference being typed.
///
/// # Errors
/// [`Fault::Store`].
pub async fn complete(work: &mut Work<'_>, typed: &str) -> Result<Vec<Choice>, Fault> {
    let wanted = typed.trim().to_lowercase();
    let open = open_ones(work).await?;
    let label = |crisis: &Crisis| {
        format!("{} · L{} · {}", crisis.subject(), crisis.level, super::cards::shorten(&crisis.text, 60))
    };
    Ok(open
        .iter()
        .map(|crisis| Choice { label: label(crisis), value: crisis.subject().to_string() })
        .filter(|choice| wanted.is_empty() || choice.label.to_lowercase().contains(&wanted))
        .take(25)
        .collect())
}

/// A refusal as a sentence.
fn refused(work: &Work<'_>, crisis: &Crisis, refusal: &Refusal, actor: &Actor) -> Fault {
    let subject = crisis.subject();
    let about = |key: &str| Notice::new(key).subject("crisis", subject);
    let notice = match refusal {
        Refusal::Closed { at } => about("crisis-refused-closed").with("at", Arg::At(*at)),
        Refusal::EmptyText => Notice::new("refused-empty"),
        Refusal::TooLong { max } => {
            Notice::new("refused-too-long").number("max", i64::try_from(*max).unwrap_or(i64::MAX))
        }
        Refusal::NotLead => {
            let denied =
                actor.member().map(|member| commands::allow(&work.setup, member, Right::CrisisLead, Scope::default()));
            match denied {
                Some(Err(fault)) => return fault,
                _ => Notice::new("crisis-refused-lead"),
            }
        }
        Refusal::NoSuchLevel(level) => Notice::new("crisis-refused-level").number("level", i64::from(*level)),
        Refusal::SameLevel(level) => about("crisis-refused-same-level").number("level", i64::from(*level)),
        Refusal::AlreadyConfirmed => about("crisis-refused-confirmed"),
        Refusal::OwnAlert => about("crisis-refused-own"),
        Refusal::AlreadyAcknowledged => about("crisis-refused-acked"),
        Refusal::AlreadyFrozen => about("crisis-refused-frozen"),
        Refusal::NotFrozen => about("crisis-refused-not-frozen"),
        Refusal::DrillFreezesNothing => about("crisis-refused-drill"),
        Refusal::NeedsAnother { others } => {
            let names: Vec<&str> = others.iter().map(|other| work.setup.office.name_of(other)).collect();
            about("crisis-refused-second").text("names", names.join(", "))
        }
        Refusal::NextUpdateOutOfRange => Notice::new("crisis-refused-next"),
    };
    Fault::refused(notice)
}

/// Whether a person may lead crises in this office.
#[must_use]
pub fn leads(office: &Office, member: &MemberId) -> bool {
    crisis::leads(office, member)
}

/// A voice for answers to one person.
fn voice<'v>(work: &'v Work<'_>, asked: &Invocation) -> Voice<'v> {
    Voice::plain(&work.app.wording, &work.setup.office, asked.lang)
}
