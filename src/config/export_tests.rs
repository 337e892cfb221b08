use proptest::prelude::{prop_assert_eq, prop_assume, proptest};

use super::*;
use crate::config::check_office;
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
