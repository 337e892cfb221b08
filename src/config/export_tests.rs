use proptest::prelude::{Just, Strategy as _, any, prop_assert_eq, prop_assume, prop_oneof, proptest};

use super::*;
use crate::config::{Whole, check_office, check_triage, check_whole};
use crate::domain::decide::{Actor, Decider, Facts};
use crate::domain::desk::triage::lesson::Lesson;
use crate::domain::office::changes;
use crate::domain::office::log::{OfficeCommand, OfficeLog};
use crate::domain::people::rotation::Cost;
use crate::domain::time::Timestamp;

const SAMPLE: &str = include_str!("../../config/office.toml");

fn sample() -> Office {
    check_office(SAMPLE, "office.toml").into_result().expect("the sample is right")
}

fn read(toml: &str) -> Office {
    check_office(toml, "export.toml").into_result().unwrap_or_else(|findings| panic!("{findings:#?}\n{toml}"))
}

/// The order in which a member's grants stand means nothing.
fn settled(mut office: Office) -> Office {
    for member in office.members.values_mut() {
        let mut grants = member.grants.clone();
        grants.iter_mut().for_each(|grant| grant.source = GrantSource::File);
        grants.sort_by_key(|grant| (!is_plain(grant), limits(grant)));
        member.hold(grants);
    }
    office
}

#[test]
fn the_sample_comes_back_as_it_went() {
    let office = sample();
    let back = read(&export(&office));
    assert_eq!(settled(back.clone()), settled(office.clone()));
    assert_eq!(differences(&office, &back), []);
    assert_eq!(export(&back), export(&office));
}

#[test]
fn everything_that_chat_can_change_comes_back() {
    let mut office = sample();
    let always = office.calendar.clone();
    let lea = office.members.get_mut(&MemberId::from("lea")).expect("lea");
    let mut grants = lea.grants.clone();
    grants.push(RoleGrant {
        role: "care".into(),
        networks: ["instagram".to_owned()].into(),
        brands: BTreeSet::new(),
        until: Some(Timestamp(1_800_000_000_123)),
        source: GrantSource::Command,
    });
    lea.hold(grants);
    lea.role_backups.insert("care".into(), "hugo".into());
    lea.name = "Léa \"L\" Moreau".into();
    office.unlinked.insert(("slack".into(), "U1".into()));
    office.roles.get_mut("care").expect("care").strategy =
        Strategy::Weekly { weekday: 4, minute: 9 * 60, order: vec![], first: None, tickets_follow: false };
    office.accounts.get_mut("instagram").expect("instagram").cover = Some(always);
    let back = read(&export(&office));
    assert_eq!(settled(back), settled(office));
}

#[test]
fn what_a_group_gives_is_not_written_down() {
    let mut office = sample();
    let sam = office.members.get_mut(&MemberId::from("sam")).expect("sam");
    let mut grants = sam.grants.clone();
    let source = GrantSource::Group { chat: "slack".into(), group: "sales-team".into() };
    grants.push(RoleGrant { role: "sales".into(), source, ..RoleGrant::default() });
    sam.hold(grants);
    assert_eq!(differences(&sample(), &office), []);
}

#[test]
fn a_difference_is_told_by_its_place() {
    let (before, mut after) = (sample(), sample());
    after.members.get_mut(&MemberId::from("lea")).expect("lea").weight = 3;
    after.members.remove(&MemberId::from("tom"));
    let told = differences(&before, &after);
    let weight = told.iter().find(|one| one.place == "members.lea.weight").expect("told");
    assert_eq!(weight.after.as_deref(), Some("3"));
    assert!(told.iter().filter(|one| one.place.starts_with("members.tom.")).all(|one| one.after.is_none()));
    assert!(told.iter().all(|one| one.place == "members.lea.weight" || one.place.starts_with("members.tom.")));
}

proptest! {
    #[test]
    fn any_words_come_back(name in "[^\\p{C}]{1,40}", weight in 1_u32..=10, capacity in proptest::option::of(1_u32..500)) {
        prop_assume!(!name.trim().is_empty());
        let mut office = sample();
        let lea = office.members.get_mut(&MemberId::from("lea")).expect("lea");
        lea.name = name.trim().to_owned();
        lea.weight = weight;
        lea.capacity = capacity;
        prop_assert_eq!(settled(read(&export(&office))), settled(office));
    }
}

/// What people change about an office, drawn at random.
#[derive(Clone, Debug)]
struct Drawn {
    weights: Vec<u32>,
    capacities: Vec<Option<u32>>,
    skills: Vec<u32>,
    until: Option<i64>,
    costs: [i64; 4],
    reopened: u32,
    approve_leave: bool,
    approve_replies: bool,
    minutes: [i64; 2],
    weekly: Option<(u8, u16, bool)>,
    outcomes: bool,
    kept_rules: usize,
    learnt: Vec<(String, bool)>,
}

fn drawn() -> impl proptest::strategy::Strategy<Value = Drawn> {
    let people = (
        proptest::collection::vec(0_u32..=10, 9),
        proptest::collection::vec(proptest::option::of(1_u32..10_000), 9),
        proptest::collection::vec(0_u32..=5, 9),
        proptest::option::of(1_800_000_000_000_i64..1_900_000_000_000),
    );
    let office = (
        [1_i64..100_000, 1..100_000, 1..100_000, 1..100_000],
        100_u32..=1_000,
        any::<bool>(),
        any::<bool>(),
        [1_i64..2_000, 2_000..10_000],
        prop_oneof![Just(None), (0_u8..7, 0_u16..1_440, any::<bool>()).prop_map(Some)],
        any::<bool>(),
    );
    let rules = (1_usize..40, proptest::collection::vec(("[a-zé'\"]{3,12}", any::<bool>()), 0..5));
    (people, office, rules).prop_map(|((weights, capacities, skills, until), office, (kept_rules, learnt))| {
        let (costs, reopened, approve_leave, approve_replies, minutes, weekly, outcomes) = office;
        Drawn {
            weights,
            capacities,
            skills,
            until,
            costs,
            reopened,
            approve_leave,
            approve_replies,
            minutes,
            weekly,
            outcomes,
            kept_rules,
            learnt,
        }
    })
}

fn made(drawn: &Drawn) -> Whole {
    let mut office = sample();
    for (place, member) in office.members.values_mut().enumerate() {
        member.weight = drawn.weights[place];
        member.capacity = drawn.capacities[place];
        member.skills.insert("repair".into(), drawn.skills[place]);
        let until = drawn.until.map(Timestamp);
        let mut grants = member.grants.clone();
        grants.push(RoleGrant {
            role: "sales".into(),
            networks: ["x".to_owned()].into(),
            until,
            ..RoleGrant::of_file("sales")
        });
        member.hold(grants);
    }
    let [p1, p2, p3, p4] = drawn.costs.map(Cost);
    office.costs = CostTable { p1, p2, p3, p4, reopened_percent: drawn.reopened };
    office.approve_leave = drawn.approve_leave;
    office.accounts.get_mut("instagram").expect("instagram").approve_replies = drawn.approve_replies;
    let target = office.targets.get_mut(&2).expect("p2");
    [target.first_response_minutes, target.resolution_minutes] = drawn.minutes;
    if let Some((weekday, minute, tickets_follow)) = drawn.weekly {
        let order = vec!["sam".into(), "hugo".into()];
        office.roles.get_mut("care").expect("care").strategy = Strategy::Weekly {
            weekday,
            minute,
            order,
            first: chrono::NaiveDate::from_ymd_opt(2026, 3, 16),
            tickets_follow,
        };
    }
    if drawn.outcomes {
        let words = [(Lang::Fr, "bon d’achat \"spécial\"".to_owned())].into();
        office.outcomes = vec![
            OutcomeKind { name: "voucher".into(), words },
            OutcomeKind { name: "spam".into(), words: BTreeMap::new() },
        ];
    }
    let triage = include_str!("../../config/triage.toml");
    let triage = check_triage(triage, "triage.toml", Some(&office)).into_result().expect("the sample is right");
    let learnt = drawn.learnt.iter().enumerate().filter(|(_, (word, _))| word.chars().any(char::is_alphabetic));
    let learnt = learnt.map(|(place, (word, on))| Lesson {
        name: format!("learnt-{place}"),
        keywords: vec![word.clone()],
        topic: "repair".into(),
        role: Some("care".into()),
        priority: None,
        on: *on,
        by: "lea".into(),
        ticket: (place > 0).then_some(7),
    });
    let rules = triage.rules.into_iter().take(drawn.kept_rules).collect();
    let rules = RuleBook { defaults: triage.defaults, rules, learnt: learnt.collect() };
    Whole { office, rules: Some(rules) }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]

    /// Exported, read again and applied to an office that has none of it: the export is the same.
    #[test]
    fn an_office_applied_elsewhere_is_exported_the_same(drawn in drawn()) {
        let whole = made(&drawn);
        let book = whole.rules.clone().expect("rules");
        let toml = export_whole(&whole.office, &book);
        let read = check_whole(&toml, "export.toml");
        let read = read.into_result().unwrap_or_else(|findings| panic!("{findings:#?}\n{toml}"));
        prop_assert_eq!(settled(read.office.clone()), settled(whole.office.clone()));
        prop_assert_eq!(read.rules.as_ref(), Some(&book));
        prop_assert_eq!(whole_differences((&whole.office, &book), (&read.office, read.rules.as_ref())), vec![]);

        let empty = {
            let mut empty = sample();
            empty.members.retain(|member, _| member.as_str() == "lea");
            empty
        };
        let now = Timestamp(1_773_734_520_000);
        let facts = Facts { now, actor: Actor::System, office: &empty };
        let command = OfficeCommand::Apply(Box::new(read.office), read.rules.map(Box::new));
        let events = OfficeLog::default().decide(&command, &facts).expect("applied");
        let log = events.iter().fold(OfficeLog::default(), OfficeLog::evolve);
        let office = changes::apply(log.applied.as_deref().expect("applied"), &log.changes, now);
        let learnt = log.changes.iter().filter_map(|change| match change {
            changes::OfficeChange::Learnt { lesson } => Some(lesson.clone()),
            _ => None,
        });
        let rules = RuleBook { learnt: learnt.collect(), ..*log.rules.clone().expect("rules") };
        prop_assert_eq!(export_whole(&office, &rules), toml);
    }
}
