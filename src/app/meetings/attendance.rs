//! Who is asked for a meeting, and whether it can be held at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::insight::report::has_hours;
use crate::domain::office::{MemberId, Office};
use crate::domain::rhythm::day;
use crate::domain::rhythm::meeting::{Attendance, Invited, Meeting, PRESENT_MIN, WRITTEN_MS, Written};
use crate::domain::time::Timestamp;

/// Everybody of the series' roles who is there when it starts; for who is away the backup of each role that brings them
/// there, once, told for whom.
/// On a day without working hours, with fewer than two people, or when its time has passed, it is held in writing.
#[must_use]
pub fn attend(office: &Office, meeting: &Meeting, now: Timestamp) -> Attendance {
    let start = meeting.making.start;
    let then = start.max(now);
    let is_away = |member: &MemberId| office.away.is_away(member, then);
    let series = office.series.iter().find(|series| series.name == meeting.making.series);
    let roles = series.map(|series| series.roles.as_slice()).unwrap_or_default();
    let members: BTreeSet<&MemberId> =
        roles.iter().flat_map(|role| office.holders(role)).map(|member| &member.id).collect();
    let (away, present): (Vec<&MemberId>, Vec<&MemberId>) = members.into_iter().partition(|member| is_away(member));
    let mut invited: BTreeMap<MemberId, Vec<MemberId>> =
        present.into_iter().map(|member| (member.clone(), Vec::new())).collect();
    for member in &away {
        for backup in stand_ins(office, member, roles, then) {
            invited.entry(backup).or_default().push((*member).clone());
        }
    }
    let written = why_written(office, start, invited.len(), now);
    let from = start.max(now);
    let close_at = match written {
        Some(_) => office.calendar.due(from, WRITTEN_MS).unwrap_or_else(|| from.plus_ms(WRITTEN_MS)),
        None => super::ends(start),
    };
    let invited = invited.into_iter().map(|(member, instead_of)| Invited { member, instead_of });
    Attendance { invited: invited.collect(), away: away.into_iter().cloned().collect(), written, close_at }
}

/// Who comes for somebody who is away: the backup of each of these roles that they hold, else their own.
#[must_use]
pub fn stand_ins(office: &Office, member: &MemberId, roles: &[String], then: Timestamp) -> BTreeSet<MemberId> {
    let held = office.members.get(member).map(|found| found.roles.as_slice()).unwrap_or_default();
    let by_role = roles.iter().filter(|role| held.contains(role));
    by_role.filter_map(|role| office.away.stand_in(office, member, Some(role.as_str()), then)).collect()
}

fn why_written(office: &Office, start: Timestamp, present: usize, now: Timestamp) -> Option<Written> {
    if now >= super::ends(start) {
        return Some(Written::Missed);
    }
    if !has_hours(&office.calendar, day::of(start, office.zone), office) {
        return Some(Written::Holiday);
    }
    (present < PRESENT_MIN).then_some(Written::TooFew)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::people::substitution::Leave;

    #[test]
    fn each_role_that_brings_somebody_to_a_meeting_sends_its_own_backup() {
        let text = include_str!("../../../config/office.toml");
        let mut office = crate::config::load_office(text, "office.toml").expect("the sample is right");
        let now = Timestamp(1_773_734_520_000);
        let roles = ["head", "community"].map(str::to_owned);
        office.away.leaves = vec![Leave { id: 1, member: "lea".into(), from: now, until: None, backup: None }];
        let names = |office: &Office| -> Vec<String> {
            stand_ins(office, &"lea".into(), &roles, now).into_iter().map(|member| member.0).collect()
        };
        assert_eq!(names(&office), ["hugo"], "her own backup for both");
        let lea = office.members.get_mut(&"lea".into()).expect("lea");
        lea.role_backups.insert("head".into(), "ines".into());
        assert_eq!(names(&office), ["hugo", "ines"], "one for each role");
    }
}
