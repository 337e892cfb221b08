//! The sample office's networks over days with leaves, breaks, and a change of the clock.

use super::*;
use crate::config::load_office;
use crate::domain::people::substitution::Leave;
use crate::domain::rhythm::day;
use crate::domain::time::HOUR_MS;

fn office(cover: &str) -> Office {
    let text = format!(
        r#"
name = "Test"
zone = "Europe/Paris"
default_role = "care"
hours = ["mon-fri 09:00-18:00"]
targets = {{ p1 = {{ first_response = "15m", resolution = "4h" }}, p2 = {{ first_response = "1h", resolution = "8h" }}, p3 = {{ first_response = "4h", resolution = "16h" }}, p4 = {{ first_response = "8h", resolution = "40h" }} }}
[roles.care]
post = "community_manager"
rotation = true
[members.ana]
roles = ["care"]
handles = {{ slack = "ana" }}
backup = "eve"
[members.bo]
roles = ["care"]
handles = {{ slack = "bo" }}
networks = ["x"]
hours = ["mon-sun 12:00-20:00"]
[members.eve]
roles = ["talk"]
handles = {{ slack = "eve" }}
[roles.talk]
post = "creator"
[[desks]]
name = "all"
channels = {{ slack = "all" }}
[accounts.x]
handle = "@x"
[accounts.tiktok]
handle = "@t"
cover = [{cover}]
"#
    );
    load_office(&text, "office.toml").unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn at(date: &str) -> Timestamp {
    day::start(date.parse().expect("a date"), chrono_tz::Europe::Paris)
}

fn week(office: &Office, away: &Absences, monday: &str) -> Map {
    Map::of(Rota { office, away, swaps: &[] }, at(monday), at(monday).plus_ms(7 * DAY_MS), None)
}

fn leave(member: &str, from: &str, until: &str) -> Absences {
    let leave = Leave { id: 1, member: member.into(), from: at(from), until: Some(at(until)), backup: None };
    Absences { leaves: vec![leave] }
}

#[test]
fn promised_hours_without_anybody_are_gaps_and_the_others_are_not() {
    let office = office(r#""mon-fri 09:00-18:00", "sat 18:00-22:00""#);
    let map = week(&office, &Absences::default(), "2026-03-16");
    assert_eq!(map.rows.len(), 1, "only networks with cover hours");
    let saturday = at("2026-03-21");
    let gap =
        Gap { from: saturday.plus_ms(18 * HOUR_MS), until: saturday.plus_ms(22 * HOUR_MS), network: "tiktok".into() };
    assert_eq!(map.gaps(), [gap], "Bo works on Saturdays, but on X only");
    let figures = map.figures();
    assert_eq!(figures, Figures { required_minutes: 49 * 60, covered_minutes: 45 * 60, backup_minutes: 0 });
    assert_eq!(figures.percent(), Some(91));
}

#[test]
fn a_leave_uncovers_unless_somebody_stands_in() {
    let mut office = office(r#""mon-fri 09:00-18:00""#);
    let away = leave("ana", "2026-03-17", "2026-03-18");
    let covered = week(&office, &away, "2026-03-16");
    assert_eq!(covered.gaps(), []);
    assert_eq!(covered.figures().backup_minutes, 9 * 60, "Eve stands in on Tuesday");
    office.members.get_mut(&"ana".into()).expect("ana").backup = None;
    let gaps = week(&office, &away, "2026-03-16").gaps();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].until.since(gaps[0].from), 9 * HOUR_MS);
}

#[test]
fn the_night_of_a_changed_clock_has_the_hours_that_pass() {
    let office = office(r#""sun 00:00-06:00""#);
    let gaps = |monday| week(&office, &Absences::default(), monday).gaps();
    let length = |gaps: &[Gap]| gaps.iter().map(|gap| gap.until.since(gap.from)).sum::<i64>();
    assert_eq!(length(&gaps("2026-03-23")), 5 * HOUR_MS, "29 March has no hour from two to three");
    assert_eq!(length(&gaps("2026-10-19")), 7 * HOUR_MS, "25 October has it twice");
    assert_eq!(length(&gaps("2026-03-16")), 6 * HOUR_MS);
}
