//! Statements of aggregates, journal, links and settings.

/// The lists of aggregates differ only in what they look at and in their order.
macro_rules! list {
    ($scope:literal, $order:literal) => {
        concat!(
            "SELECT id, version, status, owner, role, network, topic, priority, due_at, wake_at, opened_at, closed_at, \
             updated_at, state FROM aggregates WHERE kind = $1 ",
            $scope,
            " AND (CAST($2 AS TEXT) IS NULL OR status IN (SELECT status FROM wanted)) \
             AND (CAST($3 AS TEXT) IS NULL OR owner = $3) AND (CAST($4 AS TEXT) IS NULL OR role = $4) \
             AND (CAST($5 AS TEXT) IS NULL OR network = $5) AND (CAST($6 AS BIGINT) IS NULL OR priority = $6) \
             AND (CAST($7 AS TEXT) IS NULL OR topic = $7) AND ($8 = 0 OR owner IS NULL) \
             AND opened_at >= $9 AND opened_at < $10 \
             AND ($11 = 0 OR (closed_at >= $12 AND closed_at < $13)) ORDER BY ",
            $order,
            " LIMIT $14"
        )
    };
}

/// One list statement: scope, then the order. `$2` holds the wanted statuses; NULL means all.
macro_rules! lists {
    ($list:ident: $($(#[$doc:meta])* $name:ident = $scope:literal, $order:literal;)+) => {
        $(
            $(#[$doc])*
            pub const $name: $crate::store::sql::Sql = $crate::store::sql::Sql {
                name: stringify!($name),
                lite: concat!(
                    "WITH wanted(status) AS (SELECT value FROM json_each($2)) ",
                    list!($scope, $order)
                ),
                pg: concat!(
                    "WITH wanted(status) AS (SELECT json_array_elements_text(CAST($2 AS json))) ",
                    list!($scope, $order)
                ),
            };
        )+
        pub(super) const $list: &[$crate::store::sql::Sql] = &[$($name),+];
    };
}

lists! {
    LISTS:
    /// Open ones, newest first.
    LIST_OPEN_NEWEST = "AND closed_at IS NULL", "id DESC";
    /// Open ones, oldest first.
    LIST_OPEN_OLDEST = "AND closed_at IS NULL", "id";
    /// Open ones, soonest due first, those without a term last.
    LIST_OPEN_DUE = "AND closed_at IS NULL", "due_at IS NULL, due_at, id";
    /// Open ones, most urgent first.
    LIST_OPEN_PRIORITY = "AND closed_at IS NULL", "priority IS NULL, priority, due_at IS NULL, due_at, id";
    /// All, newest first.
    LIST_ALL_NEWEST = "", "id DESC";
    /// All, oldest first.
    LIST_ALL_OLDEST = "", "id";
    /// All, soonest due first, those without a term last.
    LIST_ALL_DUE = "", "due_at IS NULL, due_at, id";
    /// All, most urgent first.
    LIST_ALL_PRIORITY = "", "priority IS NULL, priority, due_at IS NULL, due_at, id";
}

statements! {
    OFFICE:
    /// Only the timer of a row.
    AGGREGATE_WAKE = ["UPDATE aggregates SET wake_at = $3 WHERE kind = $1 AND id = $2"];
    /// Current state.
    AGGREGATE_LOAD = ["SELECT id, version, status, owner, role, network, topic, priority, due_at, wake_at, opened_at, \
        closed_at, updated_at, state FROM aggregates WHERE kind = $1 AND id = $2"];
    /// Current state, kept from other writers until the transaction ends.
    AGGREGATE_LOAD_LOCKED = ["SELECT id, version, status, owner, role, network, topic, priority, due_at, wake_at, opened_at, \
        closed_at, updated_at, state FROM aggregates WHERE kind = $1 AND id = $2" (lock)];
    /// Numbers of those that were open at an instant or still are.
    AGGREGATES_OPEN_AT = ["SELECT id FROM aggregates WHERE kind = $1 AND closed_at IS NULL AND opened_at < $2 \
        UNION SELECT id FROM aggregates WHERE kind = $1 AND closed_at >= $2 AND opened_at < $2 \
        ORDER BY id DESC LIMIT $3"];
    /// A new aggregate, at version 1.
    AGGREGATE_INSERT = ["INSERT INTO aggregates (kind, id, version, status, owner, role, network, topic, priority, due_at, \
            wake_at, opened_at, closed_at, updated_at, state) \
        VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"];
    /// The next version, only if nobody else wrote one.
    AGGREGATE_SAVE = ["UPDATE aggregates SET version = version + 1, status = $3, owner = $4, role = $5, network = $6, \
            topic = $7, priority = $8, due_at = $9, wake_at = $10, opened_at = $11, closed_at = $12, updated_at = $13, \
            state = $14 \
        WHERE kind = $1 AND id = $2 AND version = $15"];
    /// Whose time has come, longest overdue first.
    AGGREGATES_DUE = ["SELECT kind, id FROM aggregates WHERE wake_at IS NOT NULL AND wake_at <= $1 \
        ORDER BY wake_at, kind, id LIMIT $2"];
    /// When the next one wants to be woken.
    AGGREGATES_NEXT_WAKE = ["SELECT min(wake_at) AS at FROM aggregates WHERE wake_at IS NOT NULL"];
    /// Load of each owner.
    AGGREGATES_OPEN_BY_OWNER = ["SELECT owner, count(*) AS count FROM aggregates \
        WHERE kind = $1 AND closed_at IS NULL GROUP BY owner ORDER BY owner"];
    /// How many of a kind in each status.
    AGGREGATES_BY_STATUS = ["SELECT status, count(*) AS count FROM aggregates WHERE kind = $1 GROUP BY status ORDER BY status"];

    /// Entries of one save: `$1` is `[[id, seq, event, payload], ...]`.
    JOURNAL_APPEND = ["INSERT INTO journal (id, kind, aggregate_id, version, seq, at, actor, event, payload) \
        SELECT CAST(r.value ->> 0 AS BIGINT), $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), \
               CAST(r.value ->> 1 AS BIGINT), CAST($5 AS BIGINT), $6, r.value ->> 2, r.value ->> 3 \
        FROM " (rows "$1")];
    /// The history of one aggregate.
    JOURNAL_OF = ["SELECT id, kind, aggregate_id, version, seq, at, actor, event, payload FROM journal \
        WHERE kind = $1 AND aggregate_id = $2 ORDER BY version, seq"];
    /// The newest of the history of one aggregate.
    JOURNAL_OF_NEWEST = ["SELECT id, kind, aggregate_id, version, seq, at, actor, event, payload FROM journal \
        WHERE kind = $1 AND aggregate_id = $2 ORDER BY version DESC, seq DESC LIMIT $3"];
    /// The histories of several aggregates.
    JOURNAL_OF_MANY = ["SELECT id, kind, aggregate_id, version, seq, at, actor, event, payload FROM journal \
        WHERE kind = $1 AND aggregate_id IN " (ids "$2") " ORDER BY aggregate_id, version, seq"];
    /// Which aggregates of a kind something happened to in a time range.
    JOURNAL_TOUCHED = ["SELECT DISTINCT aggregate_id FROM journal WHERE kind = $1 AND at >= $2 AND at < $3 \
        ORDER BY aggregate_id DESC LIMIT $4"];
    /// Entries of some kinds in a time range, in order.
    JOURNAL_RANGE = ["SELECT id, kind, aggregate_id, version, seq, at, actor, event, payload FROM journal \
        WHERE kind IN " (texts "$1") " AND at >= $2 AND at < $3 ORDER BY at, id LIMIT $4"];
    /// The newest entries of some kinds and names in a time range; of one actor, or about that member.
    JOURNAL_LATEST = ["SELECT id, kind, aggregate_id, version, seq, at, actor, event, payload FROM journal \
        WHERE kind IN " (texts "$1") " AND event IN " (texts "$2") " AND at >= $3 AND at < $4 \
        AND (CAST($5 AS TEXT) IS NULL OR actor = $5 OR payload LIKE $6) ORDER BY at DESC, id DESC LIMIT $7"];
    /// Position of the newest entry.
    JOURNAL_HEAD = ["SELECT COALESCE(MAX(id), 0) AS id FROM journal"];
    /// The next page of the whole journal.
    JOURNAL_AFTER = ["SELECT id, kind, aggregate_id, version, seq, at, actor, event, payload FROM journal \
        WHERE id > $1 ORDER BY id LIMIT $2"];

    /// Gives a key to an aggregate unless it is taken.
    LINK_CLAIM = ["INSERT INTO links (kind, key, target) VALUES ($1, $2, $3) ON CONFLICT (kind, key) DO NOTHING"];
    /// To whom a key leads.
    LINK_GET = ["SELECT target FROM links WHERE kind = $1 AND key = $2"];
    /// All keys of an aggregate.
    LINK_KEYS = ["SELECT key FROM links WHERE kind = $1 AND target = $2 ORDER BY key"];
    /// Frees a key.
    LINK_DELETE = ["DELETE FROM links WHERE kind = $1 AND key = $2"];
    /// Hands all keys of one aggregate to another.
    LINK_MOVE_ALL = ["UPDATE links SET target = $3 WHERE kind = $1 AND target = $2"];

    /// One setting.
    SETTING_GET = ["SELECT value FROM settings WHERE key = $1"];
    /// A setting, kept from other writers until the transaction ends.
    SETTING_GET_LOCKED = ["SELECT value FROM settings WHERE key = $1" (lock)];
    /// Sets a setting that has no value.
    SETTING_PUT_NEW = ["INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING"];
    /// All settings.
    SETTING_ALL = ["SELECT key, value FROM settings ORDER BY key"];
    /// Sets a setting.
    SETTING_PUT = ["INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"];
    /// Removes a setting.
    SETTING_DELETE = ["DELETE FROM settings WHERE key = $1"];
}
