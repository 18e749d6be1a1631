-- Changes that ran through the gate outside production and succeeded, by what the same change in
-- another environment has in common with them; the newest of each.
CREATE TABLE successes (
    change TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    body   TEXT NOT NULL
) STRICT;
