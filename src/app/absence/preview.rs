//! What an absence will move, shown before it is confirmed: tickets, approvals, crises, meetings, turns and weeks on call,
//! reminders, and what stands in its way.
//!
//! Counts what is there now; what arrives later follows the same rules. Start at [`stakes`] and [`body`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{moves, turns, with};
use crate::app::say::Voice;
use crate::app::work::{Work, read_state};
use crate::app::{Fault, Setup, crisis, drafts, meetings, rota};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::people::absence::Absence;
use crate::domain::people::absence::react::refs;
use crate::domain::rhythm::meeting::Meeting;
use crate::domain::time::Timestamp;
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Rich, Span};
use crate::store::aggregates::{self, Filter, Order};

/// Approvals, meetings and actions looked through; people have tens.
const LOOKED_AT_MAX: i64 = 200;
/// Lines of one kind; more are counted.
const LINES_MAX: usize = 6;

/// Work by who takes it over; `None` where nobody does.
pub type ByPerson<T> = BTreeMap<Option<MemberId>, Vec<T>>;

/// What is at stake.
#[derive(Clone, Debug, Default)]
pub struct Stakes {
    /// Backups in order, down to the first who is there.
    pub chain: Vec<MemberId>,
    /// The last of the chain is there.
    pub covered: bool,
    /// Tickets; with nobody they go round by rotation.
    pub tickets: ByPerson<i64>,
    /// Drafts that wait for their approval.
    pub approvals: ByPerson<Ref>,
    /// Crises that they have a part in.
    pub crises: ByPerson<i64>,
    /// Meetings they miss: title, start, and who is asked instead.
    pub meetings: Vec<(Arg, Timestamp, BTreeSet<MemberId>)>,
    /// Actions that come due meanwhile.
    pub actions: Vec<i64>,
    /// Turns and weeks on call that others take.
    pub rota: Vec<Notice>,
    /// Backups of the chain who are away themselves, and until when.
    pub away: Vec<(MemberId, Option<Timestamp>)>,
    /// People for whom they stand in during that time.
    pub relied_on: Vec<MemberId>,
}

/// What an absence will move.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn stakes(work: &mut Work<'_>, absence: &Absence) -> Result<Stakes, Fault> {
    let start = absence.plan.from.max(work.now);
    let known = with(work.office().away.clone(), absence);
    let setup = Arc::new(Setup {
        office: work.office().clone().with_leaves(known.clone(), start),
        triage: Arc::clone(&work.setup.triage),
        playbooks: Arc::clone(&work.setup.playbooks),
    });
    // The office as it will be when they have gone: whoever is found in it is who will get the work.
    let mut then = Work { app: work.app, setup: Arc::clone(&setup), tx: &mut *work.tx, now: start };
    let office = &setup.office;
    let member = &absence.plan.member;
    let chain = known.chain(office, member, None, start);
    let covered = chain.last().is_some_and(|last| !known.is_away(last, start));
    let mut stakes = Stakes { covered, ..Stakes::default() };
    let gone = chain.iter().filter(|backup| known.is_away(backup, start));
    stakes.away = gone.map(|backup| (backup.clone(), known.there_again(backup, start))).collect();
    let leaves = known.leaves.iter().filter(|leave| leave.overlaps(absence.plan.from, absence.plan.until));
    stakes.relied_on = leaves
        .filter(|leave| leave.member != *member)
        .filter(|leave| known.chain(office, &leave.member, None, leave.from.max(start)).contains(member))
        .map(|leave| leave.member.clone())
        .collect();
    stakes.chain = chain;
    for (id, _) in moves::open_tickets(&mut then, member).await? {
        let Some(ticket) = drafts::ticket(&mut then, id).await? else { continue };
        let to = moves::receiver(&then, &known, member, &ticket);
        stakes.tickets.entry(to).or_default().push(id);
    }
    for draft in drafts::waiting_for_approval(&mut then).await? {
        if draft.reviewers.contains(member) {
            let others = drafts::who_would_be_asked(&then, &draft);
            let by = others.into_iter().find(|other| other != member && !known.is_away(other, start));
            stakes.approvals.entry(by).or_default().push(draft.subject());
        }
    }
    for crisis in crisis::open_ones(&mut then).await?.iter().filter(|found| found.concerns(member)) {
        let by = crisis::stand_in(office, crisis, member, start);
        stakes.crises.entry(by).or_default().push(crisis.id);
    }
    missed_meetings(&mut then, absence, &mut stakes).await?;
    for action in meetings::open_actions(&mut then, None, Some(member.as_str())).await? {
        let due = action.making.due.filter(|due| *due >= absence.plan.from);
        if due.is_some_and(|due| absence.plan.until.is_none_or(|until| due < until)) {
            stakes.actions.push(action.id);
        }
    }
    let swaps = rota::swaps(&mut then).await?;
    stakes.rota = turns::given_up(office, &swaps, absence, start);
    Ok(stakes)
}

async fn missed_meetings(then: &mut Work<'_>, absence: &Absence, stakes: &mut Stakes) -> Result<(), Fault> {
    let setup = Arc::clone(&then.setup);
    let filter = Filter {
        kind: Kind::Meeting.stored(),
        open_only: true,
        order: Order::Due,
        limit: LOOKED_AT_MAX,
        ..Filter::default()
    };
    let member = &absence.plan.member;
    let held = setup.office.members.get(member).map(|found| found.roles.clone()).unwrap_or_default();
    for row in aggregates::list(then.tx, &filter).await? {
        let meeting: Meeting = read_state(Kind::Meeting, row.id, row.state())?;
        let series = setup.office.series.iter().find(|series| series.name == meeting.making.series);
        let start = meeting.making.start;
        let missed = absence.plan.from <= start && absence.plan.until.is_none_or(|until| start < until);
        let Some(series) = series.filter(|_| missed) else { continue };
        if series.roles.iter().any(|role| held.contains(role)) {
            let instead = meetings::stand_ins(&setup.office, member, &series.roles, start);
            stakes.meetings.push((Arg::PerLanguage(meeting.making.title), start, instead));
        }
    }
    Ok(())
}

/// The preview: everything that moves, what stands in its way, and the three ways on.
#[must_use]
pub fn body(absence: &Absence, stakes: &Stakes, warnings: &[Notice], voice: &Voice<'_>) -> Body {
    let title = voice.plain_text(&absence.about("absence-preview-title", voice.office));
    let mut blocks = vec![Block::Header(title.clone())];
    blocks.push(Block::Text(lines(&moving(absence, stakes, voice), voice)));
    let mut warned = conflicts(absence, stakes, voice);
    warned.extend(warnings.iter().cloned());
    if !warned.is_empty() {
        blocks.push(Block::Text(lines(&warned, voice)));
    }
    blocks.push(Block::Context(voice.say(&Notice::new("absence-preview-hint"))));
    blocks.push(Block::Controls(controls(absence, voice)));
    let accent = if warned.is_empty() { Accent::Blue } else { Accent::Orange };
    Body { summary: title, blocks, accent }
}

/// What is pressed under a preview.
fn controls(absence: &Absence, voice: &Voice<'_>) -> Vec<Control> {
    [("confirm", Emphasis::Primary), ("backup", Emphasis::Plain), ("cancel", Emphasis::Danger)]
        .map(|(action, emphasis)| button(absence, action, emphasis, voice))
        .into()
}

/// A button of an absence.
#[must_use]
pub fn button(absence: &Absence, action: &str, emphasis: Emphasis, voice: &Voice<'_>) -> Control {
    Control::Button {
        action: format!("absence.{action}"),
        value: format!("{}:{}", absence.subject(), absence.revision),
        label: voice.word(&format!("button-absence-{action}")),
        emphasis,
    }
}

fn lines(notices: &[Notice], voice: &Voice<'_>) -> Rich {
    let mut rich = Rich::new();
    for notice in notices {
        if !rich.is_empty() {
            rich.push(Span::Text("\n".into()));
        }
        rich.extend(voice.say(notice));
    }
    rich
}

fn moving(absence: &Absence, stakes: &Stakes, voice: &Voice<'_>) -> Vec<Notice> {
    let office = voice.office;
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let names: Vec<&str> = stakes.chain.iter().map(|one| office.name_of(one)).collect();
    let mut found = vec![match (stakes.covered, names.is_empty()) {
        (true, _) => Notice::new("absence-preview-chain").text("chain", names.join(" → ")),
        (false, _) => Notice::new("absence-preview-alone"),
    }];
    for (to, ids) in &stakes.tickets {
        let key = if to.is_some() { "absence-preview-tickets" } else { "absence-preview-tickets-rota" };
        let notice =
            Notice::new(key).number("count", count(ids.len())).text("tickets", refs(Kind::Ticket, ids.iter().copied()));
        found.push(match to {
            Some(to) => notice.member("to", to),
            None => notice,
        });
    }
    let by_person = |keys: [&str; 2], by: Option<&MemberId>| match by {
        Some(by) => Notice::new(keys[0]).member("by", by),
        None => Notice::new(keys[1]),
    };
    for (by, drafts) in &stakes.approvals {
        let refs = drafts.iter().take(LINES_MAX * 2).map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let notice = by_person(["absence-preview-approvals", "absence-preview-approvals-alone"], by.as_ref());
        found.push(notice.text("drafts", refs).number("count", count(drafts.len())));
    }
    for (by, crises) in &stakes.crises {
        let notice = by_person(["absence-preview-crises", "absence-preview-crises-alone"], by.as_ref());
        found.push(notice.text("crises", refs(Kind::Crisis, crises.iter().copied())));
    }
    for (title, start, instead) in stakes.meetings.iter().take(LINES_MAX) {
        let names: Vec<&str> = instead.iter().map(|one| office.name_of(one)).collect();
        let key = if names.is_empty() { "absence-preview-meeting-alone" } else { "absence-preview-meeting" };
        let notice = Notice::new(key).with("title", title.clone()).with("at", Arg::At(*start));
        found.push(notice.text("by", names.join(", ")));
    }
    found.extend(stakes.rota.iter().take(LINES_MAX).cloned());
    if !stakes.actions.is_empty() {
        let refs = refs(Kind::Action, stakes.actions.iter().copied());
        let by = stakes.chain.last().filter(|_| stakes.covered);
        let notice = by_person(["absence-preview-actions", "absence-preview-actions-alone"], by);
        found.push(notice.text("actions", refs).number("count", count(stakes.actions.len())));
    }
    if found.len() == 1 {
        found.push(Notice::new("absence-preview-nothing"));
    }
    if !absence.plan.reason.is_empty() {
        found.push(Notice::new("absence-preview-reason").text("reason", &absence.plan.reason));
    }
    found
}

fn conflicts(absence: &Absence, stakes: &Stakes, voice: &Voice<'_>) -> Vec<Notice> {
    let mut found = Vec::new();
    for (backup, until) in &stakes.away {
        let key = if until.is_some() { "absence-preview-away-until" } else { "absence-preview-away" };
        let notice = Notice::new(key).member("who", backup);
        found.push(match until {
            Some(until) => notice.with("until", Arg::At(*until)),
            None => notice,
        });
    }
    for member in &stakes.relied_on {
        found.push(Notice::new("absence-preview-relied-on").member("who", member));
    }
    if !stakes.covered && voice.office.members.len() > 1 && absence.plan.backup.is_none() {
        found.push(Notice::new("absence-preview-name-one"));
    }
    found
}
