use proptest::prelude::*;

use super::deed::{self, Deed};
use super::grammar::{Column, Condition, Misread, Wanted};
use super::matching::{Looked, Matcher, Message};
use crate::domain::desk::triage::Mood;

fn read(text: &str) -> Condition {
    Condition::parse(text).unwrap_or_else(|misread| panic!("{text}: {misread}"))
}

fn finds(rule: &str, message: &Message<'_>) -> bool {
    Matcher::new(&read(rule)).expect("a matcher").finds(&Looked::new(*message))
}

#[test]
fn rules_are_read_in_both_languages_and_printed_in_one_form() {
    for (typed, printed) in [
        ("net=x and text~spam", "net=x and text~spam"),
        ("reseau=X et texte~spam", "net=x and text~spam"),
        ("Réseau=x ET langue=FR", "net=x and lang=fr"),
        ("net=x,instagram,x", "net=x,instagram"),
        ("genre=commentaire ou kind=mp", "kind=comment or kind=dm"),
        ("humeur=négatif", "mood=negative"),
        ("followers<10k", "followers<10000"),
        ("abonnes>=2m", "followers>=2000000"),
        ("links>=1_000", "links>=1000"),
        ("text~\"win money\"", "text~'win money'"),
        ("text~“win  money”", "text~'win money'"),
        ("text~« gagnez 100 € »", "text~'gagnez 100 €'"),
        ("text~\"j’ai l'argent\"", "text~\"j’ai l'argent\""),
        ("text~/\\bwin(ner)?s?\\b/", "text~/\\bwin(ner)?s?\\b/"),
        ("text~/a\\/b/", "text~/a\\/b/"),
        ("author=@Kim", "author=@kim"),
        ("author='Jean Dupont'", "author='jean dupont'"),
        ("not (net=x or net=tiktok) and links>=2", "not (net=x or net=tiktok) and links>=2"),
        ("((net=x))", "net=x"),
        ("net=x and (lang=fr or lang=en) or topic=ads", "net=x and (lang=fr or lang=en) or topic=ads"),
        ("non texte~merci", "not text~merci"),
        ("mentions > 5", "mentions>5"),
    ] {
        assert_eq!(read(typed).to_string(), printed, "{typed}");
    }
}

#[test]
fn what_cannot_be_read_names_the_place_and_what_was_expected() {
    for (typed, at, wanted) in [
        ("", 1, Wanted::Test),
        ("colour=red", 1, Wanted::Column),
        ("net=x and", 10, Wanted::Test),
        ("net=x text~spam", 7, Wanted::Joiner),
        ("net~x", 4, Wanted::Sign(Column::Net)),
        ("net=", 5, Wanted::Value(Column::Net)),
        ("text=spam", 5, Wanted::Sign(Column::Text)),
        ("text~", 6, Wanted::Words),
        ("text~''", 6, Wanted::Words),
        ("lang=french", 6, Wanted::Value(Column::Lang)),
        ("kind=tweet", 6, Wanted::Value(Column::Kind)),
        ("mood=blue", 6, Wanted::Value(Column::Mood)),
        ("followers=many", 11, Wanted::Number(Column::Followers)),
        ("links!2", 6, Wanted::Sign(Column::Links)),
        ("(net=x", 7, Wanted::Closing),
        ("net=x)", 6, Wanted::Joiner),
        ("text~'win", 6, Wanted::EndOf('\'')),
        ("text~/win", 6, Wanted::EndOf('/')),
    ] {
        let misread = Condition::parse(typed).expect_err(typed);
        assert_eq!((misread.at, &misread.wanted), (at, &wanted), "{typed}: {misread}");
    }
    let open = Condition::parse("text~/(/").expect_err("no expression");
    assert!(matches!(&open, Misread { at: 6, wanted: Wanted::Pattern(_), .. }), "{open}");
    let deep = format!("{}net=x{}", "(".repeat(40), ")".repeat(40));
    assert!(matches!(Condition::parse(&deep), Err(Misread { wanted: Wanted::Flatter(_), .. })));
    let long = "net=x or ".repeat(200);
    assert!(matches!(Condition::parse(&long), Err(Misread { wanted: Wanted::Shorter(_), .. })));
    let many = vec!["net=x"; 60].join(" or ");
    assert!(matches!(Condition::parse(&many), Err(Misread { wanted: Wanted::FewerTests(_), .. })));
    let costly = "text~/a/ or text~/b/ or text~/c/ or text~/d/";
    assert!(matches!(Condition::parse(costly), Err(Misread { wanted: Wanted::FewerPatterns(_), .. })));
}

#[test]
fn deeds_are_read_in_both_languages() {
    for (typed, printed) in [
        ("hide,tag:spam", "hide,tag:spam"),
        ("masquer, étiquette:Spam", "hide,tag:spam"),
        ("hide\ntag:spam\nclose", "hide,tag:spam,close"),
        ("hide and prio:4", "hide,prio:p4"),
        ("assign:role:care", "assign:role:care"),
        ("confier:@lea ; sujet:ads", "assign:@lea,topic:ads"),
        ("repondre:b-3", "answer:B-3"),
        ("answer:3", "answer:B-3"),
        ("tag:a,tag:b,tag:a", "tag:a,tag:b"),
        ("clore", "close"),
    ] {
        let deeds = deed::parse(typed).unwrap_or_else(|misread| panic!("{typed}: {misread}"));
        assert_eq!(deed::printed(&deeds), printed, "{typed}");
        assert_eq!(deed::parse(printed).expect(printed), deeds);
    }
    for (typed, wanted) in [
        ("", Wanted::Deed),
        ("burn", Wanted::Deed),
        ("hide,", Wanted::Deed),
        ("tag", Wanted::DeedValue("tag")),
        ("tag:", Wanted::DeedValue("tag")),
        ("prio:p9", Wanted::DeedValue("prio")),
        ("answer:three", Wanted::DeedValue("answer")),
        ("assign:", Wanted::DeedValue("assign")),
        ("hide,hide", Wanted::OnlyOne("hide")),
        ("prio:1,prio:2", Wanted::OnlyOne("prio")),
    ] {
        assert_eq!(deed::parse(typed).expect_err(typed).wanted, wanted, "{typed}");
    }
}

#[test]
fn messages_are_found_by_what_they_are_and_say() {
    let message = Message {
        text: "Gagnez de l’ARGÉNT facile ! https://spam.example www.more.example @a @b",
        network: "instagram",
        kind: "comment",
        language: Some("fr"),
        mood: Some(Mood::Neutral),
        topic: "other",
        author: "@Kim.92",
        author_id: "77",
        followers: Some(3),
    };
    for (rule, expected) in [
        ("text~argent", true),
        ("text~'argent facile'", true),
        ("text~'facile argent'", false),
        ("text~argen", false),
        ("text~/argen.\\s+facile/", false),
        ("text~/ARG.NT\\s+facile/", true),
        ("net=instagram", true),
        ("net=x,instagram", true),
        ("net=x", false),
        ("kind=comment and lang=fr and mood=neutral and topic=other", true),
        ("author=@kim.92", true),
        ("author=77", true),
        ("author=@kim", false),
        ("followers<10", true),
        ("followers>=10", false),
        ("links>=2", true),
        ("links>2", false),
        ("mentions=2", true),
        ("not text~argent", false),
        ("text~argent and (net=x or links>=2)", true),
        ("text~argent and not (net=x or links>=2)", false),
    ] {
        assert_eq!(finds(rule, &message), expected, "{rule}");
    }
    let unknown = Message { followers: None, ..message };
    assert!(!finds("followers<10", &unknown) && !finds("followers>=10", &unknown), "what is not told fits nothing");
}

fn conditions() -> impl Strategy<Value = Condition> {
    use super::grammar::{Compare, Test};
    let name = "[a-z][a-z0-9_.-]{0,8}";
    let compare =
        prop::sample::select(vec![Compare::Less, Compare::AtMost, Compare::Equal, Compare::AtLeast, Compare::More]);
    let words = "[\\PC]{1,20}".prop_filter_map("words to find", |words| {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        super::matching::is_findable(&words).then_some(Test::Says(words))
    });
    let author = "[\\PC]{1,12}".prop_filter_map("a handle", |name| {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.trim_start_matches(['@', ' ']).trim().to_lowercase();
        (!name.is_empty()).then(|| Test::Is(Column::Author, vec![name]))
    });
    let pattern = "([a-z]|\\\\\\.|\\\\/|\\\\b|[.]|a/b){1,8}".prop_filter_map("an expression", |pattern| {
        // Written as people would: a slash of the expression has a backslash before it.
        match Condition::parse(&format!("text~{}", super::reader::slashed(&pattern.replace("\\/", "/")))) {
            Ok(Condition::Test(test @ Test::Matches(_))) => Some(test),
            _ => None,
        }
    });
    let test = prop_oneof![
        prop::collection::vec(name, 1..3).prop_map(|mut names| {
            names.dedup();
            if names.len() == 2 && names[0] == names[1] {
                names.pop();
            }
            Test::Is(Column::Net, names)
        }),
        (compare, any::<u64>()).prop_map(|(compare, number)| Test::Counts(Column::Followers, compare, number)),
        words,
        author,
        pattern,
    ];
    test.prop_map(Condition::Test).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Condition::Not(Box::new(one))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
            prop::collection::vec(inner, 2..4).prop_map(Condition::Any),
        ]
    })
}

proptest! {
    #[test]
    fn a_printed_rule_reads_back_as_the_same_rule(condition in conditions()) {
        let printed = condition.to_string();
        let patterns = condition.tests().iter().filter(|test| matches!(test, super::grammar::Test::Matches(_))).count();
        prop_assume!(patterns <= super::grammar::PATTERNS_MAX);
        prop_assume!(printed.chars().count() <= super::grammar::CONDITION_CHARS_MAX);
        let again = Condition::parse(&printed);
        prop_assert_eq!(again.as_ref(), Ok(&condition), "{}", printed);
        let json = serde_json::to_string(&condition).expect("json");
        prop_assert_eq!(serde_json::from_str::<Condition>(&json).expect("read"), condition);
    }

    #[test]
    fn no_text_panics_the_reader_and_what_it_reads_prints_and_reads_the_same(text in "[\\PC\n\t]{0,60}") {
        if let Ok(condition) = Condition::parse(&text) {
            prop_assert_eq!(Condition::parse(&condition.to_string()), Ok(condition));
        }
        if let Ok(deeds) = deed::parse(&text) {
            prop_assert_eq!(deed::parse(&deed::printed(&deeds)), Ok(deeds));
        }
    }

    #[test]
    fn no_line_of_the_grammars_own_letters_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec!["net", "=", "text", "~", "/", "'", "\"", "(", ")", " and ", " or ", "not ", ",", "x", "\\", "9", ">", "é", "«", "»"]),
            0..30,
        )
    ) {
        let text = pieces.concat();
        if let Ok(condition) = Condition::parse(&text) {
            prop_assert_eq!(Condition::parse(&condition.to_string()), Ok(condition));
        }
    }

    #[test]
    fn every_message_is_looked_at_in_the_end(text in "[\\PC]{0,200}") {
        let message = Message { text: &text, network: "x", kind: "comment", ..Message::default() };
        let rule = read("text~spam or links>=2 or mentions>3 or text~/(a|b)+c/");
        let found = Matcher::new(&rule).expect("a matcher").finds(&Looked::new(message));
        let not = Condition::Not(Box::new(rule));
        prop_assert_ne!(found, Matcher::new(&not).expect("a matcher").finds(&Looked::new(message)));
    }
}

#[test]
fn a_deed_is_one_of_a_closed_list() {
    assert_eq!(deed::parse("hide").expect("a deed"), [Deed::Hide]);
}

#[test]
fn a_rule_runs_wild_only_when_it_hides_far_too_much_of_enough() {
    use super::{Event, Rule, WILD_WINDOW_MS};
    use crate::domain::decide::Decider;
    use crate::domain::desk::moderation::Done;
    use crate::domain::time::Timestamp;
    let start = Timestamp(1_773_734_520_000);
    let hid = |rule: Rule, at: Timestamp| {
        let done = vec![Done::Hid { measure: 1 }];
        let number = rule.tally.acted + 1;
        rule.evolve(&Event::Acted { number, ticket: 1, done, spared: Vec::new(), at })
    };
    let six = (0..6).fold(Rule { on: true, ..Rule::default() }, |rule, _| hid(rule, start));
    for (seen, wild) in [(7, false), (19, false), (20, true), (23, true), (24, false), (100, false)] {
        assert_eq!(six.would_run_wild(seen, start), wild, "7 of {seen}");
    }
    let later = start.plus_ms(WILD_WINDOW_MS + super::BUCKET_MS);
    assert_eq!(six.hidden_lately(later), 0, "an hour later they count no more");
    assert!(hid(six, later).hour.len() <= 2, "what is counted is bounded");
}
