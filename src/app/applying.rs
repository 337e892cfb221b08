//! Before another office is applied: what would be left without anybody, and what to do about it.
//!
//! Never changes anything. Start at [`strands`].

use std::collections::BTreeMap;

use super::work::{Work, read_state};
use super::{Fault, drafts};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::Kind;
use crate::domain::office::{MemberId, Office};
use crate::domain::rights::{self, Right, Scope};
use crate::store::aggregates::{self, Filter};

/// Open things looked at: far more than one team has open.
const OPEN_MAX: i64 = 10_000;

/// Work that an office would leave without anybody.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Stranded {
    /// What, for a person at a command line.
    pub what: String,
    /// What to do first.
    pub cure: String,
}

impl Stranded {
    fn new(what: String, cure: impl Into<String>) -> Self {
        Self { what, cure: cure.into() }
    }
}

/// What would be stranded if `next` held from now on, in a stable order; empty when it may be applied.
///
/// # Errors
/// [`Fault::Store`].
pub async fn strands(work: &mut Work<'_>, next: &Office) -> Result<Vec<Stranded>, Fault> {
    let mut found = Vec::new();
    let gone: Vec<MemberId> =
        work.office().members.keys().filter(|member| !next.members.contains_key(*member)).cloned().collect();
    for member in gone {
        let open = owned(work, &member).await?;
        if !open.is_empty() {
            let what = format!("{member} still has {}", open.join(", "));
            found.push(Stranded::new(what, format!("keep members.{member}, take their roles away, and apply again")));
        }
    }
    let roles: Vec<String> = work.office().roles.keys().cloned().collect();
    for role in roles {
        if next.holders(&role).next().is_some() && next.roles.contains_key(&role) {
            continue;
        }
        let open = count(work, &Filter { role: Some(&role), ..of(Kind::Ticket) }).await?;
        if open > 0 {
            let what = format!("{open} open tickets wait for the role {role}, which nobody would hold");
            found.push(Stranded::new(what, format!("leave somebody roles = [\"{role}\"], or resolve them first")));
        }
    }
    let networks: Vec<String> =
        work.office().accounts.keys().filter(|network| !next.accounts.contains_key(*network)).cloned().collect();
    for network in networks {
        let mut open = 0;
        for kind in [Kind::Ticket, Kind::Post, Kind::Reply] {
            open += count(work, &Filter { network: Some(&network), ..of(kind) }).await?;
        }
        if open > 0 {
            let what = format!("{open} open tickets and drafts belong to {network}, which would have no account");
            found.push(Stranded::new(what, format!("keep accounts.{network}, or finish them first")));
        }
    }
    found.extend(desks(work, next).await?);
    found.extend(approvals(work, next).await?);
    let leads = |office: &Office, right: Right| {
        office.members.keys().any(|member| rights::check(office, member, right, Scope::default()).is_ok())
    };
    for (right, what) in [(Right::Config, "change settings"), (Right::CrisisLead, "lead a crisis")] {
        if leads(work.office(), right) && !leads(next, right) {
            let what = format!("nobody would be left who may {what}");
            found.push(Stranded::new(what, "leave somebody a role with post = \"head_of_social\""));
        }
    }
    Ok(found)
}

/// Open tickets whose cards would stand nowhere: their desk goes, or one of its channels.
async fn desks(work: &mut Work<'_>, next: &Office) -> Result<Vec<Stranded>, Fault> {
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for row in aggregates::list(work.tx, &of(Kind::Ticket)).await? {
        let ticket: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        *open.entry(ticket.opening.desk).or_default() += 1;
    }
    let mut found = Vec::new();
    for (desk, count) in open {
        let Some(before) = work.office().desk(&desk) else { continue };
        let after = next.desk(&desk);
        let lost = before.channels.iter().find(|(chat, _)| after.is_none_or(|desk| !desk.channels.contains_key(*chat)));
        let what = match (after, lost) {
            (None, _) => format!("{count} open tickets have their cards at the desk {desk}, which would go"),
            (Some(_), Some((chat, channel))) => {
                format!(
                    "{count} open tickets of the desk {desk} have their cards in #{channel} on {chat}, which it would lose"
                )
            }
            (Some(_), None) => continue,
        };
        found.push(Stranded::new(what, format!("keep the desk {desk} with its channels, or resolve them first")));
    }
    Ok(found)
}

/// Drafts that would wait for an approval that nobody could give.
async fn approvals(work: &mut Work<'_>, next: &Office) -> Result<Vec<Stranded>, Fault> {
    let mut found = Vec::new();
    for draft in drafts::waiting_for_approval(work).await? {
        let scope = Scope { network: Some(&draft.opening.network), topic: Some(&draft.opening.topic), own: false };
        let right = drafts::approve_right(&draft);
        let can = |office: &Office| {
            let others = office.members.keys().filter(|member| office.is_solo() || !draft.authors.contains(*member));
            others.into_iter().any(|member| rights::check(office, member, right, scope).is_ok())
        };
        if can(work.office()) && !can(next) {
            let what = format!("{} waits for an approval that nobody could give any more", draft.subject());
            let cure =
                format!("leave somebody a role that approves on {}, or decide on it first", draft.opening.network);
            found.push(Stranded::new(what, cure));
        }
    }
    Ok(found)
}

fn of(kind: Kind) -> Filter<'static> {
    Filter { kind: kind.stored(), open_only: true, limit: OPEN_MAX, ..Filter::default() }
}

async fn count(work: &mut Work<'_>, filter: &Filter<'_>) -> Result<usize, Fault> {
    Ok(aggregates::list(work.tx, filter).await?.len())
}

/// Open things that somebody has, as `3 tickets`.
async fn owned(work: &mut Work<'_>, member: &MemberId) -> Result<Vec<String>, Fault> {
    let kinds = [
        (Kind::Ticket, "tickets"),
        (Kind::Post, "posts"),
        (Kind::Reply, "replies"),
        (Kind::Action, "actions"),
        (Kind::Crisis, "crises"),
    ];
    let mut found = Vec::new();
    for (kind, name) in kinds {
        let open = count(work, &Filter { owner: Some(member.as_str()), ..of(kind) }).await?;
        if open > 0 {
            found.push(format!("{open} open {name}"));
        }
    }
    Ok(found)
}
