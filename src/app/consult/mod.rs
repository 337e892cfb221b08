//! Consultations: asking somebody outside the rota about a ticket, chasing the answer, bringing it back to the ticket.
//!
//! Nothing an outsider writes goes anywhere but into the ticket's thread and card, as untrusted text. Never sends mail: an
//! expert without an account gets a link from whoever asks. Start at [`ask`]; [`faces`] is what people see of it, [`link`]
//! how links are made, `web::answer` the page behind them.

pub mod faces;
pub mod link;
pub mod press;

use super::commands::{self, Invocation, Reply, ticket as on_ticket, whom};
use super::work::{Loaded, Work, read_state};
use super::{Fault, drafts};
use crate::domain::content::when;
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::consultation::{Asking, Command, Consultation, Refusal, Status, Terms, Whom};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use crate::store::aggregates::{self, Filter, Order};

/// Time for an answer when nobody says otherwise, in business milliseconds (PRODUCT U2: `due:4h` as the example).
const DUE_MS_DEFAULT: i64 = 4 * HOUR_MS;
/// From the reminder until asker and lead are told, in business milliseconds.
const CHASE_AFTER_MS: i64 = HOUR_MS;
/// Longest time for an answer, in working days: a question that may wait longer is no consultation.
const DAYS_MAX: i64 = 30;
/// Open consultations read for a list or a digest.
const OPEN_MAX: i64 = 200;

/// Loads a consultation for change.
///
/// # Errors
/// A refusal when there is none.
pub async fn load(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Consultation>, Fault> {
    let found = match subject.kind {
        Kind::Consultation => work.load::<Consultation>(subject.id).await?,
        _ => None,
    };
    found.ok_or_else(|| Fault::refused(Notice::new("consult-no-such").subject("consultation", subject)))
}

/// Reads a consultation without taking it for change.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn peek(work: &mut Work<'_>, id: i64) -> Result<Option<Consultation>, Fault> {
    let Some(row) = aggregates::load(work.tx, Kind::Consultation.stored(), id).await? else { return Ok(None) };
    Ok(Some(read_state(Kind::Consultation, id, row.state())?))
}

/// Open consultations, the most urgent first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn open(work: &mut Work<'_>) -> Result<Vec<Consultation>, Fault> {
    let filter = Filter {
        kind: Kind::Consultation.stored(),
        open_only: true,
        order: Order::Due,
        limit: OPEN_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Consultation, row.id, row.state())).collect()
}

/// The consultations of a ticket, oldest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn of_ticket(work: &mut Work<'_>, ticket: i64) -> Result<Vec<Consultation>, Fault> {
    let mut ids: Vec<i64> = crate::store::links::keys_of(work.tx, "consult_of", ticket)
        .await?
        .iter()
        .filter_map(|key| Ref::parse(key))
        .map(|subject| subject.id)
        .collect();
    ids.sort_unstable();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(peek(work, id).await?);
    }
    Ok(found)
}

/// The consultation that a request is about: the one typed, else the only open one of the ticket where it was typed.
///
/// # Errors
/// A refusal that asks which.
pub async fn find(work: &mut Work<'_>, asked: &Invocation) -> Result<Loaded<Consultation>, Fault> {
    let subject = asked.parsed.reference.or(asked.subject);
    let ticket = match subject {
        Some(subject) if subject.kind == Kind::Consultation => return load(work, subject).await,
        Some(subject) if subject.kind == Kind::Ticket => subject.id,
        _ => return Err(Fault::refused(Notice::new("consult-which"))),
    };
    let mut open = of_ticket(work, ticket).await?;
    open.retain(Consultation::is_open);
    match open.as_slice() {
        [only] => load(work, only.subject()).await,
        [] => Err(Fault::refused(Notice::new("consult-none").subject("ticket", Ref::new(Kind::Ticket, ticket)))),
        _ => Err(Fault::refused(Notice::new("consult-which"))),
    }
}

/// Who is meant: `role:NAME` or `@NAME` of a role, somebody of the team, or an outside expert by mail address.
///
/// # Errors
/// A refusal that says who was not found.
async fn read_whom(work: &mut Work<'_>, asked: &Invocation, typed: &str) -> Result<Whom, Fault> {
    let typed = typed.trim();
    let name = typed.strip_prefix("role:").or_else(|| typed.strip_prefix('@')).unwrap_or(typed).to_lowercase();
    let office = &work.setup.office;
    if typed.starts_with("role:")
        || (office.roles.contains_key(&name) && !office.members.contains_key(&MemberId::new(name.as_str())))
    {
        if office.roles.contains_key(&name) {
            return Ok(Whom::Role { name });
        }
        let known: Vec<&str> = office.roles.keys().map(String::as_str).collect();
        return Err(Fault::refused(Notice::new("no-such-role").text("role", name).text("known", known.join(", "))));
    }
    if is_mail(typed) {
        let known = |address: &Option<String>| address.as_ref().is_some_and(|mail| mail.eq_ignore_ascii_case(typed));
        let member = office.members.values().find(|member| known(&member.email));
        return Ok(member.map_or_else(
            || Whom::Outside { name: typed.to_owned() },
            |member| Whom::Member { id: member.id.clone() },
        ));
    }
    Ok(Whom::Member { id: whom::who(work, asked, typed).await? })
}

/// Whether a word is a mail address rather than a mention.
fn is_mail(typed: &str) -> bool {
    let Some((name, host)) = typed.split_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || ".-_+".contains(c));
    plain(name) && plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
}

/// The calendar in which an answer is waited for.
fn calendar_of<'w>(work: &'w Work<'_>, whom: &Whom) -> &'w Calendar {
    let office = &work.setup.office;
    match whom {
        Whom::Role { name } => office.calendar_of_role(name),
        Whom::Member { id } => {
            office.members.get(id).and_then(|member| member.hours.as_ref()).unwrap_or(&office.calendar)
        }
        Whom::Outside { .. } => &office.calendar,
    }
}

/// Until when an answer is wanted: `4h` and `2d` of working time, or a point in time.
///
/// # Errors
/// A refusal that shows how to say it.
fn terms(work: &Work<'_>, whom: &Whom, typed: Option<&str>) -> Result<Terms, Fault> {
    let (calendar, now) = (calendar_of(work, whom), work.now);
    let unclear = || {
        let typed = Arg::Code(typed.unwrap_or_default().to_owned());
        Fault::refused(Notice::new("consult-bad-due").with("typed", typed))
    };
    let due = match typed.map(str::trim).filter(|typed| !typed.is_empty()) {
        None => calendar.due(now, DUE_MS_DEFAULT),
        Some(typed) => match working_ms(typed, calendar) {
            Some(length_ms) => calendar.due(now, length_ms),
            None => when::read(typed, now, work.setup.office.zone).ok().map(|point| point.at),
        },
    };
    let due = due.filter(|due| *due > now).ok_or_else(unclear)?;
    let chase_at = calendar.due(due, CHASE_AFTER_MS).unwrap_or(due.plus_ms(CHASE_AFTER_MS));
    Ok(Terms { due, chase_at })
}

/// `30m`, `4h`, `2d` (French `2j`) of working time; a day is the longest working day of the calendar.
fn working_ms(typed: &str, calendar: &Calendar) -> Option<i64> {
    let typed = typed.trim_start_matches('+').to_lowercase();
    let digits = typed.trim_end_matches(|c: char| c.is_alphabetic());
    let number: i64 = digits.parse().ok().filter(|number| *number > 0)?;
    let minutes_of = |day: &Vec<crate::domain::rhythm::business_time::DaySpan>| {
        day.iter().map(|span| i64::from(span.to_minute) - i64::from(span.from_minute)).sum::<i64>()
    };
    let day_ms = calendar.week().iter().map(minutes_of).max().unwrap_or(0) * MINUTE_MS;
    let unit_ms = match typed.get(digits.len()..)? {
        "m" | "min" => MINUTE_MS,
        "h" => HOUR_MS,
        "d" | "j" => day_ms,
        _ => return None,
    };
    number.checked_mul(unit_ms).filter(|length_ms| (1..=DAYS_MAX * day_ms).contains(length_ms))
}

/// What somebody wants to ask.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Whom, as typed.
    pub who: String,
    /// What.
    pub question: String,
    /// Until when, as typed.
    pub due: Option<String>,
}

/// Asks somebody about a ticket; tells what happens next, with the link for an outside expert.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn ask(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket, wish: &Wish) -> Result<Reply, Fault> {
    if !ticket.is_open() {
        return Err(Fault::refused(Notice::new("consult-ticket-resolved").subject("ticket", ticket.subject())));
    }
    let whom = read_whom(work, asked, &wish.who).await?;
    if matches!(whom, Whom::Outside { .. }) {
        may_ask_outside(work, asked, ticket)?;
    }
    let terms = terms(work, &whom, wish.due.as_deref())?;
    let lead = work.setup.office.roles.get(&ticket.opening.role).and_then(|role| role.lead.clone());
    let asking = Asking { ticket: ticket.id, question: wish.question.clone(), by: asked.member.clone(), whom, lead };
    let (id, mut loaded) = work.fresh::<Consultation>().await?;
    act(work, &mut loaded, &Command::Ask(id, Box::new(asking), terms), &drafts::me(asked)).await?;
    crate::store::links::claim(work.tx, "consult_of", &loaded.state.subject().to_string(), ticket.id).await?;
    asked_reply(work, asked, &loaded.state).await
}

/// What the asker reads: who was asked until when, and the link to pass on when it is an outside expert.
async fn asked_reply(work: &mut Work<'_>, asked: &Invocation, consultation: &Consultation) -> Result<Reply, Fault> {
    if consultation.outside().is_some() {
        link::keep(work, consultation).await?;
        return faces::link(work, asked, consultation).await;
    }
    Ok(Reply::Say(consultation.about("consult-asked")))
}

/// An outside expert reads a customer's words: that is for those who handle tickets, and where outsiders reach Vigie.
fn may_ask_outside(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<(), Fault> {
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    commands::allow(&work.setup, &asked.member, Right::Claim, scope)?;
    match work.app.door().and_then(link::Door::address) {
        Some(_) => Ok(()),
        None => Err(Fault::refused(Notice::new("consult-no-address"))),
    }
}

/// Decides a command for somebody who waits: a refusal becomes a sentence.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn act(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Consultation>,
    command: &Command,
    actor: &Actor,
) -> Result<(), Fault> {
    let id = match command {
        Command::Ask(id, ..) => *id,
        _ => loaded.state.id,
    };
    let decided = work.act(id, loaded, command, actor).await?;
    decided.map(|_| ()).map_err(|refusal| Fault::refused(sentence(&loaded.state, refusal)))
}

/// Whoever asked, and the lead who is told when it is late, look after a consultation.
fn must_be_theirs(work: &Work<'_>, asked: &Invocation, consultation: &Consultation) -> Result<(), Fault> {
    let asking = &consultation.asking;
    if asking.by == asked.member || asking.lead.as_ref() == Some(&asked.member) {
        return Ok(());
    }
    commands::allow(&work.setup, &asked.member, Right::AssignOthers, Scope { network: None, topic: None, own: false })
}

/// Answers a consultation for a member.
///
/// # Errors
/// Refusals for the answerer; [`Fault::Store`].
pub async fn answer(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Consultation>,
    text: String,
) -> Result<Reply, Fault> {
    act(work, loaded, &Command::Answer { text, outside: false }, &drafts::me(asked)).await?;
    Ok(Reply::Say(loaded.state.about("consult-answer-taken")))
}

/// Asks once more, with a new deadline and, for an outside expert, a new link.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn again(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Consultation>,
    due: Option<&str>,
) -> Result<Reply, Fault> {
    must_be_theirs(work, asked, &loaded.state)?;
    let terms = terms(work, &loaded.state.asking.whom, due)?;
    act(work, loaded, &Command::Again(terms), &drafts::me(asked)).await?;
    let consultation = loaded.state.clone();
    asked_reply(work, asked, &consultation).await
}

/// Gives a consultation up; its link ends at once.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn cancel(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Consultation>,
) -> Result<Reply, Fault> {
    must_be_theirs(work, asked, &loaded.state)?;
    act(work, loaded, &Command::Cancel, &drafts::me(asked)).await?;
    Ok(Reply::Say(loaded.state.about("consult-cancelled")))
}

/// Shows the link once more to whoever asked.
///
/// # Errors
/// Refusals; [`Fault::Store`].
pub async fn show_link(work: &mut Work<'_>, asked: &Invocation, consultation: &Consultation) -> Result<Reply, Fault> {
    must_be_theirs(work, asked, consultation)?;
    if !consultation.is_open() {
        return Err(Fault::refused(sentence(consultation, Refusal::Closed(consultation.status))));
    }
    faces::link(work, asked, consultation).await
}

/// The timer of a consultation fired; nobody is chased for a ticket that is resolved.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Consultation>(id).await? else { return Ok(()) };
    let ticket = drafts::ticket(work, loaded.state.asking.ticket).await?;
    let needed = ticket.is_some_and(|ticket| ticket.is_open());
    let command = if needed { Command::Tick } else { Command::Cancel };
    let done = work.act(id, &mut loaded, &command, &Actor::System).await?;
    if done.map_or(true, |events| events.is_empty()) {
        aggregates::set_wake(work.tx, Kind::Consultation.stored(), id, loaded.state.due_at()).await?;
    }
    Ok(())
}

/// What an outside expert may see of a consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visit {
    /// The question, and the customer's words needed to answer it.
    Open {
        /// Number, for the answer; never shown.
        id: i64,
        /// The question.
        question: String,
        /// The customer's words.
        words: String,
        /// Who asks: the office, not a person.
        office: String,
        /// Until when an answer helps.
        due: Timestamp,
    },
    /// It was answered by this link.
    Answered,
    /// It is not needed any more, or the link has run out.
    Over,
    /// No such link: never made, renewed, or mistyped.
    Unknown,
}

/// Looks at a link.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn visit(work: &mut Work<'_>, token: &str) -> Result<Visit, Fault> {
    let Some(id) = link::find(work, token).await? else { return Ok(Visit::Unknown) };
    let Some(consultation) = peek(work, id).await? else { return Ok(Visit::Unknown) };
    let current = work.app.door().is_some_and(|door| link::is_current(door, token, &consultation));
    if !current || consultation.outside().is_none() {
        return Ok(Visit::Unknown);
    }
    match consultation.status {
        Status::Answered => return Ok(Visit::Answered),
        Status::Cancelled => return Ok(Visit::Over),
        Status::Open if work.now >= consultation.link_until() => return Ok(Visit::Over),
        Status::Open => {}
    }
    let Some(ticket) = drafts::ticket(work, consultation.asking.ticket).await? else { return Ok(Visit::Over) };
    Ok(Visit::Open {
        id,
        words: faces::words(&ticket),
        question: consultation.asking.question,
        office: work.setup.office.name.clone(),
        due: consultation.terms.due,
    })
}

/// Takes an outside expert's answer: once, while the link holds.
///
/// # Errors
/// A refusal that says what is wrong with the text; [`Fault::Store`].
pub async fn take_by_link(work: &mut Work<'_>, token: &str, text: String) -> Result<Visit, Fault> {
    let seen = visit(work, token).await?;
    let Visit::Open { id, .. } = seen else { return Ok(seen) };
    let mut loaded = load(work, Ref::new(Kind::Consultation, id)).await?;
    match work.act(id, &mut loaded, &Command::by_link(text), &Actor::System).await? {
        Ok(_) => Ok(Visit::Answered),
        Err(refusal @ (Refusal::EmptyText | Refusal::TooLong { .. })) => {
            Err(Fault::refused(sentence(&loaded.state, refusal)))
        }
        Err(_) => visit(work, token).await,
    }
}

/// A refusal as a sentence: what, why, what to do.
fn sentence(consultation: &Consultation, refusal: Refusal) -> Notice {
    match refusal {
        Refusal::EmptyText => Notice::new("refused-empty"),
        Refusal::TooLong { length, max } => {
            Notice::new("consult-too-long").number("length", drafts::count(length)).number("max", drafts::count(max))
        }
        Refusal::Closed(Status::Answered) => consultation.about("consult-answered-already"),
        Refusal::Closed(_) => consultation.about("consult-not-open"),
        Refusal::NotAsked => consultation.about("consult-not-asked"),
        Refusal::LinkOver => consultation.about("consult-link-over"),
        Refusal::NobodyToAsk => Notice::new("consult-nobody"),
    }
}

/// The ticket a request is about.
///
/// # Errors
/// A refusal when there is none.
pub async fn ticket_of(work: &mut Work<'_>, asked: &Invocation) -> Result<Ticket, Fault> {
    let subject = asked.subject()?;
    if subject.kind != Kind::Ticket {
        return Err(Fault::refused(Notice::new("not-a-ticket").subject("ref", subject)));
    }
    Ok(on_ticket::load_id(work, subject).await?.state)
}
