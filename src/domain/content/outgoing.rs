//! What may leave to a network: the words of a draft that was told to leave, and nothing else.
//!
//! An [`Outgoing`] is made in one place, [`Draft::outgoing`], and the network port takes nothing else: no note, thread line
//! or direct message can become one, because none of them is a draft. Start there.

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Status};

/// Something that leaves to a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Dispatch {
    /// An answer to a customer's message.
    Reply {
        /// The network's id of the message answered.
        in_reply_to: String,
        /// Final text.
        text: String,
        /// Private message rather than public comment.
        private: bool,
        /// Where this network wants the answer posted, when the message came with an address of its own.
        reply_url: Option<String>,
    },
    /// A post of our own.
    Post {
        /// Account handle.
        account: String,
        /// Final text.
        text: String,
    },
}

/// The words of a draft on its way. Cannot be made, copied from a form or read back from storage: only a draft gives it.
#[derive(Debug)]
pub struct Outgoing(Dispatch);

impl Outgoing {
    /// What leaves.
    #[must_use]
    pub fn dispatch(&self) -> &Dispatch {
        &self.0
    }
}

impl Draft {
    /// What leaves, while this draft is on its way: claimed by a try, or looked for after an answer was lost.
    #[must_use]
    pub fn outgoing(&self) -> Option<Outgoing> {
        let on_its_way = self.status == Status::Sending || self.is_looked_for();
        let version = self.current().filter(|_| on_its_way)?;
        let opening = &self.opening;
        Some(Outgoing(if opening.post {
            Dispatch::Post { account: opening.account.clone(), text: version.text.clone() }
        } else {
            Dispatch::Reply {
                in_reply_to: opening.in_reply_to.clone(),
                text: version.text.clone(),
                private: version.private,
                reply_url: opening.reply_url.clone(),
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::draft::Version;
    use crate::domain::time::Timestamp;

    #[test]
    fn only_a_draft_on_its_way_gives_words_to_a_network() {
        let version = Version {
            number: 1,
            text: "Bonjour".into(),
            private: false,
            by: "lea".into(),
            at: Timestamp(0),
            window: None,
            hash: "h".into(),
        };
        for status in Status::ALL {
            let draft = Draft { status, versions: vec![version.clone()], ..Draft::default() };
            let expected = status == Status::Sending || draft.is_looked_for();
            assert_eq!(draft.outgoing().is_some(), expected, "{status:?}");
            assert!(!expected || matches!(status, Status::Sending | Status::Unknown), "{status:?}");
        }
    }
}
