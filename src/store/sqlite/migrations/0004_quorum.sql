-- The order that used a decision up. From then on the decision is history and counts no more.
ALTER TABLE decisions ADD COLUMN spent TEXT;

-- Until now every decision was an order at once: the first decision on an action is the first
-- order's, and so on.
UPDATE decisions SET spent = paired.id FROM (
    SELECT d.seq, o.id FROM
        (SELECT seq, action, row_number() OVER (PARTITION BY action ORDER BY seq) AS nth
         FROM decisions) d
        JOIN (SELECT id, action, row_number() OVER (PARTITION BY action ORDER BY seq) AS nth
              FROM orders WHERE decided IS NOT NULL) o
        ON o.action = d.action AND o.nth = d.nth
) AS paired WHERE paired.seq = decisions.seq;

-- When a request that nobody decided is over, and when an answer may no longer be taken; null where
-- there is no end.
ALTER TABLE actions ADD COLUMN expires INTEGER;
ALTER TABLE orders ADD COLUMN expires INTEGER;
CREATE INDEX actions_expiring ON actions (expires) WHERE state = 'pending' AND expires IS NOT NULL;
CREATE INDEX orders_expiring ON orders (expires) WHERE state = 'intended' AND expires IS NOT NULL;

-- Commits whose deployment outside production was let go ahead from here: `owner/repo@sha`.
CREATE TABLE staged (
    change TEXT PRIMARY KEY,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
