-- Times are milliseconds since 1970-01-01T00:00:00Z. Words (kind, state, health) are the ones the
-- domain serialises; bodies are the domain's own JSON.

-- "CSgn": tells our files from other programs' databases.
PRAGMA application_id = 1129539438;

-- Bumped by every write, so that another process sees that something changed.
CREATE TABLE meta (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version  INTEGER NOT NULL
) STRICT;
INSERT INTO meta (only_row, version) VALUES (1, 1);

CREATE TABLE sources (
    name         TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    health       TEXT NOT NULL,
    identity     TEXT NOT NULL DEFAULT '',
    last_attempt INTEGER,
    last_good    INTEGER,
    next_attempt INTEGER,
    failures     INTEGER NOT NULL DEFAULT 0,
    fault        TEXT,
    gaps         TEXT NOT NULL DEFAULT '[]',
    counts       TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;

-- When each listing was last read. What is present was last seen then, so an unchanged poll
-- touches one short row a listing instead of every credential.
CREATE TABLE parts (
    source  TEXT NOT NULL,
    part    TEXT NOT NULL,
    read_at INTEGER,
    gap     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
    id         TEXT PRIMARY KEY,
    source     TEXT NOT NULL,
    part       TEXT NOT NULL,
    label      TEXT NOT NULL,
    ai_held    INTEGER NOT NULL,
    present    INTEGER NOT NULL,
    body       TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    -- When an order of ours last changed it: a poll that began earlier knows less than we do.
    touched    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX credentials_by_source ON credentials (source);

CREATE TABLE actions (
    id         TEXT PRIMARY KEY,
    source     TEXT NOT NULL,
    part       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    -- Whether the last listing that was read still had it.
    present    INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    opened     INTEGER NOT NULL,
    summary    TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    touched    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX actions_by_source ON actions (source);
CREATE INDEX actions_by_state ON actions (state, opened DESC);

-- Apart, because a diff can be megabytes and lists never show it. Always whole: what is signed is
-- what was shown.
CREATE TABLE action_bodies (
    action TEXT PRIMARY KEY REFERENCES actions (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
) STRICT;

CREATE TABLE decisions (
    seq    INTEGER PRIMARY KEY,
    action TEXT NOT NULL REFERENCES actions (id),
    body   TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_action ON decisions (action);

CREATE TABLE orders (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    action     TEXT REFERENCES actions (id),
    credential TEXT REFERENCES credentials (id),
    -- The digest that was decided, where the order carries out a decision.
    decided    TEXT,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL,
    receipt    TEXT,
    -- When the gate took it; an answer is handed out once.
    taken      INTEGER
) STRICT;
-- The rule that nothing is sent twice, kept by the database as well as by the code.
CREATE UNIQUE INDEX one_order_in_flight_per_action
    ON orders (action) WHERE state = 'intended' AND action IS NOT NULL;
CREATE UNIQUE INDEX one_order_in_flight_per_credential
    ON orders (credential) WHERE state = 'intended' AND credential IS NOT NULL;
CREATE INDEX orders_by_credential ON orders (credential, seq DESC);
CREATE INDEX orders_by_action ON orders (action);
CREATE INDEX orders_by_state ON orders (state);

CREATE TABLE activity (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    source TEXT NOT NULL,
    about  TEXT NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL
) STRICT;
