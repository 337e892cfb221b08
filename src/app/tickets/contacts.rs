//! Who wrote before: the tickets of one customer, over all networks on which the team knows them.
//!
//! A person may see of a customer only the tickets they may see anyway; a card shows only those of its own desk.
//! Start at [`remember`] (when a ticket opens), [`history`] and [`link`].

use crate::app::Fault;
use crate::app::cards::{self, shorten};
use crate::app::commands::{self, Invocation, Reply};
use crate::app::drafts;
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::domain::decide::Actor;
use crate::domain::desk::contact::{Command, Contact, HANDLES_MAX, Handle, Refusal};
use crate::domain::desk::ticket::{Customer, Opening, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Block, Body, Rich, Span};
use crate::store::{aggregates, links};

/// Earlier tickets on a card (PRODUCT F10).
pub const ON_CARD_MAX: usize = 3;
/// Earlier tickets looked at for a card: enough to find three of its desk.
const LOOKED_AT_MAX: usize = 12;
/// Tickets in a history; more are counted.
const HISTORY_MAX: usize = 20;
/// Tickets that change hands when a handle is taken out, at most.
const MOVED_MAX: usize = 1_000;
/// People of one name on one network that are told apart.
const NAMESAKES_MAX: usize = 9;

/// The handle that a ticket's customer wrote with; none when the way in names none.
#[must_use]
pub fn handle_of(network: &str, customer: &Customer) -> Option<Handle> {
    let handle = Handle { network: network.to_owned(), id: customer.id.clone(), name: customer.name.clone() };
    (!handle.id.is_empty()).then_some(handle)
}

fn key(handle: &Handle) -> String {
    format!("{}:{}", handle.network, handle.id)
}

fn name_key(network: &str, name: &str, number: usize) -> String {
    let name = name.trim().trim_start_matches('@').to_lowercase();
    if number == 0 { format!("{network}:{name}") } else { format!("{network}:{name}#{number}") }
}

fn ticket_key(ticket: i64) -> String {
    Ref::new(Kind::Ticket, ticket).to_string()
}

/// Remembers whose ticket it is.
///
/// # Errors
/// [`Fault::Store`].
pub async fn remember(work: &mut Work<'_>, ticket: i64, opening: &Opening) -> Result<(), Fault> {
    let Some(handle) = handle_of(&opening.network, &opening.customer) else { return Ok(()) };
    let person = match links::get(work.tx, "person", &key(&handle)).await? {
        Some(known) => known,
        None => new_person(work, &handle).await?,
    };
    links::claim(work.tx, "person_ticket", &ticket_key(ticket), person).await?;
    Ok(())
}

/// A number for a handle that is nobody's yet; its name leads to it too.
async fn new_person(work: &mut Work<'_>, handle: &Handle) -> Result<i64, Fault> {
    let person = aggregates::next_id(work.tx, Kind::Contact.stored()).await?;
    links::claim(work.tx, "person", &key(handle), person).await?;
    claim_name(work, handle, person).await?;
    Ok(person)
}

async fn claim_name(work: &mut Work<'_>, handle: &Handle, person: i64) -> Result<(), Fault> {
    for number in 0..NAMESAKES_MAX {
        let name = name_key(&handle.network, &handle.name, number);
        match links::claim(work.tx, "handle", &name, person).await? {
            Some(other) if other != person => {}
            _ => return Ok(()),
        }
    }
    Ok(())
}

/// Whose ticket it is.
///
/// # Errors
/// [`Fault::Store`].
pub async fn person_of(work: &mut Work<'_>, ticket: i64) -> Result<Option<i64>, Fault> {
    Ok(links::get(work.tx, "person_ticket", &ticket_key(ticket)).await?)
}

/// The tickets of a person, newest first.
async fn tickets_of(work: &mut Work<'_>, person: i64) -> Result<Vec<i64>, Fault> {
    let keys = links::keys_of(work.tx, "person_ticket", person).await?;
    let mut ids: Vec<i64> = keys.iter().filter_map(|key| Ref::parse(key)).map(|subject| subject.id).collect();
    ids.sort_unstable_by(|one, two| two.cmp(one));
    Ok(ids)
}

/// What a card shows of earlier contacts: how many there are, and the last ones of the same desk.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn on_card(work: &mut Work<'_>, ticket: &Ticket, voice: &Voice<'_>) -> Result<Option<Rich>, Fault> {
    let Some(person) = person_of(work, ticket.id).await? else { return Ok(None) };
    let ids = tickets_of(work, person).await?;
    if ids.len() < 2 {
        return Ok(None);
    }
    let mut rich = vec![Span::Text(ids.len().to_string())];
    let mut shown = 0;
    for id in ids.into_iter().filter(|id| *id != ticket.id).take(LOOKED_AT_MAX) {
        let Some(earlier) = drafts::ticket(work, id).await? else { continue };
        if earlier.opening.desk != ticket.opening.desk || shown == ON_CARD_MAX {
            continue;
        }
        shown += 1;
        rich.push(Span::Text("\n".into()));
        rich.extend(voice.say(&contact_line(&earlier, voice)));
    }
    Ok(Some(rich))
}

/// `T-5 · 02/03 · Instagram · refunded`.
fn contact_line(ticket: &Ticket, voice: &Voice<'_>) -> Notice {
    let what = match &ticket.outcome {
        Some(outcome) if !ticket.is_open() => shorten(&voice.outcome(outcome), 40),
        _ => voice.word(&format!("status-{}", ticket.status.stored())),
    };
    Notice::new("contact-line")
        .subject("ticket", ticket.subject())
        .with("at", Arg::At(ticket.resolved_at.unwrap_or(ticket.opening.received_at)))
        .text("network", cards::network_name(&ticket.opening.network))
        .text("what", what)
}

/// Everything a customer wrote that the asker may see.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn history(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<Reply, Fault> {
    let person = person_of(work, ticket.id).await?;
    let ids = match person {
        Some(person) => tickets_of(work, person).await?,
        None => vec![ticket.id],
    };
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let (mut lines, mut shown, mut hidden) = (Rich::new(), 0, 0);
    let total = ids.len();
    for id in ids {
        if shown == HISTORY_MAX {
            break;
        }
        let Some(one) = drafts::ticket(work, id).await? else { continue };
        if !may_see(work, asked, &one) {
            hidden += 1;
            continue;
        }
        shown += 1;
        lines.extend(voice.say(&contact_line(&one, &voice)));
        let words = shorten(&one.first_text().replace('\n', " "), 80);
        lines.push(Span::Text(format!(" · {words}\n")));
    }
    let title =
        Notice::new("history-title").text("customer", &ticket.opening.customer.name).number("count", to_i64(total));
    let mut blocks = vec![Block::Header(voice.plain_text(&title))];
    if let Some(known) = known_as(work, person, &voice).await? {
        blocks.push(Block::Context(known));
    }
    blocks.push(Block::Text(lines));
    let more = total - shown - hidden;
    if hidden > 0 {
        blocks.push(Block::Context(voice.say(&Notice::new("history-hidden").number("count", to_i64(hidden)))));
    }
    if more > 0 {
        blocks.push(Block::Context(voice.say(&Notice::new("history-more").number("count", to_i64(more)))));
    }
    Ok(Reply::Show(Box::new(Body { summary: voice.plain_text(&title), blocks, ..Body::default() })))
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn may_see(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> bool {
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    commands::allow(&work.setup, &asked.member, Right::View, scope).is_ok()
}

/// The handles of a person and who joined them; nothing when there is only one.
async fn known_as(work: &mut Work<'_>, person: Option<i64>, voice: &Voice<'_>) -> Result<Option<Rich>, Fault> {
    let Some(person) = person else { return Ok(None) };
    let Some(contact) = work.load::<Contact>(person).await? else { return Ok(None) };
    let mut rich = Rich::new();
    for known in &contact.state.handles {
        if !rich.is_empty() {
            rich.push(Span::Text(" · ".into()));
        }
        let key = if known.by.is_some() { "history-handle-joined" } else { "history-handle" };
        let notice = Notice::new(key)
            .text("network", cards::network_name(&known.handle.network))
            .text("name", &known.handle.name)
            .with("at", Arg::At(known.at));
        rich.extend(voice.say(&match &known.by {
            Some(by) => notice.member("who", by),
            None => notice,
        }));
    }
    Ok((contact.state.handles.len() > 1).then_some(rich))
}

/// Joins another handle with the customer of a ticket: `@kim`, `kim` on a network, or the customer of another ticket.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn link(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: &Ticket,
    typed: &str,
    network: Option<&str>,
) -> Result<Reply, Fault> {
    let person = own_person(work, ticket).await?;
    let other = find(work, asked, ticket, typed, network).await?;
    let mut contact = work.load::<Contact>(person).await?.unwrap_or(Loaded { state: Contact::default(), version: 0 });
    let own = if contact.version == 0 { handles_of(work, person).await? } else { Vec::new() };
    let others = handles_of(work, other).await?;
    let joined = names(&others);
    let command = Command::Join { id: person, own, others };
    if other == person {
        return Err(refused(ticket, Refusal::SamePerson, typed));
    }
    let actor = Actor::Member { id: asked.member.clone() };
    let decided = work.act(person, &mut contact, &command, &actor).await?;
    decided.map_err(|refusal| refused(ticket, refusal, typed))?;
    for kind in ["person", "person_ticket", "handle"] {
        links::move_all(work.tx, kind, other, person).await?;
    }
    refresh(work, asked, person).await?;
    let notice = Notice::new("handle-link-done").text("handle", joined).text("customer", &ticket.opening.customer.name);
    Ok(Reply::Say(notice))
}

/// Takes a handle out again; its tickets go with it.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn unlink(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: &Ticket,
    typed: &str,
    network: Option<&str>,
) -> Result<Reply, Fault> {
    let person = own_person(work, ticket).await?;
    let Some(mut contact) = work.load::<Contact>(person).await? else {
        return Err(refused(ticket, Refusal::OnlyOne, typed));
    };
    let wanted = typed.trim().trim_start_matches('@').to_lowercase();
    let fits = |handle: &Handle| {
        let named = handle.name.trim_start_matches('@').to_lowercase() == wanted || handle.id.to_lowercase() == wanted;
        named && network.is_none_or(|network| handle.network == network)
    };
    let found: Vec<Handle> =
        contact.state.handles.iter().map(|known| &known.handle).filter(|handle| fits(handle)).cloned().collect();
    let handle = match found.as_slice() {
        [] => return Err(refused(ticket, Refusal::NotTheirs, typed)),
        [only] => only.clone(),
        several => return Err(several_handles(typed, &names(several))),
    };
    let actor = Actor::Member { id: asked.member.clone() };
    let decided = work.act(person, &mut contact, &Command::Part(handle.clone()), &actor).await?;
    decided.map_err(|refusal| refused(ticket, refusal, typed))?;
    part(work, person, &handle).await?;
    refresh(work, asked, person).await?;
    Ok(Reply::Say(Notice::new("unlink-done").text("handle", names(&[handle]))))
}

/// Gives a handle a number of its own, and its tickets with it.
async fn part(work: &mut Work<'_>, person: i64, handle: &Handle) -> Result<(), Fault> {
    links::delete(work.tx, "person", &key(handle)).await?;
    for number in 0..NAMESAKES_MAX {
        let name = name_key(&handle.network, &handle.name, number);
        if links::get(work.tx, "handle", &name).await? == Some(person) {
            links::delete(work.tx, "handle", &name).await?;
        }
    }
    let alone = new_person(work, handle).await?;
    for id in tickets_of(work, person).await?.into_iter().take(MOVED_MAX) {
        let Some(ticket) = drafts::ticket(work, id).await? else { continue };
        if handle_of(&ticket.opening.network, &ticket.opening.customer).is_some_and(|own| own.is(handle)) {
            links::delete(work.tx, "person_ticket", &ticket_key(id)).await?;
            links::claim(work.tx, "person_ticket", &ticket_key(id), alone).await?;
        }
    }
    refresh_cards(work, &format!("unlink:{person}:{alone}"), alone).await
}

async fn refresh(work: &mut Work<'_>, asked: &Invocation, person: i64) -> Result<(), Fault> {
    refresh_cards(work, &format!("link:{}", asked.request), person).await
}

/// Brings the cards of a person's open tickets up to date.
async fn refresh_cards(work: &mut Work<'_>, seed: &str, person: i64) -> Result<(), Fault> {
    for id in tickets_of(work, person).await?.into_iter().take(LOOKED_AT_MAX) {
        if drafts::ticket(work, id).await?.is_some_and(|ticket| ticket.is_open()) {
            let subject = Ref::new(Kind::Ticket, id);
            work.enqueue(&format!("{seed}:{id}"), &crate::domain::effect::Effect::Card { subject }).await?;
        }
    }
    Ok(())
}

async fn own_person(work: &mut Work<'_>, ticket: &Ticket) -> Result<i64, Fault> {
    person_of(work, ticket.id)
        .await?
        .ok_or_else(|| Fault::refused(Notice::new("link-no-customer").subject("ticket", ticket.subject())))
}

/// The handles that lead to a person.
async fn handles_of(work: &mut Work<'_>, person: i64) -> Result<Vec<Handle>, Fault> {
    if let Some(contact) = work.load::<Contact>(person).await? {
        return Ok(contact.state.handles.into_iter().map(|known| known.handle).collect());
    }
    let mut handles: Vec<Handle> = Vec::new();
    for id in tickets_of(work, person).await?.into_iter().take(HANDLES_MAX) {
        let Some(ticket) = drafts::ticket(work, id).await? else { continue };
        let own = handle_of(&ticket.opening.network, &ticket.opening.customer);
        if let Some(handle) = own.filter(|own| !handles.iter().any(|known| known.is(own))) {
            handles.push(handle);
        }
    }
    Ok(handles)
}

/// The person behind a handle as typed. Never a guess: several of one name are told, with their newest tickets.
async fn find(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: &Ticket,
    typed: &str,
    network: Option<&str>,
) -> Result<i64, Fault> {
    if let Some(subject) = Ref::parse(typed).filter(|subject| subject.kind == Kind::Ticket && !typed.starts_with('@')) {
        let other = commands::ticket::load_id(work, subject).await?;
        if !may_see(work, asked, &other.state) {
            return Err(Fault::refused(Notice::new("no-such-ticket").subject("ref", subject)));
        }
        return own_person(work, &other.state).await;
    }
    let networks: Vec<String> = match network {
        Some(network) => vec![network.to_owned()],
        None => {
            let office = work.office();
            let mut all: Vec<String> = office.accounts.keys().cloned().collect();
            all.push(ticket.opening.network.clone());
            all.extend(work.app.registry.networks.keys().cloned());
            all.extend(work.app.chats());
            all.sort_unstable();
            all.dedup();
            all
        }
    };
    let mut found: Vec<i64> = Vec::new();
    for network in &networks {
        for number in 0..NAMESAKES_MAX {
            let name = name_key(network, typed, number);
            let Some(person) = links::get(work.tx, "handle", &name).await? else { continue };
            if !found.contains(&person) {
                found.push(person);
            }
        }
    }
    if let Some(own) = person_of(work, ticket.id).await?
        && found.len() > 1
    {
        // `@kim` on two networks, typed on a ticket of one of them: the other one is meant.
        found.retain(|person| *person != own);
    }
    match found.as_slice() {
        [] => Err(Fault::refused(Notice::new("link-unknown").with("typed", Arg::Code(typed.to_owned())))),
        [only] => Ok(*only),
        several => {
            let mut choices = Vec::new();
            for person in several {
                let handles = names(&handles_of(work, *person).await?);
                let newest = tickets_of(work, *person).await?.first().copied().unwrap_or_default();
                choices.push(format!("{} ({handles})", Ref::new(Kind::Ticket, newest)));
            }
            Err(several_handles(typed, &choices.join(", ")))
        }
    }
}

fn several_handles(typed: &str, choices: &str) -> Fault {
    Fault::refused(Notice::new("link-several").with("typed", Arg::Code(typed.to_owned())).text("choices", choices))
}

fn names(handles: &[Handle]) -> String {
    let name = |handle: &Handle| format!("{} {}", cards::network_name(&handle.network), handle.name);
    handles.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn refused(ticket: &Ticket, refusal: Refusal, typed: &str) -> Fault {
    let key = match refusal {
        Refusal::SamePerson => "link-same",
        Refusal::NotTheirs => "link-not-theirs",
        Refusal::OnlyOne => "link-only-one",
        Refusal::TooMany => "link-too-many",
    };
    let notice = Notice::new(key).with("typed", Arg::Code(typed.to_owned())).number("max", to_i64(HANDLES_MAX));
    Fault::refused(notice.text("customer", &ticket.opening.customer.name))
}

/// Whether two tickets are of one customer, or one of them is of none.
///
/// # Errors
/// [`Fault::Store`].
pub async fn same_person(work: &mut Work<'_>, one: &Ticket, two: &Ticket) -> Result<bool, Fault> {
    let (one, two) = (person_of(work, one.id).await?, person_of(work, two.id).await?);
    Ok(one.is_none() || two.is_none() || one == two)
}

/// The newest other open ticket of the same customer that the asker may see: what a merge is most likely meant for.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn other_open(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<Option<Ref>, Fault> {
    let Some(person) = person_of(work, ticket.id).await? else { return Ok(None) };
    for id in tickets_of(work, person).await?.into_iter().filter(|id| *id != ticket.id).take(LOOKED_AT_MAX) {
        let Some(other) = drafts::ticket(work, id).await? else { continue };
        if other.is_open() && other.opening.is_private() == ticket.opening.is_private() && may_see(work, asked, &other)
        {
            return Ok(Some(other.subject()));
        }
    }
    Ok(None)
}
