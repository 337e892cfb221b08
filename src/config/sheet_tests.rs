use super::*;

#[test]
fn places_count_lines_and_characters() {
    let text = "a = 1\n\u{e9}\u{e9} = 2\n";
    for (byte, expected) in [(0, (1, 1)), (4, (1, 5)), (6, (2, 1)), (10, (2, 3)), (8, (2, 2)), (999, (3, 1))] {
        assert_eq!(place(text, byte), expected, "byte {byte}");
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let text = format!("# {}", "x".repeat(FILE_BYTES_MAX));
    let checked = read("f", &text, |_| Some(()));
    assert_eq!(checked.value, None);
    assert_eq!(checked.findings[0].message, "the file is over 1 MiB");
}

#[test]
fn numbers_in_every_notation_of_toml() {
    let checked = read("f", "a = 1_000\nb = 0x1F\nc = -3\nd = 99999999999999999999\ne = 1.5", |root| {
        let number = |key| root.number(key, -10..=5_000).map(|at| at.value);
        Some([number("a"), number("b"), number("c"), number("d"), number("e")])
    });
    assert_eq!(checked.value, None);
    let said: Vec<String> = checked.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "f:4:5: error: `d` is out of range (-10 to 5000)",
            "f:5:5: error: `e` is a number with a fraction, not a whole number"
        ]
    );
    let checked = read("f", "a = 1_000\nb = 0x1F\nc = -3", |root| {
        let number = |key| root.number(key, -10..=5_000).map(|at| at.value);
        Some([number("a"), number("b"), number("c")])
    });
    assert_eq!(checked.value, Some([Some(1_000), Some(31), Some(-3)]));
}

#[test]
fn findings_are_bounded() {
    let text: String = (0..2_000).map(|at| format!("k{at} = 1\n")).collect();
    assert_eq!(read("f", &text, |_| Some(())).findings.len(), FINDINGS_MAX);
}
