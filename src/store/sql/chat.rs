//! Statements about chats: posts, identities, channels, cursors; and fired slots.

statements! {
    CHAT:
    /// Where a subject is shown now.
    POST_PUT = ["INSERT INTO posts (subject, purpose, chat, channel, message, thread, at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (subject, purpose, chat) DO UPDATE SET channel = excluded.channel, message = excluded.message, \
            thread = excluded.thread, at = excluded.at"];
    /// All messages of a subject.
    POSTS_OF = ["SELECT subject, purpose, chat, channel, message, thread, at FROM posts WHERE subject = $1 ORDER BY purpose, chat"];
    /// One message of a subject.
    POST_GET = ["SELECT subject, purpose, chat, channel, message, thread, at FROM posts \
        WHERE subject = $1 AND purpose = $2 AND chat = $3"];
    /// What a message shows.
    POSTS_BY_MESSAGE = ["SELECT subject, purpose, chat, channel, message, thread, at FROM posts \
        WHERE chat = $1 AND channel = $2 AND message = $3 ORDER BY at DESC, subject, purpose"];
    /// What a thread belongs to.
    POSTS_BY_THREAD = ["SELECT subject, purpose, chat, channel, message, thread, at FROM posts \
        WHERE chat = $1 AND thread = $2 AND thread IS NOT NULL ORDER BY at, subject, purpose"];
    /// Forgets a message.
    POST_DELETE = ["DELETE FROM posts WHERE subject = $1 AND purpose = $2 AND chat = $3"];

    /// A user as last seen; what is not known this time keeps its value.
    IDENTITY_PUT = ["INSERT INTO identities (chat, user_id, member, name, locale) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (chat, user_id) DO UPDATE SET member = COALESCE(excluded.member, identities.member), \
            name = CASE WHEN excluded.name = '' THEN identities.name ELSE excluded.name END, \
            locale = COALESCE(excluded.locale, identities.locale)"];
    /// One user.
    IDENTITY_GET = ["SELECT chat, user_id, member, name, locale FROM identities WHERE chat = $1 AND user_id = $2"];
    /// The users a member is.
    IDENTITIES_OF = ["SELECT chat, user_id, member, name, locale FROM identities WHERE member = $1 ORDER BY chat, user_id"];
    /// All users of a chat.
    IDENTITIES_IN = ["SELECT chat, user_id, member, name, locale FROM identities WHERE chat = $1 ORDER BY user_id LIMIT $2"];
    /// A user is no longer a member.
    IDENTITY_UNLINK = ["UPDATE identities SET member = NULL WHERE chat = $1 AND user_id = $2"];

    /// A channel as last seen.
    CHANNEL_PUT = ["INSERT INTO channels (chat, id, name, joined) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (chat, id) DO UPDATE SET name = excluded.name, joined = excluded.joined"];
    /// One channel.
    CHANNEL_GET = ["SELECT chat, id, name, joined FROM channels WHERE chat = $1 AND id = $2"];
    /// A channel by its name.
    CHANNEL_NAMED = ["SELECT chat, id, name, joined FROM channels WHERE chat = $1 AND name = $2 ORDER BY joined DESC, id LIMIT 1"];
    /// All channels of a chat.
    CHANNELS_OF = ["SELECT chat, id, name, joined FROM channels WHERE chat = $1 ORDER BY name, id"];
    /// A channel is gone.
    CHANNEL_DELETE = ["DELETE FROM channels WHERE chat = $1 AND id = $2"];

    /// Moves a cursor forward, never back.
    CURSOR_ADVANCE = ["INSERT INTO cursors (chat, channel, message, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (chat, channel) DO UPDATE SET message = excluded.message, at = excluded.at WHERE excluded.at >= cursors.at"];
    /// One cursor.
    CURSOR_GET = ["SELECT chat, channel, message, at FROM cursors WHERE chat = $1 AND channel = $2"];
    /// All cursors of a chat.
    CURSORS_OF = ["SELECT chat, channel, message, at FROM cursors WHERE chat = $1 ORDER BY channel"];

    /// A message as heard last.
    HEARD_PUT = ["INSERT INTO heard (chat, channel, message, thread, author, author_name, automated, text, url, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (chat, channel, message) DO UPDATE SET text = excluded.text"];
    /// One message.
    HEARD_GET = ["SELECT channel, message, thread, author, author_name, automated, text, url, at FROM heard WHERE chat = $1 AND channel = $2 AND message = $3"];
    /// A thread with its root.
    HEARD_THREAD = ["SELECT channel, message, thread, author, author_name, automated, text, url, at FROM heard \
        WHERE chat = $1 AND ((channel = $2 AND message = $3) OR (thread = $3 AND channel IN ($2, $3))) ORDER BY at, message LIMIT $4"];
    /// A deleted message.
    HEARD_DELETE = ["DELETE FROM heard WHERE chat = $1 AND channel = $2 AND message = $3"];
    /// The newest message before an instant.
    HEARD_NEWEST = ["SELECT message, at FROM heard WHERE chat = $1 AND channel = $2 AND at < $3 ORDER BY at DESC, message DESC LIMIT 1"];
    /// Retention.
    HEARD_FORGET = ["DELETE FROM heard WHERE at < $1"];

    /// An occurrence fires once.
    SLOT_FIRE = ["INSERT INTO slots (job, slot, at) VALUES ($1, $2, $3) ON CONFLICT (job, slot) DO NOTHING"];
    /// The latest occurrence that fired.
    SLOT_LAST = ["SELECT slot, at FROM slots WHERE job = $1 ORDER BY at DESC, slot DESC LIMIT 1"];
    /// Retention.
    SLOT_FORGET = ["DELETE FROM slots WHERE at < $1"];
}
