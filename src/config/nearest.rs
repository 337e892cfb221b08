//! The name that was probably meant.

/// A name is offered only when at most this share of it has to change: one letter in two.
const LETTERS_PER_CHANGE: usize = 2;
/// Longer words are not compared; no key or name is that long.
const CHARS_MAX: usize = 64;

/// The known name nearest to `given`, when it is near enough to be worth offering.
pub(super) fn nearest<'n>(given: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let given: Vec<char> = given.to_lowercase().chars().collect();
    if given.is_empty() || given.len() > CHARS_MAX {
        return None;
    }
    known
        .into_iter()
        .map(|name| (changes(&given, &name.to_lowercase().chars().collect::<Vec<_>>()), name))
        .filter(|(changes, name)| *changes <= (given.len().max(name.chars().count()) / LETTERS_PER_CHANGE).max(1))
        .min_by_key(|(changes, _)| *changes)
        .map(|(_, name)| name)
}

/// A cure for a wrong name: the nearest known one, else the list of all.
pub(super) fn cure<'n>(given: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> String {
    if let Some(name) = nearest(given, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let all: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
    if all.is_empty() { "none is defined".to_owned() } else { format!("known: {}", all.join(", ")) }
}

/// Letters to insert, delete, replace, or swap with the next one.
fn changes(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["care", "sales", "community", "content", "legal", "head"];
        for (given, expected) in [
            ("cair", Some("care")),
            ("acre", Some("care")),
            ("Sales", Some("sales")),
            ("comunity", Some("community")),
            ("contnet", Some("content")),
            ("zz", None),
            ("finance", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), expected, "{given}");
        }
        assert_eq!(cure("cair", known), "did you mean `care`?");
        assert_eq!(cure("finance", ["care", "head"]), "known: `care`, `head`");
        assert_eq!(cure("finance", []), "none is defined");
    }
}
