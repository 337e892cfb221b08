//! Time as a cause: deadlines that come due, and tickets nobody could take yet.
//!
//! Start at [`App::tick_once`].

use std::collections::BTreeSet;

use super::absence::alarm::{self, Waiting};
use super::commands::ticket as on_ticket;
use super::work::{Work, read_state};
use super::{App, Fault, Progress, drafts, handing_on, people};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::time::MINUTE_MS;
use crate::store::aggregates::{self, Filter, Order};

/// Due aggregates taken up in one transaction.
const DUE_MAX: i64 = 50;
/// Unassigned tickets of a role tried again in one turn, oldest first.
const BACKLOG_MAX: i64 = 100;
/// How often unassigned tickets are tried again.
pub const BACKLOG_EVERY_MS: i64 = MINUTE_MS;

impl App {
    /// Does what has come due.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn tick_once(&self) -> Result<Progress, Fault> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        // A freeze first: what it stops must not be released by its own timer a moment later.
        let mut work = Work::begin(self, &mut tx, now).await?;
        let held = drafts::hold_frozen(&mut work).await?;
        let due = aggregates::due(&mut tx, now, DUE_MAX).await?;
        let mut worked = held > 0 || !due.is_empty();
        let mut alone = Vec::new();
        for (kind, id) in due {
            let mut work = Work::begin(self, &mut tx, now).await?;
            if Kind::from_stored(&kind) == Some(Kind::Ticket) {
                if !handing_on::wake(&mut work, id).await? {
                    alone.push(id);
                }
                continue;
            }
            if let Err(fault) = wake(&mut work, &kind, id).await {
                tracing::warn!(kind, id, %fault, "a timer could not be handled");
                return Err(fault);
            }
        }
        let mut work = Work::begin(self, &mut tx, now).await?;
        worked |= super::crisis::watch::look(&mut work).await?;
        worked |= super::rota::hand_over(&mut work).await?;
        worked |= super::tickets::writing::sweep(&mut work).await?;
        tx.commit().await?;
        for id in alone {
            let mut tx = self.store.begin().await?;
            handing_on::wake_alone(&mut Work::begin(self, &mut tx, now).await?, id).await?;
            tx.commit().await?;
        }
        // Each in a transaction of its own: what recurs must never hold up a deadline.
        worked |= self.plan_once().await?;
        worked |= self.report_once().await?;
        worked |= self.desks_once().await?;
        if worked {
            self.wakers.courier.notify_waiters();
            return Ok(Progress::Worked);
        }
        Ok(Progress::Idle(None))
    }

    /// Tries to find somebody for the tickets nobody has, oldest first.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn drain_backlog_once(&self) -> Result<Progress, Fault> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        let mut work = Work::begin(self, &mut tx, now).await?;
        let rows = backlog(&mut work).await?;
        let stuck = handing_on::stuck(&mut work).await?;
        let mut given = super::absence::moves::sweep(&mut work).await?;
        tx.commit().await?;
        let mut waiting = Vec::new();
        // Whoever cannot have the oldest cannot have the others of its kind either.
        let mut in_vain = BTreeSet::new();
        for row in rows {
            let kind = (row.row.role, row.row.network, row.row.topic);
            if in_vain.contains(&kind) {
                let state: Ticket = read_state(Kind::Ticket, row.id, &row.row.state)?;
                waiting.push(Waiting { id: row.id, role: state.opening.role, desk: state.opening.desk });
                continue;
            }
            // Each in a transaction of its own: two replicas that hold several tickets at once could wait for each other.
            let mut tx = self.store.begin().await?;
            let mut work = Work::begin(self, &mut tx, now).await?;
            let mut loaded = on_ticket::load_id(&mut work, Ref::new(Kind::Ticket, row.id)).await?;
            if loaded.state.assignee.is_some() {
                continue;
            }
            let turn = people::assign_by_rotation(&mut work, &mut loaded, None, &Actor::System).await?;
            given |= matches!(turn, Ok(people::Turn::Given(_)));
            if matches!(turn, Ok(people::Turn::Nobody)) {
                let opening = loaded.state.opening;
                waiting.push(Waiting { id: row.id, role: opening.role, desk: opening.desk });
                in_vain.insert(kind);
            }
            tx.commit().await?;
        }
        for id in stuck {
            let mut tx = self.store.begin().await?;
            let still = handing_on::again(&mut Work::begin(self, &mut tx, now).await?, id).await?;
            given |= still.is_none();
            waiting.extend(still);
            tx.commit().await?;
        }
        let mut tx = self.store.begin().await?;
        given |= alarm::sound(&mut Work::begin(self, &mut tx, now).await?, &waiting).await?;
        tx.commit().await?;
        if given {
            self.wakers.courier.notify_waiters();
        }
        Ok(if given { Progress::Worked } else { Progress::Idle(Some(now.plus_ms(BACKLOG_EVERY_MS))) })
    }
}

/// The tickets that nobody has, oldest first, so many of each role: a role that finds nobody never holds up another one.
async fn backlog(work: &mut Work<'_>) -> Result<Vec<aggregates::Stored>, Fault> {
    let roles: Vec<String> = work.office().roles.keys().cloned().collect();
    let mut rows = Vec::new();
    for role in &roles {
        let filter = Filter {
            kind: Kind::Ticket.stored(),
            statuses: &["new"],
            unowned: true,
            role: Some(role),
            order: Order::Oldest,
            limit: BACKLOG_MAX,
            ..Filter::default()
        };
        rows.extend(aggregates::list(work.tx, &filter).await?);
    }
    // Those of a role that the office no longer has are nobody's too.
    let filter = Filter {
        kind: Kind::Ticket.stored(),
        statuses: &["new"],
        unowned: true,
        order: Order::Oldest,
        limit: BACKLOG_MAX,
        ..Filter::default()
    };
    rows.extend(aggregates::list(work.tx, &filter).await?);
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

async fn wake(work: &mut Work<'_>, kind: &str, id: i64) -> Result<(), Fault> {
    match Kind::from_stored(kind) {
        Some(kind @ (Kind::Post | Kind::Reply)) => drafts::wake(work, Ref::new(kind, id)).await,
        Some(Kind::Meeting) => super::meetings::wake(work, id).await,
        Some(Kind::Action) => super::meetings::wake_action(work, id).await,
        Some(Kind::Snippet) => super::library::wake(work, id).await,
        Some(Kind::Consultation) => super::consult::wake(work, id).await,
        Some(Kind::Crisis) => super::crisis::wake(work, id).await,
        Some(Kind::Swap) => super::rota::wake(work, id).await,
        Some(Kind::Absence) => super::absence::wake(work, id).await,
        Some(Kind::Run) => super::playbooks::wake(work, id).await,
        Some(Kind::Office) => super::office::wake(work).await,
        _ => Ok(aggregates::set_wake(work.tx, kind, id, None).await.map(|_| ())?),
    }
}
