//! Plain pages for people without an account: HTML without scripts, readable on a phone, by ear and in the dark.
//!
//! Every word of a person goes through [`escaped`]. Start at [`question`] and [`guard`].

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::app::consult::link;
use crate::app::say::Voice;
use crate::domain::desk::consultation::ANSWER_CHARS_MAX;
use crate::domain::notice::Notice;
use crate::domain::office::Lang;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2430;--soft:#566274;--paper:#fff;--ground:#f3f5f8;--line:#c9d0da;--accent:#1f5fbf;--warn:#a3261b}\
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#a9b4c2;--paper:#1b222c;--ground:#11161d;--line:#3c4858;--accent:#7fb0ff;--warn:#ff9d92}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.55 system-ui,sans-serif}\
main{max-width:38rem;margin:0 auto;padding:1.25rem 1rem 3rem}\
section{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem}\
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .5rem}\
h2{font-size:1rem;margin:1.5rem 0 .4rem;color:var(--soft)}\
p{margin:.4rem 0}\
blockquote{margin:0;padding:.6rem .9rem;border-left:.25rem solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere}\
.ask{font-size:1.125rem;white-space:pre-wrap;overflow-wrap:anywhere}\
label{display:block;font-weight:600;margin:1.5rem 0 .4rem}\
textarea{width:100%;min-height:10rem;padding:.7rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:.5rem}\
button{margin-top:1rem;min-height:2.75rem;padding:.6rem 1.2rem;font:inherit;font-weight:600;color:var(--paper);background:var(--accent);border:0;border-radius:.5rem;cursor:pointer}\
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}\
.soft{color:var(--soft);font-size:.9375rem}\
.error{color:var(--warn);font-weight:600}\
nav{text-align:right;margin-bottom:.5rem}\
a{color:var(--accent)}\
@media(max-width:30rem){button{width:100%}}";

/// A whole page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The document.
    pub html: String,
}

/// What the page with the question shows.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where the form goes.
    pub action: String,
    /// Proof that the form is ours.
    pub form: String,
    /// Who asks.
    pub office: String,
    /// The question.
    pub question: String,
    /// The customer's words.
    pub words: String,
    /// Until when an answer helps, written out.
    pub due: String,
    /// What was written before, when it could not be taken.
    pub text: String,
    /// Why it could not be taken.
    pub error: Option<String>,
}

/// Words of a person, unable to be anything but words.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            letter if letter.is_control() && letter != '\n' && letter != '\t' => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// The page with the question and the form.
#[must_use]
pub fn question(asked: &Asked, token: &str, voice: &Voice<'_>) -> Page {
    let say = |notice: Notice| escaped(&voice.plain_text(&notice));
    let word = |key: &str| escaped(&voice.word(key));
    let title = say(Notice::new("page-title").text("office", &asked.office));
    let error = asked.error.as_ref().map_or_else(String::new, |error| {
        format!("<p class=\"error\" id=\"wrong\" role=\"alert\">{} {}</p>", word("page-error"), escaped(error))
    });
    let invalid = if asked.error.is_some() {
        " aria-invalid=\"true\" aria-describedby=\"wrong hint\""
    } else {
        " aria-describedby=\"hint\""
    };
    let max = i64::try_from(ANSWER_CHARS_MAX).unwrap_or(i64::MAX);
    let body = format!(
        "<h1>{title}</h1><p>{lead}</p>\
         <h2>{customer}</h2><blockquote>{words}</blockquote>\
         <h2>{asks}</h2><p class=\"ask\">{question}</p><p class=\"soft\">{due}</p>\
         <form method=\"post\" action=\"{action}\">{error}\
         <input type=\"hidden\" name=\"form\" value=\"{form}\">\
         <label for=\"text\">{answer}</label>\
         <textarea id=\"text\" name=\"text\" rows=\"8\" maxlength=\"{max}\" required{invalid}>\n{text}</textarea>\
         <p class=\"soft\" id=\"hint\">{hint}</p>\
         <button type=\"submit\">{submit}</button></form>\
         <p class=\"soft\">{once}</p>",
        lead = say(Notice::new("page-lead").text("office", &asked.office)),
        customer = word("page-customer"),
        words = escaped(&asked.words),
        asks = word("page-question"),
        question = escaped(&asked.question),
        due = say(Notice::new("page-due").text("due", &asked.due)),
        action = escaped(&asked.action),
        form = escaped(&asked.form),
        answer = word("page-answer"),
        text = escaped(&asked.text),
        hint = say(Notice::new("page-hint").number("max", max)),
        submit = word("page-submit"),
        once = word("page-once"),
    );
    let other = if voice.lang == Lang::Fr { (Lang::En, "English") } else { (Lang::Fr, "Français") };
    let code = other.0.code();
    let switch = format!(
        "<nav><a href=\"{}/{}?lang={code}\" lang=\"{code}\" hreflang=\"{code}\">{}</a></nav>",
        link::PATH,
        escaped(token),
        other.1
    );
    document(&title, &format!("{switch}<section>{body}</section>"), voice.lang)
}

/// A page with one thing to say: a title and a sentence, as wording keys.
pub type Saying = (&'static str, &'static str);

/// An answer arrived.
pub const THANKS: Saying = ("page-thanks-title", "page-thanks");
/// No answer is needed any more.
pub const OVER: Saying = ("page-over-title", "page-over");
/// No such link.
pub const UNKNOWN: Saying = ("page-unknown-title", "page-unknown");
/// Too many requests.
pub const SLOW: Saying = ("page-slow-title", "page-slow");
/// A form that is not ours.
pub const REFUSED: Saying = ("page-refused-title", "page-refused");
/// It could not be stored.
pub const BROKEN: Saying = ("page-broken-title", "page-broken");

/// A page with one thing to say.
#[must_use]
pub fn plain((title, sentence): Saying, voice: &Voice<'_>) -> Page {
    let title = escaped(&voice.word(title));
    let body = format!("<section><h1>{title}</h1><p>{}</p></section>", escaped(&voice.word(sentence)));
    document(&title, &body, voice.lang)
}

fn document(title: &str, body: &str, lang: Lang) -> Page {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>",
        lang.code()
    );
    Page { html }
}

/// Sets the headers that keep a page to itself.
pub fn guard(headers: &mut HeaderMap, secure: bool) {
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_people_stay_words() {
        let hostile = "</textarea><script>alert('x')</script>\u{202E}\u{0}&\"";
        let safe = escaped(hostile);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{202E}', '\u{0}']), "{safe}");
        assert_eq!(escaped("Où ?\n— ici"), "Où ?\n— ici");
    }

    #[test]
    fn a_page_runs_nothing_and_is_kept_nowhere() {
        let mut headers = HeaderMap::new();
        guard(&mut headers, true);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
