-- The exact call an action is, so that the very same one finds its answer; and one open request a
-- call, however many processes ask at once.
ALTER TABLE actions ADD COLUMN same_call TEXT;
CREATE UNIQUE INDEX one_open_request_per_call
    ON actions (same_call) WHERE same_call IS NOT NULL AND state IN ('pending', 'deciding');

-- Autonomous actions that were let through. `id` is the record's own: taking it in twice changes
-- nothing.
CREATE TABLE autonomous (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    id   TEXT NOT NULL UNIQUE,
    at   INTEGER NOT NULL,
    tool TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX autonomous_by_time ON autonomous (at);

-- Every policy that was in force here, the newest last; an older one is refused.
CREATE TABLE policies (
    version INTEGER PRIMARY KEY,
    digest  TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT;
