//! Moods in users' words: what turns, strengthens and outweighs, and what hostile texts cost.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::model::features::pieces;
use super::*;

fn mood(language: &str, text: &str) -> Mood {
    judge(&pieces(text), Some(language)).mood
}

#[test]
fn words_turn_strengthen_and_outweigh_each_other() {
    use Mood::{Negative, Neutral, Positive};
    let cases = [
        ("en", "I am happy", Positive),
        ("en", "I am not happy", Negative),
        ("en", "Not bad", Neutral),
        ("en", "The shop is nice but the service is terrible", Negative),
        ("en", "The queue was long but the team was wonderful", Positive),
        ("en", "Thanks for nothing", Negative),
        ("en", "thanks!", Positive),
        ("en", "when do you open on Sunday?", Neutral),
        ("en", "No problem at all, thank you", Positive),
        ("en", "😡😡", Negative),
        ("en", "great :)", Positive),
        ("en", "ok :(", Neutral),
        ("fr", "Je ne suis pas contente", Negative),
        ("fr", "j'aime pas du tout", Negative),
        ("fr", "Bravo, merci !", Positive),
        ("fr", "Merci pour rien", Negative),
        ("fr", "Aucun problème, merci beaucoup", Positive),
        ("fr", "La boutique est jolie mais le service est horrible", Negative),
        ("fr", "Vous ouvrez à quelle heure ?", Neutral),
        ("es", "No me gusta nada, qué asco", Negative),
        ("es", "Me encanta, gracias", Positive),
        ("es", "Gracias por nada", Negative),
        ("de", "Das gefällt mir, danke!", Positive),
        ("de", "Danke für nichts", Negative),
        ("de", "Die Lampe ist nicht schön", Negative),
        ("it", "Grazie, siete bravissimi", Positive),
        ("it", "Grazie per niente", Negative),
        ("pt", "Muito obrigada, adorei", Positive),
        ("pt", "Obrigado por nada", Negative),
        ("sv", "tack 😍", Positive),
        ("sv", "jag hatar det", Neutral),
    ];
    for (language, text, expected) in cases {
        let judged = judge(&pieces(text), Some(language));
        assert_eq!(judged.mood, expected, "{text}: {:?}", judged.hits);
    }
    assert_eq!(judge(&[], None).mood, Neutral);
}

#[test]
fn a_mood_names_its_words() {
    let judged = judge(&pieces("Awful, never again!"), Some("en"));
    let words: Vec<&str> = judged.hits.iter().map(|hit| hit.text.as_str()).collect();
    assert_eq!(words, ["awful", "never again"]);
}

#[test]
fn accents_capitals_and_drawn_out_letters_make_no_difference() {
    for text in ["déçue", "DÉÇUE", "decue"] {
        assert_eq!(mood("fr", text), Mood::Negative, "{text}");
    }
    assert_eq!(mood("en", "AWFULLL"), mood("en", "awfull"));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "measures elapsed time, decides nothing by it")]
fn a_hostile_text_of_40_000_characters_is_judged_in_bounded_time() {
    for text in [
        "not ".repeat(10_000),
        "a".repeat(40_000),
        "no one no one ".repeat(3_000),
        ":(".repeat(20_000),
        "but ".repeat(10_000),
    ] {
        let best = (0..3).map(|_| {
            let start = Instant::now();
            let pieces = pieces(&text);
            let judged = judge(&pieces, Some("en"));
            assert!(judged.kind.is_finite() && judged.unkind.is_finite());
            start.elapsed()
        });
        let best = best.min().unwrap_or_default();
        assert!(best < Duration::from_millis(50), "{best:?} for {:?}", text.chars().take(12).collect::<String>());
    }
}

proptest! {
    #[test]
    fn any_text_has_one_mood_and_always_the_same(text in "\\PC{0,200}", place in 0_usize..6) {
        let language = ["en", "fr", "es", "de", "it", "pt"][place];
        let pieces = pieces(&text);
        prop_assert_eq!(judge(&pieces, Some(language)), judge(&pieces, Some(language)));
    }
}
