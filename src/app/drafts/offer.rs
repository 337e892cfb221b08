//! What the form of a reply tells before a word is written: the customer's language, what the network offers, who must
//! approve. And what it finds afterwards: a text too long for the network, or in another language than the customer's.
//!
//! Never sends anything. Start at [`Offer::of`] and [`flaw`].

use super::write::sensitive;
use super::{approve_right, limit, reviewers};
use crate::app::Fault;
use crate::app::commands::Invocation;
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::domain::content::draft::{Draft, Opening, TEXT_CHARS_MAX};
use crate::domain::desk::ticket::Ticket;
use crate::domain::desk::triage;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::Right;

/// Networks on which a public message cannot be answered in private (their own help: none has messages from brands to
/// people who only commented).
const ONLY_PUBLIC: [&str; 3] = ["youtube", "tiktok", "google_reviews"];
/// Words from which on a text's language is told reliably enough to ask about it.
const WORDS_MIN: usize = 5;

/// What can be done with a reply to a ticket.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The customer's language, ISO 639-1, when known.
    pub language: Option<String>,
    /// Most characters.
    pub max: usize,
    /// May be public.
    pub public: bool,
    /// May be private.
    pub private: bool,
    /// Who can approve, when somebody else must; `None` when it leaves at once.
    pub approvers: Option<Vec<MemberId>>,
}

impl Offer {
    /// What is offered to somebody who answers a ticket.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn of(work: &mut Work<'_>, asked: &Invocation, ticket: &Ticket) -> Result<Self, Fault> {
        let opening = &ticket.opening;
        let draft = Draft {
            opening: Opening {
                network: opening.network.clone(),
                topic: opening.topic.clone(),
                sensitive: sensitive(&opening.topic),
                author: asked.member.clone(),
                ..Opening::default()
            },
            authors: std::iter::once(asked.member.clone()).collect(),
            ..Draft::default()
        };
        let may_send = super::need(work, asked, &draft, Right::SendReply).is_ok();
        let needed = draft.needs_approval(&work.setup.office) || !may_send;
        Ok(Self {
            language: opening.language.clone(),
            max: limit(work, &opening.network).min(TEXT_CHARS_MAX),
            public: opening.kind != "dm",
            private: private_offered(ticket),
            approvers: if needed {
                Some(reviewers(work, &draft).into_iter().map(|(member, _)| member).collect())
            } else {
                None
            },
        })
    }

    /// Words above the form: the language, and who must approve.
    #[must_use]
    pub fn intro(&self, voice: &Voice<'_>) -> String {
        let mut lines = Vec::new();
        if let Some(language) = &self.language {
            let notice = Notice::new("reply-language").with("language", Arg::Word(language_key(language)));
            lines.push(voice.plain_text(&notice));
        }
        lines.push(match &self.approvers {
            None => voice.word("reply-leaves-at-once"),
            Some(approvers) if approvers.is_empty() => {
                let right = format!("right-{}", approve_right(&Draft::default()).name().replace('_', "-"));
                voice.plain_text(&Notice::new("reply-nobody-approves").with("right", Arg::Word(right)))
            }
            Some(approvers) => {
                let names: Vec<&str> = approvers.iter().map(|one| voice.office.name_of(one)).collect();
                voice.plain_text(&Notice::new("reply-needs-approval").text("names", names.join(", ")))
            }
        });
        if !self.private && self.public {
            lines.push(voice.word("reply-only-public"));
        }
        if !self.public {
            lines.push(voice.word("reply-only-private"));
        }
        lines.join("\n")
    }

    /// The label above the text: its language and the most characters.
    #[must_use]
    pub fn label(&self, voice: &Voice<'_>) -> String {
        let max = i64::try_from(self.max).unwrap_or(i64::MAX);
        match &self.language {
            Some(language) => voice.plain_text(
                &Notice::new("form-reply-text").with("language", Arg::Word(language_key(language))).number("max", max),
            ),
            None => voice.plain_text(&Notice::new("form-draft-text").number("max", max)),
        }
    }
}

/// Whether a ticket's customer can be answered in private.
#[must_use]
pub fn private_offered(ticket: &Ticket) -> bool {
    let opening = &ticket.opening;
    opening.kind == "dm" || (opening.kind != "review" && !ONLY_PUBLIC.contains(&opening.network.as_str()))
}

/// The wording key of a language's name; other languages than the named ones are called so.
#[must_use]
pub fn language_key(language: &str) -> String {
    let known = ["en", "fr", "es", "de", "it", "pt"].contains(&language);
    format!("language-{}", if known { language } else { "other" })
}

/// Why a text is kept rather than sent on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The network takes fewer characters.
    TooLong {
        /// How many there are.
        length: usize,
        /// Most characters.
        max: usize,
    },
    /// It seems to be in another language than the customer's.
    Language {
        /// The customer's.
        theirs: String,
        /// The text's.
        ours: String,
    },
}

impl Flaw {
    /// The sentence that tells it.
    #[must_use]
    pub fn notice(&self) -> Notice {
        match self {
            Self::TooLong { length, max } => {
                let over = length.saturating_sub(*max);
                Notice::new("draft-kept-too-long")
                    .number("length", super::count(*length))
                    .number("max", super::count(*max))
                    .number("over", super::count(over))
            }
            Self::Language { theirs, ours } => Notice::new("draft-kept-language")
                .with("theirs", Arg::Word(language_key(theirs)))
                .with("ours", Arg::Word(language_key(ours))),
        }
    }
}

/// What speaks against sending a text on as it stands.
#[must_use]
pub fn flaw(ticket: &Ticket, text: &str, max: usize) -> Option<Flaw> {
    let length = text.trim().chars().count();
    if length > max {
        return Some(Flaw::TooLong { length, max });
    }
    let theirs = ticket.opening.language.clone()?;
    if text.split_whitespace().count() < WORDS_MIN {
        return None;
    }
    let ours = triage::language(text).filter(|ours| *ours != theirs)?.to_owned();
    Some(Flaw::Language { theirs, ours })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(language: Option<&str>, kind: &str, network: &str) -> Ticket {
        let mut ticket = Ticket::default();
        ticket.opening.language = language.map(str::to_owned);
        ticket.opening.kind = kind.to_owned();
        ticket.opening.network = network.to_owned();
        ticket
    }

    #[test]
    fn a_text_in_another_language_or_too_long_is_noticed() {
        let french = ticket(Some("fr"), "comment", "instagram");
        let english = "We are very sorry, your parcel leaves tomorrow morning.";
        assert_eq!(flaw(&french, english, 500), Some(Flaw::Language { theirs: "fr".into(), ours: "en".into() }));
        assert_eq!(flaw(&french, "Nous sommes désolés, votre colis part demain matin.", 500), None);
        assert_eq!(flaw(&french, "Thanks!", 500), None, "two words are no language");
        assert_eq!(flaw(&ticket(None, "comment", "x"), english, 500), None);
        assert_eq!(flaw(&french, &"é".repeat(281), 280), Some(Flaw::TooLong { length: 281, max: 280 }));
        assert_eq!(flaw(&french, &"é".repeat(280), 280), None);
    }

    #[test]
    fn what_a_network_cannot_do_is_not_offered() {
        for (kind, network, private) in [
            ("comment", "instagram", true),
            ("mention", "x", true),
            ("dm", "tiktok", true),
            ("review", "facebook", false),
            ("comment", "youtube", false),
            ("comment", "google_reviews", false),
        ] {
            assert_eq!(private_offered(&ticket(None, kind, network)), private, "{kind} on {network}");
        }
    }
}
