//! Time in a crisis: acknowledgements that do not come, updates that are due, an alert nobody confirms.
//!
//! One tick takes each chain one step further at most, and a step counts its waiting time from when it was taken: a
//! process that slept for an hour does not call everybody at once. Start at [`due`].

use std::collections::BTreeSet;

use super::crisis::{Call, Crisis, What};
use crate::domain::decide::Facts;
use crate::domain::office::{MemberId, Office};
use crate::domain::time::{MINUTE_MS, Timestamp};

/// Steps of an unanswered call: stand-in, lead, everybody (PRODUCT U9: "at limit backup -> lead -> channel").
pub(super) const ACK_STEPS: u8 = 3;
/// Minutes after the term at which a late update is brought to the room, the lead and the deputy (PRODUCT U9: "+5 min
/// lead, +10 backup").
const UPDATE_STEPS_MS: [i64; 3] = [0, 5 * MINUTE_MS, 10 * MINUTE_MS];
/// A cycle of updates is never shorter than its own reminders.
const UPDATE_CYCLE_MS_MIN: i64 = 15 * MINUTE_MS;
/// Most backups of backups followed; the office file allows no circle, this only bounds the walk.
const BACKUPS_MAX: usize = 20;

/// When the next of these is due.
pub(super) fn due_at(crisis: &Crisis) -> Option<Timestamp> {
    if !crisis.is_open() {
        return None;
    }
    let calls = crisis.calls.iter().filter(|_| crisis.level >= 2).filter_map(|call| call.due);
    calls.chain(crisis.confirm_due).chain(next_update_step(crisis)).min()
}

fn next_update_step(crisis: &Crisis) -> Option<Timestamp> {
    let due = crisis.update_due.filter(|_| crisis.level >= 2)?;
    Some(match UPDATE_STEPS_MS.get(usize::from(crisis.update_step)) {
        Some(after_ms) => due.plus_ms(*after_ms),
        None => due.plus_ms(cycle_ms(crisis)),
    })
}

fn cycle_ms(crisis: &Crisis) -> i64 {
    crisis.terms.update_ms(crisis.level).max(UPDATE_CYCLE_MS_MIN)
}

/// Everything that has come due.
pub(super) fn due(crisis: &Crisis, away: &BTreeSet<MemberId>, facts: &Facts<'_>) -> Vec<What> {
    if !crisis.is_open() {
        return Vec::new();
    }
    let mut whats = Vec::new();
    if crisis.confirm_due.is_some_and(|due| due <= facts.now) {
        whats.push(What::LeftUnconfirmed);
    }
    if crisis.level < 2 {
        return whats;
    }
    for call in crisis.calls.iter().filter(|call| call.due.is_some_and(|due| due <= facts.now)) {
        whats.push(missed(crisis, call, away, facts.office));
    }
    whats.extend(late_update(crisis, facts.now));
    whats
}

/// The next step of a call that was not acknowledged; a step with nobody to turn to is left out.
fn missed(crisis: &Crisis, call: &Call, away: &BTreeSet<MemberId>, office: &Office) -> What {
    let other = |candidate: Option<MemberId>| {
        candidate.filter(|who| *who != call.member && Some(who) != call.stand_in.as_ref() && !away.contains(who))
    };
    let member = call.member.clone();
    if call.step == 0 {
        let backup = backup_of(&call.member, away, office);
        if let Some(stand_in) = other(backup).or_else(|| other(crisis.deputy.clone())) {
            return What::AckMissed { member, step: 1, told: Some(stand_in) };
        }
    }
    if call.step <= 1
        && let Some(lead) = other(crisis.lead.clone()).or_else(|| other(crisis.deputy.clone()))
    {
        return What::AckMissed { member, step: 2, told: Some(lead) };
    }
    What::AckMissed { member, step: ACK_STEPS, told: None }
}

fn late_update(crisis: &Crisis, now: Timestamp) -> Option<What> {
    let due = crisis.update_due?;
    let cycle_ms = cycle_ms(crisis);
    let late_ms = now.since(due);
    if crisis.update_step > 0 && late_ms >= cycle_ms {
        return Some(What::UpdateMissed { next: due.plus_ms((late_ms / cycle_ms + 1) * cycle_ms) });
    }
    let to = UPDATE_STEPS_MS.iter().filter(|after_ms| late_ms >= **after_ms).count();
    let to = u8::try_from(to).unwrap_or(u8::MAX);
    (to > crisis.update_step).then_some(What::UpdateLate { from: crisis.update_step, to })
}

/// Who stands in for somebody: their backup, or that one's backup when away, and so on.
pub(super) fn backup_of(member: &MemberId, away: &BTreeSet<MemberId>, office: &Office) -> Option<MemberId> {
    let mut at = member;
    for _ in 0..BACKUPS_MAX {
        let backup = office.members.get(at)?.backup.as_ref()?;
        if backup == member {
            return None;
        }
        if !away.contains(backup) {
            return Some(backup.clone());
        }
        at = backup;
    }
    None
}
