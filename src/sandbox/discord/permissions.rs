//! Permission bits and the arithmetic of roles and overwrites. Pure: no state, no clock.

use super::ids::Id;

/// A set of permission bits.
pub type Bits = u64;

pub const ADMINISTRATOR: Bits = 1 << 3;
pub const MANAGE_CHANNELS: Bits = 1 << 4;
pub const ADD_REACTIONS: Bits = 1 << 6;
pub const VIEW_CHANNEL: Bits = 1 << 10;
pub const SEND_MESSAGES: Bits = 1 << 11;
pub const SEND_TTS_MESSAGES: Bits = 1 << 12;
pub const MANAGE_MESSAGES: Bits = 1 << 13;
pub const EMBED_LINKS: Bits = 1 << 14;
pub const ATTACH_FILES: Bits = 1 << 15;
pub const READ_MESSAGE_HISTORY: Bits = 1 << 16;
pub const MENTION_EVERYONE: Bits = 1 << 17;
pub const USE_EXTERNAL_EMOJIS: Bits = 1 << 18;
pub const CHANGE_NICKNAME: Bits = 1 << 26;
pub const MANAGE_ROLES: Bits = 1 << 28;
pub const USE_APPLICATION_COMMANDS: Bits = 1 << 31;
pub const MANAGE_THREADS: Bits = 1 << 34;
pub const CREATE_PUBLIC_THREADS: Bits = 1 << 35;
pub const CREATE_PRIVATE_THREADS: Bits = 1 << 36;
pub const SEND_MESSAGES_IN_THREADS: Bits = 1 << 38;
/// Required for pinning since 2026-02-23 (Discord change log); MANAGE_MESSAGES no longer suffices.
pub const PIN_MESSAGES: Bits = 1 << 51;
/// Every permission Discord documents (bits 0 to 52).
pub const ALL: Bits = (1 << 53) - 1;

/// What a new guild grants @everyone (the client's defaults, without MENTION_EVERYONE).
pub const EVERYONE_DEFAULT: Bits = 1
    | ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS;

/// What the bot's role grants unless the setup says otherwise. MENTION_EVERYONE is in it on purpose: a bot that forgets
/// `allowed_mentions` then really notifies everybody, and a test sees it.
pub const BOT_DEFAULT: Bits = EVERYONE_DEFAULT
    | MANAGE_CHANNELS
    | MANAGE_ROLES
    | MANAGE_MESSAGES
    | PIN_MESSAGES
    | MENTION_EVERYONE
    | MANAGE_THREADS;

/// Bits that only mean something when messages can be sent.
const NEEDS_SEND: Bits = MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS;

/// One permission overwrite of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overwrite {
    /// The role or the user.
    pub id: Id,
    /// 0 = role, 1 = member.
    pub kind: u8,
    /// Bits granted.
    pub allow: Bits,
    /// Bits taken away.
    pub deny: Bits,
}

/// Permissions of one member in one channel (Discord docs, "Permission Overwrites", in that order).
pub(super) fn in_channel(base: Bits, everyone: Id, user: Id, roles: &[Id], overwrites: &[Overwrite]) -> Bits {
    if base & ADMINISTRATOR != 0 {
        return ALL;
    }
    let mut bits = base;
    if let Some(over) = overwrites.iter().find(|over| over.kind == 0 && over.id == everyone) {
        bits = bits & !over.deny | over.allow;
    }
    let (mut allow, mut deny) = (0, 0);
    for over in overwrites.iter().filter(|over| over.kind == 0 && over.id != everyone && roles.contains(&over.id)) {
        allow |= over.allow;
        deny |= over.deny;
    }
    bits = bits & !deny | allow;
    if let Some(over) = overwrites.iter().find(|over| over.kind == 1 && over.id == user) {
        bits = bits & !over.deny | over.allow;
    }
    implied(bits)
}

/// Applies the implicit denials: without VIEW_CHANNEL nothing is left, without SEND_MESSAGES its companions go too.
fn implied(bits: Bits) -> Bits {
    if bits & VIEW_CHANNEL == 0 {
        return 0;
    }
    if bits & SEND_MESSAGES == 0 { bits & !NEEDS_SEND } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYONE: Id = 1;
    const AGENTS: Id = 2;
    const ANA: Id = 10;

    fn over(id: Id, kind: u8, allow: Bits, deny: Bits) -> Overwrite {
        Overwrite { id, kind, allow, deny }
    }

    #[test]
    fn overwrites_apply_everyone_then_roles_then_member() {
        let hide = over(EVERYONE, 0, 0, VIEW_CHANNEL);
        let show_agents = over(AGENTS, 0, VIEW_CHANNEL, 0);
        let hide_ana = over(ANA, 1, 0, VIEW_CHANNEL);
        let cases: &[(&str, &[Id], &[Overwrite], bool)] = &[
            ("open channel", &[], &[], true),
            ("hidden from everyone", &[], &[hide], false),
            ("a role sees it again", &[AGENTS], &[hide, show_agents], true),
            ("the role of somebody else does not help", &[], &[hide, show_agents], false),
            ("the member overwrite has the last word", &[AGENTS], &[hide, show_agents, hide_ana], false),
        ];
        for (name, roles, overwrites, sees) in cases {
            let bits = in_channel(EVERYONE_DEFAULT, EVERYONE, ANA, roles, overwrites);
            assert_eq!(bits & VIEW_CHANNEL != 0, *sees, "{name}");
            if !sees {
                assert_eq!(bits, 0, "{name}: nothing is left without VIEW_CHANNEL");
            }
        }
    }

    #[test]
    fn an_administrator_may_do_everything_everywhere() {
        let hide = [over(EVERYONE, 0, 0, VIEW_CHANNEL)];
        assert_eq!(in_channel(ADMINISTRATOR, EVERYONE, ANA, &[], &hide), ALL);
    }

    #[test]
    fn who_may_not_send_may_not_embed_either() {
        let mute = [over(EVERYONE, 0, 0, SEND_MESSAGES)];
        let bits = in_channel(EVERYONE_DEFAULT, EVERYONE, ANA, &[], &mute);
        assert_eq!(bits & (SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES), 0);
        assert_ne!(bits & ADD_REACTIONS, 0);
    }
}
