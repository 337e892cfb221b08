//! French typography: the space before `: ; ? ! %` and inside « » does not break.
//!
//! The French sources are written with the space that a keyboard gives; here it becomes one that holds both sides on one
//! line. Only our own sentences pass here: a customer's words are arguments and are never touched. Start at [`spaced`].

/// The space that does not break.
const NO_BREAK: char = '\u{00A0}';
/// Signs that French separates from the word before them.
const AFTER_SPACE: [char; 6] = [':', ';', '?', '!', '%', '»'];
/// What may follow such a sign; anything else means that it is no punctuation (`:tada:`, `!important`).
const AFTER_SIGN: [char; 12] = [':', ';', '?', '!', '»', ')', ']', '.', ',', '…', '*', '_'];

/// A Fluent source with unbreakable spaces where French wants them.
#[must_use]
pub(super) fn spaced(source: &str) -> String {
    let mut written = String::with_capacity(source.len() + source.len() / 64);
    for line in source.split_inclusive('\n') {
        if line.starts_with('#') {
            written.push_str(line);
        } else {
            space_line(line, &mut written);
        }
    }
    written
}

fn space_line(line: &str, written: &mut String) {
    let mut before = ' ';
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        let mut ahead = rest.clone();
        let holds = letter == ' ' && (before == '«' || (!before.is_whitespace() && is_sign(&mut ahead)));
        written.push(if holds { NO_BREAK } else { letter });
        before = letter;
    }
}

/// Whether the text goes on with a sign that ends or divides a sentence.
fn is_sign(ahead: &mut impl Iterator<Item = char>) -> bool {
    let sign = ahead.next().is_some_and(|sign| AFTER_SPACE.contains(&sign));
    sign && ahead.next().is_none_or(|next| next.is_whitespace() || AFTER_SIGN.contains(&next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_space_before_a_sign_does_not_break() {
        // `~` stands for the space that does not break.
        let table = [
            ("a = Quel ticket ? Ajoutez-le.", "a = Quel ticket~? Ajoutez-le."),
            ("a = { $typed } ; { $who } s’en occupe !", "a = { $typed }~; { $who } s’en occupe~!"),
            ("a = Le rôle « { $role } » n’existe pas.", "a = Le rôle «~{ $role }~» n’existe pas."),
            ("a = « Pourquoi ? » (« Non ! »)", "a = «~Pourquoi~?~» («~Non~!~»)"),
            ("a = Vraiment ?! Oui : 12 %.", "a = Vraiment~?! Oui~: 12~%."),
            ("a = Rôles :\n    b ;\n", "a = Rôles~:\n    b~;\n"),
            // Times, addresses, flags, emoji codes and signs that are no punctuation stay.
            ("a = à 08:45, https://vigie.example/a?b=c", "a = à 08:45, https://vigie.example/a?b=c"),
            ("a = /ticket liste net:instagram :tada: !", "a = /ticket liste net:instagram :tada:~!"),
            (
                "a = { $n ->\n    [one] un\n   *[other] { $n } :x:\n}",
                "a = { $n ->\n    [one] un\n   *[other] { $n } :x:\n}",
            ),
            // What is unbreakable already stays so; comments are nobody's sentence.
            ("a = Oui\u{A0}! Et «\u{A0}non\u{A0}»", "a = Oui~! Et «~non~»"),
            ("# Absences : aperçu\na = b", "# Absences : aperçu\na = b"),
        ];
        for (typed, wanted) in table {
            assert_eq!(spaced(typed).replace(NO_BREAK, "~"), wanted, "{typed:?}");
        }
        let once = spaced("a = Quel « ticket » ?");
        assert_eq!(spaced(&once), once);
    }

    #[test]
    fn no_french_sentence_breaks_before_a_sign() {
        for &(file, _, french) in super::super::SOURCES {
            for line in spaced(french).lines().filter(|line| !line.starts_with('#')) {
                let breaks = ["« ", " »"].iter().any(|pair| line.contains(pair))
                    || [" :", " ;", " ?", " !"]
                        .iter()
                        .any(|pair| line.ends_with(pair) || line.contains(&format!("{pair} ")));
                assert!(!breaks, "{file}: {line}");
            }
        }
    }
}
