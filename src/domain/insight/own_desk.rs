//! One person's own desk: what waits for them, what they carry, where they are expected this week.
//!
//! Pure: it is made of what was loaded and knows nothing of where it is shown, so that every place shows the same
//! numbers. Start at [`OwnDesk`].

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::report::has_hours;
use crate::domain::content::draft::Draft;
use crate::domain::crisis::crisis::Crisis;
use crate::domain::desk::ticket::Ticket;
use crate::domain::office::{Member, MemberId, Office};
use crate::domain::rhythm::action::Action;
use crate::domain::rhythm::day;
use crate::domain::time::Timestamp;

/// Days of a week.
const WEEK_DAYS: i64 = 7;

/// Everything on one person's desk.
#[derive(Clone, Debug)]
pub struct OwnDesk {
    /// Whose.
    pub member: MemberId,
    /// As of when.
    pub now: Timestamp,
    /// Their open tickets, by due time.
    pub queue: Vec<Ticket>,
    /// What waits for their approval.
    pub approvals: Vec<Draft>,
    /// Their open actions, oldest first.
    pub actions: Vec<Action>,
    /// Open crises.
    pub crises: Vec<Crisis>,
    /// This week, Monday to Sunday.
    pub week: Vec<Day>,
    /// Whose work they take over now.
    pub covers: Vec<MemberId>,
    /// They are away now; until when, if that is known.
    pub away: Option<Option<Timestamp>>,
    /// Who takes their work over now.
    pub covered_by: Option<MemberId>,
    /// Their open work against the team's.
    pub load: Load,
}

/// A day of the week for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// What it is for them.
    pub duty: Duty,
}

/// What a day is for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// They work, and the rotation may choose them.
    Works,
    /// They would work and are away.
    Away,
    /// No working hours.
    Free,
}

/// Open work for a person's share, in thousandths of a ticket of ordinary priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Their own.
    pub own_milli: i64,
    /// The median of those who share a rotation with them, themselves included; none when they share none.
    pub team_milli: Option<i64>,
    /// How many those are.
    pub people: usize,
}

/// The numbers of a desk: the same wherever it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Open tickets.
    pub open: usize,
    /// Of them, past their deadline.
    pub late: usize,
    /// Drafts that wait for their approval.
    pub approvals: usize,
    /// Open actions.
    pub actions: usize,
    /// Open crises.
    pub crises: usize,
}

impl OwnDesk {
    /// The numbers.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let is_late = |ticket: &&Ticket| ticket.deadline().is_some_and(|due| due < self.now);
        Numbers {
            open: self.queue.len(),
            late: self.queue.iter().filter(is_late).count(),
            approvals: self.approvals.len(),
            actions: self.actions.len(),
            crises: self.crises.len(),
        }
    }
}

/// The week around an instant for one person, Monday to Sunday in the office's zone.
#[must_use]
pub fn week(office: &Office, member: &Member, now: Timestamp, is_away: impl Fn(Timestamp) -> bool) -> Vec<Day> {
    let monday = day::monday(day::of(now, office.zone));
    let calendar = member.hours.as_ref().unwrap_or(&office.calendar);
    (0..WEEK_DAYS)
        .map(|ahead| {
            let date = day::back(monday, -ahead);
            let worked = has_hours(calendar, date, office);
            let begins = calendar.next_open(day::start(date, office.zone)).filter(|_| worked);
            // Of today, what is left of it counts.
            let probe = begins.map(|begins| if day::of(now, office.zone) == date { begins.max(now) } else { begins });
            let duty = match probe {
                None => Duty::Free,
                Some(at) if is_away(at) => Duty::Away,
                Some(_) => Duty::Works,
            };
            Day { date, duty }
        })
        .collect()
}

/// The load of a member: open cost by person (in thousandths) over their share.
#[must_use]
pub fn load(office: &Office, member: &Member, open_cost: &BTreeMap<MemberId, i64>) -> Load {
    let of = |who: &Member| open_cost.get(&who.id).copied().unwrap_or(0) / i64::from(who.weight.max(1));
    let turns = |role: &&String| office.roles.get(*role).is_some_and(|found| found.rotation);
    let shared: Vec<&String> = member.roles.iter().filter(turns).collect();
    let shares = |other: &&Member| other.roles.iter().any(|role| shared.contains(&role));
    let mut team: Vec<i64> = office.members.values().filter(shares).map(of).collect();
    team.sort_unstable();
    // Nearest rank, as every median of a report.
    let median = team.get(team.len().saturating_sub(1) / 2).copied();
    Load { own_milli: of(member), team_milli: median, people: team.len() }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;

    use super::*;
    use crate::domain::time::{DAY_MS, HOUR_MS};

    /// Three people share the care rotation, one with double share; a fourth turns with nobody.
    fn office() -> Office {
        let day =
            serde_json::json!([{ "from_minute": 540, "to_minute": 750 }, { "from_minute": 810, "to_minute": 1080 }]);
        let hours = serde_json::json!({
            "zone": "Europe/Paris", "week": [day, day, day, day, day, [], []], "holidays": ["2026-04-06"],
        });
        let role = |name: &str, rotation: bool| {
            serde_json::json!({ "name": name, "post": "expert", "mission": {}, "rotation": rotation, "topics": [],
                "lead": null, "hours": null })
        };
        let member = |id: &str, role: &str, weight: u32| {
            serde_json::json!({ "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {},
                "roles": [role], "networks": [], "weight": weight, "capacity": null, "skills": {}, "backup": null,
                "hours": null })
        };
        serde_json::from_value(serde_json::json!({
            "name": "Office", "zone": "Europe/Paris", "language": "en", "calendar": hours,
            "members": { "ana": member("ana", "care", 1), "bo": member("bo", "care", 2), "cy": member("cy", "care", 1),
                "dee": member("dee", "content", 1) },
            "roles": { "care": role("care", true), "content": role("content", false) },
            "desks": [], "accounts": {}, "targets": {}, "default_role": "care", "reporting": null, "series": [],
            "crisis": { "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
                "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2 },
        }))
        .expect("an office")
    }

    fn duties(office: &Office, now: Timestamp, is_away: impl Fn(Timestamp) -> bool) -> Vec<Duty> {
        week(office, &office.members[&MemberId::new("ana")], now, is_away).iter().map(|day| day.duty).collect()
    }

    #[test]
    fn a_week_has_working_days_holidays_and_absences() {
        use Duty::{Away, Free, Works};
        let office = office();
        let monday = day::start(NaiveDate::from_ymd_opt(2026, 4, 6).expect("a date"), Paris);
        let wednesday = monday.plus_ms(2 * DAY_MS + 10 * HOUR_MS);
        assert_eq!(duties(&office, wednesday, |_| false), [Free, Works, Works, Works, Works, Free, Free]);
        // Away from Thursday morning on.
        let from = monday.plus_ms(3 * DAY_MS);
        assert_eq!(duties(&office, wednesday, |at| at >= from), [Free, Works, Works, Away, Away, Free, Free]);
        // Sick since an hour ago: of today, what is left counts.
        let sick = wednesday.plus_ms(-HOUR_MS);
        assert_eq!(duties(&office, wednesday, |at| at >= sick), [Free, Works, Away, Away, Away, Free, Free]);
    }

    #[test]
    fn a_load_is_open_cost_over_share_against_the_median_of_the_same_rotations() {
        let office = office();
        let open: BTreeMap<MemberId, i64> = [("ana", 3_000), ("bo", 4_000), ("cy", 500), ("dee", 9_000)]
            .map(|(id, cost)| (MemberId::new(id), cost))
            .into();
        for (id, own, team, people) in
            [("ana", 3_000, Some(2_000), 3), ("bo", 2_000, Some(2_000), 3), ("dee", 9_000, None, 0)]
        {
            let found = load(&office, &office.members[&MemberId::new(id)], &open);
            assert_eq!(found, Load { own_milli: own, team_milli: team, people }, "{id}");
        }
    }
}
