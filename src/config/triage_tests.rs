use super::*;
use crate::config::office::load_office;
use crate::domain::desk::triage::{Field, Message, Sorter, Why};

const SAMPLE: &str = include_str!("../../config/triage.toml");
const OFFICE: &str = include_str!("../../config/office.toml");

fn office() -> Office {
    load_office(OFFICE, "office.toml").expect("the sample office is right")
}

fn found(text: &str) -> Vec<String> {
    let checked = check_triage(text, "t", Some(&office()));
    checked.findings.iter().map(|finding| finding.to_string().trim_start_matches("t:").to_owned()).collect()
}

#[test]
fn the_sample_rules_are_right() {
    let checked = check_triage(SAMPLE, "config/triage.toml", Some(&office()));
    assert_eq!(checked.findings, []);
    let triage = checked.value.expect("rules");
    assert!(triage.rules.len() >= 40, "{} rules", triage.rules.len());
    assert_eq!((triage.defaults.topic.as_str(), triage.defaults.role.as_str()), ("other", "community"));
    triage.compile().expect("compiles");
}

#[test]
fn messages_of_a_week_reach_the_role_that_answers_them() {
    let rules = load_triage(SAMPLE, "t", Some(&office())).expect("rules").compile().expect("compiles");
    let sorter = Sorter::of_rules(rules);
    let cases: &[(&str, &str, u64, &str, &str, &str)] = &[
        ("Ma lampe a pris feu hier soir, j'ai eu très peur", "comment", 40, "safety", "p1", "care"),
        ("J'ai pris une décharge électrique en touchant le lampadaire", "dm", 40, "safety", "p1", "care"),
        ("ma suspension s'est mise à fumer, ça sent le brulé", "comment", 12, "safety", "p1", "care"),
        ("Got a shock from your bedside lamp. My kid was next to it.", "mention", 300, "safety", "p1", "care"),
        ("There is a burning smell when the light is on", "dm", 12, "safety", "p1", "care"),
        ("#boycott maison lumiere, partagez !", "mention", 900, "boycott", "p1", "head"),
        ("Je vais porter plainte si je n'ai pas de nouvelles", "dm", 9, "legal", "p1", "legal"),
        ("You will hear from my lawyer.", "dm", 9, "legal", "p1", "legal"),
        ("Your data breach exposed my address", "mention", 9, "leak", "p1", "legal"),
        ("Bonjour, je suis journaliste à Lyon, à qui écrire ?", "dm", 2_000, "press", "p2", "legal"),
        ("Is your CEO going to comment on this?", "mention", 800, "ceo", "p2", "head"),
        ("3 semaines d'attente, personne ne répond, j'annule tout !", "comment", 120, "late_delivery", "p2", "care"),
        ("Where is my order? It was due on Monday", "dm", 120, "late_delivery", "p2", "care"),
        ("Le pied est arrivé cassé", "dm", 10, "damaged", "p2", "care"),
        ("The glass shade was cracked when I opened the box", "dm", 10, "damaged", "p2", "care"),
        ("Je veux un remboursement", "dm", 10, "refund", "p2", "care"),
        ("How do I return a lamp?", "comment", 10, "returns", "p3", "care"),
        ("Elle ne s'allume plus depuis ce matin", "dm", 10, "repair", "p3", "care"),
        ("Can I have an invoice for my order please", "dm", 10, "order", "p3", "care"),
        ("Très déçue de l'accueil", "review", 10, "complaint", "p2", "care"),
        ("1/5. Jamais vu ça", "review", 10, "complaint", "p2", "care"),
        ("Sera-t-elle de nouveau disponible en laiton ?", "comment", 10, "availability", "p3", "sales"),
        ("Je suis architecte, avez-vous un tarif pro ?", "dm", 10, "trade", "p3", "sales"),
        ("How much is the Aurora pendant?", "comment", 10, "sales", "p3", "sales"),
        ("Which bulb fits the Nord table lamp?", "comment", 10, "product", "p3", "sales"),
        ("Vous recrutez en alternance ?", "dm", 10, "recruitment", "p4", "community"),
        ("Earn with crypto, check my bio", "comment", 10, "spam", "p4", "community"),
        ("Magnifique, j'adore !", "comment", 10, "praise", "p4", "community"),
        ("Absolutely gorgeous", "comment", 10, "praise", "p4", "community"),
        ("Bonsoir", "comment", 10, "other", "p3", "community"),
        ("Absolutely gorgeous", "comment", 250_000, "praise", "p1", "community"),
        ("What a disgrace of a shop", "mention", 250_000, "vip", "p1", "head"),
    ];
    for (text, kind, followers, topic, priority, role) in cases {
        let message = Message { text, network: "instagram", kind, followers: Some(*followers), ..Message::default() };
        let verdict = sorter.read(&message);
        let got = (verdict.topic.as_str(), verdict.priority.code(), verdict.role.as_str());
        assert_eq!(got, (*topic, *priority, *role), "{text}\n{:?}", verdict.reasons);
    }
}

#[test]
fn every_mistake_of_a_rule_file_is_told_at_once_with_its_place() {
    let text = r#"[[rules]]
name = "one"
any = ["retard", "!?", " "]
set = { topic = "late_delivery", role = "cair" }
[[rules]]
name = "one"
regex = '(open'
set = { priority = "p9" }
[[rules]]
name = "three"
anny = ["x"]
networks = ["instagrm"]
kinds = ["coment"]
languages = ["french"]
set = { topic = "praise", role = "sales" }
[[rules]]
any = ["y"]
"#;
    let expected = [
        "3:24: error: `rules.any` is empty or holds control characters (leave the key out to use its default)",
        "4:41: error: unknown role `cair` (did you mean `care`?)",
        "6:8: error: rule `one`: another rule has this name (give each rule its own name)",
        "7:9: error: rule `one`: error: unclosed group (write it in single quotes, so that backslashes stay as they are)",
        "8:7: error: rule `one`: the rule sets nothing: give it a topic, priority, role or tag (e.g. set = { topic = \"returns\", role = \"care\" })",
        "8:20: error: `rules.set.priority`: `p9` is not a priority (p1, p2, p3 or p4)",
        "11:1: error: unknown key `anny` in [rules] (did you mean `any`?)",
        "12:13: error: unknown network `instagrm` (did you mean `instagram`?)",
        "13:10: error: unknown kind `coment` (did you mean `comment`?)",
        "14:14: error: `french` is not a language (two lower-case letters, e.g. fr)",
        "15:7: error: role `sales` gets the topic `praise`, on which it has no rights (add \"praise\" to the topics of [roles.sales])",
        "16:1: error: `name` is missing in [rules] (e.g. name = \"care-late-1\")",
        "16:1: error: rule `rule 4`: the rule sets nothing: give it a topic, priority, role or tag (e.g. set = { topic = \"returns\", role = \"care\" })",
    ];
    assert_eq!(found(text), expected);
}

#[test]
fn without_an_office_names_are_not_looked_up() {
    let text = "[[rules]]\nname = \"one\"\nany = [\"x\"]\nset = { role = \"anybody\", topic = \"thing\" }\n";
    assert_eq!(check_triage(text, "t", None).findings, []);
}

#[test]
fn messages_in_six_languages_get_their_language_mood_and_topic() {
    let rules = load_triage(SAMPLE, "t", Some(&office())).expect("rules").compile().expect("compiles");
    let sorter = Sorter::of_rules(rules);
    let samples = include_str!("triage_samples.tsv");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in samples.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [language, mood, topic, text] = parts[..] else { panic!("four columns: {line}") };
        count += 1;
        let reading = sorter.read(&Message { text, network: "instagram", kind: "comment", ..Message::default() });
        let got = (reading.language.as_deref().unwrap_or("-"), reading.mood.code(), reading.topic.as_str());
        if got != (language, mood, topic) {
            wrong.push(format!("{text}\n   {got:?} {:?}", reading.reasons));
        }
    }
    assert!(count >= 120, "{count} samples");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn eight_sample_messages_reach_eight_roles_or_topics_in_both_languages() {
    let rules = load_triage(SAMPLE, "t", Some(&office())).expect("rules").compile().expect("compiles");
    let sorter = Sorter::of_rules(rules);
    let cases = [
        ("How much is the Aurora pendant?", "Combien coûte la suspension Aurora ?", "sales", "sales"),
        ("My parcel never came", "Mon colis n'est pas arrivé", "late_delivery", "care"),
        ("I want to return it", "Je veux un bon de retour", "returns", "care"),
        ("Which bulb fits the Nord?", "Quelle ampoule pour la Nord ?", "product", "sales"),
        ("Will your CEO answer?", "Est-ce que votre PDG va répondre ?", "ceo", "head"),
        ("I am a journalist", "Je suis journaliste", "press", "legal"),
        ("Stop showing me this ad", "Encore cette pub", "ads", "community"),
        ("Absolutely gorgeous!", "Magnifique !", "praise", "community"),
    ];
    for (english, french, topic, role) in cases {
        for text in [english, french] {
            let reading = sorter.read(&Message { text, network: "instagram", kind: "comment", ..Message::default() });
            assert_eq!((reading.topic.as_str(), reading.role.as_str()), (topic, role), "{text}");
            let named = reading.why(Field::Topic).any(|why| matches!(why, Why::Rule { name } if !name.is_empty()));
            assert!(named, "{text}: {:?}", reading.reasons);
        }
    }
}
