//! Use cases of replies and posts: writing, asking for approval, deciding, planning. Commands, buttons and forms end here.
//!
//! Only text that somebody put into a draft by form or command can ever leave; nothing here calls a network
//! (see `publish`). Start at [`act`], through which every change of a draft goes.

pub mod forms;
pub mod offer;
pub mod plan;
pub mod press;
pub mod refusals;
pub mod write;

use super::Fault;
use super::commands::{self, Invocation, Reply};
use super::work::{Loaded, Work, read_state};
use crate::domain::content::draft::{Command, Draft, Event, Refusal, Shown, Status};
use crate::domain::content::{Of, Post, Reply as StoredReply};
use crate::domain::crisis::{Gate, gate};
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::{self, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::{self, Right, Scope};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::{links, settings};

/// Most people who are asked to approve one draft: enough that one answers, few enough that each feels asked.
pub const REVIEWERS_MAX: usize = 3;
/// Longest text where neither the office nor a network names a limit, in characters.
const LIMIT_UNKNOWN: usize = 1_000;
/// Drafts of a kind that wait for an approval, looked at together; an office has tens.
const IN_REVIEW_MAX: i64 = 200;
/// Posts looked at in one sweep of a freeze; the next turn takes the rest.
const SWEEP_MAX: i64 = 50;

/// The actor behind a request.
#[must_use]
pub fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

/// Reads a draft without taking it for change; `None` when there is none.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn peek(work: &mut Work<'_>, subject: Ref) -> Result<Option<Draft>, Fault> {
    let Some(row) = aggregates::load(work.tx, subject.kind.stored(), subject.id).await? else { return Ok(None) };
    Ok(Some(read_state::<Draft>(subject.kind, subject.id, row.state())?))
}

/// Loads a draft for change.
///
/// # Errors
/// A refusal when there is none; [`Fault::Store`].
pub async fn load(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Draft>, Fault> {
    let found = match subject.kind {
        Kind::Post => work.load::<Post>(subject.id).await?.map(plain),
        Kind::Reply => work.load::<StoredReply>(subject.id).await?.map(plain),
        _ => None,
    };
    found.ok_or_else(|| Fault::refused(Notice::new("no-such-draft").subject("draft", subject)))
}

fn plain<const POST: bool>(loaded: Loaded<Of<POST>>) -> Loaded<Draft> {
    Loaded { state: loaded.state.0, version: loaded.version }
}

/// Decides a command on a draft; when it is out, its ticket is answered in the same transaction.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`]; the inner error is the draft's refusal.
pub async fn act(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Draft>,
    command: &Command,
    actor: &Actor,
) -> Result<Result<Vec<Event>, Refusal>, Fault> {
    let post = match command {
        Command::Open { opening, .. } => opening.post,
        _ => loaded.state.opening.post,
    };
    let decided = if post {
        act_as::<true>(work, loaded, command, actor).await?
    } else {
        act_as::<false>(work, loaded, command, actor).await?
    };
    if let Ok(events) = &decided
        && events.iter().any(|event| matches!(event, Event::Sent { .. }))
        // What Vigie says by itself is no human answer: the customer still waits for one.
        && !loaded.state.is_automatic()
    {
        answer_ticket(work, &loaded.state).await?;
    }
    Ok(decided)
}

async fn act_as<const POST: bool>(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Draft>,
    command: &Command,
    actor: &Actor,
) -> Result<Result<Vec<Event>, Refusal>, Fault> {
    let id = match command {
        Command::Open { id, .. } => *id,
        _ => loaded.state.id,
    };
    let mut stored = Loaded { state: Of::<POST>(loaded.state.clone()), version: loaded.version };
    let decided = work.act(id, &mut stored, command, actor).await?;
    *loaded = plain(stored);
    Ok(decided)
}

async fn answer_ticket(work: &mut Work<'_>, draft: &Draft) -> Result<(), Fault> {
    let Some(id) = draft.opening.ticket else { return Ok(()) };
    let Some(mut loaded) = work.load::<Ticket>(id).await? else { return Ok(()) };
    let by = draft.current().map_or(&draft.opening.author, |version| &version.by).clone();
    let answered = work.act(id, &mut loaded, &ticket::Command::Answered, &Actor::Member { id: by }).await?;
    answered.map(|_| ()).map_err(|refusal| Fault::Unreadable {
        what: loaded.state.subject().to_string(),
        cause: format!("{refusal:?}"),
    })
}

/// As [`act`] for somebody who waits: a refusal becomes a sentence.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn apply(
    work: &mut Work<'_>,
    loaded: &mut Loaded<Draft>,
    command: &Command,
    asked: &Invocation,
) -> Result<Vec<Event>, Fault> {
    let decided = act(work, loaded, command, &me(asked)).await?;
    decided.map_err(|refusal| Fault::refused(refusals::sentence(&loaded.state, &refusal, &work.setup.office)))
}

/// The freeze in force, read in this transaction.
///
/// # Errors
/// [`Fault::Store`].
pub async fn gate(work: &mut Work<'_>) -> Result<Gate, Fault> {
    Ok(Gate::read(settings::get(work.tx, gate::SETTING).await?.as_deref()))
}

/// The freeze in force; nobody can freeze before this transaction ends. Taken before any draft, as a freeze takes it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn gate_locked(work: &mut Work<'_>) -> Result<Gate, Fault> {
    if let Some(stored) = settings::get_locked(work.tx, gate::SETTING).await? {
        return Ok(Gate::read(Some(&stored)));
    }
    // Only a row that exists can be locked; whoever froze meanwhile has made it.
    settings::put_new(work.tx, gate::SETTING, "").await?;
    Ok(Gate::read(settings::get_locked(work.tx, gate::SETTING).await?.as_deref()))
}

/// Holds every planned or queued post that the freeze in force stops; a few at a time, nothing when there is no freeze.
/// Returns how many. Whoever freezes may call it in the same transaction; the timer calls it anyway.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn hold_frozen(work: &mut Work<'_>) -> Result<usize, Fault> {
    let gate = gate(work).await?;
    if gate.is_open() {
        return Ok(0);
    }
    let statuses = [Status::Scheduled.stored(), Status::Queued.stored()];
    let filter = Filter {
        kind: Kind::Post.stored(),
        open_only: true,
        statuses: &statuses,
        limit: SWEEP_MAX,
        ..Filter::default()
    };
    let mut held = 0;
    for row in aggregates::list(work.tx, &filter).await? {
        if row.row.network.as_deref().is_some_and(|network| gate.stops(network, true)) {
            let mut loaded = load(work, Ref::new(Kind::Post, row.id)).await?;
            let done = act(work, &mut loaded, &Command::Hold { by: gate.holder() }, &Actor::System).await?;
            held += usize::from(done.is_ok_and(|events| !events.is_empty()));
        }
    }
    Ok(held)
}

/// The timer of a draft fired.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, subject: Ref) -> Result<(), Fault> {
    let mut loaded = load(work, subject).await?;
    let done = act(work, &mut loaded, &Command::Tick, &Actor::System).await?;
    if done.is_ok_and(|events| events.is_empty()) {
        aggregates::set_wake(work.tx, subject.kind.stored(), subject.id, loaded.state.due_at()).await?;
    }
    Ok(())
}

/// A ticket, read only.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn ticket(work: &mut Work<'_>, id: i64) -> Result<Option<Ticket>, Fault> {
    let Some(row) = aggregates::load(work.tx, Kind::Ticket.stored(), id).await? else { return Ok(None) };
    Ok(Some(read_state(Kind::Ticket, id, row.state())?))
}

/// The replies of a ticket, oldest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn replies_of(work: &mut Work<'_>, ticket: i64) -> Result<Vec<Draft>, Fault> {
    let mut refs: Vec<Ref> =
        links::keys_of(work.tx, "reply_of", ticket).await?.iter().filter_map(|key| Ref::parse(key)).collect();
    refs.sort_unstable();
    let mut replies = Vec::with_capacity(refs.len());
    for subject in refs {
        replies.extend(peek(work, subject).await?);
    }
    Ok(replies)
}

/// Whose card shows a subject: a reply's is its ticket's.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn card_of(work: &mut Work<'_>, subject: Ref) -> Result<Ref, Fault> {
    if subject.kind != Kind::Reply {
        return Ok(subject);
    }
    Ok(peek(work, subject).await?.map_or(subject, |draft| draft.card()))
}

/// Refuses with the missing right, within the draft's network and topic.
///
/// # Errors
/// The refusal.
pub fn need(work: &Work<'_>, asked: &Invocation, draft: &Draft, right: Right) -> Result<(), Fault> {
    let approving = matches!(right, Right::ApproveReply | Right::ApprovePost);
    let alone = draft.is_alone(&asked.member, &work.setup.office);
    if approving && draft.authors.contains(&asked.member) && !alone {
        return Err(Fault::refused(about(draft, Notice::new("draft-own-version"))));
    }
    let own = !approving && draft.opening.author == asked.member;
    let scope = Scope { network: Some(&draft.opening.network), topic: Some(&draft.opening.topic), own };
    commands::allow(&work.setup, &asked.member, right, scope)
}

/// The right to approve a draft.
#[must_use]
pub fn approve_right(draft: &Draft) -> Right {
    if draft.opening.post { Right::ApprovePost } else { Right::ApproveReply }
}

/// The right to let an approved draft out again or plan it.
#[must_use]
pub fn send_right(draft: &Draft) -> Right {
    if draft.opening.post { Right::ScheduleApproved } else { Right::SendReply }
}

/// Longest text that a network takes, in characters.
#[must_use]
pub fn limit(work: &Work<'_>, network: &str) -> usize {
    let by_office = work.setup.office.accounts.get(network).map(|account| account.text_limit as usize);
    let by_network = work.app.registry.networks.get(network).map(|network| network.text_limit());
    [by_office, by_network].into_iter().flatten().min().unwrap_or(LIMIT_UNKNOWN)
}

/// Refuses a network that nothing can leave to.
///
/// # Errors
/// The refusal, with the networks there are.
pub fn must_be_connected(work: &Work<'_>, network: &str) -> Result<(), Fault> {
    if work.app.registry.networks.contains_key(network) {
        return Ok(());
    }
    let known: Vec<&str> = work.app.registry.networks.keys().map(String::as_str).collect();
    let notice = Notice::new("network-not-connected").text("known", known.join(", ")).number("any", count(known.len()));
    Err(Fault::refused(notice.with("network", Arg::Strong(network.to_owned()))))
}

/// A length as a wording argument.
#[must_use]
pub fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Who can be asked to approve a draft, and for whom they would: rights first (own or lent), then the topic's lead, other
/// leads, the rest. Who is away is asked only when nobody else is left.
fn reviewers(work: &Work<'_>, draft: &Draft) -> Vec<(MemberId, Option<MemberId>)> {
    let (office, now) = (&work.setup.office, work.now);
    let right = approve_right(draft);
    let scope = Scope { network: Some(&draft.opening.network), topic: Some(&draft.opening.topic), own: false };
    let leads = |topical: bool, member: &MemberId| {
        let mut roles = office.roles.values().filter(|role| !topical || role.topics.contains(&draft.opening.topic));
        roles.any(|role| role.lead.as_ref() == Some(member))
    };
    let mut found: Vec<(bool, bool, bool, MemberId, Option<MemberId>)> = office
        .members
        .keys()
        .filter(|member| office.is_solo() || !draft.authors.contains(*member))
        .filter(|member| rights::check(office, member, right, scope).is_ok())
        .filter_map(|member| {
            let asked = draft.reviewers.iter().chain(draft.instead.values());
            let replaced = office.lent.get(member).into_iter().flatten();
            let of_theirs = replaced.clone().find(|whom| asked.clone().any(|one| one == *whom));
            let whom = rights::for_whom(office, member, right, scope).or(of_theirs);
            // What somebody wrote is not approved in their name either.
            let own = whom.is_some_and(|whom| draft.authors.contains(whom));
            let ranked = whom.unwrap_or(member);
            let away = office.away.is_away(member, now);
            (!own).then(|| (away, !leads(true, ranked), !leads(false, ranked), member.clone(), whom.cloned()))
        })
        .collect();
    found.sort_unstable();
    let present = found.iter().any(|(away, ..)| !away);
    let found = found.into_iter().filter(|(away, ..)| !present || !away);
    found.map(|(.., member, whom)| (member, whom)).take(REVIEWERS_MAX).collect()
}

/// Who would be asked to approve a draft, as the office stands in `work`.
#[must_use]
pub fn who_would_be_asked(work: &Work<'_>, draft: &Draft) -> Vec<MemberId> {
    reviewers(work, draft).into_iter().map(|(member, _)| member).collect()
}

/// Drafts that wait for an approval, oldest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn waiting_for_approval(work: &mut Work<'_>) -> Result<Vec<Draft>, Fault> {
    let mut found = Vec::new();
    for kind in [Kind::Reply, Kind::Post] {
        let filter = Filter {
            kind: kind.stored(),
            open_only: true,
            statuses: &["in_review"],
            order: Order::Oldest,
            limit: IN_REVIEW_MAX,
            ..Filter::default()
        };
        for row in aggregates::list(work.tx, &filter).await? {
            found.push(read_state::<Draft>(kind, row.id, row.state())?);
        }
    }
    Ok(found)
}

/// Somebody went or came back: what waits for an approval is asked of those who can give it now.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn ask_again(work: &mut Work<'_>) -> Result<(), Fault> {
    for draft in waiting_for_approval(work).await? {
        ask_anew(work, draft.subject()).await?;
    }
    Ok(())
}

/// Rights have changed: what waits for somebody who cannot approve it any more, or for nobody, is asked of those who can.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn ask_who_may(work: &mut Work<'_>) -> Result<(), Fault> {
    for draft in waiting_for_approval(work).await? {
        let scope = Scope { network: Some(&draft.opening.network), topic: Some(&draft.opening.topic), own: false };
        let may = |member: &MemberId| rights::check(work.office(), member, approve_right(&draft), scope).is_ok();
        if draft.reviewers.is_empty() || !draft.reviewers.iter().all(may) {
            ask_anew(work, draft.subject()).await?;
        }
    }
    Ok(())
}

async fn ask_anew(work: &mut Work<'_>, subject: Ref) -> Result<(), Fault> {
    let mut loaded = load(work, subject).await?;
    let reviewers = reviewers(work, &loaded.state);
    let done = act(work, &mut loaded, &Command::AskAgain { reviewers }, &Actor::System).await?;
    done.map(|_| ()).map_err(|refusal| Fault::Unreadable { what: subject.to_string(), cause: format!("{refusal:?}") })
}

/// Lets a draft go on: out at once, or to approvers. The answer says which, and never loses the text.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn submit(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Draft>) -> Result<Reply, Fault> {
    let (length, max) = (loaded.state.text().chars().count(), limit(work, &loaded.state.opening.network));
    if length > max {
        // Kept at its full length so that nothing was lost; it leaves once it fits.
        let notice = Notice::new("draft-too-long").number("length", count(length)).number("max", count(max));
        return Err(Fault::refused(about(&loaded.state, notice)));
    }
    let reviewers = reviewers(work, &loaded.state).into_iter().map(|(member, _)| member).collect();
    let may_send = need(work, asked, &loaded.state, Right::SendReply).is_ok();
    let decided = act(work, loaded, &Command::Submit { reviewers, may_send }, &me(asked)).await?;
    let draft = &loaded.state;
    let notice = match decided {
        Err(Refusal::NobodyToApprove) => {
            let right = Arg::Word(format!("right-{}", approve_right(draft).name().replace('_', "-")));
            Notice::new("draft-nobody-to-approve").with("right", right)
        }
        Err(refusal) => return Err(Fault::refused(refusals::sentence(draft, &refusal, &work.setup.office))),
        Ok(_) if draft.status == Status::InReview => {
            let names: Vec<&str> = draft.reviewers.iter().map(|one| work.setup.office.name_of(one)).collect();
            Notice::new("draft-asked").text("names", names.join(", "))
        }
        Ok(_) => Notice::new("draft-going"),
    };
    Ok(Reply::Say(about(draft, notice)))
}

/// Adds reference, version and network to a sentence.
#[must_use]
pub fn about(draft: &Draft, notice: Notice) -> Notice {
    let network = super::cards::network_name(&draft.opening.network);
    notice.subject("draft", draft.subject()).number("version", i64::from(draft.number())).text("network", network)
}

/// Changes a draft's text; what was on its way to people goes to them again as it stands now.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn edit(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Draft>,
    text: String,
    private: Option<bool>,
    shown: Option<Shown>,
) -> Result<Reply, Fault> {
    need(work, asked, &loaded.state, Right::Draft)?;
    let before = loaded.state.status;
    let limit = limit(work, &loaded.state.opening.network);
    let changed = !apply(work, loaded, &Command::Edit { text, private, shown, limit }, asked).await?.is_empty();
    let was_under_way =
        matches!(before, Status::InReview | Status::Approved | Status::Scheduled | Status::Queued) && changed;
    if was_under_way || !loaded.state.opening.post {
        return submit(work, asked, loaded).await;
    }
    Ok(Reply::Say(about(&loaded.state, Notice::new(if changed { "draft-edited" } else { "draft-unchanged" }))))
}
