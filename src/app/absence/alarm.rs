//! Nobody left: the lead was told when a ticket found nobody; from then on the desk's channels hear it every quarter of an
//! hour of business time, until somebody is there.
//!
//! Start at [`sound`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::Fault;
use crate::app::work::{Work, encode, read_state};
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::people::absence::react::refs;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::store::settings;

/// Business time between two alarms (PRODUCT U5: "channel alarm every 15 min of business time").
const EVERY_MS: i64 = 15 * MINUTE_MS;
/// Setting that keeps since when nobody is there, by role.
const KEY: &str = "nobody_there";

/// Since when nobody takes a role's tickets, and how often its channels have heard it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Silence {
    since: Timestamp,
    alarms: i64,
}

/// A ticket that found nobody.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Number.
    pub id: i64,
    /// Its role.
    pub role: String,
    /// Its desk.
    pub desk: String,
}

/// Sounds the alarm for the roles whose tickets still found nobody, and forgets the others; true when there was one.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn sound(work: &mut Work<'_>, waiting: &[Waiting]) -> Result<bool, Fault> {
    let stored = settings::get(work.tx, KEY).await?;
    let before: BTreeMap<String, Silence> = match &stored {
        Some(json) => read_state(Kind::Absence, 0, json)?,
        None if waiting.is_empty() => return Ok(false),
        None => BTreeMap::new(),
    };
    let mut by_role: BTreeMap<&str, Vec<&Waiting>> = BTreeMap::new();
    for ticket in waiting {
        by_role.entry(&ticket.role).or_default().push(ticket);
    }
    let mut after = BTreeMap::new();
    let mut sounded = false;
    for (role, tickets) in by_role {
        let mut silence = before.get(role).cloned().unwrap_or(Silence { since: work.now, alarms: 0 });
        let quarters = work.office().calendar_of_role(role).between(silence.since, work.now) / EVERY_MS;
        if quarters > silence.alarms {
            silence.alarms = quarters;
            say(work, role, &tickets, &silence).await?;
            sounded = true;
        }
        after.insert(role.to_owned(), silence);
    }
    if after != before {
        settings::put(work.tx, KEY, &encode(KEY, &after)?).await?;
    }
    Ok(sounded)
}

async fn say(work: &mut Work<'_>, role: &str, tickets: &[&Waiting], silence: &Silence) -> Result<(), Fault> {
    let mut desks: Vec<&str> = tickets.iter().map(|ticket| ticket.desk.as_str()).collect();
    desks.sort_unstable();
    desks.dedup();
    for desk in desks {
        let here: Vec<i64> = tickets.iter().filter(|ticket| ticket.desk == desk).map(|ticket| ticket.id).collect();
        let count = i64::try_from(here.len()).unwrap_or(i64::MAX);
        let notice = Notice::new("absence-nobody-line")
            .text("role", role)
            .number("count", count)
            .text("tickets", refs(Kind::Ticket, here))
            .with("since", Arg::At(silence.since));
        let effect = Effect::Announce { desk: desk.to_owned(), notice, urgent: true };
        let seed = format!("nobody:{role}:{desk}:{}:{}", silence.since.0, silence.alarms);
        work.enqueue(&seed, &effect).await?;
    }
    Ok(())
}
