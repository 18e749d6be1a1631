-- What reviewers have locked: an agent's session, a tool, a host. A lock that was lifted stays, with
-- the words of whoever lifted it.
CREATE TABLE locks (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    what   TEXT NOT NULL,
    body   TEXT NOT NULL,
    lifted TEXT
) STRICT;
CREATE INDEX locks_in_force ON locks (what) WHERE lifted IS NULL;
