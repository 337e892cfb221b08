//! Discord's error codes, what they mean for a call, and what the operator can do about them.

use crate::ports::chat::SendError;

/// Unknown channel.
pub(super) const UNKNOWN_CHANNEL: i64 = 10_003;
/// Unknown message.
pub(super) const UNKNOWN_MESSAGE: i64 = 10_008;
/// Unknown webhook: an interaction token that no longer leads anywhere.
pub(super) const UNKNOWN_WEBHOOK: i64 = 10_015;
/// Unknown interaction: answered after 3 seconds.
pub(super) const UNKNOWN_INTERACTION: i64 = 10_062;
/// The interaction was already acknowledged.
pub(super) const ALREADY_ACKNOWLEDGED: i64 = 40_060;
/// Invalid webhook token: an interaction older than 15 minutes.
pub(super) const INVALID_WEBHOOK_TOKEN: i64 = 50_027;
/// The thread is archived.
pub(super) const THREAD_ARCHIVED: i64 = 50_083;
/// The message has a thread already.
pub(super) const THREAD_EXISTS: i64 = 160_004;

/// Code, what it means, what to do (Discord docs: Opcodes and Status Codes, JSON Error Codes).
const CURES: &[(i64, &str)] = &[
    (UNKNOWN_CHANNEL, "the channel no longer exists or the bot cannot see it: choose another one in the office file"),
    (10_004, "the server is unknown: is the bot still in it?"),
    (UNKNOWN_MESSAGE, "the message was deleted"),
    (10_013, "the user is unknown"),
    (UNKNOWN_WEBHOOK, "the interaction is over"),
    (UNKNOWN_INTERACTION, "the interaction was answered too late"),
    (20_028, "the channel is written to faster than Discord allows"),
    (30_003, "the channel already has as many pins as Discord allows: unpin some"),
    (30_013, "the server has as many channels as Discord allows: delete old crisis rooms"),
    (30_016, "the server has as many invitations as Discord allows"),
    (30_033, "the thread has as many members as Discord allows"),
    (40_001, "the bot is not allowed to do this: check its token"),
    (40_002, "the bot's account must be verified before it may do this"),
    (40_005, "the file is larger than Discord takes"),
    (40_333, "a network in between refuses the request"),
    (50_001, "the bot cannot see this channel: give its role View Channel there"),
    (50_005, "the message was written by somebody else"),
    (50_006, "the message is empty"),
    (50_007, "this person takes no direct messages from the server's members"),
    (50_008, "this channel takes no messages"),
    (
        50_013,
        "the bot's role lacks a permission here: open the invitation link again or correct the channel's permissions",
    ),
    (INVALID_WEBHOOK_TOKEN, "the interaction is over"),
    (50_035, "Discord refuses the content of the request"),
    (THREAD_ARCHIVED, "the thread is archived and the bot may not reopen it"),
    (160_002, "a reply needs Read Message History"),
    (160_005, "the thread is locked"),
    (160_006, "the server has as many active threads as Discord allows: archive some"),
];

/// A refusal for good.
pub(super) fn permanent(code: &str, cause: &str) -> SendError {
    SendError::Permanent { code: code.to_owned(), cause: cause.to_owned() }
}

/// An answer that lacks what it must hold; repeating changes nothing.
pub(super) fn unreadable(of: &str) -> SendError {
    permanent("unreadable", &format!("Discord's answer to {of} could not be read"))
}

/// The interaction is over, whatever the way in which Discord says so.
pub(super) fn is_over(code: i64) -> bool {
    matches!(code, UNKNOWN_INTERACTION | UNKNOWN_WEBHOOK | INVALID_WEBHOOK_TOKEN)
}

/// What a refusal means for the operator. `said` is Discord's own sentence.
pub(super) fn refusal(status: u16, code: i64, said: &str) -> SendError {
    let shown = if code == 0 { status.to_string() } else { code.to_string() };
    let cure = CURES.iter().find(|(known, _)| *known == code).map(|(_, cure)| *cure).or(match status {
        401 => Some("Discord does not accept the token: make a new one in the developer portal and set DISCORD_TOKEN"),
        403 => Some("the bot is not allowed to do this"),
        404 => Some("it no longer exists"),
        _ => None,
    });
    let cause = match (cure, said.is_empty()) {
        (Some(cure), true) => cure.to_owned(),
        (Some(cure), false) => format!("{cure} ({said})"),
        (None, _) => said.to_owned(),
    };
    SendError::Permanent { code: shown, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_refusal_tells_the_operator_what_to_do() {
        for (code, word) in [
            (10_003, "channel"),
            (10_008, "deleted"),
            (50_001, "View Channel"),
            (50_013, "permission"),
            (50_007, "direct messages"),
            (50_035, "content"),
            (40_001, "token"),
        ] {
            let SendError::Permanent { code: shown, cause } = refusal(403, code, "x") else { panic!("not permanent") };
            assert_eq!(shown, code.to_string());
            assert!(cause.contains(word), "{cause}");
        }
        let SendError::Permanent { code, cause } = refusal(401, 0, "401: Unauthorized") else { panic!() };
        assert_eq!(code, "401");
        assert!(cause.contains("DISCORD_TOKEN"), "{cause}");
    }

    #[test]
    fn codes_are_listed_once() {
        let mut codes: Vec<i64> = CURES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CURES.len());
    }
}
