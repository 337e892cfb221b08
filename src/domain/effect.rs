//! What a decision wants done outside, as intentions. The outbox keeps them; they are turned into calls when they leave,
//! so that a card always shows the newest state.

use serde::{Deserialize, Serialize};

use super::ids::Ref;
use super::notice::Notice;
use super::office::{Lang, MemberId};

/// An intention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Post the card of something in every chat, or bring it up to date.
    Card {
        /// Of what.
        subject: Ref,
    },
    /// A line in the thread under a card, in every chat but the one it came from.
    Line {
        /// Under whose card.
        subject: Ref,
        /// What.
        notice: Notice,
        /// Chat key that already shows it.
        except: Option<String>,
    },
    /// A note of a ticket as it stands, in every chat but the one it was typed in: posted once, then edited, taken away
    /// when its author removed it.
    Note {
        /// Whose.
        subject: Ref,
        /// Which.
        number: u32,
    },
    /// A direct message. About one subject a person has one message, edited in place, unless it must be noticed.
    Tell {
        /// Whom.
        member: MemberId,
        /// About what.
        subject: Option<Ref>,
        /// What.
        notice: Notice,
        /// Must be noticed: a new message even where one stands, also outside the person's hours.
        urgent: bool,
    },
    /// A message of its own in a desk's channels.
    Announce {
        /// Desk name.
        desk: String,
        /// What.
        notice: Notice,
        /// Overtakes everything but crisis traffic.
        urgent: bool,
    },
    /// A person's own desk as it stands, wherever it stands: their page, or a pinned direct message, made when there is
    /// none and edited later.
    OwnDesk {
        /// Whose.
        member: MemberId,
    },
    /// Let an approved draft leave to its network.
    Publish {
        /// The draft.
        draft: Ref,
    },
    /// Ask the network to hide, show again or delete a message.
    Moderate {
        /// The ticket.
        ticket: Ref,
        /// Its measure.
        number: u32,
    },
    /// Make the room of a crisis, bring everybody in who is called, keep its topic.
    Room {
        /// The crisis.
        crisis: Ref,
    },
    /// A crisis as it stands, in one of its places: posted there once, then edited.
    Bulletin {
        /// The crisis.
        crisis: Ref,
        /// Where.
        place: Place,
    },
    /// Post the picture of a prepared document where somebody shared it.
    Picture {
        /// Who shared it.
        member: MemberId,
        /// Chat key.
        chat: String,
        /// Channel there.
        channel: String,
        /// Thread there.
        thread: Option<String>,
        /// Language of whoever reads there.
        lang: Lang,
        /// Which document.
        document: String,
    },
    /// Post a prepared document (digest, report, agenda) in a desk's channels.
    Document {
        /// Desk name.
        desk: String,
        /// Which: its kind and period, as `app::documents` stores it.
        document: String,
    },
}

/// A place where a crisis is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Its own room, pinned.
    Room,
    /// A desk's channels: the announcement that others follow.
    Desk(String),
    /// Its own room: the review that is drafted when it is over.
    Review,
}

impl Place {
    /// Name in keys and stored rows.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Room => "room".to_owned(),
            Self::Desk(desk) => format!("desk:{desk}"),
            Self::Review => "review".to_owned(),
        }
    }
}

/// Order in which intentions leave when they compete (PRODUCT U11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(i64)]
pub enum Lane {
    /// Somebody waits on the screen.
    Answer = 0,
    /// Crisis traffic.
    Crisis = 1,
    /// Approvals and acknowledgements.
    Approval = 2,
    /// Direct messages.
    Direct = 3,
    /// Cards.
    Card = 4,
    /// Lines in threads.
    Thread = 5,
    /// Digest, reports, agendas.
    Digest = 6,
}
