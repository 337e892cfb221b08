//! Time as a cause: deadlines that come due, and tickets nobody could take yet.
//!
//! Start at [`App::tick_once`].

use super::absence::alarm::{self, Waiting};
use super::commands::ticket as on_ticket;
use super::work::Work;
use super::{App, Fault, Progress, drafts, people};
use crate::domain::decide::Actor;
use crate::domain::desk::ticket::{Command, Ticket};
use crate::domain::ids::{Kind, Ref};
use crate::domain::time::MINUTE_MS;
use crate::store::aggregates::{self, Filter, Order};

/// Due aggregates taken up in one transaction.
const DUE_MAX: i64 = 50;
/// Unassigned tickets tried again in one turn, oldest first.
const BACKLOG_MAX: i64 = 25;
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
        for (kind, id) in due {
            let mut work = Work::begin(self, &mut tx, now).await?;
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
        let filter = Filter {
            kind: Kind::Ticket.stored(),
            statuses: &["new"],
            unowned: true,
            order: Order::Oldest,
            limit: BACKLOG_MAX,
            ..Filter::default()
        };
        let rows = aggregates::list(&mut tx, &filter).await?;
        let mut given = super::absence::moves::sweep(&mut Work::begin(self, &mut tx, now).await?).await?;
        tx.commit().await?;
        let mut waiting = Vec::new();
        for row in rows {
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
            }
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

async fn wake(work: &mut Work<'_>, kind: &str, id: i64) -> Result<(), Fault> {
    if Kind::from_stored(kind) == Some(Kind::Ticket)
        && let Some(mut loaded) = work.load::<Ticket>(id).await?
    {
        let done = work.act(id, &mut loaded, &Command::Tick, &Actor::System).await?;
        if done.is_ok_and(|events| events.is_empty()) {
            aggregates::set_wake(work.tx, kind, id, crate::domain::decide::Decider::due_at(&loaded.state)).await?;
        }
        return Ok(());
    }
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
