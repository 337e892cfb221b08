//! Words on their way to a network, as a draft in the middle of its try gives them: there is no other way to make them.

use vigie::domain::content::draft::{Draft, Opening, Status, Version};
use vigie::domain::time::Timestamp;
use vigie::ports::network::{Dispatch, Outgoing};

/// A draft with these words, claimed by a try.
pub fn outgoing(dispatch: Dispatch) -> Outgoing {
    let (opening, text, private) = match dispatch {
        Dispatch::Post { account, text } => (Opening { post: true, account, ..Opening::default() }, text, false),
        Dispatch::Reply { in_reply_to, text, private, reply_url } => {
            (Opening { in_reply_to, reply_url, ..Opening::default() }, text, private)
        }
    };
    let (by, at) = ("lea".into(), Timestamp(0));
    let version = Version { number: 1, text, private, by, at, window: None, hash: "h".into() };
    let draft = Draft { opening, versions: vec![version], status: Status::Sending, ..Draft::default() };
    draft.outgoing().expect("a draft on its way")
}
