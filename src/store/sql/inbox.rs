//! Statements of counters, the inbox and leases.

statements! {
    INBOX:
    /// Hands out the next `$2` numbers of counter `$1`; returns the last of them.
    COUNTER_RESERVE = ["INSERT INTO counters (name, value) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"];

    /// One batch: `$1` is `[[id, source, delivery_id, urgency, received_at, body], ...]`. Returns the ids that were new.
    INBOX_APPEND = ["INSERT INTO inbox (id, source, delivery_id, urgency, received_at, body) \
        SELECT CAST(r.value ->> 0 AS BIGINT), r.value ->> 1, r.value ->> 2, CAST(r.value ->> 3 AS BIGINT), \
               CAST(r.value ->> 4 AS BIGINT), r.value ->> 5 \
        FROM " (rows "$1") " WHERE true \
        ON CONFLICT (source, delivery_id) DO NOTHING RETURNING id"];
    /// Due envelopes, who waits first, then as they came.
    INBOX_WAITING = ["SELECT id, source, delivery_id, urgency, received_at, body, attempts FROM inbox \
        WHERE state = 'new' AND not_before <= $1 ORDER BY urgency, id LIMIT $2"];
    /// Ends an envelope as `done`.
    INBOX_DONE = ["UPDATE inbox SET state = 'done', outcome = $2, error = NULL, done_at = $3, attempts = attempts + 1 \
        WHERE id = $1 AND state = 'new'"];
    /// Ends an envelope that was not understood; it is kept and counted.
    INBOX_UNKNOWN = ["UPDATE inbox SET state = 'unknown', error = $2, done_at = $3, attempts = attempts + 1 \
        WHERE id = $1 AND state = 'new'"];
    /// Puts an envelope off.
    INBOX_RETRY = ["UPDATE inbox SET not_before = $2, error = $3, attempts = attempts + 1 \
        WHERE id = $1 AND state = 'new'"];
    /// Sets an envelope aside for a person.
    INBOX_PARK = ["UPDATE inbox SET state = 'parked', error = $2, done_at = $3, attempts = attempts + 1 \
        WHERE id = $1 AND state = 'new'"];
    /// Gives parked and unknown envelopes another chance.
    INBOX_REQUEUE = ["UPDATE inbox SET state = 'new', attempts = 0, not_before = $2, done_at = NULL \
        WHERE id = $1 AND state IN ('parked', 'unknown')"];
    /// Parked and unknown envelopes, oldest first.
    INBOX_ODD = ["SELECT id, source, delivery_id, urgency, received_at, body, attempts, state, error FROM inbox \
        WHERE state IN ('parked', 'unknown') AND state = $1 ORDER BY id LIMIT $2"];
    /// How many wait, and since when the oldest.
    INBOX_COUNTS = ["SELECT 'new' AS state, count(*) AS count, min(received_at) AS oldest FROM inbox WHERE state = 'new' \
        UNION ALL SELECT state, count(*), min(received_at) FROM inbox WHERE state IN ('parked', 'unknown') GROUP BY state"];
    /// Retention: forgets finished envelopes. `parked` ones stay until a person decides.
    INBOX_FORGET = ["DELETE FROM inbox WHERE id IN \
        (SELECT id FROM inbox WHERE done_at < $1 AND state IN ('done', 'unknown') ORDER BY done_at LIMIT $2)"];

    /// Waits for its turn among replicas; the row is created by the first migration.
    LEASE_TURN = ["SELECT token FROM leases WHERE name = $1" (lock)];
    /// Takes a free, ended or own lease; a change of hands raises the token.
    LEASE_ACQUIRE = ["INSERT INTO leases (name, holder, until, token) VALUES ($1, $2, $4, 1) \
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
            token = CASE WHEN leases.holder = excluded.holder AND leases.until > $3 THEN leases.token ELSE leases.token + 1 END \
        WHERE leases.until <= $3 OR leases.holder = excluded.holder RETURNING token"];
    /// Gives a lease back; the token stays, so that late users of it are still found out.
    LEASE_RELEASE = ["UPDATE leases SET until = 0, holder = '' WHERE name = $1 AND holder = $2 AND token = $3"];
    /// Still mine? Locks the row, so that it cannot change hands before this transaction ends.
    LEASE_HELD = ["SELECT token FROM leases WHERE name = $1 AND holder = $2 AND token = $3 AND until > $4" (lock)];
}
