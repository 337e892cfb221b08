//! A model learns what is in its lines, is the same each time, and is read back as it was written.

use proptest::prelude::*;

use super::*;
use crate::domain::desk::triage::mood::judge;

fn line(text: &str, mood: &str, topic: &str) -> Labelled {
    let labels = [(Field::Mood, mood.to_owned()), (Field::Topic, topic.to_owned())].into_iter().collect();
    Labelled { text: text.to_owned(), language: Some("en".into()), labels }
}

fn lessons() -> Vec<Labelled> {
    let mut lines = Vec::new();
    for word in ["lamp", "shade", "bulb", "cable", "switch", "box"] {
        lines.push(line(&format!("the {word} is zorp and I am cross"), "negative", "repair"));
        lines.push(line(&format!("the {word} is flink and I am pleased"), "positive", "praise"));
        lines.push(line(&format!("is the {word} made in Lyon"), "neutral", "product"));
    }
    lines
}

fn trained() -> Model {
    Model::train(&lessons(), &[Field::Mood, Field::Topic]).expect("enough to learn from")
}

fn opinion(model: &Model, field: Field, text: &str) -> Opinion {
    let pieces = pieces(text);
    model.opinion(field, &pieces, &judge(&pieces, Some("en"))).expect("it learnt this field")
}

#[test]
fn what_was_taught_is_said_again_with_the_words_that_spoke_for_it() {
    let model = trained();
    for (text, mood, topic, word) in [
        ("my lampshade is zorp", "negative", "repair", "zorp"),
        ("so flink", "positive", "praise", "flink"),
        ("made in Lyon", "neutral", "product", "lyon"),
    ] {
        let said = opinion(&model, Field::Mood, text);
        assert_eq!(said.label, mood, "{text}");
        assert!(said.words.iter().any(|told| told == word), "{text}: {:?}", said.words);
        assert!((0.0..=1.0).contains(&said.share));
        assert_eq!(opinion(&model, Field::Topic, text).label, topic, "{text}");
    }
    let nothing = pieces("");
    assert_eq!(model.opinion(Field::Mood, &nothing, &judge(&nothing, None)), None);
    assert_eq!(model.opinion(Field::Language, &pieces("hello"), &judge(&nothing, None)), None);
}

#[test]
fn the_same_lines_give_the_same_file_and_it_is_read_back_as_it_was() {
    let (first, second) = (trained().write(), trained().write());
    assert!(first == second, "training is deterministic");
    let back = Model::read(&first).expect("its own file");
    assert_eq!(back, trained());
}

#[test]
fn fields_of_another_model_are_kept_beside_the_new_ones() {
    let mut moods = Model::train(&lessons(), &[Field::Mood]).expect("moods");
    moods.keep(Model::train(&lessons(), &[Field::Topic]).expect("topics"));
    assert_eq!(moods, trained());
}

#[test]
fn lines_that_teach_nothing_are_refused_with_the_reason() {
    let same: Vec<Labelled> = (0..5).map(|_| line("hello", "neutral", "other")).collect();
    assert_eq!(Model::train(&same, &[Field::Mood]), Err(NothingLearnt::OneLabel { field: "mood" }));
    assert_eq!(Model::train(&[], &[Field::Mood]), Err(NothingLearnt::NoLabels));
    let many: Vec<Labelled> = (0..80).map(|n| line("hello", "neutral", &format!("t{}", n / 2))).collect();
    let refused = Model::train(&many, &[Field::Topic]).expect_err("too many topics");
    assert_eq!(refused.to_string(), "40 different values of topic; at most 32");
}

#[test]
fn a_damaged_file_is_refused() {
    let good = trained().write();
    assert_eq!(Model::read(b"hello"), Err(ModelFault::NotAModel));
    for cut in [14, 20, good.len() / 2, good.len() - 1] {
        assert!(matches!(Model::read(&good[..cut]), Err(ModelFault::Damaged(_))), "cut at {cut}");
    }
    for place in (14..good.len()).step_by(good.len() / 40 + 1) {
        let mut bad = good.clone();
        bad[place] ^= 0x55;
        assert!(Model::read(&bad).is_err(), "changed at {place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_stops_the_features(text in "\\PC{0,300}") {
        let pieces = pieces(&text);
        prop_assert!(pieces.len() <= features::PIECES_MAX);
        let parts = linear::parts(&pieces, &[]);
        prop_assert!(parts.iter().all(|(bucket, worth)| (*bucket as usize) < linear::BUCKETS && worth.is_finite()));
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut file = b"vigie-model 1\n".to_vec();
        file.extend(&bytes);
        prop_assert!(Model::read(&bytes).is_err() && Model::read(&file).is_err());
    }
}
