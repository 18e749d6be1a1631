-- Who may do what. Run anew by every `store init`, so it says everything and forgets nothing:
-- what is not granted here was taken away before.
--
--   countersign_owner     owns the tables; makes and changes them
--   countersign_reviewer  polls, decides, carries out; changes no decision and takes none away
--   countersign_agent     asks, and reads and takes the answers to what it asked itself
--   countersign_auditor   reads

REVOKE ALL ON ALL TABLES IN SCHEMA countersign
    FROM PUBLIC, countersign_reviewer, countersign_agent, countersign_auditor;
GRANT USAGE ON SCHEMA countersign TO countersign_reviewer, countersign_agent, countersign_auditor;

GRANT SELECT ON ALL TABLES IN SCHEMA countersign TO countersign_auditor, countersign_reviewer;

GRANT UPDATE (version) ON meta TO countersign_reviewer, countersign_agent;
GRANT UPDATE (n) ON bumps TO countersign_reviewer, countersign_agent;
GRANT SELECT, INSERT ON commits TO countersign_reviewer, countersign_agent;
GRANT DELETE ON commits TO countersign_reviewer;
GRANT INSERT, UPDATE ON sources, parts, credentials, actions, action_bodies, staged, successes,
    mcp_tools, leases TO countersign_reviewer;
GRANT DELETE ON leases TO countersign_reviewer;
GRANT INSERT ON decisions, orders, activity, autonomous, policies TO countersign_reviewer;
GRANT INSERT ON locks TO countersign_reviewer;
GRANT UPDATE (lifted) ON locks TO countersign_reviewer;
GRANT UPDATE (spent) ON decisions TO countersign_reviewer;
GRANT UPDATE (state, receipt, taken) ON orders TO countersign_reviewer;

GRANT SELECT ON meta, bumps, _sqlx_migrations, sources, parts, actions, action_bodies, decisions,
    orders, policies, staged, successes, mcp_tools, locks TO countersign_agent;
GRANT INSERT ON actions, action_bodies, activity, autonomous, successes, mcp_tools
    TO countersign_agent;
-- Entries of the ledger are added to those that wait; places are given by one function.
GRANT INSERT ON ledger_pending, ledger_heads TO countersign_reviewer;
GRANT INSERT ON ledger_pending TO countersign_agent;
GRANT EXECUTE ON FUNCTION place_entries TO countersign_reviewer;
-- Taking the same record in twice is noticed by its id, and by nothing else of it.
GRANT SELECT (id) ON autonomous TO countersign_agent;
GRANT UPDATE (part, kind, state, present, digest, opened, summary, fingerprint, same_call, expires,
    last_seen, touched) ON actions TO countersign_agent;
GRANT UPDATE (body) ON action_bodies TO countersign_agent;
GRANT UPDATE (state, receipt, taken) ON orders TO countersign_agent;
GRANT UPDATE (at, body) ON successes TO countersign_agent;
GRANT UPDATE (definition, agreed, since) ON mcp_tools TO countersign_agent;

DO $$
DECLARE
    ruled TEXT;
    one RECORD;
BEGIN
    FOR one IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'countersign' LOOP
        EXECUTE format('DROP POLICY %I ON countersign.%I', one.policyname, one.tablename);
    END LOOP;
    FOREACH ruled IN ARRAY ARRAY['actions', 'action_bodies', 'decisions', 'orders', 'autonomous',
                                 'mcp_tools', 'ledger_pending'] LOOP
        EXECUTE format('ALTER TABLE countersign.%I ENABLE ROW LEVEL SECURITY', ruled);
        EXECUTE format('CREATE POLICY reviewer ON countersign.%I TO countersign_reviewer '
                       'USING (true) WITH CHECK (true)', ruled);
        EXECUTE format('CREATE POLICY auditor ON countersign.%I FOR SELECT '
                       'TO countersign_auditor USING (true)', ruled);
    END LOOP;
END $$;

CREATE POLICY agent ON actions TO countersign_agent
    USING (asked_by = session_user)
    WITH CHECK (asked_by = session_user AND kind IN ('command', 'call'));
CREATE POLICY agent ON action_bodies TO countersign_agent
    USING (EXISTS (SELECT 1 FROM actions a WHERE a.id = action AND a.asked_by = session_user));
CREATE POLICY agent ON decisions FOR SELECT TO countersign_agent
    USING (EXISTS (SELECT 1 FROM actions a WHERE a.id = action AND a.asked_by = session_user));
CREATE POLICY agent ON orders TO countersign_agent
    USING (EXISTS (SELECT 1 FROM actions a WHERE a.id = action AND a.asked_by = session_user));
CREATE POLICY agent_adds ON autonomous FOR INSERT TO countersign_agent WITH CHECK (true);
CREATE POLICY agent_knows ON autonomous FOR SELECT TO countersign_agent USING (true);
CREATE POLICY agent ON ledger_pending FOR INSERT TO countersign_agent
    WITH CHECK (kind IN ('request', 'taken', 'receipt', 'ended', 'autonomous'));
-- A tool nobody agreed to, or one that the named action, approved, let in.
CREATE POLICY agent ON mcp_tools TO countersign_agent USING (true)
    WITH CHECK (agreed IS NULL
                OR EXISTS (SELECT 1 FROM actions a WHERE a.id = agreed AND a.state = 'approved'));

-- An agent ends what it asked, or says what became of an answer; it gives itself none.
CREATE OR REPLACE FUNCTION agents_do_not_decide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('pending', 'gone', 'failed')
       OR NOT pg_has_role(session_user, 'countersign_agent', 'MEMBER')
       OR pg_has_role(session_user, 'countersign_reviewer', 'MEMBER')
       OR (TG_OP = 'UPDATE' AND OLD.state = NEW.state)
       OR (TG_OP = 'UPDATE' AND EXISTS (
               SELECT 1 FROM countersign.orders o
               WHERE o.action = NEW.id AND o.decided = NEW.digest AND o.taken IS NOT NULL)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an agent does not decide' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER agents_do_not_decide BEFORE INSERT OR UPDATE OF state ON actions
    FOR EACH ROW EXECUTE FUNCTION agents_do_not_decide();
