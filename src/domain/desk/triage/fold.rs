//! Text made comparable: case, accents and invisible characters removed, cut into tokens.
//!
//! The result is one string in which [`EDGE`] stands before, between and after all tokens, so that "occurs as whole words" is plain
//! substring search. A token is a run of letters and digits, or one character of a script written without spaces (so there each
//! substring counts as whole), or one sign. White space only separates.
//! Never translates or stems. Start reading at [`tokens`].

/// Stands at each edge of a token. A control character: it is dropped where a text has it.
pub const EDGE: char = '\u{1f}';

/// The first `chars_max` characters of `text`, folded and cut into tokens.
#[must_use]
pub fn tokens(text: &str, chars_max: usize) -> String {
    let mut cut = Cut { out: String::with_capacity(text.len().min(chars_max * 4) + 16), in_word: false };
    cut.out.push(EDGE);
    for char in text.chars().take(chars_max) {
        if char.is_ascii() {
            cut.push(char.to_ascii_lowercase());
        } else if !is_invisible(char) {
            for lower in char.to_lowercase() {
                let (base, second) = plain(lower);
                if !is_invisible(base) {
                    cut.push(base);
                }
                second.into_iter().for_each(|second| cut.push(second));
            }
        }
    }
    cut.close();
    cut.out
}

struct Cut {
    out: String,
    in_word: bool,
}

impl Cut {
    fn push(&mut self, char: char) {
        if is_word(char) {
            self.out.push(char);
            self.in_word = true;
            return;
        }
        self.close();
        if !char.is_whitespace() && !char.is_control() {
            self.out.push(char);
            self.out.push(EDGE);
        }
    }

    fn close(&mut self) {
        if self.in_word {
            self.out.push(EDGE);
            self.in_word = false;
        }
    }
}

/// A character that forms tokens together with its neighbours.
fn is_word(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_alphanumeric() || char == '_';
    }
    // Vowel signs and viramas of the Indic scripts are part of words; their stops are not.
    let indic = matches!(char, '\u{900}'..='\u{dff}') && !matches!(char, '\u{964}' | '\u{965}');
    (indic || char.is_alphanumeric()) && !is_unspaced(char)
}

/// Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han.
fn is_unspaced(char: char) -> bool {
    matches!(char,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Korean: particles follow a noun without a space, so a keyword need not end where a word ends.
#[must_use]
pub fn is_hangul(char: char) -> bool {
    matches!(char, '\u{ac00}'..='\u{d7a3}')
}

/// Combining accents, vowel points, and characters without a shape of their own, used to hide words.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}'
        | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A lower-case letter without its accent; ligatures stay as they are.
#[must_use]
pub fn unaccented(char: char) -> char {
    plain(char).0
}

/// A lower-case word without accents; ligatures become two letters.
#[must_use]
pub fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    for char in word.chars().filter(|&char| !is_invisible(char)) {
        let (base, second) = plain(char);
        out.push(base);
        out.extend(second);
    }
    out
}

/// A lower-case letter without its accent; ligatures become two letters.
fn plain(char: char) -> (char, Option<char>) {
    let one = match char {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | '\u{1ea0}'..='\u{1eb7}' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | '\u{1eb8}'..='\u{1ec7}' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | '\u{1ec8}'..='\u{1ecb}' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | '\u{1ecc}'..='\u{1ee3}' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ſ' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | '\u{1ee4}'..='\u{1ef1}' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' | '\u{1ef2}'..='\u{1ef9}' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        'ё' => 'е',
        'й' => 'и',
        'ї' => 'і',
        'أ' | 'إ' | 'آ' => 'ا',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        // Full-width forms of the ASCII signs and (already lower-case) letters.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
        _ => char,
    };
    match char {
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ß' => ('s', Some('s')),
        'ĳ' => ('i', Some('j')),
        'þ' => ('t', Some('h')),
        _ => (one, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        tokens(text, 1_000).replace(EDGE, "|")
    }

    #[test]
    fn case_accents_and_hidden_characters_make_no_difference() {
        let cases = [
            ("Élan ÇA Œuvre", "|elan|ca|oeuvre|"),
            ("e\u{301}lan", "|elan|"),
            ("re\u{200b}fu\u{ad}nd", "|refund|"),
            ("STRASSE Straße", "|strasse|strasse|"),
            ("ＲＥＦＵＮＤ！", "|refund|!|"),
            ("İstanbul ılık", "|istanbul|ilik|"),
            ("ΣΊΣΥΦΟΣ Σίσυφος", "|σισυφοσ|σισυφοσ|"),
            ("Ёлка ещё", "|елка|еще|"),
            ("l’eau, c++", "|l|'|eau|,|c|+|+|"),
            ("a \t\n b", "|a|b|"),
            ("退款了ok", "|退|款|了|ok|"),
            ("हिन्दी।", "|हिन्दी|।|"),
            ("Được rồi", "|duoc|roi|"),
            ("❤️", "|❤|"),
            ("a\u{1f}b", "|a|b|"),
            ("", "|"),
        ];
        for (text, folded) in cases {
            assert_eq!(shown(text), folded, "{text}");
        }
    }

    #[test]
    fn only_the_first_characters_are_read() {
        assert_eq!(tokens("abcdef", 3), format!("{EDGE}abc{EDGE}"));
    }
}
