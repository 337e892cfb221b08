//! The JSON that webhook senders post, read into a [`SocialMessage`].
//!
//! Never fails silently on a field that a sender mapped wrongly: the answer names the field and the cure. Lenient where
//! nothing is at stake: unknown fields are skipped, numbers may come as text, links that are no web addresses are dropped.
//! Start at [`decode`]; the wire shapes it reads through are in `wire.rs`.

use chrono::DateTime;
use url::Url;

use super::wire::{self, Loose, WireAttachment, WireAuthor, WireMessage};
use crate::domain::time::Timestamp;
use crate::ports::social::{SocialAttachment, SocialAuthor, SocialKind, SocialMessage};

/// Longest text kept, in characters; three times the longest comment any network takes (Facebook: 8,000).
pub const TEXT_CHARS_MAX: usize = 20_000;
/// Stands at the end of a text that was cut.
pub const CUT_MARK: &str = " […]";
/// Longest id, in characters; the longest known are AT Protocol addresses (about 100).
pub const ID_CHARS_MAX: usize = 200;
/// Longest network name, in characters.
pub const NETWORK_CHARS_MAX: usize = 40;
/// Longest author name kept, in characters (X: 50, Facebook page names: 75).
pub const NAME_CHARS_MAX: usize = 200;
/// Longest link kept, in characters (RFC 9110 asks for 8,000; browsers and vendors stop at about 2,000).
pub const URL_CHARS_MAX: usize = 2_000;
/// Longest alternative text kept, in characters (Mastodon: 1,500).
pub const ALT_CHARS_MAX: usize = 1_500;
/// Attachments kept; the rest is dropped (Instagram carousels: 10, here with room).
pub const ATTACHMENTS_MAX: usize = 20;
/// Unix numbers above this are milliseconds, below it seconds (as seconds it is the year 5138).
const MILLISECONDS_FROM: i128 = 100_000_000_000;
/// Latest instant taken, 2100-01-01 in milliseconds: later ones are mapping mistakes.
const CREATED_AT_MS_MAX: i128 = 4_102_444_800_000;

/// Why a body is not a message. Goes back to the sender as it is, so it never repeats what the body said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Problem {
    /// What is wrong.
    pub error: String,
    /// The field concerned, e.g. `author.id`; empty when it is the whole body.
    pub field: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

fn problem(field: &'static str, error: impl Into<String>, hint: &'static str) -> Problem {
    Problem { error: error.into(), field, hint }
}

/// Reads a body. `default_network` is the source's own network, used when the body names none.
///
/// # Errors
/// [`Problem`] with the field and the cure.
pub fn decode(body: &str, default_network: Option<&str>) -> Result<SocialMessage, Problem> {
    let wire = wire::parse(body)?;
    let kind = kind(&wire.kind)?;
    let attachments = attachments(wire.attachments);
    Ok(SocialMessage {
        id: identifier(&wire.id, "id")?,
        network: network(&wire.network, default_network)?,
        kind,
        author: author(wire.author)?,
        text: text(&wire.text, kind, attachments.is_empty())?,
        url: web_link(&wire.url, "url")?,
        parent_id: optional_identifier(&wire.parent_id, "parent_id")?,
        created_at: created_at(&wire.created_at)?,
        reply_url: reply_url(&wire.reply_url)?,
        attachments,
    })
}

/// The delivery id of a body, without reading the rest of it: what makes a second delivery have no effect.
///
/// # Errors
/// [`Problem`] when the body is not JSON or has no usable `id`.
pub fn delivery_id(body: &str) -> Result<String, Problem> {
    let WireMessage { id, .. } = wire::parse(body)?;
    identifier(&id, "id")
}

fn identifier(value: &Loose, field: &'static str) -> Result<String, Problem> {
    match optional_identifier(value, field)? {
        Some(id) => Ok(id),
        None => Err(problem(field, format!("`{field}` is missing"), "send the network's own id of it, as text")),
    }
}

fn optional_identifier(value: &Loose, field: &'static str) -> Result<Option<String>, Problem> {
    let id = match value {
        Loose::Nothing => return Ok(None),
        Loose::Text(text) => text.trim().to_owned(),
        Loose::Whole(number) => number.to_string(),
        other => return Err(wrong_type(field, "text", other)),
    };
    if id.is_empty() {
        return Ok(None);
    }
    if id.chars().count() > ID_CHARS_MAX || id.chars().any(char::is_control) {
        let error = format!("`{field}` is not usable as an id");
        return Err(problem(field, error, "send at most 200 characters on one line"));
    }
    Ok(Some(id))
}

fn network(value: &Loose, default_network: Option<&str>) -> Result<String, Problem> {
    const HINT: &str = "name the network, e.g. \"instagram\", or set `network` for this source in vigie.toml";
    let name = match value {
        Loose::Nothing => default_network.unwrap_or_default().to_owned(),
        Loose::Text(text) if text.trim().is_empty() => default_network.unwrap_or_default().to_owned(),
        Loose::Text(text) => text.trim().to_lowercase(),
        other => return Err(wrong_type("network", "text", other)),
    };
    if name.is_empty() {
        return Err(problem("network", "`network` is missing", HINT));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
    if name.len() > NETWORK_CHARS_MAX || !name.chars().all(plain) {
        let hint = "use at most 40 letters, digits, `_`, `-` or `.`";
        return Err(problem("network", "`network` is not a network name", hint));
    }
    Ok(name)
}

fn kind(value: &Loose) -> Result<SocialKind, Problem> {
    const HINT: &str = "send one of comment, dm, mention, review";
    match value {
        Loose::Nothing => Ok(SocialKind::Comment),
        Loose::Text(text) => {
            let text = text.trim().to_lowercase();
            SocialKind::ALL
                .into_iter()
                .find(|kind| kind.name() == text)
                .ok_or_else(|| problem("kind", "`kind` is not a kind of message", HINT))
        }
        other => Err(wrong_type("kind", "text", other)),
    }
}

fn author(wire: WireAuthor) -> Result<SocialAuthor, Problem> {
    const HINT: &str = "send {\"id\":\"...\",\"name\":\"...\"}";
    let (id, name, url, followers) = match wire {
        WireAuthor::Nothing => return Err(problem("author", "`author` is missing", HINT)),
        WireAuthor::Wrong(what) => {
            return Err(problem("author", format!("`author` is {what}, not an object"), HINT));
        }
        WireAuthor::Name(name) => (Loose::Nothing, Loose::Text(name), Loose::Nothing, Loose::Nothing),
        WireAuthor::Object { id, name, url, followers } => (id, name, url, followers),
    };
    let id = optional_identifier(&id, "author.id")?;
    let name = match &name {
        Loose::Nothing => None,
        Loose::Text(text) => Some(one_line(text, NAME_CHARS_MAX)).filter(|name| !name.is_empty()),
        other => return Err(wrong_type("author.name", "text", other)),
    };
    let (id, name) = match (id, name) {
        (Some(id), Some(name)) => (id, name),
        (Some(id), None) => (id.clone(), id),
        (None, Some(name)) => (one_line(&name, ID_CHARS_MAX), name),
        (None, None) => return Err(problem("author.id", "`author.id` is missing", HINT)),
    };
    Ok(SocialAuthor { id, name, url: web_link(&url, "author.url")?, followers: count(&followers)? })
}

fn count(value: &Loose) -> Result<Option<u64>, Problem> {
    const HINT: &str = "send a whole number, or leave it out";
    let wrong = || problem("author.followers", "`author.followers` is not a number of people", HINT);
    match value {
        Loose::Nothing => Ok(None),
        Loose::Whole(number) => u64::try_from(*number).map(Some).map_err(|_| wrong()),
        Loose::Text(text) if text.trim().is_empty() => Ok(None),
        Loose::Text(text) => text.trim().parse().map(Some).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

fn text(value: &Loose, kind: SocialKind, without_attachments: bool) -> Result<String, Problem> {
    let written = match value {
        Loose::Nothing => "",
        Loose::Text(text) => text.as_str(),
        other => return Err(wrong_type("text", "text", other)),
    };
    // A review may be stars alone, and a picture may come without a word; anything else without text is a mapping mistake.
    if written.trim().is_empty() && without_attachments && kind != SocialKind::Review {
        return Err(problem("text", "`text` is missing", "send what the customer wrote"));
    }
    // NUL cannot be stored by PostgreSQL in a text, and no network shows it.
    let kept: String = written.chars().filter(|c| *c != '\0').take(TEXT_CHARS_MAX + 1).collect();
    if kept.chars().count() <= TEXT_CHARS_MAX {
        return Ok(kept);
    }
    Ok(kept.chars().take(TEXT_CHARS_MAX).chain(CUT_MARK.chars()).collect())
}

/// A link to show. What is no web address is dropped, never refused: customers choose their profile links themselves and
/// must not be able to make their message disappear by it.
fn web_link(value: &Loose, field: &'static str) -> Result<String, Problem> {
    match value {
        Loose::Nothing => Ok(String::new()),
        Loose::Text(text) => Ok(http_address(text).unwrap_or_default()),
        other => Err(wrong_type(field, "text", other)),
    }
}

fn reply_url(value: &Loose) -> Result<Option<String>, Problem> {
    match value {
        Loose::Nothing => Ok(None),
        Loose::Text(text) if text.trim().is_empty() => Ok(None),
        Loose::Text(text) => match http_address(text) {
            Some(address) => Ok(Some(address)),
            None => {
                Err(problem("reply_url", "`reply_url` is not a web address", "send an https address, or leave it out"))
            }
        },
        other => Err(wrong_type("reply_url", "text", other)),
    }
}

fn http_address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > URL_CHARS_MAX {
        return None;
    }
    let parsed = Url::parse(text).ok()?;
    let is_web = matches!(parsed.scheme(), "http" | "https") && parsed.host().is_some();
    is_web.then(|| parsed.to_string())
}

fn created_at(value: &Loose) -> Result<Option<Timestamp>, Problem> {
    const HINT: &str = "send RFC 3339, e.g. 2026-03-17T08:45:00Z, or Unix seconds";
    let wrong = || problem("created_at", "`created_at` is not a time", HINT);
    let number = match value {
        Loose::Nothing => return Ok(None),
        Loose::Whole(number) => *number,
        Loose::Text(text) if text.trim().is_empty() => return Ok(None),
        Loose::Text(text) => match text.trim().parse::<i128>() {
            Ok(number) => number,
            Err(_) => i128::from(DateTime::parse_from_rfc3339(text.trim()).map_err(|_| wrong())?.timestamp_millis()),
        },
        // A fraction of a second is of no interest, but some senders give one.
        Loose::Real(seconds) if seconds.is_finite() && seconds.abs() < 1e13 => {
            #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
            let millis = (seconds * 1_000.0) as i128;
            millis
        }
        _ => return Err(wrong()),
    };
    let is_written_time = matches!(value, Loose::Text(text) if text.contains('T') || text.contains(' '));
    let is_millis = is_written_time || matches!(value, Loose::Real(_)) || number >= MILLISECONDS_FROM;
    let millis = if is_millis { number } else { number.saturating_mul(1_000) };
    match i64::try_from(millis) {
        Ok(millis) if (0..=CREATED_AT_MS_MAX).contains(&i128::from(millis)) => Ok(Some(Timestamp(millis))),
        _ => Err(wrong()),
    }
}

fn attachments(wire: Vec<WireAttachment>) -> Vec<SocialAttachment> {
    wire.into_iter()
        .filter_map(|one| {
            let url = http_address(&one.url)?;
            let mime = one_line(&one.mime, NETWORK_CHARS_MAX);
            Some(SocialAttachment { url, mime, alt: one_line(&one.alt, ALT_CHARS_MAX) })
        })
        .take(ATTACHMENTS_MAX)
        .collect()
}

/// Text for one line of a card: control characters become spaces, ends trimmed, cut at `chars_max`.
fn one_line(text: &str, chars_max: usize) -> String {
    let spaced: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(chars_max).collect();
    spaced.trim_end().to_owned()
}

fn wrong_type(field: &'static str, wanted: &'static str, given: &Loose) -> Problem {
    let error = format!("`{field}` is {}, not {wanted}", given.kind());
    problem(field, error, "check how this field is mapped in the sending tool")
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
