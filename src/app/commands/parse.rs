//! From a typed line to a verb and its arguments.
//!
//! Never guesses: an unknown word is answered with the nearest command, a missing argument with the usage.
//! Start at [`find`].

use std::collections::BTreeMap;

use super::{ArgSpec, Takes, Verb};
use crate::domain::ids::Ref;

/// Longest line read, in characters: a chat message holds 4 000 at most (Slack's advice) and a note 2 000.
pub const LINE_CHARS_MAX: usize = 4_000;
/// Edits between a typed word and a command that is still suggested.
const NEAR_EDITS_MAX: usize = 2;

/// Arguments as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The reference, when one was typed.
    pub reference: Option<Ref>,
    /// Values by argument name.
    pub values: BTreeMap<String, String>,
    /// Flags such as `--why`, without dashes.
    pub flags: Vec<String>,
}

impl Parsed {
    /// A value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Whether a flag was given.
    #[must_use]
    pub fn has_flag(&self, name: &str) -> bool {
        self.flags.iter().any(|flag| flag == name)
    }
}

/// What is wrong with a line.
#[derive(Clone, Debug)]
pub enum Problem {
    /// Nothing was typed.
    Empty,
    /// No such command.
    Unknown {
        /// The word.
        typed: String,
        /// The nearest verb.
        near: Option<&'static Verb>,
    },
    /// The command needs a verb.
    Verb {
        /// Those there are.
        verbs: Vec<&'static Verb>,
    },
    /// An argument is missing.
    Missing {
        /// The verb.
        verb: &'static Verb,
        /// The argument.
        argument: &'static ArgSpec,
    },
    /// More was typed than the verb takes.
    TooMuch {
        /// The verb.
        verb: &'static Verb,
        /// What was left over.
        text: String,
    },
    /// A word that is not among the choices.
    NotOneOf {
        /// The argument.
        argument: &'static str,
        /// The word.
        typed: String,
        /// The choices.
        choices: &'static [&'static str],
    },
}

/// Finds the verb of a line whose first word is `name` (a leading slash is allowed; `vigie` before any other is dropped).
///
/// # Errors
/// [`Problem`].
pub fn find(table: &[&'static Verb], name: &str, text: &str) -> Result<(&'static Verb, Parsed), Problem> {
    let mut line: String = text.chars().take(LINE_CHARS_MAX).collect();
    let mut name = name.trim_start_matches('/').to_lowercase();
    // After a mention or in a direct message Vigie need not be named again: `help` means `vigie help`.
    if !is_command(table, &name) && is_verb_of_vigie(table, &name) {
        line = format!("{name} {line}");
        name = "vigie".to_owned();
    }
    let mut words = split(&line);
    if name == "vigie" {
        match words.first().map(|word| word.text.to_lowercase()) {
            Some(first) if is_command(table, &first) || !is_verb_of_vigie(table, &first) => {
                words.remove(0);
                name = first.trim_start_matches('/').to_owned();
            }
            Some(_) => {}
            None => name = "help".to_owned(),
        }
    }
    if name.is_empty() {
        return Err(Problem::Empty);
    }
    let of_command: Vec<&'static Verb> = table
        .iter()
        .copied()
        .filter(|verb| verb.command == name || (!verb.command_fr.is_empty() && verb.command_fr == name))
        .collect();
    let Some(first) = of_command.first() else { return Err(unknown(table, &name)) };
    if of_command.len() == 1 && first.name.is_empty() {
        return Ok((first, arguments(first, &words)?));
    }
    let typed = words.first().map(|word| word.text.to_lowercase()).unwrap_or_default();
    if let Some((verb, used)) = named_by(&of_command, &words) {
        return Ok((verb, arguments(verb, &words[used..])?));
    }
    let of_group: Vec<&'static Verb> =
        of_command.iter().copied().filter(|verb| verb.name.contains(' ') && opens(verb, &typed)).collect();
    if !of_group.is_empty() {
        return Err(in_group(first.command, &of_group, &words));
    }
    if let Some(bare) = of_command.iter().find(|verb| verb.name.is_empty()) {
        return Ok((bare, arguments(bare, &words)?));
    }
    if typed.is_empty() {
        return Err(Problem::Verb { verbs: of_command });
    }
    let near = nearest(of_command.iter().copied(), |verb| [verb.name, verb.name_fr], &typed);
    match near {
        Some(near) => Err(Problem::Unknown { typed: format!("{name} {typed}"), near: Some(near) }),
        None => Err(Problem::Verb { verbs: of_command }),
    }
}

fn is_command(table: &[&'static Verb], word: &str) -> bool {
    let word = word.trim_start_matches('/');
    table.iter().any(|verb| verb.command != "vigie" && (verb.command == word || verb.command_fr == word))
}

fn is_verb_of_vigie(table: &[&'static Verb], word: &str) -> bool {
    table.iter().any(|verb| verb.command == "vigie" && opens(verb, word))
}

/// Whether a verb's name, in either language, begins with this word.
fn opens(verb: &Verb, word: &str) -> bool {
    !word.is_empty() && [verb.name, verb.name_fr].iter().any(|name| name.split(' ').next() == Some(word))
}

/// The verb that the first words name, and how many of them: `role add` before `role`; its two words may be of either language.
fn named_by(verbs: &[&'static Verb], words: &[Word]) -> Option<(&'static Verb, usize)> {
    let typed = |index: usize| words.get(index).map(|word| word.text.to_lowercase());
    let has = |verb: &Verb, parts: usize| {
        let (mut name, mut french) = (verb.name.split(' '), verb.name_fr.split(' '));
        verb.name.split(' ').count() == parts
            && (0..parts).all(|index| {
                let typed = typed(index);
                let known = [name.next(), french.next()];
                typed.is_some_and(|typed| !typed.is_empty() && known.contains(&Some(typed.as_str())))
            })
    };
    [2, 1].into_iter().find_map(|parts| Some((verbs.iter().copied().find(|verb| has(verb, parts))?, parts)))
}

/// What to say when the second word of a name is missing or unknown.
fn in_group(command: &'static str, verbs: &[&'static Verb], words: &[Word]) -> Problem {
    let typed = words.get(1).map(|word| word.text.to_lowercase()).unwrap_or_default();
    let second = |name: &'static str| name.split(' ').nth(1).unwrap_or_default();
    match nearest(verbs.iter().copied(), |verb| [second(verb.name), second(verb.name_fr)], &typed) {
        Some(near) if !typed.is_empty() => {
            Problem::Unknown { typed: format!("{command} {} {typed}", words[0].text), near: Some(near) }
        }
        _ => Problem::Verb { verbs: verbs.to_vec() },
    }
}

fn unknown(table: &[&'static Verb], typed: &str) -> Problem {
    let near = nearest(table.iter().copied(), |verb| [verb.command, verb.command_fr], typed)
        .or_else(|| nearest(table.iter().copied(), |verb| [verb.name, verb.name_fr], typed));
    Problem::Unknown { typed: typed.to_owned(), near }
}

fn nearest(
    verbs: impl Iterator<Item = &'static Verb>,
    names: impl Fn(&Verb) -> [&'static str; 2],
    typed: &str,
) -> Option<&'static Verb> {
    let scored = verbs.flat_map(|verb| {
        let typed = typed.to_owned();
        names(verb).into_iter().filter(|name| !name.is_empty()).map(move |name| (edits(name, &typed), verb))
    });
    scored
        .filter(|(distance, _)| *distance <= NEAR_EDITS_MAX)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, verb)| verb)
}

/// Levenshtein distance between two words, on characters; words longer than 40 characters are never near.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    if right.len() > 40 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let change = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

/// A word of a line, and where it starts.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    start: usize,
    rest: String,
    quoted: bool,
}

/// Splits at white space; `"..."` and `name:"..."` hold spaces together.
fn split(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut text = String::new();
    let (mut start, mut in_quotes, mut quoted) = (None, false, false);
    let mut escaped = false;
    for (index, letter) in line.char_indices() {
        if std::mem::take(&mut escaped) {
            text.push(letter);
            continue;
        }
        match letter {
            '\\' if in_quotes => escaped = true,
            '"' | '“' | '”' | '«' | '»' if in_quotes || text.is_empty() || text.ends_with(':') => {
                start.get_or_insert(index);
                in_quotes = !in_quotes;
                quoted = true;
            }
            _ if letter.is_whitespace() && !in_quotes => {
                if let Some(start) = start.take() {
                    words.push(Word {
                        text: std::mem::take(&mut text),
                        start,
                        rest: line[start..].trim().to_owned(),
                        quoted,
                    });
                    quoted = false;
                }
            }
            _ => {
                start.get_or_insert(index);
                text.push(letter);
            }
        }
    }
    if let Some(start) = start {
        words.push(Word { text, start, rest: line[start..].trim().to_owned(), quoted });
    }
    words
}

fn arguments(verb: &'static Verb, words: &[Word]) -> Result<Parsed, Problem> {
    let mut parsed = Parsed::default();
    let mut places = verb.args.iter().filter(|arg| arg.by_place).peekable();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        index += 1;
        if let Some(flag) = word.text.strip_prefix("--").filter(|_| !word.quoted) {
            parsed.flags.push(flag.to_lowercase());
            continue;
        }
        if let Some((arg, value)) = named(verb, word) {
            check(arg, &value)?;
            parsed.values.insert(arg.name.to_owned(), value);
            continue;
        }
        let mut arg = places.peek().copied();
        // A reference may be left out: the next place takes the word then.
        if let Some(found) = arg.filter(|arg| arg.takes == Takes::Ref) {
            places.next();
            if let Some(reference) = Ref::parse(&word.text).filter(|_| !word.quoted) {
                parsed.reference = Some(reference);
                parsed.values.insert(found.name.to_owned(), reference.to_string());
                continue;
            }
            arg = places.peek().copied();
        }
        let Some(arg) = arg else { return Err(Problem::TooMuch { verb, text: word.rest.clone() }) };
        places.next();
        if arg.takes == Takes::Text {
            let (text, used) = rest_of(verb, &words[index - 1..]);
            parsed.values.insert(arg.name.to_owned(), text);
            index += used - 1;
            continue;
        }
        check(arg, &word.text)?;
        parsed.values.insert(arg.name.to_owned(), word.text.clone());
    }
    for arg in verb.args.iter().filter(|arg| arg.required && arg.takes != Takes::Ref) {
        if parsed.get(arg.name).is_none_or(|value| value.trim().is_empty()) {
            return Err(Problem::Missing { verb, argument: arg });
        }
    }
    Ok(parsed)
}

/// Free text runs to the end of the line, or to the first named argument or flag.
fn rest_of(verb: &Verb, words: &[Word]) -> (String, usize) {
    if let [only] = words
        && only.quoted
    {
        return (only.text.clone(), 1);
    }
    let ends = |word: &Word| {
        !word.quoted && (word.text.starts_with("--") && word.text.len() > 2 || named(verb, word).is_some())
    };
    let used = words.iter().position(ends).unwrap_or(words.len()).max(1);
    let from = words.first().map_or("", |word| word.rest.as_str());
    let text = match words.get(used) {
        Some(next) => {
            let length = next.start.saturating_sub(words[0].start).min(from.len());
            from.get(..length).unwrap_or(from)
        }
        None => from,
    };
    let text = text.trim();
    let unquoted =
        text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).filter(|inner| !inner.contains('"'));
    (unquoted.unwrap_or(text).to_owned(), used)
}

fn named(verb: &Verb, word: &Word) -> Option<(&'static ArgSpec, String)> {
    let (name, value) = word.text.split_once(':')?;
    let name = name.to_lowercase();
    let arg = verb.args.iter().find(|arg| arg.name == name || arg.name_fr == name)?;
    // `role:care` and `https://…` as words by place are not named arguments.
    if arg.by_place && !word.quoted && arg.takes == Takes::Who {
        return None;
    }
    (!value.is_empty()).then(|| (arg, value.to_owned()))
}

fn check(arg: &ArgSpec, value: &str) -> Result<(), Problem> {
    if let Takes::OneOf(choices) = arg.takes
        && !choices.iter().any(|choice| choice.eq_ignore_ascii_case(value))
    {
        return Err(Problem::NotOneOf { argument: arg.name, typed: value.to_owned(), choices });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::commands::Reply;

    const fn verb(name: &'static str, name_fr: &'static str) -> Verb {
        Verb {
            command: "vigie",
            command_fr: "",
            name,
            name_fr,
            args: &[ArgSpec { name: "what", name_fr: "quoi", takes: Takes::Text, required: false, by_place: true }],
            right: None,
            examples: &[],
            run: |_, _| Box::pin(async { Ok(Reply::Nothing) }),
        }
    }

    const VERBS: [Verb; 4] =
        [verb("me", "moi"), verb("role", "role"), verb("role add", "role ajouter"), verb("role grant", "role donner")];

    #[test]
    fn verbs_of_two_words_come_before_those_of_one_and_take_either_language() {
        let table: Vec<&'static Verb> = {
            static TABLE: [Verb; 4] = VERBS;
            TABLE.iter().collect()
        };
        for (name, line, found) in [
            ("vigie", "role add care", Some(("role add", "care"))),
            ("vigie", "role ajouter care", Some(("role add", "care"))),
            ("vigie", "role grant", Some(("role grant", ""))),
            ("role", "donner care @x", Some(("role grant", "care @x"))),
            ("vigie", "role of people", Some(("role", "of people"))),
            ("vigie", "me", Some(("me", ""))),
            ("vigie", "add care", None),
            ("vigie", "rôle-add", None),
        ] {
            let read = find(&table, name, line).ok();
            let read = read.as_ref().map(|(verb, parsed)| (verb.name, parsed.get("what").unwrap_or_default()));
            assert_eq!(read, found, "{name} {line}");
        }
        let grouped = &table[2..];
        assert!(
            matches!(find(grouped, "vigie", "role gant x"), Err(Problem::Unknown { near: Some(near), .. }) if near.name == "role grant")
        );
        assert!(
            matches!(find(grouped, "vigie", "role"), Err(Problem::Verb { verbs }) if verbs.iter().map(|verb| verb.name).eq(["role add", "role grant"]))
        );
    }
}
