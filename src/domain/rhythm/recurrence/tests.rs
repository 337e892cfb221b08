//! Cron as people know it, and what happens on the two nights a year when the clock lies.

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike};
use proptest::prelude::*;

use super::*;
use crate::domain::time::HOUR_MS;

const PARIS: Tz = Tz::Europe__Paris;
const YORK: Tz = Tz::America__New_York;
const HOWE: Tz = Tz::Australia__Lord_Howe;

fn at(text: &str) -> Timestamp {
    let whole = if text.len() == "2026-03-02T09:00+01:00".len() {
        format!("{}:00{}", &text[..16], &text[16..])
    } else {
        text.to_owned()
    };
    Timestamp::from(DateTime::parse_from_rfc3339(&whole).expect("test instant").to_utc())
}

fn job(expression: &str, zone: Tz) -> Recurrence {
    Recurrence::parse(expression, zone).unwrap_or_else(|error| panic!("{expression}: {error}"))
}

fn runs(expression: &str, zone: Tz, after: &str, count: usize) -> Vec<Timestamp> {
    let job = job(expression, zone);
    let first = job.next_after(at(after));
    std::iter::successors(first, |&run| job.next_after(run)).take(count).collect()
}

#[rustfmt::skip]
const ORDINARY: &[(&str, &str, &str)] = &[
    ("* * * * *", "2026-03-02T09:00+01:00", "2026-03-02T09:01+01:00"),
    ("* * * * *", "2026-03-02T09:00:30+01:00", "2026-03-02T09:01+01:00"),
    ("* * * * *", "2026-03-02T08:59:59.999+01:00", "2026-03-02T09:00+01:00"),
    ("30 9 * * *", "2026-03-02T09:00+01:00", "2026-03-02T09:30+01:00"),
    ("30 9 * * *", "2026-03-02T09:30+01:00", "2026-03-03T09:30+01:00"),
    ("*/15 9-17 * * *", "2026-03-02T17:45+01:00", "2026-03-03T09:00+01:00"),
    ("5/20 * * * *", "2026-03-02T09:26+01:00", "2026-03-02T09:45+01:00"),
    ("5/20 * * * *", "2026-03-02T09:46+01:00", "2026-03-02T10:05+01:00"),
    // 1 is Monday, 0 and 7 are Sunday; 2026-03-02 is a Monday.
    ("0 9 * * 1", "2026-03-01T00:00+01:00", "2026-03-02T09:00+01:00"),
    ("0 9 * * 0", "2026-03-02T00:00+01:00", "2026-03-08T09:00+01:00"),
    ("0 9 * * 7", "2026-03-02T00:00+01:00", "2026-03-08T09:00+01:00"),
    ("0 9 * * 1-5", "2026-03-06T09:00+01:00", "2026-03-09T09:00+01:00"),
    ("0 9 * * mon-FRI", "2026-03-06T09:00+01:00", "2026-03-09T09:00+01:00"),
    ("0 9 * * fri-sun", "2026-03-02T00:00+01:00", "2026-03-06T09:00+01:00"),
    ("0 9 * * fri-sun", "2026-03-07T09:00+01:00", "2026-03-08T09:00+01:00"),
    ("0 9 * * 5-7", "2026-03-07T09:00+01:00", "2026-03-08T09:00+01:00"),
    ("0 9 * * 0-6", "2026-03-07T09:00+01:00", "2026-03-08T09:00+01:00"),
    ("0 9 * * */5", "2026-03-02T00:00+01:00", "2026-03-06T09:00+01:00"),
    ("0 9 * * */5", "2026-03-06T09:00+01:00", "2026-03-08T09:00+01:00"),
    ("0 9 * * tue/2", "2026-03-03T09:00+01:00", "2026-03-05T09:00+01:00"),
    // A range may run over the end of its field.
    ("0 22-6 * * *", "2026-03-02T23:00+01:00", "2026-03-03T00:00+01:00"),
    ("0 22-6 * * *", "2026-03-03T06:00+01:00", "2026-03-03T22:00+01:00"),
    ("0 22-6/4 * * *", "2026-03-02T22:00+01:00", "2026-03-03T02:00+01:00"),
    ("0 9 * * fri-mon", "2026-03-02T09:00+01:00", "2026-03-06T09:00+01:00"),
    ("0 9 * * fri-mon", "2026-03-08T09:00+01:00", "2026-03-09T09:00+01:00"),
    ("0 9 1 11-2 *", "2026-03-02T00:00+01:00", "2026-11-01T09:00+01:00"),
    ("0 9 1 jan *", "2026-03-02T00:00+01:00", "2027-01-01T09:00+01:00"),
    ("0 9 1 2-4,JUN *", "2026-04-02T00:00+02:00", "2026-06-01T09:00+02:00"),
    ("0 0 31 * *", "2026-04-01T00:00+02:00", "2026-05-31T00:00+02:00"),
    ("0 0 29 2 *", "2026-03-02T00:00+01:00", "2028-02-29T00:00+01:00"),
    // Both day fields restricted: either is enough. 13 March 2026 is a Friday.
    ("0 9 13 * 1", "2026-03-09T09:00+01:00", "2026-03-13T09:00+01:00"),
    ("0 9 13 * 1", "2026-03-13T09:00+01:00", "2026-03-16T09:00+01:00"),
    // A field that starts with a star restricts nothing by itself: both must agree.
    ("0 9 */2 * 1", "2026-03-02T09:00+01:00", "2026-03-09T09:00+01:00"),
    ("0 9 30 2 1", "2026-03-02T00:00+01:00", "2027-02-01T09:00+01:00"),
];

#[test]
fn ordinary_jobs_run_when_cron_users_expect() {
    for (expression, after, expected) in ORDINARY {
        let found = job(expression, PARIS).next_after(at(after));
        assert_eq!(found, Some(at(expected)), "{expression} after {after}: {:?}", found.map(|run| run.to_utc()));
    }
}

#[test]
fn after_the_end_of_the_wall_calendar_there_is_no_run() {
    // 2100 is no leap year and the parser's last one.
    assert_eq!(job("0 0 29 2 *", PARIS).next_after(at("2096-03-01T00:00+01:00")), None);
}

#[rustfmt::skip]
const NIGHTS: &[(&str, Tz, &str, &[&str])] = &[
    // Spring: what the gap skips runs at the first instant after it, once.
    ("30 2 * * *", PARIS, "2026-03-28T02:30+01:00", &["2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"]),
    ("0 3 * * *", PARIS, "2026-03-28T03:00+01:00", &["2026-03-29T03:00+02:00", "2026-03-30T03:00+02:00"]),
    ("0,20,40 2 * * *", PARIS, "2026-03-28T02:40+01:00", &["2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00"]),
    ("30 2 29 3 *", PARIS, "2026-01-01T00:00+01:00", &["2026-03-29T03:00+02:00", "2027-03-29T02:30+02:00"]),
    ("0 */2 * * *", PARIS, "2026-03-29T00:00+01:00", &["2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00"]),
    ("*/30 * * * *", PARIS, "2026-03-29T01:30+01:00", &["2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00"]),
    ("15 * * * *", HOWE, "2026-10-04T01:15+10:30", &["2026-10-04T02:30+11:00", "2026-10-04T03:15+11:00"]),
    ("0 12 * * *", Tz::Pacific__Apia, "2011-12-29T12:00-10:00", &["2011-12-31T00:00+14:00", "2011-12-31T12:00+14:00"]),
    ("0 0 * * *", Tz::America__Sao_Paulo, "2018-11-03T00:00-03:00", &["2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00"]),
    // Autumn: a job at a fixed time runs in the first pass only.
    ("30 2 * * *", PARIS, "2026-10-24T02:30+02:00", &["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]),
    ("30 2 * * *", PARIS, "2026-10-25T02:00+01:00", &["2026-10-26T02:30+01:00"]),
    ("0,30 2 * * *", PARIS, "2026-10-25T02:00+02:00", &["2026-10-25T02:30+02:00", "2026-10-26T02:00+01:00"]),
    ("0 3 * * *", PARIS, "2026-10-25T02:30+01:00", &["2026-10-25T03:00+01:00"]),
    ("0,30 1 * * *", HOWE, "2026-04-05T01:00+11:00", &["2026-04-05T01:30+11:00", "2026-04-06T01:00+10:30"]),
    ("30 23 * * *", Tz::America__Sao_Paulo, "2018-02-17T12:00-02:00", &["2018-02-17T23:30-02:00", "2018-02-18T23:30-03:00"]),
    // An interval job runs through both passes, in order.
    ("*/30 * * * *", YORK, "2026-11-01T01:00-04:00", &["2026-11-01T01:30-04:00", "2026-11-01T01:00-05:00", "2026-11-01T01:30-05:00", "2026-11-01T02:00-05:00"]),
    ("30 * * * *", YORK, "2026-11-01T01:30-04:00", &["2026-11-01T01:30-05:00", "2026-11-01T02:30-05:00"]),
    ("30 1-9 * * *", YORK, "2026-11-01T01:30-04:00", &["2026-11-01T01:30-05:00", "2026-11-01T02:30-05:00"]),
    ("0/30 1 * * *", YORK, "2026-11-01T01:30-04:00", &["2026-11-01T01:00-05:00", "2026-11-01T01:30-05:00", "2026-11-02T01:00-05:00"]),
    ("0 */2 * * *", YORK, "2026-11-01T00:30-04:00", &["2026-11-01T02:00-05:00"]),
    ("*/15 * * * *", HOWE, "2026-04-05T01:45+11:00", &["2026-04-05T01:30+10:30", "2026-04-05T01:45+10:30", "2026-04-05T02:00+10:30"]),
];

#[test]
fn the_nights_when_the_clock_changes_lose_no_run_and_double_none() {
    for (expression, zone, after, expected) in NIGHTS {
        let expected: Vec<Timestamp> = expected.iter().map(|run| at(run)).collect();
        let found = runs(expression, *zone, after, expected.len());
        assert_eq!(
            found,
            expected,
            "{expression} in {zone} after {after}: {:?}",
            found.iter().map(|run| run.to_utc()).collect::<Vec<_>>()
        );
    }
}

#[test]
fn nonsense_is_refused_and_the_message_names_the_field() {
    let refused = [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("* * * * * *", "five fields"),
        ("@daily", "five fields"),
        ("60 * * * *", "minute"),
        ("-1 * * * *", "minute"),
        (",1 * * * *", "minute"),
        ("/ * * * *", "minute"),
        ("1/0 * * * *", "minute"),
        ("1/60 * * * *", "minute"),
        ("*/ * * * *", "minute"),
        ("1-2-3 * * * *", "minute"),
        ("+5 * * * *", "minute"),
        ("? * * * *", "minute"),
        ("1,,2 * * * *", "minute"),
        ("* 24 * * *", "hour"),
        ("* 1/24 * * *", "hour"),
        ("* MON * * *", "hour"),
        ("* 99999999999 * * *", "hour"),
        ("* * 0 * *", "day of month"),
        ("* * 32 * *", "day of month"),
        ("* * L * *", "day of month"),
        ("* * ? * *", "day of month"),
        ("* * * 13 *", "month"),
        ("* * * 0 *", "month"),
        ("* * * january *", "month"),
        ("* * * mon *", "month"),
        ("* * * * 8", "weekday"),
        ("* * * * SUT", "weekday"),
        ("* * * * 5#3", "weekday"),
        ("* * * * jan", "weekday"),
        ("* * * * \u{ff11}", "weekday"),
        ("0 0 30 2 *", "never run"),
        ("0 0 31 2,4,6,9,11 *", "never run"),
    ];
    for (expression, word) in refused {
        let message = Recurrence::parse(expression, PARIS).expect_err(expression).to_string();
        assert!(message.contains(word), "{expression}: {message}");
    }
    let long = format!("{} * * * *", vec!["1"; 80].join(","));
    assert_eq!(Recurrence::parse(&long, PARIS).expect_err("too long"), RecurrenceError::TooLong(long.chars().count()));
}

#[test]
fn each_run_has_a_slot_of_its_own_and_the_first_pass_owns_the_wall_time() {
    let daily = job("30 2 * * *", PARIS);
    assert_eq!(daily.slot(at("2026-10-25T02:30+02:00")), "2026-10-25T02:30");
    assert_eq!(daily.slot(at("2026-10-25T02:30+01:00")), "2026-10-25T02:30", "the second pass is the same slot");
    assert_eq!(daily.slot(at("2026-03-29T03:00+02:00")), "2026-03-29T03:00");
    let often = job("*/30 * * * *", PARIS);
    assert_eq!(often.slot(at("2026-10-25T02:30+02:00")), "2026-10-25T02:30+02:00");
    assert_eq!(often.slot(at("2026-10-25T02:30+01:00")), "2026-10-25T02:30+01:00");
    assert_eq!(job("* * * * *", YORK).slot(at("2026-03-02T12:00+00:00")), "2026-03-02T07:00-05:00");
}

#[test]
fn a_stored_job_reads_back_equal_and_is_checked_again() {
    let weekly = job("  0   9 * * mon ", PARIS);
    assert_eq!(weekly.expression(), "0 9 * * MON");
    let text = serde_json::to_string(&weekly).expect("json");
    assert_eq!(text, r#"{"expression":"0 9 * * MON","zone":"Europe/Paris"}"#);
    assert_eq!(serde_json::from_str::<Recurrence>(&text).expect("stored job"), weekly);
    assert!(serde_json::from_str::<Recurrence>(&text.replace("Paris", "Atlantis")).is_err());
}

#[test]
fn a_daily_job_runs_once_on_each_date_of_2026_in_every_zone() {
    for zone in chrono_tz::TZ_VARIANTS {
        let daily = job("30 2 * * *", zone);
        let start =
            Timestamp(zone.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).earliest().expect("new year").timestamp_millis());
        let mut date = NaiveDate::from_ymd_opt(2026, 1, 1).expect("date");
        let mut run = start;
        while date.year() == 2026 {
            run = daily.next_after(run).expect("another run");
            let wall = run.to_utc().with_timezone(&zone);
            assert_eq!(wall.date_naive(), date, "{zone}: {wall}");
            date = date.succ_opt().expect("tomorrow");
        }
    }
}

#[test]
fn extreme_instants_neither_panic_nor_hang() {
    let minutely = job("* * * * *", PARIS);
    assert_eq!(minutely.next_after(Timestamp(i64::MAX)), None);
    assert_eq!(minutely.next_after(Timestamp(i64::MIN)), Some(Timestamp(MINUTE_MS)));
    let _ = minutely.slot(Timestamp(i64::MAX));
}

/// What the rules in this module's first lines say, found by walking real time minute by minute.
fn walked(job: &Recurrence, wanted: impl Fn(WallParts) -> bool, after: Timestamp, hours: i64) -> Vec<Timestamp> {
    let mut found = Vec::new();
    let mut seen: std::collections::BTreeSet<i64> = std::collections::BTreeSet::new();
    let first = after.0 - after.0.rem_euclid(MINUTE_MS) - 48 * HOUR_MS;
    let mut previous_wall = first + offset_ms(job.zone, first) - MINUTE_MS;
    let mut real = first;
    while real <= after.0 + hours * HOUR_MS {
        let wall = real + offset_ms(job.zone, real);
        let skipped = (1..(wall - previous_wall) / MINUTE_MS).any(|back| wanted(parts(wall - back * MINUTE_MS)));
        let new = seen.insert(wall);
        if real > after.0 && (skipped || (wanted(parts(wall)) && (job.interval || new))) {
            found.push(Timestamp(real));
        }
        previous_wall = wall;
        real += MINUTE_MS;
    }
    found
}

/// Minute, hour, day, month, weekday.
type WallParts = (u32, u32, u32, u32, u32);

fn parts(wall_ms: i64) -> WallParts {
    let wall = Timestamp(wall_ms).to_utc();
    (wall.minute(), wall.hour(), wall.day(), wall.month(), wall.weekday().num_days_from_sunday())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn walking_through_time_minute_by_minute_finds_the_same_runs(
        zone in 0..chrono_tz::TZ_VARIANTS.len(),
        minutes in proptest::collection::btree_set(0u32..60, 1..4),
        hours in proptest::collection::btree_set(0u32..24, 1..6),
        every_hour in any::<bool>(),
        start in 1_704_067_200_000i64..1_861_920_000_000,
        near_a_change in any::<bool>(),
    ) {
        let zone = chrono_tz::TZ_VARIANTS[zone];
        let change = near_a_change.then(|| next_transition(zone, start, start + 366 * DAY_MS)).flatten();
        let after = Timestamp(change.map_or(start, |change| change.at_ms - 5 * HOUR_MS + start % HOUR_MS));
        let list = |values: &std::collections::BTreeSet<u32>| values.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let hour = if every_hour { "*".to_owned() } else { list(&hours) };
        let job = job(&format!("{} {hour} * * *", list(&minutes)), zone);
        let wanted = |(minute, hour, ..): WallParts| minutes.contains(&minute) && (every_hour || hours.contains(&hour));
        let expected = walked(&job, wanted, after, 40);
        let found: Vec<Timestamp> =
            std::iter::successors(job.next_after(after), |&run| job.next_after(run)).take_while(|run| run.0 <= after.0 + 40 * HOUR_MS).collect();
        prop_assert_eq!(found, expected);
    }
}
