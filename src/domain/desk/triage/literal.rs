//! Which words are sure to be in every match of a regular expression: they tell, without running it, that it cannot match.
//!
//! Conservative: an answer may be missing, never wrong. Works on expressions that the regex crate has accepted; letters and digits
//! of ASCII only, in lower case, since those survive folding. Start reading at [`required`].

/// Shortest useful literal, in characters: shorter ones occur in nearly every message.
const LITERAL_CHARS_MIN: usize = 3;
/// Deeper groups are not looked into; the regex crate refuses them anyway (`nest_limit`).
const DEPTH_MAX: usize = 50;

/// Literals of which every match contains at least one; `None` when there is no such set.
pub(super) fn required(pattern: &str) -> Option<Vec<String>> {
    if is_verbose(pattern) {
        return None;
    }
    let mut reader = Reader { chars: pattern.chars().collect(), at: 0 };
    let literals = reader.alternation(0)?;
    (reader.at == reader.chars.len()).then_some(literals)
}

/// `(?x)` gives spaces and `#` another meaning: such expressions are left alone.
fn is_verbose(pattern: &str) -> bool {
    pattern.split("(?").skip(1).any(|group| {
        let flags: String = group.chars().take_while(|char| char.is_ascii_lowercase() || *char == '-').collect();
        flags.contains('x')
    })
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let char = self.peek();
        self.at += usize::from(char.is_some());
        char
    }

    /// Branches divided by `|`, up to `)` or the end: each must have literals.
    fn alternation(&mut self, depth: usize) -> Option<Vec<String>> {
        let mut all = self.branch(depth);
        while self.peek() == Some('|') {
            self.at += 1;
            let branch = self.branch(depth);
            all = all.zip(branch).map(|(mut all, branch)| {
                all.extend(branch);
                all
            });
        }
        all
    }

    /// The best literals of one branch. Always reads to its end.
    fn branch(&mut self, depth: usize) -> Option<Vec<String>> {
        let mut best = Best(None);
        let mut run = String::new();
        while let Some(char) = self.peek().filter(|char| !matches!(char, '|' | ')')) {
            self.at += 1;
            if char.is_ascii_alphanumeric() {
                run.push(char.to_ascii_lowercase());
                match self.peek() {
                    // The last character may be missing.
                    Some('?' | '*' | '{') => {
                        run.pop();
                        best.offer_run(&mut run);
                    }
                    Some('+') => best.offer_run(&mut run),
                    _ => {}
                }
                continue;
            }
            best.offer_run(&mut run);
            match char {
                '\\' => self.skip_escape(),
                '[' => self.skip_class(),
                '{' => self.skip_past('}'),
                '(' => {
                    let inside = self.group(depth);
                    let may_be_missing = matches!(self.peek(), Some('?' | '*' | '{'));
                    if !may_be_missing {
                        best.offer(inside);
                    }
                }
                _ => {}
            }
        }
        best.offer_run(&mut run);
        best.0
    }

    /// Behind `(`, up to and with its `)`.
    fn group(&mut self, depth: usize) -> Option<Vec<String>> {
        if self.peek() == Some('?') {
            self.at += 1;
            while let Some(char) = self.take() {
                match char {
                    '<' => {
                        self.skip_past('>');
                        break;
                    }
                    ':' => break,
                    ')' => return None,
                    _ => {}
                }
            }
        }
        let inside = if depth < DEPTH_MAX { self.alternation(depth + 1) } else { None };
        self.take();
        inside
    }

    fn skip_past(&mut self, end: char) {
        while self.take().is_some_and(|char| char != end) {}
    }

    /// Behind a backslash: a class, an assertion, a code point or a sign; none of them counts as literal.
    fn skip_escape(&mut self) {
        let escaped = self.take();
        let digits = match escaped {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some('p' | 'P') => 1,
            _ => 0,
        };
        if self.peek() == Some('{') && matches!(escaped, Some('x' | 'u' | 'U' | 'p' | 'P' | 'b')) {
            self.skip_past('}');
        } else {
            self.at = (self.at + digits).min(self.chars.len());
        }
    }

    /// Behind `[`, up to and with its `]`. A `]` in the first place is a member; classes may nest.
    fn skip_class(&mut self) {
        if self.peek() == Some('^') {
            self.at += 1;
        }
        if self.peek() == Some(']') {
            self.at += 1;
        }
        while let Some(char) = self.take() {
            match char {
                ']' => return,
                '[' => self.skip_class(),
                '\\' => self.skip_escape(),
                _ => {}
            }
        }
    }
}

/// The set whose shortest literal is the longest.
struct Best(Option<Vec<String>>);

impl Best {
    fn offer_run(&mut self, run: &mut String) {
        if run.len() >= LITERAL_CHARS_MIN {
            self.offer(Some(vec![std::mem::take(run)]));
        }
        run.clear();
    }

    fn offer(&mut self, set: Option<Vec<String>>) {
        let shortest = |set: &Option<Vec<String>>| set.iter().flatten().map(String::len).min().unwrap_or(0);
        if shortest(&set) > shortest(&self.0) {
            self.0 = set;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn literals_are_found_where_they_are_sure_and_only_there() {
        let cases: &[(&str, Option<&[&str]>)] = &[
            ("refund", Some(&["refund"])),
            (r"\bREFUND\b", Some(&["refund"])),
            (r"colis\s+perdu", Some(&["colis"])),
            (r"(?i)(refund|chargeback)", Some(&["refund", "chargeback"])),
            (r"(?:where|when)\s+is\s+my\s+(?P<what>parcel|order)", Some(&["parcel", "order"])),
            (r"refund|money back", Some(&["refund", "money"])),
            (r"refund|no", None),
            (r"(refund)?", None),
            (r"(refund)* now", Some(&["now"])),
            (r"colou?r", Some(&["colo"])),
            (r"colou{0,1}rs?vwxyz", Some(&["vwxyz"])),
            (r"abc+def", Some(&["abc"])),
            (r"\d{3}-\d{4}", None),
            (r"[abc]{2}[^\]x]hello", Some(&["hello"])),
            (r"[]abc]def", Some(&["def"])),
            (r"[a[bc]d]efgh", Some(&["efgh"])),
            (r"\x41bcd", Some(&["bcd"])),
            (r"\x{1F600}bcde", Some(&["bcde"])),
            (r"\pLetter", Some(&["etter"])),
            (r"\p{Greek}abc", Some(&["abc"])),
            (r"\b{start}abc", Some(&["abc"])),
            (r"perçu", Some(&["per"])),
            (r"(?x) abc # def", None),
            (r"(?i-x:abc)", None),
            (r"a|b|c", None),
            (r".*", None),
            ("", None),
        ];
        for (pattern, expected) in cases {
            assert!(regex::Regex::new(pattern).is_ok(), "{pattern}");
            let expected: Option<Vec<String>> = expected.map(|set| set.iter().map(|&word| word.to_owned()).collect());
            assert_eq!(required(pattern), expected, "{pattern}");
        }
    }

    fn any_pattern() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-cK-Sſ0-1é ]{1,5}",
            Just(r"\d".to_owned()),
            Just(r"\x61".to_owned()),
            Just("[ab]".to_owned()),
            Just("[^a]".to_owned()),
            Just(".".to_owned()),
            Just(r"\.".to_owned()),
        ];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left}{right}")),
                (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("(?:{left}|{right})")),
                (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left}|{right}")),
                inner.clone().prop_map(|inside| format!("({inside})?")),
                inner.clone().prop_map(|inside| format!("{inside}*")),
                inner.clone().prop_map(|inside| format!("{inside}+b")),
                inner.prop_map(|inside| format!("{inside}{{0,2}}")),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_match_is_ever_missed(pattern in any_pattern(), text in "[a-cK-Sk-sſ0-1éK. ]{0,24}") {
            let Ok(regex) = regex::RegexBuilder::new(&pattern).case_insensitive(true).build() else { return Ok(()) };
            if let Some(literals) = required(&pattern) && regex.is_match(&text) {
                let folded = fold::tokens(&text, 1_000);
                prop_assert!(literals.iter().any(|literal| folded.contains(literal)), "{} matches {:?} without {:?}", pattern, text, literals);
            }
        }
    }
}
