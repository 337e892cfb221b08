//! How messages become tickets, and what later messages do to them.
//!
//! Every way in (webhook, watched channel, reaction, shortcut, command) ends in [`open`]. Uniqueness is the database's:
//! a source claimed once can never open a second ticket.

use super::tickets::contacts;
use super::work::{Loaded, Work};
use super::{Fault, people};
use crate::domain::decide::Actor;
use crate::domain::desk::priority::Priority;
use crate::domain::desk::ticket::{Command, Customer, Entry, Opening, Refusal, Related, Relation, Ticket};
use crate::domain::desk::triage::{Because, Field, Message, Why};
use crate::domain::ids::Kind;
use crate::domain::office::MemberId;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::store::links;

/// Most merges followed from one ticket to the one it lives on in: chains are short, circles do not exist.
const MERGES_MAX: usize = 32;

/// What is known of a message before triage.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Unique identity of the message at its source.
    pub source: String,
    /// Network name or chat key.
    pub network: String,
    /// Kind of message.
    pub kind: String,
    /// Author.
    pub customer: Customer,
    /// First message and the rest of its thread.
    pub entries: Vec<Entry>,
    /// Link to the original.
    pub url: String,
    /// Own reply address.
    pub reply_url: Option<String>,
    /// Where on the network it stands: what it was written under.
    pub place: Option<String>,
    /// Desk, when the way in names one; else the network's.
    pub desk: Option<String>,
    /// Member who opened it by hand.
    pub opened_by: Option<MemberId>,
    /// Topic, priority given by hand.
    pub topic: Option<String>,
    /// As above.
    pub priority: Option<u8>,
    /// When it reached us.
    pub received_at: Timestamp,
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A new ticket.
    New(i64),
    /// It belongs to a ticket that exists already.
    Known(i64),
}

impl Opened {
    /// The ticket's number.
    #[must_use]
    pub fn id(self) -> i64 {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}

/// Opens a ticket, or finds the one this message already belongs to.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn open(work: &mut Work<'_>, arrival: Arrival) -> Result<Opened, Fault> {
    if let Some(known) = links::get(work.tx, "source", &arrival.source).await? {
        return Ok(Opened::Known(known));
    }
    super::crisis::watch::count(work, &arrival).await?;
    let before = before(work, &arrival).await?;
    if let Some(mut loaded) = before.clone().filter(|loaded| joins(&loaded.state, &arrival, work.now)) {
        let id = loaded.state.id;
        for entry in &arrival.entries {
            add(work, id, &mut loaded, entry.clone()).await?;
        }
        links::claim(work.tx, "source", &arrival.source, id).await?;
        return Ok(Opened::Known(id));
    }
    let actor = arrival.opened_by.clone().map_or(Actor::System, |id| Actor::Member { id });
    let (source, key) = (arrival.source.clone(), customer_key(&arrival));
    let (network, customer) = (arrival.network.clone(), arrival.customer.id.clone());
    let mut opening = triaged(work, arrival);
    let continues = before.filter(|loaded| continues(&loaded.state, &opening));
    opening.origin = continues.as_ref().map(|old| Related { ticket: old.state.id, how: Relation::Continues });
    let mut loaded = begin(work, opening, &actor).await?;
    let id = loaded.state.id;
    links::claim(work.tx, "source", &source, id).await?;
    if let Some(key) = key {
        links::delete(work.tx, "customer", &key).await?;
        links::claim(work.tx, "customer", &key, id).await?;
    }
    super::rotation::remember_customer(work, &network, &customer, id).await?;
    if let Some(mut old) = continues {
        let (before, command) = (old.state.id, Command::ContinueIn { ticket: id });
        taken(&old.state.clone(), work.act(before, &mut old, &command, &Actor::System).await?)?;
    }
    let assigned = people::assign_by_rotation(work, &mut loaded, None, &Actor::System).await?;
    taken(&loaded.state, assigned)?;
    super::playbooks::attach(work, loaded.state.subject(), &loaded.state.opening.topic).await?;
    Ok(Opened::New(id))
}

/// A new ticket from what is known of it; nobody has it yet.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn begin(work: &mut Work<'_>, opening: Opening, actor: &Actor) -> Result<Loaded<Ticket>, Fault> {
    let (id, mut loaded) = work.fresh::<Ticket>().await?;
    for entry in &opening.entries {
        links::claim(work.tx, "source", &entry.source, id).await?;
    }
    contacts::remember(work, id, &opening).await?;
    let decided = work.act(id, &mut loaded, &Command::Open(id, Box::new(opening)), actor).await?;
    taken(&loaded.state, decided)?;
    Ok(loaded)
}

/// What the desk itself decides is never refused; if it were, the message waits and is looked at.
fn taken<T>(ticket: &Ticket, decided: Result<T, Refusal>) -> Result<T, Fault> {
    decided.map_err(|refusal| Fault::Unreadable { what: ticket.subject().to_string(), cause: format!("{refusal:?}") })
}

/// The ticket that the same customer's last message went to: the one whose message this one answers, else their newest of
/// this network. Private and public messages are never mixed in one ticket: an answer would go the wrong way.
async fn before(work: &mut Work<'_>, arrival: &Arrival) -> Result<Option<Loaded<Ticket>>, Fault> {
    let Some(key) = customer_key(arrival) else { return Ok(None) };
    let mut found = None;
    if let Some(parent) = &arrival.place {
        found = links::get(work.tx, "source", &format!("{}:{parent}", arrival.network)).await?;
    }
    if let Some(id) = found
        && let Some(loaded) = live(work, id).await?
        && loaded.state.opening.customer.id == arrival.customer.id
        && loaded.state.opening.network == arrival.network
        && loaded.state.opening.is_private() == (arrival.kind == "dm")
    {
        return Ok(Some(loaded));
    }
    match links::get(work.tx, "customer", &key).await? {
        Some(id) => live(work, id).await,
        None => Ok(None),
    }
}

/// A ticket for change; where it was merged, the one it lives on in.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn live(work: &mut Work<'_>, id: i64) -> Result<Option<Loaded<Ticket>>, Fault> {
    let mut found = work.load::<Ticket>(id).await?;
    for _ in 0..MERGES_MAX {
        let Some(into) = found.as_ref().and_then(|loaded| loaded.state.merged_into) else { return Ok(found) };
        found = work.load::<Ticket>(into).await?;
    }
    Ok(found)
}

/// A private message continues what was said in private, also when it was thought done. A public one joins what the same
/// customer wrote in the same place, or what it answers; where the network does not tell the place, it stands for itself:
/// two comments under two posts are two questions.
fn joins(ticket: &Ticket, arrival: &Arrival, now: Timestamp) -> bool {
    if arrival.kind == "dm" {
        return ticket.takes_more(now);
    }
    let answers_it = arrival.place.as_ref().is_some_and(|parent| {
        let source = format!("{}:{parent}", arrival.network);
        ticket.opening.entries.iter().any(|entry| entry.source == source)
    });
    if answers_it || (arrival.place.is_some() && ticket.opening.place == arrival.place) {
        return ticket.takes_more(now);
    }
    false
}

/// A resolved ticket that is too old to go on is continued by the next one.
fn continues(ticket: &Ticket, opening: &Opening) -> bool {
    let same_place = opening.is_private() || (opening.place.is_some() && opening.place == ticket.opening.place);
    !ticket.is_open() && same_place
}

/// Adds a message to a ticket, or to the one it was merged into.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn add(work: &mut Work<'_>, id: i64, loaded: &mut Loaded<Ticket>, entry: Entry) -> Result<(), Fault> {
    let mut id = id;
    if loaded.state.merged_into.is_some()
        && let Some(target) = live(work, id).await?
    {
        id = target.state.id;
        *loaded = target;
    }
    links::claim(work.tx, "source", &entry.source, id).await?;
    let decided = work.act(id, loaded, &Command::Add(entry), &Actor::System).await?;
    taken(&loaded.state, decided).map(|_| ())
}

/// A message was edited (`text`) or deleted (`None`) at its source.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn amend(work: &mut Work<'_>, source: &str, text: Option<String>) -> Result<bool, Fault> {
    let Some(id) = links::get(work.tx, "source", source).await? else { return Ok(false) };
    let Some(mut loaded) = work.load::<Ticket>(id).await? else { return Ok(false) };
    let command = Command::Amend { source: source.to_owned(), text };
    let done = work.act(id, &mut loaded, &command, &Actor::System).await?;
    Ok(done.is_ok_and(|events| !events.is_empty()))
}

fn customer_key(arrival: &Arrival) -> Option<String> {
    let suffix = match arrival.kind.as_str() {
        "dm" => "",
        "comment" | "mention" | "review" => ":public",
        _ => return None,
    };
    (!arrival.customer.id.is_empty()).then(|| format!("{}:{}{suffix}", arrival.network, arrival.customer.id))
}

fn triaged(work: &Work<'_>, arrival: Arrival) -> Opening {
    let text: String = arrival.entries.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>().join("\n");
    let verdict = work.setup.triage.read(&Message {
        text: &text,
        network: &arrival.network,
        kind: &arrival.kind,
        followers: arrival.customer.followers,
        ..Message::default()
    });
    let office = &work.setup.office;
    let role = if office.roles.contains_key(&verdict.role) { verdict.role } else { office.default_role.clone() };
    let mut reasons = verdict.reasons;
    for (field, said) in [(Field::Topic, arrival.topic.is_some()), (Field::Priority, arrival.priority.is_some())] {
        if said {
            reasons.retain(|because| because.field != field);
            reasons.push(Because { field, why: Why::Said });
        }
    }
    let by_rule = match verdict.priority {
        Priority::P1 => 1,
        Priority::P2 => 2,
        Priority::P3 => 3,
        Priority::P4 => 4,
    };
    let priority = arrival.priority.unwrap_or(by_rule);
    let target = office.targets.get(&priority).copied();
    let calendar = office.calendar_of_role(&role);
    let due = |minutes: Option<i64>| minutes.and_then(|minutes| calendar.due(arrival.received_at, minutes * MINUTE_MS));
    let desk = arrival
        .desk
        .or_else(|| office.desk_for_network(&arrival.network).map(|desk| desk.name.clone()))
        .unwrap_or_default();
    // What somebody typed by hand is a remark of the team, not of a customer.
    let mood = (arrival.kind != "manual").then_some(verdict.mood);
    Opening {
        first_response_due: due(target.map(|target| target.first_response_minutes)),
        resolution_due: due(target.map(|target| target.resolution_minutes)),
        network: arrival.network,
        kind: arrival.kind,
        customer: arrival.customer,
        entries: arrival.entries,
        url: arrival.url,
        reply_url: arrival.reply_url,
        language: verdict.language,
        mood,
        topic: arrival.topic.unwrap_or(verdict.topic),
        priority,
        role,
        desk,
        reasons,
        opened_by: arrival.opened_by,
        received_at: arrival.received_at,
        targets: office.targets.iter().map(|(priority, target)| (*priority, *target)).collect(),
        place: arrival.place,
        origin: None,
    }
}

/// The ticket whose card or thread a message stands in; used when a reference is left out.
///
/// # Errors
/// [`Fault::Store`].
pub async fn subject_at(
    work: &mut Work<'_>,
    chat: &str,
    channel: &str,
    thread: Option<&str>,
    message: Option<&str>,
) -> Result<Option<crate::domain::ids::Ref>, Fault> {
    use crate::store::posts;
    let mut found = None;
    if let Some(message) = message {
        found = posts::by_message(work.tx, chat, channel, message).await?;
    }
    // Where a thread is named after its root message, a thread that people start under a card needs no row of its own.
    if let (None, Some(root)) = (&found, thread) {
        found = posts::by_message(work.tx, chat, channel, root).await?;
    }
    if let (None, Some(thread)) = (&found, thread) {
        found = card_of_thread(work, chat, channel, thread).await?;
    }
    if let Some(post) = found {
        return Ok(crate::domain::ids::Ref::parse(&post.subject));
    }
    // A thread under the customer's own message in a watched channel belongs to its ticket.
    let Some(root) = thread else { return Ok(None) };
    let known = links::get(work.tx, "source", &chat_source(chat, channel, root)).await?;
    Ok(known.map(|id| crate::domain::ids::Ref::new(Kind::Ticket, id)))
}

/// The card that a thread hangs on, whether or not Vigie has written in the thread yet.
async fn card_of_thread(
    work: &mut Work<'_>,
    chat: &str,
    channel: &str,
    thread: &str,
) -> Result<Option<crate::store::posts::Post>, Fault> {
    use crate::store::posts;
    // A thread with its own channel has an id of its own; elsewhere it goes by its root, which only one channel knows.
    let own_channel = channel == thread;
    let written = posts::by_thread(work.tx, chat, thread).await?;
    let known = written.into_iter().find(|post| post.purpose == "card" && (own_channel || post.channel == channel));
    if known.is_some() {
        return Ok(known);
    }
    // Where a thread is a channel, it has the id of the message it hangs on: that stands in the channel of some desk.
    let mut places = vec![channel.to_owned()];
    if own_channel {
        places.clear();
        let names: Vec<String> =
            work.setup.office.desks.iter().filter_map(|desk| desk.channels.get(chat)).cloned().collect();
        for name in names {
            let found = crate::store::directory::channel_named(work.tx, chat, name.trim_start_matches('#')).await?;
            places.extend(found.map(|found| found.id));
        }
    }
    for place in places {
        let root = posts::by_message(work.tx, chat, &place, thread).await?;
        if let Some(root) = root.filter(|post| post.purpose == "card") {
            return Ok(Some(root));
        }
    }
    Ok(None)
}

/// Identity of a chat message as a ticket's source.
#[must_use]
pub fn chat_source(chat: &str, channel: &str, message: &str) -> String {
    format!("{chat}:{channel}:{message}")
}
