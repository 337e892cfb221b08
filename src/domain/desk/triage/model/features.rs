//! A text as the numbers of its parts: words, pairs and triples of words, and the beginnings, middles and ends of words.
//!
//! The parts are hashed, so a model holds no text. Handles, addresses and digits count as what they are, not by what they say.
//! Start at [`pieces`], then [`each_part`].

/// How much of a text is looked at, in characters: posts end far below, and the mood of a long text shows at its beginning.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Words looked at: what [`TEXT_CHARS_MAX`] characters of ordinary text hold.
pub const PIECES_MAX: usize = 400;
/// Shortest and longest run of characters inside a word.
const RUN_CHARS: std::ops::RangeInclusive<usize> = 2..=5;
/// Longest word whose runs are looked at, in characters; longer ones are not words.
const WORD_CHARS_MAX: usize = 30;

/// What a part is; each kind weighs the same in the end, however many parts a text has of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// One, two or three words in a row.
    Words = 0,
    /// A run of characters of one word.
    Run = 1,
}

/// One piece of a text: a word, a sign, or a mark that stands for a handle, an address or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// In lower case; `@`, `http` and `0` for handles, addresses and digits.
    pub text: String,
    /// It has letters.
    pub is_word: bool,
    /// It was written in capitals alone.
    pub shouted: bool,
}

/// The pieces of a text in order.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let end = text.char_indices().nth(TEXT_CHARS_MAX).map_or(text.len(), |(end, _)| end);
    let mut found = Vec::with_capacity(48);
    for chunk in text[..end].split_whitespace() {
        if found.len() >= PIECES_MAX {
            break;
        }
        let start = chunk.get(..4).unwrap_or_default();
        if start.eq_ignore_ascii_case("http") || start.eq_ignore_ascii_case("www.") {
            found.push(sign("http"));
        } else if chunk.len() > 1 && chunk.starts_with('@') {
            found.push(sign("@"));
        } else {
            cut(chunk, &mut found);
        }
    }
    found.truncate(PIECES_MAX);
    found
}

fn sign(text: &str) -> Piece {
    Piece { text: text.to_owned(), is_word: false, shouted: false }
}

/// Letters and digits form words, equal signs in a row form one piece, everything else stands alone.
fn cut(chunk: &str, found: &mut Vec<Piece>) {
    let mut word = Word::default();
    let mut chars = chunk.chars().peekable();
    while let Some(char) = chars.next() {
        let joins = matches!(char, '\'' | '\u{2019}')
            && !word.text.is_empty()
            && chars.peek().is_some_and(|next| next.is_alphabetic());
        if char.is_alphanumeric() || joins {
            word.push(if joins { '\'' } else { char });
            continue;
        }
        word.close(found);
        if is_unseen(char) {
            continue;
        }
        let mut run = 1;
        while chars.peek() == Some(&char) {
            chars.next();
            run += 1;
        }
        let mut text = String::from(char);
        if run > 1 && char.is_ascii() {
            text.push(char);
        }
        found.push(Piece { text, is_word: false, shouted: false });
    }
    word.close(found);
}

/// Joiners, variation marks and skin tones: the emoji before them says it all.
fn is_unseen(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{feff}')
}

#[derive(Default)]
struct Word {
    text: String,
    last: Option<char>,
    run: usize,
    letters: usize,
    capitals: usize,
}

impl Word {
    fn push(&mut self, char: char) {
        self.letters += usize::from(char.is_alphabetic());
        self.capitals += usize::from(char.is_uppercase());
        let char = if char.is_numeric() { '0' } else { char };
        for lower in char.to_lowercase() {
            self.run = if self.last == Some(lower) { self.run + 1 } else { 1 };
            self.last = Some(lower);
            // "soooo" is "soo": nobody counts the letters of a cry.
            let most = if lower == '0' { 1 } else { 2 };
            if self.run <= most {
                self.text.push(lower);
            }
        }
    }

    fn close(&mut self, found: &mut Vec<Piece>) {
        if !self.text.is_empty() {
            let shouted = self.letters > 2 && self.capitals == self.letters;
            found.push(Piece { text: std::mem::take(&mut self.text), is_word: self.letters > 0, shouted });
        }
        *self = Self::default();
    }
}

const PRIME: u64 = 0x0000_0100_0000_01b3;
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn hash(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(BASIS ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

/// Spreads a hash over all its bits, so that any of them can number a bucket.
fn mixed(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// Visits every part of the pieces: the place of its (last) piece, its kind, its number.
pub fn each_part(pieces: &[Piece], mut visit: impl FnMut(usize, PartKind, u64)) {
    let (mut before, mut before_that) = (hash(7, b"^"), 0_u64);
    let mut edged = String::with_capacity(64);
    let mut starts: Vec<usize> = Vec::with_capacity(40);
    for (place, piece) in pieces.iter().enumerate() {
        let own = hash(1, piece.text.as_bytes());
        visit(place, PartKind::Words, mixed(own));
        visit(place, PartKind::Words, mixed(own ^ before.rotate_left(21)));
        if before_that != 0 {
            visit(place, PartKind::Words, mixed(own ^ before.rotate_left(21) ^ before_that.rotate_left(42)));
        }
        if piece.shouted {
            visit(place, PartKind::Words, mixed(hash(2, b"shouted")));
        }
        (before_that, before) = (before, own);
        if piece.is_word {
            edged.clear();
            edged.push('<');
            edged.push_str(&piece.text);
            edged.push('>');
            starts.clear();
            starts.extend(edged.char_indices().map(|(at, _)| at).take(WORD_CHARS_MAX));
            starts.push(if starts.len() < WORD_CHARS_MAX {
                edged.len()
            } else {
                edged.char_indices().nth(WORD_CHARS_MAX).map_or(edged.len(), |(at, _)| at)
            });
            for first in 0..starts.len().saturating_sub(1) {
                for length in RUN_CHARS {
                    let Some(&end) = starts.get(first + length) else { break };
                    visit(place, PartKind::Run, mixed(hash(3, &edged.as_bytes()[starts[first]..end])));
                }
            }
        }
    }
    visit(pieces.len().saturating_sub(1), PartKind::Words, mixed(hash(7, b"$") ^ before.rotate_left(21)));
}
