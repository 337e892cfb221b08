//! What changed between two texts, word by word.
//!
//! Pure and bounded: longer texts are compared as far as [`WORDS_MAX`] words. Start at [`words`].

/// Most words of each text that are compared: a draft has 3 000 characters at most, so 1 500 words.
pub const WORDS_MAX: usize = 1_500;
/// Most characters of a summary: one line of a message.
pub const SUMMARY_CHARS_MAX: usize = 280;

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// In both.
    Same(String),
    /// Only in the new text.
    Added(String),
    /// Only in the old text.
    Removed(String),
}

/// The difference as runs, in reading order; what was removed stands before what replaces it.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Run> {
    let old: Vec<&str> = old.split_whitespace().take(WORDS_MAX).collect();
    let new: Vec<&str> = new.split_whitespace().take(WORDS_MAX).collect();
    let common = common_lengths(&old, &new);
    let mut runs = Vec::new();
    let (mut removed, mut added, mut same): (Vec<&str>, Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            flush(&mut runs, &mut removed, &mut added);
            same.push(old[i]);
            i += 1;
            j += 1;
            continue;
        }
        push(&mut runs, &mut same, Run::Same);
        let skip_old = j >= new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1];
        if skip_old {
            removed.push(old[i]);
            i += 1;
        } else {
            added.push(new[j]);
            j += 1;
        }
    }
    flush(&mut runs, &mut removed, &mut added);
    push(&mut runs, &mut same, Run::Same);
    runs
}

fn flush(runs: &mut Vec<Run>, removed: &mut Vec<&str>, added: &mut Vec<&str>) {
    push(runs, removed, Run::Removed);
    push(runs, added, Run::Added);
}

fn push(runs: &mut Vec<Run>, words: &mut Vec<&str>, kind: fn(String) -> Run) {
    if !words.is_empty() {
        runs.push(kind(words.join(" ")));
        words.clear();
    }
}

/// Longest common subsequence lengths of all pairs of suffixes.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut table = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] = if old[i] == new[j] {
                table[i + 1][j + 1].saturating_add(1)
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    table
}

/// The changes alone, in one line that needs no language: `tomorrow → on Monday · + thank you · − very`.
#[must_use]
pub fn summary(old: &str, new: &str) -> String {
    let runs = words(old, new);
    let mut parts = Vec::new();
    let mut index = 0;
    while let Some(run) = runs.get(index) {
        index += 1;
        match (run, runs.get(index)) {
            (Run::Removed(gone), Some(Run::Added(come))) => {
                parts.push(format!("{gone} → {come}"));
                index += 1;
            }
            (Run::Removed(gone), _) => parts.push(format!("− {gone}")),
            (Run::Added(come), _) => parts.push(format!("+ {come}")),
            (Run::Same(_), _) => {}
        }
    }
    if parts.is_empty() {
        return "=".to_owned();
    }
    let line = parts.join(" · ");
    if line.chars().count() <= SUMMARY_CHARS_MAX {
        return line;
    }
    let cut: String = line.chars().take(SUMMARY_CHARS_MAX - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn changes_are_named_word_by_word() {
        let cases = [
            ("Your parcel comes tomorrow", "Your parcel comes on Monday", "tomorrow → on Monday"),
            ("Hello there", "Hello there, sorry", "there → there, sorry"),
            ("We are very sorry", "We are sorry", "− very"),
            ("Sorry", "We are Sorry", "+ We are"),
            ("Same  text\nhere", "Same text here", "="),
            ("", "New", "+ New"),
            ("Old", "", "− Old"),
            ("a b c d", "a x c y", "b → x · d → y"),
        ];
        for (old, new, line) in cases {
            assert_eq!(summary(old, new), line, "{old:?} {new:?}");
        }
        assert!(summary(&"a ".repeat(800), &"b ".repeat(800)).chars().count() <= SUMMARY_CHARS_MAX);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back_from_the_difference(old in "[ab ]{0,30}", new in "[ab ]{0,30}") {
            let runs = words(&old, &new);
            let read = |skip_added: bool| {
                let kept = runs.iter().filter_map(|run| match run {
                    Run::Same(text) => Some(text.as_str()),
                    Run::Added(text) => (!skip_added).then_some(text.as_str()),
                    Run::Removed(text) => skip_added.then_some(text.as_str()),
                });
                kept.collect::<Vec<_>>().join(" ")
            };
            prop_assert_eq!(read(true), old.split_whitespace().collect::<Vec<_>>().join(" "));
            prop_assert_eq!(read(false), new.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
