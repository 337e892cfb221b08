//! A message that somebody wrote on a social network, as every network adapter hands it on.
//!
//! Everything in it is the outside's word: text is never trusted, links are never followed.

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// How the message reached the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SocialKind {
    /// A public comment under one of our posts.
    Comment,
    /// A private message.
    Dm,
    /// A public mention elsewhere.
    Mention,
    /// A review of us or of a product.
    Review,
}

impl SocialKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Comment, Self::Dm, Self::Mention, Self::Review];

    /// Name used on the wire and in rules.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Dm => "dm",
            Self::Mention => "mention",
            Self::Review => "review",
        }
    }
}

/// Who wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocialAuthor {
    /// The network's id, or the handle where it gave none; never empty.
    pub id: String,
    /// Name or handle to show; never empty.
    pub name: String,
    /// Link to the profile, empty when unknown; http or https only.
    pub url: String,
    /// Followers, when the network told.
    pub followers: Option<u64>,
}

/// A picture, video or file that came with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocialAttachment {
    /// Where it is; http or https only.
    pub url: String,
    /// Media type or the network's word for it, empty when unknown.
    pub mime: String,
    /// Description for those who cannot see it, empty when none.
    pub alt: String,
}

/// A message on a social network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocialMessage {
    /// The network's id of the message.
    pub id: String,
    /// Network name, lower case, e.g. `instagram`.
    pub network: String,
    /// How it reached us.
    pub kind: SocialKind,
    /// Who wrote it.
    pub author: SocialAuthor,
    /// What they wrote, possibly cut to the reader's bound (the cut is marked).
    pub text: String,
    /// Link to the message, empty when unknown; http or https only.
    pub url: String,
    /// The message it answers.
    pub parent_id: Option<String>,
    /// When it was published on the network, when told.
    pub created_at: Option<Timestamp>,
    /// Pictures and files.
    pub attachments: Vec<SocialAttachment>,
    /// Where the network wants an answer posted, when it brought an address.
    pub reply_url: Option<String>,
}
