//! How many messages a second `vigie backtest triage` judges, reading and writing included.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use super::{GOALS, goal};

/// Messages judged.
const MESSAGES: usize = if GOALS { 200_000 } else { 2_000 };
/// Goal of the README, in messages a second.
const MESSAGES_PER_SECOND_MIN: f64 = 20_000.0;

const TEXTS: [&str; 6] = [
    "Where is my order? It was due on Monday and nobody answers, this is the worst service I have ever had",
    "Magnifique, j'adore ma nouvelle lampe ! Merci à toute l'équipe 😍",
    "¿Cuándo estará disponible el modelo de latón? Lo busco desde hace semanas",
    "Mein Paket ist immer noch nicht angekommen, so eine Frechheit @maison https://example.com/abc",
    "Quanto costa la sospensione Aurora? E quale lampadina serve?",
    "Amei minha luminária nova, ficou linda! #decor #casa",
];

#[test]
fn past_messages_are_judged_fast() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lines = String::new();
    for number in 0..MESSAGES {
        let _ = writeln!(lines, "{{\"id\":{number},\"text\":{:?}}}", TEXTS[number % TEXTS.len()]);
    }
    let (file, out) = (folder.path().join("messages.jsonl"), folder.path().join("judged.jsonl"));
    std::fs::write(&file, lines).expect("written");
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["backtest", "triage"])
        .arg(&file)
        .arg("--out")
        .arg(&out)
        .status()
        .expect("the program starts");
    let rate = MESSAGES as f64 / start.elapsed().as_secs_f64();
    assert!(status.success());
    let judged = std::fs::read_to_string(&out).expect("the answer");
    assert_eq!(judged.lines().count(), MESSAGES);
    println!("triage: {rate:.0} messages/s, reading and writing included");
    goal("messages judged a second", rate >= MESSAGES_PER_SECOND_MIN);
}
