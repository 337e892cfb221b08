use chrono::NaiveDate;

use super::*;
use crate::app::say::plain;
use crate::domain::insight::metrics::{Load, Period};
use crate::domain::insight::report::{DayFlow, Drafts, DueAction, Queue};
use crate::domain::office::{Lang, MemberId, Office};
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::wording::Wording;

/// Tuesday 17 March 2026, 00:00 in Paris.
const TUESDAY: Timestamp = Timestamp(1_773_702_000_000);

fn office() -> Office {
    let text = include_str!("../../../config/office.toml");
    crate::config::load_office(text, "office.toml").expect("the sample office is valid")
}

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("test date")
}

fn busy() -> Figures {
    Figures {
        received: (100..164).collect(),
        answered: (100..161).collect(),
        resolved: (100..158).collect(),
        open: vec![131, 138, 140, 141],
        unassigned: vec![140],
        overdue: vec![138, 131],
        due: (100..147).collect(),
        late: vec![131],
        first_response: (1..=61).map(|minutes| (minutes, 100)).collect(),
        resolution: vec![(125, 101)],
        positive: vec![101],
        negative: vec![100, 102, 103],
        oldest_open: Some((725, 131)),
        oldest_unassigned: Some((42, 140)),
        ..Figures::default()
    }
}

fn digest() -> Report {
    Report {
        cadence: Cadence::Daily,
        first_day: date("2026-03-16"),
        last_day: date("2026-03-16"),
        period: Period {
            from: TUESDAY.plus_ms(-24 * HOUR_MS),
            to: TUESDAY,
            as_of: TUESDAY.plus_ms(8 * HOUR_MS + 45 * 60_000),
        },
        member: None,
        network: None,
        figures: busy(),
        before: Figures { received: (1..60).collect(), positive: vec![1], negative: vec![2], ..Figures::default() },
        networks: vec![("instagram".into(), busy()), ("x".into(), Figures { received: vec![1], ..Figures::default() })],
        loads: vec![Load {
            member: "lea".into(),
            weight: 1,
            tickets: vec![1],
            cost_milli: 1_500,
            open: vec![131, 138],
        }],
        jain_hundredths: Some(97),
        excluded: vec![9, 10],
        due_today: vec![140, 141],
        days: vec![DayFlow { date: date("2026-03-16"), received: 64, answered: 61 }],
        fairness: Vec::new(),
        away: vec![("hugo".into(), Some("nora".into())), ("tom".into(), None)],
        gaps: Vec::new(),
        coverage: crate::domain::people::coverage::Figures::default(),
        actions: vec![
            DueAction { id: 9, owner: "lea".into(), carried: 2 },
            DueAction { id: 11, owner: "sam".into(), carried: 0 },
        ],
        late_consultations: Vec::new(),
        queue: Queue { parked: 1, limited_at: Some(TUESDAY.plus_ms(-3 * 24 * HOUR_MS)), ..Queue::default() },
        drafts: Drafts {
            today: [28, 29, 30, 32].map(|id| Ref::new(Kind::Post, id)).into(),
            waiting: vec![(Ref::new(Kind::Post, 31), TUESDAY.plus_ms(2 * HOUR_MS + 45 * 60_000))],
        },
        cut: false,
        late_ms: None,
    }
}

fn shown(report: &Report, lang: Lang) -> String {
    let (wording, office) = (Wording::new(), office());
    let body = super::report(report, Some("daily:2026-03-17T08:45"), &Voice::plain(&wording, &office, lang));
    let words = body.blocks.iter().map(|block| match block {
        Block::Header(text) | Block::Footer(text) => text.clone(),
        Block::Text(rich) | Block::Context(rich) | Block::Quote(rich) => plain(rich),
        Block::Controls(_) | Block::Fields(_) | Block::Divider => String::new(),
    });
    // The tests are typed with the space of a keyboard.
    words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n").replace('\u{A0}', " ")
}

#[test]
fn the_digest_reads_so_in_english() {
    let expected = "\
☀️ Tuesday 17 March, 08:45 (Europe/Paris)
Yesterday 64 received · 61 answered · 58 resolved · 4 open
Overdue 2 → T-138, T-131 · Due today 2 · 1 first answer missed its deadline → T-131
Oldest unassigned 42 min → T-140 · Oldest open 12 h 05 → T-131
First response: median 31 min, 9 in 10 within 55 min · Volume +8% in a week · Mood −50 points in a week
Posts today 4 → P-28, P-29, P-30 … +1 · 1 waits for approval, for 6 h 00 → P-31
Away: Hugo Bernard (covered by Nora Lindqvist), Tom Girard
Actions due: A-9 Léa Moreau (carried 2×), A-11 Sam Okafor
Health: queue 0 · failed for good 1 · last rate limit (429) 3 d 8 h ago
Left out: 2 (spam)
Lengths are working hours.";
    assert_eq!(shown(&digest(), Lang::En), expected);
}

#[test]
fn the_digest_reads_so_in_french() {
    let expected = "\
☀️ Mardi 17 mars, 08:45 (Europe/Paris)
Hier 64 reçus · 61 répondus · 58 résolus · 4 ouverts
En retard 2 → T-138, T-131 · À rendre aujourd’hui 2 · 1 première réponse hors délai → T-131
Plus ancien non assigné 42 min → T-140 · Plus ancien ouvert 12 h 05 → T-131
1re réponse : médiane 31 min, 9 sur 10 en 55 min au plus · Volume +8 % sur une semaine · Humeur −50 points sur une semaine
Publications du jour 4 → P-28, P-29, P-30 … +1 · 1 attend une approbation depuis 6 h 00 → P-31
Absences : Hugo Bernard (relais : Nora Lindqvist), Tom Girard
Actions dues : A-9 Léa Moreau (reportée 2×), A-11 Sam Okafor
Santé : file 0 · échecs définitifs 1 · dernière limite de débit (429) il y a 3 j 8 h
Hors calcul : 2 (spam)
Les durées sont en heures ouvrées.";
    assert_eq!(shown(&digest(), Lang::Fr), expected);
}

#[test]
fn a_quiet_day_gives_two_lines() {
    let quiet = Report {
        figures: Figures::default(),
        before: Figures::default(),
        networks: Vec::new(),
        loads: Vec::new(),
        excluded: Vec::new(),
        due_today: Vec::new(),
        actions: Vec::new(),
        late_consultations: Vec::new(),
        queue: Queue::default(),
        drafts: Drafts::default(),
        ..digest()
    };
    assert_eq!(
        shown(&quiet, Lang::En),
        "☀️ Tuesday 17 March, 08:45 (Europe/Paris)\nQuiet: nothing received, nothing open, nothing late. 🌊"
    );
    assert_eq!(
        shown(&quiet, Lang::Fr),
        "☀️ Mardi 17 mars, 08:45 (Europe/Paris)\nCalme plat : rien de reçu, rien d’ouvert, rien en retard. 🌊"
    );
}

#[test]
fn after_a_weekend_the_digest_says_since_when() {
    let monday = Report { first_day: date("2026-03-13"), last_day: date("2026-03-16"), ..digest() };
    assert!(shown(&monday, Lang::En).contains("Since Friday 64 received"));
    assert!(shown(&monday, Lang::Fr).contains("Depuis vendredi 64 reçus"));
}

fn weekly() -> Report {
    Report {
        cadence: Cadence::Weekly,
        first_day: date("2026-03-09"),
        last_day: date("2026-03-15"),
        period: Period { from: TUESDAY.plus_ms(-8 * 24 * HOUR_MS), to: TUESDAY, as_of: TUESDAY },
        ..digest()
    }
}

#[test]
fn the_weekly_report_reads_so_in_both_languages() {
    let english = "\
📊 Week 11 · 9 to 15 March
64 received (+8%) · 61 answered (–) · 58 resolved (–)
4 open (before: 0) · 1 unassigned · Overdue 2 → T-138, T-131
Oldest open 12 h 05 → T-131 · Oldest unassigned 42 min → T-140
First response: median 31 min, 9 in 10 within 55 min (before: –, –)
Resolution: median 2 h 05, 9 in 10 within 2 h 05 (before: –, –)
First answers in time 97% (46 of 47) · 1 first answer missed its deadline → T-131
Mood −50 points (before: 0) · 0% corrected · 93% unclassified
By network
• Instagram 64 received · 61 answered · 4 open · first response 31 min, 9 in 10 within 55 min
• X 1 received · 0 answered · 0 open
Load
• Léa Moreau 1 ticket (cost 1.5, share 1) · 2 open
Fairness (Jain, 1 = even) 0.97
Left out: 2 (spam)
";
    let found = shown(&weekly(), Lang::En);
    assert!(found.starts_with(english), "{found}");
    let french = shown(&weekly(), Lang::Fr);
    for line in [
        "📊 Semaine 11 · du 9 au 15 mars",
        "64 reçus (+8 %) · 61 répondus (–) · 58 résolus (–)",
        "Premières réponses dans les délais 97 % (46 sur 47) · 1 première réponse hors délai → T-131",
        "• Léa Moreau 1 ticket (coût 1,5, part 1) · 2 en cours",
        "Équité (Jain, 1 = égale) 0,97",
    ] {
        assert!(french.contains(line), "no {line:?} in\n{french}");
    }
}

#[test]
fn without_a_week_before_nothing_is_compared() {
    let first = Report { before: Figures::default(), ..weekly() };
    let found = shown(&first, Lang::En);
    assert!(found.contains("There is no week before to compare with."), "{found}");
    assert!(found.contains("\n64 received · 61 answered · 58 resolved\n4 open · 1 unassigned"), "{found}");
    assert!(!found.contains("before:") && !found.contains("(–)"), "{found}");
    assert!(!shown(&weekly(), Lang::En).contains("There is no week before"));
}

#[test]
fn a_week_over_two_months_names_both() {
    let over = Report { first_day: date("2026-03-30"), last_day: date("2026-04-05"), ..weekly() };
    assert!(shown(&over, Lang::En).starts_with("📊 Week 14 · 30 March to 5 April"));
    assert!(shown(&over, Lang::Fr).starts_with("📊 Semaine 14 · du 30 mars au 5 avril"));
    let first = Report { first_day: date("2026-06-01"), last_day: date("2026-06-07"), ..weekly() };
    assert!(shown(&first, Lang::Fr).starts_with("📊 Semaine 23 · du 1er au 7 juin"));
}

#[test]
fn a_digest_tells_how_vigie_itself_is() {
    let well = Report { queue: Queue::default(), ..digest() };
    assert!(shown(&well, Lang::En).contains("Health: queue 0 · no rate limit (429) so far"));
    let busy = Queue { waiting: 18, oldest_at: Some(TUESDAY.plus_ms(8 * HOUR_MS + 33 * 60_000)), ..Queue::default() };
    let found = shown(&Report { queue: busy, ..digest() }, Lang::Fr);
    assert!(found.contains("Santé : file 18 · le plus ancien envoi attend depuis 12 min · aucune limite"), "{found}");
}

#[test]
fn on_a_quiet_day_the_posts_are_still_named() {
    let quiet = Report { figures: Figures::default(), actions: Vec::new(), queue: Queue::default(), ..digest() };
    let found = shown(&quiet, Lang::En);
    assert!(found.contains("🌊\nPosts today 4 → P-28, P-29, P-30 … +1 · 1 waits for approval"), "{found}");
}

#[test]
fn one_persons_report_and_a_cut_one_say_so() {
    let own = Report { member: Some(MemberId::new("sam")), network: Some("x".into()), cut: true, ..weekly() };
    let found = shown(&own, Lang::En);
    for words in ["Only tickets of Sam Okafor.", "Only X.", "the oldest are missing"] {
        assert!(found.contains(words), "no {words:?} in\n{found}");
    }
}

#[test]
fn the_chart_says_in_words_all_that_it_shows() {
    let (wording, office) = (Wording::new(), office());
    let voice = Voice::plain(&wording, &office, Lang::Fr);
    assert_eq!(
        chart_words(&weekly(), &voice).replace('\u{A0}', " "),
        "Reçus et répondus par jour, du 9 au 15 mars. lun. 16 : 64 reçus, 61 répondus"
    );
    let chart = chart(&weekly(), &voice);
    assert_eq!(chart.series[0], ("Reçus".to_owned(), vec![64]));
    assert_eq!(chart.labels, ["lun. 16"]);
}

#[test]
fn every_figure_that_is_not_empty_can_be_listed_from_the_menu() {
    let (wording, office) = (Wording::new(), office());
    let body = super::report(&digest(), Some("daily:2026-03-17T08:45"), &Voice::plain(&wording, &office, Lang::En));
    let Some(Block::Controls(controls)) = body.blocks.last() else { panic!("no menu") };
    let Control::Menu { entries, value, .. } = &controls[0] else { panic!("no menu") };
    assert!(value.len() <= 60, "a menu carries at most 60 bytes");
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "received",
            "answered",
            "resolved",
            "open",
            "unassigned",
            "overdue",
            "late",
            "first-response",
            "resolution",
            "negative",
            "positive"
        ]
    );
    assert!(names.iter().all(|name| Metric::read(name).is_some()));
}
