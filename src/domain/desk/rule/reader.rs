//! The letters of a rule, read one after the other: names, numbers, quotations, expressions. Knows nothing of columns' meaning.
//!
//! Start at [`Reader`].

use super::grammar::{Column, Misread, Wanted};

/// Letters shown of what was found instead.
const SHOWN_CHARS: usize = 20;

/// A letter of a value that needs no quotation marks.
#[must_use]
pub fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// Opening and closing quotation marks.
const QUOTES: [(char, &str); 5] = [('"', "\"”“"), ('\'', "'"), ('“', "”\"“"), ('«', "»"), ('„', "“”\"")];

/// Letters that a backslash keeps from ending a quotation.
const ESCAPED: [char; 5] = ['"', '\'', '\\', '“', '”'];

/// A line under reading.
pub struct Reader {
    letters: Vec<char>,
    next: usize,
}

impl Reader {
    /// A line of at most `chars_max` characters.
    ///
    /// # Errors
    /// When it is longer.
    pub fn new(text: &str, chars_max: usize) -> Result<Self, Misread> {
        let letters: Vec<char> =
            text.chars().take(chars_max + 1).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        if letters.len() > chars_max {
            return Err(Misread { at: chars_max + 1, found: String::new(), wanted: Wanted::Shorter(chars_max) });
        }
        Ok(Self { letters, next: 0 })
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> usize {
        self.next
    }

    /// Nothing is left.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.next >= self.letters.len()
    }

    /// What was expected here.
    #[must_use]
    pub fn misread(&self, wanted: Wanted) -> Misread {
        self.misread_at(self.next, wanted)
    }

    /// What was expected at a place.
    #[must_use]
    pub fn misread_at(&self, place: usize, wanted: Wanted) -> Misread {
        let rest = self.letters.iter().skip(place).copied();
        let found: String = rest.take_while(|letter| !letter.is_whitespace()).take(SHOWN_CHARS).collect();
        Misread { at: place + 1, found, wanted }
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.next).copied()
    }

    /// Goes past white space.
    pub fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
    }

    /// Takes a letter if it stands here.
    pub fn takes(&mut self, letter: char) -> bool {
        let here = self.peek() == Some(letter);
        self.next += usize::from(here);
        here
    }

    /// Takes a sign if it stands here.
    pub fn takes_all(&mut self, sign: &str) -> bool {
        let here = sign.chars().enumerate().all(|(index, one)| self.letters.get(self.next + index) == Some(&one));
        if here {
            self.next += sign.chars().count();
        }
        here
    }

    /// Takes one of these words if it stands here as a whole, in any case.
    pub fn takes_word(&mut self, words: &[&str]) -> bool {
        let before = self.next;
        self.skip_space();
        let name = self.name();
        // `et=1` is no joiner: a sign after it makes it a column.
        let joins = !matches!(self.peek(), Some('=' | '~' | '<' | '>' | ':'));
        if joins && words.contains(&name.to_lowercase().as_str()) {
            return true;
        }
        self.next = before;
        false
    }

    /// The letters of a name that stand here; empty when there are none.
    pub fn name(&mut self) -> String {
        let start = self.next;
        while self.peek().is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            self.next += 1;
        }
        self.letters[start..self.next].iter().collect()
    }

    /// A whole number; `10k` is ten thousand, `2m` two million.
    ///
    /// # Errors
    /// When none stands here.
    pub fn number(&mut self, column: Column) -> Result<u64, Misread> {
        let start = self.next;
        let name = self.name().to_lowercase();
        let (digits, times) = match (name.strip_suffix('k'), name.strip_suffix('m')) {
            (Some(digits), _) => (digits.to_owned(), 1_000),
            (_, Some(digits)) => (digits.to_owned(), 1_000_000),
            _ => (name.replace('_', ""), 1),
        };
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let read = if whole { digits.parse::<u64>().ok().and_then(|number| number.checked_mul(times)) } else { None };
        read.ok_or_else(|| self.misread_at(start, Wanted::Number(column)))
    }

    /// A value: plain letters, with `@` before them if wished, or a quotation.
    ///
    /// # Errors
    /// When a quotation does not end.
    pub fn value(&mut self) -> Result<String, Misread> {
        if let Some(words) = self.quotation()? {
            return Ok(words);
        }
        let start = self.next;
        while self.peek().is_some_and(|letter| is_plain(letter) || letter == '@') {
            self.next += 1;
        }
        Ok(self.letters[start..self.next].iter().collect())
    }

    /// A word or a quotation to look for.
    ///
    /// # Errors
    /// When a quotation does not end.
    pub fn words(&mut self) -> Result<String, Misread> {
        if let Some(words) = self.quotation()? {
            return Ok(words);
        }
        let start = self.next;
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '"');
        while self.peek().is_some_and(|letter| !ends(letter)) {
            self.next += 1;
        }
        Ok(self.letters[start..self.next].iter().collect())
    }

    /// A quotation, when one begins here; white space in it counts once.
    fn quotation(&mut self) -> Result<Option<String>, Misread> {
        let Some((open, closing)) = self.peek().and_then(|here| QUOTES.into_iter().find(|(open, _)| *open == here))
        else {
            return Ok(None);
        };
        let start = self.next;
        self.next += 1;
        let mut words = String::new();
        while let Some(letter) = self.peek() {
            self.next += 1;
            if closing.contains(letter) {
                return Ok(Some(words.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            let escaped = letter == '\\' && self.peek().is_some_and(|after| ESCAPED.contains(&after));
            words.push(if escaped { self.letters[self.next] } else { letter });
            self.next += usize::from(escaped);
        }
        let end = closing.chars().next().unwrap_or(open);
        Err(self.misread_at(start, Wanted::EndOf(end)))
    }

    /// An expression between slashes, when one begins here.
    ///
    /// # Errors
    /// When it does not end.
    pub fn pattern(&mut self) -> Result<Option<String>, Misread> {
        let start = self.next;
        if !self.takes('/') {
            return Ok(None);
        }
        let mut pattern = String::new();
        while let Some(letter) = self.peek() {
            self.next += 1;
            match (letter, self.peek()) {
                ('/', _) => return Ok(Some(pattern)),
                ('\\', Some('/')) => {
                    pattern.push('/');
                    self.next += 1;
                }
                ('\\', Some(after)) => {
                    pattern.extend(['\\', after]);
                    self.next += 1;
                }
                _ => pattern.push(letter),
            }
        }
        Err(self.misread_at(start, Wanted::EndOf('/')))
    }
}

/// Words in quotation marks, to be read again.
#[must_use]
pub fn quoted(words: &str) -> String {
    if !words.contains(['\'', '\\']) {
        return format!("'{words}'");
    }
    let mut shown = String::from("\"");
    for letter in words.chars() {
        // Every mark that would end the quotation, or be taken for a sign before one.
        if ESCAPED.contains(&letter) && letter != '\'' {
            shown.push('\\');
        }
        shown.push(letter);
    }
    shown.push('"');
    shown
}

/// An expression between slashes, to be read again.
#[must_use]
pub fn slashed(pattern: &str) -> String {
    let mut shown = String::from("/");
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '/' => shown.push_str("\\/"),
            '\\' => {
                shown.push('\\');
                shown.extend(letters.next());
            }
            _ => shown.push(letter),
        }
    }
    shown.push('/');
    shown
}
