//! The shapes that a webhook body may have, read without ever building the parts that nobody asked for.
//!
//! Never keeps more than it names: unknown fields are skipped byte by byte, so a body of 300,000 keys costs no memory.
//! Start at [`parse`].

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::decode::{ATTACHMENTS_MAX, Problem};

/// Deepest nesting read; the documented body has three levels.
pub(super) const DEPTH_MAX: usize = 32;

/// A scalar of whatever type the sender chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Loose {
    /// Absent or null.
    #[default]
    Nothing,
    /// true or false.
    Flag,
    /// A whole number.
    Whole(i128),
    /// Any other number.
    Real(f64),
    /// Text.
    Text(String),
    /// A list, contents skipped.
    List,
    /// An object, contents skipped.
    Object,
}

impl Loose {
    /// What it is, for a sentence.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "missing",
            Self::Flag => "true or false",
            Self::Whole(_) | Self::Real(_) => "a number",
            Self::Text(_) => "text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }

    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(number) => number.to_string(),
            _ => String::new(),
        }
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }

    fn visit_bool<E>(self, _value: bool) -> Result<Loose, E> {
        Ok(Loose::Flag)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose::Whole(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(Loose::Whole(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        Ok(Loose::Real(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Object)
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

/// The author: an object, or a bare name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum WireAuthor {
    #[default]
    Nothing,
    Name(String),
    Object {
        id: Loose,
        name: Loose,
        url: Loose,
        followers: Loose,
    },
    /// Something else; says what.
    Wrong(&'static str),
}

struct AuthorVisitor;

impl<'de> Visitor<'de> for AuthorVisitor {
    type Value = WireAuthor;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an author")
    }

    fn visit_unit<E>(self) -> Result<WireAuthor, E> {
        Ok(WireAuthor::Nothing)
    }

    fn visit_bool<E>(self, _value: bool) -> Result<WireAuthor, E> {
        Ok(WireAuthor::Wrong("true or false"))
    }

    fn visit_i64<E>(self, _value: i64) -> Result<WireAuthor, E> {
        Ok(WireAuthor::Wrong("a number"))
    }

    fn visit_u64<E>(self, _value: u64) -> Result<WireAuthor, E> {
        Ok(WireAuthor::Wrong("a number"))
    }

    fn visit_f64<E>(self, _value: f64) -> Result<WireAuthor, E> {
        Ok(WireAuthor::Wrong("a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<WireAuthor, E> {
        Ok(if value.trim().is_empty() { WireAuthor::Nothing } else { WireAuthor::Name(value.to_owned()) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<WireAuthor, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(WireAuthor::Wrong("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WireAuthor, A::Error> {
        let (mut id, mut name, mut url, mut followers) = Default::default();
        while let Some(key) = map.next_key::<Key>()? {
            match key.0.as_str() {
                "id" => id = map.next_value()?,
                "name" => name = map.next_value()?,
                "url" => url = map.next_value()?,
                "followers" => followers = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(WireAuthor::Object { id, name, url, followers })
    }
}

impl<'de> Deserialize<'de> for WireAuthor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AuthorVisitor)
    }
}

/// An attachment: an object with a link, or the bare link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WireAttachment {
    pub(super) url: String,
    pub(super) mime: String,
    pub(super) alt: String,
}

struct AttachmentVisitor;

impl<'de> Visitor<'de> for AttachmentVisitor {
    type Value = WireAttachment;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an attachment: an object with a url, or the url itself")
    }

    fn visit_str<E>(self, value: &str) -> Result<WireAttachment, E> {
        Ok(WireAttachment { url: value.to_owned(), ..WireAttachment::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WireAttachment, A::Error> {
        let mut attachment = WireAttachment::default();
        while let Some(key) = map.next_key::<Key>()? {
            match key.0.as_str() {
                "url" => attachment.url = map.next_value::<Loose>()?.into_text(),
                "type" | "mime" => attachment.mime = map.next_value::<Loose>()?.into_text(),
                "alt" => attachment.alt = map.next_value::<Loose>()?.into_text(),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(attachment)
    }
}

impl<'de> Deserialize<'de> for WireAttachment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttachmentVisitor)
    }
}

/// At most [`ATTACHMENTS_MAX`] attachments; the rest is skipped unread.
#[derive(Debug, Default)]
struct WireAttachments(Vec<WireAttachment>);

impl<'de> Deserialize<'de> for WireAttachments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;
        impl<'de> Visitor<'de> for ListVisitor {
            type Value = WireAttachments;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of attachments")
            }

            fn visit_unit<E>(self) -> Result<WireAttachments, E> {
                Ok(WireAttachments::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<WireAttachments, A::Error> {
                let mut kept = Vec::new();
                while kept.len() < ATTACHMENTS_MAX {
                    match seq.next_element()? {
                        Some(attachment) => kept.push(attachment),
                        None => return Ok(WireAttachments(kept)),
                    }
                }
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(WireAttachments(kept))
            }
        }
        deserializer.deserialize_any(ListVisitor)
    }
}

/// A key of an object; kept only while it is compared.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key(String);

/// The documented body, each field as loosely as it may come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WireMessage {
    pub(super) id: Loose,
    pub(super) network: Loose,
    pub(super) kind: Loose,
    pub(super) author: WireAuthor,
    pub(super) text: Loose,
    pub(super) url: Loose,
    pub(super) parent_id: Loose,
    pub(super) created_at: Loose,
    pub(super) reply_url: Loose,
    pub(super) attachments: Vec<WireAttachment>,
}

impl<'de> Deserialize<'de> for WireMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MessageVisitor;
        impl<'de> Visitor<'de> for MessageVisitor {
            type Value = WireMessage;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WireMessage, A::Error> {
                let mut message = WireMessage::default();
                while let Some(key) = map.next_key::<Key>()? {
                    match key.0.as_str() {
                        "id" => message.id = map.next_value()?,
                        "network" => message.network = map.next_value()?,
                        "kind" => message.kind = map.next_value()?,
                        "author" => message.author = map.next_value()?,
                        "text" => message.text = map.next_value()?,
                        "url" => message.url = map.next_value()?,
                        "parent_id" => message.parent_id = map.next_value()?,
                        "created_at" => message.created_at = map.next_value()?,
                        "reply_url" => message.reply_url = map.next_value()?,
                        "attachments" => message.attachments = map.next_value::<WireAttachments>()?.0,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(message)
            }
        }
        deserializer.deserialize_any(MessageVisitor)
    }
}

/// Reads the shapes out of a body.
///
/// # Errors
/// [`Problem`] for what is not JSON, not an object, or nested deeper than [`DEPTH_MAX`].
pub(super) fn parse(body: &str) -> Result<WireMessage, Problem> {
    if depth(body.as_bytes()) > DEPTH_MAX {
        return Err(Problem {
            error: format!("the body is nested deeper than {DEPTH_MAX} levels"),
            field: "",
            hint: "send the documented fields only",
        });
    }
    serde_json::from_str(body).map_err(|error| Problem {
        error: describe(&error),
        field: "",
        hint: "send one JSON object in UTF-8; numbers, quotes and escapes as RFC 8259 has them",
    })
}

/// The parser's place without its words: those may quote the customer's text.
fn describe(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "the body does not have the documented shape",
        serde_json::error::Category::Eof => "the body is not JSON: it ends too early",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "the body is not JSON",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

/// Deepest nesting of a JSON text, counted without recursion and without judging the rest of it.
fn depth(body: &[u8]) -> usize {
    let (mut now, mut deepest) = (0_usize, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' if !in_text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_text_only() {
        let cases = [
            ("", 0),
            ("{}", 1),
            (r#"{"a":[{"b":1}]}"#, 3),
            (r#"{"a":"[[[["}"#, 1),
            (r#"{"a":"\"[[[["}"#, 1),
            (r#"{"a":"\\","b":[[]]}"#, 3),
            ("]]]][", 1),
        ];
        for (body, expected) in cases {
            assert_eq!(depth(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn two_hundred_thousand_levels_are_refused_without_a_crash() {
        for open in ["[", "{\"a\":"] {
            let body = format!("{{\"id\":\"1\",\"x\":{}", open.repeat(200_000));
            let problem = parse(&body).expect_err("too deep");
            assert!(problem.error.contains("nested deeper"), "{}", problem.error);
        }
    }

    #[test]
    fn a_broken_body_is_described_by_place_and_never_by_its_words() {
        let problem = parse(r#"{"text":"my private words", oops}"#).expect_err("not JSON");
        assert!(problem.error.starts_with("the body is not JSON (line 1, column "), "{}", problem.error);
        assert!(!problem.error.contains("private"));
    }
}
