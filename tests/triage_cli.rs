//! `vigie train` and `vigie backtest` as a user runs them: files in, lines out, and exit codes that mean something.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn vigie(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.current_dir(folder).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writing = std::thread::spawn(move || pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    let _ = writing.join();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sample_config() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config")
}

#[test]
fn past_messages_are_judged_line_by_line_with_their_reasons() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = sample_config();
    let input = "{\"id\":\"a\",\"text\":\"Where is my order? Worst service ever\"}\n\
                 {\"id\":7,\"text\":\"Magnifique, j'adore !\",\"network\":\"instagram\",\"followers\":12}\n\n\
                 {\"text\":\"\"}\n";
    let output = vigie(folder.path(), &["--config", &config.to_string_lossy(), "backtest", "triage", "-"], input);
    assert!(output.status.success(), "{}", told(&output));
    let judged = lines(&output);
    assert_eq!(judged.len(), 3);
    assert_eq!(judged[0]["id"], "a");
    assert_eq!((&judged[0]["language"], &judged[0]["mood"]), (&Value::from("en"), &Value::from("negative")));
    assert_eq!((&judged[0]["topic"], &judged[0]["role"]), (&Value::from("late_delivery"), &Value::from("care")));
    let reasons = judged[0]["reasons"].as_array().expect("reasons");
    assert!(reasons.iter().any(|why| why["field"] == "topic" && why["name"] == "care-late-2"), "{reasons:?}");
    assert!(reasons.iter().any(|why| why["field"] == "mood" && why["by"] == "words"), "{reasons:?}");
    assert_eq!((&judged[1]["id"], &judged[1]["mood"]), (&Value::from(7), &Value::from("positive")));
    assert_eq!((&judged[2]["language"], &judged[2]["mood"]), (&Value::Null, &Value::from("neutral")));
    assert_eq!(judged[2]["id"], 4, "a line without an id goes by its number");
}

#[test]
fn wrong_lines_are_told_with_their_number_and_the_rest_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = "{\"text\":\"hello\"}\nnonsense\n[1]\n{\"id\":\"x\"}\n{\"text\":5}\n{\"text\":\"bye\"}\n";
    std::fs::write(folder.path().join("m.jsonl"), input).expect("written");
    let output = vigie(folder.path(), &["backtest", "triage", "m.jsonl", "--format", "text"], "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
    for number in [2, 3, 4, 5] {
        assert!(told(&output).contains(&format!("m.jsonl:{number}: ")), "{}", told(&output));
    }
    assert!(told(&output).contains("the sample rules are used"), "{}", told(&output));
    let missing = vigie(folder.path(), &["backtest", "triage", "none.jsonl"], "");
    assert!(!missing.status.success() && told(&missing).contains("none.jsonl"));
    let no_rules = vigie(folder.path(), &["--config", "elsewhere", "backtest", "triage", "m.jsonl"], "");
    assert!(!no_rules.status.success() && told(&no_rules).contains("--config"), "{}", told(&no_rules));
}

#[test]
fn a_trained_model_decides_and_is_measured_against_the_labels() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut labelled = String::new();
    for thing in ["lamp", "shade", "bulb", "cable", "switch", "box", "plug", "ring"] {
        labelled
            .push_str(&format!("{{\"text\":\"the {thing} is zorp\",\"label\":\"negative\",\"topic\":\"repair\"}}\n"));
        labelled
            .push_str(&format!("{{\"text\":\"the {thing} is flink\",\"label\":\"positive\",\"topic\":\"praise\"}}\n"));
    }
    std::fs::write(folder.path().join("l.jsonl"), &labelled).expect("written");
    let trained =
        vigie(folder.path(), &["train", "triage", "l.jsonl", "--read", "mood=label", "--check", "l.jsonl"], "");
    assert!(trained.status.success(), "{}", told(&trained));
    assert!(told(&trained).contains("mood: 16 labelled, agreement 1.000"), "{}", told(&trained));
    let args = ["backtest", "triage", "-", "--model", "triage.model"];
    let output = vigie(folder.path(), &args, "{\"text\":\"my desk is zorp\",\"mood\":\"negative\"}\n");
    assert!(output.status.success(), "{}", told(&output));
    let judged = lines(&output).remove(0);
    assert_eq!((&judged["mood"], &judged["topic"]), (&Value::from("negative"), &Value::from("repair")));
    let by_model = |why: &Value| why["by"] == "model" && why["words"].to_string().contains("zorp");
    assert!(judged["reasons"].as_array().expect("reasons").iter().any(by_model), "{judged}");
    assert!(told(&output).contains("mood: 1 labelled, agreement 1.000, macro-F1 1.000"), "{}", told(&output));
    std::fs::write(folder.path().join("triage.model"), "no model").expect("written");
    let damaged = vigie(folder.path(), &args, "");
    assert_eq!(damaged.status.code(), Some(2));
    assert!(told(&damaged).contains("vigie train"), "{}", told(&damaged));
    let nothing = vigie(folder.path(), &["train", "triage", "-"], "{\"text\":\"hello\"}\n");
    assert!(!nothing.status.success() && told(&nothing).contains("no line has"), "{}", told(&nothing));
}
