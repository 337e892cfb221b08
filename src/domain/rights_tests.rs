use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::*;
use crate::domain::office::{CrisisPlan, Lang, Role, Strategy};
use crate::domain::rhythm::business_time::Calendar;

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

fn role(name: &str, post: Post, topics: &[&str]) -> Role {
    Role {
        name: name.to_owned(),
        post,
        mission: BTreeMap::new(),
        rotation: false,
        topics: topics.iter().map(ToString::to_string).collect(),
        lead: None,
        hours: None,
        strategy: Strategy::Turns,
        groups: BTreeMap::new(),
    }
}

/// One member for each post, named like it; experts and brand people own the topic `returns`.
fn office() -> Office {
    let posts = [
        ("head", Post::HeadOfSocial),
        ("manager", Post::SocialMediaManager),
        ("community", Post::CommunityManager),
        ("creator", Post::Creator),
        ("analyst", Post::Analyst),
        ("paid", Post::PaidSocial),
        ("expert", Post::Expert),
        ("brand", Post::Brand),
        ("executive", Post::Executive),
        ("guest", Post::Guest),
    ];
    Office {
        name: "Office".to_owned(),
        costs: crate::domain::people::rotation::CostTable::default(),
        zone: Tz::UTC,
        language: Lang::En,
        calendar: Calendar::always_open(Tz::UTC),
        members: posts.iter().map(|(name, _)| (MemberId::new(*name), member(name, &[name]))).collect(),
        roles: posts.iter().map(|(name, post)| ((*name).to_owned(), role(name, *post, &["returns"]))).collect(),
        desks: Vec::new(),
        accounts: BTreeMap::new(),
        targets: BTreeMap::new(),
        outcomes: Vec::new(),
        default_role: "community".to_owned(),
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

fn may(office: &Office, who: &str, right: Right, scope: Scope<'_>) -> bool {
    check(office, &MemberId::new(who), right, scope).is_ok()
}

fn on(topic: &str) -> Scope<'_> {
    Scope { network: Some("instagram"), topic: Some(topic), own: false }
}

/// The table of the product, written out a second time as people read it: for each post the rights that it has on an
/// ordinary topic, on its own topic, on ads, on questions to the chief executive, and on its own things.
#[test]
fn every_post_has_the_rights_of_the_table_and_no_others() {
    let table: [(&str, &[&str; 5]); 10] = [
        (
            "head",
            &[
                "view claim note assign_others draft send_reply approve_reply approve_post schedule schedule_approved publish_now hide delete rota crisis_declare crisis_lead reports config goals meeting meeting_lead",
                "",
                "",
                "",
                "",
            ],
        ),
        (
            "manager",
            &[
                "view claim note assign_others draft send_reply approve_reply approve_post schedule schedule_approved publish_now hide delete rota crisis_declare crisis_lead reports meeting meeting_lead",
                "",
                "",
                "",
                "",
            ],
        ),
        (
            "community",
            &[
                "view claim note draft send_reply approve_reply hide crisis_declare meeting",
                "assign_others",
                "",
                "",
                "reports",
            ],
        ),
        ("creator", &["view note draft schedule_approved crisis_declare meeting", "", "", "", "reports"]),
        ("analyst", &["view note crisis_declare reports goals meeting", "", "", "", ""]),
        (
            "paid",
            &[
                "view draft hide crisis_declare reports meeting",
                "",
                "claim note assign_others send_reply schedule schedule_approved",
                "",
                "",
            ],
        ),
        (
            "expert",
            &[
                "draft crisis_declare meeting",
                "view claim note assign_others send_reply approve_reply approve_post",
                "",
                "",
                "view note reports",
            ],
        ),
        ("brand", &["view note draft crisis_declare reports meeting", "approve_reply approve_post", "", "", ""]),
        ("executive", &["crisis_declare reports meeting", "", "", "view note approve_reply approve_post", "view note"]),
        ("guest", &["", "", "", "", ""]),
    ];
    let office = office();
    let own = Scope { own: true, ..on("lamps") };
    for (who, cells) in table {
        let always: BTreeSet<&str> = cells[0].split_whitespace().collect();
        for (place, scope) in [on("lamps"), on("returns"), on("ads"), on("ceo"), own].into_iter().enumerate() {
            for right in Right::ALL {
                let listed = cells[place].split_whitespace().any(|name| name == right.name());
                let approving = matches!(right, Right::ApproveReply | Right::ApprovePost);
                let expected = (listed || always.contains(right.name())) && !(place == 4 && approving);
                assert_eq!(may(&office, who, right, scope), expected, "{who}: {} on {scope:?}", right.name());
            }
        }
    }
}

#[test]
fn the_matrix_names_every_post_once_and_every_right_in_order() {
    let posts: BTreeSet<String> = MATRIX.iter().map(|(post, _)| format!("{post:?}")).collect();
    assert_eq!(posts.len(), 10);
    let names: BTreeSet<&str> = Right::ALL.iter().map(|right| right.name()).collect();
    assert_eq!(names.len(), Right::ALL.len());
    for right in Right::ALL {
        assert_eq!(serde_json::to_value(right).expect("json"), right.name());
    }
}

#[test]
fn only_publishing_at_once_and_deleting_need_two_people() {
    let two: Vec<Right> = Right::ALL.into_iter().filter(|right| needs_two_people(*right)).collect();
    assert_eq!(two, [Right::PublishNow, Right::Delete]);
}

#[test]
fn who_is_not_on_the_team_may_do_nothing() {
    let office = office();
    for right in Right::ALL {
        let denied = check(&office, &MemberId::new("stranger"), right, on("returns")).expect_err("denied");
        assert_eq!(denied.reason, Reason::UnknownMember);
    }
    let mut office = office;
    office.members.insert(MemberId::new("new"), member("new", &[]));
    office.members.insert(MemberId::new("ghost"), member("ghost", &["a role that was removed"]));
    for who in ["new", "ghost"] {
        for right in Right::ALL {
            let denied = check(&office, &MemberId::new(who), right, on("returns")).expect_err("denied");
            assert_eq!(denied.reason, Reason::NotHeld, "{who}");
        }
    }
}

#[test]
fn rights_end_at_the_networks_of_the_member() {
    let mut office = office();
    if let Some(head) = office.members.get_mut(&MemberId::new("head")) {
        head.networks = BTreeSet::from(["x".to_owned()]);
    }
    let at = |network| Scope { network, topic: Some("lamps"), own: false };
    assert!(may(&office, "head", Right::Claim, at(Some("x"))));
    assert!(may(&office, "head", Right::Config, at(None)));
    let denied = check(&office, &MemberId::new("head"), Right::Claim, at(Some("instagram"))).expect_err("denied");
    assert_eq!(denied.reason, Reason::OtherNetwork);
}

#[test]
fn nobody_approves_an_own_version_and_the_refusal_names_others() {
    let office = office();
    let own = Scope { own: true, ..on("returns") };
    let denied = check(&office, &MemberId::new("head"), Right::ApproveReply, own).expect_err("denied");
    assert_eq!(denied.reason, Reason::OwnWork);
    let names: Vec<&str> = denied.holders.iter().map(MemberId::as_str).collect();
    assert_eq!(names, ["brand", "community", "expert", "manager"]);
    assert_eq!(denied.to_string(), "the right `approve_reply` is missing (OwnWork)");
}

#[test]
fn a_refusal_names_at_most_five_holders_for_the_same_thing() {
    let mut office = office();
    for number in 0..9 {
        let id = format!("care{number}");
        office.members.insert(MemberId::new(id.clone()), member(&id, &["expert"]));
    }
    let denied = check(&office, &MemberId::new("analyst"), Right::Claim, on("returns")).expect_err("denied");
    assert_eq!(denied.reason, Reason::NotHeld);
    assert_eq!(denied.holders.len(), HOLDERS_MAX);
    // On another topic the experts do not help, and are not named.
    let denied = check(&office, &MemberId::new("expert"), Right::Claim, on("lamps")).expect_err("denied");
    assert_eq!(denied.reason, Reason::OtherTopic);
    assert_eq!(denied.holders.iter().map(MemberId::as_str).collect::<Vec<_>>(), ["community", "head", "manager"]);
}

#[test]
fn a_ticket_without_topic_belongs_to_the_default_role() {
    let mut office = office();
    let scope = Scope { network: None, topic: None, own: false };
    assert!(!may(&office, "expert", Right::Claim, scope));
    office.default_role = "expert".to_owned();
    assert!(may(&office, "expert", Right::Claim, scope));
}

#[test]
fn a_crisis_is_led_by_heads_managers_and_the_named_deputy() {
    let mut office = office();
    assert!(!may(&office, "community", Right::CrisisLead, Scope::default()));
    assert!(!may(&office, "brand", Right::CrisisLead, Scope::default()));
    office.crisis.deputy = Some(MemberId::new("community"));
    office.crisis.lead = Some(MemberId::new("brand"));
    assert!(may(&office, "community", Right::CrisisLead, Scope::default()));
    assert!(may(&office, "brand", Right::CrisisLead, Scope::default()));
    // Being named is not enough for a post that may never lead.
    office.crisis.deputy = Some(MemberId::new("creator"));
    assert!(!may(&office, "creator", Right::CrisisLead, Scope::default()));
}

#[test]
fn several_roles_add_up() {
    let mut office = office();
    office.members.insert(MemberId::new("both"), member("both", &["analyst", "expert"]));
    assert!(may(&office, "both", Right::Reports, on("lamps")));
    assert!(may(&office, "both", Right::SendReply, on("returns")));
    assert!(may(&office, "both", Right::View, on("lamps")));
    assert!(!may(&office, "both", Right::SendReply, on("lamps")));
}
