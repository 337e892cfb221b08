//! Forgetting what nobody needs any more, so that nothing grows without bound.
//!
//! Never touches tickets, journal or links: a message that once became a ticket is recognised for ever.
//! Start at [`App::housekeeping_once`].

use super::{App, Fault};
use crate::domain::time::DAY_MS;
use crate::store::{heard, inbox, outbox, slots, volume};

/// How long handled envelopes are kept: well beyond every redelivery (Slack gives up after about an hour) and every gap
/// that is read back.
const INBOX_MS: i64 = 30 * DAY_MS;
/// How long finished deliveries are kept, for questions about what was sent when.
const OUTBOX_MS: i64 = 30 * DAY_MS;
/// How long overheard messages are kept for tickets opened from them later; they are personal text.
const HEARD_MS: i64 = 30 * DAY_MS;
/// How long fired jobs are remembered: longer than any job's period.
const SLOTS_MS: i64 = 400 * DAY_MS;
/// How long message counts are kept: the weeks that the crisis detector looks back on, and one.
const VOLUME_MS: i64 = 35 * DAY_MS;
/// Rows forgotten in one transaction, so that nobody waits for it.
const ROWS_MAX: i64 = 2_000;

impl App {
    /// Forgets a bounded number of old rows; `true` when more may be waiting.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn housekeeping_once(&self) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let envelopes = inbox::forget(&mut tx, now.plus_ms(-INBOX_MS), ROWS_MAX).await?;
        outbox::expire_due(&mut tx, now).await?;
        let deliveries = outbox::forget(&mut tx, now.plus_ms(-OUTBOX_MS), ROWS_MAX).await?;
        heard::forget(&mut tx, now.plus_ms(-HEARD_MS)).await?;
        slots::forget(&mut tx, now.plus_ms(-SLOTS_MS)).await?;
        volume::forget(&mut tx, now.plus_ms(-VOLUME_MS)).await?;
        tx.commit().await?;
        let full = u64::try_from(ROWS_MAX).unwrap_or(u64::MAX);
        Ok(envelopes >= full || deliveries >= full)
    }
}
