-- Times are milliseconds since 1970-01-01T00:00:00Z, truth is 0 or 1, words (kind, state, health)
-- are the ones the domain serialises, bodies are the domain's own JSON. All as on SQLite, so that
-- one text of SQL serves both. Everything lies in the schema `countersign`, and names compare by
-- their bytes.

-- Two functions SQLite has and PostgreSQL has not.
CREATE FUNCTION max(a BIGINT, b BIGINT) RETURNS BIGINT
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN GREATEST(a, b);
CREATE FUNCTION json_each(list TEXT) RETURNS TABLE (value TEXT)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    SELECT one.item FROM pg_catalog.json_array_elements_text(list::json) AS one (item);
END;

-- The lock under which lists change, and how often they did.
CREATE TABLE meta (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    version  BIGINT NOT NULL
) WITH (fillfactor = 10);
INSERT INTO meta (only_row, version) VALUES (1, 1);

-- How often something was added beside others; many rows, so that few wait for one another.
CREATE TABLE bumps (
    slot BIGINT PRIMARY KEY,
    n    BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO bumps (slot) SELECT generate_series(0, 63);

CREATE TABLE sources (
    name         TEXT COLLATE "C" PRIMARY KEY,
    kind         TEXT NOT NULL,
    health       TEXT NOT NULL,
    identity     TEXT NOT NULL DEFAULT '',
    last_attempt BIGINT,
    last_good    BIGINT,
    next_attempt BIGINT,
    failures     BIGINT NOT NULL DEFAULT 0,
    fault        TEXT,
    gaps         TEXT NOT NULL DEFAULT '[]',
    counts       TEXT NOT NULL DEFAULT '[]'
);

CREATE TABLE parts (
    source  TEXT COLLATE "C" NOT NULL,
    part    TEXT COLLATE "C" NOT NULL,
    read_at BIGINT,
    gap     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (source, part)
);

CREATE TABLE credentials (
    id          TEXT COLLATE "C" PRIMARY KEY,
    source      TEXT COLLATE "C" NOT NULL,
    part        TEXT COLLATE "C" NOT NULL,
    label       TEXT COLLATE "C" NOT NULL,
    ai_held     BIGINT NOT NULL,
    present     BIGINT NOT NULL,
    body        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    first_seen  BIGINT NOT NULL,
    last_seen   BIGINT NOT NULL,
    touched     BIGINT NOT NULL DEFAULT 0,
    changed     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX credentials_by_source ON credentials (source);
CREATE INDEX credentials_by_change ON credentials (changed);

CREATE TABLE actions (
    id          TEXT COLLATE "C" PRIMARY KEY,
    source      TEXT COLLATE "C" NOT NULL,
    part        TEXT COLLATE "C" NOT NULL,
    kind        TEXT NOT NULL,
    state       TEXT NOT NULL,
    present     BIGINT NOT NULL,
    digest      TEXT NOT NULL,
    opened      BIGINT NOT NULL,
    summary     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    same_call   TEXT COLLATE "C",
    expires     BIGINT,
    first_seen  BIGINT NOT NULL,
    last_seen   BIGINT NOT NULL,
    touched     BIGINT NOT NULL DEFAULT 0,
    changed     BIGINT NOT NULL DEFAULT 0,
    -- Which login took it in: an agent's host sees its own.
    asked_by    TEXT COLLATE "C" NOT NULL DEFAULT session_user
);
CREATE INDEX actions_by_source ON actions (source);
CREATE INDEX actions_open ON actions (opened DESC, id) WHERE state IN ('pending', 'deciding');
CREATE INDEX actions_by_change ON actions (changed);
CREATE INDEX actions_by_asker ON actions (asked_by);
CREATE UNIQUE INDEX one_open_request_per_call
    ON actions (same_call) WHERE same_call IS NOT NULL AND state IN ('pending', 'deciding');
CREATE INDEX actions_expiring ON actions (expires) WHERE state = 'pending' AND expires IS NOT NULL;

CREATE TABLE action_bodies (
    action TEXT COLLATE "C" PRIMARY KEY REFERENCES actions (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);

CREATE TABLE decisions (
    seq    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action TEXT COLLATE "C" NOT NULL REFERENCES actions (id),
    body   TEXT NOT NULL,
    spent  TEXT COLLATE "C"
);
CREATE INDEX decisions_by_action ON decisions (action);

CREATE TABLE orders (
    seq        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    action     TEXT COLLATE "C" REFERENCES actions (id),
    credential TEXT COLLATE "C" REFERENCES credentials (id),
    decided    TEXT,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL,
    receipt    TEXT,
    taken      BIGINT,
    expires    BIGINT
);
CREATE UNIQUE INDEX one_order_in_flight_per_action
    ON orders (action) WHERE state = 'intended' AND action IS NOT NULL;
CREATE UNIQUE INDEX one_order_in_flight_per_credential
    ON orders (credential) WHERE state = 'intended' AND credential IS NOT NULL;
CREATE INDEX orders_by_credential ON orders (credential, seq DESC);
CREATE INDEX orders_by_action ON orders (action);
CREATE INDEX orders_by_state ON orders (state);
CREATE INDEX orders_expiring ON orders (expires) WHERE state = 'intended' AND expires IS NOT NULL;

CREATE TABLE activity (
    seq    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    source TEXT NOT NULL,
    about  TEXT NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL
);

CREATE TABLE autonomous (
    seq  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id   TEXT COLLATE "C" NOT NULL UNIQUE,
    at   BIGINT NOT NULL,
    tool TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX autonomous_by_time ON autonomous (at);

CREATE TABLE policies (
    version BIGINT PRIMARY KEY,
    digest  TEXT NOT NULL,
    since   BIGINT NOT NULL
);

CREATE TABLE staged (
    change TEXT COLLATE "C" PRIMARY KEY,
    at     BIGINT NOT NULL
);

CREATE TABLE mcp_tools (
    server     TEXT COLLATE "C" NOT NULL,
    tool       TEXT COLLATE "C" NOT NULL,
    definition TEXT NOT NULL,
    agreed     TEXT,
    since      BIGINT NOT NULL,
    PRIMARY KEY (server, tool)
);

CREATE TABLE successes (
    change TEXT COLLATE "C" PRIMARY KEY,
    at     BIGINT NOT NULL,
    body   TEXT NOT NULL
);

CREATE TABLE leases (
    name   TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL
);

-- The version (as `meta.version` is after the write) in which a row became another one for whoever
-- shows lists. Rows are inserted with the right number; these are for what happens to them later.
CREATE FUNCTION row_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := (SELECT version + 1 FROM countersign.meta);
    RETURN NEW;
END $$;
CREATE TRIGGER action_changed BEFORE UPDATE OF state, present, digest, summary ON actions
    FOR EACH ROW EXECUTE FUNCTION row_changed();
CREATE TRIGGER credential_changed BEFORE UPDATE OF present, body, label, ai_held ON credentials
    FOR EACH ROW EXECUTE FUNCTION row_changed();

-- These touch rows on behalf of whoever writes elsewhere, who may have no right to them.
CREATE FUNCTION action_decided() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = countersign, pg_temp AS $$
BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta) WHERE id = NEW.action;
    RETURN NULL;
END $$;
CREATE TRIGGER action_decided AFTER INSERT ON decisions
    FOR EACH ROW EXECUTE FUNCTION action_decided();

CREATE FUNCTION credential_ordered() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = countersign, pg_temp AS $$
BEGIN
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta) WHERE id = NEW.credential;
    RETURN NULL;
END $$;
CREATE TRIGGER credential_ordered AFTER INSERT OR UPDATE OF state, receipt ON orders
    FOR EACH ROW WHEN (NEW.credential IS NOT NULL) EXECUTE FUNCTION credential_ordered();

-- Everything of a source, or of a listing, turns stale or fresh with it.
CREATE FUNCTION source_turned() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = countersign, pg_temp AS $$
BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta) WHERE source = NEW.name;
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta) WHERE source = NEW.name;
    RETURN NULL;
END $$;
CREATE TRIGGER source_turned AFTER UPDATE OF failures ON sources
    FOR EACH ROW WHEN ((OLD.failures > 0) <> (NEW.failures > 0))
    EXECUTE FUNCTION source_turned();

CREATE FUNCTION part_turned() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = countersign, pg_temp AS $$
BEGIN
    UPDATE actions SET changed = (SELECT version + 1 FROM meta)
    WHERE source = NEW.source AND part = NEW.part;
    UPDATE credentials SET changed = (SELECT version + 1 FROM meta)
    WHERE source = NEW.source AND part = NEW.part;
    RETURN NULL;
END $$;
CREATE TRIGGER part_turned AFTER UPDATE OF gap ON parts
    FOR EACH ROW WHEN (OLD.gap <> NEW.gap) EXECUTE FUNCTION part_turned();

-- A decision is written once. Only which order used it up is added, once.
CREATE FUNCTION decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.spent IS NULL AND NEW.spent IS NOT NULL
       AND (OLD.seq, OLD.action, OLD.body) = (NEW.seq, NEW.action, NEW.body) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a decision is never changed or taken away'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION decision_stays();
CREATE TRIGGER decisions_stay BEFORE TRUNCATE ON decisions
    FOR EACH STATEMENT EXECUTE FUNCTION decision_stays();

-- An order is written once and handed out once; what is done stays done.
CREATE FUNCTION order_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.seq, OLD.id, OLD.body) = (NEW.seq, NEW.id, NEW.body)
       AND (OLD.action, OLD.credential, OLD.decided, OLD.expires)
           IS NOT DISTINCT FROM (NEW.action, NEW.credential, NEW.decided, NEW.expires)
       AND (OLD.taken IS NULL OR OLD.taken = NEW.taken)
       AND (OLD.state <> 'done' OR NEW.state = 'done') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an order is never changed or taken away, only answered'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER order_stays BEFORE UPDATE OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION order_stays();
CREATE TRIGGER orders_stay BEFORE TRUNCATE ON orders
    FOR EACH STATEMENT EXECUTE FUNCTION order_stays();
