//! `/assign` and `/ticket`: what people do with tickets all day. Buttons and reactions end in the same functions.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb, whom};
use crate::app::cards;
use crate::app::desk::{self, Arrival};
use crate::app::people::{self as team, Turn};
use crate::app::say::Voice;
pub use crate::app::tickets::refused;
use crate::app::tickets::{self, joining, life};
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, explain, press, rotation};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{self, Choice, Command, Customer, Entry, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Block, Body, Rich, Span};
use crate::ports::inbound;
use crate::store::aggregates::{self, Filter};

/// Most tickets in a list; more are counted.
const LIST_MAX: i64 = 20;
/// Most completion choices (Discord takes 25).
const CHOICES_MAX: i64 = 25;

const PRIORITIES: &[&str] = &["p1", "p2", "p3", "p4"];
const TICKET: ArgSpec = ArgSpec::place("ticket", "ticket", Takes::Ref, false);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Right,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "ticket", command_fr: "", name, name_fr, args, right: Some(right), examples, run }
}

/// A verb every member may use; what it shows is limited to what they may see.
const fn any_member(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Option<Right>,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "ticket", command_fr: "", name, name_fr, args, right, examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    Verb {
        command: "assign",
        command_fr: "assigner",
        name: "",
        name_fr: "",
        args: &[
            TICKET,
            ArgSpec::place("to", "a", Takes::Who, false),
            ArgSpec::place("reason", "raison", Takes::Text, false),
        ],
        right: Some(Right::Claim),
        examples: &["assign T-1 next", "assign T-1 me", "assign T-1 next role:care --why", "assigner T-1 next"],
        run: |work, asked| Box::pin(assign(work, asked)),
    },
    any_member(
        "open",
        "ouvrir",
        &[
            ArgSpec::place("text", "texte", Takes::Text, true),
            ArgSpec::named("net", "reseau", Takes::Word),
            ArgSpec::named("topic", "sujet", Takes::Word),
            ArgSpec::named("prio", "priorite", Takes::OneOf(PRIORITIES)),
        ],
        None,
        &["ticket open The lamp flickers prio:p2", "ticket ouvrir \"Colis perdu\" prio:p1 topic:delivery"],
        |work, asked| Box::pin(open(work, asked)),
    ),
    verb("show", "voir", &[TICKET], Right::View, &["ticket show T-1"], |work, asked| Box::pin(show(work, asked))),
    any_member(
        "list",
        "liste",
        &[
            ArgSpec::place(
                "which",
                "lesquels",
                Takes::OneOf(&["mine", "unassigned", "late", "all", "miens", "libres", "retard", "tous"]),
                false,
            ),
            ArgSpec::named("net", "reseau", Takes::Word),
        ],
        None,
        &["ticket list", "ticket list mine", "ticket list unassigned", "ticket list late net:instagram"],
        |work, asked| Box::pin(list(work, asked)),
    ),
    verb(
        "note",
        "note",
        &[TICKET, ArgSpec::place("text", "texte", Takes::Text, true)],
        Right::Note,
        &["ticket note T-1 The parcel is at the depot"],
        |work, asked| Box::pin(note(work, asked)),
    ),
    verb(
        "resolve",
        "resoudre",
        &[TICKET, ArgSpec::place("outcome", "issue", Takes::Text, false)],
        Right::Claim,
        &["ticket resolve T-1 Refunded"],
        |work, asked| Box::pin(resolve(work, asked)),
    ),
    verb("reopen", "rouvrir", &[TICKET], Right::Claim, &["ticket reopen T-1"], |work, asked| {
        Box::pin(reopen(work, asked))
    }),
    verb(
        "prio",
        "priorite",
        &[TICKET, ArgSpec::place("priority", "priorite", Takes::OneOf(PRIORITIES), true)],
        Right::Claim,
        &["ticket prio T-1 p1"],
        |work, asked| Box::pin(prioritise(work, asked)),
    ),
    verb("why", "pourquoi", &[TICKET], Right::View, &["ticket why T-1"], |work, asked| Box::pin(why(work, asked))),
];

/// Loads the ticket that a request is about.
///
/// # Errors
/// A refusal when there is none.
pub async fn load(work: &mut Work<'_>, asked: &Invocation) -> Result<Loaded<Ticket>, Fault> {
    let subject = asked.subject()?;
    if subject.kind != Kind::Ticket {
        return Err(Fault::refused(Notice::new("not-a-ticket").subject("ref", subject)));
    }
    load_id(work, subject).await
}

/// Loads a ticket by reference.
///
/// # Errors
/// A refusal when there is none.
pub async fn load_id(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Ticket>, Fault> {
    work.load::<Ticket>(subject.id)
        .await?
        .ok_or_else(|| Fault::refused(Notice::new("no-such-ticket").subject("ref", subject)))
}

fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

async fn assign(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    if asked.parsed.get("to").is_none() {
        let loaded = load(work, asked).await?;
        return Ok(press::assign_form(work, asked, &loaded.state));
    }
    let mut loaded = load(work, asked).await?;
    let to = asked.parsed.get("to").unwrap_or_default().to_owned();
    let role = asked.parsed.get("reason").and_then(|reason| reason.trim().strip_prefix("role:")).map(str::to_owned);
    if let Some(role) = to.strip_prefix("role:").map(str::to_owned) {
        return next(work, asked, &mut loaded, Some(&role)).await;
    }
    match to.as_str() {
        "next" | "suivant" => next(work, asked, &mut loaded, role.as_deref()).await,
        "me" | "moi" => give(work, asked, &mut loaded, asked.member.clone(), None).await,
        _ => {
            let member = whom::who(work, asked, &to).await?;
            give(work, asked, &mut loaded, member, None).await
        }
    }
}

async fn next(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    role: Option<&str>,
) -> Result<Reply, Fault> {
    need_assign_others(work, asked, &loaded.state)?;
    if let Some(role) = role
        && !work.office().roles.contains_key(role)
    {
        let known: Vec<&str> = work.office().roles.keys().map(String::as_str).collect();
        return Err(Fault::refused(Notice::new("no-such-role").text("role", role).text("known", known.join(", "))));
    }
    loaded.state.unassigned_told = false;
    let turn = team::assign_by_rotation(work, loaded, role, &me(asked)).await?;
    match turn.map_err(|refusal| refused(&loaded.state, &refusal))? {
        Turn::Nobody => Ok(Reply::Say(nobody_else(&loaded.state))),
        Turn::Given(member) if asked.parsed.has_flag("why") => {
            let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
            Ok(Reply::Show(Box::new(explain::explain(&loaded.state, &voice, Some(&member)))))
        }
        Turn::Given(member) => {
            Ok(Reply::Say(Notice::new("assign-done").subject("ticket", loaded.state.subject()).member("who", &member)))
        }
    }
}

fn nobody_else(ticket: &Ticket) -> Notice {
    match &ticket.assignee {
        Some(owner) => Notice::new("assign-nobody-else").subject("ticket", ticket.subject()).member("who", owner),
        None => Notice::new("assign-nobody").subject("ticket", ticket.subject()),
    }
}

fn need_assign_others(work: &Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<(), Fault> {
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own: false };
    super::allow(&work.setup, &asked.member, Right::AssignOthers, scope)
}

/// Gives a ticket to a named member; `seen` is the revision on a pressed card.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn give(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    to: MemberId,
    seen: Option<u64>,
) -> Result<Reply, Fault> {
    let claimed = to == asked.member;
    if !claimed {
        need_assign_others(work, asked, &loaded.state)?;
    }
    crate::app::absence::must_be_there(work, &loaded.state, &to, claimed)?;
    let choice = if claimed { Choice::Claimed } else { Choice::Named { by: asked.member.clone() } };
    match rotation::assign_by_hand(work, loaded, &to, choice, seen, &me(asked)).await? {
        Err(refusal) => {
            // The card that was pressed is old: bring it up to date before the sentence is read.
            Err(refused(&loaded.state, &refusal))
        }
        Ok(()) if asked.parsed.has_flag("why") => {
            let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
            Ok(Reply::Show(Box::new(explain::explain(&loaded.state, &voice, Some(&to)))))
        }
        Ok(()) => {
            let key = if claimed { "claim-done" } else { "assign-done" };
            Ok(Reply::Say(Notice::new(key).subject("ticket", loaded.state.subject()).member("who", &to)))
        }
    }
}

/// Opening a ticket loses nothing and shows nothing: whoever may write a note anywhere may do it.
///
/// # Errors
/// The refusal.
pub fn may_open(work: &Work<'_>, member: &MemberId) -> Result<(), Fault> {
    super::allow(&work.setup, member, Right::Note, Scope { network: None, topic: None, own: true })
}

async fn open(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    may_open(work, &asked.member)?;
    let text = asked.parsed.get("text").unwrap_or_default().to_owned();
    let name = work.office().name_of(&asked.member).to_owned();
    let source = format!("command:{}", asked.request);
    let arrival = Arrival {
        source: source.clone(),
        network: asked.parsed.get("net").unwrap_or(&asked.chat).to_lowercase(),
        kind: "manual".into(),
        customer: Customer { id: String::new(), name: name.clone(), url: String::new(), followers: None },
        entries: vec![Entry { source, author: name, text, at: work.now, deleted: false }],
        url: String::new(),
        reply_url: None,
        place: None,
        desk: None,
        opened_by: Some(asked.member.clone()),
        topic: asked.parsed.get("topic").map(str::to_lowercase),
        priority: asked.parsed.get("prio").and_then(priority_number),
        received_at: work.now,
    };
    let opened = Box::pin(desk::open(work, arrival)).await?;
    let loaded = load_id(work, Ref::new(Kind::Ticket, opened.id())).await?;
    Ok(Reply::Say(opened_notice(opened, &loaded.state)))
}

/// What somebody who opened a ticket by hand is told.
#[must_use]
pub fn opened_notice(opened: desk::Opened, ticket: &Ticket) -> Notice {
    let key = match opened {
        desk::Opened::Known(_) if ticket.assignee.is_some() => "ticket-already-owned",
        desk::Opened::Known(_) => "ticket-already",
        desk::Opened::New(_) if ticket.assignee.is_some() => "ticket-opened",
        desk::Opened::New(_) => "ticket-opened-nobody",
    };
    let notice = Notice::new(key).subject("ticket", ticket.subject());
    match &ticket.assignee {
        Some(owner) => notice.member("who", owner),
        None => notice,
    }
}

fn priority_number(text: &str) -> Option<u8> {
    text.trim_start_matches(['p', 'P']).parse().ok()
}

async fn show(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = load(work, asked).await?;
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let around = tickets::around(work, &loaded.state, &voice, cards::Surroundings::default()).await?;
    let mut body = cards::ticket(&loaded.state, &around, &voice);
    let notes = notes(&loaded.state, &voice);
    if !notes.is_empty() {
        let at = body.blocks.len().saturating_sub(2);
        body.blocks.insert(at, Block::Text(notes));
    }
    Ok(Reply::Show(Box::new(body)))
}

fn notes(ticket: &Ticket, voice: &Voice<'_>) -> Rich {
    let mut rich = Rich::new();
    let standing: Vec<_> = ticket.notes.iter().filter(|note| !note.deleted).collect();
    for note in standing.iter().rev().take(5).rev() {
        rich.extend(voice.say(&note.notice()));
        rich.push(Span::Text("\n".into()));
    }
    rich
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let which = asked.parsed.get("which").unwrap_or("all").to_lowercase();
    let network = asked.parsed.get("net").map(str::to_lowercase);
    let mut late_only = false;
    let mut filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &ticket::Status::OPEN,
        network: network.as_deref(),
        limit: LIST_MAX + 1,
        ..Filter::default()
    };
    match which.as_str() {
        "mine" | "miens" => filter.owner = Some(asked.member.as_str()),
        "unassigned" | "libres" => filter.unowned = true,
        "late" | "retard" => late_only = true,
        _ => {}
    }
    let mut rows = aggregates::list(work.tx, &filter).await?;
    if late_only {
        rows.retain(|row| row.row.due_at.is_some_and(|due| due <= work.now));
    }
    let setup = std::sync::Arc::clone(&work.setup);
    rows.retain(|row| {
        let own = row.row.owner.as_deref() == Some(asked.member.as_str());
        let scope = Scope { network: row.row.network.as_deref(), topic: row.row.topic.as_deref(), own };
        super::allow(&setup, &asked.member, Right::View, scope).is_ok()
    });
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let mut lines = Rich::new();
    for row in rows.iter().take(usize::try_from(LIST_MAX).unwrap_or(20)) {
        let ticket: Ticket = crate::app::work::read_state(Kind::Ticket, row.id, row.state())?;
        lines.extend(line(&ticket, &voice));
    }
    if rows.is_empty() {
        return Ok(Reply::Say(Notice::new("list-empty")));
    }
    let title = Notice::new("list-title")
        .with("which", Arg::Word(format!("list-{which}")))
        .number("count", rows.len().min(20) as i64);
    let mut blocks = vec![Block::Header(voice.plain_text(&title)), Block::Text(lines)];
    if rows.len() > 20 {
        blocks.push(Block::Context(voice.say(&Notice::new("list-more"))));
    }
    Ok(Reply::Show(Box::new(Body { summary: voice.plain_text(&title), blocks, ..Body::default() })))
}

/// One line of a list: reference, network, first words, owner, deadline.
#[must_use]
pub fn line(ticket: &Ticket, voice: &Voice<'_>) -> Rich {
    let owner = ticket
        .assignee
        .as_ref()
        .map_or_else(|| voice.word("card-nobody"), |owner| voice.office.name_of(owner).to_owned());
    let mut rich = vec![
        Span::Bold(ticket.subject().to_string()),
        Span::Text(format!(
            " P{} · {} · {} · {owner}",
            ticket.opening.priority,
            cards::network_name(&ticket.opening.network),
            cards::shorten(&ticket.first_text().replace('\n', " "), 60)
        )),
    ];
    if let Some(due) = ticket.deadline().filter(|_| ticket.is_open() && !ticket.clock_stands()) {
        rich.push(Span::Text(" · ".into()));
        rich.push(voice.at(due));
    }
    let marks = [(ticket.clock_stands(), " ⏸️"), (ticket.snooze.is_some(), " 🧊"), (ticket.lock.is_some(), " 🔒")];
    let shown: String = marks.iter().filter(|(is, _)| *is && ticket.is_open()).map(|(_, mark)| *mark).collect();
    if !shown.is_empty() {
        rich.push(Span::Text(shown));
    }
    rich.push(Span::Text("\n".into()));
    rich
}

async fn note(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    let text = asked.parsed.get("text").unwrap_or_default().to_owned();
    // A command's text is not seen by anybody else: the note is shown in every chat, this one included.
    let command = Command::Note { typed: text.into(), via: String::new() };
    apply(work, asked, &mut loaded, &command, "note-done").await
}

async fn resolve(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    life::resolve(work, asked, &mut loaded, asked.parsed.get("outcome"), None).await
}

async fn reopen(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    reopened(work, asked, &mut loaded).await
}

/// Opens a ticket again; what is too old goes on in a new one.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn reopened(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Ticket>) -> Result<Reply, Fault> {
    let too_old = !loaded.state.takes_more(work.now) && loaded.state.merged_into.is_none();
    if too_old {
        return joining::go_on(work, asked, loaded).await;
    }
    apply(work, asked, loaded, &Command::Reopen, "reopen-done").await
}

async fn prioritise(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = load(work, asked).await?;
    let priority = asked.parsed.get("priority").and_then(priority_number).unwrap_or(0);
    life::prioritise(work, asked, &mut loaded, priority).await
}

/// Decides a command and answers with one sentence.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn apply(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    command: &Command,
    done: &str,
) -> Result<Reply, Fault> {
    let id = loaded.state.id;
    match work.act(id, loaded, command, &me(asked)).await? {
        Err(refusal) => Err(refused(&loaded.state, &refusal)),
        Ok(_) => Ok(Reply::Say(Notice::new(done).subject("ticket", loaded.state.subject()))),
    }
}

async fn why(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = load(work, asked).await?;
    explain::answer(work, asked, &loaded.state).await
}

/// Tickets that complete a reference being typed: own ones first.
///
/// # Errors
/// [`Fault::Store`].
pub async fn complete(work: &mut Work<'_>, member: &MemberId, typed: &str) -> Result<Vec<inbound::Choice>, Fault> {
    let filter =
        Filter { kind: Kind::Ticket.stored(), statuses: &ticket::Status::OPEN, limit: 200, ..Filter::default() };
    let rows = aggregates::list(work.tx, &filter).await?;
    let wanted = typed.trim().to_lowercase();
    let mut found = Vec::new();
    for row in rows {
        let ticket: Ticket = crate::app::work::read_state(Kind::Ticket, row.id, row.state())?;
        let label = format!(
            "{} · {} · {}",
            ticket.subject(),
            cards::network_name(&ticket.opening.network),
            cards::shorten(&ticket.first_text().replace('\n', " "), 60)
        );
        if wanted.is_empty() || label.to_lowercase().contains(&wanted) {
            found.push((
                ticket.assignee.as_ref() != Some(member),
                inbound::Choice { value: ticket.subject().to_string(), label },
            ));
        }
    }
    found.sort_by_key(|(others, _)| *others);
    Ok(found.into_iter().take(usize::try_from(CHOICES_MAX).unwrap_or(25)).map(|(_, choice)| choice).collect())
}
