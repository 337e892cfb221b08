//! Reading JSON forms as Discord does: lengths, required fields, choices, URLs. Pure.

use serde_json::Value;

use super::errors::FormErrors;

/// Joins path steps with dots.
pub(super) fn at(path: &str, step: impl std::fmt::Display) -> String {
    if path.is_empty() { step.to_string() } else { format!("{path}.{step}") }
}

/// The length Discord counts: code points.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

/// A field that is present and not null.
pub(super) fn given<'a>(object: &'a Value, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

/// Checks one text field; `min` 0 makes it optional. Returns the text when there is one.
pub(super) fn text<'a>(
    form: &mut FormErrors,
    path: &str,
    object: &'a Value,
    key: &str,
    (min, max): (usize, usize),
) -> Option<&'a str> {
    let path = at(path, key);
    let Some(value) = given(object, key) else {
        if min > 0 {
            form.required(&path);
        }
        return None;
    };
    let Some(text) = value.as_str() else {
        form.add(&path, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
        return None;
    };
    check_length(form, &path, length(text.trim()), min, max);
    Some(text)
}

/// Notes a length outside its bounds, in Discord's words.
pub(super) fn check_length(form: &mut FormErrors, path: &str, length: usize, min: usize, max: usize) {
    if length >= min && length <= max {
        return;
    }
    if min > 0 && length == 0 {
        form.required(path);
    } else if min > 0 {
        form.add(path, "BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
    } else {
        form.add(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
    }
}

/// Checks a list's length; returns its items (none when absent).
pub(super) fn list<'a>(
    form: &mut FormErrors,
    path: &str,
    object: &'a Value,
    key: &str,
    (min, max): (usize, usize),
) -> &'a [Value] {
    let path = at(path, key);
    match given(object, key) {
        None => {
            if min > 0 {
                form.required(&path);
            }
            &[]
        }
        Some(Value::Array(items)) => {
            if items.len() < min || items.len() > max {
                let words = if min == 0 {
                    ("BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."))
                } else {
                    ("BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."))
                };
                form.add(&path, words.0, words.1);
            }
            items
        }
        Some(_) => {
            form.add(&path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            &[]
        }
    }
}

/// Checks an integer field's range; returns it when given and a number.
pub(super) fn integer(
    form: &mut FormErrors,
    path: &str,
    object: &Value,
    key: &str,
    (min, max): (i64, i64),
) -> Option<i64> {
    let value = given(object, key)?;
    let path = at(path, key);
    let Some(number) = value.as_i64() else {
        form.add(&path, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int."));
        return None;
    };
    if number < min {
        form.add(&path, "NUMBER_TYPE_MIN", format!("int value should be greater than or equal to {min}."));
    } else if number > max {
        form.add(&path, "NUMBER_TYPE_MAX", format!("int value should be less than or equal to {max}."));
    }
    Some(number)
}

/// Checks a boolean field; returns it when given.
pub(super) fn boolean(form: &mut FormErrors, path: &str, object: &Value, key: &str) -> Option<bool> {
    let value = given(object, key)?;
    if value.as_bool().is_none() {
        form.add(&at(path, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
    }
    value.as_bool()
}

/// Checks a URL field; `schemes` are those allowed there.
pub(super) fn link(form: &mut FormErrors, path: &str, object: &Value, key: &str, max: usize, schemes: &[&str]) {
    let Some(text) = text(form, path, object, key, (0, max)) else { return };
    let path = at(path, key);
    match url::Url::parse(text) {
        Ok(url) if schemes.contains(&url.scheme()) => {}
        Ok(url) => {
            let words = schemes.iter().map(|scheme| format!("'{scheme}'")).collect::<Vec<_>>().join(", ");
            form.add(
                &path,
                "URL_TYPE_INVALID_SCHEME",
                format!("Scheme \"{}\" is not supported. Scheme must be one of ({words}).", url.scheme()),
            );
        }
        Err(_) => form.add(&path, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
    }
}

/// Notes a value outside its choices.
pub(super) fn not_one_of(form: &mut FormErrors, path: &str, choices: &[u64]) {
    let words = choices.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    form.add(path, "BASE_TYPE_CHOICES", format!("Value must be one of {{{words}}}."));
}

/// Whether a text is one Unicode emoji, as far as Discord's own list can be told from plain text: no letters, and at least
/// one character of the emoji planes.
pub(super) fn is_unicode_emoji(text: &str) -> bool {
    const EMOJI_BYTES_MAX: usize = 64;
    let pictorial = |c: char| {
        matches!(c as u32, 0x1F000..=0x1FAFF | 0x2190..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0xA9 | 0xAE | 0x20E3
            | 0x203C | 0x2049 | 0x2122 | 0x2139)
    };
    !text.is_empty()
        && text.len() <= EMOJI_BYTES_MAX
        && text.chars().any(pictorial)
        && text.chars().all(|c| {
            pictorial(c)
                || matches!(c, '0'..='9' | '#' | '*' | '\u{FE0F}' | '\u{200D}')
                || matches!(c as u32, 0xE0020..=0xE007F)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_told_from_words() {
        for (text, is) in [
            ("👍", true),
            ("✅", true),
            ("❤️", true),
            ("1️⃣", true),
            ("🇫🇷", true),
            ("ok", false),
            ("", false),
            ("👍a", false),
            ("1", false),
        ] {
            assert_eq!(is_unicode_emoji(text), is, "{text}");
        }
    }
}
