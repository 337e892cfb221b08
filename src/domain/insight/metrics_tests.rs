use std::collections::BTreeMap;

use super::*;
use crate::domain::desk::ticket::{Choice, Entry, Event, Opening, Ticket};
use crate::domain::insight::report::{Cadence, Report, Span, daily_period, weekly_period};

/// Paris, Monday to Friday 09:00-12:30 and 13:30-18:00; 6 April 2026 is a holiday. Role `night` never closes.
fn office() -> Office {
    let day = serde_json::json!([{ "from_minute": 540, "to_minute": 750 }, { "from_minute": 810, "to_minute": 1080 }]);
    let all = serde_json::json!([{ "from_minute": 0, "to_minute": 1440 }]);
    let hours = serde_json::json!({
        "zone": "Europe/Paris", "week": [day, day, day, day, day, [], []], "holidays": ["2026-04-06"],
    });
    let always = serde_json::json!({ "zone": "Europe/Paris", "week": [all, all, all, all, all, all, all] });
    let role = |name: &str, hours: serde_json::Value| {
        serde_json::json!({
            "name": name, "post": "expert", "mission": {}, "rotation": true, "topics": [], "lead": null, "hours": hours,
        })
    };
    let member = |id: &str, weight: u32| {
        serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": ["care"],
            "networks": [], "weight": weight, "capacity": null, "skills": {}, "backup": null, "hours": null,
        })
    };
    let office = serde_json::json!({
        "name": "Office", "zone": "Europe/Paris", "language": "en", "calendar": hours,
        "members": { "ana": member("ana", 1), "bo": member("bo", 2) },
        "roles": { "care": role("care", serde_json::Value::Null), "night": role("night", always) },
        "desks": [], "accounts": {}, "targets": {}, "default_role": "care", "reporting": null, "series": [],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    });
    serde_json::from_value(office).expect("the test's office is valid")
}

/// A wall-clock time in Paris, e.g. `2026-03-17 09:00`.
fn at(wall: &str) -> Timestamp {
    use chrono::TimeZone;
    let naive = chrono::NaiveDateTime::parse_from_str(wall, "%Y-%m-%d %H:%M").expect("test instant");
    chrono_tz::Europe::Paris.from_local_datetime(&naive).earliest().expect("test instant").to_utc().into()
}

fn period(from: &str, to: &str) -> Period {
    Period { from: at(from), to: at(to), as_of: at(to) }
}

/// A ticket's journal, written line by line.
struct Story {
    events: Vec<(Timestamp, Event)>,
}

impl Story {
    fn new(id: i64, received: &str) -> Self {
        let opening = Opening {
            network: "instagram".into(),
            role: "care".into(),
            topic: "refund".into(),
            received_at: at(received),
            ..Ticket::default().opening
        };
        Self { events: vec![(at(received), Event::Opened { id, opening: Box::new(opening) })] }
    }

    fn opening(mut self, change: impl FnOnce(&mut Opening)) -> Self {
        if let (_, Event::Opened { opening, .. }) = &mut self.events[0] {
            change(opening);
        }
        self
    }

    fn due(self, first: &str) -> Self {
        self.opening(|opening| opening.first_response_due = Some(at(first)))
    }

    fn then(mut self, when: &str, event: Event) -> Self {
        self.events.push((at(when), event));
        self
    }

    fn assigned(self, when: &str, to: &str) -> Self {
        self.then(when, Event::Assigned { to: to.into(), from: None, choice: Choice::Claimed })
    }

    fn answered(self, when: &str) -> Self {
        self.then(when, Event::Answered { at: at(when) })
    }

    fn added(self, when: &str) -> Self {
        let entry = Entry { source: when.into(), author: "kim".into(), text: "?".into(), at: at(when), deleted: false };
        self.then(when, Event::Added { entry, waited_ms: 0, due: None })
    }

    fn resolved(self, when: &str) -> Self {
        self.then(when, Event::Resolved { by: "ana".into(), at: at(when), outcome: None, note: None })
    }

    fn reopened(self, when: &str) -> Self {
        self.then(when, Event::Reopened { due: None })
    }

    fn course(self) -> Course {
        Course::fold(self.events.iter().map(|(at, event)| (*at, event))).expect("begins with an opening")
    }
}

#[test]
fn a_ticket_that_went_back_to_the_pool_is_nobodys_until_somebody_gets_it_anew() {
    let released = |story: Story, when: &str| story.then(when, Event::Released { from: "ana".into() });
    let story = Story::new(1, "2026-03-17 09:00").assigned("2026-03-17 09:05", "ana");
    let story = released(story, "2026-03-17 10:00").assigned("2026-03-17 11:00", "bo");
    // Released and given anew in one transaction: never nobody's.
    let story =
        story.then("2026-03-17 12:00", Event::Released { from: "bo".into() }).assigned("2026-03-17 12:00", "ana");
    let course = story.course();
    for (when, owner) in [
        ("2026-03-17 09:05", None),
        ("2026-03-17 09:30", Some("ana")),
        ("2026-03-17 10:30", None),
        ("2026-03-17 11:30", Some("bo")),
        ("2026-03-17 12:01", Some("ana")),
    ] {
        assert_eq!(course.owner_at(at(when)).map(|member| member.as_str()), owner, "{when}");
    }
    assert_eq!(course.handovers.len(), 3, "each who got it has had the work");
}

#[test]
fn a_first_response_is_measured_in_the_hours_of_the_tickets_role() {
    let cases = [
        ("within a morning", "2026-03-17 09:00", "2026-03-17 09:23", "care", 23),
        ("over lunch", "2026-03-17 12:00", "2026-03-17 14:00", "care", 60),
        ("over night", "2026-03-17 17:30", "2026-03-18 09:15", "care", 45),
        ("over a weekend", "2026-03-20 17:00", "2026-03-23 10:00", "care", 120),
        ("over Easter Monday", "2026-04-03 17:00", "2026-04-07 09:30", "care", 90),
        ("outside hours altogether", "2026-03-21 10:00", "2026-03-21 11:00", "care", 0),
        ("over the spring night, round the clock", "2026-03-28 23:00", "2026-03-29 05:00", "night", 300),
        ("over the autumn night, round the clock", "2026-10-24 23:00", "2026-10-25 05:00", "night", 420),
        ("over the spring weekend, office hours", "2026-03-27 17:00", "2026-03-30 10:00", "care", 120),
    ];
    let office = office();
    for (what, received, answered, role, minutes) in cases {
        let course = Story::new(1, received).opening(|opening| opening.role = role.into()).answered(answered).course();
        let found = course.first_response_minutes(office.calendar_of_role(role));
        assert_eq!(found, Some(minutes), "{what}");
    }
}

#[test]
fn resolution_leaves_out_waiting_for_the_customer_and_goes_on_after_reopening() {
    let story = || Story::new(1, "2026-03-17 09:00");
    let cases = [
        ("straight", story().resolved("2026-03-17 11:00"), Some(120)),
        ("the customer never wrote again", story().answered("2026-03-17 09:30").resolved("2026-03-18 09:30"), Some(30)),
        (
            "the customer took two hours",
            story().answered("2026-03-17 09:30").added("2026-03-17 11:30").resolved("2026-03-17 12:00"),
            Some(60),
        ),
        (
            "a second answer while waiting changes nothing",
            story()
                .answered("2026-03-17 09:30")
                .answered("2026-03-17 10:30")
                .added("2026-03-17 11:30")
                .resolved("2026-03-17 12:00"),
            Some(60),
        ),
        (
            "reopening continues the clock",
            story().resolved("2026-03-17 10:00").reopened("2026-03-17 11:00").resolved("2026-03-17 12:00"),
            Some(180),
        ),
        ("reopened and still open", story().resolved("2026-03-17 10:00").reopened("2026-03-17 11:00"), None),
        ("never resolved", story(), None),
    ];
    let office = office();
    let day = period("2026-03-17 00:00", "2026-03-19 00:00");
    for (what, story, minutes) in cases {
        let figures = Figures::of(&[story.course()], &day, &office);
        assert_eq!(figures.resolution.first().map(|(minutes, _)| *minutes), minutes, "{what}");
        assert_eq!(figures.resolved.len(), usize::from(minutes.is_some()), "{what}");
    }
}

#[test]
fn a_first_answer_is_late_only_when_it_fell_due_and_nothing_was_done() {
    let story = || Story::new(1, "2026-03-17 09:00").due("2026-03-17 10:00");
    let cases = [
        ("in time", story().answered("2026-03-17 10:00"), 1, 0),
        ("late", story().answered("2026-03-17 10:01"), 1, 1),
        ("never", story(), 1, 1),
        ("resolved without an answer in time", story().resolved("2026-03-17 09:30"), 1, 0),
        ("resolved without an answer too late", story().resolved("2026-03-17 10:30"), 1, 1),
        ("due on another day", Story::new(1, "2026-03-17 09:00").due("2026-03-18 10:00"), 0, 0),
        ("without a target", Story::new(1, "2026-03-17 09:00"), 0, 0),
        ("spam", story().opening(|opening| opening.topic = "spam".into()), 0, 0),
    ];
    let office = office();
    let day = period("2026-03-17 00:00", "2026-03-18 00:00");
    for (what, story, due, late) in cases {
        let figures = Figures::of(&[story.course()], &day, &office);
        assert_eq!((figures.due.len(), figures.late.len()), (due, late), "{what}");
    }
}

#[test]
fn periods_are_half_open_and_stocks_are_those_of_the_stated_instant() {
    let office = office();
    let courses = [
        Story::new(1, "2026-03-16 23:59").course(),
        Story::new(2, "2026-03-17 00:00").assigned("2026-03-17 09:00", "ana").course(),
        Story::new(3, "2026-03-17 23:59").course(),
        Story::new(4, "2026-03-18 00:00").course(),
        Story::new(5, "2026-03-17 10:00").resolved("2026-03-17 11:00").course(),
        Story::new(6, "2026-03-17 10:00").resolved("2026-03-18 08:00").course(),
    ];
    let day = Period { as_of: at("2026-03-18 08:45"), ..period("2026-03-17 00:00", "2026-03-18 00:00") };
    let figures = Figures::of(&courses, &day, &office);
    assert_eq!(figures.received, [2, 3, 5, 6]);
    assert_eq!(figures.resolved, [5]);
    assert_eq!(figures.open, [1, 2, 3, 4]);
    assert_eq!(figures.unassigned, [1, 3, 4]);
    assert_eq!(figures.oldest_unassigned, Some((480, 1)));
}

#[test]
fn overdue_is_our_turn_and_past_the_deadline_that_runs() {
    let office = office();
    let due_both = |opening: &mut Opening| {
        opening.first_response_due = Some(at("2026-03-17 10:00"));
        opening.resolution_due = Some(at("2026-03-17 16:00"));
    };
    let story = || Story::new(1, "2026-03-17 09:00").opening(due_both);
    let cases = [
        ("unanswered", "2026-03-17 10:01", story(), true),
        ("not yet", "2026-03-17 10:00", story(), false),
        ("the customer's turn", "2026-03-17 17:00", story().answered("2026-03-17 09:30"), false),
        (
            "waiting moved the deadline by two hours",
            "2026-03-17 17:00",
            story().answered("2026-03-17 09:30").added("2026-03-17 11:30"),
            false,
        ),
        (
            "and then it passed too",
            "2026-03-17 18:01",
            story().answered("2026-03-17 09:30").added("2026-03-17 11:30"),
            true,
        ),
        ("resolved", "2026-03-17 17:00", story().resolved("2026-03-17 12:00"), false),
    ];
    for (what, as_of, story, overdue) in cases {
        let day = Period { as_of: at(as_of), ..period("2026-03-17 00:00", "2026-03-18 00:00") };
        let figures = Figures::of(&[story.course()], &day, &office);
        assert_eq!(!figures.overdue.is_empty(), overdue, "{what}");
    }
}

#[test]
fn percentiles_are_by_nearest_rank_and_nothing_has_none() {
    let list = |minutes: &[i64]| minutes.iter().map(|minutes| (*minutes, 0)).collect::<Vec<Measured>>();
    for (minutes, median, p90) in [
        (&[][..], None, None),
        (&[7][..], Some(7), Some(7)),
        (&[1, 2][..], Some(1), Some(2)),
        (&[1, 2, 3][..], Some(2), Some(3)),
        (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], Some(5), Some(9)),
        (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11][..], Some(6), Some(10)),
    ] {
        let sorted = list(minutes);
        assert_eq!((nearest_rank(&sorted, 50), nearest_rank(&sorted, 90)), (median, p90), "{minutes:?}");
    }
}

#[test]
fn changes_are_whole_percents_and_nothing_compares_with_zero() {
    for (now, before, percent) in [
        (0, 0, None),
        (5, 0, None),
        (0, 5, Some(-100)),
        (5, 5, Some(0)),
        (54, 50, Some(8)),
        (2, 3, Some(-33)),
        (3, 2, Some(50)),
        (1, 3, Some(-67)),
    ] {
        assert_eq!(change_percent(now, before), percent, "{now} after {before}");
    }
}

#[test]
fn fairness_is_jains_index_of_load_by_share() {
    let load = |member: &str, weight, cost_milli| Load {
        member: member.into(),
        weight,
        cost_milli,
        tickets: Vec::new(),
        open: Vec::new(),
    };
    for (loads, index) in [
        (vec![], None),
        (vec![load("ana", 1, 5_000)], None),
        (vec![load("ana", 1, 0), load("bo", 1, 0)], None),
        (vec![load("ana", 1, 5_000), load("bo", 2, 10_000)], Some(100)),
        (vec![load("ana", 1, 5_000), load("bo", 1, 0)], Some(50)),
        (vec![load("ana", 1, 1_000), load("bo", 1, 2_000), load("cy", 1, 3_000)], Some(86)),
    ] {
        assert_eq!(jain_hundredths(&loads), index, "{loads:?}");
    }
}

#[test]
fn loads_count_what_people_were_given_in_the_period_by_priority() {
    let office = office();
    let courses = [
        Story::new(1, "2026-03-17 09:00")
            .opening(|opening| opening.priority = 1)
            .assigned("2026-03-17 09:01", "ana")
            .course(),
        Story::new(2, "2026-03-17 09:00")
            .assigned("2026-03-17 09:01", "ana")
            .assigned("2026-03-17 10:00", "bo")
            .course(),
        Story::new(3, "2026-03-16 09:00").assigned("2026-03-16 09:01", "bo").course(),
        Story::new(4, "2026-03-17 09:00")
            .opening(|opening| opening.topic = "spam".into())
            .assigned("2026-03-17 09:02", "bo")
            .course(),
    ];
    let found = loads(&courses, &period("2026-03-17 00:00", "2026-03-18 00:00"), &office);
    let short: Vec<(&str, Vec<i64>, i64, Vec<i64>)> = found
        .iter()
        .map(|load| (load.member.as_str(), load.tickets.clone(), load.cost_milli, load.open.clone()))
        .collect();
    assert_eq!(short, [("ana", vec![1, 2], 5_000, vec![1]), ("bo", vec![2], 1_000, vec![2, 3])]);
}

#[test]
fn a_digest_covers_everything_since_the_last_working_day() {
    let office = office();
    for (morning, first, last) in [
        ("2026-03-17 08:45", "2026-03-16", "2026-03-16"),
        ("2026-03-16 08:45", "2026-03-13", "2026-03-15"),
        ("2026-04-07 08:45", "2026-04-03", "2026-04-06"),
    ] {
        let span = daily_period(&office, at(morning));
        assert_eq!((span.first.to_string(), span.last.to_string()), (first.to_owned(), last.to_owned()), "{morning}");
        assert_eq!(span.period.as_of, at(morning), "{morning}");
    }
}

#[test]
fn a_week_runs_from_monday_to_monday_also_over_a_change_of_the_clock() {
    let span = weekly_period(&office(), at("2026-03-30 09:00"));
    assert_eq!((span.period.from, span.period.to), (at("2026-03-23 00:00"), at("2026-03-30 00:00")));
    let before = span.week_before(&office());
    assert_eq!((before.from, before.to), (at("2026-03-16 00:00"), at("2026-03-23 00:00")));
}

#[test]
fn a_report_compares_with_the_week_before_counts_exclusions_and_lists_by_network_and_day() {
    let office = office();
    let on = |network: &str| {
        let network = network.to_owned();
        move |opening: &mut Opening| opening.network = network
    };
    let courses = [
        Story::new(1, "2026-03-03 09:00").resolved("2026-03-03 10:00").course(),
        Story::new(2, "2026-03-09 09:00").opening(on("x")).answered("2026-03-10 09:30").course(),
        Story::new(3, "2026-03-10 09:00").opening(on("x")).course(),
        Story::new(4, "2026-03-11 09:00").course(),
        Story::new(5, "2026-03-12 09:00").opening(|opening| opening.topic = "spam".into()).course(),
    ];
    let span = weekly_period(&office, at("2026-03-16 09:00"));
    let report = Report::of(Cadence::Weekly, &span, &courses, &office, None, None);
    assert_eq!((&report.figures.received, &report.before.received), (&vec![2, 3, 4], &vec![1]));
    assert_eq!(report.excluded, [5]);
    let networks: BTreeMap<&str, usize> =
        report.networks.iter().map(|(network, figures)| (network.as_str(), figures.received.len())).collect();
    assert_eq!(networks, BTreeMap::from([("instagram", 1), ("x", 2)]));
    let days: Vec<(usize, usize)> = report.days.iter().map(|day| (day.received, day.answered)).collect();
    assert_eq!(days, [(1, 0), (1, 1), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0)]);
    let mine = Report::of(Cadence::Weekly, &span, &courses, &office, Some(&"ana".into()), Some("x"));
    assert!(mine.figures.received.is_empty(), "nothing of it was ana's");
}

#[test]
fn no_tickets_are_a_quiet_report_without_values() {
    let office = office();
    let span = weekly_period(&office, at("2026-03-16 09:00"));
    let report = Report::of(Cadence::Weekly, &span, &[], &office, None, None);
    assert!(report.is_quiet());
    assert_eq!(report.jain_hundredths, None);
    assert_eq!(report.figures.attainment_percent(), None);
    assert_eq!(report.figures.oldest_open, None);
}

#[test]
fn what_happened_after_the_stated_instant_does_not_change_a_figure() {
    let office = office();
    let span = Span { ..weekly_period(&office, at("2026-03-16 09:00")) };
    let early = |story: Story| {
        let known: Vec<_> = story.events.iter().filter(|(when, _)| *when < span.period.as_of).collect();
        Course::fold(known.into_iter().map(|(at, event)| (*at, event))).expect("an opening")
    };
    let story = || {
        Story::new(1, "2026-03-10 09:00")
            .due("2026-03-10 10:00")
            .assigned("2026-03-10 09:05", "ana")
            .answered("2026-03-10 09:30")
            .added("2026-03-12 09:00")
            .resolved("2026-03-13 09:00")
            .reopened("2026-03-17 09:00")
            .answered("2026-03-17 09:30")
            .resolved("2026-03-18 09:00")
    };
    let then = Report::of(Cadence::Weekly, &span, &[early(story())], &office, None, None);
    let later = Report::of(Cadence::Weekly, &span, &[story().course()], &office, None, None);
    assert_eq!(then, later);
}

#[test]
fn figures_have_names_in_both_languages() {
    for metric in Metric::ALL {
        let (english, french) = metric.names();
        assert_eq!((Metric::read(english), Metric::read(french)), (Some(metric), Some(metric)));
    }
    assert_eq!(Metric::read("Reçus"), Some(Metric::Received));
    assert_eq!(Metric::read("nonsense"), None);
}

/// Ticket 1 of the story: a further message at `when`, due at `next`, after an answer.
fn writes_again(story: Story, when: &str, next: &str, resolution: Option<&str>) -> Story {
    use crate::domain::desk::ticket::Due;
    let due =
        Due { next: Some(at(next)), turn_since: Some(at(when)), resolution: resolution.map(at), ..Due::default() };
    let entry = Entry { source: when.into(), author: "kim".into(), text: "?".into(), at: at(when), deleted: false };
    story.then(when, Event::Added { entry, waited_ms: 0, due: Some(due) })
}

#[test]
fn each_further_answer_is_measured_from_the_first_unanswered_message_on() {
    let office = office();
    let day = period("2026-03-17 00:00", "2026-03-18 00:00");
    let story = Story::new(1, "2026-03-17 09:00").answered("2026-03-17 09:10");
    let story = writes_again(story, "2026-03-17 10:00", "2026-03-17 10:30", None);
    // A second message before the answer belongs to the same exchange.
    let story = writes_again(story, "2026-03-17 10:00", "2026-03-17 10:30", None).answered("2026-03-17 10:20");
    let story = writes_again(story, "2026-03-17 12:00", "2026-03-17 13:30", None).answered("2026-03-17 14:00");
    let story = writes_again(story, "2026-03-17 16:00", "2026-03-17 16:30", None);
    let waiting = story.course();
    let figures = Figures::of([&waiting], &day, &office);
    assert_eq!(figures.next_response, [(20, 1), (60, 1)], "lunch does not count");
    assert_eq!((figures.next_due.len(), figures.late_next.len()), (3, 2), "open past due is missed");
    assert_eq!(super::attained_percent(&figures.next_due, &figures.late_next), Some(33));
    let before = Figures::of([&waiting], &period("2026-03-17 00:00", "2026-03-17 16:20"), &office);
    assert_eq!((before.next_due.len(), before.late_next.len()), (2, 1), "what is not due yet is left out");
    assert_eq!(figures.behind(Metric::NextResponse), [(1, Some(60)), (1, Some(20))], "the list behind the number");
}

#[test]
fn a_resolution_is_due_where_the_customers_time_has_moved_it() {
    let office = office();
    let day = period("2026-03-17 00:00", "2026-03-18 00:00");
    let due = |story: Story| story.opening(|opening| opening.resolution_due = Some(at("2026-03-17 12:00")));
    let met = due(Story::new(1, "2026-03-17 09:00")).answered("2026-03-17 09:10").resolved("2026-03-17 11:00").course();
    let missed =
        due(Story::new(2, "2026-03-17 09:00")).answered("2026-03-17 12:10").resolved("2026-03-17 12:20").course();
    let unanswered = due(Story::new(3, "2026-03-17 09:00")).course();
    let stands = due(Story::new(4, "2026-03-17 09:00")).answered("2026-03-17 09:10").course();
    let figures = Figures::of([&met, &missed, &unanswered, &stands], &day, &office);
    assert_eq!(figures.resolution_due, [1, 2, 3], "the fourth waits for the customer: its clock stands still");
    assert_eq!(figures.late_resolution, [2, 3]);
}

#[test]
fn a_breach_in_the_journal_is_a_miss_in_the_figures() {
    use crate::domain::desk::ticket::Deadline;
    let office = office();
    let breach = Event::Breached { deadline: Deadline::First, due: at("2026-03-17 10:00") };
    let course = Story::new(1, "2026-03-17 09:00").due("2026-03-17 10:00").then("2026-03-17 12:00", breach).course();
    let figures = Figures::of([&course], &period("2026-03-17 00:00", "2026-03-18 00:00"), &office);
    assert_eq!((figures.late, course.breaches), (vec![1], vec![(Deadline::First, at("2026-03-17 10:00"))]));
}
