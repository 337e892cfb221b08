use super::*;
use crate::domain::office::{MemberId, Post, Target};

const SAMPLE: &str = include_str!("../../config/office.toml");

/// A small office that is right; tests break it in one place.
const SMALL: &str = r#"
name = "Petit"
zone = "Europe/Paris"
default_role = "care"
hours = ["mon-fri 09:00-12:30, 13:30-18:00"]
[targets]
p1 = { first_response = "15m", resolution = "4h" }
p2 = { first_response = "1h", resolution = "8h" }
p3 = { first_response = "4h", resolution = "16h" }
p4 = { first_response = "8h", resolution = "40h" }
[roles.care]
post = "community_manager"
rotation = true
[members.lea]
handles = { slack = "lea" }
roles = ["care"]
[members.sam]
email = "sam@petit.example"
roles = ["care"]
[accounts.instagram]
handle = "@petit"
[[desks]]
name = "social"
channels = { slack = "social" }
"#;

/// `file:line:column: severity: message (hint)` of all findings, the file's name left out.
fn found(text: &str) -> Vec<String> {
    let checked = check_office(text, "o");
    checked.findings.iter().map(|finding| finding.to_string().trim_start_matches("o:").to_owned()).collect()
}

/// The line (from 1) of [`SMALL`] that starts so.
fn line_of(text: &str, start: &str) -> usize {
    text.lines().position(|line| line.starts_with(start)).map_or(0, |at| at + 1)
}

#[test]
fn the_sample_office_is_right_and_believable() {
    let checked = check_office(SAMPLE, "config/office.toml");
    assert_eq!(checked.findings, [], "the sample has findings");
    let office = checked.value.expect("an office");
    assert_eq!(office.name, "Maison Lumière");
    assert_eq!(office.members.len(), 9);
    assert_eq!(office.roles.keys().collect::<Vec<_>>(), ["care", "community", "content", "head", "legal", "sales"]);
    assert_eq!(office.desks.iter().map(|desk| desk.name.as_str()).collect::<Vec<_>>(), ["social", "desk-en"]);
    assert_eq!(office.desk_for_network("x").map(|desk| desk.name.as_str()), Some("desk-en"));
    assert_eq!(office.desk_for_network("instagram").map(|desk| desk.name.as_str()), Some("social"));
    assert_eq!(office.accounts["x"].text_limit, 280);
    assert_eq!(office.accounts["mastodon"].brand.as_deref(), Some("Atelier Nord"));
    assert!(office.accounts["google_reviews"].approve_replies);
    assert_eq!(office.targets[&1], target(15, 240));
    assert_eq!(office.targets[&4], target(480, 2_400));
    assert_eq!(office.calendar.holidays().len(), 22);
    assert_eq!(office.calendar.week()[0].len(), 2);
    assert_eq!(office.members[&MemberId::new("hugo")].weight, 2);
    assert_eq!(office.members[&MemberId::new("zoe")].hours.as_ref().map(|hours| hours.week()[4].len()), Some(0));
    assert_eq!(office.roles["care"].post, Post::Expert);
    assert_eq!(office.series[0].cron, "30 10 * * MON");
    assert_eq!(office.crisis.lead, Some(MemberId::new("lea")));
    assert_eq!(office.crisis.ack_minutes, (10, 5));
    for role in office.roles.values() {
        assert_eq!(role.mission.len(), 2, "the mission of {} in both languages", role.name);
    }
}

#[test]
fn the_small_office_is_right_and_shows_the_defaults() {
    assert_eq!(found(SMALL), Vec::<String>::new());
    let office = load_office(SMALL, "o").expect("an office");
    assert_eq!(office.language, Lang::En);
    assert_eq!(office.accounts["instagram"].text_limit, 2_200);
    assert_eq!(office.crisis.volume_messages, 20);
    assert_eq!(office.crisis.update_minutes, (60, 30));
    assert_eq!(office.reporting, None);
    let lea = &office.members[&MemberId::new("lea")];
    assert_eq!((lea.name.as_str(), lea.weight, lea.capacity, &lea.backup), ("lea", 1, None, &None));
}

fn target(first_response_minutes: i64, resolution_minutes: i64) -> Target {
    Target { first_response_minutes, next_response_minutes: None, resolution_minutes }
}

#[test]
fn every_mistake_is_told_with_its_place_and_its_cure() {
    // (what stands there, what is written instead, what is said; {L} is the line of the change)
    let cases: Vec<(&str, &str, &str)> = vec![
        ("name = \"Petit\"", "", "1:1: error: `name` is missing (e.g. name = \"Maison Lumiere\")"),
        ("name = \"Petit\"", "name = 3", "{L}:8: error: `name` is a whole number, not text in quotes"),
        ("name = \"Petit\"", "name = \"Petit\"\nnaem = 1", "{L+1}:1: error: unknown key `naem` (did you mean `name`?)"),
        (
            "zone = \"Europe/Paris\"",
            "zone = \"Europe/Pari\"",
            "{L}:8: error: `zone`: `Europe/Pari` is not a time zone (did you mean `Europe/Paris`?)",
        ),
        (
            "default_role = \"care\"",
            "default_role = \"cair\"",
            "{L}:16: error: unknown role `cair` (did you mean `care`?)",
        ),
        (
            "hours = ",
            "hours = [\"mon-fri 09:00-12:30, 12:00-18:00\"]",
            "{L}:10: error: mon: two stretches of hours overlap (e.g. \"mon-fri 09:00-12:30, 13:30-18:00\")",
        ),
        ("hours = ", "hours = [\"mun 09:00-12:30\"]", "{L}:10: error: `mun` is not a day (did you mean `mon`?)"),
        (
            "hours = ",
            "hours = [\"mon 12:30-09:00\"]",
            "{L}:10: error: mon: 12:30-09:00 does not end after it starts (e.g. \"mon-fri 09:00-12:30, 13:30-18:00\")",
        ),
        (
            "p3 = ",
            "",
            "6:1: error: `p3` is missing in [targets] (e.g. p3 = { first_response = \"1h\", resolution = \"8h\" })",
        ),
        (
            "p3 = ",
            "p3 = { first_response = \"4d\", resolution = \"16h\" }",
            "{L}:25: error: `targets.p3.first_response`: `4d` is not a duration (minutes and hours: 15m, 4h, 1h30m)",
        ),
        (
            "p3 = ",
            "p3 = { first_response = \"17h\", resolution = \"16h\" }",
            "{L}:25: error: p3 promises the answer after the resolution (make first_response the shorter one)",
        ),
        (
            "rotation = true",
            "targets = { p2 = { first_response = \"9h\" } }",
            "{L}:37: error: roles.care.targets.p2 makes the answer come after the resolution (answer in 540 min, resolution in 480 min: say both here)",
        ),
        (
            "rotation = true",
            "targets = { p5 = { next_response = \"9h\" } }",
            "{L}:13: error: unknown key `p5` in [roles.care.targets] (did you mean `p1`?)",
        ),
        (
            "rotation = true",
            "escalation = { remind = \"80%\", move = \"75%\" }",
            "{L}:39: error: the ticket would move before its owner is reminded (remind first, then move, then lead)",
        ),
        (
            "rotation = true",
            "escalation = { lead = \"off\" }",
            "{L}:23: error: somebody has to hear of a broken promise (\"100%\" tells the lead at the deadline, \"200%\" once twice the time is over)",
        ),
        (
            "rotation = true",
            "escalation = { remind = \"soon\" }",
            "{L}:25: error: `roles.care.escalation.remind`: `soon` is no time of a step (a share of the time promised (75%), working time after the message (30m, 1h30m), or off)",
        ),
        (
            "rotation = true",
            "escalation = { remind = \"400%\" }",
            "{L}:25: error: `roles.care.escalation.remind`: `400%` is no share (from 1% to 300%)",
        ),
        (
            "post = ",
            "post = \"comunity_manager\"",
            "{L}:8: error: `roles.care.post`: `comunity_manager` is not a post (did you mean `community_manager`?)",
        ),
        ("rotation = true", "rotation = \"yes\"", "{L}:12: error: `roles.care.rotation` is text, not true or false"),
        (
            "rotation = true",
            "rotatoin = true",
            "{L}:1: error: unknown key `rotatoin` in [roles.care] (did you mean `rotation`?)",
        ),
        ("rotation = true", "lead = \"lae\"", "{L}:8: error: unknown member `lae` (did you mean `lea`?)"),
        (
            "email = ",
            "handles = { slack = \"@LEA\" }",
            "{L}:21: error: `sam` has the same slack handle as `lea` (each person needs an own one)",
        ),
        (
            "email = ",
            "handles = { slak = \"sam\" }",
            "{L}:13: error: unknown key `slak` in [members.sam.handles] (did you mean `slack`?)",
        ),
        (
            "email = ",
            "email = \"sam at petit\"",
            "{L}:9: error: `members.sam.email`: not a mail address (e.g. lea@maison.example)",
        ),
        (
            "email = ",
            "email = \"s@petit.example\"\nnetworks = [\"instagrm\"]",
            "{L+1}:13: error: unknown network `instagrm` (did you mean `instagram`?)",
        ),
        (
            "email = ",
            "email = \"s@petit.example\"\nbackup = \"sam\"",
            "{L+1}:10: error: backups go in a circle: sam -> sam (let one of them end the chain, or name somebody outside it)",
        ),
        (
            "email = ",
            "email = \"s@petit.example\"\nweight = 11",
            "{L+1}:10: error: `members.sam.weight` is out of range (0 to 10)",
        ),
        ("[members.sam]", "[members.lea]", "{L}:10: error: duplicate key (keep one of them)"),
        (
            "channels = ",
            "",
            "{L-1}:8: error: desk `social` has no channel (add channels = { slack = \"social\", discord = \"social\" })",
        ),
        (
            "channels = ",
            "channels = { slack = \"social\" }\nnetworks = [\"x\"]",
            "{L+1}:13: error: unknown network `x` (known: `instagram`)",
        ),
        (
            "channels = ",
            "channels = { slack = \"social\" }\n[[desks]]\nname = \"social\"\nchannels = { slack = \"two\" }\nnetworks = [\"instagram\"]",
            "{L+2}:8: error: two desks are called `social` (rename one)",
        ),
        (
            "handle = ",
            "handle = \"@petit\"\npublish_url = \"ftp://petit.example\"",
            "{L+1}:15: error: `accounts.instagram.publish_url`: not a web address (e.g. https://hooks.example.com/instagram)",
        ),
        (
            "[accounts.instagram]",
            "[crisis]\nlead = \"lea\"\ndeputy = \"lea\"\n[accounts.instagram]",
            "{L+2}:10: error: `lea` is lead and deputy of crises (name two people)",
        ),
        (
            "[accounts.instagram]",
            "[reporting]\ndaily = \"45 8 * * lundi\"\ndesk = \"social\"\n[accounts.instagram]",
            "{L+1}:9: error: `reporting.daily`: weekday field",
        ),
        (
            "[accounts.instagram]",
            "[reporting]\ndaily = \"0 0 30 2 *\"\ndesk = \"social\"\n[accounts.instagram]",
            "{L+1}:9: error: `reporting.daily`: no date matches this expression, it would never run",
        ),
        (
            "[accounts.instagram]",
            "[reporting]\ndaily = \"45 8 * *\"\ndesk = \"desk\"\n[accounts.instagram]",
            "{L+1}:9: error: `reporting.daily`: an expression has five fields (minute hour day month weekday), this one has 4",
        ),
    ];
    for (start, instead, expected) in cases {
        let line = line_of(SMALL, start);
        assert!(line > 0, "no line starts with {start}");
        let changed: Vec<&str> =
            SMALL.lines().enumerate().map(|(at, old)| if at + 1 == line { instead } else { old }).collect();
        let all = found(&changed.join("\n"));
        let expected = [-1_isize, 1, 2].iter().fold(expected.replace("{L}", &line.to_string()), |text, step| {
            text.replace(&format!("{{L{step:+}}}"), &line.saturating_add_signed(*step).to_string())
        });
        assert!(
            all.iter().any(|finding| finding.starts_with(&expected)),
            "{instead:?}\nexpected {expected}\ngot {all:#?}"
        );
        assert!(load_office(&changed.join("\n"), "o").is_err(), "{instead:?} must be refused");
    }
}

#[test]
fn promises_that_never_count_are_warned_of() {
    let cases = [
        (
            "p3 = ",
            "p3 = { first_response = \"4h\", next_response = \"17h\", resolution = \"16h\" }",
            "{L}:47: warning: p3 promises a further answer after the resolution (make next_response the shorter one, or leave it out: then it is first_response)",
        ),
        (
            "p3 = ",
            "p3 = { first_response = \"9h\", resolution = \"16h\" }",
            "{L}:25: warning: p3 is answered later than p4, which is less urgent (make first_response of p3 the shorter one)",
        ),
        (
            "rotation = true",
            "targets = { p2 = { next_response = \"9h\" } }",
            "{L}:36: warning: roles.care.targets.p2 makes a further answer come after the resolution (say next_response here too)",
        ),
        (
            "rotation = true",
            "targets = { p2 = {} }",
            "{L}:18: warning: roles.care.targets.p2 says nothing (first_response, next_response or resolution = \"1h\")",
        ),
    ];
    for (start, instead, expected) in cases {
        let line = line_of(SMALL, start);
        let changed: Vec<&str> =
            SMALL.lines().enumerate().map(|(at, old)| if at + 1 == line { instead } else { old }).collect();
        let all = found(&changed.join("\n"));
        let expected = expected.replace("{L}", &line.to_string());
        assert!(
            all.iter().any(|finding| finding.starts_with(&expected)),
            "{instead:?}\nexpected {expected}\ngot {all:#?}"
        );
        assert!(load_office(&changed.join("\n"), "o").is_ok(), "{instead:?} is only warned of");
    }
}

#[test]
fn a_network_counts_before_a_role_and_both_before_the_office() {
    let text = SMALL
        .replace(
            "rotation = true",
            "rotation = true\ntargets = { p2 = { first_response = \"50m\", next_response = \"40m\" } }",
        )
        .replace("[accounts.instagram]", "[accounts.instagram]\ntargets = { p2 = { first_response = \"20m\" } }");
    assert_eq!(found(&text), Vec::<String>::new());
    let office = load_office(&text, "o").expect("an office");
    let times = |role: &str, network: &str| {
        let target = office.target_for(2, role, network).expect("a target");
        (target.first_response_minutes, target.next_minutes(), target.resolution_minutes)
    };
    assert_eq!(times("care", "instagram"), (20, 40, 480));
    assert_eq!(times("care", "x"), (50, 40, 480));
    assert_eq!(times("other", "instagram"), (20, 20, 480));
    assert_eq!(times("other", "x"), (60, 60, 480));
}

#[test]
fn a_role_has_hours_zone_and_free_days_of_its_own() {
    let own = |keys: &str| {
        let text = SMALL.replace("rotation = true", &format!("rotation = true\n{keys}"));
        let office = load_office(&text, "o").expect("an office");
        let calendar = office.calendar_of_role("care").clone();
        (calendar.zone().name().to_owned(), calendar.week()[0].len(), calendar.holidays().len())
    };
    assert_eq!(own(""), ("Europe/Paris".to_owned(), 2, 0));
    assert_eq!(own("zone = \"America/New_York\""), ("America/New_York".to_owned(), 2, 0), "the office's hours there");
    assert_eq!(own("holidays = [2026-07-04]"), ("Europe/Paris".to_owned(), 2, 1));
    let all = "zone = \"America/New_York\"\nhours = [\"mon-sun 08:00-20:00\"]\nholidays = [2026-07-04, 2026-11-26]";
    assert_eq!(own(all), ("America/New_York".to_owned(), 1, 2));
}

#[test]
fn a_circle_of_backups_is_shown_once() {
    let text = SMALL.replace(
        "[members.sam]",
        "backup = \"sam\"\n[members.sam]\nbackup = \"zoe\"\n[members.zoe]\nbackup = \"lea\"\nroles = [\"care\"]",
    );
    let circles: Vec<String> = found(&text).into_iter().filter(|finding| finding.contains("circle")).collect();
    assert_eq!(circles.len(), 1, "{circles:?}");
    assert!(circles[0].contains("backups go in a circle: lea -> sam -> zoe -> lea"), "{circles:?}");
}

#[test]
fn a_role_of_nobody_is_an_error_for_rotations_and_a_warning_otherwise() {
    let rotation = SMALL.replace("[members.lea]", "[roles.sales]\npost = \"creator\"\nrotation = true\n[members.lea]");
    assert_eq!(
        found(&rotation),
        ["14:8: error: role `sales` is a rotation of nobody (add `sales` to somebody's roles)"]
    );
    let plain = SMALL.replace("[members.lea]", "[roles.sales]\npost = \"creator\"\n[members.lea]");
    assert_eq!(found(&plain), ["14:8: warning: nobody holds the role `sales` (add `sales` to somebody's roles)"]);
    assert!(load_office(&plain, "o").is_ok());
}

#[test]
fn all_mistakes_are_told_at_once_sorted_by_line() {
    let text = SMALL
        .replace("zone = \"Europe/Paris\"", "zone = \"Mars/Base\"")
        .replace("post = \"community_manager\"", "post = \"boss\"")
        .replace("channels = { slack = \"social\" }", "chanels = { slack = \"social\" }")
        .replace("[accounts.instagram]", "[accounts.insta]");
    let checked = check_office(&text, "config/office.toml");
    let lines: Vec<usize> = checked.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(checked.findings.len(), 4, "{:#?}", checked.findings);
    assert!(lines.is_sorted(), "{lines:?}");
    assert!(checked.value.is_none());
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let checked = check_office("name = \"x\"\nzone = Europe\n", "config/office.toml");
    assert!(checked.value.is_none());
    assert_eq!(checked.findings.len(), 1, "{:#?}", checked.findings);
    assert_eq!(checked.findings[0].line, 2);
}

#[test]
fn an_empty_file_is_told_everything_it_needs() {
    let all = found("");
    for key in ["name", "zone", "default_role", "hours", "targets", "roles", "members", "desks"] {
        assert!(all.iter().any(|finding| finding.contains(&format!("`{key}` is missing"))), "{key} in {all:#?}");
    }
}
