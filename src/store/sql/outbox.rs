//! Statements of the outbox.

statements! {
    OUTBOX:
    /// Adds an intention; an existing key is left as it is.
    OUTBOX_ADD = ["INSERT INTO outbox (id, key, lane, target, slot, kind, payload, not_before, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING RETURNING id"];
    /// Adds an intention or replaces the content of the one under the same key. While unfinished, it keeps its state
    /// (an unsure one stays unsure: forgetting that would post twice) and its delay; an untried one may become earlier
    /// and more urgent. Finished ones start anew.
    OUTBOX_COALESCE = ["INSERT INTO outbox (id, key, lane, target, slot, kind, payload, not_before, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO UPDATE SET \
            generation = outbox.generation + 1, kind = excluded.kind, payload = excluded.payload, \
            expires_at = excluded.expires_at, \
            lane = CASE WHEN outbox.done_at IS NULL AND outbox.lane < excluded.lane THEN outbox.lane ELSE excluded.lane END, \
            state = CASE WHEN outbox.done_at IS NULL THEN outbox.state ELSE 'new' END, \
            attempts = CASE WHEN outbox.done_at IS NULL THEN outbox.attempts ELSE 0 END, \
            first_try_at = CASE WHEN outbox.done_at IS NULL THEN outbox.first_try_at END, \
            created_at = CASE WHEN outbox.done_at IS NULL THEN outbox.created_at ELSE excluded.created_at END, \
            error = CASE WHEN outbox.done_at IS NULL THEN outbox.error END, \
            not_before = CASE WHEN outbox.done_at IS NOT NULL THEN excluded.not_before \
                WHEN outbox.state = 'new' AND outbox.attempts = 0 AND excluded.not_before < outbox.not_before \
                THEN excluded.not_before ELSE outbox.not_before END, \
            done_at = NULL \
        RETURNING id"];
    /// One row by key.
    OUTBOX_BY_KEY = ["SELECT id, key, lane, target, slot, kind, payload, state, generation, attempts, not_before, expires_at, \
            created_at, first_try_at, done_at, receipt, error FROM outbox WHERE key = $1"];
    /// One row by id.
    OUTBOX_BY_ID = ["SELECT id, key, lane, target, slot, kind, payload, state, generation, attempts, not_before, expires_at, \
            created_at, first_try_at, done_at, receipt, error FROM outbox WHERE id = $1"];
    /// The first unfinished row of each slot of target `$1`, where it may go now, the most urgent first. Walks through the
    /// waiting rows in the order in which they go and stops at the limit; whether a row is the first of its slot is one
    /// look into an index, so that a backlog of thousands costs a walk and never a sort.
    OUTBOX_HEADS = ["SELECT o.id, o.state, o.claimed_generation FROM outbox o \
        WHERE o.target = $1 AND o.done_at IS NULL AND o.lane BETWEEN $2 AND $3 AND o.not_before <= $4 \
            AND o.state IN ('new', 'unsure') \
            AND NOT (o.state = 'new' AND o.expires_at IS NOT NULL AND o.expires_at <= $4) \
            AND o.slot NOT IN " (texts "$5") " \
            AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.target = $1 AND p.slot = o.slot AND p.done_at IS NULL AND p.id < o.id \
                AND NOT (p.state = 'new' AND p.expires_at IS NOT NULL AND p.expires_at <= $4)) \
            AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.target = $1 AND s.slot = o.slot AND s.state = 'sending') \
        ORDER BY o.lane, o.id LIMIT $6"];
    /// Marks rows as being sent by `$2` until `$3`.
    OUTBOX_CLAIM = ["UPDATE outbox SET state = 'sending', holder = $2, lease_until = $3, claim = claim + 1, \
            attempts = attempts + 1, claimed_generation = generation, first_try_at = COALESCE(first_try_at, $4) \
        WHERE id IN " (ids "$1") " AND state IN ('new', 'unsure') \
        RETURNING id, key, lane, slot, kind, payload, generation, claim, attempts, first_try_at, created_at, expires_at, receipt"];
    /// The remote party took it. When the content was replaced meanwhile, the row goes round again.
    OUTBOX_SENT = ["UPDATE outbox SET receipt = $5, error = NULL, holder = NULL, lease_until = NULL, \
            state = CASE WHEN generation > $4 THEN 'new' ELSE 'sent' END, \
            done_at = CASE WHEN generation > $4 THEN NULL ELSE CAST($6 AS BIGINT) END, \
            not_before = CASE WHEN generation > $4 THEN CAST($6 AS BIGINT) ELSE not_before END, \
            attempts = CASE WHEN generation > $4 THEN 0 ELSE attempts END, \
            first_try_at = CASE WHEN generation > $4 THEN NULL ELSE first_try_at END \
        WHERE id = $1 AND state = 'sending' AND holder = $2 AND claim = $3"];
    /// Certainly not done; may be tried again at `$4`.
    OUTBOX_RETRY = ["UPDATE outbox SET state = 'new', not_before = $4, error = $5, holder = NULL, lease_until = NULL \
        WHERE id = $1 AND state = 'sending' AND holder = $2 AND claim = $3"];
    /// Nobody knows whether it was done; to be checked at `$4`.
    OUTBOX_UNSURE = ["UPDATE outbox SET state = 'unsure', not_before = $4, error = $5, holder = NULL, lease_until = NULL \
        WHERE id = $1 AND state = 'sending' AND holder = $2 AND claim = $3"];
    /// Ends a claimed row as `$4` (parked, expired).
    OUTBOX_END = ["UPDATE outbox SET state = $4, done_at = $5, error = $6, holder = NULL, lease_until = NULL \
        WHERE id = $1 AND state = 'sending' AND holder = $2 AND claim = $3"];
    /// Lengthens a claim that takes longer.
    OUTBOX_EXTEND = ["UPDATE outbox SET lease_until = $4 \
        WHERE id = $1 AND state = 'sending' AND holder = $2 AND claim = $3"];
    /// Rows whose sender has fallen silent: nobody knows whether they were done.
    OUTBOX_RECOVER = ["UPDATE outbox SET state = 'unsure', not_before = $1, holder = NULL, lease_until = NULL, \
            error = 'the sender ended before the answer' \
        WHERE state = 'sending' AND lease_until <= $1"];
    /// The same for one sender that is known to have ended, whatever its lease.
    OUTBOX_RECOVER_HOLDER = ["UPDATE outbox SET state = 'unsure', not_before = $2, holder = NULL, lease_until = NULL, \
            error = 'the sender ended before the answer' \
        WHERE state = 'sending' AND holder = $1"];
    /// Ends what came too late to be sent.
    OUTBOX_EXPIRE = ["UPDATE outbox SET state = 'expired', done_at = $1 \
        WHERE state = 'new' AND expires_at IS NOT NULL AND expires_at <= $1"];
    /// Takes back what was never tried.
    OUTBOX_CANCEL = ["UPDATE outbox SET state = 'cancelled', done_at = $2 WHERE key = $1 AND state = 'new'"];
    /// A person gives it another chance.
    OUTBOX_REQUEUE = ["UPDATE outbox SET state = 'new', attempts = 0, not_before = $2, first_try_at = NULL, done_at = NULL, \
            expires_at = NULL WHERE id = $1 AND state IN ('parked', 'expired', 'cancelled')"];
    /// Dead letters, oldest first.
    OUTBOX_DEAD = ["SELECT id, key, lane, target, slot, kind, payload, state, generation, attempts, not_before, expires_at, \
            created_at, first_try_at, done_at, receipt, error FROM outbox WHERE state = 'parked' ORDER BY id LIMIT $1"];
    /// Unfinished and parked rows counted; finished ones are history.
    OUTBOX_COUNTS = ["SELECT target, lane, state, count(*) AS count, min(created_at) AS oldest FROM outbox \
            WHERE done_at IS NULL GROUP BY target, lane, state \
        UNION ALL SELECT target, lane, state, count(*), min(created_at) FROM outbox \
            WHERE state = 'parked' GROUP BY target, lane, state ORDER BY 1, 2, 3"];
    /// When something of target `$1` becomes due after `$2`, or a lease ends. What is due already and was not claimed waits
    /// for another row of its slot, which is counted by its own instant; what is too late is nothing to wake up for.
    OUTBOX_NEXT_DUE = ["SELECT min(due.at) AS at FROM ( \
        SELECT min(o.not_before) AS at FROM outbox o \
            WHERE o.target = $1 AND o.done_at IS NULL AND o.not_before > $2 AND o.state <> 'sending' \
        UNION ALL SELECT min(s.lease_until) FROM outbox s WHERE s.target = $1 AND s.state = 'sending') AS due"];
    /// Retention: forgets finished rows. Parked ones stay until a person decides.
    OUTBOX_FORGET = ["DELETE FROM outbox WHERE id IN \
        (SELECT id FROM outbox WHERE done_at < $1 AND state <> 'parked' ORDER BY done_at LIMIT $2)"];
}
