//! What a rule would have done to the messages of the last days. Changes nothing, sends nothing.
//!
//! Looks at tickets as they were read when they came in, and at each of their messages. Start at [`run`].

use std::sync::Arc;

use super::acting::{is_own, seen};
use crate::app::Fault;
use crate::app::work::{Work, read_state};
use crate::domain::decide::{Actor, Facts};
use crate::domain::desk::moderation::{Done, Plan};
use crate::domain::desk::rule::Rule;
use crate::domain::desk::rule::matching::{Looked, Matcher};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::time::DAY_MS;
use crate::store::aggregates::{self, Filter};

/// Days looked back at most.
pub const DAYS_MAX: i64 = 30;
/// Tickets looked at, the newest first: a month of a large inbox, read in well under a second.
const TICKETS_MAX: i64 = 2_000;
/// Messages looked at in all.
const MESSAGES_MAX: i64 = 5_000;
/// Hits kept to be shown; all are counted.
pub const HITS_MAX: usize = 8;

/// A message that the rule would have found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its ticket.
    pub ticket: Ref,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// What the rule would have done and left undone.
    pub plan: Plan,
}

/// What a rule would have done.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Over so many days.
    pub days: i64,
    /// Messages looked at.
    pub tried: i64,
    /// There were more messages than are looked at.
    pub cut: bool,
    /// Messages that it would have found.
    pub found: i64,
    /// ... hidden.
    pub hid: i64,
    /// ... answered.
    pub answered: i64,
    /// ... closed.
    pub closed: i64,
    /// ... left alone in part, because people must see them.
    pub spared: i64,
    /// The newest of them.
    pub hits: Vec<Hit>,
}

/// Tries a rule on the messages of the last days.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn run(work: &mut Work<'_>, rule: &Rule, days: i64) -> Result<Trial, Fault> {
    let mut trial = Trial { days, ..Trial::default() };
    let Some(matcher) = Matcher::new(&rule.when) else { return Ok(trial) };
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        opened: Some((work.now.plus_ms(-days * DAY_MS), work.now.plus_ms(1))),
        limit: TICKETS_MAX + 1,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    let setup = Arc::clone(&work.setup);
    let facts = Facts { now: work.now, actor: Actor::System, office: &setup.office };
    trial.cut = i64::try_from(rows.len()).unwrap_or(i64::MAX) > TICKETS_MAX;
    for row in rows.iter().take(usize::try_from(TICKETS_MAX).unwrap_or(usize::MAX)) {
        let ticket: Ticket = read_state(Kind::Ticket, row.id, row.state())?;
        let on_network = ticket.is_public() || ticket.opening.is_private();
        if !on_network || ticket.opening.opened_by.is_some() || is_own(work, &ticket) {
            continue;
        }
        // As it came in: what was done about it since is not the rule's business.
        let fresh = Ticket { id: ticket.id, opening: ticket.opening, ..Ticket::default() };
        for entry in &fresh.opening.entries {
            if trial.tried >= MESSAGES_MAX {
                trial.cut = true;
                return Ok(trial);
            }
            trial.tried += 1;
            if matcher.finds(&Looked::new(seen(&fresh, entry))) {
                let plan = fresh.plan(&rule.then, &entry.source, false, &facts);
                let hit = Hit { ticket: fresh.subject(), author: entry.author.clone(), text: entry.text.clone(), plan };
                trial.take(hit);
            }
        }
    }
    Ok(trial)
}

impl Trial {
    fn take(&mut self, hit: Hit) {
        let plan = &hit.plan;
        self.found += 1;
        self.hid += i64::from(plan.hides());
        self.answered += i64::from(plan.answer.is_some());
        self.closed += i64::from(plan.done.iter().any(|done| matches!(done, Done::Closed { .. })));
        self.spared += i64::from(!plan.spared.is_empty());
        if self.hits.len() < HITS_MAX {
            self.hits.push(hit);
        }
    }
}
