use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::*;
use crate::domain::decide::Actor;
use crate::domain::desk::triage::lesson::Lesson;
use crate::domain::office::{CrisisPlan, GrantSource, Lang, Member, Post, Role, Strategy};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::time::DAY_MS;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn member(id: &str, roles: &[&str]) -> Member {
    let mut member = Member {
        id: MemberId::new(id),
        name: id.to_owned(),
        language: None,
        zone: None,
        email: None,
        handles: BTreeMap::new(),
        roles: Vec::new(),
        grants: Vec::new(),
        networks: BTreeSet::new(),
        brands: BTreeSet::new(),
        weight: 1,
        capacity: None,
        skills: BTreeMap::new(),
        backup: None,
        role_backups: BTreeMap::new(),
        hours: None,
    };
    member.hold(roles.iter().map(|role| RoleGrant::of_file(*role)).collect());
    member
}

fn role(name: &str) -> Role {
    Role {
        name: name.to_owned(),
        post: Post::CommunityManager,
        mission: BTreeMap::from([(Lang::En, "See to it.".to_owned())]),
        rotation: true,
        topics: BTreeSet::new(),
        lead: None,
        hours: None,
        strategy: Strategy::Turns,
        groups: BTreeMap::new(),
    }
}

/// Léa and Hugo hold care; Ana holds nothing.
fn office() -> Office {
    let people = [member("ana", &[]), member("hugo", &["care"]), member("lea", &["care"])];
    Office {
        costs: crate::domain::people::rotation::CostTable::default(),
        name: "Office".to_owned(),
        zone: Tz::UTC,
        language: Lang::En,
        calendar: Calendar::always_open(Tz::UTC),
        members: people.into_iter().map(|member| (member.id.clone(), member)).collect(),
        roles: ["care", "content"].map(|name| (name.to_owned(), role(name))).into_iter().collect(),
        desks: Vec::new(),
        accounts: BTreeMap::new(),
        targets: BTreeMap::new(),
        outcomes: Vec::new(),
        default_role: "care".to_owned(),
        series: Vec::new(),
        reporting: None,
        crisis: CrisisPlan {
            lead: None,
            deputy: None,
            alert_roles: Vec::new(),
            crisis_roles: Vec::new(),
            volume_messages: 20,
            volume_minutes: 20,
            ack_minutes: (10, 5),
            update_minutes: (60, 30),
            standdown_people: 2,
        },
        unlinked: BTreeSet::new(),
        approve_leave: false,
        away: crate::domain::people::substitution::Absences::default(),
        lent: BTreeMap::new(),
    }
}

fn granted(who: &str, role: &str, until: Option<Timestamp>) -> OfficeChange {
    let grant = RoleGrant { role: role.into(), until, source: GrantSource::Command, ..RoleGrant::default() };
    OfficeChange::Granted { member: who.into(), grant }
}

fn revoked(who: &str, role: &str, source: GrantSource) -> OfficeChange {
    OfficeChange::Revoked { member: who.into(), role: role.into(), source }
}

fn backup(who: &str, backup: &str) -> OfficeChange {
    OfficeChange::Backup { member: who.into(), role: None, backup: Some(backup.into()) }
}

/// The log after the changes, or the first refusal.
fn after(changes: &[OfficeChange]) -> Result<OfficeLog, OfficeRefusal> {
    let file = office();
    let mut log = OfficeLog::default();
    for change in changes {
        let office = apply(&file, &log.changes, NOW);
        let facts = Facts { now: NOW, actor: Actor::System, office: &office };
        let events = log.decide(&OfficeCommand::Change(vec![change.clone()]), &facts)?;
        log = events.iter().fold(log, OfficeLog::evolve);
    }
    Ok(log)
}

fn roles_of(log: &OfficeLog, who: &str, now: Timestamp) -> Vec<String> {
    apply(&office(), &log.changes, now).members[&MemberId::from(who)].roles.clone()
}

#[test]
fn a_grant_adds_a_role_until_its_end_and_then_it_is_gone_by_itself() {
    let end = NOW.plus_ms(DAY_MS);
    let log = after(&[granted("ana", "care", Some(end))]).expect("granted");
    assert_eq!(roles_of(&log, "ana", NOW), ["care"]);
    assert_eq!(roles_of(&log, "ana", end), Vec::<String>::new());
    assert_eq!(log.due_at(), Some(end));
    let office = apply(&office(), &log.changes, end);
    let facts = Facts { now: end, actor: Actor::System, office: &office };
    let events = log.decide(&OfficeCommand::Tick, &facts).expect("time passes");
    assert!(matches!(events.as_slice(), [OfficeEvent::Ended { member, .. }] if member.as_str() == "ana"));
    assert_eq!(events.iter().fold(log, OfficeLog::evolve), OfficeLog::default());
}

#[test]
fn a_role_of_the_file_is_taken_away_and_given_back() {
    let away = revoked("lea", "care", GrantSource::File);
    let log = after(std::slice::from_ref(&away)).expect("revoked");
    assert_eq!(roles_of(&log, "lea", NOW), Vec::<String>::new());
    let log = after(&[away.clone(), granted("lea", "care", None)]).expect("given back");
    assert_eq!(roles_of(&log, "lea", NOW), ["care"]);
    assert_eq!(after(&[away.clone(), away]).unwrap_err(), OfficeRefusal::NotHeld("lea".into(), "care".into()));
}

#[test]
fn what_came_by_command_leaves_no_trace_in_what_holds_when_it_is_taken_back() {
    let log = after(&[granted("ana", "care", None), revoked("ana", "care", GrantSource::Command)]).expect("both");
    assert_eq!(log, OfficeLog::default());
}

#[test]
fn a_group_and_a_command_may_both_give_a_role_and_leaving_the_group_takes_only_its_own() {
    let group = GrantSource::Group { chat: "chat".into(), group: "care-team".into() };
    let by_group = OfficeChange::Granted {
        member: "ana".into(),
        grant: RoleGrant { role: "care".into(), source: group.clone(), ..RoleGrant::default() },
    };
    let both = [by_group, granted("ana", "care", None), revoked("ana", "care", group)];
    assert_eq!(roles_of(&after(&both[..2]).expect("both"), "ana", NOW), ["care"]);
    assert_eq!(roles_of(&after(&both).expect("left"), "ana", NOW), ["care"]);
}

#[test]
fn the_latest_of_two_changes_of_one_thing_holds() {
    let weight = |weight| OfficeChange::Weight { member: "lea".into(), weight };
    let log = after(&[weight(2), weight(3)]).expect("weights");
    assert_eq!(log.changes, [weight(3)]);
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let added = |role: &str| OfficeChange::RoleAdded {
        role: role.into(),
        mission: BTreeMap::new(),
        post: Post::Creator,
        rotation: false,
        topics: BTreeSet::new(),
    };
    let removed = |role: &str| OfficeChange::RoleRemoved { role: role.into() };
    let cases = [
        (vec![granted("zoe", "care", None)], OfficeRefusal::UnknownMember("zoe".into())),
        (vec![granted("ana", "cooking", None)], OfficeRefusal::UnknownRole("cooking".into())),
        (vec![granted("ana", "care", Some(NOW))], OfficeRefusal::EndPast),
        (vec![added("care")], OfficeRefusal::RoleExists("care".into())),
        (vec![removed("care")], OfficeRefusal::RoleOfFile("care".into())),
        (
            vec![added("moderation"), granted("ana", "moderation", None), removed("moderation")],
            OfficeRefusal::RoleHeld("moderation".into()),
        ),
        (
            vec![backup("lea", "hugo"), backup("hugo", "ana"), backup("ana", "lea")],
            OfficeRefusal::BackupCircle(vec!["ana".into(), "lea".into(), "hugo".into(), "ana".into()]),
        ),
        (vec![backup("lea", "lea")], OfficeRefusal::BackupCircle(vec!["lea".into(), "lea".into()])),
    ];
    for (changes, refusal) in cases {
        assert_eq!(after(&changes).unwrap_err(), refusal);
    }
}

#[test]
fn whoever_gets_a_role_is_told_its_mission() {
    let office = office();
    let facts = Facts { now: NOW, actor: Actor::Member { id: "lea".into() }, office: &office };
    let log = OfficeLog::default();
    let events = log.decide(&OfficeCommand::Change(vec![granted("ana", "content", None)]), &facts).expect("granted");
    let told = log.react(&events, &facts);
    let [Effect::Tell { member, notice, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((member.as_str(), notice.key.as_str()), ("ana", "role-granted"));
    assert!(format!("{notice:?}").contains("See to it."));
}

#[test]
fn the_journal_of_every_change_is_read_back() {
    let changes = [
        granted("ana", "care", Some(NOW)),
        revoked("lea", "care", GrantSource::Group { chat: "chat".into(), group: "g".into() }),
        backup("lea", "hugo"),
        OfficeChange::Capacity { member: "lea".into(), capacity: None },
        OfficeChange::CoverHours { network: "x".into(), hours: Some(Calendar::always_open(Tz::UTC)) },
        OfficeChange::ShiftStrategy {
            role: "care".into(),
            strategy: Strategy::Weekly { weekday: 0, minute: 540, order: vec![], first: None, tickets_follow: false },
        },
        OfficeChange::Linked { member: "lea".into(), chat: "chat".into(), user: "U1".into() },
        learnt(),
    ];
    for what in changes {
        let event = OfficeEvent::Changed { what };
        let json = serde_json::to_string(&event).expect("written");
        assert_eq!(serde_json::from_str::<OfficeEvent>(&json).expect(&json), event);
    }
}

fn learnt() -> OfficeChange {
    OfficeChange::Learnt {
        lesson: Lesson {
            name: "learnt-1".into(),
            keywords: vec!["hums".into()],
            topic: "repair".into(),
            role: None,
            priority: None,
            on: true,
            by: "lea".into(),
            ticket: None,
        },
    }
}

#[test]
fn an_applied_office_keeps_the_rules_that_triage_has_learnt() {
    let office = office();
    let facts = Facts { now: NOW, actor: Actor::Member { id: "lea".into() }, office: &office };
    let log = OfficeLog { changes: vec![learnt(), backup("lea", "hugo")], ..OfficeLog::default() };
    let events = log.decide(&OfficeCommand::Apply(Box::new(office.clone())), &facts).expect("applied");
    let log = events.iter().fold(log, OfficeLog::evolve);
    assert_eq!(log.changes, [learnt()], "what the file holds is the file's, what only the chat has learnt stays");
    assert!(OfficeChange::NAMES.contains(&learnt().name()));
}
