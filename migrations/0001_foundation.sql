-- The foundation: one schema for SQLite and PostgreSQL.
--
-- Only BIGINT and TEXT: they mean the same on both engines. Instants are milliseconds since the Unix epoch, flags are
-- 0 or 1, structured values are JSON text. Ids are handed out by `counters` inside the transaction that uses them, so
-- that on both engines a smaller id never becomes visible after a larger one: readers may page by "id greater than".
-- Partial indexes repeat the literal condition of the statements they serve; keep both in step.

CREATE TABLE counters (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- What came in, verbatim, under the sender's own delivery id. A row here is what an acknowledgement promises.
CREATE TABLE inbox (
    id          BIGINT NOT NULL PRIMARY KEY,
    source      TEXT   NOT NULL,
    delivery_id TEXT   NOT NULL,
    urgency     BIGINT NOT NULL,              -- 0 a person waits, 1 live, 2 read back from history
    received_at BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    state       TEXT   NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'parked', 'unknown')),
    attempts    BIGINT NOT NULL DEFAULT 0,
    not_before  BIGINT NOT NULL DEFAULT 0,
    outcome     TEXT,
    error       TEXT,
    done_at     BIGINT,
    UNIQUE (source, delivery_id)
);
-- The intake loop reads the waiting rows in exactly this order.
CREATE INDEX inbox_new ON inbox (urgency, id) WHERE state = 'new';
-- Few rows; counted by the health page, listed for people.
CREATE INDEX inbox_odd ON inbox (state, id) WHERE state IN ('parked', 'unknown');
-- Retention deletes by age.
CREATE INDEX inbox_done ON inbox (done_at) WHERE done_at IS NOT NULL;

-- What is to happen outside, once per key. `done_at` is set exactly while the row is finished (sent, parked, expired,
-- cancelled), so "done_at IS NULL" means unfinished.
CREATE TABLE outbox (
    id                 BIGINT NOT NULL PRIMARY KEY,
    key                TEXT   NOT NULL UNIQUE,
    lane               BIGINT NOT NULL,       -- 0 goes first
    target             TEXT   NOT NULL,       -- which remote party
    slot               TEXT   NOT NULL,       -- within a slot strictly one after the other, in id order
    kind               TEXT   NOT NULL,
    payload            TEXT   NOT NULL,
    state              TEXT   NOT NULL DEFAULT 'new'
        CHECK (state IN ('new', 'sending', 'sent', 'unsure', 'parked', 'expired', 'cancelled')),
    generation         BIGINT NOT NULL DEFAULT 1, -- grows with every replaced payload
    claimed_generation BIGINT,                -- the generation of the latest try
    claim              BIGINT NOT NULL DEFAULT 0, -- fencing token: grows with every claim, never reset
    attempts           BIGINT NOT NULL DEFAULT 0,
    not_before         BIGINT NOT NULL,
    expires_at         BIGINT,
    lease_until        BIGINT,
    holder             TEXT,
    created_at         BIGINT NOT NULL,
    first_try_at       BIGINT,
    done_at            BIGINT,
    receipt            TEXT,
    error              TEXT
);
-- Finds the slots with work and the first row of each without reading the backlog behind it.
CREATE INDEX outbox_unfinished ON outbox (target, slot, id) WHERE done_at IS NULL;
-- The order in which waiting rows go, and when the next one may.
CREATE INDEX outbox_order ON outbox (target, lane, id) WHERE done_at IS NULL;
CREATE INDEX outbox_later ON outbox (target, not_before) WHERE done_at IS NULL;
-- At most one row per slot; also what lease recovery reads.
CREATE INDEX outbox_sending ON outbox (target, slot) WHERE state = 'sending';
CREATE INDEX outbox_expiring ON outbox (expires_at) WHERE state = 'new' AND expires_at IS NOT NULL;
CREATE INDEX outbox_parked ON outbox (id) WHERE state = 'parked';
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;

-- Current state of every ticket, draft, crisis...: columns that lists filter by, the rest as JSON in `state`.
CREATE TABLE aggregates (
    kind       TEXT   NOT NULL,
    id         BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    status     TEXT   NOT NULL,
    owner      TEXT,
    role       TEXT,
    network    TEXT,
    topic      TEXT,
    priority   BIGINT,
    due_at     BIGINT,
    wake_at    BIGINT,                        -- when time itself becomes a command
    opened_at  BIGINT NOT NULL,
    closed_at  BIGINT,
    updated_at BIGINT NOT NULL,
    state      TEXT   NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX aggregates_wake ON aggregates (wake_at, kind, id) WHERE wake_at IS NOT NULL;
-- Queues and loads look only at what is open.
CREATE INDEX aggregates_open ON aggregates (kind, owner, id) WHERE closed_at IS NULL;
CREATE INDEX aggregates_opened ON aggregates (kind, opened_at);
CREATE INDEX aggregates_closed ON aggregates (kind, closed_at) WHERE closed_at IS NOT NULL;

-- Append-only: what happened, in order. `version` is the aggregate's version after the save that wrote the entry;
-- several events of one save share it and are numbered by `seq`.
CREATE TABLE journal (
    id           BIGINT NOT NULL PRIMARY KEY,
    kind         TEXT   NOT NULL,
    aggregate_id BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    actor        TEXT   NOT NULL,
    event        TEXT   NOT NULL,
    payload      TEXT   NOT NULL,
    UNIQUE (kind, aggregate_id, version, seq)
);
CREATE INDEX journal_at ON journal (kind, at, id);

-- Unique outside keys that lead to an aggregate (a message to its ticket, a handle to its contact).
CREATE TABLE links (
    kind   TEXT   NOT NULL,
    key    TEXT   NOT NULL,
    target BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX links_target ON links (kind, target);

-- Where a subject is shown: one live message per subject, purpose and chat.
CREATE TABLE posts (
    subject TEXT   NOT NULL,
    purpose TEXT   NOT NULL,
    chat    TEXT   NOT NULL,
    channel TEXT   NOT NULL,
    message TEXT   NOT NULL,
    thread  TEXT,
    at      BIGINT NOT NULL,
    PRIMARY KEY (subject, purpose, chat)
);
CREATE INDEX posts_message ON posts (chat, channel, message);
CREATE INDEX posts_thread ON posts (chat, thread) WHERE thread IS NOT NULL;

-- Users of a chat as last seen, and which member they are.
CREATE TABLE identities (
    chat    TEXT NOT NULL,
    user_id TEXT NOT NULL,
    member  TEXT,
    name    TEXT NOT NULL,
    locale  TEXT,
    PRIMARY KEY (chat, user_id)
);
CREATE INDEX identities_member ON identities (member) WHERE member IS NOT NULL;

CREATE TABLE channels (
    chat   TEXT   NOT NULL,
    id     TEXT   NOT NULL,
    name   TEXT   NOT NULL,
    joined BIGINT NOT NULL,
    PRIMARY KEY (chat, id)
);
CREATE INDEX channels_name ON channels (chat, name);

-- Up to which message a channel was read: where catching up starts.
CREATE TABLE cursors (
    chat    TEXT   NOT NULL,
    channel TEXT   NOT NULL,
    message TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (chat, channel)
);

-- Occurrences of recurring jobs that have fired.
CREATE TABLE slots (
    job  TEXT   NOT NULL,
    slot TEXT   NOT NULL,
    at   BIGINT NOT NULL,
    PRIMARY KEY (job, slot)
);
CREATE INDEX slots_at ON slots (at);

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who may do what alone for a while; `token` grows with every change of hands.
CREATE TABLE leases (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL,
    token  BIGINT NOT NULL
);
-- Rows that replicas lock to take turns at claiming.
INSERT INTO leases (name, holder, until, token) VALUES ('intake', '', 0, 0), ('deliver', '', 0, 0);

-- Messages heard in channels, for tickets opened from them later; forgotten after the retention time.
CREATE TABLE heard (
    chat        TEXT   NOT NULL,
    channel     TEXT   NOT NULL,
    message     TEXT   NOT NULL,
    thread      TEXT,
    author      TEXT   NOT NULL,
    author_name TEXT   NOT NULL,
    automated   BIGINT NOT NULL,
    text        TEXT   NOT NULL,
    url         TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (chat, channel, message)
);
-- A thread is read whole when a ticket is opened from one of its messages.
CREATE INDEX heard_thread ON heard (chat, thread);
-- The newest message of a channel, for cursors; and forgetting by age.
CREATE INDEX heard_at ON heard (chat, channel, at);
-- Forgetting by age reads only what is old.
CREATE INDEX heard_age ON heard (at);
