-- The tools of MCP servers as they were first seen or last agreed to. `server` is the digest of
-- what the server is started with; `agreed` is the action that let a changed tool in.
CREATE TABLE mcp_tools (
    server     TEXT NOT NULL,
    tool       TEXT NOT NULL,
    definition TEXT NOT NULL,
    agreed     TEXT,
    since      INTEGER NOT NULL,
    PRIMARY KEY (server, tool)
) STRICT;
