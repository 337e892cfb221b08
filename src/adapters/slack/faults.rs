//! What Slack's refusals mean: error code in, [`SendError`] with a cure out. A table, so that a new code is one line.
//!
//! Never here: calls, or anything that shows a token or a message's text. Start reading at [`refusal`].

use crate::ports::chat::SendError;

/// Whether repeating a call could do its work twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A second call changes nothing (edits, topics, reads): a lost answer is simply asked again.
    Safe,
    /// A second call would do it twice (posts, rooms, uploads): a lost answer has to be looked up first.
    Doubles,
}

/// Asked for when Slack limits without saying for how long, in milliseconds.
pub const RETRY_AFTER_DEFAULT_MS: i64 = 5_000;
/// Longest wait taken from Slack's word, in milliseconds (one hour: a wrong header must not stop a channel for days).
pub const RETRY_AFTER_MAX_MS: i64 = 3_600_000;

/// Codes that say "Slack's side, now": the work may have been begun ("some aspect of the operation may have succeeded").
const SLACK_SIDE: [&str; 8] = [
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "external_channel_migrating",
    "server_error",
    "timeout",
];

/// (code, what it means and what to do).
const CURES: &[(&str, &str)] = &[
    (
        "account_inactive",
        "the bot's account was deactivated: reinstall the app to the workspace and set the new bot token",
    ),
    ("already_pinned", "the message is pinned already"),
    ("cannot_dm_bot", "Slack lets no bot write to another bot: choose a person"),
    ("cant_invite", "this person cannot be invited here: ask a workspace admin"),
    ("cant_invite_self", "the bot is in the channel already"),
    (
        "cant_update_message",
        "only the bot's own messages can be changed: was the bot token exchanged for another app's?",
    ),
    ("cant_delete_message", "only the bot's own messages can be deleted"),
    (
        "channel_not_found",
        "the channel does not exist or the bot cannot see it: invite the bot with /invite, or correct the id",
    ),
    ("compliance_exports_prevent_deletion", "the workspace's compliance rules forbid deleting messages"),
    ("edit_window_closed", "the workspace forbids changing messages this old"),
    ("ekm_access_denied", "the workspace's admins have suspended posting"),
    ("file_not_found", "the upload did not complete on Slack's side: it will be uploaded anew"),
    ("hash_conflict", "the page was changed meanwhile"),
    ("invalid_arguments", "Slack did not accept the call's arguments: report this as a defect of Vigie"),
    (
        "invalid_auth",
        "the token is wrong: copy the Bot User OAuth Token (xoxb-) from the app's Install page into SLACK_BOT_TOKEN",
    ),
    ("invalid_blocks", "Slack did not accept the message's layout: report this as a defect of Vigie"),
    ("invalid_name", "Slack does not accept this channel name"),
    ("invalid_name_maxlength", "channel names hold at most 80 characters"),
    ("invalid_name_specials", "channel names hold lower-case letters, digits, hyphens and underscores"),
    ("is_archived", "the channel is archived: unarchive it or choose another"),
    ("is_bot", "bots cannot be invited: choose a person"),
    ("message_not_found", "the message was deleted"),
    ("messages_tab_disabled", "people cannot be written to until the app's Messages tab is on: App Home, Show Tabs"),
    ("method_not_supported_for_channel_type", "Slack does not allow this in that kind of channel"),
    (
        "missing_scope",
        "the bot token lacks a scope: run `vigie setup slack`, update the app's manifest and reinstall the app",
    ),
    ("msg_blocks_too_long", "the message is too long for Slack: report this as a defect of Vigie"),
    ("msg_too_long", "the message is too long for Slack: report this as a defect of Vigie"),
    ("name_taken", "every variant of this channel name is taken"),
    ("no_permission", "the bot lacks the right to do this in that channel"),
    ("no_text", "the message was empty"),
    (
        "not_allowed_token_type",
        "the wrong kind of token: SLACK_BOT_TOKEN starts with xoxb-, SLACK_APP_TOKEN with xapp-",
    ),
    ("not_authed", "no token was sent: set SLACK_BOT_TOKEN"),
    ("not_in_channel", "the bot is not in the channel: invite it there with /invite"),
    ("org_login_required", "the workspace is being moved to an organisation: try again later"),
    ("restricted_action", "a workspace setting forbids this to the bot: ask a workspace admin"),
    ("restricted_action_read_only_channel", "only some people may post in that channel: ask a workspace admin"),
    ("restricted_action_thread_locked", "the thread is locked"),
    ("thread_not_found", "the message that the thread hung on was deleted"),
    ("token_expired", "the token has expired: issue a new one and set SLACK_BOT_TOKEN"),
    ("token_revoked", "the token was revoked: reinstall the app and set the new SLACK_BOT_TOKEN"),
    ("too_many_members", "the channel has reached its limit of members"),
    ("unknown_method", "this address does not know the method: check SLACK_API_URL"),
    ("user_disabled", "the person's account is deactivated"),
    ("user_is_restricted", "guests cannot be invited by the bot: ask a workspace admin"),
    ("user_not_found", "nobody has this id: the directory may have changed"),
    ("user_not_in_channel", "the person is not in that channel"),
    ("users_not_found", "nobody has this id: the directory may have changed"),
    ("view_too_large", "the page is too large for Slack: report this as a defect of Vigie"),
];

/// What a code means for a person who can do something about it.
#[must_use]
pub fn cure(code: &str) -> &'static str {
    CURES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("Slack refused; see docs.slack.dev/reference/methods for the code", |(_, cure)| cure)
}

/// A refusal that will not change by itself.
#[must_use]
pub fn permanent(code: &str) -> SendError {
    SendError::Permanent { code: code.to_owned(), cause: cure(code).to_owned() }
}

/// The token lacks a scope; Slack names it.
#[must_use]
pub fn missing_scope(needed: &str) -> SendError {
    let code = "missing_scope".to_owned();
    SendError::Permanent { cause: format!("needs the scope {needed}: {}", cure(&code)), code }
}

/// The error code of a permanent refusal.
#[must_use]
pub fn code_of(error: &SendError) -> Option<&str> {
    match error {
        SendError::Permanent { code, .. } => Some(code),
        _ => None,
    }
}

/// Reads the code of an `ok: false` answer.
#[must_use]
pub fn refusal(code: &str, repeat: Repeat) -> SendError {
    match code {
        "ratelimited" | "rate_limited" => limited(None),
        "expired_trigger_id" | "trigger_expired" | "exchanged_trigger_id" | "trigger_exchanged" => SendError::Expired,
        code if SLACK_SIDE.contains(&code) => lost(repeat, &format!("Slack answered {code}")),
        code => permanent(code),
    }
}

/// The answer was lost on the way, or is no answer.
#[must_use]
pub fn lost(repeat: Repeat, why: &str) -> SendError {
    match repeat {
        Repeat::Safe => SendError::Transient(why.to_owned()),
        Repeat::Doubles => SendError::Unsure(why.to_owned()),
    }
}

/// Slack asks to wait, for so many seconds when it said so. Only the method (and channel) waits.
#[must_use]
pub fn limited(retry_after: Option<std::time::Duration>) -> SendError {
    let asked = retry_after.map_or(RETRY_AFTER_DEFAULT_MS, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    SendError::RateLimited { retry_after_ms: asked.clamp(1, RETRY_AFTER_MAX_MS), global: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_sorted_by_what_may_be_done_about_it() {
        use SendError::{Expired, Permanent, RateLimited, Transient, Unsure};
        assert!(matches!(refusal("internal_error", Repeat::Doubles), Unsure(_)));
        assert!(matches!(refusal("internal_error", Repeat::Safe), Transient(_)));
        assert!(matches!(refusal("ratelimited", Repeat::Doubles), RateLimited { global: false, .. }));
        assert_eq!(refusal("expired_trigger_id", Repeat::Doubles), Expired);
        assert_eq!(refusal("exchanged_trigger_id", Repeat::Doubles), Expired);
        for code in ["invalid_auth", "is_archived", "msg_too_long", "never_heard_of"] {
            assert!(matches!(refusal(code, Repeat::Safe), Permanent { cause, .. } if !cause.is_empty()), "{code}");
        }
    }

    #[test]
    fn a_wait_is_taken_from_slack_within_reason() {
        let wait = |seconds| match limited(seconds) {
            SendError::RateLimited { retry_after_ms, .. } => retry_after_ms,
            _ => 0,
        };
        assert_eq!(wait(Some(std::time::Duration::from_secs(30))), 30_000);
        assert_eq!(wait(None), RETRY_AFTER_DEFAULT_MS);
        assert_eq!(wait(Some(std::time::Duration::from_secs(1_000_000))), RETRY_AFTER_MAX_MS);
    }

    #[test]
    fn the_table_names_each_code_once() {
        let mut codes: Vec<_> = CURES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CURES.len());
    }
}
