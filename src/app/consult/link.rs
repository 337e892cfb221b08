//! Links for experts without an account: signed, expiring, worthless once used or renewed.
//!
//! A link names nothing: neither ticket nor number can be read from it, and only its fingerprint is stored. It holds the
//! only proof that somebody may read one question and answer it once. Start at [`Door`].

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app::Fault;
use crate::app::work::Work;
use crate::domain::desk::consultation::Consultation;
use crate::store::links;

/// Kind of the stored fingerprints of links.
const LINK: &str = "consult_link";
/// Characters of a link's token: 32 bytes in base64 without padding.
pub const TOKEN_CHARS: usize = 43;
/// Where answers are given, beneath the public address.
pub const PATH: &str = "/answer";

/// How links are made and checked.
#[derive(Debug)]
pub struct Door {
    key: SecretString,
    address: Option<String>,
}

impl Door {
    /// A door with its signing key and the address that outsiders reach Vigie under, when there is one.
    #[must_use]
    pub fn new(key: SecretString, address: Option<String>) -> Self {
        Self { key, address: address.map(|address| address.trim_end_matches('/').to_owned()) }
    }

    /// Whether the address is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.address.as_deref().is_some_and(|address| address.starts_with("https://"))
    }

    /// The address, when links can be made.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// The whole link of a consultation.
    #[must_use]
    pub fn link(&self, consultation: &Consultation) -> Option<String> {
        self.address.as_ref().map(|address| format!("{address}{PATH}/{}", self.token(consultation)))
    }

    /// The token of a consultation as it was asked last.
    #[must_use]
    pub fn token(&self, consultation: &Consultation) -> String {
        let (id, link, until) = (consultation.id, consultation.link, consultation.link_until().0);
        self.sign(&format!("consultation {id} {link} {until}"))
    }

    /// What the form of a page carries besides its address, so that only a page of ours can send it.
    #[must_use]
    pub fn form_token(&self, token: &str) -> String {
        self.sign(&format!("form {token}"))
    }

    /// Whether a form's token is the one of its page.
    #[must_use]
    pub fn is_form_token(&self, token: &str, given: &str) -> bool {
        self.form_token(token).as_bytes().ct_eq(given.as_bytes()).into()
    }

    fn sign(&self, words: &str) -> String {
        // HMAC takes keys of any length; an error cannot happen and would make a link that fits nothing.
        let mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()).map(|mut mac| {
            mac.update(words.as_bytes());
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        });
        mac.unwrap_or_default()
    }
}

fn fingerprint(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Stores the fingerprint of a consultation's link, so that it can be found when somebody opens it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn keep(work: &mut Work<'_>, consultation: &Consultation) -> Result<(), Fault> {
    let Some(door) = work.app.door() else { return Ok(()) };
    links::claim(work.tx, LINK, &fingerprint(&door.token(consultation)), consultation.id).await?;
    Ok(())
}

/// The number of the consultation that a token once stood for; whether it still does is asked with [`is_current`].
///
/// # Errors
/// [`Fault::Store`].
pub async fn find(work: &mut Work<'_>, token: &str) -> Result<Option<i64>, Fault> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    Ok(links::get(work.tx, LINK, &fingerprint(token)).await?)
}

/// Whether a token is the one of a consultation as it was asked last.
#[must_use]
pub fn is_current(door: &Door, token: &str, consultation: &Consultation) -> bool {
    door.token(consultation).as_bytes().ct_eq(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn asked(id: i64, link: u32) -> Consultation {
        Consultation { id, link, renewed_at: Timestamp(1_000), ..Consultation::default() }
    }

    #[test]
    fn a_link_says_nothing_and_fits_one_question_as_it_was_asked_last() {
        let door = Door::new(SecretString::from("a key of some length"), Some("https://vigie.example/".into()));
        let link = door.link(&asked(7, 1)).expect("an address");
        let token = link.strip_prefix("https://vigie.example/answer/").expect("beneath the address");
        assert_eq!(token.len(), TOKEN_CHARS);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{token}");
        assert!(is_current(&door, token, &asked(7, 1)));
        let later = Consultation { renewed_at: Timestamp(2_000), ..asked(7, 1) };
        for other in [asked(7, 2), asked(8, 1), later] {
            assert!(!is_current(&door, token, &other));
        }
        let stranger = Door::new(SecretString::from("another key"), None);
        assert!(!is_current(&stranger, token, &asked(7, 1)));
        assert!(stranger.link(&asked(7, 1)).is_none());
        assert!(door.is_form_token(token, &door.form_token(token)));
        assert!(!door.is_form_token(token, token));
    }
}
