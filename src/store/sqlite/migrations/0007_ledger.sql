-- The ledger: what has to be provable later, in the order it was written, never changed again.
-- `body` is the entry's canonical text, the very bytes that were hashed; null once it was pruned.
-- `kind` and `about` only help to find entries; nothing is believed because of them.
CREATE TABLE ledger_entries (
    entry INTEGER PRIMARY KEY CHECK (entry >= 0),
    at    INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    about TEXT NOT NULL,
    body  TEXT
) STRICT;
CREATE INDEX ledger_entries_about ON ledger_entries (about, entry) WHERE about <> '';

-- Every hash of the Merkle tree (RFC 6962) that never changes again: leaves and complete subtrees,
-- each written down when its last leaf is, numbered in that order.
CREATE TABLE ledger_nodes (
    node INTEGER PRIMARY KEY CHECK (node >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Signed heads, as notes (C2SP tlog-checkpoint), with the cosignatures they have gathered.
CREATE TABLE ledger_heads (
    seq  INTEGER PRIMARY KEY,
    size INTEGER NOT NULL CHECK (size >= 0),
    at   INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_heads_by_size ON ledger_heads (size);

-- Against honest mistakes only: whoever means it can drop a trigger, and then the tree tells.
CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries
WHEN new.body IS NOT NULL OR new.entry <> old.entry OR new.at <> old.at OR new.kind <> old.kind
    OR new.about <> old.about
BEGIN
    SELECT RAISE(ABORT, 'entries of the ledger are never changed');
END;
CREATE TRIGGER ledger_entries_follow BEFORE INSERT ON ledger_entries
WHEN new.entry <> (SELECT coalesce(max(entry) + 1, 0) FROM ledger_entries)
BEGIN
    SELECT RAISE(ABORT, 'an entry of the ledger comes after the last one');
END;
CREATE TRIGGER ledger_entries_remain BEFORE DELETE ON ledger_entries BEGIN
    SELECT RAISE(ABORT, 'entries of the ledger are never deleted');
END;
CREATE TRIGGER ledger_nodes_stay BEFORE UPDATE ON ledger_nodes BEGIN
    SELECT RAISE(ABORT, 'the tree of the ledger is never changed');
END;
CREATE TRIGGER ledger_nodes_remain BEFORE DELETE ON ledger_nodes BEGIN
    SELECT RAISE(ABORT, 'the tree of the ledger is never changed');
END;
CREATE TRIGGER ledger_heads_stay BEFORE UPDATE ON ledger_heads BEGIN
    SELECT RAISE(ABORT, 'heads of the ledger are never changed');
END;
CREATE TRIGGER ledger_heads_remain BEFORE DELETE ON ledger_heads BEGIN
    SELECT RAISE(ABORT, 'heads of the ledger are never deleted');
END;

-- From this version on lists have to be read anew: everything was replaced.
ALTER TABLE meta ADD COLUMN anew INTEGER NOT NULL DEFAULT 0;

-- Whether what stood here before the ledger was written into it; done by the program, once.
ALTER TABLE meta ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
