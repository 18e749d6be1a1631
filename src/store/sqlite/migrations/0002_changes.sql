-- The version (as `meta.version` is after the write) in which a row became another one for whoever
-- shows lists. A console that knows version N asks for what changed after N instead of for
-- everything. Triggers keep it, so that no write can forget.
ALTER TABLE actions ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX actions_by_change ON actions (changed);
CREATE INDEX credentials_by_change ON credentials (changed);

-- The list of what waits in its own order: the first screenful of 100,000 is read without sorting.
DROP INDEX actions_by_state;
CREATE INDEX actions_open ON actions (opened DESC, id) WHERE state IN ('pending', 'deciding');

-- Rows are inserted with the right number; these are for everything that happens to them later.
CREATE TRIGGER action_changed AFTER UPDATE OF state, present, digest, summary ON actions BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta) WHERE rowid = new.rowid;
END;
CREATE TRIGGER credential_changed AFTER UPDATE OF present, body, label, ai_held ON credentials BEGIN
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta) WHERE rowid = new.rowid;
END;
CREATE TRIGGER action_decided AFTER INSERT ON decisions BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta) WHERE id = new.action;
END;
CREATE TRIGGER credential_ordered AFTER INSERT ON orders WHEN new.credential IS NOT NULL BEGIN
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta) WHERE id = new.credential;
END;
CREATE TRIGGER credential_answered AFTER UPDATE OF state, receipt ON orders
WHEN new.credential IS NOT NULL BEGIN
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta) WHERE id = new.credential;
END;

-- Everything of a source, or of a listing, turns stale or fresh with it.
CREATE TRIGGER source_turned AFTER UPDATE OF failures ON sources
WHEN (old.failures > 0) <> (new.failures > 0) BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta) WHERE source = new.name;
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta) WHERE source = new.name;
END;
CREATE TRIGGER part_turned AFTER UPDATE OF gap ON parts WHEN old.gap <> new.gap BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta)
    WHERE source = new.source AND part = new.part;
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta)
    WHERE source = new.source AND part = new.part;
END;
