//! Whose week it is, over clock changes, swaps and years.

use super::*;
use crate::domain::people::swap::Making;

/// Ana, Bo and Cleo, handed over on Mondays at 09:00 in a zone; Ana's week holds 16 March 2026.
fn office(zone: &str, time: &str) -> Office {
    let (hour, minute) = time.split_once(':').expect("a time");
    let minute: u32 = hour.parse::<u32>().expect("hours") * 60 + minute.parse::<u32>().expect("minutes");
    let always = serde_json::json!([{ "from_minute": 0, "to_minute": 1440 }]);
    let calendar =
        serde_json::json!({ "zone": zone, "week": [always, always, always, always, always, always, always] });
    let member = |id: &str| {
        serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": ["night"],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": null,
        })
    };
    let strategy = serde_json::json!({
        "by": "weekly", "weekday": 0, "minute": minute, "order": ["ana", "bo", "cleo"], "first": "2026-03-16",
    });
    serde_json::from_value(serde_json::json!({
        "name": "Office", "zone": zone, "language": "en", "calendar": calendar,
        "members": { "ana": member("ana"), "bo": member("bo"), "cleo": member("cleo") },
        "roles": { "night": {
            "name": "night", "post": "expert", "mission": {}, "rotation": true, "topics": [], "lead": null, "hours": null,
            "strategy": strategy,
        } },
        "desks": [], "accounts": {}, "targets": {}, "default_role": "night", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    }))
    .expect("the test's office is valid")
}

fn utc(text: &str) -> Timestamp {
    chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into()
}

#[test]
fn the_week_changes_hands_on_the_wall_clock_also_when_the_clock_changes() {
    let paris = office("Europe/Paris", "09:00");
    let weeks = weeks(&paris, "night").expect("a weekly role");
    for (at, who) in [
        ("2026-03-16T07:59:59Z", "cleo"),
        ("2026-03-16T08:00:00Z", "ana"),
        ("2026-03-23T08:00:00Z", "bo"),
        // Summer time began on Sunday: 09:00 is an hour earlier.
        ("2026-03-30T06:59:59Z", "bo"),
        ("2026-03-30T07:00:00Z", "cleo"),
        ("2026-10-26T07:59:59Z", "bo"),
        ("2026-10-26T08:00:00Z", "cleo"),
        ("2025-12-29T08:00:00Z", "bo"),
    ] {
        let shift = weeks.shift_at(utc(at));
        assert!(shift.from <= utc(at) && utc(at) < shift.until, "{at}: {shift:?}");
        assert_eq!(weeks.planned(&shift).as_str(), who, "{at}");
    }
}

#[test]
fn no_instant_is_without_a_shift_and_none_has_two_over_ten_years_in_six_zones() {
    let zones = ["Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"];
    for zone in zones {
        // 02:30 is skipped on one night a year and comes twice on another.
        let office = office(zone, "02:30");
        let weeks = weeks(&office, "night").expect("a weekly role");
        let mut shift = weeks.shift_at(utc("2020-01-01T00:00:00Z"));
        for _ in 0..522 {
            let next = weeks.after(&shift);
            assert_eq!((next.from, next.number), (shift.until, shift.number + 1), "{zone}");
            assert_eq!(weeks.shift_at(Timestamp(next.from.0 - 1)), shift, "{zone}");
            assert_eq!(weeks.shift_at(next.from), next, "{zone}");
            shift = next;
        }
    }
}

#[test]
fn swapped_weeks_lie_over_the_order_and_the_rest_stays() {
    let office = office("Europe/Paris", "09:00");
    let weeks = weeks(&office, "night").expect("a weekly role");
    let anas = weeks.shift_at(utc("2026-03-17T12:00:00Z"));
    let bos = weeks.next_of(&"bo".into(), &anas, &[]).expect("within a round");
    assert_eq!(bos.number, anas.number + 1);
    let what = Exchange::Weeks { role: "night".into(), given: anas.clone(), taken: bos.clone() };
    let making = Making { one: "ana".into(), other: "bo".into(), what, until: bos.until };
    let swaps = [Swap { id: 1, making, closed: false }];
    let mut shift = anas.clone();
    let mut who = Vec::new();
    for _ in 0..6 {
        who.push(weeks.on_call(&shift, &swaps).as_str().to_owned());
        shift = weeks.after(&shift);
    }
    assert_eq!(who, ["bo", "ana", "cleo", "ana", "bo", "cleo"]);
    assert_eq!(weeks.next_of(&"ana".into(), &anas, &swaps).map(|found| found.number), Some(bos.number));
    assert_eq!(weeks.following(&anas), [&MemberId::from("bo"), &MemberId::from("cleo")]);
    assert!(super::weeks(&office, "nobody").is_none());
}
