//! Dated cases worked out by hand, and the laws that tie the functions together.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::domain::time::{HOUR_MS, SECOND_MS};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn at(text: &str) -> Timestamp {
    let whole = if text.len() == "2026-03-02T09:00+01:00".len() {
        format!("{}:00{}", &text[..16], &text[16..])
    } else {
        text.to_owned()
    };
    Timestamp::from(DateTime::parse_from_rfc3339(&whole).expect("test instant").to_utc())
}

fn minute(text: &str) -> u16 {
    let (hours, minutes) = text.split_once(':').expect("hh:mm");
    hours.parse::<u16>().expect("hours") * 60 + minutes.parse::<u16>().expect("minutes")
}

/// "mon-fri 09:00-12:00,13:30-18:00; sat 10:00-12:00"
fn week(text: &str) -> Week {
    let mut week: Week = Default::default();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (days, hours) = part.split_once(' ').expect("days and hours");
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let place = |day| DAYS.iter().position(|known| *known == day).expect("weekday");
        for spans in &mut week[place(first)..=place(last)] {
            for hours in hours.split(',') {
                let (from, to) = hours.split_once('-').expect("from-to");
                spans.push(DaySpan { from_minute: minute(from), to_minute: minute(to) });
            }
        }
    }
    week
}

fn calendar(zone: &str, hours: &str, holidays: &[&str]) -> Calendar {
    let holidays = holidays.iter().map(|date| date.parse().expect("date")).collect();
    Calendar::new(zone.parse().expect("zone"), week(hours), holidays).expect("calendar")
}

const OFFICE: &str = "mon-fri 09:00-12:00,13:30-18:00";
const PLAIN: &str = "mon-fri 09:00-17:00";
const ALWAYS: &str = "mon-sun 00:00-24:00";
const NIGHT: &str = "sun 00:00-06:00";
const PARIS: &str = "Europe/Paris";
const YORK: &str = "America/New_York";
const HOWE: &str = "Australia/Lord_Howe";
const APIA: &str = "Pacific/Apia";

type Case = (&'static str, &'static str, &'static [&'static str], &'static str, i64, &'static str);

#[rustfmt::skip]
const DUE: &[Case] = &[
    // An ordinary day with a lunch break.
    (PARIS, OFFICE, &[], "2026-03-02T09:00+01:00", 60, "2026-03-02T10:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T08:00+01:00", 60, "2026-03-02T10:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T11:30+01:00", 30, "2026-03-02T12:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T11:30+01:00", 31, "2026-03-02T13:31+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T11:30+01:00", 60, "2026-03-02T14:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T12:00+01:00", 1, "2026-03-02T13:31+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T12:15+01:00", 15, "2026-03-02T13:45+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T13:30+01:00", 270, "2026-03-02T18:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T09:00+01:00", 0, "2026-03-02T09:00+01:00"),
    // Over the night, the weekend, the week.
    (PARIS, OFFICE, &[], "2026-03-02T17:30+01:00", 30, "2026-03-02T18:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T17:30+01:00", 60, "2026-03-03T09:30+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T18:00+01:00", 1, "2026-03-03T09:01+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T23:59+01:00", 1, "2026-03-03T09:01+01:00"),
    (PARIS, OFFICE, &[], "2026-03-06T17:00+01:00", 120, "2026-03-09T10:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-06T09:00+01:00", 450, "2026-03-06T18:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-06T09:00+01:00", 451, "2026-03-09T09:01+01:00"),
    (PARIS, OFFICE, &[], "2026-03-07T12:00+01:00", 60, "2026-03-09T10:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-07T12:00+01:00", 0, "2026-03-07T12:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T09:00+01:00", 2_250, "2026-03-06T18:00+01:00"),
    (PARIS, OFFICE, &[], "2026-03-02T09:00+01:00", 2_251, "2026-03-09T09:01+01:00"),
    // Holidays: Easter Monday, 1 May, Christmas, New Year.
    (PARIS, OFFICE, &["2026-04-06"], "2026-04-03T17:00+02:00", 120, "2026-04-07T10:00+02:00"),
    (PARIS, OFFICE, &["2026-04-06"], "2026-04-06T10:00+02:00", 60, "2026-04-07T10:00+02:00"),
    (PARIS, OFFICE, &["2026-05-01"], "2026-04-30T17:30+02:00", 60, "2026-05-04T09:30+02:00"),
    (PARIS, OFFICE, &["2026-12-25"], "2026-12-24T17:00+01:00", 90, "2026-12-28T09:30+01:00"),
    (PARIS, OFFICE, &["2027-01-01"], "2026-12-31T17:00+01:00", 90, "2027-01-04T09:30+01:00"),
    (PARIS, ALWAYS, &["2026-03-03"], "2026-03-02T23:00+01:00", 90, "2026-03-04T00:30+01:00"),
    (PARIS, ALWAYS, &["2026-03-29"], "2026-03-28T23:00+01:00", 90, "2026-03-30T00:30+02:00"),
    // A weekend in which the clocks change does not move Monday's hours.
    (PARIS, OFFICE, &[], "2026-03-27T17:00+01:00", 120, "2026-03-30T10:00+02:00"),
    (PARIS, OFFICE, &[], "2026-10-23T17:00+02:00", 120, "2026-10-26T10:00+01:00"),
    (YORK, PLAIN, &[], "2026-03-06T16:00-05:00", 120, "2026-03-09T10:00-04:00"),
    (YORK, PLAIN, &[], "2026-10-30T16:00-04:00", 120, "2026-11-02T10:00-05:00"),
    // Open around the clock: plain elapsed time.
    (PARIS, ALWAYS, &[], "2026-03-28T23:00+01:00", 240, "2026-03-29T04:00+02:00"),
    (PARIS, ALWAYS, &[], "2026-03-29T01:30+01:00", 60, "2026-03-29T03:30+02:00"),
    (PARIS, ALWAYS, &[], "2026-10-24T23:00+02:00", 240, "2026-10-25T02:00+01:00"),
    (YORK, ALWAYS, &[], "2026-03-08T00:00-05:00", 180, "2026-03-08T04:00-04:00"),
    (YORK, ALWAYS, &[], "2026-11-01T00:00-04:00", 180, "2026-11-01T02:00-05:00"),
    ("Europe/London", ALWAYS, &[], "2026-03-29T00:30+00:00", 60, "2026-03-29T02:30+01:00"),
    ("Europe/London", ALWAYS, &[], "2026-10-25T00:30+01:00", 120, "2026-10-25T01:30+00:00"),
    ("Asia/Tokyo", ALWAYS, &[], "2026-12-31T23:30+09:00", 60, "2027-01-01T00:30+09:00"),
    // A night shift is five hours long in spring and seven in autumn.
    (PARIS, NIGHT, &[], "2026-03-29T00:00+01:00", 300, "2026-03-29T06:00+02:00"),
    (PARIS, NIGHT, &[], "2026-03-29T00:00+01:00", 301, "2026-04-05T00:01+02:00"),
    (PARIS, NIGHT, &[], "2026-10-25T00:00+02:00", 420, "2026-10-25T06:00+01:00"),
    (PARIS, NIGHT, &[], "2026-10-25T00:00+02:00", 421, "2026-11-01T00:01+01:00"),
    // Spans that touch the skipped or doubled hour itself.
    (PARIS, "sun 02:00-03:00", &[], "2026-03-28T12:00+01:00", 30, "2026-04-05T02:30+02:00"),
    (PARIS, "sun 01:00-02:30", &[], "2026-03-29T00:00+01:00", 60, "2026-03-29T03:00+02:00"),
    (PARIS, "sun 01:00-02:30", &[], "2026-03-29T00:00+01:00", 61, "2026-04-05T01:01+02:00"),
    (PARIS, "sun 02:30-04:00", &[], "2026-03-29T00:00+01:00", 60, "2026-03-29T04:00+02:00"),
    (PARIS, "sun 02:00-03:00", &[], "2026-10-25T00:00+02:00", 90, "2026-10-25T02:30+01:00"),
    (PARIS, "sun 02:00-03:00", &[], "2026-10-25T00:00+02:00", 120, "2026-10-25T03:00+01:00"),
    (PARIS, "sun 02:15-02:45", &[], "2026-10-25T00:00+02:00", 45, "2026-10-25T02:30+01:00"),
    (PARIS, "sun 01:00-02:30", &[], "2026-10-25T00:00+02:00", 90, "2026-10-25T02:30+02:00"),
    (PARIS, "sun 01:00-02:30", &[], "2026-10-25T00:00+02:00", 100, "2026-10-25T02:10+01:00"),
    (PARIS, "sun 01:00-02:30", &[], "2026-10-25T00:00+02:00", 120, "2026-10-25T02:30+01:00"),
    (PARIS, "sun 02:30-04:00", &[], "2026-10-25T02:45+02:00", 30, "2026-10-25T02:45+01:00"),
    // Half-hour changes, odd offsets.
    (HOWE, ALWAYS, &[], "2026-04-05T01:00+11:00", 90, "2026-04-05T02:00+10:30"),
    (HOWE, ALWAYS, &[], "2026-10-04T01:45+10:30", 30, "2026-10-04T02:45+11:00"),
    (HOWE, "sun 01:30-02:00", &[], "2026-04-05T00:00+11:00", 60, "2026-04-05T02:00+10:30"),
    ("Asia/Kolkata", "mon-fri 10:15-18:45", &[], "2026-03-02T18:30+05:30", 30, "2026-03-03T10:30+05:30"),
    ("Asia/Kathmandu", "mon-fri 10:00-17:00", &[], "2026-03-06T16:50+05:45", 20, "2026-03-09T10:10+05:45"),
    ("America/St_Johns", PLAIN, &[], "2026-06-01T16:45-02:30", 30, "2026-06-02T09:15-02:30"),
    ("Africa/Casablanca", PLAIN, &[], "2026-02-13T16:00+01:00", 120, "2026-02-16T10:00+00:00"),
    // Changes at midnight.
    ("America/Sao_Paulo", "sun 00:00-02:00", &[], "2018-11-03T12:00-03:00", 60, "2018-11-04T02:00-02:00"),
    ("America/Sao_Paulo", "sat 22:00-24:00", &[], "2018-02-17T20:00-02:00", 180, "2018-02-18T00:00-03:00"),
    ("Africa/Cairo", "fri 00:00-03:00", &[], "2026-04-23T12:00+02:00", 120, "2026-04-24T03:00+03:00"),
    ("Africa/Cairo", "thu 22:00-24:00", &[], "2026-10-29T12:00+03:00", 180, "2026-10-30T00:00+02:00"),
    // Samoa had no 30 December 2011, a Friday.
    (APIA, "mon-sun 09:00-17:00", &[], "2011-12-29T16:00-10:00", 120, "2011-12-31T10:00+14:00"),
    (APIA, "fri 09:00-17:00", &[], "2011-12-29T12:00-10:00", 60, "2012-01-06T10:00+14:00"),
    (APIA, ALWAYS, &[], "2011-12-29T23:00-10:00", 120, "2011-12-31T01:00+14:00"),
    (APIA, ALWAYS, &["2011-12-30"], "2011-12-29T23:00-10:00", 120, "2011-12-31T01:00+14:00"),
    // Touching spans, spans over midnight, rare spans, a leap day.
    (PARIS, "mon 09:00-12:00,12:00-15:00", &[], "2026-03-02T11:00+01:00", 120, "2026-03-02T13:00+01:00"),
    (PARIS, "mon 22:00-24:00; tue 00:00-02:00", &[], "2026-03-02T23:00+01:00", 120, "2026-03-03T01:00+01:00"),
    (PARIS, "mon 22:00-24:00; tue 00:00-02:00", &[], "2026-03-02T23:00+01:00", 180, "2026-03-03T02:00+01:00"),
    (PARIS, "mon 22:00-24:00; tue 00:00-02:00", &[], "2026-03-02T23:00+01:00", 181, "2026-03-09T22:01+01:00"),
    (PARIS, "wed 10:00-11:00", &[], "2026-03-04T11:00+01:00", 60, "2026-03-11T11:00+01:00"),
    (PARIS, OFFICE, &[], "2028-02-28T17:00+01:00", 120, "2028-02-29T10:00+01:00"),
    // Once more around the clock: nights, half hours, skipped days, closed days in a row.
    (YORK, "sun 00:00-06:00", &[], "2026-03-08T00:00-05:00", 300, "2026-03-08T06:00-04:00"),
    (YORK, "sun 00:00-06:00", &[], "2026-03-08T00:00-05:00", 301, "2026-03-15T00:01-04:00"),
    (YORK, "sun 00:00-06:00", &[], "2026-11-01T00:00-04:00", 420, "2026-11-01T06:00-05:00"),
    (YORK, "sun 01:00-02:00", &[], "2026-11-01T00:00-04:00", 90, "2026-11-01T01:30-05:00"),
    (YORK, "sun 02:00-03:00", &[], "2026-03-07T12:00-05:00", 30, "2026-03-15T02:30-04:00"),
    (YORK, PLAIN, &["2026-11-26"], "2026-11-25T16:30-05:00", 60, "2026-11-27T09:30-05:00"),
    ("Asia/Kolkata", "mon-fri 09:30-13:00,13:30-18:30", &[], "2026-03-02T12:45+05:30", 30, "2026-03-02T13:45+05:30"),
    ("Asia/Kolkata", "mon-fri 09:30-13:00,13:30-18:30", &["2026-08-15"], "2026-08-14T18:15+05:30", 30, "2026-08-17T09:45+05:30"),
    (HOWE, "sun 02:00-02:30", &[], "2026-10-03T12:00+10:30", 15, "2026-10-11T02:15+11:00"),
    (HOWE, "sun 01:00-03:00", &[], "2026-10-04T01:00+10:30", 90, "2026-10-04T03:00+11:00"),
    (HOWE, "sun 01:00-03:00", &[], "2026-04-05T01:00+11:00", 150, "2026-04-05T03:00+10:30"),
    ("Pacific/Chatham", "mon-fri 08:45-17:15", &[], "2026-09-25T17:00+12:45", 60, "2026-09-28T09:30+13:45"),
    ("Europe/Dublin", ALWAYS, &[], "2026-10-25T00:30+01:00", 90, "2026-10-25T01:00+00:00"),
    (APIA, "thu-sat 10:00-12:00", &[], "2011-12-29T11:00-10:00", 180, "2011-12-31T12:00+14:00"),
    (PARIS, OFFICE, &["2028-02-29"], "2028-02-28T17:30+01:00", 60, "2028-03-01T09:30+01:00"),
    (PARIS, "mon-sun 00:00-02:00,22:00-24:00", &[], "2026-03-28T23:30+01:00", 240, "2026-03-29T23:30+02:00"),
    (PARIS, "mon-sun 00:00-04:00,22:00-24:00", &[], "2026-10-24T23:00+02:00", 360, "2026-10-25T04:00+01:00"),
    (PARIS, OFFICE, &["2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01"], "2026-12-23T17:00+01:00", 600, "2026-12-29T10:30+01:00"),
];

#[test]
fn deadlines_fall_where_the_wall_clock_says() {
    assert!(DUE.len() >= 90);
    for (zone, hours, holidays, start, minutes, due) in DUE {
        let calendar = calendar(zone, hours, holidays);
        let found = calendar.due(at(start), minutes * MINUTE_MS);
        assert_eq!(
            found,
            Some(at(due)),
            "{zone} {hours} {holidays:?}: {start} + {minutes} min, got {:?}",
            found.map(|t| t.to_utc())
        );
        assert_eq!(calendar.between(at(start), at(due)), minutes * MINUTE_MS, "{zone} {hours}: from {start} to {due}");
    }
}

#[test]
fn a_calendar_that_never_opens_has_no_deadline() {
    let shut = calendar(PARIS, "", &[]);
    assert_eq!(shut.due(at("2026-03-02T09:00+01:00"), 1), None);
    assert_eq!(shut.next_open(at("2026-03-02T09:00+01:00")), None);
    assert_eq!(shut.between(at("2026-03-02T09:00+01:00"), at("2027-03-02T09:00+01:00")), 0);
    let weekly = calendar(PARIS, "mon 09:00-10:00", &[]);
    assert_eq!(weekly.due(at("2026-03-02T09:00+01:00"), 200 * HOUR_MS), None, "some 105 hours open in two years");
}

#[test]
fn the_door_opens_on_the_minute_and_closes_on_the_minute() {
    let office = calendar(PARIS, OFFICE, &["2026-03-04"]);
    let cases = [
        ("2026-03-02T08:59:59.999+01:00", false, "2026-03-02T09:00+01:00"),
        ("2026-03-02T09:00+01:00", true, "2026-03-02T09:00+01:00"),
        ("2026-03-02T11:59:59.999+01:00", true, "2026-03-02T11:59:59.999+01:00"),
        ("2026-03-02T12:00+01:00", false, "2026-03-02T13:30+01:00"),
        ("2026-03-03T18:00+01:00", false, "2026-03-05T09:00+01:00"),
        ("2026-03-04T10:00+01:00", false, "2026-03-05T09:00+01:00"),
        ("2026-03-28T10:00+01:00", false, "2026-03-30T09:00+02:00"),
    ];
    for (instant, open, next) in cases {
        assert_eq!(office.is_open(at(instant)), open, "{instant}");
        assert_eq!(office.next_open(at(instant)), Some(at(next)), "{instant}");
    }
}

#[test]
fn time_between_counts_half_open_and_has_a_sign() {
    let office = calendar(PARIS, OFFICE, &[]);
    let (monday, tuesday) = (at("2026-03-02T09:00+01:00"), at("2026-03-03T09:00+01:00"));
    assert_eq!(office.between(monday, tuesday), 450 * MINUTE_MS);
    assert_eq!(office.between(tuesday, monday), -450 * MINUTE_MS);
    assert_eq!(office.between(monday, monday), 0);
    assert_eq!(office.between(at("2026-03-02T12:00+01:00"), at("2026-03-02T13:30+01:00")), 0);
    assert_eq!(office.between(at("2026-03-02T11:59:59+01:00"), at("2026-03-02T13:30:01+01:00")), 2 * SECOND_MS);
    let year = office.between(at("2026-01-01T00:00+01:00"), at("2027-01-01T00:00+01:00"));
    assert_eq!(year, 261 * 450 * MINUTE_MS, "2026 has 261 weekdays");
}

#[test]
fn extreme_instants_neither_panic_nor_hang() {
    let office = calendar(PARIS, OFFICE, &[]);
    for instant in [Timestamp(i64::MIN), Timestamp(i64::MAX), Timestamp(0)] {
        let _ = (office.is_open(instant), office.next_open(instant), office.due(instant, i64::MAX));
    }
    assert_eq!(office.between(Timestamp(i64::MIN), Timestamp(i64::MAX)), 0, "measured from an end without a calendar");
}

#[test]
fn a_wrong_calendar_is_refused_with_the_place_of_the_fault() {
    let zone = chrono_tz::Tz::Europe__Paris;
    let monday = |spans: &[(u16, u16)]| {
        let mut week: Week = Default::default();
        week[0] = spans.iter().map(|&(from_minute, to_minute)| DaySpan { from_minute, to_minute }).collect();
        Calendar::new(zone, week, BTreeSet::new()).map(|_| ())
    };
    assert_eq!(monday(&[(0, 1_440)]), Ok(()));
    assert_eq!(monday(&[(540, 720), (720, 800)]), Ok(()));
    let bad = |span, from_minute, to_minute| Err(CalendarError::BadSpan { weekday: 0, span, from_minute, to_minute });
    assert_eq!(monday(&[(540, 540)]), bad(0, 540, 540));
    assert_eq!(monday(&[(0, 60), (600, 500)]), bad(1, 600, 500));
    assert_eq!(monday(&[(600, 1_441)]), bad(0, 600, 1_441));
    assert_eq!(monday(&[(600, 700), (540, 560)]), Err(CalendarError::OutOfOrder { weekday: 0, span: 1 }));
    assert_eq!(monday(&[(540, 720), (719, 800)]), Err(CalendarError::Overlap { weekday: 0, span: 1 }));
    let crowd: Vec<(u16, u16)> = (0..25).map(|n| (n * 2, n * 2 + 1)).collect();
    assert_eq!(monday(&crowd), Err(CalendarError::TooManySpans { weekday: 0, count: 25 }));
    let days = (0..2_001u64).map(|n| NaiveDate::default() + chrono::Days::new(n)).collect();
    assert_eq!(Calendar::new(zone, Week::default(), days).map(|_| ()), Err(CalendarError::TooManyHolidays(2_001)));
}

#[test]
fn a_stored_calendar_reads_back_equal_and_is_checked_again() {
    let office = calendar(PARIS, OFFICE, &["2026-05-01"]);
    let text = serde_json::to_string(&office).expect("json");
    assert_eq!(serde_json::from_str::<Calendar>(&text).expect("stored calendar"), office);
    let nowhere = text.replace(PARIS, "Europe/Atlantis");
    let refusal = serde_json::from_str::<Calendar>(&nowhere).expect_err("unknown zone").to_string();
    assert!(refusal.contains("Europe/Atlantis"), "{refusal}");
    assert!(serde_json::from_str::<Calendar>(&text.replace("720", "2000")).is_err());
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let day = proptest::collection::btree_set(0u16..=1_440, 0..6).prop_map(|edges| {
        let edges: Vec<u16> = edges.into_iter().collect();
        edges.chunks_exact(2).map(|pair| DaySpan { from_minute: pair[0], to_minute: pair[1] }).collect::<Vec<_>>()
    });
    let week = proptest::array::uniform7(day);
    let holidays = proptest::collection::btree_set(0i64..2_000, 0..20);
    (0..chrono_tz::TZ_VARIANTS.len(), week, holidays).prop_map(|(zone, week, holidays)| {
        let first: NaiveDate = "2024-01-01".parse().expect("date");
        let holidays = holidays.into_iter().map(|day| first + chrono::TimeDelta::days(day)).collect();
        Calendar::new(chrono_tz::TZ_VARIANTS[zone], week, holidays).expect("made by the rules")
    })
}

/// 2024 to 2029.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    (1_704_067_200_000i64..1_861_920_000_000).prop_map(Timestamp)
}

proptest! {
    #[test]
    fn a_deadline_is_as_far_away_as_was_asked(calendar in any_calendar(), start in any_instant(), ms in 0i64..200 * HOUR_MS) {
        if let Some(due) = calendar.due(start, ms) {
            prop_assert_eq!(calendar.between(start, due), ms);
            if ms > 0 {
                prop_assert!(calendar.is_open(due.plus_ms(-1)), "the last millisecond before a deadline is open");
                prop_assert_eq!(calendar.between(start, due.plus_ms(-1)), ms - 1);
            }
        } else {
            prop_assert!(calendar.between(start, start.plus_ms(LOOK_AHEAD_MS)) < ms);
        }
    }

    #[test]
    fn time_adds_up(calendar in any_calendar(), start in any_instant(), first in 0i64..30 * DAY_MS, second in 0i64..30 * DAY_MS) {
        let (middle, end) = (start.plus_ms(first), start.plus_ms(first + second));
        prop_assert_eq!(calendar.between(start, middle) + calendar.between(middle, end), calendar.between(start, end));
    }

    #[test]
    fn counting_minute_by_minute_agrees(calendar in any_calendar(), start in any_instant(), minutes in 0i64..3_000) {
        let start = Timestamp(start.0 - start.0.rem_euclid(MINUTE_MS));
        let open = (0..minutes).filter(|&minute| calendar.is_open(start.plus_ms(minute * MINUTE_MS))).count();
        prop_assert_eq!(calendar.between(start, start.plus_ms(minutes * MINUTE_MS)), i64::try_from(open).expect("small") * MINUTE_MS);
    }

    #[test]
    fn the_next_opening_is_open_and_nothing_before_it_is(calendar in any_calendar(), start in any_instant()) {
        if let Some(open) = calendar.next_open(start) {
            prop_assert!(calendar.is_open(open));
            prop_assert_eq!(calendar.between(start, open), 0);
        }
    }

    #[test]
    fn more_time_is_never_due_earlier(calendar in any_calendar(), start in any_instant(), ms in 0i64..100 * HOUR_MS, more in 0i64..50 * HOUR_MS) {
        if let Some(later) = calendar.due(start, ms + more) {
            let sooner = calendar.due(start, ms);
            prop_assert!(sooner.is_some_and(|sooner| start <= sooner && sooner <= later));
        }
    }

    #[test]
    fn who_writes_later_is_never_due_earlier(calendar in any_calendar(), start in any_instant(), ms in 1i64..100 * HOUR_MS, wait in 0i64..30 * DAY_MS) {
        if let (Some(first), Some(second)) = (calendar.due(start, ms), calendar.due(start.plus_ms(wait), ms)) {
            prop_assert!(first <= second);
        }
    }

    #[test]
    fn a_deadline_in_two_parts_is_the_same_deadline(calendar in any_calendar(), start in any_instant(), one in 1i64..60 * HOUR_MS, two in 1i64..60 * HOUR_MS) {
        if let Some(middle) = calendar.due(start, one)
            && let Some(end) = calendar.due(middle, two)
            && end.since(start) < LOOK_AHEAD_MS
        {
            prop_assert_eq!(calendar.due(start, one + two), Some(end));
        }
    }

    #[test]
    fn a_deadline_undoes_a_length(calendar in any_calendar(), start in any_instant(), length in 0i64..60 * DAY_MS) {
        let end = start.plus_ms(length);
        let open = calendar.between(start, end);
        let due = calendar.due(start, open);
        prop_assert!(due.is_some_and(|due| due <= end && calendar.between(due, end) == 0));
    }
}
